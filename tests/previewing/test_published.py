"""`results --format html`: what went out, with its figures, on one page that asks for nothing and runs nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.previewing.stills import note_of
from tests.browser import NARROW, WIDE, Pages
from tests.conftest import QUICK, ROOT, run_here
from tests.system.worlds import DAY, HOUR, T, Want, World, clocks, world_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from tests.conftest import Cli

EXAMPLE = ROOT / "examples" / "calendar"
MARCH = ("--sandbox", "--now", "2027-04-01", "--from", "2027-03-01", "--to", "2027-03-31")
HOSTILE = '</style><script>window.hit=1</script><img src=x onerror="window.hit=1"> {{ 7*7 }}'
BREAKS = "([which, key]) => [...new Set([...document.querySelectorAll(which)].map(each => getComputedStyle(each)[key]))]"
POSTS = (
    Want("first", "x", T, "The first post of the month", labels=("launch",)),
    Want("second", "facebook", T + HOUR, "The second, on another account", labels=("lamp",)),
    Want("picture", "x", T + 2 * HOUR, "With a picture", picture="lamp.png"),
    Want(
        "hostile",
        "linkedin",
        T + 3 * HOUR,
        HOSTILE,
        more="ignore: {text.html: a test, text.placeholder: a test}",
    ),
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as world:
        world.apply_first(*POSTS)
        yield world


@pytest.fixture
def to(world: World) -> Iterator[Callable[[datetime], None]]:
    with clocks(world) as to:
        yield to


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example's calendar, applied, and the page of its March."""
    folder = tmp_path_factory.mktemp("march")
    shutil.copytree(EXAMPLE, folder / "calendar", ignore=shutil.ignore_patterns(".publer-sync"))
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "PUBLER_SYNC_POLL_SECONDS": str(QUICK)}
    apply = ("apply", "calendar", "--sandbox", "--now", "2027-02-20", "--yes")
    assert run_here(apply, env, cwd=folder).code == 0
    results = ("results", "calendar", *MARCH, "--insights", "--compare", "--format", "html")
    ran = run_here(results, env, cwd=folder)
    assert ran.code == 0, ran.stderr
    (folder / "page.html").write_text(ran.stdout, encoding="utf-8")
    return folder


@pytest.fixture
def march(applied: Path, tmp_path: Path) -> Path:
    """The example's March, published, with figures: its page, and its calendar in a folder of the test's own."""
    shutil.copytree(applied / "calendar", tmp_path / "calendar")
    return applied / "page.html"


def test_it_asks_for_nothing_and_axe_finds_nothing(march: Path, pages: Pages) -> None:
    opened = pages.open(march)
    looks: tuple[tuple[tuple[int, int], Any], ...] = ((WIDE, "light"), (NARROW, "dark"))
    for size, scheme in looks:
        opened.page.set_viewport_size({"width": size[0], "height": size[1]})
        opened.page.emulate_media(color_scheme=scheme)
        assert opened.page.evaluate(
            "scheme => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", scheme
        )
        assert opened.violations() == []
        assert opened.page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert opened.requests[0].startswith("file:")
    assert all(url.startswith("data:") for url in opened.requests[1:])
    assert opened.complaints == []
    policy = opened.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy


def test_it_prints_as_a_document_in_dark_mode_too(march: Path, pages: Pages, tmp_path: Path) -> None:
    """Dense, in the colours of paper, nothing broken across sheets, and no heading without what it is about."""
    page = pages.open(march).page
    light = page.evaluate("getComputedStyle(document.querySelector('.results .became a')).color")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.querySelector('.results .became a')).color") == light
    for selector in (".card", ".plot", ".scroll", ".best li", ".totals li"):
        assert page.evaluate(BREAKS, [selector, "breakInside"]) == ["avoid"], selector
    for selector in (".group > h2", ".group > .hint"):
        assert page.evaluate(BREAKS, [selector, "breakAfter"]) == ["avoid"], selector
    page.emulate_media(media="screen", color_scheme="light")
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    sheets = int(note_of(tmp_path / "page.pdf").split()[0])
    assert sheets <= 12, "white gaps: each row of cards, or each plot, took a sheet"


def test_each_card_has_the_planned_and_the_actual_minute_the_link_and_the_figures(
    cli: Cli, march: Path, pages: Pages
) -> None:
    ran = cli("results", "calendar", *MARCH, "--insights", "--compare", "--format", "json")
    found = json.loads(ran.stdout)
    opened = pages.open(march)
    body = opened.page.locator("main")
    assert body.locator(".verdict").inner_text() == "24 posts published (on 4 accounts)."
    assert body.locator(".card").count() == 24
    assert body.locator(".card .on li").count() == len(found["posts"])
    post = next(
        each for each in found["posts"] if each["id"] == "announcement" and each["account"]["alias"] == "x"
    )
    card = body.locator(".card", has_text="Something small and bright").first
    assert "Mon 1 Mar 09:00" in card.inner_text()
    row = card.locator(".on li", has=opened.page.locator('[title$="on X"]'))
    assert "09:01" in row.inner_text()
    assert row.locator("a").get_attribute("href") == post["link"]
    figures = {each["name"]: f"{each['value']:,}" for each in post["figures"] if each["value"] is not None}
    told = dict(zip(row.locator("dt").all_inner_texts(), row.locator("dd").all_inner_texts(), strict=True))
    assert told == figures
    reach = sum(
        each["value"] for post in found["posts"] for each in post["figures"] if each["key"] == "reach"
    )
    assert f"{reach:,}" in body.locator(".totals li").first.inner_text()
    assert "from 24 posts" in body.locator(".totals li").first.inner_text()
    assert "no post has it" in body.locator(".totals").inner_text()
    assert body.locator(".card img").count() >= 2
    assert set(body.locator("caption").all_inner_texts()) == {
        "By label", "By account", "By network", "By week",
    }  # fmt: skip
    weeks = body.locator("table", has_text="By week").locator("tbody tr td:nth-child(2)").all_inner_texts()
    bars = body.locator("svg", has_text="1 Mar").first.locator("text.value").all_text_contents()
    assert weeks == bars
    assert sum(map(int, weeks)) == 24


