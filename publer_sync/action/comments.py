"""The comments that the action writes on pull requests: one of each kind per calendar, edited in place."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from publer_sync.action import pages, review
from publer_sync.render.layout.dates import utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from publer_sync.action.github import GitHub
    from publer_sync.action.inputs import Pull
    from publer_sync.action.review import Seal

_MOST = 500
"""Comments of a repository that are looked through."""


def reviewed(github: GitHub, seal: Seal) -> frozenset[bytes] | None:
    """The digests of the plan of a calendar that a pull request shows: of the one that this run refused, if it is run again.

    Raises GitHubError.
    """
    bodies = [item["body"] for item in _ours(github, seal.number)]
    for kind in ("applied", "plan"):
        mark = pages.mark(kind, seal.folder)
        body = next((body for body in bodies if body.startswith(mark)), "")
        digests = review.read(body, seal, again=kind == "applied")
        if digests is not None:
            return digests
    return None


def planned(github: GitHub, number: int, folders: Iterable[str]) -> frozenset[str]:
    """Those of these calendars whose plan a pull request shows. Raises GitHubError."""
    marks = {pages.mark("plan", folder): folder for folder in folders}
    return frozenset(
        folder for item in _ours(github, number) if (folder := marks.get(item["body"].partition("\n")[0]))
    )


def newer(github: GitHub, pull: Pull) -> str:
    """Why what a run has to say of a pull request is outdated; "" where it is not. Raises GitHubError."""
    there = github.get(f"/pulls/{pull.number}")
    head = str((there.get("head") or {}).get("sha") or pull.head)
    if head != pull.head:
        return f"the newest commit of pull request {pull.number} is {head[:7]}, and this run is for {pull.head[:7]}"
    return f"pull request {pull.number} is closed" if there.get("state") == "closed" else ""


def keep(github: GitHub, number: int, mark: str, body: str, *, quiet: bool) -> str:
    """Write the comment, or edit it, and return what was done; a `quiet` one is only edited. Raises GitHubError."""
    whole = f"{mark}\n{body}"
    there = next((item for item in _ours(github, number) if item["body"].startswith(mark)), None)
    if there is None and quiet:
        return "no comment: nothing changes"
    if there is None:
        github.send("POST", f"/issues/{number}/comments", {"body": whole})
        return "commented"
    if there["body"] != whole:
        github.send("PATCH", f"/issues/comments/{there['id']}", {"body": whole})
    return "the comment is up to date"


def written(github: GitHub, number: int, mark: str) -> str:
    """The body of the comment with this mark; "" if there is none. Raises GitHubError."""
    return next((item["body"] for item in _ours(github, number) if item["body"].startswith(mark)), "")


def all_written(github: GitHub, number: int, mark: str) -> list[str]:
    """The bodies of all comments with this mark. Raises GitHubError."""
    return [item["body"] for item in _ours(github, number) if item["body"].startswith(mark)]


def lately(github: GitHub, since: datetime) -> Iterator[dict[str, Any]]:
    """Those of all pull requests and issues that this action wrote, the latest first. Raises GitHubError."""
    found = github.pages("/issues/comments", since=utc(since), sort="updated", direction="desc")
    for item in islice(found, _MOST):
        if str(item.get("body")).startswith(pages.MARK) and github.mine(item):
            yield dict(item)


def remove(github: GitHub, number: int, mark: str) -> None:
    """Raises GitHubError."""
    for item in [*_ours(github, number)]:
        if item["body"].startswith(mark):
            github.send("DELETE", f"/issues/comments/{item['id']}")


def _ours(github: GitHub, number: int) -> Iterator[dict[str, Any]]:
    """The comments of a pull request that this action wrote: a mark can be copied, its author can't."""
    for item in github.pages(f"/issues/{number}/comments"):
        if str(item.get("body")).startswith(pages.MARK) and github.mine(item):
            yield dict(item)
