"""A local stand-in for GitHub's API: what it keeps, and how it answers. `test_hub` compares it with GitHub's own pages."""

from __future__ import annotations

import re
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from tests.stand_in import Asked, Reply, serving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TOKEN = "ghs_workflow-token"
CALL = "<!-- publer-sync failed: "
BOT = {"login": "github-actions[bot]", "type": "Bot"}


@dataclass
class Trouble:
    """An answer to the next `times` requests whose method and path match; `carried_out` if the request was done all the same."""

    asked: str
    reply: Reply
    times: int = 1
    carried_out: bool = False


BAD_GATEWAY = Reply({"message": "Bad Gateway"}, 502)
LIMITED = Reply(
    {"message": "You have exceeded a secondary rate limit. Please wait."}, 403, {"Retry-After": "1"}
)


@dataclass
class Hub:
    """What the stand-in keeps. Lists are given out two at a time, so that every reader has to turn pages; pull requests alone are not."""

    url: str = ""
    remote: Path | None = None
    """The repository, which tells what a push brought and what a merge changed."""
    labels: list[str] = field(default_factory=list)
    """Of every pull request that has none of its own in `labels_of`."""
    labels_of: dict[int, list[str]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    permissions: dict[str, str] = field(default_factory=dict)
    comments: list[dict[str, Any]] = field(default_factory=list)
    review: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    contents: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The files that were written, by their path."""
    merged: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    """Those that the token's user opened."""
    heads: dict[int, str] = field(default_factory=dict)
    """The newest commits of others that are open, where a test asks for them."""
    heeds_head: bool = True
    """Whether a list of one branch's pull requests has no others."""
    opens_pulls: bool = True
    """Whether the repository lets workflows open them."""
    checks: list[dict[str, Any]] = field(default_factory=list)
    attachments: dict[str, bytes] = field(default_factory=dict)
    """What was uploaded, by its id: where an issue shows it, and unless `private` by way of its own address."""
    private: bool = False
    html: str = ""
    """What an issue shows beside them."""
    me: str = BOT["login"]
    """Whose the token is."""
    reads_only: bool = False
    down: int = 0
    """So many requests are answered with a 502."""
    troubles: list[Trouble] = field(default_factory=list)
    """What becomes of the next requests, each of the first trouble that fits it."""
    added: int = 0
    log: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def merge(self, number: int, commit: str, **facts: Any) -> None:
        """Say that a commit is the merge of a pull request into main."""
        [_, *parents] = self._git("log", "-1", "--format=%H %P", commit)[0].split(" ")
        head = {"sha": parents[1] if len(parents) > 1 else commit}
        pull = {"number": number, "merged_at": "x", "merge_commit_sha": commit, "base": {"ref": "main"}}
        pull |= {"head": head, "merged_by": {"login": "anna", "type": "User"}}
        self.merged[commit] = [{**pull, **facts}]

    def bodies(self, number: int) -> list[str]:
        """The comments but those that call somebody."""
        return [body for body in self._bodies(number) if not body.startswith(CALL)]

    def calls(self, number: int) -> list[str]:
        """Those that call somebody, as GitHub mails each of them."""
        return [body for body in self._bodies(number) if body.startswith(CALL)]

    def _bodies(self, number: int) -> list[str]:
        return [item["body"] for item in self.comments if item.get("pull", number) == number]

    def _git(self, *words: str) -> list[str]:
        done = subprocess.run(
            ["git", "-C", str(self.remote), *words], check=False, capture_output=True, text=True
        )
        return done.stdout.splitlines()

    def _changed(self, number: int) -> list[dict[str, Any]]:
        merges = [sha for sha, pulls in self.merged.items() if number in [pull["number"] for pull in pulls]]
        names = [name for sha in merges for name in self._git("diff", "--name-only", f"{sha}^1", sha)]
        return [{"filename": name} for name in names]

    def _told(self, sha: str) -> dict[str, Any]:
        [address] = self._git("log", "-1", "--format=%ce", sha)
        message = "\n".join(self._git("log", "-1", "--format=%B", sha))
        return {"message": message, "committer": {"email": address}}

    def label(self, name: str, by: str, *, pull: int | None = None) -> None:
        (self.labels if pull is None else self.labels_of.setdefault(pull, [])).append(name)
        self.events.append({"event": "labeled", "label": {"name": name}, "actor": {"login": by}})

    def trouble(self, asked: str) -> Trouble | None:
        for one in self.troubles:
            if one.times and re.search(one.asked, asked):
                one.times -= 1
                return one
        return None

    def writes(self) -> list[str]:
        return [f"{method} {path}" for method, path in self.log if method != "GET"]

    def upload(self, data: bytes) -> str:
        """The address that GitHub writes into the issue."""
        name = f"{len(self.attachments):08x}-0000-0000-0000-000000000000"
        self.attachments[name] = data
        return f"{self.url}/user-attachments/assets/{name}"

    def file(self, asked: Asked) -> Reply | None:
        """A file behind the address that an issue shows it from. It is signed, so a token is too much."""
        place, _, name = urlsplit(asked.path).path.removesuffix(".bin").rpartition("/")
        if place == "/user-attachments/assets" and name in self.attachments and not self.private:
            if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
                return Reply({}, 404)
            return Reply({}, 302, {"Location": f"{self.url}/private/{name}.bin?jwt=a&x=b"})
        if place != "/private" or name not in self.attachments:
            return None
        if asked.headers.get("Authorization") or dict(asked.query) != {"jwt": "a", "x": "b"}:
            return Reply({}, 400)
        return Reply(raw=self.attachments[name])

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Any) -> tuple[int, Any]:
        if path == "/graphql":
            return 200, {"data": {"viewer": {"login": self.me}}}
        self.log.append((method, path))
        if self.down:
            self.down -= 1
            return 502, {"message": "Bad Gateway"}
        if method != "GET" and self.reads_only:
            return 403, {"message": "Resource not accessible by integration"}
        path = path.removeprefix("/repos/o/r")
        match method, path.strip("/").split("/"):
            case "GET", ["issues", number, "labels"]:
                return 200, [{"name": name} for name in self.labels_of.get(int(number), self.labels)]
            case "GET", ["issues", _, "events"]:
                return 200, self.events
            case "GET", ["collaborators", login, "permission"] if login in self.permissions:
                return 200, {"permission": self.permissions[login]}
            case "GET", ["issues", number, "comments"]:
                return 200, [item for item in self.comments if item.get("pull", int(number)) == int(number)]
            case "GET", ["pulls", _, "comments"]:
                return 200, self.review
            case "GET", ["pulls", number, "files"]:
                return 200, self.files or self._changed(int(number))
            case "GET", ["compare", basehead]:
                before, _, tip = basehead.partition("...")
                if not self._git("cat-file", "-t", before):
                    return 404, {"message": "Not Found"}
                pushed = self._git("log", "--reverse", "--format=%H", f"{before}..{tip}")
                files = self._git("diff", "--name-only", "--no-renames", f"{before}...{tip}")
                return 200, {
                    "total_commits": len(pushed),
                    "commits": [{"sha": sha, "commit": self._told(sha)} for sha in pushed],
                    "files": [{"filename": name} for name in files],
                }
            case "GET", ["commits"]:
                return 200, [
                    {"sha": sha}
                    for sha in self._git(
                        "log", "-1", "--format=%H", query["sha"], "--", query.get("path") or "."
                    )
                ]
            case "GET", ["commits", sha, "pulls"]:
                brought = [
                    pull
                    for merge, pulls in self.merged.items()
                    if sha in self._git("log", "--format=%H", f"{merge}^..{merge}")
                    for pull in pulls
                ]
                return 200, brought
            case "GET", ["contents", *parts] if "/".join(parts) in self.contents:
                return 200, {"sha": f"{len(self.contents['/'.join(parts)]['content'])}"}
            case "PUT", ["contents", *parts]:
                there = self.contents.get("/".join(parts))
                if there is not None and body.get("sha") != f"{len(there['content'])}":
                    return 409, {"message": "does not match"}
                self.contents["/".join(parts)] = body
                return 200, {}
            case "GET", ["issues"]:
                named = [i for i in self.issues if query.get("labels") in i["labels"]]
                return 200, [issue for issue in named if issue["state"] == query.get("state")]
            case "GET", ["issues", "comments"]:
                found = [item for item in self.comments if item.get("updated_at", "9") >= query["since"]]
                return 200, found[::-1]
            case "GET", ["issues", _]:
                shown = [
                    f'<img src="{self.url}/private/{name}.bin?jwt=a&amp;x=b">' for name in self.attachments
                ]
                return 200, {"body_html": "".join(shown) + self.html}
            case "DELETE", ["issues", "comments", number]:
                self.comments = [item for item in self.comments if item["id"] != int(number)]
                return 204, None
            case "POST", ["check-runs"]:
                self.checks.append(body)
                return 201, {}
            case "POST", ["pulls"] if not self.opens_pulls:
                return 403, {"message": "GitHub Actions is not permitted to create or approve pull requests."}
            case "POST", ["pulls"]:
                head = {"ref": body["head"], "repo": {"full_name": "o/r"}}
                return 201, self._add(self.pulls, {**body, "head": head, "state": "open", "merged_at": None})
            case "GET", ["pulls", number]:
                merged = (pull for pulls in self.merged.values() for pull in pulls)
                known = {item["number"]: item for item in (*merged, *self.pulls)}
                opened = {
                    "number": int(number),
                    "head": {"sha": self.heads.get(int(number))},
                    "state": "open",
                }
                return 200, known.get(int(number), opened)
            case "PATCH", ["pulls", number]:
                return 200, self._change(self.pulls, number, body)
            case "GET", ["pulls"] if "head" in query:
                return 200, [
                    pull
                    for pull in self.pulls
                    if not self.heeds_head or query["head"] == f"o:{pull['head']['ref']}"
                ]
            case "GET", ["pulls"]:
                closed = [pull for pulls in self.merged.values() for pull in pulls]
                return 200, [pull for pull in closed[::-1] if pull["base"]["ref"] == query["base"]]
            case "POST", ["issues", number, "comments"]:
                return 201, self._add(self.comments, {**body, "pull": int(number)})
            case "PATCH", ["issues", "comments", number]:
                return 200, self._change(self.comments, number, body)
            case "POST", ["pulls", _, "comments"]:
                return 201, self._add(self.review, body)
            case "DELETE", ["pulls", "comments", number]:
                self.review = [item for item in self.review if item["id"] != int(number)]
                return 204, None
            case "POST", ["issues"]:
                return 201, self._add(self.issues, {**body, "state": "open"})
            case "PATCH", ["issues", number]:
                return 200, self._change(self.issues, number, body)
        return 404, {"message": "Not Found"}

    def _add(self, items: list[dict[str, Any]], body: Any) -> dict[str, Any]:
        _fits(body)
        self.added += 1
        number = 100 + self.added
        items.append({"id": number, "number": number, "user": BOT, **body})
        return items[-1]

    @staticmethod
    def _change(items: list[dict[str, Any]], number: str, body: Any) -> dict[str, Any]:
        _fits(body)
        item = next(item for item in items if item["id"] == int(number))
        item.update(body)
        return item


