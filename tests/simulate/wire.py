"""The connection below the real gateway: it calls the service directly, and it is where faults strike.

A *point* is where something can go wrong in a command: a request, or a write of the state.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from email.utils import format_datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs

from publer_sync.publer.answers import Answer, Fault
from publer_sync.sandbox.exchange import Request, Response
from publer_sync.values.errors import StateError

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.publer.sending import Send
    from tests.simulate.running import Running
    from tests.simulate.steps import Meanwhile

SECONDS = 0.2
"""What a request takes."""
SILENCE = 30.0
"""What one takes that gets no answer."""
LIMIT = b'{"error": "Rate limit exceeded. Retry later."}'


class Killed(BaseException):
    """kill -9, or the power: the command ends on the spot, and the state is what was written."""


@dataclass(frozen=True, slots=True)
class Strike:
    """What goes wrong at the `nth` point of a kind: a method, SAVE, "write" for all that change something, "any", or YES, its question.

    `amount` is how many seconds it takes or comes too late, or how many polls a job takes. `meanwhile` is the step that
    somebody does just then.
    """

    kind: str
    point: str
    nth: int
    amount: float = 0.0
    meanwhile: Meanwhile | None = None


WRITES = ("POST", "PUT", "DELETE", "SAVE")
EVERYWHERE = ("kill_before", "kill_after", "slow", "meanwhile", "jump")
ON_REQUESTS = ("lost", "swallowed", "refused", "error_before", "error_after", "limited", "garbage", "doubled")
ON_WRITES = ("late", "late_kill")
ON_POSTS = ("slow_job", "slow_kill", "refuse_one", "lose_one", "extra_failure")
BY_OTHERS = ("shut", "page", "outage")
"""What is not of Publer's own making."""
LASTING = ("outage", "empty_lists")
"""What goes on until the command has ended."""
KINDS: dict[str, tuple[str, ...]] = {
    "GET": (*EVERYWHERE, *ON_REQUESTS, *BY_OTHERS, "rows_left_out", "empty_page", "empty_lists"),
    "POST": (*EVERYWHERE, *ON_REQUESTS, *BY_OTHERS, *ON_WRITES, *ON_POSTS),
    "PUT": (*EVERYWHERE, *ON_REQUESTS, *BY_OTHERS, *ON_WRITES),
    "DELETE": (*EVERYWHERE, *ON_REQUESTS, *BY_OTHERS, *ON_WRITES, "refuse_whole", "delete_nothing"),
    "SAVE": (*EVERYWHERE, "unsaved", "unheard"),
    "YES": ("waits",),
}
"""What can go wrong at each point."""
TOLD = {
    "kill_before": "killed before its {what}",
    "kill_after": "killed after its {what}",
    "slow": "its {what} takes {amount:.0f} s",
    "meanwhile": "before its {what}:",
    "waits": "while its question waits for {amount:.0f} s:",
    "jump": "before its {what} the clock jumps: it is {amount:.0f} s ahead",
    "lost": "the answer to its {what} is lost",
    "swallowed": "its {what} is lost",
    "refused": "there is no connection for its {what}",
    "error_before": "Publer answers its {what} with 503 and does nothing",
    "error_after": "Publer carries out its {what} and answers 502",
    "limited": "Publer answers its {what} with 429",
    "garbage": "the answer to its {what} is cut off",
    "doubled": "its {what} arrives twice",
    "late": "its {what} gets no answer and arrives {amount:.0f} s later",
    "late_kill": "killed after its {what}, which arrives {amount:.0f} s later",
    "slow_kill": "killed after its {what}, whose job takes {amount:.0f} polls",
    "slow_job": "the job of its {what} takes {amount:.0f} polls",
    "refuse_one": "Publer refuses one post of its {what}",
    "lose_one": "Publer loses one post of its {what}",
    "extra_failure": "the job of its {what} reports a failure too many",
    "refuse_whole": "from its {what} on Publer refuses each DELETE that names one certain post",
    "rows_left_out": "a list lacks every other post",
    "empty_page": "a list lacks all posts that it counts",
    "empty_lists": "from its {what} on lists lack all posts that they count",
    "delete_nothing": "Publer answers its {what} with 200, and deletes nothing",
    "shut": "Cloudflare turns its {what} away",
    "page": "Publer carries out its {what}, and a web page comes back",
    "outage": "from its {what} on Publer answers everything with 503 and does nothing",
    "unsaved": "its {what} fails",
    "unheard": "its {what} is done, and it hears that it failed",
}
WORDS = {"SAVE": "write of the state"}


