"""The gateway over real sockets, against a server that answers as it is told and remembers what it was asked."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, urlsplit

import pytest

from publer_sync.clock import Clock
from publer_sync.errors import (
    Interrupted,
    PublerSyncError,
    Refused,
    ServiceError,
    SettingsError,
    Unclear,
    Unreachable,
    UnrequestedDelete,
)
from publer_sync.model import Failure, JobStatus
from publer_sync.publer.gateway import Publer, Reader, delete_path
from publer_sync.sandbox import Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from publer_sync.model import Json, LivePost
    from tests.conftest import MakeSandbox

KEY = "0123456789abcdef-secret"
ACCOUNT = "63c675b54e299e9cf2b667ea"
POST = "681b6e3c4e299e3d1c9f7a11"
DAY = date(2027, 3, 2)


@dataclass
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.path).query)


@dataclass
class Reply:
    """One scripted answer; `fault` instead of it: drop, reset, cut, stall, drip."""

    data: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    fault: str = ""

    @property
    def body(self) -> bytes:
        return self.raw if self.raw is not None else json.dumps(self.data).encode()


class Service:
    """The last reply repeats; `seen` is every request in order."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.seen: list[Seen] = []
        self.connections = 0
        self.over = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                service.connections += 1
                super().setup()

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                headers = {name.lower(): value for name, value in self.headers.items()}
                service.seen.append(Seen(self.command, self.path, headers, body))
                reply = service.replies.pop(0) if len(service.replies) > 1 else service.replies[0]
                self.play(reply)

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the names that http.server calls

            def play(self, reply: Reply) -> None:
                self.close_connection = bool(reply.fault)
                if reply.fault == "reset":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                elif reply.fault == "stall":
                    service.over.wait(20)
                elif reply.fault != "drop":
                    if "Date" in reply.headers:
                        self.send_response_only(reply.status)
                    else:
                        self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    extra = 100 if reply.fault in {"cut", "drip"} else 0
                    self.send_header("Content-Length", str(len(reply.body) + extra))
                    self.end_headers()
                    self.wfile.write(reply.body)
                    while reply.fault == "drip" and not service.over.wait(0.02):
                        self.wfile.write(b" ")

            def log_message(self, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *args: object) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/api/v1"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class FakeClock(Clock):
    """Stands still but for its sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []
        self.at = datetime(2027, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at + timedelta(seconds=sum(self.slept))

    def monotonic(self) -> float:
        return 1000.0 + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def publer(service: Service, clock: FakeClock, said: list[str]) -> Publer:
    publer = Publer(key=KEY, base_url=service.url, clock=clock, say=said.append, read_seconds=0.4)
    publer.use_workspace("w1")
    return publer


def post(number: int, account: str = ACCOUNT) -> dict[str, Json]:
    return {"id": str(number), "account_id": account, "state": "scheduled", "text": "t", "scheduled_at": None}


def posts(*numbers: int, total: int | None = None) -> Reply:
    data: dict[str, Json] = {"posts": [post(n) for n in numbers]}
    return Reply({**data, "total": total} if total is not None else data)


WRITES: list[Callable[[Publer], object]] = [
    lambda p: p.schedule([{"networks": {}}], draft=False),
    lambda p: p.update(POST, text="new", title=None),
    lambda p: p.delete([POST]),
    lambda p: p.import_url("https://a.example/b.png", name="b.png"),
]
write = pytest.mark.parametrize("write", WRITES, ids=["schedule", "update", "delete", "import"])


# --- what every request carries ---------------------------------------------------------------------------------------


def test_every_request_carries_key_workspace_and_name_of_the_program(
    publer: Publer, service: Service
) -> None:
    service.replies = [Reply([{"id": ACCOUNT, "name": "P", "provider": "facebook"}])]
    publer.accounts()
    (seen,) = service.seen
    assert (seen.method, seen.path) == ("GET", "/api/v1/accounts")
    assert seen.headers["authorization"] == f"Bearer-API {KEY}"
    assert seen.headers["publer-workspace-id"] == "w1"
    assert seen.headers["user-agent"].startswith("publer-sync/")
    assert seen.headers["accept"] == "application/json"


def test_the_name_of_the_program_can_be_set(service: Service, clock: FakeClock) -> None:
    service.replies = [Reply([])]
    Reader(key=KEY, base_url=service.url, clock=clock, user_agent="Mozilla/5.0 (mine)").workspaces()
    assert service.seen[0].headers["user-agent"] == "Mozilla/5.0 (mine)"
    assert "publer-workspace-id" not in service.seen[0].headers


def test_a_netrc_file_does_not_replace_the_key(
    publer: Publer, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    publer._line._session.trust_env = True
    service.replies = [Reply([])]
    publer.workspaces()
    assert service.seen[0].headers["authorization"] == f"Bearer-API {KEY}"


def test_a_proxy_is_not_asked_for_this_machine(
    service: Service, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    service.replies = [Reply([])]
    assert Reader(key=KEY, base_url=service.url, clock=clock).workspaces() == ()


def test_one_connection_serves_many_requests(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"status": "working"})]
    for _ in range(5):
        publer.job("j")
    assert service.connections == 1
    assert publer.requests == 5


def test_a_write_opens_a_new_connection_after_a_pause(
    publer: Publer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An idle connection may be closed by the other side in the moment it is used again."""
    service.replies = [Reply({"job_id": "j"})]
    publer.schedule([{}], draft=False)
    publer.schedule([{}], draft=False)
    assert service.connections == 1
    publer._line._used_at = time.monotonic() - 60
    publer.schedule([{}], draft=False)
    assert service.connections == 2


