"""What is given on a command line, in the environment or in a plan file: how it is read, and how it is given back to be pasted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.commands.reaching import sharing
from publer_sync.commands.reaching.environment import Environment
from publer_sync.commands.reaching.scope import aliases_of, scope_of
from publer_sync.commands.running.choice import Choice
from publer_sync.commands.running.command_lines import (
    apply_together,
    command_line,
    hold_command,
    leaving,
    letting_go,
    log_command,
    release_command,
)
from publer_sync.commands.running.options import check_days, first_instant, instant, last_instant
from publer_sync.commands.running.plan_file import check_same, check_unchanged, differ, read_plan
from publer_sync.ledger.elsewhere import LedgerPart
from publer_sync.ledger.hold import Hold
from publer_sync.ledger.state import KnownAccount
from publer_sync.planning.plan import Action, Held, Plan
from publer_sync.render import data
from publer_sync.values.errors import SettingsError, StalePlanError, UsageError
from publer_sync.values.model import AccountRef
from publer_sync.values.problems import Location
from publer_sync.values.service import BASE_URL
from tests.builders import DAY, LINKEDIN, NOW, SOON, WORKSPACE, X, change, copy_of, ledger, shown, wanted
from tests.commands.reached import stand_in
from tests.tables import each_of

if TYPE_CHECKING:
    from datetime import datetime

TOP = Path("acme")
ALL = Choice(
    TOP, ("x", "a b"), "2027-03-01", "2027-03-02", "states", True, Path("p.db"), "2027-01-01", first=True
)
NARROWED = "--account x --account 'a b' --from 2027-03-01 --to 2027-03-02"


@each_of(
    ("command", "choice", "line"),
    [
        ("plan", Choice(), "plan"),
        (
            "plan",
            ALL,
            f"plan acme --sandbox --sandbox-file p.db --now 2027-01-01 --state states {NARROWED} --first",
        ),
        ("pull", Choice(TOP, first=True), "pull acme"),
        ("apply", Choice(TOP, first=True, gone=("a", "b")), "apply acme --gone a --gone b --first"),
    ],
)
def test_a_command_is_given_back_as_it_was_given(command: str, choice: Choice, line: str) -> None:
    assert command_line(command, choice) == f"publer-sync {line}"


def test_the_commands_that_messages_name() -> None:
    assert apply_together(replace(ALL, sandbox=False, sandbox_file=None, now=None), TOP, Path("b c")) == (
        "publer-sync apply acme 'b c' --state states"
    )
    assert apply_together(Choice(state="one.json"), TOP) == "publer-sync apply acme"
    assert letting_go(Choice(), "bank") == "publer-sync forget --all --state-name bank"
    assert letting_go(ALL, "a b") == (
        "publer-sync forget --all --state-name 'a b' --calendar acme --state states"
    )
    assert leaving(TOP) == "publer-sync forget --all --calendar acme"
    assert leaving(TOP, place="there", name="bank") == (
        "publer-sync forget --all --calendar acme --state-name bank --state there"
    )
    assert log_command(TOP, place="there", name=None) == "publer-sync log acme --state there"
    assert release_command(ALL) == "publer-sync release acme --sandbox --sandbox-file p.db --state states"
    assert release_command(Choice(release="the button")) == "the button"


def test_a_hold_is_given_back_with_its_scope_and_its_days_in_the_calendars_zone() -> None:
    hold = Hold("Storm in town", NOW)
    assert hold_command(TOP, hold, {}, "UTC") == "publer-sync hold acme --reason 'Storm in town'"
    first = instant("2027-03-01", "Europe/Oslo", option="--from")
    narrow = replace(
        hold, accounts=(X.id, "a-old"), labels=("sale",), first=first, last=first + 2 * DAY, reason="x"
    )
    assert hold_command(TOP, narrow, {X.id: "x"}, "Europe/Oslo") == (
        "publer-sync hold acme --reason x --account x --account a-old --label sale --from 2027-03-01 --to 2027-03-02"
    )


@each_of(
    ("word", "found"),
    [
        ("2027-03-01", "2027-02-28T23:00"),
        ("2027-03-01 08:30", "2027-03-01T07:30"),
        ("2027-03-01T08:30-05:00", "2027-03-01T13:30"),
        ("08:30", '--now: "08:30" has no date'),
        ("0001-12-31", "too long ago"),
        ("9999-10-01", "too far ahead"),
        ("9999-09-30", "9999-09-29T22:00"),
        ("2027-03-28 02:30", "--now: "),
        ("soon", "--now: "),
    ],
)
def test_a_moment_is_one_of_the_calendars_zone_unless_it_says_otherwise(word: str, found: str) -> None:
    if found[:1].isdigit():
        assert f"{instant(word, 'Europe/Oslo', option='--now'):%Y-%m-%dT%H:%M}" == found
        return
    with pytest.raises(UsageError, match=found) as error:
        instant(word, "Europe/Oslo", option="--now")
    assert error.value.hint


def test_days_begin_and_end_in_the_calendars_zone_and_the_first_comes_first() -> None:
    days: list[datetime] = [
        read_day("2027-03-28", "Europe/Oslo", option="--to") for read_day in (first_instant, last_instant)
    ]
    assert [f"{day:%m-%d %H}" for day in days] == ["03-27 23", "03-28 22"]
    assert first_instant("0002-01-01", "UTC", option="--from").year == 2
    for since, until in ((None, None), ("2027-03-01", None), (None, "2027-03-01"), ("2027-03-01",) * 2):
        check_days(since, until)
    with pytest.raises(UsageError, match="--from 2027-03-02 is after --to 2027-03-01"):
        check_days("2027-03-02", "2027-03-01")
    for day, hint in (
        ("March", "Write the day as year-month-day\nFor example: --to 2027-03-02"),
        ("1.3.2027", "Write the day as year-month-day: --to 2027-03-01"),
        ("2027-02-30", "February 2027 has 28 days"),
        ("0001-12-31", "Give 0002-01-01 or a later day."),
    ):
        with pytest.raises(UsageError, match="--to: ") as error:
            last_instant(day, "UTC", option="--to")
        assert error.value.hint == hint


@each_of(
    ("name", "word", "field", "found"),
    [
        ("PUBLER_API_KEY", " k ", "key", "k"),
        ("PUBLER_API_KEY", " ", "key", None),
        ("PUBLER_WORKSPACE_ID", "", "workspace", None),
        ("PUBLER_WORKSPACE_ID", " w ", "workspace", "w"),
        ("PUBLER_BASE_URL", " ", "base_url", BASE_URL),
        ("PUBLER_SYNC_STATE", " states ", "state", "states"),
        ("PUBLER_SYNC_USER_AGENT", "", "user_agent", None),
        ("PUBLER_SYNC_USER_AGENT", " me ", "user_agent", "me"),
        ("PUBLER_SYNC_POLL_SECONDS", " ", "poll_seconds", 2.0),
        ("PUBLER_SYNC_POLL_SECONDS", " ", "polls_as_asked", False),
        ("PUBLER_SYNC_POLL_SECONDS", "3600", "poll_seconds", 3600.0),
        ("PUBLER_SYNC_POLL_SECONDS", "2", "polls_as_asked", True),
        ("PUBLER_SYNC_POLL_SECONDS", "0", "poll_seconds", SettingsError),
        ("PUBLER_SYNC_POLL_SECONDS", "3601", "poll_seconds", SettingsError),
        ("PUBLER_SYNC_POLL_SECONDS", "two", "poll_seconds", SettingsError),
    ],
)
def test_what_is_empty_in_the_environment_is_not_set(name: str, word: str, field: str, found: Any) -> None:
    if found is SettingsError:
        with pytest.raises(SettingsError, match="not a number of seconds above 0"):
            Environment.of({name: word})
        return
    assert getattr(Environment.of({name: word}), field) == found
    with pytest.raises(SettingsError, match="PUBLER_API_KEY is not set"):
        Environment().need_key()


def options(**more: Any) -> dict[str, Any]:
    return {
        "calendar": "acme", "accounts": ["x"], "from": None, "to": None, "state": None, "sandbox": True,
        "sandbox_file": None, "now": None, **more,
    }  # fmt: skip


@each_of(
    ("written", "choice"),
    [
        ({"options": options(), "changes": []}, Choice(TOP, ("x",), sandbox=True)),
        (
            {"options": options(sandbox_file="p.db", first=True), "changes": []},
            Choice(TOP, ("x",), sandbox=True, sandbox_file=Path("p.db"), first=True),
        ),
        ({"options": options()}, None),
        ({"options": {}, "changes": []}, None),
        ([], None),
    ],
)
def test_a_plan_file_has_the_options_of_its_plan(tmp_path: Path, written: Any, choice: Choice | None) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(written), encoding="utf-8")
    if choice is None:
        with pytest.raises(UsageError, match="is not a plan file"):
            read_plan(file, Choice(file))
        return
    assert read_plan(file, Choice(file)) == (choice, [])
    with pytest.raises(UsageError, match="a plan file has its own options"):
        read_plan(file, Choice(file, accounts=("x",)))


def test_a_plan_is_the_same_whatever_its_wording_and_what_is_on_hold() -> None:
    def plan(*changes: Any) -> Plan:
        return Plan("acme", WORKSPACE, NOW, "UTC", changes)

    create = change(Action.CREATE, wanted(SOON, "Hello"))
    other, reworded = change(Action.CREATE, wanted(SOON, "Other")), replace(create, reason="because")
    check_same(plan(create), data.changes(plan(reworded)))
    with pytest.raises(StalePlanError):
        check_same(plan(create), data.changes(plan(other)))
    check_unchanged(plan(), None, "Again.")
    check_unchanged(plan(create), plan(reworded), "Again.")
    with pytest.raises(StalePlanError) as error:
        check_unchanged(plan(create), None, "Again.")
    assert error.value.hint == "Again. Nothing was changed."
    waits = change(Action.BLOCKED, wanted(SOON, "Hello"), would=Action.UNCHANGED)
    held = Held(account=X, post=wanted(SOON, "Held"), reason="Storm")
    sent = copy_of(wanted(SOON, "Held"))
    goes = Held(account=X, post=wanted(SOON, "Held"), copy=sent, live=shown(SOON, "Held"), reason="Storm")
    assert not differ(plan(create), plan(reworded, waits, held, goes))
    assert differ(plan(create), plan(other))
    assert differ(plan(create), plan())


SCOPED = "timezone: UTC\naccounts: {x: Me, linkedin: Us}\ngroups: {words: [x, linkedin]}\n"


@each_of(
    ("choice", "accounts", "days"),
    [
        (Choice(), None, None),
        (Choice(accounts=("x",)), {X.id}, (None, None)),
        (Choice(accounts=("words",)), {X.id}, (None, None)),
        (Choice(since="2027-03-01"), None, (1, None)),
        (Choice(until="2027-03-01"), None, (None, 2)),
    ],
)
def test_posts_are_chosen_by_account_and_by_day(
    tmp_path: Path, choice: Choice, accounts: set[str] | None, days: tuple[int | None, int | None] | None
) -> None:
    (tmp_path / "publer.yaml").write_text(SCOPED, encoding="utf-8")
    found = scope_of(choice, calendar := read(tmp_path), {"x": X})
    if days is None:
        assert found is None
        return
    assert found is not None
    assert found.accounts == (frozenset(accounts) if accounts is not None else None)
    assert tuple(at and at.day for at in (found.since, found.until)) == days
    with pytest.raises(UsageError, match='--account: there is no account "y" here') as error:
        aliases_of(calendar, ("x", "y"))
    assert error.value.hint == "publer.yaml has: x, linkedin, words"
    with pytest.raises(UsageError, match='there is no account "linkedn" here') as error:
        aliases_of(calendar, ("linkedn",))
    assert error.value.hint == 'Did you mean "linkedin"? publer.yaml has: x, linkedin, words'
    others = replace(calendar, groups=replace(calendar.groups, groups={"words": ()}))
    with pytest.raises(UsageError, match='this calendar has none of the accounts of "words" here') as error:
        aliases_of(others, ("words",))
    assert error.value.hint == "publer.yaml has: x, linkedin, words"


def test_an_account_of_two_calendars_is_told_unless_either_says_that_it_is_shared() -> None:
    ref = AccountRef("x", X.name, "twitter", Location("publer.yaml", 3))

    def told(
        *, shared: bool = False, theirs: bool = False, managed: bool = True, gone: tuple[str, ...] = ()
    ) -> list[str]:
        known = KnownAccount("twitter", X.name, managed=managed, shared=theirs)
        state = ledger(accounts={X.id: known})
        refs = (replace(ref, shared=shared), replace(ref, alias="linkedin"))
        return [
            each.message for each in sharing.warnings(refs, {"x": X}, {"bank": state, "cafe": state}, gone)
        ]

    line = "x is managed by the calendar {} as well; if that is meant: x: {{name: Fjordlight, shared: true}}"
    assert told() == [line.format("bank")]
    assert told(gone=("bank",)) == [line.format("cafe")]
    assert [told(shared=True), told(gone=("bank", "cafe"))] == [[], []]
    assert [told(managed=False), told(theirs=True)] == [[], []]

    def wrong(state: Any, accounts: Any = (X.id, LINKEDIN.id), shared: Any = ()) -> list[str]:
        other: Any = stand_in(
            name="bank",
            accounts=frozenset(accounts),
            shared=frozenset(shared),
            reading=stand_in(part=lambda: LedgerPart.of(state)),
        )
        refs = (replace(ref, alias="me"), replace(ref, alias="linkedin", shared=True))
        found = sharing.errors(refs, {"me": X, "linkedin": LINKEDIN}, [other])
        return [each.help.paste or each.help.example for each in found if each.help]

    needed = ["me: {name: Fjordlight, provider: x, shared: true}"]
    assert [wrong(None), wrong(ledger())] == [needed, needed]
    has = ledger(copy_of(wanted(SOON)))
    assert [wrong(has), wrong(None, (LINKEDIN.id,)), wrong(None, shared=(X.id,))] == [[], [], []]