def _fits(body: Mapping[str, Any]) -> None:
    if len(body.get("body", "")) > 65_536 or len(body.get("title", "")) > 256:
        raise AssertionError("too long for GitHub")


@contextmanager
def standing_in(remote: Path | None = None) -> Iterator[Hub]:
    """A stand-in on loopback while the block lasts. Lists have pages of two, but pull requests, which have one."""
    state = Hub(remote=remote)

    def answer(asked: Asked) -> Reply:
        path, query = urlsplit(asked.path).path, dict(asked.query)
        if (file := state.file(asked)) is not None:
            return file
        state.tokens.add(asked.headers.get("Authorization", ""))
        trouble = state.trouble(f"{asked.method} {path}")
        if trouble is not None and not trouble.carried_out:
            state.log.append((asked.method, path))
            return trouble.reply
        status, data = state.answer(asked.method, path, query, asked.json)
        if trouble is not None:
            return trouble.reply
        headers = {}
        if isinstance(data, list):
            page = int(query.get("page", 1))
            size = 100 if path.endswith("/pulls") else 2
            if len(data) > page * size:
                rest = urlencode({**query, "page": page + 1})
                headers["Link"] = f'<{state.url}{path}?{rest}>; rel="next"'
            data = data[(page - 1) * size : page * size]
        return Reply(data, status, headers, raw=b"" if data is None else None)

    with serving(answer) as stand_in:
        state.url = stand_in.url
        yield state
