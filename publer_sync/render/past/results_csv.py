"""`results` as a table for a spreadsheet: a row for each post on each account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.networks.table import code_of
from publer_sync.render.layout.spreadsheet import csv_table
from publer_sync.render.past.results import WORDS, dates_of, group_name, link_of
from publer_sync.render.post.entries import alias_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from publer_sync.planning.publication import Publication, Results
    from publer_sync.render.layout.dates import Dates
    from publer_sync.render.layout.spreadsheet import CellValue

_COLUMNS = (
    "calendar", "status", "planned", "published", "timezone", "account", "network", "id", "text", "labels", "link",
    "reason", "planned here",
)  # fmt: skip


def table(found: Sequence[Results]) -> str:
    """One table for all of them, those of the period before too. With groups, a post is in the rows of each of its groups.

    Times are those of the calendar's zone, as spreadsheets read them.
    """
    told = [*((each, "now") for each in found), *((each.before, "before") for each in found if each.before)]
    everything = [one for each, _ in told for one in each.publications]
    names = {figure.key: figure.name for one in everything for figure in one.figures}
    period = any(when == "before" for _, when in told)
    grouped = any(each.by for each in found)
    signed = any(one.signed for one in everything)
    head = [*["period"] * period, *["group"] * grouped, *_COLUMNS, *["signed off by"] * signed]
    rows: list[list[CellValue]] = [[*head, *names.values()]]
    for each, when in told:
        dates = dates_of(each)
        for group, members in each.groups or (("", each.publications),):
            first = [*[when] * period, *[group and group_name(each, group)] * grouped]
            for one in members:
                people = ", ".join(dict.fromkeys(by.partition(" ")[0] for by in one.signed))
                rows.append([*first, *_row(each, one, dates), *[people] * signed, *_figures(one, names)])
    return csv_table(rows)


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
