"""The settings: the calendar's name, its workspace, and its accounts and groups by the words for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.load import read
from tests.calendar.calendars import SETTINGS, both, one, write

if TYPE_CHECKING:
    from pathlib import Path


def test_the_name_is_the_path_in_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    inner = tmp_path / "clients" / "acme"
    inner.mkdir(parents=True)
    for folder in (tmp_path, inner):
        (folder / "publer.yaml").write_text("accounts: {}\n", encoding="utf-8")
    assert read(inner).settings.name == "clients/acme"
    assert read(tmp_path).settings.name == "calendar"


def test_outside_a_repository_the_name_is_the_folders(top: Path) -> None:
    assert read(top).settings.name == "social"
    write(top, publer="name: Spring\n")
    assert read(top).settings.name == "Spring"


@pytest.mark.parametrize(
    ("said", "env", "workspace", "found"),
    [
        ("", "5f000000000000000000beef", "5f000000000000000000beef", []),
        ("workspace: Acme\n", None, "Acme", []),
        ("workspace: Acme\n", "5f000000000000000000beef", "Acme", []),
        ("workspace: 5f000000000000000000beef\n", "5f000000000000000000beef", "5f000000000000000000beef", []),
        (
            "workspace: 5f000000000000000000beef\n",
            "5f000000000000000000cafe",
            "5f000000000000000000beef",
            ["workspace.two"],
        ),
    ],
)
def test_the_environment_fills_in_a_workspace_and_never_overrules_one(
    top: Path, said: str, env: str | None, workspace: str, found: list[str]
) -> None:
    write(top, publer=SETTINGS + said)
    calendar = read(top, workspace_env=env)
    assert (calendar.settings.workspace, calendar.workspace_env) == (workspace, env)
    assert [problem.code for problem in calendar.problems] == found


@pytest.mark.parametrize(
    ("value", "name", "provider"),
    [
        ("facebook: My Page", "My Page", "facebook"),
        ("x: Me", "Me", "twitter"),
        ("shop: instagram/A / B", "A / B", "instagram"),
        ("shop: A / B", "A / B", None),
        ("shop: {name: Us, provider: x}", "Us", "twitter"),
        ("linkedin: {id: 63c675e94e299e9cf2b667ec}", "63c675e94e299e9cf2b667ec", "linkedin"),
        ("wordpress: Blog", "Blog", "wordpress"),
        ("wordpress_basic: Blog", "Blog", "wordpress"),
    ],
)
def test_an_account_is_named_with_its_network(top: Path, value: str, name: str, provider: str | None) -> None:
    write(top, publer=f"accounts:\n  {value}\n")
    calendar = read(top)
    assert calendar.problems == ()
    assert [(ref.name, ref.provider) for ref in calendar.settings.accounts] == [(name, provider)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("accounts: {a: x/Me, b: x/Me}\n", "account.twice"),
        ("accounts: {all: Me}\n", "account.name"),
        ("accounts: {x: Me}\ngroups: {x: [x]}\n", "account.name"),
        ("accounts: {x: Me}\ngroups: {g: [y]}\n", "account.unknown"),
        ("accounts: {a: {name: Me, provider: mars}}\n", "account.network"),
        ("accounts: {a: {provider: x}}\n", "key.value"),
        ("accounts: {a b: Me}\n", "key.value"),
        ("accounts: {x: {name: Me, max_characters: 1000}}\n", "key.place"),
        ("accounts: {mastodon: {name: Me, max_characters: none}}\n", "key.type"),
        ("accounts: {mastodon: {name: Me, max_characters: 0}}\n", "key.value"),
        ("timezone: Berlin\n", "time.zone"),
        ("time: noon\n", "time.form"),
        ("prune: all\n", "key.value"),
        ("limits: {delete: -1}\n", "key.value"),
        ("limits: {deletes: 1}\n", "key.unknown"),
        ("hold: true\n", "key.type"),
        ("hold: {accounts: all}\n", "key.missing"),
        ('hold: {reason: " "}\n', "key.value"),
        ("hold: {reason: Why, days: 3}\n", "key.unknown"),
        ("accounts: {x: Me}\nhold: {reason: Why, accounts: y}\n", "account.unknown"),
    ],
)
def test_a_problem_in_the_settings_is_reported(top: Path, text: str, code: str) -> None:
    write(top, publer=text)
    calendar = read(top)
    assert [problem.code for problem in calendar.problems] == [code]
    assert all(problem.location and problem.location.file == "publer.yaml" for problem in calendar.problems)


@pytest.mark.parametrize(
    ("word", "fixed"),
    [
        ("linkdin", "linkedin"),
        ("LinkedIn", "linkedin"),
        ("linked-in", "linkedin"),
        ("linkedum", None),
        ("linkedin2", None),
        ("-linkedin", None),
        ("facebook_page", None),
        *(
            (f"x{between}linkedin", "[x, linkedin]")
            for between in (",", " / ", " | ", " und ", " and ", "，")
        ),
    ],
)
def test_an_unknown_account_is_only_fixed_where_it_can_be_no_other(
    top: Path, word: str, fixed: str | None
) -> None:
    write(top, a=one(word))
    [problem] = both(top)[2]
    assert problem.code == "account.unknown"
    assert (problem.fix and problem.fix.text) == (f"  accounts: {fixed}" if fixed else None)
