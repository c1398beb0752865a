"""Options that let posts through, given for some posts alone: those go, the others stay as without the option."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publer_sync.cli.core import FOR_POSTS
from publer_sync.planning.allow import FLAGS, Allow
from tests.system.worlds import ACCOUNTS, DAY, MINUTE, T, Want, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.system.worlds import World

pytestmark = pytest.mark.story
ONE = Want("one", "facebook", T, "First words")
TWO = Want("two", "linkedin", T + DAY, "Second words")


@pytest.fixture
def world(tmp_path: Path, every_kind_seen: None) -> Iterator[World]:
    with world_in(tmp_path / "world") as world:
        yield world


def done(world: World, *flags: str) -> tuple[int, list[tuple[str, str]]]:
    ran = world.apply(*flags)
    return ran.code, sorted((each["id"] or "", each["outcome"]) for each in ran.document["results"])


def test_of_two_posts_that_are_frozen_the_named_one_changes(world: World) -> None:
    soon = datetime.now(UTC).replace(second=0, microsecond=0) + 9 * MINUTE
    both = [replace(ONE, at=soon), replace(TWO, at=soon)]
    world.apply_first(*both)
    world.write(*(replace(each, text=f"{each.text}, better") for each in both))
    assert done(world, "--allow-frozen=two") == (6, [("one", "not_tried"), ("two", "applied")])
    assert sorted(post["text"] for post in world.by_id().values()) == ["First words", "Second words, better"]


def test_of_two_edits_the_named_one_is_written_over(world: World) -> None:
    world.apply_first(ONE, TWO)
    for post_id, post in world.by_id().items():
        world.sandbox.edit(post_id, text=f"{post['text']} of a colleague")
    world.write(*(replace(each, text=f"{each.text}, better") for each in (ONE, TWO)))
    assert done(world, "--overwrite-edits=one") == (6, [("one", "applied"), ("two", "not_tried")])
    told = sorted(post["text"] for post in world.by_id().values())
    assert told == ["First words, better", "Second words of a colleague"]


def test_of_what_someone_deleted_the_named_ones_are_created_again(world: World) -> None:
    third = Want(None, "x", T + 2 * DAY, "Third words")
    world.apply_first(ONE, TWO, third)
    for post_id in world.by_id():
        world.sandbox.remove(post_id)
    nameless = f"--allow-recreate=one,x@{third.at:%Y-%m-%dT%H:%M}"
    code, outcomes = done(world, nameless)
    assert (code, dict(outcomes)["two"]) == (6, "not_tried")
    assert sorted(post["text"] for post in world.by_id().values()) == ["First words", "Third words"]


def test_of_two_possible_duplicates_the_named_one_is_created(world: World) -> None:
    for want in (ONE, TWO):
        world.sandbox.add(account_id=ACCOUNTS[want.account], at=want.at + DAY, text=want.text)
    world.write(ONE, TWO)
    assert done(world, "--allow-twins=one") == (6, [("one", "applied"), ("two", "not_tried")])
    assert [code for _, code, _ in world.changes()].count("twin") == 1
    assert done(world, "--allow-twins=one", "--allow-twins=two")[0] == 0


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--allow-twins=onee", 'no calendar here has the post "onee"'),
        ("--allow-twins=", "names no post"),
        ("--allow-rewritten=one", "does not take a value"),
    ],
)
def test_a_name_that_is_nobodys_sends_nothing(world: World, option: str, told: str) -> None:
    world.write(ONE)
    ran = world.run("apply", world.top, "--yes", option)
    assert (ran.code, told in ran.stderr) == (64, True), ran.stderr
    assert ("Did you mean one?" in ran.stderr) == ("onee" in option)
    assert world.writes() == []


def test_the_command_line_knows_what_may_be_given_for_some_posts() -> None:
    assert {*FOR_POSTS.values()} == {each.name for each in fields(Allow) if each.type == "Lets"}
    assert all(FLAGS[option] == field for option, field in FOR_POSTS.items())
