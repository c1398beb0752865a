"""Regular expressions that are compiled when they are first used. Most only say what is wrong, and mostly nothing is."""

from __future__ import annotations

import re
from typing import Any, cast


class _Late:
    """Stands for a pattern until something is asked of it; from then on, what it has is the pattern's own."""

    def __init__(self, expression: str, flags: int) -> None:
        self._given = expression, flags

    def __getattr__(self, name: str) -> Any:
        pattern = re.compile(*self._given)
        for own in ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn", "pattern"):
            setattr(self, own, getattr(pattern, own))
        return getattr(pattern, name)


def late_pattern(expression: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile` for a pattern that most runs do without. What is wrong with the expression is said on first use."""
    return cast("re.Pattern[str]", _Late(expression, flags))
