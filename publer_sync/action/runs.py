"""Runs one command on one calendar, as the command line does, and keeps what came of it as a value."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.action.inputs import BRANCH
from publer_sync.errors import CalendarError, PublerSyncError, SafetyLimitError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.action.inputs import Allowed, Inputs
    from publer_sync.applying.report import Report
    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.session import Choice
    from publer_sync.planning.plan import Plan
    from publer_sync.problems import Problem

WORST = (64, 1, 3, 5, 4, 6, 2, 0)
"""Exit codes, the worst first: that of several calendars is the first of these that one of them has."""


@dataclass(frozen=True, slots=True)
class Done:
    """`problems` are those of the files; `plan` is also there where a rail refused to apply it."""

    top: Path
    code: int
    calendar: Calendar | None = None
    plan: Plan | None = None
    report: Report | None = None
    problems: tuple[Problem, ...] = ()
    desired: int = 0
    error: PublerSyncError | None = None
    planned: bool = True
    """False where the files were only checked."""

    @property
    def mistakes(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)

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


def worst(codes: list[int]) -> int:
    return min(codes, key=WORST.index, default=0)


def validate(word: str) -> Done:
    """Judge the files, without key and network."""
    from publer_sync.calendar.load import read

    top = _top(word)
    try:
        calendar = read(top, workspace_env=os.environ.get("PUBLER_WORKSPACE_ID") or None)
    except PublerSyncError as error:
        return Done(top, error.exit_code, error=error)
    desired = calendar.expand(None)
    problems = calendar.judge(desired)
    wrong = any(problem.severity == "error" for problem in problems)
    return Done(top, 3 if wrong else 0, calendar, None, None, problems, len(desired.posts), planned=False)


def plan(word: str, inputs: Inputs, file: Path | None) -> Done:
    """Plan, with nothing but GET; `file` is where the plan goes."""
    from publer_sync.commands.plan import run

    done = replace(validate(word), planned=True)
    kept: list[Plan] = []
    try:
        _need_key(inputs)
        code = run(
            Path(word) if word else None,
            _choice(inputs, done.calendar),
            style="markdown",
            out=file,
            detailed=True,
            verbose=False,
            told=kept.append,
        )
    except PublerSyncError as error:
        return _failed(done, error)
    return replace(done, code=code, plan=kept[0])


def apply(word: str, inputs: Inputs, allowed: Allowed) -> Done:
    """Apply, and where a rail refuses, plan once more to show what was refused."""
    from publer_sync.commands.apply import Consent, run

    done = replace(validate(word), planned=True)
    kept: list[Report] = []
    consent = Consent(
        yes=True,
        deletes=allowed.deletes,
        recreate=allowed.recreate,
        frozen=allowed.frozen,
        twins=allowed.twins,
        edits=allowed.edits,
    )
    try:
        _need_key(inputs)
        code = run(
            Path(word) if word else None,
            _choice(inputs, done.calendar),
            consent,
            style="json",  # with this style a refusal prints nothing of its own
            timeout=300.0,
            verbose=False,
            told=kept.append,
        )
    except SafetyLimitError as error:
        return replace(_failed(done, error), plan=plan(word, inputs, None).plan)
    except PublerSyncError as error:
        return _failed(done, error)
    return replace(done, code=code, report=kept[0])


def _failed(done: Done, error: PublerSyncError) -> Done:
    # Names that only Publer knows, such as an account's, are judged once it was asked.
    problems = error.problems if isinstance(error, CalendarError) else done.problems
    return replace(done, code=error.exit_code, problems=tuple(problems), error=error)


def _top(word: str) -> Path:
    from publer_sync.commands.shared import folder

    return folder(Path(word)) if word and Path(word).is_dir() else Path(word) if word else folder(None)


def _need_key(inputs: Inputs) -> None:
    if inputs.api_key is None:
        raise SettingsError(
            "there is no key: the input api-key is empty",
            code="key.none",
            hint="Make one in Publer (Settings, Access & Login, API Keys), keep it as the secret PUBLER_API_KEY "
            "(GitHub: Settings, Secrets and variables, Actions), and hand it over: "
            "api-key: ${{ secrets.PUBLER_API_KEY }}",
        )


def _choice(inputs: Inputs, calendar: Calendar | None) -> Choice:
    from publer_sync.commands.session import Choice

    return Choice(state=_state(inputs.state, calendar, os.environ))


def _state(given: str | None, calendar: Calendar | None, environ: Mapping[str, str]) -> str | None:
    """The input, else what the environment or publer.yaml says, else a branch."""
    if given is not None or environ.get("PUBLER_SYNC_STATE", "").strip():
        return given
    return None if calendar is not None and calendar.settings.state is not None else BRANCH
