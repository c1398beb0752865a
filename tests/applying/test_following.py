"""What was sent is followed until it is settled; time is a number that sleeping adds to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from publer_sync.applying.following import Follower
from publer_sync.machine.clock import Clock, Deadline
from publer_sync.values.errors import Refused, ServiceError, Unclear, Unreachable
from publer_sync.values.model import Failure, Job, JobStatus, Listing
from tests.builders import DAY, LATER, NOW, SOON, ledger, sent, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from publer_sync.applying.following import Followed
    from publer_sync.ledger.state import State
    from publer_sync.values.model import LivePost

POLL = 2.0
RUNS, COMPLETE, UNKNOWN = Job(JobStatus.PENDING), Job(JobStatus.COMPLETE), Job(JobStatus.UNKNOWN)
SILENT = Job(JobStatus.SILENT)
TOO_LONG = Failure("Your text is too long", "a-x")


class FakeClock(Clock):
    """Time passes while somebody sleeps, and never else."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        assert len(self.slept) < 500, "it never ends"
        assert seconds > 0, "a busy loop"
        self.slept.append(seconds)


@dataclass
class Followings:
    """Publer by the second: what a job says and what is listed; and a diary of what happened."""

    job: Callable[[float], Job] = lambda _: COMPLETE
    live: Callable[[float], Sequence[LivePost]] = lambda _: ()
    stop: Callable[[float], bool] = lambda _: False
    short: Callable[[float], int] = lambda _: 0
    theirs: Sequence[str] = ()
    clock: FakeClock = field(default_factory=FakeClock)
    diary: list[object] = field(default_factory=list)

    def follow(
        self,
        state: State,
        keys: Sequence[int] = (1,),
        *,
        timeout: float = 300,
        longer: float = 0,
        whole: bool = True,
        patient: bool = True,
        own: bool = False,
    ) -> Followed:
        """Time out after `timeout` seconds, and `longer` more once those have half passed."""
        now = self.clock.monotonic

        def ask(job_id: str, _: Deadline) -> Job:
            self.diary.append(job_id)
            return self.job(now())

        def list_posts() -> Listing:
            self.diary.append("list")
            return Listing(tuple(self.live(now())), self.short(now()))

        follower = Follower(
            ask=ask,
            list_posts=list_posts,
            clock=self.clock,
            poll_seconds=POLL,
            stop=lambda: self.stop(now()),
            waiting=lambda seconds: self.diary.append(f"waiting {seconds}"),
            showing=lambda shown, of: self.diary.append(f"{shown} of {of}"),
            theirs=self.theirs,
            own=own,
            whole=whole,
            patient=patient,
        )
        deadline = Deadline.after(
            timeout, self.clock, excused=lambda: longer if now() >= timeout / 2 else 0.0
        )
        return follower.follow(state, keys, deadline)


def going(job_id: str | None = "j-1") -> State:
    """A post that was sent just now."""
    return ledger(sent(wanted(SOON), job_id=job_id, requested_at=NOW))


@pytest.mark.parametrize("theirs", [False, True])
def test_what_another_calendar_manages_is_claimed_by_none_of_its_own(theirs: bool) -> None:
    publer = Followings(live=lambda _: [shown(SOON)], theirs=["p-1"] if theirs else [])
    done = publer.follow(going(), timeout=5)
    assert done.state.copies[1].post_id == (None if theirs else "p-1")


@pytest.mark.parametrize("own", [False, True])
def test_only_the_run_that_sent_a_post_knows_the_draft_that_publer_made_of_it(own: bool) -> None:
    """To another one it may be somebody's who wants to schedule it."""
    publer = Followings(live=lambda _: [shown(SOON, state="draft")])
    done = publer.follow(going(), timeout=5, own=own)
    assert done.state.copies[1].post_id == ("p-1" if own else None)


