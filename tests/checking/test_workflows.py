"""What doctor says of a repository's workflows: versions, permissions, keys, and what starts no run."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync import __version__
from publer_sync.checking.workflows import workflows
from publer_sync.ledger.state import FORMAT_VERSION
from tests.calendar.calendars import CASES
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.checking.check import Finding

WRITES = "{contents: write, pull-requests: write}"
KEY = "api-key: ${{ secrets.KEY }}"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "publer.yaml").write_text("timezone: UTC\n")
    return tmp_path


def job(
    command: str = "plan",
    *,
    uses: str = f"acme/publer-sync@v{__version__}",
    given: str = KEY,
    permissions: str = WRITES,
    environment: str = "",
    on: str = "{push: {}}",
) -> str:
    return (
        f"on: {on}\njobs:\n  one:\n    permissions: {permissions}\n"
        + (f"    environment: {environment}\n" if environment else "")
        + f"    steps:\n    - uses: {uses}\n      with:\n        command: {command}\n        {given}\n"
    )


def found(top: Path, *jobs: str, state: str | None = None, signed: bool = False) -> Finding:
    for number, each in enumerate(jobs):
        (top / ".github" / "workflows" / f"{number}.yml").write_text(each)
    return workflows(top / "calendar", state, signed=signed).examine()


def test_workflows_of_this_version_are_counted(top: Path) -> None:
    assert found(top).message == "no workflow uses publer-sync"
    assert found(top, job()).message == f"1 uses publer-sync {__version__}"
    assert found(top, job(), job("apply")).message == f"2 use publer-sync {__version__}"
    moving = job(uses=f"acme/publer-sync@v{__version__.partition('.')[0]}")
    assert found(top, moving, job("apply")).message == "2 use publer-sync"


def test_outside_of_a_repository_there_are_none(tmp_path: Path) -> None:
    assert workflows(tmp_path, None, signed=False).examine().message == "no workflow uses publer-sync"


@each_of(
    ("more", "says"),
    [
        ({"uses": "acme/publer-sync@main"}, "not pinned to a version (@main)"),
        ({"uses": "acme/publer-sync@v0.0.1"}, f"pinned to v0.0.1, and this is v{__version__}"),
        ({"uses": f"acme/publer-sync@{'a' * 40} # v0.0.1"}, f"pinned to v0.0.1, and this is v{__version__}"),
        ({"permissions": "{contents: read}"}, "lacks the permission pull-requests: write"),
        ({"permissions": "read-all"}, "lacks the permission pull-requests: write"),
        ({"given": "calendar: calendar"}, "is not given the key (the input api-key)"),
    ],
)
def test_what_a_job_lacks_is_one_sentence(top: Path, more: dict[str, Any], says: str) -> None:
    told = found(top, job(**more))
    assert (told.message, told.status) == (f"0.yml, plan: {says}", "warning")


def test_who_pins_a_commit_with_the_note_of_this_version_is_told_nothing_of_the_note(top: Path) -> None:
    told = found(top, job(uses=f"acme/publer-sync@{'a' * 40} # v{__version__}"))
    assert "pinned to v" not in told.message


def test_a_state_in_a_file_is_not_pushed_and_one_on_a_branch_is(top: Path) -> None:
    reading = job("apply", permissions="{contents: read, pull-requests: write}")
    assert found(top, reading, state="state.json").status == "ok"
    for place in ("git:publer-sync-state", None):
        assert (
            found(top, reading, state=place).message == "0.yml, apply: lacks the permission contents: write"
        )


def test_the_fix_is_about_what_is_wrong(top: Path) -> None:
    compare, keep = "Compare them with those that publer-sync init --github", "Keep the keys as secrets"
    for more, fixes in (
        ({"permissions": "{contents: read}"}, {compare}),
        ({"given": "calendar: calendar"}, {keep}),
        ({"permissions": "{contents: read}", "given": "calendar: calendar"}, {compare, keep}),
    ):
        fix = str(found(top, job(**more)).fix)
        assert {each for each in (compare, keep) if each in fix} == fixes


def test_what_says_nothing_of_publer_sync_is_passed_over(top: Path) -> None:
    for other in (
        "jobs: {one: {uses: ./other.yml}}\n",
        "jobs: {one: {steps: none}}\n",
        "jobs: [one]\n",
        "- {\n",
    ):
        assert found(top, other).message == "no workflow uses publer-sync"
    (top / ".github" / "workflows" / "0.yml").write_bytes(b"jobs: \xff\n")
    assert found(top).message == "no workflow uses publer-sync"
    assert found(top, job(on="{push: {paths: 'other/**'}}")).status == "ok", "no list, which GitHub refuses"


def test_a_request_is_pushed_wherever_the_state_is(top: Path) -> None:
    reading = "{contents: read, pull-requests: write, issues: write, checks: write}"
    told = found(top, job("request", permissions=reading), state="state.json")
    assert told.message == "0.yml, request: lacks the permission contents: write"


def test_keys_that_one_job_would_run_without_are_named(top: Path) -> None:
    told = found(top, job("apply", environment="live"), job("plan"))
    assert told.message == (
        "1.yml, plan: names no environment, and cannot see keys that are kept in that of 0.yml, apply (live)"
    )
    told = found(top, job("apply", environment="live"), job("hold", environment="live"))
    assert "1.yml, hold: shares the environment live with apply" in told.message
    assert found(top, job("apply", environment="live"), job("hold", environment="other")).status == "ok"
    assert found(top, job("apply"), job("hold")).status == "ok", "none has an environment"
    told = found(top, job("apply", environment="{name: live, url: 'https://a.example'}"), job("plan"))
    assert told.message.endswith("in that of 0.yml, apply (live)")
    told = found(top, job("apply", given=f"{KEY}\n        state-key: ${{{{ secrets.STATE }}}}"), job("plan"))
    assert told.message == "1.yml, plan: is not given the key of the state (the input state-key)"
    told = found(top, job("plan"), job("validate", given="calendar: calendar"), signed=True)
    assert told.message == "0.yml, plan: is not given the key of the state (the input state-key)"


def test_a_change_that_starts_no_run_is_named_with_the_lines_that_do(top: Path) -> None:
    (top / "shared").mkdir()
    (top / "shared" / "agency.yaml").write_text("timezone: UTC\n")
    (top / "calendar" / "publer.yaml").write_text("extends: ../shared/agency.yaml\n")
    some = "{push: {paths: ['calendar/**']}}"
    told = found(top, job("apply", on=some))
    assert told.message == "0.yml, apply: a change of shared/agency.yaml starts no run on push"
    assert 'paths: ["calendar/**", "shared/agency.yaml"]' in str(told.fix)
    for pattern in ("shared/**", "share[a-d]/**"):
        both = f"{{push: {{paths: ['calendar/**', '{pattern}']}}}}"
        assert found(top, job("apply", on=both)).status == "ok"
    assert found(top, job("hold", on=some)).status == "ok", "which no change starts"
    assert found(top, job("apply", on="{push: {paths: []}}")).status == "ok", "it has no patterns"
    (top / "pictures").mkdir()
    for folder, pattern in (("../pictures", "pictures/**"), ("..", "**")):
        (top / "calendar" / "publer.yaml").write_text(f"timezone: UTC\nmedia: [{folder}]\n")
        told = found(top, job("apply", on=some))
        assert told.message == f"0.yml, apply: a change of {pattern} starts no run on push"


@each_of(
    ("image", "missing"),
    [
        ("../pictures/lamp.png", "blog/** and pictures/**"),
        ("lamp.png", "blog/**"),
        ("../calendar/lamp.png", "blog/**"),
    ],
)
def test_a_picture_of_a_page_starts_a_run_wherever_it_is(top: Path, image: str, missing: str) -> None:
    (top / "calendar" / "publer.yaml").write_text(
        "timezone: UTC\naccounts: {linkedin: Us}\npages: [{files: ../blog/*.md, url: 'https://a.example/{slug}/'}]\n"
    )
    for folder in ("blog", "pictures", "calendar"):
        (top / folder).mkdir(exist_ok=True)
        shutil.copy(CASES / "pixel.png", top / folder / "lamp.png")
    page = f"---\nimage: {image}\nsocial:\n- {{at: 2027-04-07 09:00, accounts: linkedin, text: Hello}}\n---\n"
    (top / "blog" / "lamp.md").write_text(page)
    for words in (("init", "-q", "--template="), ("add", "-A")):
        subprocess.run(["git", *words], cwd=top, check=True)
    told = found(top, job("apply", on="{push: {paths: ['calendar/**']}}"))
    assert told.message == f"0.yml, apply: a change of {missing} starts no run on push"


def test_a_copy_beside_a_version_is_named_with_the_line_to_write(top: Path) -> None:
    told = found(top, job("plan", uses="./tools/publer-sync"), job("apply"))
    assert told.message.startswith("1.yml: uses acme/publer-sync@v")
    assert told.message.endswith(", while 0.yml uses the copy in tools/publer-sync")
    assert told.fix == "Write into 1.yml:\n  uses: ./tools/publer-sync"


def test_a_copy_that_cannot_read_what_this_writes_is_to_be_updated_first(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = top / "tools" / "publer-sync" / "publer_sync"
    (package / "ledger").mkdir(parents=True)
    copied = job("plan", uses="./tools/publer-sync")
    monkeypatch.setattr(
        "publer_sync.checking.workflows.commit_of",
        lambda folder: "a" * 40 if folder == package else "b" * 40,
    )
    assert "knows states" not in found(top, copied).message
    with monkeypatch.context() as unknown:
        unknown.setattr(
            "publer_sync.checking.workflows.commit_of", lambda folder: "a" * 40 if folder == package else ""
        )
        assert found(top, copied).status == "ok", "nobody knows which this is"
        unknown.setattr(
            "publer_sync.checking.workflows.commit_of", lambda folder: "" if folder == package else "b" * 40
        )
        assert found(top, copied).status == "ok", "nobody knows which the copy is"
        unknown.setattr(
            "publer_sync.checking.workflows.commit_of",
            lambda folder: ("a" if top in folder.parents else "b") * 40,
        )
        assert found(top, job()).status == "ok", "no step uses the one in this repository"
    (package / "ledger" / "state.py").write_text("")
    assert "knows states" not in found(top, copied).message
    (package / "ledger" / "state.py").write_text(f"FORMAT_VERSION: Final = {FORMAT_VERSION}\n")
    message = found(top, copied).message
    assert ("is of aaaaaaa" in message, "knows states" in message) == (True, False)
    (package / "ledger" / "state.py").write_text("FORMAT_VERSION: Final = 1\n")
    told = found(top, copied)
    assert "the copy in tools/publer-sync is of aaaaaaa, and this is" in told.message
    assert "it knows states up to format 1, and this writes format" in told.message


def test_a_pipeline_of_gitlab_is_told_what_starts_no_job(top: Path) -> None:
    (top / "shared").mkdir()
    (top / "shared" / "agency.yaml").write_text("timezone: UTC\n")
    (top / "calendar" / "publer.yaml").write_text("extends: ../shared/agency.yaml\n")
    pipeline = "include:\n- component: gitlab.com/acme/publer-sync@1\n  inputs: {inputs}\n"

    def included(inputs: str) -> Finding:
        (top / ".gitlab-ci.yml").write_text(pipeline.replace("{inputs}", inputs))
        return found(top)

    assert included("{}").message == included("{calendar: calendar}").message
    told = included("{calendar: calendar}")
    assert told.message == ".gitlab-ci.yml: a change of shared/agency.yaml starts no job"
    assert 'paths: ["shared/agency.yaml"]' in str(told.fix)
    assert (
        included("{calendar: calendar, paths: ['shared/*']}").message == ".gitlab-ci.yml includes publer-sync"
    )
    assert included("{calendar: other}").status == "ok"
    (top / "pictures").mkdir()
    for folder, pattern in (("../pictures", "pictures/**/*"), ("..", "**/*")):
        (top / "calendar" / "publer.yaml").write_text(f"timezone: UTC\nmedia: [{folder}]\n")
        told = included("{calendar: calendar}")
        assert told.message == f".gitlab-ci.yml: a change of {pattern} starts no job"


def test_a_command_that_people_choose_is_the_one_that_is_offered_first(top: Path) -> None:
    offered = "{workflow_dispatch: {inputs: {what: {default: hold}}}}"
    told = found(top, job("${{ inputs.what }}", on=offered, permissions="{contents: read}"))
    assert told.message == "0.yml, hold: lacks the permission contents: write"


def test_a_job_of_another_calendar_has_nothing_to_watch_for_this_one(top: Path) -> None:
    some = "{push: {paths: ['other/**']}}"
    assert found(top, job("apply", given=f"calendar: other\n        {KEY}", on=some)).status == "ok"
    assert found(top, job("apply", given=f"calendar: .\n        {KEY}", on=some)).status == "warning"
    chosen = "calendar: ${{ matrix.calendar }}"
    assert found(top, job("apply", given=f"{chosen}\n        {KEY}", on=some)).status == "warning"
    (top / "clients" / "acme").mkdir(parents=True)
    (top / "clients" / "acme" / "publer.yaml").write_text("timezone: UTC\n")
    for calendars, status in (("clients", "warning"), ("client", "ok"), ("clients/acme/", "warning")):
        found(top, job("apply", given=f"calendar: {calendars}\n        {KEY}", on=some))
        there = workflows(top / "clients" / "acme", None, signed=False).examine()
        assert there.status == status, calendars


def test_a_commit_that_is_this_version_needs_no_note(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publer_sync.checking.workflows.commit_of", lambda _: "a" * 40)
    assert found(top, job(uses=f"acme/publer-sync@{'a' * 40}")).status == "ok"
    assert found(top, job(uses="./tools/publer-sync")).status == "ok", "a copy of the same commit"
    assert "pinned to bbbbbbb" in found(top, job(uses=f"acme/publer-sync@{'b' * 40}")).message
    monkeypatch.setattr("publer_sync.checking.workflows.commit_of", lambda _: "")
    assert found(top, job(uses=f"acme/publer-sync@{'b' * 40}")).status == "ok", "nobody knows which this is"
