"""A pull as data for `--format json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.render.dates import utc
from publer_sync.render.documents import FORMAT_VERSION
from publer_sync.render.file_diff import file_diff

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publer_sync.content import Json
    from publer_sync.model import Account, LivePost, Post, Workspace
    from publer_sync.pulling.puller import PullResult


def pull(
    pulled: PullResult, *, calendar: str, workspace: Workspace, before: Mapping[str, bytes], written: bool
) -> dict[str, Json]:
    """`before` are the bytes of the files as they were; `written` says whether they were saved."""
    posts = [
        *(_added(each.id, each.at, each.file, each.lives) for each in pulled.added),
        *(
            _entry(
                "edited", each.post.account, each.post.at, each.post, each.live, fields=sorted(each.fields)
            )
            for each in pulled.edited
        ),
        *(_entry("removed", post.account, post.at, post, None) for post in pulled.removed),
        *(_entry("to_remove", post.account, post.at, post, None) for post in pulled.kept),
        *(
            _entry(
                "conflict",
                each.post.account,
                each.post.at,
                each.post,
                each.live,
                fields=sorted(each.fields),
                reason=each.conflict,
            )
            for each in pulled.conflicts
        ),
        *(
            _entry("left", each.account, each.at, each.post, each.live, reason=each.reason, paste=each.paste)
            for each in pulled.left
        ),
    ]
    return {
        "format_version": FORMAT_VERSION,
        "calendar": calendar,
        "workspace": {"id": workspace.id, "name": workspace.name},
        "written": written,
        "summary": {
            "new": len(pulled.added),
            "edited": len(pulled.edited),
            "removed": len(pulled.removed),
            "to_remove": len(pulled.kept),
            "conflicts": len(pulled.conflicts),
            "left": len(pulled.left),
        },
        "counted": {**pulled.counted},
        "posts": [*posts],
        "media": [*sorted(pulled.media)],
        "files": [
            {"file": file, "diff": file_diff(file, before.get(file), after)}
            for file, after in sorted(pulled.files.items())
        ],
    }


def _added(id: str, at: datetime, file: str, lives: tuple[tuple[Account, LivePost], ...]) -> dict[str, Json]:
    return {
        "action": "new",
        "id": id,
        "accounts": [_account(account) for account, _ in lives],
        "scheduled_at": utc(at),
        "post_ids": [post.id for _, post in lives],
        "source": {"file": file, "line": None},
        "fields": [],
        "reason": "",
        "paste": "",
    }


def _entry(
    action: str,
    account: Account,
    at: datetime,
    post: Post | None,
    live: LivePost | None,
    *,
    fields: list[str] | None = None,
    reason: str = "",
    paste: str = "",
) -> dict[str, Json]:
    return {
        "action": action,
        "id": post.id if post is not None else None,
        "accounts": [_account(account)],
        "scheduled_at": utc(at),
        "post_ids": [live.id] if live is not None else [],
        "source": {"file": post.location.file, "line": post.location.line} if post is not None else None,
        "fields": [*(fields or ())],
        "reason": reason,
        "paste": paste,
    }


def _account(account: Account) -> dict[str, Json]:
    return {"id": account.id, "alias": account.alias, "name": account.name, "provider": account.provider}
