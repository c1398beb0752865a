"""What an apply says while it works, where there is no terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publer_sync.commands.running.progress import ProgressLine

if TYPE_CHECKING:
    import pytest


def test_a_log_gets_a_line_for_what_is_new(capsys: pytest.CaptureFixture[str]) -> None:
    progress = ProgressLine()
    progress("check", "1 of 9 listed")
    progress("check", "2 of 9 listed")
    progress("waiting", "9 seconds for Publer's limit, until 14:03:11")
    progress("waiting", "8 seconds for Publer's limit, until 14:03:20")
    progress("waiting", "for Publer's answer: asked to list the posts; until 14:03:50 at the latest")
    progress.close()
    lines = [re.sub(r"^[\d:]{8} ", "", line) for line in capsys.readouterr().err.splitlines()]
    assert lines == [
        "check    1 of 9 listed",
        "waiting  9 seconds for Publer's limit, until 14:03:11",
        "waiting  for Publer's answer: asked to list the posts; until 14:03:50 at the latest",
    ]
