"""What a calendar knows of the others around it: which there are, what they manage, and why nothing moves between two."""

from __future__ import annotations

from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.reaching import sharing
from publer_sync.commands.reaching.neighbours import (
    Look,
    Looks,
    Neighbour,
    Neighbourhood,
    managed_by,
    on_hold,
)
from publer_sync.ledger.elsewhere import Elsewhere, LedgerPart
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.relocating import marker_of
from publer_sync.ledger.state import KnownAccount, State
from publer_sync.values.errors import CalendarError, StateError
from publer_sync.values.model import Account, AccountRef
from publer_sync.values.problems import Location
from tests.builders import LINKEDIN, NOW, SOON, X, copy_of, ledger, wanted
from tests.commands.reached import raising, stand_in
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

HELLO = copy_of(wanted(SOON, "Hello"))
STATE = ledger(HELLO)
HELD = replace(STATE, holds=(Hold("Storm", NOW),))
BY_SETTINGS = replace(STATE, holds=(Hold("Storm", NOW, settings=True),))
DAMAGED = StateError("it is damaged")
POST = wanted(SOON, "Hello")


def looking(state: Any) -> Callable[[], LedgerPart | None]:
    return raising(state) if isinstance(state, StateError) else lambda: LedgerPart.of(state)


def neighbour(state: Any = STATE, *, beside: bool = True, sound: bool = True, **more: Any) -> Neighbour:
    reading: Any = stand_in(part=looking(state), is_beside=lambda _: beside, place="there.json")
    ours: Any = stand_in(place="git:states")
    top: Any = "clients/bank"
    return Neighbour(
        top,
        "bank",
        lambda: reading,
        reading,
        ours,
        lambda: ((POST,), sound),
        stand_in,
        frozenset({X.id}),
        command=lambda: "publer-sync apply acme bank",
        **more,
    )


def test_the_state_of_a_neighbour_is_what_is_known_else_what_is_there() -> None:
    other = ledger()
    assert neighbour().state(Elsewhere.of({"bank": other})) is other
    assert neighbour().state(Elsewhere.of({"bank": other}).near(["a-far"], [])) is other
    assert neighbour().state(Elsewhere()) is STATE
    assert neighbour(None, belongs=lambda state: bool(state.service)).state(Elsewhere()) is None
    assert neighbour(belongs=lambda _: False).state(Elsewhere()) is None
    with pytest.raises(StateError, match="was moved to git:states"):
        neighbour(marker_of(STATE, STATE.calendar, "git:states")).state(Elsewhere())
    with pytest.raises(StateError, match="it is damaged"):
        neighbour().state(Elsewhere.of({}, {"bank": DAMAGED}))


WAY = "posts of the calendar bank are on hold: release them first, then run publer-sync apply acme bank"
PLACE = (
    "the calendar bank has its ledger in another place, there.json: move it first with "
    "publer-sync state mv --to git:states --calendar clients/bank"
)


@each_of(
    ("state", "more", "stuck", "holding"),
    [
        (STATE, {}, "", False),
        (None, {}, "", False),
        (STATE, {"beside": False}, PLACE, False),
        (HELD, {"beside": False}, PLACE, False),
        (
            STATE,
            {"sound": False},
            "the calendar bank has errors: fix them, then run publer-sync apply acme bank",
            False,
        ),
        (DAMAGED, {}, "the state of the calendar bank cannot be read (it is damaged)", False),
        (STATE, {"wrong": lambda _: "it is another folder's"}, "it is another folder's", False),
        (None, {"wrong": lambda _: "it is another folder's"}, "", False),
        (HELD, {}, WAY, True),
        (BY_SETTINGS, {}, "", False),
        (STATE, {"on_hold": True}, WAY, True),
        (HELD, {"gone": "publer-sync forget --all"}, "", False),
    ],
)
def test_why_nothing_moves_to_or_from_a_neighbour_is_said(
    state: Any, more: dict[str, Any], stuck: str, holding: bool
) -> None:
    with_words = neighbour(state, waiting=lambda: (POST,), **more)
    side = with_words.side(Elsewhere())
    assert (side.name, side.stuck, side.holding) == ("bank", stuck, holding)
    assert (side.desired, side.waiting, side.gone) == ((POST,), (POST,), more.get("gone", ""))
    assert side.state is (None if isinstance(state, StateError) else state)
    now = with_words.side_with(STATE)
    assert (now.state, now.stuck, now.desired) == (STATE, "", (POST,))


