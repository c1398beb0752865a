"""What the first post of its kind does not have as it was sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.contact import Contact, Kind
from publer_sync.ledger.copies import Seen
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.planning.contact import (
    LISTED,
    NOTHING_KNOWN,
    KnownContact,
    both_sides,
    doubts_of,
    not_kept,
    remedy,
    warnings,
)
from publer_sync.planning.plan import Action, FieldChange
from tests.applying.runs import doubt
from tests.builders import (
    LATER,
    LINKEDIN,
    NOW,
    SECOND,
    SOON,
    X,
    change,
    copy_of,
    ledger,
    plan,
    shown,
    wanted,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Account, LivePost

TITLED = copy_of(wanted(SOON, title="News"))
DRAFT = copy_of(wanted(SOON, draft=True))
OUT = shown(SOON, state="published")


@each_of(
    ("copy", "live", "fields"),
    [
        (TITLED, shown(SOON, title="News"), []),
        (TITLED, shown(SOON + SECOND), []),
        (TITLED, shown(SOON, labels=("other",), link="https://a.example", media=3), []),
        (TITLED, replace(OUT, at=SOON + 600 * SECOND), []),
        (TITLED, OUT, []),
        (TITLED, replace(OUT, at=None), ["time", "state"]),
        (copy_of(wanted(SOON)), shown(SOON, title="One of its own"), []),
        (DRAFT, shown(SOON, state="draft"), []),
        (TITLED, shown(SOON, account=LINKEDIN), ["account"]),
        (TITLED, shown(NOW), ["time"]),
        (TITLED, shown(None), ["time"]),
        (TITLED, shown(SOON + 60 * SECOND), ["time"]),
        (TITLED, replace(OUT, at=SOON - 60 * SECOND), ["time", "state"]),
        (TITLED, shown(SOON, state="draft"), ["state"]),
        (TITLED, shown(SOON, state="scheduled_declined"), ["state"]),
        (DRAFT, shown(SOON), ["state"]),
        (DRAFT, OUT, ["state"]),
        (TITLED, shown(SOON, "Hullo"), ["text"]),
        (TITLED, shown(SOON, title="Olds"), ["title"]),
    ],
)
def test_what_publer_did_not_keep_is_named_field_by_field(
    copy: Copy, live: LivePost, fields: list[str]
) -> None:
    assert [item.field for item in not_kept(X, copy, live)] == fields


def test_a_time_that_publer_did_not_keep_is_told_as_it_was_sent_and_as_it_is() -> None:
    for live, now in ((shown(NOW), "2026-11-24 13:20 UTC"), (shown(None), "no time")):
        [item] = not_kept(X, TITLED, live)
        assert (item.before, item.after) == ("2026-11-24 16:20 UTC", now)


def test_the_way_out_of_a_doubt_names_the_calendar_of_another_one_alone() -> None:
    told = remedy([doubt()], "publer-sync apply calendar")
    assert "is in the calendar" not in told
    assert "publer-sync apply calendar --allow-rewritten" in told
    assert " The post is in the calendar clients/acme." in remedy([doubt(calendar="clients/acme")], "apply")


@each_of(
    ("live", "fields"),
    [(None, [LISTED]), (shown(SOON, "Hullo"), ["text"]), (shown(SOON), [])],
)
def test_a_first_post_that_is_not_listed_any_more_is_in_doubt_as_one_that_says_something_else_is(
    live: LivePost | None, fields: list[str]
) -> None:
    state = ledger(copy_of(wanted(SOON)), contact=Contact(doubts={Kind.CREATE: 1}))
    listed = {live.id: live} if live is not None else {}
    doubts = [*doubts_of(state, "", listed, {X.id: X}, ())]
    assert [item.field for doubt in doubts for item in doubt.differs] == fields


@each_of(
    ("calendar", "seen", "accounts", "fields"),
    [
        ("", "Hullo", (X,), [LISTED]),
        ("acme", "Hullo", (X,), ["text"]),
        ("acme", "Hello", (X,), [LISTED]),
        ("acme", None, (X,), [LISTED]),
        ("acme", "Hullo", (), ["text"]),
    ],
)
def test_of_another_calendars_first_post_the_ledger_tells_what_was_seen(
    calendar: str, seen: str | None, accounts: tuple[Account, ...], fields: list[str]
) -> None:
    last = Seen(SOON, seen) if seen is not None else None
    state = ledger(copy_of(wanted(SOON), seen=last), contact=Contact(doubts={Kind.CREATE: 1}))
    listed = {} if accounts else {"p-1": shown(SOON)}
    doubts = [*doubts_of(state, calendar, listed, {each.id: each for each in accounts}, ())]
    assert [item.field for doubt in doubts for item in doubt.differs] == fields


def test_a_doubt_about_what_the_ledger_does_not_have_any_more_is_none() -> None:
    state = ledger(contact=Contact(doubts={Kind.CREATE: 1}))
    assert not [*doubts_of(state, "", {}, {X.id: X}, ())]


OURS = copy_of(wanted(SOON))


@each_of(
    ("state", "others", "verified", "wrote"),
    [
        (None, {}, set(), False),
        (ledger(), {}, set(), False),
        (ledger(OURS), {}, {Kind.CREATE}, True),
        (ledger(replace(OURS, adopted=True)), {}, {Kind.CREATE}, False),
        (ledger(contact=Contact(backup="before.json")), {}, set(), True),
        (None, {"acme": ledger(DRAFT)}, {Kind.DRAFT}, True),
    ],
)
def test_what_any_calendar_wrote_is_known_to_all(
    state: State | None, others: dict[str, State], verified: set[Kind], wrote: bool
) -> None:
    known = KnownContact.of(state, Elsewhere.of(others).parts, {}, {X.id: X})
    assert ({*known.verified}, known.wrote) == (verified, wrote)


@each_of(
    "contact",
    [
        Contact(replaces=("twitter",)),
        Contact(allowed=("text/twitter",)),
        Contact(doubts={str(Kind.CREATE): 1}),
    ],
)
def test_what_publer_kept_otherwise_for_any_calendar_is_known_to_all(contact: Contact) -> None:
    others = {"acme": ledger(TITLED, contact=contact), "bank": ledger()}
    known = KnownContact.of(ledger(), Elsewhere.of(others).parts, {}, {X.id: X})
    found = (known.replaces, known.allowed, [str(each.kind) for each in known.doubts])
    assert found == (frozenset(contact.replaces), frozenset(contact.allowed), [*contact.doubts])


NEW, NEW_DRAFT = change(Action.CREATE, wanted(SOON)), change(Action.CREATE, wanted(SOON, draft=True))
EDIT, REMOVAL = change(Action.UPDATE, wanted(SOON)), change(Action.DELETE, None, live=shown(SOON))
MADE = change(Action.REPLACE, wanted(SOON), successor=copy_of(wanted(SOON), 2))


@each_of(
    ("changes", "first"),
    [
        ([NEW], "this is the first post through this key: it is sent alone, to see that Publer keeps it as sent; that takes about 10 s more"),
        ([NEW_DRAFT], "this is the first draft through this key: it is sent alone, to see that Publer keeps it as sent; that takes about 10 s more"),
        ([REMOVAL], "this is the first removal through this key: it is sent alone, to see that Publer removes that one alone; that takes about 6 s more"),
        ([MADE], "this is the first removal through this key: it is sent alone, to see that Publer removes that one alone; that takes about 6 s more"),
        ([change(Action.REPLACE, wanted(SOON))], "this is the first post and removal through this key: one of each is sent alone, to see that Publer keeps it as sent; that takes about 15 s more"),
        ([change(Action.REPLACE, wanted(SOON, draft=True))], "this is the first draft and removal through this key: one of each is sent alone, to see that Publer keeps it as sent; that takes about 15 s more"),
        ([NEW, NEW_DRAFT, EDIT], "this is the first post, draft and edit through this key: one of each is sent alone, to see that Publer keeps it as sent; that takes about 23 s more"),
        ([NEW, change(Action.ADOPT, wanted(LATER))], ""),
        ([NEW_DRAFT, change(Action.ADOPT, wanted(LATER, draft=True))], ""),
        ([NEW_DRAFT, change(Action.ADOPT, wanted(LATER))], "this is the first draft through this key: it is sent alone, to see that Publer keeps it as sent; that takes about 10 s more"),
    ],
)  # fmt: skip
def test_a_plan_says_what_is_the_first_of_its_kind(changes: list[Any], first: str) -> None:
    told = [each.message for each in warnings(plan(changes), NOTHING_KNOWN, 2.0)]
    assert told == [first] * bool(first)


def test_a_plan_says_what_publer_did_not_keep_and_not_that_it_is_the_first() -> None:
    known = replace(NOTHING_KNOWN, doubts=(doubt(), doubt(Kind.DELETE, "acme", 7)))
    edited = change(Action.UPDATE, wanted(SOON, line=12), copy=OURS)
    elsewhere = change(Action.UPDATE, wanted(LATER, line=20), copy=copy_of(wanted(LATER), 7))
    first, second, third = warnings(plan([edited, elsewhere, NEW]), known, 2.0)
    assert first.message == (
        'Publer does not have the text of the first post through this key, "Hello", as sent; apply writes no other post '
        "until it does, until it is removed, or until you accept it with --allow-rewritten"
    )
    assert (first.location, second.location) == (wanted(SOON, line=12).location, None)
    assert second.message == (
        'Publer still lists the post "Hello" (calendar "acme"), which was the first one removed through this key; apply '
        "removes nothing else until it is gone, or until you accept it with --allow-rewritten"
    )
    assert third.message.startswith("this is the first edit through this key: it is sent alone")


def test_several_doubts_are_told_one_by_one_with_both_sides_cut_short() -> None:
    long = replace(doubt(), differs=(FieldChange("text", "a" * 300, "b" * 301), FieldChange(LISTED, "", "")))
    assert [*both_sides(long)] == [f'text: sent "{"a" * 300}", Publer has "{"b" * 299}…"']
    told = remedy([doubt(), doubt(Kind.DELETE)], "publer-sync apply calendar").splitlines()
    assert told[:2] == [
        'text: sent "a", Publer has "b"',
        'Publer still lists the post "Hello", which was the first one removed through this key',
    ]
    assert told[3].startswith("Delete it in Publer, and run apply again. If it is right as it is: ")
    assert remedy([doubt()], "x").splitlines()[1].startswith("Correct it in Publer, or remove it from ")
