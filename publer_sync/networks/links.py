"""Which addresses in a text X and Mastodon turn into links, and so shorten.

Both follow the rules that X publishes with its library twitter-text. Its search consumes whatever looks like an address,
with the path after it, even if that does not become a link, and continues after it.
"""

from __future__ import annotations

import re
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from publer_sync.networks.tlds import top_level_domains
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class TextLink:
    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """Where networks differ. Every link contains `sign`; `bare`: an address needs no scheme.

    For path and query: what they may contain, and what they may end with.
    """

    sign: str
    bare: bool
    schemes: str
    path: tuple[str, str]
    query: tuple[str, str]


_NO_HOST: Final = (
    "!'#%&()*+,\\/:;<=>?@[]^{|}~$"
    "\t\n\v\f\r \x85\xa0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
)
"""Punctuation, spaces and direction marks end a host; it may contain anything else, even emoji and quotation marks."""
_HOST: Final = f"[^.{re.escape(_NO_HOST)}]"
_BARRED: Final = r"A-Za-z0-9@＠$\#＃\ufeff\ufffe\uffff"
"""No link starts right after one of these."""
_LATIN: Final = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
    r"\u02bb\u0300-\u036f\u1e00-\u1eff"
)

_ADDRESS = late_pattern(
    rf"""
    (?: (?<=[^{_BARRED}]) | \A (?=[A-Za-z0-9]|.[-_.]) )
    (?![-_]) (?={_HOST})
    (?P<labels> (?: (?![-_]) {_HOST}++ (?<![-_]) \. )*+ )
    {_HOST}*+
    """,
    re.VERBOSE,
)
"""What may be a host: labels with a dot after each, and what follows the last dot."""
_LATIN_LABELS = late_pattern(rf"(?:[-A-Za-z0-9{_LATIN}]++\.)++")
_ENDS_HOST = frozenset(_NO_HOST)
_WITH_SCHEME = late_pattern(rf"(?<![{_BARRED}])https?://{_HOST}++(?:\.{_HOST}++)*+", re.IGNORECASE)
_PUNYCODE = late_pattern(r"xn--[a-z0-9-]+", re.IGNORECASE | re.ASCII)
_SHORTENED = late_pattern(r"https?://t\.co/([a-z0-9]+)(?:\?[!-~]*)?", re.IGNORECASE | re.ASCII)
"""X's own short address, whose path is one code."""
_LONGEST_URL: Final = 4096
_LONGEST_CODE: Final = 40
_LONGEST_LABEL: Final = 63

X: Final = Dialect(
    sign=".",
    bare=True,
    schemes="https?",
    path=(
        rf"[A-Za-z0-9{_LATIN}\u0400-\u04ff!*';:=+,.$/%#\[\]\-\u2013_~@|&]",
        rf"[A-Za-z0-9{_LATIN}\u0400-\u04ff=_#/+\-]",
    ),
    query=(r"[A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]", r"[A-Za-z0-9\-_&=#/]"),
)

_BEYOND_ASCII: Final = r"\u00a0-\uffef\U00010000-\U000dffff\U000e1000-\U0010ffff"
MASTODON: Final = Dialect(
    sign="://",
    bare=False,
    schemes="https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini",
    path=(r"[^\s<>()?]", r"[^\s<>()?!*\"'「」;:=,.$%\[\]~&|@]"),
    query=(
        rf"[A-Za-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^{_BEYOND_ASCII}]",
        rf"[A-Za-z0-9_&=#/\-{_BEYOND_ASCII}]",
    ),
)


