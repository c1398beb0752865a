"""A command beside which a hold is announced, or that is stopped, before it has sent anything."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.hold import Hold
from publer_sync.machine.clock import Clock
from tests.commands.side_by_side import ONE, TWO, SideBySide, at_get
from tests.system.worlds import HOUR, T, Want

if TYPE_CHECKING:
    from tests.system.worlds import World

NEW = Want("new", "x", T + 3 * HOUR, "New")


@pytest.fixture
def pair(empty_world: World) -> SideBySide:
    return SideBySide.in_place(empty_world)


def announce_at(pair: SideBySide, name: str, *, nth: int) -> None:
    """A hold of a calendar is announced while the nth GET is answered."""
    at_get(pair.world.sandbox, nth, lambda: pair.store(name).announce(Hold("Storm", Clock().now())))


def test_an_apply_ends_before_its_next_write_where_a_hold_is_announced(pair: SideBySide) -> None:
    pair.write(acme=[ONE, NEW])
    announce_at(pair, "acme", nth=3)
    ran = pair.run("apply", "acme", "--yes")
    assert (ran.code, pair.world.writes(), pair.texts()) == (1, [], ["One", "Two"]), ran
    assert "error: someone put posts on hold, so this apply ended before its next write" in ran.stderr
    assert "error: " not in ran.stdout


def test_an_apply_that_is_stopped_before_it_takes_out_what_is_on_hold_leaves_all_where_it_is(
    pair: SideBySide,
) -> None:
    pair.settings("acme", hold={"reason": "Storm"})
    other = Hold("Fire", Clock().now(), accounts=("nobody",))
    stops = [lambda: signal.raise_signal(signal.SIGINT), lambda: pair.store("acme").announce(other)]
    for stop, told in zip(stops, ("stopped, as asked", "someone put posts on hold, so this"), strict=True):
        at_get(pair.world.sandbox, 4, stop)
        ran = pair.run("apply", "acme", "--yes")
        assert (ran.code, pair.world.writes(), pair.texts()) == (1, [], ["One", "Two"]), ran
        assert f"error: {told}" in ran.stderr


def test_the_other_calendars_of_the_command_go_on(pair: SideBySide) -> None:
    pair.write(acme=[ONE, NEW], bank=[TWO, Want("more", "x", T + 5 * HOUR, "More")])
    announce_at(pair, "acme", nth=5)
    ran = pair.run("apply", "acme", "bank", "--yes")
    assert (ran.code, pair.texts()) == (1, ["More", "One", "Two"]), ran
    lines = ran.stdout.splitlines()
    assert lines[2].startswith("acme  someone put posts on hold after this was planned (Storm)")
    assert lines[3] == "bank  1 post done"


@pytest.mark.story
def test_what_waits_for_a_slot_since_stays_out_when_its_hold_ends(pair: SideBySide) -> None:
    assert pair.run("hold", "acme", "--reason", "Storm", "--yes").code == 0
    waits = "posts:\n- {id: one, at: next, accounts: x, text: One}\n"
    (pair.top("acme") / "posts.yaml").write_text(waits, "utf-8")
    ran = pair.run("release", "acme", "--yes")
    assert (ran.code, pair.texts()) == (0, ["Two"]), ran
    assert 'The post "one" was taken out for a hold and waits for a slot since (at: next)' in ran.stdout
    assert ran.stdout.endswith("\nThe hold has ended (Storm).\n")
    [log] = pair.json("log", "acme")
    assert [(run["command"], run["reason"]) for run in log["runs"]] == [
        ("release", "Storm"),
        ("hold", "Storm"),
    ]


def test_a_calendar_that_was_never_applied_has_nothing_to_release(pair: SideBySide) -> None:
    pair.settings("cafe")
    pair.write(cafe=[])
    ran = pair.run("release", "cafe", "--yes")
    assert (ran.code, ran.stdout, pair.world.writes()) == (0, "Nothing is on hold.\n", []), ran


def test_an_apply_does_not_begin_while_another_run_has_the_lock(pair: SideBySide) -> None:
    pair.write(acme=[ONE, NEW])
    with pair.store("acme").lock(1):
        ran = pair.run("apply", "acme", "--yes", "--timeout", "0")
    assert (ran.code, pair.world.writes(), pair.texts()) == (1, [], ["One", "Two"]), ran
    assert "error: another apply is running" in ran.stderr
