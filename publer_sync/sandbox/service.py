"""The service's endpoints: a request in, an answer out, over the store. No sockets.

Two clocks: `now` is the service's, which decides what is past and what goes out; delays of jobs and lists are wall
clock, so that they pass for every process that shares the file, whatever its `now`.
"""

from __future__ import annotations

import json
import math
import re
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from publer_sync.sandbox import rules, shapes
from publer_sync.sandbox.store import Job, Search, Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.sandbox.faults import Faults, Trip
    from publer_sync.sandbox.rules import Record, Stored

JSON = "application/json; charset=utf-8"
ME: Record = {"id": "5f0000000000000000000001", "name": "Sandbox", "picture": None}
AGENTS = re.compile(r"(python|go-http-client|java|okhttp|axios|node|ruby|libwww|$)", re.IGNORECASE)
"""User agents that libraries send when nobody named one."""


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is below `/api/v1`; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def params(self) -> dict[str, list[str]]:
        return parse_qs(self.query, keep_blank_values=True)

    @property
    def json(self) -> Any:
        """The body, or None where it is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    type: str = JSON


class _No(Exception):
    """Ends a request with an error answer."""

    def __init__(self, status: int, *texts: str, answer: Answer | None = None) -> None:
        super().__init__(*texts)
        self.answer = answer or say({"errors": list(texts)}, status)


def say(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    text = json.dumps(data, ensure_ascii=False)
    return Answer(status, text.encode(errors="replace"), headers or {})


BLOCKED = Answer(403, b"error code: 1010", type="text/plain; charset=UTF-8")


class Service:
    def __init__(
        self, store: Store, *, now: Callable[[], datetime], poll_seconds: float, faults: Faults
    ) -> None:
        self.store = store
        self.now = now
        self.poll_seconds = poll_seconds
        self.faults = faults
        self._passed = 0

    def answer(self, request: Request, trip: Trip | None = None) -> Answer:
        """Carry a request out, all of it or nothing."""
        if trip and trip.kind == "blocked":
            return BLOCKED
        if self.faults.cloudflare and AGENTS.match(request.headers.get("user-agent", "")):
            return BLOCKED
        with self.store.transaction():
            headers: dict[str, str] = {}
            try:
                self._authenticate(request)
                headers = self._limit(trip)
                self.tick()
                found = self._route(request, trip)
            except _No as no:
                found = no.answer
        return replace(found, headers=headers | found.headers)

    def tick(self) -> None:
        """Let happen what was due by now: jobs run, posts go out."""
        with self.store.transaction():
            for job in self.store.waiting_jobs(time.time()):
                self.store.finish_job(job.id, self._run(job))
            for post in self.store.due(self.now() - self.faults.publish_lag):
                self._go_out(post)

    # at the door

    def _authenticate(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer-API" or not key.strip():
            raise _No(401, "Unauthorized")
        if self.faults.key_refused:
            raise _No(403, "Invalid API key or not active")

    def _limit(self, trip: Trip | None) -> dict[str, str]:
        """Count the request. Publer docs, "Rate limits": 100 in 2 minutes, per user over all keys and workspaces."""
        faults, now = self.faults, time.time()
        limit = faults.rate_limit
        window = faults.rate_window * self.poll_seconds
        fits, left, reset = True, limit or 0, now + window
        if limit is not None:
            fits, left, reset = self.store.hit(now, window, limit)
        limited = trip is not None and trip.kind == "limited"
        headers = {
            "X-RateLimit-Limit": str(limit or 100),
            "X-RateLimit-Remaining": "0" if limited else str(left),
            "X-RateLimit-Reset": str(math.ceil(reset)),
        }
        if limited or not fits:
            bare = (trip is not None and limited and not trip.headers) or faults.rate_headers == "never"
            raise _No(429, answer=say({"error": rules.LIMIT_TEXT}, 429, {} if bare else headers))
        return headers if faults.rate_headers == "always" and limit is not None else {}

    def _workspace(self, request: Request) -> str:
        wanted = request.headers.get("publer-workspace-id", "")
        if all(workspace["id"] != wanted for workspace in self.store.workspaces()):
            raise _No(401, rules.WORKSPACE_TEXT)
        return wanted

    def _need(self, scope: str) -> None:
        if scope not in self.faults.scopes:
            raise _No(403, f"Missing scope: {scope}")

    def _route(self, request: Request, trip: Trip | None) -> Answer:
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["users", "me"]:
                return say({**ME, "email": "sandbox@example.com", "first_name": "Sandbox"})
            case "GET", ["workspaces"]:
                self._need("workspaces")
                return say(
                    [{**workspace, "picture": None, "role": "owner"} for workspace in self.store.workspaces()]
                )
            case "GET", ["accounts"]:
                self._need("accounts")
                return say(shapes.shown_accounts(self.store.accounts(self._workspace(request)), self.faults))
            case "GET", ["posts"]:
                self._need("posts")
                return self._list(request)
            case "GET", ["posts", _]:
                raise _No(403, "You don't have access to this resource")
            case "POST", ["posts", "schedule"]:
                self._need("posts")
                return self._create(request, "posts")
            case "POST", ["posts", "schedule", "publish"]:
                self._need("posts")
                return self._create(request, "publish")
            case "GET", ["job_status", id]:
                self._need("posts")
                return self._job(request, id)
            case "PUT", ["posts", id]:
                self._need("posts")
                return self._update(request, id)
            case "DELETE", ["posts"]:
                self._need("posts")
                return self._delete(request, trip)
            case "POST", ["media"]:
                self._need("media")
                return self._upload(request)
            case "POST", ["media", "from-url"]:
                self._need("media")
                return self._import(request)
            case "GET", ["media"]:
                self._need("media")
                return self._list_media(request)
        raise _No(404, "Not found")

    # posts

    def _list(self, request: Request) -> Answer:
        workspace, params, faults = self._workspace(request), request.params, self.faults
        states = tuple(params.get("state", []) + params.get("state[]", []))
        for state in states:
            if state not in rules.KNOWN_STATES:
                raise _No(400, f"Unknown state {state}")
        window = self._window(params)
        size = rules.SLICE if window is None or faults.paging == "slice" else faults.per_page
        asked = params.get("page", [""])[0]
        page = int(asked) if re.fullmatch(r"[0-9]{1,6}", asked) else 0
        if faults.paging == "slice" or (faults.paging == "ignored" and window):
            page = 0
        if faults.paging == "ignored" and window:
            size = -1
        found, total = self.store.search(
            Search(
                workspace=workspace,
                states=states,
                accounts=tuple(params.get("account_ids[]", [])),
                window=window,
                text=params.get("query", [""])[0] or None,
                type=params.get("postType", [""])[0] or None,
                seen_at=time.time(),
                hidden=faults.hidden,
            ),
            limit=size,
            offset=page * max(size, 0),
        )
        answer: Record = {"posts": [shapes.shown(post, faults) for post in found]}
        if faults.total:
            answer["total"] = len(found) if faults.paging == "slice" else total
        return say(answer)

    def _window(self, params: dict[str, list[str]]) -> tuple[datetime, datetime] | None:
        start, end = params.get("from", [""])[0], params.get("to", [""])[0]
        if not start and not end:
            return None
        if not start or not end:
            raise _No(400, "from and to require each other")
        try:
            return rules.parse_window(start, end, self.faults.zone)
        except ValueError:
            raise _No(400, "from and to must be dates") from None

    def _create(self, request: Request, kind: str) -> Answer:
        """Queue a job. Only what cannot be queued at all is refused here; everything else is the job's to judge."""
        workspace, body = self._workspace(request), request.json
        if body is None:
            raise _No(400, "The request body is not JSON")
        bulk = body.get("bulk") if isinstance(body, dict) else None
        if not isinstance(bulk, dict) or not isinstance(bulk.get("posts"), list):
            raise _No(500, "Internal server error")
        if bulk.get("state") not in rules.BULK_STATES:
            raise _No(400, f"Unknown state {bulk.get('state')}")
        if len(bulk["posts"]) > rules.BULK_MOST:
            raise _No(400, f"A maximum of {rules.BULK_MOST} posts is allowed")
        return say(shapes.created_answer(self._queue(workspace, kind, bulk), self.faults))

    def _queue(self, workspace: str, kind: str, request: Record) -> str:
        """The job runs in `job_delay`, however little asks for it; its moment on the service's clock is fixed now."""
        wall, now = time.time(), self.now().timestamp()
        delay = self.faults.job_delay * self.poll_seconds
        job = Job(
            id=rules.new_id(),
            workspace=workspace,
            kind=kind,
            ready=wall + delay,
            visible=wall + delay + self.faults.list_delay * self.poll_seconds,
            asked=now,
            runs=now + delay,
            request=request,
        )
        self.store.add_job(job)
        return job.id

    def _run(self, job: Job) -> Record:
        """Carry a job out; what comes back is kept as its result."""
        if job.kind == "media":
            return {"media": self._fetch(job)}
        faults = self.faults
        if faults.job_fails is not None:
            return {"failed": True, "failures": [{"message": faults.job_fails}]}
        if faults.plan_locked:
            return {"failures": []}
        runs = datetime.fromtimestamp(job.runs, UTC)
        world = rules.World(
            workspace=job.workspace,
            accounts={account["id"]: account for account in self.store.accounts(job.workspace)},
            media=self.store.media(job.workspace),
            taken=self.store.taken(job.workspace, runs - timedelta(days=2)),
            asked=datetime.fromtimestamp(job.asked, UTC),
            runs=runs,
            visible=job.visible,
            faults=faults,
            user=ME,
        )
        bulk = job.request if job.kind == "posts" else _at_once(job.request, runs)
        made, failures = rules.judge(bulk, world)
        kept = [post for post in made if not self._loses()]
        self.store.save_posts(self._numbered(post) for post in kept)
        if job.kind == "publish":
            for post in kept:
                self._go_out(replace(post, at=runs))
        return {"failures": failures}

    def _loses(self) -> bool:
        self._passed += 1
        return self._passed in self.faults.lose

    def _numbered(self, post: Stored) -> Stored:
        return replace(post, id=self.store.next_number()) if self.faults.integer_ids else post

    def _go_out(self, post: Stored) -> None:
        """Publish a post, or fail to. Its id may change with that."""
        if self.faults.publish_error is not None:
            body = {**post.body, "error": self.faults.publish_error}
            self.store.save_posts([replace(post, state="failed", body=body)])
            return
        kept = self.faults.published_ids == "kept" or len(post.id) < 24
        number = post.id if kept else self.store.next_number()
        body = {**post.body, "post_link": f"https://{post.body.get('network')}.example/{number}"}
        self.store.remove_posts([post.id])
        self.store.save_posts([replace(post, id=number, state="published", body=body)])

    def _job(self, request: Request, id: str) -> Answer:
        workspace, job, faults = self._workspace(request), self.store.job(id), self.faults
        if job is None or job.workspace != workspace or faults.job_lost:
            raise _No(404, "Resource does not exist")
        self.store.count_poll(id)
        if job.polls < faults.job_null_polls:
            return say(shapes.job_answer(None, None, faults))
        if job.result is None or faults.job_never_ends:
            return say(shapes.job_answer("working" if job.polls % 2 == 0 else None, None, faults))
        if job.kind == "media":
            payload = shapes.media_payload(job.result["media"], faults)
        else:
            payload = shapes.failures_payload(job.result["failures"], faults)
        return say(
            shapes.job_answer("failed" if job.result.get("failed") else faults.finished, payload, faults)
        )

    def _update(self, request: Request, id: str) -> Answer:
        """Publer docs, "Updating posts": text and title inside `post`. Everything else is passed over without a word."""
        post, faults, data = self._post(request, id), self.faults, request.json
        if post.family == "published" or self._queued(post):
            raise _No(422, "The post can't be updated")
        fields = data.get("post") if isinstance(data, dict) else None
        if isinstance(fields, dict) and not faults.put_ignored:
            if not isinstance(fields.get("text"), str):
                raise _No(422, "Text can't be blank")
            text = faults.rewrite(fields["text"]) if faults.rewrite else fields["text"]
            body = {**post.body, "text": text, "updated_at": self.now().isoformat()}
            if ("title" in fields and not faults.put_ignores_title) or faults.put_clears_title:
                body["title"] = fields.get("title")
            post = replace(post, body=body)
            self.store.save_posts([post])
        return say(shapes.shown(post, faults))

    def _post(self, request: Request, id: str) -> Stored:
        workspace, post = self._workspace(request), self.store.post(id)
        if post is None or post.workspace != workspace:
            raise _No(404, "Not found")
        return post

    def _queued(self, post: Stored) -> bool:
        """Whether the post is on its way out: its time has come, its network has not answered yet."""
        return post.family == "scheduled" and post.at is not None and post.at <= self.now()

    def _delete(self, request: Request, trip: Trip | None) -> Answer:
        """Publer docs, "Deleting posts": by `post_ids[]` in the query.

        The trap is the service's own: without ids it recognises it takes every scheduled post of the workspace.
        A body is not looked at.
        """
        workspace, params = self._workspace(request), request.params
        named = [one for key in ("post_ids[]", "post_ids") for one in params.get(key, []) if one]
        if named:
            posts = [post for one in dict.fromkeys(named) if (post := self.store.post(one))]
        elif any(re.fullmatch(r"post_ids\[\d+\]", key) for key in params):
            posts = []
        else:
            posts = self.store.scheduled(workspace)
        gone = [post for post in posts if post.workspace == workspace and not self._queued(post)]
        if named and not posts and self.faults.delete_gone == "404":
            raise _No(404, "Not found")
        if trip and trip.kind == "delete_nothing":
            gone = []
        if trip and trip.kind == "foreign_id":
            others = [post for post in self.store.scheduled(workspace) if post.id not in named]
            gone += others[:1]
        self.store.remove_posts(post.id for post in gone)
        ids = [post.shown_id for post in gone]
        if trip and trip.kind == "foreign_id" and len(gone) <= len(named) and not others:
            ids.append(rules.new_id())
        return say({"deleted_ids": ids})

    # media

    def _upload(self, request: Request) -> Answer:
        workspace, part = self._workspace(request), _file_part(request)
        if part is None:
            raise _No(400, "file is missing")
        name, mime, data = part
        trouble = rules.media_trouble(name, mime) or ("" if data else "File is empty")
        if trouble:
            raise _No(422, trouble)
        media = rules.new_media(name=name, mime=mime, path=_path(name), caption=None, size=len(data))
        self.store.add_media(workspace, media)
        return say(media)

    def _import(self, request: Request) -> Answer:
        """One at a time; a body that names no media gets 200 and no job."""
        workspace, body = self._workspace(request), request.json
        if not isinstance(body, dict) or not isinstance(body.get("media"), list):
            return say({})
        if any(job.kind == "media" for job in self.store.waiting_jobs()):
            raise _No(403, "Another import is in progress")
        return say(
            shapes.created_answer(self._queue(workspace, "media", {"media": body["media"]}), self.faults)
        )

    def _fetch(self, job: Job) -> list[Record]:
        """The media of an import. One whose URL cannot be fetched is not there; nothing else is said."""
        if self.faults.media_error is not None:
            return [{"error": self.faults.media_error}]
        found = []
        for one in job.request["media"]:
            url = one.get("url") if isinstance(one, dict) else None
            name = rules.fetchable(url)
            if name is not None:
                mime = rules.MEDIA_TYPES[name.rpartition(".")[2].lower()]
                media = rules.new_media(
                    name=name, mime=mime, path=str(url), caption=one.get("caption"), size=0
                )
                self.store.add_media(job.workspace, media)
                found.append(media)
        return found

    def _list_media(self, request: Request) -> Answer:
        workspace, params = self._workspace(request), request.params
        ids = params.get("ids[]", [])
        if not ids and not (params.get("types[]") and params.get("used[]")):
            raise _No(400, "types and used are required")
        media = [
            one
            for one in self.store.media(workspace).values()
            if (one["id"] in ids if ids else one["type"] in params["types[]"])
        ]
        return say({"media": media, "total": len(media)})


