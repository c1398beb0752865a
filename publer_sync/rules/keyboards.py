"""Words as people's keyboards write them: what phones, Word and Macs put in place of a quote or a hyphen is folded away."""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

_QUOTES: Final = {
    "'": "\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4`",
    '"': "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb",
}
_HYPHENS: Final = "\u2010\u2011\u2012\u2212\ufe63"
"""U+2013 and U+2014 are dashes, and a team may have rules about these."""
_NOTHING: Final = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""The soft hyphen, and what takes no room at all."""
_PLAIN: Final = {
    **{ord(letter): plain for plain, letters in _QUOTES.items() for letter in letters},
    **dict.fromkeys(map(ord, _HYPHENS), "-"),
    **dict.fromkeys(map(ord, _NOTHING), ""),
    **{0xFF01 + number: chr(0x21 + number) for number in range(94)},
}
"""The last ones are letters and signs of the width of a Chinese or Japanese one."""


class FoldedText(NamedTuple):
    """`places` says for each character where it was in the text as written, and for the end where that is; None: all where they are."""

    text: str
    places: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part was in the text as written."""
        return (start, end) if self.places is None else (self.places[start], self.places[end])


def fold(text: str) -> FoldedText:
    """Composed letters, straight quotes, one kind of hyphen, letters of usual width, nothing invisible."""
    plain = text.translate(_PLAIN)
    if len(plain) == len(text) and unicodedata.is_normalized("NFC", plain):
        return FoldedText(plain)
    letters: list[str] = []
    places: list[int] = []
    import regex

    for found in regex.finditer(r"\X", text):
        piece = unicodedata.normalize("NFC", found[0].translate(_PLAIN))
        letters.append(piece)
        places += [found.start()] * len(piece)
    return FoldedText("".join(letters), (*places, len(text)))
