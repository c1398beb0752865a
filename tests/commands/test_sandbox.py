"""`publer-sync sandbox`: a Publer for another terminal, until Ctrl-C."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.conftest import started

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli


@pytest.mark.parametrize(
    ("options", "account"), [([], "My X Account"), (["--seed", "demo"], "Fjordlight AS")]
)
def test_it_serves_until_interrupted(cli: Cli, tmp_path: Path, options: list[str], account: str) -> None:
    with started("sandbox", tmp_path, "--port", "0", *options) as process:
        assert process.stderr is not None
        told = "".join(process.stderr.readline() for _ in range(3))
        found = re.search(r"export PUBLER_BASE_URL=(\S+) PUBLER_API_KEY=(\S+)", told)
        assert found, told
        ran = cli("accounts", env={"PUBLER_BASE_URL": found[1], "PUBLER_API_KEY": found[2]})
        assert (ran.code, account in ran.stdout) == (0, True), ran
        process.send_signal(signal.SIGINT)
        assert (process.wait(30), process.stderr.read()) == (0, "")


def test_a_port_that_is_taken_is_an_error(cli: Cli, sandbox: Sandbox) -> None:
    ran = cli("sandbox", "--port", str(urlsplit(sandbox.url).port))
    assert (ran.code, ran.stdout) == (1, "")
    assert "cannot be used" in ran.stderr
    assert "--port 0" in ran.stderr
