"""A state whose signature is not right, from the command line: refused, and accepted once by --trust-state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.state import dumps, loads
from tests.conftest import PATIENCE, ROOT, Ran, run_here
from tests.ledger.git_world import git
from tests.system.worlds import ACCOUNTS, HOUR, T, Want, World

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.story

KEY, NEW = "0123456789abcdef0123456789abcdef", "a-new-key-of-thirty-two-characters"
POSTS = (Want("one", "x", T, "One"), Want("two", "x", T + HOUR, "Two"))


def run(world: World, *words: str | Path, key: str = KEY) -> Ran:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PUBLER")}
    ran = run_here(words, {**kept, **world.environment, "PUBLER_SYNC_STATE_KEY": key})
    assert not any(part in ran.stdout + ran.stderr for part in key.split(",") if len(part) > 8)
    return ran


@pytest.fixture
def unsigned(empty_world: World) -> World:
    empty_world.apply_first(*POSTS)
    return empty_world


def test_a_key_that_is_new_makes_no_state_trusted(unsigned: World) -> None:
    world, before = unsigned, unsigned.ledger.read_bytes()
    for command in ("plan", "status", "apply"):
        ran = run(world, command, world.top, *(["--yes"] if command == "apply" else []))
        assert (ran.code, "is not signed, and PUBLER_SYNC_STATE_KEY is set" in ran.stderr) == (1, True), ran
    ran = run(world, "forget", "one", "--yes", "--calendar", world.top)
    assert ran.code == 1
    assert world.ledger.read_bytes() == before
    assert not world.writes()


def test_trust_state_shows_what_publer_has_of_it_and_signs_it(unsigned: World) -> None:
    world = unsigned
    ran = run(world, "apply", world.top, "--yes", "--trust-state", "--format", "json")
    assert ran.code == 0, ran
    assert json.loads(ran.stdout)["summary"]["unchanged"] == 2
    assert "It would manage 2 posts in Publer, which apply may then edit or remove:" in ran.stderr
    assert '"One"' in ran.stderr
    again = run(world, "apply", world.top, "--yes", "--trust-state")
    assert (again.code, "would manage" in again.stderr) == (0, False)
    assert run(world, "plan", world.top).code == 0


def test_an_account_that_left_the_settings_has_its_name(unsigned: World) -> None:
    world = unsigned
    world.settings(accounts={"facebook": ACCOUNTS["facebook"]})
    world.write()
    shown = run(world, "apply", world.top, "--yes", "--trust-state").stderr
    assert 'My X Account  "One"' in shown
    assert ACCOUNTS["x"] not in shown


def test_keys_are_replaced_by_naming_the_old_one_after_the_new(unsigned: World) -> None:
    world = unsigned
    assert run(world, "apply", world.top, "--yes", "--trust-state").code == 0
    assert run(world, "plan", world.top, key=NEW).code == 1
    assert run(world, "apply", world.top, "--yes", key=f"{NEW},{KEY}").code == 0
    assert run(world, "plan", world.top, key=NEW).code == 0
    ran = run(world, "plan", world.top, key="")
    assert (ran.code, "is signed, and PUBLER_SYNC_STATE_KEY is not set" in ran.stderr) == (1, True)
    assert run(world, "apply", world.top, "--yes", "--trust-state", key="").code == 0
    assert "signature" not in world.ledger.read_text("utf-8")


def test_a_colleagues_post_that_someone_wrote_into_the_state_stays(unsigned: World) -> None:
    """Without the signature it would count as managed, and be removed since the calendar does not want it."""
    world = unsigned
    assert run(world, "apply", world.top, "--yes", "--trust-state").code == 0
    theirs = world.stranger("x", T + 2 * HOUR, "A colleague's post")
    state = loads(world.ledger.read_bytes(), "the ledger")
    forged = next(iter(state.clone().copies.values()))
    state.put(replace(forged, key=99, id="extra", post_id=theirs, slot=T + 2 * HOUR))
    world.ledger.write_text(dumps(state), "utf-8")
    ran = run(world, "apply", world.top, "--yes")
    assert ran.code == 1
    assert theirs in world.by_id()
    shown = run(world, "apply", world.top, "--yes", "--trust-state", "--allow-deletes", "0")
    assert "A colleague's post" in shown.stderr


def test_trust_state_asks_on_a_terminal_and_is_64_where_nobody_can_be_asked(unsigned: World) -> None:
    pty = pytest.importorskip("pty", reason="Windows has no pseudoterminals")
    world = unsigned
    assert run(world, "apply", world.top, "--trust-state").code == 64
    for answer, code in ((b"no\n", 1), (b"yes\n", 0)):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "publer_sync", "apply", world.top, "--trust-state"],
            env={**os.environ, **world.environment, "PUBLER_SYNC_STATE_KEY": KEY, "PYTHONPATH": str(ROOT)},
            stdin=theirs,
            stdout=subprocess.DEVNULL,
            stderr=theirs,
        )
        os.close(theirs)
        told = b""
        while b"Type yes" not in told:
            told += os.read(ours, 1000)
        os.write(ours, answer)
        assert process.wait(PATIENCE) == code
        os.close(ours)
        assert b"Trust this state?" in told
        assert ("signature" in world.ledger.read_text("utf-8")) is (code == 0)


def test_doctor_tells_of_the_signature_and_of_a_short_key(unsigned: World) -> None:
    world = unsigned

    def state(key: str) -> dict[str, str]:
        ran = run(world, "doctor", world.top, "--format", "json", key=key)
        [found] = [one for one in json.loads(ran.stdout)["checks"] if one["name"] == "state"]
        return dict(found)

    assert "not signed" in state("")["message"]
    assert state(KEY)["status"] == "failure"
    assert run(world, "apply", world.top, "--yes", "--trust-state", key="short,").code == 0
    found = state("short")
    assert (found["status"], "; signed; " in found["message"]) == ("warning", True)
    assert "openssl rand -hex 32" in str(found)


def test_several_calendars_are_each_trusted(empty_world: World) -> None:
    world, tops = empty_world, []
    for number in range(2):
        world.settings(name=f"calendar {number}")
        world.write(Want("p", "x", T + number * HOUR, f"Post {number}"))
        tops.append(world.top.rename(world.home / f"c{number}"))
        assert world.run("apply", tops[-1], "--yes").code == 0
    world.settings()
    env = {**world.environment, "PUBLER_SYNC_STATE_KEY": KEY, "PATH": os.environ["PATH"]}
    assert run_here(["apply", *tops, "--yes"], env).code == 1
    ran = run_here(["apply", *tops, "--yes", "--trust-state"], env)
    assert (ran.code, ran.stderr.count("would manage 1 post")) == (0, 2), ran
    assert run_here(["plan", *tops], env).code == 0


def in_git(world: World) -> None:
    git(world.home, "init", "-q", "--template=", "-b", "main")
    git(world.home, "init", "-q", "--bare", "--template=", "remote.git")
    git(world.home, "remote", "add", "origin", str(world.home / "remote.git"))
    world.settings(state="git:publer-sync-state")


@pytest.mark.slow
@pytest.mark.parametrize("place", ["disk", "branch"])
@pytest.mark.parametrize("key", ["", NEW])
def test_who_does_not_have_the_key_can_hold_and_who_has_it_releases(
    empty_world: World, place: str, key: str
) -> None:
    world = empty_world
    if place == "branch":
        in_git(world)
    world.write(*POSTS)
    assert run(world, "apply", world.top, "--yes").code == 0
    world.sandbox.settle()
    ran = run(world, "hold", world.top, "--reason", "Storm", "--yes", key=key)
    assert (ran.code, world.live()) == (0, []), ran
    assert "ending it needs the key" in ran.stderr
    assert run(world, "release", world.top, "--yes", key=key).code == 1
    assert run(world, "apply", world.top, "--yes", key=key).code == 1
    ran = run(world, "apply", world.top, "--yes")
    assert (ran.code, world.live()) == (0, []), ran
    assert run(world, "release", world.top, "--yes").code == 0
    assert len(world.live()) == 2


@pytest.mark.slow
@pytest.mark.parametrize("place", ["disk", "branch"])
@pytest.mark.parametrize("renamed", ["before the hold", "after it"])
def test_a_hold_without_the_key_lasts_though_the_calendar_has_another_name(
    empty_world: World, place: str, renamed: str
) -> None:
    """Its part of the ledger has the old name until the next apply."""
    world, where = empty_world, {"state": "git:publer-sync-state"} if place == "branch" else {}
    in_git(world)
    world.settings(**where)
    world.write(*POSTS)
    assert run(world, "apply", world.top, "--yes").code == 0
    world.sandbox.settle()
    if renamed == "before the hold":
        world.settings(**where, name="acme")
    ran = run(world, "hold", world.top, "--reason", "Storm", "--yes", key="")
    assert (ran.code, world.live()) == (0, []), ran
    world.settings(**where, name="acme")
    for _ in range(2):
        ran = run(world, "apply", world.top, "--yes")
        assert (ran.code, world.live()) == (0, []), ran
    assert run(world, "release", world.top, "--yes").code == 0
    assert len(world.live()) == 2


@pytest.mark.slow
def test_a_hold_without_the_key_waits_here_where_the_branch_takes_no_push(empty_world: World) -> None:
    """As for one who may read the ledger, and neither sign nor push it."""
    world = empty_world
    in_git(world)
    world.write(*POSTS)
    assert run(world, "apply", world.top, "--yes").code == 0
    world.sandbox.settle()
    hook = world.home / "remote.git/hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    ran = run(world, "hold", world.top, "--reason", "Storm", "--yes", key="")
    assert (ran.code, world.live()) == (6, []), ran
    assert "the hold waits on this machine" in " ".join((ran.stdout + ran.stderr).split())
    hook.unlink()
    assert run(world, "hold", world.top, "--reason", "Storm", "--yes", key="").code == 0
    assert (run(world, "apply", world.top, "--yes").code, world.live()) == (0, [])
    assert run(world, "release", world.top, "--yes").code == 0
    assert len(world.live()) == 2


@pytest.mark.slow
@pytest.mark.parametrize("place", ["disk", "branch"])
def test_trust_state_signs_what_has_the_calendars_old_name(empty_world: World, place: str) -> None:
    world, where = empty_world, {"state": "git:publer-sync-state"} if place == "branch" else {}
    in_git(world)
    world.settings(**where)
    world.apply_first(*POSTS)
    world.settings(**where, name="acme")
    assert run(world, "apply", world.top, "--yes").code == 1
    ran = run(world, "apply", world.top, "--yes", "--trust-state")
    assert ran.code == 0, ran
    assert run(world, "apply", world.top, "--yes").code == 0
    assert len(world.live()) == 2
