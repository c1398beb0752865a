"""The values that everything else works with: accounts, desired posts, live posts, jobs, settings.

Nothing here reads, sends or knows the time. Every datetime is aware and in UTC unless its name says otherwise.
"""

from __future__ import annotations

from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.policies import Cadence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, time
    from pathlib import Path

    from publer_sync.values.approval import Approval
    from publer_sync.values.content import Content, Json
    from publer_sync.values.counted import Counted
    from publer_sync.values.policies import (
        Evergreen,
        OwnHosts,
        PostBudget,
        ReplacedWords,
        SignoffRule,
        WordRule,
    )
    from publer_sync.values.problems import Location

MINUTE = timedelta(minutes=1)
UNASKED = "alias:"
"""How the id of an account begins that Publer has not been asked about: its alias follows."""


@dataclass(frozen=True, slots=True)
class Workspace:
    id: str
    name: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A social account of the workspace. `trouble` says why Publer cannot post to it now, in words for people.

    `max_characters` is the limit of its own server, if the settings name it (as Mastodon does). `network_key` tells how a
    blog is connected, wordpress_oauth or wordpress_basic: two networks to Publer's composer.
    """

    id: str
    name: str
    provider: str
    alias: str | None = None
    type: str | None = None
    trouble: str | None = None
    needs_approval: bool = False
    """Whether posts that the key's user schedules there wait for approval."""
    max_characters: int | None = None
    network_key: str | None = None
    social_id: str | None = None
    """The network's own id of it, which stays the same when it is reconnected."""


@dataclass(frozen=True, slots=True)
class Named:
    """A board, album, signature or place, as Publer lists it. `about` distinguishes those of the same name."""

    id: str
    name: str
    about: str = ""


UNREAD = "path:"
"""How the digest of a file begins that was not read: that of its path follows."""


@dataclass(frozen=True, slots=True)
class MediaSource:
    """Where one medium comes from. Exactly one of `path`, `url` and `id` is set.

    `digest` identifies the content: sha256 of a file's bytes, or of the URL or the Publer id.
    """

    digest: str
    path: Path | None = None
    url: str | None = None
    id: str | None = None
    size: int = 0
    """Bytes of a file."""

    @property
    def reference(self) -> str:
        """What the content calls it."""
        return self.url or self.id or self.digest


@dataclass(frozen=True, slots=True)
class Written:
    """The text and the link of a post as its file has them, if more is sent.

    `added` is what was added: pairs of `append`, `hashtags` or `utm` and its words; `lines` are those outside of posts
    that say so.
    """

    text: str
    url: str
    added: tuple[tuple[str, str], ...]
    lines: Mapping[str, Location]


