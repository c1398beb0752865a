"""What apply does before anything else where posts are on hold and Publer has them, and what it refuses or asks about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.hold import Hold
from tests.builders import DAY
from tests.commands.side_by_side import ONE, TWO, SideBySide
from tests.system.worlds import HOUR, T
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.conftest import Ran
    from tests.system.worlds import World

STORM = Hold("Storm", T - 20 * DAY)


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world)


def told(ran: Ran) -> str:
    return " ".join((ran.stdout + ran.stderr).split())


def test_what_is_on_hold_goes_first_and_comes_back_with_what_was_new(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world, holds=(STORM,))
    pair.write(acme=[ONE, replace(TWO, id="new", text="New", at=T + 2 * HOUR)])
    [done] = pair.json("apply", "acme", "--yes")
    assert [(each["id"], each["action"], each["outcome"]) for each in done["results"]] == [
        ("one", "held", "applied")
    ]
    assert pair.texts() == ["Two"], "what is new is on hold, too"
    ran = pair.run("release", "acme", "--yes")
    assert (ran.code, pair.texts()) == (0, ["New", "One", "Two"]), ran
    assert "The hold has ended (Storm)." in ran.stdout
    ran = pair.run("release", "acme", "--yes")
    assert (ran.code, ran.stdout) == (0, "Nothing is on hold.\n"), ran


def test_no_command_ends_a_hold_of_the_settings(pair: SideBySide) -> None:
    pair.settings("acme", hold={"reason": "Storm"})
    ran = pair.run("release", "acme", "--yes")
    assert (ran.code, "no command ends that" in told(ran)) == (1, True), ran


def test_an_empty_calendar_is_refused_until_somebody_allows_it(pair: SideBySide) -> None:
    pair.write(acme=[])
    ran = pair.run("apply", "acme", "--yes")
    assert (ran.code, pair.texts()) == (4, ["One", "Two"]), ran
    assert "publer-sync apply acme --allow-deletes 1" in told(ran)
    ran = pair.run("apply", "acme", "--allow-deletes", "1", answer="no")
    assert (ran.code, "This changes what is published" in ran.stderr, len(pair.texts())) == (1, True, 2), ran
    ran = pair.run("apply", "acme", "--allow-deletes", "1", answer="yes")
    assert (ran.code, pair.texts()) == (0, ["Two"]), ran


@each_of(
    ("words", "hint"),
    [
        (("--overwrite-edits=onee",), "Did you mean one?"),
        (("--allow-twins=somewhere",), "Name a post by its id, or as ALIAS@TIME"),
    ],
)
def test_an_option_names_posts_that_are_there(pair: SideBySide, words: tuple[str, ...], hint: str) -> None:
    ran = pair.run("apply", "acme", "--yes", *words)
    assert (ran.code, hint in told(ran)) == (64, True), ran


def test_a_plan_file_is_carried_out_as_long_as_nothing_else_would_be_done(pair: SideBySide) -> None:
    pair.write(acme=[replace(ONE, text="Uno")])
    assert pair.run("plan", "acme", "--out", "plan.json").code == 0
    ran = pair.run("apply", "plan.json", "--yes", "--gone", "bank")
    assert (ran.code, "--gone takes calendars, not a plan file" in told(ran)) == (64, True), ran
    pair.write(acme=[replace(ONE, text="Ein")])
    assert (pair.run("apply", "plan.json", "--yes").code, pair.texts()) == (5, ["One", "Two"])
    pair.write(acme=[replace(ONE, text="Uno")])
    assert (pair.run("apply", "plan.json", "--yes").code, pair.texts()) == (0, ["Two", "Uno"])
