"""The folder beside a calendar: git ignores it, and nothing stays in it that a run has ended with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import filelock

from publer_sync.machine.own_folder import FOLDER, make_own_folder, remove_unfinished, unfinished

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_git_ignores_it_unless_somebody_said_otherwise(tmp_path: Path) -> None:
    make_own_folder(tmp_path / "another")
    assert [*(tmp_path / "another").iterdir()] == []
    ignore = tmp_path / FOLDER / ".gitignore"
    make_own_folder(ignore.parent)
    assert ignore.read_text() == "*\n"
    ignore.write_text("# by hand\n")
    make_own_folder(ignore.parent)
    assert ignore.read_text() == "# by hand\n"


def test_what_was_not_whole_is_gone_once_its_run_has_ended_or_was_killed(tmp_path: Path) -> None:
    with unfinished(tmp_path) as folder:
        assert (tmp_path / FOLDER / ".gitignore").exists(), "git finds nothing that is not whole"
    shelf = tmp_path / FOLDER / "unfinished"
    (shelf / "killed-before").mkdir(parents=True)
    with unfinished(tmp_path) as folder:
        assert not (shelf / "killed-before").exists()
        (folder / "half.yaml").write_text("posts:")
        (shelf / "killed").mkdir()
        (shelf / "killed.lock").touch()
        remove_unfinished(tmp_path)
        assert {path.name for path in shelf.iterdir()} == {folder.name, f"{folder.name}.lock"}
        assert (folder / "half.yaml").exists(), "its run goes on"
    assert [*shelf.iterdir()] == []


def test_on_a_disk_without_locks_a_run_clears_away_its_own_files_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object, **options: bool) -> None:
        raise NotImplementedError

    monkeypatch.setattr(filelock.FileLock, "acquire", none)
    with unfinished(tmp_path / "new") as folder:
        assert folder.is_dir()
    shelf = tmp_path / FOLDER / "unfinished"
    (shelf / "perhaps of a run that goes on").mkdir(parents=True)
    with unfinished(tmp_path) as folder:
        (folder / "half.yaml").touch()
    assert [path.name for path in shelf.iterdir()] == ["perhaps of a run that goes on"]
