"""What a whole apply comes to in a Publer in memory: each way of a post, and what stops the run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from publer_sync.ledger.copies import End
from publer_sync.planning.allow import Allow
from publer_sync.planning.planner import Scope
from publer_sync.values.content import Content
from publer_sync.values.errors import Interrupted, PlanRefused, Refused, StateError
from publer_sync.values.model import MINUTE, Failure, Limits, MediaSource
from tests.applying.whole import Whole, applied
from tests.applying.whole_posts import COPY, DRAFT, LIVE, ONE, SWAP, TWO
from tests.builders import (
    DAY,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    TOMORROW,
    X,
    copy_of,
    ledger,
    shown,
    wanted,
)
from tests.tables import each_of

# --- each way ---------------------------------------------------------------------------------------------------------


def test_new_posts_and_drafts_are_sent_listed_and_noted() -> None:
    done = applied([ONE, TWO, DRAFT], Whole(), ledger())
    assert done.outcomes == {"One": "applied", "Two": "applied", "Draft": "applied"}
    assert done.publer.wrote == ["new One, Two", "draft Draft"]
    assert done.there == [("Draft", "draft"), ("One", "scheduled"), ("Two", "scheduled")]
    for copy in done.run.state.copies.values():
        assert copy.post_id in done.publer.live
        assert copy.verified_at is not None
    assert done.report.exit_code == 0
    assert done.run.state.last_good_apply == done.run.state.last_apply
    assert not done.run.sent or done.report.error is None


def test_words_are_edited_in_place_and_everything_else_is_replaced() -> None:
    better, moved = replace(ONE, content=wanted(SOON, "Better").content), replace(TWO, at=TOMORROW)
    live = [LIVE, shown(LATER, "Two", id="p-2")]
    done = applied([better, moved], Whole(*live), ledger(COPY, copy_of(TWO, 2, post_id="p-2")))
    assert done.outcomes == {"Better": "applied", "Two": "applied"}
    assert done.publer.wrote == ["edit p-1", "new Two", "remove p-2"]
    assert done.there == [("Better", "scheduled"), ("Two", "scheduled")]
    assert {copy.end for copy in done.run.state.copies.values()} == {None, End.REMOVED}


def test_words_that_publer_rewrites_as_it_takes_an_edit_are_those_that_were_sent() -> None:
    """Its answer has them as its list does: nobody else edited the post."""

    class Rewrites(Whole):
        def update(self, post_id: str, *, text: str, title: str | None) -> Any:
            super().update(post_id, text=text, title=title)
            return self.live[post_id]

    better = replace(ONE, content=Content("Better words"))
    publer = Rewrites(LIVE, puts=lambda _, new: replace(new, text="Better, rewritten"))
    done = applied([better], publer, ledger(COPY))
    assert (done.outcomes, done.publer.wrote) == ({"Better words": "applied"}, ["edit p-1"])
    assert done.run.state.copies[1].sent == better.content


def test_what_left_the_calendar_goes_last() -> None:
    done = applied([TWO], Whole(LIVE), ledger(COPY))
    assert done.publer.wrote == ["new Two", "remove p-1"]
    assert done.outcomes == {"-One": "applied", "Two": "applied"}
    assert done.run.state.facts[1].left
    assert done.run.state.copies[1].end is End.REMOVED


def test_a_second_apply_writes_nothing() -> None:
    done = applied([ONE], Whole(LIVE), ledger(COPY), files="f-1")
    assert (done.publer.wrote, done.report.unchanged, done.report.results) == ([], 1, ())
    assert done.run.state.files == "f-1"


def test_words_are_handed_on_one_post_after_the_other() -> None:
    """C gives its words to B, which gives its own to A: an edit waits for a new post, and a new one for the edit."""
    b, c = wanted(LATER, "B", id="b"), wanted(LAST, "C", id="c")
    live = [shown(LATER, "B", id="p-2"), shown(LAST, "C", id="p-3")]
    state = ledger(copy_of(b, 2, post_id="p-2"), copy_of(c, 3, post_id="p-3"))
    desired = [
        wanted(SOON, "B", id="a"),
        replace(b, content=wanted(LATER, "C").content),
        replace(c, at=TOMORROW, content=wanted(LAST, "Other").content),
    ]
    done = applied(desired, Whole(*live), state)
    assert set(done.outcomes.values()) == {"applied"}
    assert done.publer.wrote == ["new Other", "remove p-3", "edit p-2", "new B"]
    stuck = applied(
        desired,
        Whole(*live, errors={"edit": [Refused("no")]}),
        ledger(copy_of(b, 2, post_id="p-2"), copy_of(c, 3, post_id="p-3")),
    )
    assert stuck.outcomes == {"B": "not_tried", "C": "failed", "Other": "applied"}


def test_words_are_not_sent_once_more_where_the_post_that_has_them_keeps_them() -> None:
    desired = [wanted(LAST, "Two", id="one", labels=["new"]), wanted(TOMORROW, "Three", id="two")]
    publer = Whole(
        LIVE,
        shown(LATER, "Two", id="p-2"),
        makes=lambda post: Failure("no", X.id) if post.text == "Three" else post,
    )
    done = applied(desired, publer, ledger(COPY, copy_of(TWO, 2, post_id="p-2")))
    assert done.publer.wrote == ["new Three"]
    assert done.there == [("One", "scheduled"), ("Two", "scheduled")]
    assert done.outcomes == {"Two": "not_tried", "Three": "failed"}


def test_an_option_for_one_post_lets_through_no_words_that_another_one_still_has() -> None:
    moved = [replace(live, at=(live.at or NOW) + 30 * MINUTE) for live in SWAP[1]]
    state = ledger(COPY, copy_of(TWO, 2, post_id="p-2"))
    desired = [replace(ONE, content=wanted(SOON, "Other").content), replace(TWO, content=ONE.content)]
    named = Allow(edits=frozenset({"two"}))
    done = applied(desired, Whole(*moved), state, allow=named)
    assert (done.outcomes, done.publer.wrote) == ({"Other": "not_tried", "One": "not_tried"}, [])
    both = applied(desired, Whole(*moved), state.clone(), allow=Allow(edits=True))
    assert set(both.outcomes.values()) == {"applied"}


def test_what_is_published_next_is_the_next_managed_post_ahead() -> None:
    others = [
        shown(NOW + HOUR, "A colleague's", id="f-1"),
        shown(NOW - HOUR, "Out", id="p-2", state="published"),
    ]
    draft = shown(LAST, "Draft", id="p-3", state="draft")
    state = ledger(COPY, copy_of(DRAFT, 3, post_id="p-3"))
    done = applied([ONE, DRAFT], Whole(LIVE, draft, *others), state)
    assert done.report.next_out == (SOON, "x", "One")
    sooner = replace(draft, at=NOW + HOUR)
    done = applied([ONE, replace(DRAFT, at=NOW + HOUR)], Whole(LIVE, sooner, *others), state.clone())
    assert done.report.next_out == (SOON, "x", "One"), "no draft is"
    some = applied([ONE, DRAFT], Whole(LIVE, draft, *others), state, scope=Scope(frozenset({LINKEDIN.id})))
    assert some.report.next_out == (SOON, "x", "One"), "also by its alias where its account is left out"
    assert applied([], Whole(), ledger()).report.next_out is None


@each_of(("draft", "twice"), [(False, (1, SOON)), (True, None)])
def test_a_replace_that_was_cut_off_says_until_when_both_are_there(draft: bool, twice: Any) -> None:
    old = wanted(SOON, "One", id="one", draft=draft)
    live = shown(SOON, "One", state="draft" if draft else "scheduled")
    publer = Whole(live, errors={"remove": [PlanRefused("no")]})
    done = applied([replace(old, at=TOMORROW)], publer, ledger(copy_of(old)))
    assert done.report.error is not None
    assert done.report.twice == twice


def test_only_what_both_are_ahead_may_be_published_twice() -> None:
    old = copy_of(wanted(NOW - HOUR, id="one"))
    state = ledger(old, copy_of(wanted(SOON, id="one"), 2, post_id="p-2", entry=1))
    done = applied([DRAFT], Whole(errors={"draft": [PlanRefused("no")]}), state)
    assert done.report.error is not None
    assert done.report.twice is None


def test_a_missed_post_is_not_excused_before_anybody_was_told() -> None:
    done = applied([wanted(NOW - HOUR, "Late", id="late")], Whole(), ledger())
    assert done.outcomes == {"Late": "not_tried"}
    assert done.run.state.excused == set()


@each_of(("at", "outcome"), [(SOON, "waiting"), (NOW + HOUR, "not_tried")])
def test_a_post_whose_page_does_not_answer_waits_until_its_time_is_near(at: Any, outcome: str) -> None:
    page = "https://example.com/new"
    post = replace(wanted(at, "One", id="one"), when_live=page)
    done = applied([post], Whole(), ledger(), unanswered={page: "answers 404"})
    assert (done.outcomes, done.publer.wrote) == ({"One": outcome}, [])
    assert done.run.state.files is None


def test_what_stays_in_publer_though_it_left_the_calendar_is_not_touched() -> None:
    done = applied([], Whole(LIVE), ledger(COPY), prune="none", files="f-1")
    assert (done.publer.wrote, done.report.results) == ([], ())
    assert done.run.state.copies[1].sent == COPY.sent


def test_a_post_that_somebody_moved_to_another_account_is_there_once_nothing_is_left_on_the_old_one() -> None:
    there = replace(ONE, account=LINKEDIN)
    moved = replace(COPY, moved_to=LINKEDIN.id)
    other = copy_of(TWO, 2, post_id="p-2")
    live = [shown(SOON, "One", account=LINKEDIN), shown(LATER, "Two", id="p-2")]
    done = applied([there, TWO], Whole(*live), ledger(moved, other))
    assert {key: (copy.account, copy.moved_to) for key, copy in done.run.state.copies.items()} == {
        1: (LINKEDIN.id, ""),
        2: (X.id, ""),
    }
    half = copy_of(replace(ONE, at=LATER), 2, post_id="p-2", entry=1)
    both = applied(
        [there], Whole(live[0], shown(LATER, "One", id="p-2")), ledger(moved, half), stop=lambda: True
    )
    assert [copy.on for copy in both.run.state.copies.values()] == [LINKEDIN.id, X.id]


def test_the_next_post_of_one_that_somebody_moved_takes_its_entry_along_and_no_other() -> None:
    there = replace(ONE, account=LINKEDIN, at=LAST)
    other = copy_of(TWO, 2, post_id="p-2")
    live = [shown(SOON, "One", account=LINKEDIN), shown(LATER, "Two", id="p-2")]
    done = applied([there, TWO], Whole(*live), ledger(replace(COPY, moved_to=LINKEDIN.id), other))
    assert done.outcomes == {"One": "applied"}
    assert [copy.account for copy in done.run.state.copies.values()] == [LINKEDIN.id, X.id, LINKEDIN.id]


@each_of("refuses", [True, False])
def test_a_post_whose_picture_did_not_come_is_not_sent(refuses: bool) -> None:
    source = MediaSource("sha256:a", path=Path("a.png"))
    content = Content.from_json({"text": "Look", "type": "photo", "media": [{"file": source.digest}]})
    post = replace(wanted(SOON, id="look"), content=content, media=(source,))
    done = applied([post, TWO], Whole(error=Refused("too large") if refuses else None), ledger())
    assert done.outcomes == {"Look": "failed" if refuses else "applied", "Two": "applied"}
    assert ("new Look" in " ".join(done.publer.wrote)) is not refuses


def test_what_is_done_is_saved_before_an_upload_that_may_take_long() -> None:
    source = MediaSource("sha256:a", path=Path("a.png"))
    content = Content.from_json({"text": "Look", "type": "photo", "media": [{"file": source.digest}]})
    look = replace(wanted(LAST, id="look"), content=content, media=(source,))
    saved: list[set[str]] = [set()]
    known: list[set[str]] = []

    class Slow(Whole):
        def upload(self, *args: Any, **more: Any) -> dict[str, Any]:
            known.append(saved[-1])
            return super().upload(*args, **more)

    def save(state: Any, within: float = 0) -> None:
        saved.append({copy.text for copy in state.copies.values() if copy.post_id})

    applied([ONE, look], Slow(), ledger(), save=save)
    assert known == [{"One"}]


# --- who stops it -------------------------------------------------------------------------------------------------------


def test_a_run_that_is_stopped_says_what_it_did_not_try() -> None:
    done = applied([ONE, TWO], Whole(), ledger(), stop=lambda: True)
    assert isinstance(done.report.error, Interrupted)
    assert done.outcomes == {"One": "not_tried", "Two": "not_tried"}
    assert done.publer.wrote == []
    assert done.run.state.last_apply == NOW - DAY


def test_without_a_ledger_nothing_leaves() -> None:
    def save(_: object, within: float = 0) -> None:
        raise StateError("the disk is full")

    done = applied([ONE], Whole(), ledger(), save=save)
    assert isinstance(done.report.error, StateError)
    assert done.publer.wrote == []


def test_an_intent_is_saved_before_its_request_leaves_and_its_job_before_anything_else() -> None:
    publer = Whole()
    saved: list[tuple[int, list[str | None]]] = []

    def save(state: Any, within: float = 0) -> None:
        saved.append((len(publer.wrote), [copy.job_id for copy in state.copies.values()]))

    applied([ONE], publer, ledger(), save=save)
    assert (0, [None]) in saved, "the intent, while nothing is sent"
    assert (1, ["j-0"]) in saved

    saved.clear()
    publer = Whole(LIVE)
    applied([replace(ONE, at=LATER), replace(TWO, at=SOON)], publer, ledger(COPY), save=save)
    assert publer.wrote == ["new One", "remove p-1", "new Two"]
    assert (2, [None, "j-0", None]) in saved, "also that of what waited for its minute"

    saved.clear()
    publer = Whole(LIVE)

    def removing(state: Any, within: float = 0) -> None:
        saved.append((len(publer.wrote), [copy.job_id for copy in state.copies.values() if copy.removing_at]))

    applied([], publer, ledger(COPY), save=removing, limits=Limits(delete=9))
    assert (0, [None]) in saved, "a removal, too"


def test_a_ledger_that_could_not_be_saved_is_not_written_once_more() -> None:
    saved = []

    def save(_: object, within: float = 0) -> None:
        saved.append(within)
        raise StateError("the disk is full")

    done = applied([ONE], Whole(), ledger(), save=save)
    assert (done.report.exit_code, len(saved)) == (StateError("").exit_code, 1)
