"""A yes to what a post says to the public, and the digest that proves what that was."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Final

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import Content, digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from publer_sync.values.content import Json
    from publer_sync.values.problems import Location

VERSION: Final = 1
"""Of the digest. A later one computes this one as it is now."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a post says to the public. `on` is the account as the settings name it, `says` its content, `day` "" for any."""

    on: str
    says: Mapping[str, Json]
    day: str = ""

    @property
    def digest(self) -> str:
        data: dict[str, Json] = {"on": self.on, "says": dict(self.says)}
        return f"{VERSION}-{digest_of({**data, 'day': self.day} if self.day else data)}"

    @property
    def content(self) -> Content:
        """What it says as content. Raises ValueError, TypeError or KeyError where a newer version wrote it."""
        return Content.from_json(self.says)


@dataclass(frozen=True, slots=True)
class Approval:
    """A yes. `post` is an id, of a series without its days, else ALIAS@TIME; `content` is the statement's digest."""

    post: str
    account: str
    by: str
    at: datetime
    content: str
    statement: Statement
    labels: tuple[str, ...] = ()
    """Those of the post for which it was asked."""
    location: Location | None = field(default=None, compare=False)

    @property
    def rank(self) -> tuple[str, str, str, datetime]:
        """The order in the file."""
        return self.post, self.account, self.by, self.at
