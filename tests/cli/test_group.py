"""What every command checks before it starts."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from publer_sync.cli.group import main_group

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("command", sorted(main_group.commands))
def test_in_a_folder_that_was_deleted_every_command_says_so(tmp_path: Path, command: str) -> None:
    program = f"import os; os.rmdir(os.getcwd()); from publer_sync.cli.main import main; main(['{command}'])"
    folder = tmp_path / "gone"
    folder.mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "error: the current folder was deleted\n  Change to another folder.\n"
