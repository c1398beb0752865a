"""What was sent, as the ledger has it, and what a listing makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.attribution import attribute
from publer_sync.values.model import MINUTE, LivePost
from tests.builders import (
    NOW,
    SECOND,
    SOON,
    ledger,
    sent,
    wanted,
)
from tests.planning.posts import OURS, POST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State

INTENT = sent(POST, job_id="j-1", job_ended_at=NOW - MINUTE)
LAPSED = replace(INTENT, lapsed=True)
UNHEARD = replace(INTENT, job_id=None, job_ended_at=None, requested_at=NOW - 90 * SECOND)
DRAFT = sent(wanted(SOON, "Hello", draft=True))
REFUSED = replace(INTENT, refused="A one minute gap is required between posts")
PICTURES = sent(wanted(SOON, "", media=[{"id": "m-1"}]))
AND = sent(wanted(SOON, "Salt & pepper, from us"))
LINKED = sent(wanted(SOON, "Hello", link={"url": "https://example.com/a"}))
GOING = replace(OURS, removing_at=NOW - MINUTE)


def listed(state: State, live: Iterable[LivePost], **more: Any) -> list[Copy]:
    """The copies after a listing."""
    return [*attribute(state, live, now=NOW, poll_seconds=2, **more).copies.values()]


def attributed(copy: Copy, *live: LivePost) -> Copy:
    """The one copy after a listing."""
    return listed(ledger(copy), live)[0]
