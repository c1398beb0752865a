"""What other calendars manage, hold, or may have sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest import mock

from publer_sync.ledger.contact import Contact, Kind
from publer_sync.ledger.copies import End
from publer_sync.ledger.elsewhere import Elsewhere, LedgerPart, clash, looked_at, owner_of_new
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.relocating import marker_of
from publer_sync.ledger.state import KnownAccount, State, dumps
from publer_sync.values.errors import StateError
from tests.builders import LATER, LINKEDIN, NOW, SOON, X, copy_of, ledger, sent, shown, wanted
from tests.tables import each_of

POST = wanted(SOON, "Hello https://example.com/a")
HELD = copy_of(POST, held=True).ending(End.REMOVED, NOW)
HOLD = Hold("a storm", NOW)


def elsewhere(*copies: Any, **state: Any) -> Elsewhere:
    return Elsewhere.of({"acme": ledger(*copies, **state)})


@each_of(
    "copy",
    [copy_of(POST), copy_of(POST, lapsed=True), copy_of(POST).ending(End.PUBLISHED, NOW)],
)
def test_what_another_calendar_knows_by_its_id_is_its_own_wherever_it_is(copy: Any) -> None:
    theirs = elsewhere(copy)
    assert theirs.calendar_of(shown(LATER, "Other words", account=LINKEDIN)) == "acme"
    assert theirs.calendar_of(shown(None, "Other words")) == "acme"
    assert theirs.calendar_of(shown(SOON, POST.text, id="f-1")) is None


@each_of(
    ("post", "is_theirs"),
    [
        (shown(SOON, POST.text, id="f-1"), True),
        (shown(SOON, "Other words", id="f-1"), False),
        (shown(LATER, POST.text, id="f-1"), False),
        (shown(None, POST.text, id="f-1"), False),
        (shown(SOON, POST.text, id="f-1", account=LINKEDIN), False),
        (shown(SOON, POST.text, id="f-1", state="draft"), False),
    ],
)
def test_what_another_calendar_sent_and_has_not_found_is_claimed_by_minute_and_words(
    post: Any, is_theirs: bool
) -> None:
    assert elsewhere(sent(POST)).calendar_of(post) == ("acme" if is_theirs else None)
    assert elsewhere(sent(POST, lapsed=True)).calendar_of(post) == ("acme" if is_theirs else None)
    assert elsewhere(sent(POST).ending(End.NEVER_CAME, NOW)).calendar_of(post) is None


@each_of(
    ("post", "is_in_the_way"),
    [
        (POST, True),
        (wanted(SOON, "Other words"), False),
        (wanted(LATER, POST.text), False),
        (wanted(SOON, POST.text, account=LINKEDIN), False),
        (wanted(SOON, POST.text, draft=True), False),
    ],
)
def test_what_another_calendar_has_or_waits_for_is_in_the_way_of_the_same_post(
    post: Any, is_in_the_way: bool
) -> None:
    """As it is for the ledger, which refuses a part that has come to wait for it."""
    for copy in (copy_of(POST), sent(POST)):
        theirs = elsewhere(copy)
        assert theirs.in_the_way(post) == (("acme", copy) if is_in_the_way else None)
        owner = owner_of_new(ledger(sent(post)), None, mock.Mock(return_value=theirs))
        assert owner == ("acme" if is_in_the_way else None)
    assert elsewhere(copy_of(POST).ending(End.REMOVED, NOW)).in_the_way(POST) is None


def test_a_post_on_hold_has_its_minute_while_the_hold_lasts_unless_it_was_published() -> None:
    [(slot, (name, entry))] = elsewhere(HELD, holds=(HOLD,)).held.items()
    assert (slot, name, entry.copies) == (POST.slot, "acme", (HELD,))
    assert elsewhere(HELD).held == {}
    assert elsewhere(replace(HELD, held=False), holds=(HOLD,)).held == {}
    published = copy_of(wanted(LATER), 2, entry=1, post_id="p-2").ending(End.PUBLISHED, NOW)
    assert elsewhere(HELD, published, holds=(HOLD,)).held == {}


def test_what_stays_behind_where_a_part_was_is_no_part() -> None:
    """Else what the calendar manages at its new place would not be asked for."""
    part = ledger(copy_of(POST))
    parts = {"acme": part, "bank": marker_of(part, "bank", "git:states"), "gone": replace(part, ended=NOW)}
    found = Elsewhere.read({name: dumps(each).encode() for name, each in parts.items()}, "here")
    assert ([*found.states], found.unreadable) == (["acme"], {})
    assert found.markers == {"bank", "gone"}
    for known in (
        found,
        found.near([X.id], LISTED),
        found.near([], LISTED).adding({"deli": LedgerPart(part)}, {}),
    ):
        assert known.markers == {"bank", "gone"}, "what they manage is elsewhere, so they are asked"
        assert known.names == {*known.states, "bank", "gone"}
    damaged = Elsewhere.read({"cafe": b"{"}, "here")
    assert ([*damaged.markers], [*damaged.unreadable]) == ([], ["cafe"])


def test_copies_that_ended_are_known_too() -> None:
    both = (copy_of(POST), copy_of(wanted(LATER), 2, post_id="p-2").ending(End.PUBLISHED, NOW))
    assert elsewhere(*both).copies == both


@each_of(
    ("copy", "may"),
    [(HELD, True), (copy_of(POST), True), (copy_of(POST).ending(End.REMOVED, NOW), False)],
)
def test_what_is_on_hold_in_another_calendar_may_be_its_own_at_any_time(copy: Any, may: bool) -> None:
    assert elsewhere(copy).may_have(replace(POST, at=LATER, id=copy.id)) is may
    assert elsewhere(copy).may_have(POST), "its minute"


def test_a_minute_that_a_post_left_since_it_was_on_hold_is_free() -> None:
    """A hold of something else does not bring it back."""
    moved = copy_of(replace(POST, at=LATER), 2, post_id="p-2", entry=1)
    assert elsewhere(HELD, moved, holds=(HOLD,)).held == {}
    assert [*elsewhere(HELD, holds=(HOLD,)).held] == [POST.slot]


@each_of(
    ("post", "may"),
    [
        (replace(POST, id="hello"), True),
        (wanted(LATER, "Other", id="hello"), True),
        (wanted(LATER, "Other"), False),
        (wanted(LATER, POST.text), True),
        (wanted(LATER, POST.text, account=LINKEDIN), False),
        (wanted(LATER, "Other", id="hello", account=LINKEDIN), False),
    ],
)
def test_a_post_may_be_of_another_calendar_by_its_minute_its_id_or_its_words(post: Any, may: bool) -> None:
    for end in (None, End.PUBLISHED, End.MAYBE_PUBLISHED):
        copy = copy_of(replace(POST, id="hello"))
        assert elsewhere(copy.ending(end, NOW) if end else copy).may_have(post) is may


def test_posts_without_an_id_are_not_the_same_for_that() -> None:
    assert not elsewhere(copy_of(POST)).may_have(wanted(LATER, "Other"))


@each_of(
    ("ours", "theirs", "clashes"),
    [
        (copy_of(POST), copy_of(wanted(LATER), 7), True),
        (sent(POST), sent(POST, 7), True),
        (sent(POST), copy_of(POST, 7, post_id="p-7"), True),
        (copy_of(POST), sent(POST, 7), True),
        (copy_of(POST), copy_of(POST, 7, post_id="p-7"), False),
        (sent(POST), sent(wanted(LATER, POST.text), 7), False),
        (sent(POST), sent(wanted(SOON, "Other"), 7), False),
        (sent(POST), sent(wanted(SOON, POST.text, draft=True), 7), False),
        (sent(POST), sent(POST, 7).ending(End.NEVER_CAME, NOW), False),
        (sent(POST).ending(End.NEVER_CAME, NOW), sent(POST, 7), False),
    ],
)
def test_two_calendars_that_have_or_wait_for_one_post_clash_once_that_is_new(
    ours: Any, theirs: Any, clashes: bool
) -> None:
    for before in (None, ledger()):
        assert clash(ledger(ours), before, ledger(theirs)) is clashes
    assert not clash(ledger(ours), ledger(theirs), ledger(theirs)), "what both had before stays as it is"


@each_of(
    ("copy", "holds", "held"),
    [
        (HELD, (HOLD,), True),
        (HELD, (), False),
        (copy_of(POST, held=True).ending(End.PUBLISHED, NOW), (HOLD,), False),
        (copy_of(POST), (HOLD,), False),
    ],
)
def test_the_minute_of_what_another_calendar_has_on_hold_is_taken(
    copy: Any, holds: tuple[Hold, ...], held: bool
) -> None:
    assert (POST.slot in elsewhere(copy, holds=holds).held) is held


@each_of(
    ("theirs", "owner"),
    [
        (sent(POST, 7), "acme"),
        (copy_of(POST, 7, post_id="p-7"), "acme"),
        (sent(wanted(SOON, POST.text, draft=True), 7), None),
        (sent(wanted(SOON, "Other words"), 7), None),
        (sent(wanted(LATER, POST.text), 7), None),
        (sent(POST, 7).ending(End.NEVER_CAME, NOW), None),
    ],
)
def test_a_post_that_a_calendar_comes_to_wait_for_is_that_of_another_one_in_its_minute_with_its_words(
    theirs: Any, owner: str | None
) -> None:
    ours = ledger(sent(POST))
    assert owner_of_new(ours, ledger(), lambda: Elsewhere.of({"acme": ledger(theirs)})) == owner
    assert owner_of_new(ours, ours, lambda: Elsewhere.of({"acme": ledger(theirs)})) is None, (
        "it waited for it before"
    )


# --- what of it is near -----------------------------------------------------------------------------------------------

FAR = wanted(SOON, "Far away", account=LINKEDIN)
AWAY = "a-away"
LISTED = (X.id, LINKEDIN.id)


@each_of(
    ("theirs", "listed", "near"),
    [
        (ledger(copy_of(POST)), LISTED, True),
        (ledger(copy_of(POST).ending(End.PUBLISHED, NOW)), LISTED, True),
        (ledger(copy_of(FAR)), LISTED, False),
        (ledger(replace(copy_of(FAR), moved_to=X.id)), LISTED, True),
        (ledger(accounts={X.id: KnownAccount("twitter", "Fjordlight")}), LISTED, True),
        (ledger(accounts={LINKEDIN.id: KnownAccount("linkedin", "Fjordlight AS")}), LISTED, False),
        (ledger(accounts={AWAY: KnownAccount("twitter", "Fjordlight")}), LISTED, True),
        (ledger(replace(copy_of(FAR), account=AWAY)), LISTED, True),
        (ledger(accounts={AWAY: KnownAccount("twitter", "Fjordlight")}), (), False),
        (ledger(), LISTED, False),
    ],
)
def test_a_calendar_is_near_that_has_or_had_one_of_the_accounts_or_one_that_left_publer(
    theirs: State, listed: tuple[str, ...], near: bool
) -> None:
    """One that left may have been reconnected under another id."""
    found = Elsewhere.of({"acme": theirs}).near([X.id], listed)
    assert found.states == ({"acme": theirs} if near else {})
    assert [part.state for part in found.parts.values()] == [theirs]


def test_of_the_accounts_of_all_calendars_those_are_lost_that_publer_does_not_list() -> None:
    theirs = {
        "acme": ledger(replace(copy_of(POST), account=AWAY)),
        "bank": ledger(copy_of(FAR), accounts={"a-gone": KnownAccount("facebook", "Gone")}),
    }
    assert Elsewhere.of(theirs).near([X.id], LISTED).lost == {AWAY, "a-gone"}
    assert Elsewhere.of(theirs).near([X.id], ()).lost == frozenset()


def test_what_a_calendar_that_is_not_near_knows_by_its_id_is_its_own_on_every_account() -> None:
    """Somebody may have moved it in Publer."""
    parts = {"bank": ledger(copy_of(FAR, post_id="p-bank")), "acme": ledger(copy_of(FAR, post_id="p-far"))}
    theirs = Elsewhere.of(parts).near([X.id], LISTED)
    assert theirs.states == {}
    assert ({*theirs.ids}, theirs.owner_of("p-far"), theirs.owner_of("p-1")) == (
        {"p-bank", "p-far"},
        "acme",
        None,
    )
    assert theirs.calendar_of(shown(SOON, "Any words", id="p-far")) == "acme"


def test_of_two_that_know_a_post_it_is_the_one_that_was_asked_later() -> None:
    """A part that is beside this one may be of a calendar that is gone."""
    known = Elsewhere.of({"gone": ledger(copy_of(POST))}).adding(
        {"acme": LedgerPart(ledger(copy_of(POST)))}, {}
    )
    assert known.owner_of("p-1") == "acme"


def test_what_is_near_can_be_asked_for_once_more() -> None:
    """Of a calendar that was near, and of one that was not, after others were added; what can't be read stays so."""
    damaged = StateError("it is damaged")
    far, close = ledger(copy_of(FAR, post_id="p-far")), ledger(copy_of(POST))
    first = Elsewhere.of({"far": far}, {"cafe": damaged}).near([X.id], LISTED)
    added = first.adding({"close": LedgerPart(close)}, {"deli": damaged})
    assert ({*added.states}, {*added.parts}, {*added.unreadable}) == (
        {"close"},
        {"far", "close"},
        {"cafe", "deli"},
    )
    assert added.ids == {"p-far", "p-1"}
    again = added.near([LINKEDIN.id], LISTED)
    assert ({*again.states}, {*again.parts}, {*again.unreadable}) == (
        {"far"},
        {"far", "close"},
        {"cafe", "deli"},
    )
    assert {*added.adding({"more": LedgerPart(far)}, {}).states} == {"close", "more"}
    lost = Elsewhere.of({"far": ledger(replace(copy_of(FAR), account=AWAY))}).near([X.id], LISTED)
    assert lost.adding({"close": LedgerPart(close)}, {}).lost == {AWAY}


