"""Tables for spreadsheets, as CSV: the one place where such a table is written, so that no cell of any is a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, TypeAlias

from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from publer_sync.values.content import Json

CellValue: TypeAlias = "str | float | Mapping[str, Json] | None"
_FORMULA = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")


def csv_table(rows: Iterable[Iterable[CellValue]]) -> str:
    """The first row has the names of the columns. A text that a spreadsheet would take for a formula begins with an apostrophe."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(map(_written, row) for row in rows)
    return file.getvalue()


def _written(value: CellValue) -> str | float | None:
    """A mapping is written as JSON, whose first character is a bracket."""
    if value is None or isinstance(value, int | float):
        return value
    if not isinstance(value, str):
        return json.dumps({**value}, ensure_ascii=False, sort_keys=True)
    line = one_line(value)
    return f"'{line}" if _FORMULA.match(line) else line
