"""Which addresses a post links to, and the warning about a dead one. Makes no requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.networks.links import find_addresses
from publer_sync.rules.patterns import oddities
from publer_sync.rules.rulebook import problem
from publer_sync.rules.wording import texts_in
from publer_sync.values.addresses import never_asked
from publer_sync.values.alike import url_without_utm
from publer_sync.values.content import to_json
from publer_sync.values.post_keys import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.values.model import Post

DEAD: Final = "link.dead"


class PostLink(NamedTuple):
    """An address as it is sent; `offset` is where it begins in the text at `path`."""

    path: str
    url: str
    offset: int


def links_of(post: Post) -> Iterator[PostLink]:
    """Every address in what is published of a post, except those that `link.local` reports."""
    content = post.content
    values = {key: value for key in PUBLIC if (value := getattr(content, key))}
    for key, value in {**values, **content.network}.items():
        for path, text in texts_in(key, to_json(value)):
            for link in _links_in(path, text):
                if not any(each.code == "link.local" for each in oddities(link.url)):
                    yield link


def addresses_of(post: Post) -> Iterator[PostLink]:
    """What `--links` asks: every link, and the page that the post waits for."""
    yield from links_of(post)
    if post.when_live and post.when_live != post.as_written.url and not never_asked(post.when_live):
        yield PostLink("when_live", post.when_live, 0)


def _links_in(path: str, text: str) -> Iterator[PostLink]:
    if path.endswith(("/url", "/image")) and text.startswith(("https://", "http://")):
        yield PostLink(path, text, 0)
    elif "." in text:
        for link in find_addresses(text):
            if "://" in link.url or path.endswith("text"):  # elsewhere networks make no links of names
                yield PostLink(path, link.url, link.start)


def dead_link(post: Post, link: PostLink, message: str, fix: str) -> PostProblem:
    """`message` follows the address, which is named without UTM parameters: they differ from account to account."""
    if post.when_live is not None and link.url in (post.when_live, post.content.url):
        fix = "Put the page online: apply creates the post once it answers"
    url = url_without_utm(link.url)
    url = url if len(url) <= _MOST else f"{url[: _MOST - 1]}…"
    return problem(DEAD, link.path, f"{url} {message}", fix, offset=link.offset)


_MOST: Final = 120
