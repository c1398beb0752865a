"""What will wait in Publer until someone approves it there, and by when.

Publer's help centre ("Content approval"): a post goes to Pending Approval when a member who needs approval schedules it,
or edits one that was approved. A client's approval can bind everyone.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from publer_sync.planning.notes import Warn
from publer_sync.planning.plan import Create, Recreate, Replace, Update, intent
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publer_sync.planning.plan import Change


def approvals(changes: Iterable[Change], timezone: str) -> Iterator[Warn]:
    """A warning for each account on which new posts need approval, and one where edited posts need it again."""
    new: dict[str, list[Create | Recreate | Replace]] = defaultdict(list)
    edited: dict[str, list[Update]] = defaultdict(list)
    for change in map(intent, changes):
        match change:
            case Create() | Recreate() | Replace() if _waits(change):
                new[change.account.id].append(change)
            case Update() if _waits(change):
                edited[change.account.id].append(change)
    for made in new.values():
        by = _by(made, timezone)
        yield Warn(
            "approval",
            f"new posts on {_name(made)} wait in Publer until someone approves them there, the first by {by}"
            if len(made) > 1
            else f"the new post on {_name(made)} waits in Publer until someone approves it there, by {by}",
        )
    for sent in edited.values():
        by = _by(sent, timezone)
        yield Warn(
            "approval",
            f"the edits send {len(sent)} posts on {_name(sent)} back to approval in Publer; they are not published unless "
            f"someone approves them there, the first by {by}"
            if len(sent) > 1
            else f"the edit sends the post on {_name(sent)} back to approval in Publer; it is not published unless someone "
            f"approves it there, by {by}",
            sent[0].post.location,
        )


def _waits(change: Create | Recreate | Replace | Update) -> bool:
    if change.post.draft:
        return False
    was_approved = change.live is not None and change.live.state == "scheduled_approved"
    return change.account.needs_approval or was_approved


def _name(changes: Sequence[Change]) -> str:
    account = changes[0].account
    return account.alias or account.name


def _by(changes: Sequence[Change], timezone: str) -> str:
    """The minute of the first of them, after which nobody's approval helps."""
    first = min(change.at for change in changes).astimezone(time_zone(timezone))
    return f"{first:%a} {first.day} {first:%b %Y %H:%M}"