def test_a_new_post_of_a_calendar_that_is_not_near_is_its_own_too() -> None:
    theirs = Elsewhere.of({"acme": ledger(copy_of(FAR))}).near([X.id], LISTED)
    assert owner_of_new(ledger(copy_of(POST)), None, lambda: theirs) == "acme", "they know it by the same id"


def test_a_part_tells_what_is_asked_of_its_state() -> None:
    ended = copy_of(FAR, 2, entry=2, post_id="p-2").ending(End.PUBLISHED, NOW)
    moved = replace(copy_of(FAR, 3, entry=3, post_id="p-3"), account="a-before", moved_to="a-other")
    part = LedgerPart(
        ledger(copy_of(POST), ended, moved, accounts={"a-known": KnownAccount("twitter", "Known")})
    )
    assert part.accounts == {"a-known", X.id, LINKEDIN.id, "a-before", "a-other"}
    assert part.ids == {"p-1", "p-2", "p-3"}
    assert [copy.post_id for copy in part.open] == ["p-1", "p-3"]
    adopted = replace(copy_of(POST), adopted=True)
    assert [LedgerPart(ledger(copy)).wrote for copy in (adopted, replace(adopted, adopted=False))] == [
        False,
        True,
    ]
    assert LedgerPart(ledger(adopted, contact=Contact(backup="kept"))).wrote
    assert LedgerPart(ledger(contact=Contact((Kind.DELETE,)))).seen == {Kind.DELETE}


def test_a_state_that_others_look_at_is_parsed_once_and_changed_by_nobody() -> None:
    document = dumps(ledger(copy_of(POST), accounts={X.id: KnownAccount("twitter", "Fjordlight")})).encode()
    looked = looked_at(document, "here (calendar acme)")
    [(_, part)] = Elsewhere.read({"acme": document}, "here").parts.items()
    [(_, again)] = Elsewhere.read({"acme": document}, "here").parts.items()
    assert part is again
    assert looked is part
    assert part.ids == {"p-1"}
