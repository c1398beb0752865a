"""Judges mutants in forks of one process that has read a room's tests: a hundred times as fast as a run of the tests for each.

Only the tests that reach the changed lines are run, the shortest ones first, and the changed function is put in place
of the one that is loaded. What lives through that may still be noticed by a whole run: a line that is read once, when
its module is loaded, or a program that a test starts. `tests.mutants` asks such a run.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType, FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

ROOT = Path(__file__).resolve().parent.parent  # conftest, which has it as well, is pytest's to read first
TOP = f"{ROOT}/publer_sync/"
QUIET = ("-q", "-n0", "-m", "not slow", "-p", "no:cacheprovider", "--tb=no", "--hypothesis-profile=forked")
SECONDS = 2
"""Of the processor, beside ten times what a test takes: one that needs more hangs, and has noticed."""
SLOW = 60
"""Seconds of one of which that is not known yet."""
WAITING = 120
"""Seconds after which one hangs that needs no processor, also on a machine that is busy with others."""
HANGS = "no test, since it hangs"


class Asked(NamedTuple):
    path: str
    source: str
    """The whole changed source; "" where a rule is taken out."""
    first: int
    last: int
    """The lines that the change is in; 0 for one that no test is known to reach."""
    scene: str = ""
    """The test to run, as in `tests/room/test_file.py::test_name`; without, all that reach the lines."""
    rule: str = ""
    """The name of one of the simulation's mutations."""


