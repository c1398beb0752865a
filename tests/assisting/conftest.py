"""A client of the official SDK, connected to the real process over its stdin and stdout."""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests import ready

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

T = TypeVar("T")
NOW = ("--sandbox", "--now", "2027-02-20")
SETTINGS = """\
workspace: Fjordlight
timezone: Europe/Oslo
accounts:
  x: Fjordlight
  linkedin: Fjordlight
"""
POSTS = """\
accounts: x
posts:
- id: launch
  at: 2027-03-02 09:00
  text: |
    We launched!
- id: again
  at: 2027-03-09 09:00
  accounts: [x, linkedin]
  text: |
    Once more.
"""


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    """Two posts in a folder of their own."""
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (top / "march.yaml").write_text(POSTS, encoding="utf-8")
    return top


class Talk(Protocol):
    """Start `publer-sync mcp ARGS`, do something with a client of it, and end it."""

    def __call__(
        self,
        talk: Callable[[Client], Awaitable[T]],
        *args: str | Path,
        env: Mapping[str, str] | None = ...,
        cwd: Path | None = ...,
        mode: Any = ...,
        program: tuple[str, ...] = ...,
    ) -> T: ...


def mcp_ready(folder: Path) -> Path:
    """The program, which has imported what its servers need."""
    return ready.program(folder / "bin", "mcp", "publer_sync.assisting.server")


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    def run(
        talk: Callable[[Client], Awaitable[T]],
        *args: str | Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        mode: Any = "auto",
        program: tuple[str, ...] = (),
    ) -> T:
        kept = {name: value for name, value in os.environ.items() if name.startswith(("COVERAGE", "PYTHON"))}
        variables = {**kept, "HOME": str(tmp_path), "PUBLER_SYNC_POLL_SECONDS": "0.01", **(env or {})}
        command, *before = (sys.executable, *program) if program else (str(mcp_ready(tmp_path)),)
        started = StdioServerParameters(
            command=command,
            args=[*before, "mcp", *map(str, args)],
            env=variables,
            cwd=cwd or tmp_path,
        )

        async def meet() -> T:
            with (tmp_path / "stderr.txt").open("a", encoding="utf-8") as errors:
                async with Client(stdio_client(started, errlog=errors), mode=mode) as client:
                    return await talk(client)

        # The browser of other tests, which stays open, has its event loop running in this thread.
        with ThreadPoolExecutor(1) as own:
            return own.submit(asyncio.run, asyncio.wait_for(meet(), 100)).result()

    return run


def words(result: Any) -> str:
    """The text of an answer."""
    [content] = result.content
    return str(content.text)
