"""How long a text is for a network, where it stops, and what made it long.

Exact where a network publishes its rules: X ("Counting characters", configuration 3), Bluesky (the lexicon
app.bsky.feed.post), Mastodon ("Posting to your profile") and Threads ("Posts"). Elsewhere a character is a code point.
How Publer itself counts is not documented.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from publer_sync.networks.table import NETWORKS, Unit
from publer_sync.networks.tlds import TLDS, UNICODE_TLDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import regex

    from publer_sync.model import Account, Json

LINK_COST: Final = 23
"""What a link counts on X and Mastodon, however long it is."""


@dataclass(frozen=True, slots=True)
class Count:
    """`stops_at` is the index in the text at which the limit falls, None where the text fits.

    `drivers` says in words what counts other than it looks, the most frequent first. `unit` is what a person calls
    what was counted.
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
class Link:
    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text that cannot be cut, and what it costs."""

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
        before = _count(spoiler, "graphemes", most, None).used
        rest = _count(text, rule.unit, max(0, most - before), None)
        stop = rest.stops_at if before <= most else 0
        return Count(rest.used + before, most, rest.unit, stop, (*rest.drivers, "the warning counts too"))
    return _count(text, rule.unit, most, rule.max_bytes)


def limit_of(account: Account, content: Mapping[str, Json]) -> int:
    """What `account` takes in this post, or in this part of a thread: its own server's limit, where that is known."""
    rule = NETWORKS[account.provider].text
    if rule.long_limit and content.get("long_post") is True:
        return rule.long_limit
    if rule.caption_limit and content.get("media") and content.get("type") != "link":
        return rule.caption_limit
    return (rule.settable and account.max_characters) or rule.limit


def fits_surely(text: str, provider: str, limit: int) -> bool:
    """A cheap bound: True only where no way of counting can exceed the limit; False says nothing."""
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
    """By `unit`, or in bytes where those stop the text first."""
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
    return Count(used, limit, "characters", _stop(pieces, limit), _drivers(pieces))


def _cost(part: str, unit: Unit) -> int:
    """Light letters cost 1; only around others are there clusters to be told apart."""
    if part.isascii() and "\r" not in part:
        return len(part)
    cost, at = len(part), 0
    for match in _HEAVY.finditer(part):
        run = part[max(at, match.start() - 1) : match.end()]
        cost += _run_cost(run, unit) - len(run)
        at = match.end()
    return cost


@lru_cache(maxsize=16_384)
def _run_cost(run: str, unit: Unit) -> int:
    return sum(map(_COSTS[unit].__getitem__, _clusters().findall(run)))


_HEAVY: Final = re.compile(
    "[^\t\n\u0020-\u007e\u00a0-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u201f\u2032-\u2037]+"
)
"""Only these combine, weigh more than 1 on X, or make an emoji (with the letter before them)."""


def _gaps(text: str, spans: tuple[_Piece, ...]) -> Iterator[tuple[int, int]]:
    """What lies between the spans."""
    at = 0
    for span in spans:
        yield at, span.start
        at = span.end
    yield at, len(text)


def _pieces(text: str, unit: Unit, spans: tuple[_Piece, ...]) -> list[_Piece]:
    pieces = list(spans)
    for start, end in _gaps(text, spans):
        for match in _clusters().finditer(text, start, end):
            cluster = match[0]
            cost = _COSTS[unit][cluster]
            pieces.append(_Piece(match.start(), match.end(), cost, _kind(cluster, cost, unit)))
    return sorted(pieces, key=lambda piece: piece.start)


def _stop(pieces: list[_Piece], limit: int) -> int:
    """Where the piece starts that no longer fits; together the pieces exceed the limit."""
    used = accumulate(piece.cost for piece in pieces)
    return next(piece.start for piece, total in zip(pieces, used, strict=True) if total > limit)


