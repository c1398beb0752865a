"""What a plan needs to know of Publer: jobs still open, and one listing of everything that could matter.

Reads only. The ledger comes back attributed to the listing: what turned up is managed, what is settled has lapsed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from publer_sync.ledger.accounting import account, known_ahead, needs_search
from publer_sync.ledger.attribution import attribute, lapse
from publer_sync.ledger.copies import End
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.moments import believed
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import ServiceError
from publer_sync.values.model import Failure, Family, Job, JobStatus, Listing, LivePost, joined_listings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.machine.clock import Clock

HORIZON = timedelta(days=5 * 366)
"""How far ahead Publer schedules ("Business: 5 years")."""
BACK = timedelta(days=2)
"""How far back a listing goes, for posts that are published late and for those published since yesterday."""


class Reads(Protocol):
    """The part of the gateway that sends nothing but GET."""

    def posts(
        self,
        *,
        since: date,
        until: date,
        account_ids: Sequence[str] = ...,
        states: Sequence[str] = ...,
        longest: int | None = ...,
    ) -> Listing: ...

    def undated_drafts(self, *, account_ids: Sequence[str] = ...) -> Listing: ...

    def job(self, job_id: str) -> Job: ...


@dataclass(frozen=True, slots=True)
class Survey:
    """A listing and the ledger as it stands after it. `state` is None where there never was one.

    `elsewhere` is what other calendars manage, where that mattered.
    """

    live: Listing
    state: State | None
    elsewhere: Elsewhere | None = None
    misdated: bool = False
    """Whether the ledger had moments that lay ahead, which count as now."""

    @property
    def theirs(self) -> Collection[str]:
        """Ids of posts that other calendars manage: what claims a post claims none of them."""
        return self.elsewhere.ids if self.elsewhere else ()


def survey(
    publer: Reads,
    state: State | None,
    *,
    account_ids: Sequence[str],
    clock: Clock,
    poll_seconds: float,
    elsewhere: Callable[[], Elsewhere] = Elsewhere,
) -> Survey:
    """Ask the open jobs, list once, and once more from further back if a managed post is missing.

    `elsewhere` tells what other calendars manage; it is asked where a post may belong to this one or to them.
    """
    if state is None:
        return Survey(listing(publer, None, account_ids=account_ids, now=clock.now()), None)
    known = believed(state, clock.now())
    misdated, state = known is not state, known.clone()
    jobs = ask_jobs(_patiently(publer.job), state, now=clock.now, poll_seconds=poll_seconds)
    asked_at = clock.now()
    live = listing(publer, state, account_ids=account_ids, now=asked_at)
    state.span = _span(state, live, asked_at)
    others = elsewhere() if _may_be_theirs(state, live) else None
    state = attribute(
        state,
        live,
        now=asked_at,
        poll_seconds=poll_seconds,
        theirs=others.ids if others else (),
    )
    note_refused(state, jobs, now=asked_at, poll_seconds=poll_seconds)
    if not live.short:
        state = lapse(state, now=asked_at, poll_seconds=poll_seconds)
    return concluded(
        Survey(live, state, others, misdated),
        account_ids=account_ids,
        now=asked_at,
        poll_seconds=poll_seconds,
    )


def _patiently(ask: Callable[[str], Job]) -> Callable[[str], Job]:
    """Asks after jobs; one of which Publer tells nothing counts as running, until a day is over. After the first of these none is asked."""
    silent = False

    def asked(job_id: str) -> Job:
        nonlocal silent
        try:
            return Job(JobStatus.PENDING) if silent else ask(job_id)
        except ServiceError:
            silent = True
            return Job(JobStatus.PENDING)

    return asked


def concluded(seen: Survey, *, account_ids: Sequence[str], now: datetime, poll_seconds: float) -> Survey:
    """The same with each copy accounted for that is not listed: for a listing of `listing`, made at `now`."""
    if seen.state is None or seen.live.short:
        return seen
    state = account(
        seen.state,
        seen.live,
        account_ids=_accounts_told_of(account_ids, seen.state, now),
        now=now,
        poll_seconds=poll_seconds,
        others=seen.elsewhere.copies if seen.elsewhere else (),
        theirs=seen.theirs,
    )
    return replace(seen, state=state)


def _may_be_theirs(state: State, live: Iterable[LivePost]) -> bool:
    """Whether a listed post may be taken for one of this calendar though another one sent it: claimed, or published."""
    managed = state.post_ids
    unmanaged = [post for post in live if post.id not in managed]
    claimed = {copy.place for copy in state.copies.values() if copy.post_id is None and copy.end is None}
    listed = {post.id for post in live}
    searched = {
        copy.on for copy in state.copies.values() if copy.post_id not in listed and needs_search(copy)
    }
    return any(
        post.slot in claimed or (post.account_id in searched and post.family is Family.PUBLISHED)
        for post in unmanaged
    )


def listing(publer: Reads, state: State | None, *, account_ids: Sequence[str], now: datetime) -> Listing:
    """Everything from two days ago, or the day before the last apply, to as far ahead as Publer schedules.

    So it tells what became of each post that was due since that apply. Drafts are looked for as far back as the ledger
    has any: they are never published by themselves.

    If a managed post is not in it, Publer is asked again, from the day before that post was last seen, and for drafts
    without a date: a list was seen to hide posts that exist.
    """
    if state is None:
        return _list(publer, account_ids, now.date() - BACK, now)
    ids = _accounts_to_list(account_ids, state, now)
    since = min(now - BACK, (state.last_apply or now) - timedelta(days=1)).date()
    longest = _longest(state, now)
    live = _list(publer, ids, since, now, longest)
    drafts = _old_drafts(publer, ids, state, since)
    live = joined_listings(live, drafts)
    hidden, earliest = _missing(state, live, now)
    if not hidden and earliest >= since:
        near = _around_hidden(publer, ids, state, live, now)
        return replace(joined_listings(live, near), short=live.short + near.short)
    since = min(since, earliest)
    undated = publer.undated_drafts(account_ids=ids) if hidden else Listing()
    again = _list(publer, ids, since, now, longest)
    near = _around_hidden(publer, ids, state, joined_listings(live, undated, again), now)
    short = sum(each.short for each in (drafts, undated, again, near))  # what `live` lacked, `again` may have
    return replace(joined_listings(live, undated, again, near), short=short)


SPAN_LASTS = timedelta(days=7)
"""How long a span that Publer did not list counts: it may have had a bad day."""
SEEN_SPAN = timedelta(days=90)
"""Nobody has published a list of more days."""


def _longest(state: State, now: datetime) -> int | None:
    return state.span[0] if state.span is not None and now - state.span[1] < SPAN_LASTS else None


def _span(state: State, live: Listing, now: datetime) -> tuple[int, datetime] | None:
    """The span to keep in the ledger after a listing."""
    if live.span is None:
        return None
    since = state.span[1] if state.span is not None and _longest(state, now) is not None else now
    return live.span, since


def _may_be_hidden(copy: Copy) -> bool:
    """Whether a list should show it: it was listed before, or what was sent may be there."""
    return needs_search(copy) if copy.post_id else copy.end is None


def _around_hidden(
    publer: Reads, account_ids: Sequence[str], state: State, live: Listing, now: datetime
) -> Listing:
    """The days of posts far ahead that no listing shows, a few at once: a long list may be cut short, and not say so."""
    listed = {post.id for post in live}
    hidden = (copy for copy in state.copies.values() if copy.post_id not in listed and _may_be_hidden(copy))
    days = sorted(copy.minute.date() for copy in hidden if copy.minute > now + SEEN_SPAN)
    found: list[Listing] = []
    until = date.min
    for day in days:
        if day > until:
            until = min(day + SEEN_SPAN, days[-1])
            found.append(publer.posts(since=day, until=until, account_ids=account_ids))
    return joined_listings(*found)


def _old_drafts(publer: Reads, account_ids: Sequence[str], state: State, until: date) -> Listing:
    """The drafts whose time passed before the day from which everything is listed."""
    kept = [copy for copy in state.copies.values() if copy.still_draft]
    days = [moment.date() for copy in kept for moment in (copy.slot, copy.seen and copy.seen.at) if moment]
    since = min(days, default=until)
    if since >= until:
        return Listing()
    return publer.posts(since=since, until=until, account_ids=account_ids, states=("draft",))


def _list(
    publer: Reads, account_ids: Sequence[str], since: date, now: datetime, longest: int | None = None
) -> Listing:
    until = now.date() + HORIZON
    if longest is None:
        return publer.posts(since=since, until=until, account_ids=account_ids)
    return publer.posts(since=since, until=until, account_ids=account_ids, longest=longest)


def _accounts_to_list(account_ids: Sequence[str], state: State, now: datetime) -> list[str]:
    """The managed accounts, and those that left the settings while managed posts are there.

    None, so all, where posts may be on one that Publer does not list any more: nobody knows what it makes of such an id.
    """
    left = _left(state, now)
    return [] if left & state.lost else [*account_ids, *sorted(left - set(account_ids))]


def _accounts_told_of(account_ids: Sequence[str], state: State, now: datetime) -> set[str]:
    """The accounts of which a listing tells what became of their posts: of one that left Publer's list, it does not."""
    gone = state.lost & {copy.account for copy in state.copies.values()}
    return {*account_ids, *_left(state, now)} - gone


