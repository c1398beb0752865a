"""`log`: the runs that wrote, as text, Markdown and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NotRequired, TypedDict

from publer_sync.render.layout.dates import Dates, utc
from publer_sync.render.layout.documents import FORMAT_VERSION, account_data, signed_data
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.post.names import called
from publer_sync.values.model import Account
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from publer_sync.ledger.runs import RunLine
    from publer_sync.planning.log import CalendarLog, Log, LoggedRun
    from publer_sync.render.layout.documents import AccountData, SignedData
    from publer_sync.render.several import Ending
    from publer_sync.values.documented import Moment, Version

_NOTHING = "No recorded run changed a post."
_MOST_NAMED = 3
"""Calendars of a run that are named in its line, unless there are posts below it."""
_WORDS = {
    "create": "created",
    "recreate": "created again",
    "update": "edited",
    "replace": "replaced",
    "delete": "removed",
    "adopt": "adopted",
    "held": "taken out",
    "forget": "forgotten",
    "state mv": "taken to another account",
}
_OUTCOMES = {
    "": "cut off",
    "waiting": "waiting for approval",
    "failed": "failed",
    "unverified": "not verified",
    "not_tried": "not tried",
}


class LoggedData(TypedDict):
    """What a run did to a post on an account."""

    action: Annotated[
        str,
        "as in the plan; `held` where a hold took it out, `forget` where it is no longer managed, `hand_over` where it moved to another "
        "calendar, `state mv` where its account was reconnected",
    ]
    id: Annotated[str | None, "the post's id in the calendar; null if it has none"]
    calendar: Annotated[str, "the calendar's name in the state"]
    from_calendar: Annotated[str | None, "for `hand_over`, the calendar that it left, if it is known"]
    to_calendar: Annotated[str | None, "the one that it moved to"]
    account: Annotated[AccountData, "where, as the state knows it"]
    scheduled_at: Annotated[Moment, "when it publishes, or would have"]
    outcome: Annotated[str | None, "as in the report; null where the run was cut off"]
    signed_off: NotRequired[
        Annotated[list[SignedData], "only if what was sent was signed off: each yes to it"]
    ]


class LoggedRunData(TypedDict):
    """A command that wrote."""

    at: Annotated[Moment, "when it began with the first of its calendars"]
    command: Annotated[str, "such as `apply`, `hold`, `release`, `forget --all` or `state mv`"]
    calendars: Annotated[list[str], "those that it was for, of the ones that were asked for"]
    who: Annotated[
        str | None, "git's user name, in CI who started the job; null where it is not known, or not kept"
    ]
    commit: Annotated[str | None, "that was checked out; null outside of git"]
    run_url: Annotated[str | None, "of the job in CI"]
    reason: Annotated[str | None, "of a hold; for `state mv`, what moved where"]
    options: Annotated[list[str], "those that let something through"]
    changes: Annotated[list[LoggedData], "what it did"]


class UnreadLogData(TypedDict):
    """A calendar whose state could not be read."""

    calendar: Annotated[str, "the path as given"]
    exit_code: int
    result: Annotated[dict[str, Any], "the error"]


class LogDocument(TypedDict):
    """What publer-sync log --format json prints."""

    format_version: Version
    runs: Annotated[list[LoggedRunData], "of all calendars in one timeline, the newest first"]
    failed: NotRequired[
        Annotated[list[UnreadLogData], "only with several calendars: those that could not be read"]
    ]


def text(log: Log, *, verbose: bool = False) -> str:
    """A line for each run; `verbose` lists its posts below it."""
    dates = Dates.around(log.timezone, log.now)
    blocks = ["\n".join(_block(run, log, dates, verbose=verbose)) for run in log.runs]
    return ("\n\n" if verbose else "\n").join(blocks) or _NOTHING


def _block(run: LoggedRun, log: Log, dates: Dates, *, verbose: bool) -> Iterator[str]:
    when, *facts = _head(run, log, dates, one_line, verbose=verbose)
    link = [one_line(run.first.url)] if run.first.url else []
    yield "  ".join([when, *facts, *link])
    if verbose:
        yield from (f"  {each}" for each in _lines(run, dates, one_line))


def markdown(log: Log, *, verbose: bool = False) -> str:
    dates, rows = Dates.around(log.timezone, log.now), []
    for run in log.runs:
        when, command, *facts = _head(run, log, dates, escaped_line, verbose=verbose)
        link = [f"<{run.first.url}>"] if run.first.url else []
        rows.append(" · ".join([f"- **{when} {command}**", *facts, *link]))
        if verbose:
            rows += [f"  - {each}" for each in _lines(run, dates, escaped_line)]
    return "\n".join(rows) or _NOTHING


def _head(run: LoggedRun, log: Log, dates: Dates, clean: Callable[[str], str], *, verbose: bool) -> list[str]:
    first = run.first
    differs = " and files that were not committed" if any(each.differs for _, each in run.parts) else ""
    names = [clean(name) for name in run.calendars]
    if not verbose and len(names) > _MOST_NAMED + 1:
        names = [*names[:_MOST_NAMED], f"{len(names) - _MOST_NAMED:,} more calendars"]
    return [
        dates.both(first.at),
        first.command,
        *([clean(first.who)] if first.who else []),
        *([f"{first.commit[:7]}{differs}"] if first.commit else []),
        *([", ".join(names)] if log.several or first.command == "forget --all" else []),
        *([", ".join(_counts(run))] if not verbose and run.lines else []),
        *([f"({clean('; '.join(run.reasons))})"] if run.reasons else []),
        *([f"with {', '.join(run.options)}"] if run.options else []),
    ]


def _counts(run: LoggedRun) -> Iterator[str]:
    """How many posts had the same fate; one on several accounts counts once."""
    found: dict[str, set[object]] = {}
    for log, line in run.lines:
        fate = _word(line, run.first.command) if line.outcome == "applied" else _outcome(line)
        moved = (line.giver, line.receiver) if line.action == "hand_over" else log.calendar  # in both parts
        found.setdefault(fate, set()).add((moved, line.id or (line.at, line.entry)))
    return (f"{len(posts):,} {one_line(fate)}" for fate, posts in found.items())


def _word(line: RunLine, command: str) -> str:
    if line.action == "hand_over":
        known = line.giver and line.receiver
        return f"moved from {line.giver} to {line.receiver}" if known else "moved between calendars"
    if line.action == "replace" and line.before is not None and line.before.at != line.at:
        return "moved"
    if command == "release" and line.action == "create":
        return "put back"
    return _WORDS.get(line.action, line.action)


def _outcome(line: RunLine) -> str:
    return _OUTCOMES.get(line.outcome, line.outcome)


def _lines(run: LoggedRun, dates: Dates, clean: Callable[[str], str]) -> Iterator[str]:
    """What happened alike to a post on several accounts is one line."""
    grouped: dict[tuple[str, ...], dict[str, None]] = {}
    several = len(run.calendars) > 1
    for part, each in run.lines:
        word = _word(each, run.first.command)
        when = dates.both(each.at)
        if word == "moved" and each.before is not None:
            when = f"{dates.both(each.before.at)} → {when}"
        outcome = "" if each.outcome == "applied" else _outcome(each)
        people = ", ".join(dict.fromkeys(yes.partition(" ")[0] for yes in each.signed))
        outcome = "; ".join(filter(None, (outcome, people and f"signed off by {clean(people)}")))
        calendar = part.calendar if several and each.action != "hand_over" else ""
        key = (clean(word), when, clean(each.id or ""), clean(calendar), outcome)
        grouped.setdefault(key, {})[clean(_alias(each, part.accounts))] = None
    for (word, when, name, calendar, outcome), aliases in grouped.items():
        parts = [f"{word:<9}", when, ", ".join(aliases), name, calendar]
        yield "  ".join(filter(None, parts)) + (f": {outcome}" if outcome else "")


def _alias(line: RunLine, accounts: Mapping[str, Account]) -> str:
    account = accounts.get(line.account)
    return called(account) if account else line.account


def document(log: Log, failed: Mapping[str, Ending]) -> LogDocument:
    told: LogDocument = {"format_version": FORMAT_VERSION, "runs": [_run_data(run) for run in log.runs]}
    if failed:
        told["failed"] = [
            {"calendar": name, "exit_code": each.exit_code, "result": {**(each.document or {})}}
            for name, each in failed.items()
        ]
    return told


def _run_data(run: LoggedRun) -> LoggedRunData:
    first = run.first
    return {
        "at": utc(first.at),
        "command": first.command,
        "calendars": [*run.calendars],
        "who": first.who or None,
        "commit": first.commit,
        "run_url": first.url or None,
        "reason": "; ".join(run.reasons) or None,
        "options": [*run.options],
        "changes": [*_line_data(run.lines)],
    }


def _line_data(lines: Iterable[tuple[CalendarLog, RunLine]]) -> Iterator[LoggedData]:
    for log, each in lines:
        account = log.accounts.get(each.account) or Account(each.account, each.account, "")
        told: LoggedData = {
            "action": each.action,
            "id": each.id,
            "calendar": log.calendar,
            "from_calendar": each.giver or None,
            "to_calendar": each.receiver or None,
            "account": account_data(account),
            "scheduled_at": utc(each.at),
            "outcome": each.outcome or None,
        }
        if each.signed:
            told["signed_off"] = signed_data(each.signed)
        yield told
