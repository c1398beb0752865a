"""What a hold covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from publer_sync.ledger.hold import Hold

AT = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOLD = Hold("Accident in town", AT)


def test_a_hold_without_a_scope_covers_every_post() -> None:
    assert HOLD.covers("acc1", [AT], ())


def test_account_and_label_both_have_to_fit() -> None:
    hold = replace(HOLD, accounts=("acc1", "acc2"), labels=("launch", "sale"))
    assert hold.covers("acc2", [AT], ["calm", "sale"])
    assert not hold.covers("acc3", [AT], ["sale"])
    assert not hold.covers("acc1", [AT], ["calm"])
    assert not hold.covers("acc1", [AT], ())


def test_the_last_instant_is_out_of_scope_and_any_time_of_a_post_counts() -> None:
    hold = replace(HOLD, first=AT, last=AT + DAY)
    assert hold.covers("acc1", [AT], ())
    assert not hold.covers("acc1", [AT + DAY], ())
    assert not hold.covers("acc1", [AT - DAY], ())
    assert hold.covers("acc1", [AT + 5 * DAY, AT], ())
