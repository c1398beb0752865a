"""Which calendar a part of the ledger belongs to: a copy of a folder, of a repository or of a state never counts as the calendar itself."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.calendar.folder import SETTINGS
from publer_sync.calendar.outside import relative, repository_of
from publer_sync.calendar.publer_yaml.settings import named
from publer_sync.commands.reaching.checkouts import Checkouts
from publer_sync.ledger.folder_store import FolderStore, OlderState
from publer_sync.ledger.git_store import GitStore
from publer_sync.ledger.state import CalendarHome
from publer_sync.machine.tracked import common_directory
from publer_sync.values.errors import StateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from publer_sync.calendar.load import Calendar
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.state import State


def home_of(top: Path, store: Store) -> CalendarHome | None:
    """The folder of a calendar as its part of the ledger remembers it; None where a place is one calendar's own."""
    repository, common = repository_of(top), common_directory(top)
    if isinstance(store, GitStore):
        return CalendarHome(relative(top.resolve(), repository)) if repository is not None else None
    if not isinstance(store, FolderStore):
        return None
    if repository is None or common is None:
        return CalendarHome(str(top.resolve()))
    return CalendarHome(relative(top.resolve(), repository), str(common))


def error_of(state: State, store: Store, top: Path, name: str) -> StateError | None:
    """Why this folder may not use this part of the ledger: another one still has it."""
    if isinstance(store, FolderStore) and store.taken_over is not None:
        return _copied(state, store, store.taken_over, top, name)
    other = _elsewhere(state, store, top, name)
    if other is None:
        return None
    return StateError(
        f"the calendar {printable_line(name)} is in {_display(other)}, and {_display(top)} has the same name",
        code="name.taken",
        hint=f"Write another name into {_display(top / SETTINGS)}, for example: name: {_free_name(name, top)}\n"
        "If this folder replaces the other one, delete that one first. Nothing was changed.",
    )


def copied(state: State, store: Store, calendar: Calendar) -> StateError | None:
    """Why a state may not be moved to another name or place: it came along with a copy of the repository or of the folder."""
    top = calendar.top
    if not isinstance(store, FolderStore):
        return None
    if store.taken_over is not None:
        return _copied(state, store, store.taken_over, top, calendar.settings.name)
    common = common_directory(top)
    if common is not None and state.home is not None and state.home.repository == str(common):
        return None
    inside = [each.resolve() for each in (repository_of(top) or top, common) if each is not None]
    if not any(store.root.resolve().is_relative_to(each) for each in inside):
        return None  # where it lies, the folder that it belongs to finds it as well
    other = _elsewhere(state, store, top, state.calendar)
    if other is None:
        return None
    return StateError(
        f"the state of {printable_line(state.calendar)} in {store.place} is a copy: the calendar is in {_display(other)}",
        code="copied",
        hint=f"If this folder replaces the other one, delete that one first. Otherwise delete the copy: rm "
        f"{shlex.quote(_display(store.path))}\nNothing was changed.",
    )


def _elsewhere(state: State, store: Store, top: Path, name: str) -> Path | None:
    """Another folder that still has the calendar of this name to which the part belongs."""
    home, here = state.home, home_of(top, store)
    if home is None or here is None or home == here:
        return None
    if home.repository == here.repository:
        root = repository_of(top)
        other = root / home.folder if root is not None else Path(home.folder)
    else:  # the first work tree of another repository, or a folder outside of git
        other = Path(home.repository).parent / home.folder
    return other if _has(other, name) and other.resolve() != top.resolve() else None


def folder_of(name: str, store: Store, top: Path) -> Path | None:
    """The folder that still has the calendar of another part of the ledger, as far as it can be seen from here. Raises StateError."""
    state = store.beside([name]).states.get(name)
    if state is not None and (other := _elsewhere(state, store, top, name)) is not None:
        return other
    beside = (each for each in Checkouts().calendars(top) if each.resolve() != top.resolve())
    return next((each for each in beside if (_name_of(each) or "").casefold() == name.casefold()), None)


def _copied(state: State, store: FolderStore, older: OlderState, top: Path, name: str) -> StateError | None:
    """A state of an earlier version that came along with a copy of the folder, and is another calendar's."""
    owner = _owner(older.calendar, top) if older.calendar != name else None
    if owner is None:
        ids = state.post_ids
        others = store.managed_elsewhere().states
        owner = next((each for each, other in others.items() if not ids.isdisjoint(other.post_ids)), None)
    if owner is None:
        return None
    return StateError(
        f"{_display(older.path)} is a copy: the posts in it are managed by the calendar {printable_line(owner)}",
        code="copied",
        hint=f"Delete it: rm {shlex.quote(_display(older.path))}\nThen this calendar begins with nothing of its own. Nothing was changed.",
    )


def _owner(name: str, top: Path) -> str | None:
    """The name, if another folder still has the calendar."""
    beside = [top.resolve().parent / name] if repository_of(top) is None else Checkouts().calendars(top)
    others = (each for each in beside if each.resolve() != top.resolve())
    return name if any(_has(each, name) for each in others) else None


def _has(folder: Path, name: str) -> bool:
    """Whether a folder has a calendar of this name. One whose settings cannot be read has the name that it had."""
    if not (folder / SETTINGS).is_file():
        return False
    found = _name_of(folder)
    return found is None or found.casefold() == name.casefold()


def _name_of(folder: Path) -> str | None:
    """The name of the calendar in a folder; None where its settings cannot be read."""
    try:
        raw = (folder / SETTINGS).read_bytes()
    except OSError:
        return None
    root = repository_of(folder)
    inner = relative(folder.resolve(), root) if root is not None else folder.resolve().name
    return named(raw, "" if inner == "." else inner)


def _free_name(name: str, top: Path) -> str:
    inner = top.resolve().name
    return f"{name}-2" if inner.casefold() == name.rpartition("/")[2].casefold() else inner


def _display(path: Path) -> str:
    """From here where that is short, else whole."""
    whole = path.resolve() if not path.is_symlink() else path.absolute()
    here = Path.cwd().resolve()
    shown = whole.relative_to(here) if whole.is_relative_to(here) else whole
    return printable_line(shown.as_posix())
