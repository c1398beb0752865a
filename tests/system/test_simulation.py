"""Histories from seeds, in worlds of `tests.simulate`: thousands that nobody has tried, and each that ever failed.

The fresh seeds follow from the code: changed code meets other histories, the same code gives the same result. Where all were
played for the code as it is (`tests.simulate.fresh`), a sample is played again.
PUBLER_SYNC_SEED is the first one instead, PUBLER_SYNC_HISTORIES says how many.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.simulate import fresh
from tests.simulate.__main__ import Listed, listed_in, main
from tests.simulate.coverage import listed, met_by_some_of_each_kind, unmet
from tests.simulate.fresh import first_fresh_seed
from tests.simulate.history import run
from tests.simulate.kinds import FRESH, KINDS
from tests.simulate.mutations import MUTATIONS, Mutation
from tests.simulate.shrink import shrunk
from tests.simulate.story import story
from tests.sources import MODULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

PEACEFUL = 1
"""A history of moves, edits, an older state and a kill that ends well."""
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


@cache
def plays() -> dict[str, tuple[object, ...]]:
    share = fresh.share()
    return fresh.plays(
        int(os.environ.get("PUBLER_SYNC_HISTORIES", fresh.HISTORIES // share)),
        int(os.environ.get("PUBLER_SYNC_SEED", first_fresh_seed())),
        fresh.OF_A_KIND // share,
        fresh.MIXED // share,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", fresh.plays(0, 0, 0, 0))
def test_histories_end_well(name: str, record_property: Callable[[str, object], None]) -> None:
    words = plays()[name]
    record_property("cases", words[words.index("--seeds") + 1])
    code, told = played(*words)
    assert code == 0, told


def played(*words: object) -> tuple[int, str]:
    """How it ended, and what it told. A sample is played in this process: another one starts longer than it plays."""
    if fresh.share() == 1:
        ran = fresh.play(*words)
        return ran.returncode, f"{ran.stdout}\n{ran.stderr}"
    with redirect_stdout(io.StringIO()) as printed:
        code = main([*map(str, words), "--keep-going", str(MOST_TOLD)])
    return code, printed.getvalue()


def _with_another(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    module = MODULES[name]
    monkeypatch.setitem(MODULES, name, replace(module, text=f"{module.text}\nx = 1\n"))


@pytest.mark.slow
def test_fresh_seeds_are_other_ones_for_other_code(monkeypatch: pytest.MonkeyPatch) -> None:
    before = first_fresh_seed()
    assert first_fresh_seed() == before
    _with_another(monkeypatch, "studio.serving")  # no history runs it
    assert first_fresh_seed() == before
    _with_another(monkeypatch, "ledger.state")
    assert abs(first_fresh_seed() - before) >= fresh.HISTORIES


@pytest.mark.slow
def test_all_histories_are_played_again_where_the_code_changed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fresh, "PLAYED", tmp_path / "played.txt")
    fresh.note(fresh.digest(), {"plan", "hold --yes"})
    assert (fresh.share(), fresh.noted_as_met()) == (fresh.SAMPLE, {"plan", "hold --yes"})
    _with_another(monkeypatch, "planning.blocks")
    assert (fresh.share(), fresh.noted_as_met()) == (1, None)


def test_every_night_has_all_kinds() -> None:
    text = (ROOT / ".github/workflows/nightly.yml").read_text(encoding="utf-8")
    assert f"for kind in {' '.join(sorted(KINDS.keys() - FRESH.keys()))}; do" in text


@pytest.mark.slow
def test_a_history_runs_nothing_but_what_its_seed_follows_from() -> None:
    """Also what is imported late, in a way that the syntax does not show."""
    code = (
        "import sys; from tests.simulate.__main__ import main; main(['--seeds', '30', '--quiet', '--keep-going', '99']);"
        "print(*(name for name in sys.modules if name.startswith('publer_sync.')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {
        name.removeprefix("publer_sync.") for name in ran.stdout.splitlines()[-1].split()
    } & MODULES.keys()
    rooms = {name for name in loaded if any(each.startswith(f"{name}.") for each in loaded)}
    assert loaded
    assert sorted(loaded - rooms - fresh.modules().keys()) == []


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


@pytest.mark.slow
def test_the_docs_list_what_no_history_meets_and_nothing_that_one_does() -> None:
    missed = unmet(fresh.noted_as_met() or met_by_some_of_each_kind())
    assert sorted(missed - listed()) == [], "no history meets these: list them, or let one meet them"
    assert sorted(listed() - missed) == [], "these are met, or there is no such thing: take them off the list"
