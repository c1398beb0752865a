"""Runs one command on one calendar, as the command line does, and returns the outcome as a value."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from publer_sync.action import workflow
from publer_sync.action.inputs import BRANCH
from publer_sync.machine.clock import Clock
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import (
    CalendarError,
    PublerSyncError,
    SafetyLimitError,
    SettingsError,
    StalePlanError,
)
from publer_sync.values.problems import errors_in
from publer_sync.values.timezones import time_zone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.action.inputs import Inputs
    from publer_sync.action.review import Comparison, Review
    from publer_sync.applying.report import ApplyReport
    from publer_sync.calendar.load import Calendar
    from publer_sync.checking.links import LinkChecker
    from publer_sync.commands.reaching.connections import Connections
    from publer_sync.commands.reaching.stores import LastStates
    from publer_sync.commands.running.choice import Choice
    from publer_sync.planning.allow import Allow
    from publer_sync.planning.plan import Plan
    from publer_sync.planning.publication import Results
    from publer_sync.publer.gateway import Publer
    from publer_sync.publer.reader import PublerReader
    from publer_sync.values.problems import Problem

Load: TypeAlias = "Callable[[Path | None], Calendar]"
FOUR_WEEKS = timedelta(weeks=4)
TIMEOUT = 300.0
"""Seconds that apply waits for Publer's jobs."""


@dataclass(frozen=True, slots=True)
class CalendarOutcome:
    """`problems` are those of the files; `plan` is set too if apply refused it."""

    top: Path
    code: int
    calendar: Calendar | None = None
    plan: Plan | None = None
    report: ApplyReport | None = None
    problems: tuple[Problem, ...] = ()
    error: PublerSyncError | None = None
    results: Results | None = None
    since: Comparison | None = None
    """How what was applied, or refused, differs from what was reviewed."""
    planned: bool = True
    """False if the files were only checked."""
    told: Callable[[], None] = lambda: None
    """Called once people were shown it."""

    @property
    def name(self) -> str:
        """The calendar's name; its folder if its settings could not be read."""
        return self.calendar.settings.name if self.calendar is not None else self.top.as_posix()

    @property
    def errors(self) -> int:
        return len(errors_in(self.problems))

    @property
    def ended(self) -> bool:
        """Whether it is known of each post what became of it."""
        return self.error is None and self.report is not None and self.report.error is None

    @property
    def dead_links(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.code == "link.dead"]

    @property
    def changes(self) -> bool:
        if self.report is not None:
            return bool(self.report.results)
        return self.plan is not None and bool(self.plan.listed)

    def counts(self) -> dict[str, int]:
        """How many posts of each action and, after an apply, of each outcome."""
        if self.report is None:
            return dict(self.plan.summary) if self.plan is not None else {}
        actions = dict.fromkeys(("create", "update", "replace", "delete", "recreate", "adopt", "blocked"), 0)
        for result in self.report.results:
            actions[str(result.change.action)] = actions.get(str(result.change.action), 0) + 1
        return {**actions, **self.report.summary}


def validate(top: Path, load: Load) -> CalendarOutcome:
    """Check the files, without key or network. `load` reads a calendar of the run."""
    done = _read(top, load)
    return replace(done, planned=False) if done.error is None else done


def plan(
    top: Path, inputs: Inputs, file: Path, connections: Connections[PublerReader], load: Load
) -> CalendarOutcome:
    """Plan, with GET requests only; `file` is where the plan is written."""
    from publer_sync.commands.plan import make, options, write

    done = _read(top, load)
    if done.calendar is None:
        return done
    try:
        need_key(inputs)
        choice = choice_of(inputs, done.calendar)
        made = make(done.calendar, choice, connections)
        write(file, made, options(done.calendar.top, choice))
    except PublerSyncError as error:
        return _failed(done, error)
    return replace(done, code=2 if made.listed else 0, plan=made)


def with_links(done: CalendarOutcome, checker: LinkChecker) -> CalendarOutcome:
    """The same with the problems of the links of posts ahead."""
    from publer_sync.commands.validate import dead_links
    from publer_sync.machine.clock import Clock

    if done.calendar is None or done.plan is None:
        return done
    found = dead_links(done.calendar, checker, now=Clock().now())
    return replace(done, problems=(*done.problems, *found))


