"""What an apply says on stderr while it works: one line that rewrites itself, or in a log a line now and then."""

from __future__ import annotations

import re
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING, Self

from publer_sync.commands.running.shared import talking
from publer_sync.starting.late_modules import late_module
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    import shutil
else:
    shutil = late_module("shutil")

LOG_SECONDS = 15.0
"""Without a terminal, at most one line in so many seconds, unless it is about something new, as a wait for something else is."""


class ProgressLine:
    """Call it with a topic and a text; close it before anything else is printed."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._topic = ""
        self._said = 0.0
        self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, word: str, text: str) -> None:
        line = f"{word:<8} {one_line(text)}"
        topic = re.sub(r"\d", "", line) if word == "waiting" else word
        if self._terminal:
            columns = shutil.get_terminal_size().columns
            self._write(f"\r\x1b[K{line[: columns - 1]}")
            self._open = True
        elif topic != self._topic or time.monotonic() - self._said >= LOG_SECONDS:
            self._write(f"{datetime.now().astimezone():%H:%M:%S} {line}\n")
            self._said = time.monotonic()
        self._topic = topic

    def wait(self, text: str) -> None:
        """Tell what Publer is waited for, and until when."""
        self("waiting", text)

    def close(self) -> None:
        if self._open:
            self._write("\r\x1b[K")
            self._open = False

    def _write(self, text: str) -> None:
        with talking():
            sys.stderr.write(text)
