"""`state mv`: what is a place, where a state goes, what both ends say afterwards, and how a move that was cut off goes on."""

from __future__ import annotations

import json
from contextlib import ExitStack, chdir
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands import state as state_command
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.state import MoveRequest, MovingState, is_place
from publer_sync.ledger.file_store import FileStore
from publer_sync.ledger.folder_store import FolderStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.relocating import MOVE
from publer_sync.ledger.runs import RunRecord
from publer_sync.ledger.state import CalendarHome, State
from publer_sync.ledger.store import open_store
from publer_sync.publer.reader import PublerReader
from publer_sync.values.errors import StateError, UsageError
from tests.builders import HOUR, LATER, NOW, SOON, copy_of, ledger, wanted
from tests.commands.reached import SERVICE, reached, stand_in
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.commands.state import PlannedMove

HELLO = copy_of(wanted(SOON, "Hello", id="hello"))
OTHER = copy_of(wanted(LATER, "Other", id="other"), 2, post_id="p-2")
STATE = ledger(HELLO)


@each_of(
    ("word", "place"),
    [
        ("acme", False),
        ("clients/acme", False),
        ("git:states", True),
        ("/srv/states", True),
        ("./acme", True),
        ("~/states", True),
        ("states.json", True),
        ("a file", True),
        ("a folder", True),
        ("a calendar", False),
    ],
)
def test_what_is_there_or_looks_like_a_place_is_one(tmp_path: Path, word: str, place: bool) -> None:
    (tmp_path / "a file").touch()
    for name in ("a folder", "a calendar"):
        (tmp_path / name).mkdir(exist_ok=True)
    (tmp_path / "a calendar" / "publer.yaml").touch()
    with chdir(tmp_path):
        assert is_place(word) is place


@each_of("name", ["", "  ", "two\nlines"])
def test_a_name_that_nobody_could_write_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="a name has at least one character, and only printable ones"):
        state_command.run(Choice(), MoveRequest(name, yes=True), style="text")


def file(folder: Path, name: str, state: State | None = None) -> FileStore:
    clock: Any = SimpleNamespace(now=lambda: NOW, monotonic=lambda: 0.0)
    store = FileStore(folder / name, clock=clock)
    (folder / name).unlink(missing_ok=True)
    if state is not None:
        with store.lock(1):
            store.write(state)
    return store


def planned(
    folder: Path,
    state: State | None = STATE,
    there: State | None = None,
    *,
    name: str = "calendar",
    target: Any = None,
    style: str = "text",
    settings: str = "",
) -> tuple[MovingState, PlannedMove]:
    """The move from one.json to two.json, or to this target."""
    access = replace(reached(folder, settings=settings), store=file(folder, "one.json", state))
    work = MovingState(MoveRequest(diff=True), Connections(PublerReader), style)
    found = target if target is not None else file(folder, "two.json", there)
    with ExitStack() as stack:
        return work, work.plan_between(access, Choice(), name, access.store, found, stack)


def test_a_state_moves_with_its_holds_and_leaves_a_marker(tmp_path: Path) -> None:
    """What a folder is called is another thing in another place."""
    holds = (Hold("Storm", NOW),)
    state = replace(STATE, holds=holds, home=CalendarHome("/gone"))
    work, move = planned(tmp_path, state, name="news")
    with move.source.lock(1), move.target.lock(1):
        work.carry_out(move)
    after, marker = move.target.read(), move.source.read()
    assert after is not None
    assert marker is not None
    assert (after.calendar, after.home, after.copies, after.holds) == ("news", None, state.copies, holds)
    assert (after.runs[-1].command, after.runs[-1].reason) == (
        MOVE,
        f"from {move.source.place} to {move.target.place}, from the name calendar to news",
    )
    assert marker.moved is not None
    assert (marker.moved.name, marker.moved.place) == ("news", str(tmp_path / "two.json"))


