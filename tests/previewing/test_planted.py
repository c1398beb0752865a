"""What reviewers see of two calendars of two hundred posts, changed in a hurry: no mistake is hidden in the comment, on the page or on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from tests.browser import NARROW
from tests.planted import CLIENTS, MISTAKES, NOW, begin, hurry
from tests.previewing.test_mistakes import words_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Pages
    from tests.conftest import Cli


@pytest.fixture
def world(cli: Cli, tmp_path: Path) -> Path:
    tops = begin(tmp_path / "clients")
    ran = cli("apply", tmp_path / "clients", *NOW, "--yes")
    assert ran.code == 0, ran
    hurry(tops)
    return tmp_path / "clients"


@pytest.mark.slow
def test_28_of_28_are_in_the_comment_and_on_the_page(
    cli: Cli, world: Path, pages: Pages, tmp_path: Path
) -> None:
    assert [sum(each.client == client for each in MISTAKES.values()) for client in CLIENTS] == [14, 14]
    comment = cli("plan", world, *NOW, "--format", "markdown").stdout
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(comment)
    (tmp_path / "comment.html").write_text(f"<!doctype html><meta charset=utf-8>{html}", encoding="utf-8")
    opened = pages.open(tmp_path / "comment.html")
    opened.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    read = words_of(opened.page.locator("body").inner_text())
    hidden = [
        (name, words)
        for name, mistake in MISTAKES.items()
        for words in mistake.comment
        if words_of(words) not in read
    ]
    out = tmp_path / "page.html"
    assert cli("preview", world, *NOW, "--live", "--out", out).code == 0
    opened = pages.open(out, "view=list")
    cards = opened.page.locator("#list .card")
    told = dict(enumerate(map(words_of, cards.all_text_contents())))
    for name, mistake in MISTAKES.items():
        mine = [number for number, words in told.items() if re.search(rf"· {name}(?![\w-])", words)]
        whole = " ".join(told[number] for number in mine)
        for words in mistake.page:
            if words.startswith("."):
                found = any(cards.nth(number).locator(words).count() for number in mine)
            else:
                found = words_of(words) in whole
            # What names both clients stands at the one that is judged later.
            if not found and words not in read:
                hidden.append((f"{name} on the page", words))
    assert not hidden


@pytest.mark.slow
def test_the_review_of_them_fits_every_width(cli: Cli, world: Path, pages: Pages, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert cli("preview", world, *NOW, "--live", "--out", out).code == 0
    for width in (320, 380, 1000, 1440):
        opened = pages.open(out, "view=review", size=(width, NARROW[1]))
        for _ in range(20):
            opened.page.keyboard.press("n")
        assert opened.page.evaluate("document.documentElement.scrollWidth") == width
        title = opened.page.locator("#review h2").bounding_box()
        assert title is not None
        assert 0 <= title["y"] < 420, "what stands above all changes fills the screen at each of them"
    assert opened.violations() == []
