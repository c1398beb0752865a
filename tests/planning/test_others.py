"""When the states of other calendars are read: each one is asked for only where it may matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import End
from publer_sync.ledger.hold import Hold
from publer_sync.planning.others import concerns_others, is_disputed, may_leave
from publer_sync.planning.plan import Action, Block
from publer_sync.planning.survey import Survey
from publer_sync.values.model import MINUTE, Listing
from tests.builders import LATER, NOW, SOON, change, copy_of, ledger, plan, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.state import State
    from publer_sync.values.model import LivePost

POST = wanted(SOON, "Hello https://example.com/a")
OURS = ledger(copy_of(POST))
UNMANAGED = shown(LATER, "Somebody's words", id="f-1")


def seen(*live: LivePost, state: State | None) -> Survey:
    return Survey(Listing(live), state)


@each_of(
    ("live", "disputed"),
    [
        ((), False),
        ((UNMANAGED,), False),
        ((shown(SOON, "Other words", id="f-1"),), True),
        ((shown(SOON + MINUTE / 2, "Other words", id="f-1"),), True),
        ((shown(LATER, "Hello https://example.com/b", id="f-1"),), True),
        ((shown(SOON, POST.text),), False),
    ],
)
def test_a_post_not_managed_here_is_disputed_by_its_minute_or_its_words(
    live: tuple[LivePost, ...], disputed: bool
) -> None:
    """The last one is managed here."""
    assert is_disputed([POST], seen(*live, state=OURS), hold=False) is disputed


def test_without_a_state_nothing_tells_whose_a_post_is() -> None:
    assert is_disputed([], seen(state=None), hold=False)


@each_of(
    ("state", "hold", "disputed"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"holds": (Hold("a storm", NOW),)}, False, True),
    ],
)
def test_on_hold_every_scheduled_post_that_is_not_managed_here_is(
    state: dict[str, Any], hold: bool, disputed: bool
) -> None:
    known = ledger(copy_of(POST), **state)
    ours = shown(SOON, POST.text)
    assert bool(is_disputed([], seen(UNMANAGED, ours, state=known), hold=hold)) is disputed
    draft = shown(LATER, "Somebody's draft", id="f-1", state="draft")
    assert not is_disputed([], seen(draft, shown(SOON, POST.text), state=known), hold=hold)


def test_what_leaves_or_is_blocked_by_another_calendar_concerns_others() -> None:
    gone = change(Action.DELETE, None, live=shown(SOON), copy=copy_of(POST))
    assert concerns_others(plan([gone], left=frozenset({1})), seen(state=OURS))
    assert not concerns_others(plan([gone]), seen(state=OURS))
    kept = change(Action.UNCHANGED, POST)
    assert not concerns_others(plan([kept], left=frozenset({1})), seen(state=OURS))
    blocked = change(Action.BLOCKED, POST, blocks=(Block.SLOT, Block.ELSEWHERE))
    assert concerns_others(plan([blocked]), seen(state=OURS))
    assert not concerns_others(plan([change(Action.BLOCKED, POST, blocks=(Block.SLOT,))]), seen(state=OURS))


@each_of(
    ("live", "concerned"),
    [
        (shown(NOW, POST.text, id="f-1", state="published"), True),
        (shown(NOW, POST.text, id="f-1"), False),
        (shown(NOW, POST.text, id="p-1", state="published"), False),
        (shown(NOW, "Other words", id="f-1", state="published"), False),
    ],
)
def test_a_new_post_with_words_that_somebody_published_concerns_others(
    live: LivePost, concerned: bool
) -> None:
    new = plan([change(Action.CREATE, POST)])
    assert concerns_others(new, seen(live, state=OURS)) is concerned
    assert not concerns_others(plan(), seen(live, state=OURS))


def test_what_left_and_is_still_open_may_go_to_another_calendar() -> None:
    left = plan(left=frozenset({1}))
    assert may_leave(left, seen(state=OURS))
    assert not may_leave(plan(), seen(state=OURS))
    assert not may_leave(left, seen(state=None))
    assert not may_leave(left, seen(state=ledger(copy_of(POST).ending(End.REMOVED, NOW))))
