"""Links that Publer rewrites: a workspace's link shortener, or its UTM rules, gives a post other links than were sent.

Everything else of such a post still says whose it is, so only the links are compared loosely, and only where Publer may
have made the one shown of the one sent.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from publer_sync.networks.links import find_addresses
from publer_sync.values.model import normal_text, same_text

if TYPE_CHECKING:
    from collections.abc import Sequence


_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")

_MARKUP = re.compile(r"<(?:/?p|br\s*/?|/?div)>", re.IGNORECASE)


def without_links(text: str) -> str:
    """The words with every link left blank, folded: the same for texts that differ in links alone."""
    return "\0".join(" ".join(part.split()) for part in _taken_apart(folded(text))[0])


def same_but_links(sent: str, live: str) -> bool:
    """Whether `live` is the text that was sent, as it was or with links that Publer rewrote."""
    return same_text(sent, live) or links_rewritten(sent, live)


def folded(text: str) -> str:
    """The words as they decide whose post it is, whatever Publer makes of blanks, line ends, entities and invisible characters.

    Paragraphs and breaks of HTML are line ends.
    """
    if "<" in text:
        text = _MARKUP.sub(" ", text)
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", html.unescape(text)))
    return " ".join(text.split())


def has_words(text: str) -> bool:
    """Whether anything is left of it that tells one post from another: not of links alone, or of invisible characters."""
    return any(part.strip() for part in _taken_apart(folded(text))[0])


def same_words(sent: str, live: str) -> bool:
    """Whether both say the same, folded, links aside; a signature may follow. Texts without words are the same if their links are."""
    if same_text(sent, live):
        return True
    if not has_words(sent):
        return not has_words(live) and _same_links(sent, live)
    return same_but_links(folded(sent), folded(live)) or signed(sent, live)


def shortened(before: str, live: str) -> bool:
    """Whether the texts differ only in links that a shortener or UTM rules made of those that were there."""
    (words, links), (live_words, live_links) = _taken_apart(before), _taken_apart(live)
    return words == live_words and all(
        one == other or is_short_for(one, other) for one, other in zip(links, live_links, strict=True)
    )


def is_short_for(link: str, shown: str) -> bool:
    """Whether a link is one that a shortener or UTM rules made of another. A word for a path is one that somebody wrote."""
    one, other = _Address.of(link), _Address.of(shown)
    if one.host == other.host:
        added = other.query - one.query
        same = (one.path, link.partition("#")[2]) == (other.path, shown.partition("#")[2])
        return same and one.query <= other.query and all(map(_counts_alone, added))
    coded = any(letter.isdigit() or letter.isupper() for letter in other.path)
    return coded and "/" not in other.path and not other.query and len(shown) < len(link)


def _counts_alone(parameter: str) -> bool:
    """Whether it tells statistics where somebody came from, and nothing else."""
    return parameter.startswith("utm_")


def says_now(text: str, live: str, before: str) -> bool:
    """Whether `live` says what the calendar came to say, folded. Its links too, unless they are those of `before`, which Publer may have rewritten."""
    wanted, shown = folded(text), folded(live)
    if _taken_apart(wanted)[1] == _taken_apart(folded(before))[1]:
        return same_but_links(wanted, shown)
    return same_text(wanted, shown)


def _same_links(sent: str, live: str) -> bool:
    (_, links), (_, live_links) = _taken_apart(folded(sent)), _taken_apart(folded(live))
    return len(links) == len(live_links) and all(
        same_link(*pair) for pair in zip(links, live_links, strict=True)
    )


def signed(sent: str, live: str) -> bool:
    """Whether `live` is the text that was sent, folded, with lines behind it: a signature is added when a post is published.

    Publer docs, "Post with Signature". Never within a line: "Sale" is not "Sale ends today". A text that is empty says
    nothing of whose post it is.
    """
    wanted = folded(sent)
    if not has_words(sent):
        return False
    least = sum(map(len, _taken_apart(wanted)[0]))  # a link may be shown as short as a shortener has it
    lines = normal_text(html.unescape(live)).split("\n")
    beginning = ""
    for number, line in enumerate(lines[:-1], 1):
        beginning = " ".join(filter(None, (beginning, folded(line))))
        if len(beginning) >= least and same_but_links(wanted, beginning):
            return any(folded(rest) for rest in lines[number:])
    return False


def links_rewritten(sent: str, live: str) -> bool:
    """Whether the texts differ, and only in links that Publer may have rewritten. A text of links alone has no words to tell."""
    if same_text(sent, live):
        return False
    (words, links), (live_words, live_links) = _taken_apart(sent), _taken_apart(live)
    return (
        words == live_words
        and any(letter.isalnum() for part in words for letter in part)
        and all(same_link(*pair) for pair in zip(links, live_links, strict=True))
    )


def same_link(sent: str, live: str) -> bool:
    """Whether the link shown is the one that was sent: as it was, with more parameters, or shortened."""
    if sent.rstrip("/") == live.rstrip("/"):
        return True
    if not sent or not live:
        return False
    one, other = _Address.of(sent), _Address.of(live)
    if one.host == other.host:
        wanted = {item for item in one.query if not item.startswith("utm_")}
        return one.path == other.path and wanted <= other.query
    return bool(other.path) and "/" not in other.path and not other.query


class _Address(NamedTuple):
    host: str
    path: str
    query: frozenset[str]

    @classmethod
    def of(cls, link: str) -> _Address:
        rest = link.partition("#")[0]
        rest, _, query = (rest.partition("://")[2] or rest).partition("?")
        host, _, path = rest.partition("/")
        return cls(host.lower(), path.rstrip("/"), frozenset(filter(None, query.split("&"))))


def _taken_apart(text: str) -> tuple[Sequence[str], Sequence[str]]:
    """The text around the links, and the links."""
    text = normal_text(text)
    around, links, at = [], [], 0
    for link in find_addresses(text):
        around.append(text[at : link.start])
        links.append(link.url)
        at = link.end
    return (*around, text[at:]), links
