"""Whether accounts keep to their cadence. Weeks begin on Monday, in the calendar's time zone. Drafts do not count."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.rules.rulebook import RULES, problem
from publer_sync.values.problems import Help, Problem
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post
    from publer_sync.values.policies import Cadence, Pace

MANY: Final = "cadence.many"
FEW: Final = "cadence.few"
QUIET: Final = "cadence.quiet"
HOURS: Final = "cadence.hours"
_WEEK: Final = timedelta(days=7)
_LISTED: Final = 4


class Rhythm:
    """The posts that count, by day."""

    def __init__(self, posts: Iterable[Post], cadence: Cadence, zone: tzinfo) -> None:
        self.cadence, self.zone = cadence, zone
        counting = sorted((post for post in posts if not post.draft), key=lambda post: post.at)
        self.days = [(post.at.astimezone(zone).date(), post) for post in counting]
        self.of: dict[str, list[tuple[date, Post]]] = {alias: [] for alias in cadence.paces}
        for day, post in self.days:
            if post.account.alias in self.of:
                self.of[post.account.alias].append((day, post))

    def check_posts(self) -> Iterator[tuple[Post, PostProblem]]:
        """The posts on quiet days, and the first one too many in each week. Those that silence the rule do not count."""
        for day, post in self.days:
            if day.weekday() in self.cadence.quiet:
                yield post, problem(QUIET, "at", f"{_name(day)} is a quiet day", "Choose another day")
        for _, post in self.days:
            hours = self.cadence.hours.get(post.account.alias or "")
            local = post.at.astimezone(time_zone(post.zone) if post.zone else self.zone).time()
            if hours is not None and local not in hours:
                related = ((hours.location, "the hours"),)
                message = f"{local:%H:%M} is outside the hours of {post.account.alias}, {hours}"
                yield post, problem(HOURS, "at", message, "Choose another time of day", related=related)
        for alias, posts in self.of.items():
            weeks: dict[date, list[Post]] = defaultdict(list)
            for day, post in posts:
                if MANY not in post.ignore:
                    weeks[_monday(day)].append(post)
            pace = self.cadence.paces[alias]
            for monday, those in weeks.items():
                if pace.most is not None and len(those) > pace.most:
                    yield those[pace.most], _too_many(alias, those, pace, monday)

    def check_weeks(self, now: datetime | None) -> Iterator[Problem]:
        """The accounts with too few posts in a whole week between the first and the last post, from `now` on.

        An account is silenced where all of its posts are.
        """
        if not self.days:
            return
        first, last = self.days[0][0], self.days[-1][0]
        start = max(first, now.astimezone(self.zone).date()) if now is not None else first
        monday = _monday(start + timedelta(days=6))
        whole = [monday + number * _WEEK for number in range((last - monday).days // 7 + 1)]
        whole = [each for each in whole if each + timedelta(days=6) <= last]
        for alias, posts in self.of.items():
            pace = self.cadence.paces[alias]
            weeks = Counter(_monday(day) for day, _ in posts)
            few = [(each, weeks[each]) for each in whole if weeks[each] < pace.least]
            if few and not (posts and all(FEW in post.ignore for _, post in posts)):
                yield _too_few(alias, pace, few, len(whole))


def _too_many(alias: str, posts: Sequence[Post], pace: Pace, monday: date) -> PostProblem:
    over = posts[pace.most or 0 :]
    listed = _listed([str(post.location) for post in over])
    number = "1 post" if len(posts) == 1 else f"{len(posts)} posts"
    message = f"{number} on {alias} in the week of {_name(monday)}; its cadence is {pace}"
    related = ((pace.location, "the cadence"),)
    return problem(MANY, "at", message, f"Move to another week: {listed}", related=related)


def _too_few(alias: str, pace: Pace, weeks: Sequence[tuple[date, int]], of: int) -> Problem:
    listed = _listed([f"{_name(monday)} ({number})" for monday, number in weeks])
    share = f"{len(weeks)} of {of} weeks" if of > 1 else "the only whole week"
    message = f"too few posts on {alias} in {share}; its cadence is {pace}"
    say = f"Add posts in the {'week' if len(weeks) == 1 else 'weeks'} of {listed}"
    return Problem(RULES[FEW].severity, FEW, message, pace.location, Help(say))


def _listed(items: Sequence[str]) -> str:
    more = f" and {len(items) - _LISTED} more" if len(items) > _LISTED else ""
    return f"{', '.join(items[:_LISTED])}{more}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _name(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
