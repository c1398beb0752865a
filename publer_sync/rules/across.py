"""What shows only when the posts of an account stand side by side: daily caps, the same words again."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.networks.table import NETWORKS
from publer_sync.rules.rulebook import RULES, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from publer_sync.model import Post
    from publer_sync.networks.limits import Cap

DAY: Final = timedelta(hours=24)
AGAIN: Final = timedelta(hours=48)
"""Within this time the same words on X are worth a look.

X refuses them "for a while" and says no figure; who posts through it says 12 hours, and two days hold a margin.
"""


@dataclass(frozen=True, slots=True)
class Across:
    """A finding about several posts; it stands at `post`, the first that is too much."""

    post: Post
    finding: Finding


def judge_calendar(posts: Sequence[Post]) -> Iterator[Across]:
    """Drafts and posts that silence the rule do not count."""
    known = [post for post in posts if post.account.provider in NETWORKS and not post.draft]
    known.sort(key=lambda post: post.at)
    yield from _caps(post for post in known if "day.cap" not in post.ignore)
    yield from _again(post for post in known if post.account.provider == "twitter" and post.text)


def _caps(posts: Iterable[Post]) -> Iterator[Across]:
    """Publer counts any 24 hours in UTC; a post over the cap does not go out, so it does not count for the next one."""
    taken: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)
    over: dict[tuple[str, str], list[Post]] = defaultdict(list)
    for post in posts:
        cap = _cap(post)
        key = post.account.id, cap.what
        window = taken[key]
        while window and window[0] <= post.at - DAY:
            window.popleft()
        if len(window) < _most(cap, post):
            window.append(post.at)
        else:
            over[key].append(post)
    for late in over.values():
        for group in _by_day(late):
            yield _capped(group)


def _cap(post: Post) -> Cap:
    network, kind = NETWORKS[post.account.provider], post.content.type
    if len(network.caps) == 1:
        return network.caps[0]
    return network.cap_for(kind)


def _most(cap: Cap, post: Post) -> int:
    """A LinkedIn page may post more than a profile; where the account's kind is unknown the smaller figure warns."""
    if cap.page_limit and "page" in (post.account.type or "").lower():
        return cap.page_limit
    return cap.limit


def _by_day(posts: Sequence[Post]) -> Iterator[list[Post]]:
    group: list[Post] = []
    for post in posts:
        if group and post.at - group[0].at >= DAY:
            yield group
            group = []
        group.append(post)
    yield group


def _capped(group: Sequence[Post]) -> Across:
    first, cap = group[0], _cap(group[0])
    most = _most(cap, first)
    who = first.account.alias or first.account.name
    more = f"; {cap.page_limit} on a page" if cap.page_limit and most == cap.limit else ""
    finding = Finding(
        RULES["day.cap"],
        "",
        f"{most + len(group)} {cap.what} on {who} in 24 hours; Publer lets {most} through{more}",
        "Move some to another day; over are: "
        + ", ".join(_name(post) for post in group[:5])
        + (f" and {len(group) - 5} more" if len(group) > 5 else ""),
        related=tuple((post.location, "over too") for post in group[1:5]),
    )
    return Across(first, finding)


def _name(post: Post) -> str:
    return f"{post.at:%a %d %b %H:%M} UTC ({post.location})"


def _again(posts: Iterable[Post]) -> Iterator[Across]:
    before: dict[str, Post] = {}
    for post in posts:
        words = " ".join(post.text.casefold().split())
        earlier = before.get(words)
        before[words] = post
        if earlier is None or post.at - earlier.at >= AGAIN:
            continue
        who = earlier.account.alias or earlier.account.name
        days = (post.at - earlier.at).days
        ago = f"{days} day{'s' if days != 1 else ''} before" if days else "within a day"
        finding = Finding(
            RULES["text.again"],
            "text",
            f"the same words went to {who} {ago} ({earlier.place('text')}); X may refuse them",
            "Say it in other words",
            related=((earlier.place("text"), "the first time"),),
        )
        yield Across(post, finding)
