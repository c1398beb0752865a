"""Bodies as bytes and as values: what is not JSON, and what Publer says is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from publer_sync.publer.bodies import (
    Nonsense,
    complaint,
    complaint_in,
    entries,
    glimpse,
    parse,
    rows,
    text_in,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.content import Json


@each_of(
    ("body", "looks"),
    [
        (b"", "an empty answer"),
        (b"  \n", "an empty answer"),
        (b"error code: 1010", '"error code: 1010"'),
        (b"<!DOCTYPE html><html><head><title>Just a\n moment</title>", 'a web page ("Just a moment")'),
        (b"<html>", "a web page"),
        (b'{"posts": [', '"{"posts": ["'),
        (b"\xff\xfe\x00", "\ufffd\ufffd"),
        (b"[" * 100_000, "[[["),
        (b"\x1b[31mred", "[31mred"),
    ],
)
def test_what_is_not_json_is_described_and_never_read_as_empty(body: bytes, looks: str) -> None:
    with pytest.raises(Nonsense) as nonsense:
        parse(body)
    assert looks in str(nonsense.value)
    assert "\x1b" not in str(nonsense.value)


def test_half_an_emoji_becomes_a_text_that_can_be_stored() -> None:
    data = parse(b'{"text": "a \\ud83d b", "list": ["\\udc00"], "whole": "\\ud83d\\ude80", "n": 1}')
    assert data == {"text": "a \ufffd b", "list": ["\ufffd"], "whole": "🚀", "n": 1}
    json.dumps(data, ensure_ascii=False).encode()


@each_of(
    ("data", "sentence"),
    [
        ({"errors": ["one", "two"]}, "one; two"),
        ({"error": "Rate limit exceeded. Retry later."}, "Rate limit exceeded. Retry later."),
        ({"errors": "one"}, "one"),
        ({"success": False, "error": {"code": 7, "message": "one"}}, "one"),
        ({"errors": {"text": ["is too long"], "base": "no"}}, "text: is too long; base: no"),
        ({"errors": [{"message": "one"}, {"error": "two"}]}, "one; two"),
        ({"message": "one"}, "one"),
        (["one"], "one"),
        (["one", " ", "two"], "one; two"),
        ([[[[[["too deep"]]]]]], ""),
        ({"errors": {"a": {"b": {"c": "no"}}}}, "a: b: c: no"),
        ({"errors": {"a": {"b": {"c": {"d": "no"}}}}}, "a: b: c: d: no"),
        ({"errors": {"a": {"b": {"c": {"d": {"e": "no"}}}}}}, ""),
        ({}, ""),
        ({"errors": []}, ""),
        (None, ""),
        ({"error": "a\x1b]0;b\x07\nc"}, "a ]0;b c"),
    ],
)
def test_publers_sentence_is_found_in_every_envelope(data: Json, sentence: str) -> None:
    assert complaint(data) == sentence
    assert complaint_in(json.dumps(data).encode()) == sentence


@each_of(
    ("body", "looks"),
    [
        (b"", ""),
        (b" ", ""),
        (b"Bad gateway", '"Bad gateway"'),
        (b"<html>", "a web page"),
        (b'{"error": "no"}', ""),
    ],
)
def test_an_error_that_is_not_json_is_no_sentence_of_publers(body: bytes, looks: str) -> None:
    assert complaint_in(body) == ("no" if body.startswith(b"{") else "")
    assert glimpse(body) == looks


def test_a_number_is_taken_as_text_and_nothing_else_is() -> None:
    item: dict[str, Json] = {"a": "text", "b": 5, "c": None, "d": [], "e": {}}
    assert [text_in(item, key) for key in ("a", "b", "c", "none")] == ["text", "5", None, None]
    for key in ("d", "e"):
        with pytest.raises(Nonsense, match=f"whose {key} is not text"):
            text_in(item, key)


@each_of(
    ("told", "total"),
    [
        (12, 12),
        ("12", 12),
        (0, 0),
        (True, None),
        (-1, None),
        ("many", None),
        (1.5, None),
        (None, None),
        ({}, None),
    ],
)
def test_a_total_is_a_number_that_can_be_one(told: Json, total: int | None) -> None:
    assert rows({"posts": [], "total": told}, "posts") == ([], total)
    assert rows({"data": {"posts": [], "total": told}}, "posts") == ([], total)


def test_a_list_with_something_else_in_it_is_not_understood() -> None:
    assert entries({"accounts": [{"id": "a"}], "total": 1}, "accounts") == ([{"id": "a"}], 1)
    with pytest.raises(Nonsense, match="a list of accounts with something else in it"):
        entries([{"id": "a"}, "b"], "accounts")
