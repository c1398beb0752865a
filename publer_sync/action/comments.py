"""The comments that the action writes on pull requests: one of each kind per calendar, edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.action import pages, review

if TYPE_CHECKING:
    from publer_sync.action.github import GitHub


def find(github: GitHub, number: int, mark: str) -> dict[str, Any] | None:
    """Our comment that begins with `mark`. Raises GitHubError."""
    for item in github.pages(f"/issues/{number}/comments"):
        if str(item.get("body") or "").startswith(mark) and github.mine(item):
            return dict(item)
    return None


def reviewed(github: GitHub, number: int, folder: str) -> frozenset[bytes] | None:
    """The digests of the latest plan of a calendar that a pull request shows. Raises GitHubError."""
    for kind in ("applied", "plan"):
        there = find(github, number, pages.mark(kind, folder))
        digests = review.read(there["body"]) if there is not None else None
        if digests is not None:
            return digests
    return None


def keep(github: GitHub, number: int, mark: str, body: str, *, quiet: bool) -> str:
    """Write the comment, or edit it, and return what was done; a `quiet` one is edited only. Raises GitHubError."""
    whole = f"{mark}\n{body}"
    there = find(github, number, mark)
    if there is None and quiet:
        return "no comment: nothing changes"
    if there is None:
        github.send("POST", f"/issues/{number}/comments", {"body": whole})
        return "commented"
    if there["body"] != whole:
        github.send("PATCH", f"/issues/comments/{there['id']}", {"body": whole})
    return "the comment is up to date"
