"""`edit` on the command line, and the marks of what plan would do."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import sys
import webbrowser
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from publer_sync.commands import edit
from publer_sync.commands.beside import live_marks
from publer_sync.commands.beside.live_marks import LiveMarks
from publer_sync.commands.edit import _way_in, studio_of
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.frame import Frame
from publer_sync.studio.serving import StudioServer
from tests.conftest import PATIENCE, started
from tests.studio.desk import Desk
from tests.system.worlds import DAY, T
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli

FIRST, NEXT, LATER = (f"{T + days * DAY:%Y-%m-%d}" for days in range(3))
POSTS = f"posts:\n- {{id: one, at: {FIRST} 09:00, accounts: x, text: One}}\n"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: My X Account}\n")
    (top / "posts.yaml").write_text(POSTS)
    return top


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--read-only",)], ids=["writes", "reads"])
def test_the_address_in_the_terminal_opens_the_page(top: Path, options: tuple[str, ...]) -> None:
    with started("edit", top, "--no-open", "--port", "0", *options) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.match(r"http://127\.0\.0\.1:(\d+)/\?token=([\w-]{43}) ", line)
        assert found, line
        server = mock.Mock(port=int(found[1]), address=f"http://127.0.0.1:{found[1]}/")
        desk = Desk(server, top)
        desk.enter(found[2])
        assert "data-studio" in desk.page
        told = desk.ask("GET", f"/?token={found[2]}", headers={"Cookie": None})
        assert (told.status, b"used already" in told.raw) == (403, True)
        again = process.stderr.readline()
        assert "If it was yours, open http://127.0.0.1:" in again
        assert found[2] not in again
        assert Desk(server, top).enter(again.partition("token=")[2].strip()).status == 200
        assert desk.do("one", move={"day": NEXT}).status == (403 if options else 200)
        assert (NEXT in desk.read("posts.yaml")) is not bool(options)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert process.stderr.read() == ""


def test_nobody_else_on_the_machine_sees_the_way_in(top: Path) -> None:
    """The arguments of a browser can be seen by all, and so can the file's name, but not what is in it."""
    with _way_in(top, "http://127.0.0.1:1/?token=knock-knock") as address:
        assert "knock-knock" not in address
        file = Path(url2pathname(urlsplit(address).path))
        assert "http://127.0.0.1:1/?token=knock-knock" in file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert (file.parent / ".gitignore").read_text() == "*\n"
    assert not file.exists()
    with (
        mock.patch.object(os, "open", side_effect=PermissionError(13, "no")),
        _way_in(top, "http://127.0.0.1:1/?token=knock-knock") as address,
    ):
        assert address == "http://127.0.0.1:1/"


def test_a_browser_is_sent_to_a_file_that_leads_in_unless_somebody_wants_none(top: Path, cli: Cli) -> None:
    left = top / ".publer-sync" / "open-of-a-run-that-was-killed.html"
    left.parent.mkdir()
    left.touch()
    sent: SimpleQueue[str] = SimpleQueue()
    opened: list[str] = []

    def ctrl_c(_: str) -> None:
        raise KeyboardInterrupt

    def stopped(_: object) -> Iterator[None]:
        """Until a browser was sent, and then Ctrl-C."""
        with suppress(Empty):
            address = sent.get(timeout=PATIENCE if opens else 0)
            opened.append(Path(url2pathname(urlsplit(address).path)).read_text("utf-8"))
        yield from map(ctrl_c, ["pressed"])

    with (
        mock.patch.object(webbrowser, "open", sent.put),
        mock.patch.object(edit, "saves", stopped),
        mock.patch.object(LiveMarks, "start") as marks,
    ):
        for opens in (True, False):
            ran = cli(
                "edit", top, "--port", "0", *(() if opens else ("--no-open",)), env={"PUBLER_API_KEY": None}
            )
            assert ran.code == 0
            assert len(opened) == 1
            assert not [*left.parent.glob("open-*")]
            assert (ran.stderr.split()[0] in opened[0]) is opens
    assert not marks.called, "without a key nothing is compared"


