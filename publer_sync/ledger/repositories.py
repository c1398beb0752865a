"""The git repositories around the calendars of a command, each asked once for all of them."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Final

from publer_sync.ledger.checkout import Checkout, differing_paths, is_below, trees_in, trees_in_work_tree
from publer_sync.ledger.git_branch import NETWORK_SECONDS, GitBranch
from publer_sync.ledger.git_command import Git
from publer_sync.ledger.history import History
from publer_sync.ledger.names import IN_GIT
from publer_sync.ledger.user_git import UserGit
from publer_sync.machine.durable import make_folder, replace_file
from publer_sync.machine.tracked import git_directory, git_environment, repository_of
from publer_sync.values.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path


IDENTITY: Final = f"{IN_GIT}/work-tree"
"""The file in git's directory of a work tree with a random word."""


class WorkTree:
    """A repository with what is checked out in it. `beside` are paths that will be asked for as well."""

    def __init__(self, user_git: UserGit, root: Path, beside: Callable[[], Iterable[Path]] = tuple) -> None:
        self.user_git, self.root = user_git, root
        self._beside = beside
        self._differing: dict[str, bool] = {}
        self._committed: dict[str, str] = {}
        self._trees: dict[str, str] = {}

    def checkout(self, paths: Sequence[Path]) -> Checkout | None:
        """The first path is the calendar's folder. None where nothing is committed yet, and where git can't tell."""
        names = self._names(paths)
        try:
            if self.head is None:
                return None
            if any(name not in self._differing for name in names):
                self._ask([*names, *self._names([*self._beside()])])
            differs = any(self._differing[name] for name in names)
            if differs and any(name not in self._trees for name in names):
                self._trees |= trees_in_work_tree(self._git, [*self._differing])
        except (StateError, OSError):
            return None
        committed = {name: self._committed[name] for name in names}
        trees = {name: self._trees[name] for name in names} if differs else committed
        return Checkout(self._git, self.head, trees, committed, differs)

    @cached_property
    def history(self) -> History | None:
        """None where nothing is committed yet."""
        return History(self.user_git, self.head) if self.head is not None else None

    @cached_property
    def user_name(self) -> str:
        """As git knows it; "" where it does not."""
        try:
            return self.user_git.value("user.name").strip()
        except (StateError, OSError):
            return ""

    @cached_property
    def id(self) -> str:
        """What `identify` gave; "" before that."""
        own = git_directory(self.root)
        try:
            return _named(own, (own / IDENTITY).read_text(encoding="ascii")) if own is not None else ""
        except (OSError, ValueError):
            return ""

    def identify(self) -> str:
        """A name for this work tree, which a copy of it does not have; "" where none can be kept."""
        own = git_directory(self.root)
        if not self.id and own is not None:
            with suppress(OSError):
                make_folder((own / IDENTITY).parent)
                replace_file(own / IDENTITY, secrets.token_hex(16).encode(), private=True)
            del self.id
        return self.id

    @cached_property
    def _git(self) -> Git:
        return Git(self.root, git_environment())

    @cached_property
    def head(self) -> str | None:
        """The commit that is checked out; None where there is none."""
        try:
            told = self._git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        except (StateError, OSError):
            return None
        return told.out.decode().strip() if told.ok else None

    def _names(self, paths: Sequence[Path]) -> list[str]:
        """Those inside, from the top of the repository; "" for that itself. What is in a submodule counts as that."""
        inside = [os.path.relpath(path.resolve(), self.root).replace(os.sep, "/") for path in paths]
        found = [
            "" if name == "." else name for name in inside if name != ".." and not name.startswith("../")
        ]
        return [*dict.fromkeys(map(self._submodule_or, found))]

    def _submodule_or(self, name: str) -> str:
        parts = name.split("/")
        above = ("/".join(parts[:number]) for number in range(1, len(parts) + 1))
        return next((each for each in above if each and (self.root / each / ".git").exists()), name)

    def _ask(self, names: Sequence[str]) -> None:
        new = [name for name in dict.fromkeys(names) if name not in self._differing]
        differing = differing_paths(self._git, new)
        self._committed |= trees_in(self._git, self.head or "", new)
        self._differing |= {name: any(is_below(path, name) for path in differing) for name in new}


def _named(own: Path, word: str) -> str:
    return hashlib.sha256(f"{own}\0{word}".encode()).hexdigest()[:16]


class Repositories:
    """The repositories of one command: what is checked out, and their branches at the remote."""

    def __init__(self) -> None:
        self.command = secrets.token_hex(4)
        """Names the command in the runs that it writes."""
        self._user_gits: dict[Path, UserGit] = {}
        self._trees: dict[Path, WorkTree] = {}
        self._branches: dict[tuple[Path, str], GitBranch] = {}
        self._beside: Callable[[], Iterable[Path]] = tuple

    def of(self, top: Path) -> WorkTree | None:
        """The work tree around a calendar; None outside of git."""
        root = repository_of(top)
        if root is None:
            return None
        if root not in self._trees:
            self._trees[root] = WorkTree(self._user_git(root), root, self._paths)
        return self._trees[root]

    def expect(self, paths: Callable[[], Iterable[Path]]) -> None:
        """These are asked for, too, sooner or later: git is asked for all of them at once."""
        self._beside = paths

    def _paths(self) -> Iterable[Path]:
        return self._beside()

    def branch(self, top: Path, name: str, patience: float = NETWORK_SECONDS) -> GitBranch:
        """The branch `name` at the remote of the repository around a calendar."""
        root = repository_of(top) or top.resolve()
        if (root, name) not in self._branches:
            self._branches[root, name] = GitBranch(self._user_git(root), name, patience)
        return self._branches[root, name]

    def _user_git(self, root: Path) -> UserGit:
        return self._user_gits.setdefault(root, UserGit(root))

    def expire(self) -> None:
        """Let each branch be fetched before it is read again."""
        for each in self._branches.values():
            each.expire()
