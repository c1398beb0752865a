"""The local Publer, asked over real HTTP: each rule it keeps and each switch it has."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from publer_sync.sandbox import Faults, Sandbox, SandboxFileError, Seed, SeedAccount, serve_forever
from publer_sync.sandbox.jobs import Jobs
from tests.conftest import THREE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Cli, MakeSandbox

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
FACEBOOK, X, LINKEDIN = "acc00000000000000000fb01", "acc000000000000000002701", "acc00000000000000001ed01"
NEVER = 1e9
QUICK = 0.003
WINDOW = "from=2027-01-01&to=2027-12-31"
COMPOSER = "The composer is in a bad state for this account as it's missing the social network params."


class Reply(NamedTuple):
    status: int
    data: Any
    """The JSON, or the bytes where it is none."""
    headers: dict[str, str]


class Client:
    """A bare client of the service: no pacing, no retry, no opinion."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.base = urlsplit(sandbox.url)
        self.headers = {
            "Authorization": f"Bearer-API {sandbox.key}",
            "Publer-Workspace-Id": sandbox.seed.workspace_id,
            "User-Agent": "tests",
        }

    def __call__(
        self, method: str, path: str, body: Any = None, headers: dict[str, str | None] | None = None
    ) -> Reply:
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        sent = {
            name: value for name, value in {**self.headers, **(headers or {})}.items() if value is not None
        }
        connection = http.client.HTTPConnection(self.base.netloc, timeout=20)
        try:
            connection.putrequest(method, self.base.path + path, skip_accept_encoding=True)
            for name, value in {**sent, "Content-Length": str(len(data or b""))}.items():
                connection.putheader(name, value)
            connection.endheaders(data)
            response = connection.getresponse()
            raw = response.read()
        finally:
            connection.close()
        try:
            found = json.loads(raw)
        except ValueError:
            found = raw
        return Reply(response.status, found, dict(response.headers))

    def queue(self, *items: Any, state: str = "scheduled", path: str = "/posts/schedule") -> str:
        reply = self("POST", path, {"bulk": {"state": state, "posts": list(items)}})
        assert reply.status == 200
        return str(reply.data["job_id"])

    def create(self, *items: Any, state: str = "scheduled", path: str = "/posts/schedule") -> list[Any]:
        """The failures, once the job is through and lists show its posts."""
        job = self.queue(*items, state=state, path=path)
        self.sandbox.settle()
        reply = self("GET", f"/job_status/{job}")
        assert reply.data["status"] == "complete"
        failures = reply.data["payload"]["failures"]
        return list(failures) if isinstance(failures, list) else []

    def listed(self, query: str = WINDOW) -> list[Any]:
        reply = self("GET", f"/posts?{query}")
        assert reply.status == 200, reply
        return list(reply.data["posts"])

    def texts(self, query: str = WINDOW) -> list[Any]:
        return [post["text"] for post in self.listed(query)]


def item(
    at: datetime | str | None = NOW + timedelta(hours=1),
    text: str = "Hello",
    account: str = FACEBOOK,
    network: str = "facebook",
    kind: str = "status",
    entry: dict[str, Any] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    raw = at.isoformat() if isinstance(at, datetime) else at
    when = {} if raw is None else {"scheduled_at": raw}
    return {
        "networks": {network: {"type": kind, "text": text, **fields}},
        "accounts": [{"id": account, **when, **(entry or {})}],
    }


@pytest.fixture
def at_eight(make_sandbox: MakeSandbox) -> Sandbox:
    return make_sandbox(now=lambda: NOW, poll_seconds=QUICK)


@pytest.fixture
def client(at_eight: Sandbox) -> Client:
    return Client(at_eight)


@pytest.fixture
def faulty(make_sandbox: MakeSandbox) -> Callable[..., Client]:
    """A client of a sandbox with these switches set."""

    def make(**switches: Any) -> Client:
        return Client(make_sandbox(now=lambda: NOW, poll_seconds=QUICK, faults=Faults(**switches)))

    return make


def messages(failures: list[Any]) -> list[str]:
    return [failure["message"] for failure in failures]


# the front door


def test_any_key_opens(client: Client) -> None:
    reply = client("GET", "/workspaces", headers={"Authorization": "Bearer-API whatever"})
    assert reply.status == 200
    assert reply.data == [
        {"id": "5f000000000000000000beef", "name": "My Primary Workspace", "picture": None, "role": "owner"}
    ]


@pytest.mark.parametrize("value", [None, "", "Bearer key", "Bearer-API", "Bearer-API  ", "key"])
def test_no_key_or_another_scheme_is_401(client: Client, value: str | None) -> None:
    reply = client("GET", "/workspaces", headers={"Authorization": value})
    assert (reply.status, reply.data) == (401, {"errors": ["Unauthorized"]})


@pytest.mark.parametrize("value", [None, "", "5f000000000000000000dead"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/accounts"),
        ("GET", "/posts"),
        ("GET", "/job_status/1"),
        ("PUT", "/posts/1"),
        ("DELETE", "/posts?post_ids[]=1"),
        ("POST", "/posts/schedule"),
        ("POST", "/media"),
        ("POST", "/media/from-url"),
        ("GET", "/media"),
    ],
)
def test_another_workspace_or_none_is_401(client: Client, method: str, path: str, value: str | None) -> None:
    reply = client(method, path, headers={"Publer-Workspace-Id": value})
    assert (reply.status, reply.data) == (401, {"errors": ["You don't have access on this workspace"]})


def test_the_user_and_the_workspaces_need_no_workspace(client: Client) -> None:
    assert [
        client("GET", path, headers={"Publer-Workspace-Id": None}).status
        for path in ("/users/me", "/workspaces")
    ] == [200, 200]


LIBRARIES = (
    "python-requests/2.32.4",
    "python-httpx/0.27",
    "Go-http-client/1.1",
    "axios/1.7",
    "node",
    None,
    "",
)


@pytest.mark.parametrize("agent", ["Python-urllib/3.11", *LIBRARIES])
@pytest.mark.parametrize("cloudflare", ["urllib", "libraries", "off"])
def test_cloudflare_turns_away_urllib_and_others_only_where_told(
    faulty: Callable[..., Client], cloudflare: str, agent: str | None
) -> None:
    turned_away: dict[str, set[str | None]] = {
        "urllib": {"Python-urllib/3.11"},
        "libraries": {"Python-urllib/3.11", *LIBRARIES},
    }
    reply = faulty(cloudflare=cloudflare)("GET", "/workspaces", headers={"User-Agent": agent})
    if agent in turned_away.get(cloudflare, set()):
        assert (reply.status, reply.data) == (403, b"error code: 1010")
    else:
        assert reply.status == 200


def test_a_refused_key_is_403(faulty: Callable[..., Client]) -> None:
    reply = faulty(key_refused=True)("GET", "/workspaces")
    assert (reply.status, reply.data) == (403, {"errors": ["Invalid API key or not active"]})


@pytest.mark.parametrize(
    ("scope", "path"),
    [("workspaces", "/workspaces"), ("accounts", "/accounts"), ("posts", "/posts"), ("media", "/media")],
)
def test_a_key_without_the_scope_is_403(faulty: Callable[..., Client], scope: str, path: str) -> None:
    client = faulty(scopes=Faults().scopes - {scope})
    assert client("GET", path).status == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/me", 404),
        ("POST", "/posts", 404),
        ("DELETE", "/posts/5f0000000000000000000009", 404),
        ("GET", "/posts/5f0000000000000000000009", 403),
        ("PUT", "/posts/5f0000000000000000000009", 404),
        ("GET", "/nothing", 404),
        ("GET", "", 404),
        ("PATCH", "/posts/1", 405),
        ("TRACE", "/posts", 405),
    ],
)
def test_paths_that_are_none_of_the_services(client: Client, method: str, path: str, status: int) -> None:
    reply = client(method, path, {})
    assert reply.status == status
    assert list(reply.data) == ["errors"]


