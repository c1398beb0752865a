"""Text from outside, made safe to print."""

from __future__ import annotations

import pytest

from publer_sync.printable import printable_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\x1b[31m\r\n  b\u202e\t\ud800c", "a [31m b c"),
        ("  \u2028 ", ""),
        ("\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
    ],
)
def test_what_could_drive_a_terminal_becomes_a_space(text: str, line: str) -> None:
    assert printable_line(text) == line


def test_a_long_text_is_cut() -> None:
    assert printable_line("x" * 500) == "x" * 399 + "…"
    assert printable_line("x" * 5, 5) == "xxxxx"
