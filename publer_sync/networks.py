"""What each network takes: types, limits, and the fields that are its own. Data only; counting and judging live elsewhere.

Schema, rules, payload and docs all read this table, so that none of them can disagree with another. Where Publer and
a network differ, the smaller figure counts; where their documents differ, the `soft_` figure warns and the plain one
is an error. `source` names the page a figure comes from.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.model import Json

Unit = Literal["characters", "weighted", "graphemes", "mastodon", "threads"]
"""How a text is counted: code points; X's weights; user-perceived characters; links and handles shortened; emoji as bytes."""

MB: Final = 1_000_000
MINUTES: Final = 60
HOURS: Final = 3_600

POST_TYPES: Final = (
    "status",
    "photo",
    "video",
    "link",
    "gif",
    "poll",
    "carousel",
    "document",
    "article",
    "reel",
    "story",
    "short",
    "event",
    "offer",
)
"""Every type the calendar knows (Publer docs, "Content Types")."""

CALLS_TO_ACTION: Final = (
    "NO_BUTTON",
    "SHOP_NOW",
    "BOOK_TRAVEL",
    "LEARN_MORE",
    "SIGN_UP",
    "DOWNLOAD",
    "GET_OFFER",
    "GET_DIRECTIONS",
    "BUY_NOW",
    "CALL_NOW",
    "APPLY_NOW",
    "MESSAGE_PAGE",
    "SEND_MESSAGE",
    "CONTACT_US",
    "SUBSCRIBE",
    "USE_APP",
    "PLAY_GAME",
    "WATCH_VIDEO",
    "WATCH_MORE",
    "OPEN_LINK",
)
"""Buttons of a link card (Publer docs, "Link Posts")."""

GOOGLE_CALLS_TO_ACTION: Final = ("BOOK", "ORDER", "BUY", "LEARN_MORE", "SIGN_UP", "CALL")
"""Buttons of a Google Business post (Google Business Profile API, "LocalPost", CallToAction)."""

UPLOAD_LIMIT: Final = 200 * MB
"""The largest file Publer takes directly (Publer docs, "Media Handling"); a larger one needs a public URL."""

ITEMS_PER_JOB: Final = 500
"""Posts in one request (Publer docs, "Bulk Scheduling")."""


@dataclass(frozen=True, slots=True)
class Field:
    """A key that only some networks know. `wire` is the path in the item sent: from `network` or from `account`.

    `types` are the post types it makes sense with (none: all). `unproved` says why Publer may not act on it.
    """

    name: str
    schema: Mapping[str, Json]
    wire: tuple[str, ...]
    source: str
    types: tuple[str, ...] = ()
    unproved: str | None = None
    sends: str | None = None
    """For a switch: what true is sent as. False sends nothing then."""

    @property
    def description(self) -> str:
        return str(self.schema.get("description", ""))


@dataclass(frozen=True, slots=True)
class TextLimit:
    limit: int
    unit: Unit = "characters"
    soft_limit: int | None = None
    caption_limit: int | None = None
    """The limit where the text stands under media."""
    max_bytes: int | None = None
    source: str = 'Publer docs, "Networks"'


@dataclass(frozen=True, slots=True)
class TitleLimit:
    """Titles go out with posts of `types` (none: all) alone; `length` is None where nobody states one."""

    length: int | None
    required_for: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    source: str = 'Publer docs, "Networks"'


@dataclass(frozen=True, slots=True)
class ImageLimit:
    """Sizes in bytes, ratios as width by height."""

    count: int
    soft_count: int | None = None
    max_bytes: int | None = None
    soft_bytes: int | None = None
    gif_bytes: int | None = None
    gif_frames: int | None = None
    min_side: int | None = None
    ratios: tuple[float, float] | None = None
    alt_length: int | None = None
    source: str = 'Publer docs, "Photo Posts"'


@dataclass(frozen=True, slots=True)
class VideoLimit:
    """Seconds and bytes."""

    min_seconds: float | None = None
    max_seconds: float | None = None
    soft_seconds: float | None = None
    max_bytes: int | None = None
    soft_bytes: int | None = None
    by_type: Mapping[str, float] = dataclasses.field(default_factory=dict)
    """The longest a reel, story or short may be, where that differs."""
    source: str = 'Publer docs, "Video Posts"'


