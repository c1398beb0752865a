"""An apply that is killed, interrupted, or not alone, at every step in turn; then one clean apply puts it right."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Sandbox
from tests.conftest import ROOT, Ran
from tests.system.worlds import KEY, Applied, Template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from publer_sync.sandbox.exchange import Request, Response
    from tests.system.worlds import World

pytestmark = pytest.mark.slow

MOST = 80
"""More requests, and more state writes, than any of these applies needs."""


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


class Killer:
    """One process that starts applies, one after the other; `pid` is the one at work."""

    def __init__(self, home: Path) -> None:
        self._home = home
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
        out, err = self._home / "out", self._home / "err"
        argv = ["apply", str(world.top), "--yes", "--format", "json", "--timeout", "20", *flags]
        order = {"argv": argv, "env": world.environment, "out": str(out), "err": str(err), "die_at": die_at}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(order), file=self._process.stdin, flush=True)
        self.pid = int(self._process.stdout.readline())
        code = int(self._process.stdout.readline())
        return Applied.of(Ran(code, out.read_text("utf-8"), err.read_text("utf-8")))

    def send(self, number: int) -> None:
        while not self.pid:
            time.sleep(0.001)
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)


@contextmanager
def _killer(home: Path) -> Iterator[Killer]:
    home.mkdir()
    killer = Killer(home)
    try:
        yield killer
    finally:
        killer.close()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def killer(tmp_path: Path) -> Iterator[Killer]:
    with _killer(tmp_path / "killer") as killer:
        yield killer


@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "after it is done"])
@pytest.mark.parametrize("half", [0, 1], ids=["odd", "even"])
def test_killed_at_every_request(
    half: int, after: bool, template: Template, tmp_path: Path, killer: Killer, record_property: Any
) -> None:
    amiss, cases = [], 0
    for nth in range(1 + half, MOST, 2):
        with template.world(tmp_path / str(nth), sandbox=Witnessed) as world:
            _arm(world, nth, after=after, strike=lambda: killer.send(signal.SIGKILL))
            applied = killer.apply(world)
            if _witness(world).seen < nth:
                assert applied.code == 0, applied
                break
            cases += 1
            assert applied.code == -signal.SIGKILL, applied
            amiss += [f"killed at request {nth}: {what}" for what in world.settled_amiss()]
    record_property("cases", cases)
    assert cases > 10
    assert not amiss, "\n".join(amiss)


@pytest.mark.parametrize(
    "third", [1, 2, 3], ids=["before fsync", "before replace", "before the folder's fsync"]
)
def test_killed_at_every_state_write(
    third: int, template: Template, tmp_path: Path, killer: Killer, record_property: Any
) -> None:
    """A state write is three calls: the file's fsync, the replace, the folder's fsync."""
    amiss, cases = [], 0
    for nth in range(third, 3 * MOST, 3):
        with template.world(tmp_path / str(nth)) as world:
            applied = killer.apply(world, die_at=nth)
            if applied.code != -signal.SIGKILL:
                assert applied.code == 0, applied
                break
            cases += 1
            amiss += [f"killed at call {nth}: {what}" for what in world.settled_amiss()]
    record_property("cases", cases)
    assert cases > 8
    assert not amiss, "\n".join(amiss)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_at_every_request(
    number: signal.Signals, template: Template, tmp_path: Path, killer: Killer, record_property: Any
) -> None:
    """It ends in good order, with a document that says where each post stands, and the next apply finishes."""
    amiss, cases = [], 0
    for nth in range(
        4, MOST
    ):  # before the fourth, nothing is under way yet, and a signal simply ends the process
        with template.world(tmp_path / str(nth), sandbox=Witnessed) as world:
            _arm(world, nth, after=bool(nth % 2), strike=lambda: killer.send(number))
            applied = killer.apply(world)
            if _witness(world).seen < nth:
                break
            cases += 1
            amiss += [f"{number.name} at request {nth}: {what}" for what in applied.amiss(codes=(0, 1))]
            if applied.code == 1 and applied.document is not None:
                outcomes = {result["outcome"] for result in applied.document["results"]}
                assert applied.document["error"]["code"] == "interrupted", applied
                assert outcomes - {"applied", "waiting"}, applied
            amiss += [f"{number.name} at request {nth}: {what}" for what in world.settled_amiss()]
    record_property("cases", cases)
    assert cases > 20
    assert not amiss, "\n".join(amiss)


def test_a_second_interrupt_ends_at_once(template: Template, tmp_path: Path, killer: Killer) -> None:
    with template.world(tmp_path / "w", sandbox=Witnessed) as world:

        def twice() -> None:
            killer.send(signal.SIGINT)
            time.sleep(0.05)  # two signals at once are one
            killer.send(signal.SIGINT)
            time.sleep(0.2)

        _arm(world, 9, after=False, strike=twice)
        applied = killer.apply(world)
        assert applied.code == 1
        assert "Stopped at once" in applied.ran.stderr
        assert _witness(world).seen == 9
        assert not world.settled_amiss()


@pytest.mark.parametrize("nth", [1, 3, 4, 8, 10, 14, 18, 24])
def test_two_applies_at_once(
    nth: int, template: Template, tmp_path: Path, killer: Killer, record_property: Any
) -> None:
    """The second starts when the first sends its `nth` request, waits for it, and finds nothing to do."""
    with (
        _killer(tmp_path / "second") as second,
        template.world(tmp_path / "w", sandbox=Witnessed) as world,
    ):
        ends: list[Applied] = []
        other = threading.Thread(target=lambda: ends.append(second.apply(world)))

        def meet() -> None:
            other.start()
            time.sleep(0.4)  # time enough to do everything, where nothing held it off

        _arm(world, nth, after=False, strike=meet)
        ends.append(killer.apply(world))
        other.join()
        record_property("cases", 1)
        assert [applied.code for applied in ends] == [0, 0], ends
        assert sum(applied.document["summary"]["applied"] for applied in ends) == len(
            ends[0].document["results"]
        ) + len(ends[1].document["results"])
        assert not world.amiss()
        assert not world.plan()["changes"]
        assert KEY not in world.ledger.read_text("utf-8")


def _witness(world: World) -> Witnessed:
    assert isinstance(world.sandbox, Witnessed)
    return world.sandbox


def _arm(world: World, nth: int, *, after: bool, strike: Callable[[], None]) -> None:
    """Let something happen at a request of the next apply."""
    sandbox = _witness(world)
    sandbox.seen, sandbox.nth, sandbox.after, sandbox.strike = 0, nth, after, strike
