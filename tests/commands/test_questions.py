"""What `init` asks for, and which answers, names and options it takes for an account, a workspace and a time zone."""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import pytest

from publer_sync.commands.running.questions import (
    aliases,
    choose_accounts,
    choose_timezone,
    choose_workspace,
    in_settings,
)
from publer_sync.values.errors import Interrupted, UsageError
from publer_sync.values.model import Account, Workspace
from tests.tables import each_of

X = Account("a-x", "Fjordlight", "twitter")
NORWAY, SWEDEN = Account("a-no", "Fjordlight Norge", "linkedin"), Account("a-se", "Fjordlight", "linkedin")
BROKEN = replace(X, id="a-old", provider="facebook", trouble="reconnect it")
ALL = (X, NORWAY, SWEDEN, BROKEN)
ACME, BANK = Workspace("w-1", "Acme"), Workspace("w-2", "Bank")


def answering(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(words))


@each_of(
    ("names", "found"),
    [
        (["Fjordlight"], ["linkedin"]),
        (["Fjordlight", "Ål på bordet!"], ["linkedin_fjordlight", "linkedin_al_pa_bordet"]),
        (["日本", "日本語"], ["linkedin", "linkedin_2"]),
        (["Same", "Same", "Same"], ["linkedin_same", "linkedin_same_2", "linkedin_same_3"]),
        (["a" * 23 + " b", "x"], [f"linkedin_{'a' * 23}", "linkedin_x"]),
    ],
)
def test_an_alias_is_the_network_with_the_name_where_it_has_several(
    names: list[str], found: list[str]
) -> None:
    accounts = [Account(f"a-{number}", name, "linkedin") for number, name in enumerate(names)]
    assert [*aliases(accounts)] == found


def test_a_network_that_is_newer_than_this_version_is_left_out_of_the_settings() -> None:
    lines = [in_settings(each) for each in (X, replace(X, id="0123", provider="mastodon-two"))]
    assert lines == ["{id: a-x, provider: twitter}", '{id: "0123"}']


@each_of(
    ("wishes", "yes", "answers", "chosen"),
    [
        ((), True, "", ["x", "linkedin_fjordlight_norge", "linkedin_fjordlight"]),
        ((), False, "\n", ["x", "linkedin_fjordlight_norge", "linkedin_fjordlight"]),
        ((), False, "all\n", ["x", "linkedin_fjordlight_norge", "linkedin_fjordlight"]),
        ((), False, "3, 1\n", ["linkedin_fjordlight", "x"]),
        ((), False, "0\n4\nnone\n2\n", ["linkedin_fjordlight_norge"]),
        (("x", "a-x"), False, "", ["x"]),
        (("Fjordlight Norge", "facebook"), False, "", ["linkedin_fjordlight_norge", "facebook"]),
    ],
)
def test_accounts_are_those_that_are_named_or_chosen_of_those_that_can_be_used(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wishes: tuple[str, ...],
    yes: bool,
    answers: str,
    chosen: list[str],
) -> None:
    answering(monkeypatch, answers)
    assert [*choose_accounts(ALL, wishes, yes=yes)] == chosen
    told = capsys.readouterr().err
    assert ("left out  facebook, Fjordlight: reconnect it\n" in told) is not bool(wishes)
    assert told.count("Answer with some of the numbers from 1 to 3.") == (3 if answers.startswith("0") else 0)


def test_an_account_that_stands_alone_is_taken_and_one_that_nobody_knows_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, "")
    assert [*choose_accounts((X, BROKEN), (), yes=False)] == ["x"]
    with pytest.raises(Interrupted, match="there was no answer"):
        choose_accounts(ALL, (), yes=False)
    with pytest.raises(UsageError, match="no account of this workspace can be used now"):
        choose_accounts((BROKEN,), (), yes=True)
    for wish, why in (("Nobody", "there is no account"), ("Fjordlight", "several accounts are named")):
        with pytest.raises(UsageError, match=f'{why} "{wish}"') as error:
            choose_accounts(ALL, (wish,), yes=True)
        assert ("linkedin_fjordlight_norge" in (error.value.hint or "")) is (wish == "Nobody")


@each_of(
    ("there", "wish", "yes", "answers", "found"),
    [
        ((ACME,), None, False, "", ACME),
        ((ACME, BANK), "Bank", False, "", BANK),
        ((ACME, BANK), "w-1", True, "", ACME),
        ((ACME, BANK), None, False, "\n", ACME),
        ((ACME, BANK), None, False, "all\n1 2\n2\n", BANK),
        ((), None, False, "", "the key sees no workspace"),
        ((ACME, BANK), None, True, "", "the key sees several workspaces"),
        ((ACME, BANK), "Cafe", True, "", 'there is no workspace "Cafe"'),
        ((ACME, replace(BANK, name="Acme")), "Acme", True, "", 'several workspaces are named "Acme"'),
    ],
)
def test_a_workspace_is_the_one_that_is_named_the_only_one_or_the_chosen_one(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    there: tuple[Workspace, ...],
    wish: str | None,
    yes: bool,
    answers: str,
    found: Workspace | str,
) -> None:
    answering(monkeypatch, answers)
    if isinstance(found, Workspace):
        assert choose_workspace(there, wish, yes=yes) == found
        assert ("Answer with one of the numbers from 1 to 2.\n" in capsys.readouterr().err) is (answers > "a")
        return
    with pytest.raises(UsageError, match=found):
        choose_workspace(there, wish, yes=yes)


def test_a_time_zone_is_asked_for_until_there_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, "Nowhere\nEurope/Oslo\n")
    assert choose_timezone(None, yes=False) == "Europe/Oslo"
    assert "Nowhere" in capsys.readouterr().err
    assert [choose_timezone("Asia/Tokyo", yes=yes) for yes in (False, True)] == ["Asia/Tokyo"] * 2
    for wish, yes in (("Nowhere", False), ("", True)):  # as of a variable that is not set
        with pytest.raises(UsageError, match=r"--timezone: .* is not a time zone"):
            choose_timezone(wish, yes=yes)


@each_of(("machines", "named"), [("Etc/UTC", "UTC"), ("Europe/Oslo", "Europe/Oslo")])
def test_without_a_question_the_time_zone_is_the_machines(
    monkeypatch: pytest.MonkeyPatch, machines: str, named: str
) -> None:
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: machines)
    assert choose_timezone(None, yes=True) == named
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: "Nowhere/City")
    with pytest.raises(UsageError, match="--timezone: "):
        choose_timezone(None, yes=True)


@each_of(
    ("module", "told"),
    [("tzlocal", "the time zone is not known"), ("tzlocal.unix", "this machine has no time zone")],
)
def test_without_a_time_zone_one_has_to_be_named(
    monkeypatch: pytest.MonkeyPatch, module: str, told: str
) -> None:
    def unknown() -> str:
        raise LookupError

    with monkeypatch.context() as patch:
        patch.setattr("tzlocal.get_localzone_name", unknown)
        patch.setitem(sys.modules, module, None)
        with pytest.raises(UsageError, match=told):
            choose_timezone(None, yes=True)
        answering(monkeypatch, "\nEurope/Oslo\n")
        assert choose_timezone(None, yes=False) == "Europe/Oslo"
