"""The user's own repository, as git tells of it: each question is asked once, and nothing is written to it."""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.ledger.git_command import NAME_A_FILE, Git, GitResult
from publer_sync.values.errors import StateError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

ConfigEntry = tuple[str, str]
"""A key of git's configuration as `git config --list` writes it, and its value."""

_ABOUT = ("--show-toplevel", "--show-object-format", "--is-shallow-repository", "--git-common-dir")
_TOLD = re.compile(
    r"(?P<top>.+)\n(?P<object_format>\w+)\n(?P<shallow>true|false)\n(?P<common>.+?)\n(?:(?:(?P<head>HEAD|refs/[^\n]+)\n)?--\n)?",
    re.DOTALL,
)


class _About(NamedTuple):
    top: Path
    object_format: str
    is_shallow: bool
    common: Path
    """What all work trees of the repository share."""
    head: str | None
    """The branch that is checked out, as a whole ref, or HEAD where none is; None where nothing is committed yet."""


class UserGit:
    """The repository around a folder. Every question raises StateError where git is missing or too old.

    Where there is none, or git finds no work tree there, what git itself answers then is answered: the user's own
    configuration above all. What needs a work tree raises StateError.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def expect(self, what: str) -> None:
        """Raise StateError if there is no repository. `what` completes the message: "find the calendar's repository for …"."""
        if not self._told.out:
            raise self._told.error(
                f"find the calendar's repository for {what}",
                f"A state on a branch needs a calendar in a git repository with a remote. Elsewhere, {NAME_A_FILE}",
            )

    def takes(self, ref: str) -> bool:
        """Whether git takes this as the name of a ref."""
        return self.git.run("check-ref-format", ref).ok

    @cached_property
    def git(self) -> Git:
        return Git.of(self._folder)

    @property
    def top(self) -> Path:
        """Of the work tree."""
        return self._about.top

    @property
    def object_format(self) -> str:
        return self._about.object_format

    @property
    def is_shallow(self) -> bool:
        if self._told.out:
            return self._about.is_shallow
        return self.git.run("rev-parse", "--is-shallow-repository").out.strip() != b"false"

    @property
    def common(self) -> Path:
        """What all work trees of the repository share, its objects above all."""
        return self._about.common

    @cached_property
    def head(self) -> str:
        """The branch that is checked out, as a whole ref; "" where none is."""
        if self._told.out and (known := self._about.head) is not None:
            return "" if known == "HEAD" else known
        return os.fsdecode(self.git.run("symbolic-ref", "-q", "HEAD").out).strip()

    @cached_property
    def config(self) -> tuple[ConfigEntry, ...]:
        """Key and value, in the order in which git read them."""
        return config_entries(self.git.output("config", "--list", "-z", "--includes"))

    def value(self, key: str) -> str:
        """The value of a key, as git would use it; "" without one."""
        return dict(self.config).get(key, "")

    @property
    def lacks_objects(self) -> bool:
        """Whether it was cloned without some, which git fetches when they are asked for."""
        return any(key.startswith("remote.") and key.endswith(".promisor") for key, _ in self.config)

    @property
    def remotes(self) -> set[str]:
        return remotes_in(self.config)

    @property
    def remote(self) -> str:
        """The name of the remote that is meant. Raises StateError where there is none, or several could be."""
        return remote_of(self.config, self.head.removeprefix("refs/heads/"))

    @cached_property
    def _told(self) -> GitResult:
        return self.git.run("rev-parse", *_ABOUT, "--symbolic-full-name", "HEAD", "--")

    @cached_property
    def _about(self) -> _About:
        self.expect("the history")
        told = _TOLD.fullmatch(os.fsdecode(self._told.out))
        if told is None:
            raise self._told.error("tell of the calendar's repository", "Update git. Nothing was changed.")
        common = (self._folder / told["common"]).resolve()
        head = told["head"] if self._told.ok else None
        return _About(Path(told["top"]), told["object_format"], told["shallow"] == "true", common, head)


def config_entries(listed: bytes) -> tuple[ConfigEntry, ...]:
    """What `git config --list -z` prints. A key without a value means true."""
    pairs = (os.fsdecode(item).partition("\n") for item in listed.split(b"\0") if item)
    return tuple((key, value if mark else "true") for key, mark, value in pairs)


def remote_of(config: Sequence[ConfigEntry], head: str) -> str:
    """The upstream's remote of the branch `head`, else `origin`, else the only one. Raises StateError."""
    remotes = remotes_in(config)
    upstream = dict(config).get(f"branch.{head}.remote")
    if upstream in remotes:
        return upstream
    if "origin" in remotes:
        return "origin"
    if len(remotes) == 1:
        return remotes.pop()
    if not remotes:
        raise StateError(
            "the calendar's repository has no remote",
            code="state.remote",
            hint=f"Add one (git remote add origin URL), or {NAME_A_FILE}",
        )
    raise StateError(
        f"the state could be on any of several remotes: {printable_line(', '.join(sorted(remotes)))}",
        code="state.remote",
        hint="Name one of them origin, or let the current branch track one (git branch --set-upstream-to).",
    )


def remotes_in(config: Sequence[ConfigEntry]) -> set[str]:
    return {key[len("remote.") : -len(".url")] for key, _ in config if _is_url(key)}


def _is_url(key: str) -> bool:
    return key.startswith("remote.") and key.endswith(".url") and len(key) > len("remote..url")
