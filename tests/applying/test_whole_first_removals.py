"""The first removal through a key: it goes alone, and nothing else may leave Publer with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.copies import Seen
from publer_sync.planning.allow import Allow
from publer_sync.values.errors import (
    FirstContactError,
    Interrupted,
    PlanRefused,
    PublerSyncError,
    StateError,
    Unclear,
)
from publer_sync.values.model import MINUTE, LivePost
from tests.applying.whole import SEEN, Applied, Whole, applied
from tests.applying.whole_posts import ALL_BUT_REMOVALS, COPY, HALF, LIVE, ONE, SWAP, TWO, changed_since
from tests.builders import LAST, LATER, LINKEDIN, NOW, SOON, TOMORROW, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post


class TakesMore(Whole):
    """Each removal takes a colleague's post along."""

    def delete(self, ids: Any) -> frozenset[str]:
        gone = super().delete(ids)
        self.live.pop("f-1", None)
        return gone


def test_the_first_removal_goes_alone_and_nothing_may_go_with_it() -> None:
    live = [LIVE, shown(LATER, "Two", id="p-2"), shown(TOMORROW, "A colleague's", id="f-1")]
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    desired = [wanted(LAST, "Three", id="three")]
    fine = applied(
        desired, Whole(*live), state, contact=replace(SEEN, verified=("create", "draft", "update"))
    )
    assert fine.publer.wrote == ["new Three", "remove p-1", "remove p-2"]
    assert "delete" in fine.run.state.contact.verified

    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    lost = applied(
        desired, TakesMore(*live), state, contact=replace(SEEN, verified=("create", "draft", "update"))
    )
    assert lost.publer.wrote == ["new Three", "remove p-1"]
    assert isinstance(lost.report.error, FirstContactError)
    assert "A colleague's" in lost.report.error.message


GOING = [LIVE, shown(LATER, "Two", id="p-2")]


def removing(publer: Whole, **more: Any) -> Applied:
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    return applied([wanted(LAST, "Three", id="three")], publer, state, contact=ALL_BUT_REMOVALS, **more)


def test_a_first_removal_that_came_to_nothing_verifies_none() -> None:
    touched = removing(Whole(*GOING), meanwhile=changed_since(text="By hand"))
    assert touched.outcomes == {"-One": "not_tried", "-Two": "applied", "Three": "applied"}
    refused = removing(Whole(*GOING, stays=["p-1"]))
    assert refused.outcomes == {"-One": "failed", "-Two": "applied", "Three": "applied"}
    silent = removing(Whole(*GOING, errors={"remove": [Unclear("no answer")]}))
    assert silent.outcomes == {"-One": "unverified", "-Two": "not_tried", "Three": "applied"}
    assert "delete" not in silent.run.state.contact.verified


@pytest.mark.parametrize("allowed", [False, True])
def test_a_first_removal_that_publer_confirms_and_still_lists_ends_the_run_unless_that_is_allowed(
    allowed: bool,
) -> None:
    class Keeps(Whole):
        def delete(self, ids: Any) -> frozenset[str]:
            self._begin("remove", " ".join(ids))
            if "p-1" not in ids:
                self.live = {key: post for key, post in self.live.items() if key not in ids}
            return frozenset(ids)

    done = removing(Keeps(*GOING), allow=Allow(rewritten=allowed))
    assert isinstance(done.report.error, FirstContactError) is not allowed
    assert len([each for each in done.publer.wrote if each.startswith("remove")]) == (2 if allowed else 1)
    assert bool(done.run.state.contact.doubts) is not allowed


@each_of(
    "lost",
    [
        {"state": "draft"},
        {"state": "published"},
        {"at": NOW + MINUTE},
    ],
)
def test_what_leaves_with_a_first_removal_by_itself_or_on_request_ends_nothing(lost: dict[str, Any]) -> None:
    """One that is due, one that is not listed as ahead, and one that another calendar removes at that moment."""

    other = replace(shown(TOMORROW, "Another", id="f-1"), **lost)
    done = removing(TakesMore(*GOING, other))
    is_lost = lost.get("state") == "draft"
    assert (done.report.error is not None) is is_lost
    theirs = replace(copy_of(wanted(TOMORROW, "Another"), 1, post_id="f-1"), removing_at=NOW)
    done = removing(TakesMore(*GOING, shown(TOMORROW, "Another", id="f-1")), known={"acme": ledger(theirs)})
    assert done.report.error is None
    unasked = replace(theirs, removing_at=None)
    done = removing(TakesMore(*GOING, shown(TOMORROW, "Another", id="f-1")), known={"acme": ledger(unasked)})
    assert done.report.error is not None


def test_a_post_of_ours_that_leaves_with_a_first_removal_is_lost_too() -> None:
    class TakesMore(Whole):
        def delete(self, ids: Any) -> frozenset[str]:
            gone = super().delete(ids)
            self.live.pop("p-3", None)
            return gone

    state = ledger(COPY, copy_of(wanted(LAST, "Three", id="three"), 3, post_id="p-3"))
    live = [LIVE, shown(LAST, "Three", id="p-3")]
    done = applied([wanted(LAST, "Three", id="three")], TakesMore(*live), state, contact=ALL_BUT_REMOVALS)
    assert isinstance(done.report.error, FirstContactError)


def test_what_is_done_at_the_first_look_is_looked_for_no_further() -> None:
    better = replace(ONE, content=wanted(SOON, "Better").content)
    assert applied([better], Whole(LIVE), ledger(COPY)).publer.clock.slept == 0
    assert removing(Whole(*GOING)).publer.clock.slept <= 2, "the new post alone is waited for"


def test_a_short_list_verifies_no_removal() -> None:
    done = removing(Whole(*GOING, short=1))
    assert "delete" not in done.run.state.contact.verified