def test_outside_the_api_there_is_nothing(client: Client) -> None:
    client.base = client.base._replace(path="/api/v2")
    assert client("GET", "/workspaces").status == 404


# the request limit


def test_headers_tell_what_is_left(faulty: Callable[..., Client]) -> None:
    """The reset is told by the clock of the Date header, which is real whatever decides what is past."""
    client = faulty(rate_window=30 / QUICK)
    first, second = client("GET", "/workspaces").headers, client("GET", "/workspaces").headers
    assert first["X-RateLimit-Limit"] == "100"
    assert (first["X-RateLimit-Remaining"], second["X-RateLimit-Remaining"]) == ("99", "98")
    sent = parsedate_to_datetime(second["Date"]).timestamp()
    assert 29 <= int(second["X-RateLimit-Reset"]) - sent <= 32


def test_over_the_limit_is_429_until_the_window_has_passed(
    make_sandbox: MakeSandbox, wall: list[float]
) -> None:
    """A hundred requests in two minutes, and the window slides."""
    client = Client(make_sandbox(poll_seconds=2))
    first = client("GET", "/workspaces")
    wall[0] += 60
    assert [client("GET", "/workspaces").status for _ in range(100)] == [200] * 99 + [429]
    wall[0] += 59
    over = client("GET", "/workspaces")
    assert (over.status, over.data) == (429, {"error": "Rate limit exceeded. Retry later."})
    assert over.headers["X-RateLimit-Remaining"] == "0"
    assert over.headers["X-RateLimit-Reset"] == first.headers["X-RateLimit-Reset"]
    wall[0] += 1
    assert [client("GET", "/workspaces").status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(
    ("when", "seen"), [("always", [True, True]), ("limit", [False, True]), ("never", [False, False])]
)
def test_headers_of_the_limit_can_be_rare(faulty: Callable[..., Client], when: str, seen: list[bool]) -> None:
    client = faulty(rate_limit=1, rate_window=NEVER, rate_headers=when)
    assert ["X-RateLimit-Reset" in client("GET", "/workspaces").headers for _ in range(2)] == seen


def test_without_a_limit_nothing_is_counted(faulty: Callable[..., Client]) -> None:
    client = faulty(rate_limit=None, rate_window=NEVER)
    replies = [client("GET", "/workspaces") for _ in range(120)]
    assert {reply.status for reply in replies} == {200}
    assert "X-RateLimit-Limit" not in replies[0].headers


def test_a_storm_of_429(faulty: Callable[..., Client]) -> None:
    client = faulty()
    client.sandbox.faults.trip("limited", "GET", "^/posts$", times=2)
    client.sandbox.faults.trip("limited", "GET", "^/accounts$", headers=False)
    assert [client("GET", "/posts").status for _ in range(3)] == [429, 429, 200]
    bare = client("GET", "/accounts")
    assert bare.status == 429
    assert "X-RateLimit-Reset" not in bare.headers


# accounts


def test_accounts_are_a_bare_list(client: Client) -> None:
    reply = client("GET", "/accounts")
    assert reply.data[0] == {
        "id": FACEBOOK,
        "provider": "facebook",
        "name": "My Facebook Page",
        "type": "fb_page",
        "picture": None,
        "status": "active",
    }
    assert len(reply.data) == 3


def test_without_accounts_there_is_one_of_each_network(make_sandbox: MakeSandbox) -> None:
    accounts = Client(make_sandbox(Seed()))("GET", "/accounts").data
    assert len({account["provider"] for account in accounts}) == 13
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


def test_a_broken_account_fails_in_the_job(faulty: Callable[..., Client]) -> None:
    assert messages(faulty(broken=frozenset({FACEBOOK})).create(item())) == [COMPOSER]


# creating


def test_a_post_comes_to_be_and_is_listed(client: Client) -> None:
    assert client.create(item()) == []
    (post,) = client.listed()
    assert {
        key: post[key] for key in ("text", "title", "url", "state", "type", "account_id", "post_link")
    } == {
        "text": "Hello",
        "title": None,
        "url": None,
        "state": "scheduled",
        "type": "status",
        "account_id": FACEBOOK,
        "post_link": None,
    }
    assert len(post["id"]) == 24


def test_the_answer_is_a_job_and_nothing_else(client: Client) -> None:
    reply = client("POST", "/posts/schedule", {"bulk": {"state": "scheduled", "posts": [{"networks": {}}]}})
    assert reply.status == 200
    assert list(reply.data) == ["job_id"]


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The wall clock, to be moved by hand."""
    moment = [1.8e9]
    monkeypatch.setattr(time, "time", lambda: moment[0])
    return moment


def test_a_job_takes_a_while_and_its_post_is_listed_later_still(
    make_sandbox: MakeSandbox, wall: list[float]
) -> None:
    client = Client(make_sandbox(now=lambda: NOW, poll_seconds=2))
    job = client.queue(item())
    wall[0] += 1.9
    states = [client("GET", f"/job_status/{job}").data["status"] for _ in range(2)]
    assert (states, client.sandbox.posts()) == (["working", None], [])
    wall[0] += 0.2
    assert client("GET", f"/job_status/{job}").data == {
        "status": "complete",
        "payload": {"failures": {}},
        "plan": {"rate": "business", "locked": False},
    }
    wall[0] += 3.8
    assert (client.listed(), [post["visible"] for post in client.sandbox.posts()]) == ([], [False])
    wall[0] += 0.2
    assert len(client.listed()) == 1


def test_each_account_of_an_item_gets_its_own_post(client: Client) -> None:
    both = item()
    both["networks"]["twitter"] = {"type": "status", "text": "Short"}
    both["accounts"].append({"id": X, "scheduled_at": (NOW + timedelta(hours=1)).isoformat()})
    assert client.create(both) == []
    assert {post["account_id"]: post["text"] for post in client.listed()} == {FACEBOOK: "Hello", X: "Short"}


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (item(network="twitter"), COMPOSER),
        (item(network="default"), COMPOSER),
        ({"networks": {"facebook": "text"}, "accounts": [{"id": FACEBOOK}]}, COMPOSER),
        ({"accounts": [{"id": FACEBOOK}]}, COMPOSER),
        (item(account="5f0000000000000000000009"), "Account not found"),
        (item(kind="poll"), "Post type is not valid"),
        (item(at=NOW - timedelta(minutes=1)), "Posts cannot be backdated"),
        (item(at=NOW + timedelta(seconds=59)), "Posts cannot be backdated"),
        (item(at=NOW + timedelta(days=6 * 365)), "Posts cannot be scheduled more than 5 years ahead"),
        (item(at="soon"), "Scheduled time is not valid"),
        (item(at="9999-12-31T23:59:59-23:00"), "Scheduled time is not valid"),
    ],
)
def test_what_is_wrong_with_a_post_is_said_by_the_job(client: Client, made: Any, message: str) -> None:
    (failure,) = client.create(made)
    assert failure["message"] == message
    assert list(failure) == ["account_id", "account_name", "provider", "message"]
    assert client.sandbox.posts() == []


def test_a_bad_post_does_not_stop_the_others(client: Client) -> None:
    failures = client.create(
        item(kind="poll"), item(text="good"), "nonsense", item(account=X, network="twitter", text="fine")
    )
    assert messages(failures) == ["Post type is not valid"]
    assert sorted(client.texts()) == ["fine", "good"]


@pytest.mark.parametrize(
    ("seconds", "fits"), [(0, False), (59, False), (60, True), (-59, False), (-60, True)]
)
def test_posts_of_an_account_are_a_minute_apart(client: Client, seconds: int, fits: bool) -> None:
    noon = NOW + timedelta(hours=4)
    failures = client.create(item(at=noon), item(at=noon + timedelta(seconds=seconds)))
    assert len(failures) == (0 if fits else 1)
    assert all("one minute gap" in message for message in messages(failures))


def test_the_minute_is_held_against_later_jobs_too_but_not_against_other_accounts(client: Client) -> None:
    client.create(item())
    assert len(client.create(item(text="again"))) == 1
    assert client.create(item(account=X, network="twitter")) == []


def test_drafts_hold_no_minute_and_may_be_of_any_time(client: Client) -> None:
    assert client.create(item(), item(), item(at=NOW - timedelta(days=1)), item(at=None), state="draft") == []
    assert client.create(item()) == []
    assert len(client.sandbox.posts()) == 5


def test_a_draft_needs_no_account(client: Client) -> None:
    client.create({"networks": {"default": {"text": "An idea"}}}, state="draft_public")
    (idea,) = client.listed("state=draft")
    assert (idea["text"], idea["account_id"], idea["scheduled_at"], idea["state"]) == (
        "An idea",
        None,
        None,
        "draft_public",
    )


def test_without_a_time_the_accounts_own_schedule_decides(client: Client) -> None:
    client.create(item(at=None), item(at=None))
    assert [post["scheduled_at"] for post in client.listed()] == [
        "2027-03-02T09:00:00.000+02:00",
        "2027-03-03T09:00:00.000+02:00",
    ]


def test_more_than_the_days_posts_fail(client: Client) -> None:
    hours = [item(at=NOW + timedelta(hours=1, minutes=20 * number)) for number in range(40)]
    failures = client.create(*hours, item(account=LINKEDIN, network="linkedin"))
    assert set(messages(failures)) == {"Daily limit of 36 posts reached for this account"}
    assert len(failures) == 4
    assert client.create(item(at=NOW + timedelta(hours=26))) == []


@pytest.mark.parametrize(
    ("network", "kind", "cap"),
    [
        ("facebook", "status", 36),
        ("instagram", "photo", 25),
        ("threads", "status", 250),
        ("tiktok", "photo", 25),
        ("twitter", "status", 100),
        ("mastodon", "status", 100),
        ("bluesky", "status", 100),
        ("linkedin", "status", 24),
        ("pinterest", "photo", 36),
        ("google", "status", 15),
        ("youtube", "video", 15),
        ("wordpress", "article", 24),
        ("telegram", "status", 15),
    ],
)
def test_what_each_network_takes_in_a_day(
    make_sandbox: MakeSandbox, network: str, kind: str, cap: int
) -> None:
    account = SeedAccount("acc000000000000000000001", network, "One")
    client = Client(make_sandbox(Seed(accounts=(account,)), now=lambda: NOW, poll_seconds=QUICK))
    media = {"media": [{"id": client.sandbox.add_media("clip.mp4")}]} if network == "youtube" else {}
    key = "wordpress_oauth" if network == "wordpress" else network
    posts = [
        item(NOW + timedelta(hours=1, minutes=number), "x", account.id, key, kind, **media)  # type: ignore[arg-type]  # none of its own names
        for number in range(cap + 1)
    ]
    failures = client.create(*posts)
    assert messages(failures) == [f"Daily limit of {cap} posts reached for this account"]


@pytest.mark.parametrize("story", [{"kind": "story"}, {"kind": "video", "details": {"type": "story"}}])
def test_stories_have_a_day_of_their_own(client: Client, story: dict[str, Any]) -> None:
    posts = [item(at=NOW + timedelta(hours=1, minutes=2 * number)) for number in range(36)]
    stories = [item(at=NOW + timedelta(hours=5, minutes=2 * number), **story) for number in range(37)]
    assert len(client.create(*posts, *stories)) == 1
    assert len(client.create(item(at=NOW + timedelta(hours=8)))) == 1


def test_caps_can_be_off(faulty: Callable[..., Client]) -> None:
    hours = [item(at=NOW + timedelta(hours=1, minutes=number)) for number in range(60)]
    assert faulty(daily_limits=False).create(*hours) == []


@pytest.mark.parametrize("state", ["auto", "recycle", "published", None, ["draft"]])
def test_an_unknown_bulk_state_is_400(client: Client, state: Any) -> None:
    reply = client("POST", "/posts/schedule", {"bulk": {"state": state, "posts": []}})
    assert (reply.status, reply.data) == (400, {"errors": [f"Unknown state {state}"]})


@pytest.mark.parametrize(
    "body",
    [[], {}, {"bulk": []}, {"bulk": {"state": "scheduled"}}, {"bulk": {"state": "draft", "posts": {}}}],
)
def test_a_body_of_another_shape_is_500(client: Client, body: Any) -> None:
    assert client("POST", "/posts/schedule", body).status == 500


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_400(client: Client, body: bytes) -> None:
    assert client("POST", "/posts/schedule", body).status == 400


def test_more_than_500_posts_are_refused(client: Client) -> None:
    posts = [item(at=NOW + timedelta(days=number + 1)) for number in range(501)]
    assert client("POST", "/posts/schedule", {"bulk": {"state": "scheduled", "posts": posts}}).status == 400
    assert client.create(*posts[:500]) == []
    assert len(client.sandbox.posts()) == 500


def test_recurring_posts_cannot_be_made_in_bulk(client: Client) -> None:
    assert messages(client.create(item(), state="recurring")) == ["Recurring posts cannot be bulk scheduled"]


def test_the_publish_path_publishes_drafts_too(client: Client) -> None:
    """A client must never come here; when it does, the sandbox shows what happens."""
    client.create(item(), state="draft", path="/posts/schedule/publish")
    assert [post["state"] for post in client.sandbox.posts()] == ["published"]


def test_what_lists_do_not_show_can_be_looked_up_in_the_sandbox(client: Client) -> None:
    client.create({**item(entry={"comments": [{"text": "First"}]}), "auto": False})
    sent = client.sandbox.posts()[0]["sent"]
    assert sent["account"]["comments"] == [{"text": "First"}]
    assert sent["item"] == {"auto": False}


@pytest.mark.parametrize("entry", [{}, {"id": None}, {"scheduled_at": "2027-03-02T10:00Z"}, {"id": ""}])
@pytest.mark.parametrize("state", ["scheduled", "draft"])
def test_an_account_without_an_id_fails_alone(client: Client, entry: Any, state: str) -> None:
    nobody = {"networks": {"facebook": {"type": "status", "text": "x"}}, "accounts": [entry]}
    assert messages(client.create(nobody, item(), state=state)) == ["Account not found"]
    assert client.texts() == ["Hello"]


def test_a_job_that_raises_has_made_nothing_and_ends_as_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not run again, by the next request as little as by the next process."""
    options: dict[str, Any] = {"file": tmp_path / "sandbox.db", "now": lambda: NOW, "poll_seconds": QUICK}
    with Sandbox(THREE, **options) as first:
        client = Client(first)
        monkeypatch.setattr(Jobs, "_loses", lambda _: 1 / 0)
        jobs = [client.queue(item()), client.queue(item(at=NOW + timedelta(hours=2)))]
        first.settle()
        assert client("GET", f"/job_status/{jobs[0]}").data["status"] == "failed"
        assert [type(bug) for bug in first.bugs] == [ZeroDivisionError] * 2
        monkeypatch.undo()
        assert client.create(item(text="again")) == []
    with Sandbox(THREE, **options) as second:
        assert Client(second).texts() == ["again"]
        assert second.bugs == []


# silent losses


@pytest.mark.parametrize(
    "lost",
    [
        {**item(), "media": [{"id": "x"}]},
        item(kind="photo", media=[{"url": "https://example.com/a.png"}]),
        item(kind="photo", media=[{"id": "5f0000000000000000000009"}]),
        item(kind="photo", media="https://example.com/a.png"),
        item(kind="reel"),
        {"networks": {"facebook": {"type": "status", "text": "nobody's"}}},
    ],
    ids=["media beside networks", "url for id", "unknown id", "no list", "type reel", "no account"],
)
def test_a_post_can_be_lost_without_a_word(client: Client, lost: Any) -> None:
    assert client.create(lost) == []
    assert client.sandbox.posts() == []


def test_an_instagram_video_needs_details(make_sandbox: MakeSandbox) -> None:
    insta = SeedAccount("acc000000000000000001601", "instagram", "Insta")
    client = Client(make_sandbox(Seed(accounts=(insta,)), now=lambda: NOW))
    video: dict[str, Any] = {"media": [{"id": client.sandbox.add_media("clip.mp4")}]}
    client.create(item(account=insta.id, network="instagram", kind="video", **video))
    assert client.sandbox.posts() == []
    client.create(
        item(
            account=insta.id,
            network="instagram",
            kind="video",
            details={"type": "reel", "feed": True},
            **video,
        )
    )
    assert client.listed()[0]["details"] == {"type": "reel", "feed": True}


def test_the_nth_post_is_lost(faulty: Callable[..., Client]) -> None:
    client = faulty(lose=frozenset({2}))
    posts = [item(at=NOW + timedelta(hours=number), text=str(number)) for number in (1, 2, 3)]
    assert client.create(*posts) == []
    assert client.texts() == ["1", "3"]


def test_youtube_wants_a_video(make_sandbox: MakeSandbox) -> None:
    tube = SeedAccount("acc00000000000000000d701", "youtube", "Channel")
    client = Client(make_sandbox(Seed(accounts=(tube,)), now=lambda: NOW))
    assert messages(client.create(item(account=tube.id, network="youtube", kind="video"))) == [
        "YouTube requires a video attached"
    ]
    clip = client.sandbox.add_media("clip.mp4")
    assert client.create(item(account=tube.id, network="youtube", kind="video", media=[{"id": clip}])) == []


@pytest.mark.parametrize("key", ["wordpress_oauth", "wordpress_basic"])
def test_wordpress_has_other_keys_than_its_provider(make_sandbox: MakeSandbox, key: str) -> None:
    blog = SeedAccount("acc00000000000000000b106", "wordpress", "Blog")
    client = Client(make_sandbox(Seed(accounts=(blog,)), now=lambda: NOW))
    assert messages(client.create(item(account=blog.id, network="wordpress", kind="article"))) == [COMPOSER]
    assert client.create(item(account=blog.id, network=key, kind="article")) == []


# jobs


def test_envelopes_of_the_other_kind(faulty: Callable[..., Client]) -> None:
    client = faulty(envelope="data")
    reply = client("POST", "/posts/schedule", {"bulk": {"state": "scheduled", "posts": [item()]}})
    assert reply.data["success"] is True
    client.sandbox.settle()
    job = client("GET", f"/job_status/{reply.data['data']['job_id']}").data
    assert (job["success"], job["data"]["status"]) == (True, "complete")
    assert job["data"]["result"]["payload"] == {"failures": {}}


@pytest.mark.parametrize("word", ["completed", "success", None])
def test_other_words_for_finished(faulty: Callable[..., Client], word: str | None) -> None:
    client = faulty(finished=word)
    job = client.queue(item())
    client.sandbox.settle()
    assert client("GET", f"/job_status/{job}").data["status"] == word


FAILURE = {"account_id": X, "account_name": "My X Account", "provider": "twitter", "message": COMPOSER}


@pytest.mark.parametrize(
    ("shape", "empty", "full"),
    [
        ("docs", {}, [FAILURE, FAILURE]),
        ("list", [], [FAILURE, FAILURE]),
        ("lists", {}, {X: [FAILURE, FAILURE]}),
        ("objects", {}, {X: FAILURE, "1": FAILURE}),
        ("errors", [], [{"account_id": X, "error": COMPOSER}] * 2),
        ("strings", [], [COMPOSER, COMPOSER]),
        ("error", {}, {"error": COMPOSER}),
    ],
)
def test_shapes_of_failures(faulty: Callable[..., Client], shape: str, empty: Any, full: Any) -> None:
    client = faulty(failures=shape)
    jobs = [client.queue(item()), client.queue(item(account=X), item(account=X))]
    client.sandbox.settle()
    assert [client("GET", f"/job_status/{job}").data["payload"]["failures"] for job in jobs] == [empty, full]


def test_no_payload_where_nothing_failed(faulty: Callable[..., Client]) -> None:
    client = faulty(failures="absent")
    job = client.queue(item())
    client.sandbox.settle()
    assert client("GET", f"/job_status/{job}").data == {
        "status": "complete",
        "plan": {"rate": "business", "locked": False},
    }


def test_null_for_some_polls(faulty: Callable[..., Client]) -> None:
    client = faulty(job_null_polls=2)
    job = client.queue(item())
    client.sandbox.settle()
    assert [client("GET", f"/job_status/{job}").data["status"] for _ in range(3)] == [None, None, "complete"]


def test_a_job_that_never_ends_has_made_its_posts(faulty: Callable[..., Client]) -> None:
    client = faulty(job_never_ends=True)
    job = client.queue(item())
    client.sandbox.settle()
    assert client("GET", f"/job_status/{job}").data["status"] == "working"
    assert client.texts() == ["Hello"]


def test_a_job_that_is_forgotten_has_made_its_posts(faulty: Callable[..., Client]) -> None:
    client = faulty(job_lost=True)
    job = client.queue(item())
    client.sandbox.settle()
    assert client("GET", f"/job_status/{job}").status == 404
    assert client.texts() == ["Hello"]


def test_an_unknown_job_is_404(client: Client) -> None:
    assert client("GET", "/job_status/5f0000000000000000000009").status == 404


def test_a_job_that_fails_as_a_whole(faulty: Callable[..., Client]) -> None:
    client = faulty(job_fails="Something broke")
    job = client.queue(item())
    client.sandbox.settle()
    reply = client("GET", f"/job_status/{job}").data
    assert reply["status"] == "failed"
    assert messages(list(reply["payload"]["failures"])) == ["Something broke"]
    assert client.sandbox.posts() == []


def test_a_job_that_takes_very_long(faulty: Callable[..., Client]) -> None:
    client = faulty(job_delay=NEVER)
    job = client.queue(item())
    assert client("GET", f"/job_status/{job}").data["status"] == "working"
    assert client.sandbox.posts() == []


def test_a_locked_subscription(faulty: Callable[..., Client]) -> None:
    client = faulty(plan_locked=True)
    job = client.queue(item())
    client.sandbox.settle()
    assert client("GET", f"/job_status/{job}").data["plan"]["locked"] is True
    assert client.sandbox.posts() == []


def test_an_account_that_refuses(faulty: Callable[..., Client]) -> None:
    client = faulty(refuse={X: "too many posts via openapi"})
    failures = client.create(item(), item(account=X, network="twitter"))
    assert [(one["account_id"], one["message"]) for one in failures] == [(X, "too many posts via openapi")]
    assert client.texts() == ["Hello"]


def test_a_time_that_passes_before_the_job_runs(make_sandbox: MakeSandbox) -> None:
    """The job is judged at its own moment of the service's clock, not at that of whoever asks next."""
    clock = [NOW]
    client = Client(make_sandbox(now=lambda: clock[0], faults=Faults(job_delay=5, published_ids="kept")))
    client.queue(item(at=NOW + timedelta(minutes=2)))
    clock[0] = NOW + timedelta(hours=1)
    client.sandbox.settle()
    assert [post["state"] for post in client.sandbox.posts()] == ["published"]


def test_a_job_slower_than_the_posts_lead_backdates_it(make_sandbox: MakeSandbox) -> None:
    client = Client(make_sandbox(now=lambda: NOW, poll_seconds=0.001, faults=Faults(job_delay=0)))
    assert client.create(item(at=NOW + timedelta(seconds=61))) == []
    slow = Client(make_sandbox(now=lambda: NOW, poll_seconds=100, faults=Faults()))
    slow.queue(item(at=NOW + timedelta(seconds=90)))
    with slow.sandbox._database.transaction():
        (job,) = slow.sandbox._database.waiting_jobs()
        assert messages(slow.sandbox._service.jobs._run(job)["failures"]) == ["Posts cannot be backdated"]


# listing


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
    client.create(item(), item(at=NOW + timedelta(hours=2)))
    first, second = [post["id"] for post in client.listed()]
    assert isinstance(first, int)
    assert second == first + 1
    assert client("PUT", f"/posts/{first}", {"post": {"text": "new"}}).data["id"] == first
    assert client("DELETE", f"/posts?post_ids[]={first}").data == {"deleted_ids": [first]}


@pytest.mark.parametrize(
    "state", ["scheduled_pending", "scheduled_declined", "scheduled_reauth", "scheduled_locked"]
)
def test_scheduled_posts_can_end_up_in_another_state(faulty: Callable[..., Client], state: str) -> None:
    client = faulty(new_state=state)
    client.create(item())
    client.create(item(), state="draft")
    assert sorted(post["state"] for post in client.listed("state=all")) == ["draft", state]


# going out


class Movable:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_a_post_goes_out_a_little_after_its_time(make_sandbox: MakeSandbox) -> None:
    clock = Movable()
    client = Client(make_sandbox(now=clock))
    client.create(item(), item(at=NOW + timedelta(hours=9)))
    clock.now = NOW + timedelta(hours=1, seconds=59)
    assert [post["state"] for post in client.listed()] == ["scheduled", "scheduled"]
    clock.now += timedelta(seconds=1)
    gone, stays = client.listed()
    assert (gone["state"], isinstance(gone["id"], int)) == ("published", True)
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


def test_ids_can_survive_and_going_out_can_fail(make_sandbox: MakeSandbox) -> None:
    kept = make_sandbox(now=lambda: NOW, faults=Faults(published_ids="kept"))
    one_id = kept.add(account_id=X, at=NOW - timedelta(hours=1), text="x")
    assert [(post["id"], post["state"]) for post in kept.posts()] == [(one_id, "published")]
    broken = make_sandbox(now=lambda: NOW, faults=Faults(publish_error="Token expired"))
    broken.add(account_id=X, at=NOW - timedelta(hours=1), text="x")
    assert [(post["state"], post["error"]) for post in broken.posts()] == [("failed", "Token expired")]


# changing


@pytest.fixture
def one(client: Client) -> str:
    return client.sandbox.add(account_id=FACEBOOK, at=NOW + timedelta(hours=1), text="old", title="Old title")


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


def test_texts_are_kept_to_the_letter(client: Client, one: str) -> None:
    text = " 👩‍🚀 \r\n\u202e\x00\x1b[31m\n"
    assert client("PUT", f"/posts/{one}", {"post": {"text": text}}).data["text"] == text
    assert client.texts() == [text]


# deleting


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
def test_a_delete_that_names_nothing_takes_every_scheduled_post(
    client: Client, three: list[str], query: str, body: Any
) -> None:
    client.sandbox.add(account_id=X, at=NOW + timedelta(hours=1), text="draft", state="draft")
    assert client("DELETE", f"/posts{query}", body).data == {"deleted_ids": three}
    assert client.texts() == ["draft"]


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


def test_a_delete_can_take_a_strangers_post(client: Client, three: list[str]) -> None:
    client.sandbox.faults.trip("foreign_id", "DELETE")
    assert client("DELETE", f"/posts?post_ids[]={three[2]}").data == {"deleted_ids": [three[2], three[0]]}
    assert client.texts() == ["2"]


def test_and_names_one_even_where_there_is_none(client: Client, one: str) -> None:
    client.sandbox.faults.trip("foreign_id", "DELETE")
    ids = client("DELETE", f"/posts?post_ids[]={one}").data["deleted_ids"]
    assert (ids[0], len(ids)) == (one, 2)


def test_a_delete_can_do_nothing(client: Client, one: str) -> None:
    client.sandbox.faults.trip("delete_nothing", "DELETE")
    assert client("DELETE", f"/posts?post_ids[]={one}").data == {"deleted_ids": []}
    assert client("DELETE", f"/posts?post_ids[]={one}").data == {"deleted_ids": [one]}


# media


def upload(client: Client, name: str, mime: str, data: bytes = b"\x89PNG\r\n\r\n--x\r\n") -> Reply:
    head = f'--BOUND\r\nContent-Disposition: form-data; name="in_library"\r\n\r\ntrue\r\n--BOUND\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {mime}\r\n\r\n'
    body = head.encode() + data + b"\r\n--BOUND--\r\n"
    return client("POST", "/media", body, {"Content-Type": "multipart/form-data; boundary=BOUND"})


def test_an_uploaded_file_can_be_used_in_any_number_of_posts(client: Client) -> None:
    reply = upload(client, "ä cat.png", "image/png")
    assert reply.status == 200
    assert (reply.data["type"], reply.data["name"], reply.data["size"]) == ("photo", "ä cat.png", 13)
    assert reply.data["validity"]["facebook"]["photo"] is True
    assert reply.data["validity"]["youtube"]["video"] is False
    media = [{"id": reply.data["id"]}]
    client.create(
        item(kind="photo", media=media), item(account=X, network="twitter", kind="photo", media=media)
    )
    assert len(client.listed()) == 2


@pytest.mark.parametrize(
    ("name", "mime", "kind"),
    [
        ("a.MP4", "video/mp4", "video"),
        ("a.pdf", "application/pdf", "document"),
        ("a.gif", "image/gif", "photo"),
    ],
)
def test_types_of_media(client: Client, name: str, mime: str, kind: str) -> None:
    assert upload(client, name, mime).data["type"] == kind


@pytest.mark.parametrize(
    ("name", "mime", "data"),
    [
        ("a.bin", "image/png", b"x"),
        ("a", "image/png", b"x"),
        ("a.png", "application/octet-stream", b"x"),
        ("a.png", "image/jpeg", b"x"),
        ("a.png", "image/png", b""),
    ],
)
def test_files_without_a_matching_type_are_refused(client: Client, name: str, mime: str, data: bytes) -> None:
    assert upload(client, name, mime, data).status == 422


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (b"{}", "application/json"),
        (b"", "multipart/form-data; boundary=B"),
        (
            b'--B\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--B--\r\n',
            "multipart/form-data; boundary=B",
        ),
    ],
)
def test_an_upload_without_a_file_is_400(client: Client, body: bytes, mime: str) -> None:
    assert client("POST", "/media", body, {"Content-Type": mime}).status == 400


