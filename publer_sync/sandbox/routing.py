"""The service as a whole: a request in, through the door to its endpoint, a response out. No sockets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.sandbox import analytics, dialects, door, library, lookups, posts
from publer_sync.sandbox.exchange import USER, ErrorResponse, respond
from publer_sync.sandbox.jobs import Jobs
from publer_sync.sandbox.publishing import publish_due
from publer_sync.sandbox.tables import NOT_FOUND_TEXT, not_modelled

if TYPE_CHECKING:
    from publer_sync.sandbox.exchange import Context, Request, Response
    from publer_sync.sandbox.faults import Trip


_OWN_SCOPE = frozenset({"workspaces", "accounts", "media", "analytics"})
"""Paths that take the scope of their name; all others take `posts`."""


class Service:
    def __init__(self, context: Context, bugs: list[BaseException]) -> None:
        self._context = context
        self.jobs = Jobs(context, bugs)

    def answer(self, request: Request, trip: Trip | None = None) -> Response:
        """Carry a request out, all of it or nothing."""
        if door.blocked(self._context, request, trip):
            return door.BLOCKED
        with self._context.database.transaction():
            headers: dict[str, str] = {}
            try:
                door.authenticate(self._context, request, trip)
                headers = door.count(self._context, trip)
                self.tick()
                response = self._endpoint(request, trip)
            except ErrorResponse as refusal:
                response = refusal.response
        return replace(response, headers=headers | response.headers)

    def tick(self) -> None:
        """Do what is due: run jobs, publish posts."""
        with self._context.database.transaction():
            self.jobs.run_due()
            publish_due(self._context)

    def _endpoint(self, request: Request, trip: Trip | None) -> Response:
        context, parts = self._context, request.path.strip("/").split("/")
        if parts[0] != "users":
            door.need(context, parts[0] if parts[0] in _OWN_SCOPE else "posts")
        match request.method, parts:
            case "GET", ["users", "me"]:
                plan = {"rate": "business", "locked": context.faults.plan_locked}
                return respond(
                    {**USER, "email": "sandbox@example.com", "first_name": "Sandbox", "plan": plan}
                )
            case "GET", ["workspaces"]:
                return respond(dialects.workspaces(context.database.workspaces()))
            case "GET", ["accounts"]:
                accounts = context.database.accounts(context.workspace(request))
                return respond(dialects.accounts(accounts, context.faults))
            case "GET", ["posts"]:
                return posts.listed(context, request, trip)
            case "GET", ["posts", _]:
                raise ErrorResponse(403, not_modelled("You don't have access to this resource"))
            case "POST", ["posts", "schedule"]:
                return self.jobs.create(request, "posts")
            case "POST", ["posts", "schedule", "publish"]:
                return self.jobs.create(request, "publish")
            case "GET", ["job_status", id]:
                return self.jobs.status(request, id)
            case "PUT", ["posts", id]:
                return posts.updated(context, request, id)
            case "DELETE", ["posts"]:
                return posts.deleted(context, request, trip)
            case "POST", ["media"]:
                return library.uploaded(context, request)
            case "POST", ["media", "from-url"]:
                return self.jobs.fetch(request)
            case "GET", ["media"]:
                return library.listed(context, request)
            case "GET", ["labels"]:
                return lookups.labels(context, request)
            case "POST", ["posts", "links"]:
                return lookups.link(request)
            case "GET", ["workspaces", id, "signatures"]:
                return lookups.signatures(context, request, id)
            case "GET", ["workspaces", id, "media_options"]:
                return lookups.media_options(context, request, id)
            case "GET", ["locations", network]:
                return lookups.places(request, network)
            case "GET", ["analytics", id, "post_insights"]:
                return analytics.post_insights(context, request, id)
            case "GET", ["analytics", "post_insights"]:
                return analytics.post_insights(context, request, None)
            case "GET", ["analytics", id, "best_times"]:
                return analytics.best_times(context, request, id)
        raise ErrorResponse(404, NOT_FOUND_TEXT)
