"""Posts as a simulated calendar asks for them, and what Publer has to show for each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.values.content import Comment, Content, Medium
from publer_sync.values.model import Account, MediaSource, Post
from publer_sync.values.problems import Location

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.sandbox.records import Stored

ACCOUNTS = {
    "facebook": Account("acc00000000000000000fb01", "My Facebook Page", "facebook", alias="facebook"),
    "linkedin": Account("acc00000000000000001ed01", "Company Page", "linkedin", alias="linkedin"),
}
RECONNECTED = {"facebook": "acc00000000000000000fb02", "linkedin": "acc00000000000000001ed02"}
"""Publer's ids of the accounts once they were connected again."""
ALIASES = {account.id: alias for alias, account in ACCOUNTS.items()} | {
    new: alias for alias, new in RECONNECTED.items()
}
IDS = {alias: (account.id, RECONNECTED[alias]) for alias, account in ACCOUNTS.items()}
"""All the ids that an account has in a history."""
PICTURES = tuple(f"{number:023x}e" for number in range(1, 4))
"""Media that Publer's library has from the start."""


def when(at: datetime) -> str:
    """As a story says a time."""
    return f"{at:%a %d %H:%M}"


class Face(NamedTuple):
    """All that a post says and shows, whatever Publer lists of it."""

    text: str
    labels: tuple[str, ...]
    comments: tuple[str, ...]
    pictures: int
    draft: bool


@dataclass(frozen=True, slots=True)
class Want:
    """One post of the calendar on one account. `line` is its line in the file, the same through all its edits."""

    line: int
    account: str
    at: datetime
    text: str
    id: str | None = None
    label: str | None = None
    comment: str | None = None
    pictures: int = 0
    draft: bool = False

    @property
    def slot(self) -> tuple[str, datetime]:
        return self.account, self.at

    @property
    def face(self) -> Face:
        labels = (self.label,) if self.label else ()
        comments = (self.comment,) if self.comment else ()
        return Face(self.text, labels, comments, self.pictures, self.draft)

    @property
    def name(self) -> str:
        """As a story calls it."""
        what = (
            f'"{self.text}"'
            if self.text
            else f"the {self.pictures} picture{'s' if self.pictures > 1 else ''}"
        )
        return f"`{self.id}`" if self.id else f"{what} (no id)"

    def post(self, account: Account) -> Post:
        """As it is sent to that account."""
        return _post(self, account)


@lru_cache(maxsize=4096)
def _post(want: Want, account: Account) -> Post:
    media = tuple(Medium(id=each) for each in PICTURES[: want.pictures])
    content = Content(
        text=want.text,
        type="photo" if media else "status",
        media=media,
        comments=(Comment(want.comment),) if want.comment else (),
        labels=(want.label,) if want.label else (),
        draft=want.draft,
    )
    return Post(
        account=account,
        at=want.at,
        content=content,
        location=Location("posts.yaml", want.line),
        id=want.id,
        media=tuple(MediaSource(digest=each.id, id=each.id) for each in media),
    )


def face_of(stored: Stored) -> Face:
    """What Publer would publish: the words as they are now, the rest as it was sent."""
    body = stored.body
    sent = (body.get("sent") or {}).get("account") or {}
    return Face(
        body.get("text") or "",
        tuple(sent.get("labels") or ()),
        tuple(comment.get("text") or "" for comment in sent.get("comments") or ()),
        len(body.get("media") or ()),
        stored.family == "draft",
    )
