"""What becomes of one post: what the calendar says, what the ledger knows and what Publer lists, in every combination.

Each section is about one state of the ledger. Each line has what the calendar says, what Publer lists, and the plan.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from publer_sync.ledger.copies import End, EntryFacts, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.planning.plan import Blocked, Pending, intent
from publer_sync.values.content import Revision, to_json
from publer_sync.values.model import MINUTE
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    X,
    copy_of,
    ledger,
    planned,
    sent,
    shown,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.ledger.state import State
    from publer_sync.planning.plan import Change, Plan
    from publer_sync.values.model import LivePost, Post

Listed: TypeAlias = "tuple[LivePost, ...]"

CONTENT: dict[str, Any] = {"title": "News", "link": {"url": "https://a.example"}, "labels": ["tips"]}
POST = wanted(SOON, "Hello", id="hello", **CONTENT)
DRAFT = replace(POST, content=replace(POST.content, draft=True))
LATE = NOW - 20 * MINUTE


def _other(**content: Any) -> Post:
    return wanted(SOON, **{"text": "Hello", "id": "hello", **CONTENT, **content})


CALENDAR: dict[str, Post | None] = {
    "as sent": POST,
    "other words": _other(text="Goodbye"),
    "as edited there": _other(text="Edited"),
    "another title": _other(title="Olds"),
    "another label": _other(labels=["sale"]),
    "another link": _other(link={"url": "https://b.example"}),
    "a picture": _other(link=None, media=[{"file": "a"}], type="photo"),
    "another time": replace(POST, at=LATER),
    "a draft": DRAFT,
    "in a minute": replace(POST, at=NOW + MINUTE),
    "time passed": replace(POST, at=EARLIER),
    "now": replace(POST, at=NOW),
    "just passed": replace(POST, at=LATE),
    "without an id": replace(POST, id=None),
    "not there": None,
}
FEW = ("as sent", "other words", "another time", "a draft", "time passed", "not there")


def _seen(**more: Any) -> LivePost:
    listed = {"title": "News", "link": "https://a.example", "media": 0, "labels": ("tips",), **more}
    return shown(listed.pop("at", SOON), listed.pop("text", "Hello"), **listed)


AS_SENT = _seen()
PUBLER: dict[str, Listed] = {
    "nothing": (),
    "as sent": (AS_SENT,),
    "other words": (_seen(text="Edited"),),
    "another title": (_seen(title="Edited"),),
    "another link": (_seen(link="https://b.example"),),
    "a picture": (_seen(link="", media=1, type="photo"),),
    "moved": (_seen(at=LATER),),
    "a draft": (_seen(state="draft"),),
    "a draft without a time": (_seen(at=None, state="draft"),),
    "waits for approval": (_seen(state="scheduled_pending"),),
    "declined": (_seen(state="scheduled_declined"),),
    "locked": (_seen(state="scheduled_locked"),),
    "published": (_seen(state="published"),),
    "failed": (_seen(state="failed", error="Too long"),),
    "recurring": (_seen(state="recurring"),),
    "in an unknown state": (_seen(state="dreaming"),),
    "on another account": (_seen(account=LINKEDIN),),
    "time passed": (_seen(at=LATE),),
    "declined, time passed": (_seen(at=LATE, state="scheduled_declined"),),
    "within the freeze": (_seen(at=NOW + 10 * MINUTE),),
    "unreadable": (replace(_seen(), unread="its time is none"),),
    "one made there": (replace(AS_SENT, id="m-1"),),
    "another one there": (_seen(id="m-1", text="Made"),),
    "one made later": (_seen(id="m-1", at=LATER),),
    "one published under another id": (_seen(id="m-1", state="published", at=SOON - HOUR),),
}
SOME = (
    "nothing",
    "as sent",
    "other words",
    "moved",
    "a draft",
    "failed",
    "on another account",
    "within the freeze",
    "one made there",
    "another one there",
)

UNSEEN = ("nothing", "as sent", "one made there", "another one there", "one made later")

COPY = copy_of(POST, seen=Seen.of(AS_SENT))
DRAFT_COPY = replace(COPY, sent=DRAFT.content, seen=Seen.of(_seen(state="draft")))
SENT = sent(POST, 1, job_id="j-1")
LAPSED = replace(SENT, requested_at=NOW - 2 * HOUR, lapsed=True, job_ended_at=NOW - 2 * HOUR)
PASSED = replace(COPY, slot=LATE, seen=Seen.of(_seen(at=LATE)))
SECOND = replace(copy_of(replace(POST, at=LATER), 2, post_id="p-2", entry=1), seen=Seen.of(_seen(at=LATER)))
HOLD = Hold("a storm", NOW - HOUR)


def _ended(end: End, **more: Any) -> State:
    return ledger(replace(COPY.ending(end, NOW - 30 * MINUTE), **more))


LEDGER: dict[str, State | None] = {
    "no state": None,
    "nothing of it": ledger(),
    "listed": ledger(COPY),
    "listed, and an edit was left": ledger(replace(COPY, seen=Seen.of(_seen(text="Edited")))),
    "listed, as a draft": ledger(DRAFT_COPY),
    "listed, and its minute has passed": ledger(PASSED),
    "sent": ledger(SENT),
    "sent, and its job has ended": ledger(replace(SENT, job_ended_at=NOW - timedelta(seconds=5))),
    "sent, and refused": ledger(replace(SENT, job_ended_at=NOW - DAY, refused="Too long", lapsed=True)),
    "sent, refused and listed": ledger(replace(COPY, refused="Too long", turned_up="refused")),
    "lapsed": ledger(LAPSED),
    "lapsed twice": ledger(LAPSED, replace(LAPSED, key=2, entry=1)),
    "lapsed, as a draft": ledger(replace(LAPSED, sent=DRAFT.content)),
    "lapsed, and came up late": ledger(replace(COPY, turned_up="late")),
    "a draft that Publer scheduled": ledger(
        replace(DRAFT_COPY, turned_up="scheduled", seen=Seen.of(AS_SENT))
    ),
    "being edited": ledger(
        replace(COPY, revising=Revision("Edited", "News"), requested_at=NOW - timedelta(seconds=5))
    ),
    "being removed": ledger(replace(COPY, removing_at=NOW - timedelta(seconds=5))),
    "removed, and not confirmed": ledger(replace(COPY, removing_at=NOW - HOUR, removed=True)),
    "removed": _ended(End.REMOVED, removing_at=NOW - HOUR),
    "removed, and left the calendar": ledger(
        replace(COPY, removing_at=NOW - HOUR).ending(End.REMOVED, NOW - HOUR),
        facts={1: EntryFacts(left=True)},
    ),
    "a hold takes it out": ledger(replace(COPY, held=True, removing_at=NOW - timedelta(seconds=5))),
    "a hold took it out in its last minutes": ledger(
        replace(PASSED, held=True, removing_at=LATE - MINUTE, removed=True)
    ),
    "taken out by a hold": _ended(End.REMOVED, removing_at=NOW - HOUR, held=True),
    "taken out by a hold, after an edit": _ended(
        End.REMOVED, removing_at=NOW - HOUR, held=True, shown=Seen.of(_seen(text="Edited"))
    ),
    "taken out by a hold, from another account": _ended(
        End.REMOVED, removing_at=NOW - HOUR, held=True, moved_to=LINKEDIN.id
    ),
    "published": _ended(End.PUBLISHED),
    "maybe published": _ended(End.MAYBE_PUBLISHED, evidence="m-1"),
    "maybe published, removed just at its time": _ended(End.MAYBE_PUBLISHED, removing_at=SOON, held=True),
    "maybe published, and somebody decided": ledger(
        COPY.ending(End.MAYBE_PUBLISHED, NOW - HOUR), facts={1: EntryFacts(twins=True)}
    ),
    "failed": _ended(End.FAILED, publer_said="Too long"),
    "refused": _ended(End.REFUSED),
    "gone": _ended(End.GONE),
    "replaced by half": ledger(COPY, SECOND),
    "published, with a second copy": ledger(COPY.ending(End.PUBLISHED, NOW - HOUR), SECOND),
}
AS_SECOND = _seen(id="p-2", at=LATER)
HALVES = {"replaced by half", "published, with a second copy"}

CIRCUMSTANCES: dict[str, dict[str, Any]] = {
    "": {},
    "an incomplete list": {"short": 1},
    "a row that nobody can read": {
        "unread": (replace(_seen(id="p-9", account=X), unread="its time is none"),)
    },
    "a hold": {},
    "edits: keep": {"edits": "keep"},
    "prune: none": {"prune": "none"},
}


MORE = {
    "listed, and an edit was left": ("as edited there",),
    "listed, and its minute has passed": ("just passed",),
    "a hold took it out in its last minutes": ("just passed",),
}
"""What else the calendar may say where the ledger has this."""


def _which(known: str, circumstance: str) -> Iterator[tuple[str, str]]:
    state = LEDGER[known]
    open_ones = [copy for copy in state.copies.values() if copy.post_id and copy.end is None] if state else []
    for said in CALENDAR if known == "listed" and not circumstance else (*FEW, *MORE.get(known, ())):
        for listed in PUBLER:
            if known == "listed" and said == "as sent":
                there = True
            elif circumstance:
                there = listed in ("nothing", "as sent", "one made there")
            elif known == "listed":
                there = said in FEW or listed in SOME
            else:
                there = listed in (SOME if open_ones else UNSEEN)
            if there:
                yield said, listed


def plan_of(known: str, said: str, listed: str, circumstance: str) -> Plan:
    state, desired, live = LEDGER[known], CALENDAR[said], PUBLER[listed]
    more = dict(CIRCUMSTANCES[circumstance])
    if state is not None and circumstance == "a hold":
        state = replace(state, holds=(HOLD,))
    if known in HALVES:
        live = (*live, AS_SECOND)
    return planned([desired] if desired else [], [*live, *more.get("unread", ())], state, **more)


@cache
def _line(known: str, said: str, listed: str, circumstance: str) -> str:
    return plan_line(plan_of(known, said, listed, circumstance))


def plan_line(plan: Plan, *, named: bool = False) -> str:
    """What a plan does and warns of in one line, with the words of the posts where they are to be `named`."""
    told = [f"{_name(change)}: {_told(change)}" if named else _told(change) for change in plan.changes]
    told += [f"({warning.code})" for warning in plan.warnings if warning.code != "no_state"]
    return " + ".join(told) or "nothing"


def _name(change: Change) -> str:
    return change.id or (
        change.post.text if change.post else f"the old {change.copy.text if change.copy else ''}"
    )


_FLAGS = (
    "late", "left", "missed", "doubted", "let_in", "by_hand", "on_hold", "leftover", "twice", "waiting", "near", "swaps",
)  # fmt: skip


def _told(change: Change) -> str:
    would = intent(change)
    words = [str(change.action)]
    if isinstance(change, Blocked):
        words += [",".join(map(str, change.blocks)), "would", str(would.action)]
    fields = [_field(item) for item in would.diff]
    if fields and would.action not in ("create", "recreate"):
        words.append(f"({', '.join(fields)})")
    names = {flag: getattr(change, flag, getattr(would, flag, None)) for flag in _FLAGS}
    words += [f"<{name}>" for name, value in names.items() if value]
    if isinstance(change, Pending):
        words.append(f"until {(change.until - NOW)}")
    if behind := getattr(would, "behind", 0):
        words.append(f"behind {behind}")
    if change.obstacle is not None:
        words.append(f"for {change.obstacle.id}")
    return f"{' '.join(words)}: {change.reason}"


def _field(item: Any) -> str:
    name = item.field.replace("scheduled_at", "time")
    told = f"{name} {to_json(item.before)} > {to_json(item.after)}" if name != "time" else name
    return f"{told} unseen" if item.blind else told


def section(known: str, circumstance: str = "") -> Iterator[str]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for said, listed in _which(known, circumstance):
        told = _line(known, said, listed, circumstance)
        if not circumstance or told != _line(known, said, listed, ""):
            found[said, told].append(listed)
    for (said, told), those in found.items():
        yield f"{said} | {', '.join(those)} | {told}"


def heading(known: str, circumstance: str) -> str:
    return f"{known}; {circumstance}" if circumstance else known


def noted() -> Iterator[str]:
    """What the ledger is to note once a plan is carried out, and the states of which each is true."""
    found: dict[str, list[str]] = defaultdict(list)
    for known in LEDGER:
        for said in ("as sent", "another time", "not there"):
            plan = plan_of(known, said, "as sent", "")
            told = {"left": plan.left, "let go": plan.let_go, "still out": plan.still_out}
            names = [name for name, keys in told.items() if keys]
            names += [f"{plan.unmanaged} not managed"] if plan.unmanaged else []
            found[f"{said}: {', '.join(names) or 'nothing'}"].append(known)
    yield from (f"{told} | {'; '.join(states)}" for told, states in found.items())
