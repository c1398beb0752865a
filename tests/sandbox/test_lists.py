"""Lists of the sandbox's posts: how far they reach, how they are paged and counted, and what a row shows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Seed, SeedAccount
from publer_sync.sandbox.tables import not_modelled
from tests.sandbox.conftest import FACEBOOK, NOW, WINDOW, Client, X
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

PAIR = not_modelled("from and to require each other")
DATES = not_modelled("from and to must be dates")


@pytest.fixture
def forty(client: Client) -> Client:
    """40 scheduled posts, one an hour."""
    for number in range(40):
        client.sandbox.add(account_id=FACEBOOK, at=NOW + timedelta(hours=number), text=str(number))
    return client


@each_of(
    "query, said",
    [
        ("from=2027-03-01", PAIR),
        ("to=2027-03-01", PAIR),
        ("from=2027-03-01&to=", PAIR),
        ("from=&to=2027-03-01", PAIR),
        ("from=x&to=y", DATES),
        ("from=2027-03-01&to=y", DATES),
        ("from=1969-12-31&to=2027-03-01", DATES),
        ("from=2027-03-01&to=3000-01-01", DATES),
        ("from=&to=", None),
        ("from=1970-01-01&to=2999-12-31", None),
        ("from=2027-03-01T09:00&to=2027-03-01", None),
    ],
)
def test_which_days_may_be_asked_for(client: Client, query: str, said: str | None) -> None:
    reply = client("GET", f"/posts?{query}")
    assert (reply.status, reply.data.get("errors")) == ((400, [said]) if said else (200, None))


@each_of("days, status", [(30, 200), (31, 400), (None, 200)])
def test_a_list_may_cover_so_many_days_and_no_more(client: Client, days: int | None, status: int) -> None:
    client.sandbox.faults.longest_span = 30
    last = "" if days is None else f"?from=2027-03-01&to={NOW + timedelta(days=days - 1):%Y-%m-%d}"
    assert client("GET", f"/posts{last}").status == status


@each_of("hours, texts", [(37.9, ["post"]), (38, [])])
def test_what_is_cut_off_a_list_that_is_too_long(client: Client, hours: float, texts: list[str]) -> None:
    """Two days, as Publer's zone has them, two hours ahead."""
    client.sandbox.faults.longest_span, client.sandbox.faults.beyond_span = 2, "cut"
    one_id = client.sandbox.add(account_id=X, at=NOW + timedelta(hours=hours), text="post")
    assert client.texts("from=2027-03-01&to=2027-03-31") == texts
    client.sandbox.remove(one_id)


@each_of(
    "switches, query, counts",
    [
        ({}, WINDOW, (40, 40, 0, 100, 1)),
        ({}, f"{WINDOW}&page=1", (0, 40, 1, 100, 1)),
        ({}, "", (15, 40, 0, 15, 3)),
        ({}, "page=2", (10, 40, 2, 15, 3)),
        ({}, "query=nothing", (0, 0, 0, 15, 0)),
        ({"per_page": 20}, f"{WINDOW}&page=1", (20, 40, 1, 20, 2)),
        ({"per_page": 20, "first_page": 1}, f"{WINDOW}&page=2", (20, 40, 1, 20, 2)),
        ({"per_page": 20, "first_page": 1}, WINDOW, (20, 40, 0, 20, 2)),
        ({"per_page": 20, "total_of": "page"}, f"{WINDOW}&page=1", (20, 20, 1, 20, 1)),
        ({"per_page": 20, "null_rows": True}, WINDOW, (21, 40, 0, 20, 2)),
        ({"paging": "ignored"}, f"{WINDOW}&page=3", (40, 40, 0, 40, 1)),
        ({"paging": "ignored"}, f"{WINDOW}&page=3&query=nothing", (0, 0, 0, 1, 0)),
        ({"paging": "ignored"}, "page=2", (10, 40, 2, 15, 3)),
        ({"paging": "slice"}, f"{WINDOW}&page=2", (15, 15, 0, 15, 1)),
        ({"paging": "slice"}, "query=nothing", (0, 0, 0, 15, 0)),
    ],
)
def test_pages_and_what_is_said_of_them(
    forty: Client, switches: dict[str, Any], query: str, counts: tuple[int, ...]
) -> None:
    usual = {name: getattr(forty.sandbox.faults, name) for name in switches}
    for name, value in switches.items():
        setattr(forty.sandbox.faults, name, value)
    told = forty("GET", f"/posts?{query}").data
    assert (
        len(told["posts"]),
        *(told[key] for key in ("total", "page", "per_page", "total_pages")),
    ) == counts
    for name, value in usual.items():
        setattr(forty.sandbox.faults, name, value)


@each_of("page", ["x", "-1", "1x", "1234567", ""])
def test_what_is_no_page_is_the_first_one(forty: Client, page: str) -> None:
    assert forty("GET", f"/posts?page={page}").data["page"] == 0


@each_of("kind, texts", [("rows_left_out", ["1", "3"]), ("empty_page", []), ("slow", ["0", "1", "2", "3"])])
def test_rows_that_a_list_leaves_out(client: Client, kind: Any, texts: list[str]) -> None:
    ids = [
        client.sandbox.add(account_id=X, at=NOW + timedelta(hours=hour + 1), text=str(hour))
        for hour in range(4)
    ]
    client.sandbox.faults.trip(kind, "GET")
    assert client.texts() == texts
    for one_id in ids:
        client.sandbox.remove(one_id)