def _left(state: State, now: datetime) -> set[str]:
    kept = (copy for copy in state.copies.values() if copy.end is None or copy.slot > now - BACK)
    return {account for copy in kept for account in (copy.account, copy.on)}


def _missing(state: State, live: Iterable[LivePost], now: datetime) -> tuple[bool, date]:
    """Whether a post that is not listed may be hidden, and the day from which posts tell what became of all such."""
    missing = _not_listed(state, live)
    days = [known_ahead(copy).date() - timedelta(days=1) for copy in missing]
    hidden = any(copy.post_id and (copy.slot > now or copy.still_draft) for copy in missing)
    return hidden, min(days, default=now.date())


def _not_listed(state: State, live: Iterable[LivePost]) -> list[Copy]:
    listed = {post.id for post in live}
    return [copy for copy in state.copies.values() if copy.post_id not in listed and needs_search(copy)]


SILENT_POLLS = 300
"""How many first poll waits after its request a job without a status counts as one that Publer does not know."""


def ask_jobs(
    ask: Callable[[str], Job], state: State, *, now: Callable[[], datetime], poll_seconds: float
) -> dict[str, Job]:
    """Ask each job that something under way waits for, and note in the state which have ended.

    A job counts as ended when its answer arrives: a slow answer takes nothing from the time for settling. It has ended for
    all its posts at one moment, so that they settle together.
    """
    jobs: dict[str, Job] = {}
    ended: dict[str, datetime] = {}
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
        elif job.status in (JobStatus.COMPLETE, JobStatus.FAILED) and copy.job_ended_at is None:
            state.put(replace(copy, job_ended_at=ended.setdefault(copy.job_id, now())))
    return jobs