@each_of(
    ("state", "in_settings", "held"),
    [
        (None, False, False),
        (None, True, True),
        (HELD, False, True),
        (BY_SETTINGS, False, False),
        (STATE, False, False),
    ],
)
def test_a_hold_of_the_settings_counts_by_the_settings(
    state: State | None, in_settings: bool, held: bool
) -> None:
    assert on_hold(state, in_settings=in_settings) is held


def test_what_neighbours_manage_is_added_to_what_is_known() -> None:
    known = Elsewhere.of({"cafe": STATE})
    others = {"bank": looking(STATE), "acme": looking(DAMAGED), "x": looking(None), "cafe": looking(DAMAGED)}
    found = managed_by(others.items(), known)
    assert ([*found.states], [*found.unreadable]) == (["cafe", "bank"], ["acme"])
    assert managed_by({"x": looking(None), "cafe": looking(HELD)}.items(), known) is known
    assert managed_by({"acme": looking(STATE)}.items(), found) is found, (
        "it was asked for, and cannot be read"
    )


def no_checkout(_: Path) -> tuple[Path, ...]:
    return ()


def look(name: str, *, hold: Any = None, shared: bool = False) -> Look:
    refs = (
        AccountRef("x", X.id, None, Location("publer.yaml", 1), shared=shared),
        AccountRef("gone", "a-gone", None, Location("publer.yaml", 2), shared=True),
    )
    calendar: Any = stand_in(settings=stand_in(name=name, hold=hold, accounts=refs))
    store: Any = stand_in(place=name, is_beside=lambda _: False)
    return Look(calendar, store, {"x": X})


def around(
    tmp_path: Path,
    looks: dict[str, Look],
    beside: tuple[str, ...] = (),
    together: tuple[str, ...] = (),
    **more: Any,
) -> Neighbourhood:
    def read(top: Path, *, posts: bool) -> Any:
        if top.name == "broken":
            raise CalendarError(())
        bound = stand_in(posts=(POST,), waiting=("waits",))
        judged = [stand_in(severity="error")] if top.name == "wrong" else []
        desired = stand_in(waiting=() if top.name == "nothing waits" else ("waits",))
        return stand_in(bind=lambda _: bound, judged=judged, desired=desired)

    told: dict[str, Any] = {
        "open": lambda calendar: stand_in(place=f"anew {calendar.settings.name}"),
        "looks": Looks(
            tuple(tmp_path / name for name in together),
            lambda top: looks.get(top.name),
            Path.resolve,
            lambda _: tuple(tmp_path / name for name in beside),
        ),
        "belongs": lambda _: True,
        "wrong": lambda state, store, top, name: f"{store.place} {top.name} {name}",
        "read": read,
        "resolved": lambda path: path.resolve(),
        "command": lambda other: f"apply {other.name}",
        "missing": lambda: {"left": STATE},
        "part": lambda name: stand_in(place=f"part {name}"),
        "keeping_out": lambda name: f"forget {name}",
        **more,
    }
    return Neighbourhood(
        tmp_path / "acme",
        stand_in(place="ours"),
        **told,
    )


def test_the_neighbours_of_a_command_and_of_a_checkout_are_told_apart(tmp_path: Path) -> None:
    looks = {name: look(name, shared=name == "bank") for name in ("acme", "bank")} | {"cafe": look("coffee")}
    looks["twin"] = look("bank", hold="Strike")
    found = around(tmp_path, looks, ("acme", "bank", "cafe", "none"), ("acme", "bank", "twin"))
    with chdir(tmp_path):
        together, others = [*found.of_command([X.id])], [*found.of_checkout()]
    assert [(each.name, each.together) for each in together] == [("bank", True), ("twin", True)]
    assert [(each.name, each.together) for each in others] == [("coffee", False)]
    bank, twin = together
    assert (bank.accounts, bank.shared, bank.on_hold, twin.on_hold) == (
        frozenset({X.id}),
        frozenset({X.id}),
        False,
        True,
    )
    assert (twin.shared, twin.command(), bank.store.place) == (frozenset(), "apply twin", "anew bank")
    assert bank.store is bank.store
    assert twin.wrong(STATE) == "bank twin twin"


def test_a_calendar_of_a_command_is_none_of_the_checkout_however_its_path_is_written(tmp_path: Path) -> None:
    (tmp_path / "cafe").mkdir()
    looks = {name: look(name) for name in ("acme", "bank", "cafe")}
    found = around(tmp_path, looks, ("acme", "bank", "cafe"), ("acme", "cafe/../bank"))
    with chdir(tmp_path):
        assert [each.name for each in found.of_checkout()] == ["cafe"]


