"""What a report tells once is noted, and only that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.applying.telling import tells_once, with_told
from publer_sync.ledger.copies import End
from publer_sync.ledger.state import past_keys
from publer_sync.planning.judge import told
from publer_sync.planning.plan import Action, Block
from tests.builders import (
    EARLIER,
    LATER,
    NOW,
    X,
    change,
    codes,
    copy_of,
    ledger,
    planned,
    report,
    result,
    wanted,
)

if TYPE_CHECKING:
    from publer_sync.ledger.state import State

OUT = copy_of(wanted(EARLIER, id="hello"), 4).ending(End.PUBLISHED, NOW)
MOVED = wanted(LATER, id="hello")
AGAIN = change(Action.BLOCKED, MOVED, blocks=(Block.WENT_OUT,), copy=OUT)
MISSED = change(Action.PAST, wanted(EARLIER, id="late"), missed=True)
STUCK = change(Action.BLOCKED, MOVED, blocks=(Block.TWIN,), copy=OUT)


def after(state: State, *changes: object) -> State:
    return with_told(state, report([result(each, Outcome.NOT_TRIED) for each in changes]))  # type: ignore[arg-type]  # changes of several kinds


def test_a_post_that_was_published_before_it_was_moved_is_told_once() -> None:
    state = after(ledger(OUT), AGAIN)
    assert state.facts[4].told == (told(MOVED),)
    assert after(state, AGAIN).facts[4].told == (told(MOVED),)
    assert codes(planned([MOVED], state=state)) == ["went_out"], "from then on plan warns of it"
    assert codes(planned([MOVED], state=ledger(OUT))) == []


def test_a_missed_post_is_told_once() -> None:
    assert after(ledger(), MISSED).excused == {*past_keys(X.id, EARLIER, "late")}


def test_nothing_is_noted_of_what_is_told_again_or_of_a_post_that_was_forgotten_meanwhile() -> None:
    assert after(ledger(OUT), STUCK) == ledger(OUT)
    assert after(ledger(), AGAIN) == ledger()
    reports = [report([result(each, Outcome.NOT_TRIED)]) for each in (AGAIN, MISSED, STUCK)]
    assert [tells_once(each) for each in reports] == [True, True, False]
