"""What of a post's media is brought to Publer, once, and what of it is forgotten because someone deleted it there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from publer_sync.applying.report import Outcome
from publer_sync.applying.tasks import Creation
from publer_sync.applying.uploads import _import, _look_up, forget_deleted, upload
from publer_sync.machine.clock import Deadline
from publer_sync.planning.plan import Action
from publer_sync.values.content import Content
from publer_sync.values.errors import Interrupted, Refused, ServiceError, Unreachable
from publer_sync.values.model import Failure, Job, JobStatus, MediaSource
from tests.applying.runs import FakePubler, Still, run_at
from tests.applying.whole import Ticking
from tests.builders import LINKEDIN, SOON, change, ledger, wanted
from tests.tables import each_of

if TYPE_CHECKING:
    from publer_sync.applying.run import Run
    from publer_sync.values.content import Json
    from publer_sync.values.model import Post

A, B = MediaSource("sha256:a", path=Path("a.png")), MediaSource("sha256:b", path=Path("b.png"))
BY_ID = MediaSource("63c675e94e299e9cf2b667ec", id="63c675e94e299e9cf2b667ec")
THERE: dict[str, Json] = {"id": "id-a.png", "type": "photo", "path": "https://cdn.example.com/a.png"}


def with_media(*sources: MediaSource, **content: Json) -> Post:
    media: list[Json] = [{"id": source.id} if source.id else {"file": source.digest} for source in sources]
    content = {"type": "photo", "text": "Look", "media": media, **content}
    return replace(wanted(SOON, account=LINKEDIN), content=Content.from_json(content), media=sources)


def run_for(*posts: Post, publer: FakePubler, **known: Any) -> Run:
    """A run that creates these; `known` are answers to earlier uploads, by a digest's letter."""
    changes = [change(Action.CREATE, post) for post in posts]
    state = ledger(media={f"sha256:{letter}": answer for letter, answer in known.items()})
    run = run_at(state=state, publer=publer, changes=changes)
    run.creations += [Creation(n, each) for n, each in enumerate(changes)]
    return run


def test_what_is_not_there_is_brought_once_and_what_is_there_is_not() -> None:
    publer = FakePubler()
    run = run_for(with_media(A, B), with_media(B), publer=publer, a={**THERE, "direct": False})
    assert all(upload(run, task) for task in run.creations)
    assert publer.asked == [("b.png", False)]
    assert run.state.media["sha256:b"] == {
        "id": "id-b.png", "type": "photo", "path": "https://cdn.example.com/b.png", "direct": False,
    }  # fmt: skip


def test_what_needs_its_final_path_is_brought_again_with_that_once() -> None:
    publer = FakePubler()
    comment: list[Json] = [{"text": "More", "media": [{"file": A.digest}]}]
    post = with_media(A, comments=comment)
    run = run_for(post, post, publer=publer, a={**THERE, "direct": False})
    assert all(upload(run, task) for task in run.creations)
    assert publer.asked == [("a.png", True)]
    assert run.state.media["sha256:a"]["direct"] is True


class WithoutPaths(FakePubler):
    def upload(self, path: Path, *, digest: str, direct: bool, progress: object) -> dict[str, Json]:
        return {**super().upload(path, digest=digest, direct=direct, progress=progress), "path": None}


def test_what_cannot_be_sent_as_an_earlier_run_brought_it_is_brought_anew_once() -> None:
    comment: list[Json] = [{"text": "More", "media": [{"file": A.digest}]}]
    post, pathless = with_media(A, comments=comment), {**THERE, "path": None, "direct": True}
    publer = FakePubler()
    run = run_for(post, publer=publer, a=pathless)
    assert upload(run, run.creations[0])
    assert publer.asked == [("a.png", True)]
    publer = WithoutPaths()
    run = run_for(post, post, publer=publer, a=pathless)
    assert not any(upload(run, task) for task in run.creations)
    assert [result.outcome for result in run.results.values()] == [Outcome.FAILED] * 2
    assert run.state.media[A.digest]["direct"] is False, "without a path there is no final one"
    publer = FakePubler()
    run = run_for(with_media(A, B), publer=publer, b={**THERE, "type": "video"})
    assert upload(run, run.creations[0])
    assert publer.asked == [("a.png", False), ("b.png", False)], "and what this run brought is not"


