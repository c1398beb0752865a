"""The one course of every command that writes: plan all, ask once, carry out each, report.

A single calendar stays open from its plan to its end, and so do all where nobody else has to wait for them. Otherwise each is
closed once it is planned, and planned again in its turn: what is done is what was shown, or nothing.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from publer_sync.commands import failure, several
from publer_sync.commands.problems import explained
from publer_sync.commands.shared import out, say
from publer_sync.errors import Interrupted, OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.access import Connections
    from publer_sync.commands.choice import Choice
    from publer_sync.commands.frame import Frame
    from publer_sync.commands.halting import Control
    from publer_sync.errors import PublerSyncError
    from publer_sync.render.several import Ending

P = TypeVar("P")


class Work(Protocol[P]):
    """What a command does of its own with one calendar. `P` is what it knows of the calendar from its plan to its end."""

    @property
    def doing(self) -> str:
        """Names it in the progress line."""

    @property
    def shows(self) -> bool:
        """Whether the plan is shown before it is carried out."""

    @property
    def reopens(self) -> bool:
        """Whether of several calendars each is closed until its turn."""

    @property
    def diff(self) -> bool:
        """Whether it is only shown what would be done."""

    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> P:
        """What would be done; what was opened for it closes with the stack. Nothing is written."""

    def refusal(self, planned: P) -> PublerSyncError | None:
        """Why it may not be carried out."""

    def proposal(self, planned: P) -> Ending:
        """The plan for people, or what --diff ends with."""

    def ask(self, planned: Sequence[P]) -> None:
        """Ask whether to carry them out, unless the command line says yes. Raises Interrupted for any other answer."""

    def again(self, planned: P, beside: Sequence[P], stack: ExitStack) -> P:
        """The plan made anew, with what is planned for the calendars `beside` it. Raises StalePlanError where it differs."""

    def carry_out(self, planned: P) -> Ending: ...


def run(frame: Frame, work: Work[P], control: Control, connections: Connections[Any]) -> int:
    """Take the course, print how it ended, and return the exit code: that of the worst."""
    ended = take(frame, work, control, connections)
    try:
        code = frame.end(ended)
    except BrokenPipeError:  # nobody reads the report; the exit code still tells how it ended
        code = several.worst(each.exit_code for _, each in ended)
    except OutputError as error:
        say(f"error: {error.message}")
        code = several.worst(each.exit_code for _, each in ended) or error.exit_code
    for _, each in ended:
        if each.note:
            say(each.note)
        if not frame.chosen.several and each.error is not None:
            say(failure.text(each.error))
    return code


def take(
    frame: Frame, work: Work[P], control: Control, connections: Connections[Any]
) -> list[tuple[str, Ending]]:
    """How it ended for each calendar. Raises Interrupted where someone says no, and what a single calendar raises."""
    planned: dict[Path | None, tuple[Calendar, P]] = {}
    opened: dict[Path | None, ExitStack] = {}
    again, progress = work.reopens and len(frame.tops) > 1, control.progress
    with ExitStack() as kept:

        def plan(top: Path | None) -> Ending:
            if control.stop():
                return several.not_begun(frame.style)
            with frame.calendar(top) as (calendar, here), ExitStack() as stack:
                found = work.plan(calendar, here, stack)
                shown = work.proposal(found)
                if error := work.refusal(found):
                    return frame.refused(shown, error)
                planned[top] = calendar, found
                if not again:
                    opened[top] = stack.pop_all()
                    kept.push(opened[top])
            return shown

        def carry_out(top: Path | None) -> Ending:
            if top not in planned:
                return first[several.name_of(top)]
            if control.stop() and frame.chosen.several:
                return several.not_begun(frame.style)
            calendar, found = planned[top]
            with explained(calendar, style=frame.style), opened.pop(top, None) or ExitStack() as stack:
                if again:
                    beside = [other for other_top, (_, other) in planned.items() if other_top != top]
                    found = work.again(found, beside, stack)
                return work.carry_out(found)

        ended = frame.each(plan, doing="plan", progress=progress, connections=connections)
        progress.close()
        if work.diff or not planned:
            return ended
        if control.stop() and work.shows:
            if not frame.chosen.several:
                raise Interrupted("stopped, as asked")
        else:
            if frame.style == "text" and work.shows and (text := frame.text(ended)):
                out(text)
            work.ask([found for _, found in planned.values()])
        first = dict(ended)
        return frame.each(carry_out, doing=work.doing, progress=progress)
