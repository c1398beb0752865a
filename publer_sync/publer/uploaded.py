"""The media of a post as Publer has them: which have to be there, what the answers to uploads say, and their objects.

"Answer" is Publer's to an upload or an import, or what its library lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publer_sync.networks.table import Network
    from publer_sync.values.content import Comment, Content, Json, JsonObject, Medium, Part


class Unsendable(Exception):
    """Why a post cannot be sent with the media that Publer has; the text is for people."""


def references(content: Content) -> tuple[str, ...]:
    """Every piece of media the content needs an upload for, each once, in order."""
    return tuple(dict.fromkeys(_references(content)))


def _references(content: Content) -> Iterator[str]:
    own = content.media if content.type != "link" else ()
    for medium in (*own, *_later(content)):
        yield medium.reference
        if medium.thumbnail:
            yield medium.thumbnail
    if content.link and content.link.image and not is_url(content.link.image):
        yield content.link.image


def by_path(content: Content) -> frozenset[str]:
    """Those of the references that Publer takes by their path, not by their id."""
    later = _later(content)
    featured = content.media if content.type == "article" else ()
    covers = (medium.thumbnail for medium in (*content.media, *later))
    image = content.link.image if content.link else ""
    return frozenset({image, *covers, *(medium.reference for medium in (*later, *featured))} - {""})


def _later(content: Content) -> tuple[Medium, ...]:
    """The media of what follows the post."""
    parts: tuple[Part | Comment, ...] = (*content.thread, *content.comments)
    return tuple(medium for part in parts for medium in part.media)


def kind_of(answer: Mapping[str, Json]) -> str:
    """photo, gif, video or document, from Publer's answer to an upload."""
    said = str(answer.get("type") or "photo").lower()
    return "photo" if said == "image" else said


def medium_object(
    piece: Medium, answer: Mapping[str, Json], media: Mapping[str, Mapping[str, Json]]
) -> JsonObject:
    """Publer loses posts whose media is a URL instead of an id, so an answer has to have an id."""
    medium: JsonObject = {"id": answer["id"]}
    if answer.get("type"):
        medium["type"] = kind_of(answer)
    if piece.alt:
        medium["alt_text"] = piece.alt
    if piece.caption:
        medium["caption"] = piece.caption
    if piece.thumbnail:
        frames = [dict(frame) for frame in _objects(answer.get("thumbnails"))]
        chosen = answer_for(media, piece.thumbnail)
        frames.append({"id": chosen["id"], "small": still_of(chosen), "real": path_of(chosen)})
        medium["thumbnails"] = cast("list[Json]", frames)
        medium["default_thumbnail"] = len(frames) - 1
    return medium


def answer_for(media: Mapping[str, Mapping[str, Json]], reference: str) -> Mapping[str, Json]:
    """Publer's answer to an upload, by the reference that the content uses. Raises Unsendable without one."""
    try:
        return media[reference]
    except KeyError:
        raise Unsendable("its media has not been uploaded, as far as the state knows") from None


def check_fit(network: Network, type: str, answers: Sequence[Mapping[str, Json]]) -> None:
    """Raises Unsendable where media don't fit the post's type: Publer would lose the post, and says what each file fits."""
    said = [kind_of(answer) for answer in answers if answer.get("type")]
    pictures, film = type in ("photo", "gif"), "reel" if network.key == "instagram" else "video"
    odd, meant = None, None
    if "document" in said and type not in ("document", "article"):
        odd, meant = "document", "document, and give it a title" if "document" in network.types else None
    elif pictures and "video" in said:
        odd, meant = "video", film
    elif type in ("video", "reel", "short") and said and "video" not in said:
        odd, meant = said[0], "photo"
    if odd is not None:
        way = f"; write type: {meant}" if meant else f", which {network.label} does not show"
        raise Unsendable(f"this is a {type} post, but what Publer has for it is a {odd}{way}")
    for answer in answers if type in ("photo", "video") else ():
        fits = answer.get("validity")
        there = fits.get(network.key) if isinstance(fits, dict) else None
        if isinstance(there, dict) and there.get(type) is False:
            raise Unsendable(
                f"Publer says that this {type} does not fit {network.label} (media {answer['id']})"
            )


def path_of(answer: Mapping[str, Json]) -> Json:
    """The path of an uploaded file. Raises Unsendable if the answer has none."""
    if not answer.get("path"):
        raise Unsendable(f"Publer did not give the path of media {answer.get('id')}, which is needed here")
    return answer["path"]


def still_of(answer: Mapping[str, Json]) -> Json:
    """The small picture of it; an upload's answer names it, the library lists it under `thumbnails`."""
    if answer.get("thumbnail"):
        return answer["thumbnail"]
    return next((frame["small"] for frame in _objects(answer.get("thumbnails")) if frame.get("small")), None)


def _objects(value: Json) -> list[Mapping[str, Json]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def is_url(text: str) -> bool:
    return text.startswith(("http://", "https://"))
