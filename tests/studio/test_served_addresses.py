"""Every address of the studio's server: who may ask, in which form, and what there is to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.studio.guarding import HEADER
from publer_sync.studio.serving import ELSEWHERE, READ_ONLY, STRANGER
from tests.studio.desk import Desk, desk_of
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ORDERS = (
    "ticket", "change", "days", "fresh", "words", "undo", "redo", "kept", "discard", "restore", "review", "back",
)  # fmt: skip
QUESTIONS = ("posts", "outline", "changes", "cards", "texts")


def calendar(tmp_path: Path) -> Path:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me}\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text(
        "posts:\n- {id: one, at: 2027-03-02 09:00, accounts: x, text: One}\n", encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_of(calendar(tmp_path)) as desk:
        yield desk


@each_of("name", ORDERS)
def test_each_order_has_its_address_and_takes_json(desk: Desk, name: str) -> None:
    told = desk.send(f"/studio/{name}", {})
    assert told.body != {"refused": {"say": "There is nothing here."}}
    assert told.status in {200, 400, 404, 409}
    assert desk.ask("POST", f"/studio/{name}", b"{").body["refused"]["say"] == "The request is not JSON."
    wrong = desk.ask("POST", f"/studio/{name}", b"{}", {"Content-Type": "text/plain"})
    assert (wrong.status, wrong.body["refused"]["say"]) == (415, "Send application/json.")


@pytest.mark.story
@each_of("name", QUESTIONS)
def test_each_question_has_its_address_and_needs_the_secret(desk: Desk, name: str) -> None:
    path = f"/studio/{name}?keys={desk.post('one')['key']}"
    assert desk.ask("GET", path).status == 200
    for headers, said in (
        ({HEADER: None}, ELSEWHERE),
        ({HEADER: "other"}, ELSEWHERE),
        ({"Cookie": None}, STRANGER),
    ):
        told = desk.ask("GET", path, headers=headers)
        assert (told.status, told.body["refused"]["say"]) == (403, said)


@each_of(
    "headers, said",
    [
        ({}, None),
        ({"Origin": None, "Sec-Fetch-Site": "same-origin"}, None),
        ({"Sec-Fetch-Site": "same-origin"}, None),
        ({"Origin": None}, ELSEWHERE),
        ({"Origin": None, "Sec-Fetch-Site": "none"}, ELSEWHERE),
        ({"Sec-Fetch-Site": "cross-site"}, ELSEWHERE),
        ({"Origin": "https://evil.example"}, ELSEWHERE),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, ELSEWHERE),
        ({HEADER: None}, ELSEWHERE),
        ({HEADER: "other"}, ELSEWHERE),
        ({"Cookie": None}, STRANGER),
        ({"Cookie": "publer-sync-studio=x"}, STRANGER),
    ],
)
def test_an_order_comes_from_the_page_alone(desk: Desk, headers: Any, said: str | None) -> None:
    told = desk.ask("POST", "/studio/ticket", b"{}", headers)
    assert (told.status, told.body.get("refused")) == ((403, {"say": said}) if said else (200, None))


@each_of(
    "site, status",
    [(None, 200), ("none", 200), ("same-origin", 200), ("cross-site", 403), ("same-site", 403)],
)
def test_a_question_comes_from_the_page_or_an_address_that_was_typed(
    desk: Desk, site: str | None, status: int
) -> None:
    assert desk.ask("GET", "/studio/posts", headers={"Sec-Fetch-Site": site}).status == status


@each_of(
    "method, path",
    [("GET", "/nothing"), ("GET", "/studio/nothing"), ("GET", "/studio/media/0-99"), ("POST", "/studio/nothing"),
     ("GET", "/studio/page.py"), ("GET", "/studio/../studio.css"), ("POST", "/studio/posts")],
)  # fmt: skip
def test_elsewhere_there_is_nothing(desk: Desk, method: str, path: str) -> None:
    told = desk.ask(method, path, b"{}" if method == "POST" else None)
    assert told.status == 404
    nothing = "There is nothing here."
    assert told.raw.decode() in (
        [json.dumps({"refused": {"say": nothing}})] if path.startswith("/studio/") else [f"{nothing}\n"]
    )


def test_the_address_of_a_browser_that_is_in_opens_the_page_again_and_nobody_elses(desk: Desk) -> None:
    told = desk.ask("GET", "/?token=used", headers={HEADER: None})
    assert (told.status, b"Opening the calendar" in told.raw, b"data-secret" in told.raw) == (
        200,
        True,
        False,
    )
    told = desk.ask("GET", "/?token=used", headers={HEADER: None, "Cookie": None})
    assert told.status == 403
    assert [each["id"] for each in desk.get("/studio/posts?token=used")["posts"]] == ["one"]


def test_the_terminal_gets_another_address_once_a_browser_asks_for_the_page_without_one(desk: Desk) -> None:
    told: list[str] = []
    desk.server.ask_in = told.append
    for path, addresses in (
        ("/studio/posts", []),
        ("/nothing", []),
        ("/", [desk.server.entrance]),
        ("/", [desk.server.entrance]),
    ):
        answer = desk.ask("GET", path, headers={"Cookie": None})
        assert (answer.status, STRANGER in answer.raw.decode(), told) == (403, True, addresses)


def test_of_a_picture_that_is_none_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.png").write_bytes(b"no picture")
    top = calendar(tmp_path)
    post = "{id: two, at: 2027-03-03 09:00, accounts: x, text: Two, media: [{file: media/a.png, alt: A}]}"
    (top / "b.yaml").write_text(f"posts:\n- {post}\n", encoding="utf-8")
    with desk_of(top) as desk:
        thumb = desk.post("two")["media"][0]["thumb"]
        assert thumb is None or desk.ask("GET", thumb).status == 404


def test_without_a_ticket_the_page_is_its_shell(desk: Desk) -> None:
    ticket = desk.send("/studio/ticket", {}).body["ticket"]
    asked = [desk.ask("GET", path) for path in (f"/?page={ticket}", f"/?page={ticket}", "/")]
    whole, again, without = (told.raw for told in asked)
    assert b"One" in whole
    assert again == without
    assert b"Opening the calendar" in without
    assert b"data-secret" not in without
    assert not any("Set-Cookie" in told.headers for told in asked)


def test_a_connection_ends_with_an_order_alone(desk: Desk) -> None:
    told = desk.ask("GET", "/studio/posts"), desk.send("/studio/ticket", {})
    assert [each.headers.get("Connection") for each in told] == [None, "close"]


def test_nothing_is_told_of_no_key(desk: Desk) -> None:
    key = desk.post("one")["key"]
    for keys in ("", ",", f",{key},,"):
        told = desk.get(f"/studio/cards?keys={keys}"), desk.get(f"/studio/texts?keys={keys}")
        assert [*told[0]["cards"]] == [*told[1]] == [key] * (key in keys)


def test_what_is_read_only_says_so_to_every_order_that_writes(tmp_path: Path) -> None:
    with desk_of(calendar(tmp_path), read_only=True) as desk:
        refused = {}
        for name in (*ORDERS, "media"):
            told = desk.send(f"/studio/{name}", {})
            refused[name] = (told.status, told.body.get("refused")) == (403, {"say": READ_ONLY})
        assert [name for name, is_refused in refused.items() if not is_refused] == ["ticket", "days", "words"]
        assert desk.get("/studio/posts")["read_only"] is True


@each_of(
    "headers, body, status",
    [
        ({"Content-Length": str((1 << 20) * 64)}, b"", 413),
        ({}, b'"\\ud800"', 400),
        ({}, json.dumps([]).encode(), 400),
        ({}, b"[" * 100_000, 400),
    ],
)
def test_what_is_no_order_is_refused(desk: Desk, headers: Any, body: bytes, status: int) -> None:
    assert desk.ask("POST", "/studio/change", body, headers).status == status
