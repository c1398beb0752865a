"""Each guard of a plan with the scene that goes red without it: what keeps a post from being sent, removed or claimed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.content import Content, Revision
from publer_sync.counted import Counted
from publer_sync.errors import StateError
from publer_sync.ledger.contact import Contact
from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import KnownAccount, past_keys
from publer_sync.model import MINUTE, Failure, Job, JobStatus, Limits, Listing, SettingsHold, Written
from publer_sync.planning.allow import Allow
from publer_sync.planning.blocks import LEAD, slot_waits
from publer_sync.planning.case import Case, case_of
from publer_sync.planning.differences import between, compare, told_apart
from publer_sync.planning.holding import OnHold, holds_of
from publer_sync.planning.leftovers import is_late, pending
from publer_sync.planning.limits import _lines, refusals
from publer_sync.planning.lost import LostAccounts, is_same
from publer_sync.planning.match import match, match_waiting
from publer_sync.planning.moving import Move, Side, concerning, moves_between
from publer_sync.planning.older import Older
from publer_sync.planning.plan import Action, Block, Blocked, FieldChange, Past, Pending, asked_of
from publer_sync.planning.planner import Scope, make_plan
from publer_sync.planning.saying import _followers, _out
from publer_sync.planning.signing import weaker
from publer_sync.planning.survey import (
    _around_hidden,
    _may_be_theirs,
    _old_drafts,
    _place,
    _span,
    note_refused,
)
from publer_sync.problems import Location
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SETTINGS,
    SOON,
    TOMORROW,
    WORKSPACE,
    X,
    change,
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
from tests.planning.posts import DRAFT, LIVE, LIVE_DRAFT, OUR_DRAFT, OURS, POST
from tests.tables import each_of
from tests.test_signoff import signoff

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.model import LivePost, Post
    from publer_sync.planning.plan import Plan

HOLD = Hold("a storm", NOW - HOUR)
OLD_X = replace(X, id="a-old")
LAPSED = replace(sent(POST, 1), lapsed=True, job_id="j-1")


def blocks(plan: Plan) -> list[tuple[str, ...]]:
    return [tuple(map(str, each.blocks)) for each in plan.changes]


# --- what blocks --------------------------------------------------------------------------------------------------------


def lost(*copies: Copy, **known: Any) -> State:
    """A ledger of an account that Publer does not list any more."""
    facts = KnownAccount(**{"provider": "twitter", "name": "Fjordlight", **known})
    return ledger(*copies, lost=frozenset({OLD_X.id}), accounts={OLD_X.id: facts})


ON_OLD = copy_of(wanted(LATER, "Before", account=OLD_X), 9, post_id="p-9")


@each_of(
    ("copy", "known", "waits"),
    [
        (ON_OLD, {}, True),
        (ON_OLD, {"provider": ""}, True),
        (ON_OLD, {"provider": "facebook"}, False),
        (ON_OLD, {"type": "page"}, True),
        (ON_OLD.ending(End.GONE, NOW), {}, False),
        (copy_of(wanted(EARLIER, "Before", account=OLD_X), 9, post_id="p-9"), {}, False),
    ],
)
def test_nothing_is_created_on_what_may_be_an_account_that_left_with_posts_ahead(
    copy: Copy, known: dict[str, Any], waits: bool
) -> None:
    def new(*more: Copy) -> bool:
        plan = planned([wanted(SOON, "New")], [], lost(copy, *more, **known))
        [found] = [each for each in plan.changes if each.post is not None]
        return Block.ACCOUNT in found.blocks

    assert new() is waits
    assert not new(copy_of(wanted(LAST, "Known"), 3, post_id="p-3")), (
        "an account that the ledger knows is itself"
    )


@each_of(
    ("copy", "told"),
    [(ON_OLD, 1), (ON_OLD.ending(End.GONE, NOW), 0), (copy_of(wanted(EARLIER, account=OLD_X), 9), 0)],
)
def test_what_is_ahead_on_an_account_that_left_stays_and_is_told(copy: Copy, told: int) -> None:
    plan = planned([], [], lost(copy), accounts=[LINKEDIN])
    assert blocks(plan) == [("account",)] * told
    assert not any(each.action is Action.DELETE for each in plan.changes)
    assert bool(plan.left) is False


def test_which_account_left_is_named_with_a_way_and_only_where_it_may_be_that_one() -> None:
    accounts = {X.id: X, LINKEDIN.id: LINKEDIN}
    found = LostAccounts.of(lost(ON_OLD), accounts, NOW)
    assert found.heirs == {X.id: (OLD_X.id,)}
    assert found.ways.keys() == {X.id}
    assert found.has(wanted(LATER)) is True
    assert found.has(wanted(SOON)) is False
    assert LostAccounts.of(lost(), accounts, NOW).names == {}
    ended = LostAccounts.of(lost(ON_OLD.ending(End.GONE, NOW)), accounts, NOW)
    assert (ended.heirs, ended.ways) == ({X.id: (OLD_X.id,)}, {})
    used = LostAccounts.of(lost(ON_OLD, OURS), accounts, NOW)
    assert used.heirs == {}


@each_of(
    ("known", "same"),
    [
        ({"social_id": "1"}, True),
        ({"social_id": "2"}, False),
        ({"social_id": ""}, True),
        ({"social_id": "", "name": "Another"}, False),
        ({"social_id": "1", "name": "Another"}, True),
    ],
)
def test_an_account_is_the_same_by_what_its_network_calls_it_else_by_its_name(
    known: dict[str, Any], same: bool
) -> None:
    account = replace(X, social_id="1")
    assert is_same(KnownAccount(**{"provider": "twitter", "name": "Fjordlight", **known}), account) is same


def test_of_several_that_left_the_certain_one_is_named() -> None:
    other = replace(OLD_X, id="a-older")
    copies = [ON_OLD, copy_of(wanted(LAST, "Else", account=other), 10, post_id="p-10")]
    known = {OLD_X.id: KnownAccount("twitter", "Fjordlight"), other.id: KnownAccount("twitter", "Else")}
    state = ledger(*copies, lost=frozenset(known), accounts=known)
    way = LostAccounts.of(state, {X.id: X}, NOW).waits(wanted(SOON)) or ""
    assert f"--account {OLD_X.id}={X.id}" in way
    assert other.id not in way


@each_of(
    ("copy", "post", "known", "waits"),
    [
        (
            copy_of(wanted(EARLIER, "Out", account=OLD_X, id="out"), 9).ending(End.PUBLISHED, NOW),
            wanted(LATER, "New", id="out"),
            {},
            True,
        ),
        (
            copy_of(wanted(EARLIER, "Out", account=OLD_X), 9).ending(End.PUBLISHED, NOW),
            wanted(LATER, "Out"),
            {},
            True,
        ),
        (
            copy_of(wanted(EARLIER, "Out", account=OLD_X), 9).ending(End.MAYBE_PUBLISHED, NOW),
            wanted(LATER, "Out"),
            {},
            True,
        ),
        (copy_of(wanted(EARLIER, "Out", account=OLD_X), 9), wanted(LATER, "Out"), {}, True),
        (
            replace(copy_of(wanted(EARLIER, "Out", account=OLD_X), 9), held=True).ending(End.REMOVED, NOW),
            wanted(LATER, "Out"),
            {},
            True,
        ),
        (
            copy_of(wanted(EARLIER, "Out", account=OLD_X), 9).ending(End.GONE, NOW),
            wanted(LATER, "Out"),
            {},
            False,
        ),
        (
            copy_of(wanted(EARLIER, "Out", account=OLD_X), 9).ending(End.PUBLISHED, NOW),
            wanted(LATER, "Other"),
            {},
            False,
        ),
        (
            copy_of(wanted(EARLIER, "Out", account=OLD_X), 9).ending(End.PUBLISHED, NOW),
            wanted(LATER, "Out"),
            {"provider": "facebook"},
            False,
        ),
        (
            copy_of(wanted(EARLIER, "Out", account=OLD_X), 9).ending(End.PUBLISHED, NOW),
            wanted(LATER, "Out", account=LINKEDIN),
            {},
            False,
        ),
    ],
)
def test_what_may_be_out_on_an_account_that_left_is_not_made_again_on_its_heir(
    copy: Copy, post: Post, known: dict[str, Any], waits: bool
) -> None:
    [new] = [each for each in planned([post], [], lost(copy, **known)).changes if each.post is not None]
    assert (Block.ACCOUNT in new.blocks) is waits


def test_an_account_with_posts_of_its_own_may_be_the_one_that_left_where_it_is_called_the_same() -> None:
    out = copy_of(wanted(EARLIER, "Out", account=OLD_X), 9, post_id="p-9").ending(End.PUBLISHED, NOW)
    for name, waits in (("Fjordlight", True), ("Another", False)):
        plan = planned([wanted(LATER, "Out"), POST], [LIVE], lost(out, OURS, name=name))
        [new] = [each for each in plan.changes if each.post is not None and each.post.text == "Out"]
        assert (Block.ACCOUNT in new.blocks) is waits


def test_what_an_account_took_along_is_not_let_go() -> None:
    out = copy_of(wanted(EARLIER, "Out", account=OLD_X), 9, post_id="p-9").ending(End.PUBLISHED, NOW)
    assert planned([], [], lost(out)).let_go == frozenset()


def test_a_hold_that_is_about_some_posts_covers_those_alone() -> None:
    on_hold = OnHold.of((HOLD,), [OURS], only={1})
    assert on_hold.covers(OURS)
    assert not on_hold.covers(replace(OURS, key=2))
    assert not on_hold.covers(None, post=POST)
    assert OnHold.of((HOLD,), [OURS]).covers(None, post=POST)


def test_a_minute_that_another_calendar_has_on_hold_is_taken() -> None:
    theirs = replace(copy_of(wanted(SOON, "Theirs"), 1, post_id="p-5"), held=True).ending(End.REMOVED, NOW)
    elsewhere = Elsewhere({"acme": ledger(theirs, holds=(HOLD,))})
    assert blocks(planned([wanted(SOON)], [], ledger(), elsewhere=elsewhere)) == [("elsewhere",)]
    assert blocks(planned([wanted(SOON, draft=True)], [], ledger(), elsewhere=elsewhere)) == [()]
    assert blocks(planned([wanted(LATER)], [], ledger(), elsewhere=elsewhere)) == [()]
    taken = planned([wanted(SOON)], [shown(SOON, "In the way", id="f-1")], ledger(), elsewhere=elsewhere)
    assert blocks(taken) == [("elsewhere",)], "that tells more than the post in the minute"


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


@each_of(
    ("copy", "live", "found"),
    [
        (LAPSED, shown(SOON, "Other words", id="f-1"), ("slot", "twin")),
        (LAPSED, shown(SOON, "Other words", id="f-1", state="draft"), ()),
        (replace(LAPSED, refused="no"), shown(SOON, "Other words", id="f-1"), ("slot",)),
    ],
)
def test_what_was_sent_and_never_found_may_be_there_in_other_words(
    copy: Copy, live: LivePost, found: tuple[str, ...]
) -> None:
    assert blocks(planned([POST], [live], ledger(copy))) == [found]


def test_managed_posts_are_not_counted_as_others() -> None:
    assert planned([POST], [LIVE, shown(LATER, "A colleague's", id="f-1")], ledger(OURS)).unmanaged == 1


# --- what differs -------------------------------------------------------------------------------------------------------


def test_only_what_two_contents_say_otherwise_is_told() -> None:
    assert [item.field for item in between(Content("a"), Content("a", labels=("x",)))] == ["labels"]
    assert between(Content("a"), Content("a")) == ()


@each_of(
    ("live", "told"),
    [
        (shown(SOON, "Other words"), ""),
        (shown(SOON, state="recurring"), "it is recurring in Publer"),
        (shown(SOON, media=1), "its media differ"),
        (shown(SOON), ""),
    ],
)
def test_why_a_post_in_the_same_minute_is_not_the_one(live: LivePost, told: str) -> None:
    assert told_apart(wanted(SOON), live) == told


# --- holds --------------------------------------------------------------------------------------------------------------


def test_a_hold_of_the_settings_counts_from_the_apply_that_knew_of_it_not_from_one_of_the_command() -> None:
    settings = replace(SETTINGS, hold=SettingsHold("a storm", Location("publer.yaml", 2)))
    command, new = holds_of(ledger(holds=(HOLD,)), settings, (X,), NOW)
    assert (command, new.since, new.settings) == (HOLD, NOW, True)
    kept = replace(HOLD, settings=True, since=EARLIER)
    assert [hold.since for hold in holds_of(ledger(holds=(HOLD, kept)), settings, (X,), NOW)] == [
        HOLD.since,
        EARLIER,
    ]


def test_a_post_that_the_calendar_moved_to_another_account_is_in_scope_there() -> None:
    on_hold = OnHold.of((replace(HOLD, accounts=(X.id,)),), [OURS])
    assert on_hold.covers(OURS)
    assert not on_hold.covers(OURS, post=wanted(SOON, account=LINKEDIN))


HELD = replace(OURS, held=True, removing_at=NOW - HOUR).ending(End.REMOVED, NOW - HOUR)


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


# --- what is past ---------------------------------------------------------------------------------------------------------

PAST = wanted(EARLIER, "Hello", id="hello")
TAKEN_OUT = copy_of(PAST)


def missed(
    copy: Copy | None, live: LivePost | None = None, post: Post = PAST, **more: Any
) -> tuple[bool, str]:
    plan = planned([post], [live] if live else [], ledger(*([copy] if copy else [])), **more)
    change = plan.changes[0]
    assert isinstance(change, Past), change
    return change.missed, change.reason


@each_of(
    ("copy", "live", "why"),
    [
        (OUR_DRAFT, shown(EARLIER, state="draft"), "it was still a draft in Publer when its time came"),
        (copy_of(PAST), shown(EARLIER, state="scheduled_declined"), "someone declined it in Publer"),
        (
            copy_of(PAST).ending(End.FAILED, NOW, publer_said="Bad picture"),
            None,
            'Publer could not publish it: "Bad picture"',
        ),
        (copy_of(PAST).ending(End.FAILED, NOW), None, "Publer could not publish it"),
        (None, None, "its time passed before it was scheduled"),
        (
            replace(copy_of(PAST), held=True, removing_at=EARLIER - HOUR).ending(End.REMOVED, EARLIER),
            None,
            "its time passed while it was on hold",
        ),
        (
            replace(copy_of(PAST), removing_at=EARLIER - HOUR).ending(End.REMOVED, EARLIER),
            None,
            "an earlier apply removed it from Publer to make room, and its time passed before it was back",
        ),
    ],
)
def test_why_a_post_was_missed(copy: Copy | None, live: LivePost | None, why: str) -> None:
    if copy is OUR_DRAFT:
        copy = replace(copy_of(wanted(EARLIER, "Hello", id="hello", draft=True)))
    assert missed(copy, live) == (True, why)


@each_of(
    ("copy", "more"),
    [
        (copy_of(PAST).ending(End.GONE, NOW), {}),
        (copy_of(PAST).ending(End.MAYBE_PUBLISHED, NOW), {}),
        (copy_of(wanted(NOW - 20 * MINUTE, id="hello")), {"post": wanted(NOW - 20 * MINUTE, id="hello")}),
        (None, {"short": 1}),
        (None, {"live": shown(EARLIER + MINUTE, state="published", id="f-1")}),
    ],
)
def test_what_may_have_been_published_was_not_missed(copy: Copy | None, more: dict[str, Any]) -> None:
    live = more.pop("live", None)
    post = more.pop("post", PAST)
    plan = planned([post], [live] if live else [], ledger(*([copy] if copy else [])), **more)
    assert not any(isinstance(each, Past) and each.missed for each in plan.changes)


def test_a_post_that_a_hold_took_out_in_its_last_minutes_may_have_been_published() -> None:
    minute = NOW - 10 * MINUTE
    late = replace(copy_of(wanted(minute, id="hello")), held=True, removed=True, removing_at=minute - MINUTE)
    change = only(planned([wanted(minute, id="hello")], [], ledger(late)))
    assert (change.missed, change.doubted) == (True, True)
    assert "whether it was published anyway shows by" in change.reason
    early = replace(late, removing_at=minute - HOUR)
    assert not only(planned([wanted(minute, id="hello")], [], ledger(early))).doubted


@each_of(
    ("unread", "end", "doubted"),
    [
        ("its time is none", End.MAYBE_PUBLISHED, True),
        ("", End.MAYBE_PUBLISHED, False),
        ("its time is none", End.GONE, False),
    ],
)
def test_whether_a_post_was_published_that_may_be_a_row_nobody_can_read_is_not_known(
    unread: str, end: End, doubted: bool
) -> None:
    row = replace(shown(LATER, "Else", id="p-7"), unread=unread)
    change = only(planned([PAST], [row], ledger(copy_of(PAST).ending(end, NOW, evidence="p-7"))))
    assert (change.doubted, change.missed) == (doubted, doubted)


@each_of(
    ("more", "row", "told"),
    [
        ({}, {}, True),
        ({}, {"account_id": ""}, True),
        ({}, {"account_id": LINKEDIN.id}, False),
        ({"refused": "no"}, {}, True),
        ({"lapsed": False}, {}, False),
        ({"slot": EARLIER}, {}, False),
    ],
)
def test_what_was_sent_beside_the_post_that_stands_may_be_a_row_that_nobody_can_read(
    more: dict[str, Any], row: dict[str, Any], told: bool
) -> None:
    beside = replace(sent(replace(POST, at=LATER), 2, entry=1, job_id="j-1"), **{"lapsed": True, **more})
    plan = planned([POST], [LIVE], ledger(OURS, beside), unread=[replace(unreadable(), **row)])
    assert (("blocked", "unread", "would unchanged") in [said(each) for each in plan.changes]) is told


def test_what_was_told_is_not_told_again_but_another_post_of_its_minute_is() -> None:
    keys = past_keys(X.id, EARLIER, "hello")
    plan = planned([PAST], [], ledger(excused=set(keys)))
    assert not any(isinstance(each, Past) and each.missed for each in plan.changes)
    other = replace(copy_of(PAST), removing_at=EARLIER - HOUR).ending(End.REMOVED, EARLIER)
    told = only(planned([PAST], [], ledger(other, excused={past_keys(X.id, EARLIER, "another")[0]})))
    assert told.missed


# --- drafts, rows that cannot be read, late ones --------------------------------------------------------------------------


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


def unreadable(account: str = X.id, id: str = "p-7") -> LivePost:
    return replace(shown(SOON, "", id=id), account_id=account, unread="its time is none")


def test_a_managed_row_that_cannot_be_read_is_left_alone() -> None:
    change = only(planned([POST], [replace(LIVE, unread="its time is none")], ledger(OURS)))
    assert said(change) == ("blocked", "unread", "would unchanged")
    [gone] = planned([], [replace(LIVE, state="odd", unread="its time is none")], ledger(OURS)).changes
    assert said(gone) == ("blocked", "unread", "would delete")
    assert "it cannot be read" in gone.reason
    [odd] = planned([], [replace(LIVE, state="odd")], ledger(OURS)).changes
    assert said(odd) == ("blocked", "state", "would delete")


def test_a_post_whose_minute_has_just_passed_is_waited_for() -> None:
    minute = NOW - MINUTE
    here = copy_of(replace(POST, at=minute))
    other = copy_of(replace(POST, at=LATER), 2, post_id="p-2", entry=1)
    plan = planned([], [shown(LATER, "Hello", id="p-2")], ledger(here, other))
    assert [isinstance(each, Pending) and each.late for each in plan.changes] == [True]


# --- leftovers ------------------------------------------------------------------------------------------------------------


def test_a_draft_that_publer_scheduled_goes_and_nothing_else_does() -> None:
    scheduled = replace(OUR_DRAFT, turned_up="scheduled", seen=Seen(SOON, "Hello"))
    plan = planned([DRAFT], [LIVE], ledger(scheduled))
    assert ("delete",) in [said(each) for each in plan.changes]
    frozen = wanted(NOW + 5 * MINUTE, "Hello", id="hello", draft=True)
    plan = planned(
        [frozen],
        [shown(frozen.at, "Hello")],
        ledger(replace(copy_of(frozen), turned_up="scheduled", seen=Seen(frozen.at, "Hello"))),
    )
    assert ("delete",) in [said(each) for each in plan.changes], "the freeze does not protect it"


def test_a_copy_that_is_being_published_is_left_to_its_end() -> None:
    old = copy_of(replace(POST, at=NOW - MINUTE))
    new = copy_of(POST, 2, post_id="p-2", entry=1)
    plan = planned([POST], [shown(NOW - MINUTE, "Hello"), shown(SOON, "Hello", id="p-2")], ledger(old, new))
    assert not any(each.action is Action.DELETE or each.action is Action.REPLACE for each in plan.changes)


def test_what_came_up_late_is_not_removed_unasked() -> None:
    late = replace(OURS, turned_up="late")
    change = only(planned([], [LIVE], ledger(late)))
    assert change.blocks == (Block.TWIN,)
    assert change.obstacle == LIVE
    assert change.reason.startswith("it came up in Publer long after")
    edited = only(planned([], [replace(LIVE, text="By hand")], ledger(OURS)))
    assert edited.reason == "no longer in the calendar, and edited in Publer since the last apply"


def test_where_prune_keeps_what_left_its_other_copy_goes() -> None:
    other = copy_of(replace(POST, at=LATER), 2, post_id="p-2", entry=1)
    plan = planned([], [LIVE, shown(LATER, "Hello", id="p-2")], ledger(OURS, other), prune="none")
    assert sorted(said(each)[0] for each in plan.changes) == ["delete", "unchanged"]


# --- moves ----------------------------------------------------------------------------------------------------------------


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


# --- older files -----------------------------------------------------------------------------------------------------------


def test_files_that_could_not_be_compared_refuse_the_plan() -> None:
    [refusal] = Older(error="git is not there").refusals("UTC")
    assert refusal.code == "older_unknown"
    assert Older().refusals("UTC") == ()


# --- options ---------------------------------------------------------------------------------------------------------------


def test_only_what_was_given_is_named() -> None:
    assert Allow(recreate=True).given == ("--allow-recreate",)
    assert Allow(deletes=0).given == ("--allow-deletes 0",)


def test_a_safety_limit_counts_what_is_tried() -> None:
    removed = [change(Action.DELETE, None, live=shown(SOON), copy=OURS)] * 2
    edited = [change(Action.UPDATE, POST, live=LIVE, copy=OURS)] * 2
    limits = Limits(delete=1, change=1)
    assert [each.code for each in refusals([*removed, *edited], limits=limits, empty=False)] == [
        "changes",
        "deletes",
    ]
    assert refusals([*removed, *edited], limits=limits, empty=False, tried=lambda _: False) == ()


# --- sign-off ---------------------------------------------------------------------------------------------------------------


def test_where_nothing_was_asked_before_nothing_got_weaker() -> None:
    assert [*weaker((), SETTINGS, {})] == []


# --- which entry is whose -----------------------------------------------------------------------------------------------------


def pairs(desired: list[Post], *copies: Copy, live: tuple[LivePost, ...] = (), **more: Any) -> dict[int, int]:
    state = ledger(*copies)
    found = match(desired, state.entries().values(), {post.id: post for post in live}, now=NOW, **more)
    return {index: entry.key for index, entry in found.pairs.items()}


def test_posts_and_entries_without_ids_are_not_matched_by_none() -> None:
    assert pairs([wanted(LATER, "New")], copy_of(wanted(SOON, "Old"))) == {}
    out = copy_of(wanted(EARLIER, "Old")).ending(End.PUBLISHED, NOW)
    assert pairs([wanted(LATER, "New")], out) == {}
    moved = replace(copy_of(wanted(SOON, "Old")), moved_to=LINKEDIN.id)
    assert pairs([wanted(LATER, "New", account=LINKEDIN)], moved) == {}


def test_a_post_on_another_account_is_its_entry_only_where_somebody_moved_it_there() -> None:
    there = wanted(SOON, id="hello", account=LINKEDIN)
    assert pairs([there], OURS) == {}
    assert pairs([there], replace(OURS, moved_to=LINKEDIN.id)) == {0: 1}
    assert pairs([replace(there, id=None)], replace(OURS, moved_to=LINKEDIN.id)) == {0: 1}
    out = replace(OURS, moved_to=LINKEDIN.id).ending(End.PUBLISHED, NOW)
    assert pairs([there], out) == {0: 1}
    assert pairs([replace(there, id=None)], out) == {}


def test_what_was_published_and_has_an_id_is_matched_by_words_in_its_slot_only_for_posts_without_that_id() -> (
    None
):
    out = copy_of(wanted(EARLIER, "Hello", id="old")).ending(End.PUBLISHED, NOW)
    assert pairs([wanted(EARLIER, "Hello", id="new")], out) == {0: 1}
    assert pairs([wanted(EARLIER, "Hello")], replace(out, sent=Content())) == {0: 1}, (
        "it is past, and nothing is made"
    )
    ahead = copy_of(wanted(SOON, "Hello", id="old")).ending(End.PUBLISHED, NOW)
    assert pairs([wanted(SOON, "", id="new", media=[{"id": "m"}])], replace(ahead, sent=Content())) == {}


def test_what_somebody_moved_by_hand_to_another_account_is_matched_as_it_is_there() -> None:
    one, two = wanted(SOON, "One"), wanted(LATER, "Two")
    copies = (copy_of(one, 1, post_id="p-1"), copy_of(two, 2, post_id="p-2"))
    live = (shown(SOON, "Two", id="p-1"), shown(LATER, "One", id="p-2"))
    assert pairs([replace(one, at=LATER), replace(two, at=SOON)], *copies, live=live) == {0: 2, 1: 1}
    moved = shown(SOON, "One", id="p-1", account=LINKEDIN)
    there = wanted(SOON, "One", account=LINKEDIN)
    assert pairs([there], copies[0], live=(moved,)) == {0: 1}


def test_equal_words_are_another_post_once_its_minute_came() -> None:
    moved = wanted(LATER, "Hello")
    assert pairs([moved], copy_of(wanted(SOON, "Hello"))) == {0: 1}
    assert pairs([moved], copy_of(wanted(EARLIER, "Hello"))) == {}
    past = wanted(EARLIER, "Hello")
    ahead = copy_of(wanted(SOON, "Hello"))
    assert pairs([past], ahead) == {}
    assert pairs([past], ahead, since=EARLIER - HOUR) == {0: 1}
    assert pairs([past], ahead, since=EARLIER + SECOND) == {}


def waiting(*entries: Copy, posts: tuple[Post, ...]) -> dict[int, str]:
    state = ledger(*entries)
    return {
        key: post.text for key, (_, post) in match_waiting([*state.entries().values()], {"": posts}).items()
    }


def test_a_post_that_waits_means_one_entry() -> None:
    again = copy_of(wanted(LATER, "Hello"), 2, post_id="p-2")
    assert waiting(OURS, posts=(POST,)) == {1: "Hello"}
    assert waiting(OURS, posts=()) == {}
    unnamed = replace(OURS, id=None)
    assert waiting(unnamed, again, posts=(wanted(SOON, "Hello"),)) == {1: "Hello"}
    both = waiting(unnamed, again, posts=(wanted(SOON, "Hello"), wanted(LAST, "Hello", line=9)))
    assert both == {1: "Hello", 2: "Hello"}
    out = OURS.ending(End.PUBLISHED, NOW)
    assert waiting(out, posts=(wanted(SOON, "Hello", id="other"),)) == {}


# --- warnings that a person decides by ------------------------------------------------------------------------------------


def test_an_edit_of_a_post_under_way_is_none() -> None:
    editing = replace(OURS, revising=Revision("Better", None), requested_at=NOW - MINUTE)
    plan = planned([replace(POST, content=wanted(SOON, "Better").content)], [LIVE], ledger(editing))
    assert "edited" not in [str(block) for each in plan.changes for block in each.blocks]
    assert codes(plan) == []


def test_posts_of_another_calendar_are_not_told_as_made_in_the_scope_of_a_hold() -> None:
    theirs = Elsewhere({"acme": ledger(copy_of(wanted(LATER, "Theirs"), 1, post_id="f-1"))})
    live = [shown(LATER, "Theirs", id="f-1")]
    held = (replace(HOLD, left_alone=frozenset()),)
    assert "on_hold.made" in codes(planned([], live, ledger(holds=held)))
    assert "on_hold.made" not in codes(planned([], live, ledger(holds=held), elsewhere=theirs))


def test_files_of_tomorrow_keep_their_day() -> None:
    assert said(only(planned([replace(POST, at=TOMORROW)], [LIVE], ledger(OURS)))) == ("replace",)
    assert DAY > HOUR


# --- single questions ---------------------------------------------------------------------------------------------------


def case(state: State | None = None, *live: LivePost, desired: tuple[Post, ...] = ()) -> Case:
    return case_of(desired, Listing(live), state, {X.id: X}, SETTINGS, NOW, OnHold.of((), ()), Elsewhere())


def test_a_draft_waits_for_no_minute() -> None:
    changes = [change(Action.CREATE, wanted(SOON)), change(Action.CREATE, wanted(SOON, draft=True))]
    assert slot_waits(case(), changes).keys() == {0}


def test_the_draft_of_another_calendar_is_theirs_and_of_an_unknown_one_in_the_way() -> None:
    theirs = Elsewhere({"acme": ledger(copy_of(DRAFT, 1, post_id="f-1"))})
    live = [shown(SOON, "Hello", id="f-1", state="draft")]
    assert blocks(planned([DRAFT], live, ledger(), elsewhere=theirs)) == [("elsewhere",)]
    broken = Elsewhere(unreadable={"acme": StateError("damaged")})
    assert blocks(planned([DRAFT], live, ledger(), elsewhere=broken)) == [("slot",)]


def test_a_post_of_another_calendar_in_the_minute_is_named_as_theirs() -> None:
    theirs = Elsewhere({"acme": ledger(copy_of(wanted(SOON, "Theirs"), 1, post_id="f-1"))})
    plan = planned([wanted(SOON)], [shown(SOON, "Theirs", id="f-1")], ledger(), elsewhere=theirs)
    assert blocks(plan) == [("elsewhere",)]
    assert blocks(planned([wanted(SOON)], [shown(SOON, "Theirs", id="f-1")], ledger())) == [("slot",)]


def test_what_repeats_with_other_words_is_just_another_post() -> None:
    assert told_apart(wanted(SOON), shown(SOON, "Other words", state="recurring")) == ""


@each_of(
    ("row", "found"),
    [
        (unreadable(), ("unread",)),
        (unreadable(account=""), ("unread",)),
        (unreadable(account=LINKEDIN.id), ()),
        (unreadable(id="p-2"), ()),
    ],
)
def test_what_was_sent_may_be_a_row_that_cannot_be_read(row: LivePost, found: tuple[str, ...]) -> None:
    """So nothing is sent again; unless the ledger knows whose row it is."""
    known = copy_of(wanted(LAST, "Known"), 2, post_id="p-2")
    plan = planned([POST], [], ledger(LAPSED, known), unread=[row])
    [new] = [each for each in plan.changes if each.post is not None]
    assert tuple(map(str, new.blocks)) == found
    unseen = replace(sent(replace(POST, at=LATER), 3, entry=1), lapsed=True)
    moved = planned([replace(POST, at=LAST)], [LIVE], ledger(OURS, unseen, known), unread=[row])
    [other] = [each for each in moved.changes if each.post is not None]
    assert tuple(map(str, other.blocks)) == found


AT_LAST = replace(sent(replace(POST, at=LATER), 3, entry=1), lapsed=True)
"""A copy of the post that was sent for another minute, and never found."""


@each_of(
    ("copies", "live", "settings", "told"),
    [
        ([LAPSED], [], {}, True),
        ([replace(LAPSED, refused="No")], [], {}, True),  # it may have been made all the same
        ([replace(LAPSED, sent=DRAFT.content)], [], {}, False),
        ([replace(LAPSED, slot=NOW - HOUR / 2)], [], {}, False),
        ([LAPSED], [], {"unread": [unreadable(account=LINKEDIN.id)]}, False),
        ([LAPSED], [], {"unread": [unreadable(account="")]}, True),
        ([LAPSED], [], {"accounts": [LINKEDIN]}, False),
        ([LAPSED], [], {"waiting": [POST]}, False),
        ([LAPSED], [], {"prune": "none"}, False),
        ([OURS, AT_LAST], [LIVE], {"prune": "none"}, True),
        (
            [OURS, AT_LAST],
            [replace(LIVE, state="published")],
            {"prune": "none"},
            True,
        ),
    ],
)
def test_what_left_the_calendar_and_may_be_a_row_that_cannot_be_read_is_told(
    copies: list[Copy], live: list[LivePost], settings: dict[str, Any], told: bool
) -> None:
    plan = planned([], live, ledger(*copies), **{"unread": [unreadable()], **settings})
    assert [said(each) for each in plan.changes if Block.UNREAD in each.blocks] == (
        [("blocked", "unread", "would unchanged")] if told else []
    )


def test_a_copy_beside_that_of_the_calendar_that_may_be_a_row_that_cannot_be_read_is_told() -> None:
    row = [unreadable()]
    plan = planned([POST], [LIVE], ledger(OURS, AT_LAST), unread=row)
    assert [said(each) for each in plan.changes] == [("unchanged",), ("blocked", "unread", "would unchanged")]
    again = planned([POST], [], ledger(LAPSED, AT_LAST), unread=row)
    assert [said(each) for each in again.changes] == [("blocked", "unread", "would create")], "once"


def test_what_is_adopted_may_stand_beside_what_was_sent_for_another_minute() -> None:
    for at, told in ((LATER, [("blocked", "unread", "would unchanged")]), (SOON, [])):
        here = shown(at, "Hello", id="f-1")
        plan = planned([replace(POST, at=at)], [here], ledger(LAPSED), unread=[unreadable()])
        assert [said(each) for each in plan.changes if each.blocks] == told


def test_a_post_that_a_row_that_cannot_be_read_may_be_is_told_once_it_is_over() -> None:
    """It may have been published: a new time could publish it twice."""
    over = replace(POST, at=EARLIER)
    out = replace(LAPSED, slot=EARLIER, end=End.MAYBE_PUBLISHED, evidence="p-7", ended_at=NOW)
    row = replace(unreadable(), id="p-7")
    [past] = planned([over], [row], ledger(out)).changes
    assert isinstance(past, Past)
    assert (past.missed, past.doubted) == (True, True)
    assert "it is not known whether this post was published" in past.reason
    [known] = planned([over], [replace(row, unread="")], ledger(out)).changes
    assert isinstance(known, Past)
    assert known.doubted is False
    moved = only(planned([replace(POST, at=LATER)], [row], ledger(out)))
    assert (said(moved)[:2], moved.obstacle) == (("blocked", "twin"), None)


def test_a_post_that_a_short_list_hides_is_not_made_again() -> None:
    assert blocks(planned([POST], [], ledger(OURS), short=1)) == [("listing",)]
    assert blocks(planned([POST], [], ledger(OURS))) == [()]


def test_a_post_that_a_date_let_in_after_its_time_was_not_missed() -> None:
    bound = Counted("launch + 7d", "launch", "2026-12-04", Location("publer.yaml", 7))
    late = replace(wanted(EARLIER, id="tips@2"), bounds=(bound,))
    before = copy_of(wanted(SOON, "Tip", id="tips@1"), counts_from=("launch", "2026-12-03"))
    first = replace(wanted(SOON, "Tip", id="tips@1"), bounds=(bound,))
    past: Any
    [past, _] = planned([late, first], [shown(SOON, "Tip")], ledger(before)).changes
    assert (past.let_in, past.missed) == (True, False)
    same = replace(before, counts_from=("launch", "2026-12-04"))
    [past, _] = planned([late, first], [shown(SOON, "Tip")], ledger(same)).changes
    assert (past.let_in, past.missed) == (False, True)


def test_what_was_never_verified_and_may_have_been_published_was_not_missed() -> None:
    copy = replace(copy_of(PAST), verified_at=None).ending(End.MAYBE_PUBLISHED, NOW)
    assert missed(copy) == (False, "its time has passed")


def test_an_edit_where_publer_keeps_none_is_a_new_post() -> None:
    better = replace(POST, content=wanted(SOON, "Better").content)
    change = only(planned([better], [LIVE], ledger(OURS, contact=Contact(replaces=("twitter",)))))
    assert said(change) == ("replace",)
    assert "Publer did not keep the first edit on this network" in change.reason
    labelled = replace(POST, content=wanted(SOON, "Hello", labels=["new"]).content)
    assert "Publer can't change that in place" in only(planned([labelled], [LIVE], ledger(OURS))).reason


def test_what_was_declined_and_edited_needs_both() -> None:
    edited = shown(SOON, "By hand", state="scheduled_declined")
    assert blocks(planned([POST], [edited], ledger(OURS))) == [("state", "edited")]
    assert blocks(planned([POST], [edited], ledger(OURS), edits="overwrite")) == [("state",)]


def test_until_when_a_post_waits_is_told_while_that_is_ahead() -> None:
    assert "known by" in pending(case(), NOW + MINUTE)
    assert pending(case(), NOW) == "an earlier apply sent it, and Publer does not list it yet"


@each_of(
    ("more", "late"),
    [
        ({}, True),
        ({"end": End.GONE}, False),
        ({"seen": Seen(NOW - MINUTE, "Hello", draft=True)}, False),
        ({"removing_at": NOW - HOUR, "removed": True}, False),
        ({"removing_at": NOW - 2 * MINUTE, "removed": True}, True),
        ({"removing_at": NOW - HOUR}, True),
        ({"slot": NOW - HOUR, "seen": None}, False),
        ({"slot": NOW + MINUTE, "seen": None}, False),
    ],
)
def test_within_the_hour_after_its_minute_nobody_knows_whether_a_post_was_published(
    more: dict[str, Any], late: bool
) -> None:
    copy = replace(copy_of(wanted(NOW - MINUTE)), **more)
    assert is_late(case(ledger(copy)), copy) is late
    assert not is_late(case(ledger(copy), shown(NOW - MINUTE)), copy), "it is listed"


def test_a_draft_that_publer_scheduled_goes_once_beside_the_one_that_stands() -> None:
    scheduled = replace(OUR_DRAFT, turned_up="scheduled", seen=Seen(SOON, "Hello"))
    stands = copy_of(DRAFT, 2, post_id="p-2", entry=1)
    live = [LIVE, replace(LIVE_DRAFT, id="p-2")]
    plan = planned([DRAFT], live, ledger(scheduled, stands))
    assert sorted(said(each)[0] for each in plan.changes) == ["delete", "unchanged"]


def test_a_copy_whose_minute_came_is_not_removed_though_another_was_published() -> None:
    out = copy_of(POST, 2, post_id="p-2", entry=1).ending(End.PUBLISHED, NOW)
    late = copy_of(replace(POST, at=NOW - MINUTE))
    assert planned([], [shown(NOW - MINUTE, "Hello")], ledger(late, out)).changes == ()
    ahead = planned([], [LIVE], ledger(OURS, out))
    assert [said(each) for each in ahead.changes] == [("delete",)]


def test_where_prune_keeps_a_post_that_cannot_stand_its_other_copy_stays_too() -> None:
    other = copy_of(replace(POST, at=LATER), 2, post_id="p-2", entry=1)
    live = [LIVE, shown(LATER, "Hello", id="p-2", state="scheduled_declined")]
    plan = planned([], live, ledger(OURS, other), prune="none")
    assert [said(each)[0] for each in plan.changes] == ["unchanged"]


def test_of_several_accounts_that_left_only_those_with_posts_ahead_are_waited_for() -> None:
    past = replace(OLD_X, id="a-past")
    copies = [ON_OLD, copy_of(wanted(EARLIER, "Before", account=past), 10, post_id="p-10")]
    copies.append(copy_of(wanted(SOON, account=LINKEDIN), 11, post_id="p-11"))
    known = {each.id: KnownAccount("twitter", "Fjordlight") for each in (OLD_X, past)}
    found = LostAccounts.of(ledger(*copies, lost=frozenset(known), accounts=known), {X.id: X}, NOW)
    assert "a-past" not in (found.waits(wanted(SOON)) or "")
    assert not found.has(wanted(SOON)), "that is a minute of another account"


# --- one line that changes many ---------------------------------------------------------------------------------------------


def lines_of(item: FieldChange, post: Post, **more: Any) -> list[str]:
    return [key for _, key in _lines(change(Action.REPLACE, post, live=LIVE, copy=OURS, diff=(item,)), item)]


def test_the_line_that_made_a_difference_is_that_of_what_was_added() -> None:
    written = Written(
        "Hello",
        "https://a.example",
        (("append", "#sale"), ("utm", "utm_source=x")),
        {"append": Location("publer.yaml", 4), "utm": Location("publer.yaml", 5)},
    )
    post = replace(wanted(SOON, "Hello #sale"), written=written)
    assert lines_of(FieldChange("text", "Hello", "Hello #sale"), post) == ["append", "utm"]
    assert lines_of(FieldChange("text", "Hello #sale", "Hello #sale"), post) == ["utm"]
    assert lines_of(FieldChange("text", "Goodbye", "Hello #sale"), post) == ["text"]
    assert lines_of(FieldChange("link", "https://a.example", "https://a.example?utm_source=x"), post) == [
        "utm"
    ]
    assert lines_of(FieldChange("link", "Hello", "https://a.example?utm_source=x"), post) == ["link"]


def test_a_time_that_counts_from_a_date_is_changed_by_the_line_of_that_date() -> None:
    launch = Counted("launch", "launch", "2026-12-04", Location("publer.yaml", 7))
    item = FieldChange("scheduled_at", "2026-11-24T16:20:00Z", "2026-11-24T18:20:00Z")
    post = replace(wanted(LATER), counted=launch)
    moved = change(
        Action.REPLACE,
        post,
        live=LIVE,
        copy=replace(OURS, counts_from=("launch", "2026-12-03")),
        diff=(item,),
    )
    assert [*_lines(moved, item)] == [(launch.place, "launch")]
    assert lines_of(item, wanted(LATER)) == ["scheduled_at"]


# --- more of which entry is whose ---------------------------------------------------------------------------------------------


def test_a_post_whose_id_an_entry_ahead_has_is_not_one_that_was_published_in_its_minute() -> None:
    out = copy_of(wanted(SOON, "Hello", id="old")).ending(End.PUBLISHED, NOW)
    ahead = copy_of(wanted(LATER, "Hello", id="new"), 2, post_id="p-2")
    assert pairs([wanted(SOON, "Hello", id="new")], out, ahead) == {0: 2}


def test_what_is_paired_takes_no_second_entry_that_says_the_same() -> None:
    again = copy_of(wanted(LATER, "Hello"), 2, post_id="p-2")
    assert pairs([wanted(SOON, "Hello")], copy_of(wanted(SOON, "Hello")), again) == {0: 1}


def test_a_past_post_makes_no_greeting_of_the_one_ahead() -> None:
    desired = [wanted(LATER, "Hello"), wanted(SOON, "Other"), wanted(EARLIER, "Hello")]
    assert pairs(desired, copy_of(wanted(SOON, "Hello"))) == {0: 1}
    ahead = [wanted(LATER, "Hello"), wanted(SOON, "Other"), wanted(LAST, "Hello")]
    assert pairs(ahead, copy_of(wanted(SOON, "Hello"))) == {1: 1}


# --- more of moves ------------------------------------------------------------------------------------------------------------


def test_what_is_on_hold_in_a_calendar_that_is_gone_moves_to_no_other_time_where_its_hold_cannot_go_along() -> (
    None
):
    gone = Side("from", (), ledger(HELD, holds=(HOLD,)), gone="forget it")
    used = ledger(copy_of(wanted(LAST, "Theirs", id="theirs"), 4, post_id="p-4"))
    theirs = (replace(POST, at=LATER), wanted(LAST, "Theirs", id="theirs"))
    assert moves_between([gone, Side("to", theirs, used)], NOW) == ()
    [move] = moves_between([gone, Side("to", theirs[:1], ledger())], NOW)
    assert (move.stuck, move.holds) == ("", (HOLD,))
    both = [
        Side("from", (), ledger(OURS), stuck="first do this"),
        Side("to", (replace(POST, at=LATER),), ledger()),
    ]
    assert moves_between(both, NOW) == ()


def test_a_minute_that_the_receiver_is_about_to_leave_is_free() -> None:
    leaving = copy_of(wanted(LATER, "Theirs", id="theirs"), 4, post_id="p-4")
    theirs = (replace(POST, at=LATER), wanted(LAST, "Theirs", id="theirs"))
    assert len(two(theirs, to_state=ledger(leaving))) == 1


def moves_plan(state: State, *desired: Post, live: tuple[LivePost, ...] = (LIVE,), **more: Any) -> Plan:
    return make_plan(
        desired=desired, live=Listing(live), state=state, accounts={X.id: X}, settings=SETTINGS, workspace=WORKSPACE,
        now=NOW, posts=len(desired), scope=None, elsewhere=more.pop("elsewhere", Elsewhere()), **more,
    )  # fmt: skip


def move(stuck: str = "", entry: Copy = OURS, **more: Any) -> Move:
    return Move("acme", "globex", ledger(entry).entries()[1], replace(POST, **more), stuck=stuck)


def test_a_post_that_is_kept_from_moving_is_not_removed_and_says_why() -> None:
    plan = moves_plan(ledger(OURS), giving=[move("first do this")])
    [change] = plan.changes
    assert said(change) == ("blocked", "elsewhere", "would delete")
    assert change.reason.endswith("; first do this")
    assert (plan.moves, codes(plan)) == ((), [])
    free = moves_plan(ledger(OURS), giving=[move()])
    assert [said(each) for each in free.changes] == [("unchanged",)]
    assert (len(free.moves), codes(free)) == (1, ["moves"])
    late = moves_plan(
        ledger(copy_of(replace(POST, at=NOW - MINUTE))),
        giving=[move("first do this")],
        live=(shown(NOW - MINUTE, "Hello"),),
    )
    assert [said(each)[0] for each in late.changes] == ["unchanged"]


def test_a_minute_that_a_post_leaves_for_another_calendar_is_theirs() -> None:
    by_hand = replace(copy_of(replace(POST, at=LATER)), seen=Seen(SOON, "Hello"))
    for stuck, calendar in (("", "globex"), ("first do this", None)):
        leaving = move(stuck, by_hand)
        taken = moves_plan(ledger(by_hand), wanted(SOON, "New", id="new"), giving=[leaving])
        [new] = [each for each in taken.changes if each.post is not None]
        assert isinstance(new, Blocked)
        assert (new.blocks[0] is Block.ELSEWHERE, new.calendar) == (calendar is not None, calendar)


def test_what_comes_here_is_managed_from_then_on_and_what_is_stuck_is_not() -> None:
    theirs = Elsewhere({"acme": ledger(OURS)})
    coming = moves_plan(ledger(OURS), POST, coming=[move()], elsewhere=theirs)
    assert [said(each) for each in coming.changes] == [("unchanged",)]
    moving = moves_plan(ledger(OURS), replace(POST, at=LATER), coming=[move(at=LATER)], elsewhere=theirs)
    assert [said(each) for each in moving.changes] == [("replace",)]
    assert codes(moving) == ["moves"]
    stuck = moves_plan(ledger(), coming=[move("first do this")], live=())
    assert (codes(stuck), stuck.moves) == ([], ())
    both = moves_plan(ledger(OURS), replace(POST, at=LATER), elsewhere=theirs)
    assert blocks(both) == [("elsewhere",)]
    assert blocks(
        moves_plan(ledger(OURS), replace(POST, at=LATER), coming=[move("first do this")], elsewhere=theirs)
    ) == [("elsewhere",)]


@each_of(
    ("entry", "why"),
    [
        (OURS, "the calendar acme has it in Publer; first do this"),
        (OURS.ending(End.PUBLISHED, NOW), "it was published from the calendar acme; first do this"),
        (
            OURS.ending(End.MAYBE_PUBLISHED, NOW),
            "it may have been published from the calendar acme; first do this",
        ),
    ],
)
def test_a_post_that_cannot_come_yet_is_not_made_a_second_time(entry: Copy, why: str) -> None:
    new = replace(POST, at=LATER)
    coming = [replace(move("first do this", entry), post=new)]
    [change] = moves_plan(ledger(), new, coming=coming, live=()).changes
    assert (change.blocks, change.reason) == ((Block.ELSEWHERE,), why)
    [other] = moves_plan(ledger(), replace(new, at=LAST), coming=coming, live=()).changes
    assert other.blocks == ()
    theirs = Elsewhere({"acme": ledger(copy_of(wanted(LATER, "Theirs"), 1, post_id="f-1"))})
    [taken] = moves_plan(
        ledger(), new, coming=coming, live=(shown(LATER, "Theirs", id="f-1"),), elsewhere=theirs
    ).changes
    assert taken.blocks == (Block.ELSEWHERE,)
    assert taken.reason.endswith("the calendar acme manages it; first do this")


def test_what_waits_for_a_slot_is_not_let_go() -> None:
    out = copy_of(wanted(EARLIER, "Hello", id="hello")).ending(End.PUBLISHED, NOW)
    assert planned([], [], ledger(out)).let_go == {1}
    assert planned([], [], ledger(out), waiting=[wanted(EARLIER, "Hello", id="hello")]).let_go == frozenset()


def test_posts_on_hold_that_were_never_sent_count_one_by_one() -> None:
    both = [wanted(SOON), wanted(SOON, "Good day", account=LINKEDIN, line=9)]
    (told,) = (
        each.message for each in planned(both, [], ledger(holds=(HOLD,))).warnings if each.code == "on_hold"
    )
    assert "2 posts are kept out of Publer" in told


# --- words that are handed on -------------------------------------------------------------------------------------------------


@each_of(
    ("more", "out"),
    [
        ({}, True),
        ({"removing_at": NOW - HOUR}, False),
        ({"slot": SOON, "seen": None}, False),
        ({"sent": DRAFT.content}, False),
    ],
)
def test_a_copy_whose_minute_came_may_be_out(more: dict[str, Any], out: bool) -> None:
    copy = replace(copy_of(wanted(NOW - MINUTE)), **more)
    state = ledger(copy)
    assert (_out(case(state), state.entries()[1]) is not None) is out


def test_a_post_waits_for_no_copy_of_its_own() -> None:
    gone = change(Action.DELETE, None, live=LIVE, copy=OURS)
    other = change(Action.CREATE, wanted(LATER, "Hello"))
    assert [*_followers([gone, other])] == [(1, 0)]
    own = change(Action.CREATE, wanted(LATER, "Hello"), copy=copy_of(POST, 2, post_id=None, entry=1))
    assert [*_followers([gone, own])] == []


# --- more of sign-off -----------------------------------------------------------------------------------------------------------


def test_a_yes_to_a_change_is_needed_before_the_old_post_freezes() -> None:
    asks = signoff()
    better = replace(POST, content=wanted(SOON, "Better").content)
    assert only(planned([better], [LIVE], ledger(OURS), signoff=asks)).needed_by == SOON - 15 * MINUTE
    assert only(planned([POST], [], ledger(), signoff=asks)).needed_by == SOON - LEAD
    moved = planned([replace(POST, at=LATER)], [LIVE], ledger(OURS), signoff=asks)
    assert only(moved).needed_by == SOON - 15 * MINUTE


@each_of(
    ("post", "live", "copy", "told"),
    [
        (POST, LIVE, OURS, True),
        (DRAFT, LIVE_DRAFT, OUR_DRAFT, False),
        (DRAFT, LIVE, replace(OUR_DRAFT, seen=Seen(SOON, "Hello")), False),
        (
            wanted(EARLIER, id="hello"),
            shown(EARLIER, state="published"),
            copy_of(wanted(EARLIER, id="hello")),
            False,
        ),
    ],
)
def test_only_what_publer_will_publish_is_told_as_not_signed_off(
    post: Post, live: LivePost, copy: Copy, told: bool
) -> None:
    plan = planned([post], [live], ledger(copy), signoff=signoff())
    assert ("signoff.unsigned" in codes(plan)) is told


# --- more of what is asked of Publer ----------------------------------------------------------------------------------------------


@each_of(
    ("copies", "live", "asked"),
    [
        ((LAPSED,), shown(SOON, "Whatever", id="f-1"), True),
        ((OURS,), LIVE, False),
        ((OURS,), shown(SOON, "Whatever", id="f-1"), False),
        ((LAPSED.ending(End.NEVER_CAME, NOW),), shown(SOON, "Whatever", id="f-1"), False),
        ((OURS,), shown(EARLIER, "Whatever", id="f-1", state="published"), True),
        ((OURS, replace(LAPSED, key=2)), LIVE, False),
        ((OURS.ending(End.GONE, NOW),), shown(EARLIER, "Whatever", id="f-1", state="published"), False),
    ],
)
def test_other_calendars_are_asked_where_a_listed_post_may_be_theirs(
    copies: tuple[Copy, ...], live: LivePost, asked: bool
) -> None:
    assert _may_be_theirs(ledger(*copies), [live]) is asked


def test_a_listed_copy_is_searched_for_nowhere() -> None:
    out = shown(EARLIER, "Whatever", id="f-1", state="published")
    assert _may_be_theirs(ledger(OURS), [LIVE, out]) is False


def test_a_span_is_kept_only_where_publer_showed_one() -> None:
    assert _span(ledger(), Listing(), NOW) is None
    assert _span(ledger(span=(30, NOW - DAY)), Listing(), NOW) is None
    assert _span(ledger(span=(30, NOW - DAY)), Listing(span=20), NOW) == (20, NOW - DAY)
    assert _span(ledger(), Listing(span=20), NOW) == (20, NOW)


class Days:
    """What is asked for, day by day."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def posts(self, *, since: Any, until: Any, **_: Any) -> Listing:
        self.asked.append(((since - NOW.date()).days, (until - NOW.date()).days))
        return Listing()


