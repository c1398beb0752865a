"""Rules taken out one at a time, to see that histories find it: `python -m tests.simulate.mutations`.

A mutation is found by the first seed whose history ends badly with it, and well without it.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest import mock

from publer_sync.applying import applier
from publer_sync.applying import run as applying_run
from publer_sync.ledger import attribution
from publer_sync.planning import planner
from tests.simulate.generation import history_of
from tests.simulate.history import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager


@dataclass(frozen=True, slots=True)
class Mutation:
    """`rule` is what is taken out, in words; `without` takes it out while its block lasts."""

    name: str
    rule: str
    without: Callable[[], AbstractContextManager[Any]]


def instead(target: Any, name: str, value: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Another value in the place of a function, a method or a constant."""
    return lambda: mock.patch.object(target, name, value)


@contextmanager
def _intents_unsaved() -> Iterator[None]:
    def note(running: applying_run.Run) -> None:
        running.noted = True

    with mock.patch.object(applying_run.Run, "note", note):
        yield


MUTATIONS = (
    Mutation("intents", "an intent is saved before its request leaves", _intents_unsaved),
    Mutation(
        "settling",
        "what was sent is settled by the clock, not by the first listing",
        instead(attribution, "SETTLING_POLLS", 0),
    ),
    Mutation(
        "overtaken",
        "the new post of a replace goes where the old one was published meanwhile",
        instead(planner, "_overtaken", lambda *_: False),
    ),
    Mutation(
        "freeze",
        "freeze is judged again before each write",
        instead(applying_run.Run, "freeze_of", lambda *_: None),
    ),
    Mutation(
        "tidy", "a claim lives on until its slot has passed", instead(applier, "tidy", lambda *_, **__: None)
    ),
)


@dataclass(frozen=True, slots=True)
class Found:
    """The seed that found it, how it ended, and how many seeds were tried until then."""

    seed: int
    code: str
    tried: int


def found(mutation: Mutation, *, first: int, most: int) -> Found | None:
    for tried, seed in enumerate(range(first, first + most), 1):
        history = history_of(seed)
        with mutation.without():
            ended = run(history)
        if ended.finding is not None and run(history).finding is None:
            return Found(seed, ended.finding.code, tried)
    return None


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulate.mutations", description=__doc__)
    parser.add_argument("names", nargs="*", help="which ones; all where none is named")
    parser.add_argument("--from", type=int, default=1, dest="first", help="the first seed")
    parser.add_argument("--most", type=int, default=4000, help="how many seeds to try for each")
    given = parser.parse_args(words)
    missed = 0
    for mutation in MUTATIONS:
        if given.names and mutation.name not in given.names:
            continue
        started = time.perf_counter()
        told = found(mutation, first=given.first, most=given.most)
        how = f"seed {told.seed} ({told.code}), after {told.tried}" if told else "not found"
        missed += told is None
        seconds = time.perf_counter() - started
        sys.stdout.write(f"{mutation.name:<12} {how:<40} {seconds:5.0f} s  {mutation.rule}\n")
        sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
