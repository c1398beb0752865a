"""One repository of each kind for all tests of the studio: they copy it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.studio import repositories

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    repositories.PREPARED.append(tmp_path_factory.mktemp("prepared"))
    yield
    repositories.PREPARED.clear()
