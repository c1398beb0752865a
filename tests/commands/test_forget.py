"""`forget`: publer-sync stops managing posts, and Publer keeps them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.copies import End
from publer_sync.ledger.state import dumps, loads
from publer_sync.values.content import Revision
from tests.schemas import conforms
from tests.system.worlds import ACCOUNTS, DAY, T, Want, World

if TYPE_CHECKING:
    from typing import Any

    from publer_sync.ledger.copies import Copy

KEPT = Want("kept", "x", T + DAY, "Stays in the calendar")
BOTH = (Want("launch", "x", T, "We launched"), Want("launch-fb", "facebook", T, "We launched"))


@pytest.fixture
def world(empty_world: World) -> World:
    """Three posts are managed; only one of them is still in the calendar."""
    empty_world.apply_first(KEPT, *BOTH)
    empty_world.write(KEPT)
    empty_world.sandbox.requests.clear()
    return empty_world


def forget(world: World, *words: str) -> Any:
    return world.run("forget", *words, "--calendar", world.top)


def copies(world: World) -> dict[str | None, Copy]:
    """The newest copy of each entry, by its id in the calendar."""
    return {entry.id: entry.newest for entry in loads(world.ledger.read_bytes(), "").entries().values()}


def change(world: World, id: str, **more: Any) -> None:
    """Let the state say something else of one copy."""
    state = loads(world.ledger.read_bytes(), "")
    state.put(replace(next(copy for copy in state.copies.values() if copy.id == id), **more))
    world.ledger.write_text(dumps(state), encoding="utf-8")


def second_copy(world: World, id: str, **more: Any) -> None:
    """Let the state have one more copy of a post, as an interrupted replace leaves it."""
    state = loads(world.ledger.read_bytes(), "")
    old = next(copy for copy in state.copies.values() if copy.id == id)
    state.put(replace(old, key=state.new_key(), slot=T + 2 * DAY, post_id="p-2", **more))
    world.ledger.write_text(dumps(state), encoding="utf-8")


def test_a_forgotten_post_stays_in_publer_and_no_apply_removes_it(world: World) -> None:
    before = world.by_id()
    ran = forget(world, "launch", f"facebook@{T:%Y-%m-%dT%H:%M}", "--yes")
    assert ran.code == 0, ran
    assert "2 posts (on 2 accounts) forgotten. Publer keeps them; nothing was sent." in ran.stderr
    assert 'x  launch  "We launched"' in ran.stdout
    assert set(copies(world)) == {"kept"}
    assert world.writes() == []
    assert world.apply().code == 0
    assert world.by_id() == before


def test_diff_only_shows(world: World) -> None:
    before = world.ledger.read_bytes()
    ran = forget(world, "launch", "--diff")
    assert (ran.code, world.ledger.read_bytes()) == (0, before)
    assert "launch" in ran.stdout
    assert "Nothing was changed." in ran.stderr
    assert forget(world, f"twitter@{T:%Y-%m-%dT%H:%M}", "--diff").stdout == ran.stdout


def test_json_says_what_was_forgotten(world: World) -> None:
    post_id = copies(world)["launch"].post_id
    ran = forget(world, "launch", "--yes", "--format", "json")
    document = json.loads(ran.stdout)
    conforms(document, "forget")
    assert document["written"] is True
    assert [(post["id"], post["account"]["alias"], post["post_id"]) for post in document["forgotten"]] == [
        ("launch", "x", post_id)
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("kept", "is still in the calendar (posts.yaml:2"),
        ("nobody", '"nobody" is not managed here'),
        ("y@2027-03-02", 'no post and no account "y" here'),
        ("x@2020-01-01T09:00", "is not managed here"),
        ("x@soon", "soon"),
    ],
)
def test_what_cannot_be_forgotten_is_64_and_nothing_is_written(world: World, name: str, message: str) -> None:
    before = world.ledger.read_bytes()
    ran = forget(world, "launch", name, "--yes")
    assert ran.code == 64, ran
    assert message in ran.stderr
    in_time = "Remove it from the calendar first, and run this before the next apply."
    assert (in_time in ran.stderr) == (name == "kept"), "an apply in between would remove it from Publer"
    assert world.ledger.read_bytes() == before


@pytest.mark.parametrize(
    "unfinished",
    [
        {"post_id": None, "verified_at": None, "seen": None},
        {"removing_at": T},
        {"revising": Revision("New words")},
    ],
    ids=["sent", "being removed", "being edited"],
)
def test_a_post_that_an_apply_has_not_finished_with_is_refused(
    world: World, unfinished: dict[str, Any]
) -> None:
    change(world, "launch", **unfinished)
    ran = forget(world, "launch", "--yes")
    assert ran.code == 64, ran
    assert 'an apply has not finished with "launch" on x' in ran.stderr
    assert "launch" in copies(world)


def test_a_post_of_which_an_old_copy_still_has_to_go_is_refused(world: World) -> None:
    second_copy(world, "launch")
    ran = forget(world, "launch", "--yes")
    assert ran.code == 64, ran
    assert 'an apply has not finished with "launch" on x' in ran.stderr


def test_the_copies_of_a_post_that_have_ended_are_forgotten_with_it(world: World) -> None:
    second_copy(world, "launch", end=End.REMOVED, ended_at=T)
    assert forget(world, f"x@{T:%Y-%m-%dT%H:%M}", "--yes").code == 0
    assert [copy.id for copy in loads(world.ledger.read_bytes(), "").copies.values()].count("launch") == 0


def test_renamed_and_moved_is_still_in_the_calendar(world: World) -> None:
    """Equal words on the same account: apply would take the post for the calendar's, moved."""
    world.write(KEPT, replace(BOTH[0], id="other", at=T + 2 * DAY))
    ran = forget(world, "launch", "--yes")
    assert ran.code == 64, ran
    assert "is still in the calendar" in ran.stderr


