"""Posts of the sandbox: listed, edited, deleted; and the accounts they are on."""

from __future__ import annotations

import re
import time
from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Sandbox
from publer_sync.sandbox.tables import TYPES
from tests.sandbox.conftest import COMPOSER, FACEBOOK, LINKEDIN, NEVER, NOW, WINDOW, Client, X, item, messages

if TYPE_CHECKING:
    from collections.abc import Callable


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_accounts_are_a_bare_list(client: Client) -> None:
    reply = client("GET", "/accounts")
    assert reply.data[0] == {
        "id": FACEBOOK,
        "provider": "facebook",
        "name": "My Facebook Page",
        "type": "fb_page",
        "picture": None,
        "username": "myfacebookpage",
        "permissions": {"can_access": True, "approval_needed": False},
    }
    assert len(reply.data) == 3


def test_without_accounts_there_is_one_of_each_network() -> None:
    with Sandbox() as sandbox:
        client = Client(sandbox)
        accounts = client("GET", "/accounts").data
    with pytest.raises(ConnectionError):
        client("GET", "/accounts")
    assert sorted(account["provider"] for account in accounts) == sorted(TYPES)
    assert all(len(account["id"]) == 24 for account in accounts)


@pytest.mark.parametrize("key", ["accounts", "data"])
def test_accounts_in_an_envelope(faulty: Callable[..., Client], key: str) -> None:
    reply = faulty(accounts=key)("GET", "/accounts")
    assert list(reply.data) == [key]
    assert len(reply.data[key]) == 3


def test_no_accounts_at_all(faulty: Callable[..., Client]) -> None:
    assert faulty(accounts="empty")("GET", "/accounts").data == []


@pytest.mark.parametrize(
    ("dialect", "well", "broken"),
    [
        (
            "permissions",
            {"permissions": {"can_access": True, "approval_needed": False}},
            {"permissions": {"can_access": False, "approval_needed": False}},
        ),
        ("status", {"status": "active"}, {"status": "inactive"}),
        (
            "locked",
            {"locked": False, "permissions": {"can_access": True}},
            {"locked": True, "permissions": {"can_access": False}},
        ),
        ("none", {}, {}),
    ],
)
def test_the_dialects_of_health(faulty: Callable[..., Client], dialect: str, well: Any, broken: Any) -> None:
    client = faulty(health=dialect, broken=frozenset({FACEBOOK}))
    fields = ("status", "locked", "permissions")
    shown = [
        {key: account[key] for key in fields if key in account} for account in client("GET", "/accounts").data
    ]
    assert shown == [broken, well, well]


def test_an_account_whose_posts_wait_for_approval_says_so(faulty: Callable[..., Client]) -> None:
    client = faulty(approval=frozenset({FACEBOOK}))
    (facebook, *others) = (one["permissions"] for one in client("GET", "/accounts").data)
    assert facebook == {"can_access": True, "approval_needed": True}
    assert not any(permissions["approval_needed"] for permissions in others)
    client.create(item(), item(at=NOW + timedelta(hours=2), account=X, network="twitter"))
    assert [post["state"] for post in client.listed()] == ["scheduled_pending", "scheduled"]


def test_a_broken_account_fails_in_the_job(faulty: Callable[..., Client]) -> None:
    assert messages(faulty(broken=frozenset({FACEBOOK})).create(item())) == [COMPOSER]


# --- listing ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(client: Client) -> Client:
    """40 scheduled posts, one an hour, and a few of other kinds."""
    for number in range(40):
        client.sandbox.add(
            account_id=FACEBOOK if number % 2 else X, at=NOW + timedelta(hours=number), text=f"post {number}"
        )
    for state in (
        "draft_private",
        "published",
        "failed",
        "scheduled_locked",
        "recycling_active",
        "scheduled_pending",
    ):
        client.sandbox.add(account_id=LINKEDIN, at=NOW + timedelta(days=10), text=state, state=state)
    client.sandbox.add(account_id=LINKEDIN, at=None, text="undated", state="draft")
    return client


