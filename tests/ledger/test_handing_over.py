"""A run whose part of the ledger another run changed meanwhile goes on where that only handed entries over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.handing_over import take_away
from publer_sync.ledger.runs import RunLine, RunRecord
from tests.builders import LATER, SOON, copy_of, ledger, wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.ledger.state import State

BEFORE = RunRecord(SOON, "apply", commit="a")
HANDED = RunRecord(LATER, "apply", commit="b", lines=(RunLine("hand_over", "x", SOON),))


def part() -> State:
    """Of two posts."""
    state = ledger(copy_of(wanted(SOON), post_id="p-1"), copy_of(wanted(LATER), 2, post_id="p-2"))
    return replace(state, runs=(BEFORE,))


def handed(state: State) -> State:
    """The same once the first post is another calendar's."""
    after = replace(state.clone(), runs=(*state.runs, HANDED))
    after.forget(min(after.entries()))
    return after


def test_what_was_handed_over_leaves_the_state_and_what_was_done_here_stays() -> None:
    was, state = part(), part()
    first, second = sorted(state.entries())
    state.put(replace(state.copies[second], requested_at=SOON))
    own = replace(BEFORE, at=LATER, commit="c")
    state.runs = (BEFORE, own)
    assert take_away(state, was, handed(was)) == frozenset({first})
    assert [*state.entries()] == [second]
    assert state.copies[second].requested_at == SOON
    assert [*state.runs] == [BEFORE, HANDED, own]


def changed(state: State) -> None:
    second = max(state.entries())
    state.put(replace(state.copies[second], requested_at=SOON))


def held(state: State) -> None:
    second = max(state.entries())
    state.put(replace(state.copies[second], held=True))


def added(state: State) -> None:
    state.put(replace(copy_of(wanted(LATER), post_id="p-9"), key=9, entry=9))


def excused(state: State) -> None:
    state.excused.add("x")


@pytest.mark.parametrize("more", [changed, held, added, excused])
def test_what_did_more_than_hand_over_ends_the_run(more: Callable[[State], None]) -> None:
    was, state = part(), part()
    now = handed(was)
    more(now)
    assert take_away(state, was, now) is None
    assert state == part()


def test_what_handed_nothing_over_ends_the_run() -> None:
    assert take_away(part(), part(), replace(part(), runs=(BEFORE, HANDED))) is None


def test_what_was_begun_with_a_post_that_left_ends_the_run() -> None:
    """The other calendar has it as it was before."""
    was, state = part(), part()
    first = min(state.entries())
    state.put(replace(state.copies[first], removing_at=LATER))
    assert take_away(state, was, handed(was)) is None
