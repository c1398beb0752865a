"""Changes one line of a room at a time, and tells which changes its quick tests do not notice.

    python -m tests.mutants applying --seed 7 --count 30
    python -m tests.mutants --count 200                     # drawn from all rooms, as every night

What survives is a guard without a scene, or a change that nobody can notice. The second kind is listed in `mutants.txt`
beside this module, each with its reason.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

from tests.conftest import ROOT
from tests.forked import Asked, killers, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

PACKAGE = "publer_sync"
UNNOTICED = Path(__file__).with_suffix(".txt")
SECONDS = 180
"""Of the processor. A run of tests that takes more has noticed: it hangs, however busy the machine is."""
WAITING = 10 * SECONDS
"""Seconds after which one hangs that needs no processor."""
_OTHER_WAY: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
_IN_BRACKETS = (ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda, ast.NamedExpr)
_Node: TypeAlias = ast.expr | ast.stmt
_FOR_PEOPLE = frozenset({"progress", "waiting", "showing", "say", "warn"})
"""Calls that only tell whoever watches what happens."""


_LIMITED = """\
import os, resource, sys
seconds = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


class Fate(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    UNNOTICED = "unnoticed"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One place of a module with other words."""

    path: str
    """From the top of the repository."""
    line: int
    start: int
    end: int
    """Where the words are, in bytes of the file."""
    before: str
    after: str

    @property
    def room(self) -> str:
        return self.path.split("/")[1]

    @property
    def key(self) -> str:
        """Names it whatever the lines above it become."""
        return f"{self.path}: {' '.join(self.before.split())} -> {' '.join(self.after.split())}"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {' '.join(self.before.split())} -> {' '.join(self.after.split())}"

    def applied(self, source: bytes) -> bytes:
        return source[: self.start] + self.after.encode() + source[self.end :]

    def asked(self, scene: str = "") -> Asked:
        """For the forks: of one test alone, or of all that reach its lines."""
        source = self.applied((ROOT / self.path).read_bytes()).decode()
        return Asked(self.path, source, self.line, self.line + self.before.count("\n"), scene)


def mutants_of(path: str, source: bytes) -> list[Mutant]:
    """Every change that is drawn from, in the order of the file."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def span(node: _Node) -> tuple[int, int]:
        first, last = starts[node.lineno - 1], starts[(node.end_lineno or node.lineno) - 1]
        return first + node.col_offset, last + (node.end_col_offset or 0)

    def words(node: _Node) -> str:  # ast's own way reads the whole source again for each
        start, end = span(node)
        return source[start:end].decode()

    found = [
        Mutant(path, node.lineno, *span(node), words(node), after)
        for node, after in _changes(ast.parse(source), words)
    ]
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.after))


