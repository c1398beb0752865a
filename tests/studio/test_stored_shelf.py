"""Stored posts in the studio: a shelf above the calendar, from which a use is dragged onto a day; and uses, edited as any post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.studio.desk import desk_of
from tests.studio.hands import MARCH, calendar, enter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Pages
    from tests.studio.desk import Desk

STORE = """accounts: [linkedin, x]
posts:
- id: tip-1
  evergreen: {every: 8w}
  text: Charge the battery early.
  networks:
    x: {at: 10:30}
- id: tip-2
  evergreen: {every: 8w}
  labels: [tips]
  variants:
  - text: Dust the shade.
  - text: Dust the shade once more.
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    top = calendar(tmp_path / "calendar", MARCH)
    (top / "tips.yaml").write_text(STORE, encoding="utf-8")
    with desk_of(top) as desk:
        yield desk


def test_a_stored_post_that_is_moved_to_a_day_stays_and_a_use_comes_there(desk: Desk) -> None:
    assert [post["id"] for post in desk.posts if post["stored"]] == ["tip-1", "tip-2"]
    told = desk.do("tip-2", move={"day": "2027-03-11"})
    assert (told.status, told.say) == (200, "a use of tip-2 added on Thu 11 Mar, 09:00")
    assert "- use: tip-2\n  at: Thu 2027-03-11 09:00\n" in desk.read("2027-03.yaml")
    assert desk.read("tips.yaml") == STORE
    assert desk.do("tip-2", duplicate={"day": "2027-05-11"}).status == 200
    assert "- use: tip-2\n  at: Tue 2027-05-11 09:00\n  variant: 2\n" in desk.read("2027-05.yaml")
    days = desk.send(
        "/studio/days", {"key": desk.post("tip-2")["key"], "from": "2027-03-18", "to": "2027-03-18"}
    ).body["days"]
    assert days["2027-03-18"]["say"] == "It is used on Thu 11 Mar; its uses are 8 weeks apart."
    assert desk.send("/studio/undo", {}).status == 200


@pytest.mark.story
def test_an_edit_of_a_stored_post_gives_no_variant_another_number(desk: Desk) -> None:
    """A use names one by its number, and would be published with other words."""
    desk.do("tip-2", move={"day": "2027-03-11"})
    desk.do("tip-2", duplicate={"day": "2027-05-11"})
    told = desk.do("tip-2", edit={"text": "Dust it."})
    assert (told.status, told.say) == (
        422,
        "Its variants would get other numbers, and its uses would say something else: change it in the file. Nothing was written.",
    )
    assert desk.do("tip-2", edit={"labels": ["tips", "dust"], "note": "n"}).status == 200
    assert [post["text"] for post in desk.posts if post["id"].startswith("tip-2@")] == [
        "Dust the shade.",
        "Dust the shade once more.",
    ]
    assert desk.do("tip-1", edit={"text": "Charge it."}).status == 200


@pytest.mark.story
def test_a_use_is_moved_and_edited_in_its_own_lines_and_the_stored_post_in_its_own(desk: Desk) -> None:
    desk.do("tip-1", move={"day": "2027-03-11"})
    name = "tip-1@2027-03-11"
    assert desk.do(name, move={"day": "2027-03-12"}).status == 200
    assert "- use: tip-1\n  at: Fri 2027-03-12 09:00\n" in desk.read("2027-03.yaml")
    name = "tip-1@2027-03-12"
    assert desk.post(name)["times"]["x"]["time"] == "10:30"
    assert desk.do(name, edit={"text": "Other words.", "labels": ["march"]}).status == 200
    assert "  text: |\n    Other words.\n  labels: [march]\n" in desk.read("2027-03.yaml")
    assert desk.do(name, edit={"texts": {"x": "Short."}}).status == 200
    assert "  networks:\n    x:\n      text: |\n        Short.\n" in desk.read("2027-03.yaml")
    assert desk.do(name, edit={"accounts": ["linkedin"]}).status == 200
    assert desk.post(name)["accounts"] == ["linkedin"]
    assert desk.read("tips.yaml") == STORE
    assert desk.do(name, remove={}).status == 200
    assert "use: tip-1" not in desk.read("2027-03.yaml")
    desk.do("tip-1", move={"day": "2027-03-12"})
    assert desk.do("tip-1", edit={"text": "New words."}).status == 200
    assert "New words." in desk.read("tips.yaml")
    assert desk.post(name)["text"] == "New words."


def test_a_copy_of_a_use_is_another_use(desk: Desk) -> None:
    desk.do("tip-1", move={"day": "2027-03-11"})
    assert desk.do("tip-1@2027-03-11", duplicate={"day": "2027-05-11"}).status == 200
    assert desk.post("tip-1@2027-05-11")["times"]["x"]["time"] == "10:30"


@pytest.mark.parametrize("width", [1440, 380])
def test_the_shelf_shows_what_is_in_store_apart(desk: Desk, pages: Pages, width: int) -> None:
    hands = enter(desk, pages, size=(width, 900))
    shelf = hands.page.get_by_role("group", name="Posts in store")
    assert shelf.locator(".entry").count() == 2
    assert hands.page.locator(".tray-title", has_text="2 in store").is_visible()
    assert hands.page.get_by_role("group", name="Posts without a time").count() == 0
    assert hands.opened.violations() == []
    if width > 1000:
        hands.drag(shelf.locator(".entry", has_text="Dust the shade"), "2027-03-10")
        hands.said("a use of tip-2 added on Wed 10 Mar, 09:00")
        hands.day("2027-03-10").locator(".entry", has_text="Dust the shade").wait_for()
        assert shelf.locator(".entry").count() == 2
        assert "- use: tip-2\n  at: Wed 2027-03-10 09:00\n" in desk.read("2027-03.yaml")


def test_an_edit_of_a_stored_post_reaches_its_uses_in_the_same_file(desk: Desk) -> None:
    use = "- use: tip-1\n  at: Thu 2027-03-11 09:00\n"
    (desk.top / "tips.yaml").write_text(STORE + use, encoding="utf-8")
    assert desk.do("tip-1", edit={"text": "New words."}).status == 200
    assert desk.post("tip-1@2027-03-11")["text"] == "New words."