def test_too_large_an_upload_is_413_unread(client: Client) -> None:
    base = urlsplit(client.sandbox.url)
    with socket.create_connection((base.hostname or "", base.port or 0)) as connection:
        connection.sendall(b"POST /api/v1/media HTTP/1.1\r\nContent-Length: 300000000\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("header", ["Transfer-Encoding: chunked", "Content-Length: x"])
def test_a_body_of_unknown_length_is_411(client: Client, header: str) -> None:
    base = urlsplit(client.sandbox.url)
    with socket.create_connection((base.hostname or "", base.port or 0)) as connection:
        connection.sendall(f"POST /api/v1/media HTTP/1.1\r\n{header}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 411 ")


def test_a_body_cut_short_is_not_carried_out(client: Client) -> None:
    body = json.dumps({"bulk": {"state": "scheduled", "posts": [item()]}}).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in client.headers.items())
    base = urlsplit(client.sandbox.url)
    with socket.create_connection((base.hostname or "", base.port or 0)) as connection:
        length = f"Content-Length: {len(body) + 9}\r\n\r\n"
        connection.sendall(f"POST /api/v1/posts/schedule HTTP/1.1\r\n{head}{length}".encode() + body)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    client.sandbox.settle()
    assert (client.sandbox.posts(), client.sandbox.requests) == ([], [])