@contextmanager
def tree() -> Iterator[Path]:
    """A copy of what git tracks. A program without its guards may write anywhere in it: no repository is there to be lost."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True).stdout
    with TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as folder:
        for name in listed.decode().split("\0"):
            if name and (ROOT / name).is_file():
                there = Path(folder, name)
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, there)
        yield Path(folder)


def killers(room: str, asked: Sequence[Asked], among: Sequence[str] = ()) -> Iterator[str | None]:
    """For each change the test that fails with it; None where none does. `among` are files of tests, instead of all of the room."""
    read, write = os.pipe()
    with (
        tree() as top,
        subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(write), *(among or [f"tests/{room}"])],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[write],
            cwd=top,
            env={**os.environ, "PYTHONPATH": str(top)},
        ) as process,
    ):
        os.close(write)
        assert process.stdin is not None
        process.stdin.write(json.dumps(asked).encode())
        process.stdin.close()
        told = 0
        with os.fdopen(read, encoding="utf-8") as answers:
            for line in answers:
                told += 1
                yield json.loads(line)
        if told < len(asked):
            raise SystemExit(f"the quick tests of {room} fail without a mutant")


class Judge:
    """A plugin of pytest: in place of the tests it runs the mutants."""

    def __init__(self, asked: Sequence[Asked], out: int) -> None:
        self.asked, self.out = asked, out
        self.failed = ""
        self.functions: dict[str, list[FunctionType]] = defaultdict(list)
        self.items: dict[str, pytest.Item] = {}
        self.seconds: dict[str, float] = {}
        self.reached: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings  # before its plugin, that would be too early

        phases = [Phase.explicit, Phase.generate]  # the first example that fails is enough
        settings.register_profile("forked", settings.get_profile("ci"), phases=phases)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        told = _in_fork(self._all)
        for function in _functions():
            self.functions[function.__code__.co_filename].append(function)
        if isinstance(told, str):
            sys.stderr.write(f"{told}\n")
            return True
        for node, (seconds, lines) in told.items():
            self.seconds[node] = seconds
            for path, numbers in lines.items():
                for number in numbers:
                    self.reached[path][number].add(node)
        for each in self.asked:
            os.write(self.out, json.dumps(self._judge(each)).encode() + b"\n")
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid

    def _all(self) -> Any:
        """How long each test takes, and which lines it reaches; its name where one fails."""
        found: dict[str, Any] = {}
        lines: dict[str, set[int]] = {}

        def enter(frame: FrameType, event: str, arg: Any) -> Any:
            name = frame.f_code.co_filename
            if not name.startswith(TOP):
                return None
            here = lines.setdefault(name, set())

            def note(frame: FrameType, event: str, arg: Any) -> Any:
                here.add(frame.f_lineno)
                return note

            return note

        for node in self.items:
            lines = {}
            began = time.perf_counter()
            threading.settrace(enter)
            sys.settrace(enter)
            try:
                self._run([node], limited=False)
            finally:
                sys.settrace(None)
            if self.failed:
                return self.failed
            found[node] = (
                time.perf_counter() - began,
                {Path(path).relative_to(ROOT).as_posix(): sorted(each) for path, each in lines.items()},
            )
        return found

    def _run(self, nodes: Sequence[str], *, limited: bool = True) -> str:
        """The first that fails. Without a mutant none hangs, however slow a busy machine is."""
        items = [self.items[node] for node in nodes]
        for item, following in zip(items, [*items[1:], None], strict=True):
            if limited:
                signal.setitimer(signal.ITIMER_PROF, SECONDS + 10 * self.seconds.get(item.nodeid, SLOW))
                signal.alarm(WAITING)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return self.failed
        return ""

    def _judge(self, asked: Asked) -> str | None:
        lines = self.reached[asked.path]
        nodes = {node for number in range(asked.first, asked.last + 1) for node in lines.get(number, ())}
        if asked.scene:
            nodes = {node for node in self.items if node.partition("[")[0] == asked.scene}
        elif not asked.first:
            nodes = {*self.items}
        ordered = sorted(nodes, key=lambda node: (self.seconds[node], node))

        def run() -> str:
            for number in (signal.SIGPROF, signal.SIGALRM):
                signal.signal(number, _give_up)
            if asked.rule:
                with _without(asked.rule):
                    return self._run(ordered)
            put_in_place(
                self.functions.get(str(ROOT / asked.path)) or _late(asked.path), asked.path, asked.source
            )
            return self._run(ordered)

        return (_in_fork(run) or None) if ordered else None


def _without(rule: str) -> AbstractContextManager[None]:
    from tests.simulate.mutations import MUTATIONS

    return next(each for each in MUTATIONS if each.name == rule).applied()


class Hangs(BaseException):
    """Nothing in the program takes it for an error of its own."""


def _give_up(*_: object) -> NoReturn:
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.alarm(WAITING)  # where even this is caught
    raise Hangs


def _functions() -> list[FunctionType]:
    gc.unfreeze()  # nothing that is frozen, as by tests/conftest.py, is among the objects
    found = [
        each
        for each in gc.get_objects()
        if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(TOP)
    ]
    gc.freeze()
    return found


def _late(path: str) -> list[FunctionType]:
    """The functions of a module that only the tests themselves load."""
    import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    return [each for each in _functions() if each.__code__.co_filename == str(ROOT / path)]


def put_in_place(functions: Sequence[FunctionType], path: str, source: str) -> None:
    """Give the functions of a loaded module the code of its changed source."""
    file = str(ROOT / path)
    before = _codes(compile((ROOT / path).read_bytes(), file, "exec"))
    after = _codes(compile(source, file, "exec"))
    now = {
        (code.co_qualname, code.co_firstlineno): new
        for code, new in zip(before, after, strict=True)
        if code != new
    }
    for function in functions:
        code = function.__code__
        new = now.get((code.co_qualname, code.co_firstlineno))
        if new is not None and code.co_freevars == new.co_freevars:
            function.__code__ = new


def _codes(code: CodeType) -> list[CodeType]:
    """Of the functions and methods of a module, in its order, without what they have inside."""
    found: list[CodeType] = []
    for const in code.co_consts:
        if isinstance(const, CodeType):
            is_class = not const.co_flags & 0x2  # no locals of its own: the body of a class
            found += [const, *_codes(const)] if is_class else [const]
    return found


def _in_fork(work: Callable[[], Any]) -> Any:
    """What it returns; that it hangs, where it does not come to an end."""
    read, write = os.pipe()
    if not (child := os.fork()):
        with os.fdopen(write, "w", encoding="utf-8") as out:
            json.dump(work(), out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as told:
        words = told.read()
    os.waitpid(child, 0)
    return json.loads(words) if words else HANGS


if __name__ == "__main__":
    write, *files = sys.argv[1:]
    judge = Judge([Asked(*each) for each in json.load(sys.stdin)], int(write))
    with TemporaryDirectory() as folder:  # of its own: a fork ends without clearing away what is in pytest's
        code = pytest.main([*QUIET, f"--basetemp={folder}/tests", *files], plugins=[judge])
    sys.exit(code)
