"""What a calendar tells of a mistake, in each way that it has, is as it is in `stored/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from tests.calendar.calendars import judged, meaning
from tests.calendar.scenes import SCENES
from tests.calendar.told import (
    KEPT,
    MEANT,
    broken_told,
    chosen,
    laid_out,
    meant_by,
    settings_told,
    small_meant,
    told_of,
    told_of_all,
)
from tests.stored import agrees
from tests.system.test_mistakes import top

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["top"]


@pytest.mark.parametrize("name", SCENES)
def test_what_calendars_mean_and_what_is_told_of_them(tmp_path: Path, name: str) -> None:
    agrees(MEANT / f"{name}.txt", meant_by(name, tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SCENES.keys() - {"odd"}))  # of which each file has problems
def test_a_calendar_that_is_read_again_after_a_save_means_what_it_would_mean_now(
    tmp_path: Path, name: str
) -> None:
    """Whatever is kept of what was read before: a line is added or lost, words change, or a file goes."""
    top = laid_out(name, tmp_path)
    first = read(top)
    _ = first.desired
    wrong = {each.location.file for each in first.problems if each.location is not None}
    for document in first.documents[:3]:
        calendar = first
        lines = document.raw.decode().split("\n")
        middle = len(lines) // 2
        saves: tuple[list[str] | None, ...] = (
            [*lines[:middle], "# a note", *lines[middle:]],
            [*lines[:middle], *lines[middle + 1 :]],
            [
                line.replace("text: ", "text: New ") if number > middle else line
                for number, line in enumerate(lines)
            ],
            None,
        )
        for saved in (
            saves[2:] if document.file in wrong else saves
        ):  # nothing is kept of a file with problems
            files = {document.file: None if saved is None else "\n".join(saved).encode()}
            again, now = calendar.with_files(files), read(top, instead=files)
            assert [each.file for each in again.documents] == [each.file for each in now.documents]
            assert sorted(again.names) == sorted(now.names)
            assert meaning(again.desired.posts) == meaning(now.desired.posts), (document.file, saved)
            assert told_of(judged(again)).splitlines() == told_of(judged(now)).splitlines(), document.file
            calendar = again if saved is not None else calendar
            if any(each.page is not None for each in first.documents):
                return  # of a calendar with pages, all is read again


def test_what_small_calendars_mean_and_what_is_told_of_them(tmp_path: Path) -> None:
    agrees(MEANT / "small.txt", small_meant(tmp_path))


def test_what_is_told_of_settings(top: Path) -> None:
    agrees(MEANT / "settings.txt", settings_told(top / "posts"))


def test_what_is_told_of_broken_files(top: Path) -> None:
    agrees(MEANT / "broken.txt", broken_told(top / "posts"))


@pytest.mark.parametrize("file", sorted(KEPT.glob("*.txt")), ids=lambda file: file.stem)
def test_what_is_told_of_mistakes(top: Path, file: Path) -> None:
    agrees(file, told_of_all(chosen(file.read_text(encoding="utf-8")), top))