def fetch(client: Client, *urls: str) -> Any:
    body = {"media": [{"url": url, "name": "a"} for url in urls], "type": "bulk"}
    job = client("POST", "/media/from-url", body).data["job_id"]
    client.sandbox.settle()
    return client("GET", f"/job_status/{job}").data["payload"]


def test_media_from_a_url(client: Client) -> None:
    (media,) = fetch(client, "https://example.com/clip.mp4?x=1")
    assert media["type"] == "video"
    client.create(item(kind="video", media=[{"id": media["id"]}]))
    assert len(client.listed()) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/a.png",
        "http://127.0.0.1/a.png",
        "ftp://example.com/a.png",
        "https://example.com/a",
        "https://example.invalid/a.png",
        "https://[x/a.png",
    ],
)
def test_a_url_that_cannot_be_fetched_is_an_empty_payload(client: Client, url: str) -> None:
    assert fetch(client, url) == []


def test_one_import_at_a_time(faulty: Callable[..., Client]) -> None:
    client = faulty(job_delay=NEVER)
    replies = [client("POST", "/media/from-url", {"media": []}) for _ in range(2)]
    assert [reply.status for reply in replies] == [200, 403]


def test_an_import_that_names_no_media_makes_no_job(client: Client) -> None:
    reply = client("POST", "/media/from-url", {"url": "https://example.com/a.png"})
    assert (reply.status, reply.data) == (200, {})


