"""`publer-sync forget --all`: ends the state of a calendar, with a backup. Its posts stay in Publer."""

from __future__ import annotations

import shlex
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from publer_sync.commands.access import open_access
from publer_sync.commands.command_lines import command_line, release_command
from publer_sync.commands.connections import Connections
from publer_sync.commands.forget import LOCK_SECONDS, alias_of, document_of, lines_of
from publer_sync.commands.shared import confirm, document, load, need_answer, out, say
from publer_sync.errors import UsageError
from publer_sync.own_folder import FOLDER
from publer_sync.printable import printable_line
from publer_sync.publer.reader import PublerReader
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.commands.access import Access
    from publer_sync.commands.choice import Choice
    from publer_sync.commands.documents import ForgetDocument
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State

_MOST = 20
"""Posts that are listed one by one."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """`name` is what the state calls the calendar, if not what the settings call it. `drop_holds`: posts on hold stay out."""

    name: str | None = None
    drop_holds: bool = False


def run(choice: Choice, leaving: Leaving, *, style: str, diff: bool, yes: bool) -> int:
    """The calendar need not be valid. Raises UsageError where something has to be finished or released first."""
    need_answer(yes=yes, diff=diff)
    calendar = load(choice.calendar)
    with ExitStack() as stack:
        access = open_access(
            calendar, choice, stack, Connections(PublerReader), name=leaving.name, lenient=True
        )
        if not diff:
            stack.enter_context(access.store.lock(LOCK_SECONDS))
        state = access.own_state() if leaving.name is None else access.store.read()
        if state is None:
            raise _nothing(access)
        if leaving.name is not None and not state.moved:
            access.check(state, access.store, name=access.name)
        _check(state, access, choice, leaving)
        ahead, held = _ahead(state, access), _held(state, access)
        if style == "text":
            out(_text(state, ahead, held, access))
        backup = calendar.top / FOLDER / f"forgotten-{access.clock.now():%Y%m%dT%H%M%SZ}.json"
        if diff:
            say("Nothing was changed.")
        else:
            if not yes:
                confirm("Type yes to continue: ")
            access.store.end(backup)
            _tell(len(ahead), backup, access, leaving)
    if style == "json":
        told: ForgetDocument = {
            "format_version": 1,
            "calendar": access.name,
            "state": access.store.place,
            "forgotten": [document_of(copy, access) for copy in ahead],
            "on_hold": held,
            "backup": None if diff else backup.as_posix(),
            "written": not diff,
        }
        document(told)
    return 0


def _nothing(access: Access[PublerReader]) -> UsageError:
    names = sorted({*access.store.managed_elsewhere().states} - {access.name})
    found = f" It has: {', '.join(map(printable_line, names))}." if names else ""
    return UsageError(
        f"there is no state of {printable_line(access.name)} in {access.store.place}",
        hint=f"Name another place with --state, or another calendar with --state-name.{found}",
    )


def _check(state: State, access: Access[PublerReader], choice: Choice, leaving: Leaving) -> None:
    gone, in_settings = leaving.name is not None, access.calendar.settings.hold is not None
    on_hold = bool(state.holds) or (in_settings and not gone)
    if on_hold and not leaving.drop_holds:
        posts = count(_held(state, access), "post")
        first = f"Release first: {release_command(choice)}. "
        if in_settings:
            first = "Remove `hold` from publer.yaml and apply first. "
        raise UsageError(
            f"the calendar {printable_line(access.name)} is on hold: {posts} would stay out of Publer",
            hint=f"{'' if gone else first}If they are to stay out: --drop-holds",
        )
    unfinished = [entry for entry in state.entries().values() if entry.unsettled or len(entry.open) > 1]
    if unfinished and not gone:
        whole = replace(choice, accounts=(), since=None, until=None)
        raise UsageError(
            f"an apply has not finished with {count(len(unfinished), 'post')}",
            hint=f"Run this first, it finds out what became of them: {command_line('apply', whole)}",
        )


def _held(state: State, access: Access[PublerReader]) -> int:
    """How many posts are out of Publer for a hold, and would be published later."""
    newest = [entry.newest for entry in state.entries().values() if not entry.published]
    return sum(copy.held and copy.slot > access.clock.now() for copy in newest)


def _ahead(state: State, access: Access[PublerReader]) -> list[Copy]:
    """What Publer has of the calendar, in order of time."""
    now = access.clock.now()
    there = [
        copy
        for copy in state.copies.values()
        if copy.post_id and copy.end is None and not copy.held and (copy.minute > now or copy.still_draft)
    ]
    return sorted(there, key=lambda copy: (copy.minute, alias_of(copy, access)))


def _text(state: State, ahead: Sequence[Copy], held: int, access: Access[PublerReader]) -> str:
    name, place = printable_line(access.name), access.store.place
    if state.moved:
        return f"The marker of {name} in {place} goes: its state was moved to {printable_line(state.moved.place)}."
    lines = [f"The state of {name} in {place} ends: publer-sync no longer manages its posts."]
    if ahead:
        lines += [f"Publer keeps {count(len(ahead), 'post')} as they are, and publishes them:", ""]
        lines += lines_of(ahead[:_MOST], access)
        more = len(ahead) - _MOST
        lines += [f"  … and {more:,} more"] if more > 0 else []
    else:
        lines.append("Publer has no post of it ahead.")
    if held:
        lines += ["", f"{count(held, 'post')} on hold {'stays' if held == 1 else 'stay'} out of Publer."]
    if twice := sum(len(entry.open) > 1 for entry in state.entries().values()):
        both = "1 post is" if twice == 1 else f"{twice:,} posts are"
        lines += ["", f"{both} in Publer in an old and a new version: delete one of the two there."]
    return "\n".join(lines)


def _tell(number: int, backup: Path, access: Access[PublerReader], leaving: Leaving) -> None:
    say(f"Forgotten: {count(number, 'post')} ahead. Nothing was sent. The old state is in {backup}")
    if leaving.name is None:
        folder = shlex.quote(str(access.calendar.top))
        say(f"Now stop what applies {folder}, such as a workflow: an apply would adopt the posts again.")
