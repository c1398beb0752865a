"""The media a post names, wherever it names it: its own, that of what follows it, covers of videos, a link's picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from publer_sync.networks.media import BadMedia, inspect
from publer_sync.publer.payload import reference
from publer_sync.rules.rulebook import RULES, Finding, Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from publer_sync.model import Json, MediaSource, Post
    from publer_sync.networks.media import MediaInfo

    Infos = Callable[[Post, str], MediaInfo | None]
    """What the file behind the piece of media at this path of the content is."""


def look(post: Post, path: str) -> MediaInfo | None:
    """What the file behind the piece of media at `path` is; None where it is no file, or cannot be read.

    Raises BadMedia as `media.inspect` does.
    """
    part: Json = dict(post.content)
    for step in path.split("/"):
        part = part[int(step)] if isinstance(part, list) else cast("dict[str, Json]", part)[step]
    source = _source(post, reference(part) if isinstance(part, dict) else str(part))
    if source is None or source.path is None:
        return None
    try:
        return inspect(source.path)
    except OSError:
        return None


def pieces_of(post: Post, infos: Infos) -> Iterator[Piece | Finding]:
    """Each piece of media, or what is wrong with its file; a bad one is a piece as well, for it counts as one."""
    for path, said in _named(post.content):
        source = _source(post, reference(said))
        name = _name(said, source)
        try:
            info = infos(post, path)
        except BadMedia as bad:
            yield Finding(RULES[bad.code], path, bad.message, bad.help)
            yield Piece(path, said, name, "")
            continue
        yield Piece(path, said, name, info.kind if info else _kind_by_name(name), info)


def _named(content: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    if "media" in content:
        yield from _listed("media", content["media"])
    for key in ("thread", "comments"):
        for number, part in enumerate(_objects(content.get(key))):
            if "media" in part:
                yield from _listed(f"{key}/{number}/media", part["media"])
    link = content.get("link")
    if isinstance(link, dict) and "image" in link:
        yield "link/image", {"file": link["image"]}


def _listed(path: str, media: Json) -> Iterator[tuple[str, Mapping[str, Json]]]:
    for number, said in enumerate(_objects(media)):
        yield f"{path}/{number}", said
        if "thumbnail" in said:
            yield f"{path}/{number}/thumbnail", {"file": said["thumbnail"]}


def _objects(value: Json) -> list[Mapping[str, Json]]:
    return cast("list[Mapping[str, Json]]", value or [])


def _source(post: Post, known: str) -> MediaSource | None:
    return next((source for source in post.media if source.reference == known), None)


def _name(said: Mapping[str, Json], source: MediaSource | None) -> str:
    """What a person calls it, without anything that could drive a terminal."""
    if source is not None and source.path is not None:
        name = source.path.name
    else:
        name = reference(said).split("?", 1)[0].rstrip("/").rpartition("/")[2]
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name) or "the media"


def _kind_by_name(name: str) -> str:
    return _KINDS.get(name.rpartition(".")[2].lower(), "")


_KINDS: Final = {
    **dict.fromkeys(("jpg", "jpeg", "png", "webp"), "photo"),
    **dict.fromkeys(("mp4", "mov", "m4v", "avi", "webm"), "video"),
    **dict.fromkeys(("pdf", "doc", "docx", "ppt", "pptx"), "document"),
    "gif": "gif",
}
