"""What git knows of the calendars that are open: the branch, what differs, and how that is put up for review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.studio.last_commit import LastCommit
from publer_sync.studio.repository import CalendarRepository
from publer_sync.studio.review import back_to_default, branch_data, put_up
from publer_sync.studio.since import NO_BRANCH, since_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.studio.documents import BranchData, ReviewAnswer, SinceAnswer
    from publer_sync.studio.open_calendar import OpenCalendar
    from publer_sync.studio.orders import ReviewRequest


class GitSide:
    """The last commit of each calendar, as it was when it was last asked."""

    def __init__(self, opened: Sequence[OpenCalendar]) -> None:
        self.opened = opened
        self.commits = [LastCommit(each) for each in opened]
        self._known: tuple[CalendarRepository, tuple[tuple[str, int], ...], BranchData] | None = None

    def ask(self) -> None:
        for commit in self.commits:
            commit.ask()

    @property
    def changed(self) -> int:
        """How many files differ from the last commit."""
        return sum(len(each.differing()) for each in self.commits)

    @property
    def branch(self) -> BranchData:
        """Where one stands; git is asked only where something of it changed."""
        if self._known is not None and (stamp := self._known[0].stamp()) and stamp == self._known[1]:
            return self._known[2]
        here = CalendarRepository.of(self.opened[0].top)
        if here is None:
            return NO_BRANCH
        self._known = (here, here.stamp(), branch_data(here))
        return self._known[2]

    def since(self, day: str) -> SinceAnswer:
        return since_answer(self.commits, day)

    def put_up(self, day: str, request: ReviewRequest) -> tuple[ReviewAnswer | None, str]:
        self.ask()
        return put_up(self.commits, day, request.line, request.mark)

    def back_to_default(self) -> tuple[ReviewAnswer | None, str]:
        return back_to_default(self.opened[0].top)
