"""`doctor`: each check fails for its own reason, with the fix, and what depends on it is skipped."""

from __future__ import annotations

import errno
import json
import os
import shlex
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync import __version__
from publer_sync.ledger.state import FORMAT_VERSION
from publer_sync.machine.packaged import packaged
from publer_sync.machine.version import HERE, commit_of, version
from publer_sync.sandbox.server import _Handler
from tests.conftest import ROOT
from tests.ledger.git_world import git
from tests.schemas import conforms
from tests.system.worlds import ACCOUNTS, DAY, T, Want, World, png

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = [
    *("versions", "disk", "key", "service", "plan", "workspace", "accounts", "clock", "requests"),
    *("state", "calendar", "workflows"),
]


@pytest.fixture
def world(empty_world: World) -> World:
    empty_world.write(Want("launch", "x", T, "We launched"))
    return empty_world


def examined(world: World, *words: str) -> dict[str, Any]:
    """Status, message and fix by check."""
    ran = world.run("doctor", world.top, "--format", "json", *words)
    document = json.loads(ran.stdout)
    conforms(document, "doctor")
    assert [check["name"] for check in document["checks"]] == ALL
    failed = any(check["status"] == "failure" for check in document["checks"])
    assert (ran.code, document["ok"]) == (int(failed), not failed)
    return {check["name"]: check for check in document["checks"]}


def not_ok(found: dict[str, Any]) -> dict[str, str]:
    return {name: check["status"] for name, check in found.items() if check["status"] != "ok"}


def test_everything_works_and_only_get_was_sent(world: World) -> None:
    world.apply_first(*world.wants)
    before = world.ledger.read_bytes()
    found = examined(world)
    assert not_ok(found) == {}
    assert found["state"]["message"].endswith("1 managed post; not signed; can be written")
    assert {request.method for request in world.sandbox.requests} == {"GET"}
    assert world.ledger.read_bytes() == before
    assert world.run("doctor", world.top).stdout.endswith("\nEverything works.\n")


def test_the_state_is_told_in_posts_however_often_each_was_sent(empty_world: World) -> None:
    world = empty_world
    world.apply_first(
        Want("launch", "[x, facebook]", T, "We launched"), Want("gone", "x", T + DAY, "Not any more")
    )
    assert world.run("hold", world.top, "--reason", "Storm", "--yes").code == 0
    assert world.run("release", world.top, "--yes").code == 0
    world.write(world.wants[0])
    assert world.apply().code == 0
    assert ": 1 managed post (on 2 accounts); not signed" in examined(world)["state"]["message"]
    moved = world.run("state", "mv", "other", "--diff", "--calendar", world.top)
    assert "(1 post on 2 accounts) in " in moved.stdout


def test_without_a_key_what_asks_publer_is_skipped_and_the_rest_is_checked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(World, "environment", {"PUBLER_BASE_URL": world.sandbox.url})
    found = examined(world)
    skipped = dict.fromkeys(
        ["service", "plan", "workspace", "accounts", "clock", "requests", "state"], "skipped"
    )
    assert not_ok(found) == {"key": "failure", **skipped}
    assert "API Keys" in found["key"]["fix"]
    assert found["plan"]["message"] == "needs service"
    assert world.sandbox.requests == []


def cloudflare(world: World) -> None:
    world.sandbox.faults.trip("blocked", times=99)


def refused(world: World) -> None:
    world.sandbox.faults.key_refused = True


def upgrade(world: World) -> None:
    world.sandbox.faults.trip("upgrade", times=99)


def no_posts(world: World) -> None:
    world.sandbox.faults.scopes -= {"posts", "media"}


def other_workspace(world: World) -> None:
    world.settings(workspace="Elsewhere")


def account_lost(world: World) -> None:
    world.sandbox.faults.broken = frozenset({ACCOUNTS["x"]})


def account_unknown(world: World) -> None:
    world.settings(accounts={"x": "twitter/Nobody"})


