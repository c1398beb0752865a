"""What apply does before anything else where posts are on hold and Publer has them, and what it refuses or asks about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.copies import Copy
from publer_sync.ledger.hold import Hold
from publer_sync.machine.clock import Clock
from tests.builders import DAY
from tests.commands.side_by_side import ONE, TWO, SideBySide, text
from tests.ledger.git_world import git
from tests.system.worlds import ACCOUNTS, HOUR, T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.conftest import Ran
    from tests.system.worlds import World

STORM = Hold("Storm", T - 40 * DAY)


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world)


def told(ran: Ran) -> str:
    return " ".join((ran.stdout + ran.stderr).split())


@pytest.mark.story
def test_what_is_on_hold_goes_first_and_comes_back_with_what_was_new(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world, holds=(STORM,))
    pair.write(acme=[ONE, replace(TWO, id="new", text="New", at=T + 2 * HOUR)])
    [done] = pair.json("apply", "acme", "--yes", "--to", f"{T - DAY:%Y-%m-%d}")
    assert (done["results"], pair.texts()) == ([], ["One", "Two"]), "no post of these days is on hold"
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


def test_of_what_is_on_hold_only_the_days_that_are_chosen_go(pair: SideBySide) -> None:
    later = Want("later", "x", T + 2 * DAY, "Later")
    pair.world.sandbox.remove(pair.world.find("One")["id"])
    pair.applied("acme", ONE, later, holds=(STORM,))
    pair.write(acme=[ONE, later])
    ran = pair.run("apply", "acme", "--yes", "--to", f"{T:%Y-%m-%d}")
    assert (ran.code, pair.texts()) == (0, ["Later", "Two"]), ran


def test_no_command_ends_a_hold_of_the_settings(pair: SideBySide) -> None:
    pair.settings("acme", hold={"reason": "Storm"})
    ran = pair.run("release", "acme", "--yes")
    assert (ran.code, "no command ends that" in told(ran)) == (1, True), ran


def test_an_empty_calendar_is_refused_until_somebody_allows_it(pair: SideBySide) -> None:
    pair.write(acme=[])
    ran = pair.run("apply", "acme", "--yes")
    assert (ran.code, pair.texts()) == (4, ["One", "Two"]), ran
    assert "publer-sync apply acme --allow-deletes 1" in told(ran)
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


def test_what_goes_first_is_told_and_saved_where_publer_stops_answering(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world, holds=(STORM,))
    trips = pair.world.sandbox.faults
    trips.trip("blocked", "GET", "posts", nth=3, times=99)
    ran = pair.run("apply", "acme", "--yes")
    assert (ran.code, "Ended early: 1 post done. The rest was not tried." in ran.stdout) == (1, True), ran
    assert ran.stderr.count("error: Cloudflare or a proxy in front of Publer blocked the request") == 1
    trips.trips.clear()
    [log] = pair.json("log", "acme")
    assert [(each["id"], each["outcome"]) for each in log["runs"][0]["changes"]] == [("one", "applied")]
    [done] = pair.json("apply", "acme", "--yes")
    assert (done["results"], pair.texts()) == ([], ["Two"])


def test_what_an_earlier_apply_sent_is_settled_before_anything_is_planned(pair: SideBySide) -> None:
    """One arrived, though nobody saw it; one never did, and one was refused, and is wanted all the same."""
    just_now = Clock().now()
    arrived = Copy(1, ACCOUNTS["x"], T, text("One"), id="one", requested_at=just_now)
    never = Copy(2, ACCOUNTS["x"], T + 3 * HOUR, text("Lost"), id="lost", requested_at=just_now)
    refused = replace(
        never, key=3, slot=T + 4 * HOUR, sent=text("No"), id="no", refused="Too long", job_ended_at=just_now
    )
    pair.applied("acme", copies={1: arrived, 2: never, 3: refused}, next_key=4)
    pair.write(acme=[ONE, Want("lost", "x", T + 3 * HOUR, "Lost"), Want("no", "x", T + 4 * HOUR, "No")])
    [done] = pair.json("apply", "acme", "--yes")
    assert [(each["id"], each["action"], each["outcome"]) for each in done["results"]] == [
        ("lost", "create", "applied"),
        ("no", "create", "applied"),
    ]
    assert pair.texts() == ["Lost", "No", "One", "Two"]


def test_what_changes_before_the_answer_is_planned_again(pair: SideBySide) -> None:
    pair.write(
        acme=[ONE, Want("new", "x", T + 3 * HOUR, "New")], bank=[TWO, Want("more", "x", T + 4 * HOUR, "More")]
    )

    def meanwhile() -> None:
        pair.world.sandbox.edit(pair.world.find("One")["id"], text="By hand")
        assert pair.run("hold", "bank", "--reason", "Storm", "--yes").code == 0

    ran = pair.run("apply", "acme", "bank", answer="yes", meanwhile=meanwhile)
    assert (ran.code, pair.texts()) == (1, ["By hand"]), ran
    assert "Run apply again, and read the new plan." in told(ran)
    assert "someone put posts on hold after this was planned (Storm)" in told(ran)
    ran = pair.run(
        "release", "acme", "bank", answer="yes", meanwhile=lambda: pair.write(bank=[replace(TWO, text="Dos")])
    )
    assert (ran.code, pair.texts(), "Run release again." in told(ran)) == (5, ["By hand"], True), ran


def test_what_is_still_under_way_is_taken_out_once_it_shows(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world, holds=(STORM,))
    arrived = Copy(1, ACCOUNTS["x"], T, text("One"), id="one", requested_at=Clock().now())
    pair.applied("acme", copies={1: arrived}, holds=(STORM,), next_key=2)
    [done] = pair.json("apply", "acme", "--yes")
    assert [(each["id"], each["outcome"]) for each in done["results"]] == [("one", "applied")]
    assert pair.texts() == ["Two"]


def test_where_another_calendar_was_faster_the_rest_is_asked_about_once_more(pair: SideBySide) -> None:
    new, more = Want("new", "x", T + 3 * HOUR, "New"), Want("more", "x", T + 5 * HOUR, "More")
    pair.write(acme=[ONE, new, more])

    def meanwhile() -> None:
        if "New" not in pair.texts():
            pair.write(bank=[TWO, new])
            assert pair.run("apply", "bank", "--yes").code == 0

    ran = pair.run("apply", "acme", answer="yes", meanwhile=meanwhile)
    assert (ran.code, pair.texts()) == (6, ["More", "New", "One", "Two"]), ran
    assert "another run saved its state meanwhile; planning again\n" in ran.stderr
    assert ran.stderr.count("Type yes to continue: ") == 2
    assert "This changes what is published: 1 new post. Skipped: 1 blocked post.\n" in ran.stderr
    assert ran.stdout.count("1 new post, 1 blocked.") == 1
    assert "1 post done, 1 skipped." in ran.stdout


@pytest.mark.story
def test_of_calendars_that_did_not_change_only_those_that_are_not_applied_yet_are(
    empty_world: World,
) -> None:
    pair = SideBySide.in_place(empty_world, in_git=True)
    git(pair.world.home, "add", "acme", "bank")
    git(pair.world.home, "commit", "-qm", "two calendars")
    changed = ("apply", "acme", "bank", "--changed-since", "HEAD", "--yes")
    assert pair.run("apply", "acme", "--yes").code == 0
    ran = pair.run(*changed)
    assert (ran.code, "bank" in ran.stdout, "acme" in ran.stdout) == (0, True, False), ran
    ran = pair.run(*changed)
    assert (ran.code, "bank" in ran.stdout, "acme" in ran.stdout) == (0, False, False), ran
    (pair.top("acme") / "posts.yaml").write_text("posts: [{at: never}]\n", encoding="utf-8")
    ran = pair.run(*changed)
    assert (ran.code, "bank" in ran.stdout, "acme" in ran.stdout) == (3, False, True), ran
