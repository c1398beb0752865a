"""What a trace shows of a request: how it was asked, and no name, id or word of anybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.publer import tracing
from publer_sync.publer.answers import Answer, Fault
from publer_sync.publer.tracing import Trace
from tests.publer.conftest import ACCOUNT, DAY, POST, posts
from tests.tables import each_of

if TYPE_CHECKING:
    import pytest

    from publer_sync.publer.gateway import Publer
    from publer_sync.publer.tracing import Line
    from tests.publer.conftest import Service

BASE = "https://app.publer.com/api/v1"


def traced(path: str, came: Answer | Fault, body: object = None) -> dict[str, Any]:
    lines: list[Line] = []
    Trace(lines.append).add("GET", f"{BASE}{path}", body, came, seconds=0.25, below=BASE)
    return dict(lines[-1])


def answer(body: bytes, status: int = 200) -> Answer:
    return Answer(status, {}, body)


@each_of(
    ("path", "shown", "query"),
    [
        (f"/posts/{POST}", "/posts/post-1", {}),
        ("/job_status/5f00000000000000000000ab", "/job_status/job-1", {}),
        ("/posts/schedule", "/posts/schedule", {}),
        ("/posts?page=2&state=scheduled", "/posts", {"page": [2], "state": ["scheduled"]}),
        (f"/posts?account_ids[]={ACCOUNT}", "/posts", {"account_ids[]": ["account-1"]}),
        ("/posts?query=Falcon", "/posts", {"query": []}),
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
    told = traced("/accounts", answer(f'[{{"id": "{ACCOUNT}"}}]'.encode()))
    assert told["answer"] == [{"id": "account-1"}]


def test_a_request_without_an_answer_says_why() -> None:
    assert traced("/posts", Fault("timeout", arrived=True))["fault"] == "timeout"


def test_a_request_that_only_asks_is_traced_without_a_body(
    publer: Publer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[Line] = []
    monkeypatch.setattr(tracing, "_current", Trace(lines.append))
    service.replies = [posts(total=0)]
    publer.posts(since=DAY, until=DAY)
    assert [(line["method"], line["body"]) for line in lines[1:]] == [("GET", None)] * 2
