"""What a calendar takes from outside its folder: the settings that it extends, and shared media."""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from publer_sync.calendar.files import read_file
from publer_sync.calendar.folder import SETTINGS
from publer_sync.calendar.places import problem_at
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.machine.tracked import repository_of

__all__ = ["repository_of"]

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.problems import Problem


def dependencies(top: Path) -> tuple[Path, ...]:
    """The files and folders outside that the settings of the calendar in `top` name; they may be missing."""
    return tuple(watched(top))


def watched(top: Path, *, pages: bool = True) -> dict[Path, Path]:
    """The same, each with the path that a file there could have: for a folder of pages one that its pattern matches.

    Without `pages`, the folders of these are left out.
    """
    data = read_file(top / SETTINGS, SETTINGS, top).data
    if data is None:
        return {}
    extended = data.get("extends")
    written = [(extended if isinstance(extended, str) else "", "")]
    written += [(folder, "a/b.png") for folder, _ in _folders(data)]
    written += _folders_of_pages(with_pages(top)) if pages else []
    here = top.resolve()
    found = [
        (target, target / inner)
        for each, inner in written
        if (target := place(each.strip(), top)) is not None
    ]
    return {target: sample for target, sample in found if not target.is_relative_to(here)}


def with_pages(top: Path) -> Map | None:
    """The settings that say which files are pages: those of the calendar, or those that it extends."""
    data = read_file(top / SETTINGS, SETTINGS, top).data
    extended = data.get("extends") if data is not None else None
    if data is None or "pages" in data or not isinstance(extended, str) or not extended.strip():
        return data
    shared = place(extended.strip(), top)
    if shared is None or not shared.is_file():
        return data
    return read_file(shared, relative(shared, top), shared.parent, kind="shared").data


def place(written: str, top: Path) -> Path | None:
    """The place that a path in the settings means; None if it leaves the repository, or is not relative.

    A calendar may come from a stranger, and errors quote the file.
    """
    if PurePosixPath(written).is_absolute() or "\0" in written or written.startswith("~"):
        return None
    try:
        found = (top / written).resolve()
    except (OSError, RuntimeError):
        return None
    if ".git" in found.parts:
        return None
    repository = repository_of(top)
    return found if repository is None or found.is_relative_to(repository) else None


def relative(path: Path, top: Path) -> str:
    """The path from the calendar's top, with slashes."""
    return os.path.relpath(path, top.resolve()).replace(os.sep, "/")


def _folders_of_pages(data: Map | None) -> list[tuple[str, str]]:
    """The folders below which all pages are that `pages` in settings names, from the calendar's top, and what a page is called there."""
    found = []
    items = data.get("pages") if data is not None else None
    for item in items if isinstance(items, Seq) else ():
        if isinstance(item, Map) and isinstance(item.get("files"), str):
            parts = posixpath.join(posixpath.dirname(item.mark.file), item["files"].strip()).split("/")
            many = next((n for n, part in enumerate(parts) if re.search(r"[*?\[]", part)), len(parts) - 1)
            named = re.sub(r"\[!?(.)[^\]]*\]|\*+|\?", lambda sign: sign[1] or "a", "/".join(parts[many:]))
            found.append((posixpath.normpath("/".join(parts[:many])), named))
    return found


def media_folders(data: Map, top: Path, problems: list[Problem]) -> tuple[Path, ...]:
    """The folders of `media` in the settings. If one is wrong, the key is `broken`."""
    found: dict[Path, None] = {}
    for written, mark in _folders(data):
        folder = place(written.strip(), top)
        if folder is not None and folder.is_dir():
            found[folder] = None
            continue
        data.broken |= {"media"}
        if folder is None:
            say = "Name a folder of the repository, from here, such as ../shared-media"
            problems.append(problem_at(mark, "media.folder", f"{written} is outside the repository", say))
        else:
            say = f"Add it, or correct the path; it starts at the folder of this {SETTINGS}"
            problems.append(problem_at(mark, "media.folder", f"no folder {written}", say))
    return tuple(found)


def _folders(data: Map) -> Iterator[tuple[str, Mark]]:
    folders = data.get("media")
    if isinstance(folders, Seq) and "media" not in data.broken:
        yield from (
            (each, mark) for each, mark in zip(folders, folders.marks, strict=True) if isinstance(each, str)
        )
