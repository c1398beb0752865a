"""Switches that make the sandbox answer in the other ways the service is known to answer, or fail as networks do.

All are off at first: `Faults()` is the service on a good day. They may be changed while the sandbox runs.
"""

from __future__ import annotations

import re
from dataclasses import field
from datetime import timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any, Literal

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TripKind = Literal[
    "drop_before",
    "drop_after",
    "error_before",
    "error_after",
    "garbage",
    "html",
    "empty",
    "slow",
    "limited",
    "blocked",
    "upgrade",
    "redirect",
    "foreign_id",
    "delete_nothing",
    "rows_left_out",
    "empty_page",
    "cloudflare_limit",
]


@dataclass(slots=True)
class Trip:
    """One thing that goes wrong with the requests from the `nth` to match, `times` of them.

    drop_before, drop_after    the connection ends without an answer, before or after the request was carried out
    error_before, error_after  `status` (500, 502 where none is given), before or after it was carried out
    garbage, html, empty       carried out, and the 200 has a body that is not JSON, a web page, or nothing
    slow                       `seconds` pass first
    limited                    429, with the limit's headers or, with `headers=False`, without
    cloudflare_limit           429 by what is in front of Publer, with a web page
    blocked                    Cloudflare's 403
    upgrade                    the 403 of a plan without the API
    redirect                   307 to another path of this service
    foreign_id                 a DELETE also takes a scheduled post that was not named, and says so
    delete_nothing             a DELETE answers 200, an empty list, and leaves everything
    rows_left_out, empty_page  a list of posts lacks every other post of the page, or all; its total counts them
    """

    kind: TripKind
    method: str | None = None
    path: str = ""
    """A regular expression, searched for in the path below `/api/v1`."""
    nth: int = 1
    times: int = 1
    status: int | None = None
    seconds: float = 0.0
    headers: bool = True
    seen: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Whether this request is one of those; counts it."""
        if (self.method and self.method != method) or not re.search(self.path, path):
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


@dataclass(slots=True, kw_only=True)
class Faults:
    # how answers are wrapped
    envelope: Literal["top", "data"] = "top"
    """Job and create answers at the top level, or inside `data` (and `result`)."""
    finished: str | None = "complete"
    """The word for a finished job: complete, completed, success, or None for one that never gets a status."""
    failures: Literal["lists", "docs", "list", "objects", "errors", "strings", "error", "absent"] = "lists"
    """The shape of a job's failures.

    lists: an object of lists, by account id. docs: an empty object, or a list. list: always a list. objects: an object
    by account id. errors: a list whose entries say `error` for `message`. error: an object with the first text.
    absent: no payload when empty.
    """
    accounts: Literal["bare", "accounts", "data", "empty"] = "bare"
    odd_account: bool = False
    """One account more than there are, without a provider."""
    health: Literal["permissions", "status", "locked", "none"] = "permissions"
    """How an account shows that it works: by whether it can be accessed, by a status, by a lock, or not at all."""
    media_payload: Literal["list", "media", "single", "indexed"] = "list"
    media_error: str | None = None
    """What an import from a URL says instead of the media, in the shape of `media_payload`."""

    # jobs; delays are multiples of `poll_seconds`
    job_delay: float = 1.0
    job_null_polls: int = 0
    """So many polls of each job get a null status, finished or not."""
    job_never_ends: bool = False
    """Its posts are made, its status stays `working`."""
    upload_error: str | None = None
    """An upload is refused with 200 and this text."""
    job_lost: bool = False
    """Its posts are made, asking for it gets what an unknown id gets."""
    job_unknown: Literal["null", "404"] = "null"
    """What an id that the service does not know gets: 200 and a null status, or a 404."""
    job_fails: str | None = None
    """Nothing is made and the job ends as `failed` with this text."""
    job_runs: int = 1
    """How often each job runs. It reports what its last time came to: that the minutes of its posts are taken."""
    untrue_refusal: str | None = None
    """Each post of a job is made, and the job reports that it was refused with this text."""

    # lists
    list_delay: float = 2.0
    """How long no list shows a new post, in multiples of `poll_seconds`."""
    hidden: frozenset[str] = frozenset()
    """Ids of posts that exist and are never listed."""
    paging: Literal["pages", "ignored", "slice"] = "pages"
    """pages: `page` is honoured. ignored: everything at once, whatever the page. slice: the first 15, and no more."""
    per_page: int = 100
    """With dates; without, it is always 15."""
    first_page: Literal[0, 1] = 0
    """The number of the first page; 0 means the first one too."""
    total: bool = True
    total_of: Literal["all", "page"] = "all"
    """What `total` counts: all that a list has, or what is on this page."""
    longest_span: int | None = None
    """The days that a list may cover; `beyond_span` is what a longer one gets."""
    beyond_span: Literal["refused", "timeout", "silence", "cut"] = "refused"
    """refused: 400. timeout: 504. silence: no answer. cut: its first days alone, and nothing says so."""
    null_rows: bool = False
    """Each page of posts has a row that is null."""
    unreadable: frozenset[str] = frozenset()
    """Ids of posts whose time is shown as nothing that is a time."""
    unreadable_some: bool = False
    """The same for about every third post, by its id."""
    best_times: Literal["week", "empty"] = "week"
    zone: tzinfo = timezone(timedelta(hours=2))
    """In which times are shown and the days of `from` and `to` are counted."""
    integer_ids: bool = False
    """New posts get an integer for an id."""
    signature: str | None = None
    """What is added to every text as it is published, as an account's default signature."""
    published_ids: Literal["later", "integer", "kept"] = "later"
    """A published post gets an integer for an id after some hours, at once, or never."""
    published_times: Literal["actual", "kept"] = "actual"
    """A published post shows the minute at which it was published, or the one it was scheduled for."""
    omit: frozenset[str] = frozenset({"labels", "link"})
    """Keys that a listed post lacks. Nobody has shown that labels and link objects come back."""
    labels: Literal["kept", "dropped", "lower"] = "kept"
    """What becomes of labels: as they were sent, none, or in lower case."""
    shown_text: Callable[[str], str] | None = None
    """How lists and PUT show a text."""
    state_words: Mapping[str, str] = field(default_factory=dict)
    """The word that is shown for a state."""

    # posts
    rewrite: Callable[[str], str] | None = None
    """What the service makes of a text, on create and on PUT."""
    links: Literal["kept", "shortened", "tagged"] = "kept"
    """What the workspace makes of the links of a post: what was sent, short ones, or ones with UTM parameters."""
    put_ignored: bool = False
    put_ignores_title: bool = False
    put_clears_title: bool = False
    """A PUT without a title takes the title away."""
    put_renumbers: bool = False
    """A post that is edited gets another id."""
    lose: frozenset[int] = frozenset()
    """The first, second, … post that passes all checks is silently lost, counted from the start."""
    new_state: str | None = None
    """What scheduled posts become: `scheduled_pending` where they need approval, `scheduled_reauth`, …"""
    refuse_whole: Mapping[str, int] = field(default_factory=dict)
    """A text to the status with which a request to schedule is refused as a whole that has a post with it."""
    refuse: Mapping[str, str] = field(default_factory=dict)
    """Account id to the message its posts fail with."""
    approval: frozenset[str] = frozenset()
    """Ids of accounts whose scheduled posts wait for approval."""
    broken: frozenset[str] = frozenset()
    """Ids of accounts that have to be reconnected."""
    daily_limits: bool = True
    drafts_hold_minutes: bool = False
    """Whether drafts count against the minute between two posts of an account: no document says."""
    drafts: Literal["dated", "undated", "scheduled", "hidden"] = "dated"
    """What becomes of a draft with a time: a draft without one, a scheduled post, or a draft that no list shows."""
    gap_silent: bool = False
    """A post for a minute that is taken is silently lost."""
    words_once: bool = False
    """X refuses the words of another of its posts, on any account, that is scheduled or was published within two days."""
    publish_lag: timedelta = timedelta(seconds=60)
    """How long after its time a post is published."""
    publish_error: str | None = None
    """Publishing a post fails, with this reason."""
    delete_gone: Literal["empty", "404", "404-any"] = "empty"
    """What a DELETE answers when none of the ids exists. 404-any: when one of them does not, and then nothing is deleted."""
    undeletable: frozenset[str] = frozenset()
    """Ids of posts that the key's user may not delete: a DELETE that names one gets a 403 as a whole."""
    delete_numbered: Literal["nothing", "everything"] = "nothing"
    """What a DELETE with `post_ids[0]` for `post_ids[]` takes: both were seen."""

    # the front door
    plan_locked: bool = False
    """The subscription is locked: jobs make nothing and say so."""
    key_refused: bool = False
    scopes: frozenset[str] = frozenset({"workspaces", "accounts", "posts", "media", "analytics"})
    cloudflare: Literal["urllib", "libraries", "off"] = "urllib"
    """Which user agents are turned away: Python's urllib, which alone is known to be, or all that name a library."""
    rate_limit: int | None = 100
    rate_window: float = 60.0
    """In multiples of `poll_seconds`: 2 minutes at the usual 2 seconds."""
    rate_headers: Literal["always", "limit", "never"] = "always"
    trips: list[Trip] = field(default_factory=list)

    def trip(self, kind: TripKind, method: str | None = None, path: str = "", **more: Any) -> Trip:
        """Set a trip; it counts from now on."""
        trip = Trip(kind, method, path, **more)
        self.trips.append(trip)
        return trip

    def struck(self, method: str, path: str) -> Trip | None:
        """The trip that this request hits, if any; every trip counts it."""
        hits = [trip for trip in self.trips if trip.strikes(method, path)]
        return hits[0] if hits else None
