"""`publer-sync sandbox`: runs a local stand-in for Publer until it is stopped."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from publer_sync.clock import Clock
from publer_sync.commands.environment import Environment
from publer_sync.commands.local_sandbox import offset_of, seed_of
from publer_sync.commands.shared import folder, say
from publer_sync.errors import SettingsError, UsageError
from publer_sync.printable import printable_line
from publer_sync.sandbox import Faults, Sandbox, SandboxFileError
from publer_sync.sandbox.demo import DEMO, fill
from publer_sync.sandbox.tempers import TEMPERS, set_tempers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def run(
    calendar_path: Path | None,
    *,
    port: int,
    file: Path | None,
    now: str | None,
    demo: bool,
    tempers: Sequence[str] = (),
) -> int:
    faults = _faults(tempers)
    top = folder(calendar_path)
    calendar = None
    if calendar_path is not None or (top / "publer.yaml").is_file():
        from publer_sync.calendar.load import read

        calendar = read(top)
    zone = calendar.settings.timezone if calendar else "UTC"
    environment = Environment.of(os.environ)
    clock = Clock(offset_of(file, now, zone))

    try:
        with (
            suppress(KeyboardInterrupt),
            Sandbox(
                DEMO if demo else seed_of(calendar),
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


def _faults(tempers: Sequence[str]) -> Faults:
    """Raises UsageError for a name that is no temper."""
    faults = Faults()
    unknown = [name for name in tempers if name not in TEMPERS]
    if unknown:
        known = "".join(f"\n  {name:<18}{temper.says}" for name, temper in TEMPERS.items())
        raise UsageError(
            f'"{printable_line(unknown[0], 40)}" is not a temper of the sandbox',
            hint=f"It has these; --temper may be given several times:{known}",
        )
    set_tempers(faults, tempers)
    return faults
