"""Jobs of the sandbox, in each dialect and with each fault."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.sandbox import Faults
from publer_sync.sandbox.tables import NOT_FOUND_TEXT
from tests.sandbox.conftest import COMPOSER, NEVER, NOW, Client, X, failures_of, item, messages
from tests.tables import each_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import MakeSandbox


def test_envelopes_of_the_other_kind(faulty: Callable[..., Client]) -> None:
    client = faulty(envelope="data")
    reply = client("POST", "/posts/schedule", {"bulk": {"state": "scheduled", "posts": [item()]}})
    assert reply.data["success"] is True
    client.sandbox.settle()
    job = client("GET", f"/job_status/{reply.data['data']['job_id']}").data
    assert (job["success"], job["data"]["status"]) == (True, "complete")
    assert job["data"]["result"]["payload"] == {"failures": {}}


@pytest.mark.parametrize("word", ["completed", "success", None])
def test_other_words_for_finished(faulty: Callable[..., Client], word: str | None) -> None:
    client = faulty(finished=word)
    assert client.job(item()).data["status"] == word


FAILURE = {"account_id": X, "account_name": "My X Account", "provider": "twitter", "message": COMPOSER}


@pytest.mark.parametrize(
    ("shape", "empty", "full"),
    [
        ("docs", {}, [FAILURE, FAILURE]),
        ("list", [], [FAILURE, FAILURE]),
        ("lists", {}, {X: [FAILURE, FAILURE]}),
        ("objects", {}, {X: FAILURE, "1": FAILURE}),
        ("errors", [], [{"account_id": X, "error": COMPOSER}] * 2),
        ("strings", [], [COMPOSER, COMPOSER]),
        ("error", {}, {"error": COMPOSER}),
    ],
)
def test_shapes_of_failures(faulty: Callable[..., Client], shape: str, empty: Any, full: Any) -> None:
    client = faulty(failures=shape)
    jobs = [client.queue(item()), client.queue(item(account=X), item(account=X))]
    client.sandbox.settle()
    assert [client("GET", f"/job_status/{job}").data["payload"]["failures"] for job in jobs] == [empty, full]


def test_no_payload_where_nothing_failed(faulty: Callable[..., Client]) -> None:
    client = faulty(failures="absent")
    assert client.job(item()).data == {
        "status": "complete",
        "plan": {"rate": "business", "locked": False},
    }


def test_null_for_some_polls(faulty: Callable[..., Client]) -> None:
    client = faulty(job_null_polls=2)
    job = client.queue(item())
    client.sandbox.settle()
    assert [client("GET", f"/job_status/{job}").data["status"] for _ in range(3)] == [None, None, "complete"]


def test_a_job_that_never_ends_has_made_its_posts(faulty: Callable[..., Client]) -> None:
    client = faulty(job_never_ends=True)
    assert client.job(item()).data["status"] == "working"
    assert client.texts() == ["Hello"]


UNKNOWN = [
    ({}, 200, {"status": None}),
    ({"job_unknown": "404"}, 404, {"errors": [NOT_FOUND_TEXT]}),
]


@pytest.mark.parametrize(("switches", "status", "data"), UNKNOWN)
def test_a_job_that_is_forgotten_has_made_its_posts(
    faulty: Callable[..., Client], switches: dict[str, Any], status: int, data: Any
) -> None:
    client = faulty(job_lost=True, **switches)
    assert client.job(item())[:2] == (status, data)
    assert client.texts() == ["Hello"]
    assert client("GET", "/job_status/5f0000000000000000000009")[:2] == (status, data)


def test_polls_alternate_between_working_and_nothing_until_the_job_is_through(
    faulty: Callable[..., Client],
) -> None:
    client = faulty(job_delay=NEVER, job_null_polls=1)
    job = client.queue(item())
    statuses = [client("GET", f"/job_status/{job}").data for _ in range(4)]
    assert statuses == [{"status": None}, {"status": None}, {"status": "working"}, {"status": None}]


def test_without_a_word_for_the_end_there_is_no_plan_either(faulty: Callable[..., Client]) -> None:
    assert faulty(finished=None).job(item()).data == {"status": None, "payload": {"failures": {}}}


@each_of(
    "asked, published, failed",
    [
        ([item(None)], ["Hello"], []),
        ([item("soon")], ["Hello"], []),
        ([item(text="one"), item(text="two", account=X, network="twitter")], ["one", "two"], []),
        ([item(account=X)], None, [COMPOSER]),
        ([item(), item(account=X)], None, [COMPOSER]),
        (["nonsense", {"networks": {}}, {**item(), "accounts": "none"}], [], []),
        ([{**item(), "accounts": ["none", *item()["accounts"]]}], ["Hello"], []),
    ],
)
def test_what_the_publish_path_tells(client: Client, asked: Any, published: Any, failed: Any) -> None:
    """Whatever time is asked for; with a failure it tells of the failures alone."""
    job = client.queue(*asked, path="/posts/schedule/publish")
    client.sandbox.settle()
    reply = client("GET", f"/job_status/{job}")
    assert messages(failures_of(reply)) == failed
    posts = client.sandbox.posts()
    if published is not None:
        assert [one["post"]["state"] for one in reply.data["payload"]] == ["published"] * len(published)
        assert sorted(post["text"] for post in posts) == published
    assert {post["at"] for post in posts} <= {NOW + timedelta(minutes=1)}
    for post in posts:
        client.sandbox.remove(post["id"])


def test_an_import_waits_for_another_one_alone(faulty: Callable[..., Client]) -> None:
    client = faulty(job_delay=NEVER)
    client.queue(item())
    assert client("POST", "/media/from-url", {"media": []}).status == 200


@each_of("body", [None, [], {}, {"media": "all"}, {"media": {"url": "https://e.com/a.png"}}])
def test_an_import_of_no_list_of_media_is_no_job(client: Client, body: Any) -> None:
    reply = client("POST", "/media/from-url", b"null" if body is None else body)
    assert (reply.status, reply.data) == (200, {})


@each_of("text, refused", [("Bad", True), ("Bad as well", False), ("bad", False)])
def test_which_words_refuse_a_request_as_a_whole(client: Client, text: str, refused: bool) -> None:
    client.sandbox.faults.refuse_whole = {"Worse": 400, "Bad": 422}
    bulk = {"bulk": {"state": "draft", "posts": [item(), item(text=text)]}}
    assert client("POST", "/posts/schedule", bulk).status == (422 if refused else 200)


@each_of("nth, texts", [(1, ["two", "three"]), (3, ["one", "two"]), (4, ["one", "two", "three"])])
def test_which_post_is_lost(faulty: Callable[..., Client], nth: int, texts: list[str]) -> None:
    """What is refused is not counted."""
    client = faulty(lose=frozenset({nth}))
    at = [NOW + timedelta(hours=hours) for hours in (1, 2, 3)]
    client.create(item(at[0], "one"), item(kind="poll"), item(at[1], "two"))
    client.create(item(at[2], "three"))
    assert (client.texts(), client.sandbox.passed) == (texts, 3)


def test_a_job_that_fails_as_a_whole(faulty: Callable[..., Client]) -> None:
    client = faulty(job_fails="Something broke")
    reply = client.job(item())
    assert reply.data["status"] == "failed"
    assert messages(failures_of(reply)) == ["Something broke"]
    assert client.sandbox.posts() == []


def test_a_job_that_takes_very_long(faulty: Callable[..., Client]) -> None:
    client = faulty(job_delay=NEVER)
    job = client.queue(item())
    assert client("GET", f"/job_status/{job}").data["status"] == "working"
    assert client.sandbox.posts() == []


def test_a_locked_subscription(faulty: Callable[..., Client]) -> None:
    client = faulty(plan_locked=True)
    assert client.job(item()).data["plan"]["locked"] is True
    assert client.sandbox.posts() == []


def test_a_request_that_is_refused_as_a_whole(faulty: Callable[..., Client]) -> None:
    client = faulty(refuse_whole={"Bad": 422})
    posts = [item(), item(text="Bad")]
    assert client("POST", "/posts/schedule", {"bulk": {"state": "scheduled", "posts": posts}}).status == 422
    client.job(posts[0])
    assert client.texts() == ["Hello"]


def test_an_account_that_refuses(faulty: Callable[..., Client]) -> None:
    client = faulty(refuse={X: "too many posts via openapi"})
    failures = client.create(item(), item(account=X, network="twitter"))
    assert [(one["account_id"], one["message"]) for one in failures] == [(X, "too many posts via openapi")]
    assert client.texts() == ["Hello"]


def test_a_time_that_passes_before_the_job_runs(make_sandbox: MakeSandbox) -> None:
    """The job is judged at its own moment of the service's clock, not at that of whoever asks next."""
    clock = [NOW]
    client = Client(make_sandbox(now=lambda: clock[0], faults=Faults(job_delay=5, published_ids="kept")))
    client.queue(item(at=NOW + timedelta(minutes=2)))
    clock[0] = NOW + timedelta(hours=1)
    client.sandbox.settle()
    assert [post["state"] for post in client.sandbox.posts()] == ["published"]


def test_a_job_slower_than_the_posts_lead_backdates_it(make_sandbox: MakeSandbox) -> None:
    client = Client(make_sandbox(now=lambda: NOW, poll_seconds=0.001, faults=Faults(job_delay=0)))
    assert client.create(item(at=NOW + timedelta(seconds=61))) == []
    slow = Client(make_sandbox(now=lambda: NOW, poll_seconds=100, faults=Faults()))
    slow.queue(item(at=NOW + timedelta(seconds=90)))
    with slow.sandbox._database.transaction():
        (job,) = slow.sandbox._database.waiting_jobs()
        assert messages(slow.sandbox._service.jobs._run(job)["failures"]) == ["Posts cannot be backdated"]
