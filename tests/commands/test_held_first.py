"""What an apply under a hold takes out before anything else, judged, noted and confirmed as by the command."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.applying.following import Follower
from publer_sync.applying.report import ApplyReport, Cause, Outcome, Result
from publer_sync.commands import apply
from publer_sync.commands.holding import held_first
from publer_sync.holding.holder import Holder
from publer_sync.ledger import state as ledgers
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.runs import RunRecord
from publer_sync.planning.plan import Action, Held
from publer_sync.publer.gateway import Publer
from publer_sync.values.errors import RacedStateError, Refused, StateError
from tests.builders import LATER, NOW, SOON, X, change, copy_of, ledger, plan, sent, shown, wanted
from tests.commands.holds import texts
from tests.commands.reached import stand_in
from tests.commands.test_overtaken import meanwhile
from tests.system.worlds import DAY, HOUR, MINUTE, NEVER, Applied, T, Want, World, clocks, end_jobs_at
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from publer_sync.ledger.state import State

ONE, TWO = Want("one", "facebook", T, "one"), Want("two", "x", T + DAY, "two")
LATE = Want("late", "linkedin", T + HOUR, "sent and not listed")
HOLD = {"reason": "Accident in town"}


@pytest.fixture
def world(empty_world: World) -> World:
    empty_world.apply_first(ONE, TWO)
    empty_world.settings(hold=HOLD)
    return empty_world


def refusing() -> Any:
    return mock.patch.object(Publer, "delete", side_effect=Refused("Publer refused it", status=403))


def applied_after(world: World, what: Callable[[], object], *words: str) -> Applied:
    """An apply whose question is answered with yes once something has happened."""
    with (
        mock.patch.object(apply, "need_answer"),
        mock.patch.object(apply, "confirm", side_effect=lambda _: what()),
    ):
        return Applied.of(world.run("apply", world.top, "--format", "json", *words))


def test_what_someone_edited_while_the_question_was_open_is_kept(world: World) -> None:
    with clocks(world) as to:

        def wait() -> None:
            world.sandbox.edit(world.find("one")["id"], text="one, by hand")
            to(T - DAY + 2 * MINUTE)

        to(T - DAY)
        assert applied_after(world, wait).code == 0
        assert texts(world) == set()
        world.settings()
        done = world.apply()
        assert (done.code, done.result("one")["code"]) == (6, "edited"), done


def test_what_was_published_while_the_question_was_open_was_not_stopped(world: World) -> None:
    with clocks(world) as to:
        to(T - HOUR)
        done = applied_after(world, lambda: to(T + 5 * MINUTE))
    assert (done.code, done.outcomes) == (6, [("held", "one", "failed"), ("held", "two", "applied")])
    assert done.result("one")["message"] == "Publer published it before it could be removed"


def test_what_a_colleague_deleted_while_the_question_was_open_is_out(world: World) -> None:
    with clocks(world) as to:

        def wait() -> None:
            world.sandbox.remove(world.find("one")["id"])
            to(T - DAY + 2 * MINUTE)

        to(T - DAY)
        done = applied_after(world, wait)
    assert (done.code, done.outcomes) == (0, [("held", "one", "applied"), ("held", "two", "applied")])


def test_the_ledger_and_its_log_have_what_goes_before_the_first_delete(world: World) -> None:
    seen: list[State] = []
    real = Publer.delete

    def delete(publer: Publer, ids: list[str]) -> frozenset[str]:
        seen.append(ledgers.loads(world.ledger.read_bytes(), "x"))
        return real(publer, ids)

    with mock.patch.object(Publer, "delete", delete):
        assert world.apply().code == 0
    assert all(copy.held and copy.removing_at for copy in seen[0].copies.values())
    assert [(line.action, line.id) for line in seen[0].runs[-1].lines] == [("held", "one"), ("held", "two")]
    ran = world.run("log", world.top, "--format", "json")
    (run, *_) = json.loads(ran.stdout)["runs"]
    assert [(line["action"], line["id"], line["outcome"]) for line in run["changes"]] == [
        ("held", "one", "applied"),
        ("held", "two", "applied"),
    ]


def test_with_filters_only_what_they_choose_goes(world: World) -> None:
    done = world.apply("--account", "x")
    assert (done.code, done.outcomes) == (0, [("held", "two", "applied")])
    assert texts(world) == {"one"}


def test_where_the_ledger_cannot_say_it_nothing_goes(world: World) -> None:
    with mock.patch.object(FileStore, "write", side_effect=StateError("the disk is full", code="state.disk")):
        done = world.apply()
    assert (done.code, done.document["error"]["code"]) == (1, "state.disk")
    assert done.outcomes == [("held", "one", "not_tried"), ("held", "two", "not_tried")]
    assert texts(world) == {"one", "two"}


def test_what_publer_keeps_is_told_and_the_files_do_not_count_as_applied(world: World) -> None:
    before = world.plan()["last_good_apply"]
    with refusing():
        done = world.apply()
    assert (done.code, [outcome for *_, outcome in done.outcomes]) == (6, ["failed", "failed"])
    assert {each["message"] for each in done.document["results"]} == {"Publer refused it"}
    assert world.plan()["last_good_apply"] == before
    done = world.apply()
    assert (done.code, texts(world)) == (0, set())


def test_what_shows_up_once_the_rest_is_settled_goes_too(world: World) -> None:
    """No hold waited for it: its time was up. But the apply goes on, and has it in its last list."""
    world.settings()
    world.sandbox.faults.job_delay = NEVER
    world.write(ONE, TWO, LATE)
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)):
        assert world.run("apply", world.top, "--yes").code == 137
    world.settings(hold=HOLD)
    end_jobs_at(world.sandbox, "DELETE")
    with mock.patch.object(Holder, "stop_under_way"):
        done = world.apply()
    assert (done.code, texts(world)) == (0, set()), done
    assert sorted(done.outcomes) == [("held", name, "applied") for name in ("late", "one", "two")]


def test_where_somebody_asked_to_stop_before_nothing_goes(world: World) -> None:
    done = applied_after(world, lambda: os.kill(os.getpid(), signal.SIGINT))
    assert (done.code, done.document["error"]["code"]) == (1, "interrupted"), done
    assert done.outcomes == [("held", "one", "not_tried"), ("held", "two", "not_tried")]
    assert texts(world) == {"one", "two"}


@pytest.fixture
def on_branch(empty_world: World) -> World:
    """Two posts that are on hold and still in Publer, with the state on a branch."""
    empty_world.repository()
    empty_world.settings(state="git:publer-sync-state")
    empty_world.apply_first(ONE, TWO)
    empty_world.settings(state="git:publer-sync-state", hold=HOLD)
    with refusing():
        assert empty_world.apply().code == 6
    empty_world.sandbox.reset_log()
    return empty_world


@pytest.mark.slow
def test_another_run_that_saved_its_state_before_anything_was_sent_is_planned_with(on_branch: World) -> None:
    with meanwhile(1, on_branch.apply):
        done = on_branch.apply()
    assert (done.code, done.outcomes) == (0, []), done
    assert on_branch.writes().count("DELETE") == 1


@pytest.mark.slow
def test_another_run_that_saved_its_state_after_that_ends_it(on_branch: World) -> None:
    with meanwhile(2, on_branch.apply):
        done = on_branch.apply()
    assert (done.code, done.document["error"]["code"]) == (1, "state.raced"), done
    assert done.outcomes == [("held", "one", "applied"), ("held", "two", "applied")]
    assert on_branch.writes().count("DELETE") == 1


@pytest.mark.parametrize("differs", [True, False])
def test_what_is_left_is_asked_about_again_where_it_is_something_else_by_then(
    empty_world: World, differs: bool
) -> None:
    """A colleague deletes a post while the question is open, which the list of what is on hold shows."""
    world = empty_world
    world.apply_first(ONE, TWO)
    world.settings(hold={**HOLD, "accounts": ["facebook"]})
    world.write(ONE, TWO, LATE)
    asked: list[object] = []

    def confirm(question: object) -> None:
        if differs and not asked:
            world.sandbox.remove(world.find("two")["id"])
        asked.append(question)

    with mock.patch.object(apply, "need_answer"), mock.patch.object(apply, "confirm", confirm):
        ran = Applied.of(world.run("apply", world.top, "--format", "json"))
    assert len(asked) == (2 if differs else 1), ran
    assert texts(world) == ({"sent and not listed"} if differs else {"sent and not listed", "two"})


# --- what has to go, and how it ends ----------------------------------------------------------------------------------

STORM = Hold("Storm", NOW)
SENT = sent(wanted(SOON, "Sent", id="sent"), 3)
LISTED = copy_of(wanted(SOON, "One", id="one"))
MOVED = copy_of(wanted(LATER, "Two", id="two"), 2, post_id="p-2")
GOING = Held(account=X, post=wanted(SOON, "One"), copy=LISTED, live=shown(SOON, "One"), reason="Storm")
OUT = Held(account=X, copy=MOVED, reason="Storm")


@each_of(
    ("state", "in_settings", "matters"),
    [
        (None, True, False),
        (ledger(SENT), True, True),
        (ledger(SENT), False, False),
        (ledger(SENT, holds=(STORM,)), False, True),
        (ledger(LISTED, holds=(STORM,)), True, False),
    ],
)
def test_a_hold_matters_before_a_plan_where_something_is_under_way(
    state: State | None, in_settings: bool, matters: bool
) -> None:
    settings = stand_in(hold=STORM if in_settings else None)
    session: Any = stand_in(access=stand_in(calendar=stand_in(settings=settings)))
    assert held_first.may_matter(session, stand_in(state=state)) is matters


def access(now: datetime = NOW) -> Any:
    return stand_in(
        account_ids=(X.id,),
        account=lambda _: X,
        elsewhere=Elsewhere,
        clock=stand_in(now=lambda: now),
        calendar=stand_in(settings=stand_in(hold=None)),
    )


TRIED = ApplyReport((Result(GOING, Outcome.APPLIED, post_id="p-1"),), 0, 0, 0.0, "UTC")


@each_of(
    ("state", "changes", "holds", "tried", "goes"),
    [
        (None, (GOING,), (STORM,), None, False),
        (ledger(LISTED), (GOING,), (), None, False),
        (ledger(LISTED), (GOING,), (STORM,), None, True),
        (ledger(LISTED, MOVED), (GOING, OUT), (STORM,), None, True),
        (ledger(MOVED), (OUT,), (STORM,), None, False),
        (ledger(SENT), (), (STORM,), None, True),
        (ledger(LISTED), (GOING,), (STORM,), TRIED, False),
        (ledger(LISTED), (replace(GOING, live=shown(SOON, id="p-9")),), (STORM,), TRIED, True),
        (ledger(LISTED, SENT), (OUT,), (STORM,), TRIED, False),
    ],
)
def test_what_is_listed_or_under_way_has_to_go_and_is_tried_once(
    state: State | None, changes: tuple[Held, ...], holds: tuple[Hold, ...], tried: Any, goes: bool
) -> None:
    seen: Any = stand_in(state=state, live=())
    new = change(Action.CREATE, wanted(LATER, "New"))
    never = Held(account=X, post=wanted(LATER, "Never sent"), reason="Storm")
    made = plan([*changes, new, never], holds=holds)
    means: Any = stand_in()
    for scope in (None, "some days") if changes else (None,):
        session: Any = stand_in(access=access(), scope=scope)
        holder = held_first.holder_for(session, seen, made, means, tried=tried)
        assert (holder is not None) is goes
        if holder is None:
            continue
        keys = {each.copy.key for each in changes if each.copy}
        assert holder.only == (keys if scope else None)
        assert {*holder.wanted} == {each.copy.key for each in changes if each.copy and each.post}
        assert (holder.state.holds, holder.state is not state) == ((STORM,), True)


class Taking:
    """One that takes GOING out, and fails where `fails` says so, once it has noted some of it."""

    def __init__(
        self, fails: Mapping[str, BaseException], noted: tuple[str, ...] = (), *, unsure: bool = False
    ) -> None:
        self.calls: list[str] = []
        self.saved: list[State] = []
        self.fails, self.noted = fails, dict.fromkeys(noted)
        self.plan = plan([GOING, OUT], holds=(STORM,))
        self.planned = {1: GOING, 2: replace(OUT, live=shown(LATER, "Two", id="p-2")), 3: OUT}
        self.state = ledger(LISTED, files="of the last apply")
        outcome = Outcome.UNVERIFIED if unsure else Outcome.APPLIED
        self.results: tuple[Result, ...] = (Result(GOING, outcome, Cause("who knows"), post_id="p-1"),)
        if not unsure:
            self.results += (Result(GOING, outcome, post_id="p-3"),)
        self.means = stand_in(save=self.save)
        self.noting: Any = None

    def save(self, state: State) -> None:
        self._call("save")
        self.saved.append(state)

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name in self.fails:
            raise self.fails[name]

    def stop_listed(self) -> None:
        self._call("listed")

    def stop_all(self) -> None:
        self._call("all")

    def stop_under_way(self, timeout: float) -> None:
        self._call(f"under way {timeout:g}")


RACED = RacedStateError("another run was ahead", code="state.raced")
DOWN = Refused("Publer is down", status=500)
DISK = StateError("the disk is full", code="state.disk")
ALL = ["listed", "all", "under way 5", "save"]


@each_of(
    ("fails", "noted", "later", "calls", "error", "outcomes"),
    [
        ({}, (), 0, ALL, None, {"p-1": "applied", "p-3": "applied"}),
        ({}, (), 60, ALL, None, {"p-1": "applied", "p-3": "applied"}),
        ({}, (), 61, ALL[1:], None, {"p-1": "applied", "p-3": "applied"}),
        ({"all": RACED}, (), 0, ["listed", "all"], "raised", {}),
        ({"all": RACED}, ("p-1",), 0, ["listed", "all"], RACED, {"p-1": "applied", "p-2": "not_tried"}),
        ({"all": DOWN}, ("p-1",), 0, ["listed", "all", "save"], DOWN, {"p-1": "applied", "p-2": "not_tried"}),
        ({"all": DOWN}, (), 0, ["listed", "all", "save"], DOWN, {"p-1": "not_tried", "p-2": "not_tried"}),
        ({"all": DOWN, "save": DISK}, ("p-2",), 0, ["listed", "all", "save"], DOWN, {"p-1": "not_tried"}),
        ({"save": DISK}, ("p-1", "p-2"), 0, ALL, DISK, {"p-1": "applied"}),
    ],
)
def test_whatever_ends_it_what_publer_was_asked_for_is_told_and_saved(
    fails: Mapping[str, BaseException],
    noted: tuple[str, ...],
    later: int,
    calls: list[str],
    error: Any,
    outcomes: dict[str, str],
) -> None:
    holder: Any = Taking(fails, noted)
    session: Any = stand_in(access=access(NOW + timedelta(seconds=later)), scope=None)

    def taken() -> ApplyReport:
        return held_first.take_out(session, holder, None, None, timeout=5)

    if error == "raised":
        with pytest.raises(RacedStateError):
            taken()
    else:
        report = taken()
        assert {each.why.hint for each in report.results} == {None}
        assert (report.error, {each.post_id: str(each.outcome) for each in report.results}) == (
            error,
            outcomes,
        )
    assert holder.calls == calls


@each_of(("scope", "files"), [(None, None), ("some days", "of the last apply")])
def test_what_goes_is_saved_with_the_run_and_the_files_count_as_applied_no_more(
    scope: str | None, files: str | None
) -> None:
    holder: Any = Taking({}, unsure=True)
    session: Any = stand_in(access=access(), scope=scope)
    before = replace(TRIED, results=(*TRIED.results, Result(OUT, Outcome.APPLIED, post_id="p-2")))
    for record, runs in ((RunRecord(NOW, "apply"), 1), (None, 0)):
        report = held_first.take_out(session, holder, record, before, timeout=5)
        assert [(each.post_id, str(each.outcome)) for each in report.results] == [
            ("p-1", "unverified"),
            ("p-2", "applied"),
        ]
        assert report.results[0].why.hint == held_first.LOOKS_AGAIN
        saved = holder.saved[-1]
        assert (saved.files, len(saved.runs), holder.state.runs) == (files, runs, ())
        holder.noting({})
        assert len(holder.saved[-1].runs) == runs
    [line] = holder.saved[0].runs[0].lines
    assert (line.action, line.outcome) == ("held", "unverified")
