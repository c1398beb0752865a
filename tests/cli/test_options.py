"""Options that make no sense together are refused before anything is read or asked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from publer_sync.calendar.when import zones
from publer_sync.commands.running.options import first_instant, last_instant

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli


@pytest.mark.parametrize("command", ["plan", "apply"])
@pytest.mark.parametrize(
    ("days", "message"),
    [
        (("2027-03-02", "2027-03-01"), "error: --from 2027-03-02 is after --to 2027-03-01\n"),
        (("2027-03-02", "soon"), 'error: --to: "soon" is not a day publer-sync can read\n'),
    ],
)
def test_days_that_no_post_can_be_on_are_a_usage_error(
    cli: Cli, command: str, days: tuple[str, str], message: str
) -> None:
    ran = cli(command, "no-such-calendar", "--from", days[0], "--to", days[1])
    assert (ran.code, ran.stdout) == (64, "")
    assert ran.stderr.startswith(message)


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--from", "soon", "Write the day as year-month-day\n  For example: --from 2027-03-02\n"),
        ("--to", "31.12.2027", "Write the day as year-month-day: --to 2027-12-31\n"),
        ("--to", "2027-12-31 09:00", "Leave out the time: --to 2027-12-31\n"),
        ("--to", "9999-12-31", "--to: 9999-12-31 is too far ahead\n  Give 9999-09-30 or an earlier day.\n"),
        ("--from", "0001-01-01", "--from: 0001-01-01 is too long ago\n  Give 0002-01-01 or a later day.\n"),
        ("--now", "9999-12-31 09:00", "--now: 9999-12-31 is too far ahead\n  Give 9999-09-30 or an earlier day.\n"),
        ("--now", "noon", "add an offset for another time zone\n  For example: --now '2027-03-02 09:00'\n"),
        ("--now", "2027/03/02 9am", "Write the day as year-month-day and the time on a 24-hour clock: --now '2027-03-02 09:00'\n"),
    ],
)  # fmt: skip
def test_the_fix_of_a_day_or_a_time_is_the_option(
    cli: Cli, tmp_path: Path, option: str, value: str, hint: str
) -> None:
    (tmp_path / "publer.yaml").write_text(
        "timezone: Europe/Oslo\naccounts: {x: Fjordlight}\n", encoding="utf-8"
    )
    ran = cli("plan", tmp_path, "--sandbox", option, value)
    assert ran.code == 64
    assert ran.stderr.endswith(hint), ran


@pytest.mark.parametrize("timezone", ["Pacific/Kiritimati", "Etc/GMT+12"])
@pytest.mark.parametrize("day", [zones.FIRST_DAY, date(9998, 12, 31), zones.LAST_DAY])
def test_a_day_that_a_post_can_have_can_be_the_first_and_the_last_one(timezone: str, day: date) -> None:
    first = first_instant(str(day), timezone, option="--from")
    assert last_instant(str(day), timezone, option="--to") - first == timedelta(days=1)


def test_from_and_to_may_be_the_same_day(cli: Cli) -> None:
    ran = cli("plan", "no-such-calendar", "--from", "2027-03-02", "--to", "2027-03-02")
    assert (ran.code, ran.stderr.splitlines()[0]) == (
        1,
        'error: the calendar "no-such-calendar" does not exist',
    )


def test_a_day_alone_starts_the_clock_at_its_first_instant(cli: Cli, tmp_path: Path) -> None:
    """On that day there is no midnight."""
    (tmp_path / "publer.yaml").write_text(
        "timezone: America/Santiago\naccounts: {x: Fjordlight}\n", encoding="utf-8"
    )
    ran = cli("plan", tmp_path, "--sandbox", "--now", "2027-09-05", "--format", "json")
    assert (ran.code, '"created_at": "2027-09-05T04:0' in ran.stdout) == (0, True), ran


@pytest.mark.parametrize(
    ("seconds", "why"),
    [
        ("inf", "inf is too long; at most 1,000,000,000 seconds."),
        ("1e300", "1e300 is too long; at most 1,000,000,000 seconds."),
        ("nan", "nan is not a number of seconds."),
        ("-1", "-1.0 is not in the range x>=0."),
    ],
)
def test_a_run_waits_for_seconds_that_can_be_counted(cli: Cli, seconds: str, why: str) -> None:
    """With others it ended in its middle, or never."""
    ran = cli("apply", "no-such-calendar", "--yes", "--timeout", seconds)
    assert (ran.code, ran.stdout) == (64, "")
    assert f"Invalid value for '--timeout': {why}" in ran.stderr
