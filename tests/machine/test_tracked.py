"""What git tells of a folder, the environment in which it is asked, and a commit made without a work tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.machine.commits import commit_stream
from publer_sync.machine.tracked import (
    committed_files,
    common_directory,
    git_directory,
    git_environment,
    repository_of,
    run_git,
    tracked_files,
    untracked_files,
)
from publer_sync.machine.version import commit_of, version

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """On the branch `topic`: two files that are committed, one that is not, and one that git ignores."""
    (tmp_path / "calendar").mkdir()
    for name in ("may.yaml", "notes.txt", "new.yaml", "left.log"):
        (tmp_path / "calendar" / name).write_text(f"# {name}\n")
    (tmp_path / ".gitignore").write_text("*.log\n")
    person = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    for words in (
        ("init", "-q", "-b", "topic"),
        ("add", "calendar/may.yaml", "calendar/notes.txt", ".gitignore"),
        (*person, "commit", "-q", "-m", "One"),
    ):
        assert run_git(tmp_path, *words).code == 0
    return tmp_path


def test_git_says_what_it_tracks_and_what_the_last_commit_has(repository: Path) -> None:
    (repository / "calendar" / "may.yaml").write_text("# changed since\n")
    assert tracked_files(repository) == [".gitignore", "calendar/may.yaml", "calendar/notes.txt"]
    assert untracked_files(repository, ["calendar"]) == ["calendar/new.yaml"]
    assert untracked_files(repository, []) == [], "in no folder, not in all"
    found = committed_files(repository / "calendar")
    assert found == {"may.yaml": b"# may.yaml\n", "notes.txt": b"# notes.txt\n"}
    assert committed_files(repository / "calendar", [".yaml"]) == {"may.yaml": b"# may.yaml\n"}


def test_a_file_whose_words_git_has_lost_is_left_out(repository: Path) -> None:
    lost = run_git(repository, "rev-parse", "HEAD:calendar/may.yaml").out.decode().strip()
    (repository / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    assert committed_files(repository / "calendar") == {"notes.txt": b"# notes.txt\n"}


def test_another_repository_inside_of_one_is_no_file_of_it(repository: Path) -> None:
    here = run_git(repository, "rev-parse", "HEAD").out.decode().strip()
    person = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    run_git(repository, "update-index", "--add", "--cacheinfo", f"160000,{here},calendar/inner.yaml")
    assert run_git(repository, *person, "commit", "-q", "-m", "Two").code == 0
    found = committed_files(repository / "calendar")
    assert found == {"may.yaml": b"# may.yaml\n", "notes.txt": b"# notes.txt\n"}
    assert [*map(repository_of, (repository, repository / "calendar"))] == [repository.resolve()] * 2


def test_outside_of_git_nothing_is_told(tmp_path: Path) -> None:
    assert repository_of(tmp_path) is None
    assert tracked_files(tmp_path) is None
    assert committed_files(tmp_path) is None
    assert untracked_files(tmp_path, ["."]) == []


@pytest.mark.parametrize(
    "name",
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_TRACE", "GIT_TRACE_CURL", "PUBLER_API_KEY", "PUBLER_SYNC_STATE_KEY"],
)
def test_git_gets_no_key_and_nothing_that_points_elsewhere(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "x")
    monkeypatch.setenv("GIT_SSH_COMMAND", "ssh -i key")
    assert name not in git_environment()
    assert git_environment()["GIT_SSH_COMMAND"] == "ssh -i key"


def test_a_commit_names_its_parents() -> None:
    def stream(parent: str | None, beside: str | None) -> list[str]:
        made = commit_stream(
            parent, {"a": b"x", "b": None}, "One", author="A <a>", committer="A <a>", at=1, beside=beside
        )
        return made.decode().splitlines()

    assert {"from p", "merge q", 'D "b"', 'M 100644 inline "a"'} <= {*stream("p", "q")}
    assert not [line for line in stream(None, None) if line.startswith(("from", "merge"))]


def test_a_version_names_a_commit_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, head, commit = tmp_path / "publer_sync", tmp_path / ".git" / "HEAD", "0123456789" * 4
    for folder in (package, head.parent / "refs"):
        folder.mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    (package / "commit.txt").write_text("$Format:%H$")
    told = {}
    for said in (commit, "no commit"):
        for place in ("HEAD", "refs"):
            head.write_text("ref: refs/topic" if place == "refs" else said)
            (head.parent / "refs" / "topic").write_text(said)
            told[said, place] = commit_of(package)
    assert told == {
        **{(commit, place): commit for place in ("HEAD", "refs")},
        **{("no commit", place): "" for place in ("HEAD", "refs")},
    }
    (head.parent / "refs" / "topic").unlink()
    for packed, found in ((f"{commit} refs/topic\n", commit), ("0123456 refs/topic\n", ""), ("", "")):
        (head.parent / "packed-refs").write_text(packed)
        assert commit_of(package) == found, packed
    for noted, found in ((f"{commit}\n", commit), ("0123456", "")):
        (package / "commit.txt").write_text(noted)
        assert commit_of(package) == found, noted
    for known, end in ((commit, "+g0123456"), ("", "")):
        monkeypatch.setattr("publer_sync.machine.version.commit_of", lambda _, known=known: known)
        assert version.__wrapped__().partition("+")[1:] == (end[:1], end[1:])


def test_a_work_tree_beside_the_first_one_shares_its_repository(tmp_path: Path) -> None:
    own = tmp_path / "first" / ".git" / "worktrees" / "topic"
    (tmp_path / "topic" / "calendar").mkdir(parents=True)
    own.mkdir(parents=True)
    (tmp_path / "topic" / ".git").write_text(f"gitdir: {own}\n")
    (own / "commondir").write_text("../..\n")
    (tmp_path / "first" / ".git" / "HEAD").touch()
    for folder in (tmp_path / "topic", tmp_path / "topic" / "calendar"):
        assert git_directory(folder) == own.resolve()
        assert common_directory(folder) == (tmp_path / "first" / ".git").resolve()
    assert common_directory(tmp_path / "first") == git_directory(tmp_path / "first")
    (tmp_path / "topic" / "pyproject.toml").touch()
    (own / "HEAD").write_text("ref: refs/heads/topic\n")
    refs = tmp_path / "first" / ".git" / "refs" / "heads"
    refs.mkdir(parents=True)
    (refs / "topic").write_text("0123456789" * 4)
    (tmp_path / "topic" / "publer_sync").mkdir()
    (tmp_path / "topic" / "publer_sync" / "commit.txt").touch()
    assert commit_of(tmp_path / "topic" / "publer_sync") == "0123456789" * 4
    (tmp_path / "topic" / "pyproject.toml").unlink()
    assert commit_of(tmp_path / "topic" / "publer_sync") == "", "a copy in somebody else's repository"
