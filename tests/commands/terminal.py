"""A terminal whose transcript is kept: commands one after the other in this process, beside a local Publer whose clock is set."""

from __future__ import annotations

import os
import re
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from publer_sync.commands import move, new
from publer_sync.commands.running import shared
from publer_sync.machine.clock import Clock
from tests.conftest import run_here
from tests.stored import steady, ticked

if TYPE_CHECKING:
    import pytest

    from publer_sync.sandbox import Sandbox

HERE = Path(__file__).parent / "stored"
NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
"""A Monday, at 9:00 in Oslo."""
SETTINGS = """\
workspace: My Primary Workspace
timezone: Europe/Oslo
accounts:
  facebook: My Facebook Page
  x: My X Account
  linkedin: Company LinkedIn Page
"""
_NOW = re.compile(r"([T ])(\d\d):?\d\d:?[345]\d(?![0-9a-f])(\.\d+)?")
"""Half a minute after a full one, to which no post is scheduled."""


class Terminal:
    """`said` has each command and what it printed."""

    def __init__(self, sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sandbox, self.folder = sandbox, folder
        self.said: dict[str, str] = {}
        self.passed = timedelta(0)
        began = time.monotonic()

        def now(*_: object) -> datetime:
            return NOW + timedelta(seconds=30) + self.passed + ticked(began)

        monkeypatch.setattr(Clock, "now", now)
        object.__setattr__(sandbox._context, "now", now)
        sandbox.faults.rate_limit = 999  # how many requests are left hangs on how quick the machine is
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TZ": "UTC",
            "PUBLER_BASE_URL": sandbox.url,
            "PUBLER_API_KEY": sandbox.key,
            "PUBLER_SYNC_POLL_SECONDS": str(sandbox.poll_seconds),
            "PUBLER_SYNC_STATE": "state",
            "COLUMNS": "100",
        }

    def write(self, name: str, text: str | None) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")

    def read(self, name: str) -> None:
        """Put a file into the transcript."""
        self.said[f"{len(self.said) + 1}. {name}"] = self._steady(
            (self.folder / name).read_text(encoding="utf-8")
        )

    def run(
        self, line: str, *words: str, stdin: str = "", asks: str | None = None, **env: str | None
    ) -> None:
        """A line of words without quotes, and further words as they are. `asks`: somebody is there, and answers that."""
        kept = {name: value for name, value in {**self.env, **env}.items() if value is not None}
        with ExitStack() as stack:
            for module in (shared, new, move):
                stack.enter_context(mock.patch.object(module, "can_ask", return_value=asks is not None))
            ran = run_here([*line.split(), *words], kept, cwd=self.folder, stdin=asks or stdin)
        answered = [f"# answered {asks!r}"] if asks is not None else []
        title = " ".join(
            [line, *map(repr, words), *answered, *(f"{name}={value}" for name, value in env.items())]
        )
        aside = self._steady(ran.stderr)
        parts = [f"ends with {ran.code}", self._steady(ran.stdout), *(["--- stderr", aside] if aside else [])]
        self.said[f"{len(self.said) + 1}. {title}"] = "\n".join(parts)

    def wait(self, **parts: float) -> None:
        """Let time pass, after which nothing of before is still under way."""
        self.passed += timedelta(**parts)

    def all(self, *lines: str, **options: Any) -> None:
        for line in lines:
            self.run(line, **options)

    def _steady(self, text: str) -> str:
        return _NOW.sub(
            r"\1NOW", steady(text, HERE=self.folder, URL=self.sandbox.url, TEMP=tempfile.gettempdir())
        )
