"""Files as data with places: what is found, what is decoded, and what stays within bounds."""

from __future__ import annotations

import os
import sys
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publer_sync.calendar import files as documents
from publer_sync.calendar.load import read
from publer_sync.calendar.shape.schema import vocabulary
from publer_sync.calendar.yaml import reader as yaml_reader
from publer_sync.calendar.yaml import slips
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.calendar.yaml.reader import Budget
from publer_sync.calendar.yaml.scalars import value_of
from tests.calendar.calendars import judged
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.calendar.document import Document, FileKind
    from publer_sync.values.problems import Problem
    from tests.conftest import Cli

POSTS = "posts:\n- at: 2027-03-01 09:00\n  accounts: x\n  text: |\n    hi\n"


def document(text: str | bytes, tmp_path: Path, name: str = "a.yaml") -> Document:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return documents.read_file(path, name, tmp_path)


def said(found: Document) -> list[tuple[str, int, int]]:
    return [(each.code, each.location.line, each.location.column) for each in found.problems if each.location]


@pytest.mark.story
def test_a_file_that_is_no_text_is_said_soon_and_shortly() -> None:
    began = time.perf_counter()
    document = documents.parse("\0" * 2_000_000, "a.yaml", path=Path("a.yaml"), kind="posts")
    assert 0 < len(document.problems) <= 25
    assert time.perf_counter() - began < 5


# --- finding ----------------------------------------------------------------------------------------------------------


def test_every_yaml_and_markdown_file_is_found_in_order_and_hidden_ones_are_not(tmp_path: Path) -> None:
    names = "b.yaml a.yml z/c.md publer.yaml other/publer.yaml other/e.yaml README.md z/readme.md .hidden.yaml .git/d.yaml notes.txt"
    for name in names.split():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# nothing\n", encoding="utf-8")
    found = documents.read_all(tmp_path)
    assert [each.file for each in found] == ["publer.yaml", "a.yml", "b.yaml", "z/c.md"], (
        "other/ is a calendar of its own"
    )
    assert [each.kind for each in found] == ["settings", "posts", "posts", "markdown"]


def test_a_calendar_below_is_left_alone_and_told(top: Path) -> None:
    for name in ("clients/publer.yaml", "clients/march.yaml", "clients/deep/april.yaml"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text("not a calendar: at all\n", encoding="utf-8")
    problems = [
        problem for problem in judged(read(top)) if problem.location and "clients" in problem.location.file
    ]
    assert [(problem.severity, problem.code) for problem in problems] == [("warning", "calendar.nested")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes")
def test_what_is_no_regular_file_is_never_opened(tmp_path: Path) -> None:
    """Reading a pipe would wait for ever."""
    os.mkfifo(tmp_path / "a.yaml")
    found = documents.read_file(tmp_path / "a.yaml", "a.yaml", tmp_path)
    assert said(found) == [("file.kind", 1, 1)]


def test_a_link_in_a_circle_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "a.yaml")
    (problem,) = documents.read_all(tmp_path)[0].problems
    assert (problem.code, problem.message) in (
        ("file.kind", "a.yaml is not a regular file"),
        ("file.unreadable", "a.yaml cannot be read: a link leads in a circle"),
    )


def test_a_link_to_another_file_of_the_calendar_is_read(tmp_path: Path) -> None:
    document("# a note\n", tmp_path)
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    assert [(each.lines, each.problems) for each in documents.read_all(tmp_path)] == [
        (("# a note", ""), ())
    ] * 2


def test_the_name_of_a_file_tells_what_it_holds(tmp_path: Path) -> None:
    kinds = {"publer.yaml": "settings", "a.yaml": "posts", "sub/publer.yaml": "posts", "b.MD": "markdown"}
    for name, kind in kinds.items():
        assert documents.read_file(tmp_path / name, name, tmp_path, b"text: hi\n").kind == kind


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    name = f"{'a' * 300}.yaml"
    (problem,) = documents.read_file(tmp_path / name, name, tmp_path).problems
    assert (problem.code, problem.message.removeprefix(name)) == (
        "file.unreadable",
        " cannot be read: File name too long",
    )


# --- decoding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "problems"),
    [
        (POSTS.encode(), []),
        (b"\xef\xbb\xbf" + POSTS.encode(), []),
        (POSTS.replace("\n", "\r\n").encode(), []),
        (POSTS.replace("\n", "\r").encode(), []),
        *((POSTS.encode(codec), [("yaml.encoding", 1, 1)]) for codec in ("utf-16", "utf-16-le", "utf-16-be")),
        (POSTS.replace("hi", "灯" * 200).encode("utf-16"), [("yaml.encoding", 1, 1)]),
        (POSTS.replace("hi", "grüße").encode("latin-1"), [("yaml.encoding", 5, 7)]),
        (POSTS.replace("hi", "grüße “zitiert”").encode("cp1252"), [("yaml.encoding", 5, 7)]),
        (POSTS.replace("hi", "h?").encode().replace(b"?", b"\xed\xa0\xbd"), [("yaml.encoding", 5, 6)]),
        (POSTS.replace("hi", "a\x07b").encode(), [("yaml.character", 5, 6)]),
        (POSTS.replace("hi", "a\u2028b\x85c").encode(), [("yaml.character", 5, 6), ("yaml.character", 5, 8)]),
        (POSTS.replace("hi", "a\ufeffb").encode(), [("yaml.character", 5, 6)]),
    ],
)
def test_bytes_that_are_not_plain_utf_8_are_named_by_line_and_column_and_the_rest_is_read(
    tmp_path: Path, raw: bytes, problems: list[tuple[str, int, int]]
) -> None:
    found = document(raw, tmp_path)
    assert said(found) == problems
    assert found.data is not None
    assert found.data["posts"][0]["at"] == "2027-03-01 09:00"


