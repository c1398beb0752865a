"""Slips of the keyboard that make another file of a line: a missing space, another sign or another space in its place.

A line is mended before it is read on, so that one slip hides nothing of what stands around it. Texts under `|` are
left as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from publer_sync.calendar.yaml import traps as yaml_traps
from publer_sync.problems import Fix, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACES: Final = "\u00a0\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_SPACE: Final = re.compile(f"[{_SPACES}]")
_AT_END: Final = re.compile(rf"[ \t]*[{_SPACES}][ \t{_SPACES}]*\Z")
_DASHES: Final = "-\u2010-\u2015\u2022\u2212*"
_COLONS: Final = ":\uff1a\ufe55"
_PARTS: Final = re.compile(
    rf"(?P<indent>[ \t{_SPACES}]*)(?P<dash>(?:-[ {_SPACES}]+)*)(?:(?P<key>[A-Za-z_][\w.-]*)(?P<colon>[ {_SPACES}]*:)"
    rf"(?P<gap>[ {_SPACES}]+|$))?(?P<value>.*)"
)
_SLIP: Final = re.compile(
    rf"(?P<indent> *)(?P<before>(?:- +)*)(?P<dash>[{_DASHES}]? *)(?P<key>[A-Za-z_]\w*)(?P<space> *)(?P<colon>[{_COLONS}])"
    r"(?P<gap> *)(?P<value>.*)"
)
_NO_COLON: Final = re.compile(r"(?P<indent> *)(?P<key>[a-z_]+) +(?P<value>\S+(?: +\S+){0,2}) *")
"""A key and a short value, and only a space in between; more words would rather be a text."""
_DASH_TAB: Final = re.compile(r"(?P<dash> *-) *\t[ \t]*")
_ITEM: Final = re.compile(r"( *)-(?![\s-])(?=\S)")


def has_odd_spaces(text: str) -> bool:
    """Whether a space of another kind may stand where YAML would want one of its own. Quick where there are none."""
    if text.isascii() or not any(space in text for space in _SPACES):
        return False
    return any(_SPACE.search(line) and _with_spaces(line) != line for line in text.split("\n"))


@lru_cache(maxsize=1)
def _post_keys() -> frozenset[str]:
    from publer_sync.calendar import schema as validation

    return frozenset(validation.schema(validation.CALENDAR)["$defs"]["post"]["properties"])


@lru_cache(maxsize=1)
def keys() -> frozenset[str]:
    """Every key that a file of a calendar may hold somewhere."""
    from publer_sync.calendar import schema as validation

    found: set[str] = set()

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            found.update(part.get("properties", ()))
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            walk(inner)

    walk([validation.schema(validation.CALENDAR), validation.schema(validation.SETTINGS)])
    return frozenset(found)


def mend(file: str, lines: list[str], first: int, last: int, *, spaces_only: bool) -> Iterator[Problem]:
    """Mend the lines `first` to `last`, in place. `spaces_only` for a file that can be read but for its spaces."""
    scan = _Scan(lines, first)
    for number in range(first, last + 1):
        text = lines[number - 1]
        if not text.strip(" ") or scan.is_text(text):
            continue
        mended = _with_spaces(text)
        lead = mended[: len(mended) - len(mended.lstrip(" \t"))]
        tabs = "\t" in lead and not spaces_only
        if tabs:
            mended = scan.without_tabs(mended)
        elif mended != text and scan.depth is not None and not _is_key(mended) and len(lead) <= scan.depth:
            mended = " " * scan.inner + mended.lstrip(" ")
        slip = (
            None
            if spaces_only
            else in_line(file, number, mended)
            or scan.item(file, number, mended)
            or scan.without_colon(file, number, mended)
        )
        if mended != text:
            lines[number - 1] = mended
            yield _tab(file, number, text, mended) if tabs else _space(file, number, text, mended)
        if not spaces_only and (dash := _DASH_TAB.match(lines[number - 1])):
            mended = f"{dash['dash']} {lines[number - 1][dash.end() :]}"
            yield _dash_tab(file, number, lines[number - 1], mended)
            lines[number - 1] = mended
        if slip is not None and slip.fix is not None:
            lines[number - 1] = slip.fix.text
            yield slip
        scan.passed(number)


def in_line(file: str, number: int, text: str) -> Problem | None:
    """A known key whose dash or colon is another sign, or lacks its space."""
    match = _SLIP.fullmatch(text)
    if match is None or match["key"] not in keys():
        return None
    dash, colon, column = match["dash"], match["colon"], len(match["indent"] + match["before"]) + 1
    key = match["key"]
    if dash.strip() and (dash == "-" or dash[0] != "-"):
        message = (
            "a space is missing after the dash"
            if dash == "-"
            else f'{yaml_traps.shown(dash.strip())} makes no item of a list: "- " does'
        )
    elif colon != ":" or (not match["gap"] and match["value"]):
        column += len(dash + key + match["space"])
        what = "a space is missing after the colon"
        message = f"{what} of `{key}`" if colon == ":" else f'"{colon}" is no colon to YAML'
    else:
        return None
    before = "- " if dash.strip() else ""
    mended = f"{match['indent']}{match['before']}{before}{key}: {match['value']}".rstrip()
    return _missing(file, number, column, message, mended)


def _missing(file: str, number: int, column: int, message: str, mended: str) -> Problem:
    fix = Fix(number, number, mended)
    return Problem("error", "yaml.space", message, Location(file, number, column), mended.strip(), fix=fix)


def _with_spaces(text: str) -> str:
    """The line with plain spaces wherever YAML or a value that is no prose would want them."""
    match = _PARTS.fullmatch(text)
    if text.isascii() or match is None:
        return text
    key, value = match["key"], match["value"]
    if key is not None and _SPACE.search(match["colon"]) and key not in keys():
        return _plain(text[: match.start("key")]) + text[match.start("key") :]  # "Prix : 5", words in French
    if key in yaml_traps.KEYWORDS:
        value = _plain(value)
    elif key is None:
        value = _AT_END.sub("", value)
    return _plain(text[: match.start("value")]) + value


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text)


def _is_key(text: str) -> bool:
    match = _SLIP.fullmatch(text)
    return match is not None and match["key"] in keys()


def _space(file: str, number: int, text: str, mended: str) -> Problem:
    column = next((n for n, (a, b) in enumerate(zip(text, mended, strict=False)) if a != b), len(mended))
    code = f"U+{ord(text[column]):04X}"
    name = (
        f"a non-breaking space ({code})" if text[column] == "\u00a0" else f"a space of another kind ({code})"
    )
    message = f"{name} stands here, and YAML takes it for a letter"
    way = f"type the space anew:\n{mended.strip()}"
    fix = Fix(number, number, mended)
    return Problem("error", "yaml.character", message, Location(file, number, column + 1), way, fix=fix)


def _tab(file: str, number: int, text: str, mended: str) -> Problem:
    inside = len(mended) - len(mended.lstrip(" "))
    message = "a tab indents this line; YAML wants spaces"
    way = f"replace it with {inside} {'space' if inside == 1 else 'spaces'}:\n{mended}"
    at = Location(file, number, text.find("\t") + 1)
    return Problem("error", "yaml.tab", message, at, way, fix=Fix(number, number, mended))


def _dash_tab(file: str, number: int, text: str, mended: str) -> Problem:
    message = "a tab stands after this dash; YAML wants a space"
    way = f"replace it with a space:\n{mended}"
    at = Location(file, number, text.find("\t") + 1)
    return Problem("error", "yaml.tab", message, at, way, fix=Fix(number, number, mended))


@dataclass(slots=True)
class _Scan:
    """What the lines so far say of the next: whether it is in a text under `|`, or in a list.

    `depth` is how far in the key of such a text stands, `inner` its words; `key_depth` how far in the last key stands.
    """

    lines: list[str]
    first: int
    depth: int | None = None
    inner: int = 0
    listed: bool = False
    key_depth: int | None = None

    def is_text(self, text: str) -> bool:
        """Whether the line is one of the words under `|`."""
        inside = len(text) - len(text.lstrip(" "))
        if (
            self.depth is None
            or inside <= self.depth
            or (text[inside : inside + 1] == "\t" and not self.inner)
        ):
            return False
        self.inner = self.inner or inside
        return True

    def without_tabs(self, text: str) -> str:
        lead = text[: len(text) - len(text.lstrip(" \t"))]
        spaces = len(lead.expandtabs(2))
        if self.depth is not None and not _is_key(text.strip()):
            spaces = self.inner or self.depth + 2
        return " " * spaces + text.lstrip(" \t")

    def item(self, file: str, number: int, text: str) -> Problem | None:
        """An item without the space behind its dash, below a key that takes a list."""
        match = _ITEM.match(text)
        if match is None or not self.listed:
            return None
        mended = f"{match[1]}- {text[match.end() :]}"
        return _missing(file, number, len(match[1]) + 1, "a space is missing after the dash", mended)

    def without_colon(self, file: str, number: int, text: str) -> Problem | None:
        """A key of a post beside the key above, where no text could go on."""
        match = _NO_COLON.fullmatch(text)
        if match is None or match.start("key") != self.key_depth or match["key"] not in _post_keys():
            return None
        if match["value"].endswith((".", "!", "?", "…")):  # a sentence, which begins with such a word
            return None
        mended = f"{match['indent']}{match['key']}: {match['value']}"
        message = f"a colon is missing after `{match['key']}`"
        return _missing(file, number, match.end("key") + 1, message, mended)

    def passed(self, number: int) -> None:
        """Note what the line, as it is now, begins."""
        text = self.lines[number - 1]
        inside = len(text) - len(text.lstrip(" "))
        if self.depth is not None and inside > self.depth:
            self.inner = self.inner or inside
            return
        self.depth, self.inner = yaml_traps.block_depth(text), 0
        self.key_depth = yaml_traps.key_depth(text) if text[inside : inside + 1] != "#" else self.key_depth
        self.listed = yaml_traps.opens_list(text) or (self.listed and text.lstrip().startswith("-"))
