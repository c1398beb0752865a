"""The ledger on a branch of the calendar's repository, at its remote: what is pushed, and who wins.

`git_remote` reaches that branch without touching the user's repository.
"""

from __future__ import annotations

import math
import random
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from publer_sync.clock import growing_waits
from publer_sync.durable import replace_file
from publer_sync.errors import BusyStateError, RacedStateError, RejectedStateError, StateError
from publer_sync.ledger.copies import NO_REMOVALS
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.git_remote import open_repository
from publer_sync.ledger.lock import turn
from publer_sync.ledger.names import calendar_of, folder_of, part_of
from publer_sync.ledger.relocating import marker_of
from publer_sync.ledger.signing import UNSIGNED
from publer_sync.ledger.state import dumps, loads
from publer_sync.own_folder import make_own_folder
from publer_sync.printable import printable_line
from publer_sync.tracked import common_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from publer_sync.clock import Clock
    from publer_sync.ledger.copies import Seen
    from publer_sync.ledger.git_command import GitResult
    from publer_sync.ledger.git_remote import Files, Repository
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.signing import Keys
    from publer_sync.ledger.state import State

NETWORK_SECONDS = 120.0
BUSY_SECONDS = 300.0
"""How long a push is tried, by default, while other calendars push to the same branch."""
STOPPING_SECONDS = 10.0
"""The same once someone asked to stop."""
QUEUE_SECONDS = 30.0
"""How long to wait for pushes from the same machine, before pushing alongside them."""
LONGEST_WAIT = 5.0
"""Seconds between two attempts."""
REFUSALS = 4
"""So many times in a row the remote may refuse a push to a branch that stays as it is: servers also refuse while another
push holds the branch's lock."""


