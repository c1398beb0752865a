"""What colleagues and Publer's link shortener make of a post after it was listed: edits stay, and what the calendar changes arrives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.system.worlds import HOUR, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG, SHORT = "https://shop.example/tickets/2026", "https://go.example.com/aB3x"
POST = Want("launch", "linkedin", T, f"Tickets: {LONG}")
SHORTENED = POST.text.replace(LONG, SHORT)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as world:
        yield world


def edited(world: World, text: str) -> None:
    [post] = world.by_id()
    world.sandbox.edit(post, text=text)


def code_of(world: World, *flags: str) -> tuple[str | None, ...]:
    return tuple(code for _, code, _ in world.changes(*flags))


@pytest.mark.parametrize("between", [False, True], ids=["", "after an apply of nothing"])
def test_a_link_that_the_calendar_changes_arrives_though_publer_shortened_the_old_one(
    world: World, between: bool
) -> None:
    world.apply_first(POST)
    edited(world, SHORTENED)
    if between:
        assert world.apply().code == 0
        assert world.writes() == []
    new = replace(POST, text=POST.text.replace("2026", "2027"))
    world.write(new)
    assert world.apply().code == 0
    assert [row.text for row in world.live()] == [new.text]


def test_a_line_that_the_calendar_drops_is_dropped_too(world: World) -> None:
    world.apply_first(replace(POST, text=f"{POST.text}\nA wrong line"))
    edited(world, f"{SHORTENED}\nA wrong line")
    world.write(POST)
    assert world.apply().code == 0
    assert [row.text for row in world.live()] == [POST.text]


@pytest.mark.parametrize("change", ["gone", "other words"])
def test_links_that_publer_shortened_are_nobodys_edit(world: World, change: str) -> None:
    world.apply_first(POST, Want("other", "facebook", T, "Other"))
    [post] = [key for key, each in world.by_id().items() if each["text"] == POST.text]
    world.sandbox.edit(post, text=SHORTENED)
    new = () if change == "gone" else (replace(POST, text=f"Buy tickets: {LONG}"),)
    world.write(*new, Want("other", "facebook", T, "Other"))
    assert world.apply("--allow-deletes", "1").code == 0
    assert sorted(row.text for row in world.live()) == sorted(["Other", *(want.text for want in new)])


@pytest.mark.parametrize(
    "edit",
    [
        f"{POST.text}\n\nCorrection: from Monday",
        f"Tickets:\n\n{LONG}",
        "Tickets: https://shop.example/tickets/2028",
        "Tickets: https://fjordlight.example/sale",
        f"Tickets: {LONG}?seat=5",
    ],
    ids=["lines more", "line ends", "another link", "another host", "another parameter"],
)
@pytest.mark.parametrize("between", [False, True], ids=["", "after an apply of nothing"])
def test_what_a_colleague_wrote_is_an_edit_and_stays(world: World, edit: str, between: bool) -> None:
    world.apply_first(POST)
    edited(world, edit)
    if between:
        assert world.apply().code == 6
    world.write(replace(POST, at=T + HOUR))
    assert code_of(world) == ("edited",)
    assert world.apply().code == 6
    assert [row.text for row in world.live()] == [edit]
    assert world.writes() == []
    assert world.apply("--overwrite-edits").code == 0
    assert [(row.at, row.text) for row in world.live()] == [(T + HOUR, POST.text)]


@pytest.mark.parametrize(
    ("edit", "ours"),
    [
        ("Seats left: 5", "Seats left: 5"),
        ("Seats  left:\n\n5", "Seats left: 5"),
        (f"Seats left: {SHORT}", f"Seats left: {LONG}"),
    ],
    ids=["as it is", "folded", "with the link that was there"],
)
def test_an_edit_that_the_calendar_says_too_is_no_change(world: World, edit: str, ours: str) -> None:
    world.apply_first(POST)
    edited(world, edit)
    world.write(replace(POST, text=ours))
    assert world.changes() == []
    assert world.apply().code == 0
    assert world.writes() == []
