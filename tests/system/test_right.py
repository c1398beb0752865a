"""Hundreds of right files in ten languages: nothing is said about any of them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from tests.calendar.calendars import CASES
from tests.conftest import ROOT, run_here
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "tests" / "right"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.txt"))
BEFORE = datetime(2027, 1, 1, tzinfo=UTC)
SETTINGS = """\
timezone: Europe/Oslo
accounts: {{x: Me, linkedin: Us}}
dates: {{{date}: 2027-04-06}}
hosts: {{own: [fjordlight.example], severity: error}}
cadence: {{hours: 07:00-21:00}}
words:
- never: [{never}]
  severity: error
- say: {{{say}}}
- must: [{must}]
  labels: [paid]
  severity: error
"""


def posts_of(language: str) -> tuple[str, list[tuple[str, str]]]:
    """The settings, and each post with its name."""
    head, *parts = (FOLDER / f"{language}.txt").read_text(encoding="utf-8").split("\n== ")
    told = dict(line.split(": ", 1) for line in head.strip().split("\n"))
    return SETTINGS.format(**told), [
        (part.partition("\n")[0], part.partition("\n")[2].strip("\n")) for part in parts
    ]


def test_there_are_hundreds_in_ten_languages() -> None:
    counts = [len(posts_of(language)[1]) for language in LANGUAGES]
    assert len(LANGUAGES) >= 10
    assert sum(counts) >= 300


@pytest.mark.slow
@each_of("language", LANGUAGES)
def test_nothing_is_said_about_a_right_file(tmp_path_factory: pytest.TempPathFactory, language: str) -> None:
    settings, posts = posts_of(language)
    top = tmp_path_factory.mktemp(language)
    shutil.copy(CASES / "pixel.png", top / "pixel.png")
    (top / "publer.yaml").write_text(settings, encoding="utf-8")
    unused = {"date.unused", "media.unused"}
    for name, text in posts:
        calendar = read(top, instead={"a.yaml": f"posts:\n{text}\n".encode()})
        found = [each for each in calendar.judge(calendar.desired, now=BEFORE) if each.code not in unused]
        assert found == [], f"{language}: {name}"


def test_the_command_line_says_the_same(tmp_path: Path) -> None:
    settings, posts = posts_of("japanese")
    (tmp_path / "publer.yaml").write_text(settings, encoding="utf-8")
    (tmp_path / "a.yaml").write_text(f"posts:\n{dict(posts)['a date with a name']}\n", encoding="utf-8")
    ran = run_here(["validate", tmp_path, "--strict"], {})
    assert (ran.code, ran.stdout.rpartition(". ")[2]) == (0, "No problems.\n")