@pytest.mark.parametrize("own", [False, True])
def test_whatever_is_in_the_minute_of_a_first_post_is_it_for_the_run_that_sent_it_alone(own: bool) -> None:
    """A colleague may have made it since then."""
    first = ledger(replace(sent(wanted(SOON), requested_at=NOW), alone=True, job_id=None))
    done = Followings(live=lambda _: [shown(SOON, "Other words")]).follow(first, timeout=5, own=own)
    assert done.state.copies[1].post_id == ("p-1" if own else None)


def test_a_post_that_shows_at_once_takes_one_question_and_one_listing() -> None:
    publer = Followings(live=lambda _: [shown(SOON)])
    state = going()

    done = publer.follow(state)

    assert done.state.copies[1].post_id == "p-1"
    assert done.live == Listing((shown(SOON),))
    assert publer.diary == ["j-1", "list"]
    assert publer.clock.slept == []
    assert state == going(), "the state given stays as it was"


@pytest.mark.parametrize("whole", [False, True])
def test_a_list_of_some_days_settles_nothing_that_it_would_not_show(whole: bool) -> None:
    """Another post that an earlier apply sent may be listed on its own day."""
    state = going()
    state.put(replace(state.copies[1], key=2, slot=SOON + 90 * DAY, job_id=None, requested_at=NOW - DAY))
    done = Followings().follow(state, whole=whole)
    assert [copy.lapsed for copy in done.state.copies.values()] == [True, whole]


def test_nothing_is_listed_while_the_job_runs_and_no_ended_job_is_asked_again() -> None:
    publer = Followings(
        job=lambda now: RUNS if now < 5 else COMPLETE, live=lambda now: [shown(SOON)] if now >= 9 else []
    )

    publer.follow(going())

    assert publer.diary == ["j-1", "waiting 0", "j-1", "waiting 2", "j-1", "list", "0 of 1", "list"]


def test_waits_grow_up_to_five_times_the_first() -> None:
    publer = Followings(job=lambda _: RUNS)

    publer.follow(going(), timeout=60)

    assert publer.clock.slept[:6] == [2, 3, 4.5, 6.75, 10, 10]


def test_a_job_that_never_ends_is_left_at_the_deadline_after_a_last_listing() -> None:
    publer = Followings(job=lambda _: RUNS)

    done = publer.follow(going(), timeout=20)

    assert publer.clock.monotonic() == 20, "no wait goes past the deadline"
    assert publer.diary[-2:] == ["j-1", "list"]
    assert publer.diary.count("list") == 1
    assert done.state.copies[1].under_way


def test_what_shows_at_the_deadline_is_seen() -> None:
    publer = Followings(job=lambda _: RUNS, live=lambda now: [shown(SOON)] if now >= 20 else [])

    assert publer.follow(going(), timeout=20).state.copies[1].post_id == "p-1"


def test_a_deadline_that_has_passed_still_takes_one_listing() -> None:
    publer = Followings(live=lambda _: [shown(SOON)])

    assert publer.follow(going(), timeout=-1).state.copies[1].post_id == "p-1"
    assert publer.clock.slept == []


def test_waiting_for_the_request_limit_moves_the_deadline() -> None:
    publer = Followings(job=lambda _: RUNS)

    publer.follow(going(), timeout=20, longer=30)

    assert publer.clock.monotonic() == 50


def test_somebody_who_asks_to_stop_gets_a_last_listing() -> None:
    publer = Followings(job=lambda _: RUNS, stop=lambda now: now >= 2, live=lambda _: [shown(SOON)])

    done = publer.follow(going())

    assert publer.clock.slept == [2]
    assert publer.diary == ["j-1", "waiting 0", "j-1", "list"]
    assert done.state.copies[1].post_id == "p-1"


def test_what_a_complete_job_does_not_show_lapses_thirty_polls_after_its_end() -> None:
    publer = Followings(job=lambda now: RUNS if now < 5 else COMPLETE)

    done = publer.follow(going())

    assert done.state.copies[1].lapsed
    assert 65 <= publer.clock.monotonic() <= 76, "the job ended at 5, seen so by the next wait"
    assert done.refusals == {}


