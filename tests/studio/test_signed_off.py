"""Sign-off in the studio: whose yes a post waits for, and a yes that is put up for review like any other change."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from publer_sync.commands.approve import ApproveRequest, run
from publer_sync.commands.running.choice import Choice
from tests.conftest import ROOT
from tests.studio.desk import desk_of
from tests.system.worlds import git, png

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def top(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "signoff" / "calendar", tmp_path / "calendar")
    return tmp_path / "calendar"


def approve(top: Path, *names: str) -> None:
    assert run(Choice(top), ApproveRequest(names, by="kari", yes=True), style="text") == 0


def test_a_card_says_whose_yes_is_there_and_whose_is_missing(top: Path) -> None:
    with desk_of(top) as desk:
        page = desk.page
        assert page.count("to be signed off by Kari, Acme AS (linkedin)") == 1, "on x nobody is asked"
        assert page.count("to be signed off by Kari, Acme AS<") == 4
        assert "to be signed off by Kari, Acme AS and of Legal" in page
        approve(top, "launch")
        assert "signed off by Kari, Acme AS (linkedin)" in desk.page
        words = (top / "april.yaml").read_text(encoding="utf-8").replace("lights itself", "lights your way")
        (top / "april.yaml").write_text(words, encoding="utf-8")
        assert "to be signed off by Kari, Acme AS (linkedin)" in desk.page


def test_a_picture_that_nobody_has_read_yet_is_known_by_its_bytes(top: Path) -> None:
    """The studio and the preview read no media to show a calendar; approve has read them."""
    (top / "april.yaml").write_text(
        "posts:\n- {id: a, at: 2027-04-06 09:00, accounts: linkedin, text: Words, "
        "media: [{file: a.png, alt: A picture}]}\n",
        encoding="utf-8",
    )
    (top / "a.png").write_bytes(png(1))
    approve(top, "a")
    with desk_of(top) as desk:
        assert ">signed off by Kari, Acme AS<" in desk.page
        (top / "a.png").write_bytes(png(2))
        assert "to be signed off by Kari, Acme AS" in desk.page


@pytest.mark.story
def test_what_is_committed_is_no_change_and_a_new_yes_is_one(top: Path) -> None:
    approve(top, "launch")
    git(top.parent, "init", "-q", "-b", "main")
    git(top.parent, "add", "-A")
    git(top.parent, "-c", "user.name=Kari", "-c", "user.email=k@example.com", "commit", "-qm", "Begin")
    with desk_of(top) as desk:
        (last,) = desk.studio.git.commits
        last.ask()
        assert [*last.differing()] == []
        approve(top, "repair")
        desk.get("/studio/posts")
        assert [*last.differing()] == ["approvals.yaml"]
