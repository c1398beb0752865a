"""What runs of the action leave, one after the other, in folders that git knows nothing of: the log, the outputs, and what GitHub shows."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.action import choosing, stopping
from publer_sync.machine.clock import Clock
from tests.action.desk import issue_event
from tests.github.hub import Trouble
from tests.github.repository import SETTINGS, pull_event
from tests.stand_in import Reply
from tests.stored import agrees, steady, ticked

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run
    from tests.github.hub import Hub

HERE = Path(__file__).parent / "stored"
NOW = datetime(2026, 11, 24, 13, 20, tzinfo=UTC)
SHA = "c" * 40


def posts(*texts: str, account: str = "facebook", day: int = 1) -> str:
    lines = ["posts:"]
    for number, text in enumerate(texts, day):
        lines += [f"- at: 2026-12-{number:02} 09:00", f"  accounts: {account}", f"  text: {text}"]
    return "\n".join(lines) + "\n"


class Runs:
    """`told` has what each run left; a `brief` one says of pages only their hidden lines."""

    def __init__(self, run: Run, hub: Hub, top: Path, tmp: Path) -> None:
        self.run_it, self.hub, self.top, self.tmp = run, hub, top, tmp
        self.told: dict[str, str] = {}
        self.seen: list[str] = []

    def write(self, **files: str) -> None:
        """`a__may` is a/may.yaml; without words, it goes."""
        for name, text in files.items():
            path = self.top / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8") if text else path.unlink()

    def run(
        self, title: str, command: str, /, *, summary: bool = False, brief: bool = False, **more: Any
    ) -> None:
        self.hub.log.clear()
        state = {} if more.get("state_of_its_own") else {"state": "state.json"}
        done = self.run_it(command, **{"variables": {"GITHUB_SHA": SHA}, **state, **more})
        outputs = [f"{key}: {value}" for key, value in done.outputs.items() if value not in ("", "0")]
        lines = [line for line in done.log.splitlines() if not line.startswith("::add-mask::")]
        shown = [f"- comment on {each['pull']}\n{each['body']}" for each in self.hub.comments]
        shown += [f"- issue {each['state']}: {each['title']}\n{each['body']}" for each in self.hub.issues]
        shown += [f"- suggestion {each['path']}:{each['line']}\n{each['body']}" for each in self.hub.review]
        shown = [self._steady(each) for each in shown]
        news, self.seen = [each for each in shown if each not in self.seen], shown
        writes = self.hub.writes()
        if not any(each.startswith("- comment") for each in news):  # how long a run took is no news
            writes = [each for each in writes if not each.startswith("PATCH /repos/o/r/issues/comments/")]
        parts = [f"ends with {done.code}", *outputs, "--- log", *lines, "--- GitHub", *writes]
        parts += [each.partition("\n### ")[0] if brief else each for each in news]
        parts += ["--- summary", done.summary] if summary else []
        self.told[title] = self._steady("\n".join(parts))

    def _steady(self, text: str) -> str:
        return steady(text, TMP=self.tmp, HUB=self.hub.url)


@pytest.fixture
def runs(
    one_run: Run, hub: Hub, sandbox: Sandbox, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Runs:
    began = time.monotonic()

    def now(*_: object) -> datetime:
        return NOW + ticked(began)

    monkeypatch.setattr(Clock, "now", now)
    object.__setattr__(sandbox._context, "now", now)
    made = Runs(one_run, hub, folder, tmp_path)
    made.write(calendar__may=posts("One", "Two"))
    return made


def test_a_week_of_a_calendar(runs: Runs, sandbox: Sandbox) -> None:
    runs.run("validate", "validate", summary=True)
    runs.run("plan", "plan", event=pull_event("a" * 40))
    runs.run("plan again", "plan", event=pull_event("a" * 40), brief=True)
    runs.run("apply", "apply", summary=True)
    runs.run("apply again", "apply")
    runs.write(calendar__late=posts("Late").replace("12-01", "11-24"))
    runs.run("a post that was missed", "apply", brief=True)
    runs.run("it is told once", "apply", brief=True)
    runs.write(calendar__late="")
    runs.run("drift, and all is well", "drift")
    runs.hub.troubles = [Trouble("GET .*/issues$", Reply({"message": "Not Found"}, 404))]
    runs.run("drift, and GitHub does not tell of issues", "drift")
    sandbox.edit(sandbox.posts()[0]["id"], text="Edited")
    runs.run("drift", "drift")
    runs.run("drift again", "drift", brief=True)
    runs.hub.reads_only = True
    runs.hub.issues.clear()
    runs.run("drift that no issue tells", "drift", brief=True)
    runs.hub.reads_only = False
    sandbox.add(
        account_id="acc00000000000000000fb01",
        at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        text="Stuck",
        state="failed",
        error="Token expired",
    )
    runs.run("results", "results", summary=True)
    runs.run("results again", "results", brief=True)
    runs.run("results in a file", "results", results_file="results/latest.md")
    assert list(runs.hub.contents) == ["results/latest.md"]
    runs.hub.reads_only = True
    runs.run("results that GitHub does not take", "results", brief=True)
    runs.hub.reads_only = False
    runs.run("pages", "pages")
    agrees(HERE / "week.md", runs.told)


def test_a_merge_its_review_and_who_is_called(runs: Runs, sandbox: Sandbox) -> None:
    hub = runs.hub
    hub.files = [
        {"filename": "calendar/may.yaml"},
        {"filename": "x", "previous_filename": "calendar/old.yaml"},
    ]
    pull: dict[str, Any] = {"number": 7, "merged_at": "x", "merge_commit_sha": SHA, "base": {"ref": "main"}}
    pull |= {"head": {"sha": "a" * 40}, "merged_by": {"login": "anna", "type": "User"}}
    hub.permissions = {"anna": "write", "ben": "read"}
    runs.run("strict, and no pull request", "apply", reviewed="strict")
    hub.merged = {SHA: [pull]}
    runs.run("strict, and no plan", "apply", reviewed="strict", brief=True)
    runs.run("plan", "plan", event=pull_event("a" * 40), brief=True)
    hub.label("allow-deletes-5", "anna")
    hub.label("allow-twins", "ben")
    runs.run("strict", "apply", reviewed="strict")
    assert len(sandbox.posts()) == 2
    runs.run("strict again", "apply", reviewed="strict")
    runs.write(calendar__may=posts("One", "Two", "Three"))
    runs.run("warn, and more than was reviewed", "apply")
    sandbox.faults.job_fails = "Media is too large"
    runs.write(calendar__may=posts("One", "Two", "Three", "Four"))
    runs.run("a post that fails, by hand", "apply", name="workflow_dispatch", brief=True)
    runs.run("a post that fails, without comments", "apply", comment="never", brief=True)
    runs.run("a post that fails", "apply", brief=True)
    runs.run("it fails again", "apply", brief=True)
    runs.run("nobody knows whether it is over", "apply", api_key="", brief=True)
    sandbox.faults.job_fails = None
    runs.run("it is over, without comments", "apply", comment="never", brief=True)
    runs.run("it is over", "apply", brief=True)
    hub.troubles = [Trouble("GET .*/pulls$", Reply({"message": "Not Found"}, 404), times=1)]
    runs.write(calendar__may=posts("One"))
    runs.run("GitHub does not tell the pull requests", "apply")
    hub.troubles = [Trouble("GET .*/labels$", Reply({"message": "Not Found"}, 404), times=1)]
    runs.write(calendar__may=posts("One", "Two", "Three", "Four", "Five"))
    runs.run("GitHub does not tell the labels", "apply")
    hub.troubles = [Trouble("GET .*/issues/7/comments$", Reply({"message": "Not Found"}, 404), times=1)]
    runs.write(calendar__may=posts("One", "Two", "Three", "Four", "Five", "Six"))
    runs.run("GitHub does not tell the review", "apply")
    agrees(HERE / "merge.md", runs.told)


def test_plans_of_several_calendars(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = posts("x").replace("facebook", "nobody")
    runs.write(a__publer=f"name: a\n{SETTINGS}", a__may=posts("A"), b__publer=SETTINGS, b__may=bad)
    runs.write(calendar__publer=f"{SETTINGS}people: {{kari: Kari}}\nsignoff: [{{by: kari, labels: [new]}}]\n")
    runs.write(calendar__may=posts("One") + "  labels: [new]\n")
    several: dict[str, Any] = {"calendar": "a\nb\ncalendar\nempty", "brief": True}
    runs.run("by a push", "plan", **several)
    assert [path.name for path in runs.tmp.glob("temp/publer-sync/*/review-*")] == ["review-kari.html"]
    pull = pull_event("a" * 40)
    runs.run("of a pull request", "plan", event=pull, **several)
    runs.write(a__may="")
    runs.run("where nothing changes", "plan", event=pull, comment="changes", calendar="a", brief=True)
    runs.hub.comments.clear()
    runs.run("where nothing changes, and no comment", "plan", event=pull, comment="changes", calendar="a")
    runs.run("without comments", "plan", event=pull, comment="never", brief=True)
    closed = pull_event("a" * 40, state="closed")
    runs.run("of a closed one", "plan", event=closed, brief=True)
    fork = pull_event("a" * 40, fork=True)
    runs.run("of a fork", "plan", event=fork, api_key="", brief=True)
    runs.run("of a fork with a key", "plan", event=fork, brief=True)
    runs.run("of a fork, by its target", "plan", event=fork, name="pull_request_target", brief=True)
    runs.hub.reads_only = True
    runs.run("of a fork, which may not comment", "plan", event=fork, api_key="", brief=True)
    runs.run("which may not comment", "plan", event=pull, brief=True)
    runs.hub.reads_only = False
    runs.hub.heads[7] = "b" * 40
    runs.run("of an older commit", "plan", event=pull, brief=True)
    runs.hub.comments.clear()
    runs.run("of an older commit without a comment", "plan", event=pull, brief=True)
    runs.run("in a merge queue", "plan", name="merge_group", event={"merge_group": {}}, brief=True)
    runs.run("without a token", "plan", event=pull, github_token="", brief=True)
    runs.run("without a key", "plan", event=pull, api_key="", brief=True)
    fixed = posts("One").replace("text:", "txt:")
    patch = "@@ -0,0 +1,4 @@\n" + "\n".join(f"+{line}" for line in fixed.splitlines())
    runs.hub.files = [{"filename": "calendar/may.yaml", "patch": patch}]
    runs.write(calendar__may=fixed)
    runs.hub.heads.clear()
    runs.run("with a suggestion", "plan", event=pull, brief=True)
    runs.hub.review.clear()
    runs.run("with a suggestion, of a fork", "plan", event=fork, brief=True)
    runs.write(calendar__may=posts("One"), calendar__publer=SETTINGS.replace("My Facebook", "Other"))
    runs.run("with an account that Publer does not have", "plan", event=pull, brief=True)
    runs.write(calendar__publer=SETTINGS)
    (runs.top / "a").rename(runs.top / "ä b")
    runs.run("of a folder with an umlaut and a space", "plan", calendar="ä b", brief=True)
    (runs.top / "ä b").rename(runs.top / "a")
    monkeypatch.setattr("publer_sync.action.site.write", _no_room)
    runs.write(calendar__may=posts("One"))
    runs.run("and no room for a preview", "plan", event=pull, brief=True)
    monkeypatch.setattr("publer_sync.action.workflow.SUMMARY_BYTES", 900)
    runs.run("and little room in the summary", "plan", calendar="a\ncalendar", summary=True)
    agrees(HERE / "plans.md", runs.told)


def _no_room(*_: object) -> None:
    raise OSError("No space left on device")


def test_holds_and_releases(runs: Runs, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, reply in {"default_branch": "main", "newest": SHA, "switch": None}.items():
        monkeypatch.setattr(stopping, name, lambda *_, reply=reply: reply)
    kept = f"{SETTINGS}state: state.json\n"
    runs.write(a__publer=f"name: a\n{kept}", a__may=posts("A", account="x"), calendar__publer=kept)
    own: dict[str, Any] = {"state_of_its_own": True, "summary": True}
    both: dict[str, Any] = {"calendar": "a\ncalendar", **own}
    runs.run("apply", "apply", calendar="a\ncalendar", state_of_its_own=True)
    runs.run("without a key", "hold", api_key="", **both)
    assert os.environ["GIT_CONFIG_COUNT"] == "1", "git can reach the branch with the state"
    runs.run("an account that is nowhere", "hold", accounts="nobody", **both)
    runs.run("a label that is nowhere", "hold", labels="none, ,nor", **own)
    runs.run("one network", "hold", networks="twitter", reason="Storm", **both)
    assert len(sandbox.posts()) == 2
    runs.run("one account", "hold", accounts="facebook,x", **both)
    runs.run("release with accounts", "release", accounts="x", **both)
    runs.run("release with labels", "release", labels="x", **both)
    runs.run("release with networks", "release", networks="x", **both)
    runs.run("release of another branch", "release", branch="live", **both)
    runs.run("release", "release", allow_older="true", branch="refs/heads/main", **both)
    assert len(sandbox.posts()) == 3
    runs.run("release again", "release", **both)
    agrees(HERE / "holds.md", runs.told)


def test_inputs_that_are_refused(runs: Runs) -> None:
    refused: dict[str, tuple[str, dict[str, Any]]] = {
        "no such command": ("aply", {}),
        "apply before the merge": ("apply", {"event": pull_event("a" * 40)}),
        "apply in a merge queue": ("apply", {"name": "merge_group"}),
        "strict without comments": ("plan", {"reviewed": "strict", "comment": "never"}),
        "no such comment": ("plan", {"comment": "loud"}),
        "no number": ("plan", {"allow_deletes": "²"}),
        "too large a number": ("plan", {"allow_changes": "123456789"}),
        "no flag": ("plan", {"first": "yes"}),
        "a calendar elsewhere": ("plan", {"calendar": "calendar\n.."}),
        "results in a calendar": ("results", {"results_file": "calendar/latest.md"}),
        "results elsewhere": ("results", {"results_file": "../latest.md"}),
        "results by a detour": ("results", {"results_file": "a/../latest.md"}),
        "results in a text": ("results", {"results_file": "latest.txt"}),
        "results without a branch": (
            "results",
            {"results_file": "latest.md", "variables": {"GITHUB_REF": "refs/tags/v1"}},
        ),
        "a request of a push": ("request", {}),
        "a request without a token": (
            "request",
            {"name": "issues", "event": issue_event("opened", "", at=NOW), "github_token": ""},
        ),
        "outside of a workflow": ("plan", {"variables": {"GITHUB_ACTIONS": ""}}),
        "without a repository": ("plan", {"variables": {"GITHUB_REPOSITORY": ""}}),
    }
    for name, (command, more) in refused.items():
        runs.run(name, command, **more)
    runs.run(
        "a number and flags", "plan", allow_deletes="99999999", allow_twins="TRUE", first="False", brief=True
    )
    agrees(HERE / "refused.md", runs.told)


def test_only_what_changed_is_planned_and_what_left_is_told(
    runs: Runs, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publer_sync.action.git.WAITS", ())
    monkeypatch.setattr(choosing, "changed", lambda tops, since: [top for top in tops if since == top.name])
    runs.write(bank__publer=f"name: bank\n{SETTINGS}", bank__may=posts("Bank", account="x"))
    kept: dict[str, Any] = {"state": "states", "calendar": "calendar\nbank", "brief": True}
    runs.run("apply both", "apply", **kept)
    pull = pull_event("a" * 40)
    runs.run("one changed", "plan", event=pull, changed_since="bank", **kept)
    runs.run(
        "the other changed, and the pull request shows the plan of the first",
        "plan",
        event=pull,
        changed_since="calendar",
        **kept,
    )
    runs.run("nothing changed, by a push", "plan", changed_since="main", **kept)
    pull["pull_request"]["base"]["sha"] = "b" * 40
    runs.run("nobody knows what changed", "plan", event=pull, changed_since="auto", **kept)
    runs.run("nothing is left to apply", "apply", changed_since="main", **kept)
    with monkeypatch.context() as known:
        known.setattr("publer_sync.action.runs.is_applied", lambda *_: True)
        runs.run("nothing is left to apply, as is known", "apply", changed_since="main", **kept)
    assert runs.hub.log == [], "GitHub is not asked what a run without calendars is about"
    runs.write(calendar__may=posts("One", "Two", "Three"))
    runs.run("one is not applied yet", "apply", changed_since="main", **kept)
    subprocess.run(["git", "init", "-q", "--template=", str(runs.top)], check=True)
    runs.run("nothing left", "plan", changed_since="main", summary=True, **kept)
    shutil.rmtree(runs.top / "bank")
    runs.run(
        "a calendar left, and the others are looked at",
        "plan",
        summary=True,
        **{**kept, "calendar": "calendar"},
    )
    runs.run(
        "a calendar left", "plan", changed_since="main", summary=True, **{**kept, "calendar": "calendar"}
    )
    agrees(HERE / "changed.md", runs.told)