def test_a_byte_that_is_no_letter_in_any_encoding_is_a_question(tmp_path: Path) -> None:
    found = document(POSTS.replace("hi", "a\xe4\xadb\x81").encode("latin-1"), tmp_path)
    assert found.data is not None
    assert found.data["posts"][0]["text"] == "aä?b?\n"


@pytest.mark.parametrize(
    ("raw", "guess"),
    [
        ("grüße".encode("latin-1"), "; it looks like Latin-1 (byte 0xfc)"),
        ("grüße “zitiert”".encode("cp1252"), "; it looks like Windows-1252 (byte 0xfc)"),
        ("grü".encode() + "ße".encode("latin-1"), " (byte 0xdf)"),
        (b"\x81", "; it looks like Windows-1252 (byte 0x81)"),
    ],
)
def test_a_file_in_another_encoding_is_one_error_that_names_it(
    cli: Cli, tmp_path: Path, raw: bytes, guess: str
) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Us}\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_bytes(POSTS.encode().replace(b"hi", raw))
    ran = cli("validate", "--format", "concise")
    (line,) = [line for line in ran.stdout.splitlines() if "a.yaml:" in line]
    assert (ran.code, f"this file is not UTF-8{guess}; save it as UTF-8" in line) == (3, True)


# --- scalars ----------------------------------------------------------------------------------------------------------


@each_of(
    ("text", "value"),
    [
        ("10:30", "10:30"), ("no", "no"), ("2027-03-02", "2027-03-02"), ("1_000", "1_000"), ("true", True),
        ("Null", None), ("~", None), ("12", 12), ("007", 7), ("0x1F", 31), ("1.5e3", 1500.0), ("1e999", "1e999"),
        (".nan", ".nan"), ("9" * 5000, "9" * 5000),
    ],
)  # fmt: skip
def test_plain_words_are_read_as_json_schema_sees_them(text: str, value: Any) -> None:
    read = value_of(text)
    assert (read, type(read)) == (value, type(value))


@given(st.text(max_size=50))
def test_reading_a_scalar_never_fails(text: str) -> None:
    assert isinstance(value_of(text), str | int | float | None)


# --- places -----------------------------------------------------------------------------------------------------------


