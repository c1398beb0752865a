"""`publer-sync sandbox`: runs a local stand-in for Publer until it is stopped."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.local_sandbox import offset_of, seed_of
from publer_sync.commands.running.shared import folder, say
from publer_sync.machine.clock import Clock
from publer_sync.sandbox import Sandbox, SandboxFileError
from publer_sync.sandbox.demo import DEMO, fill
from publer_sync.sandbox.likeness import Likeness, TraceFileError, likeness
from publer_sync.sandbox.tempers import TEMPERS, set_tempers
from publer_sync.values.errors import InputError, SettingsError, UsageError
from publer_sync.values.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from publer_sync.sandbox import Faults


def run(
    calendar_path: Path | None,
    *,
    port: int,
    file: Path | None,
    now: str | None,
    demo: bool,
    tempers: Sequence[str] = (),
    like: Path | None = None,
) -> int:
    shown = _likeness(like) if like is not None else Likeness()
    faults = _with_tempers(shown.faults, tempers)
    top = folder(calendar_path)
    calendar = None
    if calendar_path is not None or (top / "publer.yaml").is_file():
        from publer_sync.calendar.load import read

        calendar = read(top)
    zone = calendar.settings.timezone if calendar else "UTC"
    seed = DEMO if demo else seed_of(calendar)
    if shown.refuses is not None:
        faults.refuse = {account.id: shown.refuses for account in seed.accounts}
    environment = Environment.of(os.environ)
    clock = Clock(offset_of(file, now, zone))

    try:
        with (
            suppress(KeyboardInterrupt),
            Sandbox(
                seed,
                file=file,
                poll_seconds=environment.poll_seconds,
                now=clock.now,
                port=port,
                faults=faults,
                log=False,
            ) as sandbox,
        ):
            if demo:
                fill(sandbox, clock.now())
            for says in shown.says:
                say(f"Like {like}: Publer {says}.")
            if like is not None and not shown.says:
                say(f"{like} shows nothing that differs from the sandbox on a good day.")
            for name in tempers:
                say(f"Publer {TEMPERS[name].says} ({name}).")
            say(
                "The sandbox is ready; it publishes nothing. In another terminal:\n"
                f"  export PUBLER_BASE_URL={sandbox.url} PUBLER_API_KEY={sandbox.key}\n"
                "Press Ctrl-C to stop it."
            )
            while True:
                time.sleep(3600)
    except OSError as error:
        raise SettingsError(
            f"port {port} cannot be used: {error.strerror}",
            code="sandbox.port",
            hint="Choose another: --port 0 finds one.",
        ) from error
    except SandboxFileError as error:
        raise SettingsError(str(error), code="sandbox.file", hint=error.fix) from error
    return 0


def _likeness(file: Path) -> Likeness:
    """Raises InputError for a file that is no trace."""
    try:
        return likeness(file)
    except TraceFileError as error:
        raise InputError(
            str(error), hint="Give what `--trace` or `doctor --survey --format json` wrote, unchanged."
        ) from error
    except OSError as error:
        raise InputError(f"{file} can't be read: {error.strerror}") from error


def _with_tempers(faults: Faults, tempers: Sequence[str]) -> Faults:
    """Raises UsageError for a name that is no temper."""
    unknown = [name for name in tempers if name not in TEMPERS]
    if unknown:
        known = "".join(f"\n  {name:<18}{temper.says}" for name, temper in TEMPERS.items())
        raise UsageError(
            f'"{printable_line(unknown[0], 40)}" is not a temper of the sandbox',
            hint=f"It has these; --temper may be given several times:{known}",
        )
    set_tempers(faults, tempers)
    return faults
