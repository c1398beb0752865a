"""What may be left out: each command either works without it, or says how to install it."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.machine.extras import EXPORT, INIT, MCP, PREVIEW, require
from publer_sync.values.errors import SettingsError
from tests.conftest import ROOT
from tests.system.worlds import MINUTE, T

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.conftest import Cli

EXTRAS = {extra.name: extra for extra in (EXPORT, INIT, MCP, PREVIEW)}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


class Missing:
    """Finds no module of these packages, as if none of them were installed."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def find_spec(self, name: str, *_: Any) -> None:
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.fixture
def nothing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {module for extra in EXTRAS.values() for module in extra.packages}
    for name in [*sys.modules]:
        if name.partition(".")[0] in names:
            monkeypatch.delitem(sys.modules, name)
    finders = [Missing(names), *sys.meta_path]
    monkeypatch.setattr(sys, "meta_path", finders)


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples/calendar", tmp_path / "calendar")
    return tmp_path / "calendar"


@pytest.mark.story
def test_extras_are_those_of_the_package() -> None:
    asked = {
        name: {re.split(r"[^\w-]", line)[0].lower() for line in lines} - {"publer-sync"}
        for name, lines in PROJECT["optional-dependencies"].items()
    }
    assert asked.pop("all") == set()
    assert asked == {
        name: {package.lower() for package in extra.packages.values()} for name, extra in EXTRAS.items()
    }
    homes = packages_distributions()
    for extra in EXTRAS.values():
        for module, package in extra.packages.items():
            assert package.lower() in {each.lower() for each in homes[module]}
    named = re.findall(r"publer-sync\[(.+)\]", "".join(PROJECT["optional-dependencies"]["all"]))
    assert [*EXTRAS] == sorted(named[0].split(","))


@pytest.mark.usefixtures("nothing_extra")
def test_what_needs_no_extra_works_without_any(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    at = ("--sandbox", "--now", "2027-02-20")
    sheet = tmp_path / "posts.csv"
    sheet.write_text(f"Date,Text\n{T + 7 * MINUTE:%Y-%m-%d %H:%M},From a sheet\n", encoding="utf-8")
    commands: list[tuple[Any, ...]] = [
        ("validate", calendar),
        ("plan", calendar, *at),
        ("apply", calendar, *at, "--yes"),
        ("status", calendar, *at),
        ("results", calendar, *at),
        ("export", calendar, "--format", "json"),
        ("import", sheet, calendar, "--columns", "at=Date,text=Text", "--account", "x", "--yes"),
        ("init", tmp_path / "new", *at, "--timezone", "Europe/Oslo", "--yes"),
    ]
    for command in commands:
        ran = cli(*command)
        assert ran.code == 0, (command, ran.stdout, ran.stderr)


@pytest.mark.usefixtures("nothing_extra")
@pytest.mark.parametrize(
    ("command", "says", "extra"),
    [
        (("preview", "calendar"), "a web page needs the package Pillow, which is not installed", "preview"),
        (("preview", "calendar", "--serve"), "a web page needs the package Pillow", "preview"),
        (("edit", "calendar"), "a web page needs the package Pillow", "preview"),
        (("results", "calendar", "--format", "html"), "a web page needs the package Pillow", "preview"),
        (("export", "calendar"), "an ICS feed needs the package icalendar", "export"),
        (("mcp", "calendar"), "publer-sync mcp needs the package mcp", "mcp"),
    ],
)
def test_what_lacks_a_package_says_how_to_install_it(
    cli: Cli, calendar: Path, command: Sequence[str], says: str, extra: str
) -> None:
    ran = cli(*command, cwd=calendar.parent)
    assert (ran.code, ran.stdout) == (1, "")
    assert f"error: {says}" in ran.stderr
    assert f'pip install "publer-sync[{extra}]"' in ran.stderr
    assert f'pip install ".[{extra}]"' in ran.stderr


@pytest.mark.usefixtures("nothing_extra")
def test_init_asks_for_the_time_zone_that_it_cannot_read(cli: Cli, tmp_path: Path) -> None:
    ran = cli("init", tmp_path / "new", "--sandbox", "--now", "2027-02-20", "--yes")
    assert ran.code == 64
    assert "the time zone is not known" in ran.stderr
    assert "--timezone Europe/Berlin" in ran.stderr


def test_each_of_a_pages_packages_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, package in PREVIEW.packages.items():
        with monkeypatch.context() as without:
            without.setitem(sys.modules, module, None)
            with pytest.raises(SettingsError, match=f"the package {package}, which"):
                require(PREVIEW)
    require(PREVIEW)
