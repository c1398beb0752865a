"""Which lists and which calendars are asked once more, and of which post a job tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import End, Seen
from publer_sync.planning.survey import (
    BACK,
    SPAN_LASTS,
    _accounts_to_list,
    _around_hidden,
    _may_be_theirs,
    _old_drafts,
    _place,
    _span,
    listing,
    note_refused,
)
from publer_sync.values.model import MINUTE, Failure, Job, JobStatus, Listing
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    X,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)
from tests.planning.posts import LAPSED, LIVE, OURS
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import timedelta

    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost


@each_of(
    ("copies", "live", "asked"),
    [
        ((LAPSED,), shown(SOON, "Whatever", id="f-1"), True),
        ((OURS,), LIVE, False),
        ((OURS,), shown(SOON, "Whatever", id="f-1"), False),
        ((LAPSED.ending(End.NEVER_CAME, NOW),), shown(SOON, "Whatever", id="f-1"), False),
        ((OURS,), shown(EARLIER, "Whatever", id="f-1", state="published"), True),
        ((OURS, replace(LAPSED, key=2)), LIVE, False),
        ((OURS.ending(End.GONE, NOW),), shown(EARLIER, "Whatever", id="f-1", state="published"), False),
    ],
)
def test_other_calendars_are_asked_where_a_listed_post_may_be_theirs(
    copies: tuple[Copy, ...], live: LivePost, asked: bool
) -> None:
    assert _may_be_theirs(ledger(*copies), [live]) is asked


def test_a_listed_copy_is_searched_for_nowhere() -> None:
    out = shown(EARLIER, "Whatever", id="f-1", state="published")
    assert _may_be_theirs(ledger(OURS), [LIVE, out]) is False


def test_a_span_is_kept_only_where_publer_showed_one() -> None:
    assert _span(ledger(), Listing(), NOW) is None
    assert _span(ledger(span=(30, NOW - DAY)), Listing(), NOW) is None
    assert _span(ledger(span=(30, NOW - DAY)), Listing(span=20), NOW) == (20, NOW - DAY)
    assert _span(ledger(), Listing(span=20), NOW) == (20, NOW)


class Days:
    """What is asked for, day by day."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []
        self.longest: list[int | None] = []

    def posts(self, *, since: Any, until: Any, longest: int | None = None, **_: Any) -> Listing:
        self.longest.append(longest)
        self.asked.append(((since - NOW.date()).days, (until - NOW.date()).days))
        return Listing()


@each_of(
    ("copy", "asked"),
    [
        (copy_of(wanted(NOW + 100 * DAY)), [(100, 100)]),
        (copy_of(wanted(NOW + 80 * DAY)), []),
        (copy_of(wanted(NOW + 100 * DAY), post_id="p-there"), []),
        (copy_of(wanted(NOW + 100 * DAY)).ending(End.GONE, NOW), []),
        (replace(sent(wanted(NOW + 100 * DAY), 1), lapsed=True), [(100, 100)]),
    ],
)
def test_days_far_ahead_are_listed_again_where_a_post_is_hidden(
    copy: Copy, asked: list[tuple[int, int]]
) -> None:
    days: Any = Days()
    _around_hidden(days, [X.id], ledger(copy), Listing((shown(SOON, id="p-there"),)), NOW)
    assert days.asked == asked


@each_of(("minutes", "asked"), [(-1, {X.id, LINKEDIN.id}), (0, {X.id}), (1, {X.id})])
def test_an_account_that_left_is_listed_for_two_days_after_its_last_post(
    minutes: int, asked: set[str]
) -> None:
    old = copy_of(wanted(NOW - BACK - minutes * MINUTE, account=LINKEDIN)).ending(End.PUBLISHED, NOW)
    assert {*_accounts_to_list([X.id], ledger(old), NOW)} == asked


def test_a_post_that_may_be_out_is_looked_for_once_where_the_first_list_goes_back_far_enough() -> None:
    for minutes, lists in ((0, 1), (24 * 60, 2)):
        days: Any = Days()
        seen = NOW - DAY - minutes * MINUTE
        listing(days, ledger(copy_of(wanted(NOW - HOUR), verified_at=seen)), account_ids=[X.id], now=NOW)
        assert len(days.asked) == lists


@each_of(("span", "longest"), [(SPAN_LASTS - MINUTE, 30), (SPAN_LASTS, None)])
def test_a_span_that_publer_did_not_list_counts_for_a_week(span: timedelta, longest: int | None) -> None:
    days: Any = Days()
    listing(days, ledger(span=(30, NOW - span)), account_ids=[X.id], now=NOW)
    assert days.longest == [longest]


def test_drafts_are_listed_from_the_day_of_the_oldest() -> None:
    days: Any = Days()
    old = copy_of(wanted(NOW - 30 * DAY, draft=True), seen=Seen(None, "Hello", draft=True))
    _old_drafts(days, [X.id], ledger(old), NOW.date())
    assert days.asked == [(-30, 0)]
    _old_drafts(days, [X.id], ledger(OURS), NOW.date())
    assert len(days.asked) == 1


def test_failures_of_one_account_are_not_those_of_another() -> None:
    ended: Any = {"job_id": "j", "job_ended_at": NOW - MINUTE}
    copies = [
        sent(wanted(SOON), 1, **ended),
        sent(wanted(SOON, account=LINKEDIN), 2, **ended),
        sent(wanted(LATER, account=LINKEDIN), 3, **ended),
    ]
    job = Job(JobStatus.COMPLETE, (Failure("Too long", X.id), Failure("Internal error")))
    found = note_refused(ledger(*copies), {"j": job}, now=NOW + HOUR, poll_seconds=2)
    assert found == {1: (job.failures[0],)}
    nameless = replace(job, failures=(job.failures[0], Failure("b"), Failure("c")))
    assert note_refused(ledger(*copies), {"j": nameless}, now=NOW + HOUR, poll_seconds=2) == {
        1: (job.failures[0],)
    }
    more = (Failure("a", X.id), Failure("a", X.id), Failure("b"))
    assert _place(more, copies) == {1: more[:2]}, "one of two may still come"
    assert _place((Failure("a", X.id), Failure("b")), [copies[0], copies[1]]) == {
        1: (Failure("a", X.id), Failure("b")),
        2: (Failure("b"),),
    }
