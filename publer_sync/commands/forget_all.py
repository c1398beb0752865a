"""`publer-sync forget --all`: ends the state of a calendar, with a backup. Its posts stay in Publer."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from publer_sync.commands.forget import forgotten_posts, is_unfinished
from publer_sync.commands.reaching.access import open_access
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.identity import folder_of
from publer_sync.commands.running import course
from publer_sync.commands.running.command_lines import command_line, leaving, release_command
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.shared import need_answer
from publer_sync.commands.running.state_course import StateWork
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.folder_store import FolderStore
from publer_sync.ledger.runs import RunLine, finished, with_run
from publer_sync.machine.own_folder import FOLDER
from publer_sync.publer.reader import PublerReader
from publer_sync.render import forget as page
from publer_sync.render.forget import LeftCalendar, posts_of
from publer_sync.render.layout.wording import count
from publer_sync.render.post.names import called
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import UsageError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from contextlib import ExitStack

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.running.choice import Choice
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State


@dataclass(frozen=True, slots=True)
class LeaveRequest:
    """`name` is what the state calls the calendar, if not what the settings call it. `drop_holds`: posts on hold stay out."""

    name: str | None = None
    drop_holds: bool = False
    diff: bool = False
    yes: bool = False


def run(choice: Choice, request: LeaveRequest, *, style: str) -> int:
    """The calendar need not be valid."""
    need_answer(yes=request.yes, diff=request.diff)
    connections = Connections(PublerReader)
    return course.run(Frame.alone(choice, style=style), Leaving(request, connections, style), connections)


@dataclass(frozen=True, slots=True)
class PlannedLeave:
    access: Access[PublerReader]
    state: State
    left: LeftCalendar

    @property
    def rest(self) -> State | None:
        """What stays of the state, for `log`; nothing of a marker."""
        record = self.access.record("forget --all", of_files=False)
        if self.state.moved is not None or record is None:
            return None
        lines = [
            RunLine("forget", copy.account, copy.slot, copy.id, "applied", copy.entry)
            for copy in self.left.ahead.copies
        ]
        rest = self.state.after_its_end(self.access.clock.now())
        rest.runs = with_run(rest.runs, finished(record, lines))
        return rest


@dataclass(slots=True)
class Leaving(StateWork[PlannedLeave, Path]):
    """forget --all's own part of the course: it results in the backup."""

    request: LeaveRequest
    connections: Connections[PublerReader]
    style: str
    doing: ClassVar[str] = "forget"

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedLeave:
        """Raises UsageError where something has to be finished or released first."""
        wish = self.request
        access = open_access(calendar, here, stack, self.connections, lenient=True)
        if wish.name is not None and wish.name.casefold() != access.name.casefold():
            access = self._gone(wish.name, access, here, stack)
        self.lock(access.store, stack)
        state = _state(access, named=wish.name is not None)
        if access.renamed is not None:  # the part still has the name before
            access = open_access(calendar, here, stack, self.connections, name=access.renamed, lenient=True)
            self.lock(access.store, stack)
            state = access.store.read() or state
        _check(
            state, access, here, wish, gone=wish.name is not None and access.name != calendar.settings.name
        )
        left = LeftCalendar(
            access.name,
            access.store.place,
            forgotten_posts(_ahead(state, access), access),
            on_hold=_held(state, access),
            in_two_versions=tuple(entry.newest for entry in state.entries().values() if len(entry.open) > 1),
            moved_to=state.moved.place if state.moved else None,
        )
        return PlannedLeave(access, state, left)

    def _gone(
        self, name: str, access: Access[PublerReader], here: Choice, stack: ExitStack
    ) -> Access[PublerReader]:
        """A part of the ledger that has no folder. Raises UsageError where there is none of this name: never is it the calendar's own."""
        found = next((each for each in _names(access) if each.casefold() == name.casefold()), None)
        if found is None:
            raise _unknown(name, access)
        if (folder := folder_of(found, access.store, access.calendar.top)) is not None:
            raise UsageError(
                f"the calendar {printable_line(found)} is in {printable_line(folder.as_posix())}",
                hint=f"End its state from there: {leaving(folder, place=here.state)}",
            )
        return open_access(access.calendar, here, stack, self.connections, name=found, lenient=True)

    def proposal(self, planned: PlannedLeave) -> Ending:
        return self._ending(planned, page.text_of_all(planned.left), "Nothing was changed.", backup=None)

    def carry_out(self, planned: PlannedLeave) -> Path:
        access = planned.access
        name = f"forgotten-{access.clock.now():%Y%m%dT%H%M%SZ}.json"
        backup = access.calendar.top / FOLDER / name
        access.store.end(backup, planned.rest)
        return backup

    def end(self, planned: PlannedLeave, result: Path) -> Ending:
        note = (
            f"Forgotten: {planned.left.ahead.counted} ahead. Nothing was sent. The old state is in {result}"
        )
        if self.request.name is None:
            folder = shlex.quote(str(planned.access.calendar.top))
            note += (
                f"\nNow stop what applies {folder}, such as a workflow: an apply would adopt the posts again."
            )
        return self._ending(planned, "", note, backup=result)

    def _ending(self, planned: PlannedLeave, text: str, note: str, *, backup: Path | None) -> Ending:
        if self.style == "json":
            file = backup.as_posix() if backup is not None else None
            return Ending(0, note, document=page.document_of_all(planned.left, file), note=note)
        return Ending(0, note, text, note=note)


