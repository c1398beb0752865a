"""Blocked by people: a post that someone edited in Publer, and a possible duplicate of one that they made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import Seen
from publer_sync.planning.plan import Block, FieldChange
from publer_sync.values.content import Content, Link, Revision, to_json
from publer_sync.values.model import MINUTE
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    TOMORROW,
    copy_of,
    ledger,
    only,
    planned,
    said,
    shown,
    wanted,
)
from tests.planning.posts import LIVE, OUR_DRAFT, OURS, POST
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.model import LivePost


# --- blocked: edited ------------------------------------------------------------------------------------------------

SEEN = Seen(SOON, "Hello", title="T", link="https://a.example", media=1)
FULL = wanted(SOON, id="hello", title="T", link={"url": "https://a.example"}, media=[{"file": "a"}])
AS_SEEN: dict[str, Any] = {"title": "T", "link": "https://a.example", "media": 1}


@pytest.mark.parametrize(
    ("live", "would", "field", "before"),
    [
        pytest.param(shown(SOON, "Edited", **AS_SEEN), "update", "text", "Edited", id="text"),
        pytest.param(shown(SOON, **{**AS_SEEN, "title": "U"}), "update", "title", "U", id="title"),
        pytest.param(shown(SOON, **{**AS_SEEN, "media": 2}), "replace", "media", [{"file": "a"}], id="media"),
        pytest.param(shown(LATER, **AS_SEEN), "replace", "scheduled_at", "2026-11-24T18:20:00Z", id="time"),
    ],
)
def test_a_colleagues_edit_is_asked_about_and_overwritten_where_that_is_said(
    live: LivePost, would: str, field: str, before: Any
) -> None:
    state = ledger(copy_of(FULL, seen=SEEN))

    asked = only(planned([FULL], [live], state))
    overwritten = only(planned([FULL], [live], state, edits="overwrite"))

    assert said(asked) == ("blocked", "edited", f"would {would}")
    assert asked.reason == "edited in Publer since the last apply, and the calendar says something else"
    assert said(overwritten) == (would,)
    assert [(item.field, to_json(item.before)) for item in asked.diff] == [(field, before)]
    assert asked.diff == overwritten.diff


@pytest.mark.parametrize(
    ("before", "now", "diff"),
    [
        pytest.param(
            "https://a.example",
            "https://b.example",
            FieldChange("link.url", "https://b.example", "https://a.example"),
            id="another one",
        ),
        pytest.param(
            "https://a.example", "", FieldChange("link", None, Link("https://a.example")), id="taken out"
        ),
        pytest.param(
            "", "https://b.example", FieldChange("link", Link("https://b.example"), None), id="added"
        ),
    ],
)
def test_a_link_that_a_colleague_changed_is_an_edit(before: str, now: str, diff: FieldChange) -> None:
    content: dict[str, Any] = {"link": {"url": before}} if before else {}
    post = wanted(SOON, **content)
    state = ledger(copy_of(post, seen=Seen(SOON, "Hello", link=before)))

    change = only(planned([post], [shown(SOON, link=now)], state))

    assert said(change) == ("blocked", "edited", "would replace")
    assert change.diff == (diff,)


def test_a_change_in_the_calendar_of_another_field_does_not_hide_an_edit() -> None:
    post = replace(FULL, content=replace(FULL.content, labels=("new",)))

    change = only(planned([post], [shown(SOON, "Edited", **AS_SEEN)], ledger(copy_of(FULL, seen=SEEN))))

    assert said(change) == ("blocked", "edited", "would replace")
    assert [item.field for item in change.diff] == ["text", "labels"]


def test_what_left_the_calendar_and_was_edited_is_asked_about() -> None:
    state, live = ledger(OURS), [shown(SOON, "Edited")]

    assert said(only(planned([], live, state))) == ("blocked", "edited", "would delete")
    assert said(only(planned([], live, state, edits="overwrite"))) == ("delete",)


def test_what_left_the_calendar_long_ago_and_was_moved_ahead_is_asked_about() -> None:
    """Old copies forget their content, and still know where the post was sent to."""
    old = copy_of(wanted(NOW - 40 * DAY), seen=None)

    plan = planned([], [shown(TOMORROW)], ledger(replace(old, sent=Content())))

    assert said(only(plan)) == ("blocked", "edited", "would delete")


def test_a_draft_that_a_person_scheduled_and_that_left_the_calendar_is_asked_about() -> None:
    assert said(only(planned([], [LIVE], ledger(OUR_DRAFT)))) == ("blocked", "edited", "would delete")


def test_the_words_of_an_update_that_no_listing_had_shown_are_no_edit() -> None:
    ours = copy_of(POST, revising=Revision("Halfway", ""))
    post = wanted(SOON, "Final", id="hello")

    assert said(only(planned([post], [shown(SOON, "Halfway")], ledger(ours)))) == ("update",)


# --- blocked: twin --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("live", "state", "expected"),
    [
        pytest.param(shown(LATER), ledger(), True, id="scheduled, nothing here wants its slot"),
        pytest.param(shown(LATER, " Hello\r\n"), ledger(), True, id="outer white space"),
        pytest.param(shown(LATER), None, True, id="scheduled, without state"),
        pytest.param(shown(LATER, "Other"), ledger(), False, id="other words"),
        pytest.param(shown(LATER, account=LINKEDIN), ledger(), False, id="another account"),
        pytest.param(shown(LATER, state="draft"), ledger(), False, id="a draft"),
        pytest.param(
            shown(EARLIER, state="published"), ledger(), False, id="published, and the ledger knows"
        ),
        pytest.param(shown(EARLIER, state="published"), None, True, id="published today, without state"),
        pytest.param(
            shown(NOW - 37 * HOUR, state="published"), None, True, id="published yesterday, without state"
        ),
        pytest.param(
            shown(datetime(2026, 11, 22, 22, 59, tzinfo=UTC), state="published"),
            None,
            False,
            id="published before yesterday",
        ),
    ],
)
def test_a_post_that_may_be_the_same_one_stands_against_a_create(
    live: LivePost, state: Any, expected: bool
) -> None:
    change = only(planned([wanted(SOON)], [live], state))

    if expected:
        assert said(change) == ("blocked", "twin", "would create")
        assert change.obstacle == live
        assert change.live is None
    else:
        assert said(change) == ("create",)


def test_yesterday_starts_with_its_first_instant() -> None:
    live = shown(datetime(2026, 11, 22, 23, tzinfo=UTC), state="published")

    change = only(planned([wanted(SOON)], [live], None, now=NOW + timedelta(microseconds=7)))

    assert said(change) == ("blocked", "twin", "would create")


def test_a_twin_in_a_slot_that_is_wanted_here_is_another_post() -> None:
    desired = [wanted(SOON), wanted(LATER)]

    plan = planned(desired, [shown(LATER)], ledger())

    assert [said(change) for change in plan.changes] == [("create",), ("adopt",)]


def test_other_links_make_another_post_unless_there_is_no_state_to_tell() -> None:
    """A series that differs in its links alone is no duplicate."""
    post, other = wanted(SOON, "Read https://example.com/a"), shown(LATER, "Read https://go.example.com/x")

    assert said(only(planned([post], [other], ledger()))) == ("create",)
    assert said(only(planned([post], [other]))) == ("blocked", "twin", "would create")


@each_of(
    ("due", "blocked"),
    [
        (NOW - HOUR, False),
        (NOW - 2 * HOUR + MINUTE, False),
        (NOW - 2 * HOUR, True),
        (NOW - HOUR + MINUTE, True),
    ],
)
def test_without_a_state_what_was_due_when_it_was_published_is_no_twin(due: datetime, blocked: bool) -> None:
    """Another post of the calendar with the same words was due then, up to an hour before."""
    out = shown(NOW - HOUR, "Hello", id="f-1", state="published")
    plan = planned([POST, wanted(due, "Hello", id="other", line=9)], [out])
    (new,) = (change for change in plan.changes if change.id == "hello")
    assert (Block.TWIN in new.blocks) is blocked


def test_a_post_without_text_has_no_twin() -> None:
    post = wanted(SOON, "", media=[{"file": "a"}])

    assert said(only(planned([post], [shown(LATER, "")], ledger()))) == ("create",)


def test_a_replace_has_no_twin() -> None:
    """It is not about to be created: it is there."""
    moved = wanted(TOMORROW, "Hello", id="hello")

    plan = planned([moved], [LIVE, shown(LATER, id="f-1")], ledger(OURS))

    assert said(only(plan)) == ("replace",)


def test_a_draft_that_a_person_scheduled_is_not_moved_without_a_question() -> None:
    """Its time is theirs now: a replace would make it a draft again without a word."""
    moved = wanted(LATER, "Hello", id="hello", draft=True)

    plan = planned([moved], [LIVE], ledger(OUR_DRAFT))

    assert said(only(plan)) == ("blocked", "edited", "would replace")
