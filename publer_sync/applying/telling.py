"""Notes in the ledger what a report says only once: a post that was missed, or was published before the calendar moved it.

It is noted once someone was shown the report. A run that ends in between tells it again: better twice than never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.ledger.copies import NO_FACTS
from publer_sync.ledger.state import past_keys
from publer_sync.planning.judge import told
from publer_sync.planning.plan import Block, is_missed

if TYPE_CHECKING:
    from publer_sync.applying.report import ApplyReport
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Change


def tells_once(report: ApplyReport) -> bool:
    """Whether there is something to note."""
    return any(is_missed(result.change) or _was_published(result.change) for result in report.results)


def with_told(state: State, report: ApplyReport) -> State:
    """The state, which may have been written since, with what the report tells once."""
    noted = state.clone()
    for change in (result.change for result in report.results):
        if is_missed(change):
            noted.excused.update(past_keys(change.account.id, change.at, change.id))
        if _was_published(change) and change.copy is not None and change.post is not None:
            entry = change.copy.entry
            if any(copy.entry == entry for copy in noted.copies.values()):
                before = noted.facts.get(entry, NO_FACTS).told
                noted.note(entry, told=tuple(dict.fromkeys((*before, told(change.post)))))
    return noted


def _was_published(change: Change) -> bool:
    return Block.WENT_OUT in change.blocks
