"""`hold`: posts out of Publer at once, whatever the calendar, the limits or a running apply say."""

from __future__ import annotations

import json
from dataclasses import replace
from threading import Event, Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.applying.following import Follower
from publer_sync.commands.holding import hold_one
from publer_sync.holding.holder import Holder
from publer_sync.ledger import state as ledgers
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.runs import RunRecord
from publer_sync.publer.gateway import Publer, UrgentPubler
from publer_sync.values.errors import NoHoldError, RejectedStateError, WaitingHoldError
from tests.commands.holds import POSTS, SOON, hold, in_place, texts, untouched
from tests.system.worlds import (
    ACCOUNTS,
    DAY,
    FIVE,
    HOUR,
    MINUTE,
    NEVER,
    T,
    Want,
    World,
    held_accounts,
    hold_amiss,
    killed,
)
from tests.tables import each_of

if TYPE_CHECKING:
    from tests.conftest import Ran


@pytest.fixture
def world(empty_world: World) -> World:
    return in_place(empty_world)


def test_every_scheduled_post_goes_and_drafts_and_colleagues_posts_stay(world: World) -> None:
    held = hold(world)
    assert held.outcomes == {"soon": "removed", "one": "removed", "two": "removed"}
    assert next(iter(held.outcomes)) == "soon"
    assert texts(world) == {"a draft"}
    assert untouched(world)
    assert [post["text"] for post in held.document["unmanaged"]] == ["a colleague's post"]


def test_the_first_delete_is_at_most_the_fifth_request_and_has_the_soonest(world: World) -> None:
    soonest = world.find("soon")["id"]
    world.sandbox.reset_log()
    hold(world)
    first = next(n for n, request in enumerate(world.sandbox.requests, 1) if request.method == "DELETE")
    assert first <= 5
    assert world.sandbox.requests[first - 1].query["post_ids[]"] == [soonest]


@pytest.mark.story
@pytest.mark.parametrize("days", [pytest.param(0, marks=pytest.mark.slow), 20])
def test_500_posts_are_out_within_30_requests(empty_world: World, days: int) -> None:
    world = empty_world
    many = [  # Publer takes 24 posts a day on some of them
        Want(
            f"p{number}-{account}",
            account,
            SOON + (days + number % 5) * DAY + number * MINUTE,
            f"post {number}",
        )
        for number in range(100)
        for account in ACCOUNTS
    ]
    world.apply_first(*many)
    held = hold(world)
    assert held.document["summary"]["removed"] == 500
    assert texts(world) == set()
    assert len(world.sandbox.requests) <= 30
    first = next(n for n, request in enumerate(world.sandbox.requests, 1) if request.method == "DELETE")
    assert first <= 5


def test_the_state_has_the_hold_before_the_first_delete(world: World) -> None:
    assert killed_hold(world).code == 137
    state = ledgers.loads(world.ledger.read_bytes(), "x")
    assert [held.reason for held in state.holds] == ["Accident in town"]
    assert json.loads(world.ledger.read_bytes())["format_version"] == 5
    assert texts(world) == {"one", "two", "soon", "a draft"}
    assert world.apply().code == 0
    assert texts(world) == {"a draft"}


def killed_hold(world: World) -> Ran:
    with mock.patch.object(Publer, "delete", side_effect=SystemExit(137)):
        return world.run("hold", world.top, "--reason", "Accident in town", "--yes")


@pytest.mark.story
def test_what_only_a_listing_finds_is_noted_before_it_goes(empty_world: World) -> None:
    """An apply was killed once Publer had its posts: the state has no ids of them yet."""
    world = empty_world
    world.write(*POSTS)
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)):
        assert world.apply().code == 137
    world.sandbox.settle()
    noted: list[str] = []

    def killed_at(_self: Any, ids: Any) -> Any:
        copies = ledgers.loads(world.ledger.read_bytes(), "x").copies.values()
        noted.extend(copy.post_id for copy in copies if copy.post_id and copy.removing_at)
        assert {*ids} <= {*noted}
        raise SystemExit(137)

    with mock.patch.object(UrgentPubler, "delete", killed_at):
        assert world.run("hold", world.top, "--reason", "x", "--yes").code == 137
    assert noted
    assert hold(world).outcomes


def test_a_calendar_with_errors_is_no_obstacle(world: World) -> None:
    (world.top / "posts.yaml").write_text("posts:\n- at: [", encoding="utf-8")
    world.settings(groups={"all": ["nobody"]})
    hold(world)
    assert texts(world) == {"a draft"}


