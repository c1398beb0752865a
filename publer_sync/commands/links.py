"""The links of posts that are ahead, asked over the network: for `validate --links` and the drift of the Action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.expand import sorted_problems
from publer_sync.commands.progress import ProgressLine
from publer_sync.problems import Help, Problem
from publer_sync.render.wording import count
from publer_sync.rules.judging import judge_links
from publer_sync.rules.links import DEAD, links_of

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.calendar.load import Calendar
    from publer_sync.checking.links import LinkChecker


def dead_links(calendar: Calendar, checker: LinkChecker, *, now: datetime) -> tuple[Problem, ...]:
    """A warning for every link that is dead, and one for those that could not be asked; soonest posts are asked first."""
    ahead = [post for post in calendar.desired.posts if post.at > now and DEAD not in post.ignore]
    ahead.sort(key=lambda post: post.at)
    urls = list(dict.fromkeys(link.url for post in ahead for link in links_of(post)))
    with ProgressLine() as progress:
        answers = checker.check(urls, lambda done, of: progress("links", f"{done:,} of {of:,} asked"))
    dead = {url: answer for url, answer in answers.items() if answer is not None and answer.problem}
    problems = judge_links(ahead, dead)
    if unasked := [url for url, answer in answers.items() if answer is None]:
        problems.append(_unasked(len(unasked), len(urls), unasked[0]))
    return tuple(sorted_problems(problems))


def _unasked(number: int, of: int, first: str) -> Problem:
    message = f"{number:,} of {count(of, 'link')} could not be asked, such as {first}"
    return Problem("warning", "link.unasked", message, help=Help("Run it again later, or check the network"))
