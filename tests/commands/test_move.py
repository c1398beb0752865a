"""`move` and `copy`: one post at another time, by the edits that the studio makes."""

from __future__ import annotations

import json
from calendar import isleap
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from publer_sync.calendar.load import read
from publer_sync.commands import move
from publer_sync.commands.move import PostMoveRequest
from publer_sync.commands.running import shared
from publer_sync.editing.entry_edits import Unsafe
from publer_sync.machine.clock import Clock
from publer_sync.studio.working import ByHand
from publer_sync.values.problems import Location
from tests.conftest import run_here
from tests.system.worlds import DAY, HOUR, SETTINGS, T, World, clocks, git
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from tests.conftest import Ran

TUESDAY = T + (8 - T.weekday()) * DAY
"""Nine o'clock in the morning, a month ahead."""
YEAR = next(year for year in count(T.year + 1) if not isleap(year))
"""The next one with 28 days in February."""


def day(number: int = 0) -> str:
    return f"{TUESDAY + number * DAY:%Y-%m-%d}"


FILE = f"""\
# What the month has
accounts: [linkedin, x]
posts:
- id: launch
  at: Tue {day()} 09:00                # the big day
  text: We launched
  networks:
    x: {{at: 10:30}}
- at: {day(1)} 12:00
  accounts: x
  text: A lamp on a table
- id: tip
  at: {day(2)} 17:00
  accounts: x
  text: The tip of the week
  repeat: {{every: week, times: 3}}
"""


@dataclass
class Folder:
    """A calendar without a Publer."""

    top: Path

    def run(self, *words: str | Path, stdin: str = "") -> Ran:
        return run_here(words, {}, stdin=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    top = tmp_path / "calendar"
    top.mkdir()
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in SETTINGS.items())
    (top / "publer.yaml").write_text(lines, encoding="utf-8")
    (top / "posts.yaml").write_text(FILE, encoding="utf-8")
    return Folder(top)


def text_of(folder: Folder) -> str:
    return (folder.top / "posts.yaml").read_text(encoding="utf-8")


def told(folder: Folder, *words: str | Path, code: int = 0, command: str = "move") -> Any:
    ran = folder.run(command, *words, "--calendar", folder.top, "--yes", "--format", "json")
    assert ran.code == code, ran
    return json.loads(ran.stdout)


def answered(folder: Folder, answers: str, *words: str) -> Ran:
    """Somebody sits at a terminal."""
    with (
        mock.patch.object(shared, "can_ask", return_value=True),
        mock.patch.object(move, "can_ask", return_value=True),
    ):
        return folder.run("move", *words, "--calendar", folder.top, stdin=answers)


def times(folder: Folder) -> dict[tuple[str | None, str], str]:
    found = json.loads(folder.run("export", folder.top, "--format", "json").stdout)["posts"]
    return {(each["id"], each["account"]["alias"]): each["scheduled_at"][:16] for each in found}


def changed(before: str, after: str) -> list[tuple[str, str]]:
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    return [(old, new) for old, new in pairs if old != new]


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("to", "by"),
    [
        ("+30m", HOUR / 2),
        ("-2h", -2 * HOUR),
        ("-1d", -DAY),
        ("+2w", 14 * DAY),
        ("14:15", 5 * HOUR + HOUR / 4),
        (day(6), 6 * DAY),
        (f"{day(3)} 08:00", 3 * DAY - HOUR),
        (f"Fri {day(3)}", 3 * DAY),
    ],
)
def test_one_line_changes_and_the_other_accounts_move_along(folder: Folder, to: str, by: Any) -> None:
    before = text_of(folder)
    told(folder, "launch", to)
    new = TUESDAY + by
    ((old, line), *others) = changed(before, text_of(folder))
    assert old == f"  at: Tue {day()} 09:00                # the big day"
    assert line == f"  at: {new:%a %Y-%m-%d %H:%M}                # the big day"
    assert len(others) == (new.time() != TUESDAY.time())
    there = times(folder)
    assert there["launch", "linkedin"] == at(new)
    assert there["launch", "x"] == at(new + HOUR + HOUR / 2)


def test_it_shows_the_diff_and_asks_and_nothing_is_written_without_a_yes(folder: Folder) -> None:
    before = text_of(folder)
    shown = folder.run("move", "launch", "+1d", "--calendar", folder.top, "--diff")
    assert (shown.code, text_of(folder)) == (0, before)
    assert f"-  at: Tue {day()} 09:00" in shown.stdout
    assert f"+  at: Wed {day(1)} 09:00" in shown.stdout
    assert "launch moved to Wed" in shown.stdout
    assert folder.run("move", "launch", "+1d", "--calendar", folder.top).code == 64
    assert answered(folder, "no\n", "launch", "+1d").code == 1
    assert text_of(folder) == before
    assert answered(folder, "yes\n", "launch", "+1d").code == 0
    assert text_of(folder) != before


