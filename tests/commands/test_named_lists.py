"""Names of albums, signatures and places in a plan: which id each gets, what is said of one without, and what is asked how often."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from publer_sync.commands.reaching.named import NameLists, lines, named_fields, with_ids
from publer_sync.planning.plan import Action, Block
from publer_sync.values.errors import CalendarError, ServiceError
from publer_sync.values.model import Account, Named, Post
from tests.builders import LATER, SOON, X, change, copy_of, plan, wanted
from tests.tables import each_of

PAGE = Account("a-fb", "Fjordlight", "facebook", "facebook")
FIELDS = {field.name: field for field in named_fields(PAGE)}
EVENTS, PARTIES = Named("11", "Events", "12 photos"), Named("12", "Parties")
TWINS = (Named("13", "Twins", "old"), Named("14", "twins", "new"))


def post(network: dict[str, Any], *, at: Any = SOON, account: Account = PAGE) -> Post:
    made = wanted(at, "Hello", account=account, id="hello")
    return replace(made, content=replace(made.content, network=network))


def publer(*albums: Named, refuses: str = "", asked: list[Any] | None = None) -> Any:
    told: list[Any] = asked if asked is not None else []

    def answer(kind: str, found: Any) -> Any:
        told.append(kind)
        if kind in refuses:
            raise ServiceError(summary="Publer answered 500", publer_said="", status=500)
        return found

    return SimpleNamespace(
        albums=lambda _workspace, _accounts: answer("albums", {PAGE.id: albums}),
        signatures=lambda _workspace, _accounts: answer("signatures", {PAGE.id: (Named("s-1", "footer"),)}),
        locations=lambda provider, words: answer("locations", (Named(f"{provider}-1", words),)),
    )


def test_only_networks_with_lists_have_names() -> None:
    assert {field.name for field in named_fields(PAGE)} == {"album", "signature", "location"}
    assert named_fields(Account("a", "A", "nothing", "a")) == ()


@each_of(
    ("name", "albums", "id"),
    [
        ("Events", (EVENTS, PARTIES), "11"),
        (" events ", (EVENTS, PARTIES), "11"),
        ("Twins", TWINS, "13"),  # in these letters there is one
        ("twins", TWINS, "14"),
        ("Events", (EVENTS, EVENTS), "11"),
        ("Parties", (replace(EVENTS, id="Parties"), PARTIES), "Parties"),  # an id comes first
    ],
)
def test_a_name_gets_the_id_that_is_meant(name: str, albums: tuple[Named, ...], id: str) -> None:
    made = with_ids(plan([change(Action.CREATE, post({"album": name}))]), publer(*albums))
    assert made.changes[0].post is not None
    assert made.changes[0].post.ids == {"album": id}


def test_every_list_is_asked_once_and_nothing_where_nothing_has_a_name() -> None:
    asked: list[str] = []
    names = {"album": "Events", "signature": "footer", "location": "Oslo"}
    changes = [
        change(Action.CREATE, post(names)),
        change(Action.RECREATE, post(names, at=LATER)),
        change(Action.BLOCKED, post(names, at=LATER), blocks=(Block.TWIN,)),
        change(Action.UNCHANGED, post({"album": "Not looked up"})),
        change(Action.REPLACE, post(names)),
        change(Action.REPLACE, post({"album": "It is there"}), successor=copy_of(wanted(SOON), 9)),
        change(Action.CREATE, post({}, account=X)),
    ]
    made = with_ids(plan(changes), publer(EVENTS, asked=asked))
    assert sorted(asked) == ["albums", "locations", "signatures"]
    ids = {"album": "11", "signature": "s-1", "location": "facebook-1"}
    found = {each.action: dict(each.post.ids) for each in made.changes if each.post is not None}
    assert (found[Action.RECREATE], found[Action.BLOCKED], found[Action.UNCHANGED]) == (ids, ids, {})
    assert [dict(each.post.ids) for each in made.changes if each.post].count(ids) == 4
    asked.clear()
    bare = plan([change(Action.CREATE, post({"album": "11223344", "location": "106039436102339"}))])
    assert with_ids(bare, publer(asked=asked)) is bare
    assert asked == []


@each_of(
    ("name", "albums", "code", "told", "help_"),
    [
        ("Event", (EVENTS, PARTIES), "name.unknown", '"Fjordlight" has no album called "Event"', 'Did you mean "Events"? It has'),
        ("Nothing", (), "name.unknown", '"Fjordlight" has no album called "Nothing"', "It has"),
        ("TWINS", TWINS, "name.ambiguous", '"Fjordlight" has 2 albums called "TWINS"', "Say which one"),
    ],
)  # fmt: skip
def test_a_name_that_nothing_or_too_much_has_is_an_error(
    name: str, albums: tuple[Named, ...], code: str, told: str, help_: str
) -> None:
    changes = [
        change(Action.CREATE, post({"album": name})),
        change(Action.CREATE, post({"album": name}, at=LATER)),
    ]
    with pytest.raises(CalendarError) as error:
        with_ids(plan(changes), publer(*albums))
    problems = error.value.problems
    assert {(each.code, each.message) for each in problems} == {(code, told)}
    first = problems[0].help
    assert first is not None
    assert first.say.startswith(help_)
    assert ("(none)" in first.paste) is (not albums)


def test_a_place_is_what_publers_search_lacks() -> None:
    there = publer()
    there.locations = lambda _provider, _words: ()
    with pytest.raises(CalendarError) as error:
        with_ids(plan([change(Action.CREATE, post({"location": "Atlantis"}))]), there)
    assert error.value.problems[0].message == 'Publer\'s search has no location called "Atlantis"'


@each_of("action", [Action.CREATE, Action.RECREATE, Action.BLOCKED])
def test_where_a_list_cannot_be_had_the_posts_that_need_it_are_blocked(action: Action) -> None:
    asked: list[str] = []
    more: dict[str, Any] = {"blocks": (Block.TWIN,)} if action is Action.BLOCKED else {}
    changes = [
        change(action, post({"album": "Events"}), **more),
        change(Action.CREATE, post({"signature": "footer"})),
    ]
    changes.append(change(Action.CREATE, post({"album": "Events"}, at=LATER)))
    made = with_ids(plan(changes), publer(EVENTS, refuses="albums", asked=asked))
    first, second, third = made.changes
    reason = 'its album "Events" can\'t be looked up: Publer answered 500'
    blocks: Any = getattr(first, "blocks", ())
    assert (first.action, blocks, first.reason) == (
        Action.BLOCKED,
        (Block.NAME, *more.get("blocks", ())),
        reason,
    )
    assert second.action is Action.CREATE
    assert third.blocks == (Block.NAME,)
    assert asked.count("albums") == 1, "also where that fails"


def test_places_are_searched_for_by_network_and_words() -> None:
    asked: list[str] = []
    lists = NameLists(publer(asked=asked), "w", [PAGE.id])
    location = FIELDS["location"]
    assert lists.of(PAGE, location, "") == ()
    assert lists.of(PAGE, location, "Oslo") == lists.of(PAGE, location, "Oslo")
    lists.of(PAGE, location, "Bergen")
    lists.of(replace(PAGE, provider="instagram"), location, "Oslo")
    assert asked == ["locations"] * 3
    assert lists.of(replace(PAGE, id="a-other"), FIELDS["album"], "") == ()


def test_a_line_names_what_is_certain_and_else_its_id() -> None:
    album = FIELDS["album"]
    odd = (Named("15", "1122334455"), Named("16", "two\nlines", "odd"))
    assert lines(album, [EVENTS, PARTIES, *TWINS, *odd]) == [
        "album: Events   # 12 photos",
        "album: Parties",
        'album: "13"     # Twins, old',
        'album: "14"     # twins, new',
        'album: "15"     # 1122334455',
        'album: "16"     # two ¶ lines, odd',
    ]
