"""`publer-sync sandbox`: a Publer for another terminal, until Ctrl-C."""

from __future__ import annotations

import json
import re
import signal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from publer_sync.sandbox.tempers import TEMPERS
from tests.conftest import PATIENCE, started

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli


HEADERS = {"Authorization": "Bearer-API key", "User-Agent": "tests"}


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
        assert (process.wait(PATIENCE), process.stderr.read()) == (0, "")


def test_a_port_that_is_taken_is_an_error(cli: Cli, sandbox: Sandbox) -> None:
    ran = cli("sandbox", "--port", str(urlsplit(sandbox.url).port))
    assert (ran.code, ran.stdout) == (1, "")
    assert "cannot be used" in ran.stderr
    assert "--port 0" in ran.stderr


def test_it_says_which_temper_publer_has(tmp_path: Path) -> None:
    with started(
        "sandbox", tmp_path, "--port", "0", "--temper", "odd-account", "--temper", "null-rows"
    ) as process:
        assert process.stderr is not None
        told = [process.stderr.readline() for _ in range(4)]
        assert told[:2] == [
            "Publer lists an account without a provider (odd-account).\n",
            "Publer lists a row that is null (null-rows).\n",
        ]
        base = (
            next(line for line in told if "PUBLER_BASE_URL" in line)
            .partition("PUBLER_BASE_URL=")[2]
            .split()[0]
        )
        with urlopen(Request(f"{base}/workspaces", headers=HEADERS)) as answer:
            headers = {**HEADERS, "Publer-Workspace-Id": json.load(answer)[0]["id"]}
        with urlopen(Request(f"{base}/posts", headers=headers)) as answer:
            assert json.load(answer)["posts"] == [None]
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0


def test_a_name_that_is_no_temper_is_told_all_that_are(cli: Cli) -> None:
    ran = cli("sandbox", "--temper", "?")
    assert (ran.code, ran.stdout) == (64, "")
    assert all(f"  {name} " in ran.stderr for name in TEMPERS)
