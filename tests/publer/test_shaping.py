"""What a record of requests shows of a value, and what it never does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.publer.shaping import FORMS, Shaper
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.content import Json

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
HEX = "681b6e3c4e299e3d1c9f7a11"


@pytest.fixture
def shaper() -> Shaper:
    return Shaper(lambda: NOW)


def test_ids_are_numbered_by_what_has_them_and_stay_the_same(shaper: Shaper) -> None:
    post: Json = {"id": HEX, "account_id": "a" * 24, "user": {"id": "u1"}, "media": [{"id": 7}]}
    shown: Any = shaper.shape({"posts": [post, {"id": "b" * 24, "account_id": "a" * 24}]})
    assert [(one["id"], one["account_id"]) for one in shown["posts"]] == [
        ("post-1", "account-1"),
        ("post-2", "account-1"),
    ]
    assert shown["posts"][0]["user"]["id"] == "user-1 (text)"
    assert shown["posts"][0]["media"] == [{"id": "media-1 (number)"}]
    assert shaper.shape({"job_id": "123456"}) == {"job_id": "job-1 (digits)"}
    assert shaper.shape({"failures": {"a" * 24: []}}) == {"failures": {"account-1": []}}


@each_of(
    ("key", "value", "shown"),
    [
        ("state", "scheduled", "scheduled"),
        ("network", "bluesky", "bluesky"),
        ("type", "reel", "reel"),
        ("total", 14, 14),
        ("width", 1200, "number"),
        ("has_media", True, True),
        ("title", None, None),
        ("text", "", ""),
        (
            "scheduled_at",
            "2027-03-01T10:30:00.000+02:00",
            {"time": 1800, "form": "0000-00-00T00:00:00.000+00:00"},
        ),
        (
            "message",
            "There's another post at this time. A one minute gap is required between posts",
            {"said": "one minute gap"},
        ),
    ],
)
def test_kinds(key: str, value: Json, shown: Json) -> None:
    assert Shaper(lambda: NOW).shape({key: value}) == {key: shown}


@each_of(
    ("value", "shown"),
    [
        (
            {"0": 7, "12": 7, "1234": 7, "some words": 7, HEX: 7, "é": 7, "list[]": 7},
            {
                **dict.fromkeys(("0", "12", "(text 4)", "(text 10)", "account-1", "(text 1)"), "number"),
                "list[]": "number",
            },
        ),
        (
            {"post_ids": [7, "8", "nine", HEX], "account_ids[]": ["x"], "media_id": 9, "owner_id": 3},
            {
                "post_ids": ["post-1 (number)", "post-2 (digits)", "post-3 (text)", "post-4"],
                "account_ids[]": ["account-1 (text)"],
                "media_id": "media-1 (number)",
                "owner_id": "id-1 (number)",
            },
        ),
        (
            {"posts": [{"details": {"id": "x"}, "user": {"id": "y"}, "id": "z"}], "ids": ["v"]},
            {
                "posts": [
                    {
                        "details": {"id": "post-1 (text)"},
                        "user": {"id": "user-1 (text)"},
                        "id": "post-2 (text)",
                    }
                ],
                "ids": ["id-1 (text)"],
            },
        ),
        (
            {"state": "Scheduled", "type": ["reel"], "page": 2.0, "per_page": [3], "width": 2.5},
            {"state": "Scheduled", "type": ["reel"], "page": 2.0, "per_page": [3], "width": "number"},
        ),
        (
            ["2027-03-01 08:00", "2027-03-01T09:00:01+0100", "2027-03-01T07:59:59.000Z"],
            [
                {"time": 0, "form": "0000-00-00 00:00"},
                {"time": 1, "form": "0000-00-00T00:00:00+0000"},
                {"time": -1, "form": "0000-00-00T00:00:00.000Z"},
            ],
        ),
        ({"message": "INVALID API KEY, said he"}, {"message": {"said": "invalid api key"}}),
        ([None, True, [], {}, "", HEX, 7], [None, True, [], {}, "", "id-1", "number"]),
    ],
)
def test_what_a_value_looks_like_is_shown_and_not_what_it_says(value: Json, shown: Json) -> None:
    assert Shaper(lambda: NOW).shape(value) == shown


@each_of(
    ("value", "keys"),
    [
        ({"state": "falcon"}, {"text", "exact"}),
        ({"name": "reel"}, {"text", "exact"}),
        ({"text": "2027-13-01t08:00"}, {"text", "exact"}),
        ({"text": "on 2027-03-01 08:00"}, {"text", "exact"}),
        ({"text": "2027-03-01"}, {"text", "exact"}),
        ({"url": "http://a.example"}, {"text", "exact", "address"}),
        ({"url": "https://a.example"}, {"text", "exact", "address"}),
        ({"url": "see http://a.example"}, {"text", "exact"}),
        ({"text": "12345"}, {"text", "exact"}),
    ],
)
def test_what_is_no_word_and_no_time_of_publers_is_a_text(value: dict[str, Json], keys: set[str]) -> None:
    shown: Any = Shaper(lambda: NOW).shape(value)
    [(key, told)] = shown.items()
    assert told.keys() == keys
    assert told["text"] == len(str(value[key]))


@each_of(
    ("sent", "live", "form"),
    [
        ("a\n", "a", "trimmed"),
        ("R&D", "R&amp;D", "unescaped"),
        ("a\n\nb", "<p>a</p><p>b</p>", "without_markup"),
        ("a  b", "a b", "spaces_joined"),
        ("Launch", "launch", "lower"),
        ("cafe\u0301", "caf\u00e9", "folded"),
    ],
)
def test_two_texts_can_be_compared_in_each_form(sent: str, live: str, form: str) -> None:
    shaper = Shaper(lambda: NOW)
    one, other = _shape(shaper, sent), _shape(shaper, live)
    assert one["exact"] != other["exact"]
    assert other.get(form, other["exact"]) == one.get(form, one["exact"])


def test_a_text_with_a_signature_is_known_by_what_comes_before(shaper: Shaper) -> None:
    sent, live = _shape(shaper, "a\n\nb"), _shape(shaper, "a\n\nb\n\n#yourbrand")
    assert live["without_end"] == sent.get("trimmed", sent["exact"])


def _shape(shaper: Shaper, text: str) -> dict[str, Any]:
    shown = shaper.text(text)
    assert isinstance(shown, dict)
    return shown


def test_nothing_outside_can_be_compared_with_it() -> None:
    assert Shaper(lambda: NOW).text("We launched") != Shaper(lambda: NOW).text("We launched")


def test_a_secret_in_any_place_is_not_shown(shaper: Shaper) -> None:
    secret = "Aurelo buys Nordbrew on 3 May"
    keys = [
        "id",
        "account_id",
        "job_id",
        "text",
        "title",
        "url",
        "state",
        "status",
        "type",
        "name",
        "message",
        "errors",
        "error",
        "path",
        "scheduled_at",
        "provider",
        "labels",
        "picture",
        "post_link",
        "total",
    ]
    values: tuple[Json, ...] = (
        secret,
        f"https://example.com/{secret}",
        [secret],
        {"message": secret},
        {secret: 1},
    )
    for value in values:
        for key in keys:
            shown = json.dumps(shaper.shape({"posts": [{key: value}], key: value}))
            for word in ("Aurelo", "Nordbrew", "May", "example.com"):
                assert word not in shown, (key, value, shown)


def test_every_form_has_its_own_digest_only_where_it_differs(shaper: Shaper) -> None:
    assert _shape(shaper, "plain").keys() == {"text", "exact"}
    assert _shape(shaper, " Plain  &amp; <b> \u200b\n\nend\n").keys() == {"text", "exact", *FORMS}
