"""The pull requests that a push merged into its branch: their labels count, and they get the report."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.action import labels
from publer_sync.action.asking import Lost
from publer_sync.action.github import GitHubError
from publer_sync.commands.beside.changed import touched
from publer_sync.starting.late_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from publer_sync.action.asking import Asking
    from publer_sync.action.github import GitHub
    from publer_sync.action.inputs import Event
    from publer_sync.action.labels import Label


class Pulled(NamedTuple):
    """A pull request: its newest commit, which is the one that was merged, and the calendars that it changes."""

    head: str
    calendars: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """The pull requests that a run is about, latest first, with the labels of each.

    `lost` says why nobody knows which they are, `unread` why nobody knows all of their labels; "" where that is known.
    """

    pulls: Mapping[int, Pulled] = field(default_factory=dict)
    labels: Mapping[int, Sequence[Label]] = field(default_factory=dict)
    lost: str = ""
    unread: str = ""


def brought(asking: Asking, pulls: Mapping[int, Pulled] | Lost, *, labelled: bool) -> Brought:
    """With the labels as they are now; without any unless the run is `labelled`, so that they count."""
    if not labelled:
        return Brought(lost=pulls.why) if isinstance(pulls, Lost) else Brought(pulls)
    if isinstance(pulls, Lost):
        return Brought(lost=pulls.why, unread=pulls.why)
    read = {number: asking.ask("read labels", labels.read, number) for number in pulls}
    known = {number: found for number, found in read.items() if not isinstance(found, Lost)}
    unread = next((found.why for found in read.values() if isinstance(found, Lost)), "")
    return Brought(pulls, known, unread=unread)


def pulls(github: GitHub, event: Event, tip: str, calendars: Sequence[Path]) -> dict[int, Pulled]:
    """The pull requests merged since the push, the latest first, each with those of these calendars that it changes.

    Raises GitHubError.

    A merge queue pushes several at once, and `tip` may be newer than the push: what is applied counts. Whatever was merged or given a label
    lately is among the hundred that were updated last.
    """
    commits = {commit: place for place, commit in enumerate([*_pushed(github, event.before, tip), tip])}
    recent = github.get(
        "/pulls", state="closed", base=str(event.branch), sort="updated", direction="desc", per_page=100
    )
    merged = [pull for pull in recent if pull.get("merged_at") and pull.get("merge_commit_sha") in commits]
    merged.sort(key=lambda pull: commits[pull["merge_commit_sha"]], reverse=True)
    return {
        int(pull["number"]): Pulled(
            str((pull.get("head") or {}).get("sha") or ""),
            touched(calendars, filter(None, _files(github, pull["number"]))),
        )
        for pull in merged
    }


def _files(github: GitHub, number: int) -> Iterator[str]:
    for file in github.pages(f"/pulls/{number}/files"):
        yield file["filename"]
        yield file.get("previous_filename", "")


def _pushed(github: GitHub, before: str | None, tip: str) -> list[str]:
    if before is None:
        return []
    try:
        return [item["sha"] for item in github.pages(f"/compare/{before}...{tip}", key="commits")]
    except GitHubError as error:
        if error.status != 404:
            raise
        return []  # the branch was force-pushed
