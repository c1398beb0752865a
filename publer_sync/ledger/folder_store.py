"""The ledger in a folder: a file for each calendar, in the same tree as on a branch."""

from __future__ import annotations

import math
import os
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from itertools import filterfalse
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.ledger.announcing import announcement_of
from publer_sync.ledger.copies import NO_REMOVALS
from publer_sync.ledger.elsewhere import Elsewhere, owner_of_new
from publer_sync.ledger.file_store import FileStore, announcements_beside, display_path, may_exist
from publer_sync.ledger.journal import Journal
from publer_sync.ledger.names import END, alike, as_kept, calendar_of, part_of
from publer_sync.ledger.part_list import PARTS, PartList
from publer_sync.ledger.relocating import marker_of
from publer_sync.ledger.signing import UNSIGNED
from publer_sync.ledger.state import loads
from publer_sync.machine.durable import make_folder
from publer_sync.machine.own_folder import make_own_folder
from publer_sync.values.errors import RacedStateError, StateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from publer_sync.ledger.copies import Seen
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.signing import Keys
    from publer_sync.ledger.state import State
    from publer_sync.machine.clock import Clock


class OlderState(NamedTuple):
    """A state that an earlier version kept in the calendar's own folder, and the name that it had there."""

    path: Path
    calendar: str


