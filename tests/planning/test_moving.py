"""Which posts move from one calendar to another, and what becomes of their copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import End, EntryFacts
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import past_keys
from publer_sync.planning.moving import Move, Side, excuse_past, moves_between, take
from publer_sync.planning.plan import Action, Block
from tests.builders import EARLIER, LATER, LINKEDIN, NOW, SOON, X, copy_of, ledger, sent, wanted
from tests.planning.posts import plan_of_moves
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post

POST = wanted(SOON, "Hello", id="launch")


def moved(
    state: State, *desired: Post, own: State | None = None, stuck: str = ""
) -> list[tuple[int, str, str]]:
    """The key of each entry that leaves a calendar without posts, its receiver, and what keeps it."""
    sides = [Side("acme", (), state), Side("globex", desired, own, stuck)]
    return [(move.entry.key, move.receiver, move.stuck) for move in moves_between(sides, NOW)]


def test_a_post_that_left_moves_to_who_wants_its_slot() -> None:
    state = ledger(copy_of(POST))
    assert moved(state, POST) == [(1, "globex", "")]
    assert moved(state, replace(POST, id=None)) == [(1, "globex", "")]
    assert moved(state, wanted(SOON, "Other words", id="other")) == [(1, "globex", "")]
    assert moved(state, POST, stuck="fix it") == [(1, "globex", "fix it")]


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(ledger(sent(POST)), id="under way"),
        pytest.param(ledger(sent(POST, lapsed=True)), id="never seen"),
        pytest.param(ledger(copy_of(POST, held=True)), id="on hold"),
        pytest.param(ledger(copy_of(POST, removing_at=NOW)), id="being removed"),
        pytest.param(ledger(copy_of(POST).ending(End.REMOVED, NOW)), id="removed"),
        pytest.param(None, id="no state"),
    ],
)
def test_what_is_under_way_on_hold_or_gone_does_not_move(state: State | None) -> None:
    sides = [Side("acme", (), state), Side("globex", (POST,))]
    assert moves_between(sides, NOW) == ()


def test_what_was_never_seen_and_is_past_moves_at_another_time_so_that_it_is_looked_for_there() -> None:
    """It may have been published since anyone looked."""
    past, later = replace(POST, at=EARLIER), replace(POST, at=LATER)
    assert moved(ledger(sent(past, lapsed=True)), later) == [(1, "globex", "")]
    assert moved(ledger(replace(sent(past, lapsed=True), held=True)), later) == []
    assert moved(ledger(sent(past)), later) == [], "its own calendar finds out first"


def test_at_another_time_it_moves_by_its_id_or_its_content_if_nothing_keeps_it() -> None:
    """Whatever it is taken for, one post is left at the new time: the old one removed, or replaced."""
    state, later = ledger(copy_of(POST)), wanted(LATER, "Hello", id="launch")
    assert moved(state, later) == [(1, "globex", "")]
    assert moved(state, later, POST) == [(1, "globex", "")], "the one in its slot comes first"
    assert moved(state, later, stuck="fix it") == []
    assert moved(state, replace(later, id="other")) == [(1, "globex", "")]
    assert moved(state, wanted(LATER, "Other words", id="launch")) == [(1, "globex", "")]
    assert moved(state, wanted(LATER, "Other words", id="other")) == []
    assert moved(state, wanted(EARLIER, "Hello", id="launch")) == []
    assert moved(state, wanted(SOON, "Hello", id="launch", account=LINKEDIN)) == []


def test_what_went_out_moves_at_another_time_by_its_id_alone() -> None:
    """As in its own calendar: equal words are another post, and to publish it again takes a new id."""
    for end in (End.PUBLISHED, End.MAYBE_PUBLISHED):
        state = ledger(copy_of(POST).ending(end, NOW))
        assert moved(state, wanted(LATER, "Hello", id="launch")) == [(1, "globex", "")]
        assert moved(state, wanted(LATER, "Other words", id="launch")) == [(1, "globex", "")]
        assert moved(state, wanted(LATER, "Hello", id="other")) == []


@pytest.mark.parametrize("id", ["launch", None])
def test_what_may_have_been_published_since_moves_so_that_it_is_not_published_again(id: str | None) -> None:
    """Its minute has passed, and its old calendar was not applied since: only its copies tell whether it went out."""
    past = wanted(EARLIER, "Hello", id=id)
    assert moved(ledger(copy_of(past)), wanted(LATER, "Hello", id=id)) == [(1, "globex", "")]
    assert moved(ledger(copy_of(past)), wanted(LATER, "Other words", id="other")) == []
    ended = copy_of(past).ending(End.REMOVED, NOW)
    assert moved(ledger(ended), wanted(LATER, "Hello", id=id)) == []


def test_the_minute_that_an_ended_copy_had_is_not_the_minute_of_its_post() -> None:
    ended = copy_of(POST).ending(End.GONE, NOW)
    state = ledger(ended, copy_of(replace(POST, at=LATER), 2, post_id="p-2", entry=1))
    other = wanted(SOON, "Other words", id="other")
    assert moved(state, other) == []
    assert moved(state, replace(other, at=LATER)) == [(1, "globex", "")]


def test_a_post_whose_minute_is_now_does_not_become_another_post_of_that_minute() -> None:
    state = ledger(copy_of(wanted(NOW, "Hello", id="launch")))
    assert moved(state, wanted(NOW, "Other words", id="other")) == []


def test_to_a_post_that_may_have_been_published_already_none_moves() -> None:
    gone = copy_of(POST, post_id="p-7").ending(End.MAYBE_PUBLISHED, NOW)
    assert moved(ledger(copy_of(POST)), POST, own=ledger(gone)) == []
    assert moved(ledger(copy_of(POST)), POST, own=ledger()) == [(1, "globex", "")]


def test_of_two_with_its_content_it_goes_to_the_nearest_in_time() -> None:
    far, near = wanted(LATER + timedelta(days=3), "Hello"), wanted(LATER, "Hello")
    sides = [Side("acme", (), ledger(copy_of(replace(POST, id=None)))), Side("globex", (far, near))]
    [move] = moves_between(sides, NOW)
    assert move.post is near


# --- from a calendar that is gone ---------------------------------------------------------------------------------------

HELD = copy_of(POST, held=True, removed=True, removing_at=NOW).ending(End.REMOVED, NOW)
STORM = Hold("Storm", NOW)
OWN = wanted(LATER, "Its own", id="own")


@each_of(
    ("copy", "receiver", "moves", "told"),
    [
        (HELD, {}, True, ""),
        (HELD, {"state": ledger()}, True, ""),
        (
            HELD,
            {"state": ledger(copy_of(OWN), holds=(STORM,)), "stuck": "release", "holding": True},
            True,
            "",
        ),
        (
            HELD,
            {"state": ledger(copy_of(OWN))},
            True,
            "run publer-sync hold for the calendar globex, too, then apply",
        ),
        (HELD, {"stuck": "fix its errors"}, True, "fix its errors"),
        (
            copy_of(POST),
            {"state": ledger(copy_of(OWN), holds=(STORM,)), "stuck": "release", "holding": True},
            True,
            "release",
        ),
        (sent(POST), {}, False, ""),
    ],
)
def test_what_is_on_hold_in_a_calendar_that_is_gone_goes_along_with_its_hold_where_nothing_else_is_held_by_it(
    copy: Copy, receiver: dict[str, Any], moves: bool, told: str
) -> None:
    gone = Side(
        "acme",
        (),
        ledger(copy, holds=(STORM, replace(STORM, settings=True))),
        gone="publer-sync forget --all",
    )
    found = moves_between([gone, Side("globex", (POST, OWN), **receiver)], NOW)
    assert bool(found) is moves
    for move in found:
        assert (told in move.stuck, bool(move.stuck)) == (True, bool(told))
        state = ledger()
        take(state, move)
        assert state.holds == ((STORM,) if copy.held else ()), "what its settings said is gone with them"


def test_of_a_calendar_that_is_there_what_is_on_hold_stays() -> None:
    there = Side("acme", (), ledger(HELD, holds=(STORM,)))
    assert moves_between([there, Side("globex", (POST,))], NOW) == ()


def test_into_a_minute_that_another_calendar_keeps_it_does_not_move() -> None:
    """Two that want each other's minutes would wait for ever."""
    other = wanted(LATER, "Mine", id="mine", account=X)
    sides = [
        Side("acme", (), ledger(copy_of(POST))),
        Side("globex", (wanted(LATER, "Hello", id="launch"),)),
        Side("third", (other,), ledger(copy_of(other, post_id="p-9"))),
    ]
    assert moves_between(sides, NOW) == ()


