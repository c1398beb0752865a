"""What an apply notes beside its writes: what Publer shows of the rest, and whether all is done that the files ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publer_sync.applying.applier import _all_done, _take_stock
from publer_sync.applying.report import Outcome
from publer_sync.applying.tasks import Creation
from publer_sync.ledger.copies import Seen
from publer_sync.planning.plan import Action
from tests.applying.runs import run_at
from tests.builders import HOUR, LATER, LINKEDIN, NOW, SOON, X, change, copy_of, ledger, shown, wanted


def test_what_publer_shows_of_an_unchanged_post_is_noted_for_later() -> None:
    """Someone moved it to this account and changed its words there, and the calendar says so, too."""
    post = wanted(SOON, "Hello", id="hello")
    live = shown(SOON, "Hello ")
    before = replace(copy_of(wanted(LATER, "Old", id="hello")), account=LINKEDIN.id)
    run = run_at([live], ledger(before), changes=[change(Action.UNCHANGED, post, live=live, copy=before)])
    _take_stock(run)
    copy = run.state.copies[1]
    assert (copy.seen, copy.verified_at, copy.account) == (Seen.of(live), NOW, X.id)
    assert (copy.sent, copy.slot) == (post.content, SOON)


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        ((Outcome.APPLIED, Outcome.APPLIED), True),
        ((Outcome.APPLIED, Outcome.FAILED), False),
        ((Outcome.APPLIED, None), False),
        ((), False),
    ],
)
def test_an_apply_has_done_all_that_the_files_ask_for_once_nothing_is_open_or_failed(
    outcomes: tuple[Outcome | None, ...], whole: bool
) -> None:
    changes = [change(Action.CREATE, wanted(SOON + n * HOUR, id=str(n))) for n in range(2)]
    run = run_at(changes=changes)
    run.creations += [Creation(n, each) for n, each in enumerate(changes)]
    for task, outcome in zip(run.creations, outcomes, strict=False):
        if outcome is not None:
            run.end(task, outcome)
    assert _all_done(run) is whole
