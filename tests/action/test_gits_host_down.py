"""A hold while git's host is down: from a laptop, beside jobs that know nothing of it until the host is back."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tests.github.repository import SETTINGS, posts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run, Step
    from tests.conftest import Cli
    from tests.github.repository import Repo

MAIN: dict[str, Any] = {"repository": {"full_name": "o/r", "default_branch": "main"}}


@pytest.fixture
def job(running: Callable[[Path], Run], repo: Repo, tmp_path: Path) -> Callable[..., Step]:
    """A run of the action in a new clone, with the key of the state, which the laptop does not have."""

    def run(command: str) -> Step:
        clone = tmp_path / f"job-{len(list(tmp_path.glob('job-*')))}"
        repo.git("clone", "-q", str(repo.remote), str(clone))
        return running(clone)(command, event=MAIN, state_of_its_own=True, state_key="k" * 40)

    return run


@pytest.mark.slow
def test_a_hold_from_a_laptop_that_only_pulls_is_in_force_once_the_host_is_back_and_knows_of_it(
    job: Callable[..., Step], repo: Repo, sandbox: Sandbox, cli: Cli
) -> None:
    """As docs/howto/crisis.md walks through it."""

    def scheduled() -> int:
        sandbox.settle()
        return sum(post["state"] == "scheduled" for post in sandbox.posts())

    settings = {"calendar/publer.yaml": SETTINGS + "state: git:publer-sync-state\n"}
    repo.commit({**settings, "calendar/may.yaml": posts("One", "Two")})
    assert job("apply").code == 0
    assert scheduled() == 2
    repo.git("fetch", "-q", "origin")
    down = repo.remote.rename(repo.remote.with_suffix(".down"))
    held = cli("hold", "--reason", "Accident", "--yes", cwd=repo.work)
    assert (held.code, scheduled()) == (6, 0), held
    page = (ROOT / "docs/howto/crisis.md").read_text(encoding="utf-8")
    shown = page.partition("$ publer-sync hold --reason Accident --yes\n")[2].partition("```")[0]
    assert timeless(held.stdout) == timeless(shown)
    assert "hold.waiting" in cli("apply", "--yes", "--format", "json", cwd=repo.work).stdout
    down.rename(repo.remote)
    unaware = job("apply")
    assert (unaware.outputs["exit-code"], unaware.outputs["recreate"], scheduled()) == ("6", "2", 0), (
        unaware.log
    )
    command = held.stdout.replace("\n", " ").partition("push the hold: publer-sync ")[2].partition(". ")[0]
    again = cli(*shlex.split(command), "--yes", cwd=repo.work)
    assert (again.code, scheduled()) == (0, 0), again
    assert [*(repo.work / ".git/publer-sync").rglob("*.hold-*")] == [], "nothing waits any more"
    on_hold = job("apply")
    assert (on_hold.code, scheduled()) == (0, 0), on_hold.log
    released = job("release")
    assert (released.code, scheduled()) == (0, 2), released.log


def timeless(output: str) -> str:
    """As one line, without the moments in it."""
    return re.sub(r"[A-Z][a-z]{2} \d+ [A-Z][a-z]{2} \d\d:\d\d", "WHEN", " ".join(output.split()))
