"""A repository that came without its ledger: Publer shows that the calendar was applied before, and nothing here knows of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.calendar.folder import SETTINGS
from publer_sync.calendar.outside import relative
from publer_sync.ledger.accounting import LATE
from publer_sync.ledger.rewriting import same_words
from publer_sync.render.layout.wording import count
from publer_sync.values.errors import StateError
from publer_sync.values.model import Family

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from publer_sync.commands.reaching.access import Access
    from publer_sync.commands.reaching.connections import Gateway
    from publer_sync.values.model import LivePost, Post

CODE = "state.first"
_LATELY = timedelta(days=1)


def error_of(access: Access[Gateway], desired: Iterable[Post], live: Iterable[LivePost]) -> StateError | None:
    """Why a calendar without a state may have one in the place where its repository was; None where nothing says so.

    What another tool or a person scheduled with the same words is no reason where the settings are new.
    Raises StateError where the history of the settings cannot be read.
    """
    if access.places.first or access.calendar.gone or access.store.names_beside():
        return None
    now = access.clock.now()
    published = len([*_published(desired, live, now)])
    if not published or not _had_settings(access, now - _LATELY):
        return None
    return StateError(
        f"Publer published {count(published, 'post')} of this calendar since yesterday, and {access.store.place} knows nothing of this "
        "workspace: the repository may have come here without its ledger, with posts that are on hold",
        code=CODE,
        hint='Bring the ledger here first ("The repository moves" in docs/state.md), or stop and look where it is.\n'
        "If there never was one, add --first, once. Nothing was changed.",
    )


def _published(desired: Iterable[Post], live: Iterable[LivePost], now: datetime) -> Iterator[Post]:
    """The posts of the calendar that went out about their minute since yesterday, word for word."""
    out = [post for post in live if post.family is Family.PUBLISHED]
    for post in desired:
        if not (now - _LATELY <= post.at <= now) or not post.text.strip():
            continue
        near = (
            each
            for each in out
            if each.account_id == post.account.id and each.at is not None and abs(each.at - post.at) <= LATE
        )
        if any(same_words(post.text, each.text) for each in near):
            yield post


def _had_settings(access: Access[Gateway], by: datetime) -> bool:
    """Whether the branch that is applied had the calendar's settings at a time."""
    tree = access.lineage.tree if access.lineage is not None and access.lineage.asks else None
    history = tree.history if tree is not None else None
    if tree is None or history is None:
        return False
    return history.had(relative(access.calendar.top.resolve() / SETTINGS, tree.root), by)
