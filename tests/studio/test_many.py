"""Several posts chosen and changed together, as one step; and what a new post begins with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.studio.desk import Desk, desk_of
from tests.studio.hands import calendar, enter
from tests.studio.rich import rich

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Pages


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_of(rich(tmp_path / "calendar")) as desk:
        yield desk


def chosen(desk: Desk, *names: str) -> list[dict[str, Any]]:
    return [{key: desk.post(name)[key] for key in ("key", "revision")} for name in names]


def together(desk: Desk, do: Any, *names: str) -> Any:
    return desk.send("/studio/change", {"posts": chosen(desk, *names), "do": do})


@pytest.mark.story
def test_a_week_moves_by_a_day_though_each_takes_the_minute_of_the_next(desk: Desk) -> None:
    before = desk.read("2027-03.yaml")
    told = together(desk, {"move": {"by": 1}}, "asked", "told", "No id at all", "Nor this one")
    assert (told.status, told.body["say"]) == (200, "4 posts moved: 1 day later")
    assert [desk.post(name)["at"]["day"] for name in ("asked", "told", "No id", "Nor this")] == [
        f"2027-03-{day:02}" for day in (4, 5, 6, 7)
    ]
    assert sum(line[:1] == "+" for line in told.body["diff"].split("\n")) == 5
    assert desk.send("/studio/undo", {"step": told.body["step"]}).status == 200
    assert desk.read("2027-03.yaml") == before


LABELLED = {
    "publer.yaml": "timezone: UTC\naccounts: {x: Me, facebook: Us}\n",
    "defaults.yaml": """\
accounts: all
defaults: {labels: [team]}
posts:
- {id: one, at: 2027-03-02 09:00, text: One}
- {id: two, at: 2027-03-03 09:00, text: Two, labels: [team]}
- {id: three, at: 2027-03-04 09:00, text: Three, networks: {facebook: {labels: [team]}}}
""",
    "own.yaml": """\
