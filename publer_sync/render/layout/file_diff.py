"""A file before and after, as a unified diff that `git apply` would take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.starting.late_modules import late_module
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.alike import same_ends
from publer_sync.values.printable import printable

if TYPE_CHECKING:
    import difflib
    from collections.abc import Iterator, Mapping

    from publer_sync.render.layout.documents import DiffData
    from publer_sync.render.layout.terminal import Screen
else:
    difflib = late_module("difflib")

_CONTEXT: Final = 3
_NUMBER: Final = late_pattern(r"( [-+])(\d+)")
_COLORS = {"+": "green", "-": "red", "@": "cyan"}


def file_diff(name: str, before: bytes | None, after: bytes) -> str:
    """`before` is None for a new file."""
    old, new = _lines(before), _lines(after)
    was = "/dev/null" if before is None else f"a/{name}"
    top, bottom = (max(0, alike - _CONTEXT) for alike in same_ends(old, new))
    old, new = old[top : len(old) - bottom], new[top : len(new) - bottom]
    lines = difflib.unified_diff(old, new, was, f"b/{name}", n=_CONTEXT)
    return "".join(_ended(_below(top, lines)))


def _below(top: int, lines: Iterator[str]) -> Iterator[str]:
    """With the numbers of the lines as they are so many lines further down."""
    for line in lines:
        if line.startswith("@@"):
            yield _NUMBER.sub(lambda found: f"{found[1]}{int(found[2]) + top}", line)
        else:
            yield line


def diffs(
    files: Mapping[str, bytes], before: Mapping[str, bytes], *, prefix: str, screen: Screen
) -> list[str]:
    """Those of several files as lines for a terminal; `prefix` is the calendar's folder, before their names."""
    lines: list[str] = []
    for file, after in sorted(files.items()):
        diff = printable(file_diff(f"{prefix}/{file}".lstrip("/"), before.get(file), after))
        lines += [screen.paint(line, _COLORS.get(line[:1], "")) for line in diff.rstrip("\n").split("\n")]
        lines.append("")
    return lines


def diffs_data(files: Mapping[str, bytes], before: Mapping[str, bytes]) -> list[DiffData]:
    return [
        {"file": file, "diff": file_diff(file, before.get(file), after)}
        for file, after in sorted(files.items())
    ]


def _lines(raw: bytes | None) -> list[str]:
    """Split at line feeds alone, as git does: a carriage return is part of its line."""
    text = raw.decode(errors="replace") if raw is not None else ""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return [line for line in lines if line]


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
