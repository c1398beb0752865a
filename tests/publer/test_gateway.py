"""Writing to Publer, over real sockets: posts, deletions, media, and a life in the sandbox."""

from __future__ import annotations

import hashlib
import sys
import time
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from requests.adapters import HTTPAdapter

from publer_sync.machine.clock import Clock
from publer_sync.publer.gateway import Publer, delete_path
from publer_sync.sandbox import Faults, Seed, SeedAccount
from publer_sync.values.errors import Interrupted, Refused, Unclear, UnrequestedDelete
from publer_sync.values.model import JobStatus
from tests.publer.conftest import GIF, POST, WRITES, limited, post
from tests.stand_in import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from publer_sync.values.content import Json
    from publer_sync.values.model import LivePost
    from tests.conftest import MakeSandbox
    from tests.publer.conftest import Service


# --- writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("draft", "state"), [(False, "scheduled"), (True, "draft")])
def test_posts_are_handed_over_in_bulk(publer: Publer, service: Service, draft: bool, state: str) -> None:
    service.replies = [Reply({"success": True, "data": {"job_id": "j1"}}, 202)]
    items: list[dict[str, Json]] = [{"networks": {"x": {"text": "🚀"}}}, {"networks": {}}]
    assert publer.schedule(items, draft=draft) == "j1"
    (seen,) = service.seen
    assert (seen.method, seen.path) == ("POST", "/api/v1/posts/schedule")
    assert seen.headers["content-type"] == "application/json"
    assert seen.json == {"bulk": {"state": state, "posts": items}}


def test_an_acceptance_without_a_job_is_no_error(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"success": True})]
    assert publer.schedule([{}], draft=False) is None


@pytest.mark.parametrize("count", [0, 501])
def test_more_posts_than_a_request_takes_are_not_sent(publer: Publer, service: Service, count: int) -> None:
    with pytest.raises(ValueError, match="500"):
        publer.schedule([{}] * count, draft=False)
    assert service.seen == []


def test_an_edit_sends_text_and_title_and_returns_the_echo(publer: Publer, service: Service) -> None:
    service.replies = [Reply({**post(1), "id": POST, "text": "stored", "title": "T"})]
    echo = publer.update(POST, text="new", title="T")
    assert (echo.id, echo.text, echo.title) == (POST, "stored", "T")
    (seen,) = service.seen
    assert (seen.method, seen.path) == ("PUT", f"/api/v1/posts/{POST}")
    assert seen.json == {"post": {"text": "new", "title": "T"}}


@pytest.mark.parametrize(("title", "sent"), [(None, {"text": "t"}), ("", {"text": "t", "title": ""})])
def test_a_title_is_left_out_or_emptied(
    publer: Publer, service: Service, title: str | None, sent: object
) -> None:
    service.replies = [Reply({"text": "t"})]
    publer.update(POST, text="t", title=title)
    assert service.seen[0].json == {"post": sent}


@pytest.mark.parametrize("bad", ["", "..", "a&b"])
def test_what_cannot_be_an_id_goes_into_no_address(publer: Publer, service: Service, bad: str) -> None:
    with pytest.raises(ValueError, match="not a post's id"):
        publer.update(bad, text="t", title=None)
    with pytest.raises(ValueError, match="not a post's id"):
        publer.delete([POST, bad])
    assert service.seen == []


@pytest.mark.parametrize("name", [*WRITES, "upload"])
def test_whoever_guards_writes_is_asked_each_time_one_is_about_to_leave(
    publer: Publer, service: Service, tmp_path: Path, name: str
) -> None:
    """After the wait that a 429 asks for, too; and never about what is read."""
    (tmp_path / "a.gif").write_bytes(GIF)
    writes: dict[str, Callable[[Publer], object]] = {
        **WRITES,
        "upload": lambda p: p.upload(tmp_path / "a.gif"),
    }
    asked: list[int] = []

    def guard() -> None:
        asked.append(len(service.seen))
        if len(asked) == 2:
            raise Interrupted("the lock is gone")

    publer.before_write = guard
    service.replies = [Reply([]), limited(Retry_After="1"), Reply({})]
    publer.workspaces()
    with pytest.raises(Interrupted):
        writes[name](publer)
    assert asked == [1, 2]
    assert len(service.seen) == 2


