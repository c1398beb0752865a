"""Ten mistakes that someone who approves posts has to find, in the comment and on the page alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from markdown_it import MarkdownIt
from PIL import Image

from tests.networks.test_media import VIDEO
from tests.previewing.test_page import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Pages
    from tests.conftest import Cli

SETTINGS = """
workspace: My Primary Workspace
timezone: UTC
accounts: {facebook: My Facebook Page, instagram: My Instagram, x: My X Account, linkedin: Company LinkedIn Page}
"""
NOW = ("--sandbox", "--now", str(TODAY))


class Mistake(NamedTuple):
    """Lines of a post before and after, "" where there is none, and the words by which the comment and the page show it.

    On the page it may also be an element that has to be seen, by its selector.
    """

    before: str
    after: str
    comment: tuple[str, ...]
    page: tuple[str, ...]


def media(*names: str) -> str:
    return "media:" + "".join(
        f"\n- {{file: media/{name}, alt: The {name.partition('.')[0]}}}" for name in names
    )


def film(name: str) -> str:
    return f"media: [{{file: media/{name}}}]"


MISTAKES = {
    "cut-face": Mistake(
        f"accounts: instagram\ntext: Ada\n{media('square.jpg')}",
        f"accounts: instagram\ntext: Ada\n{media('tower.jpg')}",
        ("square.jpg tower.jpg", "tower.jpg is taller than 4:5", "Instagram will crop it"),
        (".crop rect", "Instagram shows only the part in the frame (4:5)"),
    ),
    "wrong-account": Mistake(
        "",
        "accounts: facebook\ntext: We are hiring",
        ("new · Facebook · My Facebook Page",),
        ("My Facebook Page Facebook", "We are hiring"),
    ),
    "other-video": Mistake(
        f"accounts: facebook\ntext: A film\n{film('final.mp4')}",
        f"accounts: facebook\ntext: A film\n{film('draft.mp4')}",
        ("video: final.mp4 draft.mp4",),
        ("video: final.mp4 draft.mp4", "Before", "After"),
    ),
    "removed": Mistake(
        f"accounts: instagram\n{media('square.jpg')}",
        "",
        ("remove", "Instagram · My Instagram", "picture: square.jpg"),
        ("removed", 'img[alt="The square"]'),
    ),
    "evening": Mistake(
        "accounts: x\ntext: Good morning",
        "at: 21:00\naccounts: x\ntext: Good morning",
        ("09:00 → ", "21:00", "move"),
        ("Was", "09:00", "21:00"),
    ),
    "order": Mistake(
        f"accounts: facebook\ntext: In order\n{media('one.jpg', 'two.jpg')}",
        f"accounts: facebook\ntext: In order\n{media('two.jpg', 'one.jpg')}",
        ("pictures reordered: one.jpg, two.jpg two.jpg, one.jpg",),
        ("pictures reordered: one.jpg, two.jpg two.jpg, one.jpg", ".sides img"),
    ),
    "part": Mistake(
        "accounts: x\ntext: A thread\nthread: [{text: More, media: [{file: media/one.jpg}]}]",
        "accounts: x\ntext: A thread\nthread: [{text: More, media: [{file: media/two.jpg}]}]",
        ("part 2, picture: one.jpg two.jpg",),
        ("part 2, picture: one.jpg two.jpg", "Part 2, before", "Part 2, after"),
    ),
    "link": Mistake(
        "accounts: linkedin\ntext: Read it\nlink: https://example.com/shop",
        "accounts: linkedin\ntext: Read it\nlink: https://example.com/stop",
        ("https://example.com/shop https://example.com/stop", "open"),
        ("https://example.com/shop https://example.com/stop", 'a[href="https://example.com/stop"]'),
    ),
    "story": Mistake(
        f"accounts: facebook\ntext: In the feed\n{media('square.jpg')}",
        f"accounts: facebook\ntype: story\ntext: In the feed\n{media('square.jpg')}",
        ("kind of post", "type: photo story"),
        ("kind of post", "type: photo story", ".badge", ".tall"),
    ),
    "price": Mistake(
        "accounts: [facebook, linkedin]\ntext: The lamp costs 149 kroner this week",
        "accounts: [facebook, linkedin]\ntext: The lamp costs 14 kroner this week",
        ("149 14 kroner", "Facebook · My Facebook Page; LinkedIn · Company LinkedIn Page"),
        ("Before", "costs 149 kroner", "After", "costs 14 kroner"),
    ),
}


@pytest.fixture
def calendar(cli: Cli, tmp_path: Path) -> Path:
    """Applied as it was meant, and then changed by someone in a hurry."""
    top = tmp_path / "calendar"
    (top / "media").mkdir(parents=True)
    sides = {"square": (800, 800), "tower": (600, 1400), "one": (800, 600), "two": (800, 600)}
    for number, (name, size) in enumerate(sides.items()):
        Image.new("RGB", size, (40 * number, 90, 120)).save(top / "media" / f"{name}.jpg")
    (top / "media" / "final.mp4").write_bytes(VIDEO)
    (top / "media" / "draft.mp4").write_bytes(VIDEO + bytes(8))
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    write(top, {name: mistake.before for name, mistake in MISTAKES.items()})
    ran = cli("apply", top, *NOW, "--yes")
    assert ran.code == 0, ran
    write(top, {name: mistake.after for name, mistake in MISTAKES.items()})
    return top


def write(top: Path, posts: dict[str, str]) -> None:
    lines = ["time: 09:00", "posts:"]
    for number, (name, words) in enumerate(posts.items()):
        if words:
            day = TODAY.replace(day=1).toordinal() + 45 + number
            own = [line for line in words.split("\n") if line.startswith("at: ")]
            at = f"{TODAY.fromordinal(day)} {own[0][4:] if own else '09:00'}"
            rest = [line for line in words.split("\n") if not line.startswith("at: ")]
            lines += [f"- id: {name}", f"  at: {at}", *(f"  {line}" for line in rest)]
    (top / "posts.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_ten_mistakes_are_in_the_comment_and_on_the_page(
    cli: Cli, calendar: Path, pages: Pages, tmp_path: Path
) -> None:
    assert len(MISTAKES) == 10
    plan, out = tmp_path / "plan.json", tmp_path / "page.html"
    assert cli("plan", calendar, *NOW, "--out", plan).code == 0
    comment = cli("plan", calendar, *NOW, "--format", "markdown").stdout
    assert cli("preview", calendar, "--plan", plan, "--out", out).code == 0
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(comment)
    (tmp_path / "comment.html").write_text(f"<!doctype html><meta charset=utf-8>{html}", encoding="utf-8")
    read = words_of(pages.open(tmp_path / "comment.html").page.locator("body").inner_text())
    opened = pages.open(out, "view=list")
    for name, mistake in MISTAKES.items():
        for words in mistake.comment:
            assert words in read, f"the comment hides {name}: {words}"
        card = opened.page.locator("#list .card", has=opened.page.locator(f'.where:has-text("{name}")')).first
        told = words_of(card.inner_text())
        for words in mistake.page:
            if words.startswith((".", "img[", "a[")):
                assert card.locator(words).first.is_visible(), f"the page hides {name}: {words}"
            else:
                assert words in told, f"the page hides {name}: {words}"


def words_of(text: str) -> str:
    """As a reader sees it: without joiners, in one line."""
    return " ".join(text.replace("\u2060", "").split())
