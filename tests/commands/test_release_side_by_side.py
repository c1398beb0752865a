"""`release` of calendars side by side: what it shows, asks and tells, and what happens between its question and its turn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.commands import release
from publer_sync.commands.reaching import repository_moved
from publer_sync.commands.release import ReleaseReport, carry_out_in, end
from publer_sync.commands.running import carrying_out
from publer_sync.commands.running.choice import Choice
from publer_sync.ledger.folder_store import FolderStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.repositories import Repositories
from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Action
from publer_sync.values.errors import Interrupted, SafetyLimitError, StateError
from tests.builders import NOW, SOON, change, ledger, plan, report, result, wanted
from tests.commands.reached import stand_in
from tests.commands.side_by_side import SideBySide
from tests.system.worlds import HOUR, T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.system.worlds import World


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    pair = SideBySide.in_place(empty_world)
    hold(pair, "Storm")
    return pair


def hold(pair: SideBySide, reason: str) -> None:
    assert pair.run("hold", "acme", "--reason", reason, "--yes").code == 0


@pytest.mark.story
def test_what_would_come_back_is_shown_and_asked_about_and_what_changes_meanwhile_ends_it(
    pair: SideBySide,
) -> None:
    both = ("release", "acme", "bank")
    ran = pair.run(*both, answer="yes", meanwhile=lambda: hold(pair, "Flood"))
    assert "\nThis ends the hold (Storm). This changes what is published: 1 new post.\n" in ran.stderr
    assert (ran.code, pair.texts()) == (1, ["Two"]), ran
    assert "\nacme  someone put posts on hold after this was planned (Flood), so nothing was" in ran.stdout
    assert "\nbank  nothing is on hold\n" in ran.stdout
    later = [Want("one", "x", T + HOUR / 2, "One")]
    ran = pair.run(*both, answer="yes", meanwhile=lambda: pair.write(acme=later))
    assert "\nThis ends the holds (Storm; Flood). This changes" in ran.stderr
    assert (ran.code, pair.texts()) == (5, ["Two"]), ran
    assert "\n  Run release again. Nothing was changed.\n" in ran.stdout
    assert "Nothing has been changed" not in ran.stdout, "it is about to be"
    assert pair.run("release", "bank", answer="no").stdout == "Nothing is on hold.\n"
    assert pair.run("release", "bank", "--diff").stdout == "Nothing is on hold.\n"
    last = "Nothing has been changed. To put them back: publer-sync release acme\n"
    with pair.store("acme").lock(1):  # nobody is waited for where it is only shown
        ran = pair.run("release", "acme", "--diff", "--timeout", "0")
    assert ran.stdout.endswith(f"misses its time.\n{last}"), ran


def test_it_waits_for_a_run_that_has_the_state_and_ends_no_hold_of_the_settings(pair: SideBySide) -> None:
    with pair.store("acme").lock(1):
        ran = pair.run("release", "acme", "--yes", "--timeout", "0")
    assert (ran.code, "another apply is running" in ran.stderr) == (1, True), ran
    pair.settings("acme", hold={"reason": "Strike"})
    ran = pair.run("release", "acme", "--yes")
    assert (ran.code, "the settings hold posts (publer.yaml:" in ran.stderr) == (1, True), ran
    assert pair.texts() == ["Two"]


def test_where_nothing_was_ever_applied_nothing_is_on_hold_unless_the_ledger_is_elsewhere(
    pair: SideBySide,
) -> None:
    pair.settings("cafe")
    pair.write(cafe=[])
    ran = pair.run("release", "cafe", "--yes")
    assert (ran.code, ran.stdout) == (0, "Nothing is on hold.\n"), ran
    elsewhere = StateError("it is elsewhere", code="state.x")
    with mock.patch.object(repository_moved, "error_of", return_value=elsewhere):
        ran = pair.run("release", "cafe", "--yes")
    assert (ran.code, "error: it is elsewhere" in ran.stderr) == (1, True), ran


def test_a_hold_that_waits_on_this_machine_is_heard_of_first(pair: SideBySide) -> None:
    refused = mock.Mock(side_effect=StateError("not here", code="state.x"))
    with mock.patch.object(FolderStore, "hear_waiting", refused):
        ran = pair.run("release", "acme", "--yes")
    assert (ran.code, "error: not here" in ran.stderr, pair.texts()) == (1, True, ["Two"]), ran


STORMS = (Hold("Storm", NOW), Hold("Flood", NOW), Hold("Storm", SOON))


def test_posts_that_wait_for_a_slot_are_named_once_a_release_has_ended() -> None:
    waits = plan(warnings=(Warn("waits", "The post has no time yet"), Warn("other", "Something else")))
    released, choice = ReleaseReport(STORMS, waits, report(())), Choice(calendar=Path("acme"))
    text = end(released, choice, style="text").text
    assert ("The post has no time yet" in text, "Something else" in text) == (True, False)
    document: Any = end(released, choice, style="json").document
    assert [each["message"] for each in document["waiting"]] == ["The post has no time yet"]


@each_of(("holds", "dropped"), [(STORMS, 1), ((), 0)])
def test_what_waits_here_is_dropped_where_nothing_is_managed_any_more(
    holds: tuple[Hold, ...], dropped: int
) -> None:
    store = mock.Mock()
    planned: Any = stand_in(planned=None, holds=holds, session=stand_in(access=stand_in(store=store)))
    assert carry_out_in(planned, mock.Mock()) == ReleaseReport(holds)
    assert store.drop_waiting.call_count == dropped


@each_of(
    ("error", "state", "over"),
    [
        (None, None, True),
        (Interrupted("stopped"), replace(ledger(), holds=STORMS), False),
        (Interrupted("stopped"), ledger(), True),
        (Interrupted("stopped"), None, True),
        (Interrupted("stopped"), StateError("damaged", code="state.x"), False),
    ],
)
def test_a_release_that_was_cut_off_asks_the_state_whether_holds_have_ended(
    error: Interrupted | None, state: Any, over: bool
) -> None:
    told = report((), error=error)
    access = mock.Mock(state=mock.Mock(side_effect=[state]))
    planned: Any = stand_in(planned="plan", plan=plan(), holds=STORMS, session=stand_in(access=access))
    with mock.patch.object(carrying_out, "carry_out", return_value=told):
        assert carry_out_in(planned, mock.Mock()).over is over
    assert access.state.called is (error is not None)


@each_of(
    ("released", "code", "line", "last"),
    [
        (ReleaseReport(), 0, "nothing is on hold", "Nothing is on hold."),
        (
            ReleaseReport(STORMS[:1]),
            0,
            "nothing is on hold",
            "Nothing is managed here any more: the hold that waits on this machine is dropped (Storm).",
        ),
        (
            ReleaseReport(STORMS, plan(), report(())),
            0,
            "nothing to put back",
            "The hold has ended (Storm; Flood).",
        ),
        (
            ReleaseReport(
                STORMS, None, report([result(change(Action.CREATE, wanted(SOON)), Outcome.APPLIED)])
            ),
            0,
            "1 post done",
            "The hold has ended (Storm; Flood).",
        ),
        (
            ReleaseReport(STORMS, plan(), report((), error=Interrupted("stopped")), over=False),
            1,
            "nothing to put back",
            "Posts are still on hold (Storm; Flood). To end it: publer-sync release acme",
        ),
    ],
)
def test_the_last_line_of_a_release_says_whether_posts_are_still_on_hold(
    released: ReleaseReport, code: int, line: str, last: str
) -> None:
    choice = Choice(calendar=Path("acme"))
    ended = end(released, choice, style="text")
    assert (ended.exit_code, ended.line, ended.text.splitlines()[-1]) == (code, line, last)
    assert ended.document is None
    document = end(released, choice, style="json").document
    assert document is not None
    assert ("published" in document, document["report"] is None) == (bool(released.plan), not released.report)


def test_what_a_safety_limit_refuses_is_shown_on_demand_and_not_put_back(
    pair: SideBySide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "check_limits", mock.Mock(side_effect=SafetyLimitError("too many posts")))
    ran = pair.run("release", "acme", "--diff")
    assert (ran.code, "1 new post" in ran.stdout, "too many" in ran.stderr) == (0, True, False), ran
    ran = pair.run("release", "acme", "--yes")
    assert (ran.code, "error: too many posts" in ran.stderr, pair.texts()) == (4, True, ["Two"]), ran


def test_of_several_calendars_the_ledger_is_fetched_anew_before_the_question(pair: SideBySide) -> None:
    """Others may have pushed while all of them were planned."""
    with mock.patch.object(Repositories, "expire") as fetches:
        ran = pair.run("release", "acme", "bank", answer="no")
    assert (ran.code, fetches.call_count) == (1, 1), ran