def _waiting(state: State, jobs: Mapping[str, Job]) -> dict[str, list[Copy]]:
    waiting: dict[str, list[Copy]] = defaultdict(list)
    for copy in state.copies.values():
        if copy.under_way and copy.job_id in jobs:
            waiting[copy.job_id or ""].append(copy)
    return waiting


def note_refused(
    state: State, jobs: Mapping[str, Job], *, now: datetime, poll_seconds: float
) -> dict[int, tuple[Failure, ...]]:
    """Note what Publer says that it refused, and tell what it said. Ask for it after a listing was attributed.

    That is a claim, not a proof: each keeps what it claims, and settles by the clock.

    A failure names an account at best. The only post that a job had on an account is the one that is meant. Of several,
    none counts as refused before they are settled: Publer was seen to report one post in several lines. Then the
    failures are placed by exclusion: where an account has as many as posts that did not turn up, they are those. One that
    settled before the others did not turn up either.
    """
    refused: dict[int, tuple[Failure, ...]] = {}
    for job_id, copies in _waiting(state, jobs).items():
        job = jobs[job_id]
        if job.status is JobStatus.FAILED:
            refused |= {copy.key: job.failures for copy in copies}
        elif job.status is JobStatus.COMPLETE and job.failures:
            alone = _only_ones(state, job_id, copies, job.failures)
            refused |= alone
            left = [copy for copy in copies if copy.key not in alone]
            due = [copy.settles_at(poll_seconds=poll_seconds) for copy in left]
            if left and all(at is None or at <= now for at in due):
                missing = [copy for copy in _never_seen(state, job_id) if copy.key not in alone]
                placed = _place(job.failures, missing)
                refused |= {copy.key: placed[copy.key] for copy in left if copy.key in placed}
    for key, failures in refused.items():
        said = "\n".join(dict.fromkeys(failure.message for failure in failures))
        state.put(replace(state.copies[key], refused=said))
    return refused


def _never_seen(state: State, job_id: str) -> list[Copy]:
    """The posts that a job was asked for and that no listing showed, settled or not."""
    ends = (None, End.REFUSED, End.NEVER_CAME)
    return [
        copy
        for copy in state.copies.values()
        if copy.job_id == job_id and copy.post_id is None and copy.end in ends
    ]


def _sent_together(state: State, job_id: str) -> Counter[str]:
    """How many posts of a job were for each account, whatever became of them."""
    return Counter(copy.account for copy in state.copies.values() if copy.job_id == job_id)


def _only_ones(
    state: State, job_id: str, copies: Iterable[Copy], failures: Iterable[Failure]
) -> dict[int, tuple[Failure, ...]]:
    """The failures of posts that were the only ones of the job on their accounts, by the keys of their copies."""
    sent = _sent_together(state, job_id)
    told: dict[str | None, list[Failure]] = defaultdict(list)
    for failure in failures:
        told[failure.account_id if sent.total() > 1 else None].append(failure)
    return {
        copy.key: tuple(about)
        for copy in copies
        if sent[copy.account] == 1 and (about := told[copy.account if sent.total() > 1 else None])
    }


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
