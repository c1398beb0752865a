"""Refusals and the headers of the request limit, as values."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from publer_sync.publer.answers import (
    TO_DELETE,
    TO_IMPORT,
    TO_SCHEDULE,
    Answer,
    asked_pause,
    quota,
    refusal,
    seconds_ahead,
)
from publer_sync.publer.pacing import Quota
from publer_sync.values.errors import PlanRefused, Refused
from tests.tables import each_of

NOW = datetime(2027, 3, 2, 15, 6, 40, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


def no(status: int, body: object, **headers: str) -> Answer:
    return Answer(status, headers, body if isinstance(body, bytes) else json.dumps(body).encode())


REFUSED = "Publer refused to list the posts"
NO_KEY = "Publer does not accept this key (401)"
UPGRADE = "Please upgrade to Business to access our API."
NO_ACCESS = "You don't have access on this workspace"
BLOCKED = "Cloudflare or a proxy in front of Publer blocked the request"


@each_of(
    ("answer", "summary", "said", "code"),
    [
        (no(400, {"errors": ["Unknown state auto"]}), f"{REFUSED} (400)", "Unknown state auto", "refused"),
        (no(401, {"errors": ["no"]}), NO_KEY, "no", "key.refused"),
        (no(401, b""), NO_KEY, "", "key.refused"),
        (
            no(401, {"errors": [NO_ACCESS]}),
            "Publer does not let this key into the workspace (401)",
            NO_ACCESS,
            "key.refused",
        ),
        (no(403, {"errors": ["Invalid API key"]}), f"{REFUSED} (403)", "Invalid API key", "key.refused"),
        (no(403, {"errors": ["Another import"]}), f"{REFUSED} (403)", "Another import", "key.refused"),
        (no(403, b"error code: 1010"), f'{BLOCKED} (403, "error code: 1010")', "", "publer.shut"),
        (no(403, b"<title>Wait!</title>"), f'{BLOCKED} (403, a web page ("Wait!"))', "", "publer.shut"),
        (no(403, b""), f"{BLOCKED} (403)", "", "publer.shut"),
        (no(403, {"error": "error code: 1010"}), f"{BLOCKED} (403, error code: 1010)", "", "publer.shut"),
        (no(413, b"<title>Too big</title>"), f'{REFUSED} (413, a web page ("Too big"))', "", "refused"),
        (no(404, {"error": "gone"}), f"{REFUSED} (404)", "gone", "refused"),
        (no(422, {"errors": "too\x1b long"}), f"{REFUSED} (422)", "too long", "refused"),
    ],
)
def test_a_refusal_keeps_publers_sentence_apart_from_ours(
    answer: Answer, summary: str, said: str, code: str
) -> None:
    refused = refusal(answer, doing="to list the posts")
    assert isinstance(refused, Refused)
    assert (refused.summary, refused.publer_said) == (summary, said)
    assert (refused.code, refused.status) == (code, answer.status)
    assert refused.message == (f'{summary}: "{said}"' if said else summary)


@each_of(
    ("body", "code"),
    [
        ({"errors": ["Not now"]}, "media.busy"),
        ({"error": "Please wait"}, "media.busy"),
        ({}, "media.busy"),
        ({"errors": ["Another import is in progress in this workspace"]}, "media.busy"),
        ({"errors": ["Your plan allows one upload at a time"]}, "media.busy"),
        ({"errors": ["Missing scope to import media"]}, "key.refused"),
        ({"errors": ["Invalid API key or not active"]}, "key.refused"),
        ({"errors": ["Missing scope: media"]}, "key.refused"),
        ({"errors": ["Permission denied"]}, "key.refused"),
        ({"errors": [NO_ACCESS]}, "key.refused"),
        ({"errors": ["The plan has no API"]}, "key.refused"),
        ({"errors": [UPGRADE]}, "publer.plan"),
        (b"error code: 1010", "publer.shut"),
    ],
)
def test_an_import_that_is_refused_with_403_waits_unless_it_says_what_is_missing(
    body: object, code: str
) -> None:
    """Nobody knows in which words Publer refuses a second import during a first."""
    assert refusal(no(403, body), doing=TO_IMPORT).code == code
    assert refusal(no(401, {}), doing=TO_IMPORT).code == "key.refused"
    assert refusal(no(400, {}), doing=TO_IMPORT).code == "refused"


@each_of(
    ("body", "code"),
    [
        ({"errors": ["Not yours"]}, "refused"),
        ({"errors": ["You don't have permission to delete this post"]}, "refused"),
        ({}, "refused"),
        ({"errors": ["Invalid API key or not active"]}, "key.refused"),
        ({"errors": ["Missing scope: posts"]}, "key.refused"),
        ({"errors": [NO_ACCESS]}, "key.refused"),
        (b"error code: 1010", "publer.shut"),
    ],
)
def test_a_delete_that_is_refused_with_403_is_about_the_post_unless_it_names_the_key(
    body: object, code: str
) -> None:
    refused = refusal(no(403, body), doing=TO_DELETE)
    assert refused.code == code
    assert ("may not delete it" in (refused.hint or "")) is (code == "refused")
    assert "may not delete it" not in (refusal(no(404, body), doing=TO_DELETE).hint or "")


def test_a_request_for_posts_that_is_too_large_is_not_about_a_file() -> None:
    file, posts = (refusal(no(413, {}), doing=doing).hint for doing in ("to take a.mp4", TO_SCHEDULE))
    assert ("200 MB" in (file or ""), "Shorten the post" in (posts or "")) == (True, True)


@each_of(
    ("location", "host"),
    [
        ("https://user:pw@other.example:8443/x?key=1", "other.example"),
        ("/login", "another path"),
        ("", "another path"),
        ("https://[x", "another path"),
    ],
)
def test_a_redirect_names_the_host_alone(location: str, host: str) -> None:
    refused = refusal(no(302, b"", location=location), doing="to list the posts")
    assert refused.message == f"Publer's address redirects to {host} (302)"
    assert refused.code == "publer.elsewhere"


@each_of("status", [401, 402, 403])
def test_a_plan_without_the_api_is_named_before_the_key(status: int) -> None:
    refused = refusal(no(status, {"errors": [UPGRADE]}), doing="to list the posts")
    assert isinstance(refused, PlanRefused)
    assert refused.message == f'Publer\'s plan has no API access ({status}): "{UPGRADE}"'
    assert "The key is not the cause" in (refused.hint or "")


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_names_the_causes_in_order(status: int) -> None:
    """The documents say which status means what; the live service does not keep to it."""
    hint = refusal(no(status, {"errors": ["no"]}), doing="to plan").hint or ""
    places = [
        hint.index(word) for word in ("PUBLER_API_KEY", "scope", "PUBLER_WORKSPACE_ID", "plan has no API")
    ]
    assert places == sorted(places)


def test_cloudflare_is_never_blamed_on_the_key() -> None:
    hint = refusal(no(403, b"error code: 1010"), doing="to plan").hint or ""
    assert "key is not the cause" in hint
    assert "PUBLER_SYNC_USER_AGENT" in hint


@each_of(
    ("headers", "told"),
    [
        ({}, Quota()),
        ({"limit": "100", "remaining": "42", "reset": str(EPOCH + 38)}, Quota(100, 42, 38.0)),
        ({"limit": "100", "remaining": "0", "reset": "38"}, Quota(100, 0, 38.0)),
        ({"limit": "100", "remaining": "0", "reset": str(EPOCH - 5)}, Quota(100, 0, 0.0)),
        ({"limit": "0", "remaining": "-1", "reset": "soon"}, Quota()),
        ({"limit": "2000000", "remaining": "2000000"}, Quota()),
        ({"limit": "1e99", "remaining": "inf", "reset": "nan"}, Quota()),
        ({"limit": "100", "remaining": "3", "reset": str(EPOCH + 40_000)}, Quota(100, 3, None)),
        ({"limit": "", "remaining": "many"}, Quota()),
    ],
)
def test_the_limit_is_read_where_its_headers_make_sense(headers: dict[str, str], told: Quota) -> None:
    assert quota({f"x-ratelimit-{name}": value for name, value in headers.items()}, now=NOW) == told


def test_a_wrong_clock_on_this_side_does_not_stretch_the_wait() -> None:
    """Publer's own Date tells how far its reset is."""
    headers = {"x-ratelimit-reset": str(EPOCH + 38), "date": "Tue, 02 Mar 2027 15:06:40 GMT"}
    for wrong in (NOW.replace(minute=2), NOW.replace(minute=11), NOW.replace(year=2031)):
        assert quota(headers, now=wrong).reset_in == 38


