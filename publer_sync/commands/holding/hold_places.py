"""Finds every place that has a state of the calendar: a hold is written to each, and nobody is asked which is right."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.commands.running.shared import say
from publer_sync.values.errors import StateError, UntrustedStateError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.commands.reaching.access import Access
    from publer_sync.publer.gateway import UrgentPubler


def everywhere(access: Access[UrgentPubler], *, quiet: bool = False) -> Iterator[Access[UrgentPubler]]:
    """The calendar with its state in each place that has one. In a crisis, nobody is asked which is right."""
    here, wrong = False, False
    with suppress(StateError):
        if (lost := access.store.lost()) is not None and not quiet:
            say(
                f"{lost.message[0].upper()}{lost.message[1:]}: hold goes on from what it had, and brings it back."
            )
    with suppress(StateError):
        if (told := access.store.recover()) and not quiet:
            say(f"warning: {told}")
    try:
        here = access.state() is not None
    except UntrustedStateError:
        here = True  # who has no key can hold, too
    except StateError as error:
        wrong = error.code != "state.moved"
    if here:
        yield access
    found = access.places.near()
    if not here and not found:
        with suppress(StateError):
            found = access.places.left()
    for left in found:
        if not quiet:
            say(
                f"The calendar has a state in {left.place}{' too' if here else ''}: its posts are put on hold."
            )
        before = access.publer.requests
        yield replace(access, store=left.store, name=left.state.calendar, requests_before=before)
    if wrong or not (here or found):
        yield access  # it tells what is wrong