def test_a_post_is_named_by_its_slot_its_line_or_its_words_and_moves_on_one_account_alone(
    folder: Folder,
) -> None:
    for what in (f"x@{day(1)}T12:00", "posts.yaml:10", "lamp on a table"):
        told(folder, what, "+1h")
        assert (None, "x") in times(folder)
        told(folder, "lamp on a table", "-1h")
    told(folder, "launch", "11:00", "--account", "x")
    assert times(folder)["launch", "linkedin"] == at(TUESDAY)
    assert times(folder)["launch", "x"] == at(TUESDAY + 2 * HOUR)


OWN_DAY = f"""\
posts:
- id: one
  at: {day()} 10:00
  accounts: [x, linkedin]
  text: On two days
  networks: {{linkedin: {{at: {day(1)} 11:30}}}}
"""
LINKEDIN = TUESDAY + DAY + 2.5 * HOUR


@pytest.mark.story
@each_of(
    ("to", "new"),
    [
        ("+1h", LINKEDIN + HOUR),
        ("+1d", LINKEDIN + DAY),
        ("15:00", TUESDAY + DAY + 6 * HOUR),
        (day(5), LINKEDIN + 4 * DAY),
        (f"{day(5)} 08:00", TUESDAY + 5 * DAY - HOUR),
    ],
)
def test_one_account_alone_moves_from_its_own_day_and_time(folder: Folder, to: str, new: datetime) -> None:
    (folder.top / "posts.yaml").write_text(OWN_DAY, encoding="utf-8")
    for what in ("one", f"linkedin@{at(LINKEDIN)}"):
        told(folder, what, to, "--account", "linkedin")
        assert times(folder) == {("one", "x"): at(TUESDAY + HOUR), ("one", "linkedin"): at(new)}
        (folder.top / "posts.yaml").write_text(OWN_DAY, encoding="utf-8")


def test_a_post_that_is_named_by_an_account_moves_there_and_the_others_by_as_much(folder: Folder) -> None:
    (folder.top / "posts.yaml").write_text(OWN_DAY, encoding="utf-8")
    told(folder, f"linkedin@{at(LINKEDIN)}", f"{day(2)} 12:30")
    assert times(folder) == {
        ("one", "x"): at(TUESDAY + DAY + 2 * HOUR),
        ("one", "linkedin"): at(LINKEDIN + DAY + HOUR),
    }


def test_a_post_moves_from_the_account_that_is_still_ahead(folder: Folder) -> None:
    lines = OWN_DAY.replace(f"at: {day()} 10:00", "at: 2020-01-01 10:00")
    (folder.top / "posts.yaml").write_text(lines, encoding="utf-8")
    told(folder, "one", f"{day(5)} 11:30")
    assert times(folder)["one", "linkedin"] == at(LINKEDIN + 4 * DAY), "not by the years since the other one"


def test_what_is_only_shown_leaves_nothing_behind(folder: Folder) -> None:
    ran = folder.run("move", "launch", "+1d", "--calendar", folder.top, "--diff")
    assert (ran.code, "+++ b/" in ran.stdout) == (0, True), ran
    assert {path.name for path in folder.top.iterdir()} == {"publer.yaml", "posts.yaml"}


def test_an_account_that_the_post_is_not_on_is_told(folder: Folder) -> None:
    ran = folder.run(
        "move", "lamp on a table", "+1h", "--account", "linkedin", "--calendar", folder.top, "--yes"
    )
    assert (ran.code, text_of(folder)) == (64, FILE)
    assert "is not on linkedin" in ran.stderr
    assert "It is on x." in ran.stderr


def test_a_series_is_asked_about(folder: Folder) -> None:
    name, before = f"tip@{day(9)}", text_of(folder)
    ran = folder.run("move", name, "+1d", "--calendar", folder.top, "--yes")
    assert (ran.code, "--series this" in ran.stderr) == (64, True)
    assert text_of(folder) == before
    ran = answered(folder, "what\nthis\n", f"x@{day(9)}T17:00", "+1d", "--yes")
    assert ran.code == 0, ran
    assert f"except: [{day(9)}]" in text_of(folder)
    assert {key: moment for key, moment in times(folder).items() if "tip" in str(key)} == {
        (f"tip@{day(2)}", "x"): at(TUESDAY + 2 * DAY + 8 * HOUR),
        (f"tip-{day(9)}", "x"): at(TUESDAY + 10 * DAY + 8 * HOUR),
        (f"tip@{day(16)}", "x"): at(TUESDAY + 16 * DAY + 8 * HOUR),
    }