@dataclass(frozen=True, slots=True)
class PollLimit:
    """Publer counts a poll's duration in whole days; `days` are those the network offers."""

    option_length: int
    days: tuple[int, ...]
    question: bool = False
    """Whether the question is a field of its own; elsewhere the text asks it."""
    question_length: int | None = None
    options: tuple[int, int] = (2, 4)
    source: str = 'Publer docs, "Polls"'


@dataclass(frozen=True, slots=True)
class Cap:
    """Posts of one account in any 24 hours, counted in UTC, on the Business plan; `types` empty: all others.

    `page_limit` is the figure for a page, where a profile has another one.
    """

    limit: int
    what: str = "posts"
    types: tuple[str, ...] = ()
    page_limit: int | None = None
    source: str = 'Publer docs, "Rate Limits", daily posting limits'


Support = Literal["yes", "no", "open"]
"""Whether the network has the feature in Publer; `open`: the documents do not say."""


@dataclass(frozen=True, slots=True)
class Network:
    """One network. `key` is Publer's `provider`, `code` the prefix of its rules, `label` its name for people."""

    key: str
    label: str
    types: tuple[str, ...]
    text: TextLimit
    caps: tuple[Cap, ...]
    fields: tuple[Field, ...] = ()
    doubtful_types: tuple[str, ...] = ()
    """Types that one page of Publer's documents lists and another leaves out."""
    title: TitleLimit | None = None
    images: ImageLimit | None = None
    video: VideoLimit | None = None
    poll: PollLimit | None = None
    text_alone: bool = True
    mixes: bool = False
    """Whether pictures and a video may stand in one post."""
    link: Literal["card", "url", "no"] = "no"
    """`card`: title, description, picture and button can be set; `url`: the address alone."""
    alt: bool = True
    thread: bool = False
    comments: Support = "no"
    share: bool = False
    hashtags: int | None = None
    soft_hashtags: int | None = None
    links: int | None = None
    refused: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Fields of Publer's that are not offered, each with what to use instead."""

    @property
    def code(self) -> str:
        return "x" if self.key == "twitter" else self.key

    @property
    def all_types(self) -> tuple[str, ...]:
        return self.types + self.doubtful_types

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def cap_for(self, type: str) -> Cap:
        return next((cap for cap in self.caps if type in cap.types), self.caps[0])


def network_of(word: str) -> str | None:
    """The provider a network's name means, in any case; `x` is `twitter`. None for anything else."""
    name = _ALIASES.get(word.strip().lower(), word.strip().lower())
    return name if name in NETWORKS else None


def own_keys() -> frozenset[str]:
    """Every key that belongs to some network."""
    return frozenset(field.name for network in NETWORKS.values() for field in network.fields)


# --- parts of the table ---------------------------------------------------------------------------------------------

_ALIASES: Final = {
    "x": "twitter",
    "bsky": "bluesky",
    "fb": "facebook",
    "ig": "instagram",
    "insta": "instagram",
    "google_business": "google",
    "wordpress_oauth": "wordpress",
    "wordpress_basic": "wordpress",
}

_CAMEL = "only Publer's API description spells it, no worked example does, and Publer ignores names it does not know"


def _flag(description: str) -> dict[str, Json]:
    return {"type": "boolean", "description": description}


def _words(description: str, **more: Json) -> dict[str, Json]:
    return {"type": "string", "minLength": 1, "description": description, **more}


def _choice(description: str, *values: str) -> dict[str, Json]:
    return {"type": "string", "enum": list(values), "description": description}


def _list(description: str, **more: Json) -> dict[str, Json]:
    return {"type": "array", "items": {"type": "string", "minLength": 1}, "description": description, **more}


def _record(description: str, required: tuple[str, ...], /, **properties: Json) -> dict[str, Json]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


_STRING: Final[dict[str, Json]] = {"type": "string", "minLength": 1}

