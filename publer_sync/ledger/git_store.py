"""The ledger on a branch of the calendar's repository, at its remote: what is pushed, and who wins.

`git_branch` has it as the command saw it last, `git_remote` reaches it without touching the user's repository.
"""

from __future__ import annotations

import math
import random
from contextlib import contextmanager, suppress
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING

from publer_sync.ledger.announcing import announced, announcement_of, hear, is_announcement_of
from publer_sync.ledger.backup import free_name, without_those_of_others
from publer_sync.ledger.copies import NO_REMOVALS
from publer_sync.ledger.elsewhere import Elsewhere, LedgerPart, clash
from publer_sync.ledger.git_branch import NETWORK_SECONDS
from publer_sync.ledger.handing_over import take_away
from publer_sync.ledger.idle import ran_again_alone
from publer_sync.ledger.last_read import LastRead
from publer_sync.ledger.lock import turn
from publer_sync.ledger.names import calendar_of, folder_of, part_of
from publer_sync.ledger.part_list import PARTS, PartList
from publer_sync.ledger.relocating import marker_of
from publer_sync.ledger.repositories import Repositories
from publer_sync.ledger.signing import UNSIGNED
from publer_sync.ledger.state import State, dumps, loads
from publer_sync.machine.clock import growing_waits
from publer_sync.machine.durable import replace_file
from publer_sync.machine.own_folder import make_own_folder
from publer_sync.machine.tracked import common_directory
from publer_sync.values.errors import BusyStateError, RacedStateError, RejectedStateError, StateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from publer_sync.ledger.backup import Backup
    from publer_sync.ledger.copies import Seen
    from publer_sync.ledger.git_branch import GitBranch
    from publer_sync.ledger.git_command import GitResult
    from publer_sync.ledger.git_remote import Files, Repository
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.place import Store
    from publer_sync.ledger.signing import Keys
    from publer_sync.machine.clock import Clock

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
        repositories: Repositories | None = None,
    ) -> None:
        """`patience`: seconds that a fetch or push may take. `author` names who commits; "" for nobody.

        `repositories` are those that the command has opened.
        """
        self._author = author
        self.rest: State | None = None
        self.place = f"git:{printable_line(branch)}"
        self._branch = (repositories or Repositories()).branch(top, branch, patience)
        self._folder = folder_of(service, workspace_id)
        self._list = f"{self._folder}/{PARTS}"
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
        self._keys = keys
        self._busy = BUSY_SECONDS
        self._kept: bytes | None = None
        """Our file as this run last read or wrote it; None where there was none."""
        self._recovers, self._anew, self._held = False, False, False
        self._last = LastRead(top, branch, self._file)
        self._hears, self._is_locked = False, False
        self.offline: datetime | None = None
        """Of when what `read` returned is, where the branch could not be reached."""
        self._trusting = False
        self._announced: Files = MappingProxyType({})
        """The holds that were written beside our file, as it was read."""
        self._own_announcement, self._waits_as = "", ""
        """What this run announced is called on the branch, and here."""
        self._handed_over: frozenset[int] = frozenset()
        """The entries that another run took away meanwhile."""
        self._backup: Files = MappingProxyType({})
        """What Publer had before the first write, until it is pushed."""

    def read(self, *, trusting: bool = False) -> State | None:
        if (found := self._read_here(trusting=trusting)) is not None:
            return found
        if self._recovers:
            self._branch.recover()
        files = self._branch.contents(filter(None, (self._file, self._before)))
        state = self._loaded(files, None if trusting else self._keys)
        self.rest = state if state is not None and state.ended else None
        state = None if self.rest is not None else state
        if self._anew and state is not None and files[self._file] == self._branch.left.get(self._file):
            self._held = bool(state.holds)
            state = state if self._held else None
        self._trusting = trusting
        self._announced = self._announcements_beside(self._file)
        for file, document in self._announced.items():
            if state is not None and document is not None:
                hear(state, document, f"{self.place} ({file})")
        if self._hears and state is not None:
            self._hear_waiting(state)
        if not trusting and self._taking is None:
            self._part_list().check(self._calendar, self._keys)
        self._kept = files[self._file]  # only now: what can't be read is never overwritten
        self._handed_over = frozenset()
        self.judge()
        self._keep()
        return state

    def _read_here(self, *, trusting: bool) -> State | None:
        """For a hold, what was last read on this machine, where the branch cannot be reached. Raises StateError where that is nothing."""
        if not self._recovers or self._anew:
            return None
        if (error := self._branch.unreachable) is None:
            try:
                _ = self._branch.tips
            except StateError as unread:
                error = unread
        if error is None:
            return None
        if error.code != "state.git":
            raise error
        here = (self._last.read(), self._branch.repository.fetched_here(self._file))
        known = max(filter(None, here), key=lambda each: each[1], default=None)
        if known is None:
            raise error
        document, self.offline = known
        state = loads(document, f"{self.where}, as last read here", None if trusting else self._keys)
        self._hear_waiting(state)
        return state

    def _hear_waiting(self, state: State) -> None:
        for name, document in self._last.waiting().items():
            hear(state, document, name)

    def _keep(self) -> None:
        """For a hold at a time when the branch cannot be reached. What only shows writes nothing."""
        if self._is_locked:
            self._last.keep(self._kept)

    def recover(self, *, anew: bool = False) -> str:
        self._recovers, self._anew = True, anew
        self._hears = self._hears or not anew
        return ""

    def hear_waiting(self) -> None:
        self._hears = True

    def waiting(self) -> tuple[Hold, ...]:
        state = State(self._service, "", self._calendar)
        with suppress(StateError):
            self._hear_waiting(state)
        return state.holds

    def drop_waiting(self) -> None:
        self._last.drop()

    def lost(self) -> StateError | None:
        lost = self._branch.lost
        return (
            lost.error(held=self._held) if lost is not None and (self._held or not self._recovers) else None
        )

    def advice(self) -> tuple[str, str] | None:
        tips = self._branch.tips
        if tips.tip is None or tips.copy == tips.tip:
            return None
        copy = self._repository.copy
        told = f"{copy} does not move with the branch, so a branch that someone deletes cannot be brought back from it"
        return (
            told,
            "Let the remote accept refs/publer-sync/*, if it refuses such refs; an older publer-sync does not push it either.",
        )

    def _announcements_beside(self, file: str) -> Files:
        folder, _, name = file.rpartition("/")
        beside = (file for file in self._branch.files(folder) if file.rpartition("/")[0] == folder)
        return self._branch.contents(
            [file for file in beside if is_announcement_of(file.rpartition("/")[2], name)]
        )

    def judge(self) -> None:
        """What is decided until the next write is decided on the parts beside ours as they are now."""
        self._branch.judge(self._file, self._parts_beside())

    def instead_of(self, name: str, *, trusting: bool = False) -> State | None:
        file = f"{self._folder}/{part_of(name)}"
        found = self._branch.contents([file])[file]
        if found is None:
            return None
        state = loads(found, self.place, None if trusting else self._keys)
        self._announced = {**self._announced, **self._announcements_beside(file)}
        for each, document in self._announced.items():
            if document is not None:
                hear(state, document, f"{self.place} ({each})")
        self._instead = file, found
        self._last.waits_as(file)
        if self._hears:
            self._hear_waiting(state)
        return state.renamed(self._calendar)

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

    def part(self) -> LedgerPart | None:
        return LedgerPart.of(self.read(trusting=True))

    def is_there(self) -> bool:
        return True

    @property
    def branch(self) -> GitBranch:
        return self._branch

    def managed_elsewhere(self) -> Elsewhere:
        """From the states next to ours, as they were when the branch was fetched: a push looks at what changed since."""
        return self._others(self._parts_beside())

    def _part_list(self) -> PartList:
        files = self._branch.files(self._folder)
        names = frozenset(name for file in files if (name := self._name_of(file)) is not None)
        return PartList(
            self._branch.contents([self._list])[self._list], names, f"{self.place} ({self._list})"
        )

    def _with_list(self, files: Files) -> Files:
        """With the list of all parts, where it changes."""
        names = {file: name for file in files if (name := self._name_of(file)) is not None}
        if not names:
            return files  # a hold beside a part takes no key
        written = [name for file, name in names.items() if files[file] is not None]
        known = self._part_list()
        listed = known.after(written, {*names.values()} - {*written}, self._keys, trusting=self._trusting)
        return files if listed == known.document else {**files, self._list: listed}

    def is_beside(self, other: Store) -> bool:
        """Where both calendars are in one repository: otherwise the remotes may differ."""
        return isinstance(other, GitStore) and self._is_beside(other)

    def _is_beside(self, other: GitStore) -> bool:
        same = (other.place, other._folder) == (self.place, self._folder)
        return same and common_directory(other._top) == common_directory(self._top)

    def names_beside(self) -> list[str]:
        return [name for file in self._files_beside() if (name := self._name_of(file)) is not None]

    def beside(self, names: Iterable[str]) -> Elsewhere:
        return self._others(self._branch.contents(f"{self._folder}/{part_of(name)}" for name in names))

    def _files_beside(self) -> list[str]:
        files = self._branch.files(self._folder)
        mine = {self._file, *([self._instead[0]] if self._instead is not None else [])}
        return [file for file in files if file not in mine and self._name_of(file) is not None]

    def _parts_beside(self) -> dict[str, bytes]:
        found = self._branch.contents(self._files_beside()).items()
        return {file: raw for file, raw in found if raw is not None}

    def _name_of(self, file: str) -> str | None:
        return calendar_of(file.removeprefix(f"{self._folder}/"))

    def _others(self, parts: Files) -> Elsewhere:
        found = {
            name: raw for file, raw in parts.items() if (name := self._name_of(file)) and raw is not None
        }
        known = Elsewhere.read(found, self.place)
        self._part_list().complete(known, self._calendar, self._keys)
        return known

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        """Nobody is kept out: a push decides. `timeout` is how many seconds a push may be tried."""
        before, self._busy, self._is_locked = self._busy, timeout, True
        try:
            yield
        finally:
            self._busy, self._is_locked = before, False

    def write(self, state: State, *, within: float = math.inf) -> None:
        """Push; raises RacedStateError where another run has pushed since this one last read or wrote.

        One that only handed entries over to another calendar takes them out of this state too.
        """
        data = dumps(state, self._keys).encode()
        kept = self._kept
        if self._announced or (data != kept and not ran_again_alone(kept, state, self.place, self._keys)):
            taken: dict[str, bytes | None] = dict.fromkeys(self._announced)
            if self._before is not None and self._taking is not None:
                taken[self._before] = dumps(marker_of(state, state.calendar, self.place), self._keys).encode()
            before = {file: self._announced.get(file, self._taking) for file in taken}
            if self._instead is not None:
                file, found = self._instead
                taken[file], before[file] = None, found
            taken |= self._backup
            before |= dict.fromkeys(self._backup)
            self._push({self._file: data, **taken}, {self._file: self._kept, **before}, within, {self: state})
            self._taking = self._instead = None
            self._backup = MappingProxyType({})
            self._announced = MappingProxyType({})
            self._keep()
        if self._hears:
            self._last.drop()  # the branch has what waited

    def write_with(self, state: State, other: Store, theirs: State) -> bool:
        """Push both states in one commit, where both are on one branch of one remote."""
        return isinstance(other, GitStore) and self._push_with(state, other, theirs)

    def _push_with(self, state: State, other: GitStore, theirs: State) -> bool:
        if not self.is_beside(other) or other._repository.remote != self._repository.remote:
            return False
        files: dict[str, bytes | None] = {
            self._file: dumps(state, self._keys).encode(),
            other._file: dumps(theirs, other._keys).encode(),
        }
        before = {self._file: self._kept, other._file: other._kept}
        if self._instead is not None:
            files[self._instead[0]], before[self._instead[0]] = None, self._instead[1]
        self._push(files, before, states={self: state, other: theirs})
        self._instead = None
        if other._branch is not self._branch:  # it does not have this commit
            other._branch.expire()
            other._branch.forget(other._file)
        other._kept = files[other._file]
        return True

    def change_together(self, changes: Mapping[GitStore, Callable[[State], State]], within: float) -> None:
        """Change the states of several calendars of this branch with one push, made again on what others push meanwhile.

        It is tried for `within` seconds. A state that is not there, or can't be read, stays as it is.
        """
        deadline = self._clock.monotonic() + within
        while True:
            found = self._branch.contents([store.file for store in changes])
            files: dict[str, bytes | None] = {}
            for store, change in changes.items():
                with suppress(StateError):
                    files |= store.changed(found, change)
            files = {file: data for file, data in files.items() if data != found[file]}
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

    def end(self, backup: Path, rest: State | None) -> None:
        """The branch's history keeps it, too."""
        was = self._taking if self._taking is not None else self._kept
        try:
            make_own_folder(backup.parent)
            replace_file(backup, was or b"", private=True)
        except OSError as error:
            raise StateError(
                f"the backup {backup} cannot be written: {error.strerror}",
                hint="Nothing was changed. Make room, or let this user write there.",
            ) from error
        files: dict[str, bytes | None] = {
            self._file: dumps(rest, self._keys).encode() if rest is not None else None
        }
        before: dict[str, bytes | None] = {self._file: self._kept}
        if self._taking is not None and self._before is not None:
            files[self._before], before[self._before] = None, self._taking
        self._push(files, before)

    def hold_beside(self, hold: Hold, removing: Mapping[str, Seen | None] = NO_REMOVALS) -> None:
        """In one file, pushed again each time there is more to say, with what waits here; where the branch cannot be reached, it waits too."""
        if self.offline is not None:
            try:
                self._waits_as = self._last.wait(announced(hold, removing), self._waits_as)
            except OSError as error:
                raise StateError(
                    f"the hold cannot be kept on this machine: {error.strerror}",
                    hint="Make room, or let this user write there. Nothing is out of Publer.",
                ) from error
            return
        # where other checkouts hear it, too
        folder, _, name = (self._instead[0] if self._instead is not None else self._file).rpartition("/")
        self._own_announcement = self._own_announcement or f"{folder}/{announcement_of(name)}"
        waited = {f"{folder}/{announcement_of(name)}": each for each in self._last.waiting().values()}
        files = {self._own_announcement: announced(hold, removing), **waited}
        self._push(files, self._branch.contents(files))
        self._last.drop()  # the branch has what waited

    def announce(self, hold: Hold, removing: Mapping[str, Seen | None] = NO_REMOVALS) -> None:
        """Nothing to do: the push of the hold makes that of a running apply fail."""

    def halted(self) -> bool:
        return False

    def check_writable(self) -> None:
        """Log in to push, and push nothing."""
        tip = self._branch.tips.tip
        commit = tip or self._repository.commit(None, {}, self._message, self._clock, self._author())
        pushed = self._repository.push(commit, "--dry-run")
        if not pushed.ok:
            raise self._rejected(pushed)

    def _push(
        self,
        files: Files,
        before: Files,
        within: float = math.inf,
        states: Mapping[GitStore, State] = MappingProxyType({}),
    ) -> None:
        """Give the branch these `files`, None for one to remove, as long as it has them as `before`.

        Pushes of other calendars come between; each time the branch is fetched and pushed to again, once what they pushed
        concerns none of the `states` that are written. Waits are before the fetch, since whoever pushes soonest after it wins.
        """
        started, waits = self._clock.monotonic(), growing_waits(0.1, growth=2, most=LONGEST_WAIT / 0.1)
        pushed, refused, branch = None, 0, self._branch
        for attempt in count():
            patience = min(within, self._busy, STOPPING_SECONDS if self._clock.woken else math.inf)
            left = started + patience - self._clock.monotonic()
            if attempt > 1:
                if left <= 0:
                    raise self._busy_error(attempt)
                self._clock.sleep(min(random.random() * next(waits), left))  # noqa: S311 — only spreads the retries of several applies
            with turn(self._repository.queue, min(left, QUEUE_SECONDS)) as first:
                if pushed is not None:
                    tips = branch.tips
                    self._fetch_after(pushed)
                    refused = refused + 1 if branch.tips == tips else 0
                    no_answer = refused > 0 and not pushed.rejected_by_remote
                    refuses_copy = pushed.refused_another(self._repository.ref)
                    if (refused > 1 or no_answer or refuses_copy) and branch.goes_without_copy():
                        refused = 0
                elif not first:
                    branch.fetch()
                files, before = without_those_of_others(files, before, branch.contents)
                found = branch.contents(files)
                if pushed is not None and found == files:  # it arrived, and only the answer was lost
                    break
                if found != before:
                    files, before = self._after_handing_over(files, before, found, states)
                for store, state in states.items():
                    store.check_claims(state, files)
                if pushed and refused and (refused >= REFUSALS or not pushed.rejected_by_remote):
                    raise self._rejected(pushed)
                pushed = branch.push(self._with_list(files), self._message, self._clock, self._author())
            if pushed.ok:
                break
        for file in files:
            branch.forget(file)
        self._kept = files.get(self._file, self._kept)
        for store in states:
            store.judge()

    def back_up(self, backup: Backup) -> str:
        file = f"{self._folder}/{free_name(lambda name: f'{self._folder}/{name}' in self._branch.files())}"
        self._backup = {file: backup.document(whole=False)}
        return f"{self.place} ({file})"

    def _after_handing_over(
        self, files: Files, before: Files, found: Files, states: Mapping[GitStore, State]
    ) -> tuple[Files, Files]:
        """What to write in place of `files` where another run only handed entries of our state over: the rest of it.

        Raises StateError where it did anything else.
        """
        state, was, now = states.get(self), before.get(self._file), found[self._file]
        others = {file for file in files if found[file] != before[file]} - {self._file}
        if len(states) != 1 or others or state is None or was is None or now is None:
            raise self._raced(*files)
        gone = take_away(state, loads(was, self.place, self._keys), loads(now, self.place, self._keys))
        if gone is None:
            raise self._raced(*files)
        self._handed_over |= gone
        data = dumps(state, self._keys).encode()
        return {**files, self._file: data}, {**before, self._file: now}

    def check_claims(self, state: State, files: Files) -> None:
        """Raise StateError where a part beside ours has come to know, or to wait for, a post of the state.

        Also where the state has an entry again that was handed over.
        """
        before = self._branch.judged(self._file)
        for file in filter(None, (self._file, self._instead and self._instead[0])):
            if not self._announcements_beside(file).keys() <= self._announced.keys():
                raise self._raced(*files)
        if not self._handed_over.isdisjoint(copy.entry for copy in state.copies.values()):
            raise self._raced(*files)
        for file, raw in self._parts_beside().items() if before is not None else ():
            was = before.get(file) if before is not None else None
            if file in files or raw == was:
                continue
            try:
                old = loads(was, file) if was is not None else None
                clashes = clash(state, old, loads(raw, file))
            except StateError:
                clashes = True  # it is not known what it has; the next run is told so
            if clashes:
                raise self._raced(*files)

    @property
    def _message(self) -> str:
        return f"publer-sync state of {self._calendar}"

    @property
    def _repository(self) -> Repository:
        return self._branch.repository

    def _fetch_after(self, pushed: GitResult) -> None:
        try:
            self._branch.fetch()
        except StateError as error:
            raise self._rejected(pushed) from error

    def _busy_error(self, attempts: int) -> StateError:
        return BusyStateError(
            f"the state in {self.place} could not be pushed: other calendars moved the branch {attempts} times meanwhile",
            hint="Run apply again: it checks before it sends anything. Run fewer applies at the same time, or give a longer "
            "--timeout.",
        )

    def _raced(self, *files: str) -> RacedStateError:
        for file in files:  # whoever reads it again decides anew
            self._branch.forget(file)
        return RacedStateError(
            f"another apply or a hold took over: the state in {self.place} was changed while this one ran",
            hint="This one stopped before its next write to Publer. When the other has finished, run apply again: "
            "it checks before it sends anything.",
        )

    def _rejected(self, pushed: GitResult) -> StateError:
        if pushed.rejected_by_remote:
            fix = f"Let this login push to the branch {printable_line(self._branch.name)}: check its protection rules"
        else:
            fix = "Check the network, and whether this login may push (GitHub Actions: `permissions: contents: write`)"
        error = pushed.error(
            "push the state", f"{fix}. Then run apply again: it checks before it sends anything."
        )
        return RejectedStateError(error.message, code=error.code, hint=error.hint)
