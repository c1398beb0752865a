"""Which files a run has, as git names them: of the calendar and of what it shares, committed or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.checkout import checkout_of, commit_of
from tests.ledger.git_world import BY, git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A calendar in a folder of a repository, beside what it shares."""
    top = tmp_path / "repository" / "calendar"
    top.mkdir(parents=True)
    git(top.parent, "init", "-q", "-b", "main")
    (top / "posts.yaml").write_text("posts: []\n")
    (top.parent / "shared.yaml").write_text("labels: [a]\n")
    git(top.parent, "add", "-A")
    git(top.parent, *BY, "commit", "-qm", "Both")
    return top


def test_a_checkout_is_known_by_the_trees_of_its_files(top: Path) -> None:
    root = top.parent
    found = checkout_of([top, root / "shared.yaml", root / "none.yaml", root.parent / "outside.yaml"])
    assert found is not None
    assert found.trees == {
        "calendar": git(root, "rev-parse", "HEAD:calendar"),
        "shared.yaml": git(root, "rev-parse", "HEAD:shared.yaml"),
        "none.yaml": "",
    }
    assert (found.commit, found.differs) == (git(root, "rev-parse", "HEAD"), False)
    assert commit_of(top) == found.commit


def test_a_calendar_that_is_the_whole_repository_counts_as_a_whole(top: Path) -> None:
    found = checkout_of([top.parent])
    assert found is not None
    assert found.trees == {"": git(top, "rev-parse", "HEAD^{tree}")}


def test_what_was_not_committed_counts_as_a_commit_would_have_it(top: Path) -> None:
    (top / "new.yaml").write_text("posts: []\n")
    (top.parent / "shared.yaml").unlink()
    status = git(top, "status", "--porcelain")
    found = checkout_of([top, top.parent / "shared.yaml", top.parent / "none.yaml"])
    assert found is not None
    assert found.differs
    assert (found.trees["none.yaml"], git(top, "status", "--porcelain")) == ("", status), (
        "the index is theirs"
    )
    assert found.committed["calendar"] == git(top, "rev-parse", "HEAD:calendar") != found.trees["calendar"]
    git(top, "add", "-A")
    git(top, *BY, "commit", "-qm", "Later")
    assert found.trees["calendar"] == git(top.parent, "rev-parse", "HEAD:calendar")


def test_outside_of_git_and_before_the_first_commit_nothing_is_known(tmp_path: Path) -> None:
    assert checkout_of([tmp_path]) is None
    assert commit_of(tmp_path) is None
    git(tmp_path, "init", "-q")
    assert checkout_of([tmp_path]) is None
    assert commit_of(tmp_path) is None