def test_without_dates_there_are_fifteen_and_no_word_of_more(crowd: Client) -> None:
    assert len(crowd.listed("")) == 15
    pages = [crowd.listed(f"page={page}") for page in range(5)]
    assert [len(page) for page in pages] == [15, 15, 15, 2, 0]
    assert len({post["id"] for page in pages for post in page}) == 47


def test_with_dates_pages_are_larger_and_total_counts_all(crowd: Client) -> None:
    crowd.sandbox.faults.per_page = 30
    replies = [crowd("GET", f"/posts?{WINDOW}&page={page}").data for page in range(3)]
    assert [(len(reply["posts"]), reply["total"]) for reply in replies] == [(30, 46), (16, 46), (0, 46)]


@pytest.mark.parametrize(("kind", "left"), [("rows_left_out", 23), ("empty_page", 0)])
def test_a_list_may_lack_posts_that_its_total_counts(crowd: Client, kind: Any, left: int) -> None:
    crowd.sandbox.faults.trip(kind, "GET", "^/posts$")
    lists = [crowd("GET", f"/posts?{WINDOW}").data for _ in range(2)]
    assert [(len(one["posts"]), one["total"]) for one in lists] == [(left, 46), (46, 46)]


@pytest.mark.parametrize("size", ["limit=1", "per_page=1", "page=x", "page=-1", "page=", "page=0"])
def test_there_is_no_page_size_and_no_such_page(crowd: Client, size: str) -> None:
    assert len(crowd.listed(f"{WINDOW}&{size}")) == 46


@pytest.mark.parametrize(
    "query",
    [
        "from=2027-03-01",
        "to=2027-03-01",
        "from=2027-03-01&to=",
        "from=x&to=y",
        "from=9999-12-31&to=9999-12-31",
    ],
)
def test_dates_come_in_pairs(client: Client, query: str) -> None:
    assert client("GET", f"/posts?{query}").status == 400


@pytest.mark.parametrize(
    ("query", "hours"),
    [("from=2027-03-02&to=2027-03-02", range(14, 38)), ("from=2027-03-01&to=2027-03-02", range(38))],
)
def test_both_days_are_included_in_the_services_own_zone(crowd: Client, query: str, hours: range) -> None:
    assert crowd.texts(query) == [f"post {hour}" for hour in hours]


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("state=draft", {"draft_private", "undated"}),
        ("state=draft_dated", {"draft_private"}),
        ("state=draft_undated", {"undated"}),
        ("state[]=published&state[]=failed", {"published", "failed"}),
        ("state%5B%5D=published_posted&state=failed", {"published", "failed"}),
        ("state=scheduled_locked", {"scheduled_locked"}),
        ("state=recycling", {"recycling_active"}),
        ("state=recurring", set()),
        ("state=scheduled&account_ids[]=" + LINKEDIN, {"scheduled_locked", "scheduled_pending"}),
        (f"account_ids[]={LINKEDIN}&state=all&query=LOCK", {"scheduled_locked"}),
        ("query=nothing+like+it", set()),
        ("postType=photo", set()),
        (f"account_ids[]={LINKEDIN},{X}", set()),
    ],
)
def test_filters(crowd: Client, query: str, texts: set[str]) -> None:
    assert set(crowd.texts(query)) == texts


def test_a_family_holds_all_its_states(crowd: Client) -> None:
    assert len(crowd.listed(f"{WINDOW}&state=scheduled")) == 42
    assert len(crowd.listed(f"{WINDOW}&state=all&account_ids[]={X}&account_ids[]={FACEBOOK}")) == 40


def test_an_unknown_state_is_400(client: Client) -> None:
    reply = client("GET", "/posts?state[]=pending")
    assert (reply.status, reply.data) == (400, {"errors": ["Unknown state pending"]})


def test_pages_can_be_ignored(crowd: Client) -> None:
    crowd.sandbox.faults.paging = "ignored"
    crowd.sandbox.faults.per_page = 10
    assert [len(crowd.listed(f"{WINDOW}&page={page}")) for page in (0, 1)] == [46, 46]


def test_only_a_slice_whatever_is_asked(crowd: Client) -> None:
    crowd.sandbox.faults.paging = "slice"
    assert [len(crowd.listed(f"{WINDOW}&page={page}")) for page in (0, 1)] == [15, 15]
    assert crowd("GET", f"/posts?{WINDOW}").data["total"] == 15


