"""The version with the commit that it is of, `0.1.0+gd977006`: in a clone, in a copy that git archive made, in a wheel.

commit.txt is filled in by `git archive`, as the copy of the action and GitHub's own downloads are made, and by the build of a
wheel. In a clone git itself tells.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from publer_sync import __version__

_LONGEST = 7
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
HERE = Path(__file__).resolve().parents[1]


@cache
def version() -> str:
    """Without the commit where nobody knows it."""
    known = commit_of(HERE)
    return f"{__version__}+g{known[:_LONGEST]}" if known else __version__


def commit_of(package: Path) -> str:
    """The commit that a package is of; "" where nobody knows it."""
    try:
        if (noted := (package / "commit.txt").read_text(encoding="utf-8").strip()) and _COMMIT.fullmatch(
            noted
        ):
            return noted
        top = package.parent
        # A copy in somebody else's repository is no clone: the commit there is theirs.
        return _head(top / ".git") if (top / "pyproject.toml").is_file() else ""
    except OSError:
        return ""


def _head(git: Path) -> str:
    """What is checked out, without starting git: this is asked for each document. "" where it is kept in another way."""
    if git.is_file():  # of a work tree
        git = git.parent / git.read_text(encoding="utf-8").partition("gitdir:")[2].strip()
    head = (git / "HEAD").read_text(encoding="utf-8").strip()
    name = head.partition("ref:")[2].strip()
    if not name:
        return head if _COMMIT.fullmatch(head) else ""
    common = git
    if (git / "commondir").is_file():
        common = git / (git / "commondir").read_text(encoding="utf-8").strip()
    for folder in (git, common):
        if (folder / name).is_file():
            found = (folder / name).read_text(encoding="utf-8").strip()
            return found if _COMMIT.fullmatch(found) else ""
    packed = (common / "packed-refs").read_text(encoding="utf-8")
    match = re.search(rf"^([0-9a-f]+) {re.escape(name)}$", packed, re.MULTILINE)
    return match[1] if match and _COMMIT.fullmatch(match[1]) else ""
