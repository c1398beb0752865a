"""What two versions of one text have in common at their ends: where a long file differs in few lines, only those are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def same_ends(one: Sequence[Any], other: Sequence[Any]) -> tuple[int, int]:
    """How many lines two texts have in common at the start, and how many of the others at the end."""
    most = min(len(one), len(other))
    start = next((number for number in range(most) if one[number] != other[number]), most)
    end = 0
    while end < most - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return start, end
