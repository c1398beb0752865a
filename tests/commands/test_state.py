"""`state mv`: the state follows a calendar that gets another name."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.running import state_course
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.folder_store import FolderStore
from publer_sync.ledger.git_store import GitStore
from tests.commands.side_by_side import SideBySide
from tests.schemas import conforms
from tests.system.worlds import ACCOUNTS, T, Want, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.ledger.state import State

POST = Want("launch", "x", T, "We launched")


def applied(world: World, place: str | Path) -> None:
    world.settings(name="acme", state=str(place))
    world.apply_first(POST)


@pytest.fixture
def world_elsewhere(empty_world: World) -> World:
    """One managed post; the state is outside the calendar."""
    applied(empty_world, empty_world.home / "state.json")
    return empty_world


@pytest.mark.story
def test_the_state_moves_first_and_then_the_name(world_elsewhere: World) -> None:
    world, place = world_elsewhere, world_elsewhere.home / "state.json"
    words = ("--from", place, "--yes", "--calendar", world.top)
    ran = world.run("state", "mv", "clients/acme", *words)
    assert ran.code == 0, ran
    assert "Write this into publer.yaml before the next apply:\n\n  name: clients/acme" in ran.stderr
    world.settings(name="clients/acme", state=str(place))
    assert world.plan()["changes"] == []
    assert world.plan()["summary"]["unchanged"] == 1


@pytest.mark.story
def test_a_calendar_renamed_too_early_is_told_the_command_that_helps(world_elsewhere: World) -> None:
    world, place = world_elsewhere, world_elsewhere.home / "state.json"
    world.settings(name="new name", state=str(place))
    refused = world.run("plan", world.top)
    assert refused.code == 1
    told = re.search(r"publer-sync (state mv .*)", refused.stderr)
    assert told is not None, refused
    assert told[1] == f"state mv 'new name' --from acme --calendar {world.top}"
    ran = world.run(*shlex.split(told[1]), "--yes")
    assert ran.code == 0, ran
    assert "publer.yaml" not in ran.stderr
    assert world.plan()["summary"]["unchanged"] == 1


@pytest.mark.story
def test_a_calendar_that_was_renamed_takes_its_state_on_the_branch_over(empty_world: World) -> None:
    world, branch = empty_world, "git:publer-sync-state"
    for words in (
        ("init", "-q", "--bare", "remote.git"),
        ("init", "-q"),
        ("remote", "add", "origin", "remote.git"),
    ):
        subprocess.run(["git", *words], cwd=world.home, check=True)
    applied(world, branch)
    world.settings(name="new name", state=branch)
    [warning] = [warn for warn in world.plan()["warnings"] if warn["code"] == "renamed"]
    assert warning["message"].startswith("the ledger has this calendar as acme")
    assert world.apply().code == 0
    plan = world.plan()
    assert (plan["summary"]["unchanged"], plan["warnings"]) == (1, [])


def test_a_calendar_with_errors_can_move_its_state(world_elsewhere: World) -> None:
    (world_elsewhere.top / "more.yaml").write_text("posts:\n- at: never\n", encoding="utf-8")
    ran = world_elsewhere.run("state", "mv", "other", "--yes", "--calendar", world_elsewhere.top)
    assert ran.code == 0, ran


def test_diff_shows_and_json_is_one_document(world_elsewhere: World) -> None:
    world = world_elsewhere
    before = (world.home / "state.json").read_bytes()
    ran = world.run("state", "mv", "other", "--diff", "--format", "json", "--calendar", world.top)
    document = json.loads(ran.stdout)
    conforms(document, "state-mv")
    assert document == {
        "format_version": 1,
        "from": "acme",
        "to": "other",
        "from_state": document["state"],
        "state": document["state"],
        "posts": 1,
        "holds": 0,
        "account": None,
        "written": False,
    }
    assert (world.home / "state.json").read_bytes() == before


@pytest.mark.story
def test_a_name_that_is_not_there_is_answered_with_those_that_are(empty_world: World) -> None:
    world = empty_world
    applied(world, world.home / "ledger")
    world.settings(name="globex", state=str(world.home / "ledger"))
    ran = world.run("state", "mv", "globex", "--from", "acmee", "--yes", "--calendar", world.top)
    assert (ran.code, "It has: acme." in ran.stderr) == (64, True)
    assert world.run("state", "mv", "globex", "--from", "acme", "--yes", "--calendar", world.top).code == 0
    assert world.plan()["summary"]["unchanged"] == 1


def cut_off(world: World, *move: str | Path) -> None:
    """A move that ends once the new place has the state, and before the old one knows."""
    with ExitStack() as stack:
        for kind in (FileStore, FolderStore, GitStore):
            stack.enter_context(mock.patch.object(kind, "write", _until_the_marker(kind.write)))
        assert world.run(*move, "--yes").code == 137


def _until_the_marker(write: Callable[..., None]) -> Callable[..., None]:
    def written(store: Any, state: State, **more: Any) -> None:
        if state.moved is not None:
            raise SystemExit(137)
        write(store, state, **more)

    return written


MOVES = [
    ("old", "new"),
    ("old.json", "new"),
    ("old", "new.json"),
    ("old.json", "new.json"),
    ("old", "git:new"),
    ("git:old", "new.json"),
]
SINCE = [("old",), ("new",), ("old", "new")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "used_since"),
    [*((names, since) for names in MOVES for since in SINCE), (("git:old", "git:new"), ("new",))],
    ids=" ".join,
)
def test_after_a_cut_off_move_under_an_older_name_each_command_arrives(
    empty_world: World, names: tuple[str, str], used_since: tuple[str, ...]
) -> None:
    """Without --state-name, they would be about the calendar's new name, which no state has."""
    world = empty_world
    if any(name.startswith("git:") for name in names):
        world.repository()
    places = {
        which: name if name.startswith("git:") else str(world.home / name)
        for which, name in zip(("old", "new"), names, strict=True)
    }
    applied(world, places["old"])
    world.settings(name="globex", state=places["old"])
    move = ("state", "mv", "acme", "--from", "acme", "--to", places["new"], "--calendar", world.top)
    cut_off(world, *move)
    for number, which in enumerate(used_since):
        world.settings(name="acme", state=places[which])
        world.write(replace(POST, text=f"Edition {number}"))
        assert world.apply().code == (6 if number else 0)
    world.settings(name="globex", state=places["old"])

    refused = world.run(*move, "--yes")

    assert refused.code == 1, refused
    named = [
        shlex.split(each)
        for each in re.findall(r"publer-sync ((?:log|forget) .+? --state \S+)", refused.stderr)
    ]
    assert [words[0] for words in named] == (
        ["log", "log", "forget", "forget"] if len(used_since) > 1 else ["forget"]
    )
    for words in named:
        ran = world.run(*words, *(["--diff"] if words[0] == "forget" else []))
        finds = {"log": "apply", "forget": "launch"}[words[0]]
        assert (ran.code, finds in ran.stdout) == (0, True), ran
    ended = world.run(*named[-1], "--yes")
    assert ended.code == 0, ended
    world.settings(name="acme", state=places["new"])
    if used_since == ("old",):  # "and move it again"
        world.settings(name="globex", state=places["old"])
        assert world.run(*move, "--yes").code == 0
        world.settings(name="acme", state=places["new"])
    assert world.plan()["summary"]["create"] == 0  # it has the post


