"""What becomes of the posts of the sandbox when their time comes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults
from tests.sandbox.conftest import NOW, Client, Movable, X, item
from tests.tables import each_of

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


HOURS = {"age": {"duration": 5, "unit": "Hour"}}


@each_of(
    "wanted, shown",
    [
        (None, "published"),
        ("yes", "published"),
        ({}, "published"),
        ({"conditions": {"clauses": []}}, "published"),
        ({"conditions": {"clauses": {}}}, "published"),
        ({"conditions": {"clauses": {"age": "old"}}}, "published"),
        ({"conditions": {"clauses": {"age": {"unit": "Hour"}}}}, "published"),
        ({"conditions": {"clauses": {"age": {"duration": 5, "unit": "Century"}}}}, "published"),
        ({"conditions": {"clauses": {"age": {"duration": 1e30, "unit": "Hour"}}}}, "published"),
        ({"conditions": {"clauses": {**HOURS, "reach": {"comparison": "lt", "value": 5}}}}, "published"),
        ({"conditions": {"clauses": {"age": {"duration": 301, "unit": "Minute"}}}}, "published"),
        ({"conditions": {"clauses": HOURS}}, "published_deleted"),
        ({"conditions": {"clauses": HOURS}, "hide": True}, "published_hidden"),
        ({"conditions": {"clauses": {"age": {"duration": 1, "unit": "Week"}}}}, "published"),
    ],
)
def test_when_a_published_post_is_taken_down_again(client: Client, wanted: Any, shown: str) -> None:
    """Five hours after it was published; what Publer doesn't understand it passes over."""
    one_id = client.sandbox.add(
        account_id=X,
        at=NOW - timedelta(hours=5),
        text="x",
        state="published",
        sent={"account": {"delete": wanted}},
    )
    assert [post["state"] for post in client.sandbox.posts()] == [shown]
    client.sandbox.remove(one_id)


def test_a_post_that_is_ahead_is_not_taken_down(client: Client) -> None:
    sent = {"account": {"delete": {"conditions": {"clauses": HOURS}}}}
    client.sandbox.add(account_id=X, at=NOW + timedelta(hours=1), text="x", sent=sent)
    client.sandbox.add(account_id=X, at=None, text="x", state="published", sent=sent)
    assert [post["state"] for post in client.sandbox.posts()] == ["scheduled", "published"]


@each_of(
    "signature, entry, text, shown",
    [
        (None, {}, "Words", "Words"),
        (None, {"signature": "5f0000000000000000000009"}, "Words", "Words\n\n#yourbrand"),
        ("#all", {}, "Words", "Words\n\n#all"),
        ("#all", {"signature": "5f0000000000000000000009"}, "Words", "Words\n\n#yourbrand"),
        ("#all", {}, "", ""),
        ("#all", {}, None, None),
    ],
)
def test_a_signature_is_added_when_a_post_is_published(
    client: Client, signature: Any, entry: Any, text: Any, shown: Any
) -> None:
    client.sandbox.faults.signature = signature
    ahead, out = (
        client.sandbox.add(account_id=X, at=NOW + timedelta(hours=hours), text=text, sent={"account": entry})
        for hours in (1, -1)
    )
    assert [post["text"] for post in client.sandbox.posts()] == [shown, text]
    for one_id in (ahead, out):
        client.sandbox.remove(one_id)


@each_of(
    "dialect, renumbered",
    [("later", [False, True]), ("integer", [True, True]), ("kept", [False, False])],
)
def test_when_a_published_post_gets_its_number(
    make_sandbox: MakeSandbox, dialect: Any, renumbered: list[bool]
) -> None:
    """Six hours after its time, and never twice; one that a network gave, or that has a number, keeps its own."""
    clock = Movable()
    sandbox = make_sandbox(now=clock, faults=Faults(published_ids=dialect, publish_lag=timedelta(0)))
    first = sandbox.add(account_id=X, at=NOW, text="ours")
    sandbox.add(account_id=X, at=NOW, text="numbered", id="17")
    sandbox.add(account_id=X, at=NOW, text="theirs", state="published", id="5f0000000000000000000009")
    seen: list[Any] = []
    for seconds in (0, 1, 2):
        clock.now = NOW + timedelta(hours=6, seconds=seconds - 1)
        ids = {post["text"]: post["id"] for post in sandbox.posts()}
        assert (ids["numbered"], ids["theirs"]) == (17, "5f0000000000000000000009")
        seen.append(ids["ours"])
    assert [one != first for one in seen[:2]] == renumbered
    assert seen[1] == seen[2]


def test_publishing_can_fail(make_sandbox: MakeSandbox) -> None:
    broken = make_sandbox(now=lambda: NOW, faults=Faults(publish_error="Token expired"))
    broken.add(account_id=X, at=NOW - timedelta(hours=1), text="x")
    assert [(post["state"], post["error"]) for post in broken.posts()] == [("failed", "Token expired")]
