"""Which files matter to posts of pages: the pages, and what their posts show."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from publer_sync.calendar.layers import TOP
from publer_sync.calendar.website.page_files import any_of_pages, shown_by_pages
from publer_sync.calendar.website.page_patterns import Pattern, folders_of
from tests.calendar.calendars import CASES
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
timezone: Europe/Oslo
accounts: {linkedin: Us, x: Me}
defaults: {accounts: linkedin}
media: [../pictures]
pages: [{files: ../blog/*.md, url: 'https://e.com/{slug}/'}, {files: ../site/*, url: 'https://e.com/{slug}/'}]
"""
PAGE = "---\ntitle: A lamp\nsocial:\n- {at: 2027-04-07 09:00, text: Read it, media: [{file: lamp.png}, {url: 'https://e.com/a.png', alt: A}]}\n---\nNo other.png, no gone.txt\n"
POST = "posts:\n- {at: 2027-04-08 09:00, text: Hi, media: [{file: own.png}]}\n"


def laid_out(top: Path, page: str = PAGE) -> Path:
    """A repository with a page that shows a picture, and a post that shows another."""
    for name in ("pictures/lamp.png", "pictures/other.png", "calendar/own.png"):
        (top / name).parent.mkdir(exist_ok=True)
        shutil.copy(CASES / "pixel.png", top / name)
    for name, text in {
        "calendar/publer.yaml": SETTINGS,
        "calendar/a.yaml": POST,
        "blog/lamp.md": page,
        "blog/style.css": "lamp.png",
    }.items():
        (top / name).parent.mkdir(exist_ok=True)
        (top / name).write_text(text, encoding="utf-8")
    for words in (("init", "-q", "--template="), ("add", "-A")):
        subprocess.run(["git", *words], cwd=top, check=True)
    return top / "calendar"


@each_of(
    ("files", "matching", "others"),
    [
        ("../blog/*.md", ["../blog/a.md", "../blog/.md"], ["../blog/amd", "../blog/in/a.md", "blog/a.md"]),
        ("../blog/**/x.md", ["../blog/x.md", "../blog/a/x.md", "../blog/a/b/x.md"], ["../blog/ax.md", "../blog/a/bx.md"]),
        ("../blog/**", ["../blog/x.md", "../blog/a/b/x.md"], ["../blogs/x.md"]),
        ("../blog/?.md", ["../blog/x.md"], ["../blog/xy.md", "../blog//.md", "../blog/.md"]),
        ("../blog/[ab].md", ["../blog/a.md"], ["../blog/c.md", "../blog/[ab].md"]),
        ("../blog/[!ab].md", ["../blog/c.md", "../blog/!.md"], ["../blog/a.md"]),
    ],
)  # fmt: skip
def test_which_files_a_pattern_matches(files: str, matching: list[str], others: list[str]) -> None:
    pattern = Pattern("", files, "", "", "", TOP, TOP, TOP)
    assert [*filter(pattern.matches, (*matching, *others))] == matching


def test_pages_are_looked_for_in_the_folders_of_their_patterns_alone(tmp_path: Path) -> None:
    files = ("../blog/**/*.md", "../*.md", "../docs/news/[ab]*.md", "../../beside/*.md")
    patterns = [Pattern("", each, "", "", "", TOP, TOP, TOP) for each in files]
    assert folders_of(patterns, tmp_path, tmp_path / "calendar") == ["", "blog", "docs/news"]


def matters(top: Path, *names: str) -> list[str]:
    """Those that matter, each asked for alone."""
    return [name for name in names if any_of_pages([top.parent / name], top)]


def test_a_page_and_what_it_shows_matter_and_nothing_else(tmp_path: Path) -> None:
    top = laid_out(tmp_path)
    asked = ("blog/lamp.md", "blog/gone.md", "pictures/lamp.png", "away/lamp.png")
    beside = (
        "blog/style.css",
        "blog/gone.txt",
        "site/gone.txt",
        "blog/in/lamp.md",
        "pictures/other.png",
        "calendar/own.png",
        "away/own.png",
        "calendar/a.yaml",
    )
    assert matters(top, *asked, *beside) == [*asked]
    assert any_of_pages([top.parent / name for name in (*beside, *asked)], top)
    assert shown_by_pages(top) == {(tmp_path / "pictures/lamp.png").resolve()}
    (top / "publer.yaml").write_text(SETTINGS.partition("pages:")[0], encoding="utf-8")
    assert matters(top, *asked) == []
    assert shown_by_pages(top) == frozenset()


def test_of_posts_with_errors_each_picture_that_a_page_names_matters(tmp_path: Path) -> None:
    """Nobody knows what they show."""
    top = laid_out(tmp_path, PAGE.replace("2027-04-07", "2027-04-31").replace("lamp.png", "other.png"))
    (tmp_path / "blog/odd.md").write_text("---\nsocial: odd.png\n---\n", encoding="utf-8")
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    (tmp_path / "away").mkdir()
    shutil.copy(CASES / "pixel.png", tmp_path / "away/other.png")
    asked = ("pictures/lamp.png", "pictures/other.png", "away/other.png", "away/odd.png")
    assert matters(top, *asked) == [*asked[1:]]
