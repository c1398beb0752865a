"""Which copy belongs to which desired post: same slot and equal, same id, same slot, same content in order of time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.state import Seen
from publer_sync.model import MINUTE, LivePost
from publer_sync.planning.match import match, was_published
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    TOMORROW,
    copy_of,
    sent,
    shown,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.ledger.state import Copy
    from publer_sync.model import Post


def paired(
    desired: Iterable[Post], copies: Iterable[Copy], live: Iterable[LivePost] = ()
) -> list[int | None]:
    """The key of each desired post's copy, in the order of the posts."""
    desired = tuple(desired)
    matches = match(desired, copies, {post.id: post for post in live}, now=NOW)
    return [matches.pairs[i].key if i in matches.pairs else None for i in range(len(desired))]


def test_a_post_in_its_slot_as_it_was_sent_is_the_same() -> None:
    post = wanted(SOON, id="a")

    assert paired([replace(post, id="b")], [copy_of(post)]) == [1]


def test_equal_in_the_same_slot_comes_before_the_same_id() -> None:
    """Ids that were swapped between two posts are a matter of names, not of posts."""
    one, two = wanted(SOON, "One", id="a"), wanted(LATER, "Two", id="b")

    assert paired([replace(one, id="b"), replace(two, id="a")], [copy_of(one, 1), copy_of(two, 2)]) == [1, 2]


def test_the_same_id_comes_before_the_same_slot() -> None:
    """Posts that trade places keep what is theirs."""
    one, two = wanted(SOON, "One", id="a"), wanted(LATER, "Two", id="b")
    desired = [wanted(LATER, "One, better", id="a"), wanted(SOON, "Two, better", id="b")]

    assert paired(desired, [copy_of(one, 1), copy_of(two, 2)]) == [1, 2]


def test_an_id_is_that_of_one_account() -> None:
    post = wanted(SOON, "One", id="a")

    assert paired([wanted(LATER, "New", id="a", account=LINKEDIN)], [copy_of(post)]) == [None]


def test_the_same_slot_comes_before_the_same_content() -> None:
    one, two = wanted(SOON, "One"), wanted(LATER, "Two")
    desired = [wanted(SOON, "Two"), wanted(TOMORROW, "One")]

    assert paired(desired, [copy_of(one, 1), copy_of(two, 2)]) == [1, None]


def test_the_same_content_is_matched_in_order_of_time() -> None:
    old = [copy_of(wanted(at, "Tip"), key) for key, at in ((1, LATER), (2, SOON))]
    new = [wanted(LAST + HOUR, "Tip"), wanted(LAST, "Tip")]

    assert paired(new, old) == [1, 2]


def test_other_content_at_another_time_is_another_post() -> None:
    assert paired([wanted(LATER, "Other")], [copy_of(wanted(SOON, "One"))]) == [None]
    assert paired([wanted(LATER, "One", labels=["a"])], [copy_of(wanted(SOON, "One"))]) == [None]
    assert paired([wanted(LATER, "One", account=LINKEDIN)], [copy_of(wanted(SOON, "One"))]) == [None]


def test_what_was_published_is_matched_by_slot_and_id_alone() -> None:
    out = copy_of(wanted(EARLIER, "Tip", id="tip"))

    assert paired([wanted(SOON, "Tip")], [out]) == [None]
    assert paired([wanted(EARLIER, "Tip, corrected")], [out]) == [1]
    assert paired([wanted(SOON, "Tip", id="tip")], [out]) == [1]


def test_a_past_post_is_not_matched_by_its_content_to_one_that_is_ahead() -> None:
    assert paired([wanted(EARLIER, "Tip")], [copy_of(wanted(SOON, "Tip"))]) == [None]


def test_of_several_records_with_an_id_the_one_ahead_counts_then_the_latest() -> None:
    first, last = copy_of(wanted(NOW - 2 * DAY, "1", id="a"), 1), copy_of(wanted(EARLIER, "2", id="a"), 2)
    ahead = copy_of(wanted(SOON, "3", id="a"), 3)

    assert paired([wanted(TOMORROW, "4", id="a")], [first, last, ahead]) == [3]
    assert paired([wanted(TOMORROW, "4", id="a")], [first, last]) == [2]


def test_a_lapsed_claim_is_nobodys_entry() -> None:
    assert paired([wanted(SOON)], [sent(wanted(SOON), lapsed=True)]) == [None]


def test_a_record_that_another_replaces_comes_after_it() -> None:
    old, new = copy_of(wanted(SOON, id="a"), 1), copy_of(wanted(SOON, id="a"), 2, replaces=1)

    assert paired([wanted(SOON, id="a")], [old, new]) == [2]
    assert paired([wanted(LATER, "Other", id="a")], [old, new]) == [2]


def test_what_nothing_wants_is_left_over() -> None:
    kept, left = copy_of(wanted(SOON, "One"), 1), copy_of(wanted(LATER, "Two"), 2)
    claim = sent(wanted(LAST), 3, lapsed=True)

    matches = match([wanted(SOON, "One")], [kept, left, claim], {}, now=NOW)

    assert matches.rest == (left,)


@pytest.mark.parametrize(
    ("entry", "live", "out"),
    [
        pytest.param(copy_of(wanted(EARLIER)), shown(EARLIER, state="published"), True, id="published"),
        pytest.param(copy_of(wanted(SOON)), shown(SOON, state="published"), True, id="published early"),
        pytest.param(copy_of(wanted(EARLIER)), None, True, id="its time passed, listed no more"),
        pytest.param(copy_of(wanted(EARLIER)), shown(EARLIER), False, id="not out yet"),
        pytest.param(copy_of(wanted(EARLIER)), shown(EARLIER, state="failed"), False, id="failed"),
        pytest.param(copy_of(wanted(SOON)), None, False, id="ahead, and gone"),
        pytest.param(sent(wanted(EARLIER)), None, False, id="under way"),
        pytest.param(copy_of(wanted(EARLIER), removing_at=NOW), None, False, id="taken out by this tool"),
        pytest.param(copy_of(wanted(SOON), seen=Seen(EARLIER, "Hello")), None, True, id="moved to sooner"),
        pytest.param(copy_of(wanted(EARLIER), seen=Seen(SOON, "Hello")), None, False, id="moved to later"),
        pytest.param(copy_of(wanted(NOW)), None, True, id="this very moment"),
        pytest.param(copy_of(wanted(NOW + MINUTE)), None, False, id="a minute ahead"),
    ],
)
def test_what_was_published(entry: Copy, live: LivePost | None, out: bool) -> None:
    assert was_published(entry, live, now=NOW) is out