def test_the_total_can_be_missing(faulty: Callable[..., Client]) -> None:
    assert list(faulty(total=False)("GET", "/posts").data) == ["posts"]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (UTC, "2027-03-01T09:00:00.000+00:00"),
        (timezone(timedelta(hours=-5)), "2027-03-01T04:00:00.000-05:00"),
    ],
)
def test_times_are_shown_in_a_zone(faulty: Callable[..., Client], zone: Any, shown: str) -> None:
    client = faulty(zone=zone)
    client.create(item())
    assert client.listed()[0]["scheduled_at"] == shown


def test_seconds_and_any_offset_are_kept(client: Client) -> None:
    client.create(
        item(at="2027-03-02T20:34:27.5-03:00"), item(at="2027-03-04T10:00Z"), item(at="2027-03-05T10:00")
    )
    assert [post["scheduled_at"] for post in client.listed()] == [
        "2027-03-03T01:34:27.500+02:00",
        "2027-03-04T12:00:00.000+02:00",
        "2027-03-05T10:00:00.000+02:00",
    ]


def test_a_post_can_stay_out_of_lists(client: Client) -> None:
    client.create(item())
    client.sandbox.faults.hidden = frozenset({client.sandbox.posts()[0]["id"]})
    assert client.listed() == []
    assert len(client.create(item())) == 1


def test_lists_can_lag(faulty: Callable[..., Client]) -> None:
    client = faulty(list_delay=NEVER)
    job = client.queue(item())
    time.sleep(0.03)
    assert client("GET", f"/job_status/{job}").data["status"] == "complete"
    assert client.listed() == []


def test_media_links_and_labels_as_lists_show_them(client: Client) -> None:
    picture = client.sandbox.add_media()
    client.create(
        item(
            kind="photo",
            media=[{"id": picture, "type": "photo", "alt_text": "A cat"}],
            entry={"labels": ["cats"]},
        ),
        item(at=NOW + timedelta(hours=2), kind="link", link={"url": "https://example.com", "title": "Site"}),
        item(at=NOW + timedelta(hours=3), kind="link", url="https://example.com/bare"),
    )
    photo, link, bare = client.listed()
    assert photo["has_media"] is True
    assert [(one["id"], one["type"]) for one in photo["media"]] == [(picture, "photo")]
    assert set(photo["media"][0]) == {"id", "path", "type", "thumbnails", "default_thumbnail"}
    assert (link["url"], bare["url"], link["media"]) == (
        "https://example.com",
        "https://example.com/bare",
        [],
    )
    assert "labels" not in photo
    assert "link" not in link
    client.sandbox.faults.omit = frozenset()
    photo, link, _ = client.listed()
    assert [label["name"] for label in photo["labels"]] == ["cats"]
    assert link["link"] == {"url": "https://example.com", "title": "Site"}


def test_fields_can_be_missing(faulty: Callable[..., Client]) -> None:
    client = faulty(omit=frozenset({"media", "url", "title"}))
    client.create(item())
    assert not {"media", "url", "title"} & set(client.listed()[0])


def test_ids_can_be_integers(faulty: Callable[..., Client]) -> None:
    client = faulty(integer_ids=True)
    client.create(*(item(at=NOW + timedelta(hours=hours)) for hours in (1, 2, 3)))
    first, *others = [post["id"] for post in client.listed()]
    assert isinstance(first, int)
    assert others == [first + 1, first + 2]
    assert client("PUT", f"/posts/{first}", {"post": {"text": "new"}}).data["id"] == first
    assert client("DELETE", f"/posts?post_ids[]={first}").data == {"deleted_ids": [first]}


def test_an_id_of_24_digits_is_no_number(client: Client) -> None:
    for one_id in ("5" * 24, "5" * 23):
        client.sandbox.add(account_id=X, at=NOW + timedelta(hours=1), text=one_id, id=one_id)
    assert {post["text"]: post["id"] for post in client.listed()} == {
        "5" * 24: "5" * 24,
        "5" * 23: int("5" * 23),
    }


