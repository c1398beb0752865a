"""What commands share: which folder is meant, how results are printed, and how they talk and ask on stderr."""

from __future__ import annotations

import os
import sys
import unicodedata
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.values.date_words import NO, YES
from publer_sync.values.errors import Interrupted, OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO

    from publer_sync.calendar.load import Calendar
    from publer_sync.render.layout.documents import Document
    from publer_sync.render.layout.terminal import Screen


def load(calendar: Path | None) -> Calendar:
    """Read the calendar that is meant. If it names no workspace, the environment does."""
    from publer_sync.calendar.load import read
    from publer_sync.commands.reaching.environment import Environment

    return read(folder(calendar), workspace_env=Environment.of(os.environ).workspace)


def loading(tops: Sequence[Path | None]) -> Callable[[Path | None], Calendar]:
    """Reads one of these calendars of a command, so that it is judged beside those of other clients among them."""
    if len(tops) < 2:
        return load
    from publer_sync.rules.clients import Clients

    clients = Clients([str(folder(top)) for top in tops])
    return lambda top: replace(load(top), clients=clients)


def folder(calendar: Path | None) -> Path:
    """The calendar that is meant: as given, else `calendar/` if there is one, else the current folder.

    Raises UsageError for a file.
    """
    if calendar is None:
        return Path("calendar") if Path("calendar").is_dir() else Path()
    if calendar.is_file():
        raise UsageError(
            f'"{calendar}" is a file; a calendar is a folder', hint=f"Give its folder: {calendar.parent}"
        )
    return calendar


def out(text: str) -> None:
    """Print a result. Raises BrokenPipeError if nobody reads it, OutputError if it can't be written."""
    try:
        _write(sys.stdout, text if text.endswith("\n") else f"{text}\n")
    except OSError as error:
        discard(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise
        raise OutputError(f"the output could not be written: {error.strerror}") from error


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()


def document(data: Document) -> None:
    from publer_sync.render.layout.documents import dumps

    out(dumps(data))


def say(text: str) -> None:
    """Talk, on stderr."""
    with talking():
        _write(sys.stderr, f"{text}\n")


def say_wait(wait: str) -> None:
    """Tell what Publer is waited for, and until when, without a progress line."""
    say(f"waiting {wait}")


@contextmanager
def talking() -> Iterator[None]:
    """Drop what can't be written to stderr: a closed pipe or a full disk must not end an apply halfway."""
    try:
        yield
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Discard the rest of a stream and its buffer, which Python would try to write as it ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def can_ask() -> bool:
    """Whether somebody can answer questions."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def need_answer(*, yes: bool, diff: bool | None = None) -> None:
    """Raise UsageError if there is nobody to answer a question. Called before anything is asked of Publer.

    `diff` is None for a command without --diff.
    """
    if not (yes or diff) and not can_ask():
        raise UsageError(
            "this command asks for confirmation, and nobody can answer here",
            hint="Add --yes." if diff is None else "Add --yes, or --diff to see what would change.",
        )


def ask(question: str, *, default: str | None) -> str:
    """The answer, or the default for an empty one. Raises Interrupted at the end of stdin."""
    shown = f" [{default}]" if default else ""
    _write(sys.stderr, f"{question}{shown}: ")
    if not (line := sys.stdin.readline()):
        raise Interrupted("nothing was changed: there was no answer", code="declined")
    return line.strip() or default or ""


class Waiting:
    """Whether a question is open: nothing is half done then, and an interruption is an answer."""

    open = False


def confirm(question: str = "", *, again: bool = False) -> None:
    """Ask, on a line below the question if there is one. Raises Interrupted for any answer but yes, in any of the languages of YES.

    `again`: what is neither yes nor no is asked again.
    """
    Waiting.open = True
    try:
        _write(sys.stderr, "\n".join(filter(None, (question, "Type yes to continue: "))))
        while True:
            line = sys.stdin.readline()
            answer = unicodedata.normalize("NFC", line.strip().lower())
            if not (again and line) or answer in YES | NO:
                break
            _write(sys.stderr, "Type yes to continue, or no to stop: ")
    finally:
        Waiting.open = False
    if answer not in YES:
        raise Interrupted("nothing was changed: the answer was not yes", code="declined")


def screen() -> Screen:
    """In colour only on a terminal, and as wide as it is (or COLUMNS, if set) up to what reads well."""
    from publer_sync.render.layout.terminal import Screen

    columns = _columns()
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Screen(color, max(40, min(columns, 120)))


def _columns() -> int:
    """As `shutil.get_terminal_size` has it, which would load what reads archives."""
    with suppress(ValueError):
        if (given := int(os.environ.get("COLUMNS", ""))) > 0:
            return given
    if sys.__stdout__ is None:
        return 100
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 100
    except (ValueError, OSError):  # it is closed, or not a terminal
        return 100


def prefix_from_here(top: Path) -> str:
    """The same, but relative if the folder was given as a whole path and is below the current one."""
    inner = os.path.relpath(top).replace(os.sep, "/")
    return "" if inner == "." else prefix(top) if inner.startswith("..") else inner


def prefix(top: Path) -> str:
    """How the calendar's folder is written before a file's name, so that the place can be clicked."""
    return "" if top == Path() else top.as_posix()
