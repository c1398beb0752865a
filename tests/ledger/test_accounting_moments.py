"""Where it turns on a moment what became of a post: just before it, at the moment itself, and just after."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.accounting import LATE, SLACK, SOON_AFTER, TOO_NEAR, account
from publer_sync.ledger.attribution import ELSEWHERE, attribute, lapse, tidy
from publer_sync.ledger.copies import End, EntryFacts
from publer_sync.ledger.state import FORGET_AFTER, FORGET_CONTENT_AFTER
from publer_sync.values.content import Content
from publer_sync.values.model import MINUTE
from tests.builders import (
    EARLIER,
    HOUR,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    X,
    copy_of,
    ledger,
    sent,
    shown,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.ledger.copies import Copy
    from publer_sync.values.model import LivePost

POLLS = 30 * 2 * SECOND
"""How long a create settles after its job ended."""
REMOVAL = 45 * 2 * SECOND


def became(copy: Copy, *live: LivePost, fresh: bool = False, **facts: Any) -> str:
    """In a word or two what the ledger has of it after a listing."""
    state = attribute(
        ledger(copy, facts={1: EntryFacts(**facts)} if facts else {}),
        live,
        now=NOW,
        poll_seconds=2,
        fresh=fresh,
    )
    state = lapse(state, now=NOW, poll_seconds=2)
    state = account(
        state, live, account_ids=[X.id, LINKEDIN.id], now=NOW, poll_seconds=2, others=(), theirs=()
    )
    tidy(state, now=NOW)
    if (found := state.copies.get(1)) is None:
        return "no entry"
    words = [str(found.end or ("lapsed" if found.lapsed else "sent" if found.post_id is None else "listed"))]
    words += ["forgotten"] if found.sent == Content() else []
    words += ["being removed"] if found.removing_at is not None and found.end is None else []
    words += ["ahead"] if found.verified_at == NOW else []
    return " ".join(words)


def out(after: timedelta, text: str = "Hello", **more: Any) -> LivePost:
    """Published so long after the minute of a post, under an id that nobody knows."""
    return shown(EARLIER + after, text, **{"id": "n-1", "state": "published", **more})


def due(**more: Any) -> Copy:
    return copy_of(wanted(EARLIER), **more)


def ended(ago: timedelta) -> Copy:
    return replace(due(), slot=NOW - ago).ending(End.REMOVED, NOW - ago)


MOMENTS: dict[str, tuple[Callable[[timedelta], str], str]] = {
    "its words, long before it": (
        lambda d: became(due(verified_at=EARLIER - HOUR), out(-HOUR - SLACK + d)),
        "gone | published | published",
    ),
    "its words, an hour after it": (
        lambda d: became(due(), out(LATE + d)),
        "published | published | maybe_published",
    ),
    "other words, before its minute": (
        lambda d: became(due(), out(d, "Other")),
        "gone | maybe_published | maybe_published",
    ),
    "other words, ten minutes after it": (
        lambda d: became(due(), out(SOON_AFTER + d, "Other")),
        "maybe_published | maybe_published | gone",
    ),
    "nothing, an hour after it": (
        lambda d: became(copy_of(wanted(NOW - LATE + d * 60))),
        "gone | gone | listed",
    ),
    "nothing, an hour after what was sent": (
        lambda d: became(sent(wanted(NOW - LATE + d), lapsed=True)),
        "never_came | never_came | lapsed",
    ),
    "nothing, when its minute comes": (
        lambda d: became(copy_of(wanted(NOW + d * 60))),
        "listed | listed | gone",
    ),
    "removed, five minutes before its minute": (
        lambda d: became(
            copy_of(wanted(NOW - MINUTE), removed=True, removing_at=NOW - MINUTE - TOO_NEAR + d)
        ),
        "removed | listed being removed | listed being removed",
    ),
    "its job ended": (
        lambda d: became(sent(wanted(SOON), job_id="j", job_ended_at=NOW - POLLS + d)),
        "lapsed | lapsed | sent",
    ),
    "its removal left": (
        lambda d: became(copy_of(wanted(SOON), removing_at=NOW - REMOVAL + d)),
        "removed | removed | listed being removed",
    ),
    "its removal left, and it is listed": (
        lambda d: became(copy_of(wanted(SOON), removing_at=NOW - REMOVAL + d), shown(SOON)),
        "listed ahead | listed ahead | listed being removed ahead",
    ),
    "listed when its minute comes": (
        lambda d: became(copy_of(wanted(NOW + d)), shown(NOW + d)),
        "listed | listed | listed ahead",
    ),
    "failed when its minute comes": (
        lambda d: became(copy_of(wanted(NOW + d)), shown(NOW + d, state="failed")),
        "failed | failed | listed ahead",
    ),
    "the first of its kind, a day away": (
        lambda d: became(sent(wanted(SOON), alone=True), shown(SOON + ELSEWHERE + 60 * d), fresh=True),
        "listed ahead | listed ahead | sent",
    ),
    "what it said, long after it ended": (
        lambda d: became(ended(FORGET_CONTENT_AFTER - d)),
        "removed forgotten | removed | removed",
    ),
    "its entry, long after it left the calendar": (
        lambda d: became(ended(FORGET_AFTER - d), left=True),
        "no entry | removed forgotten | removed forgotten",
    ),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_became_of_a_post_turns_at_the_moment_itself(moment: str) -> None:
    tell, told = MOMENTS[moment]
    assert " | ".join(tell(shift) for shift in (-SECOND, timedelta(), SECOND)) == told
