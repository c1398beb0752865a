"""What a listing says of a copy that is known by its id: how it ended, what is in doubt, which edits took effect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from publer_sync.ledger.attribution import attribute, lapse, shows, under_another_id
from publer_sync.ledger.copies import Copy, End, Seen
from publer_sync.values.content import Content, Revision
from publer_sync.values.model import MINUTE, LivePost
from tests.builders import (
    DAY,
    EARLIER,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)
from tests.ledger.sent import GOING, INTENT, attributed
from tests.planning.posts import OURS
from tests.tables import each_of

# --- known by its id ------------------------------------------------------------------------------------------------


def test_a_listing_changes_nothing_of_what_was_seen() -> None:
    """An edit in Publer is told by what was seen before, so it must not be seen in passing."""
    edited = attributed(OURS, shown(LATER, "Edited"))

    assert edited == replace(OURS, verified_at=NOW, shown=Seen(LATER, "Edited"))
    assert attributed(edited, shown(SOON)) == replace(OURS, verified_at=NOW), "it is as it was seen again"


def test_a_post_whose_time_has_come_was_not_seen_ahead() -> None:
    """When a copy was last known to be ahead tells from when on it is searched for among what was published."""
    late = copy_of(wanted(NOW - MINUTE))

    assert attributed(late, shown(NOW - MINUTE)) == late


def test_a_draft_without_a_time_is_ahead() -> None:
    undated = attributed(copy_of(wanted(SOON, draft=True)), shown(None, state="draft"))
    assert (undated.end, undated.verified_at) == (None, NOW)


@pytest.mark.parametrize(
    ("live", "end", "said"),
    [
        pytest.param(shown(SOON, state="published"), End.PUBLISHED, "", id="published"),
        pytest.param(shown(EARLIER, state="published_hidden"), End.PUBLISHED, "", id="and hidden since"),
        pytest.param(shown(EARLIER, state="failed", error="No"), End.FAILED, "No", id="failed at its time"),
        pytest.param(shown(None, state="failed", error="No"), End.FAILED, "No", id="failed, without a time"),
        pytest.param(shown(SOON, state="failed", error="No"), None, "", id="failed, and still ahead"),
        pytest.param(shown(SOON, state="draft"), None, "", id="made a draft"),
    ],
)
def test_a_listing_ends_what_it_shows_as_published_or_failed(
    live: LivePost, end: End | None, said: str
) -> None:
    after = attributed(OURS, live)

    assert (after.end, after.publer_said) == (end, said)
    assert after.ended_at == (NOW if end else None)


def test_the_moment_at_which_a_copy_ended_stays() -> None:
    out = replace(OURS, end=End.PUBLISHED, ended_at=NOW - DAY)

    assert attributed(out, shown(EARLIER, state="published")) == out


def being_edited(**more: Any) -> Copy:
    return replace(OURS, **{"revising": Revision("New"), "requested_at": NOW - MINUTE, **more})


@each_of(
    ("copy", "live", "ours"),
    [
        (being_edited(), shown(SOON, "New", id="p-9"), True),
        (being_edited(shown=Seen(LATER, "Old")), shown(LATER, "New", id="p-9"), True),
        (
            being_edited(sent=Content("Old", draft=True), seen=Seen(SOON, "Old", draft=True)),
            shown(SOON, "New", id="p-9", state="draft"),
            True,
        ),
        (being_edited(), shown(SOON, "New", id="p-9", state="draft"), False),
        (being_edited(), shown(SOON, "New", id="p-9", account=LINKEDIN), False),
        (being_edited(), shown(LATER, "New", id="p-9"), False),
        (being_edited(), shown(SOON, "Newer", id="p-9"), False),
        (being_edited(requested_at=NOW - 90 * SECOND), shown(SOON, "New", id="p-9"), False),
        (being_edited(requested_at=None), shown(SOON, "New", id="p-9"), False),
        (being_edited(revising=None), shown(SOON, "New", id="p-9"), False),
        (being_edited(seen=None), shown(SOON, "New", id="p-9"), False),
        (being_edited().ending(End.GONE, NOW), shown(SOON, "New", id="p-9"), False),
    ],
)
def test_what_an_edit_made_under_another_id_is_known_by_its_minute_and_the_words_of_the_edit(
    copy: Copy, live: LivePost, *, ours: bool
) -> None:
    after = attributed(copy, live)
    assert (after.post_id == "p-9", after.text == "New") == (ours, ours)
    if ours:
        assert (after.revising, after.requested_at) == (None, None)


def test_what_has_ended_is_no_edit_under_another_id() -> None:
    live = [shown(SOON, "New", id="p-9")]
    assert under_another_id(OURS, "New", live) is live[0]
    assert under_another_id(OURS.ending(End.GONE, NOW), "New", live) is None


def test_what_is_listed_under_its_own_id_or_belongs_to_somebody_is_not_what_an_edit_made() -> None:
    other = shown(SOON, "New", id="p-9")
    assert attributed(being_edited(), shown(SOON, "Old"), other).post_id == OURS.post_id
    [copy] = attribute(
        ledger(being_edited()), [other], now=NOW, poll_seconds=2, theirs={"p-9"}
    ).copies.values()
    assert copy.post_id == OURS.post_id
    twins = [being_edited(), being_edited(key=2, entry=2, post_id="p-2")]
    after = attribute(ledger(*twins), [other], now=NOW, poll_seconds=2).copies.values()
    assert [copy.post_id for copy in after] == ["p-9", "p-2"], "one post, one copy"
    new = replace(sent(wanted(SOON, "New"), 2), entry=1)
    after = attribute(
        ledger(being_edited(removing_at=NOW), new), [other], now=NOW, poll_seconds=2
    ).copies.values()
    assert [copy.post_id for copy in after] == [OURS.post_id, "p-9"], "what was sent with these words"


@each_of("end", [End.GONE, End.REMOVED, End.MAYBE_PUBLISHED, End.FAILED])
def test_what_is_listed_after_all_has_not_ended(end: End) -> None:
    ended = replace(
        OURS, end=end, ended_at=NOW - DAY, evidence="p-9", publer_said="No", removed=True, removing_at=EARLIER
    )

    assert attributed(ended, shown(SOON)) == replace(OURS, verified_at=NOW)


def test_what_was_published_does_not_come_back() -> None:
    """Publer lists a post in two states while it changes it."""
    out = replace(OURS, end=End.PUBLISHED, ended_at=NOW - MINUTE)

    assert attributed(out, shown(SOON)) == out


@pytest.mark.parametrize("answered", [False, True])
def test_a_removal_is_in_doubt_until_it_is_settled_whatever_is_listed(answered: bool) -> None:
    """A DELETE may take effect after the listing that still shows its post."""
    going = replace(OURS, removing_at=NOW - 89 * SECOND, removed=answered, held=True)

    listed = attributed(going, shown(SOON))

    assert listed == replace(going, removed=False, verified_at=NOW)
    assert listed.removal_in_doubt
    if not answered:
        assert attributed(going) == going


def test_a_post_that_is_listed_once_its_removal_is_settled_was_not_removed() -> None:
    going = replace(OURS, removing_at=NOW - 90 * SECOND, held=True)

    assert attributed(going, shown(SOON)) == replace(OURS, verified_at=NOW)


def test_a_removal_for_no_hold_is_for_none_while_its_post_is_listed() -> None:
    assert not attributed(GOING, shown(SOON)).held
    edited = replace(OURS, held=True, revising=Revision("New"), requested_at=NOW)
    assert not attributed(edited, shown(SOON)).held, "an edit is under way, and no removal"


def test_a_draft_that_stayed_during_a_hold_is_not_held() -> None:
    held = replace(OURS, held=True)

    after = attributed(held, shown(SOON, state="draft"))

    assert (after.held, after.shown) == (False, Seen(SOON, "Hello", draft=True))


def test_the_state_given_stays_as_it_was() -> None:
    state = ledger(INTENT)

    attribute(state, [shown(SOON)], now=NOW, poll_seconds=2)
    lapse(state, now=NOW + DAY, poll_seconds=2)

    assert state.copies == {1: INTENT}


# --- effects of updates ---------------------------------------------------------------------------------------------


def test_an_edit_that_a_listing_shows_is_noted() -> None:
    ours = replace(OURS, revising=Revision("New", "T"))

    assert attributed(ours, shown(SOON, "New", title="T")) == replace(
        OURS,
        sent=Content("New", "T"),
        seen=Seen(SOON, "New", title="T"),
        verified_at=NOW,
    )


def test_an_edit_of_a_post_that_no_list_had_shown_is_noted() -> None:
    unseen = replace(OURS, seen=None, revising=Revision("New"), requested_at=NOW)
    noted = attributed(unseen, shown(SOON, "New", title="T"))
    assert (noted.seen, noted.sent, noted.revising) == (Seen(SOON, "New", title="T"), Content("New"), None)
    assert attributed(unseen, shown(SOON)).revising is not None


def test_an_edit_of_ours_does_not_hide_what_someone_changed_beside_it() -> None:
    ours = replace(OURS, revising=Revision("New", None))
    moved = shown(LATER, "New", media=3, state="draft")
    assert attributed(ours, moved).seen == Seen(SOON, "New")


@pytest.mark.parametrize("live", [shown(SOON, "Hello"), shown(SOON, "New", title="Old")])
def test_an_edit_that_no_listing_shows_stays_open(live: LivePost) -> None:
    ours = replace(OURS, revising=Revision("New", "T"), requested_at=NOW - 89 * SECOND)

    assert attributed(ours, live).revising == ours.revising
    assert attributed(ours, live).sent == OURS.sent


@pytest.mark.parametrize("live", [shown(SOON, "Hello"), shown(SOON, "Edited")])
def test_an_edit_that_no_listing_shows_once_it_is_settled_never_came(live: LivePost) -> None:
    """Kept, it would pass a colleague's later edit with the same words off as ours."""
    ours = replace(OURS, revising=Revision("New", "T"), requested_at=NOW - 90 * SECOND)

    after = attributed(ours, live)

    assert (after.revising, after.requested_at, after.sent, after.seen) == (None, None, OURS.sent, OURS.seen)


