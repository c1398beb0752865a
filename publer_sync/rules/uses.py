"""Whether the uses of stored posts keep to what `evergreen` says. Drafts count: they are meant to be published."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from publer_sync.rules.rulebook import problem
from publer_sync.values.alike import folded
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post


def check_uses(posts: Sequence[Post]) -> Iterator[tuple[Post, PostProblem]]:
    """Each problem, with the use that has it: the later one of two. What has no time is none yet."""
    uses: dict[tuple[str, str], list[Post]] = defaultdict(list)
    for post in posts:
        if (
            post.use is not None and post.at.timestamp()
        ):  # not the start of 1970: it waits for a slot, or is in store
            uses[post.account.id, post.use.stored].append(post)
    had: dict[tuple[str, str], Post] = {}
    for (_, stored), those in uses.items():
        those.sort(key=lambda post: post.at)
        for number, post in enumerate(those):
            yield from ((post, each) for each in _of_pause(stored, post, those[number - 1 : number]))
            yield from ((post, each) for each in _of_end(stored, post, number + 1))
    for post in sorted((post for those in uses.values() for post in those), key=lambda post: post.at):
        if post.account.provider != "twitter" or post.use is None or not (words := folded(post.text)):
            continue
        earlier = had.setdefault((post.use.stored, words), post)
        if earlier is not post and earlier.location != post.location:
            message = f"X has had these words of `{post.use.stored}` on {day_name(local_day(earlier))}"
            say = "Name another `variant`, add one to the stored post, or leave X out of `accounts`"
            related = ((earlier.location, "that use"),)
            yield post, problem("use.words", "", message, say, related=related)


def _of_pause(stored: str, post: Post, before: Sequence[Post]) -> Iterator[PostProblem]:
    evergreen = post.use.evergreen if post.use else None
    for earlier in before if evergreen is not None else ():
        days = (local_day(post) - local_day(earlier)).days
        if evergreen is not None and days < evergreen.every.days:
            ago = f"{days} day{'s' * (days != 1)} before" if days else "on the same day"
            message = f"`{stored}` is used {ago} too; its uses are {evergreen.pause} apart"
            later = local_day(earlier) + evergreen.every
            say = f"Move it to {day_name(later)} or later, or use another stored post"
            yield problem("use.soon", "", message, say, related=((earlier.location, "the use before"),))


def _of_end(stored: str, post: Post, number: int) -> Iterator[PostProblem]:
    evergreen = post.use.evergreen if post.use else None
    if evergreen is None:
        return
    if evergreen.times is not None and number > evergreen.times:
        message = f"this is use {number} of `{stored}`; its `times` is {evergreen.times}"
        yield problem("use.often", "", message, "Remove it, or raise `times` of the stored post")
    if not evergreen.allows(local_day(post)):
        end = evergreen.last if evergreen.last and local_day(post) > evergreen.last else evergreen.first
        word = "after" if end == evergreen.last else "before"
        key = "until" if word == "after" else "from"
        message = f"this use of `{stored}` is {word} its `{key}`, {end}"
        yield problem("use.outside", "", message, f"Move it, or change `{key}` of the stored post")


def local_day(post: Post) -> date:
    """The day of a post in the time zone of its file."""
    return post.at.astimezone(time_zone(post.zone or "UTC")).date()


def day_name(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
