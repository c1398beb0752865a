"""`publer-sync state`: moves the state to another name or place."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.calendar.yaml.scalars import scalar
from publer_sync.commands.access import open_access
from publer_sync.commands.connections import Connections
from publer_sync.commands.environment import Environment
from publer_sync.commands.forget import LOCK_SECONDS
from publer_sync.commands.shared import confirm, document, load, need_answer, say
from publer_sync.commands.stores import open_store
from publer_sync.errors import UsageError
from publer_sync.ledger.relocating import marker_of, relocate, relocated
from publer_sync.ledger.store import GIT
from publer_sync.printable import printable_line
from publer_sync.publer.reader import PublerReader
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from publer_sync.commands.access import Access
    from publer_sync.commands.choice import Choice
    from publer_sync.commands.documents import MovedDocument
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.state import State


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """What the command line says: the new name, the old name or place, the new place."""

    name: str | None = None
    source: str | None = None
    target: str | None = None


def move(choice: Choice, wish: MoveRequest, *, style: str, diff: bool, yes: bool) -> int:
    """Move the state, with its holds. The calendar need not be valid."""
    need_answer(yes=yes, diff=diff)
    if wish.name is not None and (not wish.name.strip() or not wish.name.isprintable()):
        raise UsageError("a name is at least one character, and printable")
    calendar = load(choice.calendar)
    old_place = wish.source if wish.source is not None and is_place(wish.source) else None
    old_name = wish.source if old_place is None else None
    with ExitStack() as stack:
        access = open_access(calendar, choice, stack, Connections(PublerReader), name=old_name)
        name = wish.name or calendar.settings.name
        source = access.store if old_place is None else _store_at(access, choice, old_place, access.name)
        target = _target(access, choice, source, wish, name)
        if not diff:
            for store in sorted({source.place: source, target.place: target}.values(), key=_place):
                stack.enter_context(store.lock(LOCK_SECONDS))
        state = _state(access, source)
        there = target.read() if target is not source else None
        if there is not None and there.moved is None:
            access.check(replace(there, calendar=name), target, name=name)
        moved = relocated(state, there, name, target.place)
        _tell(state, source, name, target)
        if not diff:
            if not yes:
                confirm("Type yes to continue: ")
            relocate(source, target, moved, marker_of(state, name, _written(target)))
            _tell_settings(access, choice, name, target)
    if style == "json":
        told: MovedDocument = {
            "format_version": 1,
            "from": state.calendar,
            "to": name,
            "from_state": source.place,
            "state": target.place,
            "posts": len(state.entries()),
            "holds": len(moved.holds),
            "written": not diff,
        }
        document(told)
    return 0


def is_place(word: str) -> bool:
    """Whether it names a place rather than a calendar."""
    return word.startswith((GIT, "/", "./", "../", "~/")) or word.endswith(".json") or Path(word).is_file()


def _place(store: Store) -> str:
    return store.place


def _store_at(access: Access[PublerReader], choice: Choice, place: str | None, name: str) -> Store:
    """The store at a place that the command line names, or that is chosen without."""
    chosen = choice if place is None else replace(choice, state=place)
    environment = Environment.of(os.environ)
    return open_store(access.calendar, chosen, environment, access.workspace.id, access.clock, name=name)


def _target(
    access: Access[PublerReader], choice: Choice, source: Store, wish: MoveRequest, name: str
) -> Store:
    """Where the state goes: the `source` itself where a file only gets another name."""
    target = _store_at(access, choice, wish.target, name)
    if target.place != source.place:
        return target
    if name == access.name and (wish.source is None or is_place(wish.source)):
        raise UsageError(
            f"the state is named {printable_line(name)} already",
            hint="Give it another name, or another place with --to; --from names the one where it is.",
        )
    return target if target.place.startswith(GIT) else source


def _state(access: Access[PublerReader], source: Store) -> State:
    """The state that is moved; its name is not asked for where the command names its place."""
    state = source.read()
    if state is None:
        raise UsageError(
            f"there is no state named {printable_line(access.name)} in {source.place}",
            hint="If it has another name or place, add --from and that.",
        )
    named = state.calendar if source is not access.store else access.name
    access.check(state, source, name=named)
    return state


def _tell(state: State, source: Store, name: str, target: Store) -> None:
    holds = f" and {count(len(state.holds), 'hold')}" if state.holds else ""
    what = f"The state of {printable_line(state.calendar)} ({count(len(state.entries()), 'post')}{holds}) in {source.place}"
    renamed = f" gets the name {printable_line(name)}" if name != state.calendar else ""
    placed = f" moves to {target.place}" if target.place != source.place else ""
    say(f"{what}{' and'.join(filter(None, (placed, renamed)))}.")


def _tell_settings(access: Access[PublerReader], choice: Choice, name: str, target: Store) -> None:
    calendar = access.calendar
    lines = [f"name: {scalar(name)}"] if name != calendar.settings.name else []
    if _store_at(access, choice, None, name).place != target.place:
        place = _written(target)
        if not place.startswith(GIT):
            inside = os.path.relpath(place, calendar.top)
            place = place if inside.startswith("..") else Path(inside).as_posix()
        lines.append(f"state: {scalar(place)}")
    if lines:
        told = "".join(f"  {line}\n" for line in lines)
        say(f"Write this into publer.yaml before the next apply:\n\n{told}")


def _written(store: Store) -> str:
    """The place as another command finds it from anywhere."""
    return store.place if store.place.startswith(GIT) else os.path.abspath(store.place)  # noqa: PTH100 — links stay as named
