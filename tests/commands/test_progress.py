"""What a command says while it works, in a log and at a terminal, and how long the rest of several calendars takes."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from publer_sync.commands.running import several
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.render.several import Ending
from publer_sync.values.errors import HoldBegan, Interrupted, UsageError
from tests.tables import each_of

if TYPE_CHECKING:
    import pytest


def test_a_log_gets_a_line_for_what_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    progress = ProgressLine()
    progress("check", "1 of 9 listed")
    progress("check", "2 of 9 listed")
    progress.wait("9 seconds for Publer's limit, until 14:03:11")
    progress("waiting", "8 seconds for Publer's limit, until 14:03:20")
    progress("waiting", "for Publer's answer: asked to list the posts; until 14:03:50 at the latest")
    progress.close()
    lines = [re.sub(r"^[\d:]{8} ", "", line) for line in capsys.readouterr().err.splitlines()]
    assert lines == [
        "check    1 of 9 listed",
        "waiting  9 seconds for Publer's limit, until 14:03:11",
        "waiting  for Publer's answer: asked to list the posts; until 14:03:50 at the latest",
    ]


def test_a_log_gets_a_line_for_the_same_every_15_seconds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("publer_sync.commands.running.progress.time.monotonic", lambda: now[0])
    with ProgressLine() as progress:
        for listed, seconds in enumerate((0, 14.5, 0.5, 1, 15)):
            now[0] += seconds
            progress("check", f"{listed} listed")
    assert [line.split()[2] for line in capsys.readouterr().err.splitlines()] == ["0", "2", "4"]


def test_at_a_terminal_nothing_of_the_line_is_left_behind(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with ProgressLine() as progress:
        progress("check", "1 of 9 listed")
    assert capsys.readouterr().err.endswith("listed\r\x1b[K")


def test_at_a_terminal_one_line_is_written_over_and_over_and_cleared_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with ProgressLine() as progress:
        progress("check", "1 of 9 listed")
        progress("check", "2 of 9 listed")
        progress.close()
    clear = "\r\x1b[K"
    assert capsys.readouterr().err == f"{clear}check    1 of 9 listed{clear}check    2 of 9 listed{clear}"


@each_of(
    ("error", "third"),
    [
        (KeyboardInterrupt(), "stopped before its turn"),
        (Interrupted("no answer"), "stopped before its turn"),
        (HoldBegan("someone put posts on hold"), "done"),
        (UsageError("no such account"), "done"),
    ],
)
def test_after_one_that_somebody_stopped_no_other_is_begun(
    capsys: pytest.CaptureFixture[str], error: BaseException, third: str
) -> None:
    connections: Any = SimpleNamespace(requests=0)

    def one(top: Path | None) -> Ending:
        connections.requests += 400
        if top == Path("bank"):
            raise error
        return Ending(0, "done")

    tops = [None, Path("bank"), Path("clients/cafe")]
    ended = [*several.each(tops, one, doing="plan", progress=ProgressLine(), connections=connections)]
    why = "stopped, as asked" if isinstance(error, KeyboardInterrupt) else str(error)
    assert [(name, each.line) for name, each in ended] == [
        (".", "done"),
        ("bank", why),
        ("clients/cafe", third),
    ]
    assert [each.brief for _, each in ended] == [False, False, third != "done"]
    assert [each.exit_code == 0 for _, each in ended] == [True, False, third == "done"]
    assert capsys.readouterr().err.partition(" ")[2] == "plan     . (1 of 3)\n"
    [*several.each(tops[1:], one, doing="plan", progress=ProgressLine())]
    assert capsys.readouterr().err.partition(" ")[2] == "plan     bank (1 of 2)\n"


def test_how_far_it_is_counts_what_this_command_has_asked_of_publer() -> None:
    lines = list[str]()
    connections: Any = SimpleNamespace(requests=1000)

    def one(_: Path | None) -> Ending:
        connections.requests += 100
        return Ending(0, "done")

    def progress(doing: str, text: str) -> None:
        lines.append(f"{doing} {text}")

    told, tops = cast("Any", progress), [Path("acme"), Path("bank"), Path("cafe")]
    [*_] = several.each(tops, one, doing="plan", progress=told, connections=connections)
    assert lines == [
        "plan acme (1 of 3)",
        "plan bank (2 of 3, about 5 minutes left)",
        "plan cafe (3 of 3, about 3 minutes left)",
    ]


@each_of(
    ("requests", "done", "left", "told"),
    [(0, 0, 2, False), (300, 3, 10, True), (300, 0, 10, False), (6, 3, 10, False), (0, 0, 400, True)],
)
def test_how_long_publers_limit_makes_the_rest_is_told_from_a_minute_on(
    requests: int, done: int, left: int, told: bool
) -> None:
    found = several._time_left(requests, done=done, left=left)
    assert bool(re.fullmatch(r", about \d+ minutes? left", found)) is told
