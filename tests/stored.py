"""What tests have seen of many scenes, stored as files in `stored/` beside them: pages, documents, days at a terminal, tables of decisions.

    python -m tests.stored                 # writes all of it anew
    python -m tests.stored render action   # that of some rooms

Each file has an element, a row or a line of text on a line. The difference that git shows afterwards is what a change makes
otherwise: read it line by line before it is committed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from datetime import timedelta
from difflib import unified_diff
from functools import cache
from typing import TYPE_CHECKING, Final

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

WRITES: Final = "TESTS_WRITE_STORED"
MOST: Final = 80
"""Lines of a difference that a test shows."""
_VARIES = (
    (re.compile(r"(^|: )\d\d:\d\d:\d\d .*\n", re.MULTILINE), r"\1"),
    (re.compile(r"(^|: )waiting for Publer's answer: .*\n", re.MULTILINE), r"\1"),  # on a busy machine
    (re.compile(r"\b127\.0\.0\.1[:_]\d+"), "HOST"),
    (re.compile(r"What Publer had before the first write is listed in\s+[\w./-]+?\.json\.?\n+"), ""),
    (re.compile(r"under a second|\b\d+(\.\d+)? (ms|s)\b"), "TIME"),
    (re.compile(r"\b[\d,]+ requests?\b"), "REQUESTS"),
    (re.compile(r'"(requests|seconds)": [\d.]+'), r'"\1": N'),
    (re.compile(r"\b\d+ more are allowed"), "N more are allowed"),
    (re.compile(r"\b(Python|git) \d[\w.]*"), r"\1 N"),
    (re.compile(r"(timestamp_seconds\{.*\}) \d+"), r"\1 N"),
    (re.compile(r"(limit:|requests_left(?:\{.*\}|\":)) \d+"), r"\1 N"),
    (re.compile(r"(?<!acc)\b(?!acc)[0-9a-f]{24}\b"), "ID"),
    (re.compile(r"path:[0-9a-f]{64}"), "path:DIGEST"),
    (re.compile(r"\b0\.1\.0(\+g[0-9a-f]+\b(\.dirty)?)?"), "VERSION"),  # of no commit in a copy of the tree
    (re.compile(r"reviewed: [A-Za-z0-9+/=]*"), "reviewed: DIGESTS"),
    (re.compile(r"told:( [0-9a-f]{16})+"), "told: NAMES"),
    (re.compile(r"\.py, line \d+"), ".py, line N"),
)


def steady(text: str, **places: object) -> str:
    """The text without what another run has otherwise: `places` are the words for a folder or an address, each with what it is."""
    for word, place in places.items():
        text = text.replace(str(place), word)
    for pattern, word in _VARIES:
        text = pattern.sub(word, text)
    return text


def ticked(since: float) -> timedelta:
    """What passed on a clock that is set for a test: it slows down before the minute is over, however slow the machine is."""
    passed = time.monotonic() - since
    return timedelta(seconds=min(passed, 20 + passed / 100))


_DIGEST: Final = re.compile(r"\b[0-9a-f]{16,64}\b")


def with_numbers(text: str) -> str:
    """With numbers for digests, equal ones by the same: those of pictures depend on the libraries that write them."""
    numbers: dict[str, int] = {}
    return _DIGEST.sub(lambda found: f"digest-{numbers.setdefault(found[0], len(numbers) + 1)}", text)


def joined(parts: Mapping[str, str] | None = None, /, **named: str) -> str:
    """Several texts in one file, each below its name, in which `_` is a blank."""
    texts = {**(parts or {}), **{name.replace("_", " "): text for name, text in named.items()}}
    return "\n".join(f"=== {name}\n\n{text.rstrip()}\n" for name, text in texts.items()).replace("\r\n", "\n")


def agrees(file: Path, now: str | Mapping[str, str]) -> None:
    """Fail where a file, or several texts in it, is not what it is now."""
    now = now if isinstance(now, str) else joined(now)
    if os.environ.get(WRITES):
        file.parent.mkdir(exist_ok=True)
        file.write_text(now, encoding="utf-8", newline="\n")
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    if now != before:
        _differs(file, before.splitlines(), now.splitlines())


def all_agree(folder: Path, texts: Mapping[str, str]) -> None:
    """The same of all files of a folder, by their names."""
    made = {folder / name for name in texts}
    for file in {*folder.iterdir()} - made if folder.is_dir() else ():
        if os.environ.get(WRITES):
            file.unlink()
        else:
            _differs(file, file.read_text(encoding="utf-8").splitlines(), [])
    for name, text in texts.items():
        agrees(folder / name, text)


def part_agrees(file: Path, heading: str, lines: Iterable[str]) -> None:
    """The same of one section of a table, of which each line says something."""
    made = [*lines]
    if os.environ.get(WRITES):
        _written(file)[heading] = made
        parts = (
            f"== {name}\n" + "".join(f"{line}\n" for line in rows) for name, rows in _written(file).items()
        )
        file.parent.mkdir(exist_ok=True)
        file.write_text("\n".join(parts), encoding="utf-8", newline="\n")
        _parts.cache_clear()
    before = _parts(file).get(heading, [])
    if made != before:
        _differs(file, before, made)


@cache
def _written(_file: Path) -> dict[str, list[str]]:
    """The sections of a table that were made since it began to be written."""
    return {}


@cache
def _parts(file: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        if line.startswith("== "):
            lines = found.setdefault(line[3:], [])
        elif line:
            lines.append(line)
    return found


def _differs(file: Path, before: Sequence[str], now: Sequence[str]) -> None:
    name = file.relative_to(ROOT).as_posix()
    lines = [*unified_diff(before, now, name, "now", n=2, lineterm="")]
    if len(lines) > MOST:
        lines[MOST:] = [f"and {len(lines) - MOST} lines more"]
    differing = "\n".join(lines)
    raise AssertionError(f"{differing}\n\nIf this is meant: python -m tests.stored {name.split('/')[1]}")


def main(rooms: Sequence[str]) -> int:
    found = (ROOT / "tests").glob("*/test_*.py")
    modules = [
        str(path)
        for path in sorted(found)
        if path.parent.name in (rooms or {path.parent.name})
        and "tests.stored" in path.read_text(encoding="utf-8")
    ]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", *modules],
        cwd=ROOT,
        env={**os.environ, WRITES: "1"},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
