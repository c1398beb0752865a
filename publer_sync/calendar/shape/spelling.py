"""Whether a word can only be a misspelling of another."""

from __future__ import annotations


def is_slip(word: str, other: str) -> bool:
    """One letter too many or too few, or two in the wrong order, in a word that is long enough to recognize.

    A different letter or digit makes a different word: `shelf-2` is not `shelf-1`, and `acme_no` not `acme_nl`.
    """
    short, long = sorted((word, other), key=len)
    if len(short) < 5:
        return False
    at = next((n for n, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :] and not long[at].isdigit()
    swapped = short[:at] + short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
    return word != other and swapped == long and not any(letter.isdigit() for letter in short[at : at + 2])
