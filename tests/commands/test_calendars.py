"""`calendars`: which folders are calendars, for people and for the matrix of a workflow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.conftest import run_here
from tests.ledger.git_world import git
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Ran

SETTINGS = "timezone: UTC\naccounts: {x: Me}\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, more in (("acme", "workspace: Acme\nstate: git:states\n"), ("clients/globex", "")):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "publer.yaml").write_text(SETTINGS + more, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    return tmp_path


def calendars(home: Path, *words: str) -> Ran:
    ran = run_here(("calendars", *words), {}, cwd=home)
    assert ran.code == 0, ran
    return ran


@each_of(
    ("words", "told"),
    [
        ((), "acme            Acme\nclients/globex\n"),
        (("acme", "empty"), "acme  Acme\n"),
        (("empty",), "No folder here has a publer.yaml.\n"),
    ],
)
def test_each_is_named_with_its_workspace(home: Path, words: tuple[str, ...], told: str) -> None:
    assert calendars(home, *words).stdout == told


def test_a_workflow_gets_what_it_needs_to_start_a_job_for_each(home: Path) -> None:
    found = json.loads(calendars(home, "--format", "json").stdout)["include"]
    assert found == [
        {"calendar": "acme", "name": "acme", "workspace": "Acme", "state": "git:states"},
        {"calendar": "clients/globex", "name": "globex", "workspace": None, "state": None},
    ]


def test_only_those_that_changed_are_named(home: Path) -> None:
    git(home, "init", "-q", "--template=")
    git(home, "add", "acme", "clients")
    git(home, "commit", "-qm", "two calendars")
    assert calendars(home, "--changed-since", "HEAD").stdout == "No calendar has changed.\n"
    (home / "acme" / "march.yaml").write_text("posts: []\n", encoding="utf-8")
    assert calendars(home, "--changed-since", "HEAD").stdout == "acme  Acme\n"