def test_a_shifted_clock_on_both_sides_agrees_with_itself() -> None:
    headers = {"x-ratelimit-reset": str(EPOCH + 38), "date": "Mon, 24 Nov 2025 15:06:40 GMT"}
    assert quota(headers, now=NOW).reset_in == 38


def test_how_far_another_clock_is_ahead_is_known_where_an_answer_has_a_date() -> None:
    for told, seconds in (("15:06:50", 10), ("15:06:30", -10), ("15:06:40", 0)):
        assert seconds_ahead({"date": f"Tue, 02 Mar 2027 {told} GMT"}, now=NOW) == seconds
    for nothing in ({}, {"date": "today"}):
        assert seconds_ahead(nothing, now=NOW) is None


@each_of(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "Tue, 02 Mar 2027 15:07:00 GMT"}, 20),
        ({"retry-after": "Tue, 02 Mar 2027 15:07:00 GMT", "date": "Tue, 02 Mar 2027 15:06:50 GMT"}, 10),
        ({"retry-after": "Tue, 02 Mar 2027 16:07:00 +0100"}, 20),
        ({"retry-after": "Tue, 02 Mar 2027 15:07:00 -0000"}, 20),
        ({"retry-after": "999999999"}, 999_999_999),
        ({"retry-after": "1000000000"}, None),
        ({"retry-after": "later"}, None),
        ({"x-ratelimit-reset": "9"}, None),
        ({"retry-after": "-1"}, None),
    ],
)
def test_only_retry_after_asks_for_a_pause(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_pause(headers, now=NOW) == seconds
