"""A calendar that is reached: what it warns of, what it refuses to write, and what its part of the ledger learns of accounts."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.calendar.load import read
from publer_sync.commands.reaching import gone
from publer_sync.commands.reaching.access import (
    _accounts_known_to,
    _in_one_line,
    _long,
    _wrong,
    open_access,
)
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.reaching.neighbours import Alone
from publer_sync.commands.reaching.session import check, open_session
from publer_sync.commands.running.choice import Choice
from publer_sync.ledger.elsewhere import Elsewhere, LedgerPart
from publer_sync.ledger.folder_store import FolderStore
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import CalendarHome, KnownAccount, State
from publer_sync.planning.notes import Warn
from publer_sync.planning.resolve import AccountList
from publer_sync.publer.reader import PublerReader
from publer_sync.values.errors import CalendarError, SettingsError, StateError
from publer_sync.values.model import Account
from tests.builders import LATER, LINKEDIN, NOW, SOON, X, copy_of, ledger, wanted
from tests.commands.reached import reached, stand_in
from tests.commands.side_by_side import ONE, SideBySide
from tests.commands.test_several import seed
from tests.system.worlds import ACCOUNTS
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.system.worlds import World

HELLO = copy_of(wanted(SOON, "Hello", id="hello"))
STATE = ledger(HELLO)
MINUTE = timedelta(minutes=1)
OTHER = seed(2, "Other")


@each_of(
    ("off", "told"),
    [
        (2 * MINUTE, None),
        (2.1 * MINUTE, "this machine's clock is 2 minutes behind Publer's"),
        (-3 * MINUTE, "this machine's clock is 3 minutes ahead of Publer's"),
        (60 * MINUTE, "this machine's clock is 1 hour behind Publer's"),
        (-49 * 60 * MINUTE, "this machine's clock is 2 days ahead of Publer's"),
    ],
)
def test_a_clock_that_is_off_is_told(tmp_path: Path, off: timedelta, told: str | None) -> None:
    warned = [*reached(tmp_path, clock_off=off).warnings(None)]
    ending = "; every time here is by Publer's clock. Set the clock of this machine (NTP)"
    assert warned == ([Warn("clock", f"{told}{ending}")] if told else [])


@each_of(("hours", "wrong"), [(24, False), (24.1, True), (-24, False), (-24.1, True)])
def test_a_clock_that_is_a_day_off_ends_what_writes(tmp_path: Path, hours: float, wrong: bool) -> None:
    access = reached(tmp_path, clock_off=timedelta(hours=hours))
    if not wrong:
        access.check_clock()
        return
    with pytest.raises(SettingsError, match="this machine's clock is 1 day"):
        access.check_clock()


@each_of(
    ("seconds", "told"),
    [(0, "0 seconds"), (59, "59 seconds"), (60, "1 minute"), (3600, "1 hour"), (86_400 * 3, "3 days")],
)
def test_spans_are_said_in_their_largest_unit(seconds: int, told: str) -> None:
    assert _long(timedelta(seconds=seconds)) == told


def with_store(access: Any, **answers: Any) -> Any:
    """The access whose store answers some questions otherwise."""
    real = access.store
    told = {
        name: answers.get(name, getattr(real, name))
        for name in ("read", "lost", "waiting", "instead_of", "names_beside", "place")
    }
    return replace(access, store=stand_in(**told))


LOST = StateError(
    "the branch lacks what was pushed",
    code="state.lost",
    hint="Look who did it.\nPush it again: git push\nOr begin anew.",
)
WAITING = Hold("Storm", NOW, accounts=(X.id,))


def test_what_is_lost_or_waits_here_is_a_warning_and_keeps_others_from_writing(tmp_path: Path) -> None:
    access = with_store(reached(tmp_path, STATE), lost=lambda: LOST, waiting=lambda: (WAITING, WAITING))
    warned = [*access.warnings(STATE)]
    assert [warn.code for warn in warned] == ["hold_waiting", "lost"]
    assert warned[0].message.startswith("a hold waits on this machine, since ")
    assert warned[0].message.endswith(": Storm; push it:")
    assert (warned[0].command or "").startswith("publer-sync hold ")
    assert "--account x" in (warned[0].command or "")
    assert (warned[1].message, warned[1].command) == (
        "the branch lacks what was pushed; push it again:",
        "git push",
    )
    with pytest.raises(StateError, match="a hold waits on this machine"):
        access.check_waiting()
    with pytest.raises(StateError, match="since git:there could not be reached"):
        access.check_waiting(stand_in(place="git:there", waiting=lambda: (WAITING,)))
    with pytest.raises(StateError, match="the branch lacks"):
        access.own_state()


def test_a_state_that_another_folder_has_is_shown_and_not_written(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "publer.yaml").write_text("name: calendar\n", encoding="utf-8")
    access = reached(tmp_path, replace(STATE, home=CalendarHome(str(other))))
    state = access.state()
    assert state is not None
    assert state.home == CalendarHome(str(other)), "it stays that folder's"
    [warned] = access.warnings(state)
    assert warned.code == "name.taken"
    assert f"{other.resolve()}, and " in warned.message
    assert "has the same name; write another name into " in warned.message
    with pytest.raises(StateError, match="has the same name"):
        access.own_state()
    whose = _wrong(state, access.store, access.calendar.top, "calendar")
    assert whose == warned.message, "a calendar beside it is told the same"
    ours = replace(STATE, home=CalendarHome(str(access.calendar.top.resolve())))
    assert _wrong(ours, access.store, access.calendar.top, "calendar") == ""


def test_a_state_becomes_the_folders_that_has_it_with_the_letters_of_its_name(tmp_path: Path) -> None:
    access = reached(tmp_path, replace(STATE, calendar="Calendar", home=CalendarHome("/gone")))
    state = access.own_state()
    assert state is not None
    assert (state.calendar, state.home) == ("calendar", CalendarHome(str((tmp_path / "calendar").resolve())))
    assert [*access.warnings(state)] == []
    state = reached(tmp_path, replace(STATE, calendar="news")).own_state()
    assert (state.calendar if state is not None else None) == "news", "it came along with the folder"


def test_a_state_of_another_service_is_not_used(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="belongs to the service publer"):
        replace(reached(tmp_path, STATE), service="https://elsewhere").state()


@each_of(("first", "gone", "asked"), [(False, False, True), (True, False, False), (False, True, False)])
def test_a_name_before_is_looked_for_where_there_is_no_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bool, gone: bool, asked: bool
) -> None:
    monkeypatch.setattr("publer_sync.commands.reaching.renaming.old_name", lambda *_: "news")
    taken: list[Any] = []

    def instead_of(name: str, *, trusting: bool) -> State:
        taken.append((name, trusting))
        return STATE.clone()

    access = with_store(reached(tmp_path), instead_of=instead_of)
    access.places = stand_in(first=first, warnings=lambda _: iter(()), check=lambda: None)
    access.calendar = replace(access.calendar, gone=gone)
    state = access.state(trusting=True)
    assert (state is not None, taken) == (asked, [("news", True)] if asked else [])
    told = "the ledger has this calendar as news: its posts, holds and log come with it"
    assert [*access.warnings(state)] == ([Warn("renamed", told)] if asked else [])
    assert [*access.warnings(None)] == []
    monkeypatch.setattr("publer_sync.commands.reaching.renaming.old_name", lambda *_: None)
    assert (access.state(), len(taken)) == (None, asked), "it never had another name"


def test_where_there_is_no_state_other_places_are_asked(tmp_path: Path) -> None:
    for state in (None, STATE):
        asked: list[str] = []
        access = reached(tmp_path, state)
        access.places = stand_in(first=True, check=lambda asked=asked: asked.append("check"))
        access.own_state()
        assert asked == ([] if state else ["check"])


def test_the_ledger_learns_what_its_accounts_are_called(tmp_path: Path) -> None:
    """Those of the settings, and those that posts or holds are on; of no others."""
    far = Account("a-far", "Far", "facebook", type="page", social_id="5")
    stranger = Account("a-stranger", "Stranger", "facebook")
    posts = (HELLO, replace(copy_of(wanted(LATER), 2, post_id="p-2"), account=far.id, moved_to="a-away"))
    state = ledger(*posts, holds=(Hold("Storm", NOW, accounts=("a-held",)),))
    access = reached(tmp_path, state, listed=(X, LINKEDIN, far, stranger))
    refs = tuple(replace(ref, shared=ref.alias == "x") for ref in access.calendar.settings.accounts)
    access.calendar = replace(access.calendar, settings=replace(access.calendar.settings, accounts=refs))
    found = access.state()
    assert found is not None
    assert found.lost == {"a-away", "a-held"}
    assert found.accounts == {
        X.id: KnownAccount("twitter", "Fjordlight", "", "", managed=True, shared=True),
        LINKEDIN.id: KnownAccount("linkedin", "Fjordlight AS", "", "", managed=True),
        far.id: KnownAccount("facebook", "Far", "page", "5", managed=False),
    }
    assert access.account(far.id) == far
    assert access.account("a-away") == Account("a-away", "a-away", "")
    access.accounts, access.listed = {"x": X}, AccountList()
    again = access.state()
    assert again is not None
    assert again.lost == frozenset(), "where Publer lists nothing, none is known to have left"


@each_of(
    ("before", "joined"),
    [((X.id,), {LINKEDIN.id}), ((X.id, LINKEDIN.id), set()), ((), set())],  # earlier versions kept none
)
def test_an_account_joined_since_the_ledger_was_written(
    tmp_path: Path, before: tuple[str, ...], joined: set[str]
) -> None:
    state = ledger(HELLO, accounts={each: KnownAccount("twitter", each) for each in before})
    found = reached(tmp_path, state, listed=(X, LINKEDIN)).state()
    assert found is not None
    assert found.joined == joined


def test_a_first_part_knows_its_folder_and_its_accounts(tmp_path: Path) -> None:
    state = reached(tmp_path).new_state()
    assert state.home == CalendarHome(str((tmp_path / "calendar").resolve()))
    assert {*state.accounts} == {X.id, LINKEDIN.id}


@each_of(("known", "names"), [(X.id, ["Fjordlight"]), (None, []), ("damaged", [])])
def test_what_the_ledger_calls_its_accounts_is_known_as_far_as_it_can_be_read(
    known: str | None, names: list[str]
) -> None:
    def read(*, trusting: bool) -> State | None:
        if known == "damaged" or not trusting:
            raise StateError("it is damaged")
        return ledger(accounts={known: KnownAccount("twitter", "Fjordlight")}) if known else None

    store: Any = stand_in(read=read)
    assert [each.name for each in _accounts_known_to(store).values()] == names


def test_a_calendar_that_left_learns_nothing(tmp_path: Path) -> None:
    access = reached(tmp_path, STATE)
    access.calendar = replace(access.calendar, gone=True)
    state = access.state()
    assert state is not None
    assert (state.home, state.accounts) == (None, {})


@each_of(
    ("known", "own", "held", "found"),
    [
        (KnownAccount("twitter", "Fjordlight"), True, ("a-old",), ("a-old", X.id)),
        (KnownAccount("twitter", "Fjordlight"), True, (X.id,), (X.id, "a-old")),
        (KnownAccount("twitter", "Other"), False, ("a-old",), ("a-old", X.id)),
        (KnownAccount("twitter", "Other"), True, ("a-old",), ("a-old",)),
        (KnownAccount("facebook", "Fjordlight"), False, ("a-old",), ("a-old",)),
        (KnownAccount("twitter", "Fjordlight"), True, (LINKEDIN.id,), (LINKEDIN.id,)),
        (KnownAccount("twitter", "Fjordlight"), True, (), ()),
    ],
)
def test_a_hold_goes_on_for_an_account_that_was_connected_again(
    tmp_path: Path, known: KnownAccount, own: bool, held: tuple[str, ...], found: tuple[str, ...]
) -> None:
    old = replace(copy_of(wanted(LATER), 2, post_id="p-2"), account="a-old")
    state = ledger(*([HELLO] if own else []), old, accounts={"a-old": known})
    state.lost = frozenset({"a-old"})
    assert reached(tmp_path).held_again(Hold("Storm", NOW, accounts=held), state).accounts == found


@each_of(
    ("listed", "lost"),
    [((X, LINKEDIN), {"a-away"}), ((X, LINKEDIN, Account("a-away", "Away", "facebook")), set()), ((), set())],
)
def test_accounts_of_other_calendars_that_left_publer_are_known(
    tmp_path: Path, listed: tuple[Account, ...], lost: set[str]
) -> None:
    others = {
        "news": ledger(accounts={"a-away": KnownAccount("facebook", "Away"), X.id: KnownAccount("x", "X")})
    }
    access = reached(tmp_path, listed=listed)
    assert access.near(Elsewhere.of(others), None).lost == lost


def test_a_calendar_has_to_do_with_the_accounts_of_its_settings_and_of_its_ledger(tmp_path: Path) -> None:
    old = replace(copy_of(wanted(LATER), 2, post_id="p-2"), account="a-old", moved_to="a-new")
    access = reached(
        tmp_path, listed=(X, LINKEDIN, Account("a-old", "Old", "x"), Account("a-new", "New", "x"))
    )
    assert access.ours(None) == {X.id, LINKEDIN.id}
    known = ledger(old, accounts={"a-once": KnownAccount("twitter", "Once")})
    assert access.ours(known) == {X.id, LINKEDIN.id, "a-old", "a-new", "a-once"}
    others = Elsewhere.of(
        {"news": ledger(replace(HELLO, account="a-new")), "far": ledger(replace(HELLO, account="a-far"))}
    )
    access.listed = AccountList((*access.listed, Account("a-far", "Far", "x")))
    assert [*access.near(others, known).states] == ["news"]
    assert [*access.near(others, None).states] == []


def test_what_neighbours_manage_is_added_as_far_as_it_is_near(tmp_path: Path) -> None:
    far = Account("a-far", "Far", "x")
    access = reached(tmp_path, listed=(X, LINKEDIN, far))
    parts = {"close": ledger(HELLO), "far": ledger(replace(HELLO, account=far.id, post_id="p-far"))}

    def neighbour(name: str) -> Any:
        return stand_in(name=name, part=lambda: LedgerPart(parts[name]))

    access.store = stand_in(managed_elsewhere=Elsewhere)
    access.neighbours = stand_in(
        elsewhere=lambda known: known, of_command=lambda *_: [neighbour("close"), neighbour("far")]
    )
    found = access.elsewhere(None)
    assert ({*found.states}, {*found.parts}) == ({"close"}, {"close", "far"})


def test_neighbours_are_asked_for_by_accounts_and_by_the_names_of_near_parts_and_of_markers(
    tmp_path: Path,
) -> None:
    asked: list[tuple[set[str], set[str]]] = []

    def of_command(accounts: Iterable[str], names: Iterable[str] = ()) -> list[Any]:
        asked.append(({*accounts}, {*names}))
        return []

    access = reached(tmp_path)
    parts = {"close": ledger(HELLO), "far": ledger(replace(HELLO, account="a-far", post_id="p-far"))}
    access.listed = AccountList((X, LINKEDIN, Account("a-far", "Far", "x"), Account("a-old", "Old", "x")))
    access.store = stand_in(
        managed_elsewhere=lambda: replace(Elsewhere.of(parts), markers=frozenset({"away"}))
    )
    access.neighbours = stand_in(elsewhere=lambda known: known, of_command=of_command)
    old = replace(copy_of(wanted(LATER), 2, post_id="p-2"), account="a-old")
    access.elsewhere(ledger(old))
    assert asked == [({X.id, LINKEDIN.id, "a-old"}, {"close", "away"})]


def test_an_error_in_one_line_has_the_first_of_its_ways(tmp_path: Path) -> None:
    error = StateError("It is taken", hint="Write another name.\nOr delete it.")
    assert _in_one_line(error) == "It is taken; write another name."
    assert reached(tmp_path).record("apply") is not None
    assert replace(reached(tmp_path), lineage=None).record("apply") is None


# --- over the wire --------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(empty_world: World, monkeypatch: pytest.MonkeyPatch) -> SideBySide:
    """Beside them the calendar cafe, of another workspace."""
    for name, value in empty_world.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(empty_world.home)
    found = SideBySide.in_place(empty_world)
    empty_world.sandbox.add_workspace(OTHER)
    found.settings("cafe", workspace="Other", accounts={"x": OTHER.accounts[0].id})
    return found


def test_calendars_of_two_workspaces_are_no_neighbours(pair: SideBySide) -> None:
    together = (Path("acme"), Path("cafe"))
    connections = Connections(PublerReader)
    with ExitStack() as stack:
        for own, beyond in (together, together[::-1]):
            choice = Choice(calendar=own, together=together)
            near: Any = open_access(read(own, posts=False), choice, stack, connections).neighbours
            assert (near.looks.of(own) is not None, near.looks.of(beyond)) == (True, None)


def test_a_calendar_is_reached_with_what_is_known_of_those_beside_it(
    pair: SideBySide, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.settings("deli", workspace="Nowhere")
    acme, bank, cafe, deli = (pair.top(name) for name in ("acme", "bank", "cafe", "deli"))
    monkeypatch.setattr(gone, "states_beside", lambda *_: {"left": STATE})
    connections = Connections(PublerReader)
    for left, named in ((False, None), (True, "before")):
        calendar = replace(read(Path("acme"), posts=False), gone=left)
        with ExitStack() as stack:
            access = open_access(calendar, Choice(calendar=Path("acme")), stack, connections, name=named)
            near: Any = access.neighbours
            assert (access.name, access.clock, access.requests_before) == (
                named or "acme",
                access.publer.clock,
                2 if left else 0,
            )
            assert near.command(Path("bank")) == f"publer-sync apply {'' if left else 'acme '}bank"
            assert near.missing() == ({} if left else {"left": STATE})
            assert near.keeping_out("left").startswith("publer-sync forget --all --state-name left ")
            assert [near.looks.of(top) is not None for top in (acme, bank, cafe, deli)] == [
                True,
                True,
                False,
                False,
            ]
            states = [State(f"{access.service}{end}", access.workspace.id, "x") for end in ("", "/", "x")]
            states.append(State(access.service, OTHER.workspace_id, "x"))
            assert [near.belongs(state) for state in states] == [True, True, False, False]
            assert access.lineage is not None
            assert access.lineage.asks


def test_each_sandbox_is_a_publer_of_its_own_unless_it_has_a_file(pair: SideBySide) -> None:
    calendar, connections = read(pair.top("acme"), posts=False), Connections(PublerReader)
    for file, alone in ((None, True), (pair.world.home / "sandbox.db", False)):
        with ExitStack() as stack:
            choice = Choice(sandbox=True, sandbox_file=file, now="2031-01-01")
            access = open_access(calendar, choice, stack, connections)
            assert connections.requests > 0
            assert (access.clock.now().year, isinstance(access.neighbours, Alone)) == (2031, alone)
            assert access.publer.clock is access.clock
            assert access.lineage is not None
            assert not access.lineage.asks
        assert connections.requests == 0, "the next sandbox may have its address"
    assert pair.world.sandbox.requests == []


@each_of("first", [False, True])
def test_a_first_state_is_begun_anew_before_it_is_read(pair: SideBySide, first: bool) -> None:
    with ExitStack() as stack, mock.patch.object(FolderStore, "recover") as recover:
        open_access(
            read(pair.top("acme"), posts=False), Choice(first=first), stack, Connections(PublerReader)
        )
    assert recover.call_args_list == ([mock.call(anew=True)] if first else [])


@each_of(("words", "wrong"), [("One", False), ("One " * 99, True)])
def test_what_the_network_of_an_account_does_not_take_is_an_error_once_the_account_is_known(
    pair: SideBySide, words: str, wrong: bool
) -> None:
    """Settings that name an account by its id alone do not tell its network."""
    pair.settings("acme", accounts={"main": {"id": ACCOUNTS["x"]}})
    pair.write(acme=[replace(ONE, account="main", text=words)])
    calendar = read(pair.top("acme"))
    check(calendar)
    with ExitStack() as stack:
        if not wrong:
            made = open_session(calendar, Choice(), stack, Connections(PublerReader))
            assert [post.text for post in made.desired] == [words]
            return
        with pytest.raises(CalendarError):
            open_session(calendar, Choice(), stack, Connections(PublerReader))


def test_posts_are_planned_with_the_yes_that_was_given_to_them(pair: SideBySide) -> None:
    pair.settings("acme", people={"kari": "Kari"}, signoff=[{"accounts": ["x"], "by": "kari"}])
    assert pair.run("approve", "--all", "--by", "kari", "--yes", "--calendar", "acme").code == 0
    with ExitStack() as stack:
        made = open_session(read(pair.top("acme")), Choice(), stack, Connections(PublerReader))
    assert [[yes.by for yes in post.signed_off] for post in made.desired] == [["kari"]]
