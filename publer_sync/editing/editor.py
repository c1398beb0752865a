"""Makes edits in a file, and proves each of them before it counts.

The new text is read, and its data must be those of the old one with this edit and nothing else. What cannot be proved
is refused with `Unwritable`. Round-trip libraries rewrite the whole document in a style of their own; here, other lines
are not written at all.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.again import read_again
from publer_sync.calendar.files import parse
from publer_sync.calendar.yaml.nodes import Map, Seq
from publer_sync.editing.edits import Append, Arrange, Drop, Edit, Path, Put, paste_of
from publer_sync.editing.extent import OddLayout
from publer_sync.editing.layout import splices
from publer_sync.editing.source import Source
from publer_sync.editing.writing import Noted
from publer_sync.values.model import normal_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from publer_sync.calendar.document import Document
    from publer_sync.editing.writing import Writable


class Reason(StrEnum):
    """Why an edit cannot be written safely."""

    ENCODING = "the file is not UTF-8"
    ANCHOR = "an anchor of YAML shares this value with another place"
    MISSING = "the value is not in this file"
    LAYOUT = "the file's layout leaves no safe place for it"


class Unwritable(Exception):
    """An edit that is not made. `paste` are the lines to write by hand."""

    def __init__(self, reason: Reason, paste: str) -> None:
        super().__init__(str(reason))
        self.reason, self.paste = reason, paste


def edited(document: Document, edits: Iterable[Edit]) -> Document:
    """The file with all of the edits, one after the other; `raw` has its bytes. Raises Unwritable."""
    for edit in edits:
        document = _edited(document, edit)
    return document


def reread(document: Document, raw: bytes) -> Document:
    """The same file with other bytes, which are UTF-8."""
    if (again := read_again(document, raw)) is not None:
        return again
    new = parse(raw.decode("utf-8-sig"), document.file, path=document.path, kind=document.kind)
    return replace(new, raw=raw)


def _edited(document: Document, edit: Edit) -> Document:
    data, paste = document.data, paste_of(edit)
    edit = _grounded(document, edit)
    if data is None or document.lines != document.written:
        raise Unwritable(Reason.LAYOUT, paste)
    try:
        source = Source.of(document.raw)
    except UnicodeDecodeError:
        raise Unwritable(Reason.ENCODING, paste) from None
    *way, last = edit.path
    holder = _holder(data, way)
    if (wanted := _with(comparable(holder), last, edit)) is None:
        raise Unwritable(Reason.MISSING, paste)
    if not _is_alias(data, edit.path):
        for quoting in (False, True):
            try:
                new = reread(document, source.spliced(splices(source, document, edit, quoting=quoting)))
            except (OddLayout, ValueError):
                continue
            if _says(new.data, data, way, wanted) and reads_as_well(new, document):
                return new
    shares = any("&" in line for line in document.lines)
    raise Unwritable(Reason.ANCHOR if shares else Reason.LAYOUT, paste)


def _grounded(document: Document, edit: Edit) -> Edit:
    """A value in a map that does not exist yet is put in together with the map, and so are the items of a list where the key stands alone."""
    data = document.data
    if isinstance(edit, Append):
        *way, last = edit.path
        match _holder(data, way):
            case Map() as holder if last in holder and holder[str(last)] is None and not document.problems:
                return Put(edit.path, edit.items)  # what cannot be read is None, too, with a problem
        return edit
    if not isinstance(edit, Put):
        return edit
    for depth, step in enumerate(edit.path[:-1]):
        if isinstance(data, Map) and step not in data:
            value: Writable = edit.value
            for key in reversed(edit.path[depth + 1 :]):
                value = {str(key): value}
            return Put(edit.path[: depth + 1], value)
        match data, step:
            case (Map(), str()) | (Seq(), int()):
                data = data[step]
            case _:
                return edit
    return edit


def reads_as_well(new: Document, old: Document) -> bool:
    """Whether the reader finds no new problem."""
    return len(new.problems) <= len(old.problems) and new.lines == new.written


def _is_alias(data: Any, path: Path) -> bool:
    """Whether the value at the path, or one that contains it, is an alias of YAML."""
    for step in path:
        match data:
            case Map() if step in data.marks:
                mark = data.marks[str(step)]
            case Seq() if isinstance(step, int):
                mark = data.marks[step]
            case _:
                return False
        if mark.style == "*":
            return True
        data = data[step]
    return False


def comparable(value: Any) -> Any:
    """The data for comparison: texts without outer white space, and with plain line ends."""
    match value:
        case str():
            return normal_text(value)
        case Noted():
            return normal_text(value.text)
        case dict():
            return {key: comparable(item) for key, item in value.items()}
        case list() | tuple():
            return [comparable(item) for item in value]
        case _:
            return value


def _holder(data: Any, way: Iterable[str | int]) -> Any:
    """The map or list at the end of a path; None where the path leads nowhere."""
    try:
        for step in way:
            data = data[step]
    except (KeyError, IndexError, TypeError):
        return None
    return data


def _with(holder: Any, last: str | int, edit: Edit) -> Any:
    """The map or list that an edit changes, with the edit made; None where it cannot be made."""
    try:
        match edit:
            case Put():
                holder[last] = comparable(edit.value)
            case Drop():
                del holder[last]
            case Append():
                holder[last] += comparable(list(edit.items))
            case Arrange():
                holder[last] = [holder[last][number] for number in edit.order]
    except (KeyError, IndexError, TypeError):
        return None
    return holder


def _says(new: Any, old: Any, way: Sequence[str | int], wanted: Any) -> bool:
    """Whether the new data match the old, and at the end of the path what is wanted. The same object is not compared with itself."""
    if not way:
        return bool(comparable(new) == wanted)
    step, *rest = way
    match old, new:
        case dict(), dict() if old.keys() == new.keys():
            pairs = [(old[key], new[key], key) for key in old]
        case list(), list() if len(old) == len(new):
            pairs = [*zip(old, new, range(len(old)), strict=True)]
        case _:
            return False
    return all(
        _says(its, was, rest, wanted) if place == step else was is its or comparable(was) == comparable(its)
        for was, its, place in pairs
    )
