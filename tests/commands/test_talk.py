"""What is printed where nobody reads it, where a disk is full, and where there is a terminal."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.commands.running import shared
from publer_sync.commands.running.progress import ProgressLine
from publer_sync.values.errors import Interrupted, OutputError, UsageError
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
        ("{here}/../acme", "{here}/../acme", "{here}/../acme"),
    ],
)
def test_a_place_is_written_so_that_it_can_be_clicked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, top: str, written: str, inner: str
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path(top.replace("{here}", str(tmp_path)))
    assert shared.prefix(folder) == written.replace("{here}", str(tmp_path))
    assert shared.prefix_from_here(folder) == inner.replace("{here}", str(tmp_path))


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


def test_a_calendar_is_judged_beside_those_of_other_clients_where_the_command_has_several(
    tmp_path: Path,
) -> None:
    for name in ("acme", "bank"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "publer.yaml").write_text("timezone: UTC\n", encoding="utf-8")
    acme, bank = tmp_path / "acme", tmp_path / "bank"
    alone, beside = shared.loading([acme])(acme).clients, shared.loading([acme, bank])(acme).clients
    assert (alone == shared.load(acme).clients, beside == alone) == (True, False)


# --- what is asked ----------------------------------------------------------------------------------------------------


@each_of(
    ("answers", "again", "yes", "asked"),
    [
        ("yes\n", False, True, 0),
        (" YES \n", True, True, 0),
        ("ja\n", False, True, 0),
        ("si\u0301\n", False, True, 0),  # as some keyboards write it
        ("no\nyes\n", True, False, 0),
        ("maybe\nyes\n", False, False, 0),
        ("maybe\n\nyes\n", True, True, 2),
        ("maybe\nnein\nyes\n", True, False, 1),
        ("maybe\n", True, False, 1),
        ("", True, False, 0),
        ("", False, False, 0),
    ],
)
def test_only_a_yes_goes_on_and_what_is_neither_is_asked_again_where_that_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answers: str,
    again: bool,
    yes: bool,
    asked: int,
) -> None:
    for question in ("", "This removes 3 posts."):
        monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
        if yes:
            shared.confirm(question, again=again)
        else:
            with pytest.raises(Interrupted, match="nothing was changed: the answer was not yes") as said_no:
                shared.confirm(question, again=again)
            assert said_no.value.code == "declined"
        told = f"{question}\n" if question else ""
        told += "Type yes to continue: " + "Type yes to continue, or no to stop: " * asked
        assert (capsys.readouterr().err, shared.Waiting.open) == (told, False)


def test_a_question_is_open_until_it_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    open_then: list[bool] = []

    def readline() -> str:
        open_then.append(shared.Waiting.open)
        return "yes\n"

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(readline=readline))
    shared.confirm()
    assert (open_then, shared.Waiting.open) == ([True], False)


@each_of(
    ("line", "default", "shown", "answer"),
    [
        ("Oslo\n", None, "Where: ", "Oslo"),
        (" Oslo \n", "Bergen", "Where [Bergen]: ", "Oslo"),
        ("\n", "Bergen", "Where [Bergen]: ", "Bergen"),
        ("\n", None, "Where: ", ""),
        ("", "Bergen", "Where [Bergen]: ", None),
    ],
)
def test_an_empty_answer_is_the_default_and_none_at_all_ends_the_command(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: str,
    default: str | None,
    shown: str,
    answer: str | None,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(line))
    if answer is None:
        with pytest.raises(Interrupted, match="there was no answer"):
            shared.ask("Where", default=default)
    else:
        assert shared.ask("Where", default=default) == answer
    assert capsys.readouterr().err == shown


@each_of(
    ("somebody", "yes", "diff", "hint"),
    [
        (True, False, False, None),
        (False, True, False, None),
        (False, False, True, None),
        (False, True, None, None),
        (False, False, False, "Add --yes, or --diff to see what would change."),
        (False, False, None, "Add --yes."),
    ],
)
def test_where_nobody_can_answer_a_command_that_asks_says_what_to_add(
    monkeypatch: pytest.MonkeyPatch, somebody: bool, yes: bool, diff: bool | None, hint: str | None
) -> None:
    monkeypatch.setattr(shared, "can_ask", lambda: somebody)
    if hint is None:
        shared.need_answer(yes=yes, diff=diff)
        return
    with pytest.raises(UsageError, match="nobody can answer here") as error:
        shared.need_answer(yes=yes, diff=diff)
    assert error.value.hint == hint


@each_of(("terminal", "width"), [(80, 80), (0, 100), (None, 100)])
def test_a_screen_is_as_wide_as_its_terminal_where_that_is_known(
    monkeypatch: pytest.MonkeyPatch, terminal: int | None, width: int
) -> None:
    def size(_: int) -> os.terminal_size:
        if terminal is None:
            raise OSError(errno.ENOTTY, "not a terminal")
        return os.terminal_size((terminal, 24))

    monkeypatch.delenv("COLUMNS", raising=False)
    with Path(os.devnull).open("w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "__stdout__", stream)
        monkeypatch.setattr(os, "get_terminal_size", size)
        assert shared.screen().width == width
