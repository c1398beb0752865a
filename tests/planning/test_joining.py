"""An account that joins a calendar is too late for old posts: it has missed nothing, and that is told in one line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.copies import End
from publer_sync.ledger.state import past_keys
from publer_sync.planning.plan import Past, is_missed
from tests.builders import EARLIER, HOUR, LATER, LINKEDIN, NOW, SOON, X, copy_of, ledger, planned, wanted
from tests.system.worlds import ACCOUNTS, DAY, T, Want, clocks, world_in
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post

OLD = wanted(EARLIER, "Hello", id="hello", account=LINKEDIN)
NAMELESS = replace(OLD, id=None)
ON_X = replace(OLD, account=X)
OUT, NAMELESS_OUT = (copy_of(post).ending(End.PUBLISHED, NOW) for post in (ON_X, replace(ON_X, id=None)))
TOLD = (
    "linkedin is new in this calendar, and the time of 1 post has passed: it is not published there; "
    "to publish it there, give it a new time for linkedin"
)
ELSEWHERE = copy_of(wanted(LATER, "Other", account=LINKEDIN), 2, post_id="p-2")


@each_of(
    ("post", "state", "joins"),
    [
        (OLD, ledger(OUT), True),
        (OLD, ledger(replace(OUT, slot=EARLIER - HOUR)), True),  # its time is another one there
        (OLD, ledger(excused={*past_keys(X.id, EARLIER, "hello")}), True),  # past at the first apply
        (NAMELESS, ledger(NAMELESS_OUT), True),
        (NAMELESS, ledger(replace(NAMELESS_OUT, slot=EARLIER - HOUR)), False),
        (OLD, ledger(replace(OUT, id="other", slot=EARLIER - HOUR)), False),  # the post is new, too
        (OLD, ledger(OUT, ELSEWHERE), False),  # the account is not
        (OLD, ledger(OUT, excused={*past_keys(LINKEDIN.id, SOON, None)}), False),
    ],
)
def test_an_old_post_was_not_missed_where_its_account_is_new(post: Post, state: State, joins: bool) -> None:
    plan = planned([post], [], state)
    [past] = [each for each in plan.changes if isinstance(each, Past) and each.account == LINKEDIN]
    assert (past.let_in == "account", is_missed(past)) == (joins, not joins)
    told = [warn.message for warn in plan.warnings if warn.code == "account_joined"]
    assert told == ([TOLD] if joins else [])


@pytest.mark.story
def test_what_its_account_was_too_late_for_is_told_once(tmp_path: Path, every_kind_seen: None) -> None:
    wants = [Want(f"post-{n}", "x", T + n * HOUR, f"Post {n}") for n in range(3)]
    ahead = Want("ahead", "x", T + 5 * DAY, "Ahead")
    with world_in(tmp_path / "world") as world, clocks(world) as travel:
        world.settings(accounts={"x": ACCOUNTS["x"]})
        world.write(*wants, ahead)
        assert world.apply().code == 0
        travel(T + DAY)
        world.settings()
        world.write(*(replace(want, account="[x, linkedin]") for want in (*wants, ahead)))
        plan, first, second = world.plan(), world.apply(), world.apply()
        again = world.plan()
    [message] = [each["message"] for each in plan["warnings"] if each["code"] == "account_joined"]
    assert message.startswith(
        "linkedin is new in this calendar, and the times of 3 posts have passed: they are"
    )
    assert plan["summary"]["missed"] == 0
    assert (first.code, first.outcomes, second.code) == (0, [("create", "ahead", "applied")], 0)
    assert "account_joined" not in [each["code"] for each in again["warnings"]]
