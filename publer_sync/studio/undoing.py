"""What this session wrote, and how it is taken back: no byte but those that it wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Overwritten(Exception):
    """Someone has changed what was written."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """The bytes of a file before and after; None where there is no file."""

    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """One change of the calendar with this number: `label` says what it did, `files` what it wrote."""

    calendar: int
    label: str
    files: Mapping[str, FileChange]


def taken_back(change: FileChange, now: bytes | None) -> bytes | None:
    """The file as it is without the change, where nobody has touched what it wrote. Raises Overwritten."""
    if now == change.after:
        return change.before
    if now is None or change.before is None or change.after is None:
        raise Overwritten
    before, after, lines = _lines(change.before), _lines(change.after), _lines(now)
    first, left = _same_ends(before, after)
    last = len(after) - left
    others_first, others_left = _same_ends(after, lines)
    others_last = len(after) - others_left
    mine = before[first : len(before) - left]
    if last <= others_first:
        return b"".join([*lines[:first], *mine, *lines[last:]])
    if others_last <= first:
        by = len(lines) - len(after)
        return b"".join([*lines[: first + by], *mine, *lines[last + by :]])
    raise Overwritten


def _lines(raw: bytes) -> list[bytes]:
    return raw.splitlines(keepends=True)


def _same_ends(one: Sequence[bytes], other: Sequence[bytes]) -> tuple[int, int]:
    """How many lines two files have in common at the start, and how many of the others at the end."""
    most = min(len(one), len(other))
    start = next((number for number in range(most) if one[number] != other[number]), most)
    end = 0
    while end < most - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return start, end
