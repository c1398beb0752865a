"""What a pull writes, and what it leaves, is as `pulls.txt` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import stored
from tests.pulling.pulls import FORMS, in_its_minute, new_posts, section

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("form", FORMS)
def test_an_edit_in_publer_is_written_as_the_table_says(form: str, tmp_path: Path) -> None:
    stored.check("pulling.pulls", form, section(form, tmp_path))


def test_a_new_post_in_publer_is_written_as_the_table_says(tmp_path: Path) -> None:
    stored.check("pulling.pulls", "new posts", new_posts(tmp_path))


def test_a_post_made_in_the_minute_of_another_one_is_told_as_the_table_says(tmp_path: Path) -> None:
    stored.check("pulling.pulls", "in its minute", in_its_minute(tmp_path))
