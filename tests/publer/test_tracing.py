"""What a trace shows of a request: how it was asked, and no name, id or word of anybody's."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from unittest import mock

from publer_sync.publer import tracing
from publer_sync.publer.answers import Answer, Fault
from publer_sync.publer.tracing import Trace
from tests.publer.conftest import ACCOUNT, DAY, POST, posts
from tests.stand_in import Reply
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import tzinfo
    from pathlib import Path

    import pytest

    from publer_sync.publer.gateway import Publer
    from publer_sync.publer.tracing import Line
    from tests.publer.conftest import Service

BASE = "https://app.publer.com/api/v1"


class Fixed(datetime):
    """It is always the first of March."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2027, 3, 1, 8, tzinfo=tz)


def traced(path: str, came: Answer | Fault, body: object = None) -> dict[str, Any]:
    lines: list[Line] = []
    with mock.patch.object(tracing, "datetime", Fixed):
        Trace(lines.append).add("GET", f"{BASE}{path}", body, came, seconds=0.25, below=BASE)
    return dict(lines[-1])


def answer(body: bytes, status: int = 200, **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


@each_of(
    ("path", "shown", "query"),
    [
        (f"/posts/{POST}", "/posts/post-1", {}),
        ("/job_status/5f00000000000000000000ab", "/job_status/job-1", {}),
        ("/posts/schedule", "/posts/schedule", {}),
        ("/posts?page=2&state=scheduled", "/posts", {"page": [2], "state": ["scheduled"]}),
        (f"/posts?account_ids[]={ACCOUNT}", "/posts", {"account_ids[]": ["account-1"]}),
        ("/posts?query=Falcon&query=", "/posts", {"query": []}),
        ("/posts?Falcon 9=1", "/posts", {"(text 8)": []}),
        ("/posts?page=last&page=", "/posts", {"page": ["text", "text"]}),
        ("/posts?from=2027-02-27&to=2027-03-04&to=soon", "/posts", {"from": [-2], "to": [3, "text"]}),
        ("/posts?state[]=draft&state[]=failed", "/posts", {"state[]": ["draft", "failed"]}),
        (
            f"/posts?post_ids[]={POST}&post_ids[]=2&account_ids[]=3",
            "/posts",
            {"post_ids[]": ["post-1", "post-2"], "account_ids[]": ["account-1"]},
        ),
        (f"/workspaces/{POST}/media_options", "/workspaces/workspace-1/media_options", {}),
        (f"/analytics/{ACCOUNT}/post_insights", "/analytics/account-1/post_insights", {}),
        (f"/{ACCOUNT}", "/id-1", {}),
    ],
)
def test_an_address_is_shown_by_what_publer_calls_it(path: str, shown: str, query: dict[str, Any]) -> None:
    line = traced(path, answer(b"[]"))
    assert (line["path"], line["query"]) == (shown, query)


@each_of(
    ("body", "shown"),
    [
        (b"<html><title>Falcon</title>", {"not_json": "a web page"}),
        (b"", {"not_json": "nothing"}),
        (b"error code: 1010", {"not_json": "text", "said": "error code: 1010"}),
        (b'{"page": 2, "total": 7}', {"page": 2, "total": 7}),
    ],
)
def test_of_an_answer_its_shape_is_shown(body: bytes, shown: object) -> None:
    assert traced("/posts", answer(body))["answer"] == shown


def test_an_id_of_an_answer_is_called_by_what_was_asked_for() -> None:
    for path, called in (
        ("/accounts", "account-1"),
        ("/posts/schedule", "post-1"),
        ("/media/from-url", "media-1"),
        ("/analytics/5f00000000000000000000ab/post_insights", "post-1"),
        (f"/job_status/{POST}", "job-2"),
        ("/posts/2", "post-2"),
        ("/5f00000000000000000000ab", "id-2"),
    ):
        told = traced(path, answer(f'[{{"id": "{ACCOUNT}"}}]'.encode()))
        assert told["answer"] == [{"id": called}], path


@each_of(
    ("body", "shown"),
    [
        (None, None),
        (b'{"state": "draft", "count": 3}', {"state": "draft", "count": "number"}),
        (b"", {"not_json": "nothing"}),
        ([b"a", b"b"], {"file": 2}),
        (iter([b"a"]), "file"),
    ],
)
def test_of_what_was_sent_its_shape_is_shown(body: object, shown: object) -> None:
    assert traced("/posts/schedule", answer(b"{}"), body)["body"] == shown


def test_a_request_is_shown_with_its_time_and_what_its_answer_says_of_the_limit() -> None:
    limits = {"x_ratelimit_limit": "100", "x_ratelimit_remaining": "0", "x_ratelimit_reset": "37.6"}
    date = {"date": "Mon, 01 Mar 2027 08:01:30 GMT"}
    for headers, shown in (
        ({}, {}),
        (limits, {"limit": 100, "remaining": 0, "reset_in": 38}),
        ({"retry_after": "9"} | date, {"retry_after": 9, "clock_ahead": 90}),
    ):
        told = traced("/posts", answer(b"[]", 429, **headers))
        assert (told["status"], told["headers"], told["at"], told["took"]) == (429, shown, -0.25, 0.25)


def test_a_request_without_an_answer_says_why() -> None:
    told = traced("/posts", Fault("timeout", arrived=True))
    assert (told["status"], told["fault"], "answer" in told) == (None, "timeout", False)


def test_a_record_begins_with_what_it_is_and_ends_with_what_it_is_for(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    assert tracing.current() is None
    inner: list[Line] = []
    with tracing.recording(lambda line: tracing.appended(file, line)):
        outer = tracing.current()
        with tracing.recording(inner.append):
            assert tracing.current() not in (outer, None)
        assert tracing.current() is outer
        assert outer is not None
        outer.add("GET", f"{BASE}/me", None, answer(b"{}"), seconds=1, below=BASE)
    assert tracing.current() is None
    first, second = map(json.loads, file.read_text().splitlines())
    assert (first["trace"], second["path"]) == (tracing.VERSION, "/me")


def test_a_line_that_cannot_be_written_ends_no_run() -> None:
    lines: list[Line] = []

    def full(line: Line) -> None:
        lines.append(line)
        if len(lines) == 2:
            raise OSError(28, "No space left on device")

    trace = Trace(full)
    for path in ("/me", "/posts"):
        trace.add("GET", f"{BASE}{path}", None, answer(b"{}"), seconds=1, below=BASE)
    assert [line.get("path") for line in lines] == [None, "/me", "/posts"]


def test_a_request_that_only_asks_is_traced_without_a_body_and_one_that_sends_with_it(
    publer: Publer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[Line] = []
    monkeypatch.setattr(tracing, "_current", Trace(lines.append))
    service.replies = [posts(total=0)]
    publer.posts(since=DAY, until=DAY)
    assert [(line["method"], line["body"]) for line in lines[1:]] == [("GET", None)] * 2
    service.replies = [Reply({"job_id": "j"})]
    publer.schedule([{"networks": {}}], draft=True)
    assert (lines[-1]["method"], lines[-1]["body"]) == (
        "POST",
        {"bulk": {"state": "draft", "posts": [{"networks": {}}]}},
    )
