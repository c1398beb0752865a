"""What a pull writes, and what it leaves, is as `pulls.txt` has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pulling.pulls import FORMS, in_its_minute, new_posts, section
from tests.stored import part_agrees

STORED = Path(__file__).parent / "stored"


@pytest.mark.parametrize("form", FORMS)
def test_an_edit_in_publer_is_written_as_the_table_says(form: str, tmp_path: Path) -> None:
    part_agrees(STORED / "pulls.txt", form, section(form, tmp_path))


def test_a_new_post_in_publer_is_written_as_the_table_says(tmp_path: Path) -> None:
    part_agrees(STORED / "pulls.txt", "new posts", new_posts(tmp_path))


def test_a_post_made_in_the_minute_of_another_one_is_told_as_the_table_says(tmp_path: Path) -> None:
    part_agrees(STORED / "pulls.txt", "in its minute", in_its_minute(tmp_path))
