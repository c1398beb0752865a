"""What the ledger makes of a listing: which post is whose, and what became of those that are not listed any more.

Each section is about what the ledger has. Each line has the moment, what Publer lists, and what the ledger has then.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.ledger.accounting import account
from publer_sync.ledger.attribution import attribute, lapse, tidy
from publer_sync.ledger.moments import believed
from publer_sync.values.content import Content
from publer_sync.values.model import MINUTE, Listing
from tests.builders import DAY, HOUR, LINKEDIN, NOW, SOON, X
from tests.planning.decisions import AS_SENT, LEDGER, PUBLER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.values.model import LivePost

MOMENTS = {
    "now": NOW,
    "a minute later": NOW + MINUTE,
    "at its minute": SOON,
    "half an hour after its minute": SOON + 30 * MINUTE,
    "an hour after its minute": SOON + HOUR,
    "a day later": NOW + DAY,
    "40 days later": NOW + 40 * DAY,
    "a day before": NOW - DAY,
}
MORE: dict[str, tuple[LivePost, ...]] = {
    "published in its minute": (replace(AS_SENT, id="m-1", state="published"),),
    "published early": (replace(AS_SENT, id="m-1", state="published", at=SOON - 10 * MINUTE),),
    "published late": (replace(AS_SENT, id="m-1", state="published", at=SOON + 50 * MINUTE),),
    "published, in other words": (replace(AS_SENT, id="m-1", state="published", text="Other"),),
    "published, and only collected": (replace(AS_SENT, id="m-1", state="published", imported=True),),
    "published on another account": (replace(AS_SENT, id="m-1", state="published", account_id=LINKEDIN.id),),
    "published, with a longer text": (replace(AS_SENT, id="m-1", state="published", text="Hello\n\nTeam"),),
    "failed under another id": (replace(AS_SENT, id="m-1", state="failed", error="Too long"),),
    "a draft under another id": (replace(AS_SENT, id="m-1", state="draft"),),
    "one with other labels": (replace(AS_SENT, id="m-1", labels=("other",)),),
    "one with another link": (replace(AS_SENT, id="m-1", link="https://b.example"),),
    "two alike": (replace(AS_SENT, id="m-1"), replace(AS_SENT, id="m-2")),
}
LISTED = {name: PUBLER[name] for name in (
    "nothing", "as sent", "other words", "moved", "a draft", "declined", "published", "failed", "recurring",
    "in an unknown state", "on another account", "time passed", "one made there", "another one there", "one made later",
)} | MORE  # fmt: skip


def after(state: State, live: tuple[LivePost, ...], moment: str, *, theirs: tuple[str, ...] = ()) -> State:
    now, listing = MOMENTS[moment], Listing(live)
    known = believed(state, now)
    found = attribute(known, listing, now=now, poll_seconds=2.0, theirs=theirs)
    found = lapse(found, now=now, poll_seconds=2.0)
    found = account(
        found, listing, account_ids=[X.id, LINKEDIN.id], now=now, poll_seconds=2.0, others=(), theirs=theirs
    )
    tidy(found, now=now)
    return found


def _copy(copy: Copy) -> str:
    flags = {
        f"{copy.end} by {copy.evidence}" if copy.evidence else str(copy.end): copy.end is not None,
        f'"{copy.publer_said}"': bool(copy.publer_said),
        "under way": copy.under_way,
        "lapsed": copy.lapsed,
        "refused": copy.refused is not None,
        f"as {copy.post_id}": copy.post_id is not None,
        f"came {copy.turned_up}": bool(copy.turned_up),
        "being edited": copy.revising is not None,
        "being removed": copy.removing_at is not None and not copy.removed,
        "removed": copy.removed,
        f"on {copy.moved_to}": bool(copy.moved_to),
        f"seen {copy.seen.text!r}" if copy.seen else "": copy.seen is not None,
        f"shown {copy.shown.text!r}" if copy.shown else "": copy.shown is not None,
        "forgotten": copy.sent == Content(),
    }
    return " ".join(name for name, holds in flags.items() if holds)


def section(known: str) -> Iterator[str]:
    state = LEDGER[known]
    assert state is not None
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for moment in MOMENTS:
        found: dict[str, list[str]] = defaultdict(list)
        for name, live in LISTED.items():
            copies = sorted(after(state, live, moment).copies.items())
            found[", ".join(f"{key} {_copy(copy)}" for key, copy in copies) or "nothing"].append(name)
        alike[tuple(f"{', '.join(names)} | {told}" for told, names in found.items())].append(moment)
    for lines, moments in alike.items():
        yield from (f"{', '.join(moments)} | {line}" for line in lines)
    theirs = after(state, LISTED["one made there"], "now", theirs=("m-1",))
    yield f"now, where it is of another calendar | one made there | {', '.join(map(_copy, theirs.copies.values()))}"


def headings() -> list[str]:
    return [known for known, state in LEDGER.items() if state is not None and state.copies]