def test_what_its_own_calendar_wants_or_the_other_one_has_stays() -> None:
    sides = [Side("acme", (POST,), ledger(copy_of(POST))), Side("globex", (POST,))]
    assert moves_between(sides, NOW) == ()
    assert moved(ledger(copy_of(POST)), POST, own=ledger(copy_of(POST, post_id="p-2"))) == []


def test_what_was_published_moves_so_that_it_is_not_published_again() -> None:
    for end in (End.PUBLISHED, End.MAYBE_PUBLISHED):
        assert moved(ledger(copy_of(POST).ending(end, NOW)), POST) == [(1, "globex", "")]
    past = wanted(EARLIER, "Hello")
    assert moved(ledger(copy_of(past)), past) == [], "it is not known yet what became of it"
    assert moved(ledger(copy_of(past).ending(End.PUBLISHED, NOW)), past) == [(1, "globex", "")]


def test_a_copy_of_a_state_keeps_no_post_from_being_removed() -> None:
    state = ledger(copy_of(POST))
    assert moves_between([Side("acme", (), state), Side("globex", (), state)], NOW) == ()


def test_each_draft_goes_to_a_post_of_its_own_the_equal_one_first() -> None:
    one, two = (wanted(SOON, words, draft=True) for words in ("One", "Two"))
    state = ledger(copy_of(two, 1, post_id="p-2"), copy_of(one, 2, post_id="p-1"))
    moves = moves_between([Side("acme", (), state), Side("globex", (one, two))], NOW)
    assert {(move.entry.newest.text, move.post.text) for move in moves} == {("One", "One"), ("Two", "Two")}
    assert len(moved(state, one)) == 1


