"""The pages of a calendar with everything in it, an element a line: `python -m tests.stored previewing` writes them."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from unittest import mock

from publer_sync.planning.publication import Days
from publer_sync.previewing import html
from publer_sync.previewing.addresses import Addresses
from publer_sync.previewing.cards import link_of
from publer_sync.previewing.marking import Marker, Marking
from publer_sync.previewing.outline import networks_with_several, outline_of
from publer_sync.previewing.page import PagePart, PreviewPage
from publer_sync.previewing.previewed import preview_of, unshown
from publer_sync.previewing.published import ResultsPage, results_of
from publer_sync.previewing.texts import text_of, whole_text
from publer_sync.previewing.thumbnails import Thumbnails
from publer_sync.rules.budget import Spending
from publer_sync.values.problems import Problem
from publer_sync.values.timezones import time_zone
from tests.builders import DAY, NOW
from tests.showcase.world import ACCOUNTS, Showcase, read_broken
from tests.stored import with_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.previewing.page import PreviewedCalendar

_LEFT_OUT = re.compile(r"(<(style|script)\b[^>]*>)(?!</).*?(</\2>)", re.DOTALL)
_HASH = re.compile(r"'sha256-[^']*'")
_DATA = re.compile(r"(data:[a-z]+/[a-z0-9]+;base64,)[\w+/=]+")
_ONCE = re.compile(r"^\.p\d+\{content.*$", re.MULTILINE)


def texts(folder: Path) -> Mapping[str, str]:
    with mock.patch.object(shutil, "which", return_value=None):  # the same on every machine
        show = _Show(folder)
        return {
            "preview.html": lines_of(html.render(show.marked)),
            "several.html": lines_of(html.render(show.several())),
            "broken.html": lines_of(html.render(PreviewPage((show.broken,)))),
            "review.html": lines_of(html.render(show.reviewed())),
            "studio.html": show.studio(),
            "results.html": lines_of(html.render_results(show.results())),
            "results-by-label.html": lines_of(html.render_results(show.grouped())),
        }


def lines_of(page: str) -> str:
    """An element a line, without scripts and styles; digests by numbers, equal ones by the same."""
    once = _ONCE.findall(page)
    page = _LEFT_OUT.sub(r"\1\3", page)
    page = _HASH.sub("'sha256-…'", _DATA.sub(r"\1…", page))
    page = with_numbers(page)
    broken = re.sub(r"\s*(<(?!/))", r"\n\1", page)
    kept = (line.strip() for line in broken.splitlines())
    pictures = [_DATA.sub(r"\1…", line) for line in once]
    return "\n".join([*filter(None, kept), *pictures]) + "\n"


class _Show:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.world = Showcase(folder / "calendar")

    def addresses(self) -> Addresses:
        return Addresses(
            line=lambda place: f"https://git.example/{place.file}#L{place.line}" if place.line % 2 else None,
            file=lambda path: f"https://git.example/{path.name}" if path.suffix != ".pdf" else None,
            gone=lambda _digest, name: f"https://git.example/old/{name}",
            review=lambda place: f"https://git.example/pull/1#{place.line}" if place.line % 3 else None,
        )

    def marker(self, thumbnails: Thumbnails) -> Marker:
        world = self.world
        return Marker(
            world.calendar.settings.timezone, NOW, thumbnails, world.posts, self.old, self.addresses()
        )

    def old(self, digest: str, name: str) -> bytes | None:
        """By its name, as the history of a repository has it."""
        return self.world.old_files.get(digest) if name.endswith((".png", ".mp4", ".pdf")) else None

    @cached_property
    def marked(self) -> PreviewPage:
        """What plan would do, on one page."""
        world, thumbnails = self.world, Thumbnails()
        by_id = {account.id: account for account in ACCOUNTS.values()}
        marking = self.marker(thumbnails).of_plan(world.plan, world.unmanaged, by_id)
        zone = time_zone(world.calendar.settings.timezone)
        without_place = Problem("warning", "clock", "the clock of this machine is wrong")
        page = preview_of(
            world.calendar,
            world.posts,
            [*world.calendar.judge(world.calendar.desired, now=NOW), without_place],
            thumbnails,
            now=NOW,
            marking=marking,
            addresses=self.addresses(),
            old=self.old,
            budgets=Spending(world.posts, (), world.calendar.settings.budgets, zone).left(NOW),
            signed=world.signed,
        )
        return PreviewPage((page,))

    def several(self) -> PreviewPage:
        """Some posts of it beside a calendar with errors, and one that cannot be shown, where they are served."""
        world = self.world
        some = [post for post in world.posts if post.id in ("kept", "partly", "fades", "far", "film")]
        shown = preview_of(
            world.calendar, some, (), Thumbnails(), now=NOW, filtered=True, signed=world.signed
        )
        fed = replace(shown, feed="calendar.ics")
        gone = unshown("gone", "It cannot be read.", NOW)
        return PreviewPage((fed, self.broken, gone), version=7, results="results.html")

    @cached_property
    def broken(self) -> PreviewedCalendar:
        calendar: Calendar = read_broken(self.folder / "broken")
        marking = Marking(source="Not compared with Publer: the calendar has errors.")
        return preview_of(
            calendar,
            calendar.desired.posts,
            calendar.judge(calendar.desired, now=NOW),
            Thumbnails(),
            now=NOW,
            marking=marking,
        )

    def reviewed(self) -> PreviewPage:
        """What waits for Kari."""
        world, thumbnails = self.world, Thumbnails()
        waiting = [
            (post, asked)
            for post, asked in world.signed.waiting(NOW)
            if not {"kari", "legal"}.isdisjoint(asked.people)
        ]
        marking = self.marker(thumbnails).of_signoff(waiting, "Kari, Acme AS")
        page = preview_of(
            world.calendar,
            [post for post, _ in waiting],
            (),
            thumbnails,
            now=NOW,
            filtered=True,
            marking=marking,
            addresses=self.addresses(),
            old=self.old,
            signed=world.signed,
        )
        return PreviewPage((page,), reviewer="kari")

    def results(self) -> ResultsPage:
        """What was published, with figures, beside what the weeks before had."""
        world = self.world
        before = replace(world.results(since=NOW - DAY), publications=world.results().publications[-9:-4])
        found = replace(world.results(), before=before)
        return ResultsPage((results_of(found, Thumbnails(), addresses=self.addresses()),), "preview.html")

    def grouped(self) -> ResultsPage:
        """By label on a page with three other calendars: by account for ten days, one with few figures, and one with nothing."""
        world = self.world
        days = Days(NOW, NOW + 10 * DAY, NOW + 10 * DAY)
        few = replace(world.results("account"), days=days, calendar="calendar")
        few = replace(few, publications=tuple(one for one in few.publications if one.at in days)[:5])
        empty = replace(world.results(insights=False), publications=(), calendar="empty", unlisted=0)
        by_label = world.results("label", insights=False)
        labelled = tuple(
            one for one in by_label.publications if one.labels or one.id in (None, "stored@2026-12-18")
        )
        by_use = replace(by_label, publications=labelled[-4:], by="use")
        by_label = replace(by_label, publications=labelled[:-4], unlisted=2)
        pages = (results_of(each, Thumbnails()) for each in (by_label, by_use, few, empty))
        return ResultsPage(tuple(pages))

    def studio(self) -> str:
        """The first days, with what counts and filters the others, and what the studio asks for by itself."""
        world, calendar = self.world, self.world.calendar
        problems = calendar.judge(calendar.desired, now=NOW)
        keys = {entry.place: f"key-{number}" for number, entry in enumerate(calendar.entries)}
        thumbnails = Thumbnails()
        thumbnails.served = True
        by_id = {account.id: account for account in ACCOUNTS.values()}
        marking = self.marker(thumbnails).of_plan(world.plan, world.unmanaged, by_id)
        outline = outline_of(calendar, problems, keys=keys, marking=marking)
        first = [
            post
            for post in calendar.desired.posts
            if post.id in (None, "out", "kept", "winter-set", "series@2026-12-17", "far-kept")
        ]
        several = networks_with_several(calendar.desired.posts)
        shown = preview_of(
            calendar,
            first,
            problems,
            thumbnails,
            now=NOW,
            marking=marking,
            keys=keys,
            only={post.location for post in (*first, *calendar.desired.waiting)},
        )
        days = [card.at.date() for card in shown.cards if card.at]
        part = PagePart(days[0], days[-1], days[1], 40, several, ("fair",), ("photo", "status"))
        page = PreviewPage((shown,), 7, studio=True, part=part)
        linked = next(post for post in world.posts if post.id == "link")
        assert linked.content.link is not None
        link = link_of(linked.content.link, [linked.account])
        poll = next(card.poll for card in self.marked.calendars[0].cards if card.poll)
        x = ACCOUNTS["x"]
        look = html.render_look(
            text_of("Words #tag", [x], length="10 of 280"), poll, [whole_text("Part 2")], link
        )
        told = [f"{key}: {tuple(card)}" for key, cards in outline.cards.items() for card in cards]
        told += [f"elsewhere: {problem.code}" for problem in outline.elsewhere]
        told += [f"published: {alias} {at}" for alias, at in sorted(marking.published)]
        told += [f"waits for {who}: {alias} {at}" for (alias, at), who in sorted(marking.people.items())]
        return "".join(
            (
                lines_of(html.render(page)),
                "\n--- one card\n",
                lines_of(html.render_card(shown.cards[0], page, 0)),
                "\n--- about\n",
                lines_of(html.render_about(page)),
                "\n--- words, poll and link\n",
                lines_of(look),
                "\n--- outline\n",
                lines_of("\n".join(told)),
            )
        )
