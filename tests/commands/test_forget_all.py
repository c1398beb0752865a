"""`forget --all`: a calendar is left, its state ends with a backup, and Publer keeps every post."""

from __future__ import annotations

import json
import shlex
import shutil
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.forget_all import Leaving
from tests.commands.side_by_side import SideBySide
from tests.system.worlds import ACCOUNTS, DAY, T, Want, World, git, killed, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack

POSTS = (Want("launch", "x", T, "We launched"), Want("later", "facebook", T + DAY, "And more"))
BRANCH = "git:publer-sync-state"


@pytest.fixture
def world(empty_world: World) -> World:
    empty_world.apply_first(*POSTS)
    return empty_world


@pytest.fixture
def branched(tmp_path: Path) -> Iterator[World]:
    """A calendar whose state is on a branch."""
    with world_in(tmp_path / "home") as world:
        world.repository()
        world.settings(state=BRANCH, name="clients/acme")
        world.apply_first(*POSTS)
        yield world


def leave(world: World, *words: str) -> Any:
    return world.run("forget", "--all", *words, "--calendar", world.top)


def backups(world: World) -> list[Path]:
    return sorted((world.top / ".publer-sync").glob("forgotten-*.json"))


def test_a_calendar_is_left_with_all_its_posts_and_its_state_is_kept_aside(world: World) -> None:
    posts, state = world.by_id(), world.ledger.read_bytes()

    assert leave(world, "--diff").code == 0
    assert world.ledger.read_bytes() == state
    ran = leave(world, "--yes")

    assert ran.code == 0, ran
    assert 'x  launch  "We launched"' in ran.stdout
    assert "Publer keeps 2 posts (on 2 accounts) as they are, and publishes them:" in ran.stdout
    assert "stop what applies" in ran.stderr
    assert (world.by_id(), world.writes(), world.store().read()) == (posts, [], None)
    (backup,) = backups(world)
    assert backup.read_bytes() == state
    world.write()
    assert world.apply().code == 0
    assert world.by_id() == posts, "nothing is managed any more: an empty calendar removes nothing"
    back = world.run("state", "mv", "--from", str(backup), "--calendar", world.top, "--yes")
    assert back.code == 0, back
    world.write(*POSTS)
    assert world.changes() == [], "the backup brings it back"


def test_a_draft_is_not_said_to_be_published(world: World) -> None:
    first, second = (replace(post, draft=True) for post in POSTS)
    for wants, told in (
        (
            [first, POSTS[1]],
            "Publer keeps 2 posts (on 2 accounts) as they are, and publishes those that are not drafts:",
        ),
        ([first, second], "Publer keeps 2 drafts (on 2 accounts) as they are:"),
        ([first], "Publer keeps 1 draft as it is:"),
    ):
        world.write(*wants)
        assert world.apply().code == 0
        ran = leave(world, "--diff")
        assert told in ran.stdout
        assert ran.stdout.count('"  draft\n') == sum(want.draft for want in wants)


@pytest.mark.slow
def test_a_post_on_two_accounts_is_one_line_also_where_an_apply_left_two_versions_of_it(
    branched: World,
) -> None:
    world, post = (
        branched,
        "posts:\n- id: both\n  at: {at:%Y-%m-%d} 09:00\n  accounts: [x, facebook]\n  text: Both\n",
    )
    (world.top / "posts.yaml").write_text(post.format(at=T + 2 * DAY))
    assert world.apply().code == 0
    (world.top / "posts.yaml").write_text(post.format(at=T + 3 * DAY))
    assert killed(world, "delete").code == 137
    assert len(world.live()) == 4
    world.settings(state=BRANCH, name="clients/globex")
    world.write()

    ran = leave(world, "--state-name", "clients/acme", "--diff")

    assert ran.code == 0, ran
    assert "Publer keeps 1 post (on 2 accounts) as it is, and publishes it:" in ran.stdout
    (row,) = (line for line in ran.stdout.splitlines() if '"Both"' in line)
    assert row.endswith('  facebook, x  both  "Both"')
    assert "1 post is in Publer in an old and a new version" in ran.stdout


