"""A post that Publer has already is adopted, and not created again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import End
from publer_sync.planning.plan import Action
from publer_sync.values.content import Content
from publer_sync.values.model import LiveMedium
from tests.builders import (
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
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
from tests.planning.posts import DRAFT, LIVE, LIVE_DRAFT, OURS, POST
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost, Post


@pytest.mark.parametrize("state", [None, ledger()], ids=["without state", "with state"])
def test_an_unmanaged_post_that_equals_a_desired_one_is_adopted(state: Any) -> None:
    plan = planned([POST], [LIVE], state)

    assert only(plan) == change(Action.ADOPT, POST, reason="it is already in Publer", live=LIVE)
    assert plan.unmanaged == 1


@pytest.mark.parametrize(
    ("post", "live"),
    [
        pytest.param(wanted(SOON), shown(SOON, " Hello\r\n"), id="outer white space"),
        pytest.param(wanted(SOON), shown(SOON, media=0, link="", title=""), id="all shown, all empty"),
        pytest.param(wanted(SOON), shown(SOON + 30 * SECOND), id="seconds"),
        pytest.param(wanted(SOON, media=[{"file": "a"}]), shown(SOON, media=1), id="number of media"),
        pytest.param(wanted(SOON, media=[{"file": "a"}]), shown(SOON), id="media not shown"),
        pytest.param(
            wanted(SOON, link={"url": "https://a.example"}), shown(SOON, link="https://a.example"), id="link"
        ),
        pytest.param(wanted(SOON, link={"url": "https://a.example"}), shown(SOON), id="link not shown"),
        pytest.param(DRAFT, LIVE_DRAFT, id="drafts"),
        pytest.param(POST, shown(SOON, "Hello", state="scheduled_pending"), id="waiting for approval"),
    ],
)
def test_equal_is_what_publer_shows(post: Post, live: LivePost) -> None:
    assert said(only(planned([post], [live], ledger()))) == ("adopt",)


@pytest.mark.parametrize(
    ("post", "live", "expected"),
    [
        pytest.param(wanted(SOON), shown(SOON, "Other"), ("blocked", "slot", "would create"), id="text"),
        pytest.param(wanted(SOON), shown(SOON, media=1), ("blocked", "slot", "would create"), id="media"),
        pytest.param(
            wanted(SOON),
            shown(SOON, link="https://a.example"),
            ("blocked", "slot", "would create"),
            id="link",
        ),
        pytest.param(
            wanted(SOON, title="One"),
            shown(SOON, title="Two"),
            ("blocked", "slot", "would create"),
            id="title",
        ),
        pytest.param(DRAFT, LIVE, ("create",), id="a draft wanted, one scheduled"),
        pytest.param(POST, LIVE_DRAFT, ("create",), id="one scheduled wanted, a draft"),
        pytest.param(
            POST,
            shown(SOON, "Hello", state="recurring"),
            ("blocked", "slot", "would create"),
            id="recurring",
        ),
        pytest.param(POST, shown(SOON, "Hello", account=LINKEDIN), ("create",), id="another account"),
        pytest.param(POST, shown(SOON, "Hello", state="failed"), ("create",), id="failed"),
        pytest.param(POST, shown(None, "Hello", state="draft"), ("create",), id="a draft without a date"),
    ],
)
def test_an_unmanaged_post_that_differs_is_never_adopted(
    post: Post, live: LivePost, expected: tuple[str, ...]
) -> None:
    change = only(planned([post], [live], ledger()))

    assert said(change) == expected
    assert change.live is None


def test_the_fields_that_publer_does_not_show_are_named_when_a_post_is_adopted() -> None:
    post = wanted(SOON, labels=["a"], link={"url": "https://a.example"}, title="T", media=[{"file": "a"}])

    plan = planned([post], [shown(SOON, title="T")], ledger())

    assert [(warning.code, warning.message) for warning in plan.warnings] == [
        (
            "adopted_blind",
            "Publer does not show link, media, labels of this post; assumed to match the calendar",
        )
    ]


@each_of(
    ("piece", "labels", "named"),
    [
        (LiveMedium(id="m1", alt="A lamp"), ("a",), None),
        (LiveMedium(id="m1"), ("a",), "media"),
        (LiveMedium(id="m2", alt="A lamp"), ("a",), "media"),
        (LiveMedium(id="m1", alt="A lamp"), ("b",), "labels"),
    ],
)
def test_what_publer_shows_of_an_adopted_post_is_not_named(
    piece: LiveMedium, labels: tuple[str, ...], named: str | None
) -> None:
    """As after a pull, which writes the media by Publer's ids."""
    post = wanted(SOON, labels=["a"], media=[{"id": "m1", "alt": "A lamp"}])
    live = replace(shown(SOON, media=1), pieces=(piece,), labels=labels)
    messages = [warning.message for warning in planned([post], [live], ledger()).warnings]
    assert messages == (
        [f"Publer does not show {named} of this post; assumed to match the calendar"] if named else []
    )


