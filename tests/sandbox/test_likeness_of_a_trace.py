"""What a sandbox learns from a trace: which lines it takes, and what they say of Publer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults, likeness
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.conftest import Client

START = {"trace": likeness.VERSION}
ASKED = {"method": "GET", "path": "/posts"}


@each_of(
    "lines, told",
    [
        ([START, ASKED], ""),
        ([START, "", ASKED, "  "], ""),
        ([ASKED], "is not a trace"),
        ([START, {"method": "GET"}], "it names no method and no path"),
        ([START, [1]], "it is not an object"),
        ([{"trace": -1}, ASKED], "that this version does not know"),
    ],
)
def test_a_trace_is_told_from_any_other_file(tmp_path: Path, lines: list[Any], told: str) -> None:
    file = tmp_path / "trace.jsonl"
    file.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines))
    if told:
        with pytest.raises(likeness.TraceFileError, match=told):
            likeness._requests(file)
    else:
        assert [(one["path"], one["run"]) for one in likeness._requests(file)] == [("/posts", 1)]


@each_of(
    "failures, said",
    [
        (None, []),
        ({"said": "too-large"}, ["too-large"]),
        ({"exact": 7}, [""]),
        ({"1": [{"message": {"said": "one"}}, {"error": {"said": "two"}}]}, ["one", "two"]),
    ],
)
def test_the_sentences_of_a_job_are_found_wherever_they_are(failures: Any, said: list[str]) -> None:
    assert [*likeness._sentences(failures)] == said


@each_of(
    "account, at, text, same",
    [
        ("a", 129.9, "other", True),
        ("a", 130.0, "words", False),
        ("b", 100.0, "words", False),
        ("a", None, "words", True),
        ("a", None, "other", False),
    ],
)
def test_a_post_is_known_again_by_its_account_and_minute_or_else_its_words(
    account: str, at: float | None, text: str, same: bool
) -> None:
    sent = likeness._Sent(1, "a", 100.0, {"exact": "words"}, [], draft=False, job="j")
    assert likeness._is_it(sent, {"account_id": account, "text": {"exact": text}}, at) is same


@each_of(
    "long, how",
    [
        ({"status": 200}, ""),
        ({}, "silence"),
        ({"status": 504}, "timeout"),
        ({"status": 422}, "refused"),
        ({"status": 429}, ""),
    ],
)
def test_how_far_lists_reach_is_learnt_from_what_was_answered(long: dict[str, int], how: str) -> None:
    def asked(days: int, **more: int) -> dict[str, Any]:
        return {**ASKED, "query": {"from": [1], "to": [days]}, **more}

    like = likeness.Likeness()
    likeness._spans([asked(30, status=200), asked(400, **long)], like)
    assert (like.faults.longest_span, like.faults.beyond_span) == (
        (30, how) if how else (Faults().longest_span, Faults().beyond_span)
    )


def test_a_plan_without_the_api_is_told_at_the_door(client: Client) -> None:
    client.sandbox.faults.trip("upgrade", "GET", "^/workspaces$")
    assert client("GET", "/workspaces").status == 403
    assert client("GET", "/workspaces").status == 200
