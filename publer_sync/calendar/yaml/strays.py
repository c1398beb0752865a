"""Words below `text: |` that are not indented further than their key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from publer_sync.calendar.yaml.lines import is_hashtags, note_in, spaces
from publer_sync.values.problems import Fix, Help, Location, Problem

if TYPE_CHECKING:
    from publer_sync.calendar.yaml.lines import Line, Lines

_LIKE_KEY: Final = re.compile(r"\s*[a-z_]+ *:(?: .*)?")


def words_outside(lines: Lines, number: int) -> Problem | None:
    """The words to which the line belongs, if a key of prose above it holds none of its own."""
    owner = _owner(lines, number)
    if owner is None:
        return None
    head = lines[owner]
    first = next(n for n in range(owner + 1, number + 1) if lines.texts[n - 1].strip())
    if lines[first].indent > head.depth:
        return None
    last = _last(lines, owner, first)
    if last < number:
        return None
    least = min(lines[n].indent for n in range(first, last + 1) if lines.texts[n - 1].strip())
    deeper = " " * (head.depth + 2)
    texts = [line[least:].rstrip() for line in lines.texts[first - 1 : last]]
    message = f"these words are not indented below `{head.key}: {head.value[:1]}`, so they are not part of it"
    at, length = (first, lines[first].indent + 1), len(lines.texts[first - 1].strip())
    as_written = "\n".join(deeper + text if text else "" for text in texts)
    aligned = _aligned(lines, first, last, head.depth)
    if aligned is not None and aligned != as_written:
        # The words below are where they should be; what is outside may belong at their depth, or they below it.
        if all(is_hashtags(line.text.strip()) for line in _outside(lines, first, last, head.depth)):
            as_written = aligned
        else:
            ways = (("If all lines begin alike", aligned), ("If some are indented on purpose", as_written))
            help_ = Help(f"Indent them {spaces(len(deeper))}", ways=ways)
            return Problem("error", "yaml.indent", message, Location(lines.file, *at), help_, length)
    fix = None
    if not any(_is_doubtful(lines, n) for n in range(first, last + 1)):
        fix = Fix(first, last, as_written)
    return lines.problem("yaml.indent", message, at, f"Indent them {spaces(len(deeper))}", fix, length=length)


def _outside(lines: Lines, first: int, last: int, depth: int) -> list[Line]:
    """The lines of the words that are no deeper than their key."""
    found = (lines[number] for number in range(first, last + 1))
    return [line for line in found if line.text.strip() and line.indent <= depth]


def _aligned(lines: Lines, first: int, last: int, depth: int) -> str | None:
    """The words with those outside moved to those that are deeper; None where none is."""
    inside = [lines[number].indent for number in range(first, last + 1) if lines[number].text.strip()]
    inside = [indent for indent in inside if indent > depth]
    if not inside:
        return None
    outside = _outside(lines, first, last, depth)
    least, to = min(line.indent for line in outside), " " * min(inside)
    texts = lines.texts[first - 1 : last]
    moved = (
        f"{to}{text[least:]}" if len(text) - len(text.lstrip()) <= depth and text.strip() else text
        for text in texts
    )
    return "\n".join(text.rstrip() for text in moved)


def _owner(lines: Lines, number: int) -> int | None:
    """The nearest line above with a key of prose and its sign, unless another key stands between."""
    for above in range(number - 1, max(0, number - 200), -1):
        line = lines[above]
        if line.key in lines.vocabulary.prose and line.opens_block:
            return above
        if line.key in lines.vocabulary.keys:
            return None
    return None


def _last(lines: Lines, owner: int, first: int) -> int:
    """The last line of the words: the next key or item of the post follows."""
    depth, last = lines[owner].depth, first
    items = (lines[n] for n in range(owner, 0, -1) if lines[n].is_item and lines[n].depth <= depth)
    dash = next((item.indent for item in items), -1)
    for number in range(first, len(lines) + 1):
        line = lines[number]
        if not line.text.strip():
            continue
        is_key = line.key in lines.vocabulary.keys and line.indent <= depth
        if is_key or (line.is_item and line.indent <= dash):
            break
        last = number
    return last


def _is_doubtful(lines: Lines, number: int) -> bool:
    """Whether a line may be something else than words: a misspelled key, or a note."""
    text = lines.texts[number - 1]
    return _LIKE_KEY.fullmatch(text) is not None or note_in(text) is not None
