"""What a post that leaves one account and comes on another says otherwise there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.planning.differences import between

if TYPE_CHECKING:
    from publer_sync.planning.plan import Change, FieldChange

_OWN_OF_NETWORKS = frozenset(("type", "network"))
"""Keys that mean another thing on another network."""


def differences(left: Change, create: Change) -> tuple[FieldChange, ...]:
    """What the post says otherwise on its new account."""
    if left.copy is None or create.post is None:
        return ()
    same = left.account.provider == create.account.provider
    found = between(left.copy.sent, create.post.content)
    return tuple(item for item in found if same or item.field.partition(".")[0] not in _OWN_OF_NETWORKS)
