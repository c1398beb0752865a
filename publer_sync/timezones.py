"""Time zones, with the rules of the tzdata package, so that every machine agrees."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

_CLOCKS: Final = frozenset(
    ("CET", "CST6CDT", "EET", "EST", "EST5EDT", "Factory", "HST", "MET", "MST", "MST7MDT", "PST8PDT", "WET")
)
"""Names that tzdata keeps for old systems. They are not places, and some have no summer time."""


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every name that a calendar may use."""
    return frozenset((_rules() / "zones").read_text(encoding="ascii").split()) - _CLOCKS


@lru_cache(maxsize=64)
def time_zone(name: str) -> ZoneInfo:
    """The zone of one of these names."""
    with _rules().joinpath("zoneinfo", *name.split("/")).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


def _rules() -> Path:
    return Path(import_module("tzdata").__path__[0])
