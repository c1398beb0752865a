"""What `validate --fix` changes, for people and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.render.documents import problem_data
from publer_sync.render.file_diff import diff_lines, file_diff
from publer_sync.render.terminal import PLAIN, Screen
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.content import Json
    from publer_sync.problems import Problem


def diff(
    files: Mapping[str, bytes], before: Mapping[str, bytes], *, prefix: str, screen: Screen = PLAIN
) -> str:
    """`prefix` is the calendar's folder, before the names of its files."""
    lines: list[str] = []
    for file, after in sorted(files.items()):
        lines += [*diff_lines(f"{prefix}/{file}".lstrip("/"), before[file], after, screen), ""]
    return "".join(f"{line}\n" for line in lines)


def total(fixes: int, files: int, *, would: bool) -> str:
    """`would`: nothing is written, and what follows is how the calendar would stand."""
    more = f" With {'it' if fixes == 1 else 'them'}:" if would else ""
    return f"{count(fixes, 'fix', 'fixes')} in {count(files, 'file')}.{more}"


def data(
    fixes: Sequence[Problem], files: Mapping[str, bytes], before: Mapping[str, bytes], *, written: bool
) -> dict[str, Json]:
    """The keys that --fix adds to the document of validate."""
    return {
        "written": written,
        "fixes": [problem_data(each) for each in fixes],
        "files": [
            {"file": file, "diff": file_diff(file, before[file], after)}
            for file, after in sorted(files.items())
        ],
    }
