"""The pictures, videos and documents of a post and of its parts, each with the one that it replaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.networks.kinds import kind_of
from publer_sync.values.content import Comment, Medium, Part
from publer_sync.values.post_keys import CONTENT, POST_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from publer_sync.networks.kinds import MediaKind
    from publer_sync.planning.plan import FieldChange
    from publer_sync.render.post.names import Names
    from publer_sync.values.content import Content, Value

STILL = ("photo", "gif")
WITH_MEDIA = tuple(key.name for key in CONTENT if key.has_media)
"""The keys of content that show media."""


class Piece(NamedTuple):
    """Exactly one of `path` and `url` says where it is; without both it is known by its digest and name alone.

    `part` is where it is shown: "" for the post itself, `part 2`, `comment 1`. `reference` is what the post names it by, `old` the
    digest of what it replaces.
    """

    name: str
    kind: MediaKind = "photo"
    part: str = ""
    alt: str = ""
    reference: str = ""
    path: Path | None = None
    url: str = ""
    old: str = ""


def pieces_of(content: Content, files: Mapping[str, Path], names: Names) -> tuple[Piece, ...]:
    """In the order of the post; `files` are those that are known, by their digests."""
    return tuple(_pieces(content, files, names))


def _pieces(content: Content, files: Mapping[str, Path], names: Names) -> Iterator[Piece]:
    for part, media in _by_part(content):
        for medium in media:
            yield _piece(medium.reference, part, medium.alt, files, names)
            if medium.thumbnail:
                yield _piece(medium.thumbnail, part, "", files, names)
    if content.link is not None and content.link.image:
        yield _piece(content.link.image, "", "", files, names)


def _by_part(content: Content) -> Iterator[tuple[str, tuple[Medium, ...]]]:
    yield "", content.media
    yield from ((label, element.media) for label, element in _elements("part", content.thread))
    yield from ((label, element.media) for label, element in _elements("comment", content.comments))


def _elements(noun: str, elements: Sequence[Value | Part | Comment]) -> Iterator[tuple[str, Part | Comment]]:
    for number, element in enumerate(elements, 2 if noun == "part" else 1):
        if isinstance(element, (Part, Comment)):
            yield f"{noun} {number}", element


def _piece(reference: str, part: str, alt: str, files: Mapping[str, Path], names: Names) -> Piece:
    path = files.get(reference)
    name = path.name if path else names.file(reference) or ""
    url = reference if reference.startswith(("https://", "http://")) else ""
    kind = kind_of(name) or "photo"
    if url:
        name = re.split("[?#]", url, maxsplit=1)[0].rstrip("/").rpartition("/")[2]
    return Piece(name, kind, part, alt, reference, path, url)


def with_old(pieces: tuple[Piece, ...], diff: Sequence[FieldChange]) -> tuple[Piece, ...]:
    """The same, each with what it replaces."""
    olds: dict[tuple[str, str], str] = {}
    for item in diff:
        if item.field in WITH_MEDIA:
            before, after = (dict(media_by_part(item.field, value)) for value in (item.before, item.after))
            for part, now in after.items():
                was = before.get(part, ())
                for key in ("file", "thumbnail"):
                    taken = _taken(*([getattr(each, key) for each in side] for side in (was, now)))
                    olds.update({(part, new): old for new, old in taken.items()})
    return tuple(piece._replace(old=olds.get((piece.part, piece.reference), "")) for piece in pieces)


def media_by_part(field: str, value: Value) -> Iterator[tuple[str, tuple[Medium, ...]]]:
    """The media of one side of a difference, by the part that shows them."""
    items = value if isinstance(value, tuple) else ()
    if (one := POST_KEYS[field].one) is None:
        yield "", tuple(item for item in items if isinstance(item, Medium))
    else:
        yield from ((label, element.media) for label, element in _elements(one[0], items))


def _taken(before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """The new files, each with the one it replaces."""
    gone, come = (
        [file for file in one if file and file not in other]
        for one, other in ((before, after), (after, before))
    )
    return dict(zip(come, gone, strict=False))


def old_order(pieces: tuple[Piece, ...], diff: Sequence[FieldChange]) -> tuple[Piece, ...]:
    """The post's own pieces as they stood, where nothing but their order changes; otherwise none."""
    item = next((item for item in diff if item.field == "media"), None)
    if item is None:
        return ()
    was, now = (
        [each.reference for _, media in media_by_part("media", side) for each in media]
        for side in (item.before, item.after)
    )
    if was == now or sorted(was) != sorted(now):
        return ()
    own = {piece.reference: piece for piece in pieces if not piece.part}
    return tuple(own[reference] for reference in was if reference in own)
