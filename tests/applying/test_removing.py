"""Which old copies of a post may go, and what a last listing says of those that were removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.removing import LAST_ONE, _last_one
from publer_sync.applying.tasks import Old
from publer_sync.ledger.copies import End
from tests.applying.runs import run_at
from tests.builders import LATER, NOW, SOON, copy_of, ledger, shown, wanted

if TYPE_CHECKING:
    from publer_sync.applying.report import Cause

POST, NEW = shown(SOON), shown(LATER, id="p-2")
OLD_COPY = copy_of(wanted(SOON))
STANDS = copy_of(wanted(LATER), 2, post_id="p-2", entry=1)
ENDED = copy_of(wanted(LATER), 3, post_id="p-3", entry=1).ending(End.REMOVED, NOW)
ANOTHER = replace(STANDS, entry=2)


@pytest.mark.parametrize(
    ("others", "listed", "why"),
    [
        ((STANDS,), (POST, NEW), None),
        ((STANDS, ENDED), (POST, NEW), None),
        ((STANDS,), (POST,), LAST_ONE),
        ((ENDED,), (POST,), LAST_ONE),
        ((), (POST, NEW), LAST_ONE),
        ((ANOTHER,), (POST, NEW), LAST_ONE),
    ],
)
def test_an_old_copy_goes_only_while_another_of_its_post_is_listed(
    others: tuple[Any, ...], listed: tuple[Any, ...], why: Cause | None
) -> None:
    run = run_at(listed, ledger(OLD_COPY, *others))
    kept = _last_one(run, Old(1, POST), {1})
    assert (kept.why if kept else None) == why
    assert _last_one(run, Old(1, POST), set()) is None, "it is no old copy: it left the calendar"


def test_a_copy_that_this_run_removed_stands_for_nothing() -> None:
    run = run_at((POST, NEW), ledger(OLD_COPY, STANDS))
    run.removed[2] = NEW
    kept = _last_one(run, Old(1, POST), {1})
    assert kept is not None
    assert kept.why == LAST_ONE
