"""Workflows run by act, a local runner, with stand-ins for the actions of others."""

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
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from publer_sync import __version__
from tests import shifted_clock
from tests.conftest import PATIENCE, ROOT
from tests.github.hub import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.sandbox import Sandbox
    from tests.github.hub import Hub
    from tests.github.repository import Repo

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


def actions_in(folder: Path) -> dict[str, Path]:
    """The action as a checkout of its own, and stubs of those of others, by how a workflow names them."""
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
