"""A post that changes account while one half of that is blocked: one change in plan, comment, page and report, with the way out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.system.worlds import ACCOUNTS, HOUR, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LAUNCH = Want("launch", "x", T, "We open on Friday")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as world:
        world.apply_first(LAUNCH, Want("other", "x", T + HOUR, "Another one"))
        yield world


def test_the_new_account_has_no_room(world: World) -> None:
    """A stranger's post has the minute there: the old one would go, and no new one come."""
    world.stranger("linkedin", T, "Somebody else's")
    other = world.wants[1]
    world.write(replace(LAUNCH, account="linkedin"), other)
    shown = world.run("plan", world.top)
    assert re.search(r"% halfway +09:00  x → linkedin +launch\n", shown.stdout)
    assert "1 post to change account only halfway (on 2 accounts)." in shown.stdout
    comment = world.run("plan", world.top, "--format", "markdown").stdout
    assert "🔶 **Other account, only halfway:** “We open on Friday”" in comment
    assert "removed from the old one, and not created on the new one" in comment
    page = world.home / "page.html"
    world.run("preview", world.top, "--live", "--out", page)
    assert "so neither would publish it" in page.read_text("utf-8")
    # The step that it names, taken: another time.
    assert "choose another time" in shown.stdout
    world.write(replace(LAUNCH, account="linkedin", at=T + 3 * HOUR), other)
    assert world.apply().code == 0
    assert [(row.account, row.text) for row in world.live()] == [
        ("linkedin", "We open on Friday"),
        ("x", "Another one"),
    ]


def test_apply_says_which_half_it_did(world: World) -> None:
    world.stranger("linkedin", T, "Somebody else's")
    world.write(replace(LAUNCH, account="linkedin"), world.wants[1])
    done = world.run("apply", world.top, "--yes")
    assert "It was removed from x, its old account, so neither has it." in done.stdout
    assert done.code == 6


def test_somebody_edited_the_old_one(world: World) -> None:
    """It stays there, and the new one comes: both would be published, until the option or the edit decides."""
    (old,) = [key for key, post in world.by_id().items() if post["text"] == LAUNCH.text]
    world.sandbox.edit(old, text="We open on Saturday")
    world.write(replace(LAUNCH, account="linkedin"), world.wants[1])
    shown = world.run("plan", world.top).stdout
    assert "so both would publish it" in " ".join(shown.split())
    assert "--overwrite-edits" in shown
    done = world.run("apply", world.top, "--overwrite-edits", "--yes")
    assert "1 post moved to another account (on 2 accounts)" in done.stdout
    assert [(row.account, row.text) for row in world.live()] == [
        ("linkedin", "We open on Friday"),
        ("x", "Another one"),
    ]


# --- moved to another account in Publer, and changed in the files --------------------------------------------------------


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[World]:
    """A colleague moved the post to another account; the files have that, and more."""
    with world_in(tmp_path) as world:
        world.apply_first(LAUNCH)
        [post] = world.by_id()
        world.sandbox.edit(post, account_id=ACCOUNTS["linkedin"])
        yield world


def test_on_an_account_that_the_settings_do_not_have_it_may_be_deleted_or_moved(moved: World) -> None:
    """Created again, it would be published there as well."""
    world = moved
    world.settings(accounts={"x": ACCOUNTS["x"]})
    told = " ".join(world.run("plan", world.top).stdout.split())
    assert "Someone deleted it in Publer, or moved it to an account that is not in publer.yaml." in told
    world.settings(accounts={"x": ACCOUNTS["x"], "linkedin": ACCOUNTS["linkedin"]})
    told = " ".join(world.run("plan", world.top).stdout.split())
    assert "Someone moved it to the account linkedin in Publer." in told


@pytest.mark.slow
def test_a_new_post_that_was_not_listed_in_time_is_found_on_its_account(moved: World) -> None:
    world = moved
    world.write(replace(LAUNCH, account="linkedin", at=T + HOUR))
    world.sandbox.faults.list_delay = 200
    assert world.apply("--timeout", "1").code == 6
    world.sandbox.settle()
    world.sandbox.faults.list_delay = 0
    assert world.apply().code == 0
    assert [(row.account, row.at) for row in world.live()] == [("linkedin", T + HOUR)]
    assert world.apply().code == 0
    assert not world.settled_amiss()


@pytest.mark.slow
def test_the_ledger_has_the_new_post_on_its_account(moved: World) -> None:
    """There it looks for it, once Publer has published it under another id."""
    world = moved
    world.write(replace(LAUNCH, account="linkedin", at=T + HOUR))
    assert world.apply().code == 0
    state = world.store().read()
    assert {(copy.on, copy.end is None) for copy in state.copies.values()} == {
        (ACCOUNTS["linkedin"], True),
        (ACCOUNTS["linkedin"], False),
    }


@pytest.mark.slow
@pytest.mark.parametrize("others", [(), (Want("other", "x", T + HOUR, "Another one"),)], ids=["alone", "two"])
def test_an_old_post_goes_back_to_the_account_that_it_was_on(moved: World, others: tuple[Want, ...]) -> None:
    world = moved
    world.write(replace(LAUNCH, account="linkedin", labels=("new",)), *others)
    world.sandbox.faults.refuse = {ACCOUNTS["linkedin"]: "Not today"}
    done = world.apply()
    assert (done.code, done.result("launch")["outcome"]) == (6, "failed"), done
    world.sandbox.faults.refuse = {}
    world.sandbox.settle()
    assert world.apply().code == 0
    assert sorted((row.account, row.labels) for row in world.live() if row.text == LAUNCH.text) == [
        ("linkedin", ("new",))
    ]
