"""Writes files of a calendar: media first, then each file as a whole, and none over what somebody saved meanwhile."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING

from publer_sync.machine.durable import make_folder, move_file, room_fix, save_file
from publer_sync.machine.own_folder import unfinished
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.errors import Interrupted, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_MOST_NAMES = 12


@contextmanager
def workshop(top: Path) -> Iterator[Path]:
    """`unfinished`; raises OutputError where there can be none."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(unfinished(top))
        except OSError as error:
            raise _unwritten(f"the calendar {top}", error, "Nothing was written.") from error
        yield folder


@dataclass(frozen=True, slots=True)
class Saving:
    """What a `command` writes into the calendar in `top`: `media`, each from the finished file that moves there, and `files`.

    `before` is what the files hold that are replaced; a file that is not in it must not exist yet. A file that is None is removed.
    """

    top: Path
    command: str
    files: Mapping[str, bytes | None]
    before: Mapping[str, bytes]
    media: Mapping[str, Path] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write the media, then the files, by way of a workshop's `folder`, each compared right before it is replaced.

        Raises OutputError where one was changed meanwhile or can't be written, Interrupted where someone asked to stop;
        both say what was written and what was not.
        """
        for file in self.files:
            self._compare(file)
        file = ""
        try:
            for file, source in self.media.items():
                make_folder(self._path(file).parent)
                move_file(source, self._path(file), check=partial(self._compare, file))
            for file, raw in self.files.items():
                if raw is None:
                    self._compare(file)
                    self._path(file).unlink(missing_ok=True)
                    continue
                make_folder(self._path(file).parent)
                save_file(self._path(file), raw, folder=folder, check=partial(self._compare, file))
        except OSError as error:
            raise _unwritten(file, error, self._so_far()) from error
        except KeyboardInterrupt:
            raise Interrupted("stopped, as asked", hint=self._so_far()) from None

    def _path(self, file: str) -> Path:
        return (self.top / file).resolve()

    def _compare(self, file: str) -> None:
        path = self._path(file)
        try:
            now = path.read_bytes() if path.exists() else None
        except OSError as error:
            raise OutputError(f"{file} cannot be read: {error.strerror}", hint=self._so_far()) from error
        if now not in (self.before.get(file), self.files.get(file)):
            raise OutputError(
                f"{file} was changed while {self.command} was running",
                hint=f"{self._so_far()}\nRun {self.command} again: it starts from what the files say now.",
            )

    def _so_far(self) -> str:
        """As it is on the disk: a run can be stopped between a write and its next line."""
        media = [file for file, source in self.media.items() if not source.exists()]
        done = [*media, *(file for file, raw in self.files.items() if self._has(file, raw))]
        left = [file for file in (*self.media, *self.files) if file not in done]
        if not done:
            return "Nothing was written."
        return f"Written: {_names(done)}.\nNot written: {_names(left) if left else 'none'}."

    def _has(self, file: str, raw: bytes | None) -> bool:
        path = self._path(file)
        try:
            return (path.read_bytes() if path.exists() else None) == raw
        except OSError:
            return False


def _unwritten(what: str, error: OSError, so_far: str) -> OutputError:
    hint = "\n".join(filter(None, [room_fix(error), so_far]))
    return OutputError(f"{what} cannot be written: {error.strerror}", hint=hint)


def _names(files: Sequence[str]) -> str:
    more = len(files) - _MOST_NAMES
    return ", ".join(files[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
