"""`log`: the runs that wrote, as text, Markdown and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from publer_sync.model import Account
from publer_sync.printable import one_line
from publer_sync.render.dates import Dates, utc
from publer_sync.render.documents import FORMAT_VERSION, account_data
from publer_sync.render.escaping import escaped_line
from publer_sync.render.names import called
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from publer_sync.documented import Moment, Version
    from publer_sync.ledger.runs import RunLine, RunRecord
    from publer_sync.planning.log import Log
    from publer_sync.render.documents import AccountData

_WORDS = {
    "create": "created",
    "recreate": "created again",
    "update": "edited",
    "replace": "replaced",
    "delete": "removed",
    "adopt": "adopted",
    "held": "taken out",
    "forget": "forgotten",
}
_OUTCOMES = {
    "": "the run was cut off",
    "waiting": "waits for approval",
    "failed": "failed",
    "unverified": "not verified",
}


class LoggedData(TypedDict):
    """What a run did to a post on an account."""

    action: Annotated[
        str, "as in the plan; `held` where a hold took it out, `forget` where it is no longer managed"
    ]
    id: Annotated[str | None, "the post's id in the calendar; null if it has none"]
    account: Annotated[AccountData, "where; of an account that left Publer only the id is known"]
    scheduled_at: Annotated[Moment, "when it publishes, or would have"]
    outcome: Annotated[str | None, "as in the report; null where the run was cut off"]


class LoggedRunData(TypedDict):
    """A run that wrote."""

    at: Annotated[Moment, "when it began"]
    command: Annotated[str, "such as `apply`, `hold` or `release`"]
    who: Annotated[
        str | None, "git's user name, in CI who started the job; null where it is not known, or not kept"
    ]
    commit: Annotated[str | None, "that was checked out; null outside of git"]
    run_url: Annotated[str | None, "of the job in CI"]
    reason: Annotated[str | None, "of a hold"]
    options: Annotated[list[str], "those that let something through"]
    changes: Annotated[list[LoggedData], "what it did"]


class LogDocument(TypedDict):
    """What publer-sync log --format json prints."""

    format_version: Version
    runs: Annotated[list[LoggedRunData], "the newest first"]


def line(log: Log) -> str:
    return count(len(log.runs), "run")


def text(log: Log) -> str:
    return "\n\n".join(_run(run, log, one_line) for run in log.runs) or "No recorded run changed a post."


def markdown(log: Log) -> str:
    if not log.runs:
        return "No recorded run changed a post."
    dates, parts = Dates.around(log.timezone, log.now), []
    for run in log.runs:
        head, *facts = _head(run, dates, escaped_line)
        link = [f"<{run.url}>"] if run.url else []
        lines = [f"- {each}" for each in _lines(run, log, dates, escaped_line)]
        parts.append("\n".join([f"**{head}** {' · '.join([*facts, *link])}".rstrip(), "", *lines]))
    return "\n\n".join(parts)


def _run(run: RunRecord, log: Log, clean: Callable[[str], str]) -> str:
    dates = Dates.around(log.timezone, log.now)
    lines = ["  ".join(_head(run, dates, clean)), *(f"  {each}" for each in _lines(run, log, dates, clean))]
    return "\n".join([*lines, *([f"  {one_line(run.url)}"] if run.url else [])])


def _head(run: RunRecord, dates: Dates, clean: Callable[[str], str]) -> list[str]:
    differs = " and files that were not committed" if run.differs else ""
    commit = [f"{run.commit[:7]}{differs}"] if run.commit else []
    options = [f"with {', '.join(run.options)}"] if run.options else []
    reason = [f"({clean(run.reason)})"] if run.reason else []
    who = [clean(run.who)] if run.who else []
    return [dates.both(run.at), run.command, *who, *commit, *reason, *options]


def _lines(run: RunRecord, log: Log, dates: Dates, clean: Callable[[str], str]) -> Iterator[str]:
    """What happened alike to a post on several accounts is one line."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for each in run.lines:
        moved = each.before is not None and each.before.at != each.at and each.action == "replace"
        word = (
            "put back"
            if run.command == "release" and each.action == "create"
            else _WORDS.get(each.action, each.action)
        )
        when = (
            f"{dates.both(each.before.at)} → {dates.both(each.at)}"
            if moved and each.before
            else dates.both(each.at)
        )
        word = "moved" if moved else word
        outcome = "" if each.outcome == "applied" else _OUTCOMES.get(each.outcome, each.outcome)
        key = (word, when, clean(each.id) if each.id else "", outcome)
        grouped.setdefault(key, []).append(clean(_alias(each, log)))
    for (word, when, name, outcome), aliases in grouped.items():
        parts = [f"{word:<9}", when, ", ".join(dict.fromkeys(aliases)), name]
        yield "  ".join(filter(None, parts)) + (f": {outcome}" if outcome else "")


def _alias(line: RunLine, log: Log) -> str:
    account = log.accounts.get(line.account)
    return called(account) if account else line.account


def document(log: Log) -> LogDocument:
    return {"format_version": FORMAT_VERSION, "runs": [_run_data(run, log) for run in log.runs]}


def _run_data(run: RunRecord, log: Log) -> LoggedRunData:
    return {
        "at": utc(run.at),
        "command": run.command,
        "who": run.who or None,
        "commit": run.commit,
        "run_url": run.url or None,
        "reason": run.reason or None,
        "options": [*run.options],
        "changes": [*_line_data(run.lines, log)],
    }


def _line_data(lines: Iterable[RunLine], log: Log) -> Iterator[LoggedData]:
    for each in lines:
        account = log.accounts.get(each.account) or Account(each.account, each.account, "")
        yield {
            "action": each.action,
            "id": each.id,
            "account": account_data(account),
            "scheduled_at": utc(each.at),
            "outcome": each.outcome or None,
        }
