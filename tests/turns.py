"""Slow tests take turns: a run of all tests has those of the rooms that the last commit changed, and a quarter of the others.

The commit draws which, as it draws the clock, so that the same commit gives the same result. `pytest tests` runs all of
them, and so does a run without git, of a first commit, or with PUBLER_SYNC_EVERY=1, as by night.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import shifted_clock

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parent.parent  # conftest, which has it as well, is pytest's to read first
NAME = "TESTS_TURN"
"""The variable with what a run draws by, and the rooms whose slow tests all run. Workers have it from the run that starts them."""
ONE_IN = 4
ALWAYS = ("tests/system/test_simulation.py",)
"""They have a way of their own to play less where nothing changed."""


def begin(config: pytest.Config, *, every: bool) -> None:
    """Decide it once for a run and its workers."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    os.environ.pop(NAME, None)  # of a run whose test started this one
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if not whole or every or config.option.markexpr or config.option.keyword:
        return
    commit, paths = _git("rev-parse", "HEAD"), _git("diff", "--name-only", "HEAD^")
    if commit is None or paths is None:
        return
    new = _git("ls-files", "--others", "--exclude-standard") or ()
    rooms = rooms_of([*paths, *new])
    if rooms is not None:
        os.environ[NAME] = " ".join([*commit, os.environ.get(shifted_clock.NAME, "-"), *sorted(rooms)])


def _git(*words: str) -> list[str] | None:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.splitlines() if done.returncode == 0 else None


def rooms_of(paths: Iterable[str]) -> frozenset[str] | None:
    """The rooms that these files are of; None where one may change what all do. Pages and tables change no slow test of a room."""
    rooms = set()
    for path in paths:
        top, *folders = path.split("/")[:-1] or [""]
        if top in ("publer_sync", "tests") and folders:
            rooms.add(folders[0])
        elif not path.endswith(".md") and top != "docs" and not (top == "tests" and path.endswith(".txt")):
            return None
    return frozenset(rooms)


def is_ours(node: str, turn: str) -> bool:
    """Whether a slow test, as in `tests/room/test_file.py::test_name[case]`, runs."""
    commit, clock, *rooms = turn.split(" ")
    name = node.partition("[")[0]
    file = name.partition("::")[0]
    _, *folders = file.split("/")[:-1]
    if not folders or folders[0] in rooms or file in ALWAYS:
        return True
    return hashlib.sha256(f"{commit} {clock} {name}".encode()).digest()[0] % ONE_IN == 0


def take(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out those whose turn it is not."""
    turn = os.environ.get(NAME)
    if not turn:
        return
    out = [item for item in items if item.get_closest_marker("slow") and not is_ours(item.nodeid, turn)]
    config.hook.pytest_deselected(items=out)
    left = set(map(id, out))
    items[:] = [item for item in items if id(item) not in left]


def header() -> list[str]:
    """A line for the head of a report."""
    turn = os.environ.get(NAME)
    if not turn:
        return []
    rooms = turn.split(" ")[2:]
    those = f"those of {', '.join(rooms)}, and a quarter of the others" if rooms else "a quarter of them"
    return [f"Slow tests: {those}, as the commit draws; `pytest tests` runs all"]
