"""The safety limits, filters, figures and speed of a plan; the action table is in the modules beside this one."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import End
from publer_sync.planning.notes import Refusal
from publer_sync.planning.plan import Action
from publer_sync.planning.planner import Scope
from publer_sync.values.content import Content, Revision
from publer_sync.values.model import MINUTE, Account, Limits
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    INSTAGRAM,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    TOMORROW,
    X,
    change,
    codes,
    copy_of,
    ledger,
    only,
    planned,
    said,
    shown,
    wanted,
)
from tests.planning.posts import BOTH, HALF, LIVE, LIVE_DRAFT, MOVED, OUR_DRAFT, OURS, POST
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from publer_sync.values.content import Json
    from publer_sync.values.model import LivePost, Post


# --- rails ----------------------------------------------------------------------------------------------------------


def _left(count: int) -> tuple[list[LivePost], Any]:
    posts = [wanted(SOON + n * HOUR, f"Post {n}") for n in range(count)]
    live = [shown(post.at, post.text, id=f"p-{n}") for n, post in enumerate(posts)]
    return live, ledger(*(copy_of(post, n + 1, post_id=f"p-{n}") for n, post in enumerate(posts)))


@each_of(
    ("count", "limit", "refusals"),
    [
        (10, 10, ()),
        (11, 10, (Refusal("deletes", 11, 10, "--allow-deletes 11"),)),
        (1, 0, (Refusal("deletes", 1, 0, "--allow-deletes 1"),)),
    ],
)
def test_more_deletes_than_the_limit_are_refused(
    count: int, limit: int, refusals: tuple[Refusal, ...]
) -> None:
    live, state = _left(count)

    plan = planned([wanted(TOMORROW, "Stays")], live, state, limits=Limits(delete=limit))

    assert plan.refusals == refusals
    assert plan.count(Action.DELETE) == count, "a rail hides nothing"


def test_replaces_do_not_count_as_deletes() -> None:
    live, state = _left(12)
    desired = [wanted(SOON + n * HOUR, f"Post {n}", labels=["new"]) for n in range(12)]

    plan = planned(desired, live, state)

    assert plan.count(Action.REPLACE) == 12
    assert plan.refusals == ()


@each_of(("limit", "refused"), [(None, False), (12, False), (11, True)])
def test_more_edits_and_replaces_than_the_limit_are_refused(limit: int | None, refused: bool) -> None:
    live, state = _left(12)
    desired = [
        wanted(SOON + n * HOUR, f"Post {n}", labels=["new"])
        if n % 2
        else wanted(SOON + n * HOUR, f"Better {n}")
        for n in range(12)
    ]

    plan = planned(desired, live, state, limits=Limits(change=limit))

    assert (plan.count(Action.REPLACE), plan.count(Action.UPDATE)) == (6, 6)
    assert plan.refusals == ((Refusal("changes", 12, 11, "--allow-changes 12"),) if refused else ())


def test_an_empty_calendar_is_refused_while_posts_of_ours_are_live() -> None:
    live, state = _left(2)

    assert planned([], live, state).refusals == (Refusal("empty", 2, 0, "--allow-deletes 2"),)
    assert planned([], live, None).refusals == ()
    assert planned([], live, ledger()).refusals == ()
    assert planned([], live, state, prune="none").refusals == ()


def test_an_empty_calendar_is_refused_even_where_something_else_blocks_its_deletes() -> None:
    assert planned([], [shown(SOON, "Edited")], ledger(OURS)).refusals == (
        Refusal("empty", 1, 0, "--allow-deletes 1"),
    )


# --- filters --------------------------------------------------------------------------------------------------------


def test_a_filter_by_account_leaves_the_others_out_of_changes_rails_and_counts() -> None:
    live, state = _left(11)
    live.append(shown(TOMORROW, "Not managed here", id="f-1"))
    desired = [wanted(SOON, "New", account=LINKEDIN)]

    plan = planned(desired, live, state, scope=Scope(accounts=frozenset({LINKEDIN.id})))

    assert [said(change) for change in plan.changes] == [("create",)]
    assert plan.refusals == ()
    assert plan.unmanaged == 0


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        pytest.param(None, None, True, id="all"),
        pytest.param(SOON, SOON + MINUTE, True, id="the old slot"),
        pytest.param(TOMORROW, TOMORROW + MINUTE, True, id="the new slot"),
        pytest.param(SOON + MINUTE, TOMORROW, False, id="between the two"),
        pytest.param(None, SOON, False, id="before"),
        pytest.param(TOMORROW + MINUTE, None, False, id="after"),
        pytest.param(None, SOON + MINUTE, True, id="up to the old"),
        pytest.param(TOMORROW, None, True, id="from the new"),
    ],
)
def test_a_change_is_in_when_its_old_or_its_new_slot_is(
    since: datetime | None, until: datetime | None, held: bool
) -> None:
    moved = wanted(TOMORROW, "Hello", id="hello")

    plan = planned([moved], [LIVE], ledger(OURS), scope=Scope(since=since, until=until))

    assert bool(plan.changes) is held
    assert (plan.apply_by is not None) is held


def test_filters_choose_among_the_changes_of_the_whole_plan() -> None:
    """What a post outside the filter holds is held, and what one outside leaves is left."""
    moved, new = wanted(TOMORROW + HOUR, "Hello", id="hello"), wanted(SOON, "New")
    scope = Scope(since=SOON, until=SOON + MINUTE)

    plan = planned([moved, new], [LIVE], ledger(OURS), scope=scope)

    assert [said(change) for change in plan.changes] == [("create",), ("replace",)]


def test_the_minute_of_a_post_that_the_filter_leaves_out_is_not_free() -> None:
    """Nothing moves that post in this run."""
    one, two = wanted(SOON, "One", id="1"), wanted(LATER, "Two", id="2")
    live = [shown(SOON, "One", id="p-1"), shown(LATER, "Two", id="p-2")]
    state = ledger(copy_of(one, 1, post_id="p-1"), copy_of(two, 2, post_id="p-2"))
    desired = [replace(one, at=LATER), replace(two, at=TOMORROW)]

    assert [said(change)[0] for change in planned(desired, live, state).changes] == ["replace", "replace"]
    plan = planned(desired, live, state, scope=Scope(until=LATER))

    assert [said(change) for change in plan.changes] == [("blocked", "slot", "would replace")]
    assert plan.changes[0].reason.endswith('scheduled for this minute: "Two"')


@pytest.mark.parametrize(
    "scope",
    [
        Scope(accounts=frozenset({X.id})),
        Scope(accounts=frozenset({LINKEDIN.id})),
        Scope(until=TOMORROW),
        Scope(since=TOMORROW),
    ],
    ids=["the account it leaves", "the one it comes on", "the old time", "the new one"],
)
def test_a_post_that_changes_its_account_is_in_with_both_halves(scope: Scope) -> None:
    """One half alone would leave it on both accounts, or on none."""
    moved = wanted(TOMORROW, "Hello", id="hello", account=LINKEDIN)
    other = wanted(TOMORROW, "Else", account=LINKEDIN, id="else")
    plan = planned([moved, other], [LIVE], ledger(OURS), scope=scope)
    kept = sorted((change.action, change.id) for change in plan.changes)
    alone = scope.until is not None or scope.accounts == frozenset({X.id})
    assert kept == [*([] if alone else [("create", "else")]), ("create", "hello"), ("delete", "hello")]


def test_a_post_that_leaves_its_account_leaves_its_minute_where_its_other_half_is_in() -> None:
    moved, other = (
        wanted(TOMORROW, "Hello", id="hello", account=LINKEDIN),
        wanted(TOMORROW + HOUR, "Else", id="else"),
    )
    state = ledger(OURS, copy_of(other, 2, post_id="p-2"))
    desired = [moved, replace(other, at=SOON)]
    live = [LIVE, shown(TOMORROW + HOUR, "Else", id="p-2")]
    plan = planned(desired, live, state, scope=Scope(since=TOMORROW))
    assert sorted(said(change) for change in plan.changes) == [("create",), ("delete",), ("replace",)]


# --- figures and warnings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("desired", "live", "moment"),
    [
        pytest.param([wanted(LATER, "New")], [], LATER - 2 * MINUTE, id="a create: its lead"),
        pytest.param([wanted(SOON, "Changed", id="hello")], [LIVE], SOON - 15 * MINUTE, id="an update"),
        pytest.param([], [LIVE], SOON - 15 * MINUTE, id="a delete"),
        pytest.param([wanted(LATER, id="hello")], [LIVE], SOON - 15 * MINUTE, id="a move to later"),
        pytest.param(
            [wanted(NOW + HOUR, id="hello")], [LIVE], NOW + HOUR - 2 * MINUTE, id="a move to sooner"
        ),
        pytest.param([POST], [], SOON - 2 * MINUTE, id="a recreate"),
        pytest.param([POST], [LIVE], None, id="nothing to do"),
        pytest.param([POST], [shown(SOON, "Edited")], None, id="blocked"),
        pytest.param([], [LIVE_DRAFT], None, id="a draft goes whenever"),
    ],
)
def test_the_last_moment_at_which_everything_can_still_be_done(
    desired: list[Post], live: list[LivePost], moment: datetime | None
) -> None:
    ours = OUR_DRAFT if live == [LIVE_DRAFT] else OURS

    assert planned(desired, live, ledger(ours) if live or desired == [POST] else ledger()).apply_by == moment


def test_the_earliest_of_the_last_moments_counts() -> None:
    desired = [wanted(LATER, "New"), wanted(LAST, "Newer"), wanted(SOON, "Changed", id="hello")]

    assert planned(desired, [LIVE], ledger(OURS)).apply_by == SOON - 15 * MINUTE


def test_unmanaged_posts_are_the_other_live_ones_of_the_managed_accounts() -> None:
    live = [
        LIVE,
        shown(LATER, "One", id="f-1"),
        shown(LATER, "Two", id="f-2", state="draft"),
        shown(LATER, "Three", id="f-3", state="recurring"),
        shown(EARLIER, "Out", id="f-4", state="published"),
        shown(EARLIER, "Failed", id="f-5", state="failed"),
        shown(LATER, "Elsewhere", id="f-6", account=Account("a-else", "Else", "facebook")),
    ]

    assert planned([POST], live, ledger(OURS)).unmanaged == 3


def test_without_state_a_warning_says_so_and_nothing_is_removed() -> None:
    plan = planned([wanted(LATER, "New")], [LIVE], None)

    assert codes(plan) == ["no_state"]
    assert plan.last_apply is None
    assert plan.count(Action.DELETE) == 0
    assert planned([], [], ledger()).warnings == ()
    assert planned([], [], ledger()).last_apply == NOW - DAY


def test_changes_come_in_order_of_time_then_account() -> None:
    desired = [
        wanted(LATER, "c"),
        wanted(SOON, "b", account=X),
        wanted(SOON, "a", account=LINKEDIN),
    ]

    plan = planned(desired, [], ledger())

    assert [change.post.text for change in plan.changes if change.post] == ["a", "b", "c"]


# --- speed ----------------------------------------------------------------------------------------------------------

MANY = 5000


def _many(shift: timedelta, **content: Any) -> tuple[list[Post], list[LivePost], Any]:
    """Many posts in Publer and the ledger, and the calendar that moves them all and says more."""
    old = [
        wanted(SOON + n * MINUTE, f"Post {n}", id=f"id-{n}", link={"url": f"https://example.com/{n}"})
        for n in range(MANY)
    ]
    live = [shown(post.at, post.text, id=f"p-{n}") for n, post in enumerate(old)]
    state = ledger(*(copy_of(post, n + 1, post_id=f"p-{n}") for n, post in enumerate(old)))
    desired = [
        replace(post, at=post.at + shift, content=Content.from_json({**post.content.to_json(), **content}))
        for post in old
    ]
    return desired, live, state


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shift", "content", "unmanaged", "expected"),
    [
        pytest.param(0 * MINUTE, {}, False, ("unchanged",), id="nothing to do"),
        pytest.param(MINUTE, {}, False, ("replace",), id="all move on by a minute"),
        pytest.param(
            MINUTE, {}, True, ("blocked", "slot", "would replace"), id="all move on, the last one cannot"
        ),
        pytest.param(0 * MINUTE, {"text": "New"}, False, ("update",), id="all get new words"),
    ],
)
def test_thousands_of_posts_are_planned_in_a_second(
    shift: timedelta, content: dict[str, Any], unmanaged: bool, expected: tuple[str, ...]
) -> None:
    desired, live, state = _many(shift, **content)
    if unmanaged:
        live.append(shown(SOON + MANY * MINUTE, "In the way", id="f-1"))
    start = time.process_time()

    plan = planned(desired, live, state)

    assert time.process_time() - start < 4, (
        "0.7 s, three times that while coverage is measured; 20 s and more if it were quadratic"
    )
    assert {said(change) for change in plan.changes} == {expected}
    assert len(plan.changes) == MANY


@pytest.mark.parametrize("new_id", [False, True])
def test_an_interrupted_replace_whose_old_post_went_out_takes_the_new_one_back(new_id: bool) -> None:
    """Else the same post would go out twice; the listing may show the published one under another id."""
    out = replace(shown(SOON, state="published_posted"), id="17" if new_id else LIVE.id)

    plan = planned([MOVED], [out, BOTH[1]], HALF, now=SOON + 5 * MINUTE)

    assert [said(change) for change in plan.listed] == [("blocked", "went_out", "would create"), ("delete",)]
    assert plan.listed[1].live == BOTH[1]


def test_an_interrupted_replace_whose_old_post_somebody_removed_keeps_the_new_one() -> None:
    """For an hour Publer may still be late with the old one; the new one is all that is certain to be there."""
    soon = planned([MOVED], [BOTH[1]], HALF, now=SOON + 5 * MINUTE)
    later = planned([MOVED], [BOTH[1]], HALF, now=SOON + HOUR)

    assert [said(change) for change in soon.changes] in ([("pending",)], [("unchanged",)])
    assert [said(change) for change in later.changes] == [("unchanged",)]


def test_managed_posts_are_not_counted_as_others() -> None:
    assert planned([POST], [LIVE, shown(LATER, "A colleague's", id="f-1")], ledger(OURS)).unmanaged == 1


def test_an_edit_of_a_post_under_way_is_none() -> None:
    editing = replace(OURS, revising=Revision("Better", None), requested_at=NOW - MINUTE)
    plan = planned([replace(POST, content=wanted(SOON, "Better").content)], [LIVE], ledger(editing))
    assert "edited" not in [str(block) for each in plan.changes for block in each.blocks]
    assert codes(plan) == []


def test_files_of_tomorrow_keep_their_day() -> None:
    assert said(only(planned([replace(POST, at=TOMORROW)], [LIVE], ledger(OURS)))) == ("replace",)
    assert DAY > HOUR


def test_what_waits_for_a_slot_is_not_let_go() -> None:
    out = copy_of(wanted(EARLIER, "Hello", id="hello")).ending(End.PUBLISHED, NOW)
    assert planned([], [], ledger(out)).let_go == {1}
    assert planned([], [], ledger(out), waiting=[wanted(EARLIER, "Hello", id="hello")]).let_go == frozenset()


def test_a_plan_counts_what_is_not_managed_in_its_scope_and_has_the_names_of_accounts_and_files() -> None:
    media: dict[str, dict[str, Json]] = {
        "sha256:a": {"name": "a.png"},
        "sha256:b": {"name": None},
        "sha256:c": {},
    }
    live = [shown(SOON, id="f-1"), shown(LATER, id="f-2"), shown(SOON, id="f-3", account=LINKEDIN)]
    accounts = (X, replace(LINKEDIN, alias=None))
    for scope, number in ((None, 3), (Scope(accounts=frozenset({X.id})), 2), (Scope(since=LATER), 3)):
        found = planned([], live, ledger(media=media), accounts=accounts, scope=scope)
        assert found.unmanaged == number
        assert found.names == {"sha256:a": "a.png", X.id: "x", LINKEDIN.id: "Fjordlight AS"}


def test_a_filter_leaves_out_both_halves_of_a_post_that_changes_accounts_where_it_is_about_neither() -> None:
    posts = [replace(POST, account=LINKEDIN), wanted(LATER, "New", account=INSTAGRAM)]
    accounts = (X, LINKEDIN, INSTAGRAM)
    for account, changes in ((INSTAGRAM, 1), (LINKEDIN, 2), (X, 2)):
        scope = Scope(accounts=frozenset({account.id}))
        assert len(planned(posts, [LIVE], ledger(OURS), accounts=accounts, scope=scope).changes) == changes


def test_days_leave_out_a_draft_without_a_time_by_what_the_calendar_says() -> None:
    later = Scope(since=LATER)
    undated = change(Action.UPDATE, wanted(SOON, draft=True), live=shown(None, state="draft"))
    assert not later.holds(undated)
    assert later.has(X, None)
    assert not later.has(X, SOON)


def test_a_calendar_whose_posts_wait_is_not_empty_and_a_plan_has_the_last_good_apply() -> None:
    state = ledger(OURS, last_good_apply=NOW - DAY)
    for waiting, codes_ in (((wanted(LATER, "Waits", id="waits"),), []), ((), ["empty"])):
        plan = planned([], [LIVE], state, waiting=waiting)
        assert [each.code for each in plan.refusals] == codes_
        assert plan.last_good_apply == NOW - DAY
