"""`results` as a table for a spreadsheet: a row for each post on each account."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from publer_sync.networks.table import code_of
from publer_sync.render.past.results import WORDS, dates_of, group_name, link_of
from publer_sync.render.post.entries import alias_of
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.planning.publication import Publication, Results
    from publer_sync.render.layout.dates import Dates

_COLUMNS = (
    "calendar", "status", "planned", "published", "timezone", "account", "network", "id", "text", "labels", "link",
    "reason", "planned here",
)  # fmt: skip
_FORMULA = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")


def table(*calendars: Results, earlier: Sequence[Results] = ()) -> str:
    """One table for all of them, those of the period before too. With groups, a post is in the rows of each of its groups.

    Times are those of the calendar's zone, as spreadsheets read them. A text that a spreadsheet would take for a formula
    begins with an apostrophe.
    """
    names = {
        figure.key: figure.name
        for each in (*calendars, *earlier)
        for one in each.publications
        for figure in one.figures
    }
    period = ["period"] if earlier else []
    grouped = ["group"] if any(each.by for each in calendars) else []
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    signed = any(one.signed for each in (*calendars, *earlier) for one in each.publications)
    yes = ["signed off by"] if signed else []
    rows.writerow(map(cell, [*period, *grouped, *_COLUMNS, *yes, *names.values()]))
    told = [*((each, "now") for each in calendars), *((each, "before") for each in earlier)]
    for each, when in told:
        dates = dates_of(each)
        for group, members in each.groups or (("", each.publications),):
            first = [when] if period else []
            first += [group and group_name(each, group)] if grouped else []
            for one in members:
                people = (
                    [", ".join(dict.fromkeys(by.partition(" ")[0] for by in one.signed))] if signed else []
                )
                row = [*first, *_row(each, one, dates), *people, *_figures(one, names)]
                rows.writerow(map(cell, row))
    return file.getvalue()


def _row(results: Results, one: Publication, dates: Dates) -> Iterator[str]:
    yield results.calendar
    yield WORDS[one.status]
    yield _time(one.planned, dates)
    yield _time(one.published_at, dates)
    yield results.timezone
    yield alias_of(one.account)
    yield code_of(one.account.provider)
    yield one.id or ""
    yield one.text
    yield ", ".join(one.labels)
    yield link_of(one)
    yield (one.live and one.live.error) or one.reason
    yield "no" if one.planned is None else "yes"


def _time(moment: datetime | None, dates: Dates) -> str:
    return f"{dates.local(moment):%Y-%m-%d %H:%M}" if moment else ""


def _figures(one: Publication, names: Mapping[str, str]) -> Sequence[float | None]:
    values = {figure.key: figure.value for figure in one.figures}
    return [values.get(key) for key in names]


def cell(value: str | float | None) -> str | float | None:
    if not isinstance(value, str):
        return value
    line = one_line(value)
    return f"'{line}" if _FORMULA.match(line) else line
