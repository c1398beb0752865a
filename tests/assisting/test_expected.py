"""What each tool answers an assistant, whole: the text, the data, and every refusal."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from mcp import types
from mcp.shared.exceptions import MCPError

from publer_sync.assisting import answers, server, tools
from publer_sync.assisting.arguments import checked
from publer_sync.assisting.served import Served, served
from publer_sync.assisting.tools import TOOLS, Call
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.running.choice import Choice
from publer_sync.machine.clock import Clock
from publer_sync.publer.reader import PublerReader
from publer_sync.values.errors import PublerSyncError, SettingsError, UsageError
from tests.assisting.conftest import SETTINGS
from tests.conftest import THREE
from tests.networks.test_media import VIDEO
from tests.stored import agrees, steady, ticked
from tests.write_docs import png

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.sandbox import Sandbox

HERE = Path(__file__).parent / "stored"
NOW = datetime(2027, 2, 20, 9, tzinfo=UTC)
NAMED = {tool.name: tool for tool in TOOLS}
RICH = """\
posts:
- id: launch
  at: 2027-03-02 09:00
  accounts: [x, linkedin]
  labels: [news, spring]
  note: |
    ask Kari first
    then Ben
  text: |
    We launched!
  thread:
  - text: More
  - text: And more
    media: [{file: media/lamp.png, alt: A lamp}]
- at: 2027-03-09 09:00
  accounts: linkedin
  link: https://example.com/lamp
  text: |
    Once more.
  comments: [{text: First, after: 10 minutes}]
- id: film
  at: 2027-03-10 09:00
  accounts: facebook
  draft: true
  text: %s
  media: [{file: media/film.mp4, alt: A film}]
- id: pictures
  at: 2027-03-11 09:00
  accounts: facebook
  media: [{file: media/lamp.png, alt: A lamp}, {file: media/box.png}]
- id: vote
  at: 2027-03-12 09:00
  accounts: linkedin
  text: Which one?
  poll: {options: [This, That], duration: 3 days}
- id: tip
  at: 2027-03-13 09:00
  repeat: {every: week, times: 2}
  accounts: x
  text: |
    Tip
- id: page
  at: 2027-03-14 09:00
  accounts: blog
  type: article
  title: Spring
  text: Words of a page
- at: 2027-03-15 25:00
  text: Soon
""" % ("Long words " * 60)
ACCOUNTS = """\
workspace: My Primary Workspace
timezone: Europe/Oslo
accounts:
  x: My X Account
  linkedin: Company LinkedIn Page
  facebook: My Facebook Page
