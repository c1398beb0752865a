"""Brings a post's media to Publer, once per content, before the post is sent. An upload that fails fails its posts only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.applying.report import Outcome
from publer_sync.errors import ServiceError
from publer_sync.model import JobStatus, MediaSource
from publer_sync.networks.payload import references

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.applying.rounds import Task
    from publer_sync.applying.run import Run
    from publer_sync.model import Json


class _NotUploaded(Exception):
    """Why a piece of media is not there; the text is for people."""


def upload(run: Run, task: Task) -> bool:
    """Whether everything the post shows is in Publer; where it is not, the task gets its result."""
    if task.change.post is None:
        return True
    sources = {source.digest: source for source in task.change.post.media}
    for reference in references(task.change.post.content):
        if reference in run.state.media:
            continue
        try:
            source = sources.get(reference) or MediaSource(reference, id=reference)
            run.state.media[reference] = dict(_bring(run, source))
        except (ServiceError, OSError, _NotUploaded) as error:
            run.end(task, Outcome.FAILED, f"its media could not be uploaded: {error}")
            return False
        run.save(run.state)
    return True


def _bring(run: Run, source: MediaSource) -> Mapping[str, Json]:
    if source.path is not None:
        name = source.path.name
        return run.publer.upload(
            source.path,
            progress=lambda sent, size: run.progress("upload", f"{name}  {_size(sent)} of {_size(size)}"),
        )
    if source.url is not None:
        return _import(run, source.url)
    return {"id": source.id}


def _size(octets: int) -> str:
    return f"{octets / 1e6:.1f} MB" if octets >= 1e5 else f"{octets / 1e3:.1f} kB"


def _import(run: Run, url: str) -> Mapping[str, Json]:
    """One at a time: Publer answers 403 to a second import beside a first ("Media upload from URL")."""
    name = url.rpartition("/")[2].partition("?")[0] or "media"
    job_id = run.publer.import_url(url, name=name)
    deadline = run.clock.monotonic() + run.timeout
    wait = run.poll_seconds
    while True:
        job = run.publer.job(job_id)
        if job.status is not JobStatus.PENDING:
            break
        run.go_on()
        if run.clock.monotonic() > deadline:
            raise _NotUploaded(f"Publer did not fetch {url} in {run.timeout:.0f} seconds")
        run.progress("upload", f"Publer fetches {name}")
        run.clock.sleep(wait)
        wait = min(wait * 1.5, 5 * run.poll_seconds)
    for answer in job.media:
        if answer.get("id"):
            return answer
    said = "; ".join(failure.message for failure in job.failures)
    raise _NotUploaded(
        said or f"Publer could not fetch {url}: it has to be public, with a proper content type"
    )
