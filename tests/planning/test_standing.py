"""Where a calendar stands: what was published, how long an account is silent, and what needs someone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.planning.notes import Warn
from publer_sync.planning.publication import Publication, Status
from publer_sync.planning.standing import standing
from publer_sync.values.policies import Cadence
from tests.builders import DAY, LINKEDIN, NOW, SOON, TOMORROW, X, plan, shown
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.planning.standing import Standing
    from publer_sync.values.model import LivePost

STATUS = {
    "published_posted": Status.PUBLISHED,
    "published_deleted": Status.TAKEN_DOWN,
    "failed": Status.FAILED,
}


def of(*live: LivePost, week: tuple[LivePost, ...] = (), warnings: tuple[Warn, ...] = ()) -> Standing:
    return standing(
        plan(warnings=warnings),
        live,
        [Publication(X, STATUS[post.state], live=post) for post in week],
        None,
        [X],
        cadence=Cadence(),
        requests_left=100,
    )


def test_what_was_published_counts_where_somebody_took_it_down_since() -> None:
    out, gone = (
        shown(NOW - DAY, state="published_posted"),
        shown(NOW - DAY, id="p-2", state="published_deleted"),
    )
    failed = shown(NOW - DAY, id="p-3", state="failed")
    assert of(week=(out, gone, failed)).published == 2
    assert of(week=(failed,)).failed == (failed,)


def test_an_account_is_silent_between_posts_that_are_far_apart() -> None:
    last = shown(TOMORROW + 40 * DAY, id="p-3")
    found = of(shown(TOMORROW, id="p-2"), last, shown(SOON), shown(SOON, account=LINKEDIN, id="p-4"))
    (account,) = found.accounts
    assert [post.id for post in account.ahead] == ["p-1", "p-2", "p-3"]
    assert account.gaps == ((TOMORROW, last.at),)


@each_of(
    ("code", "needs"),
    [
        ("lost", True),
        ("hold_waiting", True),
        ("state_ci", True),
        ("state_first", True),
        ("state_left", True),
        ("state_unseen", True),
        ("unread", False),
    ],
)
def test_what_every_apply_ends_with_needs_someone(code: str, needs: bool) -> None:
    assert of(warnings=(Warn(code, "why"),)).needs_someone is needs
