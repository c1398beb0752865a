"""What a calendar tells of a mistake in each way that it has, against what is kept in `told/`."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest

from tests.calendar.told import KEPT, kept, told_by
from tests.system.test_mistakes import top

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["top"]


@pytest.mark.parametrize("name", sorted(path.stem for path in KEPT.glob("*.txt")))
def test_what_is_told_of_mistakes(top: Path, name: str) -> None:
    differs = []
    for mistake, told in kept((KEPT / f"{name}.txt").read_text(encoding="utf-8")).items():
        now = told_by(mistake, top).rstrip("\n")
        differs += [*unified_diff(told.splitlines(), now.splitlines(), f"{mistake}, kept", "now", lineterm="")]
    assert not differs, (
        "read what differs; if it is meant, write it anew: python -m tests.calendar.told\n" + "\n".join(differs)
    )
