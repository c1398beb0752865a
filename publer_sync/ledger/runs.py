"""The runs that wrote: which files they had, who started them, and what they did to which post."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.decoding import KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

MOST_RUNS = 300
MOST_LINES = 5000


@dataclass(frozen=True, slots=True)
class Version:
    """What a post was: when, and a digest of its content."""

    at: datetime
    content: str


@dataclass(frozen=True, slots=True)
class RunLine:
    """What a run did to one post on one account. `outcome` is "" while the run goes on, and where it was cut off."""

    action: str
    account: str
    at: datetime
    id: str | None = None
    outcome: str = ""
    entry: int = 0
    """The key of the post's entry; 0 where it had none yet."""
    before: Version | None = None
    """What it was before; None for a post that the run made or adopted."""
    giver: str = ""
    """The calendar that it left, where it moved from one to another; `receiver` has it since."""
    receiver: str = ""
    signed: tuple[str, ...] = ()
    """Each yes to what was sent: who, a blank, and the digest of it."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """`commit` is None outside of git. `trees` are git's ids of the folders and files that the calendar is read from."""

    at: datetime
    command: str
    who: str = ""
    commit: str | None = None
    trees: Mapping[str, str] = field(default_factory=dict)
    differs: bool = False
    """Whether the work tree differed from the commit. The trees are those of the work tree."""
    url: str = ""
    """Of the job that ran it."""
    reason: str = ""
    options: tuple[str, ...] = ()
    """Those that let something through."""
    lacks: bool = False
    """Whether its files lacked what runs before had brought, which it left as it was."""
    lines: tuple[RunLine, ...] = field(default=(), metadata={KEY: "changes"})
    of: str = ""
    """Names the command that it was a part of: one of several calendars is a run of each."""
    work_tree: str = ""
    """Names the work tree whose files it had; "" where that is of one job of CI."""


def with_run(runs: tuple[RunRecord, ...], run: RunRecord) -> tuple[RunRecord, ...]:
    """The runs with this one, without the oldest that are too many.

    Of runs that did nothing, the last one is enough.
    """
    runs = tuple(each for each in runs if (each.at, each.command) != (run.at, run.command))
    if runs and not runs[-1].lines and runs[-1].command == run.command and not runs[-1].reason:
        runs = runs[:-1]
    kept: list[RunRecord] = []
    lines = 0
    for each in (run, *reversed(runs)):
        lines += len(each.lines)
        if len(kept) == MOST_RUNS or (kept and lines > MOST_LINES):
            break
        kept.append(each)
    return tuple(reversed(kept))


def only_ran_again(before: tuple[RunRecord, ...], after: tuple[RunRecord, ...]) -> bool:
    """Whether a run that did nothing is all that is new, and the last one before it was the same on the same files."""
    if not before or not after or before[:-1] != after[:-1]:
        return False
    last, new = before[-1], after[-1]
    return not new.lines and replace(last, at=new.at, who=new.who, url=new.url, of=new.of) == new


def of_files(runs: Iterable[RunRecord]) -> list[RunRecord]:
    """Those that brought files to Publer, the newest first: a hold has none."""
    return [
        run for run in reversed([*runs]) if run.commit is not None and run.command in ("apply", "release")
    ]


def reasons_of(runs: Iterable[RunRecord]) -> dict[int, str]:
    """Why each entry was taken out of Publer last, by its key."""
    return {
        line.entry: run.reason for run in runs if run.reason for line in run.lines if line.action == "held"
    }


def signed_in(runs: Iterable[RunRecord]) -> dict[int, tuple[str, ...]]:
    """Each yes to what was sent of an entry last, by its key."""
    return {line.entry: line.signed for run in runs for line in run.lines if line.signed}


def finished(run: RunRecord, lines: Iterable[RunLine]) -> RunRecord:
    """The run with what it did."""
    return replace(run, lines=tuple(lines))
