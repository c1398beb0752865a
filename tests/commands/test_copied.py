"""A calendar, a repository or a state that is copied: nothing of the first one's ever changes hands."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from publer_sync.ledger.state import dumps
from tests.ledger.git_world import git
from tests.system.worlds import DAY, HOUR, T, Want, World

pytestmark = pytest.mark.story

POST = Want("launch", "x", T, "We launched")


@pytest.fixture
def world(empty_world: World) -> World:
    """One post in place, in a repository, whose ledger is in the default place."""
    git(empty_world.home, "init", "-q", "--template=", "-b", "main")
    empty_world.settings()
    empty_world.apply_first(POST)
    return empty_world


def error(world: World, *words: str | Path, code: int = 1) -> Any:
    ran = world.run(*words, "--format", "json")
    assert ran.code == code, ran
    return json.loads(ran.stdout)["error"]


def apply(world: World, top: Path) -> int:
    return world.run("apply", top, "--yes", "--allow-deletes", "9").code


def writes(world: World) -> list[str]:
    return [request.method for request in world.sandbox.requests if request.method != "GET"]


def rename(top: Path, name: str) -> None:
    settings = top / "publer.yaml"
    settings.write_text(f"name: {name}\n" + settings.read_text())


def test_a_copied_calendar_with_its_name_is_refused_and_the_named_line_makes_it_another(world: World) -> None:
    settings = world.top / "publer.yaml"
    settings.write_text("name: fjordlight\n" + settings.read_text())
    assert apply(world, world.top) == 0
    before = world.live()
    copy = world.home / "copy"
    shutil.copytree(world.top, copy)
    for words in (
        ("apply", copy, "--yes"),
        ("pull", copy, "--yes"),
        ("forget", "launch", "--calendar", copy, "--yes"),
    ):
        told = error(world, *words)
        assert told["code"] == "name.taken"
        assert "calendar" in told["message"]
        assert "copy" in told["message"]
    plan = json.loads(world.run("plan", copy, "--format", "json").stdout)
    assert "name.taken" in {warn["code"] for warn in plan["warnings"]}
    line = told["hint"].partition("for example: ")[2].partition("\n")[0]
    (copy / "publer.yaml").write_text(settings.read_text().replace("name: fjordlight", line))
    (change,) = json.loads(world.run("plan", copy, "--format", "json").stdout)["changes"]
    assert (change["action"], change["code"]) == ("blocked", "elsewhere")
    assert apply(world, copy) == 6
    (copy / "posts.yaml").write_text("posts: []\n")
    assert apply(world, copy) == 0
    assert world.live() == before
    assert apply(world, world.top) == 0


def test_a_calendar_that_is_moved_stays_itself(world: World) -> None:
    settings = world.top / "publer.yaml"
    settings.write_text("name: fjordlight\n" + settings.read_text())
    assert apply(world, world.top) == 0
    world.sandbox.reset_log()
    moved = world.home / "brands" / "fjordlight"
    moved.parent.mkdir()
    world.top.rename(moved)
    assert apply(world, moved) == 0
    assert not writes(world)


def assert_same_in_a_work_tree(world: World) -> None:
    git(world.home, "add", "calendar")
    git(world.home, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "one")
    beside = world.home.parent / "beside"
    git(world.home, "worktree", "add", "-q", str(beside))
    world.sandbox.reset_log()
    assert apply(world, beside / "calendar") == 0
    assert apply(world, world.top) == 0
    assert not writes(world)


def test_in_a_work_tree_beside_it_it_is_the_same_calendar(world: World) -> None:
    assert_same_in_a_work_tree(world)


def test_a_repository_that_is_copied_with_its_ledger_is_another_one_while_the_first_is_there(
    world: World,
) -> None:
    before = world.live()
    copy = world.home.parent / "copy"
    shutil.copytree(world.home, copy)
    (copy / "calendar" / "posts.yaml").write_text("posts: []\n")
    assert error(world, "apply", copy / "calendar", "--yes")["code"] == "name.taken"
    assert world.run("hold", copy / "calendar", "--reason", "Accident", "--yes").code == 0, "hold never asks"
    world.sandbox.settle()
    assert world.live() == []
    assert world.run("release", copy / "calendar", "--yes").code == 1
    rename(copy / "calendar", "other")
    assert apply(world, copy / "calendar") == 0
    world.run("apply", world.top, "--yes", "--allow-recreate")
    world.sandbox.settle()
    assert world.live() == before


def copied(world: World) -> Path:
    """A copy of the repository with its ledger."""
    copy = world.home.parent / "copy"
    shutil.copytree(world.home, copy)
    return copy


def test_nothing_moves_out_of_a_part_that_was_copied_with_its_repository(world: World) -> None:
    copy = copied(world)
    other = copy / "other"
    shutil.copytree(copy / "calendar", other)
    (copy / "calendar" / "posts.yaml").write_text("posts: []\n")
    (other / "posts.yaml").write_text("posts:\n" + replace(POST, text="We launched!").yaml())
    for tops in ([other], [other, copy / "calendar"]):
        for command in (["plan"], ["apply", "--yes"]):
            world.run(*command, *tops)
    assert not writes(world)
    (change,) = json.loads(world.run("plan", other, "--format", "json").stdout)["changes"]
    assert (change["action"], change["code"]) == ("blocked", "elsewhere")
    assert f"the calendar calendar is in {world.top}" in change["reason"]
    assert apply(world, world.top) == 0


def test_a_part_that_was_copied_with_its_repository_gets_no_other_name_and_the_named_step_deletes_it(
    world: World,
) -> None:
    copy = copied(world)
    with chdir(copy):
        for words in (["other"], ["--to", "git:elsewhere"], ["--to", "there"]):
            told = error(world, "state", "mv", *words, "--calendar", "calendar", "--yes")
            assert (told["code"], str(world.top) in told["message"]) == ("copied", True)
        step = shlex.split(told["hint"].partition("delete the copy: ")[2].partition("\n")[0])
        subprocess.run(step, check=True)
        (copy / "calendar" / "posts.yaml").write_text("posts: []\n")
        assert apply(world, Path("calendar")) == 0
    assert not writes(world)
    shutil.rmtree(copy)
    copied(world)
    shutil.rmtree(world.home)
    with chdir(copy):
        assert world.run("state", "mv", "other", "--calendar", "calendar", "--yes").code == 0
    copy.rename(world.home)


def test_outside_of_git_a_folder_that_is_renamed_takes_its_ledger_along_and_a_copy_does_not(
    empty_world: World,
) -> None:
    world = empty_world
    world.apply_first(POST, replace(POST, id="later", at=T + HOUR))
    copy = world.home / "copy"
    shutil.copytree(world.top, copy)
    (copy / "posts.yaml").write_text("posts:\n" + replace(POST, text="We launched!").yaml())
    assert apply(world, copy) == 6
    assert not writes(world)
    shutil.rmtree(copy)
    renamed = world.home / "renamed"
    world.top.rename(renamed)
    (renamed / "posts.yaml").write_text("posts:\n" + replace(POST, text="We launched!").yaml())
    assert apply(world, renamed) == 0
    assert [row.text for row in world.live()] == ["We launched!"]


def test_a_calendar_whose_name_changes_in_case_alone_stays_itself(world: World) -> None:
    settings = world.top / "publer.yaml"
    before = settings.read_text()
    settings.write_text("name: Fjordlight\n" + before)
    world.write(POST, replace(POST, id="later", at=T + HOUR))
    assert apply(world, world.top) == 0
    settings.write_text("name: fjordlight\n" + before)
    beside = world.home / "beside"
    shutil.copytree(world.top, beside)
    (beside / "publer.yaml").write_text("name: beside\n" + before)
    (beside / "posts.yaml").write_text("posts: []\n")
    codes = {
        warn["code"] for warn in json.loads(world.run("plan", beside, "--format", "json").stdout)["warnings"]
    }
    assert codes == {"account.shared", "no_state"}
    assert world.run("apply", beside, "--gone", "Fjordlight", "--yes").code == 64
    world.write(POST)
    assert apply(world, world.top) == 0
    assert [row.text for row in world.live()] == [POST.text]


def test_once_the_first_repository_is_gone_the_other_one_goes_on(world: World) -> None:
    moved = world.home.parent / "moved"
    world.home.rename(moved)
    world.sandbox.reset_log()
    assert apply(world, moved / "calendar") == 0
    assert not writes(world)
    moved.rename(world.home)


def older(world: World, top: Path, calendar: str) -> None:
    """The ledger as an earlier version kept it, in the calendar's folder."""
    store = world.store()
    state = store.read()
    assert state is not None
    state.calendar, state.home = calendar, None
    store.path.unlink()
    (top / ".publer-sync").mkdir(exist_ok=True)
    (top / ".publer-sync" / "state.json").write_text(dumps(state))


