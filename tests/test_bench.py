"""The benchmark runs, here without the peers; it is no part of the tests."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.conftest import EVERY, PATIENCE, ROOT


@pytest.mark.slow
@pytest.mark.skipif(
    not EVERY, reason="measures for a minute, and no part of the product: every night (PUBLER_SYNC_EVERY=1)"
)
def test_the_benchmark_measures_every_command_and_counts_requests() -> None:
    command = [sys.executable, "-m", "bench", "--smoke", "--no-peers", "--against", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    for part in ("--help", "validate, 200 posts", "plan, 200 posts", "growth, 100 to 200 to 300 posts"):
        assert f"\n{part}" in done.stdout
    assert len(re.findall(r"^  before +\d", done.stdout, re.MULTILINE)) == 4
    assert len(re.findall(r"^  \d\.\d\d of before$", done.stdout, re.MULTILINE)) == 4
    assert re.search(r"500 new posts\n  requests: [34] of plan, \d\d of apply", done.stdout)
    assert re.search(r"requests: 8: the list of workspaces, .* met\)", done.stdout)
