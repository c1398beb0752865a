"""Tables of what comes of many scenes, one line each, that are kept beside the tests that make them.

    python -m tests.stored                     # writes all of them anew
    python -m tests.stored planning.decisions  # writes one

The difference that git shows afterwards is what a change decides otherwise: read it line by line before it is committed.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TABLES = (
    "applying.stories",
    "cli.usages",
    "holding.takings",
    "importing.imports",
    "ledger.claims",
    "networks.counts",
    "planning.decisions",
    "planning.fates",
    "planning.pairs",
    "planning.warnings",
    "publer.wire",
    "pulling.pulls",
    "rules.verdicts",
)
"""Modules below `tests` with a function `table` that gives the lines, section by section."""


def path_of(name: str) -> Path:
    return (Path(__file__).parent / name.replace(".", "/")).with_suffix(".txt")


@cache
def sections(name: str) -> dict[str, list[str]]:
    """What is kept, by the heading of each section."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path_of(name).read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            lines = found.setdefault(line[3:], [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return found


def check(name: str, heading: str, lines: Iterable[str]) -> None:
    """Fail where a section is not what is kept."""
    kept, made = sections(name).get(heading, []), [*lines]
    assert made == kept, f"if this is meant: python -m tests.stored {name}"


def write(name: str) -> None:
    module = import_module(f"tests.{name}")
    parts = [f"# {line}" for line in (module.__doc__ or "").strip().splitlines() if line][:1]
    parts.append(f"# Written by: python -m tests.stored {name}")
    for heading, lines in module.table().items():
        parts += ["", f"== {heading}", *lines]
    path_of(name).write_text("\n".join(parts) + "\n", encoding="utf-8")


def main(names: Sequence[str]) -> None:
    for name in names or TABLES:
        write(name)


if __name__ == "__main__":
    main(sys.argv[1:])
