"""The list of top-level domains: how it is renewed, and that it is installed with the package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from publer_sync.networks.tlds import top_level_domains
from tests import renew_tlds
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

OLD = "# Top-level domains\ncom\ngone\n한국\n"
PUBLISHED = "# Version 2027010100, Last Updated Fri Jan  1 07:07:01 2027 UTC\nCOM\nNEW\nXN--3E0B707E\nXN--VERMGENSBERATER-CTB\n"


def test_renewing_adds_what_is_new_and_keeps_the_rest() -> None:
    lines = renew_tlds.renewed(OLD, PUBLISHED).splitlines()
    assert lines[1] == PUBLISHED.splitlines()[0]
    assert lines[2:] == ["com", "gone", "new", "vermögensberater", "한국"]
    assert renew_tlds.renewed("\n".join(lines), PUBLISHED).splitlines() == lines


@pytest.mark.parametrize("text", ["<html>", "# Version 1\n"])
def test_nothing_is_renewed_from_another_file(text: str) -> None:
    with pytest.raises(SystemExit, match="not IANA's list"):
        renew_tlds.renewed(OLD, text)


def test_the_list_is_sorted_and_in_lower_case() -> None:
    text = renew_tlds.LIST.read_text(encoding="utf-8")
    names = [line for line in text.splitlines() if not line.startswith("#")]
    assert names == sorted(name.lower() for name in names)
    assert top_level_domains() == set(names) >= {"com", "museum", "한국", "рф"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_the_list_is_in_what_is_built(tmp_path: Path, kind: str) -> None:
    """An installed tool reads it from the wheel; whoever packages the tool for a system starts from the sdist."""
    code = f"import sys; from setuptools import build_meta; print(build_meta.build_{kind}(sys.argv[1]))"
    done = run("-c", code, str(tmp_path), cwd=tracked_files(tmp_path / "source"))
    built = tmp_path / done.splitlines()[-1]
    if kind == "wheel":
        shutil.unpack_archive(built, tmp_path / "unpacked", "zip")
    else:
        shutil.unpack_archive(built, tmp_path / "unpacked", "gztar", filter="data")
    (top,) = [path.parents[1] for path in (tmp_path / "unpacked").rglob("networks/tlds.txt")]
    code = "from publer_sync.networks.tlds import top_level_domains; print(len(top_level_domains()))"
    assert int(run("-S", "-c", code, cwd=top.parent)) == len(top_level_domains())


def run(*words: str, cwd: Path) -> str:
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, capture_output=True, text=True, check=True
    ).stdout


def tracked_files(folder: Path) -> Path:
    """A copy to build from, as building leaves files behind."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder
