"""What a first write says of the ones to come, once it ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.applying.first_writes import conclude, judge_edit
from publer_sync.applying.report import Outcome
from publer_sync.applying.tasks import Creation, Task
from publer_sync.ledger.contact import Kind
from publer_sync.planning.plan import Action
from publer_sync.values.errors import Refused, Unclear
from tests.applying.runs import run_at
from tests.builders import (
    EARLIER,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    X,
    change,
    copy_of,
    ledger,
    shown,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.applying.run import Run
    from publer_sync.values.errors import ServiceError
    from publer_sync.values.model import LivePost


@each_of(
    ("alone", "outcome", "verified", "counted"),
    [
        (True, Outcome.FAILED, False, 1),
        (False, Outcome.FAILED, False, 0),
        (True, Outcome.FAILED, True, 0),
        (True, None, False, 0),
        (True, Outcome.NOT_TRIED, False, 0),
        (True, Outcome.APPLIED, False, 0),
        (True, Outcome.UNVERIFIED, False, 0),
    ],
)
def test_only_a_first_one_that_was_refused_counts(
    alone: bool, outcome: Outcome | None, verified: bool, counted: int
) -> None:
    new = change(Action.CREATE, wanted(SOON))
    run = run_at((), ledger(), changes=[new])
    run.contact.verified = {Kind.CREATE} if verified else set()
    task = Creation(0, new, alone=alone)
    run.creations.append(task)
    if outcome is not None:
        run.end(task, outcome)
    conclude(run, [task])
    assert run.contact.refused[Kind.CREATE] == counted


def test_an_edit_that_has_not_ended_or_was_not_tried_says_nothing() -> None:
    edit = change(Action.UPDATE, wanted(SOON, "Better"), live=shown(SOON), copy=copy_of(wanted(SOON)))
    for outcome in (None, Outcome.NOT_TRIED):
        run = run_at([shown(SOON)], ledger(copy_of(wanted(SOON))), changes=[edit])
        task: Task[Any] = Task(0, edit)
        run.edits.append(task)
        run.contact.verified = set()
        if outcome is not None:
            run.end(task, outcome)
        judge_edit(run, task, None)
        assert (run.creations, run.contact.ended, run.contact.verified) == ([], {}, set())


EDIT = change(Action.UPDATE, wanted(SOON, "Better", id="one"), live=shown(SOON, "Old"))
OLD, NEW = shown(SOON, "Old"), shown(SOON, "Better")


@each_of(
    ("live", "echo", "outcome", "more", "came"),
    [
        (NEW, NEW, Outcome.APPLIED, {}, "verified"),
        (NEW, NEW, Outcome.WAITING, {}, "verified"),
        (NEW, NEW, Outcome.FAILED, {}, "replaced"),
        (OLD, OLD, Outcome.FAILED, {}, "replaced"),
        (OLD, NEW, Outcome.FAILED, {}, "replaced"),
        (shown(SOON, "Batter"), shown(SOON, "Batter"), Outcome.APPLIED, {}, "replaced"),
        (shown(SOON, "Batter"), shown(SOON, "Batter"), Outcome.APPLIED, {"text/twitter"}, "verified"),
        (shown(SOON, "Batter"), shown(SOON, "Batter"), Outcome.APPLIED, {"text/linkedin"}, "replaced"),
        (shown(SOON, "Batter"), NEW, Outcome.FAILED, {}, "left"),
        (shown(LATER, "Better"), NEW, Outcome.APPLIED, {}, "verified"),
        (shown(LATER, "Better"), NEW, Outcome.FAILED, {}, "left"),
        (shown(SOON, "Better", state="draft"), NEW, Outcome.APPLIED, {}, "left"),
        (shown(SOON, "Better", state="draft"), NEW, Outcome.APPLIED, {"text/twitter"}, "left"),
        (None, NEW, Outcome.FAILED, {}, "Publer no longer lists the first post that was edited"),
        (OLD, Refused("no"), Outcome.FAILED, {}, "refused"),
        (OLD, Unclear("?"), Outcome.UNVERIFIED, {}, "Publer did not answer the first edit"),
        (shown(NOW, "Old", state="published"), NEW, Outcome.FAILED, {}, "Publer published the first post"),
    ],
)
def test_what_the_first_edit_came_to(
    live: LivePost | None, echo: LivePost | ServiceError, outcome: Outcome, more: set[str], came: str
) -> None:
    """Kept as sent, not kept, so that posts there are replaced, or changed by somebody else, which says nothing."""
    run, task = edited(EDIT, live)
    run.contact.allowed = {*more}
    run.end(task, outcome)
    judge_edit(run, task, echo)
    ended = run.contact.ended.get(Kind.UPDATE)
    found = {
        came: ended is not None and ended.message.startswith(came),
        "verified": Kind.UPDATE in run.contact.verified,
        "replaced": bool(run.creations) and "twitter" in run.state.contact.replaces,
        "refused": bool(run.contact.refused[Kind.UPDATE]),
    }
    assert [name for name, holds in found.items() if holds] == ([came] if came != "left" else [])


@each_of(("at", "ends"), [(SOON, True), (NOW, False), (EARLIER, False), (None, False)])
def test_an_edit_of_a_post_that_is_published_in_its_minute_says_nothing(
    at: datetime | None, ends: bool
) -> None:
    out = shown(NOW, "Old", state="published")
    run, task = edited(replace(EDIT, live=shown(at, "Old")), out)
    run.end(task, Outcome.FAILED)
    judge_edit(run, task, None)
    assert (Kind.UPDATE in run.contact.ended) is ends


def test_where_an_edit_does_not_stand_the_others_on_its_network_that_wait_are_replaced_as_the_plan_saw_them() -> (
    None
):
    edits = [
        change(
            Action.UPDATE,
            wanted(at, "Better", account=account),
            live=shown(at, "Old", id=f"p-{key}", account=account),
            copy=copy_of(wanted(at, "Old", account=account), key, post_id=f"p-{key}"),
        )
        for key, (at, account) in enumerate([(SOON, X), (LATER, X), (LAST, X), (LAST, LINKEDIN)], 1)
    ]
    page = [replace(each.live, text="Old?") for each in edits]
    run = run_at(page, ledger(*(each.copy for each in edits)), changes=edits)
    run.contact.verified = set()
    run.edits += [Task(index, each) for index, each in enumerate(edits)]
    run.end(run.edits[1], Outcome.FAILED)
    run.end(run.edits[0], Outcome.FAILED)
    judge_edit(run, run.edits[0], page[0])
    assert [(task.index, task.old and task.old.live.text) for task in run.creations] == [
        (0, "Old?"),
        (2, "Old"),
    ]
    assert [task.index for task in run.edits] == [1, 3]
    assert run.results.keys() == {1}


def edited(edit: Any, live: LivePost | None) -> tuple[Run, Task[Any]]:
    """A run whose first edit was sent, and what a list shows since."""
    run = run_at([live] if live else [], ledger(copy_of(wanted(SOON, "Old"))), changes=[edit])
    task: Task[Any] = Task(0, edit)
    run.edits.append(task)
    run.contact.verified = set()
    return run, task
