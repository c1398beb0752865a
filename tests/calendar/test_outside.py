"""What a calendar takes from outside of its folder, by its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from publer_sync.calendar.outside import dependencies, place, watched, with_pages
from tests.calendar.calendars import POST, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "acme"
    folder.mkdir()
    (tmp_path / ".git").mkdir()
    return folder


def test_what_a_calendar_depends_on_is_known_from_its_settings_alone(top: Path) -> None:
    write(
        top, publer="extends: ../agency.yaml\nmedia: [../logos, pictures, ../../away, /etc]\n", posts="- [\n"
    )
    assert dependencies(top) == (top.parent / "agency.yaml", top.parent / "logos")
    names = ("../blog/posts/*.md", "../notes/one.md", "../a/b?/**/c.md", "in/*.md")
    pages = "".join(f"- {{files: '{name}', url: 'https://e.com/{{slug}}'}}\n" for name in names)
    write(top, publer=f"pages:\n{pages}")
    assert dependencies(top) == (top.parent / "blog/posts", top.parent / "notes", top.parent / "a")
    assert [*watched(top, pages=False)] == []
    for wrong in (
        "extends: [oh]\nmedia: no\n",
        "media: [5, ../a, ../a]\nmedia: [../b]\n",
        "pages: [5, {url: a}, {files: 5}]\n",
        "words\n",
    ):
        write(top, publer=wrong)
        assert dependencies(top) == (), wrong
    write(top, publer="media: [../logos, 5]\npages: [{files: '../notes/[!_]x/*.md'}, {files: '*.md'}]\n")
    assert watched(top) == {
        top.parent / "logos": top.parent / "logos/a/b.png",
        top.parent / "notes": top.parent / "notes/_x/a.md",
    }
    (top / "publer.yaml").unlink()
    assert dependencies(top) == ()


def test_which_files_are_pages_is_said_by_the_settings_or_by_those_that_they_extend(top: Path) -> None:
    pages = "pages: [{files: ../blog/*.md, url: 'https://e.com/{slug}/'}]\n"
    write(top.parent, agency=pages, odd="words\n")
    for settings, found in (
        ("extends: ../agency.yaml\n", True),
        ("extends: ' '\n", False),
        ("timezone: UTC\n", False),
        ("extends: ../../agency.yaml\n", False),
        ("extends: ../gone.yaml\n", False),
        ("words\n", False),
        ("extends: ../odd.yaml\n", False),
        (pages, True),
    ):
        write(top, publer=settings)
        assert ("pages" in (with_pages(top) or {})) is found
        assert (top.parent / "blog" in watched(top)) is (settings == pages)


def test_outside_a_repository_a_path_may_lead_anywhere_but_is_relative(tmp_path: Path) -> None:
    assert place("../a.yaml", tmp_path) == tmp_path.parent / "a.yaml"
    assert place("/a.yaml", tmp_path) is None
    assert place("../.git/config", tmp_path) is None
    assert place("a\0.yaml", tmp_path) is None


@pytest.mark.parametrize(
    ("folder", "message"),
    [("../logos", "no folder ../logos"), ("../../logos", "../../logos is outside the repository")],
)
def test_a_folder_that_is_not_there_is_one_error(top: Path, folder: str, message: str) -> None:
    """Not one for each post whose media may be in it."""
    post = f"{POST}  media: [{{file: logo.png}}]\n"
    write(top, publer=f"timezone: UTC\naccounts: {{x: Me}}\nmedia: [{folder}]\n", posts=post)
    calendar = read(top)
    (problem,) = (*calendar.problems, *calendar.desired.problems)
    assert (problem.code, problem.message, str(problem.location)) == (
        "media.folder",
        message,
        "publer.yaml:3",
    )
