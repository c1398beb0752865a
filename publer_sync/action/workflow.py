"""What a step tells its runner: masks, annotations, outputs and the summary (GitHub docs, "Workflow commands")."""

from __future__ import annotations

import base64
import secrets
import sys
from typing import TYPE_CHECKING, Literal

from publer_sync.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from publer_sync.values.problems import Problem

SUMMARY_BYTES = 1_000_000
"""GitHub shows no summary at all of a step that writes more than 1 MiB ("Job summaries", "Step isolation and limits")."""
ANNOTATIONS = 10
"""Annotations of each severity that GitHub keeps per step."""


def mask(value: str) -> None:
    """Keep a secret out of the log, also in the form in which git sends it."""
    # A command takes one line, so several are masked one by one.
    for line in (*value.splitlines(), basic(value)):
        if line.strip():
            tell(f"::add-mask::{_data(line)}")


def basic(token: str) -> str:
    """A token as the password of HTTP's basic authentication."""
    return base64.b64encode(f"x-access-token:{token}".encode()).decode()


def annotate(
    severity: Literal["error", "warning", "notice"],
    message: str,
    *,
    title: str = "publer-sync",
    file: str | None = None,
    line: int = 1,
) -> None:
    place = f"file={_value(file)},line={line}," if file else ""
    tell(f"::{severity} {place}title={_value(title)}::{_data(printable(message))}")


def annotate_problems(problems: Sequence[Problem], prefix: str) -> None:
    """Errors first, and as many of each severity as GitHub keeps."""
    from publer_sync.render.problems import github

    for severity in ("error", "warning"):
        found = [problem for problem in problems if problem.severity == severity]
        for line in github(found[:ANNOTATIONS], prefix=prefix).splitlines():
            tell(line)
        if len(found) > ANNOTATIONS:
            tell(f"… and {len(found) - ANNOTATIONS} more, in the job summary")


def log(title: str, text: str) -> None:
    """A folded part of the log; the renderer has made `text` safe to print."""
    tell(f"::group::{_data(printable(title))}")
    tell(text)
    tell("::endgroup::")


def set_outputs(file: Path | None, outputs: Mapping[str, str]) -> None:
    """Each value between two lines that no value can contain."""
    if file is None:
        return
    with file.open("a", encoding="utf-8") as stream:
        for name, value in outputs.items():
            end = f"end_{secrets.token_hex(16)}"
            stream.write(f"{name}<<{end}\n{value}\n{end}\n")


def add_summary(file: Path | None, text: str) -> None:
    if file is not None:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(text + "\n")


def tell(text: str) -> None:
    """Write a line to the step's output, which the runner reads: a command, or text that is safe to print."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
