"""The server as a process: what leaves it for Publer, how long it takes, what it does with the rest, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from mcp import MCPError

from tests.assisting.conftest import NOW, mcp_ready, words
from tests.conftest import PATIENCE
from tests.stand_in import Asked, Reply, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mcp import Client

    from tests.assisting.conftest import Talk

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "by hand", "version": "1"},
    },
}
KEY = {"PUBLER_API_KEY": "a-key-of-forty-characters-that-opens-all"}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_it_speaks_the_newest_protocol_and_the_one_with_a_handshake(
    talk: Talk, calendar: Path, mode: str
) -> None:
    async def look(client: Client) -> Any:
        return client.protocol_version, client.instructions, await client.call_tool("validate", {})

    version, instructions, result = talk(look, calendar, mode=mode)
    assert version == {"auto": "2026-07-28", "legacy": "2025-11-25"}[mode]
    assert "none of them schedules, changes or removes a post in Publer" in instructions
    assert result.structured_content["posts"] == 2


def test_a_tool_that_does_not_exist_is_an_error_of_the_protocol(talk: Talk, calendar: Path) -> None:
    async def look(client: Client) -> Any:
        with pytest.raises(MCPError) as refused:
            await client.call_tool("apply", {})
        return refused.value

    assert "there is no tool apply" in str(talk(look, calendar))


WRITES = """
import sys
from publer_sync.cli.main import main
from publer_sync.commands import plan
from publer_sync.commands.reaching.access import open_access
from publer_sync.commands.reaching.connections import Connections
from publer_sync.publer.gateway import Publer


def make(calendar, choice, connections):
    from contextlib import ExitStack
    with ExitStack() as stack:
        at = open_access(calendar, choice, stack, Connections(Publer))
        at.publer.delete(["0555458a4d52baa52fee50f3"])


