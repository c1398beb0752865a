"""An account that was connected again in Publer, with a new id: nothing is missed, nothing is published twice."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import SeedAccount
from tests.conftest import THREE
from tests.system.worlds import ACCOUNTS, DAY, T, Want, killed

if TYPE_CHECKING:
    from tests.system.worlds import World

pytestmark = pytest.mark.story

OLD, NEW = ACCOUNTS["x"], "acc0000000000000000ffffff"
ONE, TWO = Want("one", "x", T, "One"), Want("two", "x", T + DAY, "Two")
OTHER = Want("other", "facebook", T, "Other")
OTHER_ID = ACCOUNTS["facebook"]


@pytest.fixture
def world(empty_world: World) -> World:
    """Two posts of X and one of Facebook in place; the settings name X by its name, and Publer has given it another id."""
    world = empty_world
    named(world)
    world.apply_first(ONE, TWO, OTHER)
    return world


def named(world: World) -> None:
    """As most people write it: an id would not be in Publer any more, which is an error."""
    name = "My X Account"
    world.settings(accounts={**ACCOUNTS, "x": name})


def codes(plan: Any) -> dict[tuple[str, str], str]:
    return {(change["id"], change["account"]["id"]): change["code"] for change in plan["changes"]}


def command(plan: Any) -> list[str]:
    reason = next(change["reason"] for change in plan["changes"] if change["account"]["id"] == NEW)
    return shlex.split(reason.partition("run publer-sync ")[2].partition(";")[0])


def posts(world: World) -> list[tuple[str, str]]:
    return sorted(
        (post["account_id"], post["text"]) for post in world.sandbox.posts() if post["state"] == "scheduled"
    )


def test_nothing_is_created_beside_what_the_old_id_has_and_the_named_command_takes_it_along(
    world: World,
) -> None:
    before = posts(world)
    world.sandbox.reconnect(OLD, NEW)
    plan = world.plan()
    assert codes(plan) == {(name, account): "account" for name in ("one", "two") for account in (OLD, NEW)}
    told = " ".join(world.run("plan", world.top).stdout.split())
    assert "correct the account in Publer, then apply again. ! blocked" in told, (
        "it has no place in the files"
    )
    done = world.apply()
    assert (done.code, world.writes(), posts(world)) == (6, [], before)
    words = command(plan)
    assert words == ["state", "mv", "--account", f"{OLD}={NEW}", "--calendar", str(world.top)]
    told = json.loads(world.run(*words, "--yes", "--format", "json").stdout)
    assert (told["posts"], told["account"], told["written"]) == (2, NEW, True)
    assert codes(world.plan())["one", NEW] == "state"
    told = " ".join(world.run("plan", world.top).stdout.split())
    assert "Fix: delete it in Publer, then run publer-sync apply --allow-recreate=one." in told
    for post in world.sandbox.posts():  # what is still listed under the old id goes by hand, as plan says
        if post["account_id"] == OLD:
            world.sandbox.remove(post["id"])
    assert world.apply().code == 6
    assert world.apply("--allow-recreate").code == 0
    world.sandbox.settle()
    assert [text for account, text in posts(world) if account == NEW] == ["One", "Two"]
    assert len(posts(world)) == 3
    assert [run["command"] for run in log(world)].count("state mv") == 1


@pytest.mark.parametrize("dropped", [True, False])
def test_what_went_or_stayed_with_the_old_id_is_no_edit_that_pull_takes_over(
    world: World, *, dropped: bool
) -> None:
    """Taken for removed, the whole account would be taken out of the files; an old id cannot be added to the settings."""
    world.sandbox.reconnect(OLD, NEW)
    words = command(world.plan())
    for post in world.sandbox.posts():
        if post["account_id"] == OLD and dropped:
            world.sandbox.remove(post["id"])
    assert world.run(*words, "--calendar", world.top, "--yes").code == 0
    before = (world.top / "posts.yaml").read_bytes()
    ran = world.run("pull", world.top, "--removed", "--yes", "--format", "json")
    assert ran.code == 6, ran
    found = json.loads(ran.stdout)["posts"]
    assert [(each["id"], each["action"]) for each in found] == [("one", "left"), ("two", "left")]
    assert {each["reason"] for each in found} == {
        "Publer dropped it with the id that its account had before; to create it again, run publer-sync apply --allow-recreate"
        if dropped
        else "Publer lists it under the id that its account had before, and that account is no longer there; "
        "delete it in Publer, then run publer-sync apply --allow-recreate"
    }
    assert (world.top / "posts.yaml").read_bytes() == before


def log(world: World) -> list[Any]:
    found: list[Any] = json.loads(world.run("log", world.top, "--format", "json").stdout)["runs"]
    return found


def test_where_publer_dropped_its_posts_they_come_back_once(world: World) -> None:
    for post in world.sandbox.posts():
        if post["account_id"] == OLD:
            world.sandbox.remove(post["id"])
    world.sandbox.reconnect(OLD, NEW)
    plan = world.plan()
    assert set(codes(plan).values()) == {"account"}
    assert world.run(*command(plan), "--calendar", world.top, "--yes").code == 0
    assert world.apply("--allow-recreate").code == 0
    world.sandbox.settle()
    assert len(posts(world)) == 3


def test_what_was_published_is_not_missed_and_not_published_again(world: World) -> None:
    for post in world.sandbox.posts():
        if post["account_id"] == OLD and post["text"] == "One":
            world.sandbox.edit(post["id"], state="published", at=T - 40 * DAY)
    world.write(Want("one", "x", T - 40 * DAY, "One"), TWO, OTHER)
    assert world.apply().code == 0
    world.sandbox.reconnect(OLD, NEW)
    plan = world.plan()
    assert plan["summary"]["missed"] == 0
    assert world.run(*command(plan), "--calendar", world.top, "--yes").code == 0
    assert world.plan()["summary"]["missed"] == 0


def test_an_account_of_another_network_is_nobodys_heir(world: World) -> None:
    world.write(ONE, TWO, OTHER, Want("new", "facebook", T + 2 * DAY, "New"))
    world.sandbox.reconnect(OLD, NEW)
    assert world.apply().code == 6
    assert "New" in [text for _, text in posts(world)]


def test_a_renamed_account_is_the_same_and_the_error_says_what_it_is_called_now(world: World) -> None:
    seed = SeedAccount(OLD, "twitter", "My New Name")
    world.sandbox.add_workspace(replace(THREE, accounts=(seed,)))
    ran = world.run("plan", world.top)
    assert ran.code == 3
    told = " ".join((ran.stdout + ran.stderr).split())
    assert 'the account "My X Account" is called "My New Name" in Publer now' in told
    world.settings(accounts={**ACCOUNTS, "x": "My New Name"})
    assert (world.plan()["changes"], world.apply().code) == ([], 0)


def test_two_ids_that_cannot_be_are_refused(world: World) -> None:
    world.sandbox.reconnect(OLD, NEW)
    for words, part in (
        ("nonsense", "is not OLD=NEW"),
        (f"{OLD}=acc0000000000000000000000", "Publer has no account"),
        (f"acc0000000000000000000000={NEW}", "there is no post of the account"),
        (f"{OLD}={ACCOUNTS['facebook']}", "has posts of its own"),
    ):
        ran = world.run("state", "mv", "--account", words, "--calendar", world.top, "--yes")
        assert (ran.code, part in " ".join(ran.stderr.split())) == (64, True), ran
    ran = world.run("state", "mv", "name", "--account", f"{OLD}={NEW}", "--calendar", world.top, "--yes")
    assert ran.code == 64


def test_settings_that_name_the_old_id_get_the_line_to_write(empty_world: World) -> None:
    world = empty_world
    world.settings()
    world.apply_first(ONE)
    world.sandbox.reconnect(OLD, NEW)
    assert world.run("plan", world.top).code == 3, "the settings name an account that is not there"
    ran = world.run("state", "mv", "--account", f"{OLD}={NEW}", "--calendar", world.top, "--yes")
    assert ran.code == 0, ran
    assert f"x: {{id: {NEW}, provider: x}}" in ran.stderr + ran.stdout
    world.settings(accounts={**ACCOUNTS, "x": {"id": NEW, "provider": "x"}})
    assert codes(world.plan()) == {("one", NEW): "state"}


def test_a_post_whose_minute_passes_meanwhile_is_told_once(world: World) -> None:
    world.sandbox.reconnect(OLD, NEW)
    world.write(ONE, TWO, OTHER, Want("late", "x", T - 60 * DAY, "Late"))
    done = world.apply()
    assert done.code == 6
    assert "late" in {each["id"] for each in done.document["results"]}
    assert "late" not in {each["id"] for each in world.apply().document["results"]}


def gone_out(world: World, *, ids: bool) -> tuple[Want, Want]:
    """Both posts of X were published early, and an apply has seen it; then X is connected again."""
    one, two = (each if ids else replace(each, id=None) for each in (ONE, TWO))
    world.write(one, two, OTHER)
    assert world.apply().code == 0
    for post in world.sandbox.posts():
        if post["account_id"] == OLD:
            world.sandbox.edit(post["id"], state="published", at=datetime.now(UTC))
    assert world.apply().code == 0
    world.sandbox.reconnect(OLD, NEW)
    return one, two


def reasons(plan: Any) -> list[str]:
    return [change["reason"] for change in plan["changes"] if change["code"] == "account"]


@pytest.mark.parametrize("ids", [True, False])
def test_what_went_out_before_and_is_moved_too_late_waits_for_the_named_command(
    world: World, ids: bool
) -> None:
    one, two = gone_out(world, ids=ids)
    world.write(replace(one, at=T + 3 * DAY), two, OTHER, Want("new", "x", T + 4 * DAY, "New"))
    plan = world.plan()
    assert [change["code"] for change in plan["changes"]] == ["account", "account", None]
    assert "may have been published already" in reasons(plan)[0]
    assert world.apply().code == 6
    assert posts(world) == [(OTHER_ID, "Other"), (NEW, "New")]
    assert world.run(*command(plan), "--yes").code == 0, "though the account has a post of its own by now"
    assert {change["code"] for change in world.plan()["changes"]} == {"went_out" if ids else "twin"}
    assert world.apply().code == 6
    assert posts(world) == [(OTHER_ID, "Other"), (NEW, "New")]


@pytest.mark.parametrize("ids", [True, False])
def test_where_it_is_another_account_the_named_forget_lets_the_posts_be_published_there(
    world: World, ids: bool
) -> None:
    one, two = gone_out(world, ids=ids)
    world.write(replace(one, at=T + 3 * DAY), two, OTHER)
    for reason in reasons(world.plan()):
        words = shlex.split(reason.partition("if not, run publer-sync ")[2])
        assert words[0] == "forget"
        assert world.run(*words, "--yes").code == 0
    assert world.apply().code == 0
    assert posts(world) == [(OTHER_ID, "Other"), (NEW, "One"), (NEW, "Two")]


def test_what_an_apply_has_not_finished_is_found_out_before_anything_is_taken_along(world: World) -> None:
    world.write(ONE, TWO, OTHER, Want("new", "x", T + 2 * DAY, "New"))
    assert killed(world).code == 137
    world.sandbox.reconnect(OLD, NEW)
    words = ("state", "mv", "--account", f"{OLD}={NEW}", "--calendar", world.top, "--yes")
    ran = world.run(*words)
    assert (ran.code, "Run apply first" in ran.stderr) == (64, True), ran
    assert world.apply().code == 6
    world.sandbox.settle()
    assert world.run(*words).code == 0
    world.sandbox.settle()
    assert world.apply().code == 6
    assert [text for _, text in posts(world)].count("New") == 1


def test_a_hold_of_an_account_goes_on_where_it_is_connected_again(world: World) -> None:
    assert world.run("hold", world.top, "--account", "x", "--reason", "a storm", "--yes").code == 0
    world.sandbox.reconnect(OLD, NEW)
    world.write(ONE, TWO, OTHER, Want("new", "x", T + 2 * DAY, "New"))
    assert world.apply().code == 0
    assert posts(world) == [(OTHER_ID, "Other")]
    assert world.plan()["summary"]["held"] == 3
    assert world.run("release", world.top, "--yes").code == 6, "until someone says which account it is"
    words = ("state", "mv", "--account", f"{OLD}={NEW}", "--calendar", world.top, "--yes")
    assert world.run(*words).code == 0
    assert world.apply().code == 0
    world.sandbox.settle()
    assert posts(world) == [(OTHER_ID, "Other"), (NEW, "New"), (NEW, "One"), (NEW, "Two")]


def test_a_hold_of_an_account_that_was_connected_again_takes_out_what_is_under_its_old_id(
    world: World,
) -> None:
    world.sandbox.reconnect(OLD, NEW)
    assert world.run("hold", world.top, "--account", "x", "--reason", "a storm", "--yes").code == 0
    assert posts(world) == [(OTHER_ID, "Other")]
    assert world.apply().code == 6, "which account it is now, nobody has said"
    assert posts(world) == [(OTHER_ID, "Other")]
