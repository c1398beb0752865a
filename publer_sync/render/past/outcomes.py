"""Sentences about the results of an apply, the same in every format."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.applying.report import IN_DOUBT, Outcome
from publer_sync.planning.plan import Action, is_missed
from publer_sync.render.layout.wording import count, seconds, sentence
from publer_sync.render.post.fixes import options_for
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.applying.report import ApplyReport, Cause, Result
    from publer_sync.render.layout.dates import Dates

WORDS = {
    Outcome.APPLIED: ("done", "green"),
    Outcome.WAITING: ("waiting", "yellow"),
    Outcome.FAILED: ("FAILED", "red"),
    Outcome.UNVERIFIED: ("unverified", "yellow"),
    Outcome.NOT_TRIED: ("skipped", ""),
}
NOT_PUSHED = "the state could not be pushed"
"""The verdict of a run that the branch of the state took no push from."""
_TO_PASTE = late_pattern(r": (publer-sync |https://)\S[^:]*$")
"""A line that ends with a command or an address: a full stop would be pasted along."""
_TOLD_AGAIN = frozenset({"account_joined", "clock", "date_series", "hold_edited", "older_undone"})
AGAIN = "Fix it and run apply again; finished posts are not repeated."


def result_lines(result: Result) -> list[str]:
    """What to say about a result that is not simply done."""
    message = result.why.message or _without_message(result)
    lines = cause_lines(replace(result.why, message="" if result.outcome is Outcome.APPLIED else message))
    if result.payload is not None:
        lines.append(f"What it said: {json.dumps(result.payload, ensure_ascii=False)}")
    return lines


def cause_lines(why: Cause) -> list[str]:
    """Our words, Publer's own, and what helps."""
    said = [f'Publer says: "{one_line(line)}"' for line in why.publer_said.splitlines() if line.strip()]
    return list(filter(None, (sentence(why.message), *said, sentence(why.hint or ""))))


def _without_message(result: Result) -> str:
    match result.outcome:
        case Outcome.FAILED:
            return "" if result.why.publer_said else "Publer gave no reason"
        case Outcome.UNVERIFIED:
            return IN_DOUBT
        case Outcome.WAITING:
            return "It waits in Publer for someone's approval"
        case Outcome.NOT_TRIED | Outcome.APPLIED:
            return result.change.reason


def remark_lines(report: ApplyReport) -> list[str]:
    """What Publer said of no post in particular."""
    return [
        f"Publer also says of {one_line((who.alias or who.name) if who else 'a post that it does not name')}: "
        f'"{one_line(remark.publer_said)}"'
        for remark in report.remarks
        for who in [remark.account]
    ]


def warning_lines(report: ApplyReport) -> list[str]:
    """The warnings of its plan that whoever reads the report alone has to know."""
    return [f"Warning: {sentence(warn.whole)}" for warn in report.warnings if warn.code in _TOLD_AGAIN]


def note_lines(report: ApplyReport) -> list[str]:
    """What this run found out about Publer, and where it put what was there before."""
    backup = f"What Publer had before the first write is listed in {report.backup}." if report.backup else ""
    return [*(sentence(warn.message) for warn in report.notes), *([backup] if backup else [])]


def is_held(result: Result) -> bool:
    """Whether the plan already said that this would not be tried."""
    return is_missed(result.change) or result.change.action in (Action.BLOCKED, Action.RECREATE)


def cost(report: ApplyReport) -> str:
    return f"{count(report.requests, 'request')}, {seconds(report.seconds)}."


def ending_lines(report: ApplyReport) -> list[str]:
    """Why the run ended early, and what to do."""
    error = report.error
    if error is None:
        return []
    ways = (error.hint or "The next apply checks first, and finishes it").splitlines()
    return [sentence(error.message), *(way if _TO_PASTE.search(way) else sentence(way) for way in ways)]


def apply_again(report: ApplyReport, dates: Dates) -> list[str]:
    """By when the next apply has to run, where this one was cut off between a new post and the removal of its old one."""
    if report.twice is None:
        return []
    number, when = report.twice
    posts = "1 post is" if number == 1 else f"{number:,} posts are"
    what = f"{posts} in Publer in an old and a new version"
    return [f"{what}. Run apply again before {dates.both(when)}: otherwise both may be published."]


def options_left(results: Iterable[Result]) -> list[str]:
    """The options with which a next apply would do what this one skipped."""
    skipped = [result.change for result in results if result.outcome is Outcome.NOT_TRIED]
    return sorted({option for change in skipped for option in options_for(change)})
