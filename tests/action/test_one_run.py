"""What one run of the action does: who is refused, what is sent, and what the outputs and the log say of it."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from publer_sync.action import requesting, runs
from publer_sync.action.inputs import BRANCH, Inputs
from publer_sync.commands.running.shared import load, loading
from publer_sync.values.errors import PublerSyncError
from tests.action.desk import filled, issue_event
from tests.github.repository import SETTINGS, pull_event
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run
    from tests.github.hub import Hub

PULL = pull_event("a" * 40)


def texts(sandbox: Sandbox) -> list[str]:
    return sorted(post["text"].strip() for post in sandbox.posts())


@pytest.mark.parametrize("event", [PULL, {}], ids=["a pull request", "a push"])
def test_a_plan_sends_nothing_and_says_where_it_is(
    one_run: Run, sandbox: Sandbox, hub: Hub, event: dict[str, Any]
) -> None:
    done = one_run("plan", event=event)
    assert (done.code, done.outputs["exit-code"], done.outputs["create"]) == (0, "2", "2"), done.log
    assert {request.method for request in sandbox.requests} == {"GET"}
    assert Path(done.outputs["plan-file"]).parent == Path(done.outputs["artifact-path"])
    assert done.outputs["artifact"].startswith("publer-sync-plan-")
    assert len(hub.comments) == (1 if event else 0)


@pytest.mark.parametrize(
    ("inputs", "sent", "said"),
    [
        ({}, ["One", "Two"], "2 posts"),
        ({"reviewed": "strict"}, [], "GitHub could not be asked what was reviewed"),
        ({"api_key": ""}, [], "::error title=key.none::no API key: the input api-key is empty"),
    ],
    ids=["usual", "strict", "without a key"],
)
def test_an_apply_sends_the_posts_unless_a_review_or_the_key_is_missing(
    one_run: Run, sandbox: Sandbox, inputs: dict[str, str], sent: list[str], said: str
) -> None:
    """Without a token for GitHub, nobody can tell what was reviewed."""
    done = one_run("apply", github_token="", **inputs)
    sandbox.settle()
    assert texts(sandbox) == sent, done.log
    assert (done.code == 0, said in done.log) == (bool(sent), True), done.log


def test_pages_show_each_calendar(one_run: Run) -> None:
    done = one_run("pages")
    assert done.code == 0, done.log
    page = (Path(done.outputs["pages"]) / "index.html").read_text(encoding="utf-8")
    assert "One" in page
    assert "calendar/posts.ics" in page


@pytest.mark.parametrize(
    ("command", "inputs", "code"),
    [
        ("plan", {"reviewed": "strict"}, 0),
        ("plan", {"comment": "never"}, 0),
        ("plan", {"reviewed": "strict", "comment": "never"}, 64),
        ("results", {"results_file": "calendar/latest.md"}, 64),
        ("results", {"results_file": "results/latest.md"}, 0),
    ],
)
def test_inputs_that_contradict_each_other_are_refused(
    one_run: Run, sandbox: Sandbox, command: str, inputs: dict[str, str], code: int
) -> None:
    done = one_run(command, **inputs)
    assert (done.code, bool(sandbox.requests)) == (code, code == 0), done.log


@each_of(
    "given, variable, setting, place",
    [
        ("", "", "", BRANCH),
        ("state.json", "", "", "state.json"),
        ("", "state.json", "", None),
        ("", "", "state: state.json\n", None),
        ("other.json", "", "state: state.json\n", "other.json"),
    ],
)
def test_a_ledger_that_somebody_named_is_used_and_the_branch_otherwise(
    folder: Path, monkeypatch: pytest.MonkeyPatch, given: str, variable: str, setting: str, place: str | None
) -> None:
    """With another one, nothing would be known of the posts that are in Publer."""
    (folder / "calendar" / "publer.yaml").write_text(SETTINGS + setting, encoding="utf-8")
    monkeypatch.setitem(os.environ, "PUBLER_SYNC_STATE", variable)
    inputs = Inputs.of({"PUBLER_SYNC_ACTION_COMMAND": "apply", "PUBLER_SYNC_ACTION_STATE": given})
    assert runs.choice_of(inputs, load(folder / "calendar")).state == place


@each_of("key, known, applied", [("key", True, True), ("key", False, False), ("", True, False)])
def test_a_calendar_is_left_out_only_where_its_last_apply_did_everything(
    folder: Path, key: str, known: bool, applied: bool
) -> None:
    inputs = Inputs.of({"PUBLER_SYNC_ACTION_COMMAND": "apply", "PUBLER_SYNC_ACTION_API_KEY": key})
    states = SimpleNamespace(are_applied=lambda *_: known)
    assert runs.is_applied(folder / "calendar", inputs, cast("Any", states)) is applied


@each_of("code, looks", [("key.scope", 2), ("network", 1)])
def test_results_come_without_figures_where_the_key_may_not_read_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: str, looks: int
) -> None:
    asked: list[object] = []

    def make(*_: object, **options: object) -> str:
        asked.append(options.get("insights"))
        if options.get("insights"):
            raise PublerSyncError("no", code=code)
        return "results"

    monkeypatch.setattr("publer_sync.commands.results.make", make)
    inputs = Inputs.of({"PUBLER_SYNC_ACTION_COMMAND": "pages", "PUBLER_SYNC_ACTION_API_KEY": "key"})
    done = runs.validate(folder / "calendar", loading([folder / "calendar"]))
    found = runs.looked_back(done, inputs, cast("Any", None))
    assert (len(asked), found) == (looks, "results" if looks == 2 else None)


class Branch:
    """That of a request; with `ours`, nobody else has pushed to it."""

    def __init__(self, *, ours: bool) -> None:
        self.tip, self.name, self.ours, self.is_there = "b" * 40, "requests/issue-5", ours, True

    def is_ours(self, *_: object) -> bool:
        return self.ours

    def remove(self) -> None:
        self.is_there = False


@pytest.mark.parametrize(
    ("action", "sender", "body", "ours", "stays", "code", "said"),
    [
        ("opened", "mallory", filled(), True, True, "0", "has no write access to this repository"),
        ("opened", "anna", filled(accounts=""), True, True, "3", "The post needs a change"),
        ("closed", "anna", filled(), True, False, "0", ""),
        ("closed", "anna", filled(), False, True, "0", ""),
    ],
    ids=["an outsider's", "a wrong one", "a closed one", "a closed one with others' commits"],
)
def test_a_request_by_form_is_answered_and_others_commits_stay(
    one_run: Run,
    hub: Hub,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
    sender: str,
    body: str,
    ours: bool,
    stays: bool,
    code: str,
    said: str,
) -> None:
    branch = Branch(ours=ours)
    replies: dict[str, Any] = {"default_branch": "main", "newest": "a" * 40, "switch": None, "exists": False}
    for name, reply in {**replies, "fetch_branch": branch}.items():
        monkeypatch.setattr(requesting, name, lambda *_, reply=reply: reply)
    hub.permissions["anna"] = "write"
    done = one_run("request", event=issue_event(action, body, sender=sender), name="issues")
    assert (done.code, done.outputs["exit-code"], branch.is_there) == (0, code, stays), done.log
    assert done.outputs["changes"] == ("false" if stays else "true")
    assert said in hub.comments[0]["body"]