@each_of(
    ("copy", "asked"),
    [
        (copy_of(wanted(NOW + 100 * DAY)), [(100, 100)]),
        (copy_of(wanted(NOW + 80 * DAY)), []),
        (copy_of(wanted(NOW + 100 * DAY), post_id="p-there"), []),
        (copy_of(wanted(NOW + 100 * DAY)).ending(End.GONE, NOW), []),
        (replace(sent(wanted(NOW + 100 * DAY), 1), lapsed=True), [(100, 100)]),
    ],
)
def test_days_far_ahead_are_listed_again_where_a_post_is_hidden(
    copy: Copy, asked: list[tuple[int, int]]
) -> None:
    days: Any = Days()
    _around_hidden(days, [X.id], ledger(copy), Listing((shown(SOON, id="p-there"),)), NOW)
    assert days.asked == asked


def test_drafts_are_listed_from_the_day_of_the_oldest() -> None:
    days: Any = Days()
    old = copy_of(wanted(NOW - 30 * DAY, draft=True), seen=Seen(None, "Hello", draft=True))
    _old_drafts(days, [X.id], ledger(old), NOW.date())
    assert days.asked == [(-30, 0)]
    _old_drafts(days, [X.id], ledger(OURS), NOW.date())
    assert len(days.asked) == 1


