"""Rules about the pictures, videos and documents of a post: number, size, length and shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publer_sync.networks.limits import MB, UPLOAD_LIMIT
from publer_sync.rules.rulebook import problem
from publer_sync.rules.target import over_limit
from publer_sync.rules.text import excerpt
from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.networks.media import MediaInfo
    from publer_sync.networks.table import Network
    from publer_sync.rules.rulebook import PostProblem
    from publer_sync.rules.target import Attachment, Target

_TEMPORARY: Final = "/uploads/tmp/"
_PAGE: Final = late_pattern(
    r"""
    https?://(?:
        drive\.google\.com/(?: file/ | open\b )
      | www\.dropbox\.com/(?: s | scl )/ (?! .* [?&](?: dl | raw )=1 )
      | photos\.google\.com/ | photos\.app\.goo\.gl/
      | 1drv\.ms/
      | www\.canva\.com/design/
    )
    """,
    re.VERBOSE,
)
"""Where services show a file to people with whom it is shared."""
_VIDEO_TYPES: Final = ("video", "reel", "short")
_PICTURE_TYPES: Final = ("photo", "gif")


def check_upload(attachment: Attachment, network: Network | None) -> Iterator[PostProblem]:
    """What is wrong with a medium on every network, and with what is shown before or beside one."""
    if attachment.supporting:
        yield from _cover(attachment, network)
    if attachment.info is not None and attachment.info.size > UPLOAD_LIMIT:
        size, most = _megabytes(attachment.info.size), _megabytes(UPLOAD_LIMIT)
        message = f"{attachment.name} is {size}; Publer allows {most}"
        fix = "Make it smaller, or host it on the web and use its `url`"
        yield problem("media.large", attachment.path, message, fix)
    if attachment.kind == "document" and not _is_pdf(attachment):
        message = (
            f"{attachment.name} is not a PDF: Publer's newest documents allow no other documents, "
            "older ones Word and PowerPoint too"
        )
        yield problem("media.office", attachment.path, message, "Save it as a PDF")
    if _TEMPORARY in attachment.medium.url.partition("?")[0]:
        message = f"{attachment.name} is at an address that Publer keeps only for a while; it may be gone before the post is published"
        fix = "Save the file next to the calendar and name it with `file:`, or use the `id:` of a medium in the library"
        yield problem("media.expires", attachment.path, message, fix)
    if _PAGE.match(attachment.medium.url):
        message = f"{attachment.name} is at the address of a page that shows it; Publer fetches only the file itself"
        fix = (
            "Download the file, save it next to the calendar and name it with `file:`, or use its own address"
        )
        yield problem("media.page", attachment.path, message, fix)


def _cover(attachment: Attachment, network: Network | None) -> Iterator[PostProblem]:
    """The picture that is shown before a video, or for a link."""
    path, info = attachment.path, attachment.info
    if attachment.kind in ("video", "document"):
        what = "the thumbnail of a video" if path.endswith("/thumbnail") else "the picture of a link"
        message = f"{what} must be a picture; {attachment.name} is not"
        yield problem("media.cover", path, message, "Save a picture as JPG or PNG, and name that")
    most = network.video.thumbnail_bytes if network is not None and network.video is not None else None
    if network is not None and most and info is not None and info.size > most:
        message = f"{attachment.name} is {_megabytes(info.size)}; {network.label} may allow only {_megabytes(most)} for a thumbnail"
        yield problem("{network}.thumbnail.weight", path, message, "Make it smaller to be safe")


def _is_pdf(attachment: Attachment) -> bool:
    if attachment.info is not None:
        return attachment.info.mime == "application/pdf"
    return attachment.name.lower().endswith(".pdf")


def check_media(target: Target) -> Iterator[PostProblem]:
    if not target.media or target.type in ("link", "poll"):
        return
    yield from _kinds(target)
    yield from _number(target)
    for attachment in target.media:
        yield from _caption(attachment)
        if attachment.kind in ("photo", "gif", ""):
            yield from _alt(target, attachment)
        yield from check_file(target, attachment)
        if attachment.kind == "document" and attachment.info is not None:
            most = target.network.document_bytes
            yield from _weight(target, attachment, attachment.info, "document", most, None)


def _caption(attachment: Attachment) -> Iterator[PostProblem]:
    if attachment.medium.caption:
        message = f"Publer's documents name no network that shows the caption of {attachment.name}"
        yield problem(
            "media.caption", f"{attachment.path}/caption", message, "Put the words in the post's text"
        )


def check_file(target: Target, attachment: Attachment) -> Iterator[PostProblem]:
    """The network's rules about one picture or video by itself."""
    if attachment.info is None:
        return
    if attachment.kind == "video":
        yield from _video(target, attachment, attachment.info)
    elif attachment.kind in ("photo", "gif"):
        yield from _image(target, attachment, attachment.info)


# --- what goes together ---------------------------------------------------------------------------------------------


