"""`publer-sync state`: moves the state to another name or place."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from publer_sync.calendar.folder import SETTINGS
from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.commands.reaching import identity
from publer_sync.commands.reaching.access import open_access
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.stores import open_store
from publer_sync.commands.running import course
from publer_sync.commands.running.command_lines import leaving, log_command
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.shared import need_answer
from publer_sync.commands.running.state_course import StateWork
from publer_sync.ledger.names import END
from publer_sync.ledger.relocating import (
    MOVE,
    applied_since,
    marker_of,
    relocate,
    relocated,
    was_cut_off,
)
from publer_sync.ledger.runs import with_run
from publer_sync.ledger.store import GIT
from publer_sync.publer.reader import PublerReader
from publer_sync.render.layout.wording import count, managed_count
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import UsageError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from contextlib import ExitStack

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.running.choice import Choice
    from publer_sync.commands.running.documents import MovedDocument
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.state import State


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """What the command line says: the new name, the old name or place, the new place."""

    name: str | None = None
    source: str | None = None
    target: str | None = None
    diff: bool = False
    yes: bool = False


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """A state, where it is and where it goes, and what it says there; both places are locked unless it is only shown."""

    access: Access[PublerReader]
    choice: Choice
    name: str
    source: Store
    target: Store
    state: State
    moved: State


def run(choice: Choice, request: MoveRequest, *, style: str) -> int:
    """Move the state, with its holds. The calendar need not be valid."""
    need_answer(yes=request.yes, diff=request.diff)
    if request.name is not None and (not request.name.strip() or not request.name.isprintable()):
        raise UsageError("a name has at least one character, and only printable ones")
    connections = Connections(PublerReader)
    return course.run(Frame.alone(choice, style=style), MovingState(request, connections, style), connections)


@dataclass(slots=True)
class MovingState(StateWork[PlannedMove, None]):
    """state mv's own part of the course."""

    request: MoveRequest
    connections: Connections[PublerReader]
    style: str
    doing: ClassVar[str] = "move"
    planning: ClassVar[str] = "move"

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedMove:
        wish = self.request
        old_place = wish.source if wish.source is not None and is_place(wish.source) else None
        old_name = wish.source if old_place is None else None
        access = open_access(calendar, here, stack, self.connections, name=old_name)
        name = wish.name or calendar.settings.name
        source = access.store if old_place is None else _store_at(access, here, old_place, access.name)
        target = _target(access, here, source, wish, name)
        return self.plan_between(access, here, name, source, target, stack)

    def plan_between(
        self,
        access: Access[PublerReader],
        here: Choice,
        name: str,
        source: Store,
        target: Store,
        stack: ExitStack,
    ) -> PlannedMove:
        """The same with both places open."""
        for store in sorted({source.where: source, target.where: target}.values(), key=_part):
            self.lock(store, stack)
        for store in (access.store, source):
            access.check_waiting(store)
            _check_lost(store)
        state = _state(access, source)
        if (wrong := identity.copied(state, source, access.calendar)) is not None:
            raise wrong
        _check_lost(target)
        there = target.read() if target is not source else None
        if there is not None and there.moved is None:
            access.check(replace(there, calendar=name), target, name=name)
        is_cut_off = there is not None and was_cut_off(state, there, name)
        way = _way_on(access, (source, state), (target, there)) if there is not None and is_cut_off else ""
        moved = relocated(state, there, name, target.place, way=way)
        if target.place != source.place:
            moved.home = None  # what a folder is called is another thing on a branch than on a disk
        return PlannedMove(access, here, name, source, target, state, moved)

    def proposal(self, planned: PlannedMove) -> Ending:
        return self._ending(planned, _what_moves(planned), "Nothing was changed.", written=False)

    def carry_out(self, planned: PlannedMove) -> None:
        marker = marker_of(planned.state, planned.name, _written(planned.target))
        if (record := planned.access.record(MOVE, of_files=False, reason=_told(planned))) is not None:
            planned.moved.runs = with_run(planned.moved.runs, record)
        relocate(planned.source, planned.target, planned.moved, marker)

    def end(self, planned: PlannedMove, result: None) -> Ending:
        del result
        return self._ending(planned, "", _lines_to_write(planned), written=True)

    def _ending(self, planned: PlannedMove, text: str, note: str, *, written: bool) -> Ending:
        line = managed_count(planned.state.posts)
        if self.style != "json":
            return Ending(0, line, text, note=note)
        told: MovedDocument = {
            "format_version": 1,
            "from": planned.state.calendar,
            "to": planned.name,
            "from_state": planned.source.place,
            "state": planned.target.place,
            "posts": len(planned.state.posts),
            "holds": len(planned.moved.holds),
            "account": None,
            "written": written,
        }
        return Ending(0, line, document=told, note=note)


def is_place(word: str) -> bool:
    """Whether it names a place rather than a calendar."""
    if word.startswith((GIT, "/", ".", "~/")) or word.endswith(END):
        return True
    path = Path(word)
    return path.is_file() or (path.is_dir() and not (path / SETTINGS).exists())


