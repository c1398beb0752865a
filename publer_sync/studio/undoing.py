"""What this session wrote, and how it is taken back: no byte but those that it wrote."""

from __future__ import annotations

import difflib
from dataclasses import field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.alike import same_ends

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.studio.documents import HistoryData


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
    keys: frozenset[str] = frozenset()
    """The posts that it changed."""
    number: int = 0


MOST_STEPS: Final = 500
"""That can be undone."""


@dataclass
class StepHistory:
    """The steps that this run wrote, the latest last; each has a number, by which it alone can be undone."""

    done: list[WrittenStep] = field(default_factory=list)
    undone: list[WrittenStep] = field(default_factory=list)
    last: int = 0

    def add(self, step: WrittenStep) -> int:
        self.last += 1
        self.done = [*self.done, replace(step, number=self.last)][-MOST_STEPS:]
        self.undone.clear()
        return self.last

    def data(self) -> HistoryData:
        undo, redo = (steps[-1] if steps else None for steps in (self.done, self.undone))
        return {
            "undo": undo.label if undo else None,
            "undo_step": undo.number if undo else None,
            "redo": redo.label if redo else None,
            "redo_step": redo.number if redo else None,
        }


def taken_back(change: FileChange, now: bytes | None) -> bytes | None:
    """The file as it is without the change, where nobody has touched what it wrote. Raises Overwritten."""
    if now == change.after:
        return change.before
    if now is None or change.before is None or change.after is None:
        raise Overwritten
    before, after, lines = _lines(change.before), _lines(change.after), _lines(now)
    same = [block for block in _matching(after, lines) if block.size]
    found, done = list(lines), 0
    for mine in _differing(before, after):
        place = next(
            (each for each in same if each.a <= mine.b and mine.b + mine.after <= each.a + each.size), None
        )
        if place is None:
            raise Overwritten
        start = mine.b - place.a + place.b + done
        found[start : start + mine.after] = before[mine.a : mine.a + mine.before]
        done += mine.before - mine.after
    return b"".join(found)


class _Change(NamedTuple):
    """So many lines at `a` in one file are so many others at `b` in another."""

    a: int
    before: int
    b: int
    after: int


def _differing(one: Sequence[bytes], other: Sequence[bytes]) -> list[_Change]:
    """In order."""
    blocks = _matching(one, other)
    found, a, b = [], 0, 0
    for block in blocks:
        if a < block.a or b < block.b:
            found.append(_Change(a, block.a - a, b, block.b - b))
        a, b = block.a + block.size, block.b + block.size
    return found


def _matching(one: Sequence[bytes], other: Sequence[bytes]) -> list[difflib.Match]:
    """The lines that two files have in common, in blocks; the last is empty and stands at their ends."""
    start, end = same_ends(one, other)
    inner = difflib.SequenceMatcher(
        None, one[start : len(one) - end], other[start : len(other) - end], autojunk=False
    ).get_matching_blocks()
    found = [difflib.Match(0, 0, start)] if start else []
    found += [difflib.Match(each.a + start, each.b + start, each.size) for each in inner if each.size]
    found += [difflib.Match(len(one) - end, len(other) - end, end)] if end else []
    joined: list[difflib.Match] = []
    for each in found:
        last = joined[-1] if joined else None
        if last is not None and last.a + last.size == each.a and last.b + last.size == each.b:
            joined[-1] = difflib.Match(last.a, last.b, last.size + each.size)
        else:
            joined.append(each)
    return [*joined, difflib.Match(len(one), len(other), 0)]


def _lines(raw: bytes) -> list[bytes]:
    return raw.splitlines(keepends=True)
