"""What a calendar tells of a mistake in each way that it has, against what is kept in `told/`."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest

from tests.calendar.scenes import SCENES
from tests.calendar.told import KEPT, MEANT, kept, meant_by, settings_told, told_by
from tests.system.test_mistakes import top

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["top"]


WRITE = "read what differs; if it is meant, write it anew: python -m tests.calendar.told"


@pytest.mark.parametrize("name", SCENES)
def test_what_calendars_mean_and_what_is_told_of_them(tmp_path: Path, name: str) -> None:
    before = (MEANT / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    differs = [*unified_diff(before, meant_by(name, tmp_path).splitlines(), "kept", "now", lineterm="")]
    assert not differs, "\n".join([WRITE, *differs])


def test_what_is_told_of_settings(top: Path) -> None:
    before = (MEANT / "settings.txt").read_text(encoding="utf-8").splitlines()
    differs = [*unified_diff(before, settings_told(top / "posts").splitlines(), "kept", "now", lineterm="")]
    assert not differs, "\n".join([WRITE, *differs])


@pytest.mark.parametrize("name", sorted(path.stem for path in KEPT.glob("*.txt")))
def test_what_is_told_of_mistakes(top: Path, name: str) -> None:
    differs = []
    for mistake, told in kept((KEPT / f"{name}.txt").read_text(encoding="utf-8")).items():
        now = told_by(mistake, top).rstrip("\n")
        differs += [
            *unified_diff(told.splitlines(), now.splitlines(), f"{mistake}, kept", "now", lineterm="")
        ]
    assert not differs, "\n".join([WRITE, *differs])