accounts: all
posts:
- {id: four, at: 2027-03-05 09:00, text: Four, accounts: [x, {account: facebook, labels: [team]}]}
- {id: mine, at: 2027-03-06 09:00, text: Mine, labels: [team]}
- {id: tip, evergreen: {every: 1w}, labels: [team], text: Tip}
- {use: tip, at: 2027-03-08 09:00}
- {use: tip, at: 2027-03-18 09:00, networks: {x: {labels: [team]}}}
""",
}


def test_a_label_that_is_not_the_posts_own_is_not_said_to_be_removed(tmp_path: Path) -> None:
    """All posts that keep it are named at once, each group with its place, so that a person can leave them out."""
    top = tmp_path / "calendar"
    top.mkdir()
    for name, content in LABELLED.items():
        (top / name).write_text(content)
    keep = ["one", "two", "three", "four", "tip@2027-03-08", "tip@2027-03-18"]
    with desk_of(top) as desk:
        told = together(desk, {"label": {"remove": ["team"]}}, "mine", *keep)
        assert told.status == 422
        assert told.say == (
            "The label team of one and two is from the defaults; "
            "the label team of three is from its `networks` and the defaults; "
            "the label team of four is from its `accounts`; "
            "the label team of tip@2027-03-08 is from the stored post tip; "
            "the label team of tip@2027-03-18 is from its `networks` and the stored post tip: "
            "remove it there, in the files. Nothing was written."
        )
        assert {name: desk.read(name) for name in LABELLED} == LABELLED
        assert desk.do("mine", label={"remove": ["team"]}).status == 200


def test_they_are_labelled_and_removed_together(desk: Desk) -> None:
    told = together(desk, {"label": {"add": ["spring"], "remove": ["poll"]}}, "asked", "told")
    assert (told.status, told.body["say"]) == (200, "2 posts labelled")
    assert desk.post("asked")["labels"] == ["calendar", "spring"]
    assert desk.post("told")["labels"] == ["calendar", "spring"]
    told = together(desk, {"remove": {}}, "asked", "told")
    assert (told.status, told.body["say"], len(told.body["gone"])) == (200, "2 posts removed", 2)


@pytest.mark.story
def test_days_of_a_series_leave_it(desk: Desk) -> None:
    posts = [{**chosen(desk, "tip")[0], "part": part} for part in ("2027-03-09", "2027-03-30")]
    told = desk.send("/studio/change", {"posts": posts, "do": {"move": {"by": 1}}})
    assert told.status == 200, told.body
    assert [desk.post(f"tip-{day}")["at"]["day"] for day in ("2027-03-09", "2027-03-30")] == [
        "2027-03-10",
        "2027-03-31",
    ]


def test_one_that_changed_meanwhile_or_cannot_be_moved_stops_all(desk: Desk) -> None:
    posts = chosen(desk, "asked", "told")
    assert desk.do("told", edit={"note": "Meanwhile"}).status == 200
    before = desk.read("2027-03.yaml")
    assert desk.send("/studio/change", {"posts": posts, "do": {"move": {"by": 1}}}).status == 409
    assert together(desk, {"move": {"by": -60}}, "asked", "told").status == 422
    assert together(desk, {"move": {"by": 1}}, "asked").status == 422  # told has that minute
    assert (
        desk.send("/studio/change", {"posts": posts, "do": {"swap": {"with": "0-1", "move": {}}}}).status
        == 400
    )
    assert desk.read("2027-03.yaml") == before


def test_a_new_post_begins_with_the_accounts_used_last_in_the_next_free_slot(tmp_path: Path) -> None:
    top = rich(tmp_path / "calendar")
    with (top / "publer.yaml").open("a") as file:
        file.write("slots: {x: [wed 09:00, thu 12:00]}\n")
    with desk_of(top) as desk:
        fresh = desk.send("/studio/fresh", {"from": "2027-03-01"}).body
        assert fresh["accounts"]  # of the post before
        new = {
            "calendar": "Fjordlight",
            "day": "2027-03-08",
            "time": "10:00",
            "accounts": ["x"],
            "text": "New",
        }
        assert desk.send("/studio/change", {"do": {"new": new}}).status == 200
        # Wed 3 Mar, 09:00 has a post already; Thu 4 Mar, 12:00 is free.
        fresh = desk.send("/studio/fresh", {"from": "2027-03-01"}).body
        assert fresh == {"day": "2027-03-04", "time": "12:00", "accounts": ["x"]}
        fresh = desk.send("/studio/fresh", {"day": "2027-03-05"}).body
        assert fresh == {"day": "2027-03-05", "time": "09:01", "accounts": ["x"]}
        told = desk.send("/studio/fresh", {"day": "2027-01-31"})
        assert (told.status, told.say) == (422, "Sun 31 Jan has passed.")


def test_late_in_the_evening_it_is_for_tomorrow(tmp_path: Path) -> None:
    with desk_of(rich(tmp_path / "calendar"), now=datetime(2027, 3, 2, 22, 30, tzinfo=UTC)) as desk:
        fresh = desk.send("/studio/fresh", {}).body
        assert (fresh["day"], fresh["time"]) == ("2027-03-03", "09:01")


def test_posts_are_chosen_with_mouse_and_keyboard_and_dragged_together(tmp_path: Path, pages: Pages) -> None:
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        hands = enter(desk, pages)
        hands.entry("Meet the Mini").click(modifiers=["ControlOrMeta"])
        hands.entry("We are hiring").focus()
        hands.page.keyboard.press("x")
        bar = hands.page.locator("#studio-chosen")
        assert "2 posts chosen" in bar.inner_text()
        assert hands.opened.violations() == []
        hands.drag(hands.entry("Meet the Mini"), "2027-03-03")
        hands.said("2 posts moved: 1 day later")
        assert [desk.post(name)["at"]["day"] for name in ("launch", "hiring")] == ["2027-03-03", "2027-03-06"]
        assert bar.is_hidden()
        hands.page.locator(".told-one", has_text="2 posts moved").get_by_role("button", name="Undo").click()
        hands.said("Undone")
        hands.entry("Meet the Mini").click(modifiers=["ControlOrMeta"])
        hands.entry("Thank you!").click(modifiers=["Shift"])
        assert "4 posts chosen" in bar.inner_text()
        hands.page.get_by_role("button", name="Label…").click()
        hands.page.get_by_label("Labels, with commas").fill("spring")
        hands.page.get_by_role("button", name="Add them").click()
        hands.said("4 posts labelled")
        assert desk.post("tips")["labels"] == ["spring"]  # a series is labelled as a whole
        hands.page.keyboard.press("Escape")
        assert bar.is_hidden()


def test_a_week_is_chosen_with_one_click_and_moved_with_three(tmp_path: Path, pages: Pages) -> None:
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        hands = enter(desk, pages, "view=week&date=2027-03-01", size=(1440, 900))
        hands.page.get_by_role("button", name="Choose this week").click()
        assert "2 posts chosen" in hands.page.locator("#studio-chosen").inner_text()
        hands.page.get_by_role("button", name="Move…", exact=True).first.click()
        hands.page.locator("dialog").get_by_role("button", name="Later").click()
        hands.said("2 posts moved: 1 day later")
        assert desk.post("launch")["at"]["day"] == "2027-03-03"


def test_a_new_post_is_for_the_day_that_was_clicked_and_not_for_one_that_has_passed(
    tmp_path: Path, pages: Pages
) -> None:
    with desk_of(calendar(tmp_path / "calendar"), now=datetime(2027, 3, 3, 7, tzinfo=UTC)) as desk:
        hands = enter(desk, pages)
        hands.page.get_by_role("button", name="New post", exact=True).click()
        hands.form.wait_for()
        day, time = (hands.form.get_by_label(name, exact=True).input_value() for name in ("Day", "Time"))
        assert (day, time) == ("2027-03-03", "09:00")
        assert hands.form.locator("[name=accounts]:checked").count() == 3
        hands.form.get_by_role("button", name="Cancel").click()
        hands.day("2027-03-02").locator(".add").click(force=True)
        hands.said("Tue 2 Mar has passed.")
        hands.day("2027-03-05").locator(".add").click(force=True)
        hands.form.wait_for()
        assert hands.form.get_by_label("Time", exact=True).input_value() == "09:01"
