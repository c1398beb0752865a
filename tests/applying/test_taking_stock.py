"""How an apply ends: what is noted of the files, of what left, and of what was missed or taken out before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.applying.applier import (
    _all_done,
    _follow_to_account,
    _next_out,
    _note_end,
    _take_stock,
    note_what_left,
)
from publer_sync.applying.report import Outcome, Result
from publer_sync.applying.tasks import Creation
from publer_sync.ledger.copies import End
from publer_sync.ledger.state import past_keys
from publer_sync.planning.allow import Allow
from publer_sync.planning.judge import told as told_name
from publer_sync.planning.plan import Action, Block, Held
from tests.applying.runs import OTHER, OURS, run_at
from tests.builders import (
    DAY,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    X,
    change,
    copy_of,
    ledger,
    plan,
    sent,
    shown,
    vary,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from publer_sync.planning.allow import Lets
    from publer_sync.values.model import LivePost


@each_of(
    ("result", "done"),
    [
        ({"outcome": Outcome.APPLIED}, True),
        ({"outcome": Outcome.WAITING}, True),
        ({"outcome": Outcome.WAITING, "page": True}, False),
        ({"outcome": Outcome.WAITING, "leaves": True}, False),
        ({"outcome": Outcome.WAITING, "asks": True}, False),
        ({"outcome": Outcome.NOT_TRIED}, False),
        ({"outcome": Outcome.UNVERIFIED}, False),
        (None, False),
    ],
)
def test_the_files_count_as_applied_only_where_nothing_of_them_is_left(
    result: dict[str, Any] | None, done: bool
) -> None:
    new = change(Action.CREATE, wanted(SOON))
    run = run_at(changes=[new])
    run.creations.append(Creation(0, new))
    if result is not None:
        run.results[0] = Result(new, **result)
    assert _all_done(run) is done


@each_of("whole", [True, False])
def test_what_left_the_calendar_is_noted_by_an_apply_without_filters_alone(whole: bool) -> None:
    gone = copy_of(wanted(SOON))
    run = run_at((), ledger(gone), whole=whole)
    run.order = replace(run.order, plan=replace(plan([]), left=frozenset({gone.entry})))
    _take_stock(run)
    assert [entry for entry, facts in run.state.facts.items() if facts.left] == [gone.entry] * whole


@each_of(
    ("live", "left"),
    [(shown(SOON), False), (None, True)],
)
def test_what_the_calendar_wants_again_has_not_left_it(live: LivePost | None, left: bool) -> None:
    copy = copy_of(wanted(SOON))
    state = ledger(copy)
    state.note(1, left=True)
    changes = [change(Action.UNCHANGED, wanted(SOON), live=live, copy=copy)] if live else []
    note_what_left(state, plan(changes, left=frozenset({1})))
    assert any(facts.left for facts in state.facts.values()) is left


@each_of(
    ("said", "held", "told", "payload"),
    [
        ("", False, "its time passed", False),
        ("Bad picture", False, "Publer could not publish it", False),
        ("", True, "its time passed", False),
    ],
)
def test_a_post_that_was_missed_is_told_with_publers_words(
    said: str, held: bool, told: str, payload: bool
) -> None:
    gone = replace(copy_of(wanted(SOON)), publer_said=said, held=held)
    missed = change(Action.PAST, wanted(SOON), copy=gone, missed=True, reason="its time passed")
    run = run_at((), ledger(gone), changes=[missed])
    _take_stock(run)
    result = run.results[0]
    assert (result.outcome, result.why.message, result.why.publer_said) == (Outcome.NOT_TRIED, told, said)


@each_of(("removing", "held", "kept"), [(True, False, True), (True, True, False), (False, False, False)])
def test_what_a_missed_post_said_is_in_the_report_where_an_apply_had_removed_it(
    removing: bool, held: bool, kept: bool
) -> None:
    gone = replace(copy_of(wanted(SOON)), removing_at=NOW if removing else None, held=held)
    missed = change(Action.PAST, wanted(SOON), copy=gone, missed=True)
    run = run_at((), ledger(gone), changes=[missed])
    _take_stock(run)
    assert (run.results[0].payload is not None) is kept


def test_a_post_follows_to_another_account_once_nothing_of_it_is_on_the_old_one() -> None:
    moved = replace(copy_of(wanted(SOON)), moved_to=LINKEDIN.id)
    half = copy_of(wanted(LATER), 2, post_id="p-2", entry=1)
    run = run_at((), ledger(moved, half, copy_of(wanted(LAST), 3, post_id="p-3")))
    _follow_to_account(run, moved, LINKEDIN.id)
    assert [copy.account for copy in run.state.copies.values()] == [moved.account] * 3
    run.state.put(half.ending(End.REMOVED, NOW))
    _follow_to_account(run, moved, LINKEDIN.id)
    assert [copy.account for copy in run.state.copies.values()] == [LINKEDIN.id, LINKEDIN.id, moved.account]


def test_what_became_of_a_post_that_was_never_sent_is_told_all_the_same() -> None:
    bare = Result(Held(account=wanted(SOON).account, post=wanted(SOON), reason="a storm"), Outcome.APPLIED)
    run = run_at((), ledger(), taken_out=(bare,))
    _take_stock(run)
    assert [*run.results.values()] == [bare]


@each_of(
    ("moves_to", "ahead", "told"),
    [
        ("", DAY, None),
        (
            "bank",
            2 * DAY,
            (Outcome.WAITING, "the calendar bank wants it and takes it over when it is applied"),
        ),
        (
            "bank",
            DAY,
            (Outcome.NOT_TRIED, "the calendar bank wants it and takes it over when it is applied"),
        ),
    ],
)
def test_a_post_that_another_calendar_takes_over_waits_for_it_and_is_told_before_its_minute(
    moves_to: str, ahead: timedelta, told: tuple[Outcome, str] | None
) -> None:
    copy = copy_of(post := wanted(NOW + ahead))
    stays = change(Action.UNCHANGED, post, live=shown(NOW + ahead), copy=copy, moves_to=moves_to)
    run = run_at((), ledger(copy), changes=[stays])
    _take_stock(run)
    assert [(each.outcome, each.why.message, each.leaves) for each in run.results.values()] == (
        [(*told, True)] if told else []
    )


def test_what_was_taken_out_before_is_told_once() -> None:
    held = Held(
        account=wanted(SOON).account, post=wanted(SOON), copy=OURS, live=shown(SOON), reason="a storm"
    )
    out = Result(held, Outcome.APPLIED, post_id="p-1")
    run = run_at((), ledger(OURS), changes=[held], taken_out=(out,))
    _take_stock(run)
    assert [*run.results.values()] == [out]
    other = replace(held, copy=OTHER, live=None)
    run = run_at((), ledger(OURS, OTHER), changes=[other], taken_out=(out,))
    _take_stock(run)
    assert [*run.results.values()] == [out]
    awaited = replace(held, copy=sent(wanted(SOON), 3), live=None)
    run = run_at((), ledger(OURS, sent(wanted(SOON), 3)), changes=[awaited], taken_out=(out,))
    _take_stock(run)
    assert {result.outcome for result in run.results.values()} == {Outcome.APPLIED, Outcome.UNVERIFIED}


@each_of(
    ("block", "noted", "told"),
    [(Block.WENT_OUT, True, False), (Block.WENT_OUT, False, True), (Block.STATE, True, True)],
)
def test_that_a_post_was_published_already_is_reported_once(block: Block, noted: bool, told: bool) -> None:
    again = change(Action.BLOCKED, wanted(LATER), blocks=(block,), copy=OURS)
    state = ledger(OURS)
    state.note(1, told=(told_name(wanted(LATER)),) if noted else ())
    run = run_at((), state, changes=[again])
    _take_stock(run)
    assert bool(run.results) is told


@each_of(
    ("let_in", "at_once", "in_the_end"), [("", False, False), ("date", True, True), ("account", False, True)]
)
def test_what_a_calendar_joined_too_late_for_is_excused_and_that_of_an_account_once_the_run_has_ended(
    let_in: str, at_once: bool, in_the_end: bool
) -> None:
    late = change(Action.PAST, wanted(NOW - DAY, id="late"), let_in=let_in)
    run = run_at((), ledger(), changes=[late])
    keys = {*past_keys(late.account.id, late.at, late.id)}
    _take_stock(run)
    assert run.state.excused == (keys if at_once else set())
    _note_end(run)
    assert run.state.excused == (keys if in_the_end else set())


@each_of(("at", "learns"), [(SOON, True), (None, True), (NOW, False), (NOW - DAY, False)])
def test_a_post_whose_minute_has_come_keeps_what_was_sent_and_its_account(
    at: datetime | None, learns: bool
) -> None:
    """What the calendar says of it from then on was never published."""
    post = wanted(SOON, account=LINKEDIN, labels=["new"])
    old = replace(copy_of(wanted(SOON)), moved_to=LINKEDIN.id)
    stays = change(Action.UNCHANGED, post, live=shown(at, account=LINKEDIN), copy=old)
    run = run_at((), ledger(old), changes=[stays])
    _take_stock(run)
    copy = run.state.copies[1]
    assert (copy.sent, copy.account) == ((post.content, LINKEDIN.id) if learns else (old.sent, old.account))


@each_of(
    ("given", "would", "told"),
    [
        (True, Action.UNCHANGED, False),
        (False, Action.UNCHANGED, True),
        (frozenset({"other"}), Action.UNCHANGED, True),
        (True, Action.RECREATE, True),
    ],
)
def test_what_an_option_lets_stay_as_it_is_needs_no_word(given: Lets, would: Action, told: bool) -> None:
    """Nothing is to be done for it; of what is to be made, the option that makes it is not given."""
    stays = change(Action.BLOCKED, wanted(SOON, id="one"), would=would, blocks=(Block.OLDER,), copy=OURS)
    run = run_at((), ledger(OURS), changes=[stays], allow=Allow(older=given))
    _take_stock(run)
    assert [result.outcome for result in run.results.values()] == [Outcome.NOT_TRIED] * told


@each_of("tried", [True, False])
def test_a_post_does_not_get_the_words_of_one_that_is_not_changed(tried: bool) -> None:
    better = change(Action.UPDATE, wanted(SOON, "Better"), live=shown(SOON), copy=OURS, behind=2)
    giver = change(Action.UPDATE, wanted(LATER, "Other"), live=shown(LATER, "Better", id="p-2"), copy=OTHER)
    kept = vary(change(Action.BLOCKED, giver.post, would=Action.UPDATE, live=giver.live, copy=OTHER))
    run = run_at((), ledger(OURS, OTHER), changes=[better, giver if tried else kept])
    _take_stock(run)
    assert [task.index for task in run.edits if run.open(task)] == ([0, 1] if tried else [])
    if not tried:
        assert run.results[0].outcome is Outcome.NOT_TRIED
        assert "another post still says this in Publer" in run.results[0].why.message


@each_of(("alias", "told"), [("x", "x"), (None, "Fjordlight")])
def test_what_is_published_next_is_told_with_the_alias_of_its_account_or_its_name(
    alias: str | None, told: str
) -> None:
    account = replace(X, alias=alias)
    same = change(Action.UNCHANGED, wanted(SOON, account=account), live=shown(SOON), copy=OURS)
    assert _next_out(run_at([shown(SOON)], ledger(OURS), changes=[same])) == (SOON, told, "Hello")


def test_what_is_noted_of_a_post_is_of_one_that_a_list_shows_and_of_no_older_version_of_it() -> None:
    older = replace(copy_of(wanted(LATER), 2, post_id="p-2", entry=1), moved_to=LINKEDIN.id)
    state = ledger(OURS, older.ending(End.REMOVED, NOW))
    run = run_at((), state, changes=[change(Action.UNCHANGED, wanted(SOON, labels=["new"]), copy=OURS)])
    _take_stock(run)
    assert run.state.copies[1] == OURS, "no list shows it"
    run.order = replace(run.order, plan=plan([vary(run.order.plan.changes[0], live=shown(SOON))]))
    _take_stock(run)
    assert run.state.copies[1].sent.labels == ("new",)
    assert run.state.copies[2].moved_to == LINKEDIN.id
