"""Single values in words, and one value in the place of another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publer_sync.printable import one_line
from publer_sync.render.measure import cut, width
from publer_sync.render.phrases import Span, word_diff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from publer_sync.content import Json
    from publer_sync.render.phrases import Phrase

_LONG = 200
_INTERNAL = re.compile(r"[0-9a-f]{24}|(?:sha256|path):[0-9a-f]{64}")
"""An id as Publer makes them, or what a file's content is known by."""


def in_words(value: Json) -> str:
    """A value of a network's own field; "" where there is none, or nothing but an id of Publer's."""
    match value:
        case None:
            return ""
        case True | False:
            return "yes" if value else "no"
        case str():
            return "" if _INTERNAL.fullmatch(value) else one_line(value)
        case list():
            together = all(isinstance(item, str) for item in value)
            return (", " if together else "; ").join(map(in_words, value))
        case {"url": url, **rest} if not rest:
            return in_words(url)
        case dict() if isinstance(name := value.get("name"), str):
            return ", ".join([one_line(name), *_pairs(value, "id", "name")])
        case dict():
            return ", ".join(_pairs(value))
        case _:
            return str(value)


def _pairs(value: Mapping[str, Json], *but: str) -> Iterator[str]:
    for key, item in value.items():
        if key not in but and (words := in_words(item)):
            yield f"{one_line(key).replace('_', ' ')} {words}"


def swapped(name: str, before: str, after: str) -> Phrase:
    spans = (span for span in (Span(before, "old"), Span(after, "new")) if span.text)
    return (Span(f"{name}: "), *spans)


def compared(name: str, before: str, after: str, *, whole: bool = True) -> Phrase:
    """Word by word where there is more than a word to compare; unless `whole`, no more of a long value than needed."""
    whole = whole or max(width(before), width(after)) <= _LONG
    alike = one_line(before) == one_line(after)  # they differ in what is not seen, which is then named
    if alike or (before and after and " " in before):
        return (Span(f"{name}: "), *word_diff(before, after, whole=whole))
    return swapped(name, *(text if whole else cut(one_line(text), _LONG) for text in (before, after)))


def listed(name: str, before: Sequence[str], after: Sequence[str]) -> Phrase:
    """What stays in a list, what goes and what comes."""
    if before == after:
        return (Span(f"{name}: different ones"),)
    kept = Span(", ".join(item for item in after if item in before))
    gone = Span(", ".join(item for item in before if item not in after), "old")
    come = Span(", ".join(item for item in after if item not in before), "new")
    if not (gone.text or come.text):
        return (Span(f"{name} reordered: {', '.join(after)}"),)
    spans = [part for span in (kept, gone, come) if span.text for part in (Span(" "), span)]
    return (Span(f"{name}:"), *spans)
