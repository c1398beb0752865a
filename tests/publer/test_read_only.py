"""Each in a process of its own, since nothing makes one writable again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.stand_in import Asked, Reply, serving

WRITES = {
    "schedule": "publer.schedule([{}], draft=False)",
    "update": "publer.update('0555458a4d52baa52fee50f3', text='Words', title=None)",
    "delete": "publer.delete(['0555458a4d52baa52fee50f3'])",
    "import": "publer.import_url('https://example.com/lamp.png', name='lamp')",
}
SCRIPT = """
import sys
from publer_sync.machine.clock import Clock
from publer_sync.publer.gateway import Publer
from publer_sync.publer.read_only import forbid_writes

def refused():
    try:
        {write}
    except RuntimeError as error:
        return str(error)
    return "sent"

publer = Publer(key="a-key-of-some-length", base_url=sys.argv[1], clock=Clock())
publer.workspaces()
forbid_writes()
print(refused())
publer = Publer(key="a-key-of-some-length", base_url=sys.argv[1], clock=Clock())
print(refused())
publer.workspaces()
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITES)
def test_a_read_only_process_sends_nothing_but_get_over_any_connection(name: str) -> None:
    """Neither one that was there before nor one that is made later."""
    asked: list[str] = []

    def answer(request: Asked) -> Reply:
        asked.append(request.method)
        return Reply([])

    with serving(answer) as publer:
        script = SCRIPT.format(write=WRITES[name])
        done = subprocess.run(
            [sys.executable, "-c", script, publer.url], capture_output=True, encoding="utf-8", check=False
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["this connection sends GET only; nothing was sent"] * 2
    assert asked == ["GET", "GET"]
