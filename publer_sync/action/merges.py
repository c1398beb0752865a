"""The pull requests that a push has brought to its branch: their labels count, and they get the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.action.github import GitHubError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.action.github import GitHub
    from publer_sync.action.inputs import Event


def pulls(github: GitHub, event: Event, tip: str) -> tuple[int, ...]:
    """The pull requests merged since the push, the latest first. Raises GitHubError.

    A merge queue pushes several at once, and `tip` may be newer than the push. Whatever was merged or given a label
    lately is among the hundred that were updated last.
    """
    commits = {commit: place for place, commit in enumerate([*_pushed(github, event.before, tip), tip])}
    recent = github.get(
        "/pulls", state="closed", base=str(event.branch), sort="updated", direction="desc", per_page=100
    )
    merged = [pull for pull in recent if pull.get("merged_at") and pull.get("merge_commit_sha") in commits]
    merged.sort(key=lambda pull: commits[pull["merge_commit_sha"]], reverse=True)
    return tuple(int(pull["number"]) for pull in merged)


def _pushed(github: GitHub, before: str | None, tip: str) -> list[str]:
    if before is None:
        return []
    try:
        return [item["sha"] for item in github.pages(f"/compare/{before}...{tip}", key="commits")]
    except GitHubError as error:
        if error.status != 404:
            raise
        return []  # the branch was forced to another history


def touching(github: GitHub, numbers: Iterable[int], folder: str) -> tuple[int, ...]:
    """Those that changed a file of the folder. Raises GitHubError."""
    return tuple(number for number in numbers if _touches(github, number, folder))


def _touches(github: GitHub, number: int, folder: str) -> bool:
    return not folder or any(
        str(name).startswith(f"{folder}/")
        for file in github.pages(f"/pulls/{number}/files")
        for name in (file["filename"], file.get("previous_filename"))
    )
