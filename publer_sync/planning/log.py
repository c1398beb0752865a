"""The log: what the runs that wrote did to which post, as the ledger keeps it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.ledger.runs import RunLine, RunRecord
    from publer_sync.values.model import Account


@dataclass(frozen=True, slots=True)
class CalendarLog:
    """`runs` of one calendar, the oldest first. `accounts` by Publer's id. `knows`: whether any run is known that changed the post that is asked for."""

    calendar: str
    timezone: str
    runs: tuple[RunRecord, ...]
    accounts: Mapping[str, Account]
    knows: bool = True


@dataclass(frozen=True, slots=True)
class LoggedRun:
    """A command, with its run of each calendar that it was for."""

    parts: tuple[tuple[CalendarLog, RunRecord], ...]

    @property
    def first(self) -> RunRecord:
        return self.parts[0][1]

    @property
    def calendars(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(log.calendar for log, _ in self.parts))

    @property
    def options(self) -> tuple[str, ...]:
        """Those that let something through."""
        return tuple(dict.fromkeys(option for _, run in self.parts for option in run.options))

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(run.reason for _, run in self.parts if run.reason))

    @property
    def lines(self) -> list[tuple[CalendarLog, RunLine]]:
        return [(log, line) for log, run in self.parts for line in run.lines]


@dataclass(frozen=True, slots=True)
class Log:
    """All in one timeline, the newest first. `several`: the command was for more than one calendar."""

    timezone: str
    now: datetime
    runs: tuple[LoggedRun, ...]
    several: bool = False

    @classmethod
    def of(cls, logs: Sequence[CalendarLog], now: datetime, *, several: bool) -> Log:
        """In the time zone of the first calendar."""
        grouped: dict[object, list[tuple[CalendarLog, RunRecord]]] = {}
        for log in logs:
            for run in log.runs:
                alone = (run.at, run.who, run.commit, run.url)
                grouped.setdefault((run.command, run.of or alone), []).append((log, run))
        runs = [LoggedRun(tuple(sorted(parts, key=_begun))) for parts in grouped.values()]
        runs.sort(key=lambda run: run.first.at, reverse=True)
        return cls(logs[0].timezone if logs else "UTC", now, tuple(runs), several)


def _begun(part: tuple[CalendarLog, RunRecord]) -> datetime:
    return part[1].at


def chosen_runs(
    runs: Iterable[RunRecord],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    concerns: Callable[[RunLine], bool] | None = None,
) -> tuple[RunRecord, ...]:
    """The runs of some days, without those that did nothing, with the lines that concern what is asked for."""
    found = []
    for run in runs:
        if (since is not None and run.at < since) or (until is not None and run.at >= until):
            continue
        lines = tuple(line for line in run.lines if concerns is None or concerns(line))
        if lines or (run.reason and concerns is None):
            found.append(replace(run, lines=lines))
    return tuple(found)
