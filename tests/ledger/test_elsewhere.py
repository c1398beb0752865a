"""What other calendars manage, hold, or may have sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.ledger.copies import End
from publer_sync.ledger.elsewhere import Elsewhere, clash, owner_of_new
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.relocating import marker_of
from publer_sync.ledger.state import dumps
from tests.builders import LATER, LINKEDIN, NOW, SOON, copy_of, ledger, sent, shown, wanted
from tests.tables import each_of

POST = wanted(SOON, "Hello https://example.com/a")
HELD = copy_of(POST, held=True).ending(End.REMOVED, NOW)
HOLD = Hold("a storm", NOW)


def elsewhere(*copies: Any, **state: Any) -> Elsewhere:
    return Elsewhere({"acme": ledger(*copies, **state)})


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
    found = Elsewhere.of({name: dumps(each).encode() for name, each in parts.items()}, "here")
    assert ([*found.states], found.unreadable) == (["acme"], {})


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
    assert owner_of_new(ours, ledger(), lambda: {"acme": ledger(theirs)}) == owner
    assert owner_of_new(ours, ours, lambda: {"acme": ledger(theirs)}) is None, "it waited for it before"
