"""The figures that the sandbox shows of published posts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults
from tests.sandbox.conftest import FACEBOOK, NOW, Client, Movable, X
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import MakeSandbox

DAYS = "from=2027-03-01&to=2027-03-02"


@pytest.fixture
def published(make_sandbox: MakeSandbox) -> Client:
    """Twelve posts on Facebook that were published in the last twelve hours, and one on X."""
    clock = Movable()
    sandbox = make_sandbox(now=clock)
    for hour in range(12):
        sandbox.add(account_id=FACEBOOK, at=NOW + timedelta(hours=hour), text=f"post {hour}")
    sandbox.add(account_id=X, at=NOW, text="elsewhere")
    clock.now = NOW + timedelta(hours=11, minutes=30)
    return Client(sandbox)


def test_insights_come_ten_on_a_page_with_metrics_as_objects(published: Client) -> None:
    pages = [published("GET", f"/analytics/{FACEBOOK}/post_insights?{DAYS}&page={n}").data for n in range(3)]
    assert [len(page["posts"]) for page in pages] == [10, 2, 0]
    assert {page["total"] for page in pages} == {12}
    first = pages[0]["posts"][0]
    assert (first["text"], first["account_id"]) == ("post 0", FACEBOOK)
    assert first["analytics"]["likes"].keys() == {"name", "value", "tooltip"}
    assert first["analytics"]["link_clicks"]["name"] == "Link clicks"
    assert first["post_id"] == first["post_link"].rpartition("/")[2]


@each_of(
    "fields, post_id, kind, clicks",
    [
        ({}, None, "status", False),
        ({"post_link": "https://x.example/17", "url": "https://example.com"}, "17", "status", True),
        ({"type": "video", "details": {"type": "reel"}}, None, "reel", False),
        ({"type": "video", "details": {"feed": True}}, None, "video", False),
        ({"labels": [{"name": "spring"}]}, None, "status", False),
    ],
)
def test_insights_name_the_networks_own_id_and_the_type(
    client: Client, fields: dict[str, Any], post_id: str | None, kind: str, clicks: bool
) -> None:
    """A video with the details of a reel is a reel there, and without a link nobody clicks on one."""
    one_id = client.sandbox.add(account_id=FACEBOOK, at=NOW, text="out", state="published", **fields)
    (post,) = client("GET", f"/analytics/{FACEBOOK}/post_insights?{DAYS}").data["posts"]
    assert (post["post_id"], post["type"]) == (post_id, kind)
    assert post["labels"] == fields.get("labels", [])
    assert [name for name, one in post["analytics"].items() if one["value"] is None] == (
        [] if clicks else ["link_clicks"]
    )
    client.sandbox.remove(one_id)


def test_figures_stay_the_same(published: Client) -> None:
    path = f"/analytics/{FACEBOOK}/post_insights?{DAYS}"
    assert published("GET", path).data == published("GET", path).data


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/analytics/{FACEBOOK}/post_insights", 500),
        (f"/analytics/{FACEBOOK}/post_insights?from=2027-03-01", 500),
        (f"/analytics/1234567890/post_insights?{DAYS}", 404),
    ],
)
def test_insights_need_days_and_publers_own_id(client: Client, path: str, status: int) -> None:
    assert client("GET", path).status == status


def test_the_best_times_are_a_week_of_hours_or_nothing(client: Client, faulty: Callable[..., Client]) -> None:
    """Publer docs, "Best times"; one account got an empty list."""
    path = f"/analytics/{FACEBOOK}/best_times"
    week = client("GET", f"{path}?{DAYS}").data
    assert list(week) == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    assert {len(hours) for hours in week.values()} == {24}
    assert client("GET", f"{path}?{DAYS}").data == week
    assert client("GET", path).status == 500
    assert faulty(best_times="empty")("GET", f"{path}?{DAYS}").data == []


def test_figures_of_all_accounts_are_those_of_each(published: Client) -> None:
    every = published("GET", f"/analytics/post_insights?{DAYS}&page=1").data
    assert (len(every["posts"]), every["total"]) == (3, 13)
    assert {post["account_id"] for post in every["posts"]} <= {FACEBOOK, X}


def test_figures_take_a_scope_of_their_own(faulty: Callable[..., Client]) -> None:
    client = faulty(scopes=Faults().scopes - {"analytics"})
    assert client("GET", f"/analytics/{FACEBOOK}/post_insights?{DAYS}").status == 403