def test_failures_of_one_account_are_not_those_of_another() -> None:
    ended: Any = {"job_id": "j", "job_ended_at": NOW - MINUTE}
    copies = [
        sent(wanted(SOON), 1, **ended),
        sent(wanted(SOON, account=LINKEDIN), 2, **ended),
        sent(wanted(LATER, account=LINKEDIN), 3, **ended),
    ]
    job = Job(JobStatus.COMPLETE, (Failure("Too long", X.id), Failure("Internal error")))
    found = note_refused(ledger(*copies), {"j": job}, now=NOW + HOUR, poll_seconds=2)
    assert found == {1: (job.failures[0],)}
    nameless = replace(job, failures=(job.failures[0], Failure("b"), Failure("c")))
    assert note_refused(ledger(*copies), {"j": nameless}, now=NOW + HOUR, poll_seconds=2) == {
        1: (job.failures[0],)
    }
    more = (Failure("a", X.id), Failure("a", X.id), Failure("b"))
    assert _place(more, copies) == {1: more[:2]}, "one of two may still come"
    assert _place((Failure("a", X.id), Failure("b")), [copies[0], copies[1]]) == {
        1: (Failure("a", X.id), Failure("b")),
        2: (Failure("b"),),
    }


def test_what_a_hold_took_out_scheduled_comes_back_though_it_is_a_draft_in_the_calendar() -> None:
    """Its words and time are as they were sent: what differs is what somebody did in Publer."""
    by_hand = replace(copy_of(DRAFT), by_hand=True, seen=Seen(SOON, "Hello"))
    assert [item.field for item in compare(DRAFT, by_hand, LIVE).diff] == []
    assert [item.field for item in compare(DRAFT, OUR_DRAFT, LIVE_DRAFT).diff] == []


