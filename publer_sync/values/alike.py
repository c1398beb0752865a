"""Texts side by side: what two versions have in common at their ends, and what tells whether two posts say the same."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from publer_sync.starting.late_patterns import late_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence

AGAIN_ON_X: Final = timedelta(hours=48)
"""How soon the same text again on X brings a warning, on any account.

X refuses it "for a while", from two accounts too, and gives no figure. Tools that post to it report 12 hours; two days
leave a margin.
"""
AGAIN: Final = timedelta(days=14)
"""How soon the same text again on one account brings a warning: no network but X says that it refuses it, and followers
take a post that is published twice for an error."""

_PARAMETER: Final = "utm_[a-z_]+=(?:[A-Za-z0-9_.~%+-]*[A-Za-z0-9_~%+-])?"
_UTM: Final = late_pattern(rf"(?P<sign>[?&;]){_PARAMETER}(?:[&;]{_PARAMETER})*(?P<more>[&;](?=[\w%]))?")
"""The parameters of a URL that only its statistics read: `?utm_source=x&utm_campaign=2027-03-09`."""
_UTM_OF_URL: Final = late_pattern(r"(?P<sign>[?&])utm_[^&#]*(?:&utm_[^&#]*)*(?P<more>&)?")
"""The same in a URL on its own: a value goes on until the next & or #, and may have any characters."""


def without_utm(text: str) -> str:
    """The text without the UTM parameters of its links: they may name the day and the id, and say nothing to the public."""
    if "utm_" not in text:
        return text
    return _UTM.sub(_sign_before_more, text)


def url_without_utm(url: str) -> str:
    """The URL without its UTM parameters. Unlike in a text, where it ends is known."""
    return _UTM_OF_URL.sub(_sign_before_more, url)


def _sign_before_more(found: re.Match[str]) -> str:
    return found["sign"] if found["more"] else ""


def folded(text: str) -> str:
    """Words as X compares them: apart from case, blanks and what only statistics read."""
    return without_utm(" ".join(text.casefold().split()))


def folded_labels(labels: Iterable[str]) -> frozenset[str]:
    """Labels as people mean them: `Health` and `health` are one."""
    return frozenset(unicodedata.normalize("NFC", label).strip().casefold() for label in labels)


def same_ends(one: Sequence[Any], other: Sequence[Any]) -> tuple[int, int]:
    """How many lines two texts have in common at the start, and how many of the others at the end."""
    most = min(len(one), len(other))
    start = next((number for number in range(most) if one[number] != other[number]), most)
    end = 0
    while end < most - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return start, end