_SIGNATURE = Field(
    "signature",
    _words("the id of a signature made in Publer, added below the text"),
    ("account", "signature"),
    'Publer docs, "Post with Signature"',
)
_WATERMARK = Field(
    "watermark",
    {
        "type": "object",
        "description": "a watermark made in Publer: its id, and where it differs, position, opacity and size",
        "properties": {
            "id": {"type": "string", "minLength": 1},
            "name": {"type": "string"},
            "position": {"type": "string"},
            "opacity": {"type": "number", "minimum": 0, "maximum": 100},
            "size": {"type": "number", "minimum": 0, "maximum": 100},
        },
        "required": ["id"],
        "additionalProperties": False,
    },
    ("account", "watermark"),
    'Publer docs, "Media Options"',
    ("photo", "gif", "carousel", "video", "story", "reel"),
)
_PLACE = _record("a place as Publer's location search gives it", ("id",), id=_STRING, name=_STRING)
_LOCATION = Field("location", _PLACE, ("account", "location"), 'Publer docs, "Locations"')
_REMINDER = Field(
    "reminder",
    _flag("send a reminder to a phone instead of publishing; a person publishes it there"),
    ("network", "details", "reminder"),
    'Publer docs, "Create Posts"',
)
_COMMUNITY_SCHEMA = _record("the community to post in", ("id",), id=_STRING, name=_STRING)
_FEED = Field(
    "feed",
    _flag("show the reel in the main feed too (default: yes)"),
    ("network", "details", "feed"),
    'Publer docs, "Reels"',
    ("reel",),
)
_AUDIO = Field(
    "audio",
    _words("the name of the reel's own audio"),
    ("network", "details", "audio"),
    'Publer docs, "Reels"',
    ("reel",),
)
_REPLY_TO = Field(
    "reply_to",
    _words("the id of the post this one answers"),
    ("network", "replyTo"),
    "Publer's API description",
    unproved=_CAMEL,
)
_SUBLINK = _record(
    "one card",
    ("url", "title", "description", "images"),
    url={"type": "string", "format": "uri"},
    title=_STRING,
    description=_STRING,
    images={"type": "array", "items": {"type": "string", "format": "uri"}, "minItems": 1},
    caption=_STRING,
    call_to_action={"type": "string", "enum": list(CALLS_TO_ACTION)},
    phone_number=_STRING,
    provider_display=_STRING,
)


def _detail(name: str, schema: dict[str, Json], source: str, *types: str) -> Field:
    return Field(name, schema, ("network", "details", name), source, types)


_FACEBOOK_FIELDS: Final = (
    _SIGNATURE,
    _WATERMARK,
    _LOCATION,
    Field(
        "album",
        _words("the id of the page's photo album"),
        ("account", "album_id"),
        'Publer docs, "Media Options"',
        ("photo",),
    ),
    Field(
        "background",
        _words("the id of a coloured background, for a short text alone", pattern="^[0-9]+$"),
        ("network", "details", "text_format_preset_id"),
        'Publer docs, "Facebook Background"',
        ("status",),
    ),
    _FEED,
    _AUDIO,
    _REMINDER,
    _detail(
        "sponsor",
        _record(
            "the sponsor of branded content",
            ("id",),
            id=_STRING,
            name=_STRING,
            verified={"type": "boolean"},
            boost={"type": "boolean"},
        ),
        "Publer's API description",
    ),
    _detail("community", _COMMUNITY_SCHEMA, "Publer's API description"),
    Field(
        "sublinks",
        {
            "type": "array",
            "items": _SUBLINK,
            "minItems": 2,
            "maxItems": 10,
            "description": "the cards of a carousel of links",
        },
        ("network", "sublinks"),
        'Publer docs, "Multi-Link Posts (Facebook Carousels)"',
        ("carousel",),
    ),
)

_INSTAGRAM_FIELDS: Final = (_SIGNATURE, _WATERMARK, _LOCATION, _FEED, _AUDIO)

_TWITTER_FIELDS: Final = (
    _SIGNATURE,
    _WATERMARK,
    Field(
        "reply_settings",
        _choice("who may answer", "everyone", "mentionedUsers", "following"),
        ("network", "replySettings"),
        "Publer's API description",
        unproved=_CAMEL,
    ),
    Field(
        "long_post",
        _flag("up to 25,000 characters, for an account with X Premium"),
        ("network", "details", "type"),
        'Publer docs, "Twitter/X Long Posts"',
        sends="long_post",
    ),
    _detail("community", _COMMUNITY_SCHEMA, "Publer's API description"),
    Field("location", _PLACE, ("network", "location"), "Publer's API description"),
)

_PINTEREST_FIELDS: Final = (
    _SIGNATURE,
    _WATERMARK,
    Field(
        "board",
        _words("the id of the board to pin to"),
        ("account", "album_id"),
        'Publer docs, "Media Options", where boards are called albums',
    ),
)

