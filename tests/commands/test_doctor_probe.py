"""`doctor --probe`: one draft, created, edited, listed and removed, in each dialect that the service is known to speak."""

from __future__ import annotations

import html
import json
import unicodedata
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest

from publer_sync.publer.gateway import Publer
from tests.schemas import conforms
from tests.system.worlds import ACCOUNTS, DAY, KEY, MINUTE, T, World


@pytest.fixture
def world(empty_world: World) -> World:
    """A calendar without posts, and posts of a colleague's, one in the minute that the draft would have."""
    empty_world.write()
    empty_world.stranger("x", T, "A colleague's post")
    empty_world.stranger("x", T, "A colleague's draft", state="draft")
    a_year_ahead = (datetime.now(UTC) + 365 * DAY).replace(second=0, microsecond=0)
    for minutes in range(3):
        empty_world.stranger("x", a_year_ahead + minutes * MINUTE, "A colleague's plan", state="draft")
    empty_world.sandbox.reset_log()
    return empty_world


def probed(world: World, **faults: Any) -> tuple[int, Any]:
    """How a probe ends, and its document. Nothing of it is left, and nothing else was touched."""
    for name, value in faults.items():
        setattr(world.sandbox.faults, name, value)
    ran = world.run("doctor", world.top, "--probe", "x", "--yes", "--format", "json")
    document = json.loads(ran.stdout)
    conforms(document, "doctor-probe")
    assert world.amiss() == []
    assert ran.code == (1 if document["differences"] else 0), ran
    return ran.code, document


def test_one_draft_is_created_edited_and_removed(world: World) -> None:
    code, document = probed(world)
    assert (code, document["differences"], document["removed"]) == (0, [], True)
    assert world.writes() == ["POST", "PUT", "DELETE"]
    post, put, delete = (request for request in world.sandbox.requests if request.method != "GET")
    assert post.body["bulk"]["state"] == "draft"
    assert delete.query == {"post_ids[]": [put.path.rpartition("/")[2]]}
    assert document["created"]["text"]["line_ends"] == "crlf"
    at = datetime.fromisoformat(post.body["bulk"]["posts"][0]["accounts"][0]["scheduled_at"])
    assert at not in [other["at"] for other in world.unmanaged.values()]


def test_the_document_can_be_shared(world: World) -> None:
    world.sandbox.faults.omit = frozenset()
    ran = world.run("doctor", world.top, "--probe", "x", "--yes")
    post = next(request for request in world.sandbox.requests if request.method == "POST")
    text = next(iter(post.body["bulk"]["posts"][0]["networks"].values()))["text"]
    mine = [
        *ACCOUNTS.values(),
        KEY,
        "My X Account",
        "My Primary",
        text.split()[2],
        "colleague",
        world.home.name,
    ]
    assert [word for word in mine if word in ran.stdout] == []
    assert json.loads(ran.stdout)["provider"] == "twitter"
    assert "Publer does what publer-sync assumes" in ran.stderr


@pytest.mark.parametrize(
    "dialect",
    [
        *({"envelope": "data"}, {"finished": "completed"}, {"finished": "success"}),
        *(
            {"failures": shape}
            for shape in ("docs", "list", "objects", "errors", "strings", "error", "absent")
        ),
        *({"accounts": "accounts"}, {"accounts": "data"}, {"health": "status"}, {"health": "none"}),
        *({"paging": "ignored"}, {"total": False}, {"integer_ids": True}, {"omit": frozenset()}),
        *({"job_null_polls": 2}, {"links": "shortened"}, {"links": "tagged"}, {"put_clears_title": True}),
        *({"rewrite": str.strip}, {"rewrite": lambda text: text.replace("\r\n", "\n")}),
    ],
)
def test_in_a_known_dialect_nothing_differs(world: World, dialect: dict[str, Any]) -> None:
    _, document = probed(world, **dialect)
    assert (document["differences"], document["removed"]) == ([], True)


@pytest.mark.parametrize(
    ("faults", "code", "consequence"),
    [
        ({"rewrite": html.unescape}, "text", "(entities: unescaped)"),
        ({"rewrite": lambda text: unicodedata.normalize("NFC", text)}, "text", "(nfd: composed)"),
        ({"rewrite": lambda text: text + "\nAdded by us"}, "text", "(added: 1 line)"),
        ({"put_ignored": True}, "edit.ignored", "keeps the old text"),
        ({"finished": None}, "job.silent", "waits for the list"),
        ({"job_lost": True}, "job.silent", "waits for the list"),
    ],
    ids=["entities", "composed", "added", "edit ignored", "no status", "job lost"],
)
def test_a_difference_is_told_with_its_consequence(
    world: World, faults: dict[str, Any], code: str, consequence: str
) -> None:
    _, document = probed(world, **faults)
    told = {one["code"]: one["message"] for one in document["differences"]}
    assert list(told) == [code]
    assert consequence in told[code]
    assert document["removed"] is True


def test_a_draft_that_is_never_listed_may_be_left_and_that_is_said(world: World) -> None:
    _, document = probed(world, lose=frozenset({1}))
    assert [one["code"] for one in document["differences"]] == ["left", "list.missing"]
    assert (document["created"], document["removed"]) == (None, False)


def test_a_probe_that_breaks_off_removes_its_draft(world: World) -> None:
    world.sandbox.faults.trip("error_before", "PUT", times=99)
    ran = world.run("doctor", world.top, "--probe", "x", "--yes")
    assert ran.code == 1
    assert world.writes()[-1] == "DELETE"
    assert world.live() == []
    assert "may still be in Publer" not in ran.stderr


def test_a_probe_that_somebody_stops_removes_its_draft(world: World) -> None:
    with mock.patch.object(Publer, "update", side_effect=KeyboardInterrupt):
        ran = world.run("doctor", world.top, "--probe", "x", "--yes")
    assert ran.code == 1
    assert "stopped, as asked" in ran.stderr
    assert world.writes() == ["POST", "DELETE"]
    assert world.live() == []


def test_a_draft_that_cannot_be_removed_is_named(world: World) -> None:
    world.sandbox.faults.trip("error_before", "DELETE", times=99)
    ran = world.run("doctor", world.top, "--probe", "x", "--yes")
    assert ran.code == 1
    assert len(world.live()) == 1
    assert "remove the one whose text contains" in ran.stderr


def test_a_refused_draft_is_told_in_publers_words_and_leaves_nothing(world: World) -> None:
    world.sandbox.faults.refuse = {ACCOUNTS["x"]: "Duplicate content"}
    ran = world.run("doctor", world.top, "--probe", "x", "--yes")
    assert ran.code == 1
    assert 'Publer refused the draft: "Duplicate content"' in ran.stderr
    assert "may still be in Publer" not in ran.stderr
    assert world.live() == []


@pytest.mark.parametrize(("words", "message"), [(("x",), "--yes"), (("y", "--yes"), 'no account "y"')])
def test_what_cannot_be_asked_or_done_is_64_before_anything_is_sent(
    world: World, words: tuple[str, ...], message: str
) -> None:
    ran = world.run("doctor", world.top, "--probe", *words)
    assert ran.code == 64
    assert message in ran.stderr
    assert world.sandbox.requests == []
