"""Which entry belongs to which desired post: same slot and equal, same id, same slot, same content in order of time."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import End, EntryFacts, Seen
from publer_sync.planning.match import match, match_waiting
from publer_sync.values.content import Content
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    TOMORROW,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)
from tests.planning.posts import OURS, POST

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost, Post


def paired(
    desired: Iterable[Post],
    copies: Iterable[Copy],
    live: Iterable[LivePost] = (),
    facts: dict[int, EntryFacts] | None = None,
    since: datetime | None = None,
) -> list[int | None]:
    """The key of each desired post's entry, in the order of the posts."""
    desired = tuple(desired)
    entries = ledger(*copies, facts=facts or {}).entries().values()
    matches = match(desired, entries, {post.id: post for post in live}, now=NOW, since=since)
    return [matches.pairs[i].key if i in matches.pairs else None for i in range(len(desired))]


def ended(copy: Copy, end: End) -> Copy:
    return replace(copy, end=end, ended_at=copy.slot)


def test_a_post_in_its_slot_as_it_was_sent_is_the_same() -> None:
    post = wanted(SOON, id="a")

    assert paired([replace(post, id="b")], [copy_of(post)]) == [1]


def test_equal_in_the_same_slot_comes_before_the_same_id() -> None:
    """Ids that were swapped between two posts are a matter of names, not of posts."""
    one, two = wanted(SOON, "One", id="a"), wanted(LATER, "Two", id="b")

    assert paired([replace(one, id="b"), replace(two, id="a")], [copy_of(one, 1), copy_of(two, 2)]) == [1, 2]


def test_what_is_under_way_or_a_draft_is_not_another_post_once_its_minute_has_passed() -> None:
    """A scheduled post has been published by then, and equal words at another time are another post."""
    for draft, known in ((False, [None, 1, 1, 1]), (True, [1, 1, 1, 1])):
        post = wanted(EARLIER, draft=draft)
        copies = (
            copy_of(post),
            sent(post, 1),
            copy_of(post, removing_at=NOW),
            copy_of(post, removing_at=NOW, removed=True),
        )
        assert [paired([replace(post, at=LATER)], [copy]) for copy in copies] == [[key] for key in known]


def test_the_same_id_comes_before_the_same_slot() -> None:
    """Posts that trade places keep what is theirs."""
    one, two = wanted(SOON, "One", id="a"), wanted(LATER, "Two", id="b")
    desired = [wanted(LATER, "One, better", id="a"), wanted(SOON, "Two, better", id="b")]

    assert paired(desired, [copy_of(one, 1), copy_of(two, 2)]) == [1, 2]


def test_an_id_is_that_of_one_account() -> None:
    post = wanted(SOON, "One", id="a")

    assert paired([wanted(LATER, "New", id="a", account=LINKEDIN)], [copy_of(post)]) == [None]


def test_words_stay_with_their_entry_when_posts_without_ids_are_moved() -> None:
    old = [copy_of(wanted(SOON + n * DAY, text), n + 1) for n, text in enumerate(("One", "Two", "Three"))]
    new = [wanted(SOON + (n + 1) * DAY, text) for n, text in enumerate(("One", "Two", "Three"))]

    assert paired(new, old) == [1, 2, 3]
    pictures = [wanted(SOON + n * DAY, "", media=[{"id": f"m-{n}"}]) for n in range(3)]
    shifted = [replace(post, at=post.at + DAY) for post in pictures]
    assert paired(shifted, [copy_of(post, n) for n, post in enumerate(pictures, 1)]) == [1, 2, 3]


def test_a_new_time_that_was_taken_back_is_still_that_of_the_old_copy_whose_minute_has_passed() -> None:
    """A picture without id was to be moved, its old copy could not be removed, and may just have been published."""
    picture = wanted(TOMORROW, "", media=[{"id": "m-1"}])
    old = copy_of(replace(picture, at=EARLIER))
    taken_back = copy_of(picture, 2, post_id="p-2", entry=1, removed=True).ending(End.REMOVED, NOW)
    assert paired([picture], [old, taken_back]) == [1]
    assert paired([picture], [old]) == [None], "nothing says that it was to be moved"
    stands = copy_of(picture, 3, post_id="p-3")
    assert paired([picture], [old, taken_back, stands]) == [3], "another one is there"


