"""What a plan warns of, word for word, with one post and with several."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.contact import Contact, Kind
from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.elsewhere import Elsewhere
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import KnownAccount
from publer_sync.planning.contact import KnownContact, remedy
from publer_sync.planning.contact import warnings as contact_warnings
from publer_sync.planning.dates import changed_series, moved_dates
from publer_sync.planning.plan import Action, Blocked, FieldChange
from publer_sync.planning.remarks import cut_off
from publer_sync.planning.signing import kept_rules
from publer_sync.values.counted import Counted
from publer_sync.values.model import MINUTE, SettingsHold
from publer_sync.values.problems import Location
from tests.builders import (
    DAY,
    EARLIER,
    HOUR,
    LATER,
    LINKEDIN,
    NOW,
    SOON,
    X,
    change,
    copy_of,
    differs,
    ledger,
    plan,
    planned,
    shown,
    wanted,
)
from tests.values.test_signoff import KARI, signoff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.planning.notes import Warn
    from publer_sync.planning.plan import Plan
    from publer_sync.values.model import Account, LivePost, Post
    from publer_sync.values.policies import SignoffRule

MANY = (1, 2, 10, 11)
LAUNCH = Counted("launch - 7d 09:00", "launch", "2026-12-04", Location("publer.yaml", 7))
HOLD = Hold("a storm", NOW - HOUR)
IN_SETTINGS = SettingsHold("a strike", location=Location("publer.yaml", 4))


def _posts(number: int, **more: Any) -> list[Post]:
    return [wanted(SOON + n * MINUTE, f"Post {n}", id=f"p{n}", line=n + 1, **more) for n in range(number)]


def _copies(posts: Iterable[Post], **more: Any) -> list[Copy]:
    return [copy_of(post, n + 1, post_id=f"p-{n + 1}", **more) for n, post in enumerate(posts)]


def _live(posts: Iterable[Post], **more: Any) -> list[LivePost]:
    return [
        shown(post.at, post.text, account=post.account, id=f"p-{n + 1}", **more)
        for n, post in enumerate(posts)
    ]


def _lists() -> Iterator[tuple[str, Plan]]:
    for number in (1, 3, 4):
        rows = [replace(shown(SOON, "", id=f"r-{n}"), unread="its time is none") for n in range(number)]
        yield f"{number} unread", planned(unread=rows, state=ledger())
    rows = [
        replace(shown(SOON, "", id=""), unread="its time is none"),
        replace(shown(SOON, "", id="r-2"), unread="its account is none"),
    ]
    yield "unread for two reasons, one without an id", planned(unread=rows, state=ledger())
    yield "an incomplete list", planned(short=3, state=ledger())
    for number in (1, 2):
        yield (
            f"{number} past on the first run",
            planned([replace(each, at=EARLIER) for each in _posts(number)]),
        )


def _changed_by_publer() -> Iterator[tuple[str, Plan]]:
    for number in (1, 2):
        posts = [
            replace(each, content=replace(each.content, text=f"#lamp {n}"))
            for n, each in enumerate(_posts(number))
        ]
        live = [replace(each, text=each.text.replace("#lamp", "hashtag lamp")) for each in _live(posts)]
        copies = [
            replace(copy, seen=Seen.of(there)) for copy, there in zip(_copies(posts), live, strict=True)
        ]
        yield f"{number} in other words", planned(posts, live, ledger(*copies))
        posts = _posts(number, labels=["tips"], link={"url": "https://a.example"}, media=[{"file": "a"}])
        for what, more in (
            ("labels", {"labels": ("other",)}),
            ("no labels", {"labels": ()}),
            ("the same labels", {"labels": ("tips",)}),
            ("link", {"link": "https://b.example"}),
            ("media", {"media": 2}),
            ("media of a link", {"media": 2, "type": "link"}),
        ):
            live = _live(posts, **more)
            copies = [
                replace(copy, seen=Seen.of(there)) for copy, there in zip(_copies(posts), live, strict=True)
            ]
            yield f"{number} with other {what}", planned(posts, live, ledger(*copies))
        posts = [
            replace(each, content=replace(each.content, text=f"See https://a.example/{n}"))
            for n, each in enumerate(_posts(number))
        ]
        live = [replace(each, text=f"See https://sho.rt/{n}") for n, each in enumerate(_live(posts))]
        copies = [
            replace(copy, seen=Seen.of(there)) for copy, there in zip(_copies(posts), live, strict=True)
        ]
        yield f"{number} with other links in the words", planned(posts, live, ledger(*copies))
    for number in (1, 2):
        old = [wanted(NOW - (n + 1) * DAY, f"Old {n}", id=f"old-{n}") for n in range(number)]
        out = [each.ending(End.PUBLISHED, NOW) for each in _copies(old)]
        late = [replace(each, account=LINKEDIN) for each in old]
        yield (
            f"{number} too old for an account that is new",
            planned([*old, *late], [], ledger(*out, joined=frozenset({LINKEDIN.id}), last_good_apply=NOW)),
        )
    post, there = wanted(SOON, "Hello", title="News"), shown(SOON, "Hello", title="Olds")
    left = copy_of(wanted(SOON), seen=Seen(SOON, "Goodbye"))
    yield "an edit that was left", planned([wanted(SOON)], [shown(SOON, "Goodbye")], ledger(left))
    yield "an edit", planned([post], [there], ledger(copy_of(post)))
    for how in ("refused", "late", "scheduled"):
        yield f"turned up: {how}", planned([post], [shown(SOON)], ledger(copy_of(post, turned_up=how)))
    yield "turned up, left the calendar", planned([], [shown(SOON)], ledger(copy_of(post, turned_up="late")))
    lapsed = copy_of(post, post_id=None, seen=None, lapsed=True, requested_at=NOW - DAY)
    for name, other in (("may be managed", shown(SOON, "Else")), ("at another time", shown(LATER, "Else"))):
        yield name, planned([], [other], ledger(lapsed))
    yield (
        "may be managed, past",
        planned([], [shown(NOW - MINUTE, "Else")], ledger(replace(lapsed, slot=NOW - MINUTE))),
    )


def _on_hold() -> Iterator[tuple[str, Plan]]:
    for number in MANY[:2]:
        posts = _posts(number)
        yield f"a hold of {number}", planned(posts, [], ledger(holds=(HOLD,)))
        there = ledger(*_copies(posts), holds=(HOLD,))
        yield f"a hold of {number} in Publer", planned(posts, _live(posts), there)
        yield f"a hold of {number} in the settings", planned(posts, [], ledger(), hold=IN_SETTINGS)
        yield (
            f"a hold of {number} in both",
            planned(posts, _live(posts[:1]), ledger(*_copies(posts[:1]), holds=(HOLD,)), hold=IN_SETTINGS),
        )
    labelled = replace(HOLD, labels=("sale",))
    for number in MANY:
        posts = _posts(number)
        live = _live(posts)
        yield f"{number} made during a hold", planned([], live, ledger(holds=(HOLD,)))
        yield (
            f"{number} adopted without labels",
            planned(posts, live, ledger(*_copies(posts, adopted=True), holds=(labelled,))),
        )
    [post] = _posts(1)
    yield "one that is adopted beside a label", planned([post], _live([post]), ledger(holds=(labelled,)))
    for letters in (50, 51):
        post = wanted(SOON, "x" * letters)
        out = replace(copy_of(post), held=True, removing_at=NOW - HOUR).ending(End.REMOVED, NOW - HOUR)
        yield (
            f"one of {letters} letters taken out, which waits since",
            planned([], [], ledger(out, holds=(HOLD,)), waiting=[post]),
        )
    made = [
        shown(SOON, "One that repeats", state="recurring"),
        shown(LATER, "On an account that left" * 9, account=replace(X, id="a-old"), id="p-2"),
        shown(LATER, "A draft", state="draft", id="p-3"),
    ]
    accounts = {"a-old": KnownAccount("twitter", "Before")}
    yield "repeating ones made during a hold", planned([], made, ledger(holds=(HOLD,), accounts=accounts))
    [post] = _posts(1)
    for edits in ("ask", "keep"):
        for name, desired in (("an edit", [post]), ("an edit of one that left", [])):
            yield (
                f"{name} on hold, edits: {edits}",
                planned(desired, [shown(SOON, "Edited")], ledger(copy_of(post), holds=(HOLD,)), edits=edits),
            )


def _contact() -> Iterator[tuple[str, list[str]]]:
    post = wanted(SOON, "Hello", id="hello", title="News")
    long = "Words that go on for more than the forty letters that are named"
    accounts = {X.id: X}

    def told(
        state: State, live: Iterable[LivePost] = (), more: Plan | None = None, **others: State
    ) -> list[str]:
        by_id = {each.id: each for each in live}
        known = KnownContact.of(state, Elsewhere.of(others).parts, by_id, accounts)
        found = more or planned([post], by_id.values(), state)
        return [
            *_lines(contact_warnings(found, known, 2.0)),
            *(remedy(known.doubts, "publer-sync apply") if known.doubts else "").split("\n"),
        ]

    yield "first post", told(ledger())
    yield (
        "first draft and removal",
        told(
            ledger(copy_of(wanted(LATER, "Old"), adopted=True)),
            more=plan(
                [
                    change(Action.CREATE, replace(post, content=replace(post.content, draft=True))),
                    change(Action.DELETE, None, live=shown(LATER, "Old")),
                ]
            ),
        ),
    )
    for action in (Action.UPDATE, Action.REPLACE, Action.RECREATE, Action.ADOPT, Action.DELETE):
        yield (
            f"first {action}",
            told(ledger(), more=plan([change(action, None if action is Action.DELETE else post)])),
        )
    yield (
        "first adopted draft",
        told(
            ledger(),
            more=plan([change(Action.ADOPT, replace(post, content=replace(post.content, draft=True)))]),
        ),
    )
    for kind in Kind:
        doubted = ledger(copy_of(post), contact=Contact(doubts={kind: 1}))
        yield f"doubt of a {kind}", told(doubted, [shown(SOON, "Hullo", title="Olds")])
        yield f"doubt of a {kind}, not listed", told(doubted)
        yield (
            f"doubt of a {kind}, allowed",
            told(
                replace(
                    doubted, contact=replace(doubted.contact, allowed=("text/twitter", "listed/twitter"))
                ),
                [shown(SOON, "Hullo")],
            ),
        )
    nameless = replace(post, id=None, content=replace(post.content, text=long))
    yield (
        "doubt of one with many words",
        told(
            ledger(copy_of(nameless), contact=Contact(doubts={Kind.CREATE: 1})),
            [shown(SOON, "Line\nline" * 60)],
        ),
    )
    yield (
        "doubt of one with forty letters",
        told(
            ledger(
                copy_of(replace(nameless, content=replace(post.content, text=long[:40]))),
                contact=Contact(doubts={Kind.CREATE: 1}),
            ),
        ),
    )
    doubted = ledger(copy_of(post), contact=Contact(doubts={Kind.CREATE: 1}))
    gone = plan([change(Action.DELETE, None, live=shown(SOON, "Hullo"), copy=copy_of(post))])
    yield "doubt of one that left the calendar", told(doubted, [shown(SOON, "Hullo")], gone)
    ended = copy_of(post).ending(End.REMOVED, NOW)
    yield "doubt that has ended", told(ledger(ended, contact=Contact(doubts={Kind.CREATE: 1})))
    for seen in ("Hullo", "Hello"):
        other = ledger(copy_of(post, seen=Seen(SOON, seen)), contact=Contact(doubts={Kind.CREATE: 1}))
        yield f"doubt of another calendar, where Publer shows {seen}", told(ledger(), [], acme=other)
    left = copy_of(replace(post, account=replace(X, id="a-old")))
    yield (
        "doubt on an account that left",
        told(
            ledger(
                left,
                contact=Contact(doubts={Kind.CREATE: 1}, allowed=("listed/linkedin",)),
                accounts={"a-old": KnownAccount("linkedin", "Before")},
            ),
        ),
    )


def _moved(at: int, account: Account = X, counted: Counted = LAUNCH) -> Any:
    post = replace(
        wanted(LATER + at * MINUTE, f"Post {at}", id=f"n{at}", account=account, line=at), counted=counted
    )
    return change(
        Action.REPLACE,
        post,
        live=shown(SOON),
        copy=copy_of(wanted(SOON), counts_from=("launch", "2026-12-03")),
        diff=(FieldChange("scheduled_at", "before", "after"),),
    )


def _of_series(action: Action, day: str, **more: Any) -> Any:
    return change(action, replace(wanted(LATER, id=f"tips@{day}"), bounds=(LAUNCH,)), **more)


def _dates() -> Iterator[tuple[str, list[str]]]:
    for name, changes in {
        "1 post": [_moved(1)],
        "2 posts": [_moved(1), _moved(2)],
        "1 post on 2 accounts": [_moved(1), _moved(1, LINKEDIN)],
        "2 posts, two lines": [
            _moved(1),
            _moved(2, counted=replace(LAUNCH, name="launch", date="2026-12-05")),
        ],
    }.items():
        yield f"a date moves {name}", [*_lines(moved_dates(changes, "Europe/Oslo"))]
    there, old = _of_series(Action.UNCHANGED, "12-01"), copy_of(wanted(SOON, id="tips@12-09"))
    left = change(Action.DELETE, None, live=shown(SOON), copy=old)
    other = change(Action.DELETE, None, live=shown(SOON), copy=copy_of(wanted(SOON, id="other@12-09")))
    for name, changes in {
        "gets one": [there, _of_series(Action.CREATE, "12-02")],
        "gets two": [there, _of_series(Action.CREATE, "12-02"), _of_series(Action.CREATE, "12-03")],
        "loses one": [there, left],
        "loses one that came for another": [_of_series(Action.REPLACE, "12-02", copy=old, live=shown(SOON))],
        "gets one that had no id": [
            _of_series(Action.REPLACE, "12-02", copy=copy_of(wanted(SOON)), live=shown(SOON))
        ],
        "gets one again": [
            there,
            _of_series(Action.CREATE, "12-02", copy=copy_of(wanted(SOON, id="tips@12-02"))),
        ],
        "has one past": [there, _of_series(Action.PAST, "11-02")],
        "gets one too late": [there, _of_series(Action.PAST, "11-02", let_in="date")],
        "is not the one that loses": [there, other],
        "keeps what it has": [there, change(Action.UNCHANGED, wanted(SOON, id="tips@12-09"))],
    }.items():
        yield f"a series {name}", [*_lines(changed_series(changes, "Europe/Oslo"))]


def _signoff() -> Iterator[tuple[str, Plan]]:
    for number in (1, 3, 4):
        posts = _posts(number)
        yield (
            f"{number} not signed off",
            planned(posts, _live(posts), ledger(*_copies(posts)), signoff=signoff()),
        )
    [post] = _posts(1)
    before: dict[str, SignoffRule] = {
        "the same": KARI,
        "all of two": replace(KARI, by=("kari", "ann"), all=True),
        "one of two": replace(KARI, by=("kari", "ann")),
        "another": replace(KARI, by=("ann",)),
        "on an account": replace(KARI, by=("kari",), accounts=("x",)),
        "on an account, with a label": replace(KARI, by=("kari",), accounts=("x",), labels=("sale", "tips")),
        "to any day": replace(KARI, day=False),
    }
    for was, old in before.items():
        for now, new in before.items():
            state = ledger(copy_of(post), signoff=kept_rules([old], [X, LINKEDIN]))
            yield f"sign-off was {was}, is {now}", planned([post], _live([post]), state, signoff=signoff(new))


def _cut() -> Iterator[tuple[str, list[str]]]:
    for before, after in (
        ("Lamps for winter", "Lamps for win"),
        ("Lamps for winter", "Lamps for"),
        ("Lamps", "Lamp"),
        ("Lamps for winter nights", "Lamps for winter nig"),
        ("Lamps for winter nights", "Lamps for wint"),
        ("Lamps for 2027 and on", "Lamps for 20"),
        ("Lamps for winter", "Lamps for winters"),
    ):
        item = FieldChange("text", before, after)
        edit = change(Action.UPDATE, wanted(SOON, after), diff=(item,))
        yield f"{before} > {after}", [*_lines(cut_off(plan([edit, edit])))]
    thread = differs("thread", [{"text": "Part two goes on"}], [{"text": "Part two go"}])
    yield "a thread", [*_lines(cut_off(plan([change(Action.REPLACE, wanted(SOON), diff=(thread,))])))]
    yield "of one that left", [*_lines(cut_off(plan([change(Action.DELETE, None, live=shown(SOON))])))]


def _lines(warnings: Iterable[Warn]) -> Iterator[str]:
    for warning in warnings:
        place = f"{warning.location.file}:{warning.location.line} " if warning.location else ""
        yield f"{place}{warning.code}: {warning.message}{' > ' + warning.command if warning.command else ''}"


def _blocked(found: Plan) -> Iterator[str]:
    for each in found.changes:
        if isinstance(each, Blocked) and each.asked is not None:
            yield f"{each.id}: {each.reason}"


def _section(cases: Iterable[tuple[str, Plan | list[str]]]) -> Iterator[str]:
    for name, found in cases:
        lines = found if isinstance(found, list) else [*_lines(found.warnings), *_blocked(found)]
        yield from (f"{name} | {line}" for line in filter(None, lines or ["nothing"]))


SECTIONS: dict[str, Callable[[], Iterator[tuple[str, Any]]]] = {
    "the list": _lists,
    "changed by Publer": _changed_by_publer,
    "on hold": _on_hold,
    "first contact": _contact,
    "dates with names": _dates,
    "sign-off": _signoff,
    "words that are cut off": _cut,
}


def section(heading: str) -> Iterator[str]:
    return _section(SECTIONS[heading]())
