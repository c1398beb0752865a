"""An account that joins a calendar is too late for old posts: it has missed nothing, and that is told in one line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from publer_sync.ledger.copies import End
from publer_sync.ledger.state import past_keys
from publer_sync.planning.plan import Past, is_missed
from tests.builders import EARLIER, HOUR, LINKEDIN, NOW, X, copy_of, ledger, only, planned, shown, wanted
from tests.system.worlds import ACCOUNTS, DAY, T, Want, clocks, killed, world_in
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.state import State
    from publer_sync.values.model import Post

OLD = wanted(EARLIER, "Hello", id="hello", account=LINKEDIN)
NAMELESS = replace(OLD, id=None)
ON_X = replace(OLD, account=X)
OUT, NAMELESS_OUT = (copy_of(post).ending(End.PUBLISHED, NOW) for post in (ON_X, replace(ON_X, id=None)))
TOLD = (
    "the account linkedin is new in this calendar, and the time of 1 post has passed ({}): it is not published there; "
    "to publish it there, give it a new time for linkedin"
)


def known(*copies: Copy, at: datetime | None = NOW, joined: bool = True, **more: Any) -> State:
    """What was written before linkedin joined. `at`: when all was well last."""
    accounts = frozenset({LINKEDIN.id} if joined else ())
    return ledger(*copies, last_apply=at, last_good_apply=at, joined=accounts, **more)


@each_of(
    ("post", "state", "joins"),
    [
        (OLD, known(OUT), True),
        (OLD, known(replace(OUT, slot=EARLIER - HOUR)), True),  # its time is another one there
        (OLD, known(excused={*past_keys(X.id, EARLIER, "hello")}), True),  # past at the first apply
        (NAMELESS, known(NAMELESS_OUT), True),
        (NAMELESS, known(replace(NAMELESS_OUT, slot=EARLIER - HOUR)), False),
        (OLD, known(replace(OUT, id="other", slot=EARLIER - HOUR)), False),  # the post is new, too
        (OLD, known(OUT, joined=False), False),
        (OLD, known(OUT, at=EARLIER), True),
        (OLD, known(OUT, at=EARLIER - HOUR), False),  # somebody may have meant it to go out since
        (OLD, known(OUT, at=None), False),
    ],
)
def test_an_old_post_was_not_missed_where_its_account_is_new(post: Post, state: State, joins: bool) -> None:
    plan = planned([post], [], state)
    [past] = [each for each in plan.changes if isinstance(each, Past) and each.account == LINKEDIN]
    assert (past.let_in == "account", is_missed(past)) == (joins, not joins)
    told = [warn.message for warn in plan.warnings if warn.code == "account_joined"]
    assert told == ([TOLD.format(post.id or '"Hello"')] if joins else [])


def test_what_was_published_or_had_a_copy_there_is_told_as_it_is_everywhere() -> None:
    """A colleague published it there, or an apply took it out to make room."""
    out = shown(EARLIER, "Hello", account=LINKEDIN, id="h-1", state="published")
    past = only(planned([OLD], [out], known(OUT)))
    assert (past.let_in, past.missed) == ("", False)
    removed = replace(copy_of(OLD, 2, post_id="p-2"), removing_at=EARLIER - HOUR).ending(End.REMOVED, EARLIER)
    past = only(planned([OLD], [], known(OUT, removed)))
    assert (past.let_in, past.missed) == ("", True)


def test_of_many_the_first_three_are_named() -> None:
    old = [wanted(EARLIER - n * HOUR, id=f"old-{n}", account=LINKEDIN) for n in range(5)]
    out = [
        copy_of(replace(each, account=X), n, post_id=f"p-{n}").ending(End.PUBLISHED, NOW)
        for n, each in enumerate(old, 1)
    ]
    [message] = [
        warn.message for warn in planned(old, [], known(*out)).warnings if warn.code == "account_joined"
    ]
    assert (
        "the times of 5 posts have passed (old-4, old-3, old-2 and 2 more): they are not published there"
        in message
    )


def test_what_its_account_was_too_late_for_is_told_once(tmp_path: Path, every_kind_seen: None) -> None:
    wants = [Want(f"post-{n}", "x", T + n * HOUR, f"Post {n}") for n in range(3)]
    ahead = Want("ahead", "x", T + 5 * DAY, "Ahead")
    with world_in(tmp_path / "world") as world, clocks(world) as travel:
        world.settings(accounts={"x": ACCOUNTS["x"]})
        world.write(*wants, ahead)
        assert world.apply().code == 0
        travel(T + DAY)
        assert world.apply().code == 0
        world.settings()
        world.write(*(replace(want, account="[x, linkedin]") for want in (*wants, ahead)))
        plan, first, second = world.plan(), world.run("apply", world.top, "--yes"), world.apply()
        again = world.plan()
    [message] = [each["message"] for each in plan["warnings"] if each["code"] == "account_joined"]
    assert message.startswith(
        "the account linkedin is new in this calendar, and the times of 3 posts have passed (post-0, "
    )
    assert plan["summary"]["missed"] == 0
    assert (first.code, second.code, second.outcomes) == (0, 0, [])
    told = " ".join(first.stdout.split())
    assert told.startswith("Warning: The account linkedin is new in this calendar, and the times of 3 posts")
    assert "Done. 1 post created; verified in Publer." in told
    assert "account_joined" not in [each["code"] for each in again["warnings"]]


def test_after_an_apply_that_was_killed_it_is_missed(tmp_path: Path, every_kind_seen: None) -> None:
    """Nobody was told."""
    old, ahead = Want("old", "x", T, "Old"), Want("ahead", "x", T + 5 * DAY, "Ahead")
    with world_in(tmp_path / "world") as world, clocks(world) as travel:
        world.settings(accounts={"x": ACCOUNTS["x"]})
        world.write(old, ahead)
        world.apply()
        travel(T + DAY)
        world.apply()
        world.settings()
        world.write(*(replace(want, account="[x, linkedin]") for want in (old, ahead)))
        assert killed(world).code == 137
        assert world.plan()["summary"]["missed"] == 1
