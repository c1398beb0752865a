"""Older files: which changes would undo what a run from other files did. Pure.

A run whose files are known to be newer refuses the whole plan. Where that is not known, only what goes back is blocked.
"""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from publer_sync.ledger.runs import Version
from publer_sync.planning.notes import Refusal, Warn
from publer_sync.planning.plan import (
    Block,
    Blocked,
    Create,
    Delete,
    Doable,
    Recreate,
    Replace,
    Update,
    blocked,
    intent,
)
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.printable import printable_line
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from publer_sync.ledger.runs import RunLine, RunRecord
    from publer_sync.planning.plan import Change

LATELY = timedelta(days=1)
"""At the tip of the branch that is applied, what was changed longer ago goes back with a warning."""
ALLOW = "--allow-older"
OLDER = frozenset({"older_files", "older_unknown"})
"""The codes of refusals for it."""
_MADE = frozenset({"create", "recreate", "adopt"})


@dataclass(frozen=True)
class Older:
    """The runs since the last one that these files descend from, the newest first."""

    newer: tuple[RunRecord, ...] = ()
    """Whose files are known to be newer, or of another branch."""
    unknown: tuple[RunRecord, ...] = ()
    """Of which that is not known."""
    tip: bool = False
    """Whether the files are the newest of the branch that is applied, as they were committed, or will be."""
    proposed: bool = False
    """Whether they will be: a pull request's. What goes back is shown as it is after the merge."""
    merge: str = ""
    """The branch that has what is newer, where it is not the one that is checked out."""
    warnings: tuple[Warn, ...] = ()
    error: str = ""
    """Why it is not known what these files lack."""

    @property
    def lacks(self) -> bool:
        return bool(self.newer or self.unknown)

    def refusals(self, timezone: str) -> tuple[Refusal, ...]:
        if self.error:
            return (Refusal("older_unknown", 0, 0, ALLOW, self.error),)
        if self.tip or not self.newer:
            return ()
        return (
            Refusal(
                "older_files",
                len(self.newer),
                0,
                ALLOW,
                f"{refusal_of(self.newer[0], timezone)}. Run {self._step} first",
            ),
        )

    @property
    def _step(self) -> str:
        return f"git fetch && git merge {shlex.quote(self.merge)}" if self.merge else "git pull"

    def judged(
        self, changes: Iterable[Change], now: datetime, timezone: str
    ) -> tuple[list[Change], list[Warn]]:
        """The changes with those blocked that go back, and what is to be said about it."""
        runs = (*self.newer, *self.unknown) if self.tip else self.unknown
        told = [_Undone(run, timezone) for run in sorted(runs, key=lambda run: run.at, reverse=True)]
        found: list[Change] = []
        gone_back: list[str] = []
        for change in changes:
            run = next((each for each in told if each.goes_back(change)), None)
            if run is None or not isinstance(change, Doable | Blocked):
                found.append(change)
                continue
            late = run.run.at > now - LATELY
            if self.tip:
                gone_back.append(f"{_name(change)} ({run.by})")
            found.append(
                blocked(change, [Block.OLDER], run.reason(change, tip=self.tip))
                if (late or not self.tip) and not self.proposed
                else change
            )
        warnings = [*self.warnings]
        if gone_back:
            which = "; ".join(dict.fromkeys(gone_back))
            warnings.append(
                Warn(
                    "older_undone",
                    f"these files put posts back to what they were before, those of the last 24 hours only if that is allowed: {which}",
                )
            )
        elif self.unknown and not self.tip:
            warnings.append(Warn("older", _unknown(self.unknown[0], timezone)))
        return found, warnings


NONE_OLDER: Final = Older()


def refusal_of(run: RunRecord, timezone: str) -> str:
    """The sentence about files that are newer than these."""
    return f"{_commit(run)}, applied{_by(run)} {_on(run, timezone)}, is not in this checkout"


def _unknown(run: RunRecord, timezone: str) -> str:
    what = (
        "files that were not committed"
        if run.differs
        else "a commit that no branch here or at the remote has"
    )
    return (
        f"{what} ({_commit(run)}) were applied{_by(run)} {_on(run, timezone)}; what these files would put back to what it was "
        "before is blocked"
    )


def _commit(run: RunRecord) -> str:
    return (run.commit or "")[:7]


def _by(run: RunRecord) -> str:
    return f" by {printable_line(run.who)}" if run.who else ""


def _on(run: RunRecord, timezone: str) -> str:
    at = run.at.astimezone(time_zone(timezone))
    return f"on {at:%a} {at.day} {at:%b}"


class _Undone:
    """What a run did, to recognize what undoes it."""

    def __init__(self, run: RunRecord, timezone: str) -> None:
        self.run = run
        changed = " and files that were not committed" if run.differs else ""
        self.by = f"{_commit(run)}{changed}{_by(run)} {_on(run, timezone)}"
        lines = [line for line in run.lines if line.outcome not in ("failed", "not_tried")]
        made = [line for line in lines if line.before is None and line.action in _MADE]
        self._made = {line.entry for line in made}
        self._made_at = {(line.account, line.at) for line in made}
        self._before = {(line.entry, line.before) for line in lines}
        self._removed = {(line.account, line.before) for line in lines if _is_removal(line)}

    def goes_back(self, change: Change) -> bool:
        match intent(change):
            case Delete(copy=copy, leftover=False, twice=False):
                return copy.entry in self._made or (copy.account, copy.slot) in self._made_at
            case Update(post=post, copy=copy) | Replace(post=post, copy=copy, successor=None):
                return (copy.entry, Version(post.at, post.content.digest)) in self._before
            case Create(post=post) | Recreate(post=post):
                return (post.account.id, Version(post.at, post.content.digest)) in self._removed
            case _:
                return False

    def reason(self, change: Change, *, tip: bool) -> str:
        did = {"delete": "made", "update": "changed", "replace": "changed"}.get(
            intent(change).action, "removed"
        )
        when = "; these files count, so it goes back a day after that" if tip else ""
        return f"it was {did} by another apply ({self.by}) from files that are not among these, and this would undo it{when}"


def _is_removal(line: RunLine) -> bool:
    return line.action == "delete" and line.before is not None


def _name(change: Change) -> str:
    return change.id or f"{change.account.alias or change.account.name} {change.at:%Y-%m-%d %H:%M} UTC"
