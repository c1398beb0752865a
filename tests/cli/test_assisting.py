"""`mcp` without what it needs."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.conftest import Cli


def test_with_another_major_version_of_the_package_it_says_how_to_install_the_right_one(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "1.28.0" if name == "mcp" else real(name))
    ran = cli("mcp", "calendar")
    assert (ran.code, ran.stdout) == (1, "")
    assert "error: publer-sync mcp needs version 2 of the package mcp, and 1.28.0 is installed" in ran.stderr
    assert 'pip install "publer-sync[mcp]"' in ran.stderr


def test_no_other_command_pays_for_it(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom publer_sync.cli.main import main\n"
        "try:\n    main(['validate', sys.argv[1]])\nexcept SystemExit:\n    pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'mcp', 'pydantic', 'anyio', 'starlette'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
