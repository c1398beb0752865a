"""Which files of a website are pages: the patterns of `pages` in the settings."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.calendar.outside import place
from publer_sync.calendar.yaml.nodes import Map, Mark, Seq

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KEY: Final = "social"


_MARKDOWN: Final = (".md", ".mdx", ".markdown")


def is_page(name: str) -> bool:
    """Whether a file that a pattern matches is read as a page."""
    return name.lower().endswith(_MARKDOWN)


class Pattern(NamedTuple):
    """One item of `pages`: which files, seen from the folder of the settings that have it."""

    folder: str
    files: str
    url: str
    key: str
    date_key: str
    url_mark: Mark
    mark: Mark
    files_mark: Mark

    def is_inside(self, top: Path) -> bool:
        """Whether whatever it may match is in the repository."""
        parts = posixpath.join(self.folder, self.files).split("/")
        fixed = next((n for n, part in enumerate(parts) if re.search(r"[*?\[]", part)), len(parts))
        found = place("/".join(parts[:fixed]), top)
        return found is not None and parts[0] != "" and ".." not in parts[fixed:]

    def matches(self, file: str) -> bool:
        return (
            _compiled(posixpath.normpath(posixpath.join(self.folder, self.files))).fullmatch(file) is not None
        )


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    """`**` is any folders, `*` anything in one name."""
    out = ""
    parts = pattern.split("/")
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        if part == "**":
            out += ".*" if last else "(?:[^/]+/)*"
            continue
        for piece in re.split(r"(\*|\?|\[[^\]/]+\])", part):
            if piece == "*":
                out += "[^/]*"
            elif piece == "?":
                out += "[^/]"
            elif piece.startswith("["):
                out += piece.replace("[!", "[^", 1)
            else:
                out += re.escape(piece)
        out += "" if last else "/"
    return re.compile(out)


def patterns_of(settings: Map | None) -> list[Pattern]:
    """What `pages` says, as far as it can be read."""
    items = settings.get("pages") if settings is not None and "pages" not in settings.broken else None
    found = []
    for item in items if isinstance(items, Seq) else ():
        if not isinstance(item, Map) or not all(isinstance(item.get(key), str) for key in ("files", "url")):
            continue
        here = posixpath.dirname(item.mark.file)
        own = [item[key].strip() if isinstance(item.get(key), str) else "" for key in ("key", "date_key")]
        found.append(
            Pattern(
                here,
                item["files"].strip(),
                item["url"].strip(),
                own[0] or KEY,
                own[1] or "date",
                item.marks["url"],
                item.mark,
                item.marks["files"],
            )
        )
    return found


def folders_of(patterns: Sequence[Pattern], repository: Path, top: Path) -> list[str]:
    """The folders of the repository below which pages may be."""
    found = set()
    for pattern in patterns:
        fixed = re.split(r"[*?\[]", pattern.files)[0].rpartition("/")[0]
        folder = (top / pattern.folder / fixed).resolve()
        if folder.is_relative_to(repository):
            found.add(folder.relative_to(repository).as_posix())
    return sorted("" if each == "." else each for each in found)
