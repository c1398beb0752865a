"""What keeps a post from moving to another calendar, and what the plans of both say of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import End, EntryFacts, Seen
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.planning.moving import Move, Side, concerning, moves_between
from publer_sync.planning.plan import Block, Blocked
from publer_sync.values.content import Content
from publer_sync.values.model import MINUTE
from tests.builders import LAST, LATER, NOW, SOON, codes, copy_of, ledger, said, sent, shown, wanted
from tests.planning.posts import HELD, HOLD, LAPSED, LIVE, OURS, POST, blocks, plan_of_moves
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State


def two(theirs: Any = (), ours: Any = (), state: State | None = None, **more: Any) -> tuple[Move, ...]:
    """What moves from a calendar with `ours` to one with `theirs`."""
    return moves_between(
        [
            Side("from", tuple(ours), state or ledger(OURS)),
            Side("to", tuple(theirs), more.pop("to_state", ledger()), **more),
        ],
        NOW,
    )


def test_what_nothing_keeps_from_it_moves_and_what_is_stuck_says_why() -> None:
    assert len(two([POST])) == 1
    assert two([POST], [POST]) == ()
    [stuck] = two([POST], stuck="first do this")
    assert stuck.stuck == "first do this"
    assert two([replace(POST, at=LATER)], stuck="first do this") == (), (
        "at another time only where nothing keeps it"
    )
    assert len(two([replace(POST, at=LATER)])) == 1
    kept = copy_of(wanted(LATER, "Theirs"), 4, post_id="p-4")
    other = Side("other", (wanted(LATER, "Theirs"),), ledger(kept))
    found = moves_between(
        [Side("from", (), ledger(OURS)), Side("to", (replace(POST, at=LATER),), ledger()), other], NOW
    )
    assert found == (), "another calendar keeps a post in that minute"


def test_what_nobody_has_seen_moves_to_no_other_time() -> None:
    unseen = replace(LAPSED)
    assert two([replace(POST, at=LATER)], state=ledger(unseen)) == ()


def test_moves_concern_the_two_calendars_that_they_are_between() -> None:
    moves = two([POST])
    assert [len([*concerning(moves, name)]) for name in ("from", "to", "another")] == [1, 1, 0]


def test_what_is_on_hold_is_stuck_at_any_time_where_its_hold_cannot_go_along() -> None:
    gone = Side("from", (), ledger(HELD, holds=(HOLD,)), gone="forget it")
    used = ledger(copy_of(wanted(LAST, "Theirs", id="theirs"), 4, post_id="p-4"))
    theirs = (replace(POST, at=LATER), wanted(LAST, "Theirs", id="theirs"))
    [move] = moves_between([gone, Side("to", theirs, used)], NOW)
    assert "run publer-sync hold for the calendar to, too" in move.stuck
    held = replace(gone, gone="", stuck="release it first", holding=True)
    [move] = moves_between([held, Side("to", theirs, used)], NOW)
    assert move.stuck == "release it first"
    assert moves_between([replace(held, stuck="", holding=False), Side("to", theirs, used)], NOW) == ()
    [move] = moves_between([gone, Side("to", theirs[:1], ledger())], NOW)
    assert (move.stuck, move.holds) == ("", (HOLD,))
    both = [
        Side("from", (), ledger(OURS), stuck="first do this"),
        Side("to", (replace(POST, at=LATER),), ledger()),
    ]
    assert moves_between(both, NOW) == ()


def test_what_is_on_hold_is_stuck_also_where_an_apply_let_go_of_it_and_what_else_it_let_go_of_is_not() -> (
    None
):
    other = copy_of(wanted(LATER, "Other", id="other"), 4, post_id="p-4").ending(End.REMOVED, NOW)
    state = ledger(HELD, other, holds=(HOLD,))
    for entry in (HELD.entry, other.entry):
        state.note(entry, left=True)
    held = Side("from", (), state, stuck="release it first", holding=True)
    wants = (POST, wanted(LATER, "Other", id="other"))
    assert [move.entry.key for move in moves_between([held, Side("to", wants, ledger())], NOW)] == [
        HELD.entry
    ]
    assert moves_between([replace(held, stuck="", holding=False), Side("to", wants, ledger())], NOW) == ()
    wanting_its_minute = Side("to", (replace(wants[1], at=POST.at),), ledger())
    kept = replace(held, state=ledger(HELD, holds=(HOLD,)))
    assert moves_between([held, wanting_its_minute], NOW) == ()
    assert len(moves_between([kept, wanting_its_minute], NOW)) == 1, "its calendar has not let go of it"
    line = replace(copy_of(POST).ending(End.PUBLISHED, NOW), sent=Content(), seen=None)
    forgotten = replace(held, state=ledger(line, facts={1: EntryFacts(left=True)}))
    assert moves_between([forgotten, Side("to", (POST,), ledger())], NOW) == (), "a line for the log"
    nameless = Side("to", (replace(POST, id=None),), ledger())
    near = wanted(SOON + MINUTE, "Theirs")
    third = Side("third", (near,), ledger(copy_of(near, 5, post_id="p-5")))
    assert len(moves_between([held, nameless, third], NOW)) == 1, "its own minute is free for it"
    wanted_here = replace(held, desired=(POST,), state=ledger(HELD, holds=(HOLD,)))
    assert moves_between([wanted_here, Side("to", (POST,), ledger())], NOW) == ()


def test_a_minute_that_the_receiver_is_about_to_leave_is_free() -> None:
    leaving = copy_of(wanted(LATER, "Theirs", id="theirs"), 4, post_id="p-4")
    theirs = (replace(POST, at=LATER), wanted(LAST, "Theirs", id="theirs"))
    assert len(two(theirs, to_state=ledger(leaving))) == 1


def move(stuck: str = "", entry: Copy = OURS, **more: Any) -> Move:
    return Move("acme", "globex", ledger(entry).entries()[1], replace(POST, **more), stuck=stuck)


def test_a_post_that_is_kept_from_moving_is_not_removed_and_says_why() -> None:
    plan = plan_of_moves(ledger(OURS), giving=[move("first do this")])
    [change] = plan.changes
    assert said(change) == ("blocked", "elsewhere", "would delete")
    assert change.reason.endswith("; first do this")
    assert (plan.moves, codes(plan)) == ((), [])
    free = plan_of_moves(ledger(OURS), giving=[move()])
    assert [said(each) for each in free.changes] == [("unchanged",)]
    assert (len(free.moves), codes(free)) == (1, ["moves"])
    late = plan_of_moves(
        ledger(copy_of(replace(POST, at=NOW - MINUTE))),
        giving=[move("first do this")],
        live=(shown(NOW - MINUTE, "Hello"),),
    )
    assert [said(each)[0] for each in late.changes] == ["unchanged"]


def test_a_minute_that_a_post_leaves_for_another_calendar_is_theirs() -> None:
    by_hand = replace(copy_of(replace(POST, at=LATER)), seen=Seen(SOON, "Hello"))
    for stuck, calendar in (("", "globex"), ("first do this", None)):
        leaving = move(stuck, by_hand)
        taken = plan_of_moves(ledger(by_hand), wanted(SOON, "New", id="new"), giving=[leaving])
        [new] = [each for each in taken.changes if each.post is not None]
        assert isinstance(new, Blocked)
        assert (new.blocks[0] is Block.ELSEWHERE, new.calendar) == (calendar is not None, calendar)


def test_what_comes_here_is_managed_from_then_on_and_what_is_stuck_is_not() -> None:
    theirs = Elsewhere.of({"acme": ledger(OURS)})
    coming = plan_of_moves(ledger(OURS), POST, coming=[move()], elsewhere=theirs)
    assert [said(each) for each in coming.changes] == [("unchanged",)]
    moving = plan_of_moves(ledger(OURS), replace(POST, at=LATER), coming=[move(at=LATER)], elsewhere=theirs)
    assert [said(each) for each in moving.changes] == [("replace",)]
    assert codes(moving) == ["moves"]
    stuck = plan_of_moves(ledger(), coming=[move("first do this")], live=())
    assert (codes(stuck), stuck.moves) == ([], ())
    both = plan_of_moves(ledger(OURS), replace(POST, at=LATER), elsewhere=theirs)
    assert blocks(both) == [("elsewhere",)]
    assert blocks(
        plan_of_moves(ledger(OURS), replace(POST, at=LATER), coming=[move("first do this")], elsewhere=theirs)
    ) == [("elsewhere",)]


@each_of(
    ("entry", "why"),
    [
        (OURS, "the calendar acme has it in Publer; first do this"),
        (OURS.ending(End.PUBLISHED, NOW), "it was published from the calendar acme; first do this"),
        (
            replace(OURS, held=True).ending(End.REMOVED, NOW),
            "the calendar acme has it on hold; first do this",
        ),
        (
            OURS.ending(End.MAYBE_PUBLISHED, NOW),
            "it may have been published from the calendar acme; first do this",
        ),
    ],
)
def test_a_post_that_cannot_come_yet_is_not_made_a_second_time(entry: Copy, why: str) -> None:
    new = replace(POST, at=LATER)
    coming = [replace(move("first do this", entry), post=new)]
    [change] = plan_of_moves(ledger(), new, coming=coming, live=()).changes
    assert (change.blocks, change.reason) == ((Block.ELSEWHERE,), why)
    [other] = plan_of_moves(ledger(), replace(new, at=LAST), coming=coming, live=()).changes
    assert other.blocks == ()
    theirs = Elsewhere.of({"acme": ledger(copy_of(wanted(LATER, "Theirs"), 1, post_id="f-1"))})
    [taken] = plan_of_moves(
        ledger(), new, coming=coming, live=(shown(LATER, "Theirs", id="f-1"),), elsewhere=theirs
    ).changes
    assert taken.blocks == (Block.ELSEWHERE,)
    assert taken.reason.endswith("the calendar acme manages it; first do this")


def test_of_a_post_that_left_only_its_removal_is_kept_by_a_move_that_is_stuck() -> None:
    beside = replace(sent(replace(POST, at=LATER), 2, entry=1, job_id="j-1"), lapsed=True)
    stuck = Move("acme", "globex", ledger(OURS, beside).entries()[1], POST, stuck="first do this")
    plan = plan_of_moves(ledger(OURS, beside), giving=[stuck])
    assert [said(each) for each in plan.changes] == [("blocked", "elsewhere", "would delete")]
    repeats = plan_of_moves(
        ledger(OURS), giving=[move("first do this")], live=(replace(LIVE, state="recurring"),)
    )
    assert [said(each)[0] for each in repeats.changes] == ["unchanged"]