def test_what_says_the_same_is_matched_to_the_nearest_in_time() -> None:
    old = [copy_of(wanted(at, "Tip"), key) for key, at in ((1, LATER), (2, SOON))]
    new = [wanted(LAST + HOUR, "Tip"), wanted(LAST, "Tip")]

    assert paired(new, old) == [2, 1]


def test_where_two_posts_ahead_say_it_an_entry_keeps_the_slot_that_a_post_wants() -> None:
    desired = [wanted(SOON, "Other"), wanted(LATER, "Good morning"), wanted(LAST, "Good morning")]

    assert paired(desired, [copy_of(wanted(SOON, "Good morning"))]) == [1, None, None]
    assert paired(desired[:2], [copy_of(wanted(SOON, "Good morning"))]) == [None, 1]


def test_other_words_at_another_time_are_another_post_and_other_labels_are_not() -> None:
    assert paired([wanted(LATER, "Other")], [copy_of(wanted(SOON, "One"))]) == [None]
    assert paired([wanted(LATER, "One", labels=["a"])], [copy_of(wanted(SOON, "One"))]) == [1]
    assert paired([wanted(LATER, "One", account=LINKEDIN)], [copy_of(wanted(SOON, "One"))]) == [None]


def test_what_someone_exchanged_by_hand_is_matched_by_the_slot_and_words_that_it_has_now() -> None:
    """Posts that were exchanged in Publer are as wanted once the calendar exchanges them too."""
    one, two = wanted(SOON, "One", id="a"), wanted(LATER, "Two", id="b")
    copies = [copy_of(one, 1), copy_of(two, 2, post_id="p-2", seen=Seen(LATER, "Two"))]
    live = [shown(SOON, "Two"), shown(LATER, "One", id="p-2")]
    desired = [wanted(SOON, "Two", id="b"), wanted(LATER, "One", id="a")]

    assert paired(desired, copies, live) == [1, 2]
    assert paired(desired, copies) == [2, 1]


# --- published ------------------------------------------------------------------------------------------------------

TIP = ended(copy_of(wanted(EARLIER, "Tip", id="tip")), End.PUBLISHED)
NAMELESS = ended(copy_of(wanted(EARLIER, "Tip")), End.PUBLISHED)
REMOVED = ended(copy_of(wanted(SOON, "Tip"), 2, post_id="p-2", entry=1), End.REMOVED)


@pytest.mark.parametrize(
    ("copies", "post", "key"),
    [
        pytest.param([TIP], wanted(SOON, "Tip"), None, id="equal words at another time are another post"),
        pytest.param([TIP], wanted(EARLIER, "Tip, corrected"), 1, id="its slot"),
        pytest.param([TIP], wanted(EARLIER, "Other", id="other"), 1, id="its slot, which passed, under another id"),
        pytest.param([TIP], wanted(SOON, "Tip", id="tip"), 1, id="its id"),
        pytest.param([TIP], wanted(SOON, "Tip", id="tip", account=LINKEDIN), None, id="its id on another account"),
        pytest.param([NAMELESS], wanted(SOON, "Tip"), None, id="no id: equal words at another time"),
        pytest.param([NAMELESS], wanted(EARLIER, "Other", id="new"), 1, id="no id: its slot"),
        pytest.param([NAMELESS, REMOVED], wanted(SOON, "Other"), None, id="no id: the slot of another copy, other words"),
        pytest.param([NAMELESS, REMOVED], wanted(SOON, "Tip"), 1, id="no id: the slot of another copy, its words"),
        pytest.param([TIP], wanted(EARLIER, "Tip", id="other"), 1, id="its slot and words, under another id"),
        pytest.param(
            [TIP, replace(REMOVED, id="tip")], wanted(SOON, "Other", id="new"), None, id="an id: another slot ahead"
        ),
    ],
)  # fmt: skip
def test_what_was_published_is_matched_by_its_id_alone_without_one_by_its_slots(
    copies: list[Copy], post: Post, key: int | None
) -> None:
    assert paired([post], copies) == [key]


