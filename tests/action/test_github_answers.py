"""What becomes of each answer that GitHub may give: what is asked again, for how long, and which error is told."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.action import github as client
from publer_sync.action.asking import Asking, Lost
from publer_sync.action.github import GitHub, GitHubError, TooLargeError
from tests.stand_in import Asked, Reply, serving
from tests.stored import agrees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent / "stored"
RESET = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1030"}
DOWN = Reply({"message": "Bad Gateway"}, 502)
LATER = Reply({"message": "Please wait"}, 403, {"Retry-After": "400"})
FORBIDDEN = Reply({"message": "Resource not accessible by integration"}, 403)
ME = Reply({"data": {"viewer": {"login": "me"}}})


class Line:
    """GitHub, which gives these answers one after the other, the last one for ever; `told` is what was asked, said and slept."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.told: list[str] = []
        self.url = ""

    def answer(self, asked: Asked) -> Reply:
        query = "&".join(f"{key}={value}" for key, value in asked.query)
        token = " with the token" if "Authorization" in asked.headers else ""
        if token and "/user-attachments/" not in asked.path:
            assert asked.headers["X-GitHub-Api-Version"] == "2022-11-28"
            assert asked.headers["Accept"].startswith("application/vnd.github")
        path = asked.path.partition("?")[0]
        self.told.append(
            f"{asked.method} {path}{'?' if query else ''}{query}{token} {asked.json or ''}".rstrip()
        )
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        headers = {name: value.replace("HERE", self.url) for name, value in (reply.headers or {}).items()}
        return Reply(reply.data, reply.status, headers, raw=reply.raw)

    def call(self, do: Callable[[GitHub], Any], *replies: Reply) -> str:
        self.told, self.replies = [], [*replies]
        github = GitHub(self.url, "o/r", "secret", say=self.told.append)
        try:
            self.told.append(f"gives {do(github)!r}")
        except GitHubError as error:
            facts = [name for name in ("forbidden", "unanswered", "unclear") if getattr(error, name)]
            self.told.append(f"GitHubError: {error.message} {' '.join(facts)}".rstrip())
        except TooLargeError:
            self.told.append("TooLargeError")
        return "\n".join(self.told).replace(self.url, "HERE")


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    line = Line()
    clock = SimpleNamespace(
        sleep=lambda seconds: line.told.append(f"sleeps {seconds:g}"), time=lambda: 1000.0
    )
    monkeypatch.setattr(client, "time", clock)
    with serving(line.answer) as server:
        line.url = server.url
        yield line


def test_each_answer(line: Line) -> None:
    def read(github: GitHub) -> Any:
        return github.get("/labels", page=2)

    def write(github: GitHub) -> Any:
        return github.send("POST", "/issues", {"title": "x"})

    answers = {
        "well": [Reply({"a": 1})],
        "nothing": [Reply(raw=b"", status=204)],
        "down once": [DOWN, Reply({})],
        "down for ever": [DOWN],
        "a fault of its own": [Reply({"message": "m"}, 500)],
        "forbidden": [FORBIDDEN],
        "no such token": [Reply({"message": "Bad credentials"}, 401)],
        "not there": [Reply({"message": "Not Found"}, 404)],
        "not valid": [Reply({"message": "Validation Failed"}, 422)],
        "without a message": [Reply({"error": "x"}, 400)],
        "a list": [Reply(["x"], 400)],
        "no JSON": [Reply(raw=b"<html>", status=400)],
        "a long message": [Reply({"message": "x" * 300}, 400)],
        "a limit, and again at once": [Reply({"message": "m"}, 429, {"Retry-After": "0"}), Reply({})],
        "a limit without a time": [Reply({"message": "m"}, 429), Reply({})],
        "a limit with words for a time": [Reply({"message": "m"}, 429, {"Retry-After": "soon"}), Reply({})],
        "a limit with a strange digit": [Reply({"message": "m"}, 429, {"Retry-After": "²"}), Reply({})],
        "a limit until a strange digit": [
            Reply({"message": "m"}, 403, {**RESET, "X-RateLimit-Reset": "²"}),
            Reply({}),
        ],
        "a limit until a time": [Reply({"message": "m"}, 403, RESET), Reply({})],
        "a limit until a time that has passed": [
            Reply({"message": "m"}, 403, {**RESET, "X-RateLimit-Reset": "900"}),
            Reply({}),
        ],
        "a limit until nobody knows": [
            Reply({"message": "m"}, 403, {**RESET, "X-RateLimit-Reset": "?"}),
            Reply({}),
        ],
        "forbidden within the limit": [Reply({"message": "m"}, 403, {**RESET, "X-RateLimit-Remaining": "9"})],
        "the second limit": [Reply({"message": "A secondary Rate Limit"}, 403), Reply({})],
        "a limit twice": [LATER, LATER, Reply({})],
        "a limit of an hour": [Reply({"message": "m"}, 403, {"Retry-After": "3600"})],
        "a limit of ten minutes": [Reply({"message": "m"}, 403, {"Retry-After": "600"}), Reply({})],
        "another status with a time": [Reply({"message": "m"}, 400, {"Retry-After": "7"})],
    }
    told = {}
    for name, replies in answers.items():
        if replies[0].status != 204:
            told[f"read: {name}"] = line.call(read, *replies)
        told[f"write: {name}"] = line.call(write, *replies)
    agrees(HERE / "github_answers.md", told)