class Wire:
    """As `publer.transport.Connection`."""

    host = "simulated"

    def __init__(self, running: Running, **_: Any) -> None:
        self._running = running

    def in_workspace(self, workspace_id: str) -> Self:
        return self

    def get(self, path: str) -> Send:
        return partial(self._exchange, "GET", path, b"")

    def post(self, path: str, body: bytes) -> Send:
        return partial(self._exchange, "POST", path, body)

    def put(self, path: str, body: bytes) -> Send:
        return partial(self._exchange, "PUT", path, body)

    def delete(self, path: str) -> Send:
        return partial(self._exchange, "DELETE", path, b"")

    def _exchange(self, method: str, path: str, body: bytes, _seconds: float) -> Answer | Fault:
        running = self._running
        running.world.clock.advance(SECONDS)
        strike = running.struck(method)
        kind = strike.kind if strike else ""
        if kind in LASTING:
            running.lasting = kind
        if running.lasting == "outage" or (running.lasting and method == "GET"):
            kind = running.lasting
        if strike and kind in ("kill_before", "meanwhile", "jump"):
            running.disturb(strike, method)
        if kind in ("refuse_one", "lose_one"):
            body = _spoilt(body, kind)
        request = _request(method, path, body)
        running.leaving(request)

        def carry_out() -> Answer:
            return running.carried_out(request)

        answer: Answer | Fault
        match kind:
            case "kill_after":
                carry_out()
                raise Killed
            case "lost":
                carry_out()
                return Fault("the connection was lost", arrived=True)
            case "swallowed":
                return Fault("the connection was lost", arrived=True)
            case "refused":
                return Fault("connection refused", arrived=False)
            case "shut":
                return Answer(403, {}, b"error code: 1010")
            case "page":
                carry_out()
                return Answer(200, {}, b"<!DOCTYPE html><html><body>Publer</body></html>")
            case "delete_nothing":
                return Answer(200, {}, b'{"deleted_ids": []}')
            case "error_before" | "outage":
                return Answer(503, {}, b'{"errors": ["Service unavailable"]}')
            case "error_after":
                carry_out()
                return Answer(502, {}, b"<html><body>Bad gateway</body></html>")
            case "limited":
                return Answer(429, {"retry-after": "20"}, LIMIT)
            case "garbage":
                answer = carry_out()
                return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2] + b"\xff")
            case "late" | "late_kill" if strike is not None:
                running.world.clock.later(strike.amount, lambda: _ignored(carry_out()))
                if kind == "late_kill":
                    raise Killed
                return Fault("no answer in time", arrived=True)
            case "doubled":
                answer = carry_out()
                if b'"state": "draft"' not in body:  # nothing tells two drafts of one minute apart
                    carry_out()
            case "slow" if strike is not None:
                answer = carry_out()
                running.world.clock.advance(strike.amount)
            case "slow_job" | "slow_kill" if strike is not None:
                with running.world.service.slow_jobs(strike.amount):
                    answer = carry_out()
                if kind == "slow_kill":
                    raise Killed
            case "refuse_whole":
                running.poison(request)
                answer = carry_out()
            case _:
                answer = carry_out()
        if isinstance(answer, Answer) and not answer.status:
            running.world.clock.advance(SILENCE)
            answer = Fault("it did not answer in time", arrived=True)
        if isinstance(answer, Fault):
            return answer
        if running.world.clocks:
            answer = _dated(answer, running.world.now)
        if kind == "extra_failure":
            running.misreport(request, answer, gap=bool(strike and strike.amount))
        if kind in ("rows_left_out", "empty_page", "empty_lists"):
            answer = _thinned(answer, every=2 if kind == "rows_left_out" else 1)
        running.answered(request, answer)
        return answer


def _dated(answer: Answer, now: datetime) -> Answer:
    """With the date that the service has by its own clock."""
    kind = "application/json" if answer.body[:1] in (b"{", b"[") else "text/html"
    date = format_datetime(now.replace(microsecond=0), usegmt=True)
    return replace(answer, headers={**answer.headers, "content-type": kind, "date": date})


def _ignored(_answer: Answer) -> None:
    """Nobody hears it."""


class ParsedRequest(Request):
    """A request whose query is taken apart once."""

    @cached_property
    def params(self) -> dict[str, list[str]]:
        return parse_qs(self.query, keep_blank_values=True)


def _request(method: str, path: str, body: bytes) -> Request:
    headers = {
        "authorization": "Bearer-API key",
        "user-agent": "publer-sync/simulated",
        "publer-workspace-id": "5f000000000000000000beef",
        "content-type": "application/json",
    }
    place, _, query = path.partition("?")
    return ParsedRequest(method, place, query, headers, body)


def answer_of(response: Response) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, headers, response.body)


def ids_in(request: Request) -> list[str]:
    """The posts that a DELETE or a PUT names."""
    if request.method == "PUT":
        return [request.path.rpartition("/")[2]]
    return request.params.get("post_ids[]", [])


def _spoilt(body: bytes, kind: str) -> bytes:
    """The request with one post that Publer refuses, or silently loses."""
    try:
        data = json.loads(body)
        posts = data["bulk"]["posts"]
    except (ValueError, KeyError, TypeError):
        return body
    networks = posts[-1]["networks"]
    if kind == "refuse_one":
        posts[-1]["networks"] = {"default": next(iter(networks.values()))}
    else:
        next(iter(networks.values()))["media"] = [{"id": "nowhere"}]
    return json.dumps(data).encode()


def _thinned(answer: Answer, *, every: int) -> Answer:
    """A page of posts without every other one, or all; its total counts them."""
    try:
        data = json.loads(answer.body)
        del data["posts"][::every]
    except (ValueError, KeyError, TypeError):
        return answer
    return Answer(answer.status, answer.headers, json.dumps(data).encode())


def failed_save() -> StateError:
    return StateError("the state cannot be written: no space left on device", code="state.write")
