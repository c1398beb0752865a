"""From the names in the settings to Publer's accounts."""

from __future__ import annotations

import pytest

from publer_sync.errors import CalendarError
from publer_sync.model import Account, AccountRef
from publer_sync.planning.resolve import find_accounts
from publer_sync.problems import Location


def test_two_aliases_of_one_account_are_an_error_once_it_is_known() -> None:
    """By name and by id: the settings alone don't show that they are the same."""
    refs = [
        AccountRef("x", "Me", "twitter", Location("publer.yaml", 3)),
        AccountRef("me", "1" * 24, None, Location("publer.yaml", 4)),
    ]
    with pytest.raises(CalendarError) as raised:
        find_accounts(refs, [Account("1" * 24, "Me", "twitter")])
    assert [(each.code, each.location) for each in raised.value.problems] == [
        ("account.twice", refs[1].location)
    ]
