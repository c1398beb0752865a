"""`pull` where the calendar and Publer want different things: a conflict, which is decided by --prefer alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands.pulls import files, pull, settled
from tests.system.worlds import HOUR, T, Want, World


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