@pytest.mark.slow
def test_few_posts_make_no_claims(cli: Cli, march: Path, tmp_path: Path) -> None:
    """An account of ten posts is enough for a word about what did best; the last days of the month are not."""
    assert "this account&#39;s average of 10 posts" in march.read_text(encoding="utf-8")
    ran = cli("results", "calendar", *MARCH[:3], "--from", "2027-03-20", "--insights", "--format", "html")
    assert "so this page does not say what did best" in ran.stdout
    assert "account&#39;s average" not in ran.stdout
    assert "What did best" not in cli("results", "calendar", *MARCH, "--format", "html").stdout


def test_what_was_not_published_stands_first_and_words_are_only_words(
    world: World, to: Callable[[datetime], None], pages: Pages, tmp_path: Path
) -> None:
    world.sandbox.remove(world.find(POSTS[0].text)["id"])
    world.stranger("bluesky", T, "Friday light", state="failed", error="The session has expired")
    world.stranger("mastodon", T + HOUR, "A colleague's", state="published", post_link="https://m.example/1")
    to(T + DAY)
    ran = world.run("results", world.top, "--format", "html")
    assert ran.code == 6
    page = tmp_path / "page.html"
    page.write_text(ran.stdout, encoding="utf-8")
    opened = pages.open(page)
    assert opened.page.locator("section.group > h2").all_inner_texts() == [
        "Not found", "Failed", "In time", "In figures", "Published",
    ]  # fmt: skip
    assert 'Publer said: "The session has expired".' in opened.page.locator(".alarm").nth(1).inner_text()
    card = opened.page.locator(".card", has_text="A colleague's")
    assert "made in Publer" in card.inner_text()
    assert opened.page.evaluate("window.hit") is None
    assert HOSTILE in opened.page.locator(".words", has_text="7*7").inner_text()
    assert opened.violations() == []


def test_groups_have_their_cards_and_several_calendars_one_page(
    cli: Cli, march: Path, tmp_path: Path, pages: Pages
) -> None:
    grouped = cli("results", "calendar", *MARCH, "--by", "label", "--format", "html").stdout
    titles = re.findall(r"<h2>([^<]*)</h2>", grouped)
    assert titles == ["In time", "In figures", "calendar", "press", "season", "story", "tips"]
    shutil.copytree(tmp_path / "calendar", tmp_path / "other")
    both = cli("results", "calendar", "other", *MARCH, "--format", "html")
    assert both.code == 0
    page = tmp_path / "both.html"
    page.write_text(both.stdout, encoding="utf-8")
    opened = pages.open(page)
    assert opened.page.locator("section.of").count() == 2
    assert opened.page.locator(".verdict").count() == 2
    assert opened.violations() == []


def test_what_was_not_published_says_why_and_where_above_its_words_and_figures_come_later(
    world: World, to: Callable[[datetime], None], pages: Pages, tmp_path: Path
) -> None:
    world.stranger("bluesky", T, "Friday light", state="failed", error="The session has expired")
    to(T + DAY)
    ran = world.run("results", world.top, "--insights", "--by", "account", "--format", "html")
    page = tmp_path / "page.html"
    page.write_text(ran.stdout, encoding="utf-8")
    opened = pages.open(page)
    card = opened.page.locator(".alarm .card", has_text="Friday light")
    told = card.inner_text()
    assert told.index("My Bluesky") < told.index("The session has expired") < told.rindex("Friday light")
    totals, alarm = opened.page.locator(".totals"), opened.page.locator(".alarm").first
    if totals.count():
        assert alarm.bounding_box()["y"] < totals.bounding_box()["y"]  # type: ignore[index]  # both are on the page
    assert "Bluesky · My Bluesky" in opened.page.locator("main").inner_text()
    assert not re.search(r'title="(bluesky|x|facebook)"', ran.stdout)


def test_the_ratio_that_sorts_is_the_large_figure_and_numbers_can_be_read_on_a_phone(
    march: Path, pages: Pages
) -> None:
    opened = pages.open(march, size=NARROW)
    large = opened.page.locator(".best .number").all_inner_texts()
    ratios = [float(each.removesuffix(" times")) for each in large]
    assert ratios == sorted(ratios, reverse=True)
    sizes = opened.page.locator(".plot svg text:visible").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect().height)"
    )
    assert sizes
    assert min(sizes) >= 10
