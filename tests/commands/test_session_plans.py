"""What a session plans with beside the files and Publer's list: what other calendars manage, what moves between them, and what is told with it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.commands.reaching import repository_moved
from publer_sync.commands.reaching import session as sessions
from publer_sync.commands.reaching.access import Access
from publer_sync.commands.reaching.neighbours import managed_by
from publer_sync.commands.reaching.session import (
    MISDATED,
    ON_HOLD,
    Session,
    _sharing,
    check,
    open_session,
    signed_posts,
)
from publer_sync.commands.running.choice import Choice
from publer_sync.ledger.contact import Contact, Kind
from publer_sync.ledger.copies import End
from publer_sync.ledger.elsewhere import Elsewhere, LedgerPart
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.relocating import marker_of
from publer_sync.ledger.runs import RunRecord
from publer_sync.ledger.state import KnownAccount, State
from publer_sync.ledger.store import open_store
from publer_sync.planning.moving import Move, Side
from publer_sync.planning.older import Older
from publer_sync.planning.plan import Action, Held
from publer_sync.planning.planner import Scope
from publer_sync.planning.resolve import AccountList
from publer_sync.planning.survey import Survey
from publer_sync.values.errors import CalendarError, StateError
from publer_sync.values.model import Account, Listing
from publer_sync.values.problems import Problem
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    WORKSPACE,
    X,
    change,
    copy_of,
    ledger,
    plan,
    shown,
    wanted,
)
from tests.commands.reached import SERVICE, reached, stand_in
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.planning.plan import Change, Plan
    from publer_sync.values.model import LivePost, Post

POST, OTHER = wanted(SOON, "Hello", id="hello"), wanted(LATER, "Other", id="other")
LIVE, LIVE_OTHER = shown(SOON, "Hello"), shown(LATER, "Other", id="p-2")
OURS, OURS_OTHER = copy_of(POST), copy_of(OTHER, 2, post_id="p-2")
STORM = Hold("Storm", NOW - HOUR)
DAMAGED, MOVED = StateError("it is damaged"), StateError("it went on", code="state.moved")


def neighbour(
    state: State | StateError | None,
    *desired: Post,
    name: str = "bank",
    accounts: Iterable[str] = (X.id,),
    **more: Any,
) -> Any:
    """Another calendar with this state, whose files want these posts."""

    def known(_: object = None) -> State | None:
        if isinstance(state, StateError):
            raise state
        return state

    def part() -> LedgerPart | None:
        return LedgerPart.of(known())

    return stand_in(
        name=name,
        accounts=frozenset(accounts),
        shared=frozenset(),
        state=known,
        part=part,
        reading=stand_in(part=part),
        side=lambda _: Side(name, desired, known(_), **more),
    )


def session(
    folder: Path,
    *desired: Post,
    state: State | None = None,
    beside: tuple[State, ...] = (),
    command: tuple[Any, ...] = (),
    checkout: tuple[Any, ...] = (),
    **more: Any,
) -> Session[Any]:
    """Of the calendar `calendar`, which has the parts `beside` it in the same folder."""
    access = reached(folder, state)
    for other in beside:
        top = folder / "calendar"
        store = open_store(
            None,
            top=top,
            service=SERVICE,
            workspace_id=WORKSPACE.id,
            calendar=other.calendar,
            clock=access.clock,
        )
        with store.lock(1):
            store.write(other)
    access.lineage = None

    def elsewhere(known: Elsewhere) -> Elsewhere:
        """Without accounts in its settings, it is one of another place, which may know any."""
        return managed_by(((each.name, each.part) for each in command if not each.accounts), known)

    def of_command(accounts: Iterable[str], names: Iterable[str] = ()) -> list[Any]:
        return [
            each
            for each in command
            if not each.accounts.isdisjoint(accounts) or each.name.casefold() in {*map(str.casefold, names)}
        ]

    access.neighbours = stand_in(
        elsewhere=elsewhere, of_command=of_command, of_checkout=lambda: checkout, of_the_past=lambda: ()
    )
    return Session(access, Choice(calendar=Path("acme")), desired, **{"scope": None, **more})


def seen(made: Session[Any], *live: LivePost, **more: Any) -> Survey:
    return Survey(Listing(live), made.access.state(), **more)


def changes(made: Session[Any], *live: LivePost) -> list[tuple[str, str]]:
    """Each change with its reason."""
    return [(str(each.action), each.reason) for each in made.plan(seen(made, *live)).changes]


def test_the_warnings_of_a_plan_name_the_commands_of_this_calendar(tmp_path: Path) -> None:
    made = session(tmp_path, POST, state=ledger(OURS, holds=(STORM,)))
    [warned] = [each for each in made.plan(seen(made, LIVE)).warnings if each.command]
    assert (warned.code, warned.command) == ("on_hold", "publer-sync release acme")
    assert MISDATED in made.plan(seen(made, LIVE, misdated=True)).warnings
    assert MISDATED not in made.plan(seen(made, LIVE)).warnings


def test_a_ledger_that_was_set_back_refuses_the_plan(tmp_path: Path) -> None:
    made = session(tmp_path, POST, state=ledger(OURS))
    assert made.plan(seen(made, LIVE)).refusals == ()
    lost = StateError("it was set back", code="state.lost", hint="Bring it back: git push")
    store: Any = made.access.store
    store.lost = lambda: lost
    [refusal] = made.plan(seen(made, LIVE)).refusals
    assert (refusal.code, refusal.message) == ("lost", "it was set back")


def test_a_repository_that_came_without_its_ledger_is_told_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = StateError("it came without its ledger", code="state.first", hint="Bring it here first.\nOr stop")
    monkeypatch.setattr(repository_moved, "error_of", lambda *_: error)
    for state, told in ((None, ["it came without its ledger; bring it here first"]), (ledger(), [])):
        made = session(tmp_path, POST, state=state)
        warned = {each.code: each.message for each in made.plan(seen(made)).warnings}
        assert [warned[code] for code in warned if code == "state_first"] == told
        assert ("no_state" in warned) is (state is None)


def test_errors_of_the_files_end_it_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: X}\n", encoding="utf-8")
    (tmp_path / "posts.yaml").write_text("posts: [{at: never}]\n", encoding="utf-8")
    calendar, nobody = read(tmp_path), stand_in()
    with pytest.raises(CalendarError):
        check(calendar)
    with ExitStack() as stack, pytest.raises(CalendarError):
        open_session(calendar, Choice(), stack, nobody)


@each_of(
    ("more", "asks"), [("", False), ("signoff: [{accounts: [x], by: [kari]}]\npeople: {kari: Kari}\n", True)]
)
def test_posts_are_signed_off_where_the_settings_ask_for_it(tmp_path: Path, more: str, asks: bool) -> None:
    (tmp_path / "publer.yaml").write_text(f"timezone: UTC\naccounts: {{x: X}}\n{more}", encoding="utf-8")
    assert (signed_posts(read(tmp_path), (POST,), {"x": X}) is not None) is asks


# --- a calendar that had another name ---------------------------------------------------------------------------------

NEWS, BANK = replace(ledger(OURS), calendar="news"), replace(ledger(OURS_OTHER), calendar="bank")
RENAMED = "if this calendar was renamed, run this before apply:"
FAR = Account("a-far", "Far", "facebook")
HELD = replace(OURS, held=True, removing_at=STORM.since).ending(End.REMOVED, STORM.since)
LATE, LIVE_LATE = copy_of(wanted(SOON + DAY, "Hello")), shown(SOON + DAY, "Hello")
HELD_FAR = replace(HELD, key=3, account=FAR.id, post_id="p-3", entry=3)


@each_of(
    ("state", "beside", "live", "there", "named", "reasons"),
    [
        (None, (NEWS,), (LIVE,), (), [("news", 1)], 1),
        (ledger(), (NEWS,), (LIVE,), (), [("news", 1)], 1),
        (ledger(copy_of(wanted(SOON + DAY, "Own"), post_id="p-7")), (NEWS,), (LIVE,), (), [], 0),
        (None, (NEWS,), (LIVE,), ("News",), [], 0),
        (None, (NEWS, BANK), (LIVE, LIVE_OTHER), ("bank",), [("news", 1)], 1),
        (None, (NEWS, BANK), (LIVE, LIVE_OTHER), (), [("bank", 1), ("news", 1)], 2),
        (
            None,
            (replace(ledger(HELD, HELD_FAR, holds=(STORM,)), calendar="news"),),
            (),
            (),
            [("news", 1)],
            1,
        ),
        (None, (replace(ledger(HELD_FAR, holds=(STORM,)), calendar="news"),), (), (), [], 0),
        (None, (), (LIVE,), (), [], 0),
        (None, (replace(ledger(LATE), calendar="news"),), (LIVE_LATE,), (), [("news", 1)], 0),  # a twin
    ],
)
def test_a_calendar_whose_posts_another_part_manages_may_have_been_renamed(
    tmp_path: Path,
    state: State | None,
    beside: tuple[State, ...],
    live: tuple[LivePost, ...],
    there: tuple[str, ...],
    named: list[tuple[str, int]],
    reasons: int,
) -> None:
    others = tuple(neighbour(None, name=each, accounts=(FAR.id,)) for each in there)
    for place in ("command", "checkout"):
        made = session(tmp_path, POST, OTHER, state=state, beside=beside, **{place: others})
        plan = made.plan(seen(made, *live))
        _is_told(tmp_path, plan, named, reasons)


def _is_told(tmp_path: Path, plan: Plan, named: list[tuple[str, int]], reasons: int) -> None:
    warned = [each for each in plan.warnings if each.code == "state_elsewhere"]
    assert [(each.message, each.command) for each in warned] == [
        (
            f"the state of the calendar {name} manages {number} post of these accounts; {RENAMED}",
            f"publer-sync state mv calendar --from {name} --calendar {tmp_path / 'calendar'}",
        )
        for name, number in named
    ]
    told = [each for each in plan.changes if RENAMED in each.reason]
    assert [each.calendar if hasattr(each, "calendar") else "" for each in told] == [None] * reasons


# --- what other calendars manage --------------------------------------------------------------------------------------


@each_of(
    ("state", "adopted"),
    [(ledger(OURS), False), (MOVED, False), (DAMAGED, True), (ledger(OURS_OTHER), True), (None, True)],
)
def test_what_a_calendar_of_the_repository_manages_elsewhere_is_not_adopted(
    tmp_path: Path, state: Any, adopted: bool
) -> None:
    made = session(tmp_path, POST, state=ledger(), checkout=(neighbour(state, POST),))
    [(action, _)] = changes(made, LIVE)
    assert action == ("adopt" if adopted else "blocked")
    found = made._whose([LIVE], seen(made), Elsewhere())
    assert (found is None) is adopted, "calendars that have none of them are told of nowhere"


def test_what_has_nothing_to_do_with_the_accounts_keeps_nothing_from_being_adopted(tmp_path: Path) -> None:
    """Wherever the ledger of that calendar went."""
    far = neighbour(MOVED, POST, accounts=("a-far",))
    made = session(tmp_path, POST, state=ledger(), checkout=(far,))
    assert changes(made, LIVE) == [("adopt", changes(made, LIVE)[0][1])]


def test_what_another_calendar_manages_or_has_on_hold_is_not_made(tmp_path: Path) -> None:
    made = session(tmp_path, POST, state=ledger())
    known = Elsewhere.of({"news": NEWS})
    assert [str(each.action) for each in made.plan(seen(made, LIVE, elsewhere=known)).changes] == ["blocked"]
    bank = neighbour(ledger(HELD, holds=(STORM,)), stuck="it is on hold there")
    made = session(tmp_path, POST, state=ledger(), command=(bank,))
    [(action, reason)] = changes(made)
    assert (action, "it is on hold there" in reason) == ("blocked", True)


@each_of(
    ("state", "theirs", "accounts", "wrong"),
    [
        (None, None, (X.id,), True),
        (ledger(), None, (X.id,), False),
        (None, ledger(OURS_OTHER), (X.id,), False),
        (None, None, ("a-far",), False),
    ],
)
def test_two_calendars_that_begin_together_share_no_account_by_accident(
    tmp_path: Path, state: State | None, theirs: State | None, accounts: tuple[str, ...], wrong: bool
) -> None:
    made = session(tmp_path, state=state, command=(neighbour(theirs, accounts=accounts),))
    if wrong:
        with pytest.raises(CalendarError):
            made.plan(seen(made))
    else:
        made.plan(seen(made))


@each_of(("account", "told"), [(X.id, True), ("a-far", False)])
def test_an_account_that_another_part_manages_is_told(tmp_path: Path, account: str, told: bool) -> None:
    known = {account: KnownAccount("twitter", "Fjordlight", managed=True)}
    made = session(tmp_path, state=ledger(), beside=(replace(NEWS, accounts=known),))
    assert ("account.shared" in [each.code for each in made.plan(seen(made)).warnings]) is told


# --- what moves -------------------------------------------------------------------------------------------------------


@each_of(("own", "accounts"), [(None, (X.id,)), (ledger(), ()), (ledger(OURS_OTHER), (X.id,))])
def test_a_post_comes_from_a_calendar_that_wants_it_no_more(
    tmp_path: Path, own: State | None, accounts: tuple[str, ...]
) -> None:
    """Also where only its part of the ledger has the account."""
    bank = neighbour(ledger(OURS), accounts=accounts)
    desired = [POST, *([OTHER] if own is not None and own.copies else [])]
    made = session(tmp_path, *desired, state=own, command=(bank,))
    plan = made.plan(seen(made, LIVE, LIVE_OTHER))
    assert [(each.giver, each.receiver, each.label) for each in plan.moves] == [("bank", "calendar", "hello")]
    assert {str(each.action) for each in plan.changes} <= {"unchanged"}
    made = replace(made, stay="it has not moved yet: run apply")
    [(_, reason), *_] = changes(made, LIVE, LIVE_OTHER)
    assert reason.endswith("it has not moved yet: run apply")
    made.access.neighbours = stand_in(
        elsewhere=lambda known: known,
        of_command=lambda *_: (neighbour(ledger(OURS), stuck="it has errors"),),
        of_checkout=lambda: (),
        of_the_past=lambda: (),
    )
    [(_, reason), *_] = changes(made, LIVE, LIVE_OTHER)
    assert reason.endswith("it has errors")


@each_of(
    ("accounts", "state", "ours", "shares"),
    [
        (("a-x",), DAMAGED, None, True),  # its settings have it, and nothing else is asked
        (("a-far",), None, None, False),
        (("a-far",), ledger(OURS), None, True),
        (("a-far",), ledger(replace(OURS, account="a-far")), None, False),
        (("a-far",), DAMAGED, None, False),
        (("a-far",), None, ledger(replace(OURS, account="a-far")), True),
    ],
)
def test_calendars_that_share_an_account_have_it_in_their_settings_or_in_their_parts(
    tmp_path: Path,
    accounts: tuple[str, ...],
    state: State | StateError | None,
    ours: State | None,
    shares: bool,
) -> None:
    near = neighbour(state, accounts=accounts)
    assert [*_sharing([near], reached(tmp_path), ours, Elsewhere())] == ([near] if shares else [])


@each_of(
    ("made", "may"),
    [
        (change(Action.CREATE, POST), True),
        (change(Action.ADOPT, POST), True),
        (change(Action.BLOCKED, POST, would=Action.CREATE), True),
        (Held(account=X, post=POST, reason="Storm"), True),
        (Held(account=X, post=POST, copy=OURS, reason="Storm"), False),
        (change(Action.PAST, POST), False),
        (change(Action.UNCHANGED, POST), False),
        (change(Action.UPDATE, POST), False),
    ],
)
def test_another_calendar_is_asked_whether_it_has_what_this_one_has_not_sent(made: Any, may: bool) -> None:
    assert sessions._is_new(made) is may


@each_of(
    ("made", "concerns", "leaves", "known", "may"),
    [
        (change(Action.CREATE, POST), False, False, False, False),
        (change(Action.CREATE, POST), True, False, False, True),
        (change(Action.CREATE, POST), False, True, False, True),
        (change(Action.CREATE, POST), False, False, True, True),
        (change(Action.UNCHANGED, POST), False, False, True, False),
    ],
)
def test_the_files_of_other_calendars_are_read_only_where_a_post_may_move(
    tmp_path: Path, made: Change, concerns: bool, leaves: bool, known: bool, may: bool
) -> None:
    asked = session(tmp_path)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sessions, "concerns_others", lambda *_: concerns)
        patched.setattr(sessions, "may_leave", lambda *_: leaves)
        found = asked._may_move(
            plan([made]), seen(asked), stand_in(may_have=lambda post: known and post is POST)
        )
    assert found is may


@each_of(("settings", "disputed"), [("", False), ("", True), ("hold: {reason: Storm}\n", True)])
def test_other_parts_are_read_anew_where_a_post_may_be_theirs(
    tmp_path: Path, settings: str, disputed: bool
) -> None:
    made = session(tmp_path)
    (made.access.calendar.top / "publer.yaml").write_text(f"timezone: UTC\n{settings}", encoding="utf-8")
    known = {"a-away": KnownAccount("twitter", "Away")}
    now, before = [Elsewhere.of({name: ledger(OURS, accounts=known)}) for name in ("now", "before")]
    told: list[bool] = []

    def is_disputed(*_: object, hold: bool) -> bool:
        told.append(hold)
        return disputed

    access = replace(made.access, calendar=read(made.access.calendar.top, posts=False))
    access.store = stand_in(managed_elsewhere=lambda: now, beside=lambda _: before, names_beside=list)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sessions, "is_disputed", is_disputed)
        found = replace(made, access=access)._elsewhere(Survey(Listing(()), None))
    assert ([*found.states], told) == (["now"] if disputed else ["before"], [bool(settings)])
    assert found.lost == {"a-away"}, "its posts may be on an account of this calendar by now"


def test_of_a_command_those_are_asked_that_share_an_account_now_or_did_or_of_which_only_a_marker_is_here(
    tmp_path: Path,
) -> None:
    """And where posts are to move, those with whom they do."""
    left = replace(OURS_OTHER, account="a-old", moved_to="a-new")
    near_by = replace(ledger(replace(OURS, post_id="p-near")), calendar="news")
    away = marker_of(replace(BANK, calendar="away"), "away", "git:states")
    far = replace(ledger(replace(OURS_OTHER, account=FAR.id, post_id="p-far")), calendar="far")
    made = session(tmp_path, POST, state=ledger(OURS, left), beside=(near_by, away, far))
    made.access.listed = AccountList(
        (X, LINKEDIN, FAR, Account("a-old", "Old", "x"), Account("a-new", "New", "x"))
    )
    asked: list[tuple[set[str], set[str]]] = []
    near: Any = made.access.neighbours

    def of_command(accounts: Iterable[str], names: Iterable[str] = ()) -> list[Any]:
        asked.append(({*accounts}, {*names}))
        return []

    near.of_command = of_command
    known = seen(made, LIVE)
    made._sides(known)
    assert asked == [({X.id, LINKEDIN.id, "a-old", "a-new"}, {"news", "away"})] * 2
    made.neighbours(known.state, ["far"])
    assert asked[2:] == [({X.id, LINKEDIN.id, "a-old", "a-new"}, {"far"})]


def test_what_a_calendar_of_other_accounts_saw_of_publer_is_known(tmp_path: Path) -> None:
    made = session(tmp_path, POST, state=ledger(OURS))
    far = Elsewhere.of({"news": ledger(contact=Contact((Kind.DELETE,)))}).near([X.id], [X.id])
    assert far.states == {}
    assert Kind.DELETE in made._contact(seen(made), far).verified


def test_of_what_others_of_the_repository_manage_it_is_known_which_accounts_left(tmp_path: Path) -> None:
    known = {"a-away": KnownAccount("twitter", "Away")}
    made = session(tmp_path, POST, checkout=(neighbour(ledger(OURS, accounts=known)),))
    found = made._whose([LIVE], seen(made), Elsewhere())
    assert found is not None
    assert (found.owner_of("p-1"), {*found.lost}) == ("bank", {"a-away"})


def test_where_nothing_is_adopted_no_ledger_that_went_elsewhere_matters(tmp_path: Path) -> None:
    made = session(tmp_path, POST, checkout=(neighbour(MOVED),))
    plan = made.plan(seen(made))
    assert [str(each.action) for each in plan.changes] == ["create"]
    assert "state_unreadable" not in [each.code for each in plan.warnings]
    assert [action for action, _ in changes(made, LIVE)] == ["blocked"]


@each_of(
    ("state", "known", "asked"),
    [
        (ledger(), Elsewhere(), 1),
        (ledger(), Elsewhere.of({"news": NEWS}), 0),
        (ledger(), Elsewhere.of({"news": NEWS}).near([], []), 0),
        (ledger(OURS), Elsewhere(), 0),
    ],
)
def test_other_calendars_are_asked_once_more_where_something_is_new_and_none_is_known(
    tmp_path: Path, state: State, known: Elsewhere, asked: int
) -> None:
    times: list[Access[Any]] = []

    def elsewhere(access: Access[Any], _: State) -> Elsewhere:
        times.append(access)
        return Elsewhere()

    made = session(tmp_path, POST, state=state)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Access, "elsewhere", elsewhere)
        patched.setattr(Session, "_may_move", lambda *_: False)
        made.plan(seen(made, LIVE if state.copies else LIVE_OTHER, elsewhere=known))
    assert len(times) == asked


@each_of(("folder", "told"), [(Path("acme"), " --calendar acme"), (None, "")])
def test_an_account_that_was_connected_again_is_moved_by_a_command_for_the_calendar_as_given(
    tmp_path: Path, folder: Path | None, told: str
) -> None:
    known = {"a-old": KnownAccount("twitter", X.name, managed=True)}
    state = ledger(replace(OURS, account="a-old"), accounts=known)
    made = replace(session(tmp_path, POST, state=state), choice=Choice(calendar=folder))
    *_, (_, reason) = changes(made)
    assert f"publer-sync state mv --account a-old={X.id}{told};" in reason


def test_a_warning_of_the_files_is_beside_the_post_that_it_is_about(tmp_path: Path) -> None:
    where = POST.location
    remark = Problem("warning", "text.again", "it says this again", where)
    made = session(tmp_path, POST, remarks=(remark,))
    entry = f"posts:\n\n- {{at: {SOON:%Y-%m-%d %H:%M}, accounts: x, text: Hello}}\n"
    (made.access.calendar.top / where.file).write_text(entry, encoding="utf-8")
    made.access.calendar = read(made.access.calendar.top)
    [warned] = [each for each in made.plan(seen(made)).warnings if each.location is not None]
    assert (warned.location, warned.post) == (where, replace(where, column=3))


@each_of("id", ["p-1", "p-9"])
def test_what_comes_and_was_published_since_is_not_made_again(tmp_path: Path, id: str) -> None:
    """Also where Publer published it under another id."""
    made = session(tmp_path, POST, OTHER, state=ledger(OURS_OTHER), command=(neighbour(ledger(OURS)),))
    out = replace(LIVE, id=id, state="published", at=NOW - HOUR)
    (first, why), (second, _) = changes(made, out, LIVE_OTHER)
    assert (first, why, second) == ("past", "it was published", "unchanged")


def test_what_cannot_come_yet_is_left_where_it_is_and_the_rest_comes(tmp_path: Path) -> None:
    others = (neighbour(ledger(OURS)), neighbour(ledger(OURS_OTHER), name="cafe", stuck="it has errors"))
    made = session(tmp_path, POST, OTHER, state=ledger(), command=others)
    [(action, reason)] = [each for each in changes(made, LIVE, LIVE_OTHER) if each[0] != "unchanged"]
    assert (action, reason.endswith("it has errors")) == ("blocked", True)


@each_of(
    ("theirs", "stuck", "moves"),
    [((POST,), "", 1), ((POST,), "posts of the calendar bank are on hold", 0), ((), "", 0)],
)
def test_a_post_goes_to_a_calendar_that_wants_it(
    tmp_path: Path, theirs: tuple[Post, ...], stuck: str, moves: int
) -> None:
    bank = neighbour(ledger(), *theirs, stuck=stuck)
    made = session(tmp_path, state=ledger(OURS), command=(bank,))
    plan = made.plan(seen(made, LIVE))
    assert len([each for each in plan.moves if each.giver == "calendar" and not each.stuck]) == moves
    days = Scope(None, NOW + 9 * DAY, None)
    assert replace(made, scope=days).plan(seen(made, LIVE)).moves == ()


def test_a_post_that_waits_for_a_slot_in_another_calendar_is_not_removed_before(tmp_path: Path) -> None:
    for waiting, action in (((POST,), "unchanged"), ((), "delete")):
        bank = neighbour(ledger(), waiting=waiting)
        made = session(tmp_path, state=ledger(OURS), command=(bank,))
        assert [each for each, _ in changes(made, LIVE)] == [action]


def move(giver: str, receiver: str) -> Move:
    [entry] = ledger(OURS).entries().values()
    return Move(giver, receiver, entry, POST)


def test_a_move_is_done_in_the_turn_of_who_gets_it_or_of_both(tmp_path: Path) -> None:
    made = session(tmp_path, command=(neighbour(None),), checkout=(neighbour(None, name="cafe"),))
    asked = [made.may_do(move("bank", "calendar")), made.may_do(move("calendar", "bank"))]
    assert (asked, made.may_do(move("calendar", "cafe"))) == ([True, True], False)
    assert [each.name for each in made.neighbours(None, [])] == ["bank", "cafe"]
    for scope, has in (
        (None, True),
        (Scope(frozenset({X.id}), None, None), True),
        (Scope(frozenset(), None, None), False),
        (Scope(None, LATER, None), False),
    ):
        assert replace(made, scope=scope).has(move("bank", "calendar")) is has


@each_of(
    ("gone", "in_settings", "state", "side"),
    [
        (False, False, ledger(OURS), ("", False, "")),
        (False, True, ledger(OURS), (ON_HOLD, True, "")),
        (False, False, ledger(OURS, holds=(STORM,)), (ON_HOLD, True, "")),
        (
            True,
            True,
            ledger(OURS),
            ("", False, "publer-sync forget --all --state-name calendar --calendar acme --drop-holds"),
        ),
    ],
)
def test_a_calendar_gives_nothing_while_it_is_on_hold_unless_it_is_gone(
    tmp_path: Path, gone: bool, in_settings: bool, state: State, side: tuple[str, bool, str]
) -> None:
    made = session(tmp_path, POST)
    calendar = made.access.calendar
    hold: Any = STORM if in_settings else None
    settings = replace(calendar.settings, hold=hold)
    made.access.calendar = replace(calendar, gone=gone, settings=settings)
    found = made.side(state)
    assert (found.stuck, found.holding, found.gone) == side
    assert (found.name, found.desired, found.state) == ("calendar", (POST,), state)


def test_what_was_past_when_a_calendar_began_is_told_to_nobody(tmp_path: Path) -> None:
    past = wanted(EARLIER, "Past", id="past")
    assert session(tmp_path, POST, past).first_state().excused
    assert not session(tmp_path, POST).first_state().excused


def test_a_calendar_that_is_gone_has_no_older_files(tmp_path: Path) -> None:
    made = session(tmp_path, state=ledger())
    assert made.older(seen(made)) == Older()
    made.access.lineage = stand_in(older=lambda runs: Older(error=f"{len(runs)} runs"))
    assert made.older(Survey(Listing(), ledger(runs=(RunRecord(NOW, "apply"),)))).error == "1 runs"
    assert made.older(Survey(Listing(), None)).error == "0 runs"
    made.access.calendar = replace(made.access.calendar, gone=True)
    assert made.older(seen(made)) == Older()