"""


def folder(top: Path, settings: str = ACCOUNTS, **files: str) -> Path:
    top.mkdir(parents=True)
    for name, text in {"publer": settings, **files}.items():
        (top / f"{name}.yaml").write_text(text, encoding="utf-8")
    return top


def asked(place: Served, name: str, **arguments: Any) -> str:
    """What a tool answers, or why it does not."""
    tool = NAMED[name]
    given = {key.rstrip("_"): value for key, value in arguments.items()}
    try:
        call = Call(place, checked(given, tool.properties, tool.required), Connections(PublerReader))
        answer = tool.run(call)
    except PublerSyncError as error:
        return f"{error.code}: {error.message}\n{error.hint or ''}".rstrip().replace(
            str(place.folders[0]), "HERE"
        )
    told = f"{answer.text}\n{json.dumps(answer.data, indent=1, ensure_ascii=False)}"
    wrapped = "\n?".join(map(re.escape, f"{place.folders[0]}/.publer-sync."))  # as a long path is
    return steady(re.sub(f"State:\\s+{wrapped}", "State: HERE/.publer-sync.", told), HERE=place.folders[0])


def test_what_is_read_of_a_calendar_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clock, "now", lambda _: NOW)
    monkeypatch.setattr(answers, "MOST_BESIDE", 2)
    monkeypatch.delenv("PUBLER_API_KEY", raising=False)
    rich = folder(tmp_path / "rich", ACCOUNTS + "  blog: wordpress/Fjordlight\n", march=RICH)
    (rich / "media").mkdir()
    (rich / "media" / "lamp.png").write_bytes(png(600, 400))
    (rich / "media" / "box.png").write_bytes(png(600, 400))
    (rich / "media" / "film.mp4").write_bytes(VIDEO)
    wrong = "".join(f"- at: 2027-03-{day:02} 09:00\n  accounts: nobody\n  text: x\n" for day in range(1, 6))
    here = served([rich], Choice(), 30)
    many = served([folder(tmp_path / "many", march=f"posts:\n{wrong}")], Choice(), 30)
    good = served([folder(tmp_path / "good")], Choice(), 30)
    warned = served(
        [folder(tmp_path / "warned", march="posts:\n- {at: next, accounts: x, text: Waits}\n")], Choice(), 30
    )
    alike = "".join(
        f"- {{at: 2027-04-{day:02} 09:00, accounts: x, text: Alike {day}}}\n" for day in range(1, 31)
    )
    crowd = served([folder(tmp_path / "crowd", march=f"posts:\n{alike}")], Choice(), 30)
    unread = served([folder(tmp_path / "unread", "accounts: [\n")], Choice(), 30)
    scenes = {
        "validate: well": asked(good, "validate"),
        "validate: errors": asked(many, "validate"),
        "validate: two errors": asked(many, "validate", offset=1, limit=2),
        "validate: none left": asked(many, "validate", offset=9),
        "validate: a warning": asked(warned, "validate"),
        "validate: strict": asked(warned, "validate", strict=True),
        "validate: settings": asked(unread, "validate"),
        "preview": asked(here, "preview"),
        "preview: a page of it": asked(here, "preview", limit=1, offset=1),
        "preview: days": asked(here, "preview", from_="2027-03-10", to="2027-03-11", account="facebook"),
        "preview: no such day": asked(here, "preview", from_="soon"),
        "preview: no such account": asked(here, "preview", account="nobody"),
        "explain: offline": asked(here, "explain", post="launch", offline=True),
        "explain: a series": asked(here, "explain", post="tip", offline=True),
        "explain: many": asked(crowd, "explain", post="Alike", offline=True),
        "explain: nothing": asked(here, "explain", post="nothing", offline=True),
        "explain: without a key": asked(here, "explain", post="launch"),
        "plan: without a key": asked(good, "plan"),
        "status: without a key": asked(good, "status"),
    }
    agrees(HERE / "offline.md", scenes)
    assert "Long words" in (rich / ".publer-sync" / "preview.html").read_text(encoding="utf-8")
    (tmp_path / "away").mkdir()
    own = tmp_path / "good" / ".publer-sync"
    own.symlink_to(tmp_path / "away")
    assert asked(good, "preview").startswith("folder.outside: ")
    own.unlink()
    own.write_text("A file", encoding="utf-8")
    assert asked(good, "preview").startswith("preview.unwritten: ")


def test_how_long_texts_are(tmp_path: Path) -> None:
    words = "See https://example.com/a now 👩‍👩‍👧"
    settings = f"append: {{x: 'More on our page'}}\n{ACCOUNTS.replace('  linkedin: ', '  us: linkedin/')}  mastodon: {{name: Us, max_characters: 50}}\n  unknown_one: Us\n"
    here = served([folder(tmp_path / "a", settings)], Choice(), 30)
    limits = "timezone: UTC\naccounts: {x: {name: Me, max_characters: 3}, channel: telegram/Us}\n"
    own = served([folder(tmp_path / "own", limits)], Choice(), 30)
    utm = "utm: {source: '{network}'}\nutm_hosts: [example.com]\n"
    tagged = served([folder(tmp_path / "utm", utm + ACCOUNTS)], Choice(), 30)
    nobody = served([folder(tmp_path / "nobody", "timezone: UTC\n")], Choice(), 30)
    nowhere = served([tmp_path / "nobody" / ".."], Choice(), 30)
    (tmp_path / "empty").mkdir()
    empty = served([tmp_path / "empty"], Choice(), 30)
    scenes = {
        "a calendar": asked(here, "count", text=words),
        "one account": asked(here, "count", text=words, account="us"),
        "a caption in a channel": asked(own, "count", text="a" * 1_025, media=True),
        "a limit that X does not let anybody set": asked(own, "count", text="Hello", account="x"),
        "no such account": asked(here, "count", text=words, account="nobody"),
        "too long": asked(here, "count", text="🎈" * 160, account="x"),
        "what the calendar adds to links": asked(tagged, "count", text=words),
        "networks": asked(here, "count", text=words, networks=["twitter", "linkedin", "x"]),
        "a caption": asked(here, "count", text="a" * 1_025, networks=["telegram"], media=True),
        "no caption": asked(here, "count", text="a" * 1_025, networks=["telegram"]),
        "no such network": asked(here, "count", text=words, networks=["x", "y"]),
        "every network": asked(empty, "count", text="Hello"),
        "every network, with a picture": asked(empty, "count", text="Hello", media=True),
        "a calendar that is nowhere": asked(empty, "count", text="Hello", calendar="a"),
        "an account of no calendar": asked(empty, "count", text="Hello", account="x"),
        "several calendars": asked(nowhere, "count", text="Hello"),
        "no accounts": asked(nobody, "count", text="Hello"),
        "no text": asked(here, "count"),
    }
    agrees(HERE / "count.md", scenes)


def test_what_is_asked_of_publer(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()

    def now(*_: object) -> datetime:
        return NOW + ticked(began)

    monkeypatch.setattr(Clock, "now", now)
    object.__setattr__(sandbox._context, "now", now)
    monkeypatch.setenv("PUBLER_BASE_URL", sandbox.url)
    monkeypatch.setenv("PUBLER_API_KEY", sandbox.key)
    monkeypatch.setenv("PUBLER_SYNC_POLL_SECONDS", str(sandbox.poll_seconds))
    sandbox.add(account_id=THREE.accounts[0].id, at=NOW + timedelta(days=2), text="Theirs")
    posts = "".join(
        f"- {{id: p{day}, at: 2027-03-{day:02} 09:00, accounts: [x, facebook], text: Post {day}}}\n"
        for day in range(1, 4)
    )
    monkeypatch.setattr(tools, "UNMANAGED", 1)
    late = "- {id: late, at: 2027-02-19 09:00, accounts: x, text: Late}\n"
    here = served([folder(tmp_path / "a", march=f"posts:\n{posts}{late}")], Choice(), 30)
    broken = served([folder(tmp_path / "b", march="posts:\n- at: never\n")], Choice(), 30)
    foreign = served([folder(tmp_path / "c", ACCOUNTS.replace("My X", "Other X"))], Choice(), 30)
    scenes = {
        "plan": asked(here, "plan"),
        "plan: a page": asked(here, "plan", offset=1, limit=1),
        "plan: an account and days": asked(here, "plan", account="x", from_="2027-03-02", to="2027-03-02"),
        "plan: errors": asked(broken, "plan"),
        "plan: no such account": asked(foreign, "plan"),
        "explain": asked(here, "explain", post="p1"),
        "explain: several": asked(here, "explain", post="Post"),
        "status": asked(here, "status"),
        "status: a page": asked(here, "status", limit=1),
    }
    scenes = {  # on a busy machine, seconds pass
        name: re.sub(r"(T09:00):\d\d(?=Z)", r"\1:00", text.replace(sandbox.url, "URL"))
        for name, text in scenes.items()
    }
    agrees(HERE / "online.md", scenes)
    assert {request.method for request in sandbox.requests} == {"GET"}


def test_arguments_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path / "one", SETTINGS)
    folder(tmp_path / "two" / "calendar", SETTINGS)
    folder(tmp_path / "two" / "other", SETTINGS)
    (tmp_path / "one" / "file.txt").write_text("x", encoding="utf-8")
    (tmp_path / "one" / "inner").symlink_to(tmp_path / "one" / "publer.yaml")
    (tmp_path / "one" / "linked.yaml").symlink_to(tmp_path / "one" / "file.txt")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    monkeypatch.chdir(tmp_path)

    def meant(*folders: str, word: str | None = None) -> str:
        try:
            return str(served([tmp_path / each for each in folders], Choice(), 30).calendar(word))
        except (UsageError, SettingsError) as error:
            return f"{error.code}: {error.message}\n{error.hint or ''}".rstrip()

    def taken(name: str, **given: Any) -> str:
        tool = NAMED[name]
        try:
            return repr(checked(given, tool.properties, tool.required))
        except UsageError as error:
            return f"{error.message}\n{error.hint or ''}".rstrip()

    scenes = {
        "one": meant("one"),
        "its folder calendar": meant("two"),
        "of several folders": meant("one", "two"),
        "named": meant("one", "two", word="other"),
        "named from here": meant("one", "two", word="two/calendar"),
        "a file": meant("one", word="file.txt"),
        "a name of nothing": meant("one", word="nothing"),
        "outside": meant("one", word="../two"),
        "outside, and nowhere": meant("one", word="../three"),
        "a loop": meant("one", word="../loop"),
        "no such folder": meant("one/nowhere"),
        "a file for a folder": meant("one/file.txt"),
        "an argument that is near": taken("plan", acount="x"),
        "an argument that is not": taken("validate", words="x"),
        "one that is missing": taken("count"),
        "null for a list": taken("plan", account="null"),
        "a null": taken("count", text="x", media=None),
        "a list of numbers": taken("plan", account=[1]),
        "a number for a list": taken("plan", account=5),
        "the most": taken("plan", limit=200),
        "more than the most": taken("plan", limit=201),
        "the least": taken("plan", limit=1, offset=0),
        "less than the least": taken("plan", limit=0),
        "less than nothing": taken("plan", offset="-1"),
        "a yes for a number": taken("plan", limit=True),
        "a word for a yes": taken("validate", strict="yes"),
        "a yes as a word": taken("validate", strict="true"),
        "null as a word": taken("validate", strict="null"),
        "as long as it may be": str(len(taken("explain", post="x" * 2_000))),
        "too long": taken("explain", post="x" * 2_001),
    }
    agrees(
        HERE / "arguments.md", {name: text.replace(str(tmp_path), "HERE") for name, text in scenes.items()}
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    assert meant().startswith("folder.none: the current folder is ")
    monkeypatch.chdir("/")
    assert meant().startswith("folder.none: the current folder is /")
    monkeypatch.chdir(tmp_path / "one")
    assert meant() == "."
    (tmp_path / "one" / "april.yaml").symlink_to(tmp_path / "two" / "other" / "publer.yaml")
    assert meant() == (
        "folder.outside: april.yaml is a link to a file outside the folders of this server\n"
        "Put the file itself into the calendar."
    )


# --- the server -----------------------------------------------------------------------------------------------------


def called(
    place: Served, name: str, run: Callable[[Call], Any] | None = None, **arguments: Any
) -> tuple[Any, list[str]]:
    """What a client gets of a call, and which progress it was told."""
    told: list[str] = []

    async def report_progress(number: int, message: str) -> None:
        told.append(f"{number} {message}")

    context: Any = SimpleNamespace(session=SimpleNamespace(report_progress=report_progress))
    serving = server._Served(place)
    if run is not None:
        tool = NAMED[name]
        serving._tools[name] = cast(
            "Any",
            SimpleNamespace(name=name, run=run, properties=tool.properties, required=(), online=tool.online),
        )

    async def call() -> Any:
        found = await serving._call(
            context, types.CallToolRequestParams(name=name, arguments=arguments or None)
        )
        await asyncio.sleep(0)
        return found

    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, call()).result(), told


def words(found: Any) -> str:
    return str(found.content[0].text)


def test_a_call_is_answered_whatever_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = served([folder(tmp_path / "a", SETTINGS)], Choice(), 30)
    monkeypatch.setenv("PUBLER_API_KEY", "a-long-secret")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found, told = called(here, "validate")
    assert (bool(found.is_error), words(found), told) == (False, "0 posts. No problems.\n", [])
    assert found.structured_content["posts"] == 0
    assert words(called(here, "count", text="Hello", networks=["x"])[0]) == "x  5 of 280 characters\n"
    with pytest.raises(MCPError, match="there is no tool nothing"):
        called(here, "nothing")

    def refuses(_: Call) -> Any:
        raise UsageError("no a-long-secret", hint="Do it")

    def full(_: Call) -> Any:
        raise OSError(28, "No space left on device")

    def broken(_: Call) -> Any:
        raise ValueError("x")

    for run, said in (
        (refuses, "no (the key)"),
        (full, "No space left on device"),
        (broken, "publer-sync has a bug"),
    ):
        for name in ("validate", "plan"):
            found, _ = called(here, name, run)
            assert (found.is_error, said.lower() in words(found).lower()) == (True, True), words(found)
            assert found.structured_content is None


def test_a_call_that_takes_too_long_says_what_it_waits_for_and_ends(tmp_path: Path) -> None:
    here = served([folder(tmp_path / "a", SETTINGS)], Choice(), 0.05)
    woken = threading.Event()

    def waits(call: Call) -> Any:
        call.connections.say("for Publer's limit")
        if call.connections.wake.wait(20):
            woken.set()
        raise UsageError("given up")

    found, told = called(here, "plan", waits)
    assert found.is_error
    assert "plan was not done after " in words(found)
    assert "waiting for Publer's limit" in words(found)
    assert told == ["1 waiting for Publer's limit"]
    assert woken.wait(20)
    found, _ = called(here, "plan", lambda call: call.connections.wake.wait(20))
    assert ": waiting" not in words(found)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        (r'{"id": 7, "text": "\ud83d"}', 7),
        (r'{"id": "a", "text": "\ud83d"}', "a"),
        (r'{"id": 7, "text": "whole"}', None),
        (r'{"id": "\ud83d"}', None),
        (r'{"id": [7], "text": "\ud83d"}', None),
        (r'{"text": "\ud83d"}', None),
        ("[1]", None),
        ("no JSON", None),
    ],
)
def test_half_a_character_is_refused_by_the_number_of_its_request(
    line: str, number: int | str | None
) -> None:
    class Unread(ValueError):
        def errors(self) -> list[Any]:
            return [{"input": 5}, {}, {"input": line}]

    refused = server._refusal(Unread())
    assert (refused.id if refused is not None else None) == number
    assert server._refusal(ValueError(line)) is None
    assert server._refusal(OSError(line)) is None


def test_what_only_reads_files_waits_for_no_call_that_asks_publer(tmp_path: Path) -> None:
    serving = server._Served(served([folder(tmp_path / "a", SETTINGS)], Choice(), 30))
    with serving._asking, ThreadPoolExecutor(1) as own:
        answer = own.submit(serving._answered, NAMED["validate"], {}, Connections(PublerReader)).result(20)
    assert words(answer) == "0 posts. No problems.\n"


def test_a_server_sends_publer_nothing_but_reads_and_ends_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In that order: it answers only once it can write nothing."""
    done: list[object] = []
    monkeypatch.setattr(server, "forbid_writes", lambda: done.append("forbids writes"))
    monkeypatch.setattr(signal, "signal", lambda number, how: done.append((number, how)))
    monkeypatch.setattr("anyio.run", lambda run: done.append(run.__name__))
    assert server.serve(served([folder(tmp_path / "a", SETTINGS)], Choice(), 30)) == 0
    ends = [(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGTERM)]
    assert done == ["forbids writes", *ends, "run"]


