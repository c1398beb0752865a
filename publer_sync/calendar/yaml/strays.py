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
    first = _first(lines, owner, number)
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
    if aligned is not None:
        # The words below are where they should be; what is outside may belong at their depth, or they below it.
        if all(is_hashtags(line.text.strip()) for line in _outside(lines, first, last, head.depth)):
            as_written = aligned
        else:
            ways = (("If all lines begin alike", aligned), ("If some are indented on purpose", as_written))
            help_ = Help(f"Indent them {spaces(len(deeper))}", ways=ways)
            return Problem("error", "yaml.indent", message, Location(lines.file, *at), help_, length)
    if (end := _end_of_doubt(lines, last, head.depth)) > last:
        return _key_or_words(lines, owner, (first, last, end))
    fix = None
    if not any(_is_doubtful(lines, n) for n in range(first, last + 1)):
        fix = Fix(first, last, as_written)
    return lines.problem("yaml.indent", message, at, f"Indent them {spaces(len(deeper))}", fix, length=length)


def _first(lines: Lines, owner: int, last: int) -> int:
    """The first line below a key that is not empty, at most `last`."""
    return next((n for n in range(owner + 1, last) if lines.texts[n - 1].strip()), last)


def _end_of_doubt(lines: Lines, last: int, depth: int) -> int:
    """The last of the lines below `last` that may be words of the same text: they begin with what looks like a key.

    A line that can be nothing but a key ends them.
    """
    end = last
    for number in range(last + 1, len(lines) + 1):
        line = lines[number]
        if not line.text.strip():
            continue
        if line.is_item or line.indent < depth or lines.is_key(number):
            break
        end = number
    return end if any(lines[number].key for number in range(last + 1, end + 1)) else last


def end_of_doubt(lines: Lines, number: int) -> int:
    """The last line that may be one of the words outside of their text that begin at `number`; 0 if none do."""
    owner = _owner(lines, number)
    if owner is None or _first(lines, owner, number) != number or lines[number].indent > lines[owner].depth:
        return 0
    last = _last(lines, owner, number)
    return end if (end := _end_of_doubt(lines, last, lines[owner].depth)) > last else 0


def key_or_words_below(lines: Lines, owner: int, last: int) -> Problem | None:
    """The words up to `last` outside of the text at `owner`, if a line below may be one more of them, or a key."""
    if (end := _end_of_doubt(lines, last, lines[owner].depth)) == last:
        return None
    first = _first(lines, owner, last)
    return _key_or_words(lines, owner, (first, last, end))


def _key_or_words(lines: Lines, owner: int, span: tuple[int, int, int]) -> Problem:
    """Words outside of their text, from the first line to the last one that is surely one, and to the last that may be."""
    first, last, end = span
    head = lines[owner]
    key = lines[next(n for n in range(last + 1, end + 1) if lines[n].key)].key
    message = f"these words are not indented below `{head.key}`, and `{key}` may be one of them or a key"
    say = f"Put the words on the lines after `{head.key}: |`, indented {spaces(head.depth + 2)}"
    ways = (
        ("If all of it is the text", _below(lines, owner, first, end)),
        (f"If `{key}` is a key", _below(lines, owner, first, last)),
    )
    at, length = Location(lines.file, first, lines[first].indent + 1), len(lines.texts[first - 1].strip())
    return Problem("error", "yaml.indent", message, at, Help(say, ways=ways), length)


def _below(lines: Lines, owner: int, first: int, last: int) -> str:
    """The lines `first` to `last` as the text of the key at `owner`."""
    head, texts = lines[owner], lines.texts[first - 1 : last]
    least = min(len(text) - len(text.lstrip()) for text in texts if text.strip())
    deeper = " " * (head.depth + 2)
    sign = head.value if head.opens_block else "|"
    inner = (deeper + text[least:].rstrip() if text.strip() else "" for text in texts)
    return "\n".join([f"{head.lead}{head.key}: {sign}", *inner])


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
    moved = (f"{to}{text[least:]}" if len(text) - len(text.lstrip()) <= depth else text for text in texts)
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
