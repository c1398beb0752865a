"""`publer-sync log`: who did what to which post, as the state keeps it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from publer_sync.commands.access import open_access
from publer_sync.commands.connections import Connections
from publer_sync.commands.frame import Frame
from publer_sync.commands.options import first_instant, instant, last_instant
from publer_sync.commands.progress import ProgressLine
from publer_sync.errors import UsageError
from publer_sync.model import Slot
from publer_sync.planning.log import Log, chosen_runs
from publer_sync.publer.reader import PublerReader
from publer_sync.render import log as page
from publer_sync.render.several import Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Access
    from publer_sync.commands.choice import Choice
    from publer_sync.ledger.runs import RunLine
    from publer_sync.ledger.state import State


def run(calendars: Sequence[Path], choice: Choice, *, post: str | None, style: str) -> int:
    frame = Frame.of(calendars, choice, style=style)
    connections = Connections(PublerReader)
    logs: list[Log] = []

    def one(top: Path | None) -> Ending:
        with frame.calendar(top) as (calendar, here):
            logs.append(make(calendar, here, connections, post=post))
            return end(logs[-1], style)

    with ProgressLine() as progress:
        ended = frame.each(one, doing="log", progress=progress, connections=connections)
    if len(logs) == len(ended) and logs and not any(log.knows for log in logs):  # one that knows it is enough
        raise UsageError(
            f'--post: no known run changed "{post}"',
            hint="Name a post by its id, or as ALIAS@TIME. For example: facebook@2027-03-02T09:00",
        )
    return frame.end(ended)


def make(
    calendar: Calendar, choice: Choice, connections: Connections[PublerReader], *, post: str | None = None
) -> Log:
    """With nothing but GET. The calendar need not be valid. Only the runs that changed `post`, if one is named."""
    zone = calendar.settings.timezone
    with ExitStack() as stack:
        access = open_access(calendar, choice, stack, connections, lenient=True)
        state = access.own_state()
        concerns = _concerning(post, state, access) if post is not None else None
        runs = chosen_runs(
            state.runs if state is not None else (),
            since=first_instant(choice.since, zone, option="--from") if choice.since else None,
            until=last_instant(choice.until, zone, option="--to") if choice.until else None,
            concerns=concerns or (lambda _: False) if post is not None else None,
        )
        knows = post is None or concerns is not None
        return Log(access.name, zone, access.clock.now(), runs, access.known_accounts, knows)


def end(log: Log, style: str) -> Ending:
    match style:
        case "json":
            return Ending(0, page.line(log), document=page.document(log))
        case "markdown":
            return Ending(0, page.line(log), page.markdown(log))
        case _:
            return Ending(0, page.line(log), page.text(log))


def _concerning(
    name: str, state: State | None, access: Access[PublerReader]
) -> Callable[[RunLine], bool] | None:
    """Whether a line is about the post: by its id, or by its entry wherever that was. None if no line is."""
    lines = [line for run in (state.runs if state else ()) for line in run.lines]
    word, at, time = name.partition("@")
    found = [line for line in lines if line.id == name]
    if not found and at and (alias := access.calendar.groups.alias(word)) in access.accounts:
        slot = Slot.of(
            access.accounts[alias].id, instant(time, access.calendar.settings.timezone, option=f"{word}@")
        )
        found = [line for line in lines if (line.account, line.at) == (slot.account, slot.at)]
    if not found:
        return None
    entries = {line.entry for line in found if line.entry}
    return lambda line: line.entry in entries if line.entry else line in found