def test_where_the_zone_cannot_be_read_a_day_is_that_day_anywhere(empty_world: World) -> None:
    """Shared settings that are gone, say: by UTC's day, what is published on its first morning in the team's zone would be."""
    world, day = empty_world, T.replace(hour=0)
    world.apply_first(
        Want("before", "x", day - 15 * HOUR, "before"),
        Want("morning", "x", day - 13 * HOUR, "in the morning on Kiritimati"),
        Want("evening", "x", day + DAY + 11 * HOUR, "in the evening on Baker Island"),
        Want("after", "x", day + DAY + 13 * HOUR, "after"),
    )
    settings = world.top / "publer.yaml"
    settings.write_text(
        settings.read_text("utf-8").replace('timezone: "UTC"', "extends: ../gone.yaml"), "utf-8"
    )
    days = ("--from", f"{day:%Y-%m-%d}", "--to", f"{day:%Y-%m-%d}")
    ran = world.run("hold", world.top, "--reason", "Storm", "--yes", *days)
    assert ran.code == 0, ran
    assert "times are in UTC, and --from and --to mean those days anywhere" in ran.stderr
    assert {row.text for row in world.live()} == {"before", "after"}


def test_an_account_that_left_publer_keeps_no_other_post_in(world: World) -> None:
    world.settings(accounts={"facebook": ACCOUNTS["facebook"], "x": "nobody", "linkedin": "gone"})
    hold(world)
    assert texts(world) == {"a draft"}


def test_a_second_hold_adds_its_scope(world: World) -> None:
    hold(world, "--label", "sale")
    hold(world, "--account", "x")
    assert texts(world) == {"two", "a draft"}
    assert len(world.plan()["holds"]) == 2


def test_the_same_hold_again_is_one_hold(world: World) -> None:
    hold(world)
    hold(world)
    assert len(world.plan()["holds"]) == 1


def test_no_calendar_waits_for_what_is_under_way_in_another(world: World) -> None:
    """The other one's posts are out before this one's are followed; then its report knows what came of all."""
    other = world.top / "other"
    other.mkdir()
    (other / "publer.yaml").write_text((world.top / "publer.yaml").read_text("utf-8"), encoding="utf-8")
    late = Want("late", "linkedin", T, "sent and not listed")
    (other / "posts.yaml").write_text("posts:\n" + late.yaml(), encoding="utf-8")
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)):
        assert world.run("apply", other, "--yes").code == 137
    ran = world.run("hold", other, world.top, "--reason", "Why", "--yes", "--format", "json")
    assert ran.code == 0, ran
    results = json.loads(ran.stdout)["calendars"]
    assert [each["result"]["summary"]["removed"] for each in results] == [1, 3]
    assert texts(world) == {"a draft"}


def test_both_posts_of_a_replace_go(world: World) -> None:
    world.write(Want("one", "facebook", T + 3 * DAY, "one", labels=("sale",)), *POSTS[1:])
    assert killed(world, "delete").code == 137
    assert [row.text for row in world.live()].count("one") == 2
    hold(world, "--to", f"{T:%Y-%m-%d}", "--account", "facebook")
    assert texts(world) == {"two", "soon", "a draft"}


def test_what_is_under_way_is_removed_when_it_shows(world: World) -> None:
    world.write(*POSTS, Want("late", "linkedin", T, "sent and not listed"))
    with mock.patch.object(Follower, "follow", side_effect=SystemExit(137)):
        assert world.apply().code == 137
    held = hold(world)
    assert held.outcomes["late"] == "removed"
    assert texts(world) == {"a draft"}


def test_what_does_not_show_in_time_is_unverified(world: World) -> None:
    world.write(*POSTS, Want("late", "linkedin", T, "sent and not listed"))
    world.sandbox.faults.job_delay = NEVER
    world.apply("--timeout", "0")
    held = hold(world, "--timeout", "0", code=6)
    assert held.outcomes["late"] == "unverified"
    assert "Run hold again" in held.ran.stdout


def test_an_apply_that_does_not_end_keeps_nothing_in_and_the_hold_counts(world: World) -> None:
    """It sits at its question, in another terminal."""
    with mock.patch.object(hold_one, "LOCK_SECONDS", 0.0), world.store().lock(1.0):
        ran = world.run("hold", world.top, "--reason", "Storm", "--timeout", "0", "--yes")
    assert ran.code == 1
    told = " ".join(ran.stdout.split())
    assert "it ends before its next write to Publer, as the hold is written beside its state" in told
    assert "Once it has ended, run hold again" in told
    assert "Nothing was changed" not in told
    assert hold_amiss(world, ACCOUNTS) == []
    assert held_accounts(world) == {*ACCOUNTS}


