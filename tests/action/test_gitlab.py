"""The component for GitLab, run by a local runner against the sandbox."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import yaml

from publer_sync.action import gitlab
from publer_sync.action.pages import mark
from tests import ready
from tests.conftest import ROOT
from tests.github.repository import SETTINGS, Repo, posts
from tests.stand_in import Asked, Reply, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
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
        python = folder / "bin" / "python"  # that of the image, which has the program
        paths = "import sys; sys.path.insert(0, sys.argv.pop(1))"
        module = (
            f"{paths}; import runpy; sys.argv.pop(1); runpy.run_module(sys.argv.pop(1), run_name='__main__')"
        )
        python.write_text(
            f'#!/bin/sh\nshift\nexec "{sys.executable}" -I -c "{module}" "{ROOT}" "$@"\n', encoding="utf-8"
        )
        python.chmod(0o755)
        # The runner copies the files for containers, which these jobs do without.
        copies = folder / "bin" / "rsync"
        copies.write_text("#!/bin/sh\n", encoding="utf-8")
        copies.chmod(0o755)
        self.variables = {
            "PUBLER_BASE_URL": sandbox.url,
            "PUBLER_API_KEY": sandbox.key,
            "PUBLER_SYNC_POLL_SECONDS": str(sandbox.poll_seconds),
            "PUBLER_SYNC_STATE": "git:publer-sync-state",
        }
        includes = "".join(
            f"- local: templates/publer-sync.yml\n  inputs: {{image: 'publer-sync:0', calendar: {name}, paths: ['shared/**/*']}}\n"
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


TOKEN = "glpat-of-the-project"


@contextmanager
def notes_of(notes: list[dict[str, Any]], *, head: str = "") -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """GitLab's notes of a merge request, two a page; the token's user is 7. Its newest commit is `head`, where GitLab says that."""

    def answer(asked: Asked) -> Reply:
        if asked.headers["PRIVATE-TOKEN"] != TOKEN:
            return Reply({}, 401)
        path = urlsplit(asked.path).path
        if path.endswith("/user"):
            return Reply({"id": 7})
        if path == "/projects/5/merge_requests/3" and head:
            return Reply({"iid": 3, "sha": head})
        if not path.startswith("/projects/5/merge_requests/3/notes"):
            return Reply({}, 404)
        if asked.method == "POST":
            notes.append({"id": len(notes), "author": {"id": 7}, **asked.json})
            return Reply({}, 201)
        if asked.method == "PUT":
            notes[int(path.rpartition("/")[2])].update(asked.json)
            return Reply({})
        page = int(dict(asked.query)["page"])
        more = str(page + 1) if len(notes) > page * 2 else ""
        return Reply(notes[(page - 1) * 2 : page * 2], headers={"X-Next-Page": more})

    with serving(answer) as service:
        yield service.url, notes


def test_the_plan_is_one_note_which_each_push_edits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.md"
    plan.write_text("### Social calendar: 1 new post\n", encoding="utf-8")
    theirs = {"id": 0, "author": {"id": 8}, "body": f"{mark('plan', 'calendar')}\nBuy coins"}
    gone = {"id": 1, "author": None, "body": theirs["body"]}
    with notes_of([theirs, gone, {"id": 2, "author": {"id": 7}, "body": "Something else"}]) as (url, notes):
        env = {
            "CALENDAR": "calendar", "CI_API_V4_URL": url, "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "3",
            "CI_COMMIT_SHA": "a1b2c3d4e5", "CI_JOB_URL": "https://gitlab.example/jobs/1",
        }  # fmt: skip
        assert gitlab.main(env, plan) == 0
        assert len(notes) == 3, "without a token the plan is the job's report"
        env[gitlab.TOKEN] = f"{TOKEN}\n"
        assert gitlab.main(env, plan) == 0
        assert "1 new post" in notes[3]["body"]
        assert "<code>calendar</code> at <code>a1b2c3d</code>" in notes[3]["body"]
        plan.write_text("", encoding="utf-8")
        assert gitlab.main(env, plan) == 0
        assert (len(notes), "Nothing can be planned" in notes[3]["body"]) == (4, True), "no old plan stays"
        assert notes[:2] == [theirs, gone], "somebody's copy of the mark"
        assert gitlab.main({**env, "CALENDAR": "other"}, plan) == 0
        assert len(notes) == 5
        assert gitlab.main({**env, gitlab.TOKEN: "wrong"}, plan) == 0
        told = capsys.readouterr()
        assert "could not write the note: GitLab says 401 to GET" in told.err
        assert TOKEN not in told.out + told.err


def test_a_job_of_an_older_commit_that_is_run_again_leaves_the_newer_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commit of a pipeline for merged results is none of the branch."""
    plan = tmp_path / "plan.md"
    plan.write_text("### Social calendar: 1 new post\n", encoding="utf-8")
    with notes_of([], head="b" * 40) as (url, notes):
        env = {
            gitlab.TOKEN: TOKEN, "CI_API_V4_URL": url, "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "3",
            "CI_COMMIT_SHA": "a" * 40, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "",
        }  # fmt: skip
        for old in (env, {**env, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "c" * 40}):
            assert (gitlab.main(old, plan), notes) == (0, [])
            assert "the merge request is at bbbbbbb now, which this job is not for" in capsys.readouterr().out
        gitlab.main({**env, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "b" * 40}, plan)
        gitlab.main({**env, "CI_COMMIT_SHA": "b" * 40}, plan)
        gitlab.main({**env, "CI_COMMIT_SHA": ""}, plan)
        assert len(notes) == 1
        assert capsys.readouterr().out.count("the note is up to date") == 2, "also where no commit is known"


