"""What makes the branch of a request one that this program may change or remove."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from unittest import mock

import pytest

from publer_sync.action import request_branch
from publer_sync.action.github import GitHubError
from publer_sync.action.request_branch import BOT, RequestBranch, fetch_branch
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.github.repository import Repo

ADDRESS = BOT.partition("<")[2].rstrip(">")
FILE = "calendar/requests/issue-5.yaml"
PLACES = [FILE, "calendar/media/issue-5"]


def told(
    *files: Mapping[str, str], by: str | None = ADDRESS, issue: int = 5, more: int = 0
) -> dict[str, Any]:
    """What GitHub tells of a branch with one commit; without `by`, it knows nobody who made it."""
    message = f"Write the post\n\nPubler-Sync-Issue: {issue}\n"
    return {
        "total_commits": 1 + more,
        "commits": [{"commit": {"message": message, "committer": {"email": by} if by else None}}],
        "files": [*files],
    }


@each_of(
    "compared, ours",
    [
        (told({"filename": FILE}), True),
        (told({"filename": FILE}, {"filename": "calendar/media/issue-5/1.jpg"}), True),
        (told({"filename": FILE}, {"filename": "calendar/media/issue-50/1.jpg"}), False),
        (told({"filename": FILE, "previous_filename": "calendar/may.yaml"}), False),
        (told({"filename": FILE}, by="anna@example.com"), False),
        (told({"filename": FILE}, by=None), False),
        (told({"filename": FILE}, issue=6), False),
        (told({"filename": FILE}, more=1), False),
        (told(*({"filename": FILE} for _ in range(300))), False),
    ],
)
def test_a_branch_is_ours_while_it_has_our_commits_and_the_files_of_its_request_alone(
    compared: dict[str, Any], ours: bool
) -> None:
    github = cast("Any", SimpleNamespace(get=lambda _: compared))
    assert RequestBranch(5, "a" * 40, "b" * 40).is_ours(github, PLACES) is ours


def test_a_branch_that_is_not_there_yet_is_ours() -> None:
    assert RequestBranch(5, "a" * 40, None).is_ours(cast("Any", None), PLACES)


def test_a_branch_whose_tip_git_does_not_tell_is_not_taken_for_none() -> None:
    """Nobody's commits would be ours then."""
    told = {"ls-remote": "b2 refs/heads/requests/issue-5", "fetch": "", "rev-parse": None}
    with mock.patch.object(request_branch, "git", lambda command, *_, **__: told[command]):
        assert fetch_branch(5, "a" * 40).tip is not None


@each_of(
    "listed, obstacle",
    [
        ("", None),
        (None, None),  # git cannot tell
        ("040000 tree 1\tcalendar\x00040000 tree 2\tcalendar/requests\x00", None),
        ("100644 blob 1\tcalendar/requests/issue-5.yaml\x00", None),
        ("100755 blob 1\tcalendar/requests/issue-5.yaml\x00", None),
        ("120000 blob 1\tcalendar/requests\x00", "calendar/requests"),
        ("100644 blob 1\tcalendar/requests\x00", "calendar/requests"),
        ("120000 blob 1\tcalendar/requests/issue-5.yaml\x00", "calendar/requests/issue-5.yaml"),
        ("040000 tree 1\tcalendar/requests/issue-5.yaml\x00", "calendar/requests/issue-5.yaml"),
        ("120000 blob 1\tcalendar/other\x00", None),
    ],
)
def test_nothing_is_written_through_a_link_or_over_something_else(
    listed: str | None, obstacle: str | None
) -> None:
    with mock.patch.object(request_branch, "git", return_value=listed):
        assert RequestBranch(5, "a" * 40, None).obstacle([FILE]) == obstacle