@pytest.mark.parametrize(
    ("fault", "name", "message", "fix"),
    [
        (cloudflare, "service", "Cloudflare", "The key is not the cause"),
        (refused, "plan", "Invalid API key", "mistyped, revoked"),
        (upgrade, "plan", "no API access", "Business or higher"),
        (no_posts, "plan", "the key may not use posts and media", "Create a new key"),
        (other_workspace, "workspace", 'Publer has no workspace "Elsewhere"', "My Primary Workspace"),
        (account_lost, "accounts", "x: Publer has lost access", "blocked until it works again"),
        (account_unknown, "accounts", 'Publer has no account "Nobody"', "The workspace has"),
    ],
)
def test_a_failure_is_told_from_the_others_and_names_its_fix(
    world: World, fault: Callable[[World], None], name: str, message: str, fix: str
) -> None:
    fault(world)
    found = examined(world)
    assert [each for each, status in not_ok(found).items() if status == "failure"] == [name]
    assert message in found[name]["message"]
    assert fix in found[name]["fix"]
    text = world.run("doctor", world.top).stdout
    assert f"failure  {name}" in text


@pytest.mark.parametrize(
    ("fault", "name", "message"),
    [
        (lambda faults: setattr(faults, "scopes", faults.scopes - {"media"}), "plan", "may not use media"),
        (lambda faults: setattr(faults, "approval", frozenset({ACCOUNTS["x"]})), "accounts", "approval"),
        (lambda faults: setattr(faults, "rate_limit", 22), "requests", "more are allowed now"),
    ],
)
def test_what_limits_a_calendar_is_a_warning(
    world: World, fault: Callable[[Any], None], name: str, message: str
) -> None:
    fault(world.sandbox.faults)
    found = examined(world)
    assert not_ok(found) == {name: "warning"}
    assert message in found[name]["message"]


@pytest.mark.parametrize(("ahead", "status"), [(-20, "ok"), (120, "warning"), (-900, "failure")])
def test_the_clock_is_compared_with_the_date_of_an_answer(world: World, ahead: int, status: str) -> None:
    def date(_handler: object, timestamp: float | None = None) -> str:
        from time import time

        return formatdate((timestamp or time()) + ahead, usegmt=True)

    with mock.patch.object(_Handler, "date_time_string", date):
        found = examined(world)["clock"]
    assert found["status"] == status
    if ahead == -900:
        assert "seconds ahead of Publer's" in found["message"]


def test_nobody_answers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {**world.environment, "PUBLER_BASE_URL": "http://127.0.0.1:9/api/v1"}
    monkeypatch.setattr(World, "environment", environment)
    found = examined(world)
    assert found["service"]["status"] == "failure"
    assert "connection refused" in found["service"]["message"]


# --- the state --------------------------------------------------------------------------------------------------------


def test_a_state_that_cannot_be_read_fails_and_leaves_nothing(world: World) -> None:
    (world.home / "file").write_text("", encoding="utf-8")
    found = examined(world, "--state", str(world.home / "file" / "state.json"))
    assert not_ok(found) == {"state": "failure"}
    assert not (world.top / ".publer-sync").exists()


def test_a_state_on_a_disk_that_takes_no_writes_fails(world: World) -> None:
    read_only = OSError(errno.EROFS, "Read-only file system")
    with mock.patch("publer_sync.ledger.file_store.tempfile") as tempfile:
        tempfile.TemporaryFile.side_effect = read_only
        found = examined(world)
    assert not_ok(found) == {"state": "failure"}
    assert "cannot be written: read-only file system" in found["state"]["message"]


def test_a_state_of_another_calendar_fails(empty_world: World) -> None:
    place = empty_world.home / "state.json"
    empty_world.settings(name="acme", state=str(place))
    empty_world.write()
    assert empty_world.apply().code == 0
    empty_world.settings(name="other", state=str(place))
    assert "belongs to the calendar acme" in examined(empty_world)["state"]["message"]


def in_a_repository(world: World) -> Path:
    """The calendar in a repository with a remote, and the remote."""
    remote = world.home / "remote.git"
    git(world.home, "init", "--quiet", "--bare", str(remote))
    git(world.home, "init", "--quiet")
    git(world.home, "remote", "add", "origin", f"file://{remote}")
    return remote


