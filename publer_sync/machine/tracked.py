"""Which files git tracks and what the last commit has of them, and the environment in which git runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_OF_ANOTHER_REPOSITORY = frozenset(
    (
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_DIR", "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE",
        "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
    )
)  # fmt: skip
"""What git sets for its hooks, to point at their repository (`git rev-parse --local-env-vars`)."""

_SECRETS = frozenset({"PUBLER_API_KEY", "PUBLER_SYNC_STATE_KEY"})


def git_environment() -> dict[str, str]:
    """The user's environment, less what points at another repository, what makes git chatty, and the keys."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _OF_ANOTHER_REPOSITORY and not name.startswith("GIT_TRACE") and name not in _SECRETS
    }
    return kept | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}  # git's messages are shown next to ours


def repository_of(folder: Path) -> Path | None:
    """The top of the git repository that a folder is in."""
    here = folder.resolve()
    return next((each for each in (here, *here.parents) if (each / ".git").exists()), None)


def common_directory(folder: Path) -> Path | None:
    """What all work trees of the git repository around `folder` share, as `git rev-parse --git-common-dir` says; None outside of git.

    Without starting git: every command asks.
    """
    return next((common for _, common in _git_directories(folder)), None)


def git_directory(folder: Path) -> Path | None:
    """What the work tree around `folder` alone has, as `git rev-parse --git-dir` says; None outside of git."""
    return next((own for own, _ in _git_directories(folder)), None)


def _git_directories(folder: Path) -> Iterator[tuple[Path, Path]]:
    here = folder.resolve()
    for each in (here, *here.parents):
        own = common = each / ".git"
        try:
            if not own.exists():
                continue
            if own.is_file():  # a work tree beside the first one, or a submodule
                own = common = each / own.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
            if (own / "commondir").is_file():
                common = own / (own / "commondir").read_text(encoding="utf-8").strip()
            if (common / "HEAD").is_file():
                yield own.resolve(), common.resolve()
        except (OSError, ValueError):
            return


def tracked_files(repository: Path) -> list[str] | None:
    """The paths that git tracks, from the top of the repository, with slashes; None where git can't tell."""
    listed = _git(repository, "ls-files", "-z")
    return None if listed is None else os.fsdecode(listed).split("\0")[:-1]


def untracked_files(repository: Path, folders: Collection[str]) -> list[str]:
    """The paths, from the top of the repository, that git neither tracks nor ignores in these folders of it."""
    named = [f":(top,literal){folder}" for folder in folders]
    listed = (
        _git(repository, "ls-files", "-z", "--others", "--exclude-standard", "--", *named) if named else None
    )
    return os.fsdecode(listed or b"").split("\0")[:-1]


def committed_files(folder: Path, names: Collection[str] | None = None) -> dict[str, bytes] | None:
    """The files of a folder as the last commit has them, by their paths from it. With `names`, only of these endings.

    None where git can't tell.
    """
    if _git(folder, "rev-parse", "--git-dir") is None:
        return None
    listed = _git(folder, "ls-tree", "-r", "-z", "HEAD")
    found: list[tuple[str, str]] = []
    for row in (listed or b"").split(b"\0"):
        about, tab, name = row.partition(b"\t")
        file = os.fsdecode(name)
        if tab and about.split()[1] == b"blob" and (names is None or file.endswith(tuple(names))):
            found.append((about.split()[2].decode(), file))
    blobs = _git(folder, "cat-file", "--batch", given="\n".join(each for each, _ in found).encode())
    files: dict[str, bytes] = {}
    rest = blobs or b""
    for _, file in found:
        head, _, rest = rest.partition(b"\n")
        words = head.split()
        if len(words) != 3:
            continue
        size = int(words[2])
        files[file], rest = rest[:size], rest[size + 1 :]
    return files


@dataclass(frozen=True, slots=True)
class GitRun:
    """How a git command ended, and what it said."""

    code: int
    out: bytes
    err: str


def run_git(folder: Path, *words: str, given: bytes = b"", seconds: float = 60.0) -> GitRun:
    """Run the user's git in a folder, where neither it nor ssh can ask at the terminal."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 — a list of arguments, which no shell reads
            ["git", *words],  # noqa: S607 — the git that the user would run
            cwd=folder,
            env=git_environment() | {"GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            timeout=seconds,
            check=False,
            input=given,
            start_new_session=True,
        )
    except OSError as error:
        return GitRun(127, b"", f"git could not be started: {error.strerror}")
    except subprocess.TimeoutExpired:
        return GitRun(124, b"", f"git {words[0]} did not finish within {seconds:g} seconds")
    return GitRun(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def _git(folder: Path, *words: str, given: bytes = b"") -> bytes | None:
    done = run_git(folder, *words, given=given)
    return done.out if done.code == 0 else None
