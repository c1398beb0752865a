"""Runs publer-sync in processes that can be killed: a server that forks itself for each, so that none has to start anew.

Each line of stdin is a JSON object, and a line comes back for each. With `argv`, `env`, `out` and `err` (files), and
`die_at`, it starts a process, whose id comes back; the how-manieth of the calls that make a file durable (fsync,
replace) is not made, since the process kills itself before it, as hard as a power cut. With `wait`, an id, the line says
how that process ended. The first line of stdout says that all is imported. Kept free of threads: forking wants that.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from publer_sync.cli import main as cli
from tests import ready

if TYPE_CHECKING:
    from collections.abc import Callable


def _die_at(nth: int) -> None:
    left = nth

    def mortal(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **options)

        return call

    os.fsync, os.replace = mortal(os.fsync), mortal(os.replace)


def _without_waiting_for_the_disk() -> None:
    """What a killed process wrote is there without fsync."""
    os.fsync = lambda fd: None


def _run(order: dict[str, Any]) -> None:
    for stream, (file, flags) in enumerate(
        (
            (os.devnull, os.O_RDONLY),
            (order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
            (order["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        )
    ):
        os.dup2(os.open(file, flags, 0o600), stream)
    os.environ.update(order["env"])
    if order["die_at"]:
        _die_at(order["die_at"])
    cli.main(order["argv"])


def main() -> None:
    ready.import_all()
    _without_waiting_for_the_disk()
    print("ready", flush=True)  # noqa: T201 - the process that started this one reads it
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            print(os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1]), flush=True)  # noqa: T201 - the process that started this one reads it
            continue
        child = os.fork()
        if child == 0:
            ready.ended(partial(_run, order))
        print(child, flush=True)  # noqa: T201 - the process that started this one reads it


if __name__ == "__main__":
    main()
