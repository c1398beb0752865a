"""The parts of the action as values: labels, suggestions, pages, outputs, GitHub's pages, git's login, the installation."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from publer_sync.action import labels, pages, runs, suggestions, workflow
from publer_sync.action.git import git, log_in
from publer_sync.action.github import GitHub, GitHubError
from publer_sync.action.inputs import Event, Pull
from publer_sync.applying.run import Allow
from publer_sync.problems import Fix, Location, Problem
from tests.action.conftest import TOKEN, read_outputs
from tests.conftest import ROOT
from tests.stand_in import Asked, Reply, serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.action.conftest import Hub


@pytest.fixture
def github(hub: Hub) -> GitHub:
    return GitHub(hub.url, "o/r", TOKEN)


# --- labels


@pytest.mark.parametrize(
    ("label", "means"),
    [
        ("allow-deletes-18", Allow(deletes=18)),
        ("allow-recreate", Allow(recreate=True)),
        ("allow-frozen", Allow(frozen=True)),
        ("allow-twins", Allow(twins=True)),
        ("overwrite-edits", Allow(edits=True)),
        ("allow-deletes", None),
        ("allow-deletes-１８", None),
        ("Allow-Frozen", None),
        ("bug", None),
    ],
)
def test_what_a_label_means(label: str, means: Allow | None) -> None:
    assert labels.meaning(label) == means


def test_options_and_labels_say_the_same() -> None:
    options = ("--overwrite-edits", "--allow-recreate", "--allow-frozen", "--allow-twins")
    named = [labels.meaning(option.removeprefix("--")) or Allow() for option in options]
    assert [means.options for means in named] == [{option} for option in options]


@pytest.mark.parametrize(
    ("permission", "counts"),
    [("admin", True), ("write", True), ("read", False), ("none", False), (None, False)],
)
def test_only_who_may_write_sets_a_label_that_counts(
    hub: Hub, github: GitHub, permission: str | None, counts: bool
) -> None:
    hub.permissions = {"anna": permission} if permission else {}
    hub.label("allow-frozen", "anna")
    assert labels.allowed(labels.read(github, 7)) == Allow(frozen=counts)


def test_the_last_one_who_set_a_label_counts(hub: Hub, github: GitHub) -> None:
    """A label that was taken off, and put on again by somebody without write access, is theirs."""
    hub.permissions = {"anna": "write", "tess": "read"}
    hub.label("allow-frozen", "anna")
    hub.label("allow-frozen", "tess")
    hub.labels = ["a", "b", "allow-frozen"]
    [label] = labels.read(github, 7)
    assert (label.by, label.counts) == ("tess", False)


def test_a_label_that_nobody_is_known_to_have_set(hub: Hub, github: GitHub) -> None:
    hub.labels = ["allow-frozen"]
    hub.events = [{"event": "labeled", "label": {"name": "allow-frozen"}, "actor": None}]
    assert labels.allowed(labels.read(github, 7)) == Allow()


def test_several_deletes_labels_allow_the_most() -> None:
    assert Allow(deletes=3) | Allow(deletes=18) | Allow() == Allow(deletes=18)


# --- suggestions

PATCH = "@@ -1,2 +1,3 @@\n posts:\n-- at: x\n+- at: y\n+  text: a"
PULL = Pull(7, "abc", foreign=False)


def problem(text: str = "- at: z", line: int = 2) -> Problem:
    return Problem("error", "c", "a <b> @all", Location("may.yaml", line), fix=Fix(line, line, text))


def test_the_lines_that_a_diff_shows() -> None:
    assert suggestions.right_side({"patch": PATCH}) == {1: "posts:", 2: "- at: y", 3: "  text: a"}
    assert suggestions.right_side({}) == {}


@pytest.mark.parametrize(
    ("line", "lines", "posted"),
    [
        (2, ["posts:", "- at: y", "  text: a"], 1),
        (2, ["posts:", "- at: other", "  text: a"], 0),
        (9, ["x"] * 9, 0),
    ],
)
def test_only_what_the_diff_shows_as_it_was_judged(
    hub: Hub, github: GitHub, line: int, lines: list[str], posted: int
) -> None:
    hub.files = [{"filename": "calendar/may.yaml", "patch": PATCH}]
    new = suggestions.suggest(github, PULL, [problem(line=line)], prefix="calendar", lines=lambda _: lines)
    assert (new, len(hub.review)) == (posted, posted)


def test_a_suggestion_cannot_end_its_own_block(hub: Hub, github: GitHub) -> None:
    hub.files = [{"filename": "may.yaml", "patch": PATCH}]
    lines = ["posts:", "- at: y", "  text: a"]
    suggestions.suggest(github, PULL, [problem("- ```\n# @all")], prefix="", lines=lambda _: lines)
    body = hub.review[0]["body"]
    assert "````suggestion\n- ```\n# @all\n````" in body
    assert "A &lt;b&gt; @\u2060all." in body


def test_a_suggestion_that_was_answered_stays(hub: Hub, github: GitHub) -> None:
    hub.files = [{"filename": "may.yaml", "patch": PATCH}]
    lines = ["posts:", "- at: y", "  text: a"]
    suggestions.suggest(github, PULL, [problem()], prefix="", lines=lambda _: lines)
    hub.review.append(
        {"id": 9, "in_reply_to_id": hub.review[0]["id"], "body": "no", "user": {"type": "User"}}
    )
    suggestions.suggest(github, PULL, [], prefix="", lines=lambda _: lines)
    assert len(hub.review) == 2


# --- pages


def test_two_calendars_have_two_marks() -> None:
    """Also where all that can be seen of their names is the same."""
    assert pages.mark("plan", "a-b") != pages.mark("plan", "a_b")
    assert "-->" not in pages.mark("plan", "x --> y")[:-3]


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("may.yaml", "https://github.com/o/r/blob/abc/cal/may.yaml#L3"),
        ("a b)#?.yaml", "https://github.com/o/r/blob/abc/cal/a%20b%29%23%3F.yaml#L3"),
        ("long.md", "https://github.com/o/r/blob/abc/cal/long.md?plain=1#L3"),
    ],
)
def test_the_address_of_a_line(file: str, address: str) -> None:
    event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"})
    assert pages.Place(event, "cal", "abc").line(file, 3) == address


@pytest.mark.parametrize(
    ("codes", "code"), [([0, 2], 2), ([2, 6, 4], 4), ([4, 5, 3], 3), ([3, 1], 1), ([], 0)]
)
def test_the_worst_code_of_several_calendars(codes: list[int], code: int) -> None:
    assert runs.worst(codes) == code


# --- the runner


def test_no_value_can_end_an_output(tmp_path: Path) -> None:
    file = tmp_path / "output"
    workflow.set_outputs(file, {"a": "1\nend_\nb=2\nEOF", "c": ""})
    assert read_outputs(file.read_text()) == {"a": "1\nend_\nb=2\nEOF", "c": ""}
    ends = re.findall(r"<<(\S+)", file.read_text())
    assert len(set(ends)) == 2


def test_an_annotation_says_one_thing(capsys: pytest.CaptureFixture[str]) -> None:
    workflow.annotate("error", "a\n::add-mask::b", title="t,line=9:", file="x,y:z.yaml", line=4)
    assert capsys.readouterr().out == (
        "::error file=x%2Cy%3Az.yaml,line=4,title=t%2Cline=9%3A::a%0A::add-mask::b\n"
    )


# --- GitHub


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


# --- git


def test_git_is_logged_in_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the checkout's own login where it kept one, otherwise with the action's token: never with two."""
    seen: list[list[str]] = []

    def answer(asked: Asked) -> Reply:
        seen.append(asked.headers.get_all("Authorization") or [])
        return Reply(status=404)

    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    monkeypatch.setattr(os, "environ", {**clean, "HOME": str(tmp_path)})
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q"], check=True, env=os.environ)
    with serving(answer) as server:
        url = server.url
        event = Event.of({"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r", "GITHUB_SERVER_URL": url})
        header = f"http.{url}/.extraheader"
        subprocess.run(["git", "config", header, "AUTHORIZATION: basic own"], check=True, env=os.environ)
        log_in(event, TOKEN)
        git("ls-remote", f"{url}/o/r")
        subprocess.run(["git", "config", "--unset", header], check=True, env=os.environ)
        log_in(event, TOKEN)
        git("ls-remote", f"{url}/o/r")
    assert seen[0] == ["basic own"]
    assert seen[-1] == [f"basic {workflow.basic(TOKEN)}"]