def test_words_of_what_was_published_are_not_taken_from_a_post_that_is_moved_to_its_minute() -> None:
    tip, other = NAMELESS, copy_of(wanted(LATER, "Other"), 2, post_id="p-2")

    assert paired([wanted(EARLIER, "Other")], [tip, other], since=NOW - DAY) == [2]
    assert paired([wanted(EARLIER, "Third")], [tip, other], since=NOW - DAY) == [1]


def test_a_past_post_is_matched_by_its_words_only_if_it_was_ahead_at_the_last_apply() -> None:
    """Old posts stay in their files for years, and some say what a new one says."""
    ahead = copy_of(wanted(SOON, "Tip"))

    assert paired([wanted(EARLIER, "Tip")], [ahead], since=NOW - DAY) == [1]
    assert paired([wanted(EARLIER, "Tip")], [ahead], since=NOW - HOUR) == [None]
    assert paired([wanted(EARLIER, "Tip"), wanted(SOON, "Other")], [ahead], since=NOW - DAY) == [None, 1]


def test_of_several_entries_with_an_id_the_one_ahead_counts_then_the_latest() -> None:
    first = ended(copy_of(wanted(NOW - 2 * DAY, "1", id="a"), 1), End.PUBLISHED)
    last = ended(copy_of(wanted(EARLIER, "2", id="a"), 2, post_id="p-2"), End.PUBLISHED)
    ahead = copy_of(wanted(SOON, "3", id="a"), 3, post_id="p-3")

    assert paired([wanted(TOMORROW, "4", id="a")], [first, last, ahead]) == [3]
    assert paired([wanted(TOMORROW, "4", id="a")], [first, last]) == [2]

    taken = [wanted(SOON, "3"), wanted(LATER, "2", id="a")]
    assert paired(taken, [first, last, ahead]) == [3, 2], "the one ahead is another post's by its words"


# --- entries of several copies --------------------------------------------------------------------------------------


OLD = copy_of(wanted(SOON, "Hello", id="a"), 1)
NEW = copy_of(wanted(LATER, "Hello, better", id="a"), 2, post_id="p-2", entry=1)


@pytest.mark.parametrize(
    ("copies", "post", "key"),
    [
        pytest.param([OLD, NEW], wanted(LATER, "Hello, better"), 1, id="equal to the new one"),
        pytest.param([OLD, NEW], wanted(SOON, "Hello"), 1, id="equal to the old one"),
        pytest.param([OLD, NEW], wanted(LATER, "Other"), 1, id="the slot of the new one"),
        pytest.param([OLD, NEW], wanted(SOON, "Other"), 1, id="the slot of the old one"),
        pytest.param([OLD, NEW], wanted(LAST, "Hello"), 1, id="the content of the old one"),
        pytest.param([ended(OLD, End.REMOVED), NEW], wanted(SOON, "Other"), None, id="the slot of one that has ended"),
        pytest.param([ended(OLD, End.REMOVED), NEW], wanted(LAST, "Hello"), None, id="the content of one that has ended"),
        pytest.param([OLD, ended(NEW, End.REFUSED)], wanted(SOON, "Hello"), 1, id="where the new one was refused"),
        pytest.param([ended(OLD, End.GONE)], wanted(SOON, "Other"), 1, id="the slot of the last one, that is gone"),
    ],
)  # fmt: skip
def test_an_entry_is_known_by_each_of_its_copies_that_has_not_ended(
    copies: list[Copy], post: Post, key: int | None
) -> None:
    assert paired([post], copies) == [key]


