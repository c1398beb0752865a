"""The checkout of the workflow, asked by its own git; and the token by which git reaches the branch with the state."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from publer_sync.action import workflow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.action.inputs import Event


def git_output(*words: str, folder: Path) -> str:
    """What git prints; "" if it fails or is not installed."""
    try:
        done = subprocess.run(  # noqa: S603 — no user input
            ["git", *words],  # noqa: S607 — the runner's git
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@contextmanager
def git_login(event: Event, token: str | None) -> Iterator[None]:
    """Let git reach the branch with the state even if the checkout kept no login (persist-credentials: false).

    A login that the checkout kept is left alone: GitHub refuses a header that comes twice.
    """
    url = f"{event.server}/"
    if token is None or git_output("config", "--get-urlmatch", "http.extraheader", url, folder=Path()):
        yield
        return
    number = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    ours = {
        "GIT_CONFIG_COUNT": str(number + 1),
        f"GIT_CONFIG_KEY_{number}": f"http.{url}.extraheader",
        f"GIT_CONFIG_VALUE_{number}": f"AUTHORIZATION: basic {workflow.basic(token)}",
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