def test_all_of_a_series_move_together(folder: Folder) -> None:
    told(folder, "tip", "+1d", "--series", "all")
    assert [key[0] for key in times(folder) if "tip" in str(key)] == [f"tip@{day(n)}" for n in (3, 10, 17)]


COUNTED = """\
posts:
- id: tip
  at: thu after launch 17:00
  accounts: x
  text: The tip
  repeat: {{{}}}
"""


@pytest.mark.parametrize(
    ("repeat", "order", "lines", "days"),
    [
        (
            "every: week, times: 3",
            ("tip@2", "+1d", "this"),
            ("{every: week, times: 3, except: [launch + 9d]}", "at: launch + 10d 17:00"),
            (2, 10, 16),
        ),
        (
            "every: week, times: 3",
            ("tip@1", "+1d", "this"),
            ("{every: week, times: 3, except: [thu after launch]}", "at: fri after launch 17:00"),
            (3, 9, 16),
        ),
        (
            "every: week, times: 4, except: [launch + 16d]",
            ("tip@2", "+1d", "this"),
            ("{every: week, times: 4, except: [launch + 9d, launch + 16d]}",),
            (2, 10, 23),
        ),
        (
            "every: week, until: launch + 3w",
            ("tip@2", "+1d", "all"),
            ("until: thu after launch}", "until: launch + 3w\n"),
            (2, 10, 17),
        ),
        (
            "every: week, until: launch + 30d, except: [launch + 16d]",
            ("tip@2", "+1d", "all"),
            ("until: thu after launch}", "until: launch + 31d\n    except: [launch + 17d]\n"),
            (2, 10, 24, 31),
        ),
        (
            "every: week, times: 4, except: [launch + 9d]",
            ("tip@3", "+1d", "all"),
            ("times: 1}", "times: 2\n"),
            (2, 17, 24),
        ),
        (
            "every: week, times: 3, except: [launch + 9d]",
            ("tip", "+1d", "all"),
            ("{every: week, times: 3, except: [launch + 10d]}", "at: fri after launch 17:00"),
            (3, 17),
        ),
    ],
)
def test_a_series_that_counts_from_a_date_goes_with_it_after_its_posts_moved(
    folder: Folder, repeat: str, order: tuple[str, str, str], lines: tuple[str, ...], days: tuple[int, ...]
) -> None:
    """With a fixed day left out, a later date would leave another post out, and publish the moved one twice."""
    settings, named = folder.top / "publer.yaml", "dates: {{launch: {}}}\n"
    own = settings.read_text(encoding="utf-8")
    settings.write_text(own + named.format(day()), encoding="utf-8")
    (folder.top / "posts.yaml").write_text(COUNTED.format(repeat), encoding="utf-8")
    name, to, which = order
    told(folder, name, to, "--series", which)
    assert [line for line in lines if line not in text_of(folder)] == [], text_of(folder)
    for later in (0, 7):
        settings.write_text(own + named.format(day(later)), encoding="utf-8")
        found = sorted(moment[:10] for moment in times(folder).values())
        assert found == [day(number + later) for number in days], text_of(folder)


def test_the_day_that_a_series_leaves_out_is_asked_about_where_its_date_slips_within_a_week(
    folder: Folder,
) -> None:
    """`thu after launch` stays the same Thursday then, and the day that counts from the date does not: the post would be there twice."""
    settings = folder.top / "publer.yaml"
    own = settings.read_text(encoding="utf-8")
    settings.write_text(f"{own}dates: {{launch: {day()}}}\n", encoding="utf-8")
    (folder.top / "posts.yaml").write_text(COUNTED.format("every: week, times: 3"), encoding="utf-8")
    told(folder, "tip@2", "+1d", "--series", "this")
    settings.write_text(f"{own}dates: {{launch: {day(1)}}}\n", encoding="utf-8")
    ran = folder.run("validate", folder.top)
    assert ran.code == 3
    assert "repeat.except" in ran.stdout
    assert f"it repeats on {day(2)}, {day(9)}, {day(16)}" in " ".join(ran.stdout.split())


@pytest.mark.parametrize("later", [-7, 0, 7])
def test_a_series_on_fixed_days_is_divided_on_fixed_days_though_its_end_counts(
    folder: Folder, later: int
) -> None:
    settings = folder.top / "publer.yaml"
    own = settings.read_text(encoding="utf-8")
    settings.write_text(f"{own}dates: {{launch: {day(35)}}}\n", encoding="utf-8")
    fixed = COUNTED.replace("thu after launch 17:00", f"{day()} 17:00").format("every: week, until: launch")
    (folder.top / "posts.yaml").write_text(fixed, encoding="utf-8")
    told(folder, f"tip@{day(21)}", "+1h", "--series", "all")
    assert f"until: {day(14)}" in text_of(folder)
    settings.write_text(f"{own}dates: {{launch: {day(35 + later)}}}\n", encoding="utf-8")
    found = sorted(moment[:10] for moment in times(folder).values())
    assert found == [day(number) for number in range(0, 36 + later, 7)]


