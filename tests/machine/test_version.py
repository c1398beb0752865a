"""The commit in the version: in a clone, a work tree, a copy of git archive, a wheel, and somebody else's repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from publer_sync import __version__
from publer_sync.machine.version import commit_of
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *words: str) -> str:
    who = {
        f"GIT_{each}_{what}": "a@b.example" for each in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", **who}
    done = subprocess.run(
        ["git", "-C", str(folder), *words], env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    top = tmp_path / "clone"
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", ".gitattributes"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, top / name)
    for name in ("publer_sync", "schema", "examples/workflows", "examples/assistant"):
        shutil.copytree(ROOT / name, top / name, ignore=shutil.ignore_patterns("__pycache__"))
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "One")
    return top


def shown(folder: Path) -> str:
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); from publer_sync.machine.version import version; print(version())"
    return subprocess.run(
        [sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.mark.slow
def test_a_clone_names_what_is_checked_out(clone: Path, tmp_path: Path) -> None:
    head = git(clone, "rev-parse", "HEAD")
    assert shown(clone) == f"{__version__}+g{head[:7]}"
    git(clone, "pack-refs", "--all")
    assert commit_of(clone / "publer_sync") == head
    git(clone, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "topic")
    git(tmp_path / "tree", "commit", "-q", "--allow-empty", "-m", "Two")
    other = git(tmp_path / "tree", "rev-parse", "HEAD")
    assert (commit_of(tmp_path / "tree/publer_sync"), commit_of(clone / "publer_sync")) == (other, head)
    git(clone, "checkout", "-q", "--detach", other)
    assert commit_of(clone / "publer_sync") == other
    shutil.rmtree(clone / ".git")
    assert shown(clone) == __version__


@pytest.mark.slow
def test_a_copy_of_the_action_names_the_commit_that_it_is_of(clone: Path, tmp_path: Path) -> None:
    """As docs/github-action.md copies it; the repository around it has commits of its own."""
    theirs = tmp_path / "theirs"
    copy = theirs / ".github/actions/publer-sync"
    copy.mkdir(parents=True)
    archive = subprocess.run(
        ["git", "-C", str(clone), "archive", "HEAD", "pyproject.toml", "publer_sync"],
        check=True,
        capture_output=True,
    )
    subprocess.run(["tar", "-x", "-C", str(copy)], input=archive.stdout, check=True)
    git(theirs, "init", "-q")
    git(theirs, "add", "-A")
    git(theirs, "commit", "-q", "-m", "Copied")
    assert shown(copy) == f"{__version__}+g{git(clone, 'rev-parse', 'HEAD')[:7]}"
    shutil.copytree(clone, theirs / "by-hand", ignore=shutil.ignore_patterns(".git"))
    assert shown(theirs / "by-hand") == __version__, "not the commit of the repository around it"


@pytest.mark.slow
def test_a_wheel_names_its_commit_and_has_the_same_bytes_whoever_builds_it(
    clone: Path, tmp_path: Path
) -> None:
    for umask, folder in ((0o022, "a"), (0o077, "b")):
        tree = tmp_path / f"tree-{folder}"
        shutil.copytree(clone, tree)
        for path in tree.rglob("*"):
            if ".git/" not in path.as_posix() and path.is_file():
                path.chmod(0o666 & ~umask)
        subprocess.run(
            [sys.executable, "-c", "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])",
             str(tmp_path / folder)],
            cwd=tree, env={"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": "1800000000"}, umask=umask, check=True,
            capture_output=True,
        )  # fmt: skip
    [first], [second] = ([*(tmp_path / folder).glob("*.whl")] for folder in "ab")
    assert first.name == f"publer_sync-{__version__}-py3-none-any.whl"
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        archive.extractall(tmp_path / "site")
    assert shown(tmp_path / "site") == f"{__version__}+g{git(clone, 'rev-parse', 'HEAD')[:7]}"
