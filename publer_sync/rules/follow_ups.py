"""Rules about what follows a post: threads, comments and sharing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.networks.counting import fits_surely, limit_of
from publer_sync.rules.media import check_file
from publer_sync.rules.rulebook import problem
from publer_sync.rules.target import to_leave_out
from publer_sync.rules.text import check_length, check_links
from publer_sync.values.content import Content

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.rules.target import Target
    from publer_sync.values.content import AutoDelete, Comment, Part, Share


def check_follow_ups(target: Target) -> Iterator[PostProblem]:
    content = target.content
    if content.thread:
        yield from _thread(target)
    if content.comments:
        yield from _comments(target)
    if content.share:
        yield from _share(target)
    yield from _figures(target)


def _figures(target: Target) -> Iterator[PostProblem]:
    """What waits for figures: Publer's documents have the form, and no limits."""
    content = target.content
    waiting = {f"comments/{number}": comment for number, comment in enumerate(content.comments)}
    follow_ups: dict[str, Comment | Share | AutoDelete] = {**waiting}
    if content.share:
        follow_ups["share"] = content.share
    if content.auto_delete:
        follow_ups["auto_delete"] = content.auto_delete
    for path, each in follow_ups.items():
        for key in ("engagement", "reach"):
            if told := getattr(each, key):
                message = f"Publer's documents do not say up to when, and on which networks, {key} {told} is waited for"
                fix = "Check in Publer that it happened, or go by `after` alone"
                yield problem("conditions.figures", f"{path}/{key}", message, fix)


def _thread(target: Target) -> Iterator[PostProblem]:
    network = target.network
    if network.thread:
        yield from _parts(target, "thread", target.content.thread, "a part of a thread")
        return
    fix = f"Remove {network.code} from `accounts`"
    if network.comments != "no":
        fix = f"Use `comments`, or remove {network.code} from `accounts`"
    yield problem("thread.network", "thread", f"{target.label} does not support threads", fix)


def _comments(target: Target) -> Iterator[PostProblem]:
    network = target.network
    if network.comments == "no":
        message = f"Publer does not post comments on {target.label}"
        yield to_leave_out(target, "comments.network", "comments", message, "Remove the comments")
        return
    if network.comments == "open":
        message = f"Publer's documents do not say whether comments work on {target.label}"
        yield problem(
            "comments.network", "comments", message, "Check that the first one is posted", soft=True
        )
    yield from _parts(target, "comments", target.content.comments, "a comment")


def _parts(target: Target, key: str, parts: Sequence[Part | Comment], what: str) -> Iterator[PostProblem]:
    """Parts of a thread are posts of their own, and so are comments where a network has threads."""
    for number, part in enumerate(parts):
        if part.text:
            limit = limit_of(target.post.account, Content(part.text, media=part.media))
            yield from _text(target, f"{key}/{number}/text", part.text, limit)
        if part.media:
            yield from _media(target, key, f"{key}/{number}/media", what)


def _text(target: Target, path: str, text: str, limit: int) -> Iterator[PostProblem]:
    network = target.network
    if network.thread:
        if not fits_surely(text, network.key, limit):
            yield from check_length(target, path, text, limit)
        yield from check_links(target, path, text)
    elif len(text) > (most := network.text.soft_limit or limit):
        # No document says how long a comment may be there; hardly longer than a post.
        allowed = f"{target.label} allows {most} in a post, and maybe fewer in a comment"
        message = f"a comment of {len(text)} characters; {allowed}"
        yield problem("{network}.text.length", path, message, "Shorten it, or split it in two", soft=True)


def _media(target: Target, key: str, path: str, what: str) -> Iterator[PostProblem]:
    """Publer accepts one picture or video there, and no alt text."""
    media = [each for each in target.later_media if each.path.startswith(f"{path}/")]
    for each in media:
        if each.medium.alt:
            message = f"the alt text of {each.name} is not sent: Publer does not accept it in {what}"
            fix = "Describe the picture in the text, or show it in the post itself"
            yield problem(f"{key}.alt", f"{each.path}/alt", message, fix)
    if len(media) > 1:
        message = f"{what} allows one picture or video, not {len(media)}"
        yield problem(f"{key}.media", path, message, "Keep one")
    elif media[0].kind == "document":
        message = f"{what} allows one picture or video; {media[0].name} is neither"
        fix = "Save its pages as pictures, or show it in a post of its own"
        yield problem(f"{key}.media", path, message, fix)
    elif target.network.thread:
        yield from check_file(replace(target, type=media[0].kind), media[0])


def _share(target: Target) -> Iterator[PostProblem]:
    share, network = target.content.share, target.network
    if not network.share:
        message = f"Publer cannot share posts of {target.label}"
        yield to_leave_out(target, "share.network", "share", message, "Remove it")
    elif target.content.network.get("reminder") is True:
        message = "a reminder cannot be shared: Publer does not publish it"
        yield problem("share.reminder", "share", message, "Remove `share` or `reminder`")
    elif network.key == "google" and not (target.post.text or (share and share.text)):
        message, example = "sharing a Google Business post requires text", "share:\n  text: Come and see us"
        yield problem("share.text", "share", message, "Add a `text` to `share`", example=example)
