"""Which files a calendar is read from, as git knows them: the commit, and the trees as they are in the work tree."""

from __future__ import annotations

import os
import shutil
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.errors import StateError
from publer_sync.late_dataclasses import dataclass
from publer_sync.ledger.git_command import Git
from publer_sync.temporary import folder as temporary_folder
from publer_sync.tracked import git_environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Checkout:
    """`trees` are git's ids by path from the repository's top: of the work tree, and of the commit that is checked out."""

    git: Git
    commit: str
    trees: Mapping[str, str] = field(default_factory=dict)
    committed: Mapping[str, str] = field(default_factory=dict)
    differs: bool = False

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self.trees)


def checkout_of(paths: Sequence[Path]) -> Checkout | None:
    """The first path is the calendar's folder. None outside of git, and where nothing is committed yet."""
    git = Git(paths[0].resolve(), git_environment())
    try:
        told = git.run("rev-parse", "--show-toplevel", "--verify", "HEAD^{commit}")
        if not told.ok:
            return None
        top, commit = os.fsdecode(told.out).removesuffix("\n").rsplit("\n", 1)
        root = Path(top)
        inside = [os.path.relpath(path.resolve(), root.resolve()).replace(os.sep, "/") for path in paths]
        names = ["" if name == "." else name for name in inside if not name.startswith("../")]
        git = Git(root, git.env)
        differs = bool(git.output("--no-optional-locks", "status", "--porcelain", "--", *_specs(names)))
        committed = trees_in(git, commit, names)
        trees = _in_work_tree(git, names) if differs else committed
    except (StateError, OSError):
        return None
    return Checkout(git, commit, trees, committed, differs)


def commit_of(top: Path) -> str | None:
    """The commit that is checked out, and nothing of the files."""
    try:
        told = Git(top.resolve(), git_environment()).run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    except (StateError, OSError):
        return None
    return told.out.decode().strip() if told.ok else None


def trees_in(git: Git, tree: str, names: Sequence[str]) -> dict[str, str]:
    """The ids of these paths in a commit or tree; "" for one that it does not have."""
    told = git.output(
        "cat-file",
        "--batch-check=%(objectname)",
        given="".join(f"{tree}:{name}\n" for name in names).encode(),
    )
    ids = told.decode(errors="replace").splitlines()
    return {name: "" if found.endswith(" missing") else found for name, found in zip(names, ids, strict=True)}


def _specs(names: Sequence[str]) -> list[str]:
    return [f":(top,literal){name}" if name else ":(top)" for name in names]


def _in_work_tree(git: Git, names: Sequence[str]) -> dict[str, str]:
    """As a commit would have them, from a copy of the index, with objects that nobody keeps."""
    with temporary_folder() as folder:
        index = folder / "index"
        ours = Path(
            os.fsdecode(
                git.output("rev-parse", "--path-format=absolute", "--git-path", "index")
            ).removesuffix("\n")
        )
        if ours.is_file():
            shutil.copyfile(ours, index)
        objects = os.fsdecode(
            git.output("rev-parse", "--path-format=absolute", "--git-path", "objects")
        ).removesuffix("\n")
        (folder / "objects").mkdir()
        more = {
            "GIT_INDEX_FILE": str(index),
            "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects,
        }
        scratch = Git(git.cwd, {**git.env, **more})
        there = [name for name in names if (git.cwd / name).exists()]
        scratch.output("add", "--all", "--", *_specs(there))
        tree = scratch.output("write-tree").decode().strip()
        return trees_in(scratch, tree, names)
