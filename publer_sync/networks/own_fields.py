"""The keys that only one or some networks have. Their descriptions go into the schema and the docs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.networks.fields import (
    API,
    address,
    choice,
    detail,
    docs,
    field,
    flag,
    percent,
    record,
    text,
    texts,
    unproved,
)

if TYPE_CHECKING:
    from publer_sync.values.content import Json

CALLS_TO_ACTION: Final = (
    "NO_BUTTON", "SHOP_NOW", "BOOK_TRAVEL", "LEARN_MORE", "SIGN_UP", "DOWNLOAD", "GET_OFFER", "GET_DIRECTIONS",
    "BUY_NOW", "CALL_NOW", "APPLY_NOW", "MESSAGE_PAGE", "SEND_MESSAGE", "CONTACT_US", "SUBSCRIBE", "USE_APP",
    "PLAY_GAME", "WATCH_VIDEO", "WATCH_MORE", "OPEN_LINK",
)  # fmt: skip
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

_ID: Final = "5f1b2c3d4e5f60718293a4b5"
"""An ID of Publer's, for examples."""
SIGNATURE: Final = field(
    "signature",
    text("The name or ID of a signature created in Publer, added below the text", "Footer", _ID),
    "account.signature",
    docs("Post with Signature"),
    named="signatures",
)
WATERMARK: Final = field(
    "watermark",
    record(
        "A watermark created in Publer: its ID, and its position, opacity and size where they should differ",
        ("id",),
        {"id": _ID, "opacity": 80},
        id=text("The ID of the watermark", _ID, "63c675e94e299e9cf2b667ec"),
        name=text("The name of the watermark", "Logo", "Signature"),
        position=text("Where on the picture it appears, as Publer says it"),
        opacity=percent("Its opacity, in percent", 80, 50),
        size=percent("Its size, in percent", 20, 10),
    ),
    "account.watermark",
    docs("Media Options"),
    *("photo", "gif", "carousel", "video", "story", "reel"),
)
_PLACE: Final = record(
    "A place, as Publer's location search returns it",
    ("id",),
    {"id": "106039436102339", "name": "Oslo"},
    id=text("The ID of the place", "106039436102339", "104022926303756"),
    name=text("The name of the place", "Oslo", "Bergen"),
)
_LOCATION: Final = field(
    "location",
    {
        **_PLACE,
        "type": ["string", "object"],
        "minLength": 1,
        "description": "A place: its name or ID, as Publer's location search returns it, or both",
        "examples": ["Oslo", {"id": "106039436102339", "name": "Oslo"}],
    },
    "account.location",
    docs("Locations"),
    named="locations",
)
_FEED: Final = detail(
    "feed",
    flag("Show the reel in the main feed too (default: true)"),
    docs("Reels"),
    "reel",
    says=("also in the main feed", "not in the main feed"),
)
_AUDIO: Final = detail(
    "audio",
    text("The name of the reel's original audio", "In our workshop", "Morning light"),
    docs("Reels"),
    "reel",
)
_REMINDER: Final = detail(
    "reminder",
    flag("Send a reminder to a phone instead of publishing; someone publishes the post there"),
    docs("Create Posts"),
    says=("a reminder to a phone; someone publishes it there", "published without a reminder"),
)
_COMMUNITY: Final = detail(
    "community",
    record(
        "The community to post in",
        ("id",),
        {"id": "1493446837214187523", "name": "Lamps"},
        id=text("The ID of the community", "1493446837214187523", "1506800881525829633"),
        name=text("The name of the community", "Lamps", "Makers"),
    ),
    API,
)
_REPLY_TO: Final = unproved("reply_to", text("The ID of the post to reply to"), "replyTo")
_CARD: Final[dict[str, Json]] = {
    "url": "https://example.com/lamp",
    "title": "The lamp",
    "description": "Made to be repaired",
    "images": ["https://example.com/lamp.png"],
}
_BOX: Final[dict[str, Json]] = {
    "url": "https://example.com/box",
    "title": "The box",
    "description": "Made of paper",
    "images": ["https://example.com/box.png"],
}
_SUBLINK: Final = record(
    "A card",
    ("url", "title", "description", "images"),
    _CARD,
    url=address("The URL that the card opens", "https://example.com/lamp", "https://example.com/box"),
    title=text("The card's title", "The lamp", "The box"),
    description=text("The text below the title", "Made to be repaired", "Made of paper"),
    images={
        "type": "array",
        "items": address(),
        "minItems": 1,
        "description": "URLs of pictures; the first one is shown",
        "examples": [["https://example.com/lamp.png"]],
    },
    caption=text("The caption below the card", "In three colours", "In two sizes"),
    call_to_action=choice("The card's button", *CALLS_TO_ACTION),
    phone_number=text("The number that the button CALL_NOW calls", "+47 55 00 00 00", "+1 202 555 0123"),
    provider_display=text("The name of the site, as shown on the card", "example.com", "Example"),
)

