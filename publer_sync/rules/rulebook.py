"""Every rule about content that is judged offline: its code, how hard it is, what it says, and who says so. Data only.

The docs list this table, and no finding leaves `rules` under a code that is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.content import Content, Medium
    from publer_sync.model import Post
    from publer_sync.networks.media import MediaInfo
    from publer_sync.networks.table import Network
    from publer_sync.problems import Location

Severity = Literal["error", "warning"]


SOFT: Final = ".soft"
"""What the code of a warning has at its end where the same rule is an error further on."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`code` holds `{network}` where there is one code a network.

    `softer`: it also warns, below the hard limit, with SOFT after its code, so that one can be silenced without the other.
    `firm` rules cannot be silenced by `ignore`: what breaks them cannot be sent at all.
    """

    code: str
    severity: Severity
    says: str
    source: str
    softer: bool = False
    firm: bool = False

    def code_for(self, network: Network | None) -> str:
        return self.code.replace("{network}", network.code if network else "")

    def codes(self, network: Network | None) -> tuple[str, ...]:
        """Every code that its findings go by."""
        code = self.code_for(network)
        return (code, code + SOFT) if self.softer else (code,)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a part of a post breaks; `path` is that part, as in Post.places. `soft`: it warns only."""

    rule: Rule
    path: str
    message: str
    help: str
    soft: bool = False
    related: tuple[tuple[Location, str], ...] = ()

    @property
    def severity(self) -> Severity:
        return "warning" if self.soft else self.rule.severity

    def codes(self, network: Network | None) -> tuple[str, ...]:
        """The finding's own code, then any that silences it as well."""
        return self.rule.codes(network)[::-1] if self.soft else (self.rule.code_for(network),)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a post's media. `kind` is photo, gif, video or document, "" where nothing tells or the file is bad."""

    path: str
    said: Medium
    name: str
    kind: str
    info: MediaInfo | None = None

    @property
    def beside(self) -> bool:
        """Whether it only belongs to something: the cover of a video, the picture of a link."""
        return self.path.endswith(("/thumbnail", "/image"))


@dataclass(frozen=True, slots=True)
class Case:
    """A post on one network, with what is known of its media; `parts` is that of its thread and its comments."""

    post: Post
    network: Network
    type: str
    pieces: tuple[Piece, ...]
    parts: tuple[Piece, ...] = ()

    @property
    def content(self) -> Content:
        return self.post.content

    @property
    def label(self) -> str:
        return self.network.label


_NETWORKS_PAGE: Final = 'Publer docs, "Networks"'
_TYPES_PAGE: Final = 'Publer docs, "Content Types"'
_CALLBACKS: Final = 'Publer docs, "Post Callbacks"'
_MEDIA: Final = 'Publer docs, "Media Handling"'
_PHOTOS: Final = 'Publer docs, "Photo Posts"; the network\'s own documents'
_VIDEOS: Final = 'Publer docs, "Video Posts"; the network\'s own documents'
_POLLS: Final = 'Publer docs, "Polls"'
_MISSPELT: Final = "a misspelt code would silence nothing, and nobody would see it"
_YOUTUBE: Final = 'YouTube Data API, "Videos", snippet'
_OURS: Final = "nobody wants this to go out"

