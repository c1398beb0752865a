"""Each step is undone by itself, whatever was done since, in this window or another."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from publer_sync.studio.undoing import FileChange, Overwritten, StepHistory, WrittenStep, taken_back
from tests.studio.desk import Desk, desk_of
from tests.studio.hands import calendar, enter
from tests.studio.rich import rich
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Pages


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_of(rich(tmp_path / "calendar")) as desk:
        yield desk


@pytest.mark.story
def test_a_step_is_undone_alone(desk: Desk) -> None:
    first = desk.do("asked", move={"day": "2027-03-10"}).body
    between = desk.read("2027-03.yaml")
    desk.do("every", edit={"note": "Another"})
    desk.do("told", edit={"text": "Other words"})
    told = desk.send("/studio/undo", {"step": first["step"]})
    assert (told.status, told.body["say"]) == (200, "Undone: move asked to Wed 10 Mar, 09:00")
    assert desk.post("asked")["at"]["day"] == "2027-03-03"
    assert (desk.post("every")["note"], desk.post("told")["text"]) == ("Another", "Other words")
    assert told.body["undo"] == "edit told"
    again = desk.send("/studio/undo", {"step": first["step"]})
    assert (again.status, again.say) == (409, "That was taken back already.")
    assert desk.send("/studio/redo", {"step": first["step"]}).status == 200
    for _ in range(2):
        assert desk.send("/studio/undo", {}).status == 200
    while desk.get("/studio/posts")["undo"]:
        assert desk.send("/studio/undo", {}).status == 200
    assert desk.read("2027-03.yaml") != between


@pytest.mark.story
def test_a_step_on_which_another_was_built_stays(desk: Desk) -> None:
    first = desk.do("asked", move={"day": "2027-03-10"}).body["step"]
    desk.do("asked", move={"day": "2027-03-11"})
    before = desk.read("2027-03.yaml")
    told = desk.send("/studio/undo", {"step": first})
    assert (told.status, "Someone changed these lines" in told.say) == (409, True)
    assert desk.read("2027-03.yaml") == before
    assert desk.send("/studio/undo", {}).status == 200
    assert desk.send("/studio/undo", {"step": first}).status == 200


def test_a_step_is_not_undone_into_a_minute_that_was_taken_since(desk: Desk) -> None:
    first = desk.do("asked", move={"day": "2027-03-10"}).body["step"]
    assert desk.do("told", move={"day": "2027-03-03"}).status == 200
    told = desk.send("/studio/undo", {"step": first})
    assert (told.status, "cannot be taken back alone" in told.say) == (409, True)


def test_only_the_lines_that_were_written_are_taken_back() -> None:
    chance = random.Random(1)
    done = 0
    for _ in range(400):
        first = [b"%d\n" % number for number in range(30)]
        mine, others = [*first], [*first]
        at = sorted(chance.sample(range(30), 4))
        mine[at[0] : at[1]] = [b"mine\n"] * chance.randint(0, 3)
        others[at[2] : at[3]] = [b"others %d\n" % chance.randint(0, 9)]
        both = [*mine[: len(mine) - (30 - at[1])], *first[at[1] : at[2]], *others[at[2] :]]
        before, after, now, want = (b"".join(each) for each in (first, mine, both, others))
        try:
            assert taken_back(FileChange(before, after), now) == want
            done += 1
        except Overwritten:
            continue
    assert done > 380


@each_of(
    "before, after, now, found",
    [
        (b"a\nb\n", b"a\nc\n", b"a\nc\n", b"a\nb\n"),
        (b"a\nb\n", b"a\nc\n", b"x\na\nc\ny\n", b"x\na\nb\ny\n"),
        (b"a\nb\n", b"a\nc\n", b"x\nc\n", b"x\nb\n"),
        (b"a\nb\n", b"a\nc\n", b"a\nx\nc\n", b"a\nx\nb\n"),
        (b"b\na\n", b"c\na\n", b"c\nx\n", b"b\nx\n"),
        (b"a\nb\n", b"a\nc\n", b"a\nd\n", Overwritten),
        (b"a\nb\nc\n", b"a\nc\n", b"a\nx\nc\n", b"a\nb\nx\nc\n"),
        (b"a\nb\n", b"a\n", b"a\nx\n", b"a\nb\nx\n"),
        (b"a\nb\n", b"a\n", b"c\n", Overwritten),
        (b"b\n", b"a\nb\n", b"b\n", Overwritten),
        (None, b"a\n", b"a\n", None),
        (b"a\n", None, None, b"a\n"),
        (None, b"a\n", b"a\nb\n", Overwritten),
        (b"a\n", None, b"a\nb\n", Overwritten),
        (b"a\n", b"b\n", None, Overwritten),
    ],
)
def test_lines_that_somebody_else_changed_stay(
    before: bytes | None, after: bytes | None, now: bytes | None, found: object
) -> None:
    try:
        told: object = taken_back(FileChange(before, after), now)
    except Overwritten:
        told = Overwritten
    assert told == found


def test_a_new_step_ends_what_could_be_done_again() -> None:
    history = StepHistory()
    assert history.data() == {"undo": None, "undo_step": None, "redo": None, "redo_step": None}
    for label in "ab":
        history.add(WrittenStep(0, label, {}))
    history.undone.append(history.done.pop())
    assert history.data() == {"undo": "a", "undo_step": 1, "redo": "b", "redo_step": 2}
    assert history.add(WrittenStep(0, "c", {})) == 3
    assert history.data() == {"undo": "c", "undo_step": 3, "redo": None, "redo_step": None}


def test_undo_in_a_message_undoes_that_step_and_not_that_of_another_window(
    tmp_path: Path, pages: Pages
) -> None:
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        hands = enter(desk, pages)
        hands.drag(hands.entry("Meet the Mini"), "2027-03-04")
        hands.said("launch moved")
        assert desk.do("hiring", edit={"note": "From another window"}).status == 200
        hands.page.locator(".told-one", has_text="launch moved").get_by_role("button", name="Undo").click()
        hands.said("Undone: move launch")
        assert desk.post("launch")["at"]["day"] == "2027-03-02"
        assert desk.post("hiring")["note"] == "From another window"


def test_moving_some_accounts_only_takes_back_that_move_alone(tmp_path: Path, pages: Pages) -> None:
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        hands = enter(desk, pages)
        hands.drag(hands.entry("Meet the Mini"), "2027-03-04")
        hands.said("launch moved")
        assert desk.do("hiring", edit={"note": "From another window"}).status == 200
        hands.page.get_by_role("button", name="Move some accounts only…").click()
        dialog = hands.page.locator("dialog.ask")
        dialog.get_by_label("My Facebook Page (Facebook)").uncheck()
        dialog.get_by_role("button", name="Move", exact=True).click()
        hands.said("launch on x, linkedin moved")
        assert desk.post("hiring")["note"] == "From another window"
        assert desk.post("launch")["times"].keys() | {"facebook"} >= {"facebook"}
