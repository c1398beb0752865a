"""What a network says against what follows a post: the parts of a thread, comments, and sharing it on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.content import Content
from publer_sync.networks.counting import fits_surely, limit_of
from publer_sync.rules.media import judge_file
from publer_sync.rules.rulebook import RULES, Case, Finding
from publer_sync.rules.words import judge_length, judge_links

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.content import Comment, Part
    from publer_sync.rules.rulebook import Rule


def judge_follow_ups(case: Case) -> Iterator[Finding]:
    content = case.content
    if content.thread:
        yield from _thread(case)
    if content.comments:
        yield from _comments(case)
    if content.share:
        yield from _share(case)


def _thread(case: Case) -> Iterator[Finding]:
    network = case.network
    if network.thread:
        yield from _parts(case, "thread", case.content.thread, "a part of a thread")
        return
    yield Finding(
        RULES["thread.network"],
        "thread",
        f"{case.label} has no threads",
        f"Use `comments`, or leave {network.code} out"
        if network.comments != "no"
        else f"Leave {network.code} out",
    )


def _comments(case: Case) -> Iterator[Finding]:
    network = case.network
    if network.comments == "no":
        yield Finding(
            RULES["comments.network"],
            "comments",
            f"Publer posts no comments on {case.label}",
            f"Take them away there: networks: {{{network.code}: {{comments: null}}}}",
        )
        return
    if network.comments == "open":
        yield Finding(
            RULES["comments.network"],
            "comments",
            f"Publer's documents do not say whether comments work on {case.label}",
            "Look at the first one when it is due",
            soft=True,
        )
    yield from _parts(case, "comments", case.content.comments, "a comment")


def _parts(case: Case, key: str, parts: Sequence[Part | Comment], what: str) -> Iterator[Finding]:
    """Parts of a thread are posts of their own, and so are comments where there are threads: each is judged as one."""
    for number, part in enumerate(parts):
        if part.text:
            limit = limit_of(case.post.account, Content(part.text, media=part.media))
            yield from _words(case, f"{key}/{number}/text", part.text, limit)
        if part.media:
            yield from _media(case, f"{key}/{number}/media", RULES[f"{key}.media"], what)


def _words(case: Case, path: str, text: str, limit: int) -> Iterator[Finding]:
    network = case.network
    if network.thread:
        if not fits_surely(text, network.key, limit):
            yield from judge_length(case, path, text, limit)
        yield from judge_links(case, path, text)
    elif len(text) > (most := network.text.soft_limit or limit):
        # No document says how long a comment may be there: longer than a post it hardly is.
        yield Finding(
            RULES["{network}.text.length"],
            path,
            f"a comment of {len(text)} characters; {case.label} takes {most} in a post, in a comment maybe fewer",
            "Shorten it, or make two of it",
            soft=True,
        )


def _media(case: Case, path: str, rule: Rule, what: str) -> Iterator[Finding]:
    """Publer takes one picture or video there, and has no place for its description."""
    pieces = [piece for piece in case.parts if piece.path.startswith(f"{path}/")]
    said = way = ""
    if len(pieces) > 1:
        said, way = f"{what} takes one picture or video, here are {len(pieces)}", "Keep one"
    elif pieces[0].kind == "document":
        said = f"{what} takes one picture or video, {pieces[0].name} is neither"
        way = "Save its pages as pictures, or show it in a post of its own"
    for piece in pieces:
        if piece.said.alt:
            yield Finding(
                RULES[f"{path.partition('/')[0]}.alt"],
                f"{piece.path}/alt",
                f"the description of {piece.name} is not sent: Publer takes none for {what}",
                "Say in the words what is to be seen, or show it in the post itself",
            )
    if said:
        yield Finding(rule, path, said, way)
    elif case.network.thread:
        for piece in pieces:
            yield from judge_file(replace(case, type=piece.kind), piece)


def _share(case: Case) -> Iterator[Finding]:
    share, network = case.content.share, case.network
    if not network.share:
        yield Finding(
            RULES["share.network"],
            "share",
            f"Publer does not share posts of {case.label}",
            f"Take it away there: networks: {{{network.code}: {{share: null}}}}",
        )
    elif case.content.network.get("reminder") is True:
        yield Finding(
            RULES["share.reminder"],
            "share",
            "a reminder cannot be shared: nothing is published by Publer",
            "Take one of the two away",
        )
    elif network.key == "google" and not (case.post.text or (share and share.text)):
        yield Finding(
            RULES["share.text"], "share", "sharing a Google Business post needs words", "share:\n  text: …"
        )
