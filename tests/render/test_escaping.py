"""Text as Markdown: read back with a Markdown parser."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from publer_sync.render.layout.escaping import escaped, escaped_inline, escaped_line
from publer_sync.values.printable import one_line

GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ANY_TEXT = st.text() | st.text(
    st.sampled_from("@#`*_~[]()<>!|\\\n\r -+=.:1agh&$\x1b\u202e\u200d"), max_size=40
)


@given(ANY_TEXT)
@example("<!-- <script>alert(1)</script> -->")
@example("```\ncode")
@example("    code")
@example("1. one\n2) two\n- three\n+ four\n===\n---\n# five")
@example("[a](http://b) ![c](d) <http://e> [f]: g\n| h | i |\n| - | - |")
@example("a\\")
def test_markdown_shows_a_text_and_does_nothing_else(text: str) -> None:
    html = GFM.render(escaped(text))
    assert set(re.findall(r"</?(\w+)", html)) <= {"p"}
    assert "<!--" not in html


@given(ANY_TEXT)
@example("@all #12 GH-7 https://example.com www.example.com mailto:a@b.c me@example.com :tada: xmpp:a")
def test_markdown_pings_nobody_and_links_nothing(text: str) -> None:
    shown = GFM.renderInline(escaped(text)).replace("&amp;", "&")
    assert not re.search(r"[@#]\w", shown)
    assert not re.search(r"(?i)\b(?:https?|ftp|mailto|xmpp):[^\s\u2060]|www\.\w|\bgh-\d|:[\w+-]+:", shown)


@given(ANY_TEXT)
def test_markdown_loses_no_letter(text: str) -> None:
    shown = "".join(token.content for token in (GFM.parseInline(escaped_line(text))[0].children or ()))
    bare = str.maketrans("", "", "\u2060\u00a0 \u00b6")
    assert shown.translate(bare) == one_line(text).translate(bare)


@given(ANY_TEXT)
@example("a | b \\| c \\")
@example("one\ntwo")
def test_a_text_stays_in_its_table_cell(text: str) -> None:
    table = f"| a | b | c |\n| - | - | - |\n| 1 | {escaped_line(text)} | {escaped_inline(text)} |\n"
    html = GFM.render(table)
    assert html.count("<td>") == 3
    assert html.count("<tr>") == 2


def test_a_piece_of_a_sentence_keeps_the_white_space_at_its_ends() -> None:
    assert [escaped_inline(text) for text in (" a*b ", "", "\n", "#")] == [r" a\*b ", "", " ¶ ", "#\u2060"]
    assert [escaped_inline(text) for text in ("  a   ", "a", "  ")] == [" a ", "a", " "]
