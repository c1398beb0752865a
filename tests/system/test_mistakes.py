"""Hundreds of mistakes: what was meant arrives, or there is an error at its place, or one with the fix. Nothing else happens."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from publer_sync.editing.fixing import fix
from publer_sync.values.problems import errors_in
from tests.calendar.calendars import CASES, judged
from tests.conftest import run_here
from tests.system.mistakes import Mistake, all_mistakes
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.values.problems import Problem

MISTAKES = all_mistakes()
SETTINGS = """\
timezone: Europe/Oslo
accounts:
  facebook: Page
  x: Me
  linkedin: Us
  instagram: Pics
  bluesky: Sky
  youtube: Films
groups: {words: [x, linkedin]}
hashtags: {core: [bun, rye]}
"""
POST = "posts:\n- at: 2027-03-02 09:00\n  accounts: x\n  text: |\n    Hello\n"
MEDIA = (
    "pixel.png",
    "media/lamp.png",
    "media/shelf-1.png",
    "week-11/cover.png",
    "brew/logo.png",
    "brew/Menu.PNG",
)


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("mistakes"))


def made(folder: Path) -> Path:
    """A calendar with settings and pictures for mistakes in posts, and one with a post for mistakes in settings."""
    posts, settings = folder / "posts", folder / "settings"
    for name in MEDIA:
        (posts / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CASES / "pixel.png", posts / name)
    (posts / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    settings.mkdir()
    (settings / "b.yaml").write_text(POST, encoding="utf-8")
    return folder


def load(top: Path, mistake: Mistake, text: str) -> Calendar:
    folder = "settings" if mistake.file == "publer.yaml" else "posts"
    return read(top / folder, instead={mistake.file: text.encode()})


def arrives(calendar: Calendar) -> list[object]:
    """What would be published, where and when, and what is said of it."""
    posts = [
        (post.account.alias, post.at, post.id or "", post.content.digest, post.note, sorted(post.ignore))
        for post in calendar.desired.posts
    ]
    return [*sorted(posts)]


def at(problems: Sequence[Problem], mistake: Mistake, severity: str) -> bool:
    """Whether there is the problem that is expected, at its place."""
    return any(
        (each.severity, each.code) == (severity, mistake.code)
        and each.location is not None
        and each.location.file == mistake.file
        and each.location.line == max(1, mistake.line)
        for each in problems
    )


def test_there_are_hundreds() -> None:
    assert len(MISTAKES) >= 1150
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES)
    assert len({mistake.written for mistake in MISTAKES}) == len(MISTAKES)


@pytest.mark.slow
@each_of("mistake", MISTAKES, ids=lambda each: each.name)
def test_what_was_meant_arrives_or_there_is_an_error_at_its_place(top: Path, mistake: Mistake) -> None:
    right, wrong = load(top, mistake, mistake.meant), load(top, mistake, mistake.written)
    problems = judged(wrong)
    assert errors_in(judged(right)) == []
    assert all(each.message and str(each.help) for each in problems), problems
    if mistake.outcome.startswith("warning "):
        assert errors_in(problems) == []
        assert at(problems, mistake, "warning"), problems
        assert mistake.code not in {each.code for each in judged(right)}
        return
    if mistake.outcome.startswith("same"):
        assert errors_in(problems) == []
        assert arrives(wrong) == arrives(right)
        assert mistake.outcome == "same" or at(problems, mistake, "warning"), problems
        return
    assert at(problems, mistake, "error"), problems
    fixed = fix(wrong, judged)
    if mistake.outcome.startswith("fix"):
        assert fixed.errors == []
        assert arrives(fixed.calendar) == arrives(right)
    else:
        assert mistake.outcome.startswith("error ")
        assert fixed.errors != []


@pytest.mark.usefixtures("before_march")
def test_the_command_line_says_the_same(tmp_path: Path) -> None:
    """Of each file, the first mistake that is one and the first that is none."""
    top = made(tmp_path)
    chosen: dict[tuple[str, bool], Mistake] = {}
    for mistake in MISTAKES:
        chosen.setdefault(
            (mistake.name.partition(":")[0], mistake.outcome.startswith(("same", "warning"))), mistake
        )
    assert len(chosen) > 20
    for (_, fine), mistake in chosen.items():
        folder = top / ("settings" if mistake.file == "publer.yaml" else "posts")
        file = folder / mistake.file
        before = file.read_text(encoding="utf-8") if file.exists() else None
        file.write_bytes(mistake.written.encode())
        ran = run_here(["validate", folder], {})
        assert ran.code == (0 if fine else 3), mistake.name
        assert fine or f"{mistake.file}:{max(1, mistake.line)}:" in ran.stdout
        assert not fine or "No problems." in ran.stdout or "No errors." in ran.stdout
        file.unlink()
        if before is not None:
            file.write_text(before, encoding="utf-8")
