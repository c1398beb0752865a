"""What validate tells people who write posts by hand, and what --fix makes of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.conftest import run_here
from tests.write_docs import png

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
timezone: Europe/Oslo
time: 09:00
accounts:
  facebook: Page
  x: Me
  linkedin: Us
  instagram: Insta
"""
POST = "posts:\n- at: 2027-03-01 09:00\n"
MEDIA = "  media:\n  - file: a.png\n    alt: A lamp\n"


class Found(NamedTuple):
    """What validate says of a file, and of the file as --fix writes it."""

    problems: list[dict[str, Any]]
    left: list[dict[str, Any]]
    fixed: str

    @property
    def codes(self) -> list[str]:
        return [
            f"{each['severity']} {each['code']} {each['line']}:{each['column']}" for each in self.problems
        ]


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "calendar"
    folder.mkdir()
    (folder / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "a.png").write_bytes(png())
    return folder


def problems(top: Path, *options: str) -> list[dict[str, Any]]:
    ran = run_here(["validate", top, *options, "--format", "json"], {})
    found: list[dict[str, Any]] = json.loads(ran.stdout)["problems"]
    assert (ran.code == 3) is any(each["severity"] == "error" for each in found)
    return found


def found(top: Path, text: str, name: str = "a.yaml") -> Found:
    file = top / name
    file.write_text(text, encoding="utf-8")
    return Found(problems(top), problems(top, "--fix", "--yes"), file.read_text(encoding="utf-8"))


def fails(found: Found, text: str) -> None:
    """Nothing is fixed, and the same problems are left."""
    assert found.fixed == text
    assert found.left == found.problems


# --- keys without words -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["|", "|-", ">", "|\n", "|\n\n"])
@pytest.mark.parametrize("below", [MEDIA, f"  link: null\n{MEDIA}", f"  labels: [a]\n{MEDIA}"])
def test_a_text_left_empty_above_pictures_is_a_warning(top: Path, sign: str, below: str) -> None:
    text = f"{POST}  accounts: x\n  text: {sign}\n{below}"
    told = found(top, text)
    assert told.codes == ["warning key.empty 4:3"]
    assert "no words below it" in told.problems[0]["message"]
    fails(told, text)


@pytest.mark.parametrize("layer", ["  networks:\n    x:\n      {}", "  accounts:\n  - account: x\n    {}"])
@pytest.mark.parametrize("key", ["text", "title"])
def test_so_is_one_for_a_network_or_an_account(top: Path, layer: str, key: str) -> None:
    accounts = "" if "accounts" in layer else "  accounts: x\n"
    told = found(top, f"{POST}{accounts}  text: Hi\n{layer.format(f'{key}: |')}\n{MEDIA}")
    assert any(each.startswith("warning key.empty") for each in told.codes)


@pytest.mark.parametrize("text", ["", '  text: ""\n', "  text: null\n", "  text: |\n    Words\n"])
def test_no_text_on_purpose_is_fine(top: Path, text: str) -> None:
    assert found(top, f"{POST}  accounts: x\n{text}{MEDIA}").problems == []


# --- items that are only a word ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "below", ["    text: |\n      Others\n", "    at: 10:00\n", "    # here\n    labels: [a]\n    text: Hi\n"]
)
@pytest.mark.parametrize("before", ["", "  - facebook\n"])
def test_keys_below_an_account_are_its_own_or_those_of_the_post(top: Path, before: str, below: str) -> None:
    """Only the writer knows which, so nothing is fixed."""
    text = f"{POST}  accounts:\n{before}  - linkedin\n{below}  text: Hi\n"
    told = found(top, text)
    line = 5 if before else 4
    assert told.codes == [f"error yaml.form {line}:5"]
    assert "  - account: linkedin\n" in told.problems[0]["help"]
    assert "If it is for the whole post:\n  " in told.problems[0]["help"]
    fails(told, text)


def test_what_it_says_of_them_works(top: Path) -> None:
    told = found(top, f"{POST}  accounts:\n  - linkedin\n    at: 10:00\n  text: Hi\n")
    _, own, post = told.problems[0]["help"].split(":\n")
    assert found(top, f"{POST}  accounts:\n{own.rpartition(chr(10))[0]}\n  text: Hi\n").problems == []
    day = "posts:\n- accounts:\n  - linkedin\n"
    assert found(top, f"{day}{post.replace('10:00', '2027-03-01 10:00')}\n  text: Hi\n").problems == []


@pytest.mark.parametrize(
    "below", ["      text: |\n        Others\n", "    text: |\n      Others\n", "    at: 10:00\n", ""]
)
def test_an_account_as_a_key_is_written_as_account(top: Path, below: str) -> None:
    text = f"{POST}  accounts:\n  - linkedin:\n{below}  text: Hi\n"
    told = found(top, text)
    assert told.codes == ["error key.unknown 4:5"]
    assert "`account: linkedin`" in told.problems[0]["message"]
    fails(told, text)


@pytest.mark.parametrize(
    ("lines", "fixed"),
    [
        ("  media:\n  - a.png\n    alt: A lamp\n", "  media:\n  - file: a.png\n    alt: A lamp\n"),
        (
            "  media:\n  - https://example.com/a.png\n    alt: A lamp\n",
            "  media:\n  - url: https://example.com/a.png\n    alt: A lamp\n",
        ),
        (
            "  comments:\n  - First!\n    after: 10m\n",
            "  comments:\n  - text: |\n      First!\n    after: 10m\n",
        ),
    ],
)
def test_keys_below_another_item_make_it_one_with_keys(top: Path, lines: str, fixed: str) -> None:
    told = found(top, f"{POST}  accounts: facebook\n  text: Hi\n{lines}")
    assert told.codes == ["error yaml.form 6:5"]
    assert (told.left, told.fixed) == ([], f"{POST}  accounts: facebook\n  text: Hi\n{fixed}")


# --- hashtags in braces -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "column", "fixed"),
    [
        ("hashtags: {core: [#bun, #rye]}", 19, 'hashtags: {core: ["#bun", "#rye"]}'),
        ("hashtags: {core: [bun, #rye]}", 24, 'hashtags: {core: [bun, "#rye"]}'),
        (
            "hashtags: {core: [#bun, #rye], more: [a]}",
            19,
            'hashtags: {core: ["#bun", "#rye"], more: [a]}',
        ),
        ("hashtags:\n  core: [#bun, #rye]", 10, 'hashtags:\n  core: ["#bun", "#rye"]'),
    ],
)
def test_a_hash_inside_braces_is_told_at_its_place(top: Path, line: str, column: int, fixed: str) -> None:
    settings = top / "publer.yaml"
    settings.write_text(f"{SETTINGS}{line}\n", encoding="utf-8")
    told = found(top, f"{POST}  accounts: x\n  text: Hi\n")
    assert told.codes == [f"error yaml.hash {8 + line.count(chr(10))}:{column}"]
    assert (told.left, settings.read_text(encoding="utf-8")) == ([], f"{SETTINGS}{fixed}\n")
