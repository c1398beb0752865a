"""`publer-sync validate --fix`: applies the fixes that errors offer, after showing what changes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from publer_sync.commands.running.saving import question
from publer_sync.commands.running.shared import confirm, load, need_answer, out, prefix_from_here, say, screen
from publer_sync.editing.fixing import Fixed, fix
from publer_sync.editing.saving import Saving, workshop
from publer_sync.machine.clock import Clock
from publer_sync.machine.own_folder import remove_unfinished
from publer_sync.render import problems as problems_page
from publer_sync.render.layout.file_diff import diffs
from publer_sync.render.layout.wording import count
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import PublerSyncError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.frame import Frame
    from publer_sync.render.several import Ending


@dataclass(frozen=True, slots=True)
class FixRequest:
    """What goes with --fix."""

    diff: bool
    yes: bool


def run(frame: Frame, request: FixRequest, validate: Callable[[Calendar], Ending]) -> int:
    """Fix the calendars in memory, show the diff, ask once, then write each and validate it.

    Raises UsageError where nobody can be asked.
    """
    need_answer(yes=request.yes, diff=request.diff)
    found: dict[Path | None, Fixed] = {}
    now = Clock().now()
    for top in frame.tops:
        with suppress(PublerSyncError):  # told below, in its turn
            found[top] = fix(load(top), lambda calendar: calendar.judge(calendar.desired, now=now))
    fixes = sum(len(each.fixes) for each in found.values())
    files = sum(len(each.files) for each in found.values())
    if files:
        diffs = "".join(_diff(each) for each in found.values())
        change = f"{diffs}{problems_page.fix_total(fixes, files, would=request.diff)}"
        out(f"{change}\n\n") if frame.style == "text" else say(change)
        if not (request.yes or request.diff):
            confirm(question(files))
    written: list[str] = []

    def one(top: Path | None) -> Ending:
        if top not in found:
            return validate(load(top))
        fixed = found[top]
        if not request.diff:
            remove_unfinished(fixed.calendar.top)  # also where nothing is left to fix
        if fixed.files and not request.diff:
            top = fixed.calendar.top
            with workshop(top) as folder:
                Saving(top, "validate --fix", fixed.files, fixed.before).save(folder)
            written.extend(fixed.files)
        return _ended(validate(fixed.calendar), fixed, written=bool(fixed.files) and not request.diff)

    code = frame.run(one, doing="validate")
    if not files and any(fixed.errors for fixed in found.values()):
        say("--fix changes nothing: no fix here leaves fewer errors.")
    for file in sorted({each for fixed in found.values() for each in fixed.shared}):
        say(f"{file} was left alone: other calendars may extend it. Fix it by hand.")
    if written:
        say(f"Wrote {count(len(written), 'file')}.")
    return code


def _diff(fixed: Fixed) -> str:
    prefix = prefix_from_here(fixed.calendar.top)
    return "".join(f"{line}\n" for line in diffs(fixed.files, fixed.before, prefix=prefix, screen=screen()))


def _ended(ended: Ending, fixed: Fixed, *, written: bool) -> Ending:
    if ended.document is not None:
        more = problems_page.fix_data(fixed.fixes, fixed.files, fixed.before, written=written)
        return replace(ended, document={**ended.document, **more})
    if not fixed.fixes:
        return ended
    return replace(ended, line=f"{count(len(fixed.fixes), 'fix', 'fixes')}, then {ended.line}")
