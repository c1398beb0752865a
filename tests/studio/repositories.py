"""Calendars in git. What was committed once is copied from then on: git takes longer for it than most tests for the rest."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PREPARED: Final[list[Path]] = []
"""The folder of the repositories that were made already, if there is one."""


def git(top: Path, *words: str, given: str | None = None) -> str:
    command = ("git", "-c", "user.name=Someone", "-c", "user.email=someone@example.com", *words)
    return subprocess.run(command, cwd=top, check=True, capture_output=True, text=True, input=given).stdout


def committed(top: Path, message: str) -> Path:
    """A folder once all that is in it is the first commit of its branch `main`."""
    made = PREPARED[0] / _digest(top, message) if PREPARED else None
    if made is None or not made.exists():
        git(top, "init", "--quiet", "--initial-branch=main")
        git(top, "add", "--all")
        git(top, "commit", "--quiet", f"--message={message}")
        if made is not None:
            shutil.copytree(top / ".git", made)
    else:
        shutil.copytree(made, top / ".git")
    return top


def clone(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A clone of `remote.git` in the same folder, both with these files in the first commit of `main`; and somebody's name."""
    folder.mkdir(exist_ok=True)
    made = PREPARED[0] / "clones" if PREPARED else None
    if made is None or not made.exists():
        _write(folder / "clone", files)
        top = committed(folder / "clone", "First")
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
        with (top / ".git" / "config").open("a", encoding="utf-8") as config:
            config.write("[user]\n  name = Kari\n  email = kari@example.com\n")
        git(top, "remote", "add", "origin", "../remote.git")
        git(top, "push", "--quiet", "--set-upstream", "origin", "main")
        git(top, "remote", "set-head", "origin", "main")
        if made is not None:
            for name in ("clone", "remote.git"):
                shutil.copytree(folder / name, made / name)
    else:
        shutil.copytree(made, folder, dirs_exist_ok=True)
    return folder / "clone"


def _write(top: Path, files: Mapping[str, str | bytes]) -> None:
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(text.encode() if isinstance(text, str) else text)


def _digest(top: Path, message: str) -> str:
    found = hashlib.sha256(message.encode())
    for folder, _, names in sorted(os.walk(top)):
        for path in (Path(folder, name) for name in sorted(names)):
            found.update(repr((path.relative_to(top).as_posix(), path.read_bytes())).encode())
    return found.hexdigest()[:16]