_TABLE: Final = (
    Rule("{network}.text.length", "error", "the text is too long", _NETWORKS_PAGE, softer=True),
    Rule(
        "{network}.text.bytes",
        "error",
        "the text has too many bytes",
        'Bluesky\'s lexicon app.bsky.feed.post; YouTube Data API, "Videos"',
    ),
    Rule(
        "linkedin.text.reserved",
        "warning",
        "the text is near the limit and has many characters that LinkedIn may count twice",
        "LinkedIn docs, little text format",
    ),
    Rule(
        "text.none",
        "error",
        "the network needs a picture or a video",
        _NETWORKS_PAGE,
    ),
    Rule("text.placeholder", "error", "a placeholder is still in the words", _OURS),
    Rule(
        "text.invisible",
        "error",
        "the words have a character that nobody sees and networks may refuse; one that turns the direction is a warning",
        "twitter-text, invalid characters; nobody wants the others",
        softer=True,
    ),
    Rule("text.key", "warning", "a line of the text looks like a key of the post", _OURS),
    Rule(
        "text.markdown",
        "warning",
        "Markdown marks go out as they are",
        "of the networks only WordPress reads Markdown",
    ),
    Rule(
        "text.again",
        "warning",
        "the same words went to X within 48 hours",
        "X refuses the same words again for a while",
    ),
    Rule("{network}.title.length", "error", "the title is too long", _NETWORKS_PAGE),
    Rule("{network}.title.none", "error", "a title is missing", _NETWORKS_PAGE),
    Rule(
        "{network}.brackets", "error", "the title or the text has a sign that the network refuses", _YOUTUBE
    ),
    Rule("{network}.hashtags", "error", "there are too many hashtags", "Instagram", softer=True),
    Rule("{network}.mentions", "warning", "there are too many mentions", "Instagram"),
    Rule("x.cashtags", "warning", "there is more than one cashtag", 'X docs, "Manage posts"'),
    Rule("{network}.links", "error", "there are too many different links", 'Threads docs, "Posts"'),
    Rule("tiktok.text.link", "warning", "the caption has a link", "TikTok may refuse such captions"),
    Rule("google.text.phone", "warning", "the text has a phone number", "Google refuses such posts"),
    Rule("type.network", "error", "the network has no such posts", _TYPES_PAGE),
    Rule("type.doubtful", "warning", "Publer's documents disagree on such posts", _TYPES_PAGE),
    Rule("type.none", "error", "the type is written, but what makes it is not there", _TYPES_PAGE),
    Rule("type.media", "error", "the media does not make a post of this type", _TYPES_PAGE),
    Rule(
        "instagram.video",
        "error",
        "a video on Instagram that is said to be no reel",
        'Publer docs, "Reels"; such posts have been lost without a word',
    ),
    Rule("link.{network}", "error", "the network's posts have no link", _NETWORKS_PAGE),
    Rule("{network}.link.length", "warning", "the address is too long", "Pinterest"),
    Rule("link.media", "error", "a post shows its pictures or its link card, not both", _TYPES_PAGE),
    Rule("link.details", "warning", "the network takes a link as it is", 'Publer docs, "Link Posts"'),
    Rule("link.phone", "error", "the button that calls has no number", 'Publer docs, "Link Posts"'),
    Rule("link.button", "error", "a link card has no such button", 'Publer docs, "Link Posts"'),
    Rule(
        "google.button", "warning", "Google Business has no such button", "Google Business Profile, LocalPost"
    ),
    Rule("media.empty", "error", "a media file is empty", _MEDIA, firm=True),
    Rule("media.cut", "error", "a media file ends too early", _MEDIA, firm=True),
    Rule("media.format", "error", "Publer does not take such files", _MEDIA, firm=True),
    Rule("media.extension", "error", "a file's name does not say what it is", _MEDIA, firm=True),
    Rule("media.large", "error", "a media file is larger than 200 MB", _MEDIA, firm=True),
    Rule("media.mixed", "error", "pictures and videos do not go together here", _NETWORKS_PAGE),
    Rule("media.no-alt", "warning", "a picture has no description", "people who cannot see it read that"),
    Rule("{network}.media.count", "error", "there is too much media", _NETWORKS_PAGE, softer=True),
    Rule("{network}.image.weight", "error", "a picture is too heavy", _PHOTOS, softer=True),
    Rule(
        "{network}.image.shape", "warning", "a picture is too tall or too wide and will be cropped", _PHOTOS
    ),
    Rule("{network}.image.small", "warning", "a picture is too small", _PHOTOS),
    Rule("{network}.image.large", "warning", "a GIF has too many pixels", _PHOTOS),
    Rule("{network}.image.frames", "warning", "a GIF has too many frames", _PHOTOS),
    Rule("{network}.alt.length", "warning", "a description is too long", _PHOTOS),
    Rule("{network}.video.length", "error", "a video is too long or too short", _VIDEOS, softer=True),
    Rule("{network}.video.weight", "error", "a video is too heavy", _VIDEOS, softer=True),
    Rule("{network}.video.shape", "warning", "a video is too tall or too wide", _VIDEOS),
    Rule("{network}.document.weight", "error", "a document is too heavy", _MEDIA),
    Rule("poll.network", "error", "the network has no polls", _POLLS),
    Rule("poll.options", "error", "a poll has 2 to 4 answers, each another", _POLLS),
    Rule("poll.option", "error", "an answer is too long", _POLLS),
    Rule("poll.duration", "error", "the network does not offer this duration", _POLLS),
    Rule("poll.media", "error", "a poll has no media", _POLLS),
    Rule("poll.question", "error", "a poll needs a question, of a certain length", _POLLS),
    Rule(
        "poll.unasked", "warning", "the network shows no question beside the text, which asks another", _POLLS
    ),
    Rule("thread.alt", "warning", "Publer takes no description of media in a thread", _CALLBACKS),
    Rule("comments.alt", "warning", "Publer takes no description of media in a comment", _CALLBACKS),
    Rule("thread.network", "error", "the network has no threads", _CALLBACKS),
    Rule("thread.media", "error", "a part of a thread takes one picture or video", _CALLBACKS, firm=True),
    Rule("comments.network", "error", "the network has no follow-up comments", _CALLBACKS, softer=True),
    Rule("comments.media", "error", "a comment takes one picture or video", _CALLBACKS, firm=True),
    Rule("share.network", "error", "posts of this network cannot be shared on", _CALLBACKS),
    Rule("share.reminder", "error", "a reminder cannot be shared", _CALLBACKS),
    Rule("share.text", "error", "sharing a Google Business post needs words", _CALLBACKS),
    Rule(
        "field.unproved",
        "warning",
        "Publer may not act on this field",
        "Publer's API description alone knows it",
    ),
    Rule("field.time", "error", "a time cannot be read", 'Publer docs, "Google Business"', firm=True),
    Rule("field.type", "warning", "the field is for posts of another type", _TYPES_PAGE),
    Rule("field.conflict", "error", "two fields say different things", "Publer's API description"),
    Rule(
        "google.event", "error", "an event or offer needs its start and end", 'Publer docs, "Google Business"'
    ),
    Rule(
        "google.event.over",
        "warning",
        "the event or offer ends before the post goes out",
        _OURS,
    ),
    Rule(
        "pinterest.board", "warning", "a pin without a board", 'Publer docs, "Pinterest Pins With a Link URL"'
    ),
    Rule(
        "wordpress.marks",
        "warning",
        "nobody has seen whether bold words, links and the like inside an article's lines are kept",
        'Publer docs, "WordPress"',
    ),
    Rule(
        "wordpress.picture", "error", "a picture inside an article has no address", 'Publer docs, "WordPress"'
    ),
    Rule("youtube.tags", "error", "the tags are too long together", _YOUTUBE),
    Rule(
        "day.cap",
        "warning",
        "more posts in 24 hours than Publer lets through",
        'Publer docs, "Rate Limits", Business plan',
    ),
    Rule("time.far", "warning", "more than five years ahead", 'Publer docs, "Scheduling"'),
    Rule(
        "time.soon",
        "warning",
        "less than 5 minutes ahead",
        'Publer docs, "Manual Scheduling": at least a minute',
    ),
    Rule("ignore.unknown", "warning", "a code under `ignore` silences nothing", _MISSPELT, firm=True),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.code: rule for rule in _TABLE})
"""The table, by code."""
