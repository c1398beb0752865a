"""What a first write says of the ones to come, once it ended."""

from __future__ import annotations

from typing import Any

from publer_sync.applying.first_writes import conclude, judge_edit
from publer_sync.applying.report import Outcome
from publer_sync.applying.tasks import Creation, Task
from publer_sync.ledger.contact import Kind
from publer_sync.planning.plan import Action
from tests.applying.runs import run_at
from tests.builders import SOON, change, copy_of, ledger, shown, wanted
from tests.tables import each_of


@each_of(
    ("alone", "outcome", "verified", "counted"),
    [
        (True, Outcome.FAILED, False, 1),
        (False, Outcome.FAILED, False, 0),
        (True, Outcome.FAILED, True, 0),
        (True, None, False, 0),
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
