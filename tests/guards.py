"""The guards of the rooms that decide what is sent, removed and claimed, and the test that fails without each.

    python -m tests.guards planning          # takes one after the other away, and runs its scene
    python -m tests.guards planning --write  # finds the scenes of those that `guards.txt` of the room's tests lacks
    python -m tests.guards rules             # the same of what histories are tried without

A guard is an `if` that ends its way, or that names what blocks a change, and each filter of a list. They
are read from the source, so that none is forgotten. An `if` is taken away as if it were never true, a filter as if it
always were. What nobody can notice is in `mutants.txt`.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from publer_sync.planning.plan import Block
from tests.conftest import ROOT
from tests.forked import HANGS, Asked, killers
from tests.mutants import PACKAGE, UNNOTICED, Mutant, modules_of, say, unnoticed
from tests.simulate.mutations import MUTATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.simulate.mutations import Mutation

ROOMS = ("applying", "holding", "ledger", "planning")
RULES = ROOT / "tests" / "simulate" / "scenes.txt"
TELLING = {
    "applying/recording.py": "what a run did, for the log",
    "applying/report.py": "what an apply did, for people",
    "applying/telling.py": "what a report said, noted once",
    "holding/report.py": "what a hold did, for people",
    "ledger/backup.py": "a document for people",
    "ledger/checkout.py": "which commit the files are from",
    "ledger/git_branch.py": "git decides, and its tests start git: they are slow",
    "ledger/git_command.py": "how git is run, and what it says",
    "ledger/git_remote.py": "git decides, and its tests start git: they are slow",
    "ledger/git_store.py": "git decides, and its tests start git: they are slow",
    "ledger/history.py": "the log of the calendar's repository",
    "ledger/names.py": "how files are called",
    "ledger/repositories.py": "which repositories there are",
    "planning/approval.py": "a warning",
    "planning/contact.py": "what a plan says of first writes",
    "planning/dates.py": "a warning",
    "planning/effort.py": "how long an apply takes",
    "planning/gone.py": "what is ahead in a calendar that is gone",
    "planning/log.py": "the log",
    "planning/plan.py": "a plan as a value",
    "planning/publication.py": "what became of posts",
    "planning/remarks.py": "warnings",
    "planning/resolve.py": "names of accounts and workspaces",
    "planning/standing.py": "the status",
}
"""Modules that decide nothing, and what they have in place of guards."""
_ENDS = (ast.Return, ast.Continue, ast.Raise, ast.Break)


@dataclass(frozen=True, slots=True)
class Guard:
    """`where` is the function that it stands in."""

    mutant: Mutant
    where: str
    codes: tuple[str, ...] = ()
    """The blocks that its body gives."""

    @property
    def key(self) -> str:
        module = "/".join(self.mutant.path.split("/")[2:])
        return f"{module} {self.where}: {' '.join(self.mutant.before.split())}"


def guards_of(path: str, source: bytes) -> list[Guard]:
    """In the order of the file."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for where, node, taken_away, codes in _found(ast.parse(source), ()):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        mutant = Mutant(path, node.lineno, start, end, source[start:end].decode(), taken_away)
        found.append(Guard(mutant, where, codes))
    return sorted(found, key=lambda guard: guard.mutant.start)


def _found(node: ast.AST, where: tuple[str, ...]) -> Iterator[tuple[str, ast.expr, str, tuple[str, ...]]]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            where = (*where, name)
        case ast.If(test=test, body=body) if where:
            codes = _codes(body)
            if isinstance(body[-1], _ENDS) or codes:
                yield ".".join(where), test, "False", codes
        case ast.IfExp(test=test, body=body) if where and (codes := _codes([ast.Expr(body)])):
            yield ".".join(where), test, "False", codes
        case ast.comprehension(ifs=tests) if where:
            for test in tests:
                yield ".".join(where), test, "True", ()
        case _:
            pass
    for child in ast.iter_child_nodes(node):
        yield from _found(child, where)


def _codes(body: Sequence[ast.stmt]) -> tuple[str, ...]:
    """The blocks that statements give. One that a post is only compared with (`block is Block.SLOT`) is not given there."""
    named = [each for statement in body for each in ast.walk(statement)]
    compared = {id(each) for test in named if isinstance(test, ast.Compare) for each in ast.walk(test)}
    return tuple(
        dict.fromkeys(
            each.attr
            for each in named
            if isinstance(each, ast.Attribute)
            and isinstance(each.value, ast.Name)
            and each.value.id == "Block"
            and id(each) not in compared
        )
    )