def test_of_several_that_want_it_one_gets_it_that_nothing_keeps_from_it() -> None:
    sides = [Side("acme", (), ledger(copy_of(POST))), Side("a", (POST,), None, "stuck"), Side("b", (POST,))]
    assert [move.receiver for move in moves_between(sides, NOW)] == ["b"]


def test_the_receiver_takes_all_copies_and_none_twice() -> None:
    old, new = copy_of(wanted(LATER), 1, post_id="p-1"), replace(copy_of(POST, 2, post_id="p-2"), entry=1)
    giver = ledger(old, new, facts={1: EntryFacts(twins=True, left=True, told=("x",))})
    own = ledger(copy_of(wanted(LATER, "Mine", account=LINKEDIN), post_id="p-9"))
    [move] = moves_between([Side("acme", (), giver), Side("globex", (POST,), own)], NOW)
    take(own, move)
    [entry] = [entry for entry in own.entries().values() if entry.account == X.id]
    assert [copy.post_id for copy in entry.copies] == ["p-1", "p-2"]
    assert (entry.id, entry.facts) == ("launch", EntryFacts(twins=True, told=("x",)))


def test_what_the_receiver_has_already_it_takes_no_second_time() -> None:
    """A part of the ledger that somebody copied: a post in two copies would be edited and removed as two."""
    old, new = copy_of(wanted(LATER), 1, post_id="p-1"), replace(copy_of(POST, 2, post_id="p-2"), entry=1)
    unseen = sent(POST, 3, lapsed=True, entry=1)
    [entry] = ledger(old, new, unseen, facts={1: EntryFacts(told=("x",))}).entries().values()
    for into in (0, 7):
        own = ledger(replace(copy_of(POST, 7, post_id="p-2"), entry=7), sent(POST, 8, lapsed=True))
        take(own, Move("acme", "globex", entry, POST, into))
        taken = [copy.post_id for copy in own.copies.values() if copy.entry == 7]
        assert taken == ["p-2", "p-1", None]
        assert own.facts[7].told == ("x",)


@each_of(
    ("own", "theirs", "kept"),
    [
        (End.FAILED, End.PUBLISHED, End.PUBLISHED),  # it went out after all: nothing is made again
        (End.GONE, End.MAYBE_PUBLISHED, End.MAYBE_PUBLISHED),
        (End.MAYBE_PUBLISHED, End.PUBLISHED, End.PUBLISHED),
        (End.PUBLISHED, End.GONE, End.PUBLISHED),
        (End.MAYBE_PUBLISHED, None, End.MAYBE_PUBLISHED),
        (End.GONE, None, None),
        (None, End.GONE, None),
    ],
)
def test_of_a_post_that_both_have_the_copy_stays_that_tells_more(
    own: End | None, theirs: End | None, kept: End | None
) -> None:
    def copy(end: End | None, key: int) -> Copy:
        sent = replace(copy_of(POST, key, post_id="p-2"), entry=key)
        return sent if end is None else sent.ending(end, NOW)

    state, [entry] = ledger(copy(own, 7)), ledger(copy(theirs, 1)).entries().values()
    take(state, Move("acme", "globex", entry, POST, 7))
    assert [(each.key, each.entry, each.end) for each in state.copies.values()] == [(7, 7, kept)]


