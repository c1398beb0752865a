"""What is refused at once, what is masked, and what becomes of a bug."""

from __future__ import annotations

import io
import os
import runpy
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.action import workflow
from tests.github.hub import TOKEN
from tests.github.repository import CALENDAR, SETTINGS, Repo, event

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.sandbox import Sandbox
    from tests.action.conftest import Run, Step


RUN = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/r"}


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target", "merge_group"])
def test_apply_is_refused_before_the_merge(step: Run, repo: Repo, sandbox: Sandbox, name: str) -> None:
    repo.commit(CALENDAR)
    done = step("apply", event=event(repo) if name.startswith("pull") else {"merge_group": {}}, name=name)
    assert done.code == 64
    assert f"apply does not run for {name}" in done.log
    assert sandbox.requests == []


@pytest.mark.parametrize("calendar", ["../..", "calendar\n/", "calendar/../../other"])
def test_a_calendar_outside_the_repository_is_refused(
    step: Run, repo: Repo, sandbox: Sandbox, calendar: str
) -> None:
    repo.commit(CALENDAR)
    done = step("plan", event=event(repo), calendar=calendar)
    assert done.code == 64
    assert "outside the repository" in done.log
    assert sandbox.requests == []


def test_secrets_are_masked_before_anything_else(step: Run, repo: Repo, sandbox: Sandbox) -> None:
    repo.commit(CALENDAR)
    done = step("plan", event=event(repo))
    masks = [line for line in done.log.splitlines() if line.startswith("::add-mask::")]
    assert done.log.startswith("::add-mask::")
    assert f"::add-mask::{sandbox.key}" in masks
    assert f"::add-mask::{TOKEN}" in masks
    rest = done.log.replace("\n".join(masks), "")
    assert sandbox.key not in rest
    assert TOKEN not in rest


def test_the_program_ends_with_the_code_of_the_step(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing here is what GitHub sets."""
    for name in os.environ:
        if name.startswith(("GITHUB_", "PUBLER_")):
            monkeypatch.delenv(name)
    with pytest.raises(SystemExit) as end:
        runpy.run_module("publer_sync.action", run_name="__main__")
    assert (end.value.code, "::error title=" in capfd.readouterr().out) == (64, True)


def test_an_error_is_told_whatever_the_log_can_show(monkeypatch: pytest.MonkeyPatch) -> None:
    from publer_sync.action.main import main

    raw = io.BytesIO()
    wrong = {**RUN, "PUBLER_SYNC_ACTION_COMMAND": "äply"}
    for stream, shown in (
        (io.TextIOWrapper(raw, encoding="ascii"), "\\xe4ply"),
        (io.StringIO(), "äply"),
    ):
        monkeypatch.setattr("sys.stdout", stream)
        assert main({**wrong}) == 64
        told = stream.getvalue() if isinstance(stream, io.StringIO) else raw.getvalue().decode()
        assert f'the input command is "{shown}"' in told


def test_each_key_of_the_state_is_masked(capfd: pytest.CaptureFixture[str]) -> None:
    from publer_sync.action.main import main

    assert main({"PUBLER_SYNC_STATE_KEY": "new-key, old-key,"}) == 64
    masks = [line for line in capfd.readouterr().out.splitlines() if line.startswith("::add-mask::")]
    sent = {each: f"::add-mask::{workflow.basic(each)}" for each in ("new-key", "old-key")}
    assert {*masks} == {*sent.values(), *(f"::add-mask::{key}" for key in sent)}


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"command": "aply"}, 'the input command is "aply"'),
        ({"comment": "loud"}, 'the input comment is "loud"'),
        ({"reviewed": "no"}, 'the input reviewed is "no"'),
        ({"reviewed": "strict", "comment": "never"}, "the plan is reviewed in the comment"),
        ({"allow_deletes": "all"}, 'the input allow-deletes is "all"'),
        ({"allow_frozen": "yes"}, 'the input allow-frozen is "yes"'),
    ],
)
def test_an_input_that_makes_no_sense(step: Run, repo: Repo, inputs: dict[str, str], said: str) -> None:
    repo.commit(CALENDAR)
    done = step("plan", **inputs) if "command" not in inputs else step(inputs["command"])
    assert done.code == 64
    assert said in done.log.replace("%0A", "\n")


def test_a_bug_is_one_sentence_and_a_log_without_texts(
    step: Callable[..., Step], repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError(os.environ["TEXT"])

    repo.commit({"calendar/publer.yaml": SETTINGS})
    monkeypatch.setenv("TEXT", "words of a post")
    monkeypatch.setattr("publer_sync.action.runs.plan", broken)
    done = step("plan")
    assert (done.code, done.outputs["exit-code"], done.outputs["changes"]) == (70, "70", "false")
    assert (
        "::error title=bug::publer-sync has a bug (ValueError in publer_sync/action/step.py, line "
        in done.log
    )
    assert "please report it with the log of this step" in done.log
    assert "in _one\n" in done.log
    assert "words of a post" not in done.log
