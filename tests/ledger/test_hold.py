"""What a hold covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from publer_sync.ledger.announcing import announced, hear
from publer_sync.ledger.copies import Seen
from publer_sync.ledger.hold import Hold
from tests.builders import NOW, SOON, copy_of, ledger, wanted

AT = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOLD = Hold("Accident in town", AT)


def test_a_hold_without_a_scope_covers_every_post() -> None:
    assert HOLD.covers("acc1", [AT], ())


def test_account_and_label_both_have_to_fit() -> None:
    hold = replace(HOLD, accounts=("acc1", "acc2"), labels=("launch", "sale"))
    assert hold.covers("acc2", [AT], ["calm", "sale"])
    assert hold.covers("acc2", [AT], ["Sale"])
    assert not hold.covers("acc3", [AT], ["sale"])
    assert not hold.covers("acc1", [AT], ["calm"])
    assert not hold.covers("acc1", [AT], ())


def test_the_last_instant_is_out_of_scope_and_any_time_of_a_post_counts() -> None:
    hold = replace(HOLD, first=AT, last=AT + DAY)
    assert hold.covers("acc1", [AT], ())
    assert not hold.covers("acc1", [AT + DAY], ())
    assert not hold.covers("acc1", [AT - DAY], ())
    assert hold.covers("acc1", [AT + 5 * DAY, AT], ())


def test_a_hold_that_is_heard_covers_what_an_earlier_one_spared() -> None:
    """As one that is written into the ledger does: it was put on after the post was adopted."""
    spared = replace(copy_of(wanted(SOON)), spared=NOW)
    hold = Hold("a storm", NOW - DAY)
    state = ledger(spared, holds=(hold,))
    hear(state, announced(replace(hold, since=NOW + DAY), {}), "a file")
    assert state.copies[1].spared is None
    elsewhere = ledger(spared)
    hear(elsewhere, announced(replace(hold, accounts=("another",)), {}), "a file")
    assert elsewhere.copies[1].spared == NOW


def test_what_a_hold_is_about_to_remove_is_heard_with_what_somebody_made_of_it() -> None:
    edited = Seen(SOON, "Better words")
    state = ledger(*(copy_of(wanted(SOON), key, post_id=f"p-{key}") for key in (1, 2, 3)))
    hear(state, announced(HOLD, {"p-1": edited, "p-2": None}), "a file")
    going = {key: (copy.removing_at, copy.held, copy.shown) for key, copy in state.copies.items()}
    assert going == {1: (AT, True, edited), 2: (AT, True, None), 3: (None, False, None)}