# --- a reader cannot write --------------------------------------------------------------------------------------------


def test_a_reader_has_no_way_to_send_anything_but_get(service: Service, clock: FakeClock) -> None:
    reader = Reader(key=KEY, base_url=service.url, clock=clock)
    for name in ("schedule", "update", "delete", "upload", "import_url", "_write"):
        assert not hasattr(reader, name)
    for name in ("post", "put", "delete", "upload"):
        assert not hasattr(reader._line, name)
    service.replies = [Reply({})]
    for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        with pytest.raises(RuntimeError, match="GET only"):
            reader._line._session.request(method, service.url, timeout=1)
    assert service.seen == []


def test_everything_a_reader_does_is_a_get(service: Service, clock: FakeClock) -> None:
    reader = Reader(key=KEY, base_url=service.url, clock=clock)
    service.replies = [
        Reply([]),
        Reply([{"id": "1", "name": "n", "provider": "x"}]),
        posts(),
        posts(),
        Reply({"status": "complete"}),
    ]
    reader.workspaces(), reader.accounts(), reader.posts(since=DAY, until=DAY)
    reader.undated_drafts(), reader.job("j")
    assert {seen.method for seen in service.seen} == {"GET"}
    assert len(service.seen) == reader.requests == 5


# --- reading ----------------------------------------------------------------------------------------------------------


def test_no_accounts_at_all_is_suspicious(publer: Publer, service: Service) -> None:
    """Publer was seen to answer with an empty list where the workspace header is missing."""
    service.replies = [Reply([])]
    with pytest.raises(Refused, match="no accounts") as refused:
        publer.accounts()
    assert refused.value.code == "accounts.none"
    assert "PUBLER_WORKSPACE_ID" in (refused.value.hint or "")


def test_a_listing_names_both_ends_a_day_wider_and_every_account(publer: Publer, service: Service) -> None:
    service.replies = [posts()]
    publer.posts(since=DAY, until=date(2027, 3, 9), account_ids=[ACCOUNT, "b"])
    assert urlsplit(service.seen[0].path).path == "/api/v1/posts"
    assert service.seen[0].query == [
        ("state", "all"),
        ("from", "2027-03-01"),
        ("to", "2027-03-10"),
        ("account_ids[]", ACCOUNT),
        ("account_ids[]", "b"),
        ("page", "0"),
    ]


def test_several_states_are_repeated(publer: Publer, service: Service) -> None:
    service.replies = [posts()]
    publer.posts(since=DAY, until=DAY, states=("scheduled", "draft"))
    assert service.seen[0].query[:2] == [("state[]", "scheduled"), ("state[]", "draft")]


def test_undated_drafts_are_asked_for_without_dates(publer: Publer, service: Service) -> None:
    service.replies = [posts(1, 2), posts(3), posts()]
    assert [p.id for p in publer.undated_drafts()] == ["1", "2", "3"]
    assert [seen.query for seen in service.seen] == [
        [("state", "draft_undated"), ("page", str(number))] for number in range(3)
    ]


@pytest.mark.parametrize(
    ("replies", "ids", "asked"),
    [
        ([posts()], [], 1),
        ([posts(1, 2), posts(3), posts(4), posts()], [1, 2, 3, 4], 4),
        ([posts(1, 2, total=4), posts(3, total=4), posts(4, total=4)], [1, 2, 3, 4], 3),
        ([posts(1, 2, total=2)], [1, 2], 1),
        ([posts(1, 2)], [1, 2], 2),
        ([posts(1, 2, total=9)], [1, 2], 2),
        ([posts(1, 2), posts(2, 3), posts(2, 3)], [1, 2, 3], 3),
        ([posts(1, 2, total=0), posts()], [1, 2], 1),
        ([posts(1, 1, 2), posts()], [1, 2], 2),
        ([Reply([post(1)]), Reply([])], [1], 2),
    ],
    ids=[
        "empty",
        "short pages go on",
        "until the total",
        "one whole page",
        "page is ignored",
        "the total is never reached",
        "pages overlap",
        "a total that is too small",
        "twice on one page",
        "bare list",
    ],
)
def test_paging_ends_where_nothing_new_can_come(
    publer: Publer, service: Service, replies: list[Reply], ids: list[int], asked: int
) -> None:
    service.replies = list(replies)
    assert [int(p.id) for p in publer.posts(since=DAY, until=DAY)] == ids
    assert [dict(seen.query)["page"] for seen in service.seen] == [str(number) for number in range(asked)]


