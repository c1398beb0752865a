"""Which commits led to the one that is checked out, mostly in a repository without a remote: nothing has to be fetched there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.history import History
from tests.ledger.git_world import BY, git

if TYPE_CHECKING:
    from pathlib import Path

NOBODYS = "0123456789" * 4


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Three commits, of which another branch has the last and the one that is checked out the first two."""
    top = tmp_path / "repository"
    top.mkdir()
    git(top, "init", "-q", "-b", "main")
    for text in ("one", "two", "three"):
        (top / "posts.yaml").write_text(f"# {text}\n")
        git(top, "add", "-A")
        git(top, *BY, "commit", "-qm", text)
    git(top, "branch", "later")
    git(top, "reset", "-q", "--hard", "HEAD~1")
    return top


def test_what_a_branch_has_is_known_and_newer_than_what_is_checked_out(top: Path) -> None:
    history = History.of(top)
    assert history is not None
    first, later = git(top, "rev-parse", "HEAD~1"), git(top, "rev-parse", "later")
    assert (history.has_remote, history.complete) == (False, True)
    assert [history.knows(commit) for commit in (first, later, NOBODYS)] == [True, True, False]
    assert [history.contains(commit) for commit in (first, later)] == [True, False]
    assert [history.leads_here(commit) for commit in (first, history.head, later)] == [True, True, False]


def test_what_a_branch_of_the_remote_has_is_known_also_where_nobody_has_fetched_it(top: Path) -> None:
    git(top.parent, "clone", "-q", "--single-branch", "-b", "main", f"file://{top}", "clone")
    history = History.of(top.parent / "clone")
    assert history is not None
    assert [history.knows(commit) for commit in (git(top, "rev-parse", "later"), NOBODYS)] == [True, False]


def test_the_branch_to_merge_for_a_commit_is_the_default_one_where_that_has_it(top: Path) -> None:
    history = History.of(top)
    assert history is not None
    later = git(top, "rev-parse", "later")
    assert (history.branch_with(later), history.branch_with(history.head)) == ("later", "")
    git(top.parent, "clone", "-q", "-b", "main", f"file://{top}", "clone")
    clone = top.parent / "clone"
    git(clone, "checkout", "-q", "-b", "mine")
    git(top, "checkout", "-q", "-b", "a", "later")
    git(top, *BY, "commit", "-q", "--allow-empty", "-m", "four")
    git(top, "checkout", "-q", "main")
    git(top, "merge", "-q", "--ff-only", "later")
    git(top, *BY, "commit", "-q", "--allow-empty", "-m", "five")
    history = History.of(clone)
    assert history is not None
    assert history.branch_with(later) == "origin/main"
    git(top, "reset", "-q", "--hard", "HEAD~2")
    history = History.of(clone)
    assert history is not None
    assert history.branch_with(later) == "origin/a"


def test_files_are_compared_with_those_since_the_commit_even_where_the_history_was_cut_off(top: Path) -> None:
    git(top.parent, "clone", "-q", "--depth=2", "-b", "later", f"file://{top}", "part")
    part = top.parent / "part"
    git(part, "remote", "remove", "origin")
    history = History.of(part)
    assert history is not None
    assert not history.complete
    before, now = (git(part, "rev-parse", f"{commit}:posts.yaml") for commit in ("HEAD~1", "HEAD"))
    commit = git(part, "rev-parse", "HEAD~1")
    assert history.has_trees(commit, {"posts.yaml": before})
    assert history.has_trees(commit, {"posts.yaml": now})
    assert not history.has_trees(commit, {"posts.yaml": NOBODYS})


def test_the_lines_that_each_commit_added_come_first_commit_first(top: Path) -> None:
    history = History.of(top)
    assert history is not None
    assert history.versions("posts.yaml") == ["# one", "# two"]


def test_outside_of_git_and_before_the_first_commit_there_is_none(tmp_path: Path) -> None:
    assert History.of(tmp_path) is None
    git(tmp_path, "init", "-q")
    assert History.of(tmp_path) is None