def test_few_steps_lie_between_a_request_to_schedule_and_the_network(
    publer: Publer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it is, how its answer is judged, when it is repeated, the limit, one exchange; and what may leave at all."""
    steps: list[str] = []
    leave = HTTPAdapter.send

    def seen(adapter: HTTPAdapter, *args: Any, **options: Any) -> Any:
        frames = [frame for frame, _ in traceback.walk_stack(sys._getframe())]
        codes = [frame.f_code for frame in frames if frame.f_globals["__name__"].startswith("publer_sync.")]
        steps.extend(code.co_qualname for code in reversed(codes))
        return leave(adapter, *args, **options)

    monkeypatch.setattr(HTTPAdapter, "send", seen)
    service.replies = [Reply({"job_id": "j1"})]
    assert publer.schedule([{}], draft=False) == "j1"
    assert steps == [
        "Publer.schedule",
        "Sender.write",
        "Sender._tries",
        "Sender._within_limit",
        "GetConnection._exchange",
        "_OnlyThese.send",
    ]


# --- deleting ---------------------------------------------------------------------------------------------------------


def test_a_delete_has_its_ids_in_brackets_and_no_body(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"deleted_ids": [POST, 987654321]})]
    assert publer.delete([POST, "987654321", POST]) == {POST, "987654321"}
    (seen,) = service.seen
    assert (seen.method, seen.body) == ("DELETE", b"")
    assert seen.path == f"/api/v1/posts?post_ids%5B%5D={POST}&post_ids%5B%5D=987654321"
    assert "content-type" not in seen.headers
    assert "transfer-encoding" not in seen.headers


def test_a_delete_without_ids_is_never_sent(publer: Publer, service: Service) -> None:
    for nothing in (list[str](), (), ""):
        with pytest.raises(ValueError, match="without ids is never sent"):
            publer.delete(nothing)
    assert service.seen == []


@pytest.mark.parametrize(
    "tamper",
    [
        lambda prepared: setattr(prepared, "url", prepared.url.partition("?")[0]),
        lambda prepared: setattr(prepared, "url", prepared.url + "&x=1"),
        lambda prepared: setattr(prepared, "body", b"{}"),
        lambda prepared: setattr(prepared, "method", "POST"),
    ],
    ids=["no ids", "another parameter", "a body", "another method"],
)
def test_a_delete_that_would_not_leave_as_meant_is_not_sent(
    publer: Publer, service: Service, tamper: Callable[[Any], None]
) -> None:
    prepare = publer._connection._session.prepare_request

    def tampered(request: Any) -> Any:
        prepared = prepare(request)
        tamper(prepared)
        return prepared

    publer._connection._session.prepare_request = tampered  # type: ignore[method-assign]  # what a library might do to it
    with pytest.raises(RuntimeError, match="nothing was sent"):
        publer.delete([POST])
    assert service.seen == []


def test_a_delete_that_names_other_posts_ends_the_run(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"deleted_ids": [POST, "somebody else's\x1b", 5]})]
    with pytest.raises(UnrequestedDelete, match="2 posts that publer-sync did not ask") as caught:
        publer.delete([POST])
    assert "somebody else's" in caught.value.message
    assert "\x1b" not in caught.value.message
    service.replies = [Reply({"deleted_ids": ["a", POST]})]
    with pytest.raises(
        UnrequestedDelete, match=r"deleted a post that publer-sync did not ask it to delete: a$"
    ):
        publer.delete([POST])


def test_what_was_not_deleted_is_not_claimed(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"deleted_ids": []})]
    assert publer.delete([POST]) == frozenset()
    service.replies = [Reply({"errors": ["not found"]}, 404)]
    assert publer.delete([POST]) == frozenset()


def test_several_of_which_one_may_be_gone_are_not_claimed_to_be(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"errors": ["not found"]}, 404)]
    with pytest.raises(Refused) as refused:
        publer.delete([POST, "987654321"])
    assert refused.value.status == 404


def test_a_refused_delete_is_a_refusal(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"errors": ["not yours"]}, 403)]
    with pytest.raises(Refused, match="not yours"):
        publer.delete([POST])


def test_the_query_of_a_delete_holds_the_ids_and_nothing_else() -> None:
    assert delete_path(["a", "7"]) == "/posts?post_ids%5B%5D=a&post_ids%5B%5D=7"


# --- media ------------------------------------------------------------------------------------------------------------

MEDIA: dict[str, Json] = {"id": "m1", "type": "photo", "validity": {"x": {"photo": True}}}


def test_a_file_is_sent_as_a_form_and_its_progress_told(
    publer: Publer, service: Service, tmp_path: Path
) -> None:
    file = tmp_path / 'a "b" é.gif'
    file.write_bytes(GIF + bytes(range(256)) * 1000)
    service.replies = [Reply(MEDIA)]
    steps: list[tuple[int, int]] = []
    assert publer.upload(file, progress=lambda *step: steps.append(step)) == MEDIA
    (seen,) = service.seen
    assert (seen.method, seen.path) == ("POST", "/api/v1/media")
    boundary = seen.headers["content-type"].removeprefix("multipart/form-data; boundary=")
    assert seen.body.split(f"--{boundary}".encode()) == [
        b"",
        b'\r\nContent-Disposition: form-data; name="direct_upload"\r\n\r\nfalse\r\n',
        b'\r\nContent-Disposition: form-data; name="in_library"\r\n\r\ntrue\r\n',
        '\r\nContent-Disposition: form-data; name="file"; filename="a %22b%22 é.gif"\r\n'
        "Content-Type: image/gif\r\n\r\n".encode()
        + file.read_bytes()
        + b"\r\n",
        b"--\r\n",
    ]
    assert steps == sorted(steps)
    assert steps[-1] == (256_000 + len(GIF), 256_000 + len(GIF))


def test_a_file_is_sent_again_whole_after_a_429(publer: Publer, service: Service, tmp_path: Path) -> None:
    """A body that cannot be rewound would be sent empty the second time, and accepted."""
    file = tmp_path / "a.gif"
    file.write_bytes(GIF + b"x" * 100_000)
    service.replies = [limited(Retry_After="1"), Reply(MEDIA)]
    publer.upload(file)
    first, second = service.seen
    assert len(first.body) > 100_000
    assert first.body == second.body


def test_an_upload_that_may_have_arrived_is_unclear(publer: Publer, service: Service, tmp_path: Path) -> None:
    file = tmp_path / "a.gif"
    file.write_bytes(GIF)
    service.replies = [Reply(fault="drop")]
    with pytest.raises(Unclear):
        publer.upload(file)
    assert len(service.seen) == 1


def test_a_file_too_large_says_the_limit(publer: Publer, service: Service, tmp_path: Path) -> None:
    file = tmp_path / "a.gif"
    file.write_bytes(GIF)
    service.replies = [Reply({"errors": ["too large"]}, 413)]
    with pytest.raises(Refused) as refused:
        publer.upload(file)
    assert "200 MB" in (refused.value.hint or "")


def test_a_file_that_is_not_there_is_said_so(publer: Publer, service: Service, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"a\.png could not be sent: No such file or directory") as error:
        publer.upload(tmp_path / "a.png")
    assert error.value.code == "media.unreadable"
    with (
        mock.patch.object(Path, "open", side_effect=OSError),
        pytest.raises(Refused, match="it can't be read"),
    ):
        publer.upload(tmp_path / "a.png")
    assert service.seen == []


def test_what_a_file_is_comes_from_its_bytes(publer: Publer, service: Service, tmp_path: Path) -> None:
    file = tmp_path / "a.gif"
    file.write_bytes(GIF)
    service.replies = [Reply(MEDIA)]
    publer.upload(file, direct=True)
    assert b"Content-Type: image/gif\r\n" in service.seen[0].body
    assert b'name="direct_upload"\r\n\r\ntrue\r\n' in service.seen[0].body


def test_a_file_that_is_no_picture_is_not_sent(publer: Publer, service: Service, tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_text("<html>")
    with pytest.raises(Refused, match=r"a\.png"):
        publer.upload(file)
    assert service.seen == []


def test_a_file_that_shrinks_on_the_way_is_said_so(publer: Publer, service: Service, tmp_path: Path) -> None:
    file = tmp_path / "a.gif"
    file.write_bytes(GIF + b"x" * 3_000_000)
    service.replies = [Reply(MEDIA)]

    def shrink(sent: int, size: int) -> None:
        if sent:
            file.write_bytes(b"x" * 10)

    with pytest.raises(Refused, match="shorter") as error:
        publer.upload(file, progress=shrink)
    assert error.value.code == "media.unreadable"


def test_an_address_is_fetched_by_a_job(publer: Publer, service: Service) -> None:
    service.replies = [Reply({"job_id": "j1"})]
    assert publer.import_url("https://a.example/b.png", name="b.png") == "j1"
    (seen,) = service.seen
    assert (seen.method, seen.path) == ("POST", "/api/v1/media/from-url")
    assert seen.json == {
        "media": [{"url": "https://a.example/b.png", "name": "b.png"}],
        "type": "single",
        "direct_upload": False,
        "in_library": True,
    }


def test_an_import_without_a_job_fetches_nothing(publer: Publer, service: Service) -> None:
    service.replies = [Reply({})]
    with pytest.raises(Refused, match="started no job"):
        publer.import_url("https://a.example/b.png", name="b.png")


# --- together with the sandbox ----------------------------------------------------------------------------------------

MOODS = {
    "good day": {},
    "wrapped": {"envelope": "data", "finished": "completed", "accounts": "accounts", "health": "locked"},
    "numbers for ids": {"integer_ids": True, "accounts": "data", "health": "none"},
    "as documented": {"health": "status", "failures": "docs"},
    "pages ignored": {"paging": "ignored", "total": False},
    "small pages": {"per_page": 2, "total": False},
    "small pages, total told": {"per_page": 2},
    "limited": {"rate_limit": 4, "rate_headers": "always"},
}


@pytest.mark.parametrize("mood", MOODS.values(), ids=MOODS)
def test_a_post_lives_its_life(make_sandbox: MakeSandbox, mood: dict[str, Any]) -> None:
    """Made, listed, changed, deleted, over a real service in each of its moods."""
    sandbox = make_sandbox(poll_seconds=0.005, faults=Faults(**mood))
    publer = Publer(key=sandbox.key, base_url=sandbox.url, clock=Clock(), poll_seconds=0.005)
    (workspace,) = publer.workspaces()
    publer = publer.in_workspace(workspace.id)
    account = publer.accounts()[0]
    assert account.trouble is None

    start = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=2)
    slots = [start + timedelta(minutes=number) for number in range(5)]
    job_id = publer.schedule([item(account.provider, account.id, slot) for slot in slots], draft=False)
    assert job_id is not None
    while publer.job(job_id).status is JobStatus.PENDING:
        time.sleep(0.01)
    sandbox.settle()

    def live() -> list[LivePost]:
        found = publer.posts(since=start.date(), until=start.date(), account_ids=[account.id])
        return sorted(found, key=lambda post: str(post.at))

    assert [(post.at, post.text) for post in live()] == [(slot, "We launched! 🚀") for slot in slots]
    first, *others = (post.id for post in live())
    assert publer.update(first, text="Changed", title=None).text == "Changed"
    assert publer.delete(others) == set(others)
    assert [(post.id, post.text) for post in live()] == [(first, "Changed")]
    assert (publer.waited > 0) is ("rate_limit" in mood)


def test_each_workspace_is_asked_as_itself_whichever_was_entered_last(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox()
    other = SeedAccount("acc00000000000000000aa02", "twitter", "Their X")
    sandbox.add_workspace(Seed("5f000000000000000000aa01", "Another workspace", (other,)))
    publer = Publer(key=sandbox.key, base_url=sandbox.url, clock=Clock())
    one, another = (publer.in_workspace(workspace.id) for workspace in publer.workspaces())
    assert {account.id for account in one.accounts()} == {account.id for account in sandbox.seed.accounts}
    assert [account.id for account in another.accounts()] == [other.id]
    assert {account.id for account in one.accounts()} == {account.id for account in sandbox.seed.accounts}
    assert publer.requests == one.requests == another.requests == 4


def item(provider: str, account_id: str, at: datetime) -> dict[str, Json]:
    return {
        "networks": {provider: {"type": "status", "text": "We launched! 🚀"}},
        "accounts": [{"id": account_id, "scheduled_at": at.isoformat()}],
    }


@pytest.mark.parametrize("shape", ["docs", "list", "lists", "objects", "errors", "strings", "error"])
def test_a_refused_post_is_told_in_publers_words(make_sandbox: MakeSandbox, shape: Any) -> None:
    sandbox = make_sandbox(poll_seconds=0.005, faults=Faults(failures=shape))
    publer = Publer(key=sandbox.key, base_url=sandbox.url, clock=Clock(), poll_seconds=0.005)
    publer = publer.in_workspace(publer.workspaces()[0].id)
    account = publer.accounts()[0]
    job_id = publer.schedule(
        [item(account.provider, account.id, datetime(2020, 1, 1, tzinfo=UTC))], draft=False
    )
    assert job_id is not None
    while (job := publer.job(job_id)).status is JobStatus.PENDING:
        time.sleep(0.01)
    (failure,) = job.failures
    assert "backdated" in failure.message
    assert failure.account_id in {account.id, None}


def test_a_file_that_is_another_one_than_was_planned_is_not_sent(
    publer: Publer, service: Service, tmp_path: Path
) -> None:
    """Somebody saves another picture of the name while apply asks, or while others are sent."""
    file = tmp_path / "a.gif"
    file.write_bytes(GIF)
    planned = f"sha256:{hashlib.sha256(GIF).hexdigest()}"
    service.replies = [Reply(MEDIA)]
    assert publer.upload(file, digest=planned) == MEDIA
    file.write_bytes(GIF + b"more")
    with pytest.raises(Refused, match="it has changed since this was planned"):
        publer.upload(file, digest=planned)
    assert len(service.seen) == 1
