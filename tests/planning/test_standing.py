"""Where a calendar stands: what was published, how long an account is silent, and what needs someone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from publer_sync.ledger.hold import Hold
from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Action
from publer_sync.planning.publication import Publication, Status
from publer_sync.planning.standing import standing, unmanaged
from publer_sync.values.model import MINUTE
from publer_sync.values.policies import Cadence, Pace
from publer_sync.values.problems import Location
from tests.builders import (
    DAY,
    LINKEDIN,
    NOW,
    SOON,
    TOMORROW,
    X,
    change,
    copy_of,
    ledger,
    plan,
    shown,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.planning.plan import Change
    from publer_sync.planning.standing import Standing
    from publer_sync.values.model import LivePost

STATUS = {
    "published_posted": Status.PUBLISHED,
    "published_deleted": Status.TAKEN_DOWN,
    "failed": Status.FAILED,
}


def of(
    *live: LivePost,
    week: tuple[LivePost, ...] = (),
    warnings: tuple[Warn, ...] = (),
    changes: Iterable[Change] = (),
    holds: tuple[Hold, ...] = (),
    pace: Pace | None = None,
) -> Standing:
    return standing(
        plan(changes, warnings=warnings, holds=holds),
        live,
        [Publication(X, STATUS[post.state], live=post) for post in week],
        None,
        [X],
        cadence=Cadence({"x": pace} if pace else {}),
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
    ("later", "silent"),
    [(timedelta(days=14, hours=1), False), (timedelta(days=14, hours=1, minutes=1), True)],
)
def test_two_weeks_are_no_longer_where_clocks_go_back_meanwhile(later: timedelta, silent: bool) -> None:
    first = datetime(2027, 10, 21, 7, tzinfo=UTC)
    [account] = of(shown(first), shown(first + later, id="p-2")).accounts
    assert account.gaps[1:] == (((first, first + later),) if silent else ())


NONE, ONE = (Pace(least, None, Location("publer.yaml", 5)) for least in (0, 1))


@each_of(
    ("pace", "at", "silent"),
    [
        (None, NOW + 14 * DAY, False),
        (None, NOW + 14 * DAY + MINUTE, True),
        (NONE, NOW + 14 * DAY, False),
        (NONE, NOW + 14 * DAY + MINUTE, True),
        (ONE, datetime(2026, 12, 6, 22, 59, tzinfo=UTC), False),
        (ONE, datetime(2026, 12, 6, 23, 0, tzinfo=UTC), True),
    ],
)
def test_an_account_with_a_pace_is_silent_for_a_week_from_monday_on_and_any_other_for_two(
    pace: Pace | None, at: datetime, silent: bool
) -> None:
    """It is Tuesday, and the week ends in Oslo an hour before it does in UTC."""
    [account] = of(shown(at), pace=pace).accounts
    assert account.gaps == (((NOW, at),) if silent else ())


def test_only_what_publer_will_publish_is_ahead_on_an_account() -> None:
    none = [shown(NOW), shown(None), shown(SOON, state="draft"), shown(SOON, state="scheduled_declined")]
    [account] = of(*none, shown(SOON, id="p-2", state="scheduled_pending")).accounts
    assert [post.id for post in account.ahead] == ["p-2"]


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


def test_what_needs_attention_is_blocked_deleted_missed_or_waits_for_somebody() -> None:
    changes = [
        change(Action.BLOCKED, wanted(SOON, "blocked")),
        change(Action.RECREATE, wanted(SOON, "deleted")),
        change(Action.PAST, wanted(NOW - DAY, "missed"), missed=True),
        change(Action.PAST, wanted(NOW - DAY, "told before")),
        change(Action.UNCHANGED, wanted(SOON, "waits"), waiting=True),
        change(Action.UNCHANGED, wanted(SOON, "as it is")),
        change(Action.CREATE, wanted(SOON, "new")),
    ]
    found = of(changes=changes).urgent
    assert {each.post.text for each in found if each.post} == {"blocked", "deleted", "missed", "waits"}


def test_a_failed_post_that_is_blocked_is_told_once() -> None:
    failed = shown(NOW - DAY, state="failed")
    stuck = change(Action.BLOCKED, wanted(NOW - DAY), would=Action.UPDATE, live=failed)
    assert of(week=(failed,), changes=[stuck]).failed == ()
    other = shown(NOW - DAY, id="p-2", state="failed")
    assert of(week=(other, shown(NOW, state="published_posted")), changes=[stuck]).failed == (other,)


def test_what_is_ahead_and_not_managed_here_is_told_with_drafts() -> None:
    live = (
        shown(TOMORROW, id="late"),
        shown(SOON, id="p-1"),
        shown(SOON, id="a-draft", state="draft"),
        shown(NOW, id="now"),
        shown(None, id="without-a-time", state="draft"),
        shown(SOON, id="declined", state="scheduled_declined"),
        shown(SOON, id="out", state="published"),
    )
    found = standing(plan(), live, (), ledger(copy_of(wanted(SOON))), [X], cadence=Cadence(), requests_left=1)
    assert [post.id for post in found.unmanaged] == ["a-draft", "late"]
    nothing = standing(plan(), live[:2], (), None, [X], cadence=Cadence(), requests_left=1)
    assert [post.id for post in nothing.unmanaged] == ["p-1", "late"]


def test_what_others_manage_was_not_made_during_a_hold() -> None:
    live = (shown(SOON, id="made"), shown(SOON, id="theirs"), shown(SOON))
    found = standing(
        plan(holds=(Hold("a storm", NOW - DAY),)),
        live,
        (),
        ledger(copy_of(wanted(SOON))),
        [X],
        cadence=Cadence(),
        requests_left=1,
        theirs={"theirs"},
    )
    assert [post.id for post in found.made_on_hold] == ["made"]


def test_a_hold_needs_someone() -> None:
    assert not of().needs_someone
    assert of(holds=(Hold("a storm", NOW - DAY),)).needs_someone
    assert of(changes=[change(Action.RECREATE, wanted(SOON))]).needs_someone
    assert of(week=(shown(NOW - DAY, state="failed"),)).needs_someone


@each_of(
    ("post", "counts"),
    [
        (shown(SOON), True),
        (shown(SOON, state="draft"), True),
        (shown(SOON, state="scheduled_pending"), True),
        (shown(SOON, state="scheduled_declined"), False),
        (shown(SOON, state="recurring"), False),
        (shown(SOON, state="published"), False),
        (shown(NOW), False),
        (shown(None, state="draft"), False),
        (shown(SOON, id="p-2"), False),
    ],
)
def test_what_is_ahead_and_not_managed_here_is_what_publer_will_publish_and_drafts(
    post: LivePost, counts: bool
) -> None:
    state = ledger(copy_of(wanted(SOON), post_id="p-2"))
    assert bool(unmanaged([post], state, NOW)) is counts
