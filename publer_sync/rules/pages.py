"""Rules about the page that a post waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.rules.rulebook import problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post


def check_page(post: Post) -> Iterator[PostProblem]:
    if post.when_live is None:
        return
    if not post.when_live:
        message = "this post waits for the page of its `link`, and has no link"
        say = "Add a link, write the page's address here, or write `when_live: false`"
        yield problem(
            "page.none", "when_live", message, say, example="when_live: https://example.com/blog/launch/"
        )
        return
    from publer_sync.values.addresses import never_asked  # only for those that wait

    if why := never_asked(post.when_live):
        say = "Write the whole public address of the page, or true for the page of `link`"
        message = f"{post.when_live} {why}, and is never asked: the post would never be created"
        example = "when_live: https://example.com/blog/launch/"
        yield problem("page.address", "when_live", message, say, example=example)
