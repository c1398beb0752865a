"""Work that the service does later: queued, carried out when it is due, asked for by its id."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from publer_sync.sandbox import dialects, library
from publer_sync.sandbox.creating import World, judge
from publer_sync.sandbox.database import QueuedJob
from publer_sync.sandbox.exchange import ErrorResponse, respond
from publer_sync.sandbox.publishing import publish
from publer_sync.sandbox.tables import (
    BULK_MOST,
    BULK_STATES,
    LEAD,
    NOT_FOUND_TEXT,
    SERVER_ERROR_TEXT,
    not_modelled,
)

if TYPE_CHECKING:
    from publer_sync.sandbox.exchange import Context, Request, Response
    from publer_sync.sandbox.records import Record, Stored


class Jobs:
    """`bugs` takes what the sandbox itself raised; `passed` counts the posts that passed all checks."""

    def __init__(self, context: Context, bugs: list[BaseException]) -> None:
        self._context, self._bugs = context, bugs
        self.passed = 0

    def create(self, request: Request, kind: str) -> Response:
        """Queue a bulk. Only what cannot be queued at all is refused here; everything else is the job's to judge."""
        workspace, body = self._context.workspace(request), request.json()
        bulk = body.get("bulk") if isinstance(body, dict) else None
        if not isinstance(bulk, dict) or not isinstance(bulk.get("posts"), list):
            raise ErrorResponse(500, SERVER_ERROR_TEXT)
        if bulk.get("state") not in BULK_STATES:
            raise ErrorResponse(400, f"Unknown state {bulk.get('state')}")
        if len(bulk["posts"]) > BULK_MOST:
            raise ErrorResponse(400, not_modelled(f"A maximum of {BULK_MOST} posts is allowed"))
        for text, status in self._context.faults.refuse_whole.items():
            if any(
                text == network.get("text") for post in bulk["posts"] for network in post["networks"].values()
            ):
                raise ErrorResponse(status, not_modelled("A post of this request is not allowed"))
        return self._queue(workspace, kind, bulk)

    def fetch(self, request: Request) -> Response:
        """Queue an import of media. One at a time; a body that names no media gets 200 and no job."""
        workspace, body = self._context.workspace(request), request.json()
        if not isinstance(body, dict) or not isinstance(body.get("media"), list):
            return respond({})
        if any(job.kind == "media" for job in self._context.database.waiting_jobs()):
            raise ErrorResponse(403, not_modelled("Not now"))
        return self._queue(workspace, "media", {"media": body["media"]})

    def status(self, request: Request, id: str) -> Response:
        context, faults = self._context, self._context.faults
        workspace, job = context.workspace(request), context.database.job(id)
        if job is None or job.workspace != workspace or faults.job_lost:
            if faults.job_unknown == "null":
                return respond(dialects.job(None, None, faults))
            raise ErrorResponse(404, NOT_FOUND_TEXT)
        context.database.count_poll(id)
        if job.polls < faults.job_null_polls:
            return respond(dialects.job(None, None, faults))
        if job.result is None or faults.job_never_ends:
            return respond(dialects.job("working" if job.polls % 2 == 0 else None, None, faults))
        if "media" in job.result:
            payload = dialects.media_payload(job.result["media"], faults)
        elif "published" in job.result:
            payload = [{"type": "job", "post": post} for post in job.result["published"]]
        else:
            payload = dialects.failures_payload(job.result["failures"], faults)
        ended = "failed" if job.result.get("failed") else faults.finished
        return respond(dialects.job(ended, payload, faults))

    def run_due(self) -> None:
        """Run every job whose moment has come. One that raises has made nothing and ends as failed."""
        database = self._context.database
        for job in database.waiting_jobs(self._context.wall()):
            try:
                with database.all_or_nothing():
                    result = self._run(job)
            except Exception as bug:  # noqa: BLE001 - whatever it is, the job ends here, or every later request would run it again; `bugs` keeps it
                self._bugs.append(bug)
                result = {"failed": True, "failures": [{"message": SERVER_ERROR_TEXT}]}
            database.finish_job(job.id, result)

    def _queue(self, workspace: str, kind: str, request: Record) -> Response:
        """The job runs in `job_delay`, however little asks for it; its moment on the service's clock is fixed now."""
        context, faults = self._context, self._context.faults
        wall, now = context.wall(), context.now().timestamp()
        delay = faults.job_delay * context.poll_seconds
        job = QueuedJob(
            id=context.new_id(),
            workspace=workspace,
            kind=kind,
            ready=wall + delay,
            visible=wall + delay + faults.list_delay * context.poll_seconds,
            asked=now,
            runs=now + delay,
            request=request,
        )
        context.database.add_job(job)
        return respond(dialects.accepted(job.id, faults))

    def _run(self, job: QueuedJob) -> Record:
        context, faults = self._context, self._context.faults
        if job.kind == "media":
            return {"media": library.fetched(context, job.workspace, job.request["media"])}
        if faults.job_fails is not None:
            return {"failed": True, "failures": [{"message": faults.job_fails}]}
        if faults.plan_locked:
            return {"failures": []}
        runs = datetime.fromtimestamp(job.runs, UTC)
        world = World(
            workspace=job.workspace,
            accounts={account["id"]: account for account in context.database.accounts(job.workspace)},
            media=context.database.media(job.workspace),
            taken=context.database.taken(
                job.workspace, runs - timedelta(days=2), drafts=faults.drafts_hold_minutes
            ),
            said=context.database.words_on_x(job.workspace, runs - timedelta(days=2))
            if faults.words_once
            else set(),
            asked=datetime.fromtimestamp(job.asked, UTC),
            runs=runs,
            visible=job.visible,
            faults=faults,
            new_id=context.new_id,
        )
        bulk = job.request if job.kind == "posts" else _at_once(job.request, runs)
        kept: list[Stored] = []
        for _ in range(faults.job_runs):
            made, failures = judge(bulk, world)
            kept += [post for post in made if not self._loses()]
        context.database.save_posts(self._numbered(post) for post in kept)
        if job.kind == "publish":
            published = [publish(context, replace(post, at=runs)) for post in kept]
            if not failures:
                return {"published": [dialects.published(post) for post in published]}
        return {"failures": failures}

    def _loses(self) -> bool:
        self.passed += 1
        return self.passed in self._context.faults.lose

    def _numbered(self, post: Stored) -> Stored:
        if not self._context.faults.integer_ids:
            return post
        return replace(post, id=self._context.database.next_number())


def _at_once(bulk: Record, now: datetime) -> Record:
    """A bulk for the publish path: whatever state and times it names are ignored, drafts are published too."""
    when = (now + 2 * LEAD).isoformat()
    posts = []
    for item in bulk["posts"]:
        entries = item.get("accounts") if isinstance(item, dict) else None
        if isinstance(entries, list):
            timed = [{**entry, "scheduled_at": when} for entry in entries if isinstance(entry, dict)]
            posts.append({**item, "accounts": timed})
    return {"state": "scheduled", "posts": posts}
