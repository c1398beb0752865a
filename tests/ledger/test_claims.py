"""Which listed post is whose, and what became of the rest, is as `claims.txt` has it."""

from __future__ import annotations

import pytest

from tests import stored
from tests.ledger.claims import headings, section


@pytest.mark.parametrize("known", headings())
def test_a_listing_is_read_as_the_table_says(known: str) -> None:
    stored.check("ledger.claims", known, section(known))
