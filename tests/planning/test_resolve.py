"""From the names in the settings to Publer's accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.ledger.state import KnownAccount
from publer_sync.planning.resolve import AccountList, find_accounts, find_workspace
from publer_sync.values.errors import CalendarError, SettingsError
from publer_sync.values.model import Account, AccountRef, Settings, Workspace
from publer_sync.values.problems import Location
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LAMPS, OTHER = Workspace("5f" + "0" * 22, "Lamps"), Workspace("5f" + "1" * 22, "Other")
ALIKE = Workspace("5f" + "2" * 22, "lamps")


def settings(workspace: str | None) -> Settings:
    where = Location("publer.yaml", 2) if workspace is not None else None
    return Settings("calendar", timezone="UTC", workspace=workspace or "", workspace_location=where)


def found_accounts(refs: Sequence[AccountRef], there: Iterable[Account], **more: Any) -> dict[str, Account]:
    return find_accounts(refs, AccountList(tuple(there)), **more)


@each_of(
    ("named", "env", "there", "found"),
    [
        (None, None, [LAMPS], LAMPS),
        (LAMPS.id, None, [OTHER, LAMPS], LAMPS),
        ("Lamps", None, [OTHER, LAMPS], LAMPS),
        (" LAMPS ", None, [OTHER, LAMPS], LAMPS),
        ("lamps", None, [LAMPS, ALIKE], ALIKE),
        (None, OTHER.id, [OTHER, LAMPS], OTHER),
        ("Lamps", LAMPS.id, [OTHER, LAMPS], LAMPS),
    ],
)
def test_a_workspace_goes_by_its_id_or_name(
    named: str | None, env: str | None, there: list[Workspace], found: Workspace
) -> None:
    assert find_workspace(settings(named), env, there) == found


@each_of(
    ("named", "env", "there", "code", "message"),
    [
        (None, None, [LAMPS, OTHER], "workspace.none", "no workspace is named, and the key reaches several"),
        ("Lumps", None, [LAMPS], "workspace.unknown", 'Publer has no workspace "Lumps"'),
        ("LAMPS", None, [LAMPS, ALIKE], "workspace.ambiguous", '2 workspaces are called "LAMPS"'),
        (
            "Lamps",
            OTHER.id,
            [LAMPS, OTHER],
            "workspace.two",
            'publer.yaml says "Lamps", PUBLER_WORKSPACE_ID says "Other"',
        ),
    ],
)
def test_a_workspace_that_is_not_certain_is_an_error(
    named: str | None, env: str | None, there: list[Workspace], code: str, message: str
) -> None:
    with pytest.raises(CalendarError) as raised:
        find_workspace(settings(named), env, there)
    assert [(each.code, each.message) for each in raised.value.problems] == [(code, message)]


def test_a_workspace_that_the_environment_names_in_vain_is_told_without_a_line() -> None:
    with pytest.raises(
        SettingsError, match='PUBLER_WORKSPACE_ID: Publer has no workspace "nowhere"'
    ) as raised:
        find_workspace(settings(None), "nowhere", [LAMPS])
    assert raised.value.code == "workspace.unknown"


@pytest.mark.parametrize(("name", "meant"), [("Fjordlite", 'Did you mean "Fjordlight"? '), ("Zzz", "")])
def test_an_account_that_publer_does_not_have_lists_those_to_paste(name: str, meant: str) -> None:
    there = [Account("1" * 24, "Fjordlight", "twitter"), Account("2" * 24, "Other", "linkedin")]
    with pytest.raises(CalendarError) as raised:
        found_accounts([AccountRef("x", name, None, Location("publer.yaml", 3))], there)
    (problem,) = raised.value.problems
    assert str(problem.help).split("\n") == [
        f"{meant}Renamed accounts keep their id. The workspace has",
        f"  x: {{id: {'1' * 24}, provider: twitter}}    # Fjordlight",
        f"  linkedin: {{id: {'2' * 24}, provider: linkedin}}    # Other",
    ]


def test_two_aliases_of_one_account_are_an_error_once_it_is_known() -> None:
    """By name and by id: the settings alone don't show that they are the same."""
    refs = [
        AccountRef("x", "Me", "twitter", Location("publer.yaml", 3)),
        AccountRef("me", "1" * 24, None, Location("publer.yaml", 4)),
    ]
    with pytest.raises(CalendarError) as raised:
        found_accounts(refs, [Account("1" * 24, "Me", "twitter")])
    assert [(each.code, each.location) for each in raised.value.problems] == [
        ("account.twice", refs[1].location)
    ]


