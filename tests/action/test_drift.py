"""Which changes of a plan are a reason to open the issue."""

from __future__ import annotations

import pytest

from publer_sync.action import drift
from publer_sync.planning.plan import Action, Block
from tests.builders import EARLIER, SOON, change, wanted

POST = wanted(SOON, "Hello")


@pytest.mark.parametrize(
    ("one", "why"),
    [
        pytest.param(change(Action.PAST, wanted(EARLIER), missed=True), "stuck", id="failed at its time"),
        pytest.param(change(Action.PAST, wanted(EARLIER)), "", id="past"),
        pytest.param(change(Action.RECREATE, POST), "edited", id="deleted in Publer"),
        pytest.param(change(Action.BLOCKED, POST, blocks=(Block.STATE,)), "stuck", id="blocked"),
        pytest.param(
            change(Action.BLOCKED, POST, would=Action.RECREATE, blocks=(Block.LISTING,)),
            "",
            id="not known, since Publer's list is incomplete",
        ),
    ],
)
def test_what_opens_the_issue(one: object, why: str) -> None:
    reasons = [name for name in ("edited", "stuck", "unapplied") if getattr(drift, name)(one)]

    assert reasons == [why][: bool(why)]
