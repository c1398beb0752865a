"""Plans and reports as data for `--format json` and the plan file: the documented keys in the documented order."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.planning.effort import effort_of
from publer_sync.planning.plan import Blocked, intent
from publer_sync.render.dates import utc
from publer_sync.render.documents import (
    FORMAT_VERSION,
    account_data,
    counted_data,
    field_data,
    place_data,
    time_data,
    workspace_data,
)
from publer_sync.render.entries import text_of
from publer_sync.render.marks import NO_OPTIONS
from publer_sync.render.plan_pages import for_pages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.applying.report import ApplyReport, Remark, Result
    from publer_sync.content import Json
    from publer_sync.ledger.hold import Hold
    from publer_sync.planning.plan import Change, Plan


def plan(plan: Plan, *, version: str, options: Mapping[str, Json] | None = None) -> dict[str, Json]:
    """`options` are those the plan was made with; only the plan file carries them, and what pages show of it."""
    effort = effort_of([plan], NO_OPTIONS.passes)
    return {
        "format_version": FORMAT_VERSION,
        "tool_version": version,
        "created_at": utc(plan.created_at),
        "last_apply": time_data(plan.last_apply),
        "calendar": plan.calendar,
        "workspace": workspace_data(plan.workspace),
        "apply_by": time_data(plan.apply_by),
        "requests": effort.requests,
        "seconds": ceil(effort.seconds),
        "summary": {**plan.summary},
        "changes": changes(plan),
        "refusals": [
            {"code": item.code, "count": item.count, "limit": item.limit, "allow": item.allow}
            for item in plan.refusals
        ],
        "holds": [hold_data(hold) for hold in plan.holds],
        "warnings": [
            {"code": item.code, "message": item.whole, "source": place_data(item.location)}
            for item in plan.warnings
        ],
        **({"shown": for_pages(plan), "options": dict(options)} if options is not None else {}),
    }


def changes(plan: Plan) -> list[Json]:
    """What a plan file is compared by: two plans that would do the same have equal lists."""
    return [change_data(change) for change in plan.listed]


def change_data(change: Change) -> dict[str, Json]:
    return {
        "action": str(change.action),
        **_why(change),
        "id": change.id,
        "account": account_data(change.account),
        "scheduled_at": utc(change.at),
        **counted_data(change.post),
        "post_id": change.live.id if change.live else change.copy.post_id if change.copy else None,
        "reason": change.reason,
        "source": place_data(change.post.location if change.post else None),
        "content": change.post.content.digest if change.post else None,
        "text": None if change.post else text_of(change),
        "diff": [field_data(item) for item in change.diff],
    }


def _why(change: Change) -> dict[str, Json]:
    return {
        "code": str(change.blocks[0]) if change.blocks else None,
        "would": str(change.would.action) if isinstance(change, Blocked) else None,
    }


def report(report: ApplyReport) -> dict[str, Json]:
    return {
        "format_version": FORMAT_VERSION,
        "summary": {**report.summary},
        "results": [_result(result) for result in report.results],
        "requests": report.requests,
        **({"remarks": [_remark(remark) for remark in report.remarks]} if report.remarks else {}),
        **({"apply_again_by": utc(report.twice[1])} if report.twice else {}),
        **({"error": {"code": report.error.code, "message": report.error.message}} if report.error else {}),
    }


def _remark(remark: Remark) -> dict[str, Json]:
    return {
        "publer_said": remark.publer_said,
        "account": account_data(remark.account) if remark.account else None,
    }


def _result(result: Result) -> dict[str, Json]:
    """The action is what was tried, even where an option let a blocked change through."""
    change = result.change
    tried = change if result.outcome is Outcome.NOT_TRIED else intent(change)
    return {
        "action": str(tried.action),
        "id": change.id,
        "account": account_data(change.account),
        "scheduled_at": utc(change.at),
        "outcome": str(result.outcome),
        "message": result.why.message or None,
        "post_id": result.post_id,
        "source": place_data(change.post.location if change.post else None),
        **_why(change),
        "hint": result.why.hint,
        "publer_said": result.why.publer_said or None,
        **({"payload": dict(result.payload)} if result.payload is not None else {}),
    }


def hold_data(hold: Hold) -> dict[str, Json]:
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
