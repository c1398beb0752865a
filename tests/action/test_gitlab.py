"""The component for GitLab, run by a local runner against the sandbox."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from tests import ready
from tests.action.conftest import SETTINGS, Repo, posts
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox

COMPONENT = "examples/gitlab/publer-sync.yml"
KINDS = ("plan", "apply", "check")


class GitLab:
    """A project that includes the component once for each calendar. Jobs run with the shell, in a clone."""

    def __init__(self, repo: Repo, folder: Path, sandbox: Sandbox, *calendars: str) -> None:
        found = shutil.which("gitlab-ci-local")
        if found is None:
            pytest.skip("gitlab-ci-local is not installed: npm install --global gitlab-ci-local@4.61.0")
        self._repo, self._folder, self._runner = repo, folder, found
        ready.program(folder / "bin")
        copies = (
            folder / "bin" / "rsync"
        )  # the runner copies the files for containers, which these jobs do without
        copies.write_text("#!/bin/sh\n", encoding="utf-8")
        copies.chmod(0o755)
        self.variables = {
            "PUBLER_BASE_URL": sandbox.url,
            "PUBLER_API_KEY": sandbox.key,
            "PUBLER_SYNC_POLL_SECONDS": str(sandbox.poll_seconds),
            "PUBLER_SYNC_STATE": "git:publer-sync-state",
        }
        includes = "".join(
            f"- local: templates/publer-sync.yml\n  inputs: {{image: 'publer-sync:0', calendar: {name}}}\n"
            for name in calendars
        )
        component = (ROOT / COMPONENT).read_text(encoding="utf-8")
        self.commit({"templates/publer-sync.yml": component, ".gitlab-ci.yml": f"include:\n{includes}"})

    def commit(self, files: dict[str, str], *, branch: str = "main") -> str:
        return self._repo.commit(files, branch=branch)

    def run(self, *words: str, sha: str, **variables: str) -> tuple[int, str]:
        """In a fresh clone at a commit, as a job has it."""
        project = self._folder / "builds" / f"{len(list(self._folder.glob('builds/*')))}"
        self._repo.git("clone", "-q", str(self._repo.remote), str(project))
        self._repo.git("-C", str(project), "checkout", "-q", "-B", "main", sha)
        told = [
            f"{name}={value}"
            for name, value in {**self.variables, "CI_DEFAULT_BRANCH": "main", **variables}.items()
        ]
        options = ["--force-shell-executor", "--concurrency", "1"]  # jobs of a real runner have a clone each
        if "--preview" not in words:  # which holds the same pipeline against GitLab's schema, for a second
            options += ["--no-json-schema-validation"]
        done = subprocess.run(
            [self._runner, *options, *words, *(part for one in told for part in ("--variable", one))],
            cwd=project,
            env={
                "PATH": f"{self._folder / 'bin'}:{os.environ['PATH']}",
                "HOME": str(self._folder),
                "PYTHONPATH": str(ROOT),
                **{f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )  # fmt: skip
        return done.returncode, done.stderr + done.stdout


def texts(sandbox: Sandbox) -> list[str]:
    sandbox.settle()
    return [post["text"].strip() for post in sandbox.posts() if post["state"] == "scheduled"]


@pytest.mark.slow
def test_a_component_for_each_calendar(repo: Repo, tmp_path: Path, sandbox: Sandbox) -> None:
    """Jobs of one name, or a template of one name, would silently be those of the last include alone."""
    acme, zoo = calendars = ("clients/acme", "clients/zoo")
    gitlab = GitLab(repo, tmp_path, sandbox, *calendars)
    files = {f"{calendar}/publer.yaml": SETTINGS + "limits: {delete: 1}\n" for calendar in calendars}
    files |= {f"{acme}/may.yaml": posts("Withdrawn words", "Two", "Three")}
    old = gitlab.commit({**files, f"{zoo}/may.yaml": posts("Zoo", account="x")})
    _, printed = gitlab.run("--preview", sha=old, CI_PIPELINE_SOURCE="push")
    jobs = yaml.safe_load(printed.partition("---\n")[2])
    of = {name: job for name, job in jobs.items() if name.startswith("publer-sync ")}
    assert set(of) == {f"publer-sync {kind} {calendar}" for kind in KINDS for calendar in calendars}
    for name, job in of.items():
        calendar = name.rpartition(" ")[2]
        assert job["variables"]["CALENDAR"] == calendar
        assert job["cache"] == job["dependencies"] == [], "no file that another job leaves is read as a post"
        assert ("apply" in name) is (job.get("resource_group") == f"publer-sync {calendar}")

    # A merge request is planned, and checked where there is no key.
    told = {"CI_PIPELINE_SOURCE": "merge_request_event"}
    code, log = gitlab.run(*(f"publer-sync plan {calendar}" for calendar in calendars), sha=old, **told)
    assert code == 0, log
    code, log = gitlab.run(f"publer-sync plan {acme}", sha=old, PUBLER_API_KEY="", **told)
    assert code == 0, log
    assert "checked, not planned" in log
    assert {request.method for request in sandbox.requests} == {"GET"}

    # A job that is retried applies what is merged now, and an unmerged branch is nobody's business.
    reviewed = gitlab.commit({f"{acme}/may.yaml": posts("Reviewed words", "Two", "Three")})
    topic = gitlab.commit({f"{acme}/may.yaml": posts("Unreviewed words")}, branch="topic")
    repo.git("checkout", "-q", "main")
    applies = [f"publer-sync apply {calendar}" for calendar in calendars]
    code, log = gitlab.run(*applies, sha=old, CI_PIPELINE_SOURCE="push")
    assert code == 0, log
    all_of_them = ["Reviewed words", "Three", "Two", "Zoo"]
    assert sorted(texts(sandbox)) == all_of_them
    told = {"CI_PIPELINE_SOURCE": "push", "CI_DEFAULT_BRANCH": "topic", "CI_COMMIT_BRANCH": "topic"}
    code, log = gitlab.run(applies[0], sha=topic, **told)
    assert code == 0, log
    assert sorted(texts(sandbox)) == all_of_them, "whatever a pipeline's variables say"

    # A safety limit is lifted for the run that someone starts.
    sha = gitlab.commit({f"{acme}/may.yaml": posts("Reviewed words")})
    code, log = gitlab.run(applies[0], sha=sha, CI_PIPELINE_SOURCE="push")
    assert (code, sorted(texts(sandbox))) == (1, all_of_them)
    assert "--allow-deletes 2" in log
    options = {"CI_PIPELINE_SOURCE": "web", "APPLY_OPTIONS": "--allow-deletes 2"}
    code, log = gitlab.run(applies[0], sha=reviewed, **options)
    assert (code, sorted(texts(sandbox))) == (0, ["Reviewed words", "Zoo"]), log
