"""What somebody does in Publer between the plan and the write: their edits stay, and nothing is published twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.values.model import MINUTE, LivePost
from tests.applying.whole import SEEN, Whole, applied
from tests.applying.whole_posts import COPY, HALF, LIVE, ONE, SWAP, TWO, ByDay, at_the_question, changed_since
from tests.builders import DAY, LAST, LATER, LINKEDIN, NOW, SOON, TOMORROW, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.model import Post


def _gone(publer: Whole) -> None:
    publer.clock.slept += 120
    del publer.live["p-1"]


@each_of(
    ("meanwhile", "outcome", "why"),
    [
        (changed_since(text="By hand"), "not_tried", "someone edited it in Publer meanwhile"),
        (changed_since(at=LATER), "not_tried", "someone edited it in Publer meanwhile"),
        (changed_since(state="published"), "not_tried", "it was published meanwhile"),
        (_gone, "not_tried", "someone removed it in Publer meanwhile"),
    ],
)
def test_a_post_that_somebody_touched_since_the_plan_is_left_alone(
    meanwhile: Any, outcome: str, why: str
) -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    done = applied([better], Whole(LIVE), ledger(COPY), meanwhile=meanwhile)
    assert (done.outcomes, done.publer.wrote) == ({"Better": outcome}, [])
    assert done.why("Better") == why
    done = applied([TWO], Whole(LIVE), ledger(COPY), meanwhile=meanwhile)
    assert done.publer.wrote == ["new Two"]
    assert done.outcomes["-One"] == outcome


def test_a_move_that_was_published_meanwhile_is_not_published_twice() -> None:
    done = applied(
        [replace(ONE, at=TOMORROW)], Whole(LIVE), ledger(COPY), meanwhile=changed_since(state="published")
    )
    assert done.outcomes == {"One": "not_tried"}
    assert done.there == [("One", "published")]


def test_an_old_post_that_is_published_before_the_new_one_is_listed_takes_the_new_one_away_again() -> None:
    publer = Whole(LIVE)

    def makes(post: LivePost) -> LivePost:
        publer.live["p-1"] = replace(LIVE, state="published")
        return post

    publer.makes = makes
    done = applied([replace(ONE, at=TOMORROW)], publer, ledger(COPY))
    assert done.outcomes == {"One": "not_tried"}
    assert done.there == [("One", "published")]


@each_of("moved", [replace(LIVE, at=TOMORROW + 9 * DAY), replace(LIVE, account_id=LINKEDIN.id)])
@pytest.mark.parametrize("first", [TWO, wanted(LATER, "Two", id="two", labels=["new"])])
def test_a_post_that_somebody_moved_to_any_day_or_account_meanwhile_is_not_made_again(
    moved: LivePost, first: Post
) -> None:
    """Where a list of its old day lacks it, also one that was made for another post, it is looked for everywhere."""
    done = applied(
        [replace(ONE, at=TOMORROW), first],
        ByDay(*SWAP[1]),
        ledger(COPY, copy_of(TWO, 2, post_id="p-2")),
        meanwhile=at_the_question(p_1=moved),
    )
    assert done.outcomes["One"] == "not_tried"
    assert [post for post in done.publer.live.values() if post.text == "One"] == [moved]


@each_of(
    "moved",
    [
        replace(LIVE, at=TOMORROW + 9 * DAY),
        replace(LIVE, account_id=LINKEDIN.id),
        replace(LIVE, at=None, state="draft"),
    ],
)
@pytest.mark.parametrize("first", ["", "create"])
@pytest.mark.parametrize("short", [(), (3,)])
def test_where_somebody_moved_a_post_to_is_listed_as_long_as_it_is_waited_for_the_new_one(
    moved: LivePost, first: str, short: tuple[int, ...]
) -> None:
    """Also where a later list is of everything, of the days that posts are on: one is short, or the first post is followed."""
    publer = ByDay(LIVE)
    publer.after_seconds, publer.short_ones = 3 * MINUTE.total_seconds() - 55, short
    done = applied(
        [replace(ONE, at=TOMORROW)],
        publer,
        ledger(COPY),
        contact=replace(SEEN, verified=tuple(kind for kind in SEEN.verified if kind != first)),
        meanwhile=at_the_question(p_1=moved),
    )
    assert done.outcomes == {"One": "not_tried"}
    assert done.publer.live == {"p-1": moved}


# --- two versions, of an apply that was cut off ---------------------------------------------------------------------


EDITED, AS_DRAFT = replace(LIVE, text="A colleague's"), replace(HALF[1][1], state="draft")


@each_of(
    ("changed", "outcome", "left"),
    [
        ({"p_2": None}, "unverified", {"p-1"}),
        ({"p_2": AS_DRAFT}, "failed", {"p-1", "p-2"}),
        ({"p_1": EDITED}, "not_tried", {"p-1", "p-2"}),
        ({"p_1": replace(LIVE, state="draft")}, "not_tried", {"p-1", "p-2"}),
        ({"p_1": None}, "applied", {"p-2"}),
        ({"p_1": None, "p_2": None}, "unverified", set()),
        ({"p_1": replace(LIVE, state="published")}, "not_tried", {"p-1"}),
        (
            {"p_1": replace(LIVE, state="published"), "p_2": replace(HALF[1][1], text="A colleague's")},
            "failed",
            {"p-1", "p-2"},
        ),
        (
            {"p_1": replace(LIVE, state="published"), "p_2": replace(HALF[1][1], account_id=LINKEDIN.id)},
            "failed",
            {"p-1", "p-2"},
        ),
    ],
)
def test_of_two_versions_that_an_earlier_apply_left_none_goes_that_somebody_made_the_last_one_or_edited(
    changed: dict[str, LivePost | None], outcome: str, left: set[str]
) -> None:
    """People see both in Publer, and decide for one of them while the question waits."""
    later, live = HALF
    state = ledger(COPY, replace(copy_of(later, 2, post_id="p-2"), entry=1))
    done = applied([later], Whole(*live), state, meanwhile=at_the_question(**changed))
    assert (done.outcomes, set(done.publer.live)) == ({"One": outcome}, left)


def test_of_two_versions_that_an_earlier_apply_left_the_new_one_goes_where_the_old_one_froze_meanwhile() -> (
    None
):
    """It is published, and the new one would be as well."""
    soon = NOW + 16 * MINUTE
    state = ledger(
        copy_of(wanted(soon, "One", id="one")), replace(copy_of(HALF[0], 2, post_id="p-2"), entry=1)
    )
    live = shown(soon, "One"), shown(LATER, "One", id="p-2")
    done = applied([HALF[0]], Whole(*live), state, meanwhile=at_the_question())
    assert (done.publer.wrote, done.outcomes) == (["remove p-2"], {"One": "not_tried"})
    assert done.why("One").endswith("within 15 minutes; the new one was removed again")


@each_of(
    ("changed", "told"),
    [
        ({"p_1": EDITED}, "; the new version is in Publer too: delete one of the two, or both are published"),
        ({"p_1": replace(LIVE, state="draft")}, "; the new version is in Publer too"),
        ({"p_1": EDITED, "p_2": AS_DRAFT}, "; the new version is in Publer too"),
        ({"p_1": EDITED, "p_2": None}, ""),
    ],
)
def test_of_an_edited_post_it_is_told_that_an_earlier_apply_left_its_new_version_too(
    changed: dict[str, LivePost | None], told: str
) -> None:
    later, live = HALF
    state = ledger(COPY, replace(copy_of(later, 2, post_id="p-2"), entry=1))
    done = applied([later], Whole(*live), state, meanwhile=at_the_question(**changed))
    assert done.why("One") == f"someone edited it in Publer meanwhile{told}"


@each_of(
    ("desired", "changed", "why"),
    [
        (
            [replace(ONE, at=TOMORROW), wanted(LAST, "Three", id="three")],
            {"p_2": AS_DRAFT},
            "Publer lists the new post in another state, draft, so the old one stays",
        ),
        (
            [replace(ONE, at=LAST), wanted(SOON, "Three", id="three")],
            {"p_2": None, "p_3": shown(LAST, "A colleague's", id="p-3")},
            "the new post is no longer in Publer, so the old one stays",
        ),
    ],
)
def test_an_old_version_stays_where_the_newer_one_that_was_to_be_replaced_cannot_take_its_place(
    desired: list[Post], changed: dict[str, LivePost | None], why: str
) -> None:
    """The newer one became a draft; or it is gone, and what the next one needs its minute from stays."""
    later, live = HALF
    three = copy_of(wanted(LAST, "Three", id="three"), 3, post_id="p-3")
    state = ledger(COPY, replace(copy_of(later, 2, post_id="p-2"), entry=1), three)
    publer = Whole(*live, shown(LAST, "Three", id="p-3"))
    done = applied(desired, publer, state, meanwhile=at_the_question(**changed))
    assert ("One", "scheduled") in done.there
    assert done.report.exit_code == 6
    assert why in {each.why.message for each in done.report.results if each.change.post is None}
