"""When a post that is moved is published on each of its accounts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from publer_sync.calendar.when.zones import TimeError
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.studio.moving import moved
from publer_sync.studio.orders import MoveOrder
from tests.studio.desk import desk_of
from tests.studio.snapshots import SETTINGS, post, small, whole
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest

POSTS = """\
posts:
- id: one
  at: 2027-03-02 09:00+05:00
  accounts: [x, facebook]
  text: One
- id: week
  at: 2027-03-03 02:00+05:00
  accounts: x
  text: Week
  repeat: {every: week, times: 3}
"""


def test_the_offset_stays_and_the_page_counts_in_greenwich(tmp_path: Path) -> None:
    (tmp_path / "publer.yaml").write_text("accounts: {x: Me, facebook: Us}\n", "utf-8")
    (tmp_path / "posts.yaml").write_text(POSTS, "utf-8")
    with desk_of(tmp_path) as desk:
        told = desk.do("one", move={"day": "2027-03-05", "time": "10:00"})
        assert told.lines == ["- at: 2027-03-02 09:00+05:00", "+ at: 2027-03-05 15:00+05:00"]
        told = desk.do("one", duplicate={"day": "2027-03-06"})
        assert told.lines[:2] == ["+ - id: one-2", "+ at: 2027-03-06 15:00+05:00"]
        told = desk.do("week", move={"day": "2027-03-04", "series": "all"})
        assert told.lines == ["- at: 2027-03-03 02:00+05:00", "+ at: 2027-03-05 02:00+05:00"]


AT = datetime(2027, 3, 6, 7, tzinfo=UTC)
BERLIN = "timezone: Europe/Berlin\nposts:\n"
TWO = post(on="[x, {account: linkedin, at: 11:00}]")
PAST = post(on="[x, {account: linkedin, at: 2027-02-20 11:00}]")
OVER = BERLIN + post(at="2027-03-26 09:00", on="[x, {account: linkedin, at: 2027-03-27 11:00}]")
"""On 28 March, the clocks of Berlin go from two to three."""
BACK = BERLIN + post(at="2027-10-30 02:30", on="[x, {account: linkedin, at: 02:40}]")
EARLY = BERLIN + post(at="2027-03-26 00:30")
DAILY = post("repeat: {every: day, times: 5}", at="2027-02-28 09:00")
NONE = "- {id: one, accounts: [x, linkedin], text: One}\n"
OWN = "- {id: one, at: next, accounts: [x, {account: linkedin, at: 11:00}], text: One}\n"
TAKEN = NONE + "".join(
    post(at=f"2027-03-05 09:0{minute}", id=on, on=on)
    for minute, on in enumerate(("x", "linkedin", "facebook"))
)
SLOTS = "slots: {x: [mon 12:00, fri 12:00, fri 15:00], linkedin: [fri 16:00], facebook: [mon 09:30]}\n"
NO_TIME = "it has no time yet: give it a day"


@each_of(
    ("text", "order", "found"),
    [
        (TWO, {"day": "2027-03-05"}, "x 05 09:00, linkedin 05 11:00"),
        (TWO, {"by": 2}, "x 04 09:00, linkedin 04 11:00"),
        (TWO, {"by": -1}, "x 01 09:00, linkedin 01 11:00"),
        (TWO, {}, "x 02 09:00, linkedin 02 11:00"),
        (TWO, {"time": "10:30"}, "x 02 10:30, linkedin 02 12:30"),
        (TWO, {"day": "2027-03-05", "time": "10:30:45"}, "x 05 10:30, linkedin 05 12:30"),
        (TWO, {"day": "2027-03-05", "time": "10:30", "of": "linkedin"}, "x 05 08:30, linkedin 05 10:30"),
        (TWO, {"day": "2027-03-05", "time": "10:30", "of": "linkedin", "accounts": ("x",)}, "x 05 08:30"),
        (TWO, {"day": "2027-03-05", "time": "10:30", "accounts": ("linkedin",)}, "linkedin 05 10:30"),
        (TWO, {"day": "2027-03-05", "accounts": ("facebook",)}, "it is on none of these accounts"),
        (TWO, {"day": "2027-03-05", "accounts": ("facebook",), "of": "x"}, "it is on none of these accounts"),
        (TWO, {"at": AT}, "x 06 07:00, linkedin 06 09:00"),
        (TWO, {"at": AT, "of": "linkedin"}, "x 06 05:00, linkedin 06 07:00"),
        (TWO, {"day": "never"}, "never is not a valid date"),
        (TWO, {"time": "noon"}, "noon is not a valid time of day"),
        # what has passed stays, beside a post that is ahead
        (PAST, {"day": "2027-03-05"}, "x 05 09:00"),
        (post(at="2027-03-01 09:00"), {"day": "2027-03-05"}, "it is on none of these accounts"),
        (post(at="2027-03-01 09:01"), {"day": "2027-03-05"}, "x 05 09:01"),
        (DAILY, {"day": "2027-03-09"}, "x 09 09:00"),
        (DAILY, {"day": "2027-03-09", "part": "2027-03-04"}, "x 09 09:00"),
        (DAILY, {"day": "2027-03-09", "part": "2027-03-09"}, "its series has no post 2027-03-09"),
        # by the clock of the post's own file, also where that changes; the days and times are Greenwich's
        (OVER, {"day": "2027-03-29"}, "x 29 07:00, linkedin 30 09:00"),
        (OVER, {"by": 2}, "x 28 07:00, linkedin 29 09:00"),
        (OVER, {"day": "2027-03-28", "time": "08:00"}, "x 28 08:00, linkedin 29 10:00"),
        (EARLY, {"day": "2027-03-29"}, "x 29 22:30"),
        (EARLY, {"day": "2027-03-29", "time": "23:30"}, "x 29 23:30"),
        (EARLY.replace("00:30", "02:30"), {"day": "2027-03-28"}, "02:30 does not exist on Sun 28 Mar 2027"),
        (EARLY.replace("00:30", "02:30"), {"day": "2027-03-28", "time": "02:30"}, "x 28 02:30"),
        (OVER, {"day": "2027-03-27", "time": "08:00"}, "x 27 08:00, linkedin 28 09:00"),
        (BERLIN + post("repeat: {every: day, times: 3}", at="2027-03-28 02:30"), {"day": "2027-03-31"}, "x 31 00:30"),
        # in the hour that comes twice, all accounts go to the one that is meant
        (BACK, {"at": datetime(2027, 10, 31, 0, 30, tzinfo=UTC)}, "x 31 00:30, linkedin 31 00:40"),
        (BACK, {"at": datetime(2027, 10, 31, 1, 30, tzinfo=UTC)}, "x 31 01:30, linkedin 31 01:40"),
        # its first time: a slot of its first account, or the usual one, where that is free
        (NONE, {}, NO_TIME),
        (NONE, {"by": 1}, NO_TIME),
        (NONE, {"day": "2027-03-04"}, "x 04 09:00, linkedin 04 09:00"),
        (NONE, {"day": "2027-03-05"}, "x 05 12:00, linkedin 05 12:00"),
        (NONE + post(id="b", at="2027-03-05 12:00", on="linkedin"), {"day": "2027-03-05"}, "x 05 15:00, linkedin 05 15:00"),
        (NONE + post(id="b", at="2027-03-05 12:00", on="facebook"), {"day": "2027-03-05"}, "x 05 12:00, linkedin 05 12:00"),
        (NONE, {"day": "2027-03-05", "accounts": ("linkedin",)}, "linkedin 05 16:00"),
        (NONE, {"day": "2027-03-01"}, "x 01 12:00, linkedin 01 12:00"),
        (NONE, {"day": "2027-03-01", "accounts": ("linkedin",)}, "linkedin 01 09:01"),
        (NONE.replace("[x, linkedin]", "facebook"), {"day": "2027-03-01"}, "facebook 01 09:30"),
        (NONE, {"day": "2027-03-05", "time": "10:30", "of": "linkedin"}, "x 05 10:30, linkedin 05 10:30"),
        (NONE, {"at": AT}, "x 06 07:00, linkedin 06 07:00"),
        (NONE, {"day": "2027-03-05", "part": "2027-03-05"}, "its series has no post 2027-03-05"),
        (TAKEN.replace("03-05", "03-04"), {"day": "2027-03-04"}, "x 04 09:02, linkedin 04 09:02"),
        ("time: 17:00\n" + whole(NONE), {"day": "2027-03-04"}, "x 04 17:00, linkedin 04 17:00"),
        ("timezone: Europe/Berlin\n" + whole(NONE), {"day": "2027-03-04"}, "x 04 09:00, linkedin 04 09:00"),
        # an account with a time of day of its own keeps it
        (OWN, {"day": "2027-03-04"}, "x 04 09:00, linkedin 04 11:00"),
        (OWN, {"day": "2027-03-04", "time": "10:30"}, "x 04 10:30, linkedin 04 11:00"),
        (OWN, {"day": "2027-03-04", "time": "10:30", "of": "linkedin"}, "x 04 10:30, linkedin 04 10:30"),
        (OWN, {"day": "2027-03-04", "of": "linkedin"}, "x 04 09:00, linkedin 04 11:00"),
        (OWN, {"at": AT, "of": "linkedin"}, "x 06 07:00, linkedin 06 07:00"),
        (OWN, {"at": AT}, "x 06 07:00, linkedin 06 11:00"),
        (OWN.replace("11:00", '"11:00+05:00"'), {"day": "2027-03-04"}, "x 04 09:00, linkedin 04 06:00"),
        ("timezone: Nowhere\n" + whole(OWN.replace("11:00", '"11:00+05:00"')), {"day": "2027-03-04"}, "x 04 09:00, linkedin 04 09:00"),
        (BERLIN + OWN, {"day": "2027-03-04", "time": "23:30"}, "x 04 23:30, linkedin 05 10:00"),
    ],
)  # fmt: skip
def test_each_account_has_its_time(
    tmp_path_factory: pytest.TempPathFactory, text: str, order: Mapping[str, Any], found: str
) -> None:
    calendar = small(tmp_path_factory.mktemp("moved"), {"posts.yaml": whole(text)}, SLOTS)
    entry = next(iter(calendar.keys.entries.values()))
    try:
        times = moved(calendar.snapshot, entry, MoveOrder(**order), ahead=True)
        told = ", ".join(f"{alias} {at:%d %H:%M}" for alias, at in times.items())
    except Unsafe as unsafe:
        told = unsafe.reason
    except TimeError as error:
        told = error.message.partition(" in ")[0]
    assert told == found


def test_where_nothing_is_ahead_all_of_it_moves(tmp_path: Path) -> None:
    calendar = small(tmp_path, {"posts.yaml": whole(PAST)})
    (entry,) = calendar.keys.entries.values()
    times = moved(calendar.snapshot, entry, MoveOrder(day="2027-03-05"))
    assert {alias: f"{at:%m-%d %H:%M}" for alias, at in times.items()} == {
        "x": "03-05 09:00",
        "linkedin": "02-23 11:00",
    }


def test_a_free_minute_is_looked_for_in_the_half_day_after_the_usual_time(tmp_path: Path) -> None:
    calendar = small(tmp_path, {"posts.yaml": whole(NONE)})
    (entry,) = calendar.keys.entries.values()
    for now, found in ((17, "17:01"), (22, "21:00")):
        calendar.snapshot.now = datetime(2027, 3, 1, now, tzinfo=UTC)
        times = moved(calendar.snapshot, entry, MoveOrder(day="2027-03-01"))
        assert {f"{at:%d %H:%M}" for at in times.values()} == {f"01 {found}"}


def test_the_clock_of_the_settings_counts_where_that_of_the_file_cannot_be_read(tmp_path: Path) -> None:
    files = {
        "publer.yaml": SETTINGS.replace("UTC", "Europe/Berlin"),
        "posts.yaml": "timezone: Nowhere\n" + whole(post(at="2027-03-26 09:00+01:00")),
    }
    calendar = small(tmp_path, files)
    (entry,) = calendar.keys.entries.values()
    times = moved(calendar.snapshot, entry, MoveOrder(day="2027-03-29"))
    assert {alias: f"{at:%m-%d %H:%M}" for alias, at in times.items()} == {"x": "03-29 07:00"}
