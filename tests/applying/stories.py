"""What an apply sends, reports and records: each way of a post, with whatever may go wrong on the way.

Each section is about what is to be done. Each line has what goes wrong, what is sent, each with what the ledger on the disk
says at that moment, what is reported, what Publer has in the end, and what the ledger has. Where not all was done, an apply
follows some minutes later, and one that accepts what Publer shows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from publer_sync.applying.report import DONE
from publer_sync.ledger.contact import Contact
from publer_sync.ledger.runs import RunRecord
from publer_sync.planning.allow import Allow
from publer_sync.planning.survey import survey
from publer_sync.values.errors import Interrupted, Refused, StateError, TooLate, Unclear, Unreachable
from publer_sync.values.model import Failure
from tests.applying.scenes import NO, QUIET, SCENES, YOUTUBE
from tests.applying.whole import POLL_SECONDS, SEEN, Whole, applied
from tests.builders import (
    HOUR,
    LAST,
    LINKEDIN,
    NOW,
    SOON,
    TOMORROW,
    X,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.publer.gateway import Publer
    from publer_sync.values.content import Json
    from publer_sync.values.model import Post
    from tests.applying.whole import Applied


_ALIASES = {X.id: "x", LINKEDIN.id: "linkedin", "a-yt": "youtube"}
_COMES = ("scheduled", "scheduled_pending")
QUIET_FAULTS = (
    "nothing",
    "accepted, and not made",
    "the request is refused",
    "no answer, though done",
    "nothing can be removed",
    "deleted meanwhile",
    "the ledger cannot be saved",
)


def _edited(publer: Whole) -> None:
    _since(publer, text="Edited since")


def _moved(publer: Whole) -> None:
    _since(publer, at=LAST + HOUR)


def _declined(publer: Whole) -> None:
    _since(publer, state="scheduled_declined")


def _out(publer: Whole) -> None:
    _since(publer, state="published", at=NOW)


def _since(publer: Whole, **changes: Any) -> None:
    publer.clock.slept += 120  # the page of the plan is old
    publer.live |= {key: replace(post, **changes) for key, post in publer.live.items()}


def _deleted(publer: Whole) -> None:
    publer.clock.slept += 120
    publer.live = {}


def _taken(publer: Whole) -> None:
    publer.clock.slept += 120
    publer.live["m-9"] = shown(SOON, "A colleague's", id="m-9")
    publer.live["m-8"] = shown(TOMORROW, "Another colleague's", id="m-8")


BUSY = Failure("There's another post at this time. A one minute gap is required between posts")
LOST = Unclear("Publer did not answer")
REFUSED = Refused("Publer refused it", publer_said="Nope")
GONE = Unreachable("Publer cannot be reached")

FAULTS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "refused by its job": {"makes": lambda post: replace(NO, account_id=post.account_id)},
    "its minute is taken": {"makes": lambda post: replace(BUSY, account_id=post.account_id)},
    "accepted, and not made": {"makes": lambda _: None},
    "made in other words": {"makes": lambda post: replace(post, text=f"{post.text}!")},
    "made a draft, or scheduled": {
        "makes": lambda post: replace(post, state="scheduled" if post.state == "draft" else "draft")
    },
    "the edit is not kept": {"puts": lambda old, _: old},
    "the edit takes the post away": {"puts": lambda *_: None},
    "the request is refused": {"errors": REFUSED},
    "the second request is refused": {"errors": (None, REFUSED)},
    "no answer, and not done": {"errors": LOST},
    "no answer, though done": {"after": LOST},
    "Publer cannot be reached": {"errors": GONE},
    "Publer cannot be reached after the first": {"errors": (None, GONE)},
    "too late to be sent": {"errors": TooLate("the time for it is over")},
    "interrupted": {"errors": Interrupted("stopped")},
    "interrupted after the first": {"errors": (None, Interrupted("stopped"))},
    "nothing can be removed": {"stays": ("p-1", "p-2", "p-3")},
    "a short list": {"short": 1},
    "the ledger cannot be saved": {"unsaved": 0},
    "the ledger cannot be saved later": {"unsaved": 2},
    "edited meanwhile": {"meanwhile": _edited},
    "moved meanwhile": {"meanwhile": _moved},
    "declined meanwhile": {"meanwhile": _declined},
    "published meanwhile": {"meanwhile": _out},
    "deleted meanwhile": {"meanwhile": _deleted},
    "its minute is taken meanwhile": {"meanwhile": _taken},
    "refused, by a short list": {"errors": REFUSED, "short": 1},
    "no answer, though done, by a short list": {"after": LOST, "short": 1},
    "deleted meanwhile, by a short list": {"meanwhile": _deleted, "short": 1},
    "interrupted, and the ledger cannot be saved": {"errors": Interrupted("stopped"), "unsaved": 2},
    "stopped at once": {"stop": 0},
    "stopped after some steps": {"stop": 3},
    "removed, and still listed": {"lingers": True},
    "the edit moves the post": {"puts": lambda old, _: replace(old, at=LAST + HOUR)},
    "through a new key": {"contact": Contact()},
    "through a new key, made a draft, or scheduled": {
        "contact": Contact(),
        "makes": lambda post: replace(post, state="scheduled" if post.state == "draft" else "draft"),
    },
    "through a new key, the edit is not kept": {"contact": Contact(), "puts": lambda old, _: old},
    "through a new key, the edit moves the post": {
        "contact": Contact(),
        "puts": lambda old, _: replace(old, at=LAST + HOUR),
    },
    "through a new key, the first edit is refused, the second not kept": {
        "contact": Contact(),
        "errors": (REFUSED, None, None, None, None, None),
        "puts": lambda old, _: old,
    },
    "through a new key, the request is refused": {"contact": Contact(), "errors": REFUSED},
    "through a new key, no answer, and not done": {"contact": Contact(), "errors": LOST},
    "through a new key, removed, and still listed": {"contact": Contact(), "lingers": True},
    "through a new key, removed, and others with it": {"contact": Contact(), "takes_all": True},
    "through a new key, in other words": {
        "contact": Contact(),
        "makes": lambda post: replace(post, text=f"{post.text}!"),
        "puts": lambda _, new: replace(new, text=f"{new.text}!"),
    },
    "through a new key, and nothing can be removed": {"contact": Contact(), "stays": ("p-1", "p-2", "p-3")},
    "through a new key, accepted, and not made": {"contact": Contact(), "makes": lambda _: None},
}
_METHODS = ("new", "draft", "edit", "remove")


class Told(Whole):
    """Notes with each write what the ledger on the disk says of it at that moment."""

    saved: State | None = None
    keeps = 1000
    lingers = takes_all = False
    """Whether what is said to be removed is still listed, or everything else goes with it."""
    steps = 1000
    """How often it is asked whether to stop before somebody does."""

    def stop(self) -> bool:
        self.steps -= 1
        return self.steps < 0

    def upload(self, path: Path, **more: Any) -> dict[str, Json]:
        self.wrote.append(f"upload {path.name}")
        return super().upload(path, **more)

    def delete(self, ids: Sequence[str]) -> frozenset[str]:
        before = dict(self.live)
        gone = super().delete(ids)
        if self.lingers:
            self.live = before
        if self.takes_all:
            self.live = {}
        return gone

    def save(self, state: State, within: float = 0) -> None:
        if self.keeps <= 0:
            raise StateError("the disk is full")
        self.keeps -= 1
        self.saved = state.clone()

    def _begin(self, name: str, what: str) -> None:
        super()._begin(name, f"{what} ({_ledger(self.saved)})")


def _ledger(state: State | None) -> str:
    return (
        ", ".join(f"{key} {_copy(copy)}" for key, copy in sorted(state.copies.items()))
        if state
        else "nothing"
    )


def _copy(copy: Copy) -> str:
    more = {
        "alone": copy.alone,
        "held": copy.held,
        "spared": copy.spared is not None,
        f"on {copy.account}": copy.account != X.id,
        f"moved to {copy.moved_to}": bool(copy.moved_to),
        f"of {copy.entry}": copy.entry != copy.key,
    }
    if copy.end is not None:
        return " ".join([copy.end, *(name for name, holds in more.items() if holds)])
    flags = {
        "sent": copy.under_way,
        "lapsed": copy.lapsed,
        "refused": copy.refused is not None,
        "listed": copy.post_id is not None,
        f"being edited to {copy.revising.text!r} {copy.revising.title!r}"
        if copy.revising
        else "": copy.revising is not None,
        "being removed": copy.removing_at is not None and not copy.removed,
        "removed": copy.removed,
        f"came {copy.turned_up}": bool(copy.turned_up),
        "adopted": copy.adopted,
        "without an id": copy.id is None,
        **more,
    }
    return " ".join(name for name, holds in flags.items() if holds)


def runs_of(scene: str, fault: str) -> Iterator[Applied]:
    """The apply, and where it did not come to a good end, two more: some minutes later, and with what Publer shows accepted."""
    desired, live, state, more = SCENES.get(scene) or QUIET[scene]
    what = {**dict(more), **FAULTS[fault]}
    raised = {name: what.pop(name) for name in ("errors", "after") if name in what}
    each: dict[str, Any] = {
        name: {method: [*(errors if isinstance(errors, tuple) else (errors,))] for method in _METHODS}
        for name, errors in raised.items()
    }
    fakes = {name: what.pop(name) for name in ("makes", "puts", "stays", "short", "media") if name in what}
    publer = Told(*live, **each, **fakes)
    publer.keeps, publer.steps = what.pop("unsaved", publer.keeps), what.pop("stop", publer.steps)
    publer.lingers, publer.takes_all = what.pop("lingers", False), what.pop("takes_all", False)
    options = {"contact": SEEN, **what}
    done = _apply(desired, publer, state(), **options)
    yield done
    for allow in (None, Allow(rewritten=True, twins=True)):
        if done.report.error is None and all(each.outcome in DONE for each in done.report.results):
            return
        publer.errors, publer.after, publer.keeps, publer.steps, publer.wrote = {}, {}, 1000, 1000, []
        publer.clock.slept += 600
        options |= {"contact": done.run.state.contact, "meanwhile": lambda _: None}
        options |= {"allow": allow} if allow else {}
        options |= {"order": {**options.get("order", {}), "taken_out": ()}}
        done = _apply(desired, publer, done.run.state, **options)
        yield done


def _apply(desired: Sequence[Post], publer: Told, state: State, **more: Any) -> Applied:
    now = publer.clock.now()
    short, publer.short = publer.short, 0  # the list of the plan is whole
    known = survey(
        cast("Publer", publer),
        state,
        account_ids=(X.id, LINKEDIN.id, YOUTUBE.id),
        clock=publer.clock,
        poll_seconds=POLL_SECONDS,
    ).state
    assert known is not None
    publer.short = short
    return applied(
        desired,
        publer,
        known,
        files=FILES,
        save=publer.save,
        stop=publer.stop,
        record=RunRecord(now, "apply"),
        now=now,
        **more,
    )


def line_of(done: Applied) -> str:
    lines = []
    for result in done.report.results:
        said = f' Publer: "{result.why.publer_said}"' if result.why.publer_said else ""
        words = (
            result.change.post.text
            if result.change.post
            else f"-{result.change.live.text if result.change.live else ''}"
        )
        marks = [name for name in ("page", "asks", "leaves", "payload") if getattr(result, name)]
        marks += ["doubted"] if getattr(result.change, "doubted", False) else []
        hint = f" > {result.why.hint}" if result.why.hint else ""
        line = f"{words} {result.outcome}: {result.why.message}{said}{hint}".rstrip(": ")
        lines.append(" ".join([line, *(f"<{mark}>" for mark in marks)]))
    if done.report.error is not None:
        lines.append(f"{type(done.report.error).__name__}: {done.report.error}".replace("\n", " / "))
    if done.report.twice is not None:
        lines.append(f"{done.report.twice[0]} twice")
    lines += [note.message for note in done.report.notes]
    lines += [
        f'Publer: "{said.publer_said}" of {said.account.id if said.account else "some post"}'
        for said in done.report.remarks
    ]
    if (ahead := done.report.next_out) != _next_of(done):
        lines.append(f"next: {ahead[2]} on {ahead[1]}" if ahead else "next: nothing")
    if (ended := _has_ended(done)) is (done.report.error is not None):
        lines.append("ended" if ended else "not ended")
    wrote = "; ".join(done.publer.wrote) or "nothing"
    there = ", ".join(f"{text} {state}" for text, state in done.there) or "nothing"
    waited = f", {done.publer.clock.slept:.0f} s" if done.publer.clock.slept else ""
    return (
        f"{wrote} | {'; '.join(lines)} | {there} | {_ledger(done.run.state)}{_facts(done.run.state)}{waited}"
    )


def _next_of(done: Applied) -> tuple[datetime, str, str] | None:
    """What of the calendar's posts in Publer is published next: a report that names another one is told."""
    ours, now = done.run.state.post_ids, done.publer.clock.now()
    return min(
        (
            (post.at, _ALIASES[post.account_id], post.text)
            for post in done.publer.live.values()
            if post.id in ours and post.state in _COMES and post.at and post.at > now
        ),
        default=None,
    )