@each_of("tip, parent", [("b" * 40, "b" * 40), (None, "a" * 40)])
def test_a_commit_goes_on_top_of_what_the_branch_has(tip: str | None, parent: str) -> None:
    given: list[bytes] = []

    def git(word: str, *_: str, given_: list[bytes] = given, **options: Any) -> str | None:
        given_ += [options["given"]] if word == "fast-import" else []
        return {"ls-tree": "", "fast-import": "c" * 40}.get(word)

    with mock.patch.object(request_branch, "git", git):
        made = RequestBranch(5, "a" * 40, tip).commit({FILE: b"posts: []"}, "calendar/media/issue-5", "Write")
    assert made == "c" * 40
    assert f"\nfrom {parent}\n".encode() in given[0]


# --- in a repository --------------------------------------------------------------------------------------------------


def test_the_branch_of_a_request_is_written_step_by_step_and_removed(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a checkout, and only the files of the request."""
    base = repo.commit({"calendar/publer.yaml": "x\n", "calendar/media/issue-50/1.png": "theirs"})
    monkeypatch.chdir(repo.work)
    monkeypatch.setenv("HOME", str(repo.work))

    def changes(commit: str) -> list[str]:
        return repo.git("diff", "--name-status", "--no-renames", base, commit).splitlines()

    first = request_branch.fetch_branch(5, base)
    assert (first.name, first.tip) == ("requests/issue-5", None)
    first.remove()  # nothing is there
    media = "calendar/media/issue-5"
    made = first.commit(
        {FILE: b"posts: []\n", f"{media}/1.png": b"a", f"{media}/2.png": b"b"}, media, "Write"
    )
    first.push(made)
    assert changes(made) == [f"A\t{media}/1.png", f"A\t{media}/2.png", f"A\t{FILE}"]
    assert repo.git("log", "-1", "--format=%B%n%an%n%ce", made) == (
        f"Write\n\nPubler-Sync-Issue: 5\n\ngithub-actions[bot]\n{ADDRESS}"
    )
    second = request_branch.fetch_branch(5, base)
    assert second.tip == made
    assert (
        second.commit({FILE: b"posts: []\n", f"{media}/1.png": b"a", f"{media}/2.png": b"b"}, media, "x")
        == made
    )
    fewer = second.commit({FILE: b"posts: [ ]\n", f"{media}/1.png": b"a"}, media, "Write again")
    assert repo.git("rev-parse", f"{fewer}^") == made
    assert changes(fewer) == [f"A\t{media}/1.png", f"A\t{FILE}"]
    second.push(fewer)
    with pytest.raises(GitHubError, match="could not remove the branch requests/issue-5"):
        second.remove()
    with pytest.raises(GitHubError, match="could not push the branch requests/issue-5"):
        first.push(first.commit({FILE: b"late\n"}, media, "Late"))
    request_branch.fetch_branch(5, base).remove()
    assert request_branch.fetch_branch(5, base).tip is None
    same = first.commit({}, media, "Nothing")
    assert same != base, "a branch of its own, though nothing differs"
    with pytest.raises(GitHubError, match="git fast-import failed"):
        RequestBranch(5, "e" * 40, None).commit({FILE: b"x"}, media, "x")
    repo.remote.rename(repo.remote.with_name("away"))
    with pytest.raises(GitHubError, match="git ls-remote failed"):
        request_branch.fetch_branch(5, base)


def test_what_is_in_the_way_of_a_request_is_named(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit({"calendar/publer.yaml": "x\n", "calendar/requests": "a file"})
    (repo.work / "calendar" / "media").symlink_to(repo.work)
    base = repo.commit({"other/requests/issue-5.yaml": "x"})
    monkeypatch.chdir(repo.work)
    branch = RequestBranch(5, base, None)
    assert branch.obstacle([FILE]) == "calendar/requests"
    assert branch.obstacle(["calendar/media/issue-5/1.png"]) == "calendar/media"
    assert branch.obstacle(["other/requests/issue-5.yaml"]) is None
    assert branch.obstacle(["other/requests"]) == "other/requests"
    assert branch.obstacle(["new/requests/issue-5.yaml"]) is None
    assert RequestBranch(5, base, base).obstacle(["calendar/publer.yaml/x"]) == "calendar/publer.yaml"
    assert request_branch.exists(base, "other/requests/issue-5.yaml")
    assert not request_branch.exists(base, "calendar/media/other/requests/issue-5.yaml"), "behind a link"
