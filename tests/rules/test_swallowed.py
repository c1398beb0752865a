"""Keys that became part of a text are told, whatever key it is."""

from __future__ import annotations

import json

from publer_sync.machine.packaged import packaged
from publer_sync.rules.swallowed import PATTERNS, swallowed
from tests.tables import each_of

POST = json.loads(packaged("schema", "calendar.schema.json"))["$defs"]["post"]["properties"]


@each_of("key", POST)
def test_every_key_of_a_post_is_known(key: str) -> None:
    found = swallowed(f"Words\n{key}: the day after")
    assert found is not None
    assert (found.line, found.at) == (f"{key}: the day after", 6)
    assert key in PATTERNS


def test_a_line_that_is_surely_a_key_is_told_before_one_that_may_be() -> None:
    assert swallowed("link: in bio\ndraft: true") == ("draft: true", 13, True)
    assert swallowed("link: in bio\nshare: yes") == ("link: in bio", 0, False)
    assert swallowed("Words: of a text") is None
    assert swallowed(":-)\ndraft: true") == ("draft: true", 4, True)
