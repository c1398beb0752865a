"""How an error that ends a command is shown: what, why and the fix; as one document if JSON was asked for."""

from __future__ import annotations

import errno
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from publer_sync.commands.running.shared import document, out, say
from publer_sync.machine.durable import is_full
from publer_sync.render.layout.wording import count
from publer_sync.starting.late_modules import late_module
from publer_sync.values.errors import CalendarError, OutputError, UsageError
from publer_sync.values.printable import printable, printable_line
from publer_sync.values.problems import errors_in

if TYPE_CHECKING:
    from publer_sync.render.layout import documents
    from publer_sync.values.errors import PublerSyncError
else:
    documents = late_module("publer_sync.render.layout.documents")


def show(error: PublerSyncError, *, style: str) -> None:
    """In the `style` that was asked for on stdout, and on stderr for whoever reads a log."""
    with suppress(BrokenPipeError, OutputError):  # the exit code tells too
        if style == "json":
            document(document_of(error))
        elif style == "markdown":
            out(_page(error))
    is_shown = isinstance(error, CalendarError) and error.shown is not None
    if not (style == "json" and is_shown) and not (style == "markdown" and sys.stdout.isatty()):
        say(text(error))


def _page(error: PublerSyncError) -> str:
    from publer_sync.render import markdown

    shown = error.shown if isinstance(error, CalendarError) else None
    return shown or markdown.failure(error)


def of_system(error: OSError) -> PublerSyncError | None:
    """What the system said, where nothing is wrong with publer-sync: a full disk, or a name that no disk can have."""
    if is_full(error):
        where = f" of {error.filename}" if error.filename else ""
        return OutputError(
            f"there is no room on the disk{where}: {error.strerror}",
            code="disk.full",
            hint="Make room on it, and run the command again.",
        )
    if error.errno == errno.ENAMETOOLONG:
        return UsageError(f'"{printable_line(str(error.filename), 60)}" is too long for the name of a file')
    return None


def text(error: PublerSyncError) -> str:
    if isinstance(error, CalendarError) and error.shown is not None:
        return error.shown
    lines = [f"error: {printable(error.message)}"]
    lines += [f"  {line}" for line in printable(error.hint or "").splitlines()]
    return "\n".join(lines)


def document_of(error: PublerSyncError) -> documents.ErrorDocument:
    problems = error.problems if isinstance(error, CalendarError) else ()
    return documents.error(error.code, error.message, problems, hint=error.hint)


def line(error: PublerSyncError) -> str:
    """The error in a few words."""
    if isinstance(error, CalendarError):
        return f"{count(len(errors_in(error.problems)), 'error')} in the calendar"
    return printable(error.message).partition("\n")[0]
