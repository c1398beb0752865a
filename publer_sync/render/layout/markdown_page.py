"""A page of Markdown for GitHub: its heading, its boxes and its days, and how it is cut to fit."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.render.cards import CardPage, folded, full_sentence
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.measure import cut
from publer_sync.render.layout.wording import count
from publer_sync.render.post import marks
from publer_sync.values.printable import one_line, without_commands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from publer_sync.render.layout.dates import Dates
    from publer_sync.render.post.entries import PostEntry
    from publer_sync.values.problems import Location

LIMIT = 60_000
"""GitHub takes 65,536 characters in a comment."""
NOTE = 400
"""Room for what is said about the cut, and for the folds."""
_BLOCKS = ("details", "table", "tr", "td")
"""The HTML that goes on over several lines."""
_TAGS: Final = re.compile(rf"<(/?)({'|'.join(_BLOCKS)})\b")
_WARNINGS = 20
_DAY = 500
"""Room for the fold of a day and its counts."""
_OPEN = 12
"""The days of this many posts are unfolded."""
_NAMED = 4
"""Posts that a fold names."""
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def fit(parts: Iterable[str], room: int) -> list[str]:
    """The first parts that fit into `room` characters, each with two for what separates them."""
    kept: list[str] = []
    for part in parts:
        room -= len(part) + 2
        if room < 0:
            break
        kept.append(part)
    return kept


def joined(parts: Iterable[str]) -> str:
    return without_commands("\n\n".join(part for part in parts if part)) + "\n"


def heading(calendar: str, what: str) -> str:
    name = "" if calendar == "calendar" else f" {escaped_line(cut(one_line(calendar), 80))}"
    return f"### 📅 Social calendar{name}: {what}"


def caution(lines: Iterable[str]) -> str:
    return "\n".join(["> [!CAUTION]", *(f"> {line}".rstrip() for line in lines)])


class _Told(NamedTuple):
    entry: PostEntry
    text: str
    line: bool
    """Whether it is a list item."""


class MarkdownPage(CardPage):
    after = False
    """Whether it tells what was done."""

    def preview(self) -> str:
        return (
            f"[Preview: every post as people will see it]({self.venue.preview})" if self.venue.preview else ""
        )

    def in_publer(self) -> str:
        return f"[Publer's calendar]({self.venue.publer})" if self.venue.publer else ""

    def days(
        self,
        entries: Sequence[PostEntry],
        room: int,
        *,
        line: Callable[[PostEntry], str],
        card: Callable[[PostEntry], str] | None = None,
    ) -> tuple[str, list[str]]:
        """The posts by day, in at most `room` characters, and before them the sentence that says what was cut.

        Each is a card where there is room for it, and a line otherwise or where its card would repeat an earlier one.
        Beyond the first posts, days are folded.
        """
        lines = [line(entry) for entry in entries]
        days = [self.dates.day(entry.at) for entry in entries]
        folds = [_DAY if day != before else 0 for day, before in zip(days, ["", *days], strict=False)]
        sizes = list(accumulate(len(text) + 2 + fold for text, fold in zip(lines, folds, strict=True)))
        kept = bisect_right(sizes, room - NOTE)
        room -= NOTE + (sizes[kept - 1] if kept else 0)
        pieces: list[_Told] = []
        told: dict[object, PostEntry] = {}
        for entry, short in zip(entries[:kept], lines, strict=False):
            first = told.get(_tale(entry, self.dates))
            text = short if first is None else f"{short} · same as {self.dates.both(first.at)}"
            if card is not None and first is None and kept == len(entries):
                text = card(entry)
                if len(text) + 4 > room:
                    text = short
                else:
                    told[_tale(entry, self.dates)] = entry
            room -= len(text) - len(short)
            pieces.append(_Told(entry, text, text is short or first is not None))
        cut_short = sum(piece.text is short for piece, short in zip(pieces, lines, strict=False))
        note = ""
        if kept < len(entries):
            note = f"the first {kept:,} of {count(len(entries), 'post')}, one line each"
        elif card is not None and cut_short:
            note = f"{cut_short:,} of {count(len(entries), 'post')} in one line each"
        if note:
            note = f"**Too long for a comment: {note}.** All of it: {self.venue.whole}"
        return note, list(self._folds(pieces))

    def _folds(self, pieces: Sequence[_Told]) -> Iterable[str]:
        number = 0
        for day, group in groupby(pieces, key=lambda piece: self.dates.day(piece.entry.at)):
            day_pieces = list(group)
            totals = marks.totals((piece.entry.mark for piece in day_pieces), done=self.after)
            what = " · ".join([f"<b>{day}</b>", *(f"{mark.emoji} {words}" for mark, words in totals)])
            if number >= _OPEN:
                what += self._behind([piece.entry for piece in day_pieces])
            texts: list[str] = []
            for is_line, run in groupby(day_pieces, key=lambda piece: piece.line):
                texts.append(("\n" if is_line else "\n\n").join(piece.text for piece in run))
            yield folded(what, texts, unfolded=number < _OPEN)
            number += len(day_pieces)

    def _behind(self, entries: Sequence[PostEntry]) -> str:
        """What waits behind a fold: the ids and first words of its posts."""
        named = [
            " ".join(
                filter(
                    None,
                    (
                        "⚠️" if id(entry) in self.warned else "",
                        f"<code>{escaped_line(cut(one_line(entry.id), 30))}</code>" if entry.id else "",
                        f"“{self.name(entry, 32)}”" if entry.text.strip() or not entry.id else "",
                    ),
                )
            )
            for entry in entries[:_NAMED]
        ]
        more = [f"and {len(entries) - _NAMED:,} more"] if len(entries) > _NAMED else []
        return f": {', '.join([*named, *more])}"

    def warnings(
        self, found: Sequence[tuple[str, Location | None]], *, more: str = "", anchor: str = ""
    ) -> list[str]:
        """One list; `more` says where the rest of a long one is."""
        if not found:
            return []
        lines = []
        for message, place in found[:_WARNINGS]:
            text = full_sentence(message)
            lines.append(f"- {text.removesuffix('.')} ({self.place(place)})." if place else f"- {text}")
        if len(found) > _WARNINGS:
            lines.append(f"- … and {len(found) - _WARNINGS:,} more{f': {more}' if more else '.'}")
        return [f"{anchor}⚠️ **Worth a look**", "\n".join(lines)]


def fitting(text: str, room: int, more: str, *, size: Callable[[str], int] = len) -> str:
    """The text, or as many of its lines as fit into `room`, with `more` after them: it says where the rest is."""
    if size(text) <= room:
        return text
    kept: list[str] = []
    opened: list[str] = []
    room -= size(f"\n\n{more}\n{''.join(map(_closing, _BLOCKS))}")
    for each in text.splitlines():
        room -= size(each) + 1
        if room < 0:
            break
        kept.append(each)
        for end, tag in _TAGS.findall(each):
            if not end:
                opened.append(tag)
            elif tag in opened:
                del opened[len(opened) - 1 - opened[::-1].index(tag) :]
    closed = "".join(map(_closing, reversed(opened)))
    return "\n".join((*kept, *([closed] if closed else []), "", more, ""))


def _closing(tag: str) -> str:
    return f"</{tag}>"


def _tale(entry: PostEntry, dates: Dates) -> tuple[object, ...]:
    """What a card says besides its day, id and place: posts that share it are shown in full once.

    That is all that people would see of the entry, and of a move how far it goes.
    """
    shift = _clock(dates, entry.at) - _clock(dates, entry.old) if entry.old else None
    accounts = (
        tuple(change.account.id for change in entry.changes),
        tuple(each.account.id for each in entry.left),
    )
    return accounts, shift, replace(entry, at=_ANY_TIME, id=None, place=None, old=None)


def _clock(dates: Dates, moment: datetime) -> datetime:
    return dates.local(moment).replace(tzinfo=None)