@pytest.mark.parametrize(
    "state", ["scheduled_pending", "scheduled_declined", "scheduled_reauth", "scheduled_locked"]
)
def test_scheduled_posts_can_end_up_in_another_state(faulty: Callable[..., Client], state: str) -> None:
    client = faulty(new_state=state)
    client.create(item())
    client.create(item(), state="draft")
    assert sorted(post["state"] for post in client.listed("state=all")) == ["draft", state]


# --- changing ---------------------------------------------------------------------------------------------------------


def test_text_and_title_change_and_nothing_else_does(client: Client, one: str) -> None:
    before = client.listed()[0]
    body = {
        "text": "new",
        "title": "New",
        "scheduled_at": "2027-05-05T10:00Z",
        "state": "draft",
        "media": [1],
        "account_id": X,
    }
    reply = client("PUT", f"/posts/{one}", {"post": body})
    assert reply.status == 200
    assert reply.data == client.listed()[0]
    assert reply.data == {**before, "text": "new", "title": "New", "updated_at": reply.data["updated_at"]}


def test_without_its_wrapper_a_change_is_passed_over(client: Client, one: str) -> None:
    assert client("PUT", f"/posts/{one}", {"text": "new"}).status == 200
    assert client.texts() == ["old"]


@pytest.mark.parametrize("body", [b"", b'{"post": {"text": "new"', b"\xff"])
def test_an_edit_that_is_not_json_is_400(client: Client, one: str, body: bytes) -> None:
    assert client("PUT", f"/posts/{one}", body).status == 400
    assert client.texts() == ["old"]


def test_a_change_without_text_is_422(client: Client, one: str) -> None:
    reply = client("PUT", f"/posts/{one}", {"post": {"title": "New"}})
    assert (reply.status, list(reply.data)) == (422, ["errors"])


def test_a_title_that_is_left_out_stays(client: Client, one: str) -> None:
    assert client("PUT", f"/posts/{one}", {"post": {"text": "new"}}).data["title"] == "Old title"


def test_or_goes(client: Client, one: str) -> None:
    client.sandbox.faults.put_clears_title = True
    assert client("PUT", f"/posts/{one}", {"post": {"text": "new"}}).data["title"] is None


def test_a_change_can_be_ignored(client: Client, one: str) -> None:
    client.sandbox.faults.put_ignored = True
    assert client("PUT", f"/posts/{one}", {"post": {"text": "new"}}).data["text"] == "old"


def test_texts_can_be_rewritten(client: Client, one: str) -> None:
    client.sandbox.faults.rewrite = lambda text: text.strip().replace("\n", "\r\n")
    assert client("PUT", f"/posts/{one}", {"post": {"text": " a\nb "}}).data["text"] == "a\r\nb"
    client.create(item(at=NOW + timedelta(hours=3), text="c \n"))
    assert client.texts() == ["a\r\nb", "c"]


@pytest.mark.parametrize(
    ("links", "kept"),
    [
        ("shortened", r"See https://go\.example\.com/[0-9a-f]{7}\."),
        ("tagged", r"See https://example\.com/a\?b=1&utm_source=publer&utm_medium=social\."),
    ],
)
def test_links_can_be_rewritten_once(client: Client, one: str, links: Any, kept: str) -> None:
    client.sandbox.faults.links = links
    text = "See https://example.com/a?b=1."
    once = client("PUT", f"/posts/{one}", {"post": {"text": text}}).data["text"]
    assert re.fullmatch(kept, once)
    assert client("PUT", f"/posts/{one}", {"post": {"text": once}}).data["text"] == once


def test_texts_are_kept_to_the_letter(client: Client, one: str) -> None:
    text = " 👩‍🚀 \r\n\u202e\x00\x1b[31m\n"
    assert client("PUT", f"/posts/{one}", {"post": {"text": text}}).data["text"] == text
    assert client.texts() == [text]


# --- deleting ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(client: Client) -> list[str]:
    return [
        client.sandbox.add(account_id=X, at=NOW + timedelta(hours=hour), text=str(hour)) for hour in (1, 2, 3)
    ]


