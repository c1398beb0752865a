"""A calendar that is split, or joined with another one: each post goes with its entry, what is on hold with its hold."""

from __future__ import annotations

import json
import shutil
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.sandbox import Sandbox, Seed, SeedAccount
from tests.commands.test_several import Agency, git
from tests.conftest import QUICK
from tests.system.worlds import DAY, T

if TYPE_CHECKING:
    from collections.abc import Iterator

X, FACEBOOK = "acc000000000000000000001", "acc000000000000000000002"
ONE = Seed(
    "5f0000000000000000000001",
    "Agency",
    (SeedAccount(X, "twitter", "On X"), SeedAccount(FACEBOOK, "facebook", "On Facebook")),
)


def write(name: str, *numbers: int, place: str) -> None:
    """A calendar with these posts, a day apart."""
    folder = Path(name)
    folder.mkdir(exist_ok=True)
    accounts = f"{{x: {{id: {X}, shared: true}}, facebook: {{id: {FACEBOOK}, shared: true}}}}"
    (folder / "publer.yaml").write_text(
        f"workspace: Agency\ntimezone: UTC\nstate: {place}\naccounts: {accounts}\n"
    )
    posts = "".join(
        f"- id: post-{number}\n  at: {T + number * DAY:%Y-%m-%dT%H:%M}\n  accounts: [{'x' if number % 2 else 'facebook'}]\n"
        f"  text: Words {number}\n"
        for number in numbers
    )
    (folder / "posts.yaml").write_text(f"posts:\n{posts}")


def commit() -> None:
    git("add", "-A")
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "x")
    git("push", "-q", "origin", "main")


def leave(name: str) -> None:
    shutil.rmtree(name)


@pytest.fixture(params=["git:publer-sync-state", "../ledger"])
def agency(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Agency, str]]:
    with Sandbox(ONE, poll_seconds=QUICK, file=tmp_path / "publer.db") as sandbox, chdir(tmp_path):
        git("init", "-q", "--bare", "--template=", "-b", "main", "remote.git")
        git("init", "-q", "--template=", "-b", "main")
        git("remote", "add", "origin", "remote.git")
        Path(".gitignore").write_text("remote.git\npubler.db*\nledger\n")
        yield Agency(sandbox, ()), request.param


def scheduled(agency: Agency) -> list[str]:
    agency.sandbox.settle()
    return sorted(post["text"] for post in agency.sandbox.posts() if post["state"] == "scheduled")


def writes(agency: Agency) -> list[str]:
    return [request.method for request in agency.sandbox.requests if request.method != "GET"]


def apply(agency: Agency, *words: str) -> int:
    ran = agency.run("apply", *words, "--yes")
    agency.sandbox.settle()
    return ran.code


ALL = [f"Words {number}" for number in range(1, 5)]


@pytest.mark.slow
@pytest.mark.parametrize("order", [("a", "b"), ("b", "a"), ("a b",)])
def test_a_calendar_that_is_split_sends_nothing_again(
    agency: tuple[Agency, str], order: tuple[str, ...]
) -> None:
    run, place = agency
    write("old", 1, 2, 3, 4, place=place)
    commit()
    assert apply(run, "old") == 0
    leave("old")
    write("a", 1, 2, place=place)
    write("b", 3, 4, place=place)
    commit()
    run.sandbox.reset_log()
    for words in order:
        assert apply(run, *words.split()) == 0
    assert (scheduled(run), writes(run)) == (ALL, [])
    plan = json.loads(run.run("plan", "a", "b", "--format", "json").stdout)
    assert [each["result"]["changes"] for each in plan["calendars"]] == [[], []]
    assert "calendar_gone" not in json.dumps(plan)


@pytest.mark.slow
def test_two_calendars_become_one_and_nothing_is_sent_again(agency: tuple[Agency, str]) -> None:
    run, place = agency
    write("one", 1, 2, place=place)
    write("two", 3, 4, place=place)
    commit()
    assert apply(run, "one", "two") == 0
    leave("one")
    leave("two")
    write("all", 1, 2, 3, 4, place=place)
    commit()
    run.sandbox.reset_log()
    assert apply(run, "all") == 0
    assert (scheduled(run), writes(run)) == (ALL, [])


@pytest.mark.slow
def test_what_is_on_hold_in_a_calendar_that_is_split_stays_on_hold(agency: tuple[Agency, str]) -> None:
    run, place = agency
    write("old", 1, 2, 3, 4, place=place)
    commit()
    assert apply(run, "old") == 0
    assert run.run("hold", "old", "--account", "x", "--reason", "Storm", "--yes").code == 0
    assert scheduled(run) == ["Words 2", "Words 4"]
    leave("old")
    write("a", 1, 2, place=place)
    write("b", 3, 4, place=place)
    commit()
    for _ in range(2):
        for name in "ab":
            assert apply(run, name) == 0
        assert scheduled(run) == ["Words 2", "Words 4"]
    assert run.run("release", "a", "b", "--yes").code == 0
    assert scheduled(run) == ALL


@pytest.mark.slow
def test_what_is_on_hold_joins_a_calendar_that_has_posts_once_that_is_on_hold_too(
    agency: tuple[Agency, str],
) -> None:
    run, place = agency
    write("old", 1, 2, place=place)
    write("all", 3, 4, place=place)
    commit()
    assert apply(run, "old", "all") == 0
    assert run.run("hold", "old", "--reason", "Storm", "--yes").code == 0
    leave("old")
    write("all", 1, 2, 3, 4, place=place)
    commit()
    told = " ".join(run.run("plan", "all").stdout.split())
    assert "run publer-sync hold for the calendar all, too, then apply" in told
    assert apply(run, "all") == 6
    assert scheduled(run) == ["Words 3", "Words 4"]
    assert run.run("hold", "all", "--reason", "Storm", "--yes").code == 0
    assert apply(run, "all") == 0
    assert scheduled(run) == []
    assert run.run("release", "all", "--yes").code == 0
    assert scheduled(run) == ALL


@pytest.mark.slow
def test_what_went_out_in_a_calendar_that_is_split_is_not_published_again(agency: tuple[Agency, str]) -> None:
    """With a later time in its new calendar, too: publishing it again takes a new id."""
    run, place = agency
    write("old", 1, 2, 3, 4, place=place)
    commit()
    assert apply(run, "old") == 0
    [first] = [post["id"] for post in run.sandbox.posts() if post["text"] == "Words 1"]
    run.sandbox.edit(first, state="published")
    assert apply(run, "old") == 0
    leave("old")
    write("a", 1, 2, place=place)
    write("b", 3, 4, place=place)
    posts = Path("a/posts.yaml")
    posts.write_text(posts.read_text().replace(f"{T + DAY:%Y-%m-%dT%H:%M}", f"{T + 9 * DAY:%Y-%m-%dT%H:%M}"))
    commit()
    assert apply(run, "b") == 0
    assert apply(run, "a") == 6
    assert "was published already" in " ".join(run.run("plan", "a").stdout.split())
    assert scheduled(run) == ALL[1:]
