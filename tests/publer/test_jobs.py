"""What comes of Publer's work in every shape: jobs and their failures, media, deletions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from publer_sync.publer import jobs
from publer_sync.publer.bodies import Declined, Nonsense
from publer_sync.values.model import Failure, JobStatus
from tests.publer.conftest import ACCOUNT
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.values.content import Json


@each_of(
    "data", [{"job_id": "j1"}, {"success": True, "data": {"job_id": "j1"}}, {"job_id": "j1", "data": {}}]
)
def test_the_job_id_is_at_the_top_or_under_data(data: Json) -> None:
    assert jobs.job_id(data) == "j1"


@each_of(
    "data",
    [
        *({}, {"success": True, "message": "accepted"}, {"job_id": None}, {"job_id": ""}, {"data": []}),
        *({"job_id": word} for word in ("..", "a/b", "a?b", "a b")),
    ],
)
def test_an_acceptance_without_the_id_of_a_job_leaves_none_to_ask_for(data: Json) -> None:
    assert jobs.job_id(data) is None


@each_of("data", [None, [], "ok", {"success": False}, {"errors": ["no"]}, {"error": "no"}])
def test_an_acceptance_that_makes_no_sense_is_none(data: Json) -> None:
    with pytest.raises(Nonsense):
        jobs.job_id(data)


@each_of(
    ("words", "status"),
    [
        ("complete completed Complete success succeeded", JobStatus.COMPLETE),
        ("failed FAILED error errored failure", JobStatus.FAILED),
        ("working queued never-heard-of", JobStatus.PENDING),
    ],
)
def test_the_status_of_a_job(words: str, status: JobStatus) -> None:
    assert {jobs.job({"status": word}).status for word in words.split()} == {status}


@each_of(
    "data",
    [
        None,
        {},
        {"success": True},
        {"success": True, "data": {}},
        *({"status": word} for word in (None, 3, " ")),
    ],
)
def test_a_job_without_a_status_is_silent(data: Json) -> None:
    assert jobs.job(data).status is JobStatus.SILENT


@each_of("data", [[], "complete", 3])
def test_a_job_that_is_no_object_makes_no_sense(data: Json) -> None:
    with pytest.raises(Nonsense):
        jobs.job(data)


FAILED: dict[str, Json] = {
    "status": "complete",
    "payload": {
        "failures": [{"account_id": ACCOUNT, "account_name": "P", "provider": "facebook", "message": "no"}]
    },
    "plan": {"rate": "business", "locked": True},
}


@each_of(
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
    job = jobs.job(data)
    assert job.status is JobStatus.COMPLETE
    assert job.failures == (Failure("no", ACCOUNT, "P", "facebook"),)
    assert job.locked


def test_a_working_top_does_not_hide_a_finished_result() -> None:
    assert jobs.job({"status": "working", "data": {"status": "complete"}}).status is JobStatus.COMPLETE


ONE: dict[str, Json] = {"account_id": ACCOUNT, "message": "no"}


@each_of("failures", [{}, [], None, "", [[]], {"a": []}, {"a": None}, 0, True])
def test_no_failures(failures: Json) -> None:
    assert jobs.failures_in(failures) == ()


@each_of(
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
        (
            [{"account_id": ACCOUNT, "provider": "x", "error": {"errors": [{"message": "no"}]}}],
            [Failure("no", ACCOUNT, None, "x")],
        ),
        ([{"account_id": ACCOUNT, "message": ["a", "b"]}], [Failure("a", ACCOUNT), Failure("b", ACCOUNT)]),
        ([{"error": {"code": 12, "message": "no"}}], [Failure("no")]),
        ([{"account_id": 123, "message": "no"}], [Failure("no", "123")]),
        ([{"message": "no", "hint": "Try later", "more": ["x"]}], [Failure("no")]),
        ({"account_name": "P", "provider": "x", "errors": [{"a": "no"}]}, [Failure("no", None, "P", "x")]),
        (
            {
                "account_name": "P",
                "provider": "x",
                "errors": [{"account_name": "Q", "a": "no", "provider": "y"}],
            },
            [Failure("no", None, "Q", "y")],
        ),
        ([{"message": "n\x1b[1mo\nway"}], [Failure("n [1mo way")]),
    ],
)
def test_failures_in_every_shape(failures: Json, found: list[Failure]) -> None:
    assert list(jobs.failures_in(failures)) == found
    assert list(jobs.job({"status": "complete", "payload": {"failures": failures}}).failures) == found


def test_failures_nested_without_end_do_not_break_the_run() -> None:
    for wrapped in (lambda inner: [inner], lambda inner: {"a": inner}, lambda inner: {"error": inner}):
        nested: Json = "no"
        for _ in range(500):
            nested = wrapped(nested)
        assert jobs.failures_in(nested) == ()


@each_of(
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
    assert jobs.job(data).failures == (Failure("no"),)


def test_a_failed_job_may_say_nothing() -> None:
    assert jobs.job({"status": "failed"}).failures == ()


@each_of("status", ["complete", "working", ""])
def test_what_is_said_of_a_job_that_did_not_fail_is_no_failure(status: str) -> None:
    assert jobs.job({"status": status, "message": "All posts are scheduled"}).failures == ()


@each_of("inside", [["x"], "x", 3, None, True])
def test_what_a_job_wraps_may_be_anything(inside: Json) -> None:
    """Of what is no object the rest counts: no run fails for it."""
    told = jobs.job({"status": "complete", "data": inside, "result": inside, "failures": ["no"]})
    assert (told.status, told.failures) == (JobStatus.COMPLETE, (Failure("no"),))


@each_of("payload", [{"id": "m1", "error": "no"}, {"media": [{"id": "m1", "error": "no"}]}, {"error": "no"}])
def test_a_failure_of_a_medium_is_told_once(payload: Json) -> None:
    assert jobs.job({"status": "failed", "payload": payload}).failures == (Failure("no"),)


MEDIA: dict[str, Json] = {"id": "m1", "path": "p", "validity": {}}


@each_of(
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
    job = jobs.job({"status": "complete", "payload": payload})
    assert job.media == (MEDIA,)
    assert job.failures == ()


@each_of("payload", [None, [], {}, {"media": []}, {"failures": {}}, "", [1]])
def test_an_import_that_could_not_be_fetched_has_no_media(payload: Json) -> None:
    assert jobs.job({"status": "complete", "payload": payload}).media == ()


TOO_LARGE: dict[str, Json] = {"error": "Videos need to be smaller than 2 gb"}


@each_of(
    "payload",
    [
        [TOO_LARGE],
        {"media": [TOO_LARGE]},
        {"failures": {}, "media": [TOO_LARGE]},
        {"media": TOO_LARGE},
        TOO_LARGE,
        {"0": TOO_LARGE},
        {"failures": [], "0": TOO_LARGE},
        {"failures": [], "0": {"id": None, **TOO_LARGE}},
    ],
)
def test_an_import_that_was_refused_says_why_in_every_shape(payload: Json) -> None:
    job = jobs.job({"status": "complete", "payload": payload})
    assert job.failures == (Failure("Videos need to be smaller than 2 gb"),)
    assert job.media == ()


def test_of_several_media_the_one_that_was_refused_says_why() -> None:
    whole: Json = {"0": {**MEDIA, "error": None}, "1": TOO_LARGE}
    job = jobs.job({"status": "complete", "payload": whole})
    assert job.failures == (Failure("Videos need to be smaller than 2 gb"),)
    assert [one["id"] for one in job.media] == ["m1"]


@each_of("data", [MEDIA, {"data": MEDIA}, [MEDIA], {"media": [MEDIA]}, {"data": [MEDIA]}])
def test_an_upload_answers_with_its_media(data: Json) -> None:
    assert jobs.media(data) == MEDIA


@each_of("data", [{}, [], None, {"path": "p"}, {"errors": ["no"]}])
def test_an_upload_without_an_id_makes_no_sense(data: Json) -> None:
    with pytest.raises(Nonsense):
        jobs.media(data)


@pytest.mark.parametrize("data", [{"deleted_ids": ["a", 7]}, {"data": {"deleted_ids": ["a", "7"]}}])
def test_deleted_ids_are_text(data: Json) -> None:
    assert jobs.deleted_ids(data) == {"a", "7"}


def test_what_was_deleted_counts_beside_an_error_about_the_rest() -> None:
    assert jobs.deleted_ids({"deleted_ids": ["a"], "errors": ["b was not found"]}) == {"a"}
    with pytest.raises(Declined):
        jobs.deleted_ids({"errors": ["b was not found"]})


@each_of(
    "data",
    [
        {},
        [],
        None,
        {"deleted_ids": None},
        {"deleted_ids": "a"},
        {"deleted_ids": [{}]},
        {"deleted_ids": ["a", True]},
    ],
)
def test_a_deletion_that_names_nothing_makes_no_sense(data: Json) -> None:
    with pytest.raises(Nonsense):
        jobs.deleted_ids(data)
