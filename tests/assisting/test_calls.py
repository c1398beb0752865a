"""Each tool asked once, in this process: what it answers of a calendar, and which calendar it means."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import anyio
import pytest
from jsonschema import Draft202012Validator

from publer_sync.assisting import previews
from publer_sync.assisting.arguments import checked
from publer_sync.assisting.served import served
from publer_sync.assisting.server import _pass_on, _Served
from publer_sync.assisting.tools import TOOLS, Call, _portable
from publer_sync.commands.reaching.connections import Connections
from publer_sync.commands.running.choice import Choice
from publer_sync.publer.reader import PublerReader
from publer_sync.values.errors import SettingsError, UsageError
from publer_sync.values.timezones import time_zone
from tests.assisting.conftest import SETTINGS
from tests.system.worlds import T
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.assisting.answers import ToolAnswer

NAMED = {tool.name: tool for tool in TOOLS}


def asked(folder: Path, name: str, **arguments: Any) -> ToolAnswer:
    tool = NAMED[name]
    call = Call(
        served([folder], Choice(), 30),
        checked(arguments, tool.properties, tool.required),
        Connections(PublerReader),
    )
    answer = tool.run(call)
    Draft202012Validator(tool.output_schema).validate(answer.data)
    return answer


def test_only_an_answer_with_a_list_comes_in_pages() -> None:
    paged = {name for name, tool in NAMED.items() if "page" in tool.output_schema["properties"]}
    assert paged == {"validate", "plan", "explain", "preview", "status"}


# --- which calendar ---------------------------------------------------------------------------------------------------


@each_of(
    "folders, meant",
    [
        (["publer.yaml"], "."),
        (["calendar/publer.yaml"], "calendar"),
        (["acme/publer.yaml"], "acme"),
        (["calendar/publer.yaml", "acme/publer.yaml"], "calendar"),
        (["acme/publer.yaml", "bank/publer.yaml"], "there are 2 calendars here"),
        ([], "there is no calendar in"),
    ],
)
def test_the_calendar_that_is_meant_is_found_or_asked_for(
    tmp_path_factory: pytest.TempPathFactory, folders: list[str], meant: str
) -> None:
    top = tmp_path_factory.mktemp("served")
    for name in folders:
        (top / name).parent.mkdir(exist_ok=True)
        (top / name).write_text(SETTINGS)
    try:
        found = str(served([top], Choice(), 30).calendar(None).relative_to(top))
    except UsageError as error:
        found = error.message
    assert found.startswith(meant)


def test_of_very_many_calendars_some_are_named(tmp_path: Path) -> None:
    for number in range(22):
        (tmp_path / f"client-{number:02}").mkdir()
        (tmp_path / f"client-{number:02}" / "publer.yaml").write_text(SETTINGS)
    with pytest.raises(UsageError) as refused:
        served([tmp_path], Choice(), 30).calendar(None)
    assert (refused.value.hint or "").endswith(", client-19 and 2 more")


@each_of("name, why", [("nowhere", "does not exist"), ("a-file", "is not a folder")])
def test_a_server_needs_folders(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(SettingsError, match=why):
        served([tmp_path / name], Choice(), 30)


@each_of(
    "sandbox, key, reaches", [(False, "", False), (False, "key", True), (True, "", True), (True, "key", True)]
)
def test_publer_is_asked_only_with_a_key_or_in_a_sandbox(
    tmp_path: Path, sandbox: bool, key: str, reaches: bool
) -> None:
    connections = Connections(PublerReader)
    call = Call(served([tmp_path], Choice(sandbox=sandbox), 30), {}, connections)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PUBLER_API_KEY", key)
        if reaches:
            assert call.reach() is connections
        else:
            with pytest.raises(SettingsError, match="PUBLER_API_KEY is not set"):
                call.reach()


@each_of("sandbox", [True, False])
def test_a_tool_says_whether_it_writes_and_whether_it_asks_publer(tmp_path: Path, sandbox: bool) -> None:
    server = _Served(served([tmp_path], Choice(sandbox=sandbox), 30))
    hints = {name: server._described(tool).annotations for name, tool in NAMED.items()}
    asks = {name for name, hint in hints.items() if hint is not None and hint.open_world_hint}
    writes = {name for name, hint in hints.items() if hint is not None and not hint.read_only_hint}
    assert asks == (set() if sandbox else {"plan", "explain", "status"})
    assert writes == ({"plan", "explain", "status", "preview"} if sandbox else {"preview"})


def test_a_schema_names_one_type_at_a_place() -> None:
    assert _portable({"type": ["string", "null"], "maxLength": 3, "description": "D"}) == {
        "description": "D",
        "anyOf": [{"type": "string", "maxLength": 3}, {"type": "null"}],
    }


# --- count ----------------------------------------------------------------------------------------------------------


def test_a_text_is_counted_on_the_networks_that_are_named_or_else_on_all(tmp_path: Path) -> None:
    few = asked(tmp_path, "count", text="Hello", networks=["x", "linkedin"])
    assert [line.split()[:3] for line in few.text.splitlines()] == [
        ["x", "5", "of"],
        ["linkedin", "5", "of"],
    ]
    everywhere: Any = asked(tmp_path, "count", text="Hello").data
    assert len(everywhere["counts"]) > 5
    with pytest.raises(UsageError, match="there is no calendar"):
        asked(tmp_path, "count", text="Hello", account=["x"])
    with pytest.raises(UsageError, match="there is no network"):
        asked(tmp_path, "count", text="Hello", networks=["y"])


@each_of(
    "text, more, told",
    [
        ("Hello", "", "x         5 of 280 characters\nlinkedin  5 of 3,000 characters\n"),
        (
            "Hello",
            "append: {x: 'More on our page'}\n",
            (
                "x         23 of 280 characters\nlinkedin  5 of 3,000 characters\n"
                "The calendar adds, and this counts (x): More on our page\n"
            ),
        ),
        (
            "Hello",
            "append: {x: More, linkedin: More}\n",
            (
                "x         11 of 280 characters\nlinkedin  11 of 3,000 characters\n"
                "The calendar adds, and this counts: More\n"
            ),
        ),
        (
            "See https://example.com/a now",
            "utm: {source: '{network}'}\nutm_hosts: [example.com]\n",
            (
                "x         31 of 280 characters\nlinkedin  49 of 3,000 characters\n"
                "The calendar adds, and this counts: UTM parameters\n"
            ),
        ),
    ],
)
def test_what_the_calendar_adds_to_a_text_counts_too(calendar: Path, text: str, more: str, told: str) -> None:
    (calendar / "publer.yaml").write_text(SETTINGS.replace("accounts:", f"{more}accounts:"))
    assert asked(calendar, "count", text=text).text == told


@each_of("length, over", [(280, 0), (281, 1), (300, 20)])
def test_a_text_that_is_too_long_says_by_how_much(tmp_path: Path, length: int, over: int) -> None:
    answer = asked(tmp_path, "count", text="a" * length, networks=["x"])
    data = cast("Any", answer.data)
    assert (data["fits"], data["counts"][0]["over"], data["counts"][0]["fits"]) == (not over, over, not over)
    assert (f"{over} too long" in answer.text) is bool(over)


def test_a_server_of_mastodon_has_a_limit_of_its_own(calendar: Path) -> None:
    settings = SETTINGS.replace(
        "  x: Fjordlight\n", "  mastodon: {name: Us, max_characters: 1000}\n  x: Fjordlight\n"
    )
    (calendar / "publer.yaml").write_text(settings)
    lines = dict(line.split(maxsplit=1) for line in asked(calendar, "count", text="Hello").text.splitlines())
    assert (lines["mastodon"], lines["x"]) == ("5 of 1,000 characters", "5 of 280 characters")


# --- validate and preview --------------------------------------------------------------------------------------------


@each_of(
    "posts, offset, told",
    [("", 0, "0 posts. No problems."), ("posts: 5\n", 0, "posts"), ("posts: 5\n", 5, "There ")],
)
def test_validate_says_what_is_wrong_or_that_nothing_is(
    calendar: Path, posts: str, offset: int, told: str
) -> None:
    (calendar / "march.yaml").write_text(posts)
    text = asked(calendar, "validate", offset=offset).text
    assert (told in text, "No problems" in text) == (True, not posts)


FIRST, SECOND = ((T + timedelta(days=days)).replace(tzinfo=time_zone("Europe/Oslo")) for days in (0, 7))
RICH = f"""\
posts:
- id: launch
  at: {FIRST:%Y-%m-%d} 09:00
  accounts: [x, linkedin]
  labels: [news, spring]
  title: Spring
  note: ask Kari first
  text: |
    We launched!
