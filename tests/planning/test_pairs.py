"""The plan for two posts that want one another's minutes or words is as `pairs.txt` has it."""

from __future__ import annotations

import pytest

from tests import stored
from tests.planning.pairs import KNOWN, section


@pytest.mark.parametrize("known", KNOWN)
def test_two_posts_get_out_of_each_others_way_as_the_table_says(known: str) -> None:
    stored.check("planning.pairs", known, section(known))
