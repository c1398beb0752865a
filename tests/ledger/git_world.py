"""A repository with a remote, for the tests of the state on a branch."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from publer_sync.ledger.git_store import GitStore
from publer_sync.values.errors import StateError
from tests.ledger.builders import SERVICE, QuickClock, a_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.ledger.repositories import Repositories

BRANCH = "publer-sync-state"
REF = f"refs/heads/{BRANCH}"
COPY = f"refs/publer-sync/{BRANCH}"
"""Moves with it, and nobody tidies it up."""
BY = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.com")


def git(where: Path, *words: str, **env: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=where, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below, git's own included."""
    return {
        str(path.relative_to(folder)): str(path.readlink()).encode()
        if path.is_symlink()
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


@dataclass
class World:
    root: Path
    remote: Path
    clone: Path

    @property
    def url(self) -> str:
        return f"file://{self.remote}"

    def store(
        self,
        calendar: str = "calendar",
        *,
        top: Path | None = None,
        patience: float = 20,
        branch: str = BRANCH,
        repositories: Repositories | None = None,
    ) -> GitStore:
        return GitStore(
            branch,
            top=top or self.clone / "calendar",
            service=SERVICE,
            workspace_id="ws1",
            calendar=calendar,
            clock=QuickClock(),
            patience=patience,
            repositories=repositories,
        )

    def state_text(self, what: str = "ws1/calendar.json") -> str:
        return git(self.remote, "show", f"{REF}:{what}")

    def apply(self, mark: str, calendar: str = "calendar") -> None:
        """What a run does with the state."""
        store = self.store(calendar)
        store.read()
        store.write(a_state(mark, calendar))

    def hook(self, name: str, script: str) -> None:
        path = self.remote / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def remove(self, file: str) -> None:
        """Someone removes a file from the branch by hand."""
        work = Path(tempfile.mkdtemp(dir=self.root)) / "w"
        git(self.root, "clone", "--quiet", "-b", BRANCH, self.url, str(work))
        git(work, "rm", "-q", file)
        git(work, *BY, "commit", "--quiet", "-m", "by hand")
        git(work, "push", "--quiet", "origin", BRANCH)

    def commit(self, message: str = "by hand", **files: str) -> None:
        """Someone pushes files to the branch by hand; `__` stands for a slash."""
        work = Path(tempfile.mkdtemp(dir=self.root))
        git(work, "clone", "--quiet", self.url, "w")
        work /= "w"
        if git(self.remote, "for-each-ref", REF):
            git(work, "checkout", "--quiet", BRANCH)
        else:
            git(work, "checkout", "--quiet", "--orphan", BRANCH)
            git(work, "rm", "-rfq", ".")
        for name, text in files.items():
            path = work / (name.replace("__", "/") + ".json")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        git(work, "add", "-A")
        git(work, *BY, "commit", "--quiet", "-m", message)
        git(work, "push", "--quiet", "origin", BRANCH)


def make_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A bare remote, and a clone of it by someone who never told git a name."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    made = _made()
    (tmp_path / "home").mkdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PUBLER_API_KEY", "the-secret-key")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    world = World(tmp_path, tmp_path / "remote.git", tmp_path / "clone")
    shutil.copytree(made / "remote.git", world.remote)
    shutil.copytree(made / "clone", world.clone)
    config = world.clone / ".git" / "config"
    config.write_text(config.read_text().replace(f"file://{made}/remote.git", world.url))
    return world


@functools.cache
def _made() -> Path:
    """Both, to be copied: git would be started nine times for each test."""
    folder = Path(tempfile.mkdtemp(prefix="world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    env = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    seed = folder / "seed"
    git(folder, "init", "--quiet", "-b", "main", "seed", **env)
    (seed / "calendar").mkdir()
    (seed / "calendar" / "publer.yaml").write_text("timezone: UTC\n")
    for message in ("one", "two"):
        (seed / "README.md").write_text(message)
        git(seed, "add", "-A", **env)
        git(seed, *BY, "commit", "--quiet", "-m", message, **env)
    git(folder, "clone", "--quiet", "--bare", "seed", "remote.git", **env)
    git(folder / "remote.git", "config", "uploadpack.allowFilter", "true", **env)
    git(folder, "clone", "--quiet", f"file://{folder}/remote.git", "clone", **env)
    return folder


@contextmanager
def raced() -> Iterator[None]:
    """What is done here ends because another run has written meanwhile."""
    with pytest.raises(StateError, match="another apply or a hold took over") as caught:
        yield
    assert (caught.value.code, caught.value.exit_code) == ("state.raced", 1)