# --- while Publer still lists it ------------------------------------------------------------------------------------


@each_of(
    "desired",
    [
        [replace(ONE, at=TOMORROW), TWO],
        [wanted(SOON, "One", id="one", labels=["new"]), TWO],
        SWAP[0],
    ],
)
def test_nothing_is_replaced_while_publer_still_lists_the_first_post_that_was_removed(
    desired: list[Post],
) -> None:
    """The new post would be published beside the old one. What replaces nothing is sent all the same."""
    kept, new = wanted(LAST, "Kept", id="kept"), replace(wanted(LAST, "New", id="new"), account=LINKEDIN)
    live = [*SWAP[1], shown(LAST, "Kept", id="p-3")]
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"), copy_of(kept, 3, post_id="p-3"))
    doubting = replace(SEEN, verified=("create", "draft", "update"), doubts={"delete": 3})
    done = applied([*desired, kept, new], Whole(*live), state, contact=doubting)
    assert done.publer.wrote == ["new New"]
    assert isinstance(done.report.error, FirstContactError)
    assert done.outcomes["One"] == "not_tried"
    assert not any(copy.unsettled for copy in done.run.state.copies.values())


@each_of(
    ("desired", "live", "others", "words"),
    [
        ([HALF[0]], HALF[1], [replace(copy_of(HALF[0], 2, post_id="p-2"), entry=1)], "One"),
        ([], [LIVE], [], "-One"),
        (
            [wanted(LAST, "Waits", id="waits")],
            [LIVE, shown(LAST, "Old", id="p-2")],
            [copy_of(wanted(TOMORROW, "Old", id="old"), 2, post_id="p-2", seen=Seen(LAST, "Old"))],
            "Waits",
        ),
        (
            [replace(TWO, content=ONE.content)],
            SWAP[1],
            [copy_of(TWO, 2, post_id="p-2")],
            "One",
        ),
    ],
)
def test_what_waits_for_no_removal_is_sent_while_publer_still_lists_the_first_post_that_was_removed(
    desired: list[Post], live: list[LivePost], others: list[Copy], words: str
) -> None:
    """Be that the old half of a replace, or a post that left the calendar. What waits for a minute or words goes on waiting."""
    new = replace(wanted(LAST, "New", id="new"), account=LINKEDIN)
    doubting = replace(ALL_BUT_REMOVALS, doubts={"delete": 1})
    done = applied([*desired, new], Whole(*live), ledger(COPY, *others), contact=doubting)
    assert done.publer.wrote == ["new New"]
    assert isinstance(done.report.error, FirstContactError)
    assert (done.outcomes["New"], done.outcomes[words]) == ("applied", "not_tried")
    assert not any(copy.unsettled for copy in done.run.state.copies.values())


def test_nothing_more_is_replaced_where_it_is_not_known_what_became_of_the_first_removal() -> None:
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    moved = [replace(ONE, at=TOMORROW), replace(TWO, at=LAST)]
    publer = Whole(*SWAP[1], errors={"remove": [Unclear("no answer")]})
    done = applied(moved, publer, state, contact=replace(SEEN, verified=("create", "draft", "update")))
    assert [each.split()[0] for each in done.publer.wrote] == ["new", "remove"]
    assert sorted(done.outcomes.values()) == ["failed", "not_tried"]


# --- it took something else along -----------------------------------------------------------------------------------


def taking_more(*swap: Post, **more: Any) -> Applied:
    """A swap whose first_applied removal, which is the ledger's first_applied one too, takes a colleague's post along."""
    theirs, save = shown(TOMORROW, "A colleague's", id="f-1"), more.pop("save", lambda _, within=0: None)
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    publer = TakesMore(*SWAP[1], theirs, **more)
    return applied([*SWAP[0], *swap], publer, state, contact=ALL_BUT_REMOVALS, save=save)


def test_what_made_room_goes_back_where_the_first_removal_took_something_else_along() -> None:
    """Nothing else is sent: no new post, and above all no second removal."""
    done = taking_more(replace(wanted(SOON, "Three", id="three"), account=LINKEDIN))
    assert done.publer.wrote == ["remove p-2", "new Two"]
    assert isinstance(done.report.error, FirstContactError)
    assert {post.text: post.at for post in done.publer.live.values()} == {"One": SOON, "Two": LATER}
    assert done.why("Two").endswith("the old post was put back")
    assert (done.outcomes["One"], done.outcomes["Three"]) == ("not_tried", "not_tried")
    assert not any(copy.unsettled for copy in done.run.state.copies.values())


@each_of("error", [Interrupted("stopped, as asked"), PlanRefused("locked")])
def test_what_a_first_removal_took_along_is_told_also_where_the_run_is_stopped_before_its_own_post_is_back(
    error: PublerSyncError,
) -> None:
    done = taking_more(errors={"new": [error]})
    assert done.publer.wrote == ["remove p-2", "new Two"]
    assert isinstance(done.report.error, FirstContactError)
    assert "A colleague's" in done.report.error.message
    assert done.report.error.message.endswith(f"; then the run was stopped: {error.message}")
    assert done.why("Two").startswith("its old post was taken out to make room")
    assert done.outcomes == {"One": "not_tried", "Two": "failed"}


def test_what_a_first_removal_took_along_is_told_also_where_the_ledger_cannot_be_saved() -> None:
    def save(state: State, within: float = 0) -> None:
        if any(copy.text == "Two" and copy.awaiting for copy in state.copies.values()):
            raise StateError("disk full")

    done = taking_more(save=save)
    assert isinstance(done.report.error, StateError)
    [note] = done.report.notes
    assert "A colleague's" in note.message
