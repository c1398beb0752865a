"""What the studio's server answers, as JSON: the shapes on which the page relies."""

from __future__ import annotations

from typing import Any, NotRequired, TypeAlias, TypedDict


class TimeData(TypedDict):
    """When a post is published: `day` and `time` in the calendar's zone, `written` as the file has it.

    `next`: it waits for a slot. `counts_from` is the name of the date that it counts from.
    """

    day: str | None
    time: str | None
    zone: str
    written: str | None
    counts_from: str | None
    next: bool


class PartData(TypedDict):
    """One post of a series: `part` is what it is called after the id."""

    part: str
    day: str
    time: str


class SeriesData(TypedDict):
    """`every` in words; `numbered`: its posts are known by numbers, since the first day counts from a date with a name."""

    every: str
    numbered: bool
    parts: list[PartData]


class StudioMediumData(TypedDict):
    """`path` as the file writes it, or an address, or Publer's id. `thumb` is an address of this server, or None."""

    path: str
    kind: str
    alt: str
    thumb: str | None


class CommentData(TypedDict):
    text: str
    after: str | None


class PollData(TypedDict):
    options: list[str]
    duration: str | None
    question: str


class StudioProblemData(TypedDict):
    """`key` is that of the post that it is in, if it is in one."""

    calendar: str
    key: str | None
    code: str
    severity: str
    message: str
    fix: str
    file: str
    line: int
    open: str


class StudioPostData(TypedDict):
    """A post of a file, as the page edits it. `why_not` says of each field that cannot be written back why.

    `stored`: it is kept in store, and a use of it comes where it is moved to.
    """

    key: str
    revision: str
    calendar: str
    file: str
    line: int
    open: str
    id: str | None
    accounts: list[str]
    at: TimeData
    times: dict[str, TimeData]
    series: SeriesData | None
    text: str
    texts: dict[str, str]
    title: str
    thread: list[str]
    comment: CommentData | None
    link: str | None
    labels: list[str]
    own_labels: list[str]
    draft: bool
    stored: bool
    note: str
    media: list[StudioMediumData]
    poll: PollData | None
    why_not: dict[str, str]
    past: bool
    fate: str
    """Of a past one: what became of it."""
    frozen: bool
    marks: str
    """Another text whenever what plan would do with it reads otherwise; "" where it has no marks."""


class StudioAccountData(TypedDict):
    """`network` is its name in the calendar, `label` the one for people."""

    alias: str
    network: str
    label: str
    name: str


class OpenCalendarData(TypedDict):
    """A calendar that is open; `dates` are those with names that its settings declare."""

    name: str
    folder: str
    zone: str
    files: list[str]
    accounts: list[StudioAccountData]
    groups: dict[str, list[str]]
    labels: list[str]
    dates: dict[str, str]
    compared: str
    """What the marks come from, or why there are none; "" where Publer was not asked."""
    alarms: list[str]
    beside: str
    """Another text whenever the cards of what is in no file read otherwise: removed posts, and those not managed here."""


class HistoryData(TypedDict):
    """What undo and redo would take back, and the numbers of these steps."""

    undo: str | None
    undo_step: int | None
    redo: str | None
    redo_step: int | None


class KeptData(TypedDict):
    """Words that are not saved yet: the form's name, the post that they are for, and what was in the form.

    `lost`: they are for a post that is not found any more. Those without a key are else for a new one.
    """

    name: str
    calendar: str
    key: str | None
    lost: bool
    values: Any


class PostsAnswer(HistoryData):
    version: int
    read_only: bool
    lost: str
    today: str
    calendars: list[OpenCalendarData]
    large: bool
    """Posts and problems are left out: the page asks for those that it shows, and for the outline of the rest."""
    posts: list[StudioPostData]
    problems: list[StudioProblemData]
    changed: int
    branch: BranchData
    kept: list[KeptData]


class CardsAnswer(TypedDict):
    """The cards of posts, by key; of those that are in a file, also what the page edits."""

    version: int
    cards: dict[str, list[str]]
    posts: list[StudioPostData]


CardRow: TypeAlias = "list[Any]"
"""What the page needs of a card that it does not show: time, accounts, kinds, mark, problem, subjects, entries and labels."""


