"""What tests share: a local Publer, the command line, and no way out to the network."""

from __future__ import annotations

import errno
import gc
import importlib
import io
import ipaddress
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter, deque
from contextlib import ExitStack, chdir, contextmanager, nullcontext, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Protocol
from unittest import mock

import hypothesis
import pytest

from publer_sync.cli.main import main
from publer_sync.machine import bug_log
from publer_sync.machine.clock import Clock
from publer_sync.planning.contact import KnownContact
from publer_sync.sandbox import Sandbox, Seed, SeedAccount
from tests import shifted_clock, turns
from tests.schemas import check_printed

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

pytest_plugins = ["tests.browser", "tests.internet"]

# A busy machine is slow, and nothing is wrong. A run tries few examples; thousands of them are tried every night.
hypothesis.settings.register_profile("any machine", deadline=None, max_examples=40)
hypothesis.settings.register_profile("ci", hypothesis.settings.get_profile("ci"), max_examples=40)
hypothesis.settings.register_profile("nightly", deadline=None, max_examples=1500)
hypothesis.settings.load_profile("any machine")

# Lines end where they do on every machine.
os.environ["COLUMNS"] = "80"

# Else each process that a test starts compiles everything anew, and each worker rewrites the asserts of all tests: 5 seconds.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Its samples of hooks are a tenth of all files that the tests write.
os.environ["GIT_TEMPLATE_DIR"] = ""

# What a service of CI says of its job would be said of every run that a test makes.
for _name in ("CI", "GITHUB_ACTOR", "GITLAB_USER_LOGIN"):
    os.environ.pop(_name, None)

# They are those of this run. A test that starts another one says with which options.
os.environ.pop("PYTEST_ADDOPTS", None)

# As at a terminal, for us and all that tests start: what a script runs in the background begins with interrupts turned off.
signal.signal(signal.SIGINT, signal.default_int_handler)

shifted_clock.hand_on()

ROOT = Path(__file__).resolve().parent.parent
QUICK = 0.005
PATIENCE = 120
"""Seconds to wait for what takes less than one where nothing else is done."""
EVERY = int(os.environ.get("PUBLER_SYNC_EVERY", "0"))
"""1 by night: sweeps disturb everything in turn. 0 in the run of a change: they take a sample of it."""
KILLED = 137
"""The exit code of a run that a test ends on the spot: it prints nothing more."""
THREE = Seed(
    workspace_id="5f000000000000000000beef",
    workspace_name="My Primary Workspace",
    accounts=(
        SeedAccount("acc00000000000000000fb01", "facebook", "My Facebook Page"),
        SeedAccount("acc000000000000000002701", "twitter", "My X Account"),
        SeedAccount("acc00000000000000001ed01", "linkedin", "Company LinkedIn Page"),
    ),
)


def _loopback_only() -> None:
    """A test that reaches for anything but this machine fails."""

    def guard(name: str) -> None:
        real = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_loopback(address[0]):
                pytest.fail(f"a test opened a connection to {address[0]}")
            return real(self, address)

        setattr(socket.socket, name, connect)

    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        if host is not None and not _is_loopback(host):
            pytest.fail(f"a test looked up {host}")
        return look_up(host, *args, **options)

    guard("connect")
    guard("connect_ex")
    socket.getaddrinfo = getaddrinfo


