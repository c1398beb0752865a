"""What the studio asks itself before a file is changed, and what it leaves out."""

from __future__ import annotations

import errno
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.studio import days, moving, open_calendar, part, proving, repository, review, series
from publer_sync.studio.answers import unwritten
from publer_sync.studio.working import ByHand
from publer_sync.values.timezones import time_zone
from tests.tables import each_of

if TYPE_CHECKING:
    from pathlib import Path

OSLO = time_zone("Europe/Oslo")


def keys(**entries: object) -> Any:
    return SimpleNamespace(entries=entries, by_place={}, of_files=lambda _: ())


@each_of(
    "before, after, removed, added, told",
    [
        ("ab", "ab", "", 0, ""),
        ("ab", "a", "b", 0, ""),
        ("ab", "a", "", 0, proving.OTHERS),
        ("ab", "ab", "b", 0, proving.UNEQUAL),
        ("ab", "abc", "", 0, proving.UNEQUAL),
        ("ab", "ab", "", 1, proving.UNEQUAL),
    ],
)
def test_a_change_that_would_lose_or_bring_another_post_is_left_to_a_person(
    before: str, after: str, removed: str, added: int, told: str
) -> None:
    snapshot: Any = SimpleNamespace()
    work: Any = SimpleNamespace(gone=set(removed), added=[None] * added, expected={}, files=())
    old, new = (keys(**dict.fromkeys(each, object())) for each in (before, after))
    try:
        proving.prove(work, old, snapshot, new)
        found = ""
    except ByHand as refused:
        found = str(refused)
    assert found == told


@each_of(
    ("why", "status"),
    [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EFBIG, 507), (errno.EACCES, 500), (errno.EROFS, 500)],
)
def test_a_full_disk_is_told_apart_from_others_that_take_nothing(why: int, status: int) -> None:
    told = unwritten(OSError(why, "Some reason"))
    assert told.status == status
    assert told.body == {"refused": {"say": "The file could not be written: Some reason."}}


@each_of(
    "on_default, default, pushed, back, up",
    [
        (True, "main", True, "", False),
        (False, "main", True, "main", True),
        (False, "main", False, "main", False),
        (False, "", True, "", False),
        (False, None, True, "", False),
    ],
)
def test_a_pull_request_is_offered_on_a_pushed_branch_beside_the_default_one(
    on_default: bool, default: str | None, pushed: bool, back: str, up: bool
) -> None:
    here: Any = SimpleNamespace(
        branch="topic",
        on_default=on_default,
        default=default,
        pushed=pushed,
        address=lambda: "https://g.example",
    )
    told = review.branch_data(here)
    assert (told["back"], told["pushed"], bool(told["address"])) == (back, up, up)


