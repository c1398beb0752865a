"""Rows of Publer's list that cannot be read, and states that no document names: the rest goes on, and nothing is sent again."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.sandbox import dialects
from tests.system.worlds import ACCOUNTS, DAY, HOUR, MINUTE, T, Want, World, clocks, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

ONE = Want("one", "facebook", T, "One")
TWO = Want("two", "linkedin", T + HOUR, "Two")
NEW = Want("new", "facebook", T + DAY, "New")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as made:
        yield made


def unreadable(world: World, *texts: str) -> None:
    ids = [str(post["id"]) for post in world.sandbox.posts() if post["text"] in texts]
    assert len(ids) == len(texts)
    world.sandbox.faults.unreadable = frozenset(ids)


def warned(world: World, code: str) -> list[str]:
    return [warning["message"] for warning in world.plan()["warnings"] if warning["code"] == code]


def test_a_row_that_is_null_stops_nothing(world: World) -> None:
    world.sandbox.faults.null_rows = True
    world.apply_first(ONE, TWO)
    assert world.amiss() == []
    assert warned(world, "unread") == [
        "Publer lists posts that publer-sync cannot read (not an object): one without an id"
    ]
    world.write(replace(ONE, text="Edited"), replace(TWO, at=TWO.at + HOUR))
    assert world.apply().code == 0
    world.sandbox.settle()
    assert world.amiss() == []


def test_a_managed_post_whose_row_cannot_be_read_is_blocked_and_the_rest_goes_on(world: World) -> None:
    world.apply_first(ONE, TWO)
    unreadable(world, "One")
    world.write(replace(ONE, text="Edited"), replace(TWO, text="Edited too"), NEW)
    assert world.changes() == [("blocked", "unread", "one"), ("create", None, "new"), ("update", None, "two")]
    done = world.apply()
    assert (done.code, done.result("one")["outcome"]) == (6, "not_tried")
    assert {post["text"] for post in world.sandbox.posts()} == {"One", "Edited too", "New"}
    world.sandbox.faults.unreadable = frozenset()
    assert world.settled_amiss() == []


def test_what_was_sent_is_not_sent_again_while_a_row_of_its_account_may_be_it(world: World) -> None:
    """It is there, under an id that nobody knows, and its time cannot be read: so are some of so many, by their ids."""
    many = 40
    world.apply_first(TWO)
    world.sandbox.faults.unreadable_some = True
    world.write(TWO, *(replace(ONE, id=f"p{n}", at=T + n * DAY, text=f"post {n}") for n in range(many)))
    first = world.apply()
    unverified = [result["id"] for result in first.document["results"] if result["outcome"] == "unverified"]
    assert (first.code, 0 < len(unverified) < many) == (6, True), first
    world.sandbox.settle()
    made = len(world.sandbox.posts())
    for _ in range(3):
        again = world.apply()
        world.sandbox.settle()
        assert (again.code, len(world.sandbox.posts())) == (6, made), again
    found = {change[1:] for change in world.changes()} - {
        ("unread", "two")
    }  # whose own row may be one of them
    assert found == {("unread", post_id) for post_id in unverified}


def test_a_post_that_went_while_another_row_cannot_be_read_is_not_made_anew(world: World) -> None:
    world.apply_first(ONE, TWO)
    world.sandbox.add(account_id=ACCOUNTS["facebook"], at=T + DAY, text="A colleague's")
    unreadable(world, "A colleague's")
    world.sandbox.remove(next(str(post["id"]) for post in world.sandbox.posts() if post["text"] == "One"))
    assert world.changes() == [("blocked", "unread", "one")]
    assert world.apply("--allow-recreate").code == 6
    assert [row.text for row in world.live()] == ["A colleague's", "Two"]


@pytest.mark.parametrize("word", ["queued", "scheduled_reviewing"])
def test_a_state_that_no_document_names_is_told_and_never_sent_again(world: World, word: str) -> None:
    world.sandbox.faults.state_words = {"scheduled": word}
    world.write(ONE)
    done = world.apply()
    assert done.code == 1  # the first post, so the run ends
    assert word in done.result("one")["message"]
    world.sandbox.settle()
    for _ in range(2):
        assert world.changes() == [("blocked", "state", "one")]
        assert world.apply().code == 6
        assert len(world.sandbox.posts()) == 1
    world.sandbox.faults.state_words = {}
    assert world.changes() == []


def test_a_minute_held_by_a_post_in_an_unknown_state_is_taken(world: World) -> None:
    world.sandbox.faults.state_words = {"locked": "vaulted"}
    world.stranger("facebook", T, "A colleague's", state="locked")
    world.write(ONE)
    assert world.changes() == [("blocked", "slot", "one")]


def test_an_account_without_a_provider_is_as_if_it_were_not_there(world: World) -> None:
    world.sandbox.faults.odd_account = True
    world.apply_first(ONE)
    assert world.amiss() == []


def test_a_replace_is_not_tried_again_while_a_row_may_be_its_new_post(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.apply_first(ONE, TWO)
    later = ONE.at + 3 * HOUR
    world.write(replace(ONE, at=later), TWO)
    with monkeypatch.context() as patched:
        patched.setattr(dialects, "readable", lambda stored, _faults: stored.at != later)
        for _ in range(3):
            assert world.apply().code == 6
            world.sandbox.settle()
        world.sandbox.reset_log()
        assert world.changes() == [("blocked", "unread", "one")]
        assert (world.apply().code, world.writes()) == (6, [])
    assert world.settled_amiss() == []


@pytest.mark.parametrize("left", [True, False], ids=["left the calendar", "moved back"])
def test_what_is_not_wanted_any_more_and_may_be_an_unreadable_row_is_told_until_it_is_gone(
    world: World, monkeypatch: pytest.MonkeyPatch, *, left: bool
) -> None:
    before = replace(ONE, at=T + DAY)
    monkeypatch.setattr(dialects, "readable", lambda stored, _faults: stored.at != T)
    world.apply_first(*([] if left else [before]), TWO)
    world.write(ONE, TWO)
    assert world.apply().code == 6
    time.sleep(31 * world.sandbox.poll_seconds)
    world.write(*([] if left else [before]), TWO)
    for _ in range(2):
        assert (world.apply().code, world.changes()) == (6, [("blocked", "unread", "one")])
    made = {str(post["id"]) for post in world.sandbox.posts() if post["text"] == "One" and post["at"] == T}
    assert len(made) == 1, "it would be published"
    world.sandbox.remove(made.pop())
    assert (world.apply().code, world.changes()) == (0, [])
    assert world.settled_amiss() == []


def test_a_post_whose_row_cannot_be_read_once_it_is_published_is_not_published_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.apply_first(TWO)
    monkeypatch.setattr(dialects, "readable", lambda stored, _faults: stored.body["text"] != "One")
    world.write(ONE, TWO)
    assert world.apply().code == 6
    with clocks(world) as to:
        to(T + 3 * HOUR)
        told = world.apply()
        assert (told.code, told.result("one")["outcome"]) == (6, "not_tried")
        assert "it is not known whether this post was published" in told.result("one")["message"]
        assert world.apply().code == 0, "once"
        world.write(replace(ONE, at=T + 5 * DAY), TWO)
        for _ in range(2):
            assert (world.apply().code, world.changes()) == (6, [("blocked", "twin", "one")])
            to(T + 4 * DAY)
    assert [post["text"] for post in world.sandbox.posts()].count("One") == 1


@pytest.mark.parametrize(("at", "code"), [(T - HOUR, 6), (T + 2 * MINUTE, 6), (T + 2 * HOUR, 0)])
def test_hold_tells_of_what_may_be_an_unreadable_row_while_it_may_be_published(
    world: World, monkeypatch: pytest.MonkeyPatch, at: datetime, code: int
) -> None:
    world.apply_first(TWO)
    monkeypatch.setattr(dialects, "readable", lambda stored, _faults: stored.body["text"] != "One")
    world.write(ONE, TWO)
    assert world.apply().code == 6
    time.sleep(31 * world.sandbox.poll_seconds)
    with clocks(world) as to:
        to(at)
        held = world.run("hold", world.top, "--account", "facebook", "--reason", "crisis", "--yes")
    assert (held.code, "publer-sync cannot read" in f"{held}") == (code, code == 6)


def test_a_post_that_becomes_a_draft_that_no_list_shows_is_sent_once(world: World) -> None:
    world.apply_first(ONE)
    world.sandbox.faults.drafts = "hidden"
    world.write(replace(ONE, draft=True))
    for _ in range(3):
        assert world.apply().code == 6
        world.sandbox.settle()
    assert world.changes() == [("blocked", "unseen", "one")]
    assert sorted(post["state"] for post in world.sandbox.posts()) == ["draft", "scheduled"]
