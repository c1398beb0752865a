"""Every answer of the server in some scenes of somebody's work is as it is in `stored/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stored import agrees
from tests.studio.scenes import SCENES
from tests.studio.told import told_by

STORED = Path(__file__).parent / "stored"


LONG = {"series"}
"""Of a hundred steps and more."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in LONG else ()) for name in SCENES]
)
def test_the_studio_tells_what_it_told(name: str, tmp_path: Path) -> None:
    agrees(STORED / f"{name}.txt", told_by(name, tmp_path))


def test_each_stored_scene_is_played() -> None:
    assert {each.stem for each in STORED.iterdir()} == {*SCENES}
