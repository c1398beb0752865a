"""Each guard of an apply with the scene that goes red without it: what keeps a post from being removed, resent or taken for done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.applying.applier import _all_done, _make, _take_stock
from publer_sync.applying.permission import EDITED, may_change
from publer_sync.applying.removing import TURNED_UP, remove, settle_what_turned_up
from publer_sync.applying.report import Outcome, Result
from publer_sync.applying.tasks import Creation, Old, Task
from publer_sync.applying.workspace import listed
from publer_sync.errors import Unclear
from publer_sync.ledger.copies import End
from publer_sync.planning.plan import Action
from tests.applying.runs import FakePubler, run_at
from tests.builders import LATER, NOW, SOON, TOMORROW, change, copy_of, ledger, plan, shown, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.applying.run import Run
    from publer_sync.ledger.copies import Copy
    from publer_sync.model import Listing, LivePost

# --- what Publer refused and created all the same ------------------------------------------------------------------------

REFUSED, REFUSED_LIVE = copy_of(wanted(SOON), 1, turned_up="refused", entry=1), shown(SOON)
MADE, MADE_LIVE = copy_of(wanted(LATER), 2, post_id="p-2", entry=1), shown(LATER, id="p-2")


def turned_up(
    copy: Copy = REFUSED,
    live: LivePost | None = REFUSED_LIVE,
    *,
    made: Copy | None = MADE,
    listed: bool = True,
    old: Old | None = None,
    in_plan: bool = False,
) -> Run:
    """A run that sent the post again for another time, and then saw the one that had been refused."""
    new = change(Action.CREATE, wanted(LATER))
    changes = [new, *([change(Action.DELETE, None, live=REFUSED_LIVE, copy=copy)] if in_plan else [])]
    live_posts = [post for post in (live, MADE_LIVE if listed else None) if post is not None]
    publer = FakePubler(*live_posts)
    run = run_at(live_posts, ledger(copy, *([made] if made else [])), changes=changes, publer=publer)
    run.creations.append(Creation(0, new, made=made, old=old))
    run.end(run.creations[0], Outcome.APPLIED)
    settle_what_turned_up(run)
    return run


def test_what_was_refused_and_is_there_goes_once_the_post_stands_at_its_new_time() -> None:
    run = turned_up()
    assert run.means.publer.asked == ["p-1"]  # type: ignore[attr-defined]  # the stand-in notes what it is asked
    assert run.results[1].change.reason == TURNED_UP


@each_of(
    ("scene", "told"),
    [
        ({"copy": replace(REFUSED, turned_up="")}, False),
        ({"copy": replace(REFUSED, turned_up="late")}, True),
        ({"copy": REFUSED.ending(End.REMOVED, NOW)}, False),
        ({"copy": replace(REFUSED, entry=2)}, True),
        ({"live": None}, False),
        ({"live": replace(REFUSED_LIVE, state="published")}, False),
        ({"live": replace(REFUSED_LIVE, state="failed")}, False),
        ({"made": None}, True),
        ({"listed": False}, True),
        ({"old": Old(3, shown(TOMORROW, id="p-3"))}, True),
        ({"in_plan": True}, False),
    ],
)
def test_it_stays_where_anything_of_that_is_otherwise_and_what_may_still_be_published_is_told(
    scene: dict[str, Any], told: bool
) -> None:
    run = turned_up(**scene)
    assert (run.means.publer.asked, [*run.results]) == ([], [0, 1] if told else [0])  # type: ignore[attr-defined]  # the stand-in of these scenes
    if told:
        assert (run.results[1].outcome, run.results[1].post_id) == (Outcome.NOT_TRIED, "p-1")


def test_a_post_refused_at_its_old_time_goes_though_the_plan_of_the_new_one_names_it() -> None:
    """The change that creates it at another time has the copy that was refused."""
    new = change(Action.CREATE, wanted(LATER), copy=REFUSED)
    publer = FakePubler(REFUSED_LIVE, MADE_LIVE)
    run = run_at((REFUSED_LIVE, MADE_LIVE), ledger(REFUSED, MADE), changes=[new], publer=publer)
    run.creations.append(Creation(0, new, made=MADE))
    settle_what_turned_up(run)
    assert publer.asked == ["p-1"]


# --- what a DELETE came to ------------------------------------------------------------------------------------------------


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


@each_of(("answers", "lists"), [(False, 1), (True, 0)])
def test_without_an_answer_a_listing_tells_what_was_removed_and_with_one_nobody_lists(
    answers: bool, lists: int
) -> None:
    publer = Silent(REFUSED_LIVE)
    publer.answers = answers
    gone = change(Action.DELETE, None, live=REFUSED_LIVE, copy=copy_of(wanted(SOON)))
    run = run_at([REFUSED_LIVE], ledger(copy_of(wanted(SOON))), changes=[gone], publer=publer)
    run.removals.append(Task(0, gone))
    remove(run, run.removals)
    assert (run.results[0].outcome, publer.lists) == (Outcome.APPLIED, lists)


# --- the order of an apply ------------------------------------------------------------------------------------------------


def test_a_post_whose_words_another_one_gets_goes_before_that_one_is_sent() -> None:
    """Removals come last otherwise: the words would be in Publer twice for a moment, or for good after a kill."""
    words = copy_of(wanted(SOON))
    gone = change(Action.DELETE, None, live=shown(SOON), copy=words)
    other = change(
        Action.DELETE, None, live=shown(TOMORROW, id="p-9"), copy=copy_of(wanted(TOMORROW), 9, post_id="p-9")
    )
    new = change(Action.CREATE, wanted(LATER))
    publer = FakePubler(shown(SOON), shown(TOMORROW, id="p-9"))
    run = run_at(
        publer.live.values(),
        ledger(words, copy_of(wanted(TOMORROW), 9, post_id="p-9")),
        changes=[gone, other, new],
        publer=publer,
    )
    run.removals += [Task(0, gone), Task(1, other)]
    task = Creation(2, new)
    task.behind = run.removals[0]
    run.creations.append(task)
    run.end(task, Outcome.NOT_TRIED)  # it is the removal before it that is looked at
    _make(run)
    assert publer.asked == ["p-1"]


# --- when everything is done ----------------------------------------------------------------------------------------------


@each_of(
    ("result", "done"),
    [
        ({"outcome": Outcome.APPLIED}, True),
        ({"outcome": Outcome.WAITING}, True),
        ({"outcome": Outcome.WAITING, "page": True}, False),
        ({"outcome": Outcome.WAITING, "leaves": True}, False),
        ({"outcome": Outcome.WAITING, "asks": True}, False),
        ({"outcome": Outcome.NOT_TRIED}, False),
        ({"outcome": Outcome.UNVERIFIED}, False),
        (None, False),
    ],
)
def test_the_files_count_as_applied_only_where_nothing_of_them_is_left(
    result: dict[str, Any] | None, done: bool
) -> None:
    new = change(Action.CREATE, wanted(SOON))
    run = run_at(changes=[new])
    run.creations.append(Creation(0, new))
    if result is not None:
        run.results[0] = Result(new, **result)
    assert _all_done(run) is done


@each_of("whole", [True, False])
def test_what_left_the_calendar_is_noted_by_an_apply_without_filters_alone(whole: bool) -> None:
    gone = copy_of(wanted(SOON))
    run = run_at((), ledger(gone), whole=whole)
    run.order = replace(run.order, plan=replace(plan([]), left=frozenset({gone.entry})))
    _take_stock(run)
    assert [entry for entry, facts in run.state.facts.items() if facts.left] == [gone.entry] * whole


# --- the list of the whole workspace --------------------------------------------------------------------------------------


def test_what_the_list_of_the_workspace_shows_of_a_post_counts_for_its_removal() -> None:
    """A colleague moved it after the plan, and no other list has shown that."""
    planned, moved = shown(SOON), replace(shown(SOON), at=LATER)
    publer = FakePubler(moved, shown(TOMORROW, id="p-9"))
    run = run_at((planned,), publer=publer, protects_edits=True)
    listed(run)
    assert run.page.posts == {"p-1": moved}, "what is not the run's own stays out of its page"
    no = may_change(run, planned)
    assert no is not None
    assert no.why == EDITED
