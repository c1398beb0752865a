"""Where the ledger is kept, and which calendar it belongs to.

`state` has what the ledger says, `file_store` and `git_store` the two places for it.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.folder_store import FolderStore, parts_in
from publer_sync.ledger.names import END, IN_GIT, folder_of
from publer_sync.ledger.signing import UNSIGNED
from publer_sync.machine.clock import Clock
from publer_sync.machine.own_folder import FOLDER
from publer_sync.machine.tracked import common_directory
from publer_sync.values.errors import StateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.ledger.place import Store
    from publer_sync.ledger.repositories import Repositories
    from publer_sync.ledger.signing import Keys
    from publer_sync.ledger.state import Moved, State

GIT = "git:"
EARLIER = f"{FOLDER}/state.json"
"""Where earlier versions kept the state by default, below the calendar."""


def open_store(
    place: str | None,
    *,
    top: Path,
    service: str,
    workspace_id: str,
    calendar: str,
    clock: Clock,
    base: Path | None = None,
    tell: Callable[[str], object] | None = None,
    keys: Keys = UNSIGNED,
    author: Callable[[], str] = str,
    repositories: Repositories | None = None,
) -> Store:
    """The store that `place` names: a folder, a file, `git:BRANCH`, or None for `default_place`.

    A path that ends in .json, or is a file, is the ledger of one calendar. A relative path starts from `base`, by default `top`. `tell` gets one line when an apply waits for another. `keys` sign
    the ledger and verify it. `author` names who commits to a branch; `repositories` are those that the command has opened.
    Reads and writes nothing; raises StateError where `place` can't be one.
    """
    if place is None:
        where = default_place(top)
        folder = where / folder_of(service, workspace_id)
        older = [top / EARLIER]
        if where != top / FOLDER:  # it was outside of git before
            older += [path for _, path in parts_in(top / FOLDER / folder_of(service, workspace_id))]
        return FolderStore(folder, calendar, root=where, clock=clock, tell=tell, keys=keys, older=older)
    if place.startswith(GIT):
        from publer_sync.ledger.git_store import GitStore

        branch = place.removeprefix(GIT)
        return GitStore(
            branch,
            top=top,
            service=service,
            workspace_id=workspace_id,
            calendar=calendar,
            clock=clock,
            keys=keys,
            author=author,
            repositories=repositories,
        )
    if not place.strip() or not place.isprintable() or "://" in place:
        raise StateError(
            f'"{printable_line(place)}" is not a place for the state',
            code="state.place",
            hint="Name a file by its path, or a branch, like git:publer-sync-state.",
        )
    path = Path(place).expanduser() if place.startswith("~/") else Path(place)
    path = (base or top) / path
    if is_single(path):
        return FileStore(path, clock=clock, tell=tell, keys=keys)
    folder = path / folder_of(service, workspace_id)
    return FolderStore(folder, calendar, root=path, clock=clock, tell=tell, keys=keys)


def is_single(path: Path) -> bool:
    """Whether a path is the ledger of one calendar, a file, rather than a folder with a part for each."""
    return path.suffix == END or (path.exists() and not path.is_dir())


def read_earlier(top: Path, keys: Keys) -> State | None:
    """The state that an earlier version kept in the calendar's folder, whatever name it has there. Raises StateError."""
    return FileStore(top / EARLIER, clock=Clock(), keys=keys).read()


def default_place(top: Path) -> Path:
    """The folder `publer-sync` in git's common directory, which all work trees share and no copy of a calendar brings along.

    Outside of git, the folder of our own in the calendar.
    """
    common = common_directory(top)
    return top / FOLDER if common is None else common / IN_GIT


def is_of(state: State, service: str, workspace_id: str, calendar: str, top: Path, place: str) -> bool:
    """Whether a state, or the marker that one left, is this calendar's: what `check` asks of one, without an error."""
    same = (state.service.rstrip("/"), state.workspace_id) == (service.rstrip("/"), workspace_id)
    return same and (state.calendar.casefold() == calendar.casefold() or _is_inside(place, top))


def check(
    state: State, *, service: str, workspace_id: str, calendar: str, top: Path, place: str | None = None
) -> None:
    """Raise StateError `state.foreign` where the ledger belongs to another service, workspace or calendar.

    With `place`, the store's, a ledger inside the calendar folder `top` may have another calendar's name: it moves with
    the folder.
    """
    refuse_marker(state, place)
    own = "give this one a state of its own: --state, or `state:` in publer.yaml."
    if state.service.rstrip("/") != service.rstrip("/"):
        raise _of_another(
            place, "service", state.service, service, f"Set PUBLER_BASE_URL as it was, or {own}"
        )
    if state.workspace_id != workspace_id:
        theirs = f"{state.workspace_name} ({state.workspace_id})"
        hint = f"Set `workspace` in publer.yaml as it was, or {own}"
        raise _of_another(place, "workspace", theirs, workspace_id, hint)
    if state.calendar.casefold() != calendar.casefold() and not _is_inside(place, top):
        hint = f"If you renamed the calendar: {renaming(state.calendar, calendar, top)}\nOtherwise {own}"
        raise _of_another(place, "calendar", state.calendar, calendar, hint)


def refuse_marker(state: State, place: str | None = None) -> None:
    """Raise StateError `state.moved` where it is what stayed behind of a state that went to another name or place."""
    if state.moved:
        raise StateError(
            f"the state of the calendar {printable_line(state.calendar)}{f' in {place}' if place else ''} was moved to "
            f"{_where(state.moved, state.calendar)}",
            code="state.moved",
            hint="If publer.yaml was changed with it, run git pull. Otherwise write the new name or place into it. "
            "Nothing was changed.",
        )


def _where(moved: Moved, old: str) -> str:
    place = printable_line(moved.place)
    return place if moved.name == old else f"the name {printable_line(moved.name)} in {place}"


def renaming(old: str, new: str, top: Path) -> str:
    """The command that gives the state of a calendar that was renamed its new name."""
    folder = [] if top in (Path("calendar"), Path()) else ["--calendar", str(top)]  # those are found without
    return shlex.join(["publer-sync", "state", "mv", new, "--from", printable_line(old), *folder])


def _of_another(place: str | None, kind: str, theirs: str, ours: str, hint: str) -> StateError:
    where = f" in {place}" if place else ""
    return StateError(
        f"the state{where} belongs to the {kind} {printable_line(theirs)}, and this is {printable_line(ours)}",
        code="state.foreign",
        hint=hint,
    )


def _is_inside(place: str | None, top: Path) -> bool:
    if place is None or place.startswith(GIT):
        return False
    return Path(place).resolve().is_relative_to(top.resolve())
