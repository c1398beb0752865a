"""The installation, and what of the workflow it leaves alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from publer_sync.action import install
from publer_sync.action.inputs import Command
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    """From the package index, by hash, without the caller's settings for pip; and once only in a job.

    What apply needs is less than what there is: the same environment plans and applies, and says what pages lack.
    """
    folder = tmp_path / "python"
    env = {
        **os.environ,
        "PIP_TARGET": str(tmp_path / "elsewhere"),
        "PIP_USER": "1",
        "PYTHONPATH": str(tmp_path),
    }
    command = [sys.executable, "-I", str(ROOT / "publer_sync/action/install.py"), str(folder), "apply"]
    subprocess.run(command, env=env, check=True, capture_output=True)
    python = folder / "bin/python"
    shown = subprocess.run(
        [python, "-I", "-m", "publer_sync", "--version"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.startswith("publer-sync ")
    before = python.lstat().st_mtime_ns
    subprocess.run(command, env=env, check=True, capture_output=True)
    assert python.lstat().st_mtime_ns == before

    calendar = tmp_path / "calendar"
    shutil.copytree(ROOT / "examples/calendar", calendar)
    at = ["--sandbox", "--now", "2027-02-20"]
    for code, *words in (
        (0, "validate", str(calendar)),
        (2, "plan", str(calendar), *at, "--detailed-exitcode"),
        (0, "apply", str(calendar), *at, "--yes"),
        (1, "preview", str(calendar)),
    ):
        ran = subprocess.run(
            [python, "-I", "-m", "publer_sync", *map(str, words)],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == code, (words, ran.stderr)
    assert 'pip install "publer-sync[preview]"' in ran.stderr


@pytest.mark.parametrize("command", get_args(Command))
def test_commands_that_write_pages_have_everything_and_the_others_what_they_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """An environment of an earlier step is enough if it has as much."""
    installed: list[Path] = []

    def run(line: Sequence[str], **_: object) -> subprocess.CompletedProcess[str]:
        if "-r" in line:
            installed.append(Path(line[-1]))
        return subprocess.CompletedProcess(line, 0, stdout=f"{tmp_path}\n")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr("venv.create", lambda folder, **_: Path(folder).mkdir(exist_ok=True))
    needs = install.EVERYTHING if command in ("plan", "pages", "results") else install.BASE
    assert install.requirements(f"{command} ") == needs
    for step in (command, command, "validate", "plan", command, "validate"):
        install.install(tmp_path / "python", install.requirements(step))
    assert installed == list(dict.fromkeys([needs, install.EVERYTHING]))
