"""What a hold did, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from publer_sync.applying.report import NO_CAUSE, Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from publer_sync.errors import PublerSyncError
    from publer_sync.ledger.copies import Copy
    from publer_sync.ledger.hold import Hold
    from publer_sync.model import LivePost, Workspace


class Stopped(StrEnum):
    """What became of a post in scope. SCHEDULED: nothing yet, as nothing was to be changed."""

    REMOVED = "removed"
    NOT_STOPPED = "not_stopped"
    UNVERIFIED = "unverified"
    SCHEDULED = "scheduled"


@dataclass(frozen=True, slots=True)
class HeldPost:
    copy: Copy
    outcome: Stopped
    live: LivePost | None = None
    """As Publer showed it last."""
    why: Cause = NO_CAUSE

    @property
    def at(self) -> datetime:
        return self.live.at if self.live is not None and self.live.at else self.copy.slot

    @property
    def text(self) -> str:
        return self.live.text if self.live is not None else self.copy.text


@dataclass(frozen=True, slots=True)
class HoldReport:
    """`posts` are in order of time. `unmanaged` are scheduled posts in the same scope that are not managed here."""

    hold: Hold
    posts: tuple[HeldPost, ...]
    unmanaged: tuple[LivePost, ...]
    requests: int
    written: bool = True
    error: PublerSyncError | None = None
    """What ended it before its end."""
    calendar: str = ""
    workspace: Workspace | None = None
    timezone: str = "UTC"
    accounts: Mapping[str, str] = field(default_factory=dict)
    """What people call them, by id."""
    theirs: Mapping[str, str] = field(default_factory=dict)
    """Which other calendar manages an unmanaged post, by the post's id, where it is known."""

    def of(self, outcome: Stopped) -> list[HeldPost]:
        return [post for post in self.posts if post.outcome is outcome]

    def followed_by(self, later: HoldReport) -> HoldReport:
        """The same hold with a later report of it, which knows what was not verified before."""
        known = {post.copy.key for post in later.posts}
        before = [
            post
            for post in self.posts
            if post.outcome is not Stopped.UNVERIFIED and post.copy.key not in known
        ]
        posts = sorted((*before, *later.posts), key=lambda post: (post.at, post.copy.key))
        return replace(later, hold=self.hold, posts=tuple(posts), requests=self.requests + later.requests)

    def beside(self, others: Iterable[HoldReport]) -> HoldReport:
        """The same without what the others manage, which is on hold with them."""
        theirs = {post.live.id for other in others for post in other.posts if post.live}
        return replace(self, unmanaged=tuple(post for post in self.unmanaged if post.id not in theirs))

    @property
    def exit_code(self) -> int:
        if self.error is not None:
            return self.error.exit_code
        return 6 if self.of(Stopped.NOT_STOPPED) or self.of(Stopped.UNVERIFIED) else 0
