"""The words that a shell completes. To be fast, posts are searched for lines as people usually write them, not parsed."""

from __future__ import annotations

import gc
import os
import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.folder import find_calendars, is_read, is_settings, walk
from publer_sync.commands.running.shared import folder
from publer_sync.values.post_keys import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_FOLDERS: Final = 2_000
_DEEPEST: Final = 4
_ID: Final = re.compile(r"^( *(?:- +)?)id: *[\"']?([\w.-]+)", re.MULTILINE)
_FIRST_POST: Final = re.compile(r"^posts:.*?^( *- +)[a-z_]+:", re.MULTILINE | re.DOTALL)
_KEY: Final = re.compile(r"( *(?:- +)*)([a-z_]+): *(.*)")
_ITEM: Final = re.compile(r"( *)- +(.*)")
_INLINE: Final = re.compile(rf"[{{,] *(?:{'|'.join(LABELS)}): *\[([^]]*)\]")
_QUOTED: Final = r"""\s*(?:"([^"]*)"|'((?:[^']|'')*)'"""
_WORD: Final = re.compile(rf"""{_QUOTED}|([^,\[\]"'#\s][^,\[\]#]*))""")
_ALONE: Final = re.compile(rf"""{_QUOTED}|((?:[^#]|(?<!\s)#)*))""")


def aliases(folders: Sequence[Path]) -> Iterator[str]:
    """Aliases and groups, including those of settings that the calendar extends."""
    gc.disable()  # the process ends in a moment
    from publer_sync.calendar.files import read_all
    from publer_sync.calendar.publer_yaml.extends import combined, extended, layers_of

    for top in _tops(folders):
        names = walk(top)
        found = read_all(top, filter(is_settings, names))
        if found and (shared := extended(found[0], top, names, [])) is not None:
            found.append(shared)
        settings = combined(layers_of(found))
        if settings is not None:
            yield from (*(settings.get("accounts") or ()), *(settings.get("groups") or ()), "all")


def ids(folders: Sequence[Path]) -> Iterator[str]:
    for text in _texts(folders):
        first = _FIRST_POST.search(text)
        column = len(first[1]) if first else 0  # that of the keys of every post
        yield from (id_ for lead, id_ in _ID.findall(text) if len(lead) == column)


def labels(folders: Sequence[Path]) -> Iterator[str]:
    for text in _texts(folders):
        if any(f"{key}:" in text for key in LABELS):
            yield from filter(None, _labels_in(text))


def _labels_in(text: str) -> Iterator[str]:
    """The labels of lists in brackets, and of those with dashes. Words under `|` are not looked at."""
    block: int | None = None
    listing: int | None = None
    lines = iter(text.splitlines())
    for number, line in enumerate(lines):
        depth = len(line) - len(line.lstrip(" "))
        if not line.strip() or (block is not None and depth > block):
            continue
        if number and line.startswith("---"):
            return  # the words of a Markdown file follow
        block = None
        key, item = _KEY.match(line), _ITEM.match(line)
        if item is not None and listing is not None and len(item[1]) >= listing:
            yield _word(_ALONE.match(item[2]))
            continue
        listing = None
        if key is not None and key[3].startswith(("|", ">")):
            block = len(key[1])
        elif key is None or key[2] not in LABELS:
            yield from (label for listed in _INLINE.findall(line) for label in _inline(listed))
        elif key[3].startswith("["):
            written = key[3]
            while "]" not in written and (more := next(lines, None)) is not None:
                written += more
            yield from _inline(written[1:].partition("]")[0])
        elif key[2] == "labels" or not key[3].partition("#")[0].strip():
            listing = len(key[1])  # behind an anchor, too
        elif (word := _word(_ALONE.match(key[3]))) != "null":
            yield word


def _inline(listed: str) -> Iterator[str]:
    yield from map(_word, _WORD.finditer(listed))


def _word(match: re.Match[str] | None) -> str:
    """A label without its quotes; "" if there is none."""
    return (match[1] or (match[2] or "").replace("''", "'") or match[3] or "").strip() if match else ""


def calendars(begun: str, *, several: bool) -> Iterator[str]:
    """The calendars below the folder typed so far, a few levels deep; with `several`, also the folders that contain some."""
    start = os.path.dirname(begun)  # noqa: PTH120 — pathlib would drop the ./ that the user typed, and the shell then offers nothing
    for path, inner, files in islice(os.walk(start or "."), _MOST_FOLDERS):
        below = Path(path).relative_to(start)
        depth = len(below.parts)
        inner[:] = sorted(name for name in inner if not name.startswith(".")) if depth < _DEEPEST else []
        if depth and any(map(is_settings, files)):
            for end in range(1 if several else depth, depth + 1):
                yield os.path.join(start, *below.parts[:end])  # noqa: PTH118 - for the same reason


def _texts(folders: Sequence[Path]) -> Iterator[str]:
    for top in _tops(folders):
        for file in filter(is_read, walk(top)):
            yield (top / file).read_text(encoding="utf-8", errors="replace")


def _tops(folders: Sequence[Path]) -> list[Path]:
    """The calendars that the command line means."""
    return find_calendars(folders or [folder(None)])