@each_of(
    ("name", "holds", "moves", "told", "lines"),
    [
        (
            "calendar",
            0,
            True,
            "The state of calendar (1 post) in {one} moves to {two}.",
            "  state: ../two.json\n",
        ),
        (
            "news",
            1,
            True,
            "The state of calendar (1 post, 1 hold) in {one} moves to {two} and gets the name news.",
            "  name: news\n  state: ../two.json\n",
        ),
        (
            "news",
            2,
            False,
            "The state of calendar (1 post, 2 holds) in {one} gets the name news.",
            "  name: news\n",
        ),
    ],
)
def test_what_moves_and_what_the_settings_have_to_say_then(
    tmp_path: Path, name: str, holds: int, moves: bool, told: str, lines: str
) -> None:
    state = replace(STATE, holds=tuple(Hold(f"Storm {each}", NOW) for each in range(holds)))
    settings = "" if moves else f"state: {tmp_path / 'one.json'}\n"
    same = None if moves else file(tmp_path, "one.json", state)
    work, move = planned(tmp_path, state, name=name, settings=settings, target=same)
    if not moves:
        move = replace(move, target=move.source)
    one, two = move.source.place, tmp_path / "two.json"
    shown = work.proposal(move)
    assert shown.text == told.replace("{one}", one).replace("{two}", move.target.place)
    assert (shown.note, shown.line) == ("Nothing was changed.", "1 post")
    note = work.end(move, None).note
    start = "Write this into publer.yaml before the next apply:\n\n"
    assert note == f"{start}{lines.replace('../two.json', str(two))}"
    assert state_command._told(move).startswith("from the name" if not moves else f"from {one} to ")
    work.style = "json"
    for ending, written in ((work.proposal(move), False), (work.end(move, None), True)):
        document: Any = json.loads(json.dumps(ending.document))
        assert (document["from"], document["to"], document["written"]) == ("calendar", name, written)
        assert (document["posts"], document["holds"]) == (1, holds)


def test_where_the_settings_say_it_already_there_is_nothing_to_write(tmp_path: Path) -> None:
    work, move = planned(tmp_path, settings=f"state: {tmp_path / 'two.json'}\n")
    assert work.end(move, None).note == ""
    branch = replace(move, target=stand_in(place="git:states"))
    (tmp_path / "calendar" / "media").mkdir(exist_ok=True)
    with chdir(tmp_path / "calendar" / "media"):
        assert work.end(branch, None).note.endswith("\n  state: git:states\n")
    inside = file(tmp_path / "calendar", "own.json")
    work, move = planned(tmp_path, target=inside)
    assert work.end(move, None).note.endswith("\n  state: own.json\n")


@each_of(
    ("state", "there", "told"),
    [
        (None, None, "there is no state named calendar in "),
        (STATE, ledger(OTHER), "there is already a state of calendar in "),
        (replace(STATE, workspace_id="w-2"), None, "belongs to the workspace"),
        (STATE, replace(ledger(), workspace_id="w-2"), "belongs to the workspace"),
    ],
)
def test_what_is_not_there_or_is_somebody_elses_is_not_moved(
    tmp_path: Path, state: State | None, there: State | None, told: str
) -> None:
    with pytest.raises((StateError, UsageError), match=told):
        planned(tmp_path, state, there)


def test_a_branch_that_lacks_what_was_written_moves_nothing(tmp_path: Path) -> None:
    lost = StateError("the branch lacks it", code="state.lost")
    for name in ("source", "target"):
        access = replace(reached(tmp_path), store=file(tmp_path, "one.json", STATE))
        other = file(tmp_path, "two.json")
        broken: Any = access.store if name == "source" else other
        broken.lost = lambda: lost
        work = MovingState(MoveRequest(diff=True), Connections(PublerReader), "text")
        with ExitStack() as stack, pytest.raises(StateError, match="the branch lacks it"):
            work.plan_between(access, Choice(), "calendar", access.store, other, stack)


def test_a_state_in_another_place_may_have_another_name(tmp_path: Path) -> None:
    access = replace(reached(tmp_path), store=file(tmp_path, "none.json"))
    source = file(tmp_path, "one.json", replace(STATE, calendar="before"))
    work = MovingState(MoveRequest(diff=True), Connections(PublerReader), "text")
    with ExitStack() as stack:
        move = work.plan_between(access, Choice(), "calendar", source, file(tmp_path, "two.json"), stack)
        assert (move.state.calendar, move.moved.calendar) == ("before", "calendar")
        named = replace(access, store=source)
        with pytest.raises(StateError, match="belongs to the calendar before"):
            work.plan_between(named, Choice(), "calendar", source, file(tmp_path, "two.json"), stack)


