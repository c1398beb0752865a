"""Moves on the page: with a mouse, a finger and the keyboard, and what happens where the post cannot go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import NARROW
from tests.studio.desk import desk_of
from tests.studio.hands import calendar, enter, hands_on

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Pages


def test_a_drag_keeps_the_time_and_writes_one_line(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        hands.drag(hands.entry("Meet the Mini"), "2027-03-04")
        hands.said("Thu 4 Mar")
        assert hands.diff() == [
            "-  at: Tue 2027-03-02 09:00          # as on the posters",
            "+  at: Thu 2027-03-04 09:00          # as on the posters",
        ]
        assert hands.day("2027-03-04").locator(".entry").count() == 1
        assert [each for each in hands.opened.complaints if "status of 4" not in each] == []


def test_escape_and_the_own_day_put_it_back(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        hands.take(hands.entry("Meet the Mini"), "2027-03-10")
        hands.page.keyboard.press("Escape")
        hands.page.mouse.up()
        hands.drag(hands.entry("Meet the Mini"), "2027-03-02")
        assert hands.page.locator(".ghost, .lifted, dialog[open]").count() == 0
        assert hands.diff() == []


def test_the_keyboard_moves_it_and_says_where_it_is(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        said = hands.page.locator("#studio-said")
        hands.entry("Meet the Mini").focus()
        hands.page.keyboard.press("g")
        assert "launch taken, Tuesday 2 March 2027, 09:00" in said.inner_text()
        hands.page.keyboard.press("ArrowDown")
        hands.page.keyboard.press("ArrowRight")
        said.filter(has_text="Wednesday 10 March 2027, 09:00").wait_for()
        hands.page.keyboard.press("Enter")
        hands.said("Wed 10 Mar")
        assert [line.split("#")[0].strip() for line in hands.diff()] == [
            "-  at: Tue 2027-03-02 09:00",
            "+  at: Wed 2027-03-10 09:00",
        ]
        assert "Meet the Mini" in hands.page.evaluate("document.activeElement.innerText")
        hands.page.keyboard.press("g")
        hands.page.keyboard.press("PageDown")
        assert hands.opened.texts(".period") == ["April 2027"]
        hands.page.keyboard.press("Escape")
        assert hands.opened.texts(".period") == ["March 2027"]
        assert "Meet the Mini" in hands.page.evaluate("document.activeElement.innerText")


def test_in_the_week_a_drag_takes_another_hour(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages, "view=week&date=2027-03-01") as hands:
        hands.take(hands.entry("Meet the Mini"), "2027-03-03")
        line = hands.page.locator(".hours i", has_text="14:00").bounding_box()
        column = hands.day("2027-03-03").bounding_box()
        assert line
        assert column
        hands.page.mouse.move(column["x"] + 40, line["y"] + 2, steps=2)
        hands.page.locator(".ghost-where", has_text="Wed 3 Mar, 14:00").wait_for()
        hands.page.mouse.up()
        hands.said("14:00")
        assert [line.split("#")[0].strip() for line in hands.diff()] == [
            "-  at: Tue 2027-03-02 09:00",
            "+  at: Wed 2027-03-03 14:00",
        ]


def test_a_finger_that_stays_takes_the_post_and_one_that_moves_scrolls(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    with hands_on(top, pages, "view=week&date=2027-03-01", NARROW, has_touch=True) as hands:
        finger = hands.page.context.new_cdp_session(hands.page)

        def touch(kind: str, *at: float) -> None:
            points = [{"x": at[0], "y": at[1]}] if at else []
            finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

        here = hands.entry("Meet the Mini").bounding_box()
        there = hands.day("2027-03-03").bounding_box()
        assert here
        assert there
        x, y = here["x"] + 40, here["y"] + 12
        touch("Start", x, y)
        hands.page.locator(".ghost").wait_for()
        touch("Move", x, y + 10)
        touch("Move", x, there["y"] + 20)
        hands.page.locator(".ghost-where", has_text="Wed 3 Mar, 09:00").wait_for()
        touch("End")
        hands.said("Wed 3 Mar")
        assert "+  at: Wed 2027-03-03 09:00          # as on the posters" in hands.diff()
        before = hands.page.evaluate("scrollY")
        touch("Start", x, y + 200)
        touch("Move", x, y + 140)
        touch("Move", x, y + 100)
        touch("End")
        hands.page.wait_for_function(f"scrollY > {before}")
        assert hands.page.locator(".ghost, dialog[open]").count() == 0


def test_day_and_time_can_be_typed_and_an_account_taken_out(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages, "view=list") as hands:
        hands.page.locator("#list .card", has_text="We are hiring").locator("[data-move]").click()
        dialog = hands.page.locator("dialog.ask")
        dialog.get_by_label("Day").fill("2027-03-09")
        dialog.get_by_label("Time").fill("11:30")
        dialog.get_by_label("Company LinkedIn Page").uncheck()
        dialog.get_by_role("button", name="Move", exact=True).click()
        hands.said("Tue 9 Mar")
        assert len(hands.page.locator("#list .card", has_text="We are hiring").all()) == 2


def test_two_windows_see_the_same(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    with desk_of(top) as desk:
        one = enter(desk, pages, "view=month&date=2027-03-01")
        other = enter(desk, pages, "view=month&date=2027-03-01")
        one.drag(one.entry("Meet the Mini"), "2027-03-04")
        other.day("2027-03-04").locator(".entry").wait_for()
        (top / "2027-03.yaml").write_text(
            (top / "2027-03.yaml").read_text(encoding="utf-8").replace("Meet the Mini", "Here is the Mini"),
            encoding="utf-8",
        )
        desk.studio.follow()
        for window in (one, other):
            window.entry("Here is the Mini").wait_for()