@pytest.mark.parametrize("applied", [False, True], ids=["no branch yet", "a branch"])
def test_a_push_that_changes_nothing_tells_whether_the_branch_can_be_written(
    world: World, *, applied: bool
) -> None:
    remote = in_a_repository(world)
    world.settings(state="git:publer-sync-state")
    if applied:
        world.apply_first(*world.wants)
    before = git(remote, "for-each-ref")
    assert not_ok(examined(world)) == {}
    assert git(remote, "for-each-ref") == before
    git(world.home, "config", "remote.origin.receivepack", "false")
    found = examined(world)
    assert not_ok(found) == {"state": "failure"}
    assert "could not push the state" in found["state"]["message"]


# --- calendar and workflows -------------------------------------------------------------------------------------------


def test_posts_are_counted_as_validate_counts_them(world: World) -> None:
    weekly = f"repeat: {{every: week, until: {T + 21 * DAY:%Y-%m-%d}}}"
    world.write(Want("weekly", "x", T, "Every week", more=weekly), Want("b", "facebook", T, "Once"))
    assert examined(world)["calendar"]["message"] == "5 posts (on 2 accounts), no problems"
    assert world.run("validate", world.top).stdout.startswith("5 posts (on 2 accounts),")


def test_a_calendar_with_errors_fails_and_validate_is_named(world: World) -> None:
    (world.top / "more.yaml").write_text("posts:\n- at: never\n", encoding="utf-8")
    found = examined(world)
    assert not_ok(found) == {"calendar": "failure"}
    assert found["calendar"]["message"] == "1 post, 3 errors"
    assert f"publer-sync validate {world.top}" in found["calendar"]["fix"]
    moved = world.top.rename(world.home / "our calendar")
    checks = json.loads(world.run("doctor", moved, "--format", "json").stdout)["checks"]
    assert f"See them: publer-sync validate '{moved}'" in [check["fix"] for check in checks]


def test_schemas_of_another_version_are_a_warning_until_they_are_written_again(world: World) -> None:
    folder = world.top / ".schema"
    folder.mkdir()
    for name in ("calendar", "settings"):
        file = folder / f"{name}.schema.json"
        file.write_text(packaged("schema", file.name), encoding="utf-8")
    assert not_ok(examined(world)) == {}
    calendar = folder / "calendar.schema.json"
    calendar.write_text(calendar.read_text("utf-8").replace(f"/v{__version__}/", "/v0.0.9/", 1), "utf-8")
    found = examined(world)
    assert not_ok(found) == {"calendar": "warning"}
    assert found["calendar"]["message"].endswith("the schemas for editors are from another version")
    first, *commands = found["calendar"]["fix"].splitlines()
    assert (first, len(commands)) == ("Write them again:", 2)
    for command in commands:
        _, *words, sign, place = shlex.split(command)
        assert (sign, Path(place).parent) == (">", folder)
        Path(place).write_text(world.run(*words).stdout, encoding="utf-8")
    assert not_ok(examined(world)) == {}


def test_without_a_calendar_the_key_is_checked_all_the_same(world: World) -> None:
    ran = world.run("doctor", world.home / "nowhere", "--format", "json")
    found = {check["name"]: check["status"] for check in json.loads(ran.stdout)["checks"]}
    assert ran.code == 1
    assert (found["plan"], found["workspace"], found["calendar"]) == ("ok", "ok", "failure")


