"""Each field of a post that has every key is edited, and every other line of the file stays as it was, byte for byte."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.studio.desk import Desk, desk_of
from tests.studio.rich import rich

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXTS = (
    "Short",
    "Two\nlines",
    "A: b # c",
    "'quoted' \"twice\"",
    "🔦 emoji",
    "- a list\n- of two",
    "# hash",
    "* star",
)
KEY = re.compile(r"^(?P<lead>(?:  )*(?:- )*)(?P<key>[a-z_]+):")
"""A key of the examples, whose every step in is two spaces or a dash."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_of(rich(tmp_path / "calendar")) as desk:
        yield desk


def paths_of(text: str) -> dict[tuple[str, ...], str]:
    """Each line with the path of keys that it belongs to: post, key, key in that; the lines of each path together."""
    found: dict[tuple[str, ...], str] = {}
    post = ""
    stack: list[tuple[int, str]] = []
    numbers: dict[tuple[str, ...], int] = {}
    for line in text.splitlines(keepends=True):
        match = KEY.match(line)
        if match is not None and line.startswith("- "):
            post, stack, numbers = line, [], {}
        if match is not None and not _in_words(found, post, stack, line):
            depth = len(match["lead"])
            stack = [(far, key) for far, key in stack if far < depth]
            if line[depth - 2 : depth] == "- " and depth > 2:
                place = (post, *(key for _, key in stack))
                numbers[place] = numbers.get(place, -1) + 1
                stack.append((depth - 1, str(numbers[place])))
            stack.append((depth, match["key"]))
        path = (post, *(key for _, key in stack))
        found[path] = found.get(path, "") + line
    return found


def _in_words(found: dict[tuple[str, ...], str], post: str, stack: list[tuple[int, str]], line: str) -> bool:
    """Whether a line belongs to the words of a text, not to a key."""
    last = found.get((post, *(key for _, key in stack)), "") if stack else ""
    first = last.split("\n")[0].split(" #")[0].rstrip()
    return first.endswith("|") and len(line) - len(line.lstrip()) > stack[-1][0]


def poll(chance: random.Random, post: Any) -> Any:
    options = [*post["poll"]["options"]]
    match chance.randint(0, 3):
        case 0:
            options[chance.randrange(len(options))] = "A torch"
        case 1:
            options.append("The moon")
        case 2:
            options.pop()
        case _:
            options.reverse()
    return {"options": options}


def thread(chance: random.Random, post: Any) -> Any:
    parts = [{"text": text, "was": number} for number, text in enumerate(post["thread"])]
    match chance.randint(0, 2):
        case 0:
            parts[chance.randrange(len(parts))]["text"] = chance.choice(TEXTS)
        case 1:
            parts.reverse()
        case _:
            parts.append({"text": chance.choice(TEXTS)})
    return parts


def media(chance: random.Random, post: Any) -> Any:
    items = [{"path": each["path"]} for each in post["media"]]
    match chance.randint(0, 2):
        case 0:
            items.reverse()
        case 1:
            items[0]["alt"] = chance.choice(TEXTS[:4])
        case _:
            items.append({"path": "media/spare.png", "alt": "More"})
    return items


def words(chance: random.Random, _: Any) -> Any:
    return chance.choice(TEXTS)