def test_a_calendar_of_a_checkout_is_no_neighbour_of_its_own_and_a_twin_is_called_by_its_folder(
    tmp_path: Path,
) -> None:
    looks = {name: look("bank" if name == "twin" else name) for name in ("acme", "bank", "twin")}
    found = around(tmp_path, looks, ("acme", "bank", "twin"))
    with chdir(tmp_path):
        assert [each.name for each in found.of_checkout()] == ["bank", "twin"]


@each_of(
    ("name", "posts", "waiting"),
    [
        ("bank", ((POST,), True), ("waits",)),
        ("wrong", ((POST,), False), ("waits",)),
        ("broken", ((), False), ()),
        ("nothing waits", ((POST,), True), ()),
    ],
)
def test_posts_of_a_neighbour_are_read_as_far_as_they_can(
    tmp_path: Path, name: str, posts: Any, waiting: Any
) -> None:
    [each] = around(tmp_path, {name: look(name)}, together=(name,)).of_command([X.id])
    assert (each.posts(), each.waiting()) == (posts, waiting)


def test_one_that_is_gone_is_a_neighbour_of_the_past(tmp_path: Path) -> None:
    [each] = around(tmp_path, {}).of_the_past()
    assert (each.name, each.together, each.gone, each.accounts) == (
        "left",
        False,
        "forget left",
        frozenset({X.id}),
    )
    assert (each.posts(), each.store.place, each.reading.place) == (((), True), "part left", "part left")


# --- the calendars of a command that may have to do with an account ---------------------------------------------------


def at(
    name: str,
    account: Account = LINKEDIN,
    *,
    ledger: str = "ours",
    place: str = "git:states",
    shown: Any = (),
    there: bool = False,
) -> Look:
    """A calendar whose part is in a `ledger`, which people call `place` and where the parts of `shown` are, `there` an older state."""
    store: Any = stand_in(
        place=place,
        ledger=ledger,
        is_beside=lambda other: other.ledger == ledger,
        names_beside=raising(shown) if isinstance(shown, StateError) else lambda: [*shown],
        is_there=lambda: there,
    )
    calendar: Any = stand_in(settings=stand_in(name=name, accounts=()))
    return Look(calendar, store, {"it": account})


FOUR = ("acme", "bank", "cafe", "deli")


@each_of(
    ("looks", "shown", "names", "found"),
    [
        ({"bank": at("bank", X), "cafe": at("cafe")}, [], (), ["bank"]),
        ({"bank": at("bank"), "cafe": at("cafe")}, [], ("cafe",), ["cafe"]),
        ({"bank": at("bank"), "cafe": at("Coffee")}, [], ("coFFee", "left"), ["Coffee"]),
        ({"bank": at("bank", X), "cafe": at("cafe", X), "deli": at("deli")}, [], ("deli",), ["bank", "cafe", "deli"]),
        ({"bank": at("bank", ledger="theirs", there=True)}, [], (), []),
        ({"bank": at("bank", X, ledger="theirs")}, [], (), ["bank"]),
        ({name: at(name, ledger="theirs", place="a folder") for name in ("bank", "cafe")}, [], ["cafe"], ["cafe"]),
        ({"bank": at("bank", there=True), "cafe": at("cafe")}, [], (), ["bank"]),
        ({"bank": at("bank", there=True), "cafe": at("cafe", there=True)}, ["bank"], (), ["cafe"]),
        ({"bank": at("bank", there=True), "cafe": at("Cafe", there=True)}, ["BANK", "cafe"], (), []),
        ({"bank": at("bank"), "cafe": at("cafe")}, DAMAGED, (), ["bank", "cafe"]),
        ({}, [], ("bank",), []),
    ],
)  # fmt: skip
def test_a_calendar_of_a_command_is_asked_where_it_may_have_to_do_with_an_account(
    tmp_path: Path, looks: dict[str, Look], shown: Any, names: tuple[str, ...], found: list[str]
) -> None:
    """By its settings, by its part in the ledger, or since its state is where that ledger does not show it."""
    acme = at("acme", X, shown=shown)
    together = tuple(tmp_path / name for name in FOUR)
    near = Looks(together, lambda top: {"acme": acme, **looks}.get(top.name), Path.resolve, no_checkout)
    assert [name for _, _, name in near.near(tmp_path / "acme", acme.store, [X.id], names)] == found


