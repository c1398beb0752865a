"""`publer-sync edit`: the studio, a calendar as a page on this machine on which posts are written and moved."""

from __future__ import annotations

import os
import secrets
import webbrowser
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from publer_sync.commands.beside.live_marks import LiveMarks
from publer_sync.commands.beside.watching import saves
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.running.frame import Frame
from publer_sync.commands.running.shared import folder, say
from publer_sync.machine.clock import Clock
from publer_sync.machine.extras import PREVIEW, require
from publer_sync.machine.own_folder import FOLDER, make_own_folder
from publer_sync.studio.keys import PostKeys
from publer_sync.studio.open_calendar import OpenCalendar
from publer_sync.studio.serving import StudioServer
from publer_sync.studio.studio import Studio
from publer_sync.values.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from publer_sync.calendar.load import Calendar
    from publer_sync.commands.running.choice import Choice


def run(calendars: Sequence[Path], choice: Choice, *, port: int, opens: bool, read_only: bool) -> int:
    """Serve until stopped. `opens` the page in a browser."""
    require(PREVIEW)
    frame = Frame.of(calendars, choice, style="text", offline=True)
    tops = [folder(top) for top in frame.tops]
    clock = _clock(tops[0], choice)
    saved = saves(tops)
    studio = studio_of(tops, read_only=read_only, now=clock.now)
    try:
        server = StudioServer(studio, port)
    except OSError as error:
        raise SettingsError(
            f"port {port} cannot be used: {error.strerror}",
            code="edit.port",
            hint="Choose another: --port 0 finds one.",
        ) from error
    if choice.sandbox or Environment.of(os.environ).key is not None:
        LiveMarks(studio, frame).start()
    with server, suppress(KeyboardInterrupt):  # which ends it, as it says
        server.ask_in = lambda address: say(f"A browser asked for the page. If it was yours, open {address}")
        say(
            f"{server.entrance} is the calendar, to read and to edit. The address works once. Press Ctrl-C to stop."
        )
        Thread(target=studio.begin, daemon=True).start()
        with _way_in(tops[0], server.entrance) as address:
            if opens:
                Thread(target=webbrowser.open, args=(address,), daemon=True).start()
            for _ in saved:
                studio.follow()
    return 0


@contextmanager
def _way_in(top: Path, entrance: str) -> Iterator[str]:
    """The address of a file that only this user can read, and that leads in: everybody sees the arguments of a browser."""
    file = top / FOLDER / f"open-{secrets.token_hex(8)}.html"
    page = f'<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url={entrance}"><a href="{entrance}">Open the calendar</a>\n'
    try:
        make_own_folder(file.parent)
        for old in file.parent.glob("open-*.html"):
            old.unlink(missing_ok=True)
        with os.fdopen(
            os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as new:
            new.write(page)
    except OSError:
        yield entrance.partition("?")[0]  # which says where the whole address is
        return
    try:
        yield file.resolve().as_uri()
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _clock(top: Path, choice: Choice) -> Clock:
    """The sandbox's, where there is one."""
    if not choice.sandbox:
        return Clock()
    from publer_sync.commands.reaching.local_sandbox import offset_of

    file = choice.sandbox_file or top / FOLDER / "sandbox.db"
    return Clock(offset_of(file, choice.now, read(top).settings.timezone))


def studio_of(tops: Sequence[Path], *, read_only: bool, now: Callable[[], datetime]) -> Studio:
    """These calendars, open. Raises SettingsError where one cannot be read."""
    workspace = Environment.of(os.environ).workspace

    def opened(number: int, top: Path) -> OpenCalendar:
        def reading(instead: Mapping[str, bytes | None]) -> Calendar:
            return read(top, workspace_env=workspace, instead=instead)

        return OpenCalendar(number, top, reading, PostKeys(f"{number}-"), now)

    return Studio([opened(*each) for each in enumerate(tops)], now, read_only=read_only)
