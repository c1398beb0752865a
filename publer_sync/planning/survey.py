"""What a plan needs to know of Publer: jobs still open, and one listing of everything that could matter.

Reads only. The ledger comes back attributed to the listing: what turned up is ours, what is settled has lapsed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from publer_sync.ledger.attribution import attribute, lapse
from publer_sync.model import Failure, Job, JobStatus, Listing, LivePost
from publer_sync.publer.known import GAP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from publer_sync.clock import Clock
    from publer_sync.ledger.state import Copy, State

HORIZON = timedelta(days=5 * 366)
"""How far ahead Publer schedules ("Business: 5 years")."""
BACK = timedelta(days=2)
"""How far back a listing goes, for posts that are published late and for those published since yesterday."""


class Reads(Protocol):
    """The part of the gateway that sends nothing but GET."""

    def posts(
        self, *, since: date, until: date, account_ids: Sequence[str] = ..., states: Sequence[str] = ...
    ) -> Listing: ...

    def undated_drafts(self, *, account_ids: Sequence[str] = ...) -> Listing: ...

    def job(self, job_id: str) -> Job: ...


@dataclass(frozen=True, slots=True)
class Survey:
    """A listing and the ledger as it stands after it. `state` is None where there never was one."""

    live: Listing
    state: State | None


def survey(
    publer: Reads, state: State | None, *, account_ids: Sequence[str], clock: Clock, poll_seconds: float
) -> Survey:
    """Ask the open jobs, list once, and once more from further back where a post of ours is missing."""
    if state is None:
        return Survey(listing(publer, None, account_ids=account_ids, now=clock.now()), None)
    state = state.clone()
    jobs = ask_jobs(publer.job, state, now=clock.now, poll_seconds=poll_seconds)
    asked_at = clock.now()
    live = listing(publer, state, account_ids=account_ids, now=asked_at)
    state = attribute(state, live, now=asked_at, refused=refused_for_gap(state, jobs))
    settle_refused(state, jobs)
    if not live.short:
        state = lapse(state, now=asked_at, poll_seconds=poll_seconds)
    return Survey(live, state)


def listing(publer: Reads, state: State | None, *, account_ids: Sequence[str], now: datetime) -> Listing:
    """Everything from two days ago, or the day before the last apply, to as far ahead as Publer schedules.

    So it tells what became of each post that was due since that apply. Drafts are looked for as far back as the ledger
    has any: they are never published by themselves.

    Where a post of ours is not in it, Publer is asked again, from the day before that post was last seen, and for
    drafts without a date: a list was seen to hide posts that exist.
    """
    if state is None:
        return _list(publer, account_ids, now.date() - BACK, now)
    ids = _accounts_to_list(account_ids, state, now)
    since = min(now - BACK, (state.last_apply or now) - timedelta(days=1)).date()
    live = together(_list(publer, ids, since, now), _old_drafts(publer, ids, state, since))
    missing = _missing(state, live, now)
    if not missing:
        return live
    since = min(since, *((copy.verified_at or now).date() - timedelta(days=1) for copy in missing))
    undated = publer.undated_drafts(account_ids=ids)
    again = _list(publer, ids, since, now)
    return replace(together(live, undated, again), short=undated.short + again.short)


def together(*listings: Listing) -> Listing:
    posts = {post.id: post for listing in listings for post in listing}
    short = sum(listing.short for listing in listings)
    return Listing(tuple(posts.values()), short, max(listing.page for listing in listings))


def _old_drafts(publer: Reads, account_ids: Sequence[str], state: State, until: date) -> Listing:
    """The drafts whose time passed before the day from which everything is listed."""
    kept = [copy for copy in state.copies.values() if copy.still_draft and not copy.lapsed]
    days = [moment.date() for copy in kept for moment in (copy.slot, copy.seen and copy.seen.at) if moment]
    since = min(days, default=until)
    if since >= until:
        return Listing()
    return publer.posts(since=since, until=until, account_ids=account_ids, states=("draft",))


def _list(publer: Reads, account_ids: Sequence[str], since: date, now: datetime) -> Listing:
    return publer.posts(since=since, until=now.date() + HORIZON, account_ids=account_ids)


def _accounts_to_list(account_ids: Sequence[str], state: State, now: datetime) -> list[str]:
    kept = (copy for copy in state.copies.values() if copy.slot > now - BACK or copy.still_draft)
    left = {copy.account for copy in kept}
    return [*account_ids, *sorted(left - set(account_ids))]


def _missing(state: State, live: Iterable[LivePost], now: datetime) -> list[Copy]:
    listed = {post.id for post in live}
    return [
        copy
        for copy in state.copies.values()
        if copy.post_id and copy.post_id not in listed and (copy.slot > now or copy.still_draft)
        if not (copy.removing_at or copy.lapsed)
    ]


SILENT_POLLS = 300
"""How many first poll waits after its request a job without a status counts as one that Publer does not know."""


def ask_jobs(
    ask: Callable[[str], Job], state: State, *, now: Callable[[], datetime], poll_seconds: float
) -> dict[str, Job]:
    """Ask each job that something under way waits for, and note in the state which have ended.

    A job counts as ended when its answer arrives: a slow answer takes nothing from the time for settling.
    """
    jobs: dict[str, Job] = {}
    for copy in list(state.copies.values()):
        if not copy.under_way or copy.job_id is None:
            continue
        job = jobs.get(copy.job_id) or ask(copy.job_id)
        jobs[copy.job_id] = job
        silence = timedelta(seconds=SILENT_POLLS * poll_seconds)
        long_ago = copy.requested_at is None or copy.requested_at + silence < now()
        # A job that names no status may still run. Publer refuses a second post in a minute, but not a second draft.
        silent = job.status is JobStatus.SILENT and long_ago and not copy.draft
        if job.status is JobStatus.UNKNOWN or silent:
            state.put(replace(copy, job_id=None))
        elif job.status in (JobStatus.COMPLETE, JobStatus.FAILED) and copy.ended_at is None:
            state.put(replace(copy, ended_at=now()))
    return jobs


def refused_for_gap(state: State, jobs: Mapping[str, Job]) -> frozenset[int]:
    """Keys of posts that another post's minute kept from being made: what is listed there is not theirs.

    Ask for it before a listing is attributed. An account tells them only where each of its posts in the job was refused.
    """
    refused: set[int] = set()
    for job_id, copies in _waiting(state, jobs).items():
        gaps = Counter(one.account_id for one in jobs[job_id].failures if GAP in one.message.lower())
        missing = Counter(copy.account for copy in copies)
        refused |= {copy.key for copy in copies if gaps[copy.account] >= missing[copy.account]}
    return frozenset(refused)


def _waiting(state: State, jobs: Mapping[str, Job]) -> dict[str, list[Copy]]:
    waiting: dict[str, list[Copy]] = defaultdict(list)
    for copy in state.copies.values():
        if copy.under_way and copy.job_id in jobs:
            waiting[copy.job_id or ""].append(copy)
    return waiting


def settle_refused(state: State, jobs: Mapping[str, Job]) -> dict[int, tuple[Failure, ...]]:
    """Settle by refusal what Publer refused, and tell what it said. Ask for it after a listing was attributed.

    A failure names an account at best, so it is placed by exclusion: where an account has as many failures as posts
    that did not turn up, they are those. Where it has fewer, it is unknown which of them may still turn up.
    """
    refused: dict[int, tuple[Failure, ...]] = {}
    for job_id, copies in _waiting(state, jobs).items():
        job = jobs[job_id]
        if job.status is JobStatus.FAILED:
            refused |= {copy.key: job.failures for copy in copies}
        elif job.status is JobStatus.COMPLETE and job.failures:
            refused |= _place(job.failures, copies)
    for key, failures in refused.items():
        copy = state.copies[key]
        if any(GAP in failure.message.lower() for failure in failures):
            state.drop(copy)  # another post has the slot: what is listed there was there before ours
        else:
            state.put(replace(copy, lapsed=True))
    return refused


def _place(failures: Sequence[Failure], copies: Sequence[Copy]) -> dict[int, tuple[Failure, ...]]:
    missing = Counter(copy.account for copy in copies)
    named = Counter(failure.account_id for failure in failures if failure.account_id)
    nameless = tuple(failure for failure in failures if not failure.account_id)
    settled = {account for account, count in missing.items() if named[account] >= count}
    left = sum(count - named[account] for account, count in missing.items() if account not in settled)
    if nameless and left <= len(nameless) and named.keys() <= missing.keys():
        settled = set(missing)  # the nameless ones are those of the others
    else:
        nameless = ()
    told = {
        account: (*(failure for failure in failures if failure.account_id == account), *nameless)
        for account in settled
    }
    return {copy.key: told[copy.account] for copy in copies if copy.account in settled}
