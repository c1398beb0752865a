"""The ledger on a branch whose remote refuses a push, vanishes, or does not get to answer."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from publer_sync.ledger import git_remote
from publer_sync.ledger.git_command import GitResult
from publer_sync.values.errors import StateError
from tests.ledger.builders import a_state
from tests.ledger.git_world import BRANCH, World, contents, git

pytestmark = pytest.mark.slow


def test_a_push_that_arrived_though_its_answer_was_lost_counts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = world.store()
    store.read()
    push = git_remote.Repository.push

    def cut_off(self: git_remote.Repository, commit: str, **more: str | None) -> GitResult:
        push(self, commit, **more)
        return GitResult(128, b"", "fatal: the remote end hung up unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(git_remote.Repository, "push", cut_off)
        store.write(a_state("one"))
    store.write(a_state("two"))
    assert git(world.remote, "rev-list", "--count", BRANCH) == "2"
    assert world.store().read() == a_state("two")


def test_a_refusal_shows_what_the_remote_said(world: World) -> None:
    world.hook("pre-receive", r"printf 'only \033[31mrobots\007 may push\n' >&2; exit 1")
    store = world.store()
    store.read()
    with pytest.raises(StateError, match="git could not push the state: ") as caught:
        store.write(a_state())
    error = caught.value
    assert "[remote rejected] (pre-receive hook declined)" in error.message
    assert re.search("only .*robots.* may push", error.message)
    assert error.message.isprintable()
    assert error.code == "state.git"
    assert "protection rules" in (error.hint or "")
    assert world.store().read() is None


def test_a_long_refusal_is_cut(world: World) -> None:
    world.hook("pre-receive", "yes 'a very long story' | head -n 2000 >&2; exit 1")
    with pytest.raises(StateError) as caught:
        world.store().write(a_state())
    assert len(caught.value.message) < 500


def test_refusals_at_unlucky_moments_are_tried_again(world: World) -> None:
    """Servers refuse a push while another one holds the branch's lock."""
    count = world.root / "count"
    world.hook("pre-receive", f"echo >>{count}; [ $(wc -l <{count}) -gt 3 ]")
    world.store().write(a_state())
    assert world.store().read() == a_state()


def test_after_a_refusal_the_same_store_can_go_on(world: World) -> None:
    store = world.store()
    store.write(a_state("one"))
    world.hook("pre-receive", "exit 1")
    with pytest.raises(StateError, match="declined"):
        store.write(a_state("two"))
    (world.remote / "hooks" / "pre-receive").unlink()
    store.write(a_state("three"))
    assert world.store().read() == a_state("three")


def test_a_remote_that_vanished_before_the_push_is_an_error(world: World) -> None:
    store = world.store()
    store.read()
    world.remote.rename(world.root / "elsewhere")
    with pytest.raises(StateError, match="git could not push the state") as caught:
        store.write(a_state())
    assert "contents: write" in (caught.value.hint or "")


def test_a_run_killed_between_fetch_and_push_leaves_nothing_behind(world: World) -> None:
    world.store().write(a_state("one"))
    before = contents(world.clone), contents(world.remote)
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from publer_sync.ledger import git_remote\n"
        "from publer_sync.machine.clock import Clock\n"
        "from publer_sync.ledger.store import open_store\n"
        "git_remote.Repository.push = lambda self, *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"store = open_store('git:{BRANCH}', top=Path.cwd(), service='https://app.publer.com/api/v1', workspace_id='ws1', calendar='calendar', clock=Clock())\n"
        "state = store.read()\n"
        "state.excused.add('two')\n"
        "store.write(state)\n"
    )
    home = Path(git_remote.__file__).parents[2]
    env = {**os.environ, "PYTHONPATH": str(home), "TMPDIR": str(world.root / "tmp")}
    done = subprocess.run([sys.executable, "-c", script], cwd=world.clone, env=env, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (contents(world.clone), contents(world.remote)) == before
    world.apply("three")
    assert world.store().read() == a_state("three")
