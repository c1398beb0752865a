"""How long a text is for a network, where the network would cut it, and what made it long.

Exact where a network publishes its rules: X ("Counting characters", configuration 3), Bluesky (the lexicon
app.bsky.feed.post), Mastodon ("Posting to your profile") and Threads ("Posts"). Elsewhere a character is a code point.
How Publer counts is not documented.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from publer_sync.networks.links import MASTODON, Dialect, X, find_addresses, find_links
from publer_sync.networks.table import NETWORKS
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import regex

    from publer_sync.networks.limits import Unit
    from publer_sync.values.content import Content
    from publer_sync.values.model import Account

LINK_COST: Final = 23
"""How much a link counts on X and Mastodon, however long it is."""


@dataclass(frozen=True, slots=True)
class Count:
    """`stops_at` is the index in the text at which the limit falls, None where the text fits.

    `drivers` says in words what counts more or less than it seems, the most frequent first; `unit` is the word for what
    was counted.
    """

    used: int
    limit: int
    unit: str
    stops_at: int | None = None
    drivers: tuple[str, ...] = ()

    @property
    def over(self) -> int:
        return max(0, self.used - self.limit)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the text that cannot be cut, and how much it counts."""

    start: int
    end: int
    cost: int
    kind: str = ""


def count(text: str, provider: str, *, limit: int | None = None, spoiler: str = "") -> Count:
    """Count `text` as the network does. `limit` overrides the table's, see `limit_of`.

    `spoiler` is a Mastodon content warning, which shares the limit; links and handles in it are not shortened.
    """
    rule = NETWORKS[provider].text
    most = limit or rule.limit
    if spoiler and rule.unit == "mastodon":
        before = count_warning(spoiler, most).used
        rest = _count(text, rule.unit, max(0, most - before), None)
        stop = rest.stops_at if before <= most else 0
        return Count(
            rest.used + before, most, rest.unit, stop, (*rest.drivers, "the content warning counts too")
        )
    return _count(text, rule.unit, most, rule.max_bytes)


def count_warning(spoiler: str, limit: int) -> Count:
    """Count a content warning alone as Mastodon does, which shows it as it is written."""
    return _count(spoiler, "graphemes", limit, None)


def with_short_links(text: str) -> str:
    """A text as Bluesky's own app sends it: of each link the host, and a path of more than 15 characters cut.

    That is bluesky-social/social-app, src/lib/strings/url-helpers.ts; the link itself stays whole beside the text.
    """
    for link in reversed(find_addresses(text)):
        address = _SCHEME.sub("", link.url)
        host = _HOST.match(address)
        at = host.end() if host else 0
        path = address[at:].removeprefix("/") if address[at : at + 2] in ("/", "/?", "/#") else address[at:]
        if len(path) > _SHORT_PATH:
            path = f"{path[: _SHORT_PATH - 2]}..."
        text = f"{text[: link.start]}{address[:at]}{path}{text[link.end :]}"
    return text


_SCHEME: Final = late_pattern("https?://", re.IGNORECASE)
_HOST: Final = late_pattern("[^/?#]*")
_SHORT_PATH: Final = 15


def limit_of(account: Account, content: Content) -> int:
    """The limit for this post, or this part of a thread, on `account`: that of its server, if known."""
    rule = NETWORKS[account.provider].text
    if rule.long_limit and content.network.get("long_post") is True:
        return rule.long_limit
    if rule.caption_limit and content.media and content.type != "link":
        return rule.caption_limit
    return (rule.settable and account.max_characters) or rule.limit


def fits_surely(text: str, provider: str, limit: int) -> bool:
    """A quick check: True only if no way of counting exceeds the limit; False says nothing."""
    rule = NETWORKS[provider].text
    most, plain = len(text), text.isascii()
    if rule.max_bytes and (most if plain else 4 * most) > rule.max_bytes:
        return False
    if rule.unit == "weighted":
        most = LINK_COST * text.count(".") + (most if plain else 2 * len(unicodedata.normalize("NFC", text)))
    elif rule.unit == "mastodon":
        most += LINK_COST * text.count("://")
    elif rule.unit == "threads" and not plain:
        most *= 4
    return most <= limit


