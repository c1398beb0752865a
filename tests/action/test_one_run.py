"""What one run of the action does: who is refused, what is sent, and what the outputs and the log say of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from publer_sync.action import choosing, pages, requesting, runs, workflow
from publer_sync.action.github import GitHubError
from publer_sync.action.inputs import BRANCH, Inputs
from publer_sync.commands.running.shared import load, loading
from publer_sync.machine.clock import Clock
from publer_sync.values.errors import PublerSyncError
from publer_sync.values.problems import Location, Problem
from tests.action.desk import filled, issue_event
from tests.github.hub import BOT, TOKEN, Trouble
from tests.github.repository import SETTINGS, day, posts, pull_event
from tests.ledger.git_world import git
from tests.stand_in import Reply
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.commands.running.choice import Choice
    from publer_sync.sandbox import Sandbox
    from publer_sync.sandbox.exchange import Request, Response
    from tests.action.conftest import Run
    from tests.github.hub import Hub

PULL = pull_event("a" * 40)


def texts(sandbox: Sandbox) -> list[str]:
    return sorted(post["text"].strip() for post in sandbox.posts())


def test_a_plan_is_of_what_is_checked_out_and_an_apply_of_an_older_commit_sends_what_its_branch_has_now(
    one_run: Run, folder: Path, sandbox: Sandbox
) -> None:
    person = ("-c", "user.name=Anna", "-c", "user.email=anna@example.com")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "remote", "add", "origin", ".")
    for words in ("Old", "New"):
        (folder / "calendar" / "may.yaml").write_text(posts(words), encoding="utf-8")
        git(folder, "add", "-A")
        git(folder, *person, "commit", "-qm", words)
    git(folder, "checkout", "-q", "--detach", "HEAD~1")
    planned = one_run("plan", variables={"GITHUB_SHA": "c" * 40}).summary
    old, new = (git(folder, "rev-parse", name)[:7] for name in ("HEAD", "main"))
    assert f"at <code>{old}</code>" in planned
    applied = one_run("apply")
    assert (applied.code, texts(sandbox)) == (0, ["New"])
    assert f"publer-sync: main has moved on from {old} to {new}, which is applied\n" in applied.log


def test_the_plan_of_a_calendar_at_the_top_has_a_name(one_run: Run, folder: Path) -> None:
    for file in (folder / "calendar").iterdir():
        file.rename(folder / file.name)
    done = one_run("plan", calendar=".")
    assert Path(done.outputs["plan-file"]).name == "1-calendar.json"
    assert "\n::group::plan .\n" in done.log
    assert "<code>the top folder</code> at <code>" in done.summary


@pytest.mark.parametrize("event", [PULL, {}], ids=["a pull request", "a push"])
def test_a_plan_sends_nothing_and_says_where_it_is(
    one_run: Run, sandbox: Sandbox, hub: Hub, event: dict[str, Any]
) -> None:
    done = one_run("plan", event=event)
    assert (done.code, done.outputs["exit-code"], done.outputs["create"]) == (0, "2", "2"), done.log
    assert {request.method for request in sandbox.requests} == {"GET"}
    assert Path(done.outputs["plan-file"]).parent == Path(done.outputs["artifact-path"])
    assert (
        Path(done.outputs["plan-file"]).with_suffix(".md").read_text("utf-8").strip() == done.summary.strip()
    )
    assert done.outputs["artifact"].startswith("publer-sync-plan-")
    assert len(hub.comments) == (1 if event else 0)
    assert "2 new" in Path(done.outputs["preview"]).read_text("utf-8")


def test_a_summary_that_just_fits_is_whole(one_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = one_run("plan").summary
    monkeypatch.setattr(workflow, "SUMMARY_BYTES", len(whole.encode()))
    assert one_run("plan").summary == whole


def test_a_person_gets_a_page_of_what_waits_for_their_sign_off_and_of_nothing_else(
    one_run: Run, folder: Path
) -> None:
    """Not of what Publer has already, nor of a calendar that asks others; a calendar with errors takes no page with it."""
    assert one_run("apply", state="states").code == 0
    files = {
        "calendar": ("kari", posts("One, changed", "Two")),
        "other": ("ben", posts("Three")),
        "wrong": ("kari", posts("Four") + posts("x", account="nobody").partition("\n")[2]),
    }
    for name, (who, text) in files.items():
        asks = f"name: {name}\npeople: {{{who}: Someone}}\nsignoff: [{{by: {who}, all: true}}]\n"
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "publer.yaml").write_text(f"{SETTINGS}{asks}", encoding="utf-8")
        (folder / name / "may.yaml").write_text(text, encoding="utf-8")
    done = one_run("plan", calendar="\n".join(files), state="states")
    assert "could not make" not in done.log
    pages = [*Path(done.outputs["artifact-path"]).glob("review-*.html")]
    shown = {
        page.stem: re.findall(">(calendar|other|wrong|One, changed|Two|Three|Four)<", page.read_text("utf-8"))
        for page in pages
    }
    of_kari = {"calendar", "One, changed", "wrong", "Four"}
    assert {name: {*found} for name, found in shown.items()} == {
        "review-kari": of_kari,
        "review-ben": {"other", "Three"},
    }


@pytest.mark.parametrize("command", ["drift", "results"])
def test_a_look_at_publer_says_nothing_in_the_pull_request_in_which_it_runs(
    one_run: Run, hub: Hub, command: str
) -> None:
    assert one_run(command, event=PULL).code == 0
    assert [path for _, path in hub.log if "/pulls" in path or "/issues/7" in path] == []


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


def test_a_merge_gets_the_report_of_the_calendars_that_it_changes_alone(
    one_run: Run, folder: Path, sandbox: Sandbox, hub: Hub
) -> None:
    shutil.copytree(folder / "calendar", folder / "other")
    (folder / "other" / "publer.yaml").write_text(f"name: other\n{SETTINGS}", encoding="utf-8")
    (folder / "other" / "may.yaml").write_text(posts("Other", account="x"), encoding="utf-8")
    sha = "c" * 40
    hub.files = [{"filename": "calendar/may.yaml"}]
    pull = {"number": 7, "merged_at": "x", "merge_commit_sha": sha, "base": {"ref": "main"}}
    hub.merged = {sha: [{**pull, "head": {"sha": "a" * 40}}]}
    done = one_run("apply", calendar="calendar\nother", state="states", variables={"GITHUB_SHA": sha})
    assert (done.code, texts(sandbox)) == (0, ["One", "Other", "Two"]), done.log
    marks = [each["body"].partition("\n")[0] for each in hub.comments]
    assert marks == [pages.mark("applied", "calendar")]


def test_pages_show_each_calendar_and_with_a_key_what_was_published_unless_one_has_errors(
    one_run: Run, folder: Path
) -> None:
    for key in ({}, {"api_key": ""}):
        done = one_run("pages", **key)
        assert done.code == 0, done.log
        site = Path(done.outputs["pages"])
        page = (site / "index.html").read_text(encoding="utf-8")
        assert "One" in page
        assert "calendar/posts.ics" in page
        with_results = (site / "results.html").exists(), '<a href="results.html">' in page
        assert with_results == (not key, not key)
        shutil.rmtree(site)
    (folder / "calendar" / "june.yaml").write_text(posts("x", account="nobody"), encoding="utf-8")
    done = one_run("pages")
    assert (done.code, done.outputs["pages"], site.exists()) == (3, "", False), done.log


@pytest.mark.parametrize(
    ("command", "inputs", "code"),
    [
        ("plan", {"reviewed": "strict"}, 0),
        ("plan", {"comment": "never"}, 0),
        ("plan", {"reviewed": "strict", "comment": "never"}, 64),
        ("results", {"results_file": "calendar/latest.md"}, 64),
        ("results", {"results_file": "results/latest.md"}, 0),
        ("results", {"api_key": ""}, 1),
    ],
)
def test_inputs_that_are_missing_or_contradict_each_other_are_refused(
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
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: str,
    looks: int,
) -> None:
    asked: list[object] = []

    def make(_: object, choice: Choice, *__: object, **options: object) -> str:
        asked.append(options.get("insights"))
        assert choice.since == "2026-10-31"
        if options.get("insights"):
            raise PublerSyncError("no", code=code)
        return "results"

    monkeypatch.setattr("publer_sync.commands.results.make", make)
    monkeypatch.setattr(Clock, "now", lambda _: datetime(2026, 11, 27, 23, 30, tzinfo=UTC))
    inputs = Inputs.of({"PUBLER_SYNC_ACTION_COMMAND": "pages", "PUBLER_SYNC_ACTION_API_KEY": "key"})
    done = runs.validate(folder / "calendar", loading([folder / "calendar"]))
    found = runs.looked_back(done, inputs, cast("Any", None))
    assert (len(asked), found) == (looks, "results" if looks == 2 else None)
    warned = "::warning title=publer-sync::could not make the page of results: no\n"
    assert capsys.readouterr().out == ("" if looks == 2 else warned)


class Branch:
    """That of a request; with `ours`, nobody else has pushed to it."""

    def __init__(self, *, ours: bool) -> None:
        self.tip, self.name, self.ours, self.is_there = "b" * 40, "requests/issue-5", ours, True
        self.commits, self.pushed = "c" * 40, list[str]()

    def obstacle(self, _: object) -> None:
        """Nothing is in the way."""

    def commit(self, *_: object) -> str:
        return self.commits

    def push(self, commit: str) -> None:
        self.pushed.append(commit)

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
    without_git(monkeypatch, branch)
    hub.permissions["anna"] = "write"
    done = one_run("request", event=issue_event(action, body, sender=sender), name="issues")
    assert (done.code, done.outputs["exit-code"], branch.is_there) == (0, code, stays), done.log
    assert done.outputs["changes"] == ("false" if stays else "true")
    assert said in hub.comments[0]["body"]
    assert done.summary.strip() == hub.comments[0]["body"].split("\n", 1)[1].strip()
    assert ("> The lamp is here." in hub.comments[0]["body"]) is (sender == "mallory"), (
        "what is to be read first"
    )


def without_git(monkeypatch: pytest.MonkeyPatch, branch: Branch) -> None:
    replies: dict[str, Any] = {"default_branch": "main", "newest": "a" * 40, "switch": None, "exists": False}
    for name, reply in {**replies, "fetch_branch": branch}.items():
        monkeypatch.setattr(requesting, name, lambda *_, reply=reply: reply)


def test_an_error_of_the_calendar_is_told_with_its_place_where_it_has_one() -> None:
    error = Problem("error", "x", "it is wrong", Location("a.yaml", 3))
    own = "the calendar has 1 error of its own"
    assert requesting._broken([error]) == f"{own} (a.yaml:3)"
    assert requesting._broken([Problem("error", "x", "it is wrong", None)]) == own


@pytest.mark.parametrize("may_open", [True, False])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_request_is_pushed_where_it_brings_something_and_its_pull_request_is_opened(
    one_run: Run, hub: Hub, monkeypatch: pytest.MonkeyPatch, is_new: bool, may_open: bool
) -> None:
    branch = Branch(ours=True)
    branch.commits = branch.commits if is_new else branch.tip
    without_git(monkeypatch, branch)
    hub.permissions["anna"], hub.opens_pulls = "write", may_open
    done = one_run(
        "request", event=issue_event("opened", filled(when=f"{day(30)} 09:00"), sender="anna"), name="issues"
    )
    assert (done.code, branch.pushed) == (0 if may_open else 1, [branch.commits] if is_new else []), (
        hub.comments
    )
    assert [pull["head"]["ref"] for pull in hub.pulls] == ["requests/issue-5"][:may_open]
    assert done.outputs["pull-request"] == (str(hub.pulls[0]["number"]) if may_open else "")
    assert done.outputs["changes"] == "true", "to open one that was pushed before is a change, too"


def test_the_keys_are_handed_on_to_what_needs_them_alone(one_run: Run) -> None:
    done = one_run("plan", state_key="a-key-of-the-state", workspace_id=" w-1 ")
    masks = [line for line in done.log.splitlines() if line.startswith("::add-mask::")]
    every = [os.environ["PUBLER_API_KEY"], TOKEN, workflow.basic(TOKEN), "a-key-of-the-state"]
    assert {f"::add-mask::{each}" for each in every} <= {*masks}
    assert done.log.startswith("\n".join(masks)), "before anything else is said"
    assert os.environ["PUBLER_WORKSPACE_ID"] == "w-1"
    assert os.environ["PUBLER_SYNC_STATE_KEY"] == "a-key-of-the-state"
    assert os.environ["GIT_CONFIG_COUNT"] == "1", "git can reach the branch with the state"
    left = [name for name in os.environ if name.startswith("PUBLER_SYNC_ACTION_") and "KEY" in name]
    assert left == []


@pytest.mark.parametrize(("is_shown", "lost"), [(True, False), (False, False), (False, True)])
def test_a_calendar_whose_plan_a_pull_request_shows_is_planned_again(
    one_run: Run, hub: Hub, monkeypatch: pytest.MonkeyPatch, is_shown: bool, lost: bool
) -> None:
    """Also once nothing of it differs any more: the comment would stay as it was. A run goes on where GitHub does not tell."""

    def only_also(tops: tuple[Path, ...], *_: object, also: Callable[[Path], bool]) -> tuple[Path, ...]:
        return tuple(filter(also, tops))

    monkeypatch.setattr("publer_sync.action.step.with_changes", only_also)
    if is_shown:
        hub.comments.append(
            {"id": 1, "pull": 7, "user": BOT, "body": f"{pages.mark('plan', 'calendar')}\nold"}
        )
    hub.troubles = [Trouble("GET .*/comments$", Reply({"message": "no"}, 404))] if lost else []
    done = one_run("plan", event=PULL, changed_since="main")
    assert (done.code, done.outputs.get("create")) == (0, "2" if is_shown else None)


@pytest.mark.parametrize(
    ("head", "newest", "lost", "stays"),
    [("a", "a", False, False), ("a", "b", False, True), ("a", "b", True, True), ("", "b", False, False)],
)
def test_a_run_of_an_older_commit_leaves_the_plan_of_the_newer_one(
    one_run: Run, hub: Hub, head: str, newest: str, lost: bool, stays: bool
) -> None:
    """Also where GitHub does not tell whether there is one; but not where the run does not know its own commit."""
    hub.comments.append({"id": 1, "pull": 7, "user": BOT, "body": f"{pages.mark('plan', 'calendar')}\nold"})
    hub.heads[7] = newest * 40
    hub.troubles = [Trouble("GET .*/comments$", Reply({"message": "no"}, 404))] if lost else []
    assert one_run("plan", event=pull_event(head * 40)).code == 0
    assert hub.comments[0]["body"].endswith("\nold") is stays, hub.comments


@each_of(
    "since, base, changed, also, kept",
    [
        (None, "", "", "", "ab"),
        ("main", "", "a", "", "a"),
        ("main", "", "a", "b", "ab"),
        ("main", "", "", "", ""),
        ("auto", "b" * 40, "b", "", "b"),
        ("auto", "", "", "", "ab"),
        ("auto", "unknown", "", "", "ab"),
    ],
)
def test_a_calendar_is_left_out_only_where_it_is_known_not_to_have_changed(
    monkeypatch: pytest.MonkeyPatch, since: str | None, base: str, changed: str, also: str, kept: str
) -> None:
    def fetch(commit: str) -> None:
        if commit == "unknown":
            raise GitHubError("git fetch failed")

    monkeypatch.setattr(choosing, "fetch", fetch)
    monkeypatch.setattr(choosing, "changed", lambda _, name: [*map(Path, changed)] if name == since else None)
    monkeypatch.setattr(
        choosing, "differing", lambda _, name: [*map(Path, changed)] if name == base else None
    )
    given: Any = SimpleNamespace(changed_since=since)
    event: Any = SimpleNamespace(pull=None, before=base)
    found = choosing.with_changes([Path("a"), Path("b")], given, event, also=lambda top: top.name in also)
    assert "".join(map(str, found)) == kept


@pytest.mark.parametrize("when", ["never", "at a post", "at the end of a calendar"])
def test_a_run_that_is_stopped_begins_no_other_calendar_and_says_so(
    one_run: Run, folder: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "other" / "may.yaml").write_text(posts("Other", account="x"), encoding="utf-8")
    handle, real = sandbox.handle, runs.apply

    def handled(request: Request) -> Response | None:
        if when == "at a post" and request.method == "POST":
            signal.raise_signal(signal.SIGINT)
        return handle(request)

    def apply(*given: Any) -> Any:
        done = real(*given)
        if when == "at the end of a calendar":
            before = signal.signal(signal.SIGINT, lambda *_: None)
            signal.raise_signal(signal.SIGINT)
            signal.signal(signal.SIGINT, before)
        return done

    monkeypatch.setattr(sandbox, "handle", handled)
    monkeypatch.setattr(runs, "apply", apply)
    done = one_run("apply", calendar="calendar\nother", state="states", comment="never")
    sandbox.settle()
    stopped = when != "never"
    assert ("Other" in texts(sandbox), done.code) == (not stopped, int(stopped)), done.log
    told = "::error title=publer-sync::stopped on request: 1 calendar not started; running again is safe"
    assert (told in done.log, "stopped on request" in done.log) == (stopped, stopped), done.log
    assert ("error: stopped, as asked\n" in done.log) is (when == "at a post"), done.log
    assert signal.set_wakeup_fd(-1) == -1, "what the run listened with is gone"
