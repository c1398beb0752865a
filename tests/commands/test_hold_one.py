"""What hold does in one calendar where something is in its way: a lock, a race, a branch that takes no push, no ledger at all."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.report import ApplyReport, Outcome, Result
from publer_sync.commands import hold
from publer_sync.commands.holding import hold_access, hold_first, hold_one
from publer_sync.commands.holding.hold_access import _with_known_accounts, open_for_hold
from publer_sync.commands.holding.hold_first import (
    NEVER,
    First,
    from_publer,
    next_due,
    without_publer,
    write_first,
)
from publer_sync.commands.holding.hold_places import everywhere
from publer_sync.commands.holding.hold_scope import scope_of
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.places import OtherState
from publer_sync.commands.running.choice import Choice, HoldRequest
from publer_sync.commands.running.shared import load
from publer_sync.holding.report import HoldReport
from publer_sync.holding.scope import with_hold
from publer_sync.ledger.copies import End
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.git_store import GitStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import KnownAccount, State
from publer_sync.planning.plan import Held
from publer_sync.publer.gateway import UrgentPubler
from publer_sync.values.errors import (
    BusyStateError,
    CalendarError,
    Interrupted,
    NoHoldError,
    PublerSyncError,
    RacedStateError,
    RejectedStateError,
    StateError,
    Unreachable,
    UntrustedStateError,
    WaitingHoldError,
)
from publer_sync.values.model import Account
from publer_sync.values.problems import Location, Problem
from tests.builders import (
    EARLIER,
    HOUR,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    WORKSPACE,
    X,
    copy_of,
    ledger,
    shown,
    wanted,
)
from tests.commands.reached import raising, reached, stand_in
from tests.system.worlds import T
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from publer_sync.calendar.load import Calendar

HELLO = copy_of(wanted(SOON, "Hello", id="hello"))
STATE = ledger(HELLO)
STORM = Hold("Storm", NOW)
OTHER_RUN = StateError("another run has it", code="state.other", hint="Wait.")
DAMAGED = StateError("it is damaged", code="state.damaged", hint="Restore it.")


def stored(access: Any, **answers: Any) -> Any:
    """The access with a store of these answers."""
    return replace(access, store=stand_in(**{"place": "git:states", "lost": lambda: None, **answers}))


@contextmanager
def lock(_: float) -> Iterator[None]:
    yield


def test_a_lock_of_another_run_is_not_waited_for_and_anything_else_ends_the_hold(tmp_path: Path) -> None:
    access = reached(tmp_path)
    with ExitStack() as stack:
        assert hold_one._locked(stack, stored(access, lock=lock), 1)
        assert not hold_one._locked(stack, stored(access, lock=raising(OTHER_RUN)), 1)
        with pytest.raises(StateError, match="it is damaged"):
            hold_one._locked(stack, stored(access, lock=raising(DAMAGED)), 1)


@each_of(
    ("error", "message", "hint"),
    [
        (
            OTHER_RUN,
            "another run has it; it ends before its next write to Publer, as the hold is written beside its state",
            "Once it has ended, run hold again: it takes out what that apply had sent before.",
        ),
        (DAMAGED, "it is damaged", "Restore it."),
    ],
)
def test_an_apply_that_does_not_end_is_told_about(
    tmp_path: Path, error: StateError, message: str, hint: str
) -> None:
    again = StateError(error.message, code=error.code, hint=error.hint)
    with ExitStack() as stack, pytest.raises(StateError) as raised:
        hold_one._lock_at_last(stack, stored(reached(tmp_path), lock=raising(again)), 0)
    assert (raised.value.message, raised.value.hint) == (message, hint)
    with ExitStack() as stack:
        hold_one._lock_at_last(stack, stored(reached(tmp_path), lock=lock), 0)


@each_of(
    ("errors", "seconds", "raised"),
    [
        ([], 0, None),
        ([RacedStateError("raced", code="state.raced")], 0, None),
        ([BusyStateError("busy", code="state.busy"), RacedStateError("raced", code="state.raced")], 0, None),
        ([DAMAGED], 0, "it is damaged"),
        ([RacedStateError("raced", code="state.raced")] * 9, 20, "raced"),
        ([RacedStateError("raced", code="state.raced")], 15, None),
        ([RacedStateError("raced", code="state.raced")] * 9, 14, None),
        ([RacedStateError("raced", code="state.raced")] * 20, 14, "raced"),
    ],
)
def test_a_hold_is_written_again_until_no_other_run_is_ahead(
    tmp_path: Path, errors: list[StateError], seconds: float, raised: str | None
) -> None:
    """`seconds` pass with each attempt, of which there are 15."""
    left, passed, written = [*errors], [0.0], list[State]()

    def write(state: State) -> None:
        passed[0] += seconds / 10 if seconds == 14 else seconds
        if left:
            raise left.pop(0)
        written.append(state)

    access = reached(tmp_path, STATE)
    access = replace(access, clock=stand_in(now=lambda: NOW, monotonic=lambda: passed[0]))
    access = stored(access, read=lambda **_: STATE.clone(), write=write)

    def held(state: State) -> State:
        return replace(state, holds=(STORM,))

    if raised is not None:
        with pytest.raises(StateError, match=raised):
            hold_one._write(access, held, 1)
        return
    found = hold_one._write(access, held, 1, lambda state: replace(state, files="noted"))
    assert (found.holds, found.files) == ((STORM,), None)
    assert [state.files for state in written] == ["noted"]


@each_of(
    ("error", "again", "left"),
    [
        (DAMAGED, None, "it is damaged"),
        (RacedStateError("raced", code="state.raced"), None, None),
        (RacedStateError("raced", code="state.raced"), DAMAGED, "it is damaged"),
    ],
)
def test_a_race_at_the_end_is_no_error_once_it_is_won(
    tmp_path: Path, error: StateError, again: StateError | None, left: str | None
) -> None:
    write = raising(again) if again is not None else lambda _: None
    access = stored(reached(tmp_path), read=lambda **_: STATE.clone(), write=write)
    found = hold_one._saved_later(access, lambda state: state, error, 0)
    assert (found.message if found is not None else None) == left


REFUSED = RejectedStateError("the branch takes no push", code="state.rejected")


@each_of(
    ("refused", "ci", "kind", "message", "hint"),
    [
        (
            REFUSED,
            "true",
            NoHoldError,
            "the branch takes no push: the posts are out of Publer, but no hold is in force, since this machine is gone after the job",
            "Or write `hold: {reason: Storm, accounts: [x, a-gone], labels: [sale]}` into publer.yaml, and merge it.",
        ),
        (
            REFUSED,
            "",
            WaitingHoldError,
            "the branch takes no push: the hold waits on this machine",
            "Its posts are out. Once the branch can be pushed to, push the hold: publer-sync hold ",
        ),
        (
            None,
            "true",
            WaitingHoldError,
            "git:states could not be reached: hold went on from what was last read of it here, ",
            "What others scheduled since is not out. Once it can be reached, push the hold: publer-sync hold ",
        ),
    ],
)
def test_a_hold_that_nobody_else_sees_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refused: RejectedStateError | None,
    ci: str,
    kind: type[StateError],
    message: str,
    hint: str,
) -> None:
    monkeypatch.setenv("CI", ci)
    hold = replace(STORM, accounts=(X.id, "a-gone"), labels=("sale",))
    found = hold_one._waits(stored(reached(tmp_path)), hold, NOW - HOUR, refused, out=True)
    assert type(found) is kind
    assert found.message.startswith(message)
    assert hint in (found.hint or "")


def test_a_hold_of_everything_names_no_accounts_in_the_settings(tmp_path: Path) -> None:
    assert hold_one._setting(reached(tmp_path), STORM) == "`hold: {reason: Storm}`"


def test_without_any_ledger_what_is_scheduled_is_listed_to_be_stopped_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    live = (
        shown(LATER, "Later"),
        shown(SOON, "Sooner", account=LINKEDIN, id="p-2"),
        shown(EARLIER, "Past", id="p-3"),
        shown(NOW, "This minute", id="p-7"),
        shown(SOON, "Out", id="p-4", state="published"),
        shown(None, "No day", id="p-5", state="draft"),
        shown(LATER, "Far", account=Account("a-far", "Far", "facebook"), id="p-6"),
    )
    monkeypatch.setattr(hold_one, "listing", lambda *_, **__: live)
    access = stored(reached(tmp_path), read=raising(StateError("no git", code="state.git")))
    with pytest.raises(StateError, match="no git"):
        hold_one._state(access)
    told = capsys.readouterr().err
    assert "No state was ever read here. Publer has 3 scheduled posts on the accounts of publer.yaml:" in told
    lines = [line.split("  ") for line in told.splitlines() if line.startswith("  ")]
    assert [(line[-2], line[-1]) for line in lines] == [
        ("linkedin", '"Sooner"'),
        ("x", '"Later"'),
        ("a-far", '"Far"'),
    ]
    sooner, *later = [line[1:-2] for line in lines]
    assert later == [later[0]] * 2
    assert sooner != later[0]
    assert told.endswith("Stop what must not be published in Publer.\n")
    with pytest.raises(StateError, match="it is damaged"):
        hold_one._state(stored(reached(tmp_path), read=raising(DAMAGED)))
    assert capsys.readouterr().err == ""


def test_where_nothing_is_managed_errors_of_the_files_and_other_remotes_are_told_first(
    tmp_path: Path,
) -> None:
    access = reached(tmp_path)
    remark = Problem("warning", "text.again", "it says this again", Location("posts.yaml", 1))
    access.calendar = replace(access.calendar, problems=(remark,))
    with pytest.raises(StateError, match="nothing is managed here") as error:
        hold_one._state(access)
    assert error.value.code == "state.none"
    access.places = stand_in(first=True, at_remote=lambda: DAMAGED)
    with pytest.raises(StateError, match="it is damaged"):
        hold_one._state(access)
    (tmp_path / "calendar" / "publer.yaml").write_text("timezone: Nowhere\nworkspace: W\naccounts: {x: X}\n")
    from publer_sync.calendar.load import read

    access.calendar = read(tmp_path / "calendar", posts=False)
    with pytest.raises(CalendarError):
        hold_one._state(access)


def test_a_state_with_another_signature_is_held_all_the_same(tmp_path: Path) -> None:
    def read(*, trusting: bool) -> State:
        if not trusting:
            raise UntrustedStateError("signed by others", code="state.untrusted")
        return STATE.clone()

    access = stored(reached(tmp_path), read=read)
    assert (hold_one._is_trusted(access), hold_one._state(access).copies) == (False, STATE.copies)
    assert hold_one._is_trusted(reached(tmp_path, STATE))


def test_posts_on_accounts_that_left_the_settings_are_held_too(tmp_path: Path) -> None:
    state = ledger(replace(HELLO, account="a-left", moved_to="a-there"), replace(HELLO, key=2, entry=2))
    assert hold_one._managed(reached(tmp_path), state) == (X.id, LINKEDIN.id, "a-left", "a-there")


@each_of(
    ("unmanaged", "unreadable", "theirs"),
    [
        ((shown(SOON),), False, {"p-1": "news"}),
        ((shown(SOON, id="p-9"),), False, {}),
        ((), False, {}),
        ((shown(SOON),), True, {}),
    ],
)
def test_posts_of_other_calendars_are_known_as_far_as_their_states_can_be_read(
    tmp_path: Path, unmanaged: tuple[Any, ...], unreadable: bool, theirs: dict[str, str]
) -> None:
    found = raising(DAMAGED) if unreadable else lambda: Elsewhere.of({"news": STATE})
    access = stored(reached(tmp_path), managed_elsewhere=found)
    assert hold_one._theirs(access, STATE, unmanaged) == theirs


def test_an_account_has_its_alias_or_its_name_or_the_one_that_the_ledger_has(tmp_path: Path) -> None:
    far, away = Account("a-far", "Far", "facebook"), KnownAccount("linkedin", "Away")
    access = reached(tmp_path, listed=(X, LINKEDIN, far))
    state = ledger(accounts={"a-away": away, far.id: KnownAccount("facebook", "Before")})
    assert hold_one.names_of_accounts(access, state) == {
        "a-away": "Away",
        "a-far": "Far",
        X.id: "x",
        LINKEDIN.id: "linkedin",
    }
    assert "a-away" not in hold_one.names_of_accounts(access)


@each_of(("known", "early", "late"), [(True, 0 * HOUR, 0 * HOUR), (False, 14 * HOUR, 12 * HOUR)])
def test_where_nobody_knows_the_zone_a_day_is_that_day_anywhere(
    tmp_path: Path, known: bool, early: timedelta, late: timedelta
) -> None:
    access = reached(tmp_path)
    calendar = replace(access.calendar, settings=replace(access.calendar.settings, zone_known=known))
    days, storm = Choice(since="2031-05-01", until="2031-05-02"), HoldRequest(reason="Storm")
    hold, _ = scope_of(calendar, days, storm, access.accounts, NOW)
    assert hold is not None
    assert hold.first == datetime(2031, 5, 1, tzinfo=UTC) - early
    assert hold.last == datetime(2031, 5, 3, tzinfo=UTC) + late
    hold, _ = scope_of(calendar, Choice(), storm, access.accounts, NOW)
    assert hold is not None
    assert (hold.first, hold.last) == (None, None)


# --- step by step -----------------------------------------------------------------------------------------------------


class Going:
    """What takes posts out, and a ledger: each step is written down, and the one that `fails` says raises that."""

    def __init__(self, fails: dict[str, BaseException], *, busy: bool = False, offline: bool = False) -> None:
        self.steps: list[str] = []
        self.saved: list[State] = []
        self.fails, self.busy = {**fails}, busy
        self.hold, self.account_ids, self.wanted = STORM, (X.id,), dict[int, Any]()
        self.results, self.noted, self.state = (), dict[str, Any](), STATE
        self.noting: Any = None
        self.is_done = True
        self.store = stand_in(
            place="git:states",
            offline=NOW - HOUR if offline else None,
            read=self.read,
            write=self.write,
            lock=self.lock,
            announce=lambda hold, *_: self.step("announce"),
            hold_beside=lambda hold, *_: self.step("beside"),
        )

    def step(self, name: str) -> None:
        self.steps.append(name)
        if name in self.fails:
            raise self.fails.pop(name)

    def read(self, *, trusting: bool) -> State:
        if not trusting and "read" in self.fails:
            raise self.fails["read"]
        return ledger(HELLO, replace(HELLO, key=2, entry=2, post_id="p-2").ending(End.REMOVED, NOW))

    def write(self, state: State) -> None:
        self.saved.append(state)
        self.step(f"w{len(self.saved)}")

    @contextmanager
    def lock(self, _: float) -> Iterator[None]:
        if self.busy:
            self.busy = False
            raise StateError("another run has it", code="state.other")
        self.step("lock")
        yield

    def stop_soonest(self) -> None:
        self.step("soonest")
        self.noting({})

    def stop_all(self) -> None:
        self.step("all")

    def stop_under_way(self, timeout: float) -> None:
        assert timeout == 7
        self.step("under-way")

    def note_left_alone(self) -> None:
        self.step("left-alone")

    def conclude(self, state: State) -> State:
        return with_hold(state, STORM)

    def report(self, error: Any) -> Any:
        return error


UNTRUSTED = UntrustedStateError("signed by others", code="state.untrusted")
NO_PUSH = RejectedStateError("the branch takes no push", code="state.rejected")
RACED = RacedStateError("another run was ahead", code="state.raced")
BROKEN = PublerSyncError("Publer is down")


@each_of(
    ("fails", "more", "ci", "steps", "told"),
    [
        ({}, {}, "", "announce lock w1 soonest w2 all under-way left-alone w3", None),
        ({}, {"busy": True}, "", "announce soonest announce all lock w1 all under-way left-alone w2", None),
        ({"read": UNTRUSTED}, {}, "", "beside soonest beside all under-way left-alone", None),
        ({}, {"offline": True}, "", "beside soonest beside all under-way left-alone", WaitingHoldError),
        (
            {"announce": NO_PUSH},
            {},
            "",
            "announce beside soonest beside all under-way left-alone",
            WaitingHoldError,
        ),
        (
            {"announce": NO_PUSH},
            {},
            "true",
            "announce beside soonest beside all under-way left-alone",
            NoHoldError,
        ),
        (
            {"w1": NO_PUSH},
            {},
            "",
            "announce lock w1 beside soonest beside all under-way left-alone",
            WaitingHoldError,
        ),
        ({"all": BROKEN}, {}, "", "announce lock w1 soonest w2 all w3", PublerSyncError),
        ({"all": BROKEN}, {"offline": True}, "", "beside soonest beside all", PublerSyncError),
        ({"all": BROKEN, "announce": NO_PUSH}, {}, "true", "announce beside soonest beside all", NoHoldError),
        ({"all": KeyboardInterrupt()}, {}, "", "announce lock w1 soonest w2 all w3", Interrupted),
        ({"w2": DAMAGED}, {}, "", "announce lock w1 soonest w2 all under-way left-alone w3", None),
        ({"w3": DAMAGED}, {}, "", "announce lock w1 soonest w2 all under-way left-alone w3", StateError),
        ({"w3": RACED}, {}, "", "announce lock w1 soonest w2 all under-way left-alone w3 w4", None),
        ({"all": BROKEN, "w3": DAMAGED}, {}, "", "announce lock w1 soonest w2 all w3", PublerSyncError),
    ],
)
def test_posts_go_whatever_keeps_the_hold_from_the_ledger(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fails: dict[str, BaseException],
    more: dict[str, bool],
    ci: str,
    steps: str,
    told: type[Exception] | None,
) -> None:
    monkeypatch.setenv("CI", ci)
    going: Any = Going(fails, **more)
    access = replace(reached(tmp_path), store=going.store)
    with ExitStack() as stack:
        error: Any = hold_one._stop(going, access, stack, 7)
    assert " ".join(going.steps) == steps
    assert type(error) is (told or type(None))
    both = isinstance(error, NoHoldError) and "all" in fails
    assert getattr(error, "message", "").endswith("; and Publer is down") is both
    assert ("The hold is written beside the state" in capsys.readouterr().err) is ("read" in fails)
    assert [*going.noted] == (["p-1"] if "w2" in steps else []), "what is in the ledger as about to go"
    for state in going.saved:
        assert [hold.reason for hold in state.holds] == ["Storm"]
        assert [run.command for run in state.runs] == ["hold"]


# --- in every place ---------------------------------------------------------------------------------------------------


@each_of(
    ("here", "near", "left", "quiet", "found", "told"),
    [
        ("state", (), (), False, ["here"], ""),
        ("state", ("there",), (), False, ["here", "there"], "has a state in there too: its posts are put"),
        (None, ("there",), ("past",), False, ["there"], "has a state in there: its posts are put on hold"),
        (None, (), ("past",), False, ["past"], "has a state in past: its posts"),
        (None, (), (), False, ["here"], ""),
        ("state", (), ("past",), False, ["here"], ""),
        ("state", ("there",), (), True, ["here", "there"], ""),
        (UntrustedStateError("signed by others", code="state.untrusted"), (), (), False, ["here"], ""),
        (StateError("it moved", code="state.moved"), ("there",), (), False, ["there"], "in there:"),
        (DAMAGED, ("there",), (), False, ["there", "here"], "in there:"),
        (None, (), DAMAGED, False, ["here"], ""),
    ],
)
def test_a_hold_goes_to_every_place_that_has_a_state(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    here: Any,
    near: tuple[str, ...],
    left: Any,
    quiet: bool,
    found: list[str],
    told: str,
) -> None:
    def others(names: Any) -> Any:
        stores: Any = {name: stand_in(place=name) for name in names if not isinstance(names, Exception)}
        return tuple(
            OtherState(name, store, replace(STATE, calendar="news")) for name, store in stores.items()
        )

    read = raising(here) if isinstance(here, Exception) else lambda **_: STATE.clone() if here else None
    access = stored(
        reached(tmp_path),
        place="here",
        read=read,
        recover=lambda: None,
        names_beside=list,
        managed_elsewhere=Elsewhere,
    )
    access.places = stand_in(
        first=True,
        near=lambda: others(near),
        left=raising(left) if isinstance(left, Exception) else lambda: others(left),
    )
    places = [*everywhere(access, quiet=quiet)]
    assert [each.store.place for each in places] == found
    assert {each.name for each in places if each.store.place != "here"} <= {"news"}
    said = capsys.readouterr().err
    assert told in said
    assert bool(said) is bool(told)


@each_of(
    ("place", "name", "told"),
    [
        ("here", "calendar", (None, None)),
        ("there", "calendar", ("there", None)),
        ("here", "news", (None, "calendar")),
    ],
)
def test_a_report_names_the_place_and_the_calendar_where_the_state_has_others(
    tmp_path: Path, place: str, name: str, told: tuple[str | None, str | None]
) -> None:
    """The way back is then not the usual one."""
    access = stored(reached(tmp_path), place="here")
    found = replace(access, store=stand_in(place=place), name=name)
    held = HoldReport(hold_one._plan(access, NOW, (STORM,)), ApplyReport((), 0, 0, 0.0, "UTC"))
    progress: Any = None
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patched:
        patched.setattr(hold_one, "everywhere", lambda _: [found])
        patched.setattr(hold_one, "hold_in", lambda *_: held)
        report = hold_one.hold_posts(access, Choice(), HoldRequest(reason="Storm"), stack, progress)
    assert (report.place, report.name_here) == told


def test_of_several_calendars_nothing_is_waited_for_in_the_first_round_and_each_is_reached_once(
    tmp_path: Path,
) -> None:
    access = stored(reached(tmp_path), place="here")
    done = HoldReport(hold_one._plan(access, NOW, (STORM,)), ApplyReport((), 0, 0, 0.0, "UTC"))
    asked: list[float] = []

    def hold_posts(_: object, __: object, request: HoldRequest, *___: object) -> HoldReport:
        asked.append(request.timeout)
        return done

    progress: Any = None
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hold, "hold_posts", hold_posts)
        patched.setattr(hold, "open_for_hold", raising(AssertionError("it is reached already")))
        request = HoldRequest(reason="Storm", timeout=9.0)
        work = hold.Holding(request, Connections(UrgentPubler), progress, "text", several=True)
        planned = hold.PlannedHold(access.calendar, Choice(), access=access)
        rounds = work.rounds([planned, planned])
        assert [act(planned) for act in (*rounds, *work.rounds([planned]))] == [done] * 3
    assert asked == [0.0], "what is done by then is not asked for again"


@each_of(
    ("before", "then", "told"),
    [
        (None, Unreachable("Publer is down"), "Publer is down"),
        (None, KeyboardInterrupt(), "stopped, as asked"),
        (NoHoldError("not pushed"), Unreachable("Publer is down"), "not pushed"),
    ],
)
def test_of_several_calendars_what_is_out_after_the_first_round_is_told_where_no_more_can_be_done(
    tmp_path_factory: pytest.TempPathFactory,
    before: StateError | None,
    then: BaseException,
    told: str,
) -> None:
    access = stored(reached(tmp_path_factory.mktemp("hold")), place="here")
    live, unsure = (
        Held(account=X, post=wanted(SOON), copy=None, live=shown(SOON), reason="Storm"),
        Held(account=X, post=wanted(LATER), copy=None, live=shown(LATER, id="p-2"), reason="Storm"),
    )
    results = (Result(live, Outcome.APPLIED), Result(unsure, Outcome.UNVERIFIED))
    done = HoldReport(
        hold_one._plan(access, NOW, (STORM,)), ApplyReport(results, 0, 0, 0.0, "UTC", error=before)
    )
    reports: Iterator[HoldReport | BaseException] = iter([done, then])

    def hold_posts(*_: object) -> HoldReport:
        found = next(reports)
        if isinstance(found, BaseException):
            raise found
        return found

    progress: Any = None
    written: Any = [SimpleNamespace()]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hold, "hold_posts", hold_posts)
        request = HoldRequest(reason="Storm", timeout=9.0)
        work = hold.Holding(request, Connections(UrgentPubler), progress, "text", several=True)
        planned = hold.PlannedHold(access.calendar, Choice(), access=access)
        work.written = written
        *_, report = [act(planned) for act in work.rounds([planned, planned])]
    assert [result.outcome for result in report.done.results] == [Outcome.APPLIED, Outcome.UNVERIFIED]
    assert report.done.error is not None
    assert (report.done.error.message, report.in_force) == (told, before is None)
    assert "nothing is out yet" not in (report.done.error.hint or "")
    assert report.exit_code != 0
    assert told in work.end(planned, report).line


@each_of("quiet", [False, True])
def test_what_was_lost_and_recovered_is_told_before_a_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], quiet: bool
) -> None:
    lost = StateError("the branch lacks what was pushed", code="state.lost")
    access = stored(
        reached(tmp_path),
        read=lambda **_: STATE.clone(),
        recover=lambda: "2 posts came back",
        lost=lambda: lost,
    )
    assert len([*everywhere(access, quiet=quiet)]) == 1
    said = capsys.readouterr().err
    assert said == (
        ""
        if quiet
        else "The branch lacks what was pushed: hold goes on from what it had, and brings it back.\n"
        "warning: 2 posts came back\n"
    )
    broken = stored(access, read=lambda **_: STATE.clone(), recover=raising(DAMAGED), lost=raising(DAMAGED))
    assert len([*everywhere(broken)]) == 1


# --- by what the ledger calls its accounts ----------------------------------------------------------------------------


@each_of(
    ("known", "found"),
    [
        ({"a-away": KnownAccount("twitter", "Gone on X")}, "a-away"),
        ({"Gone on X": KnownAccount("twitter", "Other")}, "Gone on X"),
        ({"a-away": KnownAccount("twitter", "Other")}, None),
        ({"a-1": KnownAccount("twitter", "Gone on X"), "a-2": KnownAccount("x", "Gone on X")}, None),
        ({LINKEDIN.id: KnownAccount("linkedin", "Gone on X")}, None),  # it has an alias
        (None, None),
        (DAMAGED, None),
    ],
)
def test_an_account_that_publer_lists_no_more_is_the_one_that_the_ledger_calls_so(
    tmp_path: Path, known: Any, found: str | None
) -> None:
    access = reached(tmp_path, accounts=(LINKEDIN,))
    first, *others = access.calendar.settings.accounts
    settings = replace(access.calendar.settings, accounts=(replace(first, name="Gone on X"), *others))
    access.calendar = replace(access.calendar, settings=settings)
    state = None if known is None else ledger(accounts={} if isinstance(known, Exception) else known)
    read = raising(known) if isinstance(known, Exception) else lambda **_: state
    accounts = _with_known_accounts(stored(access, read=read)).accounts
    ids = {alias: account.id for alias, account in accounts.items()}
    assert (ids.pop("linkedin"), ids.pop("x", None), ids) == (LINKEDIN.id, found, {})
    whole = reached(tmp_path)
    assert _with_known_accounts(whole) is whole


@each_of(
    ("sandbox", "code", "known", "opened"),
    [
        (False, "workspace.unknown", "w-2", ["w-1", "w-2"]),
        (False, "workspace.unknown", None, ["w-1"]),
        (False, "workspace.unknown", "w-1", ["w-1"]),
        (False, "account.unknown", "w-2", ["w-1"]),
        (True, "workspace.unknown", "w-2", ["w-1"]),
    ],
)
def test_a_workspace_that_publer_calls_otherwise_is_the_one_that_the_ledger_has(
    tmp_path: Path, sandbox: bool, code: str, known: str | None, opened: list[str]
) -> None:
    access = reached(tmp_path)
    access.calendar = replace(access.calendar, settings=replace(access.calendar.settings, workspace="w-1"))
    asked: list[str | None] = []

    def open_access(calendar: Calendar, *_: object, lenient: bool) -> Any:
        asked.append(calendar.settings.workspace)
        if calendar.settings.workspace == "w-1":
            raise CalendarError((Problem("error", code, "there is none", None),))
        return access

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hold_access, "open_access", open_access)
        patched.setattr(hold_access, "KnownParts", lambda *_: stand_in(workspace=lambda _: known))
        given: Any = (access.calendar, Choice(sandbox=sandbox), ExitStack(), stand_in(repositories=None))
        if opened[-1] == "w-2":
            assert open_for_hold(*given) is access
        else:
            with pytest.raises(CalendarError):
                open_for_hold(*given)
    assert asked == opened


# --- before Publer is asked -------------------------------------------------------------------------------------------


@each_of("asks", [False, True])
def test_what_came_back_to_a_branch_is_held_too_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asks: bool
) -> None:
    """Whether Publer has to be asked for the workspace or not."""
    back: list[State] = []

    def recover() -> str | None:
        back.append(STATE)
        return "2 posts came back"

    def read(**_: object) -> State | None:
        return back[-1].clone() if back else None

    access = stored(reached(tmp_path), read=read, recover=recover)
    access.places = stand_in(near=tuple)
    settings = replace(access.calendar.settings, workspace=WORKSPACE.id)
    access.calendar = replace(access.calendar, settings=settings)
    choice, request, nobody = Choice(calendar=access.calendar.top), HoldRequest(reason="Storm"), stand_in()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hold_first, "open_access", lambda *_, **__: access)
        patched.setattr(hold_first, "open_store", lambda *_, **__: access.store)
        patched.setattr(hold_first, "places_of", lambda *_, **__: access.places)
        patched.setattr(hold_first, "service_of", lambda *_: "publer")
        patched.setattr(hold_first, "KnownParts", lambda *_: stand_in(workspace=lambda _: WORKSPACE.id))
        patched.setattr(hold_first, "Clock", lambda: access.clock)
        found = (from_publer if asks else without_publer)(access.calendar, choice, request, nobody)
    assert found is not None
    assert [held.copy for held in found.going] == [HELLO]
    assert capsys.readouterr().err == "warning: 2 posts came back\n"


@each_of(("state", "account", "found"), [(STATE, "x", True), (None, "x", False), (STATE, "nobody", False)])
def test_a_hold_is_written_first_where_there_is_a_state_and_something_that_it_names(
    tmp_path: Path, state: State | None, account: str, found: bool
) -> None:
    access = reached(tmp_path, state)
    access.places = stand_in(first=True, near=tuple)
    nobody: Any = stand_in()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(hold_first, "open_access", lambda *_, **__: access)
        first = from_publer(access.calendar, Choice(accounts=(account,)), HoldRequest(reason="Storm"), nobody)
    assert (first is not None) is found
    if first is not None:
        assert (first.hold.accounts, first.state.copies) == ((X.id,), STATE.copies)


def test_a_hold_of_days_covers_where_a_post_is_and_one_of_labels_what_the_files_say(tmp_path: Path) -> None:
    access = reached(tmp_path, STATE)
    moved = f"posts:\n- {{id: hello, at: {LATER:%Y-%m-%d %H:%M}, accounts: x, labels: [sale], text: Hello}}\n"
    (access.calendar.top / "posts.yaml").write_text(moved, encoding="utf-8")
    calendar = load(access.calendar.top)
    for labels, going in (((), []), (("sale",), [HELLO])):
        hold = replace(STORM, first=LATER, labels=labels)
        first = First(calendar, access.store, STATE, hold, dict(access.accounts))
        assert [held.copy for held in first.going] == going


def test_the_next_post_of_a_calendar_is_its_soonest_that_is_still_managed() -> None:
    soon = copy_of(wanted(T, "Hello"))
    late = replace(copy_of(wanted(T + HOUR), 2, post_id="p-2"), account=LINKEDIN.id)
    assert next_due(ledger(late, soon)) == T
    assert next_due(ledger(soon.ending(End.REMOVED, NOW), late)) == T + HOUR
    assert (next_due(None), next_due(ledger())) == (NEVER, NEVER)


class Branch(GitStore):
    """One that writes down what is changed together."""

    def __init__(self, place: str, told: list[Any], error: StateError | None = None) -> None:
        self.place, self._told, self._error = place, told, error

    def change_together(self, changes: Any, seconds: float) -> Any:
        if self._error is not None:
            raise self._error
        self._told.append(
            (self.place, [change(STATE.clone()).holds[-1].reason for change in changes.values()])
        )


def test_holds_are_written_together_where_calendars_share_a_branch_and_files_first(tmp_path: Path) -> None:
    told: list[Any] = []

    def file(name: str) -> Any:
        return stand_in(place=name, announce=lambda hold: told.append((name, [hold.reason])))

    def first(reason: str, store: Any, *others: Any) -> First:
        calendar: Any = stand_in(top=tmp_path / reason)
        return First(calendar, store, STATE, replace(STORM, reason=reason), {}, tuple(others))

    firsts = [
        first("one", Branch("git:a", told)),
        first("two", Branch("git:b", told)),
        first("three", file("a file")),
        first("four", Branch("git:a", told), Branch("git:c", told), file("another")),
        first("five", Branch("git:d", told, DAMAGED), Branch("git:e", told, DAMAGED)),
    ]
    written = write_first(firsts)
    assert told == [
        ("a file", ["three"]),
        ("git:a", ["one", "four"]),
        ("git:b", ["two"]),
        ("git:c", ["four"]),
        ("another", ["four"]),
    ]
    assert [each.hold.reason for each in written] == ["three", "one", "four", "two"]
