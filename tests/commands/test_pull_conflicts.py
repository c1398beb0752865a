"""`pull` where the calendar and Publer want different things: a conflict, which is decided by --prefer alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.commands.pulls import apply_all, files, pull, settled
from tests.system.worlds import ACCOUNTS, HOUR, T, Want, World


def test_a_conflict_is_shown_and_written_on_request_alone(world: World) -> None:
    world.apply_first(Want("both", "x", T, "first"))
    world.sandbox.edit(world.find("first")["id"], text="theirs")
    world.write(Want("both", "x", T, "ours"))
    before = files(world)
    (conflict,) = pull(world, code=6)["posts"]
    assert (conflict["action"], conflict["fields"]) == ("conflict", ["text"])
    assert files(world) == before
    pull(world, "--prefer", "calendar")
    assert files(world) == before
    pull(world, "--prefer", "publer")
    assert b'"theirs"' in files(world)["posts.yaml"]
    settled(world)


POST = Want("launch", "x", T, "words")
CARD = replace(POST, more="link: https://example.com/card")


@pytest.mark.parametrize(
    ("before", "ours", "theirs"),
    [
        (POST, {"text": "ours"}, {"at": T + HOUR}),
        (POST, {"at": T + HOUR}, {"text": "theirs"}),
        (POST, {"text": "ours"}, {"text": "theirs", "at": T + HOUR}),
        (POST, {"text": "ours"}, {"state": "draft"}),
        (POST, {"draft": True}, {"text": "theirs"}),
        (POST, {"text": "ours"}, {"account_id": ACCOUNTS["mastodon"]}),
        (CARD, {"more": "link: https://example.com/other"}, {"text": "theirs"}),
        (CARD, {"more": ""}, {"text": "theirs"}),
        (POST, {"more": "link: https://example.com/card"}, {"text": "theirs"}),
        (replace(POST, id=None), {"text": "ours"}, {"at": T + HOUR}),
        (replace(POST, draft=True), {"text": "ours"}, {"at": T + HOUR}),
        (replace(POST, picture="one.png"), {"text": "ours"}, {"at": T + HOUR}),
    ],
)
def test_publers_version_is_written_with_all_that_the_calendar_changed(
    world: World, before: Want, ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    world.apply_first(before)
    world.sandbox.edit(world.find("words")["id"], **theirs)
    world.write(replace(before, **ours))
    (conflict,) = pull(world, code=6)["posts"]
    assert conflict["action"] == "conflict"
    (edited,) = pull(world, "--prefer", "publer")["posts"]
    assert edited["action"] == "edited"
    settled(world)


def test_publers_version_on_one_account_leaves_the_calendars_on_the_other(world: World) -> None:
    both = Want("both", "[x, facebook]", T, "words")
    world.write(both)
    apply_all(world)
    (on_x,) = (post for post in world.sandbox.posts() if post["account_id"] == ACCOUNTS["x"])
    world.sandbox.edit(on_x["id"], at=T + HOUR)
    world.write(replace(both, text="ours"))
    pull(world, "--prefer", "publer")
    (change,) = world.plan()["changes"]
    assert (change["action"], change["account"]["alias"]) == ("update", "facebook")
    assert world.apply().code == 0
    world.sandbox.settle()
    assert {(row.account, row.at, row.text) for row in world.live()} == {
        ("x", T + HOUR, "words"),
        ("facebook", T, "ours"),
    }


@pytest.mark.parametrize("way", ["copy", "undo", "keep"])
def test_what_pull_cannot_undo_is_left_with_steps_that_arrive(world: World, way: str) -> None:
    world.apply_first(POST)
    world.sandbox.edit(world.find("words")["id"], text="theirs")
    ours = replace(POST, labels=("calm",))
    world.write(ours)
    for words, action in ((), "conflict"), (("--prefer", "publer"), "left"):
        (told,) = pull(world, *words, code=6)["posts"]
        assert told["action"] == action
        assert told["reason"] == (
            "edited in Publer, and the calendar's labels changed too, which pull can't undo: "
            "copy the edit into the file, or undo the change there and pull again"
        )
    assert (
        "For conflicts: --prefer calendar keeps the lines." in world.run("pull", world.top, "--diff").stderr
    )
    options = []
    if way == "copy":
        world.write(replace(ours, text="theirs"))
    elif way == "undo":
        world.write(POST)
        pull(world)
        return settled(world)
    else:
        pull(world, "--prefer", "calendar")
        options = ["--overwrite-edits"]
    assert world.settled_amiss(*options) == []
    return None


def test_a_post_with_the_same_words_at_another_time_is_a_conflict(world: World) -> None:
    """Written down beside the calendar's, the same words would be published twice."""
    world.write(Want("planned", "x", T, "the same words"))
    world.stranger("x", T + HOUR, "the same words")
    (conflict,) = pull(world, code=6)["posts"]
    assert (conflict["action"], conflict["fields"]) == ("conflict", ["time"])
    pull(world, "--prefer", "publer")
    settled(world)
    assert len(world.live()) == 0  # all of them are a colleague's


def test_a_minute_that_another_post_wants_is_a_conflict(world: World) -> None:
    world.apply_first(Want("one", "x", T, "one"), Want("two", "x", T + HOUR, "two"))
    world.sandbox.edit(world.find("one")["id"], at=T + HOUR)
    before = files(world)
    (conflict,) = pull(world, code=6)["posts"]
    assert (conflict["action"], conflict["fields"]) == ("conflict", ["time"])
    assert files(world) == before


@pytest.mark.parametrize(
    ("more", "difference"),
    [
        ({"url": "https://example.com/other", "type": "link"}, "its link differs"),
        ({"media": [{"id": "1"}], "type": "photo"}, "its media differ"),
        ({"state": "recurring"}, "it is recurring in Publer"),
    ],
)
def test_a_post_with_the_same_words_in_a_minute_of_the_calendar_is_told_apart(
    world: World, more: dict[str, Any], difference: str
) -> None:
    world.write(Want("one", "x", T, "The same words"))
    world.stranger("x", T, "The same words", **more)
    (blocked,) = world.plan()["changes"]
    assert blocked["reason"] == (
        f'another post is already scheduled for this minute: "The same words"; {difference}'
    )
    if "url" in more:
        (conflict,) = pull(world, code=6)["posts"]
        assert conflict["reason"] == (f"Publer has a post with the same text for this minute; {difference}")


def test_another_post_in_a_minute_of_the_calendar_is_a_conflict(world: World) -> None:
    world.write(Want("ours", "x", T, "ours"))
    world.stranger("x", T, "theirs")
    (conflict,) = pull(world, code=6)["posts"]
    assert (conflict["action"], conflict["fields"]) == ("conflict", ["text"])
    pull(world, "--prefer", "publer")
    assert world.changes() == [("adopt", None, "ours")]
    settled(world)
