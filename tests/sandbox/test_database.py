"""The file of the sandbox: what it outlives, who shares it, and which files are refused."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from publer_sync.sandbox import Sandbox, SandboxFileError, Seed, SeedAccount, reached
from publer_sync.sandbox.tables import not_modelled
from tests.conftest import PATIENCE
from tests.sandbox.conftest import FACEBOOK, NOW, Client, Movable, item, messages

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import MakeSandbox


def test_the_file_outlives_the_server(make_sandbox: MakeSandbox, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "sandbox.db"
    first = Client(make_sandbox(file=file, now=lambda: NOW))
    first.create(item())
    first.sandbox.close()
    more = Seed(
        "5f000000000000000000beef", "Renamed", (SeedAccount("acc000000000000000000999", "bluesky", "New"),)
    )
    second = Client(make_sandbox(more, file=file, now=lambda: NOW))
    assert second.texts() == ["Hello"]
    assert [account["provider"] for account in second("GET", "/accounts").data] == [
        "facebook",
        "twitter",
        "linkedin",
        "bluesky",
    ]
    assert second("GET", "/workspaces").data[0]["name"] == "Renamed"


def test_a_job_outlives_the_server_and_runs_at_its_own_moment(
    make_sandbox: MakeSandbox, tmp_path: Path
) -> None:
    """A later process with another clock finds what an uninterrupted service would have made."""
    file = tmp_path / "sandbox.db"
    first = Client(make_sandbox(file=file, now=lambda: NOW, poll_seconds=0.05))
    job = first.queue(item(at=NOW + timedelta(minutes=2)))
    first.sandbox.close()
    later = NOW + timedelta(minutes=2, seconds=30)
    second = Client(make_sandbox(file=file, now=lambda: later, poll_seconds=0.05))
    second.sandbox.settle()
    assert second("GET", f"/job_status/{job}").data["payload"] == {"failures": {}}
    assert second.texts() == ["Hello"]


def test_workspaces_in_one_file_do_not_see_each_other(make_sandbox: MakeSandbox, tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    here = Client(make_sandbox(file=file, now=lambda: NOW))
    account = SeedAccount("acc000000000000000000999", "facebook", "Other")
    there = Client(
        make_sandbox(Seed("5f000000000000000000cafe", "Other", (account,)), file=file, now=lambda: NOW)
    )
    one_id = here.sandbox.add(account_id=FACEBOOK, at=NOW + timedelta(hours=1), text="here")
    job = here.queue(item(at=NOW + timedelta(hours=2)))
    assert there.listed() == []
    assert there("PUT", f"/posts/{one_id}", {"post": {"text": "x"}}).status == 404
    assert there("DELETE", f"/posts?post_ids[]={one_id}").data == {"deleted_ids": []}
    assert there("DELETE", "/posts").data == {"deleted_ids": []}
    assert there("GET", f"/job_status/{job}").data == {"status": None}
    assert len(there("GET", "/accounts").data) == 1
    assert messages(there.create(item())) == [not_modelled("Account not found")]


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    file.write_text("something else\n" * 100)
    with pytest.raises(SandboxFileError, match="cannot be used"):
        Sandbox(Seed(), file=file)
    assert file.read_text() == "something else\n" * 100


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "places.db"
    with closing(sqlite3.connect(file)) as db:
        db.executescript("CREATE TABLE posts (id); CREATE TABLE bookmarks (url)")
    before = file.read_bytes()
    with pytest.raises(SandboxFileError, match="another program's"):
        Sandbox(Seed(), file=file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("wrote", [True, False], ids=["", "by an earlier version"])
def test_a_clock_that_goes_back_is_refused_and_the_file_to_remove_named(
    make_sandbox: MakeSandbox, tmp_path: Path, wrote: bool
) -> None:
    """Otherwise what was published would seem to have been published early."""
    file = tmp_path / "sandbox.db"
    first = Client(make_sandbox(file=file, now=lambda: NOW))
    first.create(item())
    first.sandbox.close()
    if not wrote:
        with closing(sqlite3.connect(file)) as db:
            db.executescript("DROP TABLE reached")
    make_sandbox(file=file, now=lambda: NOW - timedelta(minutes=1)).close()
    with pytest.raises(SandboxFileError, match="can't go back to 2027-03-01 07:58 UTC"):
        make_sandbox(file=file, now=lambda: NOW - timedelta(seconds=61))
    with pytest.raises(SandboxFileError, match="can't go back to 2027-03-01 07:00 UTC") as error:
        make_sandbox(file=file, now=lambda: NOW - timedelta(hours=1))
    assert str(file) in error.value.fix
    later = make_sandbox(file=file, now=lambda: NOW + timedelta(hours=2))
    assert [post["state"] for post in later.posts()] == ["published"]
    later.close()
    with pytest.raises(SandboxFileError, match="has reached 2027-03-01 10:00"):
        make_sandbox(file=file, now=lambda: NOW)


def test_what_was_published_while_it_ran_holds_the_clock_too(
    make_sandbox: MakeSandbox, tmp_path: Path
) -> None:
    file, clock = tmp_path / "sandbox.db", Movable()
    first = Client(make_sandbox(file=file, now=clock))
    first.create(item())
    clock.now = NOW + timedelta(hours=5)
    assert first.listed()[0]["state"] == "published"
    first.sandbox.close()
    with pytest.raises(SandboxFileError, match="has reached 2027-03-01 09:00"):
        make_sandbox(file=file, now=lambda: NOW)


@pytest.mark.parametrize("place", ["folder", "file/below.db"])
def test_a_file_that_cannot_be_made_is_an_error_of_its_own(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(SandboxFileError, match="cannot be used as a sandbox file"):
        Sandbox(Seed(), file=tmp_path / place)


def test_a_file_says_which_version_wrote_it_and_is_one_file_once_it_is_closed(
    make_sandbox: MakeSandbox, tmp_path: Path
) -> None:
    file = tmp_path / "sandbox.db"
    client = Client(make_sandbox(file=file, now=lambda: NOW))
    client.create(item())
    with pytest.raises(OSError, match="in use"):
        make_sandbox(file=file, now=lambda: NOW, port=client.base.port)
    assert len([*tmp_path.iterdir()]) > 1
    client.sandbox.close()
    assert [*tmp_path.iterdir()] == [file]
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_request_that_fails_in_the_middle_leaves_nothing(make_sandbox: MakeSandbox) -> None:
    """Not even that it was counted."""
    client = Client(make_sandbox(now=lambda: NOW))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(client.sandbox._service, "tick", lambda: 1 / 0)
        assert client("GET", "/workspaces").status == 599
    client.sandbox.bugs.clear()
    assert client("GET", "/workspaces").headers["X-RateLimit-Remaining"] == "99"


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 2")
    db.close()
    with pytest.raises(SandboxFileError, match="newer version"):
        Sandbox(Seed(), file=file)


@pytest.mark.parametrize(("busy", "opens"), [(3, True), (1000, False)])
def test_another_process_may_be_preparing_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, busy: int, opens: bool
) -> None:
    """SQLite does not always wait its time-out for a change of the journal's mode."""
    left = [busy]

    class Busy(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if "journal_mode" in sql and left[0]:
                left[0] -= 1
                raise sqlite3.OperationalError("database is locked")
            return super().execute(sql, *values)

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: real(*args, factory=Busy, **options))
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    if opens:
        Sandbox(Seed(), file=tmp_path / "sandbox.db").close()
        assert left == [0]
    else:
        with pytest.raises(SandboxFileError, match="database is locked"):
            Sandbox(Seed(), file=tmp_path / "sandbox.db")


