"""Line breaks that YAML takes away: an error that shows the lines both ways, until `ignore` gives a reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.calendar.calendars import SETTINGS, write
from tests.conftest import run_here
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

LINES = {
    "plain": "Fresh rye\n    and buns",
    "quoted": '"Fresh rye\n    and buns"',
    "single quotes": "'Fresh rye\n    and buns'",
    "folded": ">\n    Fresh rye\n    and buns",
    "folded, without its last line end": ">-\n    Fresh rye\n    and buns",
    "on the next line": "\n    Fresh rye\n    and buns",
}
GAPS = {
    "plain": "Fresh rye\n\n    and buns",
    "quoted": '"Fresh rye\n\n    and buns"',
    "single quotes": "'Fresh rye\n\n    and buns'",
    "folded": ">\n    Fresh rye\n\n    and buns",
}
PLACES = {
    "a post": "  text: {}\n",
    "a part of a thread": "  text: First\n  thread:\n  - text: {}\n",
    "a comment": "  text: First\n  comments:\n  - text: {}\n",
    "an alt text": "  text: First\n  media:\n  - url: https://example.com/a.png\n    alt: {}\n",
    "a text for one network": "  text: First\n  networks:\n    x:\n      text: {}\n",
}
HEAD = "- at: 2027-03-0{} 09:00\n  accounts: x\n"


def calendar(top: Path, *posts: str, file: str = "", settings: str = "") -> Path:
    written = "".join(HEAD.format(number) + post for number, post in enumerate(posts, 1))
    write(top, publer=SETTINGS + settings, a=f"{file}posts:\n{written}")
    return top


def in_place(lines: str, place: str) -> str:
    """The lines in a place, and as deep as it is."""
    before, _, _ = place.partition("{}")
    deeper = " " * (len(before.rpartition("\n")[2]) - len("  text: "))
    return place.replace("{}", lines.replace("\n    ", f"\n    {deeper}"))


def errors(top: Path, *options: str) -> list[dict[str, Any]]:
    ran = run_here(["validate", top, *options, "--format", "json"], {})
    found = [each for each in json.loads(ran.stdout)["problems"] if each["severity"] == "error"]
    assert (ran.code == 3) is bool(found)
    return found


@each_of("place", PLACES.values())
@each_of("lines", LINES.values())
def test_joined_lines_are_shown_both_ways_and_left_to_people(top: Path, lines: str, place: str) -> None:
    calendar(top, post := in_place(lines, place))
    (found,) = errors(top, "--fix", "--yes")
    assert found["code"] == "yaml.folded"
    ways = [
        "".join(line.strip() + "\n" for line in way.splitlines()[1:]) for way in found["help"].split(":\n")
    ]
    assert any("Fresh rye\nand buns\n" in way for way in ways)
    assert any("Fresh rye and buns\n" in way for way in ways)
    assert (top / "a.yaml").read_text(encoding="utf-8").endswith(post)


@pytest.mark.parametrize("lines", GAPS.values(), ids=GAPS)
def test_so_is_an_empty_line(top: Path, lines: str) -> None:
    calendar(top, in_place(lines, PLACES["a post"]))
    (found,) = errors(top, "--fix", "--yes")
    assert found["code"] == ("yaml.folded" if ">" in lines else "yaml.paragraph")
    assert "  Fresh rye\n\n    and buns\n" in found["help"]
    assert "  Fresh rye\n    and buns\n" in found["help"]


@pytest.mark.parametrize(
    "text",
    [
        "|\n    Fresh rye\n\n    and buns",
        ">\n    Fresh rye and buns",
        ">-\n    Fresh rye and buns\n",
        '"Fresh rye and buns"',
        '"Fresh rye\\nand buns"',
        '"Fresh rye \\\n    and buns"',
        "\n    Fresh rye and buns",
        ">\n    We have:\n      - rye\n      - buns",
        "Hi\n  note: waits for\n    the photo",
        "Hi\n  ignore:\n    media.no-alt: a plain\n      background",
    ],
)
def test_a_text_whose_lines_are_published_is_fine(top: Path, text: str) -> None:
    assert errors(calendar(top, f"  text: {text}\n")) == []


@pytest.mark.parametrize(
    ("place", "settings", "file"),
    [
        ("  ignore: {yaml.folded: wrapped by hand}\n", "", ""),
        ("", "ignore: {yaml.folded: wrapped by hand}\n", ""),
        ("", "", "ignore: {yaml.folded: wrapped by hand}\n"),
        ("", "", "defaults:\n  ignore: {yaml.folded: wrapped by hand}\n"),
        ("  networks: {x: {ignore: {yaml.folded: wrapped by hand}}}\n", "", ""),
    ],
)
def test_a_reason_silences_it_and_the_text_is_published_as_yaml_reads_it(
    top: Path, place: str, settings: str, file: str
) -> None:
    folded = "  text: >\n    Fresh rye\n    and buns\n"
    calendar(top, folded + place, settings=settings, file=file)
    assert json.loads(run_here(["validate", top, "--format", "json"], {}).stdout)["problems"] == []
    exported = json.loads(run_here(["export", top, "--format", "json"], {}).stdout)
    assert [each["post"]["text"] for each in exported["posts"]] == ["Fresh rye and buns"]


def test_a_reason_silences_it_in_the_first_line_of_a_post_and_in_a_file_of_markdown(top: Path) -> None:
    reason = "ignore: {yaml.folded: wrapped by hand}\n"
    write(
        top,
        publer=SETTINGS,
        a=f"posts:\n- text: Fresh rye\n    and buns\n  at: 2027-03-01 09:00\n  accounts: x\n  {reason}",
    )
    page = f"---\nat: 2027-03-02 09:00\naccounts: x\nnetworks: {{x: {{text: Rye\n  and buns}}}}\n{reason}---\nWords\n"
    (top / "b.md").write_text(page, encoding="utf-8")
    assert errors(top) == []


def test_where_only_some_lines_are_joined_the_others_keep_their_depth(top: Path) -> None:
    calendar(top, "  text: >\n    We have\n    today:\n      - rye\n      - buns\n")
    (found,) = errors(top)
    assert "    We have\n    today:\n      - rye\n" in found["help"]
    assert "    We have today:\n      - rye\n" in found["help"]


def test_a_reason_silences_it_in_its_own_post_alone(top: Path) -> None:
    folded = "  text: >\n    Fresh rye\n    and buns\n"
    calendar(top, folded, f"{folded}  ignore: {{yaml.folded: wrapped}}\n", folded)
    assert [each["line"] for each in errors(top)] == [4, 15]


def test_null_takes_a_reason_away(top: Path) -> None:
    folded = "  text: >\n    Fresh rye\n    and buns\n"
    calendar(top, folded, f"{folded}  ignore: null\n", file="ignore: {yaml.folded: wrapped}\n")
    assert [each["line"] for each in errors(top)] == [10]


def test_nothing_else_is_silenced_that_way(top: Path) -> None:
    calendar(top, "  text: Hi #bun\n  ignore: {yaml.hash: fine}\n")
    assert [each["code"] for each in errors(top)] == ["yaml.hash"]


@pytest.mark.usefixtures("before_march")
def test_an_error_that_can_be_silenced_says_how_and_doing_so_works(top: Path) -> None:
    long = f"  text: {'word ' * 60}\n"
    (found,) = errors(calendar(top, long))
    *_, silence = found["help"].splitlines()
    assert silence == 'ignore: {x.text.length: "why"}'
    assert errors(calendar(top, f"{long}  {silence}\n")) == []
