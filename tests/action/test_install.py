"""The installation, and what of the workflow it leaves alone."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from publer_sync.action import install
from publer_sync.action.inputs import Command
from tests.conftest import EVERY, QUICK, ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.slow
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


INSTALLER = "publer_sync/action/install.py"


def wheel(folder: Path, name: str, *needs: str) -> str:
    """Write a package with one module, and return the line that pins it."""
    file = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    about += "".join(f"Requires-Dist: {each}\n" for each in needs)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{name}-1.0.dist-info/METADATA", about)
        archive.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{name}-1.0.dist-info/RECORD", "")
    return pin(file, name)


def pin(file: Path, name: str) -> str:
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


@pytest.mark.slow
def test_pip_installs_wheels_by_hash_and_nothing_beside_them_and_once_only_in_a_job(tmp_path: Path) -> None:
    """By the real pip, of packages made here, and without the caller's settings for it."""
    checkout, wheels, folder = (tmp_path / name for name in ("checkout", "wheels", "python"))
    wheels.mkdir()
    for name in (INSTALLER, "publer_sync/__init__.py"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, checkout / name)
    pins = checkout / "requirements-base.txt"
    (checkout / "requirements.txt").write_text("for plans alone", encoding="utf-8")
    thing = wheel(wheels, "thing", "what-nobody-has")
    (tmp_path / "sitecustomize.py").write_text("import os; os._exit(9)", encoding="utf-8")
    (wheels / "source-1.0.tar.gz").write_bytes(b"would run its setup.py")
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PIP_")},
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_TARGET": str(tmp_path / "elsewhere"),
        "PIP_USER": "1",
        "PYTHONPATH": str(tmp_path),
    }

    def install(text: str) -> subprocess.CompletedProcess[str]:
        pins.write_text(text, encoding="utf-8")
        command = [sys.executable, "-I", str(checkout / INSTALLER), str(folder), "apply"]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    for text, why in (
        (thing.replace("sha256:", "sha256:0000")[:-5], "DO NOT MATCH THE HASHES"),
        ("thing==1.0\n", "Hashes are required"),
        (pin(wheels / "source-1.0.tar.gz", "source"), "No matching distribution found for source==1.0"),
    ):
        refused = install(text)
        assert (refused.returncode, why in refused.stderr) == (1, True), refused.stderr
        told = "::error title=publer-sync::publer-sync could not be installed (pip ended with 1)"
        assert refused.stderr.endswith(f"{told}\n")
    done = install(thing)
    assert done.returncode == 0, done.stderr
    python = folder / "bin/python"
    code = "import publer_sync, thing; print(publer_sync.__file__, thing.__file__)"
    found = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert [
        Path(each).is_relative_to(top) for each, top in zip(found.split(), (checkout, folder), strict=True)
    ]
    before = python.lstat().st_mtime_ns
    assert install(thing).returncode == 0
    assert python.lstat().st_mtime_ns == before


POISON = """\
import json, pathlib, sys
from pip._internal.cache import SimpleWheelCache
from pip._internal.models.link import Link

cache, link, digest, bad = sys.argv[1:]
folder = pathlib.Path(SimpleWheelCache(cache).get_path_for_link(Link(link)))
folder.mkdir(parents=True)
(folder / pathlib.Path(bad).name).write_bytes(pathlib.Path(bad).read_bytes())
origin = {"url": link, "archive_info": {"hash": f"sha256={digest}", "hashes": {"sha256": digest}}}
(folder / "origin.json").write_text(json.dumps(origin))
"""
"""What any job that may write pip's cache can leave there: a wheel as if pip had built it out of the file with the right hash."""