def guards_in(room: str) -> dict[str, Guard]:
    """All that somebody can notice, by their keys."""
    known = unnoticed(UNNOTICED.read_text(encoding="utf-8").splitlines())
    paths = [path for path in modules_of([room]) if path.removeprefix(f"{PACKAGE}/") not in TELLING]
    found: dict[str, Guard] = {}
    again: Counter[str] = Counter()
    for guard in (each for path in paths for each in guards_of(path, (ROOT / path).read_bytes())):
        again[guard.key] += 1
        number = f" ({again[guard.key]})" if again[guard.key] > 1 else ""
        if guard.mutant.key not in known:
            found[f"{guard.key}{number}"] = guard
    return found


def table(room: str) -> Path:
    return ROOT / "tests" / room / "guards.txt"


def scenes(room: str) -> dict[str, str]:
    """The test of each guard, by its key: `test_file.py::test_name`."""
    file = table(room)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    rows = (line.rpartition("  # ") for line in lines if not line.startswith("#"))
    return {key: scene for key, _, scene in rows if key}


def is_there(room: str, scene: str) -> bool:
    file, _, name = scene.partition("::")
    return name in _tests(ROOT / "tests" / room / file)


@cache
def _tests(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_bytes()) if file.exists() else ast.Module([], [])
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def taken_away(
    room: str, guards: Mapping[str, Guard], known: Mapping[str, str], among: Sequence[str] = ()
) -> Iterator[tuple[str, str | None]]:
    """Each guard, by its key, with the test that fails without it: its scene where one is known."""
    asked = [
        guard.mutant.asked(f"tests/{room}/{known[key]}" if key in known else "")
        for key, guard in guards.items()
    ]
    yield from zip(guards, killers(room, asked, among), strict=True) if asked else ()


# --- rules ------------------------------------------------------------------------------------------------------------


def rules_in(room: str) -> dict[str, Mutation]:
    """The rules that histories are tried without, by their names, of one room."""
    return {each.name: each for each in MUTATIONS if each.lines[0].split("/")[1] == room}


def rule_scenes() -> dict[str, str]:
    """The quick test of each rule that has one, by its name."""
    rows = (line.rpartition("  # ") for line in RULES.read_text(encoding="utf-8").splitlines())
    return {name: scene for name, _, scene in rows if name}


def _rules(among: Sequence[str], *, write: bool) -> int:
    """Run the scene of each rule without it; with `write`, find those that are not known."""
    known = rule_scenes()
    blind: list[str] = []
    found: dict[str, str] = {}
    for room in ROOMS:
        rules = {name: each for name, each in rules_in(room).items() if not write or name not in known}
        mine = [file for file in among if file.startswith(f"tests/{room}/")]
        rules = rules if mine or not among else {}
        asked = [
            Asked(path, "", first, last, f"tests/{room}/{known[name]}" if name in known else "", name)
            for name, rule in rules.items()
            for path, first, last in [rule.lines]
        ]
        for name, killer in zip(rules, killers(room, asked, mine), strict=True) if asked else ():
            if killer is None:
                blind.append(name)
            else:
                found[name] = _short(killer, room)
    if write:
        rows = {**known, **found}
        head = "# Each rule that histories are tried without (tests/simulate/mutations.py), and the quick test that fails without it."
        lines = [f"{each.name}  # {rows[each.name]}" for each in MUTATIONS if each.name in rows]
        RULES.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return _tell("rules", len(found) + len(blind), blind)


def _short(killer: str, room: str) -> str:
    return killer.removeprefix(f"tests/{room}/").partition("[")[0]


def rule_rows() -> Iterator[tuple[str, ...]]:
    """What docs/reliability.md says of each rule: where it is, the quick test without it, and how histories are tried without it."""
    scenes = rule_scenes()
    for each in MUTATIONS:
        room = each.lines[0].split("/")[1]
        scene = f"`tests/{room}/{scenes[each.name]}`" if each.name in scenes else ""
        scene = scene or (f"`{each.quick}`" if each.quick else "")
        tried = "" if each.quick else f"`{each.name.split()[0]}`"
        yield each.rule, f"`{each.where.removeprefix('publer_sync.')}`", scene, tried


