"""A page that follows the files misses no save, however soon after another it comes."""

from __future__ import annotations

import subprocess
import sys
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from publer_sync.commands.beside import watching
from publer_sync.commands.beside.watching import saves
from tests.conftest import PATIENCE
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(watching, "BEGINS_WITHIN", 50)
    (tmp_path / "agency.yaml").write_text("append: {x: One}\n")
    folder = tmp_path / "calendar"
    (folder / "media").mkdir(parents=True)
    (folder / "publer.yaml").write_text("extends: ../agency.yaml\ntimezone: UTC\naccounts: {x: Me}\n")
    (folder / "march.yaml").write_text("posts: []\n")
    return folder


def is_told(saved: Iterator[None]) -> bool:
    thread = Thread(target=next, args=(saved,), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return not thread.is_alive()


def test_what_is_saved_before_the_watch_has_begun_is_told(top: Path) -> None:
    saved = saves([top])
    (top / "march.yaml").write_text("posts: [] # as the first page was made\n")
    assert is_told(saved)


def test_what_is_saved_while_the_page_is_made_is_told(top: Path) -> None:
    """A new file in place of the shared settings ends the watch: nobody watches until the next begins."""
    saved = saves([top])
    for words in ("Two", "Three"):
        (top.parent / "new").write_text(f"append: {{x: {words}}}\n")
        (top.parent / "new").replace(top.parent / "agency.yaml")
        assert is_told(saved)
        (top / "media" / f"{words}.png").write_bytes(b"a picture")
        assert is_told(saved)


def test_what_it_needs_is_imported_before_anybody_is_told_how_to_end_it(top: Path) -> None:
    """A signal that comes while a package is imported ends the process with that signal, even where it is caught."""
    text = (
        "import sys; from pathlib import Path; from publer_sync.commands.beside.watching import saves; "
        "assert 'watchfiles' not in sys.modules; saves([Path(sys.argv[1])]); assert 'watchfiles' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", text, top], check=True)


def test_shared_settings_that_are_gone_are_not_waited_for_and_a_branch_without_calendars_is(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps: list[float] = []
    monkeypatch.setattr(watching, "time", SimpleNamespace(sleep=naps.append))
    saved = saves([top])
    (top.parent / "agency.yaml").unlink()
    next(saved)
    assert naps == []
    saved = saves([top.parent / "of another branch"])
    next(saved)
    next(saved)
    assert naps == [1, 1]


@each_of(
    ("name", "saved"),
    [
        ("march.yaml", True),
        ("media/lamp.png", True),
        ("march.yaml~", False),
        ("~march.yaml", False),
        (".march.yaml.swp", False),
        (".git/index", False),
    ],
)
def test_what_an_editor_keeps_beside_a_file_is_no_save(tmp_path: Path, name: str, saved: bool) -> None:
    folder = tmp_path / "calendar"
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    assert watching._is_of_calendar(None, str(file)) is saved
    assert (file in watching._states_of([folder])) is saved
    assert folder not in watching._states_of([folder])
