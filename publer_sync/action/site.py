"""Writes the calendars for others: a page for a browser, and a feed for calendar programs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, ParamSpec
from urllib.parse import quote

from publer_sync.action import workflow
from publer_sync.commands.export import feed
from publer_sync.commands.preview import ComparedWith, make, write
from publer_sync.commands.results import page_of
from publer_sync.commands.running.choice import Choice
from publer_sync.machine import bug_log
from publer_sync.previewing.html import render, render_results
from publer_sync.previewing.page import PreviewPage
from publer_sync.previewing.thumbnails import Thumbnails
from publer_sync.values.errors import PublerSyncError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.planning.publication import Results
    from publer_sync.previewing.addresses import Addresses

    P = ParamSpec("P")

FEED: Final = "posts.ics"
INDEX: Final = "index.html"
RESULTS: Final = "results.html"


class Planned(NamedTuple):
    """A calendar and its plan file, if there is one; `alarms` are what apply would refuse of it."""

    calendar: Calendar
    plan: Path
    alarms: tuple[str, ...]
    addresses: Addresses


def write_preview(file: Path, calendars: Iterable[Planned]) -> None:
    """Write one page of calendars, each marked with what its plan changes. Raises PublerSyncError."""
    thumbnails = Thumbnails()
    made = []
    for each in calendars:
        compared = ComparedWith(each.plan if each.plan.is_file() else None)
        page = make(each.calendar, Choice(), thumbnails, compared, addresses=each.addresses)
        made.append(replace(page, alarms=each.alarms))
    write(file, render(PreviewPage(tuple(made))))


def write_review(file: Path, calendars: Iterable[Planned], person: str) -> None:
    """Write a page of the posts that wait for the sign-off of a person. Raises PublerSyncError."""
    thumbnails, compared = Thumbnails(), ComparedWith(review=person)
    made = [
        make(
            each.calendar,
            Choice(),
            thumbnails,
            replace(compared, plan=each.plan if each.plan.is_file() else None),
            addresses=each.addresses,
        )
        for each in calendars
        if any(person in rule.by for rule in each.calendar.settings.signoff)
    ]
    write(file, render(PreviewPage(tuple(made), reviewer=person)))


def could_make(what: str, make: Callable[P, None], *args: P.args, **options: P.kwargs) -> bool:
    """Whether a page could be made. One that fails, for whatever reason, must not fail the plan, nor take another with it."""
    try:
        make(*args, **options)
    except Exception as error:  # noqa: BLE001 — see above
        why = error.message if isinstance(error, PublerSyncError) else bug_log.summary(error)
        workflow.annotate("warning", f"could not make {what}: {why}")
        return False
    return True


def write_site(site: Path, calendars: Mapping[str, Calendar], looked: Sequence[Results] = ()) -> None:
    """Write one page of the calendars, which links to the feed of each, and to a page of what was published.

    `calendars` has them by their folders in the repository, so that a feed's address never depends on the others.
    """
    shutil.rmtree(site, ignore_errors=True)
    thumbnails, made = Thumbnails(), []
    for folder, calendar in calendars.items():
        (site / folder).mkdir(parents=True, exist_ok=True)
        (site / folder / FEED).write_bytes(feed(calendar).encode())
        address = quote(f"{folder}/{FEED}" if folder else FEED)
        made.append(replace(make(calendar, Choice(), thumbnails), feed=address))
    write(site / INDEX, render(PreviewPage(tuple(made), results=RESULTS if looked else "")))
    if looked:
        write(site / RESULTS, render_results(page_of(looked, beside=INDEX)))
