"""Drops errors about how words were written, where `ignore` silences them in a post or above it.

The rules of posts check `ignore` themselves; these errors are found before there are posts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publer_sync.calendar.layers import Outer, inner_map, merge
from publer_sync.calendar.yaml.nodes import Map

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from publer_sync.calendar.document import Document
    from publer_sync.values.problems import Problem


def heard(problems: Iterable[Problem], document: Document, settings: Sequence[Map]) -> Iterator[Problem]:
    """The problems of a file without those that are silenced; `settings` are the layers of the settings."""
    for problem in problems:
        code = problem.help.silence if problem.help else ""
        line = problem.location.line if problem.location else 0
        if not code or code not in _silenced(document, line, settings):
            yield problem


def _silenced(document: Document, line: int, settings: Sequence[Map]) -> set[str]:
    """The codes that are silenced for the post at a line, on any of its accounts, or for the whole file."""
    post = _post_at(document, line)
    base = Outer.of(settings, document, "").base
    codes = {*(inner_map(merge(base, (post,)), "ignore") or ())}
    for layer in _variants(post):
        codes |= {*(inner_map(layer, "ignore") or ())}
    return codes


def _post_at(document: Document, line: int) -> Map | None:
    if document.kind == "markdown":
        return document.data
    posts: Any = document.data.get("posts") if document.data is not None else None
    items = posts if isinstance(posts, list) else []
    before = [each for each in items if isinstance(each, Map) and each.mark.line <= line]
    return before[-1] if before else None


def _variants(post: Map | None) -> Iterator[Map]:
    """What a post says for single networks and accounts."""
    networks, accounts = inner_map(post, "networks"), post.get("accounts") if post is not None else None
    for each in (*(networks or {}).values(), *(accounts if isinstance(accounts, list) else ())):
        if isinstance(each, Map):
            yield each