def test_a_damaged_journal_of_the_ledger_stops_no_hold(world: World) -> None:
    world.settings(state="ledger")
    assert (
        world.run("state", "mv", "--from", str(world.ledger), "--calendar", str(world.top), "--yes").code == 0
    )
    [part] = (world.top / "ledger").rglob("calendar.json")
    journal = part.parent / ".write"
    for _ in range(2):
        journal.write_bytes(b"{")
        assert world.apply().code == 1
        ran = world.run("hold", world.top, "--reason", "Accident in town", "--yes")
        assert ran.code == 0, ran
        assert "the ledger's journal was damaged, and is in" in " ".join(ran.stderr.split())
        assert texts(world) == {"a draft"}
    assert len([*part.parent.glob(".write.damaged*")]) == 2
    assert world.run("release", world.top, "--yes").code == 0
    assert texts(world) >= {"one", "two", "soon"}


def test_posts_are_held_also_where_the_settings_name_another_place_since(empty_world: World) -> None:
    empty_world.apply_first(*POSTS)
    empty_world.settings(state="elsewhere.json")
    hold(empty_world)
    assert texts(empty_world) == {"a draft"}


@each_of(
    "rejected, ci, kind, told",
    [
        (
            False,
            "",
            WaitingHoldError,
            "the branch could not be reached: hold went on from what was last read",
        ),
        (True, "", WaitingHoldError, "no push: the hold waits on this machine"),
        (True, "true", NoHoldError, "no push: the posts are out of Publer, but no hold is in force"),
    ],
)
def test_a_hold_that_could_not_be_pushed_says_where_it_is(
    monkeypatch: pytest.MonkeyPatch, rejected: bool, ci: str, kind: type[Exception], told: str
) -> None:
    monkeypatch.setenv("CI", ci)
    access: Any = SimpleNamespace(
        accounts={},
        calendar=SimpleNamespace(settings=SimpleNamespace(timezone="UTC")),
        clock=SimpleNamespace(now=lambda: T),
        store=SimpleNamespace(place="the branch"),
        holding=lambda _: "publer-sync hold",
    )
    refused = RejectedStateError("no push") if rejected else None
    found = hold_one._waits(access, Hold("Accident", T), T, refused, out=True)
    assert (type(found), found.message.startswith(told)) == (kind, True), found.message


def test_an_account_that_was_renamed_in_publer_is_held(empty_world: World) -> None:
    named = {each.id: each for each in FIVE.accounts}
    page = named[ACCOUNTS["facebook"]]
    empty_world.settings(accounts={**ACCOUNTS, "facebook": page.name})
    empty_world.apply_first(*POSTS)
    accounts = tuple({**named, page.id: replace(page, name="A new name")}.values())
    empty_world.sandbox.add_workspace(replace(FIVE, accounts=accounts))
    hold(empty_world, "--account", "facebook")
    assert texts(empty_world) == {"soon", "a draft"}


def test_without_a_state_nothing_is_managed(empty_world: World) -> None:
    empty_world.write(*POSTS)
    ran = empty_world.run("hold", empty_world.top, "--yes", "--reason", "Why")
    assert ran.code == 1
    assert "nothing is managed here" in ran.stderr


def test_apply_takes_out_what_shows_up_in_scope_and_everything_else_goes_on(world: World) -> None:
    hold(world, "--account", "x")
    world.write(*POSTS, Want("new", "facebook", T + 2 * DAY, "new"), Want("off", "x", T + 2 * DAY, "off"))
    assert world.apply().code == 0
    assert texts(world) == {"one", "two", "new", "a draft"}


@pytest.mark.story
def test_a_hold_beside_a_run_that_ends_keeps_what_that_wrote(empty_world: World) -> None:
    """The other run has the lock when the hold begins, and lets go of it."""
    empty_world.apply_first(*POSTS)
    taken, over = Event(), Event()

    def run() -> None:
        store = empty_world.store()
        with store.lock(1):
            taken.set()
            over.wait(5)
            state = store.read()
            state.runs = (RunRecord(T, "apply", "Ann"), *state.runs)
            store.write(state)

    other = Thread(target=run)
    other.start()
    taken.wait(5)
    stop_all = Holder.stop_all

    def stopped(holder: Holder) -> None:
        stop_all(holder)
        over.set()

    with mock.patch.object(Holder, "stop_all", stopped), mock.patch.object(hold_one, "LOCK_SECONDS", 0.05):
        hold(empty_world)
    other.join()
    assert texts(empty_world) == {"a draft"}
    state = empty_world.store().read()
    assert [held.reason for held in state.holds] == ["Accident in town"]
    assert [run.command for run in state.runs].count("apply") == 2
    assert {copy.id for copy in state.copies.values() if copy.held} == {"one", "two", "soon"}
