"""The log: what the runs that wrote did to which post, as the state keeps it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from publer_sync.ledger.runs import RunLine, RunRecord
    from publer_sync.model import Account


@dataclass(frozen=True, slots=True)
class Log:
    """`runs`, the newest first, without those that did nothing. `accounts` by Publer's id. `knows`: whether any run is known that changed the post that is asked for."""

    calendar: str
    timezone: str
    now: datetime
    runs: tuple[RunRecord, ...]
    accounts: Mapping[str, Account]
    knows: bool = True


def chosen_runs(
    runs: Iterable[RunRecord],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    concerns: Callable[[RunLine], bool] | None = None,
) -> tuple[RunRecord, ...]:
    """The runs of some days, the newest first, with the lines that concern what is asked for."""
    found = []
    for run in reversed([*runs]):
        if (since is not None and run.at < since) or (until is not None and run.at >= until):
            continue
        lines = tuple(line for line in run.lines if concerns is None or concerns(line))
        if lines or (run.reason and concerns is None):
            found.append(replace(run, lines=lines))
    return tuple(found)
