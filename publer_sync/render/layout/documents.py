"""What every document of `--format json` shares: how it is written, and as data problems, errors, accounts and times.

A document is a TypedDict. The sentence beside each key goes into its schema and onto docs/json.md: `python -m
tests.write_schema` and `python -m tests.write_docs`. Plans and reports are elsewhere, so that a command without them need
not load them. Texts stay unchanged in the data; `dumps` escapes what could do harm in them, so that they are read back as
they were.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypeAlias, TypedDict

from publer_sync.render.layout.dates import utc
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.content import to_json
from publer_sync.values.documented import Also, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from publer_sync.planning.gone import GoneCalendar
    from publer_sync.planning.plan import FieldChange
    from publer_sync.values.content import Json
    from publer_sync.values.model import Account, Post, Workspace
    from publer_sync.values.problems import Location, Problem

FORMAT_VERSION: Version = 1
Document: TypeAlias = "Mapping[str, object]"


class AccountData(TypedDict):
    """An account."""

    id: Annotated[str, "Publer's id"]
    alias: Annotated[str | None, "its name in the calendar; null for an account that left the settings"]
    name: Annotated[str, "its name in Publer"]
    provider: Annotated[str, "the network"]


class WorkspaceData(TypedDict):
    """A workspace."""

    id: str
    name: str


class SourceData(TypedDict):
    """A place in the calendar."""

    file: Annotated[str, "from the calendar's top"]
    line: Annotated[int, Also('{"minimum": 1}')]


class CountedData(TypedDict):
    """What a time counts from."""

    written: Annotated[str, "the sum as the file has it, such as `launch - 7d 09:00`"]
    name: str
    date: Annotated[str, "what the name means: a day, or a moment in UTC"]
    source: Annotated[SourceData | None, "where the date is declared"]


class PostFacts(TypedDict):
    """A post whose time may count from a date with a name, and which may wait for a page."""

    counted_from: NotRequired[
        Annotated[
            CountedData, "only if its time counts from a [date with a name](calendar.md#dates-with-names)"
        ]
    ]
    when_live: NotRequired[
        Annotated[
            str, "only if apply creates the post [once this page answers](calendar.md#when-the-page-is-live)"
        ]
    ]


class FieldData(TypedDict):
    """What differs in one field."""

    field: Annotated[
        str,
        "a key of the calendar, with dots down to the value inside it that differs (`poll.options`), or `scheduled_at`",
    ]
    before: Json
    after: Json
    blind: NotRequired[
        Annotated[
            Literal[True],
            "only if Publer does not show the field, so that the calendar is compared with what was last sent. Of media Publer "
            "shows the number, of a link at most the `url`",
        ]
    ]


class RelatedData(TypedDict):
    """Another place that a problem involves."""

    file: str
    line: int
    message: str


class FixData(TypedDict):
    """Lines that fix a problem."""

    start_line: int
    end_line: int
    text: str


class ProblemData(TypedDict):
    """What is wrong in a file."""

    severity: Annotated[Literal["error", "warning"], "`error` or `warning`"]
    code: Annotated[str, "see [the rules](rules.md)"]
    message: str
    help: Annotated[str | None, "how to fix it"]
    file: Annotated[str | None, "from the calendar's top"]
    line: int | None
    column: int | None
    related: NotRequired[Annotated[list[RelatedData], "the other places that it involves"]]
    fix: NotRequired[
        Annotated[FixData, "if replacing lines fixes it: those from `start_line` to `end_line` become `text`"]
    ]


class DiffData(TypedDict):
    """A file that changes."""

    file: Annotated[str, "from the calendar's top"]
    diff: Annotated[str, "a unified diff"]


class FixesData(TypedDict, total=False):
    """What `validate --fix` adds."""

    written: Annotated[
        bool, "only with `--fix`: whether files were written; false with `--diff`, and where none change"
    ]
    fixes: Annotated[
        list[Annotated[ProblemData, Also('{"required": ["fix"]}')]],
        "only with `--fix`: the problems that were fixed, each in the line where it was by then",
    ]
    files: Annotated[list[DiffData], "only with `--fix`: the files that change"]


class ProblemsDocument(FixesData):
    """What publer-sync validate --format json prints."""

    format_version: Version
    problems: Annotated[list[ProblemData], "what is wrong; with `--fix`, what is left"]
    posts: Annotated[int, "posts in the files, without stored ones"]
    desired: Annotated[int, "posts on all accounts"]
    stored: Annotated[int, "posts kept in store, which are sent only where they are used"]


class ErrorData(TypedDict):
    """Why there is no result."""

    code: Annotated[str, "see [troubleshooting](troubleshooting.md)"]
    message: str
    hint: NotRequired[Annotated[str, "the fix, if there is one to name"]]


class ErrorDocument(TypedDict):
    """What a command prints with --format json if it has no result."""

    format_version: Version
    error: ErrorData
    problems: Annotated[list[ProblemData], "those of the calendar"]


_HARMFUL = late_pattern(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|(?<=##)\[")


def dumps(document: Document) -> str:
    """The document as text that drives no terminal and no workflow log, and can always be written as UTF-8.

    JSON leaves 8-bit control characters, changes of the reading direction and halves of characters as they are.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def problems(problems: Sequence[Problem], *, posts: int, desired: int, stored: int = 0) -> ProblemsDocument:
    return {
        "format_version": FORMAT_VERSION,
        "problems": [problem_data(each) for each in problems],
        "posts": posts,
        "desired": desired,
        "stored": stored,
    }


