"""What is edited, replaced, created and removed, and replaces that were cut off halfway."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import End, Seen
from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import Action, FieldChange
from publer_sync.values.content import to_json
from publer_sync.values.model import MINUTE, Limits
from tests.builders import (
    EARLIER,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
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
from tests.planning.posts import BOTH, DRAFT, HALF, LISTED, LIVE, LIVE_DRAFT, MOVED, OUR_DRAFT, OURS, POST
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.planning.plan import Plan
    from publer_sync.values.model import LivePost, Post


# --- update, replace, create, delete --------------------------------------------------------------------------------


def test_new_text_and_title_are_changed_in_place() -> None:
    post = wanted(SOON, "Hello again", id="hello", title="New")

    found = only(planned([post], [LIVE], ledger(OURS)))

    assert found == change(
        Action.UPDATE,
        post,
        reason="text, title changed in the calendar; Publer edits it in place",
        copy=LISTED,
        live=LIVE,
        diff=(
            FieldChange("text", "Hello", "Hello again"),
            FieldChange("title", None, "New", blind=True),
        ),
    )


@each_of(
    ("content", "field"),
    [
        ({"labels": ["new"]}, "labels"),
        ({"link": {"url": "https://a.example"}}, "link"),
        ({"media": [{"file": "a"}]}, "media"),
        ({"type": "reel"}, "type"),
        ({"comments": [{"text": "First", "after": {"duration": 2, "unit": "Hour"}}]}, "comments"),
        ({"thread": [{"text": "More"}]}, "thread"),
        ({"draft": True}, "draft"),
        ({"album": "Lamps"}, "album"),
    ],
)
def test_anything_else_is_made_anew(content: dict[str, Any], field: str) -> None:
    post = wanted(SOON, "Hello", id="hello", **content)

    change = only(planned([post], [LIVE], ledger(OURS)))

    assert said(change) == ("replace",)
    assert [(item.field, to_json(item.after)) for item in change.diff] == [(field, content[field])]


def test_a_reason_names_a_key_as_the_files_do() -> None:
    linked = [
        wanted(SOON, "Hello", id="hello", link={"url": f"https://{host}.example"}, title=host)
        for host in "ab"
    ]

    change = only(planned([linked[1]], [LIVE], ledger(copy_of(linked[0]))))

    assert change.reason.startswith("title, link changed in the calendar"), [
        item.field for item in change.diff
    ]


def test_a_new_time_is_made_anew() -> None:
    post = wanted(LATER, "Hello", id="hello")

    assert only(planned([post], [LIVE], ledger(OURS))) == change(
        Action.REPLACE,
        post,
        reason="time changed in the calendar; Publer can't change that in place, so the post is replaced",
        copy=LISTED,
        live=LIVE,
        diff=(FieldChange("scheduled_at", "2026-11-24T16:20:00Z", "2026-11-24T18:20:00Z"),),
    )


def test_a_draft_that_is_to_be_scheduled_is_made_anew() -> None:
    assert said(only(planned([POST], [LIVE_DRAFT], ledger(OUR_DRAFT)))) == ("replace",)


def test_a_new_post_is_created_with_all_it_brings() -> None:
    post = wanted(SOON, "Hello", id="hello", labels=["a"], title="T")

    assert only(planned([post], [], ledger())) == change(
        Action.CREATE,
        post,
        reason="new in the calendar",
        diff=(
            FieldChange("text", None, "Hello"),
            FieldChange("title", None, "T"),
            FieldChange("labels", None, ("a",)),
        ),
    )


@pytest.mark.parametrize("live", [LIVE, shown(SOON, "Hello", state="scheduled_pending")])
def test_what_left_the_calendar_is_deleted(live: LivePost) -> None:
    assert only(planned([], [live], ledger(OURS))) == change(
        Action.DELETE, None, reason="no longer in the calendar", copy=LISTED, live=live
    )


def test_a_draft_that_left_the_calendar_is_deleted_whatever_its_time() -> None:
    old = wanted(EARLIER, draft=True)

    plan = planned([], [shown(EARLIER, state="draft")], ledger(copy_of(old)))

    assert said(only(plan)) == ("delete",)


@each_of("state", ["published", "failed", "published_posted"])
def test_what_left_the_calendar_and_is_neither_scheduled_nor_a_draft_is_not_deleted(state: str) -> None:
    assert planned([], [shown(SOON, state=state)], ledger(OURS)).changes == ()


def test_what_left_the_calendar_in_a_state_that_is_not_known_is_blocked_and_stays_until_its_time_has_passed() -> (
    None
):
    """It may still be published: an apply that leaves it so does not end with 0."""
    change = only(planned([], [shown(SOON, state="sideways")], ledger(OURS)))
    assert said(change) == ("blocked", "state", "would delete")
    assert 'it is "sideways" in Publer' in change.reason
    plan = planned([], [shown(EARLIER, state="sideways")], ledger(copy_of(wanted(EARLIER))))
    assert said(only(plan)) == ("unchanged",)
    assert 'it is "sideways" there' in next(w.message for w in plan.warnings if w.code == "left_calendar")


def test_what_left_the_calendar_and_publer_is_forgotten_in_silence() -> None:
    assert planned([], [], ledger(OURS)).changes == ()


@pytest.mark.parametrize("state", [None, ledger()], ids=["without state", "with state"])
def test_an_unmanaged_post_is_never_deleted_or_changed(state: Any) -> None:
    plan = planned([], [LIVE], state)

    assert plan.changes == ()
    assert plan.unmanaged == 1


@pytest.mark.parametrize("refused", [None, "Too long"])
def test_a_post_that_left_the_calendar_while_it_was_under_way_goes_once_it_is_listed(
    refused: str | None,
) -> None:
    plan = planned([], [LIVE], ledger(sent(POST, refused=refused)))

    assert said(only(plan)) == ("delete",)
    assert codes(plan) == (["turned_up"] if refused else [])


@pytest.mark.parametrize("moved", [None, "moved", "reworded"])
def test_what_turns_up_after_it_has_settled_is_not_removed_or_changed_unasked(moved: str | None) -> None:
    """It may be that post, or somebody else made the same."""
    post = {None: [], "moved": [replace(POST, at=LATER)], "reworded": [wanted(SOON, "Other", id="hello")]}[
        moved
    ]
    state = ledger(sent(POST, lapsed=True))

    plan = planned(post, [LIVE], state)

    assert said(only(plan))[:2] == ("blocked", "twin")
    assert Allow(twins=True).passes(only(plan))
    assert codes(plan) == ["turned_up"]
    assert said(only(planned([POST], [LIVE], state))) == ("unchanged",)


ACCEPTED: Any = {"lapsed": True, "job_id": "j", "job_ended_at": NOW - MINUTE}
"""Its job told of nothing wrong, and it was not listed in time."""


@pytest.mark.parametrize(
    ("copies", "blocked"),
    [
        pytest.param((ACCEPTED,), False, id="once"),
        pytest.param((ACCEPTED, ACCEPTED), True, id="twice"),
        pytest.param((ACCEPTED, ACCEPTED, ACCEPTED), True, id="and once more by order"),
        pytest.param((ACCEPTED, ACCEPTED | {"job_id": None, "job_ended_at": None}), False, id="job unknown"),
        pytest.param((ACCEPTED, ACCEPTED | {"refused": "No"}), False, id="refused"),
        pytest.param((ACCEPTED, ACCEPTED | {"slot": LATER}), False, id="in another minute"),
        pytest.param((ACCEPTED, ACCEPTED | {"sent": wanted(SOON, "Hullo").content}), False, id="other words"),
        pytest.param(
            (ACCEPTED, ACCEPTED, {"post_id": "p-3", "end": End.REMOVED}, ACCEPTED), False, id="listed since"
        ),
    ],
)
def test_what_publer_accepts_and_never_lists_is_sent_twice_and_then_by_order_alone(
    copies: tuple[dict[str, Any], ...], blocked: bool
) -> None:
    sents = [replace(sent(POST, key), entry=1, **more) for key, more in enumerate(copies, 1)]
    created = only(planned([POST], [], ledger(*sents)))
    assert said(created)[:2] == (("blocked", "unseen") if blocked else ("create",))
    old = copy_of(wanted(LAST, "Hello", id="hello"), 9, post_id="p-9", entry=1)
    replaced = only(planned([POST], [shown(old.slot, "Hello", id="p-9")], ledger(*sents, old)))
    assert said(replaced)[:2] == (("blocked", "unseen") if blocked else ("replace",))
    assert Allow(twins=True).passes(created)
    assert Allow(twins=True).passes(replaced)


# --- half-done replaces ---------------------------------------------------------------------------------------------


def test_a_replace_that_was_interrupted_is_finished() -> None:
    plan = planned([MOVED], BOTH, HALF, limits=Limits(delete=0))

    assert only(plan) == change(
        Action.REPLACE,
        MOVED,
        reason="an earlier apply created the new post; the old one still has to be removed",
        copy=LISTED,
        live=LIVE,
        successor=replace(HALF.copies[2], verified_at=NOW),
    )
    assert plan.refusals == (), "the deleting half of a replace does not count"


def test_nothing_is_made_any_more_to_finish_a_replace_so_only_the_old_one_sets_a_last_moment() -> None:
    soon, later = wanted(SOON, "Hello", id="hello"), wanted(LATER, "Hello", id="hello")
    state = ledger(copy_of(later), copy_of(soon, 2, post_id="p-2", entry=1))

    plan = planned([soon], [shown(LATER), shown(SOON, id="p-2")], state)

    assert plan.apply_by == LATER - 15 * MINUTE


def test_a_replace_that_was_interrupted_is_not_finished_within_the_freeze() -> None:
    plan = planned([MOVED], BOTH, HALF, now=SOON - 10 * MINUTE)

    assert said(only(plan)) == ("blocked", "freeze", "would replace")


def test_the_old_half_goes_too_where_the_new_one_changes_again_and_the_rail_does_not_count_it() -> None:
    post = wanted(LATER, "Hello again", id="hello")

    plan = planned([post], BOTH, HALF, limits=Limits(delete=0))

    assert [(said(change), change.live.id if change.live else "") for change in plan.changes] == [
        (("delete",), "p-1"),
        (("update",), "p-2"),
    ]
    assert plan.refusals == ()


def test_going_back_on_a_half_done_replace_removes_the_new_one() -> None:
    plan = planned([POST], BOTH, HALF)

    assert only(plan) == change(
        Action.REPLACE,
        POST,
        reason="an earlier apply created the new post; the old one still has to be removed",
        copy=replace(HALF.copies[2], verified_at=NOW),
        live=BOTH[1],
        successor=LISTED,
    )


def test_the_old_half_of_a_draft_goes_once_the_new_one_is_listed() -> None:
    draft = replace(MOVED, content=DRAFT.content)
    half = ledger(OUR_DRAFT, copy_of(draft, 2, post_id="p-2", entry=1))
    both = (LIVE_DRAFT, shown(LATER, "Hello", id="p-2", state="draft"))

    gone = only(planned([draft], both, half))

    assert (said(gone), gone.live) == (("replace",), LIVE_DRAFT)
    assert gone.successor is not None, "nothing new is made"


def test_the_slot_of_an_old_half_is_free_for_another_post() -> None:
    plan = planned([MOVED, wanted(SOON, "New", id="new")], BOTH, HALF)

    assert [(said(change), change.post.id) for change in plan.changes if change.post] == [
        (("create",), "new"),
        (("replace",), "hello"),
    ]


def fates(plan: Plan) -> list[tuple[tuple[str, ...], str]]:
    return [(said(change), change.live.id if change.live else "") for change in plan.changes]


@pytest.mark.parametrize(
    ("desired", "settings", "expected"),
    [
        pytest.param([], {}, [(("delete",), "p-1"), (("delete",), "p-2")], id="it left the calendar"),
        pytest.param(
            [], {"prune": "none"}, [(("delete",), "p-1"), (("unchanged",), "p-2")], id="and nothing is pruned"
        ),
        pytest.param(
            [wanted(LAST, "Hello", id="hello")],
            {"prune": "none"},
            [(("delete",), "p-1"), (("replace",), "p-2")],
            id="it moved once more",
        ),
        pytest.param(
            [wanted(LAST, "Hello")], {}, [(("delete",), "p-1"), (("replace",), "p-2")], id="without an id"
        ),
        pytest.param(
            [wanted(SOON, "Other", id="hello")],
            {},
            [(("delete",), "p-1"), (("replace",), "p-2")],
            id="back in the old minute, with other words",
        ),
    ],
)
def test_only_one_of_two_halves_stays_whatever_the_calendar_says(
    desired: list[Post], settings: dict[str, Any], expected: list[tuple[tuple[str, ...], str]]
) -> None:
    assert sorted(fates(planned(desired, BOTH, HALF, **settings)), key=lambda fate: fate[1]) == expected


def test_the_old_half_stays_where_the_new_one_vanished_and_is_replaced_again() -> None:
    plan = planned([MOVED], [LIVE], HALF)

    assert said(only(plan)) == ("replace",)
    assert only(plan).copy == LISTED


@pytest.mark.parametrize(
    "new",
    [
        pytest.param("scheduled_declined", id="declined"),
        pytest.param("scheduled_reauth", id="waiting for its account"),
        pytest.param("draft", id="made a draft"),
    ],
)
def test_the_old_half_stays_where_the_new_one_is_not_as_it_should_be(new: str) -> None:
    """Somebody has to see to it; until then the old one is all that may be published."""
    plan = planned([MOVED], [LIVE, replace(BOTH[1], state=new)], HALF)

    assert [change.live.id for change in plan.changes if change.action is Action.DELETE and change.live] == []
    assert LIVE.id not in [change.live.id for change in plan.changes if change.live and change.blocks == ()]


def test_an_old_half_that_someone_edited_is_kept_until_someone_decides() -> None:
    edited = replace(LIVE, text="Edited")

    assert said(only(planned([MOVED], [edited, BOTH[1]], HALF))) == ("blocked", "edited", "would replace")
    assert said(only(planned([MOVED], [edited, BOTH[1]], HALF, edits="overwrite"))) == ("replace",)


def test_of_three_copies_all_but_one_go() -> None:
    third = wanted(LAST, "Hello", id="hello")
    state = ledger(*HALF.copies.values(), copy_of(third, 3, post_id="p-3", entry=1))

    plan = planned([third], [*BOTH, shown(LAST, id="p-3")], state, limits=Limits(delete=0))

    assert fates(plan) == [(("delete",), "p-2"), (("replace",), "p-1")]
    assert plan.refusals == ()


@pytest.mark.parametrize("edits", ["ask", "overwrite"])
def test_the_old_half_goes_where_someone_edited_the_new_one(edits: str) -> None:
    """Both would be published while nobody decides."""
    plan = planned([MOVED], [LIVE, replace(BOTH[1], text="Edited")], HALF, edits=edits)

    fate = ("update",) if edits == "overwrite" else ("blocked", "edited", "would update")
    assert fates(plan) == [(("delete",), "p-1"), (fate, "p-2")]


# --- after a hold -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "seen_as_draft", "now_draft", "comes_back_as_draft"),
    [
        pytest.param(False, False, False, False, id="a post comes back as a post"),
        pytest.param(True, True, True, True, id="a draft as a draft"),
        pytest.param(True, False, True, False, id="a draft that someone had scheduled as they wanted it"),
        pytest.param(False, False, True, True, id="a post that the calendar made a draft since as a draft"),
        pytest.param(True, True, False, False, id="a draft that the calendar scheduled since as a post"),
    ],
)
def test_what_a_hold_took_out_comes_back_as_it_is_wanted(
    was: bool, seen_as_draft: bool, now_draft: bool, comes_back_as_draft: bool
) -> None:
    old = wanted(SOON, "Hello", id="hello", draft=was)
    held = replace(copy_of(old, seen=Seen(SOON, "Hello", draft=seen_as_draft)), held=True)
    new = only(
        planned(
            [replace(old, content=replace(old.content, draft=now_draft))],
            [],
            ledger(held.ending(End.REMOVED, NOW)),
        )
    )
    assert said(new) == ("create",)
    assert (new.post.draft, new.by_hand) == (comes_back_as_draft, was and now_draft and not seen_as_draft)


def test_only_what_a_hold_took_out_comes_back_as_someone_had_scheduled_it() -> None:
    """A draft that someone scheduled and that Publer could not publish is a draft again at its new time."""
    old = wanted(SOON, "Hello", id="hello", draft=True)
    failed = copy_of(old, seen=Seen(SOON, "Hello")).ending(End.FAILED, NOW)
    new = only(planned([replace(old, at=LATER)], [], ledger(failed)))
    assert (said(new), new.post.draft, new.by_hand) == (("create",), True, False)


def test_a_draft_that_publer_scheduled_and_a_hold_took_out_comes_back_as_a_draft() -> None:
    """Nobody wanted it scheduled: the list that showed it first had it so."""
    old = wanted(SOON, "Hello", id="hello", draft=True)
    held = replace(copy_of(old, seen=Seen(SOON, "Hello")), held=True, turned_up="scheduled")
    new = only(planned([replace(old, at=LATER)], [], ledger(held.ending(End.REMOVED, NOW))))
    assert (said(new), new.post.draft, new.by_hand) == (("create",), True, False)


def test_a_post_of_this_very_moment_has_passed() -> None:
    assert said(only(planned([wanted(NOW)], [], ledger()))) == ("past",)
    assert said(only(planned([wanted(NOW + 2 * MINUTE)], [], ledger()))) == ("create",)


# --- posts without a time -----------------------------------------------------------------------------------------------


@each_of(
    ("waiting", "waits"),
    [
        (wanted(NOW, "Other words", id="hello"), True),
        (wanted(NOW, "Hello", id="other"), True),
        (wanted(NOW, "Hello"), True),
        (wanted(NOW, "Other words", id="other"), False),
        (wanted(NOW, "Hello", id="hello", account=LINKEDIN), False),
    ],
)
def test_a_post_that_waits_for_a_slot_stays_in_publer_and_has_not_left(waiting: Post, waits: bool) -> None:
    """It is the one with its id on the same account, else the one that says the same there, as for a post with a time."""
    ours = copy_of(wanted(SOON, "Hello", id="hello"))
    plan = planned([], [shown(SOON)], ledger(ours), waiting=[waiting])
    assert said(only(plan)) == ("unchanged" if waits else "delete",)
    assert plan.left == (set() if waits else {1})


def test_a_post_without_an_id_waits_by_what_it_says() -> None:
    plan = planned([], [shown(SOON)], ledger(copy_of(wanted(SOON))), waiting=[wanted(NOW)])
    assert said(only(plan)) == ("unchanged",)
    changed = planned([], [shown(SOON)], ledger(copy_of(wanted(SOON))), waiting=[wanted(NOW, "Other words")])
    assert said(only(changed)) == ("delete",)


def test_a_post_that_gets_an_id_while_it_loses_its_time_stays_in_publer() -> None:
    plan = planned([], [shown(SOON)], ledger(copy_of(wanted(SOON))), waiting=[wanted(NOW, id="hello")])
    assert said(only(plan)) == ("unchanged",)
    assert plan.left == set()


def test_a_post_that_waits_keeps_one_of_several_alike_the_first() -> None:
    """Those of a series, say, that became a single post without a time: the others left the calendar."""
    state = ledger(copy_of(wanted(LATER)), copy_of(wanted(SOON), key=2, post_id="p-2"))
    plan = planned([], [shown(LATER), shown(SOON, id="p-2")], state, waiting=[wanted(NOW)])
    assert [(change.at, said(change)) for change in plan.changes] == [
        (SOON, ("unchanged",)),
        (LATER, ("delete",)),
    ]


def test_a_plan_knows_which_uploads_are_there_already() -> None:
    state = ledger(media={"sha256:a": {"id": "m-1"}})
    assert planned([wanted(SOON)], [], state).inventory.media == {"sha256:a"}
    assert planned([wanted(SOON)], [], None).inventory.media == frozenset()
