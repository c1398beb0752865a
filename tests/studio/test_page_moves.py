"""Moves on the page: with a mouse, a finger and the keyboard, and what happens where the post cannot go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import NARROW
from tests.studio.desk import desk_of
from tests.studio.hands import MARCH, calendar, enter, hands_on

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator

    from tests.browser import Pages
    from tests.studio.hands import Hands


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
        assert "launch picked up, Tuesday 2 March 2027, 09:00" in said.inner_text()
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


HONEST = (
    MARCH
    + """- id: embargo
  at: Thu 2027-03-18 12:00
  accounts: facebook
  not_before: Wed 2027-03-17 08:00
  text: |
    A secret, until the seventeenth.
"""
)


def test_while_dragging_days_say_where_it_cannot_go(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar", HONEST), pages) as hands:
        hands.take(hands.entry("A secret"), "2027-03-16")
        hands.day("2027-03-16").locator(".why", has_text="too early").wait_for()
        hands.page.locator(".ghost.cannot .ghost-where", has_text="17").wait_for()
        assert hands.day("2027-03-12").locator(".why").inner_text() == "taken"
        assert hands.day("2027-03-20").locator(".why").inner_text() == "quiet day"
        assert hands.day("2027-03-19").locator(".why").count() == 0
        hands.page.mouse.up()
        hands.page.get_by_role("alert").filter(has_text="embargo cannot move to Tue 16 Mar").wait_for()
        assert hands.day("2027-03-18").locator(".entry", has_text="A secret").count() == 1
        assert hands.page.locator(".why, .cannot").count() == 0
        assert hands.diff() == []


def test_what_the_server_refuses_goes_back_with_the_reason(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar", HONEST), pages) as hands:
        hands.page.route("**/studio/days", lambda route: route.abort())  # nothing is known before the drop
        hands.drag(hands.entry("A secret"), "2027-03-16")
        hands.page.get_by_role("alert").wait_for()
        hands.day("2027-03-18").locator(".entry", has_text="A secret").wait_for()
        assert hands.diff() == []
        hands.drag(hands.entry("Meet the Mini"), "2027-03-05")  # where x and linkedin have a post
        hands.page.get_by_role("button", name="Swap them").wait_for()
        hands.page.keyboard.press("Escape")
        hands.day("2027-03-02").locator(".entry", has_text="Meet the Mini").wait_for()
        assert hands.diff() == []


def test_a_series_asks_whether_this_one_or_all_from_here(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        hands.drag(hands.day("2027-03-15").locator(".entry"), "2027-03-16")
        hands.page.get_by_role("button", name="This one").click()
        hands.said("tips")
        assert hands.day("2027-03-16").locator(".entry").count() == 1
        assert hands.day("2027-03-15").locator(".entry").count() == 0
        assert hands.day("2027-03-22").locator(".entry").count() == 1
        assert any("except: [2027-03-15]" in line for line in hands.diff())
        hands.page.keyboard.press("Control+z")
        hands.day("2027-03-15").locator(".entry").wait_for()
        assert hands.diff() == []
        hands.drag(hands.day("2027-03-22").locator(".entry"), "2027-03-24")
        hands.page.get_by_role("button", name="All from here on").click()
        hands.said("tips")
        hands.day("2027-03-31").locator(".entry").wait_for()
        assert hands.day("2027-03-15").locator(".entry").count() == 1


def test_a_time_that_counts_from_a_date_goes_on_counting(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        hands.drag(hands.entry("Six days to"), "2027-03-19")
        hands.said("teaser")
        assert hands.diff() == ["-  at: fair - 6d 10:00", "+  at: fair - 4d 10:00"]


APART = """posts:
- id: one
  at: Thu 2027-03-04 10:00
  accounts: x
  text: On one account.
- id: two
  at: Wed 2027-03-10 10:00
  accounts: [x, linkedin]
  networks: {linkedin: {at: Wed 2027-03-10 12:00}}
  text: At two times.
"""


def moved_by_dialog(hands: Hands, card: Locator, day: str = "", time: str = "", without: str = "") -> None:
    """Move a card of the list with the fields of "Move…"."""
    card.locator("[data-move]").click()
    _filled(hands, day, time, without)


def _filled(hands: Hands, day: str, time: str, without: str) -> None:
    dialog = hands.page.locator("dialog.ask")
    if day:
        dialog.get_by_label("Day").fill(day)
    if time:
        dialog.get_by_label("Time").fill(time)
    if without:
        dialog.get_by_label(without).uncheck()
    dialog.get_by_role("button", name="Move", exact=True).click()
    dialog.wait_for(state="detached")


def test_a_post_on_one_account_moves_by_its_fields(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar", APART), pages, "view=list&date=2027-03-01") as hands:
        moved_by_dialog(
            hands, hands.page.locator("#list .card", has_text="On one account"), "2027-03-05", "11:30"
        )
        hands.said("one moved to Fri 5 Mar, 11:30")
        assert hands.diff() == ["-  at: Thu 2027-03-04 10:00", "+  at: Fri 2027-03-05 11:30"]


def test_accounts_with_times_of_their_own_move_by_as_much_from_each_card(
    tmp_path: Path, pages: Pages
) -> None:
    with hands_on(calendar(tmp_path / "calendar", APART), pages, "view=list&date=2027-03-01") as hands:
        cards = hands.page.locator("#list .card", has_text="At two times")
        later = cards.filter(has_text="12:00")
        moved_by_dialog(hands, later, "2027-03-11", "12:30")
        hands.said("two moved")
        assert [times_of(hands, "two", alias) for alias in ("x", "linkedin")] == [
            "2027-03-11 10:30",
            "2027-03-11 12:30",
        ]
        moved_by_dialog(hands, cards.filter(has_text="12:30"), "2027-03-12", without="My X Account")
        hands.said("two on linkedin moved to Fri 12 Mar, 12:30")
        assert times_of(hands, "two", "x") == "2027-03-11 10:30"


def test_some_accounts_only_can_be_chosen_where_each_has_a_time_of_its_own(
    tmp_path: Path, pages: Pages
) -> None:
    with hands_on(calendar(tmp_path / "calendar", APART), pages) as hands:
        hands.drag(hands.day("2027-03-10").locator(".entry", has_text="12:00"), "2027-03-11")
        hands.said("two moved to Thu 11 Mar, 12:00")
        hands.page.get_by_role("button", name="Move some accounts only…").click()
        _filled(hands, "", "", "Company LinkedIn Page")
        hands.said("two on x moved to Thu 11 Mar, 10:00")
        assert [times_of(hands, "two", alias) for alias in ("x", "linkedin")] == [
            "2027-03-11 10:00",
            "2027-03-10 12:00",
        ]


def test_without_an_account_the_fields_move_nothing_and_say_so(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar", APART), pages, "view=list&date=2027-03-01") as hands:
        card = hands.page.locator("#list .card", has_text="At two times").first
        card.locator("[data-move]").click()
        hands.page.locator("dialog.ask").get_by_label("My X Account").uncheck()
        _filled(hands, "2027-03-12", "", "Company LinkedIn Page")
        hands.page.get_by_role("alert").filter(has_text="two did not move: no account was chosen.").wait_for()
        assert hands.diff() == []


def times_of(hands: Hands, post: str, alias: str) -> str:
    found = hands.desk.post(post)
    at = found["times"].get(alias, found["at"])
    return f"{at['day']} {at['time']}"
