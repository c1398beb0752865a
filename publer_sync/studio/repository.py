"""Where the repository of a calendar stands: its branches, its remote, and where a pull request is opened."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from publer_sync.machine.tracked import run_git
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.machine.tracked import GitRun

_USUAL: Final = ("main", "master")
_REMOTE: Final = re.compile(
    r"(?:(?:https?|ssh)://)?(?:[^@/]*@)?([\w.-]+)(?::\d+(?=/))?[:/]/?([\w./-]+?)(?:\.git)?/?"
)
_TOLD: Final = re.compile(r"^remote:\s+(https://\S+)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CalendarRepository:
    """Where a calendar's repository stands; `branch` is "" where no branch is checked out, `remote` where there is none."""

    root: Path
    folder: Path
    """Git's own."""
    branch: str
    commit: str
    """"" where nothing is committed yet."""
    remote: str
    refs: frozenset[str]
    """The names of all branches, here and as they were last seen at the remote."""
    default: str
    """The default branch; "" where nothing tells which one it is."""

    @classmethod
    def of(cls, folder: Path) -> CalendarRepository | None:
        """None outside of git."""
        told = run_git(folder, "rev-parse", "--show-toplevel", "--absolute-git-dir")
        if told.code:
            return None
        root, inner = os.fsdecode(told.out).splitlines()[:2]
        remote = _remote(folder)
        listed = lines_of_run(
            run_git(folder, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes")
        )
        there = f"refs/remotes/{remote}/"
        refs = frozenset(
            each.removeprefix("refs/heads/").removeprefix(there)
            for each in listed
            if not each.endswith("/HEAD")
        )
        head = _line(run_git(folder, "symbolic-ref", "--quiet", f"{there}HEAD")) if remote else ""
        return cls(
            Path(root),
            Path(inner),
            _line(run_git(folder, "symbolic-ref", "--quiet", "--short", "HEAD")),
            _line(run_git(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")),
            remote,
            refs,
            head.removeprefix(there) or next((each for each in _USUAL if each in refs), ""),
        )

    def stamp(self) -> tuple[tuple[str, int], ...]:
        """Another value whenever another branch is checked out, or a branch or a setting changed; () where that is unknown."""
        if (self.folder / "commondir").exists():  # a work tree of its own has its branches elsewhere
            return ()
        paths = [self.folder / name for name in ("HEAD", "packed-refs", "config")]
        paths += (self.folder / "refs").rglob("*")
        found = []
        for path in paths:
            with suppress(OSError):
                found.append((path.as_posix(), path.stat().st_mtime_ns))
        return tuple(found)

    @property
    def on_default(self) -> bool:
        """Whether nothing may be committed here. Where nothing tells the default branch, any may be it, but those made here."""
        if not self.branch or self.branch in (self.default, *_USUAL):
            return True
        return not self.default and not self.branch.startswith("posts-")

    def free_branch(self, day: str) -> str:
        taken = {each.casefold() for each in self.refs}
        names = (f"posts-{day}" if n == 1 else f"posts-{day}-{n}" for n in range(1, len(taken) + 2))
        return next(
            each
            for each in names
            if each not in taken and not any(other.startswith(f"{each}/") for other in taken)
        )

    def run(self, words: Sequence[str], seconds: float = 60.0) -> GitRun:
        return run_git(self.root, *words[1:], seconds=seconds)

    @property
    def waiting(self) -> int:
        """How many commits of the branch no branch of the remote has."""
        told = run_git(self.root, "rev-list", "--count", "HEAD", "--not", f"--remotes={self.remote}")
        return int(_line(told) or 0) if self.remote else 0

    @property
    def pushed(self) -> bool:
        there = f"refs/remotes/{self.remote}/{self.branch}"
        return not run_git(self.root, "rev-parse", "--verify", "--quiet", there).code

    def address(self, told: str = "") -> str:
        """Where a pull request of the branch is opened: what the remote said when it got it, or what its service has."""
        url = _line(run_git(self.root, "remote", "get-url", "--push", self.remote)) if self.remote else ""
        found = _REMOTE.fullmatch(url)
        if found is None or not self.branch:
            return ""
        host, path = found[1], found[2]
        said = [each for each in _TOLD.findall(told) if urlsplit(each).hostname == host]
        if said:
            return str(said[0])
        name = quote(self.branch, safe="/")
        if host == "github.com":
            return f"https://github.com/{path}/compare/{name}?expand=1"
        if host == "gitlab.com":
            return f"https://gitlab.com/{path}/-/merge_requests/new?merge_request%5Bsource_branch%5D={quote(self.branch, safe='')}"
        if host == "bitbucket.org":
            return f"https://bitbucket.org/{path}/pull-requests/new?source={quote(self.branch, safe='')}"
        if host == "codeberg.org":
            return f"https://codeberg.org/{path}/compare/{quote(self.default or 'main', safe='/')}...{name}"
        return ""


def _remote(folder: Path) -> str:
    remotes = lines_of_run(run_git(folder, "remote"))
    wanted = _line(run_git(folder, "config", "remote.pushDefault"))
    first = remotes[0] if remotes else ""
    return wanted if wanted in remotes else "origin" if "origin" in remotes else first


def lines_of_run(run: GitRun) -> list[str]:
    return [] if run.code else [each for each in os.fsdecode(run.out).splitlines() if each]


def _line(run: GitRun) -> str:
    return next(iter(lines_of_run(run)), "")
