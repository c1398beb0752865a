"""The program `publer-sync` for tests that call it in shells: it forks a process that has imported everything.

Starting Python and importing takes several times as long as a command. What a start shows has tests of its own.

As a program it is that process. With a socket's path as its first argument it answers each connection, which brings stdin, stdout
and stderr, and a JSON object with the arguments, the folder and the environment: it runs the command in a fork of itself,
and sends back its exit code. It ends once its stdin is closed.
"""

from __future__ import annotations

import atexit
import functools
import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

NOW = "TESTS_NOW"
"""The variable with the moment at which the clock of a command begins, where that is not the true one."""
ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {"__main__", "action", "assisting", "cli", "studio"}
"""What no command imports late that these tests call."""
LIBRARIES = (
    "PIL.Image",
    "click",
    "filelock",
    "icalendar",
    "jinja2",
    "jsonschema",
    "markdown_it",
    "requests",
    "yaml",
)
CLIENT = """\
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({path!r})
    told = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [len(told).to_bytes(4, "big")], [0, 1, 2])
    server.sendall(told)
    sys.exit(int(server.recv(9)))
"""


def import_all(*also: str) -> None:
    """What a command imports late takes several times as long as the command itself here."""
    import publer_sync

    for name in (*LIBRARIES, *also):
        importlib.import_module(name)
    for found in pkgutil.walk_packages(publer_sync.__path__, "publer_sync."):
        if found.name.split(".")[1] not in LEFT_OUT:
            importlib.import_module(found.name)


def program(folder: Path, *also: str) -> Path:
    """Write the program into this folder, for `PATH`; `also` are further modules to have imported."""
    file = folder / "publer-sync"
    command = f'-IS "{_client(*also)}"' if hasattr(os, "fork") else "-m publer_sync"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n', encoding="utf-8")
    file.chmod(0o755)
    return file


@functools.cache
def _client(*also: str) -> Path:
    """What asks the process that forks, which is one for all that this process starts with the same modules."""
    folder = Path(tempfile.mkdtemp(prefix="ready-"))
    path = str(folder / "socket")
    client = folder / "client.py"
    client.write_text(CLIENT.format(path=path), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ready", path, *also],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    atexit.register(process.wait)
    atexit.register(process.stdin.close)
    while not Path(path).exists() and process.poll() is None:
        time.sleep(0.01)
    return client


# --- the process that forks -----------------------------------------------------------------------------------------


def main(path: str, *also: str) -> None:
    import_all(*also)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{path}.new")
        listener.listen()
        Path(f"{path}.new").rename(path)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                listener.close()
                _answer(connection)
                os._exit(0)
            connection.close()
    shutil.rmtree(Path(path).parent)


def _answer(connection: socket.socket) -> None:
    length, files, _, _ = socket.recv_fds(connection, 4, 3)
    told = b""
    while len(told) < int.from_bytes(length, "big"):
        told += connection.recv(1 << 20)
    words, folder, environment = json.loads(told)
    child = os.fork()
    if child == 0:
        connection.close()
        for stream, file in enumerate(files):
            os.dup2(file, stream)
            os.close(file)
        # What they are is found out when they are made: where they lead, and whether they can be gone back in.
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        time.tzset()
        if NOW in environment:
            _begin_at(datetime.fromisoformat(environment[NOW]))
        from publer_sync.cli.main import main as command

        ended(lambda: command(words))
    for file in files:
        os.close(file)
    connection.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def _begin_at(moment: datetime) -> None:
    """Shift what this fork takes its times from."""
    from publer_sync.machine import clock
    from publer_sync.sandbox import sandbox

    ahead = moment - datetime.now(UTC)

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + ahead

    for module in (clock, sandbox):
        module.datetime = Shifted  # type: ignore[attr-defined]  # the module did not declare that it hands this on


def ended(run: Callable[[], Any]) -> None:
    """End this fork as a process ends that does this."""
    code = 70
    try:
        run()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 — printed with its traceback, as Python does at the end of a process
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])