def test_the_state_of_an_earlier_version_is_taken_over_with_all_it_manages(world: World) -> None:
    older(world, world.top, "calendar")
    plan = json.loads(world.run("plan", world.top, "--format", "json").stdout)
    assert (plan["changes"], plan["summary"]["unchanged"]) == ([], 1)
    world.write(Want("launch", "x", T + HOUR, "We launched"))
    assert apply(world, world.top) == 0
    assert [row.at for row in world.live()] == [T + HOUR]
    assert world.ledger.is_file()
    (world.top / ".publer-sync" / "state.json").unlink()
    assert json.loads(world.run("plan", world.top, "--format", "json").stdout)["changes"] == []


def test_a_state_of_an_earlier_version_that_came_with_a_copied_folder_is_refused_and_the_named_step_helps(
    world: World,
) -> None:
    before = world.live()
    copy = world.home / "copy"
    older(world, world.top, "calendar")
    shutil.copytree(world.top, copy)
    (copy / "posts.yaml").write_text("posts: []\n")
    told = error(world, "apply", copy, "--yes")
    assert told["code"] == "copied"
    assert "copy/.publer-sync/state.json" in told["message"] + told["hint"]
    assert "rm " in told["hint"]
    (copy / ".publer-sync" / "state.json").unlink()
    assert apply(world, copy) == 0
    assert world.live() == before
    assert apply(world, world.top) == 0
    shutil.copytree(world.top, copy.with_name("late"))  # with the marker, once it was taken over
    (copy.with_name("late") / "posts.yaml").write_text("posts: []\n")
    assert error(world, "apply", copy.with_name("late"), "--yes")["code"] == "state.moved"
    assert world.live() == before


