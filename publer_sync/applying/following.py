"""Follows what was sent until it is settled: polls the jobs, then lists until each post is shown or its time is up."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.ledger.attribution import attribute, lapse
from publer_sync.ledger.copies import SETTLING_POLLS
from publer_sync.machine.clock import growing_waits
from publer_sync.planning.survey import ask_jobs, note_refused
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import ServiceError
from publer_sync.values.model import Failure, Job, JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.machine.clock import Clock, Deadline
    from publer_sync.values.model import Listing


SILENT_ANSWERS = 3
"""After this many questions in a row that brought no status, Publer is asked for a listing and not for the job alone."""
ONE_QUESTION = 30.0
"""Seconds that Publer has to answer one question about a job: the next one follows soon."""


@dataclass(slots=True)
class Followed:
    state: State
    live: Listing | None = None
    refusals: dict[int, tuple[Failure, ...]] = field(default_factory=dict)
    locked: bool = False
    """Whether the subscription is locked, and posts have not come because of it."""
    jobs: dict[str, Job] = field(default_factory=dict)
    """Those that have ended, by their id."""


@dataclass(slots=True)
class _Jobs:
    """The jobs as they were last heard of: those that ended, and the questions in a row that brought no status.

    `silent` counts answers without one, `unanswered` questions without an answer.
    """

    ended: dict[str, Job] = field(default_factory=dict)
    silent: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)

    def run(self, copy: Copy) -> bool:
        """Whether it may be worthwhile to wait for the copy's job alone."""
        if copy.job_id is None or copy.job_ended_at is not None:
            return False
        return self.silent[copy.job_id] + self.unanswered[copy.job_id] < SILENT_ANSWERS


@dataclass(frozen=True, slots=True)
class Follower:
    """`ask` asks for a job by the deadline; `list_posts` gives one fresh listing of all that is concerned.

    `waiting` and `showing` are told after each step, for whoever watches: seconds so far, or how many have shown.
    """

    ask: Callable[[str, Deadline], Job]
    list_posts: Callable[[], Listing]
    clock: Clock
    poll_seconds: float
    stop: Callable[[], bool]
    waiting: Callable[[int], None]
    showing: Callable[[int, int], None]
    theirs: Collection[str]
    """Ids of posts that other calendars manage, or that were there before."""
    fresh: bool = False
    """Whether `theirs` has all that was there before what is followed was sent."""
    own: bool = False
    """Whether this run sent what is followed, and `theirs` has what was listed before."""
    whole: bool = True
    """Whether that listing would show everything that has not settled; otherwise what it does not show settles later."""
    patient: bool = True
    """Whether to wait for what Publer refused as well: it may be there all the same."""

    def follow(self, state: State, keys: Iterable[int], deadline: Deadline) -> Followed:
        """Return when nothing of `keys` is to be waited for, when the deadline has passed, or when somebody asked to stop.

        A job that never names a status is waited for no longer than one that has ended: Publer answers so to ids that
        it does not know.
        The last thing done is always a listing, so that what the state says is what was seen.
        """
        keys = list(keys)
        done = Followed(state.clone())
        jobs = _Jobs()
        started, waits = self.clock.monotonic(), growing_waits(self.poll_seconds)
        while True:
            self._ask(done.state, jobs, deadline)
            last = self.stop() or deadline.left <= 0
            if last or not any(jobs.run(copy) for copy in self._awaited(done.state, keys)):
                self._list(done, jobs, keys)
                awaited = self._awaited(done.state, keys)
                done.locked = done.locked and not all(_has_come(done.state, key) for key in keys)
                if last or done.locked or all(self._given_up(copy, jobs) for copy in awaited):
                    return done
                self.showing(len(keys) - len(awaited), len(keys))
            else:
                self.waiting(round(self.clock.monotonic() - started))
            self.clock.sleep(min(next(waits), max(0.0, deadline.left)))

    def _awaited(self, state: State, keys: Sequence[int]) -> list[Copy]:
        now = self.clock.now()
        copies = (state.copies[key] for key in keys if key in state.copies)
        return [
            copy for copy in copies if copy.awaited(now, poll_seconds=self.poll_seconds, refused=self.patient)
        ]

    def _given_up(self, copy: Copy, jobs: _Jobs) -> bool:
        asked = copy.requested_at
        patience = timedelta(seconds=SETTLING_POLLS * self.poll_seconds)
        return bool(jobs.silent[copy.job_id or ""] and asked and asked + patience <= self.clock.now())

    def _ask(self, state: State, jobs: _Jobs, deadline: Deadline) -> None:
        def ask(job_id: str) -> Job:
            if job_id in jobs.ended:
                return jobs.ended[job_id]
            try:
                job = self.ask(job_id, deadline.within(ONE_QUESTION))
            except ServiceError:
                jobs.unanswered[job_id] += 1
                return Job(JobStatus.PENDING)  # it goes on without us; the deadline limits how long we ask
            if job.status is JobStatus.SILENT:
                jobs.silent[job_id] += 1
            else:
                jobs.silent[job_id] = jobs.unanswered[job_id] = 0
            if job.status in (JobStatus.COMPLETE, JobStatus.FAILED):
                jobs.ended[job_id] = job
            return job

        ask_jobs(ask, state, now=self.clock.now, poll_seconds=self.poll_seconds)

    def _list(self, done: Followed, jobs: _Jobs, keys: Collection[int]) -> None:
        asked_at = self.clock.now()
        done.live = self.list_posts()
        state = attribute(
            done.state,
            done.live,
            now=asked_at,
            poll_seconds=self.poll_seconds,
            theirs=self.theirs,
            fresh=self.fresh,
            sent=keys if self.own else (),
        )
        done.refusals |= note_refused(state, jobs.ended, now=asked_at, poll_seconds=self.poll_seconds)
        if not done.live.short:
            settling = None if self.whole else keys
            state = lapse(state, now=asked_at, poll_seconds=self.poll_seconds, keys=settling)
        done.state = state
        done.jobs = jobs.ended
        done.locked = done.locked or any(job.locked for job in jobs.ended.values())


def _has_come(state: State, key: int) -> bool:
    return key in state.copies and state.copies[key].post_id is not None
