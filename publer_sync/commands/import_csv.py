"""`publer-sync import`: the rows of a CSV file become a post file. Offline: it needs no key and asks Publer nothing."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publer_sync.calendar import times
from publer_sync.calendar.extends import combined, drafts_by_default
from publer_sync.calendar.load import read
from publer_sync.clock import Clock
from publer_sync.commands.problems import explained
from publer_sync.commands.saving import post_file
from publer_sync.commands.scope import aliases_of
from publer_sync.commands.session import check
from publer_sync.commands.shared import confirm, document, out, prefix_from_here, say, screen
from publer_sync.durable import shortened
from publer_sync.editing.saving import Saving, workshop
from publer_sync.errors import InputError, UsageError
from publer_sync.importing.account_names import account_names
from publer_sync.importing.dialects import FOR_USERS, layout_of
from publer_sync.importing.importer import import_rows
from publer_sync.importing.rows import RowRules
from publer_sync.render import import_csv as import_page
from publer_sync.render.dates import Dates
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.importing.dates import Order
    from publer_sync.importing.dialects import Meaning
    from publer_sync.problems import Problem


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The options as they were given."""

    to: str | None = None
    columns: tuple[str, ...] = ()
    order: Order | None = None
    accounts: tuple[str, ...] = ()
    undated: bool = False
    past: bool = False
    partial: bool = False


def run(
    calendar: Calendar, source: Path, options: ImportOptions, *, style: str, diff: bool, yes: bool
) -> int:
    with explained(calendar, style=style):
        check(calendar)
        now = Clock().now()
        layout = layout_of(_bytes(source), source.name, _columns(options.columns))
        file = _file(calendar, source, options.to)
        layers = calendar.settings_layers
        settings: Mapping[str, object] = combined(layers) or {}
        rules = RowRules(
            calendar.groups,
            calendar.settings.accounts,
            calendar.settings.timezone,
            times.read_time(default) if isinstance(default := settings.get("time"), str) else None,
            now,
            options.order,
            aliases_of(calendar, options.accounts),
            drafts=drafts_by_default(layers),
            skip_undated=options.undated,
            skip_past=options.past,
            names=account_names(calendar),
        )

        def read_again(raw: bytes) -> tuple[Calendar, Sequence[Problem]]:
            new = read(calendar.top, workspace_env=calendar.workspace_env, instead={file: raw})
            return new, new.judge(new.desired, now=now)

        found = import_rows(calendar, layout, rules, file, read_again, partial=options.partial)
        if style == "text":
            dates = Dates.around(calendar.settings.timezone, now)
            out(import_page.text(found, dates=dates, prefix=prefix_from_here(calendar.top), screen=screen()))
        written = found.raw is not None and not diff
        if found.raw is not None and written:
            if not yes:
                what = count(len(found.new), "post")
                confirm(f"This writes {what} to {file}; Publer is not changed.\nType yes to continue: ")
            with workshop(calendar.top) as folder:
                Saving(calendar.top, "import", {file: found.raw}, {}).save(folder)
        if style == "json":
            name = calendar.settings.name
            document(import_page.document(found, calendar=name, source=source.name, written=written))
        elif written:
            plan = shlex.join(["publer-sync", "plan", str(calendar.top)])
            say(f"Wrote {count(len(found.new), 'post')} to {file}. Next: {plan}")
        return 3 if found.refused else 0


def _bytes(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}") from error


def _columns(options: Sequence[str]) -> Mapping[Meaning, str]:
    found: dict[Meaning, str] = {}
    for part in (each for option in options for each in option.split(",")):
        word, sign, name = part.partition("=")
        meaning = next((each for each in FOR_USERS if each == word.strip()), None)
        if meaning is None or not sign or not name.strip():
            raise UsageError(
                f'--columns: "{part.strip()}" is not a key and a column',
                hint=f"Write --columns text=Message,at=Date; the keys are {', '.join(FOR_USERS)}",
            )
        found[meaning] = name.strip()
    return found


def _file(calendar: Calendar, source: Path, to: str | None) -> str:
    """The path of the new file in the calendar. Raises UsageError."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", source.stem).strip("-.") or "csv"
    file = post_file(calendar.top, to or f"imported-{shortened(name)}.yaml")
    if (calendar.top / file).exists():
        raise UsageError(f"{file} exists already", hint="Name another file with --to FILE.")
    return file