TWICE = f"""\
posts:
- id: tip
  at: {day()} 09:00
  accounts: x
  text: The tip
  repeat: {{every: week, days: [tue, fri], until: {day(23)}, except: [{day(17)}]}}
"""


@each_of(
    ("name", "to", "days"),
    [
        ("tip", "+1d", (1, 3, 8, 10, 15, 22)),
        ("tip", "+1w", (7, 10, 14, 17, 21, 28)),
        (f"tip@{day(3)}", "+1d", (0, 4, 7, 11, 14, 21)),
        (f"tip@{day(3)}", "-1d", (0, 2, 7, 9, 14, 21)),
        (f"tip@{day(3)}", "+1w", (0, 10, 14, 17, 21, 28)),
        (f"tip@{day(14)}", "+2d", (0, 3, 7, 10, 16, 23)),
    ],
)
def test_a_series_on_two_weekdays_moves_from_any_of_its_posts(
    folder: Folder, name: str, to: str, days: tuple[int, ...]
) -> None:
    (folder.top / "posts.yaml").write_text(TWICE, encoding="utf-8")
    told(folder, name, to, "--series", "all")
    assert sorted(moment[:10] for moment in times(folder).values()) == [day(number) for number in days]


@each_of(
    ("every", "to", "days"),
    [
        ("month", "+1d", ("01-10", "02-10", "03-11", "04-11")),
        ("month", "+4w", ("01-10", "02-10", "04-07", "05-07")),
        ("30 days", "+1d", ("01-10", "02-09", "03-12", "04-11")),
    ],
)
def test_a_series_by_the_month_or_the_day_moves_from_any_of_its_posts(
    folder: Folder, every: str, to: str, days: tuple[str, ...]
) -> None:
    lines = f"posts:\n- id: tip\n  at: {YEAR}-01-10 09:00\n  accounts: x\n  text: T\n  repeat: {{every: {every}, times: 4}}\n"
    (folder.top / "posts.yaml").write_text(lines, encoding="utf-8")
    third = sorted(name or "" for name, _ in times(folder))[2]
    told(folder, third, to, "--series", "all")
    assert sorted(moment[5:10] for moment in times(folder).values()) == list(days)


@pytest.mark.parametrize(("command", "do"), [("move", "Edit"), ("copy", "Copy")])
def test_a_post_of_a_page_is_not_written_to_and_its_line_is_named(
    folder: Folder, command: str, do: str
) -> None:
    blog = folder.top.parent / "blog"
    blog.mkdir()
    page = blog / "lamp.md"
    page.write_text(
        f"---\nsocial:\n- id: lamp\n  at: {day()} 09:00\n  accounts: x\n  text: Lit\n---\n", encoding="utf-8"
    )
    git(folder.top.parent, "init", "-q")
    git(folder.top.parent, "add", "blog")
    with (folder.top / "publer.yaml").open("a", encoding="utf-8") as settings:
        settings.write("pages: [{files: ../blog/*.md, url: 'https://example.com/{slug}/'}]\n")
    before = page.read_bytes()
    ran = folder.run(command, "lamp", "+1d", "--calendar", folder.top, "--yes")
    assert (ran.code, page.read_bytes()) == (1, before)
    assert "it is in a page of the website, which is not written to; nothing was written" in ran.stderr
    assert f"  {do} the lines of the post in your editor: {page}:3." in ran.stderr.replace("\n    ", " ")


@each_of(
    ("request_", "repeats", "says"),
    [
        (PostMoveRequest("tip", "+1d"), False, "Edit the lines of the post in your editor: a.yaml:3."),
        (
            PostMoveRequest("tip", "+1d", copies=True),
            True,
            "Copy the lines of the post in your editor: a.yaml:3.",
        ),
        (
            PostMoveRequest("tip", "+1d", series="this"),
            True,
            "Edit the lines of the post in your editor: a.yaml:3.",
        ),
        (
            PostMoveRequest("tip", "+1d", series="all"),
            True,
            "Edit `at` and `repeat` in your editor: a.yaml:3, or move its posts one by one with --series this.",
        ),
    ],
)
def test_what_somebody_does_by_hand_goes_by_what_was_asked(
    request_: PostMoveRequest, repeats: bool, says: str
) -> None:
    entry: Any = mock.Mock(place=Location("a.yaml", 3), repeats=repeats)
    assert move._by_hand(Path(), entry, request_) == says


