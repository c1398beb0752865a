"""A branch with parts of the ledger, as a command sees it: opened and fetched once for all calendars that are kept there."""

from __future__ import annotations

import shlex
from contextlib import suppress
from typing import TYPE_CHECKING

from publer_sync.ledger.git_remote import Fetched, open_repository
from publer_sync.ledger.names import END
from publer_sync.ledger.state import State, loads
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import StateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from publer_sync.ledger.git_command import GitResult
    from publer_sync.ledger.git_remote import Files, OtherRemote, Repository
    from publer_sync.ledger.user_git import UserGit
    from publer_sync.machine.clock import Clock

NETWORK_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class LostBranch:
    """What `refs/publer-sync/BRANCH` still has of a branch."""

    branch: str
    repository: Repository
    is_there: bool
    """Whether there is a branch of the name."""

    def error(self, *, held: bool = False) -> StateError:
        what = "was set back: it lacks what was written to it last" if self.is_there else "was deleted"
        shown = printable_line(self.branch)
        start = "The ledger that it had keeps posts on hold, which --first never passes.\n" if held else ""
        first = "" if held else "\nTo leave that ledger behind and start over, add --first, once."
        return StateError(
            f"the branch {shown}, which has the ledger, {what}",
            code="lost",
            hint=f"{start}Bring it back: {self.command}{first}\nThe remote still has it as {self.repository.copy}. Nothing was changed.",
        )

    @property
    def command(self) -> str:
        """What brings the branch back. Where it led elsewhere meanwhile, that is given up."""
        copy, remote = self.repository.copy, shlex.quote(self.repository.remote)
        force = "+" if self.is_there else ""
        return (
            f"git fetch {remote} {shlex.quote(copy)} && "
            f"git push {remote} {force}FETCH_HEAD:{shlex.quote(self.repository.ref)}"
        )


