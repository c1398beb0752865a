"""Where a problem is told: at the line and the letter in the files, as far as these are known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from publer_sync.rules.judging import judge, judge_links
from publer_sync.values.model import Written
from publer_sync.values.problems import Location
from tests.calendar.calendars import write
from tests.rules.builders import hours, post
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.values.content import Json

SETTINGS = (
    "timezone: UTC\naccounts: {x: Me, linkedin: Us, wordpress: Blog}\nwords: [{never: [cheap, '#ad']}]\n"
)
DEAD = "https://e.com/dead"


@each_of(
    ("post", "settings", "places"),
    [
        # A word is told at itself, anything else at its key, but in lines of their own.
        ("accounts: x\n  text: So cheap\n", "", ["a.yaml:4:12 words.never"]),
        ("accounts: x\n  text: So TODO\n", "", ["a.yaml:4:3 text.placeholder"]),
        ("accounts: x\n  text: |\n    So\n    TODO\n", "", ["a.yaml:6:5 text.placeholder"]),
        ("accounts: x\n  note: |\n    So\n    draft: true\n  text: Hi\n", "", ["a.yaml:6:5 text.key"]),
        ("accounts: linkedin\n  text: Hi\n  comments:\n  - text: |\n      One\n      so TODO\n", "", ["a.yaml:8:10 text.placeholder"]),
        ("accounts: linkedin\n  text: Hi\n  comments:\n  - text: Hi\n  - text: So cheap\n", "", ["a.yaml:7:14 words.never"]),
        ("accounts: wordpress\n  text: Hi\n  title: |\n    A TODO\n", "", ["a.yaml:6:7 text.placeholder"]),
        ("accounts: wordpress\n  text: Hi\n  title: A\n  networks:\n    wordpress:\n      excerpt: |\n        One\n        TODO\n", "", ["a.yaml:10:9 text.placeholder"]),
        # What is added is told where it is written.
        ("accounts: x\n  text: Hi\n", "append: Be cheap\n", ["publer.yaml:4:1 words.never"]),
        ("accounts: x\n  text: Hi\n  append: |\n    Be\n    cheap\n", "", ["a.yaml:7:5 words.never"]),
        ("accounts: x\n  text: Hi\n  append: Be cheap\n", "append: Be nice\n", ["a.yaml:5:14 words.never"]),
        ("accounts: x\n  text: So cheap\n", "append: So\n", ["a.yaml:4:12 words.never"]),
        ("accounts: x\n  text: |\n    Hi\n  hashtags: [promo]\n", "hashtags: {promo: [ad]}\n", ["a.yaml:4:3 words.never"]),
    ],
)  # fmt: skip
def test_a_problem_is_told_at_its_line_and_letter(
    tmp_path: Path, post: str, settings: str, places: list[str]
) -> None:
    write(tmp_path, publer=SETTINGS + settings, a=f"posts:\n- at: 2027-03-02 09:00\n  {post}")
    calendar = read(tmp_path)
    found = calendar.judge(calendar.desired, now=hours(-99))
    assert [f"{each.location}:{each.location.column} {each.code}" for each in found if each.location] == (
        places
    )


@each_of(
    ("post", "settings", "places"),
    [
        (f"text: See {DEAD}\n", "", ["a.yaml:4"]),
        (f"text: |\n    See\n    {DEAD}\n", "append: See us\n", ["a.yaml:6"]),
        ("text: Hi\n", f"append: {DEAD}\n", ["publer.yaml:4"]),
        ("text: Hi\n", f"append: See {DEAD}\n", ["publer.yaml:4"]),
        ("text: Hi\n", f"append: See {DEAD} and {DEAD}\n", ["publer.yaml:4"]),
        (f"text: See {DEAD}\n", f"append: Also {DEAD}\n", ["a.yaml:4", "publer.yaml:4"]),
        (f"text: See {DEAD}\n  append: Also us\n", "append: Also them\n", ["a.yaml:4"]),
        (f"text: Hi\n  append: Also {DEAD}\n", "", ["a.yaml:5"]),
        (f"text: Hi\n  comments:\n  - text: Longer than all of that, {DEAD}\n", "append: See us\n", ["a.yaml:6"]),
        (f"text: See {DEAD}\n  hashtags: [lamp]\n", "", ["a.yaml:4"]),
    ],
)  # fmt: skip
def test_a_dead_link_is_told_where_it_is_written(
    tmp_path: Path, post: str, settings: str, places: list[str]
) -> None:
    text = f"posts:\n- at: 2027-03-02 09:00\n  accounts: linkedin\n  {post}"
    write(tmp_path, publer=SETTINGS + settings, a=text)
    found = judge_links(read(tmp_path).desired.posts, {DEAD: ("is not found", "Correct it")})
    assert [str(each.location) for each in found] == places
    assert {each.code for each in found} == {"link.dead"}
    elsewhere = {each.length for each in found if str(each.location).startswith("publer")}
    assert elsewhere <= {len("append")}, "the key there is underlined"


def test_of_a_page_of_markdown_each_line_is_told_as_its_own() -> None:
    """Where the text is one of the keys at its top, the line of that key is told."""
    page = {"text": Location("a.md", 7), "title": Location("a.md", 3)}
    one = replace(post("linkedin", text="One\ntwo\nso TODO", title="TODO"), places=page)
    told = [(str(each.location), each.location and each.location.column) for each in judge([one])]
    assert told == [("a.md:3", 1), ("a.md:9", 4)]
    for places, line in (
        ({"text": Location("a.md", 3), "labels": Location("a.md", 4)}, 3),
        ({"text": Location("a.md", 7), "labels": Location("b.yaml", 9)}, 9),
        ({"text": Location("a.yaml", 7)}, 7),
    ):
        [problem] = judge([replace(one, content=replace(one.content, title=""), places=places)])
        assert str(problem.location) == f"{places['text'].file}:{line}"

    top = {"text": Location("a.md", 3), "title": Location("a.md", 4)}
    title = replace(post("linkedin", text="One\ntwo", title="So TODO"), places=top)
    [problem] = judge([title])
    assert problem.location == Location("a.md", 4)


def test_of_a_page_what_is_added_is_told_in_its_last_line() -> None:
    one = replace(
        post("linkedin", text="One\ntwo\n\nTODO: #lamp", title="T"),
        written=Written("One\ntwo", "", (("hashtags", "TODO: #lamp"),), {}),
        places={"text": Location("a.md", 7)},
    )
    below = replace(one, content=replace(one.content, text="One\ntwo\nTODO: #lamp"))
    for each in (one, below):
        [problem] = judge([each])
        assert problem.location == Location("a.md", 8, 1)
    same = post("linkedin", hours(1), text=one.text, line=9)
    [again] = (each for each in judge([same, replace(one, at=hours(2))]) if each.code == "text.again")
    assert str(again.location) == "a.md:7", "it is no matter of one line"


def test_the_word_that_is_underlined_is_the_key_and_in_a_text_one_letter() -> None:
    pictures: Json = [{"url": f"https://e.com/{n}.png"} for n in range(11)]
    eleven = post("linkedin", text="Look", media=pictures)
    ten = replace(eleven, places={"media/10": Location("a.yaml", 9)})
    assert [each.length for each in judge([ten]) if str(each.location) == "a.yaml:9"] == [1]
    one = replace(post("x", text="So\nTODO"), places={"text": Location("a.yaml", 9)})
    assert [each.length for each in judge([one])] == [4]
    lines = {**one.places, "text:words": Location("a.yaml", 10, 5)}
    [problem] = judge([replace(one, places=lines)])
    assert (str(problem.location), problem.length) == ("a.yaml:11", 1)
