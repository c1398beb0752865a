"""What a page says of a plan that its calendar has left behind, and which pictures are on it for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from publer_sync.previewing.addresses import NO_ADDRESSES
from publer_sync.previewing.marking import Marker
from publer_sync.previewing.previewed import preview_of
from publer_sync.previewing.thumbnails import Thumbnails
from tests.builders import DAY, NOW
from tests.showcase.world import Showcase

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from publer_sync.values.model import Post


def marker(posts: tuple[Post, ...]) -> Marker:
    return Marker("Europe/Oslo", NOW, Thumbnails(), posts, lambda _digest, _name: None, NO_ADDRESSES)


def test_changes_of_a_plan_whose_posts_are_gone_are_counted(tmp_path: Path) -> None:
    world = Showcase(tmp_path / "calendar")
    compared = "Compared with Publer on Tue 24 Nov 14:20."
    assert marker(world.posts).of_plan(world.plan, (), {}).source == compared
    document = {**world.document}
    for missing, told in (
        ((), ""),
        (
            ("ad",),
            " The calendar has changed since: 2 changes of the plan cannot be shown. Make the plan again.",
        ),
        (
            ("when-live",),
            " The calendar has changed since: 1 change of the plan cannot be shown. Make the plan again.",
        ),
    ):
        kept = tuple(post for post in world.posts if post.id not in missing)
        source = marker(kept).of_document(document).source
        assert source == f"Compared with the plan of Tue 24 Nov 14:20.{told}"


def test_pictures_begin_with_the_first_post_of_yesterday_or_end_with_the_last(tmp_path: Path) -> None:
    """Twelve weeks of them, from the first post ahead; where nothing is ahead, the last twelve weeks."""
    world = Showcase(tmp_path / "calendar")
    (lamp,) = (post for post in world.posts if post.id == "far-kept")
    start = lamp.at
    weeks = timedelta(weeks=12)
    for now, days, pictured in (
        (start - DAY, (0, 1, 83), (True, True, True)),
        (start, (0, 83, 84), (True, True, False)),
        (start + DAY, (0, 84), (True, False)),
        (start + DAY + timedelta(seconds=1), (0, 84), (False, True)),  # the first is over
        (start + weeks * 2, (0, 1, 83, 84), (False, True, True, True)),
        (start + weeks * 2, (0,), (True,)),
    ):
        posts = [_on(lamp, start + timedelta(days=day)) for day in days]
        page = preview_of(world.calendar, posts, (), Thumbnails(), now=now, filtered=True)
        assert tuple(bool(card.tiles[0].picture) for card in page.cards) == pictured, (now, days)


def _on(post: Post, at: datetime) -> Post:
    return replace(post, at=at, id=str(at))
