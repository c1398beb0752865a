"""What is asked of Publer before a plan, how far back it is listed, and which creates count as refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.attribution import attribute
from publer_sync.ledger.copies import End
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.state import dumps
from publer_sync.machine.clock import Clock
from publer_sync.planning.survey import HORIZON, Survey, ask_jobs, note_refused, survey
from publer_sync.values.errors import Unreachable
from publer_sync.values.model import MINUTE, Failure, Job, JobStatus, Listing, LivePost
from tests.builders import (
    DAY,
    EARLIER,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    X,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State

TODAY = NOW.date()
TWO_DAYS_AGO = TODAY - timedelta(days=2)
FULL = Failure("Your text is too long", "a-x")
GAP = Failure("There's another post at this time. A one minute gap is required between posts", "a-x")


class Stopped(Clock):
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW


@dataclass
class Reader:
    """Publer as far as it is read: what it holds, and what it was asked."""

    live: Sequence[LivePost] = ()
    undated: Sequence[LivePost] = ()
    jobs: dict[str, Job] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)
    short: int = 0
    """What each list lacks of its own total."""

    def posts(
        self,
        *,
        since: date,
        until: date,
        account_ids: Sequence[str] = (),
        states: Sequence[str] = (),
        longest: int | None = None,
    ) -> Listing:
        self.asked.append((since, until, tuple(account_ids), *states))
        dated = [p for p in self.live if p.at and since <= p.at.date() <= until]
        dated = [p for p in dated if not states or p.family in states]
        return Listing(tuple(p for p in dated if p.account_id in account_ids), self.short)

    def undated_drafts(self, *, account_ids: Sequence[str] = ()) -> Listing:
        self.asked.append("undated drafts")
        return Listing(tuple(self.undated))

    def job(self, job_id: str) -> Job:
        self.asked.append(job_id)
        return self.jobs[job_id]


def surveyed(reader: Reader, state: State | None, accounts: Sequence[str] = (X.id,)) -> Survey:
    return survey(reader, state, account_ids=accounts, clock=Stopped(), poll_seconds=2)


# --- how far back ---------------------------------------------------------------------------------------------------


def test_without_a_ledger_one_listing_is_all() -> None:
    reader = Reader([shown(SOON)])

    seen = surveyed(reader, None)

    assert seen == Survey(Listing((shown(SOON),)), None)
    assert reader.asked == [(TWO_DAYS_AGO, TODAY + HORIZON, (X.id,))]


def test_one_listing_is_enough_where_every_post_of_ours_is_in_it() -> None:
    reader = Reader([shown(SOON)])

    surveyed(reader, ledger(copy_of(wanted(SOON))))

    assert len(reader.asked) == 1


def test_a_post_that_is_missing_is_looked_for_from_the_day_before_it_was_last_seen() -> None:
    """Somebody may have published it early, or turned it into a draft without a date."""
    out = shown(NOW - 6 * DAY, id="p-9", state="published")
    undated = shown(None, "Undated", id="p-8", state="draft")
    reader = Reader([out], [undated])

    seen = surveyed(reader, ledger(copy_of(wanted(SOON), verified_at=NOW - 6 * DAY)))

    assert reader.asked == [
        (TWO_DAYS_AGO, TODAY + HORIZON, (X.id,)),
        "undated drafts",
        (TODAY - timedelta(days=7), TODAY + HORIZON, (X.id,)),
    ]
    assert set(seen.live) == {out, undated}


def test_a_list_goes_back_to_the_day_before_the_last_apply() -> None:
    """What was due since then may have failed, and nobody was told yet."""
    reader = Reader([shown(SOON)])

    surveyed(reader, ledger(copy_of(wanted(SOON)), last_apply=NOW - 6 * DAY))

    assert reader.asked == [(TODAY - timedelta(days=7), TODAY + HORIZON, (X.id,))]


@pytest.mark.parametrize(("days", "listed"), [(1, True), (3, False)])
def test_an_account_that_left_the_settings_is_listed_while_a_post_there_may_turn_up_published(
    days: int, listed: bool
) -> None:
    reader = Reader()
    out = copy_of(wanted(NOW - days * DAY, account=LINKEDIN)).ending(End.PUBLISHED, NOW)

    surveyed(reader, ledger(out))

    assert reader.asked[0] == (TWO_DAYS_AGO, TODAY + HORIZON, (X.id, LINKEDIN.id) if listed else (X.id,))


def test_drafts_are_looked_for_as_far_back_as_the_ledger_knows_them() -> None:
    """A draft whose time has passed is still a draft."""
    old = wanted(NOW - 40 * DAY, "Old", draft=True)
    reader = Reader([shown(old.at, "Old", state="draft"), shown(old.at, id="p-9", state="published")])

    seen = surveyed(reader, ledger(copy_of(old)))

    since = (NOW - 40 * DAY).date()
    assert reader.asked == [
        (TWO_DAYS_AGO, TODAY + HORIZON, (X.id,)),
        (since, TWO_DAYS_AGO, (X.id,), "draft"),
    ]
    assert [post.id for post in seen.live] == ["p-1"]


def test_of_several_missing_posts_the_one_last_seen_longest_ago_says_how_far() -> None:
    reader = Reader()
    state = ledger(
        copy_of(wanted(SOON), 1, verified_at=NOW - 4 * DAY),
        copy_of(wanted(LATER), 2, post_id="p-2", verified_at=NOW - 9 * DAY),
    )

    surveyed(reader, state)

    assert reader.asked[-1] == (TODAY - timedelta(days=10), TODAY + HORIZON, (X.id,))


def test_a_post_that_the_first_list_hides_is_looked_for_in_a_second() -> None:
    """Publer was seen to leave out posts that exist, and not to say so."""
    reader = Reader()

    surveyed(reader, ledger(copy_of(wanted(SOON))))

    days = (TWO_DAYS_AGO, TODAY + HORIZON, (X.id,))
    assert reader.asked == [days, "undated drafts", days]


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(
            copy_of(wanted(SOON), removing_at=NOW - MINUTE, removed=True), id="this tool took it out"
        ),
        pytest.param(copy_of(wanted(SOON), end=End.GONE, ended_at=NOW), id="it has ended"),
        pytest.param(sent(wanted(SOON)), id="never seen"),
    ],
)
def test_what_is_not_expected_in_a_listing_is_not_missing(entry: Copy) -> None:
    reader = Reader()

    surveyed(reader, ledger(entry))

    assert len(reader.asked) == 1


def test_a_post_whose_minute_passed_is_looked_for_among_those_published_since_it_was_last_seen() -> None:
    due = copy_of(wanted(EARLIER), verified_at=NOW - 6 * DAY)
    reader = Reader([shown(EARLIER, id="p-9", state="published")])

    seen = surveyed(reader, ledger(due))

    assert [asked[0] for asked in reader.asked if isinstance(asked, tuple)] == [
        TWO_DAYS_AGO,
        TODAY - timedelta(days=7),
    ]
    assert "undated drafts" not in reader.asked, "it is no draft, and its time has passed"
    assert seen.state is not None
    assert (seen.state.copies[1].end, seen.state.copies[1].post_id) == (End.PUBLISHED, "p-9")


def test_accounts_that_left_the_settings_are_listed_as_long_as_the_ledger_has_posts_there() -> None:
    reader = Reader([shown(SOON, account=LINKEDIN)])
    old = copy_of(wanted(NOW - 3 * DAY), 2, post_id="p-2", end=End.PUBLISHED)

    surveyed(reader, ledger(copy_of(wanted(SOON, account=LINKEDIN)), replace(old, account="a-gone")))

    assert reader.asked == [(TWO_DAYS_AGO, TODAY + HORIZON, (X.id, LINKEDIN.id))]


# --- what comes back ------------------------------------------------------------------------------------------------


def test_a_job_is_asked_once_and_before_the_listing() -> None:
    state = ledger(*(sent(wanted(at), key, job_id="j-1") for key, at in ((1, SOON), (2, LATER))))
    reader = Reader([shown(SOON)], jobs={"j-1": Job(JobStatus.COMPLETE)})

    seen = surveyed(reader, state)

    assert reader.asked == ["j-1", (TWO_DAYS_AGO, TODAY + HORIZON, (X.id,))]
    assert seen.state is not None
    assert [(copy.post_id, copy.job_ended_at) for copy in seen.state.copies.values()] == [
        ("p-1", None),
        (None, NOW),
    ]
    assert state.copies[1].post_id is None, "the state given stays as it was"


def test_a_job_that_publer_does_not_report_on_keeps_nobody_from_the_list() -> None:
    """It may run: nothing is sent again before a day is over. Of the others none is asked after it."""

    class Silent(Reader):
        def job(self, job_id: str) -> Job:
            self.asked.append(job_id)
            raise Unreachable("server error (503)")

    copies = [sent(wanted(at), key, job_id=f"j-{key}") for key, at in ((1, SOON), (2, LATER))]
    reader = Silent([shown(LATER, "Something else")], jobs={})
    seen = surveyed(reader, ledger(*copies))
    assert reader.asked == ["j-1", (TWO_DAYS_AGO, TODAY + HORIZON, (X.id,))]
    assert seen.state is not None
    assert all(copy.awaiting for copy in seen.state.copies.values())


@pytest.mark.parametrize("short", [0, 1])
def test_the_clock_settles_what_a_whole_list_does_not_show(short: int) -> None:
    seen = surveyed(Reader(short=short), ledger(sent(wanted(SOON), requested_at=NOW - 90 * SECOND)))

    assert seen.state is not None
    assert seen.state.copies[1].lapsed is not bool(short)
    assert seen.live.short == short


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        pytest.param(Job(JobStatus.PENDING), ("j-1", None), id="runs"),
        pytest.param(Job(JobStatus.COMPLETE), ("j-1", NOW), id="complete"),
        pytest.param(Job(JobStatus.FAILED), ("j-1", NOW), id="failed"),
        pytest.param(Job(JobStatus.UNKNOWN), (None, None), id="unknown to Publer"),
    ],
)
def test_what_a_job_says_is_noted(job: Job, expected: tuple[str | None, datetime | None]) -> None:
    state = ledger(sent(wanted(SOON), job_id="j-1"))

    ask_jobs(lambda _: job, state, now=lambda: NOW, poll_seconds=2.0)

    assert (state.copies[1].job_id, state.copies[1].job_ended_at) == expected


def test_a_list_of_old_drafts_that_is_short_makes_the_whole_list_short() -> None:
    """Also where the other days are listed again: the draft that it lacks is not gone."""

    class Hiding(Reader):
        def posts(self, **asked: Any) -> Listing:
            return replace(super().posts(**asked), short=int(asked.get("states") == ("draft",)))

    old, missing = wanted(NOW - 40 * DAY, "Old", draft=True), wanted(SOON, "Missing")
    state = ledger(copy_of(old), copy_of(missing, 2, post_id="p-2"))
    seen = surveyed(Hiding([]), state)
    assert seen.live.short == 1
    assert seen.state is not None
    assert [copy.end for copy in seen.state.copies.values()] == [None, None]


@pytest.mark.parametrize(("draft", "expected"), [(False, None), (True, "job")])
def test_a_job_that_names_no_status_is_given_up_for_posts_but_not_for_drafts(
    draft: bool,
    expected: str | None,
) -> None:
    """A second post is refused for its minute if the job makes the first one after all; a second draft is not."""
    state = ledger(sent(wanted(SOON, draft=draft), job_id="job", requested_at=NOW - timedelta(hours=1)))

    ask_jobs(lambda _: Job(JobStatus.SILENT), state, now=lambda: NOW, poll_seconds=2.0)

    assert next(iter(state.copies.values())).job_id == expected


def test_the_first_moment_at_which_a_job_was_known_to_have_ended_stays() -> None:
    state = ledger(sent(wanted(SOON), job_id="j-1", job_ended_at=NOW - MINUTE))

    ask_jobs(lambda _: Job(JobStatus.COMPLETE), state, now=lambda: NOW, poll_seconds=2.0)

    assert state.copies[1].job_ended_at == NOW - MINUTE


def test_a_listing_that_is_short_ends_nothing() -> None:
    state = ledger(copy_of(wanted(EARLIER), 1), copy_of(wanted(SOON), 2, post_id="p-2"))

    short, whole = surveyed(Reader(short=1), state), surveyed(Reader(), state)

    assert short.state is not None
    assert whole.state is not None
    assert [copy.end for copy in short.state.copies.values()] == [None, None]
    assert [copy.end for copy in whole.state.copies.values()] == [End.GONE, End.GONE]


OTHERS = Elsewhere.read(
    {"clients/acme": dumps(ledger(copy_of(wanted(EARLIER + 2 * MINUTE), post_id="t-1"))).encode()},
    "git:state",
)


@pytest.mark.parametrize(
    ("copy", "live", "asked"),
    [
        pytest.param(sent(wanted(SOON)), shown(SOON), True, id="a claim on a post"),
        pytest.param(sent(wanted(SOON)), shown(LATER), False, id="a claim elsewhere"),
        pytest.param(copy_of(wanted(EARLIER)), shown(EARLIER, id="p-9", state="published"), True, id="published"),
        pytest.param(copy_of(wanted(EARLIER)), shown(SOON, id="p-9"), False, id="nothing was published"),
        pytest.param(
            copy_of(wanted(EARLIER)), shown(EARLIER, id="p-9", state="published", account=LINKEDIN), False,
            id="published on another account",
        ),
        pytest.param(copy_of(wanted(SOON)), shown(SOON), False, id="known by its id"),
    ],
)  # fmt: skip
def test_other_calendars_are_asked_where_a_post_may_be_theirs(
    copy: Copy, live: LivePost, asked: bool
) -> None:
    """Their states cost a look at the branch."""
    told: list[bool] = []

    def elsewhere() -> Elsewhere:
        told.append(True)
        return OTHERS

    survey(
        Reader([live]),
        ledger(copy),
        account_ids=(X.id, LINKEDIN.id),
        clock=Stopped(),
        poll_seconds=2,
        elsewhere=elsewhere,
    )

    assert bool(told) is asked


def test_what_was_published_for_another_calendar_is_not_ours() -> None:
    reader = Reader([shown(EARLIER + 2 * MINUTE, id="p-9", state="published")])

    def seen(others: Elsewhere) -> End | None:
        after = survey(
            reader,
            ledger(copy_of(wanted(EARLIER))),
            account_ids=(X.id,),
            clock=Stopped(),
            poll_seconds=2,
            elsewhere=lambda: others,
        )
        return after.state.copies[1].end if after.state else None

    assert seen(OTHERS) is End.GONE
    assert seen(Elsewhere()) is End.PUBLISHED


def test_no_job_is_asked_for_what_is_settled() -> None:
    state = ledger(copy_of(wanted(SOON), 1, job_id="j-1"), sent(wanted(LATER), 2, job_id="j-2", lapsed=True))

    assert (
        ask_jobs(lambda job_id: pytest.fail(f"asked {job_id}"), state, now=lambda: NOW, poll_seconds=2.0)
        == {}
    )


def test_the_posts_of_a_job_end_at_one_moment_and_so_settle_together() -> None:
    """However long the machine takes between two of them."""
    moments = (NOW + n * SECOND for n in range(99))
    two = [sent(wanted(SOON + n * MINUTE), n + 1, job_id="j-1") for n in range(2)]
    state = ledger(*two, sent(wanted(LAST), 9, job_id="j-2"))

    ask_jobs(lambda _: Job(JobStatus.COMPLETE), state, now=lambda: next(moments), poll_seconds=2.0)

    ended = [state.copies[key].job_ended_at for key in (1, 2, 9)]
    assert ended[0] is not None
    assert ended[0] == ended[1] != ended[2]


# --- refused --------------------------------------------------------------------------------------------------------


def under_way(x: int, linkedin: int) -> State:
    """So many posts of a job on X and LinkedIn that did not turn up; keys in that order, and key 9 of another job."""
    copies = [
        sent(
            wanted(SOON + n * MINUTE, account=X if n < x else LINKEDIN),
            n + 1,
            job_id="j-1",
            job_ended_at=NOW - 30 * SECOND,
        )
        for n in range(x + linkedin)
    ]
    return ledger(*copies, sent(wanted(LAST), 9, job_id="j-2"))


def settle(state: State, job: Job, *, now: datetime) -> dict[int, tuple[Failure, ...]]:
    return note_refused(state, {"j-1": job}, now=now, poll_seconds=2)


def _on(account_id: str | None) -> Failure:
    return Failure("Too long", account_id)


EARLY, SETTLED = NOW, NOW + 2 * MINUTE
"""Before and after posts of a job that ended a minute ago are settled."""


@pytest.mark.parametrize(
    ("x", "linkedin", "failures", "at_once", "settled"),
    [
        pytest.param(1, 0, ["a-x"], {1}, {1}, id="the only post of the job"),
        pytest.param(1, 0, [None], {1}, {1}, id="the only post of the job, no account named"),
        pytest.param(2, 0, ["a-x"], set(), set(), id="fewer failures than missing"),
        pytest.param(2, 0, ["a-x", "a-x"], set(), {1, 2}, id="as many failures as missing"),
        pytest.param(2, 1, ["a-x", "a-li"], {3}, {3}, id="each account for itself"),
        pytest.param(1, 1, ["a-li"], {2}, {2}, id="the other one may still come"),
        pytest.param(1, 1, [None, None], set(), {1, 2}, id="no account named, all accounted for"),
        pytest.param(2, 1, [None, None], set(), set(), id="no account named, one may still come"),
        pytest.param(
            2, 1, ["a-x", None, None], set(), {1, 2, 3}, id="some accounts named, all accounted for"
        ),
        pytest.param(
            2, 1, ["a-x", "a-x", None], set(), {1, 2, 3}, id="the nameless one is the last account's"
        ),
        pytest.param(2, 2, ["a-x", "a-x", None], set(), {1, 2}, id="a nameless one too few"),
        pytest.param(1, 2, ["a-x", "a-x", None], {1}, {1}, id="more of one account than are missing"),
        pytest.param(1, 1, ["a-else", None], set(), set(), id="a failure of an account that misses nothing"),
        pytest.param(1, 1, [], set(), set(), id="complete, and nothing said"),
    ],
)
@pytest.mark.parametrize("now", [EARLY, SETTLED], ids=["at once", "settled"])
def test_failures_are_placed_by_exclusion_once_the_posts_are_settled(
    x: int, linkedin: int, failures: list[str | None], at_once: set[int], settled: set[int], now: datetime
) -> None:
    """Publer was seen to report one post in several lines, so that another one, which is late, would count as refused."""
    state, refused = under_way(x, linkedin), at_once if now == EARLY else settled

    said = settle(state, Job(JobStatus.COMPLETE, tuple(map(_on, failures))), now=now)

    assert set(said) == refused
    assert {key for key, copy in state.copies.items() if copy.refused is not None} == refused
    assert all(copy.under_way for copy in state.copies.values()), "it is a claim: what a listing shows counts"


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ({"lapsed": True}, set()),
        ({"end": End.NEVER_CAME}, set()),
        ({"end": End.REFUSED}, set()),
        ({"post_id": "p-1"}, {2}),
        ({"end": End.PUBLISHED}, {2}),
    ],
    ids=["settled before", "its minute passed", "known as refused", "listed", "published"],
)
def test_a_post_that_settled_before_the_others_did_not_turn_up_either(
    first: dict[str, Any], expected: set[int]
) -> None:
    """The failure may be about that one: the other, lost in silence, is not sent again as if Publer had refused it."""
    state = under_way(2, 0)
    state.put(replace(state.copies[1], **first))

    assert set(settle(state, Job(JobStatus.COMPLETE, (FULL,)), now=SETTLED)) == expected


def test_each_refused_post_is_told_what_was_said_of_its_account() -> None:
    state = under_way(2, 1)
    of_x, again, of_linkedin = FULL, Failure("Too long again", "a-x"), Failure("No picture", "a-li")

    said = settle(state, Job(JobStatus.COMPLETE, (of_x, again, of_linkedin)), now=SETTLED)

    assert said == {1: (of_x, again), 2: (of_x, again), 3: (of_linkedin,)}


def test_several_lines_about_the_only_post_of_an_account_are_all_told() -> None:
    said = settle(under_way(1, 1), Job(JobStatus.COMPLETE, (FULL, FULL, _on("a-li"))), now=EARLY)

    assert said == {1: (FULL, FULL), 2: (_on("a-li"),)}


def test_a_failed_job_refused_all_that_did_not_turn_up() -> None:
    state = under_way(2, 1)

    said = settle(state, Job(JobStatus.FAILED, (FULL,)), now=EARLY)

    assert said == {1: (FULL,), 2: (FULL,), 3: (FULL,)}
    assert state.copies[9].refused is None, "another job's"


@pytest.mark.parametrize("status", [JobStatus.PENDING, JobStatus.UNKNOWN])
def test_a_job_that_has_not_ended_refused_nothing(status: JobStatus) -> None:
    state = under_way(1, 0)

    assert settle(state, Job(status, (FULL,)), now=SETTLED) == {}
    assert state == under_way(1, 0)


def test_what_a_later_run_finds_of_a_request_that_nobody_heard_of_is_marked() -> None:
    stopped = sent(wanted(SOON), requested_at=NOW - 90 * SECOND)
    [copy] = [*(surveyed(Reader([shown(SOON)]), ledger(stopped)).state or ledger()).copies.values()]
    assert (copy.post_id, copy.turned_up) == ("p-1", "late")


def test_what_turned_up_is_not_refused_whatever_the_job_says() -> None:
    """Which of the two the failure meant is told once both are settled."""
    state = ledger(
        copy_of(wanted(SOON), 1, job_id="j-1"),
        sent(wanted(LATER), 2, job_id="j-1", job_ended_at=NOW - 30 * SECOND),
    )

    assert settle(state.clone(), Job(JobStatus.COMPLETE, (FULL,)), now=EARLY) == {}
    assert set(settle(state, Job(JobStatus.COMPLETE, (FULL,)), now=SETTLED)) == {2}


def test_two_lines_about_one_post_take_no_other_post_with_them() -> None:
    """One post of two was made, and shows late: it must not be made again."""
    state = under_way(2, 0)
    job = Job(JobStatus.COMPLETE, (FULL, FULL))

    assert settle(state, job, now=EARLY) == {}
    state = attribute(state, [shown(SOON, id="n-1")], now=EARLY, poll_seconds=2)
    assert set(settle(state, job, now=SETTLED)) == {2}
    assert (state.copies[1].post_id, state.copies[1].end) == ("n-1", None)


@pytest.mark.parametrize("failure", [FULL, GAP], ids=["some reason", "the minute between posts"])
@pytest.mark.parametrize("status", [JobStatus.COMPLETE, JobStatus.FAILED])
def test_what_was_refused_is_its_post_all_the_same_if_a_listing_shows_it(
    failure: Failure, status: JobStatus
) -> None:
    state = under_way(1, 0)
    settle(state, Job(status, (failure,)), now=EARLY)
    assert state.copies[1].refused == failure.message
    assert not state.copies[1].unsettled, "nothing else waits for it"

    state = attribute(state, [shown(SOON)], now=NOW, poll_seconds=2)

    assert (state.copies[1].post_id, state.copies[1].refused, state.copies[1].turned_up) == (
        "p-1",
        None,
        "refused",
    )


def test_what_a_job_refused_is_noted_where_no_listing_shows_it() -> None:
    job = Job(JobStatus.COMPLETE, (FULL,))
    for live, refused in (((), FULL.message), ((shown(SOON),), None)):
        state = ledger(
            sent(wanted(SOON), job_id="j-1", requested_at=NOW - 600 * SECOND, job_ended_at=NOW - 300 * SECOND)
        )
        seen = surveyed(Reader(live, jobs={"j-1": job}), state)
        assert seen.state is not None
        assert seen.state.copies[1].refused == refused


def test_before_the_first_apply_a_list_goes_back_two_days() -> None:
    reader = Reader([shown(SOON)])
    surveyed(reader, ledger(copy_of(wanted(SOON)), last_apply=None))
    assert reader.asked == [(TWO_DAYS_AGO, TODAY + HORIZON, (X.id,))]