def test_a_copy_counts_from_the_first_time_of_the_post_also_where_that_is_over(folder: Folder) -> None:
    with mock.patch.object(Clock, "now", return_value=TUESDAY + HOUR / 2):
        ran = folder.run("copy", "launch", f"{day(7)} 10:00", "--calendar", folder.top, "--diff")
    assert (ran.code, f"+  at: {day(7)} 10:00" in ran.stdout.replace("Tue ", "")) == (0, True), ran


def test_a_series_without_a_day_means_its_next_post_ahead_or_else_its_first(folder: Folder) -> None:
    over = mock.patch.object(Clock, "now", return_value=TUESDAY + 60 * DAY)
    with over, mock.patch.object(move, "can_ask", return_value=True):
        ran = folder.run("move", "tip", "+90d", "--calendar", folder.top, "--diff", stdin="this\n")
    assert f"tip repeats. Move the one of {day(2)} alone (this), or with all after it" in ran.stderr
    with mock.patch.object(Clock, "now", return_value=TUESDAY + 4 * DAY):
        told(folder, "tip", "+1h", "--series", "this")
    assert sorted(there for (_, alias), there in times(folder).items() if alias == "x")[-2:] == [
        at(TUESDAY + 9 * DAY + 9 * HOUR),
        at(TUESDAY + 16 * DAY + 8 * HOUR),
    ]


def test_a_series_that_cannot_move_as_a_whole_says_why_and_what_to_do(folder: Folder) -> None:
    lines = f"posts:\n- id: tip\n  at: {YEAR}-01-31 09:00\n  accounts: x\n  text: T\n  repeat: {{every: month, times: 3}}\n"
    (folder.top / "posts.yaml").write_text(lines, encoding="utf-8")
    ran = folder.run("move", "tip", "-1d", "--series", "all", "--calendar", folder.top, "--yes")
    assert (ran.code, text_of(folder)) == (1, lines)
    assert "not every month has a 31st" in ran.stderr
    assert "Edit `at` and `repeat`" in ran.stderr
    assert "posts.yaml:2, or move its posts one by one with --series this." in ran.stderr
    told(folder, "tip", "-1d", "--series", "this")
    assert (f"tip-{YEAR}-01-31", "x") in times(folder)
    (folder.top / "posts.yaml").write_text(TWICE, encoding="utf-8")
    ran = folder.run("move", "tip", "+5d", "--series", "all", "--calendar", folder.top, "--yes")
    assert (ran.code, "is not before the next post of its series" in ran.stderr) == (1, True)
    assert text_of(folder) == TWICE


def test_what_cannot_be_moved_says_why_and_nothing_is_written(folder: Folder) -> None:
    taken = f"- {{at: {day()} 11:00, accounts: linkedin, text: Taken}}\n"
    (folder.top / "other.yaml").write_text(f"posts:\n{taken}", encoding="utf-8")
    before = text_of(folder)

    def refused(*words: str, command: str = "move") -> Ran:
        ran = folder.run(command, *words, "--calendar", folder.top, "--yes")
        assert text_of(folder) == before
        return ran

    for words, told in (
        (("nothing", "+1d"), 'there is no post "nothing" here'),
        (("e", "+1d"), '"e" means 4 posts'),
        (("launch", "whenever"), "TO: "),
    ):
        ran = refused(*words)
        assert (ran.code, told in ran.stderr) == (64, True), ran
    ran = refused("launch", "11:00")
    assert (ran.code, "linkedin has two posts at" in ran.stdout + ran.stderr) == (3, True)
    ran = refused("launch", "2020-01-01")
    assert (ran.code, "has passed" in ran.stderr, "editor" in ran.stderr) == (1, True, False)
    (folder.top / "old.yaml").write_text(
        "posts:\n- {id: old, at: 2020-01-01 09:00, accounts: x, text: Old}\n", encoding="utf-8"
    )
    ran = refused("old", day(3))
    assert (ran.code, "duplicate it to a day ahead" in ran.stderr) == (1, True)
    assert folder.run("copy", "old", day(3), "--calendar", folder.top, "--yes").code == 0
    assert times(folder)["old-2", "x"] == at(TUESDAY + 3 * DAY)


def test_a_copy_has_an_id_of_its_own_and_says_the_same(folder: Folder) -> None:
    found = told(folder, "launch", f"{day(7)} 13:00", command="copy")
    assert (
        found["change"]
        == f"launch duplicated on {TUESDAY + 7 * DAY:%a} {(TUESDAY + 7 * DAY).day} {TUESDAY + 7 * DAY:%b}, 13:00."
    )
    assert text_of(folder).startswith(FILE.partition("- at")[0])
    there = times(folder)
    assert there["launch", "linkedin"] == at(TUESDAY)
    assert there["launch-2", "linkedin"] == at(TUESDAY + 7 * DAY + 4 * HOUR)
    assert there["launch-2", "x"] == at(TUESDAY + 7 * DAY + 5 * HOUR + HOUR / 2)


