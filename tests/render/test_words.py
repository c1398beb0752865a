"""Text made harmless, measured, cut, dated and compared."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from publer_sync.render.words import (
    Dates,
    cut,
    duration,
    first_words,
    markdown,
    markdown_inline,
    markdown_line,
    one_line,
    plain,
    seconds,
    sentence,
    untangle,
    utc,
    width,
    word_diff,
)

GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ANY_TEXT = st.text() | st.text(
    st.sampled_from("@#`*_~[]()<>!|\\\n\r -+=.:1agh&$\x1b\u202e\u200d"), max_size=40
)


# --- harmless -------------------------------------------------------------------------------------------------------


@given(ANY_TEXT)
@example("\x1b]0;title\x07\x9b31m")
@example("\ud83d half")
@example("a\u2028b\x85c")
def test_nothing_in_a_text_can_drive_a_terminal(text: str) -> None:
    safe = plain(text)
    assert not [c for c in safe if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(safe) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    safe.encode()
    assert "\n" not in one_line(text)


@pytest.mark.parametrize("text", ["👨‍👩‍👧 ❤️ 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خواهم", "Åse — “œuvre” 日本語", "e\u0301"])
def test_ordinary_writing_passes_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_an_escape_sequence_is_shown_instead_of_done() -> None:
    assert plain("\x1b[31mred\r\nnext\ttab\x9b") == "␛[31mred\nnext tab\N{REPLACEMENT CHARACTER}"


@given(ANY_TEXT | st.text(st.sampled_from(": \n#[ads")))
@example("  ::add-mask::x")
@example("\u3000::x")
@example("##[add-mask]x")
def test_no_line_is_a_command_to_a_workflow_runner(text: str) -> None:
    """The runner looks past white space in front, and for `##[` anywhere."""
    for line in untangle(plain(text)).split("\n"):
        assert not line.strip().startswith("::")
        assert "##[" not in line


# --- Markdown -------------------------------------------------------------------------------------------------------


@given(ANY_TEXT)
@example("<!-- <script>alert(1)</script> -->")
@example("```\ncode")
@example("    code")
@example("1. one\n2) two\n- three\n+ four\n===\n---\n# five")
@example("[a](http://b) ![c](d) <http://e> [f]: g\n| h | i |\n| - | - |")
@example("a\\")
def test_markdown_shows_a_text_and_does_nothing_else(text: str) -> None:
    html = GFM.render(markdown(text))
    assert set(re.findall(r"</?(\w+)", html)) <= {"p"}
    assert "<!--" not in html


@given(ANY_TEXT)
@example("@all #12 GH-7 https://example.com www.example.com mailto:a@b.c me@example.com :tada: xmpp:a")
def test_markdown_pings_nobody_and_links_nothing(text: str) -> None:
    shown = GFM.renderInline(markdown(text)).replace("&amp;", "&")
    assert not re.search(r"[@#]\w", shown)
    assert not re.search(r"(?i)\b(?:https?|ftp|mailto|xmpp):[^\s\u2060]|www\.\w|\bgh-\d|:[\w+-]+:", shown)


@given(ANY_TEXT)
def test_markdown_loses_no_letter(text: str) -> None:
    shown = "".join(token.content for token in (GFM.parseInline(markdown_line(text))[0].children or ()))
    bare = str.maketrans("", "", "\u2060\u00a0 \u00b6")
    assert shown.translate(bare) == one_line(text).translate(bare)


@given(ANY_TEXT)
@example("a | b \\| c \\")
@example("one\ntwo")
def test_a_text_stays_in_its_table_cell(text: str) -> None:
    table = f"| a | b | c |\n| - | - | - |\n| 1 | {markdown_line(text)} | {markdown_inline(text)} |\n"
    html = GFM.render(table)
    assert html.count("<td>") == 3
    assert html.count("<tr>") == 2


def test_a_piece_of_a_sentence_keeps_the_white_space_at_its_ends() -> None:
    assert [markdown_inline(text) for text in (" a*b ", "", "\n", "#")] == [r" a\*b ", "", " ¶ ", "#\u2060"]


# --- measured -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("abc", 3),
        ("日本", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("🎉", 2),
        ("👨‍👩‍👧", 2),
        ("❤️", 2),
        ("👍🏽", 2),
        ("🇳🇴", 2),
    ],
)
def test_width_is_what_a_terminal_gives_it(text: str, columns: int) -> None:
    assert width(text) == columns


@given(st.text(), st.integers(2, 30))
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, columns: int) -> None:
    short = cut(text, columns)
    assert width(short) <= columns
    assert short == text or short.endswith("…")


@pytest.mark.parametrize(
    ("text", "columns", "short"),
    [
        ("Presents that still work", 16, "Presents that…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("One, two", 6, "One…"),
        ("日本語日本語", 7, "日本語…"),
        ("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…"),
    ],
)
def test_a_text_is_cut_at_a_word_where_one_is_near(text: str, columns: int, short: str) -> None:
    assert cut(text, columns) == short


def test_first_words_show_line_breaks_as_a_mark() -> None:
    assert first_words("  One\n\n two", 20) == "One ¶ two"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("no file a.jpg", "No file a.jpg."),
        ("x has two posts", "x has two posts."),
        ("may.yaml is gone", "may.yaml is gone."),
        ("Is it?", "Is it?"),
        ("", ""),
    ],
)
def test_a_message_becomes_a_sentence(message: str, said: str) -> None:
    assert sentence(message) == said


# --- dated ----------------------------------------------------------------------------------------------------------


def test_dates_are_in_the_calendars_zone_with_the_year_where_it_is_another() -> None:
    dates = Dates.around("Europe/Oslo", datetime(2026, 11, 24, tzinfo=UTC))
    late = datetime(2026, 12, 31, 23, 30, 40, tzinfo=UTC)
    assert dates.both(late) == "Fri 1 Jan 2027 00:30"
    assert dates.both(late.replace(day=1)) == "Wed 2 Dec 00:30"
    assert dates.old(late.replace(day=1), late.replace(day=2, hour=8)) == "00:30"
    assert dates.old(late.replace(day=1), late.replace(day=3)) == "Wed 2 Dec 00:30"
    assert utc(late.replace(microsecond=9)) == "2026-12-31T23:30:40Z"


@pytest.mark.parametrize(
    ("value", "said"), [(0.4, "0 s"), (41, "41 s"), (60, "1 min"), (352, "5 min 52 s"), (4800, "1 h 20 min")]
)
def test_seconds_as_people_say_them(value: float, said: str) -> None:
    assert seconds(value) == said


@pytest.mark.parametrize(("value", "said"), [("3d", "3 days"), ("1w", "1 week"), ("soon", "soon"), (5, "5")])
def test_durations_as_people_say_them(value: object, said: str) -> None:
    assert duration(value) == said


# --- compared -------------------------------------------------------------------------------------------------------


def told(before: str, after: str, *, whole: bool = False) -> str:
    marks = {"old": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks.get(s.kind, "{}").format(s.text) for s in word_diff(before, after, whole=whole))


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        ("only two of them ours", "only two of them our own", "only two of them [-ours-]{+our own+}"),
        ("a b c", "a x c", "a [-b-]{+x+} c"),
        ("Buy now!", "Buy a lamp now!", "Buy {+a lamp +}now!"),
        ("same", "same", "same"),
        ("", "new", "{+new+}"),
        ("one\ntwo", "one\nthree", "one ¶ [-two-]{+three+}"),
        ("今日は雨です", "今日は雪です", "今日は[-雨-]{+雪+}です"),
        ("red blue green", "one two three", "[-red blue green-]{+one two three+}"),
    ],
)
def test_a_text_is_compared_by_words(before: str, after: str, diff: str) -> None:
    assert told(before, after) == diff


def test_only_the_sentences_around_a_change_are_shown() -> None:
    before = "First sentence stays. We like solder and patience here. The end is far. And it goes on."
    after = before.replace("solder", "copper")
    assert told(before, after) == "… We like [-solder-]{+copper+} and patience here. …"
    assert told(before, after, whole=True) == before.replace("solder", "[-solder-]{+copper+}")


def test_the_middle_of_a_text_that_stays_is_left_out() -> None:
    middle = "This is so. That is so. It is all so, and it goes on being so for a long time. Fine then."
    assert told(f"a. {middle} b", f"c. {middle} d") == "[-a-]{+c+}. … Fine then. [-b-]{+d+}"


@given(
    st.text(st.sampled_from("ab. \n,日🎉"), max_size=30), st.text(st.sampled_from("ab. \n,日🎉"), max_size=30)
)
def test_a_comparison_holds_both_texts(before: str, after: str) -> None:
    spans = word_diff(before, after, whole=True)
    assert same("".join(s.text for s in spans if s.kind != "new"), before)
    assert same("".join(s.text for s in spans if s.kind != "old"), after)


def same(one: str, other: str) -> bool:
    return re.sub(r"[\s¶]", "", one) == re.sub(r"[\s¶]", "", other)


def test_two_long_texts_with_nothing_in_common_are_not_compared_word_by_word() -> None:
    before, after = ("".join(f"{word}{i} " for i in range(40_000)) for word in ("a", "b"))
    assert [len(span.text) for span in word_diff(before, after, whole=True)] == [
        len(before) - 1,
        len(after) - 1,
        1,
    ]