plan.make = make
main(sys.argv[1:])
"""


def test_nothing_but_get_leaves_for_publer_even_if_a_tool_tries(
    talk: Talk, calendar: Path, tmp_path: Path
) -> None:
    """The tool is given a gateway that can write, and deletes: the process refuses."""
    settings = "workspace: My Primary Workspace\ntimezone: Europe/Oslo\naccounts:\n  x: My X Account\n"
    (calendar / "publer.yaml").write_text(settings, encoding="utf-8")
    (calendar / "march.yaml").unlink()
    program = tmp_path / "writes.py"
    program.write_text(WRITES, encoding="utf-8")
    asked: list[str] = []

    def answer(request: Asked) -> Reply:
        asked.append(request.method)
        if request.path.endswith("/workspaces"):
            return Reply([{"id": "5f000000000000000000beef", "name": "My Primary Workspace"}])
        if request.path.endswith("/accounts"):
            return Reply([{"id": "acc000000000000000002701", "provider": "twitter", "name": "My X Account"}])
        return Reply({"posts": [], "total": 0, "deleted_ids": ["0555458a4d52baa52fee50f3"]})

    async def look(client: Client) -> Any:
        return await client.call_tool("plan", {}), await client.call_tool("status", {})

    with serving(answer) as publer:
        env = {**KEY, "PUBLER_BASE_URL": publer.url, "TMPDIR": str(tmp_path)}
        plan, status = talk(look, calendar, env=env, program=(str(program),))
    assert set(asked) == {"GET"}
    assert "publer-sync has a bug (RuntimeError" in words(plan)
    assert plan.is_error
    assert not status.is_error, words(status)
    [log] = tmp_path.glob("publer-sync-*.log")
    assert KEY["PUBLER_API_KEY"] not in log.read_text(encoding="utf-8")


def busy(asked: list[str]) -> Any:
    """Publer with nothing left of its request limit for 100 seconds."""

    def answer(request: Asked) -> Reply:
        asked.append(request.method)
        return Reply({"error": "Rate limit exceeded. Retry later."}, 429, {"Retry-After": "100"})

    return answer


def test_a_tool_that_waits_for_the_request_limit_says_so_and_others_answer_meanwhile(
    talk: Talk, calendar: Path
) -> None:
    asked: list[str] = []
    heard: list[str | None] = []
    waits = asyncio.Event()

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append(message)
        waits.set()

    async def look(client: Client) -> Any:
        began = time.monotonic()
        plan = asyncio.create_task(client.call_tool("plan", {}, progress_callback=hear))
        await waits.wait()
        validate = await client.call_tool("validate", {})
        assert not plan.done()
        return validate, await plan, time.monotonic() - began, len(asked)

    with serving(busy(asked)) as publer:
        env = {**KEY, "PUBLER_BASE_URL": publer.url}
        validate, plan, seconds, requests = talk(look, calendar, "--timeout", "8", env=env)
        assert len(asked) == requests == 1  # the thread has ended too
    assert not validate.is_error
    assert plan.is_error
    assert words(plan).startswith(
        "error: plan was not done after 8 s: waiting 100 seconds for Publer's limit of"
    )
    assert seconds < 90
    assert [str(line)[:41] for line in heard] == ["waiting 100 seconds for Publer's limit of"]


def test_a_call_that_the_client_gives_up_makes_room_for_the_next(talk: Talk, calendar: Path) -> None:
    asked: list[str] = []
    waits = asyncio.Event()

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        waits.set()

    async def look(client: Client) -> Any:
        first = asyncio.create_task(client.call_tool("plan", {}, progress_callback=hear))
        await waits.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await client.call_tool("plan", {})

    with serving(busy(asked)) as publer:
        again = talk(look, calendar, "--timeout", "3", env={**KEY, "PUBLER_BASE_URL": publer.url})
    assert "waiting 100 seconds for Publer's limit" in words(again)
    assert asked == ["GET", "GET"]


def test_calls_at_once_are_all_answered(talk: Talk, calendar: Path) -> None:
    async def look(client: Client) -> Any:
        names = ("plan", "validate", "status", "preview", "plan", "status")
        return await asyncio.gather(*(client.call_tool(name, {}) for name in names))

    for result in talk(look, calendar, *NOW):
        assert not result.is_error, words(result)


def test_what_prints_does_not_reach_the_protocol(talk: Talk, calendar: Path, tmp_path: Path) -> None:
    program = tmp_path / "prints.py"
    program.write_text(
        "import os, sys\nfrom publer_sync.cli.main import main\nfrom publer_sync.commands import validate\n"
        "real = validate.problems_of\n"
        "def loud(*args, **options):\n"
        "    print('noise', flush=True)\n    os.system('echo more noise')\n    return real(*args, **options)\n"
        "validate.problems_of = loud\nmain(sys.argv[1:])\n",
        encoding="utf-8",
    )

    async def look(client: Client) -> Any:
        return await client.call_tool("validate", {})

    assert not talk(look, calendar, program=(str(program),)).is_error
    assert "more noise" in (tmp_path / "stderr.txt").read_text(encoding="utf-8")


def test_half_characters_in_a_text_do_not_end_the_server(talk: Talk, calendar: Path) -> None:
    (calendar / "half.yaml").write_text(
        'posts:\n- at: 2027-03-12 09:00\n  accounts: x\n  text: "half \\ud83d a character"\n',
        encoding="utf-8",
    )

    async def look(client: Client) -> Any:
        return [await client.call_tool(name, {}) for name in ("validate", "preview", "plan")]

    assert len(talk(look, calendar, *NOW)) == 3


@pytest.fixture
def process(calendar: Path, tmp_path: Path) -> Iterator[Any]:
    """The server, spoken to line by line."""
    with _spoken_to([str(mcp_ready(tmp_path)), "mcp", str(calendar)], tmp_path) as process:
        yield process


@pytest.fixture
def own_process(calendar: Path, tmp_path: Path) -> Iterator[Any]:
    """The same, started anew, so that signals reach it."""
    with _spoken_to([sys.executable, "-m", "publer_sync", "mcp", str(calendar)], tmp_path) as process:
        yield process


@contextmanager
def _spoken_to(command: list[str], tmp_path: Path) -> Iterator[Any]:
    env = {**os.environ, "HOME": str(tmp_path)}
    env.pop("PUBLER_API_KEY", None)
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=env,
        cwd=tmp_path,
    ) as started:
        try:
            yield started
        finally:
            started.kill()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
def test_someone_who_starts_it_in_a_terminal_is_told_what_it_is(calendar: Path) -> None:
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "publer_sync", "mcp", str(calendar)]
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as started:
        assert started.stderr
        assert "so an assistant starts it" in started.stderr.readline()
        started.kill()
    os.close(ours)
    os.close(theirs)


def ask(process: Any, message: dict[str, Any] | str) -> Any:
    line = message if isinstance(message, str) else json.dumps(message)
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def test_it_ends_when_its_input_does(own_process: Any) -> None:
    assert ask(own_process, HELLO)["result"]["serverInfo"]["name"] == "publer-sync"
    rest, errors = own_process.communicate(timeout=PATIENCE)
    assert (rest, errors, own_process.returncode) == ("", "", 0)


def test_a_line_that_is_no_message_does_not_end_it(process: Any) -> None:
    ask(process, HELLO)
    process.stdin.write("this is not JSON\n")
    call = {
        "jsonrpc": "2.0",
        "id": 2,
        "method": "tools/call",
        "params": {"name": "validate", "arguments": {}},
    }
    assert ask(process, call)["id"] in (2, None)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(own_process: Any, number: signal.Signals) -> None:
    ask(own_process, HELLO)
    own_process.send_signal(number)
    own_process.wait(PATIENCE)
    assert "Traceback" not in own_process.stderr.read()


@pytest.mark.parametrize(
    "params",
    [
        {"name": "count", "arguments": {"text": "half \ud83d", "account": "x"}},
        {"name": "validate", "arguments": {"\ud83d": 1}},
        {"name": "\ud83d", "arguments": {}},
    ],
    ids=["a value", "a key", "a tool"],
)
def test_half_of_a_character_is_an_error_and_no_silence(process: Any, params: Any) -> None:
    ask(process, HELLO)
    found = ask(process, {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params})
    assert found["id"] == 7
    assert "half of a character (a lone surrogate such as" in found["error"]["message"]
    whole = {"name": "count", "arguments": {"text": "\ud83d\ude80", "account": "x"}}
    assert "result" in ask(process, {"jsonrpc": "2.0", "id": 8, "method": "tools/call", "params": whole})


def test_a_name_that_no_disk_takes_is_no_bug_to_an_assistant(process: Any) -> None:
    ask(process, HELLO)
    params = {"name": "explain", "arguments": {"post": f"{'a' * 300}:3", "offline": True}}
    found = ask(process, {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params})
    assert "too long for the name of a file" in found["result"]["content"][0]["text"]
