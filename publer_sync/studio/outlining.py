"""A large calendar in short: what its page needs of each post that it does not show, and all that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.studio.posts import marks_of, post_data

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from publer_sync.studio.documents import OutlineAnswer, StudioProblemData
    from publer_sync.studio.showing import Showing


def outline_answer(
    showing: Showing, version: int, problems: Sequence[StudioProblemData], kept: Collection[str | None]
) -> OutlineAnswer:
    """`kept` are the keys of posts that have words which are not saved: the page names them, as it does those with errors."""
    cards, about = showing.outline()
    named = {each["key"] for each in problems if each["severity"] == "error"} | {*kept}
    posts = [(each, key) for each in showing.opened for key in each.keys.entries]
    return {
        "version": version,
        "problems": [*problems],
        "about": about,
        "rows": {key: [each.keys.revision(key), marks_of(each, key), cards[key]] for each, key in posts},
        "posts": [post_data(each, key) for each, key in posts if key in named],
    }
