"""GitHub's API: its pages, its hiccups, and where the token goes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from publer_sync.action.github import GitHub, GitHubError
from tests.action.conftest import TOKEN, Hub
from tests.stand_in import Reply, serving


def test_another_server_never_sees_the_token(hub: Hub, github: GitHub) -> None:
    """A list that goes on elsewhere is not followed."""
    hub.comments = [{"id": number} for number in range(5)]
    hub.url = "http://127.0.0.1:9"
    with pytest.raises(GitHubError, match="another server"):
        list(github.pages("/issues/7/comments"))


def test_a_hiccup_is_read_over_and_never_written_over(
    hub: Hub, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publer_sync.action.github.time", SimpleNamespace(sleep=lambda _: None))
    hub.down = 2
    assert list(github.pages("/issues/7/comments")) == []
    hub.down = 1
    with pytest.raises(GitHubError, match="GitHub says 502: Bad Gateway"):
        github.send("POST", "/issues/7/comments", {"body": "x"})
    assert hub.comments == []
    assert hub.tokens == {f"Bearer {TOKEN}"}


def test_nothing_is_taken_for_ours_if_github_does_not_say_whose_the_token_is() -> None:
    with (
        serving(lambda _: Reply({"data": None, "errors": []})) as server,
        pytest.raises(GitHubError, match="whose token"),
    ):
        GitHub(server.url, "o/r", TOKEN).mine({"user": {"login": "github-actions[bot]"}})