def test_the_ledger_gets_the_new_id_of_an_account_that_was_reconnected(empty_world: World) -> None:
    old, new = ACCOUNTS["x"], "acc0000000000000000ffffff"
    empty_world.apply_first(Want("one", "x", T, "One"), Want("other", "facebook", T, "Other"))
    empty_world.sandbox.reconnect(old, new)
    words = ("--account", f"{old}={new}", "--calendar", empty_world.top, "--yes")
    assert empty_world.run("state", "mv", *words).code == 0
    state = empty_world.store().read()
    found = {copy.id: copy.account for copy in state.copies.values()}
    assert found == {"one": new, "other": ACCOUNTS["facebook"]}


@pytest.mark.story
@pytest.mark.parametrize("stays", [True, False], ids=["another name", "another place"])
def test_the_folder_of_a_calendar_is_still_known_where_its_state_only_gets_another_name(
    empty_world: World, stays: bool
) -> None:
    """Without it, a copy of the folder would pass for the calendar."""
    world, place = empty_world, str(empty_world.home / "ledger")
    world.settings(state=place)
    world.apply_first(POST)
    words = ("other",) if stays else ("--to", str(world.home / "elsewhere"))
    ran = world.run("state", "mv", *words, "--calendar", world.top, "--yes")
    assert ran.code == 0, ran
    found = (
        (world.home / "ledger").rglob("other.json") if stays else (world.home / "elsewhere").rglob("*.json")
    )
    assert ['"home"' in file.read_text(encoding="utf-8") for file in found] == [stays]


def test_what_makes_no_sense_is_64(world_elsewhere: World) -> None:
    world = world_elsewhere
    for words, message in [
        (("acme", "--yes"), "the state is already named acme"),
        (("other",), "--yes"),
        ((" ", "--yes"), "a name has"),
    ]:
        ran = world.run("state", "mv", *words, "--calendar", world.top)
        assert ran.code == 64, (words, ran)
        assert message in ran.stderr
    (world.home / "state.json").unlink()
    ran = world.run("state", "mv", "other", "--yes", "--calendar", world.top)
    assert ran.code == 64
    assert "there is no state named acme" in ran.stderr


def test_a_state_does_not_move_or_forget_while_another_run_has_it(
    empty_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = SideBySide.in_place(empty_world)
    pair.write(acme=[])
    old, new = ACCOUNTS["x"], "acc0000000000000000ffffff"
    reconnect = ("state", "mv", "--account", f"{old}={new}")
    monkeypatch.setattr(state_course, "LOCK_SECONDS", 0.01)
    with pair.store("acme").lock(1):
        for words in (("state", "mv", "other"), ("forget", "one"), ("forget", "--all"), reconnect):
            if words is reconnect:
                empty_world.sandbox.reconnect(old, new)
            ran = pair.run(*words, "--calendar", "acme", "--yes")
            assert (ran.code, "error: another apply is running" in ran.stderr) == (1, True), ran
            assert pair.run(*words, "--calendar", "acme", "--diff").code == 0
