from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ledger.git_world import World, make_world

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return make_world(tmp_path, monkeypatch)