def test_of_a_post_that_left_only_its_removal_is_kept_by_a_move_that_is_stuck() -> None:
    beside = replace(sent(replace(POST, at=LATER), 2, entry=1, job_id="j-1"), lapsed=True)
    stuck = Move("acme", "globex", ledger(OURS, beside).entries()[1], POST, stuck="first do this")
    plan = moves_plan(ledger(OURS, beside), giving=[stuck])
    assert [said(each) for each in plan.changes] == [("blocked", "elsewhere", "would delete")]
    repeats = moves_plan(
        ledger(OURS), giving=[move("first do this")], live=(replace(LIVE, state="recurring"),)
    )
    assert [said(each)[0] for each in repeats.changes] == ["unchanged"]


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


def test_what_is_in_an_unknown_state_without_a_time_may_be_published_any_time() -> None:
    odd = replace(LIVE, state="odd", at=None)
    assert said(only(planned([], [odd], ledger(OURS)))) == ("blocked", "state", "would delete")
    past = replace(LIVE, state="odd", at=EARLIER)
    assert said(only(planned([], [past], ledger(OURS)))) == ("unchanged",)


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


def test_whose_yes_is_asked_for_is_known_of_what_waits_for_one_alone() -> None:
    waits = only(planned([POST], [], ledger(), signoff=signoff()))
    assert asked_of(waits) is not None
    assert asked_of(only(planned([POST], [], ledger()))) is None


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


def test_whether_a_post_was_published_that_was_being_removed_when_an_apply_ended_is_not_known() -> None:
    taken = replace(
        copy_of(PAST).ending(End.MAYBE_PUBLISHED, NOW, evidence="p-7"), removing_at=EARLIER - HOUR
    )
    for copy, doubted in ((taken, True), (replace(taken, removing_at=None), False)):
        change = only(planned([PAST], [shown(EARLIER, "Else", id="p-7", state="published")], ledger(copy)))
        assert (change.doubted, change.missed) == (doubted, doubted)
        assert ("an earlier apply was removing it" in change.reason) is doubted
