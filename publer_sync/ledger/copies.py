"""One post in Publer that was sent for a post of the calendar: a copy; and the copies of one post: its entry.

A copy is *sent* first: a create was requested, and no listing has shown its post yet. Then it is *live*, once a listing
has shown the post and its Publer id, or *lapsed*, when it settles unseen; its claim on the slot stays until the slot has
passed. It is *removing* from just before its DELETE is sent until it is known what that did. It ends when it is accounted
for: from then on it can neither be published nor be in the way.

A replace, a swap, a post that is put back, a hold and a release add copies and end copies; the entry stays.
"""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from operator import is_
from types import MappingProxyType
from typing import TYPE_CHECKING

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.alike import without_utm
from publer_sync.values.content import Content, Revision
from publer_sync.values.decoding import encode
from publer_sync.values.model import Family, LivePost, Slot, normal_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from publer_sync.values.content import Json

SETTLING_POLLS = 30
"""How many first poll waits after its job ended a post that no listing shows is settled."""
LEAVING_POLLS = 15
"""How many first poll waits after its intent a request may still leave: half a minute at the usual two seconds."""
JOB_ENDS_AFTER = timedelta(days=1)
"""A job counts as ended after this time, finished or not."""


NOTHING = Content()
"""What is left of what a post said, once that is forgotten."""


class End(StrEnum):
    """How a copy was accounted for."""

    PUBLISHED = "published"
    MAYBE_PUBLISHED = "maybe_published"
    """Another post was published that may be it: `evidence` is its id. Without one, it was removed about its minute."""
    FAILED = "failed"
    """Publer could not publish it at its time; `publer_said` is why."""
    REFUSED = "refused"
    NEVER_CAME = "never_came"
    """It was sent, and its minute passed without a trace of it."""
    REMOVED = "removed"
    """By publer-sync."""
    GONE = "gone"
    """By someone else: no listing has it any more, and nothing was published that may be it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a listing last showed of a post; None for a field it did not show."""

    at: datetime | None
    text: str
    title: str | None = None
    link: str | None = None
    media: int | None = None
    draft: bool = False

    @classmethod
    def of(cls, live: LivePost, before: Seen | None = None) -> Seen:
        """What `live` shows; a field it does not show stays as it was `before`."""
        return cls(
            at=live.at,
            text=live.text,
            title=live.title if live.title is not None or before is None else before.title,
            link=live.link if live.link is not None or before is None else before.link,
            media=live.media if live.media is not None or before is None else before.media,
            draft=live.family is Family.DRAFT,
        )

    def to_json(self) -> dict[str, Json]:
        """With null for what the listing did not show: every version so far reads it so."""
        return encode(self, whole=True)

    def revised(self, live: LivePost) -> Seen:
        """Once `live` shows an edit of ours: its new words, the rest as it was, so that others' edits are still found."""
        return replace(Seen.of(live, self), at=self.at, media=self.media, draft=self.draft)


NO_REMOVALS: Mapping[str, Seen | None] = MappingProxyType({})
"""Of the ids of posts that a hold is about to remove: what Publer shows of those that someone edited."""


