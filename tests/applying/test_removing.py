"""Which old copies of a post may go, and what a last listing says of those that were removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.removing import LAST_ONE, STILL_LISTED, _last_one, _stands, check, remove
from publer_sync.applying.report import Outcome, Result
from publer_sync.applying.tasks import Old, Task
from publer_sync.ledger.copies import End
from publer_sync.model import MINUTE
from publer_sync.planning.plan import Action
from tests.applying.runs import Asked, FakePubler, run_at
from tests.builders import LATER, NOW, SOON, change, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.applying.report import Cause
    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import Removal

POST, NEW = shown(SOON), shown(LATER, id="p-2")
OLD_COPY = copy_of(wanted(SOON))
STANDS = copy_of(wanted(LATER), 2, post_id="p-2", entry=1)
ENDED = copy_of(wanted(LATER), 3, post_id="p-3", entry=1).ending(End.REMOVED, NOW)
ANOTHER = replace(STANDS, entry=2)


@each_of(
    ("others", "listed", "why"),
    [
        ((STANDS,), (POST, NEW), None),
        ((STANDS, ENDED), (POST, NEW), None),
        ((STANDS,), (POST,), LAST_ONE),
        ((ENDED,), (POST,), LAST_ONE),
        ((), (POST, NEW), LAST_ONE),
        ((ANOTHER,), (POST, NEW), LAST_ONE),
    ],
)
def test_an_old_copy_goes_only_while_another_of_its_post_is_listed(
    others: tuple[Any, ...], listed: tuple[Any, ...], why: Cause | None
) -> None:
    run = run_at(listed, ledger(OLD_COPY, *others))
    kept = _last_one(run, Old(1, POST), {1})
    assert (kept.why if kept else None) == why
    assert _last_one(run, Old(1, POST), set()) is None, "it is no old copy: it left the calendar"


def test_a_copy_that_this_run_removed_stands_for_nothing() -> None:
    run = run_at((POST, NEW), ledger(OLD_COPY, STANDS))
    run.removed[2] = NEW
    kept = _last_one(run, Old(1, POST), {1})
    assert kept is not None
    assert kept.why == LAST_ONE


# --- what a hold takes out, and what the last listing says --------------------------------------------------------------


def checked(publer: FakePubler, **copy: Any) -> tuple[Run, Result]:
    """A post that left the calendar, which Publer answered that it removed."""
    gone = change(Action.DELETE, None, live=POST, copy=OLD_COPY)
    removed = replace(OLD_COPY, **{"removing_at": NOW, "removed": True, **copy})
    run = run_at((POST,), ledger(removed), publer=publer, changes=[gone])
    task: Removal = Task(0, gone)
    run.removals.append(task)
    run.removed[1] = POST
    run.end(task, Outcome.APPLIED)
    check(run)
    return run, run.results[0]


def test_what_no_listing_shows_any_more_is_accounted_for() -> None:
    run, result = checked(FakePubler())
    assert (run.state.copies[1].end, result.outcome) == (End.REMOVED, Outcome.APPLIED)


@pytest.mark.parametrize("named", [True, False])
def test_only_what_its_answer_named_is_confirmed_by_a_list_of_its_day(named: bool) -> None:
    """Somebody may have moved the post as Publer was asked to remove it."""
    publer = Asked()
    run, _ = checked(publer, removed=named)
    assert run.state.copies[1].end is End.REMOVED
    assert [since < 0 for since, _ in publer.days] == [not named]


def test_what_was_removed_just_before_its_minute_may_be_published_and_stays_open() -> None:
    run, result = checked(FakePubler(), slot=NOW + MINUTE, seen=None)
    assert (run.state.copies[1].end, result.outcome) == (None, Outcome.APPLIED)


def test_nothing_is_accounted_for_by_a_list_that_is_incomplete() -> None:
    run, _ = checked(FakePubler(short=1))
    assert run.state.copies[1].end is None


def test_what_is_listed_still_was_not_removed_whatever_publer_answered() -> None:
    run, result = checked(FakePubler(POST))
    assert (result.outcome, result.why, result.post_id) == (Outcome.FAILED, STILL_LISTED, "p-1")
    assert (run.state.copies[1].end, run.state.copies[1].removed) == (None, False)


@pytest.mark.parametrize(
    ("outcome", "goes"), [(Outcome.APPLIED, True), (Outcome.FAILED, False), (Outcome.UNVERIFIED, False)]
)
def test_a_post_that_left_goes_once_the_new_one_of_its_id_is_there(outcome: Outcome, goes: bool) -> None:
    """On another account, say: until then, the old one is the only one."""
    new = change(Action.CREATE, wanted(LATER, id="hello"))
    old = change(Action.DELETE, None, live=POST, copy=copy_of(wanted(SOON, id="hello")))
    publer = FakePubler(POST)
    run = run_at((POST,), ledger(old.copy), changes=[new, old], publer=publer)
    run.results[0] = Result(new, outcome)
    run.removals.append(Task(1, old))
    remove(run, run.removals)
    assert publer.asked == (["p-1"] if goes else [])
    assert run.results[1].outcome is (Outcome.APPLIED if goes else Outcome.NOT_TRIED)


@pytest.mark.parametrize(("state", "stands"), [("scheduled", True), ("draft", True), ("published", False)])
def test_only_what_may_still_be_published_or_is_a_draft_was_not_removed(state: str, stands: bool) -> None:
    assert _stands(run_at((replace(POST, state=state),)), "p-1") is stands


@pytest.mark.parametrize("twice", [True, False])
def test_a_second_copy_of_what_was_published_goes_even_within_the_freeze(twice: bool) -> None:
    """Else it would be published once more."""
    near = shown(NOW + 5 * MINUTE)
    old = change(Action.DELETE, None, live=near, copy=copy_of(wanted(NOW + 5 * MINUTE)), twice=twice)
    publer = FakePubler(near)
    run = run_at((near,), ledger(old.copy), changes=[old], publer=publer)
    run.removals.append(Task(0, old))
    remove(run, run.removals)
    assert publer.asked == (["p-1"] if twice else [])
