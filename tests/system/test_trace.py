"""`--trace`: what it holds of a whole apply, and that nothing of what people wrote is in it."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.publer import tracing
from publer_sync.sandbox.tables import GAP_TEXT
from tests.system.worlds import ACCOUNTS, DAY, HOUR, KEY, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "Aurelo buys Nordbrew"
POST = Want(
    "merger-day",
    "facebook",
    T,
    f"{SECRET} https://aurelo.example/merger",
    labels=("Project Falcon",),
    picture="ceo-portrait.png",
    more=f"comments: [{{text: '{SECRET} indeed'}}]\ntitle: The Falcon has landed",
)
OTHER = Want("other", "linkedin", T + HOUR, "Falcon & friends")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world", omit=frozenset()) as made:
        yield made


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_nothing_that_was_written_no_name_no_key_no_address_is_in_it(world: World) -> None:
    file = world.home / "trace.jsonl"
    world.stranger("facebook", T + DAY, "A colleague's Falcon", post_link="https://aurelo.example/1")
    world.write(POST, OTHER)
    assert world.apply("--trace", str(file)).code == 0
    world.sandbox.settle()
    world.write(replace(POST, at=POST.at + HOUR), replace(OTHER, text="Falcon & foes"))
    assert world.apply("--trace", str(file)).code == 0
    world.sandbox.faults.refuse = dict.fromkeys(ACCOUNTS.values(), f"{SECRET} is not allowed")
    world.write(POST, OTHER, replace(OTHER, id="third", at=T + 3 * HOUR))
    assert world.apply("--trace", str(file)).code == 6
    assert world.run("hold", world.top, "--reason", SECRET, "--yes", "--trace", str(file)).code == 0
    text = file.read_text("utf-8")
    words = [
        "Aurelo",
        "Nordbrew",
        "Falcon",
        "merger",
        "ceo",
        "portrait",
        "landed",
        "foes",
        "example",
        "My Facebook",
    ]
    words += [KEY, "My Primary", "Company", "colleague", "127.0.0.1", str(world.home), f"{T.year}-"]
    assert [word for word in words if word in text] == []
    ids = {str(post["id"]) for post in world.sandbox.posts()} | {*ACCOUNTS.values()}
    assert not ids & {*re.findall(r"[0-9a-f]{24}", text)}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_tells_how_publer_answered(world: World) -> None:
    file = world.home / "trace.jsonl"
    world.sandbox.faults.refuse = {ACCOUNTS["linkedin"]: GAP_TEXT}
    world.write(POST, OTHER)
    assert world.apply("--trace", str(file)).code == 6
    head, *requests = lines(file)
    assert (head["trace"], [*head]) == (1, ["trace", "publer_sync"])
    assert len(requests) == len(world.sandbox.requests)
    assert [one["path"] for one in requests[:2]] == ["/workspaces", "/accounts"]
    listed = next(one for one in requests if one["path"] == "/posts")
    assert listed["query"]["from"][0] < 0
    assert listed["query"]["to"][0] > 5 * 365
    assert listed["query"]["page"] == [0]
    assert listed["status"] == 200
    assert {"limit", "remaining", "reset_in"} <= listed["headers"].keys()
    made = next(one for one in requests if one["path"] == "/posts/schedule")
    sent = made["body"]["bulk"]["posts"][0]["networks"]
    assert made["answer"] == {"job_id": "job-1"}
    job = [one for one in requests if one["path"] == "/job_status/job-1"][-1]
    failures = job["answer"]["payload"]["failures"]
    assert [one["message"] for one in next(iter(failures.values()))] == [{"said": "one minute gap"}]
    shown = [row for one in requests if one["path"] == "/posts" for row in one["answer"]["posts"]]
    digests = {post["text"]["exact"] for post in shown}
    assert next(iter(sent.values()))["text"]["exact"] in digests | {
        next(iter(post["networks"].values()))["text"]["exact"] for post in made["body"]["bulk"]["posts"]
    }
    assert all(row["id"].startswith("post-") and row["account_id"].startswith("account-") for row in shown)


def test_what_gets_no_answer_is_told_too(world: World) -> None:
    file = world.home / "trace.jsonl"
    world.sandbox.faults.trip("drop_after", "GET", "/accounts")
    world.sandbox.faults.trip("html", "GET", "/posts$")
    world.write(OTHER)
    assert world.run("plan", world.top, "--trace", str(file)).code == 0
    told = lines(file)[1:]
    assert ("/accounts", None) in [(one["path"], one["status"]) for one in told]
    assert {"not_json": "a web page"} in [one.get("answer") for one in told]


def test_a_file_that_cannot_be_written_ends_it_before_anything_is_sent(world: World) -> None:
    world.write(OTHER)
    ran = world.run("apply", world.top, "--yes", "--trace", world.home / "nowhere" / "trace.jsonl")
    assert ran.code == 1
    assert "can't be written" in ran.stderr
    assert world.sandbox.requests == []


def test_a_file_that_stops_taking_lines_stops_no_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = tracing.appended

    def full(file: Path, line: dict[str, Any]) -> None:
        if "trace" not in line:
            raise OSError(28, "No space left on device")
        real(file, line)

    monkeypatch.setattr(tracing, "appended", full)
    world.write(OTHER)
    assert world.apply("--trace", str(world.home / "trace.jsonl")).code == 0
    assert len(lines(world.home / "trace.jsonl")) == 1
