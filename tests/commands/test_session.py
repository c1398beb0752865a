"""Two calendars whose states are on one branch, from the command line: neither takes the other's posts."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.system.worlds import HOUR, T, Want, World

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.story, pytest.mark.usefixtures("every_kind_seen")]

POST = Want("launch", "x", T, "We launched")


class Pair:
    """The calendars acme, which has applied POST, and bolt, which wants it too and has a state of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._git("init", "-q", "--bare", "remote.git")
        self._git("init", "-q")
        self._git("remote", "add", "origin", "remote.git")
        self.acme = self._calendar("acme", POST)
        self.bolt = self._calendar("bolt", Want("other", "x", T + 3 * HOUR, "Other"))
        for top in (self.bolt, self.acme):
            assert world.run("apply", top, "--yes").code == 0
        world.sandbox.settle()

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.world.home, check=True)

    def _calendar(self, name: str, *wants: Want) -> Path:
        self.world.settings(name=name, state="git:publer-sync-state")
        self.world.write(*wants)
        return self.world.top.rename(self.world.home / name)

    def want(self, *wants: Want) -> None:
        body = "posts:\n" + "".join(want.yaml() for want in wants) if wants else "posts: []\n"
        (self.bolt / "posts.yaml").write_text(body, "utf-8")

    def plan(self) -> Any:
        ran = self.world.run("plan", self.bolt, "--format", "json")
        assert ran.code == 0, ran
        return json.loads(ran.stdout)

    def damage(self) -> None:
        """Someone edits acme's state by hand."""
        clone = self.world.home / "by-hand"
        self._git("clone", "-q", "-b", "publer-sync-state", "remote.git", str(clone))
        [file] = clone.rglob("acme.json")
        file.write_text(file.read_text("utf-8").replace("We launched", "They launched"), "utf-8")
        by = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")
        subprocess.run(["git", *by, "commit", "-qam", "by hand"], cwd=clone, check=True)
        subprocess.run(["git", "push", "-q"], cwd=clone, check=True)


@pytest.fixture
def pair(empty_world: World) -> Pair:
    return Pair(empty_world)


@pytest.mark.slow
def test_a_post_of_another_calendar_is_never_adopted_and_so_never_removed(pair: Pair) -> None:
    world = pair.world
    posted = world.find(POST.text)["id"]
    pair.want(POST)
    [change, removed] = sorted(pair.plan()["changes"], key=lambda each: each["action"])
    assert (change["action"], change["code"], change["would"]) == ("blocked", "elsewhere", "create")
    assert change["reason"].endswith("the calendar acme manages it")
    assert removed["action"] == "delete"
    told = " ".join(world.run("plan", pair.bolt).stdout.split())
    assert "or remove that post from the calendar acme and apply it first." in told
    assert world.run("apply", pair.bolt, "--yes", "--allow-deletes", "9").code == 6
    pair.want()
    assert world.run("apply", pair.bolt, "--yes", "--allow-deletes", "9").code == 0
    assert world.find(POST.text)["id"] == posted


def test_a_hold_names_the_calendar_that_manages_what_it_leaves_alone(pair: Pair) -> None:
    """To delete it in Publer would have that calendar create it again."""
    told = " ".join(pair.world.run("hold", pair.bolt, "--reason", "Why", "--diff").stdout.split())
    assert "Managed by the calendar acme, left alone: 1 post" in told
    assert "To stop them, run hold for that calendar." in told
    assert "Not managed here" not in told
    pair.damage()
    ran = pair.world.run("hold", pair.bolt, "--reason", "Why", "--yes", "--format", "json")
    assert ran.code == 0, ran
    [left] = json.loads(ran.stdout)["unmanaged"]
    assert (left["text"], left["calendar"]) == (POST.text, None)


@pytest.mark.slow
def test_calendars_that_are_held_together_tell_nobody_to_delete_each_others_posts(pair: Pair) -> None:
    ran = pair.world.run("hold", pair.acme, pair.bolt, "--reason", "Why", "--yes")
    assert ran.code == 0, ran
    assert "left alone" not in ran.stdout
    assert pair.world.live() == []


def test_a_state_that_cannot_be_read_stops_adoption_and_pull_and_nothing_else(pair: Pair) -> None:
    pair.damage()
    assert [warn["code"] for warn in pair.plan()["warnings"]] == ["state_unreadable"]
    pair.want(POST, Want("new", "x", T + 5 * HOUR, "New"))
    plan = pair.plan()
    assert {(each["action"], each["code"]) for each in plan["changes"]} == {
        ("blocked", "slot"),
        ("create", None),
        ("delete", None),
    }
    assert [warn["code"] for warn in plan["warnings"]] == ["state_unreadable"]
    ran = pair.world.run("pull", pair.bolt, "--diff")
    assert (ran.code, "(calendar acme) is damaged" in ran.stderr) == (1, True), ran
