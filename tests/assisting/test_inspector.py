"""The server as a client sees it that nobody here wrote: the MCP Inspector, on the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.assisting.conftest import mcp_ready
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

INSPECTOR = shutil.which("mcp-inspector")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        INSPECTOR is None,
        reason="no mcp-inspector here: npm install --global @modelcontextprotocol/inspector",
    ),
]


class Seen(NamedTuple):
    code: int
    data: Any
    errors: str


def inspect(calendar: Path, *words: str) -> Seen:
    assert INSPECTOR
    program = str(mcp_ready(calendar.parent))
    server = [program, "mcp", str(calendar), "--sandbox", "--now", "2027-02-20"]
    done = subprocess.run(
        [INSPECTOR, "--cli", *server, *words],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "HOME": str(calendar.parent)},
        check=False,
        timeout=PATIENCE,
    )
    return Seen(done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr)


def call(calendar: Path, tool: str, *arguments: str) -> Seen:
    words = [word for each in arguments for word in ("--tool-arg", each)]
    return inspect(calendar, "--method", "tools/call", "--tool-name", tool, *words)


def test_its_lint_of_the_tools_finds_nothing(calendar: Path) -> None:
    seen = inspect(calendar, "--method", "tools/list", "--strict")
    assert (seen.code, seen.errors) == (0, "")
    assert [tool["name"] for tool in seen.data["tools"]] == [
        "validate",
        "count",
        "plan",
        "explain",
        "preview",
        "status",
    ]


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("count", ("text=Hello", 'account=["x"]'), "x  5 of 280 characters"),
        ("plan", ("limit=1",), '1 of 3. For more, ask again with "offset": 1.'),
        ("explain", ("post=launch", "offline=true"), "launch  march.yaml:3"),
    ],
)
def test_it_can_call_tools_with_arguments_of_each_kind(
    calendar: Path, tool: str, arguments: tuple[str, ...], says: str
) -> None:
    seen = call(calendar, tool, *arguments)
    assert (seen.code, seen.errors) == (0, "")
    assert says in seen.data["content"][0]["text"]
    assert seen.data["structuredContent"]["format_version"] == 1


def test_it_tells_an_error_from_an_answer(calendar: Path) -> None:
    (calendar / "wrong.yaml").write_text("posts:\n- at: soon\n  accounts: x\n  text: One\n", encoding="utf-8")
    seen = call(calendar, "plan")
    assert seen.code != 0
    assert seen.data["isError"]
    assert "wrong.yaml:2:7" in seen.data["content"][0]["text"]
