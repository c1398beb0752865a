"""The first edit through a key: sent alone, and the posts of a network where Publer did not keep it are replaced."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, Any

from publer_sync.values.errors import Refused, Unclear
from tests.applying.whole import Whole
from tests.applying.whole_posts import COPY, LIVE, ONE, TWO, changed_since, first_applied
from tests.builders import HOUR, LAST, LATER, LINKEDIN, SOON, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime


def test_the_first_edit_goes_alone_and_one_that_publer_did_not_keep_is_made_good_by_a_new_post() -> None:
    live = [LIVE, shown(LATER, "Two", id="p-2")]
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    better = [replace(post, content=wanted(SOON, f"Better {post.id}").content) for post in (ONE, TWO)]
    kept = first_applied(*better, publer=Whole(*live), state=state)
    assert kept.publer.wrote == ["edit p-1", "edit p-2"]
    assert "update" in kept.run.state.contact.verified
    lost = first_applied(
        *better,
        publer=Whole(*live, puts=lambda old, _: old),
        state=ledger(COPY, copy_of(TWO, 2, post_id="p-2")),
    )
    assert lost.publer.wrote[0] == "edit p-1"
    assert "edit p-2" not in lost.publer.wrote
    assert lost.outcomes == {"Better one": "applied", "Better two": "applied"}
    assert lost.there == [("Better one", "scheduled"), ("Better two", "scheduled")]
    assert lost.run.state.contact.replaces == ("twitter",)


def test_a_first_edit_of_what_somebody_touched_or_that_was_published_is_not_made_good() -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    touched = first_applied(
        better, publer=Whole(LIVE), state=ledger(COPY), meanwhile=changed_since(text="By hand")
    )
    assert (touched.outcomes, touched.publer.wrote) == ({"Better": "not_tried"}, [])
    out = Whole(LIVE, puts=lambda old, _: replace(old, state="published"))
    published = first_applied(better, publer=out, state=ledger(COPY))
    assert (published.outcomes, published.publer.wrote) == ({"Better": "failed"}, ["edit p-1"])
    gone = first_applied(better, publer=Whole(LIVE, puts=lambda *_: None), state=ledger(COPY))
    assert (gone.outcomes, gone.publer.wrote) == ({"Better": "failed"}, ["edit p-1"])


def test_an_edit_that_somebody_else_made_at_that_moment_is_not_undone() -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    done = first_applied(
        better, publer=Whole(LIVE, puts=lambda old, _: replace(old, text="A colleague's")), state=ledger(COPY)
    )
    assert done.publer.wrote == ["edit p-1"]
    assert done.there == [("A colleague's", "scheduled")]


def test_a_first_edit_without_an_answer_that_made_a_draft_of_the_post_is_told_and_not_made_good() -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    publer = Whole(
        LIVE, puts=lambda _, new: replace(new, state="draft"), after={"edit": [Unclear("no answer")]}
    )
    done = first_applied(better, publer=publer, state=ledger(COPY))
    assert (done.outcomes, done.publer.wrote) == ({"Better": "failed"}, ["edit p-1"])


BETTER = [replace(post, content=wanted(SOON, f"Better {post.id}").content) for post in (ONE, TWO)]
BOTH = [LIVE, shown(LATER, "Two", id="p-2")]


@each_of("puts", [lambda *_: None, lambda old, _: replace(old, state="published")])
def test_a_first_edit_under_which_a_post_that_was_ahead_is_gone_or_published_ends_edits(puts: Any) -> None:
    """All that the others would come to is the same."""
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    done = first_applied(*BETTER, publer=Whole(*BOTH, puts=puts), state=state)
    assert len(done.publer.wrote) == 1
    assert sorted(done.outcomes.values()) == ["failed", "not_tried"]


def test_what_a_colleague_edited_since_the_plan_stays_where_a_first_edit_is_made_good_by_a_replace() -> None:
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))

    def meanwhile(publer: Whole) -> None:
        publer.live["p-2"] = replace(publer.live["p-2"], text="By hand")

    publer = Whole(*BOTH, puts=lambda old, _: old)
    done = first_applied(*BETTER, publer=publer, state=state, meanwhile=meanwhile)
    assert done.outcomes == {"Better one": "applied", "Better two": "not_tried"}
    assert publer.live["p-2"].text == "By hand"


def test_an_edit_that_publer_did_not_keep_says_nothing_of_other_networks() -> None:
    there = replace(TWO, account=LINKEDIN)
    live = [LIVE, shown(LATER, "Two", id="p-2", account=LINKEDIN)]
    state = ledger(COPY, copy_of(there, 2, post_id="p-2"))
    better = [replace(post, content=wanted(SOON, f"Better {post.id}").content) for post in (ONE, there)]
    publer = Whole(*live, puts=lambda old, new: old if old.id == "p-1" else new)
    done = first_applied(*better, publer=publer, state=state)
    assert done.outcomes == {"Better one": "applied", "Better two": "applied"}
    assert done.publer.wrote[:2] == ["edit p-1", "edit p-2"]


def test_a_first_edit_that_publer_did_not_answer_or_refused_thrice_ends_edits() -> None:
    posts = [wanted(SOON + n * HOUR, f"Post {n}", id=f"{n}") for n in range(5)]
    live = [shown(post.at, post.text, id=f"p-{n}") for n, post in enumerate(posts, 1)]
    better = [replace(post, content=wanted(SOON, f"Better {post.id}").content) for post in posts]

    def state() -> Any:
        return ledger(*(copy_of(post, n, post_id=f"p-{n}") for n, post in enumerate(posts, 1)))

    silent = first_applied(
        *better, publer=Whole(*live, errors={"edit": [Unclear("no answer")]}), state=state()
    )
    assert silent.publer.wrote == ["edit p-1"]
    assert sorted(silent.outcomes.values()) == ["not_tried"] * 4 + ["unverified"]
    refused = first_applied(*better, publer=Whole(*live, errors={"edit": [Refused("no")] * 9}), state=state())
    assert len(refused.publer.wrote) == 3
    assert sorted(refused.outcomes.values()) == ["failed"] * 3 + ["not_tried"] * 2


@each_of(
    ("publer", "there"),
    [
        ({"errors": {"edit": [Refused("no")]}}, [("One", "scheduled"), ("Two", "scheduled")]),
        ({"errors": {"edit": [Unclear("lost")]}}, [("One", "scheduled"), ("Two", "scheduled")]),
        (
            {"puts": lambda old, _: replace(old, at=LATER + HOUR)},
            [("One", "scheduled"), ("Two", "scheduled")],
        ),
    ],
)
def test_no_other_post_gets_the_words_of_one_whose_first_edit_was_not_done(
    publer: dict[str, Any], there: list[tuple[str, str]]
) -> None:
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    desired = [replace(ONE, content=TWO.content), replace(TWO, content=wanted(LATER, "Three").content)]
    done = first_applied(*desired, publer=Whole(LIVE, shown(LATER, "Two", id="p-2"), **publer), state=state)
    assert done.publer.wrote == ["edit p-2"]
    assert done.there == there
    assert done.outcomes["Two"] == "not_tried"


@each_of("order", [*permutations((SOON, LATER, LAST))])
def test_nor_does_one_that_waits_for_a_post_that_waits_for_it(order: tuple[datetime, ...]) -> None:
    """The second edit is ended with the first one, and with it the third, wherever they stand."""
    posts = [
        wanted(at, text, id=name)
        for at, text, name in zip(order, ("One", "Two", "Three"), "abc", strict=True)
    ]
    said = ("New", "One", "Two")
    done = first_applied(
        *(replace(post, content=wanted(SOON, text).content) for post, text in zip(posts, said, strict=True)),
        publer=Whole(
            *(shown(post.at, post.text, id=f"p-{n}") for n, post in enumerate(posts, 1)),
            errors={"edit": [Refused("no")]},
        ),
        state=ledger(*(copy_of(post, n, post_id=f"p-{n}") for n, post in enumerate(posts, 1))),
    )
    assert {text for text, _ in done.there} == {"One", "Two", "Three"}
    assert done.publer.wrote == ["edit p-1"]
