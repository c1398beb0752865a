"""What the rules say of posts on each network is as `verdicts.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from publer_sync.networks.table import NETWORKS
from tests.rules.verdicts import section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("provider", NETWORKS)
def test_a_network_takes_what_the_table_says(provider: str) -> None:
    part_agrees(STORED / "verdicts.txt", provider, section(provider))