def test_the_program_ends_well_where_there_is_nothing_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(gitlab.TOKEN, raising=False)
    monkeypatch.setattr("sys.argv", ["gitlab.py", "plan.md"])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(gitlab.__file__, run_name="__main__")
    assert end.value.code == 0


def texts(sandbox: Sandbox) -> list[str]:
    sandbox.settle()
    return [post["text"].strip() for post in sandbox.posts() if post["state"] == "scheduled"]


@pytest.mark.slow
def test_a_component_for_each_calendar(repo: Repo, tmp_path: Path, sandbox: Sandbox) -> None:
    """Jobs of one name, or a template of one name, would silently be those of the last include alone."""
    acme, zoo = calendars = ("clients/acme", "clients/zoo")
    project = GitLab(repo, tmp_path, sandbox, *calendars)
    files = {f"{calendar}/publer.yaml": SETTINGS + "limits: {delete: 1}\n" for calendar in calendars}
    files |= {f"{acme}/may.yaml": posts("Withdrawn words", "Two", "Three")}
    old = project.commit({**files, f"{zoo}/may.yaml": posts("Zoo", account="x")})
    _, printed = project.run("--preview", sha=old, CI_PIPELINE_SOURCE="push")
    jobs = yaml.safe_load(printed.partition("---\n")[2])
    of = {name: job for name, job in jobs.items() if name.startswith("publer-sync ")}
    assert set(of) == {f"publer-sync {kind} {calendar}" for kind in KINDS for calendar in calendars}
    for name, job in of.items():
        calendar = name.rpartition(" ")[2]
        assert job["variables"]["CALENDAR"] == calendar
        assert job["cache"] == job["dependencies"] == [], "no file that another job leaves is read as a post"
        if "check" not in name:
            started = [pattern for rule in job["rules"] for pattern in rule.get("changes", ())]
            assert started == [f"{calendar}/**/*", "shared/**/*"]
        assert ("apply" in name) is (job.get("resource_group") == f"publer-sync {calendar}")

    # A merge request is planned, and checked where there is no key.
    told = {"CI_PIPELINE_SOURCE": "merge_request_event"}
    with notes_of([]) as (url, notes):
        mine = {
            "PUBLER_SYNC_GITLAB_TOKEN": TOKEN,
            "CI_API_V4_URL": url,
            "CI_PROJECT_ID": "5",
            "CI_MERGE_REQUEST_IID": "3",
        }
        code, log = project.run(
            *(f"publer-sync plan {calendar}" for calendar in calendars), sha=old, **told, **mine
        )
        assert code == 0, log
        assert sorted("Withdrawn words" in note["body"] for note in notes) == [False, True]
        broken = project.commit({f"{acme}/may.yaml": posts("One", account="nobody")}, branch="broken")
        code, log = project.run(f"publer-sync plan {acme}", sha=broken, **told, **mine)
        [note] = [each["body"] for each in notes if "to fix first" in each["body"]]
        assert (code, "| may.yaml, line 3 | There is no account" in note) == (1, True), note
        assert 'no account "nobody"' in log, "for whoever reads the job"
        code, log = project.run(
            f"publer-sync plan {acme}", sha=old, **told, **mine, PUBLER_BASE_URL="http://127.0.0.1:9"
        )
        [note] = [each["body"] for each in notes if "no result" in each["body"]]
        assert (code, "127.0.0.1" in note, len(notes)) == (1, True, 2), note
        repo.git("checkout", "-q", "main")
    code, log = project.run(f"publer-sync plan {acme}", sha=old, PUBLER_API_KEY="", **told)
    assert code == 0, log
    assert "checked, not planned" in log
    assert {request.method for request in sandbox.requests} == {"GET"}

    # A job that is retried applies what is merged now, and an unmerged branch is nobody's business.
    reviewed = project.commit({f"{acme}/may.yaml": posts("Reviewed words", "Two", "Three")})
    topic = project.commit({f"{acme}/may.yaml": posts("Unreviewed words")}, branch="topic")
    repo.git("checkout", "-q", "main")
    applies = [f"publer-sync apply {calendar}" for calendar in calendars]
    code, log = project.run(*applies, sha=old, CI_PIPELINE_SOURCE="push")
    assert code == 0, log
    all_of_them = ["Reviewed words", "Three", "Two", "Zoo"]
    assert sorted(texts(sandbox)) == all_of_them
    told = {"CI_PIPELINE_SOURCE": "push", "CI_DEFAULT_BRANCH": "topic", "CI_COMMIT_BRANCH": "topic"}
    code, log = project.run(applies[0], sha=topic, **told)
    assert code == 0, log
    assert sorted(texts(sandbox)) == all_of_them, "whatever a pipeline's variables say"

    # A safety limit is lifted for the run that someone starts.
    sha = project.commit({f"{acme}/may.yaml": posts("Reviewed words")})
    code, log = project.run(applies[0], sha=sha, CI_PIPELINE_SOURCE="push")
    assert (code, sorted(texts(sandbox))) == (1, all_of_them)
    assert "--allow-deletes 2" in log
    options = {"CI_PIPELINE_SOURCE": "web", "APPLY_OPTIONS": "--allow-deletes 2"}
    code, log = project.run(applies[0], sha=reviewed, **options)
    assert (code, sorted(texts(sandbox))) == (0, ["Reviewed words", "Zoo"]), log


@pytest.mark.slow
def test_the_scheduled_check_fails_while_something_needs_someone(
    repo: Repo, tmp_path: Path, sandbox: Sandbox
) -> None:
    """A post that was missed is no change of a plan any more, once its time has passed."""
    project = GitLab(repo, tmp_path, sandbox, "calendar")
    check, scheduled = "publer-sync check calendar", {"CI_PIPELINE_SOURCE": "schedule"}
    sha = project.commit({"calendar/publer.yaml": SETTINGS, "calendar/may.yaml": posts("One")})
    code, log = project.run(check, sha=sha, **scheduled)
    assert code != 0, log
    code, log = project.run("publer-sync apply calendar", sha=sha, CI_PIPELINE_SOURCE="push")
    assert code == 0, log
    code, log = project.run(check, sha=sha, **scheduled)
    assert code == 0, log
    late = project.commit({"calendar/late.yaml": posts("Late", since=-1)})
    code, log = project.run(check, sha=late, **scheduled)
    assert code != 0, log
    assert "missed" in log
    assert {request.method for request in sandbox.requests if request.path.endswith("/posts")} == {"GET"}
