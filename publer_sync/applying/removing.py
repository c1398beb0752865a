"""Takes out of Publer what left the calendar. Only owned posts come here, and each is named in the request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.clock import growing_waits
from publer_sync.model import Family
from publer_sync.planning.plan import Action, Create, Recreate, intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.applying.rounds import Task
    from publer_sync.applying.run import Run
    from publer_sync.ledger.state import Record

KEPT = "kept, since the new post of the same id did not get through"


def remove(run: Run, tasks: Sequence[Task]) -> None:
    """Delete these, unless they go out too soon by now or a new post of their id did not get through."""
    failed = {
        result.change.id
        for result in run.results.values()
        if isinstance(intent(result.change), Create | Recreate)
        and result.outcome in (Outcome.FAILED, Outcome.UNVERIFIED)
    }
    due = []
    for task in tasks:
        if not run.open(task):
            continue
        if task.change.id is not None and task.change.id in failed:
            run.end(task, Outcome.NOT_TRIED, KEPT)
        elif not _out_already(run, task) and not run.frozen(task):
            due.append(task)
    if not due:
        return
    run.go_on()
    for task in due:
        run.state.put(replace(_record(run, task), removing_at=run.clock.now()))
    run.save(run.state)
    gone, said = run.delete([task.old.id for task in due if task.old])
    for task in due:
        if task.old is None:
            continue
        if task.old.id in gone:
            run.state.drop(_record(run, task))
            run.end(task, Outcome.APPLIED, post_id=task.old.id)
        else:
            run.state.put(replace(_record(run, task), removing_at=None))
            message = said.get(task.old.id, "Publer did not remove it, and did not say why")
            run.end(task, Outcome.FAILED, message, post_id=task.old.id)
    run.progress("removed", f"{len(gone)} of {len(due)} done")
    run.save(run.state)


def check(run: Run) -> None:
    """List once more after the last delete: what is listed still was not removed, whatever Publer answered."""
    removed = [
        task
        for task in run.tasks
        if task.action in (Action.DELETE, Action.REPLACE)
        and run.results.get(task.index) is not None
        and run.results[task.index].outcome in (Outcome.APPLIED, Outcome.WAITING)
        and task.change.live is not None
    ]
    if not removed:
        return
    waits = growing_waits(run.poll_seconds)
    for _ in range(3):
        run.look()
        left = [task for task in removed if task.change.live and _stands(run, task.change.live.id)]
        if not left or run.stop():
            break
        run.clock.sleep(next(waits))
    for task in left:
        if task.change.record is not None and task.change.live is not None:
            run.state.put(replace(task.change.record, removing_at=None))
            if task.made is not None and task.made.key in run.state.records:
                run.state.put(replace(run.state.records[task.made.key], replaces=task.change.record.key))
            message = "Publer says that it removed the old one, and lists it still"
            run.end(task, Outcome.FAILED, message, post_id=task.change.live.id)


def _stands(run: Run, post_id: str) -> bool:
    live = run.listed.get(post_id)
    return live is not None and live.family in (Family.SCHEDULED, Family.DRAFT)


def _out_already(run: Run, task: Task) -> bool:
    if task.old is None or task.old.family is not Family.SCHEDULED or task.old.at is None:
        return False
    if task.old.at > run.clock.now():
        return False
    run.end(task, Outcome.NOT_TRIED, "its time came before it could be removed")
    return True


def _record(run: Run, task: Task) -> Record:
    if task.change.record is None:
        raise AssertionError("only what the ledger holds is removed")
    return run.state.records[task.change.record.key]
