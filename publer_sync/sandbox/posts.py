"""The endpoints of posts: listed, edited, deleted."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from publer_sync.sandbox import dialects
from publer_sync.sandbox.exchange import ErrorResponse, Response, respond
from publer_sync.sandbox.publishing import on_its_way
from publer_sync.sandbox.records import parse_window
from publer_sync.sandbox.search import Search
from publer_sync.sandbox.tables import KNOWN_STATES, NOT_FOUND_TEXT, SLICE, not_modelled

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.sandbox.exchange import Context, Request
    from publer_sync.sandbox.faults import Faults, Trip
    from publer_sync.sandbox.records import Record, Stored


def listed(context: Context, request: Request, trip: Trip | None) -> Response:
    workspace, params, faults = context.workspace(request), request.params, context.faults
    states = tuple(params.get("state", []) + params.get("state[]", []))
    for state in states:
        if state not in KNOWN_STATES:
            raise ErrorResponse(400, f"Unknown state {state}")
    window = _window(context, request)
    days = faults.longest_span
    if window and days is not None and window[1] - window[0] > timedelta(days=days):
        if faults.beyond_span != "cut":
            return _too_long(faults)
        window = window[0], window[0] + timedelta(days=days)
    size, page = _page(context, request, dated=window is not None)
    found, total = context.database.search(
        Search(
            workspace=workspace,
            states=states,
            accounts=tuple(params.get("account_ids[]", [])),
            window=window,
            text=request.first("query"),
            type=request.first("postType"),
            seen_at=context.wall(),
            hidden=faults.hidden,
            drafts=faults.drafts != "hidden",
        ),
        limit=size,
        offset=page * max(size, 0),
    )
    if faults.paging == "slice":
        total = len(found)
    if trip and trip.kind == "rows_left_out":
        found = found[1::2]
    if trip and trip.kind == "empty_page":
        found = []
    rows: list[Record | None] = [dialects.post(one, faults) for one in found]
    if faults.null_rows:
        rows.insert(0, None)
    answer: Record = {"posts": rows}
    if faults.total_of == "page":
        total = len(found)
    if faults.total:
        per_page = size if size > 0 else max(total, 1)
        answer |= {"total": total, "page": page, "per_page": per_page, "total_pages": ceil(total / per_page)}
    return respond(answer)


def _page(context: Context, request: Request, *, dated: bool) -> tuple[int, int]:
    """How many posts a page has, -1 for all, and which one is asked for."""
    faults, asked = context.faults, request.first("page")
    if faults.paging == "slice":
        return SLICE, 0
    if faults.paging == "ignored" and dated:
        return -1, 0
    number = int(asked) if re.fullmatch(r"[0-9]{1,6}", asked) else 0
    return faults.per_page if dated else SLICE, max(0, number - faults.first_page)


def _too_long(faults: Faults) -> Response:
    """What a list over more days than the service bears gets. Nobody has shown that there are too many."""
    match faults.beyond_span:
        case "refused":
            raise ErrorResponse(400, not_modelled("The dates are too far apart"))
        case "silence":
            return Response(0)
        case _:
            return Response(504, b"<html><title>504 Gateway Time-out</title></html>", type="text/html")


def _window(context: Context, request: Request) -> tuple[datetime, datetime] | None:
    start, end = request.first("from"), request.first("to")
    if not start and not end:
        return None
    if not start or not end:
        raise ErrorResponse(400, not_modelled("from and to require each other"))
    try:
        return parse_window(start, end, context.faults.zone)
    except ValueError:
        raise ErrorResponse(400, not_modelled("from and to must be dates")) from None


def updated(context: Context, request: Request, id: str) -> Response:
    """Publer docs, "Updating posts": text and title inside `post`. Everything else is silently ignored."""
    post, faults, data = _one(context, request, id), context.faults, request.json()
    if post.family == "published" or on_its_way(context, post):
        raise ErrorResponse(422, not_modelled("The post can't be updated"))
    fields = data.get("post") if isinstance(data, dict) else None
    if isinstance(fields, dict) and not faults.put_ignored:
        if not isinstance(fields.get("text"), str):
            raise ErrorResponse(422, not_modelled("Text can't be blank"))
        body = {
            **post.body,
            "text": dialects.rewritten(fields["text"], faults),
            "updated_at": context.now().isoformat(),
        }
        if ("title" in fields and not faults.put_ignores_title) or faults.put_clears_title:
            body["title"] = fields.get("title")
        post = replace(post, body=body, state=_after_edit(post, faults))
        if faults.put_renumbers:
            context.database.remove_posts([post.id])
            post = replace(post, id=context.new_id())
        context.database.save_posts([post])
    return respond(dialects.post(post, faults))


def _after_edit(post: Stored, faults: Faults) -> str:
    """Publer's help centre, "Content approval": the edit of an approved post sends it back to approval."""
    needs = post.account_id in faults.approval and post.family == "scheduled"
    return "scheduled_pending" if needs or post.state == "scheduled_approved" else post.state


def _one(context: Context, request: Request, id: str) -> Stored:
    workspace, post = context.workspace(request), context.database.post(id)
    if post is None or post.workspace != workspace:
        raise ErrorResponse(404, NOT_FOUND_TEXT)
    return post


def deleted(context: Context, request: Request, trip: Trip | None) -> Response:
    """Publer docs, "Deleting posts": by `post_ids[]` in the query. A body is not looked at.

    The trap is the service's own: without ids that it recognises it takes every scheduled post and draft of the workspace.
    """
    workspace, params, database = context.workspace(request), request.params, context.database
    named = [one for key in ("post_ids[]", "post_ids") for one in params.get(key, []) if one]
    numbered = any(re.fullmatch(r"post_ids\[\d+\]", key) for key in params)
    if named:
        posts = [post for one in dict.fromkeys(named) if (post := database.post(one))]
    elif numbered and context.faults.delete_numbered == "nothing":
        posts = []
    else:
        posts = database.ahead(workspace)
    gone = [post for post in posts if post.workspace == workspace and not on_its_way(context, post)]
    if not context.faults.undeletable.isdisjoint(named):
        raise ErrorResponse(403, not_modelled("Not allowed"))
    if _gone(context.faults, named=len(dict.fromkeys(named)), found=len(posts)):
        raise ErrorResponse(404, NOT_FOUND_TEXT)
    if trip and trip.kind == "delete_nothing":
        gone = []
    others: list[Stored] = []
    if trip and trip.kind == "foreign_id":
        others = [post for post in database.ahead(workspace) if post.id not in named][:1]
    database.remove_posts(post.id for post in [*gone, *others])
    ids = [post.public_id for post in [*gone, *others]]
    if trip and trip.kind == "foreign_id" and not others:
        ids.append(context.new_id())
    return respond({"deleted_ids": ids})


def _gone(faults: Faults, *, named: int, found: int) -> bool:
    """Whether a DELETE gets a 404 for what does not exist any more. Nobody has shown what one of several means."""
    match faults.delete_gone:
        case "404":
            return named > 0 and not found
        case "404-any":
            return found < named
        case _:
            return False
