"""Nothing on an account is made to say what another post of ours there said when it was published, or still says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import pytest

from publer_sync.ledger.copies import End, EntryFacts, Seen
from publer_sync.planning import planner
from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import Action, Block, FieldChange, Replace, intent
from publer_sync.planning.planner import Scope
from publer_sync.planning.saying import _followers, _out, hand_on
from publer_sync.render.post.fixes import own_options
from publer_sync.values.model import MINUTE, Limits
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
    change,
    copy_of,
    ledger,
    only,
    planned,
    said,
    shown,
    wanted,
)
from tests.planning.posts import DRAFT, LIVE, OURS, POST, case
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.values.model import LivePost, Post


# --- moved too late -------------------------------------------------------------------------------------------------


GONE = [shown(EARLIER, state="published")]


@pytest.mark.parametrize(
    ("post", "id", "facts", "code"),
    [
        pytest.param(wanted(SOON), None, EntryFacts(), "twin", id="without an id"),
        pytest.param(wanted(SOON, id="new"), None, EntryFacts(), "twin", id="with an id that it got as it was moved"),
        pytest.param(wanted(SOON), "old", EntryFacts(), "twin", id="without the id that it had"),
        pytest.param(wanted(SOON, labels=["a"]), None, EntryFacts(), "twin", id="with another label"),
        pytest.param(wanted(SOON, id="new"), None, EntryFacts(doubted=("",)), None, id="with an id since an apply said so"),
        pytest.param(wanted(SOON, id="new"), None, EntryFacts(doubted=("new",)), "twin", id="with the id of which it said so"),
        pytest.param(wanted(SOON, id="tip@2026-11-24"), None, EntryFacts(doubted=("",)), "twin", id="with the id of a date"),
        pytest.param(wanted(SOON, id="new"), "old", EntryFacts(), None, id="with another id"),
        pytest.param(wanted(SOON, id="new"), "tip@1", EntryFacts(), "twin", id="with an id after that of a series"),
        pytest.param(wanted(SOON, "Other words"), None, EntryFacts(), None, id="in other words"),
        pytest.param(wanted(SOON), None, EntryFacts(let_go=True), None, id="let go"),
        pytest.param(wanted(SOON), None, EntryFacts(twins=True), None, id="allowed"),
        pytest.param(wanted(SOON), None, EntryFacts(beside=("2026-11-24T16:20:00Z",)), None, id="seen beside it"),
        pytest.param(wanted(SOON, id="new"), None, EntryFacts(beside=("#new",)), None, id="seen beside it by its id"),
    ],
)  # fmt: skip
def test_what_was_published_before_it_was_moved_is_not_published_again(
    post: Post, id: str | None, facts: EntryFacts, code: str | None
) -> None:
    change = only(planned([post], GONE, ledger(copy_of(wanted(EARLIER, id=id)), facts={1: facts})))

    assert said(change) == (("blocked", code, "would create") if code else ("create",))


def test_a_series_that_is_shifted_once_its_first_post_was_published_publishes_none_again() -> None:
    """Words or pictures alone, without ids: the others keep what is theirs."""
    for texts, pictures in ((("One", "Two", "Three"), ()), (("", "", ""), ("m-1", "m-2", "m-3"))):
        series = [
            wanted(EARLIER + n * DAY, text, media=[{"id": each} for each in pictures[n : n + 1]])
            for n, text in enumerate(texts)
        ]
        copies = [copy_of(post, n, post_id=f"p-{n}") for n, post in enumerate(series, 1)]
        live = [
            shown(post.at, post.text, id=f"p-{n}", state="scheduled" if n > 1 else "published")
            for n, post in enumerate(series, 1)
        ]

        plan = planned([replace(post, at=post.at + DAY) for post in series], live, ledger(*copies))

        moves = [said(change) for change in plan.listed]
        assert moves == [("blocked", "twin", "would create"), ("replace",), ("replace",)]
        assert [change.copy and change.copy.key for change in plan.listed[1:]] == [2, 3]


def test_of_several_posts_that_would_say_it_the_nearest_may_be_the_published_one() -> None:
    plan = planned([wanted(LATER), wanted(SOON)], GONE, ledger(copy_of(wanted(EARLIER))))

    assert [said(change)[0] for change in plan.changes if change.post] == ["blocked", "create"]


def test_a_greeting_counts_only_nearer_to_the_published_post_than_greetings_are_to_each_other() -> None:
    yesterday = copy_of(wanted(EARLIER - DAY), 1, end=End.PUBLISHED, ended_at=EARLIER)
    today = copy_of(wanted(EARLIER), 2, post_id="p-2")
    state, live = ledger(yesterday, today), [shown(EARLIER, id="p-2", state="published")]
    old = wanted(EARLIER - DAY)

    for at, code in ((SOON, "blocked"), (EARLIER + DAY, "create"), (EARLIER + 2 * DAY, "create")):
        plan = planned([old, wanted(at)], live, state)
        assert [said(change)[0] for change in plan.listed] == [code]


@pytest.mark.parametrize("end", [End.FAILED, End.REMOVED, End.GONE])
def test_a_post_that_never_went_out_makes_no_greeting_of_the_one_that_did(end: End) -> None:
    """A failed post that was given another time, and once that was published, another one."""
    first = copy_of(wanted(EARLIER - HOUR), 1, end=end, ended_at=EARLIER - HOUR)
    second = copy_of(wanted(EARLIER), 2, post_id="p-2")

    plan = planned(
        [wanted(EARLIER + DAY)], [shown(EARLIER, id="p-2", state="published")], ledger(first, second)
    )

    assert [said(change)[0] for change in plan.listed] == ["blocked"]


def test_what_nothing_is_to_say_again_is_let_go_and_what_something_waits_to_say_is_not() -> None:
    state = ledger(copy_of(wanted(EARLIER)))

    assert planned([], GONE, state).let_go == {1}
    assert planned([wanted(SOON, "Other")], GONE, state).let_go == {1}
    assert planned([wanted(NOW - MINUTE)], GONE, state).let_go == set(), "it may move on"
    assert planned([wanted(SOON)], GONE, state).let_go == set()
    assert planned([wanted(EARLIER)], GONE, state).still_out == set(), "it is as it was"


def test_posts_that_say_the_same_side_by_side_are_remembered_as_two() -> None:
    plan = planned([wanted(SOON), wanted(LATER, id="b")], [shown(SOON)], ledger(copy_of(wanted(SOON))))

    assert plan.beside == {1: ("#b",)}


# --- handed on ------------------------------------------------------------------------------------------------------


ONE, TWO = wanted(SOON, "One", id="a"), wanted(LATER, "Two", id="b")
BOTH = ledger(copy_of(ONE, 1), copy_of(TWO, 2, post_id="p-2"))
LISTED = (shown(SOON, "One"), shown(LATER, "Two", id="p-2"))


def behind(plan: Plan) -> list[int]:
    return [getattr(change, "behind", 0) for change in plan.listed]


def test_what_gets_the_words_of_another_post_goes_behind_that_one() -> None:
    plan = planned([wanted(SOON, "Other", id="a"), wanted(LATER, "One", id="b")], LISTED, BOTH)

    assert [said(change) for change in plan.listed] == [("update",)] * 2
    assert behind(plan) == [0, 1]


def test_a_post_whose_words_publer_rewrote_gives_up_those_that_were_sent() -> None:
    lamp = wanted(SOON, "#lamp", id="a")
    rewritten = shown(SOON, "hashtag lamp")
    state = ledger(copy_of(lamp, 1, seen=Seen.of(rewritten)), copy_of(TWO, 2, post_id="p-2"))
    desired = [wanted(SOON, "Other", id="a"), wanted(LATER, "#lamp", id="b")]
    assert behind(planned(desired, [rewritten, LISTED[1]], state)) == [0, 1]
    edited = [wanted(SOON, "Other", id="a"), wanted(LATER, "Edited", id="b")]
    live = [shown(SOON, "Edited"), LISTED[1]]
    assert behind(planned(edited, live, state, edits="overwrite")) == [0, 1], "what somebody wrote there"


@pytest.mark.parametrize("block", ["freeze", "edited", "filter"])
def test_what_gets_the_words_of_a_post_that_keeps_them_is_blocked(block: str) -> None:
    live, more = LISTED, dict[str, Any]()
    match block:
        case "freeze":
            more["limits"] = Limits(freeze_minutes=240)
        case "edited":
            live = (replace(LISTED[0], at=SOON + 30 * MINUTE), LISTED[1])
        case "filter":
            more["scope"] = Scope(since=LATER)
    plan = planned([wanted(SOON, "Other", id="a"), wanted(LATER, "One", id="b")], live, BOTH, **more)

    change = next(each for each in plan.listed if each.id == "b")
    assert change.blocks[0] is Block.HANDED_ON
    assert change.reason.startswith(
        'the post "a" still says this in Publer ("One") and has to change before: '
    )
    assert not Allow(twins=True).passes(change)
    assert Allow(frozen=True).passes(change) is (block == "freeze"), (
        "where that one is let through, this one is"
    )


def test_a_post_that_leaves_its_account_gives_its_words_up_also_where_a_filter_leaves_one_half_out() -> None:
    """Both halves are in the plan, which said that the removal is left out of it."""
    hello, other = wanted(SOON, "Hello", id="hello"), wanted(TOMORROW, "Else", id="else")
    state = ledger(copy_of(hello, 1), copy_of(other, 2, post_id="p-2"))
    live = (shown(SOON, "Hello"), shown(TOMORROW, "Else", id="p-2"))
    desired = [wanted(TOMORROW, "Hello", id="hello", account=LINKEDIN), wanted(TOMORROW, "Hello", id="else")]
    plan = planned(desired, live, state, scope=Scope(since=TOMORROW))

    assert sorted(said(change) for change in plan.listed) == [("create",), ("delete",), ("update",)]
    assert sorted(behind(plan)) == [0, 0, 1]


def test_a_post_that_somebody_gave_other_words_keeps_none_from_its_old_ones() -> None:
    live = (replace(LISTED[0], text="Edited"), LISTED[1])

    plan = planned([wanted(SOON, "Other", id="a"), wanted(LATER, "One", id="b")], live, BOTH)

    assert [said(change)[0] for change in plan.listed] == ["blocked", "update"]


def test_posts_that_swap_words_are_replaced_the_latest_first() -> None:
    plan = planned([wanted(SOON, "Two", id="a"), wanted(LATER, "One", id="b")], LISTED, BOTH)

    assert [said(change) for change in plan.listed] == [("replace",)] * 2
    assert behind(plan) == [2, 1]


def test_a_draft_that_somebody_scheduled_waits_for_words_as_any_other_post() -> None:
    """An edit leaves it scheduled: both were published with the words that the other one kept."""
    draft = replace(ONE, content=replace(ONE.content, draft=True))
    state = ledger(copy_of(draft, 1), BOTH.copies[2])
    kept = (LISTED[0], replace(LISTED[1], at=LATER + 30 * MINUTE))
    two = replace(draft, content=replace(draft.content, text="Two"))
    plan = planned([two, wanted(LATER, "Other", id="b")], kept, state)

    assert [said(change) for change in plan.listed] == [
        ("blocked", "handed_on", "edited", "would update"),
        ("blocked", "edited", "would replace"),
    ]


@each_of(("edits", "blocks"), [("ask", [("edited",), ("handed_on", "edited")]), ("overwrite", [(), ()])])
def test_a_draft_that_somebody_scheduled_and_that_swaps_words_stays_so_unless_somebody_decides(
    edits: Literal["ask", "overwrite"], blocks: list[tuple[str, ...]]
) -> None:
    """Its new post is a draft: what a colleague had scheduled would not be published."""
    draft = replace(ONE, content=replace(ONE.content, draft=True))
    two = replace(draft, content=replace(draft.content, text="Two"))
    plan = planned([two, SWAPPED[1]], LISTED, ledger(copy_of(draft, 1), BOTH.copies[2]), edits=edits)

    assert [change.blocks for change in plan.listed] == blocks
    assert plan.listed[0].reason.endswith("and its new post would be a draft")
    would = intent(plan.listed[0])
    assert isinstance(would, Replace)
    assert would.diff == (FieldChange("text", "One", "Two"), FieldChange("draft", False, True))


SWAPPED = [wanted(SOON, "Two", id="a"), wanted(LATER, "One", id="b")]


def test_posts_that_swap_words_are_replaced_also_where_an_option_has_to_let_them_through() -> None:
    """As edits in place, each waited for the other one: apply wrote nothing, whatever the option."""
    plan = planned(SWAPPED, LISTED, BOTH, limits=Limits(freeze_minutes=240))

    tried = [Allow(frozen=True).attempt(change) for change in plan.listed]
    assert [(each and each.action, getattr(each, "behind", 0)) for each in tried] == [
        ("replace", 2),
        ("replace", 1),
    ]
    assert [own_options(change) for change in plan.listed] == [["--allow-frozen=a"], []]


def test_edits_that_make_a_row_stay_edits_where_one_is_blocked() -> None:
    plan = planned(
        [wanted(SOON, "Other", id="a"), wanted(LATER, "One", id="b")],
        LISTED,
        BOTH,
        limits=Limits(freeze_minutes=240),
    )

    assert [said(change) for change in plan.listed] == [
        ("blocked", "freeze", "would update"),
        ("blocked", "handed_on", "freeze", "would update"),
    ]


@each_of(
    ("freeze", "blocks"),
    [(0, (Block.HANDED_ON, Block.LEAD)), (15, (Block.HANDED_ON, Block.LEAD, Block.FREEZE))],
)
def test_posts_that_swap_words_are_not_taken_out_less_than_two_minutes_before_the_time_of_one(
    freeze: int, blocks: tuple[Block, ...]
) -> None:
    """An edit in place may come so late. The new post of a replace might not be there in time, and the old one is gone."""
    near = NOW + MINUTE
    state = ledger(copy_of(replace(ONE, at=near), 1), copy_of(TWO, 2, post_id="p-2"))
    live = (shown(near, "One"), LISTED[1])
    plan = planned(
        [replace(SWAPPED[0], at=near), SWAPPED[1]], live, state, limits=Limits(freeze_minutes=freeze)
    )

    first, second = plan.listed
    assert (first.blocks, second.blocks) == (blocks, blocks)
    assert first.reason.startswith("its time is less than 2 minutes ahead")
    assert not any(Allow(frozen=True).passes(change) for change in plan.listed)


def test_posts_that_swap_words_stay_where_another_post_in_the_minute_of_one_keeps_its_new_post_out() -> None:
    """The plan promised two replaces, and apply left both out."""
    theirs = shown(SOON, "A colleague's", id="f-1")
    plan = planned(SWAPPED, (*LISTED, theirs), BOTH)
    first, second = plan.listed

    assert (first.blocks, first.obstacle) == ((Block.HANDED_ON, Block.SLOT), theirs)
    assert first.reason == 'another post is already scheduled for this minute: "A colleague\'s"'
    assert second.blocks == (Block.HANDED_ON, Block.SLOT)


@each_of(
    ("minutes", "texts"),
    [
        ((LATER, SOON, LAST), ("Three", "Two", "One")),
        ((SOON, LAST, LATER), ("Two", "One", "Three")),
    ],
)
def test_posts_that_swap_times_with_some_and_words_with_others_go_through_with_one_option(
    minutes: tuple[datetime, ...], texts: tuple[str, ...]
) -> None:
    """The minute of the one that waited for words was taken, and no option let any of them through."""
    three = wanted(LAST, "Three", id="c")
    state = ledger(*BOTH.copies.values(), copy_of(three, 3, post_id="p-3"))
    desired = [wanted(at, text, id=name) for at, text, name in zip(minutes, texts, "abc", strict=True)]
    live = (*LISTED, shown(LAST, "Three", id="p-3"))
    plan = planned(desired, live, state, limits=Limits(freeze_minutes=240))

    assert [change.blocks for change in plan.listed] == [(Block.HANDED_ON, Block.FREEZE)] * 3
    assert all(Allow(frozen=True).passes(change) for change in plan.listed)
    assert {option for change in plan.listed for option in own_options(change)} == {"--allow-frozen=a"}
    assert [Allow(frozen=frozenset(each)).passes(plan.listed[-1]) for each in ("a", "bc")] == [True, False]


@each_of(
    ("edited", "options"),
    [("a", ["--overwrite-edits=a"]), ("b", ["--overwrite-edits=b"]), ("ab", ["--overwrite-edits=a,b"])],
)
def test_of_posts_that_swap_words_an_option_names_those_that_were_edited_and_takes_the_others_along(
    edited: str, options: list[str]
) -> None:
    """Had the others to be named as well, an edit of theirs that nobody has seen would be overwritten."""
    live = [
        replace(post, at=(post.at or NOW) + 30 * MINUTE) if name in edited else post
        for name, post in zip("ab", LISTED, strict=True)
    ]
    plan = planned(SWAPPED, live, BOTH)

    assert {option for change in plan.listed for option in own_options(change)} == {*options}
    passed = {
        names: all(Allow(edits=frozenset(names)).passes(change) for change in plan.listed)
        for names in ("a", "b", "ab")
    }
    assert passed == {names: {*edited} <= {*names} for names in passed}


@each_of(("edited", "names"), [("", []), ("a", ["a"]), ("b", ["b"]), ("c", ["c"]), ("ac", ["a", "c"])])
def test_posts_that_give_one_another_minutes_and_words_go_through_with_the_option_of_those_that_were_edited(
    edited: str, names: list[str]
) -> None:
    before = [
        wanted(SOON, "One", id="a"),
        wanted(LATER, "Two", id="b"),
        wanted(LAST, "Three", id="c"),
    ]
    live = [shown(one.at, one.text, id=f"p-{n}") for n, one in enumerate(before, 1)]
    live = [
        replace(post, at=(post.at or NOW) + MINUTE / 3) if name in edited else post
        for name, post in zip("abc", live, strict=True)
    ]
    state = ledger(*(copy_of(one, n, post_id=f"p-{n}") for n, one in enumerate(before, 1)))
    ring = [
        wanted(LATER, "Ten", id="a"),
        wanted(LAST, "Two", id="b"),
        wanted(LAST + DAY, "One", id="c"),
    ]
    plan = planned(ring, live, state)

    together = {Block.HANDED_ON, Block.EDITED} if edited else set()
    assert [{*change.blocks} for change in plan.listed] == [together] * 3
    option = f"--overwrite-edits={','.join(names)}"
    assert {each for change in plan.listed for each in own_options(change)} == ({option} if edited else set())
    assert all(Allow(edits=frozenset(names)).passes(change) for change in plan.listed)
    assert {"edited in Publer" in change.reason for change in plan.listed} == {bool(edited)}


def test_posts_that_want_minutes_alone_are_blocked_as_they_are_where_others_hand_on_words() -> None:
    before = [
        wanted(at, text, id=text)
        for at, text in ((SOON, "One"), (LATER, "Two"), (LAST, "Three"), (LAST + DAY, "Four"))
    ]
    near = {"Two": LATER - MINUTE / 2, "Three": LATER + MINUTE / 2}
    live = [shown(near.get(one.text, one.at), one.text, id=f"p-{one.text}") for one in before]
    state = ledger(*(copy_of(one, n, post_id=f"p-{one.text}") for n, one in enumerate(before, 1)))
    moved = [wanted(LATER, "One", id="One"), wanted(SOON, "Two", id="Two"), wanted(LAST, "Three", id="Three")]
    blocks = []
    for text, new in (("Four", []), ("Five", [wanted(LAST + 2 * DAY, "Four", id="new")])):
        plan = planned([*moved, wanted(LAST + DAY, text, id="Four"), *new], live, state)
        blocks.append({change.id: change.blocks for change in plan.listed if change.id in ("One", "Two")})
    assert blocks[0] == blocks[1]


def test_where_the_filters_leave_out_what_one_of_them_waits_for_its_minute_is_taken() -> None:
    three = wanted(LAST, "Three", id="c")
    state = ledger(*BOTH.copies.values(), copy_of(three, 3, post_id="p-3"))
    desired = [wanted(SOON, "Other", id="a"), wanted(LAST, "One", id="b"), replace(three, at=LATER)]
    live = (*LISTED, shown(LAST, "Three", id="p-3"))
    plan = planned(desired, live, state, scope=Scope(since=LATER))

    assert [(change.id, change.blocks) for change in plan.listed] == [
        ("c", (Block.SLOT,)),
        ("b", (Block.HANDED_ON, Block.SLOT)),
    ]


@pytest.mark.parametrize("texts", [("Two", "Three", "One"), ("Three", "One", "Two")], ids=["forth", "back"])
def test_of_posts_that_swap_words_each_says_where_the_filters_leave_one_out(
    texts: tuple[str, str, str],
) -> None:
    """One that is frozen told that alone, as if what lets it through were all that it needs."""
    posts = (ONE, TWO, wanted(LAST, "Three", id="c"))
    state = ledger(*BOTH.copies.values(), copy_of(posts[2], 3, post_id="p-3"))
    desired = [wanted(post.at, text, id=post.id) for post, text in zip(posts, texts, strict=True)]
    live, scope = (*LISTED, shown(LAST, "Three", id="p-3")), Scope(until=LAST)
    plan = planned(desired, live, state, limits=Limits(freeze_minutes=240), scope=scope)

    first = plan.listed[0]
    assert (first.id, first.blocks) == ("a", (Block.HANDED_ON, Block.FREEZE))
    assert first.reason.endswith(": the filters leave it out of this run")


def test_of_posts_that_swap_words_the_one_that_is_blocked_says_so_and_the_others_name_it_once() -> None:
    """Each told what blocked the one before it, round and round, until the sentence was cut before it told why."""
    three = wanted(LAST, "Three", id="c")
    state = ledger(*BOTH.copies.values(), copy_of(three, 3, post_id="p-3"))
    live = (*LISTED, shown(LAST, "Three", id="p-3"))
    desired = [wanted(SOON, "Three", id="a"), wanted(LATER, "One", id="b"), wanted(LAST, "Two", id="c")]
    plan = planned(desired, live, state, limits=Limits(freeze_minutes=240))
    why, before = (
        "the post in Publer publishes within 240 minutes (limits.freeze_minutes)",
        "and has to change before: ",
    )

    assert [change.blocks for change in plan.listed] == [(Block.HANDED_ON, Block.FREEZE)] * 3
    assert [change.reason for change in plan.listed] == [
        why,
        f'the post "a" still says this in Publer ("One") {before}{why}',
        f'the post "b" still says this in Publer ("Two") {before}it waits for the post "a": {why}',
    ]


def test_a_swap_of_which_the_filters_leave_a_post_out_is_not_offered_as_one() -> None:
    three = wanted(LAST, "Three", id="c")
    state = ledger(*BOTH.copies.values(), copy_of(three, 3, post_id="p-3"))
    live = (*LISTED, shown(LAST, "Three", id="p-3"))
    desired = [wanted(SOON, "Three", id="a"), wanted(LATER, "One", id="b"), wanted(LAST, "Two", id="c")]
    for scope, options in ((None, [["--allow-frozen=a,b,c"]] * 3), (Scope(since=LATER), [[]] * 2)):
        plan = planned(desired, live, state, limits=Limits(freeze_minutes=2400), scope=scope)
        assert [own_options(change) for change in plan.listed] == options


FROZEN = "the post in Publer publishes within 240 minutes (limits.freeze_minutes)"


def in_a_row(count: int) -> tuple[list[Post], State, list[LivePost]]:
    """So many posts from SOON on, one a day, as they are in the ledger and in Publer."""
    posts = [wanted(SOON + number * DAY, f"Text {number}", id=f"p{number}") for number in range(count)]
    state = ledger(*(copy_of(post, n, post_id=f"p-{n}") for n, post in enumerate(posts, 1)))
    return posts, state, [shown(post.at, post.text, id=f"p-{n}") for n, post in enumerate(posts, 1)]


@pytest.mark.parametrize("scope", [None, Scope(since=LATER)], ids=["frozen", "filter"])
def test_where_a_text_comes_in_at_the_front_each_post_names_the_first_which_keeps_it_from_changing(
    scope: Scope | None,
) -> None:
    """Each told what blocked the one before it, and that one what blocked the one before that."""
    posts, state, live = in_a_row(6)
    texts = ["New", *(post.text for post in posts)]
    desired = [wanted(post.at, text, id=post.id) for post, text in zip(posts, texts, strict=False)]
    plan = planned(desired, live, state, limits=Limits(freeze_minutes=240), scope=scope)
    why = FROZEN if scope is None else "the filters leave it out of this run"

    blocks = (Block.HANDED_ON, Block.FREEZE) if scope is None else (Block.HANDED_ON,)
    *first, second, third, _fourth, _fifth, last = plan.listed
    assert [(change.blocks, change.reason) for change in first] == [((Block.FREEZE,), FROZEN)] * (not scope)
    assert [change.blocks for change in plan.listed[len(first) :]] == [blocks] * 5
    before = "and has to change before: "
    assert second.reason == f'the post "p0" still says this in Publer ("Text 0") {before}{why}'
    for post, number in ((third, 1), (last, 4)):
        waits = f'{before}it waits for the post "p0": {why}'
        assert post.reason == f'the post "p{number}" still says this in Publer ("Text {number}") {waits}'


def test_a_post_that_is_blocked_by_itself_is_the_one_that_those_behind_it_wait_for() -> None:
    """That another one is blocked too, further on, is what its own line tells."""
    posts, state, live = in_a_row(4)
    live[1] = replace(live[1], at=posts[1].at + HOUR)
    texts = ["New", *(post.text for post in posts)]
    desired = [wanted(post.at, text, id=post.id) for post, text in zip(posts, texts, strict=False)]
    plan = planned(desired, live, state, limits=Limits(freeze_minutes=240))

    both = (Block.HANDED_ON, Block.EDITED, Block.FREEZE)
    assert [change.blocks for change in plan.listed] == [(Block.FREEZE,), both, both, both]
    assert 'it waits for the post "p1": ' in plan.listed[3].reason


@pytest.mark.parametrize("swap", [True, False], ids=["swap", "row"])
@pytest.mark.parametrize("by", [1, -1], ids=["forth", "back"])
def test_however_many_posts_hand_words_on_one_look_finds_all_that_are_blocked(
    monkeypatch: pytest.MonkeyPatch, by: int, swap: bool
) -> None:
    """One look found one post more of those that swap words, so that 400 took two minutes."""
    looks: list[int] = []

    def counted(*arguments: Any) -> list[Change]:
        looks.append(len(arguments[0]))
        return hand_on(*arguments)

    monkeypatch.setattr(planner, "hand_on", counted)
    posts, state, live = in_a_row(12)
    last = 11 if by > 0 else 0
    texts = [posts[(number + by) % 12].text for number in range(12)]
    texts[last] = texts[last] if swap else "New"
    moved = {5, 8} if swap else {last}
    for number in moved:
        live[number] = replace(live[number], at=posts[number].at + HOUR)
    desired = [wanted(post.at, text, id=post.id) for post, text in zip(posts, texts, strict=True)]
    plan = planned(desired, live, state)

    blocks = [change.blocks for change in plan.listed if swap or change.id != f"p{last}"]
    assert blocks == [(Block.HANDED_ON, Block.EDITED)] * (12 if swap else 11)
    others = [change for change in plan.listed if change.id not in {f"p{number}" for number in moved}]
    assert {intent(change).action for change in others} == {Action.REPLACE if swap else Action.UPDATE}
    assert len(looks) == 2, "the second one finds nothing more"


def test_of_several_posts_that_get_the_words_the_nearest_alone_waits() -> None:
    three = wanted(LAST, "Three", id="c")
    state = ledger(*BOTH.copies.values(), copy_of(three, 3, post_id="p-3"))
    live = (*LISTED, shown(LAST, "Three", id="p-3"))
    desired = [wanted(SOON, "Other", id="a"), wanted(LATER, "One", id="b"), wanted(LAST, "One", id="c")]

    assert behind(planned(desired, live, state)) == [0, 1, 0]


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
