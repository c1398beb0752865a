"""`publer-sync sandbox`: a Publer for another terminal, until Ctrl-C."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from publer_sync.sandbox.tempers import TEMPERS
from tests.conftest import PATIENCE, started
from tests.sandbox.traces import asked, item, learnt, listed, told, words
from tests.system.worlds import T

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from publer_sync.sandbox import Sandbox
    from tests.conftest import Cli, Ran


HEADERS = {"Authorization": "Bearer-API key", "User-Agent": "tests"}


class Served(NamedTuple):
    """How it ended, and what a visitor was told until then."""

    ran: Ran
    accounts: str
    posts: list[Any]


def served(
    cli: Cli, *words: str | Path, cwd: Path | None = None, visit: Callable[[Mapping[str, str]], object] = dict
) -> Served:
    """In this process: once it would wait for Ctrl-C, somebody asks for its accounts and posts, and presses it.

    `visit` comes before, with the environment that it says.
    """
    visited: list[Any] = []
    sleep = time.sleep

    def waits(seconds: float) -> None:
        if seconds < 60:
            return sleep(seconds)
        told: Any = sys.stderr
        found = re.search(r"export PUBLER_BASE_URL=(\S+) PUBLER_API_KEY=(\S+)", told.getvalue())
        assert found, told.getvalue()
        visit({"PUBLER_BASE_URL": found[1], "PUBLER_API_KEY": found[2]})
        with urlopen(Request(f"{found[1]}/workspaces", headers=HEADERS)) as answer:
            headers = {**HEADERS, "Publer-Workspace-Id": json.load(answer)[0]["id"]}
        for path in ("accounts", "posts?page=0"):
            with urlopen(Request(f"{found[1]}/{path}", headers=headers)) as answer:
                visited.append(json.load(answer))
        raise KeyboardInterrupt

    with mock.patch.object(time, "sleep", waits):
        ran = cli("sandbox", "--port", "0", *words, cwd=cwd)
    accounts, posts = visited or ([], {"posts": []})
    return Served(ran, ", ".join(each["name"] or "" for each in accounts), posts["posts"])


def test_it_serves_until_interrupted(cli: Cli, tmp_path: Path) -> None:
    with started("sandbox", tmp_path, "--port", "0", "--seed", "demo") as process:
        assert process.stderr is not None
        told = "".join(process.stderr.readline() for _ in range(3))
        found = re.search(r"export PUBLER_BASE_URL=(\S+) PUBLER_API_KEY=(\S+)", told)
        assert found, told
        ran = cli("accounts", env={"PUBLER_BASE_URL": found[1], "PUBLER_API_KEY": found[2]})
        assert (ran.code, "Fjordlight AS" in ran.stdout) == (0, True), ran
        process.send_signal(signal.SIGINT)
        assert (process.wait(PATIENCE), process.stderr.read()) == (0, "")


def test_it_has_the_accounts_and_the_zone_of_the_calendar_that_is_named_or_that_one_stands_in(
    cli: Cli, tmp_path: Path
) -> None:
    """Without one it has some of each network, and the demo's posts begin three weeks before its own day."""
    demo = ("--seed", "demo", "--now", "2027-03-02 05:00")
    plain = served(cli, cwd=tmp_path)
    assert (plain.ran.code, plain.posts, "My X Account" in plain.accounts) == (0, [], True)
    filled = served(cli, *demo, cwd=tmp_path)
    assert ("Fjordlight" in filled.accounts, first_day(filled)) == (True, "2027-02-09")
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: Asia/Tokyo\naccounts: {us: x/Us in Tokyo}\n")
    for named, cwd in (((), tmp_path), ((), top), ((top,), tmp_path.parent)):
        assert served(cli, *named, cwd=cwd).accounts == "Us in Tokyo"
    assert first_day(served(cli, *demo, cwd=tmp_path)) == "2027-02-08"
    nowhere = served(cli, tmp_path / "nowhere")
    assert (nowhere.ran.code, "does not exist" in nowhere.ran.stderr) == (1, True)


def first_day(served: Served) -> str:
    return str(min(each["scheduled_at"] for each in served.posts if each["scheduled_at"]))[:10]


def test_a_port_that_is_taken_is_an_error(cli: Cli, sandbox: Sandbox) -> None:
    ran = cli("sandbox", "--port", str(urlsplit(sandbox.url).port))
    assert (ran.code, ran.stdout) == (1, "")
    assert "cannot be used" in ran.stderr
    assert "--port 0" in ran.stderr


def test_it_says_which_temper_publer_has(cli: Cli, tmp_path: Path) -> None:
    odd = served(cli, tmp_path, "--temper", "odd-account", "--temper", "null-rows")
    assert odd.ran.stderr.splitlines()[:2] == [
        "Publer lists an account without a provider (odd-account).",
        "Publer lists a row that is null (null-rows).",
    ]
    assert odd.posts == [None]


def test_it_is_like_what_a_trace_shows_and_says_so(cli: Cli, tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"

    def like() -> str:
        return served(cli, tmp_path, "--like", trace).ran.stderr.replace(str(trace), "FILE")

    learnt(tmp_path, *(asked(item()), told({"account-1": [{"message": words("Too long")}]}), listed()))
    assert like().startswith("Like FILE: Publer refuses every post.\nThe sandbox is ready")
    learnt(tmp_path)
    assert like().startswith("FILE shows nothing that differs from the sandbox on a good day.\nThe sandbox")
    assert "differs" not in served(cli, tmp_path).ran.stderr
    trace.write_text("[]")
    assert "unchanged" in like()
    trace.unlink()
    assert "can't be read" in like()


def test_it_refuses_posts_where_a_trace_shows_that_publer_does_and_takes_them_otherwise(
    cli: Cli, tmp_path: Path
) -> None:
    top = tmp_path / "calendar"
    top.mkdir()
    (top / "publer.yaml").write_text("timezone: UTC\naccounts: {x: x/Us}\n")
    (top / "posts.yaml").write_text(
        f"posts:\n- {{id: one, at: {T:%Y-%m-%d} 09:00, accounts: x, text: One}}\n"
    )
    trace = tmp_path / "trace.jsonl"
    learnt(tmp_path, *(asked(item()), told({"account-1": [{"message": words("Too long")}]}), listed()))
    ended: list[Ran] = []
    for like in ((), ("--like", trace)):
        served(cli, top, *like, visit=lambda env: ended.append(cli("apply", top, "--yes", env=env)))
        shutil.rmtree(top / ".publer-sync")
    assert [ran.code for ran in ended] == [0, 6], ended


def test_a_file_of_something_else_is_told(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "posts.db").write_text("Not a database, however long it is. " * 99)
    ran = served(cli, tmp_path, "--sandbox-file", tmp_path / "posts.db").ran
    assert (ran.code, "posts.db" in ran.stderr) == (1, True), ran


def test_a_name_that_is_no_temper_is_told_all_that_are(cli: Cli) -> None:
    ran = cli("sandbox", "--temper", "?")
    assert (ran.code, ran.stdout) == (64, "")
    assert all(f"  {name} " in ran.stderr for name in TEMPERS)