@dataclass(frozen=True, slots=True)
class Copy:
    """`slot` is the time it was sent for; datetimes are UTC. `entry` is the key of the entry's first copy."""

    key: int
    account: str
    slot: datetime
    sent: Content
    id: str | None = None
    """Of the post in the calendar: the same for all copies of an entry."""
    post_id: str | None = None
    """Publer's. No two copies have the same."""
    seen: Seen | None = None
    shown: Seen | None = None
    """What the last listing showed, if that is not what was `seen` when it was last as the calendar says."""
    verified_at: datetime | None = None
    """When a listing last showed it as a post that is ahead."""
    requested_at: datetime | None = None
    job_id: str | None = None
    job_ended_at: datetime | None = None
    """When the job was first known to have ended; None while it runs, or without a job."""
    lapsed: bool = False
    """Its request is settled, and no listing has shown it."""
    refused: str | None = None
    """What Publer's job said of it, if it refused it, "" where it gave no reason. That is a claim: refused posts have been found scheduled."""
    turned_up: str = ""
    """How a listing showed it where that was not to be expected; "" once an apply has it as wanted.

    `refused`: although Publer had refused it. `late`: once it had settled, so that no apply saw it come. `scheduled`: a draft, and it never was one in Publer.
    `draft`: a post that was sent to be published, of which Publer made a draft.
    """
    removing_at: datetime | None = None
    removed: bool = False
    """Publer's answer said that it was removed. A listing confirms that."""
    held: bool = False
    """It is removed, or was, for a hold. Then `shown` is what someone had made of it before."""
    by_hand: bool = False
    """A draft in the calendar that someone scheduled in Publer before a hold took it out: it was sent scheduled."""
    spared: datetime | None = None
    """When it was adopted while its post was on hold: someone had scheduled it in Publer. A hold since before then doesn't cover it."""
    revising: Revision | None = None
    """The text and title of an edit that no listing has shown yet."""
    adopted: bool = False
    moved_to: str = ""
    """The account to which someone moved it in Publer, as a listing showed it last; "" where it is where it was sent."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """What the names in `sent` were sent as, by key. They are never compared."""
    counts_from: tuple[str, str] | None = None
    """The name that `slot` was counted from, and the date that it was then."""
    alone: bool = False
    """It was sent as the first of its kind, or where Publer rewrites: until it is judged, what is in its minute is it, whatever it says."""
    entry: int = 0
    end: End | None = None
    ended_at: datetime | None = None
    """When it was accounted for."""
    evidence: str | None = None
    publer_said: str = ""

    def __post_init__(self) -> None:
        if not self.entry:
            object.__setattr__(self, "entry", self.key)

    @property
    def on(self) -> str:
        """The account that it is on, as far as is known."""
        return self.moved_to or self.account

    @property
    def place(self) -> Slot:
        return Slot(self.account, self.slot)

    @property
    def minute(self) -> datetime:
        """When it is published, as far as is known: where a listing last showed it, else where it was sent."""
        last = self.shown or self.seen
        return last.at.replace(second=0, microsecond=0) if last and last.at else self.slot

    @property
    def under_way(self) -> bool:
        """Sent and not settled."""
        return self.post_id is None and not self.lapsed and self.end is None

    @property
    def awaiting(self) -> bool:
        """Sent, not settled, and not refused: it may come any time."""
        return self.under_way and self.refused is None

    @property
    def given_up(self) -> bool:
        """Nothing more is expected of its request, and no listing has shown it. Its claim stays."""
        return self.post_id is None and self.end is None and (self.lapsed or self.refused is not None)

    @property
    def unheard(self) -> bool:
        """No run learned the result of its request, which may never have been sent."""
        return self.awaiting and self.job_id is None and self.job_ended_at is None

    @property
    def removal_in_doubt(self) -> bool:
        """A DELETE may have left whose answer is not known, and whose effect may still come."""
        return self.removing_at is not None and not self.removed and self.end is None

    @property
    def unsettled(self) -> bool:
        """Whether nothing is made for its post before it is known what became of it."""
        return self.awaiting or self.removal_in_doubt

    @property
    def removed_at_its_time(self) -> bool:
        """Whether nothing but its removal, just at its minute, leaves open whether it was published."""
        return self.end is End.MAYBE_PUBLISHED and self.removing_at is not None and self.evidence is None

    @property
    def draft(self) -> bool:
        return self.sent.draft

    @property
    def still_draft(self) -> bool:
        """A draft that no listing has shown as anything else: it is in Publer however long its time has passed."""
        return (
            self.draft
            and self.post_id is not None
            and self.end is None
            and (self.seen is None or self.seen.draft)
        )

    @property
    def publishes_itself(self) -> bool:
        """Whether Publer publishes it at its minute: a draft does not, unless someone scheduled it."""
        last = self.shown or self.seen
        return not self.draft if last is None else not last.draft

    @property
    def kept(self) -> LivePost | None:
        """A post that a hold took out, as Publer showed it last, where someone had edited it; None where nobody had."""
        last = self.shown or (self.seen if self.moved_to else None)
        if not self.held or last is None or not (self.removing_at or self.end is End.REMOVED):
            return None
        state = Family.DRAFT if last.draft else Family.SCHEDULED
        return LivePost(
            self.post_id or "", self.on, state, last.at, last.text, last.title, last.link, last.media
        )

    @property
    def text(self) -> str:
        return self.sent.text

    @property
    def title(self) -> str:
        return self.sent.title

    def settles_at(self, *, poll_seconds: float) -> datetime | None:
        """When its create settles unseen; None where it is unknown when it was sent, so at once.

        Where no job can be asked, its request may have left some time after its intent.
        """
        ended, polls = self.job_ended_at, SETTLING_POLLS
        if ended is None and self.requested_at is not None:
            ended = self.requested_at + (JOB_ENDS_AFTER if self.job_id else timedelta(0))
            polls += 0 if self.job_id else LEAVING_POLLS
        return ended + timedelta(seconds=polls * poll_seconds) if ended else None

    def removal_settles_at(self, *, poll_seconds: float) -> datetime | None:
        """When a DELETE without an answer can no longer take effect. The same goes for a PUT."""
        since = self.removing_at or (self.requested_at if self.revising else None)
        return since and since + timedelta(seconds=(LEAVING_POLLS + SETTLING_POLLS) * poll_seconds)

    def awaited(self, now: datetime, *, poll_seconds: float, refused: bool) -> bool:
        """Whether waiting tells what became of its request; `refused` whether one that Publer refused is waited for, too."""
        due = self.removal_settles_at(poll_seconds=poll_seconds)
        sent = self.under_way if refused else self.awaiting
        return sent or (self.removal_in_doubt and due is not None and due > now)

    @property
    def unseen(self) -> bool:
        """Publer accepted it, its job reported no failure, and no listing showed it in time."""
        accepted = self.job_id is not None or self.job_ended_at is not None
        given_up = self.post_id is None and self.lapsed and self.end is None
        return given_up and self.refused is None and accepted

    @property
    def unseen_draft(self) -> bool:
        """A draft that is `unseen`: no minute keeps a second one apart from it."""
        return self.draft and self.unseen

    @property
    def scheduled_draft(self) -> bool:
        """A draft that Publer has scheduled, so that it would be published."""
        return self.draft and self.turned_up == "scheduled"

    def waits_to_say(self, content: Content, at: datetime) -> bool:
        """Whether Publer refused it, it is not settled, and this is the same again in the same minute."""
        again = self.slot == at and what_it_says(self.sent) == what_it_says(content)
        return self.under_way and self.refused is not None and again

    def seen_on(self, account: str) -> Copy:
        """The copy once a listing has shown its post on this account."""
        moved_to = account if account != self.account else ""
        return self if moved_to == self.moved_to else replace(self, moved_to=moved_to)

    def under(self, account: str) -> Copy:
        """The copy once its entry is one of this account. What may still be listed on another one is looked for there."""
        if account in (self.account, self.moved_to):
            kept = self.moved_to if account == self.account else ""
            return replace(self, account=account, moved_to=kept)
        return replace(
            self, account=account, moved_to=self.moved_to or (self.account if self.end is None else "")
        )

    def ending(self, end: End, now: datetime, **more: str | None) -> Copy:
        """The copy once it is accounted for."""
        return replace(
            self,
            end=end,
            ended_at=now,
            revising=None,
            evidence=more.get("evidence", self.evidence),
            publer_said=more.get("publer_said") or "",
        )


def undated(content: Content) -> Content:
    """Without the UTM parameters of its links: they may name the day, and then a post that is moved would be another one."""
    text, url = without_utm(content.text), without_utm(content.url)
    if (text, url) == (content.text, content.url):
        return content
    return replace(content, text=text, link=content.link and replace(content.link, url=url))


def what_it_says(content: Content) -> Hashable:
    """What makes it this post and no other to the public: its words, links and media. None for one that is empty or forgotten.

    Not what comes later, such as comments, nor what only the team sees.
    """
    content = undated(content)
    thread = tuple(part.text for part in content.thread)
    media = tuple(medium.reference for medium in content.media)
    said = (normal_text(content.text), content.title, content.url, media, content.poll, thread)
    return said if any(said) else None


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What the ledger knows of an entry as a whole."""

    twins: bool = False
    """Someone decided that what may be a copy of it is another post (--allow-twins)."""
    left: bool = False
    """The last apply did not see it in the calendar."""
    let_go: bool = False
    """It was published, an apply of the whole calendar no longer had it so, and nothing was to say the same again."""
    beside: tuple[str, ...] = ()
    """The posts that an apply saw beside it in the calendar, saying the same (`name_of`): each is another post."""
    doubted: tuple[str, ...] = ()
    """The ids, "" for none, of the posts of which an apply said that they may be it."""
    told: tuple[str, ...] = ()
    """The slots and contents wanted after it was published that have been reported."""

    def __bool__(self) -> bool:
        return self != NO_FACTS