# --- the installation


def test_the_callers_files_are_never_run(tmp_path: Path) -> None:
    """A pull request that brings a yaml.py or a publer_sync of its own gets nothing done with it."""
    for name in ("yaml.py", "requests.py", "publer_sync.py", "sitecustomize.py"):
        (tmp_path / name).write_text("import sys; print('caught'); sys.exit(9)", encoding="utf-8")
    code = f"import sys; sys.path[:0] = []; sys.path.append({str(ROOT)!r}); import runpy; runpy.run_module('publer_sync.action')"
    assert "-I -X utf8 -m publer_sync.action" in (ROOT / "action.yml").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "caught" not in done.stdout
    assert done.returncode == 0


@pytest.mark.slow
def test_installed_for_real(tmp_path: Path) -> None:
    """From the package index, by hash, without the caller's settings for pip; and once only in a job."""
    folder = tmp_path / "python"
    env = {
        **os.environ,
        "PIP_TARGET": str(tmp_path / "elsewhere"),
        "PIP_USER": "1",
        "PYTHONPATH": str(tmp_path),
    }
    command = [sys.executable, "-I", str(ROOT / "publer_sync/action/install.py"), str(folder)]
    subprocess.run(command, env=env, check=True, capture_output=True)
    python = folder / "bin/python"
    shown = subprocess.run(
        [python, "-I", "-m", "publer_sync", "--version"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.startswith("publer-sync ")
    before = python.lstat().st_mtime_ns
    subprocess.run(command, env=env, check=True, capture_output=True)
    assert python.lstat().st_mtime_ns == before
