"""Guards of a hold with the scene that goes red without each: what it never asks Publer to remove, and what it says of the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.report import Outcome, Result
from publer_sync.holding.anywhere import LooksAnywhere
from publer_sync.holding.holder import PUBLISHED, STILL_LISTED, UNREAD
from publer_sync.holding.report import HoldReport, in_order
from publer_sync.holding.scope import held, with_hold
from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.machine.clock import Deadline
from publer_sync.planning.plan import Action
from publer_sync.values.errors import Refused, Unclear, Unreachable
from publer_sync.values.model import Listing
from tests.applying.runs import OTHER, OURS, FakePubler
from tests.builders import (
    DAY,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    TOMORROW,
    X,
    change,
    copy_of,
    ledger,
    plan,
    report,
    sent,
    shown,
    wanted,
)
from tests.holding.test_holder import HOLD, LIVE, LIVE_SECOND, Paged, Quick, holder
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.applying.report import Cause
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost


# --- where it looks -------------------------------------------------------------------------------------------------------


class Lists:
    """Two accounts; keeps for which it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def posts(self, *, account_ids: Sequence[str] = (), **_: Any) -> Listing:
        self.asked.append(tuple(account_ids))
        there = [LIVE, shown(LATER, id="p-9", account=LINKEDIN)]
        return Listing(tuple(post for post in there if not account_ids or post.account_id in account_ids))


@each_of(
    ("meant", "accounts", "asked"),
    [
        ({"p-1"}, (X.id,), [(X.id,)]),
        ({"p-9"}, (X.id,), [(X.id,), ()]),
        ({"p-9"}, (), [()]),
        (set(), (X.id,), [(X.id,)]),
        ({"p-none"}, (), [()]),
    ],
)
def test_only_what_is_on_none_of_its_accounts_is_looked_for_on_all(
    meant: set[str], accounts: tuple[str, ...], asked: list[tuple[str, ...]]
) -> None:
    lists: Any = Lists()
    found = LooksAnywhere(lists, frozenset(meant)).posts(account_ids=accounts)
    assert lists.asked == asked
    assert meant - {"p-none"} <= {post.id for post in found}


@each_of(
    ("more", "meant"),
    [
        ({}, True),
        ({"post_id": None}, False),
        ({"end": End.GONE}, False),
        ({"account": LINKEDIN.id}, False),
        ({"slot": LATER, "seen": Seen(LATER, "Hello")}, False),
    ],
)
def test_what_is_looked_for_everywhere_is_what_may_have_to_go(more: dict[str, Any], meant: bool) -> None:
    taking = holder(replace(OURS, **more), hold=replace(HOLD, last=LATER))
    assert bool(taking._anywhere.meant) is meant
    taking.removed = {"p-1"}
    assert not taking._anywhere.meant


# --- what goes --------------------------------------------------------------------------------------------------------------


def test_of_the_first_page_only_what_is_managed_and_in_scope_goes() -> None:
    publer = Paged(LIVE, LIVE_SECOND, shown(SOON, "A colleague's", id="f-1"))
    taking = holder(OURS, OTHER, sent(wanted(SOON), 3), publer=publer, hold=replace(HOLD, last=LATER))
    taking.stop_soonest()
    assert publer.asked == ["p-1"]


@each_of(
    ("more", "goes"),
    [
        ({}, True),
        ({"post_id": None}, False),
        ({"end": End.REMOVED}, False),
        ({"account": LINKEDIN.id}, False),
        ({"seen": Seen(SOON, "Hello", draft=True)}, False),
        ({"slot": NOW, "seen": None}, False),
    ],
)
def test_without_a_list_only_what_the_ledger_has_ahead_goes_by_its_id(
    more: dict[str, Any], goes: bool
) -> None:
    class Down(Paged):
        def posts(self, **_: Any) -> Listing:
            raise Unreachable("no route")

    publer = Down()
    taking = holder(replace(OURS, **more), publer=publer)
    with pytest.raises(Unreachable) as raised:
        taking.stop_all()
    assert publer.asked == (["p-1"] if goes else [])
    assert ("Publer removed 1 post by id" in (raised.value.hint or "")) is goes


def test_what_was_listed_or_asked_for_is_not_asked_for_by_its_id_alone() -> None:
    taking = holder(OURS, OTHER, live=(LIVE,))
    assert [copy.key for copy, _ in taking._unseen()] == [2]
    taking.asked = {"p-2": held(OTHER, "a storm", None)}
    assert [*taking._unseen()] == []


def test_what_somebody_wrote_into_a_post_is_known_of_it_without_a_list() -> None:
    edited = replace(OURS, shown=Seen(SOON, "By hand", title="T", link="https://a.example", media=2))
    [(_, live)] = holder(edited)._unseen()
    assert (live.text, live.title, live.link, live.media) == ("By hand", "T", "https://a.example", 2)
    [(_, unseen)] = holder(replace(OURS, seen=None))._unseen()
    assert (unseen.text, unseen.title) == ("Hello", None)