def _part(store: Store) -> str:
    return store.where


def _store_at(access: Access[PublerReader], choice: Choice, place: str | None, name: str) -> Store:
    """The store at a place that the command line names, or that is chosen without."""
    chosen = choice if place is None else replace(choice, state=place)
    environment = Environment.of(os.environ)
    return open_store(
        access.calendar,
        chosen,
        environment,
        access.workspace.id,
        access.clock,
        access.repositories,
        name=name,
    )


def _target(
    access: Access[PublerReader], choice: Choice, source: Store, wish: MoveRequest, name: str
) -> Store:
    """Where the state goes: the `source` itself where a file only gets another name."""
    target = _store_at(access, choice, wish.target, name)
    if target.place != source.place:
        return target
    if name == access.name and (wish.source is None or is_place(wish.source)):
        raise UsageError(
            f"the state is already named {printable_line(name)}",
            hint="Give it another name, or another place with --to; --from names the one where it is.",
        )
    return target if target.is_beside(source) else source


def _check_lost(store: Store) -> None:
    """Raise StateError where the branch lacks what was written to it."""
    if (lost := store.lost()) is not None:
        raise lost


def _state(access: Access[PublerReader], source: Store) -> State:
    """The state that is moved; its name is not asked for where the command names its place."""
    state = source.read()
    if state is None:
        there = ", ".join(map(printable_line, sorted(source.managed_elsewhere().states)))
        raise UsageError(
            f"there is no state named {printable_line(access.name)} in {source.place}",
            hint=f"If it has another name or place, add --from and that.{f' It has: {there}.' if there else ''}",
        )
    named = state.calendar if source is not access.store else access.name
    access.check(state, source, name=named)
    return state


def _way_on(access: Access[PublerReader], source: tuple[Store, State], target: tuple[Store, State]) -> str:
    """What to do where an earlier move was cut off, and one of its ends, or each, was applied since."""
    (old, state), (new, there) = source, target
    top, settings = access.calendar.top, access.calendar.settings
    name = state.calendar if state.calendar != settings.name else None
    end_old, end_new = (leaving(top, place=each.place, name=name) for each in (old, new))
    start = "They have posts in common: an earlier move was cut off"
    match applied_since(state, there):
        case (True, False):
            return (
                f"{start}, and the one in {old.place} was used since.\n"
                f"End the other one, and move it again: {end_new}\n"
            )
        case (False, True):
            return (
                f"{start}, and the one in {new.place} was used since.\n"
                f"Let `state` in publer.yaml be that place, and end the other one: {end_old}\n"
            )
    logs = " and ".join(log_command(top, place=each.place, name=name) for each in (old, new))
    return (
        f"{start}, and both may have been used since. To see what each did: {logs}\n"
        f"To keep the one in {old.place}, end the other one, and move it again: {end_new}\n"
        f"To keep the one in {new.place}, let `state` in publer.yaml be that place, and end the other one: {end_old}\n"
    )


def _what_moves(planned: PlannedMove) -> str:
    state, source, target = planned.state, planned.source, planned.target
    holds = f", {count(len(state.holds), 'hold')}" if state.holds else ""
    what = f"The state of {printable_line(state.calendar)} ({managed_count(state.posts)}{holds}) in {source.place}"
    renamed = f" gets the name {printable_line(planned.name)}" if planned.name != state.calendar else ""
    placed = f" moves to {target.place}" if target.place != source.place else ""
    return f"{what}{' and'.join(filter(None, (placed, renamed)))}."


def _told(planned: PlannedMove) -> str:
    """What the log says of it."""
    state, source, target = planned.state, planned.source, planned.target
    parts = [f"from {source.place} to {target.place}"] if target.place != source.place else []
    if planned.name != state.calendar:
        parts.append(f"from the name {printable_line(state.calendar)} to {printable_line(planned.name)}")
    return ", ".join(parts)


def _lines_to_write(planned: PlannedMove) -> str:
    """What publer.yaml has to say from now on; "" where it says so already."""
    calendar, target = planned.access.calendar, planned.target
    lines = [f"name: {scalar(planned.name)}"] if planned.name != calendar.settings.name else []
    if _store_at(planned.access, planned.choice, None, planned.name).place != target.place:
        place = _written(target)
        if not place.startswith(GIT):
            inside = os.path.relpath(place, calendar.top)
            place = place if inside.startswith("..") else Path(inside).as_posix()
        lines.append(f"state: {scalar(place)}")
    told = "".join(f"  {line}\n" for line in lines)
    return f"Write this into publer.yaml before the next apply:\n\n{told}" if lines else ""


def _written(store: Store) -> str:
    """The place as another command finds it from anywhere."""
    return store.place if store.place.startswith(GIT) else os.path.abspath(store.place)  # noqa: PTH100 — links stay as named
