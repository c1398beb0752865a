"""Time zones, with the rules of the tzdata package, so that every machine agrees."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import tzinfo

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


def apart(earlier: datetime, later: datetime, zone: tzinfo) -> timedelta:
    """How long it is from one moment to the other by a clock of the zone, whatever changes of clocks are between.

    The same hour two weeks later is two weeks, though an hour less where clocks went forward.
    """
    return later.astimezone(zone).replace(tzinfo=None) - earlier.astimezone(zone).replace(tzinfo=None)


def _rules() -> Path:
    return Path(import_module("tzdata").__path__[0])


# --- offsets from UTC -----------------------------------------------------------------------------------------------

_WITHOUT_A_YEAR: Final = 2030
"""The year whose offsets count where a text has none. Their rules do not change in the years ahead of the tzdata package."""


@lru_cache(maxsize=8)
def offsets_of(year: int | None = None) -> frozenset[timedelta]:
    """Every offset from UTC that a place has in this year."""
    months = [datetime(year or _WITHOUT_A_YEAR, month, day) for month in range(1, 13) for day in (1, 15)]  # noqa: DTZ001 — of each place
    zones = [time_zone(name) for name in zone_names()]
    return frozenset(
        offset for zone in zones for month in months if (offset := zone.utcoffset(month)) is not None
    )


def is_range(start: time, offset: timedelta) -> bool:
    """Whether `09:00-11:00`, without seconds, is more likely the time between the two than an offset from UTC."""
    return offset < -timedelta(hours=start.hour, minutes=start.minute)


def with_offset(at: time, offset: timedelta) -> str:
    """A time of day and its offset, as no range: `09:00+01:00`, but `09:00:00-11:00`."""
    minutes = round(offset.total_seconds() / 60)
    written = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return f"{at:%H:%M}{':00' if is_range(at, offset) else ''}{written}"
