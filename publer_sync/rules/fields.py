"""Rules about the fields that only one network has."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

from publer_sync.networks import article
from publer_sync.networks.counting import count, limit_of
from publer_sync.rules.rulebook import SIGNATURE_ROOM, problem
from publer_sync.rules.target import over_limit
from publer_sync.rules.text import excerpt, with_article
from publer_sync.values.timezones import is_range, offsets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.networks.fields import Field
    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.rules.target import Target
    from publer_sync.values.content import Json

YOUTUBE_TAGS: Final = 500
"""Characters of all tags together (YouTube Data API, "Videos", snippet.tags)."""


def check_fields(target: Target) -> Iterator[PostProblem]:
    content, network = target.content.network, target.network
    if content:
        for field in network.fields:
            if field.name in content:
                yield from _field(target, field)
        if content.get("signature"):
            yield from _signature(target)
    if network.key == "google":
        yield from _event(target)
    elif network.key == "pinterest" and "board" not in content:
        message = "the pin has no board; Publer may choose one, or leave it out"
        example = 'networks:\n  pinterest:\n    board: "549755885175"'
        yield problem("pinterest.board", "", message, "Name the board by its id", example=example)
    elif network.key == "wordpress":
        yield from _article(target)
    elif network.key == "youtube" and isinstance(tags := content.get("tags"), list):
        yield from over_limit(
            target,
            "youtube.tags",
            "tags",
            sum(len(str(tag)) + 2 * (" " in str(tag)) for tag in tags) + len(tags) - 1,
            YOUTUBE_TAGS,
            start="the tags have ",
            end=" characters together",
            say="Remove some of them. A comma between two counts 1, a tag with a space 2 more",
        )


def _field(target: Target, field: Field) -> Iterator[PostProblem]:
    name, value = field.name, target.content.network[field.name]
    if field.unproved:
        message = f"Publer may ignore `{name}`: {field.unproved}"
        yield problem(
            "field.unproved", name, message, "Check the first such post in Publer before relying on it"
        )
    if field.moment and _moment(value) is None:
        message = f"`{name}` is not a time with a UTC offset: {excerpt(str(value))}"
        example = f"{name}: 2027-03-02T09:00:00+01:00"
        yield problem("field.time", name, message, "Write date, time and offset", example=example)
    if field.types and target.type not in field.types:
        message = f"`{name}` is for {' and '.join(field.types)} posts; this is {with_article(target.type)}"
        yield problem("field.type", name, message, "Remove it, or change the type")


def _signature(target: Target) -> Iterator[PostProblem]:
    """It is added when the post is published, and nothing tells whether that fits."""
    text, network, content = target.post.text, target.network, target.content
    premium = network.signs == "premium"
    if network.signs == "no" or (premium and content.network.get("long_post") is not True):
        message = f"Publer adds no signature on {target.label}{f' without {target.label} Premium' if premium else ''}"
        fix = "Write it into the text there, or remove `signature`"
        yield problem("signature.network", "signature", message, fix)
        return
    spoiler, limit = content.network.get("spoiler_text"), limit_of(target.post.account, content)
    size = count(
        text,
        network.key,
        limit=min(limit, network.text.soft_limit or limit),
        spoiler=spoiler if isinstance(spoiler, str) else "",
    )
    room = size.limit - size.used
    if 0 <= room < SIGNATURE_ROOM:
        message = (
            f"the text leaves {room} character{'s' * (room != 1)} for the signature; "
            f"{target.label} allows {size.limit:,} together"
        )
        fix = "Publer adds the signature when it publishes the post, after every check. Shorten the text, or remove `signature`"
        yield problem("signature.length", "signature", message, fix)


def _article(target: Target) -> Iterator[PostProblem]:
    text = target.post.text
    if any(not url.startswith(("https://", "http://")) for url in article.pictures(text)):
        message = "a picture inside the article is a file; Publer requires a URL there"
        fix = "Host it on the web and use its URL. The picture under `media` is shown above the article"
        example = "![A bicycle at dusk](https://example.com/bicycle.jpg)"
        yield problem("wordpress.picture", "text", message, fix, example=example)
    elif article.marked(text):
        message = "Publer's documents do not say whether bold text, links and code within a line are kept"
        yield problem("wordpress.marks", "text", message, "Check the first such article in Publer")


def _event(target: Target) -> Iterator[PostProblem]:
    content = target.content.network
    if target.type not in ("event", "offer"):
        return
    what = with_article(target.type)
    if content.get("gallery") is True:
        message = f"a post is {what} or a picture for the gallery, not both"
        yield problem("field.conflict", "gallery", message, f"Remove `gallery`, or `type: {target.type}`")
    start, end = _moment(content.get("start")), _moment(content.get("end"))
    if start is None or end is None or start >= end:
        path = next((key for key in ("end", "start") if key in content), "")
        message = f"{what} needs a start and a later end, each with a UTC offset"
        example = "start: 2027-03-02T09:00:00+01:00\nend: 2027-03-02T17:00:00+01:00"
        yield problem("google.event", path, message, "Set both", example=example)
    elif end <= target.post.at:
        published = f"{target.post.at:%a %Y-%m-%d %H:%M} UTC"
        message = f"the {target.type} ends before the post is published ({published})"
        yield problem(
            "google.event.over", "end", message, "Publish the post before the end, or correct the end"
        )


def _moment(value: Json) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None or (offset := moment.utcoffset()) is None or offset not in offsets_of(moment.year):
        return None
    if is_range(moment.time(), offset) and not re.search(
        r":[0-9]{2}:[0-9]{2}", str(value).rpartition("-")[0]
    ):
        return None  # 09:00-11:00 is the time between the two
    return moment
