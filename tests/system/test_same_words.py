"""X refuses the words of another post there: what moves says them twice for a moment, so its old post goes first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.system.worlds import DAY, HOUR, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE = Want("one", "x", T, "We open on Monday")
TWO = Want("two", "x", T + HOUR, "Doors at six")
ELSEWHERE = Want("one-in", "linkedin", T, ONE.text)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path) as world:
        world.apply_first(ONE, TWO, ELSEWHERE)
        world.sandbox.faults.words_once = True
        yield world


def rows(world: World) -> set[tuple[str | None, object, str]]:
    return {(row.account, row.at, row.text) for row in world.live()}


def test_a_post_that_moves_gets_its_new_time(world: World) -> None:
    later = replace(ONE, at=T + DAY)
    world.write(later, TWO, ELSEWHERE)
    assert world.apply().code == 0
    assert rows(world) == {(want.account, want.at, want.text) for want in world.wants}
    assert world.writes() == ["POST", "DELETE", "POST"]


def test_so_do_several_of_one_job(world: World) -> None:
    """Publer does not say which posts of a job it refused: the list tells, after a while."""
    world.write(replace(ONE, at=T + DAY), replace(TWO, at=T + 2 * DAY), ELSEWHERE)
    assert world.apply().code == 0
    assert rows(world) == {(want.account, want.at, want.text) for want in world.wants}


def test_a_swap_works_too(world: World) -> None:
    world.write(replace(ONE, at=TWO.at), replace(TWO, at=ONE.at), ELSEWHERE)
    assert world.apply().code == 0
    assert rows(world) == {(want.account, want.at, want.text) for want in world.wants}


def test_what_another_post_says_as_well_stays_as_it_is(world: World) -> None:
    """To take the old one out would help nothing, and nothing could put it back."""
    world.stranger("x", T + 3 * HOUR, ONE.text)
    world.write(replace(ONE, at=T + DAY), TWO, ELSEWHERE)
    done = world.apply("--allow-twins")
    assert done.code == 6
    assert done.result("one")["outcome"] == "failed"
    assert "Change a word" in str(done.result("one"))
    assert rows(world) == {(want.account, want.at, want.text) for want in (ONE, TWO, ELSEWHERE)}
    assert world.writes() == ["POST"]


def test_new_words_need_no_room(world: World) -> None:
    world.write(replace(ONE, at=T + DAY, text="We open on Tuesday"), TWO, ELSEWHERE)
    assert world.apply().code == 0
    assert world.writes() == ["POST", "DELETE"]


@pytest.mark.parametrize("account", ["x", "linkedin"])
def test_a_new_post_is_refused_on_x_alone(world: World, account: str) -> None:
    world.write(*world.wants, Want("again", account, T + 5 * DAY, TWO.text))
    done = world.apply()
    assert (done.code, len(world.live())) == ((6, 3) if account == "x" else (0, 4))