def test_every_key_and_item_knows_its_place(tmp_path: Path) -> None:
    data = document("posts:\n- at: x\n  labels: [a,\n    b]\n", tmp_path).data
    assert isinstance(data, Map)
    post = data["posts"][0]
    assert isinstance(post["labels"], Seq)
    assert (post.marks["labels"].key_line, post.marks["labels"].column) == (3, 11)
    assert [(mark.line, mark.column) for mark in post["labels"].marks] == [(3, 12), (4, 5)]


def test_places_after_a_mistake_count_from_the_top_of_the_file(tmp_path: Path) -> None:
    data = document("posts:\n- at: a: b\n- at: c\n  text: d\n", tmp_path).data
    assert data is not None
    assert data["posts"][1].marks["text"].key_line == 4
    assert data["posts"][0].broken == {"at"}


def test_an_anchor_may_be_used_across_posts_and_survives_a_mistake_between_them(tmp_path: Path) -> None:
    text = "posts:\n- labels: &l [a]\n- text: a: b\n- labels: *l\n"
    found = document(text, tmp_path)
    assert said(found) == [("yaml.colon", 3, 10)]
    assert found.data is not None
    assert found.data["posts"][2]["labels"] == ["a"]


# --- bounds -----------------------------------------------------------------------------------------------------------

LAUGHS = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)
MERGES = "a: &a {" + ",".join(f"k{n}: 1" for n in range(2000)) + "}\nb:\n" + "- {<<: *a}\n" * 2000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (LAUGHS, "yaml.size"),
        (MERGES, "yaml.size"),
        ("a:\n" + "".join("  " * n + "- a:\n" for n in range(1, 300)), "yaml.size"),
        ("[" * 60 + "]" * 60, "yaml.size"),
        ("a: " + "[" * 100_000, "yaml.start"),
    ],
    ids=["laughs", "merges", "levels", "closed", "open"],
)
def test_a_file_that_would_grow_without_end_is_refused_soon_and_in_little_memory(
    tmp_path: Path, text: str, code: str
) -> None:
    start = time.process_time()
    tracemalloc.start()
    found = document(text, tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [each.code for each in found.problems] == [code]
    assert peak < 100_000_000
    assert time.process_time() - start < 20


def test_the_bound_of_copies_belongs_to_one_file(tmp_path: Path) -> None:
    budget = Budget()
    (tmp_path / "a.yaml").write_text(LAUGHS, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("posts:\n- labels: &l [a]\n- labels: *l\n", encoding="utf-8")
    found = [
        documents.read_file(tmp_path / name, name, tmp_path, budget=budget) for name in ("a.yaml", "b.yaml")
    ]
    assert [[each.code for each in document.problems] for document in found] == [["yaml.size"], []]


def test_an_empty_file_holds_no_posts(tmp_path: Path) -> None:
    assert said(document(b"", tmp_path)) == []


def test_a_file_of_just_so_many_bytes_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 10)
    assert [said(document("#" * size, tmp_path)) for size in (10, 11)] == [[], [("file.size", 1, 1)]]


def test_a_file_of_more_than_8_mb_is_not_read(tmp_path: Path) -> None:
    assert said(document(b"# " + b"x" * documents.MAX_BYTES, tmp_path)) == [("file.size", 1, 1)]
    problems: list[Problem] = []
    assert documents.decoded(tmp_path / "a.yaml", "a.md", None, problems) == ("", b"")
    assert [each.code for each in problems] == ["file.size"]


def test_a_calendar_of_too_many_values_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POSTS, encoding="utf-8")
    found = documents.read_file(tmp_path / "a.yaml", "a.yaml", tmp_path, budget=Budget(nodes=3))
    assert [each.code for each in found.problems] == ["yaml.size"]
    assert yaml_reader.MAX_NODES > 10_000 * 100


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "posts:\n", "- ", "  ", "\n", "text: ", "|", ">", "&a ", "*a", "[", "]", "{", "}", ", ", ": ", "#", " #x",
            "'", '"', "\t", "---\n", "? ", "! ", "<<: ", "words", "10:30", "\\", "%", "@", "\u2028", "é", "🚀",
            "at: 2027-03-01\n",
        ]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(FRAGMENTS)