@pytest.mark.parametrize("key", ["post_ids[]", "post_ids%5B%5D", "post_ids"])
def test_what_is_named_is_deleted(client: Client, three: list[str], key: str) -> None:
    reply = client("DELETE", f"/posts?{key}={three[0]}&{key}={three[2]}&{key}=5f0000000000000000000009")
    assert (reply.status, reply.data) == (200, {"deleted_ids": [three[0], three[2]]})
    assert client.texts() == ["2"]


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("", None),
        ("", {"post_ids": ["5f0000000000000000000009"]}),
        ("?ids[]=1", None),
        ("?post_ids[]=", None),
        ("?post_id=1", None),
    ],
)
def test_a_delete_that_names_nothing_takes_every_scheduled_post_and_draft(
    client: Client, three: list[str], query: str, body: Any
) -> None:
    draft = client.sandbox.add(account_id=X, at=NOW + timedelta(hours=4), text="draft", state="draft")
    client.sandbox.add(account_id=X, at=NOW - timedelta(hours=4), text="published", state="published")
    assert client("DELETE", f"/posts{query}", body).data == {"deleted_ids": [*three, draft]}
    assert client.texts() == ["published"]


def test_numbered_ids_may_take_every_scheduled_post(client: Client, three: list[str]) -> None:
    client.sandbox.faults.delete_numbered = "everything"
    assert client("DELETE", f"/posts?post_ids[0]={three[1]}").data == {"deleted_ids": three}


@pytest.mark.parametrize("query", ["post_ids[0]={0}", "post_ids[]={0},{1}", "post_ids[]=x"])
def test_forms_that_delete_nothing(client: Client, three: list[str], query: str) -> None:
    assert client("DELETE", "/posts?" + query.format(*three)).data == {"deleted_ids": []}
    assert len(client.listed()) == 3


def test_a_body_beside_ids_is_not_looked_at(client: Client, three: list[str]) -> None:
    assert client("DELETE", f"/posts?post_ids[]={three[0]}", {"post_ids": three}).data == {
        "deleted_ids": three[:1]
    }


def test_what_is_gone_can_be_404(client: Client, three: list[str]) -> None:
    client.sandbox.faults.delete_gone = "404"
    assert client("DELETE", "/posts?post_ids[]=5f0000000000000000000009").status == 404
    assert client("DELETE", f"/posts?post_ids[]={three[0]}").status == 200


def test_one_that_is_gone_or_may_not_be_deleted_can_keep_the_others(client: Client, three: list[str]) -> None:
    both = f"/posts?post_ids[]={three[0]}&post_ids[]={three[1]}"
    client.sandbox.faults.undeletable = frozenset({three[1]})
    assert client("DELETE", both).status == 403
    client.sandbox.faults.undeletable = frozenset()
    client.sandbox.faults.delete_gone = "404-any"
    client.sandbox.remove(three[1])
    assert client("DELETE", both).status == 404
    assert client("DELETE", f"/posts?post_ids[]={three[0]}&post_ids[]={three[0]}").status == 200


def test_a_delete_can_take_a_strangers_post(client: Client, three: list[str]) -> None:
    client.sandbox.faults.trip("slow", "DELETE")
    client.sandbox.faults.trip("foreign_id", "DELETE", nth=2)
    assert client("DELETE", f"/posts?post_ids[]={three[2]}").data == {"deleted_ids": [three[2]]}
    assert client("DELETE", f"/posts?post_ids[]={three[0]}").data == {"deleted_ids": [three[0], three[1]]}
    assert client.texts() == []


def test_and_names_one_even_where_there_is_none(client: Client, one: str) -> None:
    client.sandbox.faults.trip("foreign_id", "DELETE")
    ids = client("DELETE", f"/posts?post_ids[]={one}").data["deleted_ids"]
    assert (ids[0], len(ids)) == (one, 2)


def test_a_delete_can_do_nothing(client: Client, one: str) -> None:
    client.sandbox.faults.trip("delete_nothing", "DELETE")
    assert client("DELETE", f"/posts?post_ids[]={one}").data == {"deleted_ids": []}
    assert client("DELETE", f"/posts?post_ids[]={one}").data == {"deleted_ids": [one]}
