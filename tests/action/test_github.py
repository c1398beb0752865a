"""GitHub's API: its pages, its hiccups, and where the token goes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from publer_sync.action import comments
from publer_sync.action.asking import Asking
from publer_sync.action.github import GitHub, GitHubError
from publer_sync.render.layout import wording
from tests.github.hub import BAD_GATEWAY, TOKEN, Hub, Trouble
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
        GitHub(server.url, "o/r", TOKEN, say=print).mine({"user": {"login": "github-actions[bot]"}})


@pytest.mark.parametrize(
    ("status", "headers", "message", "seconds"),
    [
        (403, {"Retry-After": "7"}, "You have exceeded a secondary rate limit.", 7),
        (429, {"Retry-After": "7"}, "", 7),
        (403, {}, "You have exceeded a secondary rate limit and have been temporarily blocked", 60),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1030"}, "API rate limit exceeded", 31),
    ],
)
def test_a_rate_limit_is_waited_for_and_told(
    hub: Hub,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    headers: dict[str, str],
    message: str,
    seconds: float,
) -> None:
    """Also before a write, which GitHub has not carried out."""
    slept: list[float] = []
    told: list[str] = []
    clock = SimpleNamespace(sleep=slept.append, time=lambda: 1000.0)
    monkeypatch.setattr("publer_sync.action.github.time", clock)
    hub.troubles = [Trouble("POST", Reply({"message": message}, status, headers))]
    GitHub(hub.url, "o/r", TOKEN, say=told.append).send("POST", "/issues/7/comments", {"body": "x"})
    assert (slept, len(hub.comments)) == ([seconds], 1)
    waited, said = wording.seconds(seconds), message.removesuffix(".")
    assert told == [f"publer-sync: GitHub's rate limit: waiting {waited} (GitHub says {status}: {said})"]


def test_a_limit_that_lasts_longer_than_a_run_is_told_as_that(
    hub: Hub, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publer_sync.action.github.time", SimpleNamespace(sleep=pytest.fail))
    hub.troubles = [Trouble("GET", Reply({"message": "x"}, 403, {"Retry-After": "3300"}))]
    with pytest.raises(GitHubError, match=r"403: x \(its rate limit; again in 55 min\)") as error:
        github.get("/issues/7/labels")
    assert not error.value.forbidden
    hub.troubles = [Trouble("GET", Reply({"message": "Resource not accessible by integration"}, 403))]
    with pytest.raises(GitHubError, match="not accessible") as error:
        github.get("/issues/7/labels")
    assert error.value.forbidden


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_comment_whose_answer_is_lost_is_there_once(
    hub: Hub, github: GitHub, monkeypatch: pytest.MonkeyPatch, carried_out: bool
) -> None:
    monkeypatch.setattr("publer_sync.action.github.time", SimpleNamespace(sleep=lambda _: None))
    hub.troubles = [Trouble("POST .*/comments", BAD_GATEWAY, carried_out=carried_out)]
    asking = Asking(github, from_outside=False)
    assert asking.try_to("comment", comments.keep, 7, "<!-- publer-sync x -->", "words", quiet=False)
    [comment] = hub.comments
    assert comment["body"] == "<!-- publer-sync x -->\nwords"
