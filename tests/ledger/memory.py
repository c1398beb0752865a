"""A remote in memory, for what a run does with a branch that needs no git: the files, its history, and who pushes meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from publer_sync.ledger.git_branch import GitBranch
from publer_sync.ledger.git_command import GitResult
from publer_sync.ledger.git_remote import Fetched
from publer_sync.ledger.git_store import GitStore
from publer_sync.ledger.part_list import PARTS
from publer_sync.ledger.user_git import UserGit
from tests.ledger.builders import SERVICE, QuickClock, a_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.ledger.git_remote import Files, OtherRemote, Repository
    from publer_sync.ledger.repositories import Repositories
    from publer_sync.values.errors import StateError

BRANCH = "publer-sync-state"
REF = f"refs/heads/{BRANCH}"
COPY = f"refs/publer-sync/{BRANCH}"
REJECTED = GitResult(1, f"!\tabc:{REF}\t[rejected] (fetch first)\n".encode(), "")


@dataclass
class Remote:
    """A branch, and the ref that moves with it. Its clones are in `root`."""

    root: Path
    tip: str | None = None
    copy: str | None = None
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """The files of each."""
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    """What others do before the next pushes arrive, one each."""
    answers: list[GitResult] = field(default_factory=list)
    """What it says to the next pushes, without a look at them."""
    torn: list[Fetched] = field(default_factory=list)
    """What the next fetches read of the two refs while a push moves them."""
    loses_answers: int = 0
    """So many pushes arrive, and nobody hears of it."""
    pushes: int = 0
    clones: Iterator[int] = field(default_factory=count)
    away: StateError | None = None
    """Why it cannot be reached."""
    fetched: tuple[bytes, datetime] | None = None
    """What somebody's own git last fetched of the state, and when."""
    others: dict[str, OtherRemote] = field(default_factory=dict)
    """The branch at other remotes."""

    def commit(self, **files: str | None) -> None:
        """Someone pushes files by hand, None for one to remove; `__` stands for a slash."""
        changed = {
            name.replace("__", "/") + ".json": None if text is None else text.encode()
            for name, text in files.items()
        }
        self.tip = self.add(self.tip, changed)

    def add(self, parent: str | None, files: Files, beside: str | None = None) -> str:
        tree = {**self.commits.get(parent or "", {}), **files}
        commit = f"c{len(self.commits) + 1}"
        self.commits[commit] = {file: data for file, data in tree.items() if data is not None}
        self.parents[commit] = tuple(filter(None, (parent, beside)))
        return commit

    def leads_to(self, commit: str, later: str) -> bool:
        return commit == later or any(self.leads_to(commit, each) for each in self.parents[later])

    def files(self) -> dict[str, bytes]:
        """Those of the branch, without the list of all parts."""
        tree = self.commits[self.tip or ""]
        return {file: data for file, data in tree.items() if not file.endswith(f"/{PARTS}")}

    def state_text(self, what: str = "ws1/calendar.json") -> str:
        return self.commits[self.tip or ""][what].decode()

    def apply(self, mark: str, calendar: str = "calendar") -> None:
        """What a run does with the state."""
        store = self.store(calendar)
        store.read()
        store.write(a_state(mark, calendar))

    def store(self, calendar: str = "calendar", *, service: str = SERVICE, **more: Any) -> GitStore:
        """With a clone of its own."""
        (self.root / "calendar").mkdir(exist_ok=True)
        return GitStore(
            BRANCH,
            top=self.root / "calendar",
            service=service,
            workspace_id="ws1",
            calendar=calendar,
            clock=QuickClock(),
            repositories=cast("Repositories", _Clone(self)),
            **more,
        )


@dataclass
class InMemory:
    """What a `Repository` does."""

    at: Remote
    queue: Path
    """Of a machine of its own: whoever pushes meanwhile does not wait for this one."""
    ref: str = REF
    remote: str = "origin"
    copy: str = COPY

    def fetched_here(self, _file: str) -> tuple[bytes, datetime] | None:
        return self.at.fetched

    def other_remotes(self) -> dict[str, OtherRemote]:
        return self.at.others

    def fetch(self) -> Fetched:
        if self.at.away is not None:
            raise self.at.away
        return self.at.torn.pop(0) if self.at.torn else Fetched(self.at.tip, self.at.copy)

    def leads_to(self, commit: str, later: str) -> bool:
        assert {commit, later} <= self.at.commits.keys()
        return self.at.leads_to(commit, later)

    def tree(self, commit: str) -> dict[str, str]:
        return {file: f"{file}\n{data.decode()}" for file, data in self.at.commits[commit].items()}

    def blobs(self, ids: Sequence[str]) -> list[bytes]:
        return [each.partition("\n")[2].encode() for each in ids]

    def commit(self, parent: str | None, files: Files, *_: object, beside: str | None = None) -> str:
        return self.at.add(parent, files, beside)

    def push(self, commit: str, *options: str, copy: str | None = None) -> GitResult:
        at = self.at
        at.pushes += 1
        if at.meanwhile:
            at.meanwhile.pop(0)()
        if at.answers:
            return at.answers.pop(0)
        forward = at.tip is None or at.leads_to(at.tip, commit)
        if not forward or (copy is not None and copy != (at.copy or "")):
            return REJECTED
        if "--dry-run" not in options:
            at.tip, at.copy = commit, at.copy if copy is None else commit
        if at.loses_answers:
            at.loses_answers -= 1
            return GitResult(128, b"", "the remote end hung up unexpectedly")
        return GitResult(0, b"", "")


@dataclass
class _Clone:
    at: Remote

    def branch(self, top: Path, name: str, patience: float) -> GitBranch:
        branch = GitBranch(UserGit(top), name, patience)
        branch._opened = cast("Repository", InMemory(self.at, self.at.root / f"queue-{next(self.at.clones)}"))
        return branch
