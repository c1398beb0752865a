"""What a calendar tells of the mistakes of tests/mistakes: each message that it has, once, with its place, its help and its fix.

    python -m tests.calendar.told                # chooses the mistakes, and writes tests/calendar/told/*.txt anew

`test_told` compares them. A difference is meant, or it is a mistake: read it before you write them anew.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.load import read
from tests.system.mistakes import all_mistakes
from tests.system.test_mistakes import load, made

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from publer_sync.values.problems import Problem

KEPT: Final = Path(__file__).with_suffix("")
MISTAKES: Final = {each.name: each for each in all_mistakes()}


def told_of(problems: Sequence[Problem]) -> str:
    """Each problem in a line, its help and its fix below it."""
    return "".join(f"{line}\n" for each in problems for line in _lines(each))


def _lines(problem: Problem) -> Iterator[str]:
    where = problem.location
    place = f"{where.file}:{where.line}:{where.column}" if where is not None else "-"
    length = f"+{problem.length}" if problem.length else ""
    yield f"{place}{length} {problem.severity} {problem.code}: {problem.message}"
    yield from (f"  ? {line}" for line in str(problem.help or "").splitlines())
    yield from (f"  see {other.file}:{other.line}: {said}" for other, said in problem.related)
    if problem.fix is not None:
        yield f"  fix {problem.fix.start_line} to {problem.fix.end_line}"
        yield from (f"  | {line}" for line in problem.fix.text.split("\n"))


def told_by(name: str, folder: Path) -> str:
    mistake = MISTAKES[name]
    return told_of(load(folder, mistake, mistake.written).judged)


def kept(text: str) -> dict[str, str]:
    """What is told of each mistake, as a file has it."""
    parts = text.removeprefix("== ").split("\n\n== ") if text else []
    return {name: told for name, _, told in (part.rstrip("\n").partition("\n") for part in parts)}


def _shape(problem: Problem) -> tuple[str, ...]:
    """What two problems have in common that are told by the same lines of code."""
    said = (problem.code, problem.message, str(problem.help))
    fix = problem.fix
    way = "" if fix is None else f"{fix.end_line - fix.start_line} {len(fix.text.splitlines())}"
    return (*(re.sub(r"\"[^\"]*\"|`[^`]*`|\d+|\S*[^\w\s,.;:!?'()-]\S*", "_", each) for each in said), way)


def main() -> None:
    seen: set[tuple[str, ...]] = set()
    chosen: dict[str, list[str]] = defaultdict(list)
    with TemporaryDirectory() as folder:
        top = made(Path(folder))
        read(top / "posts")
        for name, mistake in MISTAKES.items():
            problems = load(top, mistake, mistake.written).judged
            if new := {_shape(each) for each in problems} - seen:
                seen |= new
                file = name.partition(":")[0]
                chosen[file].append(f"== {name}\n{told_of(problems)}")
    KEPT.mkdir(exist_ok=True)
    for path in KEPT.glob("*.txt"):
        path.unlink()
    for file, parts in chosen.items():
        (KEPT / f"{file}.txt").write_text("\n".join(parts), encoding="utf-8")
    sys.stdout.write(f"Written: {sum(map(len, chosen.values()))} mistakes.\n")


if __name__ == "__main__":
    main()
