"""Which files a run has, as git names them: of the calendar and of what it shares, committed or not."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.checkout import is_below
from publer_sync.ledger.git_command import Git, GitResult
from publer_sync.ledger.repositories import Repositories
from publer_sync.values.errors import StateError
from tests.ledger.git_world import BY, git
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.ledger.checkout import Checkout


def checkout_of(paths: Sequence[Path]) -> Checkout | None:
    tree = Repositories().of(paths[0])
    return tree.checkout(paths) if tree is not None else None


def commit_of(top: Path) -> str | None:
    tree = Repositories().of(top)
    return tree.head if tree is not None else None


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
    found = checkout_of(
        [top, root / "shared.yaml", root / "none.yaml", root.parent / "outside.yaml", root.parent]
    )
    assert found is not None
    assert found.trees == {
        "calendar": git(root, "rev-parse", "HEAD:calendar"),
        "shared.yaml": git(root, "rev-parse", "HEAD:shared.yaml"),
        "none.yaml": "",
    }
    assert (found.commit, found.differs) == (git(root, "rev-parse", "HEAD"), False)
    assert commit_of(top) == found.commit
    found = checkout_of([top, top / "posts.yaml"])
    assert found is not None
    assert [*found.trees] == ["calendar", "calendar/posts.yaml"]


@pytest.mark.slow
def test_a_submodule_is_known_by_the_commit_that_is_checked_out(top: Path) -> None:
    """Also where a file in it is named: of neither does the repository around it have more."""
    root, assets = top.parent, top.parent.parent / "assets"
    git(root.parent, "init", "-q", "-b", "main", "assets")
    for words in ("labels: [a]\n", "labels: [b]\n"):
        (assets / "shared.yaml").write_text(words)
        git(assets, "add", "-A")
        git(assets, *BY, "commit", "-qm", "x")
    allowed = ("-c", "protocol.file.allow=always")
    git(root, *allowed, "submodule", "--quiet", "add", str(assets), "assets")
    git(root, *BY, "commit", "-qm", "x")
    new, old = (git(assets, "rev-parse", each) for each in ("HEAD", "HEAD~1"))
    for path in (root / "assets", root / "assets" / "shared.yaml"):
        found = checkout_of([top, path])
        assert found is not None
        assert (found.trees["assets"], found.differs) == (new, False)
    git(root / "assets", "checkout", "-q", old)
    for path in (root / "assets", root / "assets" / "shared.yaml"):
        found = checkout_of([top, path])
        assert found is not None
        assert (found.trees["assets"], found.committed["assets"], found.differs) == (old, new, True)


def test_a_calendar_that_is_the_whole_repository_counts_as_a_whole(top: Path) -> None:
    found = checkout_of([top.parent])
    assert found is not None
    assert found.trees == {"": git(top, "rev-parse", "HEAD^{tree}")}
    assert not found.differs
    (top / "posts.yaml").write_text("posts: {}\n")
    found = checkout_of([top.parent])
    assert found is not None
    assert found.differs


def test_a_file_that_git_tracks_although_it_is_ignored_counts(top: Path) -> None:
    root = top.parent
    (root / ".gitignore").write_text("posts.yaml\n")
    git(root, "add", "-A")
    git(root, *BY, "commit", "-qm", "Ignore")
    (top / "new.yaml").write_text("posts: []\n")
    found = checkout_of([top])
    assert found is not None
    assert found.trees["calendar"] != found.committed["calendar"]
    git(root, "add", "-A")
    assert found.trees["calendar"] == git(root, "write-tree", "--prefix=calendar/")
    (top / "new.yaml").unlink()
    (root / ".git" / "index").unlink()
    assert checkout_of([top]) is not None, "as after a clone without a checkout"


@each_of(
    ("path", "name", "below"),
    [
        ("a/b.yaml", "", True),
        ("a/b.yaml", "a/b.yaml", True),
        ("a/b.yaml", "a", True),
        ("a/", "a/b.yaml", True),
        ("a.yaml", "a", False),
        ("a", "a/b.yaml", False),
        ("b/", "a/b.yaml", False),
    ],
)
def test_a_path_is_of_a_name_that_it_is_or_is_in_or_that_is_in_it_unknown_to_git(
    path: str, name: str, below: bool
) -> None:
    assert is_below(path, name) is below


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


def test_a_file_that_was_written_in_the_second_of_its_commit_counts_as_it_is_now(top: Path) -> None:
    """Git compares what is in it where it is no older than the index, whose own time counts."""
    root, file, then = top.parent, top / "posts.yaml", (1_600_000_000, 1_600_000_000)
    git(root, "config", "core.trustctime", "false")
    os.utime(file, then)
    git(root, "update-index", "--refresh")
    file.write_text("posts: {}\n")
    os.utime(file, then)
    os.utime(root / ".git" / "index", then)
    found = checkout_of([top])
    assert found is not None
    assert found.differs
    assert found.trees != found.committed


def test_outside_of_git_and_before_the_first_commit_nothing_is_known(tmp_path: Path) -> None:
    assert checkout_of([tmp_path]) is None
    assert commit_of(tmp_path) is None
    git(tmp_path, "init", "-q")
    tree = Repositories().of(tmp_path)
    assert tree is not None
    assert tree.history is None
    assert checkout_of([tmp_path]) is None
    assert commit_of(tmp_path) is None


def test_a_work_tree_has_a_name_of_its_own_that_a_copy_does_not_have(top: Path, tmp_path: Path) -> None:
    tree = Repositories().of(top)
    assert tree is not None
    assert tree.id == "", "nothing is written by asking"
    name = tree.identify()
    assert name == tree.identify() == tree.id
    again = Repositories().of(top.parent)
    assert again is not None
    assert (len(name), again.identify()) == (16, name)
    assert (tree.history is not None, tree.user_name) == (True, again.user_name)
    shutil.copytree(top.parent, tmp_path / "copy")
    copied = Repositories().of(tmp_path / "copy")
    assert copied is not None
    assert copied.id not in ("", name)


def test_calendars_of_a_repository_have_one_branch_and_others_another(top: Path, tmp_path: Path) -> None:
    command = Repositories()
    branch = command.branch(top, "state")
    assert command.branch(top.parent, "state") is branch
    assert command.branch(top, "other") is not branch
    apart = tmp_path / "apart"
    assert command.branch(apart, "state") is command.branch(apart, "state") is not branch
    assert command.branch(tmp_path / "another", "state") is not command.branch(apart, "state")
    with pytest.raises(StateError):
        _ = command.branch(apart, "state").repository


def test_the_work_tree_is_asked_once_for_all_calendars_of_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    tops = [tmp_path / name for name in ("a", "b", "c", "d")]
    for top in tops:
        top.mkdir()
        (top / "publer.yaml").write_text(f"name: {top.name}\n")
    git(tmp_path, "add", "a", "b", "c")
    git(tmp_path, *BY, "commit", "-qm", "three")
    (tmp_path / "b" / "publer.yaml").write_text("name: other\n")
    command = Repositories()
    command.expect(lambda: tops)
    started: list[str] = []
    run = Git.run

    def counted(self: Git, *words: str, **more: Any) -> GitResult:
        started.append(words[0])
        return run(self, *words, **more)

    monkeypatch.setattr(Git, "run", counted)
    trees = [command.of(top) for top in tops]
    found = [tree.checkout([top]) for tree, top in zip(trees, tops, strict=True) if tree is not None]
    assert [each.differs for each in found if each is not None] == [False, True, False, True]
    assert [bool(each.committed[top.name]) for each, top in zip(found, tops, strict=True) if each] == [
        True,
        True,
        True,
        False,
    ]
    assert all(each is not None and all(each.trees.values()) for each in found)
    assert len(started) <= 8, started