def test_a_list_that_is_shorter_than_its_own_total_settles_nothing() -> None:
    publer = Followings(short=lambda _: 1)

    done = publer.follow(going(), timeout=100)

    assert done.state.copies[1].under_way
    assert publer.clock.monotonic() == 100


def test_a_slow_answer_takes_nothing_from_the_time_for_settling() -> None:
    publer = Followings(live=lambda now: [shown(SOON)] if now >= 100 else [])

    def job(_: float) -> Job:
        publer.clock.slept.append(70)
        return COMPLETE

    publer.job = job
    done = publer.follow(going())

    assert done.state.copies[1].post_id == "p-1"
    assert publer.diary.count("j-1") == 1


@pytest.mark.parametrize("job_id", ["j-1", None], ids=["Publer knows no such job", "there was no job id"])
def test_without_a_job_to_ask_forty_five_polls_count_from_the_intent(job_id: str | None) -> None:
    publer = Followings(job=lambda _: UNKNOWN)

    done = publer.follow(going(job_id))

    assert done.state.copies[1].lapsed
    assert 90 <= publer.clock.monotonic() <= 100, "the request may leave half a minute after its intent"
    assert publer.diary.count("j-1") == (1 if job_id else 0)
    assert publer.diary[1 if job_id else 0] == "list", "only a listing can tell"


def test_a_job_that_stays_silent_is_listed_for_after_three_answers() -> None:
    publer = Followings(job=lambda _: SILENT, live=lambda now: [shown(SOON)] if now >= 15 else [])

    done = publer.follow(going())

    assert done.state.copies[1].post_id == "p-1"
    assert publer.diary[:5] == ["j-1", "waiting 0", "j-1", "waiting 2", "j-1"]
    assert publer.diary[5:] == ["list", "0 of 1", "j-1", "list", "0 of 1", "j-1", "list"]


def test_a_job_that_stays_silent_does_not_cost_the_whole_timeout() -> None:
    publer = Followings(job=lambda _: SILENT)

    done = publer.follow(going(), timeout=300)

    assert 60 <= publer.clock.monotonic() <= 70
    assert done.state.copies[1].under_way, "it may still come, and the next apply asks again"


def test_by_a_short_list_a_silent_job_is_followed_to_the_end_where_nobody_knows_when_it_began() -> None:
    publer = Followings(job=lambda _: SILENT, short=lambda _: 1)
    draft = sent(wanted(SOON, draft=True), job_id="j-1", requested_at=None)

    assert publer.follow(ledger(draft), timeout=100).state.copies[1].under_way
    assert publer.clock.monotonic() == 100


def test_a_job_that_was_silent_for_ten_minutes_is_one_that_publer_does_not_know() -> None:
    publer = Followings(job=lambda _: SILENT)
    state = ledger(sent(wanted(SOON), job_id="j-1", requested_at=NOW - timedelta(minutes=11)))

    assert publer.follow(state).state.copies[1].lapsed
    assert publer.diary == ["j-1", "list"]


@pytest.mark.parametrize(
    "job",
    [
        pytest.param(Job(JobStatus.FAILED, (TOO_LONG,)), id="the job failed"),
        pytest.param(Job(JobStatus.COMPLETE, (TOO_LONG,)), id="the post failed in a complete job"),
    ],
)
def test_what_publer_refused_is_settled_at_once_with_its_words(job: Job) -> None:
    publer = Followings(job=lambda _: job)

    done = publer.follow(going(), patient=False)

    assert done.refusals == {1: (TOO_LONG,)}
    assert done.state.copies[1].given_up
    assert publer.diary == ["j-1", "list"]


def test_what_publer_refused_is_waited_for_where_the_same_is_wanted_again() -> None:
    publer = Followings(
        job=lambda _: Job(JobStatus.FAILED, (TOO_LONG,)), live=lambda now: [shown(SOON)] if now >= 9 else []
    )

    done = publer.follow(going())

    assert (done.state.copies[1].post_id, done.state.copies[1].turned_up) == ("p-1", "refused")


