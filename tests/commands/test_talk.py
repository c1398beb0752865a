"""What is printed where nobody reads it, where a disk is full, and where there is a terminal."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.running import shared
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.values.errors import OutputError, UsageError
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def nobody_reads() -> Iterator[Any]:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as stream:
        yield stream


def test_a_result_that_nobody_reads_ends_the_command_and_talk_does_not(
    monkeypatch: pytest.MonkeyPatch, nobody_reads: Any
) -> None:
    monkeypatch.setattr(sys, "stdout", nobody_reads)
    with pytest.raises(BrokenPipeError):
        shared.out("words")
    monkeypatch.setattr(sys, "stderr", nobody_reads)
    shared.say("words")
    ProgressLine()("check", "words")


class Full(io.StringIO):
    def write(self, text: str, /) -> int:
        raise OSError(errno.ENOSPC, f"No space left for {text}")


def test_a_full_disk_is_an_error_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(OutputError, match="the output could not be written: No space left for words"):
        shared.out("words")


@each_of(("text", "printed"), [("words", "words\n"), ("words\n", "words\n"), ("", "\n")])
def test_a_result_ends_its_line(capsys: pytest.CaptureFixture[str], text: str, printed: str) -> None:
    shared.out(text)
    assert capsys.readouterr().out == printed


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_at_a_terminal_progress_is_one_line_that_goes_before_anything_else_is_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "20")
    with ProgressLine() as progress:
        progress("check", "1 of 900 posts are listed")
        progress("check", "2 of 900 posts are listed")
    progress.close()
    lines = [f"check    {number} of 900 p" for number in (1, 2)]
    assert terminal.getvalue() == "".join(f"\r\x1b[K{line[:19]}" for line in lines) + "\r\x1b[K"


@each_of(
    ("top", "written", "inner"),
    [
        ("", "", ""),
        ("acme", "acme", "acme"),
        ("../acme", "../acme", "../acme"),
        ("{here}/clients/acme", "{here}/clients/acme", "clients/acme"),
        ("{here}", "{here}", ""),
    ],
)
def test_a_place_is_written_so_that_it_can_be_clicked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, top: str, written: str, inner: str
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path(top.replace("{here}", str(tmp_path)))
    assert shared.prefix(folder) == written.replace("{here}", str(tmp_path))
    assert shared.prefix_from_here(folder) == inner


def test_a_calendar_is_the_folder_that_is_named_else_the_one_called_so_else_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shared.folder(None) == Path()
    Path("calendar").mkdir()
    assert shared.folder(None) == Path("calendar")
    assert shared.folder(Path("acme")) == Path("acme")
    Path("posts.yaml").touch()
    with pytest.raises(UsageError, match=r'"posts\.yaml" is a file; a calendar is a folder'):
        shared.folder(Path("posts.yaml"))
