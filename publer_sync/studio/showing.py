"""The page, and the cards of single posts, as they are on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.previewing.html import render_card
from publer_sync.previewing.page import PreviewPage
from publer_sync.previewing.previewed import preview_of
from publer_sync.studio.shelf import ServedThumbnails

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from publer_sync.previewing.page import PreviewedCalendar
    from publer_sync.studio.open_calendar import OpenCalendar
    from publer_sync.values.problems import Location, Problem


class Showing:
    """Shows the calendars that are open; `version` is that of the page."""

    def __init__(self, opened: Sequence[OpenCalendar], now: Callable[[], datetime]) -> None:
        self.opened, self.now = opened, now

    def page(self, version: int) -> PreviewPage:
        made = tuple(self._previewed(each, each.snapshot.problems) for each in self.opened)
        return PreviewPage(made, max(1, version), studio=True)

    def cards(
        self, opened: OpenCalendar, keys: Sequence[str], problems: Iterable[Problem]
    ) -> dict[str, list[str]]:
        """The cards of some posts of a calendar."""
        only = {opened.keys.entries[key].place for key in keys}
        calendars = tuple(
            self._previewed(each, problems, only) if each is opened else self._previewed(each, (), set())
            for each in self.opened
        )
        page = PreviewPage(calendars, 1, studio=True)
        found: dict[str, list[str]] = {key: [] for key in keys}
        number = self.opened.index(opened)
        for card in calendars[number].cards:
            if card.key in found:
                found[card.key].append(render_card(card, page, number))
        return found

    def beside(self, opened: OpenCalendar) -> list[str]:
        """The cards of what is in no file of a calendar: removed posts, and those not managed here."""
        made = tuple(self._previewed(each, (), set(), beside=each is opened) for each in self.opened)
        page, number = PreviewPage(made, 1, studio=True), self.opened.index(opened)
        return [render_card(card, page, number) for card in made[number].cards]

    def _previewed(
        self,
        opened: OpenCalendar,
        problems: Iterable[Problem],
        only: Collection[Location] | None = None,
        *,
        beside: bool = False,
    ) -> PreviewedCalendar:
        """With `only`, the cards of the posts at these places, and `beside` them those of what is in no file."""
        calendar, marking = opened.calendar, opened.marking
        posts = calendar.desired.posts if only is None else opened.snapshot.posts_at(only)
        return preview_of(
            calendar,
            posts,
            problems,
            ServedThumbnails(opened.shelf),
            now=self.now(),
            keys=opened.keys.by_place,
            only=only,
            signed=opened.snapshot.signed,
            marking=marking if only is None or beside else replace(marking, gone=(), outside=()),
        )
