"""Removes from Publer what left the calendar. Only managed posts come here, and each is named in the request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.report import DONE, Outcome
from publer_sync.applying.tasks import Creation, Old
from publer_sync.clock import growing_waits
from publer_sync.model import Family
from publer_sync.planning.plan import Create, Recreate, Update, intent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import Removal, Task, Tried
    from publer_sync.ledger.state import Copy
    from publer_sync.model import LivePost

KEPT = "kept, since the new post of the same id did not get through"


def take_out(run: Run) -> None:
    """Remove what is on hold, soonest first. Neither the freeze nor the limit of deletes applies: it must not be published."""
    tasks = sorted(run.held, key=lambda task: (task.change.live and task.change.live.at) or task.at)
    going = [
        (task, Old(copy.key, live))
        for task in tasks
        if (copy := task.change.copy) and (live := task.change.live)
    ]
    for _, old in going:
        run.state.put(replace(run.state.copies[old.key], held=True))
    kept = run.delete([old for _, old in going])
    for task, old in going:
        why = kept.get(old.live.id)
        if why is not None:
            run.state.put(replace(run.state.copies[old.key], held=False))
        run.end(task, Outcome.APPLIED if why is None else Outcome.FAILED, why, post_id=old.live.id)
    if going:
        run.progress("held", f"{len(going) - len(kept)} of {len(going)} taken out of Publer")


def remove(run: Run, tasks: Sequence[Removal]) -> None:
    """Remove these, unless they are published too soon or a new post of their id did not get through."""
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
        elif not run.frozen(task, task.change.live):
            due.append(task)
    if not due:
        return
    run.go_on()
    kept = run.delete([Old(task.change.copy.key, task.change.live) for task in due], run.freeze_of)
    for task in due:
        post_id = task.change.live.id
        if post_id in kept:
            frozen = kept[post_id] == run.freeze_of(task.change.live)
            run.end(task, Outcome.NOT_TRIED if frozen else Outcome.FAILED, kept[post_id], post_id=post_id)
        else:
            run.state.drop(task.change.copy)
            run.end(task, Outcome.APPLIED, post_id=post_id)
    run.progress("removed", f"{len(due) - len(kept)} of {len(due)} done")


def check(run: Run) -> None:
    """List once more after the last delete: what is listed still was not removed, whatever Publer answered."""
    removed = list(_removed(run))
    if not removed:
        return
    waits = growing_waits(run.poll_seconds)
    for _ in range(3):
        run.list_again()
        left = [each for each in removed if _stands(run, each[2].id)]
        if not left or run.stop():
            break
        run.clock.sleep(next(waits))
    for task, copy, live in left:
        run.state.put(replace(copy, removing_at=None))
        if isinstance(task, Creation) and task.made is not None and task.made.key in run.state.copies:
            run.state.put(replace(run.state.copies[task.made.key], replaces=copy.key))
        message = "Publer answered that it removed the old post, but still lists it"
        run.end(task, Outcome.FAILED, message, post_id=live.id)


def _removed(run: Run) -> Iterator[tuple[Task[Tried], Copy, LivePost]]:
    """The tasks that end well only where an old post is gone, with that post."""
    for task in (*run.held, *run.creations, *run.removals):
        result, change = run.results.get(task.index), task.change
        done = result is not None and result.outcome in DONE
        if done and not isinstance(change, Create | Recreate | Update) and change.copy and change.live:
            yield task, change.copy, change.live


def _stands(run: Run, post_id: str) -> bool:
    live = run.listed.get(post_id)
    return live is not None and live.family in (Family.SCHEDULED, Family.DRAFT)