FACEBOOK: Final = (
    SIGNATURE,
    WATERMARK,
    _LOCATION,
    field(
        "album",
        text("The name or ID of the page's photo album", "Events", "1122334455"),
        "account.album_id",
        docs("Media Options"),
        "photo",
        named="albums",
    ),
    field(
        "background",
        choice("The ID of a coloured background, for a short text without media", *BACKGROUNDS),
        "network.details.text_format_preset_id",
        docs("Facebook Background"),
        "status",
    ),
    _FEED,
    _AUDIO,
    _REMINDER,
    detail(
        "sponsor",
        record(
            "The sponsor of branded content",
            ("id",),
            {"id": "106039436102339", "name": "Fjordlight"},
            id=text("The ID of the sponsor's page", "106039436102339", "104022926303756"),
            name=text("The name of the sponsor's page", "Fjordlight", "Example"),
            verified=flag("Whether the page is verified"),
            boost=flag("Whether the sponsor may boost the post"),
        ),
        API,
    ),
    _COMMUNITY,
    field(
        "sublinks",
        {
            "type": "array",
            "items": _SUBLINK,
            "minItems": 2,
            "maxItems": 10,
            "description": "The cards of a carousel of links",
            "examples": [[_CARD, _BOX]],
        },
        "network.sublinks",
        docs("Multi-Link Posts (Facebook Carousels)"),
        "carousel",
    ),
)

INSTAGRAM: Final = (SIGNATURE, WATERMARK, _LOCATION, _FEED, _AUDIO)

TWITTER: Final = (
    SIGNATURE,
    WATERMARK,
    unproved(
        "reply_settings", choice("Who can reply", "everyone", "mentionedUsers", "following"), "replySettings"
    ),
    field(
        "long_post",
        flag("Allow up to 25,000 characters; needs an account with X Premium"),
        "network.details.type",
        docs("Twitter/X Long Posts"),
        sends="long_post",
        says=("a long post (X Premium)", "not a long post"),
    ),
    _COMMUNITY,
    field("location", _PLACE, "network.location", API),
)

PINTEREST: Final = (
    SIGNATURE,
    WATERMARK,
    field(
        "board",
        text("The name or ID of the board to pin to", "Products", "1012345678901234567"),
        "account.album_id",
        f"{docs('Media Options')}, where boards are called albums",
        named="albums",
    ),
)

_GOOGLE: Final = docs("Google Business")
GOOGLE: Final = (
    SIGNATURE,
    WATERMARK,
    *(
        field(
            name,
            text(
                f"When the event or offer {name}s, with a UTC offset",
                f"2027-03-20T{hour}:00:00+01:00",
                f"2027-03-20T{hour}:30Z",
            ),
            f"network.details.{name}",
            _GOOGLE,
            *("event", "offer"),
            moment=True,
        )
        for name, hour in (("start", "09"), ("end", "18"))
    ),
    detail("coupon", text("The code of the offer", "SPRING27", "LAMP10", maxLength=58), _GOOGLE, "offer"),
    detail(
        "terms",
        address("The URL of the offer's terms", "https://example.com/terms", "https://example.com/offer"),
        _GOOGLE,
        "offer",
    ),
    field(
        "gallery",
        flag("Add the picture to the photo gallery instead of posting it"),
        "network.details.type",
        _GOOGLE,
        "photo",
        sends="photo",
        says=("only in the photo gallery", "not in the photo gallery"),
    ),
)

