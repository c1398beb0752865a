"""`log --approvals`: every yes that is recorded, with what it was to, as text, Markdown, JSON and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from publer_sync.render.layout.dates import Dates, utc
from publer_sync.render.layout.documents import FORMAT_VERSION
from publer_sync.render.layout.escaping import escaped_line
from publer_sync.render.layout.measure import quoted
from publer_sync.render.layout.spreadsheet import csv_table
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.render.layout.spreadsheet import CellValue
    from publer_sync.values.approval import Approval
    from publer_sync.values.content import Json
    from publer_sync.values.documented import Moment, Version

_COLUMNS = (
    "calendar", "post", "account", "network and account", "day", "by", "name", "at", "timezone", "digest", "text", "title",
    "link", "pictures and videos", "alt texts", "everything as JSON",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ApprovalLog:
    """What was signed off in one calendar. `people` are the names of those who sign off."""

    calendar: str
    timezone: str
    approvals: tuple[Approval, ...]
    people: Mapping[str, str]

    def name(self, approval: Approval) -> str:
        return self.people.get(approval.by) or approval.by


def _newest_first(logs: Sequence[ApprovalLog]) -> list[tuple[ApprovalLog, Approval]]:
    found = [(log, each) for log in logs for each in log.approvals]
    return sorted(found, key=lambda pair: pair[1].at, reverse=True)


def text(logs: Sequence[ApprovalLog], now: datetime) -> str:
    lines = ["  ".join(parts) for parts in _rows(logs, now, one_line)]
    return "\n".join(lines) or "Nothing was signed off."


def markdown(logs: Sequence[ApprovalLog], now: datetime) -> str:
    lines = [f"- **{when}** · {' · '.join(rest)}" for when, *rest in _rows(logs, now, escaped_line)]
    return "\n".join(lines) or "Nothing was signed off."


def _rows(logs: Sequence[ApprovalLog], now: datetime, clean: Callable[[str], str]) -> Iterator[list[str]]:
    several = len(logs) > 1
    dates = Dates.around(logs[0].timezone if logs else "UTC", now)
    for log, each in _newest_first(logs):
        parts = [log.name(each), log.calendar if several else "", each.post, each.account]
        parts += [each.statement.day, quoted(str(each.statement.says.get("text") or ""), 60)]
        yield [dates.both(each.at), *(clean(part) for part in parts if part)]


def table(logs: Sequence[ApprovalLog]) -> str:
    """For a spreadsheet, and for records."""
    return csv_table([_COLUMNS, *(_cells(log, each) for log, each in _newest_first(logs))])


def _cells(log: ApprovalLog, each: Approval) -> Iterator[CellValue]:
    says, dates = each.statement.says, Dates(log.timezone)
    media = [item for item in _list(says.get("media")) if isinstance(item, dict)]
    link = says.get("link")
    yield log.calendar
    yield each.post
    yield each.account
    yield each.statement.on
    yield each.statement.day
    yield each.by
    yield log.name(each)
    yield f"{dates.local(each.at):%Y-%m-%d %H:%M}"
    yield log.timezone
    yield each.content
    yield str(says.get("text") or "")
    yield str(says.get("title") or "")
    yield str(link.get("url") or "") if isinstance(link, dict) else ""
    yield ", ".join(str(item.get("file") or item.get("url") or item.get("id") or "") for item in media)
    yield "; ".join(str(item.get("alt") or "") for item in media)
    yield says


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


class LoggedApprovalData(TypedDict):
    """A yes, with what it was to."""

    calendar: Annotated[str, "the calendar's name"]
    post: Annotated[str, "the post's id, of a series without its days; ALIAS@TIME for one without an id"]
    account: Annotated[str, "the account's alias then"]
    on: Annotated[str, "the network and the account, as publer.yaml named it"]
    day: Annotated[str | None, "the post's day; null where the yes is for any day"]
    by: Annotated[str, "who, as `people` in publer.yaml calls them"]
    name: Annotated[str, "their name now"]
    at: Annotated[Moment, "when it was recorded"]
    content: Annotated[str, "the digest of all that the yes is to"]
    says: Annotated[dict[str, Json], "what the post said to the public, by keys of the calendar"]


class ApprovalLogDocument(TypedDict):
    """What publer-sync log --approvals --format json prints."""

    format_version: Version
    approvals: Annotated[list[LoggedApprovalData], "of all calendars in one timeline, the newest first"]


def document(logs: Sequence[ApprovalLog]) -> ApprovalLogDocument:
    return {
        "format_version": FORMAT_VERSION,
        "approvals": [
            {
                "calendar": log.calendar,
                "post": each.post,
                "account": each.account,
                "on": each.statement.on,
                "day": each.statement.day or None,
                "by": each.by,
                "name": log.name(each),
                "at": utc(each.at),
                "content": each.content,
                "says": {**each.statement.says},
            }
            for log, each in _newest_first(logs)
        ],
    }
