"""What a hold takes out, what it leaves, and what it says of each, by what Publer lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from publer_sync.applying.report import NO_CAUSE, Outcome
from publer_sync.applying.run import Means
from publer_sync.holding.holder import (
    HIDDEN,
    LEFT_SETTINGS,
    PASSES,
    PUBLISHED,
    REPEATS,
    STILL_LISTED,
    UNCHECKED,
    UNLISTED,
    Holder,
)
from publer_sync.holding.scope import held
from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.values.model import Job, JobStatus, Listing
from tests.applying.runs import OTHER, OURS, FakePubler, Still
from tests.builders import (
    DAY,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    TOMORROW,
    X,
    copy_of,
    ledger,
    plan,
    sent,
    shown,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.applying.report import Cause
    from publer_sync.ledger.copies import Copy
    from publer_sync.publer.gateway import Publer
    from publer_sync.values.model import LivePost

HOLD = Hold("Accident in town", NOW)
LIVE, LIVE_SECOND = shown(SOON), shown(LATER, id="p-2")


class Quick(Still):
    def sleep(self, seconds: float) -> None:
        pass


class Paged(FakePubler):
    """With a first page of one state, and no list of what repeats."""

    def first_page(self, *, states: tuple[str, ...], **_: Any) -> Listing:
        return Listing(tuple(post for post in self.posts() if str(post.family) in states))

    def repeating(self, **_: Any) -> Listing:
        return Listing()

    def job(self, *_: Any, **__: Any) -> Job:
        return Job(JobStatus.COMPLETE)


def holder(*copies: Copy, live: tuple[LivePost, ...] = (), short: int = 0, **more: Any) -> Holder:
    publer = more.pop("publer", None) or Paged(*live, short=short)
    made = Holder(
        Means(cast("Publer", publer), lambda *_: None, Quick(), poll_seconds=0.0),
        replace(plan(), holds=(more.pop("hold", HOLD),)),
        ledger(*copies, holds=(HOLD,)),
        more.pop("account_ids", [X.id]),
        **more,
    )
    made.live = Listing(live, short)
    return made


# --- what has to go -----------------------------------------------------------------------------------------------------


def test_what_is_listed_goes_soonest_first_and_is_noted_before_publer_is_asked() -> None:
    noted: list[dict[str, Seen | None]] = []
    edited = replace(LIVE_SECOND, text="Better words")
    publer = Paged(LIVE, edited)
    taking = holder(
        OTHER, OURS, live=(edited, LIVE), publer=publer, noting=lambda told: noted.append(dict(told))
    )
    taking.stop_listed()
    assert publer.asked == ["p-1", "p-2"]
    assert [[*each] for each in noted] == [["p-1", "p-2"]]
    told = noted[0]["p-2"]
    assert noted[0]["p-1"] is None
    assert told is not None
    assert told.text == "Better words"
    for copy in taking.state.copies.values():
        assert (copy.held, copy.removed, copy.removing_at) == (True, True, NOW)
    assert [(each.outcome, each.post_id) for each in taking.results] == [
        (Outcome.APPLIED, "p-1"),
        (Outcome.APPLIED, "p-2"),
    ]


@each_of(
    ("copy", "live"),
    [
        (replace(OURS, account=LINKEDIN.id), LIVE),
        (OURS, replace(LIVE, state="draft")),
        (OURS, replace(LIVE, state="scheduled_declined")),
        (OURS, replace(LIVE, id="f-1")),
    ],
)
def test_what_is_not_managed_here_or_not_published_stays(copy: Copy, live: LivePost) -> None:
    publer = Paged(live)
    holder(copy, live=(live,), publer=publer).stop_listed()
    assert publer.asked == []


def test_what_is_soonest_goes_by_a_page_and_nothing_is_asked_for_twice() -> None:
    publer = Paged(LIVE, LIVE_SECOND, shown(SOON, id="f-1"), stays=["p-1"])
    taking = holder(OURS, OTHER, publer=publer)
    taking.stop_soonest()
    assert publer.asked == ["p-1", "p-2"]


def test_all_is_asked_for_again_until_nothing_is_listed_or_nothing_helps() -> None:
    publer = Paged(LIVE, LIVE_SECOND)
    holder(OURS, OTHER, publer=publer).stop_all()
    assert publer.asked == ["p-1", "p-2"]
    stubborn = Paged(LIVE, LIVE_SECOND, stays=["p-2"])
    noted: list[Any] = []
    taking = holder(OURS, OTHER, publer=stubborn, noting=noted.append)
    taking.stop_all()
    assert noted == [{"p-1": None, "p-2": None}], "once is enough"
    assert stubborn.asked == ["p-1", "p-2", *["p-2"] * (PASSES - 1)]
    assert {each.post_id: each.outcome for each in taking.results}["p-2"] is Outcome.FAILED


def test_only_a_post_that_was_sent_and_is_in_scope_is_under_way() -> None:
    way = sent(wanted(SOON), 1)
    others = (
        sent(wanted(SOON, draft=True), 2),
        sent(wanted(SOON, account=LINKEDIN), 3),
        copy_of(wanted(SOON), 4, post_id="p-4"),
        sent(wanted(TOMORROW), 5),
    )
    assert holder(way, *others, hold=replace(HOLD, last=TOMORROW)).under_way == [1]


def test_what_an_apply_elsewhere_may_still_send_is_under_way_however_short_the_waits_are_here() -> None:
    """Its request may leave half a minute after it was noted, and settles a minute later."""
    noted = replace(sent(wanted(SOON), 1), job_id=None, requested_at=NOW - timedelta(seconds=85))
    for shared, under_way in ((False, []), (True, [1])):
        taking = holder(noted, shared=shared)
        taking.stop_all()
        assert taking.under_way == under_way
    taking = holder(replace(noted, requested_at=NOW - timedelta(seconds=91)), shared=True)
    taking.stop_all()
    assert taking.under_way == []


# --- what is told -------------------------------------------------------------------------------------------------------


@each_of(
    ("live", "more", "outcome", "why"),
    [
        ((), {"removed": True}, Outcome.APPLIED, None),
        ((), {}, Outcome.APPLIED, None),
        ((), {"short": 1, "removed": True}, Outcome.APPLIED, None),
        ((), {"short": 1}, Outcome.UNVERIFIED, HIDDEN),
        ((LIVE,), {"removed": True}, Outcome.FAILED, STILL_LISTED),
        ((LIVE,), {"short": 1}, Outcome.FAILED, STILL_LISTED),
        ((replace(LIVE, state="published"),), {}, Outcome.FAILED, PUBLISHED),
        ((), {"published": True}, Outcome.FAILED, PUBLISHED),
        ((LIVE,), {"removed": True, "unchecked": True}, Outcome.APPLIED, None),
        ((LIVE,), {"unchecked": True}, Outcome.UNVERIFIED, UNCHECKED),
    ],
)
def test_what_became_of_each_that_publer_was_asked_to_remove(
    live: tuple[LivePost, ...], more: dict[str, Any], outcome: Outcome, why: Cause | None
) -> None:
    copy = OURS.ending(End.PUBLISHED, NOW) if more.get("published") else OURS
    asked = holder(copy, live=live, short=more.get("short", 0))
    asked.asked["p-1"] = held(OURS, "a storm", LIVE)
    asked.removed |= {"p-1"} if more.get("removed") else set()
    asked.unchecked |= {"p-1"} if more.get("unchecked") else set()
    (told,) = asked.results
    assert (told.outcome, told.why, asked.is_done) == (outcome, why or NO_CAUSE, outcome is Outcome.APPLIED)


@each_of(
    ("copy", "live", "short", "outcome", "why"),
    [
        (sent(wanted(SOON)), (), 0, Outcome.UNVERIFIED, UNLISTED),
        (OURS, (replace(LIVE, state="recurring"),), 0, Outcome.FAILED, REPEATS),
        (OURS, (LIVE,), 0, Outcome.FAILED, STILL_LISTED),
        (replace(OURS, account=LINKEDIN.id), (LIVE,), 0, Outcome.FAILED, LEFT_SETTINGS),
        (OURS, (), 1, Outcome.UNVERIFIED, HIDDEN),
    ],
)
def test_what_publer_was_not_asked_to_remove_and_may_still_publish_is_told(
    copy: Copy, live: tuple[LivePost, ...], short: int, outcome: Outcome, why: Cause
) -> None:
    holding = holder(copy, live=live, short=short)
    (told,) = holding._never_asked()
    assert (told.outcome, told.why, holding.is_done) == (outcome, why, False)


@each_of(
    ("copy", "live", "short"),
    [
        (OURS, (), 0),
        (OURS, (replace(LIVE, state="scheduled_declined"),), 0),
        (OURS, (replace(LIVE, state="failed"),), 0),
        (sent(wanted(SOON, draft=True)), (), 0),
        (copy_of(wanted(NOW - DAY)), (), 1),
    ],
)
def test_what_is_not_published_any_more_is_not_told(
    copy: Copy, live: tuple[LivePost, ...], short: int
) -> None:
    holding = holder(copy, live=live, short=short)
    assert ([*holding._never_asked()], holding.is_done) == ([], True)


def test_what_is_not_managed_here_and_published_all_the_same_is_told_what_repeats_first() -> None:
    repeats = shown(TOMORROW, id="f-3", state="recurring")
    unmanaged = [shown(LATER, id="f-1"), shown(SOON, id="f-2"), repeats]
    left = [shown(SOON, id="f-4", account=LINKEDIN), shown(SOON, id="f-5", state="draft"), LIVE]
    told = holder(OURS, live=(*unmanaged, *left)).survey().unmanaged
    assert [post.id for post in told] == ["f-3", "f-2", "f-1"]


@each_of(
    ("copy", "live", "told"),
    [
        ({"adopted": True}, {}, True),
        ({"adopted": False}, {}, False),
        ({"adopted": True}, {"labels": ("calm",)}, False),
        ({"adopted": True, "sent": wanted(SOON, labels=["calm"]).content}, {}, False),
        ({"adopted": True}, {"account_id": LINKEDIN.id}, False),
        ({"adopted": True}, {"state": "draft"}, False),
    ],
)
def test_an_adopted_post_may_have_the_label_of_the_hold_where_nothing_shows_its_labels(
    copy: dict[str, Any], live: dict[str, Any], told: bool
) -> None:
    by_label = replace(HOLD, labels=("sale",))
    there = replace(LIVE, **live)
    found = [*holder(replace(OURS, **copy), live=(there,), hold=by_label)._unlabelled()]
    assert bool(found) is told
    assert not [*holder(replace(OURS, **copy), live=(there,))._unlabelled()], "a hold of everything has it"
    removed = holder(replace(OURS, **copy), live=(there,), hold=by_label)
    removed.asked["p-1"] = held(OURS, "a storm", there)
    assert not [*removed._unlabelled()], "it was asked for"


# --- what another run wrote meanwhile -----------------------------------------------------------------------------------


@each_of(
    ("theirs", "taken_over"),
    [(OURS, True), (replace(OURS, post_id=None), True), (replace(OURS, post_id="p-9"), False), (None, False)],
)
def test_what_was_taken_out_is_noted_in_a_state_that_another_run_has_written(
    theirs: Copy | None, taken_over: bool
) -> None:
    taking = holder(OURS, live=(LIVE,), publer=Paged(LIVE))
    taking.stop_listed()
    state = taking.conclude(ledger(*([theirs] if theirs else [])))
    assert state.holds == (HOLD,)
    if theirs is None:
        assert not state.copies
        return
    copy = state.copies[1]
    assert (copy.held, copy.removed, copy.post_id) == (
        taken_over,
        taken_over,
        "p-1" if taken_over else "p-9",
    )


def test_a_post_that_publer_did_not_remove_is_not_noted_as_removed() -> None:
    taking = holder(OURS, OTHER, live=(LIVE, LIVE_SECOND), publer=Paged(LIVE, LIVE_SECOND, stays=["p-2"]))
    taking.stop_listed()
    assert {key: copy.removed for key, copy in taking.state.copies.items()} == {1: True, 2: False}


def test_what_cannot_be_read_as_it_is_removed_is_no_edit() -> None:
    unread = replace(LIVE, unread="no text", text="")
    noted: list[Any] = []
    taking = holder(OURS, live=(unread,), publer=Paged(unread), noting=noted.append)
    taking.stop_listed()
    assert noted == [{"p-1": None}]
    assert taking.state.copies[1].shown is None


def test_a_post_whose_time_publer_does_not_show_is_removed_in_its_turn() -> None:
    unread = replace(LIVE, state="reviewing", at=None)
    publer = Paged(unread, LIVE_SECOND)
    holder(OURS, OTHER, live=(LIVE_SECOND, unread), publer=publer).stop_listed()
    assert publer.asked == ["p-1", "p-2"]


def test_what_a_hold_would_do_goes_by_what_publer_lists_now() -> None:
    surveyed = holder(OURS, OTHER, publer=Paged(LIVE)).survey()
    assert [(each.outcome, each.post_id) for each in surveyed.done.results] == [(Outcome.NOT_TRIED, "p-1")]


def test_what_somebody_moved_in_publer_goes_by_its_time_there() -> None:
    """It is the next that would be published."""
    moved, other = replace(LIVE_SECOND, at=SOON), replace(LIVE, at=LATER)
    publer = Paged(moved, other)
    holder(OURS, OTHER, live=(other, moved), publer=publer).stop_listed()
    assert publer.asked == ["p-2", "p-1"]