@each_of("remote, waiting", [("origin", 3), ("", 0)])
def test_commits_wait_only_where_there_is_a_remote(remote: str, waiting: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(repository, "run_git", lambda *_, **__: SimpleNamespace(code=0, out=b"3\n"))
        here: Any = SimpleNamespace(root=None, remote=remote)
        kind: Any = repository.CalendarRepository
        assert kind.waiting.fget(here) == waiting


@each_of(
    "old, new", [("2027-03-02", "2027-03-09"), ("Tue 2027-03-02", "Tue 2027-03-09"), (None, "2027-03-09")]
)
def test_a_day_keeps_its_form(old: str | None, new: str) -> None:
    entry: Any = SimpleNamespace(clock=None)
    assert series._dated(date(2027, 3, 9), old, entry) == new


def on(*days: str) -> list[datetime]:
    return [datetime.fromisoformat(f"{day}T22:30+00:00") for day in days]


@each_of(
    "changes, others, posts, view, first",
    [
        ((), (), (), "month", "2027-02-01"),
        (("2027-03-09", "2027-03-19"), (), ("2027-02-02",), "month", "2027-03-09"),
        (("2027-02-01", "2027-02-05"), (), (), "month", "2027-02-01"),
        (("2027-01-09", "2027-03-19"), (), (), "month", "2027-03-19"),
        (("2027-01-09", "2027-01-19"), (), ("2027-02-02",), "month", "2027-01-19"),
        ((), ("2027-03-09",), ("2027-02-02",), "month", "2027-02-01"),
        ((), (), ("2027-02-28",), "month", "2027-02-01"),
        ((), (), ("2027-03-01",), "month", "2027-03-01"),
        ((), (), ("2027-02-07",), "week", "2027-02-01"),
        ((), (), ("2027-02-08",), "week", "2027-02-08"),
        ((), (), ("2027-01-07", "2027-01-08"), "week", "2027-01-08"),
        ((), (), ("2027-02-01",), "week", "2027-02-01"),
    ],
)
def test_the_page_begins_at_the_next_change_or_where_something_is_seen(
    changes: Any, others: Any, posts: Any, view: str, first: str
) -> None:
    """On Monday, 1 February, at noon: the days are Greenwich's."""
    opened = _with_days(changes, others, posts)
    assert f"{part.first_day([opened], datetime(2027, 2, 1, 12, tzinfo=UTC), view)}" == first


@each_of(
    "post, first",
    [("2027-02-05", "2027-02-04"), ("2027-02-07", "2027-02-04"), ("2027-02-08", "2027-02-08")],
)
def test_a_week_is_seen_to_its_sunday_whatever_day_it_is(post: str, first: str) -> None:
    opened = _with_days((), (), (post,))
    assert f"{part.first_day([opened], datetime(2027, 2, 4, 12, tzinfo=UTC), 'week')}" == first


def _with_days(changes: Any, others: Any, posts: Any) -> Any:
    """A calendar in which apply would change posts on some days, and leaves others."""
    kinds = [("new", at) for at in on(*changes)] + [("same", at) for at in on(*others)]
    marks = {("x", at): SimpleNamespace(kind=kind) for kind, at in kinds}
    return SimpleNamespace(
        snapshot=SimpleNamespace(zone=UTC),
        marking=SimpleNamespace(marks=marks),
        calendar=SimpleNamespace(
            desired=SimpleNamespace(posts=[SimpleNamespace(at=at) for at in on(*posts)])
        ),
    )


@each_of(
    "day, found",
    [
        ("2027-03-01", date(2027, 3, 1)),
        ("x", None),
        ("0001-01-01", None),
        ("9999-01-01", None),
        ("9998-12-31", date(9998, 12, 31)),
    ],
)
def test_a_day_in_an_address(day: str, found: date | None) -> None:
    assert part.date_of(day) == found


@each_of(
    "day, start, end",
    [
        ("2027-02-15", "2027-02-01", "2027-03-01"),
        ("2027-03-31", "2027-03-01", "2027-04-05"),
        ("2027-08-01", "2027-07-26", "2027-09-06"),
        ("2027-12-31", "2027-11-29", "2028-01-03"),
    ],
)
def test_the_weeks_of_a_month_begin_and_end_with_whole_ones(day: str, start: str, end: str) -> None:
    assert [*map(str, part.days_around(date.fromisoformat(day)))] == [start, end]


def test_a_post_that_is_not_in_store_needs_no_rest() -> None:
    entry: Any = SimpleNamespace(evergreen=None, id="a")
    opened: Any = SimpleNamespace()
    assert days._rests(opened, entry, date(2027, 3, 9)) is None


@each_of("own, zone, hour", [(time(10, 30), OSLO, 9), (None, OSLO, 7), (time(10, 30), None, 7)])
def test_an_account_with_a_time_of_its_own_keeps_it_on_the_new_day(
    own: time | None, zone: Any, hour: int
) -> None:
    at = datetime(2027, 3, 9, 7, tzinfo=UTC)
    placed: Any = SimpleNamespace(
        moments=[SimpleNamespace(own=own)], entry=SimpleNamespace(clock=SimpleNamespace(zone=zone))
    )
    assert moving._on_that_day(placed, at).astimezone(UTC) - at < timedelta(hours=3)
    assert moving._on_that_day(placed, at).astimezone(UTC).hour == hour


def test_hidden_files_and_one_folder_are_left_out(tmp_path: Path) -> None:
    for name in ("a.yaml", ".hidden/b.yaml", "media/c.jpg", "calendar/d.yaml", ".e.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = {
        path.relative_to(tmp_path).as_posix()
        for path in open_calendar._below(tmp_path, tmp_path / "calendar")
    }
    assert found == {"a.yaml", "media/c.jpg"}


def test_problems_are_known_once_they_were_looked_for() -> None:
    snapshot: Any = SimpleNamespace(problems=("one",))
    kind: Any = open_calendar.Snapshot
    assert kind.judged.fget(snapshot) == ("one",)
    assert kind.judged.fget(SimpleNamespace()) == ()
