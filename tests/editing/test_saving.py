"""Files of a calendar are written as they were decided on, and none over what somebody saved meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.editing.saving import Saving, _names, workshop
from publer_sync.values.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def top(tmp_path: Path) -> Path:
    for name in ("changed", "gone", "other"):
        (tmp_path / f"{name}.yaml").write_text(f"# {name}")
    return tmp_path


def save(top: Path, **before: bytes) -> None:
    """Of three files one is changed, one removed, and one comes, with a picture."""
    with workshop(top) as folder:
        picture = folder / "lamp.png"
        picture.write_bytes(b"lamp")
        files = {"changed.yaml": b"# new words", "gone.yaml": None, "a/new.yaml": b"# new"}
        known = {"changed": b"# changed", "gone": b"# gone", **before}
        held = {f"{name}.yaml": raw for name, raw in known.items()}
        Saving(top, "pull", files, held, {"media/lamp.png": picture}).save(folder)


def found(top: Path) -> dict[str, str]:
    """What is in the calendar, without the tool's own folder."""
    files = (file for file in sorted(top.rglob("*")) if file.is_file())
    names = ((file.relative_to(top).as_posix(), file) for file in files)
    return {name: file.read_text() for name, file in names if not name.startswith(".")}


def test_what_was_decided_on_is_written_and_nothing_else(top: Path) -> None:
    save(top)
    assert found(top) == {
        "a/new.yaml": "# new",
        "changed.yaml": "# new words",
        "media/lamp.png": "lamp",
        "other.yaml": "# other",
    }


@pytest.mark.parametrize("file", ["changed.yaml", "gone.yaml", "a/new.yaml"])
def test_where_somebody_saved_a_file_meanwhile_nothing_is_written(top: Path, file: str) -> None:
    (top / "a").mkdir()
    (top / file).write_text("# by hand")
    before = found(top)
    with pytest.raises(OutputError, match=f"{file} was changed while pull was running") as raised:
        save(top)
    assert "Nothing was written" in (raised.value.hint or "")
    assert found(top) == before


def test_where_the_disk_refuses_a_file_those_that_are_written_are_named(top: Path) -> None:
    (top / "a").write_text("no folder")
    with pytest.raises(OutputError, match=r"a/new\.yaml cannot be written") as raised:
        save(top)
    assert raised.value.hint == "Written: media/lamp.png, changed.yaml, gone.yaml.\nNot written: a/new.yaml."


def test_of_many_files_the_first_are_named() -> None:
    names = [f"{letter}.yaml" for letter in "abcdefghijklmnop"]
    assert _names(names[:2]) == "a.yaml, b.yaml"
    assert _names(names).endswith(f" and {len(names) - _names(names).count('.yaml')} more")
    whole = [number for number in range(1, len(names)) if "more" not in _names(names[:number])]
    assert whole == [*range(1, _names(names).count(".yaml") + 1)]
