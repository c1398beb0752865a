"""What a hold takes out of Publer, reports and records: each kind of post, with whatever may go wrong on the way.

Each section is about what the ledger and Publer have. Each line has what goes wrong, what Publer is asked to remove, what is
reported of each post, what is left alone, what Publer has in the end, and what the ledger has.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from publer_sync.applying.run import Means
from publer_sync.holding.holder import Holder
from publer_sync.holding.scope import ahead, with_hold
from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.values.errors import PublerSyncError, Refused, Unclear, Unreachable, UnrequestedDelete
from publer_sync.values.model import MINUTE, Family, Job, JobStatus, Listing
from tests.applying.whole import Whole
from tests.builders import (
    DAY,
    HOUR,
    LAST,
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    X,
    copy_of,
    ledger,
    plan,
    sent,
    shown,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.holding.report import HoldReport
    from publer_sync.ledger.copies import Copy
    from publer_sync.publer.gateway import Publer
    from publer_sync.values.model import LivePost

ONE, TWO, FAR = (
    wanted(SOON, "One", id="one"),
    wanted(LATER, "Two", id="two"),
    wanted(NOW + 9 * DAY, "Far", id="far"),
)
_C1, _C2 = copy_of(ONE), copy_of(TWO, 2, post_id="p-2")
_C3 = copy_of(FAR, 3, post_id="p-3")
_L1, _L2 = shown(SOON, "One"), shown(LATER, "Two", id="p-2")
_L3 = shown(FAR.at, "Far", id="p-3")
_DRAFT = copy_of(wanted(SOON, "One", draft=True))
_SENT = sent(ONE, 1, job_id="j-1")


class Scene(NamedTuple):
    copies: Sequence[Copy]
    live: Sequence[LivePost]
    hold: Hold = Hold("a storm", NOW)
    more: tuple[tuple[str, Any], ...] = ()


SCENES: dict[str, Scene] = {
    "two that are ahead, and one far ahead": Scene([_C1, _C2, _C3], [_L1, _L2, _L3]),
    "one that somebody edited": Scene([_C1], [replace(_L1, text="Edited")]),
    "one whose edit an apply left": Scene(
        [replace(_C1, seen=Seen(SOON, "Edited"))], [replace(_L1, text="Edited")]
    ),
    "one of an account that left the settings, which is not listed": Scene(
        [replace(_C1, account=LINKEDIN.id)], []
    ),
    "one that somebody moved": Scene([_C1], [replace(_L1, at=LAST)]),
    "one that somebody moved to another account": Scene([_C1], [replace(_L1, account_id=LINKEDIN.id)]),
    "one of an account that left the settings": Scene(
        [replace(_C1, account=LINKEDIN.id)], [replace(_L1, account_id=LINKEDIN.id)]
    ),
    "one that nobody can read": Scene([_C1], [replace(_L1, unread="its time is none")]),
    "one that is declined": Scene([_C1], [replace(_L1, state="scheduled_declined")]),
    "one that waits for approval": Scene([_C1], [replace(_L1, state="scheduled_pending")]),
    "one that repeats": Scene([_C1], [replace(_L1, state="recurring")]),
    "one in an unknown state": Scene([_C1], [replace(_L1, state="dreaming")]),
    "one that was published": Scene([_C1], [replace(_L1, state="published", at=NOW)]),
    "one whose time has come": Scene(
        [copy_of(replace(ONE, at=NOW - MINUTE))], [replace(_L1, at=NOW - MINUTE)]
    ),
    "one that somebody deleted": Scene([_C1], []),
    "a draft": Scene([_DRAFT], [replace(_L1, state="draft")]),
    "a draft that somebody scheduled": Scene([_DRAFT], [_L1]),
    "one that was sent": Scene([_SENT], []),
    "one that was sent, and is listed": Scene([_SENT], [replace(_L1, id="n-1")]),
    "one that settled unseen": Scene([replace(_SENT, lapsed=True, requested_at=NOW - HOUR)], []),
    "a draft that was sent": Scene([sent(replace(ONE, content=_DRAFT.sent), 1)], []),
    "one that an apply was removing": Scene([replace(_C1, removing_at=NOW - 5 * SECOND)], [_L1]),
    "one that a hold took out": Scene(
        [replace(_C1, held=True, removing_at=NOW - HOUR).ending(End.REMOVED, NOW)], []
    ),
    "one that has ended": Scene([_C1.ending(End.PUBLISHED, NOW)], [replace(_L1, state="published", at=NOW)]),
    "two copies of one post": Scene([_C1, replace(_C2, entry=1)], [_L1, _L2]),
    "a hold of one account": Scene([_C1], [_L1], Hold("a storm", NOW, accounts=(LINKEDIN.id,))),
    "a hold of some hours": Scene(
        [_C1, _C2], [_L1, _L2], Hold("a storm", NOW, first=NOW, last=SOON + MINUTE)
    ),
    "a hold of a label": Scene(
        [
            replace(_C1, adopted=True),
            copy_of(wanted(LATER, "Two", id="two", labels=["sale"]), 2, post_id="p-2"),
        ],
        [_L1, _L2],
        Hold("a storm", NOW, labels=("sale",)),
    ),
    "a hold of a label that the calendar has now": Scene(
        [_C1],
        [_L1],
        Hold("a storm", NOW, labels=("sale",)),
        (("wanted", {1: wanted(SOON, "One", id="one", labels=["sale"])}),),
    ),
    "a hold of one post alone": Scene([_C1, _C2], [_L1, _L2], more=(("only", [2]),)),
    "what is not managed here": Scene(
        [_C1],
        [
            _L1,
            shown(LAST, "Made", id="m-1"),
            shown(SOON, "Again", id="m-2", state="recycling"),
            shown(SOON, "Draft", id="m-3", state="draft"),
        ],
    ),
    "where an apply of another machine may still send": Scene([_SENT], [], more=(("shared", True),)),
}

LOST, NO = Unclear("Publer did not answer"), Refused("Publer refused it", publer_said="Nope", status=403)
FAULTS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "nothing can be removed": {"stays": ("p-1", "p-2", "p-3", "n-1")},
    "the request is refused": {"errors": {"remove": [NO, None, None, None]}},
    "all requests are refused": {"errors": {"remove": [NO] * 99}},
    "no answer, and not done": {"errors": {"remove": [LOST, None, None, None]}},
    "no answer, though done": {"after": {"remove": [LOST, None, None, None]}},
    "Publer cannot be reached": {"errors": {"remove": [Unreachable("Publer cannot be reached")] * 99}},
    "something else was removed": {
        "errors": {"remove": [UnrequestedDelete("Publer removed another post")] * 9}
    },
    "a short list": {"short": 1},
    "no list": {"lists": 0},
    "no list after the first": {"lists": 1},
    "listed again until the third list": {"ghosts": 2},
    "a job that never ends": {"status": JobStatus.PENDING},
    "stopped": {"stop": True},
}


class Listed(Whole):
    """With a first page, a list of what repeats, and lists that fail or lag behind."""

    lists, ghosts, status = 1000, 0, JobStatus.COMPLETE

    def posts(self, *, account_ids: Sequence[str] = (), **_: Any) -> Listing:
        self.lists -= 1
        if self.lists < 0:
            raise Unreachable("Publer cannot be reached")
        there = {**self.before, **self.live} if self.ghosts > 0 else self.live
        self.ghosts -= 1
        there = {
            key: post for key, post in there.items() if not account_ids or post.account_id in account_ids
        }
        return Listing(
            tuple(there.values()), self.short, unread=tuple(post for post in there.values() if post.unread)
        )

    def first_page(self, *, states: tuple[str, ...], **which: Any) -> Listing:
        return Listing(tuple(post for post in self.posts(**which) if str(post.family) in states))

    def repeating(self, **_: Any) -> Listing:
        return Listing(
            tuple(post for post in self.live.values() if post.family in (Family.RECURRING, Family.RECYCLING))
        )

    def job(self, job_id: str, **_: Any) -> Job:
        return Job(self.status)

    before: dict[str, LivePost]


def held(scene: str, fault: str) -> tuple[Listed, Holder, HoldReport, list[str]]:
    copies, live, hold, more = SCENES[scene]
    what = dict(FAULTS[fault])
    publer = Listed(
        *live, **{name: what.pop(name) for name in ("stays", "errors", "after", "short") if name in what}
    )
    publer.before = dict(publer.live)
    stop = what.pop("stop", False)
    for name, value in what.items():
        setattr(publer, name, value)
    noted: list[str] = []
    state = with_hold(ledger(*copies), hold)
    taking = Holder(
        Means(cast("Publer", publer), lambda *_: None, publer.clock, poll_seconds=1.0, stop=lambda: stop),
        replace(plan(), holds=(hold,)),
        state,
        [X.id],
        noting=lambda told: noted.extend(
            f"{key}{' as edited' if seen else ''}" for key, seen in told.items()
        ),
        account={X.id: X, LINKEDIN.id: LINKEDIN}.get,
        **dict(more),
    )
    error = None
    try:
        taking.stop_soonest()
        taking.stop_all()
        taking.stop_under_way(60.0)
        taking.note_left_alone()
    except PublerSyncError as raised:
        error = raised
    return publer, taking, taking.report(error), noted


def line_of(scene: str, fault: str) -> str:
    publer, taking, report, noted = held(scene, fault)
    told = []
    for result in report.done.results:
        said = f' Publer: "{result.why.publer_said}"' if result.why.publer_said else ""
        hint = f" > {result.why.hint}" if result.why.hint else ""
        words = result.change.copy.text if result.change.copy else "?"
        told.append(f"{words} {result.outcome}: {result.why.message}{said}{hint}".rstrip(": "))
    if report.done.error is not None:
        told.append(
            f"{type(report.done.error).__name__}: {report.done.error.message} {report.done.error.hint or ''}".rstrip()
        )
    told += [f"{post.text} left alone" for post in report.unmanaged]
    told += [
        f"{each.change.copy.text if each.change.copy else '?'} without known labels"
        for each in report.unlabelled
    ]
    before = with_hold(ledger(*SCENES[scene].copies), SCENES[scene].hold)
    after = taking.conclude(before)
    parts = [
        "; ".join(publer.wrote) or "nothing",
        f"noted {', '.join(dict.fromkeys(noted)) or 'nothing'}",
        "; ".join(told) or "nothing",
        ", ".join(
            f"{text} {state}"
            for text, state in sorted((each.text, each.state) for each in publer.live.values())
        )
        or "nothing",
        ", ".join(f"{copy.key} {_copy(copy)}" for copy in after.copies.values()),
    ]
    waited = f", {publer.clock.slept:.0f} s" if publer.clock.slept else ""
    return f"{' | '.join(parts)}{waited}"


def _copy(copy: Copy) -> str:
    flags = {
        str(copy.end): copy.end is not None,
        "under way": copy.under_way,
        "lapsed": copy.lapsed,
        "listed": copy.post_id is not None and copy.end is None,
        "being removed": copy.removing_at is not None and not copy.removed and copy.end is None,
        "removed": copy.removed,
        "held": copy.held,
        f"as {copy.shown.text}" if copy.shown else "": copy.shown is not None,
        f"moved to {copy.moved_to}": bool(copy.moved_to),
    }
    return " ".join(name for name, holds in flags.items() if holds)


def known_before(scene: str) -> str:
    """What is asked for where nobody knows yet what Publer lists, and what a hold would take out."""
    copies, live, hold, more = SCENES[scene]
    options = dict(more)
    state = with_hold(ledger(*copies), hold)
    going = ahead(state, hold, [X.id], options.get("wanted", {}))
    publer = Listed(*live)
    would = Holder(
        Means(cast("Publer", publer), lambda *_: None, publer.clock, poll_seconds=1.0),
        replace(plan(), holds=(hold,)),
        state,
        [X.id],
        **options,
    ).survey()
    found = [
        f"{each.change.copy.text if each.change.copy else '?'} {each.outcome}: {each.why.message}".rstrip(
            ": "
        )
        for each in would.done.results
    ]
    known = ", ".join(copy.text for copy in going) or "nothing"
    return f"the ledger has ahead: {known} | would be taken out: {'; '.join(found) or 'nothing'} | {', '.join(publer.wrote) or 'nothing is sent'}"


def section(scene: str) -> Iterator[str]:
    yield known_before(scene)
    found: dict[str, list[str]] = defaultdict(list)
    for fault in FAULTS:
        found[line_of(scene, fault)].append(fault)
    for line, faults in found.items():
        yield f"{'; '.join(faults)} | {line}"
