"""A large calendar in a browser: what is seen comes first, the rest where somebody goes, and nothing on the page is wrong meanwhile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from publer_sync.studio import showing
from tests.browser import NARROW, WIDE
from tests.studio.desk import desk_of
from tests.studio.hands import Gate, calendar, enter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Pages
    from tests.studio.desk import Desk
    from tests.studio.hands import Hands

MAY = """posts:
- id: lamp
  at: Mon 2027-05-03 09:00
  accounts: [x, linkedin]
  labels: [spring]
  text: The May lamp.
- id: battery
  at: Tue 2027-05-04 09:00
  accounts: x
  text: Batteries & <bold> claims.
- id: wrong
  at: Wed 2027-05-05 09:00
  accounts: x
  text: A picture is missing.
  media: [{file: media/nothing.png, alt: Nothing}]
"""
TOTAL = "12 posts"  # six of a series; the one with an error is not planned


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(showing, "LARGE", 0)
    top = calendar(tmp_path / "calendar")
    (top / "2027-05.yaml").write_text(MAY)
    with desk_of(top) as desk:
        yield desk


def begun(desk: Desk, pages: Pages, what: str = "", where: str = "", **options: Any) -> tuple[Hands, Gate]:
    """The page, on which what it asks for at an address waits."""
    gate = Gate(what)
    hands = enter(desk, pages, "view=month&date=2027-03-01", **options)
    if what:
        gate.on(hands.page)
    hands.page.evaluate("where => { location.hash = where; }", where or "view=month&date=2027-03-01")
    if what:
        hands.page.reload()
        hands.page.locator("html[data-ready=studio]").wait_for()
    return hands, gate


def read(hands: Hands) -> None:
    """Wait until the page knows what it wants to know."""
    expect(hands.page.locator("#studio-reading")).to_be_empty()


def shown(hands: Hands) -> list[str]:
    return [each.strip() for each in hands.page.locator("#grid .entry .title").all_inner_texts()]


def test_months_come_as_somebody_goes_there(desk: Desk, pages: Pages) -> None:
    hands, _ = begun(desk, pages)
    figures = hands.page.locator("#figures")
    assert figures.inner_text().startswith(TOTAL)
    read(hands)
    assert hands.page.locator("#list .card").count() == 10  # a series is whole, with its post of April
    for _ in range(2):
        hands.page.get_by_role("button", name="Later").click()
    hands.entry("The May lamp.").wait_for()
    read(hands)
    assert len(shown(hands)) == 3
    assert "Batteries & <bold> claims." in shown(hands)
    assert figures.inner_text().startswith(TOTAL)
    hands.page.get_by_role("button", name="1 error").or_(
        hands.page.locator("#studio-problems summary")
    ).first.click()
    hands.page.get_by_role("button", name="Fix wrong").click()
    hands.form.wait_for()
    assert hands.opened.complaints == []


def test_a_post_of_another_month_is_fixed_from_the_list_of_errors_and_reached_by_a_swap(
    desk: Desk, pages: Pages
) -> None:
    hands, _ = begun(desk, pages)
    read(hands)
    hands.page.locator("#studio-problems summary").first.click()
    hands.page.get_by_role("button", name="Fix wrong").click()
    assert hands.form.get_by_label("Words", exact=True).input_value() == "A picture is missing."
    hands.page.keyboard.press("Escape")
    hands.form.wait_for(state="detached")
    hands.day("2027-03-05").locator(".number").click()
    hands.page.locator("#sheet").get_by_role("button", name="Move…").click()
    dialog = hands.page.locator("dialog[open]").last
    dialog.locator("input[type=date]").fill("2027-05-04")
    dialog.get_by_role("button", name="Move", exact=True).click()
    hands.page.get_by_text("Swap hiring with battery?").wait_for()


def test_a_search_finds_posts_of_every_month_and_says_while_it_looks(desk: Desk, pages: Pages) -> None:
    hands, gate = begun(desk, pages, "/studio/texts")
    read(hands)
    hands.page.get_by_label("Words in posts").fill("claims <bold>")
    told = hands.page.locator(".filters output")
    expect(told).to_have_text("Reading more posts…")
    expect(hands.page.locator("#studio-reading")).to_have_text(re.compile(r"^Searching \d more posts…$"))
    expect(hands.page.locator("#nothing")).to_be_hidden()
    gate.let()
    expect(told).to_have_text(f"1 of {TOTAL}")
    hands.entry("Batteries").wait_for()  # the month of the first that is found
    read(hands)
    hands.page.get_by_role("button", name="List").click()
    expect(hands.page.locator("#list .card:visible")).to_have_count(1)
    hands.page.get_by_role("button", name="Clear").click()
    read(hands)
    expect(hands.page.locator("#list .card:visible")).to_have_count(13)
    assert hands.opened.complaints == []


def test_filters_and_the_week_know_posts_that_are_not_on_the_page(desk: Desk, pages: Pages) -> None:
    hands, _ = begun(desk, pages)
    read(hands)
    hands.page.locator("[name=label]").select_option("spring")
    expect(hands.page.locator(".filters output")).to_have_text(f"1 of {TOTAL}")
    hands.entry("The May lamp.").wait_for()
    hands.page.locator("[name=label]").select_option("")
    hands.page.get_by_label("1 post with problems").check()
    hands.entry("A picture is missing.").wait_for()
    hands.page.get_by_role("button", name="Clear").click()
    expect(hands.page.locator(".filters output")).to_be_empty()
    hands.page.evaluate("() => { location.hash = 'view=week&date=2027-05-03'; }")
    expect(hands.page.locator("#grid .entry")).to_have_count(3)
    hands.page.get_by_role("button", name="Choose this week").click()
    expect(hands.page.locator("#studio-chosen b")).to_have_text("3 posts chosen")


def test_before_it_knows_the_rest_it_says_so(desk: Desk, pages: Pages) -> None:
    hands, gate = begun(desk, pages, "/studio/outline")
    reading = hands.page.locator("#studio-reading")
    expect(reading).to_have_text("Reading and checking the other 3 posts…")
    assert hands.page.locator("#figures").inner_text().startswith(TOTAL)
    hands.drag(hands.entry("Meet the Mini"), "2027-03-04")  # what is there is edited meanwhile
    hands.said("launch")
    assert hands.page.locator("#figures").inner_text().startswith(TOTAL)
    for _ in range(2):
        hands.page.get_by_role("button", name="Later").click()
    day = hands.day("2027-05-03")
    expect(day.locator(".unread")).to_have_text("Reading…")
    expect(day.locator(".number")).to_contain_text("not read yet")
    hands.page.get_by_label("Words in posts").fill("lamp")
    expect(hands.page.locator(".filters output")).to_have_text("Reading more posts…")
    expect(hands.page.locator("#nothing")).to_be_hidden()
    gate.let()
    expect(hands.page.locator(".filters output")).to_have_text(f"8 of {TOTAL}")
    hands.page.get_by_role("button", name="Clear").click()
    expect(hands.page.locator(".filters output")).to_be_empty()
    hands.page.evaluate("() => { location.hash = 'view=month&date=2027-05-03'; }")
    expect(day.locator(".entry")).to_have_count(1)
    expect(hands.page.locator(".unread")).to_have_count(0)


def test_what_could_not_be_read_is_told_and_read_again(desk: Desk, pages: Pages) -> None:
    hands, _ = begun(desk, pages)
    read(hands)
    hands.page.route("**/studio/cards*", lambda route: route.abort())
    for _ in range(2):
        hands.page.get_by_role("button", name="Later").click()
    expect(hands.page.locator("#studio-reading")).to_contain_text("Not all posts could be read.")
    expect(hands.day("2027-05-03").locator(".unread")).to_have_text("Reading…")
    hands.page.unroute("**/studio/cards*")
    hands.page.get_by_role("button", name="Read them").click()
    hands.entry("The May lamp.").wait_for()
    read(hands)


def test_files_that_change_elsewhere_are_followed(desk: Desk, pages: Pages) -> None:
    hands, _ = begun(desk, pages)
    read(hands)
    (desk.top / "2027-05.yaml").write_text(
        MAY.replace("The May lamp.", "The June lamp.")
        .replace("2027-05-04", "2027-05-06")
        .replace("Tue ", "Thu ")
    )
    desk.studio.follow()
    hands.said("The files changed: 2 posts changed or new.")
    for _ in range(2):
        hands.page.get_by_role("button", name="Later").click()
    hands.entry("The June lamp.").wait_for()
    hands.day("2027-05-06").locator(".entry").wait_for()
    read(hands)
    (desk.top / "2027-05.yaml").unlink()
    desk.studio.follow()
    hands.said("3 no longer there")
    expect(hands.page.locator("#grid .entry")).to_have_count(0)
    expect(hands.page.locator("#figures")).to_contain_text("10 posts")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_it_can_be_used_by_everybody_while_the_rest_comes(
    desk: Desk, pages: Pages, size: tuple[int, int]
) -> None:
    hands, gate = begun(desk, pages, "/studio/outline", size=size)
    hands.page.get_by_role("button", name="Later").click()
    hands.page.locator(".unread").first.wait_for()
    assert hands.opened.violations() == []
    gate.let()
    read(hands)
    assert hands.opened.violations() == []
    assert hands.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