def test_two_posts_never_share_an_entry() -> None:
    assert paired([wanted(SOON, "Hello"), wanted(LATER, "Hello, better")], [OLD, NEW]) == [1, None]


def test_a_claim_that_lapsed_is_its_entrys() -> None:
    assert paired([wanted(SOON)], [sent(wanted(SOON), lapsed=True)]) == [1]


def test_an_entry_that_left_the_calendar_before_is_nobodys_once_its_copies_have_ended() -> None:
    """The same words at the same time are a new post then, unless the old one was published."""
    left, gone = {1: EntryFacts(left=True)}, ended(copy_of(wanted(SOON)), End.REMOVED)

    assert paired([wanted(SOON)], [gone], facts=left) == [None]
    assert paired([wanted(SOON)], [gone]) == [1]
    assert paired([wanted(SOON)], [copy_of(wanted(SOON))], facts=left) == [1]
    assert paired([wanted(EARLIER)], [NAMELESS], facts=left) == [1]


def test_what_nothing_wants_is_left_over() -> None:
    kept, left = copy_of(wanted(SOON, "One"), 1), copy_of(wanted(LATER, "Two"), 2, post_id="p-2")
    gone = ended(copy_of(wanted(LAST), 3, post_id="p-3"), End.REMOVED)
    state = ledger(kept, left, gone, facts={3: EntryFacts(left=True)})

    matches = match([wanted(SOON, "One")], state.entries().values(), {}, now=NOW)

    assert [entry.key for entry in matches.rest] == [2]


def pairs(desired: list[Post], *copies: Copy, **more: Any) -> dict[int, int]:
    """The key of each desired post that has an entry, by its number."""
    return {index: key for index, key in enumerate(paired(desired, copies, **more)) if key is not None}


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


def test_the_nearest_in_time_is_what_has_the_very_slot() -> None:
    """Even if something of the same words, which left the calendar, waits to be listed in a slot that is free by now."""
    past = wanted(EARLIER, "Hello", draft=True)
    here = copy_of(wanted(EARLIER, "Hello", draft=True, labels=["old"]), 2)
    away = sent(wanted(SOON, "Hello", draft=True))
    assert pairs([past], away, here, since=EARLIER - HOUR) == {0: 2}

    unseen = sent(wanted(EARLIER, "Hello", labels=["old"]), 2, lapsed=True)
    scheduled = wanted(EARLIER, "Hello")
    assert pairs([scheduled], copy_of(wanted(SOON, "Hello")), unseen, since=EARLIER - HOUR) == {0: 2}
    due = copy_of(wanted(EARLIER, "Hello", labels=["old"]), 2)
    assert pairs([scheduled], copy_of(wanted(SOON, "Hello")), due, since=EARLIER - HOUR) == {0: 2}
    greetings = [wanted(SOON, "Hello", labels=["new"]), wanted(LATER, "Hello", labels=["new"])]
    olds = [copy_of(wanted(at, "Hello"), key) for key, at in ((1, LAST), (2, LATER), (3, SOON))]
    assert pairs(greetings, *olds) == {0: 3, 1: 2}


@pytest.mark.slow
def test_a_greeting_of_many_posts_is_matched_in_no_time() -> None:
    many = range(3_000)
    new = [wanted(SOON + n * HOUR, "Hello", labels=["new"]) for n in many]
    began = time.process_time()
    assert paired(new, [copy_of(wanted(SOON + n * HOUR, "Hello"), n + 1) for n in many]) == [
        n + 1 for n in many
    ]
    assert time.process_time() - began < 3


def test_a_post_ahead_takes_nothing_whose_minute_came() -> None:
    """Not even where a past post wants that minute: the one ahead would count as moved, and may be published twice."""
    due = copy_of(wanted(EARLIER, "Hello", labels=["old"]))
    assert pairs([wanted(EARLIER, "Hello"), wanted(SOON, "Hello")], due, since=EARLIER - HOUR) == {0: 1}
