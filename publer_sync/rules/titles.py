"""The rule about titles that nobody would see: on none of a post's accounts is it published with one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from publer_sync.networks.table import NETWORKS
from publer_sync.rules.rulebook import problem
from publer_sync.rules.text import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post
    from publer_sync.values.problems import Location


def check_titles(posts: Sequence[Post]) -> Iterator[tuple[Post, PostProblem]]:
    """A title that is written once for several accounts is fine if one of them shows it."""
    by_place: dict[Location, list[Post]] = defaultdict(list)
    for post in posts:
        if post.content.title and post.account.provider in NETWORKS:
            by_place[post.place("title")].append(post)
    for group in by_place.values():
        if any(NETWORKS[post.account.provider].takes_title(post.content.type) for post in group):
            continue
        for post in group:
            network = NETWORKS[post.account.provider]
            kind = f" of type {post.content.type}" if network.title is not None else ""
            message = f'{network.label} shows no title on posts{kind}: "{excerpt(post.content.title)}" would be lost'
            yield post, problem("title.network", "title", message, "Put the words in the text")
