"""The one course of every command that writes: plan all, ask once, carry out each, report.

A single calendar stays open from its plan to its end, and so do all where nobody else has to wait for them. Otherwise each is
closed once it is planned, and planned again in its turn: what is done is what was shown, or nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Protocol, TypeVar

from publer_sync.commands.running import failure, several
from publer_sync.commands.running.halting import Control
from publer_sync.commands.running.problems import explained
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.commands.running.shared import out, say
from publer_sync.render.several import Ending
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import Interrupted, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.running.choice import Choice
    from publer_sync.commands.running.frame import Frame
    from publer_sync.values.errors import PublerSyncError

P = TypeVar("P")
R = TypeVar("R")
_DONE: Final = Ending(0, "")
"""Takes the place of an ending that is made after the last calendar's turn."""


class WorkRequest(Protocol):
    """What the command line says."""

    @property
    def diff(self) -> bool:
        """Whether it is only to be shown what would be done."""

    @property
    def yes(self) -> bool:
        """Whether nobody is asked."""


class Work(ABC, Generic[P, R]):
    """What a command does of its own with one calendar.

    `P` is what it knows of the calendar from its plan on, `R` what came of it.
    """

    doing: ClassVar[str]
    """Names it in the progress line; `planning` its first part."""
    planning: ClassVar[str] = "plan"
    reopens: ClassVar[bool] = False
    """Whether of several calendars each is closed until its turn."""

    request: WorkRequest

    @property
    def diff(self) -> bool:
        """Whether it is only shown what would be done."""
        return self.request.diff

    @property
    def shows(self) -> bool:
        """Whether the plan is shown before it is carried out: mostly for whoever is asked about it."""
        return not self.request.yes

    @abstractmethod
    def plan(self, calendar: Calendar, here: Choice, stack: ExitStack) -> P:
        """What would be done; what was opened for it closes with the stack. Nothing is written."""

    def refusal(self, planned: P) -> PublerSyncError | None:
        """Why it may not be carried out."""
        del planned
        return None

    @abstractmethod
    def proposal(self, planned: P) -> Ending:
        """The plan for people, or what --diff ends with. Made once all are planned, unless it is refused."""

    def begin(self, planned: Sequence[P]) -> None:
        """Ask for all at once, unless the command line says yes, and do what comes before the first turn.

        Raises Interrupted for any answer but yes.
        """

    def again(self, planned: P, stack: ExitStack) -> P:
        """A new plan. Raises StalePlanError where it differs."""
        del stack
        return planned

    def rounds(self, planned: Sequence[P]) -> Sequence[Callable[[P], R]]:
        """What is done with every calendar before the next is done with any."""
        del planned
        return (self.carry_out,)

    def order(self, planned: Mapping[Path | None, P]) -> Sequence[Path | None]:
        """In which order the calendars have their turns."""
        return list(planned)

    @abstractmethod
    def carry_out(self, planned: P) -> R: ...

    @abstractmethod
    def end(self, planned: P, result: R) -> Ending: ...

    def told(self, planned: P, result: R) -> None:
        """Note what was told of, once the ending was shown. Raises nothing that a second try of the command would help."""


@dataclass(frozen=True, slots=True)
class CourseReport:
    """How the course ended for each calendar, by its name, and what to call once someone was shown that. `shown` was before."""

    ended: list[tuple[str, Ending]]
    told: Callable[[], None] = lambda: None
    shown: str = ""