def _at_once(bulk: Record, now: datetime) -> Record:
    """A bulk for the publish path: whatever state and times it names are passed over, drafts go out too."""
    when = (now + 2 * rules.LEAD).isoformat()
    posts = []
    for item in bulk["posts"]:
        entries = item.get("accounts") if isinstance(item, dict) else None
        if isinstance(entries, list):
            timed = [{**entry, "scheduled_at": when} for entry in entries if isinstance(entry, dict)]
            posts.append({**item, "accounts": timed})
    return {"state": "scheduled", "posts": posts}


def _path(name: str) -> str:
    return f"https://cdn.publer.example/uploads/{rules.new_id()}/{name}"


def _file_part(request: Request) -> tuple[str, str, bytes] | None:
    """Name, type and bytes of the part `file` of a multipart body."""
    match = re.search(r'boundary="?([^";]+)', request.headers.get("content-type", ""))
    if match is None:
        return None
    for part in request.body.split(b"--" + match[1].encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        text = head.decode("utf-8", "replace")
        if re.search(r'\bname="?file"?', text):
            name = re.search(r'filename="([^"]*)"', text)
            mime = re.search(r"(?im)^content-type:\s*([^\r\n]+)", text)
            return name[1] if name else "", mime[1] if mime else "", data.removesuffix(b"\r\n")
    return None
