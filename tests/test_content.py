"""What posts can hold, through the front door: from the calendar's files over the command line to Publer and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli

NOW = ("--sandbox", "--now", "2027-02-20")
SETTINGS = """\
timezone: Europe/Oslo
accounts:
  facebook: Fjordlight
  x: Fjordlight
  bluesky: fjordlight.example
  mastodon: fjordlight
"""


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "calendar"
    folder.mkdir()
    write(folder, publer=SETTINGS)
    return folder


def write(top: Path, **files: str) -> None:
    for name, text in files.items():
        (top / f"{name}.yaml").write_text(text, encoding="utf-8")


def problems(cli: Cli, top: Path) -> list[str]:
    found: list[dict[str, Any]] = json.loads(cli("validate", top, "--format", "json").stdout)["problems"]
    return [f"{each['line']}: {each['code']}: {each['message']}" for each in found]


def test_a_mastodon_server_may_take_longer_posts(top: Path, cli: Cli) -> None:
    text = "a word " * 100
    write(top, page=f"posts:\n- at: 2027-03-01 09:00\n  accounts: mastodon\n  text: |\n    {text}\n")
    said = "4: mastodon.text.length: 199 characters too long for Mastodon: 699 of 500"
    assert problems(cli, top) == [said]
    write(
        top,
        publer=SETTINGS.replace("mastodon: fjordlight", "mastodon: {name: fjordlight, max_characters: 1000}"),
    )
    assert problems(cli, top) == []
    plan = cli("plan", top, *NOW)
    assert "699 of 1,000 characters" in plan.stdout
