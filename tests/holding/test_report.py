"""What two reports of one hold say together."""

from __future__ import annotations

from publer_sync.applying.report import Outcome
from publer_sync.holding.report import HeldPost, HoldReport
from publer_sync.ledger.hold import Hold
from tests.builders import LATER, NOW, SOON, TOMORROW, copy_of, wanted

HOLD = Hold("Accident in town", NOW)


def report(*posts: HeldPost, requests: int) -> HoldReport:
    return HoldReport(HOLD, posts, (), requests)


def held(key: int, outcome: Outcome) -> HeldPost:
    at = {1: LATER, 2: SOON, 3: TOMORROW, 4: TOMORROW}[key]
    return HeldPost(copy_of(wanted(at), key), outcome)


def test_a_later_report_knows_better_of_what_was_not_verified_and_the_rest_stays() -> None:
    first = report(
        held(1, Outcome.APPLIED),
        held(2, Outcome.UNVERIFIED),
        held(3, Outcome.UNVERIFIED),
        held(4, Outcome.FAILED),
        requests=20,
    )
    later = report(held(2, Outcome.APPLIED), held(4, Outcome.APPLIED), requests=3)
    both = first.followed_by(later)
    assert [(post.copy.key, post.outcome) for post in both.posts] == [
        (2, Outcome.APPLIED),
        (1, Outcome.APPLIED),
        (4, Outcome.APPLIED),
    ]
    assert both.requests == 23
