"""What of a state a hold concerns, before Publer is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from publer_sync.holding.scope import about_to_remove, ahead, in_scope, with_hold
from publer_sync.ledger.accounting import LATE
from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.values.model import MINUTE
from tests.builders import LATER, LINKEDIN, NOW, SOON, TOMORROW, X, copy_of, ledger, wanted
from tests.tables import each_of

HOLD = Hold("Accident in town", NOW)
SCHEDULED = copy_of(wanted(SOON))
MOVED_BY_HAND = replace(SCHEDULED, shown=Seen(TOMORROW, "Hello"))


@each_of(
    ("more", "is_ahead"),
    [
        ({}, True),
        ({"post_id": None}, False),
        ({"end": End.PUBLISHED}, False),
        ({"removing_at": NOW}, False),
        ({"lapsed": True}, False),
        ({"seen": Seen(SOON, "Hello", draft=True)}, False),
        ({"slot": NOW - LATE, "seen": None}, False),
        ({"slot": NOW - LATE + MINUTE, "seen": None}, True),
        ({"slot": NOW - LATE}, True),
        ({"slot": SOON, "seen": Seen(NOW - LATE, "Hello")}, True),
        ({"account": LINKEDIN.id}, False),
    ],
)
def test_what_publer_may_still_publish_on_these_accounts_is_in_scope(
    more: dict[str, Any], is_ahead: bool
) -> None:
    state = ledger(replace(SCHEDULED, **more))
    assert bool(ahead(state, HOLD, [X.id])) is is_ahead
    (copy,) = about_to_remove(state, HOLD, [X.id]).copies.values()
    assert (copy.held, copy.removing_at == NOW) == (is_ahead, is_ahead or more.get("removing_at") == NOW)
    assert state.copies[1] == replace(SCHEDULED, **more), "the state given stays as it was"


def test_the_soonest_is_named_first() -> None:
    state = ledger(copy_of(wanted(LATER), 1), copy_of(wanted(SOON), 2, post_id="p-2"))
    assert [post.at for post in in_scope(state, HOLD, [X.id])] == [SOON, LATER]


@pytest.mark.parametrize("covered", [SOON, TOMORROW])
def test_a_new_hold_covers_what_an_earlier_one_spared_at_either_of_its_times(covered: Any) -> None:
    spared = replace(MOVED_BY_HAND, spared=NOW)
    only_then = replace(HOLD, first=covered, last=covered + MINUTE)
    assert with_hold(ledger(spared), only_then).copies[1].spared is None
    never = replace(HOLD, first=LATER, last=LATER + MINUTE)
    assert with_hold(ledger(spared), never).copies[1].spared == NOW


def test_a_hold_is_added_to_those_before_it_and_counts_once() -> None:
    first = replace(HOLD, since=NOW - MINUTE)
    other = replace(HOLD, labels=("sale",))
    state = with_hold(with_hold(ledger(holds=(first,)), HOLD), other)
    assert state.holds == (first, other)