def test_what_a_list_of_all_days_hides_is_not_asked_for_by_its_id() -> None:
    publer = Paged(LIVE, short=1)
    holder(OURS, OTHER, publer=publer).stop_all()
    assert publer.asked == ["p-1"]


def test_what_the_list_of_some_days_lacks_goes_by_its_id() -> None:
    class Gaps(Paged):
        def posts(self, **_: Any) -> Listing:
            return replace(super().posts(), gaps=((NOW.date(), NOW.date()),) if self.live else ())

    publer = Gaps(LIVE, short=1)
    taking = holder(OURS, OTHER, publer=publer)
    taking.stop_all()
    assert publer.asked == ["p-1", "p-2"]


def test_a_list_that_goes_on_failing_ends_the_hold_and_one_that_comes_back_does_not() -> None:
    class Flaky(Paged):
        failures = 2

        def posts(self, **_: Any) -> Listing:
            if self.failures:
                self.failures -= 1
                raise Unreachable("no route")
            return super().posts()

    publer = Flaky(LIVE)
    holder(OURS, publer=publer).stop_all()
    assert publer.asked == ["p-1"]


def test_nobody_follows_where_nothing_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    taking = holder(OURS)
    monkeypatch.setattr(taking.means.publer, "deadline", None)  # nobody may ask
    taking.stop_under_way(60)


def test_what_an_apply_had_sent_goes_as_soon_as_it_shows() -> None:
    publer: Any = Paged(LIVE)
    publer.deadline = lambda seconds: Deadline.after(seconds, Quick(), excused=float)
    taking = holder(sent(wanted(SOON), 1, job_id="j-1"), publer=publer)
    taking.stop_under_way(60)
    assert publer.asked == ["p-1"]


# --- what Publer says ----------------------------------------------------------------------------------------------------------


class Says(Paged):
    """Answers in turn: an error, or what was removed."""

    def __init__(self, *live: LivePost, says: Sequence[Exception | None], **more: Any) -> None:
        super().__init__(*live, **more)
        self.says = [*says]

    def delete(self, ids: Sequence[str]) -> frozenset[str]:
        said = self.says.pop(0) if self.says else None
        if said is not None:
            self.asked += ids
            raise said
        return super().delete(ids)


def test_what_publer_said_of_a_post_is_told_until_it_says_something_else() -> None:
    refused = holder(OURS, live=(LIVE,), publer=Says(LIVE, says=[Refused("no", publer_said="Locked")]))
    refused.stop_listed()
    [told] = refused.results
    assert (told.outcome, told.why.publer_said) == (Outcome.UNVERIFIED, "Locked")
    refused._remove([(OURS, LIVE)])
    assert refused.why == {}
    silent = holder(OURS, live=(LIVE,), publer=FakePubler(LIVE, stays=["p-1"]))
    silent.stop_listed()
    assert silent.why == {}, "silence is told as what it is: still listed"
    unclear = holder(OURS, live=(LIVE,), publer=Says(LIVE, says=[Unclear("no answer")]))
    unclear.stop_listed()
    assert unclear.why.keys() == {"p-1"}


# --- what the plan had -----------------------------------------------------------------------------------------------------------


def planned(copy: Copy, live: LivePost | None = None) -> Any:
    return replace(held(copy, "a storm", live), post=wanted(SOON, id="one"))


def test_a_post_is_told_as_the_plan_has_it_and_what_it_did_not_know_by_its_copy() -> None:
    other = change(Action.UNCHANGED, wanted(LATER), live=LIVE_SECOND, copy=OTHER)
    bare = replace(held(OURS, "a storm", None), copy=None, post=wanted(TOMORROW))
    taking = holder(OURS, OTHER, live=(LIVE, LIVE_SECOND), publer=Paged(LIVE, LIVE_SECOND))
    taking.plan = replace(plan([planned(OURS, LIVE), other, bare]), holds=(HOLD,))
    taking.__post_init__()
    assert taking.planned.keys() == {1}
    taking.asked = {"p-9": bare}
    assert taking._keys == {}
    taking.asked = {}
    taking.stop_listed()
    assert [each.change.post is not None for each in taking.results] == [True, False]
    assert taking._keys == {1: "p-1", 2: "p-2"}


@each_of(
    ("live", "told"),
    [
        (LIVE, 0),
        (replace(LIVE, state="draft"), 0),
        (replace(LIVE, state="published"), 1),
    ],
)
def test_what_the_plan_had_and_nobody_asked_for_is_told_only_where_it_was_published(
    live: LivePost, told: int
) -> None:
    taking = holder(OURS, live=(live,))
    taking.plan = replace(plan([planned(OURS, LIVE)]), holds=(HOLD,))
    taking.__post_init__()
    assert [each.outcome for each in taking.results] == [Outcome.FAILED] * told
    bare = holder(OURS)
    bare.plan = replace(plan([planned(OURS)]), holds=(HOLD,))
    bare.__post_init__()
    assert bare.results == (), "the plan had nothing of it in Publer"