@lru_cache(maxsize=4096)
def _count(text: str, unit: Unit, limit: int, max_bytes: int | None) -> Count:
    """By `unit`, or in bytes if their limit is reached first."""
    found = _count_by(text, unit, limit)
    if max_bytes and 4 * len(text) > max_bytes and len(data := text.encode()) > max_bytes:
        stop = len(data[:max_bytes].decode(errors="ignore"))
        if found.stops_at is None or stop < found.stops_at:
            return Count(len(data), max_bytes, "bytes", stop)
    return found


def _count_by(text: str, unit: Unit, limit: int) -> Count:
    if unit == "characters":
        return Count(len(text), limit, "characters", limit if len(text) > limit else None)
    spans = _SPANS[unit](text)
    used = sum(span.cost for span in spans)
    used += sum(_cost(text[start:end], unit) for start, end in _gaps(text, spans))
    if used <= limit:
        return Count(used, limit, "characters")
    pieces = _pieces(text, unit, spans)
    drivers = _drivers(pieces)
    if unit == "graphemes" and find_addresses(text):
        drivers = ("a link counts in full",)
    return Count(used, limit, "characters", _stop(pieces, limit), drivers)


def _cost(part: str, unit: Unit) -> int:
    """Light letters count 1; only the others form clusters, with their neighbours."""
    if part.isascii() and "\r" not in part:
        return len(part)
    cost = len(part)
    for match in _HEAVY.finditer(part):
        run = part[max(0, match.start() - 1) : match.end() + 1]
        cost += _run_cost(run, unit) - len(run)
    return cost


@lru_cache(maxsize=16_384)
def _run_cost(run: str, unit: Unit) -> int:
    return sum(map(_COSTS[unit], clusters(run)))


_LIGHT: Final = "\t\n\u0020-\u007e\u00a0-\u00a8\u00aa-\u00ad\u00af-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u201f\u2032-\u2037"
_HEAVY: Final = late_pattern(f"[^{_LIGHT}]+(?:[{_LIGHT}][^{_LIGHT}]+)*")
"""Only these combine (with the letter before or after them), weigh more than 1 on X, or are emoji."""


def _gaps(text: str, spans: tuple[_Piece, ...]) -> Iterator[tuple[int, int]]:
    """Where the text between the spans starts and ends."""
    at = 0
    for span in spans:
        yield at, span.start
        at = span.end
    yield at, len(text)


def _pieces(text: str, unit: Unit, spans: tuple[_Piece, ...]) -> list[_Piece]:
    pieces = list(spans)
    for start, end in _gaps(text, spans):
        for match in _unicode(_CLUSTER).finditer(text, start, end):
            cluster = match[0]
            cost = _COSTS[unit](cluster)
            pieces.append(_Piece(match.start(), match.end(), cost, _kind(cluster, cost, unit)))
    return sorted(pieces, key=lambda piece: piece.start)


def _stop(pieces: list[_Piece], limit: int) -> int:
    """Where the first piece starts that no longer fits; together the pieces exceed the limit."""
    used = accumulate(piece.cost for piece in pieces)
    return next(piece.start for piece, total in zip(pieces, used, strict=True) if total > limit)


_DRIVERS: Final = {
    "link": f"a link counts {LINK_COST}",
    "emoji": "an emoji counts 2",
    "wide": "some characters, such as Chinese and Japanese ones, count 2",
    "bytes": "an emoji counts its bytes, usually 4 or more",
    "mention": "only the name in a handle counts",
}


def _drivers(pieces: list[_Piece]) -> tuple[str, ...]:
    kinds = [piece.kind for piece in pieces if piece.kind]
    return tuple(_DRIVERS[kind] for kind in sorted(set(kinds), key=lambda kind: (-kinds.count(kind), kind)))


def _kind(cluster: str, cost: int, unit: Unit) -> str:
    if unit in ("graphemes", "mastodon") or cluster.isascii():
        return ""
    if unit == "threads":
        return "bytes" if cost > len(cluster) else ""
    if _unicode(_EMOJI).search(cluster):
        return "emoji"
    return "wide" if cost > len(cluster) else ""


