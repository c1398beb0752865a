"""What a plan and a listing say about posts that people made, edited or removed in Publer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import End, Seen
from publer_sync.planning.planner import Scope
from publer_sync.pulling.findings import Findings, differing, find
from publer_sync.values.model import LiveMedium
from tests.builders import (
    DAY,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    X,
    copy_of,
    ledger,
    planned,
    shown,
    wanted,
)
from tests.planning.posts import POST, unreadable
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.model import LivePost, Post

ACCOUNTS = {X.id: X, LINKEDIN.id: LINKEDIN}


def found(desired: list[Post], live: list[LivePost], state: Any = None, **more: Any) -> Findings:
    plan = planned(desired, live, state)
    managed = {each.post_id for each in state.copies.values()} if state else set()
    return find(plan, live, managed, ACCOUNTS, Scope(), now=NOW, **more)


@each_of(
    ("live", "fields"),
    [
        (shown(SOON, "Hello!"), {"text"}),
        (shown(LATER, "Hello"), {"time"}),
        (shown(SOON, "Hello", state="draft"), {"draft"}),
        (shown(LATER, "Hello!", state="draft"), {"draft", "text", "time"}),
    ],
)
def test_an_edit_is_told_by_its_fields(live: LivePost, fields: set[str]) -> None:
    (pair,) = found([POST], [live], ledger(copy_of(POST))).pairs
    assert (set(pair.fields), pair.conflict) == (fields, "")


def test_an_edit_says_to_which_account_the_post_was_moved() -> None:
    (stayed,) = found([POST], [shown(SOON, "Hello!")], ledger(copy_of(POST))).pairs
    (moved,) = found([POST], [shown(SOON, "Hello", account=LINKEDIN)], ledger(copy_of(POST))).pairs
    assert (stayed.to, moved.to, moved.fields) == (None, LINKEDIN, frozenset({"accounts"}))


def test_a_draft_that_someone_scheduled_is_an_edit() -> None:
    draft = wanted(SOON, "Hello", id="hello", draft=True)
    (pair,) = found([draft], [shown(SOON, "Hello")], ledger(copy_of(draft))).pairs
    assert pair.fields == {"draft"}


def test_a_draft_that_the_calendar_makes_or_ends_is_no_edit() -> None:
    draft = wanted(SOON, "Hello", id="hello", draft=True)
    for now, before in ((draft, POST), (POST, draft)):
        assert found([now], [shown(SOON)], ledger(copy_of(before))).pairs == []


def test_a_draft_that_stays_one_is_edited_in_what_changed() -> None:
    draft = wanted(SOON, "Hello", id="hello", draft=True)
    (pair,) = found([draft], [shown(SOON, "Hello!", state="draft")], ledger(copy_of(draft))).pairs
    assert pair.fields == {"text"}


def test_a_post_that_was_published_in_other_words_is_no_edit() -> None:
    live = shown(SOON, "Hello!", state="published_posted")
    assert found([POST], [live], ledger(copy_of(POST))).pairs == []


def test_an_edit_that_the_calendar_says_too_is_none() -> None:
    moved = replace(POST, at=LATER)
    assert found([moved], [shown(LATER, "Hello")], ledger(copy_of(POST))) == Findings()


def test_a_post_that_somebody_made_again_as_the_calendar_wants_it_is_no_edit() -> None:
    """It is adopted, whatever the one was that an apply removed before."""
    gone = copy_of(wanted(SOON, "Old words", id="hello")).ending(End.REMOVED, NOW)
    assert found([POST], [shown(SOON, "Hello", id="p-9")], ledger(gone)) == Findings()


def test_an_edit_of_what_the_calendar_changed_as_well_is_a_conflict() -> None:
    (pair,) = found([replace(POST, at=LATER)], [shown(SOON, "Hello!")], ledger(copy_of(POST))).pairs
    assert pair.conflict == "edited in Publer, and the calendar's time changed too"


def test_a_conflict_says_where_pull_could_not_write_publers_side() -> None:
    labelled = wanted(SOON, "Hello", id="hello", labels=["sale"])
    (pair,) = found([labelled], [shown(SOON, "Hello!")], ledger(copy_of(POST))).pairs
    assert pair.conflict.startswith(
        "edited in Publer, and the calendar's labels changed too, which pull can't undo"
    )
    assert not pair.undone


def test_what_publer_shows_otherwise_and_nobody_edited_is_as_it_was_sent() -> None:
    """Where the calendar changed it since, and somebody moved the post."""
    sent = wanted(SOON, "Hello, you", id="hello", link={"url": "https://a.example/long"}, title="Long news")
    now = wanted(SOON, "Other words", id="hello", link={"url": "https://b.example"}, title="Others")
    seen = Seen(SOON, "Hello,", link="https://short.example", title="News")
    live = shown(LATER, "Hello,", link="https://short.example", title="News")
    (pair,) = found([now], [live], ledger(copy_of(sent, seen=seen))).pairs
    assert (pair.live.text, pair.live.link) == ("Hello, you", "https://a.example/long")
    assert pair.live.title == "Long news"


def test_changed_media_are_left() -> None:
    state = ledger(copy_of(POST, seen=Seen(SOON, "Hello", media=0)))
    (left,) = found([POST], [shown(SOON, "Hello", media=1)], state).left
    assert left.reason == "its media were changed in Publer"


@pytest.mark.parametrize("live", [shown(SOON, "Theirs", id="p-else"), shown(LATER, "Hello", id="p-else")])
def test_a_post_of_another_calendar_is_no_conflict(live: LivePost) -> None:
    findings = found([POST], [live], elsewhere={"p-else"})
    assert findings == Findings(counted=Counter(elsewhere=1))
    assert len(found([POST], [live]).pairs) == 1


@each_of(
    ("live", "why"),
    [
        (shown(SOON, "Hello", title="Another"), None),
        (
            shown(LATER, "Hello"),
            "Publer has a post with the same text at another time, and it may be the same one",
        ),
        (
            shown(SOON + 30 * SECOND, "Other words"),
            "the calendar and Publer have different posts for this minute",
        ),
        (shown(SOON + 60 * SECOND, "Other words"), None),
        (shown(SOON, "Other words"), "the calendar and Publer have different posts for this minute"),
        (
            shown(SOON, "Hello", link="https://b.example"),
            "Publer has a post with the same text for this minute; its link differs",
        ),
    ],
)
def test_a_conflict_says_what_the_other_post_has(live: LivePost, why: str | None) -> None:
    post = wanted(SOON, id="hello", link={"url": "https://a.example"})
    assert [pair.conflict for pair in found([post], [live]).pairs] == ([why] if why else [])


def test_a_post_of_an_account_that_left_publer_is_left() -> None:
    (left,) = found([POST], [shown(SOON, "Hello!")], ledger(copy_of(POST)), lost={X.id}).left
    assert "--allow-recreate" in left.reason
    state = ledger(copy_of(POST, verified_at=NOW - DAY))
    gone = found([POST], [], state, lost={X.id})
    assert ([each.reason for each in gone.left], gone.removed) == (
        ["Publer dropped it with the id that its account had before; to create it again, run publer-sync apply --allow-recreate"],
        [],
    )  # fmt: skip


def test_a_post_that_someone_deleted_is_removed() -> None:
    state = ledger(copy_of(POST, verified_at=NOW - DAY))
    assert found([POST], [], state).removed == [POST]


@each_of("more", [{"short": 1}, {"unread": [unreadable()]}])
def test_a_post_that_the_list_may_hide_is_left_and_not_removed(more: dict[str, Any]) -> None:
    plan = planned([POST], [], ledger(copy_of(POST)), **more)
    there = find(plan, [], {"p-1"}, ACCOUNTS, Scope(), now=NOW)
    assert (there.removed, [left.post for left in there.left]) == ([], [POST])


@each_of(
    ("live", "fields"),
    [
        (shown(SOON), set()),
        (shown(LATER), {"time"}),
        (shown(None), set()),
        (shown(SOON, "Hullo"), {"text"}),
        (shown(SOON, title="Another"), {"title"}),
        (shown(SOON, title=""), set()),
        (shown(SOON, link="https://other.example"), {"link"}),
        (shown(SOON, link=""), set()),
        (shown(SOON, link="https://a.example/"), set()),
        (shown(SOON, state="draft"), {"draft"}),
        (shown(SOON, media=2), {"media"}),
        (shown(SOON, media=1), set()),
    ],
)
def test_the_fields_in_which_two_posts_differ_are_those_that_publer_shows(
    live: LivePost, fields: set[str]
) -> None:
    post = wanted(SOON, title="News", link={"url": "https://a.example"}, media=[{"id": "m-1"}])
    assert differing(post, live) == fields


@each_of(("aliases", "lines"), [(("x",), 3), (("x", "linkedin"), 5)])
def test_changed_media_are_given_as_lines_for_the_account_that_has_them(
    aliases: tuple[str, ...], lines: int
) -> None:
    post = replace(POST, aliases=aliases)
    state = ledger(copy_of(POST, seen=Seen(SOON, "Hello", media=0)))
    live = shown(SOON, "Hello", media=1, pieces=(LiveMedium("5f1", "lamp.png", alt="A lamp"),))
    (left,) = found([post], [live], state).left
    assert len(left.paste.splitlines()) == lines
    assert left.paste.startswith("accounts: # and the others" if len(aliases) > 1 else "media:")


def test_what_somebody_edited_before_a_hold_took_it_out_is_an_edit() -> None:
    kept = replace(copy_of(POST), held=True, removing_at=NOW, shown=Seen(SOON, "By hand"))
    (pair,) = found([POST], [], ledger(kept.ending(End.REMOVED, NOW))).pairs
    assert pair.live.text == "By hand"
    assert pair.fields == {"text"}
    untouched = replace(copy_of(POST), held=True, removing_at=NOW).ending(End.REMOVED, NOW)
    assert found([POST], [], ledger(untouched)).pairs == []
    ended = ledger(kept.ending(End.REMOVED, NOW))
    again = shown(SOON, "Hello", id="p-9")
    assert found([POST], [again], ended).pairs == [], "there is a post again, and it has no edit"
    (pair,) = found([POST], [], ended, lost={X.id}).pairs
    assert pair.live.text == "By hand", "also where its account has left Publer"


def test_a_move_into_a_minute_that_another_post_has_is_no_other_version_of_it() -> None:
    """It is in Publer, and its new time is the calendar's own wish."""
    live = [shown(SOON), shown(LATER, "By hand", id="f-1")]
    findings = found([replace(POST, at=LATER)], live, ledger(copy_of(POST)))
    assert findings.pairs == []
    assert [post.id for post in findings.new] == ["f-1"]


