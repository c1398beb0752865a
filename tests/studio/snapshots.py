"""Calendars as the studio reads them, without its server and its page."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import unified_diff
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.load import read
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.studio.keys import PostKeys
from publer_sync.studio.open_calendar import OpenCalendar
from publer_sync.studio.orders import change_request
from publer_sync.studio.trying import attempt
from tests.studio import desk
from tests.studio.repositories import committed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from publer_sync.calendar.load import Calendar

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
SETTINGS = """\
workspace: W
timezone: UTC
accounts:
  x: {name: X, provider: twitter}
  linkedin: {name: L, provider: linkedin}
  facebook: {name: F, provider: facebook}
"""
GAP = "timezone: Europe/Berlin\nposts:\n- {id: one, at: 2027-03-26 02:30, accounts: x, text: One, repeat: {every: day, times: 4}}\n"
"""On the third day of this series, clocks go from two to three."""
PAGES = "pages: [{files: blog/*.md, url: 'https://example.com/{slug}/'}]\n"


def post(
    more: str = "", on: str = "x", at: str = "2027-03-02 09:00", id: str = "one", text: str = "text: One\n"
) -> str:
    lines = f"id: {id}\nat: {at}\naccounts: {on}\n{text}{more}\n".strip()
    return "- " + lines.replace("\n", "\n  ") + "\n"


def whole(text: str) -> str:
    """A file of posts, where the first of them stands alone."""
    return f"posts:\n{text}" if text.startswith("-") and not text.startswith("---") else text


def write(top: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return top


def opened(
    top: Path, files: Mapping[str, str | bytes], *, now: datetime = desk.NOW, number: int = 0
) -> OpenCalendar:
    """The calendar of this folder, with these files in it."""

    def reading(instead: Mapping[str, bytes | None]) -> Calendar:
        return read(top, instead=instead)

    return OpenCalendar(number, write(top, files), reading, PostKeys(f"{number}-"), lambda: now)


def small(top: Path, files: Mapping[str, str], settings: str = "") -> OpenCalendar:
    """A calendar of three accounts, with these files in it."""
    write(top, {"publer.yaml": SETTINGS + settings, **files})
    if settings == PAGES:
        committed(top, "First")
    return opened(top, {}, now=NOW)


def tried(
    top: Path, text: str, names: str, do: Mapping[str, Any], settings: str = "", file: str = "posts.yaml"
) -> list[str]:
    """What is said of a change of the posts with these names, and the lines that come and go."""
    text = whole(text)
    calendar = small(top, {file: text}, settings)
    known = {entry.id or entry.data["text"]: key for key, entry in calendar.keys.entries.items()}
    chosen = [
        (known[name], part or None) for name, _, part in (each.partition(":") for each in names.split())
    ]
    if "swap" in do:
        do = {"swap": {**do["swap"], "with": known[do["swap"]["with"]]}}
    posts = [{"key": key, "revision": "", "part": part} for key, part in chosen]
    one = len(chosen) == 1 and chosen[0][1] is None
    asked = {"do": do, **({"key": chosen[0][0], "revision": ""} if one else {"posts": posts})}
    try:
        found = attempt(calendar.snapshot, calendar.keys, change_request(asked), NOW)
    except Unsafe as refused:
        return [refused.reason]
    after = (found.files.get(file, text.encode()) or b"").decode()
    differing = unified_diff(text.splitlines(), after.splitlines(), n=0)
    lines = [
        f"{each[0]} {each[1:].strip()}"
        for each in differing
        if each[0] in "+-" and each[:3] not in ("+++", "---")
    ]
    return [found.worked.say, *lines]
