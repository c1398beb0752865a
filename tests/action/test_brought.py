"""Which pull requests a push has brought, and whose labels are read."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from publer_sync.action import merges
from publer_sync.action.asking import Asking, Lost
from publer_sync.action.github import GitHubError
from publer_sync.action.inputs import Event
from tests.tables import each_of

EVENT = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})


def github_with(told: dict[str, Any]) -> tuple[Any, list[str]]:
    """A GitHub that gives these answers, by the beginnings of the paths; what is not there is refused."""
    asked: list[str] = []

    def get(path: str, **_: object) -> Any:
        asked.append(path)
        found = next((reply for name, reply in told.items() if path.startswith(name)), None)
        if isinstance(found, Exception):
            raise found
        return found

    return cast("Any", SimpleNamespace(get=get, pages=lambda path, **_: iter(get(path)))), asked


def merged(number: int, commit: str, **more: Any) -> dict[str, Any]:
    return {
        "number": number,
        "merged_at": "x",
        "merge_commit_sha": commit,
        "head": {"sha": f"head-{number}"},
        **more,
    }


@each_of(
    "before, compared, found",
    [
        ("b0", [{"sha": "c1"}, {"sha": "c2"}], [8, 7]),
        ("b0", GitHubError("gone", status=404), [8]),
        (None, [], [8]),
    ],
)
def test_the_pull_requests_of_a_push_are_those_merged_since(
    tmp_path_factory: pytest.TempPathFactory, before: str | None, compared: Any, found: list[int]
) -> None:
    """The latest first; one that was closed, or merged before, is none of them."""
    top = tmp_path_factory.mktemp("top") / "a"
    top.mkdir()
    recent = [
        merged(7, "c1"),
        merged(8, "c2", head=None),
        merged(9, "c1", merged_at=None),
        merged(6, "c0"),
    ]
    files = [{"filename": "README.md", "previous_filename": "a/old.yaml"}]
    github, _ = github_with({"/compare/b0...c2": compared, "/pulls/": files, "/pulls": recent})
    event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/heads/main"})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(merges, "touched", lambda tops, names: [*tops] if "a/old.yaml" in [*names] else [])
        pulls = merges.pulls(github, replace(event, before=before), "c2", [top])
    assert [*pulls] == found
    assert {number: pull.head for number, pull in pulls.items()} == {
        number: "" if number == 8 else f"head-{number}" for number in found
    }
    assert all(pull.calendars == [top] for pull in pulls.values())


def test_a_comparison_that_github_refuses_is_an_error() -> None:
    github, _ = github_with({"/compare": GitHubError("down", status=502)})
    with pytest.raises(GitHubError, match="down"):
        merges.pulls(github, replace(EVENT, before="b0"), "c2", [])


def test_labels_are_read_of_each_pull_request_where_they_count(capsys: pytest.CaptureFixture[str]) -> None:
    refused = GitHubError("no", status=403)
    told = {"/issues/7/labels": [], "/issues/8/labels": refused}
    github, asked = github_with(told)
    asking = Asking(github, from_outside=False)
    pulls = {7: merges.Pulled("a"), 8: merges.Pulled("b")}
    found = merges.brought(asking, pulls, labelled=True)
    assert (found.pulls, found.labels, found.lost, found.unread) == (pulls, {7: ()}, "", "no")
    assert "could not read labels: no" in capsys.readouterr().out
    asked.clear()
    bare = merges.brought(asking, pulls, labelled=False)
    assert (bare.pulls, bare.labels, bare.lost, bare.unread, asked) == (pulls, {}, "", "", [])
    lost = merges.brought(asking, Lost("down"), labelled=True)
    assert (lost.pulls, lost.lost, lost.unread) == ({}, "down", "down")
    assert merges.brought(asking, Lost("down"), labelled=False) == merges.Brought(lost="down")
