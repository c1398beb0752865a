"""A post that was given a time which passed before the merge: nothing takes the old one out, however often it is applied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.system.worlds import DAY, HOUR, MINUTE, T, Want, clocks, world_in

if TYPE_CHECKING:
    from pathlib import Path

POST = Want(None, "x", T, "We open on Monday")
OTHER = Want(None, "facebook", T + DAY, "Another one")


@pytest.mark.slow
@pytest.mark.parametrize("flags", [[(), ()], [("--account", "facebook"), ()]], ids=["twice", "others first"])
def test_a_time_that_passed_stays_blocked_until_somebody_gives_another(
    tmp_path: Path, flags: list[tuple[str, ...]]
) -> None:
    with world_in(tmp_path) as world, clocks(world) as to:
        to(T - 10 * HOUR)
        world.apply_first(POST, OTHER)
        to(T - 5 * HOUR)
        world.write(replace(POST, at=T - 5 * HOUR - 5 * MINUTE), OTHER)
        for more in flags:
            world.apply("--allow-deletes", "5", *more)
            to(T - 4 * HOUR)
            assert [(action, code) for action, code, _ in world.changes()] == [("blocked", "time_passed")]
        assert (POST.at, POST.text) in {(row.at, row.text) for row in world.live()}
        assert "later" in world.run("plan", world.top).stdout
        world.write(replace(POST, at=T + HOUR), OTHER)
        assert world.apply().code == 0
        assert {row.at for row in world.live()} == {T + HOUR, OTHER.at}
