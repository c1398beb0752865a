"""What the rules say of posts on each network is as `verdicts.txt` has it."""

from __future__ import annotations

import pytest

from publer_sync.networks.table import NETWORKS
from tests import stored
from tests.rules.verdicts import section


@pytest.mark.parametrize("provider", NETWORKS)
def test_a_network_takes_what_the_table_says(provider: str) -> None:
    stored.check("rules.verdicts", provider, section(provider))