def test_in_an_empty_folder_the_command_that_starts_a_calendar_is_the_only_fix(
    world: World, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    checks = json.loads(world.run("doctor", empty, "--format", "json").stdout)["checks"]
    assert [check["fix"] for check in checks if check["fix"]] == [
        f"Start a calendar\npubler-sync init {empty}",
    ]
    by_name = {check["name"]: check["message"] for check in checks}
    assert by_name["calendar"] == "no publer.yaml in empty/"
    assert by_name["accounts"].endswith("no calendar names any yet")


def workflow(world: World, name: str, *changes: tuple[str, str]) -> None:
    text = (ROOT / "examples" / "workflows" / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    folder = world.home / ".github" / "workflows"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_the_example_workflows_are_right(world: World) -> None:
    in_a_repository(world)
    for name in ("publer-plan.yml", "publer-apply.yml", "publer-drift.yml", "publer-request.yml"):
        workflow(world, name)
    found = examined(world)["workflows"]
    assert (found["status"], found["message"]) == ("ok", f"4 use publer-sync {__version__}")
    workflow(world, "publer-request.yml", ("checks: write", "checks: read"))
    assert "lacks the permission checks: write" in examined(world)["workflows"]["message"]


def test_a_copy_of_the_action_or_a_pin_of_another_commit_is_told(world: World) -> None:
    in_a_repository(world)
    uses = f"publer-sync/publer-sync@v{__version__}"
    copied = world.home / ".github/actions/publer-sync/publer_sync"
    (copied / "ledger").mkdir(parents=True)
    workflow(world, "publer-plan.yml", (uses, "./.github/actions/publer-sync"))
    other, ours = "a" * 40, commit_of(HERE)
    if not ours:
        pytest.skip("nobody knows which commit this tree is of")
    for commit, format_version, told in (
        (ours, FORMAT_VERSION, None),
        ("$Format:%H$", 1, None),
        (
            other,
            FORMAT_VERSION,
            f"the copy in .github/actions/publer-sync is of aaaaaaa, and this is {version()}",
        ),
        (
            other,
            1,
            f": it knows states up to format 1, and this writes format {FORMAT_VERSION}, so update it first",
        ),
    ):
        (copied / "commit.txt").write_text(f"{commit}\n", encoding="utf-8")
        (copied / "ledger/state.py").write_text(f"FORMAT_VERSION = {format_version}\n", encoding="utf-8")
        found = examined(world)["workflows"]
        assert (found["status"] == "ok") is (told is None), found
        assert told is None or found["message"].endswith(told)
    for commit, status in ((ours, "ok"), (other, "warning")):
        workflow(world, "publer-plan.yml", (uses, f"publer-sync/publer-sync@{commit}"))
        assert examined(world)["workflows"]["status"] == status


def test_a_workflow_that_names_a_version_beside_a_copy_is_told_with_the_line_to_write(world: World) -> None:
    """One that was copied after `uses:` was rewritten in the others: GitHub finds no such version before a release."""
    in_a_repository(world)
    uses = f"publer-sync/publer-sync@v{__version__}"
    ours = "./.github/actions/publer-sync"
    workflow(world, "publer-plan.yml", (uses, ours))
    workflow(world, "publer-hold.yml")
    found = examined(world)["workflows"]
    assert (found["status"], found["message"], found["fix"]) == (
        "warning",
        f"publer-hold.yml: uses {uses}, while publer-plan.yml uses the copy in .github/actions/publer-sync",
        f"Write into publer-hold.yml:\n  uses: {ours}",
    )
    workflow(world, "publer-hold.yml", (uses, ours))
    assert examined(world)["workflows"]["status"] == "ok"


def test_init_writes_the_paths_that_doctor_asks_for(world: World) -> None:
    in_a_repository(world)
    (world.home / "shared").mkdir()
    (world.home / "agency.yaml").write_text("prune: none\n", encoding="utf-8")
    world.settings(extends="../agency.yaml", media=["../shared"])
    ran = world.run("init", world.top, "--github", "--yes")
    assert ran.code == 0, ran
    plan = (world.home / ".github/workflows/publer-plan.yml").read_text(encoding="utf-8")
    assert 'paths: ["calendar/**", "agency.yaml", "shared/**"]\n' in plan
    assert examined(world)["workflows"]["status"] == "ok"


def test_a_pipeline_of_gitlab_that_no_change_outside_the_calendar_starts_is_told_too(world: World) -> None:
    in_a_repository(world)
    pipeline = world.home / ".gitlab-ci.yml"
    include = "include:\n- local: templates/publer-sync.yml\n  inputs: {image: x, calendar: calendar}\n"
    pipeline.write_text(include, encoding="utf-8")
    assert examined(world)["workflows"]["message"] == ".gitlab-ci.yml includes publer-sync"
    (world.home / "shared").mkdir()
    (world.home / "agency.yaml").write_text("prune: none\n", encoding="utf-8")
    world.settings(extends="../agency.yaml", media=["../shared"])
    found = examined(world)["workflows"]
    assert found["message"] == ".gitlab-ci.yml: a change of agency.yaml and shared/**/* starts no job"
    lines = found["fix"].partition("\n")[2].strip()
    assert lines == 'paths: ["agency.yaml", "shared/**/*"]'
    pipeline.write_text(
        include.replace("calendar: calendar", f"calendar: calendar, {lines}"), encoding="utf-8"
    )
    assert examined(world)["workflows"]["status"] == "ok", "the step that it names"


def test_a_workflow_that_no_change_outside_the_calendar_starts_is_told_with_the_lines_that_do(
    world: World,
) -> None:
    in_a_repository(world)
    for name in ("publer-plan.yml", "publer-apply.yml", "publer-drift.yml"):
        workflow(world, name)
    for name in ("shared", "content", "_posts"):
        (world.home / name).mkdir()
    (world.home / "agency.yaml").write_text("prune: none\n", encoding="utf-8")
    pages = [
        {"files": "../content/**/*.md", "url": "https://example.com/{slug}"},
        {"files": "../_posts/20[0-9][0-9]-*.md", "url": "https://example.com/{slug}"},
    ]
    world.settings(extends="../agency.yaml", media=["../shared"], pages=pages)
    found = examined(world)
    assert not_ok(found) == {"workflows": "warning"}
    missing = "agency.yaml and shared/** and content/** and _posts/**"
    assert found["workflows"]["message"] == (
        f"publer-apply.yml, apply: a change of {missing} starts no run on push; "
        f"publer-plan.yml, plan: a change of {missing} starts no run on pull_request"
    )
    whole = '["calendar/**", "agency.yaml", "shared/**", "content/**", "_posts/**"]'
    assert found["workflows"]["fix"].splitlines() == [
        *("Write into publer-apply.yml, under push:", f"  paths: {whole}"),
        *("Write into publer-plan.yml, under pull_request:", f"  paths: {whole}"),
    ]
    narrow = '["**", "!content/**", "content/**/*.md"]'
    (world.home / "hugo.toml").touch()
    (world.home / "static/images").mkdir(parents=True)
    (world.home / "static/images/lamp.png").write_bytes(png(1))
    front = f"---\ntitle: A lamp\nimage: /images/lamp.png\nsocial:\n- at: {T:%Y-%m-%d} 10:00\n  accounts: linkedin\n  text: A lamp\n---\n"
    (world.home / "content/lamp.md").write_text(front, encoding="utf-8")
    git(world.home, "add", "content/lamp.md")
    for name in ("publer-plan.yml", "publer-apply.yml"):
        workflow(world, name, ('["calendar/**"]', whole))
    assert "a change of static/images/** starts no run on push" in examined(world)["workflows"]["message"]
    git(world.home, "rm", "-qf", "content/lamp.md")
    for paths, status in ((whole, "ok"), (narrow, "ok"), ('["**", "!content/**"]', "warning")):
        for name in ("publer-plan.yml", "publer-apply.yml"):
            workflow(world, name, ('["calendar/**"]', paths))
        assert examined(world)["workflows"]["status"] == status
    for name in ("publer-plan.yml", "publer-apply.yml"):
        workflow(world, name, ("calendar: calendar\n", "calendar: another\n"))
    assert examined(world)["workflows"]["status"] == "ok", "they are about another calendar"


@pytest.mark.parametrize(
    "uses",
    [f"publer-sync/publer-sync@v{__version__.partition('.')[0]}", "./.github/actions/publer-sync"],
)
def test_a_copy_and_the_moving_tag_have_no_version_to_compare(world: World, uses: str) -> None:
    in_a_repository(world)
    ours = f"publer-sync/publer-sync@v{__version__}"
    workflow(world, "publer-plan.yml", (ours, uses))
    found = examined(world)["workflows"]
    assert (found["status"], found["message"]) == ("ok", "1 uses publer-sync")
    workflow(world, "publer-plan.yml", (ours, uses), ("pull-requests: write", "pull-requests: read"))
    assert "lacks the permission pull-requests: write" in examined(world)["workflows"]["message"]


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("publer-plan.yml", ("publer-sync@v" + __version__, "publer-sync@v0.0.9"), "pinned to v0.0.9"),
        (
            "publer-plan.yml",
            ("publer-sync@v" + __version__, "publer-sync@main"),
            "not pinned to a version (@main)",
        ),
        (
            "publer-apply.yml",
            ("contents: write", "contents: read"),
            "apply: lacks the permission contents: write",
        ),
        ("publer-drift.yml", ("issues: write", "checks: write"), "drift: lacks the permission issues: write"),
    ],
)
def test_a_workflow_of_another_version_or_without_a_permission_is_a_warning(
    world: World, name: str, change: tuple[str, str], message: str
) -> None:
    in_a_repository(world)
    workflow(world, name, change)
    found = examined(world)
    assert not_ok(found) == {"workflows": "warning"}
    assert found["workflows"]["message"].startswith(f"{name}, ")
    assert message in found["workflows"]["message"]