def test_a_list_without_end_is_given_up(
    publer: Publer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publer_sync.publer.gateway.MAX_PAGES", 3)
    service.replies = [posts(1), posts(2), posts(3)]
    with pytest.raises(Unreachable, match="does not end"):
        publer.posts(since=DAY, until=DAY)


def test_posts_of_other_accounts_are_left_out_whatever_the_service_does(
    publer: Publer, service: Service
) -> None:
    service.replies = [Reply({"posts": [post(1), post(2, "other")], "total": 2})]
    assert [p.id for p in publer.posts(since=DAY, until=DAY, account_ids=[ACCOUNT])] == ["1"]


def test_a_filter_too_long_for_an_address_is_applied_on_this_side(publer: Publer, service: Service) -> None:
    accounts = [f"{number:024x}" for number in range(200)]
    service.replies = [Reply({"posts": [post(1, accounts[7]), post(2, "other")], "total": 2})]
    assert [p.id for p in publer.posts(since=DAY, until=DAY, account_ids=accounts)] == ["1"]
    assert "account_ids" not in service.seen[0].path
    service.replies = [posts()]
    publer.posts(since=DAY, until=DAY, account_ids=accounts[:130])
    assert len(service.seen[1].path) < 6200
    assert service.seen[1].path.count("account_ids") == 130


def test_a_job_is_asked_for_by_its_id(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"data": {"status": "Completed", "payload": {"failures": ["no"]}}})]
    job = publer.job("j/../1?x")
    assert (job.status, job.failures) == (JobStatus.COMPLETE, (Failure("no"),))
    assert service.seen[0].path == "/api/v1/job_status/j%2F..%2F1%3Fx"


def test_a_job_that_publer_no_longer_knows_is_unknown(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"errors": ["not found"]}, 404)]
    assert publer.job("j").status is JobStatus.UNKNOWN


def test_a_job_that_may_not_be_seen_is_a_refusal(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"errors": ["no"]}, 403)]
    with pytest.raises(Refused):
        publer.job("j")


# --- reading in bad weather -------------------------------------------------------------------------------------------

WEATHER = {
    "500": Reply({"error": "oops"}, 500),
    "503 page": Reply(raw=b"<html><title>Sorry</title>", status=503),
    "408": Reply(raw=b"", status=408),
    "dropped": Reply(fault="drop"),
    "reset": Reply(fault="reset"),
    "cut off": Reply({"id": 1}, fault="cut"),
    "stalled": Reply(fault="stall"),
    "empty": Reply(raw=b""),
    "page": Reply(raw=b"<!DOCTYPE html><title>Hello</title>"),
    "half": Reply(raw=b'[{"id": "w1"'),
    "error in disguise": Reply({"success": False, "error": {"message": "oops"}}),
    "wrong shape": Reply({"workspaces": "many"}),
    "bad gzip": Reply(raw=b"not gzip", headers={"Content-Encoding": "gzip"}),
}
weather = pytest.mark.parametrize("bad", WEATHER.values(), ids=WEATHER)


@weather
def test_a_read_is_tried_again_until_it_is_answered(
    publer: Publer, service: Service, clock: FakeClock, bad: Reply
) -> None:
    service.replies = [bad, Reply([{"id": "w1", "name": "Acme"}])]
    assert publer.workspaces()[0].name == "Acme"
    assert clock.slept == [1.0]
    assert publer.requests == len(service.seen) == 2
    assert publer.waited == 0


@pytest.mark.parametrize(
    "bad", [WEATHER["500"], WEATHER["dropped"], WEATHER["page"]], ids=["500", "dropped", "page"]
)
def test_a_read_that_stays_unanswered_is_given_up(
    publer: Publer, service: Service, clock: FakeClock, bad: Reply
) -> None:
    service.replies = [bad]
    with pytest.raises(Unreachable, match="6 times"):
        publer.workspaces()
    assert clock.slept == [1, 2, 4, 8, 16]
    assert len(service.seen) == 6


def test_an_answer_that_never_ends_is_not_waited_for(service: Service, clock: FakeClock) -> None:
    service.replies = [Reply([], fault="drip"), Reply([])]
    started = time.monotonic()
    assert Reader(key=KEY, base_url=service.url, clock=clock, read_seconds=0.1).workspaces() == ()
    assert time.monotonic() - started < 3
    assert len(service.seen) == 2