_NUMBER: Final = text(
    "The number of a YouTube category",
    "26",
    "22",
    pattern=r"^[0-9]+$(?!\n)",
    errorMessage="a category is a number",
)
YOUTUBE: Final = (
    SIGNATURE,
    field(
        "privacy",
        choice("Who can see the video (default: public)", "public", "unlisted", "private"),
        "network.privacy",
        docs("YouTube"),
    ),
    field(
        "tags", texts("The video's tags, up to 500 characters in all", "lamp", "design"), "network.tags", API
    ),
    field("category", _NUMBER, "network.category", API),
)

_TIKTOK: Final = docs("TikTok")
_TIKTOK_AUDIENCES: Final = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY")
TIKTOK: Final = (
    SIGNATURE,
    detail("privacy", choice("Who can see the post", *_TIKTOK_AUDIENCES), _TIKTOK),
    detail("comment", flag("Allow comments"), _TIKTOK, says=("comments allowed", "no comments")),
    detail("duet", flag("Allow duets"), _TIKTOK, "video", says=("duets allowed", "no duets")),
    detail("stitch", flag("Allow stitches"), _TIKTOK, "video", says=("stitches allowed", "no stitches")),
    detail(
        "promotional",
        flag("Mark the post as promoting your own brand"),
        _TIKTOK,
        says=("marked as promoting an own brand", "not marked as promotion"),
    ),
    detail(
        "paid",
        flag("Mark the post as a paid partnership"),
        _TIKTOK,
        says=("marked as a paid partnership", "not marked as a paid partnership"),
    ),
    detail(
        "auto_add_music",
        flag("Let TikTok add music"),
        _TIKTOK,
        "photo",
        "carousel",
        says=("TikTok may add music", "no music added by TikTok"),
    ),
    _REMINDER,
    unproved(
        "sound_id", text("The ID of a TikTok sound", "7016547803243022337", "6950104853413890817"), "soundId"
    ),
    unproved(
        "duet_with",
        text("The ID of the video to make a duet with", "7106594312292453675", "7084271826364714282"),
        "duetWith",
        "video",
    ),
)

_WORDPRESS: Final = docs("WordPress")
WORDPRESS: Final = (
    field(
        "excerpt",
        text("A short summary of the article", "Why our lamps can be repaired", "From sheet to lamp"),
        "network.excerpt",
        _WORDPRESS,
    ),
    field(
        "slug",
        text(
            "The last part of the article's address",
            "made-to-be-repaired",
            "lamp",
            pattern=r"^[^\s/]+$(?!\n)",
            errorMessage="it has no spaces and no /",
        ),
        "network.url",
        _WORDPRESS,
    ),
    field("categories", texts("The IDs of the article's categories", "12"), "network.categories", _WORDPRESS),
    field("tags", texts("The IDs of the article's tags", "34", "56"), "network.tags", _WORDPRESS),
)

TELEGRAM: Final = (
    SIGNATURE,
    WATERMARK,
    unproved("parse_mode", choice("How the text is formatted", "Markdown", "HTML"), "parseMode"),
    unproved(
        "disable_notification",
        flag("Send the post without a sound"),
        "disableNotification",
        says=("sent without a sound", "sent with a sound"),
    ),
    unproved(
        "disable_web_page_preview",
        flag("Show no preview of links in the text"),
        "disableWebPagePreview",
        says=("without previews of links", "with previews of links"),
    ),
)

MASTODON: Final = (
    SIGNATURE,
    WATERMARK,
    field(
        "visibility",
        choice("Who can see the post", "public", "unlisted", "private", "direct"),
        "network.visibility",
        API,
    ),
    field(
        "sensitive",
        flag("Hide the media behind a warning"),
        "network.sensitive",
        API,
        "photo",
        "video",
        "gif",
        says=("media hidden behind a warning", "media not hidden"),
    ),
    unproved(
        "spoiler_text",
        text(
            "A warning that hides the text; both count toward the limit",
            "Flashing lights",
            "The end of the film",
        ),
        "spoilerText",
    ),
)

THREADS: Final = (SIGNATURE, WATERMARK, _LOCATION, _REPLY_TO)

BLUESKY: Final = (
    SIGNATURE,
    WATERMARK,
    _REPLY_TO,
    field(
        "content_labels",
        texts("Bluesky's own content warnings; not Publer's labels", "graphic-media"),
        "network.labels",
        API,
    ),
)
