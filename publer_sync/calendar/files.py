"""Finds, decodes and reads the files of a calendar, as data that knows where it was written. Not what it means."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.document import Document, FileKind
from publer_sync.calendar.folder import SETTINGS, is_read, is_settings, walk
from publer_sync.calendar.shape.schema import vocabulary
from publer_sync.calendar.website import markdown
from publer_sync.calendar.yaml import recovery, slips
from publer_sync.calendar.yaml.lines import Lines
from publer_sync.calendar.yaml.nodes import Map, Mark
from publer_sync.calendar.yaml.reader import Budget, Reader, TooMuchError
from publer_sync.starting.late_modules import late_module
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.problems import Fix, Help, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from publer_sync.calendar.yaml import traps
else:
    traps = late_module("publer_sync.calendar.yaml.traps")

MAX_BYTES = 8 << 20
NOTHING: Final[Mapping[str, bytes | None]] = {}
MOST_ODD: Final = 20
"""Invisible characters that are reported of one file; with more, it is hardly a text file."""
_CONTENTS: Final = {
    "settings": "settings",
    "shared": "settings",
    "posts": "posts",
    "markdown": "keys of the post",
    "approvals": "list of approvals",
}
_EXAMPLES: Final = {
    "settings": "timezone: Europe/Berlin",
    "shared": "timezone: Europe/Berlin",
    "posts": "posts:\n- at: 2027-03-02 09:00\n  text: |\n    Words",
    "markdown": "at: 2027-03-02 09:00",
    "approvals": "approvals: []",
}

_BYTE: Final = late_pattern("[\udc80-\udcff]")
"""A byte that could not be decoded, as Python represents it."""
_LINE_BREAKS: Final = "\x0b\x0c\x85\u2028\u2029"
"""Word processors write them between lines of one paragraph, and between pages."""
_ODD: Final = late_pattern(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def read_all(
    top: Path, names: Iterable[str] | None = None, instead: Mapping[str, bytes | None] = NOTHING
) -> list[Document]:
    """Every file of the calendar, the settings first, then in sorted order. Raises SettingsError if `top` is not a folder.

    `names` are those of `walk`, if they are known; `instead` maps files, also new ones, to bytes to read in their place, or
    to None, as if they were not there.
    """
    budget = Budget()
    there = {*(walk(top) if names is None else names), *instead}
    there -= {file for file, raw in instead.items() if raw is None}
    found = sorted(filter(is_read, there))
    settings = min((file for file in found if is_settings(file)), key=SETTINGS.__ne__, default=None)
    found.sort(key=lambda file: file != settings)
    return [
        read_file(
            top / file,
            file,
            top,
            instead.get(file),
            kind="settings" if file == settings else None,
            budget=budget,
        )
        for file in found
    ]


def read_file(
    path: Path,
    file: str,
    top: Path,
    instead: bytes | None = None,
    *,
    kind: FileKind | None = None,
    budget: Budget | None = None,
) -> Document:
    """One file, read as far as possible; never raises for what is in it.

    `instead` are bytes to read in its place; without `kind`, the name tells the kind.
    """
    if kind is None:
        kind = "markdown" if file.lower().endswith(".md") else "settings" if file == SETTINGS else "posts"
    problems: list[Problem] = []
    raw = _bytes(path, file, top) if instead is None else instead
    if isinstance(raw, Problem):
        return Document(file, path, kind, (), None, (raw,))
    text = _decoded(raw, file, problems)
    found = parse(text, file, path=path, kind=kind, budget=budget, problems=problems)
    return replace(found, raw=raw)


def decoded(path: Path, file: str, instead: bytes | None, problems: list[Problem]) -> tuple[str, bytes]:
    """The text of a page of a website, and its bytes. What is wrong with either goes to `problems`."""
    raw = _bytes(path, file, path.parent) if instead is None else instead
    if isinstance(raw, Problem):
        problems.append(raw)
        return "", b""
    return _clean(_decoded(raw, file, problems), file, problems), raw


def parse(
    text: str,
    file: str,
    *,
    path: Path,
    kind: FileKind,
    budget: Budget | None = None,
    problems: list[Problem] | None = None,
) -> Document:
    """The data of a decoded text."""
    problems = problems if problems is not None else []
    text = _clean(text, file, problems)
    lines = Lines(file, text.split("\n"), vocabulary())
    written = tuple(lines.texts)
    reader = Reader(lines, budget or Budget(), problems)
    if "<<<<<<<" in text or ">>>>>>>" in text:
        problems += traps.merge_markers(lines)
    if slips.has_odd_spaces(text, lines.vocabulary):
        last = markdown.front_matter_end(lines) if kind == "markdown" else len(lines)
        problems += slips.correct(lines, last, spaces_only=True)
    data: object = None
    try:
        data = markdown.read(reader) if kind == "markdown" else recovery.read(reader, len(lines))
    except TooMuchError as error:
        problems.append(error.problem)
    reader.finish()
    if data is None and kind != "markdown" and not problems:
        data = Map(Mark(file, 1, 1, 1, 1, 1, 1, "m"))
    elif data is not None and not isinstance(data, Map):
        data = _wrapped(reader, data, kind)
    known = data if isinstance(data, Map) else None
    return Document(file, path, kind, tuple(lines.texts), known, tuple(problems), written)


def _wrapped(reader: Reader, data: object, kind: FileKind) -> Map | None:
    """A list of posts as the map that should hold it; None for plain words."""
    lines = reader.lines
    texts = enumerate(lines.texts, 1)
    at = next((n for n, text in texts if text.strip() and not text.lstrip().startswith(("#", "---"))), 1)
    here = Location(lines.file, at)
    if kind != "posts" or not isinstance(data, list):
        message = f"expected the {_CONTENTS[kind]}: in each line a key, a colon and a value"
        help_ = Help("Write it in this form", example=_EXAMPLES[kind])
        reader.report(Problem("error", "key.type", message, here, help_))
        return None
    help_ = Help("Put this line above the list", "posts:")
    fix = Fix(at, at, f"posts:\n{lines.texts[at - 1]}") if lines[at].is_item else None
    message = "the line posts: is missing above this list"
    reader.report(Problem("error", "key.missing", message, here, help_, fix=fix))
    whole = Map(Mark(lines.file, at, 1, at, 1, at, 1, "m"))
    whole.put("posts", data, whole.mark)
    return whole


def _bytes(path: Path, file: str, top: Path) -> bytes | Problem:
    """What the file holds, or why it is not read."""

    def refused(code: str, why: str, say: str) -> Problem:
        return Problem("error", code, f"{file} {why}", Location(file, 1), Help(say))

    try:
        if path.is_symlink() and not path.resolve().is_relative_to(top.resolve()):
            return refused(
                "file.outside", "is a link to a file outside the calendar folder", "Put the file itself here"
            )
        if not path.is_file():
            return refused("file.kind", "is not a regular file", "Move it out of the calendar")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:  # a link in a circle is a RuntimeError until Python 3.13
        why = f"cannot be read: {getattr(error, 'strerror', None) or 'a link leads in a circle'}"
        return refused("file.unreadable", why, "Check that it exists and that you may read it")
    if len(raw) > MAX_BYTES:
        why = f"is larger than {MAX_BYTES >> 20} MB"
        return refused("file.size", why, "Split it: a calendar can have any number of files")
    return raw


def _decoded(raw: bytes, file: str, problems: list[Problem]) -> str:
    save = Help("Save it as UTF-8 in your editor")
    if (wide := _wide_codec(raw)) is not None:
        message = "this file is saved as UTF-16; a calendar is UTF-8"
        problems.append(Problem("error", "yaml.encoding", message, Location(file, 1), save))
        return raw.decode(wide, errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
        at = Location(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        text = raw.decode("utf-8-sig", errors="surrogateescape")
        kind = "Windows-1252" if re.search("[\udc80-\udc9f]", text) else "Latin-1"
        guess = f"; it looks like {kind}" if _BYTE.sub("", text).isascii() else ""
        message = f"this file is not UTF-8{guess} (byte 0x{raw[error.start]:02x})"
        problems.append(Problem("error", "yaml.encoding", message, at, save))
        return _BYTE.sub(_letter, text)


def _wide_codec(raw: bytes) -> str | None:
    """Which UTF-16 the file is in, with or without a byte order mark: in most texts every second byte is zero."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    little, big = raw[1:200:2].count(0), raw[0:200:2].count(0)
    if max(little, big) * 3 <= len(raw[:200]):
        return None
    return "utf-16-le" if little > big else "utf-16-be"


def _letter(byte: re.Match[str]) -> str:
    """The likely letter for a byte that is not UTF-8, so that the rest of the text can be checked."""
    letter = bytes([ord(byte[0]) - 0xDC00]).decode("cp1252", errors="replace")
    return letter if letter.isprintable() and letter != "\ufffd" else "?"


def _clean(text: str, file: str, problems: list[Problem]) -> str:
    """The text with line ends of one kind; invisible characters that break YAML are reported and blanked."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # The first is quicker, and does for most.
    if text.replace("\n", "").isprintable() or not _ODD.search(text):
        return text
    for match in islice(_ODD.finditer(text), MOST_ODD):
        start = match.start()
        at = Location(file, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
        kind, say = "character", "Delete it; it may have come with copied text"
        if match[0] in _LINE_BREAKS:
            kind, say = (
                "line break",
                "Replace it with a line break or a space: without it, two words become one",
            )
        message = f"an invisible {kind} (U+{ord(match[0]):04X}) that YAML does not allow"
        problems.append(Problem("error", "yaml.character", message, at, Help(say)))
    return _ODD.sub(" ", text)
