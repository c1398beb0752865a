"""What a room shows, kept in files beside its tests, one element a line, so that a difference can be read.

python -m tests.expected action         # writes the files of a room anew; read the difference before you commit it
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from datetime import timedelta
from difflib import unified_diff
from typing import TYPE_CHECKING

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WRITES = "TESTS_WRITE_EXPECTED"
_VARIES = (
    (re.compile(r"(^|: )\d\d:\d\d:\d\d .*\n", re.MULTILINE), r"\1"),
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
    (re.compile(r"\b0\.1\.0\+g[0-9a-f]+\b(\.dirty)?"), "VERSION"),
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


def agrees(file: Path, scenes: Mapping[str, str]) -> None:
    """Fail where a scene shows something else than the file has of it."""
    now = "\n".join(f"=== {name}\n\n{text.rstrip()}\n" for name, text in scenes.items()).replace("\r\n", "\n")
    if os.environ.get(WRITES):
        file.parent.mkdir(exist_ok=True)
        file.write_text(now, encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    if now == before:
        return
    name = file.relative_to(ROOT).as_posix()
    differing = "\n".join(unified_diff(before.splitlines(), now.splitlines(), name, "now", n=2, lineterm=""))
    room = name.split("/")[1]
    raise AssertionError(f"{differing}\n\nIf this is meant: python -m tests.expected {room}")


def main(rooms: Sequence[str]) -> int:
    modules = [
        str(path)
        for room in rooms
        for path in sorted((ROOT / "tests" / room).glob("test_*.py"))
        if "tests.expected" in path.read_text(encoding="utf-8")
    ]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "-m", "not slow", *modules],
        cwd=ROOT,
        env={**os.environ, WRITES: "1"},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