@pytest.mark.slow
def test_on_a_branch_the_state_of_a_calendar_that_is_gone_is_ended_by_its_name(branched: World) -> None:
    world, posts = branched, branched.by_id()
    world.settings(state=BRANCH, name="clients/globex")
    world.write()
    unknown = leave(world, "--yes")
    assert (unknown.code, "It has: clients/acme." in unknown.stderr) == (64, True)

    ran = leave(world, "--state-name", "clients/acme", "--yes", "--format", "json")

    told = json.loads(ran.stdout)
    assert (ran.code, told["calendar"], told["state"], told["written"]) == (0, "clients/acme", BRANCH, True)
    assert [post["id"] for post in told["forgotten"]] == ["launch", "later"]
    assert json.loads(Path(told["backup"]).read_text())["calendar"] == "clients/acme"
    assert (world.by_id(), world.writes()) == (posts, [])
    world.settings(state=BRANCH, name="clients/acme")
    world.write(*POSTS)
    back = world.run("state", "mv", "--from", told["backup"], "--calendar", world.top, "--yes")
    assert (back.code, world.changes()) == (0, []), back
    leave(world, "--yes")
    world.settings(state=BRANCH, name="clients/globex")
    gone = leave(world, "--state-name", "clients/acme", "--yes")
    assert (gone.code, "there is no state of clients/acme" in gone.stderr) == (64, True)


def test_the_marker_of_a_state_that_was_moved_is_dropped_by_its_name(world: World) -> None:
    posts = world.by_id()
    moved = world.run(
        "state", "mv", "--to", str(world.home / "elsewhere.json"), "--calendar", world.top, "--yes"
    )
    assert moved.code == 0, moved
    left = leave(world, "--yes")
    assert (left.code, "was moved to" in left.stderr) == (1, True)

    ran = leave(world, "--state-name", "calendar", "--yes")

    assert ran.code == 0, ran
    assert "The marker of calendar in" in ran.stdout
    assert (world.by_id(), world.ledger.exists()) == (posts, False)


def test_holds_are_released_or_dropped_first(world: World) -> None:
    assert world.run("hold", world.top, "--reason", "Storm", "--account", "x", "--yes").code == 0
    refused = leave(world, "--yes")
    assert (refused.code, world.ledger.exists()) == (64, True)
    assert "calendar is on hold: 1 post would stay out of Publer" in refused.stderr
    assert f"publer-sync release {world.top}" in refused.stderr

    dropped = leave(world, "--drop-holds", "--yes")

    assert (dropped.code, world.store().read()) == (0, None)
    assert "1 post on hold stays out of Publer." in dropped.stdout
    assert [row.text for row in world.live()] == ["And more"]


@pytest.mark.story
@pytest.mark.parametrize("place", [None, "ledger.json", ".publer-sync/parts"])
def test_the_name_of_another_calendar_never_ends_this_one(empty_world: World, place: str | None) -> None:
    world = empty_world
    world.settings(**({"state": place} if place else {}))
    world.apply_first(*POSTS)
    assert world.run("hold", world.top, "--reason", "Storm", "--account", "x", "--yes").code == 0
    out = [row.text for row in world.live()]

    ran = leave(world, "--state-name", "clients/bank", "--drop-holds", "--yes")

    assert (ran.code, "there is no state of clients/bank in" in ran.stderr) == (64, True)
    assert backups(world) == []
    assert world.apply().code == 0
    assert [row.text for row in world.live()] == out == ["And more"], "what is on hold stays out"


def test_a_state_of_an_earlier_version_in_the_folder_is_the_calendars_own(empty_world: World) -> None:
    world = empty_world
    world.settings(state=".publer-sync/state.json")
    world.apply_first(*POSTS)
    git(world.home, "init", "-q", "-b", "main")
    world.settings()
    assert leave(world, "--state-name", "clients/bank", "--yes").code == 64

    ran = leave(world, "--yes", "--format", "json")

    assert ran.code == 0, ran
    assert len(json.loads(ran.stdout)["forgotten"]) == 2
    world.write()
    assert world.changes() == [], "nothing is managed any more, and nothing refuses the calendar"
    runs = json.loads(world.run("log", world.top, "--format", "json").stdout)["runs"]
    assert [run["command"] for run in runs] == ["forget --all", "apply"]


@pytest.mark.parametrize("place", [(), ("--state", "ledger.json")])
def test_a_calendar_that_has_a_folder_is_left_from_there(empty_world: World, place: tuple[str, ...]) -> None:
    world = empty_world
    git(world.home, "init", "-q", "-b", "main")
    other = world.home / "bank"
    with chdir(world.home):
        world.write(*POSTS)
        assert world.apply(*place).code == 0
    world.top.rename(other)
    world.settings(accounts={"x": ACCOUNTS["x"]})
    (other / "publer.yaml").write_text(f"name: calendar\n{(other / 'publer.yaml').read_text()}")
    world.settings(name="acme", accounts={"mastodon": ACCOUNTS["mastodon"]})
    world.write()
    with chdir(world.home):
        ran = leave(world, "--state-name", "calendar", *place, "--yes")
        assert ran.code == 64
        command = shlex.join(["forget", "--all", "--calendar", "bank", *place])
        assert f"publer-sync {command}\n" in ran.stderr
        assert world.run(*shlex.split(command), "--yes").code == 0
        assert leave(world, "--state-name", "calendar", *place, "--yes").code == 64  # there is none any more