def test_an_answer_without_measure_is_not_taken_in(
    publer: Publer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    import publer_sync.publer.transport

    monkeypatch.setattr(publer_sync.publer.transport, "MAX_ANSWER", 1000)
    service.replies = [Reply(raw=b" " * 2000 + b"[]"), Reply([])]
    assert publer.workspaces() == ()
    assert len(service.seen) == 2


def test_a_service_in_trouble_may_ask_for_a_longer_pause(
    publer: Publer, service: Service, clock: FakeClock
) -> None:
    service.replies = [
        Reply({}, 503, {"Retry-After": "9"}),
        Reply({}, 503, {"Retry-After": "900"}),
        Reply([]),
    ]
    publer.workspaces()
    assert clock.slept == [9, 30]


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return cast("int", probe.getsockname()[1])


def test_where_nobody_listens_nothing_can_have_been_done(clock: FakeClock) -> None:
    publer = Publer(key=KEY, base_url=f"http://127.0.0.1:{closed_port()}", clock=clock)
    with pytest.raises(Unreachable, match="refused"):
        publer.workspaces()
    for write in WRITES:
        with pytest.raises(Unreachable, match="nothing was sent"):
            write(publer)
    assert publer.requests == 0


def test_a_name_that_does_not_exist_is_said_so(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*args: object, **options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    publer = Publer(key=KEY, base_url="https://publer.invalid/api", clock=clock)
    with pytest.raises(Unreachable, match=r"publer\.invalid: its name could not be looked up"):
        publer.schedule([{}], draft=False)
    assert publer.requests == 0


def test_a_handshake_that_fails_sends_no_key(clock: FakeClock, service: Service) -> None:
    publer = Publer(key=KEY, base_url=service.url.replace("http:", "https:"), clock=clock, read_seconds=0.4)
    with pytest.raises(ServiceError):
        publer.delete([POST])
    assert service.seen == []


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 451])
def test_a_definite_no_is_final_and_in_publers_words(
    publer: Publer, service: Service, clock: FakeClock, status: int
) -> None:
    service.replies = [Reply({"errors": ["Unknown state auto"]}, status)]
    for attempt in (Publer.workspaces, WRITES[0], WRITES[1], WRITES[3]):
        with pytest.raises(Refused, match=f'{status}: "Unknown state auto"') as refused:
            attempt(publer)
        assert refused.value.status == status
    assert len(service.seen) == 4
    assert clock.slept == []


def test_a_redirect_is_not_followed_and_names_the_host(publer: Publer, service: Service) -> None:
    service.replies = [Reply({}, 302, {"Location": "https://elsewhere.example/login?secret=1"})]
    for attempt in (Publer.workspaces, *WRITES):
        with pytest.raises(Refused, match=r"302, to elsewhere\.example\)") as refused:
            attempt(publer)
        assert refused.value.code == "publer.elsewhere"
    assert len(service.seen) == 5


# --- the limit --------------------------------------------------------------------------------------------------------


def limited(**headers: str) -> Reply:
    return Reply(
        {"error": "Rate limit exceeded. Retry later."},
        429,
        {k.replace("_", "-"): v for k, v in headers.items()},
    )


@pytest.mark.parametrize("again", [2, 3, 4])
@write
def test_what_the_limit_refused_is_sent_again_whole(
    publer: Publer, service: Service, clock: FakeClock, write: Callable[[Publer], object], again: int
) -> None:
    done = Reply({"job_id": "j", "text": "new", "deleted_ids": [POST]})
    service.replies = [limited(Retry_After="38")] * (again - 1) + [done]
    write(publer)
    assert len(service.seen) == again
    assert {(seen.method, seen.path, seen.body) for seen in service.seen} == {
        (service.seen[0].method, service.seen[0].path, service.seen[0].body)
    }
    assert clock.slept == pytest.approx([38] * (again - 1))
    assert publer.waited == pytest.approx(38 * (again - 1))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 120),
        ({"X_RateLimit_Reset": "38"}, 38),
        ({"X_RateLimit_Reset": str(int(datetime(2027, 3, 1, 12, 0, 38, tzinfo=UTC).timestamp()))}, 38),
        ({"Retry_After": "7", "X_RateLimit_Reset": "38"}, 7),
        ({"Retry_After": "Mon, 01 Mar 2027 12:00:21 GMT", "Date": "Mon, 01 Mar 2027 12:00:00 GMT"}, 21),
        ({"Retry_After": "Mon, 01 Mar 2027 12:00:21 GMT"}, 21),
        ({"X_RateLimit_Reset": "1804000042", "Date": "Tue, 02 Mar 2027 15:06:40 GMT"}, 42),
        ({"X_RateLimit_Reset": "soon", "Retry_After": "later"}, 120),
        ({"Retry_After": "86400"}, 300),
        ({"X_RateLimit_Reset": "99999999999"}, 120),
        ({"Retry_After": "0"}, 0.5),
        ({"Retry_After": "-5"}, 120),
        ({"Retry_After": "nan"}, 120),
    ],
)
def test_the_wait_after_a_429_is_as_told_and_never_without_end(
    publer: Publer, service: Service, clock: FakeClock, headers: dict[str, str], seconds: float
) -> None:
    service.replies = [limited(**headers), Reply([])]
    # The server's own Date is today's: it is not near the clock of this test, so that clock is asked.
    publer.workspaces()
    assert clock.slept == pytest.approx([seconds], abs=0.01)


