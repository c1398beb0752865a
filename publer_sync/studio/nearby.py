"""What a change can affect, judged alone: with thousands of posts, nobody waits until all of them are judged again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.expand import sorted_problems
from publer_sync.rules.judging import judge, judge_texts, judge_words
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.alike import AGAIN

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from publer_sync.calendar.expand import Placed
    from publer_sync.studio.open_calendar import Snapshot
    from publer_sync.values.problems import Location, Problem

REACH: Final = AGAIN + timedelta(days=2)
"""How far from its minute a post can matter to another: the longest that a rule looks, and the caps of the days at its ends."""


@dataclass(frozen=True, slots=True)
class Vicinity:
    """What a change is about: the `files` that it writes, and when its posts were and will be."""

    files: Collection[str]
    moments: Collection[datetime]

    def problems(self, snapshot: Snapshot, touched: Collection[Location]) -> tuple[Problem, ...]:
        """What is wrong near the change: all that its files say by themselves, and what rules say of the posts around.

        Budgets and the weeks of a cadence are left out: they are warnings about the whole calendar.
        """
        calendar = snapshot.calendar
        found = [
            each
            for each in calendar.problems
            if each.code == "id.twice" or (each.location is not None and each.location.file in self.files)
        ]
        for spread in calendar.spreads:
            if spread.entry.document.file in self.files:
                found += spread.problems
                found += [problem for placed in spread.placed for problem in placed.problems]
        windows = _windows(self.moments)

        def is_near(placed: Placed) -> bool:
            for moment in placed.moments:
                for start, end in windows:
                    if moment.at is not None and start <= moment.at <= end:
                        return True
            return placed.entry.place in touched

        desired, settings = calendar.some(is_near), calendar.settings
        quiet = replace(settings.cadence, paces={})
        less = replace(settings, budgets=(), cadence=quiet)
        found += [each for each in desired.problems if each not in found]
        found += judge(desired.posts, now=snapshot.now, settings=less)
        for post in desired.unplaced:
            found += judge([post])
        found += judge_texts(desired.partial)
        found += judge_words(desired.waiting, settings)
        return sorted_problems(found)


def _windows(moments: Collection[datetime]) -> list[tuple[datetime, datetime]]:
    """The spans around the moments, those that touch as one."""
    spans: list[tuple[datetime, datetime]] = []
    for at in sorted(moments):
        if spans and at - REACH <= spans[-1][1]:
            spans[-1] = (spans[-1][0], at + REACH)
        else:
            spans.append((at - REACH, at + REACH))
    return spans
