"""The installation, and what of the workflow it leaves alone."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_the_callers_files_are_never_run(tmp_path: Path) -> None:
    """A pull request that brings a yaml.py or a publer_sync of its own gets nothing done with it."""
    for name in ("yaml.py", "requests.py", "publer_sync.py", "sitecustomize.py"):
        (tmp_path / name).write_text("import sys; print('caught'); sys.exit(9)", encoding="utf-8")
    code = f"import sys; sys.path[:0] = []; sys.path.append({str(ROOT)!r}); import runpy; runpy.run_module('publer_sync.action')"
    assert "-I -X utf8 -m publer_sync.action" in (ROOT / "action.yml").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "caught" not in done.stdout
    assert done.returncode == 0


@pytest.mark.slow
def test_installed_for_real(tmp_path: Path) -> None:
    """From the package index, by hash, without the caller's settings for pip; and once only in a job."""
    folder = tmp_path / "python"
    env = {
        **os.environ,
        "PIP_TARGET": str(tmp_path / "elsewhere"),
        "PIP_USER": "1",
        "PYTHONPATH": str(tmp_path),
    }
    command = [sys.executable, "-I", str(ROOT / "publer_sync/action/install.py"), str(folder)]
    subprocess.run(command, env=env, check=True, capture_output=True)
    python = folder / "bin/python"
    shown = subprocess.run(
        [python, "-I", "-m", "publer_sync", "--version"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.startswith("publer-sync ")
    before = python.lstat().st_mtime_ns
    subprocess.run(command, env=env, check=True, capture_output=True)
    assert python.lstat().st_mtime_ns == before
