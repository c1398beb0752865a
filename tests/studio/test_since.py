"""What the panel says of each change since the last commit: what it was, and days as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.studio.desk import desk_of
from tests.studio.hands import calendar
from tests.studio.repositories import committed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.studio.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_of(calendar(tmp_path / "calendar")) as desk:
        yield desk


def rewritten(desk: Desk, old: str, new: str) -> list[str]:
    """What the panel says once a file has other lines, then as before."""
    file = desk.top / "2027-03.yaml"
    before = file.read_text("utf-8")
    assert old in before
    file.write_text(before.replace(old, new, 1), "utf-8")
    said = [word["say"] for file in desk.get("/studio/changes")["files"] for word in file["words"]]
    (desk.top / "2027-03.yaml").write_text(before, "utf-8")
    return said


def test_it_says_what_an_edit_was(desk: Desk) -> None:
    draft = "  draft: true                       # until we know the number\n"
    assert rewritten(desk, draft, "") == ["edited thanks: is no longer a draft"]
    assert rewritten(desk, "  accounts: [x, linkedin]\n", "  accounts: [x, linkedin]\n  draft: true\n") == [
        "edited hiring: is a draft now"
    ]
    assert rewritten(desk, "accounts: [x, linkedin]", "accounts: [x, facebook]") == [
        "edited hiring: is on facebook too, is no longer on linkedin"
    ]
    assert rewritten(desk, "a repair engineer in Bergen", "two of them") == ["edited hiring: words"]


def test_days_of_a_series_and_hours_are_said_once_as_people_write_them(desk: Desk) -> None:
    until = "until: Mon 2027-04-12}"
    assert rewritten(desk, until, until.replace("}", ", except: [2027-03-15]}")) == [
        "edited tips: skips Mon 15 Mar"
    ]
    assert rewritten(desk, until, until.replace("}", ", except: [2027-03-15, 2027-03-29]}")) == [
        "edited tips: skips Mon 15 Mar and Mon 29 Mar"
    ]
    assert rewritten(desk, until, "until: Mon 2027-03-29}") == ["edited tips: ends on Mon 29 Mar"]
    assert rewritten(desk, until, "until: Mon 2027-04-19}") == ["edited tips: goes on until Mon 19 Apr"]
    assert rewritten(desk, until, "until: Mon 2027-04-05, except: [2027-03-15]}") == ["edited tips: time"]
    for end in ("2027-03-29", "2027-04-12"):
        told = rewritten(desk, f"days: [mon], {until}", f"days: [mon, wed], until: Mon {end}}}")
        assert told == ["edited tips: time"]
    assert rewritten(desk, "at: Fri 2027-03-05 09:00", "at: Fri 2027-03-05 11:30") == [
        "moved hiring: Fri 5 Mar, 09:00 → 11:30"
    ]
    assert rewritten(desk, "at: Fri 2027-03-05 09:00", "at: Sat 2027-03-06 09:00") == [
        "moved hiring: Fri 5 Mar → Sat 6 Mar, 09:00"
    ]
    assert rewritten(desk, "at: Fri 2027-03-05 09:00", "at: Thu 2028-10-05 09:00") == [
        "moved hiring: Fri 5 Mar → Thu 5 Oct 2028, 09:00"
    ]


SERIES = """\
posts:
- {id: waits, at: next, accounts: x, text: Waits}
- id: long
  at: Tue 2027-03-02 09:00
  accounts: [x, {account: facebook, at: 10:00}]
  text: Long
  repeat: {every: day, times: 8}
- {id: alone, at: 2027-03-12 09:00, accounts: x, text: Alone}
"""


def test_what_is_no_longer_end_and_has_no_days_to_name_is_told_as_its_time(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("timezone: UTC\naccounts: {x: Me, facebook: Us}\n", "utf-8")
    (tmp_path / "2027-03.yaml").write_text(SERIES, "utf-8")
    committed(tmp_path, "First")
    five = ", except: [2027-03-03, 2027-03-04, 2027-03-05, 2027-03-06, 2027-03-07]}"
    with desk_of(tmp_path) as desk:
        for old, new, told in (
            ("at: 10:00", "at: 10:30", "edited long: time"),
            ("times: 8}", f"times: 8{five}", "edited long: time"),
            (
                "times: 8}",
                f"times: 8{five.replace(', 2027-03-07', '')}",
                "edited long: skips Wed 3 Mar, Thu 4 Mar, Fri 5 Mar and Sat 6 Mar",
            ),
            ("text: Alone", "text: Alone, repeat: {every: week, times: 2}", "edited alone: time"),
            ("at: next", "at: 2027-03-20 09:00", "edited waits: time"),
            ("at: 2027-03-12 09:00", "at: next", "edited alone: time"),
            ("id: alone", "id: other", "edited other: id"),
        ):
            assert rewritten(desk, old, new) == [told]
