"""No command grows faster than its work, counted at small sizes; `python -m bench growth` counts at large ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench import growth
from tests.conftest import EVERY

if TYPE_CHECKING:
    from collections.abc import Callable

FEW, MANY = 40, 160
OFTEN = (
    *(growth.validate_files, growth.plan_known, growth.apply_create, growth.apply_moves),
    *(growth.apply_calendars, growth.pull_edits, growth.apply_hold, growth.hold, growth.preview),
)
"""One of each kind of work, in every run; the others every night."""


@pytest.mark.slow
@pytest.mark.parametrize("step", growth.STEPS if EVERY else OFTEN, ids=lambda step: step.__name__)
def test_nothing_grows_faster_than_its_work(
    step: Callable[[growth.Growing], Callable[[], None]],
) -> None:
    ratio, found = growth.growth_of(step, FEW, MANY)
    assert found == []
    assert ratio <= growth.MOST


def test_what_grows_faster_than_its_work_is_named() -> None:
    few = {"square": 900, "line": 60, "noise": 0, "late": 0}
    many = {"square": 14_400, "line": 240, "noise": 100, "late": 121}
    assert [each.where for each in growth.grown(few, many, 4.0, 120)] == ["square", "late"]