def test_a_refusal_is_told_once_the_posts_of_its_account_are_settled() -> None:
    """Publer was seen to report one post in several lines: until then the line may be about either of them."""
    state = ledger(
        *(sent(wanted(at), key, job_id="j-1", requested_at=NOW) for key, at in ((1, SOON), (2, LATER)))
    )
    publer = Followings(
        job=lambda _: Job(JobStatus.COMPLETE, (TOO_LONG,)),
        live=lambda now: [shown(LATER)] if now >= 4 else [],
    )

    done = publer.follow(state, (1, 2))

    assert done.refusals == {1: (TOO_LONG,)}
    assert [copy.post_id for copy in done.state.copies.values()] == [None, "p-1"]
    assert publer.diary[:6] == ["j-1", "list", "0 of 2", "list", "0 of 2", "list"]
    assert 60 <= publer.clock.monotonic() <= 70


@each_of(
    ("status", "there", "keys", "locked"),
    [
        (JobStatus.FAILED, (), (1,), True),
        (JobStatus.COMPLETE, (), (1,), True),
        (JobStatus.COMPLETE, (SOON,), (1,), False),
        (JobStatus.COMPLETE, (SOON,), (1, 2), True),
        (JobStatus.COMPLETE, (SOON, LATER), (1, 2), False),
        (JobStatus.COMPLETE, (SOON,), (1, 99), True),
    ],
)
def test_a_locked_subscription_is_told_at_once_unless_all_has_come(
    status: JobStatus, there: Sequence[datetime], keys: Sequence[int], locked: bool
) -> None:
    """What was taken back, such as 99, has not come either."""
    live = [shown(at, id=f"p-{n}") for n, at in enumerate(there)]
    publer = Followings(job=lambda _: Job(status, locked=True), live=lambda _: live)
    state = ledger(
        *(sent(wanted(at), key, job_id="j-1", requested_at=NOW) for key, at in ((1, SOON), (2, LATER)))
    )

    assert publer.follow(state, keys).locked is locked
    assert publer.clock.slept == []


@each_of("error", [Unreachable("no answer"), Refused("busy", status=503), Unclear("cut off")])
def test_a_question_that_fails_is_asked_again(error: ServiceError) -> None:
    """The job goes on without us; that it could not be asked says nothing of the post."""

    def job(now: float) -> Job:
        if now < 4:
            raise error
        return COMPLETE

    publer = Followings(job=job, live=lambda _: [shown(SOON)])

    done = publer.follow(going())

    assert publer.diary == ["j-1", "waiting 0", "j-1", "waiting 2", "j-1", "list"]
    assert done.state.copies[1].post_id == "p-1"


def test_a_job_that_nobody_answers_for_is_listed_for_early() -> None:
    """A question that hangs takes its time; after three of them a listing is asked."""
    publer = Followings(live=lambda _: [shown(SOON)])

    def job(_: float) -> Job:
        publer.clock.slept.append(30)
        raise Unreachable("no answer")

    publer.job = job
    done = publer.follow(going(), timeout=300)

    assert done.state.copies[1].post_id == "p-1"
    assert publer.clock.monotonic() < 100


def test_a_listing_that_fails_ends_it() -> None:
    """What was sent stays under way in the ledger, and the next apply looks before it sends."""

    def live(now: float) -> Sequence[LivePost]:
        raise Unreachable("no answer")

    with pytest.raises(Unreachable):
        Followings(live=live).follow(going())


def test_what_is_not_asked_for_is_not_waited_for() -> None:
    state = ledger(sent(wanted(SOON), 1, requested_at=NOW), sent(wanted(LATER), 2, requested_at=NOW))
    publer = Followings(live=lambda _: [shown(SOON)])

    done = publer.follow(state, (1,))

    assert publer.clock.slept == []
    assert done.state.copies[2].under_way