_GOOGLE_FIELDS: Final = (
    _SIGNATURE,
    _WATERMARK,
    _detail(
        "start",
        _words("when the event or offer starts, with an offset: 2027-03-02T09:00:00+01:00"),
        'Publer docs, "Google Business"',
        "event",
        "offer",
    ),
    _detail(
        "end",
        _words("when the event or offer ends, with an offset"),
        'Publer docs, "Google Business"',
        "event",
        "offer",
    ),
    _detail(
        "coupon", _words("the code of the offer", maxLength=58), 'Publer docs, "Google Business"', "offer"
    ),
    _detail("terms", _words("the address of the offer's terms"), 'Publer docs, "Google Business"', "offer"),
    Field(
        "gallery",
        _flag("put the picture into the photo gallery instead of posting it"),
        ("network", "details", "type"),
        'Publer docs, "Google Business"',
        ("photo",),
        sends="photo",
    ),
)

_YOUTUBE_FIELDS: Final = (
    _SIGNATURE,
    Field(
        "privacy",
        _choice("who may see the video (default: public)", "public", "unlisted", "private"),
        ("network", "privacy"),
        'Publer docs, "YouTube"',
    ),
    Field(
        "tags",
        _list("the video's tags, 500 characters in all"),
        ("network", "tags"),
        "Publer's API description",
    ),
    Field(
        "category",
        _words("YouTube's number of the category", pattern="^[0-9]+$"),
        ("network", "category"),
        "Publer's API description",
    ),
)

_TIKTOK: Final = 'Publer docs, "TikTok"'
_TIKTOK_FIELDS: Final = (
    _SIGNATURE,
    _detail(
        "privacy",
        _choice(
            "who may see it",
            "PUBLIC_TO_EVERYONE",
            "MUTUAL_FOLLOW_FRIENDS",
            "FOLLOWER_OF_CREATOR",
            "SELF_ONLY",
        ),
        _TIKTOK,
    ),
    _detail("comment", _flag("let people comment"), _TIKTOK),
    _detail("duet", _flag("let people make duets"), _TIKTOK, "video"),
    _detail("stitch", _flag("let people stitch it"), _TIKTOK, "video"),
    _detail("promotional", _flag("mark it as promoting the account's own brand"), _TIKTOK),
    _detail("paid", _flag("mark it as a paid partnership"), _TIKTOK),
    _detail("auto_add_music", _flag("let TikTok add music"), _TIKTOK, "photo", "carousel"),
    _REMINDER,
    Field(
        "sound_id",
        _words("the id of a TikTok sound"),
        ("network", "soundId"),
        "Publer's API description",
        unproved=_CAMEL,
    ),
    Field(
        "duet_with",
        _words("the id of the video to make a duet with"),
        ("network", "duetWith"),
        "Publer's API description",
        ("video",),
        unproved=_CAMEL,
    ),
)

_WORDPRESS_FIELDS: Final = (
    Field(
        "excerpt",
        _words("a short summary of the article"),
        ("network", "excerpt"),
        'Publer docs, "WordPress"',
    ),
    Field(
        "slug",
        _words("the last part of the article's address", pattern="^[^\\s/]+$"),
        ("network", "url"),
        'Publer docs, "WordPress"',
    ),
    Field(
        "categories",
        _list("ids of the article's categories"),
        ("network", "categories"),
        'Publer docs, "WordPress"',
    ),
    Field("tags", _list("ids of the article's tags"), ("network", "tags"), 'Publer docs, "WordPress"'),
)

_TELEGRAM_FIELDS: Final = (
    _SIGNATURE,
    _WATERMARK,
    Field(
        "parse_mode",
        _choice("how the text is marked up", "Markdown", "HTML"),
        ("network", "parseMode"),
        "Publer's API description",
        unproved=_CAMEL,
    ),
    Field(
        "disable_notification",
        _flag("send it without a sound"),
        ("network", "disableNotification"),
        "Publer's API description",
        unproved=_CAMEL,
    ),
    Field(
        "disable_web_page_preview",
        _flag("no card for links in the text"),
        ("network", "disableWebPagePreview"),
        "Publer's API description",
        unproved=_CAMEL,
    ),
)

_MASTODON_FIELDS: Final = (
    _SIGNATURE,
    _WATERMARK,
    Field(
        "visibility",
        _choice("who sees it", "public", "unlisted", "private", "direct"),
        ("network", "visibility"),
        "Publer's API description",
    ),
    Field(
        "sensitive",
        _flag("hide the media behind a warning"),
        ("network", "sensitive"),
        "Publer's API description",
        ("photo", "video", "gif"),
    ),
    Field(
        "spoiler_text",
        _words("the warning the text is hidden behind; it shares the text's limit"),
        ("network", "spoilerText"),
        "Publer's API description",
        unproved=_CAMEL,
    ),
)

