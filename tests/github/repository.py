"""A repository with a calendar, the remote it was pushed to, and the events that GitHub tells of them."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SETTINGS = """\
workspace: My Primary Workspace
timezone: Europe/Berlin
accounts:
  facebook: My Facebook Page
  x: My X Account
  linkedin: Company LinkedIn Page
"""


NOW = datetime.now(UTC)


def day(number: int) -> str:
    """A day that is so many days ahead, as a calendar writes it; the same before midnight and after."""
    return f"{NOW + timedelta(days=number):%Y-%m-%d}"


def posts(*texts: str, account: str = "facebook", since: int = 10) -> str:
    """A file with a post a day."""
    lines = ["posts:"]
    for index, text in enumerate(texts):
        lines += [f"- at: {day(since + index)} 09:00", f"  accounts: {account}", "  text: |", f"    {text}"]
    return "\n".join(lines) + "\n"


CALENDAR = {"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts("One", "Two")}


def begin(folder: Path) -> Path:
    """A working copy and a remote, to be copied: what git starts behind each command, to tidy up, is turned off."""
    for name, words in (("remote.git", ["--bare"]), ("work", [])):
        subprocess.run(
            ["git", "init", "-q", "--template=", "-b", "main", *words, str(folder / name)], check=True
        )
    for config in (folder / "remote.git/config", folder / "work/.git/config"):
        with config.open("a", encoding="utf-8") as file:
            file.write("[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[receive]\n\tautogc = false\n")
    (folder / "remote.git/hooks").mkdir()
    return folder


class Repo:
    """A working copy and the remote it was pushed to."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self.work = folder / "work"
        self.remote = folder / "remote.git"
        self._env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            **{
                f"GIT_{who}_{what}": "a@b.example"
                for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            },
        }
        shutil.copytree(empty, folder, dirs_exist_ok=True)
        fetch = "+refs/heads/*:refs/remotes/origin/*"
        with (self.work / ".git/config").open("a", encoding="utf-8") as file:
            file.write(f'[remote "origin"]\n\turl = {self.remote.as_posix()}\n\tfetch = {fetch}\n')

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.work, env=self._env, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str], *, branch: str = "main") -> str:
        """Write, commit and push, and tell the commit."""
        self.git("checkout", "-q", "-B", branch)
        for name, text in files.items():
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")
        self.git("push", "-q", "origin", branch)
        return self.git("rev-parse", "HEAD")

    def merge(self, branch: str) -> str:
        """Merge a branch into main with a commit of its own, push, and tell that commit."""
        self.git("checkout", "-q", "main")
        self.git("merge", "-q", "--no-ff", "--no-edit", branch)
        self.git("push", "-q", "origin", "main")
        return self.git("rev-parse", "HEAD")

    def push_from_elsewhere(self, files: Mapping[str, str]) -> str:
        """Push a commit to main that the working copy does not have, and tell it."""
        here = self.git("rev-parse", "HEAD")
        there = self.commit(files)
        self.git("checkout", "-q", "--detach", here)
        self.git("branch", "-q", "-D", "main")
        return there


def pull_event(head: str, *, fork: bool = False, number: int = 7, state: str = "open") -> dict[str, Any]:
    theirs = "somebody/r" if fork else "o/r"
    return {
        "action": "synchronize",
        "pull_request": {
            "number": number,
            "state": state,
            "head": {"sha": head, "ref": "topic", "repo": {"full_name": theirs}},
            "base": {"ref": "main", "repo": {"full_name": "o/r"}},
        },
        "repository": {"full_name": "o/r", "default_branch": "main"},
    }


def event(repo: Repo, **options: Any) -> dict[str, Any]:
    """A pull request with what is checked out."""
    return pull_event(repo.git("rev-parse", "HEAD"), **options)
