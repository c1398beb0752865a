"""Lines of a text that are keys of a post: indented too far, they are published as words.

A line whose value the key could have is meant as the key; any other may be a sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.post_keys import POST_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publer_sync.values.post_keys import KeyForm

_LIST, _MAP, _ANY = r"\[.*\]?", r"\{.*\}?", r"\S.*"
_BELOW_LIST, _BELOW_MAP = r"[ ]*-(?: .*)?", r"[ ]*[\w.-]+:(?: .*)?"
_WORD: Final = r"[\w.-]+"
_TIME: Final = (
    r"(?:\w{2,12}\.?,? +)?(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\b.*|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}\b.*"
    r"|[0-9]{1,2}\.? +\w{3,9}\.? +[0-9]{4}\b.*|[0-9]{1,2}[:.][0-9]{2}(?: ?[ap]m)?|[0-9]{1,2} ?[ap]m)"
    r"|[a-z][a-z0-9_]* [+-] [0-9]+ ?[mhdw]\b.*"
)
_TYPES: Final = "status|photo|video|link|gif|poll|carousel|document|article|reel|story|short|event|offer"
_PROSE: Final = (_ANY, r"[ ]*\S.*")
_OF_FORMS: Final[Mapping[KeyForm, tuple[str, str]]] = {
    "name": (r"[A-Za-z0-9][\w.-]*", ""),
    "time": (_TIME, ""),
    "word": (_WORD, ""),
    "accounts": (rf"{_WORD}(?: *, *{_WORD})*|{_LIST}", _BELOW_LIST),
    **dict.fromkeys(("prose", "ending"), _PROSE),
    "type": (_TYPES, ""),
    "link": (r"https?://\S+|" + _MAP, _BELOW_MAP),
    "files": (rf"\S+\.\w{{2,5}}|{_LIST}", _BELOW_LIST),
    "number": ("[0-9]+", ""),
    **dict.fromkeys(("parts", "versions"), (_LIST, _BELOW_LIST)),
    **dict.fromkeys(("labels", "sets"), (rf"{_WORD}|{_LIST}", _BELOW_LIST)),
    "map": (_MAP, _BELOW_MAP),
    "switch": ("true|false|yes|no", ""),
    "page": (r"true|false|https?://\S+", ""),
}
PATTERNS: Final = {
    **{key.name: _OF_FORMS[key.form] for key in POST_KEYS.values() if key.level != "file"},
    "alt": _PROSE,
    "file": (r"\S+\.\w{2,5}", ""),
}
"""The forms that the value of each key can have: on its line, and on the line below where it has none there."""
_STRICT: Final = {
    "after": r"[1-9][0-9]{0,4} ?(?:m|min|minutes?|h|hours?|d|days?|w|weeks?)",
    "every": r"[1-9][0-9]?[dwm]|day|week|month",
    "until": _TIME,
    "times": r"[0-9]{1,3}",
    "duration": r"[1-9][0-9]{0,4} ?[mhdw]",
    "hide": "true|false",
    "language": r"[a-z]{2}(?:-[A-Z]{2})?",
    "options": r"\[.*\]?",
    "thumbnail": r"\S+\.\w{2,5}|https?://\S+",
    "call_to_action": r"[A-Z_]{3,}",
    "timezone": r"[A-Z]\w+/[\w/]+",
}
"""Keys that are plain words as well: they count only with a value that the key could have."""
_ITEMS: Final = {"url": r"https?://\S+"}
"""The same for keys that are plain words unless a dash is before them."""
_KEYS: Final = frozenset((*PATTERNS, *_STRICT, *_ITEMS))
_LINE: Final = late_pattern(
    rf"^[ ]*(?P<dash>- +)?(?P<key>{'|'.join((*PATTERNS, *_STRICT, *_ITEMS))}):(?P<value> [^\n]*)?(?=\n(?P<below>[^\n]*)|\Z)",
    re.MULTILINE,
)


class Swallowed(NamedTuple):
    """A line that looks like a key, and where it is. Not `sure` if the key could not have its value."""

    line: str
    at: int
    sure: bool


def swallowed(text: str) -> Swallowed | None:
    """The first line of a text that is surely a key, or else the first that may be one."""
    if not _may_have_a_key(text):
        return None
    perhaps: Swallowed | None = None
    for match in _LINE.finditer(text):
        if match["key"] in _ITEMS and not match["dash"]:
            continue
        found = Swallowed(match[0], match.start(), _fits(match))
        if match["key"] in _STRICT and not found.sure:
            continue
        if found.sure:
            return found
        perhaps = perhaps or found
    return perhaps


def _may_have_a_key(text: str) -> bool:
    """Whether a colon follows one: far quicker than the pattern, and no for most texts."""
    at = text.find(":")
    while at >= 0:
        if text[text.rfind("\n", 0, at) + 1 : at].lstrip(" -") in _KEYS:
            return True
        at = text.find(":", at + 1)
    return False


def _fits(match: re.Match[str]) -> bool:
    key = match["key"]
    beside, below = PATTERNS.get(key) or (_STRICT.get(key) or _ITEMS[key], "")
    value = (match["value"] or "").strip()
    if value:
        return re.fullmatch(beside, value) is not None
    return bool(below) and re.fullmatch(below, match["below"] or "") is not None
