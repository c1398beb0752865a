"""Which commits led to the one that is checked out, mostly in a repository without a remote: nothing has to be fetched there."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publer_sync.ledger.history import History
from tests.ledger.git_world import BY, git

NOBODYS = "0123456789" * 4


@functools.cache
def _made() -> Path:
    """A repository and a clone of it that is a commit behind, to be copied or asked: git would be started ten times for each test."""
    folder = Path(tempfile.mkdtemp(prefix="history-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    top = folder / "repository"
    git(folder, "init", "-q", "-b", "main", "repository")
    for text in ("one", "two", "three"):
        (top / "posts.yaml").write_text(f"# {text}\n")
        git(top, "add", "-A")
        git(top, *BY, "commit", "-qm", text)
    git(top, "branch", "later")
    git(top, "reset", "-q", "--hard", "HEAD~1")
    shutil.copytree(top, folder / "remote")
    remote = folder / "remote"
    git(remote, "checkout", "-q", "-b", "side", "main~1")
    (remote / "new").mkdir()
    git(remote, "mv", "posts.yaml", "new/posts.yaml")
    git(remote, *BY, "commit", "-qm", "moves")
    git(remote, "rm", "-q", "new/posts.yaml")
    git(remote, *BY, "commit", "-q", "--allow-empty", "-m", "removes")
    git(remote, "checkout", "-q", "main")
    git(remote, "merge", "-q", "--ff-only", "later")
    git(folder, "clone", "-q", f"file://{remote}", "clone")
    git(folder / "clone", "reset", "-q", "--hard", "HEAD~1")
    return folder


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Three commits, of which another branch has the last and the one that is checked out the first two."""
    shutil.copytree(_made() / "repository", tmp_path / "repository")
    return tmp_path / "repository"


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
    git(clone, "checkout", "-q", "--detach")
    assert history_of(clone).branch_with(later) == "origin/a"
    git(top, "merge", "-q", "--ff-only", "later")
    assert history_of(clone).branch_with(later) == "", "a job's checkout: nothing can be merged there"


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


def test_when_a_file_came_is_known_to_the_second_without_a_remote(top: Path) -> None:
    history = history_of(top)
    came = datetime.fromtimestamp(int(git(top, "log", "-1", "--format=%ct", "HEAD~1")), UTC)
    assert [history.had("posts.yaml", came + timedelta(seconds=each)) for each in (-1, 0)] == [False, True]
    assert history.branch_with(NOBODYS) == ""


def test_outside_of_git_and_before_the_first_commit_there_is_none(tmp_path: Path) -> None:
    assert History.of(tmp_path) is None
    git(tmp_path, "init", "-q")
    assert History.of(tmp_path) is None


# --- the remote -----------------------------------------------------------------------------------------------------


def history_of(top: Path) -> History:
    found = History.of(top)
    assert found is not None
    return found


def commit_of(name: str) -> str:
    return git(_made() / "remote", "rev-parse", name)


def test_what_is_newest_and_what_is_on_the_default_branch_is_asked_of_the_remote() -> None:
    history = history_of(_made() / "clone")
    assert [history.is_default(name) for name in ("main", "side", "missing")] == [True, False, False]
    assert not history.is_tip(), "the remote is a commit ahead"
    assert history.knows(commit_of("side"))
    assert [history.is_on_default(commit_of(name)) for name in ("main", "side")] == [True, False]
    ahead = History(history.user, commit_of("main"))
    assert ahead.is_tip()


def test_without_a_remote_the_newest_commit_of_a_branch_is_the_newest(top: Path) -> None:
    history = history_of(top)
    assert (history.is_tip(), history.is_default("main"), history.remote_refs) == (True, False, None)
    assert not history.is_on_default(history.head)
    git(top, "checkout", "-q", "--detach")
    assert not history_of(top).is_tip()


def test_whether_a_change_is_at_the_remote_is_asked_only_where_a_commit_may_not_be(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(_made() / "clone", clone)
    assert history_of(clone).is_pushed(["posts.yaml"]) is True
    (clone / "notes").mkdir()
    (clone / "notes" / "a.txt").write_text("new")
    git(clone, "add", "-A")
    git(clone, *BY, "commit", "-qm", "notes")
    history = history_of(clone)
    told = [history.is_pushed([path]) for path in ("posts.yaml", "notes", "notes/a.txt", "note")]
    assert told == [True, False, False, True]
    git(clone, *BY, "commit", "-q", "--allow-empty", "-m", "later")
    shutil.copytree(_made() / "remote", tmp_path / "remote")
    git(clone, "remote", "set-url", "origin", f"file://{tmp_path}/remote")
    for commit in ("HEAD~1", "HEAD"):
        git(clone, "push", "-q", f"file://{tmp_path}/remote", f"{commit}:refs/heads/pushed")
        assert history_of(clone).is_pushed(["notes"]) is True, "though nobody has fetched that"
        git(tmp_path / "remote", "update-ref", "-d", "refs/heads/pushed")
    git(clone, "remote", "set-url", "origin", f"file://{tmp_path}/gone")
    history = history_of(clone)
    assert [history.is_pushed([path]) for path in ("posts.yaml", "notes")] == [True, None]


def test_the_calendars_of_the_default_branch_are_read_where_they_are() -> None:
    history = history_of(_made() / "clone")
    tip = history.default_tip()
    assert tip == commit_of("main")
    assert (history.files(tip, "posts.yaml"), history.files(tip, "other.yaml")) == (["posts.yaml"], [])
    assert [history.has(tip, path) for path in ("posts.yaml", "new/posts.yaml")] == [True, False]
    assert history.content(tip, "posts.yaml") == b"# three\n"
    side = commit_of("side")
    assert [history.led_to(tip, commit) for commit in (history.head, side)] == [True, False]
    assert [history.merge_base(commit) for commit in (side, NOBODYS)] == [commit_of("main~2"), None]
    assert history.removed(side, "posts.yaml") == [(side, "new/posts.yaml")], "a rename removes nothing"
    assert history.removed(tip, "posts.yaml") == []
    later = datetime.now(UTC) + timedelta(hours=1)
    assert [history.had("posts.yaml", by) for by in (later, later - timedelta(days=9999))] == [True, False]
    assert not history.had("other.yaml", later)


def test_a_commit_that_nobody_here_has_fetched_is_fetched_before_its_files_are_read(tmp_path: Path) -> None:
    for name in ("remote", "clone"):
        shutil.copytree(_made() / name, tmp_path / name)
    remote, clone = tmp_path / "remote", tmp_path / "clone"
    (remote / "posts.yaml").write_text("# four\n")
    (remote / "new.yaml").write_text("# new\n")
    git(remote, "add", "-A")
    git(remote, *BY, "commit", "-qm", "four")
    git(clone, "remote", "set-url", "origin", f"file://{remote}")
    history = history_of(clone)
    tip = history.default_tip()
    assert tip == git(remote, "rev-parse", "main")
    assert history.content(tip, "posts.yaml") == b"# four\n"
    assert history.had("new.yaml", datetime.now(UTC) + timedelta(hours=1))
