"""A calendar that left the repository: what of it is still to come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.ledger.copies import End, Seen
from publer_sync.ledger.hold import Hold
from publer_sync.planning.gone import GoneCalendar
from tests.builders import LATER, LINKEDIN, NOW, SOON, copy_of, ledger, wanted
from tests.tables import each_of

OURS = copy_of(wanted(SOON, id="one"))
HELD = replace(OURS, held=True).ending(End.REMOVED, NOW)
HOLD = Hold("a storm", NOW)


def gone(*copies: Any, **state: Any) -> tuple[int, int]:
    found = GoneCalendar.of("client", ledger(*copies, **state), "git:state", NOW, leaving=False)
    assert bool(found) is bool(found.ahead or found.on_hold)
    return found.ahead, found.on_hold


@each_of(
    ("more", "ahead"),
    [
        ({}, 1),
        ({"end": End.GONE}, 0),
        ({"removing_at": NOW}, 0),
        ({"seen": Seen(SOON, "Hello", draft=True)}, 0),
        ({"slot": NOW, "seen": None}, 0),
    ],
)
def test_what_publer_will_publish_is_ahead(more: dict[str, Any], ahead: int) -> None:
    assert gone(replace(OURS, **more)) == (ahead, 0)


def test_a_post_on_several_accounts_counts_once_and_another_minute_as_another() -> None:
    both = [OURS, copy_of(wanted(SOON, id="one", account=LINKEDIN), 2, post_id="p-2")]
    assert gone(*both) == (1, 0)
    assert gone(*both, copy_of(wanted(LATER, id="one"), 3, post_id="p-3")) == (2, 0)


def test_posts_without_ids_are_told_apart_by_their_words() -> None:
    first, other = copy_of(wanted(SOON, "Hello")), copy_of(wanted(SOON, "Goodbye"), 2, post_id="p-2")
    assert gone(first, other) == (2, 0)


@each_of(
    ("copy", "on_hold"),
    [
        (HELD, 1),
        (replace(HELD, held=False), 0),
        (replace(HELD, end=End.GONE), 0),
        (replace(HELD, slot=NOW), 0),
    ],
)
def test_what_a_hold_took_out_counts_while_there_is_a_hold(copy: Any, on_hold: int) -> None:
    assert gone(copy, holds=(HOLD,)) == (0, on_hold)
    assert gone(copy) == (0, 0)


def test_a_post_on_hold_that_was_published_before_is_not_still_to_come() -> None:
    out = OURS.ending(End.PUBLISHED, NOW)
    assert gone(out, replace(HELD, key=2, entry=1), holds=(HOLD,)) == (0, 0)


def test_a_post_on_several_accounts_is_one_by_its_id_whatever_it_says_there() -> None:
    assert gone(OURS, copy_of(wanted(SOON, "Hallo", id="one", account=LINKEDIN), 2, post_id="p-2")) == (1, 0)


def test_its_place_is_told_as_settings_can_name_it() -> None:
    for setting, place in (("", "git:state"), ("git:other", "git:other")):
        found = GoneCalendar.of("client", ledger(), "git:state", NOW, leaving=False, setting=setting)
        assert (found.place, found.setting) == ("git:state", place)