class FolderStore(FileStore):
    """The part of one calendar, in `folder`, where those of others lie beside it.

    `root` is the place as people name it. `older` are the files in which earlier versions kept the state of this calendar:
    one of them is read where there is no part yet, and the first write takes it over. Raises as `Store` says.
    """

    def __init__(
        self,
        folder: Path,
        calendar: str,
        *,
        root: Path,
        clock: Clock,
        tell: Callable[[str], object] | None = None,
        keys: Keys = UNSIGNED,
        older: Sequence[Path] = (),
    ) -> None:
        part = part_of(calendar, folder.name)
        if not (folder / part).is_file():
            calendar = as_kept(calendar, names_in(folder))
        super().__init__(folder / part_of(calendar), clock=clock, tell=tell, keys=keys)
        self.where = self.place
        self.place = display_path(root)
        self._calendar = calendar
        self.root, self.folder = root, folder
        self._journal = Journal(folder)
        self._older = [FileStore(path, clock=clock, tell=tell, keys=keys) for path in older]
        self._taking: FileStore | None = None
        self.taken_over: OlderState | None = None
        """What `read` read, where that was the state of an earlier version."""
        self._trusting = False
        self._instead: tuple[str, bytes] | None = None
        """The part that goes with the next write, and what is in it."""
        self._known: State | None = None
        """The state as this run last read or wrote it."""

    def read(self, *, trusting: bool = False) -> State | None:
        state = super().read(trusting=trusting)
        self._trusting = trusting
        if not trusting:
            self._part_list().check(self._calendar, self.keys)
        self._taking, self.taken_over, self._instead = None, None, None
        self._known = state.clone() if state is not None else None
        if state is not None or self.rest is not None:
            return state
        for older in self._older:
            state = older.read(trusting=trusting)
            if state is not None:
                self._taking, self.taken_over = older, OlderState(older.path, state.calendar)
                self._known = state
                return state if state.moved else replace(state.clone(), calendar=self._calendar)
        return None

    def is_there(self) -> bool:
        here = may_exist(self.folder) and (super().is_there() or self._journal.may_have())
        return here or any(map(FileStore.is_there, self._older))

    def managed_elsewhere(self) -> Elsewhere:
        return self.beside(self.names_beside())

    def names_beside(self) -> list[str]:
        mine = [self._calendar, *([calendar_of(self._instead[0]) or ""] if self._instead is not None else [])]
        names = self._names()
        return [*filterfalse({*alike(mine, names)}.__contains__, names)]

    def _names(self) -> Sequence[str]:
        """The calendars that have a part in the folder."""
        try:
            return names_in(self.folder, whole=True)
        except OSError as error:
            raise self._error(
                "read", f"cannot be read: {self._reason(error)}", f"{self._fix(error)}."
            ) from error

    def beside(self, names: Iterable[str]) -> Elsewhere:
        parts = {part_of(name): name for name in names}
        try:
            found = self._journal.read(parts)
        except OSError as error:
            raise self._error(
                "read", f"cannot be read: {self._reason(error)}", f"{self._fix(error)}."
            ) from error
        known = Elsewhere.read(
            {parts[part]: data for part, data in found.items() if data is not None}, self.place
        )
        self._part_list().complete(known, self._calendar, self.keys)
        return known

    def _part_list(self) -> PartList:
        try:
            document = self._journal.read([PARTS])[PARTS]
        except OSError as error:
            raise self._error(
                "read", f"cannot be read: {self._reason(error)}", f"{self._fix(error)}."
            ) from error
        names = self._names() if document is not None or self.keys.keys else ()
        return PartList(document, frozenset(names), display_path(self.folder / PARTS))

    def is_beside(self, other: Store) -> bool:
        return isinstance(other, FolderStore) and other.folder.resolve() == self.folder.resolve()

    def write(self, state: State, *, within: float = math.inf) -> None:
        with self._alone():
            owner = owner_of_new(state, self._known, self.managed_elsewhere)
            if owner is not None:
                raise RacedStateError(
                    f"the calendar {printable_line(owner)} has taken over, or is about to schedule, a post that this one is to have",
                    hint="This one stopped before its next write to Publer. When the other has finished, run apply again: "
                    "it checks before it sends anything.",
                )
            super().write(state, within=within)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Parts are judged on those beside them as they are when they are written."""
        with ExitStack() as stack:
            try:
                self._make_folder()
                stack.enter_context(self._journal.alone())
            except OSError as error:
                raise self._unwritten(error) from error
            yield

    def write_with(self, state: State, other: Store, theirs: State) -> bool:
        if not isinstance(other, FolderStore) or not self.is_beside(other):
            return False
        self.check_lock()
        other.check_lock()
        with self._alone():
            self._save({self: state, other: theirs})
        return True

    def instead_of(self, name: str, *, trusting: bool = False) -> State | None:
        self._kept = None
        part = part_of(name)
        document = self._journal.read([part])[part]
        if document is None:
            return None
        old = self.folder / part
        self._announced |= announcements_beside(old)
        state = self._loaded(document, trusting=trusting)
        self._instead, self._known = (part, document), state
        self._own_announcement = old.with_name(
            announcement_of(old.name)
        )  # where other checkouts hear it, too
        return state.renamed(self._calendar)

    def announce(self, hold: Hold, removing: Mapping[str, Seen | None] = NO_REMOVALS) -> None:
        if self._taking is not None:  # where an apply of the earlier version looks as well
            self._taking.announce(hold, removing)
        else:
            super().announce(hold, removing)

    def halted(self) -> bool:
        return super().halted() or (self._taking is not None and self._taking.halted())

    def _announcements(self) -> frozenset[Path]:
        old = (
            announcements_beside(self.folder / self._instead[0]) if self._instead is not None else frozenset()
        )
        return super()._announcements() | old

    def recover(self, *, anew: bool = False) -> str:
        if anew:
            return super().recover(anew=anew)
        try:
            aside = self._journal.set_aside()
        except OSError as error:
            raise self._unwritten(error) from error
        what = "a post that was to move between two calendars may be in the parts of both, or of none"
        return f"the ledger's journal was damaged, and is in {aside} now: {what}" if aside else ""

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        """An earlier version is kept out, too, while its state is not taken over."""
        with ExitStack() as stack:
            stack.enter_context(super().lock(timeout))
            for older in self._older:
                if not self._target.exists() and older.path.is_file():
                    stack.enter_context(older.lock(timeout))
            yield

    def _document(self) -> bytes | None:
        super()._document()  # its errors name the file
        part = self._path.relative_to(self.folder).as_posix()
        try:
            return self._journal.read([part])[part]
        except OSError as error:
            raise self._error(
                "read", f"cannot be read: {self._reason(error)}", f"{self._fix(error)}."
            ) from error

    def end(self, backup: Path, rest: State | None) -> None:
        with self._alone():
            if self._taking is not None:
                self._taking.end(backup, None)
                self._taking = None
                if rest is not None:
                    self._save({self: rest})
                return
            try:
                if rest is None and (listed := self._listed({part_of(self._calendar): None})) is not None:
                    self._journal.write({PARTS: listed[0]})  # first: what is listed is not to be missed
            except OSError as error:
                raise self._unwritable(error) from error
            super().end(backup, rest)

    def written(self, state: State) -> None:
        super().written(state)
        self._known = state.clone()
        older, self._taking = self._taking, None
        if older is not None:  # it would go on from there
            older.write(marker_of(state, state.calendar, self.place))

    def _put(self, documents: Mapping[FileStore, bytes]) -> None:
        self._journal.finish()
        here = self.folder.resolve()  # each may be named from a folder of its own
        files: dict[str, bytes | None] = {
            (store.path.parent.resolve() / store.path.name).relative_to(here).as_posix(): data
            for store, data in documents.items()
        }
        if (listed := self._listed(files)) is not None:
            files[PARTS] = listed[0]
        if len(files) == 1 and self._instead is None:
            super()._put(documents)
            return
        if self._instead is not None:
            part, document = self._instead
            if self._journal.read([part])[part] != document:
                raise StateError(
                    f"another calendar took over the state of {calendar_of(part)} meanwhile",
                    code="state.raced",
                    hint="Run apply again: it checks before it sends anything.",
                )
            files[part], self._instead = None, None
        self._journal.write(files)

    def _listed(self, files: Mapping[str, bytes | None]) -> tuple[bytes | None] | None:
        """The list of all parts once these are written; None where it stays as it is."""
        names = {file: name for file in files if (name := calendar_of(file)) is not None}
        removed = [name for file, name in names.items() if files[file] is None]
        removed += [calendar_of(self._instead[0]) or ""] if self._instead is not None else []
        known = self._part_list()
        listed = known.after({*names.values()} - {*removed}, removed, self.keys, trusting=self._trusting)
        return None if listed == known.document else (listed,)

    @property
    def _backup_folder(self) -> Path:
        return self.folder

    def _make_folder(self) -> None:
        make_own_folder(self.root)
        make_folder(self._target.parent)


def states_in(root: Path) -> dict[str, State]:
    """Every state below a place that can be read, by its path there."""
    found: dict[str, State] = {}
    for _, file in parts_in(root) if root.is_dir() else ():
        with suppress(StateError, OSError):
            found[file.relative_to(root).as_posix()] = loads(file.read_bytes(), display_path(file))
    return found


def parts_in(folder: Path) -> list[tuple[str, Path]]:
    """The parts in a folder, each with the name of its calendar, as far as it can be listed."""
    return [(name, folder / f"{name}{END}") for name in names_in(folder)]


def names_in(folder: Path, *, whole: bool = False) -> Sequence[str]:
    """The calendars whose parts are in a folder, as far as it can be listed. `whole`: raise OSError where it cannot."""
    names: list[str] = []
    for path, _, files in os.walk(folder, onerror=_raise_but_where_nothing_is if whole else None):
        names += _names_of("/".join(PurePath(path).relative_to(folder).parts), tuple(files))
    return sorted(names)


@lru_cache(maxsize=100)
def _names_of(above: str, files: tuple[str, ...]) -> Sequence[str]:
    """The calendars whose parts these are: each calendar of a command asks, and finds much the same."""
    paths = [f"{above}/{file}" for file in files] if above else files
    return [name for path in paths if (name := calendar_of(path)) is not None]


def _raise_but_where_nothing_is(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error
