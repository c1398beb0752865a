"""The entry of the command line: prints what ends a command, and returns its exit code. Results go to stdout, messages to stderr."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

gc.disable()  # what is imported here stays; looking for garbage in it would take a quarter of the time of --help

import click  # noqa: E402 — imported while the garbage collector is off

from publer_sync.cli import assisting, completing, core, editing, seeing, sharing, starting, stopping  # noqa: E402 — imported while the garbage collector is off
from publer_sync.cli.group import main_group  # noqa: E402 — imported while the garbage collector is off
from publer_sync.values.errors import Interrupted, PublerSyncError, UsageError  # noqa: E402 — imported while the garbage collector is off

if TYPE_CHECKING:
    from collections.abc import Iterator

gc.freeze()
# posts, listing and plan stay to the end: walking them again and again finds nothing
gc.set_threshold(1_000_000, 20, 20)
gc.enable()

THEMES = (assisting, completing, core, editing, seeing, sharing, starting, stopping)
"""The modules whose commands have joined the group."""


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit: the one place where errors become text and exit codes."""
    arguments = sys.argv[1:] if argv is None else argv
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name) or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - it takes the place of a stream that is missing, until the process ends
        setattr(sys, name, stream)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        with _heeding_sigterm():
            code = _run(arguments)
    except Exception as error:  # noqa: BLE001 — whatever it is, the user gets a sentence and a log
        from publer_sync.machine.bug_log import bug

        code = _fail(bug(error, arguments, os.environ), arguments)
    sys.exit(code)


@contextmanager
def _heeding_sigterm() -> Iterator[None]:
    """End as on Ctrl-C where the machine, a runner or a cluster says stop, so that nothing half done is left behind."""
    heeded = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    )
    if heeded:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        if heeded:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _run(arguments: list[str]) -> int:
    try:
        _check_utf8(arguments)
        code = main_group.main(arguments, prog_name="publer-sync", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        from publer_sync.commands.running.shared import say

        say(error.format_message())
        return UsageError.exit_code
    except click.ClickException as error:
        return _fail(UsageError(error.format_message(), hint=_usage(error)), arguments)
    except PublerSyncError as error:
        return _fail(error, arguments)
    except OSError as error:
        from publer_sync.commands.running.failure import of_system

        if (known := of_system(error)) is None:
            raise
        return _fail(known, arguments)
    except (click.Abort, KeyboardInterrupt):
        return _fail(Interrupted("stopped, as asked"), arguments)
    return int(code or 0)


def _check_utf8(arguments: list[str]) -> None:
    """Raise UsageError for words that are not UTF-8, unless they name a file: Publer and the state take only UTF-8."""
    for word in arguments:
        value = word.partition("=")[2] if word.startswith("--") else word
        if not _is_utf8(value) and not os.path.lexists(value):
            raise UsageError(f'"{value}" is not UTF-8', hint="Type it in a terminal that uses UTF-8.")


def _is_utf8(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _usage(error: click.ClickException) -> str | None:
    context = getattr(error, "ctx", None)
    return f"Help: {context.command_path} --help" if context else None


def _fail(error: PublerSyncError, arguments: list[str]) -> int:
    from publer_sync.commands.running import failure

    failure.show(
        error, style=next((style for style in ("json", "markdown") if _wants(style, arguments)), "text")
    )
    return error.exit_code


def _wants(style: str, arguments: list[str]) -> bool:
    """Read from the raw arguments: a command line that makes no sense has no parsed options."""
    return f"--format={style}" in arguments or ("--format", style) in pairwise(arguments)