def _is_loopback(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


MEMORY, IN_MEMORY = Path("/dev/shm"), "publer-sync-tests-"
ROOM = 4 << 30
"""Bytes: a run writes one GB."""


def _has_memory() -> bool:
    if sys.platform != "linux" or not os.access(MEMORY, os.W_OK):
        return False
    flags, free = os.statvfs(MEMORY).f_flag, shutil.disk_usage(MEMORY).free
    told = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    available = next((int(line.split()[1]) << 10 for line in told if line.startswith("MemAvailable")), 0)
    return not flags & os.ST_NOEXEC and free >= ROOM and available >= 2 * ROOM


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Temporary files are in memory where that has room: on a disk, a run takes a seventh longer. By night they are on one."""
    turns.begin(config, every=bool(EVERY))
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in what a script starts with &
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if "PYTEST_XDIST_WORKER" in os.environ or EVERY or not _has_memory():
        return
    for old in MEMORY.glob(f"{IN_MEMORY}*"):  # those of a run that failed stay until the next one
        if not Path("/proc", old.name.removeprefix(IN_MEMORY)).exists():
            shutil.rmtree(old, ignore_errors=True)
    ours = os.getpid()
    folder = MEMORY / f"{IN_MEMORY}{ours}"
    folder.mkdir(mode=0o700)
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None

    def leave() -> None:
        session = config.pluginmanager.get_plugin("session")
        if os.getpid() == ours and getattr(session, "testsfailed", 0) == 0:
            shutil.rmtree(folder, ignore_errors=True)

    config.add_cleanup(leave)


def pytest_sessionstart() -> None:
    """Once for all tests. `tests.internet` knows the machine's own look-up by then."""
    _loopback_only()
    _count_starts()
    # No test cuts the power, and what a killed process wrote is there without. `test_durable` tests when it is called.
    os.fsync = lambda fd: None


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Of all tests, each worker first reads its share: in a new clone, each would rewrite the asserts of all otherwise."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker and session.config.args == session.config.getini("testpaths"):
        workers = int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        modules = sorted(Path(__file__).parent.rglob("test_*.py"))
        for module in modules[int(worker.removeprefix("gw")) :: workers]:
            importlib.import_module(".".join(module.relative_to(ROOT).with_suffix("").parts))


def pytest_runtestloop() -> None:
    """What is there now stays: no collection of garbage needs to go through it."""
    gc.freeze()


def pytest_unconfigure() -> None:
    """pytest collects five times at its end; what is left after the first time is not looked through again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> Generator[None, int, int]:
    """More workers than cores: tests wait a third of their time, for polls, processes and locks.

    Quick ones alone wait less, and each worker reads all tests once more.
    """
    cores = yield
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return cores
    return cores + (1 if config.option.markexpr == "not slow" else 2)


PROGRAMS = {
    *("branch_step", "branch_team", "editor", "own_process", "pages", "process", "runner", "served"),
    *("site", "talk", "unconfigured"),
}
"""Fixtures that start another program for each test, or git a hundred times."""
STORIES = {"agency", "step", "team", "two", "world"}
"""Fixtures of a calendar beside a local Publer, with which a test gives several commands."""


def pytest_itemcollected(item: pytest.Item) -> None:
    fixtures = getattr(item, "fixturenames", ())
    if not PROGRAMS.isdisjoint(fixtures):
        item.add_marker("slow")
    elif not STORIES.isdisjoint(fixtures) and not item.get_closest_marker("slow"):
        item.add_marker("story")
    if item.get_closest_marker("story"):
        item.add_marker("slow")


LONGEST = (
    "test_histories_end_well",
    "test_the_docs_list_what_no_history_meets_and_nothing_that_one_does",
    "test_the_panel_and_plan_say_the_same_of_250_random_changes",
    "test_pull_request_push_and_schedule",
    "test_a_month_with_a_crisis",
    "test_a_month_in_which_clients_leave",
    "test_source_and_wheel_have_everything_and_the_wheel_runs",
    "test_many_calendars_at_once_again_and_again_while_some_are_killed",
    "test_a_hold_at_any_request_of_an_apply_with_its_state_on_a_branch",
    "test_by_hand_hold_and_release",
    "test_a_component_for_each_calendar",
    "test_five_thousand_posts_are_no_burden",
    "test_a_request_by_form_from_its_issue_to_its_merge",
)
"""The tests that take 5 seconds of the processor or more, and most of them first."""


MOST_STARTS = 150
"""Programs that a quick test or a story may start, git above all: what starts more is marked slow, or is to be made cheaper.

Those of one test are not always as many: on a busy machine an apply waits longer, and asks git more often meanwhile.
"""

STARTED: Counter[str] = Counter()
"""The programs that this process started, by their names."""


def _count_starts() -> None:
    process: Any = subprocess.Popen
    start = process.__init__

    def started(self: Any, *given: Any, **options: Any) -> None:
        words = given[0] if given else options["args"]
        STARTED[str(words if isinstance(words, str | os.PathLike) else words[0])] += 1
        start(self, *given, **options)

    process.__init__ = started


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    before = STARTED.copy()
    result = yield
    started = STARTED - before
    slow = item.get_closest_marker("slow") and not item.get_closest_marker("story")
    if started.total() > MOST_STARTS and not slow:
        pytest.fail(f"it starts programs {started.total()} times ({started}): mark it slow, or start fewer")
    return result


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each worker begin with its share of the longest tests, then of the slow ones: one that begins last keeps all others waiting.

    Slow ones stay in the order of their files, as those of a file share what takes long to make, such as a browser.
    xdist cuts the list into as many pieces, the shorter ones first, and moves what is at their ends.
    """
    turns.take(config, items)
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    longest = [item for name in LONGEST for item in items if name_of(item) == name]
    others = [item for item in items if name_of(item) not in LONGEST]
    slow = deque(item for item in others if item.get_closest_marker("slow"))
    quick = deque(item for item in others if not item.get_closest_marker("slow"))
    ordered: list[pytest.Item] = []
    for left in range(workers, 0, -1):
        share = (len(items) - len(ordered)) // left
        mine = longest[left - 1 :: workers]
        mine += _first(slow, min(share - len(mine), len(slow) // left))
        mine += _first(quick, share - len(mine))
        ordered += [*mine, *_first(slow, share - len(mine))]
    items[:] = ordered


def _first(items: deque[pytest.Item], most: int) -> list[pytest.Item]:
    """Take them out."""
    return [items.popleft() for _ in range(min(most, len(items)))]


def name_of(item: pytest.Item) -> str:
    return str(getattr(item, "originalname", item.name))


class MakeSandbox(Protocol):
    """`Sandbox` with quick delays and three accounts where nothing else is said; running until the test ends."""

    def __call__(self, seed: Seed = ..., **options: Any) -> Sandbox: ...


@pytest.fixture
def before_march(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day before those of March 2027 that calendars of tests name: of what is past, rules only warn."""
    monkeypatch.setattr(Clock, "now", lambda _: datetime(2027, 2, 20, 9, tzinfo=UTC))


@pytest.fixture
def disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each folder is on a disk of its own: a rename from one to another is refused."""
    replace = os.replace

    def refused(source: str | Path, target: str | Path) -> None:
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refused)


@pytest.fixture
def every_kind_seen() -> Iterator[None]:
    """As in a workspace whose ledger has seen every kind of write: what the first ones do is told in tests/system/test_first_contact.py."""
    with mock.patch.object(KnownContact, "of", return_value=KnownContact()):
        yield


@pytest.fixture
def make_sandbox() -> Iterator[MakeSandbox]:
    made: list[Sandbox] = []
    with ExitStack() as stack:

        def make(seed: Seed = THREE, **options: Any) -> Sandbox:
            sandbox = stack.enter_context(Sandbox(seed, **{"poll_seconds": QUICK, **options}))
            made.append(sandbox)
            return sandbox

        yield make
    bugs = [bug for sandbox in made for bug in sandbox.bugs]
    if bugs:
        raise bugs[0]


@pytest.fixture
def sandbox(make_sandbox: MakeSandbox) -> Sandbox:
    """Three accounts, on facebook, twitter and linkedin."""
    return make_sandbox()


class Ran(NamedTuple):
    code: int
    stdout: str
    stderr: str


def run_here(
    args: Iterable[str | Path], env: Mapping[str, str], *, cwd: Path | None = None, stdin: str = ""
) -> Ran:
    """publer-sync in this process, with this environment alone: a process of its own takes a third of a second more.

    Whatever JSON it prints is held against its schema.
    """
    out, err = io.StringIO(), io.StringIO()
    code: Any = 0
    with (
        _environment({**shifted_clock.variables(), **env}),
        mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        redirect_stdout(out),
        redirect_stderr(err),
        nullcontext() if cwd is None else chdir(cwd),
        mock.patch.object(bug_log, "bug", _raise),
    ):
        words = [str(word) for word in args]
        try:
            main(words)
        except SystemExit as end:
            code = end.code
        if words and code != KILLED:
            check_printed(words, out.getvalue())
    return Ran(int(code or 0), out.getvalue(), err.getvalue())


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """This environment alone. Only what differs is changed: each variable takes as long as a system call."""
    before = dict(os.environ)
    _become(before, wanted)
    try:
        yield
    finally:
        _become(dict(os.environ), before)


def _become(now: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    for name in now.keys() - wanted.keys():
        del os.environ[name]
    for name, value in wanted.items():
        if now.get(name) != value:
            os.environ[name] = value


def _raise(error: Exception, *_: Any) -> NoReturn:
    """A bug ends the test, with its own traceback."""
    raise error


@contextmanager
def started(*words: str | Path) -> Iterator[subprocess.Popen[str]]:
    """publer-sync in a process of its own, which goes on until it is interrupted; killed after the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "publer_sync", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


class Cli(Protocol):
    """Run publer-sync against the `sandbox` fixture, unless `env` says otherwise; None takes a variable away."""

    def __call__(
        self, *args: str | Path, env: Mapping[str, str | None] | None = ..., cwd: Path | None = ...
    ) -> Ran: ...


@pytest.fixture
def cli(sandbox: Sandbox, tmp_path: Path) -> Cli:
    def run(*args: str | Path, env: Mapping[str, str | None] | None = None, cwd: Path | None = None) -> Ran:
        variables: dict[str, str | None] = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PUBLER_BASE_URL": sandbox.url,
            "PUBLER_API_KEY": sandbox.key,
            "PUBLER_SYNC_POLL_SECONDS": str(sandbox.poll_seconds),
            **(env or {}),
        }
        kept = {name: value for name, value in variables.items() if value is not None}
        return run_here(args, kept, cwd=cwd or tmp_path)

    return run


def pytest_report_header() -> list[str]:
    return [*shifted_clock.header(), *turns.header()]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many disturbed runs were tried: a sweep is one test, and each of its cases is worth counting."""
    counts: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                name = Path(report.location[0]).stem
                counts[name] += sum(value for key, value in report.user_properties if key == "cases")
    if counts.total():
        told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()) if count)
        terminalreporter.write_line(f"{counts.total()} disturbed runs, each put right by the next: {told}")
