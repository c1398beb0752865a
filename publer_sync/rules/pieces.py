"""The media a post names, wherever it names it: its own, that of what follows it, covers of videos, a link's picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.content import Medium
from publer_sync.networks.kinds import kind_of
from publer_sync.networks.media import BadMedia, inspect
from publer_sync.rules.rulebook import RULES, Finding, Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from publer_sync.content import Comment, Content, Part
    from publer_sync.model import MediaSource, Post
    from publer_sync.networks.media import MediaInfo

    Infos = Callable[[Post, str], MediaInfo | None]
    """What the file behind the piece of media at this path of the content is."""


def look(post: Post, path: str) -> MediaInfo | None:
    """What the file behind the piece of media at `path` is; None where it is no file, or cannot be read.

    Raises BadMedia as `media.inspect` does.
    """
    source = _source(post, dict(_named(post.content))[path])
    if source is None or source.path is None:
        return None
    try:
        return inspect(source.path)
    except OSError:
        return None


def pieces_of(post: Post, infos: Infos) -> Iterator[Piece | Finding]:
    """Each piece of media, or what is wrong with its file; a bad one is a piece as well, for it counts as one."""
    for path, said in _named(post.content):
        source = _source(post, said)
        name = _name(said, source)
        try:
            info = infos(post, path)
        except BadMedia as bad:
            yield Finding(RULES[bad.code], path, bad.message, str(bad.help))
            yield Piece(path, said, name, "")
            continue
        yield Piece(path, said, name, info.kind if info else kind_of(name) or "", info)


def _named(content: Content) -> Iterator[tuple[str, Medium]]:
    yield from _listed("media", content.media)
    parts: dict[str, Sequence[Part | Comment]] = {"thread": content.thread, "comments": content.comments}
    for key, several in parts.items():
        for number, part in enumerate(several):
            yield from _listed(f"{key}/{number}/media", part.media)
    if content.link and content.link.image:
        yield "link/image", Medium(file=content.link.image)


def _listed(path: str, media: Sequence[Medium]) -> Iterator[tuple[str, Medium]]:
    for number, medium in enumerate(media):
        yield f"{path}/{number}", medium
        if medium.thumbnail:
            yield f"{path}/{number}/thumbnail", Medium(file=medium.thumbnail)


def _source(post: Post, medium: Medium) -> MediaSource | None:
    return next((source for source in post.media if source.reference == medium.reference), None)


def _name(said: Medium, source: MediaSource | None) -> str:
    """What a person calls it, without anything that could drive a terminal."""
    if source is not None and source.path is not None:
        name = source.path.name
    else:
        name = said.reference.split("?", 1)[0].rstrip("/").rpartition("/")[2]
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name) or "the media"
