"""What a server was started with, and which of the calendars in its folders a tool means."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.calendar.folder import find_calendars, is_read, is_settings, walk
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import SettingsError, UsageError
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.commands.running.choice import Choice

NAMED = 20
"""Calendars that a message names."""


@dataclass(frozen=True, slots=True)
class Served:
    """`folders` are absolute paths without symbolic links; a tool that takes longer than `timeout` seconds says so instead."""

    folders: tuple[Path, ...]
    choice: Choice
    timeout: float

    def calendar(self, word: str | None) -> Path:
        """The folder of the calendar that is meant. Raises UsageError for one that the server does not serve."""
        top = self._only() if word is None else self._named(word)
        self._check_links(top)
        return _from_here(top)

    def _check_links(self, top: Path) -> None:
        """Errors show the lines of a file, so no file may be a link to elsewhere."""
        for file in filter(is_read, walk(top)):
            if (top / file).is_symlink() and not self._serves(top / file):
                raise UsageError(
                    f"{one_line(file)} is a link to a file outside the folders of this server",
                    code="folder.outside",
                    hint="Put the file itself into the calendar.",
                )

    def _only(self) -> Path:
        for folder in self.folders if len(self.folders) == 1 else ():
            for top in (folder, folder / "calendar"):
                if self._serves(top) and top.is_dir() and _has_settings(top):
                    return top.resolve()
        found = [top for top in find_calendars(self.folders) if self._serves(top)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise UsageError(
                f"there is no calendar in {_listed(self.folders)}",
                code="calendar.none",
                hint="A calendar is a folder with a publer.yaml. publer-sync init writes one.",
            )
        names = [os.path.relpath(top, self.folders[0]) for top in found[:NAMED]]
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        raise UsageError(
            f"there are {len(found)} calendars here",
            code="calendar.several",
            hint=f'Name one as "calendar": {", ".join(map(one_line, names))}{more}',
        )

    def _named(self, word: str) -> Path:
        """Relative to one of the folders, or to where the server runs. A path outside gets the same refusal whether it exists or not."""
        places = [*(folder / word for folder in self.folders), Path(word).absolute()]
        there = [place for place in places if self._serves(place) and place.exists()]
        for place in there:
            if place.is_dir():
                return place.resolve()
        if there:
            raise UsageError(
                f'"{one_line(word)}" is a file; a calendar is a folder', hint="Name the folder that it is in."
            )
        if not self._serves(places[0]):
            raise UsageError(
                f'"{one_line(word)}" is outside the folders of this server',
                code="folder.outside",
                hint=f"It was started for {_listed(self.folders)}.",
            )
        raise UsageError(
            f'there is no folder "{one_line(word)}" here',
            code="calendar.none",
            hint=f"Name a folder with a publer.yaml, from {self.folders[0]}, or leave it out.",
        )

    def _serves(self, place: Path) -> bool:
        try:
            return any(place.resolve().is_relative_to(folder) for folder in self.folders)
        except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL
            return False


def served(folders: Sequence[Path], choice: Choice, timeout: float) -> Served:
    """What a server answers about; a tool may take `timeout` seconds.

    Raises SettingsError for a folder that does not exist, and if none is named where all of a home or disk would be served.
    """
    if not folders and Path.cwd() in (Path(Path.cwd().anchor), Path.home()):
        raise SettingsError(
            f"the current folder is {Path.cwd()}",
            code="folder.none",
            hint="Name the folder of the calendar: publer-sync mcp FOLDER.",
        )
    for folder in folders:
        if not folder.is_dir():
            what = "is not a folder" if folder.exists() else "does not exist"
            raise SettingsError(f'the folder "{folder}" {what}', code="folder.none")
    return Served(tuple(folder.resolve() for folder in folders or [Path()]), choice, timeout)


def _has_settings(folder: Path) -> bool:
    return any(is_settings(each.name) for each in folder.iterdir())


def _from_here(top: Path) -> Path:
    """The path as people write it where the server runs."""
    here = Path.cwd()
    return top.relative_to(here) if top.is_relative_to(here) else top


def _listed(folders: Iterable[Path]) -> str:
    return ", ".join(one_line(str(folder)) for folder in folders)