@pytest.mark.parametrize("shape", ["media", "single", "indexed"])
def test_shapes_of_imported_media(faulty: Callable[..., Client], shape: str) -> None:
    payload = fetch(faulty(media_payload=shape), "https://example.com/a.png")
    media = {
        "media": lambda: payload["media"][0],
        "single": lambda: payload,
        "indexed": lambda: payload["0"],
    }[shape]()
    assert media["type"] == "photo"


def test_an_import_can_fail_with_words(faulty: Callable[..., Client]) -> None:
    client = faulty(media_error="Videos need to be smaller than 2 gb")
    assert fetch(client, "https://example.com/a.mp4") == [{"error": "Videos need to be smaller than 2 gb"}]


def test_the_library(client: Client) -> None:
    one_id = client.sandbox.add_media("a.png")
    client.sandbox.add_media("b.mp4")
    found = client("GET", "/media?types[]=photo&used[]=false").data
    assert ([media["id"] for media in found["media"]], found["total"]) == ([one_id], 1)
    assert [media["id"] for media in client("GET", f"/media?ids[]={one_id}").data["media"]] == [one_id]
    assert client("GET", "/media?types[]=photo,video&used[]=false").data["total"] == 0
    assert client("GET", "/media?types[]=photo").status == 400


# transport


