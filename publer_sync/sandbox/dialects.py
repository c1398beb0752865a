"""The service's JSON for posts, jobs, accounts and media, in each form it is known to come in.

No disk, no network, no clock; the switches of `faults` say which form.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, assert_never

from publer_sync.sandbox.tables import ACCOUNT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from publer_sync.sandbox.faults import Faults
    from publer_sync.sandbox.records import Record, Stored


ODD_ACCOUNT = "5f0000000000000000000dd0"
"""The id of the account without a provider."""


def post(stored: Stored, faults: Faults) -> Record:
    """A post as lists and updates show it (Publer docs, "Posts")."""
    body, at = stored.body, stored.at and stored.at.astimezone(faults.zone)
    shape = {
        "id": stored.public_id,
        "text": _shown_text(body.get("text"), faults),
        "title": body.get("title"),
        "url": body.get("url"),
        "state": faults.state_words.get(stored.state, stored.state),
        "type": body.get("type"),
        "account_id": stored.account_id,
        "user": body.get("user"),
        "scheduled_at": at and at.isoformat(timespec="milliseconds") if readable(stored, faults) else "soon",
        "post_link": body.get("post_link"),
        "has_media": bool(body.get("media")),
        "network": body.get("network"),
        "media": body.get("media", []),
        "link": body.get("link"),
        "labels": _labels(body.get("labels", []), faults),
        "source": body.get("source", "schedule"),
        "updated_at": body.get("updated_at", body.get("created_at")),
    }
    shape |= {key: body[key] for key in ("details", "error") if body.get(key)}
    return {key: value for key, value in shape.items() if key not in faults.omit}


def readable(stored: Stored, faults: Faults) -> bool:
    """Whether the time of a post is shown as a time."""
    some = faults.unreadable_some and sum(stored.id.encode()) % 3 == 0
    return not some and stored.id not in faults.unreadable


def _shown_text(text: str | None, faults: Faults) -> str | None:
    return faults.shown_text(text) if faults.shown_text and text else text


def _labels(labels: list[Record], faults: Faults) -> list[Record]:
    match faults.labels:
        case "dropped":
            return []
        case "lower":
            return [{**label, "name": str(label["name"]).lower()} for label in labels]
        case _:
            return labels


def published(stored: Stored) -> Record:
    """A post in the result of the job that published it at once."""
    link = stored.body.get("post_link")
    return {"id": stored.public_id, "account_id": stored.account_id, "state": stored.state, "post_link": link}


def _account(account: Record, faults: Faults) -> Record:
    well = account["id"] not in faults.broken
    shape = {
        "id": account["id"],
        "provider": account["provider"],
        "name": account["name"],
        "type": ACCOUNT_TYPES.get(account["provider"], account["provider"]),
        "picture": None,
    }
    if faults.health == "permissions":
        username = re.sub(r"\W+", "", account["name"]).lower()
        needed = account["id"] in faults.approval
        shape |= {"username": username, "permissions": {"can_access": well, "approval_needed": needed}}
    if faults.health == "status":
        shape["status"] = "active" if well else "inactive"
    if faults.health == "locked":
        shape |= {"locked": not well, "permissions": {"can_access": well}}
    return shape


def workspaces(kept: Iterable[Record]) -> list[Record]:
    return [{**workspace, "picture": None, "role": "owner"} for workspace in kept]


def accounts(kept: Iterable[Record], faults: Faults) -> Any:
    shapes = [_account(account, faults) for account in kept]
    if faults.odd_account:
        shapes.append({"id": ODD_ACCOUNT, "provider": None, "name": "Odd", "type": None, "picture": None})
    match faults.accounts:
        case "accounts" | "data":
            return {faults.accounts: shapes}
        case "empty":
            return []
        case _:
            return shapes


def accepted(job_id: str, faults: Faults) -> Record:
    return {"success": True, "data": {"job_id": job_id}} if faults.envelope == "data" else {"job_id": job_id}


def job(status: str | None, payload: Any, faults: Faults) -> Record:
    """A job as it is shown, `payload` left out where it is None."""
    plan = {"rate": "business", "locked": faults.plan_locked}
    answer: Record = {"status": status}
    if payload is not None:
        answer["payload"] = payload
    if status not in {None, "working"}:
        answer["plan"] = plan
    if faults.envelope == "data":
        return {"success": True, "data": {"status": status, "result": answer}}
    return answer


def rewritten(text: str, faults: Faults) -> str:
    """A text as the service keeps it."""
    return relinked(faults.rewrite(text) if faults.rewrite and text else text, faults)


def relinked(text: str, faults: Faults) -> str:
    """A text, or a link, with its links as the workspace's rules have them."""
    return text if faults.links == "kept" else _LINK.sub(lambda link: _rule(link[0], faults), text)


_LINK = re.compile(r"https?://[^\s<>\"]*[\w/]")


def _rule(link: str, faults: Faults) -> str:
    if link.startswith(_SHORT) or "utm_source=" in link:
        return link
    if faults.links == "shortened":
        return _SHORT + hashlib.sha256(link.encode()).hexdigest()[:7]
    return f"{link}{'&' if '?' in link else '?'}utm_source=publer&utm_medium=social"


_SHORT = "https://go.example.com/"


def failures_payload(failures: list[Record], faults: Faults) -> Record | None:
    """The failures of a job in one of the shapes they are known to come in."""
    texts = [failure["message"] for failure in failures]
    shape: Any
    match faults.failures:
        case "list":
            shape = failures
        case "docs":
            shape = failures or {}
        case "lists":
            shape = {}
            for failure in failures:
                shape.setdefault(str(failure.get("account_id")), []).append(failure)
        case "objects":
            shape = {}
            for index, failure in enumerate(failures):
                key = str(failure.get("account_id"))
                shape[str(index) if key in shape else key] = failure
        case "errors":
            shape = [{"account_id": one.get("account_id"), "error": one["message"]} for one in failures]
        case "strings":
            shape = texts
        case "error":
            shape = {"error": texts[0]} if texts else {}
        case "absent" if not failures:
            return None
        case "absent":
            shape = failures
        case _:
            assert_never(faults.failures)
    return {"failures": shape}


def media_payload(media: list[Record], faults: Faults) -> Any:
    match faults.media_payload:
        case "media":
            return {"failures": {}, "media": media}
        case "single" if len(media) == 1:
            return media[0]
        case "indexed":
            return {str(index): one for index, one in enumerate(media)}
        case _:
            return media
