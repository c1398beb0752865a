"""Runs git in the workflow's checkout, with the token that reaches the branch with the state."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from publer_sync.action import workflow
from publer_sync.action.github import GitHubError
from publer_sync.commands.beside.changed import git

if TYPE_CHECKING:
    from publer_sync.action.inputs import Event

WAITS = (1.0, 4.0)
"""Seconds between the times that the repository is asked."""
_UNREADABLE = (
    "Nothing was done. Run this again; if that fails too, check that the job may read the repository."
)


def default_branch() -> str:
    """As the remote has it now; the event of a run that is run again is as old as the run. Raises GitHubError."""
    told = _must("ls-remote", "--symref", "origin", "HEAD").splitlines()
    for line in told:
        kind, _, name = line.removesuffix("\tHEAD").partition(": refs/heads/")
        if kind == "ref" and name and "\t" not in name:
            return name
    raise GitHubError("the repository does not say which branch is its default branch", hint=_UNREADABLE)


def newest(branch: str) -> str:
    """Fetch the newest commit of a branch. Raises GitHubError."""
    _must("fetch", "--quiet", "--no-tags", "origin", f"refs/heads/{branch}")
    return _must("rev-parse", "FETCH_HEAD")


def fetch(commit: str) -> None:
    """Fetch a commit without its history, unless it is here. Raises GitHubError."""
    if git("cat-file", "-e", f"{commit}^{{commit}}") is None:
        _must("fetch", "--quiet", "--no-tags", "--depth=1", "origin", commit)


def switch(commit: str) -> None:
    """Check out a commit that was fetched. Raises GitHubError."""
    _must("checkout", "--quiet", "--detach", commit)


def _must(*words: str) -> str:
    """Asks the remote again where it does not answer: what is read twice does no harm."""
    waits = WAITS if words[0] in ("fetch", "ls-remote") else ()
    for wait in (*waits, None):
        printed = git(*words, seconds=300)
        if printed is not None:
            return printed
        if wait is not None:
            workflow.tell(f"publer-sync: git {words[0]} failed; again in {wait:g} s")
            time.sleep(wait)
    raise GitHubError(f"git {words[0]} failed", hint=_UNREADABLE)


def log_in(event: Event, token: str | None) -> None:
    """Let this process's git reach the repository even if the checkout kept no login (persist-credentials: false).

    A login that the checkout kept is left alone: GitHub refuses a header that comes twice.
    """
    url = f"{event.server}/"
    if token is None or git("config", "--get-urlmatch", "http.extraheader", url):
        return
    number = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    os.environ |= {
        "GIT_CONFIG_COUNT": str(number + 1),
        f"GIT_CONFIG_KEY_{number}": f"http.{url}.extraheader",
        f"GIT_CONFIG_VALUE_{number}": f"AUTHORIZATION: basic {workflow.basic(token)}",
    }