def error(
    code: str, message: str, problems: Sequence[Problem] = (), *, hint: str | None = None
) -> ErrorDocument:
    """The document of a command that has no result."""
    shown: ErrorData = {"code": code, "message": message}
    if hint:
        shown["hint"] = hint
    return {
        "format_version": FORMAT_VERSION,
        "error": shown,
        "problems": [problem_data(each) for each in problems],
    }


def problem_data(problem: Problem) -> ProblemData:
    place = problem.location
    shown: ProblemData = {
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "help": None if problem.help is None else str(problem.help),
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }
    if problem.related:
        shown["related"] = [
            {"file": where.file, "line": where.line, "message": message} for where, message in problem.related
        ]
    if problem.fix is not None:
        fix = problem.fix
        shown["fix"] = {"start_line": fix.start_line, "end_line": fix.end_line, "text": fix.text}
    return shown


def account_data(account: Account) -> AccountData:
    return {"id": account.id, "alias": account.alias, "name": account.name, "provider": account.provider}


def workspace_data(workspace: Workspace) -> WorkspaceData:
    return {"id": workspace.id, "name": workspace.name}


def place_data(place: Location | None) -> SourceData | None:
    return {"file": place.file, "line": place.line} if place else None


def facts_data(post: Post | None) -> PostFacts:
    """What decides when a post is created and published, apart from its time; nothing for most."""
    facts: PostFacts = {}
    if post is not None and (counted := post.counted) is not None:
        facts["counted_from"] = {
            "written": counted.written,
            "name": counted.name,
            "date": counted.date,
            "source": place_data(counted.place),
        }
    if post is not None and post.when_live:
        facts["when_live"] = post.when_live
    return facts


def field_data(item: FieldChange) -> FieldData:
    shown: FieldData = {
        "field": item.field,
        "before": to_json(item.before),
        "after": to_json(item.after),
    }
    if item.blind:
        shown["blind"] = True
    return shown


def time_data(moment: datetime | None) -> str | None:
    return utc(moment) if moment else None


class SignedData(TypedDict):
    """A yes to what was sent."""

    by: Annotated[str, "who, as `people` in publer.yaml calls them"]
    content: Annotated[str, "the digest of what they said yes to, as approvals.yaml has it"]


def signed_data(signed: Iterable[str]) -> list[SignedData]:
    """Of each yes as a run has it."""
    parts = (each.partition(" ") for each in signed)
    return [{"by": by, "content": content} for by, _, content in parts]


class GoneData(TypedDict):
    """A calendar that left the repository while something of it is still to come."""

    calendar: Annotated[str, "its name, as its state has it"]
    state: Annotated[str, "where its state is"]
    ahead: Annotated[int, "its posts that Publer will publish"]
    on_hold: Annotated[int, "its posts that a hold keeps out of Publer"]
    leaving: Annotated[bool, "whether only the checkout lacks it: the remote's default branch still has it"]


def gone_data(gone: Iterable[GoneCalendar]) -> list[GoneData]:
    return [
        {
            "calendar": each.name,
            "state": each.place,
            "ahead": each.ahead,
            "on_hold": each.on_hold,
            "leaving": each.leaving,
        }
        for each in gone
    ]
