"""The figures of published posts: made up, but the same for a post each time."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from publer_sync.sandbox import dialects
from publer_sync.sandbox.exchange import ErrorResponse, respond
from publer_sync.sandbox.records import parse_window
from publer_sync.sandbox.search import Search
from publer_sync.sandbox.tables import NO_RESOURCE_TEXT, SERVER_ERROR_TEXT

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.sandbox.exchange import Context, Request, Response
    from publer_sync.sandbox.records import Record, Stored

PER_PAGE = 10
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
METRICS = {
    "reach": "People who saw the post",
    "engagement": "Likes, comments, shares and clicks together",
    "likes": "Likes or reactions",
    "comments": "Comments and replies",
    "shares": "Shares or reposts",
    "link_clicks": "Clicks on links",
}


def post_insights(context: Context, request: Request, account: str | None) -> Response:
    """The posts of an account, or of all, that were published in some days, ten on a page.

    Without both days the service answers 500, and to an id of the network instead of its own 404.
    """
    workspace, window = _asked(context, request, account)
    page = request.first("page")
    found, total = context.database.search(
        Search(
            workspace=workspace,
            states=("published",),
            accounts=(account,) if account else (),
            window=window,
            seen_at=1e308,
        ),
        limit=PER_PAGE,
        offset=PER_PAGE * int(page) if re.fullmatch(r"[0-9]{1,6}", page) else 0,
    )
    return respond({"posts": [_insights(context, post) for post in found], "total": total})


def best_times(context: Context, request: Request, account: str) -> Response:
    """Publer docs, "Best times": a figure for each hour of each day of the week. It was seen empty, too."""
    _asked(context, request, account)
    if context.faults.best_times == "empty":
        return respond([])
    return respond({day: [_score(account, day, hour) for hour in range(24)] for day in DAYS})


def _asked(context: Context, request: Request, account: str | None) -> tuple[str, tuple[datetime, datetime]]:
    """The workspace and the days. Raises ErrorResponse."""
    workspace = context.workspace(request)
    if account is not None and all(one["id"] != account for one in context.database.accounts(workspace)):
        raise ErrorResponse(404, NO_RESOURCE_TEXT)
    try:
        return workspace, parse_window(request.first("from"), request.first("to"), context.faults.zone)
    except ValueError:
        raise ErrorResponse(500, SERVER_ERROR_TEXT) from None


def _score(account: str, day: str, hour: int) -> int:
    return hashlib.sha256(f"{account}/{day}/{hour}".encode()).digest()[0]


def _insights(context: Context, post: Stored) -> Record:
    shown = dialects.post(post, context.faults)
    kept = {key: shown[key] for key in ("id", "text", "title", "scheduled_at", "account_id", "post_link")}
    return {
        **kept,
        "post_id": str(shown["post_link"] or "").rpartition("/")[2] or None,
        "type": (post.body.get("details") or {}).get("type") or post.body.get("type"),
        "labels": post.body.get("labels", []),
        "analytics": {
            metric: {
                "name": metric.replace("_", " ").capitalize(),
                "value": None
                if metric == "link_clicks" and not post.body.get("url")
                else _figure(post, metric),
                "tooltip": told,
            }
            for metric, told in METRICS.items()
        },
    }


def _figure(post: Stored, metric: str) -> int:
    """From what stays the same when the post gets another id."""
    seed = f"{metric}/{post.account_id}/{post.at}/{post.body.get('text')}"
    return hashlib.sha256(seed.encode(errors="replace")).digest()[0]