def test_a_button_on_google_that_publer_no_longer_shows_is_no_edit() -> None:
    """A list does not always have it."""
    google = replace(X, id="a-g", provider="google", alias="google")
    post = wanted(
        SOON, account=google, id="hello", link={"url": "https://a.example", "call_to_action": "BOOK"}
    )
    copy = copy_of(post, seen=Seen(SOON, "Hello", title="BOOK"))
    live = shown(SOON, "Hello", account=google, title="", link="https://a.example")
    plan = planned([post], [live], ledger(copy), accounts=[google])
    assert find(plan, [live], {"p-1"}, {google.id: google}, Scope(), now=NOW) == Findings()


@each_of(
    ("link", "url"),
    [
        ("https://a.example/", "https://a.example"),
        ("https://b.example", "https://b.example"),
        ("", "https://a.example"),
    ],
)
def test_a_button_that_somebody_changed_is_given_with_the_link_that_the_post_has_then(
    link: str, url: str
) -> None:
    google = replace(X, id="a-g", provider="google", alias="google")
    post = wanted(
        SOON, account=google, id="hello", link={"url": "https://a.example", "call_to_action": "BOOK"}
    )
    copy = copy_of(post, seen=Seen(SOON, "Hello", title="BOOK", link="https://a.example/"))
    live = shown(SOON, "Hello", account=google, title="SHOP", link=link)
    plan = planned([post], [live], ledger(copy), accounts=[google])
    (left,) = find(plan, [live], {"p-1"}, {google.id: google}, Scope(), now=NOW).left
    assert left.reason == "its button was changed in Publer"
    assert left.paste == f"link:\n  url: {url}\n  call_to_action: SHOP"