def test_what_is_asked_of_github_and_what_of_an_answer_counts(line: Line) -> None:
    more = Reply({"commits": [1, 2]}, headers={"Link": '<HERE/next?page=2>; rel="next"'})
    away = Reply([1], headers={"Link": '<http://elsewhere.example/>; rel="next"'})
    mine = {"user": {"login": "me"}, "body": "x <!-- mark -->", "number": 1}
    others = [{**mine, "user": {"login": "you"}}, {**mine, "body": None}, {**mine, "user": None}]

    def listed(github: GitHub) -> Any:
        return [*github.pages("/compare", key="commits", since="now")]

    def attachment(github: GitHub) -> Any:
        return github.attachment(f"{line.url}/user-attachments/a", line.url, 4)

    def leads(to: str) -> Reply:
        return Reply({}, 302, {"Location": to})

    scenes: dict[str, tuple[Callable[[GitHub], Any], list[Reply]]] = {
        "pages": (listed, [more, Reply({"commits": [3]})]),
        "pages elsewhere": (lambda github: [*github.pages("/x")], [away]),
        "issues": (lambda github: github.issues("<!-- mark -->"), [Reply([mine, *others]), ME]),
        "nobody's token": (lambda github: github.mine(mine), [Reply({"data": None})]),
        "a proxy's page": (lambda github: github.get("/x"), [Reply(raw=b"<html>")]),
        "pages of a proxy": (listed, [Reply(raw=b"<html>")]),
        "open": (lambda github: github.open({"title": "t"}), [Reply({"number": 8})]),
        "close": (lambda github: github.close({"number": 8}), [Reply({})]),
        "rendered": (lambda github: github.rendered(5), [Reply({"body_html": "<p>"})]),
        "rendered, empty": (lambda github: github.rendered(5), [Reply({"body_html": None})]),
        **{
            f"permission: {word}": (lambda github: github.may_write("a/b"), [Reply({"permission": word})])
            for word in ("admin", "write", "read", "none")
        },
        "permission: of an app": (lambda github: github.may_write("app"), [Reply({}, 404)]),
        "permission: not told": (lambda github: github.may_write("anna"), [FORBIDDEN]),
        "attachment": (attachment, [Reply(raw=b"four")]),
        "attachment, too large": (attachment, [Reply(raw=b"fives")]),
        "attachment that leads on": (attachment, [leads("HERE/private?jwt=a"), Reply(raw=b"four")]),
        "attachment that leads to another": (attachment, [leads("/user-attachments/b"), Reply(raw=b"four")]),
        "attachment that leads away unencrypted": (attachment, [leads("http://a.example/x")]),
        "attachment that leads on and on": (attachment, [leads("HERE/again")]),
        "attachment that does not say where": (attachment, [Reply({}, 302)]),
        "attachment that is gone": (attachment, [Reply({}, 404)]),
        "attachment, down": (attachment, [DOWN]),
    }
    agrees(
        HERE / "github_asked.md",
        {name: line.call(do, *replies) for name, (do, replies) in scenes.items()},
    )


def test_a_github_that_is_not_there(line: Line) -> None:
    line.replies = [Reply({})]

    def read(_: GitHub) -> Any:
        return GitHub("http://127.0.0.1:9", "o/r", "secret", say=line.told.append).get("/x")

    def attachment(github: GitHub) -> Any:
        return github.attachment("http://127.0.0.1:9/a", "http://127.0.0.1:9", 4)

    told = {"read": line.call(read, Reply({})), "attachment": line.call(attachment, Reply({}))}
    assert told["read"].endswith(
        "sleeps 8\nGitHubError: GitHub cannot be reached: ConnectionError unanswered"
    )
    assert told["attachment"] == "GitHubError: GitHub cannot be reached: ConnectionError unanswered"


@pytest.mark.parametrize("from_outside", [True, False])
def test_a_run_goes_on_without_what_github_does_not_answer(
    line: Line, capsys: pytest.CaptureFixture[str], from_outside: bool
) -> None:
    """A write whose answer is lost is tried three times, one that was refused once."""

    def write(github: GitHub) -> Any:
        asking = Asking(github, from_outside=from_outside)
        found = asking.ask("comment", lambda github: github.send("POST", "/x", {}))
        return found.why if isinstance(found, Lost) else found

    told = {
        name: f"{line.call(write, *replies)}\n{capsys.readouterr().out}"
        for name, replies in {
            "well": [Reply({"a": 1})],
            "lost once": [DOWN, Reply({"a": 1})],
            "lost twice": [DOWN, DOWN, Reply({"a": 1})],
            "lost three times": [DOWN, DOWN, DOWN, Reply({"a": 1})],
            "refused": [FORBIDDEN],
            "not valid": [Reply({"message": "Validation Failed"}, 422)],
        }.items()
    }
    agrees(HERE / f"github_lost_{'fork' if from_outside else 'own'}.md", told)


def test_without_a_token_nothing_is_asked() -> None:
    asking = Asking(None, from_outside=False)
    assert not asking.possible
    assert asking.try_to("comment", lambda _: pytest.fail("asked")) is None
    found = asking.ask("comment", lambda _: pytest.fail("asked"))
    assert isinstance(found, Lost)
    assert found.why == "the input github-token is empty"


def test_what_github_answers_is_given_also_where_the_answer_does_not_matter(line: Line) -> None:
    def write(github: GitHub) -> Any:
        asking = Asking(github, from_outside=False)
        assert asking.possible
        return asking.try_to("read", lambda github: github.get("/x"))

    assert line.call(write, Reply({"a": 1})).endswith("gives {'a': 1}")
