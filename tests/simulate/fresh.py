"""The seeds that nobody has tried: they follow from the code, so that changed code meets other histories.

    python -m tests.simulate.fresh     plays all histories of a test run on all cores, and notes the code for which they end well

A history of the same seed and code ends the same on any machine. So a test run plays a sample of them where `played.txt` has the
code as it is, and all where anything changed that a history runs.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.conftest import ROOT
from tests.simulate.coverage import met_by_some_of_each_kind
from tests.simulate.kinds import FRESH, KINDS
from tests.sources import MODULES, Module

HISTORIES = 4000
OF_A_KIND = 60
"""Histories of each kind that is not among the fresh ones, always the same; others are run every night."""
MIXED = 500
"""Histories with posts that have no id or are alike, from the first seed on. A few of 1,000 end in a way that only a person
can judge, so that these are not fresh, and `judged.txt` lists them."""
SAMPLE = 40
"""Of so many histories one is played again where all were played with this code."""
PLAYED = Path(__file__).parent / "played.txt"


def modules() -> dict[str, str]:
    """What a history runs, by name: the simulation, and the modules of the package that it imports, at once or late, with the schemas."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "schema").glob("*.json"))}
    left: list[str] = []
    for path in sorted(Path(__file__).parent.glob("*.py")):
        module = Module(f"tests.simulate.{path.stem}", path.read_text(encoding="utf-8"), path)
        texts[module.name] = module.text
        left += module.neighbours(types=False)
    while left:
        if (name := left.pop()) not in texts:
            texts[name] = MODULES[name].text
            left += MODULES[name].neighbours(types=False)
    return texts


def digest() -> str:
    """Of the code that a history runs."""
    told = hashlib.sha256()
    for name, text in sorted(modules().items()):
        told.update(f"{name}\n{text}".encode())
    return told.hexdigest()


def first_fresh_seed() -> int:
    """The first seed for this very code, on any machine: the same code, the same result."""
    return int(digest()[:8], 16) * 10_000


def share() -> int:
    """1 where all histories have to be played; else a sample of them is enough, and this is what to divide by."""
    return 1 if noted_as_met() is None else SAMPLE


def noted_as_met() -> set[str] | None:
    """What some histories of each kind meet; None where they were not played with this code."""
    code, *found = PLAYED.read_text(encoding="utf-8").splitlines()
    return {*found} if code == digest() else None


def note(code: str, found: set[str]) -> None:
    PLAYED.write_text("\n".join((code, *sorted(found), "")), encoding="utf-8")


def plays(histories: int, first: int, of_a_kind: int, mixed: int) -> dict[str, tuple[object, ...]]:
    """What `python -m tests.simulate` is told, by what it plays."""
    each = histories // 4
    fresh = {f"fresh {n}": ("--kind", "fresh", "--seeds", each, "--from", first + n * each) for n in range(4)}
    kinds = {
        kind: ("--kind", kind, "--seeds", of_a_kind, "--from", 5001)
        for kind in sorted(KINDS.keys() - FRESH.keys())
    }
    return {**fresh, **kinds, "mixed": ("--seeds", mixed)}


def play(*words: object) -> subprocess.CompletedProcess[str]:
    """In a process of its own, where no coverage is measured: that takes five times as long."""
    return subprocess.run(
        [sys.executable, "-m", "tests.simulate", *map(str, words), "--keep-going", "3"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
        capture_output=True,
        text=True,
        check=False,
    )


def main() -> int:
    code = digest()
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        found = workers.submit(met_by_some_of_each_kind)
        ended = list(
            workers.map(
                lambda words: play(*words), plays(HISTORIES, first_fresh_seed(), OF_A_KIND, MIXED).values()
            )
        )
    for each in ended:
        sys.stdout.write(each.stdout + each.stderr)
    if any(each.returncode for each in ended) or digest() != code:
        return 1
    note(code, found.result())
    return 0


if __name__ == "__main__":
    sys.exit(main())