def test_what_an_assistant_is_told_of_the_tools() -> None:
    for tool in TOOLS:
        assert (tools.OTHERS_WORDS in tool.description) is tool.online
        assert not {"$schema", "$id", "title"} & set(tool.output_schema)
    assert tools._portable([{"type": ["string", "null"]}]) == [
        {"anyOf": [{"type": "string"}, {"type": "null"}]}
    ]
    assert len(tools._portable({})["anyOf"]) == 6


def test_a_link_leads_to_no_calendar_elsewhere(tmp_path: Path) -> None:
    away = folder(tmp_path / "away", SETTINGS)
    here = tmp_path / "here"
    here.mkdir()
    (here / "calendar").symlink_to(away)
    with pytest.raises(UsageError, match="there is no calendar in"):
        served([here], Choice(), 30).calendar(None)
    own = folder(here / "own", SETTINGS)
    assert served([here], Choice(), 30).calendar(None) == own


@pytest.mark.parametrize(("number", "more"), [(20, ""), (21, " and 1 more")])
def test_as_many_calendars_as_a_message_names_are_named(tmp_path: Path, number: int, more: str) -> None:
    for each in range(number):
        folder(tmp_path / f"client-{each:02}", SETTINGS)
    with pytest.raises(UsageError) as refused:
        served([tmp_path], Choice(), 30).calendar(None)
    assert (refused.value.hint or "").endswith(f"client-19{more}")