@pytest.mark.parametrize(("kind", "made"), [("drop_before", 0), ("drop_after", 1)])
def test_a_connection_can_end_before_or_after_the_deed(client: Client, kind: Any, made: int) -> None:
    client.sandbox.faults.trip(kind, "POST", "^/posts/schedule$")
    with pytest.raises(http.client.RemoteDisconnected):
        client.queue(item())
    client.sandbox.settle()
    assert len(client.sandbox.posts()) == made
    assert client.sandbox.requests[-1].status == 0


@pytest.mark.parametrize(
    ("kind", "status", "made"),
    [
        ("error_before", None, 0),
        ("error_before", 503, 0),
        ("error_after", None, 1),
        ("error_after", 504, 1),
        ("garbage", None, 1),
        ("html", None, 1),
        ("empty", None, 1),
        ("blocked", None, 0),
        ("redirect", None, 0),
    ],
)
def test_answers_that_are_of_no_use(client: Client, kind: Any, status: int | None, made: int) -> None:
    client.sandbox.faults.trip(kind, "POST", status=status)
    reply = client("POST", "/posts/schedule", {"bulk": {"state": "scheduled", "posts": [item()]}})
    usual = {"error_before": 500, "error_after": 502, "blocked": 403, "redirect": 307}
    assert reply.status == (status or usual.get(kind, 200))
    assert isinstance(reply.data, dict) is (kind == "error_before")
    client.sandbox.settle()
    assert len(client.sandbox.posts()) == made


def test_a_slow_answer(client: Client) -> None:
    client.sandbox.faults.trip("slow", seconds=0.2)
    start = time.monotonic()
    assert client("GET", "/workspaces").status == 200
    assert time.monotonic() - start >= 0.2


def test_trips_count_the_requests_that_match(client: Client) -> None:
    client.sandbox.faults.trip("error_before", "GET", "^/posts$", nth=2, times=2)
    paths = ["/posts", "/accounts", "/posts", "/posts", "/posts"]
    assert [client("GET", path).status for path in paths] == [200, 200, 500, 500, 200]


def test_the_log_has_what_came_in_and_no_key(client: Client) -> None:
    client("GET", "/posts?state[]=draft&state[]=failed")
    client("PUT", "/posts/x", {"post": {"text": "new"}})
    assert [tuple(one) for one in client.sandbox.requests] == [
        ("GET", "/posts", {"state[]": ["draft", "failed"]}, None, 200),
        ("PUT", "/posts/x", {}, {"post": {"text": "new"}}, 404),
    ]
    client.sandbox.reset_log()
    assert client.sandbox.requests == []


def test_no_body_is_kept_where_nobody_looks(make_sandbox: MakeSandbox) -> None:
    client = Client(make_sandbox(now=lambda: NOW, log=False))
    client.create(item())
    assert client.sandbox.requests == []
    with client.sandbox._database.transaction():
        (job,) = client.sandbox._database._jobs("1", [])
    assert job.request is None


def test_a_kept_connection_is_not_slowed_down(client: Client) -> None:
    """Nagle's algorithm against delayed acknowledgements would cost 40 ms each time."""
    connection = http.client.HTTPConnection(client.base.netloc)
    took = []
    for _ in range(20):
        start = time.monotonic()
        connection.request("PUT", client.base.path + "/posts/x", b"{}", headers=client.headers)
        assert connection.getresponse().read()
        took.append(time.monotonic() - start)
    connection.close()
    assert min(took[1:]) < 0.03


