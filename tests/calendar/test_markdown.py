"""A post in a Markdown file: what is its front matter, what its text, and what is neither."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar import files
from publer_sync.calendar.load import read
from tests.calendar.calendars import judged
from tests.conftest import run_here
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.calendar.document import Document

KEYS = "---\nat: 2027-03-01 09:00\naccounts: x\n"


def markdown(text: str) -> Document:
    return files.parse(text, "a.md", path=Path("a.md"), kind="markdown")


def found(document: Document) -> list[tuple[str, int]]:
    return [(each.code, each.location.line) for each in document.problems if each.location]


@each_of(
    "text",
    [
        "Hello", "# Hello #hash", "One\n\n---\n\nTwo", "---\nend: yes", "A title\n=======\n\nWords",
        "at: noon, we open", ">>>>>>>", "One\n\n---\ntitle: 5 ways\nto bake", "---\nat: noon we open the doors",
        "One\n\n---\ntitle: 5 ways\nto bake\n---\nmore", "One\n\n---\n  at: 2027-03-02\n---\nmore",
    ],
)  # fmt: skip
def test_whatever_stands_below_the_front_matter_is_the_text(text: str) -> None:
    document = markdown(f"{KEYS}---\n{text}\n")
    assert document.problems == ()
    assert document.data is not None
    assert document.data["text"].strip() == text


def test_a_merge_conflict_in_the_text_is_an_error_at_its_line() -> None:
    document = markdown(f"{KEYS}---\nHello\n\n<<<<<<< HEAD\nA lamp\n=======\nA light\n>>>>>>> lights\n")
    assert found(document) == [("yaml.conflict", 7)]


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", ">>>>>>> lights"])
def test_a_marker_that_was_left_of_a_merge_is_an_error_too(line: str) -> None:
    assert found(markdown(f"{KEYS}---\nHello\n{line}\n")) == [("yaml.conflict", 6)]


@pytest.mark.parametrize("end", ["---\nWorld\n", "", "labels:\n- a\n\n---\nWorld\n"])
def test_a_second_post_in_a_file_is_an_error_where_it_starts(end: str) -> None:
    for post in (KEYS, KEYS.replace("---\n", "---\nid: b\n") if end else KEYS):
        document = markdown(f"{KEYS}---\nHello\n\n{post}{end}")
        assert found(document) == [("markdown.second", 7)]
        assert document.data is not None
        assert document.data["text"].strip() == "Hello"


@each_of(
    ("text", "line"),
    [
        ("\nHello\n", 5), ("Hello\n", 4), ("\nOur lamp is here: look\n", 5), ("\nHello\n\n---\n\nMore\n", 5),
        ("labels:\n- a\n\n# Hello\n", 7), ("# a note\n\nHello\n", 6), ("", 4),
    ],
)  # fmt: skip
def test_front_matter_that_is_not_closed_is_an_error_where_the_text_begins(text: str, line: int) -> None:
    """Its keys never become words that are published, and the mistake comes with no fix."""
    document = markdown(KEYS + text)
    assert found(document) == [("markdown.front", line)]
    assert [problem.fix for problem in document.problems] == [None]
    assert document.data is not None
    assert document.data["accounts"] == "x"
    assert "accounts" not in document.data.get("text", "")


def test_a_mistake_in_the_front_matter_is_told_beside_one_that_is_not_closed() -> None:
    document = markdown(f"{KEYS}text: a: b\n\nHello\n")
    assert found(document) == [("yaml.colon", 4), ("markdown.front", 6), ("yaml.twice", 6)]
    document = markdown(f"{KEYS}labels without a colon\n\nHello\n")
    assert found(document) == [("yaml.indent", 4), ("markdown.front", 6)]


@each_of(
    ("text", "code"),
    [
        ("# Hello\n", "markdown.front"),
        ("", "markdown.front"),
        (f"{KEYS}text: a\n---\nb\n", "yaml.twice"),
        ("---\n- a\n---\nb\n", "key.type"),
        ("---\nwords\n---\nb\n", "key.type"),
        ("---\nHello there\n", "markdown.front"),
        ("\n\n\u2014\nat: 2027-03-01 09:00\n\u2014\nb\n", "markdown.front"),
    ],
)
def test_a_markdown_file_that_is_no_post_is_an_error(text: str, code: str) -> None:
    assert [each for each, _ in found(markdown(text))] == [code]


def test_an_empty_line_above_the_second_fence_ends_nothing() -> None:
    document = markdown(f"{KEYS}\n---\nHello\n")
    assert document.problems == ()
    assert document.data is not None
    assert document.data["text"] == "Hello\n"


def test_a_file_whose_front_matter_is_empty_is_a_post_that_lacks_all_keys() -> None:
    document = markdown("---\n---\nHello\n")
    assert (document.problems, document.data) == ((), {"text": "Hello\n"})


def test_a_problem_of_the_words_is_told_in_its_own_line(top: Path) -> None:
    words = f"Hello\n\nGrÃ¼ÃŸe, see http://localhost\n\n{'words ' * 60}\n"
    (top / "a.md").write_text(f"{KEYS}---\n\n{words}", encoding="utf-8")
    places = {each.code: str(each.location) for each in judged(read(top))}
    assert places == {"text.mojibake": "a.md:8", "link.local": "a.md:8", "x.text.length": "a.md:10"}


def test_a_problem_of_a_text_among_the_keys_is_told_in_its_own_line(top: Path) -> None:
    keys = "---\ntext: |\n  Hello\n\n  Grü\u00df, see http://localhost\nat: 2027-03-01 09:00\naccounts: x\ndraft: true\n---\n"
    (top / "a.md").write_text(keys, encoding="utf-8")
    assert {each.code: str(each.location) for each in judged(read(top))} == {"link.local": "a.md:5"}


# --- the lines around the keys ------------------------------------------------------------------------------------------

INNER = "at: 2027-03-01 09:00\naccounts: x\nnote: |\n  ***\nlabels:\n-\n  a\n"


def errors(top: Path, *options: str) -> list[tuple[int, str]]:
    ran = run_here(["validate", top, *options, "--format", "json"], {})
    return [(each["line"], each["message"]) for each in json.loads(ran.stdout)["problems"]]


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("\u2014", "em dash"), ("\u2013--", "en dash, hyphen-minus"), ("\u2014-", "em dash, hyphen-minus"), ("----", "hyphen-minus"),
        ("--", "hyphen-minus"), ("***", "asterisk"), ("===", "equals sign"), ("\u2212\u2212\u2212", "minus sign"),
    ],
)  # fmt: skip
def test_what_a_word_processor_makes_of_the_line_is_named_and_fixed(top: Path, sign: str, name: str) -> None:
    file = top / "a.md"
    for first, last in ((sign, sign), (sign, "---"), ("---", sign)):
        file.write_text(f"{first}\n{INNER}{last}\n\nHello\n{sign}\nmore\n", encoding="utf-8")
        wrong = [number for number, line in ((1, first), (9, last)) if line != "---"]
        message = f'"{sign}" ({name}) is not ---: the keys of a post stand between two lines of three hyphens'
        assert errors(top) == [(number, message) for number in wrong]
        assert errors(top, "--fix", "--yes") == []
        assert file.read_text(encoding="utf-8") == f"---\n{INNER}---\n\nHello\n{sign}\nmore\n"


def test_empty_lines_above_it_are_removed(top: Path) -> None:
    file = top / "a.md"
    file.write_text(f"\n\n---\n{INNER}---\n\nHello\n", encoding="utf-8")
    assert [line for line, _ in errors(top)] == [3]
    assert errors(top, "--fix", "--yes") == []
    assert file.read_text(encoding="utf-8") == f"---\n{INNER}---\n\nHello\n"


@pytest.mark.parametrize(
    "text", ["\u2014\nHello\n", "***\n\nHello: you\n", f"{INNER}\nHello\n", "# A title\n\n---\n"]
)
def test_a_file_without_keys_is_told_where_they_belong(top: Path, text: str) -> None:
    (top / "a.md").write_text(text, encoding="utf-8")
    assert errors(top) == [(1, "this file does not start with the keys of a post, between two lines ---")]
