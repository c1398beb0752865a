"""The word, sign and colour of each kind of change, and how many there are of each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.planning.allow import Allow
from publer_sync.planning.plan import SILENT, Action, Held, intent, is_missed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.planning.plan import Change, Plan

NO_OPTIONS = Allow()


class ChangeMark(NamedTuple):
    """`sign` and `word` are for a row, `emoji` for a comment; `ahead` after a number before apply, `done` after it.

    No two marks share a sign or an emoji. `stuck`: apply does nothing about it, so that it needs a person.
    """

    sign: str
    word: str
    color: str
    emoji: str
    ahead: str
    done: str
    stuck: bool = False


NEW = ChangeMark("+", "new", "green", "🟢", "new", "created")
AGAIN = ChangeMark("&", "recreate", "green", "♻️", "to create again", "created again")
EDIT = ChangeMark("~", "edit", "yellow", "🟡", "to edit", "edited")
MOVE = ChangeMark(">", "move", "cyan", "🔵", "to move", "moved")
REPLACE = ChangeMark("*", "replace", "cyan", "🟣", "to replace", "replaced")
ACCOUNT = ChangeMark("@", "account", "red", "🟠", "to change account", "moved to another account")
"""Removed from one account and created on another."""
HALFWAY = ChangeMark(
    "%", "halfway", "red", "🔶", "to change account only halfway", "moved halfway to another account"
)
"""The same where one half is blocked, so that it needs a person, and the other is done all the same."""
REMOVE = ChangeMark("-", "remove", "red", "🔴", "to remove", "removed")
MISSING = ChangeMark("?", "missing", "red", "❓", "missing", "created again", stuck=True)
ADOPT = ChangeMark("=", "adopt", "dim", "⚪", "to adopt", "adopted")
BLOCKED = ChangeMark("!", "blocked", "red", "⛔", "blocked", "blocked", stuck=True)
TAKE_OUT = ChangeMark("|", "on hold", "red", "⏸️", "on hold, to remove", "on hold, removed")
ON_HOLD = ChangeMark(" ", "on hold", "dim", "", "on hold", "on hold")
MISSED = ChangeMark("x", "missed", "red", "⏰", "missed", "missed", stuck=True)
_BEFORE_NOUN = {"new", "missing", "blocked", "missed"}
UNCHANGED = ChangeMark(" ", "unchanged", "dim", "", "unchanged", "unchanged")
SHOWN = (NEW, AGAIN, EDIT, MOVE, REPLACE, ACCOUNT, HALFWAY, TAKE_OUT, REMOVE, MISSING, ADOPT, BLOCKED, MISSED)

_MARKS = {
    Action.CREATE: NEW,
    Action.UPDATE: EDIT,
    Action.REPLACE: REPLACE,
    Action.DELETE: REMOVE,
    Action.RECREATE: AGAIN,
    Action.ADOPT: ADOPT,
    Action.UNCHANGED: UNCHANGED,
    Action.PAST: ChangeMark(" ", "past", "dim", "", "past", "past"),
    Action.HELD: TAKE_OUT,
    Action.PENDING: ChangeMark(" ", "pending", "dim", "", "pending", "pending"),
}


def mark_of(change: Change, allow: Allow = NO_OPTIONS) -> ChangeMark:
    """What happens to it, with these options of apply."""
    if change.action in (Action.BLOCKED, Action.RECREATE) and not allow.passes(change):
        return BLOCKED if change.action is Action.BLOCKED else MISSING
    return wanted_mark(change)


def wanted_mark(change: Change) -> ChangeMark:
    """What happens to it where an option lets it through."""
    wanted = intent(change)
    if is_missed(change):
        return MISSED
    if change.blocks and wanted.action in SILENT:
        return BLOCKED
    if isinstance(wanted, Held) and wanted.live is None:
        return ON_HOLD
    if wanted.action is Action.REPLACE and wanted.diff:
        return MOVE if all(item.field == "scheduled_at" for item in wanted.diff) else REPLACE
    return _MARKS[wanted.action]


def shown_changes(plan: Plan) -> list[Change]:
    """What people have to know about: the changes, and the missed posts."""
    listed = set(map(id, plan.listed))
    return [change for change in plan.changes if is_missed(change) or id(change) in listed]


def totals(
    marks: Iterable[ChangeMark], *, done: bool = False, unit: bool = False
) -> list[tuple[ChangeMark, str]]:
    """Each mark that occurs, with its number and words: `2 new`, `1 to edit`; or `2 created`, `1 edited`.

    With `unit` the first says what is counted: `2 new posts`, `1 to edit`.
    """
    counts = Counter(marks)
    found = [mark for mark in SHOWN if counts[mark]]
    words = {mark: mark.done if done else mark.ahead for mark in found}
    if unit and found:
        noun = "post" if counts[found[0]] == 1 else "posts"
        first = words[found[0]]
        words[found[0]] = f"{first} {noun}" if first in _BEFORE_NOUN else f"{noun} {first}"
    return [(mark, f"{counts[mark]:,} {words[mark]}") for mark in found]
