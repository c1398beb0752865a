"""The turns of hold: in which order calendars go, what is asked, what is followed, and what is said of holds that are written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from unittest import mock

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.commands import hold
from publer_sync.commands.hold import Holding, PlannedHold, way_back
from publer_sync.commands.holding.hold_first import First
from publer_sync.commands.running.choice import Choice, HoldRequest
from publer_sync.ledger.hold import Hold
from publer_sync.values.errors import Interrupted, ServiceError, StateError, UsageError
from tests.builders import NOW, copy_of, ledger, wanted
from tests.commands.reached import stand_in
from tests.system.worlds import HOUR, T
from tests.tables import each_of

STORM = Hold("Storm", NOW)
STATE = ledger(copy_of(wanted(T, "Hello")))
SOONER = ledger(copy_of(wanted(T - HOUR, "Sooner")))
DOWN = ServiceError(summary="Publer is down", publer_said="", status=500)
DAMAGED = StateError("it is damaged")


def holding(*, several: bool = False, **more: Any) -> Holding:
    connections: Any = stand_in(repositories=None)
    progress: Any = stand_in(close=lambda: None)
    request = HoldRequest("Storm", **{"yes": True, **more})
    return Holding(request, connections, progress, "text", several)


def planned(name: str, state: Any = None, *, sandbox: bool = False) -> PlannedHold:
    calendar: Any = stand_in(settings=stand_in(timezone="UTC", zone_known=True))
    first = First(calendar, stand_in(), state, STORM, {}) if state is not None else None
    return PlannedHold(calendar, Choice(calendar=Path(name), sandbox=sandbox), first)


@each_of("reason", ["", "  "])
def test_a_hold_needs_a_reason(reason: str) -> None:
    with pytest.raises(UsageError, match="--reason: a hold needs a reason"):
        hold.run([], Choice(), HoldRequest(reason, yes=True), style="text")


@each_of(
    ("found", "order"),
    [
        ({"late": STATE, "soon": SOONER}, ["soon", "late", "rehearsal", "unknown"]),
        ({"late": DAMAGED, "soon": SOONER}, ["soon", "late", "rehearsal", "unknown"]),
        ({"late": DOWN, "soon": SOONER}, ["late", "unknown", "rehearsal", "soon"]),
    ],
)
def test_the_calendar_with_the_next_post_goes_first(found: dict[str, Any], order: list[str]) -> None:
    """A sandbox of its own is not waited for, and where Publer is down nobody knows: they go as they were named."""

    def of(_: object, _calendar: object, here: Choice) -> Any:
        state = found.get(str(here.calendar))
        assert not here.sandbox
        if isinstance(state, Exception):
            raise state
        return state

    given: dict[Path | None, PlannedHold] = {Path(name): planned(name) for name in ("late", "unknown")}
    given[Path("rehearsal")] = planned("rehearsal", sandbox=True)
    given[Path("soon")] = planned("soon", SOONER)
    with mock.patch("publer_sync.commands.reaching.stores.LastStates.of", of):
        told = [str(top) for top in holding().order(given)]
        assert told[0] == order[0]
        assert (told == order) or set(told[1:]) == set(order[1:])
        assert [*holding().order({Path("one"): planned("one")})] == [Path("one")]


def test_several_have_two_rounds_and_what_is_under_way_is_followed_in_the_second() -> None:
    work = holding(several=True)
    one, two = planned("one"), planned("two")
    assert len(work.rounds([one, two])) == 2
    assert len(work.rounds([one])) == 1
    asked: list[float] = []

    def reported(_: Holding, each: PlannedHold, request: HoldRequest | None = None) -> Any:
        asked.append(request.timeout if request is not None else work.request.timeout)
        return f"report {each.here.calendar}"

    with mock.patch.object(Holding, "_report", reported):
        told: list[Any] = [each(of) for each, of in zip(work.rounds([one, two]), (one, two), strict=True)]
    assert told == ["report one", "report two"]
    assert asked == [0.0, 300.0]


@each_of(
    ("error", "unverified", "timeout", "again"),
    [
        (None, 0, 300.0, False),
        (None, 1, 300.0, True),
        (None, 1, 0.0, False),
        (DOWN, 0, 300.0, True),
        (DOWN, 0, 0.0, True),
    ],
)
def test_what_is_not_known_to_be_out_is_asked_for_once_more(
    error: Any, unverified: int, timeout: float, again: bool
) -> None:
    work, one = holding(timeout=timeout), planned("one")
    done: Any = stand_in(error=error, of=lambda outcome: unverified if outcome is Outcome.UNVERIFIED else 0)
    first: Any = stand_in(done=done, followed_by=lambda second: f"first and {second}")
    work.reports[one.here.calendar] = first
    with mock.patch.object(Holding, "_report", return_value="second"):
        assert work.carry_out(one) == ("first and second" if again else first)
    assert work.reports[one.here.calendar] == ("first and second" if again else first)


@each_of(
    ("error", "written", "several", "hint"),
    [
        (
            StateError("x", hint="Look."),
            1,
            False,
            "Look. The hold is written; nothing is out yet here: run hold again, or release.",
        ),
        (
            StateError("x"),
            2,
            True,
            "The hold is written for 2 calendars; nothing is out yet here: run hold again, or release.",
        ),
        (StateError("x", hint="Look."), 0, True, "Look."),
    ],
)
def test_what_ends_a_hold_after_it_was_written_says_so(
    error: StateError, written: int, several: bool, hint: str
) -> None:
    work = holding(several=several)
    work.written = [stand_in()] * written
    with (
        mock.patch.object(hold, "open_for_hold", side_effect=error),
        pytest.raises(StateError) as raised,
    ):
        work._report(planned("one"))
    assert raised.value.hint == hint


@each_of(
    ("raised", "interrupted"), [(KeyboardInterrupt(), True), (Interrupted("stopped"), True), (DAMAGED, False)]
)
def test_once_somebody_stops_it_no_other_calendar_has_its_turn(
    raised: BaseException, interrupted: bool
) -> None:
    work = holding()
    with mock.patch.object(hold, "open_for_hold", side_effect=raised), pytest.raises(type(raised)):
        work._report(planned("one"))
    assert work.control.stop() is interrupted


@each_of(("error", "interrupted"), [(None, False), (Interrupted("stopped"), True), (DOWN, False)])
def test_a_report_is_kept_for_the_end(error: Any, interrupted: bool) -> None:
    work, one = holding(), planned("one")
    made: Any = stand_in(done=stand_in(error=error))
    with mock.patch.object(hold, "open_for_hold"), mock.patch.object(hold, "hold_posts", return_value=made):
        assert work._report(one) is made
    assert (work.reports, work.interrupted) == ({Path("one"): made}, interrupted)


@each_of(
    ("place", "name", "choice", "before", "command"),
    [
        (None, None, Choice(calendar=Path("one")), "", "publer-sync release one"),
        ("there.json", None, Choice(calendar=Path("one")), "", "publer-sync release one --state there.json"),
        (
            None,
            "other",
            Choice(calendar=Path("one")),
            "run git pull, or write `name: calendar` into publer.yaml, since its state has that name. Then: ",
            "publer-sync release one",
        ),
        ("there.json", "other", Choice(release="the release"), "", "the release"),
    ],
)
def test_the_way_back_is_a_release_where_the_state_is(
    place: str | None, name: str | None, choice: Choice, before: str, command: str
) -> None:
    made: Any = stand_in(place=place, name_here=name, plan=stand_in(calendar="calendar"))
    assert way_back(made, choice) == (before, command)


@each_of(
    ("several", "yes", "known", "asked", "written"),
    [
        (False, True, True, 0, ["one"]),
        (False, True, False, 0, []),
        (True, True, True, 0, ["one", "two"]),
        (True, False, True, 1, ["one", "two"]),
        (True, False, False, 1, ["one", "two"]),
    ],
)
def test_holds_are_written_once_somebody_said_yes_and_before_publer_is_asked_for_more(
    several: bool, yes: bool, known: bool, asked: int, written: list[str]
) -> None:
    work = holding(several=several, yes=yes)
    one, two = planned("one", STATE if known else None), planned("two")
    steps: list[Any] = []

    def from_publer(calendar: Any, here: Choice, *_: Any) -> First:
        steps.append(f"asked for {here.calendar}")
        found: Any = planned(str(here.calendar), STATE).first
        return cast("First", replace(found, hold=Hold(str(here.calendar), NOW)))

    def write(firsts: Any) -> list[Any]:
        steps.append([*firsts])
        return [*firsts]

    with (
        mock.patch.object(hold, "from_publer", from_publer),
        mock.patch.object(hold, "write_first", write),
        mock.patch.object(hold, "confirm") as confirm,
    ):
        work.begin([one, two] if several else [one])
    assert (confirm.call_count, len(work.written)) == (asked, len(written))
    if several and yes and known:
        assert steps[0] == [one.first]
