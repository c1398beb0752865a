"""What a sandbox learns of Publer's answers from a trace: accounts, lists, jobs, edits and limits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import likeness
from publer_sync.sandbox.tempers import TEMPERS
from tests.sandbox.traces import START, Line, asked, got, learnt, listed, row, told, words
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

FINE: Line = {"id": "account-1", "provider": "facebook", "permissions": {"can_access": True}}
ODD = TEMPERS["odd-account"].says


@each_of(
    "text, told",
    [
        (json.dumps(START), ""),
        (json.dumps({"requests": [START, got("/posts", None)]}), ""),
        (json.dumps(START) + "\n\n  \n" + json.dumps({"method": "GET", "path": "/posts"}), ""),
        (json.dumps({"requests": 4}), "trace.jsonl is no line of a trace: it names no method and no path"),
        (json.dumps({"requests": [START, [1]]}), "trace.jsonl is no line of a trace: it is not an object"),
        (json.dumps([1]), "trace.jsonl is no line of a trace: it is not an object"),
        (json.dumps(START) + "\n[1]", "trace.jsonl:2 is no line of a trace: it is not an object"),
        (json.dumps(START) + "\n\nhello", "trace.jsonl:3 is not JSON"),
        (json.dumps(START) + '\n{"method": "GET"}', "trace.jsonl:2 is no line of a trace: it names no"),
        (json.dumps(START) + '\n{"path": "/posts"}', "trace.jsonl:2 is no line of a trace: it names no"),
        (json.dumps(START) + '\n{"method": 1, "path": "/"}', "trace.jsonl:2 is no line of a trace: it names"),
        ('{"trace": 9}', "trace.jsonl is of a trace that this version does not know"),
        (json.dumps(got("/posts", None)), "trace.jsonl is not a trace: its first line does not say so"),
        (
            "\n".join(map(json.dumps, (START, listed(page="three")))).replace('["three"]', "3"),  # type: ignore[arg-type]  # no page has such a number
            "trace.jsonl has lines in another form than publer-sync writes them",
        ),
    ],
)
def test_a_trace_or_a_survey_is_told_from_any_other_file(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "trace.jsonl"
    file.write_text(text, encoding="utf-8")
    if told:
        with pytest.raises(likeness.TraceFileError) as error:
            likeness.likeness(file)
        assert told in str(error.value)
    else:
        assert likeness.likeness(file).says == []


@each_of("least, fits", [(0, True), (-1, False)])
def test_a_file_of_any_size_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int, fits: bool
) -> None:
    text = json.dumps(START)
    (tmp_path / "trace.jsonl").write_text(text, encoding="utf-8")
    monkeypatch.setattr(likeness, "LARGEST", len(text) + least)
    if fits:
        assert likeness.likeness(tmp_path / "trace.jsonl").says == []
    else:
        with pytest.raises(likeness.TraceFileError, match="larger than 0 MB"):
            likeness.likeness(tmp_path / "trace.jsonl")


@each_of(
    "answers, says, switches",
    [
        ([[FINE]], [], {}),
        ([[]], [], {}),
        ([None], [], {}),
        ([{"accounts": "number"}], [], {}),
        ([{"accounts": [FINE]}], ["wraps accounts in `accounts`"], {"accounts": "accounts"}),
        ([{"data": [FINE]}], ["wraps accounts in `data`"], {"accounts": "data"}),
        ([[FINE, {**FINE, "provider": None}]], [ODD], {"odd_account": True}),
        ([[None, FINE]], [], {}),
        (
            [[{**FINE, "status": "active"}]],
            ["tells by `status` whether an account works"],
            {"health": "status"},
        ),
        ([[{**FINE, "locked": False}]], ["tells by `locked` whether an account works"], {"health": "locked"}),
        (
            [[{"id": "account-1", "provider": "facebook"}]],
            ["does not tell whether an account works"],
            {"health": "none"},
        ),
        ([[FINE], {"data": [FINE]}], [], {}),
    ],
)
def test_how_accounts_are_shown(tmp_path: Path, answers: list[Any], says: list[str], switches: Any) -> None:
    lines = [got("/accounts", answer) for answer in answers]
    assert learnt(tmp_path, *lines) == (says, switches, None)


@each_of("more", [{"status": 403}, {"method": "POST"}, {"path": "/workspaces"}])
def test_only_what_the_list_of_accounts_answered_is_taken(tmp_path: Path, more: Any) -> None:
    assert learnt(tmp_path, {**got("/accounts", {"data": [FINE]}), **more}).says == []


def page(*ids: str, **more: Any) -> Line:
    return listed(*(row(id=each) for each in ids), **more)


EMPTY = page(page=2)
NULL = TEMPERS["null-rows"].says


@each_of(
    "lines, says, switches",
    [
        ([page("a", "b")], [], {}),
        ([page("a", "b"), page(page=1)], [], {}),
        ([page("a", "b"), page("c", page=1), EMPTY], ["lists 2 posts a page"], {"per_page": 2}),
        (
            [page("a", "b", "c"), page("d", page=1), page("e", "f"), page("g", page=1)],
            ["lists 3 posts a page"],
            {"per_page": 3},
        ),
        (
            [page("a", "b", total=2), page("c", page=1, total=1)],
            [TEMPERS["total-of-page"].says, "lists 2 posts a page"],
            {"total_of": "page", "per_page": 2},
        ),
        (
            [page("a", "b"), page("a", "b", page=1), page("c", page=2)],
            [TEMPERS["pages-from-1"].says, "lists 2 posts a page"],
            {"first_page": 1, "per_page": 2},
        ),
        ([page("a"), page("a", page=1), page("a", page=2)], ["ignores `page`"], {"paging": "ignored"}),
        ([page("a"), page("a", page=1)], [], {}),
        ([page(), page(page=1), page(page=2)], [], {}),
        ([page("a"), page(page=1), page(page=2)], [], {}),
        ([page("a"), page("a"), page("a")], [], {}),
        ([listed(None, row())], [NULL], {"null_rows": True}),
        ([page("a", "b"), listed(row(id="c"), None, page=1)], [NULL, "lists 2 posts a page"], {"null_rows": True, "per_page": 2}),
        ([got("/posts", {"posts": [row()]}, at=60)] * 2, ["names no total"], {"total": False}),
        ([got("/posts", None), got("/posts", {"posts": None})], [], {}),
        (
            [page(*map(str, range(1001))), page("x", page=1)],
            ["lists 1001 posts a page"],
            {"per_page": 1000},
        ),
    ],
)  # fmt: skip
def test_how_lists_are_paged(tmp_path: Path, lines: list[Line], says: list[str], switches: Any) -> None:
    assert learnt(tmp_path, *lines) == (says, switches, None)


def span(days: int, *, first: int = 0, **more: Any) -> Line:
    return {**page(), "query": {"page": [0], "from": [first], "to": [first + days - 1]}, **more}


@each_of(
    "lines, says",
    [
        ([span(30), span(400, status=400)], "lists at most 30 days (refused beyond)"),
        ([span(30), span(400, status=499)], "lists at most 30 days (refused beyond)"),
        ([span(30), span(400, status=504)], "lists at most 30 days (timeout beyond)"),
        ([span(30), span(400, status=408)], "lists at most 30 days (timeout beyond)"),
        ([span(30), span(400, status=None)], "lists at most 30 days (silence beyond)"),
        ([span(30), span(90, first=-7), span(400, status=400)], "lists at most 90 days (refused beyond)"),
        (
            [span(30), span(400, status=None), span(300, status=400)],
            "lists at most 30 days (refused beyond)",
        ),
        ([span(30), span(31, status=400)], "lists at most 30 days (refused beyond)"),
        *(([span(30), span(400, status=status)], "") for status in (200, 307, 401, 403, 429, 500)),
        ([span(400), span(400, status=400)], ""),
        ([span(400), span(30, status=400)], ""),
        ([span(400, status=400)], ""),
        ([span(30), {**span(400, status=400), "path": "/media"}], ""),
        ([span(30), {**span(400, status=400), "query": {"from": [0]}}], ""),
        ([span(30), {**span(400, status=400), "query": {"to": [0]}}], ""),
        ([span(30), {**span(400, status=400), "query": {"from": ["text"], "to": ["text"]}}], ""),
    ],
)
def test_how_many_days_a_list_may_cover(tmp_path: Path, lines: list[Line], says: str) -> None:
    found = learnt(tmp_path, *lines)
    assert found.says == ([says] if says else [])
    if says:
        how = says.rpartition("(")[2].partition(" ")[0]
        assert f"at most {found.switches['longest_span']} days" in says
        assert found.switches.get("beyond_span", "refused") == how


LABELS: Line = {"labels": []}
LINK: Line = {"link": None}
NUMBER: Line = {"id": "post-7 (number)"}
STATES, UNREADABLE = TEMPERS["unknown-states"], TEMPERS["unreadable-rows"]


@each_of(
    "rows, says, switches",
    [
        ([row()], [], {}),
        ([], [], {}),
        (
            [row(**LABELS, **LINK)],
            ["lists posts without leaving anything out"],
            {"omit": frozenset()},
        ),
        ([row(**LABELS)], ["lists posts without link"], {"omit": frozenset({"link"})}),
        ([row(**LABELS), row(**LINK)], ["lists posts without leaving anything out"], {"omit": frozenset()}),
        ([row(**NUMBER)], ["numbers its posts"], {"integer_ids": True}),
        ([row(state="draft", **NUMBER)], ["numbers its posts"], {"integer_ids": True}),
        ([row(state="published", **NUMBER), row()], [], {}),
        ([row(state=words("queued"))], [STATES.says], STATES.switches),
        ([row(at=None), row(scheduled_at="")], [], {}),
        ([row(scheduled_at=words("soon"))], [UNREADABLE.says], UNREADABLE.switches),
        ([row(scheduled_at="number")], [UNREADABLE.says], UNREADABLE.switches),
        ([row(scheduled_at=True)], [UNREADABLE.says], UNREADABLE.switches),
    ],
)
def test_what_the_rows_of_a_list_hold(
    tmp_path: Path, rows: list[Line], says: list[str], switches: Any
) -> None:
    assert learnt(tmp_path, listed(*rows)) == (says, switches, None)


def test_without_a_row_nothing_is_said_of_rows(tmp_path: Path) -> None:
    answers = (None, {"posts": None, "total": 0}, {"posts": [None], "total": 0})
    assert learnt(tmp_path, *(got("/posts", each) for each in answers)).switches == {"null_rows": True}


LONG = "takes {} seconds for a job"


@each_of(
    "lines, says, switches",
    [
        ([told(at=4)], [], {}),
        ([told(at=5)], [LONG.format(5)], {"job_delay": 2.5}),
        ([told(at=200)], [LONG.format(60)], {"job_delay": 30.0}),
        ([told(status="working", at=90), told(at=100, status=None)], [], {}),
        ([told(at=2), told(at=90)], [], {}),
        ([told(at=90, job="job-2")], [], {}),
        ([START, told(at=90)], [], {}),
        ([told(status="completed")], ["calls a finished job `completed`"], {"finished": "completed"}),
        ([got("/job_status/job-1", None, at=90)], [], {}),
        ([told(at=2), got("/media", {"status": "success"}, at=90)], [], {}),
    ],
)
def test_how_long_a_job_takes_and_how_it_ends(
    tmp_path: Path, lines: list[Line], says: list[str], switches: Any
) -> None:
    assert learnt(tmp_path, asked(), *lines) == (says, switches, None)


def test_answers_inside_data_are_read_down_to_the_result(tmp_path: Path) -> None:
    accepted = {**asked(at=1), "answer": {"success": True, "data": {"job_id": "job-1"}}}
    inner = {"status": "working", "result": {"status": "success", "payload": {"failures": {}}}}
    done = got("/job_status/job-1", {"success": True, "data": inner}, at=7)
    assert learnt(tmp_path, accepted, done) == (
        ["wraps its answers in `data`", "calls a finished job `success`", LONG.format(6)],
        {"envelope": "data", "finished": "success", "job_delay": 3.0},
        None,
    )
    odd = [{**asked(), "answer": answer} for answer in (None, {"data": {}, "job_id": "job-1"})]
    assert learnt(tmp_path, *odd, told(at=9)).says == [LONG.format(9)]


SAID = words("no")
ONE = {"account_id": "account-1", "message": SAID}


@each_of(
    "failures, says, shape",
    [
        (None, [], "lists"),
        ({"account-1": [ONE]}, [], "lists"),
        ([ONE], ["lists a job's failures"], "docs"),
        ([{"error": SAID}], ["lists a job's failures"], "errors"),
        ([SAID], ["lists a job's failures"], "strings"),
        (["message or error"], ["lists a job's failures"], "strings"),
        ({"error": SAID}, ["names one failure of a job"], "error"),
        ({"account-1": ONE}, ["names one failure of each account"], "objects"),
        ("number", [], "lists"),
        (True, [], "lists"),
    ],
)
def test_the_shapes_of_failures(tmp_path: Path, failures: Any, says: list[str], shape: str) -> None:
    found = learnt(tmp_path, asked(), told(failures))
    assert (found.says, found.switches.get("failures", "lists")) == (says, shape)


RENUMBERS = TEMPERS["edit-renumbers"].says


@each_of(
    "answer, more, says",
    [
        ({"id": "post-1"}, {}, []),
        ({"id": "post-2"}, {}, [RENUMBERS]),
        ({"data": {"id": "post-2"}}, {}, [RENUMBERS]),
        ({"post": {"id": "post-2"}}, {}, [RENUMBERS]),
        ({"id": "post-2", "post": {"id": "post-1"}}, {}, []),
        ({"data": "text", "post": {}}, {}, []),
        (None, {}, []),
        ({"id": "post-2"}, {"status": 422}, []),
        ({"id": "post-2"}, {"method": "GET"}, []),
    ],
)
def test_an_edit_that_gives_another_id(tmp_path: Path, answer: Any, more: Any, says: list[str]) -> None:
    edit = {**got("/posts/post-1", answer), "method": "PUT", **more}
    assert learnt(tmp_path, edit, edit).says == says


@each_of(
    "limits, says, switches",
    [
        ([], [], {}),
        ([None], [], {}),
        ([{"limit": 100}], [], {}),
        ([{"limit": 60}, {"limit": 40}], ["takes 40 requests"], {"rate_limit": 40}),
        ([{"limit": 0}], [], {}),
        ([{"limit": 0}, {"limit": 40}], [], {}),
        ([{}, {"clock_ahead": 0}], ["does not tell its request limit"], {"rate_headers": "never"}),
        ([{}, {"limit": "number"}, {"limit": 100}], [], {}),
    ],
)
def test_what_the_headers_tell_of_the_limit(
    tmp_path: Path, limits: list[Any], says: list[str], switches: Any
) -> None:
    lines = [got("/workspaces", [], headers=each) for each in limits]
    assert learnt(tmp_path, *lines) == (says, switches, None)