@each_of(
    "lines",
    [
        f"""\
  at: {day()} 10:00
  accounts: [x, linkedin]
  networks: {{linkedin: {{at: {day(1)} 11:30}}}}
""",
        f"""\
  at: {day()} 10:00
  accounts:
  - x
  - account: linkedin
    at: Wed {day(1)} 11:30
""",
        f"""\
  accounts:
  - account: x
    at: {day()} 10:00
  - account: linkedin
    at: {day(1)} 11:30
""",
        """\
  at: fair 10:00
  accounts: [x, linkedin]
  networks: {linkedin: {at: fair + 1d 11:30}}
""",
    ],
)
@each_of(("to", "by"), [("+1w", 7 * DAY), ("+1h", HOUR), ("15:00", 5 * HOUR)])
def test_a_copy_moves_the_own_date_of_each_account_by_as_much(
    folder: Folder, lines: str, to: str, by: timedelta
) -> None:
    before = f"dates: {{fair: {day()}}}\nposts:\n- id: one\n  text: On two days\n{lines}"
    (folder.top / "posts.yaml").write_text(before, encoding="utf-8")
    told(folder, "one", to, command="copy")
    assert text_of(folder).startswith(before)
    assert times(folder) == {
        ("one", "x"): at(TUESDAY + HOUR),
        ("one", "linkedin"): at(LINKEDIN),
        ("one-2", "x"): at(TUESDAY + HOUR + by),
        ("one-2", "linkedin"): at(LINKEDIN + by),
    }


def test_a_copy_of_a_post_that_is_named_by_an_account_counts_from_there(folder: Folder) -> None:
    (folder.top / "posts.yaml").write_text(OWN_DAY, encoding="utf-8")
    found = told(folder, f"linkedin@{at(LINKEDIN)}", f"{day(8)} 12:30", command="copy")
    assert found["change"].endswith(", 12:30.")
    assert times(folder)["one-2", "x"] == at(TUESDAY + 7 * DAY + 2 * HOUR)
    assert times(folder)["one-2", "linkedin"] == at(LINKEDIN + 7 * DAY + HOUR)


def test_the_copy_of_a_file_moves_the_own_date_of_an_account_too(folder: Folder) -> None:
    head = (
        f"id: one\nat: {day()} 10:00\naccounts: [x, linkedin]\nnetworks: {{linkedin: {{at: {day(1)} 11:30}}}}"
    )
    (folder.top / "one.md").write_text(f"---\n{head}\n---\nOn two days\n", encoding="utf-8")
    told(folder, "one", "+1w", command="copy")
    assert times(folder)["one-2", "x"] == at(TUESDAY + HOUR + 7 * DAY)
    assert times(folder)["one-2", "linkedin"] == at(LINKEDIN + 7 * DAY)


def test_a_stored_post_is_copied_and_moved_into_a_use_and_a_use_into_another(folder: Folder) -> None:
    store = (
        "posts:\n- id: tip-1\n  accounts: x\n  evergreen: {every: 1w}\n  text: A\n  variants:\n  - text: B\n"
    )
    (folder.top / "tips.yaml").write_text(store, encoding="utf-8")
    told(folder, "tip-1", f"{day(3)} 10:00", command="copy")
    assert told(folder, "tip-1", f"{day(10)} 10:00")["change"].startswith("a use of tip-1 added on")
    told(folder, f"tip-1@{day(3)}", "-1d")
    told(folder, f"tip-1@{day(10)}", "+1w", command="copy")
    assert (folder.top / "tips.yaml").read_text("utf-8") == store
    posts = read(folder.top).desired.posts
    assert [(post.id, post.text) for post in posts if post.use is not None] == [
        (f"tip-1@{day(2)}", "A"),
        (f"tip-1@{day(10)}", "B"),
        (f"tip-1@{day(17)}", "B"),
    ]


@pytest.mark.story
def test_plan_then_says_that_the_post_moves(empty_world: World) -> None:
    (empty_world.top / "posts.yaml").write_text(FILE, encoding="utf-8")
    with clocks(empty_world) as to:
        to(TUESDAY - 5 * DAY)
        assert empty_world.apply().code == 0
        ran = empty_world.run("move", "launch", "+1d", "--calendar", empty_world.top, "--yes")
        assert ran.code == 0, ran
        assert sorted((each["action"], each["id"]) for each in empty_world.plan()["changes"]) == [
            ("replace", "launch"),
            ("replace", "launch"),
        ]


SETTINGS_IN_OSLO = {**SETTINGS, "timezone": "Europe/Oslo"}


