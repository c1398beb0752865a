"""A page of Markdown that is read on GitHub: its pieces, and how it is cut to what fits.

Every word that comes from a post, a name or Publer goes through `escaping`; the only HTML is this room's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from publer_sync.printable import one_line, printable, without_commands
from publer_sync.render import glimpses
from publer_sync.render.escaping import escaped, escaped_inline, escaped_line
from publer_sync.render.measure import cut
from publer_sync.render.reasons import fixes, reasons
from publer_sync.render.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.planning.plan import Change
    from publer_sync.problems import Location
    from publer_sync.render.dates import Dates
    from publer_sync.render.phrases import Phrase
    from publer_sync.render.venue import Venue

LIMIT = 60_000
"""GitHub takes 65,536 characters in a comment."""
NOTE = 400
"""Room for what is said about the cut, and for the folds."""
WARNINGS = 20


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


def folded(summary: str, parts: Sequence[str]) -> str:
    return "\n\n".join([f"<details>\n<summary>{summary}</summary>", *parts, "</details>"])


def heading(calendar: str, what: str) -> str:
    name = "" if calendar == "calendar" else f" {escaped_line(cut(one_line(calendar), 80))}"
    return f"### 📅 Social calendar{name}: {what}"


def caution(lines: Iterable[str]) -> str:
    return "\n".join(["> [!CAUTION]", *(f"> {line}".rstrip() for line in lines)])


def quoted_text(text: str) -> str:
    """A text as a quotation with its own line breaks, whatever the page does with single ones."""
    lines = escaped(text).split("\n")
    last = len(lines) - 1
    breaks = (line and index < last and bool(lines[index + 1]) for index, line in enumerate(lines))
    return "\n".join(
        f"> {line}{chr(92) if more else ''}".rstrip(" ") for line, more in zip(lines, breaks, strict=True)
    )


def full_sentence(text: str, limit: int = 400) -> str:
    return escaped_line(sentence(cut(one_line(text), limit)))


class MarkdownPage:
    """The zone and the venue of one page."""

    def __init__(self, dates: Dates, venue: Venue) -> None:
        self.dates = dates
        self.venue = venue

    def place(self, place: Location) -> str:
        name = f"{escaped_line(place.file)}, line {place.line}"
        if self.venue.line is None:
            return name
        address = quote(printable(self.venue.line(place.file, place.line)), safe=":/?#@!$&'*+,;=%~-._")
        return f"[{name}]({address})"

    def phrase(self, phrase: Phrase) -> str:
        out, before = "", ""
        for span in phrase:
            out += " " if (before, span.kind) == ("old", "new") else ""
            before = span.kind
            text = escaped_inline(span.text)
            if span.place is not None:
                out += self.place(span.place)
            elif span.options:
                out += self.venue.apply_with(span.options)
            else:
                tag = {"old": "del", "new": "b", "code": "code"}.get(span.kind)
                out += f"<{tag}>{text}</{tag}>" if tag and text else text
        return out

    def account(self, change: Change) -> str:
        return escaped_line(cut(glimpses.alias_of(change.account), 40))

    def held(self, change: Change) -> str:
        """Why one post is not applied, with the fix: a list item's text."""
        name = escaped_line(glimpses.name_of(change, 50))
        told = [*reasons(change, self.dates), *fixes(change)]
        where = f"**{self.dates.day(change.at)}, {self.dates.time(change.at)}** · {self.account(change)}"
        return f"{where} · “{name}”: {' '.join(map(self.phrase, told))}"

    def warnings(self, found: Sequence[tuple[str, Location | None]], *, more: str = "") -> list[str]:
        """One list of at most WARNINGS messages; `more` says where the rest is."""
        if not found:
            return []
        lines = [f"- {self._warning(message, place)}" for message, place in found[:WARNINGS]]
        if len(found) > WARNINGS:
            lines.append(f"- … and {len(found) - WARNINGS:,} more{f': {more}' if more else '.'}")
        return ["⚠️ **Worth a look**", "\n".join(lines)]

    def _warning(self, message: str, place: Location | None) -> str:
        text = full_sentence(message)
        return f"{text.removesuffix('.')} ({self.place(place)})." if place else text