@pytest.mark.parametrize(
    ("live", "names"),
    [
        pytest.param(LIVE, "comments, labels or a poll", id="nothing is shown"),
        pytest.param(replace(LIVE, type="status"), "comments or labels", id="the type is shown"),
        pytest.param(replace(LIVE, type="status", labels=()), "comments", id="and the labels"),
    ],
)
def test_a_replace_of_a_post_made_in_publer_warns_of_what_was_never_shown(live: LivePost, names: str) -> None:
    moved = replace(POST, at=LATER)
    plan = planned([moved], [live], ledger(replace(OURS, adopted=True)))
    assert [w.message for w in plan.warnings if w.code == "adopted.unseen"] == [
        f"Publer never showed whether this post has {names}; the post that replaces it has only what the calendar says"
    ]


def test_a_replace_of_a_post_that_an_apply_made_warns_of_nothing() -> None:
    assert "adopted.unseen" not in codes(planned([replace(POST, at=LATER)], [LIVE], ledger(OURS)))
    in_place = planned([replace(POST, content=Content("Other"))], [LIVE], ledger(replace(OURS, adopted=True)))
    assert "adopted.unseen" not in codes(in_place)


def test_two_equal_drafts_never_adopt_the_same_post() -> None:
    """Drafts hold no minute, so two desired ones may be alike; one live post is at most one of them."""
    twins = [wanted(SOON, draft=True, line=3), wanted(SOON, draft=True, line=9)]

    plan = planned(twins, [LIVE_DRAFT], ledger())

    assert sorted(said(change) for change in plan.changes) == [("adopt",), ("create",)]


def test_an_account_that_cannot_be_used_does_not_keep_a_post_from_being_adopted() -> None:
    tired = replace(X, trouble="it has to be reconnected")

    assert said(only(planned([replace(POST, account=tired)], [LIVE], ledger(), accounts=[tired]))) == (
        "adopt",
    )


def test_posts_that_were_exchanged_under_new_ids_are_adopted_and_their_entries_go_on() -> None:
    """An older state does not know of a swap: each entry has vanished, and its post stands in the other's minute."""
    one, two = wanted(SOON, "One", id="one"), wanted(LATER, "Two", id="two")
    state = ledger(copy_of(one), copy_of(two, 2, post_id="p-2"))
    live = [shown(SOON, "Two", id="n-2"), shown(LATER, "One", id="n-1")]

    plan = planned([replace(one, at=LATER), replace(two, at=SOON)], live, state)

    assert [
        (said(change), change.live.id, change.copy.entry)
        for change in plan.changes
        if change.live and change.copy
    ] == [
        (("adopt",), "n-2", 2),
        (("adopt",), "n-1", 1),
    ]


@each_of("end", [End.GONE, End.REMOVED, End.REFUSED, End.NEVER_CAME])
def test_what_someone_made_again_by_hand_is_adopted_once_all_copies_have_ended(end: End) -> None:
    ended = replace(OURS, end=end, ended_at=NOW)

    assert said(only(planned([POST], [shown(SOON, id="f-1")], ledger(ended)))) == ("adopt",)


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        pytest.param(replace(OURS, removing_at=NOW - SECOND), ("pending",), id="its removal is in doubt"),
        pytest.param(replace(OURS, end=End.PUBLISHED, ended_at=NOW), ("past",), id="it was published"),
    ],
)
def test_nothing_is_adopted_for_an_entry_that_is_not_done_with(ours: Copy, expected: tuple[str, ...]) -> None:
    assert said(only(planned([POST], [shown(SOON, id="f-1")], ledger(ours)))) == expected