@pytest.mark.parametrize(
    ("sent", "status", "ending"),
    [
        (b"HEAD /api/v1/posts HTTP/1.1\r\n\r\n", b"405", b"\r\n\r\n"),
        (b"GET /api/v1/posts HTTP/9\r\n\r\n", b"400", b"]}"),
        (b"nonsense at all here\r\n\r\n", b"400", b"]}"),
        (b"GET //[x HTTP/1.1\r\nConnection: close\r\n\r\n", b"404", b"]}"),
    ],
)
def test_whatever_is_sent_gets_an_answer(client: Client, sent: bytes, status: bytes, ending: bytes) -> None:
    base = urlsplit(client.sandbox.url)
    with socket.create_connection((base.hostname or "", base.port or 0)) as connection:
        connection.sendall(sent)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert status in answer.split(b"\r\n")[0]
    assert answer.endswith(ending)


def test_a_bug_of_its_own_is_answered_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(Seed()) as sandbox:
        monkeypatch.setattr(sandbox._service, "tick", lambda: 1 / 0)
        assert Client(sandbox)("GET", "/workspaces").status == 599
        assert [type(bug) for bug in sandbox.bugs] == [ZeroDivisionError]


def test_only_this_machine_is_served(at_eight: Sandbox) -> None:
    assert at_eight._server.server_address[0] == "127.0.0.1"


def test_closing_hangs_up_on_everyone(make_sandbox: MakeSandbox) -> None:
    client = Client(make_sandbox())
    connection = http.client.HTTPConnection(client.base.netloc)
    connection.request("GET", client.base.path + "/workspaces", headers=client.headers)
    connection.getresponse().read()
    client.sandbox.close()
    assert connection.sock is not None
    assert connection.sock.recv(1) == b""
    connection.close()


def test_a_request_that_outlasts_the_server_is_no_bug(make_sandbox: MakeSandbox) -> None:
    client = Client(make_sandbox())
    client.sandbox.faults.trip("slow", seconds=0.2)
    base = urlsplit(client.sandbox.url)
    with socket.create_connection((base.hostname or "", base.port or 0)) as connection:
        connection.sendall(b"GET /api/v1/posts HTTP/1.1\r\nUser-Agent: tests\r\n\r\n")
        time.sleep(0.05)
        client.sandbox.close()
        time.sleep(0.25)
    assert client.sandbox.bugs == []


def test_nothing_sent_breaks_it(client: Client) -> None:
    """Bodies bent at random: every answer is one of the service's, and it still works afterwards."""
    chance = random.Random(7)
    client.sandbox.faults.rate_limit = None
    junk: list[Any] = [None, 0, -1, 1e308, "", "x", "\ud800", "9" * 5000, [], {}, [[]], {"a": []}, True]

    def bend(value: Any) -> Any:
        if chance.random() < 0.15:
            return chance.choice(junk)
        if isinstance(value, dict):
            return {key: bend(inner) for key, inner in value.items()}
        return [bend(inner) for inner in value] if isinstance(value, list) else value

    whole = item(
        media=[{"id": "x"}], link={"url": "u"}, details={"type": "story"}, title="t", entry={"labels": ["a"]}
    )
    for shape in ["docs", "lists", "objects", "errors", "strings", "error"] * 4:
        client.sandbox.faults.failures = shape  # type: ignore[assignment]  # each is one of the literals
        state = chance.choice(["scheduled", "draft"])
        path = chance.choice(["/posts/schedule", "/posts/schedule/publish"])
        reply = client("POST", path, {"bulk": {"state": state, "posts": bend([whole, whole, whole])}})
        assert reply.status in {200, 400, 500}
        client.sandbox.settle()
        if reply.status == 200:
            assert client("GET", f"/job_status/{reply.data['job_id']}").status == 200
        assert client(
            "PUT",
            "/posts/" + client.sandbox.add(account_id=X, at=NOW, text=""),
            bend({"post": {"text": "t", "title": "t"}}),
        ).status in {200, 422}
        assert client(
            "POST", "/media/from-url", bend({"media": [{"url": "https://e.com/a.png"}]})
        ).status in {200, 403}
    assert client("GET", "/posts?state=all&page=1&query=%00%ff&from=&to=").status == 200
    assert client.sandbox.bugs == []


# a colleague's hands


def test_a_colleague_adds_edits_and_removes(client: Client) -> None:
    one_id = client.sandbox.add(
        account_id=X, at=NOW + timedelta(hours=1), text="theirs", url="https://example.com", label="x"
    )
    client.sandbox.edit(
        one_id, text="edited", at=NOW + timedelta(hours=2), state="draft", account_id=LINKEDIN, title="T"
    )
    (post,) = client.listed()
    assert (post["text"], post["title"], post["state"], post["account_id"]) == (
        "edited",
        "T",
        "draft",
        LINKEDIN,
    )
    assert post["scheduled_at"] == "2027-03-01T12:00:00.000+02:00"
    assert post["user"]["name"] == "A colleague"
    client.sandbox.edit(one_id, text="again")
    assert client.texts() == ["again"]
    client.sandbox.remove(one_id)
    assert client.sandbox.posts() == []


def test_a_colleague_cannot_touch_what_is_not_there(at_eight: Sandbox) -> None:
    for deed in (
        lambda: at_eight.edit("x", text=""),
        lambda: at_eight.remove("x"),
        lambda: at_eight.add(account_id="x", at=NOW, text=""),
    ):
        with pytest.raises(KeyError):
            deed()


def test_a_colleagues_post_holds_its_minute(client: Client) -> None:
    client.sandbox.add(account_id=FACEBOOK, at=NOW + timedelta(hours=1), text="theirs")
    assert len(client.create(item())) == 1


# the file


