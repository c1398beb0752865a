"""Records a run in the state: what it did to which post, and what that post was before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.ledger.runs import RunLine, Version, finished, with_run
from publer_sync.planning.plan import Action, Create, Delete, Held, intent
from publer_sync.values.content import Content

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.applying.report import Result
    from publer_sync.applying.run import Run
    from publer_sync.ledger.copies import Copy
    from publer_sync.planning.plan import Change


def begin(run: Run) -> None:
    """Note what the run is about to do: one that is cut off may have done it anyway."""
    if run.order.record is None:
        return
    run.begun = {task.index: line_of(task.change) for task in run.tasks}
    out = map(line_of_result, run.order.taken_out)
    begun = finished(run.order.record, (*out, *run.begun.values()))
    run.state.runs = with_run(run.state.runs, begun)


def end(run: Run, *, done: bool) -> None:
    """Note what it did; `done` is whether that was everything the files ask for."""
    if run.order.record is None:
        return
    lines, entries = [], _Entries(run.state.copies.values())
    for index, result in sorted(run.results.items()):
        if result.outcome is Outcome.NOT_TRIED or result.page or result.asks:
            continue
        line = run.begun.get(index) or line_of(result.change)
        entry = line.entry or entries.of(result.change, result.post_id)
        lines.append(replace(line, outcome=str(result.outcome), entry=entry))
    told = run.results.keys()
    lines += [line for index, line in run.begun.items() if index not in told]
    record = replace(run.order.record, lacks=run.order.record.lacks and not (done and run.order.decides))
    run.state.runs = with_run(run.state.runs, finished(record, lines))


def line_of(change: Change) -> RunLine:
    """What the state records of a change while the run goes on."""
    wanted, copy = intent(change), change.copy
    before = None
    if copy is not None and copy.sent != Content() and (copy.held or not _is_new(change)):
        before = Version(copy.slot, copy.sent.digest)
    at = copy.slot if isinstance(wanted, Delete | Held) and copy is not None else change.at
    entry = copy.entry if copy is not None else 0
    post = change.post
    signed = tuple(f"{yes.by} {yes.content}" for yes in post.signed_off) if post is not None else ()
    return RunLine(
        str(wanted.action), change.account.id, at, change.id, entry=entry, before=before, signed=signed
    )


def line_of_result(result: Result) -> RunLine:
    """What the state records once the outcome is known."""
    return replace(line_of(result.change), outcome=str(result.outcome))


def _is_new(change: Change) -> bool:
    return isinstance(intent(change), Create) or intent(change).action in (Action.RECREATE, Action.ADOPT)


class _Entries:
    """The entries of posts that a run made or adopted."""

    def __init__(self, copies: Iterable[Copy]) -> None:
        self._latest: dict[object, tuple[int, int]] = {}
        for number, copy in enumerate(copies):
            self._latest[copy.account, copy.slot, copy.id] = number, copy.entry
            if copy.post_id is not None:
                self._latest[copy.post_id] = number, copy.entry

    def of(self, change: Change, post_id: str | None) -> int:
        """That of the latest copy with this id, or of this post in its slot; 0 if there is none."""
        none = (-1, 0)
        by_slot = self._latest.get((change.account.id, change.at, change.id), none)
        return max(by_slot, self._latest.get(post_id, none))[1]