def test_a_wait_is_announced_with_its_reason_and_end(
    publer: Publer, service: Service, clock: FakeClock, said: list[str]
) -> None:
    service.replies = [limited(X_RateLimit_Reset="37.5"), Reply([])]
    publer.workspaces()
    until = (clock.at + timedelta(seconds=37.5)).astimezone()
    assert said == [f"38 s for Publer's limit of 100 requests in 2 minutes; goes on at {until:%H:%M:%S}"]


def test_another_limit_is_named_as_the_headers_have_it(
    publer: Publer, service: Service, said: list[str]
) -> None:
    headers = {"X_RateLimit_Limit": "60", "X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "9"}
    service.replies = [limited(**headers), Reply([])]
    publer.workspaces()
    assert said[0].startswith("9 s for Publer's limit of 60 requests; goes on at ")


def test_a_limit_that_never_ends_is_given_up(publer: Publer, service: Service, clock: FakeClock) -> None:
    service.replies = [limited(Retry_After="0")]
    with pytest.raises(Refused, match="Rate limit exceeded") as refused:
        publer.schedule([{}], draft=False)
    assert refused.value.status == 429
    assert len(service.seen) == 9
    assert clock.slept == pytest.approx([0.5, 1, 2, 4, 8, 16, 32, 64])


def test_one_budget_paces_everything_a_run_sends(publer: Publer, service: Service, clock: FakeClock) -> None:
    service.replies = [Reply({"job_id": "j", "status": "working"})]
    for number in range(90):
        publer.job("j") if number % 2 else publer.schedule([{}], draft=False)
    assert clock.slept == []
    publer.job("j")
    publer.schedule([{}], draft=False)
    assert all(10 < seconds < 12 for seconds in clock.slept)
    assert publer.waited == pytest.approx(sum(clock.slept))


def test_the_headers_of_any_answer_hold_the_next_request_back(
    publer: Publer, service: Service, clock: FakeClock, said: list[str]
) -> None:
    headers = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "30"}
    service.replies = [Reply({"status": "working"}, headers=headers), Reply({"job_id": "j"})]
    publer.job("j")
    assert clock.slept == []
    publer.schedule([{}], draft=False)
    assert clock.slept == pytest.approx([30], abs=0.2)
    assert len(said) == 1


def test_a_wait_ends_at_once_where_somebody_asks_to_stop(service: Service) -> None:
    clock = Clock()
    publer = Publer(key=KEY, base_url=service.url, clock=clock)
    service.replies = [limited(Retry_After="60")]
    threading.Timer(0.1, clock.wake).start()
    started = time.monotonic()
    with pytest.raises(Interrupted, match="was not sent"):
        publer.schedule([{}], draft=False)
    assert time.monotonic() - started < 5
    assert len(service.seen) == 1


# --- writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("draft", "state"), [(False, "scheduled"), (True, "draft")])
def test_posts_are_handed_over_in_bulk(publer: Publer, service: Service, draft: bool, state: str) -> None:
    service.replies = [Reply({"success": True, "data": {"job_id": "j1"}}, 202)]
    items: list[dict[str, Json]] = [{"networks": {"x": {"text": "🚀"}}}, {"networks": {}}]
    assert publer.schedule(items, draft=draft) == "j1"
    (seen,) = service.seen
    assert (seen.method, seen.path) == ("POST", "/api/v1/posts/schedule")
    assert seen.headers["content-type"] == "application/json"
    assert json.loads(seen.body) == {"bulk": {"state": state, "posts": items}}


def test_an_acceptance_without_a_job_is_no_error(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"success": True})]
    assert publer.schedule([{}], draft=False) is None


@pytest.mark.parametrize("count", [0, 501])
def test_more_posts_than_a_request_takes_are_not_sent(publer: Publer, service: Service, count: int) -> None:
    with pytest.raises(ValueError, match="500"):
        publer.schedule([{}] * count, draft=False)
    assert service.seen == []


@weather
@write
def test_a_write_whose_fate_is_unknown_is_not_sent_again(
    publer: Publer, service: Service, clock: FakeClock, write: Callable[[Publer], object], bad: Reply
) -> None:
    if bad is WEATHER["wrong shape"]:
        bad = Reply(["many"])
    service.replies = [bad]
    with pytest.raises(Unclear) as unclear:
        write(publer)
    assert "may have done so" in unclear.value.message
    assert "safe" in (unclear.value.hint or "")
    assert len(service.seen) == 1
    assert clock.slept == []


