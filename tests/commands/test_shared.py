"""Output that cannot be written: an apply goes on, and its exit code still tells how it ended."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.commands.running import shared
from publer_sync.values.errors import OutputError
from tests.system.worlds import DAY, T, Want, World, world_in
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTS = tuple(Want(f"p{day}", "x", T + day * DAY, f"Post {day}") for day in range(3))
REVERSED = tuple(replace(want, at=other.at) for want, other in zip(POSTS, reversed(POSTS), strict=True))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three posts that were put in place, and are to change places."""
    with world_in(tmp_path / "world") as world:
        world.apply_first(*POSTS)
        world.write(*REVERSED)
        yield world


def run(world: World, *words: str, **streams: Any) -> tuple[int, str]:
    """The exit code and what was written to stderr, where a pipe was kept for it."""
    ran = subprocess.run(
        [sys.executable, "-m", "publer_sync", words[0], world.top, *words[1:]],
        env={**os.environ, **world.environment},
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )
    return ran.returncode, ran.stderr or ""


def unread() -> Any:
    """A pipe whose reader is gone."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


SLOW = pytest.mark.slow  # each starts a process


@pytest.mark.parametrize(
    "streams", [pytest.param(("stderr",), marks=SLOW), ("stdout", "stderr")], ids=" ".join
)
@pytest.mark.parametrize(
    "disk_is_full", [pytest.param(False, marks=SLOW), True], ids=["nobody reads", "full disk"]
)
def test_an_apply_whose_output_cannot_be_written_ends_what_it_began(
    world: World, streams: tuple[str, ...], disk_is_full: bool
) -> None:
    sink = os.open("/dev/full", os.O_WRONLY) if disk_is_full else unread()

    code, _ = run(world, "apply", "--yes", **dict.fromkeys(streams, sink))

    os.close(sink)
    world.sandbox.settle()
    assert world.amiss() == []
    assert code == (1 if disk_is_full and "stdout" in streams else 0), "the report is lost"
    assert world.plan()["changes"] == []


def test_an_apply_needs_no_streams(world: World) -> None:
    """As under `>&- 2>&-`."""
    assert run(world, "apply", "--yes", preexec_fn=lambda: os.closerange(1, 3)) == (0, "")
    world.sandbox.settle()
    assert world.amiss() == []


def test_a_reader_that_goes_away_halfway_ends_no_apply(world: World) -> None:
    """As with `apply 2>&1 | head -n 1`, where the post that made room is out and the new ones are not in."""
    reader, writer = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "publer_sync", "apply", world.top, "--yes"],
        env={**os.environ, **world.environment},
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=writer,
    ) as process:
        os.close(writer)
        assert os.read(reader, 1)
        os.close(reader)
    world.sandbox.settle()
    assert (process.returncode, world.amiss()) == (0, [])


@pytest.mark.parametrize(
    "words",
    [
        ("plan",),
        pytest.param(("plan", "--format", "json"), marks=SLOW),
        pytest.param(("validate",), marks=SLOW),
    ],
    ids=" ".join,
)
def test_a_result_that_cannot_be_written_is_an_error_and_no_bug(world: World, words: tuple[str, ...]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    told = "error: the output could not be written: No space left on device\n"
    assert run(world, *words, stdout=full) == (1, told)
    os.close(full)


@pytest.mark.parametrize(
    "disk_is_full", [pytest.param(False, marks=SLOW), True], ids=["nobody reads", "full disk"]
)
def test_an_error_as_json_that_cannot_be_written_keeps_its_code(world: World, disk_is_full: bool) -> None:
    (world.top / "wrong.yaml").write_text("posts: 1\n", encoding="utf-8")
    sink = os.open("/dev/full", os.O_WRONLY) if disk_is_full else unread()
    assert run(world, "plan", "--format", "json", stdout=sink)[0] == 3
    os.close(sink)


def test_the_end_of_a_result_that_nobody_reads_is_dropped_in_silence(world: World) -> None:
    closed = unread()
    assert run(world, "plan", stdout=closed) == (1, "")
    os.close(closed)


class Stream(io.StringIO):
    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@each_of(("nobody_reads", "error"), [(True, BrokenPipeError), (False, OutputError)])
def test_what_is_left_of_output_that_cannot_be_written_is_dropped(
    nobody_reads: bool, error: type[Exception]
) -> None:
    for name in ("stdout", "stderr"):
        sink = unread() if nobody_reads else os.open("/dev/full", os.O_WRONLY)
        with (
            os.fdopen(sink, "w") as stream,
            mock.patch.object(sys, name, stream),
        ):  # which Python closes as it ends
            if name == "stderr":
                shared.say("Nobody reads this")
                continue
            with pytest.raises(error):
                shared.out("Nobody reads this")


@each_of(
    ("stdin", "stderr", "somebody"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_somebody_can_answer_where_both_the_question_and_the_answer_are_at_a_terminal(
    stdin: bool, stderr: bool, somebody: bool
) -> None:
    with (
        mock.patch.object(sys, "stdin", Stream(terminal=stdin)),
        mock.patch.object(sys, "stderr", Stream(terminal=stderr)),
    ):
        assert shared.can_ask() is somebody


@each_of(
    ("terminal", "no_color", "columns", "color", "width"),
    [
        (True, "", "100", True, 100),
        (True, "1", "0", False, 100),
        (False, "", "30", False, 40),
        (True, "", "200", True, 120),
        (True, "", "wide", True, 100),
    ],
)
def test_the_screen_has_colour_on_a_terminal_alone_and_a_width_that_reads_well(
    terminal: bool, no_color: str, columns: str, color: bool, width: int
) -> None:
    environ = {"NO_COLOR": no_color, "COLUMNS": columns}
    nowhere = mock.patch.object(sys, "__stdout__", None)
    with nowhere, mock.patch.dict(os.environ, environ), redirect_stdout(Stream(terminal=terminal)):
        screen = shared.screen()
    assert (screen.color, screen.width) == (color, width)