class Use(NamedTuple):
    """The `version` of a stored post that a post is, the place of that stored post, and how often it may be used."""

    stored: str
    version: int
    place: Location
    evergreen: Evergreen | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A desired post: one post of the calendar on one account.

    `media` says where the pictures, videos and documents of the content come from.
    """

    account: Account
    at: datetime
    content: Content
    location: Location
    id: str | None = None
    media: tuple[MediaSource, ...] = ()
    places: Mapping[str, Location] = field(default_factory=dict, compare=False, repr=False)
    """Where each part of the content is, by path: `text`, `media/0/alt`, `link/url`."""
    note: str = field(default="", compare=False)
    """For the team alone: never sent, and not compared."""
    ignore: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Codes of warnings and network rules that are silenced here, each with its reason."""
    written: Written | None = field(default=None, compare=False, repr=False)
    """What the content was made of; None if it is sent as it is written."""
    counted: Counted | None = field(default=None, compare=False, repr=False)
    """What its time counts from."""
    bounds: tuple[Counted, ...] = field(default=(), compare=False, repr=False)
    """What the end of its series and the days that this leaves out count from."""
    ids: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Publer's IDs of what the content names, by key such as `board`. Looked up just before sending."""
    aliases: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """Every account that the post of the file is on."""
    when_live: str | None = field(default=None, compare=False)
    """The page that has to answer before the post is created; "" if it is that of its link, and it has none."""
    zone: str = field(default="", compare=False, repr=False)
    """The time zone of its file."""
    use: Use | None = field(default=None, compare=False, repr=False)
    """Which stored post it is a use of, or is itself while it is in store."""
    series: str = field(default="", compare=False, repr=False)
    """The id of the post that repeats, of which it is one; "" if it stands alone."""
    signed_off: tuple[Approval, ...] = field(default=(), compare=False, repr=False)
    """Each yes to what it says."""

    @property
    def text(self) -> str:
        return self.content.text

    @property
    def draft(self) -> bool:
        return self.content.draft

    @property
    def as_written(self) -> Content:
        """The content without what is added to its text and its link."""
        if (written := self.written) is None:
            return self.content
        link = self.content.link and replace(self.content.link, url=written.url)
        return replace(self.content, text=written.text, link=link)

    @property
    def without_utm(self) -> Content:
        """The content as people read it: with what is added, except the parameters of URLs."""
        if (written := self.written) is None:
            return self.content
        ending = [words for key, words in written.added if key != "utm"]
        return replace(self.as_written, text="\n\n".join(filter(None, (written.text, *ending))))

    @property
    def counts_from(self) -> tuple[str, str] | None:
        """The date with a name by which it moves, or by which its series ends."""
        counted = self.counted or next(iter(self.bounds), None)
        return counted.source if counted is not None else None

    @property
    def slot(self) -> Slot:
        return Slot(self.account.id, self.at)

    def place(self, path: str) -> Location:
        """The nearest known place of `path`: its own, else its parent's, else the post's."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path.rpartition("/")[0]
        return self.location


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """An account and a minute, which at most one scheduled post can have."""

    account: str
    at: datetime

    @classmethod
    def of(cls, account: str, at: datetime) -> Slot:
        return cls(account, at.replace(second=0, microsecond=0))

    @property
    def around(self) -> tuple[Slot, Slot, Slot]:
        """The minutes in which a post could be less than 60 seconds from one in this minute."""
        before, after = Slot(self.account, self.at - MINUTE), Slot(self.account, self.at + MINUTE)
        return before, self, after


class Family(StrEnum):
    """A live post's state up to the first underscore; OTHER for a word that no document names."""

    SCHEDULED = "scheduled"
    DRAFT = "draft"
    PUBLISHED = "published"
    FAILED = "failed"
    RECYCLING = "recycling"
    RECURRING = "recurring"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LiveMedium:
    """A medium as a listing shows it; "" for what it does not show."""

    id: str = ""
    name: str = ""
    path: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class LivePost:
    """A post as Publer lists it. None means that the listing does not show the field; "" that it is empty.

    `media` is how many media it has, `pieces` are those whose details are shown. `detail` is the kind that Publer keeps
    beside the type: a reel's type is video. `post_link` is where a published post can be read, "" before.
    """

    id: str
    account_id: str
    state: str
    at: datetime | None
    text: str
    title: str | None = None
    link: str | None = None
    media: int | None = None
    type: str | None = None
    error: str | None = None
    pieces: tuple[LiveMedium, ...] = ()
    labels: tuple[str, ...] | None = None
    detail: str = ""
    post_link: str = ""
    imported: bool = False
    """Published on the network itself, and only imported by Publer."""
    unread: str = ""
    """Why the row of a listing could not be read, of which nothing but the ids are known then."""

    @property
    def family(self) -> Family:
        return _family(self.state)

    @property
    def slot(self) -> Slot | None:
        return Slot.of(self.account_id, self.at) if self.at else None


_KINDS = {
    Family.SCHEDULED: ("approved", "pending", "declined", "reauth", "locked"),
    Family.DRAFT: ("dated", "undated", "private", "public"),
    Family.FAILED: (),
    Family.RECYCLING: ("active", "paused", "expired", "failed", "pending", "declined", "reauth", "locked"),
    Family.RECURRING: (),
}
"""What may follow each family (Publer, "Posts", state filter)."""


@lru_cache(maxsize=64)
def _family(state: str) -> Family:
    """Cached, as posts share a few states, and planning asks each post many times.

    Of a word that no document names nobody knows what becomes of its post; whatever was published is, however it is called.
    """
    head, _, kind = state.lower().partition("_")
    if head == Family.PUBLISHED:
        return Family.PUBLISHED
    return Family(head) if head in _KINDS and (not kind or kind in _KINDS[Family(head)]) else Family.OTHER