def _names(access: Access[PublerReader]) -> list[str]:
    """The other calendars that have a state in the same place; a file has that of one, whatever it is called."""
    store = access.store
    if isinstance(store, FileStore) and not isinstance(store, FolderStore):
        state = store.read()
        return [state.calendar] if state is not None else []
    there = store.managed_elsewhere()
    return sorted({*there.states, *there.unreadable})


def _unknown(name: str, access: Access[PublerReader]) -> UsageError:
    """With the parts of the ledger that could have been meant."""
    there = [each for each in _names(access) if folder_of(each, access.store, access.calendar.top) is None]
    known = f"It has: {', '.join(map(printable_line, there))}." if there else ""
    return UsageError(
        f"there is no state of {printable_line(name)} in {access.store.place}",
        hint=f"Name one that is there, or another place with --state. {known}".rstrip(),
    )


def _state(access: Access[PublerReader], *, named: bool) -> State:
    """What ends. The marker of a state that was moved ends where its name is given."""
    marker = access.store.read() if named else None
    if marker is not None and marker.moved is not None:
        return marker
    access.check_waiting()
    if (lost := access.store.lost()) is not None:
        raise lost
    is_own = access.name == access.calendar.settings.name
    state = access.own_state() if is_own else access.store.read()
    if state is None:
        raise _unknown(access.name, access)
    access.check(state, access.store, name=access.name)
    return state


def _check(
    state: State, access: Access[PublerReader], choice: Choice, leaving: LeaveRequest, *, gone: bool
) -> None:
    """Raise UsageError where something has to be finished or released first. `gone`: the settings are another calendar's."""
    if state.moved is not None:
        return
    in_settings = access.calendar.settings.hold is not None
    on_hold = bool(state.holds) or (in_settings and not gone)
    if on_hold and not leaving.drop_holds:
        posts = count(len(posts_of(_held(state, access))), "post")
        first = f"Release first: {release_command(choice)}. "
        if in_settings:
            first = "Remove `hold` from publer.yaml and apply first. "
        raise UsageError(
            f"the calendar {printable_line(access.name)} is on hold: {posts} would stay out of Publer",
            hint=f"{'' if gone else first}If they are to stay out: --drop-holds",
        )
    unfinished = [entry for entry in state.entries().values() if is_unfinished(entry, access)]
    if unfinished and not gone:
        whole = replace(choice, accounts=(), since=None, until=None)
        raise UsageError(
            f"an apply has not finished with {count(len(unfinished), 'post')}",
            hint=f"Run this first, it finds out what became of them: {command_line('apply', whole)}",
        )


def _held(state: State, access: Access[PublerReader]) -> tuple[Copy, ...]:
    """What is out of Publer for a hold, and would be published later."""
    newest = [entry.newest for entry in state.entries().values() if not entry.published]
    return tuple(copy for copy in newest if copy.held and copy.slot > access.clock.now())


def _ahead(state: State, access: Access[PublerReader]) -> list[Copy]:
    """What Publer has of the calendar, in order of time: of each post on an account its newest copy there."""
    now = access.clock.now()
    there = [
        max(found, key=lambda copy: copy.key)
        for entry in state.entries().values()
        if (
            found := [
                copy
                for copy in entry.open
                if copy.post_id and not copy.held and (copy.minute > now or copy.still_draft)
            ]
        )
    ]
    return sorted(there, key=lambda copy: (copy.minute, called(access.account(copy.account))))
