"""`sandbox --like`: what one user met, played to everyone. A trace of each temper makes a sandbox of that temper."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults
from publer_sync.sandbox.likeness import LARGEST, TraceFileError, likeness
from publer_sync.sandbox.tables import GAP_TEXT
from publer_sync.sandbox.tempers import TEMPERS, set_tempers
from tests.system.worlds import DAY, HOUR, T, Want, World, world_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Cli

POSTS = (
    Want("one", "facebook", T, "R&D  is here\n\nReally", labels=("Launch",)),
    Want("two", "linkedin", T + HOUR, "Second & last\n\nTwo"),
    Want("three", "facebook", T + 2 * HOUR, "Third\n\nThree"),
    Want("far", "linkedin", T + 500 * DAY, "Far\n\nAway"),
    Want("draft", "mastodon", T + DAY, "A draft\n\nof it", draft=True),
)
SILENT = {"taken-silent", "span-cut", "unreadable-rows"}
"""What a trace can't show, as nothing tells it from a good day; and what of a few posts may concern none."""
SIZED = {"total-of-page", "pages-from-1"}
TWICE = {"job-twice": {"untrue_refusal": GAP_TEXT}}
"""What it shows of a job that ran twice: posts that are there, and were refused."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with world_in(tmp_path / "world") as made:
        yield made


def traced(world: World, *moves: Want) -> Path:
    """The trace of an apply, an edit, a move of some, and a plan."""
    file = world.home / "trace.jsonl"
    world.write(*POSTS, *moves)
    world.apply("--trace", str(file))
    world.sandbox.settle()
    moved = (replace(each, at=each.at + HOUR) for each in moves)
    world.write(replace(POSTS[0], text="Edited & so on\n\nReally"), *POSTS[1:], *moved)
    world.apply("--trace", str(file))
    world.sandbox.settle()
    world.run("plan", world.top, "--trace", file)
    return file


@pytest.mark.slow
@pytest.mark.parametrize("temper", [name for name in TEMPERS if name not in SILENT])
def test_a_trace_of_each_temper_makes_a_sandbox_of_that_temper(world: World, temper: str) -> None:
    set_tempers(world.sandbox.faults, [temper])
    moves = [Want("tweet", "x", T, "On X")] if temper == "words-once" else []
    shown = likeness(traced(world, *moves))
    wanted = TWICE.get(temper) or TEMPERS[temper].switches
    for switch, value in wanted.items():
        if switch == "longest_span":
            assert isinstance(value, int)
            assert 90 <= (shown.faults.longest_span or 0) <= value
        elif temper == "drafts-undated":  # lists by days show it as little as one that no list shows
            assert shown.faults.drafts in {"undated", "hidden"}
        elif callable(value):
            assert getattr(shown.faults, switch) is value
        elif not (switch == "omit" and temper.startswith("labels")):
            assert getattr(shown.faults, switch) == value, (switch, shown.says)
    assert shown.says


def test_rows_that_could_not_be_read_are_taken_too(world: World) -> None:
    world.apply_first(*POSTS)
    world.sandbox.faults.unreadable = frozenset(str(post["id"]) for post in world.sandbox.posts())
    world.run("plan", world.top, "--trace", world.home / "trace.jsonl")
    assert likeness(world.home / "trace.jsonl").faults.unreadable_some


def test_a_trace_of_a_good_day_makes_a_good_day(world: World) -> None:
    shown = likeness(traced(world))
    assert {
        name for name in Faults.__dataclass_fields__ if getattr(shown.faults, name) != getattr(Faults(), name)
    } <= {"rate_limit"}, shown.says


@pytest.mark.parametrize(
    "switches",
    [
        {"envelope": "data", "finished": "completed"},
        {"accounts": "accounts", "health": "status"},
        {"accounts": "data", "health": "none"},
        {"integer_ids": True},
        {"total": False},
        {"paging": "ignored"},
        {"rate_headers": "never"},
        {"omit": frozenset({"labels", "link", "updated_at", "user"})},
    ],
    ids=" and ".join,
)
def test_dialects_are_taken_too(world: World, switches: dict[str, Any]) -> None:
    for name, value in switches.items():
        setattr(world.sandbox.faults, name, value)
    shown = likeness(traced(world))
    assert {name: getattr(shown.faults, name) for name in switches} == switches


@pytest.mark.parametrize("shape", ["docs", "errors", "strings", "error", "objects"])
def test_what_refuses_every_post_refuses_them_again(world: World, shape: Any) -> None:
    accounts = {account.id: GAP_TEXT for account in world.sandbox.seed.accounts}
    world.sandbox.faults.refuse, world.sandbox.faults.failures = accounts, shape
    shown = likeness(traced(world))
    assert (shown.refuses, shown.faults.failures) == (GAP_TEXT, shape)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a trace"),
        ("{}", "is no line of a trace"),
        ("[1]", "is no line of a trace"),
        ("hello", ":1 is not JSON"),
        ('{"trace": 1}\nnull', ":2 is no line of a trace"),
        ('{"trace": 9}', "does not know"),
        ('{"method": "GET", "path": "/posts"}', "is not a trace"),
        (
            '{"trace": 1}\n{"method": "GET", "path": "/posts", "query": {"page": 3}, "status": 200}',
            "another form",
        ),
        (
            '{"trace": 1}\n{"method": "POST", "path": "/posts/schedule", "status": 200, "body": {"bulk": [1]}}',
            "another form",
        ),
        ('{"requests": [{"trace": 1}, {"method": "GET"}]}', "names no method"),
        ('{"requests": 4}', "is no line of a trace"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_file_that_is_no_trace_is_told_where(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "trace.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TraceFileError, match=said):
        likeness(file)


def test_the_command_ends_with_a_file_that_is_none(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "trace.jsonl").write_text("hello", encoding="utf-8")
    ran = cli("sandbox", "--like", str(tmp_path / "trace.jsonl"))
    assert (ran.code, ran.stdout) == (1, "")
    assert ":1 is not JSON" in ran.stderr
    assert "--trace" in ran.stderr
    assert "can't be read" in cli("sandbox", "--like", str(tmp_path / "no.jsonl")).stderr
    large = tmp_path / "large.jsonl"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(TraceFileError, match="larger than"):
        likeness(large)


def test_the_sandbox_says_what_it_takes(world: World, cli: Cli) -> None:
    from tests.conftest import started

    file = world.home / "trace.jsonl"
    file.write_text(
        '{"trace": 1}\n'
        + json.dumps({"method": "GET", "path": "/accounts", "status": 200, "answer": {"accounts": []}}),
        encoding="utf-8",
    )
    with started("sandbox", world.home, "--port", "0", "--like", str(file)) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == f"Like {file}: Publer wraps accounts in `accounts`.\n"
        process.kill()