EDITS: tuple[tuple[str, str, tuple[tuple[str, ...], ...], Any], ...] = (
    ("every", "text", (("text",),), words),
    ("every", "title", (("title",),), lambda chance, _: chance.choice(TEXTS[:1] + TEXTS[2:5])),
    ("every", "link", (("link", "url"),), lambda _, __: "https://example.com/b"),
    (
        "every",
        "labels",
        (("labels",),),
        lambda chance, _: ["calendar", *chance.choice((["one"], ["two", "one", "three"]))],
    ),
    ("every", "comment", (("comments", "0", "text"),), lambda chance, _: {"text": chance.choice(TEXTS)}),
    ("every", "note", (("note",),), words),
    ("every", "draft", (("draft",),), lambda _, __: True),
    ("every", "accounts", (("accounts",),), lambda _, __: ["facebook", "x", "linkedin", "bluesky"]),
    (
        "every",
        "texts",
        (("accounts", "0", "text"),),
        lambda chance, _: {"x": chance.choice(TEXTS)},
    ),
    ("asked", "poll", (("poll", "options"),), poll),
    ("asked", "labels", (("labels",),), lambda _, __: ["calendar", "poll", "more"]),
    ("told", "thread", (("thread",),), thread),
    ("told", "media", (("media",),), media),
)
MOVES: tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...] = (
    ("every", {"day": "2027-03-10"}, ("at",)),
    ("asked", {"time": "11:00"}, ("at",)),
    ("told", {"day": "2027-03-11", "time": "12:00"}, ("at",)),
    ("counted", {"day": "2027-03-12"}, ("at",)),
)


def others(text: str, id: str, touched: tuple[tuple[str, ...], ...]) -> dict[tuple[str, ...], str]:
    return {
        path: lines
        for path, lines in paths_of(text).items()
        if not any(path[0].startswith(f"- id: {id} ") and path[1 : 1 + len(each)] == each for each in touched)
        and not (
            path[0].strip() == f"- id: {id}" and any(path[1 : 1 + len(each)] == each for each in touched)
        )
    }


@pytest.mark.story
@pytest.mark.parametrize(
    ("id", "field", "touched", "value"), EDITS, ids=[f"{name}-{field}" for name, field, *_ in EDITS]
)
def test_an_edit_leaves_every_other_key_as_it_was(
    desk: Desk, id: str, field: str, touched: tuple[tuple[str, ...], ...], value: Any
) -> None:
    for seed in range(4):
        before = desk.read("2027-03.yaml")
        told = desk.do(id, edit={field: value(random.Random(seed), desk.post(id))})
        assert told.status == 200, told.body
        after = desk.read("2027-03.yaml")
        one, other = (others(text, id, touched) for text in (before, after))
        assert other == one, told.body["diff"]
        if told.body["diff"]:
            assert desk.send("/studio/undo", {}).status == 200
            assert desk.read("2027-03.yaml") == before


@pytest.mark.story
@pytest.mark.parametrize(("id", "move", "touched"), MOVES)
def test_a_move_leaves_every_other_key_as_it_was(
    desk: Desk, id: str, move: dict[str, Any], touched: tuple[str, ...]
) -> None:
    before = desk.read("2027-03.yaml")
    assert desk.do(id, move=move).status == 200
    after = desk.read("2027-03.yaml")
    keys = (touched, ("networks",))
    assert others(after, id, keys) == others(before, id, keys)
    assert before != after


def test_the_option_of_a_poll_changes_alone(desk: Desk) -> None:
    told = desk.do("asked", edit={"poll": {"options": ["A candle", "A torch", "My phone"]}})
    assert [
        each
        for each in told.body["diff"].split("\n")
        if each[:1] in ("+", "-") and each[:3] not in ("+++", "---")
    ] == [
        "-    - A lamp                     # the second",
        "+    - A torch                     # the second",
    ]


def test_what_a_form_empties_goes(desk: Desk) -> None:
    told = desk.do("asked", edit={"poll": {"options": ["A candle", "A lamp", "My phone"], "question": ""}})
    assert "-    question: What do you read by?  # the question" in told.body["diff"]
    told = desk.do("every", edit={"comment": {"text": "The first.", "after": None}})
    assert "-    after: 2h                    # a while later" in told.body["diff"]
    told = desk.do("told", edit={"media": [{"path": "media/one.png", "alt": ""}, {"path": "media/two.png"}]})
    assert "-    alt: One                     # told" in told.body["diff"]
    assert "Two" not in told.body["diff"].replace("     alt: Two", "")
