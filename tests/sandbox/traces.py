"""Lines of a trace, as docs/trace.md describes them, and what a sandbox learns from them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from publer_sync.sandbox import Faults
from publer_sync.sandbox.likeness import VERSION, likeness

if TYPE_CHECKING:
    from pathlib import Path

Line = dict[str, Any]
START: Line = {"trace": VERSION}
HOUR = 3600


class Learnt(NamedTuple):
    says: list[str]
    switches: dict[str, Any]
    """Those that are not as on a good day."""
    refuses: str | None


def learnt(folder: Path, *lines: Line) -> Learnt:
    """From a file that begins with the line of one command."""
    file = folder / "trace.jsonl"
    file.write_text("\n".join(map(json.dumps, (START, *lines))), encoding="utf-8")
    found, usual = likeness(file), Faults()
    changed = {
        name: getattr(found.faults, name)
        for name in Faults.__dataclass_fields__
        if getattr(found.faults, name) != getattr(usual, name)
    }
    return Learnt(found.says, changed, found.refuses)


def got(path: str, answer: Any, **more: Any) -> Line:
    return {"method": "GET", "path": path, "status": 200, "answer": answer, **more}


def words(exact: str, **forms: str) -> Line:
    """A text: `forms` are those in which it is not as it is."""
    return {"text": len(exact), "exact": exact, **forms}


def time(seconds: float) -> Line:
    return {"time": seconds, "form": "0000-00-00T00:00:00Z"}


def row(
    account: str = "account-1",
    at: float | None = HOUR,
    text: Any = "words",
    state: Any = "scheduled",
    *,
    id: str = "post-1",
    labels: list[Any] | None = None,
    **more: Any,
) -> Line:
    """A listed post; without labels it lacks what a listed post lacks on a good day."""
    return {
        "id": id,
        "account_id": account,
        "scheduled_at": None if at is None else time(at),
        "text": words(text) if isinstance(text, str) else text,
        "state": state,
        "title": None,
        "url": "",
        "post_link": None,
        "has_media": False,
        "network": "facebook",
        "media": [],
        "source": "schedule",
        "updated_at": time(0),
        "user": {"id": "user-1"},
        "type": "status",
        **({} if labels is None else {"labels": labels}),
        **more,
    }


def listed(*rows: Any, page: int = 0, at: float = 60, **more: Any) -> Line:
    """A list of posts, asked for so many seconds after the command began; `more` is beside the posts."""
    answer = {"posts": [*rows], "total": 1000, **more}
    return got("/posts", answer, query={"page": [page]}, at=at)


def asked(*items: Line, state: str = "scheduled", job: str = "job-1", at: float = 0) -> Line:
    """A request that asks for posts."""
    body = {"bulk": {"state": state, "posts": [*items]}}
    return got("/posts/schedule", {"job_id": job}, method="POST", body=body, at=at)


def item(
    account: str = "account-1", at: float | None = HOUR, text: Any = "words", labels: tuple[Any, ...] = ()
) -> Line:
    entry: Line = {"id": account, "labels": [*labels]}
    if at is not None:
        entry["scheduled_at"] = time(at)
    shown = words(text) if isinstance(text, str) else text
    return {"networks": {"facebook": {"type": "status", "text": shown}}, "accounts": [entry]}


def told(failures: Any = None, *, status: str | None = "complete", job: str = "job-1", at: float = 2) -> Line:
    """What a job was seen to be."""
    return got(f"/job_status/{job}", {"status": status, "payload": {"failures": failures or {}}}, at=at)
