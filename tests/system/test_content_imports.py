"""Media by their addresses: Publer fetches one at a time, and says why it did not."""

from __future__ import annotations

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.system.content import ADDRESS, MOVIE, SEED, ContentDesk
from tests.system.worlds import NEVER

pytestmark = [pytest.mark.story, pytest.mark.usefixtures("every_kind_seen")]


@pytest.mark.parametrize("shape", ["list", "media", "single", "indexed"])
def test_publers_own_words_on_a_failed_import_are_shown(desk: ContentDesk, shape: Any) -> None:
    desk.sandbox.faults.media_payload = shape
    desk.sandbox.faults.media_error = "Videos need to be smaller than 2 gb"
    desk.write(f"film on x\ntext: film\nmedia:\n- url: {MOVIE}")
    told = desk.apply().results
    assert [each["publer_said"] for each in told] == ["Videos need to be smaller than 2 gb"]


def test_an_import_that_was_refused_keeps_no_other_from_being_asked_for(desk: ContentDesk) -> None:
    desk.sandbox.faults.trip("error_before", "POST", "/media/from-url", status=422)
    desk.write(
        f"first on facebook\ntext: first\nmedia:\n- url: {ADDRESS}\n  alt: A lamp",
        f"second on facebook\ntext: second\nmedia:\n- url: {MOVIE}",
    )
    assert desk.apply().outcomes == {"first": "failed", "second": "applied"}


def test_where_an_import_may_have_begun_no_other_is_asked_for(desk: ContentDesk) -> None:
    desk.sandbox.faults.trip("drop_after", "POST", "/media/from-url")
    desk.write(
        f"first on facebook\ntext: first\nmedia:\n- url: {ADDRESS}\n  alt: A lamp",
        f"second on facebook\ntext: second\nmedia:\n- url: {MOVIE}",
    )
    done = desk.apply()
    assert done.outcomes == {"first": "failed", "second": "failed"}
    assert f"may still fetch {ADDRESS}" in done.message("second")
    assert desk.apply().outcomes == {"first": "applied", "second": "applied"}


def test_what_cannot_be_fetched_fails_its_posts_alone_and_is_asked_for_once(desk: ContentDesk) -> None:
    bad = "text: {}\nmedia:\n- url: https://example.invalid/lamp.png\n  alt: A lamp"
    desk.write(
        *(f"{name} on {name}\n{bad.format(name)}" for name in ("facebook", "bluesky")),
        f"good on x\ntext: good\nmedia:\n- url: {ADDRESS}\n  alt: A lamp",
    )
    done = desk.apply()
    assert done.code == 6
    assert done.outcomes == {"facebook": "failed", "bluesky": "failed", "good": "applied"}
    assert "could not fetch https://example.invalid/lamp.png" in done.message("facebook")
    assert len(desk.asked("POST", "/media/from-url")) == 2
    assert desk.plan() == [("create", "facebook"), ("create", "bluesky")]


def test_imports_never_overlap_even_where_one_does_not_end(desk: ContentDesk) -> None:
    desk.sandbox.faults.job_delay = NEVER
    desk.write(
        f"first on facebook\ntext: first\nmedia:\n- url: {ADDRESS}\n  alt: A lamp",
        f"second on facebook\ntext: second\nmedia:\n- url: {MOVIE}",
    )
    done = desk.apply("--timeout", "0.2")
    assert done.outcomes == {"first": "failed", "second": "failed"}
    assert "did not fetch" in done.message("first")
    assert f"may still fetch {ADDRESS}" in done.message("second")
    assert len(desk.asked("POST", "/media/from-url")) == 1


def an_import_without_end(desk: ContentDesk) -> None:
    """What an apply that was stopped leaves behind."""
    desk.sandbox.faults.job_delay = NEVER
    connection = HTTPConnection(urlsplit(desk.sandbox.url).netloc)
    body = {"media": [{"url": MOVIE, "name": "film"}], "type": "single"}
    headers = {"Authorization": f"Bearer-API {desk.sandbox.key}", "User-Agent": "earlier"}
    headers["Publer-Workspace-Id"] = SEED.workspace_id
    path = f"{urlsplit(desk.sandbox.url).path}/media/from-url"
    with closing(connection):
        connection.request("POST", path, json.dumps(body), headers)
        assert connection.getresponse().status == 200
    desk.sandbox.faults.job_delay = 1


PICTURE = f"post on facebook\ntext: post\nmedia:\n- url: {ADDRESS}\n  alt: A lamp"


def test_an_import_waits_for_one_that_an_earlier_apply_left_behind(desk: ContentDesk) -> None:
    an_import_without_end(desk)
    real, database = desk.sandbox.handle, desk.sandbox._database

    def handle(request: Any) -> Any:
        answer = real(request)
        if answer is not None and answer.status == 403:
            with database.transaction():
                for job in database.waiting_jobs():
                    database.finish_job(job.id, {"media": []})
        return answer

    desk.sandbox.handle = handle  # type: ignore[method-assign]  # the first one ends once a second was refused
    desk.write(PICTURE)
    assert desk.apply().outcomes == {"post": "applied"}
    assert len(desk.asked("POST", "/media/from-url")) > 2


def test_an_import_that_another_one_keeps_waiting_fails_its_post_as_busy_and_not_for_the_key(
    desk: ContentDesk,
) -> None:
    an_import_without_end(desk)
    desk.write(PICTURE)
    [failed] = desk.apply("--timeout", "0.2").results
    assert failed["outcome"] == "failed"
    assert "Publer fetches one thing at a time" in failed["hint"]
    assert len(desk.asked("POST", "/media/from-url")) > 2


def test_an_import_for_which_the_key_lacks_the_scope_is_asked_for_once(desk: ContentDesk) -> None:
    desk.sandbox.faults.scopes -= {"media"}
    desk.write(PICTURE)
    [failed] = desk.apply().results
    assert failed["outcome"] == "failed"
    assert "it lacks a scope" in failed["hint"]
    assert len(desk.asked("POST", "/media/from-url")) == 1
