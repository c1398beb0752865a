"""Asks the pages that new posts wait for, for apply and release, each once in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.planning.plan import awaited_page
from publer_sync.values.errors import Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from publer_sync.checking.links import LinkChecker
    from publer_sync.commands.running.progress import ProgressLine
    from publer_sync.planning.allow import Allow
    from publer_sync.planning.plan import Plan

UNASKED: Final = "could not be asked now"
MOST_SECONDS: Final = 300.0
"""For all pages of a run: posts that wait for none must not be late because of a slow site."""


class Pages:
    """The pages of one command, over all its calendars."""

    def __init__(self) -> None:
        self._checker: LinkChecker | None = None

    def unanswered(
        self, plan: Plan, allow: Allow, progress: ProgressLine, stop: Callable[[], bool]
    ) -> Mapping[str, str]:
        """What is wrong with each page that does not answer yet, of those that what is tried waits for.

        Pages of the soonest posts are asked first. Raises Interrupted if someone asks to stop.
        """
        tried = sorted(filter(allow.passes, plan.changes), key=lambda change: change.at)
        urls = list(dict.fromkeys(filter(None, map(awaited_page, tried))))
        if not urls:
            return {}

        def go_on() -> None:
            if stop():
                raise Interrupted("stopped, as asked, before anything was sent")

        def tell(done: int, of: int) -> None:
            progress("pages", f"{done:,} of {of:,} asked")
            go_on()

        go_on()  # where all answer at once, nothing is told
        if self._checker is None:
            from publer_sync.checking.links import LinkChecker

            self._checker = LinkChecker(MOST_SECONDS)
        answers = self._checker.check(urls, tell)
        progress.close()
        return {
            url: UNASKED if answer is None else answer.problem
            for url, answer in answers.items()
            if answer is None or answer.problem
        }
