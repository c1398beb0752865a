"""What is left out of an answer, and that it says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from publer_sync.assisting import answers
from publer_sync.assisting.answers import (
    MOST_BESIDE,
    MOST_DATA,
    MOST_INNER,
    MOST_TEXT,
    cut_string,
    cut_text,
    harmless,
    paged,
)
from tests.tables import each_of


def answer_of(document: Any, **page: int) -> Any:
    return paged(document, "entries", **page)


def test_a_page_ends_where_the_next_begins_and_every_entry_is_on_one() -> None:
    document: Any = {"name": "all", "entries": [{"number": number} for number in range(120)]}
    seen: list[Any] = []
    offset = 0
    for _ in range(3):
        answer, page = answer_of(document, offset=offset)
        seen += answer["entries"]
        assert answer["name"] == "all"
        offset = page.next_offset or 0
    assert seen == document["entries"]
    assert answer["page"] == {"offset": 100, "shown": 20, "total": 120, "next_offset": None}
    assert page.note("entries") == "Entries 101 to 120 of 120."


def test_a_page_of_long_entries_has_fewer_of_them_and_one_at_least() -> None:
    document = {"entries": [{"text": "long " * 700} for _ in range(50)]}
    answer, page = answer_of(document)
    assert 1 < page.shown < 50
    assert page.next_offset == page.shown
    assert len(json.dumps(answer)) < MOST_DATA + 5_000
    huge = {"entries": [{"parts": [{"text": "long " * 2_000} for _ in range(100)]}]}
    answer, page = answer_of(huge)
    assert page.shown == 1
    assert len(json.dumps(answer)) < MOST_DATA
    assert "more characters)" in json.dumps(answer)


def test_other_lists_are_cut_and_counted() -> None:
    document = {"entries": [], "warnings": ["one"] * 30, "few": ["one"] * 3}
    answer, _ = answer_of(document)
    assert answer["left_off"] == {"warnings": 30 - MOST_BESIDE}
    assert (len(answer["warnings"]), len(answer["few"])) == (MOST_BESIDE, 3)


def test_a_long_list_within_an_entry_says_how_many_more_there_are() -> None:
    answer, _ = answer_of({"entries": [{"days": ["day"] * 365}]})
    assert answer["entries"][0]["days"][-1] == "… (265 more)"


def test_what_is_not_long_is_whole() -> None:
    answer, page = answer_of({"entries": [{"days": ["day"] * MOST_INNER}], "more": ["one"] * MOST_BESIDE})
    assert answer["entries"] == [{"days": ["day"] * MOST_INNER}]
    assert (answer["left_off"], page.note("entries")) == ({}, "")
    answer, page = answer_of({"entries": None})
    assert (answer["entries"], page.total) == ([], 0)
    assert "left out here" not in cut_text("word " * 100_000)


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    lines = [f"line {number}" for number in range(5_000)]
    text = cut_text("\n".join(lines))
    assert len(text) < MOST_TEXT + 100
    assert text.startswith("line 0\nline 1\n")
    assert text.endswith("\nline 4999")
    kept = sum(line in lines for line in text.split("\n"))
    assert f"… ({5_000 - kept:,} lines left out here; ask for less)" in text
    assert len(cut_text("word " * 100_000)) < MOST_TEXT
    assert cut_text("short\n") == "short\n"


@each_of("long, cut", [(199, False), (200, False), (201, True)])
def test_a_text_that_is_as_long_as_it_may_be_is_whole(long: int, cut: bool) -> None:
    assert cut_string("a" * long, 200) == ("a" * 200 + "… (1 more characters)" if cut else "a" * long)


def test_whole_lines_are_left_out_of_the_middle_of_a_text() -> None:
    """A fifth of the room is for the end; what just fits stays."""
    assert cut_text("a\nb\nc", 5) == "a\nb\nc"
    lines = [f"{number:03}" for number in range(10)]
    assert cut_text("\n".join(lines), 39) == "\n".join(lines)
    assert cut_text("\n".join(lines), 38) == (
        "000\n001\n002\n003\n004\n005\n006\n… (2 lines left out here; ask for less)\n009"
    )
    assert (
        cut_text("\n".join(lines), 20) == "000\n001\n002\n003\n… (5 lines left out here; ask for less)\n009"
    )
    assert cut_text("\n".join(lines), 19) == "000\n001\n002\n003\n… (6 lines left out here; ask for less)"


def test_what_is_as_large_as_it_may_be_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(json.dumps({"text": "a" * 10}))
    entries = [{"text": "a" * 10}] * 4
    for most, few in ((2 * size, 2), (2 * size - 1, 1), (1, 1)):
        monkeypatch.setattr(answers, "MOST_DATA", most)
        monkeypatch.setattr(answers, "LENGTHS", (10,))
        _, page = answer_of({"entries": entries})
        assert page.shown == few, most
    whole = len(json.dumps(["one"] * 3))
    for most, few in ((4 * whole, 3), (4 * whole - 4, 2), (1, 1)):
        monkeypatch.setattr(answers, "MOST_DATA", most)
        answer, _ = answer_of({"entries": [], "others": ["one"] * 3})
        assert len(answer["others"]) == few, most
        assert answer["left_off"] == ({"others": 3 - few} if few < 3 else {})
    long = {"text": "a" * 20}
    for most, text in (
        (len(json.dumps(long)), "a" * 20),
        (len(json.dumps(long)) - 1, "a" * 5 + "… (15 more characters)"),
    ):
        monkeypatch.setattr(answers, "MOST_DATA", most)
        monkeypatch.setattr(answers, "LENGTHS", (20, 5))
        answer, _ = answer_of({"entries": [long]})
        assert answer["entries"] == [{"text": text}]


def test_a_page_beyond_the_end_has_no_page_after_it() -> None:
    _, page = answer_of({"entries": [1, 2]}, offset=2)
    assert (page.shown, page.next_offset) == (0, None)
    _, page = answer_of({"entries": [1, 2]}, offset=0, limit=0)
    assert (page.shown, page.next_offset) == (0, None)


def test_a_list_of_parts_within_an_entry_is_cut_without_a_word() -> None:
    answer, _ = answer_of({"entries": [{"parts": [{"number": 1}] * (MOST_INNER + 1)}]})
    assert answer["entries"][0]["parts"] == [{"number": 1}] * MOST_INNER


@each_of("key, is_hidden", [("1234567", False), ("12345678", True)])
def test_a_key_that_is_too_short_to_be_one_hides_nothing(key: str, is_hidden: bool) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PUBLER_API_KEY", key)
        assert harmless(f"x {key}") == ("x (the key)" if is_hidden else f"x {key}")


def test_keys_and_half_characters_leave_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLER_API_KEY", "a-long-secret")
    monkeypatch.setenv("PUBLER_SYNC_STATE_KEY", "first-secret, second-secret")
    value = {"a-long-secret": ["x first-secret y", {"z": "second-secret"}], "half": "\ud83d", "number": 1}
    assert harmless(value) == {
        "(the key)": ["x (the key) y", {"z": "(the key)"}],
        "half": "\N{REPLACEMENT CHARACTER}",
        "number": 1,
    }