def test_a_part_that_is_copied_by_hand_removes_nothing_in_either_calendar(world: World) -> None:
    before = world.live()
    copy = world.home / "copy"
    shutil.copytree(world.top, copy)
    part = world.ledger
    state = world.store().read()
    assert state is not None
    state.calendar, state.home = "copy", None
    part.with_name("copy.json").write_text(dumps(state))
    for top in (world.top, copy):
        (top / "posts.yaml").write_text("posts: []\n")
        (change,) = json.loads(world.run("plan", top, "--format", "json").stdout)["changes"]
        assert (change["action"], change["code"], change["would"]) == ("blocked", "elsewhere", "delete")
        assert apply(world, top) == 6
    assert world.live() == before
    assert world.run("forget", "launch", "--calendar", copy, "--yes").code == 0
    assert apply(world, world.top) == 0
    assert world.live() == []


def test_a_calendar_that_comes_into_a_repository_keeps_what_it_manages(empty_world: World) -> None:
    world = empty_world
    world.settings()
    world.apply_first(POST)
    assert (world.top / ".publer-sync").is_dir()
    git(world.home, "init", "-q", "--template=", "-b", "main")
    world.write(Want("launch", "x", T + DAY, "We launched"))
    assert apply(world, world.top) == 0
    assert [row.at for row in world.live()] == [T + DAY]
    assert (world.home / ".git" / "publer-sync").is_dir()


def test_in_a_work_tree_beside_it_it_is_the_same_calendar_also_once_the_state_moved_to_a_branch(
    world: World,
) -> None:
    git(world.home, "init", "-q", "--bare", "--template=", "../remote.git")
    git(world.home, "remote", "add", "origin", str(world.home.parent / "remote.git"))
    ran = world.run("state", "mv", "--to", "git:publer-sync-state", "--calendar", world.top, "--yes")
    assert ran.code == 0, ran
    world.settings(state="git:publer-sync-state")
    assert_same_in_a_work_tree(world)
