"""Follows the files of calendars as somebody saves them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.calendar.outside import dependencies

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def saves(tops: Sequence[Path]) -> Iterator[None]:
    """Once for each time that something was saved in these calendars, or in what they take from outside; without end.

    Raises KeyboardInterrupt on Ctrl-C.
    """
    from watchfiles import watch

    while True:
        watched = _watched(tops)
        if not watched:  # another branch has none of them
            time.sleep(1)
            yield
            continue
        for saved in watch(*watched, watch_filter=_is_of_calendar, debounce=200, raise_interrupt=True):
            yield
            if _watched(tops) != watched or any(Path(path) in watched for _, path in saved):
                break  # editors put a new file in place of the old one, which alone is watched


def _watched(tops: Sequence[Path]) -> set[Path]:
    """The calendars, and what they take from outside: shared settings and media."""
    outside = (each for top in tops for each in dependencies(top) if each.exists())
    return {*(top for top in tops if top.is_dir()), *outside}


def _is_of_calendar(_: object, path: str) -> bool:
    """Whether a changed file can belong to a calendar: not if it is hidden, or an editor's own copy."""
    return not any(part.startswith((".", "~")) or part.endswith("~") for part in Path(path).parts[-3:])
