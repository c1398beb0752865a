"""What networks' own keys say, as people say it."""

from __future__ import annotations

from publer_sync.render.layout.dates import Dates
from publer_sync.render.post.fields import everything_said
from publer_sync.render.post.names import Names
from publer_sync.render.post.own_words import SWITCHES
from publer_sync.values.content import Content, Json
from tests.tables import each_of

OSLO = Dates("Europe/Oslo", 2027)


def said(values: dict[str, Json], dates: Dates | None = OSLO) -> list[str]:
    names = Names(None, None, dates)
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
        ({"coupon": "following"}, "coupon: following"),
        ({"button": {"url": "https://a.b"}}, "button: https://a.b"),
        ({"button": {"url": "https://a.b", "label": "Go"}}, "button: url https://a.b, label Go"),
        ({"place": {"size": 2, "ref": "63c675e94e299e9cf2b667ec"}}, "place: size 2"),
        ({"coupon": "1012345678"}, "coupon: 1012345678"),
        ({"privacy": "friends_only"}, "privacy: friends_only"),
        ({"duet": "maybe"}, "duet: maybe"),
        ({"link": {"call_to_action": "SHOP_NOW"}}, "link button: Shop now"),
    ],
)
def test_a_value_is_told_as_people_say_it(values: dict[str, Json], words: str) -> None:
    assert said(values) == [words]


def test_a_time_is_as_it_is_written_on_a_page_without_a_time_zone() -> None:
    assert said({"start": "2027-03-20T18:00:00Z"}, None) == ["start: 2027-03-20T18:00:00Z"]


@each_of("name", SWITCHES)
def test_a_switch_that_is_on_and_one_that_is_off_say_different_things(name: str) -> None:
    assert len({*said({name: True}), *said({name: False})}) == 2
