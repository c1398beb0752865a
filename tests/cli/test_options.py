"""Options that make no sense together are refused before anything is read or asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
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


def test_from_and_to_may_be_the_same_day(cli: Cli) -> None:
    ran = cli("plan", "no-such-calendar", "--from", "2027-03-02", "--to", "2027-03-02")
    assert (ran.code, ran.stderr.splitlines()[0]) == (
        1,
        'error: the calendar "no-such-calendar" does not exist',
    )
