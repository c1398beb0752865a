"""What became of the posts of some days: whether each was published, when and where, or why not. Pure.

A planned post is one of the calendar, or one that the ledger has sent. What else was published on the accounts is
reported too, as not planned here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from publer_sync.ledger.accounting import LATE
from publer_sync.ledger.copies import End
from publer_sync.ledger.rewriting import same_but_links, same_words, signed, without_links
from publer_sync.ledger.runs import reasons_of, signed_in
from publer_sync.planning.judge import NOT_BACK, NOT_KNOWN, TOO_LATE, made_a_draft
from publer_sync.planning.match import match
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import Content
from publer_sync.values.model import Family

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from publer_sync.ledger.copies import Copy, LedgerEntry
    from publer_sync.ledger.hold import Hold
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Account, Figure, Insight, Listing, LivePost, Post, Workspace

By: TypeAlias = Literal["label", "account", "network", "use"]
_MARGIN = timedelta(days=1)
"""How far outside the days a planned post is still looked up, so that its live post is not taken for another's."""
_MATCHED = frozenset({Family.PUBLISHED, Family.FAILED, Family.SCHEDULED})
_TAKEN_DOWN = frozenset({"published_deleted", "published_hidden"})
_RATE = re.compile(r"(^|_)(rate|avg|average)(_|$)")


class Status(StrEnum):
    """In the order in which people need to know."""

    NOT_FOUND = "not_found"
    FAILED = "failed"
    UNPUBLISHED = "unpublished"
    """Publer lists it, and has not published it."""
    HELD = "held"
    TAKEN_DOWN = "taken_down"
    DUE = "due"
    """Its time has come, and Publer may still be about to publish it."""
    PUBLISHED = "published"


