"""`mcp` without what it needs."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli


@pytest.mark.parametrize(
    ("version", "says"),
    [
        (None, "needs the package mcp, which is not installed"),
        ("1.28.0", "needs version 2 of the package mcp, and 1.28.0 is installed"),
    ],
)
def test_without_the_extra_it_says_how_to_install_it(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, version: str | None, says: str
) -> None:
    real = metadata.version

    def installed(name: str) -> str:
        if name != "mcp":
            return real(name)
        if version is None:
            raise metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(metadata, "version", installed)
    ran = cli("mcp", "calendar")
    assert (ran.code, ran.stdout) == (1, "")
    assert f"error: publer-sync mcp {says}" in ran.stderr
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