def test_whatever_stands_in_a_file_reading_it_ends_in_data_or_problems(text: str) -> None:
    found = documents.parse(text, "a.yaml", path=Path("a.yaml"), kind="posts")
    assert found.data is not None or found.problems
    assert all(each.location and 1 <= each.location.line <= len(found.lines) for each in found.problems)
    assert all(each.message.isprintable() for each in found.problems)


def test_levels_past_the_bound_are_refused_and_those_below_it_are_not(tmp_path: Path) -> None:
    for levels, expected in ((49, []), (50, ["yaml.size"])):
        found = document(f"posts: {'[' * levels}{']' * levels}\n", tmp_path)
        assert [each.code for each in found.problems] == expected


# --- slips of the keyboard ------------------------------------------------------------------------------------------

NBSP = "\u00a0"
GOOD = POSTS.replace("hi", "hi\n\n    there")


def parsed(text: str, kind: FileKind = "posts") -> Document:
    return documents.parse(text, "a.yaml", path=Path("a.yaml"), kind=kind)


@each_of(
    ("right", "wrong"),
    [
        ("accounts: x", f"accounts:{NBSP}x"),
        ("accounts: x", f"accounts: x{NBSP}"),
        ("accounts: x", f"accounts: {NBSP}x"),
        ("accounts: x", f"accounts{NBSP}: x"),
        ("  accounts: x", f" {NBSP}accounts: x"),
        ("  accounts: x", "\u3000\u3000accounts: x"),
        ("- at", f"-{NBSP}at"),
        (" 09:00", "\u202f09:00"),
        ("    there", f"  {NBSP} there"),
    ],
)
def test_a_space_of_another_kind_is_named_and_hides_nothing(right: str, wrong: str) -> None:
    assert right in GOOD
    text = GOOD.replace(right, wrong)
    found = parsed(text)
    (problem,) = found.problems
    assert problem.code == "yaml.character"
    assert problem.location is not None
    assert not text.split("\n")[problem.location.line - 1][problem.location.column - 1].isascii()
    assert found.data is not None
    assert found.data["posts"][0]["text"] == "hi\n\nthere\n"
    assert found.data["posts"][0]["at"] == "2027-03-01 09:00"
    assert "\n".join(found.written) == text
    assert problem.fix is not None
    lines = text.split("\n")
    lines[problem.fix.start_line - 1] = problem.fix.text
    assert parsed("\n".join(lines)).problems == ()


@each_of("words", [f"Prix{NBSP}: 5{NBSP}€{NBSP}", f"{NBSP}{NBSP}at:{NBSP}5", "Größe\u3000x"])
def test_such_a_space_in_the_words_of_a_text_is_one_of_them(words: str) -> None:
    found = parsed(POSTS.replace("hi", words) + f"  title: Prix{NBSP}5\n")
    assert found.problems == ()
    assert found.data is not None
    assert found.data["posts"][0]["text"] == words + "\n"


def test_a_colon_of_french_does_not_have_a_file_looked_through() -> None:
    assert not slips.has_odd_spaces(POSTS.replace("hi", f"Prix{NBSP}: 5{NBSP}€"), vocabulary())
    assert slips.has_odd_spaces(POSTS.replace("accounts", f"accounts{NBSP}"), vocabulary())


def test_a_body_in_markdown_is_no_yaml() -> None:
    found = parsed(f"---\nat:{NBSP}2027-03-01 09:00\n---\n{NBSP}at:{NBSP}x\n", kind="markdown")
    assert [each.code for each in found.problems] == ["yaml.character"]
    assert found.data is not None
    assert found.data["text"] == f"{NBSP}at:{NBSP}x\n"


@given(st.text(alphabet=f"at: -\n\t|{NBSP}\u3000–：{{}}[]'x#", max_size=60))
def test_no_line_is_mended_for_ever(text: str) -> None:
    assert len(parsed(f"posts:\n- at: 1\n{text}").lines) == text.count("\n") + 3


def test_a_stray_quote_below_an_empty_text_is_said_in_its_line(tmp_path: Path) -> None:
    found = document(POSTS.replace("    hi\n", "'hi\n"), tmp_path)
    assert [each.code for each in found.problems] == ["yaml.indent"]