NOT_OUT = frozenset({Status.NOT_FOUND, Status.FAILED, Status.UNPUBLISHED})


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of one post on one account. `planned` is None for a post that was not planned here."""

    account: Account
    status: Status = Status.NOT_FOUND
    planned: datetime | None = None
    post: Post | None = None
    """As the calendar has it; None where it has left the calendar."""
    copy: Copy | None = None
    live: LivePost | None = None
    reason: str = ""
    figures: tuple[Figure, ...] = ()
    signed: tuple[str, ...] = ()
    """Each yes to what was sent, as a run has it."""

    @property
    def at(self) -> datetime:
        """By which it is listed: the planned time, else the one that Publer shows."""
        return self.planned or (self.live and self.live.at) or datetime.max.replace(tzinfo=UTC)

    @property
    def draft(self) -> bool:
        """Nobody expects it to be published."""
        return self.copy.draft if self.copy else self.post is not None and self.post.draft

    @property
    def taken_down_by_plan(self) -> bool:
        """Whether the post itself asks Publer to take it down."""
        contents = (self.post and self.post.content, self.copy and self.copy.sent)
        return any(content.auto_delete for content in contents if content)

    @property
    def published_at(self) -> datetime | None:
        return self.live.at if self.live and self.live.family is Family.PUBLISHED else None

    @property
    def id(self) -> str | None:
        return self.post.id if self.post else self.copy.id if self.copy else None

    @property
    def text(self) -> str:
        """As Publer shows it, but as it was sent before Publer rewrote it."""
        shown = self.live.text if self.live else ""
        if self.copy and self.copy.sent.text and self.copy.seen and self.copy.seen.text == shown:
            return self.copy.sent.text
        known = (text for text in self.texts if text.strip())
        return next((text for text in known if not shown.strip() or _are_its_words(text, shown)), shown)

    @property
    def texts(self) -> tuple[str, ...]:
        """The words by which its live post is known: as the calendar has them, as they were sent, as Publer showed them."""
        sent = [self.copy.sent.text] if self.copy and self.copy.sent != Content() else []
        seen = [self.copy.seen.text] if self.copy and self.copy.seen else []
        return (*([self.post.text] if self.post else []), *sent, *seen)

    @property
    def labels(self) -> tuple[str, ...]:
        """As they were sent, which the ledger knows for 30 days, else as the calendar has them, else as Publer shows them."""
        if self.copy and self.copy.sent != Content():
            return self.copy.sent.labels
        return self.post.content.labels if self.post else (self.live and self.live.labels) or ()


class Days(NamedTuple):
    """`until` is not included, and never after `now`."""

    since: datetime
    until: datetime
    now: datetime

    def __contains__(self, moment: object) -> bool:
        return isinstance(moment, datetime) and self.since <= moment < self.until


def publications(
    desired: Sequence[Post],
    state: State | None,
    listing: Listing,
    accounts: Mapping[str, Account],
    days: Days,
) -> tuple[Publication, ...]:
    """What has no trace first, then what failed and what was taken down, then the rest in order of time.

    `listing` is of all states, from a day before the days to a day after them.
    """
    live = {post.id: post for post in listing if post.account_id in accounts}
    planned = [*_planned(desired, state, live, accounts, days)]
    found = _find(planned, live.values())
    told = [replace(one, live=found.get(index)) for index, one in enumerate(planned)]
    known = {post.id for post in found.values()}
    told += [
        Publication(accounts[post.account_id], live=post)
        for post in live.values()
        if post.id not in known and post.family in _MATCHED
    ]
    lost = NOT_KNOWN if listing.short else _NEVER_SENT if state else _NO_WORDS
    order = {account: number for number, account in enumerate(accounts)}
    holds = state.holds if state else ()
    ended = reasons_of(state.runs) if state else {}
    signed_off = signed_in(state.runs) if state else {}
    told = [
        replace(one, signed=signed_off[one.copy.entry]) if one.copy and one.copy.entry in signed_off else one
        for one in told
    ]
    judged = (_judged(one, days.now, lost, holds, ended) for one in told if _belongs(one, days))
    return tuple(sorted(judged, key=lambda one: (_RANK[one.status], one.at, order[one.account.id])))


_RANK = {status: number for number, status in enumerate(Status)}
_RANK[Status.PUBLISHED] = _RANK[Status.DUE]


def _planned(
    desired: Sequence[Post],
    state: State | None,
    live: Mapping[str, LivePost],
    accounts: Mapping[str, Account],
    days: Days,
) -> Iterator[Publication]:
    """The posts planned about these days, each with its copy, and those whose live post is in the listing."""
    entries = state.entries().values() if state else ()
    matches = match(desired, entries, live, now=days.now)
    pairs: list[tuple[Post | None, Copy | None]] = [
        (post, _telling(matches.pairs.get(index))) for index, post in enumerate(desired)
    ]
    lines = (entry for entry in entries if entry.is_line)
    pairs += [(None, copy) for copy in map(_telling, (*matches.rest, *lines)) if copy and _stayed(copy, live)]
    for post, copy in pairs:
        slot = copy.place if copy else post.slot if post else None
        if slot is None or slot.account not in accounts:
            continue
        near = days.since - _MARGIN <= slot.at < days.until + _MARGIN
        if near or (copy and copy.post_id in live):
            yield Publication(accounts[slot.account], planned=slot.at, post=post, copy=copy)


def _telling(entry: LedgerEntry | None) -> Copy | None:
    """The copy that tells what became of a post: the one that was published, else the one that stands for it."""
    return (entry.published or entry.newest) if entry else None


def _stayed(copy: Copy, live: Mapping[str, LivePost]) -> bool:
    """Whether a post that left the calendar was still meant to be published: an apply would have removed it."""
    meant = copy.removing_at is None and not copy.held and copy.end not in (End.REFUSED, End.NEVER_CAME)
    return copy.post_id in live or (copy.post_id is not None and meant)


def _belongs(one: Publication, days: Days) -> bool:
    """Whether it was planned in these days, or was published in them at quite another time."""
    shown = one.live.at if one.live else None
    if one.draft and (one.live is None or one.live.family not in (Family.PUBLISHED, Family.FAILED)):
        return False
    moved = shown is not None and one.planned is not None and abs(shown - one.planned) > LATE
    return one.at in days or (moved and shown in days)


# --- which live post is whose -----------------------------------------------------------------------------------------


def _find(planned: Sequence[Publication], live: Iterable[LivePost]) -> dict[int, LivePost]:
    """The live post of each planned one, by its index: by id, else by words within an hour, the nearest first.

    The words may end with a signature, where no post has them as they are.

    Publer gives a published post another id after some hours, and shows the minute at which it was published. Of a post
    whose words the ledger has forgotten only the time is left.
    """
    by_id = {post.id: post for post in live}
    found = {
        index: by_id[one.copy.post_id]
        for index, one in enumerate(planned)
        if one.copy and one.copy.post_id in by_id
    }
    alike: dict[tuple[str, str], list[LivePost]] = defaultdict(list)
    by_account: dict[str, list[LivePost]] = defaultdict(list)
    for post in by_id.values():
        if post.family in _MATCHED and not post.imported:
            alike[post.account_id, without_links(post.text)].append(post)
            by_account[post.account_id].append(post)

    def with_words(one: Publication) -> Iterator[LivePost]:
        for text in {*one.texts}:
            for post in alike[one.account.id, without_links(text)]:
                if _about(one, post) and same_but_links(text, post.text):
                    yield post

    def without_words(one: Publication) -> Iterator[LivePost]:
        return (post for post in by_account[one.account.id] if not one.texts and _about(one, post))

    def with_signature(one: Publication) -> Iterator[LivePost]:
        near = (post for post in by_account[one.account.id] if _about(one, post))
        return (post for post in near if any(signed(text, post.text) for text in one.texts))

    _assign(planned, found, with_words)
    _assign(planned, found, with_signature)
    _assign(planned, found, without_words)
    return found


def _are_its_words(text: str, shown: str) -> bool:
    return same_words(text, shown)


def _about(one: Publication, post: LivePost) -> bool:
    return one.planned is not None and post.at is not None and abs(post.at - one.planned) <= LATE


def _assign(
    planned: Sequence[Publication],
    found: dict[int, LivePost],
    candidates: Callable[[Publication], Iterable[LivePost]],
) -> None:
    near = sorted(
        (abs(post.at - one.planned), index, post.id, post)
        for index, one in enumerate(planned)
        if index not in found
        for post in candidates(one)
        if post.at and one.planned
    )
    taken = {post.id for post in found.values()}
    for _, index, post_id, post in near:
        if index not in found and post_id not in taken:
            found[index] = post
            taken.add(post_id)


# --- what became of it ------------------------------------------------------------------------------------------------


MOVED = "someone moved it in Publer"
WAS_MISSED = "its time passed while it was on hold"
_NO_WORDS = "Publer lists no post with these words within an hour of its time"
_NEVER_SENT = "no apply scheduled it before its time"


def _judged(
    one: Publication, now: datetime, lost: str, holds: Sequence[Hold], ended: Mapping[int, str]
) -> Publication:
    """`lost` is why a post that the ledger knows nothing of is not found, `ended` the reasons of holds that took entries out."""
    late = now - one.at > LATE
    if one.live is None:
        at, begun = one.at, [hold for hold in holds if hold.since <= one.at]
        hold = next((hold for hold in begun if hold.covers(one.account.id, [at], one.labels)), None)
        if (hold or (one.copy and one.copy.held)) and not _may_be_out(one.copy, lost):
            why = hold.reason if hold else ended.get(one.copy.entry, "") if one.copy else ""
            reason = WAS_MISSED + (f': "{why}"' if why else "")
            return replace(one, status=Status.HELD, reason=reason)
        if one.copy and not late and one.copy.removing_at is None:
            return replace(one, status=Status.DUE, reason="Publer does not list it as published yet")
        return replace(one, reason=_why_not_found(one.copy, lost))
    live = one.live
    match live.family:
        case Family.PUBLISHED if live.state in _TAKEN_DOWN:
            return replace(one, status=Status.TAKEN_DOWN)
        case Family.PUBLISHED:
            return replace(one, status=Status.PUBLISHED)
        case Family.FAILED:
            return replace(one, status=Status.FAILED)
        case Family.SCHEDULED if live.state in TOO_LATE:
            return replace(one, status=Status.UNPUBLISHED, reason=TOO_LATE[live.state])
        case Family.SCHEDULED if live.at and live.at > now:
            return replace(one, status=Status.UNPUBLISHED, reason=MOVED)
        case Family.SCHEDULED if not late:
            return replace(one, status=Status.DUE, reason="Publer has not published it yet")
        case Family.DRAFT:
            return replace(one, status=Status.UNPUBLISHED, reason=made_a_draft(one.copy))
        case _:
            return replace(one, status=Status.UNPUBLISHED, reason=f"Publer still lists it as {live.state}")


def _may_be_out(copy: Copy | None, lost: str) -> bool:
    """Whether it may have been published although it was on hold."""
    if copy is None:
        return False
    if copy.end is End.MAYBE_PUBLISHED:
        return True
    return lost == NOT_KNOWN and not (copy.removed or copy.end is End.REMOVED)


def _why_not_found(copy: Copy | None, lost: str) -> str:
    if copy is None or lost == NOT_KNOWN:
        return lost
    if copy.end is End.MAYBE_PUBLISHED:
        return "it is not known whether it was published"
    if copy.removing_at is not None:
        return NOT_BACK
    if copy.post_id is None:
        return _why_never_listed(copy)
    return "it was in Publer, and Publer no longer lists it: someone may have deleted it"


def _why_never_listed(copy: Copy) -> str:
    if copy.refused is not None or copy.end is End.REFUSED:
        said = " ".join((copy.refused or "").split())
        return f"Publer refused it: {said}" if said else "Publer refused it"
    return "an apply sent it, and Publer never listed it"


# --- the days as a whole ----------------------------------------------------------------------------------------------


def with_figures(told: Iterable[Publication], insights: Iterable[Insight]) -> tuple[Publication, ...]:
    """Each with the figures of its post, which Publer's analytics know by its id or by its link."""
    figures: dict[str, tuple[Figure, ...]] = {}
    for insight in insights:
        figures |= {key: insight.figures for key in (insight.post.id, insight.post.post_link) if key}
    return tuple(
        replace(one, figures=figures.get(one.live.id) or figures.get(one.live.post_link, ()))
        if one.live
        else one
        for one in told
    )