def test_a_change_sends_text_and_title_and_returns_the_echo(publer: Publer, service: Service) -> None:
    service.replies = [Reply({**post(1), "id": POST, "text": "stored", "title": "T"})]
    echo = publer.update(POST, text="new", title="T")
    assert (echo.id, echo.text, echo.title) == (POST, "stored", "T")
    (seen,) = service.seen
    assert (seen.method, seen.path) == ("PUT", f"/api/v1/posts/{POST}")
    assert json.loads(seen.body) == {"post": {"text": "new", "title": "T"}}


@pytest.mark.parametrize(("title", "sent"), [(None, {"text": "t"}), ("", {"text": "t", "title": ""})])
def test_a_title_is_left_out_or_emptied(
    publer: Publer, service: Service, title: str | None, sent: object
) -> None:
    service.replies = [Reply({"text": "t"})]
    publer.update(POST, text="t", title=title)
    assert json.loads(service.seen[0].body) == {"post": sent}


@pytest.mark.parametrize("bad", ["", "..", "a/b", "a?b", "a b", "a,b", "a&b", "a#b", "a\n", "é", "%20"])
def test_an_id_that_is_none_goes_into_no_address(publer: Publer, service: Service, bad: str) -> None:
    with pytest.raises(ValueError, match="not the id of a post"):
        publer.update(bad, text="t", title=None)
    with pytest.raises(ValueError, match="not the id of a post"):
        publer.delete([POST, bad])
    assert service.seen == []


# --- deleting ---------------------------------------------------------------------------------------------------------


def test_a_delete_has_its_ids_in_brackets_and_no_body(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"deleted_ids": [POST, 987654321]})]
    assert publer.delete([POST, "987654321", POST]) == {POST, "987654321"}
    (seen,) = service.seen
    assert (seen.method, seen.body) == ("DELETE", b"")
    assert seen.path == f"/api/v1/posts?post_ids%5B%5D={POST}&post_ids%5B%5D=987654321"
    assert "content-type" not in seen.headers
    assert "transfer-encoding" not in seen.headers


def test_a_delete_without_ids_is_never_sent(publer: Publer, service: Service) -> None:
    for nothing in (list[str](), (), ""):
        with pytest.raises(ValueError, match="without ids is never sent"):
            publer.delete(nothing)
    assert service.seen == []


@pytest.mark.parametrize(
    "tamper",
    [
        lambda prepared: setattr(prepared, "url", prepared.url.partition("?")[0]),
        lambda prepared: setattr(prepared, "url", prepared.url + "&x=1"),
        lambda prepared: setattr(prepared, "body", b"{}"),
        lambda prepared: setattr(prepared, "method", "POST"),
    ],
    ids=["no ids", "another parameter", "a body", "another method"],
)
def test_a_delete_that_would_leave_otherwise_than_meant_is_not_sent(
    publer: Publer, service: Service, tamper: Callable[[Any], None]
) -> None:
    prepare = publer._line._session.prepare_request

    def tampered(request: Any) -> Any:
        prepared = prepare(request)
        tamper(prepared)
        return prepared

    publer._line._session.prepare_request = tampered  # type: ignore[method-assign]  # what a library might do to it
    with pytest.raises(RuntimeError, match="nothing was sent"):
        publer.delete([POST])
    assert service.seen == []


def test_a_delete_that_names_other_posts_ends_the_run(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"deleted_ids": [POST, "somebody else's\x1b", 5]})]
    with pytest.raises(UnrequestedDelete, match="2 posts that publer-sync did not ask") as foreign:
        publer.delete([POST])
    assert "somebody else's" in foreign.value.message
    assert "\x1b" not in foreign.value.message


def test_what_was_not_deleted_is_not_claimed(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"deleted_ids": []})]
    assert publer.delete([POST]) == frozenset()
    service.replies = [Reply({"errors": ["not found"]}, 404)]
    assert publer.delete([POST]) == frozenset()


def test_a_refused_delete_is_a_refusal(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"errors": ["not yours"]}, 403)]
    with pytest.raises(Refused, match="not yours"):
        publer.delete([POST])


def test_the_query_of_a_delete_holds_the_ids_and_nothing_else() -> None:
    assert delete_path(["a", "7"]) == "/posts?post_ids%5B%5D=a&post_ids%5B%5D=7"


# --- media ------------------------------------------------------------------------------------------------------------

MEDIA: dict[str, Json] = {"id": "m1", "type": "photo", "validity": {"x": {"photo": True}}}


