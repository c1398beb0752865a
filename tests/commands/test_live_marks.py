"""The marks of what plan would do: asked for once somebody changed something and it is calm, and by the clock of the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from publer_sync.commands.beside import live_marks
from publer_sync.commands.beside.live_marks import LiveMarks
from publer_sync.commands.edit import studio_of
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.frame import Frame
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.studio.studio import Studio

LATER = datetime(2199, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def marks(tmp_path: Path) -> tuple[Studio, LiveMarks]:
    """Of a rehearsal that began on another day than it is on the page."""
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: {name: Me, provider: x}}\n", "utf-8")
    (top / "posts.yaml").write_text("posts: []\n", "utf-8")
    studio = studio_of([top], read_only=True, now=lambda: LATER)
    choice = Choice(sandbox=True, now="2198-01-01 10:00")
    return studio, LiveMarks(studio, Frame.of([top], choice, style="text", offline=True))


def test_a_rehearsal_is_compared_at_the_time_that_the_page_has(marks: tuple[Studio, LiveMarks]) -> None:
    studio, live = marks
    frame = live._frame
    live._frame = replace(frame, choice=replace(frame.choice, now=None))
    live.ask()
    assert "Sat 2 Mar" not in studio.opened[0].marking.source
    live._frame = frame
    live.ask()
    assert studio.opened[0].marking.source == "Compared with Publer on Sat 2 Mar 09:30."


def test_publer_is_asked_beside_the_work(
    marks: tuple[Studio, LiveMarks], monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, live = marks
    asked = Event()

    def sleep(_: float) -> None:
        asked.set()
        Event().wait()

    monkeypatch.setattr(live_marks, "time", SimpleNamespace(sleep=sleep))
    live.start()
    assert asked.wait(PATIENCE)
    assert studio.opened[0].marking.source.startswith("Compared with Publer")


def test_publer_is_asked_once_for_each_change_and_never_without_a_pause(
    marks: tuple[Studio, LiveMarks], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, live = marks
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            (tmp_path / "calendar" / "more.yaml").write_text("posts: []\n", "utf-8")
            studio.follow()
        if len(naps) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(live_marks, "time", SimpleNamespace(sleep=sleep))
    with pytest.raises(KeyboardInterrupt):
        live._follow()
    calm, between = live_marks._CALM, live_marks._BETWEEN
    assert naps == [between, calm, calm, between, calm]
    assert studio.opened[0].marking.source.startswith("Compared with Publer")