def test_the_file_outlives_the_server(make_sandbox: MakeSandbox, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "sandbox.db"
    first = Client(make_sandbox(file=file, now=lambda: NOW))
    first.create(item())
    first.sandbox.close()
    more = Seed(
        "5f000000000000000000beef", "Renamed", (SeedAccount("acc000000000000000000999", "bluesky", "New"),)
    )
    second = Client(make_sandbox(more, file=file, now=lambda: NOW))
    assert second.texts() == ["Hello"]
    assert [account["provider"] for account in second("GET", "/accounts").data] == [
        "facebook",
        "twitter",
        "linkedin",
        "bluesky",
    ]
    assert second("GET", "/workspaces").data[0]["name"] == "Renamed"


def test_a_job_outlives_the_server_and_runs_at_its_own_moment(
    make_sandbox: MakeSandbox, tmp_path: Path
) -> None:
    """A later process with another clock finds what an uninterrupted service would have made."""
    file = tmp_path / "sandbox.db"
    first = Client(make_sandbox(file=file, now=lambda: NOW, poll_seconds=0.05))
    job = first.queue(item(at=NOW + timedelta(minutes=2)))
    first.sandbox.close()
    later = NOW + timedelta(minutes=2, seconds=30)
    second = Client(make_sandbox(file=file, now=lambda: later, poll_seconds=0.05))
    second.sandbox.settle()
    assert second("GET", f"/job_status/{job}").data["payload"] == {"failures": {}}
    assert second.texts() == ["Hello"]


def test_workspaces_in_one_file_do_not_see_each_other(make_sandbox: MakeSandbox, tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    here = Client(make_sandbox(file=file, now=lambda: NOW))
    account = SeedAccount("acc000000000000000000999", "facebook", "Other")
    there = Client(
        make_sandbox(Seed("5f000000000000000000cafe", "Other", (account,)), file=file, now=lambda: NOW)
    )
    one_id = here.sandbox.add(account_id=FACEBOOK, at=NOW + timedelta(hours=1), text="here")
    job = here.queue(item(at=NOW + timedelta(hours=2)))
    assert there.listed() == []
    assert there("PUT", f"/posts/{one_id}", {"post": {"text": "x"}}).status == 404
    assert there("DELETE", f"/posts?post_ids[]={one_id}").data == {"deleted_ids": []}
    assert there("DELETE", "/posts").data == {"deleted_ids": []}
    assert there("GET", f"/job_status/{job}").status == 404
    assert len(there("GET", "/accounts").data) == 1
    assert messages(there.create(item())) == ["Account not found"]


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    file.write_text("something else\n" * 100)
    with pytest.raises(SandboxFileError, match="cannot be used"):
        Sandbox(Seed(), file=file)
    assert file.read_text() == "something else\n" * 100


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "places.db"
    with closing(sqlite3.connect(file)) as db:
        db.executescript("CREATE TABLE posts (id); CREATE TABLE bookmarks (url)")
    before = file.read_bytes()
    with pytest.raises(SandboxFileError, match="another program's"):
        Sandbox(Seed(), file=file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("wrote", [True, False], ids=["", "by an earlier version"])
def test_a_clock_that_goes_back_is_refused_and_the_file_to_remove_named(
    make_sandbox: MakeSandbox, tmp_path: Path, wrote: bool
) -> None:
    """Otherwise what was published would seem to have been published early."""
    file = tmp_path / "sandbox.db"
    first = Client(make_sandbox(file=file, now=lambda: NOW))
    first.create(item())
    first.sandbox.close()
    if not wrote:
        with closing(sqlite3.connect(file)) as db:
            db.executescript("DROP TABLE reached")
    make_sandbox(file=file, now=lambda: NOW - timedelta(seconds=30)).close()
    with pytest.raises(SandboxFileError, match="can't go back to 2027-03-01 07:00 UTC") as error:
        make_sandbox(file=file, now=lambda: NOW - timedelta(hours=1))
    assert str(file) in error.value.fix
    later = make_sandbox(file=file, now=lambda: NOW + timedelta(hours=2))
    assert [post["state"] for post in later.posts()] == ["published"]
    later.close()
    with pytest.raises(SandboxFileError, match="has reached 2027-03-01 10:00"):
        make_sandbox(file=file, now=lambda: NOW)


def test_what_was_published_while_it_ran_holds_the_clock_too(
    make_sandbox: MakeSandbox, tmp_path: Path
) -> None:
    file, clock = tmp_path / "sandbox.db", Movable()
    first = Client(make_sandbox(file=file, now=clock))
    first.create(item())
    clock.now = NOW + timedelta(hours=5)
    assert first.listed()[0]["state"] == "published"
    first.sandbox.close()
    with pytest.raises(SandboxFileError, match="has reached 2027-03-01 09:00"):
        make_sandbox(file=file, now=lambda: NOW)


@pytest.mark.parametrize("place", ["folder", "file/below.db"])
def test_a_file_that_cannot_be_made_is_an_error_of_its_own(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(SandboxFileError, match="cannot be used as a sandbox file"):
        Sandbox(Seed(), file=tmp_path / place)


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 2")
    db.close()
    with pytest.raises(SandboxFileError, match="newer version"):
        Sandbox(Seed(), file=file)


@pytest.mark.parametrize(("busy", "opens"), [(3, True), (1000, False)])
def test_another_process_may_be_preparing_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, busy: int, opens: bool
) -> None:
    """SQLite does not always wait its time-out for a change of the journal's mode."""
    left = [busy]

    class Busy(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if "journal_mode" in sql and left[0]:
                left[0] -= 1
                raise sqlite3.OperationalError("database is locked")
            return super().execute(sql, *values)

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: real(*args, factory=Busy, **options))
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    if opens:
        Sandbox(Seed(), file=tmp_path / "sandbox.db").close()
        assert left == [0]
    else:
        with pytest.raises(SandboxFileError, match="database is locked"):
            Sandbox(Seed(), file=tmp_path / "sandbox.db")


SERVE = """
import signal, sys
from pathlib import Path
from publer_sync.sandbox import Seed, serve_forever
signal.signal(signal.SIGINT, signal.default_int_handler)  # it is ignored where the tests run in the background
serve_forever(Seed(), file=Path(sys.argv[1]), poll_seconds=0.01, ready=lambda it: print(it.url, flush=True))
"""


def serve(file: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def ask(url: str, method: str, path: str, body: Any = None) -> Any:
    base = urlsplit(url)
    connection = http.client.HTTPConnection(base.netloc, timeout=20)
    headers = {
        "Authorization": "Bearer-API k",
        "Publer-Workspace-Id": Seed().workspace_id,
        "User-Agent": "tests",
    }
    try:
        connection.request(method, base.path + path, json.dumps(body), headers)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def bulk(hour: int) -> Any:
    at = (datetime.now(UTC) + timedelta(days=1, hours=hour)).isoformat()
    return {
        "bulk": {"state": "scheduled", "posts": [item(at=at, text=str(hour), account=Seed().accounts[0].id)]}
    }


def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    for hour in range(3):
        process, url = serve(file)
        assert "job_id" in ask(url, "POST", "/posts/schedule", bulk(hour))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    with Sandbox(Seed(), file=file, poll_seconds=0.01) as sandbox:
        sandbox.settle()
        assert [post["text"] for post in sandbox.posts()] == ["0", "1", "2"]


def test_two_processes_may_share_a_file(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    servers = [serve(file) for _ in range(2)]

    def work(url: str, hours: range) -> None:
        for hour in hours:
            ask(url, "POST", "/posts/schedule", bulk(hour))

    threads = [
        threading.Thread(target=work, args=(url, range(index, 30, 2)))
        for index, (_, url) in enumerate(servers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process, _ in servers:
        process.send_signal(signal.SIGINT)
    endings = [(process.communicate(timeout=60), process.returncode) for process, _ in servers]
    assert endings == [(("", ""), 0)] * 2
    with Sandbox(Seed(), file=file, poll_seconds=0.01) as sandbox:
        sandbox.settle()
        assert sorted(int(post["text"]) for post in sandbox.posts()) == list(range(30))


def test_a_port_that_is_taken_is_an_error(at_eight: Sandbox) -> None:
    with pytest.raises(OSError, match="in use"):
        serve_forever(Seed(), port=urlsplit(at_eight.url).port or 0)


def test_it_serves_until_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Sandbox] = []
    answers: list[Any] = []

    def interrupt(seconds: float) -> None:
        if served:
            answers.append(ask(served[0].url, "GET", "/workspaces"))
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupt)
    serve_forever(Seed())
    serve_forever(Seed(), ready=served.append)
    assert answers[0][0]["name"] == "My Primary Workspace"


def test_it_needs_no_library_and_no_time(tmp_path: Path) -> None:
    code = "import sys, publer_sync.sandbox; print(sorted({'requests', 'yaml', 'jsonschema', 'click', 'deepdiff'} & set(sys.modules)), [m for m in sys.modules if m.startswith('publer_sync.') and not m.startswith('publer_sync.sandbox')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ}, check=True
    )
    assert done.stdout == "[] []\n"


# what the tests themselves rest on


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_no_test_leaves_this_machine(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as out, pytest.raises(pytest.fail.Exception, match="opened a connection"):
        out.connect(address)


def test_no_test_looks_up_a_name() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"looked up app\.publer\.com"):
        socket.create_connection(("app.publer.com", 443))


def test_the_command_line_meets_the_sandbox(cli: Cli, sandbox: Sandbox) -> None:
    ran = cli("accounts")
    assert (ran.code, "My Facebook Page" in ran.stdout) == (0, True)
    assert {request.status for request in sandbox.requests} == {200}
    assert cli("accounts", env={"PUBLER_API_KEY": None}).code == 1