class Figure(NamedTuple):
    """A figure of a published post, as Publer names it; None if Publer has no value for it."""

    key: str
    name: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Insight:
    """A published post as Publer's analytics show it."""

    post: LivePost
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list of posts showed. `short` is how many are missing of those that Publer counts, however often it was asked.

    Unless it is 0, nothing follows from a post that is not listed.
    """

    posts: tuple[LivePost, ...] = ()
    short: int = 0
    page: int = 0
    """The most posts on one page; 0 if all were on the first."""
    unread: tuple[LivePost, ...] = ()
    """The rows that could not be read. Those that have an id are among the posts, too."""
    span: int | None = None
    """The most days that Publer listed at once, where it did not list more."""
    gaps: tuple[tuple[date, date], ...] = ()
    """Days that Publer did not list, however it was asked. They count in `short`."""

    def __iter__(self) -> Iterator[LivePost]:
        return iter(self.posts)


def joined_listings(*listings: Listing) -> Listing:
    """What several lists showed, those of one span or of several."""
    posts = {post.id: post for each in listings for post in each}
    unread = {(post.id, post.account_id, post.unread): post for each in listings for post in each.unread}
    spans = [each.span for each in listings if each.span is not None]
    return Listing(
        tuple(posts.values()),
        sum(each.short for each in listings),
        max((each.page for each in listings), default=0),
        tuple(unread.values()),
        max(spans, default=None),
        tuple(gap for each in listings for gap in each.gaps),
    )


@dataclass(frozen=True, slots=True)
class Failure:
    """One line of a job's failures, in Publer's own words. At best Publer names the account, never the post."""

    message: str
    account_id: str | None = None
    account_name: str | None = None
    provider: str | None = None


class JobStatus(StrEnum):
    PENDING = "pending"
    SILENT = "silent"
    """Publer answers without a status: it may be working on the job, or not know it."""
    COMPLETE = "complete"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Publer no longer knows the job (404): only a listing can tell."""


@dataclass(frozen=True, slots=True)
class Job:
    status: JobStatus
    failures: tuple[Failure, ...] = ()
    media: tuple[Mapping[str, Json], ...] = ()
    locked: bool = False
    """The subscription is locked (`plan.locked`), which concerns the whole workspace, not one post."""


def iso(moment: datetime) -> str:
    """UTC with a Z; with a fraction only if there is one."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def same_text(one: str, other: str) -> bool:
    """Equal except for outer white space and line ends: nobody knows whether Publer keeps those as sent."""
    return one == other or normal_text(one) == normal_text(other)


def normal_text(text: str) -> str:
    """The text without outer white space, its line ends all of one kind."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True, slots=True)
class Limits:
    """`change` is how many posts one apply may edit or replace; None: any number."""

    delete: int = 10
    freeze_minutes: int = 15
    change: int | None = None


@dataclass(frozen=True, slots=True)
class SettingsHold:
    """The posts that the settings keep out of Publer; `accounts` are aliases. An empty field restricts nothing."""

    reason: str
    location: Location
    accounts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account as the settings name it, before Publer is asked: a name or an id, and the network if it is given."""

    alias: str
    name: str
    provider: str | None
    location: Location
    max_characters: int | None = None
    network_key: str | None = None
    shared: bool = False
    """Whether another calendar is meant to manage it as well."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `publer.yaml` says. Times without an offset are in `timezone`, an IANA name.

    `media` are further folders, besides the calendar's own, that media may come from.
    """

    name: str
    workspace: str | None = None
    workspace_location: Location | None = None
    timezone: str = "UTC"
    zone_known: bool = True
    """Whether that is the calendar's own: not in settings that cannot be read."""
    state: str | None = None
    state_on_disk: bool = False
    names_who: bool = True
    """Whether the state keeps who started a run."""
    accounts: tuple[AccountRef, ...] = ()
    media: tuple[Path, ...] = ()
    prune: Literal["owned", "none"] = "owned"
    edits: Literal["ask", "overwrite"] = "ask"
    limits: Limits = field(default_factory=Limits)
    cadence: Cadence = field(default_factory=Cadence)
    words: tuple[WordRule, ...] = ()
    replaced_words: ReplacedWords | None = None
    """The rules of shared settings that the calendar's own take the place of."""
    hosts: OwnHosts | None = None
    budgets: tuple[PostBudget, ...] = ()
    slots: Mapping[str, tuple[tuple[int, time], ...]] = field(default_factory=dict)
    """The weekday, from 0 for Monday, and the time of day of each slot, by alias."""
    requesters: frozenset[str] = frozenset()
    """GitHub's names, in lower case, of those whose requests by form count though they have no write access."""
    hold: SettingsHold | None = None
    signoff: tuple[SignoffRule, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    """The names of those who sign off, by what the rules call them."""


class BudgetsAhead(Protocol):
    """What budgets still allow, as posts are given times one after the other."""

    def allows_all(self, posts: Iterable[tuple[Post, datetime]]) -> bool: ...

    def take(self, post: Post, at: datetime) -> None: ...
