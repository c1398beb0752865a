"""What git tells of the user's repository, in every state in which somebody may have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.history import History
from publer_sync.ledger.repositories import Repositories
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


def test_a_file_called_head_does_not_hide_the_branch_before_its_first_commit(top: Path) -> None:
    (top / "HEAD").write_text("a file of this name\n")
    git(top, "remote", "add", "origin", "first")
    git(top, "remote", "add", "fork", "second")
    git(top, "config", "branch.spring/launch.remote", "fork")
    user = UserGit(top)
    assert (user.head, user.remote) == ("refs/heads/spring/launch", "fork")


def test_it_is_known_from_each_of_its_folders(top: Path) -> None:
    commit(top)
    (top / "below").mkdir()
    user = UserGit(top / "below")
    assert (user.top, user.common, user.head) == (top, top / ".git", "refs/heads/spring/launch")


def test_a_checkout_of_one_commit_is_on_no_branch(top: Path) -> None:
    commit(top)
    git(top, "checkout", "--quiet", "--detach")
    assert UserGit(top).head == ""


def test_a_work_tree_beside_the_first_one_shares_its_objects(top: Path) -> None:
    commit(top)
    git(top, "worktree", "add", "--quiet", "-b", "autumn", str(top.parent / "beside"))
    user = UserGit(top.parent / "beside")
    assert (user.top, user.common, user.head) == (
        top.parent / "beside",
        top / ".git",
        "refs/heads/autumn",
    )


def test_a_folder_whose_name_looks_like_a_branch_is_no_branch(tmp_path: Path) -> None:
    top = tmp_path / "a folder\nrefs" / "heads"
    top.mkdir(parents=True)
    git(top, "init", "--quiet")
    git(top, "commit", "--quiet", "--allow-empty", "--message=first")
    git(top, "worktree", "add", "--quiet", "-b", "autumn", str(tmp_path / "beside"))
    user = UserGit(tmp_path / "beside")
    assert (user.common, user.head) == (top / ".git", "refs/heads/autumn")


def test_a_repository_whose_work_tree_is_elsewhere_is_asked_where_it_is(top: Path) -> None:
    commit(top)
    git(top, "remote", "add", "origin", "first")
    git(top, "config", "core.worktree", str(top.parent))
    user = UserGit(top)
    assert (user.top, user.common, user.remote) == (top.parent, top / ".git", "origin")
    history = History.of(top)
    assert history is not None
    assert history.leads_here(git(top, "rev-parse", "HEAD"))
    assert history.has_remote


def test_without_a_work_tree_it_is_known_what_git_tells_all_the_same(top: Path) -> None:
    commit(top)
    git(top, "remote", "add", "origin", "first")
    git(top, "config", "core.bare", "true")
    user = UserGit(top)
    assert (user.head, user.is_shallow, user.remote) == ("refs/heads/spring/launch", False, "origin")
    with pytest.raises(StateError, match="must be run in a work tree"):
        user.expect("the moon")


def test_who_it_is_is_known_also_where_git_does_not_trust_the_repository(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top.parent / "config").write_text("[user]\nname = Kari\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(top.parent / "config"))
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    tree = Repositories().of(top)
    assert tree is not None
    assert tree.user_name == "Kari"
    with pytest.raises(StateError, match="dubious ownership"):
        tree.user_git.expect("the moon")


def test_a_clone_may_lack_commits_or_objects(top: Path) -> None:
    commit(top)
    address = top.as_uri()
    git(top.parent, "clone", "--quiet", "--depth=1", address, "shallow")
    git(top.parent, "clone", "--quiet", "--filter=blob:none", address, "partial")
    shallow, partial = (UserGit(top.parent / name) for name in ("shallow", "partial"))
    assert (shallow.is_shallow, shallow.lacks_objects) == (True, False)
    assert (partial.is_shallow, partial.lacks_objects) == (False, True)
    assert (shallow.remote, shallow.value("remote.origin.url")) == ("origin", address)
    git(shallow.top, "config", "extension.promisor", "true")
    git(shallow.top, "config", "submodule.assets.url", address)
    again = UserGit(shallow.top)
    assert (again.lacks_objects, again.remotes) == (False, {"origin"})


def test_git_is_asked_once(top: Path) -> None:
    commit(top)
    user = UserGit(top)
    before = (user.object_format, user.is_shallow, user.config)
    (top / ".git").rename(top / "away")
    after = (user.object_format, user.is_shallow, user.config)
    assert (*after, user.head) == (*before, "refs/heads/spring/launch")


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
        assert user.top
