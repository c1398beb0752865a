"""Posts whose time has passed: they are read, and duplicated to a day ahead, and nothing moves or rewrites them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands import edit
from publer_sync.commands.running.choice import Choice
from publer_sync.previewing.marking import Marking
from publer_sync.previewing.page import CardMark
from tests.studio.desk import Desk, desk_of
from tests.studio.hands import calendar, enter
from tests.studio.rich import rich

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Pages

NOON = datetime(2027, 3, 16, 20, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_of(rich(tmp_path / "calendar"), now=NOON) as desk:
        yield desk


@pytest.mark.story
@pytest.mark.parametrize(
    "do",
    [
        {"move": {"day": "2027-03-20"}},
        {"edit": {"text": "Other words"}},
        {"edit": {"accounts": ["x"]}},
        {"label": {"add": ["new"]}},
        {"swap": {"with": "story", "move": {"day": "2027-03-25", "time": "08:30"}}},
    ],
)
def test_what_has_passed_is_not_written(desk: Desk, do: dict[str, Any]) -> None:
    if "swap" in do:
        do = {"swap": {**do["swap"], "with": desk.post("story")["key"]}}
    told = desk.do("every", **do)
    assert (told.status, "which has passed: duplicate it to a day ahead" in told.say) == (422, True)
    told = desk.do("every", duplicate={"day": "2027-03-20"})
    assert told.status == 200
    assert desk.post("every-2")["at"]["day"] == "2027-03-20"


def test_nor_a_post_of_a_series_that_has_passed(desk: Desk) -> None:
    for part, status in (("2027-03-16", 422), ("2027-03-30", 200)):
        told = desk.do("tip", move={"day": "2027-04-02", "part": part, "series": "this"})
        assert told.status == status, told.body
    days = desk.send(
        "/studio/days",
        {"key": desk.post("tip")["key"], "part": "2027-03-16", "from": "2027-04-02", "to": "2027-04-02"},
    ).body["days"]
    assert days["2027-04-02"]["why"] == "gone"


def test_one_of_a_series_is_named_by_its_day(tmp_path: Path) -> None:
    """A form that was opened from elsewhere than the card of a day does not know it: the first day is not meant."""
    with desk_of(rich(tmp_path / "calendar")) as desk:
        before = desk.read("2027-03.yaml")
        for do, way in (
            ({"remove": {"series": "this"}}, "remove it there"),
            ({"move": {"day": "2027-03-11", "series": "this"}}, "move it there"),
        ):
            told = desk.do("tip", **do)
            say = f"Which post of the series is meant is not known: open the card of its day, and {way}. Nothing was written."
            assert (told.status, told.say) == (422, say)
        assert desk.read("2027-03.yaml") == before
        assert desk.do("tip", remove={"series": "this", "part": "2027-03-16"}).status == 200
        assert "except: [2027-03-16, 2027-03-23]" in desk.read("2027-03.yaml")


def test_accounts_on_which_it_is_ahead_move_alone(tmp_path: Path) -> None:
    """One account an hour later than the others, and it is the minute of these."""
    top = rich(tmp_path / "calendar")
    with desk_of(top, now=datetime(2027, 3, 2, 8, tzinfo=UTC)) as desk:
        told = desk.do("every", move={"day": "2027-03-04"})
        assert told.status == 200
        assert told.body["say"] == "every on linkedin moved to Thu 4 Mar, 10:00"
        assert "-      at: 10:00                  # an hour later" in told.body["diff"]


def test_the_time_goes_on_while_no_file_changes(tmp_path: Path) -> None:
    """It was read at the start; a day later, a post has passed and another is about to be published."""
    with desk_of(rich(tmp_path / "calendar"), now=datetime(2027, 3, 2, 7, tzinfo=UTC)) as desk:
        every, asked, told = (desk.post(name) for name in ("every", "asked", "told"))
        assert [every["past"], asked["past"], asked["frozen"]] == [False] * 3
        desk.clock.at = datetime(2027, 3, 3, 7, 50, tzinfo=UTC)
        span = {"from": "2027-03-03", "to": "2027-03-05"}
        for post, why in ((every, "gone"), (asked, "frozen"), (told, "past")):
            days = desk.send("/studio/days", {"key": post["key"], "time": "08:30", **span}).body["days"]
            assert days["2027-03-03"]["why"] == why
        fresh = desk.send("/studio/fresh", {"from": "2027-03-01"}).body
        assert (fresh["day"], fresh["time"]) == ("2027-03-03", "09:01")
        assert "has passed" in desk.send("/studio/fresh", {"day": "2027-03-02"}).body["refused"]["say"]
        (shown,) = desk.get(f"/studio/cards?keys={every['key']}")["posts"]
        assert (shown["past"], shown["fate"]) == (True, "Its time has passed: Tue 2 Mar, 10:00.")
        assert desk.post("asked")["frozen"]
        for name, do in (
            ("every", {"edit": {"text": "Other words"}}),
            ("told", {"move": {"day": "2027-03-03", "time": "08:30"}}),
            ("asked", {"duplicate": {"day": "2027-03-02"}}),
        ):
            answer = desk.do(name, **do)
            assert (answer.status, "has passed" in answer.say) == (422, True), name
        new = {
            "calendar": "Fjordlight",
            "day": "2027-03-03",
            "time": "08:30",
            "accounts": ["x"],
            "text": "New",
        }
        answer = desk.send("/studio/change", {"do": {"new": new}})
        assert (answer.status, "Wed 3 Mar, 08:30 has passed" in answer.say) == (422, True)


def test_it_says_what_became_of_it(desk: Desk) -> None:
    assert desk.post("every")["fate"] == "Its time has passed: Tue 2 Mar, 10:00."
    assert desk.post("story")["fate"] == ""
    opened = desk.studio.opened[0]
    placed = {post.id: (post.account.alias or "", post.at) for post in opened.calendar.desired.posts}
    marking = Marking(
        marks={placed["asked"]: CardMark("missed", "missed"), placed["told"]: CardMark("same", "same")},
        published=frozenset({placed["every"]}),
    )
    version = desk.studio.version()
    desk.studio.mark([replace(marking, source="Compared.")])
    assert desk.studio.version() > version
    assert desk.post("every")["fate"] == "Published: Tue 2 Mar, 10:00."
    assert desk.post("told")["fate"] == "Its time has passed: Thu 4 Mar, 09:00."
    missed = "Its time has passed, and it was not published: Wed 3 Mar, 09:00."
    assert desk.post("asked")["fate"] == missed
    state = desk.studio.state
    march, april = desk.top / "2027-03.yaml", desk.top / "2027-04.yaml"
    april.write_text(april.read_text().replace("text: April", "text: Spring"))
    assert (desk.post("asked")["fate"], [*desk.studio.state] == [*state]) == (missed, False)
    march.write_text(march.read_text().replace("What do you read by?\n  poll", "What is it?\n  poll"))
    assert desk.post("asked")["fate"] == "Its time has passed: Wed 3 Mar, 09:00."


def test_a_post_of_the_past_is_read_in_a_form_that_cannot_be_saved(desk: Desk, pages: Pages) -> None:
    hands = enter(desk, pages)
    hands.entry("A title").first.click()
    hands.form.get_by_role("heading", name="Read every").wait_for()
    assert hands.form.locator(".meanwhile").inner_text().startswith("Its time has passed: Tue 2 Mar, 10:00.")
    assert hands.form.locator("textarea:not([readonly])").count() == 0
    assert hands.form.get_by_role("button", name="Save").count() == 0
    assert hands.opened.violations() == []
    hands.form.locator("footer").get_by_role("button", name="Duplicate to…").click()
    assert hands.page.get_by_label("Day of the copy").input_value() == "2027-03-17"
    hands.page.get_by_role("button", name="Duplicate", exact=True).click()
    hands.day("2027-03-17").locator(".entry", has_text="A title").first.wait_for()
    hands.entry("What do you read by?").first.focus()
    hands.page.keyboard.press("g")
    hands.said("has passed")


def test_the_page_and_the_sandbox_have_one_clock(tmp_path: Path) -> None:
    top = rich(tmp_path / "calendar")
    clock = edit._clock(top, Choice(sandbox=True, now="2027-03-16 21:00"))
    assert abs((clock.now() - NOON).total_seconds()) < 60
    assert abs((edit._clock(top, Choice()).now() - datetime.now(UTC)).total_seconds()) < 60


def test_the_browser_takes_the_time_from_the_page(tmp_path: Path, pages: Pages) -> None:
    """Whatever the browser's own clock says: with a sandbox, it may be years ago."""
    with desk_of(rich(tmp_path / "calendar"), now=datetime(2020, 3, 2, 8, tzinfo=UTC)) as desk:
        hands = enter(desk, pages)
        assert hands.page.evaluate("[calendarPage.today, calendarPage.clockIn('Europe/Berlin')]") == [
            "2020-03-02",
            "2020-03-02T09:00",
        ]
        hands.page.evaluate("(() => { const now = Date.now(); Date.now = () => now + 16 * 36e5; })()")
        assert hands.page.evaluate(
            "[calendarPage.today, calendarPage.clockIn('Europe/Berlin').slice(0, 14)]"
        ) == [
            "2020-03-03",
            "2020-03-03T01:",
        ]
        assert hands.page.locator(".entry.past").count() == 0


def test_a_card_has_the_time_of_its_own_calendar(tmp_path: Path, pages: Pages) -> None:
    """09:00 in New York is ahead when it is 10:30 in Berlin, where the first calendar of the page is."""
    one, two = rich(tmp_path / "one"), calendar(tmp_path / "two")
    settings = (two / "publer.yaml").read_text()
    settings = re.sub("timezone: .*", "timezone: America/New_York", settings)
    (two / "publer.yaml").write_text(settings.replace("Fjordlight", "Bakery"))
    with desk_of(one, two, now=datetime(2027, 3, 2, 9, 30, tzinfo=UTC)) as desk:
        hands = enter(desk, pages)
        hands.entry("Meet the Mini").first.focus()
        hands.page.keyboard.press("g")
        picked = hands.page.locator("#studio-said", has_text="picked up, Tuesday 2 March 2027, 09:00")
        picked.wait_for()
