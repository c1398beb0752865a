"""Brings a post's media to Publer, once per content, before the post is sent. An upload that fails fails its posts only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.applying.report import Cause, Outcome
from publer_sync.ledger.copies import SETTLING_POLLS
from publer_sync.machine.clock import growing_waits
from publer_sync.planning.effort import upload_time as ordinary_time
from publer_sync.publer.payload import item
from publer_sync.publer.uploaded import Unsendable, by_path, references
from publer_sync.values.errors import Refused, ServiceError, Unclear
from publer_sync.values.model import JobStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publer_sync.applying.run import Run
    from publer_sync.applying.tasks import Creation
    from publer_sync.machine.clock import Deadline
    from publer_sync.values.content import Json
    from publer_sync.values.model import Job, MediaSource, Post


class _NotUploaded(ServiceError):
    """Why a piece of media is not there."""


def upload(run: Run, task: Creation) -> bool:
    """Whether everything the post shows is in Publer, and it can be sent with that; if not, the task gets its result."""
    post = task.change.post
    try:
        _bring_all(run, post)
        try:
            item(post.account, post.at, post.content, run.state.media, post.ids)
        except Unsendable:
            if not _bring_all(run, post, anew=True):
                raise
            item(post.account, post.at, post.content, run.state.media, post.ids)
    except Unsendable as error:
        run.end(task, Outcome.FAILED, str(error))
        return False
    except ServiceError as error:
        run.end(task, Outcome.FAILED, Cause.of(error).because_of("its media could not be uploaded"))
        return False
    return True


def forget_deleted(run: Run) -> None:
    """Forget the uploads of this run's new posts that are no longer in Publer's library; asks once."""
    posts = [task.change.post for task in run.creations]
    uploads = {source.reference for post in posts for source in post.media if source.id is None}
    known = {name: str(run.state.media[name]["id"]) for name in sorted(uploads & run.state.media.keys())}
    if run.uploads.library_asked or not known:
        return
    run.uploads.library_asked = True
    try:
        there = run.means.publer.media([*known.values()])
    except Refused:
        return  # a key without the scope for media can still schedule a post with what was uploaded before
    for name, media_id in known.items():
        if media_id not in there:
            del run.state.media[name]


def upload_time(run: Run, post: Post) -> timedelta:
    """How long its uploads may take; nothing where all that it shows is in Publer."""
    return sum((ordinary_time(source) for source, _ in _to_bring(run, post)), timedelta())


def _to_bring(run: Run, post: Post, *, anew: bool = False) -> Iterator[tuple[MediaSource, bool]]:
    """What is not there, or with `anew` what an earlier run brought, and whether its final path is needed."""
    sources = {source.reference: source for source in post.media}
    paths = by_path(post.content)
    for reference in references(post.content):
        known, direct = run.state.media.get(reference), reference in paths
        stale = anew and reference not in run.uploads.brought
        if known is None or stale or (direct and not known.get("direct")):
            yield sources[reference], direct


def _bring_all(run: Run, post: Post, *, anew: bool = False) -> bool:
    """Bring what there is to bring. Returns whether there was anything.

    What was brought stays known by its reference, so that no other post loses it; `direct` in it says that its path is
    the final one.
    """
    before = len(run.uploads.brought)
    for source, direct in _to_bring(run, post, anew=anew):
        reference = source.reference
        if (trouble := run.uploads.not_uploaded.get(reference)) is not None:
            raise trouble  # reported for another post of this run; asking again would bring nothing new
        try:
            answer = _bring(run, source, direct=direct)
        except ServiceError as error:
            run.uploads.not_uploaded[reference] = error
            raise
        final = bool(answer.get("path")) and (direct or source.id is not None)
        run.state.media[reference] = {**answer, "direct": final}
        run.uploads.brought.add(reference)
    return len(run.uploads.brought) > before


def _bring(run: Run, source: MediaSource, *, direct: bool) -> Mapping[str, Json]:
    if source.path is not None:
        name = source.path.name
        return run.means.publer.upload(
            source.path,
            digest=source.digest,
            direct=direct,
            progress=lambda sent, size: run.means.progress(
                "upload", f"{name}  {_size(sent)} of {_size(size)}"
            ),
        )
    if source.url is not None:
        return _import(run, source.url, direct=direct)
    return _look_up(run, source.reference)


def _size(octets: int) -> str:
    return f"{octets / 1e6:.1f} MB" if octets >= 1e5 else f"{octets / 1e3:.1f} kB"


def _look_up(run: Run, media_id: str) -> Mapping[str, Json]:
    """What the library says of it, kind and path above all. Where it does not tell, the id is sent as it was written."""
    try:
        found = run.means.publer.media([media_id]).get(media_id)
    except Refused:
        found = None  # a key without the scope for media can still schedule a post that names an id
    return found or {"id": media_id}


def _import(run: Run, url: str, *, direct: bool) -> Mapping[str, Json]:
    """One at a time: Publer answers 403 to a second import during a first ("Media upload from URL")."""
    if run.uploads.fetching:
        raise _NotUploaded(
            f"Publer was not asked to fetch {url}, since it may still fetch {run.uploads.fetching}"
        )
    name = url.rpartition("/")[2].partition("?")[0] or "media"
    deadline = run.means.publer.deadline(run.means.timeout)
    run.uploads.fetching = url
    try:
        job_id = _ask_for(run, url, name, deadline, direct=direct)
    except Unclear:
        raise
    except ServiceError:
        run.uploads.fetching = ""
        raise
    job = _fetched(run, url, job_id, name, deadline)
    run.uploads.fetching = ""
    if job.media:
        return job.media[0]
    said = "\n".join(failure.message for failure in job.failures)
    needs = "" if said else "; the address must be public and answer with a media content type"
    raise _NotUploaded(f"Publer could not fetch {url}{needs}", publer_said=said)


def _ask_for(run: Run, url: str, name: str, deadline: Deadline, *, direct: bool) -> str:
    """The job of an import. Where Publer is still at another one, such as that of an apply that was stopped, wait and ask again."""
    waits = growing_waits(run.means.poll_seconds)
    while True:
        try:
            return run.means.publer.import_url(url, name=name, direct=direct)
        except Refused as refused:
            if refused.code != "media.busy" or deadline.left < 0:
                raise
        run.go_on()
        run.means.progress("upload", f"Publer is still fetching something else{_at_most(deadline)}")
        run.means.clock.sleep(next(waits))


def _fetched(run: Run, url: str, job_id: str, name: str, deadline: Deadline) -> Job:
    """The job of an import once it has ended."""
    waits = growing_waits(run.means.poll_seconds)
    silence = run.means.publer.deadline(SETTLING_POLLS * run.means.poll_seconds)
    while (job := run.means.publer.job(job_id, deadline=deadline)).status in (
        JobStatus.PENDING,
        JobStatus.SILENT,
    ):
        run.go_on()
        if deadline.left < 0:
            raise _NotUploaded(f"Publer did not fetch {url} in {run.means.timeout:.0f} seconds")
        if job.status is not JobStatus.SILENT:
            silence = run.means.publer.deadline(SETTLING_POLLS * run.means.poll_seconds)
        elif silence.left < 0:
            raise _NotUploaded(f"Publer does not say whether it fetched {url}")
        run.means.progress("upload", f"Publer is fetching {name}{_at_most(deadline)}")
        run.means.clock.sleep(next(waits))
    if job.status is JobStatus.UNKNOWN:
        raise _NotUploaded(f"Publer no longer knows whether it fetched {url}")
    return job


def _at_most(deadline: Deadline) -> str:
    return f"; {max(0.0, deadline.left):.0f} s at most"
