"""What the sweeps share: a world to copy, and a process to kill."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.system.processes import Killer
from tests.system.worlds import Template

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    with closing(Killer(tmp_path_factory.mktemp("killer"))) as killer:
        yield killer


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    """Another one, for what runs at the same time."""
    with closing(Killer(tmp_path_factory.mktemp("second"))) as killer:
        yield killer
