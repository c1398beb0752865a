"""What a fix names: the accounts that it is for, the posts that an option is for, and the day of a series."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from publer_sync.ledger.copies import End, Seen
from publer_sync.planning.plan import Action, Block
from publer_sync.render import text
from publer_sync.render.layout.terminal import Screen
from tests.builders import LINKEDIN, SOON, change, copy_of, plan, shown, wanted
from tests.tables import each_of

POST = wanted(SOON, "Hello", id="launch")
SWAPS: Any = change(
    Action.BLOCKED, POST, would=Action.REPLACE, blocks=(Block.HANDED_ON, Block.EDITED, Block.FREEZE)
)
LENT = frozenset((Block.EDITED, Block.FREEZE))
THIRD = (Block.FREEZE, ("third",))
HELD = replace(copy_of(POST), shown=Seen(SOON, "Edited"), held=True, end=End.REMOVED)


def told(*changes: Any) -> str:
    return text.plan(plan(changes), screen=Screen(width=250))


def stays(block: Block, **more: Any) -> Any:
    """Of a post that left the calendar, and that Publer keeps."""
    return change(Action.BLOCKED, None, would=Action.UNCHANGED, live=shown(SOON), blocks=(block,), **more)


def test_each_post_names_the_accounts_on_which_it_is_stuck_itself() -> None:
    both = ("x", "linkedin")
    one = replace(POST, id="one", aliases=both)
    other = replace(wanted(SOON, "Other", account=LINKEDIN, id="other", line=9), aliases=both)
    page = told(*(change(Action.BLOCKED, each, blocks=(Block.LEAD,)) for each in (one, other)))
    for name, line in (("x", 3), ("linkedin", 9)):
        assert f"Fix: choose a later time for {name} in 2026-12.yaml:{line}.\n" in page


@each_of(
    ("lent", "owners", "options"),
    [
        (LENT, ((Block.EDITED, ("second",)), THIRD), "--overwrite-edits=second --allow-frozen=third"),
        ({Block.FREEZE}, (THIRD,), "--overwrite-edits=launch --allow-frozen=third"),
    ],
)
def test_an_option_names_those_of_a_swap_that_need_it(lent: Any, owners: Any, options: str) -> None:
    one = replace(SWAPS, swaps=True, lent=frozenset(lent), owners=frozenset(owners))
    assert f": publer-sync apply {options}\n" in told(one)


@each_of(
    ("one", "words", "not_told"),
    [
        (
            replace(SWAPS, swaps=True, blocks=(Block.HANDED_ON, Block.STATE)),
            "Fix: correct it in Publer, or remove it from 2026-12.yaml:3.",
            "do what lets that one change",
        ),
        (
            change(Action.BLOCKED, POST, blocks=(Block.TIME_PASSED, Block.EDITED), copy=HELD),
            "Fix: choose a later time in 2026-12.yaml:3, or remove it.",
            "In Publer now",
        ),
        (
            change(Action.BLOCKED, POST, would=Action.UPDATE, blocks=(Block.TIME_PASSED, Block.EDITED)),
            "Fix: choose a later time in 2026-12.yaml:3.",
            "remove it",
        ),
        (stays(Block.EDITED), "To keep the edit: put the post back into the calendar", "delete this copy"),
        (
            stays(Block.TWIN, obstacle=shown(SOON)),
            "If it is the same post: delete it in Publer.",
            "put the post back",
        ),
        (
            change(
                Action.BLOCKED,
                replace(POST, id="tip@2", series="tip", zone="Asia/Tokyo"),
                would=Action.UPDATE,
                blocks=(Block.EDITED,),
            ),
            "(except: [2026-11-25])",
            "Tue 24 Nov]",
        ),
    ],
)
def test_a_fix_helps_with_what_is_wrong(one: Any, words: str, not_told: str) -> None:
    page = told(one)
    assert words in page
    assert not_told not in page


def test_what_left_the_calendar_and_is_its_own_duplicate_is_put_back() -> None:
    live = shown(SOON)
    one = stays(Block.TWIN, obstacle=live)
    one = replace(one, would=replace(one.would, live=live))
    assert "To keep it: put the post back into the calendar" in told(one)
