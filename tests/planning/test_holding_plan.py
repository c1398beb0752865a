"""What a plan keeps out of Publer for a hold, what comes back afterwards, and what it says of both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import Seen
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.planning.holding import OnHold
from publer_sync.planning.plan import Action, Block
from publer_sync.planning.planner import Scope
from tests.builders import (
    EARLIER,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    TOMORROW,
    X,
    codes,
    copy_of,
    ledger,
    only,
    planned,
    said,
    sent,
    shown,
    wanted,
)
from tests.planning.posts import DRAFT, HELD, HOLD, LIVE, LIVE_DRAFT, OUR_DRAFT, OURS, POST
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost, Post


@each_of(
    ("post", "live", "copy", "held"),
    [
        (POST, LIVE, OURS, True),
        (POST, None, None, True),
        (POST, shown(SOON, state="recurring"), OURS, False),
        (POST, shown(SOON, state="scheduled_declined"), OURS, False),
        (DRAFT, LIVE_DRAFT, OUR_DRAFT, False),
        (DRAFT, None, None, False),
        (wanted(EARLIER), None, None, False),
        (wanted(NOW), None, None, False),
        (wanted(EARLIER), None, sent(wanted(EARLIER), 1), True),
    ],
)
def test_a_hold_keeps_out_what_publer_would_publish(
    post: Post, live: LivePost | None, copy: Copy | None, held: bool
) -> None:
    state = ledger(*([copy] if copy else []), holds=(HOLD,))
    plan = planned([post], [live] if live else [], state)
    assert any(each.action is Action.HELD for each in plan.changes) is held


def test_all_copies_of_a_post_on_hold_are_kept_out() -> None:
    other = copy_of(replace(POST, at=LATER), 2, post_id="p-2", entry=1)
    live = [LIVE, shown(LATER, "Hello", id="p-2")]
    plan = planned([POST], live, ledger(OURS, other, holds=(HOLD,)))
    assert [said(each)[0] for each in plan.changes] == ["held", "held"]
    left = planned([], live, ledger(OURS, other, holds=(HOLD,)))
    assert [said(each)[0] for each in left.changes] == ["held", "held"]


def test_a_post_on_hold_that_was_moved_off_an_account_that_left_the_settings_is_kept_out() -> None:
    """Its second copy is where nothing here may be written."""
    old = replace(POST, account=replace(X, id="a-old"))
    copies = replace(copy_of(old), moved_to=X.id), copy_of(replace(old, at=LATER), 2, post_id="p-2", entry=1)
    live = [LIVE, shown(LATER, "Hello", id="p-2", account=old.account)]
    plan = planned([POST], live, ledger(*copies, holds=(HOLD,)))
    assert [said(each)[0] for each in plan.changes] == ["held"]


def edited_before(**more: Any) -> Copy:
    return replace(HELD, seen=Seen(SOON, "Hello"), shown=Seen(SOON, "Edited by hand"), **more)


def test_what_somebody_edited_before_a_hold_took_it_out_is_not_put_back_unasked() -> None:
    change = only(planned([POST], [], ledger(edited_before())))
    assert change.blocks == (Block.EDITED,)
    assert change.reason.startswith("someone edited it in Publer before the hold took it out")
    assert only(planned([POST], [], ledger(edited_before()), edits="overwrite")).blocks == ()
    moved = replace(HELD, seen=Seen(SOON, "Hello"), moved_to=LINKEDIN.id)
    assert only(planned([POST], [], ledger(moved))).reason == (
        "someone moved it to the account linkedin in Publer before the hold took it out"
    )
    as_wanted = replace(POST, content=wanted(SOON, "Edited by hand").content)
    assert only(planned([as_wanted], [], ledger(edited_before()))).blocks == ()


def test_a_release_is_of_what_its_holds_kept() -> None:
    released = OnHold.of((replace(HOLD, labels=("sale",)),), [])
    plan = planned(
        [wanted(SOON), wanted(LATER, "Sale", labels=["sale"])], [], ledger(), scope=Scope(released=released)
    )
    assert [each.post.text for each in plan.changes if each.post] == ["Sale"]


def test_what_is_on_hold_leaves_its_minute_whatever_a_filter_leaves_out() -> None:
    sale = wanted(LATER, "Sale", id="sale", labels=["sale"])
    state = ledger(OURS, copy_of(sale, 2, post_id="p-2"), holds=(replace(HOLD, labels=("sale",)),))
    live = [LIVE, shown(LATER, "Sale", id="p-2")]
    desired = [replace(POST, at=LATER), replace(sale, at=TOMORROW)]
    plan = planned(desired, live, state, scope=Scope(until=LATER))
    assert [said(each) for each in plan.changes] == [("replace",)]


def test_a_release_does_both_halves_of_an_account_change() -> None:
    """What the hold kept from the new account is still on the old one, which it was not about: it would be on both."""
    released = OnHold.of((replace(HOLD, accounts=(LINKEDIN.id,)),), [])
    moved = replace(POST, account=LINKEDIN)
    plan = planned([moved], [LIVE], ledger(OURS), scope=Scope(released=released))
    assert sorted(change.action for change in plan.changes) == [Action.CREATE, Action.DELETE]


def test_posts_of_another_calendar_are_not_told_as_made_in_the_scope_of_a_hold() -> None:
    theirs = Elsewhere.of({"acme": ledger(copy_of(wanted(LATER, "Theirs"), 1, post_id="f-1"))})
    live = [shown(LATER, "Theirs", id="f-1")]
    held = (replace(HOLD, left_alone=frozenset()),)
    assert "on_hold.made" in codes(planned([], live, ledger(holds=held)))
    assert "on_hold.made" not in codes(planned([], live, ledger(holds=held), elsewhere=theirs))


def test_posts_on_hold_that_were_never_sent_count_one_by_one() -> None:
    both = [wanted(SOON), wanted(SOON, "Good day", account=LINKEDIN, line=9)]
    (told,) = (
        each.message for each in planned(both, [], ledger(holds=(HOLD,))).warnings if each.code == "on_hold"
    )
    assert "2 posts are kept out of Publer" in told


def test_on_hold_a_post_of_two_accounts_is_one_and_posts_that_left_are_told_by_their_words() -> None:
    both = [wanted(SOON), wanted(SOON, account=LINKEDIN)]
    (told,) = (
        each.message for each in planned(both, [], ledger(holds=(HOLD,))).warnings if each.code == "on_hold"
    )
    assert "1 post is kept out of Publer" in told
    left = ledger(
        copy_of(wanted(SOON, "One")), copy_of(wanted(LATER, "Two"), 2, post_id="p-2"), holds=(HOLD,)
    )
    live = [shown(SOON, "One"), shown(LATER, "Two", id="p-2")]
    (told,) = (each.message for each in planned([], live, left).warnings if each.code == "on_hold")
    assert "2 posts are kept out of Publer from the next apply on" in told


@each_of(
    ("more", "waiting", "told"),
    [({}, True, True), ({}, False, False), ({"held": False}, True, False)],
)
def test_what_a_hold_took_out_and_waits_for_a_slot_is_told(
    more: dict[str, Any], waiting: bool, told: bool
) -> None:
    copy = replace(HELD, **more)
    plan = planned([], [], ledger(copy), waiting=[POST] if waiting else [])
    assert (
        any("was taken out for a hold and waits for a slot" in each.message for each in plan.warnings) is told
    )


@each_of(
    ("more", "hold", "told"),
    [
        ({}, {}, True),
        ({"adopted": False}, {}, False),
        ({}, {"labels": ()}, False),
        ({}, {"accounts": (LINKEDIN.id,)}, False),
        ({"sent": wanted(SOON, labels=["other"]).content}, {}, False),
    ],
)
def test_adopted_posts_whose_labels_nothing_shows_are_named_where_a_hold_is_for_labels(
    more: dict[str, Any], hold: dict[str, Any], told: bool
) -> None:
    copy = replace(copy_of(wanted(SOON)), **{"adopted": True, **more})
    held = replace(HOLD, **{"labels": ("sale",), **hold})
    post = wanted(SOON, labels=list(copy.sent.labels))
    plan = planned([post], [shown(SOON)], ledger(copy, holds=(held,)))
    named = [each.message for each in plan.warnings if each.code == "on_hold.unlabelled"]
    assert bool(named) is told
    if told:
        assert "the labels of 1 adopted post" in named[0]
