"""Makes a history that fails as short and as plain as it can be, so long as it fails in the same way."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.simulate.history import Ended, History, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulate.steps import Step
    from tests.simulate.wants import Want

MOST = 400
"""Histories that are tried."""
PLAIN: dict[str, Any] = {
    "lag": timedelta(seconds=60),
    "published_ids": "later",
    "published_times": "actual",
    "branch": False,
    "prune": "owned",
    "edits": "ask",
}
"""The world on a plain day."""
PLAIN_POST: dict[str, Any] = {"label": None, "comment": None, "draft": False}
PLAIN_STEP: dict[str, Any] = {"strikes": (), "options": frozenset(), "older": 0, "together": False}


def shrunk(history: History, ended: Ended) -> tuple[History, Ended]:
    """The shortest history found with the same finding, and how it ends."""
    if ended.finding is None:
        return history, ended
    if ended.step is not None:
        history = replace(history, steps=history.steps[: ended.step + 1])
    tried = 0
    again = True
    while again and tried < MOST:
        again = False
        for simpler in _simpler(history):
            tried += 1
            outcome = run(simpler)
            if outcome.finding is not None and outcome.finding.code == ended.finding.code:
                history, ended, again = simpler, outcome, True
                break
            if tried >= MOST:
                break
    return history, ended


def _simpler(history: History) -> Iterator[History]:
    """Histories that are a little simpler, those that leave out most first."""
    steps, start = history.steps, history.start
    for size in (4, 2, 1):
        for index in range(len(steps) - size, -1, -1):
            yield replace(history, steps=(*steps[:index], *steps[index + size :]))
    for number, wants in enumerate(start.calendars):
        for index in range(len(wants) - 1, -1, -1):
            yield _with(history, number, (*wants[:index], *wants[index + 1 :]))
    for index, step in enumerate(steps):
        for simpler in _simpler_steps(step):
            yield replace(history, steps=(*steps[:index], simpler, *steps[index + 1 :]))
    for name, value in PLAIN.items():
        if getattr(start, name) != value:
            yield replace(history, start=_changed(start, **{name: value}))
    for number, wants in enumerate(start.calendars):
        for index, want in enumerate(wants):
            for name, value in PLAIN_POST.items():
                if getattr(want, name) != value:
                    plain = _changed(want, **{name: value})
                    yield _with(history, number, (*wants[:index], plain, *wants[index + 1 :]))


def _with(history: History, number: int, wants: tuple[Want, ...]) -> History:
    """The history with these posts in one of its calendars at the start."""
    calendars = history.start.calendars
    calendars = (*calendars[:number], wants, *calendars[number + 1 :])
    return replace(history, start=replace(history.start, calendars=calendars))


def _simpler_steps(step: Step) -> Iterator[Step]:
    names = {field.name for field in fields(step)}  # type: ignore[arg-type]  # every step is a dataclass
    for name, value in PLAIN_STEP.items():
        if name in names and getattr(step, name) != value:
            yield _changed(step, **{name: value})
    strikes = getattr(step, "strikes", ())
    if len(strikes) > 1:
        for strike in strikes:
            yield _changed(step, strikes=(strike,))


def _changed(value: Any, **changes: Any) -> Any:
    return replace(value, **changes)
