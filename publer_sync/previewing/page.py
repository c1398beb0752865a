"""What a page shows, as values: calendars with their cards. A card is one post, with every account that shows it alike."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from datetime import date, datetime

    from publer_sync.render.layout.phrases import Span


@dataclass(frozen=True, slots=True)
class AccountChip:
    """`network` is the network's name in the calendar, `label` the one for people; "" where only Publer knows it.

    `name` is the page's or the person's.
    """

    alias: str
    name: str
    network: str
    label: str

    @property
    def letter(self) -> str:
        """For the avatar, which Publer shows and the calendar does not have."""
        return next((char.upper() for char in self.name if char.isalnum()), "?")

    @property
    def shade(self) -> int:
        """One of eight colours, the same for a name wherever it is."""
        return zlib.crc32(self.name.encode()) % 8


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a picture that a network shows, in percent of its sides; `shape` is the part's, such as `4:5`."""

    label: str
    shape: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture, video or document. `picture` is a data URL; `note` says what else there is to know of the file."""

    kind: str
    name: str
    alt: str = ""
    caption: str = ""
    note: str = ""
    picture: str = ""
    width: int = 0
    height: int = 0
    """Pixels of the picture."""
    lacks_alt: bool = False
    """It can have an alt text, and has none."""
    tall: bool = False
    """It is shown in the 9:16 of a phone's screen."""
    crops: tuple[Crop, ...] = ()
    address: str = ""
    """Where the whole file can be opened."""
    film: str = ""
    """The whole video as a data URL, where it is short enough to be played on the page."""
    left_out: str = ""
    """Why its picture is not on the page: `far` ahead, the page is `full`, or `unreadable`."""


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A piece of a text. `hidden` are the faces, by number, that show it only after a click."""

    text: str
    marked: bool = False
    """A link, hashtag or name, which networks colour."""
    hidden: tuple[int, ...] = ()
    address: str = ""
    """Of the link that it is, or is a part of."""


@dataclass(frozen=True, slots=True)
class FeedCut:
    """How some networks cut a text in their feeds; `shown` is about how many characters, None for all of them."""

    labels: tuple[str, ...]
    shown: int | None


@dataclass(frozen=True, slots=True)
class PostText:
    pieces: tuple[TextPiece, ...] = ()
    faces: tuple[FeedCut, ...] = ()
    length: str = ""

    @property
    def cut(self) -> bool:
        return any(face.shown is not None for face in self.faces)


@dataclass(frozen=True, slots=True)
class LinkCard:
    """`made_by_network`: the network takes title and picture from the page itself."""

    url: str
    host: str
    title: str
    description: str
    button: str
    phone: str
    picture: str
    picture_name: str
    made_by_network: bool

    @property
    def safe(self) -> bool:
        """Whether the address may be followed from the page."""
        return self.url.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class PollCard:
    question: str
    options: tuple[str, ...]
    duration: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A part of a thread, or a comment."""

    label: str
    text: PostText
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class CardProblem:
    severity: str
    message: str
    fix: str
    place: str
    code: str
    address: str = ""
    """Where that place is on the web."""


