"""Histories from seeds, in worlds of `tests.simulate`: thousands in every run, and each that ever failed.

PUBLER_SYNC_HISTORIES says how many, PUBLER_SYNC_SEED the first seed: so fresh ones are tried.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.simulate.__main__ import seeds_in
from tests.simulate.generation import history_of
from tests.simulate.history import run
from tests.simulate.shrink import shrunk
from tests.simulate.story import story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HISTORIES = int(os.environ.get("PUBLER_SYNC_HISTORIES", "4000"))
FIRST = int(os.environ.get("PUBLER_SYNC_SEED", "1"))
"""The same in each run: about 2 of 1,000 histories end in a way that only a person can judge."""
SHARES = 4
MOST_TOLD = 3
"""Stories of failures that one test prints."""


KNOWN = [(seed, plain) for plain in (False, True) for seed in sorted(seeds_in("seeds.txt", plain=plain))]


def stories(seeds: Iterable[tuple[int, bool]]) -> list[str]:
    """Of the histories that end badly, each as short as it can be."""
    told = []
    for seed, plain in seeds:
        history = history_of(seed, plain=plain)
        ended = run(history)
        if ended.finding is not None:
            told.append(story(*shrunk(history, ended)))
        if len(told) == MOST_TOLD:
            break
    return told


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_histories_end_well(share: int, record_property: Callable[[str, object], None]) -> None:
    """In a process of its own, where no coverage is measured: that takes five times as long."""
    number = HISTORIES // SHARES
    words = ["--seeds", str(number), "--from", str(FIRST + share * number), "--keep-going", str(MOST_TOLD)]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.simulate", *words],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
        capture_output=True,
        text=True,
        check=False,
    )
    record_property("cases", number)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"


@pytest.mark.parametrize("share", range(2))
def test_histories_that_once_failed_end_well(share: int) -> None:
    assert not (told := stories(KNOWN[share::2])), "\n\n".join(told)


def test_the_same_seed_tells_the_same_story_in_any_process() -> None:
    """Also where Python orders sets of words in another way."""
    command = [sys.executable, "-m", "tests.simulate", "--seeds", "25", "--story", "--no-shrink", "--quiet"]
    told = [
        subprocess.run(
            [*command, "--keep-going", "99"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=False,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert told[0].count(b"Seed ") == 25