@cache
def _around(dialect: Dialect) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What precedes a host, and the port, path and query after it; parentheses pair in a path, two deep."""
    inner, last = dialect.path
    pair = rf"\((?:{inner}++|{inner}*+\({inner}++\){inner}*+)\)"
    path = rf"(?P<path>/(?:{inner}*(?:{pair}{inner}*)*(?:{last}|{pair}))?)"
    return (
        re.compile(rf"(?<![{_BARRED}])(?:{dialect.schemes})://\Z", re.IGNORECASE | re.ASCII),
        re.compile(rf"(?::[0-9]+)?{path}?(?:\?{dialect.query[0]}*{dialect.query[1]})?"),
    )


def find_links(text: str, dialect: Dialect = X) -> list[TextLink]:
    """The addresses that become links; on X also those without a scheme, if the top-level domain exists."""
    found: list[TextLink] = []
    if dialect.sign not in text:
        return found
    at = taken = 0
    while (run := _run_with_dot(text, at)) is not None and (address := _ADDRESS.search(text, run)):
        start, at = address.span()
        host_end = _host_end(text, start, address.end("labels"), at)
        if host_end is None:
            continue
        before, behind = _around(dialect)
        scheme = before.search(text, max(taken, start - len("gopher://")), start)
        tail = behind.match(text, host_end)
        end = tail.end() if tail else host_end
        at = taken = end + 1
        # X counts the scheme twice here.
        size = end - start + (2 * len(scheme[0]) if scheme else len("https://"))
        if size > _LONGEST_URL or not _is_host(text[start:host_end]):
            continue
        if scheme:
            short = _SHORTENED.match(text, scheme.start(), end)
            if not short or len(short[1]) <= _LONGEST_CODE:
                found.append(_link(text, scheme.start(), short.end() if short else end))
        elif dialect.bare and text[start - 1 : start] not in ("-", "_", ".", "/"):
            for begin, stop in _latin_hosts(text, start, host_end):
                found.append(_link(text, begin, end if stop == host_end and tail and tail["path"] else stop))
    return found


def find_addresses(text: str) -> list[TextLink]:
    """What `find_links` finds on X, and every other address with a scheme: of a host that X does not know, or without a name."""
    found = find_links(text)
    behind = _around(X)[1]
    for begun in _WITH_SCHEME.finditer(text) if "://" in text else ():
        start, tail = begun.start(), behind.match(text, begun.end())
        end = tail.end() if tail else begun.end()
        if not any(start < link.end and link.start < end for link in found):
            found.append(_link(text, start, end))
    return sorted(found, key=attrgetter("start"))


def _link(text: str, start: int, end: int) -> TextLink:
    return TextLink(start, end, text[start:end])


def _run_with_dot(text: str, at: int) -> int | None:
    """Where the next run of host characters with a dot before a letter starts, from `at` on."""
    dot = text.find(".", at)
    while dot >= 0 and not text[dot + 1 : dot + 2].isalpha():
        dot = text.find(".", dot + 1)
    if dot < 0:
        return None
    while dot > at and text[dot - 1] not in _ENDS_HOST:
        dot -= 1
    return dot


def _host_end(text: str, start: int, word: int, end: int) -> int | None:
    """Where the host that starts at `start` ends: after the last label that starts with a top-level domain.

    `word` is where the last label starts, `end` where it ends.
    """
    while word > start:
        name = text.rfind(".", start, word - 1) + 1 or start
        if (top := _top_level(text[word:end], text[end : end + 1])) and "_" not in text[name:word]:
            return word + top
        word, end = name, word - 1
    return None


def _top_level(word: str, after: str) -> int:
    """The length of the top-level domain that `word` starts with, not followed by a letter or digit; 0 if there is none."""
    if punycode := _PUNYCODE.match(word):
        return punycode.end()
    domains = top_level_domains()
    for size in range(min(len(word), _LONGEST_LABEL), 0, -1):
        if word[:size].lower() in domains and (word[size : size + 1] or after) not in _STUCK:
            return size
    return 0


_STUCK: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@+-")


def _is_host(host: str) -> bool:
    """Whether every label has at most 63 letters, in Punycode too."""
    if len(host) <= _LONGEST_LABEL and host.isascii():
        return True
    return all(
        len(label) <= _LONGEST_LABEL
        and (
            label.isascii()
            or (not label.startswith("xn--") and len(b"xn--" + label.encode("punycode")) <= _LONGEST_LABEL)
        )
        for label in host.split(".")
    )


def _latin_hosts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a host without a scheme that become links: those in Latin letters."""
    while labels := _LATIN_LABELS.search(text, start, end):
        stop = _host_end(text, labels.start(), labels.end(), end)
        if stop:
            yield labels.start(), stop
        start = labels.end()
