"""Writes uses of stored posts into the months' files, in memory; read back before it counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import field
from datetime import UTC
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.posts import zone_of
from publer_sync.drafting.stored import Uses, find_uses, month_file
from publer_sync.editing.editor import Unwritable
from publer_sync.editing.new_posts import with_posts, written_time
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import InputError
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.load import Calendar
    from publer_sync.drafting.filling import FillRules
    from publer_sync.drafting.stored import FilledUse, PastUse
    from publer_sync.editing.writing import Writable
    from publer_sync.values.problems import Location

_UNWANTED: Final = frozenset(
    (
        "cadence.many", "cadence.quiet", "cadence.hours", "text.again", "budget", "day.cap",
        "use.soon", "use.often", "use.outside", "use.words",
    )
)  # fmt: skip
"""Warnings that a use never brings."""


@dataclass(slots=True)
class UseResult:
    """The new files, and the uses in them."""

    files: dict[str, bytes] = field(default_factory=dict)
    uses: Uses = field(default_factory=Uses)


def use_stored(calendar: Calendar, rules: FillRules, past: Collection[PastUse] = ()) -> UseResult:
    """Nothing is written. What does not read back as it is meant is left out, and the rest is given slots anew.

    Raises InputError where a month's file cannot take a post.
    """
    refused: set[tuple[str, datetime]] = set()
    while True:
        uses = find_uses(calendar, rules, past, refused)
        files = _written(calendar, uses.filled)
        if not (wrong := _unproved(calendar, files, uses.filled, rules.now)):
            return UseResult(files, uses)
        refused |= wrong


def _written(calendar: Calendar, uses: Collection[FilledUse]) -> dict[str, bytes]:
    months: dict[str, list[FilledUse]] = defaultdict(list)
    zone = time_zone(calendar.settings.timezone)
    for use in uses:
        months[month_file(use.at, zone)].append(use)
    known = {document.file: document for document in calendar.documents}
    files = {}
    for file, those in months.items():
        document = known.get(file)
        posts = [_lines(use, calendar, document) for use in those]
        try:
            files[file] = with_posts(document, posts, top=calendar.top, file=file)
        except Unwritable as error:
            raise InputError(
                f"{file} can't take another post: {error}", hint=f"Add these lines yourself:\n{error.paste}"
            ) from None
    return files


def _lines(use: FilledUse, calendar: Calendar, document: Document | None) -> Mapping[str, Writable]:
    where = time_zone(calendar.settings.timezone)
    if document is not None and document.data is not None:
        where = zone_of(document.data, document, calendar.settings, []) or where
    lines: dict[str, Writable] = {
        "use": use.stored.id,
        "at": written_time(use.at, where or UTC, weekday=True),
    }
    if use.version > 1:
        lines["variant"] = use.version
    if use.left_out:
        lines["accounts"] = [*use.aliases]
    return lines


def _unproved(
    calendar: Calendar, files: Mapping[str, bytes], uses: Collection[FilledUse], now: datetime
) -> set[tuple[str, datetime]]:
    """The uses that the new files do not have as they are meant, or that bring an error or a warning that `fill` avoids."""
    after = calendar.with_files(files)
    there = {
        (post.use.stored, post.use.version, post.account.alias, post.at): post.location
        for post in after.desired.posts
        if post.use is not None
    }
    wrong: set[tuple[str, datetime]] = set()
    places: dict[Location, tuple[str, datetime]] = {}
    for use in uses:
        meant = [(use.stored.id, use.version, alias, minute) for alias, minute in use.minutes.items()]
        if not all(each in there for each in meant):
            wrong.add((use.stored.id, use.at))
            continue
        places[there[meant[0]]] = (use.stored.id, use.at)
    known = Counter((each.code, each.message) for each in calendar.judge(calendar.desired, now=now))
    for each in after.judge(after.desired, now=now):
        if known[each.code, each.message] or not (each.severity == "error" or each.code in _UNWANTED):
            continue
        where = each.location
        inside = [
            place for place in places if where and place.file == where.file and place.line <= where.line
        ]
        place = max(inside, default=None)
        if place is not None:
            wrong.add(places[place])
        elif each.severity == "error":  # in none of them: without the last one it may not come
            last = max(uses, key=lambda use: use.at)
            wrong.add((last.stored.id, last.at))
    return wrong
