"""Follows what was sent until it is settled: asks the jobs, then lists until each post has shown or lapsed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.clock import growing_waits
from publer_sync.errors import ServiceError
from publer_sync.ledger.attribution import SETTLING_POLLS, attribute, lapse
from publer_sync.model import Failure, Job, JobStatus
from publer_sync.planning.survey import ask_jobs, refused_for_gap, settle_refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from publer_sync.clock import Clock, Deadline
    from publer_sync.ledger.state import Record, State
    from publer_sync.model import Listing


SILENT_ANSWERS = 3
"""After so many answers in a row without a status a listing is asked instead of the job alone."""


@dataclass(slots=True)
class Followed:
    state: State
    live: Listing | None = None
    refusals: dict[int, tuple[Failure, ...]] = field(default_factory=dict)
    locked: bool = False
    """Whether the subscription is locked, and posts have not come because of it."""


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

    def follow(self, state: State, keys: Iterable[int], deadline: Deadline) -> Followed:
        """Return when nothing of `keys` is under way, when the deadline has passed, or when somebody asked to stop.

        A job that never names a status is waited for no longer than one that has ended: Publer answers so to ids that
        it does not know.
        The last thing done is always a listing, so that what the state says is what was seen.
        """
        keys = list(keys)
        done = Followed(state.copy())
        ended: dict[str, Job] = {}
        silent: Counter[str] = Counter()
        started, waits = self.clock.monotonic(), growing_waits(self.poll_seconds)
        while True:
            ended |= self._ask(done.state, ended, silent, deadline)
            last = self.stop() or deadline.left <= 0
            if last or not _jobs_run(done.state, keys, silent):
                self._list(done, ended)
                under_way = _under_way(done.state, keys)
                last = last or all(self._given_up(done.state.records[key], silent) for key in under_way)
                done.locked = done.locked and not all(_has_come(done.state, key) for key in keys)
                if last or done.locked or not under_way:
                    return done
                self.showing(len(keys) - len(under_way), len(keys))
            else:
                self.waiting(round(self.clock.monotonic() - started))
            self.clock.sleep(min(next(waits), max(0.0, deadline.left)))

    def _given_up(self, record: Record, silent: Counter[str]) -> bool:
        asked = record.requested_at
        patience = timedelta(seconds=SETTLING_POLLS * self.poll_seconds)
        return bool(silent[record.job_id or ""] and asked and asked + patience <= self.clock.now())

    def _ask(
        self, state: State, ended: dict[str, Job], silent: Counter[str], deadline: Deadline
    ) -> dict[str, Job]:
        def ask(job_id: str) -> Job:
            if job_id in ended:
                return ended[job_id]
            try:
                job = self.ask(job_id, deadline)
            except ServiceError:
                return Job(JobStatus.PENDING)  # it goes on without us; the deadline limits how long we ask
            silent[job_id] = silent[job_id] + 1 if job.status is JobStatus.SILENT else 0
            return job

        jobs = ask_jobs(ask, state, now=self.clock.now, poll_seconds=self.poll_seconds)
        return {key: job for key, job in jobs.items() if job.status in (JobStatus.COMPLETE, JobStatus.FAILED)}

    def _list(self, done: Followed, ended: dict[str, Job]) -> None:
        asked_at = self.clock.now()
        done.live = self.list_posts()
        refused = refused_for_gap(done.state, ended)
        state = attribute(done.state, done.live, now=asked_at, refused=refused)
        done.refusals |= settle_refused(state, ended)
        if not done.live.short:
            state = lapse(state, now=asked_at, poll_seconds=self.poll_seconds)
        done.state = state
        done.locked = done.locked or any(job.locked for job in ended.values())


def _under_way(state: State, keys: Sequence[int]) -> list[int]:
    return [key for key in keys if key in state.records and state.records[key].under_way]


def _has_come(state: State, key: int) -> bool:
    return key in state.records and state.records[key].post_id is not None


def _jobs_run(state: State, keys: Sequence[int], silent: Counter[str]) -> bool:
    """Whether some job has not ended, as far as is known."""
    records = [state.records[key] for key in _under_way(state, keys)]
    return any(
        record.job_id is not None and record.ended_at is None and silent[record.job_id] < SILENT_ANSWERS
        for record in records
    )