class OutlineAnswer(TypedDict):
    """A large calendar in short. `rows` has of each post its revision, its marks, and a row for each of its cards.

    `about` is what there is to know apart from posts, as HTML; `posts` are those with errors, and those with words that are not saved.
    """

    version: int
    problems: list[StudioProblemData]
    about: str
    rows: dict[str, list[Any]]
    posts: list[StudioPostData]


class ChangeAnswer(HistoryData):
    """What was done. `gone` are the keys of posts that left, `problems` the warnings that came with it.

    `step` is its number, by which it alone is undone.
    """

    version: int
    say: str
    posts: list[StudioPostData]
    gone: list[str]
    cards: dict[str, list[str]]
    diff: str
    step: int | None
    changed: int
    problems: list[StudioProblemData]
    standing: NotRequired[list[StudioProblemData]]
    """All that is wrong now; not with thousands of posts."""
    unshown: NotRequired[list[str]]
    """Pictures that posts showed before, and that none shows now."""


class ConflictData(TypedDict):
    """The page knew another version of the post: what it wanted, and what the file says now."""

    say: str
    yours: Any
    theirs: StudioPostData | None
    file: str
    line: int
    open: str


class ConflictAnswer(TypedDict):
    conflict: ConflictData


class RefusedData(TypedDict):
    """Why nothing was written; `paste` are lines to write by hand, `swap` is the key of the post in whose minute it would be on this `account`."""

    say: str
    problems: NotRequired[list[StudioProblemData]]
    file: NotRequired[str]
    line: NotRequired[int]
    open: NotRequired[str]
    paste: NotRequired[str]
    swap: NotRequired[str | None]
    account: NotRequired[str]


class RefusedAnswer(TypedDict):
    refused: RefusedData


class DayData(TypedDict):
    """Whether a post can be on a day; `why` not, or what speaks against it, and `swap`: the key of the post that is there on this `account`."""

    ok: bool
    why: NotRequired[str]
    say: NotRequired[str]
    swap: NotRequired[str | None]
    account: NotRequired[str]
    time: NotRequired[str]
    """What a post without a time would get there."""


class FreshAnswer(TypedDict):
    """What a new post begins with."""

    day: str
    time: str
    accounts: list[str]


class DaysAnswer(TypedDict):
    days: dict[str, DayData]


class CountData(TypedDict):
    """`over_from` is where the limit falls in the typed text, counted as JavaScript does; None where it fits."""

    used: int
    limit: int | None
    over_from: int | None


WordsProblemData = TypedDict(
    "WordsProblemData",
    {"code": str, "severity": str, "message": str, "account": str, "from": int | None, "to": int | None},
)
"""`from` and `to` are places in the typed text, where the problem has one."""


class WordsAnswer(TypedDict):
    counts: dict[str, CountData]
    thread: list[dict[str, CountData]]
    shown: dict[str, str]
    problems: list[WordsProblemData]


class UploadAnswer(TypedDict):
    path: str
    thumb: str | None


class BranchData(TypedDict):
    """`back` is the default branch where one stands on another; `pushed`: its remote has the branch, `address` reviews it."""

    name: str
    back: str
    pushed: bool
    address: str


class ChangedPostData(TypedDict):
    """What became of a post: `key` is the one that it has now, `was` its file and line in the last commit."""

    say: str
    key: str | None
    was: list[Any] | None


class ChangedFileData(TypedDict):
    """A file that differs from the last commit; `words` say what became of its posts."""

    calendar: int
    file: str
    status: str
    diff: str
    words: list[ChangedPostData]


class ReviewData(TypedDict):
    """What puts the changes up for review. `instead` says what to do first, then `commands` are none; `paste` are lines for it.

    `line` is what the commit is called unless somebody says it; `mark` is another text whenever something else would be committed.
    """

    line: str
    branch: str
    folder: str
    commands: list[list[str]]
    instead: str
    paste: str
    notes: list[str]
    mark: str


class ReviewAnswer(TypedDict):
    """What was done. Where a command `failed`: what git `said` of it, and all that is `left` to do."""

    say: str
    done: list[list[str]]
    failed: list[str]
    said: str
    left: list[list[str]]
    folder: str
    address: str


class SinceAnswer(TypedDict):
    """What differs from the last commit, and what puts it up for review. Without git, only that."""

    git: bool
    branch: BranchData
    files: list[ChangedFileData]
    review: ReviewData | None