def _changes(tree: ast.Module, words: Callable[[_Node], str]) -> Iterator[tuple[_Node, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                if words(test) not in ("TYPE_CHECKING", "True"):
                    yield test, "False"
                    if not isinstance(node, ast.While):
                        yield test, "True"
            case ast.comprehension(ifs=[_, *_] as tests):
                for test in tests:
                    yield test, "True"
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                sides = [_bracketed(each, words(each)) for each in (left, right)]
                yield node, f" {_OTHER_WAY[type(operator)]} ".join(sides)
            case ast.BoolOp(op=operator, values=values):
                joint = " and " if isinstance(operator, ast.And) else " or "
                for left_out in values:
                    kept = [_bracketed(each, words(each)) for each in values if each is not left_out]
                    yield node, f"({joint.join(kept)})"
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield node, f"bool({words(operand)})"
            case ast.Expr(value=ast.Call(func=function)) if _name(function) not in _FOR_PEOPLE:
                yield node, "pass"
            case ast.Call(func=ast.Name(id="timedelta"), keywords=[ast.keyword(arg=str(unit), value=value)]):
                yield node, f"timedelta({unit}=60 * ({words(value)}))"


def _bracketed(node: ast.expr, words: str) -> str:
    return f"({words})" if isinstance(node, _IN_BRACKETS) else words


def _name(function: ast.expr) -> str:
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def modules_of(rooms: Sequence[str]) -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix() for room in rooms for path in (ROOT / PACKAGE / room).rglob("*.py")
    )


def rooms_with_tests() -> list[str]:
    here = (path for path in (ROOT / PACKAGE).iterdir() if path.is_dir())
    return sorted(path.name for path in here if [*(ROOT / "tests" / path.name).glob("test_*.py")])


def drawn(rooms: Sequence[str], *, seed: int, count: int) -> list[Mutant]:
    """The same for the same seed and code."""
    every = [mutant for path in modules_of(rooms) for mutant in mutants_of(path, (ROOT / path).read_bytes())]
    return random.Random(seed).sample(every, min(count, len(every)))


def unnoticed(lines: Iterable[str]) -> dict[str, str]:
    """Why nobody can notice a change, by its key."""
    found = {}
    for line in lines:
        key, _, why = line.strip().partition("  # ")
        if key and not key.startswith("#"):
            found[key] = why
    return found


@dataclass(frozen=True, slots=True)
class Copy:
    """Of the tree, in which one mutant after the other is judged."""

    top: Path

    def judge(self, mutant: Mutant) -> Fate:
        file = self.top / mutant.path
        whole = file.read_bytes()
        try:
            self._write(file, mutant.applied(whole))
            return Fate.KILLED if self.fails(mutant.room) else Fate.SURVIVED
        finally:
            self._write(file, whole)

    @staticmethod
    def _write(file: Path, source: bytes) -> None:
        file.write_bytes(source)
        for old in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
            old.unlink()  # written within a second, a file of the same size would count as the same

    def fails(self, room: str) -> bool:
        """Whether the quick tests of a room fail, or never end."""
        words = (
            "-m",
            "pytest",
            "-x",
            "-q",
            "-n0",
            "-m",
            "not slow",
            "-p",
            "no:cacheprovider",
            f"tests/{room}",
        )
        environment = {**os.environ, "PYTHONPATH": str(self.top)}
        try:
            done = subprocess.run(
                [sys.executable, "-c", _LIMITED, str(SECONDS), *words],
                cwd=self.top,
                env=environment,
                capture_output=True,
                check=False,
                timeout=WAITING,
            )
        except subprocess.TimeoutExpired:
            return True
        return done.returncode != 0


def judged(mutants: Sequence[Mutant], workers: int) -> Iterator[tuple[Mutant, Fate]]:
    """Room by room: what lives in forks is tried once more by whole runs of the room's tests."""
    known = unnoticed(UNNOTICED.read_text(encoding="utf-8").splitlines()) if UNNOTICED.exists() else {}
    copies: SimpleQueue[Copy] = SimpleQueue()
    made = False

    def judge(mutant: Mutant) -> Fate:
        copy = copies.get()
        try:
            return copy.judge(mutant)
        finally:
            copies.put(copy)

    with ExitStack() as trees:
        for room in sorted({mutant.room for mutant in mutants}):
            here = [mutant for mutant in mutants if mutant.room == room]
            yield from ((mutant, Fate.UNNOTICED) for mutant in here if mutant.key in known)
            asked = [mutant for mutant in here if mutant.key not in known]
            alive = []
            for mutant, killer in zip(
                asked, killers(room, [mutant.asked() for mutant in asked]), strict=True
            ):
                if killer is None:
                    alive.append(mutant)
                else:
                    yield mutant, Fate.KILLED
            if alive and not made:
                made = True
                for _ in range(workers):
                    copies.put(Copy(trees.enter_context(tree())))
            with ThreadPoolExecutor(workers) as pool:
                yield from zip(alive, pool.map(judge, alive), strict=True)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description=__doc__.partition("\n")[0] if __doc__ else ""
    )
    parser.add_argument("rooms", nargs="*", metavar="ROOM")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--goal", type=float, default=95.0, help="how many of a hundred the tests have to notice"
    )
    options = parser.parse_args(words)
    rooms = options.rooms or rooms_with_tests()
    fates: Counter[tuple[str, Fate]] = Counter()
    for mutant, fate in judged(drawn(rooms, seed=options.seed, count=options.count), options.workers):
        fates[mutant.room, fate] += 1
        if fate is Fate.SURVIVED:
            say(str(mutant))
    killed, survived = (
        sum(n for (_, each), n in fates.items() if each is fate) for fate in (Fate.KILLED, Fate.SURVIVED)
    )
    for room in sorted({room for room, _ in fates}):
        told = ", ".join(f"{fates[room, fate]} {fate}" for fate in Fate if fates[room, fate])
        say(f"{room}: {told}")
    share = 100 * killed / (killed + survived) if killed + survived else 100.0
    say(f"{share:.0f} of 100 noticed (seed {options.seed})")
    return 0 if share >= options.goal else 1


if __name__ == "__main__":
    sys.exit(main())
