"""Publer's answers as bytes and values, in every shape that its documents and its live service show."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from publer_sync.model import Failure, JobStatus, LivePost, Workspace
from publer_sync.publer import wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.model import Json

    Wrap = Callable[[Json], Json]

ACCOUNT = "63c675b54e299e9cf2b667ea"
POST = "681b6e3c4e299e3d1c9f7a11"

LISTED: dict[str, Json] = {
    "id": POST,
    "text": "We launched! 🚀\n",
    "title": None,
    "url": None,
    "state": "scheduled",
    "type": "status",
    "account_id": ACCOUNT,
    "user": {"id": "1", "name": "Ada"},
    "scheduled_at": "2027-03-02T09:00:00.000+01:00",
    "post_link": None,
}


def listed(**changes: Json) -> LivePost:
    return wire.page({"posts": [{**LISTED, **changes}]}).posts[0]


def without(key: str) -> LivePost:
    return wire.page([{k: v for k, v in LISTED.items() if k != key}]).posts[0]


# --- bytes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "looks"),
    [
        (b"", "an empty answer"),
        (b"  \n", "an empty answer"),
        (b"error code: 1010", '"error code: 1010"'),
        (b"<!DOCTYPE html><html><head><title>Just a\n moment</title>", 'a web page ("Just a moment")'),
        (b"<html>", "a web page"),
        (b'{"posts": [', '"{"posts": ["'),
        (b"\xff\xfe\x00", "\ufffd\ufffd"),
        (b"[" * 100_000, "[[["),
        (b"\x1b[31mred", "[31mred"),
    ],
)
def test_what_is_no_json_is_said_in_words_and_never_read_as_empty(body: bytes, looks: str) -> None:
    with pytest.raises(wire.Nonsense) as nonsense:
        wire.parse(body)
    assert looks in str(nonsense.value)
    assert "\x1b" not in str(nonsense.value)


def test_half_an_emoji_becomes_a_text_that_can_be_stored() -> None:
    data = wire.parse(b'{"text": "a \\ud83d b", "list": ["\\udc00"], "whole": "\\ud83d\\ude80", "n": 1}')
    assert data == {"text": "a \ufffd b", "list": ["\ufffd"], "whole": "🚀", "n": 1}
    json.dumps(data, ensure_ascii=False).encode()


def test_a_message_cannot_drive_a_terminal_and_stays_on_one_line() -> None:
    assert (
        wire.plain("no\x1b[2J\r\nway \u202eback\u2028next\x9b1m 👩\u200d🚀")
        == "no [2J way back next 1m 👩\u200d🚀"
    )


def test_a_long_message_is_cut() -> None:
    assert wire.plain("ab " * 1000, longest=10) == "ab ab ab …"


# --- workspaces and accounts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: {"workspaces": x}, lambda x: {"data": x}])
def test_workspaces_come_bare_or_wrapped(wrap: Wrap) -> None:
    data = wrap([{"id": "w1", "name": "Acme", "role": "owner"}, {"id": 7, "name": None}])
    assert wire.workspaces(data) == (Workspace("w1", "Acme", "owner"), Workspace("7", "7"))


@pytest.mark.parametrize(
    "wrap",
    [lambda x: x, lambda x: {"accounts": x}, lambda x: {"data": x}, lambda x: {"data": {"accounts": x}}],
)
def test_accounts_come_bare_or_wrapped(wrap: Wrap) -> None:
    (account,) = wire.accounts(
        wrap([{"id": ACCOUNT, "provider": "facebook", "name": "Page", "type": "fb_page"}])
    )
    assert (account.id, account.name, account.provider, account.type) == (
        ACCOUNT,
        "Page",
        "facebook",
        "fb_page",
    )
    assert account.alias is None


@pytest.mark.parametrize(
    ("told", "provider"),
    [
        ("bsky", "bluesky"),
        ("blue_sky", "bluesky"),
        ("bluesky", "bluesky"),
        ("x", "twitter"),
        ("Twitter", "twitter"),
        ("wordpress_oauth", "wordpress"),
        ("wordpress_basic", "wordpress"),
        ("google", "google"),
    ],
)
def test_a_network_has_one_name_whatever_publer_calls_it(told: str, provider: str) -> None:
    (account,) = wire.accounts([{"id": "1", "name": "n", "provider": told, "type": "kind"}])
    assert (account.provider, account.type) == (provider, "kind")


def test_the_kind_of_wordpress_is_kept_where_only_the_provider_tells_it() -> None:
    (account,) = wire.accounts([{"id": "1", "name": "n", "provider": "wordpress_basic", "type": "blog"}])
    assert (account.provider, account.type, account.network_key) == ("wordpress", "blog", "wordpress_basic")


@pytest.mark.parametrize(
    "health",
    [
        {},
        {"status": "active"},
        {"status": "Active"},
        {"status": None},
        {"locked": False, "permissions": {"can_access": True}},
        {"permissions": {}},
        {"permissions": None},
    ],
)
def test_an_account_is_usable_where_nothing_speaks_against_it(health: dict[str, Json]) -> None:
    (account,) = wire.accounts([{"id": "1", "name": "n", "provider": "x", **health}])
    assert account.trouble is None


@pytest.mark.parametrize(
    ("health", "words"),
    [
        ({"locked": True}, "locked"),
        ({"permissions": {"can_access": False}}, "may not post"),
        ({"status": "expired"}, '"expired"'),
        ({"status": "active", "locked": True}, "locked"),
        ({"status": "bad\x1b[0m"}, '"bad [0m"'),
    ],
)
def test_an_account_in_trouble_says_why(health: dict[str, Json], words: str) -> None:
    (account,) = wire.accounts([{"id": "1", "name": "n", "provider": "x", **health}])
    assert words in (account.trouble or "")


@pytest.mark.parametrize(
    "data",
    [
        None,
        "text",
        3,
        {},
        {"accounts": None},
        {"accounts": "none"},
        {"errors": ["no"]},
        [1],
        [None],
        [{"name": "without an id", "provider": "x"}],
        [{"id": "1", "name": "without a provider"}],
        [{"id": True, "provider": "x"}],
        [{"id": "1", "provider": {"name": "x"}}],
    ],
)
def test_a_list_that_was_not_understood_never_passes_for_an_empty_one(data: Json) -> None:
    with pytest.raises(wire.Nonsense):
        wire.accounts(data)


# --- posts ------------------------------------------------------------------------------------------------------------


def test_a_post_as_publer_documents_it() -> None:
    assert wire.page({"posts": [LISTED], "total": 1}) == wire.Page(
        posts=(
            LivePost(
                id=POST,
                account_id=ACCOUNT,
                state="scheduled",
                at=datetime(2027, 3, 2, 8, tzinfo=UTC),
                text="We launched! 🚀\n",
                title="",
                link="",
                media=None,
                type="status",
            ),
        ),
        keys=frozenset({(POST, ACCOUNT)}),
        total=1,
    )


@pytest.mark.parametrize(
    ("told", "utc"),
    [
        ("2025-05-08T14:30:00.000+02:00", "2025-05-08T12:30:00+00:00"),
        ("2025-09-06T14:16+02:00", "2025-09-06T12:16:00+00:00"),
        ("2025-09-06T14:16:00Z", "2025-09-06T14:16:00+00:00"),
        ("2025-09-06T14:16:00.123456+00:00", "2025-09-06T14:16:00.123456+00:00"),
        ("2025-09-06T20:34:27.000-07:00", "2025-09-07T03:34:27+00:00"),
    ],
)
def test_times_are_instants_whatever_their_offset(told: str, utc: str) -> None:
    assert listed(scheduled_at=told).at == datetime.fromisoformat(utc)


@pytest.mark.parametrize("told", [None, ""])
def test_an_undated_draft_has_no_time(told: Json) -> None:
    assert listed(scheduled_at=told).at is None
    assert without("scheduled_at").at is None


@pytest.mark.parametrize("told", ["2025-05-08T14:30:00", "tomorrow", "0001-01-01T00:00:00+14:00", 12, [], {}])
def test_a_time_that_cannot_be_read_is_not_guessed(told: Json) -> None:
    with pytest.raises(wire.Nonsense):
        listed(scheduled_at=told)


@pytest.mark.parametrize("told", [987654321, "987654321"])
def test_ids_are_text_also_where_publer_sends_numbers(told: Json) -> None:
    assert listed(id=told).id == "987654321"


def test_no_text_is_an_empty_text() -> None:
    assert listed(text=None).text == ""
    assert without("text").text == ""


def test_a_text_is_taken_to_the_letter() -> None:
    assert listed(text=" a\r\nb\x1b \u202e").text == " a\r\nb\x1b \u202e"


def test_what_is_not_shown_differs_from_what_is_empty() -> None:
    assert (without("title").title, listed(title=None).title, listed(title="T").title) == (None, "", "T")
    assert (without("url").link, listed(url=None).link, listed(url="").link) == (None, "", "")
    assert (listed().media, listed(media=None).media, listed(media=[]).media) == (None, 0, 0)


@pytest.mark.parametrize(
    ("shown", "link"),
    [
        ({"url": "https://a.example"}, "https://a.example"),
        ({"url": None, "link": {"url": "https://b.example"}}, "https://b.example"),
        ({"url": None, "link": "https://c.example"}, "https://c.example"),
        ({"url": "https://a.example", "link": {"url": "https://b.example"}}, "https://a.example"),
        ({"url": None, "link": {}}, ""),
        ({"url": None, "link": {"url": None}}, ""),
    ],
)
def test_a_link_stands_in_url_or_in_link(shown: dict[str, Json], link: str) -> None:
    assert listed(**shown).link == link


@pytest.mark.parametrize(
    ("media", "count"),
    [
        ([{"id": "1"}, {"id": "2"}], 2),
        ({"id": "1", "path": "p"}, 1),
        ({"0": {"id": "1"}, "1": {"id": "2"}}, 2),
        ({}, 0),
    ],
)
def test_media_are_counted_as_a_list_or_an_object(media: Json, count: int) -> None:
    assert listed(media=media).media == count


def test_an_account_may_stand_in_an_object() -> None:
    assert listed(account_id=None, account={"id": ACCOUNT, "type": "fb_page"}).account_id == ACCOUNT


def test_an_idea_without_an_account_is_counted_and_left_out() -> None:
    page = wire.page({"posts": [{**LISTED, "account_id": None}, {**LISTED, "id": "2"}]})
    assert [post.id for post in page.posts] == ["2"]
    assert page.keys == {(POST, ""), ("2", ACCOUNT)}


def test_the_reason_of_a_failed_post_is_one_line() -> None:
    assert listed(state="failed", error="no\x1b way\nhome").error == "no way home"
    assert listed(error={"message": "no"}).error == "no"
    assert listed(error=None).error is None


@pytest.mark.parametrize(
    ("data", "total"),
    [
        ({"posts": [], "total": 7}, 7),
        ({"posts": [], "total": "7"}, 7),
        ({"posts": []}, None),
        ({"posts": [], "total": None}, None),
        ({"posts": [], "total": True}, None),
        ({"data": {"posts": [], "total": 7}}, 7),
        ({"total": 7, "data": []}, 7),
        ([], None),
    ],
)
def test_the_total_is_read_where_there_is_one(data: Json, total: int | None) -> None:
    assert wire.page(data) == wire.Page((), frozenset(), total)


@pytest.mark.parametrize(
    "data",
    [
        {"posts": None},
        {"posts": {}},
        {"success": False, "error": {"message": "no"}},
        {"posts": [{**LISTED, "id": None}]},
        {"posts": [{**LISTED, "text": {"content": "x"}}]},
        {"posts": [{**LISTED, "media": "x"}]},
        {"posts": ["x"]},
    ],
)
def test_a_page_that_was_not_understood_never_passes_for_an_empty_one(data: Json) -> None:
    with pytest.raises(wire.Nonsense):
        wire.page(data)


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: {"post": x}, lambda x: {"data": {"post": x}}])
def test_the_echo_of_an_update_comes_bare_or_wrapped(wrap: Wrap) -> None:
    echo = wire.echo(wrap({"text": "new", "state": "scheduled"}), post_id=POST)
    assert (echo.id, echo.text, echo.account_id, echo.at) == (POST, "new", "", None)


@pytest.mark.parametrize("data", [{}, {"success": True}, [], None, "ok"])
def test_an_echo_without_the_text_tells_nothing(data: Json) -> None:
    with pytest.raises(wire.Nonsense):
        wire.echo(data, post_id=POST)


# --- jobs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [{"job_id": "j1"}, {"success": True, "data": {"job_id": "j1"}}, {"job_id": "j1", "data": {}}]
)
def test_the_job_id_is_at_the_top_or_under_data(data: Json) -> None:
    assert wire.job_id(data) == "j1"


@pytest.mark.parametrize(
    "data", [{}, {"success": True, "message": "accepted"}, {"job_id": None}, {"job_id": ""}, {"data": []}]
)
def test_an_acceptance_without_a_job_id_leaves_nobody_to_ask(data: Json) -> None:
    assert wire.job_id(data) is None


@pytest.mark.parametrize("data", [None, [], "ok", {"success": False}, {"errors": ["no"]}, {"error": "no"}])
def test_an_acceptance_that_makes_no_sense_is_none(data: Json) -> None:
    with pytest.raises(wire.Nonsense):
        wire.job_id(data)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("complete", JobStatus.COMPLETE),
        ("completed", JobStatus.COMPLETE),
        ("Complete", JobStatus.COMPLETE),
        ("success", JobStatus.COMPLETE),
        ("succeeded", JobStatus.COMPLETE),
        ("failed", JobStatus.FAILED),
        ("FAILED", JobStatus.FAILED),
        ("error", JobStatus.FAILED),
        ("errored", JobStatus.FAILED),
        ("failure", JobStatus.FAILED),
        ("working", JobStatus.PENDING),
        ("queued", JobStatus.PENDING),
        (None, JobStatus.PENDING),
        (3, JobStatus.PENDING),
        ("never heard of", JobStatus.PENDING),
    ],
)
def test_the_status_of_a_job(word: Json, status: JobStatus) -> None:
    assert wire.job({"status": word}).status is status


@pytest.mark.parametrize("data", [None, {}, {"success": True}, {"success": True, "data": {}}])
def test_a_job_that_says_nothing_yet_is_pending(data: Json) -> None:
    assert wire.job(data).status is JobStatus.PENDING


@pytest.mark.parametrize("data", [[], "complete", 3])
def test_a_job_that_is_no_object_makes_no_sense(data: Json) -> None:
    with pytest.raises(wire.Nonsense):
        wire.job(data)


FAILED: dict[str, Json] = {
    "status": "complete",
    "payload": {
        "failures": [{"account_id": ACCOUNT, "account_name": "P", "provider": "facebook", "message": "no"}]
    },
    "plan": {"rate": "business", "locked": True},
}


@pytest.mark.parametrize(
    "data",
    [
        FAILED,
        {"success": True, "data": FAILED},
        {"success": True, "data": {"status": "working", "result": FAILED}},
        {"result": FAILED},
        {
            "success": True,
            "data": {"status": "complete", "result": {k: FAILED[k] for k in ("payload", "plan")}},
        },
    ],
)
def test_a_job_is_read_from_as_deep_as_it_is_wrapped(data: Json) -> None:
    job = wire.job(data)
    assert job.status is JobStatus.COMPLETE
    assert job.failures == (Failure("no", ACCOUNT, "P", "facebook"),)
    assert job.locked


def test_a_working_top_does_not_hide_a_finished_result() -> None:
    assert wire.job({"status": "working", "data": {"status": "complete"}}).status is JobStatus.COMPLETE


ONE: dict[str, Json] = {"account_id": ACCOUNT, "message": "no"}


@pytest.mark.parametrize("failures", [{}, [], None, "", [[]], {"a": []}, {"a": None}, 0, True])
def test_no_failures(failures: Json) -> None:
    assert wire.failures_in(failures) == ()


@pytest.mark.parametrize(
    ("failures", "found"),
    [
        ([ONE], [Failure("no", ACCOUNT)]),
        ({ACCOUNT: [ONE, {"message": "again"}]}, [Failure("no", ACCOUNT), Failure("again", ACCOUNT)]),
        ({"facebook": [ONE]}, [Failure("no", ACCOUNT)]),
        ({"facebook": [{"message": "no"}]}, [Failure("no")]),
        ({ACCOUNT: {"message": "no"}}, [Failure("no", ACCOUNT)]),
        ({"f" * 24: [ONE]}, [Failure("no", ACCOUNT)]),
        ({ACCOUNT: "no"}, [Failure("no", ACCOUNT)]),
        ([{"account_id": ACCOUNT, "f" * 24: ["no"]}], [Failure("no", ACCOUNT)]),
        ({ACCOUNT: ["no", "again"]}, [Failure("no", ACCOUNT), Failure("again", ACCOUNT)]),
        (["no", "again"], [Failure("no"), Failure("again")]),
        ("no", [Failure("no")]),
        ({"error": "no"}, [Failure("no")]),
        ([{"account_id": ACCOUNT, "provider": "x", "error": "no"}], [Failure("no", ACCOUNT, None, "x")]),
        ([{"account_id": ACCOUNT, "message": ["a", "b"]}], [Failure("a", ACCOUNT), Failure("b", ACCOUNT)]),
        ([{"error": {"code": 12, "message": "no"}}], [Failure("no")]),
        ([{"account_id": 123, "message": "no"}], [Failure("no", "123")]),
        ([{"message": "n\x1b[1mo\nway"}], [Failure("n [1mo way")]),
    ],
)
def test_failures_in_every_shape(failures: Json, found: list[Failure]) -> None:
    assert list(wire.failures_in(failures)) == found
    assert list(wire.job({"status": "complete", "payload": {"failures": failures}}).failures) == found


def test_failures_nested_without_end_do_not_break_the_run() -> None:
    nested: Json = "no"
    for _ in range(500):
        nested = [nested]
    assert wire.failures_in(nested) == ()


@pytest.mark.parametrize(
    "data",
    [
        {"status": "failed", "payload": {"error": "no"}},
        {"status": "failed", "payload": "x", "error": "no"},
        {"status": "failed", "errors": ["no"]},
        {"status": "failed", "data": {"status": "failed"}, "message": "no"},
        {"status": "complete", "failures": ["no"]},
    ],
)
def test_a_failed_job_says_why_wherever_it_does(data: Json) -> None:
    assert wire.job(data).failures == (Failure("no"),)


def test_a_failed_job_may_say_nothing() -> None:
    assert wire.job({"status": "failed"}).failures == ()


MEDIA: dict[str, Json] = {"id": "m1", "path": "p", "validity": {}}


@pytest.mark.parametrize(
    "payload",
    [
        [MEDIA],
        {"media": [MEDIA]},
        {"failures": {}, "media": [MEDIA]},
        {"media": MEDIA},
        MEDIA,
        {"0": MEDIA},
        {"failures": [], "0": MEDIA},
    ],
)
def test_imported_media_in_every_shape(payload: Json) -> None:
    job = wire.job({"status": "complete", "payload": payload})
    assert job.media == (MEDIA,)
    assert job.failures == ()


@pytest.mark.parametrize("payload", [None, [], {}, {"media": []}, {"failures": {}}, "", [1]])
def test_an_import_that_could_not_be_fetched_has_no_media(payload: Json) -> None:
    assert wire.job({"status": "complete", "payload": payload}).media == ()


def test_an_import_that_was_refused_says_why() -> None:
    job = wire.job({"status": "complete", "payload": [{"error": "Videos need to be smaller than 2 gb"}]})
    assert job.failures == (Failure("Videos need to be smaller than 2 gb"),)
    assert job.media == ()


@pytest.mark.parametrize("data", [MEDIA, {"data": MEDIA}, [MEDIA], {"media": [MEDIA]}, {"data": [MEDIA]}])
def test_an_upload_answers_with_its_media(data: Json) -> None:
    assert wire.media(data) == MEDIA


@pytest.mark.parametrize("data", [{}, [], None, {"path": "p"}, {"errors": ["no"]}])
def test_an_upload_without_an_id_makes_no_sense(data: Json) -> None:
    with pytest.raises(wire.Nonsense):
        wire.media(data)


@pytest.mark.parametrize("data", [{"deleted_ids": ["a", 7]}, {"data": {"deleted_ids": ["a", "7"]}}])
def test_deleted_ids_are_text(data: Json) -> None:
    assert wire.deleted_ids(data) == {"a", "7"}


@pytest.mark.parametrize(
    "data", [{}, [], None, {"deleted_ids": None}, {"deleted_ids": "a"}, {"deleted_ids": [{}]}]
)
def test_a_deletion_that_names_nothing_makes_no_sense(data: Json) -> None:
    with pytest.raises(wire.Nonsense):
        wire.deleted_ids(data)


# --- complaints -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"errors": ["one", "two"]}, "one; two"),
        ({"error": "Rate limit exceeded. Retry later."}, "Rate limit exceeded. Retry later."),
        ({"errors": "one"}, "one"),
        ({"success": False, "error": {"code": 7, "message": "one"}}, "one"),
        ({"errors": {"text": ["is too long"], "base": "no"}}, "text: is too long; base: no"),
        ({"errors": [{"message": "one"}, {"error": "two"}]}, "one; two"),
        ({"message": "one"}, "one"),
        (["one"], "one"),
        ({}, ""),
        ({"errors": []}, ""),
        (None, ""),
        ({"error": "a\x1b]0;b\x07\nc"}, "a ]0;b c"),
    ],
)
def test_what_publer_complains_of_in_every_envelope(data: Json, words: str) -> None:
    assert wire.complaint(data) == words
