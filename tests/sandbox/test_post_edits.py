"""Edits and removals in the sandbox: what each switch makes of them, and what may not be touched."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Seed, SeedAccount
from publer_sync.sandbox.tables import not_modelled
from tests.sandbox.conftest import FACEBOOK, NOW, Client, Movable, X
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import MakeSandbox

ABSENT = "5f0000000000000000000009"
AHEAD = NOW + timedelta(hours=1)
CANT = not_modelled("The post can't be updated")


@pytest.fixture
def there(client: Client) -> Client:
    """The same, in another workspace."""
    account = SeedAccount("acc000000000000000000999", "facebook", "Other")
    client.sandbox.add_workspace(Seed("5f000000000000000000cafe", "Other", (account,)))
    other = Client(client.sandbox)
    other.headers["Publer-Workspace-Id"] = "5f000000000000000000cafe"
    return other


@each_of(
    "switches, sent, text, title",
    [
        ({}, {"text": "new", "title": "New"}, "new", "New"),
        ({}, {"text": "new", "title": None}, "new", None),
        ({}, {"text": "new"}, "new", "Old title"),
        ({}, {"text": ""}, "", "Old title"),
        ({"rewrite": str.upper}, {"text": "new"}, "NEW", "Old title"),
        ({"rewrite": lambda text: f"{text}!"}, {"text": ""}, "", "Old title"),
        ({"put_ignores_title": True}, {"text": "new", "title": "New"}, "new", "Old title"),
        ({"put_ignores_title": True, "put_clears_title": True}, {"text": "new"}, "new", None),
        ({"put_clears_title": True}, {"text": "new", "title": "New"}, "new", "New"),
        ({"put_ignored": True}, {"text": "new", "title": "New"}, "old", "Old title"),
        ({"put_ignored": True}, {"title": "New"}, "old", "Old title"),
    ],
)
def test_what_an_edit_changes(client: Client, switches: Any, sent: Any, text: str, title: Any) -> None:
    for name, value in switches.items():
        setattr(client.sandbox.faults, name, value)
    one_id = client.sandbox.add(account_id=FACEBOOK, at=AHEAD, text="old", title="Old title")
    reply = client("PUT", f"/posts/{one_id}", {"post": sent})
    assert (reply.status, reply.data["text"], reply.data["title"]) == (200, text, title)
    assert [(post["text"], post["title"]) for post in client.listed()] == [(text, title)]
    client.sandbox.remove(one_id)
    for name in switches:
        setattr(client.sandbox.faults, name, False)


@each_of("body", [None, [], {}, {"text": "new"}, {"post": "new"}, {"post": ["new"]}])
def test_a_body_of_another_shape_changes_nothing(client: Client, body: Any) -> None:
    one_id = client.sandbox.add(account_id=FACEBOOK, at=AHEAD, text="old")
    assert client("PUT", f"/posts/{one_id}", b"null" if body is None else body).status == 200
    assert client.texts() == ["old"]
    client.sandbox.remove(one_id)


@each_of("sent", [{}, {"title": "New"}, {"text": None}, {"text": 5}])
def test_an_edit_without_a_text_is_refused(client: Client, sent: Any) -> None:
    one_id = client.sandbox.add(account_id=FACEBOOK, at=AHEAD, text="old")
    reply = client("PUT", f"/posts/{one_id}", {"post": sent})
    assert (reply.status, reply.data) == (422, {"errors": [not_modelled("Text can't be blank")]})
    client.sandbox.remove(one_id)


@each_of(
    "state, approval, after",
    [
        ("scheduled", True, "scheduled_pending"),
        ("scheduled", False, "scheduled"),
        ("scheduled_approved", False, "scheduled_pending"),
        ("scheduled_locked", True, "scheduled_pending"),
        ("scheduled_locked", False, "scheduled_locked"),
        ("draft", True, "draft"),
        ("draft_private", False, "draft_private"),
    ],
)
def test_an_edit_goes_back_to_approval(client: Client, state: str, approval: bool, after: str) -> None:
    client.sandbox.faults.approval = frozenset({FACEBOOK} if approval else ())
    one_id = client.sandbox.add(account_id=FACEBOOK, at=AHEAD, text="old", state=state)
    assert client("PUT", f"/posts/{one_id}", {"post": {"text": "new"}}).data["state"] == after
    client.sandbox.remove(one_id)


@each_of(
    "state, hours, edited, removed",
    [
        ("scheduled", 1, True, True),
        ("scheduled", 0, False, False),
        ("scheduled", -1, False, False),
        ("scheduled_approved", 0, False, False),
        ("draft", -1, True, True),
        ("failed", -1, True, True),
        ("published", -1, False, True),
        ("published_hidden", -1, False, True),
        ("scheduled", None, True, True),
    ],
)
def test_what_is_published_or_about_to_be_is_left_alone(
    client: Client, state: str, hours: int | None, edited: bool, removed: bool
) -> None:
    client.sandbox.faults.publish_lag = timedelta(days=1)
    at = None if hours is None else NOW + timedelta(hours=hours)
    one_id = client.sandbox.add(account_id=X, at=at, text="old", state=state)
    reply = client("PUT", f"/posts/{one_id}", {"post": {"text": "new"}})
    assert (reply.status, reply.data.get("errors")) == ((200, None) if edited else (422, [CANT]))
    gone = client("DELETE", f"/posts?post_ids[]={one_id}").data["deleted_ids"]
    assert gone == ([one_id] if removed else [])
    if not removed:
        client.sandbox.remove(one_id)


def test_a_post_of_another_workspace_is_not_there(client: Client, there: Client) -> None:
    one_id = client.sandbox.add(account_id=X, at=AHEAD, text="old")
    other_id = client.sandbox.add(account_id="acc000000000000000000999", at=AHEAD, text="theirs")
    assert there("PUT", f"/posts/{one_id}", {"post": {"text": "new"}}).status == 404
    assert there("DELETE", f"/posts?post_ids[]={one_id}").data == {"deleted_ids": []}
    assert there("DELETE", "/posts").data == {"deleted_ids": [other_id]}
    client.sandbox.faults.trip("foreign_id", "DELETE")
    assert there("DELETE", f"/posts?post_ids[]={one_id}").data["deleted_ids"] != [one_id]
    assert client.texts() == ["old"]


@each_of(
    "gone, query, status",
    [
        ("empty", "post_ids[]={absent}", 200),
        ("404", "post_ids[]={absent}", 404),
        ("404", "post_ids[]={absent}&post_ids[]={one}", 200),
        ("404", "ids[]=1", 200),
        ("404", "post_ids[0]={absent}", 200),
        ("404-any", "post_ids[]={absent}&post_ids[]={one}", 404),
        ("404-any", "post_ids[]={one}&post_ids={one}", 200),
        ("404-any", "ids[]=1", 200),
    ],
)
def test_what_a_delete_answers_where_a_post_is_gone(
    client: Client, gone: Any, query: str, status: int
) -> None:
    client.sandbox.faults.delete_gone = gone
    one_id = client.sandbox.add(account_id=X, at=AHEAD, text="old")
    reply = client("DELETE", "/posts?" + query.format(absent=ABSENT, one=one_id))
    assert reply.status == status
    if status == 404:
        assert client.texts() == ["old"], "and then nothing is deleted"
    for post in client.sandbox.posts():
        client.sandbox.remove(post["id"])
    if "ids[]=1" in query and "post" not in query:
        assert client("DELETE", f"/posts?{query}").data == {"deleted_ids": []}, "with nothing there"


@each_of(
    "query, left",
    [
        ("post_ids[]={0}", ["1", "2", "draft"]),
        ("post_ids[]={0}&post_ids={1}", ["2", "draft"]),
        ("post_ids[]={0}&post_ids[1]={1}", ["1", "2", "draft"]),
        ("post_ids[]=&post_ids[]={2}", ["0", "1", "draft"]),
        ("post_ids[1]={1}", ["0", "1", "2", "draft"]),
        ("post_ids[x]={1}", []),
        ("post_ids[]=", []),
    ],
)
def test_what_each_form_of_a_delete_takes(client: Client, query: str, left: list[str]) -> None:
    ids = [
        client.sandbox.add(account_id=X, at=AHEAD + timedelta(hours=hour), text=str(hour))
        for hour in range(3)
    ]
    client.sandbox.add(account_id=X, at=None, text="draft", state="draft")
    client("DELETE", "/posts?" + query.format(*ids))
    assert sorted(post["text"] for post in client.sandbox.posts()) == left
    client("DELETE", "/posts")


def test_nothing_goes_where_one_of_the_posts_may_not(client: Client) -> None:
    one_id = client.sandbox.add(account_id=X, at=AHEAD, text="old")
    client.sandbox.faults.undeletable = frozenset({one_id})
    assert client("DELETE", f"/posts?post_ids[]={one_id}").data == {"errors": [not_modelled("Not allowed")]}
    assert client("DELETE", "/posts").status == 200, "where it is not named"


def test_an_id_that_changes_with_an_edit_is_another_post(faulty: Callable[..., Client]) -> None:
    client = faulty(put_renumbers=True)
    one_id = client.sandbox.add(account_id=X, at=AHEAD, text="old")
    after = client("PUT", f"/posts/{one_id}", {"post": {"text": "new"}}).data["id"]
    assert client("PUT", f"/posts/{one_id}", {"post": {"text": "newer"}}).status == 404
    assert [(post["id"], post["text"]) for post in client.sandbox.posts()] == [(after, "new")]


def test_an_edit_says_when_it_was(make_sandbox: MakeSandbox) -> None:
    clock = Movable()
    client = Client(make_sandbox(now=clock))
    one_id = client.sandbox.add(account_id=X, at=NOW + timedelta(days=1), text="old")
    clock.now += timedelta(minutes=7)
    edit = client("PUT", f"/posts/{one_id}", {"post": {"text": "new"}}).data
    assert edit["updated_at"] == clock.now.isoformat() == client.listed()[0]["updated_at"]