def results(top: Path, inputs: Inputs, connections: Connections[PublerReader]) -> CalendarOutcome:
    """Look back at the last 7 days, with GET requests only."""
    from publer_sync.commands.results import exit_code, make

    done = _read(top)
    if done.calendar is None:
        return done
    try:
        need_key(inputs)
        found = make(done.calendar, choice_of(inputs, done.calendar), connections)
    except PublerSyncError as error:
        return _failed(done, error)
    return replace(done, code=exit_code(found), results=found)


def looked_back(
    done: CalendarOutcome, inputs: Inputs, connections: Connections[PublerReader]
) -> Results | None:
    """The last 4 weeks beside the 4 before, with Publer's figures if the key has them; None where that cannot be had."""
    from publer_sync.commands.results import make

    if done.calendar is None or inputs.api_key is None:
        return None
    try:
        zone = time_zone(done.calendar.settings.timezone)
        since = (Clock().now() - FOUR_WEEKS).astimezone(zone).date()
        choice = replace(choice_of(inputs, done.calendar), since=str(since))
        look = partial(make, done.calendar, choice, connections, compare=True)
        try:
            return look(insights=True)
        except PublerSyncError as error:
            if error.code != "key.scope":
                raise
            return look()
    except PublerSyncError as error:
        workflow.annotate("warning", f"could not make the page of results: {error.message}")
        return None


def is_applied(top: Path, inputs: Inputs, states: LastStates[Publer]) -> bool:
    """Whether the last apply did everything that the files ask for as they are now; an error in them is told by the next."""
    done = _read(top)
    if done.calendar is None or inputs.api_key is None:
        return False
    return states.are_applied(done.calendar, choice_of(inputs, done.calendar))


def apply(
    top: Path, inputs: Inputs, allowed: Allow, review: Review | None, connections: Connections[Publer]
) -> CalendarOutcome:
    """Apply. If a safety limit refuses, or the review, the plan is kept to show what was refused."""
    from publer_sync.commands.apply import make
    from publer_sync.commands.running import failure
    from publer_sync.commands.running.choice import Consent
    from publer_sync.commands.running.shared import say

    done = _read(top)
    if (calendar := done.calendar) is None:
        return done
    plans: list[Plan] = []

    def seen(plan: Plan) -> None:
        plans.append(plan)
        if review is not None:
            review.check(plan, allowed)

    try:
        need_key(inputs)
        report, told = make(
            calendar,
            choice_of(inputs, calendar),
            Consent(yes=True, allow=allowed),
            timeout=TIMEOUT,
            review=seen,
            connections=connections,
        )
    except PublerSyncError as error:
        done = _failed(done, error)
        if not isinstance(error, (SafetyLimitError, StalePlanError)):
            return done
        done = replace(done, plan=plans[0])
    else:
        if report.error is not None:
            say(failure.text(report.error))
        done = replace(done, code=report.exit_code, report=report, told=told)
    return replace(done, since=review.compare(plans[0]) if review is not None else None)


def _read(top: Path, load: Load | None = None) -> CalendarOutcome:
    """The calendar, read and checked; or why it can't be read."""
    from publer_sync.commands.running import shared

    try:
        calendar = (load or shared.load)(top)
    except PublerSyncError as error:
        return CalendarOutcome(top, error.exit_code, error=error)
    problems = calendar.judge(calendar.desired, now=Clock().now())
    code = 3 if errors_in(problems) else 0
    return CalendarOutcome(calendar.top, code, calendar, problems=problems)


def _failed(done: CalendarOutcome, error: PublerSyncError) -> CalendarOutcome:
    # Names that only Publer knows, such as an account's, are checked once it was asked.
    problems = error.problems if isinstance(error, CalendarError) else done.problems
    return replace(done, code=error.exit_code, problems=tuple(problems), error=error)


def need_key(inputs: Inputs) -> None:
    """Raise SettingsError where the input api-key is empty."""
    if inputs.api_key is None:
        raise SettingsError(
            "no API key: the input api-key is empty",
            code="key.none",
            hint="Create one in Publer (Settings, Access & Login, API Keys), save it as the secret PUBLER_API_KEY "
            "(GitHub: Settings, Secrets and variables, Actions), and pass it on: "
            "api-key: ${{ secrets.PUBLER_API_KEY }}",
        )


def choice_of(inputs: Inputs, calendar: Calendar) -> Choice:
    """The calendar, with the state where the input has it, or the environment or publer.yaml, or else on a branch."""
    from publer_sync.commands.running.choice import Choice

    named = os.environ.get("PUBLER_SYNC_STATE", "").strip() or calendar.settings.state is not None
    place = inputs.state or (None if named else BRANCH)
    return Choice(calendar=calendar.top, state=place, first=inputs.first)
