"""What `move` and `copy` change, for a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

from publer_sync.render.layout.documents import FORMAT_VERSION, ProblemData, problem_data
from publer_sync.render.layout.file_diff import diffs, diffs_data
from publer_sync.render.layout.terminal import PLAIN
from publer_sync.render.problems import concise
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.render.layout.documents import DiffData
    from publer_sync.render.layout.terminal import Screen
    from publer_sync.values.documented import Version
    from publer_sync.values.problems import Problem


def text(
    say: str,
    files: Mapping[str, bytes],
    problems: Sequence[Problem],
    *,
    before: Mapping[str, bytes],
    prefix: str,
    screen: Screen = PLAIN,
) -> str:
    """Everything but the question. `prefix` is the calendar's folder, before the names of its files."""
    lines = diffs(files, before, prefix=prefix, screen=screen)
    lines.append(one_line(say) if files else f"{one_line(say)} The files say so already.")
    return "\n".join(lines) + "\n" + concise(problems, prefix=prefix)


class MoveDocument(TypedDict):
    """What publer-sync move and copy --format json print."""

    format_version: Version
    calendar: Annotated[str, "the calendar's name"]
    written: Annotated[bool, "whether files were written; false with `--diff`, and where nothing changes"]
    change: Annotated[str, "what was done, in words"]
    problems: Annotated[list[ProblemData], "the warnings that come with it"]
    files: Annotated[list[DiffData], "the files that change"]


def document(
    say: str,
    files: Mapping[str, bytes],
    problems: Sequence[Problem],
    *,
    calendar: str,
    before: Mapping[str, bytes],
    written: bool,
) -> MoveDocument:
    return {
        "format_version": FORMAT_VERSION,
        "calendar": calendar,
        "written": written,
        "change": one_line(say),
        "problems": [problem_data(each) for each in problems],
        "files": diffs_data(files, before),
    }
