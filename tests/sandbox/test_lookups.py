"""Labels, signatures, albums and boards, places and link previews of the sandbox."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Seed, SeedAccount
from tests.sandbox.conftest import FACEBOOK, LINKEDIN, NOW, Client, X, item

if TYPE_CHECKING:
    from tests.conftest import MakeSandbox


def test_the_labels_are_those_of_the_posts(client: Client) -> None:
    client.create(
        item(entry={"labels": ["spring", "launch"]}),
        item(at=NOW + timedelta(hours=2), entry={"labels": ["launch"]}),
    )
    labels = client("GET", "/labels").data
    assert [label["name"] for label in labels] == ["launch", "spring"]
    assert labels[0].keys() == {"id", "name", "color"}
    client.sandbox.add_workspace(
        Seed("5f000000000000000000cafe", "Other", (SeedAccount("acc000000000000000000999", "facebook", "O"),))
    )
    other: dict[str, str | None] = {"Publer-Workspace-Id": "5f000000000000000000cafe"}
    assert client("GET", "/labels", headers=other).data == []


def test_albums_are_the_albums_of_a_page_and_the_boards_of_pinterest(make_sandbox: MakeSandbox) -> None:
    client = Client(make_sandbox(Seed()))
    network_of = {account["id"]: account["provider"] for account in client("GET", "/accounts").data}
    path = f"/workspaces/{client.sandbox.seed.workspace_id}/media_options"
    options = client("GET", path).data
    names = {network_of[one["id"]]: [album["name"] for album in one["albums"]] for one in options}
    assert {network: albums for network, albums in names.items() if albums} == {
        "facebook": ["Timeline photos", "Events"],
        "pinterest": ["Inspiration", "Products"],
    }
    ids = [album["id"] for one in options for album in one["albums"]]
    assert len(set(ids)) == 4
    assert client("GET", path).data == options, "ids stay the same"


@pytest.mark.parametrize(("kind", "key"), [("signatures", "account_id"), ("media_options", "id")])
def test_what_an_account_offers_is_asked_for_by_account_and_within_the_workspace(
    client: Client, kind: str, key: str
) -> None:
    path = f"/workspaces/{client.sandbox.seed.workspace_id}/{kind}"
    asked = client("GET", f"{path}?accounts[]={X}&accounts[]={LINKEDIN}").data
    assert [one[key] for one in asked] == [X, LINKEDIN]
    assert [one[key] for one in client("GET", path).data] == [FACEBOOK, X, LINKEDIN]
    assert client("GET", f"/workspaces/5f0000000000000000000009/{kind}").status == 404


def test_a_signature_has_an_id_and_a_name(client: Client) -> None:
    first, *_ = client("GET", f"/workspaces/{client.sandbox.seed.workspace_id}/signatures").data
    (signature,) = first["signatures"]
    assert (len(signature["id"]), signature["label"]) == (24, "Footer")
    assert sorted(first) == ["account_id", "signatures"]
    assert sorted(signature) == ["default", "id", "in_photo_captions", "label", "text"]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/locations/facebook?q=lis", ["Lisbon"]),
        ("/locations/threads?q=zz", []),
        ("/locations/instagram", []),
    ],
)
def test_places_are_found_by_a_part_of_their_name(client: Client, path: str, names: list[str]) -> None:
    assert [place["name"] for place in client("GET", path).data] == names


def test_not_every_network_has_places(client: Client) -> None:
    assert client("GET", "/locations/linkedin?q=lis").status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"url": "https://example.com/a?b=1"}, 200),
        ({"url": "example"}, 422),
        ({"url": "ftp://example.com/a"}, 422),
        ({"url": "https://"}, 422),
        ({"url": "https://[x"}, 422),
        ({"url": 5}, 422),
        ({}, 422),
        ([], 422),
    ],
)
def test_a_link_is_shown_by_its_looks(client: Client, body: Any, status: int) -> None:
    reply = client("POST", "/posts/links", body)
    assert reply.status == status
    if status == 200:
        assert (reply.data["link"]["url"], reply.data["link"]["provider_display"]) == (
            body["url"],
            "example.com",
        )