@each_of(
    ("ref", "code", "message", "fix"),
    [
        (("Fjordlight", None), "account.ambiguous", '2 accounts in Publer are called "Fjordlight": twitter, linkedin', "Say which one"),
        (("Fjordlight", "facebook"), "account.network", '"Fjordlight" is not on facebook, but on twitter', "Write"),
        (("Before", None), "account.gone", 'the account "Before" is called "Fjordlight" in Publer now', "Write"),
        (("Nobody", "twitter"), "account.gone", 'Publer has no account "Nobody" on twitter', "Renamed accounts keep their id. The workspace has"),
        (("Nobody", None), "account.gone", 'Publer has no account "Nobody"', "Renamed accounts keep their id. The workspace has"),
    ],
)  # fmt: skip
def test_an_account_that_is_not_certain_is_an_error(
    ref: tuple[str, str | None], code: str, message: str, fix: str
) -> None:
    there = [Account("1" * 24, "Fjordlight", "twitter"), Account("2" * 24, "Fjordlight", "linkedin")]
    with pytest.raises(CalendarError) as raised:
        found_accounts(
            [AccountRef("x", *ref, Location("publer.yaml", 3))],
            there,
            known=lambda: {"1" * 24: KnownAccount("twitter", "Before")},
        )
    (problem,) = raised.value.problems
    assert (problem.code, problem.message, str(problem.help).partition("\n")[0]) == (code, message, fix)


def test_an_account_goes_by_its_id_then_by_its_name_as_it_is_written_then_folded() -> None:
    there = [Account("1" * 24, "Lamps", "twitter"), Account("2" * 24, "LAMPS", "twitter")]
    refs = [
        AccountRef("x", name, "twitter", Location("publer.yaml", 3)) for name in ("1" * 24, "Lamps", "lamps ")
    ]
    assert found_accounts(refs[:1], there)["x"].name == "Lamps"
    assert found_accounts(refs[1:2], there)["x"].id == "1" * 24
    assert found_accounts(refs[2:], there[1:])["x"].id == "2" * 24
    assert found_accounts(refs[2:], there, lenient=True) == {}


def test_the_network_of_an_account_is_what_the_settings_call_it_or_else_what_publer_does() -> None:
    there = [Account("1" * 24, "Lamps", "mastodon", network_key="publer")]
    for said, found in ((None, "publer"), ("settings", "settings")):
        ref = AccountRef("x", "Lamps", "mastodon", Location("publer.yaml", 3), network_key=said)
        assert found_accounts([ref], there)["x"].network_key == found


def test_a_workspace_that_nothing_names_is_told_at_the_first_line_of_the_settings() -> None:
    with pytest.raises(CalendarError) as raised:
        find_workspace(settings(None), None, [LAMPS, OTHER])
    assert [each.location for each in raised.value.problems] == [Location("publer.yaml", 1)]


def test_where_there_is_none_to_choose_from_that_is_said() -> None:
    with pytest.raises(SettingsError, match="the key sees no workspace"):
        find_workspace(settings(None), None, [])
    with pytest.raises(CalendarError) as raised:
        find_workspace(settings("Lamps"), None, [])
    assert "  (none)" in str(raised.value.problems[0].help)
    with pytest.raises(CalendarError) as raised:
        found_accounts([AccountRef("x", "Me", None, Location("publer.yaml", 3))], [])
    assert str(raised.value.problems[0].help).endswith("The workspace has\n  (none)")


def test_an_account_that_is_missing_is_no_second_one_of_another() -> None:
    refs = [
        AccountRef(alias, name, None, Location("publer.yaml", 3))
        for alias, name in (("x", "Me"), ("y", "Us"))
    ]
    there = [Account("1" * 24, "Me", "twitter")]
    assert [*found_accounts(refs, there, lenient=True)] == ["x"]
    with pytest.raises(CalendarError) as raised:
        found_accounts(refs, there)
    assert [each.code for each in raised.value.problems] == ["account.gone"]


def test_an_account_that_settings_name_by_its_id_may_be_on_another_network_than_they_say() -> None:
    ref = AccountRef("x", "1" * 24, "linkedin", Location("publer.yaml", 3))
    with pytest.raises(CalendarError) as raised:
        found_accounts([ref], [Account("2" * 24, "Us", "linkedin"), Account("1" * 24, "Me", "twitter")])
    assert raised.value.problems[0].message.endswith("is not on linkedin, but on twitter")
    other = AccountRef("x", "Me", "", Location("publer.yaml", 3))
    assert found_accounts([other], [Account("1" * 24, "Me", "twitter")])["x"].provider == "twitter"


def test_the_accounts_of_a_workspace_are_found_by_their_ids_and_names() -> None:
    lamps, shouted, other = (
        Account(number * 24, name, "twitter")
        for number, name in (("3", "Lamps"), ("2", " LAMPS"), ("1", "Other"))
    )
    there = AccountList((lamps, shouted, other))
    assert ([*there], {*there.ids}) == ([lamps, shouted, other], {"1" * 24, "2" * 24, "3" * 24})
    assert there.of(["1" * 24, "4" * 24, "3" * 24]) == [lamps, other], "in the order of the list"
    many = tuple(Account(f"{number * 7 % 20:024}", "Many", "twitter") for number in range(20))
    assert AccountList(many).of({each.id for each in many}) == [*many]
    assert [[*each] for each in there.called("Lamps")] == [[], [lamps], [lamps, shouted]]
    assert [[*each] for each in there.called("2" * 24)] == [[shouted], [], []]
    assert [[*each] for each in there.called("lamps ")] == [[], [], [lamps, shouted]]
