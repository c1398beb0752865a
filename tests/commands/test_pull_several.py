"""pull over several calendars: one look, one question, and no post in two of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands import pull as command
from publer_sync.commands.running import file_course
from tests.system.worlds import ACCOUNTS, DAY, HOUR, SETTINGS, T, Want, World, git, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("acme", "globex")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two calendars that share an account, each with a post in place."""
    with world_in(tmp_path / "home") as made:
        for name, own in zip(NAMES, ("facebook", "linkedin"), strict=True):
            accounts = {"x": {"id": ACCOUNTS["x"], "provider": "x", "shared": True}, own: ACCOUNTS[own]}
            write(made, name, Want(name, own, T, f"Of {name}"), accounts=accounts)
        assert made.run("apply", clients(made), "--yes").code == 0
        made.sandbox.settle()
        made.sandbox.reset_log()
        yield made


def clients(world: World) -> Path:
    return world.home / "clients"


def write(world: World, name: str, *wants: Want, **settings: Any) -> None:
    top = clients(world) / name
    top.mkdir(parents=True, exist_ok=True)
    if settings:
        lines = {**SETTINGS, **settings}
        (top / "publer.yaml").write_text(
            "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items())
        )
    (top / "posts.yaml").write_text("posts:\n" + "".join(want.yaml() for want in wants))


def pull(world: World, *flags: str, code: int = 0) -> dict[str, Any]:
    """The result of each calendar, by its name."""
    ran = world.run("pull", clients(world), "--format", "json", *flags)
    assert ran.code == code, ran
    found = json.loads(ran.stdout)["calendars"]
    return {each["calendar"].rpartition("/")[2]: each["result"] for each in found}


def summaries(found: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {
        name: {key: number for key, number in each["summary"].items() if number}
        for name, each in found.items()
    }


def test_each_calendar_gets_its_own_and_nothing_is_in_two(world: World) -> None:
    world.stranger("x", T + HOUR, "On the account of both")
    world.stranger("linkedin", T + HOUR, "On the account of one")
    world.sandbox.edit(world.find("Of acme")["id"], text="Edited")

    shown = pull(world, "--diff")
    assert not any(each["written"] for each in shown.values())
    found = pull(world, "--yes")

    assert world.writes() == []
    assert summaries(found) == summaries(shown) == {"acme": {"new": 1, "edited": 1}, "globex": {"new": 1}}
    assert found["globex"]["counted"] == {"elsewhere": 1}
    assert world.run("apply", clients(world), "--yes").code == 0
    assert world.writes() == []
    assert world.run("plan", clients(world), "--detailed-exitcode").code == 0
    assert summaries(pull(world, "--yes")) == {"acme": {}, "globex": {}}


def test_a_post_that_another_calendar_has_in_its_files_comes_into_no_second_one(world: World) -> None:
    """One after the other, and nobody applied in between."""
    git(world.home, "init", "-q")
    world.stranger("x", T + HOUR, "On the account of both")
    counted = []
    for name in NAMES:
        ran = world.run("pull", clients(world) / name, "--yes", "--format", "json")
        assert ran.code == 0, ran
        counted.append((json.loads(ran.stdout)["summary"]["new"], json.loads(ran.stdout)["counted"]))
    assert counted == [(1, {}), (0, {"elsewhere": 1})]
    assert world.run("apply", clients(world), "--yes").code == 0
    assert world.writes() == []


def test_one_with_a_conflict_and_one_with_errors_keep_the_others_from_nothing(world: World) -> None:
    write(world, "wrong", Want("wrong", "nobody", T, "No account"), accounts={"x": ACCOUNTS["x"]})
    world.stranger("linkedin", T + HOUR, "New")
    world.sandbox.edit(world.find("Of acme")["id"], text="Edited")
    write(world, "acme", Want("acme", "facebook", T, "Changed"))

    found = pull(world, "--yes", code=3)

    assert found["wrong"]["error"]["code"] == "calendar"
    assert (found["acme"]["summary"]["conflicts"], found["acme"]["written"]) == (1, False)
    assert found["globex"]["written"]
    (clients(world) / "wrong" / "publer.yaml").unlink()
    assert pull(world, "--yes", code=6)["acme"]["summary"]["conflicts"] == 1


def test_one_question_is_asked_for_all(world: World) -> None:
    for number, account in enumerate(("facebook", "linkedin")):
        world.stranger(account, T + DAY + number * HOUR, "New")
    with mock.patch.object(command, "need_answer"), mock.patch.object(file_course, "confirm") as confirm:
        ran = world.run("pull", clients(world))
    assert ran.code == 0, ran
    confirm.assert_called_once_with("This writes 2 files; Publer is not changed.")
    assert ran.stderr.count("Wrote 1 file. Next: publer-sync plan ") == 2
    assert all(list((clients(world) / name).glob("pulled-*.yaml")) for name in NAMES)
