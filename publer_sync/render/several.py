"""How a command ended for several calendars: a line for each, then what there is to tell of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from publer_sync.printable import printable_line
from publer_sync.render.escaping import escaped_line
from publer_sync.render.measure import pad, width
from publer_sync.render.phrases import Span
from publer_sync.render.terminal import PLAIN, Screen
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.content import Json


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended for one calendar, in the format that was asked for: as JSON, or as text.

    `line` says it in a few words. `brief`: the line says it all, unless the calendar is the only one.
    """

    exit_code: int
    line: str
    text: str = ""
    document: dict[str, Json] | None = None
    brief: bool = False


def text(ended: Sequence[tuple[str, Ended]], *, screen: Screen = PLAIN) -> str:
    if not ended:
        return "No calendar has changed."
    lines = [screen.paint(count(len(ended), "calendar"), "bold"), ""]
    columns = min(40, max(width(name) for name, _ in ended)) + 2
    for name, each in ended:
        head = pad(printable_line(name), columns - 2) + "  "
        room = width(head)
        first, *rest = screen.lay_out((Span(each.line),), indent=room) or [""]
        lines += [head + screen.paint(first[room:], "red" if _is_bad(each) else ""), *rest]
    for name, each in ended:
        if each.text and not each.brief:
            title = f"── {printable_line(name)} "
            lines += ["", screen.paint(title + "─" * max(3, screen.width - width(title)), "bold"), ""]
            lines.append(each.text.rstrip("\n"))
    return "\n".join(lines)


def markdown(ended: Sequence[tuple[str, Ended]]) -> str:
    if not ended:
        return "No calendar has changed."
    lines = ["| Calendar | |", "| --- | --- |"]
    lines += [f"| {escaped_line(name)} | {escaped_line(each.line)} |" for name, each in ended]
    for name, each in ended:
        if each.text and not each.brief:
            lines += ["", f"## {escaped_line(name)}", "", each.text.rstrip("\n")]
    return "\n".join(lines)


def _is_bad(ended: Ended) -> bool:
    return ended.exit_code not in (0, 2)
