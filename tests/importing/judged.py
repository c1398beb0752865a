"""Rows of a CSV file, judged by the accounts of a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.load import read
from publer_sync.importing.account_names import account_names
from publer_sync.importing.dialects import layout_of
from publer_sync.importing.rows import JudgedRow, NewPost, RefusedRow, RowRules, judge_row

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
timezone: UTC
accounts:
  x: Fjordlight
  page: {name: Page, provider: facebook}
  page_de: {name: Seite, provider: facebook}
  pinterest: 63c675b54e299e9cf2b667ea # Pins, Fjordlight; business
  shop: {name: Shop, provider: google}
  team: {name: Fjordlight, provider: linkedin}
  main: Main
groups: {both: [x, page]}
"""
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
PUBLER = "Date,Text,Link(s),Media URL(s),Post subtype,CTA"
REMINDED = "Date,Text,Link(s),Media URL(s),Alt text(s),Reminder"
METRICOOL = "Text,Date,Time,Facebook,Twitter/X,Pinterest,Picture Url 1,Alt text picture 1,Picture Url 2"


def judged(top: Path, csv: str, chosen: Any = None, settings: str = SETTINGS, **more: Any) -> list[JudgedRow]:
    """Each row, by the accounts of the settings; `chosen` are the columns that --columns names."""
    (top / "publer.yaml").write_text(settings)
    calendar = read(top)
    layout = layout_of(csv.encode(), "a.csv", chosen or {})
    rules = RowRules(
        calendar.groups, calendar.settings.accounts, "UTC", None, NOW, names=account_names(calendar)
    )
    return [judge_row(row, layout, replace(rules, **more)) for row in layout.rows]


def values(top: Path, csv: str, chosen: Any = None, **more: Any) -> dict[str, Any]:
    """What the file will say of the only row."""
    [row] = judged(top, csv, chosen, **more)
    assert isinstance(row, NewPost), row
    return {**row.value}


def reasons(top: Path, csv: str, chosen: Any = None, **more: Any) -> list[str]:
    [row] = judged(top, csv, chosen, **more)
    assert isinstance(row, RefusedRow), row
    return [each.message for each in row.reasons]


def row(text: str = "Hello", at: str = "2027-03-02 09:00", more: str = ",,,") -> str:
    return f"{PUBLER}\n{at},{text},{more}\n"
