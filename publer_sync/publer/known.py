"""Sentences with which Publer refuses single posts and media, as people have met them: what each means, and the fix.

Publer gives no codes, so a sentence is known by a part of it. It is always shown as well: what we add is advice alone.
"""

from __future__ import annotations

from publer_sync.starting.late_dataclasses import dataclass

GAP = "one minute gap"
"""In Publer's words for a slot that another post has ("Quickstart": one minute between posts of an account)."""
SAME_WORDS = "duplicative or substantially similar"
"""In X's words for what another post there says, from whichever account."""


@dataclass(frozen=True, slots=True)
class Known:
    """`part` is in lower case; `says` is the sentence, or what is known of it. `fix` is an order."""

    part: str
    says: str
    means: str
    fix: str


KNOWN = (
    Known(
        GAP,
        "There's another post at this time. A one minute gap is required between posts",
        "Another post of this account is within a minute of it: one that Publer did not list, such as a recurring one",
        "Choose another time, or move the other post in Publer.",
    ),
    Known(
        SAME_WORDS,
        "You may not post duplicative or substantially similar Tweets across one or more accounts.",
        "Another post on X says the same, from this account or another one: it is scheduled, or was published lately",
        "Change a word, or remove the other post.",
    ),
    Known(
        "composer is in a bad state",
        "The composer is in a bad state for this account as it's missing the social network params.",
        "The account can't take this post: it is disconnected, or it is of a kind to which Publer can't post, such as a "
        "personal account on Instagram",
        "Reconnect the account in Publer.",
    ),
    Known(
        "backdated",
        "Posts cannot be backdated",
        "Its time passed before Publer's job ran",
        "Choose a later time.",
    ),
    Known(
        "post type is not valid",
        "Post type is not valid",
        "This account's network does not take a post of this type",
        "Set another `type`, or remove this account from the post.",
    ),
    Known(
        "requires a video",
        "YouTube requires a video attached",
        "The network takes only videos",
        "Add a video, or remove this account from the post.",
    ),
    Known(
        "too many posts via openapi",
        "… too many posts via openapi …",
        "TikTok's own limit: the account has posted too often in 24 hours",
        "Move the post to another day.",
    ),
    Known(
        "last 24 hours",
        "… last 24 hours …",
        "The network's or Publer's limit of posts in 24 hours is reached",
        "Move the post to another day.",
    ),
    Known(
        "videos need to be smaller",
        "Videos need to be smaller than 2 gb",
        "The video behind the `url` is too large",
        "Make the video smaller.",
    ),
    Known(
        "'content_type' for nil",
        "undefined method 'content_type' for nil",
        "An upload reached Publer without its file",
        "Run apply again. If it says so again, something on the way, such as a proxy, takes the file out of the request.",
    ),
    Known(
        "'count' for nil",
        "undefined method 'count' for nil",
        "An error inside Publer; people have met it where Publer could not read a picture or video",
        "Save the media in another format (JPG, PNG, MP4).",
    ),
)


def advice(said: str) -> str | None:
    """What to do about sentences of Publer, each thing once; None where they are not known."""
    said = said.lower()
    fixes = dict.fromkeys(known.fix for known in KNOWN if known.part in said)
    return " ".join(fixes) or None
