"""The calendars as files for others: a page for a browser, and a feed for calendar programs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from publer_sync.commands.access import Choice
from publer_sync.commands.export import feed
from publer_sync.commands.preview import ComparedWith, make, write
from publer_sync.previewing.html import render
from publer_sync.previewing.page import PreviewPage
from publer_sync.previewing.thumbnails import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from publer_sync.calendar.load import Calendar

FEED: Final = "posts.ics"


def write_preview(file: Path, calendars: Iterable[tuple[Calendar, Path]]) -> None:
    """Write one page of calendars, each marked with what its plan file changes, if there is one. Raises PublerSyncError."""
    thumbnails = Thumbnails()
    made = [
        make(calendar, Choice(), thumbnails, ComparedWith(plan if plan.is_file() else None))
        for calendar, plan in calendars
    ]
    write(file, render(PreviewPage(tuple(made))))


def write_site(site: Path, calendars: Mapping[str, Calendar]) -> None:
    """Write one page of the calendars, which links to the feed of each.

    `calendars` has them by their folders in the repository, so that a feed's address never depends on the others.
    """
    shutil.rmtree(site, ignore_errors=True)
    thumbnails, made = Thumbnails(), []
    for folder, calendar in calendars.items():
        text, _ = feed(calendar, calendar.desired.posts)
        (site / folder).mkdir(parents=True, exist_ok=True)
        (site / folder / FEED).write_bytes(text.encode())
        address = quote(f"{folder}/{FEED}" if folder else FEED)
        made.append(replace(make(calendar, Choice(), thumbnails), feed=address))
    write(site / "index.html", render(PreviewPage(tuple(made))))
