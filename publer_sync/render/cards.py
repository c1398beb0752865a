"""One post on a page of Markdown: as a card that shows what the public will see, or as a line.

Every word that comes from a post, a name or Publer goes through `escaping`; the only HTML is this room's own.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from publer_sync.render.layout.escaping import escaped, escaped_inline, escaped_line
from publer_sync.render.layout.measure import NO_TEXT, cut
from publer_sync.render.layout.wording import sentence
from publer_sync.render.post.entries import alias_of
from publer_sync.render.post.fields import NOT_SHOWN, label_of
from publer_sync.render.post.names import network_label, own_name, whose
from publer_sync.render.post.pieces import STILL
from publer_sync.values.post_keys import POST_KEYS
from publer_sync.values.printable import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.planning.plan import Plan
    from publer_sync.render.layout.dates import Dates
    from publer_sync.render.layout.phrases import Phrase
    from publer_sync.render.layout.venue import Venue
    from publer_sync.render.post.entries import PostEntry
    from publer_sync.render.post.pieces import Piece
    from publer_sync.values.model import Account
    from publer_sync.values.problems import Location

_FILES = {"video": "🎬", "document": "📄"}
_PART = re.compile(r"(?:part|comment) \d+")
_BREAK = "\\\n"
_WIDE, _BESIDE = 200, 140
"""Pixels of a thumbnail, and of one of a pair: both fit on a phone, whatever their shape."""


def folded(summary: str, parts: Sequence[str], *, unfolded: bool = False) -> str:
    head = f"<details{' open' if unfolded else ''}>\n<summary>{summary}</summary>"
    return "\n\n".join([head, *parts, "</details>"])


def framed(paragraphs: Iterable[str]) -> str:
    """What the public sees, in a frame: a quotation would be grey."""
    return "\n\n".join(["<table><tr><td>", *paragraphs, "</td></tr></table>"])


def hard_lines(text: str) -> str:
    """A text as Markdown with its own line breaks, whatever the page does with single ones."""
    lines = escaped(text).split("\n")
    below = [*lines[1:], ""]
    return "\n".join(
        f"{line}\\" if line and after else line for line, after in zip(lines, below, strict=True)
    )


def full_sentence(text: str, limit: int = 400) -> str:
    """The text as a sentence on one line of Markdown, at most `limit` columns of a terminal wide."""
    return escaped_line(sentence(cut(one_line(text), limit)))


class CardPage:
    """The zone and the venue of one page."""

    def __init__(self, dates: Dates, venue: Venue, plan: Plan | None = None) -> None:
        self.dates = dates
        self.venue = venue
        self.names = plan.names if plan else {}
        accounts = {change.account.id: change.account for change in plan.changes} if plan else {}
        self._labels = Counter(map(whose, accounts.values()))
        self._footnotes: dict[str, int] = {}
        self.warned: dict[int, tuple[str, list[str]]] = {}
        """The warnings of an entry, by its `id()`: where the page leads to, and their sentences in Markdown."""

    # --- pieces

    def place(self, place: Location) -> str:
        return self._linked(f"{escaped_line(place.file)}, line {place.line}", place)

    def _linked(self, text: str, place: Location | None) -> str:
        if self.venue.line is None or place is None:
            return text
        return f"[{text}]({_address(self.venue.line(place.file, place.line))})"

    def phrase(self, phrase: Phrase) -> str:
        """Between the old and the new of a difference is a space."""
        out, before = "", ""
        for span in phrase:
            out += " " if (before, span.kind) == ("old", "new") else ""
            before = span.kind
            text = "<br>".join(map(escaped_inline, span.text.split("\n")))
            if span.kind == "dim":
                out = out.rstrip() + self.footnote(sentence(f"Not {NOT_SHOWN}"))
            elif span.place is not None:
                out += self.place(span.place)
            elif span.options:
                out += self.venue.apply_with(span.options)
            else:
                tag = {"old": "del", "new": "b", "code": "code"}.get(span.kind)
                out += f"<{tag}>{text}</{tag}>" if tag and text else text
        return out

    def when(self, entry: PostEntry, *, day: bool = False) -> str:
        if entry.old is not None:
            return f"{self.dates.both(entry.old)} → {self.dates.both(entry.at)}"
        return self.dates.both(entry.at) if day else self.dates.time(entry.at)

    def own_time(self, entry: PostEntry) -> str:
        """The time as the file has it, where that is in another zone."""
        own = self.dates.beside_both(entry.old, entry.at, entry.zone)
        return escaped_line(f"({own})") if own else ""

    def accounts(self, entry: PostEntry) -> str:
        """`Facebook, X · Nordlys AS; LinkedIn · Ada Berg`: the networks, and whose accounts they are there.

        Of a change of account `LinkedIn · Ada Berg → **LinkedIn · Nordlys AS**`.
        """
        now = self._owners(change.account for change in entry.changes)
        return f"{self._owners(each.account for each in entry.left)} → **{now}**" if entry.left else now

    def _owners(self, accounts: Iterable[Account]) -> str:
        owners: dict[str, list[str]] = {}
        for account in dict.fromkeys(accounts):
            twice = self._labels[whose(account)] > 1
            name = own_name(account) + (f" ({alias_of(account)})" if twice else "")
            owners.setdefault(cut(name, 60), []).append(network_label(account))
        return escaped_line(
            "; ".join(
                " · ".join(filter(None, (", ".join(filter(None, labels)), name)))
                for name, labels in owners.items()
            )
        )

    def name(self, entry: PostEntry, columns: int) -> str:
        return escaped_line(entry.title(columns, words_first=True))

    def footnote(self, text: str) -> str:
        """The mark of a sentence that is told once, at the end of the page; "" where there is none."""
        return f"<sup>{self._footnotes.setdefault(text, len(self._footnotes) + 1)}</sup>" if text else ""

    def footnotes(self, parts: Iterable[str]) -> str:
        """The sentences that these parts of the page refer to."""
        told = "".join(parts)
        marks = {text: f"<sup>{number}</sup>" for text, number in self._footnotes.items()}
        lines = [f"{mark} {escaped_line(text)}" for text, mark in marks.items() if mark in told]
        return f"<sub>{'<br>'.join(lines)}</sub>" if lines else ""

    # --- a post

    def line(self, entry: PostEntry, *, note: str = "", day: bool = False, what: str = "") -> str:
        """A list item: when, what, where, its id, and the first words."""
        what = what or f"{entry.mark.emoji} {escaped_line(entry.happening)}"
        post = self._linked(f"“{self.name(entry, 70)}”", entry.place)
        name = f"<code>{escaped_line(entry.id)}</code>" if entry.id and entry.text.strip() else ""
        when = f"**{self.when(entry, day=day)}** {self.own_time(entry)}".rstrip()
        parts = [when, what, self.accounts(entry), name, post, note]
        anchor, warnings = self._warnings_of(entry)
        return f"- {anchor}{' · '.join(filter(None, [*parts, *warnings]))}"

    def _warnings_of(self, entry: PostEntry) -> tuple[str, list[str]]:
        name, told = self.warned.get(id(entry), ("", []))
        return f'<a name="{name}"></a>' if name else "", [f"⚠️ {each}" for each in told]

    def card(self, entry: PostEntry, *, fixes: bool = True) -> str:
        when = f"**{self.when(entry)}** {self.own_time(entry)}".rstrip()
        name = f"<sub><code>{escaped_line(entry.id)}</code></sub>" if entry.id else ""
        head = [when, self._badge(entry), self.accounts(entry), name]
        told = " ".join(map(self.phrase, (*entry.reasons, *(entry.fixes if fixes else ()))))
        edits = dict(entry.edits)
        text = [self.phrase(phrase) for phrase in edits.pop("text", ())]
        body = text or [hard_lines(entry.text.strip())]
        unsaid = "" if any(body) or entry.groups else NO_TEXT
        in_edits = "thread" in edits or "comments" in edits
        body += [
            unsaid,
            self._order(entry) or self._media_links(entry.pieces),
            *self._groups(edits.items(), entry),
        ]
        said = self._groups(entry.groups, None if in_edits else entry)
        said += [escaped_line(added)] if (added := entry.added(whole=True)) else []
        body += [folded(_rest(entry), said)] if said and (entry.edits or entry.old) else said
        place = self.place(entry.place) if entry.place else ""
        foot = " · ".join(filter(None, [place, entry.length]))
        page = f"⏳ created once {_opened(entry.page, entry.page)} answers" if entry.page else ""
        note = f"📝 {hard_lines(entry.note)}" if entry.note else ""
        anchor, warnings = self._warnings_of(entry)
        parts = [
            anchor + " · ".join(filter(None, head)),
            told,
            *warnings,
            framed(filter(None, body)),
            page,
            note,
            f"<sub>{foot}</sub>",
        ]
        return "\n\n".join(part for part in parts if part not in ("", "<sub></sub>"))

    def _badge(self, entry: PostEntry) -> str:
        mark = entry.mark
        return f"{mark.emoji} **{escaped_line(entry.happening)}**{self.footnote(entry.how)}"

    def _groups(
        self, groups: Iterable[tuple[str, Sequence[Phrase]]], entry: PostEntry | None = None
    ) -> list[str]:
        """A paragraph for each kind of field that has an icon, and one for those that have none.

        The pictures of a part of a thread, or of a comment, follow its words, and a link can be opened.
        """
        lines: dict[str, list[str]] = {}
        for key, phrases in groups:
            icon = row.icon if (row := POST_KEYS.get(key.partition(".")[0])) is not None else ""
            told = lines.setdefault(icon, [])
            first = len(told)
            for part, of_part in groupby(phrases, key=_part_of):
                told += map(self.phrase, of_part)
                if entry is not None and part and (shown := self._media_links(entry.pieces, part)):
                    told.append(shown)
            if key in ("link", "link.url") and entry is not None and (link := _opened("open", entry.link)):
                told[first] += f" ({link})"
        return [f"{icon} {_BREAK.join(told)}".lstrip() for icon, told in lines.items()]

    def _media_links(self, pieces: Iterable[Piece], part: str = "") -> str:
        """What is in the repository or on the web of one part, each after the one it replaces."""
        of_part = [piece for piece in pieces if piece.part == part]
        width = _BESIDE if len(of_part) > 1 or any(piece.old for piece in of_part) else _WIDE
        shown = []
        for piece in of_part:
            before = self._old(piece.old, self.names.get(piece.old, ""), piece, width) if piece.old else ""
            shown.append(" → ".join(filter(None, (before, self._piece(piece, width)))))
        return " ".join(filter(None, shown))

    def _order(self, entry: PostEntry) -> str:
        """The pictures in their old and in their new order."""
        before, after = self._media_links(entry.old_order), self._media_links(entry.pieces)
        return f"before: {before}{_BREAK}after: {after}" if before else ""

    def _piece(self, piece: Piece, width: int) -> str:
        if piece.path is None and not piece.url:
            return self._old(piece.reference, piece.name, piece, width)
        if piece.path is not None and piece.kind in STILL:
            return _image(self.venue.picture(piece.path), piece.alt or piece.name, width)
        address = self.venue.file(piece.path) if piece.path else piece.url
        opened = _opened(f"{_FILES.get(piece.kind, '🖼️')} open {piece.name}", address)
        figures = self.venue.figures(piece.path) if piece.path else ""
        return _with_figures(opened, piece.kind, piece.name, figures)

    def _old(self, digest: str, name: str, piece: Piece, width: int) -> str:
        """What was replaced or removed."""
        if piece.kind in STILL:
            return _image(self.venue.old_picture(digest, name, piece.path), "before", width)
        address = self.venue.old_file(digest, name, piece.path)
        opened = _opened(f"{_FILES.get(piece.kind, '')} open {name or 'the old file'}", address)
        return _with_figures(opened, piece.kind, name, self.venue.old_figures(digest, name, piece.path))


def _rest(entry: PostEntry) -> str:
    """What waits behind the fold."""
    keys = dict.fromkeys(label_of(key.partition(".")[0]) for key, _ in entry.groups)
    return f"The rest of the post{': ' if keys else ''}{', '.join(keys)}"


def _part_of(phrase: Phrase) -> str:
    """`part 2` or `comment 1`, where a phrase is about one."""
    found = _PART.match(phrase[0].text) if phrase else None
    return found[0] if found else ""


def _opened(words: str, address: str | None) -> str:
    if not address or not address.startswith(("https://", "http://")):
        return ""
    return f"[{escaped_line(cut(words, 80))}]({_address(address)})"


def _with_figures(opened: str, kind: str, name: str, figures: str) -> str:
    """`[🎬 open tour.mp4](…) (0:12, 1920 x 1080, 3.4 MB)`; where it cannot be opened, its name in place of the link."""
    if not figures:
        return opened
    shown = opened or f"{_FILES.get(kind, '')} {escaped_line(cut(name, 80))}".strip()
    return f"{shown} ({escaped_line(figures)})"


def _image(address: str | None, alt: str, width: int) -> str:
    if address is None:
        return ""
    return f'<img src="{escape(_address(address))}" width="{width}" alt="{escape(one_line(alt))}">'


def _address(text: str) -> str:
    return quote(printable(text), safe=":/?#@!$&'*+,;=%~-._")
