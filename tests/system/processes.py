"""Applies and holds in processes of their own, and a service that lets something happen at one of their requests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.sandbox import Sandbox
from tests.conftest import ROOT, Ran
from tests.system.worlds import Applied

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.sandbox.exchange import Request, Response
    from tests.system.worlds import World


class Witnessed(Sandbox):
    """Calls `strike` before or after the `nth` request of the apply is carried out, and before it is answered."""

    strike: Callable[[], None] = staticmethod(lambda: None)
    nth = 0
    after = False
    seen = 0

    def handle(self, request: Request) -> Response | None:
        self.seen += 1
        mine = self.seen == self.nth
        if mine and not self.after:
            self.strike()
        answer = super().handle(request)
        if mine and self.after:
            self.strike()
        return answer


class Running(NamedTuple):
    pid: int
    out: Path
    err: Path


class Killer:
    """One process that starts applies; `pid` is the one that it started last, 0 until it has."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._started = 0
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("killer.py")],
            env={"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)},
            cwd=home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pid = 0
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()

    def apply(self, world: World, *flags: str, die_at: int = 0) -> Applied:
        return self.run(world, "apply", "--timeout", "20", *flags, die_at=die_at)

    def run(self, world: World, command: str, *flags: str, die_at: int = 0) -> Applied:
        return self.end(self.start(world, command, *flags, die_at=die_at))

    def start(self, world: World, command: str, *flags: str, die_at: int = 0) -> Running:
        self._started += 1
        out, err = self._home / f"out{self._started}", self._home / f"err{self._started}"
        argv = [command, str(world.top), "--yes", "--format", "json", *flags]
        order = {"argv": argv, "env": world.environment, "out": str(out), "err": str(err), "die_at": die_at}
        self.pid = 0
        self.pid = self._answer(order)
        return Running(self.pid, out, err)

    def end(self, running: Running) -> Applied:
        """How it ended, once it has."""
        code = self._answer({"wait": running.pid})
        return Applied.of(Ran(code, running.out.read_text("utf-8"), running.err.read_text("utf-8")))

    def _answer(self, order: dict[str, object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def send(self, number: int) -> None:
        while not self.pid:
            time.sleep(0.001)
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self) -> None:
        """Until the process at work has ended."""
        with suppress(ProcessLookupError):
            while True:
                os.kill(self.pid, 0)
                time.sleep(0.001)


def witness(world: World) -> Witnessed:
    assert isinstance(world.sandbox, Witnessed)
    return world.sandbox


def arm(world: World, nth: int, *, after: bool, strike: Callable[[], None]) -> None:
    """Let something happen at a request of the next apply."""
    sandbox = witness(world)
    sandbox.seen, sandbox.nth, sandbox.after, sandbox.strike = 0, nth, after, strike
