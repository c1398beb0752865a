"""The files of a calendar, as data that knows its places: finding, decoding, reading them. What they mean is not asked."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal

from publer_sync.calendar.yaml import recovery, slips
from publer_sync.calendar.yaml import traps as yaml_traps
from publer_sync.calendar.yaml.nodes import Map, Mark
from publer_sync.calendar.yaml.reader import Budget, Reader, TooMuchError
from publer_sync.errors import SettingsError
from publer_sync.problems import Fix, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SETTINGS = "publer.yaml"
_SETTINGS_TOO = ("publer.yaml", "publer.yml")
"""Names in small letters that settings are given by mistake."""
MAX_BYTES = 8 << 20

Kind = Literal["settings", "posts", "markdown"]

_ODD = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_FENCE = re.compile(r"---[ \t]*")


@dataclass(frozen=True, slots=True)
class Document:
    """One file. `file` is its path from the calendar's top, with slashes; `data` is None where nothing could be read.

    `lines` are those that were read, `written` those of the file: slips are mended in between.
    """

    file: str
    path: Path
    kind: Kind
    lines: tuple[str, ...]
    data: Map | None
    problems: tuple[Problem, ...]
    written: tuple[str, ...] = ()


def read_all(top: Path) -> list[Document]:
    """Every file of the calendar, the settings first, then in sorted order. Raises SettingsError where `top` is no folder."""
    budget = Budget()
    found = list(find(top))
    settings = next((file for file, _ in found if file.lower() in _SETTINGS_TOO), None)
    if settings is not None and found[0][0] != SETTINGS:
        found.sort(key=lambda pair: pair[0] != settings)
    return [
        read_file(path, file, top, budget, settings=number == 0 and file == settings)
        for number, (file, path) in enumerate(found)
    ]


def find(top: Path) -> Iterator[tuple[str, Path]]:
    """The calendar's files, hidden ones and README.md left out. Raises SettingsError where `top` cannot be listed."""
    found: list[tuple[str, Path]] = []

    def cannot(error: OSError) -> None:
        raise SettingsError(
            f"the folder {error.filename} cannot be read: {error.strerror}", code="calendar.unreadable"
        )

    if not top.is_dir():
        what = "is no folder" if top.exists() else "does not exist"
        raise SettingsError(
            f'the calendar "{top}" {what}',
            code="calendar.none",
            hint="Name the folder that holds publer.yaml.",
        )
    for folder, inner, files in os.walk(top, onerror=cannot):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        below = os.path.relpath(folder, top).replace(os.sep, "/")
        for name in files:
            if (
                not name.startswith(".")
                and name.lower().endswith((".yaml", ".yml", ".md"))
                and name.lower() != "readme.md"
            ):
                file = name if below == "." else f"{below}/{name}"
                found.append((file, top / file))
    found.sort(key=lambda pair: (pair[0] != SETTINGS, pair[0]))
    yield from found


def read_file(path: Path, file: str, top: Path, budget: Budget, *, settings: bool = False) -> Document:
    """One file read as far as it can be; never raises for what stands in it.

    `settings` for a file that holds them under another name.
    """
    named = settings or file == SETTINGS
    kind: Kind = "markdown" if file.lower().endswith(".md") else "settings" if named else "posts"
    problems: list[Problem] = []
    raw = _bytes(path, file, top, problems)
    if raw is None:
        return Document(file, path, kind, (), None, tuple(problems))
    return parse(_decoded(raw, file, problems), file, path=path, kind=kind, budget=budget, problems=problems)


def parse(
    text: str, file: str, *, path: Path, kind: Kind, budget: Budget, problems: list[Problem] | None = None
) -> Document:
    """The data of a decoded text."""
    problems = problems if problems is not None else []
    text = _clean(text, file, problems)
    lines = text.split("\n")
    written = tuple(lines)
    if slips.has_odd_spaces(text):
        end = (_front_matter(lines) or 1) - 1 if kind == "markdown" else len(lines)
        problems += slips.mend(file, lines, 1, end, spaces_only=True)
    reader = Reader(file, lines, budget, problems)
    data: object = None
    try:
        data = _markdown(reader) if kind == "markdown" else recovery.read(reader, 1, len(lines))
    except TooMuchError as error:
        reader.problems.append(error.problem)
    reader.finish()
    if data is None and kind != "markdown" and not reader.problems:
        mark = Mark(file, 1, 1, 1, 1, 1, 1, "m")
        data = Map(mark)
    elif data is not None and not isinstance(data, Map):
        data = _not_a_map(reader, data)
    return Document(
        file,
        path,
        kind,
        tuple(lines),
        data if isinstance(data, Map) else None,
        tuple(reader.problems),
        written,
    )