def code_rows(unmet: Collection[str]) -> Iterator[tuple[str, ...]]:
    """The same of each code of a post that is blocked. `unmet` are those that no history meets.

    A code that no `if` gives is that of a function, and has the scenes of that one.
    """
    guards = [(room, key, guard) for room in ROOMS for key, guard in guards_in(room).items()]
    known = {room: scenes(room) for room in ROOMS}
    for block in Block:
        named = [each for each in guards if block.name in each[2].codes]
        named = named or [
            each for each in guards if f"{each[1].split(':')[0]}" in _functions_with(block.name)
        ]
        tests = [f"tests/{room}/{known[room][key]}" for room, key, _ in named if key in known[room]]
        where = dict.fromkeys(guard.mutant.path for *_, guard in named)
        if not named:
            where = dict.fromkeys(path for path in _modules_with(block.name))
            tests = [
                f"tests/{room}/test_{names[-1]}" for _, room, *names in (path.split("/") for path in where)
            ]
        places = ", ".join(f"`{path.removeprefix('publer_sync/')}`" for path in where)
        yield f"`{block}`", places, f"`{tests[0]}`" if tests else "", "no" if block in unmet else "yes"


def _modules_with(code: str) -> list[str]:
    sources = ((path, (ROOT / path).read_bytes()) for path in modules_of(["commands", "planning"]))
    return [path for path, source in sources if f"Block.{code}".encode() in source and "plan.py" not in path]


@cache
def _functions_with(code: str) -> frozenset[str]:
    """The functions of planning that give it, as in the key of a guard."""
    return frozenset(
        f"{path.rpartition('/')[2]} {node.name}"
        for path in modules_of(["planning"])
        for node in ast.walk(ast.parse((ROOT / path).read_bytes()))
        if isinstance(node, ast.FunctionDef) and code in _codes(node.body)
    )


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.guards")
    parser.add_argument("rooms", nargs="*", metavar="ROOM", default=(*ROOMS, "rules"))
    parser.add_argument("--write", action="store_true", help="find the scenes that are not known")
    parser.add_argument(
        "--among",
        action="append",
        default=[],
        metavar="FILE",
        help="with --write: look in this file of tests alone",
    )
    options = parser.parse_args(words)
    without = 0
    for room in options.rooms:
        if room == "rules":
            without += _rules(options.among, write=options.write)
        else:
            without += _write(room, options.among) if options.write else _judge(room)
    return 1 if without else 0


def _judge(room: str) -> int:
    guards, known = guards_in(room), scenes(room)
    with_scenes = {key: guard for key, guard in guards.items() if key in known}
    blind = [key for key in guards if key not in known]
    files = sorted({f"tests/{room}/{scene.partition('::')[0]}" for scene in known.values()})
    blind += [key for key, killer in taken_away(room, with_scenes, known, files) if killer is None]
    return _tell(room, len(guards), blind)


def _write(room: str, among: Sequence[str]) -> int:
    """The table is written after each that was found, by several such runs as well: who stops one goes on from there."""
    guards = guards_in(room)
    rows = {key: scene for key, scene in scenes(room).items() if is_there(room, scene)}
    new = {key: guard for key, guard in guards.items() if key not in rows}
    head = f"# Each guard of this room, and the test that fails without it: `python -m tests.guards {room} --write` finds them."
    for key, killer in chain([("", None)], taken_away(room, new, {}, among)):
        if killer is not None and killer != HANGS:
            rows[key] = _short(killer, room)
        rows = {**{key: each for key, each in scenes(room).items() if is_there(room, each)}, **rows}
        lines = [f"{key}  # {rows[key]}" for key in guards if key in rows]
        table(room).write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return _tell(room, len(guards), [key for key in guards if key not in rows])


def _tell(room: str, number: int, blind: Sequence[str]) -> int:
    for key in blind:
        say(f"{PACKAGE}/{room}/{key}")
    say(f"{room}: {number - len(blind)} of {number} guards have a scene that fails without them")
    return len(blind)


if __name__ == "__main__":
    sys.exit(main())
