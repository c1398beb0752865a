"""What is tried again, what never is, and the request limit."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, cast
from unittest.mock import Mock

import pytest

from publer_sync.machine.alarms import Alarm
from publer_sync.machine.clock import Clock
from publer_sync.publer import sending
from publer_sync.publer.answers import Answer
from publer_sync.publer.gateway import Publer
from publer_sync.values.errors import Interrupted, Refused, ServiceError, Unclear, Unexpected, Unreachable
from tests.conftest import PATIENCE
from tests.publer.conftest import GIF, KEY, POST, WRITES, limited, posts
from tests.stand_in import Reply
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.publer.conftest import Service, StillClock

write = pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)


# --- reading in bad weather -------------------------------------------------------------------------------------------

ODD = {
    "error in disguise": Reply({"success": False, "error": {"message": "oops"}}),
    "wrong shape": Reply({"workspaces": "many"}),
}
"""JSON in another form than is known."""
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
    "bad gzip": Reply(raw=b"not gzip", headers={"Content-Encoding": "gzip"}),
}
weather = pytest.mark.parametrize("bad", WEATHER.values(), ids=WEATHER)


@weather
def test_a_read_is_tried_again_until_it_is_answered(
    impatient: Publer, service: Service, clock: StillClock, bad: Reply
) -> None:
    service.replies = [bad, Reply([{"id": "w1", "name": "Acme"}])]
    assert impatient.workspaces()[0].name == "Acme"
    assert clock.slept == [1.0]
    assert impatient.requests == len(service.seen) == 2
    assert (impatient.waited, impatient.requests_left) == (0, 98)


@pytest.mark.parametrize(
    "bad", [WEATHER["500"], WEATHER["dropped"], WEATHER["page"]], ids=["500", "dropped", "page"]
)
def test_a_read_that_stays_unanswered_is_given_up(
    publer: Publer, service: Service, clock: StillClock, bad: Reply
) -> None:
    service.replies = [bad]
    with pytest.raises(Unreachable, match="6 times") as unreachable:
        publer.workspaces()
    assert unreachable.value.hint == sending.WAIT_AND_RUN
    assert clock.slept == [1, 2, 4, 8, 16]
    assert len(service.seen) == 6


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_json_that_is_not_understood_is_not_asked_for_again(
    publer: Publer, service: Service, clock: StillClock, odd: Reply
) -> None:
    service.replies = [odd]
    with pytest.raises(Unexpected, match="not understood"):
        publer.workspaces()
    assert (clock.slept, len(service.seen)) == ([], 1)


@each_of(
    ("reply", "shown"),
    [
        (Reply(raw=b""), ": nothing"),
        (Reply(raw=b"<p>\x1b[1m" + b"a" * 300), ": <p> [1m" + "a" * 20),
        (Reply({"locations": "many"}), ': {"locations": "many"}'),
    ],
)
def test_what_is_not_needed_is_asked_for_until_an_answer_comes(
    publer: Publer, service: Service, clock: StillClock, reply: Reply, shown: str
) -> None:
    """Whatever the answer is; of one that is not understood some of it is shown."""
    before = len(service.seen)
    service.replies = [WEATHER["500"], reply]
    with pytest.raises(Unexpected) as unexpected:
        publer.locations("facebook", "Berlin")
    assert unexpected.value.message.startswith("Asked Publer to look for places, and the answer is not ")
    assert shown in unexpected.value.message
    assert (unexpected.value.status, len(unexpected.value.message) < 350) == (200, True)
    assert len(service.seen) - before == 2


@pytest.mark.parametrize("late", [Reply(fault="stall"), Reply(fault="drop"), Reply(raw=b"", status=504)])
def test_a_long_list_that_is_late_twice_is_asked_in_halves(
    impatient: Publer, service: Service, clock: StillClock, late: Reply
) -> None:
    service.replies = [late, late, posts(total=0)]
    found = impatient.posts(since=date(2027, 1, 1), until=date(2027, 4, 10))
    assert (found.span, found.short, found.gaps) == (50, 0, ())
    spans = [(dict(seen.query)["from"], dict(seen.query)["to"]) for seen in service.seen]
    whole, first, second = (
        ("2026-12-31", "2027-04-11"),
        ("2026-12-31", "2027-02-20"),
        ("2027-02-19", "2027-04-11"),
    )
    assert spans == [whole, whole, first, first, second]
    assert clock.slept == [1]


def test_cloudflares_own_limit_is_not_taken_for_publers(
    publer: Publer, service: Service, clock: StillClock, told: list[str]
) -> None:
    page = Reply(raw=b"<html><title>Error 1015</title></html>", status=429)
    service.replies = [page, page, Reply([])]
    left = publer.requests_left
    publer.workspaces()
    assert sum(clock.slept) < 5, "and not Publer's two minutes"
    assert publer.requests_left >= left - 3
    assert "Cloudflare" in told[-1]
    clock.slept.clear()
    service.replies = [
        *(Reply(raw=page.raw, status=429, headers={"Retry-After": each}) for each in ("7", "900")),
        Reply([]),
    ]
    publer.workspaces()
    assert clock.slept == [7, 30]
    service.replies = [page]
    with pytest.raises(Refused, match="Cloudflare") as refused:
        publer.workspaces()
    assert refused.value.code == "publer.shut"


@pytest.mark.parametrize("bad", [*WEATHER.values(), ODD["wrong shape"]])
@write
def test_a_write_whose_fate_is_unknown_is_not_sent_again(
    service: Service, clock: StillClock, write: Callable[[Publer], object], bad: Reply
) -> None:
    if bad is ODD["wrong shape"]:
        bad = Reply(["many"])
    service.replies = [bad]
    publer = service.publer(clock, read_seconds=0.1 if bad.fault == "stall" else PATIENCE).in_workspace("w1")
    with pytest.raises(Unclear) as unclear:
        write(publer)
    assert "may have done so" in unclear.value.message
    assert "safe" in (unclear.value.hint or "")
    assert len(service.seen) == 1
    assert clock.slept == []


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "undefined method 'content_type' for nil"},
        {"errors": ["undefined method 'content_type' for nil"]},
        {"success": False, "error": {"message": "undefined method 'content_type' for nil"}},
    ],
    ids=["error", "errors", "success false"],
)
@pytest.mark.parametrize("attempt", [*WRITES, "upload"])
def test_an_error_in_place_of_what_was_asked_for_is_a_refusal(
    publer: Publer, service: Service, tmp_path: Path, attempt: str, answer: object
) -> None:
    """Publer refuses uploads with 200 and an error: nothing was done, and nobody has to wonder."""
    (tmp_path / "a.gif").write_bytes(GIF)
    writes: dict[str, Callable[[Publer], object]] = {
        **WRITES,
        "upload": lambda p: p.upload(tmp_path / "a.gif"),
    }
    service.replies = [Reply(answer)]
    with pytest.raises(Refused, match=r"^Publer refused to .* \(200\)") as refused:
        writes[attempt](publer)
    assert refused.value.publer_said == "undefined method 'content_type' for nil"
    assert len(service.seen) == 1


def test_a_page_in_place_of_an_answer_is_not_quoted_as_publers_words(
    publer: Publer, service: Service
) -> None:
    service.replies = [WEATHER["503 page"]]
    with pytest.raises(Unreachable) as unreachable:
        publer.workspaces()
    assert unreachable.value.message == (
        'Asked Publer 6 times to list the workspaces: server error (503, a web page ("Sorry"))'
    )
    assert unreachable.value.publer_said == ""


def test_an_answer_that_never_ends_is_not_waited_for(service: Service, clock: StillClock) -> None:
    service.replies = [Reply([], fault="drip"), Reply([])]
    started = time.monotonic()
    assert service.reader(clock, read_seconds=0.1).workspaces() == ()
    assert time.monotonic() - started < 3
    assert len(service.seen) == 2


def test_an_answer_without_measure_is_not_taken_in(
    publer: Publer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    import publer_sync.publer.transport

    monkeypatch.setattr(publer_sync.publer.transport, "MAX_ANSWER", 1000)
    service.replies = [Reply(raw=b"[]".rjust(size)) for size in (2000, 1001, 1000)]
    assert publer.workspaces() == ()
    assert len(service.seen) == 3


def test_a_service_in_trouble_may_ask_for_a_longer_pause(
    publer: Publer, service: Service, clock: StillClock
) -> None:
    service.replies = [
        Reply({}, 503, {"Retry-After": "9"}),
        Reply({}, 503, {"Retry-After": "900"}),
        Reply([]),
    ]
    publer.workspaces()
    assert clock.slept == [9, 30]


@pytest.mark.parametrize(("remaining", "slept"), [("40", [1.0]), ("0", [1.0, 29.1])])
def test_a_server_error_waits_for_the_limit_only_where_nothing_is_left(
    publer: Publer, service: Service, clock: StillClock, remaining: str, slept: list[float]
) -> None:
    headers = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": "30"}
    service.replies = [Reply({}, 500, headers), Reply([])]
    publer.workspaces()
    assert clock.slept == pytest.approx(slept)


@pytest.mark.parametrize(
    "fault", [Reply(fault="stall"), Reply([], fault="drip"), Reply(fault="drip head")], ids=lambda r: r.fault
)
@pytest.mark.parametrize("attempt", [Publer.workspaces, WRITES["schedule"]], ids=["read", "write"])
def test_no_answer_is_waited_for_past_its_deadline(
    service: Service, monkeypatch: pytest.MonkeyPatch, fault: Reply, attempt: Callable[[Publer], object]
) -> None:
    monkeypatch.setattr(sending, "LEAST_READ", 0.2)
    monkeypatch.setattr(sending, "LEAST_WRITE", 0.2)
    service.replies = [fault]
    publer = service.publer(Clock(), patience=0.2, poll_seconds=0.005)
    started = time.monotonic()
    with pytest.raises((Unreachable, Unclear), match="did not answer in time"):
        attempt(publer)
    assert 0.15 < time.monotonic() - started < 3


def test_the_answer_to_a_file_that_was_sent_is_not_waited_for_without_end(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sending, "LEAST_WRITE", 0.2)
    (tmp_path / "a.gif").write_bytes(GIF)
    service.replies = [Reply({"id": "m-1"}, fault="drip")]
    publer = service.publer(Clock(), patience=0.2)
    started = time.monotonic()
    with pytest.raises(Unclear, match="did not answer in time"):
        publer.upload(tmp_path / "a.gif")
    assert 0.1 < time.monotonic() - started < 5


def test_a_read_is_not_tried_again_once_its_time_is_over(
    service: Service, clock: StillClock, told: list[str]
) -> None:
    service.replies = [Reply({}, 500)]
    for patience, times, slept in ((5, 3, [1, 2]), (3, 2, [1])):
        clock.slept.clear()
        publer = service.publer(clock, patience=patience, say=told.append)
        with pytest.raises(Unreachable, match=f"{times} times"):
            publer.workspaces()
        assert clock.slept == slept
    with pytest.raises(Unreachable, match="Asked Publer to report on a job: server error"):
        publer.job("j", deadline=publer.deadline(-1))
    assert len(service.seen) == 6


def test_a_pause_says_what_for_and_until_when(
    publer: Publer, service: Service, clock: StillClock, told: list[str]
) -> None:
    service.replies = [Reply({}, 503, {"Retry-After": "9"}), Reply([])]
    publer.workspaces()
    until = (clock.at + timedelta(seconds=9)).astimezone()
    assert told == [
        f"9 seconds to ask Publer again to list the workspaces (answer 503), until {until:%H:%M:%S}"
    ]
    told.clear()
    service.replies = [Reply({}, 503), Reply({}, 500), Reply([])]
    service.publer(clock, poll_seconds=1, say=told.append).workspaces()
    assert clock.slept == [9, 0.5, 1]
    assert [line.partition(", until")[0] for line in told] == [
        "1 second to ask Publer again to list the workspaces (answer 500)"
    ], "less than a second is not worth a line"


def test_a_slow_answer_is_announced(
    service: Service, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "QUIET", 0.1)
    monkeypatch.setattr(sending, "LEAST_READ", 0.4)
    service.replies = [Reply(fault="stall")]
    with pytest.raises(Unreachable):
        service.publer(Clock(), patience=0.4, say=told.append).workspaces()
    (line,) = told
    assert line.startswith("for Publer's answer: asked to list the workspaces; until ")


def test_an_answer_that_has_come_is_not_announced_later(
    publer: Publer, service: Service, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class JustNow(Alarm):
        def __exit__(self, *_: object) -> None:
            super().__exit__()
            self.sound()

    monkeypatch.setattr(sending, "Alarm", JustNow)
    service.replies = [Reply([])]
    publer.workspaces()
    assert told == []


def test_an_upload_tells_its_own_progress_and_no_wait(
    service: Service, told: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sending, "QUIET", 0.1)
    (tmp_path / "a.gif").write_bytes(GIF)
    service.replies = [Reply(fault="stall")]
    with pytest.raises(Unclear):
        service.publer(Clock(), read_seconds=0.04, say=told.append).upload(tmp_path / "a.gif")
    assert told == []


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return cast("int", probe.getsockname()[1])


def test_where_nobody_listens_nothing_can_have_been_done(clock: StillClock) -> None:
    publer = Publer(key=KEY, base_url=f"http://127.0.0.1:{closed_port()}", clock=clock)
    with pytest.raises(Unreachable, match="refused"):
        publer.workspaces()
    for write in WRITES.values():
        with pytest.raises(Unreachable, match="nothing was sent") as unreachable:
            write(publer)
        assert unreachable.value.hint == "Check the connection, then run again; that is safe."
    assert publer.requests == 0


def test_a_name_that_does_not_exist_is_said_so(clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*args: object, **options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    publer = Publer(key=KEY, base_url="https://publer.invalid/api", clock=clock)
    with pytest.raises(Unreachable, match=r"publer\.invalid \(the host name can.t be resolved\)"):
        publer.schedule([{}], draft=False)
    assert publer.requests == 0


def test_a_handshake_that_fails_sends_no_key(clock: StillClock, service: Service) -> None:
    publer = Publer(key=KEY, base_url=service.url.replace("http:", "https:"), clock=clock, read_seconds=0.4)
    with pytest.raises(ServiceError):
        publer.delete([POST])
    assert service.seen == []


@each_of(
    ("headers", "ahead", "followed"),
    [
        ({"date": "{there}", "content-type": "application/json; charset=utf-8"}, True, True),
        ({"date": "{there}", "content-type": "text/html"}, True, False),
        ({"date": "{there}"}, True, False),
        ({"date": "soon", "content-type": "application/json"}, False, False),
        ({"content-type": "application/json"}, False, False),
    ],
)
def test_the_clock_goes_by_publers_own_answers(headers: dict[str, str], ahead: bool, followed: bool) -> None:
    """On this machine it goes by itself: what answers there has the same clock."""
    for follows in (True, False):
        clock = Clock()
        there = format_datetime(clock.machine() + timedelta(hours=3), usegmt=True)
        told = {name: value.format(there=there) for name, value in headers.items()}
        sender = sending.Sender(
            host="publer.example", clock=clock, poll_seconds=1, say=lambda _: None, follows=follows
        )
        send = Mock(return_value=Answer(200, told, b"[]"))
        sender.read(send, lambda data: data, doing="to list the posts")
        hours = (clock.now() - clock.machine()).total_seconds() / 3600
        assert hours == pytest.approx(3 if followed and follows else 0, abs=0.1)
        assert sender.service_ahead == (pytest.approx(3 * 3600, abs=360) if ahead else None)


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 451])
def test_a_definite_no_is_final_and_in_publers_words(
    publer: Publer, service: Service, clock: StillClock, status: int
) -> None:
    service.replies = [Reply({"errors": ["Unknown state auto"]}, status)]
    for attempt in (Publer.workspaces, WRITES["schedule"], WRITES["update"], WRITES["import"]):
        with pytest.raises(Refused) as refused:
            attempt(publer)
        assert (refused.value.status, refused.value.publer_said) == (status, "Unknown state auto")
    assert len(service.seen) == 4
    assert clock.slept == []


def test_a_redirect_is_not_followed_and_names_the_host(publer: Publer, service: Service) -> None:
    service.replies = [Reply({}, 302, {"Location": "https://elsewhere.example/login?secret=1"})]
    for attempt in (Publer.workspaces, *WRITES.values()):
        with pytest.raises(Refused, match=r"redirects to elsewhere\.example \(302\)") as refused:
            attempt(publer)
        assert refused.value.code == "publer.elsewhere"
    assert len(service.seen) == 5


# --- the limit --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [2, 3, 4])
@write
def test_what_the_limit_refused_is_sent_again_whole(
    publer: Publer, service: Service, clock: StillClock, write: Callable[[Publer], object], again: int
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
    publer: Publer, service: Service, clock: StillClock, headers: dict[str, str], seconds: float
) -> None:
    service.replies = [limited(**headers), Reply([])]
    # The server's own Date is today's: it is not near the clock of this test, so that clock is asked.
    publer.workspaces()
    assert clock.slept == pytest.approx([seconds], abs=0.01)


def test_a_wait_is_announced_with_its_reason_and_end(
    publer: Publer, service: Service, clock: StillClock, told: list[str]
) -> None:
    service.replies = [limited(X_RateLimit_Reset="37.5"), Reply([])]
    publer.workspaces()
    until = (clock.at + timedelta(seconds=37.5)).astimezone()
    assert told == [f"38 seconds for Publer's limit of 100 requests in 2 minutes, until {until:%H:%M:%S}"]


def test_another_limit_is_named_as_the_headers_have_it(
    publer: Publer, service: Service, told: list[str]
) -> None:
    headers = {"X_RateLimit_Limit": "60", "X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "9"}
    service.replies = [limited(**headers), Reply([])]
    publer.workspaces()
    assert told[0].startswith("9 seconds for Publer's limit of 60 requests, until ")


def test_a_limit_that_never_ends_is_given_up(
    publer: Publer, service: Service, clock: StillClock, told: list[str]
) -> None:
    service.replies = [limited(Retry_After="0")]
    with pytest.raises(Refused, match="Rate limit exceeded") as refused:
        publer.schedule([{}], draft=False)
    assert refused.value.status == 429
    assert len(service.seen) == 9
    assert clock.slept == pytest.approx([0.5, 1, 2, 4, 8, 16, 32, 64])
    assert [line.partition(" for ")[0] for line in told] == [
        f"{2**power} second{'s' if power else ''}" for power in range(7)
    ], "less than a second is not worth a line"


def test_one_budget_paces_everything_a_run_sends(publer: Publer, service: Service, clock: StillClock) -> None:
    service.replies = [Reply({"job_id": "j", "status": "working"})]
    for number in range(90):
        publer.job("j") if number % 2 else publer.schedule([{}], draft=False)
    assert clock.slept == []
    publer.job("j")
    publer.schedule([{}], draft=False)
    assert all(10 < seconds < 12 for seconds in clock.slept)
    assert publer.waited == pytest.approx(sum(clock.slept))


def test_the_headers_of_any_answer_hold_the_next_request_back(
    publer: Publer, service: Service, clock: StillClock, told: list[str]
) -> None:
    headers = {"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "30"}
    service.replies = [Reply({"status": "working"}, headers=headers), Reply({"job_id": "j"})]
    publer.job("j")
    assert clock.slept == []
    publer.schedule([{}], draft=False)
    assert clock.slept == pytest.approx([30], abs=0.2)
    assert len(told) == 1


def test_a_wait_ends_at_once_where_somebody_asks_to_stop(service: Service) -> None:
    clock = Clock()
    publer = service.publer(clock)
    service.replies = [limited(Retry_After="60")]
    threading.Timer(0.1, clock.wake).start()
    started = time.monotonic()
    with pytest.raises(Interrupted, match="was not sent"):
        publer.schedule([{}], draft=False)
    assert time.monotonic() - started < 5
    assert len(service.seen) == 1
