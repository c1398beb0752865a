"""Finds posts that have to go by their ids, on whatever account someone has moved them to in Publer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.model import joined_listings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.planning.survey import Reads
    from publer_sync.values.model import Job, Listing


@dataclass(frozen=True, slots=True)
class LooksAnywhere:
    """Publer's lists as a survey asks for them; where one of the posts `meant` is on none of the accounts asked for, of all accounts."""

    publer: Reads
    meant: frozenset[str]

    def posts(self, *, account_ids: Sequence[str] = (), **asked: Any) -> Listing:
        found = self.publer.posts(account_ids=account_ids, **asked)
        if not account_ids or self.meant <= {post.id for post in found}:
            return found
        return joined_listings(found, self.publer.posts(account_ids=(), **asked))

    def undated_drafts(self, *, account_ids: Sequence[str] = ()) -> Listing:
        return self.publer.undated_drafts(account_ids=account_ids)

    def job(self, job_id: str) -> Job:
        return self.publer.job(job_id)
