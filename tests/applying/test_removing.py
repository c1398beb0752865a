"""Which old copies of a post may go, and what a last listing says of those that were removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying import removing
from publer_sync.applying.permission import EDITED
from publer_sync.applying.removing import (
    LAST_ONE,
    STILL_LISTED,
    _by_a_fresh_page,
    _last_one,
    _stands,
    check,
    in_another_state,
    remove,
    remove_posts,
)
from publer_sync.applying.report import Outcome, Result
from publer_sync.applying.tasks import Old, Task
from publer_sync.ledger.contact import Kind
from publer_sync.ledger.copies import End
from publer_sync.planning.plan import Action
from publer_sync.values.errors import FirstContactError, Unclear
from publer_sync.values.model import MINUTE
from tests.applying.runs import OTHER, OURS, Asked, FakePubler, doubt, run_at
from tests.applying.whole import Ticking
from tests.builders import DAY, LATER, NOW, SOON, change, copy_of, ledger, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from publer_sync.applying.report import Cause
    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import Removal
    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import Listing

POST, NEW = shown(SOON), shown(LATER, id="p-2")
STANDS = copy_of(wanted(LATER), 2, post_id="p-2", entry=1)
ENDED = copy_of(wanted(LATER), 3, post_id="p-3", entry=1).ending(End.REMOVED, NOW)
DRAFT = wanted(LATER, draft=True).content
"""Someone may have scheduled it in Publer."""
ANOTHER = replace(STANDS, entry=2)


@each_of(
    ("others", "listed", "why"),
    [
        ((STANDS,), (POST, NEW), None),
        ((STANDS, ENDED), (POST, NEW), None),
        ((STANDS,), (POST,), LAST_ONE),
        ((replace(STANDS, sent=DRAFT),), (POST, NEW), None),
        ((replace(STANDS, sent=DRAFT),), (POST, replace(NEW, state="draft")), None),
        ((STANDS,), (POST, replace(NEW, state="draft")), in_another_state(replace(NEW, state="draft"))),
        ((ENDED,), (POST,), LAST_ONE),
        ((), (POST, NEW), LAST_ONE),
        ((ANOTHER,), (POST, NEW), LAST_ONE),
    ],
)
def test_an_old_copy_goes_only_while_another_of_its_post_is_listed(
    others: tuple[Any, ...], listed: tuple[Any, ...], why: Cause | None
) -> None:
    run = run_at(listed, ledger(OURS, *others))
    kept = _last_one(run, Old(1, POST), {1})
    assert (kept.why if kept else None) == why
    assert _last_one(run, Old(1, POST), set()) is None, "it is no old copy: it left the calendar"


def test_a_copy_that_this_run_removed_stands_for_nothing() -> None:
    run = run_at((POST, NEW), ledger(OURS, STANDS))
    run.removed[2] = NEW
    kept = _last_one(run, Old(1, POST), {1})
    assert kept is not None
    assert kept.why == LAST_ONE


# --- what a hold takes out, and what the last listing says --------------------------------------------------------------


def checked(publer: FakePubler, *, stops: bool = False, **copy: Any) -> tuple[Run, Result]:
    """A post that left the calendar, which Publer answered that it removed."""
    gone = change(Action.DELETE, None, live=POST, copy=OURS)
    removed = replace(OURS, **{"removing_at": NOW, "removed": True, **copy})
    run = run_at((POST,), ledger(removed), publer=publer, changes=[gone])
    task: Removal = Task(0, gone)
    run.removals.append(task)
    run.removed[1] = POST
    run.end(task, Outcome.APPLIED)
    run.means = replace(run.means, stop=lambda: stops)
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


@pytest.mark.parametrize(("stops", "lists"), [(False, 3), (True, 1)])
def test_what_is_listed_still_is_looked_for_three_times_unless_somebody_asks_to_stop(
    stops: bool, lists: int
) -> None:
    publer = Silent(POST)
    _, result = checked(publer, stops=stops)
    assert (publer.lists, result.outcome) == (lists, Outcome.FAILED)


def test_what_ended_otherwise_meanwhile_is_not_accounted_for_twice() -> None:
    run, _ = checked(FakePubler(), end=End.PUBLISHED, ended_at=NOW - MINUTE)
    assert (run.state.copies[1].end, run.state.copies[1].ended_at) == (End.PUBLISHED, NOW - MINUTE)


def test_a_removal_that_was_not_tried_is_none_that_failed() -> None:
    run, tasks = going(OURS, OTHER, publer=FakePubler(POST, NEW))
    run.removed[1] = POST
    run.end(tasks[0], Outcome.APPLIED)
    check(run)
    assert {index: result.outcome for index, result in run.results.items()} == {0: Outcome.FAILED}


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


class Silent(FakePubler):
    """Removes what it is asked to, answers nothing, and counts how often it is asked for a list."""

    lists, answers = 0, False

    def posts(self, **more: Any) -> Listing:
        self.lists += 1
        return super().posts(**more)

    def delete(self, ids: Sequence[str]) -> frozenset[str]:
        gone = super().delete(ids)
        if not self.answers:
            raise Unclear("no answer")
        return gone


@each_of(("answers", "lists"), [(False, 2), (True, 0)])
def test_without_an_answer_a_listing_tells_what_was_removed_and_with_one_nobody_lists(
    answers: bool, lists: int
) -> None:
    publer = Silent(shown(SOON))
    publer.answers = answers
    gone = change(Action.DELETE, None, live=shown(SOON), copy=copy_of(wanted(SOON)))
    run = run_at([shown(SOON)], ledger(copy_of(wanted(SOON))), changes=[gone], publer=publer)
    run.removals.append(Task(0, gone))
    remove(run, run.removals)
    assert (run.results[0].outcome, publer.lists) == (Outcome.APPLIED, lists)


def going(*copies: Copy, publer: FakePubler, **more: Any) -> tuple[Run, list[Task[Any]]]:
    changes = [
        change(Action.DELETE, None, live=shown(copy.slot, id=copy.post_id or ""), copy=copy, **more)
        for copy in copies
    ]
    run = run_at(publer.live.values(), ledger(*copies), changes=changes, publer=publer)
    run.removals += [Task(n, each) for n, each in enumerate(changes)]
    return run, [*run.removals]


def test_a_removal_that_was_done_is_not_asked_for_again() -> None:
    publer = FakePubler(shown(SOON), shown(LATER, id="p-2"))
    run, tasks = going(OURS, OTHER, publer=publer)
    run.end(tasks[0], Outcome.NOT_TRIED)
    remove(run, tasks)
    assert publer.asked == ["p-2"]
    remove(run, tasks)
    assert publer.asked == ["p-2"]


@each_of(("action", "kept"), [(Action.CREATE, True), (Action.UPDATE, False)])
def test_a_post_stays_only_where_a_new_one_of_its_id_was_not_created(action: Action, kept: bool) -> None:
    named = copy_of(wanted(SOON, id="one"))
    gone = change(Action.DELETE, None, live=shown(SOON), copy=named)
    other = change(
        action, wanted(LATER, id="one"), live=shown(LATER, id="p-2"), copy=copy_of(wanted(LATER, id="one"), 2)
    )
    publer = FakePubler(shown(SOON))
    run = run_at([shown(SOON)], ledger(named), changes=[gone, other], publer=publer)
    run.results[1] = Result(other, Outcome.FAILED)
    task: Task[Any] = Task(0, gone)
    run.removals.append(task)
    remove(run, [task])
    assert publer.asked == ([] if kept else ["p-1"])


class Refuses(FakePubler):
    """Says that it cannot tell, and shows the post as published under another id."""

    def delete(self, ids: Sequence[str]) -> frozenset[str]:
        self.asked += ids
        self.live = {"f-9": shown(SOON, id="f-9", state="published")}
        raise Unclear("no answer")


def test_what_was_published_while_it_was_to_go_was_not_removed() -> None:
    run, tasks = going(OURS, publer=Refuses(shown(SOON)))
    run.page.before = frozenset({"p-1"})
    remove(run, tasks)
    assert (run.results[0].outcome, run.results[0].why.message) == (
        Outcome.NOT_TRIED,
        "it was published meanwhile",
    )
    assert run.removed == {}


def test_nothing_is_listed_where_nothing_was_removed() -> None:
    publer = Silent(shown(SOON))
    run, _ = going(OURS, publer=publer)
    check(run)
    remove(run, [])
    assert (publer.asked, publer.lists) == ([], 0)


def test_a_removal_in_doubt_keeps_others_from_being_asked_for_but_what_is_urgent() -> None:
    publer = FakePubler(shown(SOON))
    run, tasks = going(OURS, publer=publer)
    run.contact.doubts = {Kind.DELETE: [doubt(Kind.DELETE)]}
    with pytest.raises(FirstContactError):
        remove(run, tasks)
    assert publer.asked == []
    assert remove_posts(run, [], lambda _: None) == {}, "and where there is nothing to remove, nothing stops"
    remove_posts(run, [(tasks[0], Old(1, shown(SOON)))], lambda _: None, urgent=True)
    assert publer.asked == ["p-1"]


def test_nobody_hears_of_a_removal_where_there_is_none() -> None:
    lines: list[str] = []
    run, tasks = going(OURS, publer=FakePubler(shown(SOON)))
    run.means = replace(run.means, progress=lambda word, _: lines.append(word))
    run.end(tasks[0], Outcome.NOT_TRIED)
    remove(run, tasks)
    assert lines == []


def test_a_first_removal_that_may_not_be_done_lets_the_next_one_be_the_first() -> None:
    publer = FakePubler(replace(shown(SOON), text="By hand"), shown(LATER, id="p-2"))
    run, tasks = going(OURS, OTHER, publer=publer)
    run.contact.verified = set()
    remove(run, tasks)
    assert publer.asked == ["p-2"]
    assert run.results[0].why == EDITED


def test_a_removal_that_is_kept_from_being_asked_for_is_not_noted_as_asked_for() -> None:
    """Also where an earlier apply had asked."""
    run, tasks = going(
        replace(OURS, removing_at=NOW - DAY, removed=True), publer=FakePubler(replace(POST, text="By hand"))
    )
    remove(run, tasks)
    assert run.results[0].why == EDITED
    assert run.state.copies[1] == OURS


class Slow(FakePubler):
    """Takes a while to remove posts; then someone has edited all that is left."""

    def delete(self, ids: Sequence[str]) -> frozenset[str]:
        gone = super().delete(ids)
        self.clock.slept += 15
        self.live = {key: replace(post, text="By hand") for key, post in self.live.items()}
        return gone

    clock = Ticking()


def test_a_list_that_grows_old_while_posts_are_removed_is_made_anew_for_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(removing, "DELETES", 1)
    publer = Slow(POST, NEW)
    run, tasks = going(OURS, OTHER, publer=publer)
    run.means = replace(run.means, clock=publer.clock)
    run.page.listed_at = NOW - timedelta(seconds=50)
    remove(run, tasks)
    assert publer.asked == ["p-1"]
    assert run.results[1].why == EDITED


def test_a_page_of_some_tasks_tells_nothing_of_the_removal_of_others() -> None:
    run, tasks = going(OURS, OTHER, publer=FakePubler(shown(SOON), shown(LATER, id="p-2")))
    run.page.tasks = frozenset({0})
    left = [(task, Old(task.change.copy.key, task.change.live)) for task in tasks]
    assert _by_a_fresh_page(run, left) == left[:1]


FAR = NOW + timedelta(days=40)


@each_of("more", [{"page": True}, {"asks": True}])
@each_of(
    ("old", "at", "kept"),
    [
        ({}, FAR, (Outcome.WAITING, Outcome.WAITING)),
        ({}, NOW + timedelta(hours=20), (Outcome.WAITING, Outcome.NOT_TRIED)),
        ({}, NOW + timedelta(hours=24), (Outcome.WAITING, Outcome.NOT_TRIED)),
        ({}, NOW + timedelta(hours=24, minutes=1), (Outcome.WAITING, Outcome.WAITING)),
        ({}, NOW + timedelta(hours=2, minutes=1), (Outcome.WAITING, Outcome.NOT_TRIED)),
        ({}, NOW + timedelta(hours=2), (Outcome.NOT_TRIED, Outcome.NOT_TRIED)),
        ({"state": "draft"}, NOW + timedelta(hours=1), (Outcome.WAITING, Outcome.WAITING)),
        ({"twice": True}, FAR, None),
        ({"leftover": True}, FAR, None),
    ],
)
def test_an_old_post_is_kept_for_one_that_waits_and_told_before_it_is_published_where_it_is(
    old: dict[str, Any], at: datetime, kept: tuple[Outcome, Outcome] | None, more: dict[str, Any]
) -> None:
    """What would be published twice, or stands in for nothing, goes whatever the new one waits for."""
    copy, stands = copy_of(wanted(at, id="one")), copy_of(wanted(FAR, id="one"), 2, post_id="p-2", entry=1)
    live = shown(at, state=old.get("state", "scheduled"))
    marks = {name: value for name, value in old.items() if name != "state"}
    out = change(Action.DELETE, None, live=live, copy=copy, **marks)
    new = change(Action.CREATE, wanted(FAR, id="one"))
    publer = FakePubler(live, shown(FAR, id="p-2"))
    run = run_at([live, shown(FAR, id="p-2")], ledger(copy, stands), changes=[out, new], publer=publer)
    run.results[1] = Result(new, Outcome.WAITING, **more)
    remove(run, [Task(0, out)])
    if kept is None:
        assert publer.asked == ["p-1"]
    else:
        assert (run.results[0].outcome, publer.asked) == (kept["asks" in more], [])


@each_of("more", [{"outcome": Outcome.FAILED}, {"outcome": Outcome.WAITING, "page": True}])
def test_a_post_without_an_id_waits_for_no_other_one_without(more: dict[str, Any]) -> None:
    out = change(Action.DELETE, None, live=POST, copy=OURS)
    new = change(Action.CREATE, wanted(LATER, "Another"))
    publer = FakePubler(POST)
    run = run_at([POST], ledger(OURS), changes=[out, new], publer=publer)
    run.results[1] = Result(new, **more)
    remove(run, [Task(0, out)])
    assert publer.asked == ["p-1"]


def test_an_old_copy_goes_though_the_new_post_of_its_id_failed_on_another_account() -> None:
    copy, stands = (
        copy_of(wanted(SOON, id="one")),
        copy_of(wanted(LATER, id="one"), 2, post_id="p-2", entry=1),
    )
    new = change(Action.CREATE, wanted(LATER, id="one"))
    for leftover, asked in ((False, []), (True, ["p-1"])):
        publer = FakePubler(POST, NEW)
        out = change(Action.DELETE, None, live=POST, copy=copy, leftover=leftover)
        run = run_at([POST, NEW], ledger(copy, stands), changes=[out, new], publer=publer)
        run.results[1] = Result(new, Outcome.FAILED)
        remove(run, [Task(0, out)])
        assert publer.asked == asked