def _kinds(target: Target) -> Iterator[PostProblem]:
    """Whether the media makes a post of its type. Media of an unknown kind may be anything."""
    kinds = [attachment.kind for attachment in target.media]
    videos, gifs = kinds.count("video"), kinds.count("gif")
    pictures = kinds.count("photo") + gifs
    mixed, fix = "", "Remove one of the two, or make two posts"
    if videos and pictures and not target.network.mixes:
        mixed = "pictures or a video, not both"
    elif target.network.key == "threads" and 0 < gifs < pictures:
        mixed = "pictures or a GIF, not both"
    elif videos > 1 and target.type not in _VIDEO_TYPES and not target.network.mixes:
        mixed, fix = "only one video in a post", "Make two posts"
    if mixed:
        yield problem("media.mixed", "media", f"{target.label} allows {mixed}", fix)
    elif message := _not_of_its_type(target, kinds, videos, pictures):
        fix = "Change the type, or remove `type:` to have it inferred"
        yield problem("type.media", "media", message, fix)


def _not_of_its_type(target: Target, kinds: list[str], videos: int, pictures: int) -> str:
    kind, number, documents = target.type, len(kinds), kinds.count("document")
    if kind in _VIDEO_TYPES and (number > 1 or pictures or documents):
        return f"a {kind} is one video and nothing else"
    if kind in _PICTURE_TYPES and (videos or documents):
        return f"a {kind} post can only have pictures"
    if kind == "gif" and "photo" in kinds:
        return "a gif post can only have a GIF"
    if kind == "story" and (number > 1 or documents):
        return "a story is one picture or one video"
    if kind == "carousel" and number < 2 and not target.content.network.get("sublinks"):
        return "a carousel needs at least two pictures"
    if kind == "document" and (videos or (documents and number > 1)):
        return "a document is one PDF, or several pictures"
    if kind == "status":
        return "a status cannot have media"
    if kind == "article" and videos:
        return "an article can only have a picture"
    if documents and kind != "document":
        return f"{target.label} does not allow documents in {kind} posts"
    return ""


def _number(target: Target) -> Iterator[PostProblem]:
    limit, kinds = target.network.images, [attachment.kind for attachment in target.media]
    if limit is None or target.type in _VIDEO_TYPES or "document" in kinds:
        return
    number = len(kinds)
    if target.network.key in ("twitter", "mastodon") and "gif" in kinds and number > 1:
        message = f"a GIF must be the only media of a post on {target.label}; this post has {number}"
        yield problem("{network}.media.count", "media", message, "Keep either the GIF or the pictures")
        return
    yield from over_limit(
        target,
        "{network}.media.count",
        "media",
        number,
        limit.count,
        soft_limit=limit.soft_count,
        end=" pictures",
        say=f"Remove {number - limit.count}, or give {target.label} its own `media` under `networks`",
        soft_say=f"Keep {limit.soft_count} to be safe",
    )


# --- pictures -------------------------------------------------------------------------------------------------------


def _alt(target: Target, attachment: Attachment) -> Iterator[PostProblem]:
    alt, limit = attachment.medium.alt, target.network.images
    if not alt:
        if target.network.takes_alt(target.type) and attachment.kind:
            message = f"{attachment.name} has no alt text"
            fix = "Describe the picture for people who cannot see it"
            example = "alt: A bicycle with its lamp on, at dusk"
            yield problem("media.no-alt", attachment.path, message, fix, example=example)
        return
    if (what := _no_description(alt)) is not None:
        message = f"the alt text {excerpt(alt)} of {attachment.name} {what}"
        say = "Describe the picture for people who cannot see it"
        yield problem("alt.words", f"{attachment.path}/alt", message, say, example="alt: A bicycle at dusk")
    if limit:
        yield from over_limit(
            target,
            "{network}.alt.length",
            f"{attachment.path}/alt",
            len(alt),
            limit.alt_length,
            start="the alt text has ",
            end=" characters",
            say="Shorten it",
        )


def _image(target: Target, attachment: Attachment, info: MediaInfo) -> Iterator[PostProblem]:
    limit, gif, name, path = target.network.images, attachment.kind == "gif", attachment.name, attachment.path
    if limit is None:
        return
    most = limit.gif_bytes if gif and limit.gif_bytes else limit.max_bytes
    yield from _weight(target, attachment, info, "image", most, limit.soft_bytes)
    if gif:
        yield from over_limit(
            target,
            "{network}.image.frames",
            path,
            info.frames or 0,
            limit.gif_frames,
            start=f"{name} has ",
            end=" frames",
            say="Shorten it, or make it a video",
        )
    if gif and limit.gif_sides and info.width and info.height:
        width, height = limit.gif_sides
        if info.width > width or info.height > height:
            allowed = f"{target.label} allows a GIF of {width} x {height}"
            message = f"{name} is {info.width} x {info.height} pixels; {allowed}"
            yield problem("{network}.image.large", path, message, "Make it smaller, or make it a video")
    if limit.min_side and info.width and info.width < limit.min_side:
        message = f"{name} is {info.width} pixels wide; {target.label} requires {limit.min_side}"
        yield problem("{network}.image.small", path, message, "Use a larger picture")
    if limit.ratios and info.ratio and target.type not in ("story", "reel"):
        low, high = limit.ratios
        if not low * 0.99 <= info.ratio <= high * 1.01:
            shape = "taller than 4:5" if info.ratio < low else "wider than 1.91:1"
            message = f"{name} is {shape} ({info.width} x {info.height}); {target.label} will crop it"
            yield problem("{network}.image.shape", path, message, "Crop it yourself to choose what is kept")