def test_a_second_calendar_of_a_name_is_called_by_its_folder_whether_or_not_the_first_is_near(
    tmp_path: Path,
) -> None:
    looks = {"acme": at("news", X), "bank": at("news"), "cafe": at("news", X), "deli": at("News", X)}
    together = tuple(tmp_path / name for name in FOUR)
    near = Looks(together, lambda top: looks.get(top.name), Path.resolve, no_checkout)
    ours: Any = stand_in(ledger="ours", place="git:states")
    with chdir(tmp_path):
        found = [*near.near(tmp_path / "acme", ours, [X.id], [])]
        assert [(top.name, look, name) for top, look, name in found] == [
            ("cafe", looks["cafe"], "cafe"),
            ("deli", looks["deli"], "News"),
        ]
        assert [name for *_, name in near.near(tmp_path / "acme", ours, [], ["news"])] == [
            "news",
            "cafe",
            "News",
        ]
        assert [name for *_, name in near.near(tmp_path / "bank", ours, [X.id], [])] == [
            "news",
            "cafe",
            "News",
        ]
        assert [name for *_, name in near.near(tmp_path / "." / "bank", ours, [], ["NEWS"])] == [
            "news",
            "cafe",
            "News",
        ]


def test_what_is_in_other_ledgers_is_asked_for_by_name(tmp_path: Path) -> None:
    """Two of one place, as people call it, may be in two repositories; a name that was given is that of another calendar."""
    looks = {
        "acme": at("news", X),
        "bank": at("news", ledger="theirs"),
        "cafe": at("cafe"),
        "deli": at("deli", ledger="deli's", place="a folder"),
    }
    together = tuple(tmp_path / name for name in FOUR)
    near = Looks(together, lambda top: looks.get(top.name), Path.resolve, no_checkout)
    with chdir(tmp_path):
        for name, found in (
            ("acme", {"news": "bank", "deli": "deli"}),
            ("bank", {"news": "acme", "cafe": "cafe", "deli": "deli"}),
            ("cafe", {"bank": "bank", "deli": "deli"}),
            ("deli", {"news": "acme", "bank": "bank", "cafe": "cafe"}),
        ):
            told = [*near.elsewhere(tmp_path / name, looks[name].store)]
            assert dict(told) == {each: looks[folder].store for each, folder in found.items()}
        [(top, _, name)] = near.near(tmp_path / "cafe", looks["cafe"].store, [], ["BANK"])
        assert (top.name, name) == ("bank", "bank"), "one that is called by its folder is found by it"


@each_of("seed", [*range(40)])
def test_whoever_asks_gets_the_parts_in_all_other_ledgers_but_its_own(tmp_path: Path, seed: int) -> None:
    dice = Random(seed)
    folders = "abcdef"[: dice.randint(1, 6)]
    looks = {
        each: at(dice.choice((each, each, "twin")), ledger=dice.choice("opqr"), place="git:states")
        for each in folders
    }
    near = Looks(
        tuple(tmp_path / each for each in folders), lambda top: looks.get(top.name), Path.resolve, no_checkout
    )
    with chdir(tmp_path):
        for here in (*folders, "none"):
            store: Any = looks[dice.choice(folders) if here == "none" or dice.random() < 0.2 else here].store
            expected = {}
            for index, each in enumerate(folders):
                before = [name for name in folders[:index] if name != here]
                name = looks[each].calendar.settings.name
                called = each if any(looks[one].calendar.settings.name == name for one in before) else name
                if each != here and not looks[each].store.is_beside(store):
                    expected[called] = looks[each].store
            assert dict(near.elsewhere(tmp_path / here, store)) == expected


def test_what_neighbours_manage_in_other_places_is_added_as_far_as_it_is_of_the_workspace(
    tmp_path: Path,
) -> None:
    looks = {name: at(name, ledger=name) for name in FOUR}
    for name, state in (("bank", STATE), ("cafe", replace(STATE, workspace_id="w-2")), ("deli", DAMAGED)):
        store: Any = looks[name].store
        store.part = looking(state)
    around_it = around(
        tmp_path, looks, together=FOUR, belongs=lambda state: state.workspace_id == STATE.workspace_id
    )
    known = around_it.elsewhere(Elsewhere.of({"near": HELD}))
    assert ({*known.parts}, {*known.unreadable}) == ({"near", "bank"}, {"deli"})