def test_where_nobody_can_be_asked_it_is_64_before_anything_is_read(world: World) -> None:
    ran = forget(world, "launch")
    assert ran.code == 64
    assert "--yes" in ran.stderr
    assert not world.sandbox.requests


def test_without_a_state_nothing_is_managed(world: World) -> None:
    world.ledger.unlink()
    ran = forget(world, "launch", "--yes")
    assert ran.code == 64
    assert "there is no state yet" in ran.stderr


def test_an_invalid_calendar_is_3(world: World) -> None:
    (world.top / "more.yaml").write_text("posts:\n- at: never\n", encoding="utf-8")
    assert forget(world, "launch", "--yes").code == 3


def test_one_post_is_counted_as_one(world: World) -> None:
    ran = forget(world, f"facebook@{T:%Y-%m-%dT%H:%M}", "--yes")
    assert "1 post forgotten. Publer keeps it; nothing was sent." in ran.stderr


def test_a_held_post_that_left_the_calendar_can_be_forgotten(world: World) -> None:
    """It is not in Publer, and nothing says that Publer keeps it; the release after that knows nothing of it."""
    hold = world.run("hold", world.top, "--reason", "Accident", "--yes")
    assert hold.code == 0, hold
    ran = forget(world, "launch", "--yes")
    assert ran.code == 0, ran
    assert "These are not in Publer: a hold took them out" in ran.stdout
    assert "Publer keeps" not in ran.stdout + ran.stderr
    assert "1 post forgotten. Nothing was sent." in ran.stderr
    assert set(copies(world)) == {"kept", "launch-fb"}
    released = world.run("release", world.top, "--yes")
    assert released.code == 0, released
    world.sandbox.settle()
    assert [row.text for row in world.live()] == [KEPT.text]


def test_a_removal_in_doubt_on_an_account_that_left_for_good_keeps_nobody_from_forgetting(
    world: World,
) -> None:
    """No list tells any more what became of it."""
    change(world, "launch", removing_at=datetime.now(UTC) - timedelta(hours=1))
    assert forget(world, "launch", "--yes").code == 64
    accounts = {alias: number for alias, number in ACCOUNTS.items() if alias != "x"}
    world.settings(accounts=accounts)
    world.write(replace(KEPT, account="facebook"))
    assert forget(world, "launch", "--yes").code == 64, "it left the settings, and Publer has it"
    world.sandbox.reconnect(ACCOUNTS["x"], "acc0000000000000000ffffff")
    ran = forget(world, "launch", "--yes")
    assert ran.code == 0, ran
    assert "launch" not in copies(world)
