"""What became of work given to Publer: jobs and their failures, uploaded and imported media, deleted posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.publer.bodies import Nonsense, check_done, complaint, optional_id, text_in, unwrapped
from publer_sync.values.model import Failure, Job, JobStatus
from publer_sync.values.printable import printable_line
from publer_sync.values.service import fits_address, is_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publer_sync.values.content import Json

_DEPTH = 12
_FINISHED = frozenset({"complete", "completed", "success", "succeeded"})
_FAILED = frozenset({"failed", "error", "errored", "failure"})
_NOT_FAILURES = frozenset({"account_id", "account_name", "provider", "id", "type", "code", "status"})


def job_id(data: Json) -> str | None:
    """The id of a job that was just accepted, at the top or under `data`. None: there is no job to ask for.

    Raises Nonsense for anything but an object, Declined for one that reports an error.
    """
    if not isinstance(data, dict):
        raise Nonsense("not an object")
    for level in (data, data.get("data")):
        found = optional_id(level.get("job_id")) if isinstance(level, dict) else ""
        if found:
            return found if fits_address(found) else None
    check_done(data)
    return None


def job(data: Json) -> Job:
    levels = list(_levels(data))
    word = next((level["status"] for level in levels if isinstance(level.get("status"), str)), "")
    status = _status(str(word))
    payload = next((level["payload"] for level in levels if "payload" in level), None)
    plan = next((level["plan"] for level in levels if isinstance(level.get("plan"), dict)), {})
    failures = [failure for level in levels for failure in failures_in(level.get("failures"))]
    failures += _payload_failures(payload)
    if not failures and status is JobStatus.FAILED:
        said = next((text for level in levels if (text := complaint(level))), "")
        failures = [Failure(said)] if said else []
    return Job(
        status=status,
        failures=tuple(failures),
        media=tuple(_media_in(payload)),
        locked=isinstance(plan, dict) and bool(plan.get("locked")),
    )


def _levels(data: Json) -> Iterator[dict[str, Json]]:
    """The answer and what it wraps in `data` and `result`, the deepest first."""
    if data is None:
        return
    if not isinstance(data, dict):
        raise Nonsense("not an object")
    for key in ("data", "result"):
        inner = data.get(key)
        if isinstance(inner, dict):
            yield from _levels(inner)
    yield data


def _status(word: str) -> JobStatus:
    """Anything unheard of counts as pending: a listing decides in the end."""
    word = word.strip().lower()
    if not word:
        return JobStatus.SILENT
    if word in _FINISHED:
        return JobStatus.COMPLETE
    return JobStatus.FAILED if word in _FAILED else JobStatus.PENDING


# --- failures ---------------------------------------------------------------------------------------------------------


def _payload_failures(payload: Json) -> list[Failure]:
    found: list[Failure] = []
    if isinstance(payload, dict):
        found += [each for key in ("failures", "error", "errors") for each in failures_in(payload.get(key))]
    for item in _imported(payload):
        if isinstance(item, dict) and item is not payload and item.get("error"):
            found += failures_in(item)
    return found


def failures_in(value: Json) -> tuple[Failure, ...]:
    """Publer's failures in any of their shapes: object of lists, object, list of objects, list of texts, or none."""
    return tuple(_failures(value, Failure(""), _DEPTH))


def _failures(value: Json, about: Failure, depth: int) -> Iterator[Failure]:
    if isinstance(value, str) and value.strip():
        yield Failure(printable_line(value, 1000), about.account_id, about.account_name, about.provider)
    elif isinstance(value, list) and depth:
        for item in value:
            yield from _failures(item, about, depth - 1)
    elif isinstance(value, dict) and depth:
        about = _about(value, about)
        if said := [value[key] for key in ("message", "error") if value.get(key)]:
            yield from _failures(said[0], about, depth - 1)
            return
        for key, item in value.items():
            if key not in _NOT_FAILURES:
                inside = Failure("", key) if about.account_id is None and is_id(key) else about
                yield from _failures(item, inside, depth - 1)


def _about(item: dict[str, Json], about: Failure) -> Failure:
    named = item.get("account_id")
    return Failure(
        "",
        str(named) if named else about.account_id,
        text_in(item, "account_name") or about.account_name,
        text_in(item, "provider") or about.provider,
    )


# --- media and deletions ----------------------------------------------------------------------------------------------


def _imported(payload: Json) -> list[Json]:
    """What an import tells of each medium: a list, `media`, one object, or an object with "0", "1" and so on as keys."""
    if isinstance(payload, dict) and payload.get("id") is None:
        payload = payload["media"] if "media" in payload else [v for k, v in payload.items() if k.isdecimal()]
    return payload if isinstance(payload, list) else [payload]


def _media_in(payload: Json) -> Iterator[Mapping[str, Json]]:
    for item in _imported(payload):
        if isinstance(item, dict) and item.get("id") is not None:
            yield item


def media(data: Json) -> Mapping[str, Json]:
    """The answer to an upload; it has at least an id, or Publer refused the file: it does so with 200 and an error."""
    if isinstance(data, dict) and data.get("id") is None and isinstance(data.get("data"), dict | list):
        data = data["data"]
    found = next(_media_in(data), None)
    if found is None:
        check_done(data)
        raise Nonsense("an upload without a media id", publer_said=complaint(data))
    return found


def media_list(data: Json) -> tuple[Mapping[str, Json], ...]:
    """The media that a listing of the library shows."""
    return tuple(_media_in(unwrapped(data, "data")))


def deleted_ids(data: Json) -> frozenset[str]:
    """The ids that a DELETE reports. Raises Declined for an answer with an error, Nonsense for one without ids."""
    ids = unwrapped(data, "data").get("deleted_ids")
    if ids is None:
        check_done(data)
    if not isinstance(ids, list) or any(isinstance(i, bool) or not isinstance(i, str | int) for i in ids):
        raise Nonsense("an answer without deleted_ids")
    return frozenset(map(str, ids))
