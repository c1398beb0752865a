"""Histories from seeds, in worlds of `tests.simulate`: fresh ones in every run, and each that ever failed.

PUBLER_SYNC_HISTORIES says how many fresh ones, PUBLER_SYNC_SEED the first seed, otherwise the day chooses it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.simulate.generation import history_of
from tests.simulate.history import run
from tests.simulate.shrink import shrunk
from tests.simulate.story import story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SWITCHED_ON = False
"""Until the ledger has one entry for all copies of a post, some of these histories end badly."""
FRESH = int(os.environ.get("PUBLER_SYNC_HISTORIES", "4000"))
FIRST = int(os.environ.get("PUBLER_SYNC_SEED", f"{datetime.now(UTC):%y%m%d}0000"))
SHARES = 8
MOST_TOLD = 3
"""Stories of failures that one test prints."""
KNOWN = [
    int(line.split()[0])
    for line in (ROOT / "tests" / "simulate" / "seeds.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
needs_the_new_ledger = pytest.mark.skipif(not SWITCHED_ON, reason="the ledger does not know copies yet")


def stories(seeds: Iterable[int]) -> list[str]:
    """Of the histories that end badly, each as short as it can be."""
    told = []
    for seed in seeds:
        history = history_of(seed)
        ended = run(history)
        if ended.finding is not None:
            told.append(story(*shrunk(history, ended)))
        if len(told) == MOST_TOLD:
            break
    return told


@needs_the_new_ledger
@pytest.mark.parametrize("share", range(SHARES))
def test_fresh_histories_end_well(share: int, record_property: Callable[[str, object], None]) -> None:
    seeds = range(FIRST + share, FIRST + FRESH, SHARES)
    record_property("cases", len(seeds))
    assert not (told := stories(seeds)), "\n\n".join(told)


@needs_the_new_ledger
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
