"""Notes in the ledger what a report said: of a post that was missed, or published before the calendar moved it, only once.

It is noted once someone was shown the report. A run that ends in between tells it again: better twice than never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.ledger.copies import NO_FACTS
from publer_sync.ledger.state import doubt_key, past_keys
from publer_sync.planning.judge import told
from publer_sync.planning.plan import Block, Blocked, Past, is_missed

if TYPE_CHECKING:
    from publer_sync.applying.report import ApplyReport
    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Change


def tells_once(report: ApplyReport) -> bool:
    """Whether there is something to note."""
    return any(
        is_missed(result.change) or _was_published(result.change) or _may_be(result.change)
        for result in report.results
    )


def with_told(state: State, report: ApplyReport) -> State:
    """The state, which may have been written since, with what the report tells once."""
    noted = state.clone()
    for change in (result.change for result in report.results):
        if isinstance(change, Past) and change.doubted:
            noted.excused.add(doubt_key(change.account.id, change.at))
        elif is_missed(change):
            noted.excused.update(past_keys(change.account.id, change.at, change.id))
        if (may_be := _may_be(change)) and may_be in {copy.entry for copy in noted.copies.values()}:
            before = noted.facts.get(may_be, NO_FACTS).doubted
            noted.note(may_be, doubted=tuple(dict.fromkeys((*before, change.id or ""))))
        if _was_published(change) and change.copy is not None and change.post is not None:
            entry = change.copy.entry
            if any(copy.entry == entry for copy in noted.copies.values()):
                known = noted.facts.get(entry, NO_FACTS).told
                noted.note(entry, told=tuple(dict.fromkeys((*known, told(change.post)))))
    return noted


def _may_be(change: Change) -> int:
    """The key of the entry that it may be, which was published before the post was moved; 0 where the change is not about that."""
    return change.entry if isinstance(change, Blocked) and Block.TWIN in change.blocks else 0


def _was_published(change: Change) -> bool:
    return Block.WENT_OUT in change.blocks
