"""Why a post whose time passed was missed, and when it may have been published all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import End
from publer_sync.ledger.state import doubt_key, past_keys
from publer_sync.planning.plan import Action, Past
from publer_sync.values.counted import Counted
from publer_sync.values.model import MINUTE
from publer_sync.values.problems import Location
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LATER,
    NOW,
    SOON,
    X,
    copy_of,
    ledger,
    only,
    planned,
    sent,
    shown,
    wanted,
)
from tests.planning.posts import LAPSED, OUR_DRAFT, unreadable
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost, Post


PAST = wanted(EARLIER, "Hello", id="hello")


TAKEN_OUT = copy_of(PAST)


def missed(
    copy: Copy | None, live: LivePost | None = None, post: Post = PAST, **more: Any
) -> tuple[bool, str]:
    plan = planned([post], [live] if live else [], ledger(*([copy] if copy else [])), **more)
    change = plan.changes[0]
    assert isinstance(change, Past), change
    return change.missed, change.reason


@each_of(
    ("copy", "live", "why"),
    [
        (OUR_DRAFT, shown(EARLIER, state="draft"), "it was still a draft in Publer when its time came"),
        (copy_of(PAST), shown(EARLIER, state="scheduled_declined"), "someone declined it in Publer"),
        (
            copy_of(PAST).ending(End.FAILED, NOW, publer_said="Bad picture"),
            None,
            'Publer could not publish it: "Bad picture"',
        ),
        (copy_of(PAST).ending(End.FAILED, NOW), None, "Publer could not publish it"),
        (None, None, "its time passed before it was scheduled"),
        (
            replace(copy_of(PAST), held=True, removing_at=EARLIER - HOUR).ending(End.REMOVED, EARLIER),
            None,
            "its time passed while it was on hold",
        ),
        (
            replace(copy_of(PAST), removing_at=EARLIER - HOUR).ending(End.REMOVED, EARLIER),
            None,
            "an earlier apply removed it from Publer to make room, and its time passed before it was back",
        ),
    ],
)
def test_why_a_post_was_missed(copy: Copy | None, live: LivePost | None, why: str) -> None:
    if copy is OUR_DRAFT:
        copy = replace(copy_of(wanted(EARLIER, "Hello", id="hello", draft=True)))
    assert missed(copy, live) == (True, why)


@each_of(
    ("copy", "more"),
    [
        (copy_of(PAST).ending(End.GONE, NOW), {}),
        (copy_of(PAST).ending(End.MAYBE_PUBLISHED, NOW), {}),
        (copy_of(wanted(NOW - 20 * MINUTE, id="hello")), {"post": wanted(NOW - 20 * MINUTE, id="hello")}),
        (None, {"short": 1}),
        (None, {"live": shown(EARLIER + MINUTE, state="published", id="f-1")}),
    ],
)
def test_what_may_have_been_published_was_not_missed(copy: Copy | None, more: dict[str, Any]) -> None:
    live = more.pop("live", None)
    post = more.pop("post", PAST)
    plan = planned([post], [live] if live else [], ledger(*([copy] if copy else [])), **more)
    assert not any(isinstance(each, Past) and each.missed for each in plan.changes)


def test_a_post_that_a_hold_took_out_in_its_last_minutes_may_have_been_published() -> None:
    minute = NOW - 10 * MINUTE
    late = replace(copy_of(wanted(minute, id="hello")), held=True, removed=True, removing_at=minute - MINUTE)
    change = only(planned([wanted(minute, id="hello")], [], ledger(late)))
    assert (change.missed, change.doubted) == (True, True)
    assert "whether it was published anyway shows by" in change.reason
    early = replace(late, removing_at=minute - HOUR)
    assert not only(planned([wanted(minute, id="hello")], [], ledger(early))).doubted


@each_of(
    ("unread", "end", "doubted"),
    [
        ("its time is none", End.MAYBE_PUBLISHED, True),
        ("", End.MAYBE_PUBLISHED, False),
        ("its time is none", End.GONE, False),
    ],
)
def test_whether_a_post_was_published_that_may_be_a_row_nobody_can_read_is_not_known(
    unread: str, end: End, doubted: bool
) -> None:
    row = replace(shown(LATER, "Else", id="p-7"), unread=unread)
    change = only(planned([PAST], [row], ledger(copy_of(PAST).ending(end, NOW, evidence="p-7"))))
    assert (change.doubted, change.missed) == (doubted, doubted)


def test_what_was_told_is_not_told_again_but_another_post_of_its_minute_is() -> None:
    keys = past_keys(X.id, EARLIER, "hello")
    plan = planned([PAST], [], ledger(excused=set(keys)))
    assert not any(isinstance(each, Past) and each.missed for each in plan.changes)
    other = replace(copy_of(PAST), removing_at=EARLIER - HOUR).ending(End.REMOVED, EARLIER)
    told = only(planned([PAST], [], ledger(other, excused={past_keys(X.id, EARLIER, "another")[0]})))
    assert told.missed


def test_a_post_that_a_date_let_in_after_its_time_was_not_missed() -> None:
    bound = Counted("launch + 7d", "launch", "2026-12-04", Location("publer.yaml", 7))
    late = replace(wanted(EARLIER, id="tips@2"), bounds=(bound,))
    before = copy_of(wanted(SOON, "Tip", id="tips@1"), counts_from=("launch", "2026-12-03"))
    first = replace(wanted(SOON, "Tip", id="tips@1"), bounds=(bound,))
    past: Any
    [past, _] = planned([late, first], [shown(SOON, "Tip")], ledger(before)).changes
    assert (past.let_in, past.missed) == ("date", False)
    same = replace(before, counts_from=("launch", "2026-12-04"))
    [past, _] = planned([late, first], [shown(SOON, "Tip")], ledger(same)).changes
    assert (past.let_in, past.missed) == ("", True)


def test_what_was_never_verified_and_may_have_been_published_was_not_missed() -> None:
    copy = replace(copy_of(PAST), verified_at=None).ending(End.MAYBE_PUBLISHED, NOW)
    assert missed(copy) == (False, "its time has passed")


def test_whether_a_post_was_published_that_was_being_removed_when_an_apply_ended_is_not_known() -> None:
    taken = replace(
        copy_of(PAST).ending(End.MAYBE_PUBLISHED, NOW, evidence="p-7"), removing_at=EARLIER - HOUR
    )
    for copy, doubted in ((taken, True), (replace(taken, removing_at=None), False)):
        change = only(planned([PAST], [shown(EARLIER, "Else", id="p-7", state="published")], ledger(copy)))
        assert (change.doubted, change.missed) == (doubted, doubted)
        assert ("an earlier apply was interrupted" in change.reason) is doubted


def test_what_nobody_knows_or_sees_published_is_told_once() -> None:
    replacing = replace(copy_of(wanted(EARLIER)), removing_at=EARLIER - HOUR)
    doubted = replacing.ending(End.MAYBE_PUBLISHED, NOW)
    never = replace(sent(wanted(EARLIER)), lapsed=True).ending(End.NEVER_CAME, NOW)
    for copy, key in ((doubted, doubt_key(X.id, EARLIER)), (never, past_keys(X.id, EARLIER, None)[0])):
        for excused in (set[str](), {key}):
            past = only(planned([wanted(EARLIER)], [], ledger(copy, excused=excused)))
            assert (past.action, past.missed) == (Action.PAST, not excused)


def test_a_copy_that_was_adopted_is_no_row_that_cannot_be_read() -> None:
    post, there = wanted(SOON, "Better", id="hello"), shown(SOON, "Better", id="f-1")
    plan = planned([post], [there], ledger(LAPSED), unread=[unreadable()])
    assert [each.action for each in plan.changes] == [Action.ADOPT]


JUST = copy_of(wanted(NOW - 10 * MINUTE))
REMOVED: Any = {"removing_at": NOW - 12 * MINUTE, "removed": True}


@each_of(
    ("copy", "doubted"),
    [
        (replace(JUST, held=True, **REMOVED), True),
        (replace(JUST, **REMOVED), False),
        (replace(JUST, held=True), False),
        (replace(JUST, removing_at=NOW - DAY).ending(End.MAYBE_PUBLISHED, NOW, evidence="f-1"), True),
        (
            replace(JUST, removing_at=NOW - DAY, held=True).ending(End.MAYBE_PUBLISHED, NOW, evidence="f-1"),
            False,
        ),
        (replace(JUST, removing_at=JUST.slot).ending(End.MAYBE_PUBLISHED, NOW), True),
        (replace(JUST, removing_at=JUST.slot, held=True).ending(End.MAYBE_PUBLISHED, NOW), True),
        (JUST.ending(End.MAYBE_PUBLISHED, NOW), False),
    ],
)
def test_whether_it_is_doubted_that_a_post_was_published(copy: Copy, doubted: bool) -> None:
    [past] = [each for each in planned([wanted(JUST.slot)], [], ledger(copy)).changes if each.post]
    assert getattr(past, "doubted", False) is doubted


def test_a_post_that_a_date_let_in_is_told_once_and_one_that_was_sent_was_there_before() -> None:
    launch = Counted("launch - 7d", "launch", "2026-12-04", Location("publer.yaml", 7))
    post = replace(wanted(EARLIER, id="tips@12-05"), bounds=(launch,))
    other = copy_of(wanted(SOON, "Other", id="tips@12-01"), counts_from=("launch", "2026-12-03"))
    sent_before = replace(sent(wanted(EARLIER, id="tips@12-05"), 2), lapsed=True).ending(End.NEVER_CAME, NOW)
    known = {*past_keys(X.id, EARLIER, "tips@12-05")}
    rows: list[tuple[list[Copy], set[str], bool]] = [
        ([other], set(), True),
        ([other], known, False),
        ([other, sent_before], set(), False),
    ]
    for copies, excused, let_in in rows:
        plan = planned([post], [shown(SOON, "Other")], ledger(*copies, excused=excused))
        [past] = [each for each in plan.changes if isinstance(each, Past)]
        assert (past.let_in == "date") is let_in


@each_of(
    ("copy", "live", "told"),
    [
        (replace(sent(wanted(JUST.slot, id="hello")), lapsed=True), None, False),
        (replace(sent(PAST), lapsed=True).ending(End.NEVER_CAME, NOW), None, True),
        (replace(TAKEN_OUT, held=True), None, False),
        (replace(TAKEN_OUT, held=True, removing_at=EARLIER - DAY, removed=True), None, True),
        (None, shown(EARLIER, id="f-1", state="published"), False),
        (None, shown(EARLIER, id="f-1", state="failed"), True),
        (None, shown(None, id="f-1", state="published"), True),
        (None, shown(EARLIER - 2 * HOUR, id="f-1", state="published"), True),
    ],
)
def test_what_is_missed_and_what_may_be_out(copy: Copy | None, live: LivePost | None, told: bool) -> None:
    post = replace(PAST, at=copy.slot) if copy is not None else PAST
    assert missed(copy, live, post)[0] is told