_DRIVERS: Final = {
    "link": f"a link counts {LINK_COST}",
    "emoji": "an emoji counts 2",
    "wide": "some characters, such as Chinese and Japanese ones, count 2",
    "bytes": "an emoji counts as its bytes, mostly 4 and more",
    "mention": "of a handle only the name counts",
}


def _drivers(pieces: list[_Piece]) -> tuple[str, ...]:
    kinds = [piece.kind for piece in pieces if piece.kind]
    return tuple(_DRIVERS[kind] for kind in sorted(set(kinds), key=lambda kind: (-kinds.count(kind), kind)))


def _kind(cluster: str, cost: int, unit: Unit) -> str:
    if unit in ("graphemes", "mastodon") or cluster.isascii():
        return ""
    if _is_emoji(cluster):
        return "bytes" if unit == "threads" else "emoji"
    return "wide" if cost > len(cluster) else ""


# --- one way of counting each ---------------------------------------------------------------------------------------


def _links_cost(text: str, *, bare: bool) -> tuple[_Piece, ...]:
    return tuple(_Piece(link.start, link.end, LINK_COST, "link") for link in find_links(text, bare=bare))


def _mastodon_spans(text: str) -> tuple[_Piece, ...]:
    """Links with http(s) count 23, and of `@user@host` only `@user` counts."""
    links = _links_cost(text, bare=False)
    if text.count("@") < 2:
        return links
    handles = [
        _Piece(match.start(), match.end(), len(match[1]), "mention")
        for match in _HANDLE.finditer(text)
        if not any(link.start < match.end() and match.start() < link.end for link in links)
    ]
    return tuple(sorted([*links, *handles], key=lambda piece: piece.start))


_HANDLE: Final = re.compile(r"(?<![\w/=@])(@\w+(?:[\w.-]*\w)?)@[\w.-]*\w")


def _weigh(cluster: str) -> int:
    """X: a sequence of emoji counts 2, everything else by the weights of its composed form."""
    if _is_emoji(cluster):
        return 2
    return sum(
        1 if any(low <= ord(letter) <= high for low, high in _LIGHT) else 2
        for letter in unicodedata.normalize("NFC", cluster)
    )


