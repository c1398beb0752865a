"""The values of networks' own keys as people say them: switches, choices, times, and IDs that tell a reader nothing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from publer_sync.networks.table import NETWORKS
from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from publer_sync.render.layout.dates import Dates
    from publer_sync.values.content import Value

_FIELDS: Final = tuple(field for network in NETWORKS.values() for field in network.fields)
SWITCHES: Final = {field.name: field.says for field in _FIELDS if field.says}
"""What is said of a switch that is on, and of one that is off."""
_CHOSEN_BY_ID: Final = {"background", "community", *(field.name for field in _FIELDS if field.named)}
_CODED: Final = frozenset(("call_to_action", "privacy"))
_SHOUTED: Final = late_pattern(r"[A-Z]+(?:_[A-Z]+)*")
_SPOKEN: Final = {"mentionedUsers": "people it mentions", "following": "people the account follows"}
_ID: Final = late_pattern(r"\d{8,}")
_MOMENTS: Final = {field.name for field in _FIELDS if field.moment}


def statement(key: str, value: Value) -> str | None:
    """What a switch says; None for any other value."""
    words = SWITCHES.get(key)
    if words is None or not isinstance(value, bool):
        return None
    return words[0] if value else words[1]


def spoken(path: str, words: str, dates: Dates | None) -> str:
    """A value in people's words, without IDs of networks. Times are in the zone of `dates`."""
    key = path.rpartition(".")[2]
    if path.partition(".")[0] in _CHOSEN_BY_ID and _ID.fullmatch(words):
        return "chosen by its ID"
    if key in _CODED and _SHOUTED.fullmatch(words):
        return words.replace("_", " ").capitalize()
    if key in _MOMENTS and dates is not None:
        try:
            return dates.both(datetime.fromisoformat(words))
        except ValueError:
            return words
    return _SPOKEN.get(words, words) if key == "reply_settings" else words