@pytest.mark.parametrize(("free", "full"), [(64 * 1024 - 1, True), (64 * 1024, False), (None, False)])
def test_a_full_disk_is_told_from_what_else_keeps_a_file_from_being_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int | None, full: bool
) -> None:
    """SQLite speaks of an I/O error then, or of nothing that it can open."""

    def usage(folder: Path) -> Any:
        assert folder == tmp_path
        if free is None:
            raise OSError
        return SimpleNamespace(free=free)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    (tmp_path / "folder").mkdir()
    with pytest.raises(SandboxFileError) as error:
        Sandbox(Seed(), file=tmp_path / "folder")
    assert str(error.value).endswith(": the disk is full") is full
    assert error.value.fix.startswith("Make room on that disk" if full else "Give another file")


def test_a_disk_that_is_full_for_sqlite_is_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Full(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            raise sqlite3.OperationalError("database or disk is full")

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: real(*args, factory=Full, **options))
    with pytest.raises(SandboxFileError, match="the disk is full"):
        Sandbox(Seed(), file=tmp_path / "sandbox.db")


def test_how_far_a_sandbox_came_is_read_from_its_file_alone(
    make_sandbox: MakeSandbox, tmp_path: Path
) -> None:
    file, text, other = tmp_path / "sandbox.db", tmp_path / "text.db", tmp_path / "other.db"
    text.write_text("something else", encoding="utf-8")
    with closing(sqlite3.connect(other)) as db:
        db.executescript("CREATE TABLE reached (at REAL NOT NULL)")
    assert [reached(each) for each in (file, text, other, tmp_path)] == [None] * 4
    assert not file.exists()
    make_sandbox(file=file, now=lambda: NOW).close()
    assert reached(file) == NOW


