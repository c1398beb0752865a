"""What the panel says of each change since the last commit: what it was, and days as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.studio.since import NO_BRANCH, words_by_file
from tests.studio.desk import desk_of
from tests.studio.hands import calendar
from tests.studio.repositories import committed, git
from tests.studio.snapshots import SETTINGS, opened, post, whole
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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


def test_a_file_that_is_gone_is_told_with_its_posts(desk: Desk) -> None:
    (desk.top / "2027-03.yaml").unlink()
    (file,) = desk.get("/studio/changes")["files"]
    assert (file["file"], file["status"]) == ("2027-03.yaml", "removed")
    assert [word["say"] for word in file["words"]][:2] == ["removed launch", "removed hiring"]
    git(desk.top, "config", "core.bare", "true")  # where there is no work tree, nothing is put up for review
    told = desk.get("/studio/changes")
    assert (told["files"], told["branch"], told["review"]) == ([file], NO_BRANCH, None)


ONE, TWO = post(), post(id="two", at="2027-03-03 09:00", text="text: Two\n")
DAILY = "repeat: {every: day, times: 4}"
BERLIN, NOWHERE = (f"timezone: {zone}\n" for zone in ("Europe/Berlin", "Mars/Base"))
WITH_TIKTOK = f"{SETTINGS}  t: {{name: T, provider: tiktok}}\n"
LATE = post(on="[{account: x, at: next}, {account: linkedin, at: 10:30}]")


@each_of(
    ("before", "now", "told"),
    [
        # of the files that differ alone
        (
            {"a.yaml": ONE, "b.yaml": TWO},
            {"a.yaml": post("note: New"), "b.yaml": TWO},
            {"a.yaml": ["edited one: note"]},
        ),
        ({"a.yaml": ONE}, {"a.yaml": ONE}, {}),
        # but of settings, all posts may be
        (
            {"publer.yaml": SETTINGS.replace("UTC", "Europe/Oslo"), "a.yaml": ONE},
            {"publer.yaml": SETTINGS, "a.yaml": ONE},
            {"a.yaml": ["moved one: Tue 2 Mar, 08:00 → 09:00", "edited one: time zone, Oslo → UTC"]},
        ),
        (
            {"a.yaml": ONE},
            {"a.yaml": post(at="2027-03-04 10:00")},
            {"a.yaml": ["moved one: Tue 2 Mar, 09:00 → Thu 4 Mar, 10:00"]},
        ),
        ({"a.yaml": ONE}, {"a.yaml": post("note: New", id="other")}, {"a.yaml": ["edited other: note"]}),
        ({"a.yaml": TWO}, {"a.yaml": TWO + post(at="next")}, {"a.yaml": ["new one"]}),
        ({"a.yaml": TWO}, {"a.yaml": TWO + LATE}, {"a.yaml": ["new one: Tue 2 Mar, 10:30"]}),
        ({"a.yaml": TWO + ONE}, {"a.yaml": TWO}, {"a.yaml": ["removed one"]}),
        ({"a.yaml": post(DAILY)}, {"a.yaml": ONE}, {"a.yaml": ["edited one: time"]}),
        (
            {"publer.yaml": WITH_TIKTOK, "a.yaml": post(on="t")},
            {"publer.yaml": WITH_TIKTOK, "a.yaml": post("networks: {tiktok: {duet: false}}", on="t")},
            {"a.yaml": ["edited one: duet"]},
        ),
        ({"a.yaml": ONE}, {"a.yaml": post("draft: false")}, {"a.yaml": []}),
        # the zone of the file, or of the settings where it has none that can be read
        (
            {"a.yaml": ONE},
            {"a.yaml": BERLIN + whole(ONE)},
            {"a.yaml": ["moved one: Tue 2 Mar, 09:00 → 08:00", "edited one: time zone, UTC → Berlin"]},
        ),
        (
            {"a.yaml": NOWHERE + whole(ONE)},
            {"a.yaml": BERLIN + whole(ONE)},
            {"a.yaml": ["edited one: time zone, UTC → Berlin, time"]},
        ),
    ],
)
def test_what_is_told_of_the_posts_of_files_that_differ(
    tmp_path_factory: pytest.TempPathFactory,
    before: Mapping[str, str],
    now: Mapping[str, str],
    told: Mapping[str, list[str]],
) -> None:
    sides = [{file: whole(text).encode() for file, text in each.items()} for each in (before, now)]
    was, raw = ({"publer.yaml": SETTINGS.encode(), **side} for side in sides)
    differing = {file: (was[file], raw[file]) for file in was if was[file] != raw[file]}
    found = words_by_file(opened(tmp_path_factory.mktemp("since"), raw), differing)
    assert {file: [each["say"] for each in words] for file, words in found.items()} == told
