"""What a run reads of its environment: the inputs, and the event that started it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from publer_sync.action.inputs import Event, Inputs
from publer_sync.commands.running.shared import folder
from publer_sync.planning.allow import Allow
from publer_sync.values.errors import UsageError
from tests.tables import each_of

RUN = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"}


def inputs(**given: str) -> Inputs:
    return Inputs.of(
        {
            "PUBLER_SYNC_ACTION_COMMAND": "plan",
            **{f"PUBLER_SYNC_ACTION_{key}": value for key, value in given.items()},
        }
    )


def test_without_inputs_a_run_does_what_is_usual() -> None:
    found = inputs()
    assert (found.command, found.calendars, found.comment, found.reviewed) == (
        "plan",
        (folder(None),),
        "always",
        "warn",
    )
    assert (
        found.changed_since,
        found.state,
        found.results_file,
        found.branch,
        found.token,
        found.api_key,
    ) == (None,) * 6
    assert (found.allowed, found.first, found.reason, found.check) == (
        Allow(deletes=None, changes=None),
        False,
        "",
        "plan",
    )
    assert (found.accounts, found.labels, found.networks) == ((), (), ())


def test_every_input_is_read() -> None:
    found = inputs(
        CALENDAR=" a \n\nb\na\n",
        CHANGED_SINCE="auto",
        STATE="git:state",
        COMMENT="changes",
        REVIEWED="strict",
        ALLOW_DELETES="5",
        ALLOW_CHANGES="99999999",
        ALLOW_RECREATE="true",
        ALLOW_FROZEN="TRUE",
        ALLOW_TWINS="true",
        OVERWRITE_EDITS="true",
        ALLOW_OLDER="true",
        ALLOW_REWRITTEN="true",
        FIRST="true",
        RESULTS_FILE="r.md",
        BRANCH="refs/heads/live",
        REASON="Storm",
        ACCOUNTS="x, linkedin facebook",
        LABELS="two words, news,,",
        NETWORKS="x,facebook",
        CHECK="my check",
        GITHUB_TOKEN=" t ",
        API_KEY="k",
    )
    assert (found.calendars, found.changed_since, found.state) == (
        (Path("a"), Path("b")),
        "auto",
        "git:state",
    )
    assert (found.comment, found.reviewed, found.first) == ("changes", "strict", True)
    every = {"recreate", "frozen", "twins", "edits", "older", "rewritten"}
    assert found.allowed == Allow(deletes=5, changes=99_999_999, **dict.fromkeys(every, True))
    assert (found.results_file, found.branch, found.reason, found.check) == (
        "r.md",
        "live",
        "Storm",
        "my check",
    )
    assert (found.accounts, found.networks) == (("x", "linkedin", "facebook"), ("x", "facebook"))
    assert found.labels == ("two words", "news")
    assert (found.token, found.api_key) == ("t", "k")


@each_of("word", ["many", "-1", "1.5", "²", "123456789"])
def test_a_limit_is_a_number_of_posts(word: str) -> None:
    for name in ("DELETES", "CHANGES"):
        with pytest.raises(UsageError, match=f'the input allow-{name.lower()} is "{word}"'):
            inputs(**{f"ALLOW_{name}": word})


@each_of("given, environment, key", [("", "e", "e"), ("k", "e", "k"), ("", " ", None)])
def test_the_key_of_the_environment_is_taken_where_the_input_is_empty(
    given: str, environment: str, key: str | None
) -> None:
    environ = {
        "PUBLER_SYNC_ACTION_COMMAND": "plan",
        "PUBLER_SYNC_ACTION_API_KEY": given,
        "PUBLER_API_KEY": environment,
    }
    assert Inputs.of(environ).api_key == key


def event(payload: Any = None, *, path: Path | None = None, **environ: str) -> Event:
    if path is not None:
        path.write_text(payload if isinstance(payload, str) else json.dumps(payload), encoding="utf-8")
        environ["GITHUB_EVENT_PATH"] = str(path)
    return Event.of({**RUN, **environ})


def test_an_event_says_where_the_run_is_shown() -> None:
    found = event(
        GITHUB_RUN_ID="42", GITHUB_JOB="job", GITHUB_ACTION="step", GITHUB_SERVER_URL="https://ghe.example/"
    )
    assert (found.server, found.api) == ("https://ghe.example", "https://api.github.com")
    assert (found.run, found.key, found.number) == ("https://ghe.example/o/r/actions/runs/42", "job-step", 42)
    bare = event()
    assert (bare.number, bare.workspace, bare.temp, bare.summary, bare.output) == (
        0,
        Path(),
        Path(),
        None,
        None,
    )
    assert (bare.before, bare.pull, bare.issue, bare.branch) == (None, None, None, None)
    full = event(GITHUB_WORKSPACE="/w", RUNNER_TEMP="/t", GITHUB_STEP_SUMMARY="/s", GITHUB_OUTPUT="/o")
    assert (full.workspace, full.temp, full.summary, full.output) == (
        Path("/w"),
        Path("/t"),
        Path("/s"),
        Path("/o"),
    )


@each_of(
    "ref, branch",
    [("refs/heads/a/b", "a/b"), ("refs/tags/v1", None), ("refs/pull/7/merge", None), ("", None)],
)
def test_a_run_is_about_a_branch_or_none(ref: str, branch: str | None) -> None:
    assert event(GITHUB_REF=ref).branch == branch


@each_of("environ", [{"GITHUB_ACTIONS": "false"}, {"GITHUB_REPOSITORY": ""}])
def test_outside_of_a_workflow_there_is_no_event(environ: Any) -> None:
    with pytest.raises(UsageError, match="runs in a GitHub workflow"):
        event(**environ)


@each_of(
    "name, payload, before",
    [
        ("push", {"before": "a" * 40}, "a" * 40),
        ("push", {"before": "0" * 40}, None),
        ("push", {}, None),
        ("push", {"before": 7}, None),
        ("schedule", {"before": "a" * 40}, None),
        ("merge_group", {"merge_group": {"base_sha": "b" * 40}}, "b" * 40),
        ("merge_group", {"merge_group": "x"}, None),
        ("push", {"before": "a" * 40, "merge_group": {"base_sha": "b" * 40}}, "a" * 40),
        ("push", "no JSON", None),
        ("push", "[1]", None),
    ],
)
def test_what_the_branch_had_before(
    tmp_path_factory: pytest.TempPathFactory, name: str, payload: Any, before: str | None
) -> None:
    path = tmp_path_factory.mktemp("event") / "event.json"
    assert event(payload, path=path, GITHUB_EVENT_NAME=name).before == before


def test_an_event_file_that_is_not_there_is_no_event_file(tmp_path: Path) -> None:
    assert event(GITHUB_EVENT_PATH=str(tmp_path / "none"), GITHUB_EVENT_NAME="push").before is None


def pull(**more: Any) -> dict[str, Any]:
    repo = {"repo": {"full_name": "o/r"}}
    return {
        "pull_request": {"number": 7, "head": {"sha": "a1", **repo}, "base": {"sha": "b2", **repo}, **more}
    }


@each_of(
    "name, payload, actor, found",
    [
        ("pull_request", pull(), "anna", (7, "a1", False, False, "b2")),
        ("pull_request_target", pull(), "anna", (7, "a1", False, False, "b2")),
        ("pull_request", pull(state="closed"), "anna", (7, "a1", False, True, "b2")),
        ("pull_request", pull(), "dependabot[bot]", (7, "a1", True, False, "b2")),
        (
            "pull_request",
            pull(head={"sha": "a1", "repo": {"full_name": "me/r"}}),
            "anna",
            (7, "a1", True, False, "b2"),
        ),
        ("pull_request", pull(head={"sha": "a1", "repo": None}), "anna", (7, "a1", True, False, "b2")),
        ("pull_request", pull(head=None, base=None), "anna", (7, "", False, False, "")),
        ("pull_request", {"pull_request": "x"}, "anna", None),
        ("push", pull(), "anna", None),
    ],
)
def test_the_pull_request_of_an_event(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    payload: Any,
    actor: str,
    found: tuple[Any, ...] | None,
) -> None:
    path = tmp_path_factory.mktemp("event") / "event.json"
    seen = event(payload, path=path, GITHUB_EVENT_NAME=name, GITHUB_ACTOR=actor).pull
    assert (
        None if seen is None else (seen.number, seen.head, seen.from_outside, seen.closed, seen.base)
    ) == found


def issue(**more: Any) -> dict[str, Any]:
    return {
        "action": "edited",
        "issue": {"number": 5, "body": "B", "state": "open", "updated_at": "2027-03-01T08:00:00Z", **more},
        "sender": {"login": "anna"},
    }


@each_of(
    "name, payload, found",
    [
        ("issues", issue(), (5, "edited", "anna", "B", None, False)),
        ("issues", issue(state="closed", body=None), (5, "edited", "anna", "", None, True)),
        ("issues", {**issue(), "changes": {"body": {"from": "A"}}}, (5, "edited", "anna", "B", "A", False)),
        ("issues", {**issue(), "changes": {"body": {"from": None}}}, (5, "edited", "anna", "B", "", False)),
        ("issues", {**issue(), "changes": {"title": {"from": "A"}}}, (5, "edited", "anna", "B", None, False)),
        ("issues", {**issue(), "sender": None}, (5, "edited", "", "B", None, False)),
        ("issues", {**issue(), "sender": {"login": None}}, (5, "edited", "", "B", None, False)),
        ("issues", {}, None),
        ("push", issue(), None),
    ],
)
def test_the_issue_of_an_event(
    tmp_path_factory: pytest.TempPathFactory, name: str, payload: Any, found: tuple[Any, ...] | None
) -> None:
    path = tmp_path_factory.mktemp("event") / "event.json"
    seen = event(payload, path=path, GITHUB_EVENT_NAME=name).issue
    facts = (
        None if seen is None else (seen.number, seen.action, seen.sender, seen.body, seen.before, seen.closed)
    )
    assert facts == found


@each_of("name", ["pull_request", "push", "workflow_dispatch", "merge_group", "schedule", "issues"])
def test_labels_count_in_the_runs_that_belong_to_a_merge_or_to_somebody(name: str) -> None:
    assert event(GITHUB_EVENT_NAME=name).labelled is (name not in ("schedule", "issues"))