@each_of(
    ("name", "source", "target", "found"),
    [
        (None, None, None, "the state is already named calendar"),
        ("calendar", None, None, "the state is already named calendar"),
        (None, "./calendar/.publer-sync", None, "the state is already named calendar"),
        ("news", None, None, "beside"),
        (None, "before", None, "beside"),
        (None, None, "two.json", "two.json"),
    ],
)
def test_a_state_goes_to_the_place_that_is_named_or_gets_another_name_where_it_is(
    tmp_path: Path, name: str | None, source: str | None, target: str | None, found: str
) -> None:
    wish = MoveRequest(name, source, target)

    def ask() -> Any:
        with chdir(tmp_path):
            access = reached(tmp_path, STATE)
            return access, state_command._target(access, Choice(), access.store, wish, name or "calendar")

    if found.startswith("the state"):
        with pytest.raises(UsageError, match=found):
            ask()
        return
    access, store = ask()
    assert isinstance(store, FolderStore if found == "beside" else FileStore)
    assert (store.place == access.store.place) is (found == "beside")


def test_in_a_file_a_state_gets_its_name_where_it_is(tmp_path: Path) -> None:
    access = replace(
        reached(tmp_path, settings=f"state: {tmp_path / 'one.json'}\n"),
        store=file(tmp_path, "one.json", STATE),
    )
    found = state_command._target(access, Choice(), access.store, MoveRequest("news"), "news")
    assert found is access.store


def test_a_name_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    for state, hint in ((STATE, " It has: calendar."), (None, "")):
        access = reached(tmp_path, state)
        store = open_store(
            None,
            top=access.calendar.top,
            service=SERVICE,
            workspace_id=access.workspace.id,
            calendar="before",
            clock=access.clock,
        )
        with pytest.raises(UsageError) as error:
            state_command._state(replace(access, store=store, name="before"), store)
        assert error.value.hint == f"If it has another name or place, add --from and that.{hint}"


MOVED_AT = RunRecord(NOW - HOUR, MOVE)
SINCE = RunRecord(NOW, "apply")


@each_of(
    ("old", "new", "told"),
    [
        (
            (SINCE,),
            (MOVED_AT,),
            "and the one in {one} was used since.\nEnd the other one, and move it again: publer-sync forget --all --calendar {top} --state {two}\n",
        ),
        (
            (),
            (MOVED_AT, SINCE),
            "and the one in {two} was used since.\nLet `state` in publer.yaml be that place, and end the other one: publer-sync forget --all --calendar {top} --state {one}\n",
        ),
        ((SINCE,), (MOVED_AT, SINCE), "and both may have been used since. To see what each did: publer-sync log {top} --state {one} and "),
        ((), (), "and both may have been used since. To see what each did: "),
    ],
)  # fmt: skip
def test_a_move_that_was_cut_off_says_how_it_goes_on(
    tmp_path: Path, old: tuple[RunRecord, ...], new: tuple[RunRecord, ...], told: str
) -> None:
    """Also under another name than the settings have: its commands are about nothing else."""
    edited = replace(HELLO, verified_at=NOW)
    for settings, named in (("", ""), ("name: news\n", "--state-name calendar ")):
        with chdir(tmp_path):
            (tmp_path / "calendar").mkdir(exist_ok=True)
            with pytest.raises(StateError) as error:
                planned(
                    tmp_path,
                    replace(STATE, runs=old),
                    replace(ledger(edited), runs=new),
                    settings=settings,
                )
        hint = (error.value.hint or "").replace("./", "")
        assert hint.startswith("They have posts in common: an earlier move was cut off, ")
        words = {"{one}": "one.json", "{two}": "two.json", "{top}": "calendar", "--state": f"{named}--state"}
        expected = told
        for word, instead in words.items():
            expected = expected.replace(word, instead)
        assert expected in hint