def _has_ended(done: Applied) -> bool:
    """Whether the ledger has it that the apply came to its end."""
    record, last = done.run.order.record, done.run.state.last_apply
    return record is not None and last is not None and last >= record.at


def _facts(state: State) -> str:
    """What else the ledger knows: of entries, of first contact, what was told, and what the last run did."""
    contact = state.contact
    told = [
        f"{key} {' '.join(name for name in _FACTS if getattr(facts, name))}"
        for key, facts in state.facts.items()
    ]
    told += [f"in doubt: {kind} {key}" for kind, key in contact.doubts.items()]
    told += [f"accepted: {name}" for name in contact.allowed]
    told += [f"replaces on {name}" for name in contact.replaces]
    told += [f"excused: {len(state.excused)}"] if state.excused else []
    told += [
        f"{line.action} {line.outcome or '?'} of {line.entry}"
        for line in (state.runs[-1].lines if state.runs else ())
    ]
    told += ["all done" if state.files == FILES else "done before"] if state.files else []
    told += (
        ["good"] if state.last_good_apply is not None and state.last_good_apply == state.last_apply else []
    )
    told += [f"seen: {', '.join(contact.verified) or 'nothing'}"] if contact.verified != SEEN.verified else []
    return f" ({'; '.join(told)})" if told else ""


FILES = "f-1"
_FACTS = ("twins", "left", "let_go", "beside", "doubted", "told")


def section(scene: str) -> Iterator[str]:
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for fault in FAULTS if scene in SCENES else QUIET_FAULTS:
        found[tuple(map(line_of, runs_of(scene, fault)))].append(fault)
    for (first, *later), faults in found.items():
        yield f"{'; '.join(faults)} | {first}"
        yield from (f"    then | {line}" for line in later)
