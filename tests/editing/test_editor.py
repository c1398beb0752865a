"""An edit changes the lines of its post alone, and the file reads back as it should, whatever the layout."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publer_sync.calendar.files import parse
from publer_sync.editing import layout
from publer_sync.editing.editor import Reason, Unwritable, comparable, edited
from publer_sync.editing.edits import Append, Arrange, Drop, Edit, Put, paste_of
from publer_sync.editing.source import Source, Splice
from publer_sync.editing.writing import Noted, inline, needs_codes
from publer_sync.values.model import normal_text
from publer_sync.values.problems import Fix
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.calendar.document import Document, FileKind
    from publer_sync.calendar.yaml.nodes import Seq

NASTY = (
    "#first word",
    "no",
    "10:30",
    "null",
    "1e3",
    "---",
    "...",
    "a: b",
    "a #b",
    "'quotes' and \"double\"",
    "back\\slash",
    "[x, y]",
    "{a: b}",
    "& anchor",
    "*alias",
    "> folded",
    "| bar",
    "- item",
    "? key",
    "!tag",
    "%YAML 1.2",
    "@someone",
    "`code`",
    "🚀 emoji 👩‍👩‍👧",
    "one\n\n\ntwo",
    "one\n  two\n three",
    "one \ntwo  \n",
    "one\n   \ntwo",
    "one\n---\ntwo",
    "one\n#tag #tag\ntwo",
    "one\n\ttab",
    "a\ttab",
    "nbsp\u00a0here",
    "line\u2028separator",
    "bell\x07",
    "next\x85line",
    "zero\u200bwidth",
    "bom\ufeffinside",
    "<<<<<<< ours\n=======\n>>>>>>> theirs",
    "x" * 3000,
    "word " * 200,
    "posts:\n- at: 2027-03-02",
    "at: 2027-03-02 09:00",
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=4).map("\n".join),
).filter(lambda text: bool(normal_text(text)))

BLOCK = """\
# The calendar of March
timezone: Europe/Oslo   # where we are
posts:
# the launch
- id: launch
  at: Tue 2027-03-02 09:00  # in the morning
  accounts: [facebook, x]   # both
  text: |
    We launched!

    #lamp #light

- at: 2027-03-03 09:00
  accounts:
  # the company
  - facebook
  - account: x   # short
    text: "Short"
  text: 'It''s here'  # in one line
  labels:
  - one
  - two
  networks:
    linkedin:
      text: >-
        Long

        words
  # the last words on it
- # a dash alone
  at: 2027-03-04 09:00
  text: plain words
  link:
    url: https://example.com/a
    title: A lamp
