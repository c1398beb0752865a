"""What a report tells once is noted, and only that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.applying.telling import tells_once, with_told
from publer_sync.ledger.copies import End
from publer_sync.ledger.state import past_keys
from publer_sync.planning.judge import told
from publer_sync.planning.plan import Action, Block, Past
from publer_sync.render.post.fixes import Fixes
from publer_sync.values.model import MINUTE
from tests.builders import (
    EARLIER,
    LATER,
    NOW,
    X,
    change,
    codes,
    copy_of,
    ledger,
    planned,
    report,
    result,
    wanted,
)

if TYPE_CHECKING:
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post

OUT = copy_of(wanted(EARLIER, id="hello"), 4).ending(End.PUBLISHED, NOW)
MOVED = wanted(LATER, id="hello")
AGAIN = change(Action.BLOCKED, MOVED, blocks=(Block.WENT_OUT,), copy=OUT)
MISSED = change(Action.PAST, wanted(EARLIER, id="late"), missed=True)
STUCK = change(Action.BLOCKED, MOVED, blocks=(Block.TWIN,), copy=OUT)


def after(state: State, *changes: object) -> State:
    return with_told(state, report([result(each, Outcome.NOT_TRIED) for each in changes]))  # type: ignore[arg-type]  # changes of several kinds


def test_a_post_that_was_published_before_it_was_moved_is_told_once() -> None:
    state = after(ledger(OUT), AGAIN)
    assert state.facts[4].told == (told(MOVED),)
    assert after(state, AGAIN).facts[4].told == (told(MOVED),)
    assert codes(planned([MOVED], state=state)) == ["went_out"], "from then on plan warns of it"
    assert codes(planned([MOVED], state=ledger(OUT))) == []


def test_what_no_ledger_knows_is_told_each_time() -> None:
    assert after(ledger(), AGAIN).facts == {}
    assert after(ledger(OUT), change(Action.BLOCKED, MOVED, blocks=(Block.WENT_OUT,))).facts == {}


def test_of_what_was_done_nothing_has_to_be_told_again() -> None:
    assert after(ledger(), change(Action.CREATE, MOVED)) == ledger()


def test_a_missed_post_is_told_once() -> None:
    assert after(ledger(), MISSED).excused == {*past_keys(X.id, EARLIER, "late")}


def past(post: Post, state: State) -> Past:
    """What the plan says of a post whose time has passed."""
    [change] = planned([post], state=state).changes
    assert isinstance(change, Past)
    return change


def test_what_a_hold_took_out_in_its_last_minutes_is_told_once_now_and_once_when_it_is_known() -> None:
    post = wanted(NOW - MINUTE, id="soon")
    taken = copy_of(post, held=True, removed=True, removing_at=NOW - 3 * MINUTE)
    change = past(post, ledger(taken))
    assert (change.missed, change.doubted) == (True, True)
    assert "whether it was published anyway shows by" in change.reason
    assert Fixes([change]).of(change) == [], "a new time now could publish it twice"
    told_now = after(ledger(taken), change)
    change = past(post, told_now)
    assert (change.missed, change.doubted) == (False, True)
    known = after(ledger(taken.ending(End.REMOVED, NOW)), change)
    known.excused |= told_now.excused
    change = past(post, known)
    assert (change.missed, change.doubted) == (True, False)


def test_what_a_hold_took_out_long_before_its_minute_is_missed_at_once() -> None:
    post = wanted(NOW - MINUTE, id="soon")
    taken = copy_of(post, held=True, removed=True, removing_at=NOW - 30 * MINUTE).ending(End.REMOVED, NOW)
    change = past(post, ledger(taken))
    assert (change.missed, change.doubted) == (True, False)


def test_what_an_apply_removed_in_its_last_minutes_is_no_post_of_a_hold() -> None:
    post = wanted(NOW - MINUTE, id="soon")
    replaced = copy_of(post, removed=True, removing_at=NOW - 3 * MINUTE)
    change = past(post, ledger(replaced))
    assert not change.doubted


def test_nothing_is_noted_of_what_is_told_again_or_of_a_post_that_was_forgotten_meanwhile() -> None:
    assert after(ledger(OUT), STUCK) == ledger(OUT)
    assert after(ledger(), AGAIN) == ledger()
    assert after(ledger(), replace(STUCK, entry=4)) == ledger()
    reports = [report([result(each, Outcome.NOT_TRIED)]) for each in (AGAIN, MISSED, STUCK)]
    assert [tells_once(each) for each in reports] == [True, True, False]


def test_of_what_may_be_a_post_that_was_published_the_id_is_noted_or_that_it_has_none() -> None:
    may_be = replace(STUCK, entry=4)
    nameless = replace(change(Action.BLOCKED, wanted(LATER), blocks=(Block.TWIN,), copy=OUT), entry=4)
    state = after(ledger(OUT), may_be, nameless, may_be)
    assert state.facts[4].doubted == ("hello", "")
    assert after(state, may_be).facts[4].doubted == ("hello", "")