def test_a_file_is_sent_as_a_form_and_its_progress_told(
    publer: Publer, service: Service, tmp_path: Path
) -> None:
    file = tmp_path / 'a "b" é.png'
    file.write_bytes(bytes(range(256)) * 1000)
    service.replies = [Reply(MEDIA)]
    steps: list[tuple[int, int]] = []
    assert publer.upload(file, mime="image/png", progress=lambda *step: steps.append(step)) == MEDIA
    (seen,) = service.seen
    assert (seen.method, seen.path) == ("POST", "/api/v1/media")
    boundary = seen.headers["content-type"].removeprefix("multipart/form-data; boundary=")
    assert seen.body.split(f"--{boundary}".encode()) == [
        b"",
        b'\r\nContent-Disposition: form-data; name="direct_upload"\r\n\r\nfalse\r\n',
        b'\r\nContent-Disposition: form-data; name="in_library"\r\n\r\ntrue\r\n',
        '\r\nContent-Disposition: form-data; name="file"; filename="a %22b%22 é.png"\r\n'
        "Content-Type: image/png\r\n\r\n".encode()
        + file.read_bytes()
        + b"\r\n",
        b"--\r\n",
    ]
    assert steps == sorted(steps)
    assert steps[-1] == (256_000, 256_000)


def test_a_file_is_sent_again_whole_after_a_429(publer: Publer, service: Service, tmp_path: Path) -> None:
    """A body that cannot be rewound would be sent empty the second time, and accepted."""
    file = tmp_path / "a.png"
    file.write_bytes(b"x" * 100_000)
    service.replies = [limited(Retry_After="1"), Reply(MEDIA)]
    publer.upload(file, mime="image/png")
    first, second = service.seen
    assert len(first.body) > 100_000
    assert first.body == second.body


