"""What keeps a post from being sent once more, and what needs somebody's word before it changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.contact import Contact
from publer_sync.ledger.copies import End, EntryFacts, Seen
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.state import KnownAccount
from publer_sync.planning.judge import told
from publer_sync.planning.plan import Action, Block
from publer_sync.values.model import Account
from tests.builders import (
    DAY,
    EARLIER,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    TOMORROW,
    X,
    copy_of,
    ledger,
    only,
    planned,
    said,
    sent,
    shown,
    wanted,
)
from tests.planning.posts import DRAFT, HOLD, LAPSED, LIVE, OUR_DRAFT, OURS, POST, blocks
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost, Post


@each_of(
    ("copy", "found"),
    [
        (replace(OUR_DRAFT, post_id=None, lapsed=True, job_id="j-1", seen=None), ("unseen",)),
        (replace(OUR_DRAFT, turned_up="scheduled").ending(End.REMOVED, NOW), ("unseen",)),
        (replace(OUR_DRAFT, turned_up="scheduled", slot=LATER).ending(End.REMOVED, NOW), ()),
        (OUR_DRAFT.ending(End.REMOVED, NOW), ()),
    ],
)
def test_a_draft_that_publer_may_have_or_would_publish_is_not_sent_once_more(
    copy: Copy, found: tuple[str, ...]
) -> None:
    assert blocks(planned([DRAFT], [], ledger(copy))) == [found]


def test_nor_does_it_replace_what_is_there() -> None:
    made = replace(OUR_DRAFT, key=2, entry=1, post_id=None, lapsed=True, job_id="j-1", seen=None)
    plan = planned(
        [DRAFT],
        [shown(LATER, "Hello", state="draft")],
        ledger(replace(OUR_DRAFT, slot=LATER, seen=Seen(LATER, "Hello", draft=True)), made),
    )
    assert any(Block.UNSEEN in each.blocks for each in plan.changes)
    scheduled = only(planned([DRAFT], [LIVE], ledger(OURS, made)))
    assert scheduled.reason.startswith("Publer accepted the draft and does not list it: the scheduled post")


def test_a_post_that_a_short_list_hides_is_not_made_again() -> None:
    assert blocks(planned([POST], [], ledger(OURS), short=1)) == [("listing",)]
    assert blocks(planned([POST], [], ledger(OURS))) == [()]


@each_of(
    ("post", "found"),
    [
        (wanted(LATER, "New", id="hello"), ("listing",)),
        (wanted(LATER, "Hello"), ("listing",)),
        (wanted(LATER, "New", id="new"), ()),
        (wanted(LATER, "New"), ()),
    ],
)
def test_nor_is_one_with_the_id_or_the_words_of_what_was_sent_in_vain_for_another_post(
    post: Post, found: tuple[str, ...]
) -> None:
    plan = planned(
        [replace(POST, id=None), post], [], ledger(replace(LAPSED, requested_at=NOW - DAY)), short=1
    )
    assert [each.blocks for each in plan.changes if each.post == post] == [found]


def test_an_edit_where_publer_keeps_none_is_a_new_post() -> None:
    better = replace(POST, content=wanted(SOON, "Better").content)
    change = only(planned([better], [LIVE], ledger(OURS, contact=Contact(replaces=("twitter",)))))
    assert said(change) == ("replace",)
    others = Elsewhere.of({"acme": ledger(contact=Contact(replaces=("twitter",)))})
    assert said(only(planned([better], [LIVE], ledger(OURS), elsewhere=others))) == ("replace",)
    assert "Publer did not keep the first edit on this network" in change.reason
    labelled = replace(POST, content=wanted(SOON, "Hello", labels=["new"]).content)
    assert "Publer can't change that in place" in only(planned([labelled], [LIVE], ledger(OURS))).reason


def test_what_was_declined_and_edited_needs_both() -> None:
    edited = shown(SOON, "By hand", state="scheduled_declined")
    assert blocks(planned([POST], [edited], ledger(OURS))) == [("state", "edited")]
    assert blocks(planned([POST], [edited], ledger(OURS), edits="overwrite")) == [("state",)]


@each_of(
    ("more", "listed", "action"),
    [
        ({}, True, "pending"),
        ({}, False, "pending"),  # neither scheduled any more nor published yet
        ({"post_id": None, "lapsed": True}, False, "unchanged"),
        ({"removing_at": NOW - SECOND, "removed": True}, False, "unchanged"),
    ],
)
def test_a_copy_whose_minute_has_come_is_waited_for_beside_one_that_stays(
    more: dict[str, Any], listed: bool, action: str
) -> None:
    """It is being published, and only the next apply can remove the other one. What never came or was removed is not waited for."""
    due = replace(sent(replace(POST, at=NOW), 3, entry=1), **{"post_id": "p-3", "requested_at": None, **more})
    live = [LIVE, replace(LIVE, id="p-3", at=NOW)] if listed else [LIVE]
    [change] = planned([POST], live, ledger(OURS, due)).changes
    assert said(change)[0] == action


NO_TIME = shown(None)
SECOND_COPY = copy_of(replace(POST, at=LATER), 2, post_id="p-2", entry=1)


@each_of(
    ("post", "live", "copies", "more", "told"),
    [
        (POST, [NO_TIME], [OURS], {}, ["blocked edited would replace"]),
        (None, [NO_TIME], [OURS], {}, ["blocked edited would delete"]),
        (None, [replace(NO_TIME, state="dreaming")], [OURS], {}, ["blocked state would delete"]),
        (
            POST,
            [NO_TIME, shown(LATER, id="p-2")],
            [OURS, SECOND_COPY],
            {},
            ["blocked edited would delete", "replace"],
        ),
        (POST, [LIVE, replace(NO_TIME, id="p-2")], [OURS, SECOND_COPY], {}, ["blocked edited would replace"]),
        (replace(POST, at=EARLIER), [NO_TIME], [OURS], {}, ["past"]),
        (POST, [replace(NO_TIME, id="m-1")], [], {}, ["blocked twin would create"]),
        (POST, [replace(NO_TIME, id="m-1", state="published")], [], {}, ["create"]),
        (POST, [NO_TIME], [OURS], {"holds": (HOLD,)}, ["held"]),
        (None, [NO_TIME], [OURS], {"holds": (HOLD,)}, ["held"]),
        (None, [replace(NO_TIME, id="m-1", state="recurring")], [], {"holds": (HOLD,)}, []),
        (None, [replace(NO_TIME, id="m-1")], [], {"holds": (HOLD,)}, []),
    ],
)
def test_a_row_without_a_time_is_judged_by_all_else(
    post: Post | None, live: list[LivePost], copies: list[Copy], more: dict[str, Any], told: list[str]
) -> None:
    plan = planned([post] if post else [], live, ledger(*copies, **more))
    assert [" ".join(said(each)) for each in plan.changes] == told


def test_without_a_state_a_published_row_without_a_time_is_no_twin() -> None:
    assert said(only(planned([POST], [replace(NO_TIME, id="m-1", state="published")]))) == ("create",)


@each_of(
    ("account", "called"),
    [
        (LINKEDIN, "the account linkedin"),
        (replace(LINKEDIN, alias=None), "the account Fjordlight AS"),
        (Account("a-old", "Old", "twitter"), "the account Old one"),
        (Account("a-new", "New", "twitter"), "another account"),
    ],
)
def test_an_account_that_somebody_moved_a_post_to_is_called_as_far_as_its_name_is_known(
    account: Account, called: str
) -> None:
    state = ledger(OURS, accounts={"a-old": KnownAccount("twitter", "Old one")})
    accounts = [X, account] if account.id == LINKEDIN.id else [X]
    change = only(planned([POST], [shown(SOON, account=account)], state, accounts=accounts))
    assert (change.blocks, change.reason) == ((Block.STATE,), f"someone moved it to {called} in Publer")
    lost = ledger(OURS, lost=frozenset({account.id}))
    if account.id == "a-old":
        gone = only(planned([POST], [shown(SOON, account=account)], lost, accounts=accounts))
        assert gone.reason.startswith("Publer lists it under the id that its account had before")


def test_what_was_published_and_is_wanted_again_is_told_as_a_warning_once_somebody_was_told() -> None:
    again = replace(POST, at=TOMORROW)
    out = OURS.ending(End.PUBLISHED, NOW)
    reason = 'the post "hello" was published already, on Tue 24 Nov 17:20; publishing it again takes a new id and a new time'
    for facts, warned in (({}, []), ({1: EntryFacts(told=(told(again),))}, [reason])):
        plan = planned([again], [], ledger(out, facts=facts))
        assert (only(plan).blocks, only(plan).reason) == ((Block.WENT_OUT,), reason)
        assert [each.message for each in plan.warnings if each.code == "went_out"] == warned
    shown_later = shown(EARLIER, state="published")
    assert "on Tue 24 Nov 11:20;" in only(planned([again], [shown_later], ledger(out))).reason


@each_of(
    ("post", "copy", "live", "held"),
    [
        (
            POST,
            copy_of(wanted(EARLIER, id="hello")).ending(End.FAILED, NOW),
            shown(EARLIER, state="failed"),
            True,
        ),
        (DRAFT, replace(OUR_DRAFT, held=True, removing_at=HOLD.since, seen=Seen(SOON, "Hello")), None, True),
        (DRAFT, replace(OUR_DRAFT, held=True, removing_at=HOLD.since), None, False),
    ],
)
def test_a_new_time_of_what_failed_and_a_draft_that_somebody_had_scheduled_are_on_hold(
    post: Post, copy: Copy, live: LivePost | None, held: bool
) -> None:
    ended = copy if copy.end is not None else replace(copy, removed=True).ending(End.REMOVED, NOW)
    plan = planned([post], [live] if live else [], ledger(ended, holds=(HOLD,)))
    assert any(each.action is Action.HELD for each in plan.changes) is held


def test_what_publer_refused_is_waited_for_only_to_say_the_same_again_in_its_minute() -> None:
    refused = sent(POST, refused="Too long", job_id="j", job_ended_at=NOW)
    for post, action in ((POST, Action.PENDING), (replace(POST, at=LATER), Action.CREATE)):
        assert only(planned([post], [], ledger(refused))).action is action
    assert only(planned([wanted(SOON, "Shorter", id="hello")], [], ledger(refused))).action is Action.CREATE


@each_of(
    ("post", "copy", "by_hand"),
    [
        (DRAFT, replace(OUR_DRAFT, seen=Seen(SOON, "Hello")), True),
        (DRAFT, replace(OURS, by_hand=True), True),
        (DRAFT, OURS, False),
        (DRAFT, OUR_DRAFT, False),
        (POST, replace(OUR_DRAFT, seen=Seen(SOON, "Hello")), False),
    ],
)
def test_a_draft_that_somebody_scheduled_comes_back_scheduled_after_a_hold(
    post: Post, copy: Copy, by_hand: bool
) -> None:
    out = replace(copy, held=True, removing_at=HOLD.since, removed=True).ending(End.REMOVED, NOW)
    back = only(planned([post], [], ledger(out)))
    assert (back.by_hand, back.post.draft) == (by_hand, post.draft and not by_hand)


LOST = replace(LAPSED, id="old", sent=wanted(SOON, "Old").content)
NAMELESS = replace(LOST, id=None, sent=wanted(SOON, "", media=[{"file": "a"}]).content)


@each_of(
    ("copy", "post", "found"),
    [
        (LOST, wanted(SOON, "New", id="new"), ("listing",)),
        (LOST, wanted(LATER, "Old", id="new"), ("listing",)),
        (LOST, wanted(LATER, "New", id="old"), ("listing",)),
        (LOST, wanted(LATER, "New", id="new"), ()),
        (NAMELESS, wanted(LATER, "New"), ()),
        (NAMELESS, wanted(LATER, "", media=[{"file": "b"}]), ()),
    ],
)
def test_a_short_list_may_lack_what_an_earlier_apply_sent_for_another_post(
    copy: Copy, post: Post, found: tuple[str, ...]
) -> None:
    state = ledger(copy, facts={1: EntryFacts(left=True)})
    [change] = [each for each in planned([post], [], state, short=1).changes if each.post is not None]
    assert tuple(map(str, change.blocks)) == found


def test_a_post_without_an_id_that_was_published_early_is_told_by_its_minute() -> None:
    out = copy_of(wanted(SOON)).ending(End.PUBLISHED, NOW)
    change = only(planned([wanted(SOON, "Other")], [], ledger(out)))
    assert change.blocks == (Block.WENT_OUT,)
    assert change.reason.startswith("the post that had this minute was published already, on ")


def test_a_draft_that_is_past_moves_and_an_edit_in_place_waits_for_no_other_copy() -> None:
    old, later = replace(OUR_DRAFT, slot=EARLIER), replace(DRAFT, at=LATER)
    moved = only(planned([later], [shown(EARLIER, state="draft")], ledger(replace(old, seen=None))))
    assert (moved.action, moved.blocks) == (Action.REPLACE, ())
    lost = replace(LAPSED, key=2, entry=1, slot=LATER)
    plan = planned(
        [replace(POST, content=wanted(SOON, "Better").content)], [LIVE], ledger(OURS, lost), short=1
    )
    [edit] = [
        each for each in plan.changes if each.copy == plan.changes[0].copy and each.action is Action.UPDATE
    ]
    assert edit.blocks == ()


def test_a_draft_that_publer_never_listed_tells_of_the_scheduled_post_that_is_still_there() -> None:
    unseen = replace(OUR_DRAFT, key=2, entry=1, post_id=None, lapsed=True, job_id="j-1", seen=None)
    still = only(planned([DRAFT], [LIVE], ledger(OURS, unseen)))
    assert still.reason.startswith(
        "Publer accepted the draft and does not list it: the scheduled post is still there"
    )
    at = replace(OUR_DRAFT, slot=LATER, seen=Seen(LATER, "Hello", draft=True))
    other = only(planned([DRAFT], [shown(LATER, state="draft")], ledger(at, unseen)))
    assert other.reason.startswith("Publer accepted this draft and never listed it, so it is not sent again")


def test_what_publer_could_not_publish_is_told_with_its_words_where_it_has_some() -> None:
    for error, reason in (
        (None, "Publer could not publish it"),
        ("Too long", 'Publer could not publish it: "Too long"'),
    ):
        failed = shown(SOON, state="failed", error=error)
        assert only(planned([POST], [failed], ledger(OURS))).reason == reason
