"""Ten tasks of a working week, done in a browser: what git shows afterwards is what a careful person would have typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.studio.hands import MARCH, calendar, hands_on
from tests.system.worlds import png

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Pages
    from tests.studio.hands import Hands

LONG = "A sentence that says too much for a network with few characters, and says it again. " * 4
BROKEN = f"""- id: long
  at: Wed 2027-03-17 09:00
  accounts: [x, linkedin]
  text: |
    {LONG.strip()}
"""


@pytest.fixture
def hands(tmp_path: Path, pages: Pages) -> Iterator[Hands]:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        yield hands
        assert [each for each in hands.opened.complaints if "status of 4" not in each] == []


def test_move_the_launch_by_two_days(hands: Hands) -> None:
    hands.drag(hands.entry("Meet the Mini"), "2027-03-04")
    hands.said("launch")
    assert hands.diff() == [
        "-  at: Tue 2027-03-02 09:00          # as on the posters",
        "+  at: Thu 2027-03-04 09:00          # as on the posters",
    ]
    assert hands.day("2027-03-04").locator(".entry").count() == 1


def test_swap_two_posts(hands: Hands) -> None:
    hands.take(hands.entry("Meet the Mini"), "2027-03-05")
    hands.day("2027-03-05").locator(".why", has_text="taken").wait_for()
    hands.page.mouse.up()
    hands.page.get_by_role("button", name="Swap them").click()
    hands.said("launch")
    assert hands.diff() == [
        "-  at: Tue 2027-03-02 09:00          # as on the posters",
        "+  at: Fri 2027-03-05 09:00          # as on the posters",
        "-  at: Fri 2027-03-05 09:00",
        "+  at: Tue 2027-03-02 09:00",
    ]
    assert hands.day("2027-03-02").locator(".entry", has_text="We are hiring").count() == 1


def test_shorten_for_x_alone(hands: Hands) -> None:
    form = hands.write("Meet the Mini")
    form.locator(".pill[data-alias=x]").click()
    form.get_by_role("button", name="Write other words").click()
    form.get_by_label("Words on My X Account").fill("Ninety grams of light.")
    form.locator(".pill[data-alias=x] small", has_text="22/280").wait_for()
    hands.save()
    assert hands.diff() == [
        "+  networks:",
        "+    x:",
        "+      text: |",
        "+        Ninety grams of light.",
    ]


def test_add_a_picture_with_alt_text(hands: Hands) -> None:
    form = hands.write("We are hiring")
    files = [{"name": "workbench.png", "mimeType": "image/png", "buffer": png(1)}]
    form.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]  # Playwright's own type, as a dict
    form.get_by_label("Alt text of workbench.png").fill("A workbench, and on it a lamp in parts")
    hands.save()
    assert hands.diff() == [
        "+  media:",
        "+  - file: media/workbench.png",
        "+    alt: A workbench, and on it a lamp in parts",
    ]
    assert (hands.desk.top / "media" / "workbench.png").read_bytes() == png(1)
    hands.entry("We are hiring").locator("img").wait_for()


def test_a_new_poll(hands: Hands) -> None:
    hands.day("2027-03-10").get_by_role("button", name="New post on Wednesday 10 March 2027").click()
    form = hands.form
    form.get_by_label("My X Account").check()
    form.get_by_label("Words", exact=True).fill("What do you reach for when the power fails?")
    form.locator("[data-more=poll] summary").click()
    form.get_by_label("Option 1", exact=True).fill("A candle")
    form.get_by_label("Option 2", exact=True).fill("The lamp")
    hands.save()
    assert hands.diff() == [
        "+- id: what-do-you-reach-for",
        "+  at: Wed 2027-03-10 09:00",
        "+  accounts: x",
        "+  text: |",
        "+    What do you reach for when the power fails?",
        "+  poll:",
        "+    options: [A candle, The lamp]",
        "+    duration: 3d",
    ]
    assert hands.day("2027-03-10").locator(".entry", has_text="What do you reach").count() == 1


def test_a_series_without_easter_monday(hands: Hands) -> None:
    hands.day("2027-03-29").locator(".entry", has_text="Monday tip").click()
    hands.form.get_by_role("button", name="Remove").click()
    hands.page.get_by_role("button", name="This one", exact=True).click()
    hands.form.wait_for(state="detached")
    assert hands.diff() == [
        "-  repeat: {every: week, days: [mon], until: Mon 2027-04-12}",
        "+  repeat: {every: week, days: [mon], until: Mon 2027-04-12, except: [2027-03-29]}",
    ]
    assert hands.day("2027-03-29").locator(".entry").count() == 0
    assert hands.entry("Monday tip").count() == 3


def test_undo(hands: Hands) -> None:
    before = (hands.desk.top / "2027-03.yaml").read_bytes()
    hands.drag(hands.entry("Meet the Mini"), "2027-03-04")
    hands.said("launch")
    hands.page.keyboard.press("Control+z")
    hands.day("2027-03-02").locator(".entry", has_text="Meet the Mini").wait_for()
    assert (hands.desk.top / "2027-03.yaml").read_bytes() == before
    hands.page.locator("#studio-redo:enabled").click()
    hands.day("2027-03-04").locator(".entry", has_text="Meet the Mini").wait_for()
    hands.page.locator("#studio-undo:enabled").click()
    hands.day("2027-03-02").locator(".entry", has_text="Meet the Mini").wait_for()
    assert hands.diff() == []


def test_a_conflict_with_the_editor(hands: Hands) -> None:
    file = hands.desk.top / "2027-03.yaml"
    form = hands.write("Meet the Mini")
    words = form.get_by_label("Words", exact=True)
    words.fill("Here is the Mini.")
    file.write_text(MARCH.replace("ninety grams", "90 grams"), encoding="utf-8")  # saved in an editor
    hands.desk.studio.follow()
    form.locator(".meanwhile", has_text="The file changed meanwhile").wait_for()
    assert words.input_value() == "Here is the Mini."
    form.locator("button.main").click()
    sides = hands.page.locator("dialog.ask .version-words")
    sides.first.wait_for()
    assert sides.all_inner_texts() == [
        "Here is the Mini.",
        "Meet the Mini: 90 grams of light, and a battery that you can change yourself.",
    ]
    assert "90 grams" in file.read_text(encoding="utf-8")  # nothing is overwritten before somebody decides
    hands.page.get_by_role("button", name="Save what is chosen").click()
    form.wait_for(state="detached")
    assert hands.diff() == [
        "-    Meet the Mini: ninety grams of light, and a battery that you can change yourself.",
        "+    Here is the Mini.",
    ]


def test_a_draft_made_real(hands: Hands) -> None:
    form = hands.write("Thank you!")
    form.get_by_label("Draft").uncheck()
    hands.save()
    assert hands.diff() == ["-  draft: true                       # until we know the number"]
    assert hands.entry("Thank you!").locator(".b-draft").count() == 0


def test_find_and_fix_an_error(tmp_path: Path, pages: Pages) -> None:
    with hands_on(calendar(tmp_path / "calendar", MARCH + BROKEN), pages) as hands:
        problems = hands.page.locator("#studio-problems")
        assert "1 error" in problems.inner_text()
        problems.locator("summary").first.click()
        assert "2027-03.yaml:" in problems.get_by_role("link").inner_text()
        problems.get_by_role("button", name="Fix long").click()
        form = hands.form
        form.locator(".look .error").wait_for()
        form.locator(".mirror mark").wait_for()
        form.get_by_label("Words", exact=True).fill("A sentence that fits.")
        form.locator(".look .error").wait_for(state="detached")
        hands.save()
        problems.locator("li").wait_for(state="detached")
        assert hands.entry("A sentence that fits.").locator(".b-error").count() == 0
        assert hands.diff() == [f"-    {LONG.strip()}", "+    A sentence that fits."]
