"""A world for each test: a calendar, and a service over real HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.system.worlds import World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path, every_kind_seen: None) -> Iterator[World]:
    with world_in(tmp_path / "world") as world:
        yield world
