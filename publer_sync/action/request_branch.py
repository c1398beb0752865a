"""The branch of a request, through git alone: what is on it is never checked out, and nobody's commits are undone.

Each step is a commit on top, pushed only as a step forward.
"""

from __future__ import annotations

import posixpath
import time
from typing import TYPE_CHECKING, Any, Final

from publer_sync.action.github import GitHubError
from publer_sync.commands.beside.changed import git
from publer_sync.machine.commits import commit_stream
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from publer_sync.action.github import GitHub

BOT: Final = "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>"
_ADDRESS: Final = BOT.partition("<")[2].rstrip(">")
_TRAILER: Final = "Publer-Sync-Issue"
_FAR: Final = 50
"""Commits of the branch that are fetched: what is pushed must reach what the remote has."""
_FILES_TOLD: Final = 300
"""The most that GitHub lists of a comparison (GitHub docs, "Compare two commits")."""
_FOLDERS: Final = ("040000",)
_FILES: Final = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class RequestBranch:
    """The branch of the issue `number` and its tip, None where there is none. `base` is the newest commit of the default branch."""

    number: int
    base: str
    tip: str | None

    @property
    def name(self) -> str:
        return branch_of(self.number)

    def is_ours(self, github: GitHub, places: Sequence[str]) -> bool:
        """Whether the branch brings nothing but commits of this program, and these files and folders. Raises GitHubError.

        A commit can claim any author, so what it brings decides too. GitHub tells both, as it would merge the branch: what is
        checked out here may lack the history that the two have in common.
        """
        if self.tip is None:
            return True
        compared = github.get(f"/compare/{self.base}...{self.tip}")
        commits, files = compared["commits"], compared["files"]
        if compared["total_commits"] > len(commits) or len(files) >= _FILES_TOLD:
            return False
        return all(map(self._made, commits)) and all(
            name in places or name.startswith(tuple(f"{place}/" for place in places))
            for file in files
            for name in (file["filename"], file.get("previous_filename") or file["filename"])
        )

    def _made(self, told: Any) -> bool:
        commit = told["commit"]
        address = (commit.get("committer") or {}).get("email")
        return address == _ADDRESS and f"{_TRAILER}: {self.number}" in str(commit["message"]).splitlines()

    def obstacle(self, files: Iterable[str]) -> str | None:
        """What is where a folder or a file is to be: a link, which could lead anywhere, or something else."""
        steps = dict(step for file in files for step in _steps(file))
        for commit in filter(None, (self.base, self.tip)):
            listed = git("ls-tree", "-t", "-z", "--full-tree", commit, "--", *_top(steps)) or ""
            for mode, path in (each.partition("\t")[::2] for each in filter(None, listed.split("\0"))):
                is_folder = steps.get(path)
                if is_folder is not None and mode.partition(" ")[0] not in (
                    _FOLDERS if is_folder else _FILES
                ):
                    return path
        return None

    def commit(self, files: Mapping[str, bytes], folder: str, message: str) -> str:
        """A commit with these files and no other in `folder`; the tip itself if it has them already. Raises GitHubError."""
        parent = self.tip or self.base
        old = (
            git("ls-tree", "-r", "-z", "--full-tree", "--name-only", parent, "--", *_top([f"{folder}/"]))
            or ""
        )
        gone: dict[str, bytes | None] = dict.fromkeys(filter(None, old.split("\0")))
        trailer = f"{message}\n\n{_TRAILER}: {self.number}\n"
        stream = commit_stream(
            parent, {**gone, **files}, trailer, author=BOT, committer=BOT, at=int(time.time())
        )
        made = git("fast-import", "--quiet", "--done", given=stream, seconds=300)
        if made is None:
            raise GitHubError("git fast-import failed", hint="Nothing was pushed. Run this again.")
        same = git("diff", "--quiet", parent, made) is not None
        return parent if same and self.tip is not None else made

    def push(self, commit: str) -> None:
        """Raises GitHubError, also if somebody pushed meanwhile."""
        if git("push", "--quiet", "origin", f"{commit}:refs/heads/{self.name}", seconds=300) is None:
            raise GitHubError(
                f"git could not push the branch {self.name}",
                hint="Somebody may have pushed to it meanwhile, or a rule of the repository keeps branches with this name. "
                "Run this again, or let the workflow push to requests/*.",
            )

    def remove(self) -> None:
        """Raises GitHubError, also if somebody pushed meanwhile."""
        ref = f"refs/heads/{self.name}"
        lease = f"--force-with-lease={ref}:{self.tip}"
        if self.tip and git("push", "--quiet", lease, "origin", f":{ref}", seconds=300) is None:
            raise GitHubError(
                f"git could not remove the branch {self.name}", hint="Remove it on GitHub, or leave it."
            )


def branch_of(number: int) -> str:
    return f"requests/issue-{number}"


def fetch_branch(number: int, base: str) -> RequestBranch:
    """Raises GitHubError."""
    ref = f"refs/heads/{branch_of(number)}"
    listed = git("ls-remote", "origin", ref, seconds=300)
    if listed is None:
        raise GitHubError("git ls-remote failed", hint="Nothing was done. Run this again.")
    if not listed:
        return RequestBranch(number, base, None)
    if git("fetch", "--quiet", "--no-tags", f"--depth={_FAR}", "origin", ref, seconds=300) is None:
        raise GitHubError("git fetch failed", hint="Nothing was done. Run this again.")
    return RequestBranch(number, base, git("rev-parse", "FETCH_HEAD") or "")


def exists(commit: str, file: str) -> bool:
    """Whether a commit has a file, and not behind a link."""
    return bool(git("ls-tree", "--full-tree", commit, "--", *_top([file])))


def _steps(file: str) -> Iterator[tuple[str, bool]]:
    """The folders above a file and the file itself, each with whether it is a folder."""
    parts = file.split("/")
    for number in range(1, len(parts)):
        yield posixpath.join(*parts[:number]), True
    yield file, False


def _top(files: Iterable[str]) -> list[str]:
    """Paths as they are, whatever git would read in their names."""
    return [f":(top,literal){file}" for file in files]
