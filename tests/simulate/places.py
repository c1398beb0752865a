"""Where simulated calendars keep their ledger: a folder, and a branch, with what goes wrong there."""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from publer_sync.ledger.elsewhere import Elsewhere, LedgerPart, owner_of_new
from publer_sync.ledger.git_command import GitResult
from publer_sync.ledger.git_remote import Fetched
from publer_sync.ledger.git_store import GitStore
from publer_sync.ledger.hold import Hold, joined_holds
from publer_sync.ledger.state import State, dumps, loads
from publer_sync.values.errors import RacedStateError, StateError
from publer_sync.values.service import BASE_URL

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from dataclasses import Field
    from datetime import datetime

    from publer_sync.ledger.backup import Backup
    from publer_sync.ledger.place import Store
    from publer_sync.machine.clock import Clock
    from tests.simulate.clock import JumpingClock

TOP = Path("/simulated")
"""Where calendars seem to be: in no repository, so that no disk is asked."""
Saving = "Callable[[Callable[[], None]], None]"
"""Called with a write that makes a state durable: carries it out, or lets something go wrong."""


class Place(Protocol):
    """Where one calendar's state is, between commands. Setting `document` puts another state in its place."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    """Each is a dataclass, so that `replace` copies it."""

    @property
    def document(self) -> bytes | None: ...

    @document.setter
    def document(self, document: bytes) -> None: ...

    @property
    def ledger(self) -> object:
        """All parts that are in one place."""

    def store(self, saving: Callable[[Callable[[], None]], None], clock: Clock) -> Store:
        """As one command opens it."""


# --- a folder -------------------------------------------------------------------------------------------------------


@dataclass
class Folder:
    """The parts of a ledger in a folder, by the names of their calendars, and what was announced beside each."""

    documents: dict[str, bytes] = field(default_factory=dict)
    announced: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    locked: set[str] = field(default_factory=set)
    place: str = "ledger"


@dataclass
class File:
    """The part of a calendar in a folder."""

    folder: Folder
    calendar: str

    @property
    def ledger(self) -> Folder:
        return self.folder

    @property
    def document(self) -> bytes | None:
        return self.folder.documents.get(self.calendar)

    @document.setter
    def document(self, document: bytes) -> None:
        self.folder.documents[self.calendar] = document

    def store(self, saving: Callable[[Callable[[], None]], None], clock: Clock) -> Store:
        del clock
        return FolderStoreInMemory(self.folder, self.calendar, saving)


class FolderStoreInMemory:
    """What `FolderStore` does with files, locks and announcements beside them."""

    rest: State | None = None

    def __init__(self, folder: Folder, calendar: str, saving: Callable[[Callable[[], None]], None]) -> None:
        self.folder, self.calendar, self._saving = folder, calendar, saving
        self.place, self.where = folder.place, f"{folder.place}/{calendar}"
        self._known = 0
        """How many announcements the state has, as it was read."""
        self._own: int | None = None
        self._instead: str | None = None
        self._before: State | None = None
        """As this command read or wrote it last."""

    @property
    def _announced(self) -> list[bytes]:
        return self.folder.announced[self.calendar]

    def read(self, *, trusting: bool = False) -> State | None:
        self._known, self._instead, self._before = len(self._announced), None, None
        document = self.folder.documents.get(self.calendar)
        if document is None:
            return None
        state = loads(document, self.place)
        for raw in self._announced:
            told = json.loads(raw)
            hold, removing = Hold.from_json(told), {*told.get("removing", ())}
            state.holds = joined_holds(state.holds, [hold])
            for copy in [each for each in state.copies.values() if each.post_id in removing]:
                state.put(replace(copy, removing_at=hold.since, held=True))
        self._before = state.clone()
        return state

    def part(self) -> LedgerPart | None:
        return LedgerPart.of(self.read())

    def is_there(self) -> bool:
        return self.calendar in self.folder.documents

    def managed_elsewhere(self) -> Elsewhere:
        return self.beside(self.names_beside())

    def names_beside(self) -> list[str]:
        return [name for name in self.folder.documents if name not in (self.calendar, self._instead)]

    def beside(self, names: Iterable[str]) -> Elsewhere:
        return Elsewhere.read({name: self.folder.documents[name] for name in names}, self.place)

    def is_beside(self, other: Store) -> bool:
        return isinstance(other, FolderStoreInMemory) and other.folder is self.folder

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        if self.calendar in self.folder.locked:
            raise StateError("another apply is running", code="state.other")
        self.folder.locked.add(self.calendar)
        try:
            yield
        finally:
            self.folder.locked.remove(self.calendar)

    def write(self, state: State, *, within: float = math.inf) -> None:
        if (owner := owner_of_new(state, self._before, self.managed_elsewhere)) is not None:
            raise RacedStateError(f"the calendar {owner} has one of its posts")
        self._save({self: state})
        self._before = state.clone()

    def back_up(self, backup: Backup) -> str:
        """Where it would be: nothing reads it."""
        return f"{len(backup.posts)} posts"

    def write_with(self, state: State, other: Store, theirs: State) -> bool:
        if not isinstance(other, FolderStoreInMemory) or other.folder is not self.folder:
            return False
        self._save({self: state, other: theirs})
        return True

    def _save(self, states: Mapping[FolderStoreInMemory, State]) -> None:
        documents = {store: dumps(state).encode() for store, state in states.items()}

        def save() -> None:
            for store, document in documents.items():
                store.written(document)

        self._saving(save)

    def written(self, document: bytes) -> None:
        self.folder.documents[self.calendar] = document
        if self._instead is not None:
            self.folder.documents.pop(self._instead, None)
            self._instead = None
        del self._announced[: self._known]
        self._known = 0

    def instead_of(self, name: str, *, trusting: bool = False) -> State | None:
        document = self.folder.documents.get(name)
        if document is None:
            return None
        self._instead = name
        state = replace(loads(document, self.place), calendar=self.calendar)
        self._before = state.clone()
        return state

    def end(self, backup: Path, rest: State | None) -> None:
        self.folder.documents.pop(self.calendar, None)

    def check_writable(self) -> None:
        pass

    def announce(self, hold: Hold, removing: Collection[str] = ()) -> None:
        told = hold.to_json()
        if removing:
            told["removing"] = [*removing]
        raw = json.dumps(told).encode()
        if self._own is None:
            self._own = len(self._announced)
            self._announced.append(raw)
        else:
            self._announced[self._own] = raw

    def lost(self) -> StateError | None:
        return None

    def recover(self, *, anew: bool = False) -> str:
        return ""

    offline: datetime | None = None

    def hear_waiting(self) -> None:
        pass

    def waiting(self) -> tuple[Hold, ...]:
        return ()

    def drop_waiting(self) -> None:
        pass

    def advice(self) -> tuple[str, str] | None:
        return None

    def hold_beside(self, hold: Hold, removing: Collection[str] = ()) -> None:
        self.announce(hold, removing)

    def halted(self) -> bool:
        return len(self._announced) > self._known


# --- a branch -------------------------------------------------------------------------------------------------------


class NothingRead:
    """What `LastRead` does, of a branch that can always be reached: nothing has to be kept on a disk."""

    def waits_as(self, file: str) -> None:
        pass

    def keep(self, document: bytes | None) -> None:
        pass

    def read(self) -> None:
        return None

    def waiting(self) -> dict[str, bytes]:
        return {}

    def drop(self) -> None:
        pass


@dataclass
class Remote:
    """A branch at its remote: the trees of its commits, the last one at `tip`."""

    trees: dict[str, dict[str, bytes]] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    tip: str | None = None


class _AheadError(Exception):
    """Somebody pushed while this push was on its way."""


@dataclass(frozen=True)
class RepositoryInMemory:
    """What `git_remote.Repository` does, as one command sees the branch."""

    remote: Remote
    saving: Callable[[Callable[[], None]], None]
    queue: Path = Path("queue")

    ref = "refs/heads/publer-sync-state"

    def fetch(self) -> Fetched:
        return Fetched(self.remote.tip, None)

    def tree(self, commit: str) -> dict[str, str]:
        return {file: hashlib.sha256(data).hexdigest() for file, data in self.remote.trees[commit].items()}

    def blobs(self, ids: Sequence[str]) -> list[bytes]:
        every = (data for tree in self.remote.trees.values() for data in tree.values())
        known = {hashlib.sha256(data).hexdigest(): data for data in every}
        return [known[each] for each in ids]

    def commit(
        self,
        parent: str | None,
        files: Mapping[str, bytes | None],
        message: str,
        clock: Clock,
        author: str = "",
        *,
        beside: str | None = None,
    ) -> str:
        tree = dict(self.remote.trees[parent]) if parent else {}
        for file, data in files.items():
            if data is None:
                tree.pop(file, None)
            else:
                tree[file] = data
        told = f"{parent} {author} {message} {clock.now()} {len(self.remote.trees)}"
        name = hashlib.sha256(told.encode()).hexdigest()
        self.remote.trees[name], self.remote.parents[name] = tree, parent
        return name

    def push(self, commit: str, *options: str, copy: str | None = None) -> GitResult:
        if self.remote.parents[commit] != self.remote.tip:
            return GitResult(1, b"!\tx:y\t[rejected] (fetch first)", "")
        if "--dry-run" in options:
            return GitResult(0, b"", "")

        def save() -> None:
            if self.remote.parents[commit] != self.remote.tip:
                raise _AheadError
            self.remote.tip = commit

        try:
            self.saving(save)
        except _AheadError:
            return GitResult(1, b"!\tx:y\t[rejected] (fetch first)", "")
        except StateError as error:
            return GitResult(1, b"", error.message)
        return GitResult(0, b"", "")


@dataclass
class Branch:
    """A calendar's file on a branch."""

    remote: Remote
    calendar: str
    workspace: str
    clock: JumpingClock

    @property
    def ledger(self) -> Remote:
        return self.remote

    @property
    def document(self) -> bytes | None:
        tip = self.remote.tip
        return self.remote.trees[tip].get(f"{self.workspace}/{self.calendar}.json") if tip else None

    @document.setter
    def document(self, document: bytes) -> None:
        """As if someone had pushed it."""
        with_it = {f"{self.workspace}/{self.calendar}.json": document}
        repository = RepositoryInMemory(self.remote, lambda save: save())
        repository.push(repository.commit(self.remote.tip, with_it, "restored", self.clock))

    def store(self, saving: Callable[[Callable[[], None]], None], clock: Clock) -> Store:
        store = GitStore(
            "publer-sync-state",
            top=TOP / self.calendar,
            service=BASE_URL,
            workspace_id=self.workspace,
            calendar=self.calendar,
            clock=clock,
        )
        store._last = NothingRead()  # type: ignore[assignment]  # a stand-in for files
        store._branch._opened = RepositoryInMemory(self.remote, saving)  # type: ignore[assignment]  # a stand-in for the repository
        return store
