"""Each tool over the protocol: what it answers, what it refuses, and that its data is what its schema promises."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from publer_sync.assisting.answers import MOST_DATA, MOST_TEXT
from publer_sync.assisting.tools import TOOLS
from tests.assisting.conftest import NOW, POSTS, SETTINGS, words
from tests.conftest import ROOT, Cli
from tests.schemas import conforms
from tests.sources import MODULES
from tests.system.worlds import MINUTE, T

if TYPE_CHECKING:
    from pathlib import Path

    from mcp import Client

    from publer_sync.sandbox import Sandbox
    from tests.assisting.conftest import Talk

WRONG = "posts:\n- at: Wed 2027-12-02 09:00\n  accounts: [x, linkdin]\n  text: Repair beats replace.\n"


def test_the_tools_are_these_and_say_what_they_touch(talk: Talk, calendar: Path) -> None:
    async def look(client: Client) -> Any:
        return client.server_info, client.server_capabilities, (await client.list_tools()).tools

    info, capabilities, tools = talk(look, calendar)
    assert (info.name, capabilities.prompts, capabilities.resources) == ("publer-sync", None, None)
    assert {tool.name: tool.annotations.read_only_hint for tool in tools} == {
        "validate": True,
        "count": True,
        "plan": True,
        "explain": True,
        "preview": False,  # it writes a page
        "status": True,
    }
    assert {tool.name for tool in tools if tool.annotations.open_world_hint} == {"plan", "explain", "status"}
    assert not [tool.name for tool in tools if tool.annotations.destructive_hint]
    for tool in tools:
        Draft202012Validator.check_schema(tool.input_schema)
        Draft202012Validator.check_schema(tool.output_schema)
        assert tool.input_schema["additionalProperties"] is False
        assert len(tool.description) < 500
        assert all(each["description"] for each in tool.input_schema["properties"].values())
        assert "$ref" not in tool.output_schema  # some clients want an object at the top
        assert tool.output_schema["type"] == "object"


def test_the_tools_use_no_command_that_writes_to_publer() -> None:
    imported = {
        name.split(".")[2 if name.split(".")[2] not in ("reaching", "running") else 3]
        for module in MODULES.values()
        if module.room == "assisting"
        for name in module.imports(types=True)
        if name.startswith("publer_sync.commands.")
    }
    assert imported == {
        *(
            "choice",
            "connections",
            "environment",
            "failure",
            "options",
            "problems",
            "schema",
            "scope",
            "shared",
        ),
        *("explain", "plan", "preview", "status", "validate"),
    }


def test_with_the_sandbox_tools_that_ask_it_write_its_file_and_say_so(talk: Talk, calendar: Path) -> None:
    async def look(client: Client) -> Any:
        return (await client.list_tools()).tools

    hints = {tool.name: tool.annotations for tool in talk(look, calendar, *NOW)}
    assert {name for name, hint in hints.items() if hint.read_only_hint} == {"validate", "count"}
    assert not [name for name, hint in hints.items() if hint.open_world_hint]


def test_validate_names_file_line_column_and_fix(talk: Talk, calendar: Path) -> None:
    async def look(client: Client) -> Any:
        good = await client.call_tool("validate", {})
        (calendar / "wrong.yaml").write_text(WRONG, encoding="utf-8")
        return good, await client.call_tool("validate", {}), await client.call_tool("validate", {"limit": 1})

    good, bad, first = talk(look, calendar)
    assert (good.is_error, good.structured_content["problems"]) == (False, [])
    assert words(good).startswith("2 posts (on 2 accounts), Tue 2 Mar to Tue 9 Mar 2027. No problems.")
    assert not bad.is_error  # the answer is what is wrong
    assert [
        (one["code"], one["file"], one["line"], one["column"]) for one in bad.structured_content["problems"]
    ] == [("time.weekday", "wrong.yaml", 2, 7), ("account.unknown", "wrong.yaml", 3, 17)]
    assert "calendar/wrong.yaml:3:17" in words(bad)
    assert 'Did you mean "linkedin"?' in words(bad)
    assert first.structured_content["page"] == {"offset": 0, "shown": 1, "total": 2, "next_offset": 1}
    assert words(first).endswith('Problems 1 to 1 of 2. For more, ask again with "offset": 1.\n')


def test_strict_makes_errors_of_warnings(talk: Talk, calendar: Path) -> None:
    (calendar / "more.yaml").write_text(
        "posts:\n- at: 2027-03-20 09:00\n  accounts: x\n  text: The price is TBD\n", encoding="utf-8"
    )

    async def look(client: Client) -> Any:
        return [await client.call_tool("validate", {"strict": strict}) for strict in (False, True)]

    found = [result.structured_content["problems"] for result in talk(look, calendar)]
    assert [[one["severity"] for one in each] for each in found] == [["warning"], ["error"]]


def test_count_counts_as_each_network_does_with_what_the_calendar_adds(talk: Talk, calendar: Path) -> None:
    settings = f"{SETTINGS}append:\n  linkedin: Read more on our blog\n"
    (calendar / "publer.yaml").write_text(settings, encoding="utf-8")
    text = "Look 🎉 https://example.com/a/long/address/that/x/counts/as/23"

    async def look(client: Client) -> Any:
        return (
            await client.call_tool("count", {"text": text}),
            await client.call_tool("count", {"text": "a" * 281, "account": ["x"]}),
            await client.call_tool("count", {"text": text, "networks": ["X", "mastodon"]}),
            await client.call_tool("count", {"text": "a" * 2_000, "networks": ["telegram"], "media": True}),
            await client.call_tool("count", {"text": text, "networks": ["myspace"]}),
            await client.call_tool("count", {"text": text, "account": ["y"]}),
        )

    mine, long, named, caption, unknown, nobody = talk(look, calendar)
    counts = {one["network"]: one for one in mine.structured_content["counts"]}
    assert (counts["x"]["used"], counts["x"]["added"]) == (31, None)
    assert counts["linkedin"]["added"] == "Read more on our blog"
    assert counts["linkedin"]["used"] == len(text) + len("\n\nRead more on our blog")
    assert "The calendar adds, and this counts (linkedin): Read more on our blog" in words(mine)
    [over] = long.structured_content["counts"]
    assert (over["over"], over["fits"], long.structured_content["fits"]) == (1, False, False)
    assert "281 of 280 characters: 1 too long" in words(long)
    assert [(one["network"], one["accounts"]) for one in named.structured_content["counts"]] == [
        ("x", []),
        ("mastodon", []),
    ]
    assert caption.structured_content["counts"][0]["limit"] == 1024
    assert (unknown.is_error, nobody.is_error) == (True, True)
    assert words(unknown).startswith('error: there is no network "myspace"\n  There are: facebook, ')
    assert 'there is no account "y" here' in words(nobody)


def test_count_says_so_where_the_settings_name_no_accounts(talk: Talk, calendar: Path) -> None:
    (calendar / "publer.yaml").write_text("timezone: Europe/Oslo\naccounts: [x\n", encoding="utf-8")

    async def look(client: Client) -> Any:
        return (
            await client.call_tool("count", {"text": "Hello"}),
            await client.call_tool("count", {"text": "Hello", "networks": ["x"]}),
        )

    mine, named = talk(look, calendar)
    assert mine.is_error
    assert "publer.yaml names no accounts to count for" in words(mine)
    assert named.structured_content["fits"]


def test_count_needs_no_calendar(talk: Talk, tmp_path: Path) -> None:
    async def look(client: Client) -> Any:
        return await client.call_tool("count", {"text": "Hello"}), await client.call_tool("validate", {})

    counted, validated = talk(look, tmp_path)
    assert len(counted.structured_content["counts"]) == 13
    assert "no limit is documented" in words(counted)
    assert validated.is_error
    assert "there is no calendar in" in words(validated)


def test_plan_explain_and_status_see_what_the_command_line_does(
    talk: Talk, calendar: Path, cli: Cli, tmp_path: Path
) -> None:
    cli("apply", calendar, *NOW, "--yes")
    (calendar / "march.yaml").write_text(POSTS.replace("launched", "have launched"), encoding="utf-8")

    async def look(client: Client) -> Any:
        return (
            await client.call_tool("plan", {}),
            await client.call_tool("plan", {"account": ["linkedin"]}),
            await client.call_tool("explain", {"post": "launch"}),
            await client.call_tool("explain", {"post": "calendar/march.yaml:4", "offline": True}),
            await client.call_tool("status", {}),
        )

    plan, filtered, explained, offline, status = talk(look, "calendar", *NOW)
    printed = json.loads(cli("plan", calendar, *NOW, "--format", "json").stdout)
    assert plan.structured_content["changes"] == printed["changes"]
    assert plan.structured_content["summary"] == printed["summary"]
    assert "~ edit" in words(plan)
    assert "{+have +}launched" in words(plan).replace("{+have+} ", "{+have +}")
    assert "To apply it" not in words(plan)
    assert filtered.structured_content["changes"] == []
    [post] = explained.structured_content["posts"]
    assert post["accounts"][0]["change"]["action"] == "update"
    assert offline.structured_content["posts"][0]["id"] == "launch"
    assert offline.structured_content["posts"][0]["accounts"][0]["change"] is None
    assert {one["account"]["alias"]: one["ahead"] for one in status.structured_content["accounts"]} == {
        "x": 2,
        "linkedin": 1,
    }
    assert "linkedin    1 ahead" in words(status)


def test_what_an_answer_says_of_the_next_page_can_be_asked(talk: Talk, calendar: Path, cli: Cli) -> None:
    cli("apply", calendar, *NOW, "--yes")
    posts = [
        f"- id: late-{number}\n  at: 2027-02-21 {9 + number // 6:02}:{number % 6}0\n  text: Too late {number}\n"
        for number in range(60)
    ]
    (calendar / "late.yaml").write_text("accounts: x\nposts:\n" + "".join(posts), encoding="utf-8")

    async def look(client: Client) -> Any:
        first = await client.call_tool("status", {})
        return first, await client.call_tool("status", {"offset": 50})

    first, rest = talk(look, "calendar", "--sandbox", "--now", "2027-02-25")
    assert 'For more, ask again with "offset": 50.' in words(first)
    assert first.structured_content["page"] == {"offset": 0, "shown": 50, "total": 60, "next_offset": 50}
    assert (len(rest.structured_content["urgent"]), rest.structured_content["page"]["next_offset"]) == (
        10,
        None,
    )


def test_a_calendar_with_errors_has_no_plan_and_the_answer_says_where(talk: Talk, calendar: Path) -> None:
    (calendar / "wrong.yaml").write_text(WRONG, encoding="utf-8")

    async def look(client: Client) -> Any:
        calls: tuple[tuple[str, dict[str, Any]], ...] = (
            ("plan", {}),
            ("status", {}),
            ("explain", {"post": "launch"}),
            ("plan", {"from": "2027-03-09", "to": "2027-03-01"}),
            ("plan", {"from": "soon"}),
            ("explain", {"post": "nothing like that", "offline": True}),
        )
        return [await client.call_tool(name, arguments) for name, arguments in calls]

    results = talk(look, calendar, *NOW)
    assert all(result.is_error and result.structured_content is None for result in results)
    for result in results[:3]:
        assert "calendar/wrong.yaml:2:7" in words(result)
        assert "Write Thu 2027-12-02 09:00 if the date is right" in words(result)
    assert "--from 2027-03-09 is after --to 2027-03-01" in words(results[3])
    assert 'there is no post "nothing like that" here' in words(results[5])


def test_without_a_key_the_answer_says_which_tools_need_none(talk: Talk, calendar: Path) -> None:
    async def look(client: Client) -> Any:
        return [await client.call_tool(name, {}) for name in ("plan", "status")]

    for result in talk(look, calendar):
        assert result.is_error
        assert words(result).startswith("error: PUBLER_API_KEY is not set\n  This server was started without")


def test_preview_shows_posts_as_networks_do_and_writes_the_page(talk: Talk, calendar: Path) -> None:
    long = " ".join(["word"] * 100)
    (calendar / "long.yaml").write_text(
        f"posts:\n- at: 2027-03-20 09:00\n  accounts: linkedin\n  text: |\n    {long}\n  link: https://example.com/lamp\n",
        encoding="utf-8",
    )

    async def look(client: Client) -> Any:
        return (
            await client.call_tool("preview", {}),
            await client.call_tool("preview", {"from": "2027-03-20"}),
            await client.call_tool("preview", {"limit": 1, "offset": 2}),
        )

    whole, one, page = talk(look, calendar)
    assert [post["id"] for post in whole.structured_content["posts"]] == ["launch", "again", None]
    [post] = one.structured_content["posts"]
    assert post["cut"] == [{"networks": ["LinkedIn"], "shown": 209}]
    assert 'LinkedIn shows about 209 characters, up to "…' in words(one)
    assert "link card: https://example.com/lamp" in words(one)
    assert page.structured_content["page"] == {"offset": 2, "shown": 1, "total": 3, "next_offset": None}
    file = calendar / ".publer-sync" / "preview.html"
    assert whole.structured_content["file"] == str(file.resolve())
    assert "<!doctype html>" in file.read_text(encoding="utf-8").lower()
    assert (calendar / ".publer-sync" / ".gitignore").read_text(encoding="utf-8") == "*\n"


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a right on Windows")
def test_preview_writes_no_page_through_a_link(talk: Talk, calendar: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (calendar / ".publer-sync").symlink_to(elsewhere)

    async def look(client: Client) -> Any:
        return await client.call_tool("preview", {})

    result = talk(look, calendar)
    assert result.is_error
    assert "is a link to a folder elsewhere" in words(result)
    assert list(elsewhere.iterdir()) == []


def test_wrong_arguments_are_told_so_that_the_next_call_is_right(talk: Talk, calendar: Path) -> None:
    wrong: dict[str, tuple[str, dict[str, Any]]] = {
        'there is no argument "acount"; did you mean "account"?': ("plan", {"acount": ["x"]}),
        'there is no argument "yes"; there are: calendar': ("status", {"yes": True}),
        'the argument "text" is missing': ("count", {}),
        'the argument "post" is missing': ("explain", {"calendar": "calendar"}),
        '"limit" is between 1 and 200, not 5000': ("plan", {"limit": 5000}),
        '"offset" is a whole number': ("validate", {"offset": "two"}),
        '"strict" is true or false': ("validate", {"strict": "yes"}),
        '"account" is a list of strings': ("plan", {"account": [1]}),
        '"text" has at most 200,000 characters': ("count", {"text": "a" * 200_001}),
        '--from: "soon"': ("preview", {"from": "soon"}),
    }

    async def look(client: Client) -> Any:
        return [await client.call_tool(name, arguments) for name, arguments in wrong.values()]

    for message, result in zip(wrong, talk(look, calendar, *NOW), strict=True):
        assert result.is_error
        assert message in words(result)


@pytest.mark.slow
def test_answers_stay_small_however_large_the_calendar(talk: Talk, calendar: Path) -> None:
    """1,500 posts, some of them long; every page is read until the last."""
    lines = ["posts:"]
    for number in range(1_500):
        month, day, hour = number // 28 % 12 + 1, number % 28 + 1, number // 336 % 4 + 9
        year = 2027 + number // 1_344 + 1
        text = "long " * 500 if number % 50 == 0 else f"Number {number}"
        lines += [f"- at: {year}-{month:02}-{day:02} {hour:02}:00", "  accounts: linkedin", f"  text: {text}"]
    (calendar / "many.yaml").write_text("\n".join(lines), encoding="utf-8")

    async def look(client: Client) -> Any:
        plan = await client.call_tool("plan", {})
        last = await client.call_tool("plan", {"offset": 1_490, "limit": 200})
        none = await client.call_tool("plan", {"offset": 3_000})
        preview = await client.call_tool("preview", {"limit": 200})
        explain = await client.call_tool("explain", {"post": "number", "offline": True})
        return plan, last, none, preview, explain

    plan, last, none, preview, explain = talk(look, calendar, *NOW)
    assert plan.structured_content["summary"]["create"] == 1_503
    assert plan.structured_content["page"]["total"] == 1_503
    assert last.structured_content["page"] == {
        "offset": 1_490,
        "shown": 13,
        "total": 1_503,
        "next_offset": None,
    }
    assert none.structured_content["changes"] == []
    assert "1,502 new posts" in words(plan).replace("\n", " ")
    assert 'of 1,503. For more, ask again with "offset": ' in words(plan)
    assert "FILE:LINE" in words(explain)
    for result in (plan, last, none, preview, explain):
        assert not result.is_error, words(result)
        assert len(words(result)) < MOST_TEXT + 1_000
        assert len(json.dumps(result.structured_content)) < 2 * MOST_DATA


def test_what_tools_answer_is_what_their_schemas_say(talk: Talk, tmp_path: Path) -> None:
    """The client checks each answer too; here without what paging adds, against the files of the repository."""
    calendar = shutil.copytree(
        ROOT / "examples" / "calendar", tmp_path / "calendar", ignore=shutil.ignore_patterns(".publer-sync")
    )
    arguments: dict[str, dict[str, Any]] = {
        "count": {"text": "Hello"},
        "explain": {"post": "launch"},
    }

    async def look(client: Client) -> Any:
        return {tool.name: await client.call_tool(tool.name, arguments.get(tool.name, {})) for tool in TOOLS}

    for name, result in talk(look, calendar, *NOW).items():
        assert not result.is_error, words(result)
        document = {
            key: value for key, value in result.structured_content.items() if key not in ("page", "left_off")
        }
        conforms(document, name)


def test_a_real_service_is_asked_with_the_key_of_the_environment_and_the_key_comes_back_nowhere(
    talk: Talk, sandbox: Sandbox, calendar: Path
) -> None:
    settings = SETTINGS.replace("Fjordlight", "My Primary Workspace", 1).replace(
        "  x: Fjordlight\n  linkedin: Fjordlight", "  x: My X Account\n  linkedin: Company LinkedIn Page"
    )
    (calendar / "publer.yaml").write_text(settings, encoding="utf-8")
    (calendar / "key.yaml").write_text(
        f"posts:\n- at: {T + 7 * MINUTE:%Y-%m-%d %H:%M}\n  accounts: x\n  text: My key is {sandbox.key}\n",
        encoding="utf-8",
    )

    async def look(client: Client) -> Any:
        calls = ("plan", "status", "preview", "validate")
        return [await client.call_tool(name, {}) for name in calls]

    results = talk(look, calendar, env={"PUBLER_API_KEY": sandbox.key, "PUBLER_BASE_URL": sandbox.url})
    for result in results:
        assert not result.is_error, words(result)
        assert sandbox.key not in result.model_dump_json()
    assert "My key is (the key)" in words(results[0])
