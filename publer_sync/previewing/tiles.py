"""The pictures, videos and documents of a post, as tiles: each whole, with what a network would cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.networks.kinds import kind_of
from publer_sync.networks.table import NETWORKS
from publer_sync.previewing.page import Crop, Tile
from publer_sync.previewing.stills import info_of, note_of, of_bytes
from publer_sync.previewing.thumbnails import NO_PICTURE
from publer_sync.render.post.names import Names, file_name
from publer_sync.values.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from publer_sync.networks.media import MediaInfo
    from publer_sync.networks.table import Network
    from publer_sync.previewing.addresses import Addresses
    from publer_sync.previewing.thumbnails import Small, Thumbnails
    from publer_sync.values.content import Medium
    from publer_sync.values.model import Account, LivePost, Post

    OldPicture = Callable[[str, str], bytes | None]
    """The bytes of a picture by its digest; the name is where it may have been."""

TALL: Final = frozenset(("story", "reel", "short"))
"""Types that fill the screen of a phone, 9:16."""
STILL: Final = ("photo", "gif")


class PostMedia:
    """The media of one post; with `far`, its pictures are left out because it is too far ahead, with `whole` short videos play.

    With `old`, it left the calendar, and its files may have left too.
    """

    def __init__(
        self,
        post: Post,
        accounts: Sequence[Account],
        thumbnails: Thumbnails,
        addresses: Addresses,
        *,
        known: Mapping[str, str],
        far: bool = False,
        whole: bool = False,
        old: OldPicture | None = None,
    ) -> None:
        self._old, self._whole = old, whole
        self._thumbnails, self._addresses, self._far = thumbnails, addresses, far
        self._names = Names(post, known)
        self._files = {source.digest: source.path for source in post.media if source.path}
        self._networks = networks_of(accounts)
        self._described = any(network.takes_alt(post.content.type) for network in self._networks)
        self._tall = post.content.type in TALL

    def tiles(self, media: Iterable[Medium]) -> tuple[Tile, ...]:
        return tuple(self._tile(piece) for piece in media)

    def _tile(self, piece: Medium) -> Tile:
        file = self._files.get(piece.file)
        name = self._names.medium(piece.reference) or "a file"
        kind = kind_of(file.name if file else piece.url or name) or "photo"
        still = kind in STILL
        info = info_of(file) if file else None
        small, left_out = self._picture(piece.file if still else piece.thumbnail)
        if not still and not small.url and not self._far:
            small = self._still(file, piece)
        return Tile(
            kind=kind,
            name=file_name(name) if piece.url else name,
            alt=one_line(piece.alt),
            caption=one_line(piece.caption),
            note=", ".join(filter(None, (self._noted(file, piece, info), self._cover(piece)))),
            picture=small.url,
            width=small.width,
            height=small.height,
            lacks_alt=self._described and still and not piece.alt,
            tall=self._tall,
            crops=() if self._tall or not still else tuple(crops(info, self._networks)),
            address=self._address(file, piece),
            film=self._thumbnails.film(file) if file and kind == "video" and self._whole else "",
            left_out=left_out,
        )

    def _still(self, file: Path | None, piece: Medium) -> Small:
        """A frame of a video, or the first page of a document."""
        if file is not None:
            return self._thumbnails.still(file)
        found = self._bytes(piece)
        return (
            self._thumbnails.still_of_bytes(found, self._names.file(piece.file) or "")
            if found
            else NO_PICTURE
        )

    def _noted(self, file: Path | None, piece: Medium, info: MediaInfo | None) -> str:
        found = self._bytes(piece)
        name = self._names.file(piece.file) or "" if found else ""
        if found is not None and kind_of(name) not in STILL:
            return of_bytes(found, name, note_of)
        return _note(file, piece, info)

    def _bytes(self, piece: Medium) -> bytes | None:
        """Of a file that left the calendar."""
        if self._old is None or not piece.file:
            return None
        return self._old(piece.file, self._names.file(piece.file) or "")

    def _cover(self, piece: Medium) -> str:
        """The picture that stands for a video, by its name."""
        return f"cover {self.named(piece.thumbnail) or 'set'}" if piece.thumbnail else ""

    def _address(self, file: Path | None, piece: Medium) -> str:
        """Where it can be opened: at its own address, or in the repository."""
        if file is not None:
            return self._addresses.file(file) or ""
        if self._old is not None and piece.file:
            return self._addresses.gone(piece.file, self._names.file(piece.file) or "") or ""
        return piece.url if piece.url.startswith(("https://", "http://")) else ""

    def _picture(self, reference: str) -> tuple[Small, str]:
        """The picture, or why it is left out."""
        file = self._files.get(reference)
        if self._old is not None:  # its files are none of the calendar
            found = self._old(reference, self._names.file(reference) or "") if reference else None
            return (self._thumbnails.of_bytes(found) if found is not None else NO_PICTURE), ""
        if file is None or kind_of(file.name) not in STILL:
            return NO_PICTURE, ""
        if self._far:
            return NO_PICTURE, "far"
        small = self._thumbnails.of(file)
        return small, "" if small.url else "full" if self._thumbnails.full else "unreadable"

    def picture(self, reference: str) -> str:
        return self._picture(reference)[0].url

    def named(self, reference: str) -> str:
        return file_name(self._names.medium(reference) or "") if reference else ""


def tiles_in_publer(post: LivePost) -> tuple[Tile, ...]:
    """Without pictures."""
    return tuple(
        Tile(
            kind_of(piece.name) or "photo",
            one_line(piece.name) or "a file",
            one_line(piece.alt),
            note="in Publer",
        )
        for piece in post.pieces
    )


def networks_of(accounts: Iterable[Account]) -> list[Network]:
    return [NETWORKS[account.provider] for account in accounts if account.provider in NETWORKS]


def crops(info: MediaInfo | None, networks: Iterable[Network]) -> Iterable[Crop]:
    """What networks show of a picture whose shape they do not take, from its middle."""
    ratio = info.ratio if info else None
    for network in networks:
        limit = network.images.ratios if network.images else None
        if ratio is None or limit is None:
            continue
        low, high = limit
        if ratio < low:
            height = 100 * ratio / low
            yield Crop(
                network.label, "4:5" if low == 4 / 5 else f"{low:.2f}:1", 0, (100 - height) / 2, 100, height
            )
        elif ratio > high:
            width = 100 * high / ratio
            yield Crop(network.label, f"{high:g}:1", (100 - width) / 2, 0, width, 100)


def _note(file: Path | None, piece: Medium, info: MediaInfo | None) -> str:
    if file is None:
        return "not in the calendar folder" if piece.url else ""
    return "" if info is None or info.kind in STILL else note_of(file)
