"""What a minute waits for: a post of another calendar, one that stays, a swap that cannot be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from publer_sync.ledger.copies import End, EntryFacts
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.planning.blocks import slot_waits, there_already, too_soon
from publer_sync.planning.plan import Action, Block
from publer_sync.planning.planner import Scope
from publer_sync.values.errors import StateError
from publer_sync.values.model import MINUTE
from tests.builders import (
    DAY,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    X,
    change,
    copy_of,
    ledger,
    only,
    planned,
    sent,
    shown,
    wanted,
)
from tests.planning.posts import DRAFT, HOLD, LAPSED, LIVE, OURS, POST, blocks, case
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.values.model import LivePost, Post


def test_a_minute_that_another_calendar_has_on_hold_is_taken() -> None:
    theirs = replace(copy_of(wanted(SOON, "Theirs"), 1, post_id="p-5"), held=True).ending(End.REMOVED, NOW)
    elsewhere = Elsewhere.of({"acme": ledger(theirs, holds=(HOLD,))})
    there = only(planned([wanted(SOON)], [], ledger(), elsewhere=elsewhere))
    assert (there.blocks, there.calendar) == ((Block.ELSEWHERE,), "acme")
    assert blocks(planned([wanted(SOON, draft=True)], [], ledger(), elsewhere=elsewhere)) == [()]
    edited = replace(POST, content=wanted(SOON, "Better").content)
    assert blocks(planned([edited], [LIVE], ledger(OURS), elsewhere=elsewhere)) == [()], "it is there already"
    assert blocks(planned([wanted(LATER)], [], ledger(), elsewhere=elsewhere)) == [()]
    taken = planned([wanted(SOON)], [shown(SOON, "In the way", id="f-1")], ledger(), elsewhere=elsewhere)
    assert blocks(taken) == [("elsewhere",)], "that tells more than the post in the minute"


def test_a_minute_that_another_calendar_let_go_of_is_taken_for_the_post_that_is_on_hold_alone() -> None:
    theirs = replace(copy_of(wanted(SOON, "Theirs", id="t"), 1, post_id="p-5"), held=True)
    state = ledger(theirs.ending(End.REMOVED, NOW), holds=(HOLD,))
    state.note(1, left=True)
    elsewhere = Elsewhere.of({"acme": state})

    def blocks_of(post: Post) -> list[tuple[str, ...]]:
        return blocks(planned([post], [], ledger(), elsewhere=elsewhere))

    assert blocks_of(wanted(SOON, "Other", id="o")) == [()]
    assert blocks_of(wanted(SOON, "Other", id="t")) == [("elsewhere",)]
    assert blocks_of(wanted(SOON, "Theirs", id="o")) == [("elsewhere",)]
    nameless = replace(state, copies={1: replace(state.copies[1], id=None)})
    elsewhere = Elsewhere.of({"acme": nameless})
    assert blocks_of(wanted(SOON, "Other")) == [()]


def test_a_swap_that_no_option_lets_through_is_none() -> None:
    one, two = wanted(SOON, "One", id="1"), wanted(LATER, "Two", id="2")
    live = [shown(SOON, "One", id="p-1", state="scheduled_declined"), shown(LATER, "Two", id="p-2")]
    state = ledger(copy_of(one, 1, post_id="p-1"), copy_of(two, 2, post_id="p-2"))
    plan = planned([replace(one, at=LATER), replace(two, at=SOON)], live, state)
    assert blocks(plan) == [("slot",), ("state", "slot")]


def test_what_has_the_minute_tells_more_than_words_at_another_time() -> None:
    live = [shown(LATER, id="f-1"), shown(SOON, "In the way", id="f-2")]
    change = only(planned([wanted(SOON)], live, ledger()))
    assert change.blocks == (Block.SLOT,)
    assert change.obstacle.id == "f-2"
    alone = only(planned([wanted(SOON)], live[:1], ledger()))
    assert alone.blocks == (Block.TWIN,)


def test_what_may_be_the_post_itself_speaks_against_a_second_one_and_not_against_an_edit() -> None:
    lost = replace(copy_of(POST, 2), post_id=None, lapsed=True)
    there = case(ledger(OURS, lost), LIVE, shown(SOON, "Hello, in other words", id="f-1"), desired=(POST,))
    objection = there_already(there, change(Action.CREATE, POST))
    assert objection is not None
    assert objection.block is Block.TWIN
    assert there_already(there, change(Action.UPDATE, POST)) is None


def test_a_draft_waits_for_no_minute() -> None:
    changes = [change(Action.CREATE, wanted(SOON)), change(Action.CREATE, wanted(SOON, draft=True))]
    assert slot_waits(case(), changes).keys() == {0}


def test_the_draft_of_another_calendar_is_theirs_and_of_an_unknown_one_in_the_way() -> None:
    theirs = Elsewhere.of({"acme": ledger(copy_of(DRAFT, 1, post_id="f-1"))})
    live = [shown(SOON, "Hello", id="f-1", state="draft")]
    assert blocks(planned([DRAFT], live, ledger(), elsewhere=theirs)) == [("elsewhere",)]
    other = [shown(SOON, "Another draft", id="f-1", state="draft")]
    assert blocks(planned([DRAFT], other, ledger(), elsewhere=theirs)) == [("elsewhere",)]
    elsewhere = Elsewhere.of({"acme": ledger(copy_of(wanted(SOON, "Other", draft=True), 1, post_id="f-1"))})
    assert blocks(planned([DRAFT], other, ledger(), elsewhere=elsewhere)) == [()]
    broken = Elsewhere(unreadable={"acme": StateError("damaged")})
    assert blocks(planned([DRAFT], live, ledger(), elsewhere=broken)) == [("slot",)]


def test_a_draft_that_moves_to_where_another_calendar_has_the_same_stays_ours_and_where_it_is() -> None:
    later = replace(DRAFT, at=LATER)
    theirs = Elsewhere.of({"acme": ledger(copy_of(later, 1, post_id="f-1"))})
    live = [shown(SOON, state="draft"), shown(LATER, id="f-1", state="draft")]
    moved = only(planned([later], live, ledger(copy_of(DRAFT)), elsewhere=theirs))
    assert (moved.would.action, moved.blocks) == (Action.REPLACE, (Block.ELSEWHERE,))


THEIRS = copy_of(POST, 1, post_id="f-1")
GONE = "was changed or deleted in Publer"


@each_of(
    ("theirs", "live", "why"),
    [
        (THEIRS, (), GONE),
        (THEIRS, (shown(SOON, "Hello", id="f-1", state="draft"),), GONE),
        (THEIRS, (shown(SOON + DAY, "Edited", id="f-1"),), GONE),
        (sent(POST), (), "was sent and is not found in Publer so far"),
        (THEIRS.ending(End.REMOVED, NOW), (), None),
        (copy_of(DRAFT, 1, post_id="f-1"), (), None),
        (copy_of(wanted(LAST, "Hello"), 1, post_id="f-1"), (), None),
        (copy_of(wanted(SOON, "Other"), 1, post_id="f-1"), (), None),
    ],
)
def test_the_same_post_is_not_made_while_another_calendar_waits_for_its_own(
    theirs: Copy, live: tuple[LivePost, ...], why: str | None
) -> None:
    """The ledger would refuse it, and have it planned again and again."""
    elsewhere = Elsewhere.of({"acme": ledger(theirs)})
    was = replace(POST, at=LATER)
    for ours, known in ((ledger(), live), (ledger(copy_of(was)), (*live, shown(LATER, "Hello")))):
        made = only(planned([POST], known, ours, elsewhere=elsewhere))
        if why is None:
            assert made.blocks == ()
        else:
            assert (made.blocks, made.calendar) == ((Block.ELSEWHERE,), "acme")
            assert made.reason == f"the calendar acme has this very post, which {why}"


def test_that_another_calendar_waits_for_the_same_post_matters_to_a_new_one_alone() -> None:
    elsewhere = Elsewhere.of({"acme": ledger(THEIRS)})
    taken = only(planned([POST], [shown(SOON, "Edited", id="f-1")], ledger(), elsewhere=elsewhere))
    assert (taken.blocks, taken.obstacle.id) == ((Block.ELSEWHERE,), "f-1"), "its minute is taken"
    assert "this very post" not in taken.reason
    edited = copy_of(wanted(SOON, "Hallo", id="hello"))
    better = only(planned([POST], [shown(SOON, "Hallo")], ledger(edited), elsewhere=elsewhere))
    assert (better.action, better.blocks) == (Action.UPDATE, ())
    again = only(planned([POST], [], ledger(LAPSED), elsewhere=elsewhere))
    assert Block.ELSEWHERE not in again.blocks, "the ledger has it from before"
    other = replace(LAPSED, sent=wanted(SOON, "Other").content)
    assert Block.ELSEWHERE in only(planned([POST], [], ledger(other), elsewhere=elsewhere)).blocks


def test_a_post_of_another_calendar_in_the_minute_is_named_as_theirs() -> None:
    theirs = Elsewhere.of({"acme": ledger(copy_of(wanted(SOON, "Theirs"), 1, post_id="f-1"))})
    plan = planned([wanted(SOON)], [shown(SOON, "Theirs", id="f-1")], ledger(), elsewhere=theirs)
    assert blocks(plan) == [("elsewhere",)]
    assert blocks(planned([wanted(SOON)], [shown(SOON, "Theirs", id="f-1")], ledger())) == [("slot",)]


def test_on_a_network_that_nobody_here_knows_nothing_is_made() -> None:
    """What it takes is not known; a post that leaves the calendar goes all the same."""
    new = replace(X, provider="snapchat")
    made = only(planned([wanted(SOON, account=new)], [], ledger(), accounts=[new]))
    assert (made.blocks, "snapchat" in made.reason) == ((Block.ACCOUNT,), True)
    gone = planned([], [LIVE], ledger(OURS), accounts=[new])
    assert blocks(gone) == [()]


def test_what_may_be_a_post_that_was_never_found_keeps_only_that_one_from_being_sent() -> None:
    lapsed = copy_of(
        wanted(SOON, "Old", id="old"), post_id=None, seen=None, lapsed=True, requested_at=NOW - DAY
    )
    there = shown(SOON, "In other words", id="m-1")
    nameless = replace(lapsed, id=None, sent=wanted(SOON, "").content)
    for copy, post, blocked in (
        (lapsed, wanted(LATER, "New", id="new"), ()),
        (lapsed, wanted(LATER, "Old", id="new"), ("twin",)),
        (lapsed, wanted(LATER, "New", id="old"), ("twin",)),
        (lapsed, wanted(SOON, "New", id="new"), ("slot", "twin")),
        (nameless, wanted(LATER, "New"), ()),
        (nameless, wanted(LATER, "", media=[{"file": "a"}], type="photo"), ()),
    ):
        state = ledger(copy, facts={1: EntryFacts(left=True)})
        [change] = [each for each in planned([post], [there], state).changes if each.post is not None]
        assert tuple(map(str, change.blocks)) == blocked


@each_of(
    ("after", "soon"),
    [(timedelta(0), False), (SECOND, True), (2 * MINUTE - SECOND, True), (2 * MINUTE, False)],
)
def test_what_is_due_within_two_minutes_is_not_sent_any_more(after: timedelta, soon: bool) -> None:
    for action in (Action.CREATE, Action.RECREATE, Action.REPLACE):
        assert (too_soon(case(), change(action, wanted(NOW + after))) is not None) is soon
    assert too_soon(case(), change(Action.UPDATE, wanted(NOW + after))) is None


YESTERDAY = datetime(2026, 11, 22, 23, tzinfo=UTC)
"""Its first minute in Oslo."""
PAST = wanted(NOW - HOUR, "Hello")


@each_of(
    ("desired", "live", "state", "found"),
    [
        ((), shown(YESTERDAY, id="f-1", state="published"), None, ("twin",)),
        ((), shown(YESTERDAY - MINUTE, id="f-1", state="published"), None, ()),
        ((), shown(YESTERDAY, id="f-1", state="published"), ledger(), ()),
        ((), shown(YESTERDAY, "Other", id="f-1", state="published"), None, ()),
        ((PAST,), shown(NOW - HOUR, id="f-1", state="published"), None, ()),
        ((PAST,), shown(NOW - MINUTE, id="f-1", state="published"), None, ()),
        ((PAST,), shown(NOW, id="f-1", state="published"), None, ("twin",)),
        ((PAST,), shown(NOW - HOUR - MINUTE, id="f-1", state="published"), None, ("twin",)),
        ((replace(PAST, account=LINKEDIN),), shown(NOW - HOUR, id="f-1", state="published"), None, ("twin",)),
        ((wanted(NOW - HOUR, "Other"),), shown(NOW - HOUR, id="f-1", state="published"), None, ("twin",)),
        ((), shown(LATER, id="f-1"), None, ("twin",)),
        ((), shown(LATER, id="f-1", state="draft"), None, ()),
        ((wanted(LATER, "Other"),), shown(LATER, id="f-1"), None, ()),
    ],
)
def test_without_a_state_what_was_published_since_yesterday_may_be_the_post_unless_another_was_due(
    desired: tuple[Post, ...], live: LivePost, state: State | None, found: tuple[str, ...]
) -> None:
    plan = planned([wanted(SOON), *desired], [live], state)
    [one] = [each for each in plan.changes if each.at == SOON]
    assert tuple(map(str, one.blocks)) == found
    if found:
        where = "was published" if live.state == "published" else "is scheduled"
        assert one.reason == f"a post made in Publer has the same text and {where} at another time"


def test_links_that_differ_make_another_post_of_a_series_where_there_is_a_state() -> None:
    post, other = (
        wanted(SOON, "Read https://a.example/a/long/way"),
        shown(LATER, "Read https://sho.rt/x7Kq", id="f-1"),
    )
    assert blocks(planned([post], [other], None)) == [("twin",)]
    assert blocks(planned([post], [other], ledger())) == [()]


def test_drafts_of_one_minute_are_told_apart_in_whatever_order_the_files_have_them() -> None:
    drafts = [
        wanted(SOON, text, id=name, draft=True)
        for text, name in (("One", None), ("Two", None), ("Two", "b"), ("Two", "a"))
    ]
    told = [
        [(each.post and each.post.text, each.id) for each in planned(order).changes]
        for order in (drafts, drafts[::-1])
    ]
    assert told[0] == told[1]
    assert {*told[0]} == {("One", None), ("Two", None), ("Two", "b"), ("Two", "a")}


def test_what_a_filter_leaves_out_and_has_no_free_minute_stays_as_it_is() -> None:
    live = [LIVE, shown(LATER, "In the way", id="f-1")]
    moved, other = replace(POST, at=LATER), wanted(SOON, "New", id="new", account=LINKEDIN)
    plan = planned([moved, other], live, ledger(OURS), scope=Scope(accounts=frozenset({LINKEDIN.id})))
    assert [each.id for each in plan.changes] == ["new"]
