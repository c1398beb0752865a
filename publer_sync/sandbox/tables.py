"""What Publer's documents fix: states, post types, limits, and the service's own sentences.

Written from the documents alone, apart from the client's own tables, so that a misreading there is not repeated here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

GAP = 60.0
"""Seconds between two posts of one account."""
LEAD = timedelta(minutes=1)
HORIZON = timedelta(days=5 * 366)
BULK_MOST = 500
SLICE = 15
"""Posts in a list without dates."""
LARGEST_UPLOAD = 200 * 1024 * 1024

GAP_TEXT = "There's another post at this time. A one minute gap is required between posts"
WORDS_TEXT = "You may not post duplicative or substantially similar Tweets across one or more accounts."
COMPOSER_TEXT = "The composer is in a bad state for this account as it's missing the social network params."
BACKDATED_TEXT = "Posts cannot be backdated"
ITEM_MEDIA_TEXT = "undefined method 'count' for nil"
"""The failure of media outside `networks`."""
TYPE_TEXT = "Post type is not valid"
WORKSPACE_TEXT = "You don't have access on this workspace"
UPGRADE_TEXT = "Please upgrade to Business to access our API."
LIMIT_TEXT = "Rate limit exceeded. Retry later."
UNAUTHORIZED_TEXT = "Unauthorized"
KEY_TEXT = "Invalid API key or not active"
VIDEO_TEXT = "YouTube requires a video attached"
NO_FILE_TEXT = "undefined method 'content_type' for nil"
"""The answer to an upload without a file, with status 200."""
NO_RESOURCE_TEXT = "Resource does not exist"


def not_modelled(what: str) -> str:
    """A sentence of ours, for what is known to be refused, or sure to be, while nobody has shown in which words."""
    return f"{what} (not modelled: Publer's own words are not known)"


NOT_FOUND_TEXT = not_modelled("Not found")
SERVER_ERROR_TEXT = not_modelled("Internal server error")

BULK_STATES = ("scheduled", "draft", "draft_private", "draft_public", "recurring")

STATES = {
    "scheduled": ("approved", "pending", "declined", "reauth", "locked"),
    "published": ("posted", "deleted", "hidden"),
    "draft": ("dated", "undated", "private", "public"),
    "failed": (),
    "recycling": ("active", "paused", "expired", "failed", "pending", "declined", "reauth", "locked"),
    "recurring": (),
}
KNOWN_STATES = {"all", *STATES} | {f"{family}_{part}" for family, parts in STATES.items() for part in parts}

TYPES: Mapping[str, frozenset[str]] = {
    network: frozenset(types.split())
    for network, types in {
        "facebook": "status photo video link carousel story reel gif",
        "instagram": "photo video carousel story reel",
        "twitter": "status photo video link gif poll",
        "linkedin": "status photo video link document poll gif",
        "pinterest": "photo video carousel",
        "google": "status photo video link event offer",
        "youtube": "video short",
        "tiktok": "video photo carousel",
        "wordpress": "article",
        "telegram": "status photo video link gif",
        "mastodon": "status photo video link gif poll",
        "threads": "status photo video link",
        "bluesky": "status photo video link",
    }.items()
}
"""Publer docs, "Content types" and "Networks": the union where the two differ."""

DAILY = {
    "facebook": 36,
    "instagram": 25,
    "threads": 250,
    "tiktok": 25,
    "twitter": 100,
    "mastodon": 100,
    "bluesky": 100,
    "linkedin": 24,
    "pinterest": 36,
    "google": 15,
    "youtube": 15,
    "wordpress": 24,
    "telegram": 15,
}
"""Publer docs, "Rate limits": the Business plan, per account in any 24 hours. Facebook's and Instagram's stories
count apart, with the same figure. LinkedIn accounts are pages here; profiles have 14."""

SIGNATURE = "#yourbrand"
"""What the one signature of each account says."""
ACCOUNT_TYPES = {
    "facebook": "fb_page",
    "instagram": "ig_business",
    "linkedin": "in_page",
    "pinterest": "pin_business",
    "wordpress": "wordpress_oauth",
}
"""The `type` of each provider's accounts, where it is not the provider's name."""

LISTED_TYPES = frozenset({"photo", "video", "gif"})
"""What `types[]` of the media library may be (Publer's API description); a document has no word, and is found by its id."""
MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
    "webm": "video/webm",
    "pdf": "application/pdf",
}
