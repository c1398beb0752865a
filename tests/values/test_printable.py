"""Text from outside, made safe to print."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from publer_sync.values.printable import one_line, printable, printable_line, without_commands
from tests.tables import each_of

ANY_TEXT = st.text() | st.text(
    st.sampled_from("@#`*_~[]()<>!|\\\n\r -+=.:1agh&$\x1b\u202e\u200d"), max_size=40
)


@given(ANY_TEXT)
@example("\x1b]0;title\x07\x9b31m")
@example("\ud83d half")
@example("a\u2028b\x85c")
def test_nothing_in_a_text_can_drive_a_terminal(text: str) -> None:
    safe = printable(text)
    assert not [c for c in safe if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(safe) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    safe.encode()
    assert "\n" not in one_line(text)


@each_of("text", ["👨‍👩‍👧 ❤️ 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خواهم", "Åse — “œuvre” 日本語", "e\u0301"])
def test_ordinary_writing_passes_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_an_escape_sequence_is_shown_instead_of_done() -> None:
    assert printable("\x1b[31mred\r\nnext\ttab\x9b") == "␛[31mred\nnext tab\N{REPLACEMENT CHARACTER}"


@given(ANY_TEXT | st.text(st.sampled_from(": \n#[ads")))
@example("  ::add-mask::x")
@example("\u3000::x")
@example("##[add-mask]x")
def test_no_line_is_a_command_to_a_workflow_runner(text: str) -> None:
    """The runner looks past white space in front, and for `##[` anywhere."""
    for line in without_commands(printable(text)).split("\n"):
        assert not line.strip().startswith("::")
        assert "##[" not in line


@each_of(
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
