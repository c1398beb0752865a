"""Posts that go from one calendar's part of the ledger to another's: what both have then, and what both logs say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from publer_sync.commands.reaching.moving import exchange
from publer_sync.commands.reaching.session import PlannedCalendar
from publer_sync.ledger.copies import Seen
from publer_sync.ledger.runs import RunRecord
from publer_sync.ledger.store import open_store
from publer_sync.planning.moving import Side, moves_between
from publer_sync.planning.survey import Survey
from publer_sync.values.model import Listing
from tests.builders import DAY, EARLIER, NOW, WORKSPACE, ledger, plan, wanted
from tests.commands.reached import SERVICE, stand_in
from tests.commands.test_session_plans import LIVE, OTHER, OURS, OURS_OTHER, POST, STORM, session
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.ledger.state import State
    from publer_sync.planning.moving import Move
    from publer_sync.values.model import Post

PAST = wanted(EARLIER, "Past", id="past")
BANK = replace(ledger(), calendar="bank")


class Both(NamedTuple):
    """The calendar `calendar`, as it was planned, and the calendar `bank` beside it."""

    planned: PlannedCalendar[Any]
    bank: Any

    def exchange(self) -> list[tuple[str, str, str]]:
        with self.planned.session.access.store.lock(1):
            moved: Sequence[Move] = exchange(self.planned, timeout=1)
        return [(each.giver, each.receiver, each.label) for each in moved]

    def states(self) -> tuple[Any, Any]:
        """What is written by now."""
        return self.planned.session.access.store.read(), self.bank.store.read()

    def posts(self) -> tuple[list[str | None], list[str | None]]:
        """The ids in both parts."""
        ours, theirs = ([copy.id for copy in state.copies.values()] for state in self.states())
        return ours, theirs


def both(
    folder: Path,
    state: State | None,
    theirs: State | None,
    desired: tuple[Post, ...] = (),
    wants: tuple[Post, ...] = (),
    *,
    together: bool = True,
    gone: str = "",
) -> Both:
    """`desired` are the posts of the calendar, `wants` those of the bank. `together`: the command has both."""
    made = session(folder, *desired, state=state)
    clock, top = made.access.clock, made.access.calendar.top
    store = open_store(
        None, top=top, service=SERVICE, workspace_id=WORKSPACE.id, calendar="bank", clock=clock
    )
    if theirs is not None:
        with store.lock(1):
            store.write(theirs)

    def side(state: State | None) -> Side:
        return Side("bank", wants, state, gone=gone)

    def recorded(command: str, now: Any) -> RunRecord:
        return RunRecord(now, command, commit="b" * 40, trees={"bank": "c" * 40}, differs=True)

    bank = stand_in(
        name="bank",
        store=store,
        side_with=side,
        posts=lambda: (wants, True),
        calendar=lambda: "bank",
        gone=gone,
    )
    near: Any = made.access.neighbours
    nothing_moves_there = stand_in(name="cafe")
    near.of_command, near.of_checkout = (
        lambda *_: (bank,) if together else (),
        lambda: (nothing_moves_there,) if together else (bank,),
    )
    made.access.lineage = stand_in(
        record=lambda command, now: RunRecord(now, command, commit="a" * 40),
        of=lambda calendar: stand_in(record=recorded if calendar == "bank" else None),
    )
    known = made.access.state()
    moves = moves_between([made.side(known), side(theirs)], NOW)
    seen = Survey(Listing((LIVE,)), known)
    return Both(PlannedCalendar(made, known, seen, plan((), moves=moves)), bank)


@each_of(
    ("giver", "together", "moves"),
    [("bank", True, True), ("bank", False, True), ("calendar", True, True), ("calendar", False, False)],
)
def test_what_a_calendar_gets_or_gives_in_its_command_moves_with_a_line_in_both_logs(
    tmp_path: Path, giver: str, together: bool, moves: bool
) -> None:
    """What a calendar of another command gets it takes over when it is applied."""
    gets = giver == "bank"
    made = both(
        tmp_path,
        ledger(*(() if gets else (OURS,))),
        replace(BANK, copies=ledger(*((OURS,) if gets else ())).copies, next_key=2),
        (POST,) if gets else (),
        () if gets else (POST,),
        together=together,
    )
    moved = (giver, "calendar" if gets else "bank", "hello")
    assert made.exchange() == ([moved] if moves else [])
    assert made.posts() == (
        (["hello"], []) if gets is moves else ([], ["hello"]) if moves else (["hello"], [])
    )
    for state in made.states():
        found = [
            (line.action, line.giver, line.receiver, line.outcome, line.id)
            for run in state.runs
            for line in run.lines
        ]
        assert found == ([("hand_over", *moved[:2], "applied", "hello")] if moves else [])
        assert [run.command for run in state.runs] == ["apply"] * moves


@each_of(
    ("wanted", "sent", "told"),
    [("hello", "hello", "hello"), ("hello", None, "hello"), (None, "hello", "hello"), (None, None, None)],
)
def test_the_logs_name_a_post_by_the_id_that_it_has_or_had(
    tmp_path: Path, wanted: str | None, sent: str | None, told: str | None
) -> None:
    was = replace(BANK, copies=ledger(replace(OURS, id=sent)).copies)
    made = both(tmp_path, ledger(), was, (replace(POST, id=wanted),))
    assert len(made.exchange()) == 1
    assert [[line.id for line in state.runs[0].lines] for state in made.states()] == [[told], [told]]


def test_only_what_was_planned_moves_and_nothing_while_a_hold_is_in_force(tmp_path: Path) -> None:
    two = replace(BANK, copies=ledger(OURS, OURS_OTHER).copies)
    made = both(tmp_path, ledger(), two, (POST, OTHER))
    first = [each for each in made.planned.plan.moves if each.label == "hello"]
    made = made._replace(planned=replace(made.planned, plan=plan((), moves=first)))
    assert made.exchange() == [("bank", "calendar", "hello")]
    assert made.posts() == (["hello"], ["other"])
    made = both(tmp_path, ledger(), two, (POST, OTHER))
    store = made.planned.session.access.store
    with store.lock(1):
        store.write(replace(ledger(), holds=(STORM,)))
    assert made.exchange() == []
    assert made.posts() == ([], ["hello", "other"])


def test_what_the_other_calendar_has_stays_there(tmp_path: Path) -> None:
    bank = replace(BANK, copies=ledger(OURS_OTHER).copies, next_key=3)
    made = both(tmp_path, ledger(OURS), bank, (), (POST, OTHER))
    made.exchange()
    assert made.posts() == ([], ["other", "hello"])


def test_what_moved_meanwhile_is_not_told_again(tmp_path: Path) -> None:
    made = both(tmp_path, ledger(), replace(BANK, copies=ledger(OURS).copies), (POST,))
    with made.bank.store.lock(1):
        made.bank.store.write(BANK.clone())
    assert made.exchange() == []
    assert [state.runs for state in made.states()] == [(), ()]


@each_of(("meanwhile", "seen"), [(False, "Otherwise"), (True, "Other")])
def test_what_the_list_showed_is_kept_unless_another_run_saved_its_state_meanwhile(
    tmp_path: Path, meanwhile: bool, seen: str
) -> None:
    made = both(tmp_path, ledger(OURS_OTHER), replace(BANK, copies=ledger(OURS).copies), (POST, OTHER))
    planned, store = made.planned, made.planned.session.access.store
    assert planned.state is not None
    listed = planned.state.clone()
    listed.put(replace(OURS_OTHER, seen=Seen(OTHER.at, "Otherwise")))
    if meanwhile:
        with store.lock(1):
            store.write(replace(planned.state.clone(), last_apply=NOW))
    made = made._replace(planned=replace(planned, seen=replace(planned.seen, state=listed)))
    assert made.exchange() == [("bank", "calendar", "hello")]
    ours, _ = made.states()
    assert {copy.id: copy.seen.text for copy in ours.copies.values()} == {"hello": "Hello", "other": seen}
    assert ours.last_apply == (NOW if meanwhile else NOW - DAY)


@each_of("gets", [True, False])
def test_a_calendar_without_a_part_begins_one_with_what_comes_and_tells_of_nothing_past(
    tmp_path: Path, gets: bool
) -> None:
    full = ledger(OURS)
    made = both(
        tmp_path,
        None if gets else full,
        replace(BANK, copies=full.copies) if gets else None,
        (POST, PAST) if gets else (),
        () if gets else (POST, PAST),
    )
    assert len(made.exchange()) == 1
    assert made.posts() == ((["hello"], []) if gets else ([], ["hello"]))
    ours, theirs = made.states()
    new = ours if gets else theirs
    assert (new.calendar, bool(new.excused), bool(new.accounts)) == (
        "calendar" if gets else "bank",
        True,
        True,
    )


@each_of("gone", ["", "publer-sync forget --all"])
def test_both_logs_say_which_files_they_had_save_that_of_a_calendar_without_any(
    tmp_path: Path, gone: str
) -> None:
    made = both(tmp_path, ledger(), replace(BANK, copies=ledger(OURS).copies), (POST,), gone=gone)
    made.exchange()
    (ours,), (theirs,) = (state.runs for state in made.states())
    assert (ours.at, ours.commit) == (NOW, "a" * 40)
    had = (None, {}, False) if gone else ("b" * 40, {"bank": "c" * 40}, True)
    assert (theirs.commit, theirs.trees, theirs.differs) == had
