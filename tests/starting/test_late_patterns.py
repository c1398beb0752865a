"""Patterns that are compiled on first use."""

from __future__ import annotations

import re

import pytest

from publer_sync.starting.late_patterns import late_pattern


def test_it_is_compiled_once_when_something_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    real = re.compile

    def compile_(expression: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(expression)
        return real(expression, flags)

    monkeypatch.setattr(re, "compile", compile_)
    pattern = late_pattern(r"(?P<word>[a-z]+)\d", re.IGNORECASE)
    assert compiled == []
    found = pattern.fullmatch("Ab1")
    assert found is not None
    assert found["word"] == "Ab"
    assert [pattern.sub("-", "a1 b2"), pattern.findall("A1 b2")] == ["- -", ["A", "b"]]
    assert (pattern.pattern, pattern.groups) == (r"(?P<word>[a-z]+)\d", 1)
    assert compiled[0] == r"(?P<word>[a-z]+)\d"
    assert len(compiled) <= 2, "again at most for what is hardly ever asked"


def test_what_is_wrong_with_an_expression_is_said_on_first_use() -> None:
    with pytest.raises(re.error):
        late_pattern("(").search("x")
