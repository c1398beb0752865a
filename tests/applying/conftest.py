"""A world for each test: a calendar, and a service over real HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import pytest

from publer_sync.planning.contact import KnownContact
from tests.system.worlds import World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """In a workspace whose ledger has seen every kind of write: what the first ones do is told in tests/system/test_first_contact.py."""
    with (
        world_in(tmp_path / "world") as world,
        mock.patch.object(KnownContact, "of", return_value=KnownContact()),
    ):
        yield world
