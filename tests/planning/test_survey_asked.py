"""Which lists and which calendars are asked once more, and of which post a job tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.planning.survey import (
    BACK,
    SPAN_LASTS,
    Survey,
    _accounts_to_list,
    _around_hidden,
    _may_be_theirs,
    _old_drafts,
    _place,
    _span,
    ask_jobs,
    concluded,
    listing,
    note_refused,
    survey,
)
from publer_sync.values.model import MINUTE, Failure, Job, JobStatus, Listing
from tests.applying.runs import Still
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
    assert _span(ledger(span=(30, NOW - 8 * DAY)), Listing(span=20), NOW) == (20, NOW), "it counts anew"


class Days:
    """What is asked for, day by day."""

    def __init__(self, *live: LivePost) -> None:
        self.live = live
        self.asked: list[tuple[int, int]] = []
        self.longest: list[int | None] = []
        self.undated = 0

    def posts(self, *, since: Any, until: Any, longest: int | None = None, **_: Any) -> Listing:
        self.longest.append(longest)
        self.asked.append(((since - NOW.date()).days, (until - NOW.date()).days))
        return Listing(self.live)

    def job(self, job_id: str) -> Job:
        raise AssertionError(job_id)

    def undated_drafts(self, **_: Any) -> Listing:
        self.undated += 1
        return Listing()


@each_of(
    ("copy", "asked"),
    [
        (copy_of(wanted(NOW + 100 * DAY)), [(100, 100)]),
        (copy_of(wanted(NOW + 80 * DAY)), []),
        (copy_of(wanted(NOW + 90 * DAY)), []),
        (copy_of(wanted(NOW + 100 * DAY), removing_at=NOW, removed=True), []),
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


def test_days_far_ahead_are_listed_together_where_they_are_within_ninety() -> None:
    days: Any = Days()
    hidden = [
        copy_of(wanted(NOW + n * DAY), key, post_id=f"p-{key}")
        for key, n in enumerate((100, 100, 190, 191), 1)
    ]
    _around_hidden(days, [X.id], ledger(*hidden), Listing(), NOW)
    assert days.asked == [(100, 190), (191, 191)]


def test_posts_on_an_account_that_left_are_listed_with_those_of_all() -> None:
    there = copy_of(wanted(SOON, account=LINKEDIN))
    assert _accounts_to_list([X.id], ledger(there), NOW) == [X.id, LINKEDIN.id]
    assert _accounts_to_list([X.id], ledger(there, lost=frozenset({LINKEDIN.id})), NOW) == []
    long_ago = copy_of(wanted(NOW - 30 * DAY, account=LINKEDIN))
    assert _accounts_to_list([X.id], ledger(long_ago), NOW) == [X.id, LINKEDIN.id], "it has not ended"


@each_of(
    ("copy", "asked"),
    [
        (copy_of(wanted(SOON)), 1),
        (copy_of(wanted(NOW)), 0),
        (copy_of(wanted(EARLIER)), 0),
        (copy_of(wanted(EARLIER, draft=True)), 1),
        (sent(wanted(SOON)), 0),
    ],
)
def test_drafts_without_a_time_are_asked_for_where_a_post_ahead_or_a_draft_is_missing(
    copy: Copy, asked: int
) -> None:
    days: Any = Days()
    listing(days, ledger(copy), account_ids=[X.id], now=NOW)
    assert days.undated == asked


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
    _old_drafts(days, [X.id], ledger(replace(old, seen=None)), NOW.date())
    assert days.asked[1:] == [(-30, 0)]


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
    assert _place((Failure("a", X.id), Failure("b")), [copies[0], replace(copies[0], key=4)]) == {
        key: (Failure("a", X.id), Failure("b")) for key in (1, 4)
    }


@each_of(
    ("after", "placed"),
    [(timedelta(seconds=59), False), (timedelta(seconds=60), True), (timedelta(seconds=61), True)],
)
def test_failures_of_several_posts_are_placed_once_all_are_settled(after: timedelta, placed: bool) -> None:
    ended: Any = {"job_id": "j", "job_ended_at": NOW}
    copies = [sent(wanted(SOON), 1, **ended), sent(wanted(LATER), 2, **ended)]
    job = Job(JobStatus.COMPLETE, (Failure("a", X.id), Failure("b", X.id)))
    found = note_refused(ledger(*copies), {"j": job}, now=NOW + after, poll_seconds=2)
    assert ({*found} == {1, 2}) is bool(found) is placed


def test_posts_of_which_nobody_knows_when_they_were_sent_are_settled() -> None:
    unknown = [sent(wanted(at), key, job_id="j", requested_at=None) for key, at in ((1, SOON), (2, LATER))]
    job = Job(JobStatus.COMPLETE, (Failure("a", X.id), Failure("b", X.id)))
    assert {*note_refused(ledger(*unknown), {"j": job}, now=NOW, poll_seconds=2)} == {1, 2}


@each_of(
    ("copy", "status", "kept"),
    [
        ({"requested_at": NOW - timedelta(seconds=599)}, JobStatus.SILENT, True),
        ({"requested_at": NOW - timedelta(seconds=600)}, JobStatus.SILENT, True),
        ({"requested_at": NOW - timedelta(seconds=601)}, JobStatus.SILENT, False),
        ({"requested_at": None}, JobStatus.SILENT, False),
        ({"requested_at": NOW - DAY}, JobStatus.PENDING, True),
        ({"requested_at": NOW}, JobStatus.UNKNOWN, False),
    ],
)
def test_a_job_without_a_status_is_unknown_after_ten_minutes(
    copy: dict[str, Any], status: JobStatus, kept: bool
) -> None:
    state = ledger(sent(wanted(SOON), job_id="j", **copy))
    ask_jobs(lambda _: Job(status), state, now=lambda: NOW, poll_seconds=2)
    assert (state.copies[1].job_id is not None) is kept
    draft = ledger(sent(wanted(SOON, draft=True), job_id="j", **copy))
    ask_jobs(lambda _: Job(status), draft, now=lambda: NOW, poll_seconds=2)
    assert (draft.copies[1].job_id is not None) is (status is not JobStatus.UNKNOWN)


def test_without_a_state_nothing_is_concluded_and_of_others_their_posts_are_known() -> None:
    nothing = Survey(Listing(), None)
    assert concluded(nothing, account_ids=[X.id], now=NOW, poll_seconds=2) is nothing
    assert not nothing.theirs
    others = Elsewhere.of({"acme": ledger(copy_of(wanted(SOON)))})
    assert {*replace(nothing, elsewhere=others).theirs} == {"p-1"}


def after_survey(copy: Copy, *live: LivePost, others: Elsewhere | None = None) -> Survey:
    days: Any = Days(*live)
    known = others or Elsewhere()
    return survey(
        days, ledger(copy), account_ids=[X.id], clock=Still(), poll_seconds=2, elsewhere=lambda: known
    )


def test_a_ledger_with_moments_that_lie_ahead_is_misdated() -> None:
    assert after_survey(sent(wanted(SOON), requested_at=NOW + DAY)).misdated
    assert not after_survey(sent(wanted(SOON))).misdated


def test_what_a_calendar_of_other_accounts_manages_was_not_published_for_this_one() -> None:
    """Somebody moved its post to this account."""
    gone = copy_of(wanted(EARLIER), verified_at=NOW - DAY)
    live = Listing((shown(EARLIER, id="t-1", state="published"),))
    far = Elsewhere.of({"acme": ledger(copy_of(wanted(EARLIER, account=LINKEDIN), post_id="t-1"))})
    for known, end in ((None, End.PUBLISHED), (far.near([X.id], [X.id, LINKEDIN.id]), End.GONE)):
        seen = concluded(Survey(live, ledger(gone), known), account_ids=[X.id], now=NOW, poll_seconds=2)
        assert seen.state is not None
        assert seen.state.copies[1].end is end


def test_what_another_calendar_manages_is_not_claimed() -> None:
    others = Elsewhere.of({"acme": ledger(copy_of(wanted(SOON), post_id="t-1"))})
    for known, claimed in ((None, "t-1"), (others, None)):
        seen = after_survey(sent(wanted(SOON)), shown(SOON, id="t-1"), others=known)
        assert seen.state is not None
        assert seen.state.copies[1].post_id == claimed