def test_a_post_that_is_gone_is_not_the_one_that_somebody_made_in_its_minute() -> None:
    state = ledger(copy_of(POST, verified_at=NOW - DAY))
    findings = found([POST], [shown(SOON, "By hand", id="f-1")], state)
    assert findings.pairs == []
    assert [post.id for post in findings.new] == ["f-1"]


def test_a_post_that_left_the_calendar_is_no_edit_of_it() -> None:
    assert found([], [shown(SOON, "Hello!")], ledger(copy_of(POST))) == Findings()


def test_what_is_on_other_accounts_or_days_is_not_pulled() -> None:
    live = [shown(SOON, "Hello!"), shown(LATER, "New", id="p-2")]
    plan = planned([POST], live, ledger(copy_of(POST)))
    for scope in (Scope(accounts=frozenset({LINKEDIN.id})), Scope(since=NOW + DAY)):
        assert find(plan, live, {"p-1"}, ACCOUNTS, scope, now=NOW) == Findings()


def test_a_post_on_an_account_that_the_calendar_does_not_name_is_left() -> None:
    moved = shown(SOON, account=replace(X, id="a-else"))
    (left,) = found([POST], [moved], ledger(copy_of(POST))).left
    assert left.reason.startswith("someone moved it to an account that publer.yaml does not name")


