"""What a network says against the pictures and videos of one post: how many, how heavy, how long, of which shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.networks.limits import MB, UPLOAD_LIMIT
from publer_sync.rules.rulebook import RULES, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.networks.media import MediaInfo
    from publer_sync.rules.rulebook import Case, Piece

_VIDEO_TYPES: Final = ("video", "reel", "short")
_PICTURE_TYPES: Final = ("photo", "gif")
_BARE_TYPES: Final = ("status",)


def judge_piece(piece: Piece) -> Iterator[Finding]:
    """What is wrong with a piece of media on every network."""
    if piece.info is not None and piece.info.size > UPLOAD_LIMIT:
        yield Finding(
            RULES["media.large"],
            piece.path,
            f"{piece.name} has {_megabytes(piece.info.size)}; Publer takes files up to {_megabytes(UPLOAD_LIMIT)}",
            "Make it smaller, or put it on the web and name its address: url: https://…",
        )


def judge_media(case: Case) -> Iterator[Finding]:
    if not case.pieces or case.type in ("link", "poll"):
        return
    yield from _kinds(case)
    yield from _number(case)
    for piece in case.pieces:
        if piece.kind in ("photo", "gif", ""):
            yield from _alt(case, piece)
        yield from judge_file(case, piece)
        most = case.network.document_bytes
        if piece.kind == "document" and piece.info is not None:
            yield from _weight(case, piece, piece.info, "{network}.document.weight", most, None)


def judge_file(case: Case, piece: Piece) -> Iterator[Finding]:
    """What the network says against one picture or video by itself."""
    if piece.info is None:
        return
    if piece.kind == "video":
        yield from _video(case, piece, piece.info)
    elif piece.kind in ("photo", "gif"):
        yield from _image(case, piece, piece.info)


# --- what goes with what --------------------------------------------------------------------------------------------


def _kinds(case: Case) -> Iterator[Finding]:
    """Whether the media makes a post of its type. A piece of unknown kind may be anything."""
    kinds = [piece.kind for piece in case.pieces]
    videos, documents, number = kinds.count("video"), kinds.count("document"), len(kinds)
    pictures = kinds.count("photo") + kinds.count("gif")
    said: str | None = None
    if case.type in _VIDEO_TYPES and (number > 1 or pictures or documents):
        said = f"a {case.type} is one video and nothing else"
    elif case.type in _PICTURE_TYPES and (videos or documents):
        said = f"a {case.type} post has pictures alone"
    elif case.type == "gif" and "photo" in kinds:
        said = "a gif post shows a GIF, here is another picture"
    elif case.type == "story" and (number > 1 or documents):
        said = "a story is one picture or one video"
    elif case.type == "carousel" and number < 2 and not case.content.network.get("sublinks"):
        said = "a carousel has at least two pictures"
    elif case.type == "document" and (videos or (documents and number > 1)):
        said = "a document is one PDF, or some pictures"
    elif case.type in _BARE_TYPES:
        said = f"a {case.type} has no media"
    elif documents and case.type != "document":
        said = f"{case.label} shows no documents in {case.type} posts"
    if videos and pictures and not case.network.mixes:
        yield Finding(
            RULES["media.mixed"],
            "media",
            f"{case.label} shows pictures or a video, not both",
            "Take one of the two away, or make two posts of it",
        )
    elif case.network.key == "threads" and 0 < kinds.count("gif") < pictures:
        yield Finding(
            RULES["media.mixed"],
            "media",
            f"{case.label} shows pictures or a GIF, not both",
            "Take one of the two away, or make two posts of it",
        )
    elif videos > 1 and case.type not in _VIDEO_TYPES and not case.network.mixes:
        yield Finding(
            RULES["media.mixed"], "media", f"{case.label} shows one video in a post", "Make two posts of it"
        )
    elif said:
        yield Finding(RULES["type.media"], "media", said, "Say another type, or leave it out: it is inferred")


def _number(case: Case) -> Iterator[Finding]:
    limit = case.network.images
    if limit is None or case.type in _VIDEO_TYPES or "document" in {piece.kind for piece in case.pieces}:
        return
    number = len(case.pieces)
    gifs = sum(piece.kind == "gif" for piece in case.pieces)
    if case.network.key in ("twitter", "mastodon") and gifs and number > 1:
        yield Finding(
            RULES["{network}.media.count"],
            "media",
            f"{case.label} shows one GIF alone in a post, here are {number} pieces",
            "Keep the GIF or the pictures",
        )
    elif number > limit.count:
        yield Finding(
            RULES["{network}.media.count"],
            "media",
            f"{number} pictures; {case.label} takes {limit.count}",
            f"Take {number - limit.count} away, or give {case.label} its own `media` under `networks`",
        )
    elif limit.soft_count and number > limit.soft_count:
        yield Finding(
            RULES["{network}.media.count"],
            "media",
            f"{number} pictures; {case.label} takes {limit.count}, Publer may take only {limit.soft_count}",
            f"{limit.soft_count} are safe",
            soft=True,
        )


# --- pictures -------------------------------------------------------------------------------------------------------


def _alt(case: Case, piece: Piece) -> Iterator[Finding]:
    alt, limit = piece.said.alt, case.network.images
    if not alt:
        if case.network.alt and piece.kind:
            yield Finding(
                RULES["media.no-alt"],
                piece.path,
                f"{piece.name} has no description (alt text)",
                "alt: What is to be seen, for people who cannot see it",
            )
    elif limit and limit.alt_length and len(str(alt)) > limit.alt_length:
        yield Finding(
            RULES["{network}.alt.length"],
            f"{piece.path}/alt",
            f"the description is {len(str(alt))} characters, {case.label} takes {limit.alt_length}",
            "Shorten it",
        )


def _image(case: Case, piece: Piece, info: MediaInfo) -> Iterator[Finding]:
    limit, gif = case.network.images, piece.kind == "gif"
    if limit is None:
        return
    most = limit.gif_bytes if gif and limit.gif_bytes else limit.max_bytes
    yield from _weight(case, piece, info, "{network}.image.weight", most, limit.soft_bytes)
    if gif and limit.gif_frames and (info.frames or 0) > limit.gif_frames:
        yield Finding(
            RULES["{network}.image.frames"],
            piece.path,
            f"{piece.name} has {info.frames} frames, {case.label} takes {limit.gif_frames}",
            "Shorten it, or make it a video",
        )
    if gif and limit.gif_sides and info.width and info.height:
        width, height = limit.gif_sides
        if info.width > width or info.height > height:
            yield Finding(
                RULES["{network}.image.large"],
                piece.path,
                f"{piece.name} is {info.width} x {info.height} pixels, {case.label} takes a GIF of {width} x {height}",
                "Make it smaller, or make it a video",
            )
    if limit.min_side and info.width and info.width < limit.min_side:
        yield Finding(
            RULES["{network}.image.small"],
            piece.path,
            f"{piece.name} is {info.width} pixels wide, {case.label} wants {limit.min_side}",
            "Use a larger picture",
        )
    if limit.ratios and info.ratio and case.type not in ("story", "reel"):
        low, high = limit.ratios
        if not low * 0.99 <= info.ratio <= high * 1.01:
            tall = info.ratio < low
            yield Finding(
                RULES["{network}.image.shape"],
                piece.path,
                f"{piece.name} is {'taller than 4:5' if tall else 'wider than 1.91:1'} "
                f"({info.width} x {info.height}); {case.label} will crop it",
                "Crop it yourself, so that nothing is lost",
            )


# --- videos ---------------------------------------------------------------------------------------------------------


def _video(case: Case, piece: Piece, info: MediaInfo) -> Iterator[Finding]:
    limit, seconds = case.network.video, info.duration
    if limit is None:
        return
    yield from _weight(case, piece, info, "{network}.video.weight", limit.max_bytes, limit.soft_bytes)
    if limit.ratios and info.ratio and not _between(info.ratio, *limit.ratios):
        low, high = limit.ratios
        yield Finding(
            RULES["{network}.video.shape"],
            piece.path,
            f"{piece.name} is {info.width} x {info.height}; {case.label} wants a shape between {low} and {high}",
            "Crop it, or put bars beside it",
        )
    if seconds is None:
        return
    least, hard, soft, what = limit.min_seconds, limit.max_seconds, limit.soft_seconds, ""
    if case.type in limit.by_type:
        (least, hard), soft, what = limit.by_type[case.type], None, f" for a {case.type}"
    rule = RULES["{network}.video.length"]
    if least and seconds < least:
        yield Finding(
            rule,
            piece.path,
            f"{piece.name} lasts {_time(seconds)}; {case.label} wants at least {_time(least)}{what}",
            "Use a longer one",
        )
    elif hard and seconds > hard + 0.5:
        yield Finding(
            rule,
            piece.path,
            f"{piece.name} lasts {_time(seconds)}; {case.label} takes {_time(hard)}{what}",
            f"Cut it, or leave {case.network.code} out",
        )
    elif soft and seconds > soft + 0.5:
        yield Finding(
            rule,
            piece.path,
            f"{piece.name} lasts {_time(seconds)}; {case.label} may take only {_time(soft)}",
            "Cut it, or look whether the account may post longer ones",
            soft=True,
        )


def _between(ratio: float, low: str, high: str) -> bool:
    """A hundredth more is let through: sides are whole pixels, and often a multiple of 16."""
    tall, wide = (float(w) / float(h) for w, h in (low.split(":"), high.split(":")))
    return tall * 0.99 <= ratio <= wide * 1.01


def _weight(
    case: Case, piece: Piece, info: MediaInfo, code: str, most: int | None, soft: int | None
) -> Iterator[Finding]:
    if most and info.size > most:
        yield Finding(
            RULES[code],
            piece.path,
            f"{piece.name} has {_megabytes(info.size)}, {case.label} takes {_megabytes(most)}",
            "Make it smaller"
            + f", or give {case.label} its own `media` under `networks`" * piece.path.startswith("media/"),
        )
    elif soft and info.size > soft:
        yield Finding(
            RULES[code],
            piece.path,
            f"{piece.name} has {_megabytes(info.size)}, {case.label} may take only {_megabytes(soft)}",
            "Make it smaller to be safe",
            soft=True,
        )


def _megabytes(size: int) -> str:
    """Rounded up, so that what exceeds a limit never looks like it."""
    if size * 10 % MB:
        return f"{-(-size * 100 // MB) / 100:.2f} MB"
    return f"{size / MB:.1f} MB"


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{int(seconds * 100) / 100:g} s"  # rounded down: what is too short never looks long enough
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