- {at: 2027-03-05 09:00, text: "in braces", accounts: [x , facebook, ], link: {url: https://example.com} } # end
- text: |2-
    indented

  at: 2027-03-06 09:00
  draft:
# the end
"""
INDENTED = """\
posts:

    - at: 2027-03-02 09:00
      text: one

    - at: 2027-03-03 09:00
      text: |+
         three spaces
         in

    - draft: true
      at: 2027-03-04 09:00
      text: no new line at the end"""
FLOW = """\
posts: [
  {at: 2027-03-02 09:00, text: 'one'},   # first
  {at: 2027-03-03 09:00,
   text: "two",
   networks: {x: {text: "other"}}},
  {at: 2027-03-04 09:00, text: three}
]
"""
ANCHORS = "posts:\n- &a\n  at: 2027-01-01\n  text: &t x\n- *a\n- <<: *a\n  at: 2027-01-02\n- text: *t\n  at: 2027-01-03\n"
MARKDOWN = """\
---
at: 2027-03-02 09:00   # when
accounts: [facebook, x]
---

We launched!

# A heading
"""


def document(text: str, *, bom: bool = False, crlf: bool = False) -> Document:
    """The file, its line ends and byte order mark in `raw` alone."""
    raw = (text.replace("\n", "\r\n") if crlf else text).encode("utf-8-sig" if bom else "utf-8")
    name, kind = ("post.md", "markdown") if text.startswith("---") else ("posts.yaml", "posts")
    found = parse(text, name, path=Path(name), kind=cast("FileKind", kind))
    return replace(found, raw=raw)


def data(of: Document) -> Any:
    return comparable(of.data)


def starts(of: Document) -> list[int]:
    """The first line of each post, and the line after the last."""
    assert of.data is not None
    posts: Seq = of.data["posts"]
    lines = []
    for mark in posts.marks:
        line = mark.line
        while posts.mark.style == "s" and of.lines[line - 1][posts.mark.column - 1] != "-":
            line -= 1
        lines.append(line)
    return [*lines, len(of.lines) + 1]


def outside(of: Document, index: int) -> tuple[list[bytes], list[bytes]]:
    """The raw lines before a post, and those from the next one on."""
    lines, first = of.raw.splitlines(keepends=True), starts(of)
    return lines[: first[index] - 1], lines[first[index + 1] - 1 :]


changes = st.one_of(
    texts.map(lambda text: (("text",), text)),
    texts.map(lambda text: (("title",), text.replace("\n", " "))),
    texts.map(lambda text: (("networks", "mastodon", "text"), text)),
    st.just((("at",), "2027-04-01 10:30")),
    st.booleans().map(lambda draft: (("draft",), draft)),
    st.just((("link",), "https://example.com/new#part")),
    texts.map(lambda text: (("accounts",), ["facebook", {"account": "x", "text": text}])),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([BLOCK, INDENTED, FLOW]), st.booleans(), st.booleans(), st.integers(0, 4), changes)
def test_a_value_is_set_in_its_post_alone_and_reads_back(
    text: str, bom: bool, crlf: bool, index: int, change: tuple[tuple[str, ...], Any]
) -> None:
    before = document(text, bom=bom, crlf=crlf)
    wanted = data(before)
    index %= len(wanted["posts"])
    (*way, last), value = change
    holder = wanted["posts"][index]
    for step in way:
        holder = holder.setdefault(step, {})
    holder[last] = comparable(value)
    edits = [Put(("posts", index, *way, last), value)]
    if text == BLOCK and index == 1 and last == "accounts":
        with pytest.raises(Unwritable):  # a comment stands in the list, and would go with it
            edited(before, edits)
        return
    after = edited(before, edits)
    assert data(after) == wanted
    assert outside(after, index) == outside(before, index)
    assert after.raw.startswith(b"\xef\xbb\xbf") == bom
    assert (b"\r\n" in after.raw) == crlf
    assert not crlf or b"\n" not in after.raw.replace(b"\r\n", b"")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([BLOCK, INDENTED, FLOW]), st.booleans(), st.lists(texts, min_size=1, max_size=3))
def test_new_posts_are_added_below_the_others(text: str, crlf: bool, new: list[str]) -> None:
    before = document(text, crlf=crlf)
    posts = [{"id": f"n-{number}", "text": words, "accounts": ["x"]} for number, words in enumerate(new)]
    after = edited(before, [Append(("posts",), posts)])
    assert data(after)["posts"] == data(before)["posts"] + comparable(posts)
    last = len(before.data["posts"]) - 1 if before.data else 0
    assert outside(after, last)[0] == outside(before, last)[0]


@given(texts.filter(lambda text: not needs_codes(normal_text(text))), st.booleans())
def test_the_text_of_a_markdown_file_is_set(text: str, crlf: bool) -> None:
    before = document(MARKDOWN, crlf=crlf)
    try:
        after = edited(before, [Put(("text",), normal_text(text)), Put(("draft",), True)])
    except Unwritable as refused:
        assert "---\n" in text or "<<<<<<<" in text
        assert refused.reason is Reason.LAYOUT  # noqa: PT017 - it may be written, or be refused for this reason
        return
    assert data(after) == {**data(before), "text": normal_text(text), "draft": True}
    end = b"\r\n" if crlf else b"\n"
    assert after.raw.split(end)[:4] == [*before.raw.split(end)[:3], b"draft: true"]


@each_of("text", [BLOCK, INDENTED, FLOW])
@each_of("index", range(3))
def test_a_post_leaves_alone(text: str, index: int) -> None:
    before = document(text)
    after = edited(before, [Drop(("posts", index))])
    wanted = data(before)
    del wanted["posts"][index]
    assert data(after) == wanted
    if text != FLOW:
        above, below = outside(before, index)
        lines = after.raw.splitlines(keepends=True)
        assert lines[: len(above) - 1] == above[:-1]
        assert lines[len(lines) - len(below) :] == below


def diff(before: Document, *edits: Edit) -> list[str]:
    """The lines that go and come."""
    old, new = before.raw.decode().splitlines(), edited(before, edits).raw.decode().splitlines()
    lines = difflib.unified_diff(old, new, n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


CASES: dict[str, tuple[str, list[Edit], list[str]]] = {
    "one line of a text, in its own indentation": (
        INDENTED,
        [Put(("posts", 1, "text"), "three spaces\nout")],
        ["-         in", "+         out"],
    ),
    "a comment behind the value stays": (
        BLOCK,
        [Put(("posts", 0, "at"), "Wed 2027-03-03 09:00")],
        ["-  at: Tue 2027-03-02 09:00  # in the morning", "+  at: Wed 2027-03-03 09:00  # in the morning"],
    ),
    "a text that begins with a space, in place of one under a bar": (
        INDENTED,
        [Put(("posts", 1, "text"), " a")],
        ["-      text: |+", "-         three spaces", "-         in", '+      text: " a"'],
    ),
    "double quotes stay": (
        BLOCK,
        [Put(("posts", 1, "accounts", 1, "text"), 'Say "no"')],
        ['-    text: "Short"', '+    text: "Say \\"no\\""'],
    ),
    "double quotes stay, needed or not": (
        BLOCK,
        [Put(("posts", 1, "accounts", 1, "text"), "Shorter")],
        ['-    text: "Short"', '+    text: "Shorter"'],
    ),
    "a map in place of a word": (
        "posts:\n- link: https://a.example  # ours\n",
        [Put(("posts", 0, "link"), {"url": "https://b.example"})],
        ["-- link: https://a.example  # ours", "+- link:  # ours", "+    url: https://b.example"],
    ),
    "single quotes stay": (
        BLOCK,
        [Put(("posts", 1, "text"), "It's there")],
        ["-  text: 'It''s here'  # in one line", "+  text: 'It''s there'  # in one line"],
    ),
    "several lines in place of one": (
        BLOCK,
        [Put(("posts", 1, "text"), "It\n\n#is")],
        ["-  text: 'It''s here'  # in one line", "+  text: |  # in one line", "+    It", "+", "+    #is"],
    ),
    "lines that were joined": (
        BLOCK,
        [Put(("posts", 1, "networks", "linkedin", "text"), "Long\n\nlines")],
        ["-      text: >-", "+      text: |-", "-        words", "+        lines"],
    ),
    "an account gets words of its own": (
        BLOCK,
        [Put(("posts", 1, "accounts", 0), {"account": "facebook", "text": "no"})],
        ["-  - facebook", "+  - account: facebook", "+    text: |", "+      no"],
    ),
    "a network gets words of its own": (
        BLOCK,
        [Put(("posts", 0, "networks", "x", "at"), "10:30")],
        ["+  networks:", "+    x:", "+      at: 10:30"],
    ),
    "in braces": (
        FLOW,
        [Put(("posts", 2, "text"), "a, b"), Put(("posts", 2, "draft"), value=True)],
        [
            "-  {at: 2027-03-04 09:00, text: three}",
            '+  {at: 2027-03-04 09:00, text: "a, b", draft: true}',
        ],
    ),
    "an account leaves a list in brackets": (
        BLOCK,
        [Drop(("posts", 0, "accounts", 0))],
        ["-  accounts: [facebook, x]   # both", "+  accounts: [x]   # both"],
    ),
    "an account leaves a list of lines": (BLOCK, [Drop(("posts", 1, "accounts", 0))], ["-  - facebook"]),
    "a key leaves": (BLOCK, [Drop(("posts", 2, "link", "title"))], ["-    title: A lamp"]),
    "a key leaves its braces": (
        FLOW,
        [Drop(("posts", 0, "text"))],
        ["-  {at: 2027-03-02 09:00, text: 'one'},   # first", "+  {at: 2027-03-02 09:00},   # first"],
    ),
    "a key leaves with the comment behind it": (
        BLOCK,
        [Drop(("posts", 0, "at"))],
        ["-  at: Tue 2027-03-02 09:00  # in the morning"],
    ),
    "a word that was in quotation marks becomes none": (
        "posts:\n- draft: 'true'\n",
        [Put(("posts", 0, "draft"), value=True)],
        ["-- draft: 'true'", "+- draft: true"],
    ),
    "a sign that only double quotes can have": (
        BLOCK,
        [Put(("posts", 1, "text"), "bell\x07")],
        ["-  text: 'It''s here'  # in one line", '+  text: "bell\\x07"  # in one line'],
    ),
    "a comma alone, old and new": (
        INDENTED,
        [Put(("posts", 0, "text"), ","), Put(("posts", 0, "title"), ",")],
        ["-      text: one", '+      text: ","', '+      title: ","'],
    ),
    "a page gets its text": (
        "---\nat: 2027-03-02 09:00\n---\n",
        [Put(("text",), "Hello")],
        ["+", "+Hello"],
    ),
    "a new key below those of its own, not below an anchor's": (
        "posts:\n- &a\n  at: 2027-01-01\n  text: A\n- <<: *a\n  labels: [b]\n",
        [Put(("posts", 1, "accounts"), "x")],
        ["+  accounts: x"],
    ),
    "the first of two in braces, and the comment behind it stays": (
        "posts:\n- {at: 2027-03-02 09:00, # when\n   text: A}\n",
        [Drop(("posts", 0, "at"))],
        ["-- {at: 2027-03-02 09:00, # when", "+- { # when"],
    ),
    "the key beside the dash": (
        BLOCK,
        [Drop(("posts", 0, "id"))],
        [
            "-- id: launch",
            "-  at: Tue 2027-03-02 09:00  # in the morning",
            "+- at: Tue 2027-03-02 09:00  # in the morning",
        ],
    ),
    "an empty map in a list": (
        "posts:\n- labels:\n  - a\n",
        [Append(("posts", 0, "labels"), [{}])],
        ["+  - {}"],
    ),
    "a tab in place of single quotes": (
        BLOCK,
        [Put(("posts", 1, "text"), "a\tb")],
        ["-  text: 'It''s here'  # in one line", '+  text: "a\\tb"  # in one line'],
    ),
    "an item leaves with one of the empty lines around it": (
        "posts:\n- text: A\n\n- text: B\n\n- text: C\n",
        [Drop(("posts", 1))],
        ["-- text: B", "-"],
    ),
    "an item leaves without the empty line below it": (
        "posts:\n- text: A\n- text: B\n\n- text: C\n",
        [Drop(("posts", 1))],
        ["-- text: B"],
    ),
    "a word that needs quotation marks in place of a map": (
        "posts:\n- link:\n    url: https://a.example\n  id: a\n",
        [Put(("posts", 0, "link"), "bell\x07")],
        ["-- link:", "-    url: https://a.example", '+- link: "bell\\x07"'],
    ),
    "a text in quotation marks in place of an empty one under a bar": (
        "posts:\n- text: |\n  id: a\n",
        [Put(("posts", 0, "text"), " a")],
        ["-- text: |", '+- text: " a"'],
    ),
    "the last item leaves, and the end of the file stays": (
        "posts:\n- text: A\n\n- text: B\n\n",
        [Drop(("posts", 1))],
        ["-- text: B", "-"],
    ),
    "a text whose indentation is written": (
        "posts:\n- text: |4\n        Deep\n",
        [Put(("posts", 0, "text"), "New")],
        ["-- text: |4", "-        Deep", "+- text: |", "+    New"],
    ),
    "the first key of empty braces": (
        "posts:\n- text: A\n  link: {}\n",
        [Put(("posts", 0, "link", "url"), "https://a.b")],
        ["-  link: {}", "+  link: {url: https://a.b}"],
    ),
    "a key leaves a page": (MARKDOWN, [Drop(("at",))], ["-at: 2027-03-02 09:00   # when"]),
    "a comma in an item on a line of its own": (
        BLOCK,
        [Put(("posts", 1, "labels", 0), "a, b")],
        ["-  - one", "+  - a, b"],
    ),
    "words for a network of a page": (
        "---\nat: 2027-03-02 09:00\nnetworks:\n  x:\n    title: T\n---\n\nWords\n",
        [Put(("networks", "x", "text"), "Own")],
        ["+    text: |", "+      Own"],
    ),
    "a new key of the file": (BLOCK, [Put(("time",), "09:00")], ["+time: 09:00"]),
    "an item in single quotes": (
        "posts:\n- labels:\n  - 'a'\n",
        [Put(("posts", 0, "labels", 0), "b")],
        ["-  - 'a'", "+  - 'b'"],
    ),
    "a value for a key that has none": (
        BLOCK,
        [Put(("posts", 4, "draft"), value=True)],
        ["-  draft:", "+  draft: true"],
    ),
    "an empty text": (BLOCK, [Put(("posts", 2, "title"), "")], ['+  title: ""']),
    "a key of a page": (
        MARKDOWN,
        [Put(("at",), "2027-03-05 10:00")],
        ["-at: 2027-03-02 09:00   # when", "+at: 2027-03-05 10:00   # when"],
    ),
    "a text whose first line is empty, in the indentation of the next": (
        "posts:\n- text: |\n\n      Old\n",
        [Put(("posts", 0, "text"), "New")],
        ["-", "-      Old", "+      New"],
    ),
    "a new key in the indentation of its post, not in that of an anchor's": (
        "posts:\n- &a\n  at: 2027-01-01\n  text: A\n-   <<: *a\n    at: 2027-01-02\n",
        [Put(("posts", 1, "title"), "T")],
        ["+    title: T"],
    ),
    "one more post, with an empty line between": (
        "posts:\n- text: A\n\n- text: B\n",
        [Append(("posts",), [{"id": "c"}])],
        ["+", "+- id: c"],
    ),
    "a second post, without the empty line above the first": (
        "posts:\n\n- text: A\n",
        [Append(("posts",), [{"id": "c"}])],
        ["+- id: c"],
    ),
    "a list in brackets at the end of a file without a line end": (
        "posts:\n- labels: [a]",
        [Put(("posts", 0, "labels"), ["b", "c"])],
        ["-- labels: [a]", "+- labels: [b, c]"],
    ),
    "a list in braces that was empty": (
        "posts: [{text: A, labels: []}]\n",
        [Append(("posts", 0, "labels"), ["a"])],
        ["-posts: [{text: A, labels: []}]", "+posts: [{text: A, labels: [a]}]"],
    ),
    "one more label, without a line between": (
        BLOCK,
        [Append(("posts", 1, "labels"), ["three"])],
        ["+  - three"],
    ),
    "another order in brackets": (
        BLOCK,
        [Arrange(("posts", 0, "accounts"), (1, 0))],
        ["-  accounts: [facebook, x]   # both", "+  accounts: [x, facebook]   # both"],
    ),
    "a post with keys of an anchor gets its own": (
        ANCHORS,
        [Put(("posts", 2, "id"), "b")],
        ["+  id: b"],
    ),
    "a list that had nothing but its key": (
        "timezone: UTC\nposts: # none yet\n# the end\n",
        [Append(("posts",), [{"id": "a", "accounts": "x"}]), Append(("posts",), [{"id": "b"}])],
        ["+- id: a", "+  accounts: x", "+- id: b"],
    ),
    "a list that had nothing but its key, in braces": (
        "{posts: }",
        [Append(("posts",), [{"id": "a"}])],
        ["-{posts: }", "+{posts: [{id: a}]}"],
    ),
    "a list that was empty": (
        "posts: []  # none\n",
        [Append(("posts",), [{"id": "a", "media": [{"id": Noted("5f", "lamp.png"), "alt": "A lamp"}]}])],
        [
            "-posts: []  # none",
            "+posts:  # none",
            "+- id: a",
            "+  media:",
            "+  - id: 5f  # lamp.png",
            "+    alt: A lamp",
        ],
    ),
}


@each_of(("text", "edits", "lines"), CASES.values())
def test_only_the_lines_of_the_value_change(text: str, edits: list[Edit], lines: list[str]) -> None:
    assert diff(document(text), *edits) == lines


@each_of("index", range(4))
def test_a_value_that_an_anchor_shares_is_refused(index: int) -> None:
    with pytest.raises(Unwritable) as refused:
        edited(document(ANCHORS), [Put(("posts", index, "text"), "new")])
    assert (refused.value.reason, refused.value.paste) == (Reason.ANCHOR, "text: |\n  new")
    for text, key in ((ANCHORS, "labels"), ("posts:\n- text: &t |\n    Old\n", "text")):
        with pytest.raises(Unwritable, match="an anchor of YAML"):
            edited(document(text), [Put(("posts", 0, key), ["new"] if key == "labels" else "new")])


def test_posts_in_another_order_take_the_comments_right_above_them_along() -> None:
    before = "posts:\n# of a\n- id: a\n\n# of b\n# as well\n- id: b\n  text: B\n- id: c # of c\n"
    after = edited(document(before), [Arrange(("posts",), (2, 0, 1))])
    assert after.raw.decode() == (
        "posts:\n- id: c # of c\n\n# of a\n- id: a\n# of b\n# as well\n- id: b\n  text: B\n"
    )


def test_a_new_key_goes_below_those_that_come_before_it() -> None:
    post = "posts:\n- at: 2027-03-02 09:00\n  text: A\n  labels: [a]\n  other: B\n"
    for key, value, line in (("accounts", "x", 2), ("title", "T", 3), ("odd", "O", 5)):
        lines = edited(document(post), [Put(("posts", 0, key), value)]).raw.decode().splitlines()
        assert lines.index(f"  {key}: {value}") == line, lines


def test_a_text_that_begins_with_a_blank_is_pasted_in_quotation_marks() -> None:
    """Under a bar its first line would be the measure of the others."""
    assert paste_of(Put(("text",), " a\nb")) == 'text: " a\\nb"'


def test_a_line_that_is_not_read_as_it_is_written_is_left() -> None:
    with pytest.raises(Unwritable, match="no safe place"):
        edited(document("posts:\n- at: 2027-03-02 09:00\n  text:Old\n"), [Put(("posts", 0, "text"), "New")])


def test_what_is_not_there_is_refused() -> None:
    for path in (("posts", 0, "title"), ("posts", 0, "networks", "x"), ("posts", 9, "text")):
        with pytest.raises(Unwritable) as refused:
            edited(document(BLOCK), [Drop(path)])
        assert str(refused.value) == refused.value.reason == "the value is not in this file"
    with pytest.raises(Unwritable, match="no safe place"):
        edited(document("Words\n"), [Put(("time",), "09:00")])


@each_of(
    ("text", "path"),
    [
        (MARKDOWN, ("text",)),
        ("posts:\n- {at: 2027-03-02 09:00 # when\n  , text: A}\n", ("posts", 0, "at")),
        ("posts:\n- {at: 2027-03-02 09:00, # what\n   text: A}\n", ("posts", 0, "text")),
        ("posts:\n- id: a # first\n  text: A\n", ("posts", 0, "id")),
        ("posts:\n- id: a\n- text: B\n", ("posts", 0, "id")),
    ],
)
def test_what_would_take_something_else_along_is_not_taken_away(
    text: str, path: tuple[str | int, ...]
) -> None:
    """The text of a page, a comment, or the only key of a post."""
    with pytest.raises(Unwritable, match="no safe place"):
        edited(document(text), [Drop(path)])


def test_the_last_line_of_a_text_is_no_comment_of_the_post_below_it() -> None:
    before = "posts:\n- text: |\n    One\n    #one\n- text: B\n"
    after = edited(document(before), [Arrange(("posts",), (1, 0))])
    assert after.raw.decode() == "posts:\n- text: B\n- text: |\n    One\n    #one\n"


def test_the_first_line_of_a_file_with_a_byte_order_mark_is_edited_in_its_place() -> None:
    new = edited(document("timezone: UTC\nposts: []\n", bom=True), [Put(("timezone",), "Europe/Oslo")])
    assert new.raw == b"\xef\xbb\xbftimezone: Europe/Oslo\nposts: []\n"


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Unwritable, match="UTF-8"):
        edited(replace(document(FLOW), raw=FLOW.encode("utf-16")), [Put(("posts", 0, "text"), "new")])


@pytest.mark.parametrize(
    "careless",
    [
        Splice((2, 1), (2, 1), "# "),  # another value is gone
        Splice((7, 9), (7, 10), "> "),  # the text is folded
        Splice((16, 5), (16, 13), "linkedin"),  # another post is on another account
        Splice((1, 1), (1, 1), "<<<<<<< ours\n"),  # a problem that was not there
    ],
)
def test_an_edit_that_does_not_read_back_is_refused(
    careless: Splice, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = layout.splices

    def splices(*args: Any, **options: Any) -> list[Splice]:
        return [*right(*args, **options), careless]

    monkeypatch.setattr("publer_sync.editing.editor.splices", splices)
    with pytest.raises(Unwritable):
        edited(document(BLOCK), [Put(("posts", 0, "at"), "2027-04-01 09:00")])


def test_a_fix_replaces_its_lines() -> None:
    source = Source.of(b"one\r\ntwo\r\nthree")
    assert source.spliced([source.fix(Fix(2, 3, "2\n3"))]) == b"one\r\n2\r\n3"


@pytest.mark.parametrize("end", [(1, 3), (2, 1)])
def test_edits_of_the_same_place_are_refused(end: tuple[int, int]) -> None:
    source = Source.of(b"one\ntwo\nthree\n")
    with pytest.raises(ValueError, match="overlap"):
        source.spliced([Splice((1, 2), (2, 2), "a"), Splice((1, 2), end, "b")])
    with pytest.raises(ValueError, match="overlap"):
        source.spliced([Splice((2, 1), (1, 1), "a")])


def test_a_comment_for_people_is_left_out_where_a_value_is_in_brackets() -> None:
    """Behind it the rest of the brackets would be a comment as well."""
    assert inline([{"id": Noted("5f", "lamp.png")}]) == "[{id: 5f}]"


def test_a_space_that_a_reader_may_take_off_stands_in_quotation_marks() -> None:
    assert [inline(text) for text in ("\u00a0a", "a ", "a")] == ['"\u00a0a"', '"a "', "a"]


def test_a_page_without_a_key_gets_its_first_one_at_the_top() -> None:
    new = edited(document("---\n---\n\nWords\n"), [Put(("at",), "2027-03-01 09:00")])
    assert new.raw == b"---\nat: 2027-03-01 09:00\n---\n\nWords\n"


def test_a_value_in_a_line_of_its_own_needs_no_quotes_for_what_brackets_need_them_for() -> None:
    new = edited(
        document("posts:\n- title: Old\n  at: 2027-03-01 09:00\n"), [Put(("posts", 0, "title"), "One, two")]
    )
    assert b"- title: One, two\n" in new.raw


def test_a_text_of_several_lines_can_become_what_is_no_text() -> None:
    block = "posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  labels: |\n    one\n    two\n  text: A\n"
    listed = edited(document(block), [Put(("posts", 0, "labels"), ["one", "two"])])
    assert b"labels: [one, two]" in listed.raw or b"labels:\n  - one\n  - two\n" in listed.raw


def test_the_last_line_of_a_file_goes_with_the_end_of_the_one_above() -> None:
    for text, left in (
        ("posts:\n- text: A\n  draft: true\n", b"posts:\n- text: A\n"),
        ("posts:\n- text: A\n  draft: true", b"posts:\n- text: A"),
    ):
        assert edited(document(text), [Drop(("posts", 0, "draft"))]).raw == left
    mixed = b"posts:\n- text: A\n  draft: true\r\n  id: a\n"
    before = replace(document(mixed.decode().replace("\r\n", "\n")), raw=mixed)
    assert edited(before, [Drop(("posts", 0, "draft"))]).raw == b"posts:\n- text: A\n  id: a\n"


def test_a_block_with_an_indent_of_its_own_and_an_empty_one_get_their_text() -> None:
    for block in ("|2\n      Old\n", "|\n    Old\n", "|\n", "|\n\n"):
        text = f"posts:\n- at: 2027-03-02 09:00\n  text: {block}  accounts: x\n"
        changed = edited(document(text), [Put(("posts", 0, "text"), "New\nlines")])
        assert data(changed)["posts"][0]["text"].strip() == "New\nlines"
        assert data(changed)["posts"][0]["accounts"] == "x"
        assert b"text: |\n" in changed.raw
