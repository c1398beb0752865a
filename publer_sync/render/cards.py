"""One post on a page of Markdown: as a card that shows what the public will see, or as a line.

Every word that comes from a post, a name or Publer goes through `escaping`; the only HTML is this room's own.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from publer_sync.networks.table import NETWORKS, network_of
from publer_sync.printable import one_line, printable
from publer_sync.render.entries import alias_of
from publer_sync.render.escaping import escaped, escaped_inline, escaped_line
from publer_sync.render.measure import cut
from publer_sync.render.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.model import Account
    from publer_sync.planning.plan import Plan
    from publer_sync.problems import Location
    from publer_sync.render.dates import Dates
    from publer_sync.render.entries import PostEntry
    from publer_sync.render.phrases import Phrase
    from publer_sync.render.subjects import Picture
    from publer_sync.render.venue import Venue

_ICONS = {
    "link": "🔗",
    "media": "🖼️",
    "poll": "📊",
    "thread": "🧵",
    "comments": "💬",
    "share": "🔁",
    "labels": "🏷️",
}
_BREAK = "\\\n"
_TALL = 140
"""Pixels of a thumbnail."""


def folded(summary: str, parts: Sequence[str], *, unfolded: bool = False) -> str:
    head = f"<details{' open' if unfolded else ''}>\n<summary>{summary}</summary>"
    return "\n\n".join([head, *parts, "</details>"])


def quotation(paragraphs: Iterable[str]) -> str:
    return "\n".join(f"> {line}".rstrip(" ") for line in "\n\n".join(paragraphs).split("\n"))


def hard_lines(text: str) -> str:
    """A text as Markdown with its own line breaks, whatever the page does with single ones."""
    lines = escaped(text).split("\n")
    below = [*lines[1:], ""]
    return "\n".join(
        f"{line}\\" if line and after else line for line, after in zip(lines, below, strict=True)
    )


def full_sentence(text: str, limit: int = 400) -> str:
    return escaped_line(sentence(cut(one_line(text), limit)))


class CardPage:
    """The zone and the venue of one page."""

    def __init__(self, dates: Dates, venue: Venue, plan: Plan | None = None) -> None:
        self.dates = dates
        self.venue = venue
        self.names = plan.names if plan else {}
        self._footnotes: dict[str, int] = {}

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
            if span.place is not None:
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

    def accounts(self, entry: PostEntry) -> str:
        return ", ".join(dict.fromkeys(_network(change.account) for change in entry.changes))

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
        """A list item: when, what, where, and the first words."""
        what = what or f"{entry.mark.emoji} {entry.mark.word}"
        post = self._linked(f"“{self.name(entry, 70)}”", entry.place)
        parts = [f"**{self.when(entry, day=day)}**", what, self.accounts(entry), post, note]
        return f"- {' · '.join(filter(None, parts))}"

    def card(self, entry: PostEntry, *, fixes: bool = True) -> str:
        name = f"<code>{escaped_line(entry.id)}</code>" if entry.id else ""
        head = [f"**{self.when(entry)}**", self._what(entry), self.accounts(entry), name]
        told = " ".join(map(self.phrase, (*entry.reasons, *(entry.fixes if fixes else ()))))
        edits = dict(entry.edits)
        text = [self.phrase(phrase) for phrase in edits.pop("text", ())]
        body = text or [hard_lines(entry.text.strip())]
        body += [self._thumbnails(entry.pictures), *self._groups(edits.items())]
        said = self._groups(entry.groups)
        said += [escaped_line(added)] if (added := entry.added(whole=True)) else []
        body += [folded("The rest of the post", said)] if said and (entry.edits or entry.old) else said
        place = self.place(entry.place) if entry.place else ""
        foot = " · ".join(filter(None, [place, entry.length]))
        note = f"📝 {hard_lines(entry.note)}" if entry.note else ""
        parts = [
            " · ".join(filter(None, head)),
            told,
            quotation(filter(None, body)),
            note,
            f"<sub>{foot}</sub>",
        ]
        return "\n\n".join(part for part in parts if part not in ("", "<sub></sub>"))

    def _what(self, entry: PostEntry) -> str:
        mark = entry.mark
        return f"{mark.emoji} **{mark.word}**{self.footnote(entry.how)}"

    def _groups(self, groups: Iterable[tuple[str, Sequence[Phrase]]]) -> list[str]:
        """A paragraph for each kind of field that has an icon, and one for those that have none."""
        lines: dict[str, list[str]] = {}
        for key, phrases in groups:
            lines.setdefault(_ICONS.get(key.partition(".")[0], ""), []).extend(map(self.phrase, phrases))
        return [f"{icon} {_BREAK.join(told)}".lstrip() for icon, told in lines.items()]

    def _thumbnails(self, pictures: Sequence[Picture]) -> str:
        """Pictures in the repository, each after the one it replaces."""
        shown = []
        for path, alt, _, old in pictures:
            now = self.venue.picture(path)
            before = self.venue.old_picture(path, old, self.names.get(old, "")) if old else None
            images = [_image(before, "before"), _image(now, alt or path.name)]
            shown.append(" → ".join(filter(None, images)))
        return " ".join(filter(None, shown))


def _image(address: str | None, alt: str) -> str:
    if address is None:
        return ""
    return f'<img src="{escape(_address(address))}" height="{_TALL}" alt="{escape(one_line(alt))}">'


def _address(text: str) -> str:
    return quote(printable(text), safe=":/?#@!$&'*+,;=%~-._")


def _network(account: Account) -> str:
    """The network's name, with the alias where that differs."""
    alias = cut(alias_of(account), 40)
    network = NETWORKS.get(account.provider)
    if network is None:
        return escaped_line(alias)
    own = network_of(alias) == account.provider
    return escaped_line(network.label if own else f"{alias} ({network.label})")
