"""The JSON documents that commands put together themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NotRequired, TypedDict

if TYPE_CHECKING:
    from publer_sync.render.layout.documents import GoneData, WorkspaceData
    from publer_sync.values.documented import Also, Version


class NameData(TypedDict):
    """What posts can call by its name."""

    id: str
    name: str
    about: Annotated[str | None, "what tells those of the same name apart"]


class UsableData(TypedDict):
    """An account of a workspace."""

    id: str
    name: str
    provider: Annotated[str, "the network"]
    type: Annotated[str | None, "the kind of account, such as `page`"]
    trouble: Annotated[str | None, "why it cannot be used now"]
    needs_approval: Annotated[bool, "what the key's user schedules there waits for someone's approval"]
    details: NotRequired[
        Annotated[
            dict[str, list[NameData]],
            Also('{"propertyNames": {"enum": ["board", "album", "signature", "location"]}}'),
            "only with `--details` or `--location`: for each of `board`, `album`, `signature` and `location` that its network has, "
            "what posts can name. `location` lists what `--location NAME` finds",
        ]
    ]


class InWorkspaceData(TypedDict):
    """A workspace with its accounts."""

    id: str
    name: str
    role: Annotated[str | None, "the role of the key's user"]
    accounts: list[UsableData]


class AccountsDocument(TypedDict):
    """What publer-sync accounts --format json prints."""

    format_version: Version
    workspaces: Annotated[list[InWorkspaceData], "those that the key's user sees"]


class CalendarData(TypedDict):
    """A calendar."""

    calendar: Annotated[str, "its folder, beginning as it was given"]
    name: Annotated[str, "what the state calls it"]
    workspace: Annotated[str | None, "the workspace as the settings name it"]
    state: Annotated[str | None, "where the state is kept; null for the file in the calendar"]


class CalendarsDocument(TypedDict):
    """What publer-sync calendars --format json prints: a matrix for a workflow."""

    format_version: Version
    include: Annotated[list[CalendarData], "each calendar, as the matrix of a GitHub workflow wants it"]


class ResultOfData(TypedDict):
    """How a command ended for one calendar."""

    calendar: Annotated[str, "the calendar's folder, beginning as it was given"]
    exit_code: Annotated[int, "what the command would have ended with for this calendar alone"]
    result: Annotated[
        dict[str, Any], "what the command prints for this calendar alone: its document, or an error"
    ]


class SeveralDocument(TypedDict):
    """What validate, plan, apply, status, results, hold and release print with --format json for several calendars."""

    format_version: Version
    calendars: Annotated[list[ResultOfData], "each calendar of the command"]
    gone: NotRequired[
        Annotated[
            list[GoneData],
            "where `--changed-since` keeps no calendar: those that left the repository and still have posts ahead",
        ]
    ]


class ChosenData(TypedDict):
    """An account of the new calendar."""

    alias: str
    id: str
    name: str
    provider: str


class InitDocument(TypedDict):
    """What publer-sync init --format json prints."""

    format_version: Version
    folder: Annotated[str, "the calendar"]
    workspace: Annotated[WorkspaceData, "its id and name"]
    timezone: Annotated[str, "an IANA name"]
    accounts: Annotated[list[ChosenData], "those that the calendar manages"]
    written: Annotated[list[str], "the new files, from the current folder"]
    kept: Annotated[list[str], "files that existed and were left alone"]
    posts_ahead: Annotated[int, "scheduled posts and dated drafts of these accounts in Publer"]
    next: Annotated[str, "the command to run next"]


_MovedFrom = TypedDict("_MovedFrom", {"from": Annotated[str, "the name that the state had"]})


class MovedDocument(_MovedFrom):
    """What publer-sync state mv --format json prints."""

    format_version: Version
    to: Annotated[str, "the name that it gets"]
    from_state: Annotated[str, "where it was: a path, or `git:BRANCH`"]
    state: Annotated[str, "where it goes"]
    posts: Annotated[int, "those that it manages; one on several accounts counts once"]
    holds: Annotated[int, "those of the state, and of the one that was there"]
    account: Annotated[
        str | None,
        "with `--account`, Publer's id to which the posts of the old one go, which are counted; otherwise null",
    ]
    written: Annotated[bool, "false with `--diff`"]
