"""The files of an open calendar as the last commit has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.calendar.folder import APPROVALS, is_read
from publer_sync.machine.tracked import committed_files, run_git

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from publer_sync.studio.open_calendar import OpenCalendar

_READ: Final = (".yaml", ".yml", ".md")


class LastCommit:
    """The files of an open calendar as the last commit has them, asked anew by `ask`."""

    def __init__(self, opened: OpenCalendar) -> None:
        self.opened = opened
        self.found: Mapping[str, bytes] | None = None
        self._commit = ""

    def ask(self) -> None:
        commit = run_git(self.opened.top, "rev-parse", "--verify", "--quiet", "HEAD").out.decode().strip()
        if not commit or commit != self._commit:
            self._commit = commit
            self.found = committed_files(self.opened.top, _READ)

    def differing(self) -> dict[str, tuple[bytes | None, bytes | None]]:
        """Each file of the calendar that differs, before and now."""
        if self.found is None:
            return {}
        calendar = self.opened.calendar
        now = {
            each.file: each.raw for each in calendar.documents if each.page is None and each.kind != "shared"
        }
        others = {
            *calendar.names
        } - now.keys()  # such as pages of a website: it has no post of its own in them
        signed = bool(calendar.settings.signoff)
        before = {
            file: raw
            for file, raw in self.found.items()
            if (file not in others and _is_of(file, self.found)) or (signed and file == APPROVALS)
        }
        before |= self._led_to(before)
        return {
            file: (before.get(file), now.get(file))
            for file in sorted(before.keys() | now.keys())
            if before.get(file) != now.get(file)
        }

    def _led_to(self, files: Iterable[str]) -> dict[str, bytes]:
        """What each is or, as a link, led to, where that is in the calendar's folder."""
        top = self.opened.top.resolve()
        found: dict[str, bytes] = {}
        for file in files:
            if (real := (top / file).resolve()).is_relative_to(top):
                raw = self.found.get(real.relative_to(top).as_posix()) if self.found else None
                found |= {file: raw} if raw is not None else {}
        return found


def _is_of(file: str, files: Collection[str]) -> bool:
    """Whether a committed file would be read as a part of this calendar, and not of one below it."""
    hidden = any(part.startswith(".") for part in file.split("/"))
    inner = [each.removesuffix("publer.yaml") for each in files if each.endswith("/publer.yaml")]
    return not hidden and is_read(file) and not any(file.startswith(each) for each in inner)
