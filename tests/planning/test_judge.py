"""What becomes of a post, told by a listing, the ledger and the clock: first as a table, then through the front door."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders import NOW, SOON, codes, ledger, only, planned, record, said, sent, shown, wanted
from tests.system.worlds import HOUR, MINUTE, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from publer_sync.ledger.state import State
    from publer_sync.model import Post

POST = wanted(SOON, "Hello", id="hello")
DRAFT = wanted(SOON, "Hello", id="hello", draft=True)
SHORT = "listing"
FOREVER = 10**6


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as world:
        yield world


def applied(world: World, *wants: Want) -> None:
    """Put these in place, and forget what it took."""
    world.write(*wants)
    done = world.apply()
    assert done.code == 0, done
    world.sandbox.settle()
    world.sandbox.reset_log()


# --- lists that lie -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("post", "state", "expected"),
    [
        pytest.param(POST, ledger(record(POST)), ("blocked", SHORT, "would recreate"), id="seen before"),
        pytest.param(
            POST,
            ledger(record(POST, removing_at=NOW - MINUTE)),
            ("blocked", SHORT, "would create"),
            id="removed to make room, perhaps",
        ),
        pytest.param(POST, ledger(sent(POST)), ("pending",), id="under way"),
        pytest.param(
            POST,
            ledger(sent(POST, lapsed=True)),
            ("blocked", SHORT, "would create"),
            id="sent and never seen",
        ),
        pytest.param(POST, ledger(), ("create",), id="new"),
        pytest.param(DRAFT, ledger(), ("create",), id="a new draft"),
        pytest.param(POST, None, ("create",), id="without a state: Publer refuses a second in this minute"),
        pytest.param(DRAFT, None, ("blocked", SHORT, "would create"), id="a draft without a state"),
    ],
)
def test_nothing_follows_from_what_an_incomplete_list_lacks(
    post: Post, state: State | None, expected: tuple[str, ...]
) -> None:
    plan = planned([post], state=state, short=3)

    assert said(only(plan)) == expected
    assert "listing_short" in codes(plan)


def test_what_an_incomplete_list_shows_counts() -> None:
    plan = planned([POST], [shown(SOON)], ledger(record(POST)), short=3)

    assert said(only(plan)) == ("unchanged",)


WANTS = [
    *(Want(f"post-{n}", "x", T + n * HOUR, f"Post {n}") for n in range(5)),
    *(Want(f"draft-{n}", "x", T + n * HOUR + 30 * MINUTE, f"Draft {n}", draft=True) for n in range(5)),
]


@pytest.mark.parametrize("kind", ["rows_left_out", "empty_page"])
def test_posts_that_a_list_hides_for_a_while_are_left_alone(world: World, kind: str) -> None:
    applied(world, *WANTS)
    world.sandbox.faults.trip(kind, "GET", "^/posts$", times=2)  # type: ignore[arg-type]

    done = world.apply("--allow-recreate")

    assert (done.code, world.writes()) == (0, [])


@pytest.mark.parametrize("kind", ["rows_left_out", "empty_page"])
def test_posts_that_a_list_keeps_hiding_are_not_sent_again(world: World, kind: str) -> None:
    applied(world, *WANTS)
    world.sandbox.faults.trip(kind, "GET", "^/posts$", times=FOREVER)  # type: ignore[arg-type]

    done = world.apply("--allow-recreate")
    plan = world.run("plan", world.top)

    assert (done.code, world.writes()) == (6, [])
    assert {result["outcome"] for result in done.document["results"]} == {"not_tried"}
    assert "short of its own total, even when asked again" in plan.stdout
    assert "Fix: run it again later; nothing is lost by waiting." in plan.stdout
    world.sandbox.faults.trips.clear()
    assert not world.settled_amiss()


def test_without_a_state_no_draft_is_made_from_a_list_that_lies(world: World) -> None:
    applied(world, *WANTS)
    world.ledger.unlink()
    world.sandbox.faults.trip("rows_left_out", "GET", "^/posts$", times=FOREVER)

    world.apply()

    world.sandbox.faults.trips.clear()
    assert not world.settled_amiss()


def test_drafts_that_were_sent_into_a_list_that_lies_are_not_sent_twice(world: World) -> None:
    """Their claims are not settled by the clock while the list is incomplete."""
    world.write(*WANTS)
    world.sandbox.faults.trip("rows_left_out", "GET", "^/posts$", nth=2, times=FOREVER)

    assert world.apply("--timeout", "0.3").code == 6
    assert world.apply("--timeout", "0.3").code == 6

    world.sandbox.faults.trips.clear()
    assert not world.settled_amiss()
