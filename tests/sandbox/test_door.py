"""The front door of the sandbox: Cloudflare, keys and scopes, the request limit, paths."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults
from tests.sandbox.conftest import NEVER, QUICK, Client
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import MakeSandbox


# --- the front door ---------------------------------------------------------------------------------------------------


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


def test_who_one_is_takes_no_scope(faulty: Callable[..., Client]) -> None:
    reply = faulty(scopes=frozenset())("GET", "/users/me")
    assert (reply.status, reply.data["name"]) == (200, "Sandbox")


def test_a_refused_key_is_403(faulty: Callable[..., Client]) -> None:
    reply = faulty(key_refused=True)("GET", "/workspaces")
    assert (reply.status, reply.data) == (403, {"errors": ["Invalid API key or not active"]})


def test_a_plan_without_the_api_is_told_at_the_door(client: Client) -> None:
    client.sandbox.faults.trip("upgrade", "GET", "^/workspaces$")
    assert client("GET", "/workspaces")[:2] == (
        403,
        {"errors": ["Please upgrade to Business to access our API."]},
    )
    assert client("GET", "/workspaces").status == 200


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


# --- the request limit ------------------------------------------------------------------------------------------------


def test_headers_tell_what_is_left(faulty: Callable[..., Client]) -> None:
    """The reset is told by the clock of the Date header, which is real whatever decides what is past."""
    client = faulty(rate_window=30 / QUICK)
    first, second = client("GET", "/workspaces").headers, client("GET", "/workspaces").headers
    assert first["X-RateLimit-Limit"] == "100"
    assert (first["X-RateLimit-Remaining"], second["X-RateLimit-Remaining"]) == ("99", "98")
    sent = parsedate_to_datetime(second["Date"]).timestamp()
    assert 29 <= int(second["X-RateLimit-Reset"]) - sent <= 32


@pytest.mark.story
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


@pytest.mark.story
def test_without_a_limit_nothing_is_counted(faulty: Callable[..., Client]) -> None:
    client = faulty(rate_limit=None, rate_window=NEVER)
    replies = [client("GET", "/workspaces") for _ in range(120)]
    assert {reply.status for reply in replies} == {200}
    assert "X-RateLimit-Limit" not in replies[0].headers


@each_of(
    "switches, trip, status, headers",
    [
        ({}, None, 200, ("100", "99")),
        ({"rate_limit": 2}, None, 200, ("2", "1")),
        ({"rate_limit": 1}, None, 200, ("1", "0")),
        ({"rate_limit": 0}, None, 429, ("100", "0")),
        ({"rate_limit": 0, "rate_headers": "limit"}, None, 429, ("100", "0")),
        ({"rate_limit": 0, "rate_headers": "never"}, None, 429, None),
        ({"rate_headers": "limit"}, None, 200, None),
        ({"rate_limit": None}, None, 200, None),
        ({"rate_limit": None}, {}, 429, ("100", "0")),
        ({}, {}, 429, ("100", "0")),
        ({}, {"headers": False}, 429, None),
        ({"rate_headers": "never"}, {}, 429, None),
        ({"rate_limit": 0}, {"headers": False, "kind": "slow"}, 429, ("100", "0")),
    ],
)
def test_what_an_answer_tells_of_the_limit(
    make_sandbox: MakeSandbox, switches: Any, trip: Any, status: int, headers: Any
) -> None:
    client = Client(make_sandbox(poll_seconds=QUICK, faults=Faults(rate_window=NEVER, **switches)))
    if trip is not None:
        client.sandbox.faults.trip(**{"kind": "limited", **trip})
    reply = client("GET", "/workspaces")
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining")
    told = tuple(reply.headers[name] for name in names if name in reply.headers)
    assert (reply.status, told or None) == (status, headers)
    assert ("X-RateLimit-Reset" in reply.headers) is (headers is not None)


def test_a_storm_of_429(faulty: Callable[..., Client]) -> None:
    client = faulty()
    client.sandbox.faults.trip("limited", "GET", "^/posts$", times=2)
    client.sandbox.faults.trip("limited", "GET", "^/accounts$", headers=False)
    assert [client("GET", "/posts").status for _ in range(3)] == [429, 429, 200]
    bare = client("GET", "/accounts")
    assert bare.status == 429
    assert "X-RateLimit-Reset" not in bare.headers
