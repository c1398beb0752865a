"""Typos that change how YAML reads a line: a missing space, or a wrong sign or kind of space.

A line is corrected before the next one is read, so that a typo hides nothing around it. Texts under `|` are left as
they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publer_sync.calendar.yaml.lines import spaces, take_apart
from publer_sync.calendar.yaml.scalars import snippet
from publer_sync.starting.late_dataclasses import dataclass
from publer_sync.starting.late_patterns import late_pattern
from publer_sync.values.problems import Fix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publer_sync.calendar.yaml.lines import Lines, Vocabulary
    from publer_sync.values.problems import Problem

_SPACES: Final = "\u00a0\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_SPACE: Final = late_pattern(f"[{_SPACES}]")
_AT_END: Final = late_pattern(rf"[ \t]*[{_SPACES}][ \t{_SPACES}]*\Z")
_DASHES: Final = "-\u2010-\u2015\u2022\u2212*"
_COLONS: Final = ":\uff1a\ufe55"
_PARTS: Final = late_pattern(
    rf"(?P<indent>[ \t{_SPACES}]*)(?P<dash>(?:-[ {_SPACES}]+)*)(?:(?P<key>[A-Za-z_][\w.-]*)(?P<colon>[ {_SPACES}]*:)"
    rf"(?P<gap>[ {_SPACES}]+|$))?(?P<value>.*)"
)
_SLIP: Final = late_pattern(
    rf"(?P<indent> *)(?P<before>(?:- +)*)(?P<dash>[{_DASHES}]? *)(?P<key>[A-Za-z_]\w*)(?P<space> *)(?P<colon>[{_COLONS}])"
    r"(?P<gap> *)(?P<value>.*)"
)
_NO_COLON: Final = late_pattern(
    r"(?P<lead> *(?:- +)?)(?P<key>[a-z_]+) +(?P<value>\S*[^\s.!?…]|(?:[A-Z][a-z]+ )?[0-9][0-9: -]*|\[[^\]]*\]) *"
)
"""A key and one word, a date or a list, with only a space in between; more words are more likely a text."""
_DASH_TAB: Final = late_pattern(r"(?P<dash> *-) *\t[ \t]*")
_ITEM: Final = late_pattern(r"( *)-(?![\s-])(?=\S)")


def has_odd_spaces(text: str, vocabulary: Vocabulary) -> bool:
    """Whether there may be another kind of space where YAML needs a plain one. Fast if there is none."""
    if text.isascii() or not any(space in text for space in _SPACES):
        return False
    return any(_SPACE.search(line) and _with_spaces(line, vocabulary) != line for line in text.split("\n"))


def correct(lines: Lines, last: int, *, spaces_only: bool) -> Iterator[Problem]:
    """Correct the lines up to `last` in place. `spaces_only`: for a file that only its spaces may keep from being read."""
    block = _Block(lines)
    for number in range(1, last + 1):
        text = lines.texts[number - 1]
        if not text.strip(" ") or block.holds(text) or (spaces_only and _in_quotes(lines, number)):
            continue
        right = block.with_spaces(text, tabs=not spaces_only)
        if right != text:
            yield _odd_space(lines, number, text, right)
            lines.texts[number - 1] = right
        if not spaces_only:
            slip = missing_space(lines, number) or (block.listed and _item_space(lines, number))
            for problem in (_tab_after_dash(lines, number), slip or _colon(lines, number)):
                if problem is not None and problem.fix is not None:
                    lines.texts[number - 1] = problem.fix.text
                    yield problem
        block.passed(number)


def _in_quotes(lines: Lines, number: int) -> bool:
    """Whether the line goes on with a text in quotes: any space there is the writer's."""
    above = lines.key_above(number)
    if above is None or (sign := lines[above].value[:1]) not in ("'", '"'):
        return False
    return "\n".join([lines[above].value, *lines.texts[above : number - 1]]).count(sign) % 2 == 1


@dataclass(slots=True)
class _Block:
    """The text under `|`, or the list, that the lines so far have opened: how far its key and its words are indented."""

    lines: Lines
    depth: int | None = None
    inner: int = 0
    listed: bool = False

    def holds(self, text: str) -> bool:
        """Whether the line is part of the text."""
        inside = len(text) - len(text.lstrip(" "))
        if self.depth is None or inside <= self.depth:
            return False
        if text[inside : inside + 1] == "\t" and not self.inner:
            return False
        self.inner = self.inner or inside
        return True

    def passed(self, number: int) -> None:
        """Note what the line, as it is now, begins."""
        line = self.lines[number]
        if self.depth is not None and line.indent > self.depth:
            self.inner = self.inner or line.indent
            return
        opens_list = line.key in self.lines.vocabulary.containers and not line.value
        self.listed = opens_list or (self.listed and line.text.lstrip().startswith("-"))
        self.depth, self.inner = line.depth if line.key else line.indent, 0
        if not line.opens_block or not self._is_value(number):
            self.depth = None

    def _is_value(self, number: int) -> bool:
        """Whether a sign such as | begins a value: a line with the sign alone does so below a key without one."""
        line, above = self.lines[number], self.lines.key_above(number)
        if line.key or line.is_item:
            return True
        return above is not None and not self.lines[above].value and line.indent > self.lines[above].depth

    def with_spaces(self, text: str, *, tabs: bool) -> str:
        """The line with plain spaces in place of other spaces and tabs."""
        vocabulary = self.lines.vocabulary
        right = _with_spaces(text, vocabulary)
        bare = right.lstrip(" \t")
        lead, is_key = right[: len(right) - len(bare)], _is_key(bare, vocabulary)
        if tabs and "\t" in lead:
            inside = len(lead.expandtabs(2))
            if self.depth is not None and not is_key:
                inside = self.inner or self.depth + 2
            return " " * inside + bare
        if right != text and self.depth is not None and not is_key and len(lead) <= self.depth:
            return " " * self.inner + bare
        return right