_THREADS_FIELDS: Final = (_SIGNATURE, _WATERMARK, _LOCATION, _REPLY_TO)

_BLUESKY_FIELDS: Final = (
    _SIGNATURE,
    _WATERMARK,
    _REPLY_TO,
    Field(
        "content_labels",
        _list("Bluesky's own content warnings, such as graphic-media; not the labels of Publer"),
        ("network", "labels"),
        "Publer's API description",
    ),
)


# --- the table ------------------------------------------------------------------------------------------------------

_TABLE: Final = (
    Network(
        key="facebook",
        label="Facebook",
        types=("status", "photo", "video", "link", "carousel", "story", "reel", "gif"),
        text=TextLimit(63_206, soft_limit=10_000),
        title=TitleLimit(255, types=("video", "reel")),
        images=ImageLimit(10, soft_bytes=8 * MB),
        video=VideoLimit(
            min_seconds=1, max_seconds=5 * HOURS, soft_seconds=4 * HOURS, by_type={"reel": 90, "story": 60}
        ),
        link="card",
        comments="yes",
        share=True,
        caps=(Cap(36, "posts and reels"), Cap(36, "stories", ("story",))),
        fields=_FACEBOOK_FIELDS,
    ),
    Network(
        key="instagram",
        label="Instagram",
        types=("photo", "video", "carousel", "story", "reel"),
        text=TextLimit(2_200),
        text_alone=False,
        mixes=True,
        images=ImageLimit(10, max_bytes=8 * MB, min_side=320, ratios=(4 / 5, 1.91), alt_length=1_000),
        video=VideoLimit(
            min_seconds=3, max_seconds=60 * MINUTES, soft_seconds=15 * MINUTES, by_type={"story": 60}
        ),
        comments="open",
        hashtags=30,
        soft_hashtags=5,
        caps=(Cap(25, "posts and reels"), Cap(25, "stories", ("story",))),
        fields=_INSTAGRAM_FIELDS,
        refused=MappingProxyType(
            {"first_comment": "Write it under `comments`: nobody has seen Publer act on a first comment."}
        ),
    ),
    Network(
        key="twitter",
        label="X",
        types=("status", "photo", "video", "link", "gif", "poll"),
        text=TextLimit(280, "weighted", source='X docs, "Counting characters"'),
        images=ImageLimit(4, max_bytes=5 * MB, gif_bytes=15 * MB, gif_frames=350, alt_length=1_000),
        video=VideoLimit(min_seconds=0.5, max_seconds=10 * MINUTES, soft_seconds=140),
        poll=PollLimit(25, tuple(range(1, 8))),
        link="url",
        thread=True,
        comments="yes",
        share=True,
        caps=(Cap(100),),
        fields=_TWITTER_FIELDS,
    ),
    Network(
        key="linkedin",
        label="LinkedIn",
        types=("status", "photo", "video", "link", "document", "poll", "gif"),
        text=TextLimit(3_000),
        title=TitleLimit(None, ("document",), ("document",), 'Publer docs, "LinkedIn PDF Carousels"'),
        images=ImageLimit(20, soft_count=9, soft_bytes=5 * MB),
        video=VideoLimit(min_seconds=3, max_seconds=15 * MINUTES),
        poll=PollLimit(30, (1, 3, 7, 14), question=True, question_length=140),
        link="card",
        comments="yes",
        share=True,
        caps=(Cap(14, page_limit=24),),
        fields=(_SIGNATURE, _WATERMARK),
    ),
    Network(
        key="pinterest",
        label="Pinterest",
        types=("photo", "video", "carousel"),
        text=TextLimit(500),
        text_alone=False,
        title=TitleLimit(100),
        images=ImageLimit(5, max_bytes=20 * MB, alt_length=500),
        video=VideoLimit(min_seconds=4, max_seconds=15 * MINUTES),
        link="url",
        share=True,
        caps=(Cap(36),),
        fields=_PINTEREST_FIELDS,
        refused=MappingProxyType({"album": "On Pinterest it is `board`."}),
    ),
    Network(
        key="google",
        label="Google Business",
        types=("status", "photo", "event", "offer"),
        doubtful_types=("video", "link"),
        text=TextLimit(1_500),
        title=TitleLimit(58, ("event", "offer"), ("event", "offer"), "Google Business Profile, event titles"),
        images=ImageLimit(1, soft_bytes=5 * MB),
        link="url",
        alt=False,
        share=True,
        caps=(Cap(15),),
        fields=_GOOGLE_FIELDS,
    ),
    Network(
        key="youtube",
        label="YouTube",
        types=("video", "short"),
        text=TextLimit(5_000, source='Publer docs, "Updating Posts"'),
        text_alone=False,
        title=TitleLimit(100, ("video", "short"), source='Publer docs, "Updating Posts"'),
        video=VideoLimit(max_seconds=12 * HOURS, by_type={"short": 3 * MINUTES}),
        alt=False,
        comments="open",
        caps=(Cap(15, "videos and shorts"),),
        fields=_YOUTUBE_FIELDS,
        refused=MappingProxyType({"description": "On YouTube the `text` is the description."}),
    ),
    Network(
        key="tiktok",
        label="TikTok",
        types=("video", "photo", "carousel"),
        text=TextLimit(2_200),
        text_alone=False,
        title=TitleLimit(90, ("photo", "carousel"), source="TikTok, photo posts"),
        images=ImageLimit(35, soft_bytes=20 * MB),
        video=VideoLimit(min_seconds=3, max_seconds=10 * MINUTES),
        alt=False,
        share=True,
        caps=(Cap(25, "videos"),),
        fields=_TIKTOK_FIELDS,
    ),
    Network(
        key="wordpress",
        label="WordPress",
        types=("article",),
        text=TextLimit(10_000_000, source="no limit is stated"),
        title=TitleLimit(None, ("article",), source='Publer docs, "WordPress"'),
        images=ImageLimit(1, source='Publer docs, "WordPress", the featured image'),
        comments="no",
        caps=(Cap(24, "articles"),),
        fields=_WORDPRESS_FIELDS,
    ),
    Network(
        key="telegram",
        label="Telegram",
        types=("status", "photo", "video", "link", "gif"),
        text=TextLimit(4_096, caption_limit=1_024),
        images=ImageLimit(10, max_bytes=10 * MB),
        video=VideoLimit(soft_bytes=50 * MB),
        link="url",
        comments="open",
        share=True,
        caps=(Cap(15, "messages"),),
        fields=_TELEGRAM_FIELDS,
    ),
    Network(
        key="mastodon",
        label="Mastodon",
        types=("status", "photo", "video", "link", "gif", "poll"),
        text=TextLimit(
            500, "mastodon", source="Mastodon docs, instance configuration; a server may allow more"
        ),
        images=ImageLimit(4, max_bytes=16 * MB, soft_bytes=8 * MB, alt_length=1_500),
        video=VideoLimit(max_bytes=99 * MB, soft_bytes=40 * MB),
        poll=PollLimit(50, tuple(range(1, 8))),
        link="url",
        thread=True,
        comments="yes",
        share=True,
        caps=(Cap(100),),
        fields=_MASTODON_FIELDS,
    ),
    Network(
        key="threads",
        label="Threads",
        types=("status", "photo", "video", "link"),
        text=TextLimit(500, "threads", source='Threads docs, "Posts"'),
        images=ImageLimit(20, soft_count=10, max_bytes=8 * MB),
        video=VideoLimit(min_seconds=3, max_seconds=5 * MINUTES),
        link="url",
        thread=True,
        comments="yes",
        share=True,
        links=5,
        caps=(Cap(250),),
        fields=_THREADS_FIELDS,
    ),
    Network(
        key="bluesky",
        label="Bluesky",
        types=("status", "photo", "video", "link"),
        text=TextLimit(300, "graphemes", max_bytes=3_000, source="Bluesky's lexicon app.bsky.feed.post"),
        images=ImageLimit(4, max_bytes=2 * MB, source="Bluesky's lexicon app.bsky.embed.images"),
        video=VideoLimit(max_seconds=3 * MINUTES, max_bytes=50 * MB),
        link="url",
        thread=True,
        comments="yes",
        share=True,
        caps=(Cap(100),),
        fields=_BLUESKY_FIELDS,
    ),
)

NETWORKS: Final[Mapping[str, Network]] = MappingProxyType({network.key: network for network in _TABLE})
"""The table, by provider."""
