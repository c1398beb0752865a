"""A value that could not be read is told where it is written, and wherever an alias repeats it nothing is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.calendar.load import read
from tests.calendar.calendars import POST, judged, write
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "timezone: Europe/Oslo\npeople: {kari: Kari}\n"
ACCOUNTS = "accounts: {x: Me, linkedin: Us}\n"


@each_of(
    "lines",
    [
        "limits: &h {x: *nope}\ncadence: {hours: *h}",
        "limits: &h {x: [*nope]}\ncadence: {hours: *h}",
        "limits: &h {by: *nope}\nsignoff: [*h]",
        "limits: &h {by: {kari: *nope}}\nsignoff: [*h]",
        "limits: &h [{by: *nope}]\nsignoff: *h",
        "limits: &h {never: *nope}\nwords: [*h]",
        "limits: &h {rules: [*nope], replace: true}\nwords: *h",
        "limits: &h {rules: {never: *nope}, replace: true}\nwords: *h",
    ],
)
def test_of_settings(top: Path, lines: str) -> None:
    told = []
    for each in (lines.partition("\n")[0], lines):
        write(top, publer=f"{HEAD}{ACCOUNTS}{each}\n", a=f"{POST}  text: hi\n")
        calendar = read(top)
        told.append(judged(calendar))
    assert told[0] == told[1]
    settings = calendar.settings
    hours = settings.cadence.hours if settings.cadence else {}
    assert (hours, settings.signoff, settings.words) == ({}, (), ())


@each_of(
    "account, most",
    [
        ("{name: A, provider: x, max_characters: 5, max_characters: 6}", None),
        ("{name: A, provider: mastodon}", None),
    ],
)
def test_of_an_account(top: Path, account: str, most: int | None) -> None:
    write(top, publer=f"{HEAD}limits: {{a: &h {account}}}\naccounts: {{x: *h}}\n", a=f"{POST}  text: hi\n")
    calendar = read(top)
    assert [each.max_characters for each in calendar.settings.accounts] == [most]
    assert {each.location.line for each in calendar.problems if each.location} == {3}


@each_of(
    "evergreen",
    [
        "{every: *nope}", "{every: {a: *nope}}", "{every: [*nope]}", "{every: 2w, every: 3w}",
        "{every: 2w, from: *nope}", "{every: 2w, until: [*nope]}", "{every: 2w, from: 2027-01-01, from: 2027-02-01}",
    ],
)  # fmt: skip
def test_of_a_stored_post(top: Path, evergreen: str) -> None:
    first = f"posts:\n- {{id: a, text: A, accounts: x, evergreen: &e {evergreen}}}\n"
    told = []
    for posts in (first, f"{first}- {{id: b, text: Other words, accounts: x, evergreen: *e}}\n"):
        write(top, publer=HEAD + ACCOUNTS, a=posts)
        calendar = read(top)
        told.append([each.message for each in calendar.problems])
    assert told[0] == told[1]
    kept = calendar.entries[1].evergreen
    assert kept is None or (kept.first, kept.last) == (None, None)
    assert (kept is None) == ("2w" not in evergreen or "3w" in evergreen)