def missing_space(lines: Lines, number: int) -> Problem | None:
    """A known key on that line whose dash or colon is another sign, or lacks its space."""
    match = _SLIP.fullmatch(lines.texts[number - 1]) if 0 < number <= len(lines) else None
    if match is None or match["key"] not in lines.vocabulary.keys:
        return None
    key, dash, colon = match["key"], match["dash"], match["colon"]
    column, say = len(match["indent"] + match["before"]) + 1, "Put a space there"
    if dash.strip() and (dash == "-" or dash[0] != "-"):
        message = "a space is missing after the dash"
        if dash != "-":
            message, say = f"{snippet(dash.strip())} does not start a list item", 'Write "- " instead'
    elif colon != ":" or (not match["gap"] and match["value"] and match["value"][0] != ":"):
        column += len(dash + key + match["space"])
        message = f"a space is missing after the colon of `{key}`"
        if colon != ":":
            message, say = f'YAML does not read "{colon}" as a colon', 'Write ": " instead'
    else:
        return None
    before = "- " if dash.strip() else ""
    right = f"{match['indent']}{match['before']}{before}{key}: {match['value']}".rstrip()
    return lines.problem("yaml.space", message, (number, column), say, Fix(number, number, right))


def _item_space(lines: Lines, number: int) -> Problem | None:
    """An item without the space after its dash, below a key that takes a list."""
    text = lines.texts[number - 1]
    match = _ITEM.match(text)
    if match is None:
        return None
    fix = Fix(number, number, f"{match[1]}- {text[match.end() :]}")
    at = (number, len(match[1]) + 1)
    return lines.problem("yaml.space", "a space is missing after the dash", at, "Put a space there", fix)


def _colon(lines: Lines, number: int) -> Problem | None:
    """A key of an item that lacks its colon, in line with the key above, where no text could continue."""
    text = lines.texts[number - 1]
    main = lines.vocabulary.main
    if text.rstrip() == main and lines[number + 1].is_item:
        fix, message = Fix(number, number, f"{main}:"), f"a colon is missing after `{main}`"
        return lines.problem("yaml.space", message, (number, len(text)), "Put a colon there", fix)
    match = _NO_COLON.fullmatch(text)
    if match is None or match["key"] not in lines.vocabulary.items:
        return None
    beside = number + 1 if match["lead"].strip() else lines.key_above(number)
    if beside is None or lines[beside].depth != match.start("key") or not lines[beside].key:
        return None
    if lines[beside].value.startswith(("'", '"')):
        return None  # a quoted text may hold lines of any depth
    fix = Fix(number, number, f"{match['lead']}{match['key']}: {match['value']}")
    message = f"a colon is missing after `{match['key']}`"
    return lines.problem("yaml.space", message, (number, match.end("key") + 1), "Put a colon there", fix)


def _with_spaces(text: str, vocabulary: Vocabulary) -> str:
    """The line with plain spaces wherever YAML or a value that is not prose needs them."""
    match = _PARTS.fullmatch(text)
    if text.isascii() or match is None:
        return text
    key, value = match["key"], match["value"]
    if key is not None and _SPACE.search(match["colon"]) and key not in vocabulary.keys:
        # French puts a space before the colon: "Prix : 5".
        return _SPACE.sub(" ", text[: match.start("key")]) + text[match.start("key") :]
    if key in vocabulary.values:
        value = _SPACE.sub(" ", value)
    elif key is None:
        value = _AT_END.sub("", value)
    return _SPACE.sub(" ", text[: match.start("value")]) + value


def _is_key(text: str, vocabulary: Vocabulary) -> bool:
    match = _SLIP.fullmatch(text)
    return match is not None and match["key"] in vocabulary.keys


def _odd_space(lines: Lines, number: int, text: str, right: str) -> Problem:
    fix, inside = Fix(number, number, right), take_apart(right).indent
    if "\t" in text[: take_apart(text).indent] and "\t" not in right[:inside]:
        message, say = "a tab indents this line; YAML needs spaces", f"Replace it with {spaces(inside)}"
        return lines.problem("yaml.tab", message, (number, text.find("\t") + 1), say, fix)
    column = next((n for n, (a, b) in enumerate(zip(text, right, strict=False)) if a != b), len(right))
    kind = "a non-breaking space" if text[column] == "\u00a0" else "a space of another kind"
    message = f"YAML reads {kind} (U+{ord(text[column]):04X}) as a letter"
    return lines.problem("yaml.character", message, (number, column + 1), "Type the space again", fix)


def _tab_after_dash(lines: Lines, number: int) -> Problem | None:
    text = lines.texts[number - 1]
    match = _DASH_TAB.match(text)
    if match is None:
        return None
    fix = Fix(number, number, f"{match['dash']} {text[match.end() :]}")
    message = "a tab follows this dash; YAML needs a space"
    return lines.problem("yaml.tab", message, (number, text.find("\t") + 1), "Replace it with a space", fix)
