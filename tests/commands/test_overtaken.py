"""An apply whose state on a branch changes while it runs: what a killed run pushed last, another apply, a hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.ledger.git_store import GitStore
from tests.ledger.git_world import COPY, REF
from tests.system.worlds import DAY, HOUR, Applied, T, Want, World, killed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONE, TWO = Want("one", "x", T, "one"), Want("two", "facebook", T + HOUR, "two")
NEW = Want("new", "x", T + DAY, "new")


@pytest.fixture
def world(empty_world: World) -> World:
    """Two posts in Publer and a third in the files, with the state on a branch."""
    empty_world.repository()
    empty_world.settings(state="git:publer-sync-state")
    empty_world.apply_first(ONE, TWO)
    empty_world.write(ONE, TWO, NEW)
    return empty_world


def meanwhile(nth: int, what: Callable[[], object]) -> Any:
    """Something that happens before an apply saves its state for the nth time."""
    real, saved = GitStore.write, 0

    def write(self: GitStore, *given: Any, **options: Any) -> None:
        nonlocal saved
        saved += 1
        if saved == nth:
            what()
        real(self, *given, **options)

    return mock.patch.object(GitStore, "write", write)


def pushed_late(world: World) -> Callable[[], object]:
    """An apply that was killed once it had sent its posts: what it saved before arrives only when this is called."""
    refs = [world.home / "remote.git" / ref for ref in (REF, COPY)]
    before = refs[0].read_text()
    assert killed(world, "job").code == 137
    late = refs[0].read_text()
    assert late != before
    for ref in refs:
        ref.write_text(before)
    return lambda: [ref.write_text(late) for ref in refs]


def test_the_last_push_of_a_killed_run_arrives_after_the_next_has_begun(world: World) -> None:
    arrives = pushed_late(world)
    with meanwhile(1, arrives):
        again = world.apply()
    assert again.code == 0, again
    assert not world.settled_amiss()


def test_another_apply_has_done_it_all(world: World) -> None:
    with meanwhile(1, world.apply):
        ran = world.apply()
    assert (ran.code, ran.document["results"]) == (0, []), ran
    assert world.writes().count("POST") == 1
    assert not world.settled_amiss()


def test_what_is_left_has_to_keep_within_the_limits(world: World) -> None:
    """The other run had newer files: these lack what it applied."""

    def newer() -> None:
        world.write(ONE, TWO, NEW, *(Want(f"n{n}", "x", T + DAY + n * HOUR, f"n{n}") for n in range(1, 9)))
        assert world.apply().code == 0
        world.write(ONE, TWO, NEW)
        world.sandbox.reset_log()

    world.settings(state="git:publer-sync-state", limits={"delete": 3})
    with meanwhile(1, newer):
        ran = world.apply()
    assert (ran.code, ran.document["error"]["code"]) == (4, "refused_by_rail"), ran
    assert world.writes() == []


def test_a_plan_file_is_carried_out_as_it_is_or_not_at_all(world: World, tmp_path: Path) -> None:
    assert world.run("plan", world.top, "--out", tmp_path / "plan.json").code == 0
    with meanwhile(1, world.apply):
        ran = Applied.of(world.run("apply", tmp_path / "plan.json", "--yes", "--format", "json"))
    assert (ran.code, ran.document["error"]["code"]) == (5, "plan_old"), ran
    assert not world.settled_amiss()


def test_a_hold_ends_it(world: World) -> None:
    with meanwhile(1, lambda: world.run("hold", world.top, "--reason", "Accident", "--yes")):
        ran = world.apply()
    assert (ran.code, ran.document["error"]["code"]) == (1, "hold"), ran
    assert world.live() == []


def test_once_it_has_sent_something_it_ends(world: World) -> None:
    """The other one goes on from there: two that do would send at the same time."""
    with meanwhile(2, world.apply):
        ran = world.apply()
    assert (ran.code, ran.document["error"]["code"]) == (1, "state.raced"), ran
    assert world.writes().count("POST") == 1
    assert not world.settled_amiss()


def test_a_picture_that_it_has_uploaded_is_no_reason_to_end(world: World) -> None:
    world.write(ONE, TWO, Want("new", "x", T + DAY, "new", picture="one.png"))
    before: list[str] = []

    def other() -> None:
        before.extend(world.writes())
        assert world.apply().code == 0

    with meanwhile(1, other):
        ran = world.apply()
    assert (ran.code, before) == (0, ["POST"]), ran
    assert not world.settled_amiss()
