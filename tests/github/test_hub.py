"""The stand-in for GitHub, against what GitHub's own pages say: https://docs.github.com/rest (API version 2022-11-28)."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.github.hub import BAD_GATEWAY, LIMITED, TOKEN, Hub, Trouble, standing_in
from tests.github.repository import CALENDAR, Repo, begin
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def hub() -> Iterator[Hub]:
    with standing_in() as hub:
        yield hub


def ask(hub: Hub, method: str, path: str, body: Any = None) -> requests.Response:
    address = path if path.startswith("http") else f"{hub.url}/repos/o/r{path}"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return requests.request(method, address, json=body, headers=headers, timeout=10, allow_redirects=False)


def test_a_list_has_pages_and_each_names_the_next(hub: Hub) -> None:
    """https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api"""
    hub.comments = [{"id": number, "body": str(number)} for number in range(5)]
    found, address = [], f"{hub.url}/repos/o/r/issues/7/comments?per_page=100"
    while address:
        answer = ask(hub, "GET", address)
        found += [each["id"] for each in answer.json()]
        address = answer.links.get("next", {}).get("url", "")
    assert found == [0, 1, 2, 3, 4]
    assert len(hub.log) == 3


def test_comments_are_made_changed_and_removed(hub: Hub) -> None:
    made = ask(hub, "POST", "/issues/7/comments", {"body": "One"})
    assert made.status_code == 201
    comment = made.json()
    assert comment["user"]["login"] == "github-actions[bot]"
    changed = ask(hub, "PATCH", f"/issues/comments/{comment['id']}", {"body": "Two"})
    assert (changed.status_code, hub.bodies(7), hub.bodies(8)) == (200, ["Two"], [])
    gone = ask(hub, "DELETE", f"/issues/comments/{comment['id']}")
    assert (gone.status_code, gone.content, hub.bodies(7)) == (204, b"", [])


def test_issues_are_found_by_label_and_state(hub: Hub) -> None:
    made = ask(hub, "POST", "/issues", {"title": "Drift", "body": "x", "labels": ["publer-sync"]}).json()
    asked = "/issues?labels=publer-sync&state="
    assert [each["number"] for each in ask(hub, "GET", f"{asked}open").json()] == [made["number"]]
    ask(hub, "PATCH", f"/issues/{made['number']}", {"state": "closed"})
    assert (ask(hub, "GET", f"{asked}open").json(), len(ask(hub, "GET", f"{asked}closed").json())) == ([], 1)


def test_a_file_is_written_over_only_by_who_has_read_it(hub: Hub) -> None:
    """https://docs.github.com/rest/repos/contents: 409 where `sha` is not that of the file."""
    assert ask(hub, "GET", "/contents/a.yaml").status_code == 404
    assert ask(hub, "PUT", "/contents/a.yaml", {"content": "YQ=="}).status_code == 200
    assert ask(hub, "PUT", "/contents/a.yaml", {"content": "Yg=="}).status_code == 409
    sha = ask(hub, "GET", "/contents/a.yaml").json()["sha"]
    assert ask(hub, "PUT", "/contents/a.yaml", {"content": "Yg==", "sha": sha}).status_code == 200


def test_a_pull_request_is_opened_closed_and_found_by_its_branch(hub: Hub) -> None:
    hub.opens_pulls = False
    words = {"head": "topic", "base": "main", "title": "A post", "body": ""}
    refused = ask(hub, "POST", "/pulls", words)
    assert (refused.status_code, "not permitted" in refused.json()["message"]) == (403, True)
    hub.opens_pulls = True
    pull = ask(hub, "POST", "/pulls", words).json()
    assert ask(hub, "GET", "/pulls?head=o:topic&state=all").json()[0]["number"] == pull["number"]
    ask(hub, "PATCH", f"/pulls/{pull['number']}", {"state": "closed"})
    assert ask(hub, "GET", f"/pulls/{pull['number']}").json()["state"] == "closed"


def test_a_token_that_only_reads_writes_nothing(hub: Hub) -> None:
    hub.reads_only = True
    refused = ask(hub, "POST", "/issues/7/comments", {"body": "One"})
    assert (refused.status_code, hub.comments) == (403, [])
    assert ask(hub, "GET", "/issues/7/comments").status_code == 200


def test_trouble_comes_as_often_as_it_says_and_may_have_been_carried_out(hub: Hub) -> None:
    hub.troubles = [Trouble("POST .*/comments", BAD_GATEWAY, carried_out=True), Trouble("GET", LIMITED)]
    assert ask(hub, "POST", "/issues/7/comments", {"body": "One"}).status_code == 502
    assert hub.bodies(7) == ["One"]
    limited = ask(hub, "GET", "/issues/7/comments")
    assert (limited.status_code, limited.headers["Retry-After"]) == (403, "1")
    assert ask(hub, "GET", "/issues/7/comments").status_code == 200


def test_a_picture_of_an_issue_is_behind_an_address_that_takes_no_token(hub: Hub) -> None:
    """https://docs.github.com/rest/issues/issues: `body_html` has signed addresses of attachments."""
    address = hub.upload(b"picture")
    there = ask(hub, "GET", address)
    assert there.status_code == 302
    signed = there.headers["Location"]
    assert ask(hub, "GET", signed).status_code == 400
    assert requests.get(signed, timeout=10).content == b"picture"
    hub.private = True
    assert ask(hub, "GET", address).status_code == 404
    assert signed.replace("&", "&amp;") in ask(hub, "GET", "/issues/5").json()["body_html"]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "folder", begin(tmp_path))


def test_what_a_push_brought_is_told_from_the_repository(repo: Repo) -> None:
    """https://docs.github.com/rest/commits/commits: the commits between two, and the files that differ from where they parted."""
    before = repo.commit(CALENDAR)
    after = repo.commit({"calendar/june.yaml": "posts: []\n"})
    with standing_in(repo.remote) as hub:
        told = ask(hub, "GET", f"/compare/{before}...{after}").json()
        assert [each["sha"] for each in told["commits"]] == [after]
        assert [each["filename"] for each in told["files"]] == ["calendar/june.yaml"]
        assert ask(hub, "GET", f"/compare/{'0' * 40}...{after}").status_code == 404
        assert [
            each["sha"] for each in ask(hub, "GET", "/commits?sha=main&path=calendar/may.yaml").json()
        ] == [before]


def test_the_pull_request_of_a_commit_is_the_one_whose_merge_brought_it(repo: Repo) -> None:
    repo.commit(CALENDAR)
    mine = repo.commit({"calendar/june.yaml": "posts: []\n"}, branch="topic")
    merge = repo.merge("topic")
    with standing_in(repo.remote) as hub:
        hub.merge(7, merge)
        assert [each["number"] for each in ask(hub, "GET", f"/commits/{mine}/pulls").json()] == [7]
        assert [each["filename"] for each in ask(hub, "GET", "/pulls/7/files").json()] == [
            "calendar/june.yaml"
        ]


@each_of("path", ["/nothing", "/issues/7/reactions", "/pulls/1/reviews"])
def test_it_answers_nothing_that_it_does_not_know(path: str) -> None:
    with standing_in() as hub:
        assert ask(hub, "GET", path).status_code == 404


def test_a_push_goes_to_the_remote_and_one_from_elsewhere_is_not_here(repo: Repo) -> None:
    repo.commit(CALENDAR)
    there = repo.push_from_elsewhere({"a": "b"})
    remote = subprocess.run(
        ["git", "-C", str(repo.remote), "rev-parse", "main"], check=True, capture_output=True, text=True
    ).stdout
    assert remote.strip() == there != repo.git("rev-parse", "HEAD")
