"""Follows the files of calendars as somebody saves them."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from publer_sync.calendar.outside import dependencies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

BEGINS_WITHIN: Final = 1000
"""Milliseconds after which a watch has begun."""
_States: TypeAlias = "dict[Path, tuple[int, int, int]]"


def saves(tops: Sequence[Path]) -> Iterator[None]:
    """Once for each time that something is saved from now on in these calendars, or in what they take from outside; without end.

    Raises KeyboardInterrupt on Ctrl-C.
    """
    # Imported before anyone is told to press Ctrl-C: where KeyboardInterrupt leaves an `exec` of text, which imports use to
    # make classes, `python -m` kills itself with SIGINT at its end, even if the exception was caught.
    from watchfiles import watch

    return _saves(tops, _states_of(_watched(tops)), watch)


def _saves(tops: Sequence[Path], seen: _States, watch: Callable[..., Iterator[Any]]) -> Iterator[None]:
    """`seen` is how the files were before they were last read: while a watch begins, nothing tells of a save."""
    while True:
        watched = _watched(tops)
        if not watched:  # another branch has none of them
            time.sleep(1)
            yield
            continue
        begins = True
        for saved in watch(
            *watched,
            watch_filter=_is_of_calendar,
            debounce=200,
            rust_timeout=BEGINS_WITHIN,
            yield_on_timeout=True,
            raise_interrupt=True,
        ):
            missed = begins and _states_of(watched) != seen
            begins = False
            if not saved and not missed:
                continue
            seen = _states_of(_watched(tops))
            yield
            if _watched(tops) != watched or any(Path(path) in watched for _, path in saved):
                break  # editors put a new file in place of the old one, which alone is watched


def _states_of(watched: Iterable[Path]) -> _States:
    """What changes when one of these files, or a file in these folders, is saved."""
    found: _States = {}
    for place in watched:
        for path in (place, *place.rglob("*")):
            with suppress(OSError):
                state = path.stat()
                if _is_of_calendar(None, str(path)) and not path.is_dir():
                    found[path] = state.st_ino, state.st_size, state.st_mtime_ns
    return found


def _watched(tops: Sequence[Path]) -> set[Path]:
    """The calendars, and what they take from outside: shared settings and media."""
    outside = (each for top in tops for each in dependencies(top) if each.exists())
    return {*(top for top in tops if top.is_dir()), *outside}


def _is_of_calendar(_: object, path: str) -> bool:
    """Whether a changed file can belong to a calendar: not if it is hidden, or an editor's own copy."""
    return not any(part.startswith((".", "~")) or part.endswith("~") for part in Path(path).parts[-3:])
