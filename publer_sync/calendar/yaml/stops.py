"""Where libyaml stops: what stands there, as a Problem with the lines as they should stand.

Works on the lines of a file and places in them; parses nothing itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publer_sync.calendar.yaml import traps as yaml_traps
from publer_sync.problems import Fix, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence


_STARTS = "@`%*&!-?[]{}>|'\",#:"


def explain(
    file: str, lines: Sequence[str], words: str, at: tuple[int, int], start: tuple[int, int]
) -> Problem:
    """A libyaml error in words for writers. `at` is where it gave up, `start` where the value began, from 1."""
    since_start = "could not find expected" in words or words == "found unexpected end of stream"
    line, column = start if since_start else at
    line = min(line, len(lines)) or 1
    text = lines[line - 1]
    here = Location(file, line, column)
    indent = text[: len(text) - len(text.lstrip())]
    if "\t" in indent or text[column - 1 : column] == "\t":
        return _tab(file, lines, line)
    if "escape" in words or "Unicode" in words:
        message = "a backslash inside double quotes starts a code, and this one does not exist"
        way = (
            'write \\\\ for a backslash, "\\U0001F600" for a character by its code, or put the words under |'
        )
        return Problem("error", "yaml.escape", message, here, way)
    own, above = yaml_traps.KEY.fullmatch(text), _key_above(lines, line)
    is_key = own is not None and column - 1 <= len(own["lead"] + own["key"])  # and not in its value
    if (
        is_key
        and above is not None
        and own is not None
        and len(own["lead"]) != yaml_traps.depth_of(lines, above)
    ):
        return _misplaced(file, lines, line, above)
    owner = line if own or yaml_traps.ITEM.fullmatch(text) else above
    if owner is None:
        return _form(here, words)
    return _explain_value(lines, words, here, owner)


def _explain_value(lines: Sequence[str], words: str, here: Location, owner: int) -> Problem:
    """What is wrong with the value of the key, or the item, in line `owner`."""
    match, item = yaml_traps.KEY.fullmatch(lines[owner - 1]), yaml_traps.ITEM.fullmatch(lines[owner - 1])
    value = (match["value"] if match else item["value"] if item else "") or ""
    key = match["key"] if match else ""
    place = Location(here.file, owner, lines[owner - 1].find(value) + 1 if value else 1)
    span = (owner, yaml_traps.end_of(lines, owner))
    first = value[:1]
    if "mapping values" in words:
        message = 'this line has a second ": ", so YAML cannot read it as one text'
        return yaml_traps.problem_at(lines, "yaml.colon", message, here, span)
    if yaml_traps.BLOCK.fullmatch(value):
        depth = yaml_traps.depth_of(lines, owner)
        outside = (
            n
            for n in range(owner + 1, here.line + 1)
            if lines[n - 1].strip() and yaml_traps.spaces_before(lines[n - 1]) <= depth
        )
        return _misplaced(here.file, lines, next(outside, here.line), owner)
    if first and first in "[{" and key in yaml_traps.BRACKETED:
        if (
            hashed := yaml_traps.hash_in_list(
                lines, here.file, owner, yaml_traps.end_of(lines, owner), ended=False
            )
        ) is not None:
            return hashed
        if "cannot start any token" in words:
            return _sign_in_list(lines, here)
        closing = "]" if first == "[" else "}"
        message = f"a {first} opens here, and what follows is no list up to a closing {closing}"
        way = f"close it with {closing}, put quotes around words with a comma, a colon or a bracket, or write one line each"
        return Problem("error", "yaml.bracket", message, place, way)
    if match is not None and value.startswith("- ") and key in yaml_traps.BRACKETED | yaml_traps.KEYWORDS:
        return _list_beside(lines, place, owner, match)
    if match is not None and key in yaml_traps.KEYWORDS and first and first in "'\"@`%":
        return _short_value(lines, place, match)
    if first and first in _STARTS and key not in yaml_traps.KEYWORDS:
        message = f"a text cannot start with {first} here"
        if first in "'\"":
            message = f"a text that starts with {first} ends at the next {first}; more words follow, or there is none"
        return yaml_traps.problem_at(lines, "yaml.start", message, place, span)
    if " #" in value and here.line > owner:
        spot = Location(here.file, owner, lines[owner - 1].find(" #") + 2)
        lost = value[value.find(" #") + 1 :]
        message = f'everything after " #" is a comment to YAML: the text would end there and lose {yaml_traps.shown(lost)}'
        return yaml_traps.problem_at(lines, "yaml.hash", message, spot, span, length=len(lost))
    if here.line != owner or "expected" in words:
        return _misplaced(here.file, lines, here.line, owner)
    return _form(here, words)


def _sign_in_list(lines: Sequence[str], here: Location) -> Problem:
    """An item in brackets that starts with a sign that YAML keeps for itself."""
    text, start = lines[here.line - 1], (here.column or 1) - 1
    word = re.split(r"[,\[\]{}]", text[start:])[0].rstrip()
    written = text[:start] + yaml_traps.quote(word) + text[start + len(word) :]
    message = f"a word cannot start with {text[start : start + 1]} here"
    way = f"put it in quotes:\n  {written.strip()}"
    fix = Fix(here.line, here.line, written)
    return Problem("error", "yaml.start", message, here, way, len(word), fix=fix)


def _short_value(lines: Sequence[str], place: Location, match: re.Match[str]) -> Problem:
    """A value that is no prose, and starts with a quote that does not end it or a sign that YAML keeps for itself."""
    value, gap, comment = match["value"].partition(" #")
    first, value = value[0], value.rstrip()
    if first in "'\"":
        message = f"a value that starts with {first} ends at the next {first}; more follows, or there is none"
        written = yaml_traps.as_value(value.replace(first, ""))
    else:
        message = f"a value cannot start with {first} here"
        named = first == "@" and match["key"] in ("account", "accounts") and "," not in value
        written = yaml_traps.as_value(value[1:]) if named and value[1:] else yaml_traps.quote(value)
    line = lines[place.line - 1][: match.start("value")] + written + (f" {gap}{comment}" if gap else "")
    fix = Fix(place.line, place.line, line)
    way = f"write it so:\n  {line.strip()}"
    return Problem("error", "yaml.start", message, place, way, len(value), fix=fix)


def _list_beside(lines: Sequence[str], place: Location, owner: int, match: re.Match[str]) -> Problem:
    """A list in lines whose first item stands beside its key."""
    depth = len(match["lead"])
    below = lines[owner] if owner < len(lines) else ""
    inside = depth + 2
    if yaml_traps.ITEM.fullmatch(below) and yaml_traps.spaces_before(below) >= depth:
        inside = yaml_traps.spaces_before(below)
    elif below.strip() and yaml_traps.spaces_before(below) >= depth + 2:
        inside = yaml_traps.spaces_before(below) - 2
    message = "a list in lines starts below its key, not beside it"
    head = f"{match['lead']}{match['key']}:"
    first = " " * inside + match["value"]
    way = f"write it on the next line:\n  {head[yaml_traps.spaces_before(head) :]}\n  {first[yaml_traps.spaces_before(head) :]}"
    return Problem("error", "yaml.start", message, place, way, fix=Fix(owner, owner, f"{head}\n{first}"))


def _key_above(lines: Sequence[str], line: int) -> int | None:
    """The nearest line above with a key."""
    return next(
        (n for n in range(line - 1, max(0, line - 200), -1) if yaml_traps.KEY.fullmatch(lines[n - 1])), None
    )


def _misplaced(file: str, lines: Sequence[str], line: int, owner: int) -> Problem:
    """A line that stands too far in or out, beside the key at `owner`, or among its words."""
    while line > owner + 1 and not lines[line - 1].strip():
        line -= 1
    if (poem := _first_deeper(file, lines, line, owner)) is not None:
        return poem
    text = lines[line - 1]
    inside, wanted = yaml_traps.spaces_before(text), yaml_traps.depth_of(lines, owner)
    at = Location(file, line, inside + 1)
    length = max(1, len(text.strip()))
    if not yaml_traps.KEY.fullmatch(text):
        wanted += 2
        match = yaml_traps.KEY.fullmatch(lines[owner - 1])
        if match and not match["value"]:
            message = "these words are no key and no part of a text"
            cure = yaml_traps.block(lines, owner, max(line, yaml_traps.end_of(lines, owner)))
            fix, way = cure or (None, "put them two spaces further in than their key, below |")
            return Problem("error", "yaml.indent", message, at, way, length, fix=fix)
    if inside == wanted:
        return _form(at, "it fits neither the line above nor the one below")
    message = (
        f"this line is {inside} {'space' if inside == 1 else 'spaces'} in, the one it belongs to {wanted}"
    )
    written = " " * wanted + text.strip()
    way = f"write it {wanted} spaces in:\n{lines[owner - 1]}\n{written}"
    return Problem("error", "yaml.indent", message, at, way, length, fix=Fix(line, line, written))


def _first_deeper(file: str, lines: Sequence[str], line: int, owner: int) -> Problem | None:
    """A text under `|` whose first line is further in than the one at `line`, which is no key."""
    depth, head = yaml_traps.block_depth(lines[owner - 1]), lines[owner - 1]
    key = yaml_traps.KEY.fullmatch(lines[line - 1])
    if depth is None or (
        key is not None and key["key"] in yaml_traps.KEYWORDS | yaml_traps.PROSE | yaml_traps.BRACKETED
    ):
        return None
    inner = [
        yaml_traps.spaces_before(text)
        for text in lines[owner : yaml_traps.end_of(lines, owner)]
        if text.strip()
    ]
    if (
        not inner
        or line > yaml_traps.end_of(lines, owner)
        or yaml_traps.spaces_before(lines[line - 1]) >= inner[0]
    ):
        return None
    least = min(inner) - depth
    sign = re.search(r"(?<=\s)[|>](?=[-+]?(?:\s|\Z))", head)
    if sign is None or not 1 <= least <= 9:
        return None
    message = "the first line of this text is further in than the others, and YAML measures them by it"
    written = f"{head[: sign.end()]}{least}{head[sign.end() :]}"
    way = f"say how far in the text stands:\n  {written.strip()}"
    at = Location(file, owner, sign.start() + 1)
    return Problem("error", "yaml.indent", message, at, way, fix=Fix(owner, owner, written))


def _tab(file: str, lines: Sequence[str], line: int) -> Problem:
    text = lines[line - 1]
    column = text.find("\t") + 1
    written = text.replace("\t", "  ")
    message = "a tab indents this line; YAML wants spaces"
    way = f"replace it with 2 spaces:\n{written}"
    return Problem(
        "error", "yaml.tab", message, Location(file, line, column), way, fix=Fix(line, line, written)
    )


def _form(at: Location, words: str) -> Problem:
    said = {"found unexpected end of stream": "a quote or a bracket is opened and not closed"}.get(
        words, words
    )
    message = f"YAML cannot read this line: {said}"
    return Problem(
        "error", "yaml.form", message, at, "put the words under |, and two spaces in for each level"
    )


def blanked(lines: Sequence[str], problem: Problem) -> dict[int, str] | None:
    """The lines of a problem without the words that YAML cannot read, for what follows; None where it has no cure."""
    if (fix := problem.fix) is None:
        return None
    text = lines[fix.start_line - 1]
    match = yaml_traps.KEY.fullmatch(text) or yaml_traps.ITEM.fullmatch(text)
    if match is None or not match["value"]:
        return None
    if (
        match["value"].startswith("- ")
        and match.groupdict().get("key") in yaml_traps.BRACKETED | yaml_traps.KEYWORDS
    ):
        return {fix.start_line: text[: match.start("value")]}  # more items may stand below
    last = (
        fix.end_line
        if yaml_traps.block_depth(text) is None
        else max(fix.end_line, yaml_traps.end_of(lines, fix.start_line))
    )
    empty = dict.fromkeys(range(fix.start_line + 1, last + 1), "")
    return {**empty, fix.start_line: text[: match.start("value")] + "''"}