@pytest.fixture
def spring(folder: Folder) -> Iterator[Folder]:
    """A month before Oslo's clocks change, two weeks after New York's, in a calendar of both."""
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in SETTINGS_IN_OSLO.items())
    (folder.top / "publer.yaml").write_text(lines, encoding="utf-8")
    (folder.top / "posts.yaml").unlink()
    with mock.patch.object(Clock, "now", return_value=datetime(2027, 3, 1, 12, tzinfo=UTC)):
        yield folder


@pytest.mark.parametrize(
    ("to", "line", "told_as"),
    [
        ("+1w", "Sat 2027-04-03 09:00", "Sat 3 Apr, 15:00 (09:00 New York)."),
        ("2027-04-03", "Sat 2027-04-03 09:00", "Sat 3 Apr, 15:00 (09:00 New York)."),
        ("+2d", "Mon 2027-03-29 09:00", "Mon 29 Mar, 15:00 (09:00 New York)."),
        ("2027-04-03 14:30", "Sat 2027-04-03 08:30", "Sat 3 Apr, 14:30 (08:30 New York)."),
        ("+192h", "Sun 2027-04-04 09:00", "Sun 4 Apr, 15:00 (09:00 New York)."),
    ],
)
def test_a_post_of_a_file_in_another_zone_keeps_its_time_there_on_all_accounts(
    spring: Folder, to: str, line: str, told_as: str
) -> None:
    """From one side of Oslo's change to the other, an hour of Oslo is another one of New York."""
    head = "timezone: America/New_York\naccounts: [x, facebook]\nposts:\n"
    lines = head + "- id: us\n  at: Sat 2027-03-27 09:00\n  text: Over there\n"
    file = spring.top / "us.yaml"
    file.write_text(lines, encoding="utf-8")
    assert told(spring, "us", to)["change"] == f"us moved to {told_as}"
    assert file.read_text("utf-8") == lines.replace("Sat 2027-03-27 09:00", line)
    file.write_text(lines, encoding="utf-8")
    assert told(spring, "us", to, command="copy")["change"] == f"us duplicated on {told_as}"
    assert file.read_text("utf-8") == f"{lines}- id: us-2\n  at: {line}\n  text: |\n    Over there\n"


def test_a_day_alone_is_a_day_of_the_posts_own_file(spring: Folder) -> None:
    lines = "timezone: America/New_York\nposts:\n- {id: us, at: 2027-03-20 21:00, accounts: x, text: Late}\n"
    (spring.top / "us.yaml").write_text(lines, encoding="utf-8")
    assert told(spring, "us", "2027-04-03")["change"] == (
        "us moved to Sun 4 Apr, 03:00 (Sat 3 Apr 21:00 New York)."
    )
    assert (spring.top / "us.yaml").read_text("utf-8") == lines.replace("03-20", "04-03")


@pytest.mark.parametrize(("to", "day"), [("today", 8), ("tomorrow", 9), ("in 2 days", 10)])
def test_which_day_is_today_the_settings_say(spring: Folder, to: str, day: int) -> None:
    lines = "timezone: Asia/Tokyo\nposts:\n- {id: us, at: 2027-03-20 23:30, accounts: x, text: Late}\n"
    (spring.top / "us.yaml").write_text(lines, encoding="utf-8")
    moment = datetime(2027, 3, 8, 22, tzinfo=UTC)  # a day later in Tokyo already
    with mock.patch.object(Clock, "now", return_value=moment):
        ran = spring.run("move", "us", to, "--calendar", spring.top, "--yes")
    written = (spring.top / "us.yaml").read_text("utf-8")
    assert (f"2027-03-{day:02} 23:30" in written) is (to != "today"), ran
    assert ("has passed" in ran.stdout + ran.stderr) is (to == "today")


WAITS = """\
posts:
- id: one
  at: next
  accounts: [facebook, x, linkedin]
  text: Soon
  networks: {facebook: {at: 12:30}}
"""


def test_an_account_of_a_waiting_post_keeps_its_own_time_of_day(folder: Folder) -> None:
    """As `fill` does it: the day and the time that are given are those of the post."""
    (folder.top / "posts.yaml").write_text(WAITS, encoding="utf-8")
    told(folder, "one", f"{day(3)} 15:00", command="copy")
    assert text_of(folder).startswith(WAITS)
    found = told(folder, "one", f"{day(4)} 15:00")
    assert found["change"].endswith(", 15:00."), "not the time of Facebook"
    assert WAITS.replace("next", f"{TUESDAY + 4 * DAY:%a %Y-%m-%d} 15:00") in text_of(folder)
    there = times(folder)
    for name, number in (("one", 4), ("one-2", 3)):
        assert there[name, "facebook"] == at(TUESDAY + number * DAY + 3.5 * HOUR)
        assert there[name, "x"] == there[name, "linkedin"] == at(TUESDAY + number * DAY + 6 * HOUR)