def test_a_calendar_that_a_command_names_twice_is_no_neighbour_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "acme")
    together = tuple(tmp_path / name for name in ("link", "acme", "bank"))
    near = Looks(
        together, lambda top: at("bank" if top.name == "bank" else "acme", X), Path.resolve, no_checkout
    )
    ours: Any = stand_in(ledger="ours", place="git:states")
    theirs: Any = stand_in(ledger="theirs", place="git:states")
    for name in ("link", "acme"):
        assert [each for *_, each in near.near(tmp_path / name, ours, [X.id], ["acme"])] == ["bank"]
        assert [each for each, _ in near.elsewhere(tmp_path / name, theirs)] == ["bank"]


def test_what_is_known_of_a_calendar_is_found_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def of(top: Path) -> Look | None:
        asked.append(top.name)
        return at(top.name, X) if top.name != "deli" else None

    near = Looks(tuple(tmp_path / name for name in FOUR), of, Path.resolve, no_checkout)
    ours: Any = stand_in(ledger="ours", place="git:states")
    for name in FOUR:
        assert [each for *_, each in near.near(tmp_path / name, ours, [X.id], [])] == [
            each for each in FOUR[:3] if each != name
        ]
    assert asked == [*FOUR]
    assert near.of(tmp_path / "deli") is None
    assert asked == [*FOUR]


# --- accounts that two manage -----------------------------------------------------------------------------------------


def ref(alias: str = "x", *, shared: bool = False) -> AccountRef:
    return AccountRef(alias, X.id, None, Location("publer.yaml", 4), shared=shared)


def knowing(**more: Any) -> State:
    return ledger(accounts={X.id: KnownAccount("twitter", "Fjordlight", **more)})


@each_of(
    ("refs", "others", "gone", "told"),
    [
        ((ref(),), {"bank": knowing(managed=True)}, (), ["x is managed by the calendar bank as well"]),
        ((ref(shared=True),), {"bank": knowing(managed=True)}, (), []),
        ((ref("other"),), {"bank": knowing(managed=True)}, (), []),
        ((ref(),), {"bank": knowing(managed=True, shared=True)}, (), []),
        ((ref(),), {"bank": knowing(managed=False)}, (), []),
        ((ref(),), {"bank": ledger()}, (), []),
        ((ref(),), {"bank": knowing(managed=True)}, ("bank",), []),
        (
            (ref("other"), ref()),
            {"left": knowing(managed=True), "bank": knowing(managed=True), "cafe": knowing(managed=True)},
            ("left",),
            ["x is managed by the calendar bank as well"],
        ),
    ],
)
def test_an_account_of_two_calendars_is_told_once(
    refs: tuple[AccountRef, ...], others: dict[str, State], gone: tuple[str, ...], told: list[str]
) -> None:
    warned = [*sharing.warnings(refs, {"x": X}, others, gone)]
    line = "; if that is meant: x: {name: Fjordlight, shared: true}"
    assert [warn.message for warn in warned] == [f"{each}{line}" for each in told]


@each_of(
    ("refs", "state", "shared", "wrong"),
    [
        ((ref(),), None, False, True),
        ((ref(),), ledger(), False, True),
        ((ref(),), replace(STATE, copies={1: replace(HELLO, account=LINKEDIN.id)}), False, True),
        ((ref(),), STATE, False, False),
        ((ref(shared=True),), None, False, False),
        ((ref("other"),), None, False, False),
        ((ref(),), None, True, False),
    ],
)
def test_where_two_begin_at_once_nothing_tells_whose_an_account_is(
    refs: tuple[AccountRef, ...], state: State | None, shared: bool, wrong: bool
) -> None:
    other = replace(neighbour(state), shared=frozenset({X.id} if shared else ()))
    found = [*sharing.errors(refs, {"x": X}, [other])]
    assert [(each.code, each.message) for each in found] == (
        [("account.shared", "x is managed by the calendar bank as well")] if wrong else []
    )


def test_accounts_that_two_begin_with_are_told_in_the_order_of_the_settings() -> None:
    accounts = {
        name: replace(X, id=f"a-{name}")
        for name in ["zebra", "yak", "x", "wolf", "viper", "unicorn", "tiger", "snake"]
    }
    other = replace(neighbour(None), accounts=frozenset(each.id for each in accounts.values()))
    nothing: Any = None
    far = replace(neighbour(), accounts=frozenset({"a-far"}), reading=nothing)
    found = sharing.errors([*map(ref, accounts)], accounts, [far, other])
    assert [each.message.split()[0] for each in found] == [*accounts]


def test_the_line_to_write_names_the_network_where_the_alias_does_not() -> None:
    assert sharing._line(ref("fjord"), X) == "fjord: {name: Fjordlight, provider: x, shared: true}"
    assert sharing._line(ref(), X) == "x: {name: Fjordlight, shared: true}"