def test_what_a_hold_took_out_comes_back_also_where_the_receiver_took_it_for_gone() -> None:
    out = replace(copy_of(POST), held=True, removing_at=NOW).ending(End.REMOVED, NOW)
    [entry] = ledger(out).entries().values()
    state = ledger(copy_of(POST, 7).ending(End.GONE, NOW))
    take(state, Move("acme", "globex", entry, POST))
    assert [(each.key, each.held) for each in state.copies.values()] == [(7, True)]
    both = ledger(out)
    take(both, Move("acme", "globex", ledger(copy_of(POST)).entries()[1], POST))
    assert [each.held for each in both.copies.values()] == [True], "and an open one tells less"


def test_what_the_receiver_knew_of_its_entry_it_still_knows() -> None:
    entry = ledger(copy_of(POST), facts={1: EntryFacts(told=("x",))}).entries()[1]
    for before, after in (
        (EntryFacts(twins=True, told=("y",)), EntryFacts(twins=True, told=("y", "x"))),
        (EntryFacts(told=("y",)), EntryFacts(told=("y", "x"))),
        (EntryFacts(), EntryFacts(told=("x",))),
    ):
        own = ledger(copy_of(POST, post_id="p-0").ending(End.REMOVED, NOW), facts={1: before})
        take(own, Move("acme", "globex", entry, POST, into=1))
        assert own.entries()[1].facts == after


def test_a_post_that_two_parts_of_the_ledger_have_is_blocked_in_both() -> None:
    """A state that was copied with its calendar: neither removes what the other one may want."""
    state = ledger(copy_of(POST))
    for desired in ((), (replace(POST, at=LATER),), (wanted(SOON, "Other", id="launch"),)):
        plan = plan_of_moves(state, *desired, elsewhere=Elsewhere.of({"globex": ledger(copy_of(POST))}))
        [change] = [one for one in plan.changes if one.copy]
        assert (change.action, change.blocks[0]) == (Action.BLOCKED, Block.ELSEWHERE)
        assert "publer-sync forget launch" in change.reason
    nameless = replace(POST, id=None)
    theirs = Elsewhere.of({"globex": ledger(copy_of(nameless))})
    [change] = plan_of_moves(ledger(copy_of(nameless)), replace(nameless, at=LATER), elsewhere=theirs).changes
    assert "publer-sync forget, by its account and time, there" in change.reason


def test_a_post_on_several_accounts_is_one_line_at_each_end() -> None:
    entries = ledger(copy_of(POST)).entries()
    moves = [Move("acme", "globex", entries[1], replace(POST, account=account)) for account in (X, LINKEDIN)]
    plan = plan_of_moves(ledger(), giving=moves, coming=moves)
    assert [warn.message for warn in plan.warnings if warn.code == "moves"] == [
        "launch moves to the calendar globex",
        "launch comes from the calendar acme",
    ]


def test_a_post_without_an_id_is_told_by_its_first_words() -> None:
    entry = ledger(copy_of(POST)).entries()[1]
    long = wanted(SOON, "A post " * 20 + "\nand more")
    assert Move("a", "b", entry, long).label == f'"{"A post " * 7}…"'
    assert Move("a", "b", entry, wanted(SOON, "Short\nand more")).label == '"Short"'
    assert Move("a", "b", entry, wanted(SOON, "x" * 50)).label == f'"{"x" * 50}"'


def test_what_was_never_seen_is_nobodys_post() -> None:
    """The receiver waits for a post of its own, and one that leaves the giver was sent twice, once in vain."""
    mine = wanted(LATER, "Mine", id="mine")
    vain, out = sent(POST, 1, lapsed=True), copy_of(POST, 2, post_id="p-2", entry=1)
    state = ledger(vain, out.ending(End.PUBLISHED, NOW))
    assert moved(state, mine, own=ledger(sent(mine))) == []


def test_in_the_first_state_of_a_calendar_what_is_past_counts_as_told() -> None:
    state = ledger()
    past, due, ahead = (wanted(at, id="launch") for at in (EARLIER, NOW, SOON))
    excuse_past(state, [past, due, ahead], NOW)
    assert state.excused == {*past_keys(X.id, EARLIER, "launch"), *past_keys(X.id, NOW, "launch")}


def test_a_post_that_moves_and_is_not_in_publer_is_nothing_of_the_giver() -> None:
    move = Move("acme", "globex", ledger(copy_of(POST)).entries()[1], POST)
    assert plan_of_moves(ledger(copy_of(POST)), giving=[move]).count(Action.UNCHANGED) == 1
    assert plan_of_moves(ledger(copy_of(POST, post_id="p-2")), giving=[move]).changes == ()