@dataclass(frozen=True, slots=True)
class EditedField:
    """What differs in one field; `sides` and `pictures` are the old and the new, for what is compared side by side.

    `part` is where the pictures are: "" for the post itself, `part 2`, `comment 1`.
    """

    phrases: tuple[tuple[Span, ...], ...] = ()
    sides: tuple[tuple[Span, ...], tuple[Span, ...]] | None = None
    pictures: tuple[tuple[Tile, ...], tuple[Tile, ...]] | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class CardMark:
    """What apply would do about the post. `kind` is one of those in `html.MARKS`; `was` is the time before a move."""

    kind: str
    word: str
    was: str = ""
    shift: str = ""
    """How far it moves, by the clock on the wall."""
    reasons: tuple[tuple[Span, ...], ...] = ()
    edits: tuple[EditedField, ...] = ()
    left: tuple[AccountChip, ...] = field(default=(), compare=False)
    """The accounts that it leaves for those of its card."""
    changed: tuple[str, ...] = ()
    """What differs, in the public's words."""
    entries: frozenset[int] = field(default=frozenset(), compare=False)
    """Numbers of what the plan counts."""

    @property
    def happening(self) -> str:
        """What happens to the post, or what differs."""
        told = ", ".join(self.changed)
        if self.kind == "account":
            return ", ".join(filter(None, (self.word, told)))
        return told if told and self.kind in ("replace", "edit") else self.word


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer in the review is about: a post on one account, and a digest of what it says.

    `post` is its id, else its place.
    """

    post: str
    account: str
    at: str
    content: str
    calendar: str = ""
    """Its name, where a sign-off is asked for."""


@dataclass(frozen=True, slots=True)
class Card:
    """`at` is in the calendar's time zone, None where a problem hides it."""

    at: datetime | None
    accounts: tuple[AccountChip, ...]
    title: str
    kinds: tuple[str, ...]
    id: str = ""
    place: str = ""
    address: str = ""
    """Where that line is on the web."""
    review: str = ""
    """Where that line is among the changes of the pull request that the page is about."""
    series: str = ""
    heading: str = ""
    text: PostText = PostText()
    tiles: tuple[Tile, ...] = ()
    link: LinkCard | None = None
    poll: PollCard | None = None
    thread: tuple[FollowUp, ...] = ()
    comments: tuple[FollowUp, ...] = ()
    facts: tuple[str, ...] = ()
    stored: bool = False
    """Whether it is kept in store: it has no time, and is sent only where it is used."""
    labels: tuple[str, ...] = ()
    draft: bool = False
    note: str = ""
    shared_notes: tuple[tuple[str, str], ...] = ()
    """Notes of posts that share a label: what each is called, with the label, and its words."""
    problems: tuple[CardProblem, ...] = ()
    mark: CardMark | None = None
    key: str = ""
    """What the studio calls the post of the file; "" on pages that only show."""
    part: str = ""
    """Which post of a series it is, as its id ends."""
    answered: tuple[Answered, ...] = ()
    subjects: tuple[str, ...] = ()
    """Names of what counts as one post; none for what is not in the calendar."""
    own_time: str = ""
    """Its time as its file has it, where that is in another zone."""

    @property
    def media(self) -> tuple[Tile, ...]:
        """Of all its parts."""
        return (*self.tiles, *(tile for part in (*self.thread, *self.comments) for tile in part.tiles))

    @property
    def severity(self) -> str:
        """The worst of its problems; "" without any."""
        return min((problem.severity for problem in self.problems), default="")

    @property
    def remark(self) -> str:
        """What names the post to someone who has the files: its id, time and accounts, and its line."""
        when = f"{self.at:%Y-%m-%d %H:%M}" if self.at else "no time"
        accounts = "; ".join(" · ".join(filter(None, (chip.label, chip.name))) for chip in self.accounts)
        return " | ".join(filter(None, (self.id, when, accounts, self.place)))

    @property
    def contents(self) -> str:
        """What answers are about, as JSON."""
        found = [{key: value for key, value in asdict(each).items() if value} for each in self.answered]
        return json.dumps(found, ensure_ascii=False)

    @property
    def alike(self) -> str:
        """The same for changes that differ in nothing but their day, so that they can be looked at once."""
        if self.mark is None:
            return ""
        clock = f"{self.at:%H:%M}" if self.at else ""
        mark = replace(self.mark, was="", entries=frozenset())
        told = replace(
            self, at=None, id="", place="", address="", review="", series="", part="", key="", title="",
            answered=(), subjects=(), mark=mark, problems=(),
        )  # fmt: skip
        return blake2b(repr((clock, mark.left, told)).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class PreviewedCalendar:
    """`figures` counts its posts, `notes` say what of it is not on the page; `problems` are those of no card.

    `name` tells it from other calendars; `title` is the page's where it is alone.
    """

    name: str
    title: str
    zone: str
    made_at: datetime
    figures: str
    accounts: tuple[AccountChip, ...]
    cards: tuple[Card, ...]
    problems: tuple[CardProblem, ...] = ()
    notes: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    """What would stop an apply."""
    compared: str = ""
    """What the marks come from; "" on a page without marks."""
    feed: str = ""
    """The address of its ICS feed, from the page's; "" without one."""

    @property
    def errors(self) -> tuple[CardProblem, ...]:
        """With those of its posts, each once."""
        problems = (*self.problems, *(problem for card in self.cards for problem in card.problems))
        return tuple(dict.fromkeys(problem for problem in problems if problem.severity == "error"))


@dataclass(frozen=True, slots=True)
class PagePart:
    """The days that a page begins with, up to the one before `until`; `first` is the one at which it opens.

    `rest` is the number of posts that are not on it; `several` are networks of which several accounts have posts, and
    `labels` and `kinds` what the filters offer.
    """

    start: date
    until: date
    first: date
    rest: int
    several: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewPage:
    calendars: tuple[PreviewedCalendar, ...]
    version: int = 0
    """Where it is served: it asks for versions newer than this one."""
    results: str = ""
    """The address of the page of results, from this one's; "" without one."""
    reviewer: str = ""
    """The person whose answers it asks for; "" for anybody."""
    studio: bool = False
    """Whether posts are edited on it: its own modules load the rest."""
    part: PagePart | None = None
    """What of its calendars is on it, if it is not all of them: its own modules ask for the rest."""

    @property
    def made_at(self) -> datetime:
        return max(each.made_at for each in self.calendars)