APPLY = ("  apply:\n", "  apply:\n    environment: publer\n")
DRIFT = ("  drift:\n", "  drift:\n    environment: {name: publer-hold}\n")
HOLD = ("  hold:\n", "  hold:\n    environment: publer-hold\n")


def test_keys_in_an_environment_are_seen_by_each_workflow_that_needs_them(world: World) -> None:
    """In the order of the files. One that only checks the files needs none."""
    in_a_repository(world)
    workflow(
        world,
        "publer-plan.yml",
        ("command: plan", "command: validate"),
        ("api-key: ", "# "),
        ("state-key: ", "# "),
    )
    workflow(world, "publer-apply.yml", APPLY)
    workflow(world, "publer-drift.yml")
    workflow(world, "publer-hold.yml")
    found = examined(world)
    assert not_ok(found) == {"workflows": "warning"}
    ending = (
        "names no environment, and cannot see keys that are kept in that of publer-apply.yml, apply (publer)"
    )
    assert (
        found["workflows"]["message"] == f"publer-drift.yml, drift: {ending}; publer-hold.yml, hold: {ending}"
    )
    assert "name an environment that has them in each of these jobs" in found["workflows"]["fix"]

    workflow(world, "publer-drift.yml", DRIFT)
    workflow(world, "publer-hold.yml", (HOLD[0], HOLD[1].replace("publer-hold", "publer")))
    shared = "publer-hold.yml, hold: shares the environment publer with apply, and waits for its reviewers if it has any"
    assert examined(world)["workflows"]["message"] == shared
    workflow(world, "publer-hold.yml", HOLD)
    assert examined(world)["workflows"]["status"] == "ok"