def _not_a_map(reader: Reader, data: object) -> Map | None:
    at = next(
        (n for n, line in enumerate(reader.lines, 1) if line.strip() and not line.lstrip().startswith("#")), 1
    )
    here = Location(reader.file, at)
    if isinstance(data, list):
        way = f"write it above the list:\nposts:\n{reader.lines[at - 1]}"
        fix = Fix(at, at, f"posts:\n{reader.lines[at - 1]}")
        reader.problems.append(
            Problem("error", "key.missing", "the line posts: is missing above this list", here, way, fix=fix)
        )
        mark = Mark(reader.file, at, 1, at, 1, at, 1, "m")
        whole = Map(mark)
        whole.put("posts", data, mark)
        return whole
    way = "posts:\n- at: 2027-03-02 09:00\n  text: |\n    Words"
    reader.problems.append(Problem("error", "key.type", "this file holds words, and no posts", here, way))
    return None


def _bytes(path: Path, file: str, top: Path, problems: list[Problem]) -> bytes | None:
    here = Location(file, 1)
    try:
        if path.is_symlink() and not path.resolve().is_relative_to(top.resolve()):
            message = f"{file} is a link to a file outside the calendar folder"
            problems.append(Problem("error", "file.outside", message, here, "put the file itself here"))
            return None
        if not path.is_file():
            problems.append(
                Problem(
                    "error", "file.kind", f"{file} is no regular file", here, "take it out of the calendar"
                )
            )
            return None
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:  # a link in a circle is a RuntimeError until Python 3.13
        message = f"{file} cannot be read: {getattr(error, 'strerror', None) or 'a link leads in a circle'}"
        problems.append(
            Problem("error", "file.unreadable", message, here, "check that it exists and may be read")
        )
        return None
    if len(raw) > MAX_BYTES:
        message = f"{file} is larger than {MAX_BYTES >> 20} MB"
        problems.append(
            Problem("error", "file.size", message, here, "split it: any number of files make a calendar")
        )
        return None
    return raw


MOST_ODD: Final = 20
"""Characters that are named in one file; where there are more, it is hardly a text."""


def _decoded(raw: bytes, file: str, problems: list[Problem]) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        message = "this file is saved as UTF-16; a calendar is UTF-8"
        problems.append(
            Problem("error", "yaml.encoding", message, Location(file, 1), "save it as UTF-8 in your editor")
        )
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        message = f"this file is not saved as UTF-8: the first byte that is not is 0x{raw[error.start]:02x}"
        way = "save it as UTF-8 in your editor (it may be Latin-1 or Windows-1252 now)"
        problems.append(Problem("error", "yaml.encoding", message, Location(file, line, column), way))
        return raw.decode("utf-8-sig", errors="replace")


def _clean(text: str, file: str, problems: list[Problem]) -> str:
    """The text with line ends of one kind; invisible characters that break YAML are named and blanked."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not _ODD.search(text):
        return text
    line = 1
    last = 0
    for match in islice(_ODD.finditer(text), MOST_ODD):
        line += text.count("\n", last, match.start())
        last = match.start()
        column = match.start() - text.rfind("\n", 0, match.start())
        code = f"U+{ord(match[0]):04X}"
        if match[0] in "\x85\u2028\u2029":
            message = f"an invisible line break ({code}) stands here; YAML would count it as a line"
        else:
            message = f"an invisible character ({code}) stands here, and YAML has no place for it"
        way = "delete it; a text copied from elsewhere brings such along"
        problems.append(Problem("error", "yaml.character", message, Location(file, line, column), way))
    return _ODD.sub(" ", text)


def _markdown(reader: Reader) -> Map | None:
    """A post from front matter and body."""
    lines = reader.lines
    end = _front_matter(lines)
    if end is None:
        what = (
            "the front matter is not closed"
            if lines and _FENCE.fullmatch(lines[0])
            else "this file has no front matter"
        )
        way = (
            "a Markdown file in a calendar is a post (README.md is left out); start it with\n"
            "---\nat: 2027-03-02 09:00\naccounts: all\n---"
        )
        reader.problems.append(Problem("error", "markdown.front", what, Location(reader.file, 1), way))
        return None
    data = recovery.read(reader, 2, end - 1) if end > 2 else None
    if data is None:
        data = Map(Mark(reader.file, 1, 1, 1, 1, 1, 1, "m"))
    if not isinstance(data, Map):
        return _not_a_map(reader, str(data))
    body = lines[end:]
    first = next((n for n, line in enumerate(body) if line.strip()), None)
    if first is None:
        return data
    at = end + first + 1
    mark = Mark(reader.file, at, 1, len(lines), 1, at, 1, "|")
    if "text" in data:
        reader.problems.append(yaml_traps.twice("text", data.marks["text"], mark))
    else:
        data.put("text", "\n".join(body), mark)
    return data


def _front_matter(lines: Sequence[str]) -> int | None:
    """The number of the line that closes it."""
    if not lines or not _FENCE.fullmatch(lines[0]):
        return None
    return next((n for n, line in enumerate(lines[1:], 2) if _FENCE.fullmatch(line)), None)