- at: {SECOND:%Y-%m-%d} 09:00
  accounts: linkedin
  link: https://example.com/lamp
  text: |
    Once more.
- at: {SECOND:%Y-%m-%d} 25:00
  text: Soon
"""


def test_a_preview_tells_of_each_post_what_people_will_see(calendar: Path) -> None:
    (calendar / "march.yaml").write_text(RICH)
    answer = asked(calendar, "preview")
    launch, lamp, soon = answer.text.split("\n\n")[2:]
    assert launch.splitlines()[:5] == [
        f"{FIRST:%a} {FIRST.day} {FIRST:%b %Y} 09:00  x, linkedin  status  launch  march.yaml:2",
        "    We launched!",
        "  labels: news, spring",
        "  12 of 280 characters on x",
        "  note: ask Kari first",
    ]
    assert lamp.startswith(f"{SECOND:%a} {SECOND.day} {SECOND:%b %Y} 09:00  linkedin  link")
    assert "  link card: https://example.com/lamp\n" in lamp
    assert soon.startswith("no time yet  no account yet")
    assert "a valid time of day. Hours go from 00 to 23. [time.form]" in soon
    assert answer.text.count("  note: ") == 1
    first, second, third = cast("Any", answer.data)["posts"]
    at = FIRST.replace(hour=9, minute=0, second=0, microsecond=0)
    assert (first["at"], first["note"], first["link"]) == (
        at.isoformat(timespec="minutes"),
        "ask Kari first",
        None,
    )
    assert (second["note"], second["link"]["url"]) == (None, "https://example.com/lamp")
    assert (third["at"], {each["help"] for each in third["problems"]}) == (
        None,
        {
            "Name its accounts, or those of the whole file above its posts.",
            "Hours go from 00 to 23.",
        },
    )


def test_a_title_is_told_where_the_network_shows_it(calendar: Path) -> None:
    settings = SETTINGS.replace("accounts:\n", "accounts:\n  wordpress: wordpress/Fjordlight\n")
    (calendar / "publer.yaml").write_text(settings)
    post = f"- at: {FIRST:%Y-%m-%d} 09:00\n  accounts: wordpress\n  type: article\n  title: Spring\n  text: |\n    Words\n"
    (calendar / "march.yaml").write_text(f"posts:\n{post}")
    answer = asked(calendar, "preview")
    assert "\n  title: Spring\n" in answer.text
    assert cast("Any", answer.data)["posts"][0]["title"] == "Spring"


@each_of(
    "names, shows",
    [
        (("X",), "X shows about 4 characters"),
        (("X", "Threads"), "X and Threads show about"),
        (("X", "Threads", "LinkedIn"), "X, Threads, LinkedIn show about"),
    ],
)
def test_a_text_that_feeds_cut_says_where_and_in_which(names: tuple[str, ...], shows: str) -> None:
    assert previews._cut_line(
        "Words and more", cast("Any", SimpleNamespace(shown=4, labels=names))
    ).startswith(shows)


# --- the server ------------------------------------------------------------------------------------------------------


def test_a_call_that_was_given_up_asks_for_nothing(calendar: Path) -> None:
    connections = Connections(PublerReader)
    server = _Served(served([calendar], Choice(), 30))
    connections.wake.set()
    found = server._answered(NAMED["plan"], {}, connections)
    assert (found.is_error, "given up before it began" in str(found.content)) == (True, True)


class Unread(ValueError):
    """As pydantic raises it."""

    def errors(self) -> list[dict[str, str]]:
        return [
            {"input": r'{"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"text": "\ud83d"}}'}
        ]


def test_what_the_sdk_cannot_read_is_answered_and_everything_else_is_passed_on() -> None:
    other = OSError("gone")

    async def passed() -> tuple[list[Any], list[Any]]:
        send, incoming = anyio.create_memory_object_stream[Any](9)
        passing, kept = anyio.create_memory_object_stream[Any](9)
        outgoing, answers = anyio.create_memory_object_stream[Any](9)
        for item in ("a message", Unread(), other):
            send.send_nowait(item)
        send.close()
        await _pass_on(incoming, passing, outgoing)
        outgoing.close()
        with incoming, kept, answers:
            return [each async for each in kept], [each async for each in answers]

    with ThreadPoolExecutor() as own:  # in this thread, the loop of a browser may be running
        kept, answers = own.submit(asyncio.run, passed()).result()
    assert kept == ["a message", other]
    assert [each.message.id for each in answers] == [7]
