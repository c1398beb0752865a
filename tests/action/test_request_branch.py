"""What makes the branch of a request one that this program may change or remove."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from unittest import mock

from publer_sync.action import request_branch
from publer_sync.action.request_branch import BOT, RequestBranch
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDRESS = BOT.partition("<")[2].rstrip(">")
FILE = "calendar/requests/issue-5.yaml"
PLACES = [FILE, "calendar/media/issue-5"]


def told(*files: Mapping[str, str], by: str = ADDRESS, issue: int = 5, more: int = 0) -> dict[str, Any]:
    """What GitHub tells of a branch with one commit."""
    message = f"Write the post\n\nPubler-Sync-Issue: {issue}\n"
    return {
        "total_commits": 1 + more,
        "commits": [{"commit": {"message": message, "committer": {"email": by}}}],
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


@each_of(
    "listed, obstacle",
    [
        ("", None),
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
def test_nothing_is_written_through_a_link_or_over_something_else(listed: str, obstacle: str | None) -> None:
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