@each_of(
    ("copy", "told"),
    [
        (OURS, 1),
        (replace(OURS, account=LINKEDIN.id), 1),
        (copy_of(wanted(LATER, "Out of scope"), 1), 0),
    ],
)
def test_what_was_not_asked_for_is_told_where_it_is_in_scope(copy: Copy, told: int) -> None:
    taking = holder(copy, live=(replace(LIVE, at=copy.slot, text=copy.text),), hold=replace(HOLD, last=LATER))
    assert len([*taking._never_asked()]) == told
    taking.asked = {"p-1": held(copy, "a storm", None)}
    assert [*taking._never_asked()] == []


@each_of(
    ("moved_to", "row", "told"),
    [
        ("", {}, True),
        ("", {"account_id": ""}, True),
        ("", {"account_id": LINKEDIN.id}, False),
        (LINKEDIN.id, {"account_id": LINKEDIN.id}, True),  # under the id that its account had before
        ("", {"id": "p-2"}, False),
    ],
)
def test_a_row_that_cannot_be_read_may_be_what_was_sent_unless_a_copy_has_it(
    moved_to: str, row: dict[str, Any], told: bool
) -> None:
    lapsed = replace(sent(wanted(SOON), 1), lapsed=True, moved_to=moved_to)
    taking = holder(lapsed, replace(OTHER, account=LINKEDIN.id).ending(End.FAILED, NOW))
    taking.live = Listing((), unread=(replace(shown(SOON, id="p-7"), unread="its time is none", **row),))
    assert [each.why for each in taking._never_asked()] == [UNREAD] * told


# --- what earlier holds spared -----------------------------------------------------------------------------------------------------


@each_of(
    ("hold", "spared"),
    [(Hold("more", NOW), None), (Hold("more", NOW, accounts=(LINKEDIN.id,)), NOW - DAY)],
)
def test_a_new_hold_covers_what_an_earlier_one_spared(hold: Hold, spared: Any) -> None:
    state = ledger(replace(OURS, spared=NOW - DAY), OTHER)
    after = with_hold(state, hold)
    assert (after.copies[1].spared, after.copies[2].spared) == (spared, None)
    assert after.copies[2] is OTHER, "nothing else is written anew"
    assert state.copies[1].spared == NOW - DAY


# --- what it says -------------------------------------------------------------------------------------------------------------------


def test_a_hold_that_an_error_ended_asks_for_nothing_more() -> None:
    class Counts(Paged):
        lists = 0

        def repeating(self, **_: Any) -> Listing:
            self.lists += 1
            return Listing()

    publer = Counts(LIVE)
    taking = holder(OURS, live=(LIVE,), publer=publer)
    assert taking.report(Refused("no")).done.error is not None
    assert publer.lists == 0
    taking.report()
    assert publer.lists == 1


@each_of(
    ("live", "why"),
    [(LIVE, STILL_LISTED), (replace(LIVE, state="published"), PUBLISHED), (None, PUBLISHED)],
)
def test_what_publer_still_lists_as_scheduled_is_told_as_that_whatever_else_is_known(
    live: LivePost | None, why: Cause
) -> None:
    taking = holder(OURS.ending(End.PUBLISHED, NOW), live=(live,) if live else ())
    taking.asked = {"p-1": held(OURS, "a storm", LIVE)}
    assert [each.why for each in taking.results] == [why]


def test_a_post_whose_labels_are_known_from_the_calendar_is_not_told_as_unknown() -> None:
    by_label, adopted = replace(HOLD, labels=("sale",)), replace(OURS, adopted=True)
    labelled = {1: wanted(SOON, labels=["calm"])}
    assert not [*holder(adopted, live=(LIVE,), hold=by_label, wanted=labelled)._unlabelled()]
    assert [*holder(adopted, live=(LIVE,), hold=by_label, wanted={1: wanted(SOON)})._unlabelled()]
    assert not [*holder(adopted, hold=by_label)._unlabelled()], "it is not listed"


def test_what_repeats_is_told_first_then_by_time() -> None:
    first, later = (
        Result(held(copy, "a storm", live), Outcome.FAILED)
        for copy, live in ((OURS, LIVE), (OTHER, LIVE_SECOND))
    )
    again = Result(held(OTHER, "a storm", replace(LIVE_SECOND, state="recurring")), Outcome.FAILED)
    bare = Result(held(replace(OURS, slot=TOMORROW), "a storm", None), Outcome.UNVERIFIED)
    assert in_order([bare, later, first, again]) == (again, first, later, bare)


@each_of(
    ("outcome", "more", "code"),
    [
        (Outcome.APPLIED, {}, 0),
        (Outcome.FAILED, {}, 6),
        (Outcome.UNVERIFIED, {}, 6),
        (Outcome.APPLIED, {"unlabelled": (Result(held(OURS, "a storm", LIVE), Outcome.NOT_TRIED),)}, 6),
    ],
)
def test_a_hold_that_left_something_ends_with_6(outcome: Outcome, more: dict[str, Any], code: int) -> None:
    done = report([Result(held(OURS, "a storm", LIVE), outcome)])
    told = HoldReport(replace(plan(), holds=(HOLD,)), done, **more)
    assert told.exit_code == code
    assert replace(told, done=replace(done, error=Refused("no"))).exit_code == Refused("no").exit_code