# --- rows -------------------------------------------------------------------------------------------------------------


def test_all_that_a_row_shows(client: Client) -> None:
    client.sandbox.faults.omit = frozenset()
    one_id = client.sandbox.add(account_id=X, at=NOW + timedelta(hours=1), text="Hello")
    picture = client.sandbox.add_media("a.png")
    shown = {"id": picture, "path": "https://cdn.publer.example/a.png", "type": "photo"}
    client.sandbox.add(
        account_id=FACEBOOK, at=None, text=None, state="failed", media=[shown], error="Why",
        source="sync", title="T", link={"url": "u"}, details={"type": "reel"}, updated_at="then",
    )  # fmt: skip
    first, second = client.listed("")
    assert first == {
        "id": one_id,
        "text": "Hello",
        "title": None,
        "url": None,
        "state": "scheduled",
        "type": "status",
        "account_id": X,
        "user": {"id": "5f0000000000000000000002", "name": "A colleague", "picture": None},
        "scheduled_at": "2027-03-01T11:00:00.000+02:00",
        "post_link": None,
        "has_media": False,
        "network": "twitter",
        "media": [],
        "link": None,
        "labels": [],
        "source": "schedule",
        "updated_at": NOW.isoformat(),
    }
    assert first.keys() | {"error", "details"} == second.keys()
    assert {
        key: second[key] for key in ("scheduled_at", "text", "has_media", "source", "error", "updated_at")
    } == {
        "scheduled_at": None,
        "text": None,
        "has_media": True,
        "source": "sync",
        "error": "Why",
        "updated_at": "then",
    }


def test_about_every_third_row_may_have_no_time_that_is_one(faulty: Callable[..., Client]) -> None:
    client = faulty(unreadable_some=True)
    named = ["0" * 23 + last for last in "abc"]
    for hour, one_id in enumerate(named):
        client.sandbox.add(account_id=X, at=NOW + timedelta(hours=hour), text="", id=one_id)
    soon = [post["id"] for post in client.listed() if post["scheduled_at"] == "soon"]
    assert soon == [one_id for one_id in named if sum(map(ord, one_id)) % 3 == 0]
    assert len(soon) == 1


@each_of("text, shown", [("Hello", "Hello!"), ("", ""), (None, None)])
def test_only_words_are_shown_otherwise(client: Client, text: Any, shown: Any) -> None:
    client.sandbox.faults.shown_text = lambda words: f"{words}!"
    one_id = client.sandbox.add(account_id=X, at=NOW + timedelta(hours=1), text=text)
    assert client.texts() == [shown]
    client.sandbox.remove(one_id)


@each_of(
    "query, texts",
    [
        ("state=draft_dated", ["dated"]),
        ("state=draft_undated", ["undated"]),
        ("state=draft", ["dated", "undated"]),
        ("state=published_posted", ["published", "published_posted"]),
        ("state=published", ["published", "published_deleted", "published_posted"]),
        ("state=published_deleted", ["published_deleted"]),
        ("state=draft&state[]=published_deleted", ["dated", "published_deleted", "undated"]),
        ("state=draft&state[]=all", ["dated", "published", "published_deleted", "published_posted", "undated"]),
        ("postType=video", ["dated"]),
        ("query=POST", ["published_posted"]),
        (f"account_ids[]={FACEBOOK}", ["dated"]),
        (f"account_ids[]={FACEBOOK}&account_ids[]={X}&state=draft", ["dated", "undated"]),
    ],
)  # fmt: skip
def test_filters_by_state_kind_words_and_account(client: Client, query: str, texts: list[str]) -> None:
    if not client.sandbox.posts():
        client.sandbox.add(account_id=FACEBOOK, at=NOW, text="dated", state="draft", type="video")
        for number, state in enumerate(("published", "published_posted", "published_deleted")):
            at = NOW - timedelta(hours=number)
            client.sandbox.add(account_id=X, at=at, text=state, state=state, post_link="l")
        client.sandbox.add(account_id=X, at=None, text="undated", state="draft_private")
    assert sorted(client.texts(query)) == texts


def test_drafts_that_no_list_shows_are_there(client: Client) -> None:
    client.sandbox.faults.drafts = "hidden"
    client.sandbox.add(account_id=X, at=NOW + timedelta(hours=1), text="draft", state="draft_private")
    client.sandbox.add(account_id=X, at=NOW + timedelta(hours=2), text="ahead")
    assert client.texts() == client.texts("state=all") == ["ahead"]
    assert len(client.sandbox.posts()) == 2


def test_another_workspace_has_lists_and_an_order_of_its_own(client: Client) -> None:
    there = SeedAccount("acc000000000000000000999", "facebook", "Other")
    client.sandbox.add_workspace(Seed("5f000000000000000000cafe", "Other", (there,)))
    client.sandbox.add(account_id=there.id, at=NOW + timedelta(hours=1), text="there")
    client.sandbox.add(account_id=X, at=None, text="undated", state="draft")
    client.sandbox.add(account_id=X, at=NOW + timedelta(hours=2), text="second")
    client.sandbox.add(account_id=X, at=NOW + timedelta(hours=1), text="first")
    assert client.texts("") == ["first", "second", "undated"]
    client.headers["Publer-Workspace-Id"] = "5f000000000000000000cafe"
    assert client.texts("") == client.texts() == ["there"]
