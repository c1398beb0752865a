"""Bring back: a file, or one post of it, as it is in the last commit."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.studio import studio
from tests.studio.desk import Desk, desk_of
from tests.studio.hands import calendar, enter
from tests.studio.repositories import committed
from tests.studio.rich import MARCH, rich

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Pages


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_of(rich(tmp_path / "calendar")) as desk:
        yield desk


def words(desk: Desk) -> list[dict[str, Any]]:
    return [word for file in desk.get("/studio/changes")["files"] for word in file["words"]]


def back(desk: Desk, word: dict[str, Any]) -> Any:
    return desk.send("/studio/restore", {"file": word["was"][0], "line": word["was"][1], "calendar": 0})


@pytest.mark.story
def test_one_post_comes_back_and_the_others_stay_as_they_are(desk: Desk) -> None:
    desk.do("asked", edit={"poll": {"options": ["A candle", "A torch"]}})
    desk.do("every", edit={"note": "Stays"})
    desk.do("told", remove={})
    desk.do("No id at all", remove={})
    for say, name in (
        ("removed told", "told"),
        ('removed "No id at all"', "No id"),
        ("edited asked: poll", "asked"),
    ):
        word = next(each for each in words(desk) if each["say"] == say)
        told = back(desk, word)
        assert told.status == 200, told.body
        assert desk.post(name)
    assert desk.post("every")["note"] == "Stays"
    left = desk.read("2027-03.yaml").replace("Stays", "For colleagues")
    assert left == MARCH
    for _ in range(3):
        assert desk.send("/studio/undo", {}).status == 200


@pytest.mark.story
@pytest.mark.parametrize("name", ["every", "counted", "tip"])
def test_the_first_and_the_last_of_a_file_come_back_where_they_were(desk: Desk, name: str) -> None:
    more = {"series": "all"} if name == "tip" else {}
    assert desk.do(name, remove=more).status == 200
    (word,) = words(desk)
    assert word["say"] == f"removed {name}"
    assert back(desk, word).status == 200
    assert desk.read("2027-03.yaml").split() == MARCH.split()
    assert words(desk) == []


@pytest.mark.parametrize("last", [False, True])
def test_lines_that_come_back_are_lines_of_their_own(tmp_path: Path, last: bool) -> None:
    """Where the file does not end with one, now or then."""
    one, two = (
        f"- {{id: {name}, at: 2027-03-0{day} 09:00, accounts: x, text: Words}}\n"
        for day, name in enumerate("ab", 2)
    )
    top = calendar(tmp_path / "calendar", f"posts:\n{one}{two}".rstrip())
    with desk_of(top) as desk:
        (top / "2027-03.yaml").write_text(f"posts:\n{one if last else two}".rstrip())
        (word,) = words(desk)
        assert back(desk, word).status == 200
        assert desk.read("2027-03.yaml").rstrip() == f"posts:\n{one}{two}".rstrip()


def test_a_post_does_not_come_back_into_a_file_that_has_no_other_of_then(desk: Desk) -> None:
    for name in ("April", "every"):
        desk.do(name, remove={})
    (desk.top / "2027-04.yaml").write_text(
        "posts:\n- {id: new, at: 2027-04-09 09:00, accounts: x, text: New}\n"
    )
    word = next(each for each in words(desk) if each["say"].startswith('removed "April'))
    told = back(desk, word)
    assert (told.status, "bring back the whole file" in told.say) == (422, True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_what_is_brought_back_in_any_order_is_what_was_committed(tmp_path: Path, seed: int) -> None:
    """With ids, after many changes; comments between posts that went with them may be lost."""
    chance = random.Random(seed)
    with desk_of(rich(tmp_path / "calendar")) as desk:
        for name in ("every", "asked", "told", "counted"):
            match chance.randint(0, 2):
                case 0:
                    desk.do(name, remove={})
                case 1:
                    desk.do(name, move={"day": f"2027-04-{chance.randint(10, 20)}"})
                case _:
                    desk.do(name, edit={"text": f"Other words {seed}"})
        for _ in range(12):
            known = [each for each in words(desk) if each["was"]]
            if not known:
                break
            back(desk, chance.choice(known))
        assert words(desk) == []


@pytest.mark.story
def test_the_whole_file_comes_back(desk: Desk) -> None:
    desk.do("asked", remove={})
    desk.do("every", edit={"text": "Other"})
    told = desk.send("/studio/restore", {"file": "2027-03.yaml"})
    assert (told.status, told.body["say"]) == (200, "Brought back: 2027-03.yaml")
    assert desk.read("2027-03.yaml") == MARCH
    assert desk.send("/studio/undo", {}).status == 200
    assert "asked" not in desk.read("2027-03.yaml")
    (desk.top / "story.md").unlink()
    assert desk.send("/studio/restore", {"file": "story.md"}).status == 200
    assert desk.post("story")


def test_a_post_does_not_come_back_into_a_minute_that_another_has(desk: Desk) -> None:
    desk.do("asked", remove={})
    desk.do("told", move={"day": "2027-03-03"})
    before = desk.read("2027-03.yaml")
    word = next(each for each in words(desk) if each["say"] == "removed asked")
    told = back(desk, word)
    assert (told.status, "Nothing was written" in told.say) == (422, True)
    assert desk.read("2027-03.yaml") == before
    assert desk.send("/studio/restore", {"file": "../x"}).status == 422
    assert desk.send("/studio/restore", {"file": "2027-04.yaml", "line": 2}).status == 422


def test_it_is_there_after_a_restart(tmp_path: Path, pages: Pages) -> None:
    top = calendar(tmp_path / "calendar")
    with desk_of(top) as desk:
        desk.do("hiring", remove={})
        desk.do("launch", edit={"text": "Other words"})
    with desk_of(top) as desk:
        hands = enter(desk, pages)
        hands.page.locator("#studio-changes").click()
        hands.page.get_by_role("button", name="Bring back: removed hiring").click()
        hands.page.locator("dialog.panel .changed li", has_text="hiring").wait_for(state="detached")
        assert hands.opened.violations() == []
        hands.page.keyboard.press("Escape")
        hands.entry("We are hiring").wait_for()
        assert desk.post("launch")["text"] == "Other words\n" or desk.post("launch")["text"] == "Other words"


def test_back_on_a_phone_closes_what_is_open(tmp_path: Path, pages: Pages) -> None:
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        hands = enter(desk, pages, size=(380, 800), has_touch=True, is_mobile=True)
        hands.page.locator('[data-day="2027-03-02"]').first.click()
        hands.page.locator("#sheet[open]").wait_for()
        hands.page.go_back()
        hands.page.locator("#sheet[open]").wait_for(state="detached")
        assert hands.page.locator("#grid").is_visible()
        hands.page.get_by_role("button", name="New post", exact=True).click()
        hands.form.wait_for()
        hands.page.go_back()
        hands.form.wait_for(state="detached")
        assert hands.page.locator("#grid").is_visible()


def test_what_a_file_that_comes_back_adds_is_told_of_a_large_calendar_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An id that another file has meanwhile, though that file is not written, and what the file says wrongly by itself."""
    monkeypatch.setattr(studio, "MANY", 0)
    top = tmp_path / "calendar"
    top.mkdir()
    one = "- {id: one, at: 2027-03-02 09:00, accounts: x, text: One}\n"
    two = (
        "- {id: two, at: 2027-03-03 09:00, accounts: x, text: Two, colour: red, media: [{file: none.png}]}\n"
    )
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n")
    (top / "march.yaml").write_text(f"posts:\n{one}{two}")
    committed(top, "First")
    (top / "march.yaml").write_text("posts: []\n")
    (top / "other.yaml").write_text(f"posts:\n{one}")
    with desk_of(top) as desk:
        told = desk.send("/studio/restore", {"file": "march.yaml"})
        assert told.status == 200
        assert [(each["code"], each["file"]) for each in told.body["problems"]] == [
            ("key.unknown", "march.yaml"),
            ("media.missing", "march.yaml"),
            ("id.twice", "other.yaml"),
            ("slot.twice", "other.yaml"),
            ("text.again", "other.yaml"),
        ]