@pytest.mark.slow
def test_a_wheel_that_somebody_put_into_pips_cache_is_never_installed(tmp_path: Path) -> None:
    """pip takes the hash of what it built itself from a file beside it, in spite of --require-hashes."""
    checkout, wheels, bad, cache = (tmp_path / name for name in ("checkout", "wheels", "bad", "cache"))
    for folder in (wheels, bad):
        folder.mkdir()
    (checkout / INSTALLER).parent.mkdir(parents=True)
    shutil.copy(ROOT / INSTALLER, checkout / INSTALLER)
    line = wheel(wheels, "thing")
    (checkout / "requirements-base.txt").write_text(line, encoding="utf-8")
    (checkout / "requirements.txt").write_text("for plans alone", encoding="utf-8")
    wheel(bad, "thing")
    with zipfile.ZipFile(bad / "thing-1.0-py3-none-any.whl", "a") as archive:
        archive.writestr("stolen.pth", "import sys; sys.stdout.write('stolen')\n")
    link = (wheels / "thing-1.0-py3-none-any.whl").as_uri()
    digest = line.rpartition(":")[2].strip()
    poison = [sys.executable, "-I", "-c", POISON, str(cache), link, digest]
    subprocess.run([*poison, str(bad / "thing-1.0-py3-none-any.whl")], check=True)
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PIP_")},
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_CACHE_DIR": str(cache),
    }
    command = [sys.executable, "-I", str(checkout / INSTALLER), str(tmp_path / "python"), "apply"]
    subprocess.run(command, env=env, check=True)
    python = [str(tmp_path / "python/bin/python"), "-I", "-c", "import thing"]
    assert subprocess.run(python, capture_output=True, text=True, check=True).stdout == ""


def test_the_action_restores_nothing_that_another_job_left() -> None:
    """A cache's archive is unpacked as it is: it can hold any file of the runner, the action's own too."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    used = [str(step["uses"]).partition("@")[0] for step in steps if "uses" in step]
    assert used == ["actions/setup-python", "actions/upload-artifact", "actions/upload-artifact"]
    assert set(steps[0]["with"]) == {"python-version", "update-environment"}, (
        "setup-python can restore pip's cache"
    )


WITH_BASE = """\
import contextlib, json, re, sys
from importlib.metadata import packages_distributions
from publer_sync.cli.main import main

pinned = {re.sub("[-_.]+", "-", name).lower() for name in sys.argv[2:]}


class Missing:
    # As if a package that is not pinned were not installed.
    modules = packages_distributions()

    def find_spec(self, name, *_):
        homes = {re.sub("[-_.]+", "-", each).lower() for each in self.modules.get(name.partition(".")[0], ())}
        if homes and not homes & {*pinned, "publer-sync"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Missing())
for words in json.loads(sys.argv[1]):
    code = 0
    try:
        with contextlib.redirect_stdout(sys.stderr):
            main(words)
    except SystemExit as end:
        code = end.code or 0
    print(code)
"""


@pytest.mark.slow
def test_what_is_pinned_for_them_is_all_that_commands_without_pages_need(tmp_path: Path) -> None:
    """pip is told to install nothing that these packages need in turn; a page says what it lacks."""
    calendar = tmp_path / "calendar"
    shutil.copytree(ROOT / "examples/calendar", calendar)
    at = ["--sandbox", "--now", "2027-02-20"]
    commands = [
        ["validate", str(calendar)],
        ["plan", str(calendar), *at, "--detailed-exitcode"],
        ["apply", str(calendar), *at, "--yes"],
        ["preview", str(calendar)],
    ]
    pinned = names(install.BASE)
    ran = subprocess.run(
        [sys.executable, "-c", WITH_BASE, json.dumps(commands), *pinned],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "PUBLER_SYNC_POLL_SECONDS": str(QUICK),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.split() == ["0", "2", "0", "1"], ran.stderr
    assert 'pip install "publer-sync[preview]"' in ran.stderr


def names(pins: Path) -> list[str]:
    return re.findall(r"^([\w.-]+)==", pins.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("pins", [install.BASE, install.EVERYTHING], ids=lambda pins: pins.stem)
def test_what_a_pinned_package_needs_is_pinned_too(pins: Path) -> None:
    pinned = {canonicalize_name(name) for name in names(pins)}
    for name in pinned:
        with suppress(PackageNotFoundError):  # a package for another system
            for need in map(Requirement, requires(name) or []):
                if need.marker is None or need.marker.evaluate({"extra": ""}):
                    assert canonicalize_name(need.name) in pinned, f"{name} needs it"


@pytest.mark.slow
@pytest.mark.skipif(not EVERY, reason="downloads from the package index: every night (PUBLER_SYNC_EVERY=1)")
@pytest.mark.parametrize("command", ["apply", "plan"])
def test_what_is_pinned_can_be_installed_from_the_package_index(tmp_path: Path, command: str) -> None:
    """`pip install -r requirements-dev.txt` has shown the same of all pins, with packages that it may build itself."""
    folder = tmp_path / "python"
    subprocess.run([sys.executable, "-I", str(ROOT / INSTALLER), str(folder), command], check=True)
    shown = subprocess.run(
        [folder / "bin/python", "-I", "-m", "publer_sync", "--version"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stdout.startswith("publer-sync ")


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