# --- videos ---------------------------------------------------------------------------------------------------------


def _video(target: Target, attachment: Attachment, info: MediaInfo) -> Iterator[PostProblem]:
    limit, seconds, name, path = target.network.video, info.duration, attachment.name, attachment.path
    if limit is None:
        return
    yield from _weight(target, attachment, info, "video", limit.max_bytes, limit.soft_bytes)
    if limit.ratios and info.ratio and not _between(info.ratio, *limit.ratios):
        shape = f"a shape between {limit.ratios[0]} and {limit.ratios[1]}"
        message = f"{name} is {info.width} x {info.height}; {target.label} requires {shape}"
        yield problem("{network}.video.shape", path, message, "Crop it, or add bars at the sides")
    if seconds is None:
        return
    code, what = "{network}.video.length", ""
    least, most, soft = limit.min_seconds, limit.max_seconds, limit.soft_seconds
    if target.type in limit.by_type:
        (least, most), soft, what = limit.by_type[target.type], None, f" for a {target.type}"
    lasts = f"{name} lasts {_time(seconds)}; {target.label}"
    if least and seconds < least:
        yield problem(code, path, f"{lasts} requires at least {_time(least)}{what}", "Use a longer one")
    elif most and seconds > most + 0.5:
        fix = f"Cut it, or remove {target.network.code} from `accounts`"
        yield problem(code, path, f"{lasts} allows {_time(most)}{what}", fix)
    elif soft and seconds > soft + 0.5:
        fix = "Cut it, or check that the account may post longer videos"
        yield problem(code, path, f"{lasts} may allow only {_time(soft)}", fix, soft=True)


def _between(ratio: float, low: str, high: str) -> bool:
    """Allows a hundredth more: sides are whole pixels, and often a multiple of 16."""
    tall, wide = (float(w) / float(h) for w, h in (low.split(":"), high.split(":")))
    return tall * 0.99 <= ratio <= wide * 1.01


def _weight(
    target: Target, attachment: Attachment, info: MediaInfo, what: str, most: int | None, soft: int | None
) -> Iterator[PostProblem]:
    own = f", or give {target.label} its own `media` under `networks`"
    yield from over_limit(
        target,
        f"{{network}}.{what}.weight",
        attachment.path,
        info.size,
        most,
        soft_limit=soft,
        start=f"{attachment.name} is ",
        say="Make it smaller" + own * attachment.path.startswith("media/"),
        soft_say="Make it smaller to be safe",
        unit=_megabytes,
    )


def _megabytes(size: int) -> str:
    """Rounded up, so that a size over a limit never looks like the limit."""
    if size * 10 % MB:
        return f"{-(-size * 100 // MB) / 100:.2f} MB"
    return f"{size / MB:.1f} MB"


def _time(seconds: float) -> str:
    """Rounded down below a minute, so that a video that is too short never looks long enough."""
    if seconds < 60:
        return f"{int(seconds * 100) / 100:g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


_FILE_NAME: Final = late_pattern(
    r"""
    \S+\.(?:jpe?g|png|gif|webp|heic|avif|bmp|tiff?|svg|mp4|mov|m4v|webm|pdf)
    | (?:IMG|DSC|DSCF|DSCN|PXL|MVIMG|Screenshot|Bildschirmfoto|Skjermbilde|Capture)
      (?:[ _-](?:from|at|vom|fra))? [ _-]? E? \(?\d
      (?:
          [\d\s_.:()-]
        | (?<=\s)(?:at|um|kl|AM|PM|copy|Kopie|kopi|edited)\b  # a time, or which of several it is
        | (?<=[_.-])[^\W\d_]+  # the app that it shows
      )*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NO_WORDS: Final = frozenset(
    [
        "alt",
        "alternative",
        "text",
        "alttext",
        "alt-text",
        "image",
        "img",
        "picture",
        "pic",
        "photo",
        "foto",
        "bild",
        "bilde",
        "imagen",
        "immagine",
        "imagem",
        "afbeelding",
        "billede",
        "todo",
        "tbd",
        "na",
        "n/a",
        "none",
        "null",
        "empty",
        "x",
        "xx",
        "xxx",
        "test",
        "untitled",
        "placeholder",
        "description",
        "beskrivelse",
        "beschreibung",
    ]
) | {"alt text", "no alt", "no alt text", "alternative text", "the alt text"}


def _no_description(alt: str) -> str | None:
    """Why an alt text describes nothing, as the end of a sentence; None if it may."""
    words = alt.strip().strip(".:!…").lower()
    if not any(letter.isalnum() for letter in alt) and all(ord(letter) < 0x2100 for letter in alt):
        return "has no words"
    if _FILE_NAME.fullmatch(alt.strip()):
        return "is the name of a file"
    return "describes nothing" if words in _NO_WORDS else None
