"""What is sent, and what is read from answers, is as `wire.txt` has it."""

from __future__ import annotations

import pytest

from tests import stored
from tests.publer.wire import SECTIONS, section


@pytest.mark.parametrize("heading", SECTIONS)
def test_what_goes_over_the_wire_is_as_the_table_has_it(heading: str) -> None:
    stored.check("publer.wire", heading, section(heading))
