"""What a command learns of its surroundings: who started it, what the system says, and which folders are meant."""

from __future__ import annotations

import errno
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from publer_sync.commands import completion
from publer_sync.commands.running import failure, several
from publer_sync.commands.running.who import in_ci, proposed_to, url_of, who_of
from publer_sync.values.errors import CalendarError, PublerSyncError, UsageError
from tests.tables import each_of

WRONG = CalendarError((), "wrong")
WRONG.shown = "What is wrong\n"
GITHUB = {"GITHUB_SERVER_URL": "https://github.com/", "GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "42"}


@each_of(
    "environ, user, who",
    [
        ({}, "Anna Berg", "Anna Berg"),
        ({}, "anna@example.com", "anna"),
        ({}, None, ""),
        ({"GITHUB_ACTOR": "anna", "GITHUB_TRIGGERING_ACTOR": "ben"}, "Cleo", "ben"),
        ({"GITHUB_ACTOR": " ", "GITLAB_USER_LOGIN": "dora"}, "Cleo", "dora"),
        ({"BUILD_USER_ID": "x" * 99}, None, "x" * 80),
    ],
)
def test_who_starts_a_run_is_a_name_and_no_address(
    environ: dict[str, str], user: str | None, who: str
) -> None:
    tree = cast("Any", SimpleNamespace(user_name=user)) if user is not None else None
    assert who_of(tree, environ) == who


@each_of(
    "environ, url",
    [
        (GITHUB, "https://github.com/o/r/actions/runs/42"),
        *(
            ({**GITHUB, name: "", "CI_JOB_URL": "https://ci.example/1"}, "https://ci.example/1")
            for name in GITHUB
        ),
        ({"CI_JOB_URL": "ftp://x", "BUILD_URL": " https://b.example "}, "https://b.example"),
        ({}, ""),
    ],
)
def test_the_address_of_a_job(environ: dict[str, str], url: str) -> None:
    assert url_of(environ) == url


@each_of(
    "environ, branch",
    [
        ({"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main "}, "main"),
        ({"GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_BASE_REF": ""}, None),
        ({"GITHUB_EVENT_NAME": "push", "GITHUB_BASE_REF": "main"}, None),
        ({"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "live"}, "live"),
        ({}, None),
    ],
)
def test_the_branch_that_files_are_proposed_to(environ: dict[str, str], branch: str | None) -> None:
    assert proposed_to(environ) == branch


@each_of("word, is_job", [("", False), ("0", False), (" False ", False), ("true", True), ("1", True)])
def test_a_job_of_ci_is_known_by_its_variable(word: str, is_job: bool) -> None:
    assert in_ci({"CI": word}) is is_job
    assert not in_ci({})


@each_of(
    "error, code, said",
    [
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "disk.full",
            "there is no room on the disk: No space left on device",
        ),
        (
            OSError(errno.ENOSPC, "No space left", "a.yaml"),
            "disk.full",
            "there is no room on the disk of a.yaml: No space left",
        ),
        (OSError(errno.ENAMETOOLONG, "x", "a" * 99), "usage", "is too long for the name of a file"),
        (OSError(errno.EACCES, "Permission denied"), "", ""),
    ],
)
def test_what_the_system_says_is_no_bug(error: OSError, code: str, said: str) -> None:
    found = failure.of_system(error)
    assert (found.code if found is not None else "") == code
    assert said in (found.message if found is not None else "")


@each_of(
    "error, style, out, err",
    [
        (PublerSyncError("down", hint="Wait"), "text", "", "error: down\n  Wait\n"),
        (
            PublerSyncError("down", hint="Wait"),
            "markdown",
            "### 📅 Social calendar: no result",
            "error: down\n  Wait\n",
        ),
        (PublerSyncError("down", hint="Wait"), "json", '"message": "down"', "error: down\n  Wait\n"),
        (WRONG, "text", "", "What is wrong\n"),
        (WRONG, "markdown", "What is wrong\n", "What is wrong\n"),
        (WRONG, "json", '"problems": []', ""),
    ],
)
def test_an_error_is_shown_in_the_format_that_was_asked_for_and_to_whoever_reads_a_log(
    capsys: pytest.CaptureFixture[str], error: PublerSyncError, style: str, out: str, err: str
) -> None:
    failure.show(error, style=style)
    printed = capsys.readouterr()
    assert (out in printed.out, bool(printed.out)) == (True, bool(out)), printed.out
    assert printed.err.strip() == err.strip()


# --- folders ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a", "a/inner", "clients/b", "clients/c", "d/e/f/g/h/i", ".hidden/x"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "publer.yaml").write_text("timezone: UTC\n", encoding="utf-8")
    (tmp_path / "clients" / "plan.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_folders_that_a_command_line_means(clients: Path) -> None:
    def chosen(*names: str) -> tuple[list[str], bool]:
        found = several.choose([Path(name) for name in names])
        return [str(top) for top in found.tops], found.several

    assert chosen("a") == (["a"], False) or chosen("a") == (["a", "a/inner"], True)
    assert chosen("clients") == (["clients/b", "clients/c"], True)
    assert chosen("clients/b", "clients/c") == (["clients/b", "clients/c"], True)
    assert chosen("nowhere") == (["nowhere"], False), "its error is told by what loads it"
    with pytest.raises(UsageError, match='the calendar "nowhere" does not exist'):
        several.choose([Path("clients/b"), Path("nowhere")])
    with pytest.raises(UsageError, match="is a file, and several calendars must be folders"):
        several.choose([Path("clients/b"), Path("clients/plan.json")])


@each_of(
    "begun, is_several, found",
    [
        ("", False, ["a", "a/inner", "clients/b", "clients/c"]),
        ("", True, ["a", "a", "a/inner", "clients", "clients", "clients/b", "clients/c"]),
        ("clients/", False, ["clients/b", "clients/c"]),
        ("./cl", False, ["./a", "./a/inner", "./clients/b", "./clients/c"]),
        ("a/", False, ["a/inner"]),
    ],
)
def test_the_calendars_that_a_shell_offers(
    tmp_path_factory: pytest.TempPathFactory, begun: str, is_several: bool, found: list[str]
) -> None:
    """A few levels deep, and none that is hidden."""
    top = tmp_path_factory.mktemp("top")
    for name in ("a", "a/inner", "clients/b", "clients/c", "d/e/f/g/h/i", ".hidden/x"):
        (top / name).mkdir(parents=True, exist_ok=True)
        (top / name / "publer.yaml").write_text("timezone: UTC\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(top)
        assert sorted(completion.calendars(begun, several=is_several)) == found
