"""Which files a calendar is read from, as git knows them: the commit, and the trees as they are in the work tree."""

from __future__ import annotations

import os
import shutil
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.ledger.git_command import Git
from publer_sync.machine.temporary import folder as temporary_folder
from publer_sync.starting.late_dataclasses import dataclass

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


def trees_in(git: Git, tree: str, names: Sequence[str], *, partial: bool = False) -> dict[str, str]:
    """The ids of these paths in a commit or tree, of a submodule its commit; "" for one that it does not have.

    `partial`: what is in files may have been left out when the commit was fetched.
    """
    told = git.output(
        "cat-file",
        "--batch-check=%(objectname)",
        given="".join(f"{tree}:{name}\n" for name in names).encode(),
    )
    ids = told.decode(errors="replace").splitlines()
    found = dict(zip(names, ids, strict=True))
    # the commit of a submodule is not in this repository: some gits call it missing
    unknown = [name for name, each in found.items() if " " in each]
    absent = [name for name in unknown if name and (partial or (git.cwd / name / ".git").exists())]
    return {**found, **dict.fromkeys(unknown, ""), **_listed_in(git, tree, absent)}


def _listed_in(git: Git, tree: str, names: Sequence[str]) -> dict[str, str]:
    """The ids of those of these paths that are there, also where what they name is not in this repository."""
    if not names:
        return {}
    told = git.run("ls-tree", "-z", "--full-tree", tree, "--", *_specs(names)).out
    rows = (row.partition(b"\t") for row in told.split(b"\0") if row)
    found = ((about.split(), os.fsdecode(path)) for about, _, path in rows)
    return {path: about[2].decode() for about, path in found}


def differing_paths(git: Git, names: Sequence[str]) -> list[str]:
    """What of these differs from the commit that is checked out; a folder that git knows nothing of has a slash at its end."""
    words = ("--no-optional-locks", "status", "--porcelain", "-z", "--no-renames")
    told = git.output(*words, "--", *_specs(names)).split(b"\0")
    return [os.fsdecode(row[3:]) for row in told if row]


def is_below(path: str, name: str) -> bool:
    """Whether a path is that of a file or folder, inside it, or a folder around it that git knows nothing of."""
    return (
        not name
        or path == name
        or path.startswith(f"{name}/")
        or (path[-1:] == "/" and name.startswith(path))
    )


def _specs(names: Sequence[str]) -> list[str]:
    return [f":(top,literal){name}" if name else ":(top)" for name in names]


def trees_in_work_tree(git: Git, names: Sequence[str]) -> dict[str, str]:
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
            times = ours.stat()  # by which git knows what was written right after it
            os.utime(index, ns=(times.st_atime_ns, times.st_mtime_ns))
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
