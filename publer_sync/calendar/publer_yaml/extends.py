"""The settings that calendars share: the one file that a `publer.yaml` extends, read once and merged under it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.calendar.files import read_file
from publer_sync.calendar.folder import SETTINGS
from publer_sync.calendar.outside import place, relative
from publer_sync.calendar.places import problem_at
from publer_sync.calendar.shape import schema
from publer_sync.calendar.shape.fixes import tried
from publer_sync.calendar.yaml.nodes import Map

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from publer_sync.calendar.document import Document
    from publer_sync.calendar.yaml.nodes import Mark
    from publer_sync.values.problems import Problem


def extended(main: Document, top: Path, names: Collection[str], problems: list[Problem]) -> Document | None:
    """The file that the settings extend, checked; None if there is none, or its name is wrong.

    `names` are the calendar's own files, which hold posts and cannot be extended.
    """
    data = main.data
    if data is None or not isinstance(data.get("extends"), str) or "extends" in data.broken:
        return None
    written, mark = data["extends"].strip(), data.marks["extends"]
    found = _path(written, mark, top, names)
    if not isinstance(found, Path):
        problems.append(found)
        data.broken |= {"?"}  # nobody knows what the file would have set
        return None
    status = found.stat()
    document = _read(found, relative(found, top), (status.st_mtime_ns, status.st_size))
    if document.data is None:
        data.broken |= {"?"}
    return document


def _path(written: str, mark: Mark, top: Path, names: Collection[str]) -> Path | Problem:
    found = place(written, top)
    if found is None:
        say = "Put it into the repository, and name it from here, such as ../shared.yaml"
        return problem_at(mark, "extends.outside", f"{written} is outside the repository", say)
    if found.suffix.lower() not in (".yaml", ".yml"):
        say = "Name a file that ends in .yaml"
        return problem_at(mark, "extends.file", f"{written} is not a YAML file", say)
    if not found.is_file():
        say = f"Add it, or correct the path; it starts at the folder of this {SETTINGS}"
        return problem_at(mark, "extends.file", f"no file {written}", say)
    if relative(found, top) in names:
        message = f"{written} is in the calendar folder, where it is read as a file of posts"
        return problem_at(mark, "extends.file", message, "Move it out of the calendar folder")
    return found


@lru_cache(maxsize=16)
def _read(path: Path, file: str, _stamp: tuple[int, int]) -> Document:
    """Cached, as many calendars of one run extend the same file."""
    document = read_file(path, file, path.parent, kind="shared")
    wrong = schema.check(document)
    return replace(document, problems=tuple(tried(document, [*document.problems, *wrong])))


def layers_of(documents: Iterable[Document]) -> tuple[Map, ...]:
    """What the settings say, outermost first: in the file they extend, then in publer.yaml."""
    found = {
        document.kind: document.data for document in documents if document.kind in ("shared", "settings")
    }
    return tuple(data for kind in ("shared", "settings") if (data := found.get(kind)) is not None)


def combined(layers: Sequence[Map]) -> Map | None:
    """The settings as one map. The nearest value wins, null takes away, and maps are merged key by key.

    Not for `defaults`: those of each file are layers of their own.
    """
    if len(layers) < 2:
        return layers[0] if layers else None
    return _over(*layers, deep=True)


def drafts_by_default(layers: Sequence[Map], document: Document | None = None) -> bool:
    """Whether the defaults of these layers, outermost first, and of a file of posts make a post a draft."""
    own = [document.data] if document is not None and document.data is not None else []
    found = [defaults for data in (*layers, *own) if isinstance(defaults := data.get("defaults"), Map)]
    return next((defaults["draft"] for defaults in reversed(found) if "draft" in defaults), None) is True


def _over(below: Map, above: Map, *, deep: bool = False) -> Map:
    whole = Map(above.mark)
    whole.broken = above.broken | (below.broken - above.keys())
    for data in (below, above):
        for key, value in data.items():
            under = whole.get(key)
            if value is None:
                whole.pop(key, None)
                whole.marks.pop(key, None)
            elif deep and isinstance(value, Map) and isinstance(under, Map):
                whole.put(key, _over(under, value), data.marks[key])
            else:
                whole.put(key, value, data.marks[key])
    return whole
