"""What networks' own keys say, as people say it."""

from __future__ import annotations

from publer_sync.render.layout.dates import Dates
from publer_sync.render.post.fields import everything_said
from publer_sync.render.post.names import Names
from publer_sync.render.post.own_words import SWITCHES
from publer_sync.values.content import Content, Json
from tests.tables import each_of


def said(values: dict[str, Json]) -> list[str]:
    names = Names(None, None, Dates("Europe/Oslo", 2027))
    groups = everything_said(Content.from_json(values), names).values()
    return ["".join(span.text for span in phrase) for phrases in groups for phrase in phrases]


@each_of(
    ("values", "words"),
    [
        ({"feed": True}, "also in the main feed"),
        ({"duet": False}, "no duets"),
        ({"privacy": "PUBLIC_TO_EVERYONE"}, "privacy: Public to everyone"),
        ({"reply_settings": "mentionedUsers"}, "reply settings: people it mentions"),
        ({"board": "1012345678901234567"}, "board: chosen by its ID"),
        ({"board": "Lamps"}, "board: Lamps"),
        ({"album": "2027"}, "album: 2027"),
        ({"start": "2027-03-20T18:00:00Z"}, "start: Sat 20 Mar 19:00"),
        ({"coupon": "SPRING_SALE"}, "coupon: SPRING_SALE"),
        ({"link": {"call_to_action": "SHOP_NOW"}}, "link button: Shop now"),
    ],
)
def test_a_value_is_told_as_people_say_it(values: dict[str, Json], words: str) -> None:
    assert said(values) == [words]


@each_of("name", SWITCHES)
def test_a_switch_that_is_on_and_one_that_is_off_say_different_things(name: str) -> None:
    assert len({*said({name: True}), *said({name: False})}) == 2
