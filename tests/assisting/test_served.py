"""Which folders a server reads: those it was started with, and nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.assisting.conftest import POSTS, SETTINGS, words

if TYPE_CHECKING:
    from pathlib import Path

    from mcp import Client

    from tests.assisting.conftest import Talk
    from tests.conftest import Cli


def made(top: Path) -> Path:
    top.mkdir(parents=True)
    (top / "publer.yaml").write_text(SETTINGS, encoding="utf-8")
    (top / "march.yaml").write_text(POSTS, encoding="utf-8")
    return top


def test_a_path_out_of_the_folders_is_refused_however_it_is_written(
    talk: Talk, calendar: Path, tmp_path: Path
) -> None:
    secret = made(tmp_path / "secret")
    paths = ["../secret", str(secret), "calendar/../../secret", ".", "..", "/", "\0", "../calendar-too"]
    made(tmp_path / "calendar-too")
    if os.name != "nt":
        (calendar / "link").symlink_to(secret)
        paths += ["link", "../calendar/link", str(calendar / "link")]

    async def look(client: Client) -> Any:
        return {path: await client.call_tool("validate", {"calendar": path}) for path in paths}

    results = talk(look, calendar)
    assert not results.pop(".").is_error  # the folder itself
    for path, result in results.items():
        assert result.is_error, path
        assert "is outside the folders of this server" in words(result), path
        assert str(calendar) in words(result)


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a right on Windows")
def test_a_file_that_a_link_brings_in_from_elsewhere_is_not_shown(
    talk: Talk, calendar: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("password: hunter2\n", encoding="utf-8")
    (calendar / "april.yaml").symlink_to(tmp_path / "secret.txt")

    async def look(client: Client) -> Any:
        return await client.call_tool("validate", {})

    result = talk(look, calendar)
    assert result.is_error
    assert "april.yaml is a link to a file outside" in words(result)
    assert "hunter2" not in words(result)


def test_a_folder_of_the_calendar_is_meant_by_each_of_its_names(talk: Talk, calendar: Path) -> None:
    names = ["calendar", str(calendar), "./calendar", "../calendar"]

    async def look(client: Client) -> Any:
        return [await client.call_tool("validate", {"calendar": name}) for name in names]

    assert [result.structured_content["posts"] for result in talk(look, "calendar")] == [2, 2, 2, 2]


def test_of_several_calendars_one_has_to_be_named(talk: Talk, tmp_path: Path) -> None:
    made(tmp_path / "clients" / "acme")
    made(tmp_path / "clients" / "north")

    async def look(client: Client) -> Any:
        return (
            await client.call_tool("validate", {}),
            await client.call_tool("validate", {"calendar": "north"}),
            await client.call_tool("validate", {"calendar": "south"}),
            await client.call_tool("validate", {"calendar": "north/march.yaml"}),
            await client.call_tool("count", {"text": "Hello"}),
        )

    several, one, none, file, count = talk(look, "clients")
    assert "there are 2 calendars here" in words(several)
    assert 'Name one as "calendar": acme, north' in words(several)
    assert one.structured_content["posts"] == 2
    assert 'there is no folder "south" here' in words(none)
    assert "is a file; a calendar is a folder" in words(file)
    assert "there are 2 calendars here" in words(count)


def test_the_folder_calendar_is_meant_where_there_is_one(talk: Talk, tmp_path: Path) -> None:
    made(tmp_path / "repository" / "calendar")
    made(tmp_path / "repository" / "another")

    async def look(client: Client) -> Any:
        return await client.call_tool("validate", {})

    assert talk(look, cwd=tmp_path / "repository").structured_content["posts"] == 2


def test_several_folders(talk: Talk, calendar: Path, tmp_path: Path) -> None:
    made(tmp_path / "other")

    async def look(client: Client) -> Any:
        return (
            await client.call_tool("validate", {"calendar": "other"}),
            await client.call_tool("validate", {}),
        )

    other, none = talk(look, calendar, "other")
    assert other.structured_content["posts"] == 2
    assert 'Name one as "calendar": ., ' in words(none)


@pytest.mark.parametrize("name", ["nowhere", "calendar/march.yaml"])
def test_a_server_is_not_started_for_what_is_no_folder(cli: Cli, calendar: Path, name: str) -> None:
    ran = cli("mcp", name)
    assert (ran.code, ran.stdout) == (1, "")
    assert f'error: the folder "{name}" ' in ran.stderr


def test_a_server_is_not_started_for_the_whole_machine(cli: Cli, tmp_path: Path) -> None:
    """Assistants that know no project start it in the home folder, or at the root."""
    ran = cli("mcp")  # HOME is where it runs
    assert (ran.code, ran.stdout) == (1, "")
    assert "Name the folder of the calendar: publer-sync mcp FOLDER." in ran.stderr
