"""What git tells of the user's repository, in every state in which somebody may have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.user_git import UserGit
from publer_sync.values.errors import StateError
from tests.ledger.git_world import git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder\nof two lines"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=spring/launch")
    return folder


def commit(top: Path) -> None:
    (top / "HEAD").write_text("a file of this name\n")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message=first")


def test_before_its_first_commit_a_repository_has_a_branch(top: Path) -> None:
    user = UserGit(top)
    assert (user.head, user.object_format, user.is_shallow) == ("refs/heads/spring/launch", "sha1", False)


def test_it_is_known_from_each_of_its_folders(top: Path) -> None:
    commit(top)
    (top / "below").mkdir()
    user = UserGit(top / "below")
    assert (user.git.cwd, user.common, user.head) == (top, top / ".git", "refs/heads/spring/launch")


def test_a_checkout_of_one_commit_is_on_no_branch(top: Path) -> None:
    commit(top)
    git(top, "checkout", "--quiet", "--detach")
    assert UserGit(top).head == ""


def test_a_work_tree_beside_the_first_one_shares_its_objects(top: Path) -> None:
    commit(top)
    git(top, "worktree", "add", "--quiet", "-b", "autumn", str(top.parent / "beside"))
    user = UserGit(top.parent / "beside")
    assert (user.git.cwd, user.common, user.head) == (
        top.parent / "beside",
        top / ".git",
        "refs/heads/autumn",
    )


def test_a_clone_may_lack_commits_or_objects(top: Path) -> None:
    commit(top)
    address = top.as_uri()
    git(top.parent, "clone", "--quiet", "--depth=1", address, "shallow")
    git(top.parent, "clone", "--quiet", "--filter=blob:none", address, "partial")
    shallow, partial = (UserGit(top.parent / name) for name in ("shallow", "partial"))
    assert (shallow.is_shallow, shallow.lacks_objects) == (True, False)
    assert (partial.is_shallow, partial.lacks_objects) == (False, True)
    assert (shallow.remote, shallow.value("remote.origin.url")) == ("origin", address)


def test_git_is_asked_once(top: Path) -> None:
    commit(top)
    user = UserGit(top)
    before = (user.object_format, user.config)
    (top / ".git").rename(top / "away")
    assert (user.object_format, user.config, user.head) == (*before, "refs/heads/spring/launch")


def test_a_git_that_tells_something_else_is_named(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = top.parent / "bin"
    other.mkdir()
    (other / "git").write_text(
        '#!/bin/sh\ncase $1 in version) echo git version 2.99.0;; *) echo "$@";; esac\n'
    )
    (other / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(other), prepend=":")
    with pytest.raises(StateError, match="tell of the calendar's repository") as raised:
        assert UserGit(top).head
    assert str(raised.value.hint).startswith("Update git.")


def test_outside_of_a_repository_what_it_is_for_is_named(tmp_path: Path) -> None:
    user = UserGit(tmp_path)
    with pytest.raises(StateError, match="find the calendar's repository for the moon"):
        user.expect("the moon")
    with pytest.raises(StateError, match="find the calendar's repository"):
        assert user.config
