"""What becomes of the posts of the sandbox when their time comes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults
from tests.sandbox.conftest import NOW, Client, Movable, X, item

if TYPE_CHECKING:
    from tests.conftest import MakeSandbox


def test_a_post_goes_out_a_little_after_its_time(make_sandbox: MakeSandbox) -> None:
    clock = Movable()
    client = Client(make_sandbox(now=clock))
    client.create(item(), item(at=NOW + timedelta(hours=9)))
    clock.now = NOW + timedelta(hours=1, seconds=59)
    assert [post["state"] for post in client.listed()] == ["scheduled", "scheduled"]
    clock.now += timedelta(seconds=1)
    gone, stays = client.listed()
    assert gone["state"] == "published"
    assert gone["post_link"].endswith(str(gone["id"]))
    assert stays["state"] == "scheduled"
    assert client("PUT", f"/posts/{gone['id']}", {"post": {"text": "late"}}).status == 422


def test_a_post_on_its_way_out_can_be_neither_changed_nor_deleted(make_sandbox: MakeSandbox) -> None:
    clock = Movable()
    client = Client(make_sandbox(now=clock))
    client.create(item())
    clock.now = NOW + timedelta(hours=1, seconds=5)
    one_id = client.listed()[0]["id"]
    assert client("DELETE", f"/posts?post_ids[]={one_id}").data == {"deleted_ids": []}
    assert client("PUT", f"/posts/{one_id}", {"post": {"text": "late"}}).status == 422
    assert client.texts() == ["Hello"]


@pytest.mark.parametrize(
    ("state", "after"),
    [
        ("scheduled_approved", "published"),
        ("scheduled_pending", "scheduled_pending"),
        ("scheduled_locked", "scheduled_locked"),
        ("draft", "draft"),
    ],
)
def test_only_what_nothing_holds_back_goes_out(make_sandbox: MakeSandbox, state: str, after: str) -> None:
    sandbox = make_sandbox(now=lambda: NOW)
    sandbox.add(account_id=X, at=NOW - timedelta(hours=1), text="x", state=state)
    assert [post["state"] for post in sandbox.posts()] == [after]


@pytest.mark.parametrize(
    ("dialect", "renumbered_after"),
    [("later", timedelta(hours=6)), ("integer", timedelta(0)), ("kept", None)],
)
def test_the_id_of_a_published_post(
    make_sandbox: MakeSandbox, dialect: Any, renumbered_after: timedelta | None
) -> None:
    """Publer finds it under its first id for some hours at most."""
    clock = Movable()
    sandbox = make_sandbox(now=clock, faults=Faults(published_ids=dialect))
    first = sandbox.add(account_id=X, at=NOW, text="x")
    for hours in (1, 5, 7, 200):
        clock.now = NOW + timedelta(hours=hours)
        (post,) = sandbox.posts()
        renumbered = renumbered_after is not None and timedelta(hours=hours) > renumbered_after
        assert (post["id"] != first, isinstance(post["id"], int)) == (renumbered, renumbered)


@pytest.mark.parametrize(("dialect", "late"), [("actual", timedelta(minutes=3)), ("kept", timedelta(0))])
def test_the_time_of_a_published_post(make_sandbox: MakeSandbox, dialect: Any, late: timedelta) -> None:
    clock = Movable()
    faults = Faults(published_times=dialect, publish_lag=timedelta(minutes=3, seconds=38))
    sandbox = make_sandbox(now=clock, faults=faults)
    sandbox.add(account_id=X, at=NOW, text="x")
    clock.now += timedelta(hours=1)
    assert [post["at"] for post in sandbox.posts()] == [NOW + late]


@pytest.mark.parametrize(("hide", "state"), [(False, "published_deleted"), (True, "published_hidden")])
def test_a_post_is_taken_down_at_the_age_that_was_asked_for(
    make_sandbox: MakeSandbox, hide: bool, state: str
) -> None:
    clock = Movable()
    client = Client(make_sandbox(now=clock))
    wanted = item()
    age = {"duration": 2, "unit": "Day"}
    wanted["accounts"][0]["delete"] = {"hide": hide, "conditions": {"clauses": {"age": age}}}
    client.create(wanted)
    for days, expected in ((1, "published"), (3, state)):
        clock.now = NOW + timedelta(days=days)
        assert [post["state"] for post in client.listed()] == [expected]


def test_publishing_can_fail(make_sandbox: MakeSandbox) -> None:
    broken = make_sandbox(now=lambda: NOW, faults=Faults(publish_error="Token expired"))
    broken.add(account_id=X, at=NOW - timedelta(hours=1), text="x")
    assert [(post["state"], post["error"]) for post in broken.posts()] == [("failed", "Token expired")]
