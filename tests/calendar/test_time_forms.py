"""Dates in other notations, through validate --fix: a fix is what the words say, all of them, or there is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.calendar.calendars import SETTINGS
from tests.conftest import run_here
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

AT = "posts:\n- at: {}\n  accounts: x\n  text: Hello\n"
LAYERS = {
    "at": AT,
    "not_before": AT.format("2027-12-24 09:00") + "  not_before: {}\n",
    "until": AT.format("2027-01-04 09:00") + "  id: series\n  repeat:\n    every: month\n    until: {}\n",
    "except": AT.format("2027-01-02 09:00")
    + "  id: series\n  repeat:\n    every: day\n    times: 400\n    except:\n    - {}\n",
}


def fixed(top: Path, key: str, written: str) -> tuple[list[dict[str, Any]], str]:
    """The errors that --fix leaves, and what is written then."""
    (top / "publer.yaml").write_text(f"{SETTINGS}time: 09:00\n", encoding="utf-8")
    before, after = LAYERS[key].split("{}")
    file = top / "a.yaml"
    file.write_text(f"{before}{written}{after}", encoding="utf-8")
    ran = run_here(["validate", top, "--fix", "--yes", "--format", "json"], {})
    now = file.read_text(encoding="utf-8")
    assert now.startswith(before)
    assert now.endswith(after)
    errors = [each for each in json.loads(ran.stdout)["problems"] if each["severity"] == "error"]
    return errors, now[len(before) :].removesuffix(after)


@pytest.mark.slow
@each_of("key", LAYERS)
@each_of(
    "written",
    [
        "not 16 February 2027", "not 2027-02-16", "maybe 2027-02-16", "after 16.2.2027", "nicht 16.2.2027", "vor 16.2.2027",
        "ca. 16.2.2027", "around 16 February 2027", "16 February 2027 or later", "16 February 2027?", "2 marvellous 2027",
        "pas le 16 février 2027", "16 or 17 February 2027", "next Tue 16 February 2027",
    ],
)  # fmt: skip
def test_a_word_that_is_not_understood_is_never_dropped(top: Path, key: str, written: str) -> None:
    errors, now = fixed(top, key, written)
    assert [each["code"] for each in errors] == ["time.form"]
    assert now == written


@pytest.mark.slow
@each_of("key", LAYERS)
@each_of(
    "written",
    [
        "Wed 2027-03-02", "Wed 2 March 2027", "2 March 2027 (Wed)", "Wednesday, the 2nd of March 2027", "2.3.2027, Wed",
        "Wed 2.3.2027", "Mi 2027-03-02", "Mi 2.3.2027", "Mittwoch, den 2. März 2027", "mercredi 2 mars 2027", "mié 2.3.2027",
        "woensdag 2 maart 2027", "onsdag 2. mars 2027", "Wed 20270302", "Wed March 2, 2027",
    ],
)  # fmt: skip
def test_a_weekday_that_contradicts_its_date_is_an_error_in_every_notation(
    top: Path, key: str, written: str
) -> None:
    errors, now = fixed(top, key, written)
    assert [(each["code"], each["message"]) for each in errors] == [
        ("time.weekday", "2027-03-02 is a Tuesday, not a Wednesday")
    ]
    assert errors[0]["help"].startswith("Write Tue 2027-03-02 if the date is right, Wed 2027-03-03 if the")
    assert now == written


@pytest.mark.slow
@each_of("key", LAYERS)
@each_of(
    "written",
    [
        "Tue 2 March 2027", "2 March 2027 (Tue)", "Tuesday, the 2nd of March 2027", "Di 2027-03-02", "Di 2.3.2027",
        "Dienstag, den 2. März 2027", "mardi 2 mars 2027", "Tues. March 2, 2027", "tirsdag 2. mars 2027",
    ],
)  # fmt: skip
def test_a_date_in_other_words_becomes_that_date(top: Path, key: str, written: str) -> None:
    assert fixed(top, key, written) == ([], "2027-03-02")


@each_of(
    ("written", "meant"),
    [
        ("Tue 2 March 2027 at 9.30", "2027-03-02 09:30"),
        ("Di 2.3.2027 um 14 Uhr", "2027-03-02 14:00"),
        ("2 March 2027, 9 p.m. (UTC)", "2027-03-02 21:00Z"),
        ("2 March 2027 9am +02:00", "2027-03-02 09:00+02:00"),
    ],
)
def test_its_time_of_day_comes_along(top: Path, written: str, meant: str) -> None:
    assert fixed(top, "at", written) == ([], meant)


def test_the_last_day_has_one_midnight(top: Path) -> None:
    assert fixed(top, "at", "31 December 9999 midnight")[1] == "31 December 9999 midnight"


@each_of("written", ["Mon 3/2/2027", "Tue 3/2/2027", "2 March 2027 midnight", "Tue 2 March 2027, Wed"])
def test_of_two_readings_both_are_named_and_none_is_chosen(top: Path, written: str) -> None:
    errors, now = fixed(top, "at", written)
    assert len(errors) == 1
    assert "Tue 2027-03-02" in errors[0]["help"]
    assert " 2027-0" in errors[0]["help"].partition("Tue 2027-03-02")[2]
    assert now == written


@each_of(
    "offset, new",
    [("GMT+5:45", "2027-03-02 09:00+05:45"), ("GMT-5:45", None), ("GMT-3:30", "2027-03-02 09:00-03:30")],
)
def test_an_offset_that_no_place_has_is_not_written(top: Path, offset: str, new: str | None) -> None:
    written = f"2 March 2027 09:00 {offset}"
    errors, now = fixed(top, "at", written)
    assert now == (new or written)
    assert [each["help"].partition(" Write")[0] for each in errors] == (
        [] if new else [f'"{offset}" is not understood.']
    )
