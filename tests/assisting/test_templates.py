"""What people copy for their assistant: the files in examples/assistant, and the settings in docs/assistants.md."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from publer_sync.cli.main import main
from tests.assisting.conftest import SETTINGS
from tests.conftest import ROOT
from tests.write_docs import Story

if TYPE_CHECKING:
    from pathlib import Path

    from mcp import Client

    from tests.assisting.conftest import Talk

AGENTS = ROOT / "examples" / "assistant" / "AGENTS.md"
SKILL = ROOT / "examples" / "assistant" / "skills" / "publer-sync" / "SKILL.md"
PAGE = (ROOT / "docs" / "assistants.md").read_text(encoding="utf-8")


def blocks(text: str, kind: str) -> list[str]:
    found = re.findall(rf"^( *)```{kind}\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def test_the_skill_is_one_by_the_format_of_agent_skills() -> None:
    """agentskills.io/specification: which keys there are, how long they may be, and that the folder has its name."""
    _, head, body = SKILL.read_text(encoding="utf-8").split("---\n", 2)
    front = yaml.safe_load(head)
    assert front.keys() <= {"name", "description", "license", "compatibility", "metadata", "allowed-tools"}
    assert front["name"] == SKILL.parent.name
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", front["name"])
    assert len(front["name"]) <= 64
    assert 0 < len(front["description"]) <= 1024
    assert "Use it when" in front["description"]
    assert not re.search(r"[<>]", front["description"])  # some assistants refuse what looks like a tag
    assert len(front["compatibility"]) <= 500
    assert len(body.splitlines()) < 500
    assert len(AGENTS.read_text(encoding="utf-8").splitlines()) < 60


@pytest.mark.slow
@pytest.mark.parametrize("file", [AGENTS, SKILL], ids=lambda file: file.name)
def test_every_command_and_example_in_a_template_works(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    [example] = blocks(text, "yaml")
    commands = [line for block in blocks(text, "sh") for line in block.splitlines()]
    commands += [line for line in re.findall(r"`(publer-sync [^`]+)`", text) if " calendar" in line]
    assert commands
    with Story() as story:
        story.tell("yaml", f"# calendar/publer.yaml\n{SETTINGS}")
        story.tell("yaml", f"# calendar/first.yaml\n{example}")
        shown = story.tell("console", "$ publer-sync validate calendar --strict\n")
        assert re.search(r"\n[12] posts? \(on 2 accounts\), Tue 2 Mar 2027\. No problems\.\n", shown)
        for command in commands:
            shown = story.tell("console", f"$ {command}\n")
            assert story.tell("console", "$ echo $?\n") == "$ echo $?\n0\n", shown


@pytest.mark.parametrize("file", [AGENTS, SKILL], ids=lambda file: file.name)
def test_what_a_template_forbids_is_what_writes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = set(
        re.findall(
            r"`(?:publer-sync )?(\w+)`",
            next(
                line
                for line in file.read_text(encoding="utf-8").splitlines()
                if line.startswith("- Never run")
            ),
        )
    )
    assert named == {"apply", "hold", "release", "forget", "pull"}
    for name in named:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
    capsys.readouterr()


@pytest.mark.parametrize("block", blocks(PAGE, "json"), ids=lambda block: f"{len(block)} characters")
def test_the_settings_on_the_page_start_a_server(talk: Talk, calendar: Path, block: str) -> None:
    settings = json.loads(block)
    [(name, server)] = (settings.get("mcpServers") or settings["servers"]).items()
    assert name == "publer-sync"
    assert os.path.basename(server["command"]) == "publer-sync"  # noqa: PTH119 - the path of another machine
    assert server.get("type", "stdio") == "stdio"
    command, *args = server["args"]
    assert command == "mcp"
    here = str(calendar.parent)
    args = [word.replace("${workspaceFolder}", here).replace("/Users/me/fjordlight", here) for word in args]

    async def look(client: Client) -> Any:
        return await client.call_tool("validate", {})

    assert talk(look, *args).structured_content["posts"] == 2


def test_the_commands_that_copy_the_templates_do(tmp_path: Path) -> None:
    found = re.search(r"<!-- copy the templates -->\n```sh\n(.+?)```", PAGE, re.DOTALL)
    assert found
    (tmp_path / "publer-sync").symlink_to(ROOT)
    mine = tmp_path / "mine"
    mine.mkdir()
    subprocess.run(["sh", "-ec", found[1]], cwd=mine, check=True)
    assert (mine / "AGENTS.md").read_text(encoding="utf-8") == AGENTS.read_text(encoding="utf-8")
    assert (mine / ".claude" / "skills" / "publer-sync" / "SKILL.md").is_file()


def test_the_inspectors_command_on_the_page_is_one_that_it_takes() -> None:
    [line] = [line for line in PAGE.splitlines() if line.startswith("npx ")]
    words = shlex.split(line)
    assert words[1:6] == ["@modelcontextprotocol/inspector", "--cli", "publer-sync", "mcp", "calendar"]
    assert words[6:] == ["--method", "tools/call", "--tool-name", "validate"]
