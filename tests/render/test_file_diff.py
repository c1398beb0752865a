"""The diff of a long file is that of the lines that differ, with the numbers that they have in it."""

from __future__ import annotations

import random
import subprocess
from typing import TYPE_CHECKING

import pytest

from publer_sync.render.layout.file_diff import file_diff

if TYPE_CHECKING:
    from pathlib import Path

LINES = [f"line {number}\n" for number in range(500)]


def changed(lines: list[str], chance: random.Random) -> list[str]:
    new = list(lines)
    for _ in range(chance.randint(1, 3)):
        at = chance.choice((0, 1, 5, 250, len(new) - 1, len(new)))
        new[at : at + chance.randint(0, 2)] = ["new\n"] * chance.randint(0, 2)
    return new


@pytest.mark.parametrize("seed", range(4))
def test_git_makes_the_new_file_of_the_old_one(tmp_path: Path, seed: int) -> None:
    new = changed(LINES, random.Random(seed))
    before, after = "".join(LINES).encode(), "".join(new).encode()
    (tmp_path / "file").write_bytes(before)
    diff = file_diff("file", before, after)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=diff.encode(), check=True)
    assert (tmp_path / "file").read_bytes() == after
    assert diff.count("\n") < 40


def test_lines_have_the_numbers_of_the_file_and_three_others_around_them() -> None:
    diff = file_diff("file", "".join(LINES).encode(), "".join([*LINES[:250], "new\n", *LINES[251:]]).encode())
    assert diff.splitlines()[2:] == [
        "@@ -248,7 +248,7 @@",
        *(" line 247", " line 248", " line 249", "-line 250", "+new", " line 251", " line 252", " line 253"),
    ]
    assert file_diff("file", b"a\n", b"a\n") == ""


def test_numbers_in_the_lines_themselves_stay_as_they_are() -> None:
    lines = [*LINES[:250], "from -2 to +3\n", *LINES[250:]]
    diff = file_diff("file", "".join(LINES).encode(), "".join(lines).encode())
    assert "+from -2 to +3" in diff.splitlines()
