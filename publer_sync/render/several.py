"""How a command ended for several calendars: a line for each, then the details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.measure import pad, width
from publer_sync.render.layout.phrases import Span
from publer_sync.render.layout.terminal import PLAIN, Screen
from publer_sync.render.layout.wording import count
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.render.layout.documents import Document
    from publer_sync.values.errors import PublerSyncError

_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ended for one calendar, in the format that was asked for: as JSON, or as text.

    `line` says it in a few words. `brief`: the line says it all, unless the calendar is the only one.
    """

    exit_code: int
    line: str
    text: str = ""
    document: Document | None = None
    brief: bool = False
    error: PublerSyncError | None = None
    """What ended it before its end, if there is still a result."""
    note: str = ""
    """What is said on stderr once it is printed."""
    found: Any = None
    """What it found, in place of a text, where the format shows all calendars together."""


def text(ended: Sequence[tuple[str, Ending]], *, screen: Screen = PLAIN) -> str:
    if not ended:
        return "No calendar has changed."
    lines = [screen.paint(count(len(ended), "calendar"), "bold"), ""]
    columns = min(40, max(width(name) for name, _ in ended)) + 2
    for name, each in ended:
        head = pad(printable_line(name), columns)
        first, *rest = screen.lay_out((Span(each.line),), indent=columns) or [""]
        line = screen.paint(first[columns:], "red" if each.exit_code not in (0, 2) else "")
        fits = width(head) == columns
        lines += [*([head + line] if fits else [head, " " * columns + line]), *rest]
    for names, told in _details(ended):
        title = f"── {', '.join(map(printable_line, names))} "
        lines += ["", screen.paint(title + "─" * max(3, screen.width - width(title)), "bold"), ""]
        lines.append(told)
    return "\n".join(lines)


def markdown(ended: Sequence[tuple[str, Ending]]) -> str:
    if not ended:
        return "No calendar has changed."
    lines = ["| Calendar | |", "| --- | --- |"]
    lines += [f"| {escaped_line(name)} | {escaped_line(each.line)} |" for name, each in ended]
    for names, told in _details(ended):
        lines += ["", f"## {', '.join(map(escaped_line, names))}", "", told]
    return "\n".join(lines)


def _details(ended: Sequence[tuple[str, Ending]]) -> Iterator[tuple[list[str], str]]:
    """The details, once for all calendars that have the same ones, such as an error in settings they share."""
    calendars: dict[str, list[str]] = {}
    for name, each in ended:
        if each.text and not each.brief:
            calendars.setdefault(each.text.rstrip("\n"), []).append(name)
    for told, names in calendars.items():
        more = [f"{len(names) - _NAMED:,} more"] if len(names) > _NAMED else []
        yield [*names[:_NAMED], *more], told
