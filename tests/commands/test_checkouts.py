"""Which calendars lie in the checkout of one, and which names none of them has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.commands.reaching import checkouts
from publer_sync.commands.reaching.checkouts import Checkouts, reader
from publer_sync.values.errors import CalendarError, StateError
from tests.commands.reached import stand_in
from tests.tables import each_of


def calendar(folder: Path, text: str = "timezone: UTC\n") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "publer.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which git lists what there is."""
    (tmp_path / ".git").mkdir()
    calendar(tmp_path / "acme")
    calendar(tmp_path / "clients" / "bank", "timezone: UTC\nname: Savings\n")

    def output(*words: str) -> bytes:
        assert "ls-files" in words
        return b"acme/publer.yaml\0clients/bank/publer.yaml\0gone/publer.yaml\0acme/publer.yaml\0"

    monkeypatch.setattr("publer_sync.ledger.git_command.Git.of", lambda _: stand_in(output=output))
    return tmp_path


def test_calendars_of_a_checkout_are_those_that_are_there_each_once(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Checkouts().calendars(checkout / "acme") == (checkout / "acme", checkout / "clients" / "bank")

    def failing(*_: object) -> bytes:
        raise StateError("no git")

    monkeypatch.setattr("publer_sync.ledger.git_command.Git.of", lambda _: stand_in(output=failing))
    assert sorted(Checkouts().calendars(checkout / "acme")) == [
        checkout / "acme",
        checkout / "clients" / "bank",
    ]


@each_of(
    ("names", "exactly", "missing"),
    [
        (["acme", "clients/bank", "Savings", "left"], False, ["clients/bank", "left"]),
        (["savings", "left"], False, ["left"]),
        (["savings", "Savings"], True, ["savings"]),
        (["acme"], False, []),
        ([], False, []),
        (["calendar"], False, ["calendar"]),
    ],
)
def test_a_name_is_missing_where_no_calendar_has_it(
    checkout: Path, names: list[str], exactly: bool, missing: list[str]
) -> None:
    assert Checkouts().missing(checkout / "acme", names, exactly=exactly) == missing


@each_of(
    ("text", "missing"),
    [("timezone: UTC\n", []), ("name: other\n", ["calendar"]), ("'name' : other\n", ["calendar"])],
)
def test_the_top_of_a_repository_is_called_calendar(checkout: Path, text: str, missing: list[str]) -> None:
    calendar(checkout, text)
    assert Checkouts().missing(checkout / "acme", ["calendar"]) == missing
    assert Checkouts().missing(checkout / "acme", ["left"]) == ["left"]


def test_a_neighbour_is_read_once(checkout: Path) -> None:
    read = reader(None, Path.resolve)
    settings = read(checkout / "acme", posts=False)
    assert read(checkout / "clients" / ".." / "acme", posts=False) is settings
    assert read(checkout / "acme", posts=True) is not settings


def test_outside_of_git_nothing_is_known_to_be_missing(tmp_path: Path) -> None:
    calendar(tmp_path / "acme")
    assert Checkouts().missing(tmp_path / "acme", ["left"]) == []
    assert Checkouts().calendars(tmp_path / "acme") == ()


def test_a_checkout_is_read_once_for_all_calendars_of_a_command(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of many asks for the names of all others, which may be other ones than their folders'."""
    asked: list[str] = []

    def look(root: Path, name: str) -> bool:
        asked.append(f"look {name}")
        return name == "acme"

    def reading(top: Path, *, posts: bool) -> Any:
        asked.append(f"read {top.name}")
        return read(top, posts=posts)

    monkeypatch.setattr(checkouts, "_is_named_for_its_folder", look)
    found = Checkouts(reading)
    names = ["acme", "left", "Savings"]
    assert found.missing(checkout / "acme", names) == ["left"]
    assert asked == ["look acme", "look left", "look Savings", "read acme", "read bank"]
    assert found.missing(checkout / "acme", iter(names), exactly=True) == ["left"]
    assert found.missing(checkout / "clients" / "bank", ["savings"], exactly=True) == ["savings"]
    assert asked[5:] == ["look left", "look savings"]


def test_settings_are_read_only_where_a_name_is_not_that_of_a_folder(checkout: Path) -> None:
    def reading(top: Path, *, posts: bool) -> Any:
        raise AssertionError(top, posts)

    assert Checkouts(reading).missing(checkout / "acme", ["acme"]) == []


def test_a_calendar_whose_settings_cannot_be_read_has_no_name(checkout: Path) -> None:
    def reading(top: Path, *, posts: bool) -> Any:
        if top.name == "acme":
            raise CalendarError(())
        return read(top, posts=posts)

    found = Checkouts(reading).missing(checkout / "clients" / "bank", ["Savings", "left"])
    assert found == ["left"]


def test_what_one_repository_has_another_one_may_lack(checkout: Path) -> None:
    other = checkout / "clients" / "other"
    (other / ".git").mkdir(parents=True)
    found = Checkouts()
    assert found.missing(checkout / "acme", ["acme"]) == []
    assert found.missing(other, ["acme"]) == ["acme"]