def test_an_account_of_a_waiting_post_keeps_its_own_offset(folder: Folder) -> None:
    lines = WAITS.replace("12:30", "12:30+05:30")
    (folder.top / "posts.yaml").write_text(lines, encoding="utf-8")
    told(folder, "one", f"{day(4)} 15:00")
    assert lines.replace("next", f"{TUESDAY + 4 * DAY:%a %Y-%m-%d} 15:00") == text_of(folder)
    assert times(folder)["one", "facebook"] == at(TUESDAY + 4 * DAY - 2 * HOUR)


def test_the_only_account_of_a_waiting_post_is_moved_to_the_time_that_is_given(folder: Folder) -> None:
    (folder.top / "posts.yaml").write_text(
        WAITS.replace("[facebook, x, linkedin]", "facebook"), encoding="utf-8"
    )
    for to in ("+1d", "14:00"):
        ran = folder.run("move", "one", to, "--calendar", folder.top, "--yes")
        assert (ran.code, f"{to} counts from the post's time, and it has none" in ran.stderr) == (64, True), (
            ran
        )
    ran = folder.run("move", "one", day(3), "--calendar", folder.top, "--yes")
    assert (ran.code, "TO: no time of day on " in ran.stderr) == (64, True), ran
    told(folder, "one", f"{day(3)} 15:00")
    assert times(folder) == {("one", "facebook"): at(TUESDAY + 3 * DAY + 6 * HOUR)}


def test_a_minute_that_happens_twice_is_the_one_that_its_offset_says(spring: Folder) -> None:
    lines = "posts:\n- {id: a, at: 2027-10-20 09:00, accounts: [x, facebook], text: Early}\n"
    (spring.top / "a.yaml").write_text(lines, encoding="utf-8")
    for offset, hour in (("+02:00", "00"), ("+01:00", "01")):
        told(spring, "a", f"2027-10-31 02:45{offset}")
        assert {*times(spring).values()} == {f"2027-10-31T{hour}:45"}


@each_of(
    ("why", "hint"),
    [
        (Unsafe("it spans lines", "- at: 10:00"), "  Write these lines yourself:\n  - at: 10:00\n"),
        (Unsafe("it spans lines"), ""),
        (ByHand("it spans lines", "- at: 10:00"), "  Edit the lines of the post in your editor: calendar/"),
    ],
)
def test_where_the_lines_cannot_be_changed_it_says_what_to_write(
    folder: Folder, why: Unsafe, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.top.parent)
    monkeypatch.setattr(move, "attempt", mock.Mock(side_effect=why))
    ran = folder.run("move", "launch", "+30m", "--yes")
    assert (ran.code, ran.stdout) == (1, "")
    told = ran.stderr.removeprefix("error: it spans lines; nothing was written\n")
    assert (told.startswith(hint), bool(told)) == (True, bool(hint)), told


@each_of(
    ("to", "told"),
    [
        ("+30m", "+30m counts from the post's time, and it has none"),
        ("10:30", "10:30 counts from the post's time, and it has none"),
        ("wed", "TO: no time of day on "),
    ],
)
def test_a_post_on_accounts_that_are_not_there_has_no_time_to_count_from(
    folder: Folder, to: str, told: str
) -> None:
    lines = f"posts:\n- {{id: launch, at: {day()} 09:00, accounts: nobody, text: Hi}}\n"
    (folder.top / "posts.yaml").write_text(lines, encoding="utf-8")
    for words in ((), ("--account", "x")):
        ran = folder.run("move", "launch", to, "--calendar", folder.top, "--yes", *words)
        assert (ran.code, told in ran.stderr) == (64, True), ran


def test_a_day_alone_is_that_day_far_from_utc_too(folder: Folder) -> None:
    settings = folder.top / "publer.yaml"
    text = settings.read_text(encoding="utf-8").replace('"UTC"', "Pacific/Kiritimati")
    settings.write_text(text, encoding="utf-8")
    ran = folder.run("move", "launch", day(3), "--calendar", folder.top, "--diff")
    assert (ran.code, f"+  at: Fri {day(3)} 09:00" in ran.stdout) == (0, True), ran


def test_the_line_that_changes_and_what_it_means_are_shown(folder: Folder) -> None:
    file = folder.top / "posts.yaml"
    before = file.read_bytes()
    ran = folder.run("move", "launch", "+30m", "--calendar", folder.top, "--diff")
    line, _, said = ran.stdout.rpartition("\n\n")
    assert f"\n+  at: Tue {day()} 09:30" in line
    assert said.startswith("launch moved to Tue ")
    assert (ran.code, file.read_bytes()) == (0, before)
