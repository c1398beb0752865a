"""The history of the calendar's own repository, without a change to it.

A checkout may lack history that its remote has: the checkouts of CI have one commit. What is missing is fetched into a
repository of our own that borrows the user's objects: commits first, and of their files only what is asked for.
"""

from __future__ import annotations

import os
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.ledger.checkout import is_below, trees_in
from publer_sync.ledger.git_command import Git
from publer_sync.ledger.git_remote import open_scratch
from publer_sync.ledger.user_git import UserGit
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from publer_sync.ledger.git_remote import Scratch

HEAD = "refs/publer-sync/head"
PATIENCE = 300.0
"""Seconds that a fetch may take: the commits of a large repository are many."""
MOST_COMMITS = 1000
"""So many are looked at that may not be pushed."""


@dataclass
class History:
    """The history around a folder. Every question raises StateError where it cannot be answered."""

    user: UserGit
    head: str
    """The commit that is checked out."""
    _versions: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, top: Path) -> History | None:
        """None where the folder is in no repository, or in one without a commit."""
        try:
            user = UserGit(top)
            found = user.git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        except (StateError, OSError):
            return None
        return cls(user, found.out.decode().strip()) if found.ok else None

    @property
    def git(self) -> Git:
        return self.user.git

    @cached_property
    def complete(self) -> bool:
        """Whether all that led to the commit that is checked out is here."""
        return not self.user.is_shallow and not self.user.lacks_objects

    @cached_property
    def scratch(self) -> Scratch:
        """Our own repository, which has the user's commits, their shallow ends included. Nothing is fetched yet."""
        scratch, common = open_scratch(self.user, "the history"), self.user.common
        folder = Path(scratch.git.env["GIT_DIR"])
        (folder / "objects" / "info").mkdir(parents=True, exist_ok=True)
        (folder / "objects" / "info" / "alternates").write_bytes(os.fsencode(f"{common / 'objects'}\n"))
        if (common / "shallow").is_file():
            (folder / "shallow").write_bytes((common / "shallow").read_bytes())
        return scratch

    def fetch(self, what: str, *commits: str) -> None:
        """Fetch what leads to all branches, tags and these commits; `what` is a filter of git's: what is left out.

        A commit that the remote does not have is left out. Raises StateError.
        """
        scratch = self.scratch
        scratch.git.output("update-ref", HEAD, self.head)  # what is here is not fetched again
        deeper = ("--unshallow",) if (Path(scratch.git.env["GIT_DIR"]) / "shallow").is_file() else ()
        refs = ("+refs/heads/*:refs/publer-sync/heads/*", "+refs/tags/*:refs/publer-sync/tags/*")
        options = ("--quiet", "--no-tags", "--no-auto-maintenance", f"--filter={what}", *deeper)
        for more in (commits, ()):
            done = scratch.git.run("fetch", *options, scratch.remote, *more, *refs, seconds=PATIENCE)
            if done.ok or not more:
                break
        if not done.ok:
            raise done.error(
                "fetch the history of the repository",
                "Check the network, and whether this login may read the repository. Nothing was changed.",
            )

    def versions(self, file: str) -> list[str]:
        """The lines that each commit added to a file of the repository, the first commit first, through its renames.

        Raises StateError.
        """
        if file not in self._versions:
            self._versions[file] = self._ask_for_versions(file)
        return self._versions[file]

    def had(self, file: str, by: datetime) -> bool:
        """Whether a commit that led to the remote's default branch, or without a remote to the one that is checked out, had a file by then.

        Raises StateError.
        """
        tip = (self.default_tip() if self.has_remote else None) or self.head
        git = self.scratch.git if self.has_remote else self.git
        words = ("log", "--follow", "--format=%ct", "--diff-filter=AR", tip, "--", f":(top,literal){file}")
        told = git.run(*words, seconds=PATIENCE)
        if not told.ok:
            raise told.error("read the history of the settings", "Fix what git reports. Nothing was changed.")
        return any(int(at) <= by.timestamp() for at in told.out.split())

    def _ask_for_versions(self, file: str) -> list[str]:
        git = self.git
        if not self.complete:
            self.fetch("blob:none", self.head)
            git = self.scratch.git
        words = ("log", "--follow", "-p", "--unified=0", "--no-color", "--no-ext-diff", "--format=%x00")
        told = git.run(*words, self.head, "--", f":(top,literal){file}", seconds=PATIENCE)
        if not told.ok:
            raise told.error("read the history of the settings", "Fix what git reports. Nothing was changed.")
        commits = told.out.decode(errors="replace").split("\0")[1:]
        return [
            "\n".join(line[1:] for line in commit.splitlines() if line[:1] == "+" and line[:3] != "+++")
            for commit in reversed(commits)
        ]

    # --- which of two files are newer -----------------------------------------------------------------------------------

    @cached_property
    def has_remote(self) -> bool:
        """Whether there is one, and it is clear which."""
        try:
            return bool(self.user.remote)
        except StateError:
            return False

    def leads_here(self, commit: str) -> bool:
        """Whether a commit is in the history of the one that is checked out, as far as that is here."""
        return commit == self.head or self.git.run("merge-base", "--is-ancestor", commit, self.head).ok

    @cached_property
    def _whole(self) -> Git:
        """A repository with every commit of the remote's branches and tags; without a remote, the user's own.

        Raises StateError where the remote cannot be asked.
        """
        if not self.has_remote:
            return self.git
        self.fetch("tree:0", self.head)
        offline = {**self.scratch.git.env, "GIT_NO_LAZY_FETCH": "1"}
        return Git(self.scratch.git.cwd, offline)

    def knows(self, commit: str) -> bool:
        """Whether a commit is reachable from a branch or tag: of the remote, or without one of this repository."""
        refs = (
            ("refs/publer-sync/heads", "refs/publer-sync/tags")
            if self.has_remote
            else ("refs/heads", "refs/tags")
        )
        told = self._whole.run(
            "for-each-ref", "--count=1", "--format=%(refname)", f"--contains={commit}", *refs
        )
        return told.ok and bool(told.out.strip())

    def contains(self, commit: str) -> bool:
        """Whether a commit that is known is in the history of the one that is checked out."""
        return self._whole.run("merge-base", "--is-ancestor", commit, self.head).ok

    def has_trees(self, commit: str, trees: Mapping[str, str]) -> bool:
        """Whether the merge base of a known commit with the one that is checked out, or a commit since, has these trees."""
        git = self._whole
        base = git.run("merge-base", commit, self.head).out.decode().split()[:1]
        since = git.output("rev-list", "--max-count=5000", self.head, f"^{commit}").decode().split()
        commits = [*base, *since]
        self._bring_trees(commits)
        partial, names = not self.complete, tuple(trees)
        return any(trees_in(git, each, names, partial=partial) == dict(trees) for each in commits)

    def _bring_trees(self, commits: Sequence[str]) -> None:
        """Fetch the trees of commits that came without them."""
        if self.complete or not self.has_remote or not commits:
            return
        told = self._whole.output("rev-list", "--no-walk", "--no-commit-header", "--format=%T", *commits)
        wanted = dict.fromkeys(told.decode().split())
        scratch = self.scratch
        words = (
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--recurse-submodules=no",
            "--filter=blob:none",
        )
        done = scratch.git.run(
            "-c", "fetch.negotiationAlgorithm=noop", *words, "--stdin", scratch.remote,
            given="".join(f"{tree}\n" for tree in wanted).encode(), seconds=PATIENCE,
        )  # fmt: skip
        if not done.ok:
            raise done.error("fetch the trees of the history", "Check the network. Nothing was changed.")

    @cached_property
    def remote_refs(self) -> Mapping[str, str] | None:
        """The commits of the remote's refs by their names, HEAD included; None where it cannot be asked."""
        if not self.has_remote:
            return None
        scratch = self.scratch
        told = scratch.git.run("ls-remote", "--", scratch.remote, seconds=PATIENCE)
        lines = (line.split("\t") for line in told.out.decode(errors="replace").splitlines())
        return {name: commit for commit, name in lines} if told.ok else None

    def is_tip(self) -> bool:
        """Whether the commit is the newest of the remote's default branch; without a remote, of the branch."""
        if not self.has_remote:
            return bool(self.user.head)
        return (self.remote_refs or {}).get("HEAD") == self.head

    def is_default(self, branch: str) -> bool:
        """Whether a branch of the remote is its default one, as far as that can be told."""
        refs = self.remote_refs or {}
        return f"refs/heads/{branch}" in refs and refs[f"refs/heads/{branch}"] == refs.get("HEAD")

    def is_on_default(self, commit: str) -> bool:
        """Whether a commit that is known led to the tip of the remote's default branch, as far as that can be told."""
        tip = (self.remote_refs or {}).get("HEAD")
        return tip is not None and self._whole.run("merge-base", "--is-ancestor", commit, tip).ok

    def branch_with(self, commit: str) -> str:
        """The branch to merge for a commit that is known; "" where the branch that is checked out has it at the remote, or none does."""
        top = "refs/publer-sync/heads/" if self.has_remote else "refs/heads/"
        told = self._whole.run("for-each-ref", "--format=%(refname)", f"--contains={commit}", top)
        names = [name.removeprefix(top) for name in told.out.decode(errors="replace").splitlines()]
        here = self.user.head.removeprefix("refs/heads/")
        if here in names or not names:
            return ""
        default = next((name for name in names if self.is_default(name)), None)
        if default is not None and not here:
            return ""  # a job's checkout: nothing can be merged there
        name = default or names[0]
        return f"{self.user.remote}/{name}" if self.has_remote else name

    def is_pushed(self, paths: Sequence[str]) -> bool | None:
        """Whether the last commit here that changed these paths is at the remote; None where that is not known."""
        new = (
            each for each, files in self._unseen for file in files for path in paths if is_below(file, path)
        )
        commit = next(new, None)
        if commit is None and len(self._unseen) < MOST_COMMITS:
            return True
        refs = self.remote_refs
        return None if refs is None else commit in refs.values() or self.head in refs.values()

    @cached_property
    def _unseen(self) -> list[tuple[str, list[str]]]:
        """The commits that no fetch or push is known to have seen at the remote, the newest first, each with the files that it changed."""
        words = ("log", f"--max-count={MOST_COMMITS}", "-c", "--no-renames", "--name-only", "--format=%x00%H")
        told = self.git.run("-c", "core.quotePath=false", *words, self.head, "--not", "--remotes")
        blocks = told.out.decode(errors="replace").split("\0")[1:]
        return [(commit, [*filter(None, files)]) for commit, *files in map(str.splitlines, blocks)]

    # --- the remote's default branch --------------------------------------------------------------------------------

    def default_tip(self) -> str | None:
        """The commit at the tip of the remote's default branch, with all that led to it; None where the remote names none.

        Raises StateError.
        """
        scratch = self.scratch
        told = scratch.git.run("ls-remote", "--symref", "--", scratch.remote, "HEAD", seconds=PATIENCE)
        if not told.ok:
            raise told.error("ask for the default branch", "Check the network. Nothing was changed.")
        lines = [line.split("\t") for line in told.out.decode(errors="replace").splitlines()]
        tip = next((line[0] for line in lines if line[-1] == "HEAD" and not line[0].startswith("ref:")), None)
        if tip is not None and not (self.complete and self._knows(tip)):
            self.fetch("blob:none", self.head)
        return tip

    def _knows(self, commit: str) -> bool:
        return self.git.run("cat-file", "-e", f"{commit}^{{commit}}").ok

    @property
    def _own(self) -> Git:
        """The repository that has it all, once it was asked for: our own borrows the user's objects."""
        return self.scratch.git

    def files(self, commit: str, name: str) -> list[str]:
        """The paths of every file of this name."""
        listed = self._own.output("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
        paths = (path.decode(errors="surrogateescape") for path in listed.split(b"\0") if path)
        return [path for path in paths if path.rpartition("/")[2] == name]

    def has(self, commit: str, path: str) -> bool:
        return bool(self._own.output("ls-tree", "--name-only", "--full-tree", commit, "--", path).strip())

    def content(self, commit: str, path: str) -> bytes:
        return self._own.output("cat-file", "blob", f"{commit}:{path}")

    def led_to(self, tip: str, commit: str) -> bool:
        """Whether a commit is in the history of a tip."""
        return self._own.run("merge-base", "--is-ancestor", commit, tip).ok

    def merge_base(self, commit: str) -> str | None:
        """Where what is checked out left the history of a commit."""
        found = self._own.run("merge-base", self.head, commit)
        return found.out.decode().strip() if found.ok else None

    def removed(self, tip: str, name: str) -> list[tuple[str, str]]:
        """The commits before a tip that removed a file of this name, with its path, the last one first; not where it was renamed.

        Raises StateError.
        """
        words = (
            "-c",
            "core.quotePath=false",
            "log",
            "--format=%x00%H",
            "--name-only",
            "--diff-filter=D",
            "-M",
            "--no-color",
            tip,
        )
        told = self._own.run(*words, "--", f":(top,glob)**/{name}", seconds=PATIENCE)
        if not told.ok:
            raise told.error(
                "read the history of the calendars", "Fix what git reports. Nothing was changed."
            )
        found = []
        for block in told.out.decode(errors="replace").split("\0")[1:]:
            commit, *paths = block.splitlines()
            found += [(commit, path) for path in paths if path]
        return found
