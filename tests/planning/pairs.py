"""What becomes of two posts of one account that get in each other's way: their minutes, their words, and who goes first.

Each section is about what Publer and the ledger have of the two. Each line has what the calendar says of each, and the plan.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from publer_sync.ledger.copies import End, EntryFacts
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import KnownAccount
from publer_sync.planning.planner import Scope
from publer_sync.values.signoff import name_of
from tests.builders import (
    DAY,
    HOUR,
    LAST,
    LATER,
    NOW,
    SOON,
    copy_of,
    ledger,
    planned,
    sent,
    shown,
    wanted,
)
from tests.planning.decisions import plan_line
from tests.values.test_signoff import signoff, yes_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publer_sync.ledger.state import State
    from publer_sync.values.model import LivePost, Post

ONE, TWO = wanted(SOON, "One", id="one", line=3), wanted(LATER, "Two", id="two", line=9)
_TIMES, _WORDS = {"one": SOON, "two": LATER}, {"one": "One", "two": "Two"}
_OTHER = {"one": "two", "two": "one"}
WANTS = (
    "stays",
    "the other's minute",
    "the other's words",
    "both of the other",
    "the other's words, elsewhere",
    "new words",
    "gone",
)


def wants(name: str, what: str) -> Post | None:
    post, other = (ONE, _OTHER[name]) if name == "one" else (TWO, _OTHER[name])
    words, minute = replace(post.content, text=_WORDS[other]), _TIMES[other]
    match what:
        case "the other's minute":
            return replace(post, at=minute)
        case "the other's words":
            return replace(post, content=words)
        case "both of the other":
            return replace(post, at=minute, content=words)
        case "the other's words, elsewhere":
            return replace(post, at=LAST, content=words)
        case "new words":
            return replace(post, content=replace(post.content, text="New"))
        case "gone":
            return None
        case _:
            return post


NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})


class Known(NamedTuple):
    state: State
    live: tuple[LivePost, ...]
    more: Mapping[str, Any] = NOTHING_MORE
    nameless: bool = False
    """Neither the calendar nor the ledger has an id for either post."""


_C1, _C2 = copy_of(ONE), copy_of(TWO, 2, post_id="p-2")
_L1, _L2 = shown(SOON, "One"), shown(LATER, "Two", id="p-2")
_OUT = replace(_C1, slot=NOW - HOUR, seen=replace(_C1.seen, at=NOW - HOUR)) if _C1.seen else _C1


def _out(end: End = End.PUBLISHED, **facts: Any) -> State:
    ended = _OUT.ending(end, NOW - HOUR, evidence="m-1")
    return ledger(ended, _C2, facts={1: EntryFacts(**facts)} if facts else {})


_HELD = replace(_C2, held=True, removing_at=NOW - HOUR).ending(End.REMOVED, NOW - HOUR)
_LOST = ledger(
    *(replace(copy, account="a-old") for copy in (_C1, _C2)),
    lost=frozenset({"a-old"}),
    accounts={"a-old": KnownAccount("twitter", "Fjordlight")},
)
_NEW = replace(TWO.content, text="New")
_OUT_LIVE = shown(NOW - HOUR, "One", state="published")
KNOWN: dict[str, Known] = {
    "both listed": Known(ledger(_C1, _C2), (_L1, _L2)),
    "one edited": Known(ledger(_C1, _C2), (replace(_L1, text="Edited"), _L2)),
    "two edited": Known(ledger(_C1, _C2), (_L1, replace(_L2, text="Edited"))),
    "two within the freeze": Known(
        ledger(_C1, replace(_C2, seen=replace(_C2.seen, at=NOW + 10 * (DAY / 1440))))
        if _C2.seen
        else ledger(),
        (_L1, replace(_L2, at=NOW + 10 * (DAY / 1440))),
    ),
    "two declined": Known(ledger(_C1, _C2), (_L1, replace(_L2, state="scheduled_declined"))),
    "two deleted": Known(ledger(_C1, _C2), (_L1,)),
    "two a draft": Known(ledger(_C1, _C2), (_L1, replace(_L2, state="draft"))),
    "two not known": Known(ledger(_C1), (_L1,)),
    "two made there": Known(ledger(_C1), (_L1, _L2)),
    "one published": Known(_out(), (_L2, _OUT_LIVE)),
    "both without ids, one published": Known(_out(), (_L2, _OUT_LIVE), nameless=True),
    "both without ids, one published, and let go": Known(_out(let_go=True), (_L2, _OUT_LIVE), nameless=True),
    "both without ids, one published beside the other": Known(
        _out(beside=(name_of(replace(TWO, id=None)),)), (_L2, _OUT_LIVE), nameless=True
    ),
    "both without ids, one published, somebody decided": Known(
        _out(twins=True), (_L2, _OUT_LIVE), nameless=True
    ),
    "one published, and doubted": Known(_out(doubted=("two",)), (_L2, _OUT_LIVE)),
    "both without ids, one maybe published": Known(_out(End.MAYBE_PUBLISHED), (_L2,), nameless=True),
    "one maybe published": Known(_out(End.MAYBE_PUBLISHED), (_L2,)),
    "two out of the run": Known(ledger(_C1, _C2), (_L1, _L2), {"scope": Scope(until=SOON + HOUR)}),
    "the replacement of two is under way": Known(
        ledger(_C1, _C2, replace(sent(replace(TWO, at=LAST, content=_NEW), 3, job_id="j-3"), entry=2)),
        (_L1, _L2),
    ),
    "two is being removed": Known(ledger(_C1, replace(_C2, removing_at=NOW)), (_L1, _L2)),
    "another calendar has two": Known(
        ledger(_C1), (_L1, _L2), {"elsewhere": Elsewhere.of({"acme": ledger(_C2)})}
    ),
    "another calendar has sent two": Known(
        ledger(_C1), (_L1, _L2), {"elsewhere": Elsewhere.of({"acme": ledger(sent(TWO, 2, job_id="j-2"))})}
    ),
    "another calendar has two on hold": Known(
        ledger(_C1),
        (_L1,),
        {"elsewhere": Elsewhere.of({"acme": ledger(_HELD, holds=(Hold("a storm", NOW - HOUR),))})},
    ),
    "another calendar let go of two, which was on hold": Known(
        ledger(_C1),
        (_L1,),
        {
            "elsewhere": Elsewhere.of(
                {
                    "acme": ledger(
                        _HELD, holds=(Hold("a storm", NOW - HOUR),), facts={2: EntryFacts(left=True)}
                    )
                }
            )
        },
    ),
    "two waits for a time": Known(ledger(_C1, _C2), (_L1, _L2), {"waiting": [TWO]}),
    "two without an id waits for a time": Known(
        ledger(_C1, _C2), (_L1, _L2), {"waiting": [replace(TWO, id=None)]}, nameless=True
    ),
    "two waits for a time, taken out by a hold": Known(ledger(_C1, _HELD), (_L1,), {"waiting": [TWO]}),
    "both on an account that left, and came back": Known(_LOST, ()),
    "both on an account that left, and came back, one published": Known(
        replace(_LOST, copies={**_LOST.copies, 1: _LOST.copies[1].ending(End.PUBLISHED, NOW - HOUR)}), ()
    ),
    "both without ids, on an account that left, and came back": Known(_LOST, (), nameless=True),
    "both on an account that left, of another name": Known(
        replace(_LOST, accounts={"a-old": KnownAccount("twitter", "Other", "", "7")}), ()
    ),
    "one signed off": Known(ledger(_C1, _C2), (_L1, _L2), {"signoff": signoff(yes=(yes_to(ONE),))}),
}


def plan_of(known: str, desired: Sequence[Post]) -> str:
    state, live, more, nameless = KNOWN[known]
    if nameless:
        copies = {key: replace(copy, id=None) for key, copy in state.copies.items()}
        state, desired = replace(state, copies=copies), [replace(post, id=None) for post in desired]
    return plan_line(planned(desired, live, state, **more), named=True)


def section(known: str) -> Iterator[str]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in WANTS:
        for two in WANTS:
            desired = [post for post in (wants("one", one), wants("two", two)) if post is not None]
            if len({post.at for post in desired}) == len(desired):  # no calendar has two in one minute
                found[one, plan_of(known, desired)].append(two)
    for (one, told), those in found.items():
        yield f"{one} | {'; '.join(those)} | {told}"
