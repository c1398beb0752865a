"""The word, mark and colour of each kind of change, and how many there are of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publer_sync.planning.plan import SILENT, Action
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.planning.plan import Change, Plan


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of change is shown: `word` in a row, `many` after a number, `sign` and `said` in a comment."""

    mark: str
    word: str
    color: str
    sign: str
    said: str
    many: str


NEW = Look("+", "new", "green", "🟢", "new", "new")
EDIT = Look("~", "edit", "yellow", "🟡", "edit", "edits")
MOVED = Look(">", "moved", "cyan", "🔵", "moved", "moved")
REMADE = Look("*", "remade", "cyan", "🔵", "remade", "remade")
REMOVED = Look("-", "removed", "red", "🔴", "removed", "removed")
GONE = Look("?", "gone", "red", "⛔", "gone", "gone")
ADOPT = Look("=", "adopt", "dim", "⚪", "adopted", "adopted")
BLOCKED = Look("!", "blocked", "red", "⛔", "not scheduled", "blocked")
MISSED = Look("!", "missed", "red", "⛔", "missed", "missed")
UNCHANGED = Look(" ", "unchanged", "dim", "", "unchanged", "unchanged")
PAST = Look(" ", "past", "dim", "", "past", "past")
PENDING = Look(" ", "under way", "dim", "", "under way", "under way")

_LOOKS = {
    Action.CREATE: NEW,
    Action.UPDATE: EDIT,
    Action.REPLACE: REMADE,
    Action.DELETE: REMOVED,
    Action.RECREATE: GONE,
    Action.ADOPT: ADOPT,
    Action.BLOCKED: BLOCKED,
    Action.UNCHANGED: UNCHANGED,
    Action.PAST: PAST,
    Action.PENDING: PENDING,
}
_ORDER = (NEW, EDIT, MOVED, REMADE, REMOVED, GONE, ADOPT, BLOCKED, MISSED)


def look(change: Change) -> Look:
    return MISSED if change.missed else look_of(change.action, change)


def wanted(change: Change) -> Look:
    """What the change is at heart, where it is blocked; blocked, where it is nothing else."""
    return look(change) if change.missed or change.intent in SILENT else look_of(change.intent, change)


def look_of(action: Action, change: Change) -> Look:
    if action is Action.REPLACE and change.diff and all(item.field == "scheduled_at" for item in change.diff):
        return MOVED
    return _LOOKS[action]


def said_of(change: Change) -> str:
    """The word of a comment; a blocked post that is in Publer already stays scheduled, and is only not changed."""
    kind = look(change)
    return "not changed" if kind is BLOCKED and change.live is not None else kind.said


def shown(plan: Plan) -> list[Change]:
    """What a person has to know of: the changes, and the posts that missed their time."""
    listed = set(map(id, plan.listed))
    return [change for change in plan.changes if change.missed or id(change) in listed]


def tally(changes: Iterable[Change]) -> list[tuple[Look, int]]:
    """Kinds and their numbers, in the order of the words table; kinds that do not occur are left out."""
    counts = Counter(map(look, changes))
    return [(kind, counts[kind]) for kind in _ORDER if counts[kind]]


def said(kind: Look, number: int) -> str:
    return count(number, kind.many if number != 1 or kind is ADOPT else kind.word, kind.many)


def quiet(plan: Plan) -> list[str]:
    """What stays as it is, as parts of a sentence: `50 unchanged`, `31 past`."""
    summary = plan.summary
    parts = [
        (summary["unchanged"] - summary["waiting"], "unchanged", "unchanged"),
        (summary["waiting"], "waits for approval in Publer", "wait for approval in Publer"),
        (summary["pending"], "under way", "under way"),
        (summary["past"] - summary["missed"], "past", "past"),
        (plan.foreign - summary["adopt"], "made in Publer and left alone", "made in Publer and left alone"),
    ]
    return [count(number, one, many) for number, one, many in parts if number > 0]
