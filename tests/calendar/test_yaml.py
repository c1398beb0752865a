"""Lines taken apart, posts whose dash is missing, and what the YAML room may know."""

from __future__ import annotations

import ast
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar import files, yaml
from publer_sync.calendar.shape import schema
from publer_sync.calendar.shape.schema import vocabulary
from publer_sync.calendar.yaml.lines import Lines, literal, take_apart
from publer_sync.calendar.yaml.nodes import last_line
from publer_sync.calendar.yaml.reader import Budget, Reader, TooMuchError
from publer_sync.calendar.yaml.scalars import quoted, scalar, snippet, value_of
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.calendar.document import Document

POST = "- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    One\n"
SECOND = "  at: 2027-03-02 09:00\n  accounts: x\n  text: |\n    Two\n"


def parsed(text: str) -> Document:
    return files.parse(text, "a.yaml", path=Path("a.yaml"), kind="posts")


def test_the_yaml_room_knows_nothing_of_posts() -> None:
    """It imports problems, late patterns, classes and modules, and itself; what keys mean is handed in."""
    free = ("publer_sync.calendar.yaml", "publer_sync.starting", "publer_sync.values.problems")
    for module in Path(yaml.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            name = node.module if isinstance(node, ast.ImportFrom) else None
            if name is not None and name.startswith("publer_sync"):
                assert name.startswith(free), module


# --- lines ------------------------------------------------------------------------------------------------------------


@each_of(
    ("text", "lead", "key", "value"),
    [
        ("text: hi", "", "text", "hi"),
        ("  - text:  hi  ", "  - ", "text", "hi"),
        ("  text:", "  ", "text", ""),
        ("- a: b: c", "- ", "a", "b: c"),
        ("- words", "- ", "", "words"),
        ("  at:noon", "  ", "", "at:noon"),
        ("https://example.com", "", "", "https://example.com"),
        ("", "", "", ""),
        ("a: b\nc: d", "", "", "a: b\nc: d"),
    ],
)
def test_a_line_is_taken_apart(text: str, lead: str, key: str, value: str) -> None:
    line = take_apart(text)
    assert (line.lead, line.key, line.value) == (lead, key, value)
    assert text[line.start :].startswith(value)


def test_the_lines_of_a_key_are_those_further_in() -> None:
    lines = Lines("a.yaml", (POST + POST).split("\n"), vocabulary())
    assert (lines.end_of(1), lines.end_of(3), lines.owner(4), lines.key_above(5)) == (1, 4, 3, 3)
    assert lines[99].text == ""


@each_of(
    ("value", "words"),
    [
        ('"Hello"', "Hello"),
        ("'It''s'", "It's"),
        ('"Yes" and "no"', '"Yes" and "no"'),
        ('"Hello" she said', '"Hello" she said'),
        ('"He said "hi" to me"', None),
        ('"Hello " she said', None),
        ('"Hi \\" there', None),
        ("|Words", None),
        ('"Hello', None),
        ("'tis", None),
        ('"a \\n b"', None),
        ("> a quotation", None),
        ("| a bar", "a bar"),
        ("@me", "@me"),
    ],
)
def test_words_are_read_as_they_stand_only_where_their_quotes_leave_no_doubt(
    value: str, words: str | None
) -> None:
    assert literal(value, []) == words


@each_of("text", ["a", "a: b", "12.10", "true", "#1", "- a", "it's", '"a"', "a\\b", "", ":0", ":a", "a:b"])
@each_of("place", ["- title: {}", "- {{title: {}}}", "- {{title: {}, at: 9}}"])
def test_a_text_that_is_written_for_yaml_is_read_back(text: str, place: str) -> None:
    for written in (quoted(text), scalar(text)):
        data = parsed(f"posts:\n{place.format(written)}\n").data
        assert data is not None
        assert data["posts"][0]["title"] == text


@each_of(
    ("text", "shown"),
    [
        ("a\n b", '"a b"'),
        ("a\x1b[31mb", '"a\ufffd[31mb"'),
        ("a" * 40, f'"{"a" * 40}"'),
        ("a" * 41, f'"{"a" * 39}…"'),
        ("", '""'),
    ],
)
def test_a_snippet_is_short_and_steers_no_terminal(text: str, shown: str) -> None:
    assert snippet(text) == shown


def test_reading_a_word_and_writing_it_agree_on_what_is_a_text() -> None:
    assert (value_of("12"), scalar("12")) == (12, '"12"')


def test_a_comma_needs_quotes_only_in_brackets() -> None:
    assert (scalar("a, b"), scalar("a, b", flow=False)) == ('"a, b"', "a, b")


@each_of(
    ("text", "value"),
    [
        ("12", 12), ("-5", -5), ("+5", 5), ("0x1F", 31), ("0o17", 15), ("0b1", "0b1"), ("017", 17), ("12a", "12a"), ("-", "-"), ("9" * 18, 10**18 - 1),
        ("1.5", 1.5), (".5", 0.5), ("-1e3", -1000.0), ("1e999", "1e999"), (f"1.{'0' * 37}", 1.0), (f"1.{'0' * 38}", f"1.{'0' * 38}"), (".inf", ".inf"),
        ("10:30", "10:30"), ("2027-03-01", "2027-03-01"), ("no", "no"), ("True", True), ("false", False), ("null", None), ("~", None), ("", None),
    ],
)  # fmt: skip
def test_a_word_without_quotes_is_what_yaml_takes_it_for(text: str, value: object) -> None:
    assert (value_of(text), type(value_of(text))) == (value, type(value))


def test_a_value_ends_on_the_last_line_of_what_is_in_it() -> None:
    data = parsed(
        "a: 1\nb: |\n  x\n  y\nc:\n- d\n- e:\n    f: [1,\n      2]\ng: 'x\n  y'\nh: {}\ni:\nj: [k]\n"
    ).data
    assert data is not None
    ends = {key: last_line(value, data.marks[key]) for key, value in data.items()}
    assert ends == {"a": 1, "b": 4, "c": 9, "g": 11, "h": 12, "i": 13, "j": 14}


# --- a dash that is missing -------------------------------------------------------------------------------------------


@each_of("number", [1, 2])
@each_of("below", ["", "\n"])
def test_a_missing_dash_before_a_post_is_told_there_and_both_posts_are_read(number: int, below: str) -> None:
    document = parsed("posts:\n" + POST + (below + SECOND) * number)
    lines = document.lines
    starts = [n for n, line in enumerate(lines, 1) if line.startswith("  at:")]
    assert [(each.code, each.location and each.location.line) for each in document.problems] == [
        ("yaml.dash", start) for start in starts
    ]
    assert [each.fix and each.fix.text for each in document.problems] == ["- at: 2027-03-02 09:00"] * number
    assert document.data is not None
    assert [post["text"] for post in document.data["posts"]] == ["One\n"] + ["Two\n"] * number


def test_a_dash_is_missed_in_a_file_that_has_other_mistakes() -> None:
    document = parsed(f"posts:\n{POST}{SECOND}- text: a: b\n")
    assert [each.code for each in document.problems] == ["yaml.dash", "yaml.colon"]


def test_one_key_that_comes_twice_starts_no_post() -> None:
    document = parsed(f"posts:\n{POST}  at: 2027-03-02 09:00\n  labels: [a]\n")
    assert [each.code for each in document.problems] == ["yaml.twice"]
    assert document.data is not None
    assert len(document.data["posts"]) == 1


# --- fixes that would guess -------------------------------------------------------------------------------------------


@each_of(
    "line",
    [
        'text: "He said "hi" to me"', 'text: "Hello', "text: 'tis the season", "text: > a quotation", "accounts: @me",
        "labels: [a, {b: c}]", "labels: [*a]",
    ],
)  # fmt: skip
def test_where_the_words_can_mean_two_things_no_fix_is_offered(line: str) -> None:
    document = parsed(f"posts:\n- {line}\n  id: a\n")
    assert [each.fix for each in document.problems] in ([None], [])


@each_of(
    ("value", "shown"),
    [
        (f"@{'a' * 195}", 1),
        (f"@{'a' * 196}", 0),
        ("@a" + "\n    b" * 10, 1),
        ("@a" + "\n    b" * 11, 0),
        ("a" + "\n    b" * 10, 2),
        ("a" + "\n    b" * 11, 0),
        ("```" + "\n    b" * 9 + "\n    ```", 2),
        ("```" + "\n    b" * 10 + "\n    ```", 0),
        (f"{'a' * 188} # 5 bun", 2),
        (f"{'a' * 189} # 5 bun", 1),
        (f"{'a' * 197} # 5 bun", 0),
    ],
)
def test_what_can_be_pasted_is_shown_where_it_is_short(value: str, shown: int) -> None:
    """At most twelve lines of 200 characters; otherwise it is said in words alone."""
    (problem,) = parsed(f"posts:\n- title: {value}\n").problems
    assert problem.help is not None
    assert problem.help.say
    assert len([*filter(None, [problem.help.paste]), *problem.help.ways]) == shown


def test_the_raw_bytes_of_a_file_can_be_had(tmp_path: Path) -> None:
    """For writing into it: the places count in the text without byte order mark, whatever its line ends are."""
    raw = b"\xef\xbb\xbf" + f"posts:\n{POST}".replace("\n", "\r\n").encode()
    (tmp_path / "a.yaml").write_bytes(raw)
    document = files.read_file(tmp_path / "a.yaml", "a.yaml", tmp_path)
    assert document.raw == raw
    assert document.data is not None
    mark = document.data["posts"][0].marks["accounts"]
    assert (mark.line, mark.column) == (3, 13)


@each_of(
    ("line", "code", "fix"),
    [
        ("labels: [a, @b]", "yaml.start", '  labels: [a, "@b"]'),
        ("accounts: [a, @b]", "yaml.start", None),
        ('labels: ["a" b, c]', "yaml.bracket", None),
        ("labels: [a, b", "yaml.bracket", "  labels: [a, b]"),
        ("labels: [a, 'b", "yaml.bracket", None),
        ("at: '10:30' today", "yaml.start", "  at: 10:30 today"),
        ("<<: words", "yaml.merge", None),
        ("? [a]\n  : b", "yaml.key", None),
        ("labels: !x [a]", "yaml.start", None),
        ("text: |Words", "yaml.start", None),
        ("text: Words\n\n  more: than: one", "yaml.colon", None),
        ("title: One\n  Two", "yaml.indent", None),
    ],
)
def test_what_yaml_cannot_read_is_told_in_its_line(line: str, code: str, fix: str | None) -> None:
    document = parsed(f"posts:\n- id: a\n  {line}\n  draft: maybe\n- id: b\n")
    problem = document.problems[0]
    assert (problem.code, problem.fix and problem.fix.text) == (code, fix)
    assert document.data is not None
    assert [post["id"] for post in document.data["posts"]] == ["a", "b"]


def test_a_merge_key_adds_what_is_not_there_yet() -> None:
    document = parsed("posts:\n- &a {id: a, title: A}\n- id: b\n  <<: *a\n")
    assert document.problems == ()
    assert document.data is not None
    assert dict(document.data["posts"][1]) == {"id": "b", "title": "A"}


def test_two_lists_of_posts_in_a_broken_file_are_told() -> None:
    document = parsed("posts:\n- text: a: b\nposts:\n- id: b\n")
    assert "yaml.twice" in [problem.code for problem in document.problems]


@each_of("nodes", [1, 2])
def test_a_calendar_has_as_many_values_as_are_allowed(nodes: int) -> None:
    document = files.parse("posts: []\n", "a.yaml", path=Path("a.yaml"), kind="posts", budget=Budget(nodes))
    assert [each.code for each in document.problems] == ["yaml.size"] * (2 - nodes)


@each_of("copies", [1, 2])
def test_aliases_add_as_many_values_as_are_allowed(copies: int) -> None:
    text = "a: &a [1]\nb: *a\n"
    reader = Reader(Lines("a.yaml", text.split("\n"), vocabulary()), Budget(), copies=copies)
    with pytest.raises(TooMuchError) if copies < 2 else nullcontext():
        assert reader.read(text) == {"a": [1], "b": [1]}


@each_of("depth", [49, 50])
def test_lists_are_as_deep_inside_each_other_as_is_allowed(depth: int) -> None:
    document = parsed(f"posts: []\nx: {'[' * depth}{']' * depth}\n")
    assert [each.code for each in document.problems] == ["yaml.size"] * (depth - 49)


@pytest.mark.slow
def test_a_huge_broken_post_is_read_within_bounds() -> None:
    document = parsed("posts:\n- text: a: b\n" + "  words\n" * 30_000)
    assert document.problems
    assert document.data is not None
    assert document.data["posts"][0].broken


@each_of(
    ("text", "codes"),
    [
        ("posts:\n- text: &b Words\n- labels: [a\n", ["yaml.bracket", "yaml.anchor"]),
        ("posts:\n- text: *b Words\n- labels: [a\n", ["yaml.start", "yaml.bracket"]),
        ("- text: a: b\n- text: c: d\n", ["yaml.colon", "yaml.colon", "key.missing"]),
    ],
)
def test_a_mistake_hides_none_of_another_post(text: str, codes: list[str]) -> None:
    assert [problem.code for problem in parsed(text).problems] == codes


def test_lines_before_the_first_dash_are_never_left_out_in_silence() -> None:
    text = "    alt: A lamp # seen\n  accounts: x\n  text: One\n"
    assert "yaml.indent" in [each.code for each in parsed(f"posts:\n{text}{POST}").problems]


ONE = "at: 2027-03-01 09:00\n{0}accounts: x\n{0}text: |\n{0}  One\n"
BARE, INDENTED = ONE.format(""), "  " + ONE.format("  ")
LAST = "- at: 2027-03-03 09:00\n  accounts: x\n  text: Last\n"


@each_of(
    ("text", "line", "fixed"),
    [
        (INDENTED + LAST, 2, True),
        (f"# one\n\n  # two\n{INDENTED}{LAST}", 5, True),
        (ONE.format("  ") + LAST, 2, True),
        (BARE + LAST, 2, False),
        (INDENTED, 2, True),
        (LAST + "\n  # two\n" + INDENTED + LAST.replace("-03-03", "-03-04"), 7, True),
        (LAST + ONE.format("  ") + LAST.replace("-03-03", "-03-04"), 5, True),
        (LAST + BARE + LAST.replace("-03-03", "-03-04"), 5, False),
        (LAST + "\n" + BARE, 6, False),
        (LAST + "\n  id: one\n" + INDENTED, 7, False),
    ],
)
def test_a_post_without_its_dash_is_one_error_in_its_line(text: str, line: int, fixed: bool) -> None:
    document = parsed("posts:\n" + text)
    (problem,) = [*document.problems, *schema.check(document)]
    assert problem.location is not None
    assert (problem.code, problem.location.line, problem.fix is not None) == ("yaml.dash", line, fixed)
    if problem.fix is not None:
        lines = ("posts:\n" + text).split("\n")
        lines[line - 1] = problem.fix.text
        right = parsed("\n".join(lines))
        assert (right.problems, schema.check(right)) == ((), ())


@each_of(
    ("before", "first", "inside"),
    [(1, 0, 3), (1, 0, 2), (2, 0, 4), (3, 2, 5), (1, 2, 3), (1, 2, 4)],
)
def test_a_dash_that_is_out_of_line_is_one_error_there(before: int, first: int, inside: int) -> None:
    good = "".join(f"{' ' * first}{line}\n" for line in LAST.splitlines())
    odd = f"{' ' * before}- {ONE.format(' ' * inside)}"
    text = f"posts:\n{good}{odd}"
    document = parsed(text)
    (problem,) = [*document.problems, *schema.check(document)]
    assert problem.location is not None
    assert problem.help is not None
    assert problem.fix is not None
    assert (problem.code, problem.location.line) == ("yaml.indent", 5)
    assert problem.help.say == (f"Indent it {first} spaces" if first else "Remove the spaces before it")
    lines = text.split("\n")
    lines[problem.fix.start_line - 1 : problem.fix.end_line] = problem.fix.text.split("\n")
    right = parsed("\n".join(lines))
    assert (right.problems, schema.check(right)) == ((), ())
    assert right.data is not None
    assert [post["text"] for post in right.data["posts"]] == ["Last", "One\n"]


def test_a_post_alone_in_a_file_is_one_error_that_names_the_list() -> None:
    document = parsed(BARE)
    (problem,) = [*document.problems, *schema.check(document)]
    assert (problem.code, problem.message) == ("key.missing", "a calendar file needs `posts`")
    assert str(problem.help).startswith('Put a line posts: above the post and "- " in front of it')