def test_an_upload_that_fails_fails_each_post_that_shows_it_and_is_asked_for_once() -> None:
    publer = FakePubler(error=Unreachable("Publer does not answer"))
    run = run_for(with_media(A), with_media(A), publer=publer)
    assert not any(upload(run, task) for task in run.creations)
    assert publer.asked == [("a.png", False)]
    for result in run.results.values():
        assert result.outcome is Outcome.FAILED
        assert result.why.message == "its media could not be uploaded: Publer does not answer"


def test_uploads_that_someone_deleted_in_publer_are_forgotten_and_asked_for_once() -> None:
    publer = FakePubler(media={"id-a.png": THERE})
    run = run_for(
        with_media(A, B), with_media(BY_ID), publer=publer, a=THERE, b={**THERE, "id": "id-b.png"}, c=THERE
    )
    run.state.media[BY_ID.digest] = {"id": BY_ID.digest}
    for _ in range(2):
        forget_deleted(run)
    assert publer.asked == [("id-a.png", "id-b.png")]
    assert run.state.media.keys() == {"sha256:a", "sha256:c", BY_ID.digest}


def test_without_the_right_to_look_nothing_is_forgotten() -> None:
    publer = FakePubler(error=Refused("no", status=403))
    run = run_for(with_media(A), publer=publer, a=THERE)
    forget_deleted(run)
    assert run.state.media.keys() == {"sha256:a"}


class Importing(FakePubler):
    """Fetches from an address at once."""

    def deadline(self, seconds: float) -> Deadline:
        return Deadline.after(seconds, Still(), excused=lambda: 0.0)

    def import_url(self, url: str, **how: object) -> str:
        self.asked.append((url, how))
        return "j-1"

    def job(self, *_: object, **__: object) -> Job:
        return Job(JobStatus.COMPLETE, media=(THERE,))


@pytest.mark.parametrize("direct", [False, True])
def test_a_picture_at_an_address_gets_its_final_path_where_a_comment_needs_that(direct: bool) -> None:
    source = MediaSource("sha256:u", url="https://example.com/a.png")
    shows: list[Json] = [{"url": source.url}]
    comments: list[Json] = [{"text": "More", "media": shows}] if direct else []
    post = with_media(source, media=shows, comments=comments)
    publer = Importing()
    run = run_for(post, publer=publer)
    assert upload(run, run.creations[0])
    assert publer.asked == [(source.url, {"name": "a.png", "direct": direct})]


@pytest.mark.parametrize(("known", "kept"), [(True, THERE), (False, {"id": BY_ID.digest})])
def test_a_medium_by_id_is_sent_as_the_library_knows_it_else_as_it_was_written(
    known: bool, kept: dict[str, Json]
) -> None:
    run = run_for(with_media(BY_ID), publer=FakePubler(media={BY_ID.digest: THERE} if known else {}))
    assert _look_up(run, BY_ID.digest) == kept
    refused = run_for(with_media(BY_ID), publer=FakePubler(error=Refused("no", status=403)))
    assert _look_up(refused, BY_ID.digest) == {"id": BY_ID.digest}


def test_a_medium_by_id_is_looked_up_and_brought_by_nobody() -> None:
    publer = FakePubler(media={BY_ID.reference: THERE})
    run = run_for(with_media(BY_ID), publer=publer)
    assert upload(run, run.creations[0])
    assert publer.asked == [(BY_ID.reference,)]
    assert run.state.media[BY_ID.reference] == {**THERE, "direct": True}


