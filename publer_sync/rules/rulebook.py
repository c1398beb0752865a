"""Every rule about content that is checked offline: its code, severity, description and source.

The docs list this table, and `rules` reports nothing under a code that is not here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.problems import Help

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.networks.table import Network
    from publer_sync.values.problems import Location

Severity = Literal["error", "warning"]


SIGNATURE_ROOM: Final = 50
"""A text that leaves so many characters has room for a signature of a line; how long the account's is, only Publer knows."""
SOFT: Final = ".soft"
"""Ends the code of a warning where the same rule is an error further on."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`code` holds `{network}` where every network has its own code.

    `softer`: it also warns, below the hard limit, with SOFT after its code, so that each can be silenced by itself.
    `firm` rules cannot be silenced by `ignore`: what breaks them cannot be sent to Publer.
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
        """Every code that it reports."""
        code = self.code_for(network)
        return (code, code + SOFT) if self.softer else (code,)


@dataclass(frozen=True, slots=True)
class PostProblem:
    """A rule that a part of one post breaks; `path` is that part, as in Post.places. `soft`: only a warning; `hard`: an error.

    `offset` is where in the text at `path` it is broken, if in one place.
    It becomes a Problem once its lines and accounts are known.
    """

    rule: Rule
    path: str
    message: str
    help: Help
    soft: bool = False
    related: tuple[tuple[Location, str], ...] = ()
    offset: int | None = None
    hard: bool = False
    past: bool = False
    """Of a post that is never sent, which is a warning at most."""

    @property
    def severity(self) -> Severity:
        if self.past:
            return "warning"
        return "error" if self.hard else "warning" if self.soft else self.rule.severity

    def codes(self, network: Network | None) -> tuple[str, ...]:
        """Its own code, then any other that silences it."""
        return self.rule.codes(network)[::-1] if self.soft else (self.rule.code_for(network),)


def problem(
    code: str,
    path: str,
    message: str,
    say: str = "",
    *,
    example: str = "",
    soft: bool = False,
    related: tuple[tuple[Location, str], ...] = (),
    offset: int | None = None,
    ways: tuple[tuple[str, str], ...] = (),
    hard: bool = False,
) -> PostProblem:
    """`code` is as in the table, with `{network}`. Its Help never has lines to paste: their effect depends on the whole post."""
    help_ = Help(say, example=example, ways=ways)
    return PostProblem(RULES[code], path, message, help_, soft, related, offset, hard)


_NETWORKS_PAGE: Final = 'Publer docs, "Networks"'
_TYPES_PAGE: Final = 'Publer docs, "Content Types"'
_CALLBACKS: Final = 'Publer docs, "Post Callbacks"'
_MEDIA: Final = 'Publer docs, "Media Handling"'
_PHOTOS: Final = 'Publer docs, "Photo Posts"; the network\'s own documents'
_VIDEOS: Final = 'Publer docs, "Video Posts"; the network\'s own documents'
_LINKS: Final = 'Publer docs, "Link Posts"'
_POLLS: Final = 'Publer docs, "Polls"'
_SIGNATURE: Final = 'Publer docs, "Post with Signature"'
_GOOGLE: Final = 'Publer docs, "Google Business"'
_WORDPRESS: Final = 'Publer docs, "WordPress"'
_YOUTUBE: Final = 'YouTube Data API, "Videos", snippet'
_CADENCE: Final = "the calendar's own settings"
_EVERGREEN: Final = "the calendar's own `evergreen`"
_WORDS: Final = "the calendar's own settings; an error where they say so"
_FOLDING: Final = 'YAML 1.2.2, section 6.5, "Line Folding"'
_SERIES: Final = "a series that leaves out months is rarely meant"
_CLIENTS: Final = "one client's words at another are rarely meant"
_OURS: Final = "nobody wants this published"

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
    Rule("text.none", "error", "the network requires a picture or a video", _NETWORKS_PAGE),
    Rule(
        "text.placeholder",
        "error",
        "the post still contains a placeholder; a warning if it may be meant, such as TBD",
        _OURS,
        softer=True,
    ),
    Rule(
        "text.invisible",
        "error",
        "the post contains an invisible character that networks may refuse; "
        "a warning if it only reverses the text or splits words",
        "twitter-text, invalid characters; nobody wants the others",
        softer=True,
    ),
    Rule(
        "text.mojibake",
        "warning",
        "the text looks garbled: UTF-8 that was read in another encoding",
        "WHATWG Encoding Standard, UTF-8 and windows-1252",
    ),
    Rule("text.internal", "warning", "a line says that it is not to be published", _OURS),
    Rule("text.comment", "error", "an HTML comment is published as it is written", _OURS),
    Rule(
        "text.html",
        "warning",
        "HTML is published as it is written",
        "of the networks, only WordPress reads HTML, and Telegram if asked to",
    ),
    Rule("yaml.folded", "error", "the lines of a text are joined", _FOLDING),
    Rule("yaml.paragraph", "error", "an empty line of a text is dropped", _FOLDING),
    Rule(
        "text.newline",
        "error",
        "the text contains a backslash and an n, which are published as they are written",
        _OURS,
    ),
    Rule(
        "text.key",
        "error",
        "a line of the text is a key of the post; a warning if the key could not have its value",
        _OURS,
        softer=True,
    ),
    Rule("text.fence", "warning", "a text stands between lines of three quotes or backticks", _OURS),
    Rule(
        "text.markdown",
        "warning",
        "Markdown is published as it is written",
        "of the networks, only WordPress reads Markdown",
    ),
    Rule(
        "text.again",
        "warning",
        "the same text is published on an account twice within two weeks; on X, on any account twice within 48 hours",
        "X refuses the same words again for a while; elsewhere nobody wants it",
    ),
    Rule(
        "client.text",
        "warning",
        "the same words are planned for another client: a calendar of the same command with another workspace, or "
        "with other `hosts`. Where three posts or more say the same, it is meant",
        _CLIENTS,
    ),
    Rule(
        "client.label",
        "warning",
        "a label that another calendar's settings give to all its posts, or that is named like another group of accounts, "
        "on at most two posts",
        _CLIENTS,
    ),
    Rule("{network}.title.length", "error", "the title is too long", _NETWORKS_PAGE),
    Rule("title.network", "warning", "no account of the post shows the title", _NETWORKS_PAGE),
    Rule("{network}.title.none", "error", "the title is missing", _NETWORKS_PAGE),
    Rule(
        "{network}.brackets",
        "error",
        "the title or the text contains a character that the network refuses",
        _YOUTUBE,
    ),
    Rule("{network}.hashtags", "error", "too many hashtags", "Instagram", softer=True),
    Rule("{network}.mentions", "warning", "too many mentions", "Instagram"),
    Rule("x.cashtags", "warning", "more than one cashtag", 'X docs, "Manage posts"'),
    Rule("{network}.links", "error", "too many different links", 'Threads docs, "Posts"'),
    Rule(
        "instagram.text.link",
        "warning",
        "the caption contains a link, which nobody can open there",
        "Instagram shows the links of captions as text",
    ),
    Rule("tiktok.text.link", "warning", "the caption contains a link", "TikTok may refuse such captions"),
    Rule("google.text.phone", "warning", "the text contains a phone number", "Google refuses such posts"),
    Rule("type.network", "error", "the network does not support this type of post", _TYPES_PAGE),
    Rule("type.doubtful", "warning", "Publer's documents disagree about this type of post", _TYPES_PAGE),
    Rule("type.none", "error", "the post lacks what its type requires", _TYPES_PAGE),
    Rule("type.media", "error", "the media does not fit the post's type", _TYPES_PAGE),
    Rule(
        "instagram.video",
        "error",
        "a video on Instagram with `type: video` instead of `type: reel`",
        'Publer docs, "Reels"; such posts have been lost without a word',
    ),
    Rule("link.{network}", "error", "the network does not support links", _NETWORKS_PAGE),
    Rule(
        "page.none",
        "error",
        "a post without a link has `when_live: true`",
        "there is no page to wait for",
        firm=True,
    ),
    Rule(
        "page.address",
        "error",
        "the address under `when_live` is never asked",
        "RFC 1918; RFC 6761; RFC 6762; ports and user names that links don't have",
        firm=True,
    ),
    Rule(
        "link.host",
        "warning",
        "a link to another host than those of `hosts`",
        "the calendar's own settings; an error where they say so",
    ),
    Rule(
        "link.invisible",
        "error",
        "an address has an invisible character",
        "it leads to another page, or to none",
    ),
    Rule("link.twice", "error", "an address begins twice", "its host would be called https"),
    Rule("link.local", "warning", "a link only works on your own network", "RFC 1918; RFC 6761; RFC 6762"),
    Rule(
        "link.dead",
        "warning",
        "with `--links`: the answer of a link is not 2xx",
        "RFC 9110, section 15.3",
    ),
    Rule(
        "link.unasked",
        "warning",
        "with `--links`: a link could not be asked",
        "too many links for 10 minutes, a host that asks for a pause, or no internet",
        firm=True,
    ),
    Rule("{network}.link.length", "warning", "the link's URL is too long", "Pinterest"),
    Rule("link.media", "error", "a post can show media or a link card, not both", _TYPES_PAGE),
    Rule("link.details", "warning", "the network ignores the link's details", _LINKS),
    Rule("link.phone", "error", "the call button has no phone number", _LINKS),
    Rule("link.button", "error", "the network does not offer this button", _LINKS),
    Rule(
        "google.button",
        "warning",
        "Google Business does not offer this button",
        "Google Business Profile, LocalPost",
    ),
    Rule("media.empty", "error", "the media file is empty", _MEDIA, firm=True),
    Rule("media.cut", "error", "the media file is incomplete", _MEDIA, firm=True),
    Rule("media.format", "error", "Publer does not accept files of this format", _MEDIA, firm=True),
    Rule("media.extension", "error", "the file's extension does not match its content", _MEDIA, firm=True),
    Rule("media.large", "error", "the media file is larger than 200 MB", _MEDIA, firm=True),
    Rule(
        "media.office",
        "warning",
        "a document is not a PDF; Publer's documents disagree about Word and PowerPoint files",
        _MEDIA,
    ),
    Rule(
        "media.cover", "error", "the thumbnail of a video, or the picture of a link, is not a picture", _MEDIA
    ),
    Rule("media.mixed", "error", "the network does not allow this mix of media", _NETWORKS_PAGE),
    Rule(
        "media.caption",
        "warning",
        "Publer may not publish the caption of media",
        "only Publer's API description mentions it",
    ),
    Rule(
        "media.expires",
        "warning",
        "the address of a medium is one that Publer keeps only for a while",
        "paths of uploads outside the library lead to a temporary folder",
    ),
    Rule(
        "media.page",
        "warning",
        "the address of a medium is that of a page which shows it, as Google Drive, Dropbox and others give it for sharing",
        "Publer needs an address that answers with the picture or video",
    ),
    Rule(
        "alt.words",
        "warning",
        "an alt text is the name of a file, or describes nothing",
        "people who cannot see the picture read that",
    ),
    Rule("media.no-alt", "warning", "a picture has no alt text", "people who cannot see it read that"),
    Rule("{network}.media.count", "error", "too many pictures", _NETWORKS_PAGE, softer=True),
    Rule("{network}.image.weight", "error", "the picture's file is too large", _PHOTOS, softer=True),
    Rule(
        "{network}.image.shape", "warning", "the picture is too tall or too wide and will be cropped", _PHOTOS
    ),
    Rule("{network}.image.small", "warning", "the picture is too small", _PHOTOS),
    Rule("{network}.image.large", "warning", "the GIF has too many pixels", _PHOTOS),
    Rule("{network}.image.frames", "warning", "the GIF has too many frames", _PHOTOS),
    Rule("{network}.alt.length", "warning", "the alt text is too long", _PHOTOS),
    Rule("{network}.video.length", "error", "the video is too long or too short", _VIDEOS, softer=True),
    Rule("{network}.video.weight", "error", "the video's file is too large", _VIDEOS, softer=True),
    Rule("{network}.video.shape", "warning", "the video is too tall or too wide", _VIDEOS),
    Rule(
        "{network}.thumbnail.weight",
        "warning",
        "the file of a video's thumbnail is too large",
        'YouTube Data API, "Thumbnails"',
    ),
    Rule("{network}.document.weight", "error", "the document's file is too large", _MEDIA),
    Rule("poll.network", "error", "the network does not support polls", _POLLS),
    Rule("poll.type", "error", "the post has a poll, and another type", _POLLS),
    Rule("poll.options", "error", "a poll needs 2 to 4 different answers", _POLLS),
    Rule("poll.option", "error", "an answer is too long", _POLLS),
    Rule("poll.duration", "error", "the network does not offer this duration", _POLLS),
    Rule("poll.media", "error", "a poll cannot have media", _POLLS),
    Rule("poll.question", "error", "the poll's question is missing or too long", _POLLS),
    Rule(
        "poll.unasked",
        "warning",
        "the network shows only the text, which does not contain the poll's question",
        _POLLS,
    ),
    Rule(
        "thread.counted",
        "warning",
        "the parts of a thread count themselves, and leave one out or repeat one",
        _OURS,
    ),
    Rule("media.counted", "warning", "alt texts count the pictures, and leave one out or repeat one", _OURS),
    Rule("thread.alt", "warning", "Publer does not accept alt text in a thread", _CALLBACKS),
    Rule("comments.alt", "warning", "Publer does not accept alt text in a comment", _CALLBACKS),
    Rule("thread.network", "error", "the network does not support threads", _CALLBACKS),
    Rule("thread.media", "error", "a part of a thread allows one picture or video", _CALLBACKS, firm=True),
    Rule("comments.network", "error", "the network does not support comments", _CALLBACKS, softer=True),
    Rule("comments.media", "error", "a comment allows one picture or video", _CALLBACKS, firm=True),
    Rule("share.network", "error", "Publer cannot share posts of this network", _CALLBACKS),
    Rule("share.reminder", "error", "a reminder cannot be shared", _CALLBACKS),
    Rule("share.text", "error", "a Google Business post needs text to be shared", _CALLBACKS),
    Rule(
        "conditions.figures",
        "warning",
        "a comment, share or removal waits for engagement or reach",
        f"{_CALLBACKS}, which gives no limits for it",
    ),
    Rule(
        "field.unproved",
        "warning",
        "Publer may ignore this field",
        "only Publer's API description mentions it",
    ),
    Rule("signature.network", "warning", "Publer adds no signature on this network", _SIGNATURE),
    Rule(
        "signature.length",
        "warning",
        f"the text leaves less than {SIGNATURE_ROOM} characters for the signature, which is added when the post is published",
        _SIGNATURE,
    ),
    Rule("field.time", "error", "a time is not valid", _GOOGLE, firm=True),
    Rule("field.type", "warning", "the field belongs to another type of post", _TYPES_PAGE),
    Rule("field.conflict", "error", "two fields contradict each other", "Publer's API description"),
    Rule("google.event", "error", "an event or offer needs a start and a later end", _GOOGLE),
    Rule("google.event.over", "warning", "the event or offer ends before the post is published", _OURS),
    Rule(
        "pinterest.board", "warning", "the pin has no board", 'Publer docs, "Pinterest Pins With a Link URL"'
    ),
    Rule(
        "wordpress.marks",
        "warning",
        "bold text, links or code within a line of an article may be lost",
        _WORDPRESS,
    ),
    Rule("wordpress.picture", "error", "a picture inside an article has no URL", _WORDPRESS),
    Rule("youtube.tags", "error", "the tags are too long together", _YOUTUBE),
    Rule(
        "day.cap",
        "warning",
        "more posts in 24 hours than Publer publishes",
        'Publer docs, "Rate Limits", Business plan',
    ),
    Rule("cadence.many", "warning", "more posts in a week than `cadence` says", _CADENCE),
    Rule("cadence.few", "warning", "fewer posts in a week than `cadence` says", _CADENCE),
    Rule("cadence.hours", "warning", "a post outside of the `hours` of `cadence`", _CADENCE),
    Rule("text.day", "warning", "words contradict the day of their post, or a weekday its date", _OURS),
    Rule("cadence.quiet", "warning", "a post on one of the `quiet` days of `cadence`", _CADENCE),
    Rule(
        "use.soon", "warning", "a use sooner after another than `every` of its stored post says", _EVERGREEN
    ),
    Rule("use.often", "warning", "more uses on an account than `times` of the stored post says", _EVERGREEN),
    Rule("use.outside", "warning", "a use before `from` or after `until` of its stored post", _EVERGREEN),
    Rule(
        "use.words",
        "warning",
        "a use on X with words that an earlier use of its stored post has had",
        "X refuses the same words again for a while, and shows them to the same people",
    ),
    Rule("budget", "warning", "more posts, or posts with an address, than `budget` says", _CADENCE),
    Rule("words.never", "warning", "a word that `words` says is never used", _WORDS),
    Rule("words.say", "warning", "a word for which `words` has another", _WORDS),
    Rule("words.must", "warning", "the text has none of the words that `words` asks for", _WORDS),
    Rule(
        "words.label",
        "warning",
        "a rule of `words` is for a label that no post has, but for one letter",
        _WORDS,
        firm=True,
    ),
    Rule(
        "words.slow",
        "error",
        "the regular expressions of `words` take too long",
        "what they forbid would not be known",
        firm=True,
    ),
    Rule("time.far", "warning", "more than five years ahead", 'Publer docs, "Scheduling"'),
    Rule(
        "time.soon",
        "warning",
        "less than 5 minutes ahead",
        'Publer docs, "Manual Scheduling": at least a minute',
    ),
    Rule("repeat.short", "warning", "a monthly series falls on a day that some months do not have", _SERIES),
    Rule(
        "ignore.unknown",
        "warning",
        "a code under `ignore` silences nothing",
        "a misspelled code would silence nothing, unnoticed",
        firm=True,
    ),
)

RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.code: rule for rule in _TABLE})
"""The table, by code."""