NO_FACTS = EntryFacts()


@dataclass(frozen=True)
class LedgerEntry:
    """The copies of one post of the calendar on one account, in the order in which they were sent."""

    key: int
    copies: tuple[Copy, ...]
    facts: EntryFacts = NO_FACTS

    def is_made_of(self, other: LedgerEntry) -> bool:
        """Whether it is the same copies and facts, not only equal ones."""
        same = len(self.copies) == len(other.copies) and all(map(is_, self.copies, other.copies))
        return same and self.facts is other.facts

    @cached_property
    def open(self) -> tuple[Copy, ...]:
        """What is not accounted for."""
        return tuple(copy for copy in self.copies if copy.end is None)

    @property
    def is_line(self) -> bool:
        """Whether nothing of it is left but a line for `results` and `log`: a post that left the calendar long ago."""
        return self.facts.left and not self.open and all(copy.sent == NOTHING for copy in self.copies)

    @cached_property
    def newest(self) -> Copy:
        """The newest that has not ended, else the newest that Publer has had, else the newest."""
        if self.open:
            return max(self.open, key=lambda copy: (not copy.given_up, copy.key))
        came = [copy for copy in self.copies if copy.end not in (End.REFUSED, End.NEVER_CAME)]
        return (came or self.copies)[-1]

    @property
    def account(self) -> str:
        return self.copies[0].account

    @property
    def id(self) -> str | None:
        return self.newest.id

    @cached_property
    def went_out(self) -> tuple[Copy, ...]:
        """The copies that were published: mostly none or one."""
        return tuple(copy for copy in self.copies if copy.end is End.PUBLISHED)

    @property
    def published(self) -> Copy | None:
        """The copy that was published, if one was: nothing more is made for the entry."""
        return self.went_out[0] if self.went_out else None

    @cached_property
    def maybe_published(self) -> Copy | None:
        """The copy that may have been, unless someone decided that it was not."""
        if self.facts.twins:
            return None
        return next((copy for copy in self.copies if copy.end is End.MAYBE_PUBLISHED), None)

    @property
    def unsettled(self) -> bool:
        return any(copy.unsettled for copy in self.open)