# --- one way of counting each ---------------------------------------------------------------------------------------


def _shortened(text: str, dialect: Dialect) -> tuple[_Piece, ...]:
    return tuple(_Piece(link.start, link.end, LINK_COST, "link") for link in find_links(text, dialect))


def _mastodon_spans(text: str) -> tuple[_Piece, ...]:
    """Links with a scheme count 23, and only `@user` of `@user@host` counts."""
    links = _shortened(text, MASTODON)
    if text.count("@") < 2:
        return links
    handles = (
        _Piece(match.start(), match.end(), len(match[1]), "mention")
        for match in _unicode(_HANDLE).finditer(text)
        if len(match[2]) <= 253
    )
    return tuple(_apart([*links, *handles]))


def _apart(pieces: list[_Piece]) -> Iterator[_Piece]:
    """In order, without those that overlap an earlier one."""
    end = 0
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if piece.start >= end:
            yield piece
            end = piece.end


_HANDLE: Final = r"(?<![\w/=])(@[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*+)@((?>[\w.-]+\w))(?![@＠]|://)"
"""A user's name is ASCII, a server's is not always."""


def _weigh(cluster: str) -> int:
    """X: an emoji counts 2 with all its parts, everything else counts by the weights of its composed form."""
    rest, emoji = _unicode(_EMOJI).subn("", cluster)
    return 2 * emoji + sum(
        1 if _WEIGH_ONE.match(letter) else 2 for letter in unicodedata.normalize("NFC", rest)
    )


_WEIGH_ONE: Final = late_pattern("[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
"""All others weigh 2 on X (its configuration 3)."""


def _weigh_by_bytes(cluster: str) -> int:
    """Threads: an emoji counts its bytes in UTF-8, everything else counts by code point."""
    return len(cluster.encode()) if _unicode(_PICTURE).search(cluster) else len(cluster)


_COSTS: Final[dict[Unit, Callable[[str], int]]] = {
    "weighted": cache(_weigh),
    "graphemes": lambda _: 1,
    "mastodon": lambda _: 1,
    "threads": cache(_weigh_by_bytes),
}
"""How much a cluster counts; cached, as a calendar uses few of them, many times."""
_SPANS: Final[dict[Unit, Callable[[str], tuple[_Piece, ...]]]] = {
    "weighted": lambda text: _shortened(text, X),
    "graphemes": lambda _: (),
    "mastodon": _mastodon_spans,
    "threads": lambda _: (),
}


# --- what a person sees as one character ----------------------------------------------------------------------------

_CLUSTER: Final = r"\p{Regional_Indicator}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+|\X"
r"""A grapheme cluster (Unicode annex 29); the library's own \X looks back over all flags before the one it reads."""


def clusters(text: str) -> list[str]:
    """What a person sees as one character each."""
    return [*text] if text.isascii() and "\r" not in text else _unicode(_CLUSTER).findall(text)


_ONE_EMOJI: Final = (
    r"(?:\p{Emoji_Modifier_Base}\uFE0F?\p{Emoji_Modifier}|\p{Emoji_Presentation}"
    r"|[\p{Emoji}--[\p{Emoji_Presentation}0-9#*]]\uFE0F)"
)
_EMOJI: Final = (
    r"[0-9#*]\uFE0F?\u20E3|\p{Regional_Indicator}{2}|\U0001F3F4[\U000E0061-\U000E007A]{5}\U000E007F"
    rf"|(?<!\u200D){_ONE_EMOJI}(?:\u200D{_ONE_EMOJI}){{1,3}}(?!\u200D{_ONE_EMOJI})|{_ONE_EMOJI}"
)
"""Sequences that make one emoji (Unicode annex 51); none joins more than four."""

_PICTURE: Final = r"[\p{Extended_Pictographic}\p{Emoji_Presentation}\uFE0F\u20E3]"
"""A cluster with one of these may be displayed as an emoji."""


@cache
def _unicode(pattern: str) -> regex.Pattern[str]:
    """Compiled by the library that knows Unicode's properties, which is loaded when a text needs it."""
    import regex

    return regex.compile(pattern, regex.VERSION1)
