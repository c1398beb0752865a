from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.system.worlds import World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def empty_world(tmp_path: Path) -> Iterator[World]:
    """A calendar without posts, beside a local Publer."""
    with world_in(tmp_path / "world") as world:
        yield world
