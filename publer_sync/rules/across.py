"""Rules about an account's posts together: daily caps, and the same text again."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.networks.table import NETWORKS
from publer_sync.rules.rulebook import problem
from publer_sync.values.alike import AGAIN, AGAIN_ON_X, folded
from publer_sync.values.timezones import apart, time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from publer_sync.networks.limits import Cap
    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post

DAY: Final = timedelta(hours=24)


def check_together(posts: Sequence[Post]) -> Iterator[tuple[Post, PostProblem]]:
    """Each problem, with the first post that is too many. Drafts and posts that silence the rule do not count."""
    known = [post for post in posts if post.account.provider in NETWORKS and not post.draft]
    known.sort(key=lambda post: post.at)
    yield from _caps(post for post in known if "day.cap" not in post.ignore)
    yield from _again(post for post in known if post.text)


def _caps(posts: Iterable[Post]) -> Iterator[tuple[Post, PostProblem]]:
    """Publer counts any 24 hours. A post over the cap is not published, so it does not count for the next one."""
    taken: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)
    over: dict[tuple[str, str], list[Post]] = defaultdict(list)
    kinds: dict[tuple[str, str], tuple[tuple[str, str], int]] = {}
    for post in posts:
        account, at = post.account, post.at
        kind = account.id, post.content.type
        if kind not in kinds:
            cap = _cap(post)
            kinds[kind] = (account.id, cap.what), _most(cap, post)
        key, most = kinds[kind]
        window = taken[key]
        while window and window[0] <= at - DAY:
            window.popleft()
        if len(window) < most:
            window.append(at)
        else:
            over[key].append(post)
    for late in over.values():
        for group in _by_day(late):
            yield group[0], _over_cap(group)


def _cap(post: Post) -> Cap:
    return NETWORKS[post.account.provider].cap_for(post.content.type)


def _most(cap: Cap, post: Post) -> int:
    """A LinkedIn page may post more than a profile; if the account's kind is unknown, the smaller figure counts."""
    if cap.page_limit and "page" in (post.account.type or "").lower():
        return cap.page_limit
    return cap.lowest


def _by_day(posts: Sequence[Post]) -> Iterator[list[Post]]:
    group: list[Post] = []
    for post in posts:
        if group and post.at - group[0].at >= DAY:
            yield group
            group = []
        group.append(post)
    yield group


def _over_cap(group: Sequence[Post]) -> PostProblem:
    first, cap = group[0], _cap(group[0])
    most = _most(cap, first)
    page = f" ({cap.page_limit} on a page)" if cap.page_limit and most == cap.limit else ""
    if cap.anti_spam:
        page = f" ({cap.limit} by the page of its API, {cap.anti_spam} by its article on spam)"
    listed = ", ".join(f"{post.at:%a %d %b %H:%M} UTC ({post.location})" for post in group[:5])
    more = f" and {len(group) - 5} more" if len(group) > 5 else ""
    related = tuple((post.location, "also over the limit") for post in group[1:5])
    message = f"{most + len(group)} {cap.what} on {_name(first)} in 24 hours; Publer allows {most}{page}"
    fix = f"Move these to another day: {listed}{more}"
    return problem("day.cap", "", message, fix, related=related)


def _again(posts: Iterable[Post]) -> Iterator[tuple[Post, PostProblem]]:
    """The last post with the same words before each one, on the same account; on X within two days on any account too.

    The posts of a series are meant to be the same, but X refuses them anyway.
    """
    before: dict[tuple[str, str], Post] = {}
    words: dict[str, str] = {}
    for post in posts:
        text = post.text
        if text not in words:
            words[text] = folded(text)
        on_x = post.account.provider == "twitter"
        places = {post.account.id: _is_again}
        if on_x:
            places["x"] = _is_again_on_x
        found: Post | None = None
        for place, is_again in places.items():
            earlier = before.get((place, words[text]))
            before[place, words[text]] = post
            if earlier is not None and is_again(earlier, post):
                found = earlier if found is None or earlier.at > found.at else found
        if found is None:
            continue
        if found.location != post.location:
            yield post, _told_again(found, post)
        elif on_x and _is_again_on_x(found, post):
            yield post, _told_of_one(found, post)


def _is_again(earlier: Post, post: Post) -> bool:
    return _since(earlier, post) < AGAIN


def _is_again_on_x(earlier: Post, post: Post) -> bool:
    return post.at - earlier.at < AGAIN_ON_X


def _since(earlier: Post, post: Post) -> timedelta:
    """How long after the earlier one it is published, by the clock of its own file."""
    return apart(earlier.at, post.at, time_zone(post.zone) if post.zone else UTC)


def _told_again(earlier: Post, post: Post) -> PostProblem:
    days = _since(earlier, post).days
    ago = f"{days} day{'s' * (days > 1)} before" if days else "less than a day before"
    on_x = post.account.provider == "twitter"
    doubt = "; X may refuse it" if on_x and _is_again_on_x(earlier, post) else ""
    first, path = earlier.place("text"), "text"
    if post.use is not None and first == post.place("text"):  # the words of two uses stand in one place
        first, path = earlier.location, ""
    message = f"the same text is published on {_name(earlier)} {ago} ({first}){doubt}"
    say = "Change a word. If it is intended, write one post with `repeat`, or silence this under `ignore` with a reason"
    if not path:
        say = "Move it, use another `variant`, or silence this under `ignore` with a reason"
    elif doubt:
        say = "Change a word, or silence this under `ignore` with a reason"
    return problem("text.again", path, message, say, related=((first, "the first time"),))


def _told_of_one(earlier: Post, post: Post) -> PostProblem:
    """One post of the calendar, on two accounts on X or several times within the days in which X refuses it."""
    if earlier.account.id == post.account.id:
        message = "this post repeats within 48 hours, and X may refuse the same text again so soon"
        return problem("text.again", "text", message, "Repeat it less often, or silence this under `ignore`")
    message = f"X may refuse the same text on two accounts: {_name(earlier)} and {_name(post)}"
    say = "Give one of them another text under `accounts`, or silence this under `ignore` with a reason"
    return problem("text.again", "text", message, say)


def _name(post: Post) -> str:
    return post.account.alias or post.account.name
