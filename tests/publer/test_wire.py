"""What is sent, and what is read from answers, is as `wire.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publer.wire import SECTIONS, section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("heading", SECTIONS)
def test_what_goes_over_the_wire_is_as_the_table_has_it(heading: str) -> None:
    part_agrees(STORED / "wire.txt", heading, section(heading))
