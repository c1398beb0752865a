"""What `{title}`, `{url}` and other names in braces stand for in the texts of a page's posts. Filled in once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publer_sync.starting.late_modules import late_module

if TYPE_CHECKING:
    import difflib
    from collections.abc import Mapping
else:
    difflib = late_module("difflib")

_NAME: Final = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}")


class UnknownNameError(ValueError):
    """`name` stands in braces and means nothing here; `near` is the one that may be meant, "" if there is none."""

    def __init__(self, name: str, near: str) -> None:
        self.name, self.near = name, near


def filled(text: str, values: Mapping[str, str]) -> str:
    """Raises UnknownNameError."""

    def value(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        name = found[1].strip()
        if name not in values:
            near = difflib.get_close_matches(name, values, 1, 0.6)
            raise UnknownNameError(name, near[0] if near else "")
        return values[name]

    return _NAME.sub(value, text)
