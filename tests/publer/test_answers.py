"""Refusals in words for people, and the limit's headers, as values."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from publer_sync.publer.answers import Answer, quota, refusal, retry_after
from publer_sync.publer.pacing import Quota

NOW = datetime(2027, 3, 2, 15, 6, 40, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


def no(status: int, body: object, **headers: str) -> Answer:
    return Answer(status, headers, body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.mark.parametrize(
    ("answer", "message", "code"),
    [
        (
            no(400, {"errors": ["Unknown state auto"]}),
            'Publer refused to plan (400: "Unknown state auto")',
            "refused",
        ),
        (no(401, {"errors": ["no"]}), 'Publer does not accept this key (401: "no")', "key.refused"),
        (no(401, b""), "Publer does not accept this key (401)", "key.refused"),
        (
            no(401, {"errors": ["You don't have access on this workspace"]}),
            'Publer does not let this key into the workspace (401: "You don\'t have access on this workspace")',
            "key.refused",
        ),
        (
            no(403, {"errors": ["Invalid API key or not active"]}),
            'Publer refused to plan (403: "Invalid API key or not active")',
            "key.refused",
        ),
        (
            no(403, b"error code: 1010"),
            'Publer\'s gate refused the request (403: "error code: 1010", not from Publer itself)',
            "publer.shut",
        ),
        (
            no(403, b"<!DOCTYPE html><title>Attention Required!</title>"),
            'Publer\'s gate refused the request (403: "a web page ("Attention Required!")", not from Publer itself)',
            "publer.shut",
        ),
        (no(403, b""), "Publer's gate refused the request (403, not from Publer itself)", "publer.shut"),
        (
            no(403, {"error": "error code: 1010"}),
            'Publer\'s gate refused the request (403: "error code: 1010", not from Publer itself)',
            "publer.shut",
        ),
        (no(404, {"error": "gone"}), 'Publer refused to plan (404: "gone")', "refused"),
        (no(422, {"errors": "too\x1b long"}), 'Publer refused to plan (422: "too long")', "refused"),
        (
            no(301, b"", location="https://user:pw@other.example:8443/x?key=1"),
            "Publer's address leads elsewhere (301, to other.example)",
            "publer.elsewhere",
        ),
        (
            no(302, b"", location="/login"),
            "Publer's address leads elsewhere (302, to another path)",
            "publer.elsewhere",
        ),
        (no(302, b""), "Publer's address leads elsewhere (302, to another path)", "publer.elsewhere"),
        (
            no(302, b"", location="https://[x"),
            "Publer's address leads elsewhere (302, to another path)",
            "publer.elsewhere",
        ),
    ],
)
def test_a_refusal_says_what_publer_said(answer: Answer, message: str, code: str) -> None:
    refused = refusal(answer, doing="to plan")
    assert (refused.message, refused.code, refused.status) == (message, code, answer.status)


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_names_the_causes_in_order(status: int) -> None:
    """The documents say which status means what; the live service does not keep to it."""
    hint = refusal(no(status, {"errors": ["no"]}), doing="to plan").hint or ""
    places = [
        hint.index(word) for word in ("PUBLER_API_KEY", "scope", "PUBLER_WORKSPACE_ID", "plan has no API")
    ]
    assert places == sorted(places)


def test_the_gate_is_never_blamed_on_the_key() -> None:
    hint = refusal(no(403, b"error code: 1010"), doing="to plan").hint or ""
    assert "not the key" in hint
    assert "PUBLER_SYNC_USER_AGENT" in hint


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, Quota()),
        ({"limit": "100", "remaining": "42", "reset": str(EPOCH + 38)}, Quota(100, 42, 38.0)),
        ({"limit": "100", "remaining": "0", "reset": "38"}, Quota(100, 0, 38.0)),
        ({"limit": "100", "remaining": "0", "reset": str(EPOCH - 5)}, Quota(100, 0, 0.0)),
        ({"limit": "0", "remaining": "-1", "reset": "soon"}, Quota()),
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
        assert retry_after(headers, now=wrong) == 38


def test_a_shifted_clock_on_both_sides_agrees_with_itself() -> None:
    headers = {"x-ratelimit-reset": str(EPOCH + 38), "date": "Mon, 24 Nov 2025 15:06:40 GMT"}
    assert retry_after(headers, now=NOW) == 38


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "Tue, 02 Mar 2027 15:07:00 GMT"}, 20),
        ({"retry-after": "Tue, 02 Mar 2027 15:07:00 GMT", "date": "Tue, 02 Mar 2027 15:06:50 GMT"}, 10),
        ({"retry-after": "later", "x-ratelimit-reset": "9"}, 9),
        ({"retry-after": "-1"}, None),
    ],
)
def test_what_a_429_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, now=NOW) == seconds