def test_a_hold_of_the_settings_names_the_settings(world: World) -> None:
    world.settings(hold={"reason": "Storm"})
    refused = leave(world, "--yes")
    assert (refused.code, "Remove `hold` from publer.yaml and apply first." in refused.stderr) == (64, True)


def test_what_an_apply_has_not_finished_is_finished_first(world: World) -> None:
    """Left as it is, both versions of a post would be published."""
    world.write(Want("launch", "x", T + DAY, "We launched"), POSTS[1])
    assert killed(world, "delete").code == 137
    refused = leave(world, "--yes")
    assert refused.code == 64
    assert (
        f"an apply has not finished with 1 post\n  Run this first, it finds out what became of them: publer-sync apply {world.top}"
        in refused.stderr
    )
    assert world.apply().code == 0
    assert leave(world, "--yes").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name the posts to forget, or give --all"),
        (["launch", "--all"], "--all takes no posts"),
        (["launch", "--drop-holds"], "--drop-holds requires --all"),
        (["launch", "--state-name", "a"], "--state-name requires --all"),
    ],
)
def test_a_line_that_makes_no_sense_is_64(world: World, words: list[str], said: str) -> None:
    ran = world.run("forget", *words, "--calendar", world.top, "--yes")
    assert (ran.code, said in ran.stderr) == (64, True)


def test_an_emptied_calendar_names_the_way_to_leave(world: World) -> None:
    world.write()
    plan, refused = world.run("plan", world.top), world.apply()
    assert "publer-sync forget --all leaves them there, and ends the state" in " ".join(plan.stdout.split())
    assert (refused.code, "forget --all" in refused.document["error"]["message"]) == (4, True)


def test_a_name_is_that_of_the_calendar_itself_of_its_marker_or_of_one_whose_folder_is_gone(
    empty_world: World,
) -> None:
    """What the settings hold is theirs alone, and keeps no other calendar."""
    pair = SideBySide.in_place(empty_world)

    def forget(*words: str) -> tuple[int, str]:
        ran = pair.run("forget", "--all", "--calendar", "acme", *words)
        return ran.code, " ".join((ran.stdout + ran.stderr).split())

    pair.settings("acme", hold={"reason": "Storm"})
    for words in ((), ("--state-name", "ACME")):
        code, told = forget(*words, "--yes")
        assert (code, "Release first" in told, "Remove `hold` from publer.yaml" in told) == (64, False, True)
    shutil.rmtree(pair.top("bank"))
    code, told = forget("--state-name", "Bankers", "--yes")
    assert (code, "The state of bankers in" in told, pair.store("bank").read()) == (0, True, None), told
    assert "an old and a new version" not in told
    code, told = forget("--state-name", "bankers", "--yes")
    assert (code, "there is no state of bankers in" in told) == (64, True), told
    pair.settings("acme")
    assert pair.run("state", "mv", "--to", "moved.json", "--calendar", "acme", "--yes").code == 0
    code, told = forget("--yes")
    assert (code, "was moved to" in told) == (1, True), told
    code, told = forget("--state-name", "acme", "--yes")
    assert (code, "The marker of acme in" in told) == (0, True), told
    assert pair.texts() == ["One", "Two"]


def test_a_renamed_calendar_is_left_with_what_its_part_says_once_no_other_run_has_it(
    empty_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = SideBySide.in_place(empty_world, in_git=True)
    pair.settings("acme", name="umbrella", hold={"reason": "Storm"})
    ran = pair.run("forget", "--all", "--calendar", "acme", "--diff")
    assert (ran.code, "the calendar acme is on hold" in ran.stderr) == (64, True), ran
    pair.settings("acme", name="umbrella")
    lock, locked = Leaving.lock, list[str]()

    def waits(self: Leaving, store: Any, stack: ExitStack) -> None:
        locked.append(Path(store.where).stem)
        if locked[-1] == "acme":  # the run that had it took everything out
            state = store.read()
            with store.lock(1):
                store.write(replace(state, copies={}))
        lock(self, store, stack)

    monkeypatch.setattr(Leaving, "lock", waits)
    ran = pair.run("forget", "--all", "--calendar", "acme", "--yes")
    assert (ran.code, locked) == (0, ["umbrella", "acme"]), ran
    assert ran.stdout.endswith("Publer has none of its posts ahead.\n")
    assert ran.stderr.startswith("Forgotten: 0 posts ahead. Nothing was sent.")