@pytest.mark.parametrize("key", ["api-key", "state-key"])
def test_a_workflow_that_does_not_pass_a_key_on_is_a_warning(world: World, key: str) -> None:
    in_a_repository(world)
    workflow(world, "publer-apply.yml")
    workflow(world, "publer-drift.yml", (f"{key}: ", "# "))
    found = examined(world)["workflows"]
    which = "the key" if key == "api-key" else "the key of the state"
    assert (found["status"], found["message"]) == (
        "warning",
        f"publer-drift.yml, drift: is not given {which} (the input {key})",
    )
    variable = "PUBLER_API_KEY" if key == "api-key" else "PUBLER_SYNC_STATE_KEY"
    workflow(world, "publer-drift.yml", (f"{key}: ", "# "), ("jobs:\n", f"env:\n  {variable}: x\njobs:\n"))
    assert examined(world)["workflows"]["status"] == "ok"


def test_the_sandbox_is_checked_too(world: World) -> None:
    found = examined(world, "--sandbox")
    assert not_ok(found) == {}
    assert found["key"]["message"] == "the sandbox needs none"


def test_without_settings_that_can_be_read_what_needs_none_is_checked_all_the_same(
    empty_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder without a calendar, and beside settings in a folder that cannot be listed. The sandbox is asked alone."""
    (tmp_path / "empty").mkdir()
    found = json.loads(empty_world.run("doctor", tmp_path / "empty", "--format", "json").stdout)["checks"]
    by_name = {check["name"]: check["message"] for check in found}
    assert by_name["accounts"].endswith("; no calendar names any yet")
    listing = os.scandir

    def scandir(path: str) -> Any:
        if str(path).endswith("locked"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return listing(path)

    (empty_world.top / "locked").mkdir()
    monkeypatch.setattr(os, "scandir", scandir)
    found = examined(empty_world)
    assert (found["workspace"]["status"], found["calendar"]["status"]) == ("ok", "failure")
    assert found["calendar"]["message"].endswith("locked cannot be read: Permission denied")
    monkeypatch.undo()
    empty_world.sandbox.reset_log()
    assert examined(empty_world, "--sandbox")["key"]["message"] == "the sandbox needs none"
    assert empty_world.sandbox.requests == []
