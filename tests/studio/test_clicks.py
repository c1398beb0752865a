"""How many clicks a task takes: what somebody does every day stays as short as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.studio.hands import calendar, hands_on
from tests.system.worlds import png

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.browser import Pages
    from tests.studio.hands import Hands

COUNT = """addEventListener("pointerdown", () => { window.presses = (window.presses || 0) + 1; }, true)"""


@pytest.fixture
def hands(tmp_path: Path, pages: Pages) -> Iterator[Hands]:
    with hands_on(calendar(tmp_path / "calendar"), pages) as hands:
        hands.page.evaluate(COUNT)
        yield hands


def presses(hands: Hands) -> int:
    found: int = hands.page.evaluate("window.presses || 0")
    hands.page.evaluate("window.presses = 0")
    return found


def new_post(hands: Hands, *, draft: bool) -> None:
    hands.day("2027-03-10").get_by_role("button", name="New post on Wednesday 10 March 2027").click()
    hands.form.get_by_label("Words", exact=True).fill("A lamp for everyone")
    hands.form.locator(".pill").first.wait_for()
    if draft:
        hands.form.get_by_label("Draft: stays a draft").check()
    hands.save()


def to_be_published(hands: Hands) -> None:
    hands.write("Thank you! Forty lamps")
    hands.form.get_by_label("Draft: stays a draft").uncheck()
    hands.save()


def words(hands: Hands) -> None:
    hands.write("We are hiring").get_by_label("Words", exact=True).fill("We are hiring: two engineers.")
    hands.save()


def removed(hands: Hands) -> None:
    hands.write("We are hiring").get_by_role("button", name="Remove").click()
    hands.said("removed")


def swapped(hands: Hands) -> None:
    hands.take(hands.entry("Meet the Mini"), "2027-03-05")
    hands.page.mouse.up()
    hands.page.get_by_role("button", name="Swap them").click()
    hands.said("launch")


def other_words_on_x(hands: Hands) -> None:
    form = hands.write("Meet the Mini")
    form.locator(".pill[data-alias=x]").click()
    form.get_by_role("button", name="Write other words").click()
    form.get_by_label("Words on My X Account").fill("Ninety grams of light.")
    hands.save()


def a_day_of_a_series_removed(hands: Hands) -> None:
    hands.day("2027-03-29").locator(".entry", has_text="Monday tip").click()
    hands.form.get_by_role("button", name="Remove").click()
    hands.page.get_by_role("button", name="This one", exact=True).click()
    hands.form.wait_for(state="detached")


def a_week_moved(hands: Hands) -> None:
    hands.page.get_by_role("button", name="Week", exact=True).click()
    presses(hands)
    hands.page.get_by_role("button", name="Choose this week").click()
    hands.page.get_by_role("button", name="Move…", exact=True).first.click()
    hands.page.locator("dialog").get_by_role("button", name="Later").click()
    hands.said("moved")


def duplicated(hands: Hands) -> None:
    hands.write("We are hiring").get_by_role("button", name="Duplicate").click()
    hands.page.locator("dialog.ask").get_by_label("Day of the copy").fill("2027-03-11")
    hands.page.get_by_role("button", name="Duplicate", exact=True).click()
    hands.day("2027-03-11").locator(".entry", has_text="We are hiring").wait_for()


def a_poll(hands: Hands) -> None:
    hands.day("2027-03-10").get_by_role("button", name="New post on Wednesday 10 March 2027").click()
    hands.form.get_by_label("My X Account").check()
    hands.form.get_by_label("Words", exact=True).fill("What do you reach for when the power fails?")
    hands.form.locator("[data-more=poll] summary").click()
    hands.form.get_by_label("Option 1", exact=True).fill("A candle")
    hands.form.get_by_label("Option 2", exact=True).fill("The lamp")
    hands.save()


def time_link_and_labels(hands: Hands) -> None:
    form = hands.write("We are hiring")
    form.get_by_label("Time").fill("11:30")
    form.get_by_label("Link", exact=True).fill("https://example.com/jobs")
    form.get_by_label("Labels").fill("jobs, bergen")
    hands.save()


def a_first_comment(hands: Hands) -> None:
    form = hands.write("We are hiring")
    form.locator("[data-more=comment] summary").click()
    form.get_by_label("First comment").fill("Ask us anything.")
    hands.save()


def one_account_less(hands: Hands) -> None:
    hands.write("We are hiring").get_by_label("Company LinkedIn Page").uncheck()
    hands.save()


def labelled(hands: Hands) -> None:
    hands.entry("Meet the Mini").click(modifiers=["ControlOrMeta"])
    hands.entry("Thank you!").click(modifiers=["Shift"])
    hands.page.get_by_role("button", name="Label…").click()
    hands.page.get_by_label("Labels, with commas").fill("spring")
    hands.page.get_by_role("button", name="Add them").click()
    hands.said("4 posts labelled")


def some_accounts_moved(hands: Hands) -> None:
    hands.page.goto(hands.page.url.partition("#")[0] + "#view=list&date=2027-03-01")
    card = hands.page.locator("#list .card", has_text="We are hiring")
    card.wait_for()
    presses(hands)
    card.locator("[data-move]").click()
    dialog = hands.page.locator("dialog.ask")
    dialog.get_by_label("Day").fill("2027-03-09")
    dialog.get_by_label("Company LinkedIn Page").uncheck()
    dialog.get_by_role("button", name="Move", exact=True).click()
    hands.said("Tue 9 Mar")


def brought_back(hands: Hands) -> None:
    removed(hands)
    presses(hands)
    hands.page.locator("#studio-changes").click()
    hands.page.get_by_role("button", name="Bring back: removed hiring").click()
    hands.entry("We are hiring").wait_for(state="attached")


def undone(hands: Hands) -> None:
    hands.drag(hands.entry("We are hiring"), "2027-03-11")
    hands.said("moved")
    presses(hands)
    hands.page.locator(".told-one").get_by_role("button", name="Undo").last.click()
    hands.day("2027-03-05").locator(".entry", has_text="We are hiring").wait_for()


TASKS: dict[str, tuple[Callable[[Hands], None], int]] = {
    "move a post to another day": (lambda hands: hands.drag(hands.entry("We are hiring"), "2027-03-11"), 1),
    "swap two posts": (swapped, 2),
    "move all posts of a week by a day": (a_week_moved, 3),
    "undo": (undone, 1),
    "create a post on a day, for the accounts used last": (lambda hands: new_post(hands, draft=False), 2),
    "create a draft": (lambda hands: new_post(hands, draft=True), 3),
    "schedule a draft": (to_be_published, 3),
    "change the words": (words, 2),
    "change the words on one account": (other_words_on_x, 4),
    "remove a post": (removed, 2),
    "leave out one day of a series": (a_day_of_a_series_removed, 3),
    "duplicate a post to another day": (duplicated, 3),
    "bring back a removed post": (brought_back, 2),
    "another time, a link and labels": (time_link_and_labels, 2),
    "a first comment": (a_first_comment, 3),
    "a poll on one account": (a_poll, 3),
    "take one account out of a post": (one_account_less, 3),
    "move a post on some of its accounts only": (some_accounts_moved, 3),
    "label four posts": (labelled, 4),
}


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_a_task_takes_no_more_clicks(hands: Hands, task: str) -> None:
    do, most = TASKS[task]
    do(hands)
    assert presses(hands) == most


def test_the_page_says_how_many_clicks_each_task_takes() -> None:
    told = (ROOT / "docs/howto/studio.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (\d+) \| .+ \|$", told, re.MULTILINE)
    assert {name: int(number) for name, number in rows} == {
        **{name: most for name, (_, most) in TASKS.items()},
        "replace a picture": 2,
    }


@pytest.mark.slow
def test_a_picture_is_exchanged_with_two(hands: Hands) -> None:
    """The second closes the browser's own window of files."""
    form = hands.write("We are hiring")
    files = [{"name": "one.png", "mimeType": "image/png", "buffer": png(1)}]
    form.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]  # Playwright's own type, as a dict
    form.get_by_label("Alt text of one.png").fill("A lamp")
    presses(hands)
    two = hands.desk.top.parent / "two.png"
    two.write_bytes(png(2))
    with hands.page.expect_file_chooser() as chooser:
        form.locator("label.exchange").click()
    chooser.value.set_files(two)
    form.get_by_label("Alt text of two.png").wait_for()
    assert presses(hands) + 1 == 2
