"""Every answer of the server in some scenes of somebody's work, against those that are kept in `told/`."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest

from tests.studio.scenes import SCENES
from tests.studio.told import KEPT, told_by

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", SCENES)
def test_the_studio_tells_what_it_told(name: str, tmp_path: Path) -> None:
    kept = (KEPT / f"{name}.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    differs = "".join(
        unified_diff(kept, told_by(name, tmp_path).splitlines(keepends=True), "kept", "now", n=8)
    )
    assert not differs, (
        f"read what differs; if it is meant, write it anew: python -m tests.studio.told\n{differs}"
    )


def test_each_kept_scene_is_played() -> None:
    assert {each.stem for each in KEPT.iterdir()} == {*SCENES}
