"""What a hold did, as JSON: the documented keys, with the outcomes in the words of a hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, NotRequired, TypeAlias, TypedDict, cast

from publer_sync.applying.report import Outcome
from publer_sync.planning.differences import compare
from publer_sync.planning.holding import condition
from publer_sync.render import data
from publer_sync.render.layout import documents
from publer_sync.render.layout.dates import utc
from publer_sync.render.post.entries import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.applying.report import Result
    from publer_sync.holding.report import HoldReport
    from publer_sync.values.documented import Also, Count, Moment, Version
    from publer_sync.values.model import LivePost


HoldOutcome: TypeAlias = Literal["removed", "not_stopped", "unverified", "scheduled"]
OUTCOMES: Final[Mapping[Outcome, HoldOutcome]] = {
    Outcome.APPLIED: "removed",
    Outcome.FAILED: "not_stopped",
    Outcome.UNVERIFIED: "unverified",
    Outcome.NOT_TRIED: "scheduled",
}
"""The outcomes of an apply, in the words of a hold."""


class HoldAccountData(TypedDict):
    """An account, as the state knows it."""

    id: Annotated[str, "Publer's id"]
    alias: Annotated[str | None, "its name in the calendar, if it has one"]


class HeldPostData(TypedDict):
    """A managed post in the scope of a hold."""

    outcome: Annotated[
        HoldOutcome,
        "`removed`, `not_stopped`, `unverified` (nobody can tell yet), or `scheduled`: with `--diff`, what would be removed",
    ]
    id: Annotated[str | None, "the post's id in the calendar"]
    account: HoldAccountData
    scheduled_at: Moment
    post_id: Annotated[str | None, "Publer's id"]
    text: str
    adopted: Annotated[
        bool,
        "it was made in Publer: what Publer doesn't show of it and the calendar doesn't have can't come back",
    ]
    edited: Annotated[
        list[Annotated[str, Also('{"enum": ["text", "title", "link", "media", "scheduled_at", "draft"]}')]],
        "what someone had changed in Publer: release asks about it",
    ]
    state: Annotated[str | None, "as Publer listed it last"]
    message: Annotated[str | None, "why it was not removed, in publer-sync's words"]
    publer_said: Annotated[str | None, "the same in Publer's words"]
    hint: Annotated[str | None, "the fix"]


class UnmanagedData(TypedDict):
    """A post in the scope of a hold that is not managed here."""

    post_id: str
    account: HoldAccountData
    scheduled_at: Moment | None
    text: str
    state: Annotated[str, "Publer's word for it, such as `recurring`"]
    condition: Annotated[str | None, "on what its publication depends: `if approved`, for example"]
    calendar: Annotated[str | None, "the other calendar that manages it, where that is known"]


class HoldSummaryData(TypedDict):
    """How many posts."""

    removed: Count
    not_stopped: Count
    unverified: Count
    scheduled: Count
    unmanaged: Count
    unlabelled: Count


class UnknownData(TypedDict):
    """A word of the command that nothing has."""

    kind: Literal["account", "network", "label"]
    word: str
    known: Annotated[list[str], "what there is of that kind"]
    message: str


class HoldErrorData(TypedDict):
    """What ended a hold before its end."""

    code: str
    message: str
    hint: str | None


class HoldDocument(TypedDict):
    """What publer-sync hold --format json prints."""

    format_version: Version
    calendar: Annotated[str, "the calendar's name"]
    workspace: Annotated[documents.WorkspaceData | None, "where; null if that was not asked"]
    hold: Annotated[
        data.HoldData | None,
        "the hold, as in the plan; null where nothing was put on hold: the calendar has none of the accounts that were named",
    ]
    written: Annotated[bool, "false with `--diff`, and where nothing was put on hold: nothing was changed"]
    summary: Annotated[HoldSummaryData, "how many posts"]
    unknown: Annotated[
        list[UnknownData],
        "accounts, networks and labels of the command that nothing has, in any of its calendars. The exit code is 6",
    ]
    posts: Annotated[
        list[HeldPostData], "the managed posts in scope: first those that repeat in Publer, then by time"
    ]
    unlabelled: Annotated[
        list[HeldPostData],
        "with labels: posts that were made in Publer and adopted, whose labels neither Publer nor the calendar shows. They are not "
        "on hold",
    ]
    unmanaged: Annotated[
        list[UnmanagedData],
        "posts in the same scope that are not managed here, were left alone, and will be published: first those that repeat",
    ]
    requests: Annotated[Count, "requests sent to Publer"]
    error: NotRequired[Annotated[HoldErrorData, "only if it ended early: why"]]


def document(report: HoldReport) -> HoldDocument:
    told: HoldDocument = {
        "format_version": documents.FORMAT_VERSION,
        "calendar": report.plan.calendar,
        "workspace": documents.workspace_data(report.plan.workspace),
        "hold": data.hold_data(report.hold) if report.hold else None,
        "written": report.written,
        "summary": cast(
            "HoldSummaryData",
            {
                **{OUTCOMES[outcome]: len(report.done.of(outcome)) for outcome in OUTCOMES},
                "unmanaged": len(report.unmanaged),
                "unlabelled": len(report.unlabelled),
            },
        ),
        "unknown": [
            {"kind": each.kind, "word": each.word, "known": list(each.known), "message": each.message}
            for each in report.unknown
        ],
        "posts": [_post(result, report) for result in report.done.results],
        "unlabelled": [_post(result, report) for result in report.unlabelled],
        "unmanaged": [_live(post, report) for post in report.unmanaged],
        "requests": report.done.requests,
    }
    if error := report.done.error:
        told["error"] = {"code": error.code, "message": error.message, "hint": error.hint}
    return told


def _post(result: Result, report: HoldReport) -> HeldPostData:
    change, copy, why = result.change, result.change.copy, result.why
    return {
        "outcome": OUTCOMES[result.outcome],
        "id": change.id,
        "account": _account(change.account.id, report),
        "scheduled_at": utc(change.at),
        "post_id": result.post_id,
        "text": text_of(change),
        "adopted": copy is not None and copy.adopted,
        "edited": [*sorted(compare(None, copy, change.live).edits)] if copy and change.live else [],
        "state": change.live.state if change.live else None,
        "message": why.message or None,
        "publer_said": why.publer_said or None,
        "hint": why.hint,
    }


def _live(post: LivePost, report: HoldReport) -> UnmanagedData:
    return {
        "post_id": post.id,
        "account": _account(post.account_id, report),
        "scheduled_at": documents.time_data(post.at),
        "text": post.text,
        "state": post.state,
        "condition": condition(post) or None,
        "calendar": report.theirs.get(post.id),
    }


def _account(account: str, report: HoldReport) -> HoldAccountData:
    return {"id": account, "alias": report.accounts.get(account)}
