"""Histories from seeds, in worlds of `tests.simulate`: thousands that nobody has tried, and each that ever failed.

The fresh seeds follow from the code: changed code meets other histories, the same code gives the same result.
PUBLER_SYNC_SEED is the first one instead, PUBLER_SYNC_HISTORIES says how many.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from publer_sync.sandbox.tempers import TEMPERS
from tests.conftest import ROOT
from tests.simulate import fresh
from tests.simulate.__main__ import Listed, listed_in
from tests.simulate.coverage import everything, met
from tests.simulate.fresh import first_fresh_seed
from tests.simulate.generation import history_of
from tests.simulate.history import run
from tests.simulate.kinds import FRESH, KINDS
from tests.simulate.mutations import MUTATIONS, Mutation
from tests.simulate.shrink import shrunk
from tests.simulate.story import story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

HISTORIES = int(os.environ.get("PUBLER_SYNC_HISTORIES", "4000"))
SHARES = 4
MIXED = 500
"""Histories with posts that have no id or are alike, from the first seed on. A few of 1,000 end in a way that only a person
can judge, so that these are not fresh, and `judged.txt` lists them."""
OF_A_KIND = 60
"""Histories of each kind that is not among the fresh ones, always the same; others are run every night."""
PEACEFUL = 1
"""A history of moves, edits, an older state and a kill that ends well."""
RARE = {"handed_on", "lead"}
"""Codes that a few of 1,000 histories meet."""
MOST_LOOKED_AT = 50
"""Histories of each kind that are looked at until each code is met that can be."""
MOST_TOLD = 3
"""Stories of failures that one test prints."""


KNOWN = sorted(listed_in("seeds.txt"), key=lambda each: (each.kind, each.seed))


def stories(known: Iterable[Listed]) -> list[str]:
    """Of the histories that end badly, each as short as it can be."""
    told = []
    for each in known:
        history = each.history
        ended = run(history)
        if ended.finding is not None:
            told.append(story(*shrunk(history, ended)))
        if len(told) == MOST_TOLD:
            break
    return told


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_fresh_histories_end_well(share: int, record_property: Callable[[str, object], None]) -> None:
    number = HISTORIES // SHARES
    first = int(os.environ.get("PUBLER_SYNC_SEED", first_fresh_seed()))
    record_property("cases", number)
    _end_well("--kind", "fresh", "--seeds", number, "--from", first + share * number)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - FRESH.keys()))
def test_histories_of_each_other_kind_end_well(
    kind: str, record_property: Callable[[str, object], None]
) -> None:
    record_property("cases", OF_A_KIND)
    _end_well("--kind", kind, "--seeds", OF_A_KIND, "--from", 5001)


@pytest.mark.slow
def test_mixed_histories_end_well(record_property: Callable[[str, object], None]) -> None:
    record_property("cases", MIXED)
    _end_well("--seeds", MIXED)


def _end_well(*words: object) -> None:
    """In a process of its own, where no coverage is measured: that takes five times as long."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.simulate", *map(str, words), "--keep-going", str(MOST_TOLD)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"


def test_fresh_seeds_are_other_ones_for_other_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in ("publer_sync/ledger", "tests/simulate"):
        (tmp_path / folder).mkdir(parents=True)
    rule = tmp_path / "publer_sync/ledger/state.py"
    rule.write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(fresh, "ROOT", tmp_path)
    before = first_fresh_seed()
    assert first_fresh_seed() == before
    rule.write_text("x = 2\n", encoding="utf-8")
    assert abs(first_fresh_seed() - before) >= HISTORIES


@pytest.mark.slow
@pytest.mark.parametrize("share", range(2))
def test_histories_that_once_failed_end_well(share: int) -> None:
    assert not (told := stories(KNOWN[share::2])), "\n\n".join(told)


@pytest.mark.slow
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name)
def test_each_rule_that_a_mutation_takes_out_is_still_where_it_says(mutation: Mutation) -> None:
    with mutation.applied():
        ended = run(mutation.history(PEACEFUL))
    assert ended.finding is None or ended.finding.code != "crash", ended.finding


@pytest.mark.slow
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


SECTION = "## What the simulation does not cover\n"


@pytest.mark.slow
def test_the_docs_list_what_no_history_meets_and_nothing_that_one_does() -> None:
    page = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    points = page.partition(SECTION)[2].partition("\nNor ")[0]
    listed = {*re.findall(r"`([^`]+)`", points)}
    found = met(history_of(5001, kind="plain", tempers=(name,)) for name in TEMPERS)
    for first in range(1, MOST_LOOKED_AT, 10):  # some codes are rare
        found |= met(
            history_of(seed, kind=kind) for kind in ("mixed", *KINDS) for seed in range(first, first + 10)
        )
        unmet = everything() - found - RARE
        if unmet <= listed:
            break
    assert sorted(unmet - listed) == [], "no history meets these: list them, or let one meet them"
    assert sorted(listed - unmet) == [], "these are met, or there is no such thing: take them off the list"