@dataclass(frozen=True, slots=True)
class Results:
    """`unlisted` is how many posts Publer counts and does not list: a post without a trace may be one of them."""

    calendar: str
    workspace: Workspace
    timezone: str
    days: Days
    publications: tuple[Publication, ...]
    unlisted: int = 0
    by: By | None = None
    insights: bool = False
    top: Path = Path()
    """The calendar's folder."""
    before: Results | None = None
    """Those of the period before, where that was asked for."""

    @property
    def needs_someone(self) -> bool:
        """Whether something was not published."""
        return any(one.status in NOT_OUT for one in self.publications)

    @property
    def groups(self) -> tuple[tuple[str, tuple[Publication, ...]], ...]:
        """By name, those without a name last; a post with several labels is in several, and so is a use of a stored post with variants. Empty without `by`."""
        groups: dict[str, list[Publication]] = defaultdict(list)
        uses = (_use_of(one) for one in self.publications if self.by == "use")
        several = {use[0] for use in uses if use is not None and (use[1] or 1) > 1}
        for one in self.publications if self.by else ():
            for name in self._names(one, several):
                groups[name].append(one)
        ordered = sorted(groups.items(), key=lambda group: (not group[0], group[0].casefold()))
        return tuple((name, tuple(members)) for name, members in ordered)

    def _names(self, one: Publication, several: Collection[str]) -> tuple[str, ...]:
        """`several` are the stored posts of which more than the first version was used."""
        match self.by:
            case "use":
                name, version = _use_of(one) or ("", None)
                return (name, f"{name}, variant {version}") if version and name in several else (name,)
            case "label":
                return tuple(dict.fromkeys(one.labels)) or ("",)
            case "account":
                return (one.account.alias or one.account.name,)
            case _:
                return (one.account.provider,)


def _use_of(one: Publication) -> tuple[str, int | None] | None:
    """The stored post that was used, and its version where the calendar tells it; None for any other post."""
    if one.post is not None:
        return (one.post.use.stored, one.post.use.version) if one.post.use is not None else None
    name, at, _ = (one.id or "").partition("@")
    return (name, None) if at else None


def summary(told: Iterable[Publication]) -> dict[Status, int]:
    counts = Counter(one.status for one in told)
    return {status: counts[status] for status in Status}


def totals(told: Iterable[Publication]) -> dict[str, Figure]:
    """The figures of several posts added up, by key. Rates and averages do not add up."""
    sums: dict[str, Figure] = {}
    for figure in (figure for one in told for figure in one.figures):
        if figure.value is not None and not _RATE.search(figure.key):
            before = sums[figure.key].value or 0 if figure.key in sums else 0
            sums[figure.key] = figure._replace(value=before + figure.value)
    return sums