_LIGHT: Final = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""Code points that weigh 1 on X; all others weigh 2 (X's configuration 3)."""


def _weigh_by_bytes(cluster: str) -> int:
    """Threads: an emoji counts as its bytes in UTF-8, everything else by code point."""
    return len(cluster.encode()) if _is_emoji(cluster) else len(cluster)


class _Costs(dict[str, int]):
    """What a cluster costs, worked out once: a calendar uses few of them, many times."""

    def __init__(self, cost: Callable[[str], int]) -> None:
        self.cost = cost

    def __missing__(self, cluster: str) -> int:
        self[cluster] = found = self.cost(cluster)
        return found


_COSTS: Final[dict[Unit, _Costs]] = {
    "weighted": _Costs(_weigh),
    "graphemes": _Costs(lambda _: 1),
    "mastodon": _Costs(lambda _: 1),
    "threads": _Costs(_weigh_by_bytes),
}

_SPANS: Final[dict[Unit, Callable[[str], tuple[_Piece, ...]]]] = {
    "weighted": lambda text: _links_cost(text, bare=True),
    "graphemes": lambda _: (),
    "mastodon": _mastodon_spans,
    "threads": lambda _: (),
}


# --- what a person sees as one character ----------------------------------------------------------------------------


@cache
def _patterns() -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """A grapheme cluster (Unicode annex 29), and the mark of an emoji in it (annex 51)."""
    import regex

    marks = (
        r"\p{Emoji_Presentation}|[\p{Emoji}&&[^0-9#*]]\uFE0F|[0-9#*]\uFE0F?\u20E3|\p{Regional_Indicator}{2}"
    )
    return regex.compile(r"\X"), regex.compile(marks, regex.VERSION1)


def _clusters() -> regex.Pattern[str]:
    return _patterns()[0]


def _is_emoji(cluster: str) -> bool:
    return not cluster.isascii() and bool(_patterns()[1].search(cluster))


# --- links ----------------------------------------------------------------------------------------------------------

_LABEL = r"[^\W_](?:[^\W]|-)*"
_ASCII_LABEL = r"[A-Za-z0-9\u00c0-\u024f](?:[A-Za-z0-9\u00c0-\u024f-]*[A-Za-z0-9\u00c0-\u024f])?"
_IN_PATH = r"[A-Za-z0-9\u00c0-\u024f\u0400-\u04ff!*';:=+,.$/%\#\[\]\-\u2013_~@|&]"
_PATH_END = r"[A-Za-z0-9\u00c0-\u024f\u0400-\u04ff=_\#/+-]"
_PARENS = rf"\((?:{_IN_PATH}|\({_IN_PATH}*\))*\)"
_TAIL = re.compile(
    rf"""
    (?: : [0-9]+ )?
    (?: / (?: (?: {_IN_PATH} | {_PARENS} )* (?: {_PATH_END} | {_PARENS} ) )? )?
    (?: \? [A-Za-z0-9!?*'@();:&=+$/%\#\[\]\-_.,~|]* [A-Za-z0-9\-_&=\#/] )?
    """,
    re.VERBOSE,
)
_START = re.compile(
    rf"""
    (?<![A-Za-z0-9@＠$\#＃])
    (?: (?P<scheme>https?://) (?P<host> {_LABEL} (?: \. {_LABEL} )+ )
      | (?<![-_./]) (?P<bare> {_ASCII_LABEL} (?: \. {_ASCII_LABEL} )+ ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def find_links(text: str, *, bare: bool = True) -> list[Link]:
    """The addresses X would turn into links; `bare`: also those without http(s), where the domain ends in a known word."""
    if ("." if bare else "://") not in text:
        return []
    found: list[Link] = []
    at = _word_with_dot(text, 0)
    while at is not None and (match := _START.search(text, at)):
        name = "host" if match["scheme"] else "bare"
        end = _host_end(text, match.start(name), match[name], scheme=bool(match["scheme"]))
        if end is None:
            at = _word_with_dot(text, match.start(name) + len(match[name].split(".", 1)[0]))
            continue
        tail = _TAIL.match(text, end)
        if tail and (match["scheme"] or "/" in tail[0]):
            end = tail.end()
        if bare or match["scheme"]:
            found.append(Link(match.start(), end, text[match.start() : end]))
        at = _word_with_dot(text, end)
    return found


def _word_with_dot(text: str, at: int) -> int | None:
    """Where the next word starts, from `at` on, that has a dot in it: nothing else can be a link."""
    dot = text.find(".", at)
    while dot >= 0 and not text[dot + 1 : dot + 2].isalnum():
        dot = text.find(".", dot + 1)
    if dot < 0:
        return None
    while dot > at and not text[dot - 1].isspace():
        dot -= 1
    return dot


def _host_end(text: str, start: int, host: str, *, scheme: bool) -> int | None:
    """Where the host ends: behind its last label that is a top-level domain, with nothing stuck to it."""
    labels = host.split(".")
    end = start + len(host)
    for number in range(len(labels) - 1, 0, -1):
        word = labels[number].lower()
        top = _top_level(word, scheme=scheme)
        name = labels[number - 1]
        if top and name and "_" not in name and not name.endswith("-"):
            stop = end - len(word) + len(top)
            after = text[stop : stop + 1]
            if not (after.isascii() and after.isalnum()) and after not in ("@", "+", "-"):
                return stop
        end -= len(word) + 1
    return None


def _top_level(word: str, *, scheme: bool) -> str:
    """The top-level domain `word` starts with: all of it, or what stands before letters of another script."""
    if word in TLDS or (scheme and (word in UNICODE_TLDS or re.fullmatch(r"xn--[a-z0-9-]+", word))):
        return word
    head = _ASCII_HEAD.match(word)
    return head[0] if head and head[0] != word and head[0] in TLDS else ""


_ASCII_HEAD = re.compile(r"[a-z]+(?![a-z0-9_-])")
