"""The branch with the ledger was deleted, or set back: nothing is applied as if it had never been there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
from contextlib import chdir, contextmanager
from typing import TYPE_CHECKING

import pytest
import yaml

from publer_sync.ledger.signing import VARIABLE
from publer_sync.sandbox import Trip
from tests.conftest import run_here
from tests.ledger.git_world import COPY, REF, git
from tests.system.worlds import ACCOUNTS, T, Want, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POST = Want("launch", "x", T, "We launched")

pytestmark = pytest.mark.slow


@pytest.fixture
def world(empty_world: World) -> Iterator[World]:
    """A calendar whose ledger is on a branch that was deleted once it had been applied."""
    world = empty_world
    started(world)
    with chdir(world.home):
        world.apply_first(POST)
        delete(world)
        world.sandbox.reset_log()
        yield world


def started(world: World) -> None:
    git(world.home, "init", "-q", "--template=", "-b", "main")
    git(world.home, "init", "-q", "--bare", "--template=", "-b", "main", "remote.git")
    git(world.home / "remote.git", "config", "uploadpack.allowFilter", "true")
    git(world.home, "remote", "add", "origin", f"file://{world.home / 'remote.git'}")
    (world.home / ".gitignore").write_text("remote.git\ngone.git\npubler.db*\n")
    world.settings(state="git:publer-sync-state")


def delete(world: World) -> None:
    git(world.home / "remote.git", "update-ref", "-d", REF)


def test_what_writes_ends_with_the_command_that_brings_it_back(world: World) -> None:
    [warning] = [warn for warn in world.plan()["warnings"] if warn["code"] == "lost"]
    assert "was deleted" in warning["message"]
    (world.home / "plan.json").write_text(json.dumps(world.plan()), encoding="utf-8")
    told = world.run("notify", world.home / "plan.json").stdout
    assert (
        "The branch publer-sync-state, which has the ledger, was deleted; bring it back: `git fetch origin"
        in told
    )
    assert "--first" not in told
    [refusal] = world.plan()["refusals"]
    assert (refusal["code"], refusal["allow"]) == ("lost", "--first")
    assert "apply would refuse this plan: the branch" in " ".join(
        world.run("plan", "calendar").stdout.split()
    )
    ran = world.run("status", "calendar")
    assert ran.code == 6
    told = " ".join(ran.stdout.split())
    assert "last apply: not known" in told
    assert "was deleted; bring it back: git fetch origin" in told
    for words in (("apply", "--yes"), ("release", "--yes"), ("pull", "--yes")):
        name, *more = words
        ran = world.run(name, "calendar", *more, "--format", "json")
        assert (ran.code, json.loads(ran.stdout)["error"]["code"]) == (1, "lost"), ran
    ran = world.run("forget", "launch", "--yes", "--format", "json")
    assert (ran.code, json.loads(ran.stdout)["error"]["code"]) == (1, "lost"), ran
    assert world.writes() == []
    ran = world.run("apply", "calendar", "--yes")
    command = next(line for line in ran.stderr.splitlines() if "git fetch" in line).partition(": ")[2]
    subprocess.run(command, shell=True, check=True, capture_output=True)
    assert world.plan()["summary"]["unchanged"] == 1
    assert world.apply().code == 0
    assert world.writes() == []


def test_notify_tells_of_a_status_by_which_every_apply_ends(world: World) -> None:
    ran = world.run("status", "calendar", "--format", "json")
    [stop] = json.loads(ran.stdout)["stopped_by"]
    assert (ran.code, stop["code"], stop["command"].startswith("git fetch origin ")) == (6, "lost", True)
    file = world.home / "status.json"
    file.write_text(ran.stdout, encoding="utf-8")
    told = world.run("notify", file, "--told", world.home / "told.json")
    assert told.code == 6
    [line] = [line for line in told.stdout.splitlines() if line.startswith("- calendar: Every apply ends")]
    assert f"which has the ledger, was deleted; bring it back. Run `{stop['command']}`." in line
    assert world.run("notify", file, "--told", world.home / "told.json").code == 0
    git(world.home, *stop["command"].partition(" && ")[0].split()[1:])
    git(world.home, *stop["command"].partition(" && ")[2].split()[1:])
    file.write_text(world.run("status", "calendar", "--format", "json").stdout, encoding="utf-8")
    over = world.run("notify", file, "--told", world.home / "told.json", "--format", "json")
    assert [*json.loads(over.stdout)["over"]] == [line.removeprefix("- ")]


def test_first_adopts_what_is_there_and_the_branch_is_there_again(world: World) -> None:
    assert not [warn for warn in world.plan("--first")["warnings"] if warn["code"] == "lost"]
    assert world.apply("--first").summary["applied"] == 1
    assert (world.writes(), len(world.live())) == ([], 1)
    assert len(set(git(world.home / "remote.git", "rev-parse", REF, COPY).split())) == 1
    assert world.apply().code == 0


def test_hold_takes_out_what_was_managed_and_first_does_not_pass_it(world: World) -> None:
    ran = world.run("hold", "calendar", "--reason", "Storm", "--yes")
    assert (ran.code, world.live()) == (0, []), ran
    delete(world)
    ran = world.run("apply", "calendar", "--yes", "--first")
    assert (ran.code, world.live()) == (1, [])
    assert "add --first" not in ran.stderr
    command = next(line for line in ran.stderr.splitlines() if "git fetch" in line).partition(": ")[2]
    subprocess.run(command, shell=True, check=True, capture_output=True)
    assert (world.apply().code, world.live()) == (0, [])
    assert world.run("release", "calendar", "--yes").code == 0
    assert len(world.live()) == 1
    assert not world.settled_amiss()


# --- a branch that cannot be reached ----------------------------------------------------------------------------------------


@contextmanager
def unreachable(world: World) -> Iterator[None]:
    remote = world.home / "remote.git"
    remote.rename(world.home / "gone.git")
    try:
        yield
    finally:
        (world.home / "gone.git").rename(remote)


@pytest.fixture
def reached(empty_world: World) -> Iterator[World]:
    """A calendar with its ledger on a branch that was applied from here."""
    world = empty_world
    started(world)
    with chdir(world.home):
        world.apply_first(POST, Want("later", "facebook", T, "Later"))
        yield world


def waiting(world: World) -> list[Path]:
    return [*(world.home / ".git/publer-sync").rglob("*.hold-*")]


def test_hold_goes_on_from_what_was_read_here_and_waits_until_hold_pushes_it(reached: World) -> None:
    world = reached
    with unreachable(world):
        ran = world.run("hold", "calendar", "--reason", "Storm", "--account", "x", "--yes")
        assert (ran.code, [row.text for row in world.live()]) == (6, ["Later"]), ran
        assert "could not be reached" in ran.stdout + ran.stderr, ran
        ran = world.run("apply", "calendar", "--yes")
        assert (ran.code, "a hold waits on this machine" in ran.stderr) == (1, True), ran
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in waiting(world))
    [warning] = [warn for warn in world.plan()["warnings"] if warn["code"] == "hold_waiting"]
    assert "Storm" in warning["message"]
    ran = world.run("status", "calendar")
    assert (ran.code, "push it: publer-sync hold" in " ".join(ran.stdout.split())) == (6, True), ran
    ran = world.run("apply", "calendar", "--yes", "--format", "json")
    assert (ran.code, json.loads(ran.stdout)["error"]["code"]) == (1, "hold.waiting")
    ran = world.run("apply", "calendar", "--yes")
    command = next(line for line in ran.stderr.splitlines() if "publer-sync hold" in line).partition(
        "publer-sync "
    )[2]
    ran = world.run(*shlex.split(command), "--yes")
    assert (ran.code, waiting(world)) == (0, []), ran
    assert (world.apply().code, [row.text for row in world.live()]) == (0, ["Later"]), (
        "and no more than was held"
    )
    assert world.run("release", "calendar", "--yes").code == 0
    assert len(world.live()) == 2
    assert not world.settled_amiss()


def test_release_drops_a_hold_that_waits_and_puts_its_posts_back(reached: World) -> None:
    world = reached
    with unreachable(world):
        assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 6
        assert world.live() == []
        assert world.run("release", "calendar", "--yes").code == 1
    assert waiting(world)
    assert world.run("release", "calendar", "--yes").code == 0
    assert (len(world.live()), waiting(world)) == (2, [])
    assert not git(world.home / "remote.git", "show", f"{REF}:{part(world)}").count('"holds"')
    assert not world.settled_amiss()


def test_a_hold_waits_on_though_the_calendar_gets_another_name(reached: World) -> None:
    world = reached
    with unreachable(world):
        assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 6
    world.settings(state="git:publer-sync-state", name="acme")
    plan = world.run("plan", "calendar")
    assert "a hold waits on this machine" in " ".join(plan.stdout.split()), plan
    ran = world.run("apply", "calendar", "--yes")
    assert (ran.code, "a hold waits on this machine" in ran.stderr, world.live()) == (1, True, []), ran
    assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 0
    assert (world.run("apply", "calendar", "--yes").code, world.live(), waiting(world)) == (0, [], [])
    assert world.run("release", "calendar", "--yes").code == 0
    assert len(world.live()) == 2


def signed(world: World, command: str, code: int, *words: str) -> None:
    """The command as it runs with a key."""
    ran = run_here(
        (command, "calendar", *words, "--yes"), {**os.environ, **world.environment, VARIABLE: "k" * 32}
    )
    assert ran.code == code, ran


@pytest.mark.parametrize("name", [None, "acme"])
@pytest.mark.parametrize("way", ["hold", "apply --trust-state"])
def test_a_hold_waits_on_though_the_key_is_new(reached: World, way: str, name: str | None) -> None:
    """Either command ends that it waits: neither asks for the other one first."""
    world = reached
    with unreachable(world):
        assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 6
    if name:
        world.settings(state="git:publer-sync-state", name=name)
    signed(world, "apply", 1)
    assert world.live() == []
    command, *more = way.split()
    signed(world, command, 0, *more, *(["--reason", "Storm"] if command == "hold" else []))
    assert (world.live(), waiting(world)) == ([], [])
    signed(world, "apply", 0, "--trust-state")
    assert world.live() == []
    signed(world, "release", 0)
    assert len(world.live()) == 2


def test_release_drops_a_hold_that_waits_where_the_part_was_ended_elsewhere(reached: World) -> None:
    world = reached
    with unreachable(world):
        assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 6
    here, elsewhere = world.home / ".git/publer-sync", world.home / "aside"
    here.rename(elsewhere)  # as on a machine where no hold waits
    assert world.run("forget", "--all", "--calendar", "calendar", "--yes").code == 0
    shutil.rmtree(here, ignore_errors=True)
    elsewhere.rename(here)
    ran = world.run("apply", "calendar", "--yes")
    assert (ran.code, "publer-sync release calendar" in ran.stderr) == (1, True), ran
    assert "would be dropped (Storm)" in world.run("release", "calendar", "--diff").stdout
    assert len(waiting(world)) == 1
    ran = world.run("release", "calendar", "--yes")
    assert (ran.code, "is dropped (Storm)" in ran.stdout, waiting(world)) == (0, True, []), ran
    assert "Nothing is on hold." in world.run("release", "calendar", "--yes").stdout
    assert world.apply().code == 0
    assert len(world.live()) == 2


def test_where_nothing_was_ever_read_it_names_what_is_scheduled(reached: World) -> None:
    world = reached
    shutil.rmtree(world.home / ".git/publer-sync")
    with unreachable(world):
        ran = world.run("hold", "calendar", "--reason", "Storm", "--yes")
        assert (ran.code, len(world.live())) == (1, 2)
    assert "2 scheduled posts" in ran.stderr
    assert '"We launched"' in ran.stderr


def test_what_git_fetched_here_is_enough_where_it_is_newer_than_what_was_read(reached: World) -> None:
    """As on the laptop of someone who never applies there, and pulls each morning."""
    world = reached
    git(world.home, "fetch", "-q", "origin")
    shutil.rmtree(world.home / ".git/publer-sync")
    with unreachable(world):
        ran = world.run("hold", "calendar", "--reason", "Storm", "--yes")
        assert (ran.code, world.live()) == (6, []), ran
    assert waiting(world)
    ran = world.run("hold", "calendar", "--reason", "Storm", "--yes")
    assert (ran.code, waiting(world)) == (0, []), ran
    assert world.run("release", "calendar", "--yes").code == 0
    assert len(world.live()) == 2
    [kept] = (world.home / ".git/publer-sync").rglob("*.copy")
    os.utime(kept, (0, 0))
    kept.write_bytes(b"what was read long ago")
    os.utime(kept, (0, 0))
    git(world.home, "fetch", "-q", "origin")
    with unreachable(world):
        ran = world.run("hold", "calendar", "--reason", "Storm", "--yes")
        assert (ran.code, world.live()) == (6, []), ran


def part(world: World) -> str:
    [file] = [
        line
        for line in git(world.home / "remote.git", "ls-tree", "-r", "--name-only", REF).splitlines()
        if line.endswith("/calendar.json")
    ]
    return file


@pytest.mark.parametrize(
    "words",
    [
        ("forget", "later"),
        ("forget", "--all"),
        ("state", "mv", "other"),
        ("state", "mv", "--to", "git:elsewhere"),
        ("state", "mv", "--account", f"{ACCOUNTS['x']}={ACCOUNTS['linkedin']}"),
    ],
    ids=lambda words: " ".join(words[:3]),
)
def test_whatever_changes_the_ledger_names_a_hold_that_waits_here(
    reached: World, words: tuple[str, ...]
) -> None:
    world = reached
    with unreachable(world):
        assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 6
    ran = world.run(*words, "--calendar", "calendar", "--yes")
    assert (ran.code, "a hold waits on this machine" in ran.stderr) == (1, True), ran
    assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 0
    assert world.run("release", "calendar", "--yes").code == 0
    assert len(world.live()) == 2


def test_pull_takes_nothing_out_of_the_files_that_a_waiting_hold_took_out_of_publer(reached: World) -> None:
    world = reached
    with unreachable(world):
        assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 6
    before = (world.top / "posts.yaml").read_bytes()
    ran = world.run("pull", "calendar", "--removed", "--yes")
    assert (ran.code, (world.top / "posts.yaml").read_bytes()) == (0, before), ran


@pytest.mark.parametrize(
    "words", [("doctor",), ("state", "mv", "other", "--yes"), ("forget", "--all", "--yes")]
)
@pytest.mark.parametrize("how", ["deleted", "set back"])
def test_nothing_is_written_over_a_branch_that_lost_what_it_had(
    reached: World, words: tuple[str, ...], how: str
) -> None:
    """The ref beside it is the last copy of that."""
    world = reached
    remote = world.home / "remote.git"
    world.write(POST)
    assert world.apply("--allow-deletes", "1").code == 0
    copy = git(remote, "rev-parse", COPY)
    if how == "deleted":
        git(remote, "update-ref", "-d", REF)
    else:
        git(remote, "update-ref", REF, git(remote, "rev-parse", f"{REF}~1").strip())
    ran = world.run(*words, *(["calendar"] if words == ("doctor",) else ["--calendar", "calendar"]))
    assert ran.code == 1, ran
    assert how in " ".join((ran.stdout + ran.stderr).split())
    assert git(remote, "rev-parse", COPY) == copy


def _takes_no_push(world: World) -> Path:
    hook = world.home / "remote.git/hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not today\nexit 1\n")
    hook.chmod(0o755)
    return hook


@pytest.mark.parametrize("first", [["--yes"], ["--yes", "--account", "x"]])
def test_in_a_job_whose_machine_is_gone_afterwards_no_hold_is_in_force_where_the_branch_takes_no_push(
    reached: World, monkeypatch: pytest.MonkeyPatch, first: list[str]
) -> None:
    """The posts are out. What to do is said, and nothing that only this machine could do."""
    world, narrowed = reached, "--account" in first
    monkeypatch.setenv("CI", "true")
    hook = _takes_no_push(world)
    ran = world.run("hold", "calendar", "--reason", 'The "big" storm', *first)
    assert (ran.code, len(world.live())) == (1, 1 if narrowed else 0), ran
    told = " ".join((ran.stdout + ran.stderr).split())
    assert "no hold is in force, since this machine is gone after the job" in told
    assert "An apply will schedule new posts in its scope. Let this job push to the branch" in told
    for wrong in ("waits on this machine", "On hold since", "publer-sync release", "Apply does not put them"):
        assert wrong not in told
    [setting] = re.findall(r"Or write `hold: (.*)` into publer.yaml, and merge it", told)
    accounts = {"accounts": ["x"]} if narrowed else {}
    assert yaml.safe_load(setting) == {"reason": 'The "big" storm', **accounts}
    document = json.loads(
        world.run("hold", "calendar", "--reason", "Storm", *first, "--format", "json").stdout
    )
    assert document["error"]["code"] == "hold.none"
    hook.unlink()
    assert world.run("hold", "calendar", "--reason", "Storm", *first).code == 0


def test_that_no_hold_is_in_force_is_said_whatever_else_went_wrong(
    reached: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = reached
    monkeypatch.setenv("CI", "true")
    _takes_no_push(world)
    world.sandbox.faults.trip("error_before", "GET", "^/posts$", status=500, times=1000)
    ran = world.run("hold", "calendar", "--reason", "Storm", "--yes", "--timeout", "1")
    told = " ".join((ran.stdout + ran.stderr).split())
    assert (ran.code, world.live()) == (1, []), ran
    assert "no hold is in force" in told
    assert "On hold since" not in told


@pytest.mark.parametrize("ci", ["true", ""])
def test_that_posts_are_out_is_said_only_where_they_are(
    reached: World, monkeypatch: pytest.MonkeyPatch, ci: str
) -> None:
    """Publer says that it removed them, and goes on listing them."""
    world = reached
    monkeypatch.setenv("CI", ci)
    _takes_no_push(world)
    for trips in ([Trip("delete_nothing", method="DELETE", times=1000)], []):
        world.sandbox.faults.trips = trips
        ran = world.run("hold", "calendar", "--reason", "Storm", "--yes", "--timeout", "1")
        told = " ".join((ran.stdout + ran.stderr).split())
        assert ("posts are out" in told, len(world.live())) == (not trips, 2 if trips else 0), ran


def test_hold_takes_posts_out_though_it_may_not_write_the_ledger(reached: World) -> None:
    """As with a key that only reads, or where the host takes no pushes for a while."""
    world = reached
    hook = _takes_no_push(world)
    ran = world.run("hold", "calendar", "--reason", "Storm", "--yes")
    assert (ran.code, world.live()) == (6, []), ran
    assert "the hold waits on this machine" in " ".join((ran.stdout + ran.stderr).split()), ran
    assert waiting(world)
    assert world.run("apply", "calendar", "--yes").code == 1
    hook.unlink()
    assert world.run("hold", "calendar", "--reason", "Storm", "--yes").code == 0
    assert (world.apply().code, world.live(), waiting(world)) == (0, [], [])
    assert world.run("release", "calendar", "--yes").code == 0
    assert len(world.live()) == 2
