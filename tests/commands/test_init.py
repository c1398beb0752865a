"""`init`: a calendar folder from what the key can see."""

from __future__ import annotations

import errno
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
import yaml

from publer_sync import __version__
from publer_sync.commands import init
from publer_sync.commands.running import shared
from publer_sync.drafting.form import Form
from publer_sync.machine.clock import Clock
from publer_sync.publer.reader import PublerReader
from publer_sync.sandbox import Faults, Seed, SeedAccount
from publer_sync.values.model import Listing, LivePost
from tests.conftest import ROOT, THREE, Cli, MakeSandbox, run_here
from tests.schemas import conforms
from tests.tables import each_of
from tests.write_docs import png

if TYPE_CHECKING:
    from publer_sync.sandbox import Sandbox

YES = ("--yes", "--timezone", "Europe/Oslo")
SECOND = Seed(
    "5f00000000000000000b4e3a",
    "Brewlab",
    (
        SeedAccount("acc000000000000000b4e301", "bluesky", "brewlab.example"),
        SeedAccount("acc000000000000000b4e302", "facebook", "Brewlab"),
    ),
)
NOW = datetime.now(UTC)
NEXT_WEEK = NOW + timedelta(days=7)


def settings_of(folder: Path) -> Any:
    return yaml.safe_load((folder / "publer.yaml").read_text(encoding="utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_afterwards_the_calendar_is_valid_and_plan_shows_one_draft(
    cli: Cli, tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Clock, "now", lambda _: NOW)  # midnight may pass meanwhile
    ran = cli("init", *YES)
    assert ran.code == 0, ran
    assert ran.stdout == (
        "My Primary Workspace: 3 accounts, times in Europe/Oslo.\n"
        "To see what apply would change: publer-sync plan calendar\n"
    )
    assert {line.split()[0] for line in ran.stderr.splitlines()} == {"written"}
    assert {request.method for request in sandbox.requests} == {"GET"}
    assert cli("validate", "--strict").code == 0
    plan = json.loads(cli("plan", "--format", "json").stdout)
    assert [(change["action"], change["id"]) for change in plan["changes"]] == [("create", "first")]
    assert (
        plan["changes"][0]["scheduled_at"][:10] == f"{NEXT_WEEK.astimezone(ZoneInfo('Europe/Oslo')):%Y-%m-%d}"
    )
    assert {"field": "draft", "before": None, "after": True} in plan["changes"][0]["diff"]
    modelines = [
        (tmp_path / "calendar" / name).read_text().splitlines()[0] for name in ("publer.yaml", "first.yaml")
    ]
    for line in modelines:
        assert (tmp_path / "calendar" / line.partition("$schema=")[2]).is_file(), line


@pytest.mark.story
@pytest.mark.parametrize("folder", ["calendar", "our posts"])
def test_the_page_for_writers_tells_the_rules_and_what_it_shows_works(
    cli: Cli, tmp_path: Path, folder: str
) -> None:
    assert cli("init", folder, *YES).code == 0
    top = tmp_path / folder
    page = (top / "README.md").read_text(encoding="utf-8")
    post, media, network = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (top / "media").mkdir()
    (top / "media" / "lamp.png").write_bytes(png())
    more = [line[2:] for line in (*media.splitlines()[:-1], *network.splitlines()[:-1])]
    (top / "first.yaml").write_text("\n".join([post.rstrip(), *more, "  draft: true\n"]), encoding="utf-8")
    commands = [
        shlex.split(line, comments=True) for line in page.splitlines() if line.startswith("publer-sync ")
    ]
    assert [command[1] for command in commands] == ["validate", "validate", "preview", "plan"]
    for command in commands:
        if "--serve" not in command:
            answered = ["--diff"] if "--fix" in command else []
            ran = cli(*command[1:], *answered)
            assert ran.code == 0, ran
            assert "warning" not in ran.stdout.replace(
                "1 warning\n  this is the first draft through this key", ""
            )
    for words in (
        "two spaces, never with tabs",
        "under `text: |`",
        "`- at:`",
        "--fix",
        "draft: true",
        "In the browser",
    ):
        assert words in page


def test_a_folder_with_files_that_are_no_posts_is_refused_before_anything_is_written(
    cli: Cli, tmp_path: Path
) -> None:
    """A calendar there would have errors at once; the step that is named arrives."""
    (tmp_path / "compose.yaml").write_text("services:\n  web: {image: nginx}\n", encoding="utf-8")
    (tmp_path / "about.md").write_text("# About us\n\nWe make lamps.\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("# Read me\n", encoding="utf-8")
    before = contents(tmp_path)
    ran = cli("init", ".", *YES)
    assert (ran.code, contents(tmp_path)) == (64, before)
    assert "also about.md, compose.yaml, which hold no posts" in " ".join(ran.stderr.split())
    (step,) = re.findall(r"publer-sync (init \S+)", ran.stderr)
    assert cli(*step.split(), *YES).code == 0
    assert cli("validate", "calendar").code == 0
    assert json.loads(cli("plan", "calendar", "--format", "json").stdout)["summary"]["create"] == 1
    assert cli("init", "calendar", *YES).code == 0, "nor is one that is a calendar already"


@each_of(
    ("number", "named"),
    [
        (1, "0.md, which holds no posts"),
        (5, "0.md, 1.md, 2.md, 3.md, 4.md, which hold no posts"),
        (7, "0.md, 1.md, 2.md, 3.md, 4.md and 2 more, which hold no posts"),
    ],
)
def test_of_many_files_that_are_no_posts_some_are_named(
    cli: Cli, tmp_path: Path, number: int, named: str
) -> None:
    for each in range(number):
        (tmp_path / f"{each}.md").write_text("# About us\n", encoding="utf-8")
    ran = cli("init", ".", *YES)
    assert (ran.code, f"also {named}\n" in ran.stderr) == (64, True), ran


def test_a_folder_with_posts_alone_becomes_a_calendar(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "december.yaml").write_text("posts: []\n", encoding="utf-8")
    assert cli("init", ".", *YES).code == 0
    assert not (tmp_path / "first.yaml").exists()
    assert cli("validate", ".").code == 0


def test_what_exists_is_kept_and_named_and_a_second_run_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "calendar"
    folder.mkdir()
    (folder / "README.md").write_text("mine\n")
    (folder / "may.yaml").write_text("posts: []\n")
    first = cli("init", *YES, "--account", "x")
    assert first.code == 0, first
    assert not (folder / "first.yaml").exists()
    assert (folder / "README.md").read_text() == "mine\n"
    assert "kept      calendar/README.md: it already exists" in first.stderr
    (folder / "ours.md").write_text("# How we write\n")
    before = contents(folder)
    assert "so --account has no effect; change it" in cli("init", "--yes", "--account", "linkedin").stderr
    again = cli("init", "--yes", "--format", "json", "--account", "linkedin", "--timezone", "CET")
    assert (
        "kept      calendar/publer.yaml: it already exists, so --account and --timezone have no effect; "
        "change it there\n" in again.stderr
    )
    assert "kept      calendar/README.md: it already exists\n" in again.stderr
    document = json.loads(again.stdout)
    conforms(document, "init")
    assert document["written"] == []
    assert [account["alias"] for account in document["accounts"]] == ["x"]
    assert document["timezone"] == "Europe/Oslo"
    assert contents(folder) == before


def test_every_setting_is_explained(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", *YES).code == 0
    text = (tmp_path / "calendar" / "publer.yaml").read_text(encoding="utf-8")
    schema = json.loads((ROOT / "schema" / "settings.schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]) == set(re.findall(r"^(?:# )?([a-z_]+):", text, re.MULTILINE))
    uncommented = re.sub(r"^# (?=[a-z]+:|  [\w.-]+:)", "", text, flags=re.MULTILINE)
    (tmp_path / "calendar" / "publer.yaml").write_text(uncommented.replace("git:publer-sync-state", "s.json"))
    subprocess.run(["git", "init", "-q", tmp_path], check=True)  # pages are files that git tracks
    (tmp_path / "shared-media").mkdir()
    (tmp_path / "shared.yaml").write_text("prune: owned\n")
    counting = "posts:\n- {id: launch, at: wed after launch, accounts: linkedin, text: Soon}\n"
    (tmp_path / "calendar" / "launch.yaml").write_text(counting)
    assert cli("validate", "--strict").code == 0, cli("validate").stderr
    first = (tmp_path / "calendar" / "first.yaml").read_text(encoding="utf-8")
    days = [
        date.fromisoformat(re.findall(r"20[0-9-]+", each)[0])
        for each in (first, text.partition("# dates:")[2])
    ]
    assert days[1] - days[0] == timedelta(days=28), "a date with a name is some weeks after the first post"


@pytest.mark.parametrize("broken", ["", "accounts: {}\n", "accounts: [\n", "accounts: {x: Nobody}\n"])
def test_settings_without_accounts_that_are_there_say_what_to_do(
    cli: Cli, tmp_path: Path, broken: str
) -> None:
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "publer.yaml").write_text(f"timezone: UTC\n{broken}", encoding="utf-8")
    ran = cli("init", "--yes")
    if broken in ("", "accounts: {}\n"):
        assert (ran.code, "List them as lines for publer.yaml: publer-sync accounts" in ran.stderr) == (
            1,
            True,
        )
    else:
        assert (ran.code, "calendar/publer.yaml:2" in ran.stderr) == (3, True), ran
    assert [path.name for path in (tmp_path / "calendar").iterdir()] == ["publer.yaml"]


def test_posts_ahead_lead_to_pull(cli: Cli, sandbox: Sandbox) -> None:
    sandbox.add(account_id=THREE.accounts[0].id, at=NEXT_WEEK, text="Made by hand")
    sandbox.add(account_id=THREE.accounts[0].id, at=NEXT_WEEK, text="A draft", state="draft")
    sandbox.add(
        account_id=THREE.accounts[0].id, at=NEXT_WEEK - timedelta(days=30), text="Over", state="published"
    )
    sandbox.add(account_id=THREE.accounts[0].id, at=NEXT_WEEK, text="Failed already", state="failed")
    sandbox.add(account_id=THREE.accounts[1].id, at=NEXT_WEEK, text="On another account")
    ran = cli("init", *YES, "--account", "facebook")
    assert (
        "Publer has 2 posts ahead. To bring them into the calendar: publer-sync pull calendar" in ran.stdout
    )


def test_what_is_over_has_no_time_or_is_of_another_account_is_not_ahead(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = THREE.accounts[0].id
    ahead = LivePost("one", account, "scheduled", NOW + timedelta(minutes=1), "Ahead")
    others = [
        *(replace(ahead, at=at) for at in (None, NOW, NOW - timedelta(hours=1))),
        *(replace(ahead, account_id=other) for other in (THREE.accounts[1].id, "")),
        replace(ahead, state="published"),
    ]
    monkeypatch.setattr(Clock, "now", lambda _: NOW)
    monkeypatch.setattr(PublerReader, "posts", lambda *_, **__: Listing((ahead, *others)))
    assert "Publer has 1 post ahead. " in cli("init", *YES, "--account", "facebook").stdout


@pytest.mark.parametrize(
    ("folder", "posts", "command"),
    [
        (".", False, "publer-sync init"),
        (".", True, "publer-sync init ."),
        ("our posts", False, "publer-sync init 'our posts'"),
    ],
)
def test_a_folder_without_settings_names_the_command_that_starts_a_calendar_there(
    cli: Cli, tmp_path: Path, folder: str, posts: bool, command: str
) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    if posts:
        (tmp_path / folder / "may.yaml").write_text("posts: []\n")
    ran = cli("plan", folder)
    assert ran.code == 3
    assert f"  Start a calendar:\n    {command}\n\n1 error" in ran.stderr
    assert "of 0 files" not in ran.stderr
    assert cli(*shlex.split(command)[1:], *YES).code == 0
    assert cli("validate", *(() if command.endswith("init") else (folder,))).code == 0


def test_a_calendar_with_posts_is_led_to_plan_though_publer_has_posts_ahead(cli: Cli, tmp_path: Path) -> None:
    """They are its own: there is nothing to pull."""
    cli("init", *YES, "--account", "x")
    assert cli("apply", "--yes").code == 0
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    ran = cli("init", *YES, "--github")
    assert "lost: publer-sync state mv --to git:publer-sync-state\n" in ran.stdout
    assert "assistant" not in ran.stdout
    assert ran.stdout.endswith("To see what apply would change: publer-sync plan calendar\n")
    assert "pull" not in ran.stdout
    again = json.loads(cli("init", *YES, "--github", "--format", "json").stdout)
    assert (again["posts_ahead"], again["next"]) == (1, "publer-sync plan calendar")


@pytest.mark.story
def test_after_init_and_pull_a_full_publer_needs_nothing(cli: Cli, sandbox: Sandbox) -> None:
    sandbox.add(account_id=THREE.accounts[0].id, at=NEXT_WEEK, text="Made by hand")
    assert cli("init", *YES).code == 0
    assert cli("pull", "--yes").code == 0
    plan = json.loads(cli("plan", "--format", "json").stdout)
    assert [change["action"] for change in plan["changes"]] == ["adopt"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--workspace", "Elsewhere"), "My Primary Workspace (5f000000000000000000beef)"),
        (("--account", "tiktok"), "facebook (My Facebook Page), x (My X Account)"),
        (("--timezone", "Europe/Olso"), "Europe/Oslo"),
        (("--timezone", "oslo"), "Write its full name: --timezone Europe/Oslo"),
        (("--timezone", "Mars"), "Name a place in that time zone\n  For example: --timezone Europe/Berlin"),
    ],
)
def test_a_wish_that_cannot_be_met_is_64_and_nothing_is_written(
    cli: Cli, tmp_path: Path, words: tuple[str, str], message: str
) -> None:
    ran = cli("init", "--yes", *words)
    assert ran.code == 64, ran
    assert message in ran.stderr
    assert not (tmp_path / "calendar").exists()


@pytest.mark.parametrize("rehearsed", [(), ("--sandbox",)])
def test_a_folder_that_cannot_be_made_is_named(cli: Cli, tmp_path: Path, rehearsed: tuple[str, ...]) -> None:
    """A file is where a folder above it would be; a disk that may only be read is the same."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    ran = cli("init", "taken/new", "--timezone", "UTC", "--yes", *rehearsed)
    assert ran.code == 1
    assert "taken/new cannot be written: " in ran.stderr
    assert "Make room" not in ran.stderr
    ran = cli("init", "taken", "--timezone", "UTC", "--yes", *rehearsed)
    assert (ran.code, '"taken" is a file; a calendar is a folder' in ran.stderr) == (64, True), ran


def test_on_a_disk_that_is_full_it_says_what_to_do(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(init, "save_file", full)
    ran = cli("init", *YES)
    assert ran.code == 1
    assert "Make room on that disk, and run init again: it keeps what is there." in ran.stderr


def test_settings_alone_are_no_posts(cli: Cli, tmp_path: Path) -> None:
    settings = tmp_path / "calendar" / "publer.yaml"
    settings.parent.mkdir()
    settings.write_text("timezone: UTC\naccounts: {x: My X Account}\n", encoding="utf-8")
    (settings.parent / "logo.png").touch()
    ran = cli("init", "--yes")
    assert (ran.code, (settings.parent / "first.yaml").is_file()) == (0, True), ran
    assert "publer.yaml: it already exists\n" in ran.stderr


def test_without_yes_where_nobody_can_be_asked_it_is_64(cli: Cli, tmp_path: Path, sandbox: Sandbox) -> None:
    assert cli("init").code == 64
    assert not sandbox.requests
    assert not (tmp_path / "calendar").exists()


def test_it_writes_after_a_yes_alone_and_asks_for_none_where_nothing_is_to_be_written(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    words = ("init", "--timezone", "UTC", "--account", "x")
    env = {"HOME": str(tmp_path), "PUBLER_BASE_URL": sandbox.url, "PUBLER_API_KEY": sandbox.key}
    with mock.patch.object(shared, "can_ask", return_value=True):
        for answer, code in (("no\n", 1), ("yes\n", 0), ("", 0)):
            ran = run_here(words, env, cwd=tmp_path, stdin=answer)
            assert (ran.code, "To write:\n  calendar/publer.yaml" in ran.stderr) == (code, answer != ""), ran
            assert (tmp_path / "calendar").exists() is (code == 0)


def test_the_first_post_is_for_an_account_that_takes_words_alone(make_sandbox: MakeSandbox, cli: Cli) -> None:
    networks = ("instagram", "a_new_one", "linkedin")
    accounts = tuple(
        SeedAccount(f"acc0000000000000000000{number}ff", network, network)
        for number, network in enumerate(networks)
    )
    other = make_sandbox(replace(THREE, accounts=accounts))
    assert cli("init", *YES, env={"PUBLER_BASE_URL": other.url}).code == 0
    assert cli("validate").code == 0
    shown = cli("accounts", env={"PUBLER_BASE_URL": other.url}).stdout
    assert "  a_new_one: {id: acc00000000000000000001ff}  " in shown, "its network is newer than this version"
    plan = json.loads(cli("plan", "--format", "json", env={"PUBLER_BASE_URL": other.url}).stdout)
    assert [change["account"]["alias"] for change in plan["changes"]] == ["linkedin"]


def test_accounts_that_share_a_network_are_named_apart(make_sandbox: MakeSandbox, cli: Cli) -> None:
    accounts = (
        *THREE.accounts,
        SeedAccount("acc0000000000000000fb002", "facebook", "Fjordlight Österreich & Süd"),
        SeedAccount("acc0000000000000000fb003", "facebook", "…"),
    )
    other = make_sandbox(replace(THREE, accounts=accounts))
    ran = cli("init", *YES, "--format", "json", env={"PUBLER_BASE_URL": other.url})
    assert [account["alias"] for account in json.loads(ran.stdout)["accounts"]] == [
        "facebook_my_facebook_page",
        "x",
        "linkedin",
        "facebook_fjordlight_osterreich_su",
        "facebook",
    ]
    assert cli("validate", "--strict").code == 0
    shown = cli("accounts", env={"PUBLER_BASE_URL": other.url}).stdout
    assert "facebook_my_facebook_page: {id: acc00000000000000000fb01" in shown


def test_a_folder_inside_a_repository_gets_its_workflows(cli: Cli, tmp_path: Path) -> None:
    outside = cli("init", *YES, "--github")
    assert outside.code == 64
    assert "git init" in outside.stderr
    subprocess.run(["git", "init", "-q", tmp_path / "repo"], check=True)
    (tmp_path / "repo" / "social").mkdir()
    ran = cli("init", "posts", *YES, "--github", cwd=tmp_path / "repo" / "social")
    assert ran.code == 0, ran
    assert "written   ../.github/workflows/publer-apply.yml" in ran.stderr
    assert "The workflows need the state on a branch" not in ran.stderr + ran.stdout
    assert "as the secret PUBLER_API_KEY" in ran.stdout
    assert "The workflows use publer-sync@v" in ran.stdout
    assert not [*(tmp_path / "repo").glob("*.md"), *(tmp_path / "repo").rglob("ISSUE_TEMPLATE")]
    assert settings_of(tmp_path / "repo" / "social" / "posts")["state"] == "git:publer-sync-state"
    for name in ("plan", "apply", "drift"):
        text = (tmp_path / "repo" / ".github" / "workflows" / f"publer-{name}.yml").read_text(
            encoding="utf-8"
        )
        steps = yaml.safe_load(text)["jobs"][name]["steps"]
        assert steps[-1]["with"]["calendar"] == "social/posts"
        assert steps[-1]["uses"].endswith(f"@v{__version__}")
        assert name == "drift" or '["social/posts/**"]' in text
    file = tmp_path / "repo" / "social" / "posts" / "publer.yaml"
    file.write_text(file.read_text("utf-8").replace("\nstate:", "\n# state:"), "utf-8")
    told = cli("init", "posts", *YES, "--github", cwd=tmp_path / "repo" / "social").stdout
    assert "on a branch. Write this into posts/publer.yaml:\n\n  state: git:publer-sync-state\n" in told, told
    assert "lost: publer-sync state mv --to git:publer-sync-state --calendar posts\n" in told


def test_a_calendar_at_the_top_of_its_repository_is_every_file(cli: Cli, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert cli("init", ".", *YES, "--github", "--form").code == 0
    form = (tmp_path / ".github" / "ISSUE_TEMPLATE" / "social-post.yml").read_text(encoding="utf-8")
    assert "Where should it be published? (this repository)" in form
    text = (tmp_path / ".github" / "workflows" / "publer-plan.yml").read_text(encoding="utf-8")
    assert 'paths: ["**"]' in text
    assert yaml.safe_load(text)["jobs"]["plan"]["steps"][-1]["with"]["calendar"] == "."


def test_the_workflows_are_the_examples_where_the_folder_has_its_usual_name(cli: Cli, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert cli("init", *YES, "--github").code == 0
    for name in ("plan", "apply", "drift"):
        file = f"publer-{name}.yml"
        example = (ROOT / "examples" / "workflows" / file).read_bytes()
        assert (tmp_path / ".github" / "workflows" / file).read_bytes() == example


def test_a_form_asks_for_posts_of_these_accounts_and_its_workflow_knows_it(cli: Cli, tmp_path: Path) -> None:
    outside = cli("init", *YES, "--form")
    assert outside.code == 64
    assert "--form needs a git repository" in outside.stderr
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert "Allow GitHub Actions to create and approve pull requests" in cli("init", *YES, "--form").stdout
    github, examples = tmp_path / ".github", ROOT / "examples" / "workflows"
    request = github / "workflows" / "publer-request.yml"
    assert request.read_bytes() == (examples / "publer-request.yml").read_bytes()
    assert not (github / "workflows" / "publer-plan.yml").exists()
    form = yaml.safe_load((github / "ISSUE_TEMPLATE" / "social-post.yml").read_text(encoding="utf-8"))
    fields = {field["id"]: field["attributes"] for field in form["body"]}
    accounts = [box["label"] for box in fields["accounts"]["options"]]
    assert "facebook: My Facebook Page" in accounts
    assert [label.partition(":")[0] for label in accounts] == [
        *settings_of(tmp_path / "calendar")["accounts"]
    ]
    answer = dict.fromkeys(fields, "_No response_") | {"words": "Words", "when": "next"}
    answer["accounts"] = "\n".join(f"- [X] {label}" for label in accounts)
    issue = "\n\n".join(f"### {fields[name]['label']}\n\n{answer[name]}" for name in fields)
    read = Form("calendar").read(issue)
    assert (read.words, read.when, len(read.aliases)) == ("Words", "next", len(accounts))
    assert (
        f"'### {fields['accounts']['label']}'" in yaml.safe_load(request.read_text())["jobs"]["request"]["if"]
    )

    made = cli("init", "clients/b's", *YES, "--form")
    assert (made.code, "The workflows use publer-sync@v" in made.stdout) == (0, True)
    own = yaml.safe_load((github / "workflows" / "publer-request-clients-b-s.yml").read_text())
    label = "Where should it be published? (clients/b's)"
    assert own["jobs"]["request"]["if"].count(f"'### {label.replace(chr(39), chr(39) * 2)}'") == 2
    assert own["jobs"]["request"]["steps"][-1]["with"]["calendar"] == "clients/b's"
    assert own["concurrency"]["group"].startswith("publer-request-clients-b-s-${{")
    assert label in (github / "ISSUE_TEMPLATE" / "social-post-clients-b-s.yml").read_text(encoding="utf-8")
    judge = Path(sys.executable).with_name("check-jsonschema")
    if judge.is_file():
        forms = [*(github / "ISSUE_TEMPLATE").iterdir()]
        subprocess.run([judge, "--builtin-schema", "vendor.github-issue-forms", *forms], check=True)


def test_an_assistant_gets_its_instructions_and_its_tools(cli: Cli, tmp_path: Path) -> None:
    outside = cli("init", *YES, "--assistant")
    assert outside.code == 64
    assert "--assistant needs a git repository" in outside.stderr
    top = tmp_path / "repo"
    subprocess.run(["git", "init", "-q", top], check=True)
    (top / "CLAUDE.md").write_text("Mine.\n", encoding="utf-8")
    ran = cli("init", "social posts", *YES, "--assistant", cwd=top)
    assert ran.code == 0, ran
    assert "kept      CLAUDE.md: it already exists" in ran.stderr
    assert "The assistant's tools need publer-sync with the extra mcp" in ran.stdout
    assert "workflows" not in ran.stdout
    assert json.loads((top / ".mcp.json").read_text(encoding="utf-8")) == {
        "mcpServers": {"publer-sync": {"command": "publer-sync", "args": ["mcp", "social posts"]}}
    }
    agents = (top / "AGENTS.md").read_text(encoding="utf-8")
    skill = (top / ".claude" / "skills" / "publer-sync" / "SKILL.md").read_text(encoding="utf-8")
    assert "The files in `social posts/` say" in agents
    assert "publer-sync validate 'social posts'" in agents
    assert "publer-sync explain repair --calendar 'social posts' --offline" in skill
    assert "in a publer-sync calendar" in skill
    assert not (top / ".github").exists()
    assert cli("validate", "social posts", "--strict", cwd=top).code == 0


def test_in_a_calendar_at_the_top_instructions_for_an_assistant_are_no_posts(
    cli: Cli, tmp_path: Path
) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert cli("init", ".", *YES, "--assistant").code == 0
    assert {path.name for path in tmp_path.glob("*.md")} == {"README.md"}
    text = (tmp_path / ".claude" / "CLAUDE.md").read_text(encoding="utf-8")
    assert "The files in this folder say" in text
    assert "publer-sync validate ." in text
    assert cli("validate", "--strict").code == 0


def test_the_instructions_are_the_templates_where_the_folder_has_its_usual_name(
    cli: Cli, tmp_path: Path
) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert cli("init", *YES, "--assistant", "--github").code == 0
    templates = ROOT / "examples" / "assistant"
    assert (tmp_path / "AGENTS.md").read_bytes() == (templates / "AGENTS.md").read_bytes()
    skill = "skills/publer-sync/SKILL.md"
    assert (tmp_path / ".claude" / skill).read_bytes() == (templates / skill).read_bytes()
    assert (tmp_path / ".github" / "workflows" / "publer-plan.yml").is_file()


def answering(sandbox: Sandbox, folder: Path, answers: str, *words: str) -> tuple[int, str]:
    """`init` on a terminal: the exit code and what was asked there."""
    pty = pytest.importorskip("pty", reason="Windows has no pseudoterminals")
    leader, terminal = pty.openpty()
    os.write(leader, answers.encode())
    ran = subprocess.run(
        [sys.executable, "-m", "publer_sync", "init", *words],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PUBLER_BASE_URL": sandbox.url,
            "PUBLER_API_KEY": sandbox.key,
            "TZ": "Europe/Berlin",
        },
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        timeout=60,
        check=False,
    )
    os.close(terminal)
    asked = os.read(leader, 10_000).decode()
    os.close(leader)
    return ran.returncode, asked


@pytest.mark.story
def test_on_a_terminal_it_asks_with_defaults(sandbox: Sandbox, tmp_path: Path) -> None:
    code, asked = answering(sandbox, tmp_path, "\n1,3\nyes\n")
    assert code == 0, asked
    assert "Which accounts, by number [all]: " in asked
    assert "Time zone of the calendar [Europe/Berlin]: " in asked
    assert "To write:" in asked
    assert list(settings_of(tmp_path / "calendar")["accounts"]) == ["facebook", "linkedin"]
    assert settings_of(tmp_path / "calendar")["timezone"] == "Europe/Berlin"


@pytest.mark.story
def test_on_a_terminal_an_answer_that_makes_no_sense_is_asked_for_again(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.add_workspace(SECOND)
    code, asked = answering(sandbox, tmp_path, "Europe/Olso\nEurope/Oslo\n3\n1,2\n2\n7\n1\nyes\n")
    assert code == 0, asked
    assert "Answer with one of the numbers from 1 to 2." in asked
    assert "Answer with some of the numbers from 1 to 2." in asked
    assert settings_of(tmp_path / "calendar")["timezone"] == "Europe/Oslo"
    assert settings_of(tmp_path / "calendar")["workspace"] == SECOND.workspace_id
    assert list(settings_of(tmp_path / "calendar")["accounts"]) == ["bluesky"]


@pytest.mark.story
def test_where_no_answer_comes_any_more_nothing_is_written(sandbox: Sandbox, tmp_path: Path) -> None:
    code, asked = answering(sandbox, tmp_path, "Europe/Olso\n\x04")
    assert code == 1
    assert "there was no answer" in asked
    assert not (tmp_path / "calendar").exists()


def test_of_several_workspaces_one_has_to_be_chosen(cli: Cli, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.add_workspace(SECOND)
    ran = cli("init", *YES)
    assert ran.code == 64
    assert "My Primary Workspace (5f000000000000000000beef), Brewlab (5f00000000000000000b4e3a)" in ran.stderr
    assert cli("init", *YES, env={"PUBLER_WORKSPACE_ID": SECOND.workspace_id}).code == 0
    assert settings_of(tmp_path / "calendar")["workspace"] == SECOND.workspace_id
    (tmp_path / "calendar" / "publer.yaml").unlink()
    assert cli("init", *YES, "--workspace", "Brewlab").code == 0
    assert settings_of(tmp_path / "calendar")["workspace"] == SECOND.workspace_id


def test_a_rehearsal_in_the_sandbox_works_like_the_real_thing(cli: Cli) -> None:
    words = ("--sandbox", "--now", "2027-02-20")
    offline = {"PUBLER_API_KEY": None, "PUBLER_BASE_URL": None}
    assert cli("init", *YES, *words, "--account", "x", env=offline).code == 0
    planned = cli("plan", *words, "--format", "json", env=offline)
    assert [change["scheduled_at"] for change in json.loads(planned.stdout)["changes"]] == [
        "2027-02-27T08:00:00Z"
    ]
    assert cli("apply", *words, "--yes", env=offline).code == 0


def test_an_account_that_cannot_be_used_is_left_out(make_sandbox: MakeSandbox, cli: Cli) -> None:
    locked = make_sandbox(faults=Faults(broken=frozenset({THREE.accounts[1].id})))
    ran = cli("init", *YES, "--format", "json", env={"PUBLER_BASE_URL": locked.url})
    assert [account["alias"] for account in json.loads(ran.stdout)["accounts"]] == ["facebook", "linkedin"]
    assert "left out  x, My X Account: " in ran.stderr