def test_an_upload_that_may_have_arrived_is_unclear(publer: Publer, service: Service, tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(b"x")
    service.replies = [Reply(fault="drop")]
    with pytest.raises(Unclear):
        publer.upload(file, mime="image/png")
    assert len(service.seen) == 1


def test_a_file_too_large_says_the_limit(publer: Publer, service: Service, tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(b"x")
    service.replies = [Reply({"errors": ["too large"]}, 413)]
    with pytest.raises(Refused) as refused:
        publer.upload(file, mime="video/mp4")
    assert "200 MB" in (refused.value.hint or "")


def test_a_file_that_is_not_there_is_said_so(publer: Publer, service: Service, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"a\.png could not be sent") as error:
        publer.upload(tmp_path / "a.png")
    assert error.value.code == "media.unreadable"
    assert service.seen == []


def test_what_a_file_is_comes_from_its_bytes(publer: Publer, service: Service, tmp_path: Path) -> None:
    file = tmp_path / "a.gif"
    file.write_bytes(
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    )
    service.replies = [Reply(MEDIA)]
    publer.upload(file)
    assert b"Content-Type: image/gif\r\n" in service.seen[0].body


def test_a_file_that_is_no_picture_is_not_sent(publer: Publer, service: Service, tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_text("<html>")
    with pytest.raises(Refused, match=r"a\.png"):
        publer.upload(file)
    assert service.seen == []


def test_a_file_that_shrinks_on_the_way_is_said_so(publer: Publer, service: Service, tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(b"x" * 3_000_000)
    service.replies = [Reply(MEDIA)]

    def shrink(sent: int, size: int) -> None:
        if sent:
            file.write_bytes(b"x" * 10)

    with pytest.raises(Refused, match="shorter") as error:
        publer.upload(file, mime="video/mp4", progress=shrink)
    assert error.value.code == "media.unreadable"


def test_an_address_is_fetched_by_a_job(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"job_id": "j1"})]
    assert publer.import_url("https://a.example/b.png", name="b.png") == "j1"
    (seen,) = service.seen
    assert (seen.method, seen.path) == ("POST", "/api/v1/media/from-url")
    assert json.loads(seen.body) == {
        "media": [{"url": "https://a.example/b.png", "name": "b.png"}],
        "type": "single",
        "direct_upload": False,
        "in_library": True,
    }


def test_an_import_without_a_job_fetches_nothing(publer: Publer, service: Service) -> None:
    service.replies = [Reply({})]
    with pytest.raises(Refused, match="named no job"):
        publer.import_url("https://a.example/b.png", name="b.png")


# --- the key ----------------------------------------------------------------------------------------------------------

TROUBLES = [
    Reply({"errors": [f"Invalid API key {KEY}"]}, 401),
    Reply(raw=f"key {KEY}".encode(), status=403),
    Reply({"errors": [KEY]}, 500),
    Reply({}, 302, {"Location": f"https://x.example/{KEY}"}),
    Reply(fault="drop"),
    Reply(fault="cut"),
    Reply(raw=b"<html>"),
]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_key_is_in_no_message_and_no_traceback(publer: Publer, service: Service, trouble: Reply) -> None:
    service.replies = [trouble]
    for attempt in (Publer.workspaces, WRITES[0], WRITES[2]):
        with pytest.raises(ServiceError) as error:
            attempt(publer)
        shown = (
            "".join(traceback.format_exception(error.value)) + repr(error.value) + (error.value.hint or "")
        )
        assert KEY not in shown
        assert error.value.__cause__ is None
        assert not error.value.__context__ or isinstance(error.value.__context__, PublerSyncError)


def test_the_key_is_in_no_repr(publer: Publer) -> None:
    line = publer._line
    assert KEY not in f"{publer!r} {line!r} {vars(publer)!r} {vars(line)!r} {vars(line._session)!r}"


@pytest.mark.parametrize("key", ["", "  ", "a b", "a\nb", "ключ", "a\x00b"])
def test_a_key_that_is_none_is_not_sent_and_not_shown(key: str, clock: FakeClock) -> None:
    with pytest.raises(SettingsError, match="PUBLER_API_KEY") as error:
        Reader(key=key, base_url="https://publer.invalid/api", clock=clock)
    assert not key.strip() or key not in str(error.value)


def test_a_line_end_after_the_key_is_no_part_of_it(service: Service, clock: FakeClock) -> None:
    service.replies = [Reply([])]
    Reader(key=f"{KEY}\n", base_url=service.url, clock=clock).workspaces()
    assert service.seen[0].headers["authorization"] == f"Bearer-API {KEY}"


# --- together with the sandbox ----------------------------------------------------------------------------------------

MOODS = {
    "good day": {},
    "wrapped": {"envelope": "data", "finished": "completed", "accounts": "accounts", "health": "locked"},
    "numbers for ids": {"integer_ids": True, "accounts": "data", "health": "none"},
    "pages ignored": {"paging": "ignored", "total": False},
    "small pages": {"per_page": 2, "total": False},
    "small pages, total told": {"per_page": 2},
    "limited": {"rate_limit": 4, "rate_headers": "always"},
}


@pytest.mark.parametrize("mood", MOODS.values(), ids=MOODS)
def test_a_post_lives_its_life(make_sandbox: MakeSandbox, mood: dict[str, Any]) -> None:
    """Made, listed, changed, deleted, over a real service in each of its moods."""
    sandbox = make_sandbox(poll_seconds=0.005, faults=Faults(**mood))
    publer = Publer(key=sandbox.key, base_url=sandbox.url, clock=Clock(), poll_seconds=0.005)
    (workspace,) = publer.workspaces()
    publer.use_workspace(workspace.id)
    account = publer.accounts()[0]
    assert account.trouble is None

    start = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=2)
    slots = [start + timedelta(minutes=number) for number in range(5)]
    job_id = publer.schedule([item(account.provider, account.id, slot) for slot in slots], draft=False)
    assert job_id is not None
    while publer.job(job_id).status is JobStatus.PENDING:
        time.sleep(0.01)
    sandbox.settle()

    def live() -> list[LivePost]:
        found = publer.posts(since=start.date(), until=start.date(), account_ids=[account.id])
        return sorted(found, key=lambda post: str(post.at))

    assert [(post.at, post.text) for post in live()] == [(slot, "We launched! 🚀") for slot in slots]
    first, *others = (post.id for post in live())
    assert publer.update(first, text="Changed", title=None).text == "Changed"
    assert publer.delete(others) == set(others)
    assert [(post.id, post.text) for post in live()] == [(first, "Changed")]
    assert (publer.waited > 0) is ("rate_limit" in mood)


def item(provider: str, account_id: str, at: datetime) -> dict[str, Json]:
    return {
        "networks": {provider: {"type": "status", "text": "We launched! 🚀"}},
        "accounts": [{"id": account_id, "scheduled_at": at.isoformat()}],
    }


@pytest.mark.parametrize("shape", ["docs", "list", "lists", "objects", "errors", "strings", "error"])
def test_a_refused_post_is_told_in_publers_words(make_sandbox: MakeSandbox, shape: Any) -> None:
    sandbox = make_sandbox(poll_seconds=0.005, faults=Faults(failures=shape))
    publer = Publer(key=sandbox.key, base_url=sandbox.url, clock=Clock(), poll_seconds=0.005)
    publer.use_workspace(publer.workspaces()[0].id)
    account = publer.accounts()[0]
    job_id = publer.schedule(
        [item(account.provider, account.id, datetime(2020, 1, 1, tzinfo=UTC))], draft=False
    )
    assert job_id is not None
    while (job := publer.job(job_id)).status is JobStatus.PENDING:
        time.sleep(0.01)
    (failure,) = job.failures
    assert "backdated" in failure.message
    assert failure.account_id in {account.id, None}


# --- start-up ---------------------------------------------------------------------------------------------------------


def test_the_http_library_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, publer_sync.publer.gateway; sys.exit('requests' in sys.modules or 'urllib3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
