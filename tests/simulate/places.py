"""Where simulated calendars keep their states: a file, and a branch that several share, with what goes wrong there."""

from __future__ import annotations

import hashlib
import json
import math
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from publer_sync.errors import StateError
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.git_command import GitResult
from publer_sync.ledger.git_store import GitStore
from publer_sync.ledger.hold import Hold, together
from publer_sync.ledger.state import State, dumps, loads

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from publer_sync.clock import Clock
    from publer_sync.ledger.place import Store
    from tests.simulate.clock import JumpingClock

Saving = "Callable[[Callable[[], None]], None]"
"""Called with a write that makes a state durable: carries it out, or lets something go wrong."""


class Place(Protocol):
    """Where one calendar's state is, between commands. Setting `document` puts another state in its place."""

    @property
    def document(self) -> bytes | None: ...

    @document.setter
    def document(self, document: bytes) -> None: ...

    def store(self, saving: Callable[[Callable[[], None]], None]) -> Store:
        """As one command opens it."""


# --- a file ---------------------------------------------------------------------------------------------------------


@dataclass
class File:
    """A state file, and what was announced next to its lock."""

    document: bytes | None = None
    announced: list[bytes] = field(default_factory=list)
    locked: bool = False

    def store(self, saving: Callable[[Callable[[], None]], None]) -> Store:
        return FileStoreInMemory(self, saving)


class FileStoreInMemory:
    """What `FileStore` does with a file, a lock and announcements beside it."""

    place = "state.json"

    def __init__(self, file: File, saving: Callable[[Callable[[], None]], None]) -> None:
        self._file, self._saving = file, saving
        self._known = 0
        """How many announcements the state has, as it was read."""
        self._own: int | None = None

    def read(self, *, trusting: bool = False) -> State | None:
        self._known = len(self._file.announced)
        if self._file.document is None:
            return None
        state = loads(self._file.document, self.place)
        for raw in self._file.announced:
            told = json.loads(raw)
            hold, removing = Hold.from_json(told), {*told.get("removing", ())}
            state.holds = together(state.holds, [hold])
            for copy in [each for each in state.copies.values() if each.post_id in removing]:
                state.put(replace(copy, removing_at=hold.since, held=True))
        return state

    def managed_elsewhere(self) -> Elsewhere:
        return Elsewhere()

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        if self._file.locked:
            raise StateError("another apply is running", code="state.other")
        self._file.locked = True
        try:
            yield
        finally:
            self._file.locked = False

    def write(self, state: State, *, within: float = math.inf) -> None:
        document = dumps(state).encode()

        def save() -> None:
            self._file.document = document
            del self._file.announced[: self._known]
            self._known = 0

        self._saving(save)

    def write_with(self, state: State, other: Store, theirs: State) -> bool:
        return False

    def end(self, backup: Path) -> None:
        self._file.document = None

    def check_writable(self) -> None:
        pass

    def announce(self, hold: Hold, removing: Collection[str] = ()) -> None:
        told = hold.to_json()
        if removing:
            told["removing"] = [*removing]
        raw = json.dumps(told).encode()
        if self._own is None:
            self._own = len(self._file.announced)
            self._file.announced.append(raw)
        else:
            self._file.announced[self._own] = raw

    def halted(self) -> bool:
        return len(self._file.announced) > self._known

    def move(self, state: State, name: str) -> None:
        self.write(replace(state, calendar=name))


# --- a branch -------------------------------------------------------------------------------------------------------


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

    def fetch(self) -> str | None:
        return self.remote.tip

    def contents(self, commit: str, files: Iterable[str]) -> dict[str, bytes | None]:
        return {file: self.remote.trees[commit].get(file) for file in files}

    def files(self, commit: str, folder: str) -> list[str]:
        return sorted(file for file in self.remote.trees[commit] if file.startswith(f"{folder}/"))

    def commit(
        self,
        parent: str | None,
        files: Mapping[str, bytes | None],
        message: str,
        clock: Clock,
        author: str = "",
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

    def push(self, commit: str, *options: str) -> GitResult:
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
    def document(self) -> bytes | None:
        tip = self.remote.tip
        return self.remote.trees[tip].get(f"{self.workspace}/{self.calendar}.json") if tip else None

    @document.setter
    def document(self, document: bytes) -> None:
        """As if someone had pushed it."""
        with_it = {f"{self.workspace}/{self.calendar}.json": document}
        repository = RepositoryInMemory(self.remote, lambda save: save())
        repository.push(repository.commit(self.remote.tip, with_it, "restored", self.clock))

    def store(self, saving: Callable[[Callable[[], None]], None]) -> Store:
        store = GitStore(
            "publer-sync-state",
            top=Path(self.calendar),
            workspace_id=self.workspace,
            calendar=self.calendar,
            clock=self.clock,
        )
        store._opened = RepositoryInMemory(self.remote, saving)  # type: ignore[assignment]  # a stand-in for the repository
        return store
