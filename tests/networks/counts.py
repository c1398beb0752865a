"""How each network counts texts, where they stop, and which links are in them.

Each line has a text, what it counts where by how many characters, and the links that are found in it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from publer_sync.networks.counting import count, fits_surely
from publer_sync.networks.kinds import kind_of
from publer_sync.networks.links import MASTODON, find_addresses, find_links
from publer_sync.networks.table import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
TEXTS = (
    "Hello",
    "Hello 😀",
    f"Hello {FAMILY}",
    "日本語 hello",
    "e\u0301",
    "line\r\nline",
    "See example.com now",
    "See https://example.com/a_(b), and more",
    "https://example.com/?q=1&b=2.",
    "two: a.example.com, b.example.org",
    "1.5 and v2.0.1",
    ".com and a.",
    "a.b",
    "x.com",
    "http://x",
    "https://" + "b" * 63 + ".com",
    "https://" + "b" * 64 + ".com",
    "https://bücher.example/ö",
    "see münchen.de or kaufen.みんな",
    "mail me@example.com",
    "@user",
    "@user@example.social",
    "@one@a.social and @two@b.social",
    "@user@" + "h" * 253 + ".x",
    "see https://a.social/@user@b.social",
    "https://t.co/abc https://t.co/" + "q" * 41,
    "a_b.example.com",
    "-a.example.com",
    "example.com:8080/path?q",
    "example.com/" + "p" * 40,
    "ftp://example.com/x",
    "gemini://example.com/x",
    "javascript:alert(1).com",
)
LONG: dict[str, str] = {
    "letters": "a" * 6_000,
    "emoji": "😀" * 3_000,
    "Japanese letters": "語" * 3_000,
    "links": "https://example.com " * 300,
    "handles": "@user@example.social " * 300,
}


def texts() -> Iterator[str]:
    for text in TEXTS:
        shown = text if len(text) <= 80 else f"{text[:60]}… ({len(text)})"
        found: dict[str, list[str]] = defaultdict(list)
        for provider in NETWORKS:
            result = count(text, provider)
            found[f"{result.used} {result.unit}"].append(provider)
        told = "; ".join(f"{counted} on {', '.join(those)}" for counted, those in found.items())
        links = [
            [link.url[:60] for link in each]
            for each in (find_addresses(text), find_links(text), find_links(text, MASTODON))
        ]
        yield f"{shown!r} | {told} | addresses {links[0]}, on X {links[1]}, on Mastodon {links[2]}"


def long_texts() -> Iterator[str]:
    for name, text in LONG.items():
        for provider in NETWORKS:
            result = count(text, provider)
            cut = text[: result.stops_at] if result.stops_at is not None else text
            fits = count(cut, provider)
            sure = fits_surely(cut, provider, result.limit)
            why = f" ({', '.join(result.drivers)})" if result.drivers else ""
            yield f"{name} on {provider} | {result.used} of {result.limit} {result.unit}{why}, stops at {result.stops_at}, then {fits.used}{', surely fits' if sure else ''}"


def kinds() -> Iterator[str]:
    for name in (
        "a.jpg", "A.JPEG", "a.png", "a.gif", "a.mp4", "a.mov", "a.pdf", "a.docx", "a.txt", "a", "", "a.jpg?v=2", "a.jpg#x",
        "https://example.com/a.jpg?v=2", "https://example.com/a.mp4#t=1", "https://example.com/a?b=c.jpg", "what?.jpg",
    ):  # fmt: skip
        yield f"{name!r} | {kind_of(name)}"


SECTIONS = {"texts": texts, "long texts": long_texts, "kinds of files": kinds}
