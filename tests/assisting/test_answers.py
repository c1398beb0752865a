"""What is left out of an answer, and that it says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from publer_sync.assisting.answers import (
    MOST_BESIDE,
    MOST_DATA,
    MOST_INNER,
    MOST_TEXT,
    cut_text,
    harmless,
    paged,
)

if TYPE_CHECKING:
    import pytest


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


def test_keys_and_half_characters_leave_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLER_API_KEY", "a-long-secret")
    monkeypatch.setenv("PUBLER_SYNC_STATE_KEY", "first-secret, second-secret")
    value = {"a-long-secret": ["x first-secret y", {"z": "second-secret"}], "half": "\ud83d", "number": 1}
    assert harmless(value) == {
        "(the key)": ["x (the key) y", {"z": "(the key)"}],
        "half": "\N{REPLACEMENT CHARACTER}",
        "number": 1,
    }
