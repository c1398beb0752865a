"""Time zones, with the rules of the tzdata package, so that every machine agrees."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

_CLOCKS: Final = frozenset(
    ("CET", "CST6CDT", "EET", "EST", "EST5EDT", "Factory", "HST", "MET", "MST", "MST7MDT", "PST8PDT", "WET")
)
"""Names that tzdata keeps for old systems. They are not places, and some have no summer time."""


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every name that a calendar may use."""
    from importlib import resources

    names = resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    return frozenset(names) - _CLOCKS


@lru_cache(maxsize=64)
def time_zone(name: str) -> ZoneInfo:
    """The zone of one of these names."""
    from importlib import resources

    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)
