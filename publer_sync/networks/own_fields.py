"""The keys that only one or some networks have; their parts of `schema/calendar.schema.json` say what each takes."""

from __future__ import annotations

from typing import Final

from publer_sync.networks.fields import API, detail, docs, field, unproved

CALLS_TO_ACTION: Final = (
    "NO_BUTTON", "SHOP_NOW", "BOOK_TRAVEL", "LEARN_MORE", "SIGN_UP", "DOWNLOAD", "GET_OFFER", "GET_DIRECTIONS",
    "BUY_NOW", "CALL_NOW", "APPLY_NOW", "MESSAGE_PAGE", "SEND_MESSAGE", "CONTACT_US", "SUBSCRIBE", "USE_APP",
    "PLAY_GAME", "WATCH_VIDEO", "WATCH_MORE", "OPEN_LINK",
)  # fmt: skip
"""Buttons of a link card (Publer docs, "Link Posts")."""
GOOGLE_CALLS_TO_ACTION: Final = ("BOOK", "ORDER", "SHOP", "LEARN_MORE", "SIGN_UP", "CALL")
"""Buttons of a Google Business post (Google Business Profile API, "LocalPost", ActionType)."""

SIGNATURE: Final = field("signature", "account.signature", docs("Post with Signature"), named="signatures")
WATERMARK: Final = field(
    "watermark",
    "account.watermark",
    docs("Media Options"),
    *("photo", "gif", "carousel", "video", "story", "reel"),
)
_LOCATION: Final = field("location", "account.location", docs("Locations"), named="locations")
_FEED: Final = detail("feed", docs("Reels"), "reel", says=("also in the main feed", "not in the main feed"))
_AUDIO: Final = detail("audio", docs("Reels"), "reel")
_REMINDER: Final = detail(
    "reminder",
    docs("Create Posts"),
    says=("a reminder to a phone; someone publishes it there", "published without a reminder"),
)
_COMMUNITY: Final = detail("community", API)
_REPLY_TO: Final = unproved("reply_to", "replyTo")

FACEBOOK: Final = (
    SIGNATURE,
    WATERMARK,
    _LOCATION,
    field("album", "account.album_id", docs("Media Options"), "photo", named="albums"),
    field("background", "network.details.text_format_preset_id", docs("Facebook Background"), "status"),
    _FEED,
    _AUDIO,
    _REMINDER,
    detail("sponsor", API),
    _COMMUNITY,
    field("sublinks", "network.sublinks", docs("Multi-Link Posts (Facebook Carousels)"), "carousel"),
)

INSTAGRAM: Final = (SIGNATURE, WATERMARK, _LOCATION, _FEED, _AUDIO)

TWITTER: Final = (
    SIGNATURE,
    WATERMARK,
    unproved("reply_settings", "replySettings"),
    field(
        "long_post",
        "network.details.type",
        docs("Twitter/X Long Posts"),
        sends="long_post",
        says=("a long post (X Premium)", "not a long post"),
    ),
    _COMMUNITY,
    field("location", "network.location", API),
)

PINTEREST: Final = (
    SIGNATURE,
    WATERMARK,
    field(
        "board",
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
        field(name, f"network.details.{name}", _GOOGLE, "event", "offer", moment=True)
        for name in ("start", "end")
    ),
    detail("coupon", _GOOGLE, "offer"),
    detail("terms", _GOOGLE, "offer"),
    field(
        "gallery",
        "network.details.type",
        _GOOGLE,
        "photo",
        sends="photo",
        says=("only in the photo gallery", "not in the photo gallery"),
    ),
)

YOUTUBE: Final = (
    SIGNATURE,
    field("privacy", "network.privacy", docs("YouTube")),
    field("tags", "network.tags", API),
    field("category", "network.category", API),
)

_TIKTOK: Final = docs("TikTok")
TIKTOK: Final = (
    SIGNATURE,
    detail("privacy", _TIKTOK),
    detail("comment", _TIKTOK, says=("comments allowed", "no comments")),
    detail("duet", _TIKTOK, "video", says=("duets allowed", "no duets")),
    detail("stitch", _TIKTOK, "video", says=("stitches allowed", "no stitches")),
    detail("promotional", _TIKTOK, says=("marked as promoting an own brand", "not marked as promotion")),
    detail("paid", _TIKTOK, says=("marked as a paid partnership", "not marked as a paid partnership")),
    detail(
        "auto_add_music",
        _TIKTOK,
        "photo",
        "carousel",
        says=("TikTok may add music", "no music added by TikTok"),
    ),
    _REMINDER,
    unproved("sound_id", "soundId"),
    unproved("duet_with", "duetWith", "video"),
)

_WORDPRESS: Final = docs("WordPress")
WORDPRESS: Final = (
    field("excerpt", "network.excerpt", _WORDPRESS),
    field("slug", "network.url", _WORDPRESS),
    field("categories", "network.categories", _WORDPRESS),
    field("tags", "network.tags", _WORDPRESS),
)

TELEGRAM: Final = (
    SIGNATURE,
    WATERMARK,
    unproved("parse_mode", "parseMode"),
    unproved(
        "disable_notification", "disableNotification", says=("sent without a sound", "sent with a sound")
    ),
    unproved(
        "disable_web_page_preview",
        "disableWebPagePreview",
        says=("without previews of links", "with previews of links"),
    ),
)

MASTODON: Final = (
    SIGNATURE,
    WATERMARK,
    field("visibility", "network.visibility", API),
    field(
        "sensitive",
        "network.sensitive",
        API,
        "photo",
        "video",
        "gif",
        says=("media hidden behind a warning", "media not hidden"),
    ),
    unproved("spoiler_text", "spoilerText"),
)

THREADS: Final = (SIGNATURE, WATERMARK, _LOCATION, _REPLY_TO)

BLUESKY: Final = (
    SIGNATURE,
    WATERMARK,
    _REPLY_TO,
    field("content_labels", "network.labels", API),
)