def test_an_edit_whose_links_were_rewritten_is_noted_once_the_text_has_changed() -> None:
    old, new = "Old https://go.example.com/x", "New https://go.example.com/x"
    ours = replace(
        OURS,
        seen=Seen(SOON, old),
        revising=Revision("New https://example.com/a"),
        requested_at=NOW,
        sent=Content("Old https://example.com/a"),
    )

    assert attributed(ours, shown(SOON, old)).revising is not None
    assert attributed(ours, shown(SOON, new)).sent.text == "New https://example.com/a"
    relinked = replace(ours, revising=Revision("Old https://example.com/b"))
    assert attributed(relinked, shown(SOON, old)).revising is not None


@each_of(
    ("live", "shown_"),
    [
        (shown(SOON, "New"), True),
        (shown(SOON, " New\n", title="T"), True),
        (shown(SOON, "New", title=""), False),
        (shown(SOON, "Old", title="T"), False),
    ],
)
def test_a_title_that_is_not_shown_does_not_count_against_an_edit(live: LivePost, shown_: bool) -> None:
    assert shows(live, Revision("New", "T"), before=None) is shown_
    assert shows(live, Revision("New"), before=None) is (live.text.strip() == "New"), "it was not edited"


@each_of(("before", "shown_"), [(None, False), ("Old", True), ("See https://t.co/x today", False)])
def test_other_links_show_an_edit_only_where_they_differ_from_those_before(
    before: str | None, shown_: bool
) -> None:
    new = Revision("See https://a.example/b today")
    assert shows(shown(SOON, "See https://t.co/x today"), new, before=before) is shown_


def test_what_was_sent_takes_the_words_of_an_edit_and_keeps_the_rest() -> None:
    before = Content("Old", "T", labels=("a",))

    assert before.revised(Revision("New", "")) == Content("New", labels=("a",))
    assert before.revised(Revision("New")) == Content("New", "T", labels=("a",))
