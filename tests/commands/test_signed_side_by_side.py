"""A ledger with a key: what apply shows before it takes over a state that is not signed, and what a hold without the key does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.hold import Hold
from tests.commands.side_by_side import SideBySide
from tests.system.worlds import DAY, HOUR, T, Want

if TYPE_CHECKING:
    from tests.system.worlds import World

KEY = "0123456789abcdef0123456789abcdef"


def test_a_state_that_nobody_signed_is_shown_before_it_is_trusted(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world, holds=(Hold("Storm", T - 40 * DAY),))
    ran = pair.run("apply", "acme", "--yes", PUBLER_SYNC_STATE_KEY=KEY)
    assert (ran.code, "is not signed, and PUBLER_SYNC_STATE_KEY is set" in ran.stderr) == (1, True), ran
    ran = pair.run("apply", "acme", "--trust-state", answer="no", PUBLER_SYNC_STATE_KEY=KEY)
    assert (ran.code, pair.world.writes()) == (1, []), ran
    for told in (
        "It would manage 1 post in Publer, which apply may then edit or remove:\n",
        '  x  "One"\n',
        "It has posts on hold, which apply takes out of Publer: Storm\n",
        "Trust this state?",
    ):
        assert told in ran.stderr
    ran = pair.run("apply", "acme", "--trust-state", "--yes", PUBLER_SYNC_STATE_KEY=KEY)
    assert (ran.code, "Trust this state?" in ran.stderr, pair.texts()) == (0, False, ["Two"]), ran


def test_twenty_posts_of_a_state_that_nobody_signed_are_enough_to_judge_it(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world)
    apply = ("apply", "acme", "--trust-state")
    pair.applied("acme", *(Want(f"w{n}", "x", T + DAY + n * HOUR, f"Words {n}") for n in range(21)))
    for words, last in ((), "  and 1 more; -v lists them all\n"), (("-v",), '  x  "Words 20"\n'):
        ran = pair.run(*apply, *words, answer="no", PUBLER_SYNC_STATE_KEY=KEY)
        assert (ran.code, f"{last}\nTrust this state?" in ran.stderr) == (1, True), ran
    pair.applied("acme")
    ran = pair.run(*apply, answer="no", PUBLER_SYNC_STATE_KEY=KEY)
    assert "\nIt would manage no posts that Publer has ahead.\nTrust this state?" in ran.stderr, ran


@pytest.mark.story
def test_who_has_no_key_can_hold_and_not_release(empty_world: World) -> None:
    pair = SideBySide.in_place(empty_world)
    assert pair.run("apply", "acme", "--trust-state", "--yes", PUBLER_SYNC_STATE_KEY=KEY).code == 0
    ran = pair.run("hold", "acme", "--reason", "Storm", "--yes")
    assert (ran.code, pair.texts()) == (0, ["Two"]), ran
    told = (
        "The hold is written beside the state, which PUBLER_SYNC_STATE_KEY signs: ending it needs the key.\n"
    )
    assert told in ran.stderr
    assert pair.run("release", "acme", "--yes").code == 1
    ran = pair.run("release", "acme", "--yes", PUBLER_SYNC_STATE_KEY=KEY)
    assert (ran.code, pair.texts()) == (0, ["One", "Two"]), ran
