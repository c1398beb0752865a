"""What a network says against the parts of a post: its type, link, poll and own fields.

Its words are in `words`, its media in `media`, what comes after it in `follow_ups`.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from publer_sync.content import parts_of
from publer_sync.networks.links import find_links
from publer_sync.rules.follow_ups import judge_follow_ups
from publer_sync.rules.rulebook import RULES, Case, Finding
from publer_sync.rules.words import article, judge_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.content import Json, Poll
    from publer_sync.networks.fields import Field


def judge_post(case: Case) -> Iterator[Finding]:
    content = case.content
    yield from judge_text(case)
    yield from _type(case)
    if content.link:
        yield from _link(case)
    if content.poll:
        yield from _poll(case)
    if content.thread or content.comments or content.share:
        yield from judge_follow_ups(case)
    yield from _fields(case)


# --- types and links ------------------------------------------------------------------------------------------------


def _type(case: Case) -> Iterator[Finding]:
    network, kind = case.network, case.type
    if not network.text_alone and not case.content.media and kind not in ("poll", "link"):
        yield Finding(
            RULES["text.none"],
            "",
            f"{case.label} needs {'a video' if network.key == 'youtube' else 'a picture or a video'}",
            f"Add `media:`, or leave {case.network.code} out",
        )
        return
    if kind == "video" and network.key == "instagram":
        yield Finding(
            RULES["instagram.video"],
            "type",
            "Instagram shows videos as reels, and Publer has lost such posts that were not said to be reels",
            "type: reel",
        )
    elif kind in network.doubtful_types:
        yield Finding(
            RULES["type.doubtful"],
            "type",
            f"one of Publer's pages knows {kind} posts on {case.label}, another does not",
            "Look in Publer whether it is there after the apply",
        )
    elif kind not in network.types and not (kind == "poll" and case.content.poll):
        yield Finding(
            RULES["type.network"],
            "type" if "type" in case.post.places else "",
            f"{case.label} has no {kind} posts",
            f"{case.label} has: {', '.join(network.types)}",
        )
    elif kind == "carousel" and network.key == "facebook" and case.content.media:
        yield Finding(
            RULES["type.doubtful"],
            "type",
            "Publer's documents show carousels on Facebook for links alone",
            "Take the type away: several pictures are a photo post; or name the links under sublinks",
        )
    elif kind in _NEEDS:
        yield from _lacking(case)


_NEEDS: Final = {
    **dict.fromkeys(("photo", "gif"), "picture"),
    **dict.fromkeys(("video", "reel", "short"), "video"),
    "story": "picture or video",
    "carousel": "pictures",
    "document": "PDF or pictures",
    "poll": "poll",
    "link": "address",
}
"""What a post of this type cannot be without."""


def _lacking(case: Case) -> Iterator[Finding]:
    """A type that was written, without what it is about. One that follows from the parts has them."""
    content, kind = case.content, case.type
    if kind == "poll":
        there, way = content.poll is not None, "poll:\n  options:\n  - Yes\n  - Not yet\n  duration: 3d"
    elif kind == "link":
        there = content.link is not None or bool(find_links(case.post.text))
        way = "link: https://example.com"
    else:
        there = bool(content.media or (kind == "carousel" and content.network.get("sublinks")))
        way = "media:\n- file: …"
    if not there:
        yield Finding(
            RULES["type.none"],
            "type",
            f"the type is {kind}, and the post has no {_NEEDS[kind]}",
            f"Take `type: {kind}` away, or add:\n{way}",
        )


def _link(case: Case) -> Iterator[Finding]:
    network, link = case.network, case.content.link
    if link is None:
        return
    if network.link == "no":
        cure = f"networks:\n  {network.code}:\n    link: null"
        bio = 'Write "link in bio" and take the link away there:\n' if network.key == "instagram" else ""
        yield Finding(RULES["link.{network}"], "link", f"{case.label} posts have no link", bio + cure)
        return
    if network.link_length and len(link.url) > network.link_length:
        yield Finding(
            RULES["{network}.link.length"],
            "link/url",
            f"the address is {len(link.url)} characters, {case.label} takes {network.link_length}",
            "Leave out what the page does without, mostly behind the ?",
        )
    if network.buttons:
        yield from _button(case, link.call_to_action)
    parts = parts_of(link).keys()
    if network.link == "picture":
        if extra := sorted(parts - {"url", "call_to_action" if network.buttons else "url"}):
            yield Finding(
                RULES["link.details"],
                f"link/{extra[0]}",
                f"{case.label} posts have the address alone: {', '.join(extra)} of the link count for nothing",
                "Leave them out for this network; Facebook and LinkedIn use them",
            )
        return
    if network.link == "card" and link.call_to_action == "CALL_NOW" and not link.phone_number:
        yield Finding(
            RULES["link.phone"],
            "link/call_to_action",
            "the button CALL_NOW needs a number to call",
            'phone_number: "+47 55 00 00 00"',
        )
    if case.type != "link" and case.type in network.all_types:
        yield Finding(
            RULES["link.media"],
            "link",
            "a post shows its pictures or its link card, not both"
            if case.pieces
            else f"a {case.type} post shows no link card on {case.label}",
            "Put the address into the text and take the link away (link: null), or say type: link",
        )
    elif network.link == "url" and (extra := sorted(parts - {"url"})):
        yield Finding(
            RULES["link.details"],
            f"link/{extra[0]}",
            f"{case.label} makes the card from the page itself: {', '.join(extra)} of the link count for nothing",
            "Leave them out for this network; Facebook and LinkedIn use them",
        )


def _button(case: Case, button: str) -> Iterator[Finding]:
    if button and button not in case.network.buttons:
        yield Finding(
            RULES["google.button" if case.network.key == "google" else "link.button"],
            "link/call_to_action",
            f"{case.label} has no button {button}",
            f"It has: {', '.join(case.network.buttons)}",
        )


# --- polls ----------------------------------------------------------------------------------------------------------


def _poll(case: Case) -> Iterator[Finding]:
    rule, poll = case.network.poll, case.content.poll
    if poll is None:
        return
    if rule is None:
        yield Finding(
            RULES["poll.network"],
            "poll",
            f"{case.label} has no polls",
            f"Leave {case.network.code} out, or take the poll away there: poll: null",
        )
        return
    options = poll.options
    least, most = rule.options
    if not least <= len(options) <= most or len({option.casefold() for option in options}) < len(options):
        yield Finding(
            RULES["poll.options"],
            "poll/options",
            f"a poll on {case.label} has {least} to {most} answers, here are {len(options)}"
            if not least <= len(options) <= most
            else "two answers of the poll are the same",
            "options:\n  - Yes\n  - Not yet",
        )
    for number, option in enumerate(options):
        if len(option) > rule.option_length:
            yield Finding(
                RULES["poll.option"],
                f"poll/options/{number}",
                f'"{shown(option)}" is {len(option)} characters, {case.label} takes {rule.option_length}',
                f"Shorten it, or give {case.label} its own poll under `networks`",
            )
    minutes = poll.duration.minutes if poll.duration else 0
    if minutes not in {days * 1_440 for days in rule.days}:
        offered = ", ".join(f"{days}d" for days in rule.days)
        yield Finding(
            RULES["poll.duration"],
            "poll/duration" if minutes else "poll",
            f"{case.label} does not offer polls of this length" if minutes else "the poll says no duration",
            f"duration: {min(3, max(rule.days))}d    ({case.label} has {offered})",
        )
    if case.pieces:
        yield Finding(
            RULES["poll.media"], "media", f"a poll on {case.label} has no media", "Take one of the two away"
        )
    question = (poll.question or case.post.text) if rule.question else case.post.text
    if not question:
        yield Finding(
            RULES["poll.question"], "poll", "the poll asks nothing", "Write the question as the post's text"
        )
    elif not rule.question and _asks_otherwise(poll, question):
        yield Finding(
            RULES["poll.unasked"],
            "poll/question",
            f"{case.label} shows no question beside the text, and the text does not ask it",
            f"Give {case.label} a text that asks it, under `networks`",
        )
    elif rule.question and rule.question_length and len(question) > rule.question_length:
        yield Finding(
            RULES["poll.question"],
            "poll/question",
            f"the question is {len(question)} characters, {case.label} takes {rule.question_length}",
            "Give the poll a `question` of its own, shorter than the text",
        )


def _asks_otherwise(poll: Poll, text: str) -> bool:
    asked = " ".join(poll.question.casefold().split())
    return asked not in " ".join(text.casefold().split())


# --- a network's own fields -----------------------------------------------------------------------------------------


def _fields(case: Case) -> Iterator[Finding]:
    content, network = case.content.network, case.network
    for field in network.fields:
        if field.name in content:
            yield from _field(case, field)
    if network.key == "google":
        yield from _event(case)
    elif network.key == "pinterest" and "board" not in content:
        yield Finding(
            RULES["pinterest.board"],
            "",
            "the pin names no board; Publer puts it where it likes, or nowhere",
            "networks:\n  pinterest:\n    board: the board's id",
        )
    elif network.key == "wordpress":
        yield from _article(case)
    elif network.key == "youtube" and isinstance(tags := content.get("tags"), list):
        size = sum(len(str(tag)) + 2 * (" " in str(tag)) for tag in tags) + len(tags) - 1
        if size > YOUTUBE_TAGS:
            yield Finding(
                RULES["youtube.tags"],
                "tags",
                f"the tags are {size} characters together, YouTube takes {YOUTUBE_TAGS}",
                "Take some of them out; the comma between two counts 1, a tag with a space 2 more",
            )


YOUTUBE_TAGS: Final = 500


def _field(case: Case, field: Field) -> Iterator[Finding]:
    if field.unproved:
        yield Finding(
            RULES["field.unproved"],
            field.name,
            f"Publer may not act on `{field.name}`: {field.unproved}",
            "Look at the first such post in Publer before relying on it",
        )
    if field.moment and _moment(case.content.network[field.name]) is None:
        yield Finding(
            RULES["field.time"],
            field.name,
            f"`{field.name}` is no time with an offset: {shown(str(case.content.network[field.name]))}",
            f"{field.name}: 2027-03-02T09:00:00+01:00",
        )
    if field.types and case.type not in field.types:
        yield Finding(
            RULES["field.type"],
            field.name,
            f"`{field.name}` is for {' and '.join(field.types)} posts, this is {article(case.type)} {case.type}",
            "Take it away, or say the type",
        )


def _article(case: Case) -> Iterator[Finding]:
    from publer_sync.publer import article as articles

    text = case.post.text
    if any(not url.startswith(("https://", "http://")) for url in articles.pictures(text)):
        yield Finding(
            RULES["wordpress.picture"],
            "text",
            "a picture inside the article is a file, and Publer takes an address there",
            "Put it on the web and name its address: ![What it shows](https://…); the picture under `media` goes on top",
        )
    elif articles.marked(text):
        yield Finding(
            RULES["wordpress.marks"],
            "text",
            "Publer's documents do not say whether bold words, links and code inside a line are kept",
            "Look at the first such article in Publer",
        )


def _event(case: Case) -> Iterator[Finding]:
    content = case.content.network
    if case.type not in ("event", "offer"):
        return
    if content.get("gallery") is True:
        yield Finding(
            RULES["field.conflict"],
            "gallery",
            f"a post is {article(case.type)} {case.type} or a picture for the gallery, not both",
            "Take one of the two away",
        )
    start, end = _moment(content.get("start")), _moment(content.get("end"))
    if start is None or end is None or start >= end:
        yield Finding(
            RULES["google.event"],
            "end" if "end" in content else "start" if "start" in content else "",
            f"{article(case.type)} {case.type} needs its start and end, each with an offset, the end after the start",
            "start: 2027-03-02T09:00:00+01:00\nend: 2027-03-02T17:00:00+01:00",
        )
    elif end <= case.post.at:
        yield Finding(
            RULES["google.event.over"],
            "end",
            f"the {case.type} is over when the post goes out ({case.post.at:%a %Y-%m-%d %H:%M} UTC)",
            "Let the post go out before the end, or mend the end",
        )


def _moment(value: Json) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
