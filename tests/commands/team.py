"""People with clones of one repository, for the tests of who undoes whose work."""

from __future__ import annotations

import json
import shutil
from contextlib import chdir
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.ledger.git_world import git
from tests.system.worlds import HOUR, T, Want, World

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Ran

OLD, NEW = Want("launch", "x", T, "We lunched"), Want("launch", "x", T, "We launched")
MORE = Want("more", "x", T + HOUR, "More of it")


@dataclass
class Team:
    """People with clones of one repository, and one state."""

    world: World

    def top(self, who: str) -> Path:
        return self.world.home / who

    def git(self, who: str, *words: str) -> str:
        return git(self.top(who), "-c", f"user.name={who.title()}", "-c", "user.email=a@b.example", *words)

    def join(self, who: str, *words: str) -> None:
        git(
            self.world.home,
            "clone",
            "-q",
            "--template=",
            *words,
            f"file://{self.world.home / 'remote.git'}",
            who,
        )
        self.git(who, "config", "user.name", who.title())

    def write(self, who: str, *wants: Want) -> None:
        """Into the files of one clone."""
        self.world.write(*wants)
        shutil.copytree(self.world.top, self.top(who) / "calendar", dirs_exist_ok=True)

    def commit(self, who: str, *wants: Want, push: bool = True) -> None:
        self.write(who, *wants)
        self.git(who, "add", "-A")
        self.git(who, "commit", "-qm", f"by {who}")
        if push:
            self.git(who, "push", "-q", "origin", "HEAD:main")

    def run(self, who: str, command: str, *words: str) -> Ran:
        with chdir(self.top(who)):
            return self.world.run(command, "calendar", *words)

    def apply(self, who: str, *words: str) -> tuple[int, Any]:
        ran = self.run(who, "apply", "--yes", "--format", "json", *words)
        self.world.sandbox.settle()
        return ran.code, json.loads(ran.stdout)

    def plan(self, who: str) -> Any:
        return json.loads(self.run(who, "plan", "--format", "json").stdout)

    def codes(self, who: str) -> list[str]:
        return [warn["code"] for warn in self.plan(who)["warnings"]]

    def texts(self) -> list[str]:
        return sorted(row.text for row in self.world.live())