SERVE = """
import sys
from pathlib import Path
from publer_sync.sandbox import Sandbox, Seed
with Sandbox(Seed(), file=Path(sys.argv[1]), poll_seconds=0.01) as sandbox:
    print(sandbox.url, flush=True)
    sys.stdin.read()
"""


def serve(file: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def ask(url: str, method: str, path: str, body: Any = None) -> Any:
    base = urlsplit(url)
    connection = http.client.HTTPConnection(base.netloc, timeout=PATIENCE)
    headers = {
        "Authorization": "Bearer-API k",
        "Publer-Workspace-Id": Seed().workspace_id,
        "User-Agent": "tests",
    }
    try:
        connection.request(method, base.path + path, json.dumps(body), headers)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def bulk(hour: int) -> Any:
    at = (datetime.now(UTC) + timedelta(days=1, hours=hour)).isoformat()
    return {
        "bulk": {"state": "scheduled", "posts": [item(at=at, text=str(hour), account=Seed().accounts[0].id)]}
    }


@pytest.mark.slow
def test_what_was_answered_survives_kill_9(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    for hour in range(3):
        process, url = serve(file)
        assert "job_id" in ask(url, "POST", "/posts/schedule", bulk(hour))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    with Sandbox(Seed(), file=file, poll_seconds=0.01) as sandbox:
        sandbox.settle()
        assert [post["text"] for post in sandbox.posts()] == ["0", "1", "2"]


@pytest.mark.slow
def test_two_processes_may_share_a_file(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    servers = [serve(file) for _ in range(2)]

    def work(url: str, hours: range) -> None:
        for hour in hours:
            ask(url, "POST", "/posts/schedule", bulk(hour))

    threads = [
        threading.Thread(target=work, args=(url, range(index, 30, 2)))
        for index, (_, url) in enumerate(servers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    endings = [(process.communicate(timeout=PATIENCE), process.returncode) for process, _ in servers]
    assert endings == [(("", ""), 0)] * 2
    with Sandbox(Seed(), file=file, poll_seconds=0.01) as sandbox:
        sandbox.settle()
        assert sorted(int(post["text"]) for post in sandbox.posts()) == list(range(30))


@pytest.mark.slow
def test_it_needs_no_library_and_no_time(tmp_path: Path) -> None:
    code = "import sys, publer_sync.sandbox; print(sorted({'requests', 'yaml', 'jsonschema', 'click', 'deepdiff'} & set(sys.modules)), [m for m in sys.modules if m.startswith('publer_sync.') and not m.startswith(('publer_sync.sandbox', 'publer_sync.starting'))])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ}, check=True
    )
    assert done.stdout == "[] []\n"