def run(
    frame: Frame,
    work: Work[P, R],
    connections: Connections[Any] | None = None,
    control: Control | None = None,
) -> int:
    """Take the course, print how it ended, and return the exit code: that of the worst.

    Without a `control` it waits for nothing, and an interruption ends it at once: nothing is done in Publer.
    """
    if control is None:
        with ProgressLine() as progress:
            return run(frame, work, connections, Control(progress, 0.0, lambda: False))
    taken = take(frame, work, connections, control)
    ended = taken.ended
    control.progress.close()
    try:
        again = frame.chosen.several and taken.shown and frame.text(ended) == taken.shown
        code = several.worst(each.exit_code for _, each in ended) if again else frame.end(ended)
        taken.told()
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
    frame: Frame, work: Work[P, R], connections: Connections[Any] | None, control: Control
) -> CourseReport:
    """Take the course. Raises Interrupted where someone says no, and what a single calendar raises."""
    with ExitStack() as kept:
        course = _Course(frame, work, control, kept)
        ended = course.plan(connections)
        control.progress.close()
        text = ""
        if work.diff or not course.planned:
            return CourseReport(ended)
        if control.stop() and work.shows:
            if not frame.chosen.several:
                raise Interrupted("stopped, as asked")
        else:
            if frame.style == "text" and work.shows and (text := frame.text(ended)):
                out(text)
            work.begin([found for _, found in course.planned.values()])
        return CourseReport(course.take_turns(ended), course.told, text)


class _Course(Generic[P, R]):
    """What is known of the calendars on the way. `kept` closes what stays open."""

    def __init__(self, frame: Frame, work: Work[P, R], control: Control, kept: ExitStack) -> None:
        self.planned: dict[Path | None, tuple[Calendar, P]] = {}
        self._frame, self._work, self._control, self._kept = frame, work, control, kept
        self._reopens = work.reopens and len(frame.tops) > 1
        self._opened: dict[Path | None, ExitStack] = {}
        self._done: dict[Path | None, R] = {}

    def plan(self, connections: Connections[Any] | None) -> list[tuple[str, Ending]]:
        """What is proposed for each calendar, or why nothing is."""
        frame, progress = self._frame, self._control.progress
        ended = frame.each(self._plan, doing=self._work.planning, progress=progress, connections=connections)
        return [
            (name, self._work.proposal(self.planned[top][1]) if each is _DONE else each)
            for top, (name, each) in zip(frame.tops, ended, strict=True)
        ]

    def _plan(self, top: Path | None) -> Ending:
        frame, work = self._frame, self._work
        if self._control.stop():
            return several.not_begun()
        with frame.calendar(top) as (calendar, here), ExitStack() as stack:
            found = work.plan(calendar, here, stack)
            if error := work.refusal(found):
                return frame.refused(work.proposal(found), error)
            self.planned[top] = calendar, found
            if not self._reopens:
                self._opened[top] = stack.pop_all()
                self._kept.push(self._opened[top])
        return _DONE

    def take_turns(self, proposed: Sequence[tuple[str, Ending]]) -> list[tuple[str, Ending]]:
        """How it ended for each calendar; for those that are not planned, as it is `proposed`."""
        frame, work, progress = self._frame, self._work, self._control.progress
        ended = dict(proposed)
        found = {top: planned for top, (_, planned) in self.planned.items()}
        for act in work.rounds([*found.values()]):

            def turn(top: Path | None, act: Callable[[P], R] = act) -> Ending:
                return self._turn(top, act)

            ended |= frame.each(turn, doing=work.doing, progress=progress, tops=work.order(found))
            if self._control.stop():
                break
        return [
            (name, self._end(found[top], self._done[top]) if ended[name] is _DONE else ended[name])
            for top, (name, _) in zip(frame.tops, proposed, strict=True)
        ]

    def told(self) -> None:
        """Let each calendar that had its turn note what was told of."""
        for top, result in self._done.items():
            self._work.told(self.planned[top][1], result)

    def _turn(self, top: Path | None, act: Callable[[P], R]) -> Ending:
        if self._control.stop() and self._frame.chosen.several:
            return several.not_begun()
        calendar, found = self.planned[top]
        opened = self._opened.pop(top, None) or ExitStack()
        with explained(calendar, style=self._frame.style), opened as stack:
            if self._reopens:
                found = self._work.again(found, stack)
                self.planned[top] = calendar, found
            self._done[top] = act(found)
        return _DONE

    def _end(self, planned: P, result: R) -> Ending:
        """What cut a calendar short is part of its text among others; that of a single one is told on stderr."""
        ending = self._work.end(planned, result)
        if ending.error is None or not self._frame.chosen.several or self._frame.style != "text":
            return ending
        return replace(ending, text=f"{ending.text.rstrip()}\n\n{failure.text(ending.error)}")
