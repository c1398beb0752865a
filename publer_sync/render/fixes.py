"""What `validate --fix` changes, in a sentence and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.render.documents import problem_data
from publer_sync.render.file_diff import diffs_data
from publer_sync.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publer_sync.content import Json
    from publer_sync.problems import Problem


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
        "files": diffs_data(files, before),
    }
