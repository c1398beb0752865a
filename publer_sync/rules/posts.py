"""Rules about one post on one network: its type, its link and its poll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.networks.links import find_links
from publer_sync.rules.fields import check_fields
from publer_sync.rules.follow_ups import check_follow_ups
from publer_sync.rules.rulebook import problem
from publer_sync.rules.target import over_limit, to_leave_out
from publer_sync.rules.text import check_text, excerpt
from publer_sync.values.content import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.networks.limits import PollLimit
    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.rules.target import Target
    from publer_sync.values.content import Link, Poll


def check_post(target: Target) -> Iterator[PostProblem]:
    content = target.content
    yield from check_text(target)
    yield from _type(target)
    if content.link:
        yield from _link(target, content.link)
    if content.poll:
        yield from _poll(target, content.poll)
    if content.thread or content.comments or content.share or content.auto_delete:
        yield from check_follow_ups(target)
    yield from check_fields(target)


# --- types ----------------------------------------------------------------------------------------------------------


def _type(target: Target) -> Iterator[PostProblem]:
    network, kind = target.network, target.type
    if not network.text_alone and not target.content.media and kind not in ("poll", "link"):
        message = (
            f"{target.label} requires {'a video' if network.key == 'youtube' else 'a picture or a video'}"
        )
        yield problem("text.none", "", message, f"Add `media:`, or remove {network.code} from `accounts`")
    elif kind == "video" and network.key == "instagram":
        message = "Instagram shows videos as reels, and Publer has lost videos that were not sent as reels"
        example = "networks:\n  instagram:\n    type: reel"
        yield problem("instagram.video", "type", message, "Make it a reel there", example=example)
    elif kind in network.doubtful_types:
        message = f"Publer's documents disagree on whether {target.label} supports {kind} posts"
        yield problem("type.doubtful", "type", message, "After apply, check in Publer that the post is there")
        yield from _incomplete(target)
    elif kind not in network.types and not (kind == "poll" and target.content.poll):
        path = "type" if "type" in target.post.places else ""
        message = f"{target.label} does not support {kind} posts"
        yield problem("type.network", path, message, f"{target.label} supports: {', '.join(network.types)}")
    elif kind == "carousel" and network.key == "facebook" and target.content.media:
        message = "Publer's documents show carousels on Facebook only for links"
        fix = "Remove the type, as several pictures make a photo post, or list the links under `sublinks`"
        yield problem("type.doubtful", "type", message, fix)
    elif kind in _REQUIRED:
        yield from _incomplete(target)


_MEDIA_EXAMPLE: Final = "media:\n- file: lamp.jpg"
_REQUIRED: Final = {
    **dict.fromkeys(("photo", "gif"), ("picture", _MEDIA_EXAMPLE)),
    **dict.fromkeys(("video", "reel", "short"), ("video", "media:\n- file: lamp.mp4")),
    "story": ("picture or video", _MEDIA_EXAMPLE),
    "carousel": ("pictures", _MEDIA_EXAMPLE),
    "document": ("PDF or pictures", "media:\n- file: lamps.pdf"),
    "poll": ("poll", "poll:\n  options:\n  - Yes\n  - Not yet\n  duration: 3d"),
    "link": ("link", "link: https://example.com"),
}
"""What a post of each type requires, and how to write it."""


def _incomplete(target: Target) -> Iterator[PostProblem]:
    """A type that was written, without what it requires. An inferred type always has that."""
    content, kind = target.content, target.type
    if kind == "poll":
        complete = content.poll is not None
    elif kind == "link":
        complete = content.link is not None
    else:
        complete = bool(content.media or (kind == "carousel" and content.network.get("sublinks")))
    if not complete:
        what, example = _REQUIRED[kind]
        message = f"the type is {kind}, but the post has no {what}"
        fix = f"Remove `type: {kind}`, or add what it needs"
        if kind == "link" and (links := find_links(target.post.as_written.text)):
            message = "the type is link, but the link is only in the text"
            fix = "Publer makes a card of `link` alone. Write the link there too, or remove `type: link`"
            url = links[0].url
            example = f"link: {url if '://' in url else f'https://{url}'}"
        yield problem("type.none", "type", message, fix, example=example)


# --- links ----------------------------------------------------------------------------------------------------------


def _link(target: Target, link: Link) -> Iterator[PostProblem]:
    network = target.network
    if network.link == "no":
        fix = 'Write "link in bio", and remove the link' if network.key == "instagram" else "Remove the link"
        yield to_leave_out(target, "link.{network}", "link", f"{target.label} does not support links", fix)
        return
    yield from over_limit(
        target,
        "{network}.link.length",
        "link/url",
        len(link.url),
        network.link_length,
        start="the URL has ",
        end=" characters",
        say="Remove tracking parameters after the ?",
    )
    if network.buttons and link.call_to_action and link.call_to_action not in network.buttons:
        code = "google.button" if network.key == "google" else "link.button"
        message = f"{target.label} does not offer the button {link.call_to_action}"
        fix = f"{target.label} offers: {', '.join(network.buttons)}"
        yield problem(code, "link/call_to_action", message, fix)
    if network.link == "picture":
        used = {"url", "call_to_action"} if network.buttons else {"url"}
        yield from _ignored_details(target, link, used, f"{target.label} uses only the link's URL")
        return
    if network.link == "card" and link.call_to_action == "CALL_NOW" and not link.phone_number:
        message, fix = "the button CALL_NOW requires a phone number", "Add `phone_number` to the link"
        example = 'phone_number: "+47 55 00 00 00"'
        yield problem("link.phone", "link/call_to_action", message, fix, example=example)
    if target.type != "link" and target.type in network.all_types:
        message = "a post can show media or a link card, not both"
        if not target.media:
            message = f"a {target.type} post on {target.label} cannot show a link card"
        fix = "Move the URL into the text and set `link: null`, or set `type: link`"
        yield problem("link.media", "link", message, fix)
    elif network.link == "url":
        reason = f"{target.label} makes the card from the page itself"
        yield from _ignored_details(target, link, {"url"}, reason)


def _ignored_details(target: Target, link: Link, used: set[str], reason: str) -> Iterator[PostProblem]:
    if ignored := sorted(parts_of(link).keys() - used):
        message = f"{reason} and ignores {', '.join(ignored)}"
        fix = f"Leave them out for {target.label}; Facebook and LinkedIn use them"
        yield problem("link.details", f"link/{ignored[0]}", message, fix)


# --- polls ----------------------------------------------------------------------------------------------------------


def _poll(target: Target, poll: Poll) -> Iterator[PostProblem]:
    limit = target.network.poll
    if limit is None:
        message = f"{target.label} does not support polls"
        yield to_leave_out(target, "poll.network", "poll", message, "Remove the poll")
        return
    if target.type != "poll" and not target.media:
        message = f"the type is {target.type}, so {target.label} would show no poll"
        yield problem("poll.type", "type", message, f"Remove `type: {target.type}`, or the poll")
    yield from _options(target, poll, limit)
    minutes = poll.duration.minutes if poll.duration else 0
    if minutes not in {days * 1_440 for days in limit.days}:
        path, message = "poll", "the poll has no duration"
        if minutes:
            path, message = "poll/duration", f"{target.label} does not offer polls of this length"
        fix = f"{target.label} offers: {', '.join(f'{days}d' for days in limit.days)}"
        yield problem("poll.duration", path, message, fix, example=f"duration: {min(3, max(limit.days))}d")
    if target.media:
        message = f"a poll on {target.label} cannot have media"
        yield problem("poll.media", "media", message, "Remove one of the two")
    yield from _question(target, poll, limit)


def _options(target: Target, poll: Poll, limit: PollLimit) -> Iterator[PostProblem]:
    options, (least, most) = poll.options, limit.options
    message = ""
    if not least <= len(options) <= most:
        message = f"a poll on {target.label} needs {least} to {most} answers; this one has {len(options)}"
    elif len({option.casefold() for option in options}) < len(options):
        message = "two answers of the poll are the same"
    if message:
        fix = f"List {least} to {most} different answers"
        yield problem("poll.options", "poll/options", message, fix, example="options:\n- Yes\n- Not yet")
    for number, option in enumerate(options):
        yield from over_limit(
            target,
            "poll.option",
            f"poll/options/{number}",
            len(option),
            limit.option_length,
            start=f'"{excerpt(option)}" has ',
            end=" characters",
            say=f"Shorten it, or give {target.label} its own poll under `networks`",
        )


def _question(target: Target, poll: Poll, limit: PollLimit) -> Iterator[PostProblem]:
    question = (poll.question if limit.question else "") or target.post.text
    if not question:
        fix = "Write the question as the post's text"
        yield problem("poll.question", "poll", "the poll has no question", fix)
    elif not limit.question and _normalized(poll.question) not in _normalized(question):
        message = f"{target.label} shows only the text, which does not contain the poll's question"
        fix = f"Give {target.label} a text with the question under `networks`"
        yield problem("poll.unasked", "poll/question", message, fix)
    elif limit.question:
        yield from over_limit(
            target,
            "poll.question",
            "poll/question",
            len(question),
            limit.question_length,
            start="the question has ",
            end=" characters",
            say="Give the poll a `question` of its own, shorter than the text",
        )


def _normalized(text: str) -> str:
    return " ".join(text.casefold().split())
