"""Two calendars for one account, between whose files posts are cut and pasted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from publer_sync.ledger.names import folder_of
from tests.commands.test_several import seed
from tests.conftest import QUICK, Ran, run_here
from tests.ledger.git_world import git
from tests.system.worlds import T, Want

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox

ONE = seed(1, "fjordlight")
SETTINGS = "workspace: fjordlight\ntimezone: UTC\naccounts: {{x: {{id: {account}, shared: true}}}}\n{more}"
LAUNCH = Want("launch", "x", T, "We launched")
ACME, GLOBEX = "clients/acme", "clients/globex"


@dataclass
class Two:
    """Two calendars for one account, in one repository, which stand in the current folder."""

    sandbox: Sandbox
    branch: bool
    url: str
    """A state belongs to one address of Publer."""

    def settings(self, name: str, more: str = "") -> None:
        Path(name).mkdir(parents=True, exist_ok=True)
        more += "state: git:publer-sync-state\n" if self.branch else ""
        text = SETTINGS.format(account=ONE.accounts[0].id, more=more)
        Path(name, "publer.yaml").write_text(text)

    def write(self, name: str, *wants: Want) -> None:
        body = "posts:\n" + "".join(want.yaml() for want in wants) if wants else "posts: []\n"
        Path(name, "posts.yaml").write_text(body)

    def cut_and_paste(self, *wants: Want, giver: str = ACME, receiver: str = GLOBEX) -> None:
        self.write(giver)
        self.write(receiver, *wants)

    def run(self, *words: str) -> Ran:
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PUBLER")},
            "PUBLER_API_KEY": "k",
            "PUBLER_BASE_URL": self.url,
            "PUBLER_SYNC_POLL_SECONDS": str(QUICK),
        }
        return run_here(words, environ)

    def apply(self, *words: str) -> tuple[int, list[Any]]:
        """One document for each calendar."""
        ran = self.run("apply", *words, "--yes", "--allow-deletes", "9", "--format", "json")
        document = json.loads(ran.stdout)
        found = [each["result"] for each in document["calendars"]] if "calendars" in document else [document]
        return ran.code, found

    def plan(self, *words: str) -> list[Any]:
        document = json.loads(self.run("plan", *words, "--format", "json").stdout)
        return [each["result"] for each in document["calendars"]] if "calendars" in document else [document]

    def part(self, name: str) -> str:
        """Where a calendar's part is in the ledger."""
        return f"{folder_of(self.url, ONE.workspace_id)}/{name}.json"

    def document(self, name: str) -> str:
        """The state of a calendar."""
        if self.branch:
            words = [
                "git",
                "show",
                f"publer-sync-state:{self.part(name)}",
            ]  # to its last byte, which is signed
            return subprocess.run(words, cwd="remote.git", check=True, capture_output=True, text=True).stdout
        return Path(".git/publer-sync", self.part(name)).read_text()

    def put(self, name: str, document: str) -> None:
        """Somebody else writes the state of a calendar."""
        if not self.branch:
            Path(".git/publer-sync", self.part(name)).write_text(document)
            return
        git(Path(), "clone", "-q", "-b", "publer-sync-state", "remote.git", "by-hand")
        Path("by-hand", self.part(name)).write_text(document)
        git(Path("by-hand"), "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qam", "by hand")
        git(Path("by-hand"), "push", "-q", "origin", "HEAD")
        shutil.rmtree("by-hand")

    def state(self, name: str) -> Any:
        return json.loads(self.document(name))

    def posts(self) -> list[Any]:
        self.sandbox.settle()
        return [post for post in self.sandbox.posts() if post["state"].startswith(("scheduled", "draft"))]

    def ids(self) -> list[str]:
        return sorted(str(post["id"]) for post in self.posts())

    def writes(self) -> list[str]:
        return [request.method for request in self.sandbox.requests if request.method != "GET"]

    def kept(self, name: str) -> list[str]:
        """The ids of the posts that a state has as not accounted for."""
        copies = (copy for entry in self.state(name)["posts"] for copy in entry["copies"])
        return sorted(copy["post_id"] for copy in copies if "end" not in copy and "post_id" in copy)


class InPlace(NamedTuple):
    folder: Path
    front: Sandbox
    """Has the address that is in the states."""


ON_BOTH = pytest.mark.parametrize(
    "two", ["files", pytest.param("branch", marks=pytest.mark.slow)], indirect=True
)
"""What depends on how the states are written. On a branch, each command starts git some forty times."""
ON_A_BRANCH = pytest.mark.parametrize("two", ["branch"], indirect=True)
