"""No moment of the ledger lies in the future."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta

from publer_sync.ledger.copies import Copy
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.moments import believed
from publer_sync.ledger.runs import RunRecord
from publer_sync.values.model import MINUTE
from tests.builders import DAY, NOW, SOON, copy_of, ledger, wanted

TOMORROW = NOW + DAY


def test_a_moment_that_has_not_come_is_now() -> None:
    copy = copy_of(
        wanted(SOON),
        verified_at=TOMORROW,
        requested_at=TOMORROW,
        job_ended_at=TOMORROW,
        removing_at=TOMORROW,
        ended_at=TOMORROW,
        spared=TOMORROW,
    )
    state = ledger(
        copy,
        last_apply=TOMORROW,
        runs=(RunRecord(TOMORROW, "apply"),),
        holds=(Hold("accident", TOMORROW),),
    )

    after = believed(state, NOW)

    happened = {
        field.name for field in fields(Copy) if isinstance(getattr(after.copies[1], field.name), datetime)
    }
    assert {getattr(after.copies[1], name) for name in happened - {"slot"}} == {NOW}
    assert after.copies[1].slot == SOON, "when it is to happen is no such moment"
    assert (after.last_apply, after.runs[0].at, after.holds[0].since) == (NOW, NOW, NOW)


def test_clocks_may_differ_by_two_minutes() -> None:
    state = ledger(copy_of(wanted(SOON), verified_at=NOW + 2 * MINUTE))

    assert believed(state, NOW) is state
    for last_apply in (None, NOW + 2 * MINUTE):
        known = replace(state, last_apply=last_apply)
        assert believed(known, NOW) is known
    ahead = replace(state, last_apply=NOW + 2 * MINUTE + timedelta(seconds=1))
    assert believed(ahead, NOW) == replace(state, last_apply=NOW)


def test_of_a_ledger_one_moment_that_lies_ahead_is_enough() -> None:
    early = 2 * MINUTE + timedelta(seconds=1)
    for more in ({"runs": (RunRecord(NOW + early, "apply"),)}, {"holds": (Hold("accident", NOW + early),)}):
        assert believed(ledger(**more), NOW) is not ledger(**more)
        after = believed(ledger(**more), NOW)
        assert [run.at for run in after.runs] + [hold.since for hold in after.holds] == [NOW]
        assert after.last_apply == NOW - DAY
    for more in (
        {"runs": (RunRecord(NOW + 2 * MINUTE, "apply"),)},
        {"holds": (Hold("accident", NOW + 2 * MINUTE),)},
    ):
        state = ledger(**more)
        assert believed(state, NOW) is state
