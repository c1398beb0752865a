"""What has an order in the form: parts of a thread, pictures, options; the look beside them; and what cannot be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.studio.desk import Desk, desk_of
from tests.studio.hands import enter
from tests.studio.rich import SETTINGS, rich
from tests.system.worlds import png

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator

    from tests.browser import Pages

ANCHORS = """posts:
- id: one
  at: Tue 2027-03-02 09:00
  accounts: &where [x, facebook]
  text: &words |
    Shared words & more.
  labels: [own]
- id: two
  at: Wed 2027-03-03 09:00
  accounts: *where
  text: *words
- id: three
  at: Thu 2027-03-04 09:00
  accounts: x
  text: "R&D and *stars* & more"
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_of(rich(tmp_path / "calendar")) as desk:
        yield desk


def pull(handle: Locator, to: Locator) -> None:
    page = handle.page
    handle.scroll_into_view_if_needed()
    here, there = handle.bounding_box(), to.bounding_box()
    assert here is not None
    assert there is not None
    page.mouse.move(here["x"] + 5, here["y"] + 5)
    page.mouse.down()
    page.mouse.move(here["x"] + 5, there["y"] + 2, steps=6)
    page.mouse.up()


def test_parts_of_a_thread_change_places_by_drag_and_keyboard_and_keep_their_pictures(
    desk: Desk, pages: Pages
) -> None:
    hands = enter(desk, pages, size=(1440, 1000))
    form = hands.write("1: a thread.")
    parts = form.locator(".part")
    form.locator(".counts", has_text="X 19/280").first.wait_for()
    pull(parts.nth(1).locator(".handle"), parts.nth(0))
    assert form.get_by_label("Part 2", exact=True).input_value().startswith("3: its third")
    form.get_by_role("button", name="Part 3 earlier").press("Enter")
    assert form.get_by_label("Part 2", exact=True).input_value().startswith("2: its second")
    form.get_by_role("button", name="Part 2 later").press("Enter")
    assert hands.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Part 3 earlier"
    assert hands.opened.violations() == []
    hands.save()
    hands.said("told")
    text = desk.read("2027-03.yaml")
    assert (
        text.index("3: its third part.") < text.index("2: its second part.") < text.index("media/three.png")
    )


def test_a_picture_is_exchanged_in_place_and_dragged(desk: Desk, pages: Pages) -> None:
    hands = enter(desk, pages, size=(1440, 1000))
    form = hands.write("1: a thread.")
    files = [{"name": "other.png", "mimeType": "image/png", "buffer": png(9)}]
    with hands.page.expect_file_chooser() as chooser:
        form.get_by_text("Exchange one.png").click()
    chooser.value.set_files(files)  # type: ignore[arg-type]  # Playwright's own type, as a dict
    assert form.get_by_label("Alt text of other.png").input_value() == "One"
    pictures = form.locator(".pictures li")
    pull(pictures.nth(1).locator(".handle"), pictures.nth(0))
    assert "two.png" in pictures.nth(0).inner_text()
    hands.save()
    hands.said("told")
    media = desk.post("told")["media"]
    assert [(each["path"], each["alt"]) for each in media] == [
        ("media/two.png", "Two"),
        ("media/other.png", "One"),
    ]
    hands.page.get_by_role("button", name="Remove the file").click()
    hands.said("media/one.png removed.")
    assert not (desk.top / "media" / "one.png").exists()


def test_an_option_is_removed_by_its_button_and_the_look_shows_poll_parts_and_link(
    desk: Desk, pages: Pages
) -> None:
    hands = enter(desk, pages, size=(1440, 1000))
    form = hands.write("What do you read by?")
    look = form.locator(".look")
    look.locator(".poll li", has_text="My phone").wait_for()
    form.get_by_role("button", name="Remove option 2").click()
    look.locator(".poll li", has_text="A lamp").wait_for(state="detached")
    assert hands.opened.violations() == []
    hands.save()
    hands.said("asked: poll edited")
    assert desk.post("asked")["poll"]["options"] == ["A candle", "My phone"]
    form = hands.write("1: a thread.")
    look.locator(".follow", has_text="3: its third part.").wait_for()
    form.get_by_role("button", name="Cancel").click()
    form = hands.write("A title")
    look.locator(".link", has_text="example.com").wait_for()


def test_the_error_of_one_network_does_not_stand_over_the_look_of_another(desk: Desk, pages: Pages) -> None:
    hands = enter(desk, pages, size=(1440, 1000))
    form = hands.write("A title")
    form.get_by_label("Words", exact=True).fill("All of it again. " * 30)
    form.locator(".pill[data-alias=x]").click()
    form.get_by_role("button", name="Use the words for everyone").click()
    form.locator(".pill[data-alias=facebook]").click()
    look = form.locator(".look")
    look.locator(".soft", has_text="more to say of it on").wait_for()
    assert "too long" not in look.inner_text()
    form.locator(".pill[data-alias=x]").click()
    look.locator(".problems", has_text="too long for X").wait_for()


def test_what_an_anchor_shares_is_marked_before_one_writes(tmp_path: Path, pages: Pages) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(SETTINGS)
    (top / "2027-03.yaml").write_text(ANCHORS)
    with desk_of(top) as desk:
        assert {name: sorted(desk.post(name)["why_not"]) for name in ("one", "two", "three")} == {
            "one": ["accounts", "text"],
            "two": ["accounts", "text"],
            "three": [],
        }
        hands = enter(desk, pages)
        hands.entry("Shared words").first.click()
        hands.form.wait_for()
        assert hands.form.locator(".locked").count() == 2
        assert hands.form.locator("textarea[readonly]").count() >= 1
        hands.form.get_by_role("button", name="Cancel").click()
        assert desk.do("one", edit={"labels": ["other"]}).status == 200


def test_a_label_of_the_defaults_is_said_to_be_one(desk: Desk, pages: Pages) -> None:
    hands = enter(desk, pages)
    form = hands.write("What do you read by?")
    assert form.get_by_label("Labels, with commas").input_value() == "poll"
    assert "Also calendar, from the defaults" in form.inner_text()
    form.get_by_label("Labels, with commas").fill("poll, more")
    hands.save()
    hands.said("asked: labels edited")
    assert desk.post("asked")["labels"] == ["calendar", "poll", "more"]