def test_of_a_poll_only_its_account_is_written() -> None:
    poll = wanted(SOON, "Hello", id="hello", type="poll", poll={"options": ["A", "B"]})
    state = ledger(copy_of(poll))
    (left,) = found([poll], [shown(SOON, "Hello!", type="poll")], state).left
    assert left.reason == "Publer doesn't show everything that belongs to this poll"
    (pair,) = found([poll], [shown(SOON, account=LINKEDIN, type="poll")], state).pairs
    assert pair.fields == {"accounts"}


def test_a_title_on_google_without_a_button_is_an_edit() -> None:
    google = replace(X, id="a-g", provider="google", alias="google")
    post = wanted(SOON, account=google, id="hello")
    live = shown(SOON, account=google, title="News")
    plan = planned(
        [post], [live], ledger(copy_of(post, seen=Seen(SOON, "Hello", title=""))), accounts=[google]
    )
    findings = find(plan, [live], {"p-1"}, {google.id: google}, Scope(), now=NOW)
    assert [pair.fields for pair in findings.pairs] == [{"title"}]
    assert findings.left == []


def test_media_that_somebody_removed_are_given_as_none() -> None:
    post = wanted(SOON, "Hello", id="hello", media=[{"id": "m-1"}])
    state = ledger(copy_of(post, seen=Seen(SOON, "Hello", media=1)))
    (left,) = found([post], [shown(SOON, "Hello", media=0)], state).left
    assert left.paste == "media: null"


def test_a_post_that_is_blocked_by_no_post_has_no_other_version() -> None:
    plan = planned([POST], [], None, unread=[unreadable()])
    assert find(plan, [], (), ACCOUNTS, Scope(), now=NOW) == Findings()


@each_of(
    ("network", "link", "fields"),
    [
        ("google", {"url": "https://a.example", "call_to_action": "BOOK"}, set()),
        ("google", None, {"title"}),
        ("facebook", {"url": "https://a.example", "call_to_action": "BOOK"}, {"title"}),
    ],
)
def test_a_button_is_a_title_on_google_alone(network: str, link: Any, fields: set[str]) -> None:
    account = replace(X, id="a-1", provider=network, alias=network)
    post = wanted(SOON, account=account, link=link)
    assert differing(post, shown(SOON, account=account, title="BOOK")) == fields
