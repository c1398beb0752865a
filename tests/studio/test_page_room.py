"""The calendar keeps its place, however many errors, waiting posts and messages there are, and nothing lies over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.studio.desk import desk_of
from tests.studio.hands import MARCH, SETTINGS, calendar, enter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Pages
    from tests.studio.desk import Desk

WAITING = """- id: idea
  at: next
  accounts: [x, linkedin]
  text: |
    An idea that waits for its slot.
- id: other
  at: next
  accounts: facebook
  text: |
    Another that waits.
"""
ERRORS = "".join(
    f"""- id: bad{number}
  at: 2027-04-{number // 2 + 1:02} {number % 2 + 9:02}:00
  accounts: x
  text: |
    {"Far too long. " * 30}
"""
    for number in range(44)
)
COVERED = """() => [...document.querySelectorAll("#grid [data-cell]")].flatMap(cell => {
  const box = cell.getBoundingClientRect(), found = [];
  for (let y = box.top + 6; y < Math.min(box.bottom, innerHeight) - 4; y += 12) for (const x of [box.left + 8, box.right - 8]) {
    const top = document.elementFromPoint(x, y);
    if (top && !cell.contains(top) && !top.closest("#grid")) found.push(`${cell.dataset.cell} ${top.className}`);
  }
  return found;
})"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    top = calendar(tmp_path / "calendar", MARCH + WAITING + ERRORS)
    (top / "publer.yaml").write_text(SETTINGS + "slots: {x: [tue 10:30, thu 11:00]}\n")
    with desk_of(top) as desk:
        yield desk


@pytest.mark.parametrize("width", [1440, 380])
def test_the_first_day_stands_in_the_upper_half(desk: Desk, pages: Pages, width: int) -> None:
    hands = enter(desk, pages, size=(width, 900))
    assert "44 errors" in hands.page.locator("#studio-problems summary").first.inner_text()
    for _ in range(3):
        first = hands.day("2027-03-01").bounding_box()
        assert first is not None
        assert first["y"] < 450
        desk.do("launch", edit={"note": f"{_}"})
        hands.page.wait_for_timeout(150)
    assert hands.opened.violations() == []
    hands.page.locator("#studio-problems summary").first.click()
    assert hands.page.locator("#studio-problems button", has_text="Fix bad0").is_visible()
    assert hands.opened.violations() == []


@pytest.mark.parametrize("width", [1440, 380])
def test_no_message_lies_over_the_calendar(desk: Desk, pages: Pages, width: int) -> None:
    hands = enter(desk, pages, size=(width, 900))
    before = hands.page.evaluate("document.querySelector('.told-all').getBoundingClientRect().top")
    covered = hands.page.evaluate(COVERED)
    for number in range(3):
        assert desk.do("launch", edit={"note": f"{number}"}).status == 200
        hands.page.locator(".told-one").nth(number).wait_for(state="attached")
    assert hands.page.evaluate("document.querySelector('.told-all').getBoundingClientRect().top") == before
    after = hands.page.evaluate(COVERED)
    # What is behind the bar was behind it before anything was said.
    assert {each.split(" ")[0] for each in after} <= {each.split(" ")[0] for each in covered}
    if width == 1440:
        for last in ("2027-04-04", "2027-03-31"):
            hands.day(last).scroll_into_view_if_needed()
            hands.page.evaluate("scrollTo(0, document.body.scrollHeight)")
            box = hands.day(last).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] < before


def test_waiting_posts_are_dragged_from_the_tray_into_the_next_free_slot(desk: Desk, pages: Pages) -> None:
    hands = enter(desk, pages, size=(1440, 900))
    tray = hands.page.locator("#studio-tray .entry")
    assert tray.count() == 2
    hands.take(tray.filter(has_text="An idea"), "2027-03-09")
    hands.page.locator(".ghost-where", has_text="Tue 9 Mar, 10:30").wait_for()
    hands.page.mouse.up()
    hands.said("idea moved to Tue 9 Mar, 10:30")
    assert tray.count() == 1
    assert "at: Tue 2027-03-09 10:30" in desk.read("2027-03.yaml")
    # No slot of the account is on that day: the usual time.
    hands.drag(tray.first, "2027-03-03")
    hands.said("other moved to Wed 3 Mar, 09:00")
    assert hands.page.locator("#studio-tray").is_hidden()


def test_the_minute_is_free_and_the_keyboard_reaches_it_too(desk: Desk, pages: Pages) -> None:
    hands = enter(desk, pages, size=(1440, 900))
    hands.page.locator("#studio-tray .entry", has_text="Another that").focus()
    hands.page.keyboard.press("g")
    hands.page.keyboard.press("ArrowRight")
    hands.page.keyboard.press("Enter")
    hands.said("other moved to Tue 2 Mar, 09:01")
    assert "at: Tue 2027-03-02 09:01" in desk.read("2027-03.yaml")


def test_after_clear_the_view_is_where_it_was(desk: Desk, pages: Pages) -> None:
    hands = enter(desk, pages, size=(1440, 900))
    hands.page.get_by_label("Words in posts").fill("Far too long")
    hands.page.locator(".period", has_text="April 2027").wait_for()
    hands.page.get_by_role("button", name="Clear").click()
    hands.page.locator(".period", has_text="March 2027").wait_for()
