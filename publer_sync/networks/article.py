"""What Publer may not keep of an article's text, which is Markdown."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables and strikethrough; a line break stays one, as on every other network."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"])


def marked(text: str) -> bool:
    """Whether words inside a paragraph are marked: bold, a link, code. No document shows what Publer makes of those."""
    tokens = parser().parse(text)
    plain = ("text", "softbreak", "hardbreak", "html_inline", "image")
    return any(inner.type not in plain for token in tokens for inner in token.children or ())


def pictures(text: str) -> Iterator[str]:
    """The addresses of the pictures inside the text."""
    for token in parser().parse(text):
        for inner in token.children or ():
            if inner.type == "image":
                yield str(inner.attrs.get("src", ""))
