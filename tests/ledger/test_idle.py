"""When a run has nothing to write: it saw each post unchanged, soon after another one had."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.idle import SAME_FOR, ran_again_alone
from publer_sync.ledger.runs import RunRecord
from publer_sync.ledger.signing import UNSIGNED
from publer_sync.ledger.state import dumps
from tests.builders import HOUR, NOW, SECOND, SOON, copy_of, ledger, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.ledger.state import State

LATER = NOW + HOUR


def ran(at: datetime, *, seen: datetime | None, **more: Any) -> State:
    state = ledger(copy_of(wanted(SOON), verified_at=seen), runs=(RunRecord(at, "apply"),), **more)
    return replace(state, last_apply=at, last_good_apply=at)


BEFORE, AGAIN = ran(NOW, seen=NOW), ran(LATER, seen=LATER)


@each_of(
    ("before", "after", "alone"),
    [
        (BEFORE, AGAIN, True),
        (BEFORE, ran(NOW + SAME_FOR - SECOND, seen=NOW), True),
        (BEFORE, ran(NOW + SAME_FOR, seen=NOW), False),
        (BEFORE, ran(NOW - SECOND, seen=NOW), False),
        (BEFORE, replace(AGAIN, last_good_apply=NOW), False),
        (BEFORE, replace(AGAIN, last_apply=None), False),
        (replace(BEFORE, last_apply=None), AGAIN, False),
        (ran(NOW, seen=None), AGAIN, False),
        (BEFORE, ran(LATER, seen=None), False),
        (ran(NOW, seen=None), ran(LATER, seen=None), True),
        (replace(ledger(), last_apply=NOW, last_good_apply=NOW, runs=BEFORE.runs), AGAIN, False),
        (BEFORE, replace(AGAIN, excused={"a"}), False),
    ],
    ids=lambda state: str(state.last_apply),
)
def test_a_run_is_nothing_new_where_only_its_moments_are(before: State, after: State, alone: bool) -> None:
    assert ran_again_alone(dumps(before).encode(), after, "here", UNSIGNED) is alone
    assert not ran_again_alone(None, after, "here", UNSIGNED)
