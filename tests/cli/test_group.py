"""What every command checks before it starts."""

from __future__ import annotations

import subprocess
import sys
from contextlib import chdir
from typing import TYPE_CHECKING

import pytest

from publer_sync.cli.group import main_group
from tests.conftest import run_here

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli


GONE = "error: the current folder was deleted\n  Change to another folder.\n"


def test_in_a_folder_that_was_deleted_every_command_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    program = "import os; os.rmdir(os.getcwd()); from publer_sync.cli.main import main; main(['plan'])"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", GONE), "a process of its own"
    folder.mkdir()
    with chdir(folder):
        folder.rmdir()
        ended = {command: run_here([command], {}) for command in main_group.commands}
    assert {command for command, ran in ended.items() if ran != (1, "", GONE)} == set()


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (("--sandbox", "plan", "my posts"), "plan 'my posts' --sandbox"),
        (("--format", "json", "state", "mv", "acme"), "state mv acme --format json"),
        (("-v", "status"), "status -v"),
    ],
)
def test_options_before_the_command_are_put_in_their_place(
    cli: Cli, words: tuple[str, ...], right: str
) -> None:
    ran = cli(*words)
    assert ran.code == 64
    assert ran.stderr.startswith(f"error: {words[0]} goes after the command: publer-sync {right}\n")


def test_an_option_that_no_command_follows_is_unknown(cli: Cli) -> None:
    assert cli("--sandbox").stderr.startswith("error: No such option '--sandbox'.")


def test_without_a_command_the_help_is_shown_and_an_error_names_the_help_of_its_command(cli: Cli) -> None:
    bare = cli()
    assert (bare.code, bare.stderr.startswith("Usage: publer-sync")) == (64, True)
    assert cli("plan", "--nonsense").stderr.endswith("  Help: publer-sync plan --help\n")


def test_the_version_is_printed_instead_of_anything_else(cli: Cli) -> None:
    for words in (("--version",), ("--version", "plan")):
        ran = cli(*words)
        assert (ran.code, ran.stdout.split()[0], ran.stderr) == (0, "publer-sync", "")
        assert len(ran.stdout.splitlines()) == 1
