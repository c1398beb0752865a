"""The last moment for a plan, where media have to be uploaded first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from publer_sync.content import Content
from publer_sync.model import MINUTE, MediaSource, Post
from publer_sync.planning.limits import apply_by
from publer_sync.planning.plan import Action
from tests.builders import LATER, SETTINGS, SOON, X, change, wanted

if TYPE_CHECKING:
    from datetime import datetime

    from publer_sync.content import Json

VIDEO = MediaSource("sha256:v", size=60_000_000)
FETCHED = MediaSource("sha256:u", url="https://example.com/a.mp4")
OURS = MediaSource("sha256:i", id="63c675e94e299e9cf2b667ec")


def with_media(at: datetime, *sources: MediaSource) -> Post:
    kinds: list[Json] = [
        {"url": source.url} if source.url else {"id": source.id} if source.id else {"file": source.digest}
        for source in sources
    ]
    content = Content.from_json({"type": "video", "media": kinds})
    return Post(X, at, content, wanted(at).location, None, sources)


@pytest.mark.parametrize(
    ("posts", "uploaded", "before"),
    [
        ([with_media(SOON, VIDEO)], (), timedelta(seconds=65)),
        ([with_media(SOON, VIDEO)], ("sha256:v",), timedelta()),
        ([with_media(SOON, FETCHED)], (), timedelta(seconds=60)),
        ([with_media(SOON, OURS)], (), timedelta()),
        ([with_media(SOON, VIDEO), with_media(SOON + MINUTE, VIDEO)], (), timedelta(seconds=65)),
        ([with_media(SOON, VIDEO, FETCHED)], (), timedelta(seconds=125)),
        ([wanted(SOON), with_media(LATER, VIDEO)], (), timedelta()),
        ([with_media(SOON - MINUTE, VIDEO), with_media(SOON, FETCHED)], (), timedelta(seconds=125)),
    ],
)
def test_the_last_moment_leaves_time_for_the_uploads(
    posts: list[Post], uploaded: tuple[str, ...], before: timedelta
) -> None:
    changes = [change(Action.CREATE, post) for post in posts]
    assert apply_by(changes, SETTINGS, uploaded) == SOON - 2 * MINUTE - before
