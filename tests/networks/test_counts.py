"""How texts are counted, and which links are in them, is as `counts.txt` has it."""

from __future__ import annotations

import pytest

from tests import stored
from tests.networks.counts import SECTIONS


@pytest.mark.parametrize("heading", SECTIONS)
def test_texts_are_counted_as_the_table_says(heading: str) -> None:
    stored.check("networks.counts", heading, SECTIONS[heading]())
