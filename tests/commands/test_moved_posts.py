"""Posts that were cut from one calendar and pasted into another, in one command: they change hands, and nothing is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.relocating import marker_of
from publer_sync.ledger.state import CalendarHome
from tests.commands.side_by_side import ONE, TWO, SideBySide
from tests.system.worlds import ACCOUNTS, DAY, HOUR, Want

if TYPE_CHECKING:
    from tests.system.worlds import World


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world, in_git=True)


@pytest.mark.story
def test_they_move_both_ways_at_once_and_both_logs_tell_of_it(pair: SideBySide) -> None:
    longer = replace(ONE, text="One, and more")
    pair.write(acme=[replace(TWO, id="dos")], bank=[longer])
    ran = pair.run("apply", "acme", "bank", "--yes")
    assert ran.code == 0, ran
    assert ran.stderr.count("one moved from the calendar acme to bankers.\n") == 1
    assert ran.stderr.count("dos moved from the calendar bankers to acme.\n") == 1
    assert pair.texts() == ["One, and more", "Two"]
    assert pair.world.writes() == ["PUT"], "of what moved, only what changed is sent"
    for name in ("acme", "bank"):
        [log] = pair.json("log", name)
        moved = [
            (each["id"], each["from_calendar"], each["to_calendar"])
            for run in log["runs"]
            for each in run["changes"]
            if each["action"] == "hand_over"
        ]
        assert sorted(moved) == [("dos", "bankers", "acme"), ("one", "acme", "bankers")]
        assert {run["command"] for run in log["runs"]} == {"apply"}


@pytest.mark.parametrize("order", [("acme", "bank"), ("bank", "acme")])
def test_they_move_with_their_account_whichever_calendar_comes_first(
    pair: SideBySide, order: tuple[str, str]
) -> None:
    """The settings of the one that gives them name the account no more: its part of the ledger does."""
    pair.settings("acme", accounts={"linkedin": ACCOUNTS["linkedin"]})
    pair.write(acme=[], bank=[ONE, TWO])
    ran = pair.run("apply", *order, "--yes")
    assert (ran.code, pair.world.writes()) == (0, []), ran
    assert ran.stderr.count("one moved from the calendar acme to bankers.\n") == 1
    assert [plan["changes"] for plan in pair.json("plan", *order)] == [[], []]


@pytest.mark.parametrize("in_git", [False, True])
def test_a_post_that_somebody_moved_is_not_taken_while_only_a_marker_is_left_of_its_calendars_part(
    empty_world: World, in_git: bool
) -> None:
    """The settings of that calendar do not name the new place yet; the named fix leads out."""
    pair = SideBySide.in_place(empty_world, in_git=in_git)
    pair.settings("bank", accounts={"linkedin": ACCOUNTS["linkedin"]})
    theirs = replace(TWO, account="linkedin")
    [known] = [key for key, row in pair.world.by_id().items() if row["text"] == TWO.text]
    pair.write(bank=[theirs])
    pair.world.sandbox.edit(known, account_id=ACCOUNTS["linkedin"])
    assert pair.run("apply", "bank", "--yes").code == 0
    assert pair.run("state", "mv", "--to", "new", "--calendar", "bank", "--yes").code == 0
    pair.world.sandbox.edit(known, account_id=ACCOUNTS["x"])
    pair.write(acme=[ONE, TWO])
    pair.world.sandbox.reset_log()
    ran = pair.run("apply", "acme", "bank", "--yes")
    assert (ran.code != 0, pair.world.writes()) == (True, []), ran
    assert "it may be managed by the calendar bankers, whose state" in " ".join(ran.stdout.split())
    pair.settings("bank", accounts={"linkedin": ACCOUNTS["linkedin"]}, state="../new")
    pair.write(acme=[ONE], bank=[])
    ran = pair.run("apply", "acme", "bank", "--yes")
    assert (ran.code, pair.world.writes(), pair.texts()) == (0, [], ["One", "Two"]), ran


@pytest.mark.parametrize("in_git", [False, True])
def test_the_same_post_of_two_calendars_waits_until_the_one_whose_post_somebody_deleted_lets_go_of_it(
    empty_world: World, in_git: bool
) -> None:
    """Its minute is free in Publer, and the ledger would refuse a second one at each attempt."""
    pair = SideBySide.in_place(empty_world, in_git=in_git)
    [known] = [key for key, row in pair.world.by_id().items() if row["text"] == ONE.text]
    pair.world.sandbox.remove(known)
    pair.write(bank=[replace(ONE, id="uno"), TWO])
    [plan] = pair.json("plan", "bank")
    assert [each["code"] for each in plan["changes"]] == ["elsewhere"]
    ran = pair.run("apply", "bank", "--yes")
    assert (ran.code, pair.world.writes()) == (6, []), ran
    told = " ".join(ran.stdout.split())
    assert "The calendar acme has this very post, which was changed or deleted in Publer." in told
    assert "remove that post from the calendar acme and apply it first" in told
    pair.write(acme=[])
    assert pair.run("apply", "acme", "--yes").code == 0
    ran = pair.run("apply", "bank", "--yes")
    assert (ran.code, pair.texts()) == (0, ["One", "Two"]), ran


def test_a_calendar_takes_over_what_it_got_from_one_that_is_not_applied_beside_it(pair: SideBySide) -> None:
    """And one that has never been applied gets its part of the ledger by that."""
    pair.settings("cafe")
    past = Want("past", "x", ONE.at - 60 * DAY, "It was there before")
    pair.write(acme=[], bank=[ONE], cafe=[TWO, past])
    ran = pair.run("apply", "bank", "cafe", "--yes")
    assert (ran.code, pair.world.writes()) == (0, []), ran
    assert "one moved from the calendar acme to bankers.\n" in ran.stderr
    assert "two moved from the calendar bankers to cafe.\n" in ran.stderr
    plans = pair.json("plan", "acme", "bank", "cafe")
    assert [(plan["changes"], plan["summary"]["unchanged"]) for plan in plans] == [([], 0), ([], 1), ([], 1)]
    assert [plan["summary"].get("missed", 0) for plan in plans] == [0, 0, 0]
    assert pair.run("apply", "cafe", "--yes").code == 0, "what was past already is not missed"


@pytest.mark.story
def test_they_move_in_a_folder_that_each_calendar_names_from_its_own(empty_world: World) -> None:
    """Without an id in the files, the log has the one that the post had."""
    pair = SideBySide.in_place(empty_world)
    pair.write(acme=[], bank=[TWO, replace(ONE, id=None)])
    ran = pair.run("apply", "bank", "acme", "--yes")
    assert (ran.code, pair.world.writes()) == (0, []), ran
    assert ran.stderr.count('"One" moved from the calendar acme to bankers.\n') == 1
    [log] = pair.json("log", "bank")
    assert [(run["command"], [each["id"] for each in run["changes"]]) for run in log["runs"]] == [
        ("apply", ["one"])
    ]
    assert [plan["summary"]["unchanged"] for plan in pair.json("plan", "bank", "acme")] == [2, 0]


@pytest.mark.story
def test_they_stay_where_the_days_that_are_chosen_have_neither_of_their_times(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world)
    pair.write(acme=[], bank=[ONE, TWO])
    ran = pair.run("apply", "bank", "--yes", "--from", f"{ONE.at + 2 * DAY:%Y-%m-%d}")
    assert (ran.code, "moved" in ran.stderr, pair.texts()) == (0, False, ["One", "Two"]), ran
    assert pair.store("acme").read().copies
    three = Want("three", "x", ONE.at + 5 * DAY, "Three")
    pair.world.sandbox.remove(pair.world.find("One")["id"])
    pair.applied("acme", ONE, three)
    pair.write(acme=[], bank=[ONE, TWO, three])
    ran = pair.run("apply", "bank", "acme", "--yes", "--to", f"{ONE.at:%Y-%m-%d}")
    assert ("one moved from" in ran.stderr, "three moved from" in ran.stderr) == (True, False), ran


def test_they_stay_where_a_hold_keeps_them_and_move_past_the_lock_of_a_calendar_that_gets_none(
    empty_world: World,
) -> None:
    pair = SideBySide.in_place(empty_world)
    pair.settings("cafe")
    pair.write(acme=[], bank=[ONE, TWO], cafe=[])
    both, all_three = ("apply", "bank", "acme", "--yes"), ("apply", "bank", "acme", "cafe", "--yes")
    pair.settings("acme", hold={"reason": "Storm", "labels": ["none"]})
    ran = pair.run(*both, "--allow-deletes", "0")
    assert ("moved" in ran.stderr, pair.texts()) == (False, ["One", "Two"]), ran
    pair.settings("acme")
    with pair.store("cafe").lock(1):
        ran = pair.run(*all_three, "--timeout", "0")
    assert (ran.code, "one moved from the calendar acme to bankers.\n" in ran.stderr) == (1, True), ran
    assert not pair.store("acme").read().copies


@pytest.mark.story
def test_a_hold_that_begins_at_the_question_ends_the_turn_of_the_calendar_that_gives_a_post(
    empty_world: World,
) -> None:
    pair = SideBySide.in_place(empty_world)
    pair.write(acme=[Want("new", "x", ONE.at + 3 * HOUR, "New")], bank=[ONE, TWO])

    def hold() -> None:
        later = f"{ONE.at + DAY:%Y-%m-%d}"
        assert pair.run("hold", "acme", "--reason", "Storm", "--yes", "--from", later).code == 0

    ran = pair.run("apply", "acme", "bank", answer="yes", meanwhile=hold)
    assert (ran.code, pair.texts()) == (1, ["One", "Two"]), ran
    assert "acme  someone put posts on hold after this was planned (Storm)" in ran.stdout


@pytest.mark.story
def test_what_a_filter_leaves_out_or_a_hold_keeps_stays_where_it_is(pair: SideBySide) -> None:
    pair.write(acme=[], bank=[ONE, TWO])
    ran = pair.run("apply", "bank", "--yes", "--from", f"{(ONE.at + 48 * HOUR):%Y-%m-%d}")
    assert (ran.code, "moved" in ran.stderr) == (0, False), ran
    pair.settings("acme", hold={"reason": "Storm"})
    ran = pair.run("apply", "bank", "acme", "--yes", "--allow-deletes", "1")
    assert ("moved" in ran.stderr, pair.texts()) == (False, ["Two"]), ran


@pytest.mark.story
def test_a_warning_is_beside_the_post_that_it_is_about(pair: SideBySide) -> None:
    again = [Want(f"again-{day}", "x", ONE.at + (20 + day) * DAY, "Again") for day in (1, 2)]
    pair.write(acme=[ONE, *again])
    page = pair.run("plan", "acme", "--format", "markdown").stdout
    [line] = [line for line in page.splitlines() if "The same text is published on x" in line]
    assert "<code>again-2</code>" in line


def test_an_account_that_two_new_calendars_have_is_an_error_until_both_share_it(pair: SideBySide) -> None:
    for name in ("cafe", "deli"):
        pair.settings(name, accounts={"x": ACCOUNTS["x"]})
        pair.write(**{name: []})
    ran = pair.run("plan", "cafe", "deli")
    assert (ran.code, ran.stdout.count("shared: true")) == (3, 2), ran


def test_a_calendar_whose_ledger_went_elsewhere_may_manage_anything(pair: SideBySide) -> None:
    """Until its settings name that place, nothing tells what it has."""
    store = pair.store("acme")
    with store.lock(1):
        store.write(marker_of(store.read(), "acme", "ledgers"))
    pair.write(acme=[], bank=[TWO, ONE])
    [plan] = pair.json("plan", "bank")
    [change] = plan["changes"]
    assert (change["action"], change["code"], change["id"]) == ("blocked", "slot", "one")
    assert change["reason"].endswith("it may be managed by the calendar acme, whose state cannot be read")


def test_what_keeps_a_post_where_it_is_names_the_calendar_and_the_command_for_both(
    empty_world: World,
) -> None:
    pair = SideBySide.in_place(empty_world)
    pair.write(acme=[ONE, TWO], bank=[])

    def reason() -> str:
        return str(pair.json("plan", "acme", "bank")[0]["changes"][0]["reason"])

    (pair.top("bank") / "more.yaml").write_text("posts: [", encoding="utf-8")
    assert "the calendar bankers has errors: fix them, then run publer-sync apply acme bank" in reason()
    (pair.top("bank") / "more.yaml").unlink()
    pair.settings("deli", name="bankers")
    store = pair.store("bank")
    state = store.read()
    state.home = CalendarHome(str(pair.top("deli")))
    with store.lock(1):
        store.write(state)
    assert "the calendar bankers is in deli, and bank has the same name" in reason()
