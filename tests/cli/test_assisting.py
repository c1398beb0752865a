"""`mcp` without what it needs, and where nobody but an assistant would start it."""

from __future__ import annotations

import io
import subprocess
import sys
from importlib import metadata
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from publer_sync.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

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


def test_without_the_package_it_says_how_to_install_it(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    ran = cli("mcp", "calendar")
    assert (ran.code, ran.stdout) == (1, "")
    assert ran.stderr.startswith("error: publer-sync mcp needs the package mcp, which is not installed\n")


@pytest.mark.parametrize("at_a_terminal", [False, True])
def test_whoever_starts_it_at_a_terminal_reads_what_it_is_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, at_a_terminal: bool
) -> None:
    server = SimpleNamespace(serve=lambda served: len(served.folders))
    monkeypatch.setitem(sys.modules, "publer_sync.assisting.server", server)
    stdin = io.StringIO()
    monkeypatch.setattr(stdin, "isatty", lambda: at_a_terminal, raising=False)
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(SystemExit) as end:
        main(["mcp", str(tmp_path)])
    told = capsys.readouterr()
    assert (end.value.code, told.out) == (1, "")
    assert ("so an assistant starts it" in told.err) is at_a_terminal


def test_no_other_command_pays_for_it(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom publer_sync.cli.main import main\n"
        "try:\n    main(['validate', sys.argv[1]])\nexcept SystemExit:\n    pass\n"
        "import gc\nprint(gc.isenabled())\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'mcp', 'pydantic', 'anyio', 'starlette'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-2:] == ["True", "[]"], "and garbage is collected again"
