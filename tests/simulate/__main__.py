"""`python -m tests.simulate`: histories from many seeds, and the story of each that fails."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.simulate.generation import history_of
from tests.simulate.history import run
from tests.simulate.kinds import KINDS
from tests.simulate.shrink import shrunk
from tests.simulate.story import story

if TYPE_CHECKING:
    from tests.simulate.history import History


@dataclass(frozen=True, slots=True)
class Listed:
    """A history of a list in this folder: a line has its seed, its kind, mixed where none is named, and Publer's tempers."""

    seed: int
    kind: str = "mixed"
    tempers: tuple[str, ...] = ()

    @property
    def history(self) -> History:
        return history_of(self.seed, kind=self.kind, tempers=self.tempers)


def listed_in(name: str) -> list[Listed]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return [Listed(int(seed), kind[0] if kind else "mixed", tuple(kind[1:])) for seed, *kind in words]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many histories (default 1000)")
    parser.add_argument("--from", type=int, default=1, dest="first", help="the first seed (default 1)")
    parser.add_argument(
        "--kind",
        choices=("mixed", "fresh", "plain", *KINDS),
        default="mixed",
        help="plain: each post has an id and words of its own, so that nothing is left to a person's judgement; the others but mixed "
        "are plain worlds with something more, and fresh draws one of those of a test run",
    )
    parser.add_argument("--plain", action="store_const", const="plain", dest="kind", help="--kind plain")
    parser.add_argument(
        "--story", action="store_true", help="print each story, also of histories that end well"
    )
    parser.add_argument(
        "--keep-going", type=int, default=5, metavar="N", help="stop after N failures (default 5)"
    )
    parser.add_argument("--no-shrink", action="store_true", help="print failures as they are")
    parser.add_argument("--code", help="print and shrink only failures with this code")
    parser.add_argument(
        "--count", action="store_true", help="print only how often each code was found, and in which seeds"
    )
    parser.add_argument(
        "--temper", action="append", metavar="NAME", help="of its Publer; `any` draws one for each history"
    )
    parser.add_argument("--judged", action="store_true", help="also those of judged.txt")
    parser.add_argument("--quiet", action="store_true", help="print no figures")
    given = parser.parse_args(words)
    started, failed, requests = time.perf_counter(), 0, 0
    found: dict[str, list[int]] = {}
    tried = Counter[str]()
    known = {each.seed for each in listed_in("judged.txt")}
    judged = set[int]() if given.judged or given.kind != "mixed" else known
    tempers = None if given.temper == ["any"] else tuple(given.temper or ())
    for seed in range(given.first, given.first + given.seeds):
        if seed in judged:
            continue
        history = history_of(seed, kind=given.kind, tempers=tempers)
        try:
            ended = run(history)
        except Exception as error:
            error.add_note(f"in the history of seed {seed}, kind {given.kind}")
            raise
        tried["histories"] += 1
        tried["commands"] += ended.applies
        requests += ended.requests
        if ended.finding is None:
            if given.story:
                _say(story(history, ended) + "\n")
            continue
        found.setdefault(ended.finding.code, []).append(seed)
        if given.count or (given.code and ended.finding.code != given.code):
            continue
        failed += 1
        short = (history, ended) if given.no_shrink else shrunk(history, ended)
        _say(story(*short) + "\n")
        if failed >= given.keep_going:
            break
    if given.quiet:
        return 1 if found else 0
    seconds = time.perf_counter() - started
    for code, seeds in sorted(found.items(), key=lambda each: -len(each[1])):
        _say(f"{code}: {len(seeds)} ({', '.join(map(str, seeds[:12]))}{', …' if len(seeds) > 12 else ''})")
    _say(
        f"{tried['histories']} histories, {tried['commands']} commands, {requests} requests and writes in "
        f"{seconds:.1f} s: {tried['histories'] / seconds:.1f} histories a second; {sum(map(len, found.values()))} failed"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
