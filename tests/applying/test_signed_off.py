"""What an apply does about posts that are not signed off: they wait, until their minute is near, and what they replace stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.applier import _all_done, _take_stock
from publer_sync.applying.removing import KEPT_FOR_YES, remove
from publer_sync.applying.report import Outcome
from publer_sync.applying.tasks import Task
from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import Action, Block
from tests.applying.runs import FakePubler, run_at
from tests.builders import DAY, HOUR, LINKEDIN, NOW, SOON, change, copy_of, ledger, result, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.planning.plan import Change

FAR = wanted(NOW + 2 * DAY, "Far", id="far")
NEAR = wanted(NOW + 20 * HOUR, "Near", id="near")
EVERYTHING = Allow(recreate=True, frozen=True, twins=True, edits=True, older=True)


def outcome(blocked: Change) -> Outcome:
    run = run_at(changes=[blocked], allow=EVERYTHING)
    _take_stock(run)
    assert not run.tasks, "no option sends it"
    assert not _all_done(run), "the calendar is not finished"
    return run.results[0].outcome


def asks(post: object, *blocks: Block, **more: object) -> Change:
    found: Change = change(Action.BLOCKED, post, blocks=(Block.APPROVAL, *blocks), **more)  # type: ignore[arg-type]  # a post
    return found


@each_of(
    ("blocked", "then"),
    [
        (asks(FAR), Outcome.WAITING),
        (asks(NEAR), Outcome.NOT_TRIED),
        (asks(FAR, Block.EDITED), Outcome.NOT_TRIED),
        (change(Action.BLOCKED, FAR, blocks=(Block.HANDED_ON, Block.APPROVAL)), Outcome.WAITING),
    ],
)
def test_it_waits_until_a_day_before_its_minute(blocked: Change, then: Outcome) -> None:
    assert outcome(blocked) is then


def test_the_minute_of_the_post_that_it_would_change_counts_too() -> None:
    moved = change(
        Action.BLOCKED,
        FAR,
        blocks=(Block.APPROVAL,),
        would=Action.REPLACE,
        live=shown(SOON),
        copy=copy_of(wanted(SOON, id="far")),
    )
    run = run_at([shown(SOON)], ledger(moved.copy), changes=[moved])
    _take_stock(run)
    assert run.results[0].outcome is Outcome.NOT_TRIED


def test_the_post_that_it_takes_the_place_of_stays() -> None:
    old = copy_of(replace(FAR, account=LINKEDIN))
    publer = FakePubler(shown(FAR.at, "Far", account=LINKEDIN))
    run = run_at(publer.live.values(), ledger(old), publer=publer)
    gone = change(Action.DELETE, None, account=LINKEDIN, copy=old, live=publer.live["p-1"])
    run.results[0] = result(asks(FAR), Outcome.WAITING, asks=True)
    remove(run, [Task(1, gone)])
    assert (run.results[1].outcome, run.results[1].why) == (Outcome.WAITING, KEPT_FOR_YES)
    assert publer.asked == []
