"""Slow tests take turns in a run of all tests, and nothing is left out of any other run."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests import turns
from tests.conftest import ROOT
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = [f"tests/system/test_{number % 40}.py::test_{number}" for number in range(400)]


@each_of(
    ("paths", "rooms"),
    [
        (["publer_sync/holding/holder.py", "tests/planning/test_match.py"], {"holding", "planning"}),
        (["publer_sync/commands/holding/hold_one.py", "tests/simulate/played.txt"], {"commands", "simulate"}),
        (["README.md", "docs/hold.md", "docs/tour.webp", "tests/mutants.txt"], set()),
        (["publer_sync/holding/holder.py", "requirements-dev.txt"], None),
        (["tests/conftest.py"], None),
        (["publer_sync/__init__.py"], None),
        (["schema/post.json"], None),
        (["pyproject.toml"], None),
    ],
)
def test_slow_tests_of_what_a_commit_changed_all_run(paths: Sequence[str], rooms: set[str] | None) -> None:
    assert turns.rooms_of(paths) == rooms


def test_each_commit_draws_a_quarter_and_every_slow_test_has_its_turn() -> None:
    drawn = [{name for name in NAMES if turns.is_ours(name, f"{commit} -")} for commit in range(40)]
    assert all(70 < len(each) < 140 for each in drawn)
    assert set.union(*drawn) == {*NAMES}
    assert drawn[0] == {name for name in NAMES if turns.is_ours(f"{name}[a case]", "0 -")}, (
        "all cases or none"
    )
    assert drawn[0] != {name for name in NAMES if turns.is_ours(name, "0 sunday")}, "each clock draws anew"


def test_what_always_runs() -> None:
    for commit in range(12):
        assert turns.is_ours("tests/test_docs.py::test_commands", f"{commit} -"), (
            "in no room: they check the tree itself"
        )
        assert turns.is_ours("tests/system/test_simulation.py::test_x", f"{commit} -")
        assert turns.is_ours("tests/holding/test_holder.py::test_x", f"{commit} - holding ledger")


def listed(*words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n0", "-p", "no:cacheprovider", *words],
        cwd=ROOT,
        env={**os.environ, turns.NAME: "of another run"},
        capture_output=True,
        text=True,
        check=True,
    )
    return {line for line in done.stdout.splitlines() if "::" in line}


@pytest.mark.slow
def test_a_run_of_all_leaves_out_slow_tests_alone_and_any_other_nothing() -> None:
    whole, drawn, quick = listed("tests"), listed(), listed("-m", "not slow")
    assert quick < drawn <= whole
    assert {*listed("tests/studio")} == {name for name in whole if name.startswith("tests/studio/")}
