"""Where the ledger of a workspace is in its place, and the part of each calendar in it: the same tree on a disk and on a branch."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from publer_sync.ledger.backup import is_backup
from publer_sync.values.errors import StateError
from publer_sync.values.printable import printable_line
from publer_sync.values.service import BASE_URL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

END: Final = ".json"
IN_GIT: Final = "publer-sync"
"""The name of the ledger's folder in git's own."""
_LONGEST: Final = 200
"""Bytes of a name, so that disks and remotes take it."""
_ANNOUNCEMENT: Final = re.compile(r"hold-[0-9a-f]{8}\.")
"""The name of a hold that was announced beside a part begins so."""


def folder_of(service: str, workspace_id: str) -> str:
    """Where all parts of a workspace are: below the service's host, where that is not Publer's. Raises StateError."""
    host = _host(service)
    folders = [workspace_id] if host is None else [host, workspace_id]
    if "/" in workspace_id or not all(map(_is_part, folders)):
        raise _no_name("", workspace_id)
    return "/".join(folders)


@lru_cache(maxsize=10_000)
def part_of(calendar: str, workspace_id: str = "") -> str:
    """The path of a calendar's part in that folder, from a name that could otherwise lead anywhere. Raises StateError."""
    *folders, name = calendar.split("/")
    clash = any(part.endswith(END) for part in folders)  # may be the part of another calendar
    clash = clash or is_backup(f"{name}{END}".lower())
    if clash or _ANNOUNCEMENT.match(name) or not all(map(_is_part, (*folders, name))):
        raise _no_name(calendar, workspace_id)
    return f"{calendar}{END}"


@lru_cache(maxsize=10_000)
def calendar_of(part: str) -> str | None:
    """The name of the calendar whose part has this path; None for a file that is no part."""
    name = part.rpartition("/")[2]
    if not part.endswith(END) or is_backup(name) or _ANNOUNCEMENT.match(name) or name.startswith("."):
        return None
    return part.removesuffix(END)


def as_kept(calendar: str, parts: Collection[str]) -> str:
    """The name under which a calendar is kept."""
    found = [*alike([calendar], parts)]
    return calendar if calendar in found or not found else min(found)


def alike(names: Iterable[str], parts: Collection[str]) -> Iterable[str]:
    """The parts of calendars of these names: those that differ in case alone are one, also where a disk tells them apart."""
    folded = {*map(str.casefold, names)}
    return compress(parts, map(folded.__contains__, map(str.casefold, parts)))


def _host(service: str) -> str | None:
    """None for Publer's, and for what is no address."""
    where = urlsplit(service)
    if not where.netloc or where.netloc == urlsplit(BASE_URL).netloc:
        return None
    return where.netloc.rpartition("@")[2].lower().replace(":", "_")


def _no_name(calendar: str, workspace_id: str) -> StateError:
    return StateError(
        f'"{printable_line(calendar)}" in the workspace "{printable_line(workspace_id)}" cannot be a file name in the ledger',
        code="state.name",
        hint="Give the calendar another `name:` in publer.yaml. For example: clients/acme",
    )


def _is_part(part: str) -> bool:
    low = part.lower()
    return (
        part.isprintable()
        and bool(part.strip())
        and not set(part) & {"\\", ":"}
        and low not in (".", "..", ".git")
        and not low.endswith(".lock")
        and len(part.encode()) <= _LONGEST
    )
