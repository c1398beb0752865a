"""The pull requests that a push has brought to its branch: their labels count, and they get the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.action.github import GitHubError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from publer_sync.action.github import GitHub
    from publer_sync.action.inputs import Event

MOST = 100
"""Commits of a push that are looked up, the newest first."""


def pulls(github: GitHub, event: Event, tip: str) -> tuple[int, ...]:
    """The pull requests merged by the commits since the push, the latest first. Raises GitHubError.

    A merge queue pushes several at once, and `tip` may be newer than the push.
    """
    commits = list(_commits(github, event.before, tip))[:MOST]
    found: dict[int, None] = {}
    for commit in commits:
        for pull in github.pages(f"/commits/{commit}/pulls"):
            here = (pull.get("base") or {}).get("ref") == event.branch
            # A commit also belongs to pull requests that were merged elsewhere, or not at all.
            if pull.get("merged_at") and here and pull.get("merge_commit_sha") in commits:
                found[int(pull["number"])] = None
    return tuple(found)


def _commits(github: GitHub, before: str | None, tip: str) -> Iterator[str]:
    """Those that were pushed or merged, the newest first, without the single commits of merged branches."""
    try:
        pushed = list(github.pages(f"/compare/{before}...{tip}", key="commits")) if before else []
    except GitHubError as error:
        if error.status != 404:
            raise
        pushed = []  # the branch was forced to another history
    parents = {item["sha"]: item["parents"][0]["sha"] for item in pushed if item["parents"]}
    commit = tip
    yield commit
    while (commit := parents.get(commit, "")) in parents:
        yield commit


def touching(github: GitHub, numbers: Iterable[int], folder: str) -> tuple[int, ...]:
    """Those that changed a file of the folder. Raises GitHubError."""
    return tuple(number for number in numbers if _touches(github, number, folder))


def _touches(github: GitHub, number: int, folder: str) -> bool:
    return not folder or any(
        str(name).startswith(f"{folder}/")
        for file in github.pages(f"/pulls/{number}/files")
        for name in (file["filename"], file.get("previous_filename"))
    )
