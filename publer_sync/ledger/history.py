"""The history of the calendar's own repository, without a change to it.

A checkout may lack history that its remote has: the checkouts of CI have one commit. What is missing is fetched into a
repository of our own that borrows the user's objects: commits first, and of their files only what is asked for.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.errors import StateError
from publer_sync.ledger.git_command import Git
from publer_sync.ledger.git_remote import open_scratch

if TYPE_CHECKING:
    from publer_sync.ledger.git_remote import Scratch

HEAD = "refs/publer-sync/head"
PATIENCE = 300.0
"""Seconds that a fetch may take: the commits of a large repository are many."""


@dataclass
class History:
    """The history around a folder. Every question raises StateError where it cannot be answered."""

    git: Git
    head: str
    """The commit that is checked out."""

    @classmethod
    def of(cls, top: Path) -> History | None:
        """None where the folder is in no repository, or in one without a commit."""
        try:
            git = Git.of(top)
        except (StateError, OSError):
            return None
        found = git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return cls(git, found.out.decode().strip()) if found.ok else None

    @cached_property
    def complete(self) -> bool:
        """Whether all that led to the commit that is checked out is here."""
        shallow = self.git.run("rev-parse", "--is-shallow-repository").out.strip() != b"false"
        return not shallow and not self.git.run("config", "--get-regexp", r"^remote\..*\.promisor$").out

    @cached_property
    def scratch(self) -> Scratch:
        """Our own repository, which has the user's commits, their shallow ends included. Nothing is fetched yet."""
        scratch = open_scratch(self.git, "the history")
        folder = Path(scratch.git.env["GIT_DIR"])
        objects = self._path("objects")
        (folder / "objects" / "info").mkdir(parents=True, exist_ok=True)
        (folder / "objects" / "info" / "alternates").write_bytes(os.fsencode(f"{objects}\n"))
        if (shallow := self._path("shallow")).is_file():
            (folder / "shallow").write_bytes(shallow.read_bytes())
        scratch.git.output("update-ref", HEAD, self.head)
        return scratch

    def _path(self, name: str) -> Path:
        told = self.git.output("rev-parse", "--path-format=absolute", "--git-path", name)
        return Path(os.fsdecode(told).removesuffix("\n"))

    def fetch(self, what: str, *commits: str) -> None:
        """Fetch what leads to all branches, tags and these commits; `what` is a filter of git's: what is left out.

        A commit that the remote does not have is left out.
        """
        scratch = self.scratch
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
        """The lines that each commit added to a file, below the folder, the first commit first, through its renames."""
        git = self.git
        if not self.complete:
            self.fetch("blob:none", self.head)
            git = self.scratch.git
        prefix = self.git.output("rev-parse", "--show-prefix").decode().strip()
        words = ("log", "--follow", "-p", "--unified=0", "--no-color", "--no-ext-diff", "--format=%x00")
        told = git.run(*words, self.head, "--", f":(top,literal){prefix}{file}", seconds=PATIENCE)
        if not told.ok:
            raise told.error("read the history of the settings", "Fix what git reports. Nothing was changed.")
        commits = told.out.decode(errors="replace").split("\0")[1:]
        return [
            "\n".join(line[1:] for line in commit.splitlines() if line[:1] == "+" and line[:3] != "+++")
            for commit in reversed(commits)
        ]