@each_of(
    ("size", "told"),
    [(9_999, "10.0 kB"), (99_900, "99.9 kB"), (100_000, "0.1 MB"), (23_456_789, "23.5 MB")],
)
def test_how_much_of_a_file_is_uploaded_is_told_in_megabytes_where_it_is_large(size: int, told: str) -> None:
    class Telling(FakePubler):
        def upload(self, path: Path, *, progress: Any, **more: Any) -> dict[str, Json]:
            progress(size // 2, size)
            return super().upload(path, progress=progress, **more)

    lines: list[str] = []
    run = run_for(with_media(A), publer=Telling())
    run.means = replace(run.means, progress=lambda word, text: lines.append(f"{word}: {text}"))
    assert upload(run, run.creations[0])
    (line,) = lines
    assert line.startswith("upload: a.png  ")
    assert line.endswith(f" of {told}")


class Fetching(FakePubler):
    """Answers in turn what becomes of an import; each question takes a second."""

    def __init__(self, *jobs: Job, refusals: int = 0, code: str = "media.busy") -> None:
        super().__init__()
        self.answers, self.refusals, self.code = [*jobs], refusals, code
        self.waits = len(jobs) > 1 or refusals == 2
        self.clock = Ticking()

    def deadline(self, seconds: float) -> Deadline:
        return Deadline.after(seconds, self.clock, excused=float)

    def import_url(self, url: str, *, name: str, **_: object) -> str:
        self.asked.append(name)
        self.clock.slept += 1
        if self.refusals:
            self.refusals -= 1
            raise Refused("no", code=self.code)
        return "j-1"

    def job(self, *_: object, **__: object) -> Job:
        self.clock.slept += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


PICTURE: dict[str, Any] = {"id": "m-1", "type": "photo", "path": "https://cdn.example.com/a.png"}


DONE_JOB = Job(JobStatus.COMPLETE, media=(PICTURE,))


@each_of(
    ("publer", "why"),
    [
        (Fetching(Job(JobStatus.PENDING), Job(JobStatus.SILENT), DONE_JOB), ""),
        (Fetching(DONE_JOB, refusals=2), ""),
        (Fetching(DONE_JOB, refusals=1, code="media.no"), "no"),
        (Fetching(DONE_JOB, refusals=9999), "no"),
        (Fetching(Job(JobStatus.PENDING)), "in 30 seconds"),
        (Fetching(Job(JobStatus.SILENT)), "does not say whether it fetched https://example.com/a.png"),
        (Fetching(Job(JobStatus.UNKNOWN)), "no longer knows whether it fetched https://example.com/a.png"),
        (
            Fetching(Job(JobStatus.COMPLETE)),
            "could not fetch https://example.com/a.png; the address must be public and answer with a media content type",
        ),
        (
            Fetching(Job(JobStatus.FAILED, (Failure("404"), Failure("Gone")))),
            "could not fetch https://example.com/a.png\n404\nGone",
        ),
    ],
)
def test_a_picture_at_an_address_is_waited_for_as_long_as_publer_is_at_it(publer: Fetching, why: str) -> None:
    run = fetched("https://example.com/a.png", publer)
    assert upload(run, run.creations[0]) is (why == "")
    assert publer.clock.slept % 1 > 0 or not publer.waits, "between two questions it waits"
    if why:
        said = run.results[0].why
        assert f"{said.message}\n{said.publer_said}".strip().endswith(why)


def fetched(url: str, publer: Fetching, **means: Any) -> Run:
    """A run that creates a post with the picture at this address."""
    source = MediaSource("sha256:u", url=url)
    run = run_for(with_media(source, media=[{"url": url}]), publer=publer)
    run.means = replace(run.means, clock=publer.clock, timeout=30.0, poll_seconds=0.1, **means)
    return run


@each_of(
    ("url", "name"),
    [
        ("https://example.com/a.png?width=9", "a.png"),
        ("https://example.com/pictures/", "media"),
        ("https://example.com/?id=7", "media"),
    ],
)
def test_a_picture_at_an_address_has_the_name_that_the_address_ends_with_if_any(url: str, name: str) -> None:
    publer = Fetching(DONE_JOB)
    run = fetched(url, publer)
    assert upload(run, run.creations[0])
    assert publer.asked == [name]


@each_of(
    "publer", [Fetching(Job(JobStatus.PENDING)), Fetching(DONE_JOB, refusals=9999)], ids=lambda _: "waiting"
)
def test_who_asks_to_stop_waits_for_no_picture(publer: Fetching) -> None:
    run = fetched("https://example.com/a.png", publer, stop=lambda: publer.clock.slept > 3)
    with pytest.raises(Interrupted):
        upload(run, run.creations[0])
    assert publer.clock.slept < 6


def test_while_publer_may_still_fetch_one_no_other_is_asked_for() -> None:
    publer = Fetching(DONE_JOB)
    run = run_at((), ledger(), publer=publer)
    run.uploads.fetching = "https://example.com/b.png"
    with pytest.raises(ServiceError, match=r"it may still fetch https://example.com/b.png"):
        _import(run, "https://example.com/a.png", direct=False)
    assert publer.asked == []
