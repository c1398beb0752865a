"""How new posts are written."""

from __future__ import annotations

from datetime import UTC, datetime

from publer_sync.calendar.when.zones import zone
from publer_sync.editing.new_posts import new_id, written_time
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
    ],
)
def test_an_id_keeps_every_letter_that_has_a_spelling(words: str, name: str) -> None:
    local = datetime(2027, 3, 2, tzinfo=UTC)
    assert new_id(words, local, ()) == name
    assert new_id(words, local, {name}) == f"{name}-2"
