"""`publer-sync validate`: everything that can be checked without a key and, except for `--links`, without the network."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from publer_sync.calendar.expand import sorted_problems
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.commands.running.shared import prefix
from publer_sync.commands.running.views import VALIDATE
from publer_sync.machine.clock import Clock
from publer_sync.render import problems as problems_page
from publer_sync.render.layout.wording import count
from publer_sync.render.post.subjects import figures
from publer_sync.rules.judging import judge_links
from publer_sync.rules.links import DEAD, addresses_of
from publer_sync.values.printable import one_line
from publer_sync.values.problems import Help, Problem, errors_in, path_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.checking.links import LinkChecker
    from publer_sync.commands.fix import FixRequest
    from publer_sync.commands.running.views import View
    from publer_sync.render.several import Ending


def run(
    calendars: Sequence[Path],
    *,
    changed_since: str | None,
    style: str,
    strict: bool,
    links: bool = False,
    fix: FixRequest | None = None,
    verbose: bool = False,
) -> int:
    frame = Frame.of(
        calendars, Choice(), style=style, views=VALIDATE, changed_since=changed_since, offline=True
    )
    checker = _link_checker() if links else None
    validate = partial(end, view=frame.view, strict=strict, links=checker, verbose=verbose)
    if fix is not None:
        from publer_sync.commands import fix as fixing

        return fixing.run(frame, fix, validate)
    return frame.run(lambda top: validate(frame.load(top)), doing="validate")


def _link_checker() -> LinkChecker:
    """One for all calendars, so that each address is asked only once."""
    from publer_sync.checking.links import LinkChecker

    return LinkChecker()


def problems_of(calendar: Calendar, *, strict: bool, links: LinkChecker | None = None) -> Sequence[Problem]:
    """What is wrong now; with `strict` every warning is an error."""
    now = Clock().now()
    problems: Sequence[Problem] = calendar.judge(calendar.desired, now=now)
    if links is not None:
        problems = sorted_problems([*problems, *dead_links(calendar, links, now=now)])
    if strict:
        return [replace(problem, severity="error") for problem in problems]
    return problems


def dead_links(calendar: Calendar, checker: LinkChecker, *, now: datetime) -> tuple[Problem, ...]:
    """A warning for each dead link, and one for all that could not be asked. Links of the soonest posts are asked first."""
    ahead = [post for post in calendar.desired.posts if post.at > now and DEAD not in post.ignore]
    ahead.sort(key=lambda post: post.at)
    urls = list(dict.fromkeys(link.url for post in ahead for link in addresses_of(post)))
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


def end(
    calendar: Calendar, *, view: View, strict: bool, links: LinkChecker | None = None, verbose: bool = False
) -> Ending:
    problems = problems_of(calendar, strict=strict, links=links)
    code = 3 if errors_in(problems) else 0
    line = problems_page.totals_line(problems, figures=figures(calendar.desired.posts, calendar.stored))
    left_out = _left_out(calendar) if verbose else ""
    return view.ending(
        code,
        line,
        problems,
        brief=not (problems or left_out),
        calendar=calendar,
        above=left_out,
        prefix=prefix(calendar.top),
        posts=calendar.posts,
        desired=len(calendar.desired.posts),
        stored=calendar.stored,
    )


def _left_out(calendar: Calendar) -> str:
    """Which rules of shared settings this calendar does without."""
    if (replaced := calendar.settings.replaced_words) is None:
        return ""
    rules = count(replaced.number, "rule")
    file = one_line(path_in(prefix(calendar.top), replaced.location.file))
    return f"{file}:{replaced.location.line}: `replace: true` leaves out {rules} of `words` in shared settings.\n\n"
