"""What commands that write files share: the question, where a new post goes, and a result in a file that the user named."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path

from publer_sync.calendar.folder import calendar_below, takes_posts
from publer_sync.machine.durable import replace_file, save_file
from publer_sync.machine.own_folder import unfinished
from publer_sync.render.layout.wording import count
from publer_sync.values.errors import UsageError
from publer_sync.values.printable import printable_line


def question(files: int) -> str:
    return f"This writes {count(files, 'file')}; Publer is not changed."


def post_file(top: Path, to: str) -> str:
    """The path in the calendar of a file for posts. `to` is relative to the current folder or to the calendar. Raises UsageError."""
    here = top.resolve()
    path = Path(to).resolve()
    if not path.is_relative_to(here):
        path = (here / to).resolve()
    if not path.is_relative_to(here):
        raise UsageError(f"--to: {to} is not in the calendar {top}")
    file = path.relative_to(here).as_posix()
    if not takes_posts(file):
        raise UsageError(f"--to: {file} can't hold posts", hint="Name a file that ends in .yaml.")
    if (other := calendar_below(file, here)) is not None:
        raise UsageError(
            f"--to: {file} belongs to another calendar, {printable_line(other)}",
            hint=f"Name a file outside of {printable_line(other)}, or run the command for that calendar.",
        )
    return file


def put(file: Path, data: bytes, top: Path | None) -> None:
    """Write a result to a file that the user named. Until it is whole it is in `unfinished` of `top`, where that can be written.

    Raises OSError.
    """
    with ExitStack() as stack:
        folder = None
        if top is not None:
            with suppress(OSError):
                folder = stack.enter_context(unfinished(top))
        if folder is None:
            replace_file(file, data)
        else:
            save_file(file, data, folder=folder)
