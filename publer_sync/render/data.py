"""Plans and reports as data for `--format json` and the plan file: the documented keys in the documented order."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict, cast

from publer_sync.applying.report import Outcome
from publer_sync.planning.effort import effort_of
from publer_sync.planning.plan import Blocked, asked_of, intent, is_missed
from publer_sync.render.layout.dates import utc
from publer_sync.render.layout.documents import (
    FORMAT_VERSION,
    AccountData,
    FieldData,
    PostFacts,
    SourceData,
    WorkspaceData,
    account_data,
    facts_data,
    field_data,
    place_data,
    time_data,
    workspace_data,
)
from publer_sync.render.plan_pages import for_pages
from publer_sync.render.post.entries import text_of
from publer_sync.render.post.fixes import own_options, purpose_of
from publer_sync.render.post.marks import NO_OPTIONS
from publer_sync.values.documented import Also, Count, Moment, Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.applying.report import ApplyReport, Remark, Result
    from publer_sync.ledger.hold import Hold
    from publer_sync.planning.notes import Refusal, Warn
    from publer_sync.planning.plan import Action, Block, Change, Plan
    from publer_sync.render.plan_pages import PagesData
    from publer_sync.values.approval import Approval
    from publer_sync.values.content import Json


APPLY = "publer-sync apply"


class SummaryData(TypedDict):
    """How many posts, on each of their accounts."""

    create: Count
    update: Count
    replace: Count
    delete: Count
    recreate: Count
    adopt: Count
    unchanged: Count
    past: Count
    missed: Annotated[Count, "those of `past` that were not published and that no apply has reported yet"]
    pending: Count
    waiting: Annotated[Count, "for approval in Publer"]
    blocked: Count
    held: Count
    foreign: Annotated[Count, "posts that are not managed here"]


class YesData(TypedDict):
    """A yes that somebody gave."""

    by: Annotated[str, "who, as `people` in publer.yaml calls them"]
    at: Annotated[Moment, "when it was recorded"]


class SignOffData(TypedDict):
    """What a post that is not signed off waits for."""

    by: Annotated[Moment | None, "when the sign-off has to be there at the latest"]
    missing: Annotated[list[list[str]], "whose yes is missing: of each list one is enough"]
    given: Annotated[list[YesData], "each yes to what it says now"]
    before: Annotated[YesData | None, "the last yes to something else"]
    since: Annotated[
        list[FieldData],
        "what has changed since then: keys of the calendar, `account` (as the settings name it) and `day`",
    ]


class ChangeData(PostFacts):
    """What happens to one post on one account."""

    action: Annotated[Action, "what happens: see below"]
    code: Annotated[
        Block | None,
        "why a blocked change is blocked: [each code](troubleshooting.md#a-post-is-not-where-it-should-be); null for every other",
    ]
    would: Annotated[
        Action | None,
        Also('{"enum": ["create", "update", "replace", "delete", "recreate", "unchanged", null]}'),
        "the action that a blocked change would be; null for every other",
    ]
    id: Annotated[str | None, "the post's id in the calendar; null if it has none"]
    account: Annotated[AccountData, "where"]
    scheduled_at: Annotated[Moment, "when it publishes; for `delete`, when it would have"]
    post_id: Annotated[str | None, "Publer's id, if it is known"]
    reason: Annotated[str, "why, in words"]
    source: Annotated[SourceData | None, "where it is in the calendar; null for a post that left it"]
    content: Annotated[
        str | None,
        Also('{"pattern": "^[0-9a-f]{32}$"}'),
        "a digest of everything the calendar says of the post, shown or not; null if the post left the calendar. `apply FILE` "
        "compares it",
    ]
    text: Annotated[str | None, "the words of a post that left the calendar; null for every other"]
    diff: Annotated[list[FieldData], "what differs"]
    hint: NotRequired[
        Annotated[str, "only if an option lets through what apply would skip: the option, with its command"]
    ]
    sign_off: NotRequired[Annotated[SignOffData, "only if it waits for a [sign-off](howto/signoff.md)"]]


class RefusalData(TypedDict):
    """A safety limit that would stop apply."""

    code: Annotated[
        str,
        Also('{"enum": ["deletes", "changes", "empty", "older_files", "older_unknown", "lost"]}'),
        "`deletes`, `changes`, `empty`; `older_files` where the files lack what was applied last, `older_unknown` where that can't be known, `lost` where the ledger's branch was deleted",
    ]
    count: int
    limit: int
    allow: Annotated[str, "the option of apply that allows it"]
    message: NotRequired[Annotated[str, "only if it is not about a number of posts"]]


_HoldFrom = TypedDict("_HoldFrom", {"from": Annotated[Moment | None, "the first instant"]})


class HoldData(_HoldFrom):
    """What keeps posts out of Publer."""

    reason: Annotated[str, "why"]
    since: Annotated[Moment, "when it began"]
    accounts: Annotated[list[str], "Publer's ids; none: every account"]
    labels: Annotated[list[str], "none: every post"]
    to: Annotated[Moment | None, "the instant after the last day"]
    settings: Annotated[bool, "whether publer.yaml says it"]


class WarningData(TypedDict):
    """A warning of a plan."""

    code: str
    message: str
    source: Annotated[SourceData | None, "where it is in the calendar, if it is there"]


_OptionsFrom = TypedDict("_OptionsFrom", {"from": str | None})


class OptionsData(_OptionsFrom):
    """What a plan was made with."""

    calendar: Annotated[str, "its folder, as it was given"]
    state: str | None
    accounts: list[str]
    to: str | None
    sandbox: bool
    sandbox_file: str | None
    now: str | None
    first: bool


class PlanDocument(TypedDict):
    """What publer-sync plan --format json prints, and what plan --out writes."""

    format_version: Version
    tool_version: Annotated[str, "the publer-sync that made it"]
    created_at: Annotated[Moment, "when. All times are UTC"]
    last_apply: Annotated[
        Moment | None, "when an apply last ended, whatever became of its posts; null if none did"
    ]
    last_good_apply: Annotated[
        Moment | None, "when an apply of the whole calendar last ended with 0; null if none is known to have"
    ]
    calendar: Annotated[str, "the calendar's name"]
    workspace: Annotated[WorkspaceData, "its id and name"]
    apply_by: Annotated[
        Moment | None,
        "the last moment at which everything in the plan can still be done, with time for uploads and Publer's request limit; "
        "null if there is nothing to do",
    ]
    requests: Annotated[Count, "about how many requests apply needs, its own plan included"]
    seconds: Annotated[Count, "how long uploads, Publer's jobs and its request limit make that"]
    summary: Annotated[SummaryData, "how many posts, on each of their accounts"]
    changes: Annotated[
        list[
            Annotated[
                ChangeData,
                Also('{"properties": {"action": {"not": {"enum": ["unchanged", "past", "pending"]}}}}'),
            ]
        ],
        "by time, then account: all but `unchanged`, `past` and `pending`; of `held` those that Publer still has scheduled",
    ]
    missed: Annotated[
        list[Annotated[ChangeData, Also('{"properties": {"action": {"const": "past"}}}')]],
        "what was not published at its time, by time, until an apply has reported it",
    ]
    refusals: Annotated[list[RefusalData], "safety limits that would stop apply"]
    holds: Annotated[list[HoldData], "what keeps posts out of Publer; what is empty restricts nothing"]
    warnings: Annotated[
        list[WarningData],
        "`moves`: the post goes to [another calendar](many-calendars.md#moving-a-post-from-one-calendar-to-another), or comes "
        "from one; that is not a change",
    ]
    shown: NotRequired[
        Annotated[PagesData, "only in a plan file: what `preview --plan` shows of it, in words for people"]
    ]
    options: NotRequired[Annotated[OptionsData, "only in a plan file: what the plan was made with"]]


class ReportSummaryData(TypedDict):
    """How the posts ended, on each of their accounts."""

    applied: Count
    waiting: Count
    failed: Count
    unverified: Count
    not_tried: Count
    unchanged: Count


class ResultData(TypedDict):
    """What became of one change."""

    action: Annotated[
        Action, "what was tried, even if an option such as `--allow-frozen` let a blocked change through"
    ]
    id: Annotated[str | None, "the post's id in the calendar; null if it has none"]
    account: AccountData
    scheduled_at: Moment
    outcome: Annotated[
        Outcome,
        "`applied` (Publer lists it as wanted), `waiting` (for approval there, or for its page), `failed`, `unverified` (sent, not listed yet; the "
        "next apply checks first), `not_tried` (blocked, or the run ended before)",
    ]
    message: Annotated[str | None, "why, in publer-sync's own sentence; null if there is nothing to say"]
    post_id: Annotated[str | None, "Publer's id, if it is known"]
    source: Annotated[SourceData | None, "where it is in the calendar; null if it is not there"]
    code: Annotated[
        Block | Literal["page", "approval"] | None,
        "as in the plan; `page` if it was not created because [its page](calendar.md#when-the-page-is-live) does not answer yet",
    ]
    would: Annotated[
        Action | None,
        Also('{"enum": ["create", "update", "replace", "delete", "recreate", "unchanged", null]}'),
        "as in the plan",
    ]
    hint: Annotated[str | None, "the fix"]
    publer_said: Annotated[
        str | None,
        "why, in Publer's words, which are never mixed with `message`; several sentences are a line each",
    ]
    payload: NotRequired[
        Annotated[dict[str, Json], "only if a failed post could not be put back: what was sent"]
    ]


class RemarkData(TypedDict):
    """What Publer said about no post in particular."""

    publer_said: str
    account: Annotated[AccountData | None, "if Publer names one of the calendar's"]


class EndedData(TypedDict):
    """Why a run ended early."""

    code: str
    message: str
    hint: NotRequired[Annotated[str, "what to do, line by line"]]


class ReportDocument(TypedDict):
    """What publer-sync apply --format json prints."""

    format_version: Version
    summary: Annotated[ReportSummaryData, "how many posts, on each of their accounts"]
    results: Annotated[list[ResultData], "what became of each change"]
    warnings: Annotated[
        list[WarningData],
        "those of the plan that was carried out, and what Publer shows otherwise than it was sent",
    ]
    requests: Annotated[Count, "requests sent to Publer"]
    backup: NotRequired[
        Annotated[
            str, "only for the first apply of a ledger: the list of what Publer had before the first write"
        ]
    ]
    remarks: NotRequired[
        Annotated[
            list[RemarkData],
            Also('{"minItems": 1}'),
            "only if there are some: what Publer said about no post in particular",
        ]
    ]
    apply_again_by: NotRequired[
        Annotated[
            Moment,
            "only if a replace was cut off: the next apply has to run before this time, or both versions may be published",
        ]
    ]
    error: NotRequired[Annotated[EndedData, "only if the run ended early: why"]]


def plan(
    plan: Plan, *, version: str, options: OptionsData | None = None, command: str = APPLY
) -> PlanDocument:
    """`options` are those the plan was made with; only the plan file carries them, and what pages show of it.

    `command`, here and below, is the apply that does what is shown.
    """
    effort = effort_of([plan], NO_OPTIONS.passes)
    document: PlanDocument = {
        "format_version": FORMAT_VERSION,
        "tool_version": version,
        "created_at": utc(plan.created_at),
        "last_apply": time_data(plan.last_apply),
        "last_good_apply": time_data(plan.last_good_apply),
        "calendar": plan.calendar,
        "workspace": workspace_data(plan.workspace),
        "apply_by": time_data(plan.apply_by),
        "requests": effort.requests,
        "seconds": ceil(effort.seconds),
        "summary": cast("SummaryData", plan.summary),
        "changes": changes(plan, command),
        "missed": [change_data(change, command) for change in plan.changes if is_missed(change)],
        "refusals": [_refusal(item) for item in plan.refusals],
        "holds": [hold_data(hold) for hold in plan.holds],
        "warnings": warnings(plan.warnings),
    }
    if options is not None:
        document["shown"] = for_pages(plan)
        document["options"] = options
    return document


def warnings(found: Iterable[Warn]) -> list[WarningData]:
    return [{"code": item.code, "message": item.whole, "source": place_data(item.location)} for item in found]


def _refusal(item: Refusal) -> RefusalData:
    told: RefusalData = {"code": item.code, "count": item.count, "limit": item.limit, "allow": item.allow}
    return {**told, "message": item.message} if item.message else told


def changes(plan: Plan, command: str = APPLY) -> list[ChangeData]:
    """What a plan file is compared by: two plans that would do the same have equal lists."""
    return [change_data(change, command) for change in plan.listed]


def change_data(change: Change, command: str = APPLY) -> ChangeData:
    code, would = _why(change)
    hint = _option(change, command)
    told = {
        "action": change.action,
        "code": code,
        "would": would,
        "id": change.id,
        "account": account_data(change.account),
        "scheduled_at": utc(change.at),
        "post_id": change.live.id if change.live else change.copy.post_id if change.copy else None,
        "reason": change.reason,
        "source": place_data(change.post.location if change.post else None),
        "content": change.post.content.digest if change.post else None,
        "text": None if change.post else text_of(change),
        "diff": [field_data(item) for item in change.diff],
        **({"hint": hint} if hint is not None else {}),
        **({"sign_off": sign_off} if (sign_off := _sign_off(change)) is not None else {}),
        **facts_data(change.post),
    }
    return cast("ChangeData", told)


def _sign_off(change: Change) -> SignOffData | None:
    asked = asked_of(change)
    if not isinstance(change, Blocked) or asked is None:
        return None
    return {
        "by": time_data(change.needed_by),
        "missing": [[*each] for each in asked.missing],
        "given": [_yes(each) for each in asked.given],
        "before": _yes(asked.before) if asked.before is not None else None,
        "since": [field_data(item) for item in change.since],
    }


def _yes(approval: Approval) -> YesData:
    return {"by": approval.by, "at": utc(approval.at)}


def _why(change: Change) -> tuple[Block | None, Action | None]:
    """Why it is blocked, and what it would be."""
    return (
        change.blocks[0] if change.blocks else None,
        change.would.action if isinstance(change, Blocked) else None,
    )


def report(report: ApplyReport, command: str = APPLY) -> ReportDocument:
    document: ReportDocument = {
        "format_version": FORMAT_VERSION,
        "summary": cast("ReportSummaryData", report.summary),
        "results": [_result(result, command) for result in report.results],
        "warnings": warnings((*report.warnings, *report.notes)),
        "requests": report.requests,
    }
    if report.backup:
        document["backup"] = report.backup
    if report.remarks:
        document["remarks"] = [_remark(remark) for remark in report.remarks]
    if report.twice:
        document["apply_again_by"] = utc(report.twice[1])
    if report.error:
        document["error"] = {"code": report.error.code, "message": report.error.message}
        if report.error.hint:
            document["error"]["hint"] = report.error.hint
    return document


def _remark(remark: Remark) -> RemarkData:
    return {
        "publer_said": remark.publer_said,
        "account": account_data(remark.account) if remark.account else None,
    }


def _result(result: Result, command: str) -> ResultData:
    """The action is what was tried, even where an option let a blocked change through."""
    change = result.change
    tried = change if result.outcome is Outcome.NOT_TRIED else intent(change)
    code, would = _why(change)
    told: ResultData = {
        "action": tried.action,
        "id": change.id,
        "account": account_data(change.account),
        "scheduled_at": utc(change.at),
        "outcome": result.outcome,
        "message": result.why.message or None,
        "post_id": result.post_id,
        "source": place_data(change.post.location if change.post else None),
        "code": "page" if result.page else "approval" if result.asks else code,
        "would": would,
        "hint": result.why.hint
        or (_option(change, command) if result.outcome is Outcome.NOT_TRIED else None),
        "publer_said": result.why.publer_said or None,
    }
    if result.payload is not None:
        told["payload"] = {**result.payload}
    return told


def _option(change: Change, command: str) -> str | None:
    """The option that lets through what apply skips, with its command."""
    options = own_options(change)
    if not options:
        return None
    return f"{purpose_of(change)}: {command} {' '.join(dict.fromkeys(options))}"


def hold_data(hold: Hold) -> HoldData:
    """`accounts` are Publer's ids; `to` is the instant after the last day. What is empty restricts nothing."""
    return {
        "reason": hold.reason,
        "since": utc(hold.since),
        "accounts": list(hold.accounts),
        "labels": list(hold.labels),
        "from": time_data(hold.first),
        "to": time_data(hold.last),
        "settings": hold.settings,
    }