class GitStore:
    """The file `<workspace id>/<calendar name>.json` of a branch. There is no lease: whoever pushes takes over.

    Raises as `Store` says.
    """

    def __init__(
        self,
        branch: str,
        *,
        top: Path,
        service: str,
        workspace_id: str,
        calendar: str,
        clock: Clock,
        patience: float = NETWORK_SECONDS,
        keys: Keys = UNSIGNED,
        author: Callable[[], str] = str,
    ) -> None:
        """`patience`: seconds that a fetch or push may take. `author` names who commits; "" for nobody."""
        self._author = author
        self.place = f"git:{printable_line(branch)}"
        self._branch = branch
        self._folder = folder_of(service, workspace_id)
        self._file = f"{self._folder}/{part_of(calendar, workspace_id)}"
        self.where = f"{self.place} ({self._file})"
        before = f"{workspace_id}/{part_of(calendar, workspace_id)}"
        self._before = before if before != self._file else None
        """Where earlier versions kept the state of a service that is not at Publer's address."""
        self._service = service
        self._taking: bytes | None = None
        """The state found there, until it is taken over."""
        self._instead: tuple[str, bytes] | None = None
        """The file that goes with the next write, and what is in it."""
        self._calendar = calendar
        self._top = top
        self._clock = clock
        self._patience = patience
        self._keys = keys
        self._busy = BUSY_SECONDS
        self._opened: Repository | None = None
        self._tip: str | None = None
        self._kept: bytes | None = None
        """Our file as this run last read or wrote it, in the commit `_tip`; None where there was none."""

    def read(self, *, trusting: bool = False) -> State | None:
        tip, files = self._fetch(filter(None, (self._file, self._before)))
        state = self._loaded(files, None if trusting else self._keys)
        self._tip, self._kept = tip, files[self._file]  # only now: what can't be read is never overwritten
        return state

    def read_beside(self, other: GitStore) -> State | None:
        """What `read` gives, from the commit that another store of this branch read last. Nothing can be written after it."""
        if other._tip is None:
            return None
        asked = filter(None, (self._file, self._before))
        return self._loaded(other._repository.contents(other._tip, asked), self._keys)

    def instead_of(self, name: str) -> State | None:
        file = f"{self._folder}/{part_of(name)}"
        found = self._repository.contents(self._tip, [file])[file] if self._tip is not None else None
        if found is None:
            return None
        state = loads(found, self.place, self._keys)
        self._instead = file, found
        return replace(state, calendar=self._calendar)

    def _loaded(self, files: Files, keys: Keys | None) -> State | None:
        self._taking, self._instead = None, None
        if (found := files[self._file]) is not None:
            return loads(found, self.place, keys)
        before = files[self._before] if self._before is not None else None
        state = loads(before, self.place, keys) if before is not None else None
        if state is None or state.service.rstrip("/") != self._service.rstrip("/"):
            return None  # of the same workspace of another service
        self._taking = before
        return state

    def managed_elsewhere(self) -> Elsewhere:
        """From the states next to ours, as they are at the remote now."""
        return self._others(self._repository.fetch())

    def is_beside(self, other: Store) -> bool:
        """Where both calendars are in one repository: otherwise the remotes may differ."""
        return isinstance(other, GitStore) and self._is_beside(other)

    def _is_beside(self, other: GitStore) -> bool:
        same = (other.place, other._folder) == (self.place, self._folder)
        return same and common_directory(other._top) == common_directory(self._top)

    def names_beside(self) -> list[str]:
        """The names of the calendars whose states are next to ours, as they were when this one was read."""
        tip, folder = self._tip, self._folder
        files = self._repository.files(tip, folder) if tip is not None else []
        names = (calendar_of(file.removeprefix(f"{folder}/")) for file in files if file != self._file)
        return [name for name in names if name is not None]

    def beside(self, names: Iterable[str]) -> Elsewhere:
        """The states of these."""
        files = {f"{self._folder}/{part_of(name)}": name for name in names}
        found = self._repository.contents(self._tip, files).items() if self._tip is not None else ()
        return Elsewhere.of({files[file]: raw for file, raw in found if raw is not None}, self.place)

    def _others(self, tip: str | None) -> Elsewhere:
        if tip is None:
            return Elsewhere()
        names = {
            file: name
            for file in self._repository.files(tip, self._folder)
            if (name := calendar_of(file.removeprefix(f"{self._folder}/"))) is not None and file != self._file
        }
        found = self._repository.contents(tip, names).items()
        return Elsewhere.of({names[file]: raw for file, raw in found if raw is not None}, self.place)

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        """Nobody is kept out: a push decides. `timeout` is how many seconds a push may be tried."""
        before, self._busy = self._busy, timeout
        try:
            yield
        finally:
            self._busy = before

    def write(self, state: State, *, within: float = math.inf) -> None:
        """Push; raises RacedStateError where another apply has pushed since this one last read or wrote."""
        data = dumps(state, self._keys).encode()
        if data != self._kept:
            taken: dict[str, bytes | None] = {}
            if self._before is not None and self._taking is not None:
                taken[self._before] = dumps(marker_of(state, state.calendar, self.place), self._keys).encode()
            before = dict.fromkeys(taken, self._taking)
            if self._instead is not None:
                file, found = self._instead
                taken[file], before[file] = None, found
            self._push({self._file: data, **taken}, {self._file: self._kept, **before}, within)
            self._kept, self._taking, self._instead = data, None, None

    def write_with(self, state: State, other: Store, theirs: State) -> bool:
        """Push both states in one commit, where both are on one branch of one remote."""
        return isinstance(other, GitStore) and self._push_with(state, other, theirs)

    def _push_with(self, state: State, other: GitStore, theirs: State) -> bool:
        if not self.is_beside(other) or other._repository.remote != self._repository.remote:
            return False
        files = {
            self._file: dumps(state, self._keys).encode(),
            other._file: dumps(theirs, other._keys).encode(),
        }
        self._push(files, {self._file: self._kept, other._file: other._kept})
        # The other one's repository does not have this commit: its next push is made again after a fetch.
        self._kept, other._kept = files[self._file], files[other._file]
        return True

    def change_together(self, changes: Mapping[GitStore, Callable[[State], State]], within: float) -> None:
        """Change the states of several calendars of this branch with one push, made again on what others push meanwhile.

        It is tried for `within` seconds. A state that is not there, or can't be read, stays as it is.
        """
        deadline = self._clock.monotonic() + within
        while True:
            tip, found = self._fetch([store.file for store in changes])
            files: dict[str, bytes | None] = {}
            for store, change in changes.items():
                with suppress(StateError):
                    files |= store.changed(found, change)
            files = {file: data for file, data in files.items() if data != found[file]}
            self._tip = tip
            if not files:
                return
            try:
                self._push(files, {file: found[file] for file in files}, within)
            except (RacedStateError, BusyStateError):
                if self._clock.monotonic() > deadline:
                    raise
            else:
                return

    @property
    def file(self) -> str:
        """The path of the state on the branch."""
        return self._file

    def changed(self, found: Files, change: Callable[[State], State]) -> Files:
        """Of the files `found` on the branch, ours once its state is changed. Raises StateError where it can't be read."""
        raw = found[self._file]
        if raw is None:
            return {}
        return {self._file: dumps(change(loads(raw, self.place, self._keys)), self._keys).encode()}

    def end(self, backup: Path) -> None:
        """The branch's history keeps it, too."""
        try:
            make_own_folder(backup.parent)
            replace_file(backup, self._kept or b"")
        except OSError as error:
            raise StateError(
                f"the backup {backup} cannot be written: {error.strerror}",
                hint="Nothing was changed. Make room, or let this user write there.",
            ) from error
        self._push({self._file: None}, {self._file: self._kept})
        self._kept = None

    def announce(self, hold: Hold, removing: Mapping[str, Seen | None] = NO_REMOVALS) -> None:
        """Nothing to do: the push of the hold makes that of a running apply fail."""

    def halted(self) -> bool:
        return False

    def check_writable(self) -> None:
        """Log in to push, and push nothing."""
        commit = self._tip or self._repository.commit(None, {}, self._message, self._clock, self._author())
        pushed = self._repository.push(commit, "--dry-run")
        if not pushed.ok:
            raise self._rejected(pushed)

    def _push(self, files: Files, before: Files, within: float = math.inf) -> None:
        """Give the branch these `files`, None for one to remove, as long as it has them as `before`.

        Pushes of other calendars come between; each time the branch is fetched and pushed to again. Waits are before
        the fetch, since whoever pushes soonest after it wins.
        """
        started, waits = self._clock.monotonic(), growing_waits(0.1, growth=2, most=LONGEST_WAIT / 0.1)
        pushed, refused = None, 0
        for attempt in count():
            patience = min(within, self._busy, STOPPING_SECONDS if self._clock.woken else math.inf)
            left = started + patience - self._clock.monotonic()
            if attempt > 1:
                if left <= 0:
                    raise self._busy_error(attempt)
                self._clock.sleep(min(random.random() * next(waits), left))  # noqa: S311 — only spreads the retries of several applies
            with turn(self._repository.queue, min(left, QUEUE_SECONDS)) as first:
                if pushed is not None or not first:
                    tip, found = self._fetch(files) if pushed is None else self._fetch_after(pushed, files)
                    if found == files:  # it arrived, and only the answer was lost
                        self._tip = tip
                        return
                    if found != before:
                        raise self._raced()
                    refused = refused + 1 if pushed and tip == self._tip else 0
                    if pushed and refused and (refused >= REFUSALS or not pushed.rejected_by_remote):
                        raise self._rejected(pushed)
                    self._tip = tip
                commit = self._repository.commit(self._tip, files, self._message, self._clock, self._author())
                pushed = self._repository.push(commit)
            if pushed.ok:
                self._tip = commit
                return

    @property
    def _message(self) -> str:
        return f"publer-sync state of {self._calendar}"

    @property
    def _repository(self) -> Repository:
        if self._opened is None:
            self._opened = open_repository(self._top, self._branch, self._patience)
        return self._opened

    def _fetch(self, files: Iterable[str]) -> tuple[str | None, Files]:
        """The branch's tip and these files as they are at the remote now."""
        tip = self._repository.fetch()
        return tip, dict.fromkeys(files) if tip is None else self._repository.contents(tip, files)

    def _fetch_after(self, pushed: GitResult, files: Iterable[str]) -> tuple[str | None, Files]:
        try:
            return self._fetch(files)
        except StateError as error:
            raise self._rejected(pushed) from error

    def _busy_error(self, attempts: int) -> StateError:
        return BusyStateError(
            f"the state in {self.place} could not be pushed: other calendars moved the branch {attempts} times meanwhile",
            hint="Run apply again: it checks before it sends anything. Run fewer applies at the same time, or give a longer "
            "--timeout.",
        )

    def _raced(self) -> RacedStateError:
        return RacedStateError(
            f"another apply or a hold took over: the state in {self.place} was changed while this one ran",
            hint="This one stopped before its next write to Publer. When the other has finished, run apply again: "
            "it checks before it sends anything.",
        )

    def _rejected(self, pushed: GitResult) -> StateError:
        if pushed.rejected_by_remote:
            fix = f"Let this login push to the branch {printable_line(self._branch)}: check its protection rules"
        else:
            fix = "Check the network, and whether this login may push (GitHub Actions: `permissions: contents: write`)"
        error = pushed.error(
            "push the state", f"{fix}. Then run apply again: it checks before it sends anything."
        )
        return RejectedStateError(error.message, code=error.code, hint=error.hint)


def states_on(branch: str, *, top: Path, patience: float = NETWORK_SECONDS) -> dict[str, State]:
    """Every state on a branch that can be read, by its path: `<workspace id>/<calendar name>.json`. `patience` as for GitStore."""
    repository = open_repository(top, branch, patience)
    if (tip := repository.fetch()) is None:
        return {}
    files = [file for file in repository.files(tip) if file.endswith(".json")]
    found: dict[str, State] = {}
    for file, raw in repository.contents(tip, files).items():
        with suppress(StateError):
            found[file] = loads(raw or b"", file)
    return found
