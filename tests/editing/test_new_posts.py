"""How new posts are written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from publer_sync.calendar.files import parse
from publer_sync.calendar.when.zones import zone
from publer_sync.editing.editor import Unwritable, reread
from publer_sync.editing.new_posts import new_file, new_id, of_words, with_post, written_time
from publer_sync.values.problems import Location, Problem
from tests.tables import each_of


@each_of(
    ("when", "text"),
    [
        (datetime(2027, 3, 2, 8, 0, tzinfo=UTC), "Tue 2027-03-02 09:00"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "Sun 2027-10-31 02:30+02:00"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "Sun 2027-10-31 02:30+01:00"),
    ],
)
def test_a_time_is_local_and_certain(when: datetime, text: str) -> None:
    assert written_time(when, zone("Europe/Oslo"), weekday=True) == text


@each_of(
    ("words", "name"),
    [
        ("Blåbær på Røros", "blabaer-pa-roros"),
        ("Straße der Grüße", "strasse-der-grusse"),
        ("Łódź i Đakovo", "lodz-i-dakovo"),
        ("Þór ræðir œuvre", "thor-raedir-oeuvre"),
        ("ÆRLIG TALT", "aerlig-talt"),
        ("新作です", "post-2027-03-02"),
        ("One two three four five six", "one-two-three-four-five"),
        (f"{'a' * 20} {'b' * 19} c", f"{'a' * 20}-{'b' * 19}"),
        (f"{'a' * 20} {'b' * 20} c", "a" * 20),
    ],
)
def test_an_id_keeps_every_letter_that_has_a_spelling(words: str, name: str) -> None:
    local = datetime(2027, 3, 2, tzinfo=UTC)
    assert new_id(words, local, ()) == name
    assert new_id(words, local, {name}) == f"{name}-2"


def test_a_new_post_goes_below_the_others_or_below_what_the_file_says_about_itself(tmp_path: Path) -> None:
    new = {"id": "new", "at": "2027-03-02 09:00"}
    for raw, after in (
        ("posts:\n- id: old\n", "posts:\n- id: old\n- id: new\n  at: 2027-03-02 09:00\n"),
        ("# March\n", "# March\nposts:\n- id: new\n  at: 2027-03-02 09:00\n"),
    ):
        document = reread(parse("", "a.yaml", path=tmp_path / "a.yaml", kind="posts"), raw.encode())
        assert with_post(document, new, top=tmp_path, file="a.yaml").decode() == after
    assert with_post(None, new, top=tmp_path, file="a.yaml").startswith(b"posts:\n- id: new")
    odd = reread(parse("", "a.yaml", path=tmp_path / "a.yaml", kind="posts"), b"# March\n  : \n")
    with pytest.raises(Unwritable):
        with_post(odd, new, top=tmp_path, file="a.yaml")


def test_a_new_file_names_the_schema_where_the_calendar_has_it(tmp_path: Path) -> None:
    (tmp_path / ".schema").mkdir()
    (tmp_path / ".schema" / "calendar.schema.json").touch()
    made, _ = new_file([{"id": "a"}], top=tmp_path, file="requests/a.yaml")
    first = "# yaml-language-server: $schema=../.schema/calendar.schema.json"
    assert made.decode() == f"{first}\nposts:\n- id: a\n"


def test_each_post_of_a_new_file_is_known_by_its_line() -> None:
    made, lines = new_file([{"id": "a", "at": "x"}, {"id": "b"}], top=Path("/"), file="a.yaml")
    assert [made.decode().split("\n")[line - 1] for line in lines] == ["- id: a", "- id: b"]


def test_words_that_were_typed_are_told_without_the_indent_that_nobody_gave_them() -> None:
    told = 'the line "draft: true" is indented 4 spaces; it is in the text'
    key = of_words(Problem("error", "text.key", told, Location("a.yaml", 3)))
    assert key.message == 'the line "draft: true" looks like a key of the calendar\'s files'
    soft = of_words(Problem("warning", "text.key.soft", told, Location("a.yaml", 3)))
    assert soft.message == key.message
    line = Problem("error", "text.newline", "two lines in one", Location("a.yaml", 3))
    assert (of_words(line).message, of_words(line).help) != (line.message, line.help)
    assert of_words(line).message == line.message
    other = Problem("error", "text.length", "too long", Location("a.yaml", 3))
    assert of_words(other) is other
