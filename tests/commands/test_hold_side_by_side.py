"""`hold` and `release` as people give them: of two calendars with one question, of one, and where Publer calls things otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.commands.holding import hold_one
from publer_sync.ledger.state import KnownAccount
from tests.commands.side_by_side import ONE, SideBySide
from tests.system.worlds import ACCOUNTS, DAY, HOUR, T, Want, as_told

if TYPE_CHECKING:
    from tests.conftest import Ran
    from tests.system.worlds import World

STORM = ("--reason", "Storm")


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world)


def told(ran: Ran) -> str:
    return " ".join((ran.stdout + ran.stderr).split())


def test_one_question_is_asked_of_two_calendars_and_what_is_due_first_goes_first(pair: SideBySide) -> None:
    ran = pair.run("hold", "bank", "acme", *STORM, answer="no")
    assert (ran.code, pair.world.writes()) == (1, []), ran
    assert [plan["holds"] for plan in pair.json("plan", "bank", "acme")] == [[], []]
    assert ran.stderr.count("Type yes to continue") == 1
    assert (
        "posts of 2 calendars out of Publer now. According to their states: bank 1 post; acme 1 post."
        in told(ran)
    )
    soonest = pair.world.find(ONE.text)["id"]
    ran = pair.run("hold", "bank", "acme", *STORM, answer="yes")
    assert (ran.code, pair.texts()) == (0, []), ran
    assert ran.stdout.startswith("2 calendars\n\nbank  1 out of Publer\nacme  1 out of Publer\n")
    assert ran.stdout.count("To put them back: publer-sync release ") == 2
    first = next(each for each in pair.world.sandbox.requests if each.method == "DELETE")
    assert first.query["post_ids[]"] == [soonest]
    ran = pair.run("release", "bank", "acme", answer="yes")
    assert (ran.code, pair.texts()) == (0, ["One", "Two"]), ran
    assert ran.stdout.count("1 post would be put back\n") == 2
    assert ran.stdout.count("The hold has ended (Storm).") == 2
    assert ran.stderr.count("This ends the hold (Storm). This changes what is published: 2 new posts") == 1


def test_one_calendar_is_asked_about_with_its_posts(pair: SideBySide) -> None:
    ran = pair.run("hold", "acme", *STORM, answer="no")
    assert (ran.code, pair.texts()) == (1, ["One", "Two"]), ran
    assert f"This takes 1 post out of Publer now. The first is scheduled for {as_told(T)} on x." in told(ran)
    ran = pair.run("hold", "acme", *STORM, "--account", "linkedin", answer="no")
    assert "linkedin" in told(ran)
    assert "Type yes" not in ran.stderr, "its turn says that there is no such account"
    pair.world.sandbox.edit(pair.world.find("One")["id"], text="One, by hand")
    ran = pair.run("hold", "acme", *STORM, answer="yes")
    assert "Managed by the calendar bankers, left alone: 1 post" in ran.stdout
    assert "Release leaves these out until someone decides" in told(ran)
    ran = pair.run("release", "acme", answer="no")
    assert (ran.code, pair.texts()) == (1, ["Two"]), ran
    assert "This ends the hold (Storm). " in ran.stderr
    [found] = pair.json("release", "acme", "--yes")
    assert ([hold["reason"] for hold in found["holds"]], pair.texts()) == (["Storm"], ["Two"])
    assert [each["code"] for each in found["report"]["results"]] == ["edited"]


def test_where_the_time_zone_cannot_be_read_a_hold_says_what_its_days_are(pair: SideBySide) -> None:
    pair.applied("acme", ONE, Want("later", "x", T + 3 * DAY, "Later"))
    pair.settings("acme", timezone="Nowhere")
    days = ", and --from and --to mean those days anywhere"
    for words, more, going in (
        ((), "", (True, True)),
        (("--from", f"{T + 2 * DAY:%Y-%m-%d}"), days, (False, True)),
        (("--to", f"{T:%Y-%m-%d}"), days, (True, False)),
    ):
        ran = pair.run("hold", "acme", *STORM, "--diff", *words)
        warned = f"warning: the time zone cannot be read from the settings: times are in UTC{more}\n"
        assert (ran.code, warned in ran.stderr) == (0, True), ran
        assert ('"One"' in ran.stdout, '"Later"' in ran.stdout) == going, ran


def test_what_left_the_calendar_without_an_id_has_the_labels_of_no_other_post(pair: SideBySide) -> None:
    pair.applied("acme", Want(None, "x", T + 5 * HOUR, "Left"), Want(None, "x", T + 9 * HOUR, "For sale"))
    pair.write(acme=[Want(None, "x", T + 9 * HOUR, "For sale", labels=("sale",))])
    ran = pair.run("hold", "acme", *STORM, "--label", "sale", "--yes")
    assert (ran.code, pair.texts()) == (0, ["Left", "One", "Two"]), ran


def test_a_hold_without_a_reason_is_none(pair: SideBySide) -> None:
    ran = pair.run("hold", "acme", "--reason", " ", "--yes")
    assert (ran.code, "--reason: a hold needs a reason" in ran.stderr) == (64, True), ran


def test_a_hold_finds_by_the_ledger_what_has_another_name_in_publer(empty_world: World) -> None:
    """The settings have the names of before, and the ledger has the ids that went with them."""
    known = {ACCOUNTS["x"]: KnownAccount("twitter", "Old account")}
    pair = SideBySide.in_place(empty_world, accounts=known, workspace_name="Old workspace")
    pair.settings("acme", workspace="Old workspace", accounts={"x": "Old account"})
    ran = pair.run("hold", "acme", *STORM, "--account", "x", "--yes")
    assert (ran.code, pair.texts()) == (0, ["Two"]), ran
    pair.settings("bank", workspace="Never heard of")
    ran = pair.run("hold", "bank", *STORM, "--yes")
    assert (ran.code, "Never heard of" in told(ran)) == (3, True), ran


def test_what_keeps_a_hold_from_publer_says_that_it_is_written(pair: SideBySide) -> None:
    pair.world.sandbox.faults.key_refused = True
    ran = pair.run("hold", "acme", *STORM, "--yes")
    assert ran.code == 1
    assert "The hold is written; nothing is out yet here: run hold again, or release." in told(ran), ran


def test_a_hold_goes_past_a_run_that_has_the_lock_and_that_run_is_told(pair: SideBySide) -> None:
    with mock.patch.object(hold_one, "LOCK_SECONDS", 0.01), pair.store("acme").lock(1):
        ran = pair.run("hold", "acme", *STORM, "--yes", "--timeout", "0")
    assert (ran.code, pair.texts()) == (1, ["Two"]), ran
    assert "it ends before its next write to Publer, as the hold is written beside its state" in told(ran)
    assert [hold["reason"] for hold in pair.json("plan", "acme")[0]["holds"]] == ["Storm"]
    assert (pair.run("apply", "acme", "--yes").code, pair.texts()) == (0, ["Two"])


def test_what_only_publer_knows_is_asked_for_once_the_rest_is_written(pair: SideBySide) -> None:
    """The settings of acme have an account by its name, those of bank by its id."""
    pair.settings("acme", accounts={"x": {"name": "My X Account", "shared": True}})
    ran = pair.run("hold", "bank", "acme", *STORM, "--account", "x", "--yes")
    assert (ran.code, pair.texts()) == (0, []), ran
    told_of = [pair.json("log", name)[0]["runs"][0]["reason"] for name in ("acme", "bank")]
    assert told_of == ["Storm", "Storm"]