def test_a_port_that_is_taken_and_a_folder_without_a_calendar_are_told(
    cli: Cli, top: Path, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = cli("edit", top, "--no-open", "--port", str(taken.getsockname()[1]))
    assert (ran.code, "--port 0 finds one" in ran.stderr) == (1, True)
    assert cli("edit", tmp_path / "nothing", "--no-open").code == 1


def test_with_a_key_the_page_marks_what_plan_would_do(top: Path, cli: Cli, sandbox: Sandbox) -> None:
    assert cli("apply", top, "--yes").code == 0
    requests = len(sandbox.requests)
    (top / "posts.yaml").write_text(POSTS.replace(FIRST, LATER))
    studio = studio_of([top], read_only=False, now=lambda: datetime.now(UTC))
    environ = {"PUBLER_BASE_URL": sandbox.url, "PUBLER_API_KEY": sandbox.key, "PATH": os.environ["PATH"]}
    marks = LiveMarks(studio, Frame.of([top], Choice(), style="text", offline=True))
    with StudioServer(studio, 0) as server, mock.patch.dict(os.environ, environ, clear=True):
        desk = Desk(server, top)
        desk.enter(server.guard.token)
        assert desk.post("one")["marks"] == ""
        version = desk.get("/studio/posts")["version"]
        marks.ask()
        marked = desk.post("one")["marks"]
        assert marked
        assert desk.get("/studio/posts")["version"] == version + 1
        key = desk.post("one")["key"]
        assert "m-move" in desk.get(f"/studio/cards?keys={key}")["cards"][key][0]
        assert "m-move" in desk.page
        assert desk.get("/studio/posts")["calendars"][0]["compared"].startswith("Compared with Publer on ")
        assert desk.do("one", edit={"text": "Two"}).status == 200
        assert desk.post("one")["marks"] == ""  # it was compared as it was
        marks.ask()
        assert desk.post("one")["marks"] not in ("", marked)
        (top / "posts.yaml").write_text("posts:\n- {at: never, accounts: x, text: One}\n")
        marks.ask()
        said = desk.get("/studio/posts")["calendars"][0]["compared"]
        assert said == "Not compared with Publer: the calendar has errors."
    assert {each.method for each in sandbox.requests[requests:]} == {"GET"}


def test_while_the_page_is_served_publer_is_asked_by_the_clock_of_the_page(
    top: Path, cli: Cli, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rehearsal at another time leaves its clock behind, which counts for rehearsals alone."""
    asked, pages, told = Event(), list[str](), list[str]()

    def sleep(_: float) -> None:
        asked.set()
        Event().wait()  # nothing more is asked

    def saved(_: object) -> Iterator[None]:
        assert asked.wait(PATIENCE)
        printed: Any = sys.stderr
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=([\w-]{43}) ", printed.getvalue())
        assert found
        desk = Desk(mock.Mock(port=int(found[1]), address=f"http://127.0.0.1:{found[1]}/"), top)
        desk.enter(found[2])
        pages.append(desk.page)
        told.append(desk.get("/studio/posts")["calendars"][0]["compared"])
        yield from ()
        raise KeyboardInterrupt

    monkeypatch.setattr(live_marks, "time", SimpleNamespace(sleep=sleep))
    for words in (("--sandbox", "--now", "2199-03-02 09:00"), ()):
        asked.clear()
        with mock.patch.object(edit, "saves", saved):
            env = {"PUBLER_API_KEY": None} if words else {}
            ran = cli("edit", top, "--port", "0", "--no-open", *words, env=env)
        assert ran.code == 0, ran
        assert {each.method for each in sandbox.requests} == (set() if words else {"GET"})
        assert told[-1].startswith("Compared with Publer on ")
    assert ['="2199-03-02T09:00' in page for page in pages] == [True, False]
    assert ["2199-03" in page for page in pages] == [True, False]
    assert [" Sat 2 Mar 09:0" in each for each in told] == [True, False]


@each_of("words", [("edit", "--no-open"), ("preview", "--serve"), ("results", "--format", "html")])
def test_a_package_that_a_page_needs_is_missed_before_anything_else(
    top: Path, cli: Cli, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    ran = cli(words[0], top, *words[1:])
    told = "error: a web page needs the package watchfiles, which is not installed\n"
    assert (ran.code, ran.stderr.startswith(told), sandbox.requests) == (1, True, []), ran
