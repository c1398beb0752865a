"""The fields that are a network's own: their schema, where they go in what is sent, and who documents them. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.model import Json

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
GOOGLE_CALLS_TO_ACTION: Final = ("BOOK", "ORDER", "SHOP", "LEARN_MORE", "SIGN_UP", "CALL")
"""Buttons of a Google Business post (Google Business Profile API, "LocalPost", ActionType)."""


BACKGROUNDS: Final = (
    "106018623298955", "365653833956649", "618093735238824", "191761991491375", "2193627793985415",
    "200521337465306", "1821844087883360", "177465482945164", "160419724814650", "248623902401250",
    "240401816771706", "1868855943417360", "255989551804163", "1792915444087912", "1654916007940525",
    "1679248482160767", "518948401838663", "423339708139719", "204187940028597", "621731364695726",
    "518596398537417", "134273813910336", "217321755510854", "323371698179784", "901751159967576",
    "552118025129095", "263789377694911", "606643333067842", "458988134561491", "548109108916650",
    "175493843120364", "338976169966519", "206513879997925", "168373304017982", "1271157196337260",
    "174496469882866", "862667370603267", "127541261450947", "218067308976029", "688479024672716",
    "238863426886624", "301029513638534", "154977255088164", "1941912679424590", "396343990807392",
    "143093446467972", "161409924510923", "145893972683590", "217761075370932", "931584293685988",
    "148862695775447", "100114277230063", "558836317844129", "172497526576609", "433967226963128",
    "197865920864520", "643122496026756", "762009070855346", "228164237768720", "146487026137131",
    "221828835275596", "1903718606535395", "1881421442117417", "249307305544279", "1777259169190672",
    "303063890126415", "122708641613922", "319468561816672", "121945541697934", "288211338285858",
    "446330032368780", "219266485227663", "1289741387813798", "1365883126823705",
)  # fmt: skip
"""Facebook's coloured backgrounds (Publer's API description, `text_format_preset_id`)."""


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
    moment: bool = False
    """Whether it is a time, sent in the one form that JSON has for it."""

    @property
    def description(self) -> str:
        return str(self.schema.get("description", ""))


_CAMEL = "only Publer's API description spells it, no worked example does, and Publer ignores names it does not know"


def _flag(description: str) -> dict[str, Json]:
    return {"type": "boolean", "description": description}


def _words(description: str, **more: Json) -> dict[str, Json]:
    return {"type": "string", "minLength": 1, "description": description, **more}


def _choice(description: str, *values: str) -> dict[str, Json]:
    return {"type": "string", "enum": list(values), "description": description}


def _list(description: str, **more: Json) -> dict[str, Json]:
    return {"type": "array", "items": {"type": "string", "minLength": 1}, "description": description, **more}


def _percent(description: str) -> dict[str, Json]:
    return {"type": "number", "minimum": 0, "maximum": 100, "description": description}


def _record(description: str, required: tuple[str, ...], /, **properties: Json) -> dict[str, Json]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


ADDRESS: Final[dict[str, Json]] = {
    "type": "string",
    "pattern": r'^https?://[^\s<>"]+$(?!\n)',
    "errorMessage": "an address starts with https:// and holds no spaces",
}

SIGNATURE = Field(
    "signature",
    _words("the id of a signature made in Publer, added below the text"),
    ("account", "signature"),
    'Publer docs, "Post with Signature"',
)
WATERMARK = Field(
    "watermark",
    _record(
        "a watermark made in Publer: its id, and where it differs, position, opacity and size",
        ("id",),
        id=_words("the id of the watermark"),
        name=_words("its name"),
        position=_words("where on the picture it stands"),
        opacity=_percent("how opaque it is, in percent"),
        size=_percent("how large it is, in percent"),
    ),
    ("account", "watermark"),
    'Publer docs, "Media Options"',
    ("photo", "gif", "carousel", "video", "story", "reel"),
)
_PLACE = _record(
    "a place as Publer's location search gives it",
    ("id",),
    id=_words("the id of the place"),
    name=_words("its name"),
)
_LOCATION = Field("location", _PLACE, ("account", "location"), 'Publer docs, "Locations"')
_REMINDER = Field(
    "reminder",
    _flag("send a reminder to a phone instead of publishing; a person publishes it there"),
    ("network", "details", "reminder"),
    'Publer docs, "Create Posts"',
)
_COMMUNITY_SCHEMA = _record(
    "the community to post in", ("id",), id=_words("the id of the community"), name=_words("its name")
)
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
    url={**ADDRESS, "description": "the address the card leads to"},
    title=_words("the card's title"),
    description=_words("the card's small print"),
    images={
        "type": "array",
        "items": ADDRESS,
        "minItems": 1,
        "description": "addresses of pictures; the first is shown",
    },
    caption=_words("words below the card"),
    call_to_action=_choice("the card's button", *CALLS_TO_ACTION),
    phone_number=_words("the number that the button CALL_NOW calls"),
    provider_display=_words("the site's name as it is shown"),
)


def _detail(name: str, schema: dict[str, Json], source: str, *types: str) -> Field:
    return Field(name, schema, ("network", "details", name), source, types)


FACEBOOK_FIELDS: Final = (
    SIGNATURE,
    WATERMARK,
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
        _choice("the id of a coloured background, for a short text alone", *BACKGROUNDS),
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
            id=_words("the id of the sponsor's page"),
            name=_words("its name"),
            verified=_flag("whether the page is verified"),
            boost=_flag("whether the sponsor may boost the post"),
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

INSTAGRAM_FIELDS: Final = (SIGNATURE, WATERMARK, _LOCATION, _FEED, _AUDIO)

TWITTER_FIELDS: Final = (
    SIGNATURE,
    WATERMARK,
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

PINTEREST_FIELDS: Final = (
    SIGNATURE,
    WATERMARK,
    Field(
        "board",
        _words("the id of the board to pin to"),
        ("account", "album_id"),
        'Publer docs, "Media Options", where boards are called albums',
    ),
)

_GOOGLE: Final = 'Publer docs, "Google Business"'
GOOGLE_FIELDS: Final = (
    SIGNATURE,
    WATERMARK,
    *(
        Field(
            name,
            _words(f"when the event or offer {verb}, with an offset: 2027-03-02T09:00:00+01:00"),
            ("network", "details", name),
            _GOOGLE,
            ("event", "offer"),
            moment=True,
        )
        for name, verb in (("start", "starts"), ("end", "ends"))
    ),
    _detail("coupon", _words("the code of the offer", maxLength=58), _GOOGLE, "offer"),
    _detail("terms", {**ADDRESS, "description": "the address of the offer's terms"}, _GOOGLE, "offer"),
    Field(
        "gallery",
        _flag("put the picture into the photo gallery instead of posting it"),
        ("network", "details", "type"),
        _GOOGLE,
        ("photo",),
        sends="photo",
    ),
)

YOUTUBE_FIELDS: Final = (
    SIGNATURE,
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
TIKTOK_FIELDS: Final = (
    SIGNATURE,
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

WORDPRESS_FIELDS: Final = (
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

TELEGRAM_FIELDS: Final = (
    SIGNATURE,
    WATERMARK,
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

MASTODON_FIELDS: Final = (
    SIGNATURE,
    WATERMARK,
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

THREADS_FIELDS: Final = (SIGNATURE, WATERMARK, _LOCATION, _REPLY_TO)

BLUESKY_FIELDS: Final = (
    SIGNATURE,
    WATERMARK,
    _REPLY_TO,
    Field(
        "content_labels",
        _list("Bluesky's own content warnings, such as graphic-media; not the labels of Publer"),
        ("network", "labels"),
        "Publer's API description",
    ),
)
