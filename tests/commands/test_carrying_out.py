"""From a plan to a report, where something else happens on the way: another run that is faster, a hold, an older ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.reaching.session import PlannedCalendar
from publer_sync.commands.running import carrying_out
from publer_sync.commands.running.carrying_out import check_older
from publer_sync.ledger.copies import Copy, Seen
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.runs import RunRecord
from publer_sync.machine.clock import Clock
from publer_sync.planning.allow import Allow
from publer_sync.planning.notes import Refusal
from publer_sync.planning.plan import Action, Plan
from publer_sync.publer.gateway import Publer
from publer_sync.values.errors import HoldBegan, Interrupted, PublerSyncError, RacedStateError
from publer_sync.values.model import Listing
from tests.builders import (
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    WORKSPACE,
    change,
    copy_of,
    ledger,
    plan,
    report,
    sent,
    wanted,
)
from tests.commands.reached import stand_in
from tests.commands.side_by_side import ONE, TWO, SideBySide, at_get, text
from tests.commands.test_session_plans import LIVE_OTHER, OTHER, OURS, POST, seen, session
from tests.ledger.git_world import git
from tests.system.worlds import ACCOUNTS, DAY, HOUR, MINUTE, NEVER, T, Want
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.applying.report import ApplyReport
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post
    from tests.conftest import Ran
    from tests.system.worlds import World

STORM = Hold("Storm", T - 40 * DAY)
NEW = Want("new", "x", T + 3 * HOUR, "New")


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world)


def told(ran: Ran) -> str:
    return " ".join((ran.stdout + ran.stderr).split())


def faster(pair: SideBySide) -> Callable[[], None]:
    """The other calendar is applied with a post that acme wants, too."""
    pair.write(acme=[ONE, NEW])

    def meanwhile() -> None:
        pair.write(bank=[TWO, NEW])
        assert pair.run("apply", "bank", "--yes").code == 0

    return meanwhile


def test_without_time_to_plan_again_another_run_that_was_faster_ends_it(pair: SideBySide) -> None:
    ran = pair.run("apply", "acme", "--timeout", "0", answer="yes", meanwhile=faster(pair))
    assert (ran.code, pair.texts()) == (1, ["New", "One", "Two"]), ran
    assert "error: the calendar bankers has taken over, or is about to schedule, a post" in ran.stderr
    assert "planning again" not in ran.stderr


def test_a_first_state_and_a_hold_for_which_another_run_was_faster_have_nothing_to_report(
    pair: SideBySide,
) -> None:
    raced = RacedStateError("another run saved its state", code="state.raced")
    pair.settings("cafe")
    pair.write(cafe=[NEW])
    pair.settings("acme", hold={"reason": "Storm"})
    for words in (("cafe", "--first"), ("acme",)):
        with mock.patch.object(FileStore, "write", side_effect=raced):
            ran = pair.run("apply", *words, "--yes", "--timeout", "0")
        assert (ran.code, ran.stdout.strip(), pair.texts()) == (1, "", ["One", "Two"]), ran
        assert "error: another run saved its state\n" in ran.stderr


def test_what_is_left_of_a_plan_file_is_not_asked_about_but_old(pair: SideBySide) -> None:
    meanwhile = faster(pair)
    assert pair.run("plan", "acme", "--out", "plan.json").code == 0
    ran = pair.run("apply", "plan.json", answer="yes", meanwhile=meanwhile)
    assert (ran.code, pair.texts()) == (5, ["New", "One", "Two"]), ran
    assert ran.stderr.count("Type yes to continue") == 1
    assert "+ new " in ran.stdout
    assert "Nothing was done." in told(ran)


def test_what_shows_only_once_an_apply_has_begun_is_taken_out_under_a_hold(pair: SideBySide) -> None:
    """An earlier apply sent it just now, by a clock that is a little ahead, and no list has it yet when this one plans."""
    sandbox, post = pair.world.sandbox, pair.world.find("One")["id"]
    sent = Copy(1, ACCOUNTS["x"], T, text("One"), id="one", requested_at=Clock().now() + MINUTE)
    pair.applied("acme", copies={1: sent}, holds=(STORM,), next_key=2)
    sandbox.faults.hidden = frozenset({post})
    at_get(sandbox, 5, lambda: setattr(sandbox.faults, "hidden", frozenset()))
    ran = pair.run("apply", "acme", "--yes")
    assert (ran.code, pair.texts()) == (0, ["Two"]), ran
    assert ran.stdout.startswith("Done. 1 post on hold, removed; no longer in Publer.")


def test_what_is_on_hold_is_asked_about_before_anything_is_waited_for(pair: SideBySide) -> None:
    pair.settings("acme", accounts=(both := {"x": ACCOUNTS["x"], "linkedin": ACCOUNTS["linkedin"]}))
    pair.write(acme=[ONE, NEW])
    pair.world.sandbox.faults.job_delay = NEVER
    assert pair.run("apply", "acme", "--yes", "--timeout", "0").code == 6
    for account, asks in (("x", True), ("linkedin", False)):
        pair.settings("acme", hold={"reason": "Storm", "accounts": [account]}, accounts=both)
        ran = pair.run("apply", "acme", "--timeout", "0.05", answer="no")
        assert ("Type yes to continue" in ran.stderr, "Nothing to do yet" in ran.stdout) == (
            asks,
            not asks,
        ), ran
        assert not (asks and "an earlier apply's job is still running" in ran.stderr), ran


def test_what_a_hold_of_the_settings_may_mean_is_told_by_the_apply_that_begins_it(pair: SideBySide) -> None:
    """Neither the calendar nor Publer knows the labels of a post that was made there."""
    by_hand = Copy(
        1,
        ACCOUNTS["x"],
        T,
        text("One"),
        id="one",
        post_id=pair.world.find("One")["id"],
        seen=Seen(T, "One"),
        verified_at=Clock().now() - DAY,
        adopted=True,
    )
    pair.applied("acme", copies={1: by_hand}, next_key=2)
    pair.settings("acme", hold={"reason": "Storm", "labels": ["sale"]})
    ran = [pair.run("apply", "acme", "--yes") for _ in range(2)]
    assert [(each.code, "labels" in each.stdout) for each in ran] == [(6, True), (0, False)], ran
    assert pair.texts() == ["One", "Two"]


def test_a_post_that_publer_refused_a_moment_ago_keeps_no_other_waiting(pair: SideBySide) -> None:
    state = pair.store("acme").read()
    state.put(
        Copy(2, ACCOUNTS["x"], T + 2 * HOUR, text("No"), id="no", requested_at=Clock().now(), refused="no")
    )
    with pair.store("acme").lock(1):
        pair.store("acme").write(replace(state, next_key=3))
    pair.write(acme=[ONE, NEW])
    ran = pair.run("apply", "acme", "--yes")
    assert (ran.code, pair.texts()) == (0, ["New", "One", "Two"]), ran
    assert "an earlier apply" not in ran.stderr


def test_a_clock_that_cannot_be_trusted_ends_an_apply_before_it_plans(pair: SideBySide) -> None:
    pair.write(acme=[ONE, NEW])
    with mock.patch.object(Publer, "clock_off", 2 * DAY):
        ran = pair.run("apply", "acme", "--yes")
    assert (ran.code, pair.world.writes()) == (1, []), ran
    assert "this machine's clock is 2 days behind Publer's" in ran.stderr


def test_calendars_that_were_applied_before_they_had_to_share_go_on(pair: SideBySide) -> None:
    for name in ("acme", "bank"):
        pair.settings(name, accounts={"x": ACCOUNTS["x"]})
    plans = pair.json("plan", "acme", "bank")
    assert [plan["summary"]["unchanged"] for plan in plans] == [1, 1]
    pair.write(acme=[ONE, NEW])
    ran = pair.run("plan", "acme", "bank")
    assert ("── acme ──" in ran.stdout, "── bank ──" in ran.stdout) == (True, False), ran
    ran = pair.run("plan", "acme", "bank", "-v")
    assert ("── acme ──" in ran.stdout, "── bank ──" in ran.stdout) == (True, True), ran


def test_a_ledger_that_was_left_behind_is_asked_about_until_a_new_one_is_begun(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world, in_git=True)
    pair.settings("acme", state="../ledger")
    pair.write(acme=[])
    ran = pair.run("apply", "acme", "--yes")
    assert (ran.code, "To leave that state behind and start over, add --first, once." in told(ran)) == (
        1,
        True,
    )
    ran = pair.run("apply", "acme", "--first", "--yes")
    assert (ran.code, ran.stdout.startswith("Nothing to do.")) == (0, True), ran
    assert (pair.run("apply", "acme", "--yes").code, pair.texts()) == (0, ["One", "Two"])


def test_what_nobody_else_has_and_what_was_not_applied_yet_counts_as_changed(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world, in_git=True)
    git(pair.world.home, "remote", "add", "origin", ".")
    git(pair.world.home, "add", "acme", "bank")
    git(pair.world.home, "commit", "-qm", "two calendars")
    pair.write(acme=[ONE, NEW])
    changed = ("apply", "acme", "bank", "--changed-since", "HEAD", "--yes")
    unpushed = (
        "warning: these files differ from what is committed: nobody else has them until they are pushed\n"
    )
    ran = pair.run(*changed)
    assert (ran.code, ran.stderr.count("warning: "), unpushed in ran.stderr) == (0, 1, True), ran
    assert ran.stdout.startswith("2 calendars\n\nacme  1 post done\nbank  nothing to do\n")
    ran = pair.run(*changed)
    assert (ran.code, ran.stdout) == (0, "1 calendar\n\nacme  nothing to do\n"), ran


@pytest.mark.story
def test_with_an_incomplete_list_or_a_filter_the_files_do_not_count_as_applied(pair: SideBySide) -> None:
    def applied(*words: str) -> bool:
        assert pair.run("apply", "acme", "--yes", *words).code == 0
        return bool(pair.store("acme").read().last_good_apply > before)

    pair.applied("acme")
    pair.write(acme=[])
    before = pair.store("acme").read().last_good_apply
    trips = pair.world.sandbox.faults
    trips.trip("rows_left_out", "GET", "/posts$", times=10**6)
    found = [applied()]
    trips.trips.clear()
    found += [applied("--account", "x"), applied()]
    assert found == [False, False, True]


def test_files_of_which_nobody_can_tell_how_old_they_are_are_used_once_that_is_allowed(
    empty_world: World,
) -> None:
    """Ann applied a commit that is not here, and the remote cannot be asked for it."""
    pair = SideBySide.in_place(empty_world, in_git=True)
    for words in (("remote", "add", "origin", "nowhere"), ("add", "acme"), ("commit", "-qm", "one")):
        git(pair.world.home, *words)
    pair.world.sandbox.remove(pair.world.find("One")["id"])
    by_ann = RunRecord(Clock().now() - HOUR, "apply", "Ann", "a" * 40, {"acme": "b" * 40})
    pair.applied("acme", ONE, runs=(by_ann,))
    pair.write(acme=[ONE, NEW])
    ran = pair.run("apply", "acme", answer="no")
    assert (ran.code, pair.texts()) == (1, ["One", "Two"]), ran
    why = "it is not known whether these files have what was applied last: git could not fetch the history"
    assert f"apply would refuse this plan: {why}" in " ".join(ran.stdout.split())
    assert f"error: {why}" in ran.stderr
    assert "To use these files anyway: publer-sync apply acme --allow-older\n" in ran.stderr
    assert "  If you mean it: publer-sync apply acme --allow-older\n" in ran.stdout
    assert ".." not in ran.stdout
    ran = pair.run("apply", "acme", "--allow-older", answer="yes")
    assert (ran.code, pair.texts()) == (0, ["New", "One", "Two"]), ran
    assert ("would refuse" in ran.stdout, "publer-sync" in ran.stdout) == (False, False)


@each_of(
    ("code", "allow", "error"),
    [
        ("older_files", Allow(), "older_files"),
        ("older_files", Allow(older=True), ""),
        ("older_unknown", Allow(), "state.history"),
        ("deletes", Allow(), ""),
    ],
)
def test_files_that_are_older_are_refused_in_words_that_say_how_to_use_them_anyway(
    code: str, allow: Allow, error: str
) -> None:
    refusal = Refusal(code, 1, 0, "--allow-older", "They are older")
    plan = Plan("acme", WORKSPACE, NOW, "UTC", (), refusals=(refusal,))
    if not error:
        check_older(plan, allow, "publer-sync apply acme")
        return
    with pytest.raises(PublerSyncError, match=r"^They are older$") as raised:
        check_older(plan, allow, "publer-sync apply acme")
    hint = "Nothing was done. To use these files anyway: publer-sync apply acme --allow-older"
    assert (raised.value.code, raised.value.hint) == (error, hint)
    assert raised.value.exit_code == (5 if code == "older_files" else 1)


# --- what is waited for -----------------------------------------------------------------------------------------------

REFUSED = sent(POST, refused="no")
ELSEWHERE = sent(replace(POST, account=LINKEDIN), 2, refused="no")


@each_of(
    ("desired", "copies", "waited"),
    [
        ((POST,), (sent(POST), sent(OTHER, 2)), [1, 2]),
        ((POST,), (REFUSED,), [1]),
        ((POST,), (REFUSED, sent(OTHER, 2)), [1, 2]),
        ((POST,), (REFUSED, ELSEWHERE), [1]),
        ((POST, replace(POST, account=LINKEDIN)), (REFUSED, ELSEWHERE), [1, 2]),
        ((replace(POST, at=LATER),), (REFUSED,), []),
        ((POST,), (copy_of(wanted(SOON, "Before", id="hello")), replace(REFUSED, key=2)), [2]),
        ((), (REFUSED,), []),
        ((POST,), (OURS,), []),
    ],
)
def test_what_was_sent_is_waited_for_and_what_was_refused_where_it_is_wanted_just_so(
    tmp_path: Path, desired: tuple[Post, ...], copies: tuple[Copy, ...], waited: list[int]
) -> None:
    made = session(tmp_path, *desired, state=ledger(*copies))
    made.access.publer = stand_in(deadline=lambda seconds: seconds, clock_off=timedelta(0), requests=0)
    found, stops, listed = list[int](), list[bool](), Listing((LIVE_OTHER,))
    stopped, halted = [False], [False]
    store: Any = made.access.store
    store.halted = lambda: halted[0]

    class Waits:
        def __init__(self, *, stop: Callable[[], bool], **_: object) -> None:
            for stopped[0], halted[0] in ((False, False), (True, False), (False, True)):
                stops.append(stop())

        def follow(self, state: State, keys: list[int], seconds: float) -> Any:
            assert seconds == 7
            found.extend(keys)
            return stand_in(live=listed if len(keys) == 1 else None, state=state)

    control: Any = stand_in(timeout=7, stop=lambda: stopped[0], progress=mock.MagicMock())
    with mock.patch.object(carrying_out, "Follower", Waits):
        then, _ = carrying_out._settled(made, seen(made), control)
    assert stops == ([False, True, True] if waited else []), "who asks to stop, or a hold, ends the wait"
    assert then.live == (listed if len(waited) == 1 else Listing(())), "the last list counts"
    assert control.progress.close.call_count == 1, "what is asked then is not below a line of progress"
    assert sorted(found) == waited


NEW_PLAN, OTHER_PLAN = plan([change(Action.CREATE, POST)]), plan([change(Action.CREATE, OTHER)])
REFUSED_PLAN = replace(NEW_PLAN, refusals=(Refusal("deletes", 9, 5, "--allow-deletes 9"),))
FASTER = RacedStateError("another run was faster", code="state.raced")


@each_of(
    ("again", "stopped", "seconds", "reported", "ends"),
    [
        (None, False, 5, False, "raised"),
        (None, False, 5, True, "reported"),
        (NEW_PLAN, True, 5, False, "raised"),
        (NEW_PLAN, True, 5, True, "reported"),
        (NEW_PLAN, False, 0, True, "reported"),
        (NEW_PLAN, False, 5, True, "done"),
        (OTHER_PLAN, False, 5, False, "judged"),
        (REFUSED_PLAN, False, 5, False, "judged"),
    ],
)
def test_after_a_run_that_was_faster_it_plans_again_while_it_may_and_asks_where_that_is_another_plan(
    again: Plan | None, stopped: bool, seconds: float, reported: bool, ends: str
) -> None:
    made, done, judged = report([]), report([], seconds=7.0), list[tuple[Plan, str]]()
    access = stand_in(publer=stand_in(deadline=lambda left: stand_in(left=left)))
    planned: Any = stand_in(plan=NEW_PLAN, session=stand_in(access=access))
    control: Any = stand_in(timeout=seconds, stop=lambda: stopped, progress=mock.MagicMock())
    carried: list[Any] = []

    def carry_out(now: Any, *_: object) -> ApplyReport:
        carried.append(now)
        if len(carried) == 1:
            raise carrying_out._OvertakenError(FASTER, made if reported else None)
        return done

    def judge(now: Plan, why: str) -> None:
        judged.append((now, why))

    def carries() -> ApplyReport:
        anew: Any = (lambda: stand_in(plan=again)) if again is not None else None
        return carrying_out.carry_out(planned, Allow(), control, judge, anew)

    with mock.patch.object(carrying_out, "_carry_out", carry_out):
        if ends == "raised":
            with pytest.raises(RacedStateError, match="another run was faster"):
                carries()
        else:
            assert carries() is (made if ends == "reported" else done)
    assert judged == ([(again, "Nothing was done.")] if ends == "judged" else [])
    assert [each.plan for each in carried] == [NEW_PLAN, *[again] * (ends in ("done", "judged"))]


@each_of(("halted", "ends"), [(True, HoldBegan), (False, Interrupted)])
def test_a_stop_before_pages_are_asked_ends_it_and_a_hold_says_that_it_did(
    tmp_path: Path, halted: bool, ends: type[Interrupted]
) -> None:
    made = session(tmp_path, POST, state=ledger(OURS))
    made.access.publer = stand_in(
        deadline=lambda left: stand_in(left=left), clock_off=timedelta(0), requests=0
    )
    store: Any = made.access.store
    store.halted = lambda: halted

    def unanswered(*_: object) -> Any:
        raise Interrupted("stopped, as asked")

    pages = stand_in(unanswered=unanswered)
    control: Any = stand_in(timeout=7, stop=lambda: False, progress=mock.MagicMock(), pages=pages)
    planned = PlannedCalendar(made, made.access.state(), seen(made), NEW_PLAN)
    with pytest.raises(Interrupted) as ended:
        carrying_out.carry_out(planned, Allow(), control)
    assert type(ended.value) is ends
