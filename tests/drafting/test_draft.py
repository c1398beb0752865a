"""A new post as lines of a file, in memory: its time is written as the file reads it, and its problems are its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.calendar.load import read
from publer_sync.drafting.draft import NewMedium, Wish, clock_of, make_draft
from publer_sync.drafting.new_page import length_lines, problem_lines
from publer_sync.drafting.spoken import spoken_time
from publer_sync.editing.new_posts import with_post
from publer_sync.values.errors import InputError
from publer_sync.values.problems import Help, Problem
from tests.tables import each_of
from tests.write_docs import png

if TYPE_CHECKING:
    from pathlib import Path

    from publer_sync.drafting.draft import Draft

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)


def drafted(
    top: Path, text: str, *, there: str = "", when: str = "2027-03-02 15:00", settings: str = "", **wish: Any
) -> Draft:
    zone = "" if "timezone" in settings else "timezone: UTC\n"
    (top / "publer.yaml").write_text(f"{zone}accounts: {{x: Me}}\n{settings}", encoding="utf-8")
    if there:
        (top / "posts.yaml").write_text(there, encoding="utf-8")
    calendar = read(top)
    at = spoken_time(when, clock_of(calendar), NOW)
    return make_draft(calendar, Wish(at, ("x",), text, to="posts.yaml", **wish), NOW)


def test_a_time_is_written_in_the_zone_of_the_file_that_the_post_joins(tmp_path: Path) -> None:
    there = "timezone: America/New_York\nposts:\n- {at: 2027-03-02 09:00, accounts: x, text: There}\n"
    found = drafted(tmp_path, "New", there=there)
    assert any("2027-03-02 10:00" in line for line in found.lines)
    assert [post.at for post in found.posts] == [datetime(2027, 3, 2, 15, tzinfo=UTC)]
    assert any("2027-03-02 15:00" in line for line in drafted(tmp_path, "New", there=there[26:]).lines)
    nowhere, oslo = "timezone: Nowhere\nposts: []\n", "timezone: Europe/Oslo\n"
    found = drafted(tmp_path, "New", there=nowhere, settings=oslo, when="2027-02-28 15:00")
    assert any("2027-02-28 15:00" in line for line in found.lines)


def test_what_may_be_a_slip_is_silenced_only_where_the_words_are_meant(tmp_path: Path) -> None:
    words = "Hello\ndraft: true"
    assert [each.code for each in drafted(tmp_path, words).problems] == ["text.key"]
    meant = drafted(tmp_path, words, as_typed=True)
    assert ([*meant.problems], any("text.key" in line for line in meant.lines)) == ([], True)
    assert not any("ignore" in line for line in drafted(tmp_path, "Hello", as_typed=True).lines)
    there = 'defaults: {text: "Hello\\ndraft: true"}\nposts: []\n'
    assert [each.code for each in drafted(tmp_path, "", there=there, as_typed=True).problems] == ["text.key"]


def test_as_someone_writes_only_what_is_wrong_with_the_words_is_told(tmp_path: Path) -> None:
    found = drafted(tmp_path, "TODO: find words", link="nowhere")
    assert {each.code.partition(".")[0] for each in found.problems} > {"text"}
    (line,) = length_lines(found)
    assert "TODO" in line
    _, line = length_lines(drafted(tmp_path, "Cheap", settings="words: [{never: [cheap]}]\n"))
    assert "Cheap" in line
    assert [*length_lines(drafted(tmp_path, ""))] == []
    anywhere = Problem("warning", "text.odd", "these words are odd", help=Help())
    assert [*problem_lines(found, [anywhere])] == ["  warning: These words are odd."]


def test_a_time_that_has_passed_is_an_error_of_the_new_post(tmp_path: Path) -> None:
    found = drafted(tmp_path, "New", when="2027-02-28 15:00")
    assert [(each.code, each.message) for each in found.problems if each.code == "time.past"] == [
        ("time.past", "its time has passed: Sun 28 Feb 2027 15:00")
    ]
    assert not [each for each in drafted(tmp_path, "New").problems if each.code == "time.past"]


@each_of("by, to", [("15:00", "16:00"), ("New", "Other words"), ("id: new", "labels: [a]")])
def test_a_post_that_does_not_read_back_as_it_is_meant_is_not_written(
    tmp_path_factory: pytest.TempPathFactory, by: str, to: str
) -> None:
    """Whatever spoils it: rather none than one that says something else."""

    def spoiled(*given: Any, **options: Any) -> bytes:
        return with_post(*given, **options).replace(by.encode(), to.encode())

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("publer_sync.drafting.draft.with_post", spoiled)
        with pytest.raises(InputError, match=r"would not read back from posts\.yaml"):
            drafted(tmp_path_factory.mktemp("top"), "New")


def test_the_new_post_is_the_one_in_its_file_though_another_has_its_id(tmp_path: Path) -> None:
    other = "posts:\n- {id: new, at: 2027-03-05 10:00, accounts: x, text: Other}\n"
    (tmp_path / "another.yaml").write_text(other, encoding="utf-8")
    found = drafted(tmp_path, "New", there="# Kept\n\nposts: []\n", id="new")
    assert (str(found.place), [each.text for each in found.posts]) == ("posts.yaml:4", ["New"])


def test_without_settings_times_are_those_of_utc(tmp_path: Path) -> None:
    assert (str(clock_of(read(tmp_path)).zone), clock_of(read(tmp_path)).time) == ("UTC", None)


def test_a_file_that_cannot_be_read_takes_no_post(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"posts\.yaml can't take another post"):
        drafted(tmp_path, "New", there="Words\n")


def test_a_picture_in_any_folder_of_the_calendar_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "pics").mkdir()
    (tmp_path / "pics" / "a.png").write_bytes(png(40, 30))
    found = drafted(tmp_path, "New", media=(NewMedium(str(tmp_path / "pics" / "a.png"), "A"),))
    assert (b"file: /pics/a.png" in found.raw, found.copies) == (True, {})
