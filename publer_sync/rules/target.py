"""What the rules check: a post on one network, its media, and both against the network's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publer_sync.networks.kinds import kind_of
from publer_sync.networks.media import BadMedia, inspect
from publer_sync.rules.rulebook import RULES, PostProblem, problem
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.values.content import Medium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from publer_sync.networks.media import MediaInfo
    from publer_sync.networks.table import Network
    from publer_sync.values.content import Comment, Content, Part
    from publer_sync.values.model import MediaSource, Post

    Inspector = Callable[[Post, Medium], MediaInfo | None]
    """What the file of a medium is; None if unknown. Raises BadMedia."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A medium at its place in a post. `kind` is photo, gif, video or document; "" if unknown, or if the file is bad."""

    path: str
    medium: Medium
    name: str
    kind: str
    info: MediaInfo | None = None

    @property
    def supporting(self) -> bool:
        """Whether it is a video's cover or a link's picture."""
        return self.path.endswith(("/thumbnail", "/image"))


@dataclass(frozen=True, slots=True)
class Target:
    """A post on one network; `media` is the post's own, `later_media` that of its thread and comments."""

    post: Post
    network: Network
    type: str
    media: tuple[Attachment, ...] = ()
    later_media: tuple[Attachment, ...] = ()

    @property
    def content(self) -> Content:
        return self.post.content

    @property
    def label(self) -> str:
        return self.network.label


def over_limit(
    target: Target,
    code: str,
    path: str,
    size: int,
    limit: int | None,
    *,
    start: str = "",
    end: str = "",
    say: str,
    soft_limit: int | None = None,
    soft_say: str = "",
    unit: Callable[[int], str] = str,
) -> Iterator[PostProblem]:
    """A problem if `size` is over the limit, worded "{start}{size}{end}; X allows {limit}"."""
    if limit and size > limit:
        message = f"{start}{unit(size)}{end}; {target.label} allows {unit(limit)}"
        yield problem(code, path, message, say)
    elif soft_limit and size > soft_limit:
        message = f"{start}{unit(size)}{end}; {target.label} may allow only {unit(soft_limit)}"
        yield problem(code, path, message, soft_say or say, soft=RULES[code].softer)


def to_leave_out(target: Target, code: str, key: str, message: str, fix: str) -> PostProblem:
    """A problem of a key that the network does not take; the example sets it to null there."""
    example = f"networks:\n  {target.network.code}:\n    {key}: null"
    return problem(code, key, message, f"{fix} for {target.label}", example=example)


def inspect_medium(post: Post, medium: Medium) -> MediaInfo | None:
    """What the file of a medium is; None if it has none or it cannot be read. Raises BadMedia as `media.inspect` does."""
    source = _source(post, medium)
    if source is None or source.path is None:
        return None
    try:
        return inspect(source.path)
    except OSError:
        return None


def attachments(post: Post, inspector: Inspector) -> Iterator[Attachment | PostProblem]:
    """Every medium of a post in order, and any problem with its file; a bad one still counts as a medium."""
    for path, medium in _media(post.content):
        name = _name(medium, _source(post, medium))
        try:
            info = inspector(post, medium)
        except BadMedia as bad:
            yield PostProblem(RULES[bad.code], path, bad.message, bad.help)
            yield Attachment(path, medium, name, "")
            continue
        yield Attachment(path, medium, name, info.kind if info else kind_of(name) or "", info)


def _media(content: Content) -> Iterator[tuple[str, Medium]]:
    yield from _with_covers("media", content.media)
    parts: dict[str, Sequence[Part | Comment]] = {"thread": content.thread, "comments": content.comments}
    for key, several in parts.items():
        for number, part in enumerate(several):
            yield from _with_covers(f"{key}/{number}/media", part.media)
    if content.link and content.link.image:
        yield "link/image", Medium(file=content.link.image)


def _with_covers(path: str, media: Sequence[Medium]) -> Iterator[tuple[str, Medium]]:
    for number, medium in enumerate(media):
        yield f"{path}/{number}", medium
        if medium.thumbnail:
            yield f"{path}/{number}/thumbnail", Medium(file=medium.thumbnail)


def _source(post: Post, medium: Medium) -> MediaSource | None:
    return next((source for source in post.media if source.reference == medium.reference), None)


def _name(medium: Medium, source: MediaSource | None) -> str:
    """What a person calls it, without anything that could control a terminal."""
    if source is not None and source.path is not None:
        name = source.path.name
    else:
        name = medium.reference.split("?", 1)[0].rstrip("/").rpartition("/")[2]
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name) or "the media"
