"""The review in a browser: one change at a time, by keyboard and by thumb; what is answered stays, and comes out as text and file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.networks.test_media import PDF
from tests.previewing.test_mistakes import MISTAKES, NOW, calendar, write

if TYPE_CHECKING:
    from tests.browser import Opened, Pages
    from tests.conftest import Cli

__all__ = ["calendar"]


@pytest.fixture
def page(cli: Cli, calendar: Path, tmp_path: Path) -> Path:
    """Ten changes, and six posts that move a day together."""
    return made(cli, calendar, tmp_path)


def made(cli: Cli, top: Path, folder: Path) -> Path:
    plan, out = folder / "plan.json", folder / "page.html"
    assert cli("plan", top, *NOW, "--out", plan).code == 0
    assert cli("preview", top, "--plan", plan, "--out", out).code == 0
    return out


def title(opened: Opened) -> str:
    return " ".join(opened.texts("#review h2"))


def press(opened: Opened, *keys: str) -> None:
    for key in keys:
        opened.page.keyboard.press(key)


def test_it_opens_where_something_changes_with_what_needs_a_look_first(page: Path, pages: Pages) -> None:
    opened = pages.open(page)
    assert title(opened) == "1 of 10"
    assert opened.texts("#review .stage .where")[0].startswith("removed")
    assert opened.texts("#review .where-to")[0].endswith("removed")
    [sums] = opened.texts("#review .sums")
    assert sums == "10 changes: 1 removed, 1 with a warning, 7 changed, 1 new."
    seen = []
    for _ in range(10):
        seen.append(opened.texts("#review .stage .where")[0].partition(" ")[0])
        press(opened, "n")
    assert sorted(seen) == sorted(MISTAKES)
    assert seen[-1] == "wrong-account", "what is new comes last"
    assert title(opened) == "10 changes are not answered yet"
    press(opened, "p", "l")
    assert opened.texts("#review h2") == []
    press(opened, "r")
    assert title(opened) == "10 of 10"
    opened.page.reload()
    assert title(opened) == "10 of 10", "the address says where one was"


def test_the_post_stands_as_it_will_be_beside_what_was(page: Path, pages: Pages) -> None:
    opened = pages.open(page)
    while "price" not in opened.texts("#review .stage .where")[0]:
        press(opened, "n")
    assert opened.texts("#review .stage .said .words p") == ["The lamp costs 14 kroner this week"]
    assert opened.texts("#review .stage .sides p:not(.kicker)")[0] == "The lamp costs 149 kroner this week"
    assert opened.texts("#review .stage .badge.b-edit")[0].endswith("words")


def test_answers_and_remarks_stay_and_come_out_as_a_text_and_a_file(
    cli: Cli, calendar: Path, page: Path, pages: Pages, tmp_path: Path
) -> None:
    opened = pages.open(page)
    press(opened, "x")
    opened.page.keyboard.type("It has to stay")
    press(opened, "Escape", "n", "y", "s")
    opened.page.reload()
    opened.page.goto(f"{page.as_uri()}#view=review&change=end")
    assert title(opened) == "7 changes are not answered yet"
    text = opened.page.input_value("#review .all")
    assert re.fullmatch(r"removed \| .* \| Instagram · My Instagram\nNo\.\nIt has to stay\n> .*\n", text), (
        text
    )
    opened.page.fill("[name=reviewer]", "Kari")
    with opened.page.expect_download() as got:
        opened.page.click("[data-save]")
    assert got.value.suggested_filename == "answers-Kari.json"
    file = json.loads(Path(got.value.path()).read_text(encoding="utf-8"))
    assert (file["format_version"], file["by"]) == (1, "Kari")
    first = file["answers"][0]
    assert (first["post"], first["answer"], first["remark"]) == ("removed", "no", "It has to stay")
    assert len(file["answers"]) >= 2, "what was only seen is no answer"
    planned = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["changes"]
    contents = {(each["id"], each["account"]["alias"]): each["content"] for each in planned}
    for each in file["answers"][1:]:
        assert each["content"] == contents[each["post"], each["account"]]
    # Other words are asked about again.
    answered = file["answers"][1]["post"]
    after = {name: mistake.after for name, mistake in MISTAKES.items()}
    after[answered] = re.sub(r"text: .*", "text: Quite other words", after[answered])
    write(calendar, after)
    made(cli, calendar, tmp_path)
    opened.page.goto("about:blank")
    opened.page.goto(f"{page.as_uri()}#view=review&change=end")
    assert title(opened) == "8 changes are not answered yet"
    assert opened.complaints == []


def test_changes_that_differ_in_their_day_alone_are_looked_at_once(
    cli: Cli, pages: Pages, calendar: Path, tmp_path: Path
) -> None:
    posts = {f"series-{n}": "accounts: x\ntext: Every week the same" for n in range(5)}
    write(calendar, {**posts, "other": "accounts: x\ntext: Something else"})
    opened = pages.open(made(cli, calendar, tmp_path))
    for _ in range(30):
        if "Every week" in " ".join(opened.texts("#review .stage .words")):
            break
        press(opened, "n")
    also = opened.texts("#review .also")[0]
    assert re.match(
        r"[34] other posts are alike in all but the day: (\w+ \d+ \w+ \d{4}, 09:00(; |$)){3}", also
    ), also


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_thumb_reaches_it_and_axe_finds_nothing(page: Path, pages: Pages, scheme: str) -> None:
    opened = pages.open(page, size=(320, 700), color_scheme=scheme)
    assert opened.violations(every=True) == []
    for button in opened.page.locator("#review nav button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 700
    opened.page.click("[data-answer=yes]")
    assert title(opened) == "2 of 10"
    opened.page.click("[data-review-step='-1']")
    assert opened.page.get_attribute("[data-answer=yes]", "aria-pressed") == "true"
    for view in ("month", "week", "list", "review"):
        opened.page.click(f"[data-view={view}]")
        assert opened.page.evaluate("document.documentElement.scrollWidth") == 320
        if opened.page.locator("[data-filters]").is_visible():
            opened.page.click("[data-filters]")
            assert opened.page.evaluate("document.documentElement.scrollWidth") == 320
            opened.page.click("[data-filters]")
    opened.page.goto(f"{page.as_uri()}#view=review&change=end")
    assert opened.violations(every=True) == []


def test_a_phones_first_screen_counts_the_changes(page: Path, pages: Pages) -> None:
    opened = pages.open(page, "view=month", size=(380, 700))
    marks = opened.page.locator(".filters .marks")
    box = marks.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 700
    assert "1 removed" in marks.inner_text()


def test_the_list_opens_at_the_first_change_or_at_the_day_of_its_address(page: Path, pages: Pages) -> None:
    opened = pages.open(page, "view=list", size=(380, 700))
    last = opened.page.locator("#list .day").last.get_attribute("data-day")
    opened.page.goto("about:blank")
    opened.page.goto(f"{page.as_uri()}#view=list&date={last}")
    assert opened.page.locator(f"[data-day='{last}'] h3").is_visible()
    top = opened.page.evaluate(
        f"document.querySelector(\"#list [data-day='{last}']\").getBoundingClientRect().top"
    )
    assert top < 700, "it is on the screen"
    assert f"date={last}" in opened.page.url


def test_a_picture_is_in_the_page_once(cli: Cli, calendar: Path, pages: Pages, tmp_path: Path) -> None:
    shown = "accounts: [facebook]\nmedia: [{file: media/one.jpg, alt: One}]\ntext: Number "
    write(calendar, {f"n-{n}": f"{shown}{n}" for n in range(12)})
    page = made(cli, calendar, tmp_path)
    found = re.findall(r"data:image/webp;base64,[^\"')]+", page.read_text(encoding="utf-8"))
    assert len(found) == len({*found})
    opened = pages.open(page, "view=list", java_script_enabled=False)
    drawn = opened.page.locator("#list .shot img").all()
    assert len(drawn) >= 12
    for image in drawn:
        box = image.bounding_box()
        assert box is not None
        assert (box["width"] > 100, box["height"] > 75) == (True, True)


def test_on_paper_the_review_is_its_changes_and_a_month_is_a_month(page: Path, pages: Pages) -> None:
    opened = pages.open(page, "view=review", size=(720, 1000))
    opened.page.emulate_media(media="print")
    cards = opened.page.locator("#list .card:visible")
    assert cards.count() == 10
    assert opened.texts("#review h2") == []
    opened.page.emulate_media(media="screen")
    press(opened, "m")
    opened.page.emulate_media(media="print")
    assert opened.page.locator(".month-grid").is_visible()
    assert opened.page.locator("#list .card:visible").count() == 0
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 720


def test_a_file_that_was_replaced_is_asked_about_again(
    cli: Cli, calendar: Path, tmp_path: Path, pages: Pages
) -> None:
    """Its card is the same: the file's name, pages and rounded size."""
    write(
        calendar,
        {"prices": "accounts: linkedin\ntext: Our prices\ntitle: Prices\nmedia: [{file: media/prices.pdf}]"},
    )
    path = calendar / "media" / "prices.pdf"
    path.write_bytes(PDF + bytes(8))
    page = made(cli, calendar, tmp_path)
    opened = pages.open(page)
    while "Our prices" not in " ".join(opened.texts("#review .stage .words")):
        press(opened, "n")
    alike = opened.page.get_attribute("#review .stage .card", "data-alike")
    content = opened.page.get_attribute("#review .stage .card", "data-content")
    yes = opened.page.locator("[data-answer=yes]")
    press(opened, "y", "p")
    assert yes.get_attribute("aria-pressed") == "true"
    path.write_bytes(PDF + bytes(7) + b"1")
    made(cli, calendar, tmp_path)
    opened.page.reload()
    card = opened.page.locator("#review .stage .card")
    assert card.get_attribute("data-alike") == alike
    assert card.get_attribute("data-content") != content
    assert yes.get_attribute("aria-pressed") == "false"
