"""What a medium is by its extension: for media on the web, and before a file is opened."""

from __future__ import annotations

import re
from typing import Final, Literal

MediaKind = Literal["photo", "gif", "video", "document"]

_KINDS: Final[dict[str, MediaKind]] = {
    "gif": "gif",
    **dict.fromkeys(("jpg", "jpeg", "png", "webp", "heic", "bmp", "tif", "tiff", "avif"), "photo"),
    **dict.fromkeys(("mp4", "mov", "m4v", "avi", "mkv", "webm", "mpg", "mpeg", "wmv", "3gp"), "video"),
    **dict.fromkeys(("flv", "ogv", "mts", "m2ts"), "video"),
    **dict.fromkeys(("pdf", "doc", "docx", "ppt", "pptx", "odt", "odp"), "document"),
}


def kind_of(name: str) -> MediaKind | None:
    """None if the extension of a file name or address does not tell."""
    path = re.split("[?#]", name, maxsplit=1)[0] if "://" in name else name
    return _KINDS.get(path.rpartition(".")[2].lower())
