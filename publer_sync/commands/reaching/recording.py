"""`--trace`: the requests of a command and their answers, as shapes, in a file that may be given away."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from publer_sync.publer import tracing
from publer_sync.values.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def recording(file: Path) -> Iterator[None]:
    """Record what is sent inside. Raises OutputError where the file can't be written."""
    with ExitStack() as stack:
        try:
            stack.enter_context(tracing.recording(lambda line: tracing.appended(file, line)))
        except OSError as error:
            raise OutputError(
                f"{file} can't be written: {error.strerror}",
                hint="Give --trace another file. Nothing was sent.",
            ) from error
        yield
