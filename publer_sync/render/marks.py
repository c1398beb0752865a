"""The word, sign and colour of each kind of change, and how many there are of each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.planning.plan import SILENT, Action, intent, is_missed
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.planning.plan import Change, Plan


class ChangeMark(NamedTuple):
    """`sign` and `word` stand in a row, `emoji` in a comment; `ahead` after a number before apply, `done` after it."""

    sign: str
    word: str
    color: str
    emoji: str
    ahead: str
    done: str


NEW = ChangeMark("+", "new", "green", "🟢", "new", "created")
EDIT = ChangeMark("~", "edit", "yellow", "🟡", "to edit", "edited")
MOVE = ChangeMark(">", "move", "cyan", "🔵", "to move", "moved")
REPLACE = ChangeMark("*", "replace", "cyan", "🔵", "to replace", "replaced")
REMOVE = ChangeMark("-", "remove", "red", "🔴", "to remove", "removed")
MISSING = ChangeMark("?", "missing", "red", "⛔", "missing", "created again")
ADOPT = ChangeMark("=", "adopt", "dim", "⚪", "to adopt", "adopted")
BLOCKED = ChangeMark("!", "blocked", "red", "⛔", "blocked", "blocked")
MISSED = ChangeMark("!", "missed", "red", "⛔", "missed", "missed")
_SHOWN = (NEW, EDIT, MOVE, REPLACE, REMOVE, MISSING, ADOPT, BLOCKED, MISSED)

_MARKS = {
    Action.CREATE: NEW,
    Action.UPDATE: EDIT,
    Action.REPLACE: REPLACE,
    Action.DELETE: REMOVE,
    Action.RECREATE: MISSING,
    Action.ADOPT: ADOPT,
    Action.BLOCKED: BLOCKED,
    Action.UNCHANGED: ChangeMark(" ", "unchanged", "dim", "", "unchanged", "unchanged"),
    Action.PAST: ChangeMark(" ", "past", "dim", "", "past", "past"),
    Action.PENDING: ChangeMark(" ", "pending", "dim", "", "pending", "pending"),
}


def mark_of(change: Change) -> ChangeMark:
    return MISSED if is_missed(change) else _mark(change.action, change)


def wanted_mark(change: Change) -> ChangeMark:
    """Of a blocked change the mark of what it would be; blocked, where it would be nothing else."""
    return (
        mark_of(change)
        if is_missed(change) or intent(change).action in SILENT
        else _mark(intent(change).action, change)
    )


def _mark(action: Action, change: Change) -> ChangeMark:
    if action is Action.REPLACE and change.diff and all(item.field == "scheduled_at" for item in change.diff):
        return MOVE
    return _MARKS[action]


def shown_changes(plan: Plan) -> list[Change]:
    """What a person has to know of: the changes, and the posts that missed their time."""
    listed = set(map(id, plan.listed))
    return [change for change in plan.changes if is_missed(change) or id(change) in listed]


def totals(changes: Iterable[Change], *, done: bool = False) -> list[tuple[ChangeMark, str]]:
    """Each mark that occurs, with its number and words: `2 new`, `1 to edit`; or `2 created`, `1 edited`."""
    counts = Counter(map(mark_of, changes))
    return [
        (mark, f"{counts[mark]:,} {mark.done if done else mark.ahead}") for mark in _SHOWN if counts[mark]
    ]


def kept_totals(plan: Plan) -> list[str]:
    """What stays as it is, as parts of a sentence: `50 unchanged`, `31 past`."""
    summary = plan.summary
    parts = [
        (summary["unchanged"] - summary["waiting"], "unchanged"),
        (summary["waiting"], "waiting for approval in Publer"),
        (summary["pending"], "pending"),
        (summary["past"] - summary["missed"], "past"),
        (plan.foreign - summary["adopt"], "not managed here"),
    ]
    return [count(number, words, words) for number, words in parts if number > 0]
