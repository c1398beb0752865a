"""The page, and the cards of single posts, as they are on it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Final

from publer_sync.previewing.cards import kinds_of, labels_of
from publer_sync.previewing.html import numbered_chips, render_about, render_card
from publer_sync.previewing.outline import networks_with_several, outline_of
from publer_sync.previewing.page import PagePart, PreviewPage
from publer_sync.previewing.previewed import preview_of
from publer_sync.render.post.subjects import figures
from publer_sync.studio.part import date_of, days_around, first_day, seen_places
from publer_sync.studio.shelf import ServedThumbnails

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from publer_sync.previewing.page import Card, PreviewedCalendar
    from publer_sync.studio.documents import CardRow
    from publer_sync.studio.open_calendar import OpenCalendar
    from publer_sync.values.problems import Location, Problem


_TAG: Final = re.compile("<[^>]*>")
LARGE: Final = 1000
"""Posts from which on the page begins with those that are seen."""


class Showing:
    """Shows the calendars that are open; `version` is that of the page."""

    def __init__(self, opened: Sequence[OpenCalendar], now: Callable[[], datetime]) -> None:
        self.opened, self.now = opened, now

    def page(self, version: int, view: str = "", day: str = "") -> PreviewPage:
        """Of a large calendar, what is seen on a day; without one, where there is something ahead."""
        if not self.is_large:
            made = tuple(self._previewed(each, each.snapshot.problems) for each in self.opened)
            return PreviewPage(made, max(1, version), studio=True)
        first = date_of(day) or first_day(self.opened, self.now(), view)
        start, until = days_around(first)
        places = [seen_places(each.snapshot, start, until) for each in self.opened]
        made = tuple(
            replace(
                self._previewed(each, (), those, beside=True), figures=figures(each.calendar.desired.posts)
            )
            for each, those in zip(self.opened, places, strict=True)
        )
        rest = sum(len(each.calendar.entries) for each in self.opened) - sum(map(len, places))
        posts = [post for each in self.opened for post in each.calendar.desired.posts]
        several, labels, kinds = networks_with_several(posts), labels_of(posts), kinds_of(posts)
        part = PagePart(start, until, first, rest, several, tuple(sorted(labels)), tuple(sorted(kinds)))
        return PreviewPage(made, max(1, version), studio=True, part=part)

    @property
    def is_large(self) -> bool:
        """Whether the page begins with what is seen, and asks for the rest."""
        return sum(len(each.calendar.entries) for each in self.opened) >= LARGE

    def outline(self) -> tuple[dict[str, list[CardRow]], str]:
        """What the page needs to know of each post that it does not show, and what there is to know apart from posts."""
        empty = tuple(self._previewed(each, (), set()) for each in self.opened)
        chips = numbered_chips(PreviewPage(empty, 1, studio=True))
        rows: dict[str, list[CardRow]] = {}
        about: list[PreviewedCalendar] = []
        for number, opened in enumerate(self.opened):
            outline = outline_of(
                opened.calendar, opened.snapshot.problems, keys=opened.keys.by_place, marking=opened.marking
            )
            for key, cards in outline.cards.items():
                rows[key] = [
                    [each.at, [str(chips[number, chip]) for chip in each.accounts], *each[2:]]
                    for each in cards
                ]
            about.append(self._previewed(opened, outline.elsewhere, set()))
        return rows, render_about(PreviewPage(tuple(about), 1, studio=True))

    def cards(
        self, opened: OpenCalendar, keys: Sequence[str], problems: Iterable[Problem]
    ) -> dict[str, list[str]]:
        """The cards of some posts of a calendar."""
        found: dict[str, list[str]] = {key: [] for key in keys}
        for card, page in self._some(opened, keys, problems):
            found[card.key].append(render_card(card, page, opened.number))
        return found

    def texts(self, keys: Sequence[str]) -> dict[str, list[list[str]]]:
        """The words on the cards of these posts, each with the time and the accounts by which its outline is known."""
        found: dict[str, list[list[str]]] = {}
        for opened in self.opened:
            known = [key for key in keys if key in opened.keys.entries]
            found |= {key: [] for key in known}
            for card, page in self._some(opened, known, opened.snapshot.problems):
                chips = numbered_chips(page)
                at = f"{card.at:%Y-%m-%dT%H:%M}" if card.at else ""
                accounts = " ".join(str(chips[opened.number, chip]) for chip in card.accounts)
                text = unescape(_TAG.sub("", render_card(card, page, opened.number)))
                found[card.key].append([at, accounts, text])
        return found

    def _some(
        self, opened: OpenCalendar, keys: Sequence[str], problems: Iterable[Problem]
    ) -> list[tuple[Card, PreviewPage]]:
        """The cards of some posts of a calendar, each with a page that it could be on."""
        if not keys:
            return []
        only, known = {opened.keys.entries[key].place for key in keys}, {*keys}
        calendars = tuple(
            self._previewed(each, problems, only) if each is opened else self._previewed(each, (), set())
            for each in self.opened
        )
        page = PreviewPage(calendars, 1, studio=True)
        return [(card, page) for card in calendars[opened.number].cards if card.key in known]

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
