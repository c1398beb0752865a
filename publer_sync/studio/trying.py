"""A change tried in memory: each of its steps made, read again and proved, for the page and for the terminal alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from publer_sync.editing.entry_edits import Unsafe
from publer_sync.studio.changes import one_change, steps_of
from publer_sync.studio.labels import LabelStays, all_that_stay
from publer_sync.studio.open_calendar import Snapshot
from publer_sync.studio.proving import prove

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publer_sync.calendar.document import Document
    from publer_sync.studio.changes import Worked
    from publer_sync.studio.keys import PostKeys
    from publer_sync.studio.orders import ChangeRequest


class Attempt(NamedTuple):
    """What a change comes to: its files, and the calendar as it reads then."""

    worked: Worked
    files: Mapping[str, bytes | None]
    snapshot: Snapshot
    keys: PostKeys


def attempt(snapshot: Snapshot, keys: PostKeys, request: ChangeRequest, now: datetime) -> Attempt:
    """Raises Unsafe and TimeError."""
    calendar, files, done = snapshot.calendar, dict[str, bytes | None](), list["Worked"]()
    read: dict[str, Document] = {}
    stay: list[LabelStays] = []
    for key, step in steps_of(request):
        if key and key not in keys.entries:
            raise Unsafe("the post could not be found again")
        try:
            worked = step(snapshot, keys)
        except LabelStays as stays:
            stay.append(stays)
            continue
        done.append(worked)
        files |= worked.work.files
        read |= worked.work.documents
        after = Snapshot(calendar.with_files(files, read), now)
        new = keys.copy()
        new.follow(after.calendar.entries, files.keys())
        prove(worked.work, keys, after, new)
        snapshot, keys = after, new
    if stay:
        raise all_that_stay(stay)
    if not done:
        raise Unsafe("nothing was asked for")
    return Attempt(one_change(done, request), files, snapshot, keys)