class GitBranch:
    """The branch as it was when it was fetched or pushed to last; `repository` is opened once something is asked of it.

    Every method raises StateError.
    """

    def __init__(self, theirs: UserGit, name: str, patience: float = NETWORK_SECONDS) -> None:
        """`theirs` is the repository whose remote is meant. `patience`: seconds that a fetch or push may take."""
        self.name = name
        self._theirs, self._patience = theirs, patience
        self._opened: Repository | None = None
        self._tips = Fetched(None, None)
        self._base: str | None = None
        """The commit whose files these are: the tip, or what the branch has lost."""
        self._beside: str | None = None
        """The tip, where that leads elsewhere than to the base."""
        self._is_known = False
        self.unreachable: StateError | None = None
        """Why the remote could not be asked the last time."""
        self._with_copy = True
        self._led: set[str] = set()
        """Commits of the copy that led to the branch."""
        self._lost: str | None = None
        self._recovers = False
        self.left: Files = {}
        """What the branch has lost, as it was when a command began to go on from there."""
        self._more: Files = {}
        """What only the tip has, to be kept with it."""
        self._ids: dict[str, str] = {}
        """What git calls the content of each file; "" for one that was pushed from here."""
        self._read: dict[str, tuple[str, bytes]] = {}
        """Each file that was read, with its id then."""
        self._judged: dict[str, Mapping[str, bytes]] = {}
        self._other_remotes: Mapping[str, OtherRemote] | None = None
        """The branch of this name at other remotes, once they were asked."""

    @property
    def repository(self) -> Repository:
        if self._opened is None:
            self._opened = open_repository(self._theirs, self.name, self._patience)
        return self._opened

    @property
    def tips(self) -> Fetched:
        self._fetch_once()
        return self._tips

    @property
    def lost(self) -> LostBranch | None:
        """What the branch lacks of what was written to it, once that is certain."""
        self._fetch_once()
        return (
            LostBranch(self.name, self.repository, self._tips.tip is not None)
            if self._lost is not None
            else None
        )

    def at_other_remotes(self, file: str) -> dict[str, State | None]:
        """A part on this branch by the remotes that have it, where the one that is meant has no such branch; None for one that cannot be read."""
        if self.tips.tip is None and self._other_remotes is None:
            self._other_remotes = self.repository.other_remotes()
        found: dict[str, State | None] = {}
        for remote, each in (self._other_remotes or {}).items():
            if (data := each.content(file)) is not None:
                found[remote] = None
                with suppress(StateError):
                    found[remote] = loads(
                        data, f"git:{printable_line(self.name)} at {printable_line(remote)}"
                    )
        return found

    def fetch(self) -> None:
        """See the branch as it is at the remote now."""
        try:
            tips, again = self.repository.fetch(), None
        except StateError as error:
            self.unreachable = error
            raise
        self.unreachable = None
        while tips != again and self._lacks(tips):  # the two refs are not read at one moment
            tips, again = self.repository.fetch(), tips
        lost = self._lacks(tips) and not self._is_led_to(tips)
        self._lost = tips.copy if lost else None
        self._tips, self._is_known = tips, True
        if self._base != tips.tip:
            self._go_on_from(tips.tip)
        if self._recovers:
            self._bring_back()

    def _lacks(self, tips: Fetched) -> bool:
        return tips.copy is not None and tips.copy != tips.tip and tips.copy not in self._led

    def _is_led_to(self, tips: Fetched) -> bool:
        if tips.tip is None or tips.copy is None or not self.repository.leads_to(tips.copy, tips.tip):
            return False
        self._led.add(tips.copy)
        return True

    def _go_on_from(self, commit: str | None) -> None:
        self._ids = {} if commit is None else dict(self.repository.tree(commit))
        self._base, self._beside, self._more = commit, None, {}

    def recover(self) -> None:
        """Go on from what the branch has lost, if anything: the next push brings it back."""
        self._fetch_once()
        self._recovers = True
        self._bring_back()

    def _bring_back(self) -> None:
        lost, tip = self._lost, self._tips.tip
        if lost is None or self._base == lost:
            return
        there = dict(self._ids)
        found = self.contents(there)
        self._go_on_from(lost)
        if tip is not None:
            self._beside = (
                tip  # also where it leads there: git has no history here, and takes it for another line
            )
            if not self.repository.leads_to(tip, lost):
                self._more = {file: found[file] for file in there if file not in self._ids}
        self.left = self.contents([*self._ids])

    def expire(self) -> None:
        """Let whoever asks next fetch first: time has gone by."""
        self._is_known = False

    def push(self, files: Files, message: str, clock: Clock, author: str) -> GitResult:
        """Push these files on top of what is known of the branch.

        Raises StateError where that is not all that was written to it: the ref beside it is the last copy of the rest.
        """
        self._fetch_once()
        if self._base != self._lost and (lost := self.lost) is not None:
            raise lost.error()
        more = {**self._more, **files}
        commit = self.repository.commit(self._base, more, message, clock, author, beside=self._beside)
        copy = (self._tips.copy or "") if self._with_copy else None
        pushed = self.repository.push(commit, copy=copy)
        if pushed.ok:
            self._is_at(commit, more)
        return pushed

    def goes_without_copy(self) -> bool:
        """Let pushes go without the ref beside the branch from now on, whatever it is that keeps it from moving; False if they do."""
        before, self._with_copy = self._with_copy, False
        return before

    def _is_at(self, commit: str, files: Files) -> None:
        """These files were pushed with this commit, on top of what was known."""
        copy = self._tips.copy
        if self._with_copy:
            copy = commit
        elif copy is not None:
            self._led.add(copy)
        self._tips = Fetched(commit, copy)
        self._base, self._beside, self._more, self._lost = commit, None, {}, None
        for file, data in files.items():
            self._ids.pop(file, None)
            self._read.pop(file, None)
            if data is not None:
                self._ids[file], self._read[file] = "", ("", data)

    def files(self, folder: str = "") -> list[str]:
        """The paths of all files below a folder, "" for all."""
        self._fetch_once()
        return sorted(file for file in self._ids if not folder or file.startswith(f"{folder}/"))

    def contents(self, files: Iterable[str]) -> Files:
        """The bytes of each of these files, None for one that is not there."""
        self._fetch_once()
        asked = [*files]
        for file in asked:
            if file not in self._ids and any(each.startswith(f"{file}/") for each in self._ids):
                raise StateError(
                    f"the branch has a folder where the state should be: {file}",
                    code="state.damaged",
                    hint="Give the calendar another `name:` in publer.yaml. Nothing was changed.",
                )
        # All at once: the calendars of a command ask for one after the other.
        if not all(map(self._is_read, asked)):
            new = [each for each in self._ids.items() if not self._is_read(each[0])]
            found = self.repository.blobs([named for _, named in new])
            self._read |= {file: (named, data) for (file, named), data in zip(new, found, strict=True)}
        return {file: self._read[file][1] if file in self._ids else None for file in asked}

    def _is_read(self, file: str) -> bool:
        known = self._ids.get(file)
        return known is None or self._read.get(file, (None, b""))[0] == known

    def _fetch_once(self) -> None:
        if not self._is_known:
            self.fetch()

    # --- what a calendar was judged on ------------------------------------------------------------------------------------

    def judge(self, file: str, others: Mapping[str, bytes]) -> None:
        """Note what the parts beside `file` are, until it is written: what is decided now is decided on them."""
        self._judged.setdefault(file, others)

    def judged(self, file: str) -> Mapping[str, bytes] | None:
        """What they were then; None where nothing was decided."""
        return self._judged.get(file)

    def forget(self, file: str) -> None:
        """It was written, or is to be read anew."""
        self._judged.pop(file, None)


def states_on(branch: GitBranch) -> dict[str, State]:
    """Every state on a branch that can be read, by its path: `<workspace id>/<calendar name>.json`."""
    files = [file for file in branch.files() if file.endswith(END)]
    found: dict[str, State] = {}
    for file, raw in branch.contents(files).items():
        with suppress(StateError):
            found[file] = loads(raw or b"", file)
    return found
