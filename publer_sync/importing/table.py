"""The bytes of a CSV file as rows with the numbers that a spreadsheet shows. Knows nothing of posts."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING, Final

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS: Final = (",", ";", "\t")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx, .ods and .xls begin."""
_NOTHING: Final = frozenset({"", "false", "falsch", "faux", "falso"})
"""An empty cell, and a box without its tick: a template of boxes has hundreds of rows below the last post."""
_SEP: Final = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)
"""The line that tells Excel the delimiter, which it does not show as a row."""
_SAVE: Final = 'In Excel save it as "CSV UTF-8 (Comma delimited)"; in Google Sheets download it as CSV.'


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row by the number that a spreadsheet shows: a cell of several lines is one row, an empty line is one too."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return all(cell.strip().lower() in _NOTHING for cell in self.cells)


def decode(raw: bytes, name: str) -> str:
    """The file's text. Raises InputError unless it is UTF-8, or UTF-16 with its byte order mark."""
    if raw.startswith(_WORKBOOKS):
        raise InputError(f"{name} is a workbook, not a CSV file", hint=_SAVE)
    mark, encoding = next(((mark, each) for mark, each in _MARKS if raw.startswith(mark)), (b"", "utf-8"))
    try:
        text = raw[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        raise InputError(f"{name} is not in UTF-8, so its characters can't be read", hint=_SAVE) from None
    if "\0" in text:
        raise InputError(f"{name} is not a CSV file", hint=_SAVE)
    return text


def tables(text: str, name: str) -> dict[str, list[TableRow]]:
    """The rows under each delimiter that the whole file can be read with.

    Raises InputError if there is none, or if the one that fits the first row best cannot read the rest.
    """
    delimiters: tuple[str, ...] = DELIMITERS
    if (sep := _SEP.match(text)) is not None:
        text, delimiters = text[sep.end() :], (sep[1],)
    found: dict[str, list[TableRow]] = {}
    broken: list[tuple[list[TableRow], str]] = []
    for delimiter in delimiters:
        rows: list[TableRow] = []
        try:
            for cells in _reader(text, delimiter):
                rows.append(TableRow(len(rows) + 1, tuple(cells)))
        except csv.Error as error:
            broken.append((rows, str(error)))
        else:
            found[delimiter] = rows
    worst, why = max(broken, key=lambda each: _columns(each[0]), default=([], ""))
    if not found or _columns(worst) > max(map(_columns, found.values())):
        if "field larger" in why:
            raise InputError(
                f"row {len(worst) + 1} of {name} has a cell of more than {csv.field_size_limit():,} characters",
                hint="No post is that long. Close the quotation mark that begins the cell, or shorten the cell.",
            )
        raise InputError(
            f"row {len(worst) + 1} of {name} can't be read: a quotation mark is not closed, or text follows it",
            hint='Put the cell in quotation marks, and double those inside it: "She said ""yes"""',
        )
    return found


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    """Its rows. A quotation mark after the delimiter and a blank begins a cell in quotation marks, as people write it by hand."""
    stream = io.StringIO(text, newline="")
    by_hand = _quoted_after_blanks(text, delimiter)
    return csv.reader(stream, delimiter=delimiter, skipinitialspace=by_hand, strict=True)


def _quoted_after_blanks(text: str, delimiter: str) -> bool:
    """Whether there are such cells, and each of them ends on its line: otherwise the marks are words, or would take in other rows."""
    end = re.escape(delimiter)
    if re.search(rf'(?:\A|[{end}\r\n]) +"', text) is None:
        return False
    after_blanks = rf'(?P<begins> +"(?P<ends>[^"\r\n]*(?:""[^"\r\n]*)*"(?=[{end}\r\n]|\Z))?)'
    at_once = r'"[^"]*(?:""[^"]*)*"?'
    cells = re.finditer(rf"(?:{after_blanks}|{at_once})?[^{end}\r\n]*(?:[{end}\r\n]|\Z)", text)
    closed = [cell["ends"] is not None for cell in cells if cell["begins"] is not None]
    return bool(closed) and all(closed)


def _columns(rows: list[TableRow]) -> int:
    return len(rows[0].cells) if rows else 0
