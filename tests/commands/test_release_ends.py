"""How a release ends: what it says of the holds, of what waited on this machine, and of what keeps it from beginning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.commands import release
from publer_sync.commands.release import PlannedRelease, ReleaseReport, Releasing
from publer_sync.commands.running import carrying_out
from publer_sync.commands.running.choice import Choice, ReleaseRequest
from publer_sync.ledger.hold import Hold
from publer_sync.planning.plan import Action
from publer_sync.values.errors import (
    HoldBegan,
    Interrupted,
    SafetyLimitError,
    SettingsError,
    StalePlanError,
    StateError,
)
from tests.builders import LATER, NOW, SOON, change, copy_of, ledger, plan, report, result, wanted
from tests.commands.reached import reached, stand_in
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

STORM, RECALL = Hold("Storm", NOW), Hold("Recall", NOW)
BACK = plan([change(Action.CREATE, wanted(SOON, "Hello", id="hello"))])
CHOICE = Choice()
CONTROL: Any = stand_in(timeout=0.0, stop=lambda: False)


def session(access: Any = None) -> Any:
    return stand_in(access=access, choice=CHOICE)


def releasing(style: str = "text", **more: Any) -> Releasing:
    return Releasing(ReleaseRequest(**more), stand_in(repositories=None), CONTROL, style)


def planned(made: Any = BACK, *holds: Hold, access: Any = None) -> PlannedRelease:
    return PlannedRelease(
        session(access),
        holds,
        stand_in(plan=made) if made is not None else None,
    )


@each_of(
    ("made", "line", "text"),
    [
        (ReleaseReport(), "nothing is on hold", "Nothing is on hold."),
        (
            ReleaseReport((STORM, RECALL)),
            "nothing is on hold",
            "Nothing is managed here any more: the hold that waits on this machine is dropped (Storm; Recall).",
        ),
        (
            ReleaseReport((STORM,), BACK, report([result(BACK.changes[0], Outcome.APPLIED)])),
            "1 post done",
            "The hold has ended (Storm).",
        ),
        (
            ReleaseReport((STORM, STORM), BACK, report([])),
            "nothing to put back",
            "The hold has ended (Storm).",
        ),
        (
            ReleaseReport((STORM,), BACK, report([]), over=False),
            "nothing to put back",
            "Posts are still on hold (Storm). To end it: publer-sync release",
        ),
    ],
)
def test_what_came_of_a_release_is_said(made: ReleaseReport, line: str, text: str) -> None:
    ending = release.end(made, CHOICE, style="text")
    assert (ending.line, ending.text.endswith(text)) == (line, True), ending.text
    document: Any = json.loads(json.dumps(release.end(made, CHOICE, style="json").document))
    assert [each["reason"] for each in document["holds"]] == [
        hold.reason for hold in (made.holds if made.report is not None else ())
    ]
    assert (document["report"] is None) is (made.report is None)
    assert ("published" in document) is (made.plan is not None)


@each_of(
    ("given", "diff", "line", "text"),
    [
        (planned(None), True, "nothing is on hold", "Nothing is on hold."),
        (planned(None), False, "nothing is on hold", ""),
        (
            planned(None, STORM),
            True,
            "nothing is on hold",
            "Nothing is managed here any more: the hold that waits on this machine would be dropped (Storm).",
        ),
        (
            planned(BACK, STORM),
            True,
            "1 post would be put back",
            "Nothing has been changed. To put them back: publer-sync release",
        ),
        (planned(BACK, STORM), False, "1 post would be put back", ""),
    ],
)
def test_what_would_come_back_is_shown(given: PlannedRelease, diff: bool, line: str, text: str) -> None:
    work = releasing(diff=diff)
    ending = work.proposal(given)
    assert ending.line == line
    assert ending.text.endswith(text)
    assert ("To put them back" in ending.text) is text.startswith("Nothing has been")
    work.style = "json"
    document: Any = json.loads(json.dumps(work.proposal(given).document))
    assert len(document["changes"]) == (1 if given.planned is not None else 0)


def test_the_settings_hold_by_themselves(tmp_path: Path) -> None:
    calendar = reached(tmp_path, settings="hold: {reason: Strike}\n").calendar
    with pytest.raises(SettingsError) as error:
        releasing().plan(calendar, CHOICE, stand_in())
    assert error.value.code == "hold.settings"
    assert "Remove `hold` from publer.yaml" in (error.value.hint or "")


@each_of(
    ("given", "diff", "raised", "refused"),
    [
        (planned(BACK, STORM), False, SafetyLimitError("too many"), True),
        (planned(BACK, STORM), False, StateError("older"), True),
        (planned(BACK, STORM), False, None, False),
        (planned(BACK, STORM), True, SafetyLimitError("too many"), False),
        (planned(None), False, SafetyLimitError("too many"), False),
    ],
)
def test_what_a_limit_refuses_is_refused_before_anybody_is_asked(
    given: PlannedRelease, diff: bool, raised: Exception | None, refused: bool
) -> None:
    with (
        mock.patch.object(carrying_out, "check_older"),
        mock.patch.object(carrying_out, "check_limits", side_effect=raised),
    ):
        assert (releasing(diff=diff).refusal(given) is not None) is refused


@each_of(
    ("given", "more", "asked"),
    [
        ((planned(BACK, STORM),), {}, "This ends the hold (Storm). "),
        ((planned(BACK, STORM), planned(BACK, RECALL)), {}, "This ends the holds (Storm; Recall). "),
        ((planned(BACK, STORM), planned(BACK, STORM)), {}, "This ends the hold (Storm). "),
        ((planned(None),), {}, None),
        ((planned(BACK, STORM),), {"yes": True}, None),
    ],
)
def test_one_question_names_the_holds_that_end(
    given: tuple[PlannedRelease, ...], more: dict[str, Any], asked: str | None
) -> None:
    expired: list[str] = []
    work = releasing(**more)
    work.connections = stand_in(repositories=stand_in(expire=lambda: expired.append("x")))
    with mock.patch.object(release, "confirm") as confirm:
        work.begin(given)
    assert confirm.called is (asked is not None)
    if asked is not None:
        assert confirm.call_args.args[0].startswith(asked)
    assert expired == (["x"] if len(given) > 1 else [])


@each_of(
    ("state", "waiting", "holds"),
    [(None, (STORM,), (STORM,)), (None, (), ()), (ledger(copy_of(wanted(SOON))), (), ())],
)
def test_where_nothing_is_on_hold_there_is_nothing_to_plan(state: Any, waiting: Any, holds: Any) -> None:
    heard: list[str] = []
    store = stand_in(hear_waiting=lambda: heard.append("heard"), waiting=lambda: waiting)
    access = stand_in(store=store, own_state=lambda: state, survey=lambda _: "seen")
    checked: list[Any] = []
    made = mock.Mock(access=access, choice=CHOICE, check_repository=checked.append)
    with mock.patch.object(release, "replace", lambda one, **_: one):
        found = release.plan_in(made, CONTROL)
    assert (found.planned, found.holds, heard) == (None, holds, ["heard"])
    assert checked == (["seen"] if state is None else [])


@each_of(
    ("error", "state", "over"),
    [
        (None, ledger(holds=(STORM,)), True),
        (Interrupted("stopped"), ledger(holds=(STORM,)), False),
        (Interrupted("stopped"), ledger(), True),
        (Interrupted("stopped"), None, True),
        (Interrupted("stopped"), StateError("it is damaged"), False),
    ],
)
def test_a_release_that_was_cut_off_says_whether_the_hold_has_ended(
    error: Any, state: Any, over: bool
) -> None:
    def read() -> Any:
        if isinstance(state, StateError):
            raise state
        return state

    access = stand_in(state=read)
    with mock.patch.object(carrying_out, "carry_out", return_value=report([], error=error)):
        assert release.carry_out_in(planned(BACK, STORM, access=access), CONTROL).over is over


def test_what_waited_here_is_dropped_where_nothing_is_managed_any_more() -> None:
    dropped: list[str] = []
    access = stand_in(store=stand_in(drop_waiting=lambda: dropped.append("dropped")))
    assert release.carry_out_in(planned(None, STORM, access=access), CONTROL).holds == (STORM,)
    release.carry_out_in(planned(None, access=access), CONTROL)
    assert dropped == ["dropped"]


def test_what_changed_since_the_question_is_not_put_back() -> None:
    work = releasing()
    later = plan([change(Action.CREATE, wanted(LATER, "Hello", id="hello"))])
    for now, error in ((planned(BACK, STORM, RECALL), HoldBegan), (planned(later, STORM), StalePlanError)):
        with (
            mock.patch.object(release, "load"),
            mock.patch.object(Releasing, "plan", return_value=now),
            pytest.raises(error),
        ):
            work.again(planned(BACK, STORM), (), stand_in())
    with mock.patch.object(release, "load"), mock.patch.object(Releasing, "plan", return_value=planned(None)):
        assert work.again(planned(None), (), stand_in()).plan is None


@each_of("reported, noted", [(True, True), (False, False)])
def test_what_people_were_told_is_noted(reported: bool, noted: bool) -> None:
    made = ReleaseReport((STORM,), BACK, report([]) if reported else None)
    with mock.patch.object(carrying_out, "note_told") as note:
        releasing().told(planned(BACK, STORM), made)
    assert note.called is noted
