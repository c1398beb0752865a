"""Where a reader of a page can open what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publer_sync.values.problems import Location


@dataclass(frozen=True, slots=True)
class Addresses:
    """Each gives None where that is not certain.

    `line` is a line of the calendar, `file` a file on this machine, `gone` one that left the repository, by its digest and
    name, and `review` a line among the changes of the pull request that the page is about.
    """

    line: Callable[[Location], str | None] = lambda _: None
    file: Callable[[Path], str | None] = lambda _: None
    gone: Callable[[str, str], str | None] = lambda _digest, _name: None
    review: Callable[[Location], str | None] = lambda _: None


NO_ADDRESSES: Final = Addresses()
