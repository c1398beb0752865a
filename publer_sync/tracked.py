"""Which files git tracks, and the environment in which git runs."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def tracked_files(repository: Path) -> list[str] | None:
    """The paths that git tracks, from the top of the repository, with slashes; None where git can't tell."""
    try:
        done = subprocess.run(
            ["git", "ls-files", "-z"],  # noqa: S607 — the git that the user would run
            cwd=repository,
            env=git_environment() | {"GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return os.fsdecode(done.stdout).split("\0")[:-1] if done.returncode == 0 else None
