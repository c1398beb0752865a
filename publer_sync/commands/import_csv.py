"""`publer-sync import`: the rows of a CSV file become a post file. Offline: it needs no key and asks Publer nothing."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, ClassVar

from publer_sync.calendar.files import MAX_BYTES
from publer_sync.calendar.load import read
from publer_sync.calendar.publer_yaml.extends import combined, drafts_by_default
from publer_sync.calendar.when import times
from publer_sync.commands.reaching.scope import aliases_of
from publer_sync.commands.reaching.session import check
from publer_sync.commands.running import course
from publer_sync.commands.running.file_course import FileWork
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.saving import post_file
from publer_sync.commands.running.shared import need_answer, prefix_from_here, screen
from publer_sync.editing.saving import Saving, workshop
from publer_sync.importing import import_page
from publer_sync.importing.account_names import account_names
from publer_sync.importing.dialects import FOR_USERS, layout_of
from publer_sync.importing.importer import import_rows
from publer_sync.importing.rows import RowRules
from publer_sync.machine.clock import Clock
from publer_sync.machine.durable import shortened
from publer_sync.render.layout.dates import Dates
from publer_sync.render.layout.wording import count
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import ExitStack
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice
    from publer_sync.importing.dates import Order
    from publer_sync.importing.dialects import Meaning
    from publer_sync.importing.importer import ImportResult
    from publer_sync.values.problems import Problem

_NEXT_KEY = re.compile(r",(?=\s*[a-z]+\s*=)")


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
    as_typed: bool = False


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What the command line says."""

    source: Path
    options: ImportOptions
    diff: bool = False
    yes: bool = False


@dataclass(frozen=True, slots=True)
class PlannedImport:
    """What became of each row, and the new file; made in `folder`."""

    calendar: Calendar
    folder: Path | None
    file: str
    found: ImportResult
    now: datetime

    @property
    def saving(self) -> Saving:
        files = {self.file: self.found.raw} if self.found.raw is not None else {}
        return Saving(self.calendar.top, "import", files, {})


def run(choice: Choice, request: ImportRequest, *, style: str) -> int:
    need_answer(yes=request.yes, diff=request.diff)
    return course.run(Frame.alone(choice, style=style), Importing(request, style))


@dataclass(slots=True)
class Importing(FileWork[PlannedImport]):
    """import's own part of the course."""

    request: ImportRequest
    style: str
    doing: ClassVar[str] = "import"
    planning: ClassVar[str] = "import"

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> PlannedImport:
        """Raises CalendarError where the files have errors, InputError and UsageError for what cannot be read so."""
        del here
        check(calendar)
        source, options, now = self.request.source, self.request.options, Clock().now()
        layout = layout_of(_bytes(source), source.name, _columns(options.columns))
        file = _file(calendar, source, options.to)

        def read_again(raw: bytes) -> tuple[Calendar, Sequence[Problem]]:
            new = read(calendar.top, workspace_env=calendar.workspace_env, instead={file: raw})
            return new, new.judge(new.desired, now=now)

        rules = _rules(calendar, options, now)
        found = import_rows(calendar, layout, rules, file, read_again, partial=options.partial)
        writes = found.raw is not None and not self.diff
        folder = stack.enter_context(workshop(calendar.top)) if writes else None
        return PlannedImport(calendar, folder, file, found, now)

    def question(self, planned: Sequence[PlannedImport]) -> str:
        (one,) = planned
        what = count(len(one.found.new), "post")
        return f"This writes {what} to {one.file}; Publer is not changed."

    def text(self, planned: PlannedImport) -> str:
        top, timezone = planned.calendar.top, planned.calendar.settings.timezone
        dates, prefix = Dates.around(timezone, planned.now), prefix_from_here(top)
        return import_page.text(planned.found, dates=dates, prefix=prefix, screen=screen())

    def ending(self, planned: PlannedImport, text: str, *, written: bool) -> Ending:
        found, calendar = planned.found, planned.calendar
        code, posts = (3 if found.refused else 0), count(len(found.new), "post")
        if self.style == "json":
            name, source = calendar.settings.name, self.request.source.name
            told = import_page.document(found, calendar=name, source=source, written=written)
            return Ending(code, posts, document=told)
        plan = shlex.join(["publer-sync", "plan", str(calendar.top)])
        note = f"Wrote {posts} to {planned.file}. Next: {plan}" if written else ""
        return Ending(code, posts, text, note=note)


def _rules(calendar: Calendar, options: ImportOptions, now: datetime) -> RowRules:
    layers = calendar.settings_layers
    settings: Mapping[str, object] = combined(layers) or {}
    return RowRules(
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
        as_typed=options.as_typed,
        names=account_names(calendar),
    )


def _bytes(source: Path) -> bytes:
    """Raises InputError for what is no file, or one that is too large to be one of posts."""
    try:
        if not source.is_file() and source.exists():
            raise InputError(f"{source} is not a regular file", hint="Save the CSV as a file, and name that.")
        with source.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"{source} is larger than {MAX_BYTES >> 20} MB", hint="Split it, and import each part."
        )
    return raw


def _columns(options: Sequence[str]) -> Mapping[Meaning, tuple[str, ...]]:
    """The columns of each key. Several may hold media; the name of one may have a comma. Raises UsageError."""
    found: dict[Meaning, tuple[str, ...]] = {}
    for part in (each for option in options for each in _NEXT_KEY.split(option)):
        word, sign, name = part.partition("=")
        meaning = next((each for each in FOR_USERS if each == word.strip()), None)
        if meaning is None or not sign or not name.strip():
            raise UsageError(
                f'--columns: "{part.strip()}" is not a key and a column',
                hint=f"Write --columns text=Message,at=Date; the keys are {', '.join(FOR_USERS)}",
            )
        if meaning in found and meaning != "media":
            raise UsageError(
                f"--columns names two columns for {meaning}", hint="Name one; only media can be in several."
            )
        found[meaning] = (*found.get(meaning, ()), name.strip())
    return found


def _file(calendar: Calendar, source: Path, to: str | None) -> str:
    """The path of the new file in the calendar. Raises UsageError."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", source.stem).strip("-.") or "csv"
    file = post_file(calendar.top, to or f"imported-{shortened(name)}.yaml")
    if (calendar.top / file).exists():
        raise UsageError(f"{file} already exists", hint="Name another file with --to FILE.")
    return file
