"""The type of a post: as written, or inferred from its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from publer_sync.networks.table import Network
    from publer_sync.values.content import Content


def type_of(network: Network, content: Content, kinds: Sequence[str]) -> str:
    """`kinds` are those of its media: photo, gif, video or document.

    A single video on Instagram is a reel: Instagram has had no other kind since 2022.
    """
    if content.type:
        return content.type
    if network.key == "wordpress":
        return "article"
    if content.poll:
        return "poll"
    if content.network.get("sublinks"):
        return "carousel"
    if "document" in kinds:
        return "document"
    if "video" in kinds:
        if network.key == "instagram":
            return "reel" if len(kinds) == 1 else "carousel"
        return "video"
    if kinds:
        return "gif" if set(kinds) == {"gif"} and "gif" in network.types else "photo"
    if network.key == "youtube":
        return "video"
    return "link" if content.link and "link" in network.types else "status"
