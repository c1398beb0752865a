"""What the sweeps share: a world to copy, and a process to kill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.system.processes import Killer, killer_in
from tests.system.worlds import Template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def killer(tmp_path: Path) -> Iterator[Killer]:
    with killer_in(tmp_path / "killer") as killer:
        yield killer
